package lifetime

import (
	"iter"
	"math"
)

// Hazard yields the Nelson-Aalen estimate of the cumulative hazard of ending by any cause, with its standard error:
//
//	H(t) = Σ d(s)/n(s),  se(t)² = Σ d(s)/n(s)²,  over s <= t
//
// (Nelson 1972, doi:10.2307/1267144; Aalen 1978, doi:10.1214/aos/1176344247). Untied takes those who end at the same tick to
// have ended one after the other, as if ticks were finer, each with one fewer at risk:
//
//	H(t) = Σ 1/n + 1/(n-1) + … + 1/(n-d+1),  se(t)² = Σ 1/n² + 1/(n-1)² + … + 1/(n-d+1)²
//
// (Fleming and Harrington 1984, doi:10.1080/03610928408828837).
func (h *Histogram) Hazard(untied bool) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		survival, hazard, variance := 1.0, 0.0, 0.0
		for row := range h.Rows() {
			s := step(row)
			if n, d := float64(s.AtRisk), float64(s.Events); s.Events > 0 {
				survival *= float64(s.AtRisk-s.Events) / n
				if untied {
					first, second := harmonic(s.AtRisk-s.Events, s.AtRisk)
					hazard += first
					variance += second
				} else {
					hazard += d / n
					variance += d / n / n
				}
			}
			s.Value, s.Survival, s.SE = hazard, survival, math.Sqrt(variance)
			if !yield(s) {
				return
			}
		}
	}
}

// harmonic returns the sums of 1/k and of 1/k² over a < k <= b. Long sums of small terms are taken by the formula of Euler
// and Maclaurin, whose next term is below one unit in the last place.
func harmonic(a, b int64) (first, second float64) {
	const (
		long  = 16  // terms
		small = 256 // the least k of a term
	)
	for ; a < b && (a < small || b-a < long); a++ {
		k := float64(a + 1)
		first += 1 / k
		second += 1 / k / k
	}
	if a == b {
		return first, second
	}
	x, y, d := float64(a), float64(b), float64(b-a)
	u, v := 1/x, 1/y
	// ∫f + (f(b)-f(a))/2 + (f'(b)-f'(a))/12 - (f'''(b)-f'''(a))/720, with u-v written d/(xy) so that nothing is lost.
	gap := d / x / y
	squares := float64(gap * (u + v))                                    // u²-v²
	cubes := float64(gap * (float64(u*u) + float64(u*v) + float64(v*v))) // u³-v³
	fourth := float64(squares * (float64(u*u) + float64(v*v)))           // u⁴-v⁴
	fifth := float64(fourth*u) + float64(gap*v*v*v*v)                    // u⁵-v⁵
	first += math.Log1p(d/x) - gap/2 + squares/12 - fourth/120
	second += gap - squares/2 + cubes/6 - fifth/30
	return first, second
}
