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

func TestS_simpleMethodsSayHowManyValuesTheyNeed(t *testing.T) {
	for name, c := range map[string]struct {
		method series.Method
		need   int
		spread int // from how many values on there is a spread; 0 for never
	}{
		"Mean": {series.Mean(), 1, 2}, "Naive": {series.Naive(), 1, 2}, "SeasonalNaive": {series.SeasonalNaive(4), 4, 5},
		"Drift": {series.Drift(), 2, 3}, "Average": {series.Average(3), 3, 0}, "SeasonalAverage": {series.SeasonalAverage(4, 3), 12, 0},
		"Theta": {series.Theta(12), 3, 3}, "OptimisedTheta": {series.OptimisedTheta(12), 6, 6},
		"Croston": {series.Croston(0.1), 1, 0}, "SBA": {series.SBA(0.1), 1, 0}, "TSB": {series.TSB(0.1, 0.1), 1, 0},
		"BySTL": {series.BySTL(series.Drift(), series.STLOptions{}, 4), 9, 9},
		"MSTL":  {series.BySTL(series.Drift(), series.STLOptions{}, 7, 3), 15, 15},
	} {
		y := []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9}
		_, err := c.method(y[:c.need-1], 2)
		var e *series.Error
		if !errors.As(err, &e) || !errors.Is(err, series.ErrTooShort) || e.Need != c.need || e.Have != c.need-1 {
			t.Errorf("%s with %d values: %v", name, c.need-1, err)
		}
		for n := c.need; n <= len(y); n++ {
			f, err := c.method(y[:n], 2)
			if err != nil {
				t.Errorf("%s with %d values: %v", name, n, err)
			} else if got, want := f.SD != nil, c.spread > 0 && n >= c.spread; got != want {
				t.Errorf("%s with %d values: a spread is %t, want %t", name, n, got, want)
			}
		}
	}
}

func TestS_simpleMethodsRejectArguments(t *testing.T) {
	y := []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}
	spoilt := slices.Clone(y)
	spoilt[3] = math.NaN()
	for name, c := range map[string]struct {
		method series.Method
		y      []float64
		h      int
		path   string
	}{
		"season 0":                         {series.SeasonalNaive(0), y, 1, "m"},
		"season 0 of averages":             {series.SeasonalAverage(0, 1), y, 1, "m"},
		"no seasons":                       {series.SeasonalAverage(2, 0), y, 1, "k"},
		"window 0":                         {series.Average(0), y, 1, "k"},
		"theta season 0":                   {series.Theta(0), y, 1, "m"},
		"optimised theta season 0":         {series.OptimisedTheta(-1), y, 1, "m"},
		"deseasonalized season 0":          {series.Deseasonalized(0, series.Naive()), y, 1, "m"},
		"alpha 0":                          {series.Croston(0), y, 1, "alpha"},
		"alpha above 1":                    {series.SBA(1.5), y, 1, "alpha"},
		"size NaN":                         {series.TSB(math.NaN(), 0.1), y, 1, "size"},
		"chance 0":                         {series.TSB(0.1, 0), y, 1, "chance"},
		"no step":                          {series.Drift(), y, 0, "h"},
		"too many steps":                   {series.Mean(), y, series.MaxHorizon + 1, "h"},
		"a gap":                            {series.Theta(1), spoilt, 1, "y/3"},
		"a gap before STL":                 {series.BySTL(series.Naive(), series.STLOptions{}, 3), spoilt, 1, "y/3"},
		"STL without a period":             {series.BySTL(series.Naive(), series.STLOptions{}), y, 1, "periods"},
		"STL season 1":                     {series.BySTL(series.Naive(), series.STLOptions{}, 1), y, 1, "m"},
		"the same period twice":            {series.BySTL(series.Naive(), series.STLOptions{}, 3, 3), y, 1, "periods"},
		"an even window":                   {series.BySTL(series.Naive(), series.STLOptions{Window: 8}, 3), y, 1, "options/window"},
		"a trend window of 1":              {series.BySTL(series.Naive(), series.STLOptions{Trend: 1}, 3), y, 1, "options/trend"},
		"an even low-pass window":          {series.BySTL(series.Naive(), series.STLOptions{LowPass: 4}, 3), y, 1, "options/lowPass"},
		"too many reweighings":             {series.BySTL(series.Naive(), series.STLOptions{Robust: 101}, 3), y, 1, "options/robust"},
		"a negative number of reweighings": {series.BySTL(series.Naive(), series.STLOptions{Robust: -1}, 3), y, 1, "options/robust"},
		"exposure too short":               {series.PerExposure(series.Naive(), make([]float64, 11)), y, 1, "exposure"},
		"negative exposure":                {series.PerExposure(series.Naive(), []float64{1, 1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), y, 1, "exposure/2"},
		"infinite exposure":                {series.PerExposure(series.Naive(), []float64{1, 1, math.Inf(1), 1, 1, 1, 1, 1, 1, 1, 1, 1}), y, 1, "exposure/2"},
		"next to no exposure": {
			series.PerExposure(series.Naive(), []float64{1, 1, 1e-320, 1, 1, 1, 1, 1, 1, 1, 1, 1}), y, 1, "exposure/2",
		},
		"sales without exposure": {series.PerExposure(series.Naive(), []float64{1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}), y, 1, "y/2"},
	} {
		_, err := c.method(c.y, c.h)
		var e *series.Error
		if !errors.As(err, &e) || !errors.Is(err, series.ErrInput) || e.Path != c.path {
			t.Errorf("%s: %v, want an ErrInput at %s", name, err, c.path)
		}
	}
	if _, err := series.Decompose([]float64{3, 1, 0, 1}, 2, series.Multiplicative); !errors.Is(err, series.ErrNonPositive) {
		t.Errorf("a zero in a multiplicative decomposition: %v", err)
	}
	if _, err := series.Decompose(y, 2, series.None); !errors.Is(err, series.ErrInput) {
		t.Errorf("a decomposition of no form: %v", err)
	}
	if _, err := (series.Decomposition{Seasons: [][]float64{{1, 2}}}).Adjusted([]float64{1}); !errors.Is(err, series.ErrInput) {
		t.Errorf("another series is adjusted: %v", err)
	}
}

