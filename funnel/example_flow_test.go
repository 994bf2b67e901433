package funnel_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// flowProcess is a sales process of three stages.
func flowProcess() funnel.Pipeline {
	p, err := funnel.NewPipeline(
		funnel.Stage{Key: "Qualify"}, funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Propose"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost},
	)
	if err != nil {
		panic(err)
	}
	return p
}

// flowMay returns 9:00 of a day in May.
func flowMay(day int) time.Time { return time.Date(2026, time.May, day, 9, 0, 0, 0, time.UTC) }

// flowDeals returns six deals of the process.
func flowDeals() []funnel.Journey {
	deal := func(id string, amount int64, moves ...funnel.Move) funnel.Journey {
		return funnel.Journey{ID: id, Amount: decimal.New(amount, 0), Currency: "EUR", Moves: moves}
	}
	move := func(to string, day int) funnel.Move { return funnel.Move{To: to, At: flowMay(day)} }
	return []funnel.Journey{
		deal("Ahrens", 12_000, move("Qualify", 1), move("Demo", 5), move("Propose", 8), move("Won", 19)),
		deal("Baltic", 8_000, move("Qualify", 1), move("Propose", 6), move("Won", 11)), // needed no demo
		deal("Corvus", 30_000, move("Qualify", 2), move("Demo", 9), move("Lost", 27)),
		deal("Delta", 5_000, move("Qualify", 4), move("Lost", 6)),
		deal("Ekholm", 22_000, move("Qualify", 6), move("Demo", 12), move("Propose", 14), move("Demo", 21)), // wants another demo
		deal("Fado", 9_000, move("Qualify", 20)),
	}
}

// flowMayBook returns the flow of these deals as of the end of the month.
func flowMayBook() *funnel.Flow {
	var flow funnel.Flow
	for _, deal := range flowDeals() {
		if err := flow.Add(funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}, deal); err != nil {
			panic(err)
		}
	}
	return &flow
}

