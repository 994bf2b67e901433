package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// Of the accounts that placed their first order in a month, how many ordered again in the months after?
func ExampleRetention() {
	var calendar salesops.Calendar
	var r funnel.Retention
	for _, orders := range [][]string{
		{"2026-01-05", "2026-02-11", "2026-03-02"},
		{"2026-01-20", "2026-01-28", "2026-03-30"},
		{"2026-01-31"},
		{"2026-02-03", "2026-03-17"},
		{"2026-02-14"},
	} {
		first := calendar.Period(salesops.Month, on(orders[0]))
		var active uint32
		for _, day := range orders {
			age := on(day).MonthsSince(first.Start) // months after that of the first order
			active |= 1 << age
		}
		if err := r.Add(first, active); err != nil {
			fmt.Println(err)
			return
		}
	}
	table, err := r.Table(funnel.RetentionOptions{Ages: 3, Unit: salesops.Month, AsOf: on("2026-03-31")})
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func(name string, cells []funnel.RetentionCell) {
		fmt.Print(name)
		for _, c := range cells {
			if share, ok := c.Retained.Float(); ok {
				fmt.Printf("  %3.0f %%", 100*share)
			} else {
				fmt.Print("      .") // not yet
			}
		}
		fmt.Println()
	}
	for _, row := range table.Rows {
		show(calendar.Name(salesops.Month, row.Cohort.Start), row.Cells)
	}
	show("all     ", table.All)
	// Output:
	// FY2026-M01  100 %   33 %   67 %
	// FY2026-M02  100 %   50 %      .
	// all       100 %   40 %   67 %
}
