package funnel_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// strPlain draws events of one entity without exclusions, in order of time.
func strPlain(t *rapid.T, steps, most int) []funnel.Event {
	var events []funnel.Event
	for _, r := range strRows(t, steps, most) {
		r.Void = 0
		events = append(events, r.Event)
	}
	return events
}

// strSliceOf returns the slice of events.
func strSliceOf(t *rapid.T, o funnel.FunnelOptions, events []funnel.Event) *funnel.Slice {
	s, err := funnel.NewSlice(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if err := s.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// strThen joins slices.
func strThen(t *rapid.T, a, b *funnel.Slice) *funnel.Slice {
	s, err := a.Then(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// strBinary returns v in binary form.
func strBinary(t interface{ Fatal(args ...any) }, v interface{ MarshalBinary() ([]byte, error) }) string {
	b, err := v.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSlice_law(t *testing.T) { rapid.Check(t, lawSlice) }
func FuzzSlice_law(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lawSlice)) }

// Slices of an entity's events, cut where time moves, join into the slice of all of them, in any grouping; its level is that of
// Deepest. Decoded ones do the same.
func lawSlice(t *rapid.T) {
	o := strOptions(t, true)
	events := strPlain(t, o.Steps, 14)
	want, err := funnel.Deepest(o, events)
	if err != nil {
		t.Fatal(err)
	}
	whole := strSliceOf(t, o, events)
	if got := whole.Level(); got != want.Level {
		t.Fatalf("%+v on %v: level %d, want %d", o, events, got, want.Level)
	}
	var parts []*funnel.Slice
	for i := 0; i < len(events); {
		j := i + rapid.IntRange(0, 4).Draw(t, "cut")
		for ; j > i && j < len(events) && events[j].At == events[j-1].At; j++ {
		}
		j = min(j, len(events))
		part := strSliceOf(t, o, events[i:j])
		if rapid.Bool().Draw(t, "decoded") {
			var back funnel.Slice
			if err := back.UnmarshalBinary([]byte(strBinary(t, part))); err != nil {
				t.Fatal(err)
			}
			part = &back
		}
		parts, i = append(parts, part), j
	}
	parts = append(parts, new(funnel.Slice))
	first, before := parts[0], strBinary(t, parts[0])
	for len(parts) > 1 {
		i := rapid.IntRange(0, len(parts)-2).Draw(t, "join")
		parts[i] = strThen(t, parts[i], parts[i+1])
		parts = slices.Delete(parts, i+1, i+2)
	}
	joined := parts[0]
	if len(events) == 0 {
		joined = strThen(t, joined, whole) // has the options
	}
	if got := joined.Level(); got != want.Level {
		t.Fatalf("%+v on %v: joined to level %d, want %d", o, events, got, want.Level)
	}
	if a, b := strBinary(t, joined), strBinary(t, whole); a != b {
		t.Fatalf("%+v on %v: joined to %s, whole is %s", o, events, strJSON(t, joined), strJSON(t, whole))
	}
	if a, b := strBinary(t, strThen(t, new(funnel.Slice), strThen(t, joined, nil))), strBinary(t, whole); a != b {
		t.Fatal("the zero slice is not the identity")
	}
	if strBinary(t, first) != before {
		t.Fatal("joining has changed a part")
	}
	var back funnel.Slice
	if err := back.UnmarshalJSON([]byte(strJSON(t, whole))); err != nil {
		t.Fatal(err)
	}
	if strBinary(t, &back) != strBinary(t, whole) || back.Level() != want.Level {
		t.Fatalf("decoded from JSON it is %s, want %s", strJSON(t, &back), strJSON(t, whole))
	}
}

func TestSlice_errors(t *testing.T) {
	o := funnel.FunnelOptions{Steps: 3, Window: 10}
	make := func(o funnel.FunnelOptions, at ...int64) *funnel.Slice {
		s, err := funnel.NewSlice(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range at {
			if err := s.Add(funnel.Event{At: at, Steps: 1}); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	add := func(s *funnel.Slice, e funnel.Event) error { return s.Add(e) }
	then := func(a, b *funnel.Slice) error { _, err := a.Then(b); return err }
	joined, err := make(o, 1, 2).Then(make(o, 5))
	if err != nil {
		t.Fatal(err)
	}
	wider := o
	wider.Window++
	_, noSteps := funnel.NewSlice(funnel.FunnelOptions{})
	_, anyOrder := funnel.NewSlice(funnel.FunnelOptions{Steps: 1, Window: 1, Order: funnel.AnyOrder})
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"no steps", noSteps, funnel.ErrInput},
		{"any order", anyOrder, funnel.ErrInput},
		{"the zero slice takes no events", add(new(funnel.Slice), funnel.Event{Steps: 1}), funnel.ErrInput},
		{"exclusions", add(make(o), funnel.Event{Void: 1}), funnel.ErrInput},
		{"an exclusion of the last step is not read", add(make(o), funnel.Event{Void: 4}), nil},
		{"time goes back", add(make(o, 1, 3), funnel.Event{At: 2, Steps: 1}), funnel.ErrInput},
		{"the time of the last event", add(make(o, 1, 3), funnel.Event{At: 3, Steps: 1}), nil},
		{"the time of the last event of joined slices", add(joined, funnel.Event{At: 5, Steps: 1}), funnel.ErrInput},
		{"behind joined slices", add(joined, funnel.Event{At: 6, Steps: 1}), nil},
		{"slices that share a time", then(make(o, 1, 2), make(o, 2, 3)), funnel.ErrMismatch},
		{"slices the wrong way round", then(make(o, 3, 4), make(o, 1, 2)), funnel.ErrMismatch},
		{"other options", then(make(o, 1), make(wider, 2)), funnel.ErrMismatch},
		{"other options, no events", then(make(o, 1), make(wider)), funnel.ErrMismatch},
		{"one behind the other", then(make(o, 1, 2), make(o, 3)), nil},
	} {
		var e *funnel.Error
		if !errors.Is(c.err, c.want) || c.err != nil && !errors.As(c.err, &e) {
			t.Errorf("%s: %v, want %v", c.name, c.err, c.want)
		}
	}
}

func TestSlice_allocs(t *testing.T) {
	s, err := funnel.NewSlice(funnel.FunnelOptions{Steps: 5, Window: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	at := int64(1_700_000_000)
	if n := testing.AllocsPerRun(1000, func() {
		at += 7
		if err := s.Add(funnel.Event{At: at, Steps: 1 << (at % 5)}); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("Add allocates %v times", n)
	}
}
