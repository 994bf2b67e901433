package salesops_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/salesops-go/salesops"
)

// A fiscal year that starts in February: what is today, what came before, and how does it compare with last year?
func Example() {
	fiscal := salesops.Calendar{FirstMonth: time.February}
	today := salesops.NewDate(2026, time.January, 15)

	quarter := fiscal.Period(salesops.Quarter, today)
	fmt.Println(fiscal.Name(salesops.Quarter, today), quarter, "last day", quarter.Last())
	fmt.Println("previous", fiscal.Prev(salesops.Quarter, quarter))
	fmt.Println("year ago", fiscal.YearAgo(salesops.Quarter, quarter))
	for _, month := range fiscal.Tile(salesops.Month, quarter) {
		fmt.Println(fiscal.Name(salesops.Month, month.Start), month)
	}
	// Output:
	// FY2026-Q4 2025-11-01/2026-02-01 last day 2026-01-31
	// previous 2025-08-01/2025-11-01
	// year ago 2024-11-01/2025-02-01
	// FY2026-M10 2025-11-01/2025-12-01
	// FY2026-M11 2025-12-01/2026-01-01
	// FY2026-M12 2026-01-01/2026-02-01
}

// The 4-5-4 calendar of the National Retail Federation: the year ends on the Saturday nearest 31 January and is named by
// the calendar year in which it starts. 2023 has 53 weeks.
func ExampleCalendar_retail() {
	nrf := salesops.Calendar{FirstMonth: time.February, Weeks: "4-5-4", NameByStart: true}

	_, year, err := nrf.Parse("FY2023")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(year, len(nrf.Tile(salesops.Week, year)), "weeks")
	for _, month := range nrf.Tile(salesops.Month, year)[9:] {
		fmt.Println(nrf.Name(salesops.Month, month.Start), month, len(nrf.Tile(salesops.Week, month)), "weeks")
	}
	// Output:
	// 2023-01-29/2024-02-04 53 weeks
	// FY2023-M10 2023-10-29/2023-11-26 4 weeks
	// FY2023-M11 2023-11-26/2023-12-31 5 weeks
	// FY2023-M12 2023-12-31/2024-02-04 5 weeks
}

// A calendar is part of a configuration file; Check reports all that is wrong with it.
func ExampleCalendar_Check() {
	var c salesops.Calendar
	text := `{"firstMonth": 14, "weeks": "4-5-4-5", "nameByStart": true, "holidays": ["2026-12-25"]}`
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		fmt.Println(err)
	}
	fmt.Println(c.Check())
	// Output:
	// salesops: calendar.firstMonth: want a month from 1 to 12, or 0 for January (got 14)
	// salesops: calendar.weeks: want "4-4-5", "4-5-4" or "5-4-4", or "" for calendar months (got "4-5-4-5")
}

func ExampleCalendar_Period() {
	federal := salesops.Calendar{FirstMonth: time.October}
	d := salesops.NewDate(2026, time.January, 15)
	for _, u := range []salesops.Unit{salesops.Week, salesops.Month, salesops.Quarter, salesops.Half, salesops.Year} {
		fmt.Println(federal.Period(u, d), u)
	}
	// Output:
	// 2026-01-11/2026-01-18 week
	// 2026-01-01/2026-02-01 month
	// 2026-01-01/2026-04-01 quarter
	// 2025-10-01/2026-04-01 half
	// 2025-10-01/2026-10-01 year
}

func ExampleCalendar_Name() {
	federal := salesops.Calendar{FirstMonth: time.October}
	d := salesops.NewDate(2026, time.January, 15)
	for _, u := range []salesops.Unit{salesops.Week, salesops.Month, salesops.Quarter, salesops.Half, salesops.Year} {
		fmt.Println(federal.Name(u, d))
	}
	// Output:
	// FY2026-W16
	// FY2026-M04
	// FY2026-Q2
	// FY2026-H1
	// FY2026
}

func ExampleCalendar_Parse() {
	federal := salesops.Calendar{FirstMonth: time.October}
	u, p, err := federal.Parse("FY2026-Q2")
	fmt.Println(u, p, err)
	_, _, err = federal.Parse("FY2026-Q5")
	fmt.Println(err)
	// Output:
	// quarter 2026-01-01/2026-04-01 <nil>
	// salesops: name: that fiscal year has the numbers 1 to 4 of this unit (got "FY2026-Q5")
}

func ExampleCalendar_Next() {
	var c salesops.Calendar
	p := c.Period(salesops.Quarter, salesops.NewDate(2026, time.May, 20))
	fmt.Println(c.Prev(salesops.Quarter, p), p, c.Next(salesops.Quarter, p))
	// Output: 2026-01-01/2026-04-01 2026-04-01/2026-07-01 2026-07-01/2026-10-01
}

// After a year of 53 weeks the week of the same number lies 53 weeks back; retailers restate the year to compare the week
// 52 weeks back.
func ExampleCalendar_YearAgo() {
	nrf := salesops.Calendar{FirstMonth: time.February, Weeks: "4-5-4", NameByStart: true}
	_, week, _ := nrf.Parse("FY2024-W01")
	fmt.Println("published:", nrf.YearAgo(salesops.Week, week))
	fmt.Println("restated: ", nrf.Period(salesops.Week, week.Start.AddDays(-364)))
	// Output:
	// published: 2023-01-29/2023-02-05
	// restated:  2023-02-05/2023-02-12
}

