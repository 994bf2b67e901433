package metrics

import "github.com/salesops-go/salesops"

// CountPushes returns how often a deal was pushed: how many of the changes of its due date moved it to a later period of the
// calendar, such as a later month. dues are its due dates in the order in which they were set, the first one included. A move
// counts once, however far it goes, as in the push counters of CRMs: from March to May is one push. Moves within a period count
// nothing, and moves to an earlier one do not make up for others. ok is false if there is no due date, one is the zero Date,
// or u is not a unit.
//
// It takes O(n) for n dates.
func CountPushes(cal salesops.Calendar, u salesops.Unit, dues []salesops.Date) (n int, ok bool) {
	if len(dues) == 0 || !u.Valid() {
		return 0, false
	}
	for i, due := range dues {
		if due.IsZero() {
			return 0, false
		}
		// A due date is in a later period than another one if it is not before the end of that one's, open in the last year.
		if i == 0 {
			continue
		}
		if end := cal.Period(u, dues[i-1]).End; !end.IsZero() && !due.Before(end) {
			n++
		}
	}
	return n, true
}
