package series

import "math"

// rescaled returns y / unit, where unit is a power of two such that the largest magnitude is in [0.5, 1): squares and
// sums neither overflow nor vanish, and no digit is lost but of values that are nothing beside the largest. The unit
// is from 2^-1000 to 2^1000; beyond, the largest magnitude is up to 2^24, or down to 2^-74.
func rescaled(y []float64) (z []float64, unit float64) {
	largest := 0.0
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	_, e := math.Frexp(largest)
	e = min(max(e, -1000), 1000)
	z = make([]float64, len(y))
	shrink := math.Ldexp(1, -e)
	for i, v := range y {
		z[i] = v * shrink
	}
	return z, math.Ldexp(1, e)
}
