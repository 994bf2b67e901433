package forecast_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast"
)

// A total that is off by one standard deviation of the right correlation fits that correlation: the power series of the
// fit agrees with the quadrature of the total.
func TestFitCorrelation_inverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rho := rapid.Float64Range(0.01, 0.9).Draw(t, "rho")
		var past []forecast.PastPeriod
		for range rapid.IntRange(1, 4).Draw(t, "periods") {
			// Two alike deals at least, or there is nothing to correlate.
			chances := append(totChances(10, 1_000, 100_000).Draw(t, "chances"),
				forecast.Chance{Amount: d("50"), P: 0.4}, forecast.Chance{Amount: d("60"), P: 0.7})
			total := totMake(t, chances, forecast.TotalOptions{Correlation: rho})
			sign := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "sign")
			past = append(past, forecast.PastPeriod{
				Chances: chances,
				Actual:  total.Mean().Add(decimal.New(int64(math.Round(1e12*sign*total.SD())), -12)).Round(12),
			})
		}
		fit, err := forecast.FitCorrelation(past)
		if err != nil {
			t.Fatal(err)
		}
		totClose(t, "correlation", fit.Correlation, rho, 1e-8)
		totClose(t, "mean square", fit.After, 1, 1e-9)
		if fit.Before < 1 || fit.Low > rho || fit.High < rho || fit.Periods != len(past) {
			t.Errorf("%+v, want 1 or more before, %v in the interval, %d periods", fit, rho, len(past))
		}
	})
}

// totSimulate draws the outcomes of past periods from the copula.
func totSimulate(rng *rand.Rand, periods, deals int, rho float64) []forecast.PastPeriod {
	past := make([]forecast.PastPeriod, periods)
	for i := range past {
		z := rng.NormFloat64()
		chances := make([]forecast.Chance, deals)
		actual := decimal.Decimal{}
		for j := range chances {
			chances[j] = forecast.Chance{Amount: decimal.New(10+rng.Int64N(90), 2), P: 0.05 * float64(1+rng.IntN(15))}
			if math.Sqrt(rho)*z+math.Sqrt(1-rho)*rng.NormFloat64() < totPhiInverse(chances[j].P) {
				actual = actual.Add(chances[j].Amount)
			}
		}
		past[i] = forecast.PastPeriod{Chances: chances, Actual: actual}
	}
	return past
}

// The interval holds the true correlation about as often as it says.
func TestFitCorrelation_coverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 1))
	for _, rho := range []float64{0, 0.1, 0.4} {
		const runs = 40
		covered, below := 0, 0
		for range runs {
			fit, err := forecast.FitCorrelation(totSimulate(rng, 12, 20, rho))
			if err != nil {
				t.Fatal(err)
			}
			if fit.Low <= rho && rho <= fit.High {
				covered++
			}
			if fit.Correlation < rho {
				below++
			}
			if fit.Low > fit.Correlation || fit.High < fit.Correlation {
				t.Fatalf("%+v: the interval does not hold the estimate", fit)
			}
		}
		if covered < runs*85/100 {
			t.Errorf("correlation %v: %d of %d intervals hold it", rho, covered, runs)
		}
		t.Logf("correlation %v: %d of %d intervals hold it; %d estimates are below", rho, covered, runs, below)
	}
}

func TestFitCorrelation_ends(t *testing.T) {
	deals := func(p float64) []forecast.Chance {
		return []forecast.Chance{{Amount: d("100"), P: p}, {Amount: d("100"), P: p}, {Amount: d("100"), P: p}}
	}
	for name, c := range map[string]struct {
		past []forecast.PastPeriod
		want forecast.CorrelationFit
	}{
		"no error at all is under-dispersed": {
			[]forecast.PastPeriod{{Chances: deals(1.0 / 3), Actual: d("100")}, {Chances: deals(0.5), Actual: d("150")}},
			forecast.CorrelationFit{Periods: 2},
		},
		"errors that no correlation explains": {
			[]forecast.PastPeriod{{Chances: deals(0.01), Actual: d("300")}, {Chances: deals(0.01), Actual: d("300")}},
			forecast.CorrelationFit{Correlation: 0.95, Low: 0.95, High: 0.95, Periods: 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := forecast.FitCorrelation(c.past)
			if err != nil {
				t.Fatal(err)
			}
			if got.Correlation != c.want.Correlation || got.Low != c.want.Low || got.High != c.want.High || got.Periods != c.want.Periods {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
	t.Run("the sign of the error is that of sales", func(t *testing.T) {
		got, err := forecast.FitCorrelation([]forecast.PastPeriod{{Chances: deals(0.5), Actual: d("0")}})
		if err != nil || got.MeanError <= 0 {
			t.Errorf("mean error %v, %v; want more than 0 as too much was expected", got.MeanError, err)
		}
	})
}

func TestFitCorrelation_errors(t *testing.T) {
	sure := []forecast.Chance{{ID: "a", Amount: d("5"), P: 1}}
	for name, c := range map[string]struct {
		past  []forecast.PastPeriod
		kind  error
		paths []string
	}{
		"no period":         {nil, forecast.ErrUndefined, []string{"past"}},
		"no uncertain deal": {[]forecast.PastPeriod{{Chances: sure, Actual: d("5")}}, forecast.ErrUndefined, []string{"past/0"}},
		"a probability beyond 1": {
			[]forecast.PastPeriod{{Chances: []forecast.Chance{{P: 0.5, Amount: d("1")}, {ID: "x", Amount: d("1"), P: 1.5}}}},
			forecast.ErrInput,
			[]string{"past/0/chances/1/p"},
		},
		"a hostile actual": {
			[]forecast.PastPeriod{{Chances: []forecast.Chance{{P: 0.5, Amount: d("1")}}, Actual: decimal.New(1, 1e9)}},
			forecast.ErrInput,
			[]string{"past/0/actual"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := forecast.FitCorrelation(c.past)
			totFaults(t, err, c.kind, c.paths...)
		})
	}
}

// totTyped reports whether an error is one of the package, or several joined.
func totTyped(err error) bool {
	var fault *forecast.Error
	return errors.As(err, &fault) && (errors.Is(err, forecast.ErrInput) || errors.Is(err, forecast.ErrUndefined) || errors.Is(err, forecast.ErrTooLarge))
}

// totFaults checks the kind and the paths of an error.
func totFaults(t *testing.T, err, kind error, paths ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	var got []string
	for _, e := range list {
		var fault *forecast.Error
		if !errors.As(e, &fault) {
			t.Fatalf("%v is no *forecast.Error", e)
		}
		got = append(got, fault.Path)
	}
	if len(got) != len(paths) {
		t.Fatalf("faults at %q, want %q", got, paths)
	}
	for i := range got {
		if got[i] != paths[i] {
			t.Errorf("faults at %q, want %q", got, paths)
		}
	}
}
