package metrics

import (
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// sharePlaces are the decimals to which the error of a pair is rounded for MAPE.
const sharePlaces = 12

// ForecastError is how far forecasts were off, from pairs of a forecast and what became of it: quarters of a team, or teams of a
// quarter. It is exact sums, so the error of the whole is had from those of the parts by [ForecastError.Merge].
//
// The error of a pair is actual - forecast: positive where more came than was forecast. Sums weigh the pairs by their size;
// the mean of their percentages does not, and is undefined as soon as one actual is 0.
//
// The zero value holds no pairs and is the identity of Merge. A ForecastError is a plain value of fixed size: copy it freely, but
// do not change it from several goroutines at once.
type ForecastError struct {
	// Currency is that of the amounts; "" if they have none, or there are none.
	Currency string `json:"currency,omitempty"`
	// Pairs is how many pairs there are.
	Pairs int64 `json:"pairs"`
	// ZeroActuals is how many of them have an actual of 0.
	ZeroActuals int64 `json:"zeroActuals"`
	// Forecast is Σ forecast.
	Forecast decimal.Decimal `json:"forecast"`
	// Actual is Σ actual.
	Actual decimal.Decimal `json:"actual"`
	// AbsError is Σ |actual - forecast|.
	AbsError decimal.Decimal `json:"absError"`
	// AbsActual is Σ |actual|.
	AbsActual decimal.Decimal `json:"absActual"`
	// AbsShare is Σ |actual - forecast| / |actual| over the pairs whose actual is not 0, each rounded to 12 decimals, half away
	// from zero, so that the sum is exact and does not depend on the order.
	AbsShare decimal.Decimal `json:"absShare"`
}

// Add counts a pair.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - a number is out of bounds, or makes a sum of more than 64 digits
//   - the error is more than 10^36 times the actual
//   - the currency is not that of the pairs before, or not valid UTF-8
func (e *ForecastError) Add(forecast, actual decimal.Decimal, currency string) error {
	var f faults
	fc, _ := f.amount("", "forecast", forecast)
	ac, _ := f.amount("", "actual", actual)
	if e.Pairs > 0 && currency != e.Currency {
		f.add(ErrInput, "", "currency", currency, otherCurrency(e.Currency))
	}
	if !utf8.ValidString(currency) {
		f.add(ErrInput, "", "currency", currency, "must be valid UTF-8, as JSON holds no other")
	}
	one := ForecastError{Currency: currency, Pairs: 1}
	off := ac.Sub(fc).Abs()
	if share, ok := exact.Quo(off, ac.Abs(), sharePlaces, exact.HalfUp); !ok {
		one.ZeroActuals = 1
	} else if share.Cmp(exact.New(1, 36)) > 0 {
		f.add(ErrInput, "", "actual", decimalText(actual), "is too small beside the forecast: the error is 10^36 times of it at most")
	} else {
		one.AbsShare = share.Decimal()
	}
	if err := f.err(); err != nil {
		return err
	}
	one.Forecast, one.Actual, one.AbsError, one.AbsActual = fc.Decimal(), ac.Decimal(), off.Decimal(), ac.Abs().Decimal()
	for _, a := range one.fields().amounts {
		if _, ok := admitSum(*a); !ok {
			return &Error{Path: "forecast", Msg: "and actual differ by a number of more than 64 digits", Err: ErrInput}
		}
	}
	if err := e.fields().merge(one.fields()); err != nil {
		return &Error{Path: "forecast error", Msg: "gets too large: a sum of 64 digits or 2^63-1 pairs at most", Err: ErrInput}
	}
	return nil
}

func (e *ForecastError) fields() fields {
	return fields{
		what: "forecast error", kind: 'f', currency: &e.Currency,
		counts:  []*int64{&e.Pairs, &e.ZeroActuals},
		amounts: []*decimal.Decimal{&e.Forecast, &e.Actual, &e.AbsError, &e.AbsActual, &e.AbsShare},
	}
}

// Merge adds the pairs of o, which stays as it is. nil is empty; e may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if both have pairs and their currencies differ, there are more
// than 2^63-1 pairs, or a sum has more than 64 digits.
func (e *ForecastError) Merge(o *ForecastError) error {
	if o == nil {
		return nil
	}
	return e.fields().merge(o.fields())
}

// Sub takes the pairs of o away again, which stays as it is: the inverse of [ForecastError.Merge]. nil is empty; e may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if e does not hold the pairs of o.
func (e *ForecastError) Sub(o *ForecastError) error {
	if o == nil {
		return nil
	}
	left := *e
	if err := left.fields().sub(o.fields()); err != nil {
		return err
	}
	if !left.sound() {
		return errNotHeld("forecast error")
	}
	*e = left
	return nil
}

// Signed returns the signed error, Σ (actual - forecast) ÷ Σ actual: of one pair (actual - forecast) ÷ actual. It is positive
// where more came than was forecast; errors in both directions cancel. It has no value if the actuals do not sum to more than 0.
func (e ForecastError) Signed() Figure {
	ok, s := e.sums()
	reason := e.reason(ok, "the actuals do not sum to more than 0")
	return quotient(SignedForecastError, s.actual.Sub(s.forecast), s.actual, e.Pairs, reason)
}

// WAPE returns the weighted absolute percentage error, Σ |actual - forecast| ÷ Σ |actual|. It is 0 at best, and may exceed 1. It
// does not change if all amounts are multiplied, and has no value if all actuals are 0.
func (e ForecastError) WAPE() Figure {
	ok, s := e.sums()
	return quotient(WAPE, s.absError, s.absActual, e.Pairs, e.reason(ok, noActual))
}

// MAPE returns the mean absolute percentage error, the mean of |actual - forecast| ÷ |actual| over the pairs, each rounded to 12
// decimals. It counts small pairs as much as large ones, and has no value if an actual is 0: use [ForecastError.WAPE] then.
func (e ForecastError) MAPE() Figure {
	ok, s := e.sums()
	switch {
	case !ok:
		return noValue(MAPE, e.Pairs, e.reason(ok, ""))
	case e.ZeroActuals > 0:
		return noValue(MAPE, e.Pairs, intText(e.ZeroActuals)+" of "+intText(e.Pairs)+" actuals are 0: use WAPE")
	}
	return quotient(MAPE, s.absShare, exact.Int(e.Pairs), e.Pairs, e.reason(ok, ""))
}

// Bias returns the part of the WAPE that always goes the same way, (Σ forecast - Σ actual) ÷ Σ |actual|: positive where forecasts
// are too high, which is the opposite sign of [ForecastError.Signed]. Its magnitude is the WAPE if all errors have the same
// direction, and less otherwise.
func (e ForecastError) Bias() Figure {
	ok, s := e.sums()
	return quotient(ForecastBias, s.forecast.Sub(s.actual), s.absActual, e.Pairs, e.reason(ok, noActual))
}

// Accuracy returns the forecast accuracy, 1 - WAPE. It is 1 at best, and negative where the errors exceed the actuals.
func (e ForecastError) Accuracy() Figure {
	ok, s := e.sums()
	return quotient(ForecastAccuracy, s.absActual.Sub(s.absError), s.absActual, e.Pairs, e.reason(ok, noActual))
}

const noActual = "all actuals are 0"

// errorSums are the sums to count with; all 0 if e was not made by adding, so that no figure has a value.
type errorSums struct{ forecast, actual, absError, absActual, absShare exact.Num }

func (e *ForecastError) sums() (sound bool, s errorSums) {
	if !e.sound() {
		return false, s
	}
	for i, to := range []*exact.Num{&s.forecast, &s.actual, &s.absError, &s.absActual, &s.absShare} {
		*to, _ = admitSum(*e.fields().amounts[i])
	}
	return true, s
}

// reason is why there is no figure, if so.
func (e *ForecastError) reason(sound bool, other string) string {
	switch {
	case !sound:
		return "the sums do not fit together: they were not made by adding pairs"
	case e.Pairs == 0:
		return "there is no pair of a forecast and an actual"
	}
	return other
}

// sound reports whether pairs can have left these sums.
func (e *ForecastError) sound() bool {
	var n [5]exact.Num
	for i, a := range e.fields().amounts {
		var ok bool
		if n[i], ok = admitSum(*a); !ok {
			return false
		}
	}
	forecast, actual, absError, absActual, absShare := n[0], n[1], n[2], n[3], n[4]
	switch {
	case e.ZeroActuals < 0 || e.ZeroActuals > e.Pairs,
		absError.Cmp(forecast.Sub(actual).Abs()) < 0,
		absActual.Cmp(actual.Abs()) < 0,
		absShare.Sign() < 0,
		absActual.IsZero() != (e.ZeroActuals == e.Pairs),
		absActual.IsZero() && !absShare.IsZero(),
		absError.IsZero() && !absShare.IsZero(),
		e.Pairs == 0 && (!absError.IsZero() || !forecast.IsZero() || e.Currency != ""):
		return false
	}
	return utf8.ValidString(e.Currency)
}

// check tells whether the sums do not fit together.
func (e *ForecastError) check(kind error) error {
	if !e.sound() {
		return &Error{Path: "forecast error", Msg: "does not fit together: it was not made by adding pairs", Err: kind}
	}
	return nil
}

// MarshalBinary returns a short text for the sums, the same for equal ones. It returns an error ([ErrInput]) if e was not made by
// adding pairs.
func (e ForecastError) MarshalBinary() ([]byte, error) { return marshalPlain(e) }

// UnmarshalBinary reads what [ForecastError.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and changes nothing, if
// data is anything else.
func (e *ForecastError) UnmarshalBinary(data []byte) error { return unmarshalPlain(e, data) }

// plainForecastError is a ForecastError without its methods.
type plainForecastError ForecastError

// MarshalJSON returns the sums as a JSON object of the fields. It returns an error ([ErrInput]) if e was not made by adding
// pairs.
func (e ForecastError) MarshalJSON() ([]byte, error) {
	return marshalPlainJSON(e, func(e ForecastError) plainForecastError { return plainForecastError(e) })
}

// UnmarshalJSON reads what [ForecastError.MarshalJSON] wrote; null changes nothing. It returns an error ([ErrEncoding]), and
// changes nothing, if the text is anything else, or its sums do not fit together. Fields that are left out are 0.
func (e *ForecastError) UnmarshalJSON(text []byte) error {
	return unmarshalPlainJSON(e, text, func(in plainForecastError) ForecastError { return ForecastError(in) })
}
