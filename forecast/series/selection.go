package series

import (
	"strconv"
)

// Named is a method with the name that a table shows.
type Named struct {
	// Name is the name, distinct among the methods that are compared.
	Name string `json:"name"`
	// Method is the method.
	Method Method `json:"-"`
}

// Score is how one method did in a backtest.
type Score struct {
	// Name is the method's name.
	Name string `json:"name"`
	// Loss is the mean of the losses of the folds; undefined, with the reason, if the method failed at an origin, or
	// the loss has no value there.
	Loss Figure `json:"loss"`
	// Folds is the number of folds that were forecast and scored.
	Folds int `json:"folds"`
}

// Select backtests every method on y and returns the one with the least mean loss, and the scores of all in the order given. Of equal
// methods the first is chosen: put the simplest first. Choose and judge on different data: the loss of the method
// chosen is lower than what the future will show, the more so the more methods there were.
//
// A method that fails at any origin, because the values there are too few for it or it cannot take them, is out, with the reason in its
// score, so that all are compared on the same forecasts. Let First be large enough for the methods with the longest seasons.
//
// Select returns an error if:
//   - there are no methods, a name is empty or occurs twice, or a method or the loss is nil ([ErrInput])
//   - the options or y are at fault, as [Backtest] says
//   - no method is left ([ErrUndefined]); the scores say why
func Select(y []float64, methods []Named, loss Loss, o BacktestOptions) (Named, []Score, error) {
	if err := checkMethods(methods, loss); err != nil {
		return Named{}, nil, err
	}
	o, err := o.of(y)
	if err != nil {
		return Named{}, nil, err
	}
	best := -1
	scores := make([]Score, len(methods))
	for i, m := range methods {
		mean, folds, err := lossOf(y, m.Method, loss, o)
		scores[i] = Score{Name: m.Name, Loss: figureOf(mean, err), Folds: folds}
		if err == nil && (best < 0 || mean < scores[best].Loss.Value) {
			best = i
		}
	}
	if best < 0 {
		return Named{}, scores, undefined("methods", "has none that can be judged on this series; "+methods[0].Name+": "+scores[0].Loss.Undefined)
	}
	return methods[best], scores, nil
}

// lossOf returns the mean loss of a method in a backtest, and of how many folds.
func lossOf(y []float64, method Method, loss Loss, o BacktestOptions) (mean float64, folds int, err error) {
	list, err := Backtest(y, method, o)
	if err != nil {
		return 0, 0, err
	}
	for i, f := range list {
		v, err := loss(y[:f.Origin:f.Origin], f.Actual, f.Forecast.Mean)
		if err == nil {
			_, err = known("loss", v)
		}
		if err != nil {
			return 0, i, atOrigin(f.Origin, err)
		}
		mean += v / float64(len(list))
	}
	return mean, len(list), nil
}

func checkMethods(methods []Named, loss Loss) error {
	if len(methods) == 0 {
		return invalid("methods", "", "is empty: there is nothing to choose from")
	}
	if loss == nil {
		return invalid("loss", "nil", "must be a loss, such as LossOf(MAE)")
	}
	seen := make(map[string]bool, len(methods))
	for i, m := range methods {
		path := "methods/" + strconv.Itoa(i)
		switch {
		case m.Name == "" || seen[m.Name]:
			return invalid(path+"/name", strconv.Quote(m.Name), "must be a name that no other method has")
		case m.Method == nil:
			return invalid(path+"/method", "nil", "must be a method")
		}
		seen[m.Name] = true
	}
	return nil
}
