package series

import (
	"math"
	"slices"
	"strconv"
)

// STLOptions are the smoothing windows of [STL] and [MSTL]. The zero value is the usual choice.
type STLOptions struct {
	// Window is how many seasons the loess smoother of the season spans: an odd number of 3 or more; 7 or more is
	// usual. The smaller, the faster the season may change. 0 means that [STL] takes the season to be the same every
	// year, and [MSTL] 11 for the shortest season, 15 for the next, then 19 and so on.
	Window int `json:"window,omitempty"`
	// Trend is the window of the smoother of the trend, in values: an odd number of 3 or more. 0 means the next odd
	// number from 1.5m / (1 - 1.5/Window) on, which is the least that keeps the season out of the trend.
	Trend int `json:"trend,omitempty"`
	// LowPass is the window of the smoother that keeps the trend out of the season, in values: an odd number of 3 or
	// more. 0 means the next odd number from m on.
	LowPass int `json:"lowPass,omitempty"`
	// Robust is how often values that lie far off are given less weight and all is done again, so that outliers go to
	// the remainder; 15 is usual, 0 does not look for outliers, 100 is the most.
	Robust int `json:"robust,omitempty"`
}

// STL takes y apart into a trend, a season of m periods and a remainder, by locally weighted regression: unlike
// [Decompose] it covers both ends, lets the season change from year to year, and can resist outliers. The result is
// additive; take logarithms first for a season that grows with the level.
//
// It is the procedure of R. B. Cleveland, W. S. Cleveland, McRae and Terpenning 1990 (Journal of Official Statistics
// 6, 3-73) with two passes of the inner loop (one if Robust is set). The season is smoothed by a local constant,
// trend and low pass by a local line, at every tenth part of a window with straight lines in between. It is O(n ×
// window) with windows shorter than y.
//
// STL returns an error if:
//   - m is below 2, or an option is out of its range ([ErrInput])
//   - a value of y is NaN or infinite ([ErrInput])
//   - y has fewer than 2m+1 values ([ErrTooShort])
//   - y is so large that a result would overflow ([ErrInput], path "y")
func STL(y []float64, m int, o STLOptions) (Decomposition, error) {
	if err := o.check(); err != nil {
		return Decomposition{}, err
	}
	if err := checkCycle("STL", y, m, 1); err != nil {
		return Decomposition{}, err
	}
	z, unit := rescaled(y)
	s := newSTL(len(y), m, o)
	s.run(z)
	remainder := make([]float64, len(y))
	for t := range remainder {
		remainder[t] = z[t] - s.season[t] - s.trend[t]
	}
	return Decomposition{Form: Additive, Trend: s.trend, Periods: []int{m}, Seasons: [][]float64{s.season}, Remainder: remainder}.times(unit)
}

// check checks the options.
func (o STLOptions) check() error {
	for _, w := range [...]struct {
		path  string
		value int
	}{{"window", o.Window}, {"trend", o.Trend}, {"lowPass", o.LowPass}} {
		if w.value != 0 && (w.value < 3 || w.value%2 == 0) {
			return invalid("options/"+w.path, strconv.Itoa(w.value), "must be an odd number of 3 or more, or 0 for the default")
		}
	}
	if o.Robust < 0 || o.Robust > 100 {
		return invalid("options/robust", strconv.Itoa(o.Robust), "must be from 0 to 100: how often outliers are weighted down; 15 is usual")
	}
	return nil
}

// stl is the state of the procedure for a series of n values and a season of m. The names are those of the paper
// where it has names.
type stl struct {
	m                         int
	periodic                  bool
	inner, outer              int
	seasonal, trending, lowly loess // the smoothers of the cycle-subseries, of the trend, and of the low-pass filter
	trend, season             []float64
	weights                   []float64 // robustness weights, nil if all are 1

	work   []float64 // n values
	cycles []float64 // n+2m values: the smoothed cycle-subseries, one period longer at both ends
	low    []float64 // n+2m values
	sub    []float64 // a cycle-subseries
	smooth []float64 // and it smoothed, one value longer at both ends
	rho    []float64 // and its weights
}

