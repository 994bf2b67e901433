package comp

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// hold makes, for each deal of each component, the entry that keeps back what
// is earned and not payable yet. Its total is minus what is held now, so that a
// later release is the difference, like everything else.
func (r *run) hold(post func(*entry)) {
	if len(r.c.plan.Holds) == 0 {
		return
	}
	roots, events := r.roots(), r.events()
	nets := append(r.nets[:0], make([]exact.Num, r.deals)...)
	met := append(r.met[:0], make([]bool, r.deals)...) // the component has earned something for the deal
	r.nets, r.met = nets, met
	var e entry
	for j, i := 0, 0; j < len(r.c.comps); j++ {
		for ; i < len(r.entries) && r.entries[i].comp == int32(j); i++ {
			if e := &r.entries[i]; e.group >= 0 {
				nets[e.group] = nets[e.group].Add(e.total)
				met[e.group] = true
			}
		}
		r.netsBefore(&r.c.comps[j], nets, met)
		for g, w := range roots {
			if w != nil && met[g] {
				r.holdDeal(&e, int32(j), int32(g), w, &events, nets[g], post)
			}
			nets[g], met[g] = exact.Num{}, false
		}
	}
}

// netsBefore adds what the ledger has for deals that were booked before since
// and that the credits still tell of.
func (r *run) netsBefore(k *component, nets []exact.Num, met []bool) {
	if len(r.ledger) == 0 || r.in.Since.IsZero() {
		return
	}
	done := make([]bool, r.deals)
	for _, i := range r.order {
		w := &r.rows[i]
		if done[w.group] {
			continue
		}
		done[w.group] = true
		for _, at := range r.about(w.deal) {
			if b := &r.ledger[at]; b.component == k.ID && b.kind.earning() && !r.seen[at] && b.origin.Start.Before(r.since) {
				nets[w.group] = nets[w.group].Add(b.total)
				met[w.group] = true
			}
		}
	}
}

// holdDeal makes the entry of one deal in one component, in e.
func (r *run) holdDeal(e *entry, comp, group int32, w *row, events *dealEvents, net exact.Num, post func(*entry)) {
	h, ref := r.c.holdOf(w)
	if h == nil {
		return
	}
	num, den := r.released(h, w, events, group)
	payable := net
	if net.Sign() > 0 {
		payable = r.c.money(net.Mul(num), den)
	}
	more := e.more
	if more == nil {
		more = new(details)
	}
	*more = details{name: w.ID}
	if w.kind() != Direct {
		more.name, more.ref = w.lineName(), w.ID
	}
	*e = entry{kind: Held, comp: comp, row: -1, group: group, origin: w.origin, total: payable.Sub(net), more: more}
	if r.in.Explain {
		r.explainHold(e, h, ref, w, events, net, payable, ratio(num, den))
	}
	post(e)
}

// holdOf returns the first hold that matches a deal.
func (c *Calculator) holdOf(w *row) (*Hold, string) {
	for i := range c.plan.Holds {
		if h := &c.plan.Holds[i]; h.Where.holds(w.tags) {
			return h, "/holds/" + itoa(i)
		}
	}
	return nil, ""
}

// roots returns the booking of each deal; nil when it is not among the credits.
func (r *run) roots() []*row {
	out := make([]*row, r.deals)
	for _, i := range r.order {
		if w := &r.rows[i]; w.root >= 0 && r.rows[w.root].scope != aside {
			out[w.group] = &r.rows[w.root]
		}
	}
	return out
}

// dealEvents chains the rows of each deal: first[group] is the first row,
// next[row] the one after it, -1 the end.
type dealEvents struct{ first, next []int32 }

// events chains the rows of each deal, and marks those that a hold waits for as
// used.
func (r *run) events() dealEvents {
	ev := dealEvents{make([]int32, r.deals), make([]int32, len(r.rows))}
	for g := range ev.first {
		ev.first[g] = -1
	}
	for _, i := range slices.Backward(r.order) {
		w := &r.rows[i]
		if w.scope == aside {
			continue
		}
		switch w.event() {
		case Invoice, Payment, Release:
			if h, _ := r.c.holdOf(w); h != nil && w.root >= 0 && h.waits(w.event()) {
				r.used[i] = true
			}
		case Refund, Cancel:
			if h, _ := r.c.holdOf(w); h != nil && w.root >= 0 {
				r.used[i] = true
			}
		default:
		}
		ev.next[i] = ev.first[w.group]
		ev.first[w.group] = i
	}
	return ev
}

