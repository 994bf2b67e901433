package series

import (
	"math"
	"strconv"
)

// maxSeason is the longest season that is fitted. The effort grows with its square, and so does the number of values that
// could tell it from noise.
const maxSeason = 366

// FitETS fits the exponential smoothing model of the given form to y by maximum likelihood; m is the number of periods
// in a season, such as 12 for months, and without meaning for a form that has none. [ETS] chooses the form too.
//
// The coefficients and the initial states are estimated together, within 1e-4 ≤ α ≤ 0.9999, 1e-4 ≤ β ≤ α, 1e-4 ≤ γ ≤ 1-α and
// 0.8 ≤ φ ≤ 0.98 (Hyndman, Koehler, Ord and Snyder 2008, doi:10.1007/978-3-540-71918-2). The likelihood often has several
// peaks; the search starts from several places, and takes the highest that it finds. Where the fit leaves no error but
// rounding, the log-likelihood is that of errors of the size of rounding, and Sigma is 0.
//
// It returns an error if:
//   - a value of y is NaN or infinite, m is below 1, or below 2 or above 366 for a form with a season ([ErrInput])
//   - form is not one of [Forms] ([ErrInput], path "form")
//   - y has fewer values than the form has parameters, initial states and the variance counted, and 2 more ([ErrTooShort])
//   - the form has a multiplicative error, and a value of y is zero or less ([ErrNonPositive])
//   - the form cannot follow the series without a mean of zero or less, or a result overflows ([ErrUndefined], [ErrInput])
//
// It takes O(n k²) for n values and k parameters, a few hundred times.
func FitETS(y []float64, form Form, m int) (Model, Fit, error) {
	if err := checkFinite("y", y); err != nil {
		return Model{}, Fit{}, err
	}
	if err := checkForm(y, form, m); err != nil {
		return Model{}, Fit{}, err
	}
	z, unit := rescaled(y)
	var f etsFit
	f.use(form, m, z)
	best, ok := f.fit()
	if !ok {
		return Model{}, Fit{}, noLikelihood(form.String())
	}
	model := f.model(best, unit)
	forecast, err := model.Forecast(y, 1)
	if err != nil {
		return Model{}, Fit{}, err
	}
	forecast.Fit.Evaluations, forecast.Fit.Stopped = f.evaluations, !best.done
	return model, forecast.Fit, nil
}

// checkForm returns an error if the series y, of finite values, does not admit the form with a season of m periods.
func checkForm(y []float64, form Form, m int) error {
	if err := form.check(); err != nil {
		return err
	}
	if err := checkPeriods(form, m); err != nil {
		return err
	}
	if need := form.parameters(m) + 2; len(y) < need {
		return tooShort(form.String(), need, len(y))
	}
	if form.positive() {
		return checkPositive(form.String(), y)
	}
	return nil
}

// checkPeriods returns an error if the form cannot have a season of m periods.
func checkPeriods(form Form, m int) error {
	if err := checkSeason(m); err != nil {
		return err
	}
	if form.seasonal() && (m < 2 || m > maxSeason) {
		return invalid("m", strconv.Itoa(m), "must be from 2 to "+strconv.Itoa(maxSeason)+" for "+form.String()+"; take a longer season out before")
	}
	return nil
}

// noLikelihood is the error of forms that have no likelihood for a series.
func noLikelihood(what string) error {
	return undefined("y", "cannot be followed by "+what+" without a mean of zero or less; use a form with an additive error")
}

// parameters returns the number of parameters that are estimated: the coefficients, the initial states, and the variance.
func (f Form) parameters(m int) int {
	if f.seasonal() {
		return varsOf(f, m).size + 1
	}
	return varsOf(f, 1).size + 1
}

// model returns the model of c, for the series in units of 1.
func (f *etsFit) model(c *candidate, unit float64) Model {
	f.start(c.theta)
	co := f.coefficients(c.theta)
	m := Model{
		Form: f.form, M: f.m,
		Alpha: co.alpha, Beta: co.beta, Gamma: co.gamma,
		Level: f.state.level * unit, Slope: f.state.slope * unit,
	}
	if f.form.Damped {
		m.Phi = co.phi
	}
	if f.form.seasonal() {
		m.Season = append([]float64(nil), f.state.season...)
		if f.form.Season == Additive {
			times(m.Season, unit)
		}
	}
	if !exact(c.sum, len(f.y)) {
		m.Sigma = math.Sqrt(c.sum / float64(max(len(f.y)-f.vars.size, 1)))
		if f.form.Error == Additive {
			m.Sigma *= unit
		}
	}
	return m
}
