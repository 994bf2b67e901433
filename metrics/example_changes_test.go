package metrics_test

import (
	"fmt"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// How much of what was to close this quarter slipped, and how much of it was pushed to a later one?
func ExampleChanges() {
	q := period("2026-01-01", "2026-04-01")
	deal := func(status metrics.Status, due, amount string) *metrics.DealState {
		return &metrics.DealState{Status: status, Due: on(due), Amount: d(amount), Currency: "USD"}
	}
	var c metrics.Changes
	for _, change := range []metrics.DealChange{
		{ID: "Acme", Start: deal("open", "2026-03-31", "40000"), End: deal("won", "2026-03-30", "45000")},
		{ID: "Bolt", Start: deal("open", "2026-02-28", "20000"), End: deal("lost", "2026-02-10", "20000")},
		{ID: "Cato", Start: deal("open", "2026-03-15", "30000"), End: deal("open", "2026-06-30", "30000")},
		{ID: "Dune", Start: deal("open", "2026-03-31", "10000"), End: deal("open", "2026-03-31", "10000")},
		{ID: "Echo", Start: deal("open", "2026-05-31", "25000"), End: deal("won", "2026-03-29", "25000")},
		{ID: "Fair", End: deal("open", "2026-07-31", "60000")},
	} {
		check(c.Add(q, change))
	}
	for _, f := range []metrics.Figure{c.SlippageRate(), c.SlippageRateValue(), c.PushRate(), c.PushRateOfClosed(), c.PullInRate()} {
		v, _ := f.Decimal(3)
		fmt.Printf("%-20s %s of %d\n", f.KPI, v.StringFixed(3), f.N)
	}
	created, _ := c.PipelineCreation().Decimal(0)
	won, _ := c.PipelineEfficiency().Decimal(3)
	fmt.Printf("created %s %s, won %s of the pipeline handled\n", created.StringFixed(0), c.Currency, won.StringFixed(3))
	// Output:
	// slippage_rate        0.500 of 4
	// slippage_rate_value  0.400 of 4
	// push_rate            0.250 of 4
	// push_rate_of_closed  0.333 of 3
	// pull_in_rate         0.250 of 4
	// created 60000 USD, won 0.560 of the pipeline handled
}

// The reps of a region are counted where their deals are; the region is the sum.
func ExampleChanges_Merge() {
	q := period("2026-01-01", "2026-04-01")
	due := metrics.DealState{Due: on("2026-03-31"), Amount: d("1000")}
	pushed := metrics.DealState{Due: on("2026-04-30"), Amount: d("1000")}
	var north, south metrics.Changes
	check(north.Add(q, metrics.DealChange{Start: &due, End: &pushed}))
	check(south.Add(q, metrics.DealChange{Start: &due, End: &due}))
	check(south.Add(q, metrics.DealChange{Start: &due, End: &due}))
	check(north.Merge(&south))
	push := north.PushRate()
	fmt.Printf("%.2f, 95 %% interval %.2f to %.2f\n", *push.Value, push.Interval.Low, push.Interval.High)
	// Output:
	// 0.33, 95 % interval 0.06 to 0.79
}

// How often was this deal pushed to a later month?
func ExampleCountPushes() {
	history := []salesops.Date{on("2026-01-15"), on("2026-01-31"), on("2026-03-31"), on("2026-02-28"), on("2026-04-30")}
	n, ok := metrics.CountPushes(salesops.Calendar{}, salesops.Month, history)
	fmt.Println(n, ok)
	// Output:
	// 2 true
}
