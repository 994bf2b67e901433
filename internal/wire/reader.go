package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// The faults of a text.
var (
	errHead  = errors.New("is of another kind or version")
	errShort = errors.New("ends too early")
	errLong  = errors.New("goes on after its end")
	errForm  = errors.New("is not in the one form that is written")
)

// Reader reads a text. After a fault it returns zeros; [Reader.Close] tells the fault.
type Reader struct {
	rest []byte
	err  error
}

// NewReader begins to read a text of the kind and version. It keeps data, and does not change it.
func NewReader(data []byte, kind, version byte) *Reader {
	switch {
	case len(data) < 2:
		return &Reader{err: errShort}
	case data[0] != kind || data[1] != version:
		return &Reader{err: errHead}
	}
	return &Reader{rest: data[2:]}
}

// fail keeps the first fault, and ends the reading.
func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err, r.rest = err, nil
	}
}

// Fail tells of a fault in the contents: what was read makes no sense. The first fault is kept.
func (r *Reader) Fail(err error) { r.fail(err) }

// OK reports whether there was no fault so far. Loops ask, so as not to go on over zeros.
func (r *Reader) OK() bool { return r.err == nil }

// Uint reads a number that is not negative.
func (r *Reader) Uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	switch {
	case n == 0:
		r.fail(errShort)
		return 0
	case n < 0 || n > 1 && r.rest[n-1] == 0: // too large, or longer than it need be
		r.fail(errForm)
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// Int reads a number.
func (r *Reader) Int() int64 {
	u := r.Uint()
	v := int64(u >> 1)
	if u&1 != 0 {
		v = ^v
	}
	return v
}

// Natural reads a number from 0 to most.
func (r *Reader) Natural(most int64) int64 {
	v := r.Uint()
	if v > uint64(max(most, 0)) {
		r.fail(errForm)
		return 0
	}
	return int64(v)
}

// Count reads how many items follow, of which each takes at least size bytes, size being 1 or more. As there must be room
// for them in the text, the result may be trusted with memory in proportion to it.
func (r *Reader) Count(size int) int {
	n := r.Uint()
	if n > uint64(len(r.rest)/size) {
		r.fail(errShort)
		return 0
	}
	return int(n)
}

// String reads a string.
func (r *Reader) String() string { return string(r.bytes(r.Count(1))) }

// bytes takes the next n bytes, which are there unless there was a fault.
func (r *Reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.fail(errShort)
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// Bounds of a decimal: those of a sum of very many numbers that came through the door.
const (
	maxDecimalBytes    = 40 // 96 digits
	maxDecimalExponent = 54
)

// Decimal reads a decimal, of at most 96 digits.
func (r *Reader) Decimal() decimal.Decimal {
	size := r.Int()
	if size == 0 {
		return decimal.Decimal{}
	}
	negative := size < 0
	if size < -maxDecimalBytes || size > maxDecimalBytes {
		r.fail(errForm)
		return decimal.Decimal{}
	}
	if negative {
		size = -size
	}
	digits := r.bytes(int(size))
	exp := r.Int()
	if r.err != nil {
		return decimal.Decimal{}
	}
	coef := new(big.Int).SetBytes(digits)
	last := new(big.Int).Mod(coef, big.NewInt(10))
	if digits[0] == 0 || last.Sign() == 0 || exp < -maxDecimalExponent || exp > maxDecimalExponent {
		r.fail(errForm)
		return decimal.Decimal{}
	}
	if negative {
		coef.Neg(coef)
	}
	return decimal.NewFromBigInt(coef, int32(exp))
}

// Close ends the reading, and returns the first fault; bytes that are left over are one.
func (r *Reader) Close() error {
	if r.err == nil && len(r.rest) > 0 {
		r.err = errLong
	}
	return r.err
}

// Sum adds counts that are not negative. It fails if the sum is beyond an int64.
func (r *Reader) Sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		r.fail(errForm)
		return 0
	}
	return a + b
}
