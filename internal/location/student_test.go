package location_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/salesops-go/salesops/internal/location"
)

// Critical values of Student's t, NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2.
func TestE10_studentTable(t *testing.T) {
	for _, c := range []struct{ df, t90, t95, t99 float64 }{
		{1, 6.314, 12.706, 63.657},
		{2, 2.920, 4.303, 9.925},
		{3, 2.353, 3.182, 5.841},
		{4, 2.132, 2.776, 4.604},
		{5, 2.015, 2.571, 4.032},
		{10, 1.812, 2.228, 3.169},
		{20, 1.725, 2.086, 2.845},
		{30, 1.697, 2.042, 2.750},
		{60, 1.671, 2.000, 2.660},
		{100, 1.660, 1.984, 2.626},
		{1e18, 1.645, 1.960, 2.576}, // ∞ there
	} {
		for level, want := range map[float64]float64{0.9: c.t90, 0.95: c.t95, 0.99: c.t99} {
			if got := location.StudentQuantile(level, c.df); math.Abs(got-want) > 0.0005 {
				t.Errorf("t(%v) with %v degrees of freedom = %v, want %v", level, c.df, got, want)
			}
		}
	}
}

func tstLevels() []float64 {
	return []float64{1e-6, 0.1, 0.49, 0.5, 0.68, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9, 1 - 0x1p-50}
}

// The quantile is that of the exact distribution, which for an even number of degrees of freedom is algebraic: formula 26.7.4 of
// Abramowitz and Stegun 1964, here with 60 digits.
func TestStudentQuantile_even(t *testing.T) {
	num := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	cdf := func(x, df *big.Float, terms int) *big.Float { // P(|T| <= x)
		square := num(0).Mul(x, x)
		sum := num(0).Add(df, square)
		sin, cos2 := num(0), num(0).Quo(df, sum)
		sin.Sqrt(sin.Quo(square, sum))
		series, term := num(1), num(1)
		for k := 1; k < terms; k++ {
			term.Mul(term, cos2)
			term.Mul(term, num(float64(2*k-1)))
			term.Quo(term, num(float64(2*k)))
			series.Add(series, term)
		}
		return series.Mul(series, sin)
	}
	for _, df := range []int{2, 4, 6, 10, 30, 32, 60, 100, 400, 998, 2998, 3002, 6000} {
		for _, level := range tstLevels() {
			q := num(location.StudentQuantile(level, float64(df)))
			low := cdf(num(0).Mul(q, num(1-1e-11)), num(float64(df)), df/2)
			high := cdf(num(0).Mul(q, num(1+1e-11)), num(float64(df)), df/2)
			if want := num(level); low.Cmp(want) >= 0 || high.Cmp(want) <= 0 {
				t.Errorf("t(%v) with %d degrees of freedom = %v is not good to 11 digits", level, df, q)
			}
		}
	}
}

// The same for odd ones, formula 26.7.3.
func TestStudentQuantile_odd(t *testing.T) {
	for _, df := range []int{1, 3, 5, 11, 99, 999, 2999, 3001} {
		for _, level := range tstLevels() {
			q := location.StudentQuantile(level, float64(df))
			angle := math.Atan2(q, math.Sqrt(float64(df)))
			sin, cos := math.Sincos(angle)
			series, term := 0.0, cos
			for k := 1; 2*k <= df-1; k++ {
				series += term
				term *= cos * cos * float64(2*k) / float64(2*k+1)
			}
			if got := (angle + sin*series) * 2 / math.Pi; math.Abs(got-level) > 1e-13+1e-12*math.Min(level, 1-level) {
				t.Errorf("t(%v) with %d degrees of freedom = %v, below which lies %v", level, df, q, got)
			}
		}
	}
	for _, level := range []float64{5e-324, 1e-300, 0x1p-53, 1 - 0x1p-53} {
		for _, df := range []float64{1, 2, 3, 30, 500, 3000, 3001, 1e6, 1 << 62} {
			if q := location.StudentQuantile(level, df); !(q >= 0 && q-q == 0) {
				t.Errorf("t(%v) with %v degrees of freedom = %v", level, df, q)
			}
		}
	}
}
