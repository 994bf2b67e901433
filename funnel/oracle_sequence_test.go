package funnel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

// TestE_sequence is the test of ClickHouse for sequenceMatch, sequenceCount and sequenceMatchEvents (Apache-2.0,
// tests/queries/0_stateless/00222_sequence_aggregate_function_family.sql). A letter is an event that satisfies condition 1
// (a), 2 (b) or 3 (c), or none (.); they are a second apart.
func TestE_sequence(t *testing.T) {
	const first, second = "aaaabcaaaabb", "....ab....aa"
	for _, c := range []struct {
		pattern, events string
		match           bool
		count           int
		at              []int
	}{
		{"", first, true, 12, nil},
		{".", first, true, 12, nil},
		{".*", first, true, 12, nil},
		{"(?1)", first, true, 8, []int{0}},
		{"(?2)", first, true, 3, []int{4}},
		{"(?3)", first, true, 1, []int{5}},
		{"(?4)", first, false, 0, nil},
		{"(?1)(?1)", first, true, 4, []int{0, 1}},
		{"(?1)(?1)(?1)", first, true, 2, []int{0, 1, 2}},
		{"(?1)(?1)(?1)(?1)", first, true, 2, []int{0, 1, 2, 3}},
		{"(?1)(?1)(?1)(?1)(?1)", first, false, 0, []int{0, 1, 2, 3}},
		{"(?1)(?1)(?1)(?1)(?2)", first, true, 2, []int{0, 1, 2, 3, 4}},
		{"(?1)(?t>10)(?2)", first, true, 1, []int{0, 11}},
		{"(?1)(?t>11)(?2)", first, false, 0, []int{0}},
		{"(?1)(?t<11)(?2)", first, true, 2, []int{0, 4}},
		{"(?1)(?t<3)(?3)", first, true, 1, []int{3, 5}},
		{"(?1)(?t<=2)(?3)", first, true, 1, []int{3, 5}},
		{"(?1)(?t<2)(?3)", first, false, 0, []int{0}},
		{"(?2)(?t>=7)(?2)", first, true, 1, []int{4, 11}},
		{"(?2)(?t>7)(?2)", first, false, 0, []int{4}},
		{"(?2)(?3)(?1)", first, true, 1, []int{4, 5, 6}},
		{"(?1)(?t==2)(?2)", second, false, 0, []int{4}},
		{"(?1)(?t==1)(?2)", second, true, 1, []int{4, 5}},
	} {
		s := strCompile(t, c.pattern)
		events := strLetters(c.events)
		match, count, at, whole := strAsk(t, s, events)
		if match != c.match || whole != c.match || count != c.count {
			t.Errorf("%q on %s: match %t, whole %t, count %d; want %t, %t, %d", c.pattern, c.events, match, whole, count, c.match, c.match, c.count)
		}
		if diff := cmp.Diff(c.at, at); diff != "" {
			t.Errorf("%q on %s: places (-want +got)\n%s", c.pattern, c.events, diff)
		}
	}
}

// Where ClickHouse does not do what its manual says the manual decides.
func TestS_sequence(t *testing.T) {
	for _, c := range []struct {
		reason, pattern, events string
		count                   int
		at                      []int
	}{
		{"a time behind .* is measured from the event before it, not from where .* began", "(?1).*(?t<=2)(?2)", "acccb", 0, []int{0}},
		{"a .* behind a time changes nothing", "(?1)(?t<=2).*(?2)", "acccb", 0, []int{0}},
		{"a .* beside a time changes nothing", "(?1).*(?t<=4).*(?2)", "acccb", 1, []int{0, 4}},
		{"two limits hold for the same two events", "(?1)(?t>=2)(?t<=3)(?2)", "abbcb", 1, []int{0, 2}},
		{"a time is measured from a point, too", "(?1).(?t<=1)(?2)", "acb", 1, []int{0, 2}},
		{"what an attempt took that was given up is not told", "(?1)(?2)(?3)", "abcbabc", 2, []int{0, 1, 2}},
		{"an attempt that fails later does not hide a match", "(?1).*(?2)(?3)", "abbbabc", 1, []int{0, 5, 6}},
		{"events that satisfy nothing do not stand between", "(?1)(?2)", "a..b", 1, []int{0, 3}},
		{"others do", "(?1)(?2)", "acb", 0, []int{0}},
		{"a .* behind the last event takes nothing", "(?1).*", "aca", 2, []int{0}},
		{"matches do not overlap", "(?1).*(?2)", "aabb", 1, []int{0, 2}},
		{"a point takes one event", "(?1).(?2)", "acbab", 1, []int{0, 2}},
		{"no time at all is the same time", "(?1)(?t==0)(?2)", "ab", 0, []int{0}},
	} {
		_, count, at, _ := strAsk(t, strCompile(t, c.pattern), strLetters(c.events))
		if count != c.count || !cmp.Equal(at, c.at) {
			t.Errorf("%s: %q on %s: count %d at %d, want %d at %d", c.reason, c.pattern, c.events, count, at, c.count, c.at)
		}
	}
}

// strCompile compiles a pattern.
func strCompile(t testing.TB, pattern string) funnel.Sequence {
	t.Helper()
	s, err := funnel.CompileSequence(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if s.String() != pattern {
		t.Fatalf("the text of %q is %q", pattern, s.String())
	}
	return s
}

// strLetters returns events a tick apart: a, b and c satisfy condition 1, 2 and 3, a point none.
func strLetters(text string) []funnel.Event {
	var events []funnel.Event
	for i, c := range text {
		e := funnel.Event{At: int64(i)}
		if c != '.' {
			e.Steps = 1 << (c - 'a')
		}
		events = append(events, e)
	}
	return events
}

// strAsk asks a sequence all there is.
func strAsk(t testing.TB, s funnel.Sequence, events []funnel.Event) (match bool, count int, at []int, whole bool) {
	t.Helper()
	match, err := s.Match(events)
	if err != nil {
		t.Fatal(err)
	}
	if count, err = s.Count(events); err != nil {
		t.Fatal(err)
	}
	if at, whole, err = s.Events(events); err != nil {
		t.Fatal(err)
	}
	if len(at) == 0 {
		at = nil
	}
	return match, count, at, whole
}
