package forecast

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Pace says where a period stands, beside the same point of past periods, and what it comes to if it goes on as they did.
type Pace struct {
	// AsOf is the last day whose bookings are counted.
	AsOf salesops.Date `json:"asOf"`
	// Closed is the sum of the bookings of the period through AsOf, exactly.
	Closed decimal.Decimal `json:"closed"`
	// Usual is the median of what past periods had booked at the same point, in money, all of them counted. It knows nothing
	// of growth.
	Usual decimal.Decimal `json:"usual"`
	// Ahead is Closed - Usual: positive when the period is ahead of the usual, negative when it is behind.
	Ahead decimal.Decimal `json:"ahead"`
	// AheadRate is Ahead / Usual, 0.1 for 10 % ahead, rounded to 6 decimals. It is nil when Usual is not above 0.
	AheadRate *decimal.Decimal `json:"aheadRate,omitempty"`
	// Implied is Closed / Rhythm.Median: the total of the period if it goes on as past periods did. It is nil when Closed or
	// the median share is not above 0, as in the first days of a period: then nothing is implied.
	Implied *decimal.Decimal `json:"implied,omitempty"`
	// ImpliedLow is Closed / Rhythm.High, the lower end of the range of Implied, which then is that of past periods at the
	// level of the options. It is nil when Implied is.
	ImpliedLow *decimal.Decimal `json:"impliedLow,omitempty"`
	// ImpliedHigh is Closed / Rhythm.Low. It is nil when Implied is, and when Rhythm.Low is not above 0: then the past sets
	// no upper end.
	ImpliedHigh *decimal.Decimal `json:"impliedHigh,omitempty"`
	// Rhythm is the state of the past periods at this point.
	Rhythm RhythmPoint `json:"rhythm"`
}

// MeasurePace compares the bookings of a period through the day asOf with those of past periods at the same elapsed share;
// see [Rhythm] for how these are read. Bookings of the period after asOf are left out, so that a past day can be looked at
// again with the bookings of today, and so are those outside all of the periods. Multiply a target by Rhythm.Median for what
// should be closed by now to be on the way to it. It takes O(n log n) for n bookings.
//
// MeasurePace returns an error if:
//   - [Rhythm] would return one for the past periods
//   - the period is open at an end, holds no day that counts, or shares a day with a past one ([ErrInput])
//   - asOf is not a day of the period ([ErrInput])
func MeasurePace(bookings []Booking, p salesops.Period, asOf salesops.Date, past []salesops.Period, o PaceOptions) (Pace, error) {
	var f faults
	f.pace(o)
	if !p.Contains(asOf) {
		f.add(ErrInput, "", "asOf", asOf.String(), "must be a day of "+p.String())
	}
	courses := f.courses(bookings, past, o.Days, p)
	if err := f.err(); err != nil {
		return Pace{}, err
	}
	elapsed := exact.Int(int64(o.Days.through(p, asOf)))
	length := exact.Int(int64(courses[len(past)].length))
	courses = courses[:len(past)]
	rhythm, err := rhythmAt(courses, elapsed, length, o)
	if err != nil {
		return Pace{}, err
	}
	var closed exact.Num
	for _, b := range bookings {
		if p.Contains(b.Date) && !b.Date.After(asOf) {
			closed = closed.Add(exact.From(b.Amount))
		}
	}
	usual := usualAt(courses, elapsed, length, o.Places)
	out := Pace{AsOf: asOf, Closed: closed.Decimal(), Usual: usual, Rhythm: rhythm}
	ahead := closed.Sub(exact.From(usual))
	out.Ahead = ahead.Decimal()
	if usual.Sign() > 0 {
		rate := quotient(ahead, exact.From(usual))
		out.AheadRate = &rate
	}
	if implied := impliedBy(closed, rhythm.Median, o.Places); implied != nil {
		out.Implied = implied
		out.ImpliedLow = impliedBy(closed, rhythm.High, o.Places)
		out.ImpliedHigh = impliedBy(closed, rhythm.Low, o.Places)
	}
	return out, nil
}

// usualAt returns the median of what the courses had booked at the elapsed share num / den, rounded to places.
func usualAt(courses []course, num, den exact.Num, places int32) decimal.Decimal {
	sums := make([]exact.Num, len(courses))
	for i := range courses {
		sums[i] = courses[i].at(num, den)
	}
	slices.SortFunc(sums, exact.Num.Cmp)
	n := len(sums)
	return rounded(sums[(n-1)/2].Add(sums[n/2]), den.Mul(exact.Int(2)), places)
}

// impliedBy returns the total of which closed is a share, nil if it implies none.
func impliedBy(closed exact.Num, share decimal.Decimal, places int32) *decimal.Decimal {
	if closed.Sign() <= 0 || share.Sign() <= 0 {
		return nil
	}
	total := rounded(closed, exact.From(share), places)
	return &total
}
