package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Calculate makes the statement of a pay period, and the state to hand to the
// next one. It recomputes what every credit from Since on has come to, takes
// off what was booked, and pays the difference: late deals, refunds, new quotas,
// a new version of the plan and a second run of the same period need nothing
// special. A second run with the state of the first books nothing.
//
// In this order: measure, curve or grid, gates, factors and target, rounding,
// limits per deal, clawback, limits per window of the components, then of the
// plan, less what was booked, holds, manual amounts, draws and their recovery,
// carry. The amount of each line is a multiple of the plan's rounding unit.
//
// Calculate takes O(n log n) for n credits and ledger entries.
//
// Calculate returns an error, and no statement, if:
//   - a credit, score, manual amount or term is not valid (ErrInput): a missing
//     ID or date, another currency or payee, an ID given twice with different
//     content, a deal outside every term, a missing quota or one that is not
//     more than zero
//   - the period is not a pay period of the plan, or Since does not fit (ErrInput)
//   - Prior belongs to another plan or payee or to a later period, or has booked
//     a deal that Credits lack while Since is empty (ErrState)
func (c *Calculator) Calculate(in Case) (Statement, State, error) {
	r := run{faults: &faults{payee: in.Payee.ID}, c: c, in: &in, scratch: c.scratch(len(in.Credits))}
	defer c.release(r.scratch)
	if err := r.prepare(); err != nil {
		return Statement{}, State{}, err
	}
	for j := range c.comps {
		r.measured[j] = r.measure(&c.comps[j])
	}
	if err := r.err(); err != nil {
		return Statement{}, State{}, err
	}
	for j := range c.comps {
		first := len(r.entries)
		r.earn(j)
		r.bound(j, first)
	}
	if len(c.limits) > 0 {
		totals := r.totals(-1)
		for i := range c.limits {
			r.limitWindows(&c.limits[i], -1, totals)
		}
	}
	st, next := r.book()
	if err := r.err(); err != nil {
		return Statement{}, State{}, err
	}
	return st, next, nil
}

// prepare checks the case and settles what is to be computed.
func (r *run) prepare() error {
	r.checkCase()
	if err := r.err(); err != nil {
		return err
	}
	r.resolve()
	if err := r.err(); err != nil {
		return err
	}
	r.place()
	if err := r.err(); err != nil {
		return err
	}
	first := r.c.window(PerPeriod, r.since)
	for p := first; p.Start.Before(r.in.Period.End); p = r.c.window(PerPeriod, p.End) {
		r.periods = append(r.periods, p)
	}
	r.draws = r.c.drawsOf(&r.in.Payee)
	r.measured = make([]measured, len(r.c.comps))
	return nil
}

// bound applies what works on a component's earnings: limits per deal,
// clawback, limits per window.
func (r *run) bound(j, first int) {
	k := &r.c.comps[j]
	if len(k.perDeal) > 0 || r.claws(j) {
		deals := r.sumDeals(r.entries[first:])
		r.limitDeals(j, deals)
		if r.c.claw != nil {
			r.clawBack(j, first, deals)
		}
	}
	if len(k.limits) > 0 {
		totals := r.totals(j)
		for i := range k.limits {
			r.limitWindows(&k.limits[i], j, totals)
		}
	}
}

// claws reports whether a component has items that are taken back.
func (r *run) claws(j int) bool {
	return r.c.claw != nil && slices.ContainsFunc(r.measured[j].tallies, func(t tally) bool {
		return slices.ContainsFunc(t.items, func(it item) bool { return it.claw })
	})
}

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
			e.explain(step(Given, "entered by hand", "", arg("", e.total)))
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
	next.Due = due.Fixed(r.c.places)
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
	canonical := given.Exponent() == 0 || given.Exponent() < 0 && given.CoefficientInt64()%10 != 0
	if canonical && given.NumDigits() <= 18 && exact.From(given).Cmp(e.measure) == 0 {
		return given // as Num.Decimal would write it
	}
	return e.measure.Decimal()
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
			l.Why = append(slices.Clip(l.Why), step(Less, "less what was booked before", "", arg("now", e.total), arg("booked", was)))
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
		if r.in.Since.IsZero() && deal && !b.total.IsZero() {
			r.kind = ErrState
			r.addDeal(b.root(), "prior/booked/"+itoa(i), b.ID, "is booked, but its credit is missing; pass all credits of the window, or set Since to say that they are complete and the deal is gone")
			r.kind = nil
			continue
		}
		note := "the limit no longer binds"
		switch {
		case b.kind == Held:
			note = "nothing is held any more"
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
	}
	if r.in.Explain {
		l.Why = []Reason{step(Less, note, "", arg("now", exact.Num{}), arg("booked", b.total))}
	}
	st.Lines = append(st.Lines, l)
	return amount
}

