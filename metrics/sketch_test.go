package metrics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/metrics"
)

// smpDistributions are ways to draw numbers; those with true have one sign.
var smpDistributions = []struct {
	name    string
	oneSign bool
	draw    func(r *rand.Rand) float64
}{
	{"uniform", true, func(r *rand.Rand) float64 { return r.Float64() }},
	{"exponential", true, func(r *rand.Rand) float64 { return 40 * r.ExpFloat64() }},
	{"negative exponential", true, func(r *rand.Rand) float64 { return -40 * r.ExpFloat64() }},
	{"lognormal", true, func(r *rand.Rand) float64 { return math.Exp(7 + 2*r.NormFloat64()) }},
	{"Pareto", true, func(r *rand.Rand) float64 { return 1000 * math.Pow(1-r.Float64(), -1/0.7) }},
	{"normal", false, func(r *rand.Rand) float64 { return r.NormFloat64() }},
	{"normal, far from 0", true, func(r *rand.Rand) float64 { return 1e6 + r.NormFloat64() }},
	{"constant", true, func(*rand.Rand) float64 { return 1234.5 }},
	{"two points", true, func(r *rand.Rand) float64 { return []float64{3, 1e6}[r.IntN(2)] }},
	{"two points of other signs", false, func(r *rand.Rand) float64 { return []float64{-1e6, 1e6}[r.IntN(2)] }},
	{"duplicates", true, func(r *rand.Rand) float64 { return float64(r.IntN(12)) }},
	{"signed duplicates", false, func(r *rand.Rand) float64 { return float64(r.IntN(7) - 3) }},
	{"tiny", true, func(r *rand.Rand) float64 { return math.Ldexp(1+r.Float64(), -r.IntN(60)) }},
	{"huge", true, func(r *rand.Rand) float64 { return math.Ldexp(1+r.Float64(), r.IntN(100)) }},
	{"any magnitude", false, func(r *rand.Rand) float64 { return math.Ldexp(2*r.Float64()-1, r.IntN(120)-60) }},
	{"subnormal", false, func(r *rand.Rand) float64 { return float64(r.IntN(300)-100) * math.SmallestNonzeroFloat64 }},
}

// The bound that comes with a quantile of buckets holds for every quantile, of every type, of every distribution, and so does
// that of MAD; quantiles grow with p and stay within the extremes.
func TestSample_bound(t *testing.T) {
	for i, c := range smpDistributions {
		for _, e := range []float64{0.0001, 0.005, 0.1} {
			for _, n := range []int{2, 3, 10, 301} {
				r := rand.New(rand.NewPCG(uint64(i), uint64(n)))
				truth, sketch := smpNew[float64](t, 1<<20, 0), smpNew[float64](t, 1, e)
				for range n {
					v := c.draw(r)
					smpAdd(t, truth, v)
					smpAdd(t, sketch, v)
				}
				smpBound(t, fmt.Sprintf("%s, n = %d, error %v", c.name, n, e), truth.Clone(), sketch, e, c.oneSign)
			}
		}
	}
}

func TestSample_bound_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(0.0001, 0.1).Draw(t, "error")
		truth, sketch := smpNew[decimal.Decimal](t, 0, 0), smpNew[decimal.Decimal](t, 1, e)
		coef := rapid.OneOf(rapid.Int64Range(-10, 10), rapid.Int64Range(-1e5, 1e5), rapid.Int64())
		for range rapid.IntRange(2, 20).Draw(t, "n") {
			v := decimal.New(coef.Draw(t, "coefficient"), int32(rapid.IntRange(-4, 4).Draw(t, "exponent")))
			smpAdd(t, truth, v)
			smpAdd(t, sketch, v)
		}
		smpBound(t, "decimals", truth, sketch, e, false)
	})
}

