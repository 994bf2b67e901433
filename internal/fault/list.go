// Package fault collects the faults of one input, so that a caller hears of all of them at once, in input order,
// and of no more than a person reads.
package fault

import "errors"

// Most is how many faults are told; more are counted.
const Most = 20

// List is a growing list of faults. Its zero value is empty.
type List struct {
	told []error
	more int
}

// Add appends a fault, or counts it if enough are told.
func (l *List) Add(err error) {
	if len(l.told) == Most {
		l.more++
		return
	}
	l.told = append(l.told, err)
}

// Full reports whether what is added now is only counted, so that its text need not be made.
func (l *List) Full() bool { return len(l.told) == Most }

// Err returns the faults joined, nil if there is none. When some were only counted, the function rest makes
// the last error out of their number.
func (l *List) Err(rest func(n int) error) error {
	switch {
	case len(l.told) == 0:
		return nil
	case l.more > 0:
		return errors.Join(append(l.told[:Most:Most], rest(l.more))...)
	case len(l.told) == 1:
		return l.told[0]
	}
	return errors.Join(l.told...)
}

// Clip shortens a text for an error: 60 bytes are enough to find a record by.
func Clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	for i := range s {
		if i >= most {
			return s[:i] + "…"
		}
	}
	return s
}
