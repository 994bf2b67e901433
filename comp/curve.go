package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Mode says how a [Curve] turns a position into pay. Every rate table of the
// field is one band table read in one of these five ways.
type Mode string

const (
	// Marginal pays each slice of the position at the rate of the band it lies
	// in, like income tax. Also called graduated, step (SAP), split (Oracle).
	Marginal Mode = "marginal"
	// Retroactive pays the whole position, from the first unit, at the rate of
	// the band reached. Also called volume, straight (SAP), highest rate
	// (Xactly). A variant that pays only from a threshold on is a Marginal
	// curve with a zero first band.
	Retroactive Mode = "retroactive"
	// Prospective pays each credit, whole, at the rate of the band that the
	// position has reached with it. It is the one mode in which the order of
	// credits changes the total; the order is date, then ID.
	Prospective Mode = "prospective"
	// Step pays the Pay of the band reached, and nothing below the first.
	Step Mode = "step"
	// Linear interpolates Pay between the Froms of neighbouring bands, pays
	// nothing below the first and the last Pay above the last. Two bands with
	// the same From make a jump.
	Linear Mode = "linear"
)

// Edge says to which band a position belongs that is exactly a band's From.
type Edge string

const (
	// At puts it in the band: reaching From is enough, [From, next). It is what
	// the empty Edge means.
	At Edge = "at"
	// Above puts it in the band before: From must be passed, (From, next]. A
	// first band From 0 holds 0 itself all the same.
	Above Edge = "above"
)

// Band is one row of a [Curve], told by its lower bound alone, so that bands
// can neither overlap nor leave a gap, and the last is open.
type Band struct {
	// ID names the band in explanations; it may be empty.
	ID string `json:"id,omitempty"`
	// From is the lower bound: attainment (1 is 100 %) when the component has a
	// quota, otherwise the measure itself. The Froms of a curve rise. The first
	// band of Marginal, Retroactive and Prospective is From 0 and holds all
	// below zero too, so that refunds past zero are paid back at its rate.
	From decimal.Decimal `json:"from"`
	// Rate is pay per unit of position: 0.1 is 10 %. Step and Linear do not use it.
	Rate decimal.Decimal `json:"rate,omitzero"`
	// Pay is the pay itself in Step and Linear. In the other modes it is a flat
	// sum, earned once, when the position reaches the band: in Marginal and
	// Prospective besides those of the bands before, in Retroactive instead of them.
	Pay decimal.Decimal `json:"pay,omitzero"`
}

// Curve is a cumulative pay function: the pay earned in all when the position
// stands at x. Its methods take any Curve and never panic; what is wrong with
// one is told by [Plan.Check]. A decimal out of bounds (exponent beyond ±18 or
// more than 36 digits), which Check reports, counts as 0. The zero Curve pays
// nothing.
type Curve struct {
	// Mode says how the bands are read.
	Mode Mode `json:"mode"`
	// Edge says to which band a position on a bound belongs; empty: At.
	Edge Edge `json:"edge,omitempty"`
	// Bands are the rows of the rate table, by rising From.
	Bands []Band `json:"bands"`
}

// Slice is the part of a position that lies in one band, and what it pays.
// The Pays of the slices of an answer add up to the answer.
type Slice struct {
	// Band is the index of the band in the Curve, ID its name.
	Band int    `json:"band"`
	ID   string `json:"id,omitempty"`
	// From and To bound the part of the position that Rate applies to.
	From decimal.Decimal `json:"from"`
	To   decimal.Decimal `json:"to"`
	Rate decimal.Decimal `json:"rate,omitzero"`
	// Flat is the part of Pay that does not come from Rate.
	Flat decimal.Decimal `json:"flat,omitzero"`
	Pay  decimal.Decimal `json:"pay"`
}

// quotientPlaces is how many decimal places a published quotient keeps when it
// does not end: interpolated pay, attainment, effective rates. Money is never
// computed from these roundings.
const quotientPlaces = 12

