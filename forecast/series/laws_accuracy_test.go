package series_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// accMetric is a metric of two series.
type accMetric struct {
	name string
	of   func(actual, forecast []float64) (float64, error)
}

// accSizes are the metrics that measure how far off a forecast is; 7 is a season for those that need training data.
func accSizes() []accMetric {
	return []accMetric{
		{"MAE", series.MAE},
		{"MSE", series.MSE},
		{"RMSE", series.RMSE},
		{"MAPE", series.MAPE},
		{"SMAPE", series.SMAPE},
		{"WAPE", series.WAPE},
		{"MASE", func(a, f []float64) (float64, error) { return series.MASE(accTrain(), a, f, 2) }},
		{"RMSSE", func(a, f []float64) (float64, error) { return series.RMSSE(accTrain(), a, f, 2) }},
		{"Pinball", func(a, f []float64) (float64, error) { return series.Pinball(a, f, 0.3) }},
		{"WQL", func(a, f []float64) (float64, error) { return series.WQL(a, f, 0.8) }},
		{"WIS", func(a, f []float64) (float64, error) { return series.WIS(a, f) }},
	}
}

// accSigned are the metrics that can be negative.
func accSigned() []accMetric {
	return []accMetric{
		{"ME", series.ME},
		{"Bias", series.Bias},
		{"MPE", series.MPE},
		{"AccuracyOverActual", series.AccuracyOverActual},
		{"AccuracyOverForecast", series.AccuracyOverForecast},
	}
}

// accOrdered are the metrics for which the order in time matters.
func accOrdered() []accMetric {
	last := func(v []float64, err error) (float64, error) {
		if err != nil {
			return 0, err
		}
		return v[len(v)-1], nil
	}
	return []accMetric{
		{"TheilU2", series.TheilU2},
		{"TrackingSignal", func(a, f []float64) (float64, error) { return last(series.TrackingSignal(a, f)) }},
		{"TriggSignal", func(a, f []float64) (float64, error) { return last(series.TriggSignal(a, f, 0.2)) }},
	}
}

func accTrain() []float64 { return []float64{0, 0, 3, 5, 4, 4, 7} }

// accValues draws n numbers of two decimals, zeros and negative ones among them.
func accValues(t *rapid.T, name string, n int) []float64 {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(-30_000, 100_000), func(i int) float64 { return float64(i) / 100 }), n, n).Draw(t, name)
}

// accPositive draws n numbers above zero.
func accPositive(t *rapid.T, name string, n int) []float64 {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 100_000), func(i int) float64 { return float64(i) / 100 }), n, n).Draw(t, name)
}

func accClose(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

func accMust(t *rapid.T) func(v float64, err error) float64 {
	return func(v float64, err error) float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestMetrics_zeroIfEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(1, 12).Draw(t, "n")
		a := accPositive(t, "actual", n)
		f := slices.Clone(a)
		for _, m := range accSizes() {
			if v := must(m.of(a, f)); v != 0 {
				t.Errorf("%s of equal series: %v", m.name, v)
			}
		}
		f[rapid.IntRange(0, n-1).Draw(t, "at")] += rapid.SampledFrom([]float64{-1e-3, 0.5, 900}).Draw(t, "off")
		for _, m := range accSizes() {
			if v := must(m.of(a, f)); !(v > 0) {
				t.Errorf("%s of unequal series: %v", m.name, v)
			}
		}
	})
}

func TestMetrics_orderOfPairsIrrelevant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		a, f := accValues(t, "actual", n), accValues(t, "forecast", n)
		order := rapid.Permutation(accRange(n)).Draw(t, "order")
		b, g := make([]float64, n), make([]float64, n)
		for i, at := range order {
			b[i], g[i] = a[at], f[at]
		}
		for _, m := range append(accSizes(), accSigned()...) {
			v, err := m.of(a, f)
			w, err2 := m.of(b, g)
			if (err == nil) != (err2 == nil) || !accClose(v, w) {
				t.Errorf("%s: %v (%v), in another order %v (%v)", m.name, v, err, w, err2)
			}
		}
	})
}

