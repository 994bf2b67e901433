package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Win rates of the team range from 21 % to 40 %. Is anybody better or worse than the rest, or is it the luck of few deals?
func ExampleCompareReps() {
	c, err := funnel.CompareReps([]funnel.RepRecord{
		{Name: "Ana", Won: 24, Lost: 36},
		{Name: "Bo", Won: 31, Lost: 59},
		{Name: "Cy", Won: 26, Lost: 97},
		{Name: "Di", Won: 38, Lost: 62},
		{Name: "Eve", Won: 4, Lost: 7},
	}, funnel.Evidence{})
	if err != nil {
		fmt.Println(err)
		return
	}
	rate, _ := c.Team.Float()
	fmt.Printf("team %.0f %%; all the same: p = %.3f\n", 100*rate, c.WinRates.P)
	for _, r := range c.Reps {
		rate, _ := r.WinRate.Float()
		fmt.Printf("%-3s wins %.0f %% of %d (equal reps: %.0f to %.0f %%): ", r.Name, 100*rate, r.WinRate.Den, 100*r.Limits95.Low, 100*r.Limits95.High)
		if r.Against == nil {
			fmt.Println("too few to say")
			continue
		}
		fmt.Printf("%+.0f points against the rest, adjusted p = %.3f, %s\n", 100*r.Against.Difference, r.Against.AdjustedP, r.Verdict)
	}
	// Output:
	// team 32 %; all the same: p = 0.034
	// Ana wins 40 % of 60 (equal reps: 20 to 44 %): +9 points against the rest, adjusted p = 0.200, unclear
	// Bo  wins 34 % of 90 (equal reps: 22 to 42 %): +3 points against the rest, adjusted p = 0.575, unclear
	// Cy  wins 21 % of 123 (equal reps: 24 to 40 %): -16 points against the rest, adjusted p = 0.007, worse
	// Di  wins 38 % of 100 (equal reps: 23 to 41 %): +8 points against the rest, adjusted p = 0.200, unclear
	// Eve wins 36 % of 11 (equal reps: 4 to 60 %): too few to say
}
