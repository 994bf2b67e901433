package series

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Combine returns the method that forecasts the mean of the forecasts of ms, with equal weights: the combination that
// is hardest to beat (Clemen 1989, doi:10.1016/0169-2070(89)90012-5), because weights must be estimated.
//
// SD is the mean of the methods' SD. The standard deviation of a mean is at most that, whatever the correlation of the
// methods' errors, and it is that if their errors go together, as those of methods for one series nearly do. So
// intervals are rather too wide than too narrow if those of the methods are right. DF is the smallest of the methods'.
// SD is nil if a method has none. Fitted is the mean of the values that all methods fit.
//
// The method fails if one of ms fails, with the error of the first that does and its place as Path; make it [Fallback]
// where that must not be. ms must not be empty and no method nil ([ErrInput]).
func Combine(ms ...Method) Method {
	ms = slices.Clone(ms)
	return func(y []float64, h int) (Forecast, error) {
		fs, err := callAll("Combine", ms, y, h)
		if err != nil {
			return Forecast{}, err
		}
		return pool("Combine", fs, weightedMean(equalWeights(len(fs)))).done()
	}
}

// Median returns the method that forecasts, at each step, the median of the forecasts of ms; of an even number the mean
// of the two in the middle. One method gone astray does not move it far, unlike [Combine]. Of two methods it is their mean.
//
// SD is the median of the methods' SD. Unlike the mean's it is no bound, only close as long as the methods' errors
// go together; [Conformal] measures. DF, Fitted and errors are as those of [Combine].
func Median(ms ...Method) Method {
	ms = slices.Clone(ms)
	return func(y []float64, h int) (Forecast, error) {
		fs, err := callAll("Median", ms, y, h)
		if err != nil {
			return Forecast{}, err
		}
		return pool("Median", fs, medianOf).done()
	}
}

// CombineByBacktest returns the method that forecasts a mean of the forecasts of ms weighted by how well they did: from
// each origin in the last holdout values of the series every method forecasts the rest of them, and a weight is
// inverse to the mean squared error over all these steps (Bates and Granger 1969,
// doi:10.1057/jors.1969.103, without correlations). Methods without error share all the weight. A holdout
// about as long as the horizon is usual. Where methods are of equal rank, [Combine] is as good and steadier.
//
// The weights are the Params "w1", "w2" and so on. They do not depend on h. SD is the weighted mean of the methods' SD, a
// bound as that of [Combine]. Each method is fitted holdout+1 times; so the series needs holdout values more than the
// method that needs most. Errors are those of Combine, and [ErrInput] if holdout is below 1.
func CombineByBacktest(holdout int, ms ...Method) Method {
	ms = slices.Clone(ms)
	return func(y []float64, h int) (Forecast, error) {
		if holdout < 1 {
			return Forecast{}, invalid("holdout", strconv.Itoa(holdout), "must be 1 or more")
		}
		fs, err := callAll("CombineByBacktest", ms, y, h)
		if err != nil {
			return Forecast{}, err
		}
		w, err := backtestWeights(y, holdout, ms)
		if err != nil {
			return Forecast{}, err
		}
		f := pool("CombineByBacktest", fs, weightedMean(w))
		for i := range w {
			f.Fit.Params = append(f.Fit.Params, Param{Name: "w" + strconv.Itoa(i+1), Value: w[i]})
			f.Fit.Why = append(f.Fit.Why, fs[i].Fit.Method+" has the weight "+strconv.FormatFloat(w[i], 'f', 3, 64)+
				" by its errors in the last "+strconv.Itoa(holdout)+" values.")
		}
		return f.done()
	}
}

