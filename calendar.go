package salesops

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Unit is a kind of fiscal period.
type Unit string

// The units of a [Calendar]. A month is a month of the fiscal year: a calendar month, or four or five weeks.
const (
	Week    Unit = "week"    // seven days from WeekStart on
	Month   Unit = "month"   // a twelfth of the year, or 4 or 5 weeks
	Quarter Unit = "quarter" // three months
	Half    Unit = "half"    // two quarters
	Year    Unit = "year"    // the fiscal year
)

// Valid reports whether u is one of the five units.
func (u Unit) Valid() bool { return u == Week || u.months() != 0 }

// months returns the number of fiscal months in u, and 0 for a week or what is not a unit.
func (u Unit) months() int {
	switch u {
	case Month:
		return 1
	case Quarter:
		return 3
	case Half:
		return 6
	case Year:
		return 12
	default:
		return 0
	}
}

// Calendar says how a company divides time: when its fiscal years start, whether they consist of calendar months or of
// whole weeks, what they are called, and which days are worked. It is plain data, goes through JSON unchanged, and its zero
// value is the calendar year with weeks that start on Sunday and weekends on Saturday and Sunday.
//
// A fiscal year has a nominal span, the twelve calendar months from FirstMonth on. In a month calendar (Weeks is "") this
// is the year. In a week calendar the year is the 52 or 53 whole weeks that match the nominal span best; see EndInMonth.
//
// Weeks are seven days from WeekStart on, numbered within their fiscal year from 1. In a week calendar they make up the
// months. In a month calendar they run across months and years; a week belongs to the fiscal year that holds at least four
// of its days, or, with EndInMonth, its last day. So Calendar{WeekStart: time.Monday} has the weeks of ISO 8601.
//
// The methods never fail on a Calendar that Check faults: they take a setting without meaning as its zero value.
// They change nothing, and may be called from many goroutines.
type Calendar struct {
	// FirstMonth is the calendar month with which fiscal years start, January to December; 0 means January.
	FirstMonth time.Month `json:"firstMonth,omitzero"`

	// Weeks is the number of weeks in the months of a quarter: "4-4-5", "4-5-4" or "5-4-4". Empty means calendar months.
	Weeks string `json:"weeks,omitzero"`

	// WeekStart is the weekday on which weeks start; 0 means Sunday. Years of whole weeks end on the day before it.
	WeekStart time.Weekday `json:"weekStart,omitzero"`

	// EndInMonth chooses which week is the last of a fiscal year. False: the week whose last day is nearest to the end of
	// the nominal span, on either side of it, as in the NRF 4-5-4 calendar ("Saturday nearest 31 January"). True: the week
	// that holds the last such day of the month, so that the year never ends after the month ("last Saturday of September").
	EndInMonth bool `json:"endInMonth,omitzero"`

	// Week53Month is the fiscal month, 1 to 12, that takes the extra week of a 53-week year as its last; 0 means 12, the
	// last month of the year. It has no effect on calendar months.
	Week53Month int `json:"week53Month,omitzero"`

	// NameByStart chooses what a fiscal year is called that runs across two calendar years. False: the calendar year in
	// which its nominal span ends (the United States government, most companies). True: the one in which it starts (NRF).
	NameByStart bool `json:"nameByStart,omitzero"`

	// Holidays are the days not worked besides weekends, in any order; those on weekends or given twice count once.
	// In ascending order they are used without being copied.
	Holidays []Date `json:"holidays,omitzero"`

	// Weekend holds the weekdays not worked, 0 for Sunday to 6 for Saturday. Nil means Saturday and Sunday; empty but not
	// nil means that all days are worked.
	Weekend []time.Weekday `json:"weekend,omitzero"`
}

