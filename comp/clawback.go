package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// kept is the share of an earning that stays with the payee when its deal is
// taken back on a day, as a fraction in [0, 1].
func (c *clawback) kept(booked, day salesops.Date) (num, den exact.Num) {
	one := exact.Int(1)
	elapsed := max(day.MonthsSince(booked), 0)
	switch {
	case c.Months > 0 && elapsed >= c.Months:
		return one, one
	case c.shape == nil:
		return exact.Num{}, one
	}
	r := c.shape.at(exact.Int(int64(c.Months)))
	at := exact.Int(int64(elapsed))
	num = r.value(at, r.band(at, -1))
	switch {
	case num.Sign() <= 0:
		return exact.Num{}, one
	case num.Cmp(r.den) >= 0:
		return one, one
	default:
		return num, r.den
	}
}

// reverse turns the item of a refund into what the plan's clawback policy makes
// of it; ok is false when it makes nothing of it, after a fault.
func (r *run) reverse(w *row, it item) (item, bool) {
	if w.root < 0 && (r.c.claw.Rerate || !r.isBooked(w.deal, r.in.Period.End)) {
		r.addDeal(w.ID, "credits/"+itoa(int(it.row))+"/ref", w.Ref, "is neither among the credits nor booked, so the clawback cannot tell what to take back; pass the deal's own credit")
		return it, false
	}
	if !r.c.claw.Rerate {
		it.claw = true
		return it, true
	}
	root := &r.rows[w.root]
	if root.scope == lookedUp && w.scope == inScope {
		r.addDeal(w.ID, "since", r.since.String(), "is after the deal, which the clawback re-rates; pass all credits from %s on, and that day as Since", r.c.align(root.Date))
		return it, false
	}
	if root.Date.Before(it.date) {
		it.date, it.origin = root.Date, root.origin
	}
	num, den := r.c.claw.kept(w.booked, w.Date)
	if !num.IsZero() {
		it.measure, _ = exact.Quo(it.measure.Mul(den.Sub(num)), den, 18, exact.Down)
	}
	return it, true
}

// clawBack makes the entries of the items that are taken back at their booked
// rate. first is where the component's entries start.
func (r *run) clawBack(j, first int, deals *dealSums) {
	k, m := &r.c.comps[j], &r.measured[j]
	earned := r.entries[first:]
	for ti := range m.tallies {
		for _, it := range m.tallies[ti].items {
			if !it.claw {
				continue
			}
			w := &r.rows[it.row]
			deal := deals.of[w.group]
			if deal == nil {
				deal = r.booked(k, m, w.deal, "")
				deals.of[w.group] = deal
			}
			// What was booked for the credit referred to, if it has a line of its
			// own here; otherwise for the deal.
			from := deals.line(w.base, earned)
			if from == nil && w.Ref != w.deal {
				if own := r.booked(k, m, w.deal, r.refName(w)); own.measure.Sign() > 0 {
					from = own
					deals.lines[w.base] = own
				}
			}
			if from == nil || w.Ref == w.deal {
				from = deal
			}
			e := entry{kind: Clawed, comp: int32(j), row: it.row, group: w.group, origin: it.origin, measure: it.measure}
			if from != deal {
				e.more = &details{ref: w.Ref}
			}
			var left exact.Num
			e.total, left, e.note = r.take(from, deal, w, &it)
			if r.in.Explain {
				e.explain(r.whyTaken(from, w, &it, e.total, left)...)
			}
			r.entries = append(r.entries, e)
		}
	}
}

