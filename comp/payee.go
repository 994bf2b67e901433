package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Payee is a person who is paid, with the terms of the job by date.
type Payee struct {
	// ID is unique among payees and does not change.
	ID string `json:"id"`
	// Name is for display.
	Name string `json:"name,omitempty"`
	// Terms follow one another in time and do not overlap; gaps are allowed, but
	// a deal that is booked in one is an error.
	Terms []Term `json:"terms"`
}

// Term is what holds for a payee during a span: the plan, the target incentive
// and the quotas. A hire in mid-period, a transfer and a change of quota are
// each a new Term.
type Term struct {
	// Span is when the term holds; an open end goes on.
	Span salesops.Period `json:"span,omitzero"`
	// Plan is the ID of the plan.
	Plan string `json:"plan"`
	// Target is the target incentive: variable pay at exactly 100 % of quota.
	Target Goal `json:"target,omitzero"`
	// Quotas are the quotas by name; see [Measure.Quota].
	Quotas map[string]Goal `json:"quotas,omitempty"`
	// Away are absences that reduce target and quotas by their days.
	Away []salesops.Period `json:"away,omitempty"`
	// Draws are this payee's own, besides the plan's.
	Draws []Draw `json:"draws,omitempty"`
}

// Goal is an amount set for a stretch of time: a quota, or a target incentive.
// Of a shorter stretch it is the part that falls into it, by days: see
// [Calculator.Quota] for the exact rule.
type Goal struct {
	// Amount is the goal for one whole Per.
	Amount decimal.Decimal `json:"amount"`
	// Per is the stretch that Amount is for: a unit of the plan's calendar, or,
	// when empty, the plan's span.
	Per salesops.Unit `json:"per,omitempty"`
	// Season splits each Per into equal parts of the calendar (a year into 2, 4
	// or 12, and so on) with these weights; empty: evenly by days.
	Season []decimal.Decimal `json:"season,omitempty"`
	// Ramp replaces the goals of the first parts (the first Pers, when there is
	// no Season) that a new hire's term touches, by these amounts.
	Ramp []decimal.Decimal `json:"ramp,omitempty"`
}
