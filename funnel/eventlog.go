package funnel

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// instant is a time of the wall clock.
type instant struct {
	seconds int64
	nanos   int
}

func instantOf(t time.Time) instant { return instant{t.Unix(), t.Nanosecond()} }

// since returns the nanoseconds from an earlier instant; ok is false if it is later, or they are more than an int64 holds (292
// years).
func (t instant) since(earlier instant) (ns int64, ok bool) {
	seconds := uint64(t.seconds) - uint64(earlier.seconds)
	const most = math.MaxInt64/uint64(time.Second) - 1
	if t.seconds < earlier.seconds || seconds > most {
		return 0, false
	}
	ns = int64(seconds)*int64(time.Second) + int64(t.nanos-earlier.nanos)
	return ns, ns >= 0
}

// before reports whether t is earlier.
func (t instant) before(o instant) bool {
	return t.seconds < o.seconds || t.seconds == o.seconds && t.nanos < o.nanos
}

// activities numbers the names of activities in the order in which they are met. What is read off them is by name, so that
// the order never shows.
type activities struct {
	names  []string
	ids    map[string]int32
	recent [64]int32 // one above the number of a name that was looked up, by some of its letters
	last   eventCase // for use again
}

// eventCase is a journey, read as a case of an event log.
type eventCase struct {
	path []int32 // the numbers of the activities
	gaps []int64 // the nanoseconds from the event before, 0 for the first
	span int64   // the nanoseconds from the first to the last
}

// read checks a journey and reads it as a case of an event log. The case is valid until the next call.
func (a *activities) read(j Journey) (*eventCase, error) {
	n := len(j.Moves)
	if n == 0 {
		return nil, caseFaults(j)
	}
	c := &a.last
	c.path, c.gaps = slices.Grow(c.path[:0], n)[:n], slices.Grow(c.gaps[:0], n)[:n]
	first := instantOf(j.Moves[0].At)
	now := first
	for i := range j.Moves {
		m := &j.Moves[i]
		before := now
		now = instantOf(m.At)
		gap, ok := now.since(before)
		if !ok || m.To == "" || m.At.IsZero() {
			return nil, caseFaults(j)
		}
		slot := &a.recent[(uint(m.To[0])+31*uint(m.To[len(m.To)/2])+7*uint(m.To[len(m.To)-1])+uint(len(m.To)))%uint(len(a.recent))]
		if *slot == 0 || a.names[*slot-1] != m.To {
			if !utf8.ValidString(m.To) {
				return nil, caseFaults(j)
			}
			*slot = a.id(m.To) + 1
		}
		c.path[i], c.gaps[i] = *slot-1, gap
	}
	var ok bool
	if c.span, ok = now.since(first); !ok {
		return nil, caseFaults(j)
	}
	return c, nil
}

// id returns the number of an activity, a new one if need be.
func (a *activities) id(name string) int32 {
	if id, ok := a.ids[name]; ok {
		return id
	}
	if a.ids == nil {
		a.ids = make(map[string]int32)
	}
	name = strings.Clone(name) // and not the text of which it may be a part
	id := int32(len(a.names))
	a.names = append(a.names, name)
	a.ids[name] = id
	return id
}

// sorted returns the numbers of the activities that are used, by name, and for each number its place among them.
func (a *activities) sorted(used func(id int32) bool) (ids, rank []int32) {
	for id := range int32(len(a.names)) {
		if used(id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(i, j int32) int { return strings.Compare(a.names[i], a.names[j]) })
	rank = make([]int32, len(a.names))
	for r, id := range ids {
		rank[id] = int32(r)
	}
	return ids, rank
}

// caseFaults tells what is wrong with a journey that is no case.
func caseFaults(j Journey) error {
	var f faults
	if len(j.Moves) == 0 {
		f.add(ErrInput, j.ID, "moves", "", "must hold one or more: a case has an event")
	}
	for i, m := range j.Moves {
		path := "moves/" + strconv.Itoa(i)
		switch {
		case m.To == "":
			f.add(ErrInput, j.ID, path+"/to", "", "must not be empty")
		case !utf8.ValidString(m.To):
			f.add(ErrInput, j.ID, path+"/to", m.To, "must be UTF-8: convert the text first")
		}
		if m.At.IsZero() {
			f.add(ErrInput, j.ID, path+"/at", "", "must be given: the zero time stands for none")
			continue
		}
		if i == 0 {
			continue
		}
		now := instantOf(m.At)
		if before := j.Moves[i-1].At; now.before(instantOf(before)) {
			f.add(ErrInput, j.ID, path+"/at", timeText(m.At), "is before the move that comes first, at "+timeText(before)+": put the moves in order of time")
		}
		first := j.Moves[0].At
		if _, ok := now.since(instantOf(first)); !ok && !first.IsZero() && !now.before(instantOf(first)) {
			f.add(ErrInput, j.ID, path+"/at", timeText(m.At), "is more than 292 years after the first move, at "+timeText(first))
		}
	}
	return f.err()
}

func timeText(t time.Time) string { return t.Format(time.RFC3339Nano) }
