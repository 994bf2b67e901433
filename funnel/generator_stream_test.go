package funnel_test

import (
	"encoding/json"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// strRow is an event of the benchmark set: an entity, a time in seconds and the stage that it enters, 1 to 5, or 0 for an event
// that is no step.
type strRow struct {
	at     int64
	entity uint32
	stage  uint32
}

// strDay is a day in seconds.
const strDay = 86_400

// strSet returns the events of the first entities of the benchmark set, as they arrive: in order of time, then of the
// entity, then of its own events. Each entity draws from a SplitMix64 generator of its own (Steele, Lea and Flood 2014,
// DOI 10.1145/2660193.2660195), so that a smaller set is part of a larger one and any language can make the same. A million
// entities have 10,001,308 events.
func strSet(entities int) []strRow {
	rows := make([]strRow, 0, 11*entities)
	for e := range uint64(entities) {
		state := 0x5A1E50F5 + e*0xD1342543DE82EF95
		next := func() uint64 {
			state += 0x9E3779B97F4A7C15
			z := state
			z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
			z = (z ^ z>>27) * 0x94D049BB133111EB
			return z ^ z>>31
		}
		n := 1 + next()%19
		at := int64(1_700_000_000 + next()%(90*strDay))
		var current uint32
		for range n {
			p := next() % 100
			if current == 0 && p < 60 {
				p = 0
			}
			var stage uint32
			switch {
			case p < 45:
				current = min(current+1, 5)
				stage = current
			case p < 60:
				stage = current
			case p < 70:
				if current > 1 {
					current--
				}
				stage = current
			case p < 75:
				current = min(current+2, 5)
				stage = current
			}
			rows = append(rows, strRow{at, uint32(e), stage})
			at += int64(60 + next()%(6*strDay))
		}
	}
	return strByTime(rows)
}

// strByTime sorts rows by time, stable: 13 bits of the seconds since the first, and then the next 13.
func strByTime(rows []strRow) []strRow {
	const bits = 13
	spare := make([]strRow, len(rows))
	for shift := 0; shift < 2*bits; shift += bits {
		digit := func(r strRow) int64 { return (r.at - 1_700_000_000) >> shift % (1 << bits) }
		var place [1<<bits + 1]int
		for _, r := range rows {
			place[digit(r)+1]++
		}
		for i := range 1 << bits {
			place[i+1] += place[i]
		}
		for _, r := range rows {
			k := digit(r)
			spare[place[k]] = r
			place[k]++
		}
		rows, spare = spare, rows
	}
	return rows
}

// strChecksum folds the words of the rows with the steps of FNV-1a, to show that a set is the one that the expected counts
// are of.
func strChecksum(rows []strRow) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range rows {
		for _, v := range [3]uint64{uint64(r.at), uint64(r.entity), uint64(r.stage)} {
			h = (h ^ v) * 1099511628211
		}
	}
	return h
}

// event returns the event of the funnel whose steps are the stages.
func (r strRow) event() funnel.Event {
	return funnel.Event{At: r.at, Steps: 1 << r.stage >> 1}
}

// strSetOptions are those that the expected counts are of.
func strSetOptions() funnel.FunnelOptions {
	return funnel.FunnelOptions{Steps: 5, Window: 30 * strDay}
}

// strSetLevels are how many entities of the set come to the levels 0 to 5. ClickHouse 18.16, DuckDB 1.5.6 and NumPy 1.24 find
// the same.
func strSetLevels(entities int) []int64 {
	switch entities {
	case 100_000:
		return []int64{9_060, 16_553, 15_851, 14_656, 12_344, 31_536}
	case 1_000_000:
		return []int64{90_772, 166_359, 159_416, 146_872, 120_429, 316_152}
	}
	return nil
}

// strRowsOf returns the rows of the set.
func strRowsOf(set []strRow) []funnel.Row {
	rows := make([]funnel.Row, len(set))
	for i, r := range set {
		rows[i] = funnel.Row{Entity: r.entity, Event: r.event()}
	}
	return rows
}

// strStreamLevels counts levels by a stream.
func strStreamLevels(t testing.TB, set []strRow, entities int) []int64 {
	t.Helper()
	s, err := funnel.NewStream(strSetOptions(), entities)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddRows(strRowsOf(set)); err != nil {
		t.Fatal(err)
	}
	levels := make([]int64, 6)
	for e := range uint32(entities) {
		level, err := s.Level(e)
		if err != nil {
			t.Fatal(err)
		}
		levels[level]++
	}
	return levels
}

// strRowsLevels counts levels by rows.
func strRowsLevels(t testing.TB, rows []funnel.Row) []int64 {
	t.Helper()
	matches, err := funnel.MatchRows(strSetOptions(), rows)
	if err != nil {
		t.Fatal(err)
	}
	levels := make([]int64, 6)
	for _, m := range matches {
		levels[m.Level]++
	}
	return levels
}

// strJSON returns v in JSON.
func strJSON(t interface{ Fatal(args ...any) }, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
