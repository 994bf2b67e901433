package series

import "math"

// The bounds of the smoothing parameter of a level.
const (
	minAlpha = 1e-4
	maxAlpha = 0.9999
)

// levelFit is optimal simple exponential smoothing, ETS(A,N,N): l(t) = l(t-1) + α (y(t) - l(t-1)).
type levelFit struct {
	// alpha and initial are the smoothing parameter and the level before the first value that minimise the sum of
	// squared one-step errors.
	alpha, initial float64
	// sigma is the standard deviation of these errors, with alpha and initial as degrees of freedom if there are more values.
	sigma float64
	// evaluations counts passes over the series.
	evaluations int
}

// fitLevel fits simple exponential smoothing to y, which has at least one value, all finite. It takes some 20 passes over y.
//
// The errors are linear in the initial level, so that for each α one pass gives the best initial level, the sum of
// squares S(α), and its derivative. S can have several minima: every interval of a grid over which S' changes from
// negative to positive holds one. The two most promising are found as zeros of S', to rounding.
func fitLevel(y []float64) levelFit {
	d, unit := rescaled(y)
	y0 := d[0]
	for i := range d {
		d[i] -= y0
	}
	s := levelSearch{d: d}
	best := s.minimum()
	sum := best.sse
	if exact(sum, len(d)) {
		sum = 0
	}
	return levelFit{
		alpha:       best.alpha,
		initial:     (best.initial + y0) * unit,
		sigma:       math.Sqrt(sum/float64(max(len(d)-2, 1))) * unit,
		evaluations: s.evaluations,
	}
}

// levelPoint is the objective of [fitLevel] at one α: S, S'/2 and the best initial level.
type levelPoint struct {
	alpha, sse, slope, initial float64
}

// levelSearch searches for the best α of the deviations d of a series from its first value.
type levelSearch struct {
	d           []float64
	evaluations int
}

// minimum returns the best point.
func (s *levelSearch) minimum() levelPoint {
	const cells = 16 // denser towards small α, where S bends most
	left := s.at(minAlpha)
	best := left
	var first, second levelBracket
	for i := 1; i <= cells; i++ {
		right := s.at(minAlpha + float64(float64(i*i)/(cells*cells)*(maxAlpha-minAlpha)))
		if left.slope < 0 && right.slope > 0 {
			b := levelBracket{left: left, right: right, found: true}
			switch {
			case !first.found || b.low() < first.low():
				first, second = b, first
			case !second.found || b.low() < second.low():
				second = b
			}
		}
		if right.sse < best.sse {
			best = right
		}
		left = right
	}
	for _, b := range [...]levelBracket{first, second} {
		if !b.found {
			continue
		}
		if p := s.zero(b.left, b.right); p.sse < best.sse {
			best = p
		}
	}
	return best
}

// levelBracket is a cell of the grid that holds a minimum.
type levelBracket struct {
	left, right levelPoint
	found       bool
}

func (b levelBracket) low() float64 { return min(b.left.sse, b.right.sse) }

// zero returns the zero of S' between a and b, where it is negative at a and positive at b, by regula falsi with the
// weights of Anderson and Björck (1973), and bisection where that is slow.
func (s *levelSearch) zero(a, b levelPoint) levelPoint {
	fa, fb := a.slope, b.slope
	best := a
	if b.sse < a.sse {
		best = b
	}
	for range 60 {
		width := b.alpha - a.alpha
		x := a.alpha - float64(fa*(width/(fb-fa)))
		if !(x > a.alpha && x < b.alpha) {
			x = a.alpha + width/2
		}
		p := s.at(x)
		if p.sse <= best.sse {
			best = p
		}
		if p.slope == 0 || width <= 1e-13 {
			break
		}
		before := b.alpha - a.alpha
		if p.slope < 0 {
			a, fa, fb = p, p.slope, fb*weight(p.slope, fa)
		} else {
			b, fb, fa = p, p.slope, fa*weight(p.slope, fb)
		}
		if math.Abs(p.slope) <= 1e-15*(math.Abs(p.sse)/p.alpha) || b.alpha-a.alpha >= before {
			break
		}
	}
	return best
}

// weight returns the factor by which the value at the end that stays is reduced, when the other end had the value old and now
// has p.
func weight(p, old float64) float64 {
	if w := 1 - p/old; w > 0 {
		return w
	}
	return 0.5
}

// at returns the objective at alpha. With a(t) the errors for an initial level of zero and c(t) = (1-α)^(t-1), the
// errors are a - l c for the initial level l, whose best value is Σac/Σcc.
func (s *levelSearch) at(alpha float64) levelPoint {
	s.evaluations++
	var aa, ac, cc float64    // Σaa, Σac, Σcc
	var aa1, ac1, cc1 float64 // half their derivatives
	var level, level1 float64 // the level, and its derivative
	keep := 1 - alpha
	c, c1 := 1.0, 0.0
	i := 0
	// While the initial level matters; below 1e-30 it is lost in rounding, and would soon be subnormal, which is slow.
	for ; i < len(s.d) && c > 1e-30; i++ {
		a, a1 := s.d[i]-level, -level1
		aa += float64(a * a)
		ac += float64(a * c)
		cc += float64(c * c)
		aa1 += float64(a * a1)
		ac1 += float64(a*c1) + float64(a1*c)
		cc1 += float64(c * c1)
		level += float64(alpha * a)
		level1 += a + float64(alpha*a1)
		c1 = float64(keep*c1) - c
		c *= keep
	}
	for _, v := range s.d[i:] {
		a, a1 := v-level, -level1
		aa += float64(a * a)
		aa1 += float64(a * a1)
		level += float64(alpha * a)
		level1 += a + float64(alpha*a1)
	}
	l := ac / cc
	return levelPoint{
		alpha:   alpha,
		initial: l,
		sse:     max(aa-float64(l*ac), 0),
		slope:   aa1 - float64(l*ac1) + float64(l*l*cc1),
	}
}