func TestMetrics_units(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(2, 12).Draw(t, "n")
		a, f, train := accPositive(t, "actual", n), accValues(t, "forecast", n), append(accValues(t, "train", 5), 2000, 3000)
		unit := rapid.SampledFrom([]float64{0.001, 0.5, 12, 1e6}).Draw(t, "unit")
		times := func(v []float64) []float64 {
			w := make([]float64, len(v))
			for i := range v {
				w[i] = unit * v[i]
			}
			return w
		}
		for _, m := range []accMetric{
			{"Bias", series.Bias},
			{"MAPE", series.MAPE},
			{"MPE", series.MPE},
			{"SMAPE", series.SMAPE},
			{"WAPE", series.WAPE},
			{"AccuracyOverActual", series.AccuracyOverActual},
		} {
			if v, w := must(m.of(a, f)), must(m.of(times(a), times(f))); !accClose(v, w) {
				t.Errorf("%s: %v, in units of %v: %v", m.name, v, unit, w)
			}
		}
		for _, m := range accOrdered() {
			v, err := m.of(a, f)
			w, err2 := m.of(times(a), times(f))
			if (err == nil) != (err2 == nil) || !accClose(v, w) {
				t.Errorf("%s: %v, in units of %v: %v", m.name, v, unit, w)
			}
		}
		for _, m := range []accMetric{{"ME", series.ME}, {"MAE", series.MAE}, {"RMSE", series.RMSE}} {
			if v, w := must(m.of(a, f)), must(m.of(times(a), times(f))); !accClose(unit*v, w) {
				t.Errorf("%s: %v, in units of %v: %v", m.name, v, unit, w)
			}
		}
		for name, of := range map[string]func(train, a, f []float64, m int) (float64, error){"MASE": series.MASE, "RMSSE": series.RMSSE} {
			if v, w := must(of(train, a, f, 1)), must(of(times(train), times(a), times(f), 1)); !accClose(v, w) {
				t.Errorf("%s: %v, in units of %v: %v", name, v, unit, w)
			}
		}
	})
}

func TestMetrics_bounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(1, 12).Draw(t, "n")
		a, f := accValues(t, "actual", n), accValues(t, "forecast", n)
		me, mae, rmse, mse := must(series.ME(a, f)), must(series.MAE(a, f)), must(series.RMSE(a, f)), must(series.MSE(a, f))
		if math.Abs(me) > mae*(1+1e-12) || mae > rmse*(1+1e-12) || !accClose(rmse*rmse, mse) {
			t.Errorf("|ME| %v, MAE %v, RMSE %v, MSE %v", me, mae, rmse, mse)
		}
		smape, other := must(series.SMAPE(a, f)), must(series.SMAPE(f, a))
		if smape < 0 || smape > 200 || smape != other {
			t.Errorf("SMAPE %v, of the pair exchanged %v", smape, other)
		}
		if bias, err := series.Bias(a, f); err == nil && bias*me > 0 {
			t.Errorf("Bias %v and ME %v have the same sign", bias, me)
		}
		if wape, err := series.WAPE(a, f); err == nil {
			if accuracy := must(series.AccuracyOverActual(a, f)); accuracy != 100-wape {
				t.Errorf("accuracy %v beside a WAPE of %v", accuracy, wape)
			}
			if over := must(series.AccuracyOverForecast(f, a)); over != 100-wape {
				t.Errorf("accuracy over forecast %v of the pair exchanged beside a WAPE of %v", over, wape)
			}
			if wql := must(series.WQL(a, f, 0.5)); !accClose(100*wql, wape) {
				t.Errorf("WQL of the median %v beside a WAPE of %v", wql, wape)
			}
		}
		if pinball := must(series.Pinball(a, f, 0.5)); !accClose(2*pinball, mae) {
			t.Errorf("Pinball of the median %v beside a MAE of %v", pinball, mae)
		}
		signal, err := series.TrackingSignal(a, f)
		must(0, err)
		for i, v := range signal {
			if math.Abs(v) > float64(i+1)*(1+1e-12) || i > 0 && math.Abs(v) > math.Abs(signal[i-1])+float64(i+1) {
				t.Errorf("tracking signal %v", signal)
			}
		}
		trigg, err := series.TriggSignal(a, f, rapid.SampledFrom([]float64{0.05, 0.2, 1}).Draw(t, "alpha"))
		must(0, err)
		if m := max(slices.Max(trigg), -slices.Min(trigg)); m > 1 {
			t.Errorf("Trigg's signal %v", trigg)
		}
	})
}

