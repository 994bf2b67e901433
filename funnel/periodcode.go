package funnel

import (
	"errors"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/wire"
)

// appendPeriod appends a period in binary form: the numbers of its start and end, counted from the first date; 0 is open.
func appendPeriod(b []byte, p salesops.Period) []byte {
	return wire.Uint(wire.Uint(b, dateNumber(p.Start)), dateNumber(p.End))
}

// readPeriod reads what appendPeriod wrote. Periods that hold no day are a fault.
func readPeriod(r *wire.Reader) salesops.Period {
	p := salesops.Period{Start: readDate(r), End: readDate(r)}
	if p.IsEmpty() {
		r.Fail(errEmptyPeriod)
		return salesops.Period{}
	}
	return p
}

// comparePeriods orders periods by their starts, open ones first, and then by their ends, open ones last.
func comparePeriods(p, q salesops.Period) int {
	if c := p.Start.Compare(q.Start); c != 0 {
		return c
	}
	if p.End.IsZero() || q.End.IsZero() {
		return q.End.Compare(p.End)
	}
	return p.End.Compare(q.End)
}

var errEmptyPeriod = errors.New("has a period that holds no day")

func firstDay() salesops.Date { return salesops.NewDate(1, 1, 1) }

func lastDate() salesops.Date { return salesops.NewDate(9999, 12, 31) }

func dateNumber(d salesops.Date) uint64 {
	if d.IsZero() {
		return 0
	}
	return uint64(1 + d.DaysSince(firstDay()))
}

func readDate(r *wire.Reader) salesops.Date {
	n := r.Natural(int64(dateNumber(lastDate())))
	if n == 0 {
		return salesops.Date{}
	}
	return firstDay().AddDays(int(n - 1))
}
