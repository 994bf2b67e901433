package comp_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// exampleCalculator pays 8 % of what is sold in a quarter up to quota, 12 % above.
func exampleCalculator() *comp.Calculator {
	plan, err := comp.ParsePlan([]byte(`{"id": "ae", "currency": "USD", "span": {"start": "2026-01-01", "end": "2027-01-01"}, "every": "quarter",
		"components": [{"id": "new", "measure": {"quota": "bookings"},
			"curve": {"mode": "marginal", "bands": [{"from": 0, "rate": "0.08"}, {"from": 1, "rate": "0.12"}]}}]}`))
	if err != nil {
		panic(err)
	}
	calc, err := comp.New(plan)
	if err != nil {
		panic(err)
	}
	return calc
}

// exampleCase is a quarter in which a payee with a quota of 100,000 has sold 90,000.
func exampleCase(payee string) comp.Case {
	return comp.Case{
		Payee: comp.Payee{ID: payee, Terms: []comp.Term{{Plan: "ae", Quotas: map[string]comp.Goal{
			"bookings": {Amount: decimal.New(100_000, 0), Per: salesops.Quarter},
		}}}},
		Period: salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2026, 4, 1)},
		Credits: []comp.Credit{{Payee: payee, Deal: comp.Deal{
			ID: "D-1", Date: salesops.NewDate(2026, 2, 14), Currency: "USD", Amount: decimal.New(90_000, 0),
		}}},
	}
}

// What would this quarter pay if one more deal came in?
func ExampleCalculator_WhatIf() {
	calc, in := exampleCalculator(), exampleCase("ana")
	now, err := calc.WhatIf(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	then, err := calc.WhatIf(in, comp.Credit{Deal: comp.Deal{Amount: decimal.New(20_000, 0)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("now ", now.Net.StringFixed(2))
	fmt.Println("then", then.Net.StringFixed(2))
	// Output:
	// now  7200.00
	// then 9200.00
}

// How much more must ana sell to earn 9,000?
func ExampleCalculator_Needed() {
	need, err := exampleCalculator().Needed(exampleCase("ana"), "new", decimal.New(9_000, 0))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("sell", need.More.StringFixed(2), "more")
	fmt.Println("earn", need.Earned.StringFixed(2))
	// Output:
	// sell 18333.30 more
	// earn 9000.00
}

// What does the plan cost for one payee, at three levels of attainment?
func ExampleCalculator_Cost() {
	rows, err := exampleCalculator().Cost(exampleCase("ana").Payee, nil, decimal.New(5, -1), decimal.New(1, 0), decimal.New(15, -1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range rows {
		fmt.Printf("at %s: %s, %s of revenue\n", row.Attainment.StringFixed(1), row.Pay.StringFixed(2), row.OfRevenue.StringFixed(4))
	}
	// Output:
	// at 0.5: 16000.00, 0.0800 of revenue
	// at 1.0: 32000.00, 0.0800 of revenue
	// at 1.5: 56000.00, 0.0933 of revenue
}

// What does the plan cost for a team of which a quarter ends at half of quota, half
// at quota, and a quarter at one and a half times quota?
func ExampleCalculator_TeamCost() {
	team := []comp.Payee{exampleCase("ana").Payee, exampleCase("bo").Payee}
	cost, err := exampleCalculator().TeamCost(team, nil, []comp.Outcome{
		{Attainment: decimal.New(5, -1), Share: decimal.New(25, -2)},
		{Attainment: decimal.New(1, 0), Share: decimal.New(5, -1)},
		{Attainment: decimal.New(15, -1), Share: decimal.New(25, -2)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cost.StringFixed(2))
	// Output:
	// 68000.00
}

// What changes when a deal turns out to be smaller?
func ExampleDiff() {
	calc, in := exampleCalculator(), exampleCase("ana")
	was, err := calc.WhatIf(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	in.Credits[0].Amount = decimal.New(85_000, 0)
	is, err := calc.WhatIf(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range comp.Diff(was, is) {
		fmt.Println(line.ID, "was", line.Booked.StringFixed(2), "and changes by", line.Amount.StringFixed(2))
	}
	// Output:
	// earn/new/D-1/2026-01-01 was 7200.00 and changes by -400.00
}

// The statements of a team, of which one has a fault.
func ExampleTeam() {
	calc := exampleCalculator()
	var jobs []comp.Job
	for _, payee := range []string{"ana", "bo", "cy"} {
		jobs = append(jobs, comp.Job{Calculator: calc, Case: exampleCase(payee)})
	}
	jobs[1].Case.Credits[0].Currency = "EUR"
	for result := range comp.Team(context.Background(), slices.Values(jobs), comp.TeamOptions{}) {
		if result.Err != nil {
			fmt.Println(result.Err)
			continue
		}
		fmt.Println(result.Payee, result.Statement.Net.StringFixed(2))
	}
	// Output:
	// ana 7200.00
	// comp: payee bo: deal D-1: credits/0/currency "EUR" is not the plan's USD; convert the credits first, with Convert
	// cy 7200.00
}
