package series_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// etsMethods are the methods of this file for a season of m, by name.
func etsMethods(m int) map[string]series.Method {
	return map[string]series.Method{
		"SES": series.SES(), "Holt": series.Holt(), "Damped": series.Damped(), "ETS": series.ETS(m), "ETS(1)": series.ETS(1),
		"HoltWinters additive": series.HoltWinters(m, series.Additive), "HoltWinters multiplicative": series.HoltWinters(m, series.Multiplicative),
	}
}

// etsMethod draws one of them.
func etsMethod(t *rapid.T, m int) (string, series.Method) {
	all := etsMethods(m)
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "method")
	return name, all[name]
}

// etsWalk draws a positive series with a level that wanders, a season of m and noise.
func etsWalk(rng *rand.Rand, n, m int) []float64 {
	y := make([]float64, n)
	level, slope, season := 100.0, rng.NormFloat64(), make([]float64, m)
	for i := range season {
		season[i] = 10 * rng.NormFloat64()
	}
	for i := range y {
		slope += 0.1 * rng.NormFloat64()
		level += slope + rng.NormFloat64()
		y[i] = math.Abs(level+season[i%m]+5*rng.NormFloat64()) + 1
	}
	return y
}

// etsValues draws a series of positive values, some of them equal.
func etsValues(least, most int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Map(rapid.IntRange(1, 30), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(1e-3, 1e6),
	), least, most)
}

func etsRun(t rapid.TB, name string, m series.Method, y []float64, h int) series.Forecast {
	t.Helper()
	f, err := m(y, h)
	if err != nil {
		t.Fatalf("%s: %v on %v", name, err, y)
	}
	return f
}

// etsOff returns the largest difference of two rows, relative to a scale.
func etsOff(a, b []float64, scale float64) float64 {
	worst := 0.0
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i])/scale)
	}
	return worst
}

// The moments of all forms are exact for normal errors: they are those of errors with the three values 0 and ±√3 σ of
// probabilities 2/3 and 1/6 each, which have the moments of the normal distribution up to the fifth, over all 3^k paths. (No
// path's value has an error in it to more than the second power.)
func TestModel_moments(t *testing.T) {
	const steps = 8
	for _, form := range series.Forms() {
		m := series.Model{Form: form, M: 1, Alpha: 0.4, Level: 10, Sigma: 0.5}
		if form.Error == series.Multiplicative {
			m.Sigma = 0.1
		}
		if form.Trend != series.None {
			m.Beta, m.Slope = 0.15, 0.7
		}
		if form.Damped {
			m.Phi = 0.85
		}
		if form.Season != series.None {
			m.M, m.Gamma, m.Season = 3, 0.25, []float64{2, -3, 1}
		}
		if form.Season == series.Multiplicative {
			m.Season = []float64{1.2, 0.7, 1.1}
		}
		f, err := m.Forecast(nil, steps)
		if err != nil {
			t.Fatal(err)
		}
		var mean, square, noise [steps]float64
		var walk func(m series.Model, k int, weight float64)
		walk = func(m series.Model, k int, weight float64) {
			now, err := m.Forecast(nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			mu, sd := now.Mean[0], now.SD[0]
			mean[k] += weight * mu
			square[k] += weight * mu * mu
			noise[k] += weight * sd * sd
			if k+1 == steps {
				return
			}
			for _, e := range [...]struct{ at, weight float64 }{{0, 2. / 3}, {math.Sqrt(3), 1. / 6}, {-math.Sqrt(3), 1. / 6}} {
				after, err := m.After([]float64{mu + e.at*sd})
				if err != nil {
					t.Fatal(err)
				}
				walk(after, k+1, weight*e.weight)
			}
		}
		walk(m, 0, 1)
		for k := range steps {
			if want := mean[k]; math.Abs(f.Mean[k]/want-1) > 1e-12 {
				t.Errorf("%s: mean %d is %.12g, want %.12g", form, k+1, f.Mean[k], want)
			}
			if want := math.Sqrt(square[k] - mean[k]*mean[k] + noise[k]); math.Abs(f.SD[k]/want-1) > 1e-10 {
				t.Errorf("%s: standard deviation %d is %.12g, want %.12g", form, k+1, f.SD[k], want)
			}
		}
	}
}

// A model has the same moments however the steps are split: those of step k are those of step k - j after the forecasts of
// j steps came true, as far as the mean goes.
func TestModel_After(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, form := range series.Forms() {
		y := etsWalk(rng, 60, 4)
		m, _, err := series.FitETS(y, form, 4)
		if err != nil {
			t.Fatal(err)
		}
		want, err := m.Forecast(y, 9)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{0, 1, 5, 58, 60} {
			later, err := m.After(y[:k])
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(later)
			if err != nil {
				t.Fatal(err)
			}
			var stored series.Model
			if err := json.Unmarshal(text, &stored); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if diff := cmp.Diff(later, stored); diff != "" {
				t.Errorf("%s: the model that was stored (-want +got):\n%s", form, diff)
			}
			got, err := stored.Forecast(y[k:], 9)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]float64{want.Mean, want.SD, want.Fit.Fitted[k:]}, [][]float64{got.Mean, got.SD, got.Fit.Fitted}); diff != "" {
				t.Errorf("%s after %d values (-want +got):\n%s", form, k, diff)
			}
		}
	}
}