// Pay returns the cumulative pay at x, without the slices. It is exact, except
// that Linear pay between two bands is rounded half away from zero to 12
// decimal places when it does not end before. A Prospective curve is read as
// for one credit of x. It takes O(len(Bands)).
func (c Curve) Pay(x decimal.Decimal) decimal.Decimal {
	pay, _ := c.walk(num(x), x, false)
	return pay.Decimal()
}

// Func returns [Curve.Pay] as a function that has read the bands once, for pricing
// many positions on one curve. It keeps a copy of the curve and is safe for
// concurrent use. A call takes O(log len(Bands)).
func (c Curve) Func() func(x decimal.Decimal) decimal.Decimal {
	c.Bands = slices.Clone(c.Bands)
	for i := range c.Bands {
		b := &c.Bands[i]
		b.From, b.Rate, b.Pay = sane(b.From), sane(b.Rate), sane(b.Pay)
		if i > 0 && b.From.LessThan(c.Bands[i-1].From) {
			return c.Pay // not a curve that can be searched
		}
	}
	if len(c.Bands) == 0 || c.Mode.hasRates() && !c.Bands[0].From.IsZero() {
		return c.Pay
	}
	r := compile(&c, "").at(exact.Int(1))
	return func(x decimal.Decimal) decimal.Decimal {
		at := num(x)
		k := r.band(at, -1)
		if !r.mode.hasRates() {
			v, _ := exact.Quo(r.value(at, k), r.den, quotientPlaces, exact.HalfUp)
			return v.Decimal()
		}
		pay := r.flats(k)
		if r.mode == Marginal {
			return r.rated(at, k).Add(pay).Decimal()
		}
		return r.rate[max(k, 0)].Mul(at).Add(pay).Decimal()
	}
}

// At returns the cumulative pay at x, as [Curve.Pay] does, and the slices it is
// made of, in the order of the bands. Bands that were not reached have no slice.
func (c Curve) At(x decimal.Decimal) (pay decimal.Decimal, slices []Slice) {
	p, s := c.walk(num(x), x, true)
	return p.Decimal(), s
}

// Between returns what a move from x0 to x1 pays, At(x1) − At(x0), and its
// slices: in Marginal mode the parts of the move by band, in the others what
// was earned at x0, taken back, and what is earned at x1. A move downwards pays
// the negative of the move upwards.
func (c Curve) Between(x0, x1 decimal.Decimal) (pay decimal.Decimal, slices []Slice) {
	lo, hi := num(x0), num(x1)
	from, before := c.walk(lo, x0, true)
	to, after := c.walk(hi, x1, true)
	pay = to.Sub(from).Decimal()
	if c.Mode != Marginal {
		for _, s := range before {
			slices = append(slices, s.back())
		}
		return pay, append(slices, after...)
	}
	down := lo.Cmp(hi) > 0
	if down {
		before, after = after, before
	}
	for i, s := range after { // the higher end reaches all bands that the lower does
		if i < len(before) {
			was := &before[i]
			s.From = was.To
			s.Flat = num(s.Flat).Sub(num(was.Flat)).Decimal()
			s.Pay = num(s.Pay).Sub(num(was.Pay)).Decimal()
			if num(s.From).Cmp(num(s.To)) == 0 && s.Flat.IsZero() {
				continue
			}
		}
		if down {
			s = s.back()
			s.From, s.To = s.To, s.From
		}
		slices = append(slices, s)
	}
	return pay, slices
}

// EffectiveRate returns At(x)/x, the one rate that would pay the same at x,
// rounded half away from zero to 12 decimal places; ok is false at x = 0.
func (c Curve) EffectiveRate(x decimal.Decimal) (rate decimal.Decimal, ok bool) {
	pay, _ := c.walk(num(x), x, false)
	r, ok := exact.Quo(pay, num(x), quotientPlaces, exact.HalfUp)
	return r.Decimal(), ok
}

// num is exact.From for decimals that nobody has checked.
func num(d decimal.Decimal) exact.Num {
	n, _ := exact.Admit(d)
	return n
}

// sane is a decimal as it is, or 0 when it is out of bounds.
func sane(d decimal.Decimal) decimal.Decimal {
	if !exact.Bounded(d) {
		return decimal.Decimal{}
	}
	return d
}

