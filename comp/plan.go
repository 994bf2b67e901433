package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Plan is a commission plan as data: no expressions, no callbacks, so that it
// round-trips as JSON, can be checked, compared and shown to the people it pays.
// [ParsePlan] reads one strictly, [Plan.Check] tells all that is wrong with it,
// and [New] makes the [Calculator] that pays by it.
type Plan struct {
	// ID names the plan; a [Term] refers to it. Version counts its editions: a
	// new version of a plan takes over the state of the one before.
	ID      string `json:"id"`
	Version int    `json:"version,omitzero"`
	// Name is for display.
	Name string `json:"name,omitempty"`
	// Currency is the currency of every amount in the plan and of its credits.
	Currency string `json:"currency"`
	// Span is the time in which the plan applies. Both ends must be set.
	Span salesops.Period `json:"span"`
	// Every is the pay period: "week", "month" (also when empty), "quarter",
	// "half" or "year" of Calendar.
	Every salesops.Unit `json:"every,omitempty"`
	// Calendar is the fiscal calendar of every window; empty: calendar years.
	Calendar salesops.Calendar `json:"calendar,omitzero"`
	// Components are the parts of the plan. Their order only matters for display.
	Components []Component `json:"components"`
	// Limits cap or floor the sum of all components.
	Limits []Limit `json:"limits,omitempty"`
	// Draws are paid ahead of earnings to everyone on the plan.
	Draws []Draw `json:"draws,omitempty"`
	// Holds say when earnings are payable; the first that matches a deal
	// decides, and a deal that none matches is payable at once.
	Holds []Hold `json:"holds,omitempty"`
	// Clawback is what a refund or cancellation takes back; nil: it is a
	// negative credit on its own date, and the curves are re-run.
	Clawback *Clawback `json:"clawback,omitempty"`
	// Negative says what happens to a period whose pay is below zero.
	Negative Negative `json:"negative,omitempty"`
	// Rounding is how exact sums become money.
	Rounding Rounding `json:"rounding,omitzero"`
}

// Component is one part of a plan: a measure, read by a curve or a grid into
// pay, which gates may withhold, factors multiply and limits bound.
type Component struct {
	// ID names the component in gates, factors, statements and state; it must
	// not change between versions.
	ID string `json:"id"`
	// Name is for display.
	Name string `json:"name,omitempty"`
	// Span limits the component to deals booked in it; empty: the plan's span.
	// A SPIFF is a Step component with a Span of its own.
	Span salesops.Period `json:"span,omitzero"`
	// Measure is what the component counts.
	Measure Measure `json:"measure"`
	// Pays says what the curve's value is; empty: PaysRate.
	Pays Pays `json:"pays,omitempty"`
	// Weight is the component's share of the target incentive, for PaysTarget;
	// zero: 1. For other components it is only shown.
	Weight decimal.Decimal `json:"weight,omitzero"`
	// Curve or Grid, exactly one of them, turns the measure into pay.
	Curve *Curve `json:"curve,omitempty"`
	Grid  *Grid  `json:"grid,omitempty"`
	// Across names the component whose position picks the row of Grid; it is
	// read like that of a [Gate].
	Across string `json:"across,omitempty"`
	// Gates must all be open for the curve to work.
	Gates []Gate `json:"gates,omitempty"`
	// Factors multiply the pay, one after the other.
	Factors []Factor `json:"factors,omitempty"`
	// Limits bound what the component earns.
	Limits []Limit `json:"limits,omitempty"`
}

// Pays says what the value of a component's curve or grid is.
type Pays string

const (
	// PaysRate means a rate on the measure, in money. The rates of a curve apply to
	// the measure itself, also when its bands are told in attainment; the value
	// of a Step or Linear curve or a grid multiplies the measure.
	PaysRate Pays = "rate"
	// PaysTarget means a multiple of the component's part of the target incentive,
	// Weight × target. With a Marginal curve on attainment this is the
	// individual commission rate, target × weight / quota, of many contracts.
	PaysTarget Pays = "target"
	// PaysSum means money.
	PaysSum Pays = "sum"
)

