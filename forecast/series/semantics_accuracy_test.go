package series_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/forecast/series"
)

func TestAccuracy_values(t *testing.T) {
	for _, c := range []struct {
		name string
		got  func() (float64, error)
		want float64
	}{
		{"ME is positive for a forecast that is too low", func() (float64, error) { return series.ME([]float64{10, 20}, []float64{8, 16}) }, 3},
		{"Bias is negative for a forecast that is too low", func() (float64, error) { return series.Bias([]float64{10, 20}, []float64{8, 16}) }, -20},
		{"Bias is positive for a forecast that is too high, of a negative total too", func() (float64, error) { return series.Bias([]float64{-30, 20}, []float64{-20, 20}) }, 100},
		{"MPE turns its sign with the actual", func() (float64, error) { return series.MPE([]float64{-10}, []float64{-8}) }, 20},
		{"RMSE does not overflow", func() (float64, error) { return series.RMSE([]float64{3e200, 0}, []float64{0, 3e200}) }, 3e200},
		{"RMSE does not underflow", func() (float64, error) { return series.RMSE([]float64{3e-200, 0}, []float64{0, 3e-200}) }, 3e-200},
		{"twice the actual, over the actual", func() (float64, error) { return series.AccuracyOverActual([]float64{50}, []float64{100}) }, 0},
		{"half the actual, over the actual", func() (float64, error) { return series.AccuracyOverActual([]float64{50}, []float64{25}) }, 50},
		{"thrice the actual, over the actual", func() (float64, error) { return series.AccuracyOverActual([]float64{50}, []float64{150}) }, -100},
		{"twice the actual, over the forecast", func() (float64, error) { return series.AccuracyOverForecast([]float64{50}, []float64{100}) }, 50},
		{"half the actual, over the forecast", func() (float64, error) { return series.AccuracyOverForecast([]float64{50}, []float64{25}) }, 0},
		{"SMAPE of 0 and 0 is a hit", func() (float64, error) { return series.SMAPE([]float64{0, 3}, []float64{0, 1}) }, 50},
		{"SMAPE of 0 and anything is 200", func() (float64, error) { return series.SMAPE([]float64{0}, []float64{1e-9}) }, 200},
		{"SMAPE of values whose sum overflows", func() (float64, error) { return series.SMAPE([]float64{1.5e308}, []float64{0.5e308}) }, 100},
		{"GMRAE with an exact forecast", func() (float64, error) { return series.GMRAE([]float64{1, 2}, []float64{1, 9}, []float64{2, 3}) }, 0},
		{"the bounds are inside", func() (float64, error) {
			return series.Coverage([]float64{1, 2, 2.1}, series.Interval{Level: 0.5, Lo: []float64{1, 1, 1}, Hi: []float64{2, 2, 2}})
		}, 2.0 / 3},
		{"WIS without intervals", func() (float64, error) { return series.WIS([]float64{1, 2}, []float64{3, 2}) }, 1},
	} {
		if got, err := c.got(); err != nil || !(math.Abs(got-c.want) <= 1e-12*math.Abs(c.want)) {
			t.Errorf("%s: got %v (%v), want %v", c.name, got, err, c.want)
		}
	}
}

