package series_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// thMethods are the methods of these laws, for a season of m periods.
func thMethods(m int) map[string]series.Method {
	return map[string]series.Method{
		"Mean": series.Mean(), "Naive": series.Naive(), "SeasonalNaive": series.SeasonalNaive(m), "Drift": series.Drift(),
		"Average": series.Average(3), "SeasonalAverage": series.SeasonalAverage(m, 2),
		"Theta": series.Theta(m), "OptimisedTheta": series.OptimisedTheta(m),
		"Croston": series.Croston(0.1), "SBA": series.SBA(0.1), "TSB": series.TSB(0.1, 0.2),
		"Deseasonalized": series.Deseasonalized(m, series.Drift()),
		"BySTL":          series.BySTL(series.Naive(), series.STLOptions{Window: 7, Robust: 1}, max(m, 2)),
		"ByMSTL":         series.BySTL(series.Drift(), series.STLOptions{}, max(m, 2), max(m, 2)+1),
	}
}

// thSeasons draws a series of whole numbers, of five seasons of m periods and a bit, in half of the cases with a
// marked season.
func thSeasons(t *rapid.T, m int) []float64 {
	n := 5*m + 6 + rapid.IntRange(0, 3).Draw(t, "more")
	strength := rapid.SampledFrom([]int{0, 10, 20, 30, 100}).Draw(t, "strength")
	trend := rapid.IntRange(-3, 9).Draw(t, "trend")
	y := make([]float64, n)
	for i := range y {
		y[i] = float64(1000 + strength*(i%m) + trend*i + rapid.IntRange(-50, 50).Draw(t, "noise"))
	}
	return y
}

func thRun(t rapid.TB, m series.Method, y []float64, h int) series.Forecast {
	t.Helper()
	f, err := m(y, h)
	if err != nil {
		t.Fatalf("%v on %v", err, y)
	}
	return f
}

// thSame fails if two lists differ by more than the share tol of the largest magnitude.
func thSame(t rapid.TB, what string, want, got []float64, tol float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	top := 1e-300
	for _, v := range want {
		top = max(top, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(want[i]-got[i]) <= tol*top) {
			t.Fatalf("%s: value %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func thMap(y []float64, f func(float64) float64) []float64 {
	z := slices.Clone(y)
	for i, v := range y {
		z[i] = f(v)
	}
	return z
}

// f(a y + b) = a f(y) + b, and the spread is multiplied by a. a is a power of two and the values are whole numbers,
// so that the transformed series is exact, and no tie between parameters is broken by rounding.
func TestSimple_equivariance(t *testing.T) {
	for _, name := range []string{"Mean", "Naive", "SeasonalNaive", "Drift", "Average", "SeasonalAverage", "Theta", "OptimisedTheta"} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				a := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "log2 a"))
				b := float64(rapid.IntRange(-5000, 5000).Draw(t, "b"))
				m := thMethods(1)[name]
				y := thSeasons(t, 4)
				want, got := thRun(t, m, y, 5), thRun(t, m, thMap(y, func(v float64) float64 { return a * (v + b) }), 5)
				back := func(v float64) float64 { return v/a - b }
				thSame(t, "mean", want.Mean, thMap(got.Mean, back), 1e-10)
				thSame(t, "fitted", want.Fit.Fitted, thMap(got.Fit.Fitted, back), 1e-10)
				thSame(t, "spread", want.SD, thMap(got.SD, func(v float64) float64 { return v / a }), 1e-10)
			})
		})
	}
}

// f(a y) = a f(y): to the last bit for powers of two.
func TestSimple_scale(t *testing.T) {
	for name := range thMethods(4) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				a := math.Ldexp(1, rapid.IntRange(-60, 60).Draw(t, "log2 a"))
				m := thMethods(4)[name]
				y := thSeasons(t, 4)
				times := func(v float64) float64 { return a * v }
				want, got := thRun(t, m, y, 5), thRun(t, m, thMap(y, times), 5)
				if diff := cmp.Diff([][]float64{thMap(want.Mean, times), thMap(want.SD, times), thMap(want.Fit.Fitted, times)},
					[][]float64{got.Mean, got.SD, got.Fit.Fitted}); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestSimple_constantSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, 1e-320, -1e308, 0.1})).Draw(t, "c")
		y := slices.Repeat([]float64{c}, rapid.IntRange(11, 40).Draw(t, "n"))
		for name, m := range thMethods(4) {
			if name == "SBA" { // takes a sale at every period for intermittent too, as its comment says
				continue
			}
			f := thRun(t, m, y, 7)
			for k, v := range f.Mean {
				if math.Abs(v-c) > 1e-12*math.Abs(c) {
					t.Errorf("%s forecasts %v for the constant %v", name, v, c)
				}
				if f.SD != nil && f.SD[k] > 1e-12*math.Abs(c) {
					t.Errorf("%s: standard deviation %v for the constant %v", name, f.SD[k], c)
				}
			}
		}
	})
}

