package metrics

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

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
//   - the days of a rep make no sense: see [Rep]
//   - a weight is negative or out of bounds
//   - the numerator has more than 64 digits
//
// It takes O(m) for each rep with m months in the curve that fall into p.
func RampEquivalents(p salesops.Period, reps []Rep, curve []decimal.Decimal) (Ratio[decimal.Decimal], error) {
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
	for i := range reps {
		f.tenure(reps[i].Name, "reps/"+strconv.Itoa(i)+"/", &reps[i])
	}
	if err := f.err(); err != nil {
		return Ratio[decimal.Decimal]{}, err
	}
	var sum exact.Num
	for _, r := range reps {
		hired, active := r.tenure()
		sum = sum.Add(weightedDays(p.Intersect(active), hired, weights))
	}
	days, _ := p.Days()
	num := sum.Decimal()
	if _, ok := admitSum(num); !ok {
		f.add(ErrInput, "", "curve", "", "has weights so far apart that their sum has more than 64 digits")
		return Ratio[decimal.Decimal]{}, f.err()
	}
	return decimalRatio{num, exact.Int(int64(days)).Decimal()}, nil
}

// weightedDays are the days of p, weighted by the month of the tenure of somebody who was hired on a day.
func weightedDays(p salesops.Period, hired salesops.Date, weights []exact.Num) (sum exact.Num) {
	if p.IsEmpty() {
		return sum
	}
	for day := p.Start; day.Before(p.End); {
		month := day.MonthsSince(hired)
		end, weight := p.End, exact.Int(1)
		if month < len(weights) && !hired.IsZero() {
			weight = weights[month]
			if next := hired.AddMonths(month + 1); !next.IsZero() && next.Before(end) {
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
