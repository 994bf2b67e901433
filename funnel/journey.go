package funnel

import (
	"time"

	"github.com/shopspring/decimal"
)

// Journey is the way of one deal through a pipeline, or of one case through a process: its moves in order of time. Flows and
// cohorts read it with a [View]; [Graph] and [Variants] read it as it is, so that any event log will do.
type Journey struct {
	// ID names the deal or case, in errors and lists.
	ID string `json:"id"`
	// Moves are the moves in order of time. Those of the same time keep the order in which they stand.
	Moves []Move `json:"moves"`
	// Amount is what the deal is worth, for sums of money beside counts; 0 is fine.
	Amount decimal.Decimal `json:"amount"`
	// Currency is that of Amount. Flows do not mix currencies.
	Currency string `json:"currency,omitempty"`
}

// Move says that a deal came to a stage, or that an activity took place.
type Move struct {
	// To is the key of the stage, or the name of the activity.
	To string `json:"to"`
	// At is when.
	At time.Time `json:"at"`
	// By is who did it, if that is known. It tells work that is repeated from work that another has to redo.
	By string `json:"by,omitempty"`
}

// Visit is one stay of a deal in a stage that is worked.
type Visit struct {
	// Stage is the key of the stage.
	Stage string `json:"stage"`
	// Nth counts the visits of the deal to this stage, from 1. A second visit is rework.
	Nth int `json:"nth"`
	// Enter is when the deal came.
	Enter time.Time `json:"enter"`
	// Leave is when it went; the zero time if it is still there.
	Leave time.Time `json:"leave,omitzero"`
	// Exit is how the visit ended; Open if it has not.
	Exit Exit `json:"exit"`
	// To is the key of the stage or end to which the deal went; "" if it is still there.
	To string `json:"to,omitempty"`
	// Skipped is how many stages that are worked the move away jumped over, going forward.
	Skipped int `json:"skipped,omitempty"`
}
