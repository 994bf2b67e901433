package comp_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// Laws of curves, and of what a window earns by one. The oracle is a reading of
// the curve in rational numbers, written without a look at the package's own.

func rat(v decimal.Decimal) *big.Rat { return v.Rat() }

func ratOf(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func over(a, b *big.Rat) *big.Rat  { return new(big.Rat).Quo(a, b) }

// ratCurve is a curve whose Froms are multiplied by a quota.
type ratCurve struct {
	comp.Curve
	quota *big.Rat
}

func (c ratCurve) from(k int) *big.Rat { return times(rat(c.Bands[k].From), c.quota) }

// band is the highest band that x reaches, -1 for none.
func (c ratCurve) band(x *big.Rat) int {
	found := -1
	for k := range c.Bands {
		cmp := x.Cmp(c.from(k))
		if cmp > 0 || cmp == 0 && (c.Edge != comp.Above || k == 0 && x.Sign() == 0) {
			found = k
		}
	}
	return found
}

// rates is what the rates pay at x; x counts in units of the measure, the rates
// are per unit.
func (c ratCurve) rates(x *big.Rat) *big.Rat {
	k := max(c.band(x), 0)
	if c.Mode != comp.Marginal {
		return times(rat(c.Bands[k].Rate), x)
	}
	sum := ratOf(0)
	for i := range k {
		sum = plus(sum, times(rat(c.Bands[i].Rate), minus(c.from(i+1), c.from(i))))
	}
	return plus(sum, times(rat(c.Bands[k].Rate), minus(x, c.from(k))))
}

// flats are the flat sums at x.
func (c ratCurve) flats(x *big.Rat) *big.Rat {
	k, sum := c.band(x), ratOf(0)
	for i := 0; i <= k; i++ {
		if i == k || c.Mode != comp.Retroactive {
			sum = plus(sum, rat(c.Bands[i].Pay))
		}
	}
	return sum
}

// value is the value of a Step or Linear curve at x.
func (c ratCurve) value(x *big.Rat) *big.Rat {
	k := c.band(x)
	switch {
	case k < 0:
		return ratOf(0)
	case c.Mode == comp.Step || k == len(c.Bands)-1 || x.Cmp(c.from(k)) == 0:
		return rat(c.Bands[k].Pay)
	}
	rise := minus(rat(c.Bands[k+1].Pay), rat(c.Bands[k].Pay))
	return plus(rat(c.Bands[k].Pay), times(rise, over(minus(x, c.from(k)), minus(c.from(k+1), c.from(k)))))
}

// pay is the cumulative pay of any mode, for one credit of x.
func (c ratCurve) pay(x *big.Rat) *big.Rat {
	if rated(c.Mode) {
		return plus(c.rates(x), c.flats(x))
	}
	return c.value(x)
}

var one = decimal.New(1, 0)

func exactly(c comp.Curve) ratCurve { return ratCurve{c, ratOf(1)} }

// position draws where a curve over amounts may stand, bounds among them.
func drawPosition(t *rapid.T, label string, c comp.Curve) decimal.Decimal {
	if chance(t, label+" at a bound", 3) {
		return pick(t, label+" bound", c.Bands...).From
	}
	return number(t, label, -500, 3000, 4)
}

func TestLaw00_curvesPayWhatTheirDefinitionSays(t *testing.T) { rapid.Check(t, lawDefinition) }

// Pay, At and EffectiveRate are those of the definition, and slices add up.
func lawDefinition(t *rapid.T) {
	c := amountCurve(t, "curve", false, true, allModes...)
	x := drawPosition(t, "x", c)
	want := exactly(c).pay(rat(x))
	pay, slices := c.At(x)
	if price := c.Func(); !pay.Equal(c.Pay(x)) || !price(x).Equal(pay) {
		t.Fatalf("At(%s) pays %s, Pay %s, Func %s", text(x), text(pay), text(c.Pay(x)), text(price(x)))
	}
	if off := minus(rat(pay), want); c.Mode != comp.Linear && off.Sign() != 0 || off.Abs(off).Cmp(big.NewRat(1, 1e12)) >= 0 {
		t.Fatalf("pay at %s is %s, want %s", text(x), text(pay), want.FloatString(14))
	}
	var sum decimal.Decimal
	for _, s := range slices {
		sum = sum.Add(s.Pay)
	}
	if !sum.Equal(pay) {
		t.Fatalf("slices of %s sum to %s, want %s", text(x), text(sum), text(pay))
	}
	rate, ok := c.EffectiveRate(x)
	if ok == x.IsZero() {
		t.Fatalf("effective rate at %s: ok is %t", text(x), ok)
	}
	if ok && minus(times(rat(rate), rat(x)), rat(pay)).Cmp(big.NewRat(1, 1e6)) > 0 {
		t.Fatalf("effective rate %s at %s does not pay %s", text(rate), text(x), text(pay))
	}
}

func TestLaw01_marginalNeverFalls(t *testing.T) { rapid.Check(t, lawMonotone) }

// With rates that are not negative more pays at least as much, and without flat
// sums it does not jump.
func lawMonotone(t *rapid.T) {
	c := amountCurve(t, "curve", true, rapid.Bool().Draw(t, "flats"), comp.Marginal)
	x := drawPosition(t, "x", c)
	y := x.Add(number(t, "more", 0, 1500, 4))
	if c.Pay(x).GreaterThan(c.Pay(y)) {
		t.Fatalf("%s pays %s, %s pays %s", text(x), text(c.Pay(x)), text(y), text(c.Pay(y)))
	}
	for i := range c.Bands {
		c.Bands[i].Pay = decimal.Decimal{}
	}
	most := c.Bands[len(c.Bands)-1].Rate // the rates rise
	if rise := c.Pay(y).Sub(c.Pay(x)); rise.GreaterThan(most.Mul(y.Sub(x))) {
		t.Fatalf("from %s to %s pay rises by %s, more than at the highest rate", text(x), text(y), text(rise))
	}
}

func TestLaw02_movesAddUp(t *testing.T) { rapid.Check(t, lawAdditive) }

// E(a→c) = E(a→b) + E(b→c), in any direction, and slices add up to their move.
func lawAdditive(t *rapid.T) {
	curve := amountCurve(t, "curve", false, true, comp.Marginal, comp.Retroactive, comp.Step, comp.Linear)
	a, b, c := drawPosition(t, "a", curve), drawPosition(t, "b", curve), drawPosition(t, "c", curve)
	move := func(from, to decimal.Decimal) decimal.Decimal {
		pay, slices := curve.Between(from, to)
		var sum decimal.Decimal
		for _, s := range slices {
			sum = sum.Add(s.Pay)
		}
		if !sum.Equal(pay) {
			t.Fatalf("slices from %s to %s sum to %s, want %s", text(from), text(to), text(sum), text(pay))
		}
		if want := curve.Pay(to).Sub(curve.Pay(from)); !pay.Equal(want) {
			t.Fatalf("from %s to %s pays %s, want %s", text(from), text(to), text(pay), text(want))
		}
		return pay
	}
	if got, want := move(a, b).Add(move(b, c)), move(a, c); !got.Equal(want) {
		t.Fatalf("%s → %s → %s pays %s, directly %s", text(a), text(b), text(c), text(got), text(want))
	}
	if got := move(b, a).Neg(); !got.Equal(move(a, b)) {
		t.Fatalf("%s → %s pays %s, back %s", text(a), text(b), text(move(a, b)), text(got.Neg()))
	}
}

func TestLaw04_retroactiveAgainstMarginal(t *testing.T) { rapid.Check(t, lawRetroactive) }

// With rates that rise, retroactive pays at least what marginal does, the same
// inside the first band; it falls somewhere if, and only if, the rates do.
func lawRetroactive(t *rapid.T) {
	retro := amountCurve(t, "curve", true, false, comp.Retroactive)
	marginal := retro
	marginal.Mode = comp.Marginal
	x := number(t, "x", 0, 3000, 4)
	r, m := retro.Pay(x), marginal.Pay(x)
	if r.LessThan(m) {
		t.Fatalf("at %s retroactive pays %s, marginal %s", text(x), text(r), text(m))
	}
	if first := exactly(retro).band(rat(x)) <= 0; first && !r.Equal(m) {
		t.Fatalf("in the first band, at %s, retroactive pays %s, marginal %s", text(x), text(r), text(m))
	}
	y := x.Add(number(t, "more", 0, 1500, 4))
	if retro.Pay(y).LessThan(r) {
		t.Fatalf("rates rise, but %s pays %s and %s pays %s", text(x), text(r), text(y), text(retro.Pay(y)))
	}
	falling := retro
	last := retro.Bands[len(retro.Bands)-1]
	falling.Bands = append(append([]comp.Band(nil), retro.Bands...), comp.Band{From: last.From.Add(one), Rate: last.Rate.Sub(d("0.01"))})
	at := falling.Bands[len(retro.Bands)].From
	before, past := at.Sub(d("0.000001")), at.Add(d("0.000001"))
	if !falling.Pay(past).LessThan(falling.Pay(before)) {
		t.Fatalf("the rate falls at %s, but %s pays %s and %s pays %s", text(at), text(before), text(falling.Pay(before)), text(past), text(falling.Pay(past)))
	}
}

func TestLaw05_aBoundWithTheSameRateChangesNothing(t *testing.T) { rapid.Check(t, lawRefinement) }

// Splitting a band in two with the same rate changes no pay.
func lawRefinement(t *rapid.T) {
	c := amountCurve(t, "curve", false, true, comp.Marginal, comp.Retroactive, comp.Prospective)
	k := rapid.IntRange(0, len(c.Bands)-1).Draw(t, "band")
	b := c.Bands[k]
	half := comp.Band{From: b.From.Add(d("100")), Rate: b.Rate}
	if c.Mode == comp.Retroactive {
		half.Pay = b.Pay // the band's own flat sum, instead of those before
	}
	if k+1 < len(c.Bands) {
		half.From = b.From.Add(c.Bands[k+1].From).Mul(d("0.5"))
	}
	fine := c
	fine.Bands = append(append(append([]comp.Band(nil), c.Bands[:k+1]...), half), c.Bands[k+1:]...)
	for _, x := range []decimal.Decimal{drawPosition(t, "x", c), half.From} {
		if !c.Pay(x).Equal(fine.Pay(x)) {
			t.Fatalf("at %s: %s, with a bound more at %s: %s", text(x), text(c.Pay(x)), text(half.From), text(fine.Pay(x)))
		}
	}
}

func TestLaw06_scale(t *testing.T) { rapid.Check(t, lawHomogeneous) }

// Bounds, flat sums and position times k make pay times k.
func lawHomogeneous(t *rapid.T) {
	c := amountCurve(t, "curve", false, true, comp.Marginal, comp.Retroactive, comp.Prospective, comp.Step)
	x, k := drawPosition(t, "x", c), number(t, "k", 1, 20, 2)
	scaled := c
	scaled.Bands = nil
	for _, b := range c.Bands {
		scaled.Bands = append(scaled.Bands, comp.Band{From: b.From.Mul(k), Rate: b.Rate, Pay: b.Pay.Mul(k)})
	}
	if got, want := scaled.Pay(x.Mul(k)), c.Pay(x).Mul(k); !got.Equal(want) {
		t.Fatalf("%s times as much of %s pays %s, want %s", text(k), text(x), text(got), text(want))
	}
}

func TestLaw06_attainmentAxis(t *testing.T) { rapid.Check(t, lawAxis) }

// Bands told in attainment pay like bands told in money, From × quota.
func lawAxis(t *rapid.T) {
	w := drawWorld(t, wanted{one: true, plain: true, early: true, claw: true})
	k := &w.plan.Components[0]
	k.Measure.Reset, k.Measure.Quota, k.Measure.ToDate, k.Measure.Score = comp.PerPlan, "q", false, ""
	k.Pays, k.Grid, k.Limits, k.Span = "", nil, nil, salesops.Period{}
	quota := number(t, "quota", 100, 5000, 2)
	w.payee.Terms[0].Quotas = map[string]comp.Goal{"q": {Amount: quota}}
	c := drawCurve(t, "in attainment", curveShape{modes: allModes, x: d("0.5"), rate: d("0.1"), pay: d("0.1"), flat: d("50")})
	k.Curve = &c
	by := *w
	by.plan = rewritten(t, w.plan)
	by.plan.Components[0].Measure.Quota = ""
	for i := range c.Bands {
		by.plan.Components[0].Curve.Bands[i].From = c.Bands[i].From.Mul(quota)
	}
	st, _, err := w.calculator(t).Calculate(w.last())
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := by.calculator(t).Calculate(w.last())
	if err != nil {
		t.Fatal(err)
	}
	st.Attained, got.Attained = nil, nil
	if a, b := encode(t, st), encode(t, got); a != b {
		t.Fatalf("in attainment: %s\nin money: %s", a, b)
	}
}

func TestLaw07_inverse(t *testing.T) { rapid.Check(t, lawInverse) }

// Inverse(p) is the least x on its grid that pays p: it does, one unit less does
// not, nor does any smaller x tried; and Inverse(E(x)) ≤ x.
func lawInverse(t *rapid.T) {
	c := amountCurve(t, "curve", rapid.Bool().Draw(t, "rising"), true, allModes...)
	places := int32(rapid.IntRange(-2, 4).Draw(t, "places"))
	unit := decimal.New(1, -places)
	pays := func(x, want decimal.Decimal) bool { return exactly(c).pay(rat(x)).Cmp(rat(want)) >= 0 }
	x := number(t, "x", 0, 3000, 4)
	if chance(t, "at a bound", 3) {
		x = pick(t, "bound", c.Bands...).From.Abs()
	}
	want := c.Pay(x)
	if rapid.Bool().Draw(t, "any pay") {
		want = number(t, "pay", -50, 400, 3)
	}
	got, ok := c.Inverse(want, places)
	if !ok {
		n, _ := x.QuoRem(unit, 0)
		for _, n := range []decimal.Decimal{{}, n, n.Add(one), n.Add(one).Mul(d("1000"))} {
			if try := n.Mul(unit); pays(try, want) {
				t.Fatalf("no x pays %s, but %s pays %s", text(want), text(try), text(c.Pay(try)))
			}
		}
		return
	}
	if _, rest := got.QuoRem(unit, 0); got.IsNegative() || !rest.IsZero() || !pays(got, want) {
		t.Fatalf("Inverse(%s) = %s, in units of %s, pays %s", text(want), text(got), text(unit), text(c.Pay(got)))
	}
	less := got.Sub(unit)
	for range 4 {
		if !less.IsNegative() && pays(less, want) {
			t.Fatalf("Inverse(%s) = %s, but %s pays %s", text(want), text(got), text(less), text(c.Pay(less)))
		}
		less = unit.Mul(decimal.New(int64(rapid.IntRange(0, 100).Draw(t, "smaller")), -2).Mul(got).DivRound(unit, 0))
		if !less.LessThan(got) {
			break
		}
	}
	if _, rest := x.QuoRem(unit, 0); rest.IsZero() && pays(x, want) && got.GreaterThan(x) {
		t.Fatalf("Inverse(%s) = %s, but %s pays it", text(want), text(got), text(x))
	}
}

func TestLaw10_centsAndTheExactTotal(t *testing.T) { rapid.Check(t, lawCents) }

// In each window the lines sum to the exact total, rounded once; each line is
// less than a unit away from its exact value. What a later pay period adds is the
// difference of two rounded totals, so it may be a whole unit off with half-even
// (0.5 → 0, 1.5 → 2) or when the total changes sign (−2.5 → −3, 17.5 → 18), and
// nearly two when it changes sign and is cut off.
func lawCents(t *rapid.T) {
	o := earnings
	o.one = true
	w := drawWorld(t, o)
	c := w.calculator(t)
	in := w.last()
	in.Since = c.Since(w.periods[0])
	st, _, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	k := &w.plan.Components[0]
	for _, win := range w.windows(t, st) {
		e := w.exactly(t, c, k, win)
		var booked decimal.Decimal
		pos := ratOf(0)
		cumulated := ratOf(0)
		before := ratOf(0)
		var origin salesops.Period
		for _, l := range win.lines {
			booked = booked.Add(l.Amount)
			pos = plus(pos, rat(l.Measure))
			shown := rat(l.Position)
			if l.Deal != "" && pos.Cmp(shown) != 0 {
				t.Fatalf("%s stands at %s, want %s", l.ID, shown.RatString(), pos.RatString())
			}
		}
		total := e.total()
		if want := w.money(total); want.Cmp(rat(booked)) != 0 {
			t.Fatalf("window %s: lines sum to %s, want %s rounded, %s", win.name, text(booked), total.FloatString(8), want.FloatString(4))
		}
		if e.gone() {
			continue // its last line takes the rest
		}
		unit := rat(w.unit())
		for i, l := range win.lines {
			want := e.line(i)
			was := cumulated
			cumulated = plus(cumulated, want)
			off := minus(rat(l.Amount), want)
			off.Abs(off)
			if l.Origin != origin {
				origin, before = l.Origin, was
			}
			limit, whole := unit, false
			crossing := before.Sign()*periodEnd(e, win.lines, i, before).Sign() < 0
			switch mode := w.plan.Rounding.Mode; {
			case mode == comp.Down && crossing:
				limit = times(unit, ratOf(2))
			case mode == comp.HalfEven || crossing:
				whole = true
			}
			if cmp := off.Cmp(limit); cmp > 0 || cmp == 0 && !whole {
				t.Fatalf("%s is %s, exactly %s", l.ID, text(l.Amount), want.FloatString(8))
			}
		}
		if cumulated.Cmp(total) != 0 {
			t.Fatalf("window %s: exact lines sum to %s, the curve pays %s", win.name, cumulated.FloatString(8), total.FloatString(8))
		}
	}
}

// periodEnd is the window's exact total at the end of the pay period of line i,
// given that at its start.
func periodEnd(e windowPay, lines []comp.Line, i int, before *big.Rat) *big.Rat {
	sum := before
	for n, l := range lines {
		if l.Origin == lines[i].Origin {
			sum = plus(sum, e.line(n))
		}
	}
	return sum
}

// windowLines are the lines that one window of the one component made.
type windowLines struct {
	name  string
	span  salesops.Period
	lines []comp.Line
}

// windows sorts lines into the windows of the plan's one component.
func (w *world) windows(t rapid.TB, st comp.Statement) []windowLines {
	t.Helper()
	reset := w.plan.Components[0].Measure.Reset
	var out []windowLines
	at := make(map[string]int)
	for _, l := range st.Lines {
		if l.Kind != comp.Earn && l.Kind != comp.Adjust && l.Kind != comp.Clawed {
			continue
		}
		span := w.window(reset, w.day(t, l))
		name := span.String()
		if reset == comp.PerDeal {
			if name = l.Deal; l.Ref != "" {
				name = l.Ref
			}
			name += "@" + string(kindOfCredit(w, l.Deal))
		}
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, windowLines{name: name, span: span})
		}
		out[i].lines = append(out[i].lines, l)
	}
	return out
}