// Check returns an error that joins one [Error] ([ErrCalendar]) for each of these faults, in the order of the fields:
//   - FirstMonth is not 0 to 12
//   - Weeks is not one of the three patterns or empty
//   - WeekStart is not 0 to 6
//   - Week53Month is not 0 to 12
//   - a holiday is the zero Date
//   - a weekday in Weekend is not 0 to 6
//   - Weekend holds all seven weekdays
func (c Calendar) Check() error {
	var faults []error
	fault := func(path, value, msg string) {
		faults = append(faults, &Error{Path: "calendar." + path, Value: value, Msg: msg, Err: ErrCalendar})
	}
	if c.FirstMonth < 0 || c.FirstMonth > 12 {
		fault("firstMonth", strconv.Itoa(int(c.FirstMonth)), "want a month from 1 to 12, or 0 for January")
	}
	if _, _, ok := c.pattern(); !ok && c.Weeks != "" {
		fault("weeks", quoted(c.Weeks), `want "4-4-5", "4-5-4" or "5-4-4", or "" for calendar months`)
	}
	const weekday = "want a weekday from 0 (Sunday) to 6 (Saturday)"
	if c.WeekStart < 0 || c.WeekStart > 6 {
		fault("weekStart", strconv.Itoa(int(c.WeekStart)), weekday)
	}
	if c.Week53Month < 0 || c.Week53Month > 12 {
		fault("week53Month", strconv.Itoa(c.Week53Month), "want a fiscal month from 1 to 12, or 0 for the last")
	}
	for i, d := range c.Holidays {
		if d.IsZero() {
			fault(fmt.Sprintf("holidays[%d]", i), `""`, "want a date")
		}
	}
	for i, w := range c.Weekend {
		if w < 0 || w > 6 {
			fault(fmt.Sprintf("weekend[%d]", i), strconv.Itoa(int(w)), weekday)
		}
	}
	if c.workdays() == 0 {
		fault("weekend", "all seven weekdays", "leave at least one weekday to work")
	}
	return errors.Join(faults...)
}

// Period returns the unit that holds d: its week, month, quarter, half or year. It takes constant time and allocates
// nothing. At the limits of [Date], where a unit begins before year 1 or ends after year 9999, that end is open.
// If d is no date or u is not a unit there is no such period; the result is empty.
func (c Calendar) Period(u Unit, d Date) Period {
	if d.n == 0 || !u.Valid() {
		return noPeriod()
	}
	year, k := c.find(u, int(d.n))
	return c.unit(u, year, k)
}

// Next returns the unit after p, the one that holds p.End. The result is empty if there is none: if p is empty, open at the
// end, or u is not a unit.
func (c Calendar) Next(u Unit, p Period) Period {
	if p.IsEmpty() {
		return noPeriod()
	}
	return c.Period(u, p.End)
}

// Prev returns the unit before p, the one that holds the day before p.Start. The result is empty if there is none: if p is
// empty, open at the start, or u is not a unit.
func (c Calendar) Prev(u Unit, p Period) Period {
	if p.IsEmpty() {
		return noPeriod()
	}
	return c.Period(u, p.Start.AddDays(-1))
}

// YearAgo returns the unit with the number of p in the fiscal year before: the third quarter for a third quarter. If p is
// not itself a unit, the one that holds its first day is meant, or its last if the start is open. Week 53 has no
// counterpart in a year of 52 weeks; week 52 is returned.
//
// This is the comparison of published accounts. After a year of 53 weeks it sets weeks beside each other that lie 53 weeks
// apart; for the "restated" comparison of retailers, which keeps them 52 weeks apart, use
// Period(Week, p.Start.AddDays(-364)).
//
// The result is empty if p is empty or all time, if u is not a unit, or if the year before lies before year 1.
func (c Calendar) YearAgo(u Unit, p Period) Period {
	d := p.Start
	if d.n == 0 {
		d = p.Last()
	}
	if d.n == 0 || p.IsEmpty() || !u.Valid() {
		return noPeriod()
	}
	year, k := c.find(u, int(d.n))
	return c.unit(u, year-1, min(k, c.count(u, year-1)-1))
}

// Tile returns the units that make up p, in order, the first and last of them clipped to p: the months of a quarter, or the
// three quarters and two parts of quarters in a plan's span. It returns nil if p is empty or has an open end, or if u is
// not a unit. O(n) for n units.
func (c Calendar) Tile(u Unit, p Period) []Period {
	days, _ := p.Days()
	if days == 0 || !u.Valid() {
		return nil
	}
	length := 7
	if n := u.months(); n != 0 {
		length = 28 * n
	}
	tiles := make([]Period, 0, days/length+2)
	for p.Start.n < p.End.n {
		t := c.Period(u, p.Start).Intersect(p)
		tiles = append(tiles, t)
		p.Start = t.End
	}
	return tiles
}
