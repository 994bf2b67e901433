package series

import "math"

// The bounds of the coefficients: 1e-4 ≤ α ≤ 0.9999, 1e-4 ≤ β ≤ α, 1e-4 ≤ γ ≤ 1-α, 0.8 ≤ φ ≤ 0.98. The least α and the greatest
// are minAlpha and maxAlpha.
const (
	minRate = 1e-4
	minPhi  = 0.8
	maxPhi  = 0.98
)

// etsFit fits a form to a series by maximum likelihood. It owns all memory that a fit needs, so that the recursions allocate nothing and one etsFit can
// fit many forms.
//
// The likelihood is that of Hyndman et al. (2008, section 5.1), with the variance put at its maximum:
// -2 log L = n log Σε² + 2 Σ log|μ|, the latter for multiplicative errors only, up to a constant. This is n times the log of
// the sum of squares of ε·G, with G the geometric mean of the μ, so that fitting is a problem of nonlinear least squares
// in the initial states and the coefficients. [etsFit.improve] solves it by Gauss-Newton steps within the bounds.
//
// Why no Nelder-Mead: the gradient of the recursion costs about as much as ten evaluations, and ten steps with it do what a thousand
// evaluations of a simplex in 16 dimensions often fail to.
type etsFit struct {
	form Form
	m    int       // 1 without a season
	y    []float64 // scaled
	vars etsVars

	mu    []float64 // one-step means
	state etsState
	lin   linearised
	trial []float64
	evals int

	heuristic  []float64 // initial states to start from
	flat       float64   // the mean of the values that they were made of
	best, next candidate
	peaks      []peak
}

// etsVars says where the unknowns of a form stand in the vector θ: the initial states first (level, slope, seasons but the last,
// which follows from the others), then the coefficients. -1 is for what a form does not have.
//
// Of the coefficients, θ has α and φ as they are, and for β and γ the place between their bounds, from 0 to 1, as these depend on α.
type etsVars struct {
	slope, season, alpha, beta, gamma, phi int
	states, size                           int
}

// varsOf returns the layout of a form's unknowns.
func varsOf(form Form, m int) etsVars {
	v := etsVars{slope: -1, season: -1, beta: -1, gamma: -1, phi: -1}
	at := 1 // level is 0
	take := func(k int) int { at += k; return at - k }
	if form.Trend != None {
		v.slope = take(1)
	}
	if form.seasonal() {
		v.season = take(m - 1)
	}
	v.states = at
	v.alpha = take(1)
	if form.Trend != None {
		v.beta = take(1)
	}
	if form.seasonal() {
		v.gamma = take(1)
	}
	if form.Damped {
		v.phi = take(1)
	}
	v.size = at
	return v
}

// use sets the form to fit to the scaled series y.
func (f *etsFit) use(form Form, m int, y []float64) {
	if !form.seasonal() {
		m = 1
	}
	f.form, f.m, f.y, f.vars = form, m, y, varsOf(form, m)
	f.mu = resized(f.mu, len(y))
	f.trial = resized(f.trial, f.vars.size)
	f.lin.resize(len(y), m, f.vars)
	f.heuristic = resized(f.heuristic, f.vars.states)
	f.startStates(f.heuristic)
}

