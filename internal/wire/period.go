package wire

import (
	"errors"

	"github.com/salesops-go/salesops"
)

// Period appends a period: the numbers of its start and end, counted from the first date; 0 is open.
func Period(b []byte, p salesops.Period) []byte { return Date(Date(b, p.Start), p.End) }

// Date appends a date: its number, counted from 1 for the first, 0 for no date.
func Date(b []byte, d salesops.Date) []byte { return Uint(b, dateNumber(d)) }

// Period reads a period. One that holds no day is a fault.
func (r *Reader) Period() salesops.Period {
	p := salesops.Period{Start: r.Date(), End: r.Date()}
	if p.IsEmpty() {
		r.Fail(errEmptyPeriod)
		return salesops.Period{}
	}
	return p
}

// Date reads a date.
func (r *Reader) Date() salesops.Date {
	n := r.Natural(int64(dateNumber(salesops.NewDate(9999, 12, 31))))
	if n == 0 {
		return salesops.Date{}
	}
	return firstDate().AddDays(int(n - 1))
}

var errEmptyPeriod = errors.New("has a period that holds no day")

func firstDate() salesops.Date { return salesops.NewDate(1, 1, 1) }

func dateNumber(d salesops.Date) uint64 {
	if d.IsZero() {
		return 0
	}
	return uint64(1 + d.DaysSince(firstDate()))
}