// MAPENonZero is MAPE of the pairs that MAPE can take.
func TestMAPENonZero_leavesOutZeros(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		a, f := accValues(t, "actual", n), accValues(t, "forecast", n)
		for i := range a {
			if rapid.Bool().Draw(t, "zero") {
				a[i] = 0
			}
		}
		var b, g []float64
		for i, v := range a {
			if v != 0 {
				b, g = append(b, v), append(g, f[i])
			}
		}
		want, err := series.MAPE(b, g)
		got, used, err2 := series.MAPENonZero(a, f)
		if got != want || used != len(b) || (err == nil) != (err2 == nil) {
			t.Errorf("got %v of %d (%v), want %v of %d (%v)", got, used, err2, want, len(b), err)
		}
		if _, err := series.MAPE(a, f); (err == nil) != (len(b) == n) || err != nil && !errors.Is(err, series.ErrUndefined) {
			t.Errorf("MAPE of actuals with zeros: %v", err)
		}
	})
}

// The seasonal naive forecast of the training data itself has a MASE and an RMSSE of 1, and a relative MAE to itself.
func TestScaled_seasonalNaiveIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(1, 4).Draw(t, "m")
		y := append(accValues(t, "y", m+rapid.IntRange(0, 8).Draw(t, "n")), 5000)
		y[0] = 1 // so that RMSSE leaves nothing out
		a, f := y[m:], y[:len(y)-m]
		must := accMust(t)
		for name, v := range map[string]float64{
			"MASE": must(series.MASE(y, a, f, m)), "RMSSE": must(series.RMSSE(y, a, f, m)), "RelMAE": must(series.RelMAE(a, f, f)),
		} {
			if !accClose(v, 1) {
				t.Errorf("%s of the seasonal naive forecast: %v", name, v)
			}
		}
		if zeros := append(make([]float64, 3), y...); !accClose(must(series.RMSSE(zeros, a, f, m)), 1) {
			t.Error("zeros before the first sale change RMSSE")
		}
	})
}

func TestRelative_naiveIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(2, 10).Draw(t, "n")
		a := append(accPositive(t, "actual", n), 2000)
		naive := append([]float64{0}, a[:n]...)
		if u := must(series.TheilU2(a, naive)); !accClose(u, 1) {
			t.Errorf("Theil's U2 of the naive forecast: %v", u)
		}
		b := accPositive(t, "benchmark", n+1)
		f := accPositive(t, "forecast", n+1)
		for i := range b {
			b[i], f[i] = a[i]+b[i], a[i]-f[i]
		}
		if v, w := must(series.GMRAE(a, f, b)), must(series.GMRAE(a, b, f)); !accClose(v*w, 1) {
			t.Errorf("GMRAE %v, exchanged %v", v, w)
		}
		if v, w := must(series.RelMAE(a, f, b)), must(series.RelMAE(a, b, f)); !accClose(v*w, 1) {
			t.Errorf("RelMAE %v, exchanged %v", v, w)
		}
	})
}

// An empirical quantile has the least pinball loss of all constants.
func TestPinball_proper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(1, 15).Draw(t, "n")
		a := accValues(t, "actual", n)
		q := rapid.Float64Range(0.01, 0.99).Draw(t, "q")
		sorted := slices.Sorted(slices.Values(a))
		best := accConstant(sorted[int(math.Ceil(q*float64(n)))-1], n)
		other := accConstant(accValues(t, "other", 1)[0], n)
		if v, w := must(series.Pinball(a, best, q)), must(series.Pinball(a, other, q)); v > w+1e-9 {
			t.Errorf("loss %v of the %v-quantile %v, but %v of %v", v, q, best[0], w, other[0])
		}
	})
}

func TestIntervalScores_ofQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(1, 10).Draw(t, "n")
		a, median := accValues(t, "actual", n), accValues(t, "median", n)
		var ins []series.Interval
		sum := must(series.Pinball(a, median, 0.5))
		for k := range rapid.IntRange(0, 3).Draw(t, "k") {
			in := series.Interval{Level: rapid.Float64Range(0.05, 0.99).Draw(t, "level")}
			below, above := accPositive(t, "below", n), accPositive(t, "above", n)
			for i, m := range median {
				in.Lo, in.Hi = append(in.Lo, m-below[i]), append(in.Hi, m+above[i])
			}
			ins = append(ins, in)
			low, high := must(series.Pinball(a, in.Lo, (1-in.Level)/2)), must(series.Pinball(a, in.Hi, (1+in.Level)/2))
			sum += low + high
			score := must(series.Winkler(a, in))
			if want := 2 / (1 - in.Level) * (low + high); !accClose(score, want) {
				t.Errorf("interval %d: score %v, of the quantiles %v", k, score, want)
			}
			if width := must(series.ME(in.Hi, in.Lo)); score < width*(1-1e-12) {
				t.Errorf("interval %d: score %v is below the width %v", k, score, width)
			}
			share := must(series.Coverage(a, in))
			inside := 0.0
			for i, v := range a {
				if !(v < in.Lo[i] || v > in.Hi[i]) {
					inside++
				}
			}
			if share != inside/float64(n) {
				t.Errorf("interval %d: %v are inside, not %v", k, share, inside/float64(n))
			}
			if acd := must(series.ACD(a, in)); acd != math.Abs(share-in.Level) {
				t.Errorf("interval %d: ACD %v of a coverage of %v", k, acd, share)
			}
			train := []float64{1, 4, 0}
			if msis := must(series.MSIS(train, a, in, 1)); !accClose(msis*3.5, score) {
				t.Errorf("interval %d: MSIS %v of a score of %v", k, msis, score)
			}
		}
		// Bracher et al. (2021): the mean of twice the pinball losses of the 2K+1 quantiles.
		if wis, want := must(series.WIS(a, median, ins...)), 2*sum/float64(2*len(ins)+1); !accClose(wis, want) {
			t.Errorf("WIS %v, of the quantiles %v", wis, want)
		}
	})
}

