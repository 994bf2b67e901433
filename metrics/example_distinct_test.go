package metrics_test

import (
	"errors"
	"fmt"

	"github.com/salesops-go/salesops/metrics"
)

// How many accounts did we touch in two weeks? Borealis was touched in both, and counts once.
func ExampleDistinct() {
	var first, second metrics.Distinct[string]
	check(errors.Join(
		first.Add("Acme"), first.Add("Borealis"), first.Add("Acme"),
		second.Add("Borealis"), second.Add("Cumulus"),
	))
	check(first.Merge(&second))
	n, _ := first.Count()
	accounts, _ := first.Keys()
	fmt.Println(n, accounts)
	// Output:
	// 3 [Acme Borealis Cumulus]
}

// How many different visitors came? A million IDs would take much memory; beyond 10,000 an estimate will do.
func ExampleNewDistinct() {
	visitors, err := metrics.NewDistinct[int64](10_000)
	check(err)
	for id := range int64(250_000) {
		check(visitors.Add(id % 80_000)) // most come again
	}
	n, se := visitors.Count()
	fmt.Printf("%.0f thousand, give or take %.1f thousand\n", float64(n)/1000, 2*se/1000)
	// Output:
	// 81 thousand, give or take 1.3 thousand
}
