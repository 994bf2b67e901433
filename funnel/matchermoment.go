package funnel

import "math/bits"

// moment is the events that have no order among them: those of one time, or a single one.
type moment struct {
	at      int64
	steps   uint32 // those that an event satisfies
	void    uint32
	index   []int // by step: the first event that satisfies it
	events  int   // those that satisfy a step
	several bool  // an event satisfies several steps
	tied    []tiedEvent
	most    transversal // of the tied events
}

// tiedEvent is an event of a moment that is needed: at most one for each step. Whatever steps can be filled by events of the moment
// can be filled by those alone. For if an event finds no step that is free, the events on its way satisfy no steps but those which
// they fill, so that they can fill any of these without it.
type tiedEvent struct {
	index int
	steps uint32
	fills int // the step that it fills in the matching at hand, -1 for none
}

func (d *moment) begin(at int64) {
	d.at, d.steps, d.void, d.events, d.several, d.tied = at, 0, 0, 0, false, d.tied[:0]
	d.most.filled = 0
}

// add puts an event into the moment, and reports whether that can make a difference.
func (d *moment) add(steps, void uint32, index int) (news bool) {
	news = void&^d.void != 0 || steps&^d.steps != 0
	d.void |= void
	if steps == 0 {
		return news
	}
	for rest := steps &^ d.steps; rest != 0; rest &= rest - 1 {
		d.index[bits.TrailingZeros32(rest)] = index
	}
	d.steps |= steps
	d.events++
	d.several = d.several || steps&(steps-1) != 0
	if d.most.add(steps) {
		d.tied = append(d.tied, tiedEvent{index, steps, -1})
		return true
	}
	return news
}

// fill gives step k an event, moving events of other steps if need be (an augmenting path, Kuhn 1955); it reports whether that is
// possible. Seen are the steps that were asked already.
func (d *moment) fill(k int, seen uint32) (ok bool, asked uint32) {
	seen |= 1 << k
	for i := range d.tied {
		if d.tied[i].fills < 0 && d.tied[i].steps>>k&1 != 0 {
			d.tied[i].fills = k
			return true, seen
		}
	}
	for i := range d.tied {
		j := d.tied[i].fills
		if d.tied[i].steps>>k&1 == 0 || seen>>j&1 != 0 {
			continue
		}
		if ok, seen = d.fill(j, seen); ok {
			d.tied[i].fills = k
			return true, seen
		}
	}
	return false, seen
}

// filling returns the index of the event that fills step k.
func (d *moment) filling(k int) int {
	for _, x := range d.tied {
		if x.fills == k {
			return x.index
		}
	}
	return -1
}

// free takes the events away from all steps below k.
func (d *moment) free(k int) {
	for i := range d.tied {
		if d.tied[i].fills < k {
			d.tied[i].fills = -1
		}
	}
}

// takeTied is take for a moment in which events satisfy several steps and fill one of them each. A chain at level j can reach level
// k+1 in this moment if the steps from j to k can be given an event each, all different. As that holds for a part of the steps if
// it does for the whole, the lowest such j rises with k.
func (m *Matcher) takeTied() {
	d := &m.moment
	d.free(MaxSteps)
	low := 0
	for k := range m.opt.Steps {
		if d.steps>>k&1 == 0 {
			low = k + 1
			d.free(low)
			continue
		}
		for {
			if ok, _ := d.fill(k, 0); ok {
				break
			}
			low++
			d.free(low)
		}
		to, from := m.now.chains[k], -1
		for j := k; j >= low; j-- {
			if j == 0 {
				if s := (openChain{start: d.at}); m.begins() && s.begins(to) {
					to, from = s, 0
				}
			} else if s := m.before.chains[j-1]; m.within(s.start, d.at) && s.later(to) {
				to, from = s, j
			}
		}
		if from < 0 {
			continue
		}
		for j := from; j <= k; j++ {
			to.chain = m.chains.add(d.at, d.filling(j), to.chain)
		}
		m.reach(k, to)
	}
}
