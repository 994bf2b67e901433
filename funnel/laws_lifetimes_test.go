package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// survT is what helpers need of a test or a property.
type survT interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// survDrawn draws spells: most of a few ticks, so that there are ties, some long, some entered late, some open.
func survDrawn(least int) *rapid.Generator[[]funnel.Spell] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) funnel.Spell {
		enter := rapid.OneOf(rapid.Just(0), rapid.Just(0), rapid.IntRange(0, 9), rapid.IntRange(0, 300)).Draw(t, "enter")
		return funnel.Spell{
			Enter: enter,
			Leave: enter + rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(0, 300)).Draw(t, "length"),
			Exit:  rapid.SampledFrom([]funnel.Exit{"", funnel.Open, funnel.Won, funnel.Lost, funnel.Lost, "went to war"}).Draw(t, "exit"),
		}
	}), least, 40)
}

// survFromStart draws spells that are watched from their start.
func survFromStart(least int) *rapid.Generator[[]funnel.Spell] {
	return rapid.Map(survDrawn(least), func(spells []funnel.Spell) []funnel.Spell {
		out := slices.Clone(spells)
		for i := range out {
			out[i].Enter = 0
		}
		return out
	})
}

func survCI() *rapid.Generator[funnel.CI] {
	return rapid.Custom(func(t *rapid.T) funnel.CI {
		return funnel.CI{
			Level:  rapid.Float64Range(0.01, 0.999).Draw(t, "level"),
			Method: rapid.SampledFrom(append([]funnel.CIMethod{""}, survMethods...)).Draw(t, "method"),
		}
	})
}

// survText returns both encodings of lifetimes.
func survTexts(t survT, l *funnel.Lifetimes) (binary, text string) {
	t.Helper()
	b, err := l.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), string(j)
}

func survSame(t survT, what string, got, want *funnel.Lifetimes) {
	t.Helper()
	gotBinary, gotText := survTexts(t, got)
	wantBinary, wantText := survTexts(t, want)
	if gotBinary != wantBinary || gotText != wantText || got.Len() != want.Len() {
		t.Errorf("%s: %d spells %s, want %d %s", what, got.Len(), gotText, want.Len(), wantText)
	}
	if diff := cmp.Diff(want.Exits(), got.Exits()); diff != "" {
		t.Errorf("%s: exits (-want +got):\n%s", what, diff)
	}
}

// Lifetimes are a commutative group: shards in any order and grouping are the whole to the byte, the zero value changes nothing, what
// is merged stays as it is, and what is subtracted leaves no trace.
func TestLifetimes_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := survDrawn(0).Draw(t, "a"), survDrawn(0).Draw(t, "b"), survDrawn(0).Draw(t, "c")
		la, lb, lc := survLifetimes(t, a...), survLifetimes(t, b...), survLifetimes(t, c...)
		all := rapid.Permutation(slices.Concat(a, b, c)).Draw(t, "all")
		whole := survLifetimes(t, all...)
		merge := func(into *funnel.Lifetimes, others ...*funnel.Lifetimes) *funnel.Lifetimes {
			for _, o := range others {
				if err := into.Merge(o); err != nil {
					t.Fatal(err)
				}
			}
			return into
		}
		survSame(t, "(a+b)+c", merge(new(funnel.Lifetimes), la, lb, lc), whole)
		survSame(t, "c+(b+a)", merge(lc.Clone(), merge(lb.Clone(), la)), whole)
		survSame(t, "a+0+nil", merge(la.Clone(), new(funnel.Lifetimes), nil), la)
		survSame(t, "b as it was", lb, survLifetimes(t, b...))
		if err := whole.Sub(lb); err != nil {
			t.Fatal(err)
		}
		survSame(t, "a+b+c-b", whole, merge(la.Clone(), lc))
		if err := whole.Sub(merge(lc, la)); err != nil {
			t.Fatal(err)
		}
		survSame(t, "a+b+c-b-(c+a)", whole, new(funnel.Lifetimes))
	})
}

// What does not hold all of another is not changed by subtracting it, and the error says so.
func TestLifetimes_Sub_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := survDrawn(0).Draw(t, "a"), survDrawn(0).Draw(t, "b")
		l, o := survLifetimes(t, a...), survLifetimes(t, b...)
		if err := l.Sub(o); err != nil {
			if !errors.Is(err, funnel.ErrMismatch) {
				t.Errorf("%v does not wrap ErrMismatch", err)
			}
			survSame(t, "refused", l, survLifetimes(t, a...))
			return
		}
		if err := l.Merge(o); err != nil {
			t.Fatal(err)
		}
		survSame(t, "a-b+b", l, survLifetimes(t, a...))
	})
}

