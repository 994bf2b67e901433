package funnel_test

import (
	"encoding/json"
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// survPipeline is a small pipeline as of today: deals by their age in days.
func survPipeline() *funnel.Lifetimes {
	deals, err := funnel.NewLifetimes(
		funnel.Spell{Leave: 7, Exit: funnel.Lost},
		funnel.Spell{Leave: 12, Exit: funnel.Won},
		funnel.Spell{Leave: 16, Exit: funnel.Lost},
		funnel.Spell{Leave: 20}, // still open
		funnel.Spell{Leave: 25, Exit: funnel.Won},
		funnel.Spell{Leave: 33, Exit: funnel.Lost},
		funnel.Spell{Leave: 41},
		funnel.Spell{Leave: 48, Exit: funnel.Won},
		funnel.Spell{Leave: 55},
		funnel.Spell{Leave: 61, Exit: funnel.Won},
		funnel.Spell{Leave: 70, Exit: funnel.Lost},
		funnel.Spell{Leave: 75},
	)
	if err != nil {
		panic(err)
	}
	return deals
}

// What is the chance to win a deal within 30, 60 and 90 days? Those lost compete, those open are undecided.
func ExampleLifetimes_Incidence() {
	deals := survPipeline()
	won, err := deals.Incidence(funnel.Won, funnel.CI{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, day := range []int{30, 60, 90} {
		p := won.At(day)
		fmt.Printf("by day %d: %.0f %% won, between %.0f and %.0f %%", day, 100*p.Value, 100*p.Low, 100*p.High)
		if !p.Supported {
			fmt.Printf(" (as of day %d: no deal is older)", won.Support)
		}
		fmt.Println()
	}
	// Output:
	// by day 30: 18 % won, between 3 and 43 %
	// by day 60: 29 % won, between 7 and 57 %
	// by day 90: 44 % won, between 13 and 72 % (as of day 75: no deal is older)
}

// How long until deals are closed, won or lost?
func ExampleLifetimes_Survival() {
	open, err := survPipeline().Survival(funnel.CI{Level: 0.9})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, day := range []int{0, 30, 60} {
		p := open.At(day)
		fmt.Printf("day %2d: %2d at risk, %3.0f %% still open\n", day, p.AtRisk, 100*p.Value)
	}
	if half, ok := open.Quantile(0.5); ok {
		fmt.Printf("half are closed by day %.0f", half.Tick)
		if half.Low != nil {
			fmt.Printf(", at the earliest by day %.0f", *half.Low)
		}
		if half.High != nil {
			fmt.Printf(", at the latest by day %.0f", *half.High)
		}
		fmt.Println()
	}
	// Output:
	// day  0: 12 at risk, 100 % still open
	// day 30:  7 at risk,  66 % still open
	// day 60:  3 at risk,  45 % still open
	// half are closed by day 48, at the earliest by day 16, at the latest by day 70
}

// Half of the deals are never won, so there is no median time to win, but a quarter is.
func ExampleCurve_Quantile() {
	won, _ := survPipeline().Incidence(funnel.Won, funnel.CI{})
	for _, share := range []float64{0.25, 0.5} {
		if q, ok := won.Quantile(share); ok {
			fmt.Printf("%.0f %% of all deals are won by day %.0f\n", 100*share, q.Tick)
		} else {
			fmt.Printf("%.0f %% of all deals have not been won within %d days\n", 100*share, won.Support)
		}
	}
	// Output:
	// 25 % of all deals are won by day 48
	// 50 % of all deals have not been won within 75 days
}

// What is known of deals at an age between two events, and beyond the oldest?
func ExampleCurve_At() {
	open, _ := survPipeline().Survival(funnel.CI{})
	for _, day := range []int{5, 45, 400} {
		p := open.At(day)
		fmt.Printf("day %3d: %2d at risk, %.2f open, supported %t, bounded %t\n", p.Tick, p.AtRisk, p.Value, p.Supported, p.Bounded)
	}
	// Output:
	// day   5: 12 at risk, 1.00 open, supported true, bounded false
	// day  45:  5 at risk, 0.56 open, supported true, bounded true
	// day 400:  0 at risk, 0.15 open, supported false, bounded true
}

// When are deals decided? A hazard that bends down says that those left are stuck.
func ExampleLifetimes_Hazard() {
	hazard, err := survPipeline().Hazard(funnel.NelsonAalen, funnel.CI{})
	if err != nil {
		fmt.Println(err)
		return
	}
	before := 0.0
	for _, day := range []int{25, 50, 75} {
		now := hazard.At(day).Value
		fmt.Printf("days up to %d: %.1f %% of the open deals are closed a day\n", day, 100*(now-before)/25)
		before = now
	}
	// Output:
	// days up to 25: 1.6 % of the open deals are closed a day
	// days up to 50: 1.4 % of the open deals are closed a day
	// days up to 75: 3.3 % of the open deals are closed a day
}

// How many of the first 60 days is a deal open? It can be said though a third of the deals are open, and it can be compared.
func ExampleLifetimes_RestrictedMean() {
	mean, err := survPipeline().RestrictedMean(60, funnel.CI{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f days, between %.1f and %.1f\n", mean.Value, mean.Low, mean.High)
	// Output:
	// 40.8 days, between 26.5 and 50.0
}

// Where do the other days of the first 60 go: how many come after a win, how many after a loss?
func ExampleLifetimes_TimeLost() {
	deals := survPipeline()
	for _, exit := range deals.Exits() {
		lost, err := deals.TimeLost(exit, 60, funnel.CI{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.1f days after it is %s\n", lost.Value, exit)
	}
	// Output:
	// 10.6 days after it is lost
	// 8.6 days after it is won
}

// Deals that were there before the history began come into view at the age they had then: those that were closed before
// would not be known.
func ExampleNewLifetimes() {
	deals, err := funnel.NewLifetimes(
		funnel.Spell{Enter: 40, Leave: 55, Exit: funnel.Won}, // was 39 days old when the history began
		funnel.Spell{Enter: 10, Leave: 90},
		funnel.Spell{Leave: 30, Exit: funnel.Lost},
		funnel.Spell{Leave: 45, Exit: funnel.Won},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	won, _ := deals.Incidence(funnel.Won, funnel.CI{})
	fmt.Printf("%d deals, %d at risk on day 20, %d on day 42; won by day 60: %.2f\n",
		deals.Len(), won.At(20).AtRisk, won.At(42).AtRisk, won.At(60).Value)

	_, err = funnel.NewLifetimes(funnel.Spell{Enter: 40, Leave: 30})
	fmt.Println(err)
	// Output:
	// 4 deals, 3 at risk on day 20, 3 on day 42; won by day 60: 0.44
	// funnel: spells/0/leave "30" must not be before the first tick at risk, 40
}

// Days are counted apart, anywhere, and merged; a window of days slides on by adding one and subtracting another.
func ExampleLifetimes() {
	monday, _ := funnel.NewLifetimes(funnel.Spell{Leave: 3, Exit: "answered"}, funnel.Spell{Leave: 8})
	tuesday, _ := funnel.NewLifetimes(funnel.Spell{Leave: 1, Exit: "answered"})
	wednesday, _ := funnel.NewLifetimes(funnel.Spell{Leave: 5, Exit: "gave up"})

	var window funnel.Lifetimes
	for _, day := range []*funnel.Lifetimes{monday, tuesday, wednesday} {
		if err := window.Merge(day); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(window.Len(), window.Exits())
	if err := window.Sub(monday); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(window.Len(), window.Exits())

	text, _ := json.Marshal(&window)
	fmt.Println(string(text))
	fmt.Println(window.Sub(monday))
	// Output:
	// 4 [answered gave up]
	// 2 [answered gave up]
	// {"ticks":[{"tick":0,"enter":2},{"tick":1,"leave":{"answered":1}},{"tick":5,"leave":{"gave up":1}}]}
	// funnel: spells are not all among those that they are to be subtracted from
}
