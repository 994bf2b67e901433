package comp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// WhatIf makes the statement that the case would give with extra credits. An
// extra credit without an ID, date, currency or payee gets one: the first of
// "what-if 1", "what-if 2" and so on that is free, the last day of the period, the
// plan's currency, the case's payee.
// Without extra credits the statement is that of [Calculator.Calculate].
//
// WhatIf returns an error if:
//   - Calculate does
func (c *Calculator) WhatIf(in Case, extra ...Credit) (Statement, error) {
	st, _, err := c.Calculate(c.with(in, extra))
	return st, err
}

// whatIf starts the IDs of extra credits.
const whatIf = "what-if "

// with adds extra credits to a case.
func (c *Calculator) with(in Case, extra []Credit) Case {
	first, next := len(in.Credits), 1
	in.Credits = append(slices.Clip(in.Credits), extra...)
	taken := make(map[string]bool)
	for i := range in.Credits {
		if id := in.Credits[i].ID; len(extra) > 0 && strings.HasPrefix(id, whatIf) {
			taken[id] = true
		}
	}
	for i := first; i < len(in.Credits); i++ {
		cr := &in.Credits[i]
		for cr.ID == "" { // the first number that is free
			if id := whatIf + itoa(next); !taken[id] {
				cr.ID = id
			}
			next++
		}
		if cr.Date.IsZero() {
			cr.Date = in.Period.Last()
		}
		if cr.Currency == "" {
			cr.Currency = c.plan.Currency
		}
	}
	return in
}

// Need is the answer of [Calculator.Needed].
type Need struct {
	// More is how much more of the component's measure it takes: money, units or
	// a number of deals. It is 0, and there are no Credits, when what there is
	// earns it already, and 0 with a credit when any deal at all does.
	More decimal.Decimal `json:"more"`
	// Credits make it so, when given to [Calculator.WhatIf]: one, or one for
	// each deal when the measure is a count.
	Credits []Credit `json:"credits,omitempty"`
	// Earned is what the statement earns then: at least what was asked for.
	Earned decimal.Decimal `json:"earned"`
}

// maxCount is how many deals Needed tries for a component that counts.
const maxCount = 10_000

// Needed answers "how much more must I sell to earn this": the least extra
// measure of the component with that ID, in one deal on the last day of the period, with which
// the statement's Earned is at least pay. Money is sought in the plan's unit,
// units and deals in whole numbers, up to 10,000 deals past the last bound; one
// unit less earns less than pay. The deal
// has the first tag values that the component's Where asks for, and other
// components that measure such a deal count it too.
//
// Pay is linear, or at least rises or falls steadily, between the points where a
// curve, gate, factor or grid of the plan changes, so the answer is looked up
// stretch by stretch and then read off. A smaller answer can be missed only where
// pay turns inside a stretch: where a plan multiplies a rising with a falling
// curve of the same measure, or caps single deals while another deal is negative.
//
// Needed returns an error if:
//   - there is no such component, or it measures a score (ErrInput)
//   - no amount earns as much (ErrUnreachable)
//   - Calculate does
func (c *Calculator) Needed(in Case, id string, pay decimal.Decimal) (Need, error) {
	f := faults{payee: in.Payee.ID}
	j := slices.IndexFunc(c.comps, func(k component) bool { return k.ID == id })
	switch {
	case j < 0:
		f.add("component", id, "is not in the plan %s", c.plan.ID)
	case c.comps[j].Measure.Score != "":
		f.add("component", id, "measures a score, not credits; try scores with Calculate")
	}
	f.number("pay", pay)
	if err := f.err(); err != nil {
		return Need{}, err
	}
	q := question{c: c, in: in, k: &c.comps[j], pay: exact.From(pay)}
	q.in.Explain = false
	return q.answer()
}
