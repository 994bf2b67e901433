package funnel

import "math/bits"

// transversal is a set of events that fill different steps, as many as can. Such sets are the bases of a matroid (Edmonds and
// Fulkerson 1965), so that it can be kept as events come: each finds a step that is free, by a path of steps whose events move on to
// another; or it cannot, and then the events on its way are those that it could replace.
type transversal struct {
	filled uint32
	wants  [MaxSteps]uint32 // by step that is filled: the steps that its event satisfies
}

// path is how an event that comes finds a step.
type path struct {
	free int            // the step at the end, -1 for none
	met  uint32         // the steps on the way
	from [MaxSteps]int8 // by step on the way: the one before it, -1 for none
}

// add gives an event a step, and reports whether that is possible.
func (t *transversal) add(steps uint32) bool {
	if free := steps &^ t.filled; free != 0 { // as nearly always
		k := bits.TrailingZeros32(free)
		t.filled |= 1 << k
		t.wants[k] = steps
		return true
	}
	p := t.find(steps)
	if p.free < 0 {
		return false
	}
	t.fill(&p, p.free, steps)
	return true
}

// find returns the path of an event that satisfies the steps, in O(K) time.
func (t *transversal) find(steps uint32) (p path) {
	for rest := steps; rest != 0; rest &= rest - 1 {
		p.from[bits.TrailingZeros32(rest)] = -1
	}
	seen, next := steps, steps
	for next != 0 {
		k := bits.TrailingZeros32(next)
		next &^= 1 << k
		if t.filled>>k&1 == 0 {
			p.free = k
			return p
		}
		p.met |= 1 << k
		more := t.wants[k] &^ seen
		seen |= more
		next |= more
		for ; more != 0; more &= more - 1 {
			p.from[bits.TrailingZeros32(more)] = int8(k)
		}
	}
	p.free = -1
	return p
}

// fill gives the event the first step of the path that ends at step k, and each event on the way the next step.
func (t *transversal) fill(p *path, k int, steps uint32) {
	t.filled |= 1 << k
	for ; p.from[k] >= 0; k = int(p.from[k]) {
		t.wants[k] = t.wants[p.from[k]]
	}
	t.wants[k] = steps
}
