package funnel

import (
	"math/bits"
	"strconv"
)

// Match reports whether the events match the pattern somewhere. It allocates nothing for up to 64 events.
//
// Match returns an error ([ErrInput]) if the events are not in order of time.
func (s Sequence) Match(events []Event) (bool, error) {
	if err := inOrder(events); err != nil {
		return false, err
	}
	return s.deepest(events) == len(s.takes), nil
}

// Count returns how many matches there are that do not overlap: the first from the left, the first in the events behind
// its last, and so on. A pattern that takes no event matches once for each event.
//
// Count returns an error ([ErrInput]) if the events are not in order of time.
func (s Sequence) Count(events []Event) (int, error) {
	if err := inOrder(events); err != nil {
		return 0, err
	}
	var buf [stackEvents]uint64
	can := s.completions(buf[:0], events, len(s.takes))
	n := 0
	for i := 0; i < len(events); {
		if events[i].Steps == 0 {
			i++
			continue
		}
		if n++; len(s.takes) == 0 {
			i++
			continue
		}
		var ok bool
		if i, ok = s.first(events, can, i, len(s.takes), nil); !ok {
			return n - 1, nil
		}
	}
	return n, nil
}

// Events returns the places in events of those that the first match from the left takes for its conditions, without those
// that it takes for a point; whole is true. If there is no match it tells how far it would go: whole is false, and the places
// are those of the first match of the longest beginning of the pattern that has one. There are none if not even its first
// event is found.
//
// Events returns an error ([ErrInput]) if the events are not in order of time.
func (s Sequence) Events(events []Event) (at []int, whole bool, err error) {
	if err := inOrder(events); err != nil {
		return nil, false, err
	}
	depth := s.deepest(events)
	if depth > 0 {
		var buf [stackEvents]uint64
		can := s.completions(buf[:0], events, depth)
		at = make([]int, 0, depth)
		s.first(events, can, 0, depth, &at)
	}
	return at, depth == len(s.takes), nil
}

// stackEvents is for how many events no memory is allocated.
const stackEvents = 64

// inOrder checks that time does not go back.
func inOrder(events []Event) error {
	for i := 1; i < len(events); i++ {
		if events[i].At < events[i-1].At {
			return &Error{
				Path: "events/" + strconv.Itoa(i) + "/at", Value: strconv.FormatInt(events[i].At, 10), Err: ErrInput,
				Msg: "is before the event that stands before it: sort events by time",
			}
		}
	}
	return nil
}

// wants returns the takes that the event, which satisfies a condition, could be, as bits.
func (s *Sequence) wants(e *Event) uint64 {
	w := s.any
	for steps := e.Steps; steps != 0; steps &= steps - 1 {
		w |= s.by[bits.TrailingZeros32(steps)]
	}
	return w
}

// behind is what one gap with limits of time needs to know of the events on its other side that are far enough away: how
// many of the events were looked at, and the time of the nearest that a chain can go through.
type behind struct {
	next int
	at   int64
	ok   bool
}

// deepest returns the length of the longest beginning of the pattern that has a match.
//
// It goes through the events once, with a word for each: bit k says that the event may be the last of a match of the first
// k+1 takes. For a gap with limits of time only the latest such event that is at least that long ago matters, and it moves
// on with time.
func (s *Sequence) deepest(events []Event) int {
	if len(s.takes) == 0 {
		return 0
	}
	var buf [stackEvents]uint64
	var reach []uint64
	var gaps [maxTakes]behind
	if len(s.timed) > 0 {
		if reach = buf[:]; len(events) > len(buf) {
			reach = make([]uint64, len(events))
		}
	}
	var before, all uint64 // of the event before that is part of the sequence, and of all
	for i := range events {
		e := &events[i]
		if e.Steps == 0 {
			continue
		}
		w := 1 | before<<1&s.joined | all<<1&s.loose
		for j, k := range s.timed {
			g, t := &gaps[j], &s.takes[k]
			for ; g.next < i && apart(events[g.next].At, e.At) >= t.least; g.next++ {
				if reach[g.next]>>(k-1)&1 != 0 {
					g.at, g.ok = events[g.next].At, true
				}
			}
			if g.ok && apart(g.at, e.At) <= t.most {
				w |= 1 << k
			}
		}
		before = w & s.wants(e)
		all |= before
		if reach != nil {
			reach[i] = before
		}
		if all>>(len(s.takes)-1) != 0 {
			break
		}
	}
	return bits.Len64(all)
}

// completions returns a word for each event: bit k says that the event may be take k of a match of the first depth takes,
// as far as what comes behind goes. It is the way of deepest, backwards.
func (s *Sequence) completions(can []uint64, events []Event, depth int) []uint64 {
	if cap(can) < len(events) {
		can = make([]uint64, len(events))
	}
	can = can[:len(events)]
	if depth == 0 {
		return can
	}
	var gaps [maxTakes]behind
	for j := range gaps[:len(s.timed)] {
		gaps[j].next = len(events) - 1
	}
	last := uint64(1) << (depth - 1)
	var after, all uint64
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if e.Steps == 0 {
			can[i] = 0
			continue
		}
		w := last | after&s.joined>>1 | all&s.loose>>1
		for j, k := range s.timed {
			if k >= depth {
				break
			}
			g, t := &gaps[j], &s.takes[k]
			for ; g.next > i && apart(e.At, events[g.next].At) >= t.least; g.next-- {
				if can[g.next]>>k&1 != 0 {
					g.at, g.ok = events[g.next].At, true
				}
			}
			if g.ok && apart(e.At, g.at) <= t.most {
				w |= 1 << (k - 1)
			}
		}
		after = w & s.wants(e)
		all |= after
		can[i] = after
	}
	return can
}

// first finds the first match of the first depth takes from the left in the events from start on, adds the places of its
// conditions to at, and returns the place behind it. It goes through these events once: as each event that it takes can be
// completed, it never has to go back.
func (s *Sequence) first(events []Event, can []uint64, start, depth int, at *[]int) (end int, ok bool) {
	k, last := 0, 0
	for i := start; i < len(events); i++ {
		if can[i]>>k&1 == 0 || k > 0 && !s.takes[k].allows(apart(events[last].At, events[i].At)) {
			continue
		}
		last = i
		if at != nil && s.takes[k].condition >= 0 {
			*at = append(*at, i)
		}
		if k++; k == depth {
			return i + 1, true
		}
	}
	return len(events), false
}

// allows reports whether the time is within the limits of the gap.
func (t *take) allows(time uint64) bool { return t.least <= time && time <= t.most }

// apart returns the time from one event to a later one, which may be more than an int64 holds.
func apart(from, to int64) uint64 { return uint64(to) - uint64(from) }
