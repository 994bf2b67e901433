package crm

import (
	"strings"
	"time"

	"github.com/salesops-go/salesops"
)

// DateOrder says how dates with slashes or dashes, such as 1/2/2026, are read.
type DateOrder int

const (
	// ByEvidence decides per file: a first number above 12 anywhere proves that
	// the day comes first, a second number above 12 that the month does. A file
	// that proves neither is read in the usual way of its system, and a note
	// says so; rows that contradict the majority are problems.
	ByEvidence DateOrder = iota
	// MonthFirst reads 1/2/2026 as the second of January.
	MonthFirst
	// DayFirst reads 1/2/2026 as the first of February.
	DayFirst
)

// A dateCell is a date as its cell spells it.
type dateCell struct {
	year int16
	a, b uint8 // month and day, unless open
	open bool  // a and b may be in either order
}

// parseDate reads a date or the date of a datetime:
//
//	2026-01-31  2026/01/31  20260131  2026-01-31T14:05:00.000Z  2026-01-31 14:05
//	31.1.2026
//	1/31/2026  31/1/2026  31-1-2026  1/31/2026, 2:05 PM
//
// The time of day and its zone are ignored: the day is the one that the export
// shows. Dots always mean that the day comes first. msg is not empty when the
// text is no date.
func parseDate(s string) (c dateCell, msg string) {
	var n [3]int
	var digits [3]int
	var sep byte
	part, i := 0, 0
	for ; i < len(s); i++ {
		ch := s[i]
		if '0' <= ch && ch <= '9' {
			if digits[part]++; digits[part] > 8 {
				return c, notDate
			}
			n[part] = n[part]*10 + int(ch-'0')
			continue
		}
		if part == 2 || ch != '.' && ch != '/' && ch != '-' || part == 1 && ch != sep {
			break
		}
		sep = ch
		part++
	}
	if !timeOfDay(s[i:]) {
		return c, notDate
	}
	switch {
	case part == 0 && digits[0] == 8:
		c = cellOf(n[0]/10000, n[0]/100%100, n[0]%100)
	case part != 2 || digits[1] == 0 || digits[1] > 2:
		return c, notDate
	case digits[0] == 4 && digits[2] >= 1 && digits[2] <= 2 && sep != '.':
		c = cellOf(n[0], n[1], n[2])
	case digits[0] >= 1 && digits[0] <= 2 && digits[2] == 2:
		return c, "a year of two digits: export dates with four-digit years, best as YYYY-MM-DD"
	case digits[0] >= 1 && digits[0] <= 2 && digits[2] == 4 && sep == '.':
		c = cellOf(n[2], n[1], n[0])
	case digits[0] >= 1 && digits[0] <= 2 && digits[2] == 4:
		c = cellOf(n[2], n[0], n[1])
		c.open = true
	default:
		return c, notDate
	}
	if c.year < 1900 || c.year > 2200 {
		return c, "the year is not within 1900 and 2200: correct the date"
	}
	if !civil(c.year, c.a, c.b) && (!c.open || !civil(c.year, c.b, c.a)) {
		return c, "there is no such day: correct the date"
	}
	return c, ""
}

// cellOf returns a cell of numbers with at most four, two and two digits.
func cellOf(year, a, b int) dateCell { return dateCell{year: int16(year), a: uint8(a), b: uint8(b)} }

const notDate = "not a date: write YYYY-MM-DD"

// timeOfDay reports whether s is empty or could be the rest of a datetime.
func timeOfDay(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ' ' && s[0] != 'T' && s[0] != ',' || len(s) > 40 {
		return false
	}
	return strings.Trim(s, "0123456789:.+-, TZAPMUCGapm\u00a0\u202f") == ""
}

// evidence reports whether the cell can only be read month first, or only day
// first.
func (c dateCell) evidence() (monthFirst, dayFirst bool) {
	if !c.open {
		return false, false
	}
	m, d := civil(c.year, c.a, c.b), civil(c.year, c.b, c.a)
	return m && !d, d && !m
}

// date returns the date, reading open cells in the order given; false when
// there is no such day in that order.
func (c dateCell) date(dayFirst bool) (salesops.Date, bool) {
	m, d := c.a, c.b
	if c.open && dayFirst {
		m, d = d, m
	}
	if !civil(c.year, m, d) {
		return salesops.Date{}, false
	}
	return salesops.NewDate(int(c.year), time.Month(m), int(d)), true
}

// civil reports whether the calendar has the day.
func civil(y int16, m, d uint8) bool {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	return salesops.NewDate(int(y), time.Month(m), int(d)).Day() == int(d)
}