// back is the slice taken back: the same part with the sign of its pay turned.
func (s Slice) back() Slice {
	s.Flat, s.Pay = s.Flat.Neg(), s.Pay.Neg()
	return s
}

// reached reports whether x is in the band that starts at from, or past it.
func (c Curve) reached(x, from exact.Num, first bool) bool {
	switch cmp := x.Cmp(from); {
	case cmp != 0:
		return cmp > 0
	case c.Edge == Above:
		return first && from.IsZero()
	default:
		return true
	}
}

// band returns the index of the band that holds x, -1 below the first.
func (c Curve) band(x exact.Num) int {
	k := len(c.Bands) - 1
	for k >= 0 && !c.reached(x, num(c.Bands[k].From), k == 0) {
		k--
	}
	return k
}

// hasRates reports whether the mode's bands carry rates, so that the first band
// goes on below zero.
func (m Mode) hasRates() bool {
	return m == Marginal || m == Retroactive || m == Prospective
}

// walk is the definition of a curve, written to be read: the calculator has a
// faster one (table.go) that is tested against this. It pays the position x,
// which is given as a decimal too, for the slices.
func (c *Curve) walk(x exact.Num, given decimal.Decimal, trace bool) (pay exact.Num, slices []Slice) {
	switch {
	case len(c.Bands) == 0:
		return pay, nil
	case c.Mode == Marginal:
		return c.walkMarginal(x, given, trace)
	}
	k := c.band(x)
	s := Slice{Band: max(k, 0), To: sane(given)}
	switch {
	case c.Mode.hasRates():
		b := &c.Bands[s.Band]
		var flat exact.Num
		for j := 0; j <= k; j++ {
			if j == k || c.Mode == Prospective {
				flat = flat.Add(num(c.Bands[j].Pay))
			}
		}
		pay = num(b.Rate).Mul(x).Add(flat)
		s.Rate, s.Flat = sane(b.Rate), flat.Decimal()
	case k < 0:
		return pay, nil
	case c.Mode == Linear && k+1 < len(c.Bands):
		lo, hi := &c.Bands[k], &c.Bands[k+1]
		from := num(lo.From)
		rise := num(hi.Pay).Sub(num(lo.Pay)).Mul(x.Sub(from))
		part, _ := exact.Quo(rise, num(hi.From).Sub(from), quotientPlaces, exact.HalfUp)
		pay = num(lo.Pay).Add(part)
		s.Flat = pay.Decimal()
	case c.Mode == Step, c.Mode == Linear:
		pay = num(c.Bands[k].Pay)
		s.Flat = pay.Decimal()
	}
	if trace {
		s.ID, s.Pay = c.Bands[s.Band].ID, pay.Decimal()
		slices = []Slice{s}
	}
	return pay, slices
}

// walkMarginal pays each band's slice of x at its rate.
func (c *Curve) walkMarginal(x exact.Num, given decimal.Decimal, trace bool) (pay exact.Num, slices []Slice) {
	if trace {
		slices = make([]Slice, 0, len(c.Bands))
	}
	var from exact.Num
	s := Slice{}
	for i := range c.Bands {
		b := &c.Bands[i]
		to, more := x, false
		s.To = given
		if trace {
			s.To = sane(given)
		}
		if i+1 < len(c.Bands) {
			if next := num(c.Bands[i+1].From); c.reached(x, next, false) {
				to, more = next, true
				if trace {
					s.To = sane(c.Bands[i+1].From)
				}
			}
		}
		part := num(b.Rate).Mul(to.Sub(from))
		s.Flat = decimal.Decimal{}
		if !b.Pay.IsZero() && (i > 0 || c.reached(x, num(b.From), true)) {
			part, s.Flat = part.Add(num(b.Pay)), sane(b.Pay)
		}
		pay = pay.Add(part)
		if trace {
			s.Band, s.ID, s.Rate, s.Pay = i, b.ID, sane(b.Rate), part.Decimal()
			slices = append(slices, s)
			s.From = s.To
		}
		if !more {
			break
		}
		from = to
	}
	return pay, slices
}
