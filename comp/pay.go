package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// draw is a Draw of the plan or of a term, with the name of its balance.
type draw struct {
	*Draw
	key  string
	ref  string
	term *Term // nil: for all terms on the plan
}

// drawsOf lists the draws of a payee: the plan's, then those of the terms.
func (c *Calculator) drawsOf(p *Payee) []draw {
	var out []draw
	add := func(d *Draw, ref string, term *Term) {
		key := d.ID
		if key == "" {
			key = ref[1:]
		}
		out = append(out, draw{d, key, ref, term})
	}
	for i := range c.plan.Draws {
		add(&c.plan.Draws[i], "/draws/"+itoa(i), nil)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		if t.Plan != c.plan.ID {
			continue
		}
		for j := range t.Draws {
			add(&t.Draws[j], "/terms/"+itoa(i)+"/draws/"+itoa(j), t)
		}
	}
	return out
}

// amount is the draw for a pay period, in proportion to the days on which it
// runs and the payee is on the plan.
func (d *draw) amount(r *run, p salesops.Period) (v exact.Num, days, of int) {
	of, _ = p.Days()
	span := p.Intersect(d.Span).Intersect(r.c.plan.Span)
	for i := range r.in.Payee.Terms {
		t := &r.in.Payee.Terms[i]
		if t.Plan != r.c.plan.ID || d.term != nil && d.term != t {
			continue
		}
		if cut := span.Intersect(t.Span); !cut.IsEmpty() {
			n, _ := cut.Days()
			days += n
		}
	}
	if days == 0 {
		return v, days, of
	}
	return share(exact.From(d.Draw.Amount), days, of, r.c.places, r.c.mode).Round(r.c.places, r.c.mode), days, of
}

// lapsed reports whether nothing is owed for the draw at a day, whatever was
// drawn: it is never recovered, or forgiven by then.
func (d *draw) lapsed(at salesops.Date) bool {
	return d.Recover.IsZero() || d.Forgiven && !at.Before(d.Span.End)
}

// owed is the draw's balance at a day, from the ledger's entries that began
// before it.
func (d *draw) owed(ledger []posted, at salesops.Date) (sum exact.Num) {
	if d.lapsed(at) {
		return sum
	}
	for i := range ledger {
		p := &ledger[i]
		if (p.kind == Drawn || p.kind == Recouped) && p.name == d.key && p.origin.Start.Before(at) {
			sum = sum.Add(p.total)
		}
	}
	return sum
}

// recovers reports whether the balance is recovered in a period.
func (d *draw) recovers(p salesops.Period) bool {
	switch {
	case d.Recover.IsZero():
		return false
	case !d.Start.IsZero():
		return !p.Start.Before(d.Start)
	case d.Kind == Extra:
		return !d.Span.End.IsZero() && !p.Start.Before(d.Span.End)
	default:
		return true
	}
}

// payment is the payment stage of a period under way.
type payment struct {
	r *run
	// pay is what is paid so far, floor the part of it that recovery leaves alone.
	pay, floor exact.Num
	entries    []entry
}

// pay is the payment stage: from what is due in the period, all runs of it
// together, to what is paid. Balances are those with which the period opened.
func (r *run) pay(due exact.Num) []entry {
	var carried exact.Num
	for i := range r.ledger {
		if b := &r.ledger[i]; b.kind == Carried && b.origin.Start.Before(r.in.Period.Start) {
			carried = carried.Add(b.total)
		}
	}
	p := payment{r: r, pay: due.Sub(carried)}
	for i := range r.draws {
		p.draw(&r.draws[i])
	}
	for i := range r.draws {
		p.recover(&r.draws[i])
	}
	p.carry(carried)
	return p.entries
}

// add makes an entry; d is nil for the carry.
func (p *payment) add(kind Kind, d *draw, amount exact.Num, note string, why ...Reason) {
	e := entry{kind: kind, comp: -1, row: -1, group: -1, origin: p.r.in.Period, total: amount, note: note, more: new(details)}
	if d != nil {
		e.more.name = d.key
	}
	if p.r.in.Explain {
		e.explain(why...)
	}
	p.entries = append(p.entries, e)
}

// draw grants a draw, or sets an advance off.
func (p *payment) draw(d *draw) {
	c, none := p.r.c, exact.Num{}
	amount, days, of := d.amount(p.r, p.r.in.Period)
	if amount.IsZero() {
		return
	}
	part := step(OpGiven, "draw for the period", d.ref, c.cash("", amount))
	if days != of {
		part.Text += ", for " + itoa(days) + " of " + itoa(of) + " days"
	}
	switch d.Kind {
	case Guarantee:
		p.floor = highest(p.floor, amount)
		if short := amount.Sub(p.pay); short.Sign() > 0 {
			p.add(Drawn, d, short, "tops pay up to the guarantee", part,
				step(OpLess, "short of the guarantee", d.ref, c.cash("guarantee", amount), c.cash("pay", p.pay)))
			p.pay = amount
		}
	case Advance:
		p.add(Advanced, d, amount.Neg(), "paid in advance", part, step(OpLess, "set off", d.ref, c.cash("nothing", none), c.cash("advance", amount)))
		if p.pay = p.pay.Sub(amount); p.pay.Sign() < 0 {
			p.add(Drawn, d, p.pay.Neg(), "the advance exceeds pay", step(OpLess, "short of the advance", d.ref, c.cash("nothing", none), c.cash("pay less advance", p.pay)))
			p.pay = none
		}
	case Extra:
		p.add(Drawn, d, amount, "paid besides earnings", part)
		p.floor = p.floor.Add(amount)
		p.pay = p.pay.Add(amount)
	}
}

// recover takes what is owed for a draw out of pay above the floor.
func (p *payment) recover(d *draw) {
	c := p.r.c
	owed := d.owed(p.r.ledger, p.r.in.Period.Start)
	surplus := p.pay.Sub(p.floor)
	if owed.Sign() <= 0 || surplus.Sign() <= 0 || !d.recovers(p.r.in.Period) {
		return
	}
	share := surplus.Mul(exact.From(d.Recover)).Round(c.places, c.mode)
	back := lowest(share, owed)
	if back.IsZero() {
		return
	}
	part := step(OpProduct, "share recovered", d.ref+"/recover", c.cash("", surplus), arg("share", exact.From(d.Recover)))
	p.add(Recouped, d, back.Neg(), "recovered from the draw balance",
		step(OpLess, "pay above what is guaranteed", "", c.cash("pay", p.pay), c.cash("kept", p.floor)),
		part,
		step(OpCents, "in money", "/rounding", Input{"", part.Out}, c.unit()).gives(share),
		step(OpAtMost, "at most the balance", "", c.cash("share", share), c.cash("balance", owed)),
		step(OpLess, "taken out of pay", "", c.cash("nothing", exact.Num{}), c.cash("recovered", back)))
	p.pay = p.pay.Sub(back)
}

// carry moves negative pay on, and tells what became of what was carried before.
func (p *payment) carry(carried exact.Num) {
	c, none := p.r.c, exact.Num{}
	on := none
	if p.pay.Sign() < 0 && c.plan.Negative != Charge {
		on = p.pay.Neg()
	}
	moved := on.Sub(carried)
	note := "negative pay is carried on"
	if moved.Sign() < 0 {
		note = "negative pay carried on before is set off"
	}
	p.add(Carried, nil, moved, note,
		step(OpGiven, "negative pay to carry on", "/negative", c.cash("", on)),
		step(OpLess, "less what was carried on before", "", c.cash("", on), c.cash("before", carried)))
}
