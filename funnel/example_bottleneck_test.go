package funnel_test

import (
	"fmt"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// Deals of this quarter against those of the quarter before: where are wins and time lost, and is it more than chance? Demos lead to a
// proposal less often than they did, and proposals lie longer.
func ExampleBottlenecks() {
	pipeline, err := funnel.NewPipeline(
		funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Proposal"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	quarter := func(start time.Time, proposals, days int) *funnel.Flow {
		view := funnel.View{Pipeline: pipeline, AsOf: start.AddDate(0, 3, 0)}
		var f funnel.Flow
		for i := range 200 { // in place of the deals of the system of record
			at := start.AddDate(0, 0, i%60)
			j := funnel.Journey{Moves: []funnel.Move{{To: "Demo", At: at}}}
			if i*37%100 < proposals {
				j.Moves = append(j.Moves, funnel.Move{To: "Proposal", At: at.AddDate(0, 0, 5+i%3)})
				end := "Lost"
				if i%5 < 2 {
					end = "Won"
				}
				j.Moves = append(j.Moves, funnel.Move{To: end, At: at.AddDate(0, 0, 5+i%3+days+i%11)})
			} else {
				j.Moves = append(j.Moves, funnel.Move{To: "Lost", At: at.AddDate(0, 0, 5+i%3)})
			}
			if err := f.Add(view, j); err != nil {
				fmt.Println(err)
			}
		}
		return &f
	}
	before := quarter(time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC), 60, 10)
	now := quarter(time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), 42, 24)

	d, err := funnel.Bottlenecks(now, before, funnel.BottleneckOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range d.Findings {
		if f.Verdict == funnel.Worse || f.Verdict == funnel.Better {
			fmt.Println(f)
		}
	}
	for _, s := range d.Stages {
		fmt.Printf("%-8s %.0f %% of the time; a deal there is won with %.0f %%\n", s.Stage, 100**s.TimeShare, 100*s.Win)
	}
	// Output:
	// Demo, conversion: 42.0 % of visits go on within 7 ticks, 60.0 % in the baseline; 15.5 wins lost in 200 visits (adjusted p below 0.001)
	// Proposal, time: a visit takes 28.9 of the first 34 ticks, 14.8 in the baseline; 1181.8 ticks lost in 84 visits (adjusted p below 0.001)
	// Demo     33 % of the time; a deal there is won with 18 %
	// Proposal 67 % of the time; a deal there is won with 43 %
}

// A stage that is not judged says why.
func ExampleFinding() {
	f := funnel.Finding{
		Stage: "Legal", Cause: funnel.CauseConversion, Verdict: funnel.TooFew,
		Reason: "the flow has 12 visits of which that is known, fewer than 20",
	}
	fmt.Println(f)
	// Output:
	// Legal, conversion: the flow has 12 visits of which that is known, fewer than 20
}
