package series

import (
	"math"
	"strconv"
)

// Model is a fitted exponential smoothing model: a form, its coefficients, and the state before the first value. It is
// plain data that encodes to JSON, so that a program can fit once, store the model, and forecast as new values come
// without fitting again. [FitETS] makes one.
//
// The state moves with the one-step error e, the value less its forecast μ. With q = level + φ·slope, φ = 1 if the trend is
// not damped, and s the season of the period:
//
//	μ       = q, q + s or q·s          for no season, an additive or a multiplicative one
//	level  := q + α·e                  α·e/s and β·e/s with a multiplicative season
//	slope  := φ·slope + β·e
//	s      := s + γ·e                  γ·e/q with a multiplicative season
//
// The error e has the standard deviation Sigma if it is additive, and μ·Sigma if it is multiplicative.
type Model struct {
	// Form is the form.
	Form Form `json:"form"`
	// M is the number of periods in a season, 1 if the form has none.
	M int `json:"m"`
	// Alpha is α, how much of an error goes into the level: from 0 to 1, and 1e-4 to 0.9999 as fitted.
	Alpha float64 `json:"alpha"`
	// Beta is β, how much of an error goes into the slope: from 0 to 1, and at most Alpha as fitted; 0 without a trend. It is
	// α times the β* of the classical formulas.
	Beta float64 `json:"beta,omitempty"`
	// Gamma is γ, how much of an error goes into the season: from 0 to 1, and at most 1 - Alpha as fitted; 0 without a
	// season. It is 1-α times the γ* of the classical formulas.
	Gamma float64 `json:"gamma,omitempty"`
	// Phi is φ, the share of the slope that is left after a period: above 0 and at most 1, 0.8 to 0.98 as fitted, and 0 if
	// the trend is not damped.
	Phi float64 `json:"phi,omitempty"`
	// Level is the level before the first value.
	Level float64 `json:"level"`
	// Slope is the slope before the first value, 0 without a trend.
	Slope float64 `json:"slope,omitempty"`
	// Season holds the season of the first M values, before it is seen how they come out; nil without a season. As fitted it has
	// the sum 0, or M if it is multiplicative.
	Season []float64 `json:"season,omitempty"`
	// Sigma is the standard deviation of the one-step errors: in the units of the series if the error is additive, relative
	// to the forecast if it is multiplicative. The coefficients and initial states count as degrees of freedom.
	Sigma float64 `json:"sigma"`
}

// Forecast forecasts the h values that follow y with the model as it is. y goes on from the model's state: it is the series
// that the model was fitted to, as it is or with the values that have come since; or, with a model from [Model.After], what
// came after. It may be empty. Fitted, the log-likelihood and the criteria are those of y.
//
// It returns an error if:
//   - y or h is invalid, as for a [Method]
//   - the model is invalid: a form that is none, a number out of its range ([ErrInput], path "model/" and the field)
//   - the form has a multiplicative error, and a value of y is zero or less ([ErrNonPositive])
//   - a result overflows ([ErrInput], path "y", or "h" if that is so far ahead only)
func (m Model) Forecast(y []float64, h int) (Forecast, error) {
	if err := m.check(); err != nil {
		return Forecast{}, err
	}
	if err := checkSeries(m.Form.String(), y, h, 0); err != nil {
		return Forecast{}, err
	}
	if m.Form.positive() {
		if err := checkPositive(m.Form.String(), y); err != nil {
			return Forecast{}, err
		}
	}
	z, unit := m.rescaled(y)
	state, c, sigma := m.scaled(unit)
	fitted := make([]float64, len(y))
	state.filter(m.Form.Season, c, z, fitted)
	f := Forecast{Fit: Fit{Method: m.Form.String(), Params: m.params(), Criteria: m.criteria(z, fitted, unit), Fitted: fitted}}
	f.Mean, f.SD = state.moments(m.Form, c, sigma, h)
	for k := 1; k < h; k++ {
		if !(math.Abs(f.Mean[k]) <= math.MaxFloat64 && f.SD[k] <= math.MaxFloat64) {
			return Forecast{}, invalid("h", strconv.Itoa(h), "is too far ahead for "+m.Form.String()+", whose forecast or variance overflows at step "+strconv.Itoa(k+1))
		}
	}
	for _, v := range [...][]float64{fitted, f.Mean, f.SD} {
		times(v, unit)
	}
	return f.done()
}

