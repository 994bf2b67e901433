package comp

import (
	"slices"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// checkCase checks all of the case but the credits.
func (r *run) checkCase() {
	in, c := r.in, r.c
	if c.every == "" {
		r.add("calculator", "", "is not ready; make it with New")
		return
	}
	if in.Payee.ID == "" {
		r.add("payee/id", "", "must not be empty")
	}
	c.checkPayee(r.faults, &in.Payee)
	if !slices.ContainsFunc(in.Payee.Terms, func(t Term) bool { return t.Plan == c.plan.ID }) {
		r.add("payee/terms", "", "have none on the plan %s; add a term with it", c.plan.ID)
	}
	if p := in.Period; p.Start.IsZero() || p.End.IsZero() {
		r.add("period", p.String(), "must have both ends")
	} else if unit := c.window(PerPeriod, p.Start); unit != p {
		r.add("period", p.String(), "is not a %s of the plan's calendar; did you mean %s?", c.every, unit)
	} else if p.End.AddMonths(-maxSpan*12).After(c.plan.Span.End) || !p.End.After(c.plan.Span.Start) {
		r.add("period", p.String(), "is outside the plan's span %s", c.plan.Span)
	}
	type score struct {
		name string
		date salesops.Date
	}
	scores := make(map[score]bool, len(in.Scores))
	for i := range in.Scores {
		s := &in.Scores[i]
		path := "scores/" + itoa(i)
		if s.Name == "" || s.Date.IsZero() {
			r.add(path, s.Name, "must have a name and a date")
		}
		r.number(path+"/value", s.Value)
		if scores[score{s.Name, s.Date}] {
			r.add(path, s.Name, "is given twice for %s", s.Date)
		}
		scores[score{s.Name, s.Date}] = true
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
	r.number("prior/due", s.Due)
	if s.Plan == "" && s.Payee == "" && len(s.Booked) == 0 && s.Period.IsZero() && s.Due.IsZero() {
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

// checkGap checks that no period with a draw has been left out since the last
// one closed.
func (r *run) checkGap() {
	last := r.in.Prior.Period.End
	if last.IsZero() {
		return
	}
	for p := r.c.window(PerPeriod, last); p.Start.Before(r.in.Period.Start); p = r.c.window(PerPeriod, p.End) {
		for i := range r.draws {
			if amount, _, _ := r.draws[i].amount(r, p); !amount.IsZero() {
				r.kind = ErrState
				r.add("prior/period", r.in.Prior.Period.String(), "leaves out %s, in which the draw %s runs; close that period first", p, r.draws[i].key)
				r.kind = nil
				return
			}
		}
	}
}
