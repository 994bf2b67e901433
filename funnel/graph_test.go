package funnel_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

// graCase returns a case whose events are an hour apart: "call Ann, demo Bo, demo".
func graCase(id, events string) funnel.Journey {
	j := funnel.Journey{ID: id}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for e := range strings.SplitSeq(events, ", ") {
		to, by, _ := strings.Cut(e, " ")
		j.Moves = append(j.Moves, funnel.Move{To: to, At: at, By: by})
		at = at.Add(time.Hour)
	}
	return j
}

// S01: self-loops are compared with the event before, repetitions with the first of the case, and without a name on both
// sides nobody knows (edeaR's documentation of number_of_selfloops and number_of_repetitions).
func TestS01_rework(t *testing.T) {
	again := func(repeat, redo, unknown int64) funnel.Again {
		return funnel.Again{Repeat: repeat, Redo: redo, Unknown: unknown}
	}
	for events, want := range map[string]funnel.ActivityRework{
		"a Ann, a Ann":                      {Runs: 1, SelfLoops: again(1, 0, 0)},
		"a Ann, a Bo":                       {Runs: 1, SelfLoops: again(0, 1, 0)},
		"a Ann, a":                          {Runs: 1, SelfLoops: again(0, 0, 1)},
		"a, a":                              {Runs: 1, SelfLoops: again(0, 0, 1)},
		"a Ann, a Bo, a Bo":                 {Runs: 1, SelfLoops: again(1, 1, 0)},
		"a Ann, b, a Ann":                   {Repetitions: again(1, 0, 0)},
		"a Ann, b, a Bo":                    {Repetitions: again(0, 1, 0)},
		"a Ann, b, a":                       {Repetitions: again(0, 0, 1)},
		"a Ann, b, a Bo, c, a Bo":           {Repetitions: again(0, 2, 0)}, // both by another than the first
		"a Ann, b, a Bo, c, a Ann":          {Repetitions: again(1, 1, 0)},
		"a Ann, a Ann, b, a Bo, a Bo, a Bo": {Runs: 2, SelfLoops: again(3, 0, 0), Repetitions: again(0, 1, 0)},
		"b, a Ann, a Ann, c":                {Runs: 1, SelfLoops: again(1, 0, 0)},
	} {
		want.Activity, want.Cases = "a", funnel.Ratio{Num: 1, Den: 2}
		var g funnel.Graph
		for _, j := range []funnel.Journey{graCase("1", events), graCase("2", "a Bo, c")} {
			if err := g.Add(j); err != nil {
				t.Fatal(err)
			}
		}
		r := g.Rework()
		if diff := cmp.Diff(funnel.Rework{Cases: funnel.Ratio{Num: 1, Den: 2}, Activities: []funnel.ActivityRework{want}}, r); diff != "" {
			t.Errorf("%s (-want +got):\n%s", events, diff)
		}
	}
}