func (h *Hold) waits(on Event) bool {
	for _, p := range h.Parts {
		if p.On == on {
			return true
		}
	}
	return on == Release
}

// released is the share of a deal's earning that its events so far make
// payable, as a fraction in [0, 1].
func (r *run) released(h *Hold, root *row, events *dealEvents, group int32) (num, den exact.Num) {
	one := exact.Int(1)
	for i := events.first[group]; i >= 0; i = events.next[i] {
		if r.rows[i].event() == Release {
			return one, one
		}
	}
	amount := r.amountLeft(root, events, group)
	den = amount // zero or less when nothing is left: then any event releases all
	if amount.Sign() <= 0 {
		den = one
	}
	for i := range h.Parts {
		got := r.received(&h.Parts[i], events, group, amount)
		num = num.Add(got.Mul(exact.From(h.Parts[i].Share)))
	}
	return num, den
}

// amountLeft is the amount of a deal, less what was taken back of its booking.
func (r *run) amountLeft(root *row, events *dealEvents, group int32) exact.Num {
	amount := exact.From(root.Amount)
	for i := events.first[group]; i >= 0; i = events.next[i] {
		if w := &r.rows[i]; w.reversal && w.counts == Booking {
			amount = amount.Add(exact.From(w.Amount))
		}
	}
	return amount
}

// received is what of a deal's amount the events of one part release: all of it,
// or, when nothing is left of the amount, 1.
func (r *run) received(p *HoldPart, events *dealEvents, group int32, amount exact.Num) (got exact.Num) {
	den := amount
	if amount.Sign() <= 0 {
		den = exact.Int(1)
	}
	for i := events.first[group]; i >= 0; i = events.next[i] {
		w := &r.rows[i]
		back := w.reversal && w.counts == p.On && p.Pro && p.On != Booking // cash that went back
		if w.event() != p.On && !back || !w.Date.AddMonths(p.Months).Before(r.in.Period.End) {
			continue
		}
		if !p.Pro || p.On == Booking || amount.Sign() <= 0 {
			return den
		}
		got = got.Add(exact.From(w.Amount))
	}
	return lowest(highest(got, exact.Num{}), den)
}

// explainHold shows what each part releases.
func (r *run) explainHold(e *entry, h *Hold, ref string, root *row, events *dealEvents, net, payable, share exact.Num) {
	if net.Sign() <= 0 {
		e.explain(step(OpGiven, "nothing positive is earned, so nothing is held", ref, r.c.cash("", exact.Num{})))
		return
	}
	e.explain(step(OpGiven, "earned for the deal", "", r.c.cash("", net)))
	_, den := r.released(h, root, events, e.group)
	amount := r.amountLeft(root, events, e.group)
	var parts []Input
	for i := range h.Parts {
		p := &h.Parts[i]
		part := step(OpProduct, "released by "+string(p.On), ref+"/parts/"+itoa(i),
			arg("share", exact.From(p.Share)), arg("part of it so far", ratio(r.received(p, events, e.group, amount), den)))
		e.explain(part)
		parts = append(parts, Input{string(p.On), part.Out})
	}
	if total := step(OpSum, "released so far", "", parts...); wide(total.Out).Cmp(share) == 0 {
		e.explain(total)
	} else {
		e.explain(step(OpGiven, "released so far, by a release of the deal", "", arg("", share)))
	}
	product := step(OpProduct, "payable", "", r.c.cash("earned", net), arg("share", share))
	e.explain(product)
	if exact.From(product.Out).Cmp(payable) != 0 {
		e.explain(step(OpCents, "payable, in money", "/rounding", Input{"", product.Out}, r.c.unit()).gives(payable))
	}
	e.explain(step(OpLess, "held back, as a negative sum", "", r.c.cash("payable", payable), r.c.cash("earned", net)))
}
