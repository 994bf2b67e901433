package funnel_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// strOptions draws the options of a funnel. Those of a stream are Ordered and do not stop.
func strOptions(t *rapid.T, stream bool) funnel.FunnelOptions {
	o := funnel.FunnelOptions{
		Steps:  rapid.SampledFrom([]int{1, 2, 3, 3, 4, 5, 32}).Draw(t, "steps"),
		Window: rapid.SampledFrom([]int64{1, 2, 3, 5, 9, math.MaxInt32, math.MaxInt64 - 1, funnel.NoWindow}).Draw(t, "window"),
		Ties:   rapid.SampledFrom([]funnel.Ties{funnel.TiesAsOrdered, funnel.TiesBySeq, funnel.TiesStrict}).Draw(t, "ties"),
		Reuse:  rapid.Bool().Draw(t, "reuse"),
		Anchor: rapid.SampledFrom([]funnel.Anchor{funnel.LatestEntry, funnel.FirstEntry}).Draw(t, "anchor"),
	}
	if !stream {
		o.Order = rapid.SampledFrom([]funnel.Order{funnel.Ordered, funnel.StrictOrder, funnel.AnyOrder}).Draw(t, "order")
	}
	return o
}

// strRows draws rows of a few entities in order of time, with ties. Most satisfy one step.
func strRows(t *rapid.T, steps, most int) []funnel.Row {
	var rows []funnel.Row
	at := rapid.SampledFrom([]int64{0, 1_700_000_000, math.MinInt64, -3}).Draw(t, "start")
	many := rapid.Bool().Draw(t, "several steps")
	void := rapid.Bool().Draw(t, "exclusions")
	all := uint32(uint64(1)<<steps - 1)
	for range rapid.IntRange(0, most).Draw(t, "rows") {
		at += int64(rapid.SampledFrom([]int{0, 0, 1, 1, 2, 5}).Draw(t, "later"))
		r := funnel.Row{Entity: uint32(rapid.IntRange(0, 2).Draw(t, "entity")), Event: funnel.Event{At: at}}
		if n := rapid.IntRange(0, 5).Draw(t, "event"); n > 0 {
			r.Steps = 1 << rapid.IntRange(0, steps-1).Draw(t, "step")
			if many && n > 3 {
				r.Steps |= rapid.Uint32Range(0, all).Draw(t, "more")
			}
		}
		if void && rapid.IntRange(0, 3).Draw(t, "void") == 0 {
			r.Void = rapid.Uint32Range(0, all).Draw(t, "of")
		}
		rows = append(rows, r)
	}
	return rows
}

// strEventsOf returns the events of an entity, and their places.
func strEventsOf(rows []funnel.Row, entity uint32) (events []funnel.Event, at []int) {
	for i, r := range rows {
		if r.Entity == entity {
			events, at = append(events, r.Event), append(at, i)
		}
	}
	return events, at
}

func TestStream_law(t *testing.T) { rapid.Check(t, lawStream) }
func FuzzStream_law(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lawStream)) }

