package location

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// manyDF are the degrees of freedom from which Student's t is taken from the normal distribution by [hill], whose error is below
// that of the arithmetic there.
const manyDF = 1e4

// StudentTail returns the probability that Student's t with df degrees of freedom, 1 or more and not necessarily whole, is as far
// from 0 as t or farther, on either side (Student 1908, doi:10.1093/biomet/6.1.1). It is accurate to about 11 digits, and 0
// where it is too small for a float64.
func StudentTail(t, df float64) float64 {
	r := float64(t * (t / df))
	switch {
	case r > math.MaxFloat64:
		return 0
	case df >= manyDF:
		return math.Erfc(hill(r, df) / math.Sqrt2)
	case t*t < 1: // the other side of the beta distribution, which keeps the digits of a small t
		return 1 - mathext.RegIncBeta(0.5, df/2, r/(1+r))
	}
	return mathext.RegIncBeta(df/2, 0.5, 1/(1+r))
}

// hill returns the standard normal variable that is as improbable as the t with many degrees of freedom of which r is t²/df
// (Hill 1970, doi:10.1145/355598.355600).
func hill(r, df float64) float64 {
	a := df - 0.5
	b := float64(48 * a * a)
	y := float64(a * math.Log1p(r))
	c := float64(-0.4*y) - 3.3
	c = float64(c*y) - 24
	c = float64(c*y) - 85.5
	c /= float64(0.8*y*y) + 100 + b
	return math.Sqrt(y) * (1 + (c+y+3)/b)
}

// StudentQuantile returns the t with df degrees of freedom, 1 or more, that holds the share level of the distribution between -t
// and t: 2.228 for 0.95 and 10. The level must be between 0 and 1, both excluded.
func StudentQuantile(level, df float64) float64 {
	tail := 1 - level
	t := -mathext.NormalQuantile(tail / 2)
	// Newton's steps on log tail over log t. That curve bends down throughout, so that the first step goes to the right of the
	// root, wherever it begins, and the others come back without passing it.
	for step := 1.0; t > 0 && math.Abs(step) > 1e-9; t *= math.Exp(step) {
		p := StudentTail(t, df)
		step = p * (math.Log(p) - math.Log(tail)) / (2 * t * studentDensity(t, df))
	}
	return t
}

// studentDensity returns the density of Student's t.
func studentDensity(t, df float64) float64 {
	a := df / 2
	logRatio := 0.0 // the logarithm of Γ(a+1/2) / (Γ(a) √a)
	if a < 50 {
		upper, _ := math.Lgamma(a + 0.5)
		lower, _ := math.Lgamma(a)
		logRatio = upper - lower - math.Log(a)/2
	} else {
		logRatio = (float64(1/(192*float64(a*a))) - 0.125) / a // Abramowitz and Stegun 1964, 6.1.47
	}
	return math.Exp(logRatio-float64((a+0.5)*math.Log1p(float64(t/df*t)))) / math.Sqrt(2*math.Pi)
}
