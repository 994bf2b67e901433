package forecast

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// column is the part of a [Summary] that a deal is counted in.
type column int8

const (
	omitted column = iota
	pipeline
	bestCase
	mostLikely
	commit
	closed
	lost
	columns             // how many there are
	unknown column = -1 // the status or the category is none
)

// open reports whether the column holds open deals that are not omitted.
func (c column) open() bool { return pipeline <= c && c <= commit }

// column returns where the deal is counted, by its status first.
func (d *Deal) column() column {
	switch d.Status {
	case Won:
		return closed
	case Lost:
		return lost
	case "", Open:
		return d.Category.column()
	}
	return unknown
}

func (c Category) column() column {
	switch c {
	case "", InPipeline:
		return pipeline
	case BestCase:
		return bestCase
	case MostLikely:
		return mostLikely
	case Commit:
		return commit
	case Omitted:
		return omitted
	}
	return unknown
}

// Messages that several functions share.
const (
	outOfBounds    = "has an exponent beyond ±18 or more than 36 digits, written out"
	sumOutOfBounds = "has an exponent beyond ±36 or more than 96 digits"
	endsFirst      = "ends before it starts; an end is the day after the last"
)

// dealFaults collects the faults of a list of deals.
type dealFaults struct {
	faults
	path string // of the list
}

// bad tells of a field of a deal.
func (f *dealFaults) bad(i int, d *Deal, field, value, msg string) {
	f.add(ErrInput, d.ID, f.path+"/"+strconv.Itoa(i)+"/"+field, value, msg)
}

// unknown tells why a deal has no column.
func (f *dealFaults) unknown(i int, d *Deal) {
	switch d.Status {
	case "", Open:
		f.bad(i, d, "category", string(d.Category), `is not a category: use "omitted", "pipeline", "best case", "most likely" or "commit"`)
	default:
		f.bad(i, d, "status", string(d.Status), `is not a status: use "open", "won" or "lost"`)
	}
}

// within reports whether the deal closes in the period; the zero period holds every deal. A deal without a date is told of.
func (f *dealFaults) within(p salesops.Period, i int, d *Deal) bool {
	if d.Close.IsZero() && !p.IsZero() {
		f.bad(i, d, "close", "", "must be set to tell whether the deal closes in the period")
	}
	return p.IsZero() || p.Contains(d.Close)
}

// money is the currency of a sum, set by the first deal in it.
type money struct {
	currency string
	id       string
	set      bool
	mixed    bool // has been told of
}

// meet tells of the first deal in another currency.
func (f *dealFaults) meet(m *money, i int, d *Deal) {
	switch {
	case !m.set:
		m.currency, m.id, m.set = d.Currency, d.ID, true
	case m.currency != d.Currency && !m.mixed:
		m.mixed = true
		f.bad(i, d, "currency", d.Currency, "is not "+quoted(m.currency)+", the currency of deal "+quoted(m.id)+", with which it adds up; convert the deals to one currency first")
	}
}

// quoted is a text in an error.
func quoted(s string) string { return strconv.Quote(clip(s)) }

// shortened is a number as text for an error, none if it is out of bounds.
func shortened(d decimal.Decimal) string {
	if !exact.Bounded(d) {
		return ""
	}
	return d.StringFixed(max(0, -d.Exponent()))
}