// day is the day that a line counts on: that of its credit, at the latest the last
// of the plan or of the component, or the one in the ID of an opening.
func (w *world) day(t rapid.TB, l comp.Line) salesops.Date {
	t.Helper()
	if l.Deal == "" {
		return on(l.ID[strings.LastIndexByte(l.ID, '/')+1:])
	}
	last := w.plan.Span.Intersect(w.plan.Components[0].Span).Last()
	for _, cr := range w.credits {
		if cr.ID == l.Deal {
			if cr.Date.After(last) {
				return last
			}
			return cr.Date
		}
	}
	t.Fatalf("%s has no credit", l.ID)
	return last
}

func kindOfCredit(w *world, id string) comp.CreditKind {
	for _, cr := range w.credits {
		if cr.ID == id {
			return cr.Kind
		}
	}
	return ""
}

// window is the stretch of time over which a component accumulates.
func (w *world) window(reset comp.Window, day salesops.Date) salesops.Period {
	unit := salesops.Unit(reset)
	switch reset {
	case comp.PerPlan:
		return w.plan.Span
	case comp.PerPeriod, comp.PerDeal, "":
		if unit = w.plan.Every; unit == "" {
			unit = salesops.Month
		}
	}
	return w.plan.Calendar.Period(unit, day)
}

