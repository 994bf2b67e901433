package series

import (
	"math"
	"slices"
	"strconv"
)

// Conformal returns the method base with intervals made of its own past errors instead of a model of them. The
// forecasts are those of base. The scores of step k are the absolute errors at that step of the forecasts from the last
// windows origins whose outcome k steps later is in the series; so they do not depend on h. How [Forecast.Interval] uses
// them is said there: a level needs level/(1-level) windows or more, that is 4 for 80 %, 19 for 95 %.
//
// An interval holds its level if the next errors are like the past ones. For a series that is growing more restless, or
// has changed in kind, they are not. More windows give steadier intervals, from longer ago.
//
// base is fitted windows+h times, to prefixes of the series: so the series needs windows+h-1 values more than base does
// alone. Errors are those of base, and [ErrInput] if windows is below 1.
func Conformal(base Method, windows int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if windows < 1 {
			return Forecast{}, invalid("windows", strconv.Itoa(windows), "must be 1 or more")
		}
		f, err := call(base, "", y, h)
		if err != nil {
			return Forecast{}, err
		}
		n := len(y)
		if windows > n || h > n-windows {
			return Forecast{}, tooShort("Conformal", satAdd(windows, h), n)
		}
		scores := make([][]float64, h)
		for origin := n - h - windows + 1; origin < n; origin++ {
			steps := min(h, n-origin)
			past, err := call(base, "", y[:origin:origin], steps)
			if err != nil {
				return Forecast{}, lacking("Conformal", err, n, n-origin)
			}
			for k := max(0, n-windows-origin); k < steps; k++ { // the origins that step k+1 counts
				score := math.Abs(y[origin+k] - past.Mean[k])
				if math.IsInf(score, 0) {
					return Forecast{}, invalid("y", "", "is too large for Conformal: an error overflows; use larger units")
				}
				scores[k] = append(scores[k], score)
			}
		}
		for _, s := range scores {
			slices.Sort(s)
		}
		f.Scores = scores
		f.Fit.Method = "Conformal(" + f.Fit.Method + ")"
		return f, nil
	}
}

// satAdd returns a+b, or the largest int if that is more.
func satAdd(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}