// The scores of a sample by their definition, over all pairs.
func TestCRPS_bruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		n := rapid.IntRange(1, 12).Draw(t, "n")
		sample, actual := accValues(t, "sample", n), accValues(t, "actual", 1)[0]
		before := slices.Clone(sample)
		var off, pairs float64
		for _, x := range sample {
			off += math.Abs(x-actual) / float64(n)
			for _, y := range sample {
				pairs += math.Abs(x - y)
			}
		}
		got := must(series.CRPS(actual, sample))
		if want := off - pairs/float64(2*n*n); !accClose(got, want) || got < 0 {
			t.Errorf("CRPS %v, want %v", got, want)
		}
		fair, err := series.CRPSFair(actual, sample)
		if n == 1 {
			if !errors.Is(err, series.ErrUndefined) || got != off {
				t.Errorf("of one member: CRPS %v, want %v; fair %v %v", got, off, fair, err)
			}
		} else if want := off - pairs/float64(2*n*(n-1)); err != nil || !accClose(fair, want) {
			t.Errorf("fair CRPS %v, want %v: %v", fair, want, err)
		}
		if diff := cmp.Diff(before, sample); diff != "" {
			t.Errorf("CRPS changed its argument (-want +got):\n%s", diff)
		}
	})
}

// A large sample of a normal distribution scores what the distribution does.
func TestCRPSNormal_ofSample(t *testing.T) {
	const n = 4001
	sample := make([]float64, n)
	for i := range sample {
		sample[i] = 50 + 8*math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/n-1)
	}
	for _, actual := range []float64{-40, 37, 50, 51, 90} {
		want, err := series.CRPS(actual, sample)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := series.CRPSNormal(actual, 50, 8); err != nil || math.Abs(got-want) > 1e-3 {
			t.Errorf("at %v: got %v (%v), a sample scores %v", actual, got, err, want)
		}
	}
	for sd, want := range map[float64]float64{0: 3, 1e-320: 3, 1e-9: 3 - 1e-9/math.Sqrt(math.Pi)} {
		if got, err := series.CRPSNormal(53, 50, sd); err != nil || !accClose(got, want) {
			t.Errorf("sd %v: got %v, want %v: %v", sd, got, want, err)
		}
	}
}

func TestDieboldMariano_antisymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		h := rapid.IntRange(1, n-1).Draw(t, "h")
		power := rapid.SampledFrom([]float64{0.5, 1, 2}).Draw(t, "power")
		a, f, g := accValues(t, "actual", n), accValues(t, "first", n), accValues(t, "second", n)
		x, err := series.DieboldMariano(a, f, g, h, power)
		y, err2 := series.DieboldMariano(a, g, f, h, power)
		if (err == nil) != (err2 == nil) || x.Statistic != -y.Statistic || x.P != y.P || x.Lags != y.Lags {
			t.Errorf("%+v (%v), exchanged %+v (%v)", x, err, y, err2)
		}
		if err == nil && (x.P < 0 || x.P > 1 || x.DF != n-1 || x.Lags != 0 && x.Lags != h-1) {
			t.Errorf("%+v", x)
		}
		if _, err := series.DieboldMariano(a, f, f, h, power); !errors.Is(err, series.ErrUndefined) {
			t.Errorf("of a forecast with itself: %v", err)
		}
	})
}

