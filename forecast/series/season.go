package series

import (
	"math"
	"slices"
	"strconv"
)

// Seasonal reports whether y has a season of m periods: whether its autocorrelation at lag m differs from zero at the
// level of 90 %, given those at the lags below,
//
//	|r(m)| > 1.645 √((1 + 2 Σ r(k)²) / n), with k from 1 to m-1,
//
// which is the test that [Theta] and the benchmarks of the M4 competition decide by (Makridakis, Spiliotis and
// Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014). Fewer than 3m values, m = 1 and a constant series are
// no evidence of a season: false. It is O(nm).
//
// Seasonal returns an error ([ErrInput]) if m is below 1, or a value of y is NaN or infinite.
func Seasonal(y []float64, m int) (bool, error) {
	if err := checkSeason(m); err != nil {
		return false, err
	}
	if err := checkFinite("y", y); err != nil {
		return false, err
	}
	return seasonal(y, m), nil
}

// Decomposition is a series taken apart: the sum, or the product, of a trend, of one season or several, and of a
// remainder. [Decompose], [STL] and [MSTL] make it.
type Decomposition struct {
	// Form says how the parts make the series: Additive for their sum, Multiplicative for their product.
	Form Component `json:"form"`
	// First is the place in the series of the first value of Trend and Remainder: the moving average of [Decompose]
	// lacks half a season at both ends. It is 0 for [STL] and [MSTL].
	First int `json:"first,omitempty"`
	// Trend is the level from y[First] on.
	Trend []float64 `json:"trend"`
	// Periods are the numbers of periods in a season, one for each of Seasons, the shortest first.
	Periods []int `json:"periods"`
	// Seasons are the seasonal parts, each as long as the series: around 0 if additive, around 1 if multiplicative.
	Seasons [][]float64 `json:"seasons"`
	// Remainder is what is left from y[First] on.
	Remainder []float64 `json:"remainder"`
}

// Adjusted returns the series without its seasons.
//
// It returns an error ([ErrInput]) if y has not the length of the series that was taken apart, or an adjusted value is
// not finite.
func (d Decomposition) Adjusted(y []float64) ([]float64, error) {
	z := append([]float64(nil), y...)
	for _, s := range d.Seasons {
		if len(s) != len(y) {
			return nil, invalid("y", strconv.Itoa(len(y))+" values", "must be the series that was taken apart, of "+strconv.Itoa(len(s)))
		}
		for t := range z {
			z[t] = d.Form.without(z[t], s[t])
		}
	}
	if err := checkFinite("y", z); err != nil {
		return nil, err
	}
	return z, nil
}

// Decompose takes y apart in the classical way: the trend is the moving average over m periods (with half weights at
// the ends if m is even), the season is the mean of what is left over all values of the same period, centred so that
// it adds nothing over a year, and it is the same every year (Makridakis, Wheelwright and Hyndman 1998, chapter 3).
// [STL] has no gaps at the ends, follows a season that changes, and can resist outliers.
//
// The form is [Additive] or [Multiplicative]. Decompose returns an error if:
//   - m is below 2, or form is neither of the two ([ErrInput])
//   - a value of y is NaN or infinite ([ErrInput])
//   - y has fewer than 2m values ([ErrTooShort])
//   - form is Multiplicative and a value of y is not above zero ([ErrNonPositive])
//   - y is so large that a result would overflow ([ErrInput], path "y")
func Decompose(y []float64, m int, form Component) (Decomposition, error) {
	if form != Additive && form != Multiplicative {
		return Decomposition{}, invalid("form", strconv.Quote(string(form)), "must be Additive or Multiplicative")
	}
	if err := checkCycle("Decompose", y, m, 0); err != nil {
		return Decomposition{}, err
	}
	if form == Multiplicative {
		if err := checkPositive("a multiplicative decomposition", y); err != nil {
			return Decomposition{}, err
		}
	}
	n := len(y)
	z, unit := rescaled(y)
	trend, figure := classical(z, m, form)
	d := Decomposition{
		Form: form, First: m / 2, Trend: trend, Periods: []int{m},
		Seasons: [][]float64{make([]float64, n)}, Remainder: make([]float64, len(trend)),
	}
	for t := range n {
		d.Seasons[0][t] = figure[t%m]
	}
	for i, v := range trend {
		d.Remainder[i] = form.without(form.without(z[i+d.First], v), figure[(i+d.First)%m])
	}
	return d.times(unit)
}

// with returns the value v with its season s.
func (c Component) with(v, s float64) float64 {
	if c == Multiplicative {
		return v * s
	}
	return v + s
}

// without returns the value v without its season s.
func (c Component) without(v, s float64) float64 {
	if c == Multiplicative {
		return v / s
	}
	return v - s
}

// classical returns the trend of y from y[m/2] on, and the season, from the first period of y.
func classical(y []float64, m int, form Component) (trend, figure []float64) {
	n := len(y)
	trend = make([]float64, n-m/2*2)
	for i := range trend {
		w := y[i : i+m/2*2+1]
		sum := 0.0
		if m%2 == 0 {
			sum = (w[0] + w[m]) / 2
			w = w[1:m]
		}
		for _, v := range w {
			sum += v
		}
		trend[i] = sum / float64(m)
	}
	figure = make([]float64, m)
	for p := range figure {
		sum, count := 0.0, 0
		for t := p; t-m/2 < len(trend); t += m {
			if t >= m/2 {
				sum += form.without(y[t], trend[t-m/2])
				count++
			}
		}
		figure[p] = sum / float64(count)
	}
	centre := mean(figure)
	for p := range figure {
		figure[p] = form.without(figure[p], centre)
	}
	return trend, figure
}

// seasonal is [Seasonal] for arguments that are checked.
func seasonal(y []float64, m int) bool {
	n := len(y)
	if m == 1 || n/3 < m {
		return false
	}
	z, _ := rescaled(y)
	centre := mean(z)
	for i := range z {
		z[i] -= centre
	}
	c0 := covariance(z, 0)
	if c0 == 0 {
		return false
	}
	sum := 1.0
	for k := 1; k < m; k++ {
		r := covariance(z, k) / c0
		sum += float64(2 * r * r)
	}
	return math.Abs(covariance(z, m)/c0) > 1.645*math.Sqrt(sum/float64(n))
}

// covariance returns n times the autocovariance of z, whose mean is 0, at lag k.
func covariance(z []float64, k int) float64 {
	sum := 0.0
	for i, v := range z[k:] {
		sum += float64(v * z[i])
	}
	return sum
}

// checkCycle checks a series that is taken apart: it must have two seasons of m periods, and so many values more.
func checkCycle(what string, y []float64, m, more int) error {
	if m < 2 {
		return invalid("m", strconv.Itoa(m), "must be 2 or more: the number of periods in a season, such as 12 for months")
	}
	if err := checkFinite("y", y); err != nil {
		return err
	}
	if need := satAdd(seasons(2, m), more); len(y) < need {
		return tooShort(what, need, len(y))
	}
	return nil
}

// times returns d with y × unit instead of y, or an error if a part of it overflows. It changes the slices of d.
func (d Decomposition) times(unit float64) (Decomposition, error) {
	parts := [][]float64{d.Trend}
	if d.Form == Additive {
		parts = append(append(parts, d.Remainder), d.Seasons...)
	}
	for _, p := range parts {
		times(p, unit)
	}
	for _, p := range append(slices.Clip(d.Seasons), d.Trend, d.Remainder) {
		for _, v := range p {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return Decomposition{}, invalid("y", "", "is too large to be taken apart: a result overflows; use larger units")
			}
		}
	}
	return d, nil
}
