package lifetime

import (
	"iter"
	"math"
)

// Survival yields the Kaplan-Meier estimate of the probability to go on beyond each tick, with Greenwood's standard error:
//
//	S(t) = Π 1 - d(s)/n(s),  se(t)² = S(t)² Σ d(s) / (n(s) (n(s) - d(s))),  over s <= t
//
// with n at risk and d ended (Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452; Greenwood 1926). Any cause ends a
// lifetime.
func (h *Histogram) Survival() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		survival, variance := 1.0, 0.0
		for row := range h.Rows() {
			s := step(row)
			if s.Events > 0 {
				survival *= float64(s.AtRisk-s.Events) / float64(s.AtRisk)
				variance += greenwood(s.AtRisk, s.Events)
			}
			s.Value, s.Survival, s.SE = survival, survival, survival*math.Sqrt(variance)
			if !yield(s) {
				return
			}
		}
	}
}

// greenwood returns the variance that a tick adds to the logarithm of survival. It is 0 instead of infinite where all
// ended: survival is 0 from then on, and what would be multiplied with it is 0 too.
func greenwood(n, d int64) float64 {
	if n == d {
		return 0
	}
	return float64(d) / (float64(n) * float64(n-d))
}
