package metrics_test

import (
	"errors"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

func chgErrorFigures(e metrics.ForecastError) []metrics.Figure {
	return []metrics.Figure{e.Signed(), e.WAPE(), e.MAPE(), e.Bias(), e.Accuracy()}
}

func TestForecastError_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := func(label string) decimal.Decimal {
			a := chgAmount(t, label)
			if rapid.IntRange(0, 5).Draw(t, label+" sign") == 0 {
				a = a.Neg()
			}
			return a
		}
		type pair struct{ forecast, actual decimal.Decimal }
		pairs := make([]pair, rapid.IntRange(0, 10).Draw(t, "pairs"))
		for i := range pairs {
			pairs[i] = pair{amount("forecast"), amount("actual")}
		}
		e := *accGroupLaws(t, len(pairs), func(to *metrics.ForecastError, i int) {
			if err := to.Add(pairs[i].forecast, pairs[i].actual, "EUR"); err != nil {
				t.Fatal(err)
			}
		})
		// In floats, from the definitions.
		var off, size, signed, actual, mape float64
		zero := false
		for _, p := range pairs {
			f, _ := p.forecast.Rat().Float64()
			a, _ := p.actual.Rat().Float64()
			off, size, signed, actual = off+math.Abs(a-f), size+math.Abs(a), signed+a-f, actual+a
			if a == 0 {
				zero = true
			} else {
				mape += math.Abs(a-f) / math.Abs(a)
			}
		}
		near := func(f metrics.Figure, want float64, has bool) {
			v, ok := f.Float()
			if ok != has || ok && math.Abs(v-want) > 1e-9*(1+math.Abs(want)) {
				t.Fatalf("%s is %v %t %q, want %v %t", f.KPI, v, ok, f.Reason, want, has)
			}
		}
		near(e.WAPE(), off/size, size > 0)
		near(e.Accuracy(), 1-off/size, size > 0)
		near(e.Bias(), -signed/size, size > 0)
		near(e.MAPE(), mape/float64(len(pairs)), len(pairs) > 0 && !zero)
		if v := e.Actual; v.Sign() != 0 || actual == 0 { // the float may be off where the sum is 0
			near(e.Signed(), signed/actual, v.Sign() > 0)
		}
		bias, _ := e.Bias().Float()
		wape, _ := e.WAPE().Float()
		if math.Abs(bias) > wape {
			t.Fatalf("bias %v, WAPE %v", bias, wape)
		}
		// Scale changes nothing.
		factor := decimal.New(rapid.Int64Range(1, 1000).Draw(t, "factor"), -2)
		var scaled metrics.ForecastError
		for _, p := range pairs {
			if err := scaled.Add(p.forecast.Mul(factor), p.actual.Mul(factor), "USD"); err != nil {
				t.Fatal(err)
			}
		}
		for i, f := range chgErrorFigures(scaled) {
			was, is := chgErrorFigures(e)[i], f
			a, _ := was.Float()
			if b, ok := is.Float(); ok != (was.Value != nil) || a != b {
				t.Fatalf("%s was %v, scaled it is %v", f.KPI, a, b)
			}
		}
	})
}

func TestForecastError_edges(t *testing.T) {
	e := chgErrors(t, [2]string{"100", "120"})
	for f, want := range map[*metrics.Figure]string{
		new(e.Signed()): "1/6", new(e.WAPE()): "1/6", new(e.Bias()): "-1/6", new(e.Accuracy()): "5/6",
		new(chgErrors(t, [2]string{"300", "100"}).Accuracy()): "-1",
	} {
		if got := chgValue(t, *f); got != want {
			t.Errorf("%s is %s, want %s", f.KPI, got, want)
		}
	}
	zero := chgErrors(t, [2]string{"100", "0"}, [2]string{"10", "20"})
	if f := zero.MAPE(); f.Value != nil || f.Reason != "1 of 2 actuals are 0: use WAPE" {
		t.Errorf("%v %q", f.Value, f.Reason)
	}
	if got := chgValue(t, zero.WAPE()); got != "11/2" {
		t.Errorf("WAPE is %s, want 11/2", got)
	}
	if f := chgErrors(t, [2]string{"100", "0.00"}).WAPE(); f.Value != nil {
		t.Errorf("WAPE of nothing is %v", *f.Value)
	}
	if f := chgErrors(t, [2]string{"100", "-50"}).Signed(); f.Value != nil {
		t.Errorf("the error of a negative actual is %v", *f.Value)
	}
}

func TestForecastError_errors(t *testing.T) {
	var e metrics.ForecastError
	if err := e.Add(d("1"), d("2"), "EUR"); err != nil {
		t.Fatal(err)
	}
	before := accBinary(t, e)
	for name, err := range map[string]error{
		"forecast":      e.Add(decimal.New(1, 1e9), d("1"), "EUR"),
		"actual":        e.Add(d("1"), decimal.New(1, -1e9), "EUR"),
		"currency":      e.Add(d("1"), d("1"), ""),
		"too far apart": e.Add(decimal.New(1, 18).Mul(d("100000000000000000")), decimal.New(1, -18), "EUR"),
		"72 digits":     e.Add(d("111111111111111111111111111111111111").Shift(18), decimal.New(7, -18), "EUR"),
		"no text":       new(metrics.ForecastError).Add(d("1"), d("1"), "\xff"),
	} {
		if !errors.Is(err, metrics.ErrInput) || accBinary(t, e) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	dollars, more := metrics.ForecastError{}, chgErrors(t, [2]string{"1", "2"}, [2]string{"1", "2"})
	if err := errors.Join(dollars.Add(d("1"), d("2"), "USD"), e.Merge(nil), e.Sub(nil)); err != nil {
		t.Fatal(err)
	}
	more.Currency = "EUR"
	for name, err := range map[string]error{"merge": e.Merge(&dollars), "sub": e.Sub(&dollars), "sub more": e.Sub(&more)} {
		if !errors.Is(err, metrics.ErrMismatch) || accBinary(t, e) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i, e := range []metrics.ForecastError{
		{Pairs: -1},
		{Pairs: 1, ZeroActuals: 2},
		{Pairs: 1, Forecast: d("5")},
		{Pairs: 1, Actual: d("5"), Forecast: d("5")},
		{Pairs: 1, AbsError: decimal.New(1, 1e9)},
		{Currency: "EUR"},
	} {
		if _, err := e.MarshalBinary(); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("case %d: %v", i, err)
		}
		for _, f := range chgErrorFigures(e) {
			if f.Value != nil {
				t.Errorf("case %d: %s is %v", i, f.KPI, *f.Value)
			}
		}
		_ = e.Add(d("1"), d("1"), "EUR")
		_ = e.Merge(&more)
		_ = more.Sub(&e)
	}
}

func chgAskForecastError(t *testing.T, e *metrics.ForecastError) {
	t.Helper()
	for _, f := range chgErrorFigures(*e) {
		if (f.Value == nil) == (f.Reason == "") {
			t.Fatalf("%s: %v %q", f.KPI, f.Value, f.Reason)
		}
	}
}

func chgSeedForecastError(f *testing.F) *metrics.ForecastError {
	f.Helper()
	e := chgErrors(f, [2]string{"1.50", "3"}, [2]string{"7", "0"})
	return &e
}

func FuzzForecastError_binary(f *testing.F) {
	accFuzzBinary(f, chgSeedForecastError(f), chgAskForecastError)
}

func FuzzForecastError_json(f *testing.F) {
	accFuzzJSON(f, chgSeedForecastError(f), chgAskForecastError)
}
