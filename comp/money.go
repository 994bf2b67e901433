package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Allocate splits total, a sum of money, in proportion to weights by the method
// of the largest remainder: each part is its exact share rounded down to a
// multiple of 10^-places, and what is left over goes, one unit each, to the parts
// that lost most, the first of them when they lost the same. The parts sum to
// total exactly; a zero weight gets zero; a negative total is split as the
// mirror image of the positive one. A part may shrink when total grows (the
// Alabama paradox). It takes O(n log n).
//
// Allocate returns an error if:
//   - total is not a multiple of 10^-places, or places is beyond ±18
//   - a weight is negative, or total is not zero and no weight is positive
//   - a number is out of bounds
func Allocate(total decimal.Decimal, weights []decimal.Decimal, places int32) ([]decimal.Decimal, error) {
	var f faults
	f.number("total", total)
	if places < -18 || places > 18 {
		f.add("places", itoa(int(places)), "must be between -18 and 18")
	}
	shares := make([]exact.Num, len(weights))
	for i, w := range weights {
		path := "weights/" + itoa(i)
		if !f.number(path, w) {
			continue
		}
		if w.IsNegative() {
			f.add(path, w.StringFixed(2), "must not be negative")
		}
		shares[i] = exact.From(w)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	parts, err := exact.Allocate(exact.From(total), shares, places)
	if err != nil {
		f.add("total", total.StringFixed(max(places, 0)+2), "cannot be split: %v", err)
		return nil, f.err()
	}
	out := make([]decimal.Decimal, len(parts))
	for i, p := range parts {
		out[i] = p.Fixed(max(places, 0))
	}
	return out, nil
}

// Instalment is one month of an amortised cost.
type Instalment struct {
	// On is the first day of the instalment's month.
	On salesops.Date `json:"on"`
	// Amount is the expense of the month, Left the asset that remains after it.
	Amount decimal.Decimal `json:"amount"`
	Left   decimal.Decimal `json:"left"`
}

// maxInstalments bounds Amortize: a hundred years.
const maxInstalments = 1200

// Amortize spreads the cost of obtaining a contract over the months of its
// benefit in equal instalments, rounded to places, with the difference at the
// end, so that they sum to total exactly (ASC 340-40-35-1). Up to twelve
// months the practical expedient of ASC 340-40-25-4 applies, and the one
// instalment, at the start, is all of it.
//
// Amortize returns an error if:
//   - start is not set, or months is not between 1 and 1200
//   - total is out of bounds or not a multiple of 10^-places, or places is beyond 0 to 18
func Amortize(total decimal.Decimal, start salesops.Date, months int, places int32) ([]Instalment, error) {
	var f faults
	if start.IsZero() {
		f.add("start", "", "must be set")
	}
	if months < 1 || months > maxInstalments {
		f.add("months", itoa(months), "must be between 1 and %d", maxInstalments)
	}
	if places < 0 || places > 18 {
		f.add("places", itoa(int(places)), "must be between 0 and 18")
	}
	if f.number("total", total) && f.list == nil && exact.From(total).Round(places, exact.Down).Cmp(exact.From(total)) != 0 {
		f.add("total", total.StringFixed(places+2), "must be a multiple of the smallest unit (%d decimal places)", places)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	n := months
	if months <= 12 {
		n = 1
	}
	left := exact.From(total)
	each, _ := exact.Quo(left, exact.Int(int64(n)), places, exact.HalfUp)
	out := make([]Instalment, n)
	for i := range out {
		if i == n-1 || each.Abs().Cmp(left.Abs()) > 0 {
			each = left
		}
		left = left.Sub(each)
		out[i] = Instalment{On: start.AddMonths(i), Amount: each.Fixed(places), Left: left.Fixed(places)}
	}
	return out, nil
}
