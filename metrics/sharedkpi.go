package metrics

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// sharedKPIs returns the KPIs that are read from a card and have a type or a function of their own besides, and in that order: their
// definitions are there.
func sharedKPIs() []kpi {
	defined := slices.Concat(linearityKPIs(), rampKPIs())
	shared := func(id ID, figure func(*reading, ID) Figure) kpi {
		i := slices.IndexFunc(defined, func(d Definition) bool { return d.ID == id })
		return kpi{Definition: defined[i], figure: figure}
	}
	linear := func(id ID, of func(*Linearity) Figure) kpi {
		return shared(id, func(r *reading, id ID) Figure {
			l, why := r.linearity()
			if l == nil {
				return noValue(id, r.closed.won, why)
			}
			return of(l)
		})
	}
	return []kpi{
		linear(LinearityLastShare, (*Linearity).LastShare),
		linear(LinearityIndex, (*Linearity).Index),
		linear(LinearityIndexDays, (*Linearity).IndexByDays),
		linear(LinearityGini, (*Linearity).Gini),
		shared(RepProductivity, repProductivity),
	}
}

// linearity returns the bookings of the period by the units of the card, or why there are none.
func (r *reading) linearity() (l *Linearity, why string) {
	if r.period.Start.IsZero() || r.period.End.IsZero() {
		return nil, "a period must be selected, such as a quarter"
	}
	l, err := NewLinearity(r.card.Rules().Calendar, r.card.Rules().Unit, r.period)
	if err != nil {
		return nil, "the period has too many parts"
	}
	for _, c := range r.cells {
		if c.closed == nil || c.closed.won == 0 {
			continue
		}
		i := slices.IndexFunc(l.parts, func(p linearityPart) bool { return c.key.start.Before(p.end) })
		t := &l.parts[i].tally // the cell starts in the period
		t.Count += c.closed.won
		t.Amount = exact.From(t.Amount).Add(c.closed.wonAmount).Decimal()
		l.n += c.closed.won
	}
	l.currency = r.currency()
	return l, ""
}

// repProductivity is bookings for each ramped rep of the roster.
func repProductivity(r *reading, id ID) Figure {
	switch {
	case len(r.reps) == 0:
		return noValue(id, 0, "the roster is empty: add reps")
	case r.period.Start.IsZero() || r.period.End.IsZero():
		return noValue(id, 0, "a period must be selected, such as a quarter")
	}
	days, _ := r.period.Days()
	weights := make([]exact.Num, len(r.o.Ramp))
	for i, w := range r.o.Ramp {
		weights[i] = exact.From(w) // within bounds
	}
	var weighted exact.Num
	for _, rep := range r.reps {
		add(&weighted, weightedDays(r.period.Intersect(rep.active), rep.hired, weights))
	}
	return quotient(id, r.closed.wonAmount.Mul(exact.Int(int64(days))), weighted, int64(len(r.reps)), "there are no ramped-rep equivalents")
}
