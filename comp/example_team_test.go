package comp_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// A quarter of a small team: deals are credited by territory, rolled up to the
// manager, grouped by payee and paid, all with the same plan for brevity.
func Example_team() {
	quarter := salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2026, 4, 1)}
	calc, err := comp.New(comp.Plan{
		ID: "2026", Currency: "USD", Every: salesops.Quarter,
		Span: salesops.Period{Start: quarter.Start, End: salesops.NewDate(2027, 1, 1)},
		Components: []comp.Component{
			{ID: "own", Measure: comp.Measure{Credits: []comp.CreditKind{comp.Direct}}, Curve: flatRate(8)},
			{ID: "team", Measure: comp.Measure{Credits: []comp.CreditKind{comp.RolledUp}}, Curve: flatRate(2)},
		},
	})
	check(err)
	states := map[string]comp.State{} // kept from quarter to quarter

	deals := []comp.Deal{
		{ID: "D1", Date: salesops.NewDate(2026, 2, 3), Currency: "USD", Amount: decimal.NewFromInt(50_000), Tags: comp.Tags{"territory": "north"}},
		{ID: "D2", Date: salesops.NewDate(2026, 3, 9), Currency: "USD", Amount: decimal.NewFromInt(30_000), Tags: comp.Tags{"territory": "south"}},
		{ID: "R1", Ref: "D1", Event: comp.Refund, Date: salesops.NewDate(2026, 3, 20), Currency: "USD", Amount: decimal.NewFromInt(-10_000)},
	}
	whole := decimal.NewFromInt(1)
	credits, uncredited, err := comp.Assign(deals, []comp.CreditRule{
		{ID: "north", Where: comp.Match{"territory": {"north"}}, Splits: []comp.Split{{Payee: "ana", Share: whole}}},
		{ID: "south", Where: comp.Match{"territory": {"south"}}, Splits: []comp.Split{{Payee: "bo", Share: whole}}},
	}, 2)
	check(err)
	rolledUp, err := comp.RollUp(credits, []comp.Report{{Payee: "ana", Manager: "mia"}, {Payee: "bo", Manager: "mia"}}, 2)
	check(err)

	byPayee := map[string][]comp.Credit{}
	for _, c := range append(credits, rolledUp...) {
		byPayee[c.Payee] = append(byPayee[c.Payee], c)
	}
	jobs := func(yield func(comp.Job) bool) {
		for _, id := range slices.Sorted(maps.Keys(byPayee)) {
			payee := comp.Payee{ID: id, Terms: []comp.Term{{Plan: "2026"}}}
			if !yield(comp.Job{Calculator: calc, Case: comp.Case{Payee: payee, Period: quarter, Credits: byPayee[id], Prior: states[id]}}) {
				return
			}
		}
	}
	for result := range comp.Team(context.Background(), jobs, comp.TeamOptions{}) {
		check(result.Err)
		states[result.Payee] = result.State // in one transaction with the statement
		fmt.Println(result.Payee, result.Statement.Net.StringFixed(2), "in", len(result.Statement.Lines), "lines")
	}
	fmt.Println("deals that nobody is credited with:", len(uncredited))
	// Output:
	// ana 3200.00 in 2 lines
	// bo 2400.00 in 1 lines
	// mia 1400.00 in 3 lines
	// deals that nobody is credited with: 0
}

// flatRate is a curve that pays one rate, in per cent.
func flatRate(percent int64) *comp.Curve {
	return &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{Rate: decimal.New(percent, -2)}}}
}