func TestS_averagesAreOfTheLastValues(t *testing.T) {
	y := []float64{100, 1, 2, 30, 3, 4, 50}
	for name, c := range map[string]struct {
		method       series.Method
		mean, fitted []float64
	}{
		"Average(1) is Naive":        {series.Average(1), []float64{50, 50}, []float64{100, 1, 2, 30, 3, 4}},
		"the last three":             {series.Average(3), []float64{19, 19}, []float64{103.0 / 3, 11, 35.0 / 3, 37.0 / 3}},
		"one season":                 {series.SeasonalAverage(3, 1), []float64{3, 4, 50, 3}, []float64{100, 1, 2, 30}},
		"the last two seasons":       {series.SeasonalAverage(3, 2), []float64{2, 3, 40, 2}, []float64{65}},
		"all values of their season": {series.SeasonalAverage(2, 3), []float64{35.0 / 3, 55.0 / 3}, []float64{35}},
	} {
		f := thRun(t, c.method, y, len(c.mean))
		thSame(t, name, c.mean, f.Mean, 1e-14)
		thSame(t, name+" fitted", c.fitted, f.Fit.Fitted, 1e-14)
	}
}

func TestS_intermittentDemand(t *testing.T) {
	zeros := make([]float64, 30)
	for name, c := range map[string]struct {
		method series.Method
		y      []float64
		want   float64
	}{
		"never sold":      {series.Croston(0.1), zeros, 0},
		"never sold, SBA": {series.SBA(0.1), zeros, 0},
		"never sold, TSB": {series.TSB(0.1, 0.1), zeros, 0},
		"the first interval counts from the beginning":    {series.Croston(0.1), []float64{0, 0, 6}, 2},
		"zeros at the end change nothing":                 {series.Croston(0.1), []float64{0, 0, 6, 0, 0, 0, 0}, 2},
		"a refund is a sale of negative size":             {series.Croston(0.5), []float64{8, 0, -4}, (8 - 6) / 1.5},
		"refunds alone":                                   {series.Croston(0.1), []float64{0, -6}, -3},
		"SBA takes half of alpha off":                     {series.SBA(0.2), []float64{0, 0, 6}, 1.8},
		"TSB falls with each period without a sale":       {series.TSB(0.1, 0.5), []float64{6, 0, 0}, 1.5},
		"TSB: a refund is a sale":                         {series.TSB(0.5, 0.5), []float64{8, -4}, 2},
		"TSB begins without a chance":                     {series.TSB(0.5, 0.5), []float64{0, 8}, 4},
		"TSB: a size of zero on average is not no sale":   {series.TSB(0.5, 1), []float64{8, -8, 0, 4}, 2},
		"with alpha 1 the last size and interval decide":  {series.Croston(1), []float64{9, 0, 0, 0, 8}, 2},
		"a sale in every period is the level of the size": {series.Croston(0.3), []float64{7, 7, 7}, 7},
	} {
		f := thRun(t, c.method, c.y, 3)
		thSame(t, name, []float64{c.want, c.want, c.want}, f.Mean, 1e-15)
		for i := range f.Fit.Fitted { // a fitted value is the forecast of the values before
			thSame(t, name, thRun(t, c.method, c.y[:i+1], 1).Mean, f.Fit.Fitted[i:i+1], 1e-15)
		}
	}
}

