package forecast

import (
	"math"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// PaceOptions are the options of [Rhythm] and [MeasurePace]. The zero value counts calendar days, gives ranges from the 10 %
// to the 90 % quantile, and money in whole units.
type PaceOptions struct {
	// Days says which days count.
	Days DayCount `json:"days,omitzero"`
	// Level is the share of past periods in the range from Low to High, between 0 and 1; 0 means 0.8.
	Level float64 `json:"level,omitempty"`
	// Places is the number of decimal places to which money that is estimated is rounded, half away from zero; -3 rounds to
	// thousands. It lies between -18 and 18.
	Places int32 `json:"places,omitempty"`
}

// RhythmPoint says how much of their bookings past periods had at one point of their course.
//
// Median, Low and High are quantiles of the shares of those periods that have one, interpolated between neighbours as in
// spreadsheets and R (type 7 of Hyndman and Fan 1996, https://doi.org/10.1080/00031305.1996.10473566). With four past
// quarters the range is little narrower than from the least to the greatest.
type RhythmPoint struct {
	// Elapsed is the share of a period that is over at this point, 0 to 1, rounded to 6 decimals.
	Elapsed decimal.Decimal `json:"elapsed"`
	// Median is the middle share, rounded to 6 decimals.
	Median decimal.Decimal `json:"median"`
	// Low is the lower end of the range of shares.
	Low decimal.Decimal `json:"low"`
	// High is the upper end of the range of shares.
	High decimal.Decimal `json:"high"`
	// Periods are the past periods, in the order given.
	Periods []PeriodShare `json:"periods"`
}

// PeriodShare is the state of a past period at one point of its course.
type PeriodShare struct {
	// Period is the past period.
	Period salesops.Period `json:"period"`
	// Total is the sum of all its bookings.
	Total decimal.Decimal `json:"total"`
	// Booked is the sum of its bookings up to the point. Where the point falls inside a day, that day counts in part, as if
	// its bookings were spread evenly over it. It is rounded to the places of the options.
	Booked decimal.Decimal `json:"booked"`
	// Share is the unrounded Booked over Total, rounded to 6 decimals. Refunds can take it above 1 or below 0. It is nil for
	// a period whose Total is not above 0, which has no shares and counts in no quantile.
	Share *decimal.Decimal `json:"share,omitempty"`
}

// Rhythm returns how much of its bookings a typical past period had at given points of its course, each the share of the
// period that has elapsed: 0 is its start, 0.5 its middle, 1 its end. Periods of unequal length are compared at the same
// elapsed share, so that day 45 of 90 stands beside day 46 of 92. Bookings outside all of the periods are left out; they may
// come in any order. It takes O(n log n) for n bookings, for each point O(k log n) for k periods.
//
// Rhythm returns an error if:
//   - a booking has no date, a number is out of bounds, or an option has no meaning ([ErrInput])
//   - a past period is open at an end, holds no day that counts, or overlaps another ([ErrInput])
//   - a point is not between 0 and 1 ([ErrInput])
//   - no past period has a total above 0 ([ErrUndefined])
func Rhythm(bookings []Booking, past []salesops.Period, at []decimal.Decimal, o PaceOptions) ([]RhythmPoint, error) {
	var f faults
	courses := f.courses(bookings, past, o.Days)
	f.pace(o)
	for i, p := range at {
		path := "at/" + strconv.Itoa(i)
		if f.number("", path, p) && (p.Sign() < 0 || exact.From(p).Cmp(exact.Int(1)) > 0) {
			f.add(ErrInput, "", path, shortened(p), "must be between 0 and 1")
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	out := make([]RhythmPoint, 0, len(at))
	for _, p := range at {
		point, err := rhythmAt(courses, exact.From(p), exact.Int(1), o)
		if err != nil {
			return nil, err
		}
		out = append(out, point)
	}
	return out, nil
}

// rhythmAt reads the courses at the elapsed share num / den.
func rhythmAt(courses []course, num, den exact.Num, o PaceOptions) (RhythmPoint, error) {
	point := RhythmPoint{Elapsed: quotient(num, den), Periods: make([]PeriodShare, 0, len(courses))}
	shares := make([]exact.Num, 0, len(courses))
	for i := range courses {
		c := &courses[i]
		booked := c.at(num, den)
		s := PeriodShare{Period: c.period, Total: c.total.Decimal(), Booked: rounded(booked, den, o.Places)}
		if c.total.Sign() > 0 {
			share := quotient(booked, den.Mul(c.total))
			s.Share = &share
			shares = append(shares, exact.From(share))
		}
		point.Periods = append(point.Periods, s)
	}
	if len(shares) == 0 {
		return RhythmPoint{}, &Error{Path: "past", Msg: "must hold a period with bookings above 0 in all, else there are no shares", Err: ErrUndefined}
	}
	slices.SortFunc(shares, exact.Num.Cmp)
	tail := tailOf(o.Level)
	point.Median = quantile(shares, exact.New(5, -1))
	point.Low = quantile(shares, tail)
	point.High = quantile(shares, exact.Int(1).Sub(tail))
	return point, nil
}

// rounded returns a / b, b not 0, rounded to places.
func rounded(a, b exact.Num, places int32) decimal.Decimal {
	q, _ := exact.Quo(a, b, places, exact.HalfUp)
	return q.Fixed(max(places, 0))
}

// tailOf is what lies outside a range of the level at either end.
func tailOf(level float64) exact.Num {
	if level == 0 {
		level = 0.8
	}
	billionths := int64(math.Round(level * 1e9))
	return exact.New(5, -1).Mul(exact.Int(1).Sub(exact.New(billionths, -9)))
}

// quantile returns the q-quantile of type 7 of sorted values, of which there is at least one, rounded as a ratio.
func quantile(sorted []exact.Num, q exact.Num) decimal.Decimal {
	h := q.Mul(exact.Int(int64(len(sorted) - 1)))
	whole, rest, _ := exact.QuoRem(h, exact.Int(1), 0)
	i := intOf(whole)
	v := sorted[i]
	if !rest.IsZero() {
		v = v.Add(rest.Mul(sorted[i+1].Sub(v)))
	}
	return v.Round(ratioPlaces, exact.HalfUp).Decimal()
}

// intOf returns a whole number that is known to be small.
func intOf(n exact.Num) int { return int(n.Fixed(0).CoefficientInt64()) }

// pace checks the other options.
func (f *faults) pace(o PaceOptions) {
	f.level(o.Level)
	f.places(o.Places)
}

// level checks the level of a range, where 0 stands for the default.
func (f *faults) level(level float64) {
	if !(level >= 0 && level < 1) {
		f.add(ErrInput, "", "level", floatText(level), "must be at least 0, for the default, and below 1")
	}
}

func floatText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
