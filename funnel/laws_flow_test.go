package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// flowSplit splits journeys into parts at random.
func flowSplit(t *rapid.T, journeys []funnel.Journey, parts int) [][]funnel.Journey {
	out := make([][]funnel.Journey, parts)
	for _, j := range journeys {
		i := rapid.IntRange(0, parts-1).Draw(t, "part")
		out[i] = append(out[i], j)
	}
	return out
}

func flowMerge(t rapid.TB, flows ...*funnel.Flow) *funnel.Flow {
	t.Helper()
	sum := new(funnel.Flow)
	for _, f := range flows {
		if err := sum.Merge(f); err != nil {
			t.Fatal(err)
		}
	}
	return sum
}

// Shards merged in any order and grouping are the whole, to the byte; what is subtracted was never there; the order of
// journeys does not matter.
func TestFlow_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(8).Draw(t, "set")
		parts := flowSplit(t, s.Journeys, 3)
		a, b, c := flowOf(t, s.View, parts[0]...), flowOf(t, s.View, parts[1]...), flowOf(t, s.View, parts[2]...)
		whole := flowBytes(t, flowOf(t, s.View, s.Journeys...))
		before := flowBytes(t, b)
		for name, got := range map[string]*funnel.Flow{
			"a(bc)":    flowMerge(t, a, flowMerge(t, b, c)),
			"(ab)c":    flowMerge(t, flowMerge(t, a, b), c),
			"c, b, a":  flowMerge(t, c, b, a),
			"with 0":   flowMerge(t, new(funnel.Flow), a, nil, b, new(funnel.Flow), c, nil),
			"shuffled": flowOf(t, s.View, rapid.Permutation(s.Journeys).Draw(t, "order")...),
		} {
			if diff := cmp.Diff(whole, flowBytes(t, got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if !bytes.Equal(before, flowBytes(t, b)) {
			t.Error("b was changed")
		}

		ab := flowMerge(t, a, b)
		abc := flowMerge(t, a, b, c)
		if err := abc.Sub(c); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(flowBytes(t, ab), flowBytes(t, abc)); diff != "" {
			t.Errorf("abc-c (-want +got):\n%s", diff)
		}
		for _, part := range []*funnel.Flow{b, a, nil} {
			if err := abc.Sub(part); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(flowBytes(t, new(funnel.Flow)), flowBytes(t, abc)); diff != "" {
			t.Errorf("all subtracted (-want +got):\n%s", diff)
		}

		double := flowMerge(t, a)
		if err := double.Merge(double); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(flowBytes(t, flowMerge(t, a, a)), flowBytes(t, double)); diff != "" {
			t.Errorf("merged with itself (-want +got):\n%s", diff)
		}
		if err := double.Sub(double); err != nil || double.Journeys() != 0 {
			t.Errorf("subtracted from itself: %v, %d journeys", err, double.Journeys())
		}
	})
}

// A flow that does not hold what is to be subtracted says so, and stays as it is, or what is left is the flow of some journeys.
func TestFlow_Sub_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(6).Draw(t, "set")
		parts := flowSplit(t, s.Journeys, 2)
		a, b := flowOf(t, s.View, parts[0]...), flowOf(t, s.View, parts[1]...)
		before := flowBytes(t, a)
		if err := a.Sub(b); err != nil {
			if !errors.Is(err, funnel.ErrMismatch) || !bytes.Equal(before, flowBytes(t, a)) {
				t.Fatalf("Sub: %v; changed: %v", err, !bytes.Equal(before, flowBytes(t, a)))
			}
			return
		}
		left := flowBytes(t, a)
		if err := new(funnel.Flow).UnmarshalBinary(left); err != nil {
			t.Errorf("what is left cannot be read: %v", err)
		}
		if err := a.Merge(b); err != nil || !bytes.Equal(before, flowBytes(t, a)) {
			t.Errorf("and back: %v", err)
		}
	})
}

