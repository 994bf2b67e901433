package comp_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

func Example_readme() {
	plan, err := comp.ParsePlan([]byte(`{"id": "ae", "currency": "USD", "span": {"start": "2026-01-01", "end": "2027-01-01"}, "every": "quarter",
		"components": [{"id": "new", "measure": {"quota": "bookings"},
			"curve": {"mode": "marginal", "bands": [{"from": 0, "rate": "0.08"}, {"from": 1, "rate": "0.12"}]}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	calc, err := comp.New(plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	quarter := salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2026, 4, 1)}
	statement, _, err := calc.Calculate(comp.Case{
		Payee: comp.Payee{ID: "ana", Terms: []comp.Term{{Plan: "ae", Quotas: map[string]comp.Goal{
			"bookings": {Amount: decimal.New(100_000, 0), Per: salesops.Quarter},
		}}}},
		Period: quarter,
		Credits: []comp.Credit{{Payee: "ana", Deal: comp.Deal{
			ID: "D-1", Date: salesops.NewDate(2026, 2, 14), Currency: "USD", Amount: decimal.New(120_000, 0),
		}}},
		Explain: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("pay", statement.Net.StringFixed(2))
	fmt.Print(statement.Lines[0].Explain())
	// Output:
	// pay 10400.00
	// earn new D-1: 10,400.00
	//   booking D-1: 120,000  [/components/0/measure]
	//   position: before 0 + credit 120,000 = 120,000  [/components/0/measure]
	//   attainment after it: measure 120,000 ÷ quota 100,000 = 1.2  [/components/0/measure/quota]
	//   band 0, the slice from 0 to 100,000: 100,000 × rate 0.08 = 8,000  [/components/0/curve/bands/0]
	//   band 1, the slice from 100,000 to 120,000: 20,000 × rate 0.12 = 2,400  [/components/0/curve/bands/1]
	//   by rates: band 0 8,000 + band 1 2,400 = 10,400
	//   in money: 10,400  [/rounding]
}
