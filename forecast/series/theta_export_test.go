package series

// ThetaWith exports the forecast of Theta without a season for a given α and first level. Its fitted values are those of
// simple exponential smoothing without the drift.
func ThetaWith(y []float64, alpha, initial float64, h int) Forecast {
	m := thetaModel{y: y, b: make([]float64, len(y))}
	fitted, level := m.run(thetaPoint{alpha: alpha, initial: initial})
	f := thetaForecast(len(y), alpha, level, slope(y)/2, m.sigma(fitted, 2), h)
	f.Fit.Fitted = fitted
	return f
}
