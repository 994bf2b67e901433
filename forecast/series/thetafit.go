package series

import "math"

// The bounds of the smoothing parameter of the theta models: those of the authors of the optimised theta model in
// their own program, forecTheta. An α below 0.1 would let the forecast hang on the first level.
const (
	minThetaAlpha = 0.1
	maxThetaAlpha = 0.99
)

// thetaModel is the theta model in state space form (Fiorucci et al. 2016, with the terms in another order): simple
// exponential smoothing, and the weight w = 1 - 1/θ times what the same smoothing of a straight line lacks of that
// line,
//
//	y(t) = l(t-1) + w g(t) + ε(t),   l(t) = l(t-1) + α (y(t) - l(t-1)),
//	g(t) = (1-α)^(t-1) A + (1 - (1-α)^(t-1))/α B,
//
// where A is the line's value at time 1 and B its slope. The line goes through all values, or through those before t.
type thetaModel struct {
	y    []float64
	a, b []float64 // A and B for y[t]; a is nil for A = 0, which is as good as any A if the line is always the same
	skip int       // how many errors at the beginning do not count
	// free says that the weight is fitted, in [0, 1]. If not, it is base; if so, sums of squares are expanded about
	// base.
	free        bool
	base        float64
	evaluations int
}

// thetaPoint is the best fit for one α.
type thetaPoint struct {
	alpha, initial, weight float64
	sse                    float64
}

// fit returns the point of the least sum of squared errors: the best of a grid over α, then golden section about it.
func (m *thetaModel) fit() thetaPoint {
	const cells = 24
	const cell = (maxThetaAlpha - minThetaAlpha) / cells
	best := m.at(minThetaAlpha)
	for i := 1; i <= cells; i++ {
		if p := m.at(min(minThetaAlpha+float64(float64(i)*cell), maxThetaAlpha)); p.sse < best.sse {
			best = p
		}
	}
	const ratio = 0.6180339887498949 // (√5 - 1) / 2
	lo, hi := max(best.alpha-cell, minThetaAlpha), min(best.alpha+cell, maxThetaAlpha)
	left, right := m.at(hi-float64(ratio*(hi-lo))), m.at(lo+float64(ratio*(hi-lo)))
	for hi-lo > 1e-7 {
		if left.sse <= right.sse {
			hi, right = right.alpha, left
			left = m.at(hi - float64(ratio*(hi-lo)))
		} else {
			lo, left = left.alpha, right
			right = m.at(lo + float64(ratio*(hi-lo)))
		}
	}
	for _, p := range [...]thetaPoint{left, right} {
		if p.sse < best.sse {
			best = p
		}
	}
	return best
}

// at returns the best fit for the given α. The errors are linear in the first level and in the weight.
func (m *thetaModel) at(alpha float64) thetaPoint {
	m.evaluations++
	// The error is e = r - l c - (w - base) g, where r is the error for a first level of zero and the weight base.
	var rr, rc, rg, cc, cg, gg float64
	keep := 1 - alpha
	level, c, lag := 0.0, 1.0, 0.0
	for t, v := range m.y {
		g := float64(lag * m.b[t])
		if m.a != nil {
			g += float64(c * m.a[t])
		}
		if t >= m.skip {
			r := v - level - float64(m.base*g)
			rr += float64(r * r)
			rc += float64(r * c)
			cc += float64(c * c)
			if m.free {
				rg += float64(r * g)
				cg += float64(c * g)
				gg += float64(g * g)
			}
		}
		level += float64(alpha * (v - level))
		if c *= keep; c < 1e-30 {
			c = 0 // lost in rounding anyway; subnormal numbers are slow
		}
		lag = 1 + float64(keep*lag)
	}
	p := thetaPoint{alpha: alpha, weight: m.base}
	change := 0.0 // of the weight, from base
	if m.free {
		// Cramer's rule; without a line to tell from the level the weight stays.
		if det := float64(cc*gg) - float64(cg*cg); det > 1e-12*float64(cc*gg) {
			change = (float64(rg*cc) - float64(rc*cg)) / det
		}
		change = min(max(change, -m.base), 1-m.base)
		p.weight = m.base + change
	}
	p.initial = (rc - float64(change*cg)) / cc
	p.sse = rr - float64(p.initial*(2*rc-float64(p.initial*cc)-float64(2*change*cg))) - float64(change*(2*rg-float64(change*gg)))
	return p
}

// run returns the one-step forecasts at the point p, and the level after the last value.
func (m *thetaModel) run(p thetaPoint) (fitted []float64, level float64) {
	fitted = make([]float64, len(m.y))
	level = p.initial
	c, lag := 1.0, 0.0
	for t, v := range m.y {
		g := float64(lag * m.b[t])
		if m.a != nil {
			g += float64(c * m.a[t])
		}
		fitted[t] = level + float64(p.weight*g)
		level += float64(p.alpha * (v - level))
		c *= 1 - p.alpha
		lag = 1 + float64((1-p.alpha)*lag)
	}
	return fitted, level
}

// sigma returns the standard deviation of the errors that count, of which so many coefficients were made.
func (m *thetaModel) sigma(fitted []float64, coefficients int) float64 {
	n := len(m.y) - m.skip
	e := rms(n, func(i int) float64 { return m.y[i+m.skip] - fitted[i+m.skip] })
	return e * math.Sqrt(float64(n)/float64(n-coefficients))
}

// anchored returns y less its first value, in units in which squares neither overflow nor vanish.
func anchored(y []float64) (d []float64, first, unit float64) {
	d, unit = rescaled(y)
	first = d[0]
	for t := range d {
		d[t] -= first
	}
	return d, first, unit
}
