package metrics

import (
	"iter"
	"slices"

	"github.com/salesops-go/salesops"
)

// whose are the numbers of the names of a rep, a team and a segment.
type whose struct{ owner, team, segment int32 }

// group is what there is of one rep, team and segment.
type group struct {
	of    whose
	cells []datedCell // ascending by their days
	rows  []dealRow   // deals that are not in the cells yet
}

// datedCell is the cell of a period that starts on a day, the zero Date if it is of no period.
type datedCell struct {
	start salesops.Date
	cell  *cardCell
}

// cardCell is what there is of one group in one period; what there is nothing of is nil.
type cardCell struct {
	closed  *closedFacts  // deals that closed in the period
	created *createdFacts // deals that were created in it
	open    *openFacts    // open deals that are due in it
	leads   *leadFacts    // leads that came in it
	work    *workFacts    // what was done in it
}

// at returns the cell of the period that starts on a day, which it makes if there is none.
func (g *group) at(start salesops.Date) *cardCell {
	i, found := slices.BinarySearchFunc(g.cells, start, func(c datedCell, start salesops.Date) int { return c.start.Compare(start) })
	if !found {
		g.cells = slices.Insert(g.cells, i, datedCell{start, new(cardCell)})
	}
	return g.cells[i].cell
}

// group returns the group of some, which it makes if there is none.
func (c *Scorecard) group(of whose) *group {
	if g := c.last; g != nil && g.of == of {
		return g
	}
	g := c.groups[of]
	if g == nil {
		if c.groups == nil {
			c.groups = map[whose]*group{}
		}
		g = &group{of: of}
		c.groups[of] = g
	}
	c.last = g
	return g
}

// cellOn returns the cell of a group for a day.
func (c *Scorecard) cellOn(g *group, day salesops.Date) *cardCell { return g.at(c.start(day)) }

// start returns the first day of the period that holds a day, no date if that is none.
func (c *Scorecard) start(day salesops.Date) salesops.Date {
	if day.IsZero() {
		return day
	}
	return c.rules.Calendar.Period(c.rules.Unit, day).Start
}

// allCells yields the cells of the card, but for the deals that are not in cells yet, in no order.
func (c *Scorecard) allCells() iter.Seq2[cellKey, *cardCell] {
	return func(yield func(cellKey, *cardCell) bool) {
		for _, g := range c.groups {
			for _, d := range g.cells {
				if !yield(cellKey{g.of, d.start}, d.cell) {
					return
				}
			}
		}
	}
}

// cellKey says what a cell is about.
type cellKey struct {
	whose
	start salesops.Date
}

// The least and the most deals of a group that wait to be put into its cells. Cells lie scattered in memory: with several deals for
// each the way is worth while.
const (
	leastWaiting = 32
	mostWaiting  = 1024
	waitingEach  = 8 // for each cell
)

// add lets a deal wait, or puts those that wait into the cells.
func (c *Scorecard) addRow(g *group, row dealRow) {
	g.rows = append(g.rows, row)
	if len(g.rows) >= min(max(leastWaiting, waitingEach*len(g.cells)), mostWaiting) {
		c.settle(g, g)
		g.rows = g.rows[:0]
	}
}

// settle puts the deals of a group that wait into the cells of a group, which may be another.
func (c *Scorecard) settle(from, into *group) {
	today := c.rules.today()
	for i := range from.rows {
		r := &from.rows[i]
		n := r.numbers()
		at := c.cellOn(into, r.close)
		if r.isOpen() {
			make1(&at.open).add(r, n, today)
		} else {
			make1(&at.closed).add(r, n)
		}
		make1(&c.cellOn(into, r.created).created).add(r, n, today)
		if !r.proposed.IsZero() {
			make1(&c.cellOn(into, r.proposed).created).propose(r)
		}
	}
}

// Settle puts in order what was added since the last Settle, which makes reads cheap: All, Select and the encodings do it, in a copy,
// for up to a thousand deals of each rep, team and segment each time. It does not change what the card holds.
func (c *Scorecard) Settle() {
	for _, g := range c.groups {
		c.settle(g, g)
		g.rows = nil
	}
}

// waiting returns a card of the deals that are not in cells yet, nil if there are none. It has the names of c.
func (c *Scorecard) waiting() *Scorecard {
	var w *Scorecard
	for of, g := range c.groups {
		if len(g.rows) > 0 {
			if w == nil {
				w = &Scorecard{rules: c.rules, started: true}
			}
			c.settle(g, w.group(of))
		}
	}
	return w
}

// settled returns a card with the same contents in which no deal waits: c itself if it is one.
func (c *Scorecard) settled() *Scorecard {
	w := c.waiting()
	if w == nil {
		return c
	}
	out := *c
	out.groups, out.last = make(map[whose]*group, len(c.groups)), nil
	as := identity(len(c.names.text))
	for of, g := range c.groups {
		to := out.group(of)
		to.cells = g.cells
		more := w.groups[of]
		if more == nil {
			continue
		}
		to.cells = slices.Clone(g.cells)
		for _, d := range more.cells {
			both := new(cardCell)
			both.merge(to.at(d.start), as)
			both.merge(d.cell, as)
			i, _ := slices.BinarySearchFunc(to.cells, d.start, func(c datedCell, start salesops.Date) int { return c.start.Compare(start) })
			to.cells[i].cell = both
		}
	}
	return &out
}

// identity returns the numbers from 0 to below n, 0 at least.
func identity(n int) []int32 {
	as := make([]int32, max(n, 1))
	for i := range as {
		as[i] = int32(i)
	}
	return as
}