// No point near the fit within the bounds has a higher likelihood.
func TestFitETS_isAPeak(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, form := range series.Forms() {
		for range 4 {
			y := etsWalk(rng, 40+rng.IntN(60), 4)
			m, fit, err := series.FitETS(y, form, 4)
			if err != nil {
				t.Fatal(err)
			}
			sd := m.Sigma
			if form.Error == series.Multiplicative {
				sd *= 100
			}
			for range 200 {
				near := m
				size := math.Pow(10, -1-3*rng.Float64())
				near.Alpha = min(max(m.Alpha+size*rng.NormFloat64(), 1e-4), 0.9999)
				near.Level += size * sd * rng.NormFloat64()
				if form.Trend != series.None {
					near.Beta = min(max(m.Beta+size*rng.NormFloat64(), 1e-4), near.Alpha)
					near.Slope += size * sd * rng.NormFloat64()
				}
				if form.Damped {
					near.Phi = min(max(m.Phi+size*rng.NormFloat64(), 0.8), 0.98)
				}
				if form.Season != series.None {
					near.Gamma = min(max(m.Gamma+size*rng.NormFloat64(), 1e-4), 1-near.Alpha)
					unit := sd
					if form.Season == series.Multiplicative {
						unit = m.Sigma
					}
					near.Season = slices.Clone(m.Season)
					for i := range near.Season {
						d := size * unit * rng.NormFloat64()
						near.Season[i] += d
						near.Season[(i+1)%4] -= d
					}
				}
				f, err := near.Forecast(y, 1)
				if err != nil || f.Fit.Criteria == nil {
					continue
				}
				if up := f.Fit.Criteria.LogLik - fit.Criteria.LogLik; up > 1e-6 {
					t.Errorf("%s: %.9f higher at %+v than at %+v", form, up, near, m)
				}
			}
		}
	}
}

// f(a y + b) = a f(y) + b for forms with nothing multiplicative, and f(a y) = a f(y) for all.
func TestFitETS_equivariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, form := range series.Forms() {
		for range 3 {
			y := etsWalk(rng, 50, 4)
			a, b := 0.1+10*rng.Float64(), 0.0
			if form.Error == series.Additive {
				b = 1000 * rng.NormFloat64()
			}
			z := make([]float64, len(y))
			for i := range y {
				z[i] = a*y[i] + b
			}
			forecast := func(y []float64) series.Forecast {
				m, _, err := series.FitETS(y, form, 4)
				if err != nil {
					t.Fatal(err)
				}
				f, err := m.Forecast(y, 8)
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			f, g := forecast(y), forecast(z)
			for k := range f.Mean {
				f.Mean[k] = a*f.Mean[k] + b
				f.SD[k] *= a
			}
			// Where the likelihood is flat, the last digits of the search differ.
			if off := max(etsOff(f.Mean, g.Mean, f.SD[0]), etsOff(f.SD, g.SD, f.SD[0])); off > 1e-3 {
				t.Errorf("%s: f(%.3f y + %.3f) is off by %.1e standard deviations:\n%v\n%v", form, a, b, off, f.Mean, g.Mean)
			}
		}
	}
}

// In units twice as large, or 2^k times, a forecast has the same digits.
func TestETS_powersOfTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := etsValues(9, 14).Draw(t, "y")
		scale := math.Ldexp(1, rapid.IntRange(-900, 900).Draw(t, "k"))
		z := make([]float64, len(y))
		for i := range y {
			z[i] = scale * y[i]
		}
		name, m := etsMethod(t, 4)
		f, g := etsRun(t, name, m, y, 5), etsRun(t, name, m, z, 5)
		for k := range f.Mean {
			f.Mean[k] *= scale
			f.SD[k] *= scale
		}
		if diff := cmp.Diff([][]float64{f.Mean, f.SD}, [][]float64{g.Mean, g.SD}); diff != "" {
			t.Errorf("%s × %g (-want +got):\n%s", name, scale, diff)
		}
	})
}

