package fault_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/internal/fault"
)

func TestList(t *testing.T) {
	rest := func(n int) error { return errors.New("and " + strconv.Itoa(n) + " more") }
	var l fault.List
	if err := l.Err(rest); err != nil {
		t.Errorf("empty: %v, want nil", err)
	}
	one := errors.New("one")
	l.Add(one)
	if err := l.Err(rest); err != one { //nolint:errorlint // the fault itself, not one that wraps it
		t.Errorf("one: %v, want the fault itself", err)
	}
	for range 2 * fault.Most {
		if l.Full() {
			break
		}
		l.Add(one)
	}
	l.Add(one)
	l.Add(one)
	lines := strings.Split(l.Err(rest).Error(), "\n")
	if got, want := len(lines), fault.Most+1; got != want {
		t.Errorf("%d lines, want %d", got, want)
	}
	if got, want := lines[len(lines)-1], "and 2 more"; got != want {
		t.Errorf("last line %q, want %q", got, want)
	}
}

func TestClip(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"D-1":                         "D-1",
		strings.Repeat("x", 60):       strings.Repeat("x", 60),
		strings.Repeat("x", 61):       strings.Repeat("x", 60) + "…",
		strings.Repeat("é", 40):       strings.Repeat("é", 30) + "…",
		"x" + strings.Repeat("é", 40): "x" + strings.Repeat("é", 30) + "…",
	} {
		if got := fault.Clip(in); got != want {
			t.Errorf("Clip(%q) = %q, want %q", in, got, want)
		}
	}
}
