package funnel

import (
	"maps"
	"slices"

	"github.com/salesops-go/salesops"
)

// Triangle holds lifetimes by cohort: the deals by the month in which they were created, watched until they were won or lost.
// Its [Triangle.Table] sets cohorts beside ages. Young cohorts have no figures for high ages yet, which gives the table the
// shape after which actuaries call it a triangle.
//
// The zero value holds none and is the identity of [Triangle.Merge]. A Triangle takes the memory of its [Lifetimes] and some
// 100 bytes a cohort. It must not be copied once in use, nor used from several goroutines while one of them changes it.
type Triangle struct {
	cohorts map[salesops.Period]*Lifetimes // each holds a spell
}

// Add counts a spell in a cohort: the days on one of which it began, whatever the tick from which on it was watched. Cohorts
// are what the caller makes them: months of a calendar ([salesops.Calendar.Period]), quarters, campaigns. They may overlap.
//
// Add returns an error ([ErrInput]), and counts nothing, if the cohort holds no day, or if [Lifetimes.Add] refuses the spell.
func (t *Triangle) Add(cohort salesops.Period, s Spell) error {
	if cohort.IsEmpty() {
		return &Error{Path: "cohort", Value: cohort.String(), Msg: "holds no day: the end is the day after the last", Err: ErrInput}
	}
	l := t.cohorts[cohort]
	if l != nil {
		return l.Add(s)
	}
	l = new(Lifetimes)
	if err := l.Add(s); err != nil {
		return err
	}
	t.set(cohort, l)
	return nil
}

// set puts lifetimes in the place of those of a cohort.
func (t *Triangle) set(cohort salesops.Period, l *Lifetimes) {
	if l.Len() == 0 {
		delete(t.cohorts, cohort)
		return
	}
	if t.cohorts == nil {
		t.cohorts = make(map[salesops.Period]*Lifetimes)
	}
	t.cohorts[cohort] = l
}

// Merge counts the spells of o, too. It leaves o as it is, unless it is t, which is doubled. A nil o holds none.
//
// Merge returns an error, and changes nothing, if [Lifetimes.Merge] refuses those of a cohort.
func (t *Triangle) Merge(o *Triangle) error { return t.combine(o, (*Lifetimes).Merge) }

// Sub takes the spells of o away again: it undoes [Triangle.Merge]. It leaves o as it is, unless it is t, which is emptied. A
// nil o holds none.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if t does not hold what o holds.
func (t *Triangle) Sub(o *Triangle) error { return t.combine(o, (*Lifetimes).Sub) }

// combine changes the lifetimes of each cohort that o holds, all or none.
func (t *Triangle) combine(o *Triangle, change func(l, o *Lifetimes) error) error {
	if o == nil {
		return nil
	}
	changed := make(map[salesops.Period]*Lifetimes, len(o.cohorts))
	for _, p := range o.Cohorts() {
		l := t.Cohort(p)
		if err := change(l, o.cohorts[p]); err != nil {
			return err
		}
		changed[p] = l
	}
	for p, l := range changed {
		t.set(p, l)
	}
	return nil
}

// Cohorts returns the cohorts that hold a spell, in order of time: by their starts, then by their ends.
func (t *Triangle) Cohorts() []salesops.Period {
	return slices.SortedFunc(maps.Keys(t.cohorts), comparePeriods)
}

// Cohort returns a copy of the lifetimes of a cohort; it holds none if there is no such cohort.
func (t *Triangle) Cohort(cohort salesops.Period) *Lifetimes {
	if l := t.cohorts[cohort]; l != nil {
		return l.Clone()
	}
	return new(Lifetimes)
}