// Where did the deals of each stage go?
func ExampleFlow() {
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	var flow funnel.Flow
	for _, deal := range flowDeals() {
		if err := flow.Add(view, deal); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("stage    entered  advanced  regressed  won  lost  open  worth, open")
	for _, s := range flow.Stages() {
		fmt.Printf("%-8s %7d %9d %10d %4d %5d %5d %12s\n", s.Stage, s.Entered.Count, s.Advanced.Count,
			s.Regressed.Count, s.Won.Count, s.Lost.Count, s.Open.Count, s.Open.Amount.StringFixed(0))
	}
	o := flow.Outcome()
	fmt.Println("won", o.Won.Count, "of", o.Journeys.Count, "worth", o.Won.Amount.StringFixed(0), flow.Currency())
	// Output:
	// stage    entered  advanced  regressed  won  lost  open  worth, open
	// Qualify        6         4          0    0     1     1         9000
	// Demo           4         2          0    0     1     1        22000
	// Propose        3         0          1    2     0     0            0
	// won 2 of 6 worth 20000 EUR
}

// How many deals reach a demo? That depends on what is said of the deal that needed none, and of those that are open.
func ExampleFlow_Conversion() {
	flow := flowMayBook()
	for _, skip := range []funnel.Skip{funnel.Contiguous, funnel.Visited, funnel.Implied} {
		s, err := flow.Conversion("Qualify", "Demo", skip)
		if err != nil {
			fmt.Println(err)
			return
		}
		least, _ := s.Least().Float()
		most, _ := s.Most().Float()
		fmt.Printf("%-10s %d of %d, %d pending: %.0f %% to %.0f %%\n", skip, s.Reached, s.Entered, s.Pending, 100*least, 100*most)
	}
	// Output:
	// contiguous 3 of 6, 1 pending: 50 % to 67 %
	// visited    3 of 6, 1 pending: 50 % to 67 %
	// implied    4 of 6, 1 pending: 67 % to 83 %
}

// The bars of a funnel chart.
func ExampleFlow_Reached() {
	flow := flowMayBook()
	for _, stage := range []string{"Qualify", "Demo", "Propose", "Won"} {
		s, err := flow.Reached(stage, funnel.Implied)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-8s %d of %d, and %d may yet\n", stage, s.Reached, s.Entered, s.Pending)
	}
	// Output:
	// Qualify  6 of 6, and 0 may yet
	// Demo     4 of 6, and 1 may yet
	// Propose  3 of 6, and 1 may yet
	// Won      2 of 6, and 2 may yet
}

// How many visits of the demo stage end with the deal gone?
func ExampleFlow_DropOff() {
	s, err := flowMayBook().DropOff("Demo")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d visits, %d undecided\n", s.Reached, s.Entered, s.Pending)
	// Output:
	// 1 of 4 visits, 1 undecided
}

// Which moves do deals make, and which should they not?
func ExampleFlow_Moves() {
	for _, m := range flowMayBook().Moves() {
		if m.From == "Propose" || m.From == "Qualify" {
			fmt.Printf("%s to %s: %d, %s EUR\n", m.From, m.To, m.Count, m.Amount.StringFixed(0))
		}
	}
	// Output:
	// Qualify to Demo: 3, 64000 EUR
	// Qualify to Propose: 1, 8000 EUR
	// Qualify to Lost: 1, 5000 EUR
	// Propose to Demo: 1, 22000 EUR
	// Propose to Won: 2, 20000 EUR
}

// How long do deals stay in the first stage? Who is still there counts, with the days so far.
func ExampleFlow_Times() {
	times, err := flowMayBook().Times("Qualify")
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, err := times.RestrictedMean(14, funnel.CI{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f of the first 14 days\n", mean.Value)
	// Output:
	// 6.3 of the first 14 days
}

// Flows of regions or days are merged, and what is too old is subtracted: the figures are the same as if all deals of the
// window had been added.
func ExampleFlow_Merge() {
	north, south := new(funnel.Flow), new(funnel.Flow)
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	for i, deal := range flowDeals() {
		part := []*funnel.Flow{north, south}[i%2]
		if err := part.Add(view, deal); err != nil {
			fmt.Println(err)
		}
	}
	text, err := json.Marshal(south) // as it comes from another machine
	if err != nil {
		fmt.Println(err)
		return
	}
	var other, all funnel.Flow
	if err := json.Unmarshal(text, &other); err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range []*funnel.Flow{north, &other} {
		if err := all.Merge(part); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(north.Journeys(), other.Journeys(), all.Journeys())
	if err := all.Sub(north); err != nil {
		fmt.Println(err)
	}
	fmt.Println(all.Journeys())
	// Output:
	// 3 3 6
	// 3
}

// What happened to one deal, and how long was it in each stage?
func ExampleView_Visits() {
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	visits, err := view.Visits(nil, flowDeals()[4])
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range visits {
		s, _ := view.Spell(x)
		fmt.Printf("%-8s visit %d, %2d days: %s\n", x.Stage, x.Nth, s.Leave, x.Exit)
	}
	// Output:
	// Qualify  visit 1,  6 days: advanced
	// Demo     visit 1,  2 days: advanced
	// Propose  visit 1,  7 days: regressed
	// Demo     visit 2, 10 days: open
}

// What share of deals is won within three weeks? Lost deals are not just gone, and open ones are not lost.
func ExampleView_Lifetime() {
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	var lives funnel.Lifetimes
	for _, deal := range flowDeals() {
		s, ok, err := view.Lifetime(deal)
		if err != nil {
			fmt.Println(err)
		}
		if !ok {
			continue
		}
		if err := lives.Add(s); err != nil {
			fmt.Println(err)
		}
	}
	curve, err := lives.Incidence(funnel.Won, funnel.CI{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f %%\n", 100*curve.At(21).Value)
	// Output:
	// 39 %
}

// How many days does it take from the first talk to a demo, if it comes to one?
func ExampleView_Conversion() {
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	for _, deal := range flowDeals() {
		s, ok, err := view.Conversion(deal, "Qualify", "Demo", funnel.Visited)
		if err != nil || !ok {
			fmt.Println(ok, err)
			continue
		}
		fmt.Printf("%-7s %2d days: %s\n", deal.ID, s.Leave, s.Exit)
	}
	// Output:
	// Ahrens   4 days: advanced
	// Baltic  10 days: won
	// Corvus   7 days: advanced
	// Delta    2 days: lost
	// Ekholm   6 days: advanced
	// Fado    11 days: open
}

// What is wrong with this deal?
func ExamplePipeline_Check() {
	err := flowProcess().Check(funnel.Journey{ID: "Gable", Moves: []funnel.Move{
		{To: "Qualify", At: flowMay(4)},
		{To: "Demonstrate", At: flowMay(7)},
		{To: "Lost", At: flowMay(6)},
		{To: "Propose", At: flowMay(9)},
	}})
	fmt.Println(err)
	// Output:
	// funnel: Gable: moves/1/to "Demonstrate" is no stage of the pipeline
	// funnel: Gable: moves/2/at "2026-05-06T09:00:00Z" is before the move that it follows: sort the moves by time
	// funnel: Gable: moves/3/to "Propose" follows "Lost", which is an end: if deals come back, use Pipeline.Reopening; else drop the end that did not hold
}
