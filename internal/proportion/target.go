package proportion

import "math"

// Score returns the two-sided p-value of x successes in n trials against a fixed share of them: the chi-squared test with one degree
// of freedom of (x/n - share)² / (share (1-share) / n). It is below 1 - level exactly where the interval of [Wilson] at that level does
// not hold the share, but for rounding.
//
// ok is false also if share is not between 0 and 1, both excluded.
func Score(x, n int64, share float64) (p float64, ok bool) {
	if !isShare(x, n) || !(share > 0 && share < 1) {
		return 0, false
	}
	diff := float64(x)/float64(n) - share
	p, _ = ChiSquared(diff/share*(diff/(1-share))*float64(n), 1)
	return p, true
}

// MaxBinomial is how many successes, or how many failures, [Binomial] lets be expected. With more of both [Score] is as good.
const MaxBinomial = 100

// Binomial returns the two-sided p-value of the exact test of x successes in n trials against a fixed share of them: the
// probability of all counts that are no more probable than the one seen. Counts are equally probable within 1e-7, as in
// [Fisher].
//
// ok is false also if share is not from 0 to 1, or if more than [MaxBinomial] both of successes and of failures are expected.
func Binomial(x, n int64, share float64) (p float64, ok bool) {
	if !isShare(x, n) || !(share >= 0 && share <= 1) {
		return 0, false
	}
	if share > 0.5 {
		x, share = n-x, 1-share
	}
	if float64(share*float64(n)) > MaxBinomial {
		return 0, false
	}
	// The probabilities of 0, 1, 2, … until they are too small for a float64, some hundreds at most.
	var probabilities []float64
	odds := share / (1 - share)
	seen, w := 0.0, math.Exp(float64(float64(n)*math.Log1p(-share)))
	for k := int64(0); k <= n && w > 0; k++ {
		if k == x {
			seen = w
		}
		probabilities = append(probabilities, w)
		w = float64(w * (float64(n-k) / float64(k+1)) * odds)
	}
	const tie = 1e-7
	for _, w := range probabilities {
		if w <= seen*(1+tie) {
			p += w
		}
	}
	return min(p, 1), true
}
