package series

import "math"

// The damping of the first step, the least of a step after one that failed, and the most that a step begins with.
const (
	firstDamping = 0.01
	leastDamping = 1e-3
	mostDamping  = 1
)

// candidate is a point on the way to a peak of the likelihood.
type candidate struct {
	theta      []float64
	value, sum float64 // -2 log L, and the sum of squares in it
	damping    float64
	done       bool // there is no more to gain

	// What the last step taught about the coefficients: where it began, half the gradient of the log of the sum of squares
	// there, and a correction of the second derivatives, with whether to use it. See [etsFit.curve].
	moved          bool
	from, gradient [4]float64
	correction     [4][4]float64
	corrected      bool
}

// forget drops what the steps so far taught.
func (c *candidate) forget() {
	*c = candidate{theta: c.theta, value: c.value, sum: c.sum, damping: firstDamping, done: c.done}
}

// improve takes a step from c, which raises the likelihood, or sets done if there is no more to gain.
//
// It is a Levenberg-Marquardt step in the coefficients, within their bounds; the initial states, in which the errors are
// linear or nearly so, take the Gauss-Newton step that belongs to it (variable projection: Golub and Pereyra 1973, in the form of
// Kaufman 1975). A step that fails becomes a damped one, and then a shorter one.
func (f *etsFit) improve(c *candidate) {
	const (
		gain   = 1e-8 // the least gain in -2 log L that is worth a step
		trials = 12
	)
	n := float64(len(f.y))
	f.linearise(c)
	c.done = true
	length := 1.0
	for trial := range trials {
		predicted := f.step(c.theta, c.damping)
		if !(n*predicted > gain) {
			break
		}
		for i, d := range f.linear.delta {
			f.trial[i] = c.theta[i] + float64(length*d)
		}
		for i := f.vars.states; i < f.vars.size; i++ {
			lo, hi := f.bounds(i)
			f.trial[i] = min(max(f.trial[i], lo), hi)
		}
		if value, sum := f.value(f.trial); value < c.value {
			if length == 1 {
				c.learn(predicted, f.reduction(&f.linear.other), (c.value-value)/n)
			}
			copy(c.theta, f.trial)
			c.value, c.sum, c.done = value, sum, exact(sum, len(f.y))
			break
		}
		c.damping = 8 * max(c.damping, leastDamping)
		if trial > 0 {
			length /= 2
		}
	}
	c.damping = min(c.damping, mostDamping)
}

// learn adapts the damping and the choice of second derivatives to a step that gained so much in the log of the sum of
// squares: the derivatives in use predicted that it reduces the sum by one share of it, the others by another.
func (c *candidate) learn(predicted, other, gained float64) {
	gain := func(share float64) float64 { return -math.Log(max(1-share, 1e-3)) }
	expected := gain(predicted)
	if math.Abs(gain(other)-gained) < math.Abs(expected-gained) {
		c.corrected = !c.corrected
	}
	switch ratio := gained / expected; {
	case ratio > 0.75:
		c.damping /= 8
	case ratio < 0.25:
		c.damping = 4 * max(c.damping, leastDamping)
	}
}
