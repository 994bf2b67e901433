package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// item is one credit, or score, as a component sees it.
type item struct {
	row     int32         // -1 for a score
	lift    int16         // -1 for none
	claw    bool          // taken back at its booked rate: the curve does not pay it
	date    salesops.Date // on which it counts
	day     salesops.Date // of a score: its own date
	origin  salesops.Period
	measure exact.Num // for a score: the position itself
}

// tally is one window of a component.
type tally struct {
	window salesops.Period
	items  []item
	end    exact.Num // the position after all items
	quota  exact.Num // 1 when the component has none
	rated  bool      // the quota is a real one, and more than zero
	earned exact.Num // what the curve pays in all, in money
}

// measured is all that a component measures.
type measured struct {
	tallies []tally
	past    []item // refunds before since that are taken back at their booked rate
}

// at returns the tally whose window holds a day; nil if there is none.
func (m *measured) at(day salesops.Date) *tally {
	i, ok := slices.BinarySearchFunc(m.tallies, day, func(t tally, d salesops.Date) int {
		switch {
		case t.window.Contains(d):
			return 0
		case t.window.Start.After(d):
			return 1
		default:
			return -1
		}
	})
	if !ok {
		return nil
	}
	return &m.tallies[i]
}

// measure collects the items of a component and adds them up by window.
func (r *run) measure(k *component) measured {
	var m measured
	var items []item
	if k.Measure.Score != "" {
		items = r.scores(k)
	} else {
		items = r.items(k, &m)
	}
	if k.reset == PerDeal {
		m.tallies = r.byDeal(k, items)
		return m
	}
	first := r.c.window(k.reset, r.since)
	for w := first; w.Start.Before(r.in.Period.End); w = r.c.window(k.reset, w.End) {
		n := 0
		for n < len(items) && items[n].date.Before(w.End) {
			n++
		}
		t := tally{window: w, items: items[:n:n], quota: exact.Int(1)}
		items = items[n:]
		span := w.Intersect(r.c.plan.Span).Intersect(k.Span)
		if n > 0 || !span.IsEmpty() && r.active(span) {
			r.tallyUp(k, &t, span)
			m.tallies = append(m.tallies, t)
		}
		if w.End.IsZero() || k.reset == PerPlan {
			break
		}
	}
	return m
}

// active reports whether the payee is on the plan on a day of the span.
func (r *run) active(span salesops.Period) bool {
	for i := range r.in.Payee.Terms {
		if t := &r.in.Payee.Terms[i]; t.Plan == r.c.plan.ID && t.Span.Overlaps(span) {
			return true
		}
	}
	return false
}

// tallyUp finds the quota and the end position of a window.
func (r *run) tallyUp(k *component, t *tally, span salesops.Period) {
	for i := range t.items {
		if it := &t.items[i]; it.row < 0 {
			t.end = it.measure
		} else {
			t.end = t.end.Add(r.credit(k, it))
		}
	}
	name := k.Measure.Quota
	if name == "" {
		return
	}
	if k.Measure.ToDate {
		span = span.Intersect(salesops.Period{End: r.in.Period.End})
	}
	quota, found := r.c.goalIn(&r.in.Payee, span, func(term *Term) (Goal, bool) {
		g, ok := term.Quotas[name]
		return g, ok
	})
	switch {
	case !found && len(t.items) == 0 && !r.active(span):
		// The payee is not on the plan yet.
	case !found:
		r.add("payee/terms/quotas/"+name, span.String(), "is missing: component %s measures attainment; give the payee's term this quota", k.ID)
	case quota.Sign() > 0:
		t.quota, t.rated = quota, true
	case len(t.items) > 0:
		r.add("payee/terms/quotas/"+name, show(quota.Decimal()), "must be more than zero in %s: component %s has credits to measure against it", span, k.ID)
	}
}

// credit is what an item moves the position by.
func (r *run) credit(k *component, it *item) exact.Num {
	switch {
	case it.claw && !r.c.claw.Credit:
		return exact.Num{}
	case it.lift >= 0:
		return it.measure.Mul(k.lifts[it.lift].credit)
	default:
		return it.measure
	}
}

// base is what an item is paid on.
func (r *run) base(k *component, it *item) exact.Num {
	switch {
	case it.claw:
		return exact.Num{}
	case it.lift >= 0:
		return it.measure.Mul(k.lifts[it.lift].pay)
	default:
		return it.measure
	}
}

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

// scores picks the scores that a component reads, in order of date.
func (r *run) scores(k *component) []item {
	var out []item
	span := r.c.plan.Span.Intersect(k.Span)
	if span.IsEmpty() {
		return out
	}
	for i := range r.in.Scores {
		s := &r.in.Scores[i]
		day := clamp(s.Date, span)
		if s.Name == k.Measure.Score && s.Date.Before(r.in.Period.End) && !day.Before(r.since) && !s.Date.Before(span.Start) {
			out = append(out, item{row: -1, lift: -1, date: day, day: s.Date, origin: r.c.window(PerPeriod, s.Date), measure: exact.From(s.Value)})
		}
	}
	slices.SortStableFunc(out, func(a, b item) int { return a.day.Compare(b.day) })
	return out
}

// byDeal makes each deal a window of its own. A deal whose credits all lie
// before since is left alone.
func (r *run) byDeal(k *component, items []item) []tally {
	group := func(it item) int32 { return r.rows[it.row].group }
	if !slices.IsSortedFunc(items, func(a, b item) int { return int(group(a) - group(b)) }) {
		slices.SortStableFunc(items, func(a, b item) int { return int(group(a) - group(b)) })
	}
	out := make([]tally, 0, len(items))
	for len(items) > 0 {
		t := tally{window: items[0].origin, quota: exact.Int(1)}
		n, live, early := 0, false, false
		for n < len(items) && group(items[n]) == group(items[0]) {
			t.end = t.end.Add(r.credit(k, &items[n]))
			live = live || r.rows[items[n].row].scope == inScope
			early = early || r.rows[items[n].row].scope == lookedUp
			n++
		}
		if live && early && len(k.linked)+len(k.limits)+len(r.c.limits) > 0 {
			r.addDeal(r.rows[items[0].row].deal, "since", r.since.String(), "is after the deal, which component %s pays anew, under gates, factors or limits of that time; pass all credits from %s on, and that day as Since", k.ID, r.c.align(items[0].date))
		}
		if t.items = items[:n:n]; live {
			out = append(out, t)
		}
		items = items[n:]
	}
	return out
}