func TestAccuracy_faults(t *testing.T) {
	nan, huge := math.NaN(), math.MaxFloat64
	ok := []float64{1, 2, 4}
	zero := []float64{1, 0, 4}
	test := func(v series.Test, err error) error { return err }
	list := func(_ []float64, err error) error { return err }
	one := func(_ float64, err error) error { return err }
	in := func(level float64, lo, hi []float64) series.Interval {
		return series.Interval{Level: level, Lo: lo, Hi: hi}
	}
	for _, c := range []struct {
		name string
		err  error
		kind error
		path string
	}{
		{"unequal lengths", one(series.MAE(ok, ok[:2])), series.ErrInput, "forecast"},
		{"NaN in the actuals", one(series.MAE([]float64{1, nan}, []float64{1, 2})), series.ErrInput, "actual/1"},
		{"infinity in the forecast", one(series.RMSE([]float64{1}, []float64{math.Inf(-1)})), series.ErrInput, "forecast/0"},
		{"no values", one(series.ME(nil, nil)), series.ErrUndefined, "actual"},
		{"overflow of the result", one(series.MSE([]float64{1e200}, []float64{0})), series.ErrUndefined, "MSE"},
		{"overflow of the sum", one(series.MAE([]float64{huge, huge}, []float64{0, 0})), series.ErrUndefined, "MAE"},
		{"overflow of the denominator", one(series.WAPE([]float64{huge, huge}, []float64{huge, huge})), series.ErrUndefined, "WAPE"},
		{"overflow of the volume", one(series.Bias([]float64{huge, -huge, 1}, []float64{huge, -huge, 1})), series.ErrUndefined, "Bias"},
		{"MAPE of a zero", one(series.MAPE(zero, ok)), series.ErrUndefined, "actual/1"},
		{"MPE of a zero", one(series.MPE(zero, ok)), series.ErrUndefined, "actual/1"},
		{"MAPENonZero of zeros", func() error { _, _, err := series.MAPENonZero(zero[1:2], ok[:1]); return err }(), series.ErrUndefined, "actual"},
		{"Bias of a total of zero", one(series.Bias([]float64{2, -2}, ok[:2])), series.ErrUndefined, "actual"},
		{"Bias of a total that rounding keeps from zero", one(series.Bias([]float64{0.1, 0.2, -0.3}, ok)), series.ErrUndefined, "actual"},
		{"WAPE of zeros", one(series.WAPE([]float64{0, 0}, ok[:2])), series.ErrUndefined, "actual"},
		{"WQL of zeros", one(series.WQL([]float64{0, 0}, ok[:2], 0.5)), series.ErrUndefined, "actual"},
		{"accuracy over a forecast of zeros", one(series.AccuracyOverForecast(ok[:2], []float64{0, 0})), series.ErrUndefined, "forecast"},
		{"no season", one(series.Scale(ok, 0)), series.ErrInput, "m"},
		{"NaN in the training data", one(series.MASE([]float64{nan, 1}, ok, ok, 1)), series.ErrInput, "train/0"},
		{"training data of one season", one(series.Scale(ok, 3)), series.ErrTooShort, "train"},
		{"no training data", one(series.RMSSE(nil, ok, ok, 1)), series.ErrTooShort, "train"},
		{"constant training data", one(series.MASE([]float64{5, 5, 5}, ok, ok, 1)), series.ErrUndefined, "train"},
		{"perfectly seasonal training data", one(series.RMSSE([]float64{5, 7, 5, 7}, ok, ok, 2)), series.ErrUndefined, "train"},
		{"training data of zeros before the first sale", one(series.RMSSE([]float64{0, 0, 0, 7}, ok, ok, 1)), series.ErrTooShort, "train"},
		{"scale beyond the largest number", one(series.RMSSE([]float64{huge, -huge}, ok, ok, 1)), series.ErrUndefined, "RMSSE"},
		{"RelMAE to an exact benchmark", one(series.RelMAE(ok, zero, ok)), series.ErrUndefined, "benchmark"},
		{"RelMAE to a shorter benchmark", one(series.RelMAE(ok, ok, ok[:1])), series.ErrInput, "benchmark"},
		{"GMRAE where the benchmark is exact", one(series.GMRAE(ok, ok, zero)), series.ErrUndefined, "benchmark/0"},
		{"NaN in the benchmark", one(series.GMRAE(ok, ok, []float64{3, 4, nan})), series.ErrInput, "benchmark/2"},
		{"Theil's U2 of one value", one(series.TheilU2(ok[:1], ok[:1])), series.ErrUndefined, "actual"},
		{"Theil's U2 after a zero", one(series.TheilU2(zero, ok)), series.ErrUndefined, "actual/1"},
		{"Theil's U2 without change", one(series.TheilU2([]float64{3, 3}, ok[:2])), series.ErrUndefined, "actual"},
		{"Theil's U2 of changes beyond the largest number", one(series.TheilU2([]float64{1e-300, 1e300}, []float64{0, 1})), series.ErrUndefined, "TheilU2"},
		{"quantile 0", one(series.Pinball(ok, ok, 0)), series.ErrInput, "q"},
		{"quantile NaN", one(series.WQL(ok, ok, nan)), series.ErrInput, "q"},
		{"level in per cent", one(series.Coverage(ok, in(80, ok, ok))), series.ErrInput, "level"},
		{"a missing bound", one(series.Winkler(ok, in(0.8, ok, ok[:2]))), series.ErrInput, "hi"},
		{"missing bounds", one(series.ACD(ok, in(0.8, nil, nil))), series.ErrInput, "lo"},
		{"bounds exchanged", one(series.Winkler(ok, in(0.8, ok, zero))), series.ErrInput, "lo/1"},
		{"NaN as bound", one(series.Coverage(ok, in(0.8, []float64{1, nan, 1}, ok))), series.ErrInput, "lo/1"},
		{"an infinite bound", one(series.WIS(ok, ok, in(0.8, ok, []float64{2, 3, math.Inf(1)}))), series.ErrInput, "hi/2"},
		{"MSIS without a scale", one(series.MSIS(ok[:1], ok, in(0.8, ok, ok), 1)), series.ErrTooShort, "train"},
		{"an empty sample", one(series.CRPS(1, nil)), series.ErrUndefined, "sample"},
		{"a fair score of one member", one(series.CRPSFair(1, []float64{2})), series.ErrUndefined, "sample"},
		{"NaN in a sample", one(series.CRPS(1, []float64{2, nan})), series.ErrInput, "sample/1"},
		{"NaN as actual", one(series.CRPS(nan, ok)), series.ErrInput, "actual"},
		{"a negative sd", one(series.CRPSNormal(1, 2, -1)), series.ErrInput, "sd"},
		{"an infinite mean", one(series.CRPSNormal(1, math.Inf(1), 1)), series.ErrInput, "mean"},
		{"alpha 0", list(series.TriggSignal(ok, ok, 0)), series.ErrInput, "alpha"},
		{"tracking of nothing", list(series.TrackingSignal(nil, nil)), series.ErrUndefined, "actual"},
		{"power 0", test(series.DieboldMariano(ok, ok, zero, 1, 0)), series.ErrInput, "power"},
		{"0 steps ahead", test(series.DieboldMariano(ok, ok, zero, 0, 1)), series.ErrInput, "h"},
		{"as many steps as periods", test(series.DieboldMariano(ok, ok, zero, 3, 1)), series.ErrTooShort, "actual"},
		{"losses that differ by a constant", test(series.DieboldMariano(ok, []float64{1.25, 2.25, 4.25}, []float64{1.5, 2.5, 4.5}, 1, 1)), series.ErrUndefined, "DieboldMariano"},
		{"losses beyond the largest number", test(series.DieboldMariano(ok, []float64{1e200, 0, 0}, ok, 1, 2)), series.ErrUndefined, "DieboldMariano"},
		{"no lags", list(series.ACF(ok, 0)), series.ErrInput, "lags"},
		{"as many lags as values", list(series.ACF(ok, 3)), series.ErrTooShort, "x"},
		{"autocorrelation of a constant", list(series.ACF([]float64{0.1, 0.1, 0.1}, 1)), series.ErrUndefined, "x"},
		{"as many parameters as lags", test(series.LjungBox(ok, 2, 2)), series.ErrInput, "params"},
	} {
		e, is := errors.AsType[*series.Error](c.err)
		if !is || !errors.Is(c.err, c.kind) || e.Path != c.path || e.Msg == "" {
			t.Errorf("%s: got %v; want %v at %q", c.name, c.err, c.kind, c.path)
		} else if errors.Is(e.Err, series.ErrTooShort) && e.Need <= e.Have {
			t.Errorf("%s: needs %d, has %d", c.name, e.Need, e.Have)
		}
	}
}

