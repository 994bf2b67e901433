package main

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/salesops-go/salesops/examples/internal/page"
)

// stageChances are the probabilities of the sample's stages, in percent.
var stageChances = map[string]int64{"Qualification": 10, "Needs Analysis": 20, "Proposal/Price Quote": 75, "Negotiation/Review": 90}

// cellText writes a sum as tables do.
func cellText(r *big.Rat) string {
	if r.Sign() == 0 {
		return page.None
	}
	return page.Group(r.FloatString(2))
}

// The pipeline of the next quarter equals a count of the snapshot by hand.
func TestSamplePipelineByHand(t *testing.T) {
	type sums struct{ amount, weighted *big.Rat }
	byCategory := map[string]sums{}
	deals := map[string]int{}
	for _, row := range sampleRows(t, "snapshots.csv") {
		if row["as_of"] != "2026-10-01" || row["close"] < "2026-10-01" || row["close"] > "2026-12-31" {
			continue
		}
		c := row["category"]
		if byCategory[c].amount == nil {
			byCategory[c] = sums{new(big.Rat), new(big.Rat)}
		}
		deals[c]++
		amount := rat(t, row["amount"])
		byCategory[c].amount.Add(byCategory[c].amount, amount)
		chance := big.NewRat(stageChances[row["stage"]], 100)
		byCategory[c].weighted.Add(byCategory[c].weighted, chance.Mul(chance, amount))
	}
	rows, _ := printed(t, closed(t), "The pipeline of FY2026-Q4")
	checked := 0
	for _, row := range rows {
		want, ok := byCategory[strings.ReplaceAll(strings.ReplaceAll(row["Category"], "Most likely", "Most Likely"), "Best case", "Best Case")]
		if !ok {
			continue
		}
		checked++
		if row["Amount"] != cellText(want.amount) || row["Weighted"] != cellText(want.weighted) {
			t.Errorf("%s: %s, weighted %s; want %s, weighted %s", row["Category"], row["Amount"], row["Weighted"], cellText(want.amount), cellText(want.weighted))
		}
	}
	if checked != 4 || len(deals) != 5 {
		t.Errorf("%d categories checked of %d, want 4 of 5 (omitted deals have a row of their own)", checked, len(deals))
	}
}

