package exact

import (
	"encoding/binary"
	"math/big"
)

// coef returns the coefficient, which the caller must not change.
func (n Num) coef() *big.Int {
	if n.big != nil {
		return n.big
	}
	m, neg := n.mag()
	v := m.big()
	if neg {
		v.Neg(v)
	}
	return v
}

// fromBig returns v × 10^exp, in 128 bits if it fits. It takes v over.
func fromBig(v *big.Int, exp int32) Num {
	if m, ok := bigMag(v); ok {
		return fromMag(v.Sign() < 0, m, exp)
	}
	return Num{big: v, exp: exp}
}

// bigMag returns the magnitude of v, and false when it does not fit.
func bigMag(v *big.Int) (u128, bool) {
	if v.BitLen() > 128 {
		return u128{}, false
	}
	var buf [16]byte
	v.FillBytes(buf[:])
	return u128{binary.BigEndian.Uint64(buf[:8]), binary.BigEndian.Uint64(buf[8:])}, true
}

// bigPow10 returns 10^d for d ≥ 0.
func bigPow10(d int64) *big.Int {
	if d < int64(len(pow10)) {
		return pow10[d].big()
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(d), nil)
}

// bigQuoRem returns the quotient of n × 10^up and d × 10^down, truncated, the remainder,
// and the scaled divisor.
func bigQuoRem(n, d *big.Int, up, down int64) (q, r, den *big.Int) {
	if up > 0 {
		n = new(big.Int).Mul(n, bigPow10(up))
	}
	if down > 0 {
		d = new(big.Int).Mul(d, bigPow10(down))
	}
	q, r = new(big.Int).QuoRem(n, d, new(big.Int))
	return q, r, d
}

// trimBig removes the trailing zeros of a big coefficient: powers 10^(2^k) that divide it,
// the largest first.
func (n Num) trimBig() Num {
	v, exp := n.big, n.exp
	d := int64(16)
	for d < int64(v.BitLen()) {
		d *= 2
	}
	for ; d > 0; d /= 2 {
		p := bigPow10(d)
		for {
			q, r := new(big.Int).QuoRem(v, p, new(big.Int))
			if r.Sign() != 0 {
				break
			}
			v, exp = q, exp+int32(d)
		}
	}
	return fromBig(new(big.Int).Set(v), exp)
}
