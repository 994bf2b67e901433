package series

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// BacktestOptions says which forecasts of the past a backtest makes. The zero value forecasts one period ahead from every origin in
// the second half of the series.
type BacktestOptions struct {
	// Horizon is the number of periods forecast from each origin; 0 stands for 1.
	Horizon int `json:"horizon,omitempty"`
	// First is the first origin, the number of values that the first forecast is made of; 0 stands for half of the series, rounded up.
	First int `json:"first,omitempty"`
	// Step is the number of periods from one origin to the next; 0 stands for 1.
	Step int `json:"step,omitempty"`
}

// Fold is one forecast of the past beside what came.
type Fold struct {
	// Origin is the number of values that the forecast was made of: the values before the index Origin.
	Origin int `json:"origin"`
	// Actual holds the values from Origin on, as many as the forecast.
	Actual []float64 `json:"actual"`
	// Forecast is what the method forecast at Origin, without Fit.Fitted, which would take memory with the square of the length.
	Forecast Forecast `json:"forecast"`
}

// Backtest forecasts the past as if it were not known: from each origin, in order, the method sees the values before it, and its forecast is
// put beside the values after it (a rolling origin with an expanding window; Tashman 2000, doi:10.1016/S0169-2070(00)00065-0). The origins
// are First, First + Step and so on, as long as Horizon values follow. The method is fitted anew at each.
//
// Backtest returns an error if:
//   - an option is negative, or a value of y is NaN or infinite ([ErrInput])
//   - y has fewer than First + Horizon values, so that there is no origin ([ErrTooShort])
//   - the method is nil, or breaks its contract: another number of values than asked for, NaN or an infinity ([ErrInput])
//   - the method returns an error: it is wrapped, with the origin in the path, such as "origin/24"
func Backtest(y []float64, method Method, o BacktestOptions) ([]Fold, error) {
	o, err := o.of(y)
	if err != nil {
		return nil, err
	}
	if method == nil {
		return nil, invalid("method", "nil", "must be a method")
	}
	past := slices.Clone(y)
	last := len(y) - o.Horizon
	folds := make([]Fold, 0, (last-o.First)/o.Step+1)
	for origin := o.First; ; origin += o.Step {
		f, err := method(past[:origin:origin], o.Horizon)
		if err == nil {
			err = f.check(o.Horizon)
		}
		if err != nil {
			return nil, atOrigin(origin, err)
		}
		f.Fit.Fitted = nil
		folds = append(folds, Fold{Origin: origin, Actual: slices.Clone(y[origin : origin+o.Horizon]), Forecast: f})
		if last-origin < o.Step {
			return folds, nil
		}
	}
}

// Pool puts the forecasts of folds together, fold by fold, beside their actuals, for the metrics: of the given steps, 1 for the first, or
// of all steps if none are given. It leaves out the steps that a fold does not have.
//
// It returns an error ([ErrInput]) if a step is below 1, or a fold has not as many forecasts as actuals.
func Pool(folds []Fold, steps ...int) (actual, forecast []float64, err error) {
	err = poolSteps(folds, steps, func(f *Fold, k int) error {
		actual, forecast = append(actual, f.Actual[k]), append(forecast, f.Forecast.Mean[k])
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return actual, forecast, nil
}

// PoolIntervals is Pool for the intervals of a level, for [Coverage], [Winkler] and the others that score them.
//
// It returns an error where [Pool] does, and if a fold has no interval of the level ([Forecast.Interval]).
func PoolIntervals(folds []Fold, level float64, steps ...int) (actual []float64, in Interval, err error) {
	in.Level = level
	var of *Fold
	var lo, hi []float64
	err = poolSteps(folds, steps, func(f *Fold, k int) error {
		if f != of {
			of = f
			if lo, hi, err = f.Forecast.Interval(level); err != nil {
				return atOrigin(f.Origin, err)
			}
		}
		actual, in.Lo, in.Hi = append(actual, f.Actual[k]), append(in.Lo, lo[k]), append(in.Hi, hi[k])
		return nil
	})
	if err != nil {
		return nil, Interval{}, err
	}
	return actual, in, nil
}

// poolSteps calls take for the steps of each fold, counted from 0.
func poolSteps(folds []Fold, steps []int, take func(f *Fold, k int) error) error {
	for _, step := range steps {
		if step < 1 {
			return invalid("steps", strconv.Itoa(step), "must be 1 or more; 1 is the first period after the origin")
		}
	}
	for i := range folds {
		f := &folds[i]
		n := len(f.Actual)
		if n != len(f.Forecast.Mean) {
			return invalid("folds/"+strconv.Itoa(i), strconv.Itoa(len(f.Forecast.Mean))+" values", "must have as many forecasts as actuals, "+strconv.Itoa(n))
		}
		for k := range n {
			if len(steps) > 0 {
				break
			}
			if err := take(f, k); err != nil {
				return err
			}
		}
		for _, step := range steps {
			if step > n {
				continue
			}
			if err := take(f, step-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// of returns the options for y, with the defaults filled in.
func (o BacktestOptions) of(y []float64) (BacktestOptions, error) {
	n := len(y)
	for _, option := range [...]struct {
		path    string
		value   *int
		usually int
	}{{"horizon", &o.Horizon, 1}, {"first", &o.First, (n + 1) / 2}, {"step", &o.Step, 1}} {
		if *option.value < 0 {
			return o, invalid(option.path, strconv.Itoa(*option.value), "must not be negative")
		}
		if *option.value == 0 {
			*option.value = option.usually
		}
	}
	if o.Horizon > MaxHorizon {
		return o, invalid("horizon", strconv.Itoa(o.Horizon), "must be "+strconv.Itoa(MaxHorizon)+" or less")
	}
	if err := checkFinite("y", y); err != nil {
		return o, err
	}
	if o.First = max(o.First, 1); o.First > n-o.Horizon {
		need := min(o.First, math.MaxInt-o.Horizon) + o.Horizon
		return o, tooShort("a backtest with its first origin at "+strconv.Itoa(o.First)+" and a horizon of "+strconv.Itoa(o.Horizon), need, n)
	}
	return o, nil
}

// atOrigin wraps the error of a method at an origin.
func atOrigin(origin int, err error) error {
	e := Error{Path: "origin/" + strconv.Itoa(origin), Msg: strings.TrimPrefix(err.Error(), "series: "), Err: err}
	if inner, ok := errors.AsType[*Error](err); ok {
		e.Need, e.Have = inner.Need, inner.Have
	}
	return &e
}
