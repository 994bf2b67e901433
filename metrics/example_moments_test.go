package metrics_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// How large are our deals, and how sure is their mean? Each region sends what it knows of its own deals; together they are
// exactly what one list of all deals would give.
func ExampleMoments() {
	var north, south metrics.Moments[decimal.Decimal]
	for _, amount := range []string{"12000", "8500.50", "31000", "9900"} {
		check(north.Add(d(amount)))
	}
	for _, amount := range []string{"15250", "11000.00", "7400.25"} {
		check(south.Add(d(amount)))
	}
	all := north.Clone()
	check(all.Merge(&south))

	mean, _ := all.Mean()
	cv, _ := all.CV()
	limits, ok := all.MeanInterval(0.9)
	fmt.Printf("%d deals of %s, mean %.0f, CV %.2f\n", all.Len(), all.Sum().StringFixed(2), mean, cv)
	if ok {
		fmt.Printf("the mean is %.0f to %.0f with 90 %% confidence\n", limits.Low, limits.High)
	}
	// Output:
	// 7 deals of 95050.75, mean 13579, CV 0.60
	// the mean is 7635 to 19522 with 90 % confidence
}

// How uneven were the last 30 days? A window moves by a day: what comes in is merged, what falls out is taken away. As the sums
// are exact, nothing drifts, however long it moves.
func ExampleMoments_Sub() {
	days := make([]metrics.Moments[int64], 90) // of minutes to the first answer
	for i := range days {
		for _, minutes := range []int64{5, 9, int64(10 + i)} {
			check(days[i].Add(minutes))
		}
	}
	var window metrics.Moments[int64]
	for i := range days {
		check(window.Merge(&days[i]))
		if i >= 30 {
			check(window.Sub(&days[i-30]))
		}
	}
	mean, _ := window.Mean()
	sd, _ := window.SD()
	fmt.Printf("%d answers, mean %.1f minutes, SD %.1f\n", window.Len(), mean, sd)
	// Output: 90 answers, mean 32.8 minutes, SD 37.1
}

// One large deal makes a long tail: skewness and kurtosis show it where the mean hides it.
func ExampleMoments_Skewness() {
	m := metrics.Moments[int]{}
	for _, amount := range []int{10, 12, 11, 9, 10, 13, 90} {
		check(m.Add(amount))
	}
	skewness, _ := m.Skewness()
	kurtosis, _ := m.Kurtosis()
	fmt.Printf("skewness %.2f, excess kurtosis %.2f\n", skewness, kurtosis)

	_, ok := new(metrics.Moments[int]).Skewness()
	fmt.Println("of nothing:", ok)
	// Output:
	// skewness 2.03, excess kurtosis 2.15
	// of nothing: false
}
