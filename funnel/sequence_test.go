package funnel_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

func TestCompileSequence_errors(t *testing.T) {
	for _, c := range []struct{ reason, pattern, path, text string }{
		{"no token", "(?1)x(?2)", "pattern/4", `"x(?2)" is not known`},
		{"a star on its own", "(?1)*", "pattern/4", "is not known"},
		{"space", "(?1) (?2)", "pattern/4", "is not known"},
		{"a group that is not closed", "(?1)(?2", "pattern/4", "has no )"},
		{"no condition", "(?)", "pattern/0", "number of a condition"},
		{"condition 0", "(?0)", "pattern/0", "1 to 32"},
		{"condition 33", "(?33)", "pattern/0", "1 to 32"},
		{"a sign", "(?+1)", "pattern/0", "1 to 32"},
		{"no comparison", "(?1)(?t5)(?2)", "pattern/4", "must compare"},
		{"a comparison that is none", "(?1)(?t=>5)(?2)", "pattern/4", "must compare"},
		{"no time", "(?1)(?t<=)(?2)", "pattern/4", "whole number"},
		{"a time with a unit", "(?1)(?t<=5d)(?2)", "pattern/4", "whole number"},
		{"too long a time", "(?1)(?t<=9223372036854775808)(?2)", "pattern/4", "2^63-1"},
		{"a limit at the start", ".*(?t<=5)(?2)", "pattern/2", "no event before it"},
		{"a limit at the end", "(?1)(?t<=5).*", "pattern/4", "no event behind it"},
		{"a limit at the end that limits nothing", "(?1)(?t>=0)", "pattern/4", "no event behind it"},
		{"below 0", "(?1)(?t<0)(?2)", "pattern/4", "no time"},
		{"limits that contradict", "(?1)(?t>5).*(?t<=5)(?2)", "pattern/12", "no time"},
		{"too many events", strings.Repeat(".", 65), "pattern/64", "at most 64"},
	} {
		_, err := funnel.CompileSequence(c.pattern)
		var e *funnel.Error
		switch {
		case !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput):
			t.Errorf("%s: %q gives %v, want an *Error of ErrInput", c.reason, c.pattern, err)
		case e.Path != c.path || !strings.Contains(err.Error(), c.text):
			t.Errorf("%s: %q gives path %q and %v, want path %q and %q", c.reason, c.pattern, e.Path, err, c.path, c.text)
		}
	}
	if _, err := funnel.CompileSequence(strings.Repeat(".", 64)); err != nil {
		t.Errorf("64 events: %v", err)
	}
}

func TestSequence_order(t *testing.T) {
	s := strCompile(t, "(?1)")
	events := []funnel.Event{{At: 2, Steps: 1}, {At: 1, Steps: 1}}
	_, err1 := s.Match(events)
	_, err2 := s.Count(events)
	_, _, err3 := s.Events(events)
	for i, err := range []error{err1, err2, err3} {
		var e *funnel.Error
		if !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path != "events/1/at" {
			t.Errorf("question %d: %v, want an error at events/1/at", i, err)
		}
	}
}

// The zero Sequence is the pattern "".
func TestSequence_zero(t *testing.T) {
	match, count, at, whole := strAsk(t, funnel.Sequence{}, strLetters("a.b"))
	if !match || !whole || count != 2 || at != nil {
		t.Errorf("match %t, whole %t, count %d, places %v; want true, true, 2, none", match, whole, count, at)
	}
	match, count, at, whole = strAsk(t, funnel.Sequence{}, nil)
	if !match || !whole || count != 0 || at != nil {
		t.Errorf("of no event: match %t, whole %t, count %d, places %v; want true, true, 0, none", match, whole, count, at)
	}
}
