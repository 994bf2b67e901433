package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// flowSeeds returns flows of several shapes.
func flowSeeds(t testing.TB) []*funnel.Flow {
	t.Helper()
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost", "Out=left")
	j := flowJourney("a", "Lead", "Opp", "Lead", "Opp", "Opp", "Won")
	j.Amount = d("-12.50")
	view := funnel.View{Pipeline: p, AsOf: flowAt(48)}
	return []*funnel.Flow{
		new(funnel.Flow),
		flowOf(t, view, j, flowJourney("b", "Lead"), flowJourney("c", "Opp", "Out")),
		flowOf(t, funnel.View{Pipeline: p.Reopening(), AsOf: flowAt(48)}, flowJourney("d", "Lead", "Lost", "Opp"), flowJourney("e", "Won")),
		flowOf(t, funnel.View{Pipeline: flowPipeline(t, "x"), AsOf: flowAt(48), Since: flowAt(3)}, flowJourney("f", "x")),
	}
}

func FuzzFlow_UnmarshalBinary(f *testing.F) {
	for _, seed := range flowSeeds(f) {
		f.Add(flowBytes(f, seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var flow funnel.Flow
		if err := flow.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || flow.Journeys() != 0 {
				t.Fatal(err)
			}
			return
		}
		if again := flowBytes(t, &flow); !bytes.Equal(data, again) {
			t.Fatalf("read %x, wrote %x", data, again)
		}
		flowProbe(t, &flow)
	})
}

func FuzzFlow_UnmarshalJSON(f *testing.F) {
	for _, seed := range flowSeeds(f) {
		text, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var flow funnel.Flow
		if err := flow.UnmarshalJSON(text); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || flow.Journeys() != 0 {
				t.Fatal(err)
			}
			return
		}
		flowProbe(t, &flow)
		again, err := json.Marshal(flow)
		if err != nil {
			t.Fatal(err)
		}
		var back funnel.Flow
		if err := back.UnmarshalJSON(again); err != nil {
			t.Fatalf("%v: %s", err, again)
		}
		if !bytes.Equal(flowBytes(t, &flow), flowBytes(t, &back)) {
			t.Fatal("JSON does not come back")
		}
	})
}

// flowProbe asks a flow that was read for all that it can say: nothing panics, sums add up, and shares are shares.
func flowProbe(t *testing.T, f *funnel.Flow) {
	t.Helper()
	if f.Journeys() == 0 {
		return
	}
	for _, s := range f.Stages() {
		if s.Entered.Count != s.Advanced.Count+s.Regressed.Count+s.Won.Count+s.Lost.Count+s.Left.Count+s.Open.Count || s.Reworked < 0 || s.Skipped < 0 {
			t.Fatalf("%+v", s)
		}
		flowProbeShare(t, func() (funnel.Share, error) { return f.DropOff(s.Stage) })
	}
	o := f.Outcome()
	if o.Journeys.Count != o.Won.Count+o.Lost.Count+o.Left.Count+o.Open.Count || o.Journeys.Count != f.Journeys() {
		t.Fatalf("%+v", o)
	}
	stages := f.Pipeline().Stages()
	for _, from := range stages {
		for _, skip := range []funnel.Skip{funnel.Visited, funnel.Implied, funnel.Contiguous} {
			flowProbeShare(t, func() (funnel.Share, error) { return f.Reached(from.Key, skip) })
			for _, to := range stages {
				flowProbeShare(t, func() (funnel.Share, error) { return f.Conversion(from.Key, to.Key, skip) })
			}
		}
	}
	for _, chain := range []func() (funnel.Chain, error){f.Chain, func() (funnel.Chain, error) { return f.ChainWithin(30) }} {
		c, err := chain()
		if err != nil {
			continue
		}
		if _, err := c.Absorb(); err != nil && !errors.Is(err, funnel.ErrUndefined) && len(c.Ends) > 0 {
			t.Fatal(err)
		}
	}
	if err := f.Merge(f); err != nil && !errors.Is(err, funnel.ErrMismatch) {
		t.Fatal(err)
	}
	if err := f.Sub(f); err != nil {
		t.Fatal(err)
	}
}

func flowProbeShare(t *testing.T, ask func() (funnel.Share, error)) {
	t.Helper()
	s, err := ask()
	if err == nil && (s.Reached < 0 || s.Pending < 0 || s.Entered < s.Reached || s.Entered-s.Reached < s.Pending) {
		t.Fatalf("%+v", s)
	}
}