// Encodings give back what they were made of, and what they give back works on.
func TestLifetimes_encodings_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells, more := survDrawn(0).Draw(t, "spells"), survDrawn(0).Draw(t, "more")
		l := survLifetimes(t, spells...)
		binary, text := survTexts(t, l)
		for name, decode := range map[string]func(*funnel.Lifetimes) error{
			"binary": func(l *funnel.Lifetimes) error { return l.UnmarshalBinary([]byte(binary)) },
			"JSON":   func(l *funnel.Lifetimes) error { return json.Unmarshal([]byte(text), l) },
		} {
			got := survLifetimes(t, more...) // is replaced
			if err := decode(got); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			survSame(t, name, got, l)
			for _, s := range more {
				if err := got.Add(s); err != nil {
					t.Fatal(err)
				}
			}
			survSame(t, name+" and more", got, survLifetimes(t, slices.Concat(spells, more)...))
			if err := got.Sub(survLifetimes(t, more...)); err != nil {
				t.Fatal(err)
			}
			survSame(t, name+" and more and less", got, l)
		}
		// A struct that holds lifetimes by value is encoded no worse.
		held, err := json.Marshal(struct{ L funnel.Lifetimes }{*l})
		if want := `{"L":` + text + `}`; err != nil || string(held) != want {
			t.Errorf("held by value: %s %v, want %s", held, err, want)
		}
	})
}

// survCurves returns all curves of lifetimes.
func survCurves(t survT, l *funnel.Lifetimes, ci funnel.CI) map[string]funnel.Curve {
	t.Helper()
	out := map[string]funnel.Curve{}
	add := func(name string, c funnel.Curve, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out[name] = c
	}
	c, err := l.Survival(ci)
	add("survival", c, err)
	for _, e := range append(l.Exits(), funnel.Left) {
		c, err := l.Incidence(e, ci)
		add("incidence "+string(e), c, err)
	}
	if ci.Method == "" || ci.Method == funnel.CILogLog || ci.Method == funnel.CILog {
		for _, m := range []funnel.HazardMethod{"", funnel.FlemingHarrington} {
			c, err := l.Hazard(m, ci)
			add("hazard "+string(m), c, err)
		}
	}
	return out
}

// Survival falls from 1, incidences and hazards rise from 0, survival and incidences sum to 1 at every tick; limits hold the
// estimate and are nested in the level; the counts of a point add up; and all that is known of a point comes back from JSON.
func TestCurve_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := survLifetimes(t, survDrawn(1).Draw(t, "spells")...)
		ci := survCI().Draw(t, "ci")
		wider := ci
		wider.Level = (1 + ci.Level) / 2
		curves, wide := survCurves(t, l, ci), survCurves(t, l, wider)
		sum := map[int]float64{}
		for name, c := range curves {
			before := c.At(-1)
			if want := map[bool]float64{true: 1}[name == "survival"]; before.Value != want || before.Bounded {
				t.Errorf("%s begins with %+v", name, before)
			}
			for i, p := range c.Points {
				switch {
				case c.Kind == funnel.SurvivalCurve && (p.Value > before.Value || p.Value < 0):
					t.Errorf("%s rises to %+v", name, p)
				case c.Kind != funnel.SurvivalCurve && p.Value < before.Value, c.Kind == funnel.IncidenceCurve && p.Value > 1:
					t.Errorf("%s falls to %+v", name, p)
				case p.AtRisk < p.Events+p.Competing+p.Censored:
					t.Errorf("%s: more leave than are at risk: %+v", name, p)
				}
				if c.Kind != funnel.HazardCurve {
					sum[p.Tick] += p.Value
				}
				if w := wide[name].Points[i]; p.Bounded && !(0 <= w.Low && w.Low <= p.Low && p.Low <= p.Value && p.Value <= p.High && p.High <= w.High && p.SE > 0) || p.Bounded != w.Bounded {
					t.Errorf("%s: limits of %+v, and at a higher level %+v", name, p, w)
				}
				if p.Bounded && c.Kind != funnel.HazardCurve && p.High > 1 || !p.Bounded && (p.SE != 0 || p.Low != 0 || p.High != 0) {
					t.Errorf("%s: limits of %+v", name, p)
				}
				before = p
			}
			text, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var again funnel.Curve
			if err := json.Unmarshal(text, &again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, again); diff != "" {
				t.Errorf("%s: JSON (-want +got):\n%s", name, diff)
			}
		}
		for tick, s := range sum {
			if math.Abs(s-1) > 1e-12 {
				t.Errorf("survival and incidences at %d sum to %v", tick, s)
			}
		}
	})
}

