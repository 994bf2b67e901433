package funnel

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"
)

// Row is an event of an entity.
type Row struct {
	// Entity is the number of the entity. Any numbers will do; dense ones from 0 take the least time.
	Entity uint32 `json:"entity"`
	Event
}

// MatchRows returns how far each entity came through a funnel, from the events of all of them as they arrived, or in any other
// order. It yields the entities that have a row in the order of their numbers, each with the match that [Deepest] returns for
// its events in order of time; those of the same time keep the order in which they stand in rows. Index holds places in rows.
// A match is valid until the next is yielded, which uses its slices again.
//
// Rows are grouped by entity first. That takes O(n) time, 16 bytes for each row that the options read, and 4 for each number
// up to the greatest; if the numbers are sparse, O(n log n) time and 8 bytes a row. If the n events of an entity have to be
// sorted, that takes O(n log n).
//
// MatchRows returns an error ([ErrInput]) if:
//   - an option is out of its range
//   - there are more than 2^31-1 rows
func MatchRows(o FunnelOptions, rows []Row) (iter.Seq2[uint32, Match], error) {
	m, err := NewMatcher(o)
	if err != nil {
		return nil, err
	}
	if len(rows) > math.MaxInt32 {
		return nil, &Error{
			Path: "rows", Value: strconv.Itoa(len(rows)), Err: ErrInput,
			Msg: "are more than 2^31-1: match the entities in several parts",
		}
	}
	return func(yield func(uint32, Match) bool) {
		var match Match
		for entity, events := range groupRows(o, rows).entities() {
			m.Reset()
			for _, e := range events {
				event := Event{At: e.at, Steps: e.steps}
				if e.row < 0 {
					event.Void = rows[^e.row].Void
				}
				_ = m.read(event) // they are in order of time
			}
			m.into(&match)
			for k, i := range match.Index {
				match.Index[k] = events[i].index()
			}
			if !yield(entity, match) {
				return
			}
		}
	}, nil
}

// rowEvent is what of a row is sorted by entity.
type rowEvent struct {
	at    int64
	steps uint32
	row   int32 // its place; if it has a Void, which few have, the complement of it
}

func (e rowEvent) index() int { return int(max(e.row, ^e.row)) }

// rowGrouping groups rows by entity.
type rowGrouping struct {
	rows        []Row
	steps, void uint32 // the bits that the options read
	all         bool   // they read rows without such a bit, too
}

func groupRows(o FunnelOptions, rows []Row) *rowGrouping {
	return &rowGrouping{rows: rows, steps: o.all(), void: o.ending(), all: o.reads(Event{})}
}

// reads reports whether the options read a row.
func (g *rowGrouping) reads(r *Row) bool { return r.Steps&g.steps|r.Void&g.void != 0 || g.all }

func (g *rowGrouping) event(i int) rowEvent {
	r := &g.rows[i]
	if r.Void&g.void != 0 {
		i = ^i
	}
	return rowEvent{r.At, r.Steps, int32(i)}
}

// entities returns the entities that have a row, in order, with those of their events that the options read, in order of
// time. The events are valid until the next entity.
func (g *rowGrouping) entities() iter.Seq2[uint32, []rowEvent] {
	return func(yield func(uint32, []rowEvent) bool) {
		ends, ok := g.count()
		if !ok {
			g.sort(yield)
			return
		}
		sum := uint32(0)
		for e, n := range ends { // to where the events of the entity begin
			ends[e] = n&hasRow | sum
			sum += n &^ hasRow
		}
		events := make([]rowEvent, sum)
		for i := range g.rows {
			if r := &g.rows[i]; g.reads(r) {
				end := &ends[r.Entity]
				events[*end&^hasRow] = g.event(i)
				*end++
			}
		}
		begin := uint32(0)
		for e, n := range ends {
			end := n &^ hasRow
			if n&hasRow != 0 && !yield(uint32(e), inTime(events[begin:end])) {
				return
			}
			begin = end
		}
	}
}

// hasRow marks an entity that has a row, even if no event of it is read.
const hasRow = 1 << 31

// count counts the rows that are read by entity. ok is false if the numbers of the entities are so sparse that a table of
// them would be larger than the rows.
func (g *rowGrouping) count() (counts []uint32, ok bool) {
	for i := range g.rows {
		r := &g.rows[i]
		if uint64(r.Entity) >= uint64(len(counts)) {
			if uint64(r.Entity) > 4*uint64(len(g.rows))+1024 {
				return nil, false
			}
			counts = append(counts, make([]uint32, int(r.Entity)+1-len(counts))...)
		}
		n := counts[r.Entity] | hasRow
		if g.reads(r) {
			n++
		}
		counts[r.Entity] = n
	}
	return counts, true
}

// sort is entities for sparse numbers.
func (g *rowGrouping) sort(yield func(uint32, []rowEvent) bool) {
	keys := make([]uint64, len(g.rows)) // entity and row
	for i := range g.rows {
		keys[i] = uint64(g.rows[i].Entity)<<32 | uint64(i)
	}
	slices.Sort(keys)
	var events []rowEvent
	for len(keys) > 0 {
		entity := keys[0] >> 32
		events = events[:0]
		for len(keys) > 0 && keys[0]>>32 == entity {
			if i := int(uint32(keys[0])); g.reads(&g.rows[i]) {
				events = append(events, g.event(i))
			}
			keys = keys[1:]
		}
		if !yield(uint32(entity), inTime(events)) {
			return
		}
	}
}

// inTime puts events in order of time, unless they are: those of the same time as they stand in the rows.
func inTime(events []rowEvent) []rowEvent {
	for i := 1; i < len(events); i++ {
		if events[i].at < events[i-1].at {
			slices.SortFunc(events, func(a, b rowEvent) int {
				return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.index(), b.index()))
			})
			break
		}
	}
	return events
}