// Both encodings give the same flow again.
func TestFlow_encodings_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(6).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		want := flowBytes(t, f)
		other := flowOf(t, funnel.View{Pipeline: flowOther(), AsOf: flowAt(9)}, flowJourney("other", "x"))
		if err := other.UnmarshalBinary(want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, flowBytes(t, other)); diff != "" {
			t.Errorf("binary (-want +got):\n%s", diff)
		}
		text, err := json.Marshal(*f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, other); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if diff := cmp.Diff(want, flowBytes(t, other)); diff != "" {
			t.Errorf("JSON (-want +got):\n%s", diff)
		}
		// What was read goes on as the original would.
		if err := other.Merge(f); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(flowBytes(t, flowMerge(t, f, f)), flowBytes(t, other)); diff != "" {
			t.Errorf("merged after reading (-want +got):\n%s", diff)
		}
		if f.Journeys() > 0 {
			if err := other.Add(s.View, s.Journeys[0]); err != nil {
				t.Error(err)
			}
		}
	})
}

func flowOther() funnel.Pipeline {
	p, err := funnel.NewPipeline(funnel.Stage{Key: "x"})
	if err != nil {
		panic(err)
	}
	return p
}

// Entered = advanced + regressed + won + lost + left + open for each stage, journeys = won + lost + left + open, and what comes
// to a place goes on from it or stays, in counts and amounts.
func TestFlow_identity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(8).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		in, out := map[string]funnel.Part{}, map[string]funnel.Part{}
		add := func(m map[string]funnel.Part, key string, p funnel.Part) {
			m[key] = funnel.Part{Count: m[key].Count + p.Count, Amount: m[key].Amount.Add(p.Amount)}
		}
		for _, m := range f.Moves() {
			add(in, m.To, m.Part)
			add(out, m.From, m.Part)
		}
		for _, x := range f.Stages() {
			var exits funnel.Part
			for _, p := range []funnel.Part{x.Advanced, x.Regressed, x.Won, x.Lost, x.Left, x.Open} {
				exits = funnel.Part{Count: exits.Count + p.Count, Amount: exits.Amount.Add(p.Amount)}
			}
			add(out, x.Stage, x.Open)
			for what, p := range map[string]funnel.Part{"exits": exits, "moves in": in[x.Stage], "moves out": out[x.Stage]} {
				if diff := cmp.Diff(x.Entered, p); diff != "" {
					t.Errorf("%s: %s (-entered +got):\n%s", x.Stage, what, diff)
				}
			}
		}
		o := f.Outcome()
		all := funnel.Part{
			Count:  o.Won.Count + o.Lost.Count + o.Left.Count + o.Open.Count,
			Amount: o.Won.Amount.Add(o.Lost.Amount).Add(o.Left.Amount).Add(o.Open.Amount),
		}
		if diff := cmp.Diff(o.Journeys, all); diff != "" || f.Journeys() != all.Count || out[""].Count != all.Count {
			t.Errorf("outcome (-journeys +got):\n%s", diff)
		}
	})
}

// No more journeys reach a stage by direct moves than visit it, and no more visit it than reach it or go past.
func TestFlow_Conversion_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(8).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		if f.Journeys() == 0 {
			return
		}
		stages := s.View.Pipeline.Stages()
		least := func(what string, a, b funnel.Share, err error) {
			if err != nil {
				t.Fatal(what, err)
			}
			for _, x := range []funnel.Share{a, b} {
				if x.Reached < 0 || x.Pending < 0 || x.Reached+x.Pending > x.Entered {
					t.Errorf("%s: %+v", what, x)
				}
			}
			if a.Reached > b.Reached {
				t.Errorf("%s: %+v, then %+v", what, a, b)
			}
		}
		for _, from := range stages {
			for _, to := range stages {
				contiguous, none := f.Conversion(from.Key, to.Key, funnel.Contiguous)
				visited, err := f.Conversion(from.Key, to.Key, funnel.Visited)
				if none == nil {
					least("contiguous, visited", contiguous, visited, err)
				}
				if implied, none := f.Conversion(from.Key, to.Key, funnel.Implied); none == nil {
					least("visited, implied", visited, implied, err)
				}
			}
			visited, err := f.Reached(from.Key, funnel.Visited)
			implied, _ := f.Reached(from.Key, funnel.Implied)
			least("visited, implied", visited, implied, err)
			if contiguous, none := f.Reached(from.Key, funnel.Contiguous); none == nil {
				least("contiguous, visited", contiguous, visited, err)
			}
			if from.End == "" {
				drop, err := f.DropOff(from.Key)
				least("drop-off", drop, drop, err)
			}
		}
	})
}

