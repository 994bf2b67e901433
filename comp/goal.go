package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Prorate returns the part of amount, set for the whole period, that falls into
// part, by days: the first day counts, the last of a half-open period does not.
// It is rounded half away from zero to places as a difference of running totals
// from the start of whole, so that the parts of any partition sum to amount
// exactly. Days of part outside whole do not count.
//
// Prorate returns an error if:
//   - an end of whole is open, or whole is empty
//   - amount is out of bounds, or places is beyond ±18
func Prorate(amount decimal.Decimal, whole, part salesops.Period, places int32) (decimal.Decimal, error) {
	days, ok := whole.Days()
	var f faults
	f.number("amount", amount)
	if !ok || days <= 0 {
		f.add("whole", whole.String(), "must have both ends and at least one day")
	}
	if places < -18 || places > 18 {
		f.add("places", itoa(int(places)), "must be between -18 and 18")
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	part = part.Intersect(whole)
	if part.IsEmpty() {
		return decimal.Decimal{}, nil
	}
	total := exact.From(amount)
	upTo := func(d salesops.Date) exact.Num {
		return share(total, d.DaysSince(whole.Start), days, places, exact.HalfUp)
	}
	return upTo(part.End).Sub(upTo(part.Start)).Fixed(max(places, 0)), nil
}

// share is amount × n/of, rounded once.
func share(amount exact.Num, n, of int, places int32, mode exact.Mode) exact.Num {
	if n == of {
		return amount
	}
	v, _ := exact.Quo(amount.Mul(exact.Int(int64(n))), exact.Int(int64(of)), places, mode)
	return v
}

// Quota returns the quota of that name that a payee has in a period under the
// calculator's plan: the sum over the payee's terms on the plan.
//
// A goal is made of parts: the seasonal parts of each Per, or the Pers
// themselves. The part amounts are running totals of the season's weights,
// rounded to the plan's unit. Of a part that the term, an absence or the period
// cuts, the active days count; the running total of days is rounded to the
// plan's unit, so that the quotas of any partition of a period sum to its quota.
//
// Quota returns an error if:
//   - the period is open or empty
//   - no term of the payee on the plan that overlaps the period has that quota
//   - the payee's terms are not valid
func (c *Calculator) Quota(payee Payee, name string, in salesops.Period) (decimal.Decimal, error) {
	return c.goal(payee, "quotas/"+name, in, func(t *Term) (Goal, bool) {
		g, ok := t.Quotas[name]
		return g, ok
	})
}

// Target returns the target incentive that a payee has in a period under the
// calculator's plan, by the rule of [Calculator.Quota]. A payee without one has 0.
//
// Target returns an error if:
//   - the period is open or empty
//   - the payee's terms are not valid
func (c *Calculator) Target(payee Payee, in salesops.Period) (decimal.Decimal, error) {
	return c.goal(payee, "target", in, func(t *Term) (Goal, bool) { return t.Target, true })
}

func (c *Calculator) goal(payee Payee, name string, in salesops.Period, pick func(*Term) (Goal, bool)) (decimal.Decimal, error) {
	f := faults{payee: payee.ID}
	c.checkPayee(&f, &payee)
	if _, ok := in.Days(); !ok || in.IsEmpty() {
		f.add("period", in.String(), "must have both ends and at least one day")
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	total, found := c.goalIn(&payee, in, pick)
	if !found && name != "target" {
		f.add(name, in.String(), "is not among the payee's terms on plan %s in this period; add it to the term", c.plan.ID)
		return decimal.Decimal{}, f.err()
	}
	if total.Round(c.places, exact.Down).Cmp(total) != 0 {
		return total.Decimal(), nil // a whole goal that is finer than the unit
	}
	return total.Fixed(c.places), nil
}

// goalIn sums a goal over the payee's terms on the plan; found is false when no
// term that overlaps the period has the goal.
func (c *Calculator) goalIn(payee *Payee, in salesops.Period, pick func(*Term) (Goal, bool)) (total exact.Num, found bool) {
	in = in.Intersect(c.plan.Span)
	for i := range payee.Terms {
		t := &payee.Terms[i]
		if t.Plan != c.plan.ID || !t.Span.Overlaps(in) {
			continue
		}
		if g, ok := pick(t); ok {
			found = true
			total = total.Add(c.accrue(&g, t, in))
		}
	}
	return total, found
}

// accrue is the part of a term's goal that falls into a period.
func (c *Calculator) accrue(g *Goal, t *Term, in salesops.Period) (total exact.Num) {
	active := t.Span.Intersect(c.plan.Span)
	in = in.Intersect(active)
	if g.Amount.IsZero() && len(g.Ramp) == 0 || in.IsEmpty() {
		return total
	}
	ramp := g.Ramp
	for at := active.Start; at.Before(in.End) && !at.IsZero(); {
		whole := c.plan.Span
		if g.Per != "" {
			whole = c.plan.Calendar.Period(g.Per, at)
		}
		at = whole.End
		if len(ramp) == 0 && !whole.Overlaps(in) {
			continue
		}
		for i, part := range c.parts(whole, len(g.Season)) {
			if !part.Overlaps(active) {
				continue
			}
			var amount exact.Num
			if len(ramp) > 0 {
				amount, ramp = exact.From(ramp[0]), ramp[1:]
			} else {
				amount = c.seasonal(g, i)
			}
			total = total.Add(c.partOf(amount, part, t, in))
		}
	}
	return total
}

// parts splits a stretch into n equal units of the calendar, one if n is 0.
func (c *Calculator) parts(whole salesops.Period, n int) []salesops.Period {
	if n > 1 {
		for _, u := range []salesops.Unit{salesops.Year, salesops.Half, salesops.Quarter, salesops.Month, salesops.Week} {
			if parts := c.plan.Calendar.Tile(u, whole); len(parts) == n {
				return parts
			}
		}
	}
	return []salesops.Period{whole}
}

// seasonal is the goal of the i-th part of a Per.
func (c *Calculator) seasonal(g *Goal, i int) exact.Num {
	amount := exact.From(g.Amount)
	if len(g.Season) < 2 {
		return amount
	}
	var before, sum exact.Num
	for j, w := range g.Season {
		if j == i {
			before = sum
		}
		sum = sum.Add(exact.From(w))
	}
	from, _ := exact.Quo(amount.Mul(before), sum, c.places, c.mode)
	to, _ := exact.Quo(amount.Mul(before.Add(exact.From(g.Season[i]))), sum, c.places, c.mode)
	return to.Sub(from)
}

// partOf is what of a part's goal falls into a period while the term is active.
func (c *Calculator) partOf(amount exact.Num, part salesops.Period, t *Term, in salesops.Period) exact.Num {
	in = in.Intersect(part)
	if in.IsEmpty() {
		return exact.Num{}
	}
	days, _ := part.Days()
	active := part.Intersect(t.Span)
	upTo := func(d salesops.Date) exact.Num {
		return share(amount, activeDays(salesops.Period{Start: active.Start, End: d}, t.Away), days, c.places, c.mode)
	}
	return upTo(in.End).Sub(upTo(in.Start))
}

// activeDays counts the days of a period outside the absences, which are sorted
// and do not overlap (checkPayee).
func activeDays(p salesops.Period, away []salesops.Period) int {
	days, _ := p.Days()
	for _, a := range away {
		if cut := a.Intersect(p); !cut.IsEmpty() {
			n, _ := cut.Days()
			days -= n
		}
	}
	return days
}