func TestACF_bruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 15).Draw(t, "n")
		x := append(accValues(t, "x", n-1), 4000)
		lags := rapid.IntRange(1, n-1).Draw(t, "lags")
		acf, err := series.ACF(x, lags)
		if err != nil {
			t.Fatal(err)
		}
		mean, whole, q := 0.0, 0.0, 0.0
		for _, v := range x {
			mean += v / float64(n)
		}
		for _, v := range x {
			whole += (v - mean) * (v - mean)
		}
		for k := 1; k <= lags; k++ {
			part := 0.0
			for i := k; i < n; i++ {
				part += (x[i] - mean) * (x[i-k] - mean)
			}
			if !accClose(acf[k-1], part/whole) || math.Abs(acf[k-1]) > 1 {
				t.Errorf("lag %d: %v, want %v", k, acf[k-1], part/whole)
			}
			q += part / whole * part / whole / float64(n-k)
		}
		lb, err := series.LjungBox(x, lags, lags-1)
		if err != nil || !accClose(lb.Statistic, float64(n*(n+2))*q) || lb.DF != 1 || lb.Lags != lags || lb.P < 0 || lb.P > 1 {
			t.Errorf("Ljung-Box %+v (%v), want %v", lb, err, float64(n*(n+2))*q)
		}
	})
}

// Each fold is what the method forecasts of the values before its origin, and nothing after the origin changes it.
func TestBacktest_knowsOnlyThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 20).Draw(t, "n")
		y := accValues(t, "y", n)
		o := series.BacktestOptions{Horizon: rapid.IntRange(0, 3).Draw(t, "horizon"), Step: rapid.IntRange(0, 4).Draw(t, "step")}
		h, origin, step := max(o.Horizon, 1), (n+1)/2, max(o.Step, 1)
		if rapid.Bool().Draw(t, "from") {
			origin = rapid.IntRange(2, n-h).Draw(t, "first") // two values make a drift
			o.First = origin
		}
		folds, err := series.Backtest(y, accDrift, o)
		if err != nil {
			t.Fatal(err)
		}
		var actual, forecast []float64
		for i, f := range folds {
			want, err := accDrift(slices.Clone(y[:origin]), h)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(series.Fold{Origin: origin, Actual: y[origin : origin+h], Forecast: want}, f); diff != "" {
				t.Errorf("fold %d (-want +got):\n%s", i, diff)
			}
			actual, forecast = append(actual, f.Actual...), append(forecast, f.Forecast.Mean...)
			origin += step
		}
		if origin <= n-h {
			t.Errorf("no fold at %d", origin)
		}
		a, f, err := series.Pool(folds)
		if err != nil || !slices.Equal(a, actual) || !slices.Equal(f, forecast) {
			t.Errorf("Pool: %v %v %v", a, f, err)
		}
		a, f, err = series.Pool(folds, h, h+1)
		if err != nil || len(a) != len(folds) || a[0] != folds[0].Actual[h-1] || f[0] != folds[0].Forecast.Mean[h-1] {
			t.Errorf("Pool of step %d: %v %v %v", h, a, f, err)
		}
	})
}

// Select is the first minimum of the mean losses.
func TestSelect_bruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := accPositive(t, "y", rapid.IntRange(6, 16).Draw(t, "n"))
		o := series.BacktestOptions{Horizon: rapid.IntRange(1, 3).Draw(t, "horizon"), First: 3}
		needs20 := func(y []float64, h int) (series.Forecast, error) {
			return series.SeasonalNaive(20)(y, h)
		}
		methods := rapid.Permutation([]series.Named{
			{Name: "naive", Method: series.Naive()},
			{Name: "naive again", Method: series.Naive()},
			{Name: "drift", Method: accDrift},
			{Name: "seasonal", Method: series.SeasonalNaive(2)},
			{Name: "long", Method: needs20},
		}).Draw(t, "methods")
		best, scores, err := series.Select(y, methods, series.LossOf(series.WAPE), o)
		if err != nil {
			t.Fatal(err)
		}
		want, least := "", math.Inf(1)
		for i, m := range methods {
			folds, err := series.Backtest(y, m.Method, o)
			sum := 0.0
			for _, f := range folds {
				v, err := series.WAPE(f.Actual, f.Forecast.Mean)
				if err != nil {
					t.Fatal(err)
				}
				sum += v / float64(len(folds))
			}
			if scores[i].Name != m.Name || scores[i].Folds != len(folds) || scores[i].Loss.OK() != (err == nil) || !accClose(scores[i].Loss.Value, sum) {
				t.Errorf("%s: %+v, want %v (%v)", m.Name, scores[i], sum, err)
			}
			if err == nil && scores[i].Loss.Value < least {
				want, least = m.Name, scores[i].Loss.Value
			}
		}
		if best.Name != want || best.Method == nil {
			t.Errorf("chose %s of %+v, want %s", best.Name, scores, want)
		}
	})
}

