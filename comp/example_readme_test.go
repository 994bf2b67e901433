package comp_test

import (
	_ "embed"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

//go:embed testdata/readme.json
var readmePlan []byte

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func Example_readme() {
	plan, err := comp.ParsePlan(readmePlan)
	check(err)
	calc, err := comp.New(plan)
	check(err)
	quota := comp.Goal{Amount: decimal.NewFromInt(100_000), Per: salesops.Quarter}
	deal := comp.Deal{ID: "D-1", Date: salesops.NewDate(2026, 2, 14), Currency: "USD", Amount: decimal.NewFromInt(120_000)}
	statement, state, err := calc.Calculate(comp.Case{
		Payee:   comp.Payee{ID: "ana", Terms: []comp.Term{{Plan: "ae-2026", Quotas: map[string]comp.Goal{"bookings": quota}}}},
		Period:  plan.Calendar.Period(salesops.Quarter, deal.Date),
		Credits: []comp.Credit{{Payee: "ana", Deal: deal}},
		Explain: true,
	})
	check(err)
	fmt.Print(statement.Lines[0].Explain())
	fmt.Println("Paid:", statement.Net.StringFixed(2), "Booked:", state.Booked[0].ID)
	// Output:
	// earn new D-1: 10,400.00
	//   booking D-1: 120,000  [/components/0/measure]
	//   position: before 0 + credit 120,000 = 120,000  [/components/0/measure]
	//   attainment after it: measure 120,000 ÷ quota 100,000 = 1.2  [/components/0/measure/quota]
	//   base, the slice from 0 to 100,000: 100,000 × rate 0.08 = 8,000  [/components/0/curve/bands/0]
	//   accelerator, the slice from 100,000 to 120,000: 20,000 × rate 0.12 = 2,400  [/components/0/curve/bands/1]
	//   by rates: base 8,000 + accelerator 2,400 = 10,400
	// Paid: 10400.00 Booked: earn/new/D-1/2026-01-01
}