// Between points At says what counting the spells says.
func TestCurve_At_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := survDrawn(1).Draw(t, "spells")
		l := survLifetimes(t, spells...)
		tick := rapid.IntRange(-2, 650).Draw(t, "tick")
		for name, c := range survCurves(t, l, funnel.CI{}) {
			got := c.At(tick)
			want := funnel.Point{Tick: tick, Supported: tick <= c.Support || c.Complete && c.Kind != funnel.HazardCurve}
			if c.Kind == funnel.SurvivalCurve {
				want.Value = 1
			}
			for _, p := range c.Points {
				if p.Tick <= tick {
					want.Value, want.SE, want.Low, want.High, want.Bounded = p.Value, p.SE, p.Low, p.High, p.Bounded
				}
			}
			for _, s := range spells {
				if s.Enter <= tick && tick <= s.Leave {
					want.AtRisk++
				}
				switch {
				case s.Leave != tick:
				case s.Exit == "" || s.Exit == funnel.Open:
					want.Censored++
				case c.Kind == funnel.IncidenceCurve && s.Exit != c.By:
					want.Competing++
				default:
					want.Events++
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// Without censoring and late entry the estimates are plain shares and means, and the standard errors those of a binomial share.
func TestCurve_uncensored_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := survFromStart(1).Draw(t, "spells")
		for i := range spells {
			if spells[i].Exit == "" || spells[i].Exit == funnel.Open {
				spells[i].Exit = funnel.Won
			}
		}
		l, n := survLifetimes(t, spells...), float64(len(spells))
		tick := rapid.IntRange(0, 320).Draw(t, "tick")
		share := func(by funnel.Exit) float64 {
			ended := 0
			for _, s := range spells {
				if s.Leave <= tick && (by == "" || s.Exit == by) {
					ended++
				}
			}
			return float64(ended) / n
		}
		check := func(what string, p funnel.Point, want float64) {
			if math.Abs(p.Value-want) > 1e-12 {
				t.Errorf("%s = %v, want %v", what, p.Value, want)
			}
			if se := math.Sqrt(want * (1 - want) / n); math.Abs(p.SE-se) > 1e-8 {
				t.Errorf("standard error of %s = %v, want %v", what, p.SE, se)
			}
		}
		curves := survCurves(t, l, funnel.CI{})
		check("survival", curves["survival"].At(tick), 1-share(""))
		for _, e := range l.Exits() {
			check(string(e), curves["incidence "+string(e)].At(tick), share(e))
		}
		tau := tick + 1
		var total float64
		for _, s := range spells {
			total += float64(min(s.Leave, tau))
		}
		e, err := l.RestrictedMean(tau, funnel.CI{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.Value-total/n) > 1e-9 {
			t.Errorf("restricted mean %v, want %v", e.Value, total/n)
		}
		if !e.Supported {
			t.Error("not supported, though all ended")
		}
	})
}

// A spell that is cut in two, the second part entering where the first was last seen, is the same spell: late entry and censoring
// undo each other in all estimates.
func TestLifetimes_cut_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := survDrawn(1).Draw(t, "spells")
		var cut []funnel.Spell
		for _, s := range spells {
			if at := rapid.IntRange(s.Enter, s.Leave).Draw(t, "cut"); at < s.Leave {
				cut = append(cut, funnel.Spell{Enter: s.Enter, Leave: at})
				s.Enter = at + 1
			}
			cut = append(cut, s)
		}
		whole, parts := survCurves(t, survLifetimes(t, spells...), funnel.CI{}), survCurves(t, survLifetimes(t, cut...), funnel.CI{})
		for name, c := range whole {
			for _, p := range c.Points {
				got := parts[name].At(p.Tick)
				got.Censored = p.Censored // of those cut, too
				got.Supported = p.Supported
				if diff := cmp.Diff(p, got); diff != "" {
					t.Errorf("%s (-whole +cut):\n%s", name, diff)
				}
			}
		}
	})
}

