package exact

import (
	"math/big"
	"math/bits"
)

// Add returns n + m.
func (n Num) Add(m Num) Num {
	if n.exp == m.exp && n.big == nil && m.big == nil {
		lo, c := bits.Add64(n.lo, m.lo, 0)
		hi := n.hi + m.hi + int64(c)
		if (hi^n.hi)&(hi^m.hi) >= 0 { // else both signs differ from that of the sum: overflow
			return Num{hi: hi, lo: lo, exp: n.exp}
		}
	}
	return n.addSlow(m)
}

// Sub returns n - m.
func (n Num) Sub(m Num) Num {
	if n.exp == m.exp && n.big == nil && m.big == nil {
		lo, c := bits.Sub64(n.lo, m.lo, 0)
		hi := n.hi - m.hi - int64(c)
		if (n.hi^m.hi)&(n.hi^hi) >= 0 {
			return Num{hi: hi, lo: lo, exp: n.exp}
		}
	}
	return n.addSlow(m.Neg())
}

// Mul returns n × m.
func (n Num) Mul(m Num) Num {
	if n.isInt64() && m.isInt64() {
		// The unsigned product counts 2^64 too much for each negative factor, times the other one.
		hi, lo := bits.Mul64(n.lo, m.lo)
		return Num{hi: int64(hi) - n.hi&int64(m.lo) - m.hi&int64(n.lo), lo: lo, exp: n.exp + m.exp}
	}
	return n.mulSlow(m)
}

// Neg returns -n.
func (n Num) Neg() Num {
	lo, c := bits.Sub64(0, n.lo, 0)
	hi := -n.hi - int64(c)
	if n.big != nil || n.hi&hi < 0 { // -2^127 has no negative in 128 bits
		return fromBig(new(big.Int).Neg(n.coef()), n.exp)
	}
	return Num{hi: hi, lo: lo, exp: n.exp}
}

// Abs returns the magnitude of n.
func (n Num) Abs() Num {
	if n.Sign() < 0 {
		return n.Neg()
	}
	return n
}

// Cmp returns -1, 0 or +1 as n < m, n = m or n > m. The representation does not
// matter: 2.5 and 2.50 compare as equal.
func (n Num) Cmp(m Num) int {
	if n.exp != m.exp || n.big != nil || m.big != nil {
		return n.cmpSlow(m)
	}
	switch {
	case n.hi < m.hi || n.hi == m.hi && n.lo < m.lo:
		return -1
	case n.hi == m.hi && n.lo == m.lo:
		return 0
	}
	return 1
}

// addSlow adds numbers of different exponents, or big ones, or to a big one.
func (n Num) addSlow(m Num) Num {
	switch {
	case m.IsZero():
		return n
	case n.IsZero():
		return m
	case n.exp == m.exp:
		return fromBig(new(big.Int).Add(n.coef(), m.coef()), n.exp)
	case n.exp < m.exp:
		return n.Add(m.lower(n.exp))
	}
	return n.lower(m.exp).Add(m)
}

// lower returns the same number with the exponent exp ≤ n.exp.
func (n Num) lower(exp int32) Num {
	d := int64(n.exp) - int64(exp)
	if n.big == nil {
		if d < 20 && n.isInt64() { // as in Mul; 2^63 × 10^19 < 2^127
			p := pow10[d].lo
			hi, lo := bits.Mul64(n.lo, p)
			return Num{hi: int64(hi) - n.hi&int64(p), lo: lo, exp: exp}
		}
		m, neg := n.mag()
		if m, ok := m.scale(d); ok {
			return fromMag(neg, m, exp)
		}
	}
	return fromBig(new(big.Int).Mul(n.coef(), bigPow10(d)), exp)
}

// mulSlow multiplies when a coefficient does not fit in 64 bits.
func (n Num) mulSlow(m Num) Num {
	exp := n.exp + m.exp
	if n.big == nil && m.big == nil {
		a, aneg := n.mag()
		b, bneg := m.mag()
		if p, ok := a.mul(b); ok {
			return fromMag(aneg != bneg, p, exp)
		}
	}
	return fromBig(new(big.Int).Mul(n.coef(), m.coef()), exp)
}

// cmpSlow compares numbers of different exponents, or big ones. Small ones never need
// math/big: the number whose scaled coefficient overflows is the one of the larger magnitude.
func (n Num) cmpSlow(m Num) int {
	s, t := n.Sign(), m.Sign()
	switch {
	case s < t:
		return -1
	case s > t:
		return 1
	case s == 0:
		return 0
	}
	if n.big != nil || m.big != nil {
		return n.lower(min(n.exp, m.exp)).coef().Cmp(m.lower(min(n.exp, m.exp)).coef())
	}
	a, _ := n.mag()
	b, _ := m.mag()
	var ok bool
	if n.exp >= m.exp {
		if a, ok = a.scale(int64(n.exp) - int64(m.exp)); !ok {
			return s
		}
	} else if b, ok = b.scale(int64(m.exp) - int64(n.exp)); !ok {
		return -s
	}
	return s * a.cmp(b)
}
