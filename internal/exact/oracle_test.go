package exact_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
)

// The oracle is math/big.Rat: a reference written for clearness, without any of the
// scaled integers of the package.

var modes = []exact.Mode{exact.HalfUp, exact.HalfEven, exact.Down}

func pow10(n int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
}

// scaled returns c × 10^exp.
func scaled(c *big.Int, exp int32) *big.Rat {
	if exp < 0 {
		return new(big.Rat).SetFrac(c, pow10(-int64(exp)))
	}
	return new(big.Rat).SetInt(new(big.Int).Mul(c, pow10(int64(exp))))
}

// rat returns the value of n by the way of its decimal.
func rat(n exact.Num) *big.Rat {
	d := n.Decimal()
	return scaled(d.Coefficient(), d.Exponent())
}

// roundRat is the reference for rounding: floor of the magnitude, then the rule of the mode.
func roundRat(x *big.Rat, places int32, m exact.Mode) *big.Rat {
	units := new(big.Rat).Mul(new(big.Rat).Abs(x), scaled(big.NewInt(1), places))
	q := new(big.Int).Quo(units.Num(), units.Denom())
	rest := new(big.Rat).Sub(units, new(big.Rat).SetInt(q))
	half := rest.Cmp(big.NewRat(1, 2))
	if m == exact.HalfUp && half >= 0 || m == exact.HalfEven && (half > 0 || half == 0 && q.Bit(0) == 1) {
		q.Add(q, big.NewInt(1))
	}
	if x.Sign() < 0 {
		q.Neg(q)
	}
	return scaled(q, -places)
}

// sample is a number with its exact value, made independently of Num's arithmetic.
type sample struct {
	num exact.Num
	rat *big.Rat
}

func newSample(c *big.Int, exp int32) sample {
	return sample{exact.From(decimal.NewFromBigInt(c, exp)), scaled(c, exp)}
}

// coefs draws coefficients of all sizes, edges of the representations before all.
func coefs() *rapid.Generator[*big.Int] {
	near := rapid.Custom(func(t *rapid.T) *big.Int {
		bit := rapid.SampledFrom([]uint{31, 32, 62, 63, 64, 95, 96, 126, 127, 128, 191, 192, 255, 256}).Draw(t, "bit")
		v := new(big.Int).Lsh(big.NewInt(1), bit)
		v.Add(v, big.NewInt(rapid.Int64Range(-3, 3).Draw(t, "off")))
		if rapid.Bool().Draw(t, "neg") {
			v.Neg(v)
		}
		return v
	})
	tens := rapid.Custom(func(t *rapid.T) *big.Int {
		v := pow10(rapid.Int64Range(0, 45).Draw(t, "ten"))
		v.Mul(v, big.NewInt(rapid.SampledFrom([]int64{1, 5, -5, 25, -1}).Draw(t, "digit")))
		return v.Add(v, big.NewInt(rapid.Int64Range(-1, 1).Draw(t, "off")))
	})
	wide := rapid.Custom(func(t *rapid.T) *big.Int {
		v := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 18).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "neg") {
			v.Neg(v)
		}
		return v
	})
	small := rapid.Map(rapid.Int64Range(-1000, 1000), big.NewInt)
	word := rapid.Map(rapid.Int64(), big.NewInt)
	return rapid.OneOf(small, word, near, tens, wide)
}

func exps() *rapid.Generator[int32] {
	return rapid.OneOf(rapid.Int32Range(-4, 2), rapid.Int32Range(-18, 18), rapid.Int32Range(-60, 60))
}

func samples() *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) sample {
		return newSample(coefs().Draw(t, "coef"), exps().Draw(t, "exp"))
	})
}

func check(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got exact.Num, want *big.Rat,
) {
	t.Helper()
	if r := rat(got); r.Cmp(want) != 0 {
		t.Errorf("%s = %s, want %s", what, r.RatString(), want.RatString())
	}
}

func TestArithmeticAgainstRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := samples().Draw(t, "a"), samples().Draw(t, "b")
		check(t, "a", a.num, a.rat)
		check(t, "a+b", a.num.Add(b.num), new(big.Rat).Add(a.rat, b.rat))
		check(t, "a-b", a.num.Sub(b.num), new(big.Rat).Sub(a.rat, b.rat))
		check(t, "a*b", a.num.Mul(b.num), new(big.Rat).Mul(a.rat, b.rat))
		check(t, "-a", a.num.Neg(), new(big.Rat).Neg(a.rat))
		check(t, "|a|", a.num.Abs(), new(big.Rat).Abs(a.rat))
		if got, want := a.num.Cmp(b.num), a.rat.Cmp(b.rat); got != want {
			t.Errorf("a cmp b = %d, want %d", got, want)
		}
		if got, want := a.num.Sign(), a.rat.Sign(); got != want {
			t.Errorf("sign a = %d, want %d", got, want)
		}
		if got, want := a.num.IsZero(), a.rat.Sign() == 0; got != want {
			t.Errorf("a is zero = %t, want %t", got, want)
		}
		check(t, "a afterwards", a.num, a.rat) // values are immutable
		check(t, "b afterwards", b.num, b.rat)
		// A result that has come back from math/big goes on in 128 bits as before.
		check(t, "(a+b)-b", a.num.Add(b.num).Sub(b.num), a.rat)
		if got := a.num.Sub(b.num).Cmp(b.num.Sub(a.num).Neg()); got != 0 {
			t.Errorf("a-b cmp -(b-a) = %d, want 0", got)
		}
	})
}

func TestRoundAgainstRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := samples().Draw(t, "a")
		places := rapid.Int32Range(-45, 45).Draw(t, "places")
		for _, m := range modes {
			want := roundRat(a.rat, places, m)
			check(t, "round", a.num.Round(places, m), want)
			check(t, "round mirrored", a.num.Neg().Round(places, m), new(big.Rat).Neg(want))
		}
		d := a.num.Fixed(places)
		if d.Exponent() != -places {
			t.Errorf("fixed to %d places has exponent %d", places, d.Exponent())
		}
		if got, want := scaled(d.Coefficient(), d.Exponent()), roundRat(a.rat, places, exact.HalfUp); got.Cmp(want) != 0 {
			t.Errorf("fixed = %s, want %s", got.RatString(), want.RatString())
		}
	})
}

func TestQuotientAgainstRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := samples().Draw(t, "a"), samples().Draw(t, "b")
		places := rapid.Int32Range(-20, 20).Draw(t, "places")
		if b.rat.Sign() == 0 {
			if q, ok := exact.Quo(a.num, b.num, places, exact.HalfUp); ok || !q.IsZero() {
				t.Errorf("a/0 = %v, %t, want 0, false", q, ok)
			}
			if q, r, ok := exact.QuoRem(a.num, b.num, places); ok || !q.IsZero() || !r.IsZero() {
				t.Errorf("a/0 = %v, %v, %t, want 0, 0, false", q, r, ok)
			}
			return
		}
		quo := new(big.Rat).Quo(a.rat, b.rat)
		for _, m := range modes {
			q, ok := exact.Quo(a.num, b.num, places, m)
			if !ok {
				t.Fatal("quotient by a divisor other than 0 is not ok")
			}
			check(t, "a/b", q, roundRat(quo, places, m))
		}
		q, r, ok := exact.QuoRem(a.num, b.num, places)
		if !ok {
			t.Fatal("quotient by a divisor other than 0 is not ok")
		}
		want := roundRat(quo, places, exact.Down)
		check(t, "q", q, want)
		check(t, "r", r, new(big.Rat).Sub(a.rat, new(big.Rat).Mul(want, b.rat)))
	})
}

func TestConversion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, exp := coefs().Draw(t, "coef"), exps().Draw(t, "exp")
		in := decimal.NewFromBigInt(c, exp)
		got := exact.From(in).Decimal()
		want := in.Normalize() // v1.6: no trailing zeros, exponent 0 for zero
		if got.Exponent() != want.Exponent() || got.Coefficient().Cmp(want.Coefficient()) != 0 {
			t.Errorf("decimal of %s = %#v, want %#v", in.StringFixed(60), got, want)
		}
		wantBounded := exp >= -18 && exp <= 18 && (c.Sign() == 0 || len(new(big.Int).Abs(c).Text(10))+int(max(exp, 0)) <= 36)
		if got := exact.Bounded(in); got != wantBounded {
			t.Errorf("bounded %s × 10^%d = %t, want %t", c, exp, got, wantBounded)
		}
		if v := c.Int64(); c.IsInt64() {
			check(t, "new", exact.New(v, exp), scaled(c, exp))
			check(t, "int", exact.Int(v), scaled(c, 0))
		}
	})
}

func TestRepresentationDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := samples().Draw(t, "a")
		d := rapid.Int32Range(0, 40).Draw(t, "zeros")
		dec := a.num.Decimal()
		c := new(big.Int).Mul(dec.Coefficient(), pow10(int64(d)))
		b := exact.From(decimal.NewFromBigInt(c, dec.Exponent()-d))
		if got := a.num.Cmp(b); got != 0 {
			t.Fatalf("cmp of two representations = %d, want 0", got)
		}
		places := rapid.Int32Range(-5, 20).Draw(t, "places")
		for _, m := range modes {
			if got := a.num.Round(places, m).Cmp(b.Round(places, m)); got != 0 {
				t.Errorf("rounded representations compare as %d, want 0", got)
			}
		}
		x, y := a.num.Decimal(), b.Decimal()
		if x.Exponent() != y.Exponent() || x.Coefficient().Cmp(y.Coefficient()) != 0 {
			t.Errorf("decimals of two representations differ: %#v and %#v", x, y)
		}
	})
}

