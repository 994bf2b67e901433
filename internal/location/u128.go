package location

import (
	"math"
	"math/bits"
)

// u128 is a count of pairs: those of two samples of up to 2^63-1 numbers fit.
type u128 struct{ hi, lo uint64 }

func (a u128) plus(b u128) u128 {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return u128{a.hi + b.hi + carry, lo}
}

// minus returns a - b, which must not be negative.
func (a u128) minus(b u128) u128 {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	return u128{a.hi - b.hi - borrow, lo}
}

func (a u128) half() u128 { return u128{a.hi >> 1, a.hi<<63 | a.lo>>1} }

func (a u128) less(b u128) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

func (a u128) float() float64 { return float64(float64(a.hi)*(1<<64)) + float64(a.lo) }

// product returns a × b.
func product(a, b uint64) u128 {
	hi, lo := bits.Mul64(a, b)
	return u128{hi, lo}
}

// wholePart returns the whole number of a v from 0 to below 2^128.
func wholePart(v float64) u128 {
	hi := math.Floor(v / (1 << 64))
	return u128{uint64(hi), uint64(v - float64(hi*(1<<64)))}
}
