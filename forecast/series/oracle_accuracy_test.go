package series_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/salesops-go/salesops/forecast/series"
	"github.com/salesops-go/salesops/internal/testenv"
)

// Scores of twelve forecasts, computed with Python in exact fractions and 15 digits.
func TestE40_scores(t *testing.T) {
	var ref struct {
		Forecast, Actual []float64
		Other            []float64   `json:"other_forecast"`
		Ensemble         [][]float64 `json:"ensemble"`
		CRPS             float64     `json:"crps_ensemble_mean"`
		Fair             float64     `json:"crps_fair_mean"`
		Normal           float64     `json:"crps_normal_sd6_mean"`
		Pinball          map[string]float64
		Winkler          float64 `json:"winkler80"`
		Coverage         float64 `json:"coverage80"`
		Errors           map[string]any
		DM               map[string][2]float64
	}
	accJSON(t, "probabilistic_metrics.json", &ref)
	a, f := ref.Actual, ref.Forecast

	for name, metric := range map[string]struct {
		of   func(actual, forecast []float64) (float64, error)
		unit float64
	}{
		"me": {series.ME, 1}, "mae": {series.MAE, 1}, "mse": {series.MSE, 1}, "rmse": {series.RMSE, 1},
		"mape": {series.MAPE, 1}, "mpe": {series.MPE, 1}, "smape200": {series.SMAPE, 1}, "smape100": {series.SMAPE, 0.5}, "wape": {series.WAPE, 1},
		"accuracy_over_actual": {series.AccuracyOverActual, 0.01}, "accuracy_over_forecast": {series.AccuracyOverForecast, 0.01},
	} {
		got, err := metric.of(a, f)
		accNear(t, name, metric.unit*got, ref.Errors[name].(float64), 1e-12, err)
	}
	signal, err := series.TrackingSignal(a, f)
	for i, want := range ref.Errors["tracking_signal"].([]any) {
		accNear(t, fmt.Sprint("tracking signal ", i), signal[i], want.(float64), 1e-12, err)
	}

	n := float64(len(a))
	var crps, fair, normal float64
	for i := range a {
		for sum, score := range map[*float64]func() (float64, error){
			&crps:   func() (float64, error) { return series.CRPS(a[i], ref.Ensemble[i]) },
			&fair:   func() (float64, error) { return series.CRPSFair(a[i], ref.Ensemble[i]) },
			&normal: func() (float64, error) { return series.CRPSNormal(a[i], f[i], 6) },
		} {
			v, err := score()
			if err != nil {
				t.Fatal(err)
			}
			*sum += v / n
		}
	}
	accNear(t, "CRPS", crps, ref.CRPS, 1e-12, nil)
	accNear(t, "CRPSFair", fair, ref.Fair, 1e-12, nil)
	accNear(t, "CRPSNormal", normal, ref.Normal, 1e-12, nil)

	// The quantiles and the interval are those of a normal distribution around the forecast with a standard deviation of 6.
	spread := func(q float64) []float64 {
		v := make([]float64, len(f))
		for i := range v {
			v[i] = f[i] + 6*distuv.UnitNormal.Quantile(q)
		}
		return v
	}
	for level, want := range ref.Pinball {
		q, _ := strconv.ParseFloat(level, 64)
		got, err := series.Pinball(a, spread(q), q)
		accNear(t, "Pinball "+level, got, want, 1e-12, err)
	}
	in := series.Interval{Level: 0.8, Lo: spread(0.1), Hi: spread(0.9)}
	winkler, err := series.Winkler(a, in)
	accNear(t, "Winkler", winkler, ref.Winkler, 1e-12, err)
	coverage, err := series.Coverage(a, in)
	accNear(t, "Coverage", coverage, ref.Coverage, 1e-12, err)

	for name, want := range ref.DM {
		var h int
		var power float64
		if _, err := fmt.Sscanf(name, "h%d_power%g", &h, &power); err != nil {
			t.Fatal(err)
		}
		got, err := series.DieboldMariano(a, f, ref.Other, h, power)
		accNear(t, "DM "+name, got.Statistic, want[0], 1e-12, err)
		accNear(t, "DM p "+name, got.P, want[1], 1e-12, err)
	}
}

