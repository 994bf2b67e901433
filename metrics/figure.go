package metrics

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// Figure is the value of a KPI with what is needed to believe it, or the reason why there is none.
type Figure struct {
	// KPI is which KPI it is: see [Define].
	KPI ID `json:"kpi"`
	// Value is the value, in the unit of the definition; nil if there is none. Where there are Parts it is their quotient, rounded
	// once.
	Value *float64 `json:"value"`
	// Parts are the exact numerator and denominator; of a sum the denominator is 1. nil if the KPI is no quotient, as a median is
	// none, or has no value.
	Parts *Ratio[decimal.Decimal] `json:"parts,omitempty"`
	// N is the number of observations: of deals, reps, leads, whatever the KPI is about.
	N int64 `json:"n"`
	// Interval is where the true value lies; nil if the data do not tell, or nothing is uncertain about the value.
	Interval *Interval `json:"interval,omitempty"`
	// Spread describes the values behind a mean, a median or another quantile; nil elsewhere.
	Spread *Spread `json:"spread,omitempty"`
	// Bands counts the values by bands; nil but for KPIs that are counted so.
	Bands []Band `json:"bands,omitempty"`
	// Currency is that of money; "" if there is no money in the value, or the data do not say.
	Currency string `json:"currency,omitempty"`
	// Reason says why there is no Value; "" if there is one.
	Reason string `json:"reason,omitempty"`
	// Notes say what a reader must know, such as how many deals were left out, and why.
	Notes []string `json:"notes,omitempty"`
}

// Spread is a set of values in a few numbers.
type Spread struct {
	// N is how many values there are, 1 or more.
	N int64 `json:"n"`
	// Mean is their mean.
	Mean float64 `json:"mean"`
	// SD is their standard deviation, with n-1; nil if there is one value.
	SD *float64 `json:"sd,omitempty"`
	// Min is the least.
	Min float64 `json:"min"`
	// P25 is the first quartile (type 7, as all quantiles here: see [QuantileType]).
	P25 float64 `json:"p25"`
	// Median is the second quartile.
	Median float64 `json:"median"`
	// P75 is the third quartile.
	P75 float64 `json:"p75"`
	// P90 is the value that one in ten exceeds.
	P90 float64 `json:"p90"`
	// Max is the greatest.
	Max float64 `json:"max"`
	// Error is how far the quantiles may be off, as a share of themselves; 0 if they are exact.
	Error float64 `json:"error,omitempty"`
}

// Band counts the values from one bound up to another.
type Band struct {
	// From is the least value in the band; nil for the lowest band, which has no lower bound.
	From *decimal.Decimal `json:"from,omitempty"`
	// To is the bound that values in the band are below; nil for the highest band, which has no upper bound.
	To *decimal.Decimal `json:"to,omitempty"`
	// Count is how many values there are.
	Count int64 `json:"count"`
}

// Float returns the value; ok is false if there is none.
func (f Figure) Float() (v float64, ok bool) {
	if f.Value == nil {
		return 0, false
	}
	return *f.Value, true
}

// Decimal returns the value rounded half away from zero to so many decimal places, from -18 to 18: once, from the exact Parts
// where there are any. ok is false if there is no value, or places is out of range.
func (f Figure) Decimal(places int32) (v decimal.Decimal, ok bool) {
	switch {
	case f.Value == nil || places < -18 || places > 18:
		return decimal.Decimal{}, false
	case f.Parts != nil:
		return f.Parts.Decimal(places)
	}
	n, ok := exact.FromFloat(*f.Value)
	return n.Round(places, exact.HalfUp).Fixed(max(places, 0)), ok
}

// String tells the figure in a line: "Win rate 63.2 % (95 % interval 62.0 % to 64.3 %), n = 6,711". It says "undefined" and why
// if there is no value.
func (f Figure) String() string {
	d, _ := Define(f.KPI)
	name := d.Name
	if name == "" {
		name = string(f.KPI)
	}
	if f.Value == nil {
		return name + ": undefined: " + f.Reason
	}
	var s strings.Builder
	s.WriteString(name + " " + f.ValueText())
	if f.Interval != nil {
		s.WriteString(" (" + f.IntervalText() + ")")
	}
	if f.N > 0 {
		s.WriteString(", n = " + grouped(strconv.FormatInt(f.N, 10)))
	}
	for _, n := range f.Notes {
		s.WriteString("; " + n)
	}
	return s.String()
}

