package series

import (
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// ACF returns the autocorrelations of x at the lags 1 to lags, each from -1 to 1. Errors of a forecast that are correlated hold something
// that the method has missed. With errors of n periods, values beyond ±2/√n are more than chance.
//
// The lag k is Σ (x[t] - mean)(x[t+k] - mean) / Σ (x[t] - mean)². It takes O(n lags), and returns an error if:
//   - lags is below 1, or a value is NaN or infinite ([ErrInput])
//   - x has lags values or fewer ([ErrTooShort], path "x")
//   - x is constant ([ErrUndefined], path "x"), or a sum is beyond the largest number ([ErrUndefined], path "ACF")
func ACF(x []float64, lags int) ([]float64, error) {
	if lags < 1 {
		return nil, invalid("lags", strconv.Itoa(lags), "must be 1 or more")
	}
	if err := checkFinite("x", x); err != nil {
		return nil, err
	}
	if len(x) <= lags {
		e := Error{Path: "x", Need: lags + 1, Have: len(x), Err: ErrTooShort}
		e.Msg = "autocorrelations at " + strconv.Itoa(lags) + " lags need more values than that, there are " + strconv.Itoa(len(x))
		return nil, &e
	}
	mean := mean(x)
	whole, err := known("ACF", autocovariance(x, mean, 0))
	if err != nil {
		return nil, err
	}
	if whole == 0 {
		return nil, undefined("x", "does not vary, so that nothing is correlated")
	}
	acf := make([]float64, lags)
	for i := range acf {
		acf[i] = autocovariance(x, mean, i+1) / whole
	}
	return acf, nil
}

// LjungBox tests whether errors of a forecast one step ahead are uncorrelated up to the given number of lags: a P below 0.05 says that
// the method has missed something, such as a season. Usual are 10 lags, or two seasons, and no more than a fifth of the
// values. params is the number of parameters that were fitted, 0 for the naive methods; it is taken off the degrees of freedom.
//
// The statistic is n(n+2) Σ r²[k]/(n-k), P from the chi-squared distribution with lags - params degrees of freedom.
//
// Besides the errors of [ACF]: params is below 0 or not below lags ([ErrInput]). Source: Ljung and Box 1978, doi:10.1093/biomet/65.2.297.
func LjungBox(residuals []float64, lags, params int) (Test, error) {
	acf, err := ACF(residuals, lags)
	if err != nil {
		return Test{}, err
	}
	if params < 0 || params >= lags {
		return Test{}, invalid("params", strconv.Itoa(params), "must be 0 or more and less than the number of lags, "+strconv.Itoa(lags))
	}
	n, sum := float64(len(residuals)), 0.0
	for i, r := range acf {
		sum += float64(r * r / (n - float64(i+1)))
	}
	stat := n * (n + 2) * sum
	chi := distuv.ChiSquared{K: float64(lags - params)}
	return Test{Statistic: stat, P: chi.Survival(stat), DF: lags - params, Lags: lags}, nil
}

// autocovariance returns Σ (x[t] - mean)(x[t+k] - mean) / n.
func autocovariance(x []float64, mean float64, k int) float64 {
	sum := 0.0
	for t, v := range x[k:] {
		sum += float64((x[t] - mean) * (v - mean))
	}
	return sum / float64(len(x))
}