func TestBacktest_faults(t *testing.T) {
	y := []float64{3, 1, 4, 1, 5, 9}
	own := errors.New("own")
	returns := func(f series.Forecast, err error) series.Method {
		return func([]float64, int) (series.Forecast, error) { return f, err }
	}
	for _, c := range []struct {
		name   string
		y      []float64
		method series.Method
		o      series.BacktestOptions
		kind   error
		path   string
	}{
		{"no values", nil, series.Naive(), series.BacktestOptions{}, series.ErrTooShort, "y"},
		{"one value", y[:1], series.Naive(), series.BacktestOptions{}, series.ErrTooShort, "y"},
		{"a horizon longer than the rest", y, series.Naive(), series.BacktestOptions{Horizon: 3, First: 4}, series.ErrTooShort, "y"},
		{"a negative step", y, series.Naive(), series.BacktestOptions{Step: -1}, series.ErrInput, "step"},
		{"a negative origin", y, series.Naive(), series.BacktestOptions{First: -1}, series.ErrInput, "first"},
		{"a horizon beyond all bounds", y, series.Naive(), series.BacktestOptions{Horizon: math.MaxInt}, series.ErrInput, "horizon"},
		{"an origin beyond all bounds", y, series.Naive(), series.BacktestOptions{First: math.MaxInt}, series.ErrTooShort, "y"},
		{"NaN", []float64{1, 2, math.NaN()}, series.Naive(), series.BacktestOptions{}, series.ErrInput, "y/2"},
		{"no method", y, nil, series.BacktestOptions{}, series.ErrInput, "method"},
		{"too few values for the method", y, series.SeasonalNaive(5), series.BacktestOptions{}, series.ErrTooShort, "origin/3"},
		{"an error of the caller's method", y, returns(series.Forecast{}, own), series.BacktestOptions{First: 2}, own, "origin/2"},
		{"too many forecasts", y, returns(series.Forecast{Mean: []float64{1, 2}}, nil), series.BacktestOptions{}, series.ErrInput, "origin/3"},
		{"too few scores", y, returns(series.Forecast{Mean: []float64{1, 2}, Scores: [][]float64{{1}}}, nil), series.BacktestOptions{Horizon: 2}, series.ErrInput, "origin/3"},
		{"too few standard deviations", y, returns(series.Forecast{Mean: []float64{1, 2}, SD: []float64{1}}, nil), series.BacktestOptions{Horizon: 2}, series.ErrInput, "origin/3"},
		{"NaN as forecast", y, returns(series.Forecast{Mean: []float64{math.NaN()}}, nil), series.BacktestOptions{}, series.ErrInput, "origin/3"},
	} {
		folds, err := series.Backtest(c.y, c.method, c.o)
		e, is := errors.AsType[*series.Error](err)
		if folds != nil || !is || !errors.Is(err, c.kind) || e.Path != c.path {
			t.Errorf("%s: got %v, want %v at %q", c.name, err, c.kind, c.path)
		} else if strings.Count(err.Error(), "series: ") != 1 {
			t.Errorf("%s: the package is named twice: %v", c.name, err)
		} else if errors.Is(c.kind, series.ErrTooShort) && e.Need <= e.Have {
			t.Errorf("%s: needs %d, has %d", c.name, e.Need, e.Have)
		}
	}

	folds, err := series.Backtest(y, series.Naive(), series.BacktestOptions{Step: math.MaxInt})
	if err != nil || len(folds) != 1 || folds[0].Origin != 3 {
		t.Errorf("an endless step: %v %v", folds, err)
	}
	if _, _, err := series.Pool(folds, 0); !errors.Is(err, series.ErrInput) {
		t.Errorf("step 0: %v", err)
	}
	folds[0].Actual = nil
	if _, _, err := series.Pool(folds); !errors.Is(err, series.ErrInput) {
		t.Errorf("a fold without actuals: %v", err)
	}
}