func TestETS_constant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-300, 1e300).Draw(t, "v")
		m := rapid.IntRange(2, 12).Draw(t, "m")
		n := rapid.IntRange(m+1, 60).Draw(t, "n")
		y := slices.Repeat([]float64{v}, n)
		for name, method := range etsMethods(m) {
			f := etsRun(t, name, method, y, 3)
			if diff := cmp.Diff([][]float64{{v, v, v}, {0, 0, 0}, y}, [][]float64{f.Mean, f.SD, f.Fit.Fitted}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		for _, form := range series.Forms() {
			if n < 24 {
				continue
			}
			f := etsRun(t, form.String(), series.ETS(m, form), y, 3)
			if diff := cmp.Diff([][]float64{{v, v, v}, {0, 0, 0}, y}, [][]float64{f.Mean, f.SD, f.Fit.Fitted}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", form, diff)
			}
		}
	})
	for name, method := range etsMethods(4) {
		if f, err := method(make([]float64, 20), 2); err == nil {
			if diff := cmp.Diff([][]float64{{0, 0}, {0, 0}}, [][]float64{f.Mean, f.SD}); diff != "" {
				t.Errorf("%s of zeros (-want +got):\n%s", name, diff)
			}
		} else if !errors.Is(err, series.ErrNonPositive) || !strings.Contains(name, "multiplicative") {
			t.Errorf("%s of zeros: %v", name, err)
		}
	}
}

func TestHolt_continuesALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e6, 1e6).Draw(t, "a"), rapid.Float64Range(-1e3, 1e3).Draw(t, "b")
		n := rapid.IntRange(2, 80).Draw(t, "n")
		line := func(from, n int) []float64 {
			y := make([]float64, n)
			for i := range y {
				y[i] = a + b*float64(from+i)
			}
			return y
		}
		f := etsRun(t, "Holt", series.Holt(), line(0, n), 20)
		scale := math.Abs(a) + math.Abs(b)*float64(n+20) + 1e-300
		if off := etsOff(f.Mean, line(n, 20), scale); off > 1e-9 {
			t.Errorf("off by %.1e: %v", off, f.Mean)
		}
		if n > 2 && slices.Max(f.SD) > 1e-9*scale {
			t.Errorf("standard deviation %v", f.SD)
		}
	})
}

func TestHoltWinters_continuesASeason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 12).Draw(t, "m")
		n := rapid.IntRange(m+7, 4*m+7).Draw(t, "n")
		a, b := rapid.Float64Range(50, 1000).Draw(t, "a"), rapid.Float64Range(-0.3, 3).Draw(t, "b")
		figure := rapid.SliceOfN(rapid.Float64Range(0.5, 1.5), m, m).Draw(t, "figure")
		for _, season := range []series.Component{series.Additive, series.Multiplicative} {
			y := make([]float64, n+2*m)
			for i := range y {
				if season == series.Additive {
					y[i] = a + b*float64(i) + 20*figure[i%m]
				} else {
					y[i] = (a + b*float64(i)) * figure[i%m]
				}
			}
			f := etsRun(t, string(season), series.HoltWinters(m, season), y[:n], 2*m)
			if off := etsOff(f.Mean, y[n:], slices.Max(y)); off > 1e-7 {
				t.Errorf("%s, m %d, n %d: off by %.1e", season, m, n, off)
			}
			g := etsRun(t, "ETS", series.ETS(m), y[:n], 2*m)
			if off := etsOff(g.Mean, y[n:], slices.Max(y)); n >= 3*m && off > 1e-6 {
				t.Errorf("%s, m %d, n %d: %s is off by %.1e\n%s", season, m, n, g.Fit.Method, off, strings.Join(g.Fit.Why, "\n"))
			}
		}
	})
}

func TestETS_stepsDoNotDependOnTheHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := etsValues(6, 14).Draw(t, "y")
		h := rapid.IntRange(1, 12).Draw(t, "h")
		kept := slices.Clone(y)
		name, m := etsMethod(t, 5)
		short := etsRun(t, name, m, y, h)
		long, err := m(y, 30)
		if e := (*series.Error)(nil); errors.As(err, &e) && e.Path == "h" {
			return // a relative error many times the level, whose variance overflows
		}
		if diff := cmp.Diff([][]float64{long.Mean[:h], long.SD[:h]}, [][]float64{short.Mean, short.SD}); diff != "" {
			t.Errorf("%s (-long +short):\n%s", name, diff)
		}
		if diff := cmp.Diff(long.Fit, short.Fit); diff != "" {
			t.Errorf("%s: fit (-long +short):\n%s", name, diff)
		}
		if !slices.Equal(y, kept) {
			t.Fatalf("%s changed the series", name)
		}
		if len(short.Fit.Fitted) != len(y) || short.Fit.Evaluations == 0 {
			t.Errorf("%s: fit %+v", name, short.Fit)
		}
		for _, v := range slices.Concat(short.Mean, short.SD, short.Fit.Fitted) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s: %v", name, short)
			}
		}
	})
}

func TestETS_spreadDoesNotShrink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := etsValues(3, 40).Draw(t, "y")
		for name, m := range map[string]series.Method{"SES": series.SES(), "Holt": series.Holt(), "Damped": series.Damped()} {
			if f := etsRun(t, name, m, y, 30); !slices.IsSorted(f.SD) {
				t.Errorf("%s: %v", name, f.SD)
			}
		}
	})
}

// The chosen form is the best of the fixed ones, but for those that run away.
func TestETS_choosesTheLowestAICc(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 8 {
		y := etsWalk(rng, 30+rng.IntN(50), 4)
		best := etsRun(t, "ETS", series.ETS(4), y, 3)
		if strings.Contains(strings.Join(best.Fit.Why, ""), "Left out") {
			continue
		}
		lowest, name := math.Inf(1), ""
		for _, form := range series.Forms() {
			_, fit, err := series.FitETS(y, form, 4)
			if err != nil {
				t.Fatal(err)
			}
			if fit.Criteria.AICc < lowest {
				lowest, name = fit.Criteria.AICc, fit.Method
			}
		}
		if best.Fit.Method != name || best.Fit.Criteria.AICc != lowest {
			t.Errorf("chose %s with %.4f, %s has %.4f", best.Fit.Method, best.Fit.Criteria.AICc, name, lowest)
		}
	}
}

// A slope that fits the last years does not go on for as many to come, unless it is that of all years.
func TestETS_doesNotRunAway(t *testing.T) {
	slump := []float64{521, 546, 585, 607, 630, 628, 609, 600, 612, 556, 538, 491, 375, 346, 248, 187}
	decline := []float64{507, 496, 497, 478, 462, 466, 420, 391, 357, 347, 294, 246, 202, 124, 60, 9}
	trend, err := series.ParseForm("AAN")
	if err != nil {
		t.Fatal(err)
	}
	_, fit, err := series.FitETS(slump, trend, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		y         []float64
		forms     []series.Form
		form, why string
	}{
		{slump, nil, "ETS(A,N,N)", "Left out as they run away: ETS(A,A,N), ETS(M,A,N), ETS(A,Ad,N), ETS(M,Ad,N).\nETS(A,N,N) has the lowest AICc of 2 forms"},
		{slump, []series.Form{trend}, "ETS(A,A,N)", "These run away, but the trend is beyond doubt: ETS(A,A,N).\nETS(A,A,N) is the only form left."},
		{decline, nil, "ETS(A,A,N)", "These run away, but the trend is beyond doubt: ETS(A,A,N), "},
	} {
		f := etsRun(t, "ETS", series.ETS(1, c.forms...), c.y, 6)
		if why := strings.Join(f.Fit.Why, "\n"); f.Fit.Method != c.form || !strings.Contains(why, c.why) {
			t.Errorf("%s: %s", f.Fit.Method, why)
		}
		if c.form == "ETS(A,N,N)" && fit.Criteria.AICc >= f.Fit.Criteria.AICc {
			t.Errorf("the trend would not have been chosen: %.2f, level %.2f", fit.Criteria.AICc, f.Fit.Criteria.AICc)
		}
	}
}

// A relative error larger than the level makes no sense, though it fits best.
func TestETS_wildErrors(t *testing.T) {
	y := []float64{10, 8, 0.36, 29, 3, 114376, 1.7, 7, 11.5, 191}
	f := etsRun(t, "ETS", series.ETS(1), y, 3)
	if why := strings.Join(f.Fit.Why, "\n"); f.Fit.Method[:5] != "ETS(A" || !strings.Contains(why, "standard deviation above 1: ETS(M") {
		t.Errorf("%s: %s", f.Fit.Method, why)
	}
}

