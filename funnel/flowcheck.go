package funnel

import (
	"math"

	"github.com/salesops-go/salesops/internal/exact"
)

// unsound returns what cannot be in a flow, "" if all can. It asks for all that figures rely on: that they are counts, that
// visits which begin also end or are open, and that shares lie between 0 and 1.
func (f *Flow) unsound() string {
	var started int64
	for _, s := range f.start {
		started = addCounts(started, s.n)
	}
	moved := started
	for _, s := range f.sums {
		if !s.sound() {
			return "a count is negative, or its amount out of bounds"
		}
	}
	for _, s := range f.moves {
		moved = addCounts(moved, s.n)
	}
	for _, n := range f.repeated {
		moved = addCounts(moved, n)
	}
	switch {
	case f.journeys < 0 || started != f.journeys:
		return "not every journey has a start"
	case moved < 0 || moved != f.moved:
		return "there are more or fewer moves than counted"
	}
	if what := f.unbalanced(); what != "" {
		return what
	}
	return f.unreachable()
}

// addCounts adds counts, and returns -1 if one is negative or the sum too large.
func addCounts(a, b int64) int64 {
	if a < 0 || b < 0 || a > math.MaxInt64-b {
		return -1
	}
	return a + b
}

// sound reports whether a sum may be one of s.n amounts that came through the door.
func (s sum) sound() bool {
	if s.n <= 0 {
		return s.n == 0 && s.amount.IsZero()
	}
	most := exact.Int(s.n).Mul(exact.New(1, 36))
	return s.amount.Abs().Cmp(most) < 0 && s.amount.Decimal().Exponent() >= -18
}

// unbalanced checks that what comes to a node is what moves on or stays, and that no move is impossible.
func (f *Flow) unbalanced() string {
	n, worked := len(f.pipe.stages), f.pipe.worked
	for from := range n {
		for to, s := range f.moves[from*n : from*n+n] {
			if s.n > 0 && (from == to || from >= worked && (to >= worked || !f.pipe.reopens)) {
				return "there is a move that cannot be"
			}
		}
		in, out := f.through(from)
		rest := sum{in.n - out.n, in.amount.Sub(out.amount)}
		if from < worked {
			if rest.n != f.open[from].n || rest.amount.Cmp(f.open[from].amount) != 0 {
				return "visits neither ended nor are open"
			}
			if f.times[from].Len() > in.n {
				return "there are more spells than visits"
			}
			for _, e := range f.times[from].Exits() {
				if exitIndex(e) == exitIndex(Open) {
					return "there is a spell that did not end as visits do"
				}
			}
		} else if !rest.sound() {
			return "more deals came back from an end than were there"
		}
	}
	return ""
}

// unreachable checks that of any two figures that make a share the one is no greater than the other.
func (f *Flow) unreachable() string {
	n, worked, r := len(f.pipe.stages), f.pipe.worked, &f.reach
	all := reachCount{all: f.journeys}
	for _, s := range f.open {
		all.open += s.n
	}
	for a := range n {
		in, _ := f.through(a)
		was := r.visited[a*n+a]
		if !was.within(all) || was.all > in.n || (was.all == 0) != (in.n == 0) {
			return "journeys and visits of a stage differ"
		}
		for b := range n {
			if c := r.visited[a*n+b]; !c.within(was) || !c.within(r.visited[b*n+b]) {
				return "more journeys came from one stage to another than were there"
			}
		}
	}
	for a := range worked {
		past := r.policy[a*n+a]
		if !past.within(all) || !r.visited[a*n+a].within(past) || a > 0 && !past.within(r.policy[(a-1)*n+a-1]) {
			return "journeys in a stage and past it differ"
		}
		for b := range n {
			c, visited := r.policy[a*n+b], r.visited[a*n+b]
			ok := true
			switch {
			case b == a:
			case b < a:
				ok = c == reachCount{}
			case b < worked:
				ok = c.within(visited)
			case f.pipe.isWon(b):
				ok = c.within(visited) && r.visited[b*n+b].within(past)
			default:
				ok = visited.within(c) && c.within(past) && c.within(r.visited[b*n+b])
			}
			if !ok {
				return "journeys that came from one stage to another differ by policy"
			}
		}
	}
	return ""
}

// within reports whether all that c counts may be among those that o counts.
func (c reachCount) within(o reachCount) bool {
	return 0 <= c.open && c.open <= c.all && c.open <= o.open && c.all-c.open <= o.all-o.open
}
