package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// bounds resolves the limit's numbers for a span, in money.
func (l *limit) bounds(r *run, span salesops.Period) (low, high *exact.Num) {
	of := exact.Int(1)
	if l.Target {
		of = r.targetIn(span)
	}
	bound := func(d *exact.Num) *exact.Num {
		v := d.Mul(of).Round(r.c.places, r.c.mode)
		return &v
	}
	if l.Min != nil {
		v := exact.From(*l.Min)
		low = bound(&v)
	}
	if l.Max != nil {
		v := exact.From(*l.Max)
		high = bound(&v)
	}
	return low, high
}

// limitDeals bounds what each deal of a component has come to, refunds included.
func (r *run) limitDeals(j int, deals *dealSums) {
	k := &r.c.comps[j]
	for _, g := range deals.order {
		if t := deals.of[g]; t.early && len(k.perDeal) > 0 && k.reset != PerDeal {
			r.addDeal(t.deal, "since", r.since.String(), "is after the deal, which component %s has limits for; pass all credits from its window on, and the start of that as Since", k.ID)
		}
	}
	for i := range k.perDeal {
		l := &k.perDeal[i]
		low, high := l.bounds(r, r.c.plan.Span)
		for _, g := range deals.order {
			t := deals.of[g]
			total := t.total
			e := entry{comp: int32(j), row: -1, group: g, origin: t.origin, more: &details{limit: l, name: t.deal}}
			if high != nil && total.Cmp(*high) > 0 {
				e.kind, e.total = Capped, high.Sub(total)
				r.explainBound(&e, l, OpAtMost, total, *high)
				t.capped = t.capped.Add(e.total)
			}
			if low != nil && total.Cmp(*low) < 0 && !t.net.IsZero() {
				e.kind, e.total = Floored, low.Sub(total)
				r.explainBound(&e, l, OpAtLeast, total, *low)
			}
			if e.kind != "" {
				t.total = total.Add(e.total)
				r.entries = append(r.entries, e)
			}
		}
	}
}

// limitWindows bounds what has been earned in each window, pay period by pay
// period: totals[i] is what belongs to r.periods[i], and is changed to what is
// left of it.
func (r *run) limitWindows(l *limit, j int, totals []exact.Num) {
	carry := r.deferred(l)
	var sum, paid exact.Num // of the window so far, before and after the limit
	var window salesops.Period
	var low, high *exact.Num
	for i, p := range r.periods {
		if w := r.c.window(l.per, p.Start); i == 0 || w != window {
			window = w
			low, high = l.bounds(r, window.Intersect(r.c.plan.Span))
			sum, paid = carry, exact.Num{}
		}
		sum = sum.Add(totals[i])
		e := entry{kind: l.kind, comp: int32(j), row: -1, group: -1, origin: p}
		allowed := sum
		if high != nil {
			allowed = lowest(sum, *high)
		}
		before := paid
		e.total = allowed.Sub(paid).Sub(totals[i])
		paid = allowed
		if !e.total.IsZero() {
			e.more = &details{limit: l}
			if high != nil {
				r.explainBound(&e, l, OpAtMost, sum, *high)
				e.explainRest(r, allowed, before, totals[i])
			}
			totals[i] = totals[i].Add(e.total)
			r.entries = append(r.entries, e)
		}
		if !r.closes(window, p) {
			continue
		}
		carry = exact.Num{}
		if l.kind == Deferred {
			carry = sum.Sub(allowed)
		}
		if low != nil && paid.Cmp(*low) < 0 && r.active(window.Intersect(r.c.plan.Span)) {
			e.kind, e.total, e.more = Floored, low.Sub(paid), &details{limit: l}
			r.explainBound(&e, l, OpAtLeast, paid, *low)
			totals[i] = totals[i].Add(e.total)
			r.entries = append(r.entries, e)
		}
	}
}

// closes reports whether a pay period is the last of a limit's window in which
// anything is earned: the one that holds the last day of the window, or of the
// plan.
func (r *run) closes(window, p salesops.Period) bool {
	if part := window.Intersect(r.c.plan.Span); !part.IsEmpty() {
		window = part
	}
	return p.Contains(window.Last())
}

// deferred is what a limit withheld before since.
func (r *run) deferred(l *limit) (sum exact.Num) {
	if l.kind != Deferred {
		return sum
	}
	for i := range r.ledger {
		b := &r.ledger[i]
		if b.kind == Deferred && b.component == l.component && b.limit == l.key && b.origin.Start.Before(r.since) {
			sum = sum.Sub(b.total)
		}
	}
	return sum
}

// totals sums the entries of a component, or of all for -1, by pay period.
func (r *run) totals(j int) []exact.Num {
	out := make([]exact.Num, len(r.periods))
	at := 0
	for i := range r.entries {
		e := &r.entries[i]
		if j >= 0 && e.comp != int32(j) || e.origin.Start.Before(r.since) {
			continue
		}
		if r.periods[at].Start != e.origin.Start {
			at = r.periodIndex(e.origin.Start)
		}
		out[at] = out[at].Add(e.total)
	}
	return out
}

// periodIndex finds a pay period by its start.
func (r *run) periodIndex(start salesops.Date) int {
	lo, hi := 0, len(r.periods)-1
	for lo < hi {
		if mid := (lo + hi + 1) / 2; r.periods[mid].Start.After(start) {
			hi = mid - 1
		} else {
			lo = mid
		}
	}
	return lo
}
