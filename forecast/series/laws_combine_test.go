package series_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// combSeries draws a series of n values, some of them equal.
func combSeries(n int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Map(rapid.IntRange(-20, 100), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(-1e3, 1e6),
	), n, n)
}

// combMethods are methods that need 2 values at most.
func combMethods() []series.Method {
	return []series.Method{series.Naive(), series.Drift(), series.Mean(), combSteady(1, 7, 2)}
}

func combSome(t *rapid.T) []series.Method {
	return rapid.SliceOfN(rapid.SampledFrom(combMethods()), 1, 5).Draw(t, "methods")
}

func combRun(t rapid.TB, m series.Method, y []float64, h int) series.Forecast {
	t.Helper()
	f, err := m(y, h)
	if err != nil {
		t.Fatalf("%v on %v", err, y)
	}
	return f
}

// combFails returns the error as the package's own.
func combFails(t testing.TB, m series.Method, y []float64, h int) *series.Error {
	t.Helper()
	f, err := m(y, h)
	var e *series.Error
	if !errors.As(err, &e) {
		t.Fatalf("no Error: forecast %v, error %v", f, err)
	}
	if diff := cmp.Diff(series.Forecast{}, f); diff != "" {
		t.Errorf("an error comes with a forecast (-want +got):\n%s", diff)
	}
	return e
}

// combSteady is a caller's own method that needs some values, and forecasts a value with a spread.
func combSteady(need int, v, sd float64) series.Method {
	return func(y []float64, h int) (series.Forecast, error) {
		if len(y) < need {
			return series.Forecast{}, &series.Error{Path: "y", Need: need, Have: len(y), Msg: "is short", Err: series.ErrTooShort}
		}
		return series.Forecast{
			Mean: slices.Repeat([]float64{v}, h), SD: slices.Repeat([]float64{sd}, h),
			Fit: series.Fit{Method: "Steady", Fitted: slices.Repeat([]float64{v}, len(y)-need)},
		}, nil
	}
}

func TestCombine_ofEqualMethodsIsTheMethod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := combSeries(rapid.IntRange(5, 20).Draw(t, "n")).Draw(t, "y")
		h := rapid.IntRange(1, 6).Draw(t, "h")
		m := rapid.SampledFrom(combMethods()).Draw(t, "method")
		ms := slices.Repeat([]series.Method{m}, rapid.IntRange(1, 7).Draw(t, "times"))
		want := combRun(t, m, y, h)
		for _, combined := range []series.Method{series.Combine(ms...), series.Median(ms...), series.CombineByBacktest(2, ms...)} {
			got := combRun(t, combined, y, h)
			if diff := cmp.Diff([][]float64{want.Mean, want.SD, want.Fit.Fitted}, [][]float64{got.Mean, got.SD, got.Fit.Fitted}); diff != "" {
				t.Errorf("%s (-method +combined):\n%s", got.Fit.Method, diff)
			}
			if got.DF != want.DF {
				t.Errorf("%s: DF %d, want %d", got.Fit.Method, got.DF, want.DF)
			}
		}
	})
}

// The slow and obvious way, on means, spreads and fitted values.
func TestCombine_isTheMeanAndMedianTheMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := combSeries(rapid.IntRange(3, 12).Draw(t, "n")).Draw(t, "y")
		h := rapid.IntRange(1, 4).Draw(t, "h")
		ms := combSome(t)
		var fs []series.Forecast
		fit := len(y)
		for _, m := range ms {
			fs = append(fs, combRun(t, m, y, h))
			fit = min(fit, len(fs[len(fs)-1].Fit.Fitted))
		}
		mean, median := combRun(t, series.Combine(ms...), y, h), combRun(t, series.Median(ms...), y, h)
		if len(mean.Fit.Fitted) != fit || len(median.Fit.Fitted) != fit {
			t.Fatalf("%d and %d fitted, want %d", len(mean.Fit.Fitted), len(median.Fit.Fitted), fit)
		}
		check := func(what string, of func(series.Forecast) []float64) {
			for k := range of(mean) {
				var at []float64
				for _, f := range fs {
					v := of(f)
					at = append(at, v[len(v)-len(of(mean))+k])
				}
				slices.Sort(at)
				sum := 0.0
				for _, v := range at {
					sum += v
				}
				n := len(at)
				combNear(t, what+" of the mean", of(mean)[k], sum/float64(n), 1e-9)
				combNear(t, what+" of the median", of(median)[k], (at[(n-1)/2]+at[n/2])/2, 1e-9)
				if of(mean)[k] < at[0] || of(mean)[k] > at[n-1] {
					t.Errorf("%s: mean %v is outside %v", what, of(mean)[k], at)
				}
			}
		}
		check("mean", func(f series.Forecast) []float64 { return f.Mean })
		check("SD", func(f series.Forecast) []float64 { return f.SD })
		check("fitted", func(f series.Forecast) []float64 { return f.Fit.Fitted })
	})
}

