package funnel_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// strAccumulator is what the accumulators have in common.
type strAccumulator[T any] interface {
	*T
	Merge(*T) error
	Sub(*T) error
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
	json.Marshaler
	json.Unmarshaler
}

// strLaws are the laws of an accumulator of n items: merging shards in any order and grouping gives the whole, byte for byte;
// the zero value is the identity; Sub undoes Merge; encodings give back what was encoded.
func strLaws[T any, P strAccumulator[T]](t *rapid.T, n int, add func(to P, i int)) {
	of := func(items []int) P {
		p := P(new(T))
		for _, i := range items {
			add(p, i)
		}
		return p
	}
	merge := func(a, b P) {
		before := strBinary(t, b)
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		if a != b && strBinary(t, b) != before {
			t.Fatal("Merge has changed its argument")
		}
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	whole := of(all)
	want := strBinary(t, whole)

	order := rapid.Permutation(all).Draw(t, "order")
	shards := []P{P(new(T))}
	for len(order) > 0 {
		k := rapid.IntRange(0, len(order)).Draw(t, "shard")
		shards, order = append(shards, of(order[:k])), order[k:]
		if len(shards) > 4 && len(order) > 0 {
			shards, order = append(shards, of(order)), nil
		}
	}
	for len(shards) > 1 {
		i := rapid.IntRange(0, len(shards)-2).Draw(t, "merge")
		a, b := shards[i], shards[i+1]
		if rapid.Bool().Draw(t, "the other way round") {
			a, b = b, a
		}
		if rapid.Bool().Draw(t, "decoded") {
			c := P(new(T))
			if err := c.UnmarshalBinary([]byte(strBinary(t, b))); err != nil {
				t.Fatal(err)
			}
			b = c
		}
		merge(a, b)
		shards[i], shards = a, slices.Delete(shards, i+1, i+2)
	}
	if got := strBinary(t, shards[0]); got != want {
		t.Fatalf("shards are %s, the whole is %s", strJSON(t, shards[0]), strJSON(t, whole))
	}
	if err := whole.Merge(nil); err != nil || strBinary(t, whole) != want {
		t.Fatalf("Merge(nil) changes %s (%v)", strJSON(t, whole), err)
	}

	// b is added to a and taken away again.
	k := rapid.IntRange(0, n).Draw(t, "to keep")
	a, b := of(all[:k]), of(all[k:])
	if err := whole.Sub(b); err != nil {
		t.Fatal(err)
	}
	if strBinary(t, whole) != strBinary(t, a) || strJSON(t, whole) != strJSON(t, a) {
		t.Fatalf("the whole without b is %s, want %s", strJSON(t, whole), strJSON(t, a))
	}
	if k < n {
		before := strBinary(t, a)
		switch err := a.Sub(of(all)); {
		case !errors.Is(err, funnel.ErrMismatch):
			t.Fatalf("a part without the whole: %v, want ErrMismatch", err)
		case strBinary(t, a) != before:
			t.Fatal("a Sub that fails changes what it is called on")
		}
	}
	merge(whole, b)
	merge(whole, whole)
	if strBinary(t, whole) != strBinary(t, of(append(slices.Clone(all), all...))) {
		t.Fatalf("merged with itself: %s", strJSON(t, whole))
	}
	if err := whole.Sub(whole); err != nil || strBinary(t, whole) != strBinary(t, P(new(T))) || strJSON(t, whole) != strJSON(t, P(new(T))) {
		t.Fatalf("without itself: %s (%v)", strJSON(t, whole), err)
	}

	for _, v := range []P{of(all), whole} {
		one, two := P(new(T)), of(all)
		if err := one.UnmarshalJSON([]byte(strJSON(t, v))); err != nil {
			t.Fatal(err)
		}
		if err := two.UnmarshalBinary([]byte(strBinary(t, v))); err != nil {
			t.Fatal(err)
		}
		if strBinary(t, one) != strBinary(t, v) || strBinary(t, two) != strBinary(t, v) || strJSON(t, two) != strJSON(t, v) {
			t.Fatalf("%s, decoded from JSON %s, from binary %s", strJSON(t, v), strJSON(t, one), strJSON(t, two))
		}
	}
}

// strMatches draws matches as they come, with a time of knowledge.
func strMatches(t *rapid.T, n int) (matches []funnel.Match, asOf int64) {
	o := strOptions(t, false)
	if o.Order == funnel.AnyOrder {
		o.Ties = funnel.TiesAsOrdered
	}
	for range n {
		events, _ := strEventsOf(strRows(t, o.Steps, 12), 0)
		m, err := funnel.Deepest(o, events)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) > 0 {
			asOf = max(asOf, events[len(events)-1].At)
		}
		matches = append(matches, m)
	}
	return matches, asOf + rapid.Int64Range(0, 5).Draw(t, "later")
}

