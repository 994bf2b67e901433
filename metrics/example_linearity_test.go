package metrics_test

import (
	"fmt"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// Does the quarter come in evenly, or is it a hockey stick?
func ExampleLinearity() {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, period("2026-01-01", "2026-04-01"))
	check(err)
	check(l.Add(on("2026-01-20"), d("200000"), "USD"))
	check(l.Add(on("2026-02-11"), d("300000"), "USD"))
	check(l.Add(on("2026-03-02"), d("100000"), "USD"))
	check(l.Add(on("2026-03-31"), d("400000"), "USD"))
	for _, s := range l.Shares() {
		share, _ := s.Share.Decimal(2)
		fmt.Println(s.Period.Start, share.StringFixed(2), s.Count)
	}
	last, _ := l.LastShare().Decimal(3)
	index, _ := l.Index().Decimal(3)
	days, _ := l.IndexByDays().Decimal(3)
	gini, _ := l.Gini().Decimal(3)
	fmt.Printf("last month %s, index %s (%s by days), Gini %s\n",
		last.StringFixed(3), index.StringFixed(3), days.StringFixed(3), gini.StringFixed(3))
	// Output:
	// 2026-01-01 0.20 1
	// 2026-02-01 0.30 1
	// 2026-03-01 0.50 2
	// last month 0.500, index 0.833 (0.844 by days), Gini 0.200
}

// The weeks of a quarter are clipped where it begins and ends.
func ExampleNewLinearity() {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Week, period("2026-01-01", "2026-04-01"))
	check(err)
	check(l.Add(on("2026-03-31"), d("5000"), "USD"))
	weeks := l.Shares()
	fmt.Println(len(weeks), "weeks, the first", weeks[0].Period, "and the last", weeks[len(weeks)-1].Period)
	// Output:
	// 14 weeks, the first 2026-01-01/2026-01-04 and the last 2026-03-29/2026-04-01
}