func combNear(t rapid.TB, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*(1+math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestCombine_spread(t *testing.T) {
	y := []float64{1, 2, 3, 4}
	none := func(_ []float64, h int) (series.Forecast, error) {
		return series.Forecast{Mean: make([]float64, h), Fit: series.Fit{Method: "None"}}, nil
	}
	student := func(df int) series.Method {
		return func(y []float64, h int) (series.Forecast, error) {
			f, err := combSteady(0, 1, 1)(y, h)
			f.DF = df
			return f, err
		}
	}
	if f := combRun(t, series.Combine(none, series.Mean()), y, 2); f.SD != nil || f.Fit.Fitted != nil {
		t.Errorf("SD %v and Fitted %v of a combination with a method that has none", f.SD, f.Fit.Fitted)
	}
	if f := combRun(t, series.Combine(student(9), student(0), student(5)), y, 2); f.DF != 5 {
		t.Errorf("DF %d, want the smallest, 5", f.DF)
	}
	if f := combRun(t, series.Combine(combSteady(0, 10, 1), combSteady(0, 20, 4)), y, 1); f.SD[0] != 2.5 {
		t.Errorf("SD %v, want the mean, 2.5", f.SD[0])
	}
}

// The errors of two methods that forecast 10 and 13 for a series that stays at 12 from some point on are 2 and -1: the
// weights are 1/4 to 1.
func TestCombineByBacktest_weights(t *testing.T) {
	y := []float64{5, 9, 12, 12, 12}
	f := combRun(t, series.CombineByBacktest(3, combSteady(1, 10, 1), combSteady(1, 13, 6)), y, 2)
	want := []series.Param{{Name: "w1", Value: 0.2}, {Name: "w2", Value: 0.8}}
	if diff := cmp.Diff(want, f.Fit.Params); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
	combNear(t, "mean", f.Mean[1], 12.4, 1e-15)
	combNear(t, "SD", f.SD[1], 5, 1e-15)

	f = combRun(t, series.CombineByBacktest(2, combSteady(1, 10, 1), series.Naive(), combSteady(1, 12, 1)), y, 1)
	want = []series.Param{{Name: "w1", Value: 0}, {Name: "w2", Value: 0.5}, {Name: "w3", Value: 0.5}}
	if diff := cmp.Diff(want, f.Fit.Params); diff != "" {
		t.Errorf("weights beside methods without error (-want +got):\n%s", diff)
	}
}

func TestNonNegative_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := combSeries(rapid.IntRange(3, 12).Draw(t, "n")).Draw(t, "y")
		h := rapid.IntRange(1, 8).Draw(t, "h")
		m := rapid.SampledFrom(combMethods()).Draw(t, "method")
		base, got := combRun(t, m, y, h), combRun(t, series.NonNegative(m), y, h)
		lo, hi, err := got.Interval(0.8)
		if err != nil {
			t.Fatal(err)
		}
		clipped := false
		for k, v := range base.Mean {
			if got.Mean[k] != max(v, 0) {
				t.Errorf("step %d: %v, want %v clipped", k, got.Mean[k], v)
			}
			if lo[k] < 0 || lo[k] > got.Mean[k] || hi[k] < got.Mean[k] {
				t.Errorf("step %d: %v is not in 0 <= %v to %v", k, got.Mean[k], lo[k], hi[k])
			}
			clipped = clipped || v < 0
		}
		if told := len(got.Fit.Why) > len(base.Fit.Why); told != clipped {
			t.Errorf("clipped: %t, told: %t", clipped, told)
		}
		for i, v := range base.Fit.Fitted {
			if got.Fit.Fitted[i] != max(v, 0) {
				t.Errorf("fitted %d: %v, want %v clipped", i, got.Fit.Fitted[i], v)
			}
		}
	})
}

func TestFallback_takesTheFirstThatAnswers(t *testing.T) {
	y := []float64{3, 4, 5, 4}
	rapid.Check(t, func(t *rapid.T) {
		needs := rapid.SliceOfN(rapid.IntRange(1, 8), 1, 6).Draw(t, "needs")
		var ms []series.Method
		first := -1
		for i, need := range needs {
			ms = append(ms, combSteady(need, float64(i), 1))
			if first < 0 && need <= len(y) {
				first = i
			}
		}
		f, err := series.Fallback(ms...)(y, 2)
		if first < 0 {
			if !errors.Is(err, series.ErrTooShort) || strings.Count(err.Error(), "\n") != len(needs)-1 {
				t.Errorf("want the errors of all %d methods, got %v", len(needs), err)
			}
			return
		}
		if err != nil || f.Mean[0] != float64(first) || len(f.Fit.Why) != first {
			t.Errorf("answer of method %v with %d reasons (%v), want that of %d with as many", f.Mean, len(f.Fit.Why), err, first)
		}
	})
}

