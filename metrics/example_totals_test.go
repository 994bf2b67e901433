package metrics_test

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// What do customers bring, and who brings most? Two regions are summed apart and put together.
func ExampleTotals() {
	var east, west, all metrics.Totals[string, decimal.Decimal]
	check(errors.Join(
		east.Add("Acme", d("120000.50")),
		east.Add("Borealis", d("45000")),
		west.Add("Acme", d("30000")),
		west.Add("Cumulus", d("9999.99")),
	))
	check(errors.Join(all.Merge(&east), all.Merge(&west)))
	for _, c := range all.Top(2) {
		fmt.Printf("%s: %s (deals: %d)\n", c.Key, c.Total.StringFixed(2), c.Count)
	}
	fmt.Println("all:", all.Sum().StringFixed(2))
	// Output:
	// Acme: 150000.50 (deals: 2)
	// Borealis: 45000.00 (deals: 1)
	// all: 205000.49
}

// Do we depend on a few reps? Dan, who sold nothing, counts as well.
func ExampleTotals_Gini() {
	var reps metrics.Totals[string, int64]
	check(errors.Join(reps.Add("Ann", 900_000), reps.Add("Bob", 300_000), reps.Add("Cid", 300_000), reps.Add("Dan", 0)))
	gini, _ := reps.Gini()
	top, _ := reps.TopShare(1)
	fmt.Printf("Gini %.3f; the best of %d reps brings %.0f %%\n", gini, reps.Len(), 100*top)
	// Output:
	// Gini 0.450; the best of 4 reps brings 60 %
}

// How concentrated is the book, on the scale of 10,000, and how many customers of equal size would be as concentrated?
func ExampleTotals_HHI() {
	var customers metrics.Totals[string, int64]
	check(errors.Join(customers.Add("Acme", 600), customers.Add("Borealis", 300), customers.Add("Cumulus", 100)))
	hhi, _ := customers.HHI()
	n, _ := customers.Effective()
	fmt.Printf("HHI %.0f, as with %.1f customers\n", 10_000*hhi, n)
	// Output:
	// HHI 4600, as with 2.2 customers
}
