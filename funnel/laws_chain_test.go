package funnel_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// flowClosed draws a set of journeys that all begin in a stage and end, with skips, falls back and rework.
func flowClosed() *rapid.Generator[flowSet] {
	return rapid.Custom(func(t *rapid.T) flowSet {
		var stages []funnel.Stage
		n := rapid.IntRange(1, 5).Draw(t, "stages")
		for i := range n {
			stages = append(stages, funnel.Stage{Key: fmt.Sprint("stage ", i)})
		}
		ends := []funnel.Stage{{Key: "Won", End: funnel.Won}, {Key: "Upsold", End: funnel.Won}, {Key: "Lost", End: funnel.Lost}, {Key: "Left", End: funnel.Left}}
		p, err := funnel.NewPipeline(append(stages, ends...)...)
		if err != nil {
			t.Fatal(err)
		}
		s := flowSet{View: funnel.View{Pipeline: p, AsOf: flowAt(2000)}}
		for i := range rapid.IntRange(1, 9).Draw(t, "journeys") {
			j := funnel.Journey{ID: fmt.Sprint(i)}
			at := rapid.IntRange(0, 100).Draw(t, "begins")
			for range rapid.IntRange(1, 7).Draw(t, "visits") {
				j.Moves = append(j.Moves, funnel.Move{To: rapid.SampledFrom(stages).Draw(t, "stage").Key, At: flowAt(at)})
				at += rapid.IntRange(0, 80).Draw(t, "stays")
			}
			j.Moves = append(j.Moves, funnel.Move{To: rapid.SampledFrom(ends).Draw(t, "end").Key, At: flowAt(at)})
			s.Journeys = append(s.Journeys, j)
		}
		return s
	})
}

// Once all deals have ended the chain tells of them exactly what happened, whatever they skipped or did again: the share that was
// won, the visits and the mean time; and with all known, the chain up to a horizon beyond all visits is the same.
func TestFlow_Chain_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowClosed().Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		c, err := f.Chain()
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		o := f.Outcome()
		n := float64(f.Journeys())
		if want := float64(o.Won.Count) / n; math.Abs(a.StartWin-want) > 1e-12 {
			t.Errorf("win chance %v, want the share of those won, %v", a.StartWin, want)
		}
		var ticks float64
		for _, j := range s.Journeys {
			visits, err := s.View.Visits(nil, j)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range visits {
				spell, _ := s.View.Spell(x)
				ticks += float64(spell.Leave)
			}
		}
		if math.Abs(a.StartTime-ticks/n) > 1e-9 {
			t.Errorf("time %v, want the mean %v", a.StartTime, ticks/n)
		}
		for i, key := range c.Stages {
			x, err := f.Stage(key)
			if err != nil {
				t.Fatal(err)
			}
			if want := float64(x.Entered.Count) / n; math.Abs(a.StartVisits[i]-want) > 1e-9 {
				t.Errorf("%s: %v visits, want the mean %v", key, a.StartVisits[i], want)
			}
			if c.Settled[i] != 1 {
				t.Errorf("%s: settled %v", key, c.Settled[i])
			}
		}
		within, err := f.ChainWithin(100)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, within, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("within a horizon beyond all visits (-want +got):\n%s", diff)
		}
	})
}

// Deals that come back after an end: the same as if ends were stages, from which some deals go on and the others are absorbed.
func TestFlow_Chain_reopening_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(8).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		c, err := f.Chain()
		if err != nil {
			if !errors.Is(err, funnel.ErrUndefined) {
				t.Error(err)
			}
			return
		}
		a, err := c.Absorb()
		if err != nil {
			if !errors.Is(err, funnel.ErrUndefined) && !errors.Is(err, funnel.ErrInput) { // no way to an end, or there is none
				t.Error(err)
			}
			return
		}
		large := flowExtended(t, s.View.Pipeline, f)
		b, err := large.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range c.Stages {
			for k, name := range large.Stages {
				if name != key {
					continue
				}
				if diff := cmp.Diff(a.Win[i], b.Win[k], cmpopts.EquateApprox(0, 1e-9)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", key, diff)
				}
				for m, other := range c.Stages {
					for n, there := range large.Stages {
						if there == other && math.Abs(a.Visits[i][m]-b.Visits[k][n]) > 1e-9*b.Visits[k][n] {
							t.Errorf("visits from %s to %s: %v, want %v", key, other, a.Visits[i][m], b.Visits[k][n])
						}
					}
				}
			}
		}
	})
}

// flowExtended returns the chain whose stages are those that were entered and the ends; each end has an end of its own.
func flowExtended(t *rapid.T, p funnel.Pipeline, f *funnel.Flow) funnel.Chain {
	counts, in := map[[2]string]float64{}, map[string]float64{}
	for _, m := range f.Moves() {
		counts[[2]string{m.From, m.To}] = float64(m.Count)
		in[m.To] += float64(m.Count)
	}
	var c funnel.Chain
	for _, s := range p.Stages() {
		if in[s.Key] > 0 {
			c.Stages = append(c.Stages, s.Key)
		}
		if s.End != "" {
			c.Ends = append(c.Ends, s)
		}
	}
	for _, from := range c.Stages {
		var out float64
		next, end := make([]float64, len(c.Stages)), make([]float64, len(c.Ends))
		for i, to := range c.Stages {
			next[i] = counts[[2]string{from, to}]
			out += next[i]
		}
		total := out
		for k, e := range c.Ends {
			if e.Key == from {
				total = in[from]
				end[k] = (total - out) / total
			}
		}
		if total == 0 {
			t.Fatalf("nothing leaves %s", from)
		}
		for i := range next {
			next[i] /= total
		}
		c.Next, c.End = append(c.Next, next), append(c.End, end)
	}
	return c
}

// A chain of any flow is one, or there is none for a reason; nothing panics, whatever the horizon.
func TestFlow_ChainWithin_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(8).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		horizon := rapid.OneOf(rapid.IntRange(-1, 400), rapid.SampledFrom([]int{math.MinInt32, funnel.MaxTick, funnel.MaxTick + 1})).Draw(t, "horizon")
		c, err := f.ChainWithin(horizon)
		if horizon < 1 || horizon > funnel.MaxTick {
			if !errors.Is(err, funnel.ErrInput) {
				t.Errorf("horizon %d: %v", horizon, err)
			}
			return
		}
		if err != nil {
			if !errors.Is(err, funnel.ErrUndefined) {
				t.Error(err)
			}
			return
		}
		for i := range c.Stages {
			var sum float64
			for _, p := range append(append([]float64(nil), c.Next[i]...), c.End[i]...) {
				sum += p
			}
			if math.Abs(sum-1) > 1e-12 || c.Settled[i] <= 0 || c.Settled[i] > 1 {
				t.Errorf("stage %s: sum %v, settled %v", c.Stages[i], sum, c.Settled[i])
			}
			if c.Hold != nil && (c.Hold[i] < 0 || c.Hold[i] > float64(horizon)) {
				t.Errorf("stage %s: hold %v of %d", c.Stages[i], c.Hold[i], horizon)
			}
		}
		if _, err := c.Absorb(); err != nil && !errors.Is(err, funnel.ErrUndefined) && (!errors.Is(err, funnel.ErrInput) || len(c.Ends) > 0) {
			t.Error(err)
		}
	})
}