// take returns what a refund takes back: the part of what was booked that its
// measure is of the measure booked, less the share kept. All refunds of a deal
// together take at most what was booked for it; left is what there was to take.
func (r *run) take(t, deal *taken, w *row, it *item) (amount, left exact.Num, note string) {
	base := t.base()
	if base.Sign() <= 0 || t.measure.Sign() <= 0 {
		return amount, left, "nothing was earned for " + w.Ref
	}
	most := base
	if t != deal {
		most = lowest(base, t.back.Add(deal.base().Sub(deal.back)))
	}
	left = most.Sub(t.back)
	kn, kd := r.c.claw.kept(w.booked, w.Date)
	if kn.Cmp(kd) == 0 {
		return amount, left, "the clawback window is over"
	}
	t.add(it.measure.Neg(), kn, kd)
	back := r.c.money(base.Mul(t.share), t.measure.Mul(t.den))
	if back.Cmp(most) > 0 {
		back, note = most, "all that was booked"
	}
	if back.Cmp(t.back) < 0 {
		back = t.back // what is taken back never comes back
	}
	amount = t.back.Sub(back)
	t.back = back
	if t != deal {
		deal.count(amount.Neg())
	}
	if amount.IsZero() && note == "" {
		note = "it takes back less than the smallest unit"
	}
	return amount, left, note
}

// refName is the name that the row referred to has in line IDs.
func (r *run) refName(w *row) string {
	if w.base >= 0 {
		return r.rows[w.base].lineName()
	}
	if w.kind() == Direct {
		return w.Ref
	}
	return w.Ref + "@" + string(w.kind())
}

// booked reads what the ledger says about a deal that is not recomputed, or only
// about the credit of that name. Refunds before since that are among the credits
// count with their exact share, others with the money that was taken back.
func (r *run) booked(k *component, m *measured, deal, name string) *taken {
	t := &taken{deal: deal, den: exact.Int(1)}
	var back exact.Num
	for _, i := range r.about(deal) {
		b := &r.ledger[i]
		if b.component != k.ID || name != "" && b.name != name && (b.kind != Clawed || b.target() != name) {
			continue
		}
		switch b.kind {
		case Earn:
			t.earned = t.earned.Add(b.total)
			t.measure = t.measure.Add(exact.From(b.Measure))
		case Capped:
			t.capped = t.capped.Add(b.total)
		case Clawed:
			if b.origin.Start.Before(r.since) {
				back = back.Sub(b.total)
			}
		default:
		}
	}
	for _, it := range m.past {
		if w := &r.rows[it.row]; w.deal == deal && (name == "" || r.refName(w) == name) {
			kn, kd := r.c.claw.kept(w.booked, w.Date)
			t.add(it.measure.Neg(), kn, kd)
			t.back = back
		}
	}
	if t.share.IsZero() {
		t.count(back)
	}
	return t
}

// whyTaken explains what take has just returned.
func (r *run) whyTaken(t *taken, w *row, it *item, amount, left exact.Num) []Reason {
	one := exact.Int(1)
	base := t.base()
	if base.Sign() <= 0 || t.measure.Sign() <= 0 {
		return []Reason{step(OpGiven, "nothing was earned for "+w.Ref, "/clawback", r.c.cash("", amount))}
	}
	kn, kd := r.c.claw.kept(w.booked, w.Date)
	kept, _ := exact.Quo(kn, kd, quotientPlaces, exact.HalfUp)
	part, _ := exact.Quo(it.measure.Neg(), t.measure, quotientPlaces, exact.HalfUp)
	back := step(OpProduct, "to take back", "/clawback", r.c.cash("booked", base), arg("share", part), arg("not kept", one.Sub(kept)))
	most := step(OpAtMost, "at most what is left", "", arg("", exact.From(back.Out)), r.c.cash("left", left))
	why := []Reason{
		step(OpGiven, "booked for "+w.Ref, "", r.c.cash("", base)),
		step(OpQuotient, "share of it taken back", "", arg("", it.measure.Neg()), arg("all of it", t.measure)),
		step(OpLess, "share not kept", "/clawback", arg("all", one), arg("kept", kept)),
		back,
		most,
	}
	if exact.From(most.Out).Cmp(amount.Neg()) != 0 {
		why = append(why, step(OpCents, "in money", "/rounding", arg("", exact.From(most.Out)), r.c.unit()).gives(amount.Neg()))
	}
	return append(why, step(OpLess, "taken back", "", r.c.cash("nothing", exact.Num{}), r.c.cash("", amount.Neg())))
}
