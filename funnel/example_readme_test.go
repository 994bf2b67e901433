package funnel_test

import (
	"fmt"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// readmeDeals are half a year of deals: every third is lost early, some jump over a stage, and those of the last weeks are open.
func readmeDeals() (stages funnel.Pipeline, deals []funnel.Journey, today time.Time) {
	stages, err := funnel.NewPipeline(funnel.Stage{Key: "Qualify"}, funnel.Stage{Key: "Propose"}, funnel.Stage{Key: "Negotiate"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost})
	check(err)
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	today = start.AddDate(0, 0, 180)
	for i := range 180 {
		begun := start.AddDate(0, 0, i)
		way := []string{"Qualify", "Propose", "Negotiate", "Won"}
		switch {
		case i%3 == 0:
			way = []string{"Qualify", "Lost"}
		case i%5 == 0:
			way = []string{"Qualify", "Negotiate", "Lost"}
		case i%7 == 0:
			way = []string{"Qualify", "Propose", "Lost"}
		}
		deal := funnel.Journey{ID: fmt.Sprintf("D-%d", i)}
		for k, stage := range way {
			if at := begun.AddDate(0, 0, k*(8+i*7%23)); !at.After(today) {
				deal.Moves = append(deal.Moves, funnel.Move{To: stage, At: at})
			}
		}
		deals = append(deals, deal)
	}
	return stages, deals, today
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func Example_readme() {
	stages, deals, today := readmeDeals() // the stage history of half a year
	view := funnel.View{Pipeline: stages, AsOf: today}
	var flow funnel.Flow
	var lives funnel.Lifetimes
	for _, deal := range deals {
		check(flow.Add(view, deal))
		life, ok, err := view.Lifetime(deal)
		check(err)
		if ok { // it is known by now
			check(lives.Add(life))
		}
	}
	c, err := flow.Conversion("Qualify", "Propose", funnel.Visited)
	check(err)
	fmt.Printf("Qualify to Propose: %d of %d, and %d are pending\n", c.Reached, c.Entered, c.Pending)
	won, err := lives.Incidence(funnel.Won, funnel.CI{}) // open deals are undecided, lost ones are out
	check(err)
	p := won.At(90)
	fmt.Printf("won within 90 days: %.0f %%, 95 %% interval %.0f to %.0f %%\n", 100*p.Value, 100*p.Low, 100*p.High)
	o := flow.Outcome()
	fmt.Printf("won so far: %d of %d, with %d open\n", o.Won.Count, o.Journeys.Count, o.Open.Count)
	// Output:
	// Qualify to Propose: 83 of 180, and 19 are pending
	// won within 90 days: 43 %, 95 % interval 35 to 51 %
	// won so far: 55 of 180, with 35 open
}
