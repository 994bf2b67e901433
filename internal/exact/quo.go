package exact

import "math/bits"

// Quo returns a / b rounded once, from the exact quotient, to places decimals by mode m.
// ok is false when b is 0.
func Quo(a, b Num, places int32, m Mode) (q Num, ok bool) {
	if b.IsZero() {
		return Num{}, false
	}
	up10, down10 := quoShift(a, b, places)
	if down10 == 0 && up10 < 20 && a.isInt64() && b.isInt64() {
		x, aneg := mag64(int64(a.lo))
		d, bneg := mag64(int64(b.lo))
		// As in smallQuo, but the quotient is at most 2^63 wherever it can round up.
		if hi, lo := bits.Mul64(x, pow10[up10].lo); hi == 0 || hi < d>>1 {
			q, r := bits.Div64(hi, lo, d)
			if up64(q, r, d, m) {
				q++
			}
			return fromMag64(aneg != bneg, q, -places), true
		}
	}
	if x, d, neg, ok := smallQuo(a, b, up10, down10); ok {
		q, r := x.div(d)
		if up(q.lo, r, d, m) {
			q = q.add(u128{0, 1}) // q < 2^128 - 1: a remainder needs a divisor ≥ 2
		}
		return fromMag(neg, q, -places), true
	}
	sign := a.Sign() * b.Sign()
	v, r, d := bigQuoRem(a.coef(), b.coef(), up10, down10)
	return fromBig(roundQuo(v, r, d, sign, m), -places), true
}

// QuoRem returns q = a / b truncated toward zero to places decimals, and the exact rest
// r = a - q × b, which is 0 or has the sign of a and a magnitude below |b| × 10^-places.
// ok is false when b is 0.
func QuoRem(a, b Num, places int32) (q, r Num, ok bool) {
	if b.IsZero() {
		return Num{}, Num{}, false
	}
	up10, down10 := quoShift(a, b, places)
	exp := int32(int64(a.exp) - up10) // of the remainder
	if x, d, neg, ok := smallQuo(a, b, up10, down10); ok {
		v, rest := x.div(d)
		return fromMag(neg, v, -places), fromMag(a.hi < 0, rest, exp), true
	}
	v, rest, _ := bigQuoRem(a.coef(), b.coef(), up10, down10)
	return fromBig(v, -places), fromBig(rest, exp), true
}

// quoShift returns the powers of ten to multiply the coefficients of a and b with, so that
// their integer quotient counts units of 10^-places. At most one is not 0.
func quoShift(a, b Num, places int32) (up10, down10 int64) {
	s := int64(a.exp) - int64(b.exp) + int64(places)
	return max(s, 0), max(-s, 0)
}

// smallQuo returns the magnitudes to divide and the sign of the quotient; ok is false when
// they do not fit in 128 bits.
func smallQuo(a, b Num, up10, down10 int64) (x, d u128, neg, ok bool) {
	if a.big != nil || b.big != nil {
		return u128{}, u128{}, false, false
	}
	x, aneg := a.mag()
	d, bneg := b.mag()
	if x, ok = x.scale(up10); !ok {
		return u128{}, u128{}, false, false
	}
	if d, ok = d.scale(down10); !ok {
		return u128{}, u128{}, false, false
	}
	return x, d, aneg != bneg, true
}
