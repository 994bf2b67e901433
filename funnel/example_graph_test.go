package funnel_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// graDeal returns a deal from a text of days and stages: "0 Lead, 3 Demo". Who did it follows a slash: "3 Demo/Ann".
func graDeal(id, text string) funnel.Journey {
	j := funnel.Journey{ID: id}
	for s := range strings.SplitSeq(text, ", ") {
		var day int
		var stage string
		if _, err := fmt.Sscanf(s, "%d %s", &day, &stage); err != nil {
			panic(err)
		}
		stage, by, _ := strings.Cut(stage, "/")
		at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		j.Moves = append(j.Moves, funnel.Move{To: stage, At: at, By: by})
	}
	return j
}

// graDay is a day in nanoseconds.
const graDay = float64(24 * time.Hour)

// Where do deals wait longest? Between which two steps the time of all deals together goes, and how long the wait is for one
// of them and for the slowest tenth.
func ExampleGraph() {
	var g funnel.Graph
	for _, j := range []funnel.Journey{
		graDeal("D-1", "0 Lead, 2 Demo, 5 Proposal, 30 Legal, 33 Won"),
		graDeal("D-2", "0 Lead, 1 Demo, 9 Proposal, 12 Demo, 20 Proposal, 60 Lost"),
		graDeal("D-3", "0 Lead, 3 Demo, 6 Proposal, 46 Legal, 50 Won"),
		graDeal("D-4", "0 Lead, 4 Lost"),
	} {
		if err := g.Add(j); err != nil {
			fmt.Println(err)
			return
		}
	}
	edges := g.Edges()
	var total float64
	for _, e := range edges {
		total += e.Total
	}
	slices.SortStableFunc(edges, func(a, b funnel.Edge) int { return cmp.Compare(b.Total, a.Total) })
	for _, e := range edges[:3] {
		fmt.Printf("%s > %s: %d times, %.0f %% of all time, median %.1f days, p90 %.1f\n",
			e.From, e.To, e.Count, 100*e.Total/total, e.Median/graDay, e.P90/graDay)
	}
	median, err := g.Throughput().Quantile(0.5)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d deals, median from first to last %.1f days\n", g.Cases(), median/graDay)
	// Output:
	// Proposal > Legal: 2 times, 44 % of all time, median 32.5 days, p90 38.5
	// Proposal > Lost: 1 times, 27 % of all time, median 40.0 days, p90 40.0
	// Demo > Proposal: 4 times, 15 % of all time, median 5.5 days, p90 8.0
	// 4 deals, median from first to last 41.5 days
}

// What is done twice? A proposal that its author mends is one thing, one that another has to write again is another.
func ExampleGraph_Rework() {
	var g funnel.Graph
	for _, j := range []funnel.Journey{
		graDeal("D-1", "0 Lead/Ann, 2 Demo/Bo, 5 Proposal/Bo, 6 Proposal/Bo, 33 Won/Bo"),
		graDeal("D-2", "0 Lead/Ann, 1 Demo/Bo, 9 Proposal/Bo, 12 Demo/Cy, 20 Proposal/Cy, 60 Lost/Cy"),
		graDeal("D-3", "0 Lead/Ann, 4 Lost/Ann"),
	} {
		if err := g.Add(j); err != nil {
			fmt.Println(err)
			return
		}
	}
	r := g.Rework()
	fmt.Printf("%d of %d deals\n", r.Cases.Num, r.Cases.Den)
	for _, a := range r.Activities {
		fmt.Printf("%s: at once %d, later %d by the same and %d by another\n",
			a.Activity, a.SelfLoops.All(), a.Repetitions.Repeat, a.Repetitions.Redo)
	}
	// Output:
	// 2 of 3 deals
	// Demo: at once 0, later 0 by the same and 1 by another
	// Proposal: at once 1, later 0 by the same and 1 by another
}

// How much of the work on proposals crosses desks?
func ExampleAgain() {
	again := funnel.Again{Repeat: 6, Redo: 3, Unknown: 1}
	fmt.Printf("done again %d times, of which %d by another, and %d by nobody knows whom\n", again.All(), again.Redo, again.Unknown)
	// Output:
	// done again 10 times, of which 3 by another, and 1 by nobody knows whom
}

// Two regions count on their own, and send their graphs as JSON or bytes. Merged they are the graph of all deals.
func ExampleGraph_Merge() {
	var north, south, all funnel.Graph
	for _, err := range []error{
		north.Add(graDeal("N-1", "0 Lead, 2 Demo, 9 Won")),
		south.Add(graDeal("S-1", "0 Lead, 5 Demo, 7 Lost")),
		south.Add(graDeal("S-2", "0 Lead, 1 Lost")),
	} {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, region := range []*funnel.Graph{&south, &north} {
		text, err := json.Marshal(region)
		if err != nil {
			fmt.Println(err)
			return
		}
		var g funnel.Graph
		if err := json.Unmarshal(text, &g); err != nil {
			fmt.Println(err)
			return
		}
		if err := all.Merge(&g); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, a := range all.Activities() {
		fmt.Printf("%s: %d, first of %d deals and last of %d\n", a.Name, a.Count, a.Starts, a.Ends)
	}
	// Output:
	// Demo: 2, first of 0 deals and last of 0
	// Lead: 3, first of 3 deals and last of 0
	// Lost: 2, first of 0 deals and last of 2
	// Won: 1, first of 0 deals and last of 1
}
