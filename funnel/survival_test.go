package funnel_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/salesops-go/salesops/funnel"
)

func survSurvival(t survT, spells ...funnel.Spell) funnel.Curve {
	t.Helper()
	c, err := survLifetimes(t, spells...).Survival(funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A deal that closes on the day on which another is last seen open comes first: the other was at risk of closing that day.
func TestS01_endsPrecedeCensoring(t *testing.T) {
	c := survSurvival(t, funnel.Spell{Leave: 5, Exit: funnel.Won}, funnel.Spell{Leave: 5})
	if got, want := c.At(5).Value, 0.5; got != want {
		t.Errorf("survival %v, want %v: 1 of 2 at risk ended", got, want)
	}
}

// Where nothing has ended yet, or everything has, there are no limits: the spells do not tell how far off the estimate might
// be. R's survival gives none either where all have ended, and none for an incidence that is still 0.
func TestS02_unbounded(t *testing.T) {
	l := survLifetimes(t, funnel.Spell{Leave: 2}, funnel.Spell{Leave: 5, Exit: funnel.Won}, funnel.Spell{Leave: 9, Exit: funnel.Won})
	for _, m := range survMethods {
		c, err := l.Survival(funnel.CI{Method: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []funnel.Point{
			{Tick: 2, AtRisk: 3, Censored: 1, Value: 1, Supported: true},
			{Tick: 9, AtRisk: 1, Events: 1, Value: 0, Supported: true},
		} {
			if diff := cmp.Diff(want, c.At(want.Tick)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", m, diff)
			}
		}
		if p := c.At(5); !p.Bounded || p.SE == 0 {
			t.Errorf("%s: %+v is not bounded", m, p)
		}
	}
}

// A curve says nothing of ticks that nobody was watched at, and says so.
func TestS03_support(t *testing.T) {
	won := func(enter, leave int) funnel.Spell {
		return funnel.Spell{Enter: enter, Leave: leave, Exit: funnel.Won}
	}
	for name, c := range map[string]struct {
		spells    []funnel.Spell
		supported map[int]bool
	}{
		"the oldest is open":              {[]funnel.Spell{won(0, 3), {Leave: 9}}, map[int]bool{-1: true, 0: true, 9: true, 10: false}},
		"all closed":                      {[]funnel.Spell{won(0, 3), won(0, 9)}, map[int]bool{9: true, 10: true, 1 << 30: true}},
		"nobody is watched from 4 to 5":   {[]funnel.Spell{{Leave: 3}, won(6, 9)}, map[int]bool{3: true, 4: false, 6: false, 9: false, 10: false}},
		"the only one watched early ends": {[]funnel.Spell{won(0, 3), won(20, 50), won(20, 60)}, map[int]bool{2: true, 3: false, 50: false, 61: false}},
	} {
		curve := survSurvival(t, c.spells...)
		for tick, want := range c.supported {
			if got := curve.At(tick).Supported; got != want {
				t.Errorf("%s: at %d Supported = %t, want %t", name, tick, got, want)
			}
		}
	}
	// The last of these: survival is 0 from tick 3 on, whatever comes later. Beginning at 20 it is not.
	trap := survLifetimes(t, won(0, 3), won(20, 50), won(20, 60))
	c, _ := trap.Survival(funnel.CI{})
	if p := c.At(50); p.Value != 0 || p.AtRisk != 2 {
		t.Errorf("at 50: %+v", p)
	}
	if got := survSurvival(t, won(20, 50), won(20, 60)).At(50); got.Value != 0.5 || !got.Supported {
		t.Errorf("from 20 on, at 50: %+v", got)
	}
	// A hazard goes on after all have ended, so nothing is known of it.
	h, _ := survLifetimes(t, won(0, 3)).Hazard("", funnel.CI{})
	if h.At(3).Supported != true || h.At(4).Supported {
		t.Errorf("hazard: %+v, %+v", h.At(3), h.At(4))
	}
	// Means are supported as far as the curve is known: the first 10 ticks are those from 0 to 9.
	l := survLifetimes(t, won(0, 3), funnel.Spell{Leave: 9})
	for tau, want := range map[int]bool{9: true, 10: true, 11: false} {
		if e, _ := l.RestrictedMean(tau, funnel.CI{}); e.Supported != want {
			t.Errorf("mean of the first %d: Supported = %t, want %t", tau, e.Supported, want)
		}
	}
}

// Where a curve is level at the share, the quantile is in the middle; where it never gets there, there is none, but perhaps a
// limit.
func TestS04_quantile(t *testing.T) {
	won := func(ticks ...int) (spells []funnel.Spell) {
		for _, tick := range ticks {
			spells = append(spells, funnel.Spell{Leave: tick, Exit: funnel.Won})
		}
		return spells
	}
	for name, c := range map[string]struct {
		spells []funnel.Spell
		p      float64
		want   float64
		ok     bool
	}{
		"odd number":               {won(3, 5, 9), 0.5, 5, true},
		"even number: middle":      {won(3, 5, 8, 10), 0.5, 6.5, true},
		"level to the end":         {append(won(3, 5), funnel.Spell{Leave: 20}, funnel.Spell{Leave: 30}), 0.5, 5, true},
		"not reached":              {append(won(3), funnel.Spell{Leave: 20}, funnel.Spell{Leave: 30}), 0.5, 0, false},
		"two at a tick":            {won(3, 3, 8), 0.5, 3, true},
		"one spell":                {won(7), 0.9, 7, true},
		"0 is no share":            {won(7), 0, 0, false},
		"1 is no share":            {won(7), 1, 0, false},
		"nor is what is no number": {won(7), math.NaN(), 0, false},
	} {
		curve := survSurvival(t, c.spells...)
		if q, ok := curve.Quantile(c.p); ok != c.ok || q.Tick != c.want {
			t.Errorf("%s: %v, %t, want %v, %t", name, q.Tick, ok, c.want, c.ok)
		}
		f, err := survLifetimes(t, c.spells...).Incidence(funnel.Won, funnel.CI{})
		if err != nil {
			t.Fatal(err)
		}
		if q, ok := f.Quantile(c.p); ok != c.ok || q.Tick != c.want {
			t.Errorf("%s, as an incidence: %v, %t, want %v, %t", name, q.Tick, ok, c.want, c.ok)
		}
	}
	q, ok := survSurvival(t, won(3, 4, 5, 6)...).Quantile(0.999)
	if !ok || q.High != nil {
		t.Errorf("%+v: the upper limit is not known", q)
	}
	open := funnel.Spell{Leave: 50}
	q, ok = survSurvival(t, append(won(3, 10, 20, 30), open, open, open, open, open)...).Quantile(0.5)
	if ok || q.Low == nil || q.High != nil {
		t.Errorf("%+v, %t: only the lower limit is known", q, ok)
	}
}

// What cannot be counted is refused, with its place.
func TestLifetimes_refuses(t *testing.T) {
	_, err := funnel.NewLifetimes(
		funnel.Spell{Leave: 3},
		funnel.Spell{Enter: -1, Leave: 3},
		funnel.Spell{Enter: 4, Leave: 3, Exit: funnel.Won},
		funnel.Spell{Leave: funnel.MaxTick + 1},
		funnel.Spell{Leave: -2},
		funnel.Spell{Leave: 3, Exit: "caf\xe9"},
	)
	got := strings.Split(err.Error(), "\n")
	want := []string{
		`funnel: spells/1/enter "-1" must not be negative; 0 is the first tick`,
		`funnel: spells/2/leave "3" must not be before the first tick at risk, 4`,
		`funnel: spells/3/leave "1048576" must be 1048575 or less; count in longer ticks`,
		`funnel: spells/4/leave "-2" must not be before the first tick at risk, 0`,
		`funnel: spells/5/exit "caf\xe9" must be valid UTF-8`,
	}
	if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, funnel.ErrInput) {
		t.Errorf("NewLifetimes (-want +got):\n%s", diff)
	}

	l := new(funnel.Lifetimes)
	exit := func(i int) funnel.Exit { return funnel.Exit(strings.Repeat("x", i+1)) }
	for i := range funnel.MaxExits {
		if err := l.Add(funnel.Spell{Leave: i, Exit: exit(i)}); err != nil {
			t.Fatal(err)
		}
	}
	err = l.Add(funnel.Spell{Leave: 1, Exit: funnel.Won})
	if want := `funnel: exit "won" is one more than the 32 different exits that there may be`; err == nil || err.Error() != want || !errors.Is(err, funnel.ErrInput) {
		t.Errorf("33rd exit: %v, want %s", err, want)
	}
	if err := l.Merge(survLifetimes(t, funnel.Spell{Exit: funnel.Won})); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("merging a 33rd exit: %v", err)
	}
	if len(l.Exits()) != funnel.MaxExits || l.Len() != funnel.MaxExits {
		t.Errorf("%d exits of %d spells after that, want 32", len(l.Exits()), l.Len())
	}
	// An exit that is gone makes room for another.
	if err := l.Sub(survLifetimes(t, funnel.Spell{Leave: 7, Exit: exit(7)})); err != nil {
		t.Fatal(err)
	}
	if err := l.Add(funnel.Spell{Leave: 1, Exit: funnel.Won}); err != nil {
		t.Error(err)
	}
	for i := range funnel.MaxExits {
		if i == 7 {
			continue
		}
		if c, err := l.Incidence(exit(i), funnel.CI{}); err != nil || c.At(i).Events != 1 {
			t.Errorf("exit %d: %+v %v", i, c.At(i), err)
		}
	}
}

// Estimates are refused when there is nothing to estimate from, or it is not said what.
func TestLifetimes_estimates_refuse(t *testing.T) {
	some, none := survLifetimes(t, funnel.Spell{Leave: 3, Exit: funnel.Won}), new(funnel.Lifetimes)
	curve := func(_ funnel.Curve, err error) error { return err }
	mean := func(_ funnel.Estimate, err error) error { return err }
	for name, c := range map[string]struct {
		err, want error
		path      string
	}{
		"survival of nothing":   {curve(none.Survival(funnel.CI{})), funnel.ErrUndefined, "spells"},
		"incidence of nothing":  {curve(none.Incidence(funnel.Won, funnel.CI{})), funnel.ErrUndefined, "spells"},
		"hazard of nothing":     {curve(none.Hazard("", funnel.CI{})), funnel.ErrUndefined, "spells"},
		"mean of nothing":       {mean(none.RestrictedMean(3, funnel.CI{})), funnel.ErrUndefined, "spells"},
		"time lost of nothing":  {mean(none.TimeLost(funnel.Won, 3, funnel.CI{})), funnel.ErrUndefined, "spells"},
		"incidence of no exit":  {curve(some.Incidence("", funnel.CI{})), funnel.ErrInput, "by"},
		"incidence of open":     {curve(some.Incidence(funnel.Open, funnel.CI{})), funnel.ErrInput, "by"},
		"time lost to bad text": {mean(some.TimeLost("\xff", 3, funnel.CI{})), funnel.ErrInput, "by"},
		"unknown to nothing":    {curve(none.Incidence("Won", funnel.CI{})), funnel.ErrUndefined, "spells"},
		"level 1":               {curve(some.Survival(funnel.CI{Level: 1})), funnel.ErrInput, "ci/level"},
		"level 95":              {curve(some.Incidence(funnel.Won, funnel.CI{Level: 95})), funnel.ErrInput, "ci/level"},
		"negative level":        {curve(some.Hazard("", funnel.CI{Level: -0.5})), funnel.ErrInput, "ci/level"},
		"level NaN":             {mean(some.RestrictedMean(3, funnel.CI{Level: math.NaN()})), funnel.ErrInput, "ci/level"},
		"other method":          {curve(some.Survival(funnel.CI{Method: "wilson"})), funnel.ErrInput, "ci/method"},
		"plain hazard":          {curve(some.Hazard("", funnel.CI{Method: funnel.CIPlain})), funnel.ErrInput, "ci/method"},
		"other hazard":          {curve(some.Hazard("cox", funnel.CI{})), funnel.ErrInput, "method"},
		"mean of 0 ticks":       {mean(some.RestrictedMean(0, funnel.CI{})), funnel.ErrInput, "tau"},
		"mean beyond MaxTick":   {mean(some.TimeLost(funnel.Won, funnel.MaxTick+1, funnel.CI{})), funnel.ErrInput, "tau"},
	} {
		var e *funnel.Error
		if !errors.Is(c.err, c.want) || !errors.As(c.err, &e) || e.Path != c.path {
			t.Errorf("%s: %v, want path %s and %v", name, c.err, c.path, c.want)
		}
	}
	// An exit that nothing ended by is no error: nothing was won so far.
	f, err := some.Incidence(funnel.Lost, funnel.CI{})
	if err != nil || f.At(3).Value != 0 || f.At(3).Competing != 1 {
		t.Errorf("incidence of an exit that there is none of: %+v %v", f, err)
	}
	some = survLifetimes(t, funnel.Spell{Exit: funnel.Won}, funnel.Spell{Exit: "gave up"})
	if f, err := some.Incidence("moved", funnel.CI{}); err != nil || f.At(0).Value != 0 {
		t.Errorf("an exit of one's own that none has: %+v %v, want 0", f, err)
	}
	// But the key of a stage for the exit is a slip.
	_, err = some.Incidence("Won", funnel.CI{})
	if want := `funnel: by "Won" is the name of a stage, or misspelt: the exit is "won"`; err == nil || err.Error() != want || !errors.Is(err, funnel.ErrInput) {
		t.Errorf("%v, want %s", err, want)
	}
}

// A curve that nobody made, or that came in from JSON in no order, says something and does not panic.
func TestCurve_hostile(t *testing.T) {
	for _, c := range []funnel.Curve{
		{},
		{Kind: "other", Points: []funnel.Point{{Tick: 5}, {Tick: -3}, {Tick: math.MaxInt}, {Tick: math.MinInt}}},
		{Kind: funnel.SurvivalCurve, Points: []funnel.Point{{Tick: 1, Value: math.NaN(), Bounded: true, Low: math.NaN()}, {Tick: 0, Value: math.Inf(-1)}}},
	} {
		for _, tick := range []int{math.MinInt, -1, 0, 1, 5, math.MaxInt} {
			if p := c.At(tick); p.Tick != tick {
				t.Errorf("At(%d) is of %d", tick, p.Tick)
			}
		}
		c.Quantile(0.5)
	}
}

// Exits are told apart whatever their hashes, and however many there are.
func TestLifetimes_exits(t *testing.T) {
	for _, exits := range [][]funnel.Exit{
		{funnel.Won, funnel.Lost, funnel.Left, funnel.Advanced, funnel.Regressed},
		{"aXa", "aXb", "aXc", "oXeo", "oepn", "oeen"}, // first, middle and length are the same, those of Open too
		{"é", "ä", "ü", "1", "2", "\x00"},
	} {
		l := new(funnel.Lifetimes)
		want := map[funnel.Exit]int64{}
		for i := range 200 {
			e := exits[i*i%len(exits)]
			if err := l.Add(funnel.Spell{Leave: i % 3, Exit: e}); err != nil {
				t.Fatal(err)
			}
			if err := l.Add(funnel.Spell{Leave: i % 3, Exit: funnel.Open}); err != nil {
				t.Fatal(err)
			}
			want[e]++
		}
		got := map[funnel.Exit]int64{}
		for _, e := range l.Exits() {
			c, err := l.Incidence(e, funnel.CI{})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range c.Points {
				got[e] += p.Events
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// Counting allocates nothing when the ticks and exits are known.
func TestLifetimes_Add_allocates(t *testing.T) {
	spells := survDeals(5000)
	l := survLifetimes(t, spells...)
	if n := testing.AllocsPerRun(10, func() {
		for i := range spells {
			if err := l.Add(spells[i]); err != nil {
				t.Fatal(err)
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
	if n := testing.AllocsPerRun(10, func() {
		if _, err := l.Incidence(funnel.Won, funnel.CI{}); err != nil {
			t.Fatal(err)
		}
	}); n > 16 {
		t.Errorf("%v allocations for a curve, want at most 16", n)
	}
}
