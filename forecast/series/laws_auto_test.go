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

// What Auto takes for which kind of series, at the edges of its rules.
func TestAuto_kinds(t *testing.T) {
	rising := func(n int) []float64 {
		y := make([]float64, n)
		for i := range y {
			y[i] = 20 + float64(i) + 3*math.Sin(float64(i*i))
		}
		return y
	}
	sales := func(n int, at ...int) []float64 {
		y := make([]float64, n)
		for i, k := range at {
			y[k] = 5 + float64(i%2)
		}
		return y
	}
	for name, c := range map[string]struct {
		m      int
		y      []float64
		method string
		why    string
	}{
		"one value":                            {12, []float64{7}, "Auto(Naive)", "All 1 values are the same."},
		"a constant":                           {12, slices.Repeat([]float64{7}, 40), "Auto(Naive)", "All 40 values are the same."},
		"nothing ever":                         {1, make([]float64, 20), "Auto(Naive)", "All 20 values are the same."},
		"9 values":                             {1, rising(9), "Auto(NonNegative(SES", "With fewer than 10 values"},
		"10 values":                            {1, rising(10), "Auto(NonNegative(Combine(ETS", "The mean of ETS, Theta and OptimisedTheta"},
		"less than a season":                   {12, rising(11), "Auto(NonNegative(SES", "With less than one season of 12 periods"},
		"a season":                             {12, rising(12), "Auto(NonNegative(Combine(Combine(ETS", "fewer than 3 seasons of 12"},
		"5 values and a season":                {4, rising(5), "Auto(NonNegative(Combine(SES", "fewer than 3 seasons of 4"},
		"6 values and a season":                {4, rising(6), "Auto(NonNegative(Combine(Combine(ETS", "fewer than 3 seasons of 4"},
		"3 seasons":                            {12, rising(36), "Auto(NonNegative(Combine(ETS", "The mean of ETS"},
		"a long season":                        {52, rising(156), "Auto(NonNegative(Combine(Deseasonalized(ETS", "The mean of ETS"},
		"values below zero":                    {1, append(rising(20), -1), "Auto(Combine(ETS", "The mean of ETS"},
		"a sale in 4 of 5 periods is not rare": {1, sales(10, 0, 1, 2, 3, 5, 6, 7, 8), "Auto(NonNegative(Combine(ETS", "The mean of ETS"},
		"a sale in 3 of 4 periods is rare":     {1, sales(12, 0, 1, 2, 4, 5, 6, 8, 9, 10), "Auto(SBA)", "A sale comes every 1.33 periods on average"},
		"rare sales of a size":                 {1, sales(16, 0, 3, 6, 9, 12, 15), "Auto(SBA)", "demand is intermittent"},
		"rare sales of any size":               {1, []float64{1, 0, 0, 40, 0, 2, 0, 0, 1, 0, 0, 9, 0}, "Auto(SBA)", "demand is lumpy"},
		"sales that have ended":                {1, sales(24, 0, 2, 4, 6, 8, 9, 10), "Auto(TSB)", "The last 13 values are zero"},
		"sales that may have ended":            {1, sales(11, 0, 2, 4, 6, 8), "Auto(SBA)", "A sale comes every 2.20 periods"},
		"two sales tell nothing of the end":    {1, sales(24, 0, 1), "Auto(SBA)", "A sale comes every 12.00 periods"},
		"a launch":                             {1, append(make([]float64, 30), rising(20)...), "Auto(NonNegative(Combine(ETS", "The first 30 values are zero"},
		"one sale late is no launch":           {1, sales(24, 23), "Auto(SBA)", "A sale comes every 24.00 periods"},
		"closed in winter": {
			12, slices.Repeat([]float64{0, 0, 0, 0, 20, 50, 80, 85, 50, 22, 0, 0}, 5)[4:], "Auto(NonNegative(Combine(ETS",
			"but in a season of 12 periods",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := combRun(t, series.Auto(c.m), c.y, 3)
			if !strings.HasPrefix(f.Fit.Method, c.method) {
				t.Errorf("%s, want %s...", f.Fit.Method, c.method)
			}
			if why := strings.Join(f.Fit.Why, " "); !strings.Contains(why, c.why) {
				t.Errorf("why: %s; want something of %q", why, c.why)
			}
		})
	}
}

// The launch is forecast as if the zeros before were not there.
func TestAuto_leavesOutWhatWasNotSoldYet(t *testing.T) {
	y := []float64{50, 60, 55, 52, 58, 61, 57, 50, 54, 59, 56, 58}
	want := combRun(t, series.Auto(1), y, 4)
	got := combRun(t, series.Auto(1), append(make([]float64, 20), y...), 4)
	if diff := cmp.Diff(want.Mean, got.Mean); diff != "" {
		t.Errorf("(-without zeros +with zeros):\n%s", diff)
	}
}

