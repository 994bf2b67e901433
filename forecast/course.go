package forecast

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Booking is a sale on the day it closed.
type Booking struct {
	// Date is the day of the booking.
	Date salesops.Date `json:"date"`
	// Amount is what was booked. It is negative for a refund or a cancellation, which then counts on its own day. All
	// amounts of a list are of one currency.
	Amount decimal.Decimal `json:"amount"`
}

// DayCount says which days count when a period elapses. Its zero value counts calendar days.
//
// A day counts as elapsed when it is over: on the first day of a quarter of 90 days, 1/90 has elapsed, on the last day all of
// it. With business days, what is booked on a day not worked counts with the day worked before it, and before the first such
// day of the period with that one.
type DayCount struct {
	// BusinessDays counts the business days of Calendar instead of calendar days.
	BusinessDays bool `json:"businessDays,omitempty"`
	// Calendar knows the days worked. It is read only if BusinessDays is set.
	Calendar salesops.Calendar `json:"calendar,omitzero"`
}

// course is how the bookings of one period came in.
type course struct {
	period salesops.Period
	length int // in days that count
	total  exact.Num
	steps  []step // by day, ascending
}

// step is a day with bookings. Days count from 1.
type step struct {
	day   int
	until exact.Num // the bookings of the period through this day
}

// at returns the bookings up to the elapsed share num / den, times den.
func (c *course) at(num, den exact.Num) exact.Num {
	x := num.Mul(exact.Int(int64(c.length)))
	whole, rest, _ := exact.QuoRem(x, den, 0)
	day := intOf(whole)
	booked := c.through(day)
	sum := booked.Mul(den)
	if rest.IsZero() {
		return sum
	}
	return sum.Add(rest.Mul(c.through(day + 1).Sub(booked)))
}

// through returns the bookings of the period through a day.
func (c *course) through(day int) exact.Num {
	i, _ := slices.BinarySearchFunc(c.steps, day+1, func(s step, day int) int { return cmp.Compare(s.day, day) })
	if i == 0 {
		return exact.Num{}
	}
	return c.steps[i-1].until
}

// dated is a booking of period number of.
type dated struct {
	of     int
	date   salesops.Date
	amount exact.Num
}

// courses checks bookings and periods, the past ones and then others, and sorts the bookings into them. The result is of no
// use if there are faults.
func (f *faults) courses(bookings []Booking, past []salesops.Period, days DayCount, others ...salesops.Period) []course {
	f.dayCount(days)
	periods := append(slices.Clip(past), others...)
	path := func(i int) string {
		if i < len(past) {
			return "past/" + strconv.Itoa(i)
		}
		return "period"
	}
	out := make([]course, len(periods))
	order := make([]int, len(periods))
	for i, p := range periods {
		order[i] = i
		out[i] = course{period: p}
		switch n, ok := p.Days(); {
		case !ok:
			f.add(ErrInput, "", path(i), p.String(), "must have a start and an end")
		case n == 0:
			f.add(ErrInput, "", path(i), p.String(), "must hold a day")
		default:
			if out[i].length = days.through(p, p.Last()); out[i].length == 0 {
				f.add(ErrInput, "", path(i), p.String(), "must hold a business day")
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return periods[a].Start.Compare(periods[b].Start) })
	for k := 1; k < len(order); k++ {
		if p, q := periods[order[k-1]], periods[order[k]]; p.Overlaps(q) {
			f.add(ErrInput, "", path(order[k]), q.String(), "shares a day with "+p.String()+"; a day must belong to one period")
		}
	}
	f.fill(out, order, bookings, days)
	return out
}

// fill puts the bookings into the courses, whose order in time is given.
func (f *faults) fill(out []course, order []int, bookings []Booking, days DayCount) {
	rows := make([]dated, 0, len(bookings))
	for i, b := range bookings {
		if b.Date.IsZero() {
			f.add(ErrInput, "", "bookings/"+strconv.Itoa(i)+"/date", "", "must be a date")
			continue
		}
		amount, ok := exact.Admit(b.Amount)
		if !ok {
			f.number("", "bookings/"+strconv.Itoa(i)+"/amount", b.Amount)
			continue
		}
		// The last period that starts by the day is the only one that can hold it.
		k, _ := slices.BinarySearchFunc(order, b.Date, func(of int, d salesops.Date) int {
			if out[of].period.Start.After(d) {
				return 1
			}
			return -1
		})
		if k > 0 && out[order[k-1]].period.Contains(b.Date) {
			rows = append(rows, dated{of: order[k-1], date: b.Date, amount: amount})
		}
	}
	slices.SortFunc(rows, func(a, b dated) int { return cmp.Or(cmp.Compare(a.of, b.of), a.date.Compare(b.date)) })
	for i := 0; i < len(rows); {
		c := &out[rows[i].of]
		date := rows[i].date
		for from := rows[i].of; i < len(rows) && rows[i].of == from && rows[i].date == date; i++ {
			c.total = c.total.Add(rows[i].amount)
		}
		day := max(1, days.through(c.period, date))
		if n := len(c.steps); n > 0 && c.steps[n-1].day == day {
			c.steps[n-1].until = c.total
			continue
		}
		c.steps = append(c.steps, step{day: day, until: c.total})
	}
}

// through returns how many days that count a period has through a day of it.
func (c DayCount) through(p salesops.Period, day salesops.Date) int {
	p.End = day.AddDays(1)
	if c.BusinessDays {
		n, _ := c.Calendar.BusinessDays(p)
		return n
	}
	n, _ := p.Days()
	return n
}

// dayCount checks the days that count.
func (f *faults) dayCount(c DayCount) {
	if !c.BusinessDays {
		return
	}
	if err := c.Calendar.Check(); err != nil {
		f.add(ErrInput, "", "days/calendar", "", "is not a calendar: "+err.Error())
	}
}
