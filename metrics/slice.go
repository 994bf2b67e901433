package metrics

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/salesops-go/salesops"
)

// Slice is a part of a [Scorecard]: some reps, teams, segments and periods of it. KPIs are read from slices. A slice shares the
// memory of its card: it costs little, and is valid until the card changes or is settled. The zero value holds nothing.
type Slice struct {
	card   *Scorecard
	period salesops.Period // the zero Period is all time
	cells  []sliceCell     // in the order of their keys, of which some may have two
	quotas []sliceQuota    // those that lie in the period
	cut    []sliceQuota    // those that lie in it in part
	reps   []repKey
}

type sliceCell struct {
	key cellKey
	*cardCell
}

type sliceQuota struct {
	of  whose
	sum *quotaSum
}

// Filter says what of a [Scorecard] is wanted. The zero Filter takes all.
type Filter struct {
	// Owner is the rep; "" takes all.
	Owner string `json:"owner,omitempty"`
	// Team is the team; "" takes all. Quotas and roster belong to the team that their rows name.
	Team string `json:"team,omitempty"`
	// Segment is the segment; "" takes all.
	Segment string `json:"segment,omitempty"`
	// Period is the time: closed deals that closed in it, open deals that are due in it, deals and leads that were created in
	// it, what was done in it, quotas for it. It must consist of whole units of the card's rules; the zero Period takes all,
	// with open deals that have no due date.
	Period salesops.Period `json:"period,omitzero"`
}

// Dimension is what a card can be cut by.
type Dimension string

// The dimensions.
const (
	ByOwner   Dimension = "owner"   // by rep
	ByTeam    Dimension = "team"    // by team
	BySegment Dimension = "segment" // by segment
)

// All returns all of the card.
func (c *Scorecard) All() Slice {
	s := Slice{card: c}
	for k, cell := range c.allCells() {
		s.cells = append(s.cells, sliceCell{k, cell})
	}
	if w := c.waiting(); w != nil {
		for k, cell := range w.allCells() {
			s.cells = append(s.cells, sliceCell{k, cell})
		}
	}
	slices.SortFunc(s.cells, func(a, b sliceCell) int { return compareKeys(a.key, b.key) })
	for _, of := range slices.SortedFunc(maps.Keys(c.quotas), compareWhose) {
		for i := range c.quotas[of] {
			s.quotas = append(s.quotas, sliceQuota{of, &c.quotas[of][i]})
		}
	}
	s.reps = slices.SortedFunc(maps.Keys(c.reps), compareReps)
	return s
}

// Select returns the part of the card that the filter takes: see [Slice.Select].
func (c *Scorecard) Select(f Filter) (Slice, error) { return c.All().Select(f) }

// Select returns the part of the slice that the filter takes. A name that there is not takes nothing. It takes time in
// proportion to the size of the slice.
//
// Select returns an error ([ErrInput]) if the period ends before it starts, or does not consist of whole units of the card's rules.
func (s Slice) Select(f Filter) (Slice, error) {
	if s.card == nil {
		return s, nil
	}
	out := s
	if !f.Period.IsZero() {
		var err error
		if out, err = s.within(f.Period); err != nil {
			return Slice{}, err
		}
	}
	for d, name := range map[Dimension]string{ByOwner: f.Owner, ByTeam: f.Team, BySegment: f.Segment} {
		if name != "" {
			n, known := s.card.names.number[name]
			if !known {
				n = -1
			}
			out = out.where(func(w whose) bool { return d.of(w) == n })
		}
	}
	return out, nil
}

// within returns what lies in a period.
func (s Slice) within(p salesops.Period) (Slice, error) {
	if p.IsEmpty() || !s.card.whole(p) {
		return Slice{}, &Error{
			Path: "period", Value: p.String(), Err: ErrInput,
			Msg: "must consist of whole " + string(s.card.Rules().Unit) + "s, the unit of the card's rules: see NewScorecard",
		}
	}
	out := Slice{card: s.card, period: s.period.Intersect(p)}
	for _, c := range s.cells {
		if p.Contains(c.key.start) {
			out.cells = append(out.cells, c)
		}
	}
	for _, q := range s.quotas {
		switch in := q.sum.period.Intersect(p); {
		case in == q.sum.period:
			out.quotas = append(out.quotas, q)
		case !in.IsEmpty():
			out.cut = append(out.cut, q)
		}
	}
	for _, q := range s.cut {
		if q.sum.period.Overlaps(p) {
			out.cut = append(out.cut, q)
		}
	}
	for _, r := range s.reps {
		if r.active.Overlaps(p) {
			out.reps = append(out.reps, r)
		}
	}
	return out, nil
}

