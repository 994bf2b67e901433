package series

import "math"

// linearised is the least squares problem of a fit, linearised at a point: the errors there are r, their derivatives J; a
// is J'J and g is J'r.
type linearised struct {
	rows     []float64 // dμ/dθ at each time, then J; one row a time
	dLevel   []float64 // derivatives of the state
	dSlope   []float64
	dSeason  []float64 // one row a period
	a, g     []float64
	mean     []float64 // mean of dlog μ/dθ
	factor   []float64 // see reduce
	reduced  []float64
	delta    []float64
	half     float64 // reduction of the sum of squares by the states alone
	k        int     // number of coefficients
	h, other [4][4]float64
	gradient [4]float64
}

func (l *linearised) resize(n, m int, v etsVars) {
	p := v.size
	l.rows = resized(l.rows, n*p)
	l.dLevel, l.dSlope = resized(l.dLevel, p), resized(l.dSlope, p)
	l.dSeason = resized(l.dSeason, m*p)
	l.a, l.factor = resized(l.a, p*p), resized(l.factor, p*p)
	l.g, l.mean, l.reduced, l.delta = resized(l.g, p), resized(l.mean, p), resized(l.reduced, p), resized(l.delta, p)
	l.k = p - v.states
}

// linearise computes errors and derivatives at θ, and reduces the normal equations.
func (f *etsFit) linearise(c *candidate) {
	f.evals++
	f.start(c.theta)
	f.derive(f.coefficients(c.theta), c.theta)
	f.normal()
	f.reduce(c.sum)
	f.curve(c)
}

// curve corrects the second derivatives by what the Gauss-Newton ones lack, as seen in the change of the gradient over the last
// step: the structured secant update of Dennis, Gay and Welsch (1981).
func (f *etsFit) curve(c *candidate) {
	l, k := &f.lin, f.lin.k
	x := c.theta[f.vars.states:]
	if c.moved {
		var d, y, z [4]float64 // step, change of the gradient, what the correction lacks
		var dy, dz, dtd, dyc float64
		for i := range k {
			d[i] = x[i] - c.from[i]
			y[i] = l.gradient[i] - c.gradient[i]
		}
		for i := range k {
			hd, td := 0.0, 0.0
			for j := range k {
				hd += float64(l.h[i][j] * d[j])
				td += float64(c.correction[i][j] * d[j])
			}
			z[i] = y[i] - hd
			dy += float64(d[i] * y[i])
			dyc += float64(d[i] * z[i])
			dtd += float64(d[i] * td)
		}
		if size := math.Abs(dyc); size < math.Abs(dtd) {
			r := size / math.Abs(dtd)
			for i := range k {
				for j := range k {
					c.correction[i][j] *= r
				}
			}
		}
		for i := range k {
			for j := range k {
				z[i] -= float64(c.correction[i][j] * d[j])
			}
			dz += float64(d[i] * z[i])
		}
		if dy > 0 {
			for i := range k {
				for j := range k {
					c.correction[i][j] += float64((float64(z[i]*y[j])+float64(y[i]*z[j]))/dy) - float64(dz/dy*(y[i]/dy)*y[j])
				}
			}
		}
	}
	copy(c.from[:k], x)
	c.gradient, c.moved = l.gradient, true
	l.other = l.h
	h := l.h
	for i := range k {
		for j := range k {
			h[i][j] += c.correction[i][j]
		}
	}
	if !definite(k, &h, &l.h) {
		c.corrected = false
	}
	if c.corrected {
		l.h = h
	} else {
		l.other = h
	}
}

// reduction returns by how much the step delta should reduce the log of the sum of squares if h holds the second derivatives.
func (f *etsFit) reduction(h *[4][4]float64) float64 {
	l := &f.lin
	predicted := l.half
	for i, d := range l.delta[f.vars.states:] {
		hd := 0.0
		for j := range l.k {
			hd += float64(h[i][j] * l.delta[f.vars.states+j])
		}
		predicted -= float64(d * (2*l.gradient[i] + hd))
	}
	return predicted
}

// definite reports whether h is positive definite, and not by far less so than o.
func definite(k int, h, o *[4][4]float64) bool {
	a := *h
	for i := range k {
		if !(a[i][i] > 0.01*o[i][i]) {
			return false
		}
		for r := i + 1; r < k; r++ {
			x := a[r][i] / a[i][i]
			for c := i + 1; c < k; c++ {
				a[r][c] -= float64(x * a[i][c])
			}
		}
	}
	return true
}

