package funnel_test

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// flowLoans returns the application part of the loan process of the BPI Challenge 2012 (DOI
// 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f): five stages, and three ends. An approved loan is registered and
// activated in the same second, in any order; the first of the three is the win.
func flowLoans(t testing.TB) (funnel.Pipeline, []funnel.Journey) {
	t.Helper()
	file, err := os.Open(testenv.Data(t, "funnel/eventlogs/bpic2012.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"A_SUBMITTED": "Submitted", "A_PARTLYSUBMITTED": "Complete", "A_PREACCEPTED": "Preaccepted", "A_ACCEPTED": "Accepted", "A_FINALIZED": "Finalized",
		"A_APPROVED": "Approved", "A_REGISTERED": "Approved", "A_ACTIVATED": "Approved", "A_DECLINED": "Declined", "A_CANCELLED": "Cancelled",
	}
	var journeys []funnel.Journey
	for _, r := range rows[1:] {
		to := names[r[2]] // "" for other parts of the process
		if to == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, r[4])
		if err != nil {
			t.Fatal(err)
		}
		if n := len(journeys); n == 0 || journeys[n-1].ID != r[0] {
			journeys = append(journeys, funnel.Journey{ID: r[0], Amount: d(r[6]), Currency: "EUR"})
		}
		j := &journeys[len(journeys)-1]
		if n := len(j.Moves); n > 0 && to == "Approved" && j.Moves[n-1].To == to {
			continue
		}
		j.Moves = append(j.Moves, funnel.Move{To: to, At: at})
	}
	return flowPipeline(t, "Submitted", "Complete", "Preaccepted", "Accepted", "Finalized", "Approved=won", "Declined=lost", "Cancelled=lost"), journeys
}

// What other programs made of the loan applications.
func TestE02_Flow_loans(t *testing.T) {
	p, journeys := flowLoans(t)
	t.Run("E02 counts", func(t *testing.T) { flowE02(t, p, journeys) })
	t.Run("E03 incidence", func(t *testing.T) { flowE03(t, p, journeys) })
	t.Run("E04 maturity", func(t *testing.T) { flowE04(t, p, journeys) })
}

// E02: 13,087 loan applications. How many reached each stage, how they ended, and what followed what are the figures of pm4py and of
// SQL over the same log: 13087, 7367, 5113, 5015, 2246 of which 399 open; 7635 declined, 2807 cancelled; the directly-follows
// counts of the application part.
func flowE02(t *testing.T, p funnel.Pipeline, journeys []funnel.Journey) {
	t.Helper()
	view := funnel.View{Pipeline: p, AsOf: flowAt(0)}
	f := flowOf(t, view, journeys...)
	for _, skip := range []funnel.Skip{funnel.Visited, funnel.Implied, funnel.Contiguous} { // nobody skips a stage
		var got []int64
		for _, s := range []string{"Submitted", "Complete", "Preaccepted", "Accepted", "Finalized", "Approved"} {
			share, err := f.Reached(s, skip)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, share.Reached)
		}
		if diff := cmp.Diff([]int64{13087, 13087, 7367, 5113, 5015, 2246}, got); diff != "" {
			t.Errorf("reached, %s (-want +got):\n%s", skip, diff)
		}
	}
	o := f.Outcome()
	if got, want := [4]int64{o.Won.Count, o.Lost.Count, o.Left.Count, o.Open.Count}, [4]int64{2246, 7635 + 2807, 0, 399}; got != want {
		t.Errorf("won, lost, left, open = %v, want %v", got, want)
	}
	moves := map[[2]string]int64{}
	for _, m := range f.Moves() {
		moves[[2]string{m.From, m.To}] = m.Count
	}
	if diff := cmp.Diff(map[[2]string]int64{
		{"", "Submitted"}: 13087, {"Submitted", "Complete"}: 13087,
		{"Complete", "Preaccepted"}: 7367, {"Complete", "Declined"}: 5719, {"Complete", "Cancelled"}: 1,
		{"Preaccepted", "Accepted"}: 5113, {"Preaccepted", "Declined"}: 1085, {"Preaccepted", "Cancelled"}: 1100,
		{"Accepted", "Finalized"}: 5015, {"Accepted", "Declined"}: 29, {"Accepted", "Cancelled"}: 66,
		{"Finalized", "Approved"}: 476 + 1055 + 715, {"Finalized", "Declined"}: 802, {"Finalized", "Cancelled"}: 1640,
	}, moves); diff != "" {
		t.Errorf("moves (-want +got):\n%s", diff)
	}
	var requested int64
	for _, j := range journeys {
		requested += j.Amount.CoefficientInt64() // whole euros
	}
	if got := o.Journeys.Amount.StringFixed(0); got != strconv.FormatInt(requested, 10) {
		t.Errorf("%s requested, want %d", got, requested)
	}
}

