package series

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// Method forecasts the h values that follow the series y, oldest value first. It neither keeps nor changes y, gives
// the same bits for the same arguments, and may be called from many goroutines.
//
// The first k steps of a forecast do not depend on h. A method never returns NaN or an infinity, never clips in
// silence, and returns the constant for a constant series (except where its comment says otherwise).
//
// Methods compose: [Combine], [Median], [NonNegative], [Fallback], [Conformal], [Deseasonalized] and [PerExposure] make a method out of methods.
//
// A Method returns an error if:
//   - h is below 1, or above [MaxHorizon] ([ErrInput], path "h")
//   - a value of y is NaN or infinite ([ErrInput], path "y/" and its index)
//   - y has fewer values than the method needs ([ErrTooShort], with Need and Have)
//   - y has a value that is zero or less and the method is multiplicative ([ErrNonPositive])
//   - an argument of the function that made the method has no meaning, such as a season below 1 ([ErrInput])
//   - y is so large that a result would overflow ([ErrInput], path "y")
type Method func(y []float64, h int) (Forecast, error)

// MaxHorizon is the largest horizon a [Method] accepts.
const MaxHorizon = 100_000

// Forecast is what a [Method] says about the values to come, and how it came to say so.
type Forecast struct {
	// Mean is the point forecast for each step: the expected value, or the median where a method says so.
	Mean []float64 `json:"mean"`
	// SD is the standard deviation of the forecast error at each step, nil if the method gives none.
	SD []float64 `json:"sd,omitempty"`
	// DF is the number of degrees of freedom of Student's t that the intervals use; 0 stands for the normal distribution.
	DF int `json:"df,omitempty"`
	// Scores are sorted absolute errors of past forecasts at each step, of which [Conformal] makes intervals. If set,
	// Interval uses them, and not SD.
	Scores [][]float64 `json:"scores,omitempty"`
	// NonNegative tells Interval that there is nothing below zero: a bound that would be is zero. [NonNegative] sets it.
	NonNegative bool `json:"nonNegative,omitempty"`
	// Fit is how the method fits the series.
	Fit Fit `json:"fit"`
}

// Fit reports how a method was fitted to a series.
type Fit struct {
	// Method is the name of the method with its form, such as "ETS(M,Ad,M)".
	Method string `json:"method"`
	// Params are the parameters, in the order of the method's definition.
	Params []Param `json:"params,omitempty"`
	// Fitted are the one-step forecasts of the last len(Fitted) values of the series: a method that needs a value
	// or a season before it can forecast has that many fewer. Nil if the method has none.
	Fitted []float64 `json:"fitted,omitempty"`
	// Criteria are the information criteria, nil if the method has no likelihood.
	Criteria *Criteria `json:"criteria,omitempty"`
	// Evaluations counts how often the optimiser evaluated its objective; 0 if there was nothing to optimise.
	Evaluations int `json:"evaluations,omitempty"`
	// Stopped reports that the optimiser gave up at its limit of evaluations, before it converged. The forecast is that
	// of the best parameters found.
	Stopped bool `json:"stopped,omitempty"`
	// Why says in words what was chosen, tried or left out, by methods that choose or wrap others. One sentence each.
	Why []string `json:"why,omitempty"`
}

// Param is one parameter of a fit.
type Param struct {
	Name  string  `json:"name"`  // Name is the parameter's symbol in the method's definition, such as "alpha".
	Value float64 `json:"value"` // Value is its value.
}

// Criteria are the log-likelihood of a fit and the information criteria made of it; the lower a criterion, the better.
// AICc is the one that methods choose by.
type Criteria struct {
	LogLik float64 `json:"logLik"` // LogLik is the log-likelihood, up to a constant that all forms share.
	K      int     `json:"k"`      // K is the number of estimated parameters: coefficients, initial states, and the variance.
	AIC    float64 `json:"aic"`    // AIC is Akaike's criterion, 2K - 2 LogLik.
	AICc   float64 `json:"aicc"`   // AICc is AIC + 2K(K+1)/(n-K-1), for short series.
	BIC    float64 `json:"bic"`    // BIC is K log n - 2 LogLik.
}

// Param returns the value of the parameter of that name, and whether there is one.
func (f Fit) Param(name string) (value float64, ok bool) {
	i := slices.IndexFunc(f.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return 0, false
	}
	return f.Params[i].Value, true
}

// Residuals returns y - fitted for the values that have a fit, which are the last len(f.Fitted) of y.
//
// It returns an error ([ErrInput]) if y is shorter than f.Fitted, or a residual is not finite.
func (f Fit) Residuals(y []float64) ([]float64, error) {
	if len(y) < len(f.Fitted) {
		return nil, invalid("y", strconv.Itoa(len(y))+" values", "must be the series that was fitted")
	}
	y = y[len(y)-len(f.Fitted):]
	r := make([]float64, len(y))
	for i := range y {
		r[i] = y[i] - f.Fitted[i]
	}
	if err := checkFinite("residuals", r); err != nil {
		return nil, err
	}
	return r, nil
}