// derive runs the recursion from the initial state with all its derivatives, and leaves dμ/dθ in rows and μ in mu.
func (f *etsFit) derive(c coefficients, theta []float64) {
	l, v, p := &f.lin, &f.vars, f.vars.size
	clear(l.dLevel)
	clear(l.dSlope)
	clear(l.dSeason)
	l.dLevel[0] = 1
	if v.slope >= 0 {
		l.dSlope[v.slope] = 1
	}
	if v.season >= 0 {
		last := (f.m - 1) * p
		for j := range f.m - 1 {
			l.dSeason[j*p+v.season+j] = 1
			l.dSeason[last+v.season+j] = -1
		}
	}
	// By how much β and γ change with α, and with their own places between the bounds.
	var betaAlpha, betaSelf, gammaAlpha, gammaSelf float64
	if v.beta >= 0 {
		betaAlpha, betaSelf = theta[v.beta], c.alpha-minRate
	}
	if v.gamma >= 0 {
		gammaAlpha, gammaSelf = -theta[v.gamma], max(1-c.alpha-minRate, 0)
	}
	s := &f.state
	dl, db := l.dLevel[:p], l.dSlope[:p]
	for t, y := range f.y {
		row := l.rows[t*p : (t+1)*p]
		slope := s.slope
		down := float64(c.phi * slope)
		q := s.level + down
		var er, ew float64 // what α and β multiply, what γ multiplies
		var ds []float64
		switch f.form.Season {
		case Multiplicative:
			ds = l.dSeason[s.next*p : (s.next+1)*p]
			fac := s.season[s.next]
			f.mu[t] = q * fac
			yf, yq := y/fac, y/q
			er, ew = yf-q, yq-fac
			kf, kq := yf/fac, yq/q
			// The effect of φ on the slope, as a change of the derivative before the step.
			for j := range row {
				dd := float64(c.phi * db[j])
				if j == v.phi {
					dd += slope
				}
				dq := dl[j] + dd
				de := dq + float64(kf*ds[j])
				row[j] = float64(dq*fac) + float64(q*ds[j])
				dl[j] = dq - float64(c.alpha*de)
				db[j] = dd - float64(c.beta*de)
				ds[j] -= float64(c.gamma * (ds[j] + float64(kq*dq)))
			}
			s.season[s.next] += float64(c.gamma * ew)
		case Additive:
			ds = l.dSeason[s.next*p : (s.next+1)*p]
			f.mu[t] = q + s.season[s.next]
			er = y - f.mu[t]
			ew = er
			for j := range row {
				dd := float64(c.phi * db[j])
				if j == v.phi {
					dd += slope
				}
				dq := dl[j] + dd
				dm := dq + ds[j]
				row[j] = dm
				dl[j] = dq - float64(c.alpha*dm)
				db[j] = dd - float64(c.beta*dm)
				ds[j] -= float64(c.gamma * dm)
			}
			s.season[s.next] += float64(c.gamma * ew)
		default:
			f.mu[t] = q
			er = y - q
			for j := range row {
				dd := float64(c.phi * db[j])
				if j == v.phi {
					dd += slope
				}
				dq := dl[j] + dd
				row[j] = dq
				dl[j] = dq - float64(c.alpha*dq)
				db[j] = dd - float64(c.beta*dq)
			}
		}
		s.level = q + float64(c.alpha*er)
		s.slope = down + float64(c.beta*er)
		dl[v.alpha] += er
		if v.beta >= 0 {
			db[v.alpha] += float64(betaAlpha * er)
			db[v.beta] += float64(betaSelf * er)
		}
		if v.gamma >= 0 {
			ds[v.alpha] += float64(gammaAlpha * ew)
			ds[v.gamma] += float64(gammaSelf * ew)
			s.advance()
		}
	}
}

// normal makes the normal equations.
func (f *etsFit) normal() {
	l, p, n := &f.lin, f.vars.size, len(f.y)
	clear(l.g)
	clear(l.mean)
	sum := 0.0
	for t, y := range f.y {
		row := l.rows[t*p : (t+1)*p]
		m := f.mu[t]
		e := y - m
		if f.form.Error == Multiplicative {
			inv := 1 / m
			e *= inv
			w := y * inv * inv
			for j, d := range row {
				l.mean[j] += float64(d * inv)
				row[j] = d * w
			}
		}
		sum += float64(e * e)
		for j, d := range row {
			l.g[j] -= float64(e * d)
		}
	}
	clear(l.a)
	t := 0
	for ; t+4 <= n; t += 4 {
		r0 := l.rows[t*p : (t+1)*p]
		r1 := l.rows[(t+1)*p : (t+2)*p]
		r2 := l.rows[(t+2)*p : (t+3)*p]
		r3 := l.rows[(t+3)*p : (t+4)*p]
		for i := range r0 {
			a := l.a[i*p : i*p+i+1]
			x0, x1, x2, x3 := r0[i], r1[i], r2[i], r3[i]
			s0, s1, s2, s3 := r0[:len(a)], r1[:len(a)], r2[:len(a)], r3[:len(a)]
			for j := range a {
				a[j] += float64(x0*s0[j]) + float64(x1*s1[j]) + (float64(x2*s2[j]) + float64(x3*s3[j]))
			}
		}
	}
	for ; t < n; t++ {
		row := l.rows[t*p : (t+1)*p]
		for i, x := range row {
			a := l.a[i*p : i*p+i+1]
			for j := range a {
				a[j] += float64(x * row[j])
			}
		}
	}
	if f.form.Error == Multiplicative {
		// The geometric mean of μ moves too: J is -(wdμ - e·mean).
		for j := range l.mean {
			l.mean[j] /= float64(n)
		}
		for i, hi := range l.mean {
			ci := -l.g[i]
			for j, hj := range l.mean[:i+1] {
				cj := -l.g[j]
				l.a[i*p+j] += float64(sum*hi*hj) - float64(ci*hj) - float64(hi*cj)
			}
		}
		for j, h := range l.mean {
			l.g[j] += float64(sum * h)
		}
	}
}

