package forecast

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Allocate splits total, a forecast or a target made for the top of a hierarchy, in proportion to weights by the method of
// the largest remainder: each part is its exact share rounded down to a multiple of 10^-places, and what is left over goes,
// one unit each, to the parts that lost most, the first of them when they lost the same. The parts sum to total exactly and
// each is less than one unit away from its exact share; a zero weight gets zero; only the proportions of the weights matter;
// a negative total is split as the mirror image of the positive one. A part may shrink when total grows (the Alabama
// paradox). It takes O(n log n).
//
// Weights may be last year's bookings, quotas, or shares in per cent; they need not sum to 1.
//
// Allocate returns an error ([ErrInput]) if:
//   - total is not a multiple of 10^-places, or places is not between -18 and 18
//   - a weight is negative, or total is not zero and no weight is positive
//   - a number is out of bounds
func Allocate(total decimal.Decimal, weights []decimal.Decimal, places int32) ([]decimal.Decimal, error) {
	var f faults
	f.number("", "total", total)
	f.places(places)
	shares := make([]exact.Num, len(weights))
	some := false
	for i, w := range weights {
		path := "weights/" + strconv.Itoa(i)
		if !f.number("", path, w) {
			continue
		}
		if w.IsNegative() {
			f.add(ErrInput, "", path, shortened(w), "must not be negative")
		}
		shares[i] = exact.From(w)
		some = some || w.IsPositive()
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	if !some && !total.IsZero() {
		f.add(ErrInput, "", "weights", "", "must have one above 0, else nothing says who gets the total")
		return nil, f.err()
	}
	parts, err := exact.Allocate(exact.From(total), shares, places)
	if err != nil {
		f.add(ErrInput, "", "total", shortened(total), "must be a multiple of the unit; round it to "+strconv.Itoa(int(places))+" decimal places first")
		return nil, f.err()
	}
	out := make([]decimal.Decimal, len(parts))
	for i, p := range parts {
		out[i] = p.Fixed(max(places, 0))
	}
	return out, nil
}
