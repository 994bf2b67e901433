package metrics

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/proportion"
)

// BenjaminiHochberg returns the p-values adjusted for their number, in their order: of the tests whose adjusted p-value is at
// most 0.05, no more than 5 % are expected to be false alarms. Whoever asks of thirty reps which of them differ from
// the rest will find one or two at p < 0.05 by chance alone. [Judge] does so for whole comparisons.
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
	for i, v := range p {
		f.probability("p/"+strconv.Itoa(i), v)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return proportion.Adjust(p), nil
}

// probability tells of a number that is none.
func (f *faults) probability(path string, p float64) {
	if !(p >= 0 && p <= 1) {
		f.add(ErrInput, "", path, floatText(p), "is not a probability: it must be 0 to 1")
	}
}
