package funnel_test

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// sloMaven reads the deals of Maven Analytics' "CRM Sales Opportunities": a record for each agent, by name.
func sloMaven(t *testing.T) []funnel.RepRecord {
	t.Helper()
	file, err := os.Open(testenv.Data(t, "crm/maven/sales_pipeline.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const agent, stage, engaged, closed = 1, 4, 5, 6
	days := funnel.CalendarDays(nil)
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	since, asOf := day("2017-03-01"), day("2017-12-31")
	index := map[string]int{}
	var reps []funnel.RepRecord
	for _, r := range rows[1:] {
		i, ok := index[r[agent]]
		if !ok {
			i = len(reps)
			index[r[agent]] = i
			reps = append(reps, funnel.RepRecord{Name: r[agent], Deals: new(funnel.Lifetimes)})
		}
		if r[engaged] == "" {
			continue
		}
		start := day(r[engaged])
		s := funnel.Spell{Enter: max(days(start, since), 0), Leave: days(start, asOf)}
		switch r[stage] {
		case "Won":
			s.Leave, s.Exit = days(start, day(r[closed])), funnel.Won
			reps[i].Won++
		case "Lost":
			s.Leave, s.Exit = days(start, day(r[closed])), funnel.Lost
			reps[i].Lost++
		}
		if err := reps[i].Deals.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(reps, func(a, b funnel.RepRecord) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return reps
}

// Maven's 30 agents win 55 % to 70 % of the deals they close: chi-squared = 33.35 on 29 df, p = 0.26. The comparisons with the rest were
// computed from the definitions by another program: z = (p1-p2)/√(p(1-p)(1/n1+1/n2)), and adjusted by hand.
func TestE02_CompareReps_maven(t *testing.T) {
	c, err := funnel.CompareReps(sloMaven(t), funnel.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Team != (funnel.Ratio{Num: 4238, Den: 6711}) || len(c.Reps) != 30 {
		t.Errorf("%d reps with %v, want 30 with 4238 of 6711", len(c.Reps), c.Team)
	}
	if got := c.WinRates; math.Abs(got.ChiSquared-33.347711799255144) > 1e-9 || got.DF != 29 || math.Abs(got.P-0.26) > 0.005 {
		t.Errorf("homogeneity %+v, want 33.3477 on 29 df, p 0.26", got)
	}
	want := map[string]struct{ diff, p, adjusted float64 }{
		"Lajuana Vencill":  {-0.08463003046336381, 0.008790210747900176, 0.26370632243700526},
		"Maureen Marcano":  {0.07025997164891473, 0.03646996754910815, 0.3699310033596051},
		"Donn Cantrell":    {-0.059388666026329084, 0.04557537947743433, 0.3699310033596051},
		"Gladys Colclough": {-0.05138018851355308, 0.11093073775166555, 0.5546536887583278},
		"Violet Mclelland": {0.0006423026231067164, 0.9854557067877976, 0.9854557067877976},
	}
	for _, r := range c.Reps {
		if r.Verdict != funnel.Unclear {
			t.Errorf("%s is %q, want none to stand out", r.Name, r.Verdict)
		}
		w, ok := want[r.Name]
		if !ok {
			continue
		}
		if a := r.Against; math.Abs(a.Difference-w.diff) > 1e-12 || math.Abs(a.P-w.p) > 1e-9 || math.Abs(a.AdjustedP-w.adjusted) > 1e-9 {
			t.Errorf("%s: %+v, want %+v", r.Name, *a, w)
		}
	}
}
