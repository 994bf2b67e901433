package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Statement is what a payee is owed for a pay period, line by line. The Amounts
// of its Lines sum to Net.
type Statement struct {
	// Payee is the ID of the payee.
	Payee string `json:"payee"`
	// Plan is the ID of the plan.
	Plan string `json:"plan"`
	// Version is the edition of the plan.
	Version int `json:"version,omitzero"`
	// Period is the pay period.
	Period salesops.Period `json:"period"`
	// Currency is that of all amounts.
	Currency string `json:"currency"`
	// Attained tells where each component stands in the window that holds the
	// last day of the period. Components that reset with each deal have none.
	Attained []Attained `json:"attained,omitempty"`
	// Lines are in the order of the plan: by component, date and deal, then
	// limits and holds, then manual lines, then draws and carry.
	Lines []Line `json:"lines,omitempty"`
	// Earned is what the curves, clawbacks and limits make: the sum of the lines
	// of kinds Earn, Adjust, Clawed, Capped, Floored and Deferred.
	Earned decimal.Decimal `json:"earned"`
	// Payable is Earned after holds and manual lines.
	Payable decimal.Decimal `json:"payable"`
	// Net is Payable after draws and carry: what is paid now.
	Net decimal.Decimal `json:"net"`
	// Before and After are the balances of the prior state and of the next; on a
	// second run of a period Before is what the first run left.
	Before Balances `json:"before"`
	After  Balances `json:"after"`
	// Credits is how many credits the case had, Unused those that no line and no
	// hold came from, with the reason for each.
	Credits int      `json:"credits"`
	Unused  []Unused `json:"unused,omitempty"`
}

// Attained is where a component stands in its window.
type Attained struct {
	// Component is the ID of the component.
	Component string `json:"component"`
	// Window is that of the measure's Reset.
	Window salesops.Period `json:"window"`
	// Measure is the position: all credits of the window up to the end of the
	// pay period.
	Measure decimal.Decimal `json:"measure"`
	// Quota of the window, and Attainment, Measure/Quota rounded to 12 places;
	// nil when the component has no quota (or has none because the payee was
	// away for all of the window).
	Quota      *decimal.Decimal `json:"quota,omitempty"`
	Attainment *decimal.Decimal `json:"attainment,omitempty"`
	// Pay is what the component's curve has made in the window in all, before
	// limits of a window and holds.
	Pay decimal.Decimal `json:"pay"`
}

// Line is one amount on a statement: the difference between what something
// comes to now and what was booked for it before.
type Line struct {
	// ID is the same whenever the same thing is booked: kind/component/deal/day,
	// with "/" in names as "~1" and "~" as "~0". The kind is that of the ledger
	// entry: earn also for an adjustment, hold also for a release. The day is the
	// first of the origin, or a score's own. A limit is named by its component, "#"
	// and its number.
	ID string `json:"id"`
	// Kind says what the line is.
	Kind Kind `json:"kind"`
	// Component is the ID of the component; empty for what belongs to the plan.
	Component string `json:"component,omitempty"`
	// Deal is the credit that made the line, or a draw or a manual amount by name;
	// Ref is the deal that the credit belongs to, when that is another.
	Deal string `json:"deal,omitempty"`
	Ref  string `json:"ref,omitempty"`
	// Origin is the pay period that the line belongs to by its date; it lies
	// before the statement's period for an adjustment.
	Origin salesops.Period `json:"origin"`
	// Measure is what the credit counts, Position the component's position after it.
	Measure  decimal.Decimal `json:"measure,omitzero"`
	Position decimal.Decimal `json:"position,omitzero"`
	// Booked is what was booked for it before, Amount what this statement pays:
	// together they are what it comes to now.
	Booked decimal.Decimal `json:"booked,omitzero"`
	Amount decimal.Decimal `json:"amount"`
	// Note says in words why the line is zero, or what is special about it.
	Note string `json:"note,omitempty"`
	// Why is the arithmetic, when the case asked to explain; see [Line.Explain].
	Why []Reason `json:"why,omitempty"`
}

// Kind says what a line is.
type Kind string

// The kinds of line.
const (
	Earn     Kind = "earn"     // what a credit earns in its own period
	Adjust   Kind = "adjust"   // a correction to an earlier period
	Clawed   Kind = "clawback" // taken back for a refund or cancellation
	Capped   Kind = "cap"      // above a limit, lost
	Floored  Kind = "floor"    // added to reach a minimum
	Deferred Kind = "defer"    // above a limit, paid when there is room (then positive)
	Held     Kind = "hold"     // earned but not payable yet
	Released Kind = "release"  // payable now after a hold
	Entered  Kind = "manual"   // entered by hand
	Drawn    Kind = "draw"     // paid ahead of earnings
	Advanced Kind = "advance"  // set off: it was paid before
	Recouped Kind = "recover"  // taken out of pay for a draw
	Carried  Kind = "carry"    // negative pay moved on (positive), or set off now
)

// Balances are what is open between the payee and the plan.
type Balances struct {
	// Held is earned and not yet payable.
	Held decimal.Decimal `json:"held"`
	// Deferred was withheld by a limit and is paid when there is room.
	Deferred decimal.Decimal `json:"deferred"`
	// Draw is owed by the payee for recoverable draws.
	Draw decimal.Decimal `json:"draw"`
	// Carry is negative pay not yet set off, as a positive number.
	Carry decimal.Decimal `json:"carry"`
}

// Unused is a credit that came to nothing.
type Unused struct {
	// Index is the credit's place in Case.Credits.
	Index int `json:"index"`
	// Deal is the credit's ID.
	Deal string `json:"deal"`
	// Reason says why.
	Reason string `json:"reason"`
}

// The reasons of [Unused].
const (
	unusedLater     = "dated after the period"
	unusedPlan      = "booked under another plan"
	unusedDuplicate = "the same credit was given before"
	unusedMatch     = "no component measures it"
	unusedEarlier   = "dated before Since; only looked up"
)

// Line returns the line with that ID.
func (s *Statement) Line(id string) (Line, bool) {
	for _, l := range s.Lines {
		if l.ID == id {
			return l, true
		}
	}
	return Line{}, false
}
