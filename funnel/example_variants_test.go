package funnel_test

import (
	"fmt"
	"strings"

	"github.com/salesops-go/salesops/funnel"
)

// Which paths do won deals take? The most frequent sequences of stages, with their share and how long they take.
func ExampleVariants() {
	var won funnel.Variants
	for _, j := range []funnel.Journey{
		graDeal("D-1", "0 Lead, 2 Demo, 5 Proposal, 33 Won"),
		graDeal("D-2", "0 Lead, 1 Demo, 9 Proposal, 12 Demo, 20 Proposal, 60 Won"),
		graDeal("D-3", "0 Lead, 3 Demo, 6 Proposal, 50 Won"),
		graDeal("D-4", "0 Lead, 4 Lost"),
		graDeal("D-5", "0 Lead, 8 Proposal, 15 Won"),
	} {
		if last := j.Moves[len(j.Moves)-1]; last.To != "Won" {
			continue
		}
		if err := won.Add(j); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("%d won deals took %d paths\n", won.Cases(), won.Len())
	for _, v := range won.Top(2) {
		fmt.Printf("%d of %d: %s, mean %.1f days\n", v.Share.Num, v.Share.Den, strings.Join(v.Activities, " > "), v.Mean/graDay)
	}
	// Output:
	// 4 won deals took 3 paths
	// 2 of 4: Lead > Demo > Proposal > Won, mean 41.5 days
	// 1 of 4: Lead > Demo > Proposal > Demo > Proposal > Won, mean 60.0 days
}
