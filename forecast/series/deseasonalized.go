package series

import (
	"slices"
	"strconv"
)

// Deseasonalized returns the method that takes the season of m periods out of the series, if there is one, forecasts
// the rest by base, and puts the season back. Whether there is one is decided by [Seasonal]; without one the forecast
// is that of base. The season is that of [Decompose]: multiplicative if all values are above zero and no period has
// less than a hundredth of the mean of all periods, otherwise additive. Why says which.
//
// With [Naive], SES and others as base these are the benchmarks of the M4 competition (Makridakis, Spiliotis and
// Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014): Deseasonalized(m, Naive()) is its Naive2. For positive
// series only: theirs is multiplicative always.
//
// A multiplicative season multiplies the spread too. The criteria of base are left out, as they are not about y.
// Errors are those of base, and [ErrInput] if m is below 1.
func Deseasonalized(m int, base Method) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("Deseasonalized", y, h, 1); err != nil {
			return Forecast{}, err
		}
		s := testedSeason(y, m)
		f, err := call(base, "", s.remove(y), h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Method = "Deseasonalized(" + f.Fit.Method + ")"
		f.Fit.Why = append(slices.Clone(f.Fit.Why), s.why(m))
		return putBack(f, s.form, len(y), s.at).done()
	}
}

// BySTL returns the method that takes the seasons of the given periods out of the series by [STL] ([MSTL] if there
// are several), forecasts the rest by base, and puts the last year of each season back. The base is one without a
// season, such as [Drift] or ETS(1). The zero options keep the season the same every year if there is one period.
//
// The season is additive: NonNegative of base does not hold for the whole. The spread is that of base: the season is
// taken as known. The criteria of base are left out, as they are not about y. Errors are those of STL or MSTL and of
// base.
func BySTL(base Method, o STLOptions, periods ...int) Method {
	periods = slices.Clone(periods)
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("BySTL", y, h, 1); err != nil {
			return Forecast{}, err
		}
		var d Decomposition
		var err error
		if len(periods) == 1 {
			d, err = STL(y, periods[0], o)
		} else {
			d, err = MSTL(y, periods, o)
		}
		if err != nil {
			return Forecast{}, err
		}
		rest, err := d.Adjusted(y)
		if err != nil {
			return Forecast{}, err
		}
		f, err := call(base, "", rest, h)
		if err != nil {
			return Forecast{}, err
		}
		n := len(y)
		f.Fit.Method = "BySTL(" + f.Fit.Method + ")"
		return putBack(f, Additive, n, func(t int) float64 {
			sum := 0.0
			for i, s := range d.Seasons {
				if m := d.Periods[i]; t < n {
					sum += s[t]
				} else {
					sum += s[n-m+(t-n)%m]
				}
			}
			return sum
		}).done()
	}
}

// season is a season that can be taken out of a series and put back.
type season struct {
	form  Component // None: there is no season
	index []float64 // of the periods, from that of y[0] on
}

// testedSeason returns the season of m periods that [Seasonal] finds in y.
func testedSeason(y []float64, m int) season {
	if !seasonal(y, m) {
		return season{}
	}
	z, unit := rescaled(y)
	if slices.Min(z) > 0 {
		if _, index := classical(z, m, Multiplicative); slices.Min(index) >= 0.01 {
			return season{Multiplicative, index}
		}
	}
	_, index := classical(z, m, Additive)
	for p := range index {
		index[p] *= unit
	}
	return season{Additive, index}
}

// why says which season was found.
func (s season) why(m int) string {
	switch what := "season of " + strconv.Itoa(m) + " periods"; s.form {
	case Multiplicative:
		return "The " + what + " is multiplicative."
	case Additive:
		return "The " + what + " is additive, as values are zero or less, or one period has next to none."
	default:
		return "There is no " + what + "."
	}
}

// remove returns y without the season.
func (s season) remove(y []float64) []float64 {
	z := slices.Clone(y)
	if s.form != None {
		for t := range z {
			z[t] = s.form.without(z[t], s.at(t))
		}
	}
	return z
}

// at returns the season of the value t.
func (s season) at(t int) float64 { return s.index[t%len(s.index)] }

// putBack returns f, the forecast of a series of n values without its season, as one with it. at is the season of
// value t.
func putBack(f Forecast, form Component, n int, at func(t int) float64) Forecast {
	f.Fit.Criteria = nil
	if form == None {
		return f
	}
	f.Mean, f.SD, f.Fit.Fitted = slices.Clone(f.Mean), slices.Clone(f.SD), slices.Clone(f.Fit.Fitted)
	for k := range f.Mean {
		f.Mean[k] = form.with(f.Mean[k], at(n+k))
	}
	first := n - len(f.Fit.Fitted)
	for i := range f.Fit.Fitted {
		f.Fit.Fitted[i] = form.with(f.Fit.Fitted[i], at(first+i))
	}
	if form == Additive {
		f.NonNegative = false
		return f
	}
	for k := range f.SD {
		f.SD[k] *= at(n + k)
	}
	f.Scores = slices.Clone(f.Scores)
	for k := range f.Scores {
		f.Scores[k] = slices.Clone(f.Scores[k])
		times(f.Scores[k], at(n+k))
	}
	return f
}

// times multiplies the values of v by a.
func times(v []float64, a float64) {
	for i := range v {
		v[i] *= a
	}
}
