package lifetime

import "math"

// RestrictedMean returns the mean number of ticks, of the first tau, before a lifetime ends, and its standard error: the area
// under the Kaplan-Meier curve up to tau,
//
//	μ = ∫ S(t) dt,  se² = Σ A(s)² d(s) / (n(s) (n(s) - d(s))) over s < τ,  A(s) the area from s to τ
//
// (Irwin 1949; Royston and Parmar 2013, doi:10.1186/1471-2288-13-152). Beyond the last tick the curve goes on as it is.
func (h *Histogram) RestrictedMean(tau int) (mean, se float64) {
	survival, at := 1.0, 0
	var weight, linear, square float64 // Σ w, Σ A w, Σ A² w with w of greenwood, so that each tick only adds
	advance := func(tick int) {
		area := float64(survival * float64(tick-at))
		at = tick
		mean += area
		square += float64(2*area*linear) + float64(area*area*weight)
		linear += float64(area * weight)
	}
	for row := range h.Rows() {
		if row.Tick >= tau {
			break
		}
		if d := row.Ended(); d > 0 {
			advance(row.Tick)
			survival *= float64(row.AtRisk-d) / float64(row.AtRisk)
			weight += greenwood(row.AtRisk, d)
		}
	}
	advance(tau)
	return mean, math.Sqrt(square)
}

// TimeLost returns the mean number of ticks, of the first tau, that come after an end by the cause, and its standard error: the
// area under the cumulative incidence up to tau. Those of all causes and [Histogram.RestrictedMean] sum to tau. The standard
// error is that of the delta method, as for the incidence:
//
//	L = Σ S(s-) d/n (τ-s),  se² = Σ Q² e/(n(n-e)) + S(s-)² (τ-s)² d(n-d)/n³ - 2 Q S(s-) (τ-s) d/n²,  over s < τ
//
// with Q(s) the part of L after s (Andersen 2013, doi:10.1002/sim.5903).
func (h *Histogram) TimeLost(c Cause, tau int) (mean, se float64) {
	type end struct {
		n, e, d  int64
		survival float64 // before
		left     float64 // τ-s
	}
	var ends []end
	survival := 1.0
	for row := range h.Rows() {
		if row.Tick >= tau || c == Censored {
			break
		}
		if e := row.Ended(); e > 0 {
			ends = append(ends, end{n: row.AtRisk, e: e, d: row.Exits(c), survival: survival, left: float64(tau - row.Tick)})
			survival *= float64(row.AtRisk-e) / float64(row.AtRisk)
		}
	}
	var variance float64
	for i := len(ends) - 1; i >= 0; i-- {
		x := &ends[i]
		n, d := float64(x.n), float64(x.d)
		each := float64(x.survival*x.left) / n
		variance += float64(mean*mean*greenwood(x.n, x.e)) + float64(each*each*d*float64(x.n-x.d)/n) - float64(2*mean*each*d/n)
		mean += float64(each * d)
	}
	return mean, math.Sqrt(max(variance, 0))
}
