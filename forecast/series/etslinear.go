package series

import "math"

// linearised is the problem of least squares of a fit, linearised at a point: its errors r change by J per unit of θ.
type linearised struct {
	rows                 []float64 // J, a row for each time of a block
	level, slope, season []float64 // derivatives of the state by θ; season has a row for each period
	mean                 []float64 // mean of the derivatives of log μ
	a, g                 []float64 // J'J, of which the lower half, and J'r
	factor, reduced      []float64 // what is left of a and g as the states are eliminated
	delta                []float64 // the step
	coefficients         int
	states               float64 // by which share the states alone reduce the sum of squares
	gradient             [4]float64
	curvature, other     [4][4]float64 // second derivatives to use, and the alternative
}

// block is the number of rows of J that are made at once: few, so that they stay near the processor.
const block = 64

// resize makes room for a season of m periods and the unknowns v.
func (l *linearised) resize(m int, v etsVars) {
	p := v.size
	l.rows = resized(l.rows, block*p)
	l.level, l.slope, l.season = resized(l.level, p), resized(l.slope, p), resized(l.season, m*p)
	l.a, l.factor = resized(l.a, p*p), resized(l.factor, p*p)
	l.mean, l.g, l.reduced, l.delta = resized(l.mean, p), resized(l.g, p), resized(l.reduced, p), resized(l.delta, p)
	l.coefficients = p - v.states
}

// linearise sets up the problem at c, and reduces it to the coefficients.
func (f *etsFit) linearise(c *candidate) {
	f.evaluations++
	f.start(c.theta)
	f.startDerivatives()
	clear(f.linear.a)
	clear(f.linear.g)
	clear(f.linear.mean)
	sum := 0.0
	for from := 0; from < len(f.y); from += block {
		to := min(from+block, len(f.y))
		f.derive(c.theta, from, to)
		sum += f.normal(from, to)
	}
	if f.form.Error == Multiplicative {
		f.linear.geometric(len(f.y), sum)
	}
	f.reduce(c.sum)
	f.curve(c)
}

// derive moves the state and its derivatives on over the values of a block. It leaves μ in mu and its derivatives in rows.
func (f *etsFit) derive(theta []float64, from, to int) {
	l, v, c, p := &f.linear, &f.vars, f.coefficients(theta), f.vars.size
	// By how much β and γ change with α, and with their own places between the bounds.
	var betaAlpha, betaSelf, gammaAlpha, gammaSelf float64
	if v.beta >= 0 {
		betaAlpha, betaSelf = theta[v.beta], c.alpha-minRate
	}
	if v.gamma >= 0 {
		gammaAlpha, gammaSelf = -theta[v.gamma], max(1-c.alpha-minRate, 0)
	}
	s := &f.state
	dl, db := l.level[:p], l.slope[:p]
	var ds []float64
	for i, y := range f.y[from:to] {
		t, row := from+i, l.rows[i*p:(i+1)*p]
		down := float64(c.phi * s.slope)
		q := s.level + down
		// φ moves the slope before the step as a derivative of slope/φ would.
		if v.phi >= 0 {
			db[v.phi] += s.slope / c.phi
		}
		var e, w float64 // the errors that move level and slope, and the season
		switch f.form.Season {
		case Multiplicative:
			ds = l.season[s.next*p : (s.next+1)*p]
			factor := s.season[s.next]
			f.mu[t] = q * factor
			e, w = y/factor-q, y/q-factor
			es, wq := y/factor/factor, y/q/q
			for j := range row {
				b := float64(c.phi * db[j])
				q1 := dl[j] + b
				s1 := ds[j]
				e1 := q1 + float64(es*s1)
				row[j] = float64(q1*factor) + float64(q*s1)
				dl[j] = q1 - float64(c.alpha*e1)
				db[j] = b - float64(c.beta*e1)
				ds[j] = s1 - float64(c.gamma*(s1+float64(wq*q1)))
			}
		case Additive:
			ds = l.season[s.next*p : (s.next+1)*p]
			f.mu[t] = q + s.season[s.next]
			e = y - f.mu[t]
			w = e
			for j := range row {
				b := float64(c.phi * db[j])
				q1 := dl[j] + b
				m1 := q1 + ds[j]
				row[j] = m1
				dl[j] = q1 - float64(c.alpha*m1)
				db[j] = b - float64(c.beta*m1)
				ds[j] -= float64(c.gamma * m1)
			}
		default:
			f.mu[t] = q
			e = y - q
			for j := range row {
				b := float64(c.phi * db[j])
				q1 := dl[j] + b
				row[j] = q1
				dl[j] = q1 - float64(c.alpha*q1)
				db[j] = b - float64(c.beta*q1)
			}
		}
		s.level = q + float64(c.alpha*e)
		s.slope = down + float64(c.beta*e)
		dl[v.alpha] += e
		if v.beta >= 0 {
			db[v.alpha] += float64(betaAlpha * e)
			db[v.beta] += float64(betaSelf * e)
		}
		if v.gamma >= 0 {
			s.season[s.next] += float64(c.gamma * w)
			ds[v.alpha] += float64(gammaAlpha * w)
			ds[v.gamma] += float64(gammaSelf * w)
			s.advance()
		}
	}
}

