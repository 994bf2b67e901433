package funnel_test

import (
	"fmt"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// Which monthly cohort is ready to be judged? April looks bad only because its deals are young.
func ExampleTriangle_Table() {
	calendar, clock := salesops.Calendar{}, funnel.CalendarDays(nil)
	asOf := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	var triangle funnel.Triangle
	for day := range 120 { // a deal a day: every third is won after 20 to 50 days, the others are lost after 70
		created := time.Date(2026, time.January, 1+day, 9, 0, 0, 0, time.UTC)
		ended, exit := created.AddDate(0, 0, 70), funnel.Lost
		if day%3 == 0 {
			ended, exit = created.AddDate(0, 0, 20+day%31), funnel.Won
		}
		spell := funnel.Spell{Leave: clock(created, ended), Exit: exit}
		if ended.After(asOf) {
			spell = funnel.Spell{Leave: clock(created, asOf)}
		}
		month := calendar.Period(salesops.Month, salesops.DateOf(created))
		if err := triangle.Add(month, spell); err != nil {
			fmt.Println(err)
			return
		}
	}

	table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{30, 60, 90}, AsOf: asOf})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("won within | 30 days       | 60 days       | 90 days")
	for _, row := range table.Rows {
		fmt.Printf("%-10s", row.Cohort.Start.Month())
		for _, cell := range row.Cells {
			if share, ok := cell.Ratio.Float(); ok {
				fmt.Printf(" | %2d of %d %2.0f %%", cell.Ratio.Num, cell.Ratio.Den, 100*share)
			} else {
				fmt.Printf(" | %s", cell.Gap)
			}
		}
		fmt.Println()
	}
	// Output:
	// won within | 30 days       | 60 days       | 90 days
	// January    |  4 of 31 13 % | 11 of 31 35 % | 11 of 31 35 %
	// February   |  3 of 28 11 % |  9 of 28 32 % |  9 of 28 32 %
	// March      |  4 of 31 13 % | 10 of 31 32 % | immature
	// April      |  4 of 30 13 % | immature | immature
}

// A triangle is kept up from day to day, from parts, and read by cohort.
func ExampleTriangle() {
	january := salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2026, 2, 1)}
	february := salesops.Period{Start: january.End, End: salesops.NewDate(2026, 3, 1)}
	var north, south funnel.Triangle
	_ = north.Add(january, funnel.Spell{Leave: 20, Exit: funnel.Won})
	_ = north.Add(february, funnel.Spell{Leave: 15})
	_ = south.Add(january, funnel.Spell{Leave: 30, Exit: funnel.Lost})

	var company funnel.Triangle
	for _, team := range []*funnel.Triangle{&north, &south} {
		if err := company.Merge(team); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, cohort := range company.Cohorts() {
		deals := company.Cohort(cohort)
		fmt.Println(cohort, deals.Len(), deals.Exits())
	}
	// Output:
	// 2026-01-01/2026-02-01 2 [lost won]
	// 2026-02-01/2026-03-01 1 []
}
