package funnel

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// nanosBetween returns the nanoseconds from a to b by the wall clock; ok is false if there are fewer than 0, or more than an int64
// holds (292 years).
func nanosBetween(a, b time.Time) (ns int64, ok bool) {
	from, to := a.Unix(), b.Unix()
	seconds := uint64(to) - uint64(from)
	const most = math.MaxInt64/uint64(time.Second) - 1
	if to < from || seconds > most {
		return 0, false
	}
	ns = int64(seconds)*int64(time.Second) + int64(b.Nanosecond()-a.Nanosecond())
	return ns, ns >= 0
}

// activities numbers the names of activities in the order in which they are met. What is read off them is by name, so that
// the order never shows.
type activities struct {
	names  []string
	ids    map[string]int32
	recent [64]int32 // one above the number of a name that was looked up, by some of its letters
	path   []int32   // of the last journey, for use again
}

// read checks a journey as a case of an event log, and returns the number of each activity, valid until the next call, and
// the time from the first to the last.
func (a *activities) read(j Journey) (path []int32, span int64, err error) {
	if !isCase(j) {
		return nil, 0, caseFaults(j)
	}
	a.path = a.path[:0]
	for i := range j.Moves {
		name := j.Moves[i].To
		slot := &a.recent[(uint(name[0])+31*uint(name[len(name)/2])+7*uint(name[len(name)-1])+uint(len(name)))%uint(len(a.recent))]
		if *slot == 0 || a.names[*slot-1] != name {
			if !utf8.ValidString(name) {
				return nil, 0, caseFaults(j)
			}
			*slot = a.id(name) + 1
		}
		a.path = append(a.path, *slot-1)
	}
	span, _ = nanosBetween(j.Moves[0].At, j.Moves[len(j.Moves)-1].At)
	return a.path, span, nil
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

// isCase reports whether a journey may be a case of an event log, as far as can be told without looking at the letters of the
// names. As the times ascend, those in between are near enough if the last is.
func isCase(j Journey) bool {
	if len(j.Moves) == 0 {
		return false
	}
	before := j.Moves[0].At
	for i := range j.Moves {
		m := &j.Moves[i]
		if m.To == "" || m.At.IsZero() {
			return false
		}
		if _, ok := nanosBetween(before, m.At); !ok {
			return false
		}
		before = m.At
	}
	_, ok := nanosBetween(j.Moves[0].At, before)
	return ok
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
		if before := j.Moves[i-1].At; goesBack(before, m.At) {
			f.add(ErrInput, j.ID, path+"/at", timeText(m.At), "is before the move that comes first, at "+timeText(before)+": put the moves in order of time")
		}
		if first := j.Moves[0].At; !first.IsZero() && !goesBack(first, m.At) {
			if _, ok := nanosBetween(first, m.At); !ok {
				f.add(ErrInput, j.ID, path+"/at", timeText(m.At), "is more than 292 years after the first move, at "+timeText(first))
			}
		}
	}
	return f.err()
}

// goesBack reports whether b is before a by the wall clock.
func goesBack(a, b time.Time) bool {
	return b.Unix() < a.Unix() || b.Unix() == a.Unix() && b.Nanosecond() < a.Nanosecond()
}

func timeText(t time.Time) string { return t.Format(time.RFC3339Nano) }
