package metrics

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/salesops-go/salesops/internal/exact"
)

// powers are the exact sums of the first four powers of n numbers.
type powers struct {
	n int64
	s [4]exact.Num // of x, x², x³ and x⁴
}

func (p *powers) add(x exact.Num) {
	p.n++
	power := x
	for k := range p.s {
		p.s[k] = p.s[k].Add(power)
		power = power.Mul(x)
	}
}

// plus returns the sums of the numbers of both, which are fewer than 2^63.
func (p powers) plus(o powers) powers {
	p.n += o.n
	for k := range p.s {
		p.s[k] = p.s[k].Add(o.s[k])
	}
	return p
}

// minus returns the sums without the numbers of o, which may not be possible.
func (p powers) minus(o powers) powers {
	p.n -= o.n
	for k := range p.s {
		p.s[k] = p.s[k].Sub(o.s[k])
	}
	return p
}

// hankel returns nΣx²-(Σx)², nΣx³-ΣxΣx² and nΣx⁴-(Σx²)²: n² times the variance of x, the covariance of x and x², and the
// variance of x².
func (p powers) hankel() (a, b, c exact.Num) {
	n, s1, s2, s3, s4 := exact.Int(p.n), p.s[0], p.s[1], p.s[2], p.s[3]
	return n.Mul(s2).Sub(s1.Mul(s1)), n.Mul(s3).Sub(s1.Mul(s2)), n.Mul(s4).Sub(s2.Mul(s2))
}

// possible reports whether there can be n numbers with these sums, and with magnitudes below 10^digits: the truncated moment
// problem of Hamburger (1920), for which the matrix of the sums of x^(i+j), i and j from 0 to 2, must have no negative
// eigenvalue, and no rank above n. It takes no more time than the sums and the bound are long.
func (p powers) possible(digits int32) bool {
	if p.n <= 0 {
		return p.n == 0 && p.s[0].IsZero() && p.s[1].IsZero() && p.s[2].IsZero() && p.s[3].IsZero()
	}
	if p.s[3].Cmp(exact.New(p.n, 4*digits)) >= 0 { // and so are the others
		return false
	}
	a, b, c := p.hankel()
	if a.Sign() < 0 || c.Sign() < 0 {
		return false
	}
	rest := a.Mul(c).Cmp(b.Mul(b))
	switch p.n {
	case 1:
		return a.IsZero() && c.IsZero() && rest == 0
	case 2:
		return rest == 0
	}
	return rest >= 0
}

// limbs are the exact sums of the first four powers of n numbers of 64 bits: two's complement, the lowest 64 bits first. Those
// of 2^63-1 numbers fit.
type limbs struct {
	n  int64
	s1 [2]uint64
	s2 [3]uint64
	s3 [4]uint64
	s4 [5]uint64
}

func (p *limbs) add(v int64) {
	p.n++
	sign := uint64(v >> 63) // no bit or all of them
	x := (uint64(v) ^ sign) - sign
	var c uint64
	p.s1[0], c = bits.Add64(p.s1[0], uint64(v), 0)
	p.s1[1] += sign + c

	sq1, sq0 := bits.Mul64(x, x)
	p.s2[0], c = bits.Add64(p.s2[0], sq0, 0)
	p.s2[1], c = bits.Add64(p.s2[1], sq1, c)
	p.s2[2] += c

	cube1, cube0 := bits.Mul64(sq0, x)
	fourth1, fourth0 := bits.Mul64(sq0, sq0)
	var cube2, fourth2, fourth3 uint64
	if sq1 != 0 { // x is 2^32 or more
		hi, lo := bits.Mul64(sq1, x)
		cube1, c = bits.Add64(cube1, lo, 0)
		cube2 = hi + c

		fourth3, fourth2 = bits.Mul64(sq1, sq1)
		hi, lo = bits.Mul64(sq1, sq0)
		for range 2 {
			fourth1, c = bits.Add64(fourth1, lo, 0)
			fourth2, c = bits.Add64(fourth2, hi, c)
			fourth3 += c
		}
	}
	p.s3[0], c = bits.Add64(p.s3[0], cube0^sign, sign&1)
	p.s3[1], c = bits.Add64(p.s3[1], cube1^sign, c)
	p.s3[2], c = bits.Add64(p.s3[2], cube2^sign, c)
	p.s3[3] += sign + c

	p.s4[0], c = bits.Add64(p.s4[0], fourth0, 0)
	p.s4[1], c = bits.Add64(p.s4[1], fourth1, c)
	p.s4[2], c = bits.Add64(p.s4[2], fourth2, c)
	p.s4[3], c = bits.Add64(p.s4[3], fourth3, c)
	p.s4[4] += c
}

func (p *limbs) merge(o *limbs) {
	p.n += o.n
	mergeLimbs(p.s1[:], o.s1[:])
	mergeLimbs(p.s2[:], o.s2[:])
	mergeLimbs(p.s3[:], o.s3[:])
	mergeLimbs(p.s4[:], o.s4[:])
}

func mergeLimbs(s, o []uint64) {
	var c uint64
	for i := range s {
		s[i], c = bits.Add64(s[i], o[i], c)
	}
}

// times returns the sums of the powers of the numbers times 10^exp.
func (p *limbs) times(exp int32) powers {
	return powers{p.n, [4]exact.Num{
		limbsNum(p.s1[:], exp), limbsNum(p.s2[:], 2*exp), limbsNum(p.s3[:], 3*exp), limbsNum(p.s4[:], 4*exp),
	}}
}

func limbsNum(s []uint64, exp int32) exact.Num {
	top := len(s) - 1
	sign := uint64(int64(s[top]) >> 63)
	var magnitude [5 * 8]byte
	c, small := sign&1, true
	for i, w := range s {
		small = small && (i == 0 || w == sign)
		w, c = bits.Add64(w^sign, 0, c)
		binary.BigEndian.PutUint64(magnitude[len(magnitude)-8*(i+1):], w)
	}
	if small && int64(s[0]^sign) >= 0 {
		return exact.New(int64(s[0]), exp)
	}
	v := new(big.Int).SetBytes(magnitude[:])
	if sign != 0 {
		v.Neg(v)
	}
	return exact.FromBig(v, exp)
}