// An incidence is never above one minus the Kaplan-Meier curve that takes the other exits for undecided, and survival never
// above exp(-hazard).
func TestLifetimes_bounds_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := survDrawn(1).Draw(t, "spells")
		l := survLifetimes(t, spells...)
		curves := survCurves(t, l, funnel.CI{})
		for _, e := range l.Exits() {
			alone := slices.Clone(spells)
			for i := range alone {
				if alone[i].Exit != e {
					alone[i].Exit = ""
				}
			}
			naive := survCurves(t, survLifetimes(t, alone...), funnel.CI{})["survival"]
			for _, p := range curves["incidence "+string(e)].Points {
				if most := 1 - naive.At(p.Tick).Value; p.Value > most+1e-12 {
					t.Errorf("%s: %v is above %v", e, p.Value, most)
				}
			}
		}
		for i, p := range curves["hazard "].Points {
			if s := curves["survival"].Points[i].Value; s > math.Exp(-p.Value)+1e-12 {
				t.Errorf("survival %v is above exp(-%v)", s, p.Value)
			}
			if fh := curves["hazard "+string(funnel.FlemingHarrington)].Points[i].Value; fh < p.Value-1e-12 {
				t.Errorf("Fleming-Harrington %v is below Nelson-Aalen %v", fh, p.Value)
			}
		}
	})
}

// The ticks lost to all exits and the restricted mean sum to tau; the mean is the area under the curve; with tau it does not fall,
// nor rise by more than the ticks.
func TestLifetimes_means_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := survLifetimes(t, survDrawn(1).Draw(t, "spells")...)
		ci := survCI().Draw(t, "ci")
		tau := rapid.IntRange(1, 700).Draw(t, "tau")
		mean, err := l.RestrictedMean(tau, ci)
		if err != nil {
			t.Fatal(err)
		}
		estimates := []funnel.Estimate{mean}
		sum := mean.Value
		for _, e := range l.Exits() {
			lost, err := l.TimeLost(e, tau, ci)
			if err != nil {
				t.Fatal(err)
			}
			sum += lost.Value
			estimates = append(estimates, lost)
		}
		if math.Abs(sum-float64(tau)) > 1e-9 {
			t.Errorf("mean and lost sum to %v, want %d", sum, tau)
		}
		for _, e := range estimates {
			if e.Bounded && !(0 <= e.Low && e.Low <= e.Value && e.Value <= e.High && e.High <= float64(tau)) {
				t.Errorf("limits of %+v", e)
			}
			text, err := json.Marshal(e)
			var again funnel.Estimate
			if err != nil || json.Unmarshal(text, &again) != nil || again != e {
				t.Errorf("JSON of %+v: %s %v", e, text, err)
			}
		}
		c, err := l.Survival(ci)
		if err != nil {
			t.Fatal(err)
		}
		var area float64
		for tick := range tau {
			area += c.At(tick).Value
		}
		if math.Abs(area-mean.Value) > 1e-9 {
			t.Errorf("mean %v, area %v", mean.Value, area)
		}
		more, err := l.RestrictedMean(tau+1, ci)
		if err != nil {
			t.Fatal(err)
		}
		if rise := more.Value - mean.Value; rise < -1e-12 || rise > 1+1e-12 {
			t.Errorf("mean up to %d is %v, up to %d %v", tau, mean.Value, tau+1, more.Value)
		}
	})
}

