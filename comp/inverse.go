package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Inverse answers "how much must I sell to earn this": it returns the least
// x ≥ 0, among the multiples of 10^-places, whose pay is at least pay. It is
// exact: the curve is linear between its bounds, so the answer is read off, not
// searched for. ok is false when the curve never pays as much, or when places is
// beyond ±18. Where a falling curve reaches pay more than once, the least x
// counts. It takes O(len(Bands)).
func (c Curve) Inverse(pay decimal.Decimal, places int32) (x decimal.Decimal, ok bool) {
	if places < -18 || places > 18 || !exact.Bounded(pay) {
		return decimal.Decimal{}, false
	}
	want := num(pay)
	for k := -1; k < len(c.Bands); k++ {
		if k < 0 && c.Mode.hasRates() {
			continue // the first band holds all below it
		}
		if x, ok := c.inverseIn(k, want, places); ok {
			return x.Decimal(), true
		}
	}
	return decimal.Decimal{}, false
}

// inverseIn looks for the answer inside band k; -1 is the stretch below the first.
func (c Curve) inverseIn(k int, want exact.Num, places int32) (x exact.Num, ok bool) {
	var first exact.Num
	if k >= 0 {
		first = c.gridFrom(k, places)
	}
	if first.Sign() < 0 {
		first = exact.Num{}
	}
	last, open := exact.Num{}, k == len(c.Bands)-1
	if !open {
		last = c.gridFrom(k+1, places).Sub(exact.New(1, -places))
		if last.Cmp(first) < 0 {
			return x, false
		}
	}
	base, rise, run := c.segment(k, first)
	if base.Cmp(want.Mul(run)) >= 0 {
		return first, true
	}
	if rise.Sign() <= 0 {
		return x, false
	}
	more, _ := exact.Quo(want.Mul(run).Sub(base), rise, places, exact.Down)
	x = first.Add(more)
	if base.Add(rise.Mul(more)).Cmp(want.Mul(run)) < 0 {
		x = x.Add(exact.New(1, -places))
	}
	return x, open || x.Cmp(last) <= 0
}

// gridFrom is the least multiple of 10^-places that belongs to band k.
func (c Curve) gridFrom(k int, places int32) exact.Num {
	from := num(c.Bands[k].From)
	x := from.Round(places, exact.Down)
	for !c.reached(x, from, k == 0) {
		x = x.Add(exact.New(1, -places))
	}
	return x
}

// segment gives band k as a line: pay at x is base/run, and it rises by
// rise/run for each unit from there.
func (c Curve) segment(k int, x exact.Num) (base, rise, run exact.Num) {
	one := exact.Int(1)
	switch {
	case k < 0:
		return exact.Num{}, exact.Num{}, one
	case c.Mode == Linear && k < len(c.Bands)-1 && num(c.Bands[k].From).Cmp(num(c.Bands[k+1].From)) != 0:
		lo, hi := c.Bands[k], c.Bands[k+1]
		from := num(lo.From)
		run = num(hi.From).Sub(from)
		rise = num(hi.Pay).Sub(num(lo.Pay))
		return num(lo.Pay).Mul(run).Add(rise.Mul(x.Sub(from))), rise, run
	case c.Mode.hasRates():
		rise = num(c.Bands[k].Rate)
	}
	base, _ = c.walk(x, decimal.Decimal{}, false)
	return base, rise, one
}