// Every length works, from 1 value on.
func TestETS_shortSeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	y := etsWalk(rng, 40, 4)
	for _, m := range []int{1, 2, 4, 12, 30} {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 18, 19, 20, 24, 30, 31, 38, 40} {
			for name, need := range map[string]int{"SES": 1, "Holt": 2, "Damped": 2, "ETS": 1, "HoltWinters additive": m + 1, "HoltWinters multiplicative": m + 1} {
				f, err := etsMethods(m)[name](y[:n], 5)
				var e *series.Error
				switch {
				case m == 1 && need == 2 && strings.HasPrefix(name, "HoltWinters"):
					if !errors.As(err, &e) || e.Path != "m" {
						t.Errorf("%s, m 1: %v", name, err)
					}
				case n < need:
					if !errors.As(err, &e) || !errors.Is(err, series.ErrTooShort) || e.Need != need || e.Have != n {
						t.Errorf("%s of %d values, m %d: %v", name, n, m, err)
					}
				case err != nil:
					t.Errorf("%s of %d values, m %d: %v", name, n, m, err)
				case (f.SD == nil) != (n == 1 || n == 2 && name != "SES" && name != "ETS" && need == 2):
					t.Errorf("%s of %d values, m %d: standard deviation %v", name, n, m, f.SD)
				case len(f.Fit.Fitted) != n:
					t.Errorf("%s of %d values: %d are fitted", name, n, len(f.Fit.Fitted))
				}
			}
		}
	}
}

func TestETS_errors(t *testing.T) {
	y := []float64{3, 4, 6, 5, 7, 8, 7, 9, 11, 10, 12, 13}
	zero := slices.Clone(y)
	zero[3] = 0
	nan := slices.Clone(y)
	nan[5] = math.NaN()
	mam := series.Form{Error: series.Multiplicative, Trend: series.Additive, Season: series.Multiplicative}
	fit := func(form series.Form, m int) series.Method {
		return func(y []float64, h int) (series.Forecast, error) {
			_, _, err := series.FitETS(y, form, m)
			return series.Forecast{}, err
		}
	}
	for name, c := range map[string]struct {
		method series.Method
		y      []float64
		h      int
		path   string
		kind   error
	}{
		"no horizon":             {series.SES(), y, 0, "h", series.ErrInput},
		"empty":                  {series.ETS(1), nil, 1, "y", series.ErrTooShort},
		"not a number":           {series.ETS(4), nan, 1, "y/5", series.ErrInput},
		"no season":              {series.ETS(0), y, 1, "m", series.ErrInput},
		"zero":                   {series.HoltWinters(4, series.Multiplicative), zero, 1, "y/3", series.ErrNonPositive},
		"zero, form given":       {series.ETS(4, mam), zero, 1, "y/3", series.ErrNonPositive},
		"zero, fit":              {fit(mam, 4), zero, 1, "y/3", series.ErrNonPositive},
		"what season":            {series.HoltWinters(4, series.None), y, 1, "season", series.ErrInput},
		"what season at all":     {series.HoltWinters(4, "monthly"), y, 1, "season", series.ErrInput},
		"season of 1":            {series.HoltWinters(1, series.Additive), y, 1, "m", series.ErrInput},
		"season of 1, fit":       {fit(mam, 1), y, 1, "m", series.ErrInput},
		"long season":            {series.HoltWinters(367, series.Additive), y, 1, "m", series.ErrInput},
		"long season, choice":    {series.ETS(25, mam), make([]float64, 99), 1, "y/0", series.ErrNonPositive},
		"endless season":         {series.ETS(math.MaxInt, mam), y, 1, "m", series.ErrInput},
		"no form":                {series.ETS(4, series.Form{}), y, 1, "form", series.ErrInput},
		"infinite variance":      {series.ETS(4, mam, series.Form{Error: series.Additive, Season: series.Multiplicative}), y, 1, "form", series.ErrInput},
		"too short for the form": {series.ETS(6, mam), y, 1, "y", series.ErrTooShort},
		"too short to fit":       {fit(mam, 6), y, 1, "y", series.ErrTooShort},
	} {
		f, err := c.method(c.y, c.h)
		var e *series.Error
		if !errors.As(err, &e) || e.Path != c.path || !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want path %s, %v", name, err, c.path, c.kind)
		}
		if diff := cmp.Diff(series.Forecast{}, f); diff != "" {
			t.Errorf("%s: a forecast comes with the error:\n%s", name, diff)
		}
	}
}