// where returns what belongs to some.
func (s Slice) where(keep func(whose) bool) Slice {
	out := Slice{card: s.card, period: s.period}
	for _, c := range s.cells {
		if keep(c.key.whose) {
			out.cells = append(out.cells, c)
		}
	}
	for _, q := range s.quotas {
		if keep(q.of) {
			out.quotas = append(out.quotas, q)
		}
	}
	for _, q := range s.cut {
		if keep(q.of) {
			out.cut = append(out.cut, q)
		}
	}
	for _, r := range s.reps {
		if keep(r.whose) {
			out.reps = append(out.reps, r)
		}
	}
	return out
}

// By yields the parts of the slice for each name of a dimension, in the order of the names; "" is for rows that have none. A
// dimension that is not one yields nothing. It takes O(n log n) for a slice of size n.
func (s Slice) By(d Dimension) iter.Seq2[string, Slice] {
	return func(yield func(string, Slice) bool) {
		if d != ByOwner && d != ByTeam && d != BySegment || s.card == nil {
			return
		}
		parts := map[int32]*Slice{}
		part := func(w whose) *Slice {
			n := d.of(w)
			if parts[n] == nil {
				parts[n] = &Slice{card: s.card, period: s.period}
			}
			return parts[n]
		}
		for _, c := range s.cells {
			p := part(c.key.whose)
			p.cells = append(p.cells, c)
		}
		for _, q := range s.quotas {
			p := part(q.of)
			p.quotas = append(p.quotas, q)
		}
		for _, q := range s.cut {
			p := part(q.of)
			p.cut = append(p.cut, q)
		}
		for _, r := range s.reps {
			p := part(r.whose)
			p.reps = append(p.reps, r)
		}
		name := s.card.names.name
		for _, n := range slices.SortedFunc(maps.Keys(parts), func(a, b int32) int { return cmp.Compare(name(a), name(b)) }) {
			if !yield(name(n), *parts[n]) {
				return
			}
		}
	}
}

// Periods yields the parts of the slice for each unit of time from the first in which there is anything to the last, in order,
// with those between in which there is nothing. What has no date is in none.
//
// Periods returns an error ([ErrInput]) if the unit is not one, or does not consist of whole units of the card's rules.
func (s Slice) Periods(u salesops.Unit) (iter.Seq2[salesops.Period, Slice], error) {
	if !u.Valid() {
		return nil, &Error{Path: "unit", Value: string(u), Msg: "is not a unit: use week, month, quarter, half or year", Err: ErrInput}
	}
	if s.card == nil {
		return func(func(salesops.Period, Slice) bool) {}, nil
	}
	var all []salesops.Period
	cal := s.card.rules.Calendar
	first, last := s.span()
	for p := cal.Period(u, first); !p.IsEmpty() && !p.Start.After(last); p = cal.Next(u, p) {
		if !s.card.whole(p) {
			return nil, &Error{Path: "unit", Value: string(u), Msg: "does not consist of whole " + string(s.card.Rules().Unit) + "s, the unit of the card's rules", Err: ErrInput}
		}
		all = append(all, p)
	}
	return func(yield func(salesops.Period, Slice) bool) {
		for _, p := range all {
			part, err := s.within(p)
			if err != nil || !yield(p, part) {
				return
			}
		}
	}, nil
}

// span returns the first and the last day of the cells and quotas; the zero Date if none has one.
func (s Slice) span() (first, last salesops.Date) {
	take := func(start, end salesops.Date) {
		if first.IsZero() || start.Before(first) {
			first = start
		}
		if end.After(last) {
			last = end
		}
	}
	for _, c := range s.cells {
		if day := c.key.start; !day.IsZero() {
			take(day, day) // periods of units hold all of the unit that starts on it
		}
	}
	for _, q := range s.quotas {
		take(q.sum.period.Start, q.sum.period.Last())
	}
	return first, last
}

// of returns what a dimension is cut by.
func (d Dimension) of(w whose) int32 {
	switch d {
	case ByTeam:
		return w.team
	case BySegment:
		return w.segment
	default:
		return w.owner
	}
}

func compareWhose(a, b whose) int {
	return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.team, b.team), cmp.Compare(a.segment, b.segment))
}

func compareKeys(a, b cellKey) int {
	return cmp.Or(compareWhose(a.whose, b.whose), a.start.Compare(b.start))
}

func compareReps(a, b repKey) int {
	return cmp.Or(compareWhose(a.whose, b.whose), a.hired.Compare(b.hired), a.active.Start.Compare(b.active.Start), a.active.End.Compare(b.active.End))
}
