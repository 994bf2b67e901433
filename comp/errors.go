package comp

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/fault"
)

// The kinds of error, for [errors.Is]. Every error of this package wraps one.
var (
	// ErrPlan marks a plan that cannot be used.
	ErrPlan = errors.New("comp: invalid plan")
	// ErrInput marks data that the caller can mend: credits, payees, periods, weights.
	ErrInput = errors.New("comp: invalid input")
	// ErrState marks prior state that does not fit the case.
	ErrState = errors.New("comp: prior state does not fit")
	// ErrUnreachable marks a question that has no answer.
	ErrUnreachable = errors.New("comp: out of reach")
)

// Error is one fault, with the place where it is and how to mend it. A function
// that finds several joins them, in the order of the input.
type Error struct {
	// Payee and Deal name the record, when there is one.
	Payee, Deal string
	// Path is where the value is: a JSON pointer into a plan ("/components/0/id"),
	// or into the argument ("credits/3/amount").
	Path string
	// Value is the value as text, shortened.
	Value string
	// Msg says what is wrong and what would be right.
	Msg string
	// Err is ErrPlan, ErrInput, ErrState or ErrUnreachable.
	Err error
}

// Error returns the fault as one line.
func (e *Error) Error() string {
	s := "comp: "
	if e.Payee != "" {
		s += "payee " + e.Payee + ": "
	}
	if e.Deal != "" {
		s += "deal " + e.Deal + ": "
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

// maxFaults is how many faults of one input are told; more are counted.
const maxFaults = 20

// faults collects the faults of one input.
type faults struct {
	payee string
	kind  error // nil: ErrInput
	list  []error
	more  int
}

func (f *faults) add(path, value, format string, args ...any) {
	f.addDeal("", path, value, format, args...)
}

func (f *faults) addDeal(deal, path, value, format string, args ...any) {
	if len(f.list) == maxFaults {
		f.more++
		return
	}
	kind := f.kind
	if kind == nil {
		kind = ErrInput
	}
	f.list = append(f.list, &Error{
		Payee: clip(f.payee), Deal: clip(deal), Path: path, Value: clip(value),
		Msg: fmt.Sprintf(format, args...), Err: kind,
	})
}

// number checks that a decimal is within the bounds of the package.
func (f *faults) number(path string, d decimal.Decimal) bool {
	if exact.Bounded(d) {
		return true
	}
	f.add(path, "", outOfBounds)
	return false
}

func (f *faults) err() error {
	if f.more > 0 {
		var last *Error
		errors.As(f.list[len(f.list)-1], &last)
		return errors.Join(append(f.list, &Error{Payee: last.Payee, Msg: "and " + itoa(f.more) + " more faults", Err: last.Err})...)
	}
	return errors.Join(f.list...)
}

func itoa(n int) string { return strconv.Itoa(n) }

// clip shortens a text for an error.
func clip(s string) string { return fault.Clip(s) }