// The loop over the series allocates nothing: 100 times the values, as many allocations.
func TestCroston_allocations(t *testing.T) {
	for name, m := range map[string]series.Method{"Croston": series.Croston(0.1), "TSB": series.TSB(0.1, 0.1)} {
		few, many := make([]float64, 100), make([]float64, 10_000)
		few[7], many[7] = 1, 1
		run := func(y []float64) float64 {
			return testing.AllocsPerRun(10, func() {
				if _, err := m(y, 12); err != nil {
					t.Fatal(err)
				}
			})
		}
		if a, b := run(few), run(many); a != b || a > 4 {
			t.Errorf("%s: %v allocations for 100 values, %v for 10,000", name, a, b)
		}
	}
}

func TestS_seasonal(t *testing.T) {
	y := []float64{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}
	peaks := make([]float64, 36)
	peaks[11], peaks[23], peaks[35] = 1, 1, 1
	for name, c := range map[string]struct {
		y    []float64
		m    int
		want bool
	}{
		"three seasons":      {y, 4, true},
		"three sharp peaks":  {peaks, 12, true},
		"less than three":    {peaks[1:], 12, false},
		"no season":          {y, 1, false},
		"another season":     {append(y, y...), 3, false},
		"a constant":         {make([]float64, 40), 4, false},
		"nothing":            {nil, 4, false},
		"an absurd season":   {y, math.MaxInt, false},
		"tiny values":        {thMap(y, func(v float64) float64 { return v * 1e-310 }), 4, true},
		"huge values":        {thMap(y, func(v float64) float64 { return v * 1e307 }), 4, true},
		"an opposite season": {[]float64{1, 9, -1, -9, 1, 9, -1, -9, 1, 9, -1, -9, 1, 9, -1, -9, 1, 9}, 2, true}, // |r|, as the M4 benchmarks
	} {
		got, err := series.Seasonal(c.y, c.m)
		if err != nil || got != c.want {
			t.Errorf("%s: %t (%v), want %t", name, got, err, c.want)
		}
	}
	if _, err := series.Seasonal(y, 0); !errors.Is(err, series.ErrInput) {
		t.Errorf("m = 0: %v", err)
	}
	if _, err := series.Seasonal([]float64{math.NaN()}, 1); !errors.Is(err, series.ErrInput) {
		t.Errorf("NaN: %v", err)
	}
}

func TestS_deseasonalizedChoosesItsForm(t *testing.T) {
	base := []float64{120, 80, 100, 100, 125, 83, 103, 104, 130, 86, 107, 108, 134, 90, 111, 112}
	for name, c := range map[string]struct {
		y   []float64
		why string
	}{
		"positive":          {base, "is multiplicative"},
		"a zero":            {thMap(base, func(v float64) float64 { return max(v-80, 0) }), "is additive"},
		"next to nothing":   {thMap(base, func(v float64) float64 { return max((v-91)*1000, 1) }), "is additive"},
		"no season":         {[]float64{1, 5, 2, 2, 4, 3, 1, 2, 6, 2, 3, 1, 5, 2}, "There is no season of 4 periods"},
		"too short to tell": {base[:11], "There is no season of 4 periods"},
	} {
		f := thRun(t, series.Deseasonalized(4, series.Drift()), c.y, 6)
		if len(f.Fit.Why) != 1 || !strings.Contains(f.Fit.Why[0], c.why) {
			t.Errorf("%s: %v, want %q", name, f.Fit.Why, c.why)
		}
		if strings.HasPrefix(c.why, "There is no") {
			want := thRun(t, series.Drift(), c.y, 6)
			if diff := cmp.Diff([][]float64{want.Mean, want.SD, want.Fit.Fitted}, [][]float64{f.Mean, f.SD, f.Fit.Fitted}); diff != "" {
				t.Errorf("%s (-base +got):\n%s", name, diff)
			}
		}
	}
	// The additive form follows the same shift of all values.
	shifted := thMap(base, func(v float64) float64 { return v - 1000 })
	far := thMap(base, func(v float64) float64 { return v - 3000 })
	a, b := thRun(t, series.Deseasonalized(4, series.Drift()), shifted, 6), thRun(t, series.Deseasonalized(4, series.Drift()), far, 6)
	thSame(t, "shift", a.Mean, thMap(b.Mean, func(v float64) float64 { return v + 2000 }), 1e-12)
}