// What is known later only moves deals from open to the exits.
func TestFlow_asOf_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(6).Draw(t, "set")
		f := flowOf(t, s.View, s.Journeys...)
		later := s.View
		later.AsOf = later.AsOf.Add(flowAt(rapid.IntRange(0, 300).Draw(t, "later")).Sub(flowAt(0)))
		g := flowOf(t, later, s.Journeys...)
		rest := g.Stages()
		for i, x := range f.Stages() {
			y := rest[i]
			began := y.Entered.Count - x.Entered.Count
			for _, c := range [][2]int64{
				{x.Entered.Count, y.Entered.Count},
				{x.Advanced.Count, y.Advanced.Count},
				{x.Regressed.Count, y.Regressed.Count},
				{x.Won.Count, y.Won.Count},
				{x.Lost.Count, y.Lost.Count},
				{x.Left.Count, y.Left.Count},
				{y.Open.Count, x.Open.Count + began},
				{x.Skipped, y.Skipped},
				{x.Reworked, y.Reworked},
				{x.Repeated, y.Repeated},
				{x.Started, y.Started},
			} {
				if c[0] > c[1] {
					t.Errorf("%+v became %+v", x, y)
				}
			}
		}
		if f.Journeys() == 0 {
			return
		}
		for _, from := range s.View.Pipeline.Stages() {
			for _, to := range s.View.Pipeline.Stages() {
				for _, skip := range []funnel.Skip{funnel.Visited, funnel.Implied, funnel.Contiguous} {
					x, err := f.Conversion(from.Key, to.Key, skip)
					y, _ := g.Conversion(from.Key, to.Key, skip)
					if err == nil && (x.Entered > y.Entered || x.Reached > y.Reached) {
						t.Errorf("%s to %s: %+v became %+v", from.Key, to.Key, x, y)
					}
				}
			}
		}
	})
}

// Other names change nothing but names.
func TestFlow_relabel_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(6).Draw(t, "set")
		name := func(key string) string {
			if key == "" {
				return ""
			}
			return "stage " + string('z'-key[0]+'A')
		}
		var stages []funnel.Stage
		for _, x := range s.View.Pipeline.Stages() {
			stages = append(stages, funnel.Stage{Key: name(x.Key), End: x.End})
		}
		p, err := funnel.NewPipeline(stages...)
		if err != nil {
			t.Fatal(err)
		}
		renamed := flowSet{View: s.View}
		renamed.View.Pipeline = p.Reopening()
		for _, j := range s.Journeys {
			k := j
			k.Moves = nil
			for _, m := range j.Moves {
				k.Moves = append(k.Moves, funnel.Move{To: name(m.To), At: m.At})
			}
			renamed.Journeys = append(renamed.Journeys, k)
		}
		f, g := flowOf(t, s.View, s.Journeys...), flowOf(t, renamed.View, renamed.Journeys...)
		want, got := f.Stages(), g.Stages()
		for i := range want {
			want[i].Stage = name(want[i].Stage)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stages (-want +got):\n%s", diff)
		}
		moves := f.Moves()
		for i := range moves {
			moves[i].From, moves[i].To = name(moves[i].From), name(moves[i].To)
		}
		if diff := cmp.Diff(moves, g.Moves()); diff != "" {
			t.Errorf("moves (-want +got):\n%s", diff)
		}
	})
}

// What is given is neither kept nor changed.
func TestFlow_purity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(4).Draw(t, "set")
		text, err := json.Marshal(s.Journeys)
		if err != nil {
			t.Fatal(err)
		}
		f := flowOf(t, s.View, s.Journeys...)
		before := flowBytes(t, f)
		if after, _ := json.Marshal(s.Journeys); !bytes.Equal(text, after) {
			t.Errorf("journeys were changed from %s to %s", text, after)
		}
		for _, j := range s.Journeys {
			for i := range j.Moves {
				j.Moves[i] = funnel.Move{}
			}
		}
		for _, x := range s.View.Pipeline.Stages() {
			if f.Journeys() == 0 {
				break
			}
			if l, err := f.Times(x.Key); err == nil {
				if err := l.Add(funnel.Spell{Leave: 3}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !bytes.Equal(before, flowBytes(t, f)) {
			t.Error("the flow depends on what it was given, or on what it gave")
		}
	})
}
