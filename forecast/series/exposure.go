package series

import (
	"math"
	"slices"
	"strconv"
)

// PerExposure returns the method that forecasts by base what there is per unit of exposure, and multiplies with the
// exposure to come: bookings per selling day for months with 19 to 23 of them, calls per rep for a team that grows.
// exposure[t] belongs to the value y[t] and goes on over the horizon: it has at least as many values as y and the
// horizon together. In a backtest, where y is the first part of a series, the same exposure serves all origins.
//
// Mean, spread and fitted values are multiplied. A period without exposure, such as a holiday in a series of days,
// must have the value 0; it is left out of what base sees, so that a season of base counts only periods with
// exposure, and is forecast 0, for certain. The criteria of base are left out, as they are not about y.
//
// Errors are those of base about y / exposure, where path and number of values do not count periods without exposure,
// and:
//   - exposure has fewer than len(y)+h values ([ErrInput], path "exposure")
//   - an exposure is below zero, NaN, infinite, or so small that y / exposure overflows ([ErrInput], path "exposure/"
//     and its index)
//   - a value of y is not 0 although its exposure is ([ErrInput], path "y/" and its index)
func PerExposure(base Method, exposure []float64) Method {
	exposure = slices.Clone(exposure)
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("PerExposure", y, h, 0); err != nil {
			return Forecast{}, err
		}
		if err := checkExposure(y, h, exposure); err != nil {
			return Forecast{}, err
		}
		n := len(y)
		rates := make([]float64, 0, n)
		for t, v := range y {
			if exposure[t] > 0 {
				rates = append(rates, v/exposure[t])
			}
		}
		steps := 0 // with exposure
		for _, e := range exposure[n : n+h] {
			if e > 0 {
				steps++
			}
		}
		f, err := call(base, "", rates, max(steps, 1))
		if err != nil {
			return Forecast{}, err
		}
		return exposed(f, exposure[:n], exposure[n:n+h]).done()
	}
}

// checkExposure checks the exposure of y and of the h values to come.
func checkExposure(y []float64, h int, exposure []float64) error {
	if len(exposure)-len(y) < h {
		return invalid("exposure", strconv.Itoa(len(exposure))+" values",
			"must have a value for each of the "+strconv.Itoa(len(y))+" of y and each of the "+strconv.Itoa(h)+" to come")
	}
	if err := checkFinite("exposure", exposure[:len(y)+h]); err != nil {
		return err
	}
	for t, e := range exposure[:len(y)+h] {
		switch {
		case e < 0:
			return invalid("exposure/"+strconv.Itoa(t), text(e), "must be zero or more")
		case e == 0 && t < len(y) && y[t] != 0:
			return invalid("y/"+strconv.Itoa(t), text(y[t]), "must be 0 in a period without exposure")
		case e > 0 && t < len(y) && math.IsInf(y[t]/e, 0):
			return invalid("exposure/"+strconv.Itoa(t), text(e), "is too small for a value of "+text(y[t])+": y / exposure overflows")
		}
	}
	return nil
}

// exposed returns the forecast f of rates as one of values, with the exposure of the past and of the steps to come.
func exposed(f Forecast, past, next []float64) Forecast {
	f.Fit.Method = "PerExposure(" + f.Fit.Method + ")"
	f.Fit.Criteria = nil
	f.Mean = spread(f.Mean, next)
	if f.SD != nil {
		f.SD = spread(f.SD, next)
	}
	if f.Scores != nil {
		scores := make([][]float64, len(next))
		j := 0
		for k, e := range next {
			scores[k] = slices.Clone(f.Scores[j])
			times(scores[k], e)
			if e > 0 && j < len(f.Scores)-1 {
				j++
			}
		}
		f.Scores = scores
	}
	if fitted := f.Fit.Fitted; fitted != nil {
		t := len(past) // from where on there are fitted values
		for left := len(fitted); left > 0; {
			t--
			if past[t] > 0 {
				left--
			}
		}
		f.Fit.Fitted = spread(fitted, past[t:])
	}
	return f
}

// spread returns the exposures multiplied by the rates, of which there is one for each exposure that is not 0.
func spread(rates, exposure []float64) []float64 {
	v := make([]float64, len(exposure))
	j := 0
	for i, e := range exposure {
		if e > 0 {
			v[i] = rates[j] * e
			j++
		}
	}
	return v
}
