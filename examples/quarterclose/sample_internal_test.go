package main

import (
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/examples/internal/sample"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

func quarters() []string { return []string{"FY2026-Q1", "FY2026-Q2", "FY2026-Q3", "FY2026-Q4"} }

// The run without flags prints what is in testdata, whatever the number of CPUs.
func TestSample(t *testing.T) {
	path := filepath.Join("testdata", "sample.txt")
	got := closed(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("-want +got (go test -update writes it anew):\n%s", diff)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if closed(t) != got {
		t.Error("another report on one CPU")
	}
}

// The page is at most 98 columns wide, and no line ends in blanks.
func TestSampleFitsThePage(t *testing.T) {
	for _, q := range quarters() {
		for i, line := range strings.Split(closed(t, "-quarter", q, "-rep", "Luca"), "\n") {
			if n := utf8.RuneCountInString(line); n > page.Width || strings.TrimRight(line, " ") != line {
				t.Errorf("%s, line %d has %d columns: %q", q, i+1, n, line)
			}
		}
	}
}

// What is printed adds up: rows across, and columns down, in all quarters.
func TestSampleAddsUp(t *testing.T) {
	for _, q := range quarters() {
		report := closed(t, "-quarter", q)
		_, earned := addUp(t, q, report, "What everybody earned", "Earned")
		start, net := addUp(t, q, report, "What is payable now", "Payable now")
		if earned.Cmp(start) != 0 {
			t.Errorf("%s: what is payable starts with %s, what was earned is %s", q, start.FloatString(2), earned.FloatString(2))
		}
		lines, _ := printed(t, report, "Lines of the statements")
		var name string
		sum, want, everybody := new(big.Rat), new(big.Rat), new(big.Rat)
		check := func() {
			if sum.Cmp(want) != 0 {
				t.Errorf("%s: the lines of %s sum to %s, payable is %s", q, name, sum.FloatString(2), want.FloatString(2))
			}
		}
		for _, row := range lines {
			if row["Component"] != "" {
				sum.Add(sum, rat(t, row["Amount"]))
				continue
			}
			check()
			everybody.Add(everybody, want)
			name, want, sum = row["Plan"], rat(t, row["Amount"]), new(big.Rat)
		}
		check()
		if name != "Everybody" || want.Cmp(net) != 0 || everybody.Cmp(net) != 0 {
			t.Errorf("%s: %s has %s, people %s, payable is %s", q, name, want.FloatString(2), everybody.FloatString(2), net.FloatString(2))
		}
		if strings.Contains(report, "DIFFER") {
			t.Errorf("%s: a control differs", q)
		}
		wantText(t, report, "rows read 16,427 = rows used 16,427 + rows skipped 0", "Every credit of the quarter is in a line")
	}
}

// addUp checks one table: in each row the numbers before the column named total
// sum to it, and the rows of people sum to the last row. It returns that row's
// first number and its total.
func addUp(t *testing.T, q, report, section, total string) (first, sum *big.Rat) {
	t.Helper()
	rows, header := printed(t, report, section)
	across := func(row cells) *big.Rat {
		v := new(big.Rat)
		for _, h := range header[1:] {
			if h == total {
				break
			}
			v.Add(v, rat(t, row[h]))
		}
		return v
	}
	down := new(big.Rat)
	for _, row := range rows {
		if got, want := rat(t, row[total]), across(row); got.Cmp(want) != 0 {
			t.Errorf("%s, %s, %s: %s is %s, the row sums to %s", q, section, row["Person"], total, got.FloatString(2), want.FloatString(2))
		}
		if name := row["Person"]; name != "Everybody" && !strings.HasPrefix(name, "Total of ") {
			down.Add(down, rat(t, row[total]))
		}
	}
	all := rows[len(rows)-1]
	if sum = rat(t, all[total]); all["Person"] != "Everybody" || sum.Cmp(down) != 0 {
		t.Errorf("%s, %s: %s has %s, people sum to %s", q, section, all["Person"], sum.FloatString(2), down.FloatString(2))
	}
	return rat(t, all[header[1]]), sum
}

// Each quarter opens with the balances with which the one before ended.
func TestSampleBalancesFollow(t *testing.T) {
	held := map[string]string{}
	for _, q := range quarters() {
		rows, header := printed(t, closed(t, "-quarter", q), "Balances carried on")
		now := map[string]string{}
		for _, row := range rows {
			name := row["Person"]
			if header[1] == "Held before" && held[name] != "" && row["Held before"] != held[name] {
				t.Errorf("%s: %s held %s before, the quarter before ended with %s", q, name, row["Held before"], held[name])
			}
			now[name] = row["Held now"]
		}
		held = now
	}
}

// The sample shows what it is for: every kind of line that its plans can make, and
// commissions that a company would pay.
func TestSampleShows(t *testing.T) {
	kinds := map[comp.Kind]bool{}
	for _, q := range quarters() {
		in, err := load(options{quarter: q})
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
		var sold totals
		for _, p := range b.people {
			for _, a := range b.accounts {
				for i := range a.quarter {
					for _, l := range a.quarter[i].Lines {
						kinds[l.Kind] = true
					}
				}
			}
			if p.role == reps {
				sum := b.totalsOf(p)
				sold.add(&sum)
			}
		}
		rate := rat(t, strings.TrimSuffix(page.Percent(sold.earned, sold.credits), "%"))
		if rate.Cmp(big.NewRat(7, 1)) < 0 || rate.Cmp(big.NewRat(12, 1)) > 0 {
			t.Errorf("%s: the reps' commission is %s %% of their bookings, want 7 to 12 %%", q, rate.FloatString(1))
		}
	}
	for _, k := range []comp.Kind{comp.Earn, comp.Clawed, comp.Deferred, comp.Held, comp.Released, comp.Drawn} {
		if !kinds[k] {
			t.Errorf("no line of kind %s in any quarter", k)
		}
	}
	report := closed(t)
	wantText(
		t, report, "Amina Diallo-Ross", "Harbor Security SPIFF", "over quota, the slice from 304,000 to 304,016.4",
		"clawback Bookings EV-00670", "Payable now to Viktor Hradec",
	)
}

// What is wrong with the plans of the sample is what it says of cliffs.
func TestSamplePlans(t *testing.T) {
	s, err := sampleScheme()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.plans) != 4 {
		t.Errorf("%d plans, want 4", len(s.plans))
	}
	for _, p := range s.plans {
		for _, q := range p.Check() {
			if !q.Warning || q.Code != comp.CodeCliff {
				t.Errorf("%s: %+v", p.ID, q)
			}
		}
	}
	if _, err := sample.FS.ReadFile("terms.json"); err != nil {
		t.Error(err)
	}
}
