package series

import (
	"math"
	"strconv"
)

// MAPE returns the mean absolute percentage error, 100 × mean(|actual - forecast| / |actual|), in per cent. It punishes a
// forecast that is too high more than one that is too low, so that a forecast made to please it is low; and one small actual
// decides it. [WAPE] has neither fault.
//
// Besides the errors of [ME]: an actual of zero has no percentage ([ErrUndefined], with its index). [MAPENonZero] leaves such out.
func MAPE(actual, forecast []float64) (float64, error) {
	if err := checkShares(actual, forecast); err != nil {
		return 0, err
	}
	return averaged("MAPE", actual, forecast, func(a, f float64) float64 { return 100 * math.Abs((a-f)/a) })
}

// MAPENonZero returns the [MAPE] of the pairs whose actual is not zero, and how many they are. Show both: what was forecast for
// the others is not in the figure.
//
// Besides the errors of [ME]: if every actual is zero there is no percentage ([ErrUndefined]).
func MAPENonZero(actual, forecast []float64) (value float64, used int, err error) {
	if err := checkPair(actual, forecast); err != nil {
		return 0, 0, err
	}
	sum := 0.0
	for i, a := range actual {
		if a != 0 {
			used++
			sum += 100 * math.Abs((a-forecast[i])/a)
		}
	}
	if used == 0 {
		return 0, 0, undefined("actual", "has nothing but zeros, of which there is no percentage; use MAE")
	}
	if value, err = known("MAPENonZero", sum/float64(used)); err != nil {
		return 0, 0, err
	}
	return value, used, nil
}

// MPE returns the mean percentage error, 100 × mean((actual - forecast) / actual), in per cent: positive if the forecast was too
// low, when the actuals are positive; a negative actual turns the sign of its term.
//
// Besides the errors of [ME]: an actual of zero has no percentage ([ErrUndefined], with its index).
func MPE(actual, forecast []float64) (float64, error) {
	if err := checkShares(actual, forecast); err != nil {
		return 0, err
	}
	return averaged("MPE", actual, forecast, func(a, f float64) float64 { return 100 * ((a - f) / a) })
}

// SMAPE returns the symmetric mean absolute percentage error of the M3 and M4 competitions, in per cent from 0 to 200:
// 200 × mean(|actual - forecast| / (|actual| + |forecast|)). Some programs leave out the factor 2 and go from 0 to 100, or from 0 to
// 1. A forecast of 0 for an actual of 0 is an exact hit and counts 0; any other forecast for an actual of 0 counts 200.
//
// Errors as [ME]. Source: Makridakis, Spiliotis and Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014.
func SMAPE(actual, forecast []float64) (float64, error) {
	return averaged("SMAPE", actual, forecast, func(a, f float64) float64 {
		off, size := math.Abs(a-f), math.Abs(a)+math.Abs(f)
		if off == 0 {
			return 0
		}
		if size <= math.MaxFloat64 {
			return 200 * (off / size)
		}
		return 200 * (math.Abs(a/2-f/2) / (math.Abs(a/2) + math.Abs(f/2)))
	})
}

// WAPE returns the weighted absolute percentage error, 100 × Σ|actual - forecast| / Σ|actual|, in per cent: the share of the volume
// that was misjudged. It is also called WMAPE, ND and MAD/mean. Zeros among the actuals do no harm, and large actuals
// count more: for most questions of sales it is the percentage to use.
//
// Besides the errors of [ME]: if every actual is zero there is no share ([ErrUndefined]).
func WAPE(actual, forecast []float64) (float64, error) {
	return misjudged("WAPE", "actual", actual, forecast)
}

// AccuracyOverActual returns 100 - [WAPE], in per cent: for one call of a period it is 100 × (1 - |forecast - actual| / |actual|). It is
// negative when the errors exceed the actuals, and is not cut off at 0. A forecast of twice the actual scores 0, one of half
// the actual 50. Errors as [WAPE].
func AccuracyOverActual(actual, forecast []float64) (float64, error) {
	v, err := misjudged("AccuracyOverActual", "actual", actual, forecast)
	if err != nil {
		return 0, err
	}
	return 100 - v, nil
}

// AccuracyOverForecast returns 100 × (1 - Σ|actual - forecast| / Σ|forecast|), in per cent: the reading of accuracy that divides by what
// was called. It rewards calls that are too high: a forecast of twice the actual scores 50, one of half the actual 0. Know
// which of the two readings a target means; [AccuracyOverActual] is the common one.
//
// Besides the errors of [ME]: if every forecast is zero there is no share ([ErrUndefined]).
func AccuracyOverForecast(actual, forecast []float64) (float64, error) {
	if err := checkPair(actual, forecast); err != nil {
		return 0, err
	}
	v, err := misjudged("AccuracyOverForecast", "forecast", forecast, actual)
	if err != nil {
		return 0, err
	}
	return 100 - v, nil
}

// misjudged returns 100 × Σ|base - other| / Σ|base|.
func misjudged(metric, path string, base, other []float64) (float64, error) {
	if err := checkPair(base, other); err != nil {
		return 0, err
	}
	off, total := 0.0, 0.0
	for i, b := range base {
		off += math.Abs(b - other[i])
		total += math.Abs(b)
	}
	if total == 0 {
		return 0, undefined(path, "has nothing but zeros, of which there is no share; use MAE")
	}
	return ratio(metric, 100, off, total)
}

// checkShares checks a pair of series whose actuals are to be divided by.
func checkShares(actual, forecast []float64) error {
	if err := checkPair(actual, forecast); err != nil {
		return err
	}
	for i, a := range actual {
		if a == 0 {
			return undefined("actual/"+strconv.Itoa(i), "is zero, of which there is no percentage; use WAPE, or MAPENonZero")
		}
	}
	return nil
}
