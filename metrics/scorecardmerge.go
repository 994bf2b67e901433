package metrics

import (
	"slices"

	"github.com/salesops-go/salesops"
)

// maxRows bounds how much a card counts, so that no count of it, nor the sum of two, is beyond an int64.
const maxRows = 1 << 61

// Merge counts the rows of o, too, as if each had been added. It leaves o as it is. An empty card, and nil, changes nothing; an
// empty card follows the rules of what is merged into it. It takes time in proportion to the size of o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the rules differ (but for the Clock, which cannot be compared)
//   - the currencies differ
//   - a quota overlaps another of the same owner, team and segment without being for the same period
//   - both are one card, or they count more than 2^61 together
func (c *Scorecard) Merge(o *Scorecard) error {
	switch {
	case o == nil || o.isEmpty():
		return nil
	case o == c:
		return &Error{Msg: "a card cannot be merged with itself, as each row counts once", Err: ErrMismatch}
	case c.isEmpty() && !c.priced:
		clock := c.rules.Clock
		if c.follow(o.rules); o.rules.Clock == nil {
			c.rules.Clock = clock
		}
	case !c.rules.equal(o.rules):
		return &Error{Path: "rules", Msg: "differ: merge cards that count as of the same time, by the same calendar and unit", Err: ErrMismatch}
	case c.priced && o.priced && c.currency != o.currency:
		return &Error{Path: "currency", Value: o.currency, Msg: "is not " + quoted(c.currency) + ": convert to one currency first", Err: ErrMismatch}
	case o.rows > maxRows-c.rows:
		return errTooMany("rows")
	}
	if err := c.quotaClash(o); err != nil {
		return err
	}
	as := make([]int32, len(o.names.text))
	for i, name := range o.names.text {
		as[i] = c.names.of(name)
	}
	if len(as) == 0 {
		as = []int32{0}
	}
	c.rows += o.rows
	if o.priced {
		c.pay(o.currency)
	}
	for of, g := range o.groups {
		to := c.group(of.as(as))
		for _, d := range g.cells {
			to.on(d.start, &c.rules).merge(d.cell, as)
		}
		for _, row := range g.rows {
			row.account = as[row.account]
			c.addRow(to, row)
		}
	}
	for of, all := range o.quotas {
		for _, q := range all {
			_ = c.addQuota(of.as(as), q, ErrMismatch) // no clash
		}
	}
	for r := range o.reps {
		r.whose = r.as(as)
		c.addRep(r)
	}
	return nil
}

// as returns the numbers with other ones for the names.
func (w whose) as(as []int32) whose { return whose{as[w.owner], as[w.team], as[w.segment]} }

// quotaClash tells whether a quota of o overlaps one of c.
func (c *Scorecard) quotaClash(o *Scorecard) error {
	number := func(i int32) (int32, bool) {
		if i == 0 {
			return 0, true
		}
		n, ok := c.names.number[o.names.name(i)]
		return n, ok
	}
	for of, all := range o.quotas {
		owner, ok1 := number(of.owner)
		team, ok2 := number(of.team)
		segment, ok3 := number(of.segment)
		if !ok1 || !ok2 || !ok3 {
			continue
		}
		have := c.quotas[whose{owner, team, segment}]
		for _, q := range all {
			i, _ := slices.BinarySearchFunc(have, q.period.Start, func(s quotaSum, start salesops.Date) int { return s.period.Start.Compare(start) })
			for _, h := range have[max(i-1, 0):min(i+1, len(have))] {
				if h.period != q.period && h.period.Overlaps(q.period) {
					return c.overlap(owner, q.period, h.period, ErrMismatch)
				}
			}
		}
	}
	return nil
}

// merge adds what another cell holds, in which accounts have the numbers as[i].
func (c *cardCell) merge(o *cardCell, as []int32) {
	if o.closed != nil {
		make1(&c.closed).merge(o.closed, as)
	}
	if o.created != nil {
		make1(&c.created).merge(o.created)
	}
	if o.open != nil {
		make1(&c.open).merge(o.open)
	}
	if o.leads != nil {
		make1(&c.leads).merge(o.leads)
	}
	if o.work != nil {
		make1(&c.work).sum(o.work)
	}
}

// make1 returns what p points to, which it makes if there is none.
func make1[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}
