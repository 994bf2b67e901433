package funnel_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/proportion"
)

// A rep is outside the 95 % funnel limits exactly when the Wilson interval of the rep does not hold the team's rate.
func TestCompareReps_limits_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reps := sloReps().Draw(t, "reps")
		c, err := funnel.CompareReps(reps, funnel.Evidence{})
		if err != nil {
			t.Fatal(err)
		}
		team, _ := c.Team.Float()
		for _, r := range c.Reps {
			rate, ok := r.WinRate.Float()
			if ok != (r.Interval != nil) || ok != (r.Limits95 != nil) || ok != (r.Limits998 != nil) {
				t.Fatalf("%+v: limits without deals, or none with them", r)
			}
			if !ok {
				continue
			}
			// Within a rounding error of the limit the two need not agree.
			edge := math.Min(math.Abs(rate-r.Limits95.Low), math.Abs(rate-r.Limits95.High)) < 1e-9
			out, excluded := rate < r.Limits95.Low || rate > r.Limits95.High, team < r.Interval.Low || team > r.Interval.High
			if out != excluded && !edge && team > 0 && team < 1 {
				t.Errorf("%s wins %v of the limits %+v, the team %v of %+v", r.Name, rate, *r.Limits95, team, *r.Interval)
			}
			if r.Limits998.Low > r.Limits95.Low || r.Limits998.High < r.Limits95.High {
				t.Errorf("%s: 99.8 %% limits %+v within those of 95 %%, %+v", r.Name, *r.Limits998, *r.Limits95)
			}
		}
	})
}