func TestSimple_straightLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := float64(rapid.IntRange(-1000, 1000).Draw(t, "a")), float64(rapid.IntRange(-50, 50).Draw(t, "b"))
		y := make([]float64, rapid.IntRange(25, 60).Draw(t, "n"))
		for i := range y {
			y[i] = a + b*float64(i)
		}
		want := make([]float64, 9)
		for k := range want {
			want[k] = a + b*float64(len(y)+k)
		}
		methods := map[string]series.Method{
			"Drift": series.Drift(), "OptimisedTheta": series.OptimisedTheta(1),
		}
		for name, m := range methods {
			thSame(t, name, want, thRun(t, m, y, 9).Mean, 1e-9)
		}
	})
}

func TestSimple_perfectSeason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 12).Draw(t, "m")
		figure := rapid.SliceOfN(rapid.Float64Range(10, 1000), m, m).Draw(t, "figure")
		n := rapid.IntRange(3*m, 6*m).Draw(t, "n")
		y, next := make([]float64, n), make([]float64, 2*m+1)
		for i := range y {
			y[i] = figure[i%m]
		}
		for k := range next {
			next[k] = figure[(n+k)%m]
		}
		for name, method := range map[string]series.Method{
			"SeasonalNaive": series.SeasonalNaive(m), "SeasonalAverage": series.SeasonalAverage(m, 3),
			"BySTL": series.BySTL(series.Naive(), series.STLOptions{}, m),
		} {
			f := thRun(t, method, y, len(next))
			thSame(t, name, next, f.Mean, 1e-9)
			for _, sd := range f.SD {
				if sd > 1e-9*1000 {
					t.Fatalf("%s: standard deviation %v", name, sd)
				}
			}
		}
		for _, form := range []series.Component{series.Additive, series.Multiplicative} {
			d, err := series.Decompose(y, m, form)
			thSame(t, "trend", slices.Repeat([]float64{d.Trend[0]}, len(d.Trend)), d.Trend, 1e-9)
			thAddUp(t, y, d, err)
			for _, r := range d.Remainder {
				if form == series.Multiplicative {
					r--
				}
				if math.Abs(r) > 1e-9*1000 {
					t.Fatalf("%s remainder %v", form, r)
				}
			}
		}
		d, err := series.STL(y, m, series.STLOptions{})
		thAddUp(t, y, d, err)
		for _, r := range d.Remainder {
			if math.Abs(r) > 1e-9*1000 {
				t.Fatalf("remainder %v", r)
			}
		}
	})
}

// thAddUp fails if the parts of d do not make y.
func thAddUp(t rapid.TB, y []float64, d series.Decomposition, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Trend) != len(d.Remainder) || len(d.Trend)+2*d.First != len(y) || len(d.Seasons) != len(d.Periods) {
		t.Fatalf("lengths of %+v", d)
	}
	adjusted, err := d.Adjusted(y)
	if err != nil {
		t.Fatal(err)
	}
	made, rest := slices.Clone(y), slices.Clone(y)
	for i := range d.Trend {
		k := i + d.First
		made[k], rest[k] = d.Trend[i]+d.Remainder[i], d.Trend[i]+d.Remainder[i]
		if d.Form == series.Multiplicative {
			made[k], rest[k] = d.Trend[i]*d.Remainder[i], d.Trend[i]*d.Remainder[i]
		}
		for _, s := range d.Seasons {
			if d.Form == series.Multiplicative {
				made[k] *= s[k]
			} else {
				made[k] += s[k]
			}
		}
	}
	thSame(t, "parts", y, made, 1e-9)
	thSame(t, "adjusted", adjusted[d.First:d.First+len(d.Trend)], rest[d.First:d.First+len(d.Trend)], 1e-9)
}