func TestCounts_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		matches, asOf := strMatches(t, rapid.IntRange(0, 6).Draw(t, "entities"))
		strLaws(t, len(matches), func(c *funnel.Counts, i int) {
			if err := c.Add(matches[i], asOf); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// The counts are those of the matches: no more reach a step than the one before it, and each entity that goes no further either
// may still or has dropped off.
func TestCounts_answers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		matches, asOf := strMatches(t, rapid.IntRange(0, 6).Draw(t, "entities"))
		var c funnel.Counts
		for _, m := range matches {
			if err := c.Add(m, asOf); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.Entities(); got != int64(len(matches)) || c.Reached(0) != got || c.Reached(-1) != got || c.Reached(33) != 0 {
			t.Fatalf("%d entities, want %d", got, len(matches))
		}
		const n = funnel.MaxSteps
		steps := c.Steps(n)
		for i, s := range steps {
			var reached, voided, inFlight int64
			var gap, since funnel.Durations
			for _, m := range matches {
				if m.Level >= s.Step {
					reached++
					if s.Step > 1 {
						_ = gap.Add(m.Times[i] - m.Times[i-1])
						_ = since.Add(m.Times[i] - m.Times[0])
					}
				}
				if m.Level == s.Step && s.Step < n {
					if m.Voided {
						voided++
					}
					if m.Open && m.Until >= asOf {
						inFlight++
					}
				}
			}
			if s.Step != i+1 || s.Reached != reached || s.Reached != c.Reached(s.Step) || s.Voided != voided || s.InFlight != inFlight {
				t.Fatalf("step %d is %+v, want %d reached, %d voided, %d in flight", i+1, s, reached, voided, inFlight)
			}
			if i+1 < len(steps) && s.Reached != steps[i+1].Reached+s.InFlight+s.Dropped {
				t.Fatalf("step %d is %+v, and %d reached the next", i+1, s, steps[i+1].Reached)
			}
			if strJSON(t, c.Gap(s.Step)) != strJSON(t, &gap) || strJSON(t, c.Since(s.Step)) != strJSON(t, &since) {
				t.Fatalf("times to step %d: %s, %s", s.Step, strJSON(t, c.Gap(s.Step)), strJSON(t, c.Since(s.Step)))
			}
		}
		from := rapid.IntRange(0, n-1).Draw(t, "from")
		to := rapid.IntRange(from+1, n).Draw(t, "to")
		share, err := c.Conversion(from, to)
		if err != nil {
			t.Fatal(err)
		}
		var want funnel.Share
		for _, m := range matches {
			switch {
			case m.Level >= to:
				want.Reached++
				want.Entered++
			case m.Level >= from:
				want.Entered++
				if m.Open && m.Until >= asOf {
					want.Pending++
				}
			}
		}
		if share != want {
			t.Fatalf("conversion %d to %d is %+v, want %+v", from, to, share, want)
		}
	})
}