// A standing is made of the metrics of its cases; groups do not mix.
func TestCompare_bruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		must := accMust(t)
		var cases []series.Case
		for range rapid.IntRange(1, 5).Draw(t, "cases") {
			n := rapid.IntRange(1, 4).Draw(t, "n")
			c := series.Case{
				Group:  rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "group"),
				Season: rapid.IntRange(0, 2).Draw(t, "m"), Train: accPositive(t, "train", rapid.IntRange(0, 5).Draw(t, "T")), Actual: accPositive(t, "actual", n),
			}
			for _, method := range rapid.Permutation([]string{"naive2", "ours"}).Draw(t, "order") {
				e := series.Entry{Method: method, Mean: accPositive(t, method, n)}
				if method == "ours" {
					e.Interval = series.Interval{Level: 0.8, Lo: accConstant(200, n), Hi: accConstant(900, n)}
				}
				c.Entries = append(c.Entries, e)
			}
			cases = append(cases, c)
		}
		before, err := json.Marshal(cases)
		must(0, err)
		standings, err := series.Compare(cases, "naive2")
		must(0, err)
		if after, err := json.Marshal(cases); err != nil || string(after) != string(before) {
			t.Errorf("Compare changed its argument: %v", err)
		}

		groups := []string{}
		for _, c := range cases {
			if c.Group != "" && !slices.Contains(groups, c.Group) {
				groups = append(groups, c.Group)
			}
		}
		var want []series.Standing
		for _, g := range append(groups, "") {
			var benchmark series.Standing
			rows := map[string]series.Standing{}
			for _, method := range []string{"naive2", "ours"} {
				s := series.Standing{Group: g, Method: method}
				var smape, points, mase, msis, coverage float64
				var actual, forecast []float64
				for _, c := range cases {
					if g != "" && c.Group != g {
						continue
					}
					e := c.Entries[slices.IndexFunc(c.Entries, func(e series.Entry) bool { return e.Method == method })]
					n := len(c.Actual)
					s.Series++
					s.Points += n
					v := must(series.SMAPE(c.Actual, e.Mean))
					smape += v
					points += v * float64(n)
					actual, forecast = append(actual, c.Actual...), append(forecast, e.Mean...)
					if method == "ours" {
						coverage += must(series.Coverage(c.Actual, e.Interval))
					}
					if v, err := series.MASE(c.Train, c.Actual, e.Mean, max(c.Season, 1)); err == nil {
						s.Scaled++
						mase += v
						if method == "ours" {
							msis += must(series.MSIS(c.Train, c.Actual, e.Interval, max(c.Season, 1)))
						}
					}
				}
				s.SMAPE.Value = smape / float64(s.Series)
				s.SMAPEPoints.Value = points / float64(s.Points)
				s.WAPE.Value = must(series.WAPE(actual, forecast))
				s.Bias.Value = must(series.Bias(actual, forecast))
				s.MASE.Undefined, s.MSIS.Undefined, s.Coverage.Undefined, s.ACD.Undefined, s.OWA.Undefined = "no", "no", "no", "no", "no"
				if s.Scaled > 0 {
					s.MASE = series.Figure{Value: mase / float64(s.Scaled)}
				}
				if method == "ours" {
					s.Coverage = series.Figure{Value: coverage / float64(s.Series)}
					s.ACD = series.Figure{Value: math.Abs(s.Coverage.Value - 0.8)}
					if s.Scaled > 0 {
						s.MSIS = series.Figure{Value: msis / float64(s.Scaled)}
					}
				} else {
					benchmark = s
				}
				if s.Scaled > 0 && benchmark.SMAPE.Value > 0 && benchmark.MASE.Value > 0 {
					s.OWA = series.Figure{Value: (s.SMAPE.Value/benchmark.SMAPE.Value + s.MASE.Value/benchmark.MASE.Value) / 2}
				}
				rows[method] = s
			}
			for _, e := range cases[0].Entries {
				want = append(want, rows[e.Method])
			}
		}
		same := cmp.Comparer(func(a, b series.Figure) bool { return a.OK() == b.OK() && accClose(a.Value, b.Value) })
		if diff := cmp.Diff(want, standings, same); diff != "" {
			t.Errorf("standings (-want +got):\n%s", diff)
		}
		for _, s := range standings {
			if s.Method == "naive2" && s.OWA.OK() && s.OWA.Value != 1 {
				t.Errorf("OWA of the benchmark: %v", s.OWA.Value)
			}
		}
	})
}

