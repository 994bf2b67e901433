package location_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/location"
)

// locNear fails the test unless got is want, up to a share of it.
func locNear(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want, tolerance float64,
) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// Student's sleep data, t.test(extra ~ group, data = sleep) of R's documentation.
func TestE30_Welch_sleep(t *testing.T) {
	mean1, var1 := locMoments(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
	mean2, var2 := locMoments(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
	d, ok := location.Welch(mean1, var1, 10, mean2, var2, 10, 0.95)
	if !ok {
		t.Fatal("not ok")
	}
	locNear(t, "t", d.T, -1.8608, 5e-5/1.86)
	locNear(t, "df", d.DF, 17.776, 5e-4/17.8)
	locNear(t, "p", d.P, 0.07939, 5e-6/0.079)
	locNear(t, "low", d.Low, -3.3654832, 1e-8)
	locNear(t, "high", d.High, 0.2054832, 2.5e-7)
}

// locMoments returns the mean and the variance, with n-1.
func locMoments(x ...float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

// The table of Fisher and Yates (1963, table III), with its three decimals.
func TestE31_StudentQuantile(t *testing.T) {
	for _, c := range []struct{ level, df, want float64 }{
		{0.95, 1, 12.706},
		{0.95, 2, 4.303},
		{0.95, 3, 3.182},
		{0.95, 4, 2.776},
		{0.95, 5, 2.571},
		{0.95, 10, 2.228},
		{0.95, 20, 2.086},
		{0.95, 30, 2.042},
		{0.95, 60, 2.000},
		{0.95, 120, 1.980},
		{0.95, 1e300, 1.960},
		{0.99, 1, 63.657},
		{0.99, 10, 3.169},
		{0.999, 1, 636.619},
		{0.999, 2, 31.599},
		{0.999, 120, 3.373},
		{0.5, 1, 1.000},
		{0.5, 10, 0.700},
	} {
		if got := location.StudentQuantile(c.level, c.df); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("level %v, df %v: %v, want %v", c.level, c.df, got, c.want)
		}
	}
}

// The tail for whole degrees of freedom is a finite sum (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), here of 1200 bits. With
// θ = atan(t/√df) it is 1 - A, and as A comes near 1 the bits run out in a float64 only.
func locTail(t float64, df int) float64 {
	const bits = 1200
	f := func(v float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(v) }
	mul := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Mul(a, b) }
	quo := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Quo(a, b) }
	add := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Add(a, b) }
	sqrt := func(a *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Sqrt(a) }
	n := f(float64(df))
	hyp := add(n, mul(f(t), f(t)))
	cos2 := quo(n, hyp)
	sin, cos := quo(f(t), sqrt(hyp)), sqrt(cos2)
	sum, term := f(0), f(1)
	// Even: sin (1 + 1/2 cos² + (1·3)/(2·4) cos⁴ + …); odd: 2/π (θ + sin cos (1 + 2/3 cos² + …)).
	terms := df / 2
	for k := range terms {
		sum = add(sum, term)
		num, den := float64(2*k+1), float64(2*k+2)
		if df%2 == 1 {
			num, den = float64(2*k+2), float64(2*k+3)
		}
		term = mul(term, quo(mul(cos2, f(num)), f(den)))
	}
	a := mul(sin, sum)
	if df%2 == 1 {
		tan := quo(f(t), sqrt(n))
		theta := locAtan(tan, bits)
		pi := mul(f(4), locAtan(f(1), bits))
		a = mul(quo(f(2), pi), add(theta, mul(cos, a)))
	}
	v, _ := new(big.Float).SetPrec(bits).Sub(f(1), a).Float64()
	return v
}

// locAtan is the arc tangent, by halving the angle twenty times and Euler's series.
func locAtan(x *big.Float, bits uint) *big.Float {
	n := func() *big.Float { return new(big.Float).SetPrec(bits) }
	one := n().SetInt64(1)
	for range 20 {
		root := n().Sqrt(n().Add(one, n().Mul(x, x)))
		x = n().Quo(x, n().Add(one, root))
	}
	square := n().Mul(x, x)
	sum, power := n(), n().Copy(x)
	for k := range int64(40) {
		term := n().Quo(power, n().SetInt64(2*k+1))
		if k%2 == 1 {
			term.Neg(term)
		}
		sum.Add(sum, term)
		power.Mul(power, square)
	}
	return sum.Mul(sum, n().SetInt64(1<<20))
}

func TestStudentTail_exact(t *testing.T) {
	for _, df := range []int{1, 2, 3, 4, 5, 9, 10, 30, 99, 100, 999, 1000, 9999, 10000, 10001} {
		for _, x := range []float64{1e-9, 0.001, 0.1, 0.5, 1, 1.96, 2.5, 4, 8, 15, 30, 1000} {
			want := locTail(x, df)
			got := location.StudentTail(x, float64(df))
			locNear(t, fmt.Sprintf("tail(%v, %d)", x, df), got, want, 2e-11)
			if got != location.StudentTail(-x, float64(df)) {
				t.Errorf("tail(-%v, %d) differs", x, df)
			}
		}
	}
}

