package funnel_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

// The steps of the tables below, as bits.
const (
	matA = 1 << iota
	matB
	matC
)

// matHistoryOf reads events such as "0:A 5:AB 5:x 9:C/b": a time, the steps, and after the slash the steps at which it ends chains.
func matHistoryOf(t *testing.T, text string) []funnel.Event {
	t.Helper()
	var events []funnel.Event
	for field := range strings.FieldsSeq(text) {
		at, what, _ := strings.Cut(field, ":")
		var e funnel.Event
		if err := json.Unmarshal([]byte(at), &e.At); err != nil {
			t.Fatalf("%q: %v", field, err)
		}
		steps, void, _ := strings.Cut(what, "/")
		for k, name := range "ABC" {
			if strings.ContainsRune(steps, name) {
				e.Steps |= 1 << k
			}
			if strings.ContainsRune(void, name+'a'-'A') {
				e.Void |= 1 << k
			}
		}
		events = append(events, e)
	}
	return events
}

// TestS_match are the rules, as the comments of Event, FunnelOptions and Match state them, with the cases at their edges. The
// window is 10 and the steps are A, B and C, unless said otherwise.
func TestS_match(t *testing.T) {
	o := func(change func(*funnel.FunnelOptions)) funnel.FunnelOptions {
		o := funnel.FunnelOptions{Steps: 3, Window: 10}
		change(&o)
		return o
	}
	zero := o(func(*funnel.FunnelOptions) {})
	reuse := o(func(o *funnel.FunnelOptions) { o.Reuse = true })
	bySeq := o(func(o *funnel.FunnelOptions) { o.Ties = funnel.TiesBySeq })
	rising := o(func(o *funnel.FunnelOptions) { o.Ties = funnel.TiesStrict })
	strict := o(func(o *funnel.FunnelOptions) { o.Order = funnel.StrictOrder })
	strictSeq := o(func(o *funnel.FunnelOptions) { o.Order, o.Ties = funnel.StrictOrder, funnel.TiesBySeq })
	anyOrder := o(func(o *funnel.FunnelOptions) { o.Order = funnel.AnyOrder })
	first := o(func(o *funnel.FunnelOptions) { o.Anchor = funnel.FirstEntry })
	for _, c := range []struct {
		rule   string
		o      funnel.FunnelOptions
		events string
		want   funnel.Match
	}{
		{
			"no event", zero, "",
			funnel.Match{},
		},
		{
			"a later step alone is no entry", zero, "0:B 1:C",
			funnel.Match{},
		},
		{
			"the end of the window is in it", zero, "0:A 4:B 10:C",
			funnel.Match{Level: 3, Times: []int64{0, 4, 10}, Index: []int{0, 1, 2}},
		},
		{
			"what comes after it is not, but a chain from level 1 may go on", zero, "0:A 3:A 4:B 14:C",
			funnel.Match{Level: 2, Times: []int64{3, 4}, Index: []int{1, 2}},
		},
		{
			"the chain that gets there first, of these the one that began last, of these the earliest steps", zero,
			"0:A 1:A 2:B 3:B 4:C 5:A 6:B 7:C",
			funnel.Match{Level: 3, Times: []int64{1, 2, 4}, Index: []int{1, 2, 4}},
		},
		{
			"the first entry", first, "0:A 1:A 2:B 3:B",
			funnel.Match{Level: 2, Times: []int64{0, 2}, Index: []int{0, 2}, Open: true, Until: 10},
		},
		{
			"the latest entry keeps the entity in flight, though the chain to be reported is old", zero, "0:A 1:B 9:A",
			funnel.Match{Level: 2, Times: []int64{0, 1}, Index: []int{0, 1}, Open: true, Until: 19},
		},
		{
			"an event fills one step", zero, "0:AB",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Open: true, Until: 10},
		},
		{
			"or several if it may be reused", reuse, "0:AB 1:C",
			funnel.Match{Level: 3, Times: []int64{0, 0, 1}, Index: []int{0, 0, 1}},
		},
		{
			"events of one time are in order whichever way round they stand", zero, "5:C 5:B 5:A",
			funnel.Match{Level: 3, Times: []int64{5, 5, 5}, Index: []int{2, 1, 0}},
		},
		{
			"and fill the steps in the way that fills most", zero, "5:AC 5:AB 5:A",
			funnel.Match{Level: 3, Times: []int64{5, 5, 5}, Index: []int{2, 1, 0}},
		},
		{
			"in parts, if one event cannot fill two", zero, "0:A 1:AC 1:B",
			funnel.Match{Level: 3, Times: []int64{0, 1, 1}, Index: []int{0, 2, 1}},
		},
		{
			"and out of many", zero, "5:A 5:ABC 5:A 5:BC",
			funnel.Match{Level: 3, Times: []int64{5, 5, 5}, Index: []int{0, 1, 3}},
		},
		{
			"one time after another", zero, "1:B 1:B 1:BC 1:B 5:A 5:AC 5:A 5:B",
			funnel.Match{Level: 3, Times: []int64{5, 5, 5}, Index: []int{4, 7, 5}},
		},
		{
			"by sequence they are not", bySeq, "5:C 5:B 5:A",
			funnel.Match{Level: 1, Times: []int64{5}, Index: []int{2}, Open: true, Until: 15},
		},
		{
			"nor if time must rise, though the second B is", rising, "5:A 5:B 6:B",
			funnel.Match{Level: 2, Times: []int64{5, 6}, Index: []int{0, 2}, Open: true, Until: 15},
		},
		{
			"strict: an event between spoils the chain, and the next may begin", strict, "0:A 1:x 2:B 3:A 4:B",
			funnel.Match{Level: 2, Times: []int64{3, 4}, Index: []int{3, 4}, Open: true, Until: 13},
		},
		{
			"strict: one of the same time does not", strict, "0:A 1:x 1:B 2:C",
			funnel.Match{Level: 3, Times: []int64{0, 1, 2}, Index: []int{0, 2, 3}},
		},
		{
			"strict by sequence: it does", strictSeq, "0:A 1:x 1:B 2:C",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}},
		},
		{
			"any order", anyOrder, "0:B 3:C 9:A",
			funnel.Match{Level: 3, Times: []int64{0, 3, 9}, Index: []int{0, 1, 2}, Filled: []int{2, 3, 1}},
		},
		{
			"any order: the window slides, each step is its latest event", anyOrder, "0:A 3:B 5:B 11:C",
			funnel.Match{Level: 2, Times: []int64{0, 3}, Index: []int{0, 1}, Filled: []int{1, 2}, Open: true, Until: 21},
		},
		{
			"any order: an event moves to another step to make room", anyOrder, "0:AB 1:AB 2:AC",
			funnel.Match{Level: 3, Times: []int64{0, 1, 2}, Index: []int{0, 1, 2}, Filled: []int{1, 2, 3}},
		},
		{
			"any order: and on, whenever another needs its step", anyOrder, "0:AB 1:AC 2:B",
			funnel.Match{Level: 3, Times: []int64{0, 1, 2}, Index: []int{0, 1, 2}, Filled: []int{1, 3, 2}},
		},
		{
			"an exclusion ends what stands at its steps", zero, "0:A 1:x/a 2:B",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Voided: true},
		},
		{
			"and nothing else", zero, "0:A 1:B 2:x/a 3:C",
			funnel.Match{Level: 3, Times: []int64{0, 1, 3}, Index: []int{0, 1, 3}},
		},
		{
			"a chain that stands at an earlier step goes on", zero, "0:A 1:B 2:x/b 3:B 4:C",
			funnel.Match{Level: 3, Times: []int64{0, 3, 4}, Index: []int{0, 3, 4}},
		},
		{
			"it comes before the steps of its own event", zero, "0:A 1:AB/a 2:B",
			funnel.Match{Level: 2, Times: []int64{1, 2}, Index: []int{1, 2}, Open: true, Until: 11},
		},
		{
			"and before those of its time", zero, "0:A 1:B 1:x/a",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Voided: true},
		},
		{
			"by sequence it does not", bySeq, "0:A 1:B 1:x/a",
			funnel.Match{Level: 2, Times: []int64{0, 1}, Index: []int{0, 1}, Open: true, Until: 10},
		},
		{
			"after the window there is nothing to end", zero, "0:A 11:x/a",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}},
		},
		{
			"nor after the last step", zero, "0:A 1:B 2:C 3:x/abc",
			funnel.Match{Level: 3, Times: []int64{0, 1, 2}, Index: []int{0, 1, 2}},
		},
		{
			"another chain of the same level may stand when the one to be reported is voided", zero, "0:A 1:x/a 2:A",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Voided: true, Open: true, Until: 12},
		},
		{
			"after the first entry is voided there is none", first, "0:A 1:x/a 2:A 3:B",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Voided: true},
		},
		{
			"any order: an exclusion ends all", anyOrder, "0:B 1:x/a 2:A",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Filled: []int{2}, Voided: true, Open: true, Until: 12},
		},
		{
			"any order: a deeper chain than the one that was ended is not", anyOrder, "0:A 1:x/a 2:A 3:B 4:C",
			funnel.Match{Level: 3, Times: []int64{2, 3, 4}, Index: []int{2, 3, 4}, Filled: []int{1, 2, 3}},
		},
		{
			"any order: before the steps of its time", anyOrder, "0:B 1:A 1:x/a",
			funnel.Match{Level: 1, Times: []int64{0}, Index: []int{0}, Filled: []int{2}, Voided: true, Open: true, Until: 11},
		},
		{
			"without a window there is no last time", o(func(o *funnel.FunnelOptions) { o.Window = funnel.NoWindow }), "-9:A 9000:B",
			funnel.Match{Level: 2, Times: []int64{-9, 9000}, Index: []int{0, 1}, Open: true, Until: math.MaxInt64},
		},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got := matMatch(t, c.o, matHistoryOf(t, c.events))
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFunnelOptions_errors: what the options must not be, all of it at once.
func TestFunnelOptions_errors(t *testing.T) {
	for _, c := range []struct {
		o    funnel.FunnelOptions
		want []string
	}{
		{funnel.FunnelOptions{}, []string{"options/steps", "options/window"}},
		{funnel.FunnelOptions{Steps: 33, Window: -1}, []string{"options/steps", "options/window"}},
		{funnel.FunnelOptions{Steps: math.MinInt, Window: 1}, []string{"options/steps"}},
		{
			funnel.FunnelOptions{Steps: 1, Window: 1, Order: "loose", Ties: "none", Anchor: "last"},
			[]string{"options/order", "options/ties", "options/anchor"},
		},
		{funnel.FunnelOptions{Steps: 1, Window: 1, Order: funnel.AnyOrder, Ties: funnel.TiesStrict}, []string{"options/ties"}},
		{funnel.FunnelOptions{Steps: 1, Window: 1, StopAtRepeat: true}, []string{"options/stopAtRepeat"}},
		{
			funnel.FunnelOptions{Steps: 1, Window: 1, Order: funnel.StrictOrder, Ties: funnel.TiesBySeq, StopAtSkip: true, StopAtOther: true},
			[]string{"options/stopAtSkip", "options/stopAtOther"},
		},
	} {
		_, err := funnel.NewMatcher(c.o)
		if !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%+v: error %v, want ErrInput", c.o, err)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%+v: %d faults, want %d:\n%v", c.o, len(lines), len(c.want), err)
			continue
		}
		for i, path := range c.want {
			if !strings.HasPrefix(lines[i], "funnel: "+path+" ") {
				t.Errorf("%+v: fault %q, want one of %s", c.o, lines[i], path)
			}
		}
		if _, err := funnel.Deepest(c.o, nil); err == nil {
			t.Errorf("%+v: Deepest takes it", c.o)
		}
		if _, err := funnel.Attempts(c.o, nil); err == nil {
			t.Errorf("%+v: Attempts takes it", c.o)
		}
	}
}

