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

// pay is the payment stage: from what is due in the period, all runs of it
// together, to what is paid. Balances are those with which the period opened.
func (r *run) pay(due exact.Num) []entry {
	p := r.in.Period
	var out []entry
	add := func(kind Kind, d *draw, amount exact.Num, note string, why ...Reason) {
		e := entry{kind: kind, comp: -1, row: -1, group: -1, origin: p, total: amount, note: note, more: new(details)}
		if d != nil {
			e.more.name = d.key
		}
		if r.in.Explain {
			e.explain(why...)
		}
		out = append(out, e)
	}
	var carried exact.Num
	for i := range r.ledger {
		if b := &r.ledger[i]; b.kind == Carried && b.origin.Start.Before(p.Start) {
			carried = carried.Add(b.total)
		}
	}
	pay := due.Sub(carried)
	var floor exact.Num // pay that recovery leaves alone
	for i := range r.draws {
		d := &r.draws[i]
		amount, days, of := d.amount(r, p)
		if amount.IsZero() {
			continue
		}
		part := step(Given, "draw for the period", d.ref, r.c.cash("", amount))
		if days != of {
			part.Text += ", for " + itoa(days) + " of " + itoa(of) + " days"
		}
		switch d.Kind {
		case Guarantee:
			floor = highest(floor, amount)
			if short := amount.Sub(pay); short.Sign() > 0 {
				add(Drawn, d, short, "tops pay up to the guarantee", part,
					step(Less, "short of the guarantee", d.ref, r.c.cash("guarantee", amount), r.c.cash("pay", pay)))
				pay = amount
			}
		case Advance:
			add(Advanced, d, amount.Neg(), "paid in advance", part, step(Less, "set off", d.ref, r.c.cash("", exact.Num{}), r.c.cash("advance", amount)))
			pay = pay.Sub(amount)
			if pay.Sign() < 0 {
				add(Drawn, d, pay.Neg(), "the advance exceeds pay", step(Less, "short of the advance", d.ref, r.c.cash("", exact.Num{}), r.c.cash("pay less advance", pay)))
				pay = exact.Num{}
			}
		case Extra:
			add(Drawn, d, amount, "paid besides earnings", part)
			floor = floor.Add(amount)
			pay = pay.Add(amount)
		}
	}
	for i := range r.draws {
		d := &r.draws[i]
		owed := d.owed(r.ledger, p.Start)
		surplus := pay.Sub(floor)
		if owed.Sign() <= 0 || surplus.Sign() <= 0 || !d.recovers(p) {
			continue
		}
		share := surplus.Mul(exact.From(d.Recover)).Round(r.c.places, r.c.mode)
		back := lowest(share, owed)
		if back.IsZero() {
			continue
		}
		add(Recouped, d, back.Neg(), "recovered from the draw balance",
			step(Less, "pay above what is guaranteed", "", r.c.cash("pay", pay), r.c.cash("kept", floor)),
			step(Product, "share recovered", d.ref+"/recover", r.c.cash("", surplus), arg("share", exact.From(d.Recover))),
			step(AtMost, "at most the balance", "", r.c.cash("", share), r.c.cash("balance", owed)),
			step(Less, "taken out of pay", "", r.c.cash("", exact.Num{}), r.c.cash("", back)))
		pay = pay.Sub(back)
	}
	moved := carried.Neg()
	if pay.Sign() < 0 && r.c.plan.Negative != Charge {
		moved = moved.Sub(pay)
	}
	note := "negative pay is carried on"
	if moved.Sign() < 0 {
		note = "negative pay carried on before is set off"
	}
	add(Carried, nil, moved, note,
		step(AtLeast, "negative pay carried on", "/negative", r.c.cash("none", exact.Num{}), r.c.cash("less pay", exact.Num{}.Sub(pay))),
		step(Less, "less what was carried before", "", r.c.cash("", moved.Add(carried)), r.c.cash("before", carried)))
	return out
}