// reduce eliminates the states: it factors their part of J'J (Cholesky) and leaves the equations of the coefficients
// alone in h and gradient. A state that the data cannot tell from the others stays.
func (f *etsFit) reduce(sum float64) {
	l, p, ns := &f.lin, f.vars.size, f.vars.states
	copy(l.factor, l.a)
	copy(l.reduced, l.g)
	a, g := l.factor, l.reduced
	l.half = 0
	for i := range ns {
		pivot := a[i*p+i]
		if !(pivot > 1e-13*l.a[i*p+i]) || pivot < 1e-280 {
			for r := i; r < p; r++ {
				a[r*p+i] = 0
			}
			g[i] = 0
			continue
		}
		inv := 1 / math.Sqrt(pivot)
		for r := i; r < p; r++ {
			a[r*p+i] *= inv
		}
		g[i] *= inv
		l.half += float64(g[i] * g[i])
		for r := i + 1; r < p; r++ {
			x := a[r*p+i]
			if x == 0 {
				continue
			}
			g[r] -= float64(x * g[i])
			for c := i + 1; c <= r; c++ {
				a[r*p+c] -= float64(x * a[c*p+i])
			}
		}
	}
	l.half /= sum
	for i := range l.k {
		l.gradient[i] = g[ns+i] / sum
		for j := range i + 1 {
			l.h[i][j] = a[(ns+i)*p+ns+j] / sum
			l.h[j][i] = l.h[i][j]
		}
	}
}

// step computes the step delta from θ with the given damping, and returns by how much it should reduce the sum of squares.
func (f *etsFit) step(theta []float64, damping float64) float64 {
	l, p, ns := &f.lin, f.vars.size, f.vars.states
	var lo, hi [4]float64
	h := l.h
	for i := range l.k {
		b, t := f.bounds(ns + i)
		lo[i], hi[i] = b-theta[ns+i], t-theta[ns+i]
		h[i][i] += float64(damping*h[i][i]) + 1e-300
	}
	d := boxStep(l.k, &h, &l.gradient, &lo, &hi)
	copy(l.delta[ns:], d[:l.k])
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
	return f.reduction(&l.h)
}

// boxStep minimises g'd + d'hd/2 over lo ≤ d ≤ hi in k dimensions, h positive definite, by an active set.
func boxStep(k int, h *[4][4]float64, g, lo, hi *[4]float64) (d [4]float64) {
	var held [4]int8 // -1 at lo, 1 at hi
	for i := range k {
		switch {
		case lo[i] >= 0 && g[i] > 0:
			held[i], d[i] = -1, lo[i]
		case hi[i] <= 0 && g[i] < 0:
			held[i], d[i] = 1, hi[i]
		}
	}
	for range 16 {
		solveFree(k, h, g, &held, &d)
		worst, at := 0.0, -1
		for i := range k {
			if over := max(lo[i]-d[i], d[i]-hi[i]); held[i] == 0 && over > worst {
				worst, at = over, i
			}
		}
		if at >= 0 {
			if d[at] < lo[at] {
				held[at], d[at] = -1, lo[at]
			} else {
				held[at], d[at] = 1, hi[at]
			}
			continue
		}
		for i := range k {
			if held[i] == 0 {
				continue
			}
			r := g[i]
			for j := range k {
				r += float64(h[i][j] * d[j])
			}
			if gain := float64(held[i]) * r; gain > worst {
				worst, at = gain, i
			}
		}
		if at < 0 {
			return d
		}
		held[at] = 0
	}
	for i := range k {
		d[i] = min(max(d[i], lo[i]), hi[i])
	}
	return d
}

// solveFree sets the d that are not held to the minimum given those that are.
func solveFree(k int, h *[4][4]float64, g *[4]float64, held *[4]int8, d *[4]float64) {
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
		x := -g[i]
		for j := range k {
			if held[j] != 0 {
				x -= float64(h[i][j] * d[j])
			}
		}
		for c := range n {
			a[r][c] = h[i][at[c]]
		}
		a[r][4] = x
	}
	for i := range n {
		for r := i + 1; r < n; r++ {
			x := a[r][i] / a[i][i]
			for c := i + 1; c < n; c++ {
				a[r][c] -= float64(x * a[i][c])
			}
			a[r][4] -= float64(x * a[i][4])
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
