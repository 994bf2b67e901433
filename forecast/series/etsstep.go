package series

import "math"

// curve corrects the second derivatives by what those of Gauss and Newton lack, as seen in the change of the gradient over
// the last step: the structured secant update of Dennis, Gay and Welsch (1981, doi:10.1145/355958.355965). Errors of
// forecasts are large, and without it the last digits take many steps. Of the derivatives with and without correction, curve
// puts those that predicted the last step better in use, and the others aside.
func (f *etsFit) curve(c *candidate) {
	l, k := &f.linear, f.linear.coefficients
	at := c.theta[f.vars.states:]
	if c.moved {
		var step, change [4]float64
		for i := range k {
			step[i], change[i] = at[i]-c.from[i], l.gradient[i]-c.gradient[i]
		}
		c.correct(k, &l.curvature, &step, &change)
	}
	copy(c.from[:k], at)
	c.gradient, c.moved = l.gradient, true

	corrected := l.curvature
	for i := range k {
		for j := range k {
			corrected[i][j] += c.correction[i][j]
		}
	}
	c.corrected = c.corrected && definite(k, corrected, &l.curvature)
	if l.other = corrected; c.corrected {
		l.curvature, l.other = l.other, l.curvature
	}
}

// correct updates the correction such that, with it, h predicts the change of the gradient over a step.
func (c *candidate) correct(k int, h *[4][4]float64, step, change *[4]float64) {
	var lack [4]float64 // of the change, without a correction, then with it
	var sc, sl, st float64
	for i := range k {
		hs, ts := 0.0, 0.0
		for j := range k {
			hs += float64(h[i][j] * step[j])
			ts += float64(c.correction[i][j] * step[j])
		}
		lack[i] = change[i] - hs
		sc += float64(step[i] * change[i])
		sl += float64(step[i] * lack[i])
		st += float64(step[i] * ts)
	}
	if !(sc > 0) {
		return
	}
	// An old correction that is too large for this step shrinks first.
	shrink := 1.0
	if math.Abs(sl) < math.Abs(st) {
		shrink = math.Abs(sl / st)
	}
	sl = 0
	for i := range k {
		for j := range k {
			c.correction[i][j] *= shrink
			lack[i] -= float64(c.correction[i][j] * step[j])
		}
		sl += float64(step[i] * lack[i])
	}
	for i := range k {
		for j := range k {
			c.correction[i][j] += (float64(lack[i]*change[j]) + float64(change[i]*lack[j])) / sc
			c.correction[i][j] -= sl / sc * (change[i] / sc) * change[j]
		}
	}
}

// definite reports whether h is positive definite, with pivots not far below the diagonal of o.
func definite(k int, h [4][4]float64, o *[4][4]float64) bool {
	for i := range k {
		if !(h[i][i] > 0.01*o[i][i]) {
			return false
		}
		for r := i + 1; r < k; r++ {
			x := h[r][i] / h[i][i]
			for c := i + 1; c < k; c++ {
				h[r][c] -= float64(x * h[i][c])
			}
		}
	}
	return true
}

// step sets delta to the step from θ with the given damping, and returns by which share it should reduce the sum of squares.
func (f *etsFit) step(theta []float64, damping float64) float64 {
	l, p, ns := &f.linear, f.vars.size, f.vars.states
	var lo, hi [4]float64
	h := l.curvature
	for i := range l.coefficients {
		least, greatest := f.bounds(ns + i)
		lo[i], hi[i] = least-theta[ns+i], greatest-theta[ns+i]
		h[i][i] += float64(damping*h[i][i]) + 1e-300
	}
	d := boxStep(l.coefficients, &h, &l.gradient, &lo, &hi)
	copy(l.delta[ns:], d[:l.coefficients])
	for i := ns - 1; i >= 0; i-- {
		pivot := l.factor[i*p+i]
		if pivot == 0 {
			l.delta[i] = 0
			continue
		}
		x := l.reduced[i]
		for r := i + 1; r < p; r++ {
			x += float64(l.factor[r*p+i] * l.delta[r])
		}
		l.delta[i] = -x / pivot
	}
	return f.reduction(&l.curvature)
}

// reduction returns by which share the step delta should reduce the sum of squares if h has the second derivatives.
func (f *etsFit) reduction(h *[4][4]float64) float64 {
	l := &f.linear
	d := l.delta[f.vars.states:]
	share := l.states
	for i := range d {
		hd := 0.0
		for j, x := range d {
			hd += float64(h[i][j] * x)
		}
		share -= float64(d[i] * (2*l.gradient[i] + hd))
	}
	return share
}

// boxStep returns the d that minimises g'd + d'hd/2 with lo ≤ d ≤ hi, where lo ≤ 0 ≤ hi, in k dimensions, for a positive
// definite h. It goes from 0 to the minimum of those coordinates that are not held at a bound, holds the first that meets
// one, and frees what would rather be inside, until there is nothing to hold or free.
func boxStep(k int, h *[4][4]float64, g, lo, hi *[4]float64) (d [4]float64) {
	var held [4]float64 // -1 at lo, 1 at hi, 0 free
	for i := range k {
		switch {
		case lo[i] >= 0 && g[i] > 0:
			held[i] = -1
		case hi[i] <= 0 && g[i] < 0:
			held[i] = 1
		}
	}
	for range 32 { // 3 rounds are usual; each lowers the minimum, so that to stop is safe
		to := d
		solveFree(k, h, g, &held, &to)
		part, at := 1.0, -1
		for i := range k {
			bound := min(max(to[i], lo[i]), hi[i])
			if held[i] == 0 && bound != to[i] {
				if p := (bound - d[i]) / (to[i] - d[i]); p < part || at < 0 {
					part, at = p, i
				}
			}
		}
		for i := range k {
			if held[i] == 0 {
				d[i] = min(max(d[i]+float64(part*(to[i]-d[i])), lo[i]), hi[i])
			}
		}
		if at >= 0 {
			if to[at] < d[at] {
				held[at], d[at] = -1, lo[at]
			} else {
				held[at], d[at] = 1, hi[at]
			}
			continue
		}
		worst := 0.0
		for i := range k {
			r := g[i]
			for j := range k {
				r += float64(h[i][j] * d[j])
			}
			if push := held[i] * r; push > worst {
				worst, at = push, i
			}
		}
		if at < 0 {
			break
		}
		held[at] = 0
	}
	return d
}

// solveFree sets the d that are not held to the minimum of g'd + d'hd/2, given those that are.
func solveFree(k int, h *[4][4]float64, g, held, d *[4]float64) {
	var at [4]int
	n := 0
	for i := range k {
		if held[i] == 0 {
			at[n] = i
			n++
		}
	}
	var a [4][5]float64
	for r := range n {
		i := at[r]
		a[r][4] = -g[i]
		for j := range k {
			if held[j] != 0 {
				a[r][4] -= float64(h[i][j] * d[j])
			}
		}
		for c := range n {
			a[r][c] = h[i][at[c]]
		}
	}
	for i := range n {
		for r := i + 1; r < n; r++ {
			x := a[r][i] / a[i][i]
			for c := i + 1; c < 5; c++ {
				a[r][c] -= float64(x * a[i][c])
			}
		}
	}
	for r := n - 1; r >= 0; r-- {
		x := a[r][4]
		for c := r + 1; c < n; c++ {
			x -= float64(a[r][c] * d[at[c]])
		}
		d[at[r]] = x / a[r][r]
	}
}
