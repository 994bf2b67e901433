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
	r := run{faults: &faults{payee: in.Payee.ID}, c: c, in: &in}
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
	r.prior = make(map[string]int32, len(r.in.Prior.Booked))
	for i := range r.in.Prior.Booked {
		r.prior[r.in.Prior.Booked[i].ID] = int32(i)
	}
	r.seen = make([]bool, len(r.in.Prior.Booked))
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
	r.entries = make([]entry, 0, len(r.order)+8)
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
			r.clawBack(j, deals)
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
	st.Before = r.c.balances(in.Prior.Booked, r.draws, in.Prior.Period)
	st.Lines = make([]Line, 0, len(r.entries)+4)
	next.Booked = make([]Booked, 0, len(r.entries)+len(in.Prior.Booked)+4)

	var earned, payable exact.Num
	for i := range r.entries {
		earned = earned.Add(r.post(&st, &next, &r.entries[i]))
	}
	held := len(r.entries)
	r.hold()
	for i := held; i < len(r.entries); i++ {
		payable = payable.Add(r.post(&st, &next, &r.entries[i]))
	}
	gone, released := r.vanished(&st, &next)
	earned = earned.Add(gone)
	payable = payable.Add(released)
	for i := range in.Manual {
		m := &in.Manual[i]
		e := entry{kind: Entered, comp: -1, row: -1, group: -1, deal: m.ID, origin: in.Period, total: exact.From(m.Amount), note: m.Note}
		if at, ok := r.prior[manualID(m.ID)]; ok {
			e.origin = in.Prior.Booked[at].Origin
		}
		if in.Explain {
			e.why = []Reason{step(Given, "entered by hand", "", arg("", e.total))}
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
	for i := range in.Prior.Booked {
		switch b := &in.Prior.Booked[i]; {
		case r.seen[i]:
		case b.Kind.paying() && b.Origin == in.Period:
			net = net.Add(r.undo(&st, &next, i, "not needed after all"))
		default:
			next.Booked = append(next.Booked, *b)
		}
	}
	next.Due = due.Fixed(r.c.places)
	st.Earned, st.Payable, st.Net = earned.Fixed(r.c.places), payable.Fixed(r.c.places), net.Fixed(r.c.places)
	st.After = r.c.balances(next.Booked, r.draws, in.Period)
	for i := range r.rows {
		if w := &r.rows[i]; w.scope != aside && !r.used[i] {
			reason := unusedMatch
			if w.scope == lookedUp {
				reason = unusedContext
			}
			r.setAside(i, reason)
		}
	}
	slices.SortFunc(r.unused, func(a, b Unused) int { return a.Index - b.Index })
	st.Unused = r.unused
	return st, next
}

// post books an entry: it adds the line, if there is anything to say, and the
// ledger entry, and returns the amount of the line.
func (r *run) post(st *Statement, next *State, e *entry) exact.Num {
	l := r.line(e)
	at, booked := r.prior[l.ID]
	var was exact.Num
	if booked {
		if r.seen[at] {
			r.add("ledger", l.ID, "is made twice; give credits, scores and manual amounts distinct IDs")
			return was
		}
		r.seen[at] = true
		was = exact.From(r.in.Prior.Booked[at].Total)
	}
	amount := e.total.Sub(was)
	if e.total.IsZero() && !booked && (e.kind == Held || e.kind.paying()) {
		return amount // nothing to say, nothing to keep
	}
	total := e.total.Fixed(r.c.places)
	next.Booked = append(next.Booked, Booked{
		ID: l.ID, Kind: e.kind, Component: l.Component, Deal: l.Deal, Ref: l.Ref, Origin: e.origin, Measure: l.Measure, Total: total,
	})
	if amount.IsZero() && booked {
		return amount
	}
	l.Total, l.Amount = total, total
	if !was.IsZero() {
		l.Booked, l.Amount = was.Fixed(r.c.places), amount.Fixed(r.c.places)
	}
	switch {
	case e.kind == Earn && e.origin != r.in.Period:
		l.Kind = Adjust
	case e.kind == Held && amount.Sign() > 0:
		l.Kind = Released
	}
	if r.in.Explain {
		l.Why = e.why
		if !was.IsZero() {
			l.Why = append(slices.Clip(e.why), step(Less, "less what was booked before", "", arg("now", e.total), arg("booked", was)))
		}
	}
	st.Lines = append(st.Lines, l)
	return amount
}

// line makes the line of an entry, but for its amounts.
func (r *run) line(e *entry) Line {
	l := Line{Kind: e.kind, Deal: e.deal, Ref: e.ref, Origin: e.origin, Note: e.note}
	if e.comp >= 0 {
		l.Component = r.c.comps[e.comp].ID
	}
	name, day, owner := e.deal, e.origin.Start, l.Component
	if e.row >= 0 {
		w := &r.rows[e.row]
		l.Deal, name = w.ID, w.lineName()
		if w.Ref != "" {
			l.Ref = w.deal
		}
	}
	if !e.day.IsZero() && e.row < 0 {
		day = e.day
	}
	if e.limit != nil {
		owner += "#" + e.limit.key
	}
	if e.kind == Held && e.ref != "" {
		l.Deal, l.Ref = e.ref, ""
	}
	if e.kind == Entered {
		day = salesops.Date{}
	}
	l.ID = lineID(e.kind, owner, name, salesops.Period{Start: day})
	if e.row >= 0 || e.day != (salesops.Date{}) {
		l.Measure, l.From, l.To = e.measure.Decimal(), e.from.Decimal(), e.to.Decimal()
	}
	return l
}

func manualID(id string) string { return lineID(Entered, "", id, salesops.Period{}) }

// vanished takes back what was booked from since on and is not made any more:
// deals that are no longer credited, limits that no longer bind.
func (r *run) vanished(st *Statement, next *State) (earned, held exact.Num) {
	for i := range r.in.Prior.Booked {
		b := &r.in.Prior.Booked[i]
		if r.seen[i] || b.Origin.Start.Before(r.since) || !b.Kind.earning() && b.Kind != Held {
			continue
		}
		deal := b.Deal != "" && (b.Kind == Earn || b.Kind == Clawed)
		if r.in.Since.IsZero() && deal && !b.Total.IsZero() {
			r.kind = ErrState
			r.addDeal(b.Deal, "prior/booked/"+itoa(i), b.ID, "is booked, but its credit is missing; pass all credits of the window, or set Since to say that they are complete and the deal is gone")
			r.kind = nil
			continue
		}
		note := "the limit no longer binds"
		switch {
		case b.Kind == Held:
			note = "nothing is held any more"
		case deal:
			note = "no longer credited"
		case b.Kind == Earn:
			note = "no longer earned"
		}
		amount := r.undo(st, next, i, note)
		if b.Kind == Held {
			held = held.Add(amount)
		} else {
			earned = earned.Add(amount)
		}
	}
	return earned, held
}

// undo takes a ledger entry back and returns the amount of its line.
func (r *run) undo(st *Statement, next *State, i int, note string) exact.Num {
	b := &r.in.Prior.Booked[i]
	r.seen[i] = true
	was := exact.From(b.Total)
	if was.IsZero() && !b.Kind.earning() {
		return was
	}
	gone := *b
	gone.Total = exact.Num{}.Fixed(r.c.places)
	next.Booked = append(next.Booked, gone)
	if was.IsZero() {
		return was
	}
	amount := was.Neg()
	l := Line{
		ID: b.ID, Kind: b.Kind, Component: b.Component, Deal: b.Deal, Ref: b.Ref, Origin: b.Origin,
		Total: gone.Total, Booked: was.Fixed(r.c.places), Amount: amount.Fixed(r.c.places), Note: note,
	}
	switch b.Kind {
	case Earn:
		l.Kind = Adjust
	case Held:
		l.Kind = Released
	}
	if r.in.Explain {
		l.Why = []Reason{step(Less, note, "", arg("now", exact.Num{}), arg("booked", was))}
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
	ids := make(map[string]bool, len(s.Booked))
	for i := range s.Booked {
		b := &s.Booked[i]
		path := "prior/booked/" + itoa(i)
		switch {
		case b.ID == "" || ids[b.ID]:
			r.add(path+"/id", b.ID, "must be set, and distinct; the state is damaged")
		case !b.Kind.booked():
			r.add(path+"/kind", string(b.Kind), "is not a kind of ledger entry; the state is damaged")
		case !exact.Bounded(b.Total) || !exact.Bounded(b.Measure):
			r.number(path, decimal.New(1, 99))
		case exact.From(b.Total).Round(c.places, exact.Down).Cmp(exact.From(b.Total)) != 0:
			r.add(path+"/total", show(b.Total), "is not a multiple of the plan's rounding unit; the plan's rounding must not change between versions")
		}
		ids[b.ID] = true
	}
}
