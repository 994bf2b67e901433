package forecast

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// CallBias corrects the calls of reps by what became of their past calls.
//
// The factor of a rep is actual / called over the past periods, drawn towards that of the team as far as the spread between
// reps looks like chance. On the logarithms of the factors, y for the rep's own and m for the team's:
//
//	log factor = m + w (y - m)    with w = k / (k + C)
//
// for k past periods: the posterior mean of the normal model for two levels (Efron and Morris 1975,
// https://doi.org/10.1080/01621459.1975.10479864; Bühlmann's credibility, where C is written k). C is the number of periods
// that the rep's own record needs to count as much as the team's. A factor multiplies a call; it is never subtracted.
type CallBias struct {
	// Factor is what reps are drawn towards: the actuals of the team over its calls, or 1 if the options say Neutral. It is
	// the factor of a rep who is not in Reps.
	Factor float64 `json:"factor"`
	// C is the number of periods at which the own record and the team's count the same. It is 0 when the periods of each rep
	// all have one ratio, so that nothing looks like chance, and nil when all does: then no record outweighs the team's.
	C *float64 `json:"c,omitempty"`
	// Within is the variance of the logarithm of a factor that one period alone would give. It is nil when no rep has two
	// periods to learn it from.
	Within *float64 `json:"within,omitempty"`
	// Reps are the reps with a call and an outcome, in alphabetical order.
	Reps []RepBias `json:"reps"`
}

// Leaning says which way the calls of a rep are off.
type Leaning string

// The leanings of a rep.
const (
	Unproven   Leaning = ""           // the range of the factor holds 1
	Sandbagger Leaning = "sandbagger" // calls too low: the range of the factor lies above 1
	HappyEars  Leaning = "happy ears" // calls too high: the range of the factor lies below 1
)

// RepBias is the record of a rep.
type RepBias struct {
	// By is the rep.
	By string `json:"by"`
	// Periods is the number of past periods with a call and an outcome.
	Periods int `json:"periods"`
	// Called is the sum of the calls.
	Called decimal.Decimal `json:"called"`
	// Actual is the sum of what came of them.
	Actual decimal.Decimal `json:"actual"`
	// Ratio is Actual / Called, rounded to 6 decimals: the raw factor. It is nil when one of them is not above 0; the rep
	// then has the team's factor.
	Ratio *decimal.Decimal `json:"ratio,omitempty"`
	// Weight is the weight w of the rep's own ratio, 0 to 1.
	Weight float64 `json:"weight"`
	// Factor is what to multiply the rep's calls with.
	Factor float64 `json:"factor"`
	// Low is the lower end of the range in which the rep's true factor lies. Low and High are nil when nothing is known of
	// the spread.
	Low *float64 `json:"low,omitempty"`
	// High is the upper end of the range.
	High *float64 `json:"high,omitempty"`
	// Leaning is the reading of the range.
	Leaning Leaning `json:"leaning,omitempty"`
}

// BiasOptions are the options of [FitCallBias].
type BiasOptions struct {
	// WeeksOut chooses the call of each period: the one that stood so many weeks before the period's end, as in [CallRow].
	// 0 means the last call of all. Correct a call of today by the calls of equal distance.
	WeeksOut int `json:"weeksOut,omitempty"`
	// C is the weight of the team in periods, as in [CallBias]; 0 means that it is estimated from the spread between reps.
	C float64 `json:"c,omitempty"`
	// Neutral draws factors towards 1 instead of the team's factor.
	Neutral bool `json:"neutral,omitempty"`
	// Level is the probability of the range from Low to High, between 0 and 1; 0 means 0.9.
	Level float64 `json:"level,omitempty"`
}

// FitCallBias learns the factors of reps from their past calls. Calls without an outcome, and outcomes without a call by
// then, are left out. Give the calls of reps or those of managers, not both: the team would count twice.
//
// The variance within reps is that of a ratio of sums, by linearisation (Cochran 1977, Sampling Techniques, chapter 6),
// pooled over the reps; it takes periods with an actual of 0, for which the logarithm of the period's own ratio does not
// exist. The variance between reps is estimated by moments (DerSimonian and Laird 1986,
// https://doi.org/10.1016/0197-2456(86)90046-2); a negative one counts as none. The range of a factor takes in that the
// team's factor is estimated too, and so are the weights (Morris 1983, https://doi.org/10.1080/01621459.1983.10477920); it uses
// Student's t with the periods beyond the first of each rep as degrees of freedom.
//
// FitCallBias returns an error if:
//   - [CallAccuracy] would return one for the calls and outcomes ([ErrInput])
//   - weeksOut is not between 0 and 520, c is negative or not finite, or level is not between 0 and 1 ([ErrInput])
//   - no rep has calls and actuals that both sum to more than 0, or the team has not ([ErrUndefined])
//   - C is to be estimated, and there are not two such reps (one, if Neutral), or none with two periods ([ErrUndefined])
func FitCallBias(calls []Call, outcomes []Outcome, o BiasOptions) (CallBias, error) {
	var f faults
	if o.WeeksOut < 0 || o.WeeksOut > maxWeeks {
		f.add(ErrInput, "", "weeksOut", strconv.Itoa(o.WeeksOut), "must be between 0 and "+strconv.Itoa(maxWeeks))
	}
	if !(o.C >= 0 && o.C <= math.MaxFloat64) {
		f.add(ErrInput, "", "c", floatText(o.C), "must be at least 0, for an estimate, and finite")
	}
	f.level(o.Level)
	m := f.match(calls, outcomes)
	if err := f.err(); err != nil {
		return CallBias{}, err
	}
	s := newSpread(m, o)
	if err := s.check(o); err != nil {
		return CallBias{}, err
	}
	return s.fit(o), nil
}

// Apply returns a call corrected by the factor of the rep, or of the team for a rep without record. The factor is rounded
// to 6 decimals, and the exact product of the two is rounded half away from zero to places: here an estimate becomes money.
//
// Apply returns an error ([ErrInput]) if:
//   - the call is out of bounds, or places is not between -18 and 18
//   - the factor is not above 0 and at most 1,000,000: it was not fitted, or to calls and outcomes in different units
func (b CallBias) Apply(by string, call decimal.Decimal, places int32) (decimal.Decimal, error) {
	factor := b.Factor
	if i, ok := slices.BinarySearchFunc(b.Reps, by, func(r RepBias, by string) int { return strings.Compare(r.By, by) }); ok {
		factor = b.Reps[i].Factor
	}
	var f faults
	f.number(by, "call", call)
	f.places(places)
	if !(factor > 0 && factor <= maxFactor) {
		f.add(ErrInput, by, "factor", floatText(factor), "must be above 0 and at most 1,000,000")
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	times := exact.New(int64(math.Round(factor*1e6)), -6)
	return exact.From(call).Mul(times).Round(places, exact.HalfUp).Fixed(max(places, 0)), nil
}

// maxFactor bounds the factors that are applied: beyond it, calls and outcomes are in different units.
const maxFactor = 1e6
