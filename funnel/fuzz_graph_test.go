package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// graFuzz checks a decoder: what it takes is what is written again, and merges with itself; what it does not take is
// ErrEncoding, and leaves the value empty.
func graFuzz[T any, A graAccumulator[T]](t *testing.T, data []byte, isJSON bool, check func(a A)) {
	t.Helper()
	a := A(new(T))
	decode, encode := a.UnmarshalBinary, A.MarshalBinary
	if isJSON {
		decode, encode = a.UnmarshalJSON, A.MarshalJSON
	}
	if err := decode(data); err != nil {
		if !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%v is of another kind", err)
		}
		got, _ := encode(a)
		if want, _ := encode(A(new(T))); !bytes.Equal(got, want) {
			t.Errorf("an error changed the value to %q", got)
		}
		return
	}
	text, err := encode(a)
	if err != nil {
		t.Fatal(err)
	}
	if !isJSON && !bytes.Equal(text, data) {
		t.Errorf("% x is written as % x", data, text)
	}
	b := A(new(T))
	again := b.UnmarshalBinary
	if isJSON {
		again = b.UnmarshalJSON
	}
	if err := again(text); err != nil {
		t.Errorf("%q cannot be read: %v", text, err)
	}
	check(a)
	if err := a.Merge(b); err != nil {
		if !errors.Is(err, funnel.ErrMismatch) {
			t.Error(err)
		}
		return
	}
	if err := a.Sub(b); err != nil {
		t.Error(err)
	}
	if got, _ := encode(a); !bytes.Equal(got, text) {
		t.Errorf("%q plus and minus itself is %q", text, got)
	}
}

// graFuzzSeeds are a few accumulators of each kind.
func graFuzzSeeds(f *testing.F, isJSON bool) (durations, graphs, variants [][]byte) {
	f.Helper()
	var d funnel.Durations
	var g funnel.Graph
	var v funnel.Variants
	take := func() {
		for _, x := range []struct {
			list *[][]byte
			a    interface {
				MarshalBinary() ([]byte, error)
				json.Marshaler
			}
		}{{&durations, &d}, {&graphs, &g}, {&variants, &v}} {
			encode := x.a.MarshalBinary
			if isJSON {
				encode = x.a.MarshalJSON
			}
			text, err := encode()
			if err != nil {
				f.Fatal(err)
			}
			*x.list = append(*x.list, text)
		}
	}
	take()
	for i, events := range []string{"a", "a Ann, b, b Bo, a Ann", "成約, a, 成約 Bo"} {
		j := graCase("1", events)
		if d.Add(int64(i*i)) != nil || g.Add(j) != nil || v.Add(j) != nil {
			f.Fatal("error")
		}
		take()
	}
	return durations, graphs, variants
}

func graFuzzDecoder[T any, A graAccumulator[T]](f *testing.F, seeds [][]byte, isJSON bool, check func(t *testing.T, a A)) {
	f.Helper()
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		graFuzz(t, data, isJSON, func(a A) { check(t, a) })
	})
}

func graCheckDurations(t *testing.T, d *funnel.Durations) {
	t.Helper()
	s, ok := d.Summary()
	if ok != (d.Len() > 0) || s.Count != d.Len() || s.Min < 0 || float64(s.Min) > s.Median || s.P90 > float64(s.Max) {
		t.Errorf("%+v, %t", s, ok)
	}
}

func graCheckGraph(t *testing.T, g *funnel.Graph) {
	t.Helper()
	graCheckIdentities(t, g)
}

func graCheckVariants(t *testing.T, v *funnel.Variants) {
	t.Helper()
	var n int64
	for _, x := range v.Top(v.Len()) {
		n += x.Count
	}
	if n != v.Cases() {
		t.Errorf("%d cases in the variants, %d in all", n, v.Cases())
	}
}

func FuzzDurations_UnmarshalBinary(f *testing.F) {
	seeds, _, _ := graFuzzSeeds(f, false)
	graFuzzDecoder(f, seeds, false, graCheckDurations)
}

func FuzzDurations_UnmarshalJSON(f *testing.F) {
	seeds, _, _ := graFuzzSeeds(f, true)
	graFuzzDecoder(f, seeds, true, graCheckDurations)
}

func FuzzGraph_UnmarshalBinary(f *testing.F) {
	_, seeds, _ := graFuzzSeeds(f, false)
	graFuzzDecoder(f, seeds, false, graCheckGraph)
}

func FuzzGraph_UnmarshalJSON(f *testing.F) {
	_, seeds, _ := graFuzzSeeds(f, true)
	graFuzzDecoder(f, seeds, true, graCheckGraph)
}

func FuzzVariants_UnmarshalBinary(f *testing.F) {
	_, _, seeds := graFuzzSeeds(f, false)
	graFuzzDecoder(f, seeds, false, graCheckVariants)
}

func FuzzVariants_UnmarshalJSON(f *testing.F) {
	_, _, seeds := graFuzzSeeds(f, true)
	graFuzzDecoder(f, seeds, true, graCheckVariants)
}
