package lifetime

import (
	"iter"
	"math"
)

// AalenJohansen yields the cumulative incidence of a cause: the estimated probability to have ended by it through each tick,
// with the other causes competing. Survival and the incidences of all causes sum to 1:
//
//	F(t) = Σ S(s-) d(s)/n(s) over s <= t
//
// with S the Kaplan-Meier estimate over all causes, n at risk and d ended by the cause (Aalen and Johansen 1978; Andersen,
// Borgan, Gill and Keiding 1993, section IV.4). Ends by different causes at one tick are handled jointly. The standard error
// is that of the delta method (Marubini and Valsecchi 1995, chapter 10), with e ended by any cause:
//
//	se(t)² = Σ (F(t)-F(s))² e/(n(n-e)) + S(s-)² d(n-d)/n³ - 2 (F(t)-F(s)) S(s-) d/n²
//
// which equals the infinitesimal jackknife unless entry is delayed; that one then depends on who entered late and left early, which
// a histogram does not hold. For [Censored] all is 0.
func (h *Histogram) AalenJohansen(c Cause) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		a := aalenJohansen{survival: 1}
		var v incidenceVariance
		for row := range h.Rows() {
			s := step(row)
			if ended := s.Events; ended > 0 {
				s.Events = row.by(c)
				s.Competing = ended - s.Events
				survival := a.survival
				rise := a.add(s.AtRisk, ended, s.Events)
				v.add(s.AtRisk, ended, s.Events, survival, rise)
			}
			s.Value, s.Survival, s.SE = a.incidence, a.survival, v.se()
			if !yield(s) {
				return
			}
		}
	}
}

// aalenJohansen is the estimate up to a tick.
type aalenJohansen struct {
	survival, incidence float64
}

// add goes on to the next tick, at which of n at risk e ended, d of them by the cause, and returns by how much the incidence
// rises.
func (a *aalenJohansen) add(n, e, d int64) (rise float64) {
	rise = float64(a.survival * (float64(d) / float64(n)))
	if a.incidence += rise; a.incidence > 1 { // by rounding
		a.incidence = 1
	}
	a.survival *= float64(n-e) / float64(n)
	return rise
}

// incidenceVariance is the variance of an incidence F(t), in sums over the ticks s so far. They are kept such that each step
// only adds to them: expanding the squares and subtracting in the end would lose digits.
type incidenceVariance struct {
	weight   float64 // Σ w, w = e/(n(n-e))
	linear   float64 // Σ (F(t)-F(s)) w
	square   float64 // Σ (F(t)-F(s))² w
	own      float64 // Σ S² d(n-d)/n³
	slope    float64 // Σ g, g = S d/n²
	covaries float64 // Σ (F(t)-F(s)) g
}

// add goes on to the next tick: n at risk, e ended, d of them by the cause, S before it, and the rise of the incidence.
func (v *incidenceVariance) add(n, e, d int64, survival, rise float64) {
	v.square += float64(2*rise*v.linear) + float64(rise*rise*v.weight)
	v.linear += float64(rise * v.weight)
	v.covaries += float64(rise * v.slope)
	v.weight += greenwood(n, e)
	v.slope += rise / float64(n)
	v.own += rise * survival * (float64(n-d) / float64(n)) / float64(n)
}

// se returns the standard error.
func (v *incidenceVariance) se() float64 {
	const noise = 1e-13 // of rounding, in proportion to what was summed
	all := v.square + v.own
	variance := all - float64(2*v.covaries)
	if variance <= float64(noise*all) {
		return 0
	}
	return math.Sqrt(variance)
}

// Point is a curve just after a tick at which a lifetime ended. The curve is constant up to the next point.
type Point struct {
	// Tick is the age.
	Tick int
	// AtRisk is the number of lifetimes that could have ended at the tick.
	AtRisk int64
	// Exits is how many of them ended by the cause that was asked for.
	Exits int64
	// Incidence is the estimated probability to have ended by that cause through the tick.
	Incidence float64
	// Survival is the estimated probability not to have ended by any cause through the tick.
	Survival float64
}

// Incidence returns the steps of [Histogram.AalenJohansen] at which a lifetime ended by any cause, without standard errors. When
// entry is delayed and few are at risk at low ticks, one of them who ends can take survival to 0 for good; begin the clock
// later then.
func (h *Histogram) Incidence(c Cause) []Point {
	var points []Point
	a := aalenJohansen{survival: 1}
	for row := range h.Rows() {
		if ended := row.Ended(); ended > 0 {
			d := row.by(c)
			a.add(row.AtRisk, ended, d)
			points = append(points, Point{Tick: row.Tick, AtRisk: row.AtRisk, Exits: d, Incidence: a.incidence, Survival: a.survival})
		}
	}
	return points
}
