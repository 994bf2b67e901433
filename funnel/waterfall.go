package funnel

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/salesops-go/salesops"
)

// Waterfall is how a pipeline moved from one snapshot to another, in total, by group and deal by deal: the data of the chart
// of that name.
type Waterfall struct {
	// Scope is the period in which the deals of the pipeline are due; the zero Period is all open deals.
	Scope salesops.Period `json:"scope,omitzero"`
	// Total is the movement of all deals. Transfers are in it, on both sides, so that it is the sum of the groups.
	Total Movement `json:"total"`
	// Groups are the movements of the groups that have any, in the order of their names.
	Groups []GroupMovement `json:"groups"`
	// Changes are what the deals did, without those that did nothing and those that were in the pipeline at both ends with
	// the same amount and group. They are in the order of the snapshot before, then of what is new in the one after.
	Changes []Change `json:"changes"`
}

// GroupMovement is the movement of one group.
type GroupMovement struct {
	// Group is that of the positions.
	Group string `json:"group"`
	// Movement is what the deals of the group did while they were in it.
	Movement Movement `json:"movement"`
}

// Compare tells what happened to a pipeline from one snapshot to another. What happened this week is told by snapshots that
// are a week apart; the scope is about due dates. It is a period, for the pipeline of the open deals that are due in it, such as the
// quarter, or the zero Period for that of all open deals. [Classify] says what each deal does, [Movement]
// how the parts add up. Snapshots hold all deals, also those that have ended, as one that is left out of the later is Removed.
// Only deals that had ended before both may be left out, and then of both: in the later alone they would be Created.
//
// A bridge from one pipeline to another, such as that of package forecast, leaves out the deals that are in neither of them;
// the waterfall takes a deal that was created and won in between into Created and into Won, so that Won is all that was won
// in the scope.
//
// A deal that is in another group after than before is transferred at the amount it had, and what happens to it otherwise
// happens in the new group. In the total, what is transferred in and out is the same.
//
// Compare takes O(n) time for n positions, and at most 32 bytes of memory for each beside the changes that it returns.
//
// Compare returns an error ([ErrInput]) that tells all faults, those of currencies when there are no others, if:
//   - the scope ends before it starts, or is empty
//   - a position has no ID, or that of another one of the same snapshot
//   - a status is not one of a deal
//   - a due date is missing, unless the scope is rolling
//   - an amount is out of bounds: an exponent beyond ±18 or more than 36 digits
//   - a deal that is seen in the pipeline has another currency than the rest, or had one, or one that is not valid UTF-8
func Compare(scope salesops.Period, before, after []Position) (Waterfall, error) {
	c := comparison{scope: scope, before: before, after: after, groups: map[string]*movementSums{}, changes: []Change{}}
	c.checkScope(scope)
	c.match()
	if err := c.err(); err != nil {
		return Waterfall{}, err
	}
	for i, j := range c.later {
		c.deal(i, j)
	}
	for j, known := range c.known {
		if !known {
			c.deal(none, j)
		}
	}
	if err := c.err(); err != nil {
		return Waterfall{}, err
	}
	return c.waterfall(), nil
}

// none is the index of a position that does not exist.
const none = -1

// comparison is one run of Compare.
type comparison struct {
	faults
	scope         salesops.Period
	before, after []Position
	later         []int  // where in after each of before is, or none
	known         []bool // which of after are in before
	currency      string // of the deals that are seen in the pipeline
	groups        map[string]*movementSums
	group         string        // the last group that was counted for,
	last          *movementSums // and its sums
	changes       []Change
}

// match checks the positions, and finds the deals that are in both snapshots.
func (c *comparison) match() {
	n := len(c.before)
	c.later, c.known = make([]int, n), make([]bool, len(c.after))
	index := newPositionIndex(c.before, c.after)
	for i := range c.before {
		p := &c.before[i]
		c.checkPosition("before", i, p, c.scope)
		c.later[i] = none
		if first := index.put(p.ID, i); first != i {
			c.twice("before", i, p, first)
		}
	}
	next := 0 // snapshots often have the same order: where the deal is then, which is faster to see than to look up
	for j := range c.after {
		p := &c.after[j]
		c.checkPosition("after", j, p, c.scope)
		i := next
		if i >= n || c.before[i].ID != p.ID {
			i = index.put(p.ID, n+j)
		}
		switch {
		case i == n+j:
		case i >= n:
			c.twice("after", j, p, i-n)
		case c.later[i] != none:
			c.twice("after", j, p, c.later[i])
		default:
			c.later[i], c.known[j] = j, true
			next = i + 1
		}
	}
}

// twice tells of a deal that is in the list already.
func (c *comparison) twice(list string, i int, p *Position, first int) {
	if p.ID != "" {
		c.add(ErrInput, p.ID, pathOf(list, i, "id"), p.ID, "is that of "+list+"/"+strconv.Itoa(first)+" too; a snapshot has each deal once")
	}
}

// deal counts what the deal did that is the i-th before and the j-th after, where none stands for its absence.
func (c *comparison) deal(i, j int) {
	var before, after *Position
	if i != none {
		before = &c.before[i]
	}
	if j != none {
		after = &c.after[j]
	}
	change := classify(c.scope, before, after)
	if change.Entry == "" {
		return
	}
	if c.last == nil {
		c.currency = currencyOf(before, after)
	}
	c.checkCurrency("before", i, before, c.currency)
	c.checkCurrency("after", j, after, c.currency)
	if change.EntryGroup == change.ExitGroup {
		c.of(change.EntryGroup).add(&change)
	} else {
		from, to := change.Split()
		c.of(from.EntryGroup).add(&from)
		c.of(to.EntryGroup).add(&to)
	}
	if !change.isIdle() {
		c.changes = append(c.changes, change)
	}
}

// of returns the sums of a group.
func (c *comparison) of(group string) *movementSums {
	if c.last != nil && c.group == group {
		return c.last
	}
	c.group, c.last = group, c.groups[group]
	if c.last == nil {
		c.last = &movementSums{currency: c.currency}
		c.groups[group] = c.last
	}
	return c.last
}

// waterfall makes movements of the sums.
func (c *comparison) waterfall() Waterfall {
	w := Waterfall{Scope: c.scope, Groups: make([]GroupMovement, 0, len(c.groups)), Changes: c.changes}
	total := movementSums{currency: c.currency}
	for group, s := range c.groups {
		total.plus(s)
		g := GroupMovement{Group: group}
		s.write(&g.Movement)
		w.Groups = append(w.Groups, g)
	}
	slices.SortFunc(w.Groups, func(a, b GroupMovement) int { return cmp.Compare(a.Group, b.Group) })
	total.write(&w.Total)
	return w
}