// The accuracy of the forecasts of R's forecast 8.20 on 13 series, as R reports it: of the held-out end, and of the fit.
func TestE41_accuracyOfR(t *testing.T) {
	rows, err := csv.NewReader(accOpen(t, "forecast/reference/accuracy.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type model struct {
		Holdout struct {
			Mean   []float64  `json:"mean"`
			Fitted []*float64 `json:"fitted"`
		} `json:"holdout"`
	}
	var ref struct {
		Freq   int              `json:"freq"`
		H      int              `json:"h"`
		Y      []float64        `json:"y"`
		Models map[string]model `json:"models"`
	}
	loaded, checked := "", 0
	for _, row := range rows[1:] {
		if loaded != row[0] {
			ref.Models = nil
			accJSON(t, "reference_"+row[0]+".json", &ref)
			loaded = row[0]
		}
		m := ref.Models[row[1]].Holdout
		origin := len(ref.Y) - ref.H
		train, actual, forecast := ref.Y[:origin], ref.Y[origin:], m.Mean
		if row[2] == "Training set" {
			actual, forecast = nil, nil
			for i, f := range m.Fitted {
				if f != nil {
					actual, forecast = append(actual, train[i]), append(forecast, *f)
				}
			}
		}
		if len(forecast) == 0 {
			t.Errorf("%v: no forecast", row[:3])
			continue
		}
		r, err := series.Measure(train, actual, forecast, ref.Freq)
		if err != nil {
			t.Errorf("%v: %v", row[:3], err)
			continue
		}
		zeros := false
		for _, v := range actual {
			zeros = zeros || v == 0
		}
		for i, got := range []series.Figure{r.ME, r.RMSE, r.MAE, r.MPE, r.MAPE, r.MASE, r.ACF1, r.TheilU2} {
			name, text := rows[0][3+i], strings.TrimSpace(row[3+i])
			want, err := strconv.ParseFloat(text, 64)
			switch {
			case text == "NA": // Theil's U of a fit: R leaves it out
			case zeros && (strings.HasPrefix(name, "M") && strings.HasSuffix(name, "PE") || name == "Theil.s.U"):
				// Where an actual is zero R has an infinity, or what it leads to: a Theil's U of 0.
				if got.OK() {
					t.Errorf("%v %s: got %v of actuals with zeros", row[:3], name, got.Value)
				}
			case err != nil || !got.OK() || math.Abs(got.Value-want) > 1e-9*max(math.Abs(want), r.MAE.Value/1e3):
				t.Errorf("%v %s: got %+v, want %s", row[:3], name, got, text)
			default:
				checked++
			}
		}
	}
	if checked < 2900 {
		t.Errorf("only %d figures were compared", checked)
	}
}

// Rolling origins, residual tests and comparisons by R's forecast 8.20 (tsCV, dm.test) and stats (Box.test) on 13 series.
func TestE42_backtestsAndTestsOfR(t *testing.T) {
	for _, name := range accSeries() {
		var ref struct {
			Y      []float64 `json:"y"`
			Models map[string]struct {
				Full struct {
					Fitted []*float64 `json:"fitted"`
				} `json:"full"`
			} `json:"models"`
			LB struct{ Stat, P float64 } `json:"ljung_box_naive_resid_lag10"`
			CV map[string]struct {
				Initial   int
				RMSE, MAE []float64
				N         []int
			} `json:"tsCV"`
			DM  map[string]struct{ Stat, P float64 } `json:"dm_naive_vs_holtsimple"`
			DM3 struct{ Stat, P float64 }            `json:"dm_h3_power2"`
		}
		accJSON(t, "reference_"+name+".json", &ref)

		// R forecasts from every origin, so that the last ones lack the later steps: a horizon at a time here.
		methods := map[string]series.Method{"naive": series.Naive(), "drift": accDrift}
		if len(ref.CV) == 0 {
			t.Errorf("%s: no backtests", name)
		}
		for method, want := range ref.CV {
			for i := range want.N {
				folds, err := series.Backtest(ref.Y, methods[method], series.BacktestOptions{First: want.Initial + 1, Horizon: i + 1})
				if err != nil || len(folds) != want.N[i] {
					t.Fatalf("%s %s: %d folds, want %d: %v", name, method, len(folds), want.N[i], err)
				}
				a, f, err := series.Pool(folds, i+1)
				if err != nil {
					t.Fatal(err)
				}
				rmse, err := series.RMSE(a, f)
				accNear(t, name+" RMSE of "+method, rmse, want.RMSE[i], 1e-9, err)
				mae, err := series.MAE(a, f)
				accNear(t, name+" MAE of "+method, mae, want.MAE[i], 1e-9, err)
			}
		}

		var a, naive, holt, residuals []float64
		for i, f := range ref.Models["naive"].Full.Fitted {
			if g := ref.Models["holt_simple"].Full.Fitted[i]; f != nil && g != nil {
				a, naive, holt = append(a, ref.Y[i]), append(naive, *f), append(holt, *g)
				residuals = append(residuals, ref.Y[i]-*f)
			}
		}
		lb, err := series.LjungBox(residuals, 10, 0)
		accNear(t, name+" Ljung-Box", lb.Statistic, ref.LB.Stat, 1e-9, err)
		if math.Abs(lb.P-ref.LB.P) > 1e-9*ref.LB.P+1e-15 { // R subtracts from 1
			t.Errorf("%s: P of Ljung-Box: got %v, want %v", name, lb.P, ref.LB.P)
		}
		for power := 1; power <= 2; power++ {
			got, err := series.DieboldMariano(a, naive, holt, 1, float64(power))
			want := ref.DM["power"+strconv.Itoa(power)]
			accNear(t, name+" DM", got.Statistic, want.Stat, 1e-9, err)
			accNear(t, name+" DM p", got.P, want.P, 1e-9, err)
		}
		got, err := series.DieboldMariano(a, naive, holt, 3, 2)
		accNear(t, name+" DM at 3 steps", got.Statistic, ref.DM3.Stat, 1e-9, err)
		accNear(t, name+" DM p at 3 steps", got.P, ref.DM3.P, 1e-9, err)
		// In co2 the variance is negative, and R falls back to one step.
		if want := map[bool]int{true: 0, false: 2}[name == "co2"]; got.Lags != want {
			t.Errorf("%s: DM used %d lags, want %d", name, got.Lags, want)
		}
	}
}

// The forecasts that the M4 competition published for its benchmarks, scored: the table of Makridakis, Spiliotis and
// Assimakopoulos (2020), to its three decimals. MASE and OWA need the training data, which is here for the weekly and hourly series.
func TestE43_M4(t *testing.T) {
	methods := []string{"Naive", "sNaive", "Naive2", "SES"}
	var forecasts [4]map[string][]float64
	for i, m := range methods {
		forecasts[i] = accRows(t, "forecast/m4/m4_forecasts_"+m+".csv.gz")
	}
	var cases []series.Case
	for _, f := range []struct {
		frequency     string
		season, count int
		train         bool
	}{{"Yearly", 1, 23000, false}, {"Quarterly", 4, 24000, false}, {"Weekly", 1, 359, true}, {"Hourly", 24, 414, true}} {
		actuals := accRows(t, "forecast/m4/"+f.frequency+"-test.csv.gz")
		var trains map[string][]float64
		if f.train {
			trains = accRows(t, "forecast/m4/"+f.frequency+"-train.csv.gz")
		}
		for i := range f.count {
			id := f.frequency[:1] + strconv.Itoa(i+1)
			c := series.Case{Group: f.frequency, Season: f.season, Train: trains[id], Actual: actuals[id]}
			for k, m := range methods {
				c.Entries = append(c.Entries, series.Entry{Method: m, Mean: forecasts[k][id]})
			}
			cases = append(cases, c)
		}
	}
	standings, err := series.Compare(cases, "Naive2")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[[2]string]series.Standing{}
	for _, s := range standings {
		byName[[2]string{s.Method, s.Group}] = s
	}

	rows, err := csv.NewReader(accOpen(t, "forecast/m4/m4_published_point.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, row := range rows[1:] { // method, type, measure, group_by, group, value
		s, ok := byName[[2]string{row[0], row[4]}]
		if !ok || row[3] != "frequency" {
			continue
		}
		got := map[string]series.Figure{"sMAPE": s.SMAPE, "MASE": s.MASE, "OWA": s.OWA}[row[2]]
		if row[2] != "sMAPE" && s.Scaled == 0 {
			if got.OK() {
				t.Errorf("%s %s %s: got %v without training data", row[0], row[4], row[2], got.Value)
			}
			continue
		}
		want, err := strconv.ParseFloat(row[5], 64)
		if err != nil || !got.OK() || math.Abs(got.Value-want) > 0.0005+1e-9 {
			t.Errorf("%s %s %s: got %+v, want %s", row[0], row[4], row[2], got, row[5])
		}
		checked++
	}
	if want := 4 * (4 + 2 + 2); checked != want {
		t.Errorf("%d figures were compared, want %d", checked, want)
	}
	accM4Intervals(t, cases[len(cases)-359-414:])
}

// accM4Intervals scores the competition's 95 % intervals of the naive forecast, which can be computed where there is training data.
func accM4Intervals(t *testing.T, cases []series.Case) {
	t.Helper()
	for i := range cases {
		c := &cases[i]
		f, err := series.Naive()(c.Train, len(c.Actual))
		if err != nil {
			t.Fatal(err)
		}
		lo, hi, err := f.Interval(0.95)
		if err != nil {
			t.Fatal(err)
		}
		c.Entries = []series.Entry{{Method: "Naive", Mean: f.Mean, Interval: series.Interval{Level: 0.95, Lo: lo, Hi: hi}}}
	}
	standings, err := series.Compare(cases, "")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		group     string
		msis, acd float64
	}{{"Weekly", 26.358, 0.001}, {"Hourly", 71.245, 0.011}} {
		s := standings[i]
		if s.Group != want.group || !s.MSIS.OK() || !s.ACD.OK() ||
			math.Abs(s.MSIS.Value-want.msis) > 0.0005+1e-9 || math.Abs(s.ACD.Value-want.acd) > 0.0005+1e-9 {
			t.Errorf("got %s MSIS %+v, ACD %+v; want %+v", s.Group, s.MSIS, s.ACD, want)
		}
	}
}

// The forecasts of the 24 methods submitted to the M3 competition (Makridakis and Hibon 2000), scored by another program: sMAPE over
// all points and as a mean of series, and MASE, for four frequencies and for all 3,003 series. The two methods AAM entered for
// the quarterly and monthly series only.
func TestE44_M3(t *testing.T) {
	z, err := gzip.NewReader(accOpen(t, "forecast/m3/m3.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []series.Case
	place := map[string]int{}
	for decoder := json.NewDecoder(z); ; {
		var s struct {
			ID     string    `json:"id"`
			Period string    `json:"period"`
			Freq   int       `json:"freq"`
			X      []float64 `json:"x"`
			XX     []float64 `json:"xx"`
		}
		if err := decoder.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		place[s.ID] = len(cases)
		cases = append(cases, series.Case{Group: s.Period, Season: s.Freq, Train: s.X, Actual: s.XX})
	}
	if z, err = gzip.NewReader(accOpen(t, "forecast/m3/m3_forecasts_24methods.csv.gz")); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Scan() // the header
	for lines.Scan() {
		method, rest, _ := strings.Cut(lines.Text(), ",")
		id, rest, _ := strings.Cut(rest, ",")
		if mean := accNumbers(rest); mean != nil {
			c := &cases[place[id]]
			c.Entries = append(c.Entries, series.Entry{Method: method, Mean: mean})
		}
	}
	var part []series.Case
	for i, c := range cases {
		if len(c.Entries) == 24 {
			part = append(part, c)
			cases[i].Entries = c.Entries[:22] // without the two, which come last
		}
	}
	byName := map[[2]string]series.Standing{}
	for _, list := range [][]series.Case{part, cases} {
		standings, err := series.Compare(list, "NAIVE2")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range standings {
			byName[[2]string{s.Method, s.Group}] = s
		}
	}

	rows, err := csv.NewReader(accOpen(t, "forecast/m3/m3_accuracy_from_forecasts.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] { // method, period, n, smape_all_points, smape_mean_of_series, mase_mean_of_series, …
		if strings.TrimSpace(row[2]) == "0" {
			continue
		}
		s, ok := byName[[2]string{row[0], strings.TrimSuffix(row[1], "ALL")}]
		if !ok || strconv.Itoa(s.Series) != strings.TrimSpace(row[2]) {
			t.Errorf("%s %s: %d series, want %s", row[0], row[1], s.Series, row[2])
		}
		for i, got := range []series.Figure{s.SMAPEPoints, s.SMAPE, s.MASE} {
			want, err := strconv.ParseFloat(strings.TrimSpace(row[3+i]), 64)
			if err != nil || !got.OK() || math.Abs(got.Value-want) > 1e-10*want {
				t.Errorf("%s %s %s: got %+v, want %s", row[0], row[1], rows[0][3+i], got, row[3+i])
			}
		}
	}
	if want := 22*5 + 2*3; len(byName) != want || len(rows)-1 < want {
		t.Errorf("%d standings and %d reference rows, want %d", len(byName), len(rows)-1, want)
	}
}

// accNear checks a result against a reference, relative to its size.
func accNear(t *testing.T, name string, got, want, tolerance float64, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if !(math.Abs(got-want) <= tolerance*max(math.Abs(want), 1e-3)) {
		t.Errorf("%s: got %.16g, want %.16g (off by %.2g)", name, got, want, got-want)
	}
}

// accDrift forecasts along the line through the first and the last value.
func accDrift(y []float64, h int) (series.Forecast, error) {
	n := len(y)
	if n < 2 {
		return series.Forecast{}, errors.New("too short")
	}
	f := series.Forecast{Mean: make([]float64, h)}
	for k := range f.Mean {
		f.Mean[k] = y[n-1] + float64(k+1)*(y[n-1]-y[0])/float64(n-1)
	}
	return f, nil
}

func accSeries() []string {
	return []string{
		"AirPassengers", "JohnsonJohnson", "LakeHuron", "Nile", "UKgas", "USAccDeaths", "WWWusage", "co2", "discoveries", "ldeaths",
		"lynx", "nhtemp", "nottem",
	}
}

func accJSON(t *testing.T, name string, v any) {
	t.Helper()
	if err := json.NewDecoder(accOpen(t, "forecast/reference/"+name)).Decode(v); err != nil {
		t.Fatal(name, err)
	}
}

func accOpen(t testing.TB, name string) io.Reader {
	t.Helper()
	data, err := os.ReadFile(testenv.Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(data)
}

// accRows reads rows of a name and its numbers.
func accRows(t *testing.T, name string) map[string][]float64 {
	t.Helper()
	z, err := gzip.NewReader(accOpen(t, name))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]float64{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		id, rest, _ := strings.Cut(lines.Text(), ",")
		rows[strings.Trim(id, `"`)] = accNumbers(rest)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// accNumbers reads numbers up to the first cell that is none: the end of a short row, or a header.
func accNumbers(cells string) (values []float64) {
	for cells != "" {
		var cell string
		cell, cells, _ = strings.Cut(cells, ",")
		v, err := strconv.ParseFloat(strings.Trim(cell, `"`), 64)
		if err != nil {
			break
		}
		values = append(values, v)
	}
	return values
}
