package funnel

import "github.com/salesops-go/salesops/internal/fault"

// HazardMethod is an estimator of the cumulative hazard. "" is [NelsonAalen].
type HazardMethod string

// The estimators. They differ where several spells end at one tick.
const (
	// NelsonAalen adds the share of those at risk that ends at each tick.
	NelsonAalen HazardMethod = "nelson-aalen"
	// FlemingHarrington takes those that end at the same tick to have ended one after the other, as with finer ticks.
	FlemingHarrington HazardMethod = "fleming-harrington"
)

// Hazard returns the cumulative hazard of ending by any exit: the sum of the risks, tick by tick, of those that had not ended.
// Where it rises steadily the risk does not change with age; where it bends down, those that are left are stuck. It has no
// upper bound, and exp(-hazard) is close to survival, never below it for Nelson and Aalen. It takes O(n) time for n different ticks.
//
// The estimate is that of Nelson (1972, doi:10.2307/1267144) and Aalen (1978, doi:10.1214/aos/1176344247), or that of Fleming
// and Harrington (1984, doi:10.1080/03610928408828837). Confidence limits are minus the logarithms of those of exp(-hazard):
// with [CILogLog] they are symmetric for the logarithm of the hazard, with [CILog] for the hazard itself.
//
// Hazard returns an error if:
//   - there is no spell ([ErrUndefined])
//   - m is not a method, or the level of ci is not one ([ErrInput])
//   - the method of ci is [CIPlain], [CILogit] or [CIArcsin], which have no finite limits for a hazard ([ErrInput])
func (l *Lifetimes) Hazard(m HazardMethod, ci CI) (Curve, error) {
	lim, err := ci.limits()
	if err != nil {
		return Curve{}, err
	}
	if lim.ci.Method != CILogLog && lim.ci.Method != CILog {
		return Curve{}, &Error{Path: "ci/method", Value: string(ci.Method), Msg: `has no finite limits for a hazard: use "loglog" or "log"`, Err: ErrInput}
	}
	if m != "" && m != NelsonAalen && m != FlemingHarrington {
		return Curve{}, &Error{Path: "method", Value: fault.Clip(string(m)), Msg: `is not a method: use "nelson-aalen" or "fleming-harrington"`, Err: ErrInput}
	}
	return l.curve(HazardCurve, "", lim, l.h.Hazard(m == FlemingHarrington))
}