// The bridge of the quarter equals one made by hand, and adds up.
func TestSampleBridgeByHand(t *testing.T) {
	type at struct {
		in     bool // in the pipeline of the quarter
		amount *big.Rat
		there  bool
	}
	states := map[string]map[string]at{"2026-07-01": {}, "2026-10-01": {}}
	for _, row := range sampleRows(t, "snapshots.csv") {
		if s := states[row["as_of"]]; s != nil {
			in := row["category"] != "Omitted" && row["close"] >= "2026-07-01" && row["close"] <= "2026-09-30"
			s[row["opportunity"]] = at{in, rat(t, row["amount"]), true}
		}
	}
	want := map[string]*big.Rat{}
	add := func(part string, amount *big.Rat) {
		if want[part] == nil {
			want[part] = new(big.Rat)
		}
		want[part].Add(want[part], amount)
	}
	change := func(was, is *big.Rat) {
		switch d := new(big.Rat).Sub(is, was); d.Sign() {
		case 1:
			add("Amounts increased", d)
		case -1:
			add("Amounts decreased", d)
		}
	}
	minus := func(r *big.Rat) *big.Rat { return new(big.Rat).Neg(r) }
	for _, row := range sampleRows(t, "opportunities.csv") {
		id := row["Opportunity ID"]
		was, is := states["2026-07-01"][id], states["2026-10-01"][id]
		if was.in {
			add("Opening", was.amount)
		}
		if is.in {
			add("Closing", is.amount)
		}
		switch final := rat(t, row["Amount"]); {
		case was.in && is.in:
			change(was.amount, is.amount)
		case was.in && is.there && row["Stage"] != "":
			change(was.amount, is.amount)
			add("Pushed out to other quarters", minus(is.amount)) // or omitted: told apart below
		case was.in && row["Stage"] == "Closed Won":
			change(was.amount, final)
			add("Won", minus(final))
		case was.in:
			change(was.amount, final)
			add("Lost", minus(final))
		case is.in && !was.there:
			add("New", is.amount)
		case is.in:
			change(was.amount, is.amount)
			add("Pulled in from other quarters", was.amount) // or no longer omitted
		}
	}
	rows, _ := printed(t, closed(t), "What became of the pipeline of FY2026-Q3")
	got, sum := map[string]*big.Rat{}, new(big.Rat)
	for _, row := range rows {
		part, amount := row["Part"], rat(t, row["Amount"])
		switch part {
		case "Omitted from the forecast":
			part = "Pushed out to other quarters"
		case "No longer omitted":
			part = "Pulled in from other quarters"
		case "Closing":
			if sum.Cmp(amount) != 0 {
				t.Errorf("the parts come to %s, the closing is %s", sum.FloatString(2), row["Amount"])
			}
		}
		if got[part] == nil {
			got[part] = new(big.Rat)
		}
		got[part].Add(got[part], amount)
		sum.Add(sum, amount)
	}
	for part, w := range want {
		if got[part] == nil || got[part].Cmp(w) != 0 {
			t.Errorf("%s: got %v, want %s", part, got[part], w.FloatString(2))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d parts, want %d", len(got), len(want))
	}
}

// The accuracy of the reps' calls six weeks before the end equals one worked out by hand.
func TestSampleCallsByHand(t *testing.T) {
	managers := map[string]bool{}
	for _, row := range sampleRows(t, "reps.csv") {
		managers[row["manager"]] = true
	}
	ends := map[string]string{"FY2026-Q1": "2026-03-31", "FY2026-Q2": "2026-06-30", "FY2026-Q3": "2026-09-30"}
	won := map[string]*big.Rat{}
	for _, row := range sampleRows(t, "opportunities.csv") {
		day, err := time.Parse("1/2/2006", row["Close Date"])
		if err != nil {
			t.Fatal(err)
		}
		if row["Stage"] == "Closed Won" {
			key := row["Opportunity Owner"] + day.Format("/FY2006-Q") + string(rune('1'+(int(day.Month())-1)/3))
			if won[key] == nil {
				won[key] = new(big.Rat)
			}
			won[key].Add(won[key], rat(t, row["Amount"]))
		}
	}
	standing := map[string]*big.Rat{}
	for _, row := range sampleRows(t, "calls.csv") { // in the order of time for each rep
		end, err := time.Parse(time.DateOnly, ends[row["period"]])
		if err != nil || managers[row["rep"]] || row["as_of"] > end.AddDate(0, 0, -42).Format(time.DateOnly) {
			continue
		}
		standing[row["rep"]+"/"+row["period"]] = rat(t, row["amount"])
	}
	called, actual, missed := new(big.Rat), new(big.Rat), new(big.Rat)
	for key, call := range standing {
		w := won[key]
		if w == nil {
			w = new(big.Rat)
		}
		called.Add(called, call)
		actual.Add(actual, w)
		off := new(big.Rat).Sub(call, w)
		missed.Add(missed, off.Abs(off))
	}
	percentOf := func(r *big.Rat) string {
		return new(big.Rat).Quo(new(big.Rat).Mul(r, big.NewRat(100, 1)), actual).FloatString(1) + "%"
	}
	rows, _ := printed(t, closed(t), "How good the calls were")
	for _, row := range rows {
		if row["Weeks before the end"] != "6" {
			continue
		}
		want := cells{
			"Weeks before the end": "6", "Calls": page.Count(len(standing)), "Called": page.Group(called.FloatString(0)), "Won": cellText(actual),
			"Error": percentOf(missed), "Bias": "+" + percentOf(new(big.Rat).Sub(called, actual)),
		}
		for h, v := range want {
			if row[h] != v {
				t.Errorf("%s: %s, want %s", h, row[h], v)
			}
		}
		return
	}
	t.Error("no row for six weeks")
}

// The parts of the projection add up, its range holds what is expected, and the quarters
// that have come since are told.
func TestSampleProjection(t *testing.T) {
	rows, _ := printed(t, closed(t), "What FY2026-Q4 will bring")
	sum, expected := new(big.Rat), new(big.Rat)
	for _, row := range rows {
		if row["Part"] == "Expected" {
			expected = rat(t, row["Amount"])
			continue
		}
		sum.Add(sum, rat(t, row["Amount"]))
	}
	if sum.Sign() <= 0 || sum.Cmp(expected) != 0 {
		t.Errorf("the parts come to %s, expected is %s", sum.FloatString(2), expected.FloatString(2))
	}
	in, err := load(options{quarter: sampleQuarter})
	if err != nil {
		t.Fatal(err)
	}
	o := in.look(in.quarter)
	p, err := o.project()
	if err != nil {
		t.Fatal(err)
	}
	if !p.low.LessThan(p.expected) || !p.expected.LessThan(p.high) {
		t.Errorf("%s to %s does not hold %s", p.low.StringFixed(0), p.high.StringFixed(0), p.expected.StringFixed(0))
	}
	if p.chance <= 0 || p.chance >= 1 {
		t.Errorf("the chance of quota is %v", p.chance)
	}
}

// What an export lacks is said, and is no error.
func TestOutlookOfBareExports(t *testing.T) {
	report := closed(t, "-opportunities", write(t, "export.csv", export))
	wantText(t, report, "THE PIPELINE OF FY2026-Q2", "has no snapshot of 2026-04-01", "Fewer than 30 deals with a creation date have closed by 2026-03-31")
	if strings.Contains(report, "WHAT BECAME OF") || strings.Contains(report, "HOW GOOD THE CALLS") {
		t.Error("sections without data")
	}
}
