package forecast

import (
	"strconv"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Snapshot is what the deals were on some day.
type Snapshot struct {
	// AsOf is the day.
	AsOf salesops.Date `json:"asOf,omitzero"`
	// Deals are all deals, each once, with those that are won, lost or omitted: one that is left out counts as removed.
	Deals []Deal `json:"deals"`
}

// Compare explains how the pipeline of a period changed from one snapshot to a later one: which deals came in, went out or
// changed their amount, and why. The pipeline of a snapshot are the open deals that are not omitted and close in the
// period; the zero Period is that of all deals, also those without a date. Nothing is rounded, and the parts add up:
//
//	Opening + New + Reopened + PulledIn + Included + Increased
//	        - Decreased - PushedOut - Omitted - Won - Lost - Removed = Closing
//
// A deal comes in or goes out for one cause. If several hold, it is the first of these:
//   - in: New, it was not there; Reopened, it was won or lost; PulledIn, it closed outside the period; Included, it was
//     omitted
//   - out: Removed, it is not there; Won; Lost; PushedOut, it closes outside the period; Omitted
//
// So a deal that is won is Won, also when it closed before the period or after it. Pulled in and pushed out are into and
// out of the period, from and to either side of it.
//
// Besides, the amount of a deal may change, and it does so inside the pipeline: a deal comes in at the amount that it had,
// and then changes; it changes, and then goes out at the amount that it has. A deal that was worth 100 and is won at 80 is
// 20 Decreased and 80 Won. A New deal comes in at the amount that it has, a Removed one goes out at the amount it had. So
// the bridge in the reverse direction mirrors this one: New and Removed change places, and so do PulledIn and PushedOut,
// Included and Omitted, Increased and Decreased; Reopened there is Won and Lost here.
//
// A deal that is in neither pipeline is in no part, though it may have been created and won between the snapshots:
// [Summarize] tells what is won. A deal that got another ID is Removed and New. Moves come in the order of the deals in
// the earlier snapshot, and then of the new ones in the later. Compare takes O(n) time for n deals.
//
// Compare returns an error ([ErrInput]) if:
//   - the second snapshot is of an earlier day than the first
//   - the period is empty, or ends before it starts
//   - a deal has no ID, or that of another one of the same snapshot
//   - the status of a deal is unknown, or it is open and its category is
//   - a deal is open and has no Close, unless the period is zero
//   - an amount is out of bounds: an exponent beyond ±18 or more than 36 digits
//   - two deals that are in a pipeline have different currencies, one of which may be "", or one deal has at different times
func Compare(from, to Snapshot, p salesops.Period) (Bridge, error) {
	var c comparison
	switch {
	case p.Check() != nil:
		c.faults.add(ErrInput, "", "period", p.String(), endsFirst)
	case p.IsEmpty():
		c.faults.add(ErrInput, "", "period", p.String(), "holds no day; leave both ends open for all deals")
	}
	if to.AsOf.Before(from.AsOf) {
		c.faults.add(ErrInput, "", "to/asOf", to.AsOf.String(), "is before "+from.AsOf.String()+", the day of the other snapshot; swap them")
	}
	c.match(from.Deals, to.Deals, p)
	if err := c.err(); err != nil {
		return Bridge{}, err
	}
	b := Bridge{From: from.AsOf, To: to.AsOf, Period: p, Moves: []Move{}}
	for i, j := range c.pair {
		c.move(&b, int32(i), j)
	}
	for j, known := range c.known {
		if !known {
			c.move(&b, -1, int32(j))
		}
	}
	b.Currency = c.money.currency
	for at, part := range b.parts() {
		*part = Part{c.deals[at], decimalOf(c.sums[at])}
	}
	if err := c.err(); err != nil {
		return Bridge{}, err
	}
	return b, nil
}

// state is where a deal is in a snapshot, and why it is not in the pipeline: the first of these that holds.
type state int8

const (
	absent state = iota
	isWon
	isLost
	elsewhere // closes outside the period
	setAside  // is omitted
	inside
)

// entered and left are the causes by which a deal comes in from a state, and goes out to it.
func (s state) entered() bar {
	return [...]bar{absent: isNew, isWon: reopened, isLost: reopened, elsewhere: pulledIn, setAside: included}[s]
}

func (s state) left() bar {
	return [...]bar{absent: removed, isWon: wasWon, isLost: wasLost, elsewhere: pushedOut, setAside: wasOmitted}[s]
}

// comparison is one run of Compare.
type comparison struct {
	dealFaults
	from, to []Deal
	was, is  []state // of each deal of from and to
	pair     []int32 // which of to each of from is; -1: none
	known    []bool  // which of to are in from
	money    money
	deals    [bars]int
	sums     [bars]exact.Num
}

// match checks the deals, and finds those that are in both snapshots.
func (c *comparison) match(from, to []Deal, p salesops.Period) {
	c.from, c.to = from, to
	c.was, c.is = make([]state, len(from)), make([]state, len(to))
	c.pair, c.known = make([]int32, len(from)), make([]bool, len(to))
	index := make(map[string]int32, max(len(from), len(to))) // the deals of from, and as -1, -2, ... those of to alone
	c.path = "from/deals"
	for i := range from {
		d := &from[i]
		c.was[i], c.pair[i] = c.state(i, d, p), -1
		if first, twice := index[d.ID]; twice {
			c.twice(i, d, first)
			continue
		}
		index[d.ID] = int32(i)
	}
	c.path = "to/deals"
	for j := range to {
		d := &to[j]
		c.is[j] = c.state(j, d, p)
		switch i, ok := index[d.ID]; {
		case !ok:
			index[d.ID] = -1 - int32(j)
		case i < 0:
			c.twice(j, d, -1-i)
		case c.pair[i] >= 0:
			c.twice(j, d, c.pair[i])
		default:
			c.pair[i], c.known[j] = int32(j), true
		}
	}
}

// state checks a deal, and says where it is.
func (c *comparison) state(i int, d *Deal, p salesops.Period) state {
	if d.ID == "" {
		c.bad(i, d, "id", "", "must not be empty, as it tells which deal of the other snapshot is the same")
	}
	if !exact.Bounded(d.Amount) {
		c.bad(i, d, "amount", "", outOfBounds)
	}
	switch col := d.column(); {
	case col == unknown:
		c.unknown(i, d)
		return absent
	case col == closed:
		return isWon
	case col == lost:
		return isLost
	case !c.within(p, i, d):
		return elsewhere
	case col == omitted:
		return setAside
	}
	return inside
}

// twice tells of a deal that is there already.
func (c *comparison) twice(i int, d *Deal, first int32) {
	if d.ID != "" {
		c.bad(i, d, "id", d.ID, "is that of "+c.path+"/"+strconv.Itoa(int(first))+" too; a snapshot has each deal once")
	}
}

// move adds what a deal does to the bridge; i and j are its places in the snapshots, -1 where it is in none.
func (c *comparison) move(b *Bridge, i, j int32) {
	was, is := absent, absent
	if i >= 0 {
		was = c.was[i]
	}
	if j >= 0 {
		is = c.is[j]
	}
	if was != inside && is != inside {
		return
	}
	var m Move
	var before, after exact.Num
	if i >= 0 {
		m.ID, m.From = c.from[i].ID, c.from[i]
		before = exact.From(m.From.Amount)
		after = before
		c.path = "from/deals"
		c.meet(&c.money, int(i), &m.From)
	}
	if j >= 0 {
		m.ID, m.To = c.to[j].ID, c.to[j]
		after = exact.From(m.To.Amount)
		c.path = "to/deals"
		c.meet(&c.money, int(j), &m.To)
		if i < 0 {
			before = after
		}
	}
	if was == inside {
		c.add(opening, before)
	} else {
		c.step(b, m, was.entered(), before)
	}
	switch change := after.Sub(before); change.Sign() {
	case 1:
		c.step(b, m, increased, change)
	case -1:
		c.step(b, m, decreased, change.Neg())
	}
	if is == inside {
		c.add(closing, after)
	} else {
		c.step(b, m, is.left(), after)
	}
}

// step adds a part of the bridge, and the move that it is.
func (c *comparison) step(b *Bridge, m Move, at bar, n exact.Num) {
	c.add(at, n)
	if at.out() {
		n = n.Neg()
	}
	m.Cause, m.Amount = at.cause(), decimalOf(n)
	b.Moves = append(b.Moves, m)
}

func (c *comparison) add(at bar, n exact.Num) {
	c.deals[at]++
	c.sums[at] = c.sums[at].Add(n)
}