// newSTL returns the procedure for series of n values.
func newSTL(n, m int, o STLOptions) *stl {
	s := &stl{m: m, periodic: o.Window == 0, inner: 2, outer: o.Robust}
	if o.Robust > 0 {
		s.inner = 1
	}
	window := o.Window
	if s.periodic {
		window = 10*n + 1 // so wide that all years count alike
	}
	trend, low := o.Trend, o.LowPass
	if trend == 0 {
		trend = int(math.Ceil(1.5*float64(m)/(1-1.5/float64(window)))) | 1
	}
	if low == 0 {
		low = m | 1
	}
	longest := (n-1)/m + 1
	buffer := make([]float64, 3*n+2*(n+2*m)+longest*3+2)
	take := func(n int) []float64 {
		b := buffer[:n:n]
		buffer = buffer[n:]
		return b
	}
	s.trend, s.season, s.work = take(n), take(n), take(n)
	s.cycles, s.low = take(n+2*m), take(n+2*m)
	s.sub, s.rho, s.smooth = take(longest), take(longest), take(longest+2)
	kernel := make([]float64, n)
	s.seasonal = loess{span: window, degree: 0, kernel: kernel}
	s.trending = loess{span: trend, degree: 1, kernel: kernel}
	s.lowly = loess{span: low, degree: 1, kernel: kernel}
	return s
}

// run takes y apart into s.trend and s.season.
func (s *stl) run(y []float64) {
	clear(s.trend)
	s.weights = nil
	for range s.inner {
		s.pass(y)
	}
	for range s.outer {
		s.weigh(y)
		for range s.inner {
			s.pass(y)
		}
	}
	if !s.periodic {
		return
	}
	for p := range s.m { // make the season the same every year, to the last digit
		sum, count := 0.0, 0
		for t := p; t < len(y); t += s.m {
			sum += s.season[t]
			count++
		}
		for t := p; t < len(y); t += s.m {
			s.season[t] = sum / float64(count)
		}
	}
}

// pass is one pass of the inner loop.
func (s *stl) pass(y []float64) {
	n, m := len(y), s.m
	for t := range y {
		s.work[t] = y[t] - s.trend[t]
	}
	for p := range m {
		s.cycle(p)
	}
	// The low-pass filter takes the level out of the smoothed cycle-subseries.
	movingAverage(s.low, s.cycles, m)
	movingAverage(s.low, s.low[:n+m+1], m)
	movingAverage(s.low, s.low[:n+2], 3)
	s.lowly.smooth(s.work, s.low[:n], nil)
	for t := range y {
		s.season[t] = s.cycles[m+t] - s.work[t]
		s.work[t] = y[t] - s.season[t]
	}
	s.trending.smooth(s.trend, s.work, s.weights)
}

// cycle smooths the values of period p of s.work, and extends them by one at both ends.
func (s *stl) cycle(p int) {
	sub, rho := s.sub[:0], s.rho[:0]
	for t := p; t < len(s.work); t += s.m {
		sub = append(sub, s.work[t])
		if s.weights != nil {
			rho = append(rho, s.weights[t])
		}
	}
	if s.weights == nil {
		rho = nil
	}
	k := len(sub)
	out := s.smooth[:k+2]
	s.seasonal.smooth(out[1:k+1], sub, rho)
	span := min(s.seasonal.span, k)
	var ok bool
	if out[0], ok = s.seasonal.at(-1, sub, rho, 0, span-1); !ok {
		out[0] = out[1]
	}
	if out[k+1], ok = s.seasonal.at(k, sub, rho, k-span, k-1); !ok {
		out[k+1] = out[k]
	}
	for i, v := range out {
		s.cycles[p+i*s.m] = v
	}
}

// weigh gives weights to the values by how far they are from trend and season: the bisquare of the distance in units
// of six medians.
func (s *stl) weigh(y []float64) {
	if s.weights == nil {
		s.weights = make([]float64, len(y))
	}
	for t := range y {
		s.weights[t] = math.Abs(y[t] - s.trend[t] - s.season[t])
	}
	copy(s.work, s.weights)
	slices.Sort(s.work)
	n := len(y)
	far := 3 * (s.work[n/2] + s.work[(n-1)/2])
	for t, r := range s.weights {
		switch {
		case r <= 0.001*far:
			s.weights[t] = 1
		case r <= 0.999*far:
			u := r / far
			v := 1 - float64(u*u)
			s.weights[t] = v * v
		default:
			s.weights[t] = 0
		}
	}
}

// movingAverage sets dst to the averages of span neighbours in src, of which there are len(src)-span+1. dst may be
// src.
func movingAverage(dst, src []float64, span int) {
	sum := 0.0
	for _, v := range src[:span] {
		sum += v
	}
	for i := range len(src) - span + 1 {
		first := src[i]
		dst[i] = sum / float64(span)
		if i+span < len(src) {
			sum += src[i+span] - first
		}
	}
}
