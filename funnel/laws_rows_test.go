package funnel_test

import (
	"cmp"
	"errors"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

func TestMatchRows_law(t *testing.T) { rapid.Check(t, lawMatchRows) }
func FuzzMatchRows_law(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lawMatchRows)) }

// Rows in any order give each entity the match that Deepest finds in its events in order of time.
func lawMatchRows(t *rapid.T) {
	o := strOptions(t, false)
	if o.Order == funnel.AnyOrder && o.Ties == funnel.TiesStrict {
		o.Ties = funnel.TiesAsOrdered
	}
	if o.Order == funnel.Ordered && o.Ties == funnel.TiesBySeq {
		o.StopAtRepeat = rapid.Bool().Draw(t, "stop at repeat")
		o.StopAtOther = rapid.Bool().Draw(t, "stop at other")
	}
	rows := strRows(t, o.Steps, 14)
	if rapid.Bool().Draw(t, "shuffled") {
		rows = rapid.Permutation(rows).Draw(t, "rows")
	}
	if far := rapid.SampledFrom([]uint32{1, 100, 5_000, 1 << 30}).Draw(t, "numbers"); far > 1 {
		for i := range rows {
			rows[i].Entity = 3 + rows[i].Entity*far
		}
	}
	before := slices.Clone(rows)

	matches, err := funnel.MatchRows(o, rows)
	if err != nil {
		t.Fatal(err)
	}
	var entities []uint32
	for entity, got := range matches {
		entities = append(entities, entity)
		_, at := strEventsOf(rows, entity)
		slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(rows[i].At, rows[j].At) })
		var events []funnel.Event
		for _, i := range at {
			events = append(events, rows[i].Event)
		}
		want, err := funnel.Deepest(o, events)
		if err != nil {
			t.Fatal(err)
		}
		for k, i := range want.Index {
			want.Index[k] = at[i]
		}
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%+v, entity %d of %v (-want +got)\n%s", o, entity, rows, diff)
		}
	}
	var want []uint32
	for _, r := range rows {
		want = append(want, r.Entity)
	}
	slices.Sort(want)
	if want = slices.Compact(want); !slices.Equal(want, entities) {
		t.Fatalf("entities %v, want %v", entities, want)
	}
	if !slices.Equal(rows, before) {
		t.Fatal("the rows were changed")
	}
	for range matches { // may be left early, and ranged over again
		break
	}
}

func TestMatchRows_errors(t *testing.T) {
	if _, err := funnel.MatchRows(funnel.FunnelOptions{}, nil); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("without steps: %v, want ErrInput", err)
	}
	matches, err := funnel.MatchRows(strSetOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for entity := range matches {
		t.Errorf("no rows, yet entity %d", entity)
	}
}

// What a match costs has to be bounded by its events: ten thousand entities share the slices of one match.
func TestMatchRows_allocs(t *testing.T) {
	rows := strRowsOf(strSet(10_000))
	if n := testing.AllocsPerRun(3, func() { strRowsLevels(t, rows) }); n > 100 {
		t.Errorf("10,000 entities allocate %v times", n)
	}
}
