package proportion

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ChiSquared returns the probability that a chi-squared variable with df degrees of freedom is x or more, and its logarithm,
// which goes on where the probability is too small for a float64. df must be 1 or more; x below 0 counts as 0. Both are
// accurate to about 13 digits for df up to some thousands.
//
// With h = x/2 the upper tail is a sum of positive terms e^-h h^a/Γ(a+1) for a = df/2-1, df/2-2, … 0; when df is odd
// they end at 1/2, and erfc(√h) is added (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5).
func ChiSquared(x float64, df int) (p, logP float64) {
	h := x / 2
	if !(h > 0) {
		return 1, 0
	}
	terms, last := df/2, float64(df)/2-1
	logP = math.Inf(-1)
	if df%2 == 1 {
		logP = -h + math.Log(scaledErfc(h))
	}
	if terms > 0 {
		logP = logSum(logP, logPoissonSum(h, last, terms))
	}
	if logP > -0.1 { // near 1 the logarithm of the sum would have few digits
		logP = math.Log1p(-mathext.GammaIncReg(float64(df)/2, h))
	}
	return math.Exp(logP), logP
}

// logPoissonSum returns the logarithm of the sum of e^-h h^a/Γ(a+1) over the given number of values a = last, last-1, ….
// It adds from the greatest term outwards and stops where the rest no longer counts.
func logPoissonSum(h, last float64, terms int) float64 {
	peak := last
	if below := math.Ceil(last - h); below > 0 { // the terms rise up to a = h
		peak = last - min(below, float64(terms-1))
	}
	first := last - float64(terms-1)
	const enough = 1e-18
	sum := 1.0
	for a, t := peak, 1.0; a > first && t > enough*sum; a-- {
		t = float64(t * (a / h))
		sum += t
	}
	for a, t := peak+1, 1.0; a <= last && t > enough*sum; a++ {
		t = float64(t * (h / a))
		sum += t
	}
	lgamma, _ := math.Lgamma(peak + 1)
	return float64(peak*math.Log(h)) - h - lgamma + math.Log(sum)
}

// scaledErfc returns e^h erfc(√h).
func scaledErfc(h float64) float64 {
	if h < 650 {
		return math.Exp(h) * math.Erfc(math.Sqrt(h))
	}
	// Abramowitz and Stegun 1964, 7.1.23: eight terms are exact to 1e-18 here.
	sum, t := 1.0, 1.0
	for k := range 8 {
		t = float64(t * (-float64(2*k+1) / (2 * h)))
		sum += t
	}
	return sum / math.Sqrt(math.Pi*h)
}

// logSum returns the logarithm of e^a + e^b.
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
