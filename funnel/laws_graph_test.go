package funnel_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// graJourneys draws the cases of an event log: activities that come again, times that are equal, people who are not known.
func graJourneys(most int) *rapid.Generator[[]funnel.Journey] {
	return rapid.Custom(func(t *rapid.T) []funnel.Journey {
		names := []string{"call", "demo", "offer", "Verhandlung", "成約"}
		if rapid.Bool().Draw(t, "many activities") {
			for i := range 200 {
				names = append(names, "step "+strconv.Itoa(i))
			}
		}
		list := make([]funnel.Journey, rapid.IntRange(0, most).Draw(t, "cases"))
		for i := range list {
			at := time.Unix(rapid.Int64Range(0, 1e9).Draw(t, "start"), 0).UTC()
			list[i].ID = "D-" + strconv.Itoa(i)
			for range rapid.IntRange(1, 8).Draw(t, "events") {
				list[i].Moves = append(list[i].Moves, funnel.Move{
					To: rapid.SampledFrom(names).Draw(t, "activity"), At: at, By: rapid.SampledFrom([]string{"", "Ann", "Bo"}).Draw(t, "by"),
				})
				at = at.Add(time.Duration(rapid.Int64Range(0, 3).Draw(t, "steps") * rapid.SampledFrom([]int64{1, 1e9, 1e15}).Draw(t, "step")))
			}
		}
		return list
	})
}

// graAccumulator is what Durations, Graph and Variants have in common.
type graAccumulator[T any] interface {
	*T
	Merge(o *T) error
	Sub(o *T) error
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
	json.Marshaler
	json.Unmarshaler
}

// graText returns the two texts of an accumulator as one. Accumulators with equal texts are equal.
func graText[T any, A graAccumulator[T]](t *rapid.T, a A) string {
	binary, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x\n%s", binary, text)
}

// graLaws checks the laws of an accumulator to which items are added.
func graLaws[T any, A graAccumulator[T], I any](t *rapid.T, items []I, add func(a A, item I) error) {
	of := func(items []I) A {
		a := A(new(T))
		for _, item := range items {
			if err := add(a, item); err != nil {
				t.Fatal(err)
			}
		}
		return a
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	same := func(law string, want, got A) {
		if diff := cmp.Diff(graText(t, want), graText(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", law, diff)
		}
	}
	whole, empty := of(items), of(nil)
	same("adding in another order", whole, of(rapid.Permutation(items).Draw(t, "order")))

	// Shards, merged in any order and grouping.
	shards := make([]A, rapid.IntRange(1, 5).Draw(t, "shards"))
	for i := range shards {
		shards[i] = of(nil)
	}
	for _, item := range items {
		must(add(shards[rapid.IntRange(0, len(shards)-1).Draw(t, "shard")], item))
	}
	for len(shards) > 1 {
		i := rapid.IntRange(1, len(shards)-1).Draw(t, "merge")
		j := rapid.IntRange(0, i-1).Draw(t, "into")
		before := graText(t, shards[i])
		must(shards[j].Merge(shards[i]))
		if graText(t, shards[i]) != before {
			t.Error("Merge changed its argument")
		}
		shards = slices.Delete(shards, i, i+1)
	}
	same("shards merged", whole, shards[0])

	// The identity, on both sides, and nil.
	x := of(nil)
	must(x.Merge(whole))
	must(x.Merge(empty))
	must(x.Merge(nil))
	must(x.Sub(empty))
	must(x.Sub(nil))
	same("identity", whole, x)

	// Sub is the inverse.
	cut := rapid.IntRange(0, len(items)).Draw(t, "cut")
	a, b := of(items[:cut]), of(items[cut:])
	if cut < len(items) {
		if err := a.Sub(whole); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("Sub of what is not held: %v", err)
		}
		same("after a Sub that failed", of(items[:cut]), a)
	}
	must(x.Sub(b))
	same("a+b-b", a, x)
	must(x.Merge(b))
	same("a+b-b+b", whole, x)
	must(x.Sub(x))
	same("minus itself", empty, x)
	must(x.Merge(b))
	must(x.Merge(x))
	same("plus itself", of(append(slices.Clone(items[cut:]), items[cut:]...)), x)

	// What is decoded is the same, and works on.
	binary, err := b.MarshalBinary()
	must(err)
	text, err := json.Marshal(b)
	must(err)
	for _, decode := range []func(a A) error{
		func(a A) error { return a.UnmarshalBinary(binary) },
		func(a A) error { return json.Unmarshal(text, a) },
	} {
		y := of(items[:1*min(1, len(items))]) // is replaced
		must(decode(y))
		same("decoded", b, y)
		must(y.Merge(a))
		same("decoded and merged", whole, y)
		for _, item := range items[cut:] {
			must(add(y, item))
		}
		must(y.Sub(b))
		same("decoded, added to and subtracted from", whole, y)
	}
	if len(binary) > 2 {
		y := of(items)
		if err := y.UnmarshalBinary(binary[:len(binary)-1]); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("a text that is cut: %v", err)
		}
		if err := y.UnmarshalJSON(bytes.Replace(text, []byte(`"`), []byte(`"un`), 1)); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("an unknown field: %v", err)
		}
		same("after a decoding that failed", whole, y)
	}
}

