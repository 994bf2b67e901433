package metrics_test

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// How large are our deals? Two regions collected theirs; the median of all of them is exact, which no mean of two medians is.
func ExampleSample() {
	var north, south metrics.Sample[decimal.Decimal]
	for _, amount := range []string{"4800.00", "1250.50", "9900.00"} {
		check(north.Add(d(amount)))
	}
	for _, amount := range []string{"640.00", "2100.75", "880.00", "31000.00", "1500.00"} {
		check(south.Add(d(amount)))
	}
	var all metrics.Sample[decimal.Decimal]
	check(errors.Join(all.Merge(&north), all.Merge(&south)))

	median, err := all.Quantile(0.5)
	check(err)
	mad, err := all.MAD()
	check(err)
	fmt.Printf("%d deals: median %.3f, typically within %.3f of it\n", all.Len(), median.Value, mad.Value)
	// Output:
	// 8 deals: median 1800.375, typically within 1040.375 of it
}

// How long do a million page views of quotes last? Beyond its limit a sample counts in buckets, and says how far off it may be.
func ExampleNewSample() {
	s, err := metrics.NewSample[int64](metrics.SampleOptions{Limit: 1000, Error: 0.01})
	check(err)
	for i := range int64(1_000_000) {
		check(s.Add(i * i % 7919)) // seconds
	}
	q, err := s.Quantile(0.9)
	check(err)
	fmt.Printf("exact: %t, 9 in 10 within %.0f s ± %.0f\n", s.IsExact(), q.Value, q.Error)
	spread, _ := s.Spread()
	fmt.Printf("mean %.1f, from %.0f to %.0f, quantiles ± %.0f %%\n", spread.Mean, spread.Min, spread.Max, 100*spread.Error)
	// Output:
	// exact: false, 9 in 10 within 7095 s ± 70
	// mean 3861.9, from 0 to 7912, quantiles ± 1 %
}

// Two tools disagree on the third quartile of the same ten cycle times, in days: a spreadsheet with PERCENTILE.EXC, and SQL
// with percentile_cont. Neither is wrong.
func ExampleQuantileOf() {
	days := []int{12, 15, 21, 30, 34, 41, 55, 58, 90, 120}
	spreadsheet, err := metrics.QuantileOf(days, 6, 0.75)
	check(err)
	sql, err := metrics.QuantileOf(days, 7, 0.75)
	check(err)
	fmt.Println(spreadsheet, sql)
	// Output: 66 57.25
}
