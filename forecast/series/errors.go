package series

import (
	"errors"
	"math"
	"strconv"
)

// The kinds of error, for [errors.Is]. Every error of this package wraps one.
var (
	// ErrInput marks data or arguments that the caller can mend: NaN, infinities, unequal lengths, h below 1, a
	// season below 1.
	ErrInput = errors.New("series: invalid input")
	// ErrTooShort marks a series with fewer values than a method or metric needs; Need and Have of [Error] say how many.
	ErrTooShort = errors.New("series: too short")
	// ErrNonPositive marks a value that a multiplicative form cannot take.
	ErrNonPositive = errors.New("series: not positive")
	// ErrUndefined marks a figure that has no value for this data, such as a percentage of zero.
	ErrUndefined = errors.New("series: undefined")
)

// Error is one fault, with the place where it is and how to mend it.
type Error struct {
	// Path is where the value is: "y/3", "actual/0", "h", "leaves/north/2".
	Path string
	// Value is the value as text, if one is at fault.
	Value string
	// Need and Have are the least number of values needed and the number there is, when Err is ErrTooShort.
	Need, Have int
	// Msg says what is wrong and what would be right.
	Msg string
	// Err is ErrInput, ErrTooShort, ErrNonPositive or ErrUndefined; or the error of a method that [Backtest] ran.
	Err error
}

// Error returns the fault as one line.
func (e *Error) Error() string {
	s := "series: "
	if e.Path != "" {
		s += e.Path + ": "
	}
	s += e.Msg
	if e.Value != "" {
		s += " (got " + e.Value + ")"
	}
	return s
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// invalid returns an ErrInput.
func invalid(path, value, msg string) error {
	return &Error{Path: path, Value: value, Msg: msg, Err: ErrInput}
}

// undefined returns an ErrUndefined.
func undefined(path, msg string) error {
	return &Error{Path: path, Msg: msg, Err: ErrUndefined}
}

// tooShort returns an ErrTooShort of the series y.
func tooShort(what string, need, have int) error {
	return &Error{
		Path: "y", Need: need, Have: have, Err: ErrTooShort,
		Msg: what + " needs " + strconv.Itoa(need) + " values, there are " + strconv.Itoa(have),
	}
}

// checkFinite returns an ErrInput for the first value of y that is NaN or infinite.
func checkFinite(path string, y []float64) error {
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return invalid(path+"/"+strconv.Itoa(i), text(v), "must be a finite number; fill gaps before")
		}
	}
	return nil
}

// checkPositive returns an ErrNonPositive for the first value of y that is not above zero.
func checkPositive(what string, y []float64) error {
	for i, v := range y {
		if !(v > 0) {
			return &Error{
				Path: "y/" + strconv.Itoa(i), Value: text(v), Err: ErrNonPositive,
				Msg: "must be above zero for " + what + "; use an additive form",
			}
		}
	}
	return nil
}

// text returns v as short text.
func text(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
