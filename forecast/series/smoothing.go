package series

import "math"

// SES returns simple exponential smoothing, for series with neither trend nor season: every step is forecast to be at the
// level, an average of the past in which a value weighs less the older it is (Brown 1959). It is the form ETS(A,N,N) fitted by
// maximum likelihood; the standard deviation at step k is σ √(1 + (k-1)α²). It needs 1 value, and 2 for a spread.
func SES() Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("SES", y, h, 1); err != nil {
			return Forecast{}, err
		}
		l := fitLevel(y)
		m := Model{Form: Form{Error: Additive}, M: 1, Alpha: l.alpha, Level: l.initial, Sigma: l.sigma(2)}
		f, err := m.Forecast(y, h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Method, f.Fit.Evaluations = "SES "+m.Form.String(), l.evaluations
		if len(y) < 2 {
			f.SD = nil
		}
		return f, nil
	}
}

// Holt returns Holt's linear trend: level and slope are both smoothed, and the forecasts go on along the last slope (Holt
// 1957, reprinted as doi:10.1016/j.ijforecast.2003.09.015). It is the form ETS(A,A,N) fitted by maximum likelihood; with fewer than 7
// values, by least squares from the line through the first two on, as Fit.Why says then. It needs 2 values, and 3 for a spread.
//
// Few trends go on for long: for more than a few periods ahead, [Damped] is the better forecast as a rule.
func Holt() Method {
	return smoothing("Holt", Form{Error: Additive, Trend: Additive}, 1)
}

// Damped returns Holt's trend, damped: a period leaves the share φ of the slope, so that the forecasts level out (Gardner
// and McKenzie 1985, doi:10.1287/mnsc.31.10.1237). It is the form ETS(A,Ad,N) fitted by maximum likelihood; with fewer than 8 values,
// by least squares from the line through the first two on, as Fit.Why says then. It needs 2 values, and 3 for a spread.
func Damped() Method {
	return smoothing("Damped", Form{Error: Additive, Trend: Additive, Damped: true}, 1)
}

// HoltWinters returns the method of Holt and Winters: a level, a slope, and a season of m periods that is Additive, or, for a
// positive series whose season grows with its level, Multiplicative (Winters 1960, doi:10.1287/mnsc.6.3.324). It is the form ETS(A,A,A) or
// ETS(M,A,M) fitted by maximum likelihood; with fewer than m + 7 values, by least squares from the first season on, as Fit.Why
// says then. It needs m + 1 values; m is from 2 to 366.
func HoltWinters(m int, season Component) Method {
	return smoothing("HoltWinters", Form{Error: season, Trend: Additive, Season: season}, m)
}

// smoothing returns the method of a form.
func smoothing(name string, form Form, m int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSmoothing(name, form, m, y, h); err != nil {
			return Forecast{}, err
		}
		z, unit := rescaled(y)
		var fit etsFit
		fit.use(form, m, z)
		var why []string
		if len(y) < form.parameters(m)+2 {
			why = []string{"Fitted by least squares from the first values on: there are too few to estimate where the method started."}
			fit.freeze()
		}
		best, ok := fit.search(allClimbs)
		if !ok {
			return Forecast{}, noLikelihood(form.String())
		}
		model := fit.model(best, unit)
		if fit.frozen && form.positive() {
			if model, ok = fit.relative(best, model); !ok {
				return Forecast{}, noLikelihood(form.String())
			}
		}
		f, err := model.Forecast(y, h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Method = name + " " + form.String()
		f.Fit.Evaluations, f.Fit.Stopped, f.Fit.Why = fit.evaluations, !best.done, why
		if len(y) < 3 {
			f.SD = nil
		}
		return f, nil
	}
}

// checkSmoothing checks the arguments of a method of one form.
func checkSmoothing(name string, form Form, m int, y []float64, h int) error {
	need := 2
	if name == "HoltWinters" {
		if !form.seasonal() || form.check() != nil {
			return invalid("season", string(form.Season), "must be Additive or Multiplicative")
		}
		if err := checkPeriods(form, m); err != nil {
			return err
		}
		need = m + 1
	}
	if err := checkSeries(name, y, h, need); err != nil {
		return err
	}
	if form.positive() {
		return checkPositive("y", name, y)
	}
	return nil
}

// freeze makes the fit one by least squares, from the initial states that the first values have: the line through the first two, or
// the mean and the deviations of the first season, with the difference to the second one as the slope if there is one.
func (f *etsFit) freeze() {
	f.form.Error, f.frozen = Additive, true
	m, y := f.m, f.y
	if !f.form.seasonal() {
		f.heuristic[f.vars.slope] = y[1] - y[0]
		f.heuristic[0] = y[0] - f.heuristic[f.vars.slope]
		return
	}
	level := mean(y[:m])
	f.heuristic[0], f.heuristic[f.vars.slope] = level, 0
	if len(y) >= 2*m {
		f.heuristic[f.vars.slope] = (mean(y[m:2*m]) - level) / float64(m)
	}
	for i := range m - 1 {
		f.heuristic[f.vars.season+i] = f.form.Season.without(y[i], level)
	}
}

// relative returns the model of a frozen fit with a relative error. It reports false if a mean is not positive.
func (f *etsFit) relative(c *candidate, m Model) (Model, bool) {
	f.value(c.theta)
	value, sum := likelihood(Multiplicative, f.y, f.mu)
	m.Form.Error = Multiplicative
	if m.Sigma > 0 {
		m.Sigma = math.Sqrt(sum / float64(max(len(f.y)-f.vars.size, 1)))
	}
	return m, !math.IsInf(value, 1)
}