// Measure says what a component counts, over which window, and against what.
type Measure struct {
	// Where picks credits by their tags; empty: all.
	Where Match `json:"where,omitempty"`
	// Credits picks credits by kind; empty: all.
	Credits []CreditKind `json:"credits,omitempty"`
	// On is the event that counts; empty: Booking. A refund or a cancellation
	// counts where the row that it refers to does.
	On Event `json:"on,omitempty"`
	// Of is what is added up; empty: Amount.
	Of Field `json:"of,omitempty"`
	// Score names the score that is the position, instead of credits; the
	// latest in the window counts (see [Case.Scores]).
	Score string `json:"score,omitempty"`
	// Reset is the window over which the position accumulates from zero; empty:
	// the pay period.
	Reset Window `json:"reset,omitempty"`
	// Quota names the quota of [Term.Quotas] that the position is divided by: the
	// curve's position is then attainment. Empty: it is the measure itself.
	Quota string `json:"quota,omitempty"`
	// ToDate counts quota and target incentive only up to the end of the pay
	// period, so that attainment is to date rather than of the whole window.
	ToDate bool `json:"toDate,omitempty"`
	// Lifts weigh some credits; the first that matches decides.
	Lifts []Lift `json:"lifts,omitempty"`
	// Windfall bounds what one deal counts for.
	Windfall *Windfall `json:"windfall,omitempty"`
}

// Field is what a measure adds up.
type Field string

// The fields of a credit that a measure can add up.
const (
	Amount Field = "amount" // the credited amount
	Margin Field = "margin" // the credited margin
	Units  Field = "units"  // the credited units
	// Count adds 1 for each credit of the event measured, -1 for a
	// cancellation and 0 for a refund.
	Count Field = "count"
)

// Window is a stretch of time, or a deal, over which something accumulates.
type Window string

// The windows. The empty Window is the pay period.
const (
	PerDeal    Window = "deal"    // each deal with all that refers to it
	PerPeriod  Window = "period"  // the pay period
	PerMonth   Window = "month"   // the fiscal month
	PerQuarter Window = "quarter" // the fiscal quarter
	PerHalf    Window = "half"    // the fiscal half-year
	PerYear    Window = "year"    // the fiscal year
	PerPlan    Window = "plan"    // the plan's span
)

// Match picks by tags: it holds when the value of every key is among those
// listed for it. An absent tag has the value "". The empty Match holds always.
type Match map[string][]string

// Lift weighs the credits that Where picks.
type Lift struct {
	Where Match `json:"where,omitempty"`
	// Credit is the weight towards the position and Pay the weight of what is
	// paid on; 1 and 1 change nothing. With 0.5 and 1 a renewal retires half its
	// amount of quota and is paid in full.
	Credit decimal.Decimal `json:"credit"`
	Pay    decimal.Decimal `json:"pay"`
}

// Windfall bounds what one deal, with all that refers to it, counts for.
type Windfall struct {
	// Over is the measure of a deal up to which all of it counts; above, only
	// Share of it does, which is in [0, 1].
	Over  decimal.Decimal `json:"over"`
	Share decimal.Decimal `json:"share,omitzero"`
}

// Gate lets a component's curve work only while the attainment of component Of
// (its measure, when it has no quota) reaches Reach. It is read, for each credit,
// in Of's window that holds the credit, as it stands at the end of the pay
// period: a gate on a quarter's margin lets each quarter's deals through, or
// not, also when the component itself accumulates over the year. A flat sum goes
// with the credit that reaches its band, and is lost if that one's gate is shut.
type Gate struct {
	// Of names the component that is read; it may be the gate's own.
	Of string `json:"of"`
	// Reach is the attainment to reach: 1 is 100 %.
	Reach decimal.Decimal `json:"reach"`
	// Edge says whether Reach itself is enough; empty: At, it is.
	Edge Edge `json:"edge,omitempty"`
	// Else pays instead while the gate is shut; nil: nothing is paid. The first
	// gate that is shut decides.
	Else *Curve `json:"else,omitempty"`
}

// Factor multiplies a component's pay by the value of a Step or Linear curve
// at the attainment of component Of (its measure, when it has no quota), read
// like that of a [Gate].
type Factor struct {
	// Of names the component that is read; it may be the factor's own.
	Of string `json:"of"`
	// Curve gives the factor at Of's attainment.
	Curve Curve `json:"curve"`
}

// Limit bounds what is earned in a window. It works on the window's cumulative
// total, so it holds however the window is cut into pay periods.
type Limit struct {
	// Per is the window; empty: the pay period. PerDeal bounds each deal with
	// its refunds, and only in a component. Other windows must not be shorter
	// than the pay period.
	Per Window `json:"per,omitempty"`
	// Min is paid at least, and Max at most; nil: no bound. A Min of a window
	// is granted when the window is over, a Min of a deal unless the deal nets
	// to nothing.
	Min *decimal.Decimal `json:"min,omitempty"`
	Max *decimal.Decimal `json:"max,omitempty"`
	// Target makes Min and Max multiples of the target incentive of the window.
	Target bool `json:"target,omitempty"`
	// Excess says what becomes of pay above Max; empty: Forfeit.
	Excess Excess `json:"excess,omitempty"`
}

