package funnel

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/fault"
)

// Attribution says which event of a chain tells the group of an entity, where groups are a property of events such as the
// campaign: the first, the last, or the one that took a certain step, whose number is the value.
type Attribution int

// The attributions without a number.
const (
	FirstEvent Attribution = 0  // the event that began the chain
	LastEvent  Attribution = -1 // the deepest event of the chain
)

// Index returns the place in the input of the event that tells, as in [Match.Index]; ok is false if the chain has none: its
// level is 0, or below the step asked for.
func (a Attribution) Index(m Match) (index int, ok bool) {
	k := int(a) - 1
	switch {
	case a == FirstEvent:
		k = 0
	case a == LastEvent:
		k = len(m.Index) - 1
	case m.Filled != nil:
		k = slices.Index(m.Filled, int(a))
	}
	if k < 0 || k >= len(m.Index) {
		return 0, false
	}
	return m.Index[k], true
}

// Breakdown is a funnel by group: owner, segment, campaign, or the month of the first step, which is the trend of the funnel.
// In which group an entity is the caller says; [Attribution] helps with properties of events, and a period's String makes
// groups that are in order of time. Points of a trend whose windows still run have entities that are pending, and are
// incomplete to that extent.
//
// The zero value holds none and is the identity of [Breakdown.Merge]. It takes the memory of [Counts] for each group. It must
// not be copied once in use, nor used from several goroutines while one of them changes it.
type Breakdown struct {
	groups   map[string]*Counts
	entities int64
}

// Add counts the match of an entity in a group, as [Counts.Add] does.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - Counts.Add does
//   - the group is not valid UTF-8
//   - there are 2^63-1 entities already
func (b *Breakdown) Add(group string, m Match, asOf int64) error {
	if !utf8.ValidString(group) {
		return &Error{Path: "group", Value: fault.Clip(group), Msg: "must be valid UTF-8", Err: ErrInput}
	}
	if b.entities == math.MaxInt64 {
		return &Error{Msg: "there are 2^63-1 entities already: merge fewer", Err: ErrInput}
	}
	c := b.groups[group]
	if c == nil {
		c = new(Counts)
	}
	if err := c.Add(m, asOf); err != nil {
		return err
	}
	b.put(group, c)
	b.entities++
	return nil
}

func (b *Breakdown) put(group string, c *Counts) {
	if b.groups == nil {
		b.groups = make(map[string]*Counts)
	}
	b.groups[group] = c
}

// Merge counts the entities of o, too, which stays as it is. nil holds none; b may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 entities.
func (b *Breakdown) Merge(o *Breakdown) error {
	if o == nil {
		return nil
	}
	if b.entities > math.MaxInt64-o.entities {
		return errTooMany("entities")
	}
	entities := o.entities
	for group, c := range o.groups {
		own := b.groups[group]
		if own == nil {
			own = new(Counts)
			b.put(group, own)
		}
		_ = own.Merge(c) // no error is possible: there is room for all entities
	}
	b.entities += entities
	return nil
}

// Sub takes the entities of o away, which stays as it is: the inverse of [Breakdown.Merge]. nil holds none; b may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if b does not hold all of them.
func (b *Breakdown) Sub(o *Breakdown) error {
	if o == nil {
		return nil
	}
	left := make(map[string]*Counts, len(o.groups))
	for group, c := range o.groups {
		own := new(Counts)
		if err := own.Merge(b.groups[group]); err != nil {
			return err
		}
		if err := own.Sub(c); err != nil {
			return errNotHeld("entities")
		}
		left[group] = own
	}
	entities := o.entities
	for group, own := range left {
		if own.Entities() > 0 {
			b.groups[group] = own
		} else {
			delete(b.groups, group)
		}
	}
	b.entities -= entities
	return nil
}

// Groups returns the groups that have entities, sorted.
func (b *Breakdown) Groups() []string {
	groups := make([]string, 0, len(b.groups))
	for group := range b.groups {
		groups = append(groups, group)
	}
	slices.Sort(groups)
	return groups
}

// Counts returns the counts of a group: a copy, empty if the group has no entities.
func (b *Breakdown) Counts(group string) *Counts {
	c := new(Counts)
	_ = c.Merge(b.groups[group]) // into an empty one there is always room
	return c
}

// Total returns the counts of all groups together.
func (b *Breakdown) Total() *Counts {
	c := new(Counts)
	for _, group := range b.Groups() {
		_ = c.Merge(b.groups[group]) // there are no more entities than fit
	}
	return c
}
