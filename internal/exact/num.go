package exact

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Num is an exact decimal number, coefficient × 10^exponent.
//
// The zero value is 0. A Num is immutable, and safe for concurrent use. The same
// number has several representations (2.5 and 2.50): compare with Cmp, never with
// == or as a map key.
type Num struct {
	hi  int64    // upper half of the coefficient in two's complement
	lo  uint64   // lower half
	big *big.Int // the coefficient when it does not fit in 128 bits, else nil; never changed
	exp int32
}

// Int returns v.
func Int(v int64) Num {
	return Num{hi: v >> 63, lo: uint64(v)}
}

// New returns coef × 10^exp, with the meaning of the arguments of decimal.New.
func New(coef int64, exp int32) Num {
	return Num{hi: coef >> 63, lo: uint64(coef), exp: exp}
}

// From returns d, exactly. It does not allocate when the coefficient of d fits in
// an int64. A d from outside must pass Bounded first: From takes any d, but the
// operations that follow may then need unbounded time and memory.
func From(d decimal.Decimal) Num {
	exp := d.Exponent()
	c := d.CoefficientInt64()
	if fitsInt64(d, c, exp) {
		return Num{hi: c >> 63, lo: uint64(c), exp: exp}
	}
	return fromBig(d.Coefficient(), exp)
}

// Admit is From for a d from outside: ok is false, and n is 0, when d is not Bounded.
func Admit(d decimal.Decimal) (n Num, ok bool) {
	exp := d.Exponent()
	c := d.CoefficientInt64()
	if exp >= -18 && exp <= 0 && fitsInt64(d, c, exp) {
		return Num{hi: c >> 63, lo: uint64(c), exp: exp}, true
	}
	if !Bounded(d) {
		return Num{}, false
	}
	return From(d), true
}

// Bounded reports whether d may enter: -18 ≤ exponent ≤ 18 and at most 36 digits,
// with the zeros that a positive exponent stands for. It takes constant time for
// every d, hostile ones included.
func Bounded(d decimal.Decimal) bool {
	exp := d.Exponent()
	if exp < -18 || exp > 18 {
		return false
	}
	if exp <= 0 && fitsInt64(d, d.CoefficientInt64(), exp) {
		return true
	}
	// Decimals of equal exponents compare by the length of their coefficients first.
	limit := decimal.NewFromBigInt(pow10[36-max(exp, 0)].big(), exp)
	return d.Cmp(limit) < 0 && d.Cmp(limit.Neg()) > 0
}

// fitsInt64 reports whether c, the low 64 bits of the coefficient of d, is all of it.
func fitsInt64(d decimal.Decimal, c int64, exp int32) bool {
	return d.Cmp(decimal.New(c, exp)) == 0
}

// Sign returns -1, 0 or +1 as n is negative, zero or positive.
func (n Num) Sign() int {
	switch {
	case n.big != nil:
		return n.big.Sign()
	case n.hi < 0:
		return -1
	case n.hi == 0 && n.lo == 0:
		return 0
	}
	return 1
}

// IsZero reports whether n is 0.
func (n Num) IsZero() bool {
	return n.hi == 0 && n.lo == 0 && n.big == nil
}

// Decimal returns n in its canonical form: no trailing zeros in the coefficient, and
// exponent 0 for zero. Equal numbers give equal bytes: 2.5 and 2.50 both give 25 × 10^-1,
// and 100 gives 1 × 10^2, so use StringFixed for text.
func (n Num) Decimal() decimal.Decimal {
	n = n.trim()
	return n.decimal()
}

// decimal returns n with its coefficient and exponent as they are.
func (n Num) decimal() decimal.Decimal {
	if n.isInt64() {
		return decimal.New(int64(n.lo), n.exp)
	}
	return decimal.NewFromBigInt(n.coef(), n.exp)
}

// isInt64 reports whether the coefficient fits in an int64, which then is int64(n.lo).
func (n Num) isInt64() bool {
	return n.hi == int64(n.lo)>>63 && n.big == nil
}

// mag returns the magnitude of the coefficient, and whether it is negative. n is small.
func (n Num) mag() (u128, bool) {
	if n.hi < 0 {
		return u128{}.sub(u128{uint64(n.hi), n.lo}), true
	}
	return u128{uint64(n.hi), n.lo}, false
}

// mag64 returns the magnitude of v, and whether it is negative.
func mag64(v int64) (uint64, bool) {
	s := v >> 63
	return uint64((v ^ s) - s), v < 0
}

// fromMag returns ±m × 10^exp.
func fromMag(neg bool, m u128, exp int32) Num {
	if int64(m.hi) < 0 {
		v := m.big()
		if neg {
			v.Neg(v)
		}
		return Num{big: v, exp: exp}
	}
	if neg {
		m = u128{}.sub(m)
	}
	return Num{hi: int64(m.hi), lo: m.lo, exp: exp}
}

// fromMag64 returns ±m × 10^exp.
func fromMag64(neg bool, m uint64, exp int32) Num {
	if neg && m != 0 { // the two's complement of 0 has no sign to extend
		return Num{hi: -1, lo: -m, exp: exp}
	}
	return Num{lo: m, exp: exp}
}

// trim removes the trailing zeros of the coefficient.
func (n Num) trim() Num {
	if n.big != nil {
		return n.trimBig()
	}
	if n.IsZero() {
		return Num{}
	}
	m, neg := n.mag()
	exp := n.exp
	for m.hi != 0 {
		q, r := m.div64(1e16)
		if r != 0 {
			break
		}
		m, exp = q, exp+16
	}
	for m.hi != 0 {
		q, r := m.div64(10)
		if r != 0 {
			return fromMag(neg, m, exp)
		}
		m, exp = q, exp+1
	}
	v := m.lo
	if q := v / 1e8; q*1e8 == v {
		v, exp = q, exp+8
	}
	for {
		q := v / 100
		if q*100 != v {
			break
		}
		v, exp = q, exp+2
	}
	if q := v / 10; q*10 == v {
		v, exp = q, exp+1
	}
	return fromMag(neg, u128{0, v}, exp)
}
