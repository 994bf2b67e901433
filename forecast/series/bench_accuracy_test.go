package series_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// The plain metrics allocate nothing.
func TestAccuracy_allocations(t *testing.T) {
	a, f, train := accWave(200, 0), accWave(200, 1), accWave(300, 2)
	in := series.Interval{Level: 0.8, Lo: accWave(200, -30), Hi: accWave(200, 30)}
	sample := accWave(50, 0)
	for i := range sample {
		sample[i] = float64(i) // sorted
	}
	metrics := append(append(append([]accMetric{}, accSizes()[:6]...), accSigned()...), []accMetric{
		{"MASE", func(a, f []float64) (float64, error) { return series.MASE(train, a, f, 12) }},
		{"RMSSE", func(a, f []float64) (float64, error) { return series.RMSSE(train, a, f, 12) }},
		{"RelMAE", func(a, f []float64) (float64, error) { return series.RelMAE(a, f, in.Lo) }},
		{"GMRAE", func(a, f []float64) (float64, error) { return series.GMRAE(a, f, in.Lo) }},
		{"TheilU2", series.TheilU2},
		{"Pinball", func(a, f []float64) (float64, error) { return series.Pinball(a, f, 0.1) }},
		{"WQL", func(a, f []float64) (float64, error) { return series.WQL(a, f, 0.1) }},
		{"Winkler", func(a, _ []float64) (float64, error) { return series.Winkler(a, in) }},
		{"Coverage", func(a, _ []float64) (float64, error) { return series.Coverage(a, in) }},
		{"MSIS", func(a, _ []float64) (float64, error) { return series.MSIS(train, a, in, 12) }},
		{"WIS", func(a, f []float64) (float64, error) { return series.WIS(a, f, in, in) }},
		{"CRPS", func(a, _ []float64) (float64, error) { return series.CRPS(a[0], sample) }},
		{"CRPSNormal", func(a, _ []float64) (float64, error) { return series.CRPSNormal(a[0], 90, 8) }},
		{"MAPENonZero", func(a, f []float64) (float64, error) { v, _, err := series.MAPENonZero(a, f); return v, err }},
	}...)
	for _, m := range metrics {
		var err error
		if n := testing.AllocsPerRun(20, func() { _, err = m.of(a, f) }); n != 0 || err != nil {
			t.Errorf("%s: %v allocations, %v", m.name, n, err)
		}
	}
}

// accWave is a season with some noise, above zero.
func accWave(n int, shift float64) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = 100 + shift + 20*math.Sin(float64(i)*math.Pi/6) + 7*math.Cos(float64(i*i)+shift)
	}
	return y
}

// The yardstick is the loop by hand without checks, first. Its chain of additions takes some 1 ns a value; a call of the metric's term
// for each value makes it some 3 ns.
func BenchmarkMetrics(b *testing.B) {
	for _, n := range []int{12, 1_000, 1_000_000} {
		a, f := accWave(n, 0), accWave(n, 1)
		for _, m := range []accMetric{
			{"byHand", func(a, f []float64) (float64, error) {
				sum := 0.0
				for i := range a {
					sum += math.Abs(a[i] - f[i])
				}
				return sum / float64(len(a)), nil
			}},
			{"MAE", series.MAE},
			{"RMSE", series.RMSE},
			{"MAPE", series.MAPE},
			{"SMAPE", series.SMAPE},
			{"WAPE", series.WAPE},
			{"TheilU2", series.TheilU2},
			{"Pinball", func(a, f []float64) (float64, error) { return series.Pinball(a, f, 0.1) }},
		} {
			b.Run(m.name+"/n="+strconv.Itoa(n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := m.of(a, f); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
			})
		}
	}
}

// A sample takes its sorting; one that is sorted takes one pass.
func BenchmarkCRPS(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		sample := accWave(n, 0)
		b.Run("n="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.CRPS(101, sample); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The yardstick is the method, which does next to nothing here and allocates once a fold; the backtest adds one allocation, for
// the actuals.
func BenchmarkBacktest(b *testing.B) {
	for _, n := range []int{100, 1_000} {
		y := accWave(n, 0)
		b.Run("n="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			count := 0
			for b.Loop() {
				folds, err := series.Backtest(y, accLast, series.BacktestOptions{Horizon: 12})
				if err != nil {
					b.Fatal(err)
				}
				count = len(folds)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(count), "ns/fold")
		})
	}
}

// accLast forecasts the last value with as little work as can be.
func accLast(y []float64, h int) (series.Forecast, error) {
	f := series.Forecast{Mean: make([]float64, h)}
	for k := range f.Mean {
		f.Mean[k] = y[len(y)-1]
	}
	return f, nil
}

// A competition of five methods: growth is linear in the number of series.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		cases := make([]series.Case, n)
		for i := range cases {
			cases[i] = series.Case{Group: strconv.Itoa(i % 6), Season: 12, Train: accWave(100, float64(i)), Actual: accWave(18, float64(i))}
			for m := range 5 {
				cases[i].Entries = append(cases[i].Entries, series.Entry{Method: strconv.Itoa(m), Mean: accWave(18, float64(m))})
			}
		}
		b.Run("series="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.Compare(cases, "0"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A test of two forecasts, of their losses and the two loops over lags.
func BenchmarkDieboldMariano(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		a, f, g := accWave(n, 0), accWave(n, 1), accWave(n, 2)
		b.Run("n="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.DieboldMariano(a, f, g, 3, 2); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
