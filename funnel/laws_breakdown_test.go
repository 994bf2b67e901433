package funnel_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

func TestBreakdown_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		matches, asOf := strMatches(t, rapid.IntRange(0, 6).Draw(t, "entities"))
		groups := make([]string, len(matches))
		for i := range groups {
			groups[i] = rapid.SampledFrom([]string{"", "east", "west", "é"}).Draw(t, "group")
		}
		add := func(b *funnel.Breakdown, i int) {
			if err := b.Add(groups[i], matches[i], asOf); err != nil {
				t.Fatal(err)
			}
		}
		strLaws(t, len(matches), add)

		// A group has the counts of its entities, and all groups together those of all.
		var b funnel.Breakdown
		var total funnel.Counts
		own := map[string]*funnel.Counts{"": {}, "east": {}, "west": {}, "é": {}}
		for i, m := range matches {
			add(&b, i)
			if err := errors.Join(own[groups[i]].Add(m, asOf), total.Add(m, asOf)); err != nil {
				t.Fatal(err)
			}
		}
		for group, want := range own {
			if strBinary(t, b.Counts(group)) != strBinary(t, want) {
				t.Fatalf("%q has %s, want %s", group, strJSON(t, b.Counts(group)), strJSON(t, want))
			}
		}
		if strBinary(t, b.Total()) != strBinary(t, &total) {
			t.Fatalf("the total is %s, want %s", strJSON(t, b.Total()), strJSON(t, &total))
		}
		slices.Sort(groups)
		if want := slices.Compact(groups); !slices.Equal(b.Groups(), want) {
			t.Fatalf("groups %q, want %q", b.Groups(), want)
		}
	})
}

func TestBreakdown_errors(t *testing.T) {
	var b funnel.Breakdown
	for name, err := range map[string]error{
		"a group that is no text": b.Add("\xff", funnel.Match{}, 0),
		"a match that is none":    b.Add("east", funnel.Match{Level: -1}, 0),
	} {
		var e *funnel.Error
		if !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%s: %v, want ErrInput", name, err)
		}
	}
	if got := strJSON(t, &b); got != `{"groups":[]}` {
		t.Errorf("errors have added %s", got)
	}
	var huge funnel.Breakdown
	if err := json.Unmarshal([]byte(`{"groups":[{"group":"a","counts":{"levels":[{"level":0,"entities":9223372036854775807}]}}]}`), &huge); err != nil {
		t.Fatal(err)
	}
	if err := huge.Add("b", funnel.Match{}, 0); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("Add: %v, want ErrInput", err)
	}
	if err := b.Add("b", funnel.Match{}, 0); err != nil {
		t.Fatal(err)
	}
	if err := huge.Merge(&b); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Merge: %v, want ErrMismatch", err)
	}
	if got := huge.Total().Entities(); got != 1<<63-1 {
		t.Errorf("what failed has changed the breakdown: %d entities", got)
	}
}

func TestAttribution(t *testing.T) {
	ordered := funnel.Match{Level: 3, Times: []int64{1, 2, 3}, Index: []int{4, 6, 9}}
	anyOrder := funnel.Match{Level: 2, Times: []int64{1, 2}, Index: []int{4, 6}, Filled: []int{3, 1}}
	for _, c := range []struct {
		name string
		a    funnel.Attribution
		m    funnel.Match
		want int // -1: none
	}{
		{"first", funnel.FirstEvent, ordered, 4},
		{"the default is first", 0, ordered, 4},
		{"last", funnel.LastEvent, ordered, 9},
		{"step 1", 1, ordered, 4},
		{"step 2", 2, ordered, 6},
		{"a step that was not reached", 4, ordered, -1},
		{"no level", funnel.FirstEvent, funnel.Match{}, -1},
		{"no level, last", funnel.LastEvent, funnel.Match{}, -1},
		{"step 3 of any order came first", 3, anyOrder, 4},
		{"step 1 of any order came last", 1, anyOrder, 6},
		{"a step of any order that was not filled", 2, anyOrder, -1},
		{"first of any order", funnel.FirstEvent, anyOrder, 4},
		{"a number that is none", -2, ordered, -1},
		{"no places", funnel.FirstEvent, funnel.Match{Level: 2}, -1},
	} {
		got, ok := c.a.Index(c.m)
		if !ok {
			got = -1
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
