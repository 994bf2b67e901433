package forecast

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// ratioPlaces is to how many decimals the ratios of this package are rounded, half away from zero.
const ratioPlaces = 6

// Gap returns what is still missing of a target, target - closed, exactly. It is negative when the target is beaten.
//
// Gap returns an error ([ErrInput]) if a number is out of bounds.
func Gap(target, closed decimal.Decimal) (decimal.Decimal, error) {
	gap, err := gapOf(target, closed)
	return gap.Decimal(), err
}

// Coverage returns how many times the open pipeline covers what is still missing of a target:
//
//	open / (target - closed)
//
// rounded half away from zero to 6 decimals: 3 means that one dollar in three has to be won. This is Gong's "total active
// pipeline / remaining quota". Vendors give the name to other figures too: see [QuotaCoverage] and [RequiredWinRate]. What
// counts as open is for the caller to choose, as a rule the open deals whose close date is in the period.
//
// Coverage returns an error if:
//   - a number is out of bounds ([ErrInput])
//   - the target is met, so that nothing is left to cover ([ErrUndefined])
func Coverage(open, target, closed decimal.Decimal) (decimal.Decimal, error) {
	var f faults
	f.number("", "open", open)
	gap, err := f.gap(target, closed)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if gap.Sign() <= 0 {
		return decimal.Decimal{}, targetMet(target)
	}
	return quotient(exact.From(open), gap), nil
}

// QuotaCoverage returns how many times the open pipeline covers the whole of a quota, open / quota, whatever is closed by
// now, rounded half away from zero to 6 decimals. Salesforce's "weekly changes" and Quartz call this coverage. On the first
// day of a period, with nothing closed, it is [Coverage]; later it says less, because what is closed need not be covered.
//
// QuotaCoverage returns an error if:
//   - a number is out of bounds ([ErrInput])
//   - quota is not above 0 ([ErrUndefined])
func QuotaCoverage(open, quota decimal.Decimal) (decimal.Decimal, error) {
	var f faults
	f.number("", "open", open)
	f.number("", "quota", quota)
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	if quota.Sign() <= 0 {
		return decimal.Decimal{}, undefinedBy("quota", quota, "must be above 0 for a coverage")
	}
	return quotient(exact.From(open), exact.From(quota)), nil
}

// RequiredWinRate returns the share of the open pipeline, by amount, that must be won to reach a target:
//
//	(target - closed) / open
//
// rounded half away from zero to 6 decimals. It is the inverse of [Coverage], and what Salesforce's "forecast insights" call
// pipe coverage. Above 1, the pipeline cannot reach the target even if all of it is won.
//
// RequiredWinRate returns an error if:
//   - a number is out of bounds ([ErrInput])
//   - the target is met, so that no rate is required, or open is not above 0 ([ErrUndefined])
func RequiredWinRate(open, target, closed decimal.Decimal) (decimal.Decimal, error) {
	var f faults
	f.number("", "open", open)
	gap, err := f.gap(target, closed)
	switch {
	case err != nil:
		return decimal.Decimal{}, err
	case gap.Sign() <= 0:
		return decimal.Decimal{}, targetMet(target)
	case open.Sign() <= 0:
		return decimal.Decimal{}, undefinedBy("open", open, "must be above 0 for a win rate")
	}
	return quotient(gap, exact.From(open)), nil
}

// PipelineNeeded returns how much new pipeline has to be created to reach a target:
//
//	(target - closed - expected) / yield
//
// rounded up to a multiple of 10^-places, so that it is enough, and 0 when closed and expected reach the target by
// themselves. Expected is what the pipeline of today will bring, such as a weighted total. Yield is what a unit of pipeline
// created from now on brings within the period, 0.2 for 20 %; round an estimated rate to the digits that it deserves. This is
// the "pipeline needed" of Gong's pacing, with the figures that Gong estimates as arguments.
//
// PipelineNeeded returns an error ([ErrInput]) if:
//   - a number is out of bounds, or places is not between -18 and 18
//   - yield is not above 0, or above 1
func PipelineNeeded(target, closed, expected, yield decimal.Decimal, places int32) (decimal.Decimal, error) {
	var f faults
	f.number("", "expected", expected)
	if f.number("", "yield", yield) && (yield.Sign() <= 0 || exact.From(yield).Cmp(exact.Int(1)) > 0) {
		f.add(ErrInput, "", "yield", shortened(yield), "must be above 0 and at most 1; 20 % is 0.2")
	}
	f.places(places)
	gap, err := f.gap(target, closed)
	if err != nil {
		return decimal.Decimal{}, err
	}
	missing := gap.Sub(exact.From(expected))
	if missing.Sign() <= 0 {
		return decimal.Decimal{}, nil
	}
	need, rest, _ := exact.QuoRem(missing, exact.From(yield), places)
	if !rest.IsZero() {
		need = need.Add(exact.New(1, -places))
	}
	return need.Decimal(), nil
}

func gapOf(target, closed decimal.Decimal) (exact.Num, error) {
	var f faults
	return f.gap(target, closed)
}

// gap returns target - closed, if they and what was checked before are sound.
func (f *faults) gap(target, closed decimal.Decimal) (exact.Num, error) {
	f.number("", "target", target)
	f.number("", "closed", closed)
	if err := f.err(); err != nil {
		return exact.Num{}, err
	}
	return exact.From(target).Sub(exact.From(closed)), nil
}

// places checks the number of decimal places of a unit of money.
func (f *faults) places(places int32) {
	if places < -18 || places > 18 {
		f.add(ErrInput, "", "places", strconv.Itoa(int(places)), "must be between -18 and 18")
	}
}

func targetMet(target decimal.Decimal) error {
	return undefinedBy("target", target, "is met already: nothing is left to cover")
}

func undefinedBy(path string, v decimal.Decimal, msg string) error {
	return &Error{Path: path, Value: clip(shortened(v)), Msg: msg, Err: ErrUndefined}
}

// quotient returns a / b, b not 0, as a ratio of the package.
func quotient(a, b exact.Num) decimal.Decimal {
	q, _ := exact.Quo(a, b, ratioPlaces, exact.HalfUp)
	return q.Decimal()
}
