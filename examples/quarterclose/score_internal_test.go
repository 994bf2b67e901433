package main

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// tally is what closed in a quarter, by hand.
type tally struct {
	won, lost int64
	amount    *big.Rat
}

func (c *tally) add(won bool, amount *big.Rat) {
	if !won {
		c.lost++
		return
	}
	c.won++
	c.amount.Add(c.amount, amount)
}

// tallies are tallies by key.
type tallies map[string]*tally

func (s tallies) of(key string) *tally {
	if s[key] == nil {
		s[key] = &tally{amount: new(big.Rat)}
	}
	return s[key]
}

// percentText writes a share as tables do.
func percentText(num, den *big.Rat) string {
	share := new(big.Rat).Quo(num, den)
	return share.Mul(share, big.NewRat(100, 1)).FloatString(1) + "%"
}

func (c *tally) rate() string { return percentText(big.NewRat(c.won, 1), big.NewRat(c.won+c.lost, 1)) }

// check compares a row of the scoreboard by reps with the tally.
func (c *tally) check(t *testing.T, row cells) {
	t.Helper()
	closed, rate := fmt.Sprintf("%s of %s", page.Count(int(c.won)), page.Count(int(c.won+c.lost))), c.rate()
	if got := page.Group(c.amount.FloatString(0)); row["Bookings"] != got || row["closed"] != closed || row["Win rate"] != rate {
		t.Errorf("%s: %v; by hand %s, %s, %s", row["Name"], row, got, closed, rate)
	}
}

// Bookings, deals won, win rate and attainment of the scoreboards equal a recomputation from the rows of the sample.
func TestSampleScoreboardByHand(t *testing.T) {
	byQuarter, byName := tallies{}, tallies{}
	for _, row := range sampleRows(t, "opportunities.csv") {
		day, err := time.Parse("1/2/2006", row["Close Date"])
		if err != nil {
			t.Fatal(err)
		}
		won := row["Stage"] == "Closed Won"
		if !won && row["Stage"] != "Closed Lost" {
			continue
		}
		quarter := fmt.Sprintf("FY%d-Q%d", day.Year(), (day.Month()+2)/3)
		byQuarter.of(quarter).add(won, rat(t, row["Amount"]))
		if quarter == "FY2026-Q3" {
			byName.of(row["Opportunity Owner"]).add(won, rat(t, row["Amount"]))
			byName.of(row["Segment"]).add(won, rat(t, row["Amount"]))
		}
	}
	position, quota, quotas := new(big.Rat), new(big.Rat), map[string]*big.Rat{}
	for _, row := range sampleRows(t, "quotas.csv") {
		if row["period"] == "FY2026-Q3" && row["measure"] == "bookings" {
			quotas[row["rep"]] = rat(t, row["amount"])
			quota.Add(quota, quotas[row["rep"]])
		}
	}
	attained, large := map[string]string{}, big.NewRat(200_000, 1)
	for name, sales := range salesOfQ3(t) {
		own := new(big.Rat)
		for _, s := range sales {
			counts := s.amount
			if counts.Cmp(large) > 0 {
				counts = new(big.Rat).Quo(new(big.Rat).Add(counts, large), big.NewRat(2, 1))
			}
			own.Add(own, counts)
		}
		if quotas[name] != nil {
			attained[name] = percentText(own, quotas[name])
			position.Add(position, own)
		}
	}

	report := closed(t)
	values := map[string]cells{}
	rows, _ := printed(t, report, "Scoreboard")
	for _, row := range rows {
		values[row["KPI"]] = row
	}
	for _, q := range []string{"FY2026-Q3", "FY2026-Q2", "FY2025-Q3"} {
		c := byQuarter.of(q)
		want := cells{"Bookings": page.Group(c.amount.FloatString(0)), "Deals won": page.Count(int(c.won)), "Win rate": c.rate()}
		for kpi, v := range want {
			if got := values[kpi][q]; got != v {
				t.Errorf("%s, %s: %s, by hand %s", q, kpi, got, v)
			}
		}
	}
	if got, want := values["Quota attainment"]["FY2026-Q3"], percentText(position, quota); got != want {
		t.Errorf("attainment %s, by hand %s", got, want)
	}
	rows, _ = printed(t, report, "Scoreboard by reps, teams and segments")
	reps, segments := 0, 0
	for _, row := range rows {
		name := row["Name"]
		if byName[name] == nil {
			continue // a team
		}
		byName[name].check(t, row)
		if attained[name] == "" {
			segments++
			continue
		}
		reps++
		if row["Attained"] != attained[name] {
			t.Errorf("%s: attained %s, by hand %s", name, row["Attained"], attained[name])
		}
	}
	if reps != 29 || segments != 3 {
		t.Errorf("%d reps and %d segments checked, want 29 and 3", reps, segments)
	}
	byQuarter.of("FY2026-Q3").check(t, rows[len(rows)-1])
}