// After each event a stream says what Deepest says of the events of the entity so far, and its counts are those of the matches.
func lawStream(t *rapid.T) {
	o := strOptions(t, true)
	rows := strRows(t, o.Steps, 14)
	entities := rapid.IntRange(0, 3).Draw(t, "entities")
	s, err := funnel.NewStream(o, entities)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows { // numbered in order of appearance
		if n := uint32(s.Entities()); rows[i].Entity > n {
			rows[i].Entity = n
		}
		if err := s.Add(rows[i].Entity, rows[i].Event); err != nil {
			t.Fatal(err)
		}
		events, _ := strEventsOf(rows[:i+1], rows[i].Entity)
		want, err := funnel.Deepest(o, events)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Level(rows[i].Entity); err != nil || got != want.Level {
			t.Fatalf("%+v, entity %d, after %v: level %d (%v), want %d", o, rows[i].Entity, events, got, err, want.Level)
		}
	}
	twin, err := funnel.NewStream(o, entities)
	if err != nil {
		t.Fatal(err)
	}
	k := rapid.IntRange(0, len(rows)).Draw(t, "rows at once")
	if err := errors.Join(twin.AddRows(rows[:k]), twin.AddRows(rows[k:])); err != nil {
		t.Fatal(err)
	}
	for e := range uint32(twin.Entities()) {
		a, err1 := s.Level(e)
		b, err2 := twin.Level(e)
		if err := errors.Join(err1, err2); err != nil || a != b {
			t.Fatalf("entity %d is at level %d by Add, and at %d by AddRows (%v)", e, a, b, err)
		}
	}

	asOf := int64(7)
	if len(rows) > 0 {
		asOf = rows[len(rows)-1].At + rapid.Int64Range(0, 6).Draw(t, "later")
	}
	var want funnel.Counts
	for e := range s.Entities() {
		events, _ := strEventsOf(rows, uint32(e))
		m, err := funnel.Deepest(o, events)
		if err != nil {
			t.Fatal(err)
		}
		m.Times, m.Voided = nil, false
		if err := want.Add(m, asOf); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Counts(asOf)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := strJSON(t, got), strJSON(t, &want); a != b {
		t.Fatalf("%+v, %v: counts %s, want %s", o, rows, a, b)
	}
}

func TestStream_errors(t *testing.T) {
	o := funnel.FunnelOptions{Steps: 2, Window: 10}
	for _, c := range []struct {
		name     string
		o        funnel.FunnelOptions
		entities int
		path     string
	}{
		{"no steps", funnel.FunnelOptions{Window: 1}, 0, "options/steps"},
		{"order", funnel.FunnelOptions{Steps: 2, Window: 1, Order: funnel.AnyOrder}, 0, "options/order"},
		{"stop", funnel.FunnelOptions{Steps: 2, Window: 1, Ties: funnel.TiesBySeq, StopAtSkip: true}, 0, "options"},
		{"negative", o, -1, "entities"},
		{"absurd", o, math.MaxInt, "entities"},
	} {
		_, err := funnel.NewStream(c.o, c.entities)
		var e *funnel.Error
		if !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path != c.path {
			t.Errorf("%s: %v, want ErrInput at %s", c.name, err, c.path)
		}
	}
	s, err := funnel.NewStream(o, 1)
	if err != nil {
		t.Fatal(err)
	}
	const base = 1_000
	if err := s.Add(0, funnel.Event{At: base, Steps: 1}); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(1, funnel.Event{At: base + 5, Steps: 1}); err != nil {
		t.Fatal(err)
	}
	last := int64(base + math.MaxUint32 - 1 - 10)
	for _, c := range []struct {
		name, path string
		entity     uint32
		at         int64
	}{
		{"a gap in the numbers", "entity", 3, base + 6},
		{"a huge number", "entity", math.MaxUint32, base + 6},
		{"before the first", "at", 0, base - 1},
		{"long before the first", "at", 0, math.MinInt64},
		{"before the last of the entity", "at", 1, base + 4},
		{"beyond the span", "at", 0, last + 1},
		{"far beyond the span", "at", 0, math.MaxInt64},
	} {
		err := s.Add(c.entity, funnel.Event{At: c.at, Steps: 2})
		var e *funnel.Error
		if !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path != c.path {
			t.Errorf("%s: %v, want ErrInput at %s", c.name, err, c.path)
		}
	}
	if s.Entities() != 2 {
		t.Errorf("errors have added entities: %d, want 2", s.Entities())
	}
	if _, err := s.Level(2); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("the level of an entity that there is not: %v", err)
	}
	if _, err := s.Counts(base + 4); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("counts before an event that was read: %v", err)
	}
	if err := s.Add(1, funnel.Event{At: last, Steps: 1}); err != nil {
		t.Errorf("the end of the span: %v", err)
	}
	if err := s.Add(1, funnel.Event{At: last, Steps: 2}); err != nil {
		t.Errorf("the end of the span: %v", err)
	}
	if level, err := s.Level(1); err != nil || level != 2 {
		t.Errorf("level %d (%v) at the end of the span, want 2", level, err)
	}
}

