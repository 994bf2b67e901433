package salesops

import (
	"errors"
	"strconv"
)

// The causes of an [Error], to be tested with [errors.Is].
var (
	ErrDate     = errors.New("salesops: not a date")               // text or a column value that is not a date
	ErrPeriod   = errors.New("salesops: not a period")             // a period that ends before it starts
	ErrCalendar = errors.New("salesops: not a calendar")           // a setting of a Calendar that has no meaning
	ErrName     = errors.New("salesops: not the name of a period") // a name that Calendar.Parse cannot resolve
)

// Error says which value is wrong and what would be right. Every error of this package is an Error or, where several
// faults are reported together, an [errors.Join] of Errors.
type Error struct {
	Path  string // what was wrong: "date", "period", "name", or a field such as "calendar.holidays[3]"
	Value string // the value, quoted if it is text, cut after 40 bytes
	Msg   string // what is accepted
	Err   error  // ErrDate, ErrPeriod, ErrCalendar or ErrName
}

// Error returns the place, the remedy and the value in one line.
func (e *Error) Error() string {
	return "salesops: " + e.Path + ": " + e.Msg + " (got " + e.Value + ")"
}

// Unwrap returns the cause, one of the Err values of this package.
func (e *Error) Unwrap() error { return e.Err }

// quoted returns s in quotes, cut after 40 bytes, so that hostile text neither floods nor garbles a log.
func quoted(s string) string {
	if len(s) > 40 {
		return strconv.Quote(s[:40]) + "..."
	}
	return strconv.Quote(s)
}
