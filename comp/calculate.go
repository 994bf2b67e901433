package comp

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// Calculate makes the statement of a pay period, and the state to hand to the
// next one. It recomputes what every credit from Since on has come to, takes
// off what was booked, and pays the difference: late deals, refunds, new quotas,
// a new version of the plan and a second run of the same period need nothing
// special. A second run with the state of the first books nothing.
//
// In this order: measure, curve or grid, gates, factors and target, rounding,
// limits per deal, clawback, limits per window of the components, then of the
// plan, less what was booked, holds, manual amounts, draws and their recovery,
// carry. The amount of each line is a multiple of the plan's rounding unit.
//
// Calculate takes O(n log n) for n credits and ledger entries.
//
// Calculate returns an error, and no statement, if:
//   - a credit, score, manual amount or term is not valid (ErrInput): a missing
//     ID or date, another currency or payee, an ID given twice with different
//     content, a deal outside every term, a missing quota or one that is not
//     more than zero
//   - the period is not a pay period of the plan, or Since does not fit (ErrInput)
//   - Prior belongs to another plan or payee or to a later period, or has booked
//     a deal that Credits lack while Since is empty (ErrState)
func (c *Calculator) Calculate(in Case) (Statement, State, error) {
	r := run{faults: &faults{payee: in.Payee.ID}, c: c, in: &in, scratch: c.scratch(len(in.Credits))}
	defer c.release(r.scratch)
	if err := r.prepare(); err != nil {
		return Statement{}, State{}, err
	}
	for j := range c.comps {
		r.measured[j] = r.measure(&c.comps[j])
	}
	if err := r.err(); err != nil {
		return Statement{}, State{}, err
	}
	for j := range c.comps {
		first := len(r.entries)
		r.earn(j)
		r.bound(j, first)
	}
	if len(c.limits) > 0 {
		totals := r.totals(-1)
		for i := range c.limits {
			r.limitWindows(&c.limits[i], -1, totals)
		}
	}
	st, next := r.book()
	if err := r.err(); err != nil {
		return Statement{}, State{}, err
	}
	return st, next, nil
}

// prepare checks the case and settles what is to be computed.
func (r *run) prepare() error {
	if r.checkCase(); r.c.every != "" {
		r.resolve()
	}
	if err := r.err(); err != nil {
		return err
	}
	r.place()
	if err := r.err(); err != nil {
		return err
	}
	first := r.c.window(PerPeriod, r.since)
	for p := first; p.Start.Before(r.in.Period.End); p = r.c.window(PerPeriod, p.End) {
		r.periods = append(r.periods, p)
	}
	r.draws = r.c.drawsOf(&r.in.Payee)
	r.checkGap()
	r.measured = make([]measured, len(r.c.comps))
	return r.err()
}

// bound applies what works on a component's earnings: limits per deal,
// clawback, limits per window.
func (r *run) bound(j, first int) {
	k := &r.c.comps[j]
	if len(k.perDeal) > 0 || r.claws(j) {
		deals := r.sumDeals(r.entries[first:])
		r.limitDeals(j, deals)
		if r.c.claw != nil {
			r.clawBack(j, first, deals)
		}
	}
	if len(k.limits) > 0 {
		totals := r.totals(j)
		for i := range k.limits {
			r.limitWindows(&k.limits[i], j, totals)
		}
	}
}

// claws reports whether a component has items that are taken back.
func (r *run) claws(j int) bool {
	return r.c.claw != nil && slices.ContainsFunc(r.measured[j].tallies, func(t tally) bool {
		return slices.ContainsFunc(t.items, func(it item) bool { return it.claw })
	})
}

// attained tells where each component stands at the end of the period.
func (r *run) attained() []Attained {
	out := make([]Attained, 0, len(r.c.comps))
	for j := range r.c.comps {
		k := &r.c.comps[j]
		if k.reset == PerDeal {
			continue
		}
		t := r.measured[j].at(r.in.Period.Last())
		if t == nil {
			continue
		}
		a := Attained{Component: k.ID, Window: t.window, Measure: t.end.Decimal(), Pay: t.earned.Fixed(r.c.places)}
		if t.rated {
			quota, share := t.quota.Decimal(), ratio(t.end, t.quota).Decimal()
			a.Quota, a.Attainment = &quota, &share
		}
		out = append(out, a)
	}
	return out
}

// ratio is a quotient for show.
func ratio(n, den exact.Num) exact.Num {
	v, _ := exact.Quo(n, den, quotientPlaces, exact.HalfUp)
	return v
}
