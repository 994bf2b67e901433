package funnel_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

// Groups that were never at risk together cannot be compared with each other, only within the parts.
func TestLogRank_parts(t *testing.T) {
	early := func(spells ...funnel.Spell) *funnel.Lifetimes {
		l, err := funnel.NewLifetimes(spells...)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := early(funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Leave: 7})
	b := early(funnel.Spell{Leave: 5, Exit: funnel.Won}, funnel.Spell{Leave: 8, Exit: funnel.Won})
	c := early(funnel.Spell{Enter: 20, Leave: 25, Exit: funnel.Won}, funnel.Spell{Enter: 20, Leave: 29})
	d := early(funnel.Spell{Enter: 20, Leave: 22, Exit: funnel.Won}, funnel.Spell{Enter: 20, Leave: 26, Exit: funnel.Lost})
	ab, errAB := funnel.LogRank(a, b)
	cd, errCD := funnel.LogRank(c, d)
	all, errAll := funnel.LogRank(a, c, new(funnel.Lifetimes), b, nil, d)
	if errAB != nil || errCD != nil || errAll != nil {
		t.Fatal(errAB, errCD, errAll)
	}
	if want := ab.ChiSquared + cd.ChiSquared; math.Abs(all.ChiSquared-want) > 1e-12 || all.DF != 2 {
		t.Errorf("chi-squared = %v on %d df, want %v on 2", all.ChiSquared, all.DF, want)
	}
	if ac, err := funnel.LogRank(a, c); !errors.Is(err, funnel.ErrUndefined) {
		t.Errorf("groups that never met: %+v, %v", ac, err)
	}
}

// Where P is no float64 any more its logarithm is, and says as much.
func TestLogRank_farTail(t *testing.T) {
	var fast, slow funnel.Lifetimes
	for i := range 3000 {
		_ = fast.Add(funnel.Spell{Leave: i % 10, Exit: funnel.Won})
		_ = slow.Add(funnel.Spell{Leave: 10 + i%10, Exit: funnel.Won})
	}
	got, err := funnel.LogRank(&fast, &slow)
	if err != nil {
		t.Fatal(err)
	}
	x := got.ChiSquared
	want := -x/2 + math.Log(math.Sqrt(2/(math.Pi*x))*(1-1/x+3/(x*x))) // of erfc(√(x/2))
	if got.P != 0 || math.Abs(got.LogP-want) > 1e-6 {
		t.Errorf("P = %v, LogP = %v, want 0 and %v", got.P, got.LogP, want)
	}
}

// Where all but a few of very many have ended, rounding makes no number that is none.
func TestGray_roundedAway(t *testing.T) {
	var many, few funnel.Lifetimes
	_ = many.Add(funnel.Spell{Leave: 1, Exit: funnel.Won})
	for range 60 {
		_ = many.Merge(&many)
	}
	for _, l := range []*funnel.Lifetimes{&many, &few} {
		_ = l.Add(funnel.Spell{Leave: 2, Exit: funnel.Won})
		_ = l.Add(funnel.Spell{Leave: 3, Exit: funnel.Lost})
		_ = l.Add(funnel.Spell{Leave: 4})
	}
	for _, groups := range [][]*funnel.Lifetimes{{&many, &many}, {&many, &few}, {&few, &many, &many}} {
		got, err := funnel.Gray(funnel.Won, groups...)
		if _, jsonErr := json.Marshal(got); err != nil || jsonErr != nil || !(got.ChiSquared >= 0) {
			t.Errorf("%+v, %v, %v", got, err, jsonErr)
		}
	}
}

