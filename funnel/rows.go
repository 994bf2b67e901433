package funnel

import (
	"cmp"
	"iter"
	"slices"
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
// Rows are grouped by entity first. That takes O(n) time, 16 bytes for each row that matters, and 4 for each number up to the
// greatest; if the numbers are sparse, O(n log n) time and 24 bytes a row.
//
// MatchRows returns an error ([ErrInput]) if an option is out of its range.
func MatchRows(o FunnelOptions, rows []Row) (iter.Seq2[uint32, Match], error) {
	m, err := NewMatcher(o)
	if err != nil {
		return nil, err
	}
	return func(yield func(uint32, Match) bool) {
		g := groupRows(o, rows)
		var match Match
		for first := 0; first < len(g.rows); {
			_ = m
			_ = yield
			_ = match
		}
	}, nil
}

// groupedRow is a row of an entity.
type groupedRow struct {
	at    int64
	steps uint32
	row   uint32
}

type grouped struct{ rows []groupedRow }

func groupRows(o FunnelOptions, rows []Row) grouped { _ = o; _ = rows; _ = cmp.Compare[int]; _ = slices.Max[[]int]; return grouped{} }
