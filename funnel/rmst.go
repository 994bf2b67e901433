package funnel

import "strconv"

// Estimate is a number with its uncertainty.
type Estimate struct {
	// Value is the estimate.
	Value float64 `json:"value"`
	// SE is the standard error of Value; 0 if not Bounded.
	SE float64 `json:"se"`
	// Low is the lower confidence limit; 0 if not Bounded.
	Low float64 `json:"low"`
	// High is the upper confidence limit; 0 if not Bounded.
	High float64 `json:"high"`
	// Bounded is whether SE, Low and High are known; see [Point].
	Bounded bool `json:"bounded"`
	// Supported is whether the spells tell of all the ticks that were asked for. Otherwise the curve was taken to go on as it
	// was when last known.
	Supported bool `json:"supported"`
}

// RestrictedMean returns the mean number of the first tau ticks that spells last (restricted mean survival time, Royston and
// Parmar 2013, doi:10.1186/1471-2288-13-152): the area under the curve of [Lifetimes.Survival] up to tau. Unlike the median it
// always exists, and unlike the mean cycle of won deals it is not made too short by the long ones that are still open. Confidence limits are
// those of Value / tau by the method of ci, times tau; with [CIPlain], Value ± z SE. It takes O(n) time for n different ticks.
//
// RestrictedMean returns an error if:
//   - there is no spell ([ErrUndefined])
//   - tau is not from 1 to [MaxTick] ([ErrInput])
//   - the level or method of ci is not one ([ErrInput])
func (l *Lifetimes) RestrictedMean(tau int, ci CI) (Estimate, error) {
	lim, err := l.within(tau, ci)
	if err != nil {
		return Estimate{}, err
	}
	mean, se := l.h.RestrictedMean(tau)
	return l.estimate(mean, se, tau, lim), nil
}

// TimeLost returns the mean number of the first tau ticks that come after an end by the exit (restricted mean time lost to a
// cause, Andersen 2013, doi:10.1002/sim.5903): the area under the curve of [Lifetimes.Incidence] up to tau. Those of all exits
// and the restricted mean sum to tau. Confidence limits are as those of [Lifetimes.RestrictedMean]. It takes O(n) time and
// memory for n different ticks.
//
// TimeLost returns an error if:
//   - there is no spell ([ErrUndefined])
//   - by is "" or Open, or an exit of the caller's own by which no spell ended, as it may be misspelt ([ErrInput])
//   - tau is not from 1 to [MaxTick] ([ErrInput])
//   - the level or method of ci is not one ([ErrInput])
func (l *Lifetimes) TimeLost(by Exit, tau int, ci CI) (Estimate, error) {
	lim, err := l.within(tau, ci)
	if err != nil {
		return Estimate{}, err
	}
	cause, err := l.ending(by)
	if err != nil {
		return Estimate{}, err
	}
	mean, se := l.h.TimeLost(cause, tau)
	return l.estimate(mean, se, tau, lim), nil
}

// within checks what means up to tau are asked for with.
func (l *Lifetimes) within(tau int, ci CI) (limits, error) {
	lim, err := ci.limits()
	switch {
	case err != nil:
		return limits{}, err
	case tau < 1 || tau > MaxTick:
		return limits{}, &Error{Path: "tau", Value: strconv.Itoa(tau), Msg: "must be from 1 to " + strconv.Itoa(MaxTick), Err: ErrInput}
	case l.Len() == 0:
		return limits{}, errNoSpells()
	}
	return lim, nil
}

// estimate puts confidence limits on a mean of the first tau ticks.
func (l *Lifetimes) estimate(mean, se float64, tau int, lim limits) Estimate {
	extent := l.h.Extent()
	e := Estimate{Value: mean, Supported: tau-1 <= extent.Support || extent.Complete}
	all := float64(tau)
	if lo, hi, ok := lim.scale.Share(mean/all, se/all, lim.z); ok {
		e.SE, e.Low, e.High, e.Bounded = se, min(lo*all, mean), max(hi*all, mean), true
	}
	return e
}