// Rows are read up to the one that has an error, which the path names.
func TestStream_rows(t *testing.T) {
	s, err := funnel.NewStream(funnel.FunnelOptions{Steps: 2, Window: 10}, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]funnel.Row, 70)
	for i := range rows {
		rows[i] = funnel.Row{Entity: uint32(i) % 3, Event: funnel.Event{At: 6, Steps: 1 + uint32(i)/64}}
	}
	rows[66].Entity = 99
	before := slices.Clone(rows)
	var e *funnel.Error
	if err := s.AddRows(rows); !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path != "rows/66/entity" {
		t.Errorf("a gap in the numbers of row 66: %v", err)
	}
	for entity, want := range []int{2, 2, 1} { // rows 64 and 65 satisfy the second step
		if got, err := s.Level(uint32((entity + 1) % 3)); err != nil || got != want {
			t.Errorf("entity %d is at level %d (%v), want %d", (entity+1)%3, got, err, want)
		}
	}
	if !slices.Equal(rows, before) {
		t.Error("the rows were changed")
	}
}

// The set of 10,122 events of 1,000 entities, by every way that there is.
func TestStream_set(t *testing.T) {
	set := strSet(1000)
	if got := strChecksum(set); got != 0xfec00386b8ea8556 || len(set) != 10_122 {
		t.Fatalf("the generator makes %d events of checksum %x", len(set), got)
	}
	want := make([]int64, 6)
	for _, m := range strDeepest(t, strSetOptions(), strRowsOf(set)) {
		want[m.Level]++
	}
	if got := strStreamLevels(t, set, 1000); !slices.Equal(got, want) {
		t.Errorf("a stream finds the levels %v, want %v", got, want)
	}
	if got := strRowsLevels(t, strRowsOf(set)); !slices.Equal(got, want) {
		t.Errorf("rows have the levels %v, want %v", got, want)
	}
}

// strDeepest returns the match of each entity, by Deepest.
func strDeepest(t *testing.T, o funnel.FunnelOptions, rows []funnel.Row) map[uint32]funnel.Match {
	t.Helper()
	events := make(map[uint32][]funnel.Event)
	for _, r := range rows {
		events[r.Entity] = append(events[r.Entity], r.Event)
	}
	matches := make(map[uint32]funnel.Match)
	for entity, own := range events {
		m, err := funnel.Deepest(o, own)
		if err != nil {
			t.Fatal(err)
		}
		matches[entity] = m
	}
	return matches
}

// The set in units of three days, so that many events are of the same time, with events of several steps and exclusions, under
// all options.
func TestStream_options(t *testing.T) {
	rows := strRowsOf(strSet(1000))
	for i := range rows {
		r := &rows[i]
		r.At /= 3 * strDay
		switch i % 7 {
		case 0:
			r.Steps |= 1 << (i % 5)
		case 1:
			r.Void = 1 << (i % 5)
		}
	}
	for _, ties := range []funnel.Ties{funnel.TiesAsOrdered, funnel.TiesBySeq, funnel.TiesStrict} {
		for _, anchor := range []funnel.Anchor{funnel.LatestEntry, funnel.FirstEntry} {
			for _, reuse := range []bool{false, true} {
				o := funnel.FunnelOptions{Steps: 5, Window: 5, Ties: ties, Anchor: anchor, Reuse: reuse}
				s, err := funnel.NewStream(o, 1000)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					if err := s.Add(r.Entity, r.Event); err != nil {
						t.Fatal(err)
					}
				}
				for entity, want := range strDeepest(t, o, rows) {
					if got, err := s.Level(entity); err != nil || got != want.Level {
						t.Fatalf("%+v: entity %d is at level %d (%v), want %d", o, entity, got, err, want.Level)
					}
				}
			}
		}
	}
}

func TestStream_allocs(t *testing.T) {
	rows := strSet(100)
	s, err := funnel.NewStream(strSetOptions(), 100)
	if err != nil {
		t.Fatal(err)
	}
	k := 0
	if n := testing.AllocsPerRun(len(rows)-1, func() {
		if err := s.Add(rows[k].entity, rows[k].event()); err != nil {
			t.Fatal(err)
		}
		k++
	}); n > 0 {
		t.Errorf("Add allocates %v times", n)
	}
}