func TestDurations_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ticks := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 1<<63-1))
		graLaws(t, rapid.SliceOfN(ticks, 0, 30).Draw(t, "ticks"), (*funnel.Durations).Add)
	})
}

func TestGraph_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graLaws(t, graJourneys(6).Draw(t, "journeys"), (*funnel.Graph).Add)
	})
}

func TestVariants_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graLaws(t, graJourneys(6).Draw(t, "journeys"), (*funnel.Variants).Add)
	})
}

// As a value inside another an accumulator encodes as it does by itself.
func TestGraph_inside(t *testing.T) {
	var in, out struct {
		Waits funnel.Durations
		Log   funnel.Graph
		Paths funnel.Variants
	}
	j := graCase("1", "a Ann, b, a Bo")
	if in.Waits.Add(5) != nil || in.Log.Add(j) != nil || in.Paths.Add(j) != nil {
		t.Fatal("error")
	}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if out.Waits.Len() != 1 || out.Log.Events() != 3 || out.Paths.Len() != 1 {
		t.Errorf("%s decodes to %d durations, %d events, %d variants", text, out.Waits.Len(), out.Log.Events(), out.Paths.Len())
	}
	again, err := json.Marshal(out)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("%s is encoded as %s, %v", text, again, err)
	}
}

// What is read off encodes to JSON and back.
func TestGraph_results(t *testing.T) {
	var g funnel.Graph
	var v funnel.Variants
	if j := graCase("1", "a Ann, b, a Bo"); g.Add(j) != nil || v.Add(j) != nil {
		t.Fatal("error")
	}
	type results struct {
		Activities []funnel.Activity
		Edges      []funnel.Edge
		Rework     funnel.Rework
		Top        []funnel.Variant
	}
	want := results{g.Activities(), g.Edges(), g.Rework(), v.Top(1)}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got results
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !bytes.Contains(text, []byte(`{"from":"a","to":"b","count":1,"total":3600000000000,"mean":`)) {
		t.Errorf("an edge does not tell its figures beside its names: %s", text)
	}
}

// graEdges is the slow way to the edges.
func graEdges(list []funnel.Journey) []funnel.Edge {
	times := map[[2]string]*funnel.Durations{}
	for _, j := range list {
		for i := 1; i < len(j.Moves); i++ {
			k := [2]string{j.Moves[i-1].To, j.Moves[i].To}
			if times[k] == nil {
				times[k] = new(funnel.Durations)
			}
			_ = times[k].Add(int64(j.Moves[i].At.Sub(j.Moves[i-1].At)))
		}
	}
	edges := []funnel.Edge{}
	for k, d := range times {
		s, _ := d.Summary()
		edges = append(edges, funnel.Edge{From: k[0], To: k[1], DurationSummary: s})
	}
	slices.SortFunc(edges, func(a, b funnel.Edge) int {
		return slices.Compare([]string{a.From, a.To}, []string{b.From, b.To})
	})
	return edges
}