// Report has the metrics, and comes back from JSON as it was.
func TestMeasure_isTheMetrics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "n")
		a, f, train := accValues(t, "actual", n), accValues(t, "forecast", n), accValues(t, "train", rapid.IntRange(0, 4).Draw(t, "T"))
		if rapid.Bool().Draw(t, "zero") && n > 0 {
			a[0] = 0
		}
		in := series.Interval{Level: 0.9, Lo: accConstant(100, n), Hi: accConstant(500, n)}
		r, err := series.Measure(train, a, f, 2, in)
		if err != nil {
			t.Fatal(err)
		}
		figure := func(v float64, err error) series.Figure {
			if err != nil {
				return series.Figure{Undefined: "why"}
			}
			return series.Figure{Value: v}
		}
		errs := make([]float64, n)
		for i := range errs {
			errs[i] = a[i] - f[i]
		}
		acf, err := series.ACF(errs, 1)
		want := series.Report{
			N: n, ME: figure(series.ME(a, f)), Bias: figure(series.Bias(a, f)), MAE: figure(series.MAE(a, f)), RMSE: figure(series.RMSE(a, f)),
			WAPE: figure(series.WAPE(a, f)), MAPE: figure(series.MAPE(a, f)), MPE: figure(series.MPE(a, f)), SMAPE: figure(series.SMAPE(a, f)),
			MASE: figure(series.MASE(train, a, f, 2)), RMSSE: figure(series.RMSSE(train, a, f, 2)), TheilU2: figure(series.TheilU2(a, f)),
			ACF1: figure(append(acf, 0)[0], err),
			Intervals: []series.IntervalReport{{
				Level: 0.9, Coverage: figure(series.Coverage(a, in)), Winkler: figure(series.Winkler(a, in)), MSIS: figure(series.MSIS(train, a, in, 2)),
			}},
		}
		if diff := cmp.Diff(want, r, cmp.Comparer(func(a, b series.Figure) bool { return a.OK() == b.OK() && a.Value == b.Value })); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back series.Report
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after JSON (-want +got):\n%s", diff)
		}
	})
}

// No function panics, lets NaN or an infinity out, or returns an error of no kind, whatever it is given.
func TestAccuracy_total(t *testing.T) { rapid.Check(t, propAccuracyTotal) }

func FuzzAccuracy_total(f *testing.F) { f.Fuzz(rapid.MakeFuzz(propAccuracyTotal)) }

