package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// book takes off what was booked, adds the payment stage and makes the statement
// and the next state.
func (r *run) book() (Statement, State) {
	in := r.in
	st := Statement{
		Payee: in.Payee.ID, Plan: r.c.plan.ID, Version: r.c.plan.Version, Period: in.Period, Currency: r.c.plan.Currency,
		Attained: r.attained(), Credits: len(in.Credits),
	}
	next := State{Plan: r.c.plan.ID, Payee: in.Payee.ID, Period: in.Period}
	st.Before = r.balances(nil, in.Prior.Period.End)
	n := len(r.entries)
	if len(r.c.plan.Holds) > 0 {
		n *= 2
	}
	st.Lines = make([]Line, 0, n+4)
	next.Booked = make([]Booked, 0, n+len(in.Prior.Booked)+4)

	var earned, payable exact.Num
	for i := range r.entries {
		earned = earned.Add(r.post(&st, &next, &r.entries[i]))
	}
	r.hold(func(e *entry) { payable = payable.Add(r.post(&st, &next, e)) })
	gone, released := r.vanished(&st, &next)
	earned = earned.Add(gone)
	payable = payable.Add(released)
	for i := range in.Manual {
		m := &in.Manual[i]
		e := entry{kind: Entered, comp: -1, row: -1, group: -1, origin: in.Period, total: exact.From(m.Amount), note: m.Note, more: &details{name: m.ID}}
		if in.Explain {
			e.explain(step(OpGiven, "entered by hand", "", r.c.cash("", e.total)))
		}
		payable = payable.Add(r.post(&st, &next, &e))
	}
	payable = payable.Add(earned)
	due := payable
	if in.Prior.Period == in.Period {
		due = due.Add(exact.From(in.Prior.Due))
	}
	net := payable
	for _, e := range r.pay(due) {
		net = net.Add(r.post(&st, &next, &e))
	}
	for i := range r.ledger {
		switch p := &r.ledger[i]; {
		case r.seen[i]:
		case p.kind.paying() && p.origin == in.Period:
			net = net.Add(r.undo(&st, &next, i, "not needed after all"))
		default:
			next.Booked = append(next.Booked, *p.Booked)
		}
	}
	if next.Due = due.Fixed(r.c.places); !exact.Bounded(next.Due) {
		r.add("calculation", "", "comes to a sum with more than 36 digits; use smaller amounts")
	}
	st.Earned, st.Payable, st.Net = earned.Fixed(r.c.places), payable.Fixed(r.c.places), net.Fixed(r.c.places)
	st.After = r.balances(st.Lines, in.Period.End)
	st.Unused = r.leftOver()
	return st, next
}

// leftOver lists the credits that nothing came from.
func (r *run) leftOver() []Unused {
	for i := range r.rows {
		if w := &r.rows[i]; w.scope != aside && !r.used[i] {
			reason := unusedMatch
			if w.scope == lookedUp {
				reason = unusedEarlier
			}
			r.setAside(i, reason)
		}
	}
	slices.SortFunc(r.unused, func(a, b Unused) int { return a.Index - b.Index })
	return r.unused
}

// post books an entry: it adds the line, if there is anything to say, and the
// ledger entry, and returns the amount of the line.
func (r *run) post(st *Statement, next *State, e *entry) exact.Num {
	id, ref := r.identify(e)
	at, booked := r.prior[id]
	var was exact.Num
	if booked {
		if r.seen[at] {
			r.add("ledger", id, "is made twice; give credits, scores and manual amounts distinct IDs")
			return was
		}
		r.seen[at] = true
		was = r.ledger[at].total
	}
	amount := e.total.Sub(was)
	if e.total.IsZero() && !booked && (e.kind == Held || e.kind.paying()) {
		return amount // nothing to say, nothing to keep
	}
	total := e.total.Fixed(r.c.places)
	b := Booked{ID: id, Ref: ref, Total: total}
	if e.row >= 0 {
		b.Measure = r.decimal(e)
	}
	if !exact.Bounded(b.Total) || !exact.Bounded(b.Measure) {
		r.addDeal(ref, "calculation", id, "comes to a number with more than 36 digits; use smaller amounts")
	}
	next.Booked = append(next.Booked, b)
	if amount.IsZero() && booked {
		return amount
	}
	st.Lines = append(st.Lines, r.line(e, &b, was, amount))
	return amount
}

// decimal is the measure of an entry, without a copy when the credit has it so.
func (r *run) decimal(e *entry) decimal.Decimal {
	given := r.rows[e.row].Amount
	if given.CoefficientInt64()%10 != 0 && given.NumDigits() <= 18 && exact.From(given).Cmp(e.measure) == 0 {
		return given // as Num.Decimal would write it
	}
	return e.measure.Round(18, exact.HalfUp).Decimal() // as many places as a state may have
}