// money rounds a rational number to the plan's unit.
func (w *world) money(v *big.Rat) *big.Rat {
	unit := rat(w.unit())
	n := over(v, unit)
	neg := n.Sign() < 0
	n.Abs(n)
	q, r := new(big.Int).QuoRem(n.Num(), n.Denom(), new(big.Int))
	twice := new(big.Int).Lsh(r, 1).Cmp(n.Denom())
	switch w.plan.Rounding.Mode {
	case comp.Down:
	case comp.HalfEven:
		if twice > 0 || twice == 0 && q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	default:
		if twice >= 0 {
			q.Add(q, big.NewInt(1))
		}
	}
	if neg {
		q.Neg(q)
	}
	return times(new(big.Rat).SetInt(q), unit)
}

// windowPay is what a window pays, exactly.
type windowPay struct {
	k     *comp.Component
	curve ratCurve
	mult  *big.Rat // of the target incentive
	lines []comp.Line
	deal  bool
}

func (w *world) exactly(t rapid.TB, c *comp.Calculator, k *comp.Component, win windowLines) windowPay {
	t.Helper()
	e := windowPay{k: k, curve: ratCurve{*k.Curve, ratOf(1)}, mult: ratOf(1), lines: win.lines, deal: k.Measure.Reset == comp.PerDeal}
	span := win.span
	if e.deal {
		span = w.plan.Span
	}
	if span = span.Intersect(k.Span); k.Measure.ToDate {
		span = span.Intersect(salesops.Period{End: w.periods[len(w.periods)-1].End})
	}
	if name := k.Measure.Quota; name != "" {
		quota, err := c.Quota(w.payee, name, span)
		if err != nil {
			t.Fatal(err)
		}
		e.curve.quota = rat(quota)
	}
	if k.Pays == comp.PaysTarget {
		target, err := c.Target(w.payee, span)
		if err != nil {
			t.Fatal(err)
		}
		e.mult = rat(target)
		if !k.Weight.IsZero() {
			e.mult = times(e.mult, rat(k.Weight))
		}
	}
	return e
}

