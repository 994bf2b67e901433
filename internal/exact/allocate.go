package exact

import "fmt"

// Allocate splits total in proportion to weights by the method of the largest
// remainder: each part is its exact share total × w / Σw rounded down to a multiple
// of 10^-places, and the units left over go, one each, to the parts that lost most,
// the first of them when they lost the same.
//
// The parts sum to total exactly; each is less than one unit away from its exact
// share; a zero weight gets zero; scaling all weights changes nothing; a negative
// total gives the mirror image of the positive one. A part may shrink when the total
// grows (the Alabama paradox), so do not rely on monotony in total.
//
// All parts are zero when total is. It takes O(n) expected and O(n log n) worst time.
//
// Allocate returns an error if:
//   - total is no multiple of 10^-places
//   - a weight is negative
//   - no weight is positive, or there is none, and total is not zero
func Allocate(total Num, weights []Num, places int32) ([]Num, error) {
	if _, ok := total.units(places); !ok {
		return nil, notMultiple(total, places)
	}
	var sum Num
	for i, w := range weights {
		if w.Sign() < 0 {
			return nil, fmt.Errorf("exact: weight %d is negative: %s", i, w.text())
		}
		sum = sum.Add(w)
	}
	parts := make([]Num, len(weights))
	if sum.IsZero() {
		if !total.IsZero() {
			return nil, fmt.Errorf("exact: no weight is positive, so %s cannot be allocated", total.text())
		}
		for i := range parts {
			parts[i].exp = -places
		}
		return parts, nil
	}
	for i, w := range weights {
		parts[i] = total.Mul(w)
	}
	return parts, Spread(parts, sum, total, places, parts)
}
