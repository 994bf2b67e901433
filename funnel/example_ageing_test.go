package funnel_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// Which open deals have been in their stage for too long, what is at risk, and what can still be expected of them? A month is long for a
// demo, and nothing for a contract.
func ExampleAgeing() {
	pipeline, err := funnel.NewPipeline(
		funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Contract"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	day := func(n int) time.Time { return time.Date(2026, 1, 1+n, 9, 0, 0, 0, time.UTC) }
	view := funnel.View{Pipeline: pipeline, AsOf: day(180)}
	var history funnel.Flow // in place of the deals of last year
	for i := range 60 {
		demo, end := 3+i%20, "Won"
		if i%30 > 19 && i%2 == 0 { // slow contracts are not as good as quick ones
			end = "Lost"
		}
		j := funnel.Journey{Moves: []funnel.Move{{To: "Demo", At: day(0)}, {To: "Contract", At: day(demo)}, {To: end, At: day(demo + 40 + i%30)}}}
		if i%20 > 15 { // demos that take longer go nowhere
			j.Moves = append(j.Moves[:1], funnel.Move{To: "Lost", At: day(demo + 30)})
		}
		if err := history.Add(view, j); err != nil {
			fmt.Println(err)
		}
	}
	open := []funnel.Journey{
		{ID: "Acme", Amount: decimal.New(40_000, 0), Moves: []funnel.Move{{To: "Demo", At: day(148)}}},
		{ID: "Bolt", Amount: decimal.New(90_000, 0), Moves: []funnel.Move{{To: "Demo", At: day(130)}, {To: "Contract", At: day(150)}}},
		{ID: "Core", Amount: decimal.New(65_000, 0), Moves: []funnel.Move{{To: "Demo", At: day(80)}, {To: "Contract", At: day(114)}}},
	}
	aged, err := funnel.Ageing(view, open, &history, funnel.AgeingOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range aged.Deals {
		fmt.Printf("%s: %d days in %s, usual are up to %.0f; %.0f %% take longer\n", d.Deal, d.Ticks, d.Stage, d.Threshold, 100*d.Longer)
		if d.Chance != nil {
			fmt.Printf("  goes on with %.0f %%, won with %.0f %%\n", 100*d.Chance.GoesOn, 100*d.Chance.Win)
		}
	}
	fmt.Printf("%d of %d deals, %s at risk\n", aged.Overdue.Count, aged.Open.Count, aged.Overdue.Amount.StringFixed(0))
	// Output:
	// Core: 66 days in Contract, usual are up to 62; 6 % take longer
	//   goes on with 67 %, won with 67 %
	// Acme: 32 days in Demo, usual are up to 18; 20 % take longer
	//   goes on with 0 %, won with 0 %
	// 2 of 3 deals, 105000 at risk
}