func TestTest_errors(t *testing.T) {
	l, err := funnel.NewLifetimes(funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Leave: 7}, funnel.Spell{Leave: 9, Exit: funnel.Lost})
	if err != nil {
		t.Fatal(err)
	}
	late, err := funnel.NewLifetimes(funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Enter: 4, Leave: 7})
	if err != nil {
		t.Fatal(err)
	}
	stratified := func(rho float64, strata ...[]*funnel.Lifetimes) func() (funnel.Test, error) {
		return func() (funnel.Test, error) { return funnel.StratifiedLogRank(rho, strata...) }
	}
	gray := func(by funnel.Exit, groups ...*funnel.Lifetimes) func() (funnel.Test, error) {
		return func() (funnel.Test, error) { return funnel.Gray(by, groups...) }
	}
	logRank := func(groups ...*funnel.Lifetimes) func() (funnel.Test, error) { return stratified(0, groups) }
	pair := []*funnel.Lifetimes{l, l}
	for name, c := range map[string]struct {
		run  func() (funnel.Test, error)
		want error
		says string
	}{
		"no group":                      {logRank(), funnel.ErrUndefined, "cannot be compared"},
		"one group":                     {logRank(l), funnel.ErrUndefined, "cannot be compared"},
		"nil groups":                    {logRank(nil, nil), funnel.ErrUndefined, "cannot be compared"},
		"a group and nothing":           {logRank(l, new(funnel.Lifetimes)), funnel.ErrUndefined, "cannot be compared"},
		"no strata":                     {stratified(0), funnel.ErrUndefined, "cannot be compared"},
		"rho below 0":                   {stratified(-1, pair), funnel.ErrInput, `rho "-1"`},
		"rho no number":                 {stratified(math.NaN(), pair), funnel.ErrInput, "rho"},
		"rho infinite":                  {stratified(math.Inf(1), pair), funnel.ErrInput, "rho"},
		"strata of different size":      {stratified(0, pair, pair[:1]), funnel.ErrInput, `strata/1 "1" groups`},
		"Gray, nothing":                 {gray(funnel.Won), funnel.ErrUndefined, "cannot be compared"},
		"Gray, open":                    {gray(funnel.Open, l, l), funnel.ErrInput, `by "open"`},
		"Gray, no exit named":           {gray("", l, l), funnel.ErrInput, "by"},
		"Gray, an exit that nobody had": {gray("merged", l, l), funnel.ErrUndefined, "cannot be compared"},
		"Gray, late entry":              {gray(funnel.Won, l, late), funnel.ErrInput, "groups/1 has a spell that enters at tick 4"},
	} {
		got, err := c.run()
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %+v, %v, want %v that says %q", name, got, err, c.want, c.says)
		}
		if diff := cmp.Diff(funnel.Test{}, got); diff != "" {
			t.Errorf("%s: a result beside the error: %s", name, diff)
		}
	}
	// A weight that vanishes is no number that breaks.
	if got, err := funnel.StratifiedLogRank(1e300, pair); err != nil || got.ChiSquared > 1e-20 {
		t.Errorf("rho 1e300: %+v, %v", got, err)
	}
}

func TestTest_json(t *testing.T) {
	a, _ := funnel.NewLifetimes(funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Leave: 7})
	b, _ := funnel.NewLifetimes(funnel.Spell{Leave: 5, Exit: funnel.Won}, funnel.Spell{Leave: 8, Exit: funnel.Won})
	want, err := funnel.LogRank(a, b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got funnel.Test
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}

// A million spells in three groups, R survdiff takes 3.5 s for; here the spells are counted already.
func BenchmarkLogRank(b *testing.B) {
	for _, size := range []struct{ groups, ticks int }{{2, 365}, {3, 365}, {3, 10_000}, {30, 365}, {300, 365}} {
		groups := make([]*funnel.Lifetimes, size.groups)
		for g := range groups {
			groups[g] = new(funnel.Lifetimes)
			for i := range 1_000_000 / size.groups {
				_ = groups[g].Add(funnel.Spell{Leave: (i * 7919) % (size.ticks - g%7), Exit: []funnel.Exit{funnel.Won, funnel.Lost, funnel.Open}[i%3]})
			}
		}
		name := "groups=" + strconv.Itoa(size.groups) + "/ticks=" + strconv.Itoa(size.ticks)
		b.Run("LogRank/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.LogRank(groups...); err != nil {
					b.Fatal(err)
				}
			}
		})
		if size.groups > 30 {
			continue
		}
		b.Run("Gray/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.Gray(funnel.Won, groups...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
