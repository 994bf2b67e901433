package metrics

import (
	"math"

	"github.com/salesops-go/salesops/internal/location"
)

// CompareMeans compares two means, such as the average size of deals of two teams, by what their [Moments] hold: a less b. The
// variances need not be equal: interval and P are those of Welch's t-test (Welch 1947, doi:10.1093/biomet/34.1-2.28). It
// trusts means of some dozens of values whose spread is not all due to a few; of amounts and durations with a long tail
// [CompareSamples] tells more.
//
// Too few values are no error but the verdict [TooFew]. If the values on each side are all equal there is no P, and the verdict
// is [Untested]. nil has no values.
//
// CompareMeans returns an error ([ErrInput]) if better is no direction, or e is out of range.
func CompareMeans[N Number](a, b *Moments[N], better Direction, e Evidence) (Comparison, error) {
	var f faults
	e = f.terms(better, e)
	if err := f.err(); err != nil {
		return Comparison{}, err
	}
	return compareMeans(meanOf(a), meanOf(b), better, e), nil
}

// compareMeans compares two means, terms in order.
func compareMeans(x, y meanSummary, better Direction, e Evidence) Comparison {
	c := Comparison{Better: better, Method: ByWelch}
	c.differ(x.mean - y.mean)
	if d, ok := location.Welch(x.mean, x.variance, x.n, y.mean, y.variance, y.n, e.Level); ok {
		c.means(d)
	}
	if need := max(e.MinN, 2); x.n < need || y.n < need {
		c.P = nil
		c.tooFew(need, x.n, y.n)
		return c
	}
	c.judgeMeans(e, x.variance == 0 && y.variance == 0)
	return c
}

// CompareMeanToTarget compares a mean with a fixed target, such as the average discount with the 10 % of the policy: a less the
// target, which is taken as known. Interval and P are those of Student's t-test of one sample (Student 1908,
// doi:10.1093/biomet/6.1.1). Too few values, or all equal, are as in [CompareMeans].
//
// CompareMeanToTarget returns an error ([ErrInput]) if:
//   - the target is not a finite number
//   - better is no direction, or e is out of range
func CompareMeanToTarget[N Number](a *Moments[N], target float64, better Direction, e Evidence) (Comparison, error) {
	var f faults
	if target-target != 0 {
		f.add(ErrInput, "", "target", floatText(target), "must be a finite number")
	}
	e = f.terms(better, e)
	if err := f.err(); err != nil {
		return Comparison{}, err
	}
	return compareMeanToTarget(meanOf(a), target, better, e), nil
}

// compareMeanToTarget compares a mean with a target, terms in order.
func compareMeanToTarget(x meanSummary, target float64, better Direction, e Evidence) Comparison {
	c := Comparison{Better: better, Method: ByStudent}
	c.differ(x.mean - target)
	if d, ok := location.Student(x.mean, x.variance, x.n, target, e.Level); ok {
		c.means(d)
	}
	if need := max(e.MinN, 2); x.n < need {
		c.P = nil
		c.tooFewOf(need, x.n)
		return c
	}
	c.judgeMeans(e, x.variance == 0)
	return c
}

// meanSummary is what a test of means looks at. What there is not is infinite, and fails every test.
type meanSummary struct {
	n              int64
	mean, variance float64
}

func meanOf[N Number](m *Moments[N]) meanSummary {
	s := meanSummary{mean: math.Inf(1), variance: math.Inf(1)}
	if m == nil {
		return s
	}
	s.n = m.Len()
	if mean, ok := m.Mean(); ok {
		s.mean = mean
	}
	if variance, ok := m.Variance(); ok {
		s.variance = variance
	}
	return s
}

// differ sets the difference, if it is a number.
func (c *Comparison) differ(d float64) {
	if d-d == 0 {
		c.Difference = &d
	}
}

// means takes over what a t-test says.
func (c *Comparison) means(d location.Difference) {
	c.Interval, c.P = &Interval{d.Low, d.High}, &d.P
}

// judgeMeans gives a comparison of enough values its verdict.
func (c *Comparison) judgeMeans(e Evidence, equal bool) {
	switch {
	case c.P != nil:
		c.judge(e, 1)
	case equal:
		c.unjudged(Untested, noSpread)
	default:
		c.unjudged(Untested, "the values are too large or too close together to be told apart in floating point")
	}
}