func TestDecomposition_partsMakeTheSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 12).Draw(t, "m")
		y := thSeasons(t, m)
		for _, form := range []series.Component{series.Additive, series.Multiplicative} {
			d, err := series.Decompose(y, m, form)
			thAddUp(t, y, d, err)
			centre := 0.0 // a season adds nothing over a year
			for _, v := range d.Seasons[0][:m] {
				centre += v / float64(m)
			}
			if form == series.Multiplicative {
				centre--
			}
			if math.Abs(centre) > 1e-9 {
				t.Errorf("%s: the mean season is %v", form, centre)
			}
		}
		o := series.STLOptions{Robust: rapid.IntRange(0, 2).Draw(t, "robust")}
		d, err := series.STL(y, m, o)
		thAddUp(t, y, d, err)
		d, err = series.MSTL(y, []int{m + 1, m}, o)
		thAddUp(t, y, d, err)
	})
}

func TestSimple_stepsDoNotDependOnH(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := thSeasons(t, 4)
		short, long := rapid.IntRange(1, 9).Draw(t, "short"), rapid.IntRange(10, 40).Draw(t, "long")
		methods := thMethods(4)
		exposure := make([]float64, len(y)+long)
		for i := range exposure {
			exposure[i] = float64(1 + i%3)
		}
		exposure[len(y)+2] = 0
		methods["PerExposure"] = series.PerExposure(series.Theta(4), exposure)
		methods["PerExposure Conformal"] = series.PerExposure(series.Conformal(series.Naive(), 4), exposure)
		for name, m := range methods {
			if name == "PerExposure Conformal" {
				short, long = 3, 5
			}
			a, b := thRun(t, m, y, short), thRun(t, m, y, long)
			b.Mean = b.Mean[:short]
			if b.SD != nil {
				b.SD = b.SD[:short]
			}
			if b.Scores != nil {
				b.Scores = b.Scores[:short]
			}
			if diff := cmp.Diff(b, a); diff != "" {
				t.Errorf("%s (-long +short):\n%s", name, diff)
			}
		}
	})
}

func TestSimple_spreadDoesNotShrink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := thSeasons(t, 4)
		for _, name := range []string{"Mean", "Naive", "SeasonalNaive", "Drift", "Theta", "OptimisedTheta"} {
			f := thRun(t, thMethods(1)[name], y, 30)
			if !slices.IsSorted(f.SD) {
				t.Errorf("%s: %v", name, f.SD)
			}
		}
	})
}

func TestSimple_parametersAreInTheirRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := thSeasons(t, 4)
		if rapid.Bool().Draw(t, "curved") {
			for i := range y {
				y[i] *= 1 + float64(i*i)/100
			}
		}
		f := thRun(t, series.OptimisedTheta(1), y, 1)
		if w := thParam(t, f, "weight"); !(w >= 0 && w <= 1) {
			t.Errorf("weight %v", w)
		}
		for _, f := range []series.Forecast{f, thRun(t, series.Theta(1), y, 1)} {
			if a := thParam(t, f, "alpha"); !(a >= 0.1 && a <= 0.99) {
				t.Errorf("%s: alpha %v", f.Fit.Method, a)
			}
		}
	})
}

// thHostile draws a series of values that break arithmetic.
func thHostile(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]float64{
			0, 1, -1, 1e308, -1e308, math.MaxFloat64, -math.MaxFloat64, 1e-320, -1e-320, 5e-324, 1e155, -1e155, 1e-160,
			math.Copysign(0, -1),
		}),
		rapid.Float64Range(-1e3, 1e3),
	), 0, 40).Draw(t, "y")
}

// thLawful fails if a forecast is not finite, or an error not one of the package.
func thLawful(t rapid.TB, what string, f series.Forecast, err error) {
	t.Helper()
	if err != nil {
		var e *series.Error
		if !errors.As(err, &e) || e.Msg == "" || cmp.Diff(series.Forecast{}, f) != "" {
			t.Fatalf("%s: error %v with %v", what, err, f)
		}
		return
	}
	values := slices.Concat(f.Mean, f.SD, f.Fit.Fitted)
	for _, p := range f.Fit.Params {
		values = append(values, p.Value)
	}
	for _, s := range f.Scores {
		values = append(values, s...)
	}
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%s: %v", what, f)
		}
	}
	for _, v := range f.SD {
		if v < 0 {
			t.Fatalf("%s: standard deviation %v", what, v)
		}
	}
}

