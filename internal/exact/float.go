package exact

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Int64 returns n if it is a whole number that an int64 holds.
func (n Num) Int64() (v int64, ok bool) {
	switch {
	case n.IsZero():
		return 0, true
	case n.exp < 0:
		whole := n.Round(0, Down)
		if whole.Cmp(n) != 0 {
			return 0, false
		}
		n = whole
	case n.exp > 18:
		return 0, false
	}
	if n.exp > 0 {
		n = Num{hi: n.hi, lo: n.lo, big: n.big}.Mul(fromMag(false, pow10[n.exp], 0))
	}
	v, exp, ok := n.Small()
	return v, ok && exp == 0
}

// Small returns the coefficient and the exponent of n if the coefficient fits in an int64: n is coef × 10^exp.
func (n Num) Small() (coef int64, exp int32, ok bool) {
	if n.big != nil || n.hi != int64(n.lo)>>63 {
		return 0, 0, false
	}
	return int64(n.lo), n.exp, true
}

// Big returns the coefficient and the exponent of n: n is coef × 10^exp. The caller may change coef.
func (n Num) Big() (coef *big.Int, exp int32) { return new(big.Int).Set(n.coef()), n.exp }

// FromBig returns coef × 10^exp. It keeps coef.
func FromBig(coef *big.Int, exp int32) Num { return fromBig(coef, exp) }

// Float64 returns the float64 nearest to n, ±Inf if n is beyond them all.
func (n Num) Float64() float64 {
	v, _ := QuoFloat(n, Int(1))
	return v
}

// QuoFloat returns the float64 nearest to a / b, rounded once; ok is false when b is 0.
func QuoFloat(a, b Num) (v float64, ok bool) {
	if b.IsZero() {
		return 0, false
	}
	// Both coefficients and the power of ten are float64 exactly: one division rounds once.
	x, xe, okX := a.Small()
	y, ye, okY := b.Small()
	const most = 1 << 53
	if okX && okY && -most <= x && x <= most && -most <= y && y <= most {
		switch shift := int64(xe) - int64(ye); {
		case x == 0:
			return 0, true
		case shift == 0:
			return float64(x) / float64(y), true
		case shift < 0 && shift >= -22:
			if d := float64(y) * float10(-shift); d <= most && d >= -most {
				return float64(x) / d, true
			}
		case shift > 0 && shift <= 22:
			if d := float64(x) * float10(shift); d <= most && d >= -most {
				return d / float64(y), true
			}
		}
	}
	num, exp := a.Big()
	den, denExp := b.Big()
	switch shift := int64(exp) - int64(denExp); {
	case shift > 0:
		num.Mul(num, bigPow10(shift))
	case shift < 0:
		den.Mul(den, bigPow10(-shift))
	}
	v, _ = new(big.Rat).SetFrac(num, den).Float64()
	return v, true
}

// FromFloat returns the shortest decimal that reads as v: 0.1 is one tenth. ok is false when v is infinite or not a number.
func FromFloat(v float64) (n Num, ok bool) { return fromFloat(v, 64) }

// FromFloat32 is [FromFloat] for a float32.
func FromFloat32(v float32) (n Num, ok bool) { return fromFloat(float64(v), 32) }

func fromFloat(v float64, bits int) (n Num, ok bool) {
	if w := int64(v); float64(w) == v && w > -1<<53 && w < 1<<53 {
		return Int(w), true
	}
	// Two decimals of 15 digits never read as the same float64: one that reads as v is the shortest, but for zeros at its end.
	if bits == 64 {
		if w := math.RoundToEven(v * 1e2); w/1e2 == v && w < 1e15 && w > -1e15 {
			return New(int64(w), -2), true
		}
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Num{}, false
	}
	var room [32]byte
	text := string(strconv.AppendFloat(room[:0], v, 'e', -1, bits)) // d.ddddde±dd
	mantissa, exponent, _ := strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	coef, _ := strconv.ParseInt(whole+fraction, 10, 64) // at most 17 digits
	exp, _ := strconv.Atoi(exponent)
	return New(coef, int32(exp-len(fraction))), true
}

// float10 returns 10^n for n from 0 to 22, exactly.
func float10(n int64) float64 { return math.Pow10(int(n)) }