func TestModel_invalid(t *testing.T) {
	good := series.Model{
		Form: series.Form{Error: series.Multiplicative, Trend: series.Additive, Damped: true, Season: series.Multiplicative},
		M:    2, Alpha: 0.5, Beta: 0.1, Gamma: 0.1, Phi: 0.9, Level: 10, Slope: 1, Season: []float64{0.8, 1.2}, Sigma: 0.1,
	}
	if _, err := good.Forecast(nil, 3); err != nil {
		t.Fatal(err)
	}
	for path, spoil := range map[string]func(m *series.Model){
		"form":           func(m *series.Model) { m.Form.Error = "" },
		"model/alpha":    func(m *series.Model) { m.Alpha = math.NaN() },
		"model/beta":     func(m *series.Model) { m.Beta = -0.1 },
		"model/gamma":    func(m *series.Model) { m.Gamma = 1.1 },
		"model/phi":      func(m *series.Model) { m.Phi = 0 },
		"model/m":        func(m *series.Model) { m.M = 1 },
		"model/level":    func(m *series.Model) { m.Level = math.Inf(1) },
		"model/slope":    func(m *series.Model) { m.Slope = math.NaN() },
		"model/season":   func(m *series.Model) { m.Season = m.Season[:1] },
		"model/season/1": func(m *series.Model) { m.Season = []float64{1, -1} },
		"model/sigma":    func(m *series.Model) { m.Sigma = -1 },
	} {
		bad := good
		spoil(&bad)
		var e *series.Error
		if _, err := bad.Forecast([]float64{5, 6}, 3); !errors.As(err, &e) || e.Path != path || !errors.Is(err, series.ErrInput) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for i, m := range []series.Model{
		{Form: series.Form{Error: series.Additive}, M: 1, Slope: 1},
		{Form: series.Form{Error: series.Additive}, M: 1, Beta: 0.1},
		{Form: series.Form{Error: series.Additive}, M: 1, Season: []float64{0}},
		{Form: series.Form{Error: series.Additive}},
	} {
		if _, err := m.Forecast(nil, 1); !errors.Is(err, series.ErrInput) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestParseForm(t *testing.T) {
	names := map[string]bool{}
	for _, form := range series.Forms() {
		letters := strings.TrimSuffix(strings.TrimPrefix(form.String(), "ETS("), ")")
		names[letters] = true
		for _, s := range []string{form.String(), letters, strings.ReplaceAll(letters, ",", "")} {
			if got, err := series.ParseForm(s); got != form || err != nil {
				t.Errorf("%s: %v, %v", s, got, err)
			}
		}
		text, err := json.Marshal(form)
		if want := strconv.Quote(letters); string(text) != want || err != nil {
			t.Errorf("%s encodes as %s, %v", form, text, err)
		}
	}
	if len(names) != 15 {
		t.Errorf("%d forms: %v", len(names), names)
	}
	for _, s := range []string{
		"", "A", "AN", "ANNN", "A,N", "A,N,N,N", "ETS(A,N,N", "ANN)", "N,N,N", "A,M,N", "M,M,M", "A,N,M", "A,A,M", "A,Nd,N", "ANNd", "aNN", "M,A,,", "AdAN", "X,N,N", "ETS()",
	} {
		var e *series.Error
		if f, err := series.ParseForm(s); !errors.As(err, &e) || e.Path != "form" || !errors.Is(err, series.ErrInput) || f != (series.Form{}) {
			t.Errorf("%q: %v, %v", s, f, err)
		}
		if err := json.Unmarshal([]byte(strconv.Quote(s)), new(series.Form)); err == nil {
			t.Errorf("%q decodes", s)
		}
	}
	if _, err := json.Marshal(series.Form{}); err == nil {
		t.Error("no form encodes")
	}
}

// A search allocates nothing, whatever the length.
func TestETS_allocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	y := etsWalk(rng, 400, 4)
	for name, most := range map[string]float64{"SES": 14, "Holt": 36, "HoltWinters multiplicative": 44, "ETS": 240} {
		m := etsMethods(4)[name]
		count := func(n int) float64 {
			return testing.AllocsPerRun(3, func() {
				if _, err := m(y[:n], 8); err != nil {
					t.Fatal(err)
				}
			})
		}
		if short, long := count(60), count(400); short > most || long > most {
			t.Errorf("%s: %v allocations for 60 values, %v for 400", name, short, long)
		}
	}
}