// Conformal against the definition: for each step, the errors from the last origins whose outcome is known.
func TestConformal_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		windows, h := rapid.IntRange(1, 6).Draw(t, "windows"), rapid.IntRange(1, 5).Draw(t, "h")
		y := combSeries(windows+h+1+rapid.IntRange(0, 5).Draw(t, "more")).Draw(t, "y")
		m := rapid.SampledFrom(combMethods()).Draw(t, "method")
		base, got := combRun(t, m, y, h), combRun(t, series.Conformal(m, windows), y, h)
		if diff := cmp.Diff(base.Mean, got.Mean); diff != "" {
			t.Errorf("means (-base +conformal):\n%s", diff)
		}
		for k := 1; k <= h; k++ {
			var want []float64
			for origin := len(y) - k; len(want) < windows; origin-- {
				f := combRun(t, m, y[:origin], k)
				want = append(want, math.Abs(y[origin+k-1]-f.Mean[k-1]))
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, got.Scores[k-1]); diff != "" {
				t.Errorf("scores of step %d (-want +got):\n%s", k, diff)
			}
		}
		shorter := combRun(t, series.Conformal(m, windows), y, 1)
		if diff := cmp.Diff(shorter.Scores, got.Scores[:1]); diff != "" {
			t.Errorf("the first step depends on h (-h=1 +h=%d):\n%s", h, diff)
		}
	})
}

// The share of outcomes in an interval of level 0.8 from 19 windows is at least 0.8 for errors that are exchangeable, and
// 16/20 exactly when they have no ties.
func TestConformal_holdsItsLevel(t *testing.T) {
	const windows = 19
	inside, cases := 0, 2000
	seed := uint64(1)
	next := func() float64 { // a linear congruential generator is random enough here
		seed = seed*6364136223846793005 + 1442695040888963407
		return float64(seed>>11) / (1 << 53)
	}
	for range cases {
		y := make([]float64, windows+2)
		for i := range y {
			y[i] = 100 + 10*next() + 5*next()*next()
		}
		f := combRun(t, series.Conformal(combSteady(1, 104, 1), windows), y[:windows+1], 1)
		lo, hi, err := f.Interval(0.8)
		if err != nil {
			t.Fatal(err)
		}
		if lo[0] <= y[windows+1] && y[windows+1] <= hi[0] {
			inside++
		}
	}
	if share := float64(inside) / float64(cases); share < 0.77 || share > 0.83 { // 0.8 ± 3 standard errors
		t.Errorf("%.3f of the outcomes are in intervals of level 0.8", share)
	}
}

// How many values a wrapped method needs, as documented, and as the error says.
func TestCombine_leastLength(t *testing.T) {
	for name, c := range map[string]struct {
		m    series.Method
		h    int
		need int
	}{
		"Combine":           {series.Combine(combSteady(1, 1, 1), combSteady(4, 1, 1)), 3, 4},
		"Median":            {series.Median(combSteady(1, 1, 1), combSteady(4, 1, 1)), 3, 4},
		"CombineByBacktest": {series.CombineByBacktest(3, combSteady(1, 1, 1), combSteady(4, 1, 1)), 2, 7},
		"Conformal":         {series.Conformal(combSteady(4, 1, 1), 5), 3, 11},
		"nested":            {series.Conformal(series.CombineByBacktest(3, combSteady(4, 1, 1)), 5), 1, 12},
		"NonNegative":       {series.NonNegative(combSteady(4, 1, 1)), 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			y := make([]float64, c.need)
			for i := range y {
				y[i] = float64(i % 3)
			}
			combRun(t, c.m, y, c.h)
			e := combFails(t, c.m, y[1:], c.h)
			if !errors.Is(e, series.ErrTooShort) || e.Need != c.need || e.Have != c.need-1 {
				t.Errorf("%v with Need %d and Have %d, want %d and %d", e, e.Need, e.Have, c.need, c.need-1)
			}
		})
	}
}

