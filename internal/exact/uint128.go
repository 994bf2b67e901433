package exact

import (
	"math/big"
	"math/bits"
)

// u128 is an unsigned integer of 128 bits.
type u128 struct{ hi, lo uint64 }

// pow10 holds the powers of ten that fit in 128 bits.
var pow10 = [39]u128{ //nolint:gochecknoglobals // a table, never written
	{0, 1},                                  // 1e0
	{0, 1e1},                                // 1e1
	{0, 1e2},                                // 1e2
	{0, 1e3},                                // 1e3
	{0, 1e4},                                // 1e4
	{0, 1e5},                                // 1e5
	{0, 1e6},                                // 1e6
	{0, 1e7},                                // 1e7
	{0, 1e8},                                // 1e8
	{0, 1e9},                                // 1e9
	{0, 1e10},                               // 1e10
	{0, 1e11},                               // 1e11
	{0, 1e12},                               // 1e12
	{0, 1e13},                               // 1e13
	{0, 1e14},                               // 1e14
	{0, 1e15},                               // 1e15
	{0, 1e16},                               // 1e16
	{0, 1e17},                               // 1e17
	{0, 1e18},                               // 1e18
	{0, 1e19},                               // 1e19
	{0x5, 0x6bc75e2d63100000},               // 1e20
	{0x36, 0x35c9adc5dea00000},              // 1e21
	{0x21e, 0x19e0c9bab2400000},             // 1e22
	{0x152d, 0x2c7e14af6800000},             // 1e23
	{0xd3c2, 0x1bcecceda1000000},            // 1e24
	{0x84595, 0x161401484a000000},           // 1e25
	{0x52b7d2, 0xdcc80cd2e4000000},          // 1e26
	{0x33b2e3c, 0x9fd0803ce8000000},         // 1e27
	{0x204fce5e, 0x3e25026110000000},        // 1e28
	{0x1431e0fae, 0x6d7217caa0000000},       // 1e29
	{0xc9f2c9cd0, 0x4674edea40000000},       // 1e30
	{0x7e37be2022, 0xc0914b2680000000},      // 1e31
	{0x4ee2d6d415b, 0x85acef8100000000},     // 1e32
	{0x314dc6448d93, 0x38c15b0a00000000},    // 1e33
	{0x1ed09bead87c0, 0x378d8e6400000000},   // 1e34
	{0x13426172c74d82, 0x2b878fe800000000},  // 1e35
	{0xc097ce7bc90715, 0xb34b9f1000000000},  // 1e36
	{0x785ee10d5da46d9, 0xf436a000000000},   // 1e37
	{0x4b3b4ca85a86c47a, 0x98a224000000000}, // 1e38
}

func (a u128) isZero() bool { return a.hi|a.lo == 0 }

func (a u128) cmp(b u128) int {
	switch {
	case a == b:
		return 0
	case a.less(b):
		return -1
	}
	return 1
}

func (a u128) less(b u128) bool {
	_, borrow := bits.Sub64(a.lo, b.lo, 0)
	_, borrow = bits.Sub64(a.hi, b.hi, borrow)
	return borrow != 0
}

// add returns a + b modulo 2^128.
func (a u128) add(b u128) u128 {
	lo, c := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, c)
	return u128{hi, lo}
}

// sub returns a - b modulo 2^128.
func (a u128) sub(b u128) u128 {
	lo, c := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, c)
	return u128{hi, lo}
}

// mul returns a × b, and false when that does not fit.
func (a u128) mul(b u128) (u128, bool) {
	if a.hi != 0 {
		if b.hi != 0 {
			return u128{}, false
		}
		a, b = b, a
	}
	// Now a < 2^64: the product is a.lo × (b.hi × 2^64 + b.lo).
	hi, lo := bits.Mul64(a.lo, b.lo)
	over, mid := bits.Mul64(a.lo, b.hi)
	hi, c := bits.Add64(hi, mid, 0)
	return u128{hi, lo}, over == 0 && c == 0
}

// scale returns a × 10^d for d ≥ 0, and false when that does not fit.
func (a u128) scale(d int64) (u128, bool) {
	switch {
	case d == 0 || a.isZero():
		return a, true
	case d >= int64(len(pow10)):
		return u128{}, false
	}
	return a.mul(pow10[d])
}

// div64 returns the quotient and the remainder of a / d. d is not 0.
func (a u128) div64(d uint64) (u128, uint64) {
	if a.hi == 0 {
		return u128{0, a.lo / d}, a.lo % d
	}
	var hi uint64
	r := a.hi
	if r >= d {
		hi, r = r/d, r%d
	}
	lo, r := bits.Div64(r, a.lo, d)
	return u128{hi, lo}, r
}

// div returns the quotient and the remainder of a / d. d is not 0. For a divisor of more
// than 64 bits it estimates the quotient from the upper halves and corrects it by one:
// H. S. Warren, Hacker's Delight, 2nd ed., section 9-5.
func (a u128) div(d u128) (q, r u128) {
	if d.hi == 0 {
		q, rem := a.div64(d.lo)
		return q, u128{0, rem}
	}
	s := uint(bits.LeadingZeros64(d.hi))
	top := d.hi<<s | d.lo>>(64-s) // the upper half of d, normalised; a shift by 64 gives 0
	est, _ := bits.Div64(a.hi>>1, a.hi<<63|a.lo>>1, top)
	est >>= 63 - s
	if est != 0 {
		est--
	}
	p, _ := d.mul(u128{0, est})
	r = a.sub(p)
	if !r.less(d) {
		est++
		r = r.sub(d)
	}
	return u128{0, est}, r
}

// big returns a as a new big.Int.
func (a u128) big() *big.Int {
	var buf [16]byte
	for i := range 8 {
		buf[i] = byte(a.hi >> (56 - 8*i))
		buf[8+i] = byte(a.lo >> (56 - 8*i))
	}
	return new(big.Int).SetBytes(buf[:])
}
