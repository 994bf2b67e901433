package series

import "strings"

// Component is how a trend, a season or an error enters a series: it is added, or multiplied, or there is none.
type Component string

// The components.
const (
	None           Component = ""               // None: no trend, or no season.
	Additive       Component = "additive"       // Additive: adds to the level, whatever its size.
	Multiplicative Component = "multiplicative" // Multiplicative: is a share of the level, so it grows with it; the series must be positive.
)

// Form is one of the exponential smoothing models in state space form, ETS(error, trend, season), of Hyndman, Koehler,
// Ord and Snyder (2008, "Forecasting with Exponential Smoothing: The State Space Approach"). [Forms] lists the 15 that
// this package offers. The zero value is not a form: an error there always is.
type Form struct {
	// Error is Additive, with a spread that stays the same, or Multiplicative, with a spread that is a share of the forecast.
	Error Component
	// Trend is None or Additive. Multiplicative trends are not offered: they explode.
	Trend Component
	// Damped reports that the trend flattens out over the horizon.
	Damped bool
	// Season is None, Additive, or Multiplicative; the latter goes with a multiplicative error only, as otherwise the
	// variance is infinite.
	Season Component
}

// Forms returns the forms there are: each error with no trend, an additive and a damped one, with no season and with
// an additive one, and the multiplicative error with a multiplicative season. Simpler forms come first.
func Forms() []Form {
	var forms []Form
	for _, season := range [...]Component{None, Additive, Multiplicative} {
		for _, trend := range [...]Form{{}, {Trend: Additive}, {Trend: Additive, Damped: true}} {
			for _, e := range [...]Component{Additive, Multiplicative} {
				f := Form{Error: e, Trend: trend.Trend, Damped: trend.Damped, Season: season}
				if f.check() == nil {
					forms = append(forms, f)
				}
			}
		}
	}
	return forms
}

// ParseForm returns the form of a name such as "ETS(M,Ad,M)", "M,Ad,M" or "MAdM": error, trend, season; A is additive,
// M multiplicative, N none, Ad an additive damped trend.
//
// It returns an error ([ErrInput], path "form") if the text is not such a name, or the form is not one of [Forms].
func ParseForm(s string) (Form, error) {
	bare := s
	if inner, ok := strings.CutPrefix(s, "ETS("); ok {
		if bare, ok = strings.CutSuffix(inner, ")"); !ok {
			bare = ""
		}
	}
	if strings.Count(bare, ",") == 2 {
		bare = strings.ReplaceAll(bare, ",", "")
	}
	var f Form
	ok := len(bare) >= 3
	if ok && bare[2] == 'd' {
		f.Damped = true
		bare = bare[:2] + bare[3:]
	}
	if ok = ok && len(bare) == 3; ok {
		var good [3]bool
		f.Error, good[0] = componentOf(bare[0])
		f.Trend, good[1] = componentOf(bare[1])
		f.Season, good[2] = componentOf(bare[2])
		ok = good[0] && good[1] && good[2]
	}
	if !ok {
		return Form{}, invalid("form", s, `must be a form such as "M,Ad,M": error A or M; trend N, A or Ad; season N, A or M`)
	}
	if err := f.check(); err != nil {
		return Form{}, err
	}
	return f, nil
}

// String returns the form's name in the literature, such as "ETS(M,Ad,M)".
func (f Form) String() string { return "ETS(" + f.letters() + ")" }

// MarshalText returns the form as text, such as "M,Ad,M", so that it encodes well to JSON. It returns an error
// ([ErrInput]) if the form is not one of [Forms].
func (f Form) MarshalText() ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return []byte(f.letters()), nil
}

// UnmarshalText is [ParseForm].
func (f *Form) UnmarshalText(text []byte) error {
	form, err := ParseForm(string(text))
	if err == nil {
		*f = form
	}
	return err
}

// letters returns the form as "M,Ad,M".
func (f Form) letters() string {
	trend := f.Trend.letter()
	if f.Damped {
		trend += "d"
	}
	return f.Error.letter() + "," + trend + "," + f.Season.letter()
}

// check returns an error if f is not one of [Forms].
func (f Form) check() error {
	var msg string
	switch {
	case f.Error != Additive && f.Error != Multiplicative:
		msg = "must have an additive or a multiplicative error"
	case f.Trend == Multiplicative:
		msg = "has a multiplicative trend, which explodes; use an additive one"
	case f.Trend != None && f.Trend != Additive:
		msg = "must have no trend or an additive one"
	case f.Damped && f.Trend == None:
		msg = "has no trend to damp"
	case f.Season != None && f.Season != Additive && f.Season != Multiplicative:
		msg = "must have no season, an additive or a multiplicative one"
	case f.Season == Multiplicative && f.Error == Additive:
		msg = "has a multiplicative season with an additive error, whose variance is infinite; use a multiplicative error"
	default:
		return nil
	}
	return invalid("form", f.String(), msg)
}

// positive reports whether the form is for positive series only.
func (f Form) positive() bool { return f.Error == Multiplicative }

// seasonal reports whether the form has a season.
func (f Form) seasonal() bool { return f.Season != None }

// letter returns A, M or N, and "?" for what is no component.
func (c Component) letter() string {
	switch c {
	case Additive:
		return "A"
	case Multiplicative:
		return "M"
	case None:
		return "N"
	}
	return "?"
}

// componentOf returns the component of a letter, and whether it has one.
func componentOf(letter byte) (c Component, ok bool) {
	switch letter {
	case 'A':
		return Additive, true
	case 'M':
		return Multiplicative, true
	case 'N':
		return None, true
	}
	return None, false
}
