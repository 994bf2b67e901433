package series

import "math"

// loess is locally weighted regression on equally spaced values (Cleveland 1979): at each place a constant (degree 0)
// or a line (degree 1) is fitted to the span nearest values, with tricube weights.
type loess struct {
	span   int       // odd; one that exceeds the number of values flattens the weights
	degree int       // 0 or 1
	kernel []float64 // scratch, at least as long as the values
}

// smooth sets dst to y smoothed. It fits at every tenth part of the span and at the end, and draws straight lines in
// between. rho are weights of the values, nil for 1.
func (l loess) smooth(dst, y, rho []float64) {
	n := len(y)
	if n == 1 {
		dst[0] = y[0]
		return
	}
	jump := min(l.span/10+1, n-1) // a tenth of the odd span, rounded up
	span := min(l.span, n)
	for i, before := 0, 0; ; i = min(i+jump, n-1) {
		left := min(max(i-(span-1)/2, 0), n-span)
		var ok bool
		if dst[i], ok = l.at(i, y, rho, left, left+span-1); !ok {
			dst[i] = y[i]
		}
		if gap := i - before; gap > 1 {
			step := (dst[i] - dst[before]) / float64(gap)
			for j := before + 1; j < i; j++ {
				dst[j] = dst[before] + float64(step*float64(j-before))
			}
		}
		if i == n-1 {
			return
		}
		before = i
	}
}

// at returns the fit at the place x, which may be beyond the ends, to y[left] to y[right]; false if all weigh
// nothing.
func (l loess) at(x int, y, rho []float64, left, right int) (fit float64, ok bool) {
	n := len(y)
	h := float64(max(x-left, right-x))
	if l.span > n {
		h += float64((l.span - n) / 2)
	}
	w := l.kernel[:right-left+1]
	near, far := 0.001*h, 0.999*h
	total := 0.0
	for i := range w {
		r := math.Abs(float64(left + i - x))
		switch {
		case r <= near:
			w[i] = 1
		case r <= far:
			u := r / h
			v := 1 - float64(u*u*u)
			w[i] = v * v * v
		default:
			w[i] = 0
		}
		if rho != nil {
			w[i] *= rho[left+i]
		}
		total += w[i]
	}
	if total <= 0 {
		return 0, false
	}
	for i := range w {
		w[i] /= total
	}
	y = y[left : right+1]
	if l.degree == 1 && h > 0 {
		l.tilt(w, float64(x-left), float64(n-1))
	}
	for i, v := range y {
		fit += float64(w[i] * v)
	}
	return fit, true
}

// tilt turns weights of a mean into weights of the line's value at x, unless their places hardly differ.
func (l loess) tilt(w []float64, x, width float64) {
	centre := 0.0
	for i, v := range w {
		centre += float64(v * float64(i))
	}
	spread := 0.0
	for i, v := range w {
		d := float64(i) - centre
		spread += float64(v * d * d)
	}
	if math.Sqrt(spread) <= 0.001*width {
		return
	}
	slope := (x - centre) / spread
	for i := range w {
		w[i] *= 1 + float64(slope*(float64(i)-centre))
	}
}
