package series

import (
	"math"
	"strconv"
)

// Scale returns the mean absolute difference of the training data from m periods before, the denominator of [MASE]: how far the
// seasonal naive forecast was off within the training data. For data without a season m is 1.
//
// Scale returns an error if:
//   - m is below 1, or a value is NaN or infinite ([ErrInput])
//   - train has m values or fewer ([ErrTooShort], path "train")
//   - every value equals that of m periods before: there is no scale ([ErrUndefined], path "train")
func Scale(train []float64, m int) (float64, error) {
	if err := checkTrain(train, m); err != nil {
		return 0, err
	}
	sum := 0.0
	for i := m; i < len(train); i++ {
		sum += math.Abs(train[i] - train[i-m])
	}
	if sum == 0 {
		return 0, flat(m)
	}
	return known("Scale", sum/float64(len(train)-m))
}

// MASE returns the mean absolute scaled error, [MAE] / [Scale]: 1 is as far off as the seasonal naive forecast was one
// period (or season) ahead within the training data, and less is better. It has no units, so that it can be averaged over series, and
// zeros do it no harm. m is the number of periods in a season, 12 for months; m = 1 for data without one.
//
// Errors as [ME] and [Scale]. Source: Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001.
func MASE(train, actual, forecast []float64, m int) (float64, error) {
	off, err := MAE(actual, forecast)
	if err != nil {
		return 0, err
	}
	scale, err := Scale(train, m)
	if err != nil {
		return 0, err
	}
	return ratio("MASE", 1, off, scale)
}

// RMSSE returns the root mean squared scaled error of the M5 competition: [RMSE] divided by the root mean squared difference of the
// training data from m periods before (m = 1 in M5). Zeros before the first value that is not zero, when the
// product was not yet sold, are left out of train. It aims at the mean where [MASE] aims at the median, which matters
// for demand that is mostly zero.
//
// Errors as [ME] and [Scale]. Source: Makridakis, Spiliotis and Assimakopoulos 2022, doi:10.1016/j.ijforecast.2021.07.007.
func RMSSE(train, actual, forecast []float64, m int) (float64, error) {
	off, err := RMSE(actual, forecast)
	if err != nil {
		return 0, err
	}
	first := 0
	for first < len(train) && train[first] == 0 {
		first++
	}
	if err := checkTrain(train, m); err != nil {
		return 0, err
	}
	if train = train[first:]; len(train) <= m {
		return 0, trainTooShort(m, len(train))
	}
	scale := rms(len(train)-m, func(i int) float64 { return train[i+m] - train[i] })
	if scale == 0 {
		return 0, flat(m)
	}
	return ratio("RMSSE", 1, off, scale)
}

// RelMAE returns [MAE] of the forecast divided by that of a benchmark forecast of the same periods, such as the naive one: below 1 the
// forecast is better.
//
// Besides the errors of [ME]: if the benchmark is without error there is no ratio ([ErrUndefined], path "benchmark").
func RelMAE(actual, forecast, benchmark []float64) (float64, error) {
	off, base, err := bothOff(actual, forecast, benchmark)
	if err != nil {
		return 0, err
	}
	if base == 0 {
		return 0, undefined("benchmark", "is without error, so that there is no ratio to it")
	}
	return ratio("RelMAE", 1, off, base)
}

// GMRAE returns the geometric mean of |actual - forecast| / |actual - benchmark|: below 1 the forecast is better. It is 0 if
// one forecast is exact, whatever the others are.
//
// Besides the errors of [ME]: a period where the benchmark is exact has no ratio ([ErrUndefined], with its index).
// Source: Armstrong and Collopy 1992, doi:10.1016/0169-2070(92)90008-W.
func GMRAE(actual, forecast, benchmark []float64) (float64, error) {
	if _, _, err := bothOff(actual, forecast, benchmark); err != nil {
		return 0, err
	}
	sum, exact := 0.0, false
	for i, a := range actual {
		off, base := math.Abs(a-forecast[i]), math.Abs(a-benchmark[i])
		if base == 0 {
			return 0, undefined("benchmark/"+strconv.Itoa(i), "is without error, so that there is no ratio to it; use RelMAE")
		}
		if off == 0 {
			exact = true
			continue
		}
		sum += math.Log(off) - math.Log(base)
	}
	if exact {
		return 0, nil
	}
	return known("GMRAE", math.Exp(sum/float64(len(actual))))
}

// bothOff returns the mean absolute errors of two forecasts of the same periods.
func bothOff(actual, forecast, benchmark []float64) (off, base float64, err error) {
	if off, err = MAE(actual, forecast); err != nil {
		return 0, 0, err
	}
	if err = checkBeside("benchmark", actual, benchmark); err != nil {
		return 0, 0, err
	}
	base, err = MAE(actual, benchmark)
	return off, base, err
}

// TheilU2 returns Theil's inequality coefficient of changes, √(Σ((forecast[t] - actual[t]) / actual[t-1])² / Σ((actual[t] - actual[t-1]) / actual[t-1])²)
// from the second period on: below 1 the forecast beats the guess that nothing changes. The first pair serves as the base; to count the
// first period too, put the last training value in front of both series.
//
// Besides the errors of [ME], all of them [ErrUndefined]: there is one value only; an actual but the last is zero (with its index); the
// actuals do not change. Source: Theil 1966, Applied Economic Forecasting.
func TheilU2(actual, forecast []float64) (float64, error) {
	if err := checkPair(actual, forecast); err != nil {
		return 0, err
	}
	n := len(actual) - 1
	if n == 0 {
		return 0, undefined("actual", "has one value and so no change")
	}
	for i, a := range actual[:n] {
		if a == 0 {
			return 0, undefined("actual/"+strconv.Itoa(i), "is zero, of which there is no relative change")
		}
	}
	change := rms(n, func(i int) float64 { return (actual[i+1] - actual[i]) / actual[i] })
	if change == 0 {
		return 0, undefined("actual", "does not change, so that there is no ratio to its changes")
	}
	off := rms(n, func(i int) float64 { return (forecast[i+1] - actual[i+1]) / actual[i] })
	return ratio("TheilU2", 1, off, change)
}

// checkTrain checks training data of which differences over m periods are taken.
func checkTrain(train []float64, m int) error {
	if err := checkSeason(m); err != nil {
		return err
	}
	if err := checkFinite("train", train); err != nil {
		return err
	}
	if len(train) <= m {
		return trainTooShort(m, len(train))
	}
	return nil
}

func trainTooShort(m, have int) error {
	e := Error{Path: "train", Need: m + 1, Have: have, Err: ErrTooShort}
	e.Msg = "a scale over " + strconv.Itoa(m) + " periods needs more values than that, there are " + strconv.Itoa(have)
	return &e
}

func flat(m int) error {
	return undefined("train", "repeats every "+strconv.Itoa(m)+" periods without change, so that errors have no scale; use WAPE")
}
