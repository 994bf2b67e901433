package lifetime_test

import (
	"bytes"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/wire"
)

// encode returns the text of a histogram with the causes won and lost, those of which there is one.
func encode(h *lifetime.Histogram) []byte {
	var causes []lifetime.Cause
	for _, c := range []lifetime.Cause{won, lost} {
		if h.Ended(c) > 0 {
			causes = append(causes, c)
		}
	}
	return h.Append(wire.Head(nil, 'H', 1), causes)
}

// What is written is read again, and what is read is written the same: by text and by rows.
func TestHistogram_roundTrip_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := append(lives().Draw(t, "lives"), life{0, 1, won}, life{0, 2, lost})
		h := histogram(t, ls)
		text := encode(h)
		r := wire.NewReader(text, 'H', 1)
		got := lifetime.Read(r, 2)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows(h), rows(got)); diff != "" || got.Len() != h.Len() {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		if again := encode(got); !bytes.Equal(text, again) {
			t.Errorf("read % x, wrote % x", text, again)
		}
		// What was read may be added to.
		more := lives().Draw(t, "more")
		for _, l := range more {
			got.Add(l.First, l.Last, l.Cause)
		}
		if diff := cmp.Diff(rows(histogram(t, append(ls, more...))), rows(got)); diff != "" {
			t.Errorf("read and added to (-want +got):\n%s", diff)
		}

		byRows, err := lifetime.FromRows(slices.Values(rows(h)))
		if err != nil {
			t.Fatal(err)
		}
		if again := encode(byRows); !bytes.Equal(text, again) {
			t.Errorf("by rows: % x, want % x", again, text)
		}
		whole := h.Clone()
		whole.Merge(histogram(t, more), nil)
		whole.Sub(histogram(t, more), nil)
		if again := encode(whole); !bytes.Equal(text, again) {
			t.Errorf("after what was added is gone again: % x, want % x", again, text)
		}
	})
}

// Rows and texts that no lifetimes have left are refused.
func TestRead_refuses(t *testing.T) {
	for name, rows := range map[string][]lifetime.Row{
		"out of order":      {{Tick: 3, Enter: 1}, {Tick: 3, Exit: []int64{1}}},
		"negative tick":     {{Tick: -1, Enter: 1, Exit: []int64{1}}},
		"beyond MaxTick":    {{Tick: lifetime.MaxTick + 1, Enter: 1, Exit: []int64{1}}},
		"negative entry":    {{Tick: 3, Enter: -1}},
		"negative exit":     {{Tick: 3, Enter: 1, Exit: []int64{2, -1}}},
		"exit before entry": {{Tick: 3, Exit: []int64{1}}, {Tick: 4, Enter: 1}},
		"never an exit":     {{Tick: 3, Enter: 2, Exit: []int64{1}}},
		"entry owed":        {{Tick: 3, Enter: -1}, {Tick: 4, Enter: 2, Exit: []int64{1}}},
		"too many":          {{Tick: 3, Enter: math.MaxInt64, Exit: []int64{math.MaxInt64}}, {Tick: 4, Enter: 5, Exit: []int64{5}}},
	} {
		if h, err := lifetime.FromRows(slices.Values(rows)); err == nil {
			t.Errorf("%s: %d lifetimes, want an error", name, h.Len())
		}
	}
	for name, b := range map[string][]byte{
		"no exit":                                {1, 0, 0, 0, 0},
		"no entry":                               {0, 0, 1, 0, 0},
		"exit before entry":                      {1, 5, 0, 0, 1, 4, 0},
		"more exits":                             {1, 5, 0, 0, 1, 6, 1},
		"more entries":                           {1, 5, 1, 0, 1, 6, 0},
		"cause without an end":                   {1, 0, 0, 1, 0, 0, 0},
		"more counts than the text has room for": {200, 1, 0, 0},
		"beyond MaxTick":                         {1, 0, 1, 0, 2, 0xff, 0xff, 0x3f, 0, 0, 0},
		"cut":                                    {1, 0, 0, 0},
	} {
		r := wire.NewReader(append(wire.Head(nil, 'H', 1), b...), 'H', 1)
		h := lifetime.Read(r, 1)
		if r.Close() == nil {
			t.Errorf("%s: %d lifetimes, want a fault", name, h.Len())
		}
	}
	r := wire.NewReader(append(wire.Head(nil, 'H', 1), 1, 5, 0, 0, 1, 5, 0), 'H', 1)
	if h := lifetime.Read(r, 1); r.Close() != nil || h.Len() != 1 {
		t.Errorf("the sound one: %d lifetimes, %v", h.Len(), r.Close())
	}
}

// A text whose ticks are as far apart as it takes to be costly takes memory in proportion to its length.
func TestRead_memory(t *testing.T) {
	const n = 4000
	b := wire.Head(nil, 'H', 1)
	b = wire.Uint(wire.Uint(wire.Uint(b, 1), 0), n-1) // n enter at 0
	b = wire.Uint(b, 0)
	b = wire.Uint(b, n)
	for range n {
		b = wire.Uint(wire.Uint(b, 64), 0) // a page each
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := wire.NewReader(b, 'H', 1)
	h := lifetime.Read(r, 1)
	runtime.ReadMemStats(&after)
	if err := r.Close(); err != nil || h.Len() != n {
		t.Fatalf("%d lifetimes, %v", h.Len(), err)
	}
	if bytes, most := after.TotalAlloc-before.TotalAlloc, uint64(40*len(b)); bytes > most {
		t.Errorf("%d bytes for a text of %d, want at most %d", bytes, len(b), most)
	}
}
