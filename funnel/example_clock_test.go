package funnel_test

import (
	"fmt"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// How old is the deal? That depends on what is counted.
func ExampleClock() {
	created := time.Date(2026, time.April, 2, 17, 0, 0, 0, time.UTC) // the Thursday before Easter
	won := time.Date(2026, time.April, 8, 9, 30, 0, 0, time.UTC)
	calendar := salesops.Calendar{Holidays: []salesops.Date{
		salesops.NewDate(2026, time.April, 3), salesops.NewDate(2026, time.April, 6),
	}}
	for _, c := range []struct {
		unit  string
		clock funnel.Clock
	}{
		{"hours", funnel.Hours},
		{"calendar days", funnel.CalendarDays(nil)},
		{"business days", funnel.BusinessDays(calendar, nil)},
	} {
		fmt.Println(c.clock(created, won), c.unit)
	}
	// Output:
	// 136 hours
	// 6 calendar days
	// 2 business days
}

// How fast is a lead called back?
func ExampleMinutes() {
	lead := time.Date(2026, time.April, 2, 16, 58, 30, 0, time.UTC)
	call := time.Date(2026, time.April, 2, 17, 41, 0, 0, time.UTC)
	fmt.Println(funnel.Minutes(lead, call), "minutes")
	// Output: 42 minutes
}

func ExampleHours() {
	lead := time.Date(2026, time.April, 2, 16, 58, 30, 0, time.UTC)
	call := time.Date(2026, time.April, 3, 9, 0, 0, 0, time.UTC)
	fmt.Println(funnel.Hours(lead, call), "hours")
	// Output: 16 hours
}

// A deal of late evening is a day old after midnight, in the office where it is worked.
func ExampleCalendarDays() {
	madrid := time.FixedZone("Madrid", 2*60*60) // or time.LoadLocation("Europe/Madrid"), which knows the summer time
	created := time.Date(2026, time.April, 2, 21, 50, 0, 0, time.UTC)
	advanced := time.Date(2026, time.April, 2, 22, 10, 0, 0, time.UTC)
	fmt.Println(funnel.CalendarDays(madrid)(created, advanced), "in Madrid,", funnel.CalendarDays(nil)(created, advanced), "in UTC")
	// Output: 1 in Madrid, 0 in UTC
}

// What comes in on a weekend is as old as if it had come in on Friday.
func ExampleBusinessDays() {
	clock := funnel.BusinessDays(salesops.Calendar{}, nil)
	friday := time.Date(2026, time.April, 10, 12, 0, 0, 0, time.UTC)
	for i := range 5 {
		now := friday.AddDate(0, 0, i)
		fmt.Println(now.Weekday(), clock(friday, now))
	}
	// Output:
	// Friday 0
	// Saturday 0
	// Sunday 0
	// Monday 1
	// Tuesday 2
}
