package comp_test

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/comp"
)

// The slow reference of a curve: fractions instead of decimals, written from the
// documentation of the modes, and a search instead of an inverse.

// refCurve is a curve in fractions.
type refCurve struct {
	mode            comp.Mode
	above           bool
	from, rate, pay []*big.Rat
}

func refOf(c comp.Curve) refCurve {
	r := refCurve{mode: c.Mode, above: c.Edge == comp.Above}
	for _, b := range c.Bands {
		r.from, r.rate, r.pay = append(r.from, b.From.Rat()), append(r.rate, b.Rate.Rat()), append(r.pay, b.Pay.Rat())
	}
	return r
}

// reached tells whether x is in band k or above.
func (c refCurve) reached(k int, x *big.Rat) bool {
	least := 0
	if c.above && (k > 0 || c.from[0].Sign() != 0) {
		least = 1
	}
	return x.Cmp(c.from[k]) >= least
}

// rated is what the rates pay at x, flats what the flat sums do; Step and Linear
// have flats alone.
func (c refCurve) rated(x *big.Rat) *big.Rat {
	sum := new(big.Rat)
	switch c.mode {
	case comp.Marginal: // each bound changes the rate of all that lies above it
		sum.Mul(c.rate[0], x)
		for k := 1; k < len(c.from); k++ {
			if over := new(big.Rat).Sub(x, c.from[k]); over.Sign() > 0 {
				sum.Add(sum, over.Mul(over, new(big.Rat).Sub(c.rate[k], c.rate[k-1])))
			}
		}
	case comp.Retroactive, comp.Prospective:
		sum.Mul(c.rateAt(x), x)
	case comp.Step, comp.Linear:
	}
	return sum
}

// rateAt is the rate of the band of x.
func (c refCurve) rateAt(x *big.Rat) *big.Rat {
	rate := c.rate[0]
	for k := range c.from {
		if c.reached(k, x) {
			rate = c.rate[k]
		}
	}
	return rate
}

func (c refCurve) flats(x *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for k := range c.from {
		if !c.reached(k, x) {
			break
		}
		switch c.mode {
		case comp.Marginal, comp.Prospective:
			sum.Add(sum, c.pay[k])
		default:
			sum.Set(c.pay[k])
		}
		if c.mode == comp.Linear && k+1 < len(c.from) && c.from[k+1].Cmp(c.from[k]) > 0 {
			// Inside the band, and at its end from below, on the straight line.
			part := new(big.Rat).Sub(x, c.from[k])
			part.Quo(part, new(big.Rat).Sub(c.from[k+1], c.from[k]))
			sum.Add(sum, part.Mul(part, new(big.Rat).Sub(c.pay[k+1], c.pay[k])))
		}
	}
	return sum
}

func (c refCurve) at(x *big.Rat) *big.Rat { return new(big.Rat).Add(c.rated(x), c.flats(x)) }

// refNumber draws a decimal in [lo, hi] with up to so many places, and with zeros
// behind them.
func refNumber(t *rapid.T, label string, lo, hi int64, places int32) decimal.Decimal {
	e := rapid.Int32Range(0, places).Draw(t, label+" places")
	scale := int64(1)
	for range e {
		scale *= 10
	}
	n := decimal.New(rapid.Int64Range(lo*scale, hi*scale).Draw(t, label), -e)
	if zeros := rapid.Int32Range(0, 2).Draw(t, label+" zeros"); zeros > 0 {
		n = decimal.NewFromBigInt(n.Mul(decimal.New(1, zeros+e)).BigInt(), -zeros-e)
	}
	return n
}

var refModes = []comp.Mode{comp.Marginal, comp.Retroactive, comp.Prospective, comp.Step, comp.Linear}

