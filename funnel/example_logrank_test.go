package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Do deals move at the same speed in two teams? Those still open count for as long as they were watched.
func ExampleLogRank() {
	var north, south funnel.Lifetimes
	for _, days := range []int{12, 19, 25, 33, 40, 41, 55, 63} {
		_ = north.Add(funnel.Spell{Leave: days, Exit: funnel.Won})
		_ = south.Add(funnel.Spell{Leave: 2 * days, Exit: funnel.Won})
	}
	_ = north.Add(funnel.Spell{Leave: 70}) // still open
	_ = south.Add(funnel.Spell{Leave: 90})

	test, err := funnel.LogRank(&north, &south)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("chi-squared %.2f on %d df, p = %.3f\n", test.ChiSquared, test.DF, test.P)
	for i, team := range []string{"north", "south"} {
		g := test.Groups[i]
		fmt.Printf("%s: %.0f deals ended, %.1f would have at the speed of both together\n", team, g.Observed, g.Expected)
	}
	// Output:
	// chi-squared 4.56 on 1 df, p = 0.033
	// north: 8 deals ended, 4.5 would have at the speed of both together
	// south: 8 deals ended, 11.5 would have at the speed of both together
}

// The south team looks slow because it works most of the large deals. Among deals of the same size it is as fast.
func ExampleStratifiedLogRank() {
	deals := func(days, n int) *funnel.Lifetimes {
		l := new(funnel.Lifetimes)
		for i := range n {
			_ = l.Add(funnel.Spell{Leave: days/2 + i*i%days, Exit: funnel.Won})
		}
		return l
	}
	small := []*funnel.Lifetimes{deals(29, 40), deals(29, 13)} // north, south
	large := []*funnel.Lifetimes{deals(97, 13), deals(97, 40)} // north, south
	north, south := small[0].Clone(), small[1].Clone()
	_, _ = north.Merge(large[0]), south.Merge(large[1])

	all, err := funnel.LogRank(north, south)
	if err != nil {
		fmt.Println(err)
		return
	}
	bySize, err := funnel.StratifiedLogRank(0, small, large)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("all deals: p = %.1e\n", all.P)
	fmt.Printf("by size:   p = %.2f\n", bySize.P)
	// Output:
	// all deals: p = 5.7e-08
	// by size:   p = 0.19
}

// Do two teams win the same share of their deals? The second gives up its bad deals sooner, and wins as many.
func ExampleGray() {
	var north, south funnel.Lifetimes
	for i := range 30 {
		_ = north.Add(funnel.Spell{Leave: 40 + i, Exit: funnel.Won})
		_ = south.Add(funnel.Spell{Leave: 38 + i, Exit: funnel.Won})
	}
	for i := range 60 {
		_ = north.Add(funnel.Spell{Leave: 60 + i, Exit: funnel.Lost})
		_ = south.Add(funnel.Spell{Leave: 10 + i, Exit: funnel.Lost})
	}
	speed, err := funnel.LogRank(&north, &south)
	if err != nil {
		fmt.Println(err)
		return
	}
	wins, err := funnel.Gray(funnel.Won, &north, &south)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("the time to an end differs: p = %.1e\n", speed.P)
	fmt.Printf("the share won does not:     p = %.2f\n", wins.P)
	// Output:
	// the time to an end differs: p = 1.3e-25
	// the share won does not:     p = 0.92
}
