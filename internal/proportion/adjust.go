package proportion

import (
	"cmp"
	"slices"
)

// Adjust returns p-values adjusted for their number by the method of Benjamini and Hochberg (1995,
// doi:10.1111/j.2517-6161.1995.tb02031.x), in their order: the adjusted value of the i-th smallest of m is the least of
// p(j) × m / j for j = i to m. It is never below the p-value itself, nor above 1, and equal p-values stay equal. All must be
// from 0 to 1. It takes O(n log n).
func Adjust(p []float64) []float64 {
	if len(p) == 0 {
		return nil
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted := make([]float64, len(p))
	least, m := 1.0, float64(len(p))
	for above, i := range order {
		// The factor is 1 or more also after rounding, so that no adjusted value falls below its p-value.
		least = min(least, float64(p[i]*(m/float64(len(p)-above))))
		adjusted[i] = least
	}
	return adjusted
}
