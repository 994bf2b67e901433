package comp

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// hold makes, for each deal of each component, the entry that keeps back what
// is earned and not payable yet. Its total is minus what is held now, so that a
// later release is the difference, like everything else.
func (r *run) hold() {
	if len(r.c.plan.Holds) == 0 {
		return
	}
	events := r.events()
	type cell struct {
		comp  int
		group int32
	}
	nets := make(map[cell]exact.Num)
	var order []cell
	add := func(c cell, v exact.Num) {
		if _, ok := nets[c]; !ok {
			order = append(order, c)
		}
		nets[c] = nets[c].Add(v)
	}
	for i := range r.entries {
		if e := &r.entries[i]; e.group >= 0 {
			add(cell{e.comp, e.group}, e.total)
		}
	}
	// Deals booked before since have no entries now; the ledger has them.
	index := make(map[string]int, len(r.c.comps))
	for j := range r.c.comps {
		index[r.c.comps[j].ID] = j
	}
	done := make([]bool, r.deals)
	for _, i := range r.order {
		w := &r.rows[i]
		if done[w.group] {
			continue
		}
		done[w.group] = true
		for _, at := range r.ledger(w.deal) {
			b := &r.in.Prior.Booked[at]
			if j, ok := index[b.Component]; ok && b.Kind.earning() && !r.seen[at] && b.Origin.Start.Before(r.since) {
				add(cell{j, w.group}, exact.From(b.Total))
			}
		}
	}
	roots := r.roots()
	for _, c := range order {
		w := roots[c.group]
		if w == nil {
			continue
		}
		h, ref := r.c.holdOf(w)
		if h == nil {
			continue
		}
		num, den := r.released(h, w, events[c.group])
		net := nets[c]
		payable := r.c.money(net.Mul(num), den)
		if net.Sign() <= 0 {
			payable = net
		}
		e := entry{kind: Held, comp: c.comp, row: -1, group: c.group, deal: w.ID, origin: w.origin, total: payable.Sub(net)}
		if w.kind() != Direct {
			e.deal, e.ref = w.lineName(), w.ID
		}
		if r.in.Explain {
			e.why = []Reason{
				step(Given, "earned for the deal", "", arg("", net)),
				step(Given, "share released by events so far", ref, arg("", ratio(num, den))),
				step(Product, "payable", "", arg("earned", net), arg("share", ratio(num, den))),
				step(Cents, "payable, in money", "/rounding", arg("", net.Mul(ratio(num, den)))).gives(payable),
				step(Less, "held (negative)", "", arg("payable", payable), arg("earned", net)),
			}
			if net.Sign() <= 0 {
				e.why = []Reason{step(Given, "nothing positive is earned, so nothing is held", ref, arg("", exact.Num{}))}
			}
		}
		r.entries = append(r.entries, e)
	}
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

// events lists the rows of each deal that can release something, and marks
// those that a hold waits for as used.
func (r *run) events() [][]int32 {
	out := make([][]int32, r.deals)
	for _, i := range r.order {
		w := &r.rows[i]
		if w.scope == aside {
			continue
		}
		switch w.event() {
		case Invoice, Payment, Release:
			if h, _ := r.c.holdOf(w); h != nil && w.root >= 0 && h.waits(w.event()) {
				r.used[i] = true
			}
		}
		out[w.group] = append(out[w.group], i)
	}
	return out
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
func (r *run) released(h *Hold, root *row, events []int32) (num, den exact.Num) {
	one := exact.Int(1)
	amount := exact.From(root.Amount) // less what was taken back
	for _, i := range events {
		switch w := &r.rows[i]; {
		case w.reversal:
			amount = amount.Add(exact.From(w.Amount))
		case w.event() == Release:
			return one, one
		}
	}
	den = amount
	if den.Sign() <= 0 {
		den = one
	}
	for _, p := range h.Parts {
		var got exact.Num // over den
		for _, i := range events {
			w := &r.rows[i]
			if w.event() != p.On || !w.Date.AddMonths(p.Months).Before(r.in.Period.End) {
				continue
			}
			if !p.Pro || p.On == Booking || amount.Sign() <= 0 {
				got = den
				break
			}
			got = got.Add(exact.From(w.Amount))
		}
		got = lowest(highest(got, exact.Num{}), den)
		num = num.Add(got.Mul(exact.From(p.Share)))
	}
	return num, den
}
