package salesops_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
)

// Generators shared by the property tests. They construct what they promise; none filters.

var (
	units    = []salesops.Unit{salesops.Week, salesops.Month, salesops.Quarter, salesops.Half, salesops.Year}
	patterns = []string{"", "4-4-5", "4-5-4", "5-4-4"}

	firstDate = salesops.NewDate(1, time.January, 1)
	lastDate  = salesops.NewDate(9999, time.December, 31)
)

const allDays = 3652059 // days of the years 1 to 9999: 9999*365 + 2499 - 99 + 24

func itoa(n int) string { return strconv.Itoa(n) }

func on(s string) salesops.Date {
	d, err := salesops.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func span(start, end string) salesops.Period { return salesops.Period{Start: on(start), End: on(end)} }

// dates draws a date: of our time, of the limits of the range, or any.
func dates() *rapid.Generator[salesops.Date] {
	return rapid.Custom(func(t *rapid.T) salesops.Date {
		switch rapid.IntRange(0, 9).Draw(t, "era") {
		case 0:
			return firstDate.AddDays(rapid.IntRange(0, 800).Draw(t, "day"))
		case 1:
			return lastDate.AddDays(-rapid.IntRange(0, 800).Draw(t, "day"))
		case 2, 3:
			return firstDate.AddDays(rapid.IntRange(0, allDays-1).Draw(t, "day"))
		}
		return salesops.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, "day"))
	})
}

// inner draws a date from which no unit reaches beyond the range of dates.
func inner() *rapid.Generator[salesops.Date] {
	return rapid.Custom(func(t *rapid.T) salesops.Date {
		if rapid.Bool().Draw(t, "any") {
			return salesops.NewDate(4, 1, 1).AddDays(rapid.IntRange(0, allDays-3000).Draw(t, "day"))
		}
		return salesops.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, "day"))
	})
}

// calendars draws a calendar that passes Check, with holidays near the day given.
func calendars(near salesops.Date) *rapid.Generator[salesops.Calendar] {
	return rapid.Custom(func(t *rapid.T) salesops.Calendar {
		c := salesops.Calendar{
			FirstMonth:  time.Month(rapid.IntRange(0, 12).Draw(t, "firstMonth")),
			Weeks:       rapid.SampledFrom(patterns).Draw(t, "weeks"),
			WeekStart:   time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekStart")),
			EndInMonth:  rapid.Bool().Draw(t, "endInMonth"),
			Week53Month: rapid.IntRange(0, 12).Draw(t, "week53Month"),
			NameByStart: rapid.Bool().Draw(t, "nameByStart"),
		}
		for range rapid.IntRange(0, 12).Draw(t, "holidays") { // with duplicates, unordered
			if d := near.AddDays(rapid.IntRange(-30, 30).Draw(t, "holiday")); !d.IsZero() {
				c.Holidays = append(c.Holidays, d)
			}
		}
		switch rapid.IntRange(0, 3).Draw(t, "weekend") {
		case 1:
			c.Weekend = []time.Weekday{}
		case 2, 3:
			set := rapid.IntRange(0, 126).Draw(t, "weekend set") // at least one day of seven is worked
			for w := range time.Weekday(7) {
				if set>>w&1 != 0 {
					c.Weekend = append(c.Weekend, w)
				}
			}
		}
		return c
	})
}

// periods draws a period: open, empty, reversed or any length up to some years.
func periods() *rapid.Generator[salesops.Period] {
	return rapid.Custom(func(t *rapid.T) salesops.Period {
		start := dates().Draw(t, "start")
		p := salesops.Period{Start: start, End: start.AddDays(rapid.IntRange(-5, 2000).Draw(t, "days"))}
		switch rapid.IntRange(0, 7).Draw(t, "open") {
		case 0:
			p.Start = salesops.Date{}
		case 1:
			p.End = salesops.Date{}
		}
		return p
	})
}

// hostileInts draws numbers that overflow what is careless with them.
func hostileInts() *rapid.Generator[int] {
	return rapid.OneOf(
		rapid.SampledFrom([]int{math.MinInt, math.MinInt + 1, math.MinInt32, -1, 0, 1, 12, 13, math.MaxInt32, math.MaxInt - 1, math.MaxInt}),
		rapid.Int(), rapid.IntRange(-1e6, 1e6),
	)
}

// hostileCalendars draws a calendar with settings that Check faults.
func hostileCalendars() *rapid.Generator[salesops.Calendar] {
	return rapid.Custom(func(t *rapid.T) salesops.Calendar {
		c := salesops.Calendar{
			FirstMonth:  time.Month(hostileInts().Draw(t, "firstMonth")),
			Weeks:       rapid.OneOf(rapid.SampledFrom(patterns), rapid.String()).Draw(t, "weeks"),
			WeekStart:   time.Weekday(hostileInts().Draw(t, "weekStart")),
			EndInMonth:  rapid.Bool().Draw(t, "endInMonth"),
			Week53Month: hostileInts().Draw(t, "week53Month"),
			NameByStart: rapid.Bool().Draw(t, "nameByStart"),
			Holidays:    rapid.SliceOfN(rapid.OneOf(rapid.Just(salesops.Date{}), dates()), 0, 5).Draw(t, "holidays"),
		}
		for range rapid.IntRange(0, 9).Draw(t, "weekend") {
			c.Weekend = append(c.Weekend, time.Weekday(hostileInts().Draw(t, "weekday")))
		}
		return c
	})
}

// No input makes a method panic or run away, and what leaves the range of dates is no date.
func TestHostileInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := hostileCalendars().Draw(t, "calendar")
		n := hostileInts().Draw(t, "n")
		d := rapid.OneOf(rapid.Just(salesops.Date{}), dates()).Draw(t, "d")
		p := salesops.Period{Start: d, End: rapid.OneOf(rapid.Just(salesops.Date{}), dates()).Draw(t, "end")}
		u := rapid.OneOf(rapid.SampledFrom(units), rapid.Just(salesops.Unit("")), rapid.Just(salesops.Unit("day"))).Draw(t, "unit")

		_ = c.Check()
		made := salesops.NewDate(n, time.Month(hostileInts().Draw(t, "month")), hostileInts().Draw(t, "day"))
		for _, e := range []salesops.Date{made, d.AddDays(n), d.AddMonths(n), c.AddBusinessDays(d, n)} {
			if !e.IsZero() && (e.Before(firstDate) || e.After(lastDate)) {
				t.Fatalf("a date out of range: %v", e)
			}
		}
		in := c.Period(u, d)
		if in.IsEmpty() == (u.Valid() && !d.IsZero()) || !in.IsEmpty() && !in.Contains(d) {
			t.Fatalf("Period(%q, %v) = %v", u, d, in)
		}
		if name := c.Name(u, d); (name == "") == (u.Valid() && !d.IsZero()) {
			t.Fatalf("Name(%q, %v) = %q", u, d, name)
		}
		for _, q := range []salesops.Period{p, in} {
			for _, r := range []salesops.Period{c.Next(u, q), c.Prev(u, q), c.YearAgo(u, q)} {
				if !u.Valid() && !r.IsEmpty() {
					t.Fatalf("unit %q: %v", u, r)
				}
			}
			c.BusinessDays(q)
			_ = q.String()
			q.Split(d, made, salesops.Date{})
		}
		if days, ok := p.Days(); ok && days < 4000 {
			c.Tile(u, p)
		}
		_, _, _ = c.Parse(rapid.String().Draw(t, "name"))
	})
}
