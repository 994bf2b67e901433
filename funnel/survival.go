package funnel

// Survival returns the share of the spells that is expected not to have ended, by any exit, up to and with each tick: how long
// deals stay open, leads wait, customers stay. It is the estimate of Kaplan and Meier (1958, doi:10.1080/01621459.1958.10501452)
// with the standard error of Greenwood (1926). Spells that are still open count for as long as they were watched; at the same
// tick, ends come before the last sight of those still open. It takes O(n) time for n different ticks.
//
// The estimate assumes that those not watched to the end, and those that came into view late, are like the others of their age.
//
// When spells enter late, few may be at risk at the first ticks. If one is, and it ends, survival is 0 from there on, for
// good, however many are watched later; Support tells. Begin the clock at a tick at which enough are at risk then:
// leave out the spells that ended before it, and count from it.
//
// Survival returns an error if:
//   - there is no spell ([ErrUndefined])
//   - the level or method of ci is not one ([ErrInput])
func (l *Lifetimes) Survival(ci CI) (Curve, error) {
	lim, err := ci.limits()
	if err != nil {
		return Curve{}, err
	}
	return l.curve(SurvivalCurve, "", lim, l.h.Survival())
}