func TestZeroValue(t *testing.T) {
	var zero exact.Num
	if !zero.IsZero() || zero.Sign() != 0 || zero.Cmp(exact.New(0, -5)) != 0 {
		t.Error("the zero value is not 0")
	}
	check(t, "0+5", zero.Add(exact.Int(5)), big.NewRat(5, 1))
	check(t, "0-5", zero.Sub(exact.New(50, -1)), big.NewRat(-5, 1))
	check(t, "From(decimal.Decimal{})", exact.From(decimal.Decimal{}), new(big.Rat))
	if !exact.Bounded(decimal.Decimal{}) {
		t.Error("the zero decimal is not bounded")
	}
	if got := exact.New(0, 7).Decimal().Exponent(); got != 0 {
		t.Errorf("exponent of the decimal 0 = %d, want 0", got)
	}
}

func TestIntegersAtTheEdge(t *testing.T) {
	for _, v := range []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64} {
		r := new(big.Rat).SetInt64(v)
		check(t, "int", exact.Int(v), r)
		check(t, "square", exact.Int(v).Mul(exact.Int(v)), new(big.Rat).Mul(r, r))
		check(t, "neg", exact.Int(v).Neg(), new(big.Rat).Neg(r))
	}
	// -2^127 is the one number of 128 bits whose negative is none.
	low := exact.Int(math.MinInt64).Mul(exact.Int(math.MinInt64)).Neg()
	low = low.Add(low) // -2^127
	r := new(big.Rat).SetInt(new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), 127)))
	check(t, "-2^127", low, r)
	check(t, "2^127", low.Neg(), new(big.Rat).Neg(r))
	check(t, "-2^127 again", low.Neg().Neg(), r)
	check(t, "0 - -2^127", exact.Num{}.Sub(low), new(big.Rat).Neg(r))
	if low.Cmp(low.Neg().Neg()) != 0 || low.Neg().Cmp(low.Abs()) != 0 || low.Cmp(low.Abs()) >= 0 {
		t.Error("-2^127 compares wrongly")
	}
	q, _ := exact.Quo(low, exact.Int(-1), 0, exact.HalfUp)
	check(t, "-2^127 / -1", q, new(big.Rat).Neg(r))
}

// TestQuotientAtTheEdge has quotients next to the border of 64 bits.
func TestQuotientAtTheEdge(t *testing.T) {
	border := new(big.Int).Lsh(big.NewInt(1), 64)
	for d := int64(4e18); d < 5e18; d += 7e15 + 11 {
		x := new(big.Int).Mul(border, big.NewInt(d))
		x.Quo(x, pow10(19))
		for off := int64(-1); off <= 1; off++ {
			x := x.Int64() + off
			want := new(big.Rat).Quo(new(big.Rat).SetInt64(x), new(big.Rat).SetInt64(d))
			for _, m := range modes {
				q, _ := exact.Quo(exact.Int(x), exact.Int(d), 19, m)
				check(t, "quotient", q, roundRat(want, 19, m))
			}
		}
	}
}

// TestEveryShift takes coefficients next to the borders of the representations through all
// distances of exponents, as the tables and the shortcuts for large ones are chosen by them.
func TestEveryShift(t *testing.T) {
	var cs []*big.Int
	for _, bit := range []uint{0, 63, 64, 127, 128} {
		for off := int64(-1); off <= 1; off++ {
			c := new(big.Int).Lsh(big.NewInt(1), bit)
			cs = append(cs, c.Add(c, big.NewInt(off)))
		}
	}
	cs = append(cs, big.NewInt(-15), big.NewInt(25), new(big.Int).Mul(big.NewInt(-5), pow10(37)))
	three := newSample(big.NewInt(3), 0)
	for _, c := range cs {
		for exp := int32(-45); exp <= 45; exp++ {
			a := newSample(c, exp)
			for _, m := range modes {
				check(t, "round", a.num.Round(0, m), roundRat(a.rat, 0, m))
				q, _ := exact.Quo(a.num, three.num, 0, m)
				check(t, "quotient", q, roundRat(new(big.Rat).Quo(a.rat, three.rat), 0, m))
			}
			check(t, "sum", a.num.Add(three.num), new(big.Rat).Add(a.rat, three.rat))
			check(t, "difference", three.num.Sub(a.num), new(big.Rat).Sub(three.rat, a.rat))
			if got, want := a.num.Cmp(three.num), a.rat.Cmp(three.rat); got != want {
				t.Errorf("%s × 10^%d cmp 3 = %d, want %d", c, exp, got, want)
			}
			for _, c := range cs { // products up to 2^256, 2^128 - 1 among them
				b := newSample(c, 0)
				check(t, "product", a.num.Mul(b.num), new(big.Rat).Mul(a.rat, b.rat))
			}
		}
	}
}