// attained tells where each component stands at the end of the period.
func (r *run) attained() []Attained {
	out := make([]Attained, 0, len(r.c.comps))
	for j := range r.c.comps {
		k := &r.c.comps[j]
		if k.reset == PerDeal {
			continue
		}
		t := r.measured[j].at(r.in.Period.Last())
		if t == nil {
			continue
		}
		a := Attained{Component: k.ID, Window: t.window, Measure: t.end.Decimal(), Pay: t.earned.Fixed(r.c.places)}
		if t.rated {
			quota, share := t.quota.Decimal(), ratio(t.end, t.quota).Decimal()
			a.Quota, a.Attainment = &quota, &share
		}
		out = append(out, a)
	}
	return out
}

// ratio is a quotient for show.
func ratio(n, den exact.Num) exact.Num {
	v, _ := exact.Quo(n, den, quotientPlaces, exact.HalfUp)
	return v
}

// checkCase checks all of the case but the credits.
func (r *run) checkCase() {
	in, c := r.in, r.c
	if in.Payee.ID == "" {
		r.add("payee/id", "", "must not be empty")
	}
	c.checkPayee(r.faults, &in.Payee)
	if p := in.Period; p.Start.IsZero() || p.End.IsZero() {
		r.add("period", p.String(), "must have both ends")
	} else if unit := c.window(PerPeriod, p.Start); unit != p {
		r.add("period", p.String(), "is not a %s of the plan's calendar; did you mean %s?", c.every, unit)
	} else if p.End.AddMonths(-maxSpan*12).After(c.plan.Span.End) || !p.End.After(c.plan.Span.Start) {
		r.add("period", p.String(), "is outside the plan's span %s", c.plan.Span)
	}
	for i := range in.Scores {
		s := &in.Scores[i]
		path := "scores/" + itoa(i)
		if s.Name == "" || s.Date.IsZero() {
			r.add(path, s.Name, "must have a name and a date")
		}
		r.number(path+"/value", s.Value)
		for j := range in.Scores[:i] {
			if o := &in.Scores[j]; o.Name == s.Name && o.Date == s.Date {
				r.add(path, s.Name, "is given twice for %s", s.Date)
			}
		}
	}
	manual := make(map[string]bool, len(in.Manual))
	for i := range in.Manual {
		m := &in.Manual[i]
		path := "manual/" + itoa(i)
		if m.ID == "" || manual[m.ID] {
			r.add(path+"/id", m.ID, "must be set, and distinct")
		}
		manual[m.ID] = true
		if r.number(path+"/amount", m.Amount) && exact.From(m.Amount).Round(c.places, exact.Down).Cmp(exact.From(m.Amount)) != 0 {
			r.add(path+"/amount", show(m.Amount), "must be a multiple of the plan's rounding unit")
		}
	}
	r.checkState()
}

// checkState checks that the prior state is this payee's, and sound.
func (r *run) checkState() {
	s, c := &r.in.Prior, r.c
	r.kind = ErrState
	defer func() { r.kind = nil }()
	if s.Plan == "" && s.Payee == "" && len(s.Booked) == 0 {
		return
	}
	if s.Plan != c.plan.ID {
		r.add("prior/plan", s.Plan, "is not the plan %s; pass the state of this plan", c.plan.ID)
	}
	if s.Payee != r.in.Payee.ID {
		r.add("prior/payee", s.Payee, "is not the payee of the case")
	}
	if s.Period.Start.After(r.in.Period.Start) {
		r.add("prior/period", s.Period.String(), "is later than the period of the case; pass the state that the period before left")
	}
	r.number("prior/due", s.Due)
	r.prior = make(map[string]int32, len(s.Booked))
	r.ledger = make([]posted, len(s.Booked))
	r.seen = make([]bool, len(s.Booked))
	for i := range s.Booked {
		b := &s.Booked[i]
		path := "prior/booked/" + itoa(i)
		if _, ok := r.prior[b.ID]; ok {
			r.add(path+"/id", b.ID, "is in the ledger twice; the state is damaged")
			continue
		}
		r.prior[b.ID] = int32(i)
		if !r.number(path+"/total", b.Total) || !r.number(path+"/measure", b.Measure) {
			continue
		}
		p, ok := c.read(b)
		if !ok {
			r.add(path+"/id", b.ID, "is not the ID of a line; the state is damaged")
			continue
		}
		if p.total.Round(c.places, exact.Down).Cmp(p.total) != 0 {
			r.add(path+"/total", show(b.Total), "is not a multiple of the plan's rounding unit, which must not change between versions")
		}
		r.ledger[i] = p
	}
}
