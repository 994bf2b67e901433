package forecast

import (
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/fault"
)

// The kinds of error, for [errors.Is]. Every error of this package wraps one.
var (
	// ErrInput marks data that the caller can mend: deals, weights, probabilities, periods, unequal lengths.
	ErrInput = errors.New("forecast: invalid input")
	// ErrHierarchy marks nodes or overrides that make no tree: cycles, orphans, conflicts.
	ErrHierarchy = errors.New("forecast: not a hierarchy")
	// ErrUndefined marks a figure that has no value for this data, such as the coverage of a target that is met.
	ErrUndefined = errors.New("forecast: undefined")
	// ErrTooLarge marks a computation that would take more memory than its bound.
	ErrTooLarge = errors.New("forecast: too large")
)

// Error is one fault, with the place where it is and how to mend it. A function that finds several joins them, in the
// order of the input.
type Error struct {
	// ID names the record, when it has a name: a deal, a node, a rep.
	ID string
	// Path is where the value is in the arguments, such as "deals/3/amount".
	Path string
	// Value is the value as text, shortened.
	Value string
	// Msg says what is wrong and what would be right.
	Msg string
	// Err is ErrInput, ErrHierarchy, ErrUndefined or ErrTooLarge.
	Err error
}

// Error returns the fault as one line.
func (e *Error) Error() string {
	s := "forecast: "
	if e.ID != "" {
		s += e.ID + ": "
	}
	if e.Path != "" {
		s += e.Path + " "
	}
	if e.Value != "" {
		s += strconv.Quote(e.Value) + " "
	}
	return s + e.Msg
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// faults collects the faults of one input.
type faults struct {
	list fault.List
	kind error // of the last fault told
}

func (f *faults) add(kind error, id, path, value, msg string) {
	if !f.list.Full() {
		f.kind = kind
	}
	f.list.Add(&Error{ID: clip(id), Path: path, Value: clip(value), Msg: msg, Err: kind})
}

// number checks that a decimal is within the bounds of the package.
func (f *faults) number(id, path string, d decimal.Decimal) bool {
	if exact.Bounded(d) {
		return true
	}
	f.add(ErrInput, id, path, "", outOfBounds)
	return false
}

func (f *faults) err() error {
	return f.list.Err(func(n int) error {
		return &Error{Msg: "and " + strconv.Itoa(n) + " more faults", Err: f.kind}
	})
}

// clip shortens a text for an error.
func clip(s string) string { return fault.Clip(s) }