// E03: the share of these applications that were won or lost within a time, others competing, is that of R's survival package,
// to the round-off of ticks of 8 seconds.
func flowE03(t *testing.T, p funnel.Pipeline, journeys []funnel.Journey) {
	t.Helper()
	last := flowLast(journeys)
	view := funnel.View{Pipeline: p, AsOf: last, Clock: func(from, to time.Time) int { return int((to.Sub(from).Milliseconds() + 7999) / 8000) }}
	lives := new(funnel.Lifetimes)
	for _, j := range journeys {
		s, ok, err := view.Lifetime(j)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := lives.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, exit := range []funnel.Exit{funnel.Won, funnel.Lost} {
		curve, err := lives.Incidence(exit, funnel.CI{})
		if err != nil {
			t.Fatal(err)
		}
		for seconds, want := range map[int][2]float64{ // bpic2012_A_cif_at_days.csv
			86400:   {0.0021395277756553, 0.516466722701995},
			604800:  {0.00962787499044918, 0.578054557958332},
			1209600: {0.0830032107857282, 0.651350311287668},
			2592000: {0.161904100120535, 0.712821456510342},
			5184000: {0.17886494280914, 0.816028753040046},
		} {
			x := want[0]
			if exit == funnel.Lost {
				x = want[1]
			}
			if got := curve.At(seconds / 8).Value; math.Abs(got-x) > 2e-4 {
				t.Errorf("%s within %d s: %.6f, want %.6f", exit, seconds, got, x)
			}
		}
	}
}

func flowLast(journeys []funnel.Journey) (last time.Time) {
	for _, j := range journeys {
		if at := j.Moves[len(j.Moves)-1].At; at.After(last) {
			last = at
		}
	}
	return last
}

// E04: what reports of the 30th to 150th day would have said of the applications of each ten days: how many are open, how many won of those
// created and of those closed, as counted by another program, and the incidence at 30 days beside what it came to.
func flowE04(t *testing.T, p funnel.Pipeline, journeys []funnel.Journey) {
	t.Helper()
	file, err := os.Open(testenv.Data(t, "funnel/reference/bpic2012_maturity_bias.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2011, time.September, 30, 0, 0, 0, 0, time.UTC) // the day of the first, 22:38
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	for _, r := range rows[1:] {
		var x [10]float64
		for i, s := range r {
			x[i], _ = strconv.ParseFloat(s, 64) // 0 for "True" and "False"
		}
		view := funnel.View{Pipeline: p, AsOf: day(int(x[0])), Clock: funnel.Minutes}
		lives := new(funnel.Lifetimes)
		f := new(funnel.Flow)
		for _, j := range journeys {
			if at := j.Moves[0].At; at.Before(day(int(x[1]))) || !at.Before(day(int(x[1])+10)) {
				continue
			}
			if err := f.Add(view, j); err != nil {
				t.Fatal(err)
			}
			s, _, err := view.Lifetime(j)
			if err != nil {
				t.Fatal(err)
			}
			if err := lives.Add(s); err != nil {
				t.Fatal(err)
			}
		}
		o := f.Outcome()
		curve, err := lives.Incidence(funnel.Won, funnel.CI{})
		if err != nil {
			t.Fatal(err)
		}
		for i, y := range []struct{ got, within float64 }{
			2: {float64(o.Journeys.Count), 0}, 3: {float64(o.Open.Count), 0},
			4: {float64(o.Won.Count) / float64(o.Won.Count+o.Lost.Count), 1e-11},
			5: {float64(o.Won.Count) / float64(o.Journeys.Count), 1e-11},
			6: {curve.At(30*24*60 - 1).Value, 2e-3}, // it is counted in seconds there
		} {
			if i > 1 && !(math.Abs(y.got-x[i]) <= y.within) {
				t.Errorf("day %s, from day %s: %s %v, want %s", r[0], r[1], rows[0][i], y.got, r[i])
			}
		}
	}
}
