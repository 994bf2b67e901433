package series

import "math"

// TrackingSignal returns the tracking signal after each period: the sum of the errors so far, actual - forecast, in units of their mean
// absolute value so far. It stays near 0 for a forecast without bias, and runs away for one that is always too low (positive) or too high
// (negative): beyond ±4 the forecast is to be looked at. It is 0 as long as every forecast was exact, and after t periods between -t
// and t.
//
// Errors as [ME]. Source: Brown 1963, Smoothing, Forecasting and Prediction of Discrete Time Series.
func TrackingSignal(actual, forecast []float64) ([]float64, error) {
	sum, size := 0.0, 0.0
	return tracked("TrackingSignal", actual, forecast, func(t int, e float64) float64 {
		sum += e
		size += math.Abs(e)
		if size == 0 {
			return 0
		}
		return sum / (size / float64(t+1))
	})
}

// TriggSignal returns Trigg's tracking signal after each period, from -1 to 1: the smoothed error divided by the smoothed absolute
// error. alpha, above 0 and up to 1, is the weight of the newest period; 0.1 or 0.2 is usual. It forgets what is long past, where
// [TrackingSignal] does not. The first value is -1, 0 or 1 of necessity; beyond ±0.5 after some ten periods the forecast is to
// be looked at.
//
// Besides the errors of [ME]: alpha is out of range ([ErrInput]). Source: Trigg 1964, doi:10.1057/jors.1964.48.
func TriggSignal(actual, forecast []float64, alpha float64) ([]float64, error) {
	if !(alpha > 0 && alpha <= 1) {
		return nil, invalid("alpha", text(alpha), "must be above 0 and at most 1")
	}
	level, size := 0.0, 0.0
	return tracked("TriggSignal", actual, forecast, func(_ int, e float64) float64 {
		level += float64(alpha * (e - level))
		size += float64(alpha * (math.Abs(e) - size))
		if size == 0 {
			return 0
		}
		return max(-1, min(level/size, 1)) // rounding can take it out by a bit
	})
}

// tracked returns what step makes of each error in turn.
func tracked(metric string, actual, forecast []float64, step func(t int, e float64) float64) ([]float64, error) {
	if err := checkPair(actual, forecast); err != nil {
		return nil, err
	}
	signal := make([]float64, len(actual))
	for t, a := range actual {
		v, err := known(metric, step(t, a-forecast[t]))
		if err != nil {
			return nil, err
		}
		signal[t] = v
	}
	return signal, nil
}