// Interval returns the central prediction interval of the given level for each step: 0.8 is the range that 8 of 10
// outcomes fall in, if the method fits. The bounds of a step do not depend on how many steps there are. A zero
// standard deviation gives an interval of no width.
//
// With Scores the interval is Mean ± the score of rank ⌈(n+1) × level⌉ of n: at least that share of outcomes falls in it
// when past errors are exchangeable with the next (Vovk, Gammerman and Shafer 2005). Otherwise it is
// Mean ± z × SD, with z a quantile of the normal distribution, or of Student's t with DF degrees of freedom.
//
// Interval returns an error if:
//   - level is not above 0 and below 1 ([ErrInput])
//   - the forecast is none that a method made: SD or Scores have another length than Mean, DF is negative, a value is
//     not finite ([ErrInput])
//   - the forecast has neither SD nor Scores ([ErrUndefined])
//   - there are too few scores for the level ([ErrTooShort])
func (f Forecast) Interval(level float64) (lo, hi []float64, err error) {
	if !(level > 0 && level < 1) {
		return nil, nil, invalid("level", text(level), "must be above 0 and below 1; write 0.8 for 80 %")
	}
	if err := f.check(len(f.Mean)); err != nil {
		return nil, nil, err
	}
	half := make([]float64, len(f.Mean))
	switch {
	case f.Scores != nil:
		for k := range half {
			if half[k], err = conformalScore(f.Scores[k], level); err != nil {
				return nil, nil, err
			}
		}
	case f.SD != nil:
		z := quantile(0.5+level/2, f.DF)
		for k := range half {
			half[k] = z * f.SD[k]
		}
	default:
		return nil, nil, undefined("interval", f.Fit.Method+" gives no spread; wrap it in Conformal")
	}
	lo, hi = make([]float64, len(half)), make([]float64, len(half))
	for k, m := range f.Mean {
		lo[k], hi[k] = m-half[k], m+half[k]
		if math.IsInf(lo[k], 0) || math.IsInf(hi[k], 0) {
			return nil, nil, undefined("interval", "is beyond the largest number")
		}
		if f.NonNegative {
			lo[k], hi[k] = max(lo[k], 0), max(hi[k], 0)
		}
	}
	return lo, hi, nil
}

// check checks a forecast of h periods that a caller's own method made, or that was decoded.
func (f Forecast) check(h int) error {
	wrong := func(path string, n int, each string) error {
		return invalid(path, strconv.Itoa(n)+" values", "must be "+each+" for each of the "+strconv.Itoa(h)+" periods; the method is wrong")
	}
	switch {
	case len(f.Mean) != h:
		return wrong("mean", len(f.Mean), "one value")
	case f.SD != nil && len(f.SD) != h:
		return wrong("sd", len(f.SD), "nil, or one value")
	case f.Scores != nil && len(f.Scores) != h:
		return wrong("scores", len(f.Scores), "nil, or one list")
	case f.DF < 0:
		return invalid("df", strconv.Itoa(f.DF), "must not be negative; 0 is the normal distribution")
	}
	if err := checkFinite("mean", f.Mean); err != nil {
		return err
	}
	for k, scores := range f.Scores {
		if err := checkFinite("scores/"+strconv.Itoa(k), scores); err != nil {
			return err
		}
	}
	return checkFinite("sd", f.SD)
}

// conformalScore returns the score of rank ⌈(n+1) × level⌉.
func conformalScore(sorted []float64, level float64) (float64, error) {
	n := len(sorted)
	rank := int(math.Ceil(float64(float64(n+1)*level) - 1e-9))
	if rank > n {
		need := int(math.Ceil(level/(1-level) - 1e-9))
		return 0, &Error{
			Path: "scores", Need: need, Have: n, Err: ErrTooShort,
			Msg: "an interval of level " + text(level) + " needs " + strconv.Itoa(need) + " past errors at each step, there are " + strconv.Itoa(n),
		}
	}
	return sorted[max(rank, 1)-1], nil
}

// quantile returns the p-quantile of Student's t with df degrees of freedom, or of the normal distribution if df is 0.
func quantile(p float64, df int) float64 {
	if df == 0 {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(p)
}

// checkSeries checks the arguments that all methods share; need is the least number of values.
func checkSeries(what string, y []float64, h, need int) error {
	switch {
	case h < 1:
		return invalid("h", strconv.Itoa(h), "must be 1 or more")
	case h > MaxHorizon:
		return invalid("h", strconv.Itoa(h), "must be "+strconv.Itoa(MaxHorizon)+" or less")
	}
	if err := checkFinite("y", y); err != nil {
		return err
	}
	if len(y) < need {
		return tooShort(what, need, len(y))
	}
	return nil
}

// checkSeason checks a number of periods in a season.
func checkSeason(m int) error {
	if m < 1 {
		return invalid("m", strconv.Itoa(m), "must be 1 or more: the number of periods in a season, such as 12 for months")
	}
	return nil
}

// done returns f, or an error if overflow made a value of it NaN or infinite.
func (f Forecast) done() (Forecast, error) {
	for _, v := range append([][]float64{f.Mean, f.SD, f.Fit.Fitted}, f.Scores...) {
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return Forecast{}, invalid("y", "", "is too large for "+f.Fit.Method+": a result overflows; use larger units")
			}
		}
	}
	return f, nil
}