// startDerivatives sets the derivatives of the initial state.
func (f *etsFit) startDerivatives() {
	l, v, p := &f.linear, &f.vars, f.vars.size
	clear(l.level)
	clear(l.slope)
	clear(l.season)
	l.level[0] = 1
	if v.slope >= 0 {
		l.slope[v.slope] = 1
	}
	if v.season >= 0 {
		last := l.season[(f.m-1)*p:]
		for j := range f.m - 1 {
			l.season[j*p+v.season+j] = 1
			last[v.season+j] = -1
		}
	}
}

// normal turns the derivatives of μ of a block into J, but for what [linearised.geometric] adds, and adds it to the normal
// equations. It returns the sum of squares of relative errors.
func (f *etsFit) normal(from, to int) (sum float64) {
	l, p := &f.linear, f.vars.size
	g, mean := l.g[:p], l.mean[:p]
	for i, y := range f.y[from:to] {
		row, m := l.rows[i*p:(i+1)*p], f.mu[from+i]
		if f.form.Error == Additive {
			e := y - m
			for j, d := range row {
				g[j] -= float64(e * d)
			}
			continue
		}
		inverse := 1 / m
		e := float64(y*inverse) - 1
		w := y * inverse * inverse
		sum += float64(e * e)
		for j, d := range row {
			mean[j] += float64(d * inverse)
			d *= w
			row[j] = d
			g[j] -= float64(e * d)
		}
	}
	l.multiply(to-from, p)
	return sum
}

// geometric adds to the normal equations of n relative errors what the geometric mean G of μ does: the errors are ε·G, so that
// J/G is -(y/μ² dμ - ε·mean), with the mean of dμ/μ.
func (l *linearised) geometric(n int, sum float64) {
	p := len(l.mean)
	for j := range l.mean {
		l.mean[j] /= float64(n)
	}
	for i, x := range l.mean {
		for j, z := range l.mean[:i+1] {
			l.a[i*p+j] += float64(sum*x*z) + (float64(l.g[i]*z) + float64(x*l.g[j]))
		}
	}
	for j, x := range l.mean {
		l.g[j] += float64(sum * x)
	}
}

// multiply adds the products of the p columns of n rows to the lower half of a. Most of the time of a fit goes here: it takes
// four rows at once.
func (l *linearised) multiply(n, p int) {
	t := 0
	for ; t+4 <= n; t += 4 {
		r0, r1 := l.rows[t*p:(t+1)*p], l.rows[(t+1)*p:(t+2)*p]
		r2, r3 := l.rows[(t+2)*p:(t+3)*p], l.rows[(t+3)*p:(t+4)*p]
		for i, x0 := range r0 {
			a := l.a[i*p : i*p+i+1]
			x1, x2, x3 := r1[i], r2[i], r3[i]
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
}

// reduce eliminates the states by a Cholesky decomposition, and leaves what is left for the coefficients in gradient and
// curvature, as shares of the sum of squares. A state that the data cannot tell from those before it, or all if they are
// frozen, stay as they are.
func (f *etsFit) reduce(sum float64) {
	l, p, ns := &f.linear, f.vars.size, f.vars.states
	a, g := l.factor, l.reduced
	copy(a, l.a)
	copy(g, l.g)
	l.states = 0
	for i := range ns {
		pivot := a[i*p+i]
		if f.frozen || !(pivot > 1e-13*l.a[i*p+i]) || pivot < 1e-280 {
			for r := i; r < p; r++ {
				a[r*p+i] = 0
			}
			continue
		}
		inverse := 1 / math.Sqrt(pivot)
		for r := i; r < p; r++ {
			a[r*p+i] *= inverse
		}
		g[i] *= inverse
		l.states += float64(g[i] * g[i])
		for r := i + 1; r < p; r++ {
			x := a[r*p+i]
			g[r] -= float64(x * g[i])
			row := a[r*p : r*p+r+1]
			for c := i + 1; c <= r; c++ {
				row[c] -= float64(x * a[c*p+i])
			}
		}
	}
	l.states /= sum
	for i := range l.coefficients {
		l.gradient[i] = g[ns+i] / sum
		for j := range i + 1 {
			h := a[(ns+i)*p+ns+j] / sum
			l.curvature[i][j], l.curvature[j][i] = h, h
		}
	}
}
