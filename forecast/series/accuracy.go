package series

import (
	"math"
	"strconv"
)

// ME returns the mean error, the mean of actual - forecast: positive if the forecast was too low on average
// (under-forecast), negative if it was too high. [Bias] has the opposite sign, and is a percentage.
//
// The metrics of two series (actual, forecast) return an error if:
//   - the lengths differ, or a value is NaN or infinite ([ErrInput], with its index)
//   - there are no values ([ErrUndefined], path "actual")
//   - the result is beyond the largest number ([ErrUndefined], path the metric's name)
//   - the metric has no value for the data, as its comment says ([ErrUndefined], with the index if one value is why)
//
// They take O(n); those that return a number do not allocate.
func ME(actual, forecast []float64) (float64, error) {
	return averaged("ME", actual, forecast, func(a, f float64) float64 { return a - f })
}

// Bias returns the bias of the totals in per cent, 100 × Σ(forecast - actual) / |Σ actual|: positive if the forecast was too
// high (over-forecast). It is what managers of a forecast mean by bias: the actuals total the forecast's total divided
// by 1 + Bias/100. [ME] has the opposite sign, the statisticians'.
//
// Besides the errors of [ME]: a total of zero has no bias ([ErrUndefined]). A total counts as zero if it is no larger than the
// rounding error of its sum, as that of 0.1, 0.2 and -0.3.
func Bias(actual, forecast []float64) (float64, error) {
	if err := checkPair(actual, forecast); err != nil {
		return 0, err
	}
	over, total, size := 0.0, 0.0, 0.0
	for i, a := range actual {
		over += forecast[i] - a
		total += a
		size += math.Abs(a)
	}
	return biasOf(over, total, size, len(actual))
}

// biasOf returns the bias of n values from sums: of forecast - actual, of the actuals, and of their absolute values.
func biasOf(over, total, size float64, n int) (float64, error) {
	if _, err := known("Bias", size); err != nil {
		return 0, err
	}
	if math.Abs(total) <= float64(n)*0x1p-52*size {
		return 0, undefined("actual", "has a total of zero, of which nothing is a share; use ME")
	}
	return ratio("Bias", 100, over, math.Abs(total))
}

// MAE returns the mean absolute error, in the units of the data. A forecast of the median makes it least. Errors as [ME].
func MAE(actual, forecast []float64) (float64, error) {
	return averaged("MAE", actual, forecast, func(a, f float64) float64 { return math.Abs(a - f) })
}

// MSE returns the mean squared error, in squared units. A forecast of the mean makes it least. Errors below 1e-162
// square to zero; [RMSE] keeps them. Errors as [ME].
func MSE(actual, forecast []float64) (float64, error) {
	return averaged("MSE", actual, forecast, func(a, f float64) float64 { return float64((a - f) * (a - f)) })
}

// RMSE returns the root of the mean squared error, in the units of the data, without overflow or underflow of the squares.
// Errors as [ME].
func RMSE(actual, forecast []float64) (float64, error) {
	if mse, err := MSE(actual, forecast); err == nil && mse > 0x1p-900 {
		return math.Sqrt(mse), nil
	}
	if err := checkPair(actual, forecast); err != nil {
		return 0, err
	}
	return known("RMSE", rms(len(actual), func(i int) float64 { return actual[i] - forecast[i] }))
}

// averaged returns the mean of term(actual, forecast). A term of NaN or an infinity must be NaN or an infinity: the values are
// looked at only if the mean is.
func averaged(metric string, actual, forecast []float64, term func(a, f float64) float64) (float64, error) {
	if len(forecast) != len(actual) {
		return 0, checkPair(actual, forecast)
	}
	sum := 0.0
	for i, a := range actual {
		sum += term(a, forecast[i])
	}
	mean := sum / float64(len(actual))
	if mean-mean != 0 {
		if err := checkPair(actual, forecast); err != nil {
			return 0, err
		}
	}
	return known(metric, mean)
}

// checkPair checks two series that a metric compares.
func checkPair(actual, forecast []float64) error {
	if err := checkBeside("forecast", actual, forecast); err != nil {
		return err
	}
	return checkActual(actual)
}

// checkActual checks the actuals.
func checkActual(actual []float64) error {
	if len(actual) == 0 {
		return undefined("actual", "is empty: there is nothing to measure")
	}
	return checkFinite("actual", actual)
}

// checkBeside checks another series, which must be as long as actual.
func checkBeside(path string, actual, other []float64) error {
	if len(other) != len(actual) {
		return invalid(path, strconv.Itoa(len(other))+" values", "must have as many values as actual, which has "+strconv.Itoa(len(actual)))
	}
	return checkFinite(path, other)
}

// ratio returns factor × num / den, or an error if any of them overflowed.
func ratio(metric string, factor, num, den float64) (float64, error) {
	if _, err := known(metric, den); err != nil {
		return 0, err
	}
	return known(metric, factor*(num/den))
}

// known returns v, or an error if it overflowed.
func known(metric string, v float64) (float64, error) {
	if v-v != 0 {
		return 0, undefined(metric, "is beyond the largest number; use larger units")
	}
	return v, nil
}