// graCounts is the slow way to the activities and their rework.
func graCounts(list []funnel.Journey) ([]funnel.Activity, funnel.Rework) {
	activities, again := map[string]*funnel.Activity{}, map[string]*funnel.ActivityRework{}
	rework := funnel.Rework{Cases: funnel.Ratio{Den: int64(len(list))}, Activities: []funnel.ActivityRework{}}
	split := func(a *funnel.Again, x, y funnel.Move) {
		switch {
		case x.By == "" || y.By == "":
			a.Unknown++
		case x.By == y.By:
			a.Repeat++
		default:
			a.Redo++
		}
	}
	for _, j := range list {
		occurrences := map[string][]int{}
		for i, m := range j.Moves {
			occurrences[m.To] = append(occurrences[m.To], i)
		}
		more := false
		for name, at := range occurrences {
			if activities[name] == nil {
				activities[name], again[name] = &funnel.Activity{Name: name}, &funnel.ActivityRework{Activity: name}
			}
			a, r := activities[name], again[name]
			a.Count += int64(len(at))
			a.Cases++
			r.Cases.Den++
			if at[0] == 0 {
				a.Starts++
			}
			if at[len(at)-1] == len(j.Moves)-1 {
				a.Ends++
			}
			if len(at) > 1 {
				r.Cases.Num++
				more = true
			}
			for k := 1; k < len(at); k++ {
				if at[k] != at[k-1]+1 {
					split(&r.Repetitions, j.Moves[at[0]], j.Moves[at[k]])
					continue
				}
				a.SelfLoops++
				split(&r.SelfLoops, j.Moves[at[k-1]], j.Moves[at[k]])
				if k == 1 || at[k-1] != at[k-2]+1 {
					r.Runs++
				}
			}
		}
		if more {
			rework.Cases.Num++
		}
	}
	out := []funnel.Activity{}
	for name, a := range activities {
		out = append(out, *a)
		if again[name].Cases.Num > 0 {
			rework.Activities = append(rework.Activities, *again[name])
		}
	}
	slices.SortFunc(out, func(a, b funnel.Activity) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(rework.Activities, func(a, b funnel.ActivityRework) int { return strings.Compare(a.Activity, b.Activity) })
	return out, rework
}

// A graph is what the definitions say, worked out case by case with maps.
func TestGraph_bruteForce_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := graJourneys(8).Draw(t, "journeys")
		var g funnel.Graph
		var throughput funnel.Durations
		for _, j := range list {
			if err := g.Add(j); err != nil {
				t.Fatal(err)
			}
			_ = throughput.Add(int64(j.Moves[len(j.Moves)-1].At.Sub(j.Moves[0].At)))
		}
		activities, rework := graCounts(list)
		if diff := cmp.Diff(activities, g.Activities()); diff != "" {
			t.Errorf("activities (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(rework, g.Rework()); diff != "" {
			t.Errorf("rework (-want +got):\n%s", diff)
		}
		edges := graEdges(list)
		if diff := cmp.Diff(edges, g.Edges()); diff != "" {
			t.Errorf("edges (-want +got):\n%s", diff)
		}
		for _, e := range edges {
			d, ok := g.Times(e.From, e.To)
			if s, _ := d.Summary(); !ok || s != e.DurationSummary {
				t.Errorf("times %s > %s: %+v, %t", e.From, e.To, s, ok)
			}
		}
		if got, want := graText(t, g.Throughput()), graText(t, &throughput); got != want {
			t.Errorf("throughput %s, want %s", got, want)
		}
		graCheckIdentities(t, &g)
	})
}

// Variants are what a map by the text of the sequence says, and the top ones are the first of all.
func TestVariants_bruteForce_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := graJourneys(10).Draw(t, "journeys")
		list = append(list, list[:len(list)/2]...)
		var v funnel.Variants
		times := map[string]*funnel.Durations{}
		sequences := map[string][]string{}
		for _, j := range list {
			if err := v.Add(j); err != nil {
				t.Fatal(err)
			}
			var sequence []string
			for _, m := range j.Moves {
				sequence = append(sequence, m.To)
			}
			k := strings.Join(sequence, "\x00")
			if times[k] == nil {
				times[k], sequences[k] = new(funnel.Durations), sequence
			}
			_ = times[k].Add(int64(j.Moves[len(j.Moves)-1].At.Sub(j.Moves[0].At)))
		}
		want := []funnel.Variant{}
		for k, d := range times {
			s, _ := d.Summary()
			want = append(want, funnel.Variant{
				Activities: sequences[k], Share: funnel.Ratio{Num: d.Len(), Den: int64(len(list))}, DurationSummary: s,
			})
			got, ok := v.Times(sequences[k]...)
			if !ok || graText(t, got) != graText(t, d) {
				t.Errorf("times of %v: %t", sequences[k], ok)
			}
		}
		slices.SortFunc(want, func(a, b funnel.Variant) int {
			if a.Count != b.Count {
				return int(b.Count - a.Count)
			}
			return slices.Compare(a.Activities, b.Activities)
		})
		n := rapid.IntRange(0, len(want)+2).Draw(t, "n")
		if diff := cmp.Diff(want[:min(n, len(want))], v.Top(n)); diff != "" {
			t.Errorf("top %d (-want +got):\n%s", n, diff)
		}
		if v.Len() != len(want) || v.Cases() != int64(len(list)) {
			t.Errorf("%d variants of %d cases, want %d of %d", v.Len(), v.Cases(), len(want), len(list))
		}
	})
}

// Windows that slide: what was added and taken away again leaves nothing behind.
func TestVariants_Sub_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var window, want funnel.Variants
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			var in, out funnel.Variants
			for _, j := range graJourneys(10).Draw(t, "journeys") {
				a := &in
				if rapid.Bool().Draw(t, "leaves") {
					a = &out
				}
				_ = a.Add(j)
			}
			for _, err := range []error{window.Merge(&out), window.Merge(&in), window.Sub(&out), want.Merge(&in)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(graText(t, &want), graText(t, &window)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Top(4), window.Top(4)); diff != "" {
				t.Errorf("top (-want +got):\n%s", diff)
			}
		}
	})
}
