package funnel_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

// What has to be made by a constructor says so when it was not, and does not panic.
func TestZero_matcherAndStream(t *testing.T) {
	var m funnel.Matcher
	if _, err := m.Add(funnel.Event{Steps: 1}); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("zero Matcher: %v, want ErrInput", err)
	}
	m.Reset()
	if diff := cmp.Diff(funnel.Match{}, m.Match()); diff != "" {
		t.Errorf("zero Matcher (-want +got):\n%s", diff)
	}
	var s funnel.Stream
	if err := s.Add(0, funnel.Event{Steps: 1}); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("zero Stream: %v, want ErrInput", err)
	}
	if _, err := s.Level(0); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("level in a zero Stream: %v, want ErrInput", err)
	}
	if c, err := s.Counts(0); err != nil || s.Entities() != 0 || c.Entities() != 0 {
		t.Errorf("counts of a zero Stream: %v, %v, want none", c, err)
	}
	if _, err := funnel.NewStream(funnel.FunnelOptions{Steps: 2, Window: 1}, math.MaxInt); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("more entities than numbers: %v, want ErrInput", err)
	}
}

// Accumulators keep their contents when they are encoded by value, inside of other structs.
func TestEncodings_byValue(t *testing.T) {
	var l funnel.Lifetimes
	if err := l.Add(funnel.Spell{Leave: 3, Exit: funnel.Won}); err != nil {
		t.Fatal(err)
	}
	var ds funnel.Durations
	if err := ds.Add(5); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		"lifetimes": struct{ A funnel.Lifetimes }{l},
		"durations": struct{ A funnel.Durations }{ds},
	} {
		text, err := json.Marshal(v)
		if err != nil || len(text) < len(`{"A":{"ticks":[]}}`)+4 {
			t.Errorf("%s: %s, %v; want what it holds", name, text, err)
		}
	}
	for _, v := range []any{
		funnel.Lifetimes{},
		funnel.Flow{},
		funnel.Graph{},
		funnel.Variants{},
		funnel.Triangle{},
		funnel.Counts{},
		funnel.Breakdown{},
		funnel.Movement{},
		funnel.Durations{},
		funnel.Retention{},
		funnel.Slice{},
	} {
		if _, ok := v.(encoding.BinaryMarshaler); !ok {
			t.Errorf("%T encodes by pointer only", v)
		}
		if _, ok := v.(json.Marshaler); !ok {
			t.Errorf("%T encodes by pointer only", v)
		}
	}
}
