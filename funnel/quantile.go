package funnel

import "github.com/salesops-go/salesops/internal/lifetime"

// Quantile is the tick by which a share has ended, with its confidence interval.
type Quantile struct {
	// P is the share that was asked for.
	P float64 `json:"p"`
	// Tick is the tick by which the share has ended, 0 if it is not known. It may lie between two ticks.
	Tick float64 `json:"tick"`
	// Low is the lower confidence limit, nil if it is not known.
	Low *float64 `json:"low,omitempty"`
	// High is the upper confidence limit, nil if the spells were not watched for long enough to know one.
	High *float64 `json:"high,omitempty"`
}

// Quantile returns the tick by which the share p, between 0 and 1, has ended: for survival by any exit, so that 0.5 asks for
// the median; for an incidence by its exit, as a share of all, not of those who will end by it. It is the first tick at which
// the curve is beyond the share. If it stays at the share for a while, give or take 1.5e-8, it is the middle of that while, as
// the median of an even number is the middle of two (R's survival does the same, others take the first tick at the share);
// or the first tick of it if it lasts to the end. The limits are those ticks at which the curve's confidence limits pass the
// share (Brookmeyer and Crowley 1982, doi:10.2307/2530286).
//
// It reports false, and Tick is 0, if the curve does not come to the share (half of the deals never close within the time they
// were watched), though Low may be known then: the quantile is not before it. It also reports false if the curve is a hazard, or
// p is not between 0 and 1. It takes O(n) time.
func (c Curve) Quantile(p float64) (Quantile, bool) {
	if !(p > 0 && p < 1) || c.Kind != SurvivalCurve && c.Kind != IncidenceCurve {
		return Quantile{}, false
	}
	// All three curves are read as shares ended, which rise.
	ended := func(share float64) float64 { return share }
	early, late := func(q Point) float64 { return q.High }, func(q Point) float64 { return q.Low }
	if c.Kind == SurvivalCurve {
		ended = func(share float64) float64 { return 1 - share }
		early, late = late, early
	}
	out := Quantile{P: p}
	tick, ok := c.pass(p, func(q Point) (float64, bool) { return ended(q.Value), true })
	if ok {
		out.Tick = tick
	}
	if t, ok := c.pass(p, func(q Point) (float64, bool) { return ended(early(q)), q.Bounded }); ok {
		out.Low = &t
	}
	if t, ok := c.pass(p, func(q Point) (float64, bool) { return ended(late(q)), q.Bounded }); ok {
		out.High = &t
	}
	return out, ok
}

// pass returns where a rising curve that has values only at some points passes p.
func (c *Curve) pass(p float64, value func(Point) (float64, bool)) (tick float64, ok bool) {
	return lifetime.Pass(p, func(yield func(int, float64) bool) {
		for _, q := range c.Points {
			if v, has := value(q); has && !yield(q.Tick, v) {
				return
			}
		}
	})
}