func propAccuracyTotal(t *rapid.T) {
	value := rapid.OneOf(
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 1e-320, -5e-324, 1e308, -1e308, math.MaxFloat64, -math.MaxFloat64, 1e154, 1e200, 0.1, 0.3}),
		rapid.SampledFrom([]float64{0, 0, 1, 1, 2}), rapid.Float64Range(-100, 100),
	)
	odd := rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0.5, 0.8, -1, 2, 0, 1, 1e-9, 1 - 1e-16})
	number := rapid.SampledFrom([]int{math.MinInt, -1, 0, 1, 1, 1, 2, 2, 3, 5, 12, math.MaxInt})
	n := rapid.IntRange(0, 6).Draw(t, "n")
	hostile := rapid.IntRange(0, 9).Draw(t, "hostile") == 0
	draw := func(name string, n int) []float64 {
		if hostile {
			n = rapid.IntRange(0, n).Draw(t, name+" length")
		}
		v := rapid.SliceOfN(value, n, n).Draw(t, name)
		if hostile && n > 0 && rapid.Bool().Draw(t, name+" odd") {
			v[rapid.IntRange(0, n-1).Draw(t, "at")] = odd.Draw(t, "value")
		}
		return v
	}
	a, f, g := draw("actual", n), draw("forecast", n), draw("other", n)
	train := draw("train", rapid.IntRange(0, 6).Draw(t, "T"))
	q, m, h := odd.Draw(t, "share"), number.Draw(t, "m"), number.Draw(t, "h")
	in := series.Interval{Level: q, Lo: slices.Clone(f), Hi: slices.Clone(g)}
	for i := range min(len(in.Lo), len(in.Hi)) {
		if in.Lo[i] > in.Hi[i] && !hostile {
			in.Lo[i], in.Hi[i] = in.Hi[i], in.Lo[i]
		}
	}
	x, sd := value.Draw(t, "x"), value.Draw(t, "sd")
	kinds := []error{series.ErrInput, series.ErrTooShort, series.ErrNonPositive, series.ErrUndefined}
	fault := func(name string, err error) {
		known := slices.ContainsFunc(kinds, func(k error) bool { return errors.Is(err, k) })
		if _, ok := errors.AsType[*series.Error](err); !ok || !known {
			t.Errorf("%s: an error of no kind: %v", name, err)
		}
	}
	check := func(name string, err error, values ...float64) {
		if err != nil {
			fault(name, err)
		}
		for _, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) || err != nil && v != 0 {
				t.Errorf("%s: %v with error %v", name, values, err)
			}
		}
	}
	one := func(name string) func(v float64, err error) {
		return func(v float64, err error) { check(name, err, v) }
	}
	many := func(name string) func(v []float64, err error) {
		return func(v []float64, err error) { check(name, err, v...) }
	}
	test := func(name string) func(v series.Test, err error) {
		return func(v series.Test, err error) { check(name, err, v.Statistic, v.P) }
	}
	unfit := len(a) == 0 || len(a) != len(f) || slices.ContainsFunc(slices.Concat(a, f), func(v float64) bool { return v-v != 0 })
	for _, metric := range slices.Concat(accSizes(), accSigned(), accOrdered()) {
		v, err := metric.of(a, f)
		check(metric.name, err, v)
		if unfit && err == nil {
			t.Errorf("%s of %v and %v: %v", metric.name, a, f, v)
		}
	}
	v, used, err := series.MAPENonZero(a, f)
	check("MAPENonZero", err, v, float64(used))
	one("Scale")(series.Scale(train, m))
	one("MASE")(series.MASE(train, a, f, m))
	one("RMSSE")(series.RMSSE(train, a, f, m))
	one("RelMAE")(series.RelMAE(a, f, g))
	one("GMRAE")(series.GMRAE(a, f, g))
	one("Pinball")(series.Pinball(a, f, q))
	one("WQL")(series.WQL(a, f, q))
	one("Winkler")(series.Winkler(a, in))
	one("Coverage")(series.Coverage(a, in))
	one("ACD")(series.ACD(a, in))
	one("MSIS")(series.MSIS(train, a, in, m))
	one("WIS")(series.WIS(a, f, in, in))
	one("CRPS")(series.CRPS(x, f))
	one("CRPSFair")(series.CRPSFair(x, f))
	one("CRPSNormal")(series.CRPSNormal(x, q, sd))
	many("TrackingSignal")(series.TrackingSignal(a, f))
	many("TriggSignal")(series.TriggSignal(a, f, q))
	many("ACF")(series.ACF(a, m))
	test("DieboldMariano")(series.DieboldMariano(a, f, g, h, rapid.SampledFrom([]float64{1, 2, 1e300, 1e-300, 0, math.NaN(), math.Inf(1)}).Draw(t, "power")))
	test("LjungBox")(series.LjungBox(a, m, h))
	o := series.BacktestOptions{Horizon: h, First: m, Step: number.Draw(t, "step")}
	method := func(y []float64, h int) (series.Forecast, error) { // breaks its contract
		return series.Forecast{Mean: accConstant(x, min(h, 5)), SD: g}, nil
	}
	folds, err := series.Backtest(a, method, o)
	check("Backtest", err)
	actual, forecast, err := series.Pool(append(folds, series.Fold{Actual: a, Forecast: series.Forecast{Mean: f}}), m)
	if !hostile {
		check("Pool", err, slices.Concat(actual, forecast)...)
	}
	_, scores, err := series.Select(a, []series.Named{{Name: "naive", Method: series.Naive()}, {Name: "odd", Method: method}}, series.ScaledLoss(series.MASE, m), o)
	check("Select", err)
	report, err := series.Measure(train, a, f, m, in)
	check("Measure", err)
	standings, err := series.Compare([]series.Case{{Group: "g", Season: m, Train: train, Actual: a, Entries: []series.Entry{
		{Method: "one", Mean: f, Interval: in}, {Method: "two", Mean: g},
	}}}, "one")
	check("Compare", err)
	if _, err := json.Marshal([]any{scores, report, standings}); err != nil {
		t.Error(err) // NaN and infinities have no JSON
	}
}

func accConstant(v float64, n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func accRange(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}
