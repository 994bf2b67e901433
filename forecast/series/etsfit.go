package series

import "math"

// The bounds of the other coefficients: minRate ≤ β ≤ α, minRate ≤ γ ≤ 1-α, minPhi ≤ φ ≤ maxPhi. Those of α are minAlpha and
// maxAlpha.
const (
	minRate = 1e-4
	minPhi  = 0.8
	maxPhi  = 0.98
)

// etsFit fits forms to a series by maximum likelihood. It owns the memory that a fit needs, so that nothing is allocated
// within a search, and one etsFit can fit many forms.
//
// The likelihood is that of Hyndman, Koehler, Ord and Snyder (2008, section 5.1) with the variance at its maximum: -2 log L =
// n log Σε² + 2 Σ log|μ|, up to a constant, the second term for relative errors only. That is n times the log of Σ(ε·G)² with
// G the geometric mean of μ. So a fit is a problem of nonlinear least squares in the initial states and the coefficients, and
// [etsFit.improve] solves it with the derivatives of the recursion.
//
// Why not Nelder-Mead, as others do: with the 17 unknowns of a monthly Holt-Winters it takes a thousand evaluations or more,
// and often ends far from a maximum. Fifteen steps with derivatives, of the cost of twenty evaluations each, end at one. (The
// optimisers of gonum pass every evaluation through channels to another goroutine, which takes 2 µs; an evaluation of 100
// values takes 1 µs.)
type etsFit struct {
	form   Form
	m      int       // periods in a season, 1 without
	y      []float64 // of about unit size
	vars   etsVars
	frozen bool // the initial states stay as they are

	heuristic []float64 // initial states to start from
	flat      float64   // a level to start from without trend and season

	mu     []float64 // one-step means
	state  etsState
	linear linearised
	trial  []float64

	best, next  candidate
	peaks       []peak
	evaluations int
}

// etsVars says where the unknowns of a form stand in the vector θ, -1 for those it does not have. First are the initial
// states: the level at 0, the slope, and the seasons but the last, which follows from the others. Then the coefficients: α
// and φ as they are, and for β and γ, whose bounds depend on α, the place between their bounds, from 0 to 1.
type etsVars struct {
	slope, season           int
	alpha, beta, gamma, phi int
	states, size            int // number of states, and of all
}

// varsOf returns the layout of θ for a form and a season of m periods.
func varsOf(form Form, m int) etsVars {
	v := etsVars{slope: -1, season: -1, beta: -1, gamma: -1, phi: -1}
	size := 1
	take := func(k int) int { size += k; return size - k }
	if form.Trend != None {
		v.slope = take(1)
	}
	if form.seasonal() {
		v.season = take(m - 1)
	}
	v.states = size
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
	v.size = size
	return v
}

// use sets the form, and the series y of about unit size, that are to be fitted.
func (f *etsFit) use(form Form, m int, y []float64) {
	if !form.seasonal() {
		m = 1
	}
	f.form, f.m, f.y, f.vars, f.frozen = form, m, y, varsOf(form, m), false
	f.mu = resized(f.mu, len(y))
	f.trial = resized(f.trial, f.vars.size)
	f.heuristic = resized(f.heuristic, f.vars.states)
	f.linear.resize(m, f.vars)
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
	if f.vars.slope >= 0 {
		s.slope = theta[f.vars.slope]
	}
	s.season = s.season[:0]
	if f.vars.season >= 0 {
		last := 0.0
		if f.form.Season == Multiplicative {
			last = float64(f.m)
		}
		for _, v := range theta[f.vars.season:f.vars.states] {
			s.season = append(s.season, v)
			last -= v
		}
		s.season = append(s.season, last)
	}
}

// value returns -2 log L at θ, and the sum of squares in it; +Inf where the likelihood is not defined.
func (f *etsFit) value(theta []float64) (value, sum float64) {
	f.evaluations++
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

// exactly is the error of a value, relative to the largest, that may be nothing but rounding.
const exactly = 0x1p-46

// exact reports whether a sum of n squared errors may be nothing but rounding.
func exact(sum float64, n int) bool { return sum <= float64(n)*exactly*exactly }

// likelihood returns -2 log L of the one-step means mu of a series y of about unit size, and the sum of squares in it; +Inf
// if a relative error has a mean that is not positive, or there is an overflow. Of an exact fit it returns the likelihood of
// errors that are just not exact.
func likelihood(e Component, y, mu []float64) (value, sum float64) {
	n := float64(len(y))
	logs := 0.0
	if e == Additive {
		for t, v := range y {
			d := v - mu[t]
			sum += float64(d * d)
		}
	} else {
		// A product of means stands for the sum of their logarithms, which would take longer than the recursion.
		product := 1.0
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
		logs += math.Log(product)
	}
	if !(sum <= math.MaxFloat64) {
		return math.Inf(1), 0
	}
	return float64(n*math.Log(max(sum, n*exactly*exactly))) + 2*logs, sum
}
