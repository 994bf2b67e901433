package funnel_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// graSummary is a file of figures of an event log.
type graSummary struct {
	Cases           int64
	Events          int64
	Activities      int
	Variants        int
	TopVariantCases int64                                                   `json:"top_variant_cases"`
	Edges           int                                                     `json:"dfg_edges"`
	EdgeTotal       int64                                                   `json:"dfg_total"`
	Starts          map[string]int64                                        `json:"start_activities"`
	Ends            map[string]int64                                        `json:"end_activities"`
	Reworked        int64                                                   `json:"cases_with_rework"`
	SelfLoops       int64                                                   `json:"self_loop_events"`
	Throughput      struct{ Min, Q25, Median, Mean, Q75, P90, Max float64 } `json:"throughput_seconds"`
	Counts          map[string]int64                                        `json:"activity_counts"`
}

// Five event logs of the process mining literature, one of them in three views, with reference figures of an independent
// implementation, made for this project; the number of variants of BPI Challenge 2012, 4,366, is that of the published
// descriptions of the log (van Dongen 2012, DOI 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f). Counts are exact, times
// agree to the digits that are printed.
//
// What each file needs: events in order of time within their case, equal times as they stand in the file. Times of BPI 2012,
// receipt and the running example carry their offset, so that the change to winter time in 2011 does not show; the fines are
// dated by day, without a zone.
func TestE01_eventLogs(t *testing.T) {
	const offset = "2006-01-02 15:04:05.999999999Z07:00"
	bpic := graFile{
		name: "bpic2012.csv.gz", id: "case", at: "timestamp", by: "resource", activity: []string{"activity", "lifecycle"},
		layout: time.RFC3339Nano,
	}.journeys(t)
	for name, cases := range map[string][]funnel.Journey{
		"running_example": graFile{
			name: "running-example.csv.gz", id: "case:concept:name", at: "time:timestamp", by: "org:resource",
			activity: []string{"concept:name"}, layout: offset,
		}.journeys(t),
		"receipt": graFile{
			name: "receipt.csv.gz", id: "case:concept:name", at: "time:timestamp", by: "org:resource",
			activity: []string{"concept:name"}, layout: offset,
		}.journeys(t),
		// The steps of work on an application are events of their own, such as W_Afhandelen leads+SCHEDULE.
		"bpic2012_act_lifecycle": bpic,
		// The same without the names of the steps.
		"bpic2012_act": graRename(bpic, func(activity string) string {
			activity, _, _ = strings.Cut(activity, "+")
			return activity
		}),
		// Only what became of the application. All these events are of the step COMPLETE.
		"bpic2012_A": graRename(bpic, func(activity string) string {
			activity, _, _ = strings.Cut(activity, "+")
			if !strings.HasPrefix(activity, "A_") {
				return ""
			}
			return activity
		}),
		"traffic_fines_10k": graFile{
			name: "traffic_fines.csv.gz", id: "case_id", at: "timestamp", by: "resource", activity: []string{"activity"},
			layout: time.DateOnly,
		}.journeys(t),
	} {
		t.Run(name, func(t *testing.T) {
			var want graSummary
			text, err := os.ReadFile(testenv.Data(t, "funnel/reference/process/"+name+"_summary.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			var g funnel.Graph
			var v funnel.Variants
			for _, j := range cases {
				if err := g.Add(j); err != nil {
					t.Fatal(err)
				}
				if err := v.Add(j); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, graSummarize(t, &g, &v), cmp.Comparer(graNear)); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
			graCheckEdges(t, &g, name)
			graCheckIdentities(t, &g)
		})
	}
}

// graNear compares figures that were printed with 15 digits or so.
func graNear(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1e-3, math.Abs(a), math.Abs(b)) }

func graSummarize(t *testing.T, g *funnel.Graph, v *funnel.Variants) graSummary {
	t.Helper()
	s := graSummary{
		Cases: g.Cases(), Events: g.Events(), Activities: len(g.Activities()), Variants: v.Len(), Edges: len(g.Edges()),
		Starts: map[string]int64{}, Ends: map[string]int64{}, Counts: map[string]int64{},
		Reworked: g.Rework().Cases.Num, TopVariantCases: v.Top(1)[0].Count,
	}
	for _, e := range g.Edges() {
		s.EdgeTotal += e.Count
	}
	for _, a := range g.Activities() {
		s.Counts[a.Name] = a.Count
		s.SelfLoops += a.SelfLoops
		if a.Starts > 0 {
			s.Starts[a.Name] = a.Starts
		}
		if a.Ends > 0 {
			s.Ends[a.Name] = a.Ends
		}
	}
	x, ok := g.Throughput().Summary()
	if !ok {
		t.Fatal("no throughput")
	}
	seconds := float64(time.Second)
	s.Throughput.Min, s.Throughput.Q25, s.Throughput.Median = float64(x.Min)/seconds, x.P25/seconds, x.Median/seconds
	s.Throughput.Mean, s.Throughput.Q75 = x.Mean/seconds, x.P75/seconds
	s.Throughput.P90, s.Throughput.Max = x.P90/seconds, float64(x.Max)/seconds
	return s
}

// graCheckEdges compares the edges with those of the reference file.
func graCheckEdges(t *testing.T, g *funnel.Graph, name string) {
	t.Helper()
	file, err := os.Open(testenv.Data(t, "funnel/reference/process/"+name+"_dfg.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type figures struct{ Count, Mean, Median, Min, Max float64 }
	want, got := map[string]figures{}, map[string]figures{}
	for _, row := range rows[1:] {
		var f [5]float64
		for i := range f {
			if f[i], err = strconv.ParseFloat(row[2+i], 64); err != nil {
				t.Fatal(err)
			}
		}
		want[row[0]+" > "+row[1]] = figures{f[0], f[1], f[2], f[3], f[4]}
	}
	const seconds = float64(time.Second)
	for _, e := range g.Edges() {
		got[e.From+" > "+e.To] = figures{
			float64(e.Count), e.Mean / seconds, e.Median / seconds, float64(e.Min) / seconds, float64(e.Max) / seconds,
		}
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(graNear)); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
}

// graCheckIdentities checks that each activity leaves as often as it comes, that its events are the first of their cases,
// self-loops and repetitions, and that the times of the edges add up to the throughput times.
func graCheckIdentities(t interface {
	Helper()
	Errorf(format string, args ...any)
}, g *funnel.Graph,
) {
	t.Helper()
	in, out, self := map[string]int64{}, map[string]int64{}, map[string]int64{}
	var total float64
	for _, e := range g.Edges() {
		in[e.To] += e.Count
		out[e.From] += e.Count
		if e.From == e.To {
			self[e.To] += e.Count
		}
		total += e.Total
	}
	again := map[string]funnel.ActivityRework{}
	for _, r := range g.Rework().Activities {
		again[r.Activity] = r
	}
	var starts, ends, events int64
	for _, a := range g.Activities() {
		if got := in[a.Name] + a.Starts; got != a.Count {
			t.Errorf("%s: comes %d times, took place %d times", a.Name, got, a.Count)
		}
		if got := out[a.Name] + a.Ends; got != a.Count {
			t.Errorf("%s: leaves %d times, took place %d times", a.Name, got, a.Count)
		}
		if a.SelfLoops != self[a.Name] {
			t.Errorf("%s: %d self-loops, %d times on the edge", a.Name, a.SelfLoops, self[a.Name])
		}
		r := again[a.Name]
		if r.SelfLoops.All() != a.SelfLoops {
			t.Errorf("%s: %d self-loops, %+v", a.Name, a.SelfLoops, r.SelfLoops)
		}
		if got := a.Cases + r.SelfLoops.All() + r.Repetitions.All(); got != a.Count {
			t.Errorf("%s: %d first, self-loops and repetitions, %d in all", a.Name, got, a.Count)
		}
		starts += a.Starts
		ends += a.Ends
		events += a.Count
	}
	if starts != g.Cases() || ends != g.Cases() || events != g.Events() {
		t.Errorf("%d starts, %d ends of %d cases; %d of %d events", starts, ends, g.Cases(), events, g.Events())
	}
	if x, ok := g.Throughput().Summary(); ok && !graNear(x.Total, total) {
		t.Errorf("edges take %v, cases %v", total, x.Total)
	}
}
