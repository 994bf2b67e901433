package metrics

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// maxLinearity bounds the sub-periods of a [Linearity].
const maxLinearity = 1000

// Linearity is how the bookings of a period spread over its sub-periods, such as the months or the weeks of a quarter: whether
// business comes in evenly, or all of it at the end. [NewLinearity] makes one. The zero value is the identity of
// [Linearity.Merge], but has no sub-periods, and so nothing can be added to it.
//
// The word has several readings, each with its own figure: the share of the last sub-period, the index of evenness, and the
// Gini coefficient. (MeasureLinearity of package forecast has two more, which follow the bookings from day to day: the back
// load, and the gap to the straight line.)
//
// A Linearity must not be copied once in use, nor used from several goroutines while one of them changes it.
type Linearity struct {
	currency string
	start    salesops.Date
	parts    []linearityPart
	n        int64 // bookings
}

// linearityPart is a sub-period, which begins where the one before ends.
type linearityPart struct {
	end   salesops.Date
	tally Part
}

// NewLinearity returns the linearity of no bookings, in the sub-periods that the units of a calendar make of the period p:
// [salesops.Month] for the months of a quarter. Those at the edges are clipped to p, as weeks of a quarter often are; see
// [Linearity.IndexByDays].
//
// NewLinearity returns an error ([ErrInput]) if:
//   - the calendar has a fault, or u is not a unit
//   - p is empty, or open at an end
//   - there are more than 1,000 sub-periods
func NewLinearity(cal salesops.Calendar, u salesops.Unit, p salesops.Period) (*Linearity, error) {
	var f faults
	if err := cal.Check(); err != nil {
		f.add(ErrInput, "", "calendar", "", "has a fault: "+err.Error())
	}
	if !u.Valid() {
		f.add(ErrInput, "", "unit", string(u), "is not a unit: use salesops.Week, Month, Quarter, Half or Year")
	}
	f.span("period", p)
	if err := f.err(); err != nil {
		return nil, err
	}
	var tiles []salesops.Period
	if days, _ := p.Days(); days <= 366*maxLinearity { // else it takes no memory
		tiles = cal.Tile(u, p)
	}
	if len(tiles) == 0 || len(tiles) > maxLinearity {
		f.add(ErrInput, "", "period", p.String(), "must have no more than "+strconv.Itoa(maxLinearity)+" sub-periods")
		return nil, f.err()
	}
	l := &Linearity{start: p.Start, parts: make([]linearityPart, len(tiles))}
	for i, t := range tiles {
		l.parts[i].end = t.End
	}
	return l, nil
}

// Add counts a booking. A refund is a booking with a negative amount.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - l was not made by [NewLinearity]
//   - the day is outside the period
//   - the amount is out of bounds, or makes a sum of more than 64 digits
//   - the currency is not that of the bookings before, or not valid UTF-8
func (l *Linearity) Add(on salesops.Date, amount decimal.Decimal, currency string) error {
	var f faults
	if len(l.parts) == 0 {
		f.add(ErrInput, "", "linearity", "", "has no sub-periods: make it by NewLinearity")
		return f.err()
	}
	i, _ := slices.BinarySearchFunc(l.parts, on, func(p linearityPart, on salesops.Date) int {
		if on.Before(p.end) {
			return 1
		}
		return -1
	})
	if on.Before(l.start) || i == len(l.parts) {
		f.add(ErrInput, "", "on", on.String(), "is not a day of "+l.period().String())
	}
	n, _ := f.amount("", "amount", amount)
	if l.n > 0 && currency != l.currency {
		f.add(ErrInput, "", "currency", currency, otherCurrency(l.currency))
	}
	if !utf8.ValidString(currency) {
		f.add(ErrInput, "", "currency", currency, "must be valid UTF-8, as JSON holds no other")
	}
	if err := f.err(); err != nil {
		return err
	}
	t := &l.parts[i].tally
	sum := exact.From(t.Amount).Add(n).Decimal()
	if _, ok := admitSum(sum); !ok || !addCount(&l.n, 1) {
		return &Error{Path: "linearity", Msg: "gets too large: a sum of 64 digits or 2^63-1 bookings at most", Err: ErrInput}
	}
	t.Count++
	t.Amount = sum
	l.currency = currency
	return nil
}