// All faults of a journey are told, with the place and the ID, and nothing is counted.
func TestGraph_Add_errors(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		moves []funnel.Move
		want  string
	}{
		"no move":    {nil, `funnel: D-7: moves must hold one or more: a case has an event`},
		"empty name": {[]funnel.Move{{At: at}}, `funnel: D-7: moves/0/to must not be empty`},
		"not UTF-8":  {[]funnel.Move{{To: "a\xff", At: at}}, `funnel: D-7: moves/0/to "a\xff" must be UTF-8: convert the text first`},
		"no time":    {[]funnel.Move{{To: "a"}}, `funnel: D-7: moves/0/at must be given: the zero time stands for none`},
		"going back": {
			[]funnel.Move{{To: "a", At: at}, {To: "b", At: at.Add(-time.Nanosecond)}},
			`funnel: D-7: moves/1/at "2026-03-02T08:59:59.999999999Z" is before the move that comes first, at 2026-03-02T09:00:00Z: put the moves in order of time`,
		},
		"going back within a second": {
			[]funnel.Move{{To: "a", At: at.Add(2 * time.Nanosecond)}, {To: "b", At: at.Add(time.Nanosecond)}},
			`funnel: D-7: moves/1/at "2026-03-02T09:00:00.000000001Z" is before the move that comes first, at 2026-03-02T09:00:00.000000002Z: put the moves in order of time`,
		},
		"too long": {
			[]funnel.Move{{To: "a", At: at.AddDate(-200, 0, 0)}, {To: "b", At: at}, {To: "c", At: at.AddDate(93, 0, 0)}},
			`funnel: D-7: moves/2/at "2119-03-02T09:00:00Z" is more than 292 years after the first move, at 1826-03-02T09:00:00Z`,
		},
		"several": {
			[]funnel.Move{{To: "", At: at}, {To: "b"}, {To: "c", At: at}, {To: "\xff", At: at.Add(-time.Hour)}},
			`funnel: D-7: moves/0/to must not be empty
funnel: D-7: moves/1/at must be given: the zero time stands for none
funnel: D-7: moves/3/to "\xff" must be UTF-8: convert the text first
funnel: D-7: moves/3/at "2026-03-02T08:00:00Z" is before the move that comes first, at 2026-03-02T09:00:00Z: put the moves in order of time`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var g funnel.Graph
			var v funnel.Variants
			j := funnel.Journey{ID: "D-7", Moves: append([]funnel.Move(nil), c.moves...)}
			for _, err := range []error{g.Add(j), v.Add(j)} {
				if err == nil {
					t.Fatal("no error")
				}
				var e *funnel.Error
				if !errors.Is(err, funnel.ErrInput) || !errors.As(err, &e) || e.ID != "D-7" {
					t.Errorf("%#v", err)
				}
				if diff := cmp.Diff(c.want, err.Error()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			if g.Cases() != 0 || g.Events() != 0 || len(g.Activities()) != 0 || v.Cases() != 0 || v.Len() != 0 {
				t.Error("something was counted")
			}
			if err := g.Add(graCase("1", "x, y")); err != nil || len(g.Activities()) != 2 {
				t.Errorf("after an error: %v, %v", err, g.Activities())
			}
		})
	}
}

// Times are those of the wall clock, whatever the zone or the monotonic reading, up to the longest of all.
func TestGraph_Add_times(t *testing.T) {
	start := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	summer := time.FixedZone("CEST", 2*3600)
	var g funnel.Graph
	add := func(moves ...funnel.Move) {
		t.Helper()
		if err := g.Add(funnel.Journey{Moves: moves}); err != nil {
			t.Fatal(err)
		}
	}
	add(funnel.Move{To: "a", At: start}, funnel.Move{To: "b", At: start.Add(time.Hour).In(summer)})
	add(funnel.Move{To: "a", At: start.Add(time.Hour - 1)}, funnel.Move{To: "b", At: start.Add(time.Hour)})
	now := time.Now() // has a monotonic reading
	add(funnel.Move{To: "a", At: now}, funnel.Move{To: "b", At: now.Add(time.Minute)})
	add(funnel.Move{To: "a", At: start}, funnel.Move{To: "c", At: start.Add(math.MaxInt64 - time.Second)})
	want := []int64{1, int64(time.Minute), int64(time.Hour)}
	d, _ := g.Times("a", "b")
	for i, n := range want {
		if got, _ := d.Quantile(float64(i) / 2); got != float64(n) {
			t.Errorf("%d. time = %v, want %d", i, got, n)
		}
	}
	if got, _ := g.Throughput().Max(); got != math.MaxInt64-int64(time.Second) {
		t.Errorf("longest = %v", got)
	}
	for _, at := range []time.Time{time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Unix(1<<62, 0), start.AddDate(9999, 0, 0)} {
		err := g.Add(funnel.Journey{ID: "far", Moves: []funnel.Move{{To: "a", At: start}, {To: "b", At: at}}})
		if !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%v: %v", at, err)
		}
	}
}

