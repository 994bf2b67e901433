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

// datedCell is the cell of a period, which has no dates if it is for what has none.
type datedCell struct {
	start, end salesops.Date // end is open in year 9999
	cell       *cardCell
}

// cardCell is what there is of one group in one period; what there is nothing of is nil.
type cardCell struct {
	closed  *closedFacts  // deals that closed in the period
	created *createdFacts // deals that were created in it
	open    *openFacts    // open deals that are due in it
	leads   *leadFacts    // leads that came in it
	work    *workFacts    // what was done in it
}

// on returns the cell of the period that holds a day, or of no period if that is no date; it makes one if there is none.
func (g *group) on(day salesops.Date, r *Rules) *cardCell {
	lo, hi := 0, len(g.cells)
	for lo < hi { // up to the first cell that starts after the day
		if mid := int(uint(lo+hi) / 2); g.cells[mid].start.After(day) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo > 0 {
		if c := &g.cells[lo-1]; c.start == day || day.Before(c.end) || c.end.IsZero() && !c.start.IsZero() {
			return c.cell
		}
	}
	p := r.period(day)
	g.cells = slices.Insert(g.cells, lo, datedCell{p.Start, p.End, new(cardCell)})
	return g.cells[lo].cell
}

// period returns the period of a day, without dates if that is none. The one that began before year 1 starts with it here, so as not
// to be taken for that of what has no date; the one that goes on after year 9999 has no end.
func (r *Rules) period(day salesops.Date) salesops.Period {
	if day.IsZero() {
		return salesops.Period{}
	}
	p := r.Calendar.Period(r.Unit, day)
	if p.Start.IsZero() {
		p.Start = salesops.NewDate(1, 1, 1)
	}
	return p
}

// group returns the group of some, which it makes if there is none.
func (c *Scorecard) group(of whose) *group {
	g := c.groups[of]
	if g == nil {
		if c.groups == nil {
			c.groups = map[whose]*group{}
		}
		g = &group{of: of}
		c.groups[of] = g
	}
	return g
}

// recentGroup is a group that was found lately.
type recentGroup struct {
	who
	*group
}

// mostRecent is how many groups are looked for by the names themselves first.
const mostRecent = 8192

// recall returns the group of names that was found lately, and where it is remembered; nil if it was not.
func (c *Scorecard) recall(w *who) (g *group, at *recentGroup) {
	if len(c.recent) < mostRecent && len(c.recent) < 8*len(c.groups) {
		c.recent = make([]recentGroup, max(8, 2*len(c.recent))) // as many as a power of 2
	}
	if len(c.recent) == 0 {
		return nil, nil
	}
	hash := uint32(len(w.team) + len(w.segment)<<4)
	for i := range min(len(w.owner), 8) { // where names differ most
		hash = hash*31 + uint32(w.owner[len(w.owner)-1-i])
	}
	at = &c.recent[hash&uint32(len(c.recent)-1)]
	if at.group != nil && at.who == *w {
		return at.group, at
	}
	return nil, at
}

// cellOn returns the cell of a group for a day.
func (c *Scorecard) cellOn(g *group, day salesops.Date) *cardCell { return g.on(day, &c.rules) }

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
	if len(g.rows) == cap(g.rows) {
		most := min(max(leastWaiting, waitingEach*len(g.cells)), mostWaiting)
		if len(g.rows) >= most {
			c.settle(g, g)
			g.rows = g.rows[:0]
		} else {
			g.rows = append(make([]dealRow, 0, most), g.rows...)
		}
	}
	g.rows = append(g.rows, row)
}

// settle puts the deals of a group that wait into the cells of a group, which may be another.
func (c *Scorecard) settle(from, into *group) {
	today := c.today
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
// for up to a thousand deals of each rep, team and segment each time. It does not change what the card holds, but slices that were
// taken before are no longer valid.
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
				w = new(Scorecard)
				w.follow(c.rules)
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
	out.groups, out.recent = make(map[whose]*group, len(c.groups)), nil
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
			at := to.on(d.start, &c.rules)
			both.merge(at, as)
			both.merge(d.cell, as)
			i := slices.IndexFunc(to.cells, func(c datedCell) bool { return c.cell == at })
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
