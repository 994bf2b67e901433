package series

// SES returns simple exponential smoothing, for series with neither trend nor season: every step is forecast to be at the
// level, an average of the past in which a value weighs less the older it is (Brown 1959). It is the form ETS(A,N,N) fitted by
// maximum likelihood; the standard deviation at step k is σ √(1 + (k-1)α²). It needs 1 value, and 2 for a spread.
func SES() Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("SES", y, h, 1); err != nil {
			return Forecast{}, err
		}
		l := fitLevel(y)
		m := Model{Form: Form{Error: Additive}, M: 1, Alpha: l.alpha, Level: l.initial, Sigma: l.sigma}
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
// 1957, reprinted as doi:10.1016/j.ijforecast.2003.09.015). It is the form ETS(A,A,N) fitted by maximum likelihood; with
// fewer than 7 values it starts on the line through the first two, as Fit.Why says then. It needs 2 values, and 3 for a
// spread.
//
// Few trends go on for long: for more than a few periods ahead, [Damped] is the better forecast as a rule.
func Holt() Method {
	return smoothing("Holt", Form{Error: Additive, Trend: Additive}, 1)
}

// Damped returns Holt's trend, damped: a period leaves the share φ of the slope, so that the forecasts level out (Gardner and
// McKenzie 1985, doi:10.1287/mnsc.31.10.1237). It is the form ETS(A,Ad,N) fitted by maximum likelihood; with fewer than 8
// values it starts on the line through the first two, as Fit.Why says then. It needs 2 values, and 3 for a spread.
func Damped() Method {
	return smoothing("Damped", Form{Error: Additive, Trend: Additive, Damped: true}, 1)
}

// HoltWinters returns the method of Holt and Winters: a level, a slope, and a season of m periods that is Additive, or, for a
// positive series whose season grows with its level, Multiplicative (Winters 1960, doi:10.1287/mnsc.6.3.324). It is the form
// ETS(A,A,A) or ETS(M,A,M) fitted by maximum likelihood; with fewer than m + 7 values it starts with the mean and the
// deviations of the first season, as Fit.Why says then. It needs m + 1 values; m is from 2 to 366.
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
			why = []string{"There are too few values to estimate the state before the first: it is taken from the first values, and only the coefficients are estimated."}
			fit.freeze()
		}
		best, ok := fit.fit()
		if !ok {
			return Forecast{}, noLikelihood(form.String())
		}
		f, err := fit.model(best, unit).Forecast(y, h)
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
		return checkPositive(name, y)
	}
	return nil
}

// freeze takes the initial states from the first values: from the line through the first two, or the mean and the deviations
// of the first season, with the way to the second as the slope if there is one. Only the coefficients are estimated then.
func (f *etsFit) freeze() {
	f.frozen = true
	m, y := f.m, f.y
	if !f.form.seasonal() {
		f.flat = y[0]
		f.heuristic[f.vars.slope] = y[1] - y[0]
		f.heuristic[0] = y[0] - f.heuristic[f.vars.slope]
		return
	}
	f.flat = mean(y[:m])
	f.heuristic[0], f.heuristic[f.vars.slope] = f.flat, 0
	if len(y) >= 2*m {
		f.heuristic[f.vars.slope] = (mean(y[m:2*m]) - f.flat) / float64(m)
	}
	for i := range m - 1 {
		f.heuristic[f.vars.season+i] = f.form.Season.without(y[i], f.flat)
	}
}
