package series

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ETS returns the method that forecasts with the exponential smoothing model of the lowest AICc, out of the given forms, or of
// [Forms] if none are given (Hyndman, Koehler, Snyder and Grose 2002, doi:10.1016/S0169-2070(01)00110-8). m is the number of
// periods in a season, such as 12 for months, and 1 for data without. Each form is fitted as by [FitETS].
//
// Left out are:
//   - forms with a multiplicative error, if a value of y is zero or less
//   - forms with a season, if m is 1 or above 24, or y has m values or fewer
//   - forms with so many parameters that y has not 2 more values
//
// A form runs away if its forecasts, for as many periods ahead as y has (two seasons at least), leave the range of y by more
// than four times its width, or fall to zero or less although all of y is above zero. It is chosen only if its AICc is more
// than 15 lower than that of every form that does not: the slope that fits the past best is often that of its last years, and
// this rule keeps it from going on for as many years to come unless the trend is beyond doubt. A form whose relative error
// has a standard deviation above 1, by which one value in six would be negative, is chosen only if there is no other.
//
// Fit.Why says which form was chosen out of how many, and what was left out and why. With fewer than 5 values there is
// nothing to choose by, and the method is [SES], unless forms are given; it needs 1 value.
func ETS(m int, forms ...Form) Method {
	forms = slices.Clone(forms)
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("ETS", y, h, 1); err != nil {
			return Forecast{}, err
		}
		given := forms
		if len(forms) == 0 {
			if given = Forms(); len(y) < shortest {
				f, err := SES()(y, h)
				if err != nil {
					return Forecast{}, err
				}
				f.Fit.Why = []string{"Fewer than " + strconv.Itoa(shortest) + " values cannot tell one form from another."}
				return f, nil
			}
		}
		c := choice{y: y, m: m}
		c.z, c.unit = rescaled(y)
		if err := c.admit(given); err != nil {
			return Forecast{}, err
		}
		if !c.choose() {
			return Forecast{}, noLikelihood("the forms")
		}
		f, err := c.best.model.Forecast(y, h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Evaluations, f.Fit.Stopped, f.Fit.Why = c.fit.evaluations, c.best.stopped, c.why
		return f, nil
	}
}

const (
	// shortest is the least number of values of which a form can be estimated.
	shortest = 5
	// longestSeason is the longest season that the automatic choice considers.
	longestSeason = 24
	// firstClimbs is the number of climbs for each form before the choice narrows, and worthwhile is by how much the AICc of
	// a form may then be above the lowest for it to get them all. On the 3,003 series of the M3 competition the choice is
	// that of all climbs for all forms but for 5 series, in half the time.
	firstClimbs = 2
	worthwhile  = 10
	// runaway is by how many times the width of the range of a series its forecasts may leave the range.
	runaway = 4
	// doubtless is by how much the AICc of a form that runs away must be lower to be chosen.
	doubtless = 15
)

// choice is a choice among the forms that a series admits.
type choice struct {
	y, z  []float64 // the series, and the series over unit, of about unit size
	unit  float64
	m     int
	fit   etsFit
	forms []rated
	best  rated
	why   []string
}

// rated is a form with its AICc, but for a term that all forms have, and its model.
type rated struct {
	form    Form
	aicc    float64
	model   Model
	stopped bool
}

// admit collects the forms that the series admits, and says which it leaves out. It returns an error if no form is left.
func (c *choice) admit(forms []Form) (err error) {
	var unfit, long, season []string
	for _, form := range forms {
		fault := checkForm(c.y, form, c.m)
		if form.seasonal() && fault == nil && c.m > longestSeason {
			fault = invalid("m", strconv.Itoa(c.m), "must be "+strconv.Itoa(longestSeason)+" or less for a season to be chosen; take a longer one out before")
		}
		switch {
		case fault == nil:
			c.forms = append(c.forms, rated{form: form})
		case form.check() != nil:
			return fault
		case errors.Is(fault, ErrNonPositive):
			unfit = append(unfit, form.String())
		case errors.Is(fault, ErrTooShort):
			long = append(long, form.String())
		default:
			season = append(season, form.String())
		}
		err = cmp.Or(err, fault)
	}
	if len(c.forms) == 0 {
		return err
	}
	c.say("Left out as a value is zero or less: ", unfit)
	c.say("Left out as there are too few values: ", long)
	if c.m > 1 {
		c.say("Left out as the season is too long: ", season)
	}
	return nil
}