// Merge adds the bookings of o, which stays as it is. nil is empty; l may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the sub-periods of l and o differ, unless one is the zero value
//   - both have bookings, and their currencies differ
//   - there are more than 2^63-1 bookings, or a sum has more than 64 digits
func (l *Linearity) Merge(o *Linearity) error {
	if o == nil || len(o.parts) == 0 {
		return nil
	}
	if len(l.parts) == 0 {
		*l = Linearity{o.currency, o.start, slices.Clone(o.parts), o.n}
		return nil
	}
	if err := l.matches(o); err != nil {
		return err
	}
	n, parts := l.n, slices.Clone(l.parts)
	if !addCount(&n, o.n) {
		return errTooMany("bookings")
	}
	for i := range parts {
		t := &parts[i].tally
		t.Count += o.parts[i].tally.Count
		t.Amount = exact.From(t.Amount).Add(exact.From(o.parts[i].tally.Amount)).Decimal()
		if _, ok := admitSum(t.Amount); !ok {
			return &Error{Path: "linearity", Msg: "has a sum of more than 64 digits", Err: ErrMismatch}
		}
	}
	if l.n == 0 {
		l.currency = o.currency
	}
	l.n, l.parts = n, parts
	return nil
}

// Sub takes the bookings of o away again, which stays as it is: the inverse of [Linearity.Merge], but that the sub-periods
// remain. nil is empty; l may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if the sub-periods or the currencies differ, or l does not hold the
// bookings of o.
func (l *Linearity) Sub(o *Linearity) error {
	if o == nil || o.n == 0 {
		return nil
	}
	if err := l.matches(o); err != nil {
		return err
	}
	parts := slices.Clone(l.parts)
	for i := range parts {
		t := &parts[i].tally
		t.Count -= o.parts[i].tally.Count
		t.Amount = exact.From(t.Amount).Sub(exact.From(o.parts[i].tally.Amount)).Decimal()
		if _, ok := admitSum(t.Amount); !ok || t.Count < 0 || t.Count == 0 && !t.Amount.IsZero() {
			return errNotHeld("bookings")
		}
	}
	l.n, l.parts = l.n-o.n, parts
	if l.n == 0 {
		l.currency = ""
	}
	return nil
}

// matches checks that l and o have the same sub-periods and currency.
func (l *Linearity) matches(o *Linearity) error {
	same := func(p, q linearityPart) bool { return p.end == q.end }
	if l.start != o.start || !slices.EqualFunc(l.parts, o.parts, same) {
		return &Error{Path: "period", Value: o.period().String(), Msg: "is not " + quoted(l.period().String()) +
			", or has other sub-periods", Err: ErrMismatch}
	}
	if l.n > 0 && o.n > 0 && l.currency != o.currency {
		return &Error{Path: "currency", Value: o.currency, Msg: otherCurrency(l.currency), Err: ErrMismatch}
	}
	return nil
}

// period is the whole.
func (l *Linearity) period() salesops.Period {
	p := salesops.Period{Start: l.start}
	if n := len(l.parts); n > 0 {
		p.End = l.parts[n-1].end
	}
	return p
}

// PeriodShare is what one sub-period brought.
type PeriodShare struct {
	// Period is the sub-period.
	Period salesops.Period `json:"period"`
	// Count is how many bookings there were in it.
	Count int64 `json:"count"`
	// Share is its part of the whole, as the bookings of the sub-period over those of the period. It may be negative, or
	// exceed 1, where there were refunds.
	Share Ratio[decimal.Decimal] `json:"share"`
}

