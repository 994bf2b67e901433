package salesops

import "time"

// Date is a civil date of the proleptic Gregorian calendar, without time of day or time zone: the day a deal closes, a
// plan starts, a quota ends. It covers the years 1 to 9999, takes four bytes, compares with == and serves as a map key.
//
// The zero Date means "no date": an absent value, an open end of a [Period], NULL in a database, "" in text. It sorts
// before every other Date. Arithmetic never panics and never wraps: what would leave the years 1 to 9999, and what starts
// from no date, is no date.
type Date struct {
	n int32 // day number, see civil.go; 0: no date
}

// NewDate returns the date of a year, month and day. Months and days outside their usual ranges are normalised as by
// [time.Date]: October 32 becomes November 1, month 0 is December of the year before.
//
// It returns the zero Date if the result lies outside the years 1 to 9999, or if an argument is beyond ±1e12.
func NewDate(year int, month time.Month, day int) Date {
	if 1 <= year && year <= 9999 && time.January <= month && month <= time.December && 0 < day && day <= 31 {
		return dateAt(int64(dayOf(year, int(month), day)))
	}
	const limit = 1e12
	y, m, d := int64(year), int64(month)-1, int64(day)
	if max(y, m, d) > limit || min(y, m, d) < -limit {
		return Date{}
	}
	y += m / 12
	if m %= 12; m < 0 {
		y, m = y-1, m+12
	}
	// Whole cycles of 400 years bring the year into 0..399, where dayOf counts.
	cycles := y / 400
	if y %= 400; y < 0 {
		cycles, y = cycles-1, y+400
	}
	return dateAt(cycles*146097 + int64(dayOf(int(y), int(m)+1, 1)) + d - 1)
}

// DateOf returns the date of t in t's own location: convert with [time.Time.In] first if business days are those of
// another place. The zero Time, which stands for a missing one, gives the zero Date, and so does a year outside 1 to 9999.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	_, offset := t.Zone()
	seconds := t.Unix() // the days between year 1 and 1970: 719162
	if seconds < -1<<36 || seconds > 1<<38 {
		return Date{} // beyond year -200 or 10600
	}
	return dateAt((seconds+int64(offset)+719162*86400+86400*1e6)/86400 - 1e6 + minDay)
}

// dateAt returns the Date of a day number, or no date if it is out of range.
func dateAt(n int64) Date {
	if n < minDay || n > maxDay {
		return Date{}
	}
	return Date{int32(n)}
}

// Civil returns the year, month and day of d. The zero Date gives 0, 0, 0.
func (d Date) Civil() (year int, month time.Month, day int) {
	if d.n == 0 {
		return 0, 0, 0
	}
	y, m, day := civilOf(int(d.n))
	return y, time.Month(m), day
}

// Year returns the calendar year of d, 1 to 9999, or 0 for the zero Date.
func (d Date) Year() int {
	year, _, _ := d.Civil()
	return year
}

// Month returns the month of d, or 0 for the zero Date.
func (d Date) Month() time.Month {
	_, month, _ := d.Civil()
	return month
}

// Day returns the day of the month of d, 1 to 31, or 0 for the zero Date.
func (d Date) Day() int {
	_, _, day := d.Civil()
	return day
}

// Weekday returns the day of the week of d. The zero Date gives Sunday, the zero Weekday.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Compare returns -1 if d is before e, 0 if they are the same, +1 if d is after e. No date is before every date.
func (d Date) Compare(e Date) int {
	switch {
	case d.n < e.n:
		return -1
	case d.n > e.n:
		return 1
	}
	return 0
}

// Equal reports whether d and e are the same, as d == e does. It lets go-cmp compare values that hold dates.
func (d Date) Equal(e Date) bool { return d == e }

// Before reports whether d is before e. No date is before every date.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is after e.
func (d Date) After(e Date) bool { return d.n > e.n }

// AddDays returns the date n days after d, or before it if n is negative.
// It returns the zero Date if d is zero or the result lies outside the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	if d.n == 0 || n > maxDay || n < -maxDay {
		return Date{}
	}
	return dateAt(int64(d.n) + int64(n))
}

// AddMonths returns the date n months after d, or before it if n is negative: the same day of the month, or the last day
// of a month that is too short for it. So 31 January plus 1 month is 28 or 29 February, and contract anniversaries keep
// their day as long as they are counted from the first date rather than step by step.
// It returns the zero Date if d is zero or the result lies outside the years 1 to 9999.
func (d Date) AddMonths(n int) Date {
	const months = 12 * 9999
	if d.n == 0 || n > months || n < -months {
		return Date{}
	}
	y, m, day := civilOf(int(d.n))
	m += 12*y - 1 + n
	if m < 12 || m >= 12+months {
		return Date{}
	}
	y, m = m/12, m%12+1
	return Date{int32(dayOf(y, m, min(day, daysIn(y, m))))}
}

// DaysSince returns the number of days from e to d: negative if d is before e, 0 if either is no date.
// For dates, e.AddDays(d.DaysSince(e)) == d.
func (d Date) DaysSince(e Date) int {
	if d.n == 0 || e.n == 0 {
		return 0
	}
	return int(d.n) - int(e.n)
}

// MonthsSince returns the number of whole months completed from e to d: the one number m with
//
//	e.AddMonths(m) <= d < e.AddMonths(m+1)
//
// so it inverts [Date.AddMonths], clamping included: from 31 January to 28 February of a common year is 1 month. Before e
// it is negative, rounded away from zero: the day before e is -1, so that 0 always means "in the first month from e".
// It is 0 if either is no date.
func (d Date) MonthsSince(e Date) int {
	if d.n == 0 || e.n == 0 {
		return 0
	}
	y, m, day := civilOf(int(d.n))
	ey, em, eday := civilOf(int(e.n))
	months := 12*(y-ey) + m - em
	if day < min(eday, daysIn(y, m)) {
		months--
	}
	return months
}

// Time returns the instant at which d starts in loc, its first midnight; a nil loc means UTC. Where clocks skip midnight it
// is the instant they change, and where they skip the whole day, the start of the next one. The zero Date gives the zero
// Time.
func (d Date) Time(loc *time.Location) time.Time {
	if d.n == 0 {
		return time.Time{}
	}
	y, m, day := d.Civil()
	if loc == nil || loc == time.UTC {
		return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	}
	first := time.Date(y, m, day, 0, 0, 0, 0, loc)
	// Near a change of clocks midnight is missing or comes twice, and time.Date chooses freely: the day may start with the
	// change before or after its choice, or at the midnight of the zone before.
	start, end := first.ZoneBounds()
	_, offset := first.Zone()
	_, before := start.Add(-1).Zone()
	for _, t := range [...]time.Time{start, end, first.Add(time.Duration(offset-before) * time.Second)} {
		if DateOf(t) == d && (t.Before(first) || DateOf(first) != d) {
			first = t
		}
	}
	if DateOf(first).Before(d) && !end.IsZero() {
		return end
	}
	return first
}