// say adds a sentence with a list to why, if there is something to list.
func (c *choice) say(what string, list []string) {
	if len(list) > 0 {
		c.why = append(c.why, what+strings.Join(list, ", ")+".")
	}
}

// choose sets the best form, and reports false if none has a likelihood. After a few climbs for each form it goes through
// them from the best on, and climbs as often as [FitETS] does, until no form is near the best.
func (c *choice) choose() bool {
	for i := range c.forms {
		c.rate(&c.forms[i], firstClimbs)
	}
	slices.SortStableFunc(c.forms, byAICc)
	var tame, ran, wild []rated
	limit := math.Inf(1)
	for _, r := range c.forms {
		if math.IsInf(r.aicc, 1) || r.aicc > limit+worthwhile {
			break
		}
		c.rate(&r, allClimbs)
		switch {
		case r.form.positive() && r.model.Sigma > 1:
			wild = append(wild, r)
		case c.runsAway(r.model):
			ran = append(ran, r)
			limit = min(limit, r.aicc+doubtless)
		default:
			tame = append(tame, r)
			limit = min(limit, r.aicc)
		}
	}
	for _, group := range [...][]rated{tame, ran, wild} {
		slices.SortStableFunc(group, byAICc)
	}
	switch {
	case len(tame) > 0 && (len(ran) == 0 || tame[0].aicc <= ran[0].aicc+doubtless):
		c.say("Left out as they run away: ", names(ran))
		c.take(tame, len(ran)+len(wild))
	case len(ran) > 0:
		c.say("These run away, but the trend is beyond doubt: ", names(ran))
		c.take(slices.SortedStableFunc(slices.Values(slices.Concat(ran, tame)), byAICc), len(wild))
	default:
		if len(wild) > 0 {
			c.take(wild, 0)
		}
		return len(wild) > 0
	}
	c.say("Left out as their relative errors have a standard deviation above 1: ", names(wild))
	return true
}

// take sets the first of the forms as the best, and says so; others were left out.
func (c *choice) take(forms []rated, others int) {
	c.best = forms[0]
	name, n := c.best.form.String(), len(c.forms)-others
	switch {
	case n == 1:
		c.why = append(c.why, name+" is the only form left.")
	case len(forms) == 1:
		c.why = append(c.why, name+" has by far the lowest AICc of "+strconv.Itoa(n)+" forms.")
	default:
		lead := strconv.FormatFloat(forms[1].aicc-forms[0].aicc, 'f', 2, 64)
		c.why = append(c.why, name+" has the lowest AICc of "+strconv.Itoa(n)+" forms; the next, "+forms[1].form.String()+", has "+lead+" more.")
	}
}

// byAICc orders forms by their AICc.
func byAICc(a, b rated) int { return cmp.Compare(a.aicc, b.aicc) }

// names returns the names of the forms.
func names(forms []rated) []string {
	s := make([]string, len(forms))
	for i, r := range forms {
		s[i] = r.form.String()
	}
	return s
}

// rate fits a form with so many climbs, and makes its model if these are all.
func (c *choice) rate(r *rated, climbs int) {
	c.fit.use(r.form, c.m, c.z)
	found, ok := c.fit.search(climbs)
	if !ok {
		r.aicc = math.Inf(1)
		return
	}
	k, n := float64(r.form.parameters(c.m)), float64(len(c.z))
	r.aicc = found.value + 2*k + 2*k*(k+1)/(n-k-1)
	if climbs == allClimbs {
		r.model, r.stopped = c.fit.model(found, c.unit), !found.done
	}
}

// runsAway reports whether the model's forecasts leave what the series lets expect.
func (c *choice) runsAway(m Model) bool {
	state, co, sigma := m.scaled(c.unit)
	state.filter(m.Form.Season, co, c.z, c.fit.mu)
	means, _ := state.moments(m.Form, co, sigma, max(len(c.z), 2*m.M))
	lo, hi := slices.Min(c.z), slices.Max(c.z)
	room := runaway * (hi - lo)
	for _, v := range means {
		if !(v >= lo-room && v <= hi+room) || lo > 0 && v <= 0 {
			return true
		}
	}
	return false
}