// TestDeepest_backwards: an event that goes back in time is named, and an event that does not matter is no exception.
func TestDeepest_backwards(t *testing.T) {
	const want = `funnel: events/2/at "4" is before 5, the time of the event before it: sort the events by time`
	o := funnel.FunnelOptions{Steps: 3, Window: 10}
	_, err := funnel.Deepest(o, []funnel.Event{{At: 1, Steps: matA}, {At: 5}, {At: 4, Steps: matB}})
	var fault *funnel.Error
	if !errors.As(err, &fault) || err.Error() != want || !errors.Is(err, funnel.ErrInput) {
		t.Errorf("error %v, want %s", err, want)
	}
	for _, at := range []int64{math.MinInt64, 4} {
		_, err = funnel.Attempts(o, []funnel.Event{{At: 1, Steps: matA | matB}, {At: 5, Steps: matC}, {At: at, Steps: matB}})
		if !errors.As(err, &fault) || fault.Path != "events/2/at" {
			t.Errorf("error %v, want one of events/2/at", err)
		}
	}
}

// TestMatch_JSON: a match and the options come back as they were.
func TestMatch_JSON(t *testing.T) {
	o := funnel.FunnelOptions{Steps: 3, Window: 10, Ties: funnel.TiesBySeq, Anchor: funnel.FirstEntry, Reuse: true, StopAtOther: true}
	want := `{"steps":3,"window":10,"ties":"seq","reuse":true,"anchor":"first","stopAtOther":true}`
	got, err := json.Marshal(o)
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	m := matMatch(t, funnel.FunnelOptions{Steps: 3, Window: 10, Order: funnel.AnyOrder}, matHistoryOf(t, "0:B 3:A 4:x/a 5:C"))
	want = `{"level":2,"times":[0,3],"index":[0,1],"filled":[2,1],"voided":true,"open":true,"until":15}`
	if got, err = json.Marshal(m); err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	var back funnel.Match
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(m, back); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestMatcher_allocs: reading takes no allocation, for any options, once the buffers have grown; and these do not grow with the
// number of events, also if they are all of one time.
func TestMatcher_allocs(t *testing.T) {
	for _, o := range matAllOptions() {
		o.Steps, o.Window = 8, 100
		m, err := funnel.NewMatcher(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, same := range []int{3, math.MaxInt} {
			read := func(n int) {
				m.Reset()
				for i := range n {
					x := uint64(i) * 0x9E3779B97F4A7C15 // bits without a pattern
					e := funnel.Event{At: int64(i / same), Steps: uint32(x>>60) & uint32(x>>50) & 0x7F}
					if i%32 == 0 {
						e.Void = uint32(x>>40) & 0x7F
					}
					if _, err := m.Add(e); err != nil {
						t.Fatal(err)
					}
				}
			}
			read(1_000)
			if allocs := testing.AllocsPerRun(1, func() { read(4_000) }); allocs > 0 {
				t.Errorf("%+v, %d of a time: %v allocations", o, same, allocs)
			}
		}
	}
}