func TestCombine_errors(t *testing.T) {
	y := []float64{3, 4, 5, 4}
	own := errors.New("the sheet is locked")
	mine := func(f series.Forecast, err error) series.Method {
		return func([]float64, int) (series.Forecast, error) { return f, err }
	}
	for name, c := range map[string]struct {
		m    series.Method
		y    []float64
		h    int
		kind error
		path string
	}{
		"no methods":                  {series.Combine(), y, 1, series.ErrInput, "methods"},
		"no methods, median":          {series.Median(), y, 1, series.ErrInput, "methods"},
		"no methods, fallback":        {series.Fallback(), y, 1, series.ErrInput, "methods"},
		"no methods, weighted":        {series.CombineByBacktest(1), y, 1, series.ErrInput, "methods"},
		"nil method":                  {series.Combine(series.Naive(), nil), y, 1, series.ErrInput, "methods/1"},
		"nil base":                    {series.NonNegative(nil), y, 1, series.ErrInput, "base"},
		"nil base, conformal":         {series.Conformal(nil, 1), y, 1, series.ErrInput, "base"},
		"no windows":                  {series.Conformal(series.Naive(), 0), y, 1, series.ErrInput, "windows"},
		"windows beyond any series":   {series.Conformal(series.Naive(), math.MaxInt), y, 1, series.ErrTooShort, "y"},
		"no holdout":                  {series.CombineByBacktest(0, series.Naive()), y, 1, series.ErrInput, "holdout"},
		"holdout beyond any series":   {series.CombineByBacktest(math.MaxInt-1, series.Naive()), y, 1, series.ErrTooShort, "y"},
		"no steps":                    {series.Combine(series.Naive()), y, 0, series.ErrInput, "h"},
		"too many steps":              {series.Fallback(series.Naive()), y, series.MaxHorizon + 1, series.ErrInput, "h"},
		"NaN, told once":              {series.Fallback(series.Naive(), series.Mean()), []float64{1, math.NaN()}, 1, series.ErrInput, "y/1"},
		"empty":                       {series.Combine(series.Naive()), nil, 1, series.ErrTooShort, "methods/0/y"},
		"the argument of a member":    {series.Combine(series.Naive(), series.SeasonalNaive(0)), y, 1, series.ErrInput, "methods/1/m"},
		"the argument of the base":    {series.NonNegative(series.SeasonalNaive(0)), y, 1, series.ErrInput, "m"},
		"an error of one's own":       {series.Combine(series.Naive(), mine(series.Forecast{}, own)), y, 1, own, "methods/1"},
		"too few steps":               {series.Combine(mine(series.Forecast{Mean: []float64{1}}, nil)), y, 2, series.ErrInput, "methods/0"},
		"a spread too short":          {series.Median(mine(series.Forecast{Mean: []float64{1}, SD: []float64{}}, nil)), y, 1, series.ErrInput, "methods/0"},
		"scores too few":              {series.NonNegative(mine(series.Forecast{Mean: []float64{1}, Scores: [][]float64{}}, nil)), y, 1, series.ErrInput, "base"},
		"a forecast that is infinite": {series.Median(mine(series.Forecast{Mean: []float64{math.Inf(1)}}, nil)), y, 1, series.ErrInput, "methods/0"},
		"fitted more than there are":  {series.Combine(mine(series.Forecast{Mean: []float64{1}, Fit: series.Fit{Fitted: y}}, nil)), y[1:], 1, series.ErrInput, "methods/0"},
		"errors that overflow":        {series.Conformal(combSteady(1, 1e308, 1), 1), []float64{1, -1e308}, 1, series.ErrInput, "y"},
		"errors that overflow, mean":  {series.CombineByBacktest(1, combSteady(1, 1e308, 1)), []float64{1, -1e308}, 1, series.ErrInput, "y"},
	} {
		t.Run(name, func(t *testing.T) {
			e := combFails(t, c.m, c.y, c.h)
			if !errors.Is(e, c.kind) || e.Path != c.path {
				t.Errorf("error %v with path %q, want %v with path %q", e, e.Path, c.kind, c.path)
			}
		})
	}
}

// A method of one's own that writes into what it gets must not reach the caller's later values.
func TestCombine_prefixesAreClosed(t *testing.T) {
	greedy := func(y []float64, h int) (series.Forecast, error) {
		_ = append(y, -1)
		return series.Naive()(y, h)
	}
	y := []float64{1, 2, 3, 4, 5, 6}
	want := slices.Clone(y)
	combRun(t, series.Conformal(greedy, 3), y, 1)
	combRun(t, series.CombineByBacktest(3, greedy), y, 1)
	if diff := cmp.Diff(want, y); diff != "" {
		t.Errorf("the series changed (-want +got):\n%s", diff)
	}
}

// The largest numbers: the mean of equal values does not overflow.
func TestCombine_ofHugeValues(t *testing.T) {
	y := slices.Repeat([]float64{math.MaxFloat64}, 4)
	for _, m := range []series.Method{series.Combine(series.Naive(), series.Naive()), series.Median(series.Naive(), series.Naive())} {
		if f := combRun(t, m, y, 2); f.Mean[1] != math.MaxFloat64 {
			t.Errorf("%s: %v", f.Fit.Method, f.Mean)
		}
	}
	e := combFails(t, series.Combine(combSteady(0, 1e308, 1), combSteady(0, -1e308, 1)), y, 1)
	if !errors.Is(e, series.ErrInput) {
		t.Errorf("an overflow: %v, want ErrInput", e)
	}
}
