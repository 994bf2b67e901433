package salesops

import "time"

// A unit of a Calendar is known by the calendar year in which the nominal span of its fiscal year starts, and by its number
// in that fiscal year, from 0. find goes from a day to those two, unit goes from them to the period.

// find returns the fiscal year and number of the unit that holds day n.
func (c *Calendar) find(u Unit, n int) (year, k int) {
	first := c.firstMonth()
	year, month, _ := civilOf(n)
	if k = month - 1 - first; k < 0 {
		year, k = year-1, k+12
	}
	a, b, weekly := c.pattern()
	if !weekly && u != Week {
		return year, k / u.months()
	}
	start, end := c.weekYear(year), c.weekYear(year+1)
	switch {
	case n < start:
		year--
		start, end = c.weekYear(year), start
	case n >= end:
		year++
		start, end = end, c.weekYear(year+1)
	}
	week := (n - start) / 7
	if u == Week {
		return year, week
	}
	if end-start == 53*7 && week >= monthWeek(c.week53Month()+1, a, b) {
		week-- // count as if there were no extra week
	}
	k = week / 13 * 3
	switch r := week % 13; {
	case r >= b:
		k += 2
	case r >= a:
		k++
	}
	return year, k / u.months()
}

// unit returns the period of unit k of a fiscal year; an end outside the range of Date is open.
func (c *Calendar) unit(u Unit, year, k int) Period {
	a, b, weekly := c.pattern()
	var start, end int
	switch size := u.months(); {
	case u == Week:
		start = c.weekYear(year) + 7*k
		end = start + 7
	case !weekly:
		m := 12*year + c.firstMonth() + k*size
		start, end = dayOfMonth(m), dayOfMonth(m+size)
	default:
		first := c.weekYear(year)
		from, to := k*size, (k+1)*size
		start = first + 7*monthWeek(from, a, b)
		end = first + 7*monthWeek(to, a, b)
		if extra := c.week53Month(); to > extra && c.weekYear(year+1)-first == 53*7 {
			end += 7
			if from > extra {
				start += 7
			}
		}
	}
	if start > maxDay || end <= minDay {
		return noPeriod()
	}
	return Period{dateAt(int64(start)), dateAt(int64(end))}
}

// count returns the number of units in a fiscal year.
func (c *Calendar) count(u Unit, year int) int {
	if u == Week {
		return (c.weekYear(year+1) - c.weekYear(year)) / 7
	}
	return 12 / u.months()
}

// weekYear returns the first day of the first week of a fiscal year: the start of a week that is nearest to the start of
// the nominal span, or, with EndInMonth, the last that is not after it.
func (c *Calendar) weekYear(year int) int {
	n := dayOf(year, c.firstMonth()+1, 1)
	if !c.EndInMonth {
		n += 3
	}
	return n - ((n-int(c.weekStart()))%7+7)%7
}

// monthWeek returns the number of weeks of a 52-week year before month k, where a month starts a weeks after its quarter
// and the next one b weeks after it.
func monthWeek(k, a, b int) int {
	return k/3*13 + [3]int{0, a, b}[k%3]
}

// pattern returns the weeks of a quarter before its second and before its third month.
func (c *Calendar) pattern() (a, b int, ok bool) {
	switch c.Weeks {
	case "4-4-5":
		return 4, 8, true
	case "4-5-4":
		return 4, 9, true
	case "5-4-4":
		return 5, 9, true
	}
	return 0, 0, false
}

// firstMonth returns the first month of the fiscal year, from 0.
func (c *Calendar) firstMonth() int {
	if c.FirstMonth < 1 || c.FirstMonth > 12 {
		return 0
	}
	return int(c.FirstMonth) - 1
}

// week53Month returns the month that takes the extra week, from 0.
func (c *Calendar) week53Month() int {
	if c.Week53Month < 1 || c.Week53Month > 12 {
		return 11
	}
	return c.Week53Month - 1
}

func (c *Calendar) weekStart() time.Weekday {
	if c.WeekStart < 0 || c.WeekStart > 6 {
		return time.Sunday
	}
	return c.WeekStart
}