// The test by its formula, with the autocorrelations as they are defined.
func TestSeasonal_formula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := make([]float64, rapid.IntRange(12, 40).Draw(t, "n"))
		strength, seed := rapid.IntRange(1, 40).Draw(t, "strength"), rapid.IntRange(0, 1000).Draw(t, "seed")
		mean, limit := 0.0, 1.0
		for i := range y { // a season, mostly faint, in noise
			y[i] = float64(strength*(i%4)) + 50*math.Sin(float64(seed+i*i*i))
			mean += y[i] / float64(len(y))
		}
		r := func(k int) float64 {
			var top, bottom float64
			for i, v := range y {
				if i >= k {
					top += (v - mean) * (y[i-k] - mean)
				}
				bottom += (v - mean) * (v - mean)
			}
			return top / bottom
		}
		for k := 1; k < 4; k++ {
			limit += 2 * r(k) * r(k)
		}
		limit = 1.645 * math.Sqrt(limit/float64(len(y)))
		got, err := series.Seasonal(y, 4)
		if err != nil {
			t.Fatal(err)
		}
		if want := math.Abs(r(4)) > limit; got != want && math.Abs(math.Abs(r(4))-limit) > 1e-9 {
			t.Errorf("%t, want %t: r %v, limit %v", got, want, r(4), limit)
		}
	})
}

// A wrapped theta is theta: both take the season out in the same way.
func TestTheta_isThetaOfTheDeseasonalizedSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := thSeasons(t, 4)
		for _, pair := range [][2]series.Method{
			{series.Theta(4), series.Deseasonalized(4, series.Theta(1))},
			{series.OptimisedTheta(4), series.Deseasonalized(4, series.OptimisedTheta(1))},
		} {
			want, got := thRun(t, pair[0], y, 9), thRun(t, pair[1], y, 9)
			if diff := cmp.Diff([][]float64{want.Mean, want.SD, want.Fit.Fitted}, [][]float64{got.Mean, got.SD, got.Fit.Fitted}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})
}

// A wrapper keeps what is still true of the base's forecast, and drops the rest.
func TestS_wrappersOfSeasonsKeepWhatHolds(t *testing.T) {
	scores := []float64{1, 2}
	base := func(y []float64, h int) (series.Forecast, error) {
		return series.Forecast{
			Mean: slices.Repeat([]float64{10}, h), Scores: slices.Repeat([][]float64{scores}, h), DF: 7, NonNegative: true,
			Fit: series.Fit{Method: "Mine", Fitted: slices.Repeat([]float64{10}, len(y)-1), Criteria: &series.Criteria{}, Why: []string{"So."}},
		}, nil
	}
	y := []float64{120, 80, 100, 100, 125, 83, 103, 104, 130, 86, 107, 108, 134, 90, 111, 112}
	f := thRun(t, series.Deseasonalized(4, base), y, 4)
	if f.Fit.Criteria != nil || !f.NonNegative || f.DF != 7 || f.SD != nil || f.Fit.Method != "Deseasonalized(Mine)" || len(f.Fit.Fitted) != 15 {
		t.Errorf("multiplicative: %+v", f)
	}
	for k, s := range f.Scores {
		thSame(t, "scores", []float64{f.Mean[k] / 10, f.Mean[k] / 5}, s, 1e-15)
	}
	if f.Mean[0] < 11 || f.Mean[1] > 9 {
		t.Errorf("the season is not put back in phase: %v", f.Mean)
	}
	thSame(t, "fitted", f.Mean[1:4], f.Fit.Fitted[:3], 1e-15)
	if f.Fit.Why[0] != "So." || len(f.Fit.Why) != 2 {
		t.Errorf("why: %v", f.Fit.Why)
	}
	f = thRun(t, series.BySTL(base, series.STLOptions{}, 4), y, 6)
	if f.NonNegative || f.Fit.Criteria != nil {
		t.Errorf("additive: %+v", f)
	}
	thSame(t, "season", f.Mean[:2], f.Mean[4:], 1e-15)
	thSame(t, "fitted", f.Mean[1:4], f.Fit.Fitted[:3], 1e-9)
	thSame(t, "scores", []float64{1, 2}, f.Scores[3], 0)
	thSame(t, "scores of base", []float64{1, 2}, scores, 0)
}