// refDraw draws a curve whose bounds lie some tens, or some tenths, apart.
func refDraw(t *rapid.T, attainment bool) comp.Curve {
	c := comp.Curve{
		Mode: rapid.SampledFrom(refModes).Draw(t, "mode"),
		Edge: rapid.SampledFrom([]comp.Edge{"", comp.At, comp.Above}).Draw(t, "edge"),
	}
	rates := c.Mode != comp.Step && c.Mode != comp.Linear
	scale := decimal.New(1, 0)
	if attainment {
		scale = decimal.New(1, -1)
	}
	var from decimal.Decimal
	if !rates {
		from = refNumber(t, "first from", -20, 20, 1).Mul(scale)
	}
	jumped := false
	for k := range rapid.IntRange(1, 5).Draw(t, "bands") {
		if k > 0 {
			jumped = c.Mode == comp.Linear && !jumped && rapid.IntRange(0, 3).Draw(t, "jump") == 3
			if !jumped {
				from = from.Add(refNumber(t, "gap", 0, 15, 1).Add(decimal.New(1, -1)).Mul(scale))
			}
		}
		b := comp.Band{From: from}
		if rates {
			b.Rate = refNumber(t, "rate", -10, 60, 2).Mul(decimal.New(1, -2))
		}
		if !rates || rapid.IntRange(0, 2).Draw(t, "flat") == 2 {
			b.Pay = refNumber(t, "pay", -20, 200, 2)
			if c.Mode == comp.Linear && rapid.Bool().Draw(t, "multiple") {
				b.Pay = b.Pay.Mul(decimal.New(1, -2))
			}
		}
		c.Bands = append(c.Bands, b)
	}
	return c
}

// refPosition draws a position for a curve: often a bound, or a cent beside it.
func refPosition(t *rapid.T, label string, c comp.Curve) decimal.Decimal {
	if rapid.Bool().Draw(t, label+" anywhere") {
		return refNumber(t, label, -40, 100, 2)
	}
	k := rapid.IntRange(0, len(c.Bands)-1).Draw(t, label+" band")
	return c.Bands[k].From.Add(decimal.New(rapid.Int64Range(-1, 1).Draw(t, label+" cents"), -2))
}

// wantRat compares a decimal with a fraction: by value, or, for linear pay between
// two bands, to within half a unit of the twelfth place.
func wantRat(t *rapid.T, what string, got decimal.Decimal, want *big.Rat, mode comp.Mode, roundings int64) {
	t.Helper()
	diff := new(big.Rat).Sub(got.Rat(), want)
	limit := new(big.Rat)
	if mode == comp.Linear {
		limit.SetFrac(big.NewInt(roundings), big.NewInt(2_000_000_000_000))
	}
	if diff.Abs(diff).Cmp(limit) > 0 {
		t.Fatalf("%s = %s, want %s", what, got.StringFixed(14), want.FloatString(14))
	}
}

func TestCurve_againstFractions(t *testing.T) { rapid.Check(t, curveAgainstFractions) }