// Shares returns the sub-periods in order, with exact shares that sum to 1: their numerators sum to the denominator that they
// have in common. It returns nil if the bookings do not sum to more than 0, as then there are no shares.
func (l *Linearity) Shares() []PeriodShare {
	total := l.total()
	if total.Sign() <= 0 {
		return nil
	}
	out := make([]PeriodShare, len(l.parts))
	from := l.start
	for i, p := range l.parts {
		out[i] = PeriodShare{
			Period: salesops.Period{Start: from, End: p.end},
			Count:  p.tally.Count,
			Share:  decimalRatio{exact.From(p.tally.Amount).Decimal(), total.Decimal()},
		}
		from = p.end
	}
	return out
}

// LastShare returns the share of the last sub-period: above 0.5 for the last month of a quarter, most call it a hockey stick.
func (l *Linearity) LastShare() Figure {
	var last exact.Num
	if n := len(l.parts); n > 0 {
		last = exact.From(l.parts[n-1].tally.Amount)
	}
	return quotient(LinearityLastShare, last, l.total(), l.n, l.reason())
}

// Index returns the index of evenness, 1 - ½ Σ |share - 1/m| over the m sub-periods: the part of the bookings that need not be
// moved to another sub-period to make all equal. It is 1 if all brought the same and 1/m if one brought everything; with refunds
// it may be less.
func (l *Linearity) Index() Figure {
	m := exact.Int(int64(len(l.parts)))
	one := func(int) exact.Num { return exact.Int(1) }
	return l.index(LinearityIndex, m, one)
}

// IndexByDays returns the index of evenness with the share of the days of each sub-period in place of 1/m, as befits months of
// 28 to 31 days, or weeks clipped at the edges of a quarter.
func (l *Linearity) IndexByDays() Figure {
	days, _ := l.period().Days()
	return l.index(LinearityIndexDays, exact.Int(int64(days)), func(i int) exact.Num {
		from := l.start
		if i > 0 {
			from = l.parts[i-1].end
		}
		return exact.Int(int64(l.parts[i].end.DaysSince(from)))
	})
}

// index is 1 - ½ Σ |x/T - w/W| = (2TW - Σ |xW - wT|) / 2TW.
func (l *Linearity) index(id ID, weights exact.Num, weight func(i int) exact.Num) Figure {
	total := l.total()
	den := exact.Int(2).Mul(total).Mul(weights)
	num := den
	for i, p := range l.parts {
		num = num.Sub(exact.From(p.tally.Amount).Mul(weights).Sub(weight(i).Mul(total)).Abs())
	}
	return quotient(id, num, den, l.n, l.reason())
}

// Gini returns the Gini coefficient of the sub-periods: half the mean difference of two of them over their mean. It is 0 if all
// brought the same, and 1 - 1/m if one of m brought everything. It has no value if one of them is negative. It takes
// O(m log m) time.
func (l *Linearity) Gini() Figure {
	sums := make([]exact.Num, len(l.parts))
	for i, p := range l.parts {
		if sums[i] = exact.From(p.tally.Amount); sums[i].Sign() < 0 {
			return noValue(LinearityGini, l.n, "refunds exceed bookings in a sub-period")
		}
	}
	slices.SortFunc(sums, exact.Num.Cmp)
	m := int64(len(sums))
	var num exact.Num
	for i, x := range sums {
		num = num.Add(exact.Int(2*int64(i) + 1 - m).Mul(x))
	}
	return quotient(LinearityGini, num, exact.Int(m).Mul(l.total()), l.n, l.reason())
}

// total is the sum of all bookings.
func (l *Linearity) total() exact.Num {
	var sum exact.Num
	for _, p := range l.parts {
		sum = sum.Add(exact.From(p.tally.Amount))
	}
	return sum
}

// reason is why there are no shares, if so.
func (l *Linearity) reason() string {
	if l.n == 0 {
		return "there is no booking"
	}
	return "the bookings do not sum to more than 0"
}
