package series

// Loss says how bad a forecast is, the less the better; train is what came before the actuals. [Select] chooses by it. A loss
// returns [ErrUndefined] where it has no value.
type Loss func(train, actual, forecast []float64) (float64, error)

// LossOf makes a loss of a metric of actual and forecast, such as [MAE], [RMSE] or [WAPE]. It returns nil for nil.
func LossOf(metric func(actual, forecast []float64) (float64, error)) Loss {
	if metric == nil {
		return nil
	}
	return func(_, actual, forecast []float64) (float64, error) { return metric(actual, forecast) }
}

// ScaledLoss makes a loss of a metric that is scaled by the training data, [MASE] or [RMSSE], for seasons of m periods. It
// returns nil for nil.
func ScaledLoss(metric func(train, actual, forecast []float64, m int) (float64, error), m int) Loss {
	if metric == nil {
		return nil
	}
	return func(train, actual, forecast []float64) (float64, error) { return metric(train, actual, forecast, m) }
}
