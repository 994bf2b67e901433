package funnel_test

import (
	"errors"
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// How long do we take to answer? Two teams counted whole minutes from lead to first call; the figures of both together are
// exact, which no mean of two medians is.
func ExampleDurations() {
	var inside, field funnel.Durations
	for _, minutes := range []int64{4, 9, 3, 12, 5} {
		if err := inside.Add(minutes); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, minutes := range []int64{55, 31, 240} {
		if err := field.Add(minutes); err != nil {
			fmt.Println(err)
			return
		}
	}
	var all funnel.Durations
	if err := errors.Join(all.Merge(&inside), all.Merge(&field)); err != nil {
		fmt.Println(err)
		return
	}
	s, ok := all.Summary()
	if !ok {
		fmt.Println("no lead was called")
		return
	}
	fmt.Printf("%d leads: median %.1f minutes, mean %.1f, from %d to %d\n", s.Count, s.Median, s.Mean, s.Min, s.Max)
	p80, err := all.Quantile(0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("4 in 5 within %.1f minutes\n", p80)
	// Output:
	// 8 leads: median 10.5 minutes, mean 44.9, from 3 to 240
	// 4 in 5 within 45.4 minutes
}