func TestPerExposure_laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := thSeasons(t, 4)
		const h = 7
		base := series.Theta(4)
		exposure := rapid.SliceOfN(rapid.Map(rapid.IntRange(15, 23), func(i int) float64 { return float64(i) }), len(y)+h, len(y)+h).Draw(t, "exposure")
		f := thRun(t, series.PerExposure(base, exposure), y, h)

		rates := make([]float64, len(y))
		for i := range y {
			rates[i] = y[i] / exposure[i]
		}
		want := thRun(t, base, rates, h)
		for k := range want.Mean {
			want.Mean[k] *= exposure[len(y)+k]
			want.SD[k] *= exposure[len(y)+k]
		}
		for i := range want.Fit.Fitted {
			want.Fit.Fitted[i] *= exposure[len(y)-len(want.Fit.Fitted)+i]
		}
		if diff := cmp.Diff([][]float64{want.Mean, want.SD, want.Fit.Fitted}, [][]float64{f.Mean, f.SD, f.Fit.Fitted}); diff != "" {
			t.Errorf("not the rates times the exposure (-want +got):\n%s", diff)
		}

		// Units of exposure do not matter, and exposure after the horizon is not read.
		hours := thRun(t, series.PerExposure(base, append(thMap(exposure, func(v float64) float64 { return v * 8 }), -1)), y, h)
		thSame(t, "hours", f.Mean, hours.Mean, 1e-12)
		thSame(t, "hours, spread", f.SD, hours.SD, 1e-9)

		// A constant exposure is none.
		plain := thRun(t, base, y, h)
		same := thRun(t, series.PerExposure(base, slices.Repeat([]float64{1}, len(y)+h)), y, h)
		thSame(t, "one", plain.Mean, same.Mean, 0)

		// Periods without exposure may be put in anywhere: nothing else changes.
		var y0, e0 []float64
		for i, e := range exposure {
			for range rapid.IntRange(0, 1).Draw(t, "holidays") {
				e0 = append(e0, 0)
				if i < len(y) {
					y0 = append(y0, 0)
				}
			}
			e0 = append(e0, e)
			if i < len(y) {
				y0 = append(y0, y[i])
			}
		}
		g := thRun(t, series.PerExposure(base, e0), y0, len(e0)-len(y0))
		var mean, sd, fitted []float64
		for k, e := range e0[len(y0):] {
			if e > 0 {
				mean, sd = append(mean, g.Mean[k]), append(sd, g.SD[k])
			} else if g.Mean[k] != 0 || g.SD[k] != 0 {
				t.Errorf("step %d without exposure is forecast %v ± %v", k+1, g.Mean[k], g.SD[k])
			}
		}
		for i, v := range g.Fit.Fitted {
			if e0[len(y0)-len(g.Fit.Fitted)+i] > 0 {
				fitted = append(fitted, v)
			} else if v != 0 {
				t.Errorf("fitted value %d without exposure is %v", i, v)
			}
		}
		if diff := cmp.Diff([][]float64{f.Mean, f.SD, f.Fit.Fitted}, [][]float64{mean, sd, fitted}); diff != "" {
			t.Errorf("holidays change the forecast (-without +with):\n%s", diff)
		}
	})
}

func TestS_perExposureWithoutExposureToCome(t *testing.T) {
	f := thRun(t, series.PerExposure(series.Naive(), []float64{2, 4, 0, 0}), []float64{10, 20}, 2)
	if diff := cmp.Diff([][]float64{{0, 0}, {0, 0}}, [][]float64{f.Mean, f.SD}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f = thRun(t, series.PerExposure(series.Conformal(series.Naive(), 2), []float64{2, 4, 2, 4, 0, 3}), []float64{10, 24, 10, 24}, 2)
	if diff := cmp.Diff([][]float64{{0, 0}, {3, 3}}, f.Scores); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	base := func([]float64, int) (series.Forecast, error) {
		return series.Forecast{Mean: []float64{1, 1}, Scores: [][]float64{{1}, {2}}}, nil
	}
	f = thRun(t, series.PerExposure(base, []float64{1, 3, 0, 0, 5}), []float64{1}, 4)
	if diff := cmp.Diff([][]float64{{3}, {0}, {0}, {10}}, f.Scores); diff != "" {
		t.Errorf("scores by step (-want +got):\n%s", diff)
	}
}
