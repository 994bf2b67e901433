package funnel

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Entry is how a deal came into a pipeline that is watched from one time to another. "" says that it was never seen in it.
type Entry string

// The entries.
const (
	AtStart       Entry = "start"          // was in the pipeline at the start
	Created       Entry = "created"        // did not exist at the start
	Reopened      Entry = "reopened"       // had been won, lost or left at the start
	PulledIn      Entry = "pulled in"      // was due outside the period at the start, before it or after it
	TransferredIn Entry = "transferred in" // came from another group
)

// The exits that only changes have, besides Open for a deal that is in the pipeline at the end, Won, Lost and Left.
const (
	PushedOut      Exit = "pushed out"      // is due outside the period at the end, before it or after it
	Removed        Exit = "removed"         // does not exist any more at the end: deleted, merged into another
	TransferredOut Exit = "transferred out" // went to another group
)

// Change is what one deal did to a pipeline from one time to another: how it came in and how it went out. What happens in
// between follows in this order: it comes in at EntryAmount to EntryGroup; if ExitGroup is another it is transferred, still
// at EntryAmount; its amount changes by ExitAmount - EntryAmount; it goes out from ExitGroup at ExitAmount. So every change
// balances. The zero Change, and any without an Entry, does nothing. [Classify] makes changes.
type Change struct {
	// ID is that of the deal.
	ID string `json:"id"`
	// Currency is that of the amounts.
	Currency string `json:"currency,omitempty"`
	// Entry is how the deal came in; "" if it was not seen in the pipeline, and then the fields below are empty.
	Entry Entry `json:"entry,omitempty"`
	// EntryAmount is what the deal was worth when it came in.
	EntryAmount decimal.Decimal `json:"entryAmount"`
	// EntryGroup is the group to which it came in.
	EntryGroup string `json:"entryGroup,omitempty"`
	// Exit is how the deal went out; "" or Open if it is in the pipeline at the end.
	Exit Exit `json:"exit,omitempty"`
	// ExitAmount is what the deal was worth when it went out, or is worth at the end.
	ExitAmount decimal.Decimal `json:"exitAmount"`
	// ExitGroup is the group from which it went out, or in which it is at the end.
	ExitGroup string `json:"exitGroup,omitempty"`
}

// Classify returns what one deal did to a pipeline, as told by what it was before and after; nil says that it did not exist.
// The scope is a period, for the pipeline of the open deals that are due in it, or the zero Period, for that of all open
// deals, which is called rolling and has nothing pulled in or pushed out.
//
// A deal comes in for the first of these reasons that holds, and in a period for the last three only if after is due in it:
//   - AtStart, it was in the pipeline
//   - Created, it did not exist
//   - PulledIn, it was open, and due outside the period
//   - Reopened, it had been won, lost or left, and now is open or ended otherwise
//
// Then it goes out as Removed if it does not exist any more, Won, Lost or Left if it is, PushedOut if it is due outside the
// period, and else is Open. So a deal that was in the pipeline is won wherever its due date has moved. One that was not must
// be due in the period: the due date of what has ended should be the day on which it did. A deal that was created and won
// since is Created and Won, one that was lost and then won is Reopened and Won. One that is outside at both ends does
// nothing, nor does one that had ended before and ended the same way: what happened in between is not known.
//
// A deal that was open comes in at the amount and to the group it had, whatever became of them, so that growth does not hide
// in PulledIn; one that was created or reopened, which has no earlier amount in a pipeline, at those it has; one that is
// removed goes out at those it had.
//
// Classify does not allocate. It returns an error ([ErrInput]) if:
//   - the scope ends before it starts, or is empty
//   - an ID is empty, or the two differ
//   - a status is not one of a deal
//   - a due date is missing, unless the scope is rolling
//   - an amount is out of bounds: an exponent beyond ±18 or more than 36 digits
//   - the deal is seen in the pipeline, and its currency was another before or is not valid UTF-8
func Classify(scope salesops.Period, before, after *Position) (Change, error) {
	var f faults
	f.checkScope(scope)
	if before != nil {
		f.checkPosition("before", -1, before, scope)
	}
	if after != nil {
		f.checkPosition("after", -1, after, scope)
	}
	if before != nil && after != nil && before.ID != after.ID {
		f.add(ErrInput, before.ID, "after/id", after.ID, "is another deal")
	}
	if err := f.err(); err != nil {
		return Change{}, err
	}
	c := classify(scope, before, after)
	if c.Entry == "" {
		return c, nil
	}
	f.checkCurrency("before", -1, before, currencyOf(before, after))
	f.checkCurrency("after", -1, after, currencyOf(before, after))
	if err := f.err(); err != nil {
		return Change{}, err
	}
	return c, nil
}

// classify is Classify for positions that were checked.
func classify(scope salesops.Period, before, after *Position) Change {
	was, is := before.standing(scope), after.standing(scope)
	p := before
	if p == nil {
		p = after
	}
	if p == nil {
		return Change{}
	}
	c := Change{ID: p.ID}
	switch seen := is == inside || is == endedHere; {
	case was == inside:
		c.Entry = AtStart
	case !seen:
		return c
	case was == absent:
		c.Entry = Created
	case was == outside:
		c.Entry = PulledIn
	case is == endedHere && before.Status == after.Status:
		return c
	default:
		c.Entry = Reopened
	}
	from, to := before, after
	switch {
	case is == absent:
		c.Exit, to = Removed, before
	case is == inside:
		c.Exit = Open
	case is == outside:
		c.Exit = PushedOut
	default:
		c.Exit = after.Status
	}
	if c.Entry == Created || c.Entry == Reopened {
		from = after
	}
	c.Currency = to.Currency
	c.EntryAmount, c.EntryGroup = from.Amount, from.Group
	c.ExitAmount, c.ExitGroup = to.Amount, to.Group
	return c
}

// Split returns what c does in each of its groups: the first change is that of EntryGroup and ends TransferredOut, the second
// is that of ExitGroup and begins TransferredIn. If both groups are the same the first change is c, and the second does
// nothing. Together they do what c does.
func (c Change) Split() (from, to Change) {
	if c.Entry == "" || c.EntryGroup == c.ExitGroup {
		return c, Change{ID: c.ID}
	}
	from, to = c, c
	from.Exit, from.ExitAmount, from.ExitGroup = TransferredOut, c.EntryAmount, c.EntryGroup
	to.Entry, to.EntryGroup = TransferredIn, c.ExitGroup
	return from, to
}

// isIdle reports whether the deal is in the pipeline at both ends and nothing has changed.
func (c *Change) isIdle() bool {
	return c.Entry == AtStart && c.Exit.isOpen() && c.EntryGroup == c.ExitGroup && c.EntryAmount.Equal(c.ExitAmount)
}
