package funnel

import (
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/fault"
)

// The kinds of error, for [errors.Is]. Every error of this package wraps one.
var (
	// ErrInput marks data that the caller can mend: stages, moves, spells, events, positions, options.
	ErrInput = errors.New("funnel: invalid input")
	// ErrMismatch marks accumulators that do not belong together: other pipelines, currencies, numbers of steps, or one that
	// is to be subtracted from another that does not hold it.
	ErrMismatch = errors.New("funnel: accumulators do not match")
	// ErrUndefined marks a figure that has no value for this data, such as the share of nothing.
	ErrUndefined = errors.New("funnel: undefined")
	// ErrEncoding marks bytes or JSON that are not the encoding of the value they are read into.
	ErrEncoding = errors.New("funnel: not an encoding")
)

// Error is one fault, with the place where it is and how to mend it. A function that finds several joins them, in the
// order of the input.
type Error struct {
	// ID names the record, when it has a name: a journey, a deal, a stage.
	ID string
	// Path is where the value is in the arguments, such as "moves/3/at".
	Path string
	// Value is the value as text, shortened.
	Value string
	// Msg says what is wrong and what would be right.
	Msg string
	// Err is ErrInput, ErrMismatch, ErrUndefined or ErrEncoding.
	Err error
}

// Error returns the fault as one line.
func (e *Error) Error() string {
	s := "funnel: "
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
	f.list.Add(&Error{ID: fault.Clip(id), Path: path, Value: fault.Clip(value), Msg: msg, Err: kind})
}

// amount checks that a decimal is within the bounds of the package, and returns it as a number to count with.
func (f *faults) amount(id, path string, d decimal.Decimal) (exact.Num, bool) {
	n, ok := exact.Admit(d)
	if !ok {
		f.add(ErrInput, id, path, "", "is out of bounds: the exponent must be within ±18, and there must be at most 36 digits")
	}
	return n, ok
}

func (f *faults) err() error {
	return f.list.Err(func(n int) error {
		msg := "and " + strconv.Itoa(n) + " more faults"
		if n == 1 {
			msg = "and one more fault"
		}
		return &Error{Msg: msg, Err: f.kind}
	})
}
