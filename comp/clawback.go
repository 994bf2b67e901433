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
func (r *run) reverse(k *component, w *row, it item) (item, bool) {
	if w.root < 0 && (r.c.claw.Rerate || !r.isBooked(w.deal)) {
		r.addDeal(w.ID, "credits/ref", w.Ref, "is neither among the credits nor booked, so the clawback cannot tell what to take back; pass the deal's own credit")
		return it, false
	}
	if !r.c.claw.Rerate {
		it.claw = true
		return it, true
	}
	root := &r.rows[w.root]
	if root.scope == lookedUp && k.reset != PerDeal && w.scope == inScope {
		r.addDeal(w.ID, "since", r.since.String(), "is after the deal, which the clawback re-rates; pass all credits from %s on, and that day as Since", r.c.align(root.Date))
		return it, false
	}
	if root.Date.Before(it.date) {
		it.date, it.origin = root.Date, root.origin
	}
	num, den := r.c.claw.kept(w.booked, w.Date)
	if !num.IsZero() {
		it.measure, _ = exact.Quo(it.measure.Mul(den.Sub(num)), den, quotientPlaces, exact.HalfUp)
	}
	return it, true
}

// clawBack makes the lines of the items that are taken back at their booked rate.
func (r *run) clawBack(j int, deals *dealSums) {
	k, m := &r.c.comps[j], &r.measured[j]
	for ti := range m.tallies {
		for _, it := range m.tallies[ti].items {
			if !it.claw {
				continue
			}
			w := &r.rows[it.row]
			t := deals.of[w.group]
			if t == nil {
				t = r.booked(k, w.deal)
				deals.of[w.group] = t
			}
			e := entry{kind: Clawed, comp: j, row: it.row, lift: -1, group: w.group, origin: it.origin, measure: it.measure}
			e.total, e.note = r.take(t, w, &it)
			if r.in.Explain {
				e.why = r.whyTaken(t, w, &it, e.total)
			}
			r.entries = append(r.entries, e)
		}
	}
}

// take returns what a refund takes back of a deal: the part of what the deal
// was booked at that its measure is of the deal's, less the share kept. All
// refunds together take at most what was booked.
func (r *run) take(t *taken, w *row, it *item) (amount exact.Num, note string) {
	base := t.earned.Add(t.capped)
	if base.Sign() <= 0 || t.measure.Sign() <= 0 {
		return amount, "nothing was earned for " + w.deal
	}
	kn, kd := r.c.claw.kept(w.booked, w.Date)
	if kn.Cmp(kd) == 0 {
		return amount, "the clawback window is over"
	}
	part := it.measure.Neg().Mul(kd.Sub(kn))
	if t.den.Cmp(kd) == 0 {
		t.share = t.share.Add(part)
	} else {
		t.share = t.share.Mul(kd).Add(part.Mul(t.den))
		t.den = t.den.Mul(kd)
	}
	back := r.c.money(base.Mul(t.share), t.measure.Mul(t.den))
	if back.Cmp(base) > 0 {
		back, note = base, "all that was booked for "+w.deal
	}
	if back.Cmp(t.back) < 0 {
		back = t.back // what is taken back never comes back
	}
	amount = t.back.Sub(back)
	t.back = back
	return amount, note
}

// booked reads what the ledger says about a deal that is not recomputed.
func (r *run) booked(k *component, deal string) *taken {
	t := &taken{deal: deal, den: exact.Int(1)}
	for _, i := range r.ledger(deal) {
		b := &r.in.Prior.Booked[i]
		if b.Component != k.ID {
			continue
		}
		total := exact.From(b.Total)
		switch b.Kind {
		case Earn:
			t.earned = t.earned.Add(total)
			t.measure = t.measure.Add(exact.From(b.Measure))
		case Capped:
			t.capped = t.capped.Add(total)
		case Clawed:
			if b.Origin.Start.Before(r.since) {
				t.back = t.back.Sub(total)
			}
		}
	}
	if t.measure.Sign() > 0 && t.earned.Sign() > 0 {
		// What was taken back before counts as its share of the deal.
		t.share = t.back.Mul(t.measure)
		t.den = t.earned.Add(t.capped)
		if t.den.Sign() <= 0 {
			t.share, t.den = exact.Num{}, exact.Int(1)
		}
	}
	return t
}

// whyTaken explains what take has just returned.
func (r *run) whyTaken(t *taken, w *row, it *item, amount exact.Num) []Reason {
	one := exact.Int(1)
	base := t.earned.Add(t.capped)
	if base.Sign() <= 0 || t.measure.Sign() <= 0 {
		return []Reason{step(Given, "nothing was earned for "+w.deal, "/clawback", arg("", amount))}
	}
	kn, kd := r.c.claw.kept(w.booked, w.Date)
	kept, _ := exact.Quo(kn, kd, quotientPlaces, exact.HalfUp)
	part, _ := exact.Quo(it.measure.Neg(), t.measure, quotientPlaces, exact.HalfUp)
	back := base.Mul(part).Mul(one.Sub(kept)).Neg()
	left := base.Sub(t.back).Sub(amount)
	return []Reason{
		step(Given, "booked for "+w.deal, "", arg("", base)),
		step(Quotient, "share of the deal taken back", "", arg("", it.measure.Neg()), arg("of", t.measure)),
		step(Less, "share not kept", "/clawback", arg("all", one), arg("kept", kept)),
		step(Product, "to take back", "/clawback", arg("", exact.Int(-1)), arg("booked", base), arg("share", part), arg("not kept", one.Sub(kept))),
		step(AtLeast, "at most what is left", "", arg("", back), arg("left", left.Neg())),
		step(Cents, "in money", "/rounding", arg("", highest(back, left.Neg()))).gives(amount),
	}
}
