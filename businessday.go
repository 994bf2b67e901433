package salesops

import (
	"slices"
	"time"
)

// IsBusinessDay reports whether d is worked: neither a weekend day nor a holiday. The zero Date is not.
// O(n) for n holidays.
func (c Calendar) IsBusinessDay(d Date) bool {
	return d.n != 0 && c.weekend()>>d.Weekday()&1 == 0 && !slices.Contains(c.Holidays, d)
}

// BusinessDays returns the number of business days in p, 0 if it is empty; ok is false if an end is open. As p does not
// hold its End, the result is one less than that of a spreadsheet's NETWORKDAYS, which counts both ends, if End is worked.
// O(n) for n holidays, however long p is.
func (c Calendar) BusinessDays(p Period) (n int, ok bool) {
	days, ok := p.Days()
	if days == 0 {
		return 0, ok
	}
	weekend := c.weekend()
	n = days / 7 * c.workdays()
	for d := p.End.n - int32(days%7); d < p.End.n; d++ {
		if weekend>>(d%7)&1 == 0 {
			n++
		}
	}
	var last Date
	for _, d := range c.holidays() {
		if p.Contains(d) && d != last && weekend>>d.Weekday()&1 == 0 {
			n--
		}
		last = d
	}
	return n, true
}

// AddBusinessDays returns the n-th business day after d, or before it if n is negative; d itself need not be one and is not
// counted. If n is 0 it returns d, worked or not. This is WORKDAY of spreadsheets. To move a due date to a business day,
// start from the day before: AddBusinessDays(d.AddDays(-1), 1) is d itself if it is worked, else the next one that is.
//
// It returns the zero Date if d is zero, if the result lies outside the years 1 to 9999, or if no weekday is worked.
// O(n) for n holidays, however far the result is.
func (c Calendar) AddBusinessDays(d Date, n int) Date {
	work := c.workdays()
	if n == 0 || d.n == 0 {
		return d
	}
	if work == 0 || n > maxDay || n < -maxDay {
		return Date{}
	}
	weekend := c.weekend()
	step, count := 1, n
	if n < 0 {
		step, count = -1, -n
	}
	// move returns the count-th weekday worked from day at on, where holidays are not looked at.
	move := func(at, count int) int {
		weeks := (count - 1) / work
		count -= weeks * work
		at += step * 7 * weeks
		for count > 0 {
			at += step
			if weekend>>((at%7+7)%7)&1 == 0 {
				count--
			}
		}
		return at
	}
	at := move(int(d.n), count)
	holidays := c.holidays()
	last := Date{}
	for i := range holidays {
		h := holidays[i]
		if step < 0 {
			h = holidays[len(holidays)-1-i]
		}
		between := int(h.n)*step > int(d.n)*step && int(h.n)*step <= at*step
		if h.n != 0 && between && h != last && weekend>>h.Weekday()&1 == 0 {
			at = move(at, 1) // one more weekday for the holiday; if that is a holiday, it comes later in the list
		}
		last = h
	}
	return dateAt(int64(at))
}

// holidays returns the holidays in ascending order.
func (c *Calendar) holidays() []Date {
	if slices.IsSortedFunc(c.Holidays, Date.Compare) {
		return c.Holidays
	}
	sorted := slices.Clone(c.Holidays)
	slices.SortFunc(sorted, Date.Compare)
	return sorted
}

// weekend returns the weekdays not worked as a bit set.
func (c *Calendar) weekend() (set uint8) {
	if c.Weekend == nil {
		return 1<<time.Saturday | 1<<time.Sunday
	}
	for _, w := range c.Weekend {
		if 0 <= w && w <= 6 {
			set |= 1 << w
		}
	}
	return set
}

// workdays returns the number of weekdays worked, 0 to 7.
func (c *Calendar) workdays() (n int) {
	weekend := c.weekend()
	for w := range 7 {
		n += int(^weekend >> w & 1)
	}
	return n
}