// The order of the reps turns the results and changes none; equal reps are told apart by nobody; swapping won and lost mirrors.
func TestCompareReps_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reps := sloReps().Draw(t, "reps")
		c, err := funnel.CompareReps(reps, funnel.Evidence{MinN: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range c.Reps {
			if a := r.Against; a != nil {
				sloCheckShares(t, r.WinRate, r.Rest, *a)
			}
			// The rep against the rest, by the group of the test of all.
			g, two := c.WinRates.Groups[i], [2][]int64{{r.WinRate.Num, r.Rest.Num}, {r.WinRate.Den, r.Rest.Den}}
			want, ok := proportion.Homogeneity(two[0], two[1])
			if diff := g.Observed - g.Expected; ok && g.Variance > 0 && math.Abs(diff*diff/g.Variance-want.ChiSquared) > 1e-9*(1+want.ChiSquared) {
				t.Errorf("%+v: chi-squared of one against the rest, want %v", g, want.ChiSquared)
			}
		}
		turn := rapid.Permutation(sloIndices(len(reps))).Draw(t, "turn")
		turned, mirrored := make([]funnel.RepRecord, len(reps)), make([]funnel.RepRecord, len(reps))
		for i, j := range turn {
			turned[i] = reps[j]
			mirrored[i] = funnel.RepRecord{Name: reps[i].Name, Won: reps[i].Lost, Lost: reps[i].Won}
		}
		again, err := funnel.CompareReps(turned, funnel.Evidence{MinN: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, j := range turn {
			if diff := cmp.Diff(c.Reps[j], again.Reps[i]); diff != "" {
				t.Errorf("in another order (-want +got):\n%s", diff)
			}
		}
		mirror, err := funnel.CompareReps(mirrored, funnel.Evidence{MinN: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range c.Reps {
			a, b := r.Against, mirror.Reps[i].Against
			if (a == nil) != (b == nil) {
				t.Fatalf("%s is compared only one way round", r.Name)
			}
			if a != nil && (math.Abs(a.Difference+b.Difference) > 1e-12 || math.Abs(a.P-b.P) > 1e-9) {
				t.Errorf("won and lost swapped: %+v became %+v", *a, *b)
			}
		}
		for i := range reps {
			reps[i].Won, reps[i].Lost = 30, 12
		}
		if c, err = funnel.CompareReps(reps, funnel.Evidence{}); err != nil {
			t.Fatal(err)
		}
		for _, r := range c.Reps {
			if r.Verdict != funnel.Unclear || r.Against.Difference != 0 || r.Against.P != 1 || r.Against.AdjustedP != 1 || c.WinRates.ChiSquared != 0 {
				t.Errorf("equal reps: %+v", r)
			}
		}
	})
}

// sloCheckShares checks a comparison of two shares against the functions for whole counts: Newcombe's interval, Fisher's test where a
// count would be below 5, else the chi-squared test.
func sloCheckShares(t *rapid.T, x, y funnel.Ratio, got funnel.Comparison) {
	diff, lo, hi, _ := proportion.Newcombe(x.Num, x.Den, y.Num, y.Den, 0.95)
	if math.Abs(got.Difference-diff) > 1e-12 || math.Abs(got.Interval.Low-lo) > 1e-12 || math.Abs(got.Interval.High-hi) > 1e-12 {
		t.Errorf("%v against %v: %+v, want %v, %v to %v", x, y, got, diff, lo, hi)
	}
	chi, _ := proportion.Homogeneity([]int64{x.Num, y.Num}, []int64{x.Den, y.Den})
	want := chi.P
	// The smallest of the four expected counts is below 5, in whole numbers.
	if num := x.Num + y.Num; min(num, x.Den+y.Den-num)*min(x.Den, y.Den) < 5*(x.Den+y.Den) {
		want, _, _ = proportion.Fisher(x.Num, x.Den, y.Num, y.Den)
	}
	if math.Abs(got.P-want) > 1e-9*want {
		t.Errorf("%v against %v: p = %v, want %v", x, y, got.P, want)
	}
}

func TestCompareReps_verdicts(t *testing.T) {
	reps := []funnel.RepRecord{
		{Name: "Ana", Won: 90, Lost: 60},
		{Name: "Bo", Won: 40, Lost: 110},
		{Name: "Cy", Won: 66, Lost: 84},
		{Name: "Di", Won: 19},
		{Name: "Eve"},
	}
	want := map[string]funnel.Verdict{"Ana": funnel.Better, "Bo": funnel.Worse, "Cy": funnel.Unclear, "Di": funnel.TooFew, "Eve": funnel.TooFew}
	c, err := funnel.CompareReps(reps, funnel.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]funnel.Verdict{}
	for _, r := range c.Reps {
		got[r.Name] = r.Verdict
		if (r.Against == nil) != (r.Verdict == funnel.TooFew) {
			t.Errorf("%s: %q with comparison %v", r.Name, r.Verdict, r.Against)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	if c.WinRates.DF != 3 || c.Speed != nil {
		t.Errorf("%d df, speed %v, want 3 as Eve closed nothing, and no speed", c.WinRates.DF, c.Speed)
	}
	// With one deal to be seen and any p-value enough, all who closed a deal are told apart.
	if c, err = funnel.CompareReps(reps, funnel.Evidence{MinN: 1, Alpha: 1}); err != nil {
		t.Fatal(err)
	}
	if got := c.Reps[3]; got.Verdict != funnel.Better || c.Sparse != 0 {
		t.Errorf("Di with 19 of 19: %+v, sparse %d", got, c.Sparse)
	}
}

// The deals of one rep take three times as long. The median of the others is 30 days.
func TestCompareReps_speed(t *testing.T) {
	reps := []funnel.RepRecord{{Name: "slow"}, {Name: "b"}, {Name: "c"}, {Name: "untimed", Won: 20, Lost: 20}, {Name: "new"}}
	for i := range 3 {
		reps[i].Won, reps[i].Lost, reps[i].Deals = 20, 20, new(funnel.Lifetimes)
		for d := range 40 {
			s := funnel.Spell{Leave: 10 + d, Exit: funnel.Won}
			if d%2 == 0 {
				s.Exit = funnel.Lost
			}
			if i == 0 {
				s.Leave *= 3
			}
			if err := reps[i].Deals.Add(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	reps[4].Deals = new(funnel.Lifetimes)
	if err := reps[4].Deals.Add(funnel.Spell{Leave: 3}); err != nil {
		t.Fatal(err)
	}
	c, err := funnel.CompareReps(reps, funnel.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Speed == nil || c.Speed.P > 1e-6 || c.Speed.DF != 2 {
		t.Errorf("speed of the team: %+v, want p near 0 on 2 df: nobody ended before the deal of the new one was last seen", c.Speed)
	}
	if s := c.Reps[0].Speed; s == nil || s.Verdict != funnel.Worse || s.Observed != 40 || s.Expected < 60 {
		t.Errorf("the slow one: %+v", s)
	}
	for _, i := range []int{1, 2} {
		if s := c.Reps[i].Speed; s == nil || s.Verdict != funnel.Better || s.AdjustedP < s.P {
			t.Errorf("%s: %+v", c.Reps[i].Name, s)
		}
	}
	if c.Reps[3].Speed != nil || c.Reps[4].Speed != nil {
		t.Errorf("speed without deals that ended: %+v, %+v", c.Reps[3].Speed, c.Reps[4].Speed)
	}
}

func TestCompareReps_refuses(t *testing.T) {
	two := []funnel.RepRecord{{Name: "a", Won: 1}, {Name: "b", Lost: 1}}
	for name, c := range map[string]struct {
		reps []funnel.RepRecord
		e    funnel.Evidence
		want string
		kind error
	}{
		"negative":       {[]funnel.RepRecord{{Name: "a", Won: -1}, {Name: "b", Lost: math.MinInt64}}, funnel.Evidence{}, "reps/1/lost", funnel.ErrInput},
		"too many":       {[]funnel.RepRecord{{Name: "a", Won: math.MaxInt64}, {Name: "b", Lost: 1}}, funnel.Evidence{}, "beyond", funnel.ErrInput},
		"twice":          {[]funnel.RepRecord{{Name: "a", Won: 3}, {Name: "a", Lost: 1}}, funnel.Evidence{}, "reps/0 too", funnel.ErrInput},
		"one who closed": {[]funnel.RepRecord{{Name: "a", Won: 3}, {Name: "b"}}, funnel.Evidence{}, "fewer than two", funnel.ErrUndefined},
		"none":           {nil, funnel.Evidence{}, "fewer than two", funnel.ErrUndefined},
		"MinN":           {two, funnel.Evidence{MinN: -1}, "evidence/minN", funnel.ErrInput},
		"Alpha":          {two, funnel.Evidence{Alpha: math.NaN()}, "evidence/alpha", funnel.ErrInput},
		"Alpha above 1":  {two, funnel.Evidence{Alpha: 1.5}, "evidence/alpha", funnel.ErrInput},
		"Level":          {two, funnel.Evidence{Level: 1}, "evidence/level", funnel.ErrInput},
		"Level infinite": {two, funnel.Evidence{Level: math.Inf(-1)}, "evidence/level", funnel.ErrInput},
	} {
		got, err := funnel.CompareReps(c.reps, c.e)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) || got.Reps != nil {
			t.Errorf("%s: %+v, error %v, want one of %v that tells %q", name, got, err, c.kind, c.want)
		}
	}
}

// Whatever the counts, all figures are numbers and go through JSON.
func TestCompareReps_hostile(t *testing.T) {
	for _, reps := range [][]funnel.RepRecord{
		{{Name: "a", Won: math.MaxInt64 / 2}, {Name: "b", Lost: math.MaxInt64 / 2}},
		{{Name: "a", Won: math.MaxInt64 - 5}, {Name: "b", Lost: 1}, {Name: "c", Won: 1}},
		{{Name: "a", Won: 1}, {Name: "b", Won: 1}},
		{{Name: "a", Lost: 1 << 40}, {Name: "b", Lost: 3, Won: 1}},
	} {
		c, err := funnel.CompareReps(reps, funnel.Evidence{MinN: 1, Level: 1e-300})
		if err != nil {
			t.Errorf("%+v: %v", reps, err)
			continue
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Errorf("%+v: %v", reps, err)
			continue
		}
		var back funnel.Consistency
		if err := json.Unmarshal(text, &back); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(c, back); diff != "" {
			t.Errorf("through JSON (-want +got):\n%s", diff)
		}
	}
}

// sloReps draws two reps or more who closed something, and some who may not have.
func sloReps() *rapid.Generator[[]funnel.RepRecord] {
	return rapid.Custom(func(t *rapid.T) []funnel.RepRecord {
		reps := make([]funnel.RepRecord, rapid.IntRange(2, 8).Draw(t, "reps"))
		for i := range reps {
			reps[i] = funnel.RepRecord{
				Name: string(rune('A' + i)),
				Won:  rapid.Int64Range(0, 200).Draw(t, "won"),
				Lost: rapid.Int64Range(0, 200).Draw(t, "lost"),
			}
			if i < 2 {
				reps[i].Lost++
			}
		}
		return reps
	})
}

// Of very many reps the test of speed is the conservative form, which is never more than the log-rank statistic, and close to
// it: many reps take no time that grows with their cube.
func TestCompareReps_manyReps(t *testing.T) {
	reps := make([]funnel.RepRecord, 250)
	groups := make([]*funnel.Lifetimes, len(reps))
	for i := range reps {
		groups[i] = new(funnel.Lifetimes)
		for k := range 40 {
			s := funnel.Spell{Leave: 1 + (i*31+k*k*17)%97, Exit: funnel.Won}
			if k%3 == 0 {
				s.Exit = funnel.Open
			}
			if err := groups[i].Add(s); err != nil {
				t.Fatal(err)
			}
		}
		reps[i] = funnel.RepRecord{Name: strconv.Itoa(i), Won: 20, Lost: 20, Deals: groups[i]}
	}
	c, err := funnel.CompareReps(reps, funnel.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	full, err := funnel.LogRank(groups...)
	if err != nil {
		t.Fatal(err)
	}
	if c.Speed == nil || c.Speed.DF != full.DF || c.Speed.ChiSquared > full.ChiSquared || c.Speed.ChiSquared < 0.9*full.ChiSquared || c.Speed.P < full.P {
		t.Errorf("conservative %+v, full %v on %d, p %v; want the same degrees of freedom, and a statistic a little below", c.Speed, full.ChiSquared, full.DF, full.P)
	}
	for i, g := range c.Speed.Groups {
		if g.N != full.Groups[i].N || math.Abs(g.Expected-full.Groups[i].Expected) > 1e-9 {
			t.Errorf("rep %d: %+v, want %+v", i, g, full.Groups[i])
		}
	}
}
