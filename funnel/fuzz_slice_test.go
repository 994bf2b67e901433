package funnel_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

func strSomeSlice(t testing.TB) *funnel.Slice {
	t.Helper()
	s, err := funnel.NewSlice(funnel.FunnelOptions{Steps: 4, Window: 10})
	if err != nil {
		t.Fatal(err)
	}
	for i, steps := range []uint32{2, 1, 4, 1, 6, 2, 4} {
		if err := s.Add(funnel.Event{At: int64(3 * i), Steps: steps}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// strJoin joins a decoded slice with a live one on either side.
func strJoin(t *testing.T, s *funnel.Slice) {
	t.Helper()
	if level := s.Level(); level < 0 || level > funnel.MaxSteps {
		t.Fatalf("level %d", level)
	}
	before := strBinary(t, s)
	for _, at := range []int64{math.MinInt64, 0, 1000, math.MaxInt64} {
		live, err := funnel.NewSlice(funnel.FunnelOptions{Steps: 4, Window: 10})
		if err != nil {
			t.Fatal(err)
		}
		if err := live.Add(funnel.Event{At: at, Steps: 15}); err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]*funnel.Slice{{live, s}, {s, live}} {
			joined, err := pair[0].Then(pair[1])
			if err != nil {
				if !errors.Is(err, funnel.ErrMismatch) {
					t.Fatal(err)
				}
				continue
			}
			if joined.Level() < max(live.Level(), s.Level()) {
				t.Fatalf("joined %s and %s to level %d", strJSON(t, pair[0]), strJSON(t, pair[1]), joined.Level())
			}
			var back funnel.Slice
			if err := back.UnmarshalBinary([]byte(strBinary(t, joined))); err != nil {
				t.Fatalf("%s: %v", strJSON(t, joined), err)
			}
		}
	}
	if strBinary(t, s) != before {
		t.Fatal("joining has changed the slice")
	}
}

func FuzzSlice_UnmarshalBinary(f *testing.F) {
	f.Add([]byte(strBinary(f, new(funnel.Slice))))
	f.Add([]byte(strBinary(f, strSomeSlice(f))))
	f.Add(binary.AppendUvarint([]byte("S\x01\x04"), math.MaxUint64))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s funnel.Slice
		if err := s.UnmarshalBinary(data); err != nil {
			var e *funnel.Error
			if !errors.As(err, &e) || !errors.Is(err, funnel.ErrEncoding) || strJSON(t, &s) != "{}" {
				t.Fatalf("%v, %s", err, strJSON(t, &s))
			}
			return
		}
		if got := strBinary(t, &s); got != string(data) {
			t.Fatalf("%x, decoded and encoded: %x", data, got)
		}
		strJoin(t, &s)
	})
}

func FuzzSlice_UnmarshalJSON(f *testing.F) {
	f.Add([]byte(strJSON(f, new(funnel.Slice))))
	f.Add([]byte(strJSON(f, strSomeSlice(f))))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, back funnel.Slice
		if err := s.UnmarshalJSON(data); err != nil {
			var e *funnel.Error
			if !errors.As(err, &e) || !errors.Is(err, funnel.ErrEncoding) || strJSON(t, &s) != "{}" {
				t.Fatalf("%v, %s", err, strJSON(t, &s))
			}
			return
		}
		if err := back.UnmarshalBinary([]byte(strBinary(t, &s))); err != nil || strJSON(t, &back) != strJSON(t, &s) {
			t.Fatalf("%s, decoded and encoded: %s (%v)", strJSON(t, &s), strJSON(t, &back), err)
		}
		strJoin(t, &s)
	})
}
