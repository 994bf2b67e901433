package series

import (
	"slices"
	"strconv"
)

// MSTL takes y apart into a trend, several seasons and a remainder: days of the week and months of the year, say. It
// takes each season in turn, from the shortest period to the longest, out of what the others leave by [STL], twice
// round; the trend is that of the last (Bandara, Hyndman and Bergmeir 2021, doi:10.1504/IJOR.2022.10048281). In
// [STLOptions] a Window of 0 stands for 11, 15, 19 and so on, from the shortest period on.
//
// MSTL returns an error if:
//   - there are no periods, one is below 2 or is there twice ([ErrInput], path "periods")
//   - an option is out of its range, or a value of y is NaN or infinite ([ErrInput])
//   - y has fewer than 2m+1 values, for the longest period m ([ErrTooShort])
//   - y is so large that a result would overflow ([ErrInput], path "y")
func MSTL(y []float64, periods []int, o STLOptions) (Decomposition, error) {
	if err := o.check(); err != nil {
		return Decomposition{}, err
	}
	if len(periods) == 0 {
		return Decomposition{}, invalid("periods", "", "must be one or more, such as 7 for the days of a week")
	}
	periods = slices.Sorted(slices.Values(periods))
	for i, m := range periods {
		if i > 0 && m == periods[i-1] {
			return Decomposition{}, invalid("periods", strconv.Itoa(m), "must not be given twice")
		}
		if err := checkCycle("MSTL", y, m, 1); err != nil {
			return Decomposition{}, err
		}
	}
	z, unit := rescaled(y)
	d := Decomposition{Form: Additive, Periods: periods, Seasons: make([][]float64, len(periods))}
	steps := make([]*stl, len(periods))
	for i, m := range periods {
		w := o
		if w.Window == 0 {
			w.Window = 11 + 4*i
		}
		steps[i] = newSTL(len(z), m, w)
		d.Seasons[i] = steps[i].season
	}
	for range 2 {
		for _, s := range steps {
			for t, v := range s.season { // zero in the first round
				z[t] += v
			}
			s.run(z)
			for t, v := range s.season {
				z[t] -= v
			}
			d.Trend = s.trend
		}
	}
	d.Remainder = z
	for t, v := range d.Trend {
		z[t] -= v
	}
	return d.times(unit)
}
