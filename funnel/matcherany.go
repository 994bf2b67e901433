package funnel

import (
	"math/bits"
	"slices"
)

// anyOrder is the state of a matcher that takes the steps in any order.
//
// Of all transversals it keeps the one whose events are the latest, by the exchange of each new event for the earliest that it can
// replace. So it also has, for any time in the past, the most steps that the events since then can fill, and no other event need be
// kept, whatever the window. With the first entry as anchor it keeps the one whose events are the earliest.
type anyOrder struct {
	transversal

	held []heldEvent // by step that is filled

	at      int64 // the moment
	moments int
	entry   int64
	entered int // the moment of the entry, 0 for none yet
	ended   bool

	best, prior anyBest // prior is the best before the moment, if best is of the moment
}

// heldEvent is an event that fills a step.
type heldEvent struct {
	at    int64
	index int
	steps uint32 // that it could fill
}

// anyBest is the chain to be reported.
type anyBest struct {
	events []heldEvent
	level  int
	start  int64
	voided bool
	moment int
}

func newAnyOrder(o FunnelOptions) *anyOrder { return &anyOrder{held: make([]heldEvent, o.Steps)} }

func (a *anyOrder) reset() {
	best, prior := a.best.events[:0], a.prior.events[:0]
	*a = anyOrder{held: a.held, best: anyBest{events: best}, prior: anyBest{events: prior}}
}

// read takes in an event that was checked.
func (a *anyOrder) read(m *Matcher, steps, void uint32, index int) {
	if m.bySeq || m.last != a.at || a.moments == 0 {
		a.at = m.last
		a.moments++
		m.over = a.best.level == m.opt.Steps
	}
	if m.over {
		return
	}
	if void != 0 {
		a.end(m)
	}
	if steps == 0 || a.ended {
		return
	}
	if m.opt.Anchor == FirstEntry {
		if a.entered == 0 {
			a.entry, a.entered = a.at, a.moments
		}
		if !m.within(a.entry, a.at) {
			a.ended = true
			return
		}
	}
	if m.opt.Reuse {
		for rest := steps; rest != 0; rest &= rest - 1 {
			a.hold(m, heldEvent{a.at, index, rest & -rest})
		}
	} else {
		a.hold(m, heldEvent{a.at, index, steps})
	}
	a.report(m)
}

// end ends the chains that stood before the moment.
func (a *anyOrder) end(m *Matcher) {
	if m.opt.Anchor == FirstEntry {
		if a.ended || a.entered == 0 || a.entered == a.moments {
			return
		}
		a.ended = true
	}
	if a.best.moment == a.moments {
		a.best, a.prior = a.prior, a.best
	}
	a.best.voided = a.best.voided || a.excludes(m, a.at)
	if a.ended {
		return
	}
	for k, x := range a.held {
		if a.filled>>k&1 != 0 && (x.at != a.at || m.bySeq) {
			a.filled &^= 1 << k
		}
	}
	a.report(m)
}

// excludes reports whether an exclusion ends the chain to be reported.
func (a *anyOrder) excludes(m *Matcher, at int64) bool {
	return a.best.level > 0 && a.best.level < m.opt.Steps && m.within(a.best.start, at)
}

// hold takes in an event: at a step that is free or, if it cannot have one, in place of the earliest that it can replace.
func (a *anyOrder) hold(m *Matcher, x heldEvent) {
	p := a.find(x.steps)
	to := p.free
	if to < 0 {
		if m.opt.Anchor == FirstEntry {
			return
		}
		to = bits.TrailingZeros32(p.met)
		for rest := p.met; rest != 0; rest &= rest - 1 {
			if k := bits.TrailingZeros32(rest); a.held[k].index < a.held[to].index {
				to = k
			}
		}
	}
	a.fill(&p, to, x.steps)
	for ; p.from[to] >= 0; to = int(p.from[to]) {
		a.held[to] = a.held[p.from[to]]
	}
	a.held[to] = x
}

// report takes the events in the window as the chain to be reported, if they are more than those so far, or as many and of a chain
// that was first reported in this moment: then they begin later.
func (a *anyOrder) report(m *Matcher) {
	n := 0
	for k, x := range a.held {
		if a.filled>>k&1 != 0 && m.within(x.at, a.at) {
			n++
		}
	}
	same := a.best.moment == a.moments
	if n < a.best.level || n == a.best.level && (n == 0 || !same || m.bySeq) {
		return
	}
	if !same {
		a.best, a.prior = a.prior, a.best
	}
	b := &a.best
	b.events = b.events[:0]
	for k, x := range a.held {
		if a.filled>>k&1 != 0 && m.within(x.at, a.at) {
			b.events = append(b.events, x)
		}
	}
	b.level, b.moment, b.voided, b.start = n, a.moments, false, a.at
	for _, x := range b.events {
		b.start = min(b.start, x.at)
	}
}

// into writes the chain into out.
func (a *anyOrder) into(out *Match) {
	b := &a.best
	slices.SortFunc(b.events, func(x, y heldEvent) int {
		if x.index != y.index {
			return x.index - y.index
		}
		return bits.TrailingZeros32(x.steps) - bits.TrailingZeros32(y.steps)
	})
	out.Level, out.Voided = b.level, b.voided
	for i, x := range b.events {
		out.Times = append(out.Times, x.at)
		out.Index = append(out.Index, x.index)
		out.Filled = append(out.Filled, 1+b.lowest(i))
	}
}

// lowest gives an event the lowest step that leaves one for each of the events after it, and returns it.
func (b *anyBest) lowest(i int) int {
	var taken uint32
	for _, x := range b.events[:i] {
		taken |= x.steps
	}
	for rest := b.events[i].steps &^ taken; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros32(rest)
		var fills [MaxSteps]int // the event that fills a step, from 1
		ok := true
		for j := i + 1; j < len(b.events) && ok; j++ {
			seen := taken | 1<<k
			ok = b.fill(j, &seen, &fills)
		}
		if ok {
			b.events[i].steps = 1 << k
			return k
		}
	}
	return 0
}

// fill gives event j a step (an augmenting path, Kuhn 1955), and reports whether that is possible.
func (b *anyBest) fill(j int, seen *uint32, fills *[MaxSteps]int) bool {
	for k, other := range fills {
		if b.events[j].steps>>k&1 == 0 || *seen>>k&1 != 0 {
			continue
		}
		*seen |= 1 << k
		if other == 0 || b.fill(other-1, seen, fills) {
			fills[k] = j + 1
			return true
		}
	}
	return false
}

// latest returns the latest start of the chains that can still take a step at the time at, if exclusions come before it.
func (a *anyOrder) latest(m *Matcher, at int64, void uint32) (start int64, ok bool) {
	if a.ended || void != 0 {
		return 0, false
	}
	if m.opt.Anchor == FirstEntry {
		return a.entry, a.entered != 0 && m.within(a.entry, at)
	}
	for k, x := range a.held {
		if a.filled>>k&1 != 0 && m.within(x.at, at) && (!ok || x.at > start) {
			start, ok = x.at, true
		}
	}
	return start, ok
}