func TestCounts_errors(t *testing.T) {
	match := func(times ...int64) funnel.Match { return funnel.Match{Level: len(times), Times: times} }
	for _, c := range []struct {
		name string
		m    funnel.Match
		path string
	}{
		{"a negative level", funnel.Match{Level: -1}, "level"},
		{"a level beyond all steps", funnel.Match{Level: 33}, "level"},
		{"too few times", funnel.Match{Level: 2, Times: []int64{1}}, "times"},
		{"time goes back", match(2, 1), "times/1"},
		{"too long", match(math.MinInt64, 0), "times/1"},
		{"after asOf", match(1, 11), "times/1"},
		{"sound", match(1, 10), ""},
		{"without times", funnel.Match{Level: 3}, ""},
		{"nothing", funnel.Match{}, ""},
	} {
		var counts funnel.Counts
		before := strBinary(t, &counts)
		err := counts.Add(c.m, 10)
		var e *funnel.Error
		switch {
		case c.path == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.path != "" && (!errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path != c.path):
			t.Errorf("%s: %v, want ErrInput at %s", c.name, err, c.path)
		case c.path != "" && strBinary(t, &counts) != before:
			t.Errorf("%s: counted in spite of the error", c.name)
		}
	}
	var c funnel.Counts
	for _, s := range [][2]int{{-1, 2}, {2, 2}, {3, 2}, {1, 33}} {
		if _, err := c.Conversion(s[0], s[1]); !errors.Is(err, funnel.ErrInput) {
			t.Errorf("conversion %d to %d: %v, want ErrInput", s[0], s[1], err)
		}
	}
	if n := len(c.Steps(-3)) + len(c.Steps(0)); n != 0 || len(c.Steps(99)) != funnel.MaxSteps {
		t.Errorf("there are steps that there are not")
	}
	if c.Gap(-1).Len()+c.Since(99).Len() != 0 {
		t.Errorf("there are times to steps that there are not")
	}
}

// A funnel may have all the steps there are.
func TestCounts_allSteps(t *testing.T) {
	m := funnel.Match{Level: funnel.MaxSteps}
	for k := range m.Level {
		m.Times = append(m.Times, int64(k*k))
	}
	var c, one, two funnel.Counts
	if err := c.Add(m, 1000); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(one.UnmarshalBinary([]byte(strBinary(t, &c))), two.UnmarshalJSON([]byte(strJSON(t, &c)))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*funnel.Counts{&c, &one, &two} {
		gap, _ := c.Gap(funnel.MaxSteps).Max()
		since, _ := c.Since(funnel.MaxSteps).Max()
		if c.Reached(funnel.MaxSteps) != 1 || gap != 61 || since != 961 {
			t.Errorf("%d reached the last step, %d after the one before and %d after the first; want 1, 61, 961", c.Reached(funnel.MaxSteps), gap, since)
		}
	}
}

// Counts near the greatest number do not wrap.
func TestCounts_overflow(t *testing.T) {
	var huge, one funnel.Counts
	if err := json.Unmarshal([]byte(`{"levels":[{"level":0,"entities":9223372036854775807}]}`), &huge); err != nil {
		t.Fatal(err)
	}
	if err := one.Add(funnel.Match{Level: 1}, 0); err != nil {
		t.Fatal(err)
	}
	before := strBinary(t, &huge)
	if err := huge.Merge(&one); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Merge: %v, want ErrMismatch", err)
	}
	if err := huge.Merge(&huge); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Merge with itself: %v, want ErrMismatch", err)
	}
	if err := huge.Add(funnel.Match{}, 0); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("Add: %v, want ErrInput", err)
	}
	if strBinary(t, &huge) != before {
		t.Error("what failed has changed the counts")
	}
}

// Accumulators encode as part of what holds them by value, and null changes nothing.
func TestCounts_inStruct(t *testing.T) {
	type report struct {
		Counts    funnel.Counts
		Breakdown funnel.Breakdown
		Retention funnel.Retention
		Slice     funnel.Slice
	}
	in := report{*strSomeCounts(t), *strSomeBreakdown(t), *strSomeRetention(t), *strSomeSlice(t)}
	text := strJSON(t, in)
	var out report
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	if got := strJSON(t, out); got != text || !strings.Contains(text, `"Counts":{"levels":[{"level":0`) || !strings.Contains(text, `"done":[[`) {
		t.Errorf("got %s, want %s", got, text)
	}
	if err := json.Unmarshal([]byte(`{"Counts":null,"Breakdown":null,"Retention":null,"Slice":null}`), &out); err != nil {
		t.Fatal(err)
	}
	if got := strJSON(t, out); got != text {
		t.Errorf("null has changed it to %s", got)
	}
}