// board counts the card of a quarter.
func board(t *testing.T, opt options) (*report, *scoreboard) {
	t.Helper()
	in, err := load(opt)
	if err != nil {
		t.Fatal(err)
	}
	b, err := openBooks(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	r := &report{input: in, books: b, totals: map[*person]totals{}}
	for _, p := range b.people {
		r.totals[p] = b.totalsOf(p)
	}
	s, err := r.score(in.look(in.quarter))
	if err != nil {
		t.Fatal(err)
	}
	return r, s
}

// The scoreboard agrees with the rest of the report: its bookings with the heading, as do the sums of reps, teams and segments; its
// attainments with what everybody sold; its cover with the pipeline of the next quarter.
func TestScoreboardAgrees(t *testing.T) {
	exactly := func(f metrics.Figure) decimal.Decimal {
		if f.Parts == nil {
			return decimal.Decimal{}
		}
		return f.Parts.Num
	}
	for _, q := range quarters() {
		r, b := board(t, options{quarter: q})
		f, err := b.figure(&b.quarters[0], metrics.Bookings)
		if err != nil || !exactly(f).Equal(r.wonAmount()) || int(f.N) != r.wonIn() {
			t.Errorf("%s: %s (%v), heading %s of %d", q, f, err, r.wonAmount(), r.wonIn())
		}
		if f, err = b.figure(&b.quarters[0], metrics.QuotaAttainment); err != nil {
			t.Fatal(err)
		}
		if sold := r.roleTotals(reps); !exactly(f).Equal(sold.position) || !f.Parts.Den.Equal(sold.quota) {
			t.Errorf("%s: %s, heading %s of %s", q, f, sold.position, sold.quota)
		}
		groups, err := r.scoreGroups(b)
		if err != nil || len(groups) != 3 {
			t.Fatalf("%s: %d groups, %v", q, len(groups), err)
		}
		people := map[string]*person{}
		for _, p := range r.books.people {
			people[p.ID] = p
		}
		for _, g := range groups {
			var sum decimal.Decimal
			for _, row := range g.rows {
				sum = sum.Add(exactly(row.bookings))
				if p := people[row.name]; p != nil {
					if at := r.totals[p]; !exactly(row.attained).Equal(at.position) || !row.attained.Parts.Den.Equal(at.quota) {
						t.Errorf("%s, %s: %s, sold %s of %s", q, row.name, row.attained, at.position, at.quota)
					}
				}
			}
			if !sum.Equal(r.wonAmount()) {
				t.Errorf("%s: %s sum to %s, won is %s", q, g.title, sum, r.wonAmount())
			}
		}
		cover, err := b.coverage()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := cover.Float(); ok != (q != "FY2026-Q4") {
			t.Errorf("%s: %s", q, cover)
		}
		if v, _ := cover.Decimal(1); q == sampleQuarter {
			wantText(t, strings.Join(strings.Fields(closed(t)), " "), "covers what is missing of them "+v.StringFixed(1)+" times")
		}
	}
}

// On the Maven data set, taken back to the end of each quarter, too.
func TestMavenScoreboard(t *testing.T) {
	dir := testenv.Data(t, "crm/maven")
	all := map[string]tallies{}
	for _, row := range mavenRows(t, dir, "sales_pipeline.csv") {
		won := row["deal_stage"] == "Won"
		if !won && row["deal_stage"] != "Lost" {
			continue
		}
		day, err := time.Parse(time.DateOnly, row["close_date"])
		if err != nil {
			t.Fatal(err)
		}
		quarter := fmt.Sprintf("FY%d-Q%d", day.Year(), (day.Month()+2)/3)
		if all[quarter] == nil {
			all[quarter] = tallies{}
		}
		for _, key := range []string{row["sales_agent"], everybodyNode} {
			all[quarter].of(key).add(won, rat(t, row["close_value"]))
		}
	}
	if len(all) != 4 {
		t.Fatalf("%d quarters, want 4", len(all))
	}
	for _, quarter := range []string{"FY2017-Q2", "FY2017-Q4"} {
		byName := all[quarter]
		report := closed(t, "-opportunities", dir, "-quarter", quarter)
		checked := 0
		rows, _ := printed(t, report, "Scoreboard by reps, teams and regions")
		for _, row := range rows {
			if c := byName[row["Name"]]; c != nil {
				c.check(t, row)
				checked++
			}
		}
		if checked != len(byName) {
			t.Errorf("%s: %d rows checked, want %d", quarter, checked, len(byName))
		}
		wantText(t, report, "Without a value: quota attainment and reps at quota (no rep has a quota)")
	}
}

// twoYears is an export of two years in which Ada wins 2 of 5 deals, and 4 of 5 in the last quarter, and others 1 of 5.
func twoYears(from, to string) string {
	var text strings.Builder
	text.WriteString("Opportunity ID,Opportunity Name,Opportunity Owner,Stage,Created Date,Close Date,Amount,Amount Currency\n")
	n := 0
	end, _ := time.Parse(time.DateOnly, to)
	for day, _ := time.Parse(time.DateOnly, from); !day.After(end); day = day.AddDate(0, 0, 1) {
		for _, name := range []string{"Ada", "Bo", "Cy"} {
			wins := 1
			if name == "Ada" {
				wins = 2
				if day.Year() == 2026 && day.Month() > 6 {
					wins = 4
				}
			}
			n++
			stage := "Closed Lost"
			if n*7/3%5 < wins {
				stage = "Closed Won"
			}
			created := day.AddDate(0, 0, -20-n*11%40)
			fmt.Fprintf(&text, "O-%d,Deal %d,%s,%s,%s,%s,%d,USD\n", n, n, name, stage, created.Format(time.DateOnly), day.Format(time.DateOnly), 1000+n*37%500)
		}
	}
	return text.String()
}

// A change that is more than chance is told, against the quarter before and a year ago; so is who differs from the rest.
func TestScoreboardEvidence(t *testing.T) {
	report := closed(t, "-opportunities", write(t, "export.csv", twoYears("2025-01-01", "2026-09-30")), "-quarter", "FY2026-Q3")
	words := strings.Join(strings.Fields(report), " ")
	wantText(
		t, words, "KPI FY2026-Q3 95% interval FY2026-Q2 Change FY2025-Q3 Change", "Win rate rose from", "since FY2026-Q2, which is better, and more than chance (adjusted p = 0.00",
		"since FY2025-Q3, which is better", "Ada: win rate", "Chance alone moves mean deal size, median deal size and median cycle by as much as was seen since FY2026-Q2: this",
		"pipeline created (the data has no open deal)",
	)
	for _, text := range []string{"to compare with", "in part only", "Too little", "Teams"} {
		if strings.Contains(words, text) {
			t.Errorf("%q in:\n%s", text, report)
		}
	}
	// The data begins in the middle of the quarter before.
	report = closed(t, "-opportunities", write(t, "export.csv", twoYears("2026-05-15", "2026-12-31")), "-quarter", "FY2026-Q3")
	wantText(t, report, "There is nothing of FY2025-Q3 to compare with", "FY2026-Q2 is there in part only: the first deal of the data closed on 2026-05-15.")
	rows, _ := printed(t, report, "Scoreboard")
	if last := rows[len(rows)-1]; last["KPI"] != "Pipeline created" || last["FY2026-Q3"] == page.None || last["FY2026-Q2"] != page.None {
		t.Errorf("%v, want pipeline created, and none of FY2026-Q2, of which a part is missing", last)
	}
}

// An export without lost deals, days of creation, reps and quotas has a shorter scoreboard, in which nothing that is not known is 0.
func TestScoreboardBare(t *testing.T) {
	won := header + "O-1,One,Ada,Closed Won,2026-01-15,60000,EUR\nO-2,Two,Bo,Closed Won,2026-03-31,40000,EUR\n"
	report := closed(t, "-opportunities", write(t, "export.csv", won))
	rows, columns := printed(t, report, "Scoreboard")
	if len(rows) != 4 || len(columns) != 2 {
		t.Errorf("columns %q, rows %v", columns, rows)
	}
	wantText(
		t, strings.Join(strings.Fields(report), " "), "win rate and win rate by value (the data has no lost deal)", "pipeline created (no deal has a day of creation)",
		"reps with a win (neither roster nor quotas name a rep)",
	)
	if rows, columns = printed(t, report, "Scoreboard by reps"); len(rows) != 3 || strings.Join(columns, " ") != "Name Bookings" {
		t.Errorf("columns %q, rows %v", columns, rows)
	}
}