// Whatever a method of the caller's does to the values that it is given, the series stays as it is.
func TestBacktest_seriesIsSafe(t *testing.T) {
	y := []float64{3, 1, 4, 1, 5, 9}
	vandal := func(y []float64, _ int) (series.Forecast, error) {
		_ = append(y, 77)
		last := y[len(y)-1]
		y[0] = 0
		return series.Forecast{Mean: []float64{last}}, nil
	}
	folds, err := series.Backtest(y, vandal, series.BacktestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{3, 1, 4, 1, 5, 9}, y); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	actual, forecast, err := series.Pool(folds)
	if diff := cmp.Diff([][]float64{{1, 5, 9}, {4, 1, 5}}, [][]float64{actual, forecast}); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestSelect_faults(t *testing.T) {
	y := []float64{3, 1, 4, 1, 5, 9}
	naive := series.Named{Name: "naive", Method: series.Naive()}
	loss := series.LossOf(series.MAE)
	for _, c := range []struct {
		name    string
		y       []float64
		methods []series.Named
		loss    series.Loss
		kind    error
		path    string
	}{
		{"no methods", y, nil, loss, series.ErrInput, "methods"},
		{"no loss", y, []series.Named{naive}, nil, series.ErrInput, "loss"},
		{"a name twice", y, []series.Named{naive, naive}, loss, series.ErrInput, "methods/1/name"},
		{"no name", y, []series.Named{{Method: series.Naive()}}, loss, series.ErrInput, "methods/0/name"},
		{"no method", y, []series.Named{{Name: "naive"}}, loss, series.ErrInput, "methods/0/method"},
		{"one value", y[:1], []series.Named{naive}, loss, series.ErrTooShort, "y"},
		{"none left", y, []series.Named{{Name: "long", Method: series.SeasonalNaive(9)}}, loss, series.ErrUndefined, "methods"},
		{"a loss without a value", y, []series.Named{naive}, func(_, _, _ []float64) (float64, error) { return math.NaN(), nil }, series.ErrUndefined, "methods"},
	} {
		_, _, err := series.Select(c.y, c.methods, c.loss, series.BacktestOptions{})
		if e, is := errors.AsType[*series.Error](err); !is || !errors.Is(err, c.kind) || e.Path != c.path {
			t.Errorf("%s: got %v, want %v at %q", c.name, err, c.kind, c.path)
		}
	}
}

func TestCompare_faults(t *testing.T) {
	entry := func(method string, mean ...float64) series.Entry { return series.Entry{Method: method, Mean: mean} }
	within := func(level float64) series.Entry {
		return series.Entry{Method: "b", Mean: []float64{1}, Interval: series.Interval{Level: level, Lo: []float64{0}, Hi: []float64{3}}}
	}
	one := func(entries ...series.Entry) series.Case {
		return series.Case{Actual: []float64{2}, Entries: entries}
	}
	good := one(entry("a", 1), within(0.8))
	for _, c := range []struct {
		name  string
		cases []series.Case
		kind  error
		path  string
	}{
		{"no cases", nil, series.ErrInput, "cases"},
		{"no entries", []series.Case{one()}, series.ErrInput, "cases"},
		{"a method twice", []series.Case{one(entry("a", 1), entry("a", 1))}, series.ErrInput, "cases/0/entries/1/method"},
		{"the benchmark missing", []series.Case{one(entry("b", 1))}, series.ErrInput, "benchmark"},
		{"a method missing", []series.Case{good, one(entry("a", 1))}, series.ErrInput, "cases/1/entries"},
		{"a method twice instead of another", []series.Case{good, one(entry("a", 1), entry("a", 2))}, series.ErrInput, "cases/1/entries/1/method"},
		{"another method", []series.Case{good, one(entry("a", 1), entry("c", 2))}, series.ErrInput, "cases/1/entries/1/method"},
		{"a missing interval", []series.Case{good, one(entry("a", 1), entry("b", 2))}, series.ErrInput, "cases/1/entries/1/interval"},
		{"another level", []series.Case{good, one(entry("a", 1), within(0.9))}, series.ErrInput, "cases/1/entries/1/interval/level"},
		{"a level in per cent", []series.Case{one(entry("a", 1), within(80))}, series.ErrInput, "cases/0/entries/1/interval/level"},
		{"a short forecast", []series.Case{one(entry("a"), within(0.8))}, series.ErrInput, "cases/0/entries/0/mean"},
		{"no actuals", []series.Case{{Entries: []series.Entry{entry("a")}}}, series.ErrUndefined, "cases/0/actual"},
		{"a negative season", []series.Case{{Season: -1, Actual: []float64{2}, Entries: good.Entries}}, series.ErrInput, "cases/0/m"},
		{"NaN in the training data", []series.Case{{Train: []float64{math.NaN()}, Actual: []float64{2}, Entries: good.Entries}}, series.ErrInput, "cases/0/train/0"},
	} {
		standings, err := series.Compare(c.cases, "a")
		if e, is := errors.AsType[*series.Error](err); standings != nil || !is || !errors.Is(err, c.kind) || e.Path != c.path {
			t.Errorf("%s: got %v, want %v at %q", c.name, err, c.kind, c.path)
		}
	}
}

func TestCompare_benchmarkWithoutError(t *testing.T) {
	standings, err := series.Compare([]series.Case{{Train: []float64{1, 2}, Actual: []float64{3}, Entries: []series.Entry{
		{Method: "a", Mean: []float64{2}}, {Method: "b", Mean: []float64{3}},
	}}}, "b")
	if err != nil || standings[0].OWA.OK() || standings[1].OWA.OK() || standings[1].MASE != (series.Figure{}) {
		t.Errorf("%+v %v", standings, err)
	}
}

// A figure that overflows in one case is undefined; the others are not.
func TestCompare_overflow(t *testing.T) {
	cases := []series.Case{
		{Group: "small", Train: []float64{1, 2}, Actual: []float64{3}, Entries: []series.Entry{{Method: "a", Mean: []float64{2}}}},
		{Group: "huge", Train: []float64{1, 2}, Actual: []float64{1e308}, Entries: []series.Entry{{Method: "a", Mean: []float64{-1e308}}}},
		{Train: []float64{1, 2}, Actual: []float64{3}, Entries: []series.Entry{{Method: "a", Mean: []float64{3}}}},
	}
	standings, err := series.Compare(cases, "")
	if err != nil || len(standings) != 3 {
		t.Fatal(standings, err)
	}
	for i, ok := range []bool{true, false, false} {
		s := standings[i]
		if s.MASE.OK() != ok || s.WAPE.OK() != ok || s.Bias.OK() != ok || !s.SMAPE.OK() || s.OWA.OK() {
			t.Errorf("%q: %+v", s.Group, s)
		}
	}
	if s := standings[2]; s.Series != 3 || s.Points != 3 || s.Scaled != 3 || s.MASE.Value != 0 || math.Abs(s.SMAPE.Value-80) > 1e-9 {
		t.Errorf("overall: %+v", s)
	}
}

func TestFigure_JSON(t *testing.T) {
	for _, c := range []struct {
		figure series.Figure
		want   string
	}{
		{series.Figure{Value: 1.5}, `{"value":1.5}`},
		{series.Figure{}, `{"value":0}`},
		{series.Figure{Undefined: "no actuals"}, `{"value":null,"undefined":"no actuals"}`},
	} {
		got, err := json.Marshal(c.figure)
		if err != nil || string(got) != c.want {
			t.Errorf("got %s (%v), want %s", got, err, c.want)
		}
		var back series.Figure
		if err := json.Unmarshal(got, &back); err != nil || back != c.figure {
			t.Errorf("%s comes back as %+v: %v", got, back, err)
		}
	}
	if got := (series.Figure{Undefined: "no actuals"}).Text(2); got != "-" {
		t.Errorf("an undefined figure is written %q", got)
	}
	if got := (series.Figure{Value: 12.345}).Text(1); got != "12.3" {
		t.Errorf("12.345 is written %q", got)
	}
}