func TestSimple_hostile(t *testing.T) { rapid.Check(t, thHostileValues) }

func FuzzSimple_hostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(thHostileValues)) }

func thHostileValues(t *rapid.T) {
	y := thHostile(t)
	if len(y) > 0 && rapid.IntRange(0, 9).Draw(t, "spoil") == 0 {
		y[rapid.IntRange(0, len(y)-1).Draw(t, "where")] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)}).Draw(t, "what")
	}
	ints := rapid.SampledFrom([]int{1, 2, 3, 4, 5, 0, -1, math.MaxInt, math.MinInt, 7})
	rates := rapid.SampledFrom([]float64{0.1, 1, 1e-300, 0, 2, math.NaN()})
	m, k, h := ints.Draw(t, "m"), ints.Draw(t, "k"), rapid.SampledFrom([]int{1, 2, 5, 30, 0, -1, math.MaxInt}).Draw(t, "h")
	a, b := rates.Draw(t, "a"), rates.Draw(t, "b")
	o := series.STLOptions{
		Window: rapid.SampledFrom([]int{0, 7, 3, 4, math.MaxInt}).Draw(t, "window"),
		Trend:  rapid.SampledFrom([]int{0, 5, math.MaxInt}).Draw(t, "trend"), Robust: rapid.SampledFrom([]int{0, 2, -1}).Draw(t, "robust"),
	}
	exposure := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 20, 0, 1e-320, 1e308, -1}), 0, 80).Draw(t, "exposure")
	before := slices.Clone(y)
	for name, method := range map[string]series.Method{
		"Mean": series.Mean(), "Naive": series.Naive(), "SeasonalNaive": series.SeasonalNaive(m), "Drift": series.Drift(),
		"Average": series.Average(k), "SeasonalAverage": series.SeasonalAverage(m, k),
		"Theta": series.Theta(m), "OptimisedTheta": series.OptimisedTheta(m),
		"Croston": series.Croston(a), "SBA": series.SBA(a), "TSB": series.TSB(a, b),
		"Deseasonalized": series.Deseasonalized(m, series.Conformal(series.Drift(), 3)),
		"no method":      series.Deseasonalized(m, nil), "no method either": series.PerExposure(nil, exposure),
		"BySTL": series.BySTL(series.Drift(), o, m), "ByMSTL": series.BySTL(series.Drift(), o, m, k), "ByNone": series.BySTL(series.Drift(), o),
		"PerExposure": series.PerExposure(series.Drift(), exposure), "PerExposure Conformal": series.PerExposure(series.Conformal(series.Naive(), 3), exposure),
	} {
		f, err := method(y, h)
		thLawful(t, name, f, err)
		again, _ := method(y, h)
		if diff := cmp.Diff(f, again); diff != "" {
			t.Errorf("%s twice (-first +second):\n%s", name, diff)
		}
	}
	for _, form := range []series.Component{series.Additive, series.Multiplicative, series.None} {
		d, err := series.Decompose(y, m, form)
		thLawfulParts(t, d, err)
	}
	d, err := series.STL(y, m, o)
	thLawfulParts(t, d, err)
	d, err = series.MSTL(y, []int{m, k}, o)
	thLawfulParts(t, d, err)
	if _, err := series.Seasonal(y, m); err != nil && !errors.Is(err, series.ErrInput) {
		t.Error(err)
	}
	if !slices.EqualFunc(before, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
		t.Error("y has changed")
	}
}

// thLawfulParts fails if a part is not finite, or an error not one of the package.
func thLawfulParts(t rapid.TB, d series.Decomposition, err error) {
	t.Helper()
	if err != nil {
		var e *series.Error
		if !errors.As(err, &e) || cmp.Diff(series.Decomposition{}, d) != "" {
			t.Fatalf("error %v with %v", err, d)
		}
		return
	}
	for _, v := range slices.Concat(append(d.Seasons, d.Trend, d.Remainder)...) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%v", d)
		}
	}
}