// at is the cumulative pay at a position, but for Prospective curves and for a
// rate that multiplies the measure.
func (e windowPay) at(x *big.Rat) *big.Rat {
	v := e.curve.value
	if rated(e.curve.Mode) {
		v = func(x *big.Rat) *big.Rat { return plus(e.perUnit(e.curve.rates(x)), e.curve.flats(x)) }
	}
	return times(v(x), e.mult)
}

// perUnit turns what rates make of the measure into what they make of attainment,
// unless the component pays by rate.
func (e windowPay) perUnit(v *big.Rat) *big.Rat {
	if e.pays() == comp.PaysRate {
		return v
	}
	return over(v, e.curve.quota)
}

func (e windowPay) pays() comp.Pays {
	if e.k.Pays == "" {
		return comp.PaysRate
	}
	return e.k.Pays
}

// whole reports whether the end position's value pays each line's measure.
func (e windowPay) whole() bool { return e.pays() == comp.PaysRate && !rated(e.curve.Mode) }

func (e windowPay) end() *big.Rat {
	x := ratOf(0)
	for _, l := range e.lines {
		x = plus(x, rat(l.Measure))
	}
	return x
}

// gone reports whether the window is a deal that was taken back in full: it does
// not get what the curve pays at 0.
func (e windowPay) gone() bool {
	return e.deal && e.end().Sign() == 0 && slices.ContainsFunc(e.lines, func(l comp.Line) bool { return l.Kind == comp.Clawed })
}

