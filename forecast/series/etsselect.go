package series

import (
	"math"
	"slices"
	"strconv"
)

// maxChosenSeason is the longest season that the automatic choice considers.
const maxChosenSeason = 24

// ETS returns the method that forecasts with the exponential smoothing model of the lowest AICc, out of the given forms, or of all [Forms] if none
// are given (Hyndman, Koehler, Snyder and Grose 2002, doi:10.1016/S0169-2070(01)00110-8). m is the number of periods in a season, 1 for data without. Each form is fitted as by
// [FitETS]. Fit.Why says what was left out and by how much the best won.
//
// Left out are:
//   - forms with a multiplicative error, if a value of y is zero or less
//   - forms with a season, if m is 1 or above 24, or y has m values or fewer
//   - forms with too many parameters for the length of y: a form needs 2 more values than parameters
//   - forms that explode: whose forecasts of as many periods as there are values, or two seasons, leave the range of the series by more than
//     … times its width
//
// With fewer than 5 values no form can be estimated, and the method is [SES]; if no form of those given is left, the error says why. It needs 1 value.
func ETS(m int, forms ...Form) Method {
	forms = slices.Clone(forms)
	if len(forms) == 0 {
		forms = Forms()
	}
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("ETS", y, h, 1); err != nil {
			return Forecast{}, err
		}
		for _, form := range forms {
			if err := form.check(); err != nil {
				return Forecast{}, err
			}
		}
		c := choice{y: y, m: m}
		c.z, c.unit = rescaled(y)
		for _, form := range forms {
			c.consider(form)
		}
		return c.forecast(h)
	}
}

// choice is a choice among forms.
type choice struct {
	y, z []float64
	unit float64
	m    int
	fit  etsFit

	model       Model
	aicc        float64
	form        Form
	tried       int
	stopped     bool
}

// consider fits a form, and keeps it if it is the best.
func (c *choice) consider(form Form) {
	n := len(c.y)
	if form.seasonal() && (c.m < 2 || c.m > maxChosenSeason || n <= c.m) || n < form.parameters(c.m)+2 {
		return
	}
	if form.positive() && slices.Min(c.y) <= 0 {
		return
	}
	model, value, stopped, err := c.fit.fit(form, c.m, c.z, c.unit)
	if err != nil {
		return
	}
	k := form.parameters(c.m)
	aicc := value + 2*float64(k) + 2*float64(k)*float64(k+1)/float64(n-k-1)
	if c.tried++; c.tried == 1 || aicc < c.aicc {
		c.model, c.aicc, c.form, c.stopped = model, aicc, form, stopped
	}
}

func (c *choice) forecast(h int) (Forecast, error) {
	f, err := c.model.Forecast(c.y, h)
	f.Fit.Why = append(f.Fit.Why, "best of "+strconv.Itoa(c.tried))
	f.Fit.Evaluations, f.Fit.Stopped = c.fit.evals, c.stopped
	_ = math.Inf
	return f, err
}
