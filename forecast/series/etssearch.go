package series

import "math"

// maxSteps limits the steps from one start. Few starts take more than 30.
const maxSteps = 100

// search looks for the greatest likelihood of the form in use. That can have several peaks: it climbs from several
// starts, and leaves off where it comes near a peak it has found. It reports false if there is no start with a likelihood.
func (f *etsFit) search() (best *candidate, ok bool) {
	best, next := &f.best, &f.next
	best.value = math.Inf(1)
	f.peaks = f.peaks[:0]
	if f.constant() {
		f.begin(best, f.starts()[0])
		best.done = true
		return best, true
	}
	for _, at := range f.starts() {
		if !f.begin(next, at) {
			continue
		}
		for step := 0; step < maxSteps && !next.done && !f.known(next); step++ {
			f.improve(next, 1)
		}
		if next.done {
			f.peaks = append(f.peaks, peak{value: next.value, at: f.place(next)})
		}
		if next.value < best.value {
			best, next = next, best
		}
		if f.exact(best.sum) {
			break
		}
	}
	return best, !math.IsInf(best.value, 1)
}

// constant reports whether all values are equal. The initial states are exact then.
func (f *etsFit) constant() bool {
	for _, v := range f.y {
		if v != f.y[0] {
			return false
		}
	}
	f.flat = f.y[0]
	for i := range f.heuristic {
		f.heuristic[i] = 0
		if f.form.Season == Multiplicative {
			f.heuristic[i] = 1
		}
	}
	if f.vars.slope >= 0 {
		f.heuristic[f.vars.slope] = 0
	}
	f.heuristic[0] = f.flat
	return true
}

// peak is a maximum of the likelihood.
type peak struct {
	value float64
	at    [4]float64 // the coefficients' part of θ
}

// place returns the coefficients' part of θ.
func (f *etsFit) place(c *candidate) (at [4]float64) {
	copy(at[:], c.theta[f.vars.states:])
	return at
}

// known reports whether c is on the last steps to a peak that is known.
func (f *etsFit) known(c *candidate) bool {
	at := f.place(c)
	for _, p := range f.peaks {
		near := c.value-p.value < 0.1
		for i := range at {
			near = near && math.Abs(at[i]-p.at[i]) < 0.01
		}
		if near {
			return true
		}
	}
	return false
}

// starts returns the coefficients to start from, as parts of θ: α, and the places of β and γ between their bounds, and φ. They
// are those that found most of the peaks of several hundred series of the M3 competition, out of a grid of 90.
func (f *etsFit) starts() [][4]float64 {
	trend, damped, seasonal := f.form.Trend != None, f.form.Damped, f.form.seasonal()
	switch {
	case !trend && !seasonal:
		return [][4]float64{{0.6}, {0.02}, {0.1}, {0.9}}
	case !trend:
		return [][4]float64{{0.3, 0.3}, {0.9, 0.9}, {0.6, 0.02}, {0.02, 0.02}, {0.1, 0.9}, {0.02, 0.9}}
	case !damped && !seasonal:
		return [][4]float64{
			{0.6, 0.9}, {0.1, 0.2}, {0.9, 0.9}, {0.6, 0.2}, {0.02, 0.2},
			{0.9, 0.02}, {0.1, 0.95}, {0.3, 0.5}, {0.02, 0.02}, {0.02, 0.95},
		}
	case !seasonal:
		return [][4]float64{
			{0.6, 0.9, 0.85}, {0.02, 0.02, 0.97}, {0.3, 0.02, 0.85}, {0.9, 0.2, 0.85}, {0.3, 0.9, 0.97},
			{0.1, 0.02, 0.97}, {0.9, 0.02, 0.97}, {0.02, 0.2, 0.97}, {0.9, 0.95, 0.97}, {0.02, 0.95, 0.97},
		}
	case !damped:
		return [][4]float64{
			{0.3, 0.2, 0.3}, {0.6, 0.9, 0.3}, {0.02, 0.9, 0.02}, {0.9, 0.2, 0.02}, {0.1, 0.02, 0.3},
			{0.02, 0.02, 0.9}, {0.1, 0.95, 0.9}, {0.6, 0.95, 0.9}, {0.1, 0.5, 0.3}, {0.02, 0.02, 0.02},
		}
	}
	return [][4]float64{
		{0.6, 0.9, 0.3, 0.97}, {0.3, 0.02, 0.3, 0.85}, {0.02, 0.02, 0.3, 0.97}, {0.9, 0.2, 0.02, 0.85}, {0.1, 0.2, 0.02, 0.97}, {0.02, 0.2, 0.9, 0.97},
		{0.02, 0.02, 0.02, 0.97}, {0.1, 0.5, 0.9, 0.97}, {0.02, 0.2, 0.02, 0.97}, {0.9, 0.02, 0.3, 0.82}, {0.3, 0.2, 0.9, 0.9},
	}
}

// begin sets c to a start with the given coefficients. It reports false if the likelihood is not defined there, even
// without a trend and a season, which makes means of zero or less.
func (f *etsFit) begin(c *candidate, at [4]float64) bool {
	*c = candidate{theta: resized(c.theta, f.vars.size), damping: 0.01}
	copy(c.theta, f.heuristic)
	copy(c.theta[f.vars.states:], at[:])
	c.value, c.sum = f.value(c.theta)
	for try := 0; try < 4 && math.IsInf(c.value, 1); try++ {
		f.flatten(c.theta)
		c.value, c.sum = f.value(c.theta)
	}
	return !math.IsInf(c.value, 1)
}

// flatten takes the trend out of the initial states in θ, and most of the season.
func (f *etsFit) flatten(theta []float64) {
	theta[0] = f.flat
	if f.vars.slope >= 0 {
		theta[f.vars.slope] = 0
	}
	if f.vars.season >= 0 {
		rest := 0.0
		if f.form.Season == Multiplicative {
			rest = 1
		}
		for i, s := range theta[f.vars.season:f.vars.states] {
			theta[f.vars.season+i] = rest + float64(0.3*(s-rest))
		}
	}
}