// A part that is still sold is forecast higher than one that has not been for long.
func TestAuto_sellsOut(t *testing.T) {
	alive := []float64{4, 0, 5, 0, 4, 5, 0, 0, 4, 0, 5, 0, 4, 0, 5, 4, 0, 5}
	dead := append(slices.Clone(alive), make([]float64, 20)...)
	a, b := combRun(t, series.Auto(1), alive, 1), combRun(t, series.Auto(1), dead, 1)
	if !(b.Mean[0] < a.Mean[0]/4) {
		t.Errorf("%v after 20 periods without a sale, %v before", b.Mean[0], a.Mean[0])
	}
}

func TestAuto_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]int{1, 4, 7}).Draw(t, "m")
		n := rapid.IntRange(1, 30).Draw(t, "n")
		y := rapid.SliceOfN(rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 500), rapid.Float64Range(-100, 500)), n, n).Draw(t, "y")
		before := slices.Clone(y)
		f := combRun(t, series.Auto(m), y, 6)
		if diff := cmp.Diff(before, y); diff != "" {
			t.Errorf("the series changed (-want +got):\n%s", diff)
		}
		if len(f.Fit.Why) == 0 {
			t.Errorf("%s without a reason", f.Fit.Method)
		}
		shorter := combRun(t, series.Auto(m), y, 2)
		if diff := cmp.Diff(shorter.Mean, f.Mean[:2]); diff != "" {
			t.Errorf("the first steps depend on h (-h=2 +h=6):\n%s", diff)
		}
		for _, v := range f.Mean {
			if slices.Min(y) >= 0 && v < 0 {
				t.Errorf("%v for a series without a value below zero", f.Mean)
			}
			if slices.Min(y) == slices.Max(y) && v != y[0] {
				t.Errorf("%v for a constant series of %v", f.Mean, y[0])
			}
		}
	})
}

// Whatever comes in, what comes out is finite, or an Error.
func TestAuto_hostile(t *testing.T) { rapid.Check(t, combHostileSeries) }

func FuzzAuto_hostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(combHostileSeries)) }

func combHostileSeries(t *rapid.T) {
	size := rapid.SampledFrom([]float64{1, 1, 1e-320, 1e-300, 1e150, 1e300, 1e308}).Draw(t, "size")
	value := rapid.OneOf(
		rapid.Map(rapid.Float64Range(-1.7, 1.7), func(v float64) float64 { return v * size }),
		rapid.Map(rapid.Float64Range(0.5, 1.7), func(v float64) float64 { return v * size }),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0, 0, 1, 1, 2, 1e16, 1e16 + 2, 1e-320}),
	)
	y := rapid.SliceOfN(value, 0, 40).Draw(t, "y")
	m, h := rapid.SampledFrom([]int{1, 2, 4, 12, 30}).Draw(t, "m"), rapid.IntRange(1, 20).Draw(t, "h")
	if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
		y = append(y, rapid.SampledFrom([]float64{math.NaN(), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64}).Draw(t, "last"))
		m, h = rapid.SampledFrom([]int{1, 0, math.MaxInt, math.MinInt}).Draw(t, "bad m"), rapid.SampledFrom([]int{1, 0, -1, math.MaxInt}).Draw(t, "bad h")
	}
	for _, method := range []series.Method{
		series.Auto(m), series.Conformal(series.Theta(m), 2), series.CombineByBacktest(2, series.Naive(), series.Theta(m)),
		series.Median(series.SES(), series.Naive(), series.Mean()), series.Fallback(series.Theta(m), series.Naive()),
	} {
		f, err := method(y, h)
		if err != nil {
			if _, ok := errors.AsType[*series.Error](err); !ok {
				t.Errorf("no Error: %v", err)
			}
			continue
		}
		rows := append(slices.Clone(f.Scores), f.Mean, f.SD, f.Fit.Fitted)
		for _, row := range rows {
			for _, v := range row {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s: %v in %v", f.Fit.Method, v, row)
				}
			}
		}
		if len(f.Mean) != h {
			t.Errorf("%s: %d values, want %d", f.Fit.Method, len(f.Mean), h)
		}
	}
}

// A product that sold in every period and then no more is forecast to sell no more; one whose zeros are its season goes on.
func TestAuto_ended(t *testing.T) {
	for _, m := range []int{1, 12} {
		f, err := series.Auto(m)([]float64{9, 8, 9, 7, 8, 9, 8, 7, 5, 3, 1, 0, 0, 0, 0, 0}, 6)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range f.Mean {
			if v > 0.5 {
				t.Errorf("season %d, step %d: %v, want nearly nothing: %q", m, k+1, v, f.Fit.Why)
			}
		}
	}
	var seasonal []float64
	for range 4 {
		seasonal = append(seasonal, 5, 6, 8, 9, 12, 14, 13, 9, 7, 0, 0, 0)
	}
	f, err := series.Auto(12)(seasonal, 6)
	if err != nil {
		t.Fatal(err)
	}
	if f.Mean[5] < 10 {
		t.Errorf("a season with zeros at its end: %v, want its summer again: %q", f.Mean, f.Fit.Why)
	}
}
