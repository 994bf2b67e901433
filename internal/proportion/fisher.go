package proportion

import "math"

// MaxFisher is the greatest number of trials, of both groups together, that [Fisher] takes. With more of them the
// chi-squared test of [Homogeneity] is as good.
const MaxFisher = 10_000_000

// Fisher returns the two-sided p-value of Fisher's exact test of x1 successes in n1 trials against x2 in n2, and its natural
// logarithm: the probability, given the margins, of all tables that are no more probable than the one seen (Fisher 1935,
// doi:10.2307/2342435). Tables count as equally probable within 1e-7, as in other programs.
//
// ok is false also if there are more than [MaxFisher] trials.
func Fisher(x1, n1, x2, n2 int64) (p, logP float64, ok bool) {
	if !isShare(x1, n1) || !isShare(x2, n2) || n1 > MaxFisher || n2 > MaxFisher-n1 {
		return 0, 0, false
	}
	h := hypergeometric{n1, n2, x1 + x2}
	mode := (n1 + 1) * (h.m + 1) / (n1 + n2 + 2)
	step := int64(1)
	if x1 < mode {
		step = -1
	}
	logSeen, _ := h.walk(mode, step, func(k int64, _ float64) bool { return k == x1 })
	const tie = 1e-7
	if logSeen > -tie {
		return 1, 0, true
	}
	logOther, other := h.walk(mode, -step, func(_ int64, logW float64) bool { return logW <= logSeen+tie })
	total := math.Log(h.tail(mode, step) + h.tail(mode, -step) - 1)
	logP = logSeen + math.Log(h.tail(x1, step))
	if other >= 0 {
		logP = logSum(logP, logOther+math.Log(h.tail(other, -step)))
	}
	logP = min(logP-total, 0)
	return math.Exp(logP), logP, true
}

// hypergeometric is the distribution of the successes in the first of two groups, given that there are m in both.
type hypergeometric struct{ n1, n2, m int64 }

// ratio returns the probability of k+step over that of k, 0 beyond the ends.
func (h hypergeometric) ratio(k, step int64) float64 {
	up := func(k int64) (num, den float64) {
		return float64(h.n1-k) * float64(h.m-k), float64(k+1) * float64(h.n2-h.m+k+1)
	}
	if step > 0 {
		num, den := up(k)
		return num / den
	}
	num, den := up(k - 1)
	return den / num
}

// walk goes from k in steps until stop says so, told the logarithm of the probability over that of the k it began with, and
// returns where it stands. It returns -1 if it came to the end.
func (h hypergeometric) walk(k, step int64, stop func(k int64, logW float64) bool) (logW float64, at int64) {
	for !stop(k, logW) {
		r := h.ratio(k, step)
		if r <= 0 {
			return math.Inf(-1), -1
		}
		logW += math.Log(r)
		k += step
	}
	return logW, k
}

// tail returns the sum of the probabilities of k, k+step, … over that of k. k is the mode or beyond it, so that they fall.
func (h hypergeometric) tail(k, step int64) float64 {
	sum, w := 1.0, 1.0
	for w > 1e-18*sum {
		w = float64(w * h.ratio(k, step))
		sum += w
		k += step
	}
	return sum
}