// The quantile is the inverse of the tail, and both go from one whole number of degrees of freedom to the next without a jump: at
// 10 000, too, where the tail changes its method.
func TestStudentQuantile_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		df := math.Exp(rapid.Float64Range(0, 45).Draw(t, "log df"))
		level := rapid.OneOf(rapid.Float64Range(1e-3, 0.999), rapid.SampledFrom([]float64{0.95, 1 - 1e-9, 1 - 1.0/(1<<53)})).Draw(t, "level")
		q := location.StudentQuantile(level, df)
		locNear(t, "tail", location.StudentTail(q, df), 1-level, 1e-10)
		more := location.StudentTail(q, df*(1+1e-9))
		if more > location.StudentTail(q, df)*(1+1e-11) {
			t.Errorf("df %v, t %v: the tail grows with df", df, q)
		}
	})
	for _, x := range []float64{0.3, 2, 6, 30} {
		locNear(t, "at 10 000", location.StudentTail(x, math.Nextafter(1e4, 0)), location.StudentTail(x, 1e4), 2e-11)
	}
	if p := location.StudentTail(math.Inf(1), 3); p != 0 {
		t.Errorf("tail of infinity %v", p)
	}
}

// Swapping mirrors, the interval holds the difference, and 0 unless the test rejects; the degrees of freedom are between those of
// the smaller sample and those of both; a change of unit changes nothing else.
func TestWelch_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean, variance := rapid.Float64Range(-1e3, 1e3), rapid.Float64Range(1e-3, 1e3)
		count := rapid.OneOf(rapid.Int64Range(2, 50), rapid.Int64Range(2, math.MaxInt64))
		m1, v1, n1 := mean.Draw(t, "mean"), variance.Draw(t, "variance"), count.Draw(t, "n")
		m2, v2, n2 := mean.Draw(t, "mean"), variance.Draw(t, "variance"), count.Draw(t, "n")
		level := rapid.SampledFrom([]float64{0.5, 0.95, 0.99}).Draw(t, "level")
		d, ok := location.Welch(m1, v1, n1, m2, v2, n2, level)
		if !ok {
			t.Fatal("not ok")
		}
		s, _ := location.Welch(m2, v2, n2, m1, v1, n1, level)
		if s.Value != -d.Value || s.Low != -d.High || s.High != -d.Low {
			t.Errorf("%+v, swapped %+v", d, s)
		}
		locNear(t, "p, swapped", s.P, d.P, 1e-9)
		if !(d.Low <= d.Value && d.Value <= d.High && d.P >= 0 && d.P <= 1) {
			t.Errorf("%+v is out of range", d)
		}
		if rejects := d.P < 1-level; rejects != (d.Low > 0 || d.High < 0) && math.Abs(d.P-(1-level)) > 1e-9 {
			t.Errorf("%+v: interval and test disagree", d)
		}
		if least, most := float64(min(n1, n2)-1), float64(n1)+float64(n2)-2; d.DF < least*(1-1e-14) || d.DF > most*(1+1e-14) {
			t.Errorf("df %v, want %v to %v", d.DF, least, most)
		}
		const unit = 1024
		if s, _ = location.Welch(m1*unit, v1*unit*unit, n1, m2*unit, v2*unit*unit, n2, level); s.P != d.P || s.Low != d.Low*unit {
			t.Errorf("%+v, in another unit %+v", d, s)
		}
	})
}

func TestWelch_noAnswer(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		m1, v1 float64
		n1     int64
		m2, v2 float64
		n2     int64
		level  float64
	}{
		"one number":       {1, 0, 1, 2, 1, 9, 0.95},
		"none":             {1, 0, 9, 2, 1, 0, 0.95},
		"no spread":        {1, 0, 9, 2, 0, 9, 0.95},
		"no spread, equal": {1, 0, 9, 1, 0, 9, 0.95},
		"level 0":          {1, 1, 9, 2, 1, 9, 0},
		"level 1":          {1, 1, 9, 2, 1, 9, 1},
		"level NaN":        {1, 1, 9, 2, 1, 9, math.NaN()},
		"infinite spread":  {1, inf, 9, 2, 1, 9, 0.95},
		"NaN":              {math.NaN(), 1, 9, 2, 1, 9, 0.95},
		"NaN spread":       {1, math.NaN(), 9, 2, 1, 9, 0.95},
		"beyond":           {math.MaxFloat64, 1, 9, -math.MaxFloat64, 1, 9, 0.95},
		"t beyond":         {math.MaxFloat64, 1e-300, 9, 1, 1e-300, 9, 0.95},
	} {
		if d, ok := location.Welch(c.m1, c.v1, c.n1, c.m2, c.v2, c.n2, c.level); ok || d != (location.Difference{}) {
			t.Errorf("%s: %+v, want no answer", name, d)
		}
	}
	if _, ok := location.Student(1, 1, 1, 0, 0.95); ok {
		t.Error("a test of one number")
	}
	if d, ok := location.Welch(1, 1, 9, 2, 0, 9, 0.95); !ok || d.DF != 8 {
		t.Errorf("%+v: where one sample varies its degrees of freedom count", d)
	}
}

// The mean of the differences in sleep: t.test of R with mu = 0 on the ten paired differences, t = -4.0621, df = 9, p = 0.002833,
// -2.4598858 to -0.7001142.
func TestE37_Student_sleep(t *testing.T) {
	mean, variance := locMoments(-1.2, -2.4, -1.3, -1.3, 0, -1.0, -1.8, -0.8, -4.6, -1.4)
	d, ok := location.Student(mean, variance, 10, 0, 0.95)
	if !ok || d.DF != 9 {
		t.Fatalf("%+v", d)
	}
	locNear(t, "t", d.T, -4.0621, 5e-5/4)
	locNear(t, "p", d.P, 0.002833, 5e-7/0.0028)
	locNear(t, "low", d.Low, -2.4598858, 5e-8)
	locNear(t, "high", d.High, -0.7001142, 1e-7)
}