// ValueText returns the value in its unit, "63.2 %", or "undefined".
func (f Figure) ValueText() string {
	if f.Value == nil {
		return "undefined"
	}
	d, _ := Define(f.KPI)
	return f.text(d.Unit, *f.Value)
}

// IntervalText returns the interval in the unit of the value, "62.0 % to 64.3 %", or "" if there is none.
func (f Figure) IntervalText() string {
	if f.Interval == nil {
		return ""
	}
	d, _ := Define(f.KPI)
	return f.text(d.Unit, f.Interval.Low) + " to " + f.text(d.Unit, f.Interval.High)
}

// signed writes a difference of values with its sign, that of shares in percentage points.
func (f Figure) signed(u Unit, v float64) string {
	sign := "+"
	if v < 0 {
		sign, v = "-", -v
	}
	if u == UnitShare {
		v *= 100
		return sign + strconv.FormatFloat(v, 'f', 1, 64) + " points"
	}
	return sign + f.text(u, v)
}

// text writes a value in its unit.
func (f Figure) text(u Unit, v float64) string {
	fixed := func(places int) string { return grouped(strconv.FormatFloat(v, 'f', places, 64)) }
	money := func() string {
		if f.Currency != "" {
			return fixed(2) + " " + f.Currency
		}
		return fixed(2)
	}
	switch u {
	case UnitShare:
		v *= 100
		return fixed(1) + " %"
	case UnitTimes:
		return fixed(2) + "×"
	case UnitCount:
		return fixed(0)
	case UnitMoney:
		return money()
	case UnitMoneyPerDay:
		return money() + " a day"
	case UnitMoneyPerRep:
		return money() + " a rep"
	case UnitMoneyPerYear:
		return money() + " a year"
	case UnitPerRepDay:
		return fixed(2) + " a rep and day"
	case UnitIndex:
		return fixed(3)
	default:
		return fixed(1) + " " + string(u)
	}
}

// grouped puts commas between the thousands of a number.
func grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, found := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return sign + whole
}

// plainFigure is a Figure without its methods.
type plainFigure Figure

// UnmarshalJSON reads what json.Marshal makes of a figure; null changes nothing. It returns an error ([ErrEncoding]), and changes
// nothing, if the text has other fields, or has neither a value nor a reason, or both.
func (f *Figure) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in plainFigure
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("figure", err)
	}
	if (in.Value == nil) == (in.Reason == "") {
		return &Error{ID: string(in.KPI), Path: "figure", Msg: "must have a value or a reason, and not both", Err: ErrEncoding}
	}
	*f = Figure(in)
	return nil
}

// decimalRatio is the ratio of exact figures.
type decimalRatio = Ratio[decimal.Decimal]

// valueOf is the figure of an estimate, undefined if it is not a finite number.
func valueOf(id ID, v float64, n int64) Figure {
	if v-v != 0 { // NaN and the infinities
		return noValue(id, n, "it is beyond the numbers")
	}
	return Figure{KPI: id, Value: &v, N: n}
}

// noValue is the figure of a KPI that has no value, and why.
func noValue(id ID, n int64, reason string) Figure { return Figure{KPI: id, N: n, Reason: reason} }

// quotient is the figure num / den; it has no value, for the reason given, if den is not above 0.
func quotient(id ID, num, den exact.Num, n int64, reason string) Figure {
	if den.Sign() <= 0 {
		return noValue(id, n, reason)
	}
	v, _ := exact.QuoFloat(num, den)
	f := valueOf(id, v, n)
	parts := decimalRatio{num.Decimal(), den.Decimal()}
	if _, _, ok := parts.parts(); ok && f.Value != nil { // else they are longer than a Ratio holds, as products may be
		f.Parts = &parts
	}
	return f
}

// shareOf is the figure of a share of counts with its Wilson interval; it has no value, for the reason given, if den is 0.
func shareOf(id ID, num, den int64, level float64, reason string) Figure {
	f := quotient(id, exact.Int(num), exact.Int(den), den, reason)
	if i, ok := Wilson(Ratio[int64]{num, den}, level); ok {
		f.Interval = &i
	}
	return f
}

// sumFigure is the figure of a sum.
func sumFigure(id ID, sum exact.Num, n int64) Figure { return quotient(id, sum, exact.Int(1), n, "") }

// in tells the currency of a figure.
func (f Figure) in(currency string) Figure {
	f.Currency = currency
	return f
}

// note adds what a reader must know, unless it is nothing.
func (f Figure) note(text string) Figure {
	if text != "" {
		f.Notes = append(f.Notes, text)
	}
	return f
}