// backtestWeights returns weights that are inverse to the mean squared errors of ms in the last holdout values of y.
func backtestWeights(y []float64, holdout int, ms []Method) ([]float64, error) {
	n := len(y)
	if n <= holdout {
		return nil, tooShort("CombineByBacktest", holdout+1, n)
	}
	errs := make([][]float64, len(ms))
	largest := 0.0
	for origin := n - holdout; origin < n; origin++ {
		for i, m := range ms {
			f, err := call(m, "methods/"+strconv.Itoa(i), y[:origin:origin], n-origin)
			if err != nil {
				return nil, lacking("CombineByBacktest", err, n, n-origin)
			}
			for k, v := range f.Mean {
				e := y[origin+k] - v
				largest = max(largest, math.Abs(e))
				errs[i] = append(errs[i], e)
			}
		}
	}
	if math.IsInf(largest, 0) {
		return nil, invalid("y", "", "is too large for CombineByBacktest: an error overflows; use larger units")
	}
	mse := make([]float64, len(ms))
	for i, es := range errs {
		for _, e := range es {
			if largest > 0 {
				e /= largest // in units of the largest error, squares do not overflow
			}
			mse[i] += float64(e * e)
		}
	}
	least, sum := slices.Min(mse), 0.0
	w := make([]float64, len(ms))
	for i, v := range mse {
		switch {
		case v == least: // also where the least is 0
			w[i] = 1
		default:
			w[i] = least / v
		}
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w, nil
}

// callAll runs all methods, and returns the error of the first that fails.
func callAll(what string, ms []Method, y []float64, h int) ([]Forecast, error) {
	if err := checkSeries(what, y, h, 0); err != nil {
		return nil, err
	}
	if len(ms) == 0 {
		return nil, invalid("methods", "", "must be one or more")
	}
	fs := make([]Forecast, len(ms))
	for i, m := range ms {
		var err error
		if fs[i], err = call(m, "methods/"+strconv.Itoa(i), y, h); err != nil {
			return nil, err
		}
	}
	return fs, nil
}

// call runs a method, which may be the caller's own: it puts the path before that of its error, and makes an error of a
// forecast that breaks the contract of [Method].
func call(m Method, path string, y []float64, h int) (Forecast, error) {
	if m == nil {
		return Forecast{}, invalid(cmp.Or(path, "base"), "nil", "must be a method")
	}
	f, err := m(y, h)
	if err != nil {
		//nolint:errorlint // only an Error as it is can be told again in full; one that is wrapped stays wrapped
		if e, ok := err.(*Error); ok {
			inner := *e
			inner.Path = strings.Trim(path+"/"+e.Path, "/")
			return Forecast{}, &inner
		}
		return Forecast{}, &Error{Path: path, Msg: err.Error(), Err: err}
	}
	if len(f.Mean) != h || f.SD != nil && len(f.SD) != h || f.Scores != nil && len(f.Scores) != h || len(f.Fit.Fitted) > len(y) {
		return Forecast{}, invalid(cmp.Or(path, "base"), f.Fit.Method, "must return "+strconv.Itoa(h)+" values, and fit no more values than there are")
	}
	for _, v := range [...][]float64{f.Mean, f.SD, f.Fit.Fitted} {
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return Forecast{}, invalid(cmp.Or(path, "base"), f.Fit.Method, "must return finite numbers, not "+text(x))
			}
		}
	}
	return f, nil
}

// lacking returns err, of a fit to all but the last held of n values, as an error about all n: one that says that the
// series is too short then says how long it must be.
func lacking(what string, err error, n, held int) error {
	var e *Error
	if errors.As(err, &e) && errors.Is(err, ErrTooShort) {
		return tooShort(what, e.Need+held, n)
	}
	return err
}

// pool makes one forecast of several, by a centre of the values at each step.
func pool(name string, fs []Forecast, centre func([]float64) float64) Forecast {
	var mean, sd, fitted [][]float64
	var names []string
	f := Forecast{NonNegative: true}
	for _, p := range fs {
		mean, sd, fitted = append(mean, p.Mean), append(sd, p.SD), append(fitted, p.Fit.Fitted)
		names = append(names, p.Fit.Method)
		if p.DF > 0 && (f.DF == 0 || p.DF < f.DF) {
			f.DF = p.DF
		}
		f.NonNegative = f.NonNegative && p.NonNegative
		f.Fit.Evaluations += p.Fit.Evaluations
		f.Fit.Stopped = f.Fit.Stopped || p.Fit.Stopped
		for _, why := range p.Fit.Why {
			if !strings.HasPrefix(why, p.Fit.Method) {
				why = p.Fit.Method + ": " + why
			}
			f.Fit.Why = append(f.Fit.Why, why)
		}
	}
	f.Mean, f.SD, f.Fit.Fitted = pointwise(mean, centre), pointwise(sd, centre), pointwise(fitted, centre)
	f.Fit.Method = name + "(" + strings.Join(names, ", ") + ")"
	return f
}

// pointwise returns the centre of the values at each place, counted from the end, as far as all rows go; nil if one is nil.
func pointwise(rows [][]float64, centre func([]float64) float64) []float64 {
	n := len(rows[0])
	for _, r := range rows {
		if r == nil {
			return nil
		}
		n = min(n, len(r))
	}
	out, at := make([]float64, n), make([]float64, len(rows))
	for k := range out {
		for i, r := range rows {
			at[i] = r[len(r)-n+k]
		}
		out[k] = centre(at)
	}
	return out
}

// equalWeights returns n weights that sum to 1.
func equalWeights(n int) []float64 { return slices.Repeat([]float64{1 / float64(n)}, n) }

// weightedMean returns the mean with weights that sum to 1. It takes differences from the first value, and is never
// outside the values, so that the mean of equal values is that value, even the largest; a difference that overflows stays infinite.
func weightedMean(w []float64) func([]float64) float64 {
	return func(v []float64) float64 {
		mean := v[0]
		for i, x := range v {
			mean += float64(w[i] * (x - v[0]))
		}
		if math.IsInf(mean, 0) || math.IsNaN(mean) {
			return mean
		}
		return min(max(mean, slices.Min(v)), slices.Max(v))
	}
}

// medianOf returns the median of v, which it sorts.
func medianOf(v []float64) float64 {
	slices.Sort(v)
	i := len(v) / 2
	if len(v)%2 == 1 {
		return v[i]
	}
	return v[i-1] + (v[i]-v[i-1])/2
}
