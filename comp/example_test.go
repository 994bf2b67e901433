package comp_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// How much is commission on 102,000 with 5, 6 and 7 % bands, and how much has to
// be sold for 10,000?
func ExampleCurve() {
	table := comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{
		{ID: "base", From: decimal.NewFromInt(0), Rate: decimal.New(5, -2)},
		{ID: "next", From: decimal.NewFromInt(50_000), Rate: decimal.New(6, -2)},
		{ID: "top", From: decimal.NewFromInt(100_000), Rate: decimal.New(7, -2)},
	}}
	pay, slices := table.At(decimal.NewFromInt(102_000))
	for _, s := range slices {
		fmt.Printf("%-4s %6s to %6s at %s: %s\n", s.ID, s.From.StringFixed(0), s.To.StringFixed(0), s.Rate.StringFixed(2), s.Pay.StringFixed(2))
	}
	fmt.Println("pay", pay.StringFixed(2))

	x, _ := table.Inverse(decimal.NewFromInt(10_000), 2)
	fmt.Println("10,000 takes", x.StringFixed(2))

	table.Mode = comp.Retroactive
	price := table.Func() // for many positions on one curve
	fmt.Println("retroactively", price(decimal.NewFromInt(102_000)).StringFixed(2))
	// Output:
	// base      0 to  50000 at 0.05: 2500.00
	// next  50000 to 100000 at 0.06: 3000.00
	// top  100000 to 102000 at 0.07: 140.00
	// pay 5640.00
	// 10,000 takes 164285.72
	// retroactively 7140.00
}

// A bonus matrix of revenue by return on sales, between the cells.
func ExampleGrid() {
	row := func(values ...float64) []decimal.Decimal {
		out := make([]decimal.Decimal, len(values))
		for i, v := range values {
			out[i] = decimal.NewFromFloat(v)
		}
		return out
	}
	bonus := comp.Grid{
		Cols:  row(100_000, 200_000, 300_000),
		Rows:  row(1, 2),
		Cells: [][]decimal.Decimal{row(50, 62.5, 75), row(62.5, 78.1, 93.8)},
	}
	at := func() string {
		return bonus.At(decimal.NewFromInt(275_000), decimal.NewFromFloat(1.5)).StringFixed(3)
	}
	fmt.Println("the cell reached", at())
	bonus.Blend = true
	fmt.Println("between cells   ", at())
	// Output:
	// the cell reached 62.500
	// between cells    80.875
}

// What is wrong with a plan is told all at once, with where and how to mend it.
func ExampleNew() {
	_, err := comp.New(comp.Plan{
		ID: "ae", Currency: "USD",
		Span: salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2027, 1, 1)},
		Components: []comp.Component{{
			ID:    "sales",
			Gates: []comp.Gate{{Of: "margin", Reach: decimal.New(9, -1)}},
			Curve: &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{From: decimal.NewFromInt(1), Rate: decimal.New(1, -1)}}},
		}},
	})
	fmt.Println(err)
	// Output:
	// comp: /components/0/curve/bands/0/from of the first band must be 0; to pay nothing up to 1, start with a band from 0 at rate 0
	// comp: /components/0/gates/0/of is "margin", which is no component of the plan
}

// A year's quota of a rep who starts on 1 June.
func ExampleProrate() {
	year := salesops.Period{Start: salesops.NewDate(2019, 1, 1), End: salesops.NewDate(2020, 1, 1)}
	employed := salesops.Period{Start: salesops.NewDate(2019, 6, 1)}
	quota, err := comp.Prorate(decimal.NewFromInt(800_000), year, employed, 2)
	fmt.Println(quota.StringFixed(2), err)
	// Output: 469041.10 <nil>
}

// A pool of 10.03 for two, 49 to 51.
func ExampleAllocate() {
	parts, err := comp.Allocate(decimal.New(1003, -2), []decimal.Decimal{decimal.NewFromInt(49), decimal.NewFromInt(51)}, 2)
	fmt.Println(parts[0].StringFixed(2), parts[1].StringFixed(2), err)
	// Output: 4.91 5.12 <nil>
}

// A commission of 15,000 on a contract of three years, as an asset.
func ExampleAmortize() {
	months, err := comp.Amortize(decimal.NewFromInt(15_000), salesops.NewDate(2026, 1, 1), 36, 2)
	first, last := months[0], months[len(months)-1]
	fmt.Println(first.On, first.Amount.StringFixed(2), first.Left.StringFixed(2), err)
	fmt.Println(last.On, last.Amount.StringFixed(2), last.Left.StringFixed(2))
	// Output:
	// 2026-01-01 416.67 14583.33 <nil>
	// 2028-12-01 416.55 0.00
}

// A step of an explanation can be checked on its own.
func ExampleReason() {
	slice := comp.Reason{
		Op: comp.OpProduct, Text: "the slice above quota", Ref: "/components/0/curve/bands/1",
		In:  []comp.Input{{Name: "", Value: decimal.NewFromInt(20_000)}, {Name: "rate", Value: decimal.New(12, -2)}},
		Out: decimal.NewFromInt(2_400),
	}
	again, ok := slice.Recompute()
	fmt.Println(slice)
	fmt.Println(again.Equal(slice.Out), ok)
	// Output:
	// the slice above quota: 20,000 × rate 0.12 = 2,400  [/components/0/curve/bands/1]
	// true true
}