func smpBound[N metrics.Number](t accFatal, what string, truth, sketch *metrics.Sample[N], e float64, oneSign bool) {
	t.Helper()
	if !truth.IsExact() || sketch.IsExact() {
		t.Fatal(what, "is not what it should be")
	}
	least, _ := truth.Min()
	most, _ := truth.Max()
	if a, _ := sketch.Min(); a != least {
		t.Fatalf("%s: Min = %v, want %v", what, a, least)
	}
	if a, _ := sketch.Max(); a != most {
		t.Fatalf("%s: Max = %v, want %v", what, a, most)
	}
	for kind := range metrics.QuantileType(10) {
		before := math.Inf(-1)
		for p := range 51 {
			p := float64(2*p) / 100
			want, err := truth.QuantileBy(kind, p)
			if err != nil {
				t.Fatal(err)
			}
			got, err := sketch.QuantileBy(kind, p)
			if err != nil || math.Abs(got.Value-want.Value) > got.Error {
				t.Fatalf("%s: quantile %v of type %d = %v (%v), true is %v", what, p, kind, got, err, want.Value)
			}
			if oneSign && got.Error > e*math.Abs(got.Value)*(1+1e-9) {
				t.Fatalf("%s: quantile %v of type %d = %v, the bound is more than the error", what, p, kind, got)
			}
			if got.Value < before || got.Value < least || got.Value > most || (p == 0 || p == 1 || least == most) && got != want {
				t.Fatalf("%s: quantile %v of type %d = %v after %v, of %v to %v", what, p, kind, got, before, least, most)
			}
			before = got.Value
		}
	}
	median, _ := truth.Quantile(0.5)
	want, err := truth.MAD()
	if err != nil {
		t.Fatal(err)
	}
	got, err := sketch.MAD()
	if err != nil || math.Abs(got.Value-want.Value) > got.Error {
		t.Fatalf("%s: MAD = %v (%v), true is %v", what, got, err, want.Value)
	}
	// The bound of the documentation, with what the estimates are off themselves.
	if most := 2.5 * e * (2*math.Abs(median.Value) + want.Value); oneSign && got.Error > most {
		t.Fatalf("%s: MAD = %v, the bound is more than %v", what, got, most)
	}
}

// The median absolute deviation of whole numbers is that by its definition.
func TestSample_MAD_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-50, 50), 1, 30).Draw(t, "values")
		var s metrics.Sample[int64]
		smpAdd(t, &s, values...)
		m, err := s.Quantile(0.5)
		if err != nil {
			t.Fatal(err)
		}
		deviations := make([]float64, len(values))
		for i, v := range values {
			deviations[i] = math.Abs(float64(v) - m.Value)
		}
		want, err := metrics.QuantileOf(deviations, 7, 0.5)
		if got, errMAD := s.MAD(); err != nil || errMAD != nil || got.Value != want {
			t.Fatalf("MAD = %v, want %v", got, want)
		}
	})
}

// The figures that come with buckets: moments and extremes are exact, the error is told.
func TestSample_Spread_promoted(t *testing.T) {
	s := smpNew[int64](t, 10, 0.01)
	var sum exact.Num
	for i := range int64(1001) {
		smpAdd(t, s, i*i)
		sum = sum.Add(exact.Int(i * i))
	}
	mean, _ := exact.QuoFloat(sum, exact.Int(1001))
	spread, ok := s.Spread()
	if !ok || spread.N != 1001 || spread.Mean != mean || spread.Min != 0 || spread.Max != 1e6 ||
		spread.Error != 0.01 || spread.SD == nil {
		t.Errorf("Spread = %+v", spread)
	}
	for want, got := range map[float64]float64{62500: spread.P25, 250000: spread.Median, 562500: spread.P75, 810000: spread.P90} {
		if math.Abs(got-want) > 0.01*want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if one, ok := smpAdd(t, new(metrics.Sample[int64]), 7).Spread(); !ok || one.SD != nil || one.P90 != 7 {
		t.Errorf("Spread of one = %+v", one)
	}
}
