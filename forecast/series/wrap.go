package series

import (
	"slices"
	"strconv"

	"github.com/salesops-go/salesops/internal/fault"
)

// NonNegative returns the method base with all values below zero set to zero: for bookings, leads, visits. Where a mean
// is clipped, Why says so. The bounds of the intervals are clipped too, by Forecast.NonNegative.
//
// A mean that is clipped is no longer the mean of what may come, but a better forecast than one that cannot come.
// Errors are those of base.
func NonNegative(base Method) Method {
	return func(y []float64, h int) (Forecast, error) {
		f, err := call(base, "", y, h)
		if err != nil {
			return Forecast{}, err
		}
		clipped := 0
		for _, v := range f.Mean {
			if v < 0 {
				clipped++
			}
		}
		f.Mean, f.Fit.Fitted = atLeastZero(f.Mean), atLeastZero(f.Fit.Fitted)
		f.NonNegative = true
		f.Fit.Method = "NonNegative(" + f.Fit.Method + ")"
		if clipped > 0 {
			f.Fit.Why = append(slices.Clone(f.Fit.Why),
				strconv.Itoa(clipped)+" of "+strconv.Itoa(h)+" steps were forecast below zero and are set to zero.")
		}
		return f, nil
	}
}

// atLeastZero returns a copy of v with zero for what is less; nil for nil.
func atLeastZero(v []float64) []float64 {
	v = slices.Clone(v)
	for i, x := range v {
		v[i] = max(x, 0)
	}
	return v
}

// Fallback returns the method that asks ms in their order, and forecasts as the first that does not fail; Why says which
// failed and how. A usual last one is [Naive], which needs a single value.
//
// It returns an error if y or h is invalid, the errors of all methods if all fail, and [ErrInput] if there are none.
func Fallback(ms ...Method) Method {
	ms = slices.Clone(ms)
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("Fallback", y, h, 0); err != nil {
			return Forecast{}, err
		}
		if len(ms) == 0 {
			return Forecast{}, invalid("methods", "", "must be one or more")
		}
		var faults fault.List
		var why []string
		for i, m := range ms {
			f, err := call(m, "methods/"+strconv.Itoa(i), y, h)
			if err == nil {
				if len(why) > 0 {
					f.Fit.Why = append(why, f.Fit.Why...)
				}
				return f, nil
			}
			faults.Add(err)
			why = append(why, "Method "+strconv.Itoa(i+1)+" of "+strconv.Itoa(len(ms))+" failed: "+err.Error()+".")
		}
		return Forecast{}, faults.Err(andMore)
	}
}

// andMore is the error in place of n faults that are not told.
func andMore(n int) error { return invalid("", strconv.Itoa(n), "there are more faults like these") }
