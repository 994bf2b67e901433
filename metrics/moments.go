package metrics

import "math"

// Moments is a stand-in: what comparisons of means need of the accumulator that another change brings.
type Moments[N Number] struct{ values []float64 }

// Add adds a number.
func (m *Moments[N]) Add(x N) error {
	n, ok := numOf(x)
	if !ok {
		return &Error{Path: "x", Msg: "is out of bounds", Err: ErrInput}
	}
	m.values = append(m.values, n.Float64())
	return nil
}

// Len returns how many numbers there are.
func (m *Moments[N]) Len() int64 { return int64(len(m.values)) }

// Mean returns the mean.
func (m *Moments[N]) Mean() (float64, bool) {
	sum := 0.0
	for _, v := range m.values {
		sum += v / float64(len(m.values))
	}
	return sum, len(m.values) > 0 && !math.IsInf(sum, 0)
}

// Variance returns the variance, with n-1.
func (m *Moments[N]) Variance() (float64, bool) {
	mean, _ := m.Mean()
	sum := 0.0
	for _, v := range m.values {
		sum += float64((v-mean)*(v-mean)) / float64(len(m.values)-1)
	}
	return sum, len(m.values) > 1 && !math.IsInf(sum, 0)
}
