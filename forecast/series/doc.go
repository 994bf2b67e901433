// Package series answers what comes next in a series of numbers: bookings by
// month, leads by week, calls by day. It forecasts with a range, says which method
// it took and why, and measures how good forecasts were.
//
//	method := series.Auto(12)                        // 12 months make a season
//	f, err := method(bookings, 6)                    // the next 6 months
//	lo, hi, err := f.Interval(0.8)                   // the range that 8 of 10 outcomes fall in
//	folds, err := series.Backtest(bookings, method, series.BacktestOptions{Horizon: 3})
//	actual, forecast, err := series.Pool(folds)
//	wape, err := series.WAPE(actual, forecast)       // per cent
//
// # Model
//
// A series is a slice of float64, oldest value first, one for each period. A
// [Method] is a function from a series and a horizon to a [Forecast], so methods
// are made of methods: [Combine] and [Median] of several, [Deseasonalized] and
// [BySTL] around one, [NonNegative], [Fallback], [Conformal], [PerExposure].
// A Forecast holds the mean and, where the method has one, the standard deviation
// of each step, and a [Fit] with parameters, fitted values, criteria, and reasons.
//
// # Entry points
//
//	Auto                                      for who does not want to choose
//	Mean, Naive, SeasonalNaive, Drift, Average, SeasonalAverage
//	SES, Holt, Damped, HoltWinters, ETS       exponential smoothing by likelihood
//	Theta, OptimisedTheta                     the winners of the M3 competition
//	Croston, SBA, TSB                         many periods without demand
//	Decompose, STL, MSTL, Seasonal            trend and season
//	Combine, Median, CombineByBacktest        combinations
//	NonNegative, Fallback, Conformal, Deseasonalized, BySTL, PerExposure
//	Backtest, Pool, PoolIntervals, Select     rolling origin, choice by evidence
//	WAPE, MASE, SMAPE, Bias, …, Measure       accuracy of one forecast
//	Compare                                   many series and methods, with OWA
//	CRPS, Pinball, Winkler, WIS, Coverage     accuracy of ranges
//	DieboldMariano, LjungBox                  tests
//	TrackingSignal, TriggSignal               watching a forecast over time
//	NewTree, Tree.Reconcile                   sums of teams and regions that agree
//
// # What holds for every method
//
// Step k does not depend on the horizon. The same arguments give the same bits. A
// constant series gives the constant (SBA, and PerExposure over days that differ, apart). No value is clipped in silence. Finite data gives finite
// results or a typed error; NaN and infinities in the data are errors with their
// index, and gaps are the caller's to fill. Multiplicative forms take positive
// data only. How many values a method needs stands in its comment and in the error.
//
// # Signs and scales
//
// An error is actual - forecast; [ME] is positive when forecasts are too low, as in
// statistics, and [Bias] is positive when they are too high, as in sales. Percentage
// errors are in per cent, [SMAPE] runs from 0 to 200; package forecast has shares for calls, 0.1 for 10 per cent. A figure that has no value for
// some data is an error ([ErrUndefined]), or a [Figure] without a value and with the
// reason: never 0, never infinite, never skipped.
//
// # Accuracy
//
// docs/accuracy.md has the methods' figures on the 3,003 series of the M3 and on the
// weekly and hourly series of the M4 competition, beside the published ones.
//
// # Errors
//
// Every error wraps [ErrInput], [ErrTooShort], [ErrNonPositive] or [ErrUndefined]
// and is an [*Error], which says where and how to mend it. Nothing panics on data.
//
// # References
//
// Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing, 2008.
// Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021.
// Assimakopoulos and Nikolopoulos, The theta model, 2000,
// doi:10.1016/S0169-2070(00)00066-2. Cleveland et al., STL, 1990. Makridakis,
// Spiliotis and Assimakopoulos, The M4 competition, 2020,
// doi:10.1016/j.ijforecast.2019.04.014.
package series
