package salesops

import "slices"

// Period is a span of days, half-open: it holds Start and does not hold End, so periods that follow each other share a
// date and neither overlap nor leave a gap. A zero Start is open, before every date; a zero End is open, after every date.
// The zero Period is all time.
//
// A period whose End is not after its Start is empty: it holds no date and overlaps nothing. No method ever turns an empty
// period into an open one.
type Period struct {
	Start Date `json:"start,omitzero"` // first day; zero: open
	End   Date `json:"end,omitzero"`   // day after the last; zero: open
}

// noPeriod is the answer where there is no period: an empty one, because the zero Period would be all time.
func noPeriod() Period { return Period{Date{minDay}, Date{minDay}} }

// Check returns an error ([ErrPeriod]) if both ends are set and End is before Start. An empty period with End == Start
// passes; test [Period.IsEmpty] where a period must hold a day.
func (p Period) Check() error {
	if p.End.n != 0 && p.End.n < p.Start.n {
		return &Error{
			Path: "period", Value: p.String(), Err: ErrPeriod,
			Msg: "the end is before the start; an end is the day after the last, or absent for an open end",
		}
	}
	return nil
}

// IsZero reports whether both ends are open, so that p holds every date.
func (p Period) IsZero() bool { return p == Period{} }

// IsEmpty reports whether p holds no date.
func (p Period) IsEmpty() bool { return p.End.n != 0 && p.End.n <= max(p.Start.n, minDay) }

// Contains reports whether Start <= d < End. No period holds the zero Date.
func (p Period) Contains(d Date) bool {
	return d.n != 0 && d.n >= p.Start.n && (p.End.n == 0 || d.n < p.End.n)
}

// Overlaps reports whether a date lies in both p and q. Periods that merely touch do not overlap.
func (p Period) Overlaps(q Period) bool { return !p.Intersect(q).IsEmpty() }

// Intersect returns the dates that lie in both p and q. If there are none it returns an empty period at the later of the
// two starts.
func (p Period) Intersect(q Period) Period {
	r := Period{Date{max(p.Start.n, q.Start.n)}, p.End}
	if q.End.n != 0 && (r.End.n == 0 || q.End.n < r.End.n) {
		r.End = q.End
	}
	if r.IsEmpty() {
		r.Start.n = max(r.Start.n, minDay)
		r.End = r.Start
	}
	return r
}

// Days returns the number of days in p, 0 if it is empty; ok is false if an end is open.
func (p Period) Days() (n int, ok bool) {
	switch {
	case p.IsEmpty():
		return 0, true
	case p.Start.n == 0 || p.End.n == 0:
		return 0, false
	}
	return int(p.End.n) - int(p.Start.n), true
}

// Last returns the last day in p, the day before End. It returns the zero Date if p is empty or its end is open.
func (p Period) Last() Date {
	if p.End.n == 0 || p.IsEmpty() {
		return Date{}
	}
	return Date{p.End.n - 1}
}

// Split cuts p at the dates given: each cut ends one part and starts the next. The dates may come in any order; those that
// repeat, that are zero, or that do not lie inside p change nothing. The parts are in order, touch, and make up p.
// An empty p has no parts. O(k log k) for k dates; the argument is not changed.
func (p Period) Split(at ...Date) []Period {
	if p.IsEmpty() {
		return nil
	}
	cuts := slices.Clone(at)
	slices.SortFunc(cuts, Date.Compare)
	parts := make([]Period, 0, len(cuts)+1)
	for _, cut := range cuts {
		if p.Contains(cut) && cut.n > max(p.Start.n, minDay) {
			parts = append(parts, Period{p.Start, cut})
			p.Start = cut
		}
	}
	return append(parts, p)
}

// String returns p in the interval notation of ISO 8601, with End as it is stored, not the last day:
// "2026-01-01/2026-04-01". An open end is "..", so all time is "../..".
func (p Period) String() string {
	b := make([]byte, 0, 21)
	for i, d := range [2]Date{p.Start, p.End} {
		if i > 0 {
			b = append(b, '/')
		}
		if d.n == 0 {
			b = append(b, ".."...)
		}
		b, _ = d.AppendText(b)
	}
	return string(b)
}
