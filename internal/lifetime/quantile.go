package lifetime

import "iter"

// Quantile is the tick by which a share has ended.
type Quantile struct {
	// Tick is the tick.
	Tick float64
	// Low is the lower confidence limit, if HasLow.
	Low    float64
	HasLow bool // HasLow is whether Low is known.
	// High is the upper confidence limit, if HasHigh: else they were not watched for long enough.
	High    float64
	HasHigh bool // HasHigh is whether High is known.
}

// Quantile returns the tick by which the share p has ended by any cause, by the Kaplan-Meier estimate, with the limits at which
// its confidence limits on the scale [LogLog] pass the share (Brookmeyer and Crowley 1982, doi:10.2307/2530286), z standard
// errors away. ok is false, and the limits may be known, if the estimate does not come to the share.
func (h *Histogram) Quantile(p, z float64) (q Quantile, ok bool) {
	limit := func(low bool) iter.Seq2[int, float64] {
		return func(yield func(int, float64) bool) {
			for s := range h.Survival() {
				lo, hi, bounded := LogLog.Share(s.Value, s.SE, z)
				ended := 1 - lo
				if !low {
					ended = 1 - hi
				}
				if bounded && !yield(s.Tick, ended) {
					return
				}
			}
		}
	}
	q.Low, q.HasLow = Pass(p, limit(true))
	q.High, q.HasHigh = Pass(p, limit(false))
	q.Tick, ok = Pass(p, func(yield func(int, float64) bool) {
		for s := range h.Survival() {
			if !yield(s.Tick, 1-s.Value) {
				return
			}
		}
	})
	return q, ok
}

// Pass returns where a curve that rises passes p: the first tick at which it is above it; or, if it stays at p for a while,
// give or take 1.5e-8, the middle of that while, as the median of an even number is the middle of two (R's survival does the
// same); or the first tick of it if it lasts to the end. It reports false if the curve does not come to p.
func Pass(p float64, curve iter.Seq2[int, float64]) (tick float64, ok bool) {
	const equal = 1.4901161193847656e-08 // √2^-52, R's tolerance
	for t, v := range curve {
		switch at := float64(t); {
		case v < p-equal:
		case v <= p+equal:
			if !ok {
				tick, ok = at, true
			}
		case ok:
			return (tick + at) / 2, true
		default:
			return at, true
		}
	}
	return tick, ok
}
