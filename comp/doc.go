// Package comp answers what is owed: it computes commissions and other
// incentive pay, exact to the cent, and explains every cent.
//
//	plan, err := comp.ParsePlan(document)      // a plan is data: strict JSON
//	calc, err := comp.New(plan)                // checked once
//	statement, state, err := calc.Calculate(comp.Case{
//		Payee:   payee,                        // terms: plan, target incentive, quotas
//		Period:  quarter,                      // the pay period to close
//		Credits: credits,                      // who sold what, with refunds and payments
//		Prior:   stateOfLastTime,
//	})
//	for _, line := range statement.Lines { … } // amounts that sum to statement.Net
//
// # Model
//
// A [Deal] is an event in the source system. [Assign], [SplitDeal], [RollUp] and
// [Convert] turn deals into credits, the portions that belong to people. A
// [Plan] has components; each adds up credits over a window into a position,
// divides it by a quota if there is one, and reads the pay off a [Curve] or
// [Grid]. Gates, factors, limits, clawback, holds and draws follow in a fixed
// order (see [Calculator.Calculate]).
//
// [Calculator.Calculate] is a fold: from plan, payee, period, credits and the
// prior [State] to a [Statement] and the next State. It recomputes what
// everything has come to and books the difference to what was booked. Late
// deals, refunds, corrected quotas, new versions of a plan and second runs are
// therefore nothing special, and what was paid is never restated: each [Line]
// keeps the period in which it arose as its Origin.
//
// # Entry points
//
//	ParsePlan, Plan.Check, New                 a plan, checked, and its calculator
//	Calculator.Calculate                       one statement
//	Team                                       many statements, streamed
//	Calculator.WhatIf, Needed, Cost, TeamCost  questions
//	Diff, Line.Explain, Reason                 comparison and explanation
//	Assign, SplitDeal, RollUp, Convert         from deals to credits
//	Curve, Grid                                rate tables on their own
//	Allocate, Prorate, Amortize                small change
//
// # Where the field disagrees
//
// A position exactly on the lower bound of a band is in the band, unless Edge is
// Above. Bands have no upper bounds, so there are no gaps; the last is open.
// Retroactive pays from the first unit. Prospective reads the position after the
// credit. A flat sum is earned once, when its band is reached. Nothing is clamped
// at zero while earning: a refund past zero is paid back at the rate of the first
// band; what is paid is never below zero unless the plan says [Charge]. Credits
// are split, not commissions; direct shares sum to exactly 1, overlays come
// besides. The date of an event picks the window; the date of the booking picks
// the plan. Quotas and targets are prorated by days. Positions are recomputed
// from all credits, whatever the batches. docs/semantics.md has all of it, with
// the other readings and how to get them.
//
// # Rounding
//
// Thresholds are compared as measure ≥ from × quota, without a division. The
// exact total of a window is rounded once, half away from zero to the cent unless
// [Rounding] says otherwise, as a running total at the end of each pay period;
// what it gained is spread over the period's lines by largest remainder. So the
// lines always sum to the rounded total, and later deals do not move the cents of
// earlier ones. A line is less than a cent from its exact value (less than two
// where the total changes sign between two pay periods, or halves go to even).
//
// # Limits of input
//
// Every decimal must have an exponent within ±18 and at most 36 digits. Results
// do not depend on the globals of package decimal. Functions do not keep or change
// their arguments and have no state, so everything is safe for concurrent use.
//
// # Errors
//
// Every error wraps [ErrPlan], [ErrInput], [ErrState] or [ErrUnreachable] and is,
// or joins, [*Error] values, which name the payee, the deal and the path of the
// value and say how to mend it. Nothing panics on data. When there is an error
// there is no result.
package comp
