package comp

import (
	"slices"

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
		if live && early && len(k.linked)+len(k.perDeal)+len(k.limits)+len(r.c.limits) > 0 {
			r.addDeal(r.rows[items[0].row].deal, "since", r.since.String(), "is after the deal, which component %s pays anew, under gates, factors or limits of that time; pass all credits from %s on, and that day as Since", k.ID, r.c.align(items[0].date))
		}
		if t.items = items[:n:n]; live {
			out = append(out, t)
		}
		items = items[n:]
	}
	return out
}
