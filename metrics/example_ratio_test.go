package metrics_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// The win rate of a team is that of all its deals, not the mean of its reps' win rates.
func ExampleRatio() {
	team := metrics.Ratio[int64]{}
	for _, rep := range []metrics.Ratio[int64]{{Num: 1, Den: 2}, {Num: 90, Den: 300}} {
		check(team.Merge(rep))
	}
	share, ok := team.Decimal(3)
	fmt.Println(share.StringFixed(3), ok)
	fmt.Println(metrics.Ratio[int64]{}.Float()) // of nothing there is no share

	attained := metrics.Ratio[decimal.Decimal]{Num: d("99995.00"), Den: d("100000")}
	fmt.Println(attained.Reaches(decimal.NewFromInt(1))) // 99.995 % is not 100 %
	// Output:
	// 0.301 true
	// 0 false
	// false true
}

// Three wins of four deals say little about the next hundred.
func ExampleWilson() {
	for _, r := range []metrics.Ratio[int]{{Num: 3, Den: 4}, {Num: 300, Den: 400}} {
		i, _ := metrics.Wilson(r, 0.95)
		fmt.Printf("%d of %d: %.0f to %.0f %%\n", r.Num, r.Den, 100*i.Low, 100*i.High)
	}
	// Output:
	// 3 of 4: 30 to 95 %
	// 300 of 400: 71 to 79 %
}
