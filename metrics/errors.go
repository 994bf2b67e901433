package metrics

import (
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/fault"
)

// The kinds of error, for [errors.Is]. Every error of this package wraps one.
var (
	// ErrInput marks data that the caller can mend: deals, quotas, leads, numbers, options.
	ErrInput = errors.New("metrics: invalid input")
	// ErrMismatch marks accumulators that do not belong together: other currencies, rules or limits, or one that is to be
	// subtracted from another that does not hold it.
	ErrMismatch = errors.New("metrics: accumulators do not match")
	// ErrUndefined marks a result that does not exist for this data, such as a comparison with nothing. A KPI without a value is
	// no error: its [Figure] says why.
	ErrUndefined = errors.New("metrics: undefined")
	// ErrEncoding marks bytes or JSON that are not the encoding of the value they are read into.
	ErrEncoding = errors.New("metrics: not an encoding")
)

// Error is one fault, with the place where it is and how to mend it. A function that finds several joins them, in the
// order of the input.
type Error struct {
	// ID names the record, when it has a name: a deal, a rep, a lead.
	ID string
	// Path is where the value is in the arguments, such as "amount" or "reps/3/won".
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
	s := "metrics: "
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

// outOfBounds says that a number does not come through the door.
const outOfBounds = "is out of bounds: the exponent must be within ±18, and there must be at most 36 digits"

// amount checks that a decimal is within the bounds of the package, and returns it as a number to count with.
func (f *faults) amount(id, path string, d decimal.Decimal) (exact.Num, bool) {
	n, ok := exact.Admit(d)
	if !ok {
		f.add(ErrInput, id, path, "", outOfBounds)
	}
	return n, ok
}

// level returns a level of confidence, 0 being 0.95, and tells of one that is none.
func (f *faults) level(path string, level float64) float64 {
	if level == 0 {
		return 0.95
	}
	if !(level > 0 && level < 1) {
		f.add(ErrInput, "", path, floatText(level), "must be between 0 and 1, such as 0.95")
	}
	return level
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

// errTooMany tells that two accumulators hold too many of what is named to be merged.
func errTooMany(what string) error {
	return &Error{Path: what, Msg: "are more than 2^63-1 together: merge fewer", Err: ErrMismatch}
}

// errNotHeld tells that an accumulator does not hold what is to be taken away from it.
func errNotHeld(what string) error {
	return &Error{Path: what, Msg: "are not all held: only what was added or merged can be taken away", Err: ErrMismatch}
}

// errEncoding tells that data is not an encoding of what is named.
func errEncoding(what string, err error) error {
	return &Error{Path: what, Msg: "the text " + err.Error(), Err: ErrEncoding}
}

func floatText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// quoted is a text in an error.
func quoted(s string) string { return strconv.Quote(fault.Clip(s)) }

func intText(v int64) string { return strconv.FormatInt(v, 10) }

// decimalText is a number as text for an error, none if it is out of bounds.
func decimalText(d decimal.Decimal) string {
	if !exact.Bounded(d) {
		return ""
	}
	return d.StringFixed(max(0, -d.Exponent()))
}
