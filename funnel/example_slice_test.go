package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// The events of an account are kept as one slice a day. How far did it come on each day, and how far in all?
func ExampleSlice() {
	o := funnel.FunnelOptions{Steps: 3, Window: 48} // hours
	days := [][]funnel.Event{
		{{At: 9, Steps: strVisit}, {At: 15, Steps: strTrial}},
		{{At: 30, Steps: strVisit}},
		{{At: 50, Steps: strOrder}},
	}
	all := new(funnel.Slice)
	for i, events := range days {
		day, err := funnel.NewSlice(o)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range events {
			if err := day.Add(e); err != nil {
				fmt.Println(err)
				return
			}
		}
		if all, err = all.Then(day); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("day %d: level %d, with the days before %d\n", i+1, day.Level(), all.Level())
	}
	// Output:
	// day 1: level 2, with the days before 2
	// day 2: level 1, with the days before 2
	// day 3: level 0, with the days before 3
}

// Slices of different funnels do not join, nor do those that overlap.
func ExampleNewSlice() {
	monday, err := funnel.NewSlice(funnel.FunnelOptions{Steps: 2, Window: 48})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := monday.Add(funnel.Event{At: 9, Steps: strVisit}); err != nil {
		fmt.Println(err)
		return
	}
	_, err = monday.Then(monday)
	fmt.Println(err)
	// Output:
	// funnel: first "9" is not after the end of the slice before it, 9: slices follow each other, and events of one time belong in one
}