// identify derives the ID of an entry, and the deal that it is about when the ID
// does not tell.
func (r *run) identify(e *entry) (id, ref string) {
	var owner, name string
	if e.comp >= 0 {
		owner = r.c.comps[e.comp].ID
	}
	day := e.origin.Start
	if m := e.more; m != nil && e.row < 0 {
		name, ref = m.name, m.ref
		if !m.day.IsZero() {
			day = m.day
		}
		if m.limit != nil {
			owner += "#" + m.limit.key
		}
	}
	if e.row >= 0 {
		w := &r.rows[e.row]
		if name = w.lineName(); name != w.deal {
			ref = w.deal
		}
		if e.more != nil && e.more.ref != "" {
			ref = e.more.ref
		}
	}
	if e.kind == Entered {
		day = salesops.Date{}
	}
	return lineID(e.kind, owner, name, day), ref
}

// line makes the line of an entry.
func (r *run) line(e *entry, b *Booked, was, amount exact.Num) Line {
	l := Line{ID: b.ID, Kind: e.kind, Ref: b.Ref, Origin: e.origin, Note: e.note, Amount: b.Total}
	if e.comp >= 0 {
		l.Component = r.c.comps[e.comp].ID
	}
	if !was.IsZero() {
		l.Booked, l.Amount = was.Fixed(r.c.places), amount.Fixed(r.c.places)
	}
	if e.row >= 0 {
		l.Deal, l.Measure, l.Position = r.rows[e.row].ID, b.Measure, e.to.Decimal()
	} else if m := e.more; m != nil {
		l.Deal = m.name
		if m.ref != "" {
			l.Deal = m.ref
		}
	}
	if l.Ref == l.Deal {
		l.Ref = ""
	}
	switch {
	case e.kind == Earn && e.origin != r.in.Period:
		l.Kind = Adjust
	case e.kind == Held && amount.Sign() > 0:
		l.Kind = Released
	}
	if r.in.Explain {
		l.Why = e.more.why
		if !was.IsZero() {
			l.Why = append(slices.Clip(l.Why), step(OpLess, "less what was booked before", "", r.c.cash("now", e.total), r.c.cash("booked", was)))
		}
	}
	return l
}

// vanished takes back what was booked from since on and is not made any more:
// deals that are no longer credited, limits that no longer bind.
func (r *run) vanished(st *Statement, next *State) (earned, held exact.Num) {
	for i := range r.ledger {
		b := &r.ledger[i]
		if r.seen[i] || b.origin.Start.Before(r.since) || !b.kind.earning() && b.kind != Held {
			continue
		}
		deal := b.name != "" && (b.kind == Earn || b.kind == Clawed)
		given := r.isGiven(b)
		if r.in.Since.IsZero() && deal && !given && !b.total.IsZero() {
			r.kind = ErrState
			r.addDeal(b.root(), "prior/booked/"+itoa(i), b.ID, "is booked, but its credit is missing; pass all credits of the window, or set Since to say that they are complete and the deal is gone")
			r.kind = nil
			continue
		}
		note := "the limit no longer binds"
		switch {
		case b.kind == Held:
			note = "nothing is held any more"
		case deal && given:
			note = "no longer counts here or on this day"
		case deal:
			note = "no longer credited"
		case b.kind == Earn:
			note = "no longer earned"
		}
		amount := r.undo(st, next, i, note)
		if b.kind == Held {
			held = held.Add(amount)
		} else {
			earned = earned.Add(amount)
		}
	}
	return earned, held
}

// isGiven reports whether the credit of a ledger entry is among the credits, of
// the same kind.
func (r *run) isGiven(p *posted) bool {
	id, suffix := p.credit()
	kind := Direct
	if suffix != "" {
		kind = CreditKind(suffix[1:])
	}
	first, ok := r.index[id]
	return ok && r.sibling(first, kind) >= 0
}

// undo takes a ledger entry back and returns the amount of its line.
func (r *run) undo(st *Statement, next *State, i int, note string) exact.Num {
	b := &r.ledger[i]
	r.seen[i] = true
	gone := *b.Booked
	gone.Total = exact.Num{}.Fixed(r.c.places)
	if !b.total.IsZero() || b.kind.earning() {
		next.Booked = append(next.Booked, gone)
	}
	if b.total.IsZero() {
		return b.total
	}
	amount := b.total.Neg()
	l := Line{
		ID: b.ID, Kind: b.kind, Component: b.component, Deal: b.name, Ref: b.Ref, Origin: b.origin,
		Booked: b.total.Fixed(r.c.places), Amount: amount.Fixed(r.c.places), Note: note,
	}
	switch b.kind {
	case Earn:
		l.Kind = Adjust
	case Held:
		l.Kind = Released
	default:
	}
	if r.in.Explain {
		l.Why = []Reason{step(OpLess, note, "", r.c.cash("now", exact.Num{}), r.c.cash("booked", b.total))}
	}
	st.Lines = append(st.Lines, l)
	return amount
}
