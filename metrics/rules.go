package metrics

import (
	"slices"
	"time"

	"github.com/salesops-go/salesops"
)

// Rules say how a [Scorecard] counts. The zero Rules count by calendar months.
type Rules struct {
	// Calendar says when fiscal periods begin and end.
	Calendar salesops.Calendar `json:"calendar,omitzero"`
	// Unit is the shortest period that can be read from the card: rows are put together by it. "" is [salesops.Month].
	Unit salesops.Unit `json:"unit,omitempty"`
	// AsOf is when all that is added was known, on the date that it shows in its own location. Deals that are open then are as old
	// as they are then, and leads without a touch have waited until then. Without it neither can be added. Rows of later days are
	// refused, as they were not known.
	AsOf time.Time `json:"asOf,omitzero"`
	// Clock counts the ticks from one time to another that leads wait; nil counts the minutes elapsed, rounded down. The clocks of
	// package funnel will do, such as one of business days; figures are then in the ticks of that clock. It is not encoded.
	Clock func(from, to time.Time) int `json:"-"`
}

// orDefault returns r with its zeros replaced, and tells what is wrong with it.
func (r Rules) orDefault(f *faults) Rules {
	if r.Unit == "" {
		r.Unit = salesops.Month
	}
	if !r.Unit.Valid() {
		f.add(ErrInput, "", "rules/unit", string(r.Unit), "is not a unit: use week, month, quarter, half or year")
	}
	if err := r.Calendar.Check(); err != nil {
		f.add(ErrInput, "", "rules/calendar", "", err.Error())
	}
	r.AsOf = r.AsOf.Round(0) // no monotonic clock
	if _, offset := r.AsOf.Zone(); !r.AsOf.IsZero() && (salesops.DateOf(r.AsOf).IsZero() || offset%60 != 0 || offset <= -24*3600 || offset >= 24*3600) {
		f.add(ErrInput, "", "rules/asOf", "", "must be in the years 1 to 9999, in a zone of whole minutes within 24 hours of UTC: pass it In(time.UTC)")
	}
	return r
}

// equal reports whether two cards that follow the rules can be merged.
func (r Rules) equal(o Rules) bool {
	a, b := r.Calendar, o.Calendar
	_, zone := r.AsOf.Zone()
	_, other := o.AsOf.Zone()
	return r.Unit == o.Unit && r.AsOf.Equal(o.AsOf) && zone == other &&
		a.FirstMonth == b.FirstMonth && a.Weeks == b.Weeks && a.WeekStart == b.WeekStart && a.EndInMonth == b.EndInMonth &&
		a.Week53Month == b.Week53Month && a.NameByStart == b.NameByStart && slices.Equal(a.Holidays, b.Holidays) &&
		slices.Equal(a.Weekend, b.Weekend) && (a.Weekend == nil) == (b.Weekend == nil)
}

// wait returns the ticks between two times.
func (r Rules) wait(from, to time.Time) int {
	if r.Clock != nil {
		return r.Clock(from, to)
	}
	seconds := to.Unix() - from.Unix()
	if to.Nanosecond() < from.Nanosecond() {
		seconds--
	}
	return int(min(max(seconds/60, -1<<31), 1<<31-1))
}