// The quarters that a plan touches, for someone who joins in the middle of one.
func ExampleCalendar_Tile() {
	var c salesops.Calendar
	plan := salesops.Period{Start: salesops.NewDate(2026, time.February, 16), End: salesops.NewDate(2027, time.January, 1)}
	for _, p := range c.Tile(salesops.Quarter, plan) {
		days, _ := p.Days()
		whole, _ := c.Period(salesops.Quarter, p.Start).Days()
		fmt.Println(p, days, "of", whole, "days")
	}
	// Output:
	// 2026-02-16/2026-04-01 44 of 90 days
	// 2026-04-01/2026-07-01 91 of 91 days
	// 2026-07-01/2026-10-01 92 of 92 days
	// 2026-10-01/2027-01-01 92 of 92 days
}

func ExampleCalendar_BusinessDays() {
	c := salesops.Calendar{Holidays: []salesops.Date{
		salesops.NewDate(2026, time.January, 1),
		salesops.NewDate(2026, time.January, 19), // Martin Luther King Jr. Day
	}}
	quarter := c.Period(salesops.Quarter, salesops.NewDate(2026, time.February, 10))
	total, _ := quarter.Days()
	worked, _ := c.BusinessDays(quarter)
	fmt.Println(total, "days, of which", worked, "business days")

	left, _ := c.BusinessDays(salesops.Period{Start: salesops.NewDate(2026, time.March, 20), End: quarter.End})
	fmt.Println(left, "left from March 20 on")
	// Output:
	// 90 days, of which 62 business days
	// 8 left from March 20 on
}

// A response is due three business days after the lead came in, on Friday the 2nd; the Monday after is a holiday.
func ExampleCalendar_AddBusinessDays() {
	c := salesops.Calendar{Holidays: []salesops.Date{salesops.NewDate(2026, time.January, 5)}}
	lead := salesops.NewDate(2026, time.January, 2)
	fmt.Println("due", c.AddBusinessDays(lead, 3))
	fmt.Println("on or after Saturday:", c.AddBusinessDays(salesops.NewDate(2026, time.January, 3).AddDays(-1), 1))
	// Output:
	// due 2026-01-08
	// on or after Saturday: 2026-01-06
}

// People at work from Sunday to Thursday.
func ExampleCalendar_IsBusinessDay() {
	c := salesops.Calendar{Weekend: []time.Weekday{time.Friday, time.Saturday}}
	fmt.Println(c.IsBusinessDay(salesops.NewDate(2026, time.January, 4)), c.IsBusinessDay(salesops.NewDate(2026, time.January, 9)))
	// Output: true false
}

func ExampleNewDate() {
	fmt.Println(salesops.NewDate(2026, time.March, 31))
	fmt.Println(salesops.NewDate(2026, time.March+1, 0), "is day 0 of April")
	// Output:
	// 2026-03-31
	// 2026-03-31 is day 0 of April
}

// The same instant falls on different days in different places.
func ExampleDateOf() {
	closed := time.Date(2026, time.April, 1, 2, 30, 0, 0, time.UTC)
	california := time.FixedZone("PDT", -7*3600)
	fmt.Println(salesops.DateOf(closed), salesops.DateOf(closed.In(california)))
	// Output: 2026-04-01 2026-03-31
}

func ExampleParseDate() {
	d, err := salesops.ParseDate("2024-02-29")
	fmt.Println(d, err)
	_, err = salesops.ParseDate("2025-02-29")
	fmt.Println(err)
	// Output:
	// 2024-02-29 <nil>
	// salesops: date: want an existing day as YYYY-MM-DD, years 0001 to 9999 (got "2025-02-29")
}

// Renewals of a contract that starts on the last of January stay on the last day of each month.
func ExampleDate_AddMonths() {
	start := salesops.NewDate(2026, time.January, 31)
	for n := range 4 {
		fmt.Print(start.AddMonths(n), " ")
	}
	// Output: 2026-01-31 2026-02-28 2026-03-31 2026-04-30
}

// Commission is clawed back if a customer leaves within three months.
func ExampleDate_MonthsSince() {
	signed := salesops.NewDate(2025, time.November, 30)
	for _, left := range []salesops.Date{salesops.NewDate(2026, time.February, 27), salesops.NewDate(2026, time.February, 28)} {
		fmt.Println(left, left.MonthsSince(signed), left.MonthsSince(signed) < 3)
	}
	// Output:
	// 2026-02-27 2 true
	// 2026-02-28 3 false
}

func ExamplePeriod_Contains() {
	q1 := salesops.Period{Start: salesops.NewDate(2026, time.January, 1), End: salesops.NewDate(2026, time.April, 1)}
	fmt.Println(q1.Contains(salesops.NewDate(2026, time.March, 31)), q1.Contains(q1.End))
	// Output: true false
}

func ExamplePeriod_Intersect() {
	year := salesops.Period{Start: salesops.NewDate(2026, time.January, 1), End: salesops.NewDate(2027, time.January, 1)}
	hired := salesops.Period{Start: salesops.NewDate(2026, time.May, 18)} // still with us
	left := salesops.Period{End: salesops.NewDate(2025, time.May, 18)}
	fmt.Println(year.Intersect(hired))
	fmt.Println(year.Intersect(left).IsEmpty())
	// Output:
	// 2026-05-18/2027-01-01
	// true
}

// A quota changed on April 1 and a territory on February 16.
func ExamplePeriod_Split() {
	half := salesops.Period{Start: salesops.NewDate(2026, time.January, 1), End: salesops.NewDate(2026, time.July, 1)}
	for _, p := range half.Split(salesops.NewDate(2026, time.April, 1), salesops.NewDate(2026, time.February, 16)) {
		fmt.Println(p)
	}
	// Output:
	// 2026-01-01/2026-02-16
	// 2026-02-16/2026-04-01
	// 2026-04-01/2026-07-01
}