func (e windowPay) total() *big.Rat {
	switch x := e.end(); {
	case e.gone() && e.curve.Mode != comp.Prospective:
		return ratOf(0)
	case e.whole():
		return times(e.curve.value(x), x)
	case e.curve.Mode == comp.Prospective:
		sum := ratOf(0)
		if !e.gone() {
			sum = e.curve.flats(x)
		}
		for _, l := range e.lines {
			sum = plus(sum, e.perUnit(times(e.rateAt(rat(l.Position)), rat(l.Measure))))
		}
		return times(sum, e.mult)
	default:
		return e.at(x)
	}
}

func (e windowPay) rateAt(x *big.Rat) *big.Rat {
	return rat(e.curve.Bands[max(e.curve.band(x), 0)].Rate)
}

// line is what one line pays, exactly.
func (e windowPay) line(i int) *big.Rat {
	l := e.lines[i]
	measure, to := rat(l.Measure), rat(l.Position)
	from := minus(to, measure)
	opening := e.deal && i == 0 || l.Deal == ""
	flats := func() *big.Rat {
		v := e.curve.flats(to)
		if !opening {
			v = minus(v, e.curve.flats(from))
		}
		return v
	}
	switch {
	case e.whole():
		return times(e.curve.value(e.end()), measure)
	case e.curve.Mode == comp.Prospective:
		return times(plus(e.perUnit(times(e.rateAt(to), measure)), flats()), e.mult)
	case e.curve.Mode == comp.Retroactive:
		v := e.perUnit(times(e.rateAt(e.end()), measure))
		return times(plus(v, e.jump(i)), e.mult)
	case opening:
		return e.at(to)
	default:
		return minus(e.at(to), e.at(from))
	}
}

// jump is the flat sum of the band where a retroactive window ends. It belongs to the pay
// period in which the position came there for good, judged by where it stood at the ends of
// pay periods: to the last line there that came from another band, or the last of all if a
// refund brought it there. If the position stood there from the start, the flat sum belongs
// to the first line.
func (e windowPay) jump(i int) *big.Rat {
	last := e.curve.band(e.end())
	at, closed := -1, e.curve.band(ratOf(0))
	for n := 0; n < len(e.lines); {
		came, paid := -1, -1
		origin, band := e.lines[n].Origin, closed
		for ; n < len(e.lines) && e.lines[n].Origin == origin; n++ {
			l := e.lines[n]
			if l.Deal == "" {
				continue
			}
			paid = n
			if to := e.curve.band(rat(l.Position)); to != band {
				if band = to; band == last {
					came = n
				}
			}
		}
		if band == last && closed != band {
			if at = came; came < 0 {
				at = paid
			}
		}
		closed = band
	}
	if at < 0 {
		at = 0
	}
	if at != i || last < 0 {
		return ratOf(0)
	}
	return rat(e.curve.Bands[last].Pay)
}