// At the quantile at least the share has ended, before it at most the share; finer ticks scale quantiles and means.
func TestCurve_Quantile_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := survDrawn(1).Draw(t, "spells")
		p := rapid.OneOf(rapid.Float64Range(0.001, 0.999), rapid.SampledFrom([]float64{0.25, 0.5, 0.75})).Draw(t, "p")
		scale := rapid.IntRange(1, 24).Draw(t, "scale")
		ci := survCI().Draw(t, "ci")
		fine := slices.Clone(spells)
		for i := range fine {
			fine[i].Enter *= scale
			fine[i].Leave *= scale
		}
		fineCurves := survCurves(t, survLifetimes(t, fine...), ci)
		for name, c := range survCurves(t, survLifetimes(t, spells...), ci) {
			q, ok := c.Quantile(p)
			ended := func(tick int) float64 {
				if c.Kind == funnel.SurvivalCurve {
					return 1 - c.At(tick).Value
				}
				return c.At(tick).Value
			}
			const equal = 1.5e-8
			switch most := c.Points[len(c.Points)-1].Tick; {
			case c.Kind == funnel.HazardCurve:
				if ok {
					t.Errorf("%s has a quantile %+v", name, q)
				}
			case !ok && ended(most) > p+equal:
				t.Errorf("%s: no quantile, though %v ended", name, ended(most))
			case ok && (ended(int(math.Floor(q.Tick))) < p-equal || ended(int(math.Ceil(q.Tick))-1) > p+equal):
				t.Errorf("%s: quantile %v at %v: %v ended, %v before", name, p, q.Tick, ended(int(q.Tick)), ended(int(math.Ceil(q.Tick))-1))
			}
			if ok && (q.Low != nil && *q.Low > q.Tick || q.High != nil && *q.High < q.Tick) {
				t.Errorf("%s: limits %s, %s of %v", name, survText(q.Low), survText(q.High), q.Tick)
			}
			f, also := fineCurves[name].Quantile(p)
			times := func(v *float64) *float64 {
				if v == nil {
					return nil
				}
				w := *v * float64(scale)
				return &w
			}
			want := funnel.Quantile{P: q.P, Tick: q.Tick * float64(scale), Low: times(q.Low), High: times(q.High)}
			if diff := cmp.Diff(want, f); diff != "" || ok != also {
				t.Errorf("%s: %d times finer (-want +got):\n%s", name, scale, diff)
			}
			text, err := json.Marshal(q)
			var again funnel.Quantile
			if err != nil || json.Unmarshal(text, &again) != nil || !cmp.Equal(q, again) {
				t.Errorf("JSON of %+v: %s %v", q, text, err)
			}
		}
	})
}

// Whatever is counted, in whatever numbers, all figures are numbers.
func TestLifetimes_hostile_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := new(funnel.Lifetimes)
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			s := funnel.Spell{
				Enter: rapid.OneOf(rapid.Int(), rapid.SampledFrom([]int{0, 1, funnel.MaxTick, funnel.MaxTick + 1, -1})).Draw(t, "enter"),
				Leave: rapid.OneOf(rapid.Int(), rapid.SampledFrom([]int{0, 1, funnel.MaxTick, funnel.MaxTick + 1, -1})).Draw(t, "leave"),
				Exit:  rapid.SampledFrom([]funnel.Exit{"", funnel.Won, "x\xff", "é"}).Draw(t, "exit"),
			}
			before := l.Len()
			if err := l.Add(s); err != nil && (!errors.Is(err, funnel.ErrInput) || l.Len() != before) {
				t.Errorf("Add(%+v): %v, %d spells", s, err, l.Len())
			}
			for range rapid.IntRange(0, 12).Draw(t, "doublings") {
				before := l.Len()
				if err := l.Merge(l); err != nil && (!errors.Is(err, funnel.ErrInput) || l.Len() != before) {
					t.Errorf("Merge: %v, %d spells", err, l.Len())
				}
			}
		}
		survFigures(t, l)
		binary, _ := survTexts(t, l)
		var again funnel.Lifetimes
		if err := again.UnmarshalBinary([]byte(binary)); err != nil {
			t.Fatal(err)
		}
		survSame(t, "decoded", &again, l)
	})
}

// survFigures computes all that can be, and fails if anything is not a number.
func survFigures(t survT, l *funnel.Lifetimes) {
	t.Helper()
	if _, err := l.Survival(funnel.CI{}); l.Len() == 0 {
		if !errors.Is(err, funnel.ErrUndefined) {
			t.Errorf("survival of nothing: %v", err)
		}
		return
	}
	encode := func(v any) {
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(v); err != nil {
			t.Errorf("%+v: %v", v, err)
		}
	}
	for _, m := range survMethods {
		ci := funnel.CI{Level: 0.999999, Method: m}
		for _, c := range survCurves(t, l, ci) {
			encode(c)
			q, _ := c.Quantile(0.5)
			encode(q)
		}
		for _, tau := range []int{1, 100, funnel.MaxTick} {
			e, err := l.RestrictedMean(tau, ci)
			if err != nil {
				t.Fatal(err)
			}
			encode(e)
			for _, by := range l.Exits() {
				if e, err = l.TimeLost(by, tau, ci); err != nil {
					t.Fatal(err)
				}
				encode(e)
			}
		}
	}
}
