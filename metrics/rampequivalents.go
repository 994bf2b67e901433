package metrics

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Tenure is when a rep carries a quota.
type Tenure struct {
	// Rep names the rep in errors.
	Rep string `json:"rep,omitempty"`
	// Hired is the first day.
	Hired salesops.Date `json:"hired"`
	// Left is the day after the last; zero if the rep is still there.
	Left salesops.Date `json:"left,omitzero"`
}

// RampEquivalents returns how many fully ramped reps the reps of a period were worth: the sum over them of the share of the
// days of p that each of them was there, each day weighted by the ramp. curve[i] is the weight in month i+1 of tenure, 0.25
// for a quarter of the productivity of a ramped rep; after the end of the curve it is 1. Months of tenure run from the day of
// hiring: those hired on the 31st begin a month on the last day of a shorter one ([salesops.Date.MonthsSince]).
//
// The result is exact: its numerator is weighted days, its denominator the days of p. So those of teams are not merged, as the
// days are the same ones; pass all reps at once, or add up the numerators.
//
// RampEquivalents returns an error ([ErrInput]) if:
//   - p is empty, or open at an end
//   - a rep has no day of hiring, or left before it
//   - a weight is negative or out of bounds
//   - the numerator has more than 64 digits
//
// It takes O(m) for each rep with m months in the curve that fall into p.
func RampEquivalents(p salesops.Period, reps []Tenure, curve []decimal.Decimal) (Ratio[decimal.Decimal], error) {
	var f faults
	f.span("period", p)
	weights := make([]exact.Num, len(curve))
	for i, w := range curve {
		n, _ := f.amount("", "curve/"+strconv.Itoa(i), w)
		if n.Sign() < 0 {
			f.add(ErrInput, "", "curve/"+strconv.Itoa(i), decimalText(w), "must be 0 or more, such as 0.25")
		}
		weights[i] = n
	}
	for i, r := range reps {
		path := "reps/" + strconv.Itoa(i)
		if r.Hired.IsZero() {
			f.add(ErrInput, r.Rep, path+"/hired", "", "must be set")
		} else if !r.Left.IsZero() && r.Left.Before(r.Hired) {
			f.add(ErrInput, r.Rep, path+"/left", r.Left.String(), "is before "+r.Hired.String()+", the first day")
		}
	}
	if err := f.err(); err != nil {
		return Ratio[decimal.Decimal]{}, err
	}
	var sum exact.Num
	for _, r := range reps {
		sum = sum.Add(r.weightedDays(p, weights))
	}
	days, _ := p.Days()
	num := sum.Decimal()
	if _, ok := admitSum(num); !ok {
		f.add(ErrInput, "", "curve", "", "has weights so far apart that their sum has more than 64 digits")
		return Ratio[decimal.Decimal]{}, f.err()
	}
	return decimalRatio{num, exact.Int(int64(days)).Decimal()}, nil
}

// weightedDays are the days of p on which the rep was there, weighted.
func (r Tenure) weightedDays(p salesops.Period, weights []exact.Num) (sum exact.Num) {
	p = p.Intersect(salesops.Period{Start: r.Hired, End: r.Left})
	if p.IsEmpty() {
		return sum
	}
	for day := p.Start; day.Before(p.End); {
		month := day.MonthsSince(r.Hired)
		end, weight := p.End, exact.Int(1)
		if month < len(weights) {
			weight = weights[month]
			if next := r.Hired.AddMonths(month + 1); !next.IsZero() && next.Before(end) {
				end = next
			}
		}
		sum = sum.Add(weight.Mul(exact.Int(int64(end.DaysSince(day)))))
		day = end
	}
	return sum
}

// ProductivityPerRep returns the bookings of a period for each fully ramped rep, equivalents being what [RampEquivalents]
// returned for it. It has no value if there are none, or the bookings are out of bounds.
func ProductivityPerRep(bookings decimal.Decimal, currency string, equivalents Ratio[decimal.Decimal]) Figure {
	n, ok := exact.Admit(bookings)
	reps, days, okReps := equivalents.parts()
	if !ok || !okReps || days.Sign() < 0 {
		return noValue(RepProductivity, 0, "bookings or ramped-rep equivalents are out of bounds, or there are no days")
	}
	return quotient(RepProductivity, n.Mul(days), reps, 0, "there are no ramped-rep equivalents").in(currency)
}
