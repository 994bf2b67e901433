package series_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
	"github.com/salesops-go/salesops/internal/testenv"
)

// thReference is the output of R 4.2.2 with forecast 8.20 for one classic series.
type thReference struct {
	Name                    string
	Y                       []float64
	Freq, H                 int
	Models                  map[string]map[string]json.RawMessage
	DecomposeAdditive       []float64 `json:"decompose_additive_figure"`
	DecomposeMultiplicative []float64 `json:"decompose_multiplicative_figure"`
	STLPeriodic             thParts   `json:"stl_periodic"`
	STLRobust               thParts   `json:"stl_w13_robust"`
	MSTL                    thParts   `json:"mstl"`
}

type thParts struct{ Seasonal, Trend []float64 }

// thModel is one model fitted by R.
type thModel struct {
	Mean, Lo80, Hi80, Lo95, Hi95 []float64
	Fitted                       []*float64
	Theta                        struct{ Alpha, Drift, Sigma2 float64 }
}

// thReferences returns the references; seasonal ones only, if wanted.
func thReferences(t *testing.T, seasonal bool) []thReference {
	t.Helper()
	names := []string{"AirPassengers", "JohnsonJohnson", "UKgas", "USAccDeaths", "co2", "ldeaths", "nottem"}
	if !seasonal {
		names = append(names, "LakeHuron", "Nile", "WWWusage", "discoveries", "lynx", "nhtemp")
	}
	rs := make([]thReference, len(names))
	for i, name := range names {
		b, err := os.ReadFile(testenv.Data(t, "forecast/reference/reference_"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &rs[i]); err != nil {
			t.Fatal(err)
		}
		rs[i].Name = name
	}
	return rs
}

// fits calls use with the whole series and with all but the last h values, and what R says of them.
func (r thReference) fits(t *testing.T, model string, use func(span string, y []float64, want thModel)) {
	t.Helper()
	for span, y := range map[string][]float64{"full": r.Y, "holdout": r.Y[:len(r.Y)-r.H]} {
		raw, ok := r.Models[model][span]
		if !ok {
			continue
		}
		var want thModel
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		use(r.Name+" "+model+" "+span, y, want)
	}
}

// thNear fails if got differs from want by more than 1e-9 of the largest magnitude in want.
func thNear(t *testing.T, what string, want, got []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	top := 0.0
	for _, v := range want {
		top = max(top, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*top) {
			t.Errorf("%s: value %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

// thKnown returns the last n values, none of which may be missing.
func thKnown(t *testing.T, v []*float64, n int) []float64 {
	t.Helper()
	known := make([]float64, n)
	for i, p := range v[len(v)-n:] {
		if p == nil {
			t.Fatalf("R has no value %d of %d", len(v)-n+i, len(v))
		}
		known[i] = *p
	}
	return known
}

// R forecast 8.20: meanf, naive, snaive, rwf(drift = TRUE), croston, stlm(s.window = "periodic", method naive). R has
// fitted values of croston for all prefixes; before the first demand we say 0.
func TestE_simpleMethodsAgreeWithR(t *testing.T) {
	for _, r := range thReferences(t, false) {
		methods := map[string]series.Method{
			"mean": series.Mean(), "naive": series.Naive(), "snaive": series.SeasonalNaive(r.Freq), "drift": series.Drift(),
			"croston": series.Croston(0.1), "stlm_periodic_naive": series.BySTL(series.Naive(), series.STLOptions{}, r.Freq),
		}
		for name, m := range methods {
			r.fits(t, name, func(what string, y []float64, want thModel) {
				got, err := m(y, r.H)
				if err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
				thNear(t, what, want.Mean, got.Mean)
				thNear(t, what+" fitted", thKnown(t, want.Fitted, len(got.Fit.Fitted)), got.Fit.Fitted)
				if name == "croston" {
					return
				}
				for level, bounds := range map[float64][2][]float64{0.8: {want.Lo80, want.Hi80}, 0.95: {want.Lo95, want.Hi95}} {
					lo, hi, err := got.Interval(level)
					if err != nil {
						t.Errorf("%s: %v", what, err)
						continue
					}
					thNear(t, what+" lo", bounds[0], lo)
					thNear(t, what+" hi", bounds[1], hi)
				}
			})
		}
	}
}

// R forecast 8.20, thetaf: given its α and first level, forecasts, intervals and fitted values are the same, with two
// differences of definition. R does not multiply the spread by the season, although it multiplies the series; we do,
// so R's half widths are compared with ours without the season. R's fitted values are those of simple exponential
// smoothing, without the drift.
func TestE_thetaAgreesWithRGivenItsParameters(t *testing.T) {
	for _, r := range thReferences(t, false) {
		r.fits(t, "thetaf", func(what string, y []float64, want thModel) {
			index := make([]float64, len(y)+r.H)
			for i := range index {
				index[i] = 1
			}
			if ok, err := series.Seasonal(y, r.Freq); err != nil {
				t.Fatal(err)
			} else if ok {
				d, err := series.Decompose(y, r.Freq, series.Multiplicative)
				if err != nil {
					t.Fatal(err)
				}
				for i := range index {
					index[i] = d.Seasons[0][i%r.Freq]
				}
			}
			adjusted := make([]float64, len(y))
			for i := range y {
				adjusted[i] = y[i] / index[i]
			}
			fitted := thKnown(t, want.Fitted, len(y))
			got := series.ThetaWith(adjusted, want.Theta.Alpha, fitted[0]/index[0], r.H)
			lo, hi, err := got.Interval(0.8)
			if err != nil {
				t.Fatal(err)
			}
			lo95, hi95, err := got.Interval(0.95)
			if err != nil {
				t.Fatal(err)
			}
			for k, mean := range got.Mean {
				got.Mean[k] *= index[len(y)+k]
				shift := got.Mean[k] - mean
				lo[k], hi[k], lo95[k], hi95[k] = lo[k]+shift, hi[k]+shift, lo95[k]+shift, hi95[k]+shift
			}
			for i := range y {
				got.Fit.Fitted[i] *= index[i]
			}
			thNear(t, what, want.Mean, got.Mean)
			thNear(t, what+" fitted", fitted, got.Fit.Fitted)
			thNear(t, what+" lo 80", want.Lo80, lo)
			thNear(t, what+" hi 80", want.Hi80, hi)
			thNear(t, what+" lo 95", want.Lo95, lo95)
			thNear(t, what+" hi 95", want.Hi95, hi95)
		})
	}
}

// R stats 4.2.2, decompose: the figures.
func TestE_decomposeAgreesWithR(t *testing.T) {
	for _, r := range thReferences(t, true) {
		for form, want := range map[series.Component][]float64{
			series.Additive: r.DecomposeAdditive, series.Multiplicative: r.DecomposeMultiplicative,
		} {
			d, err := series.Decompose(r.Y, r.Freq, form)
			if err != nil {
				t.Fatal(err)
			}
			thNear(t, r.Name+" "+string(form), want, d.Seasons[0][:r.Freq])
		}
	}
}

// 25 series of the carparts data: R croston and statsforecast agree with each other; statsforecast's SBA has 0.95,
// which is 1 - α/2 for α = 0.1; its TSB with both parameters 0.1.
func TestE_intermittentMethodsAgree(t *testing.T) {
	b, err := os.ReadFile(testenv.Data(t, "forecast/reference/intermittent.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Column       int
		Y            []float64
		Croston      float64 `json:"croston_r"`
		CrostonFirst float64 `json:"croston_first_value_init"`
		SBA          float64 `json:"sba_095"`
		TSB          float64 `json:"tsb_alpha01"`
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 25 {
		t.Fatalf("%d series, want 25", len(cases))
	}
	for _, c := range cases {
		for name, want := range map[string]struct {
			method series.Method
			value  float64
		}{
			"Croston R": {series.Croston(0.1), c.Croston}, "Croston": {series.Croston(0.1), c.CrostonFirst},
			"SBA": {series.SBA(0.1), c.SBA}, "TSB": {series.TSB(0.1, 0.1), c.TSB},
		} {
			f, err := want.method(c.Y, 1)
			if err != nil {
				t.Fatal(err)
			}
			thNear(t, strconv.Itoa(c.Column)+" "+name, []float64{want.value}, f.Mean)
		}
	}
}

// The competition's own Naive2 forecasts of the 414 hourly series of M4 (m = 24), of which the seasonality test finds
// some seasonal and some not, rounded to a few digits.
func TestE_deseasonalizedIsNaive2OfM4(t *testing.T) {
	train, want := thRows(t, "forecast/m4/Hourly-train.csv.gz"), thRows(t, "forecast/m4/m4_forecasts_Naive2.csv.gz")
	seen := 0
	for id, y := range train {
		seen++
		f, err := series.Deseasonalized(24, series.Naive())(y, len(want[id]))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		for k, v := range want[id] {
			if !(math.Abs(f.Mean[k]-v) <= 1e-6*math.Abs(v)+1e-6) {
				t.Errorf("%s, step %d: %v, want %v (%v)", id, k+1, f.Mean[k], v, f.Fit.Why)
				break
			}
		}
	}
	if seen != 414 {
		t.Errorf("%d series, want 414", seen)
	}
}

// thRows reads rows of an ID and numbers, such as M4 has them.
func thRows(t *testing.T, name string) map[string][]float64 {
	t.Helper()
	f, err := os.Open(testenv.Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]float64{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		cells := strings.Split(strings.ReplaceAll(lines.Text(), `"`, ""), ",")
		if cells[0] == "V1" {
			continue
		}
		for _, c := range cells[1:] {
			if c == "" || c == "NA" {
				break
			}
			v, err := strconv.ParseFloat(c, 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[cells[0]] = append(rows[cells[0]], v)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// thDynamicTheta are the equations of the dynamic theta model as Fiorucci et al. 2016 print them, for given
// parameters: the one-step errors, and the forecasts with the observed values replaced by forecasts.
func thDynamicTheta(y []float64, h int, alpha, theta, level float64) (errs, mean []float64) {
	var a, b, average float64
	y = append([]float64(nil), y...)
	n := len(y)
	for i := range n + h {
		t := float64(i + 1)
		mu := level + (1-1/theta)*(math.Pow(1-alpha, t-1)*a+(1-math.Pow(1-alpha, t))/alpha*b)
		if i < n {
			errs = append(errs, y[i]-mu)
		} else {
			mean = append(mean, mu)
			y = append(y, mu)
		}
		before := average
		average = ((t-1)*average + y[i]) / t
		if i > 0 {
			b = ((t-2)*b + 6/t*(y[i]-before)) / (t + 1)
		}
		a = average - (t+1)/2*b
		level = alpha*y[i] + (1-alpha)*level
	}
	return errs, mean
}

// The published equations, searched over a dense grid of α and θ with the first level at its optimum (the errors are
// linear in it), find no better fit than OptimisedTheta, and give its forecasts at its parameters. The yearly sales
// are series N0001 of M3.
func TestE_optimisedThetaIsThePublishedModel(t *testing.T) {
	for name, y := range map[string][]float64{
		"growing":   {940.66, 1084.86, 1244.98, 1445.02, 1683.17, 2038.15, 2342.52, 2602.45, 2927.87, 3103.96, 3360.27, 3807.63, 4387.88, 4936.99},
		"wandering": {3, 5, 4, 8, 7, 9, 6, 5, 7, 8, 11, 9, 8, 7, 9, 12, 10},
		"falling":   {90, 84, 85, 70, 66, 68, 51, 40, 44, 30},
	} {
		f, err := series.OptimisedTheta(1)(y, 8)
		if err != nil {
			t.Fatal(err)
		}
		alpha, theta := thParam(t, f, "alpha"), 1/(1-thParam(t, f, "weight")) // θ is infinite for the weight 1
		best := math.Inf(1)
		level, sse := thBestLevel(y, alpha, theta)
		for i := range 90 {
			for j := range 101 {
				_, s := thBestLevel(y, 0.1+0.01*float64(i), 1/(1-float64(j)/100))
				best = min(best, s)
			}
		}
		if sse > best*(1+1e-9) {
			t.Errorf("%s: sum of squares %v, but the grid has %v", name, sse, best)
		}
		errs, mean := thDynamicTheta(y, 8, alpha, theta, level)
		thNear(t, name, mean, f.Mean)
		residuals, err := f.Fit.Residuals(y)
		if err != nil {
			t.Fatal(err)
		}
		thNear(t, name+" errors", errs[2:], residuals)
	}
}

// thBestLevel returns the first level that minimises the squared errors from the third on, and their sum. An error
// falls by (1-α)^(t-1) for each unit of the level.
func thBestLevel(y []float64, alpha, theta float64) (level, sse float64) {
	errs, _ := thDynamicTheta(y, 0, alpha, theta, 0)
	var top, bottom float64
	for i := 2; i < len(y); i++ {
		c := math.Pow(1-alpha, float64(i))
		top += errs[i] * c
		bottom += c * c
	}
	level = top / bottom
	for i := 2; i < len(y); i++ {
		e := errs[i] - level*math.Pow(1-alpha, float64(i))
		sse += e * e
	}
	return level, sse
}

// thParam returns a parameter of the fit.
func thParam(t rapid.TB, f series.Forecast, name string) float64 {
	t.Helper()
	v, ok := f.Fit.Param(name)
	if !ok {
		t.Fatalf("no parameter %s: %v", name, f.Fit.Params)
	}
	return v
}

// The spread of OptimisedTheta is that of its model: the forecast moved by a unit error at step j moves step k by ψ,
// and the variance is 1 + Σψ² with the error of the step itself, in units of σ².
func TestE_optimisedThetaSpreadIsThatOfTheModel(t *testing.T) {
	y := []float64{90, 84, 85, 70, 66, 68, 51, 60, 44, 30}
	const h = 6
	f, err := series.OptimisedTheta(1)(y, h)
	if err != nil {
		t.Fatal(err)
	}
	alpha, theta := thParam(t, f, "alpha"), 1/(1-thParam(t, f, "weight"))
	level, sse := thBestLevel(y, alpha, theta)
	sigma2 := sse / float64(len(y)-5)
	_, still := thDynamicTheta(y, h, alpha, theta, level)
	want := make([]float64, h)
	for k := range want {
		want[k] = sigma2
	}
	for j := range h { // an error of 1 at step j
		_, moved := thDynamicTheta(append(append([]float64(nil), y...), append(still[:j:j], still[j]+1)...), h-j-1, alpha, theta, level)
		for k, v := range moved {
			psi := v - still[j+1+k]
			want[j+1+k] += sigma2 * psi * psi
		}
	}
	got := make([]float64, h)
	for k, sd := range f.SD {
		got[k] = sd * sd
	}
	thNear(t, "variance", want, got)
}

// Theta fits α to the errors of its own forecasts: the forecasts of prefixes with the same parameters, by the closed
// form of Hyndman and Billah 2003. No other α and first level on a grid has less squared error.
func TestE_thetaMinimisesItsOwnErrors(t *testing.T) {
	y := []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170}
	f, err := series.Theta(1)(y, 3)
	if err != nil {
		t.Fatal(err)
	}
	sse := func(alpha, level float64) float64 {
		sum := 0.0
		for i, v := range y {
			lag := (1 - math.Pow(1-alpha, float64(i))) / alpha
			e := v - level - thParam(t, f, "drift")*lag
			sum += e * e
			level += alpha * (v - level)
		}
		return sum
	}
	alpha := thParam(t, f, "alpha")
	best := sse(alpha, f.Fit.Fitted[0])
	for a := 0.1; a < 0.99; a += 0.01 {
		for l := 100.0; l < 140; l++ {
			if s := sse(a, l); s < best-1e-9 {
				t.Fatalf("α %v and level %v have %v, the fit has %v", a, l, s, best)
			}
		}
	}
	residuals, err := f.Fit.Residuals(y)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, e := range residuals {
		sum += e * e
	}
	thNear(t, "sum of squares", []float64{best}, []float64{sum})
	if diff := cmp.Diff(len(y), len(residuals)); diff != "" {
		t.Error(diff)
	}
}
