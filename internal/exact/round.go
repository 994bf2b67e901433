package exact

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Mode says where rounding takes a number between two neighbours. All modes are
// symmetric: the rounded -x is the negative of the rounded x.
type Mode uint8

const (
	// HalfUp takes the nearest neighbour, and a tie away from zero. It is the default.
	HalfUp Mode = iota
	// HalfEven takes the nearest neighbour, and a tie to the even one.
	HalfEven
	// Down takes the neighbour towards zero.
	Down
)

// Round returns n rounded to places decimals by mode m, which is HalfUp for values
// of Mode not named here. Negative places round to tens, hundreds and so on. A number
// of no more than places decimals comes back as it is.
func (n Num) Round(places int32, m Mode) Num {
	drop := -int64(places) - int64(n.exp)
	if drop <= 0 {
		return n
	}
	if n.big != nil {
		return n.roundBig(places, drop, m)
	}
	if drop >= int64(len(pow10)) { // below 2^127/10^39 < 0.18 units
		return Num{exp: -places}
	}
	a, neg := n.mag()
	if a.hi == 0 && drop < 20 {
		d := pow10[drop].lo
		q, r := a.lo/d, a.lo%d
		if up64(q, r, d, m) {
			q++
		}
		return fromMag64(neg, q, -places)
	}
	q, r := a.div(pow10[drop])
	if up(q.lo, r, pow10[drop], m) {
		q = q.add(u128{0, 1})
	}
	return fromMag(neg, q, -places)
}

// Fixed returns n rounded to places decimals, half away from zero, as a decimal of
// exponent exactly -places: the form of money on a statement.
func (n Num) Fixed(places int32) decimal.Decimal {
	return n.Round(places, HalfUp).lower(-places).decimal()
}

// up reports whether a quotient of lowest bits q and remainder r by d rounds away from zero.
func up(q uint64, r, d u128, m Mode) bool {
	if m == Down || r.isZero() {
		return false
	}
	rest := d.sub(r)
	return rest.less(r) || rest == r && (m != HalfEven || q&1 == 1)
}

// up64 is up for 64 bits.
func up64(q, r, d uint64, m Mode) bool {
	rest := d - r
	return rest <= r && m != Down && (rest < r || m != HalfEven || q&1 == 1)
}

// roundBig is Round for a big n that has drop > 0 digits too many.
func (n Num) roundBig(places int32, drop int64, m Mode) Num {
	if drop > int64(n.big.BitLen())/3+1 { // below 0.1 units, as 2^3 < 10
		return Num{exp: -places}
	}
	q, r, d := bigQuoRem(n.big, big.NewInt(1), 0, drop)
	return fromBig(roundQuo(q, r, d, n.big.Sign(), m), -places)
}

// roundQuo rounds a truncated quotient of the given sign with remainder r by d, in place.
func roundQuo(q, r, d *big.Int, sign int, m Mode) *big.Int {
	if m == Down {
		return q
	}
	c := new(big.Int).Lsh(r, 1).CmpAbs(d)
	if c > 0 || c == 0 && (m != HalfEven || q.Bit(0) == 1) {
		q.Add(q, big.NewInt(int64(sign)))
	}
	return q
}

// units returns n with exponent exactly -places, and false when n is no multiple of 10^-places.
func (n Num) units(places int32) (Num, bool) {
	t := n.Round(places, Down)
	return t.lower(-places), t.Cmp(n) == 0
}
