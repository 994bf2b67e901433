package forecast

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Linearity says how evenly the bookings of a period came in. The word is used for several figures; each has a field.
//
// The straight line is the course on which every day brings the same. The course of the bookings is followed from day to
// day; between the end of one day and that of the next it is taken as straight.
type Linearity struct {
	// Total is the sum of the bookings of the period.
	Total decimal.Decimal `json:"total"`
	// Parts are the shares of Total that came in each of the equal parts of the period, rounded to 6 decimals so that they
	// sum to exactly 1. In a linear quarter the thirds are about 0.333333 each; in one with a hockey stick the last is large. A
	// part that ends inside a day gets that day in proportion, as in [Rhythm].
	Parts []decimal.Decimal `json:"parts"`
	// BackLoad is the mean distance of the straight line above the course of the bookings, the area between them, as a share
	// of Total: positive when business comes late, 0 when it is linear, nearly 0.5 when all of it comes on the last day,
	// nearly -0.5 when all comes on the first. It equals the mean elapsed share at which a dollar is booked less 0.5. Rounded
	// to 6 decimals.
	BackLoad decimal.Decimal `json:"backLoad"`
	// Gap is the course of the bookings less the straight line where they are farthest apart at the end of a day, as a share
	// of Total: -0.3 when at the worst moment 30 % of the total was still to come that a straight line would have had. The
	// first such day counts when there are several. Rounded to 6 decimals.
	Gap decimal.Decimal `json:"gap"`
	// GapAt is the elapsed share of the period at that day's end, rounded to 6 decimals.
	GapAt decimal.Decimal `json:"gapAt"`
}

// maxParts bounds the parts of a period.
const maxParts = 1000

// MeasureLinearity returns the linearity of the bookings of one period; those outside are left out. Parts is the number of
// equal parts to cut the period into: 3 for something close to the months of a quarter. It takes O(n log n) for n bookings,
// whatever the length of the period.
//
// MeasureLinearity returns an error if:
//   - a booking has no date, a number is out of bounds, or the calendar of the days has a fault ([ErrInput])
//   - the period is open at an end, or holds no day that counts ([ErrInput])
//   - parts is not between 1 and 1,000 ([ErrInput])
//   - the bookings of the period do not sum to more than 0 ([ErrUndefined])
func MeasureLinearity(bookings []Booking, p salesops.Period, parts int, days DayCount) (Linearity, error) {
	var f faults
	c := f.courses(bookings, nil, days, p)[0]
	if parts < 1 || parts > maxParts {
		f.add(ErrInput, "", "parts", strconv.Itoa(parts), "must be between 1 and "+strconv.Itoa(maxParts))
	}
	if err := f.err(); err != nil {
		return Linearity{}, err
	}
	if c.total.Sign() <= 0 {
		return Linearity{}, undefinedBy("bookings", c.total.Decimal(), "is their sum; shares need one above 0")
	}
	out := Linearity{Total: c.total.Decimal(), Parts: c.parts(parts)}
	c.distances(&out)
	return out, nil
}

// parts returns the shares of the equal parts of the course.
func (c *course) parts(n int) []decimal.Decimal {
	den := exact.Int(int64(n))
	lines := make([]exact.Num, n)
	var before exact.Num
	for i := range lines {
		booked := c.at(exact.Int(int64(i+1)), den)
		lines[i] = booked.Sub(before)
		before = booked
	}
	// 1 is the sum of the lines over den × total, so that no error is possible.
	_ = exact.Spread(lines, den.Mul(c.total), exact.Int(1), ratioPlaces, lines)
	out := make([]decimal.Decimal, n)
	for i, v := range lines {
		out[i] = v.Decimal()
	}
	return out
}

// distances compares the course with the straight line. Distances are counted in units of 1 / (length × total).
func (c *course) distances(out *Linearity) {
	var area, gap, booked exact.Num // area: of the straight line above the course
	gapDay := 0
	look := func(day int) exact.Num {
		above := booked.Mul(exact.Int(int64(c.length))).Sub(c.total.Mul(exact.Int(int64(day))))
		if above.Abs().Cmp(gap.Abs()) > 0 {
			gap, gapDay = above, day
		}
		return above
	}
	day := 0
	// flat walks from day to the day before the next step: nothing is booked there, so that the distance changes evenly.
	flat := func(until int) {
		if until <= day {
			return
		}
		first, last := look(day+1), look(until)
		area = area.Sub(first.Add(last).Mul(exact.Int(int64(until - day))))
		day = until
	}
	for _, s := range c.steps {
		flat(s.day - 1)
		booked = s.until
		area = area.Sub(look(s.day).Mul(exact.Int(2)))
		day = s.day
	}
	flat(c.length)
	length := exact.Int(int64(c.length))
	whole := c.total.Mul(length)
	out.BackLoad = quotient(area, whole.Mul(length).Mul(exact.Int(2)))
	out.Gap = quotient(gap, whole)
	out.GapAt = quotient(exact.Int(int64(gapDay)), length)
}