// Excess says what becomes of pay above a limit.
type Excess string

const (
	// Forfeit loses it.
	Forfeit Excess = "forfeit"
	// Defer pays it in the next windows that have room below the limit.
	Defer Excess = "defer"
)

// Draw is pay ahead of earnings, in each pay period that overlaps Span, in
// proportion to the days of the overlap.
type Draw struct {
	// ID names the draw's balance. It may be empty when there is only one draw.
	ID   string          `json:"id,omitempty"`
	Span salesops.Period `json:"span,omitzero"`
	// Amount is the draw for one whole pay period.
	Amount decimal.Decimal `json:"amount"`
	// Kind says how the draw meets earnings.
	Kind DrawKind `json:"kind"`
	// Recover is the share, in [0, 1], of pay above Amount (above 0, once Span
	// is over) that goes to pay off the balance; zero: nothing is ever recovered.
	Recover decimal.Decimal `json:"recover,omitzero"`
	// Start is the day from which the balance is recovered; empty: at once, but
	// for Extra when Span is over.
	Start salesops.Date `json:"start,omitzero"`
	// Forgiven lets the balance lapse when Span is over.
	Forgiven bool `json:"forgiven,omitempty"`
}

// DrawKind says how a draw meets earnings.
type DrawKind string

const (
	// Guarantee tops pay up to Amount.
	Guarantee DrawKind = "guarantee"
	// Advance was paid before and is set off now; what it exceeds pay by is owed.
	Advance DrawKind = "advance"
	// Extra is paid besides earnings.
	Extra DrawKind = "extra"
)

// Hold says how much of a deal's earning is payable after which event.
type Hold struct {
	// Where picks deals by their tags; empty: all.
	Where Match `json:"where,omitempty"`
	// Parts are released one by one; their Shares sum to exactly 1.
	Parts []HoldPart `json:"parts"`
}

// HoldPart is the share of an earning that one event releases. An event Release
// for a deal releases all of it.
type HoldPart struct {
	// On is the event that releases: Booking, Invoice, Payment or Release.
	On Event `json:"on"`
	// Months delays the release after the event.
	Months int `json:"months,omitempty"`
	// Share is the part of the earning, in [0, 1].
	Share decimal.Decimal `json:"share"`
	// Pro releases the share in proportion to the amounts of the events so far,
	// of the deal's amount (of invoices sent or cash received, say).
	Pro bool `json:"pro,omitempty"`
}

// Clawback says what the refund or cancellation of a deal takes back.
type Clawback struct {
	// Months after booking in which anything is taken back; 0: no end.
	Months int `json:"months,omitempty"`
	// Shape is the share of the earning that is kept, by the share of Months
	// elapsed in whole months; nil: nothing is kept.
	Shape *Curve `json:"shape,omitempty"`
	// Rerate takes the credit out of the window in which it counted and re-runs
	// the curve there; where a share is kept, what is taken out is rounded towards
	// zero to 18 decimal places. Otherwise what the deal was booked at is reversed, at its
	// own rate.
	Rerate bool `json:"rerate,omitempty"`
	// Credit takes the refund out of attainment too, when Rerate is false.
	Credit bool `json:"credit,omitempty"`
}

// Negative says what happens to a period whose pay is below zero.
type Negative string

const (
	// Carry pays nothing and sets the rest off against later pay; it is what
	// the empty Negative means.
	Carry Negative = "carry"
	// Charge pays the negative sum: the payee owes it.
	Charge Negative = "charge"
)

// Rounding is how the exact total of a window becomes money: once, to Unit. The
// difference between roundings goes to the lines by largest remainder.
type Rounding struct {
	// Unit is the smallest amount paid, a power of ten; zero: 0.01.
	Unit decimal.Decimal `json:"unit,omitzero"`
	// Mode is what happens to halves; empty: HalfUp.
	Mode RoundingMode `json:"mode,omitempty"`
}

// RoundingMode says where a sum between two units goes.
type RoundingMode string

const (
	// HalfUp rounds to the nearest unit, halves away from zero.
	HalfUp RoundingMode = "half-up"
	// HalfEven rounds to the nearest unit, halves to the even one.
	HalfEven RoundingMode = "half-even"
	// Down rounds towards zero.
	Down RoundingMode = "down"
)
