package comp

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// CostRow is what a plan costs at one level of attainment, over its whole span.
type CostRow struct {
	// Attainment is the level: 1 is 100 %.
	Attainment decimal.Decimal `json:"attainment"`
	// Pay is what is earned, after limits.
	Pay decimal.Decimal `json:"pay"`
	// OfTarget is Pay over the target incentive; nil when there is none.
	OfTarget *decimal.Decimal `json:"ofTarget,omitempty"`
	// OfRevenue is Pay over the largest amount that a component measures, the
	// compensation cost of sales; nil when there is none. Both are rounded half
	// away from zero to 12 places.
	OfRevenue *decimal.Decimal `json:"ofRevenue,omitempty"`
}

// Cost tells what a payee earns over the plan's span when every component with a
// quota ends each of its windows at the same attainment, for each of the levels
// given. A component without a quota ends each window at its entry in volumes
// (by component ID) times the attainment; without one it stands at zero. A
// component that resets with each deal gets its volume as one deal; for the others
// limits per deal, and for all lifts and windfalls, do not come into play.
//
// Cost returns an error if:
//   - the payee's terms are not valid, or lack a quota that the plan asks for
//   - an attainment or a volume is negative or out of bounds
func (c *Calculator) Cost(payee Payee, volumes map[string]decimal.Decimal, attainments ...decimal.Decimal) ([]CostRow, error) {
	f := &faults{payee: payee.ID}
	c.checkPayee(f, &payee)
	for i, a := range attainments {
		path := "attainments/" + itoa(i)
		if f.number(path, a) && a.IsNegative() {
			f.add(path, show(a), "must not be negative")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(volumes)) {
		v := volumes[id]
		if f.number("volumes/"+id, v) && v.IsNegative() {
			f.add("volumes/"+id, show(v), "must not be negative")
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	rows := make([]CostRow, 0, len(attainments))
	for _, a := range attainments {
		row, err := c.costAt(&payee, volumes, a)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// costAt closes the plan with synthetic positions instead of credits.
func (c *Calculator) costAt(payee *Payee, volumes map[string]decimal.Decimal, at decimal.Decimal) (CostRow, error) {
	last := c.window(PerPeriod, c.plan.Span.Last())
	in := Case{Payee: *payee, Period: last}
	r := run{faults: &faults{payee: payee.ID}, c: c, in: &in, scratch: c.scratch(0)}
	defer c.release(r.scratch)
	r.since = c.align(c.plan.Span.Start)
	for p := c.window(PerPeriod, r.since); p.Start.Before(last.End); p = c.window(PerPeriod, p.End) {
		r.periods = append(r.periods, p)
	}
	var revenue exact.Num
	r.measured = make([]measured, len(c.comps))
	for j := range c.comps {
		k := &c.comps[j]
		r.measured[j] = r.suppose(k, exact.From(at), exact.From(volumes[k.ID]))
		var sum exact.Num
		for _, t := range r.measured[j].tallies {
			sum = sum.Add(t.end)
		}
		if of := k.Measure.Of; k.Measure.Score == "" && (of == "" || of == Amount) {
			revenue = highest(revenue, sum)
		}
	}
	if err := r.err(); err != nil {
		return CostRow{}, err
	}
	for j := range c.comps {
		first := len(r.entries)
		r.earn(j)
		if k := &c.comps[j]; k.reset == PerDeal {
			r.limitDeals(j, r.oneDeal(first))
		}
		r.bound(j, first)
	}
	totals := r.totals(-1)
	for i := range c.limits {
		r.limitWindows(&c.limits[i], -1, totals)
	}
	var pay exact.Num
	for i := range r.entries {
		pay = pay.Add(r.entries[i].total)
	}
	row := CostRow{Attainment: at, Pay: pay.Fixed(c.places)}
	share := func(of exact.Num) *decimal.Decimal {
		if of.Sign() <= 0 {
			return nil
		}
		v := ratio(pay, of).Decimal()
		return &v
	}
	row.OfTarget, row.OfRevenue = share(r.targetIn(c.plan.Span)), share(revenue)
	return row, nil
}

// oneDeal treats what a component has earned as one deal.
func (r *run) oneDeal(first int) *dealSums {
	d := &dealSums{of: make(map[int32]*taken)}
	for i := range r.entries[first:] {
		e := &r.entries[first+i]
		if d.of[0] == nil {
			d.of[0], d.order = &taken{origin: e.origin}, []int32{0}
		}
		d.of[0].total = d.of[0].total.Add(e.total)
		d.of[0].net = d.of[0].net.Add(e.measure)
	}
	return d
}

// suppose measures a component as if every window ended at one attainment.
func (r *run) suppose(k *component, at, volume exact.Num) (m measured) {
	reset := k.reset
	if reset == PerDeal {
		reset = PerPlan
	}
	for w := r.c.window(reset, r.since); w.Start.Before(r.in.Period.End); w = r.c.window(reset, w.End) {
		span := w.Intersect(r.c.plan.Span).Intersect(k.Span)
		if !span.IsEmpty() && r.active(span) {
			t := tally{window: w, quota: exact.Int(1)}
			r.tallyUp(k, &t, span)
			t.end = volume.Mul(at)
			if t.rated {
				t.end = t.quota.Mul(at)
			}
			day := span.Last()
			t.items = []item{{row: -1, lift: -1, date: day, origin: r.c.window(PerPeriod, day), measure: t.end}}
			m.tallies = append(m.tallies, t)
		}
		if reset == PerPlan {
			break
		}
	}
	return m
}

// Outcome is a level of attainment and the share of the team that ends there.
type Outcome struct {
	// Attainment is the level: 1 is 100 %.
	Attainment decimal.Decimal `json:"attainment"`
	// Share is the part of the team, in [0, 1].
	Share decimal.Decimal `json:"share"`
}

// TeamCost returns what the plan costs for a team whose attainment is
// distributed as told: the sum over the payees of the mean of [Calculator.Cost]
// over the outcomes, rounded once. The shares must sum to exactly 1.
//
// TeamCost returns an error if:
//   - a share is negative or out of bounds, or they do not sum to 1
//   - Cost does, for any payee
func (c *Calculator) TeamCost(payees []Payee, volumes map[string]decimal.Decimal, outcomes []Outcome) (decimal.Decimal, error) {
	var f faults
	var sum exact.Num
	levels := make([]decimal.Decimal, len(outcomes))
	for i, o := range outcomes {
		path := "outcomes/" + itoa(i) + "/share"
		if f.number(path, o.Share) {
			if o.Share.IsNegative() {
				f.add(path, show(o.Share), "must not be negative")
			}
			sum = sum.Add(exact.From(o.Share))
		}
		levels[i] = o.Attainment
	}
	if len(f.list) == 0 && sum.Cmp(exact.Int(1)) != 0 {
		f.add("outcomes", show(sum.Decimal()), "must have shares that sum to exactly 1")
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	var total exact.Num
	for _, p := range payees {
		rows, err := c.Cost(p, volumes, levels...)
		if err != nil {
			return decimal.Decimal{}, err
		}
		for i, row := range rows {
			total = total.Add(exact.From(row.Pay).Mul(exact.From(outcomes[i].Share)))
		}
	}
	return total.Round(c.places, c.mode).Fixed(c.places), nil
}
