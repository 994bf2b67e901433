package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// items picks the credits that a component measures.
func (r *run) items(k *component, m *measured) []item {
	first := len(r.scratch.items)
	var deals []exact.Num // windfall: measure so far by deal
	if k.Measure.Windfall != nil {
		deals = make([]exact.Num, r.deals)
	}
	moved := false
	for _, i := range r.order {
		w := &r.rows[i]
		if w.scope == aside || !k.measures(w) {
			continue
		}
		it := item{row: i, lift: -1, date: w.Date, origin: w.origin, measure: k.field(w)}
		if day := r.countsOn(k, it.date); day != it.date {
			it.date, it.origin, moved = day, r.c.window(PerPeriod, day), true
			if day.Before(r.since) && w.scope == inScope {
				r.addDeal(w.ID, "since", r.since.String(), "is after %s, the last day on which this credit of %s can count; pass all credits from %s on, and that day as Since", day, w.Date, r.c.align(day))
			}
		}
		if w.reversal && r.c.claw != nil {
			var ok bool
			if it, ok = r.reverse(w, it); !ok {
				continue
			}
			moved = moved || it.date != w.Date
		}
		if deals != nil {
			it.measure = k.windfall(&deals[w.group], it.measure)
		}
		for j := range k.lifts {
			if k.lifts[j].where.holds(w.tags) {
				it.lift = int16(j)
				break
			}
		}
		if w.scope == lookedUp && k.reset != PerDeal {
			r.mustBeBooked(k, w, it)
			if it.claw {
				m.past = append(m.past, it)
			}
			continue
		}
		r.used[i] = true
		r.scratch.items = append(r.scratch.items, it)
	}
	out := slices.Clip(r.scratch.items[first:])
	if moved {
		slices.SortStableFunc(out, func(a, b item) int { return a.date.Compare(b.date) })
	}
	return out
}

// mustBeBooked tells of a credit that came after its window was closed and that
// Since keeps out.
func (r *run) mustBeBooked(k *component, w *row, it item) {
	kind := Earn
	if w.reversal {
		kind = Clawed
	}
	if _, ok := r.prior[lineID(kind, k.ID, w.lineName(), it.origin.Start)]; !ok {
		r.addDeal(w.ID, "since", r.since.String(), "keeps out this credit of %s, which was not booked yet; pass all credits from %s on, and that day as Since", it.date, r.c.align(it.date))
	}
}

// lineName is the deal in line IDs: the credit's ID, with its kind if that is
// not direct.
func (w *row) lineName() string {
	if w.kind() == Direct {
		return w.ID
	}
	return w.ID + "@" + string(w.kind())
}

// measures reports whether the component measures a row.
func (k *component) measures(w *row) bool {
	if w.counts != k.on || !k.Span.Contains(w.booked) {
		return false
	}
	if kinds := k.Measure.Credits; len(kinds) > 0 && !slices.Contains(kinds, w.kind()) {
		return false
	}
	return k.Measure.Where.holds(w.tags)
}

// field is the number that the component adds up.
func (k *component) field(w *row) exact.Num {
	var d decimal.Decimal
	switch k.Measure.Of {
	case Margin:
		d = w.Margin
	case Units:
		d = w.Units
	case Count:
		switch w.event() {
		case Cancel:
			return exact.Int(-1)
		case Refund:
			return exact.Num{}
		default:
			return exact.Int(1)
		}
	default:
		d = w.Amount
	}
	return exact.From(d)
}

// windfall is what a credit adds when the deal had sum before.
func (k *component) windfall(sum *exact.Num, measure exact.Num) exact.Num {
	over, share := exact.From(k.Measure.Windfall.Over), exact.From(k.Measure.Windfall.Share)
	counts := func(m exact.Num) exact.Num {
		if m.Cmp(over) <= 0 {
			return m
		}
		return over.Add(m.Sub(over).Mul(share))
	}
	before := counts(*sum)
	*sum = sum.Add(measure)
	return counts(*sum).Sub(before)
}

// countsOn is the day on which an event counts: its own, or the nearest day of
// the plan, of the component and, before it, of the payee's time on the plan, so
// that a refund after the end meets the quota under which the deal was credited.
func (r *run) countsOn(k *component, day salesops.Date) salesops.Date {
	if k.reset == PerDeal {
		return clamp(day, r.c.plan.Span)
	}
	return r.onPlan(clamp(day, r.c.plan.Span.Intersect(k.Span)))
}

// onPlan is a day itself when the payee is on the plan, otherwise the last such
// day before it, if there is one.
func (r *run) onPlan(day salesops.Date) salesops.Date {
	var last salesops.Date
	for i := range r.in.Payee.Terms {
		t := &r.in.Payee.Terms[i]
		if t.Plan != r.c.plan.ID {
			continue
		}
		if t.Span.Contains(day) {
			return day
		}
		if end := t.Span.Last(); !end.IsZero() && end.Before(day) && end.After(last) {
			last = end
		}
	}
	if last.IsZero() {
		return day
	}
	return last
}

// clamp is the day itself or, outside the span, the nearest day of it: events of
// deals booked in the span that happen later count on its last day.
func clamp(day salesops.Date, span salesops.Period) salesops.Date {
	switch {
	case span.IsEmpty() || span.Contains(day):
		return day
	case day.Before(span.Start):
		return span.Start
	default:
		return span.Last()
	}
}
