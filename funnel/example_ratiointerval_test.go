package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Three wins of four deals, or three hundred of four hundred: the same share, and not the same thing.
func ExampleRatio_Wilson() {
	for _, r := range []funnel.Ratio{{Num: 3, Den: 4}, {Num: 300, Den: 400}} {
		share, _ := r.Float()
		lo, hi, _ := r.Wilson(0.95)
		fmt.Printf("%d of %d: %.0f %%, between %.0f %% and %.0f %%\n", r.Num, r.Den, 100*share, 100*lo, 100*hi)
	}
	_, _, ok := funnel.Ratio{}.Wilson(0.95)
	fmt.Println("none of none:", ok)
	// Output:
	// 3 of 4: 75 %, between 30 % and 95 %
	// 300 of 400: 75 %, between 71 % and 79 %
	// none of none: false
}