func curveAgainstFractions(t *rapid.T) {
	c := refDraw(t, false)
	ref := refOf(c)
	x0, x1 := refPosition(t, "x0", c), refPosition(t, "x1", c)
	at0, at1 := ref.at(x0.Rat()), ref.at(x1.Rat())

	wantRat(t, "Pay", c.Pay(x1), at1, c.Mode, 1)
	pay, slices := c.At(x1)
	wantRat(t, "At", pay, at1, c.Mode, 1)
	refSlices(t, "At", c, slices, pay)
	gain, slices := c.Between(x0, x1)
	wantRat(t, "Between", gain, new(big.Rat).Sub(at1, at0), c.Mode, 2)
	refSlices(t, "Between", c, slices, gain)
	if back, _ := c.Between(x1, x0); !back.Equal(gain.Neg()) {
		t.Fatalf("Between back = %s, want %s", back.StringFixed(14), gain.Neg().StringFixed(14))
	}
	if rate, ok := c.EffectiveRate(x1); ok == x1.IsZero() {
		t.Fatalf("EffectiveRate(%s) is defined: %t", x1.StringFixed(2), ok)
	} else if ok {
		exactly := new(big.Rat).Quo(at1, x1.Rat())
		slack := big.NewRat(1, 1_000_000_000_000)
		if c.Mode == comp.Linear { // a quotient of a rounded quotient
			slack.Mul(slack, new(big.Rat).Add(big.NewRat(1, 1), new(big.Rat).Inv(new(big.Rat).Abs(x1.Rat()))))
		}
		if diff := new(big.Rat).Sub(rate.Rat(), exactly); diff.Abs(diff).Cmp(slack) > 0 {
			t.Fatalf("EffectiveRate = %s, want %s", rate.StringFixed(14), exactly.FloatString(14))
		}
	}

	// The engine's own reader of tables comes to the same.
	plan := comp.Plan{
		ID: "plan", Currency: "USD", Span: year(), Negative: comp.Charge, Rounding: comp.Rounding{Unit: decimal.New(1, -12)},
		Components: []comp.Component{{ID: "sales", Pays: comp.PaysSum, Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &c}},
	}
	calc, err := comp.New(plan)
	if err != nil {
		t.Fatal(err)
	}
	deal := comp.Credit{Deal: comp.Deal{ID: "deal", Date: on("2026-01-10"), Currency: "USD", Amount: x1}}
	st, _, err := calc.Calculate(comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01"), Credits: []comp.Credit{deal}})
	if err != nil {
		t.Fatal(err)
	}
	wantRat(t, "Calculate", st.Earned, at1, c.Mode, 1)
	wantRat(t, "Calculate less Pay", st.Earned.Sub(c.Pay(x1)), new(big.Rat), c.Mode, 2)
}

// refSlices checks the arithmetic of slices.
func refSlices(t *rapid.T, what string, c comp.Curve, slices []comp.Slice, want decimal.Decimal) {
	t.Helper()
	sum := decimal.Decimal{}
	for _, s := range slices {
		sum = sum.Add(s.Pay)
		b := c.Bands[s.Band]
		if !s.Rate.Equal(b.Rate) {
			t.Fatalf("%s: slice %+v has not the rate of its band", what, s)
		}
		rated := s.Rate.Mul(s.To.Sub(s.From))
		if !rated.Equal(s.Pay.Sub(s.Flat)) && (what == "At" || !rated.Neg().Equal(s.Pay.Sub(s.Flat))) {
			t.Fatalf("%s: slice %+v: its rate, from, to and flat do not give its pay", what, s)
		}
	}
	if !sum.Equal(want) {
		t.Fatalf("%s: the slices sum to %s, want %s", what, sum.StringFixed(14), want.StringFixed(14))
	}
}

func TestCurve_Inverse_againstSearch(t *testing.T) { rapid.Check(t, inverseAgainstSearch) }

func inverseAgainstSearch(t *rapid.T) {
	c := refDraw(t, false)
	ref := refOf(c)
	places := rapid.Int32Range(-1, 1).Draw(t, "places")
	step := decimal.New(1, -places)
	var pay decimal.Decimal
	if rapid.Bool().Draw(t, "any pay") {
		pay = refNumber(t, "pay", -50, 400, 2)
	} else {
		pay = c.Pay(refPosition(t, "x", c))
	}
	got, ok := c.Inverse(pay, places)
	earns := func(x decimal.Decimal) bool { return ref.at(x.Rat()).Cmp(pay.Rat()) >= 0 }
	const last = 80 // beyond the last bound
	for x := (decimal.Decimal{}); !x.GreaterThan(decimal.New(last, 0)); x = x.Add(step) {
		if !earns(x) {
			continue
		}
		if !ok || !got.Equal(x) {
			t.Fatalf("Inverse(%s, %d) = %s, %t, want %s", pay.StringFixed(12), places, got.StringFixed(2), ok, x.StringFixed(2))
		}
		return
	}
	switch far := decimal.New(1, 12); {
	case !ok && earns(far):
		t.Fatalf("Inverse(%s, %d) finds nothing, but %s earns it", pay.StringFixed(12), places, far.StringFixed(0))
	case ok && (!earns(got) || earns(got.Sub(step)) || got.LessThan(decimal.New(last, 0))):
		t.Fatalf("Inverse(%s, %d) = %s is not the least x", pay.StringFixed(12), places, got.StringFixed(2))
	case ok && !got.Round(places).Equal(got):
		t.Fatalf("Inverse(%s, %d) = %s is no multiple of %s", pay.StringFixed(12), places, got.StringFixed(6), step.StringFixed(2))
	}
}

// A curve may jump at zero. With edge above, zero itself is still before the jump.
func TestCurve_Inverse_jumpAtZero(t *testing.T) {
	c := knots([2]string{"0", "-1"}, [2]string{"0", "2"}, [2]string{"10", "5"})
	for _, x := range []struct {
		edge      comp.Edge
		pay, want string
	}{
		{comp.Above, "-1", "0"},
		{comp.Above, "1", "0.01"},
		{comp.Above, "5", "10"},
		{comp.At, "-1", "0"},
		{comp.At, "1", "0"},
		{comp.At, "5", "10"},
	} {
		c.Edge = x.edge
		got, ok := c.Inverse(d(x.pay), 2)
		if !ok {
			t.Errorf("%s: Inverse(%s) finds nothing, want %s", x.edge, x.pay, x.want)
			continue
		}
		same(t, string(x.edge)+": Inverse("+x.pay+")", got, x.want)
	}
	if got, ok := c.Inverse(d("6"), 2); ok {
		t.Errorf("Inverse(6) = %s, but the curve ends at 5", got.StringFixed(2))
	}
}
