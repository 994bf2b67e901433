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
// and t: 2.228 for 0.95 and 10. The level must be between 0 and 1, both excluded. It is good to 11 digits.
func StudentQuantile(level, df float64) float64 {
	switch { // where the inverse of the beta function keeps its digits
	case df <= 3000 && level < 0.5:
		y := mathext.InvRegIncBeta(0.5, df/2, level) // t²/(df + t²)
		return math.Sqrt(df * y / (1 - y))
	case df <= 30:
		x := mathext.InvRegIncBeta(df/2, 0.5, 1-level) // df/(df + t²)
		return math.Sqrt(df * (1 - x) / x)
	}
	z := math.Sqrt2 * math.Erfinv(level)
	t := z + cornishFisher(z, df)
	if df > 3000 {
		return t
	}
	scale := mathext.Lbeta(0.5, df/2) + math.Log(df)/2
	for range 3 { // Newton's method for the logarithm of the tail
		square := float64(t * t)
		tail := mathext.RegIncBeta(df/2, 0.5, df/(df+square))
		density := 2 * math.Exp(-float64((df+1)/2*math.Log1p(square/df))-scale)
		t += tail / density * math.Log(tail/(1-level))
	}
	return t
}

// cornishFisher returns what Student's quantile exceeds the normal one, z, by, for many degrees of freedom: the expansion of
// Cornish and Fisher, formula 26.7.5 of Abramowitz and Stegun 1964.
func cornishFisher(z, df float64) float64 {
	z2 := float64(z * z)
	poly := func(c ...float64) (v float64) {
		for _, c := range c {
			v = float64(v*z2) + c
		}
		return v
	}
	g1 := poly(1, 1) / 4
	g2 := poly(5, 16, 3) / 96
	g3 := poly(3, 19, 17, -15) / 384
	g4 := poly(79, 776, 1482, -1920, -945) / 92160
	return z * ((((g4/df+g3)/df+g2)/df + g1) / df)
}
