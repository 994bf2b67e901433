package funnel_test

import (
	"bytes"
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Four machines count a quarter of the deals each and send what they have as bytes; who gathers them has the flow of all
// deals, to the last bit, and can take a part away again.
func Example_shards() {
	stages, deals, today := readmeDeals()
	view := funnel.View{Pipeline: stages, AsOf: today}
	var parts [4][]byte
	for i := range parts {
		var part funnel.Flow
		for k := i; k < len(deals); k += len(parts) {
			check(part.Add(view, deals[k]))
		}
		sent, err := part.MarshalBinary()
		check(err)
		parts[i] = sent
	}

	var all, first funnel.Flow
	for i := len(parts) - 1; i >= 0; i-- { // in any order
		var part funnel.Flow
		check(part.UnmarshalBinary(parts[i]))
		check(all.Merge(&part))
	}
	fmt.Println("deals:", all.Journeys())

	var whole funnel.Flow
	for _, deal := range deals {
		check(whole.Add(view, deal))
	}
	a, err := all.MarshalBinary()
	check(err)
	b, err := whole.MarshalBinary()
	check(err)
	fmt.Println("same as counted in one go:", bytes.Equal(a, b))

	check(first.UnmarshalBinary(parts[0]))
	check(all.Sub(&first))
	fmt.Println("without the first part:", all.Journeys())
	// Output:
	// deals: 180
	// same as counted in one go: true
	// without the first part: 135
}