// After returns the model with its state moved on over y, so that it forecasts what follows y without it: a program that
// keeps the model need not keep the series.
//
//	later, err := model.After(y)         // store later
//	f, err := later.Forecast(nil, h)     // the forecast of model.Forecast(y, h)
//	later, err = later.After(news)       // and on
//
// Errors are those of [Model.Forecast].
func (m Model) After(y []float64) (Model, error) {
	if _, err := m.Forecast(y, 1); err != nil {
		return Model{}, err
	}
	z, unit := m.rescaled(y)
	state, c, _ := m.scaled(unit)
	state.filter(m.Form.Season, c, z, make([]float64, len(y)))
	m.Level, m.Slope = state.level*unit, state.slope*unit
	m.Season = nil
	if m.Form.seasonal() {
		m.Season = append(append(m.Season, state.season[state.next:]...), state.season[:state.next]...)
		if m.Form.Season == Additive {
			times(m.Season, unit)
		}
	}
	if err := m.check(); err != nil {
		return Model{}, invalid("y", "", "takes "+m.Form.String()+" to a state it has no forecast for")
	}
	return m, nil
}

// rescaled returns y in a unit that suits y and the model.
func (m Model) rescaled(y []float64) (z []float64, unit float64) {
	z, unit = rescaled(append(append(make([]float64, 0, len(y)+1), y...), m.Level))
	return z[:len(y)], unit
}

// scaled returns the model's initial state, coefficients and standard deviation for a series in the given unit.
func (m Model) scaled(unit float64) (state etsState, c coefficients, sigma float64) {
	state = etsState{level: m.Level / unit, slope: m.Slope / unit, season: append([]float64(nil), m.Season...)}
	if m.Form.Season == Additive {
		for i := range state.season {
			state.season[i] /= unit
		}
	}
	c = coefficients{alpha: m.Alpha, beta: m.Beta, gamma: m.Gamma, phi: 1}
	if m.Form.Damped {
		c.phi = m.Phi
	}
	if m.Form.Error == Additive {
		return state, c, m.Sigma / unit
	}
	return state, c, m.Sigma
}

// params returns the coefficients that the form has, and sigma.
func (m Model) params() []Param {
	p := []Param{{"alpha", m.Alpha}}
	if m.Form.Trend != None {
		p = append(p, Param{"beta", m.Beta})
	}
	if m.Form.seasonal() {
		p = append(p, Param{"gamma", m.Gamma})
	}
	if m.Form.Damped {
		p = append(p, Param{"phi", m.Phi})
	}
	return append(p, Param{"sigma", m.Sigma})
}

// criteria returns the criteria of the one-step means mu of the series z × unit, nil if they are not defined.
func (m Model) criteria(z, mu []float64, unit float64) *Criteria {
	k, n := m.Form.parameters(m.M), len(z)
	value, _ := likelihood(m.Form.Error, z, mu)
	if n < k+2 || math.IsInf(value, 0) || math.IsNaN(value) {
		return nil
	}
	logLik := -value/2 - float64(float64(n)*math.Log(unit))
	aic := 2 * (float64(k) - logLik)
	return &Criteria{
		LogLik: logLik,
		K:      k,
		AIC:    aic,
		AICc:   aic + 2*float64(k)*float64(k+1)/float64(n-k-1),
		BIC:    float64(float64(k)*math.Log(float64(n))) - 2*logLik,
	}
}

// check returns an error if the model is not valid.
func (m Model) check() error {
	if err := m.Form.check(); err != nil {
		return err
	}
	share := func(name string, v float64, has bool) error {
		switch {
		case has && !(v >= 0 && v <= 1):
			return invalid("model/"+name, text(v), "must be from 0 to 1")
		case !has && v != 0:
			return invalid("model/"+name, text(v), "must be 0 for "+m.Form.String())
		}
		return nil
	}
	trend, seasonal := m.Form.Trend != None, m.Form.seasonal()
	for _, err := range [...]error{
		share("alpha", m.Alpha, true),
		share("beta", m.Beta, trend),
		share("gamma", m.Gamma, seasonal),
		share("phi", m.Phi, m.Form.Damped),
	} {
		if err != nil {
			return err
		}
	}
	for _, v := range [...]Param{{"level", m.Level}, {"slope", m.Slope}, {"sigma", m.Sigma}} {
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			return invalid("model/"+v.Name, text(v.Value), "must be a finite number")
		}
	}
	if err := checkFinite("model/season", m.Season); err != nil {
		return err
	}
	switch {
	case m.Form.Damped && m.Phi == 0:
		return invalid("model/phi", "0", "must be above 0 for a damped trend")
	case m.Sigma < 0:
		return invalid("model/sigma", text(m.Sigma), "must be 0 or more")
	case !trend && m.Slope != 0:
		return invalid("model/slope", text(m.Slope), "must be 0 without a trend")
	case m.M < 1 || seasonal && m.M < 2:
		return invalid("model/m", strconv.Itoa(m.M), "must be 1 or more, 2 or more with a season")
	case seasonal && len(m.Season) != m.M || !seasonal && len(m.Season) > 0:
		return invalid("model/season", strconv.Itoa(len(m.Season))+" values", "must have a value for each of the m periods of a season, none without")
	}
	if m.Form.Season == Multiplicative {
		for i, s := range m.Season {
			if !(s > 0) {
				return invalid("model/season/"+strconv.Itoa(i), text(s), "must be above 0")
			}
		}
	}
	return nil
}