func TestGraph_empty(t *testing.T) {
	var g funnel.Graph
	if g.Cases() != 0 || g.Events() != 0 || g.Throughput().Len() != 0 {
		t.Error("an empty graph holds something")
	}
	if len(g.Activities()) != 0 || len(g.Edges()) != 0 || len(g.Rework().Activities) != 0 {
		t.Error("an empty graph lists something")
	}
	if _, ok := g.Rework().Cases.Float(); ok {
		t.Error("the share of nothing is defined")
	}
	for _, known := range []bool{false, true} {
		if known {
			if err := g.Add(graCase("1", "a, b")); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range [][2]string{{"", ""}, {"a", "a"}, {"b", "a"}, {"x", "b"}, {"a", "x"}} {
			if d, ok := g.Times(e[0], e[1]); ok || d != nil {
				t.Errorf("times of %v, which never occurs", e)
			}
		}
	}
}

// What is read from a graph is a copy.
func TestGraph_copies(t *testing.T) {
	var g funnel.Graph
	j := graCase("1", "a, b")
	if err := g.Add(j); err != nil {
		t.Fatal(err)
	}
	before := g.Edges()
	d, _ := g.Times("a", "b")
	_ = d.Add(1)
	_ = g.Throughput().Add(1)
	j.Moves[0].To, j.Moves[1].At = "z", time.Time{}
	g.Edges()[0].From = "z"
	if diff := cmp.Diff(before, g.Edges()); diff != "" || g.Cases() != 1 {
		t.Errorf("changed from outside (-want +got):\n%s", diff)
	}
}

// What only reads may run at the same time, though reads put times in order: in copies. The race detector sees to it.
func TestGraph_concurrentReads(t *testing.T) {
	var g funnel.Graph
	var v funnel.Variants
	for range 40 {
		if j := graCase("1", "a Ann, b, a Bo, b"); g.Add(j) != nil || v.Add(j) != nil {
			t.Fatal("error")
		}
	}
	var reads sync.WaitGroup
	for range 4 {
		reads.Go(func() {
			var sum funnel.Graph
			text, err := g.MarshalBinary()
			if err != nil || sum.Merge(&g) != nil || sum.Sub(&g) != nil || len(text) == 0 || len(g.Edges()) != 2 {
				t.Error("graph")
			}
			var paths funnel.Variants
			if d, ok := v.Times("a", "b", "a", "b"); !ok || d.Len() != 40 || paths.Merge(&v) != nil || len(v.Top(1)) != 1 {
				t.Error("variants")
			}
		})
	}
	reads.Wait()
}

// A graph whose counts disagree with each other is none.
func TestGraph_UnmarshalJSON_refuses(t *testing.T) {
	var g funnel.Graph
	for _, j := range []funnel.Journey{graCase("1", "a Ann, b, b, c, a Bo"), graCase("2", "a, b"), graCase("3", "a, b")} {
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(&g)
	if err != nil {
		t.Fatal(err)
	}
	const hour = `3600000000000`
	for _, c := range [][2]string{
		{`"cases":3`, `"cases":2`},
		{`"events":9`, `"events":8`},
		{`"reworked":1,"activities"`, `"reworked":3,"activities"`},
		{`"reworked":1,"activities"`, `"reworked":0,"activities"`},
		{`"name":"a"`, `"name":"b"`},
		{`"name":"a"`, `"name":""`},
		{`"name":"a","count":4`, `"name":"a","count":5`},
		{`"name":"a","count":4,"cases":3`, `"name":"a","count":4,"cases":2`},
		{`"reworked":1,"runs":0`, `"reworked":0,"runs":0`},
		{`"reworked":1,"runs":0`, `"reworked":2,"runs":0`},
		{ // what is said to be a repetition is a self-loop of the graph
			`"selfLoops":1,"reworked":1,"runs":1,"loops":{"repeat":0,"redo":0,"unknown":1},"repetitions":{"repeat":0,"redo":0,"unknown":0}`,
			`"selfLoops":0,"reworked":1,"runs":0,"loops":{"repeat":0,"redo":0,"unknown":0},"repetitions":{"repeat":0,"redo":0,"unknown":1}`,
		},
		{`"starts":3`, `"starts":2`},
		{`"ends":1`, `"ends":2`},
		{`"selfLoops":1`, `"selfLoops":0`},
		{`"runs":1`, `"runs":0`},
		{`"runs":1`, `"runs":2`},
		{`"redo":1`, `"redo":2`},
		{`"repeat":0`, `"repeat":-1`},
		{`"from":"a","to":"b"`, `"from":"a","to":"z"`},
		{`"from":"a","to":"b"`, `"from":"c","to":"b"`},
		{`[[` + hour + `,3]]`, `[[` + hour + `,2]]`},
		{`[[` + hour + `,3]]`, `[[3600000000001,3]]`},
		{`[[` + hour + `,3]]`, `[[-5,3]]`},
		{`"throughput":{"count":3`, `"throughput":{"count":2`},
	} {
		bad := strings.Replace(string(text), c[0], c[1], 1)
		if bad == string(text) {
			t.Errorf("%s is not in %s", c[0], text)
		}
		var got funnel.Graph
		if err := json.Unmarshal([]byte(bad), &got); !errors.Is(err, funnel.ErrEncoding) || got.Cases() != 0 {
			t.Errorf("%s for %s: %v, %d cases", c[1], c[0], err, got.Cases())
		}
	}
	// An activity with which two cases begin, though it took place in one.
	twice := `{"cases":2,"events":2,"reworked":1,"activities":[{"name":"a","count":2,"cases":1,"starts":2,"ends":2,"selfLoops":0,` +
		`"reworked":1,"runs":0,"loops":{"repeat":0,"redo":0,"unknown":0},"repetitions":{"repeat":0,"redo":0,"unknown":1}}],` +
		`"edges":[],"throughput":{"count":2,"ticks":[[0,2]]}}`
	if err := json.Unmarshal([]byte(twice), new(funnel.Graph)); !errors.Is(err, funnel.ErrEncoding) {
		t.Errorf("%s: %v", twice, err)
	}
	// An activity that took place again in two cases, but once in all.
	var once funnel.Graph
	if err := errors.Join(once.Add(graCase("1", "a, b, a")), once.Add(graCase("2", "a"))); err != nil {
		t.Fatal(err)
	}
	text, err = json.Marshal(once)
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.ReplaceAll(string(text), `"reworked":1`, `"reworked":2`)
	if err := json.Unmarshal([]byte(bad), new(funnel.Graph)); !errors.Is(err, funnel.ErrEncoding) || strings.Count(bad, `"reworked":2`) != 2 {
		t.Errorf("%s: %v", bad, err)
	}
	if err := json.Unmarshal([]byte("null"), &g); err != nil || g.Cases() != 3 {
		t.Errorf("null: %v, %d cases", err, g.Cases())
	}
}

// Counts that would be beyond an int64 are an error, and change nothing.
func TestGraph_overflow(t *testing.T) {
	const most = `9223372036854775807`
	text := `{"cases":` + most + `,"events":` + most + `,"reworked":0,"activities":[{"name":"a","count":` + most + `,"cases":` + most +
		`,"starts":` + most + `,"ends":` + most + `,"selfLoops":0,"reworked":0,"runs":0,"loops":{"repeat":0,"redo":0,"unknown":0},` +
		`"repetitions":{"repeat":0,"redo":0,"unknown":0}}],"edges":[],"throughput":{"count":` + most + `,"ticks":[[0,` + most + `]]}}`
	var g, one funnel.Graph
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		t.Fatal(err)
	}
	if err := one.Add(graCase("1", "a")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ err, kind error }{
		{g.Add(graCase("1", "a")), funnel.ErrInput},
		{g.Merge(&one), funnel.ErrMismatch},
		{g.Merge(&g), funnel.ErrMismatch},
		{one.Merge(&g), funnel.ErrMismatch},
	} {
		if !errors.Is(c.err, c.kind) {
			t.Errorf("%v, want %v", c.err, c.kind)
		}
	}
	again, err := json.Marshal(&g)
	if err != nil || string(again) != text || one.Cases() != 1 {
		t.Errorf("changed to %s, %v", again, err)
	}
	// Counts that overflow together with others do not deceive.
	for _, bad := range []string{
		strings.Replace(text, `"runs":0,"loops":{"repeat":0,"redo":0`, `"runs":1,"loops":{"repeat":`+most+`,"redo":`+most, 1),
		strings.Replace(text, `"starts":`+most, `"starts":-1`, 1),
		strings.Replace(text, `"count":`+most+`,"cases"`, `"count":-1,"cases"`, 1),
	} {
		if err := json.Unmarshal([]byte(bad), new(funnel.Graph)); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Sub takes away what could be part of the log only: the rest must be a log as well.
func TestGraph_Sub_errors(t *testing.T) {
	add := func(list ...string) *funnel.Graph {
		var g funnel.Graph
		for _, events := range list {
			if err := g.Add(graCase("1", events)); err != nil {
				t.Fatal(err)
			}
		}
		return &g
	}
	for name, c := range map[string][2]*funnel.Graph{
		"unknown activity":     {add("a, b"), add("a, c")},
		"unknown edge":         {add("a, b, a"), add("b, b")},
		"more of an edge":      {add("a, b, c"), add("a, b", "a, b")},
		"starts elsewhere":     {add("a, b, c", "a"), add("b, c")},
		"times of its own":     {add("a, b, c"), graWaits(t, 30*time.Minute, 90*time.Minute)},
		"no case of its own":   {add("a, b, c", "x, y"), add("b, c")}, // held in all its parts
		"more cases than held": {add("a, a, a"), add("a", "a", "a")},
		"others' rework":       {add("a, a", "b, b"), add("a, a", "b", "b")},
	} {
		before, _ := json.Marshal(c[0])
		if err := c[0].Sub(c[1]); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := json.Marshal(c[0]); string(after) != string(before) {
			t.Errorf("%s: changed %s to %s", name, before, after)
		}
	}
}

// graWaits returns the graph of a case "a, b, c" with those times between.
func graWaits(t *testing.T, first, second time.Duration) *funnel.Graph {
	t.Helper()
	j := graCase("1", "a, b, c")
	j.Moves[1].At = j.Moves[0].At.Add(first)
	j.Moves[2].At = j.Moves[1].At.Add(second)
	var g funnel.Graph
	if err := g.Add(j); err != nil {
		t.Fatal(err)
	}
	return &g
}

// Texts of which a byte has changed are refused, or are the encoding of something else; nothing panics.
func TestGraph_UnmarshalBinary_refuses(t *testing.T) {
	var d funnel.Durations
	var g funnel.Graph
	var v funnel.Variants
	for _, j := range []funnel.Journey{graCase("1", "a Ann, b, b, c, a Bo"), graCase("2", "a, b")} {
		if d.Add(5) != nil || g.Add(j) != nil || v.Add(j) != nil {
			t.Fatal("error")
		}
	}
	changed := func(a interface{ MarshalBinary() ([]byte, error) }, try func(data []byte)) {
		text, err := a.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		for i := range text {
			for _, b := range []byte{0, 1, text[i] - 1, text[i] + 1, 0x7f, 0x80, 0xff} {
				data := append([]byte(nil), text...)
				data[i] = b
				try(data)
			}
		}
	}
	changed(d, func(data []byte) { graFuzz[funnel.Durations](t, data, false, func(*funnel.Durations) {}) })
	changed(g, func(data []byte) { graFuzz(t, data, false, func(g *funnel.Graph) { graCheckIdentities(t, g) }) })
	changed(v, func(data []byte) { graFuzz(t, data, false, func(v *funnel.Variants) { graCheckVariants(t, v) }) })
}

// To add a case of which nothing is new allocates nothing but the room for its times.
func TestGraph_Add_allocs(t *testing.T) {
	var g funnel.Graph
	var v funnel.Variants
	j := graCase("1", "call Ann, demo Bo, demo Bo, call Cy, offer")
	add := func() {
		if g.Add(j) != nil || v.Add(j) != nil {
			t.Fatal("error")
		}
	}
	for range 5_000 {
		add()
	}
	if got := testing.AllocsPerRun(5_000, add); got != 0 {
		t.Errorf("%v allocations a case", got)
	}
}