// resized returns a slice of length n, in the memory of s if that is enough.
func resized(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

// coefficients returns the coefficients that θ stands for.
func (f *etsFit) coefficients(theta []float64) coefficients {
	c := coefficients{alpha: theta[f.vars.alpha], phi: 1}
	if i := f.vars.beta; i >= 0 {
		c.beta = minRate + float64(theta[i]*(c.alpha-minRate))
	}
	if i := f.vars.gamma; i >= 0 {
		c.gamma = minRate + float64(theta[i]*max(1-c.alpha-minRate, 0))
	}
	if i := f.vars.phi; i >= 0 {
		c.phi = theta[i]
	}
	return c
}

// bounds returns the least and the greatest value of the coefficient at place i of θ.
func (f *etsFit) bounds(i int) (lo, hi float64) {
	switch i {
	case f.vars.alpha:
		return minAlpha, maxAlpha
	case f.vars.phi:
		return minPhi, maxPhi
	}
	return 0, 1
}

// start sets the state to the initial one of θ.
func (f *etsFit) start(theta []float64) {
	s := &f.state
	s.level, s.slope, s.next = theta[0], 0, 0
	s.season = s.season[:0]
	if f.vars.slope >= 0 {
		s.slope = theta[f.vars.slope]
	}
	if f.vars.season >= 0 {
		last := 0.0
		if f.form.Season == Multiplicative {
			last = float64(f.m)
		}
		for _, v := range theta[f.vars.season : f.vars.season+f.m-1] {
			s.season = append(s.season, v)
			last -= v
		}
		s.season = append(s.season, last)
	}
}

// exactly is the error of a value, in units of the largest, that rounding alone may cause. A fit with errors below it is exact.
const exactly = 0x1p-46

// value returns -2 log L at θ, and the sum of squares in it; +Inf where the likelihood is not defined.
func (f *etsFit) value(theta []float64) (value, sum float64) {
	f.evals++
	f.start(theta)
	if f.form.Season == Multiplicative {
		for _, s := range f.state.season {
			if !(s > 0) {
				return math.Inf(1), 0
			}
		}
	}
	f.state.filter(f.form.Season, f.coefficients(theta), f.y, f.mu)
	return likelihood(f.form.Error, f.y, f.mu)
}

// likelihood returns -2 log L of the one-step means mu of a series y of about unit size, and the sum of squares in it.
func likelihood(e Component, y, mu []float64) (value, sum float64) {
	n := float64(len(y))
	if e == Additive {
		for t, v := range y {
			d := v - mu[t]
			sum += float64(d * d)
		}
		if !(sum < math.MaxFloat64) {
			return math.Inf(1), 0
		}
		return n * math.Log(max(sum, float64(n*exactly*exactly))), sum
	}
	// The product of the means stands for the sum of their logarithms, which would cost more than all the rest.
	product, logs := 1.0, 0.0
	for t, v := range y {
		m := mu[t]
		if !(m > 1e-100 && m < 1e100) {
			return math.Inf(1), 0
		}
		d := (v - m) / m
		sum += float64(d * d)
		product *= m
		if product < 1e-150 || product > 1e150 {
			logs += math.Log(product)
			product = 1
		}
	}
	if !(sum < math.MaxFloat64) {
		return math.Inf(1), 0
	}
	logs += math.Log(product)
	return n*math.Log(max(sum, float64(n*exactly*exactly))) + 2*logs, sum
}

// candidate is a point on the way to a maximum of the likelihood.
type candidate struct {
	theta      []float64
	value, sum float64
	damping    float64
	done       bool

	// What the last step taught, for the coefficients: where it started, the gradient there, and the correction of curve.
	moved          bool
	from, gradient [4]float64
	correction     [4][4]float64
	corrected      bool
}

// improve takes up to the given number of Levenberg-Marquardt steps from c, each of which raises the likelihood.
// It sets done when there is no more to gain.
func (f *etsFit) improve(c *candidate, steps int) {
	const (
		gain   = 1e-9 // the least gain in -2 log L that is worth a step
		trials = 12
	)
	n := float64(len(f.y))
	if f.exact(c.sum) {
		c.done = true
	}
	for ; steps > 0 && !c.done; steps-- {
		f.linearise(c)
		c.done = true
		length := 1.0
		for trial := range trials {
			predicted := f.step(c.theta, c.damping)
			if !(n*predicted > gain) {
				break
			}
			for i, d := range f.lin.delta {
				f.trial[i] = c.theta[i] + float64(length*d)
			}
			for i := f.vars.states; i < f.vars.size; i++ {
				lo, hi := f.bounds(i)
				f.trial[i] = min(max(f.trial[i], lo), hi)
			}
			value, sum := f.value(f.trial)
			if value < c.value {
				expected := -n * math.Log(max(1-predicted, 1e-3))
				switch ratio := (c.value - value) / expected; {
				case ratio > 0.75:
					c.damping /= 8
				case ratio < 0.25:
					c.damping = 4 * max(c.damping, 1e-3)
				}
				if length == 1 {
					actual := 1 - math.Exp((value-c.value)/n)
					if math.Abs(f.reduction(&f.lin.other)-actual) < math.Abs(predicted-actual) {
						c.corrected = !c.corrected
					}
				}
				copy(c.theta, f.trial)
				c.done = f.exact(sum)
				c.value, c.sum = value, sum
				break
			}
			c.damping = 8 * max(c.damping, 1e-3)
			if trial > 0 {
				length /= 2
			}
		}
	}
}

// exact reports whether a sum of squared errors is no more than rounding.
func (f *etsFit) exact(sum float64) bool {
	return sum <= float64(len(f.y))*exactly*exactly
}
