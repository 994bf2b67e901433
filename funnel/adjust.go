package funnel

import (
	"cmp"
	"slices"
	"strconv"
)

// BenjaminiHochberg returns the p-values adjusted for their number, in their order: of the tests whose adjusted p-value is at
// most 0.05, no more than 5 % are expected to be false alarms. Whoever asks of thirty reps which of them differ from
// the rest will find one or two at p < 0.05 by chance alone.
//
// The adjusted value of the i-th smallest of m is the least of p(j) × m / j for j = i to m (Benjamini and Hochberg 1995,
// doi:10.1111/j.2517-6161.1995.tb02031.x). It is never below the p-value itself, nor above 1, and equal p-values stay
// equal. The bound holds for tests that are independent or positively dependent. Without p-values the result is nil.
//
// It takes O(n log n).
//
// BenjaminiHochberg returns an error ([ErrInput]) if a p-value is not between 0 and 1.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	var f faults
	order := make([]int, len(p))
	for i, v := range p {
		order[i] = i
		if !(v >= 0 && v <= 1) {
			f.add(ErrInput, "", "p/"+strconv.Itoa(i), floatText(v), "is not a probability: it must be 0 to 1")
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, nil
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted := make([]float64, len(p))
	least, m := 1.0, float64(len(p))
	for above, i := range order {
		// The factor is 1 or more also after rounding, so that no adjusted value falls below its p-value.
		least = min(least, float64(p[i]*(m/float64(len(p)-above))))
		adjusted[i] = least
	}
	return adjusted, nil
}
