package funnel

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// Movement is how a pipeline came from its start to its end, in the parts of the waterfall chart. All parts are positive, or
// 0, as long as the amounts of deals are, and they add up exactly, in amounts as in counts without Increased and Decreased:
//
//	Start + Created + Reopened + PulledIn + TransferredIn + Increased
//	      - Decreased - PushedOut - Won - Lost - Left - Removed - TransferredOut = End
//
// [Classify] says which deals are in which part, and at what amount. The zero value is the movement of no deals and the
// identity of [Movement.Merge]. Merge movements that have the scope and both times in common. A movement is an accumulator
// of fixed size and a plain value: copy it freely, but do not change it from several goroutines at once.
type Movement struct {
	// Currency is that of the amounts; "" if the deals have none, or there are none.
	Currency string `json:"currency,omitempty"`
	// Start is the pipeline at the start.
	Start Part `json:"start"`
	// Created is what did not exist at the start.
	Created Part `json:"created"`
	// Reopened is what had been won, lost or left at the start.
	Reopened Part `json:"reopened"`
	// PulledIn is what was due outside the period at the start; nothing if the scope is rolling.
	PulledIn Part `json:"pulledIn"`
	// TransferredIn is what came from other groups. In the movement of a whole it equals TransferredOut.
	TransferredIn Part `json:"transferredIn"`
	// Increased is by how much amounts rose, and of how many deals.
	Increased Part `json:"increased"`
	// Decreased is by how much amounts fell, as a positive number, and of how many deals.
	Decreased Part `json:"decreased"`
	// PushedOut is what is due outside the period at the end; nothing if the scope is rolling.
	PushedOut Part `json:"pushedOut"`
	// Won is what was won.
	Won Part `json:"won"`
	// Lost is what was lost.
	Lost Part `json:"lost"`
	// Left is what left the pipeline undecided.
	Left Part `json:"left"`
	// Removed is what does not exist any more at the end. Most reports lose it from sight, and then do not add up.
	Removed Part `json:"removed"`
	// TransferredOut is what went to other groups.
	TransferredOut Part `json:"transferredOut"`
	// End is the pipeline at the end.
	End Part `json:"end"`
}

// Add counts changes, one for each deal. Every call checks and adds up all parts, which takes some 0.7 µs; a change in it takes
// some 0.04 µs and no memory. So give it many at once where there are many. A change between groups is in both TransferredIn
// and TransferredOut; for the movement of one group add its side of the change, see [Change.Split].
//
// Add counts either all changes or none. It returns an error ([ErrInput]) if:
//   - a change has an unknown entry or exit, or an amount out of bounds, or another currency than m and the changes before
//   - m was not made by this package and does not balance, or it would get too large: see [Movement.Merge]
func (m *Movement) Add(changes ...Change) error {
	var f faults
	s := f.movement(ErrInput, m)
	known := !s.isEmpty()
	for i := range changes {
		c := &changes[i]
		if c.Entry == "" {
			continue
		}
		if !known {
			s.currency, known = c.Currency, true
		}
		if f.change(i, c, s.currency) {
			s.add(c)
		}
	}
	return f.store(ErrInput, m, &s)
}

// change checks a change that does something.
func (f *faults) change(i int, c *Change, currency string) bool {
	_, entry := c.Entry.bar()
	_, exit := c.Exit.bar()
	if entry && exit && c.Currency == currency && exact.Bounded(c.EntryAmount) && exact.Bounded(c.ExitAmount) {
		return true
	}
	if !entry {
		f.add(ErrInput, c.ID, pathOf("changes", i, "entry"), string(c.Entry), "is not an entry")
	}
	f.amount(c.ID, pathOf("changes", i, "entryAmount"), c.EntryAmount)
	if !exit {
		f.add(ErrInput, c.ID, pathOf("changes", i, "exit"), string(c.Exit), "is not an exit of a change")
	}
	f.amount(c.ID, pathOf("changes", i, "exitAmount"), c.ExitAmount)
	if c.Currency != currency {
		f.add(ErrInput, c.ID, pathOf("changes", i, "currency"), c.Currency, notCurrency(currency))
	}
	return false
}

// Merge adds the movement of other deals, as that of a region is the sum of those of its teams. m may be merged with itself.
//
// Merge changes nothing if it returns an error:
//   - both have deals, and their currencies differ ([ErrMismatch])
//   - one was not made by this package and does not balance ([ErrInput])
//   - a part would count more than 2^59 deals, or reach an amount of 10^54 ([ErrInput])
func (m *Movement) Merge(o *Movement) error { return m.combine(o, ErrInput, (*movementSums).plus) }

// Sub takes away the movement of deals that are in m, and so undoes [Movement.Merge].
//
// Sub changes nothing if it returns an error:
//   - both have deals, and their currencies differ, or m does not hold what o holds ([ErrMismatch])
//   - one was not made by this package and does not balance ([ErrInput])
func (m *Movement) Sub(o *Movement) error { return m.combine(o, ErrMismatch, (*movementSums).minus) }

func (m *Movement) combine(o *Movement, kind error, with func(s, t *movementSums)) error {
	var f faults
	s, t := f.movement(ErrInput, m), f.movement(ErrInput, o)
	switch {
	case s.isEmpty():
		s.currency = t.currency
	case !t.isEmpty() && s.currency != t.currency:
		f.add(ErrMismatch, "", "currency", t.currency, notCurrency(s.currency))
	}
	with(&s, &t)
	return f.store(kind, m, &s)
}

// Balance returns Start and what came in, less what went out and End: no deals and no amount, always, if this package made
// the movement. It shows by how much a report from elsewhere fails to add up, once its parts are filled in. If a count is
// negative or above 2^59, or an amount is out of bounds, Balance is that.
func (m Movement) Balance() Part {
	var s movementSums
	for at, p := range m.parts() {
		n, ok := admitSum(p.Amount)
		if !ok || p.Count < 0 || p.Count > maxCount {
			return *p
		}
		s.count[at], s.amount[at] = p.Count, n
	}
	count, amount := s.balance()
	return Part{count, written(amount)}
}
