package wire

import (
	"encoding/binary"
	"math/big"

	"github.com/shopspring/decimal"
)

// Head appends what the text holds and the version of its form.
func Head(b []byte, kind, version byte) []byte { return append(b, kind, version) }

// Uint appends a number that is not negative, in 1 to 10 bytes; small ones are short.
func Uint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// Int appends a number, in 1 to 10 bytes; those near 0 are short.
func Int(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

// String appends a string with its length.
func String(b []byte, s string) []byte { return append(Uint(b, uint64(len(s))), s...) }

// Decimal appends a decimal. Equal numbers have equal forms: trailing zeros of the coefficient are moved to the exponent.
// The number must be bounded, as those are that came through the door and their sums.
func Decimal(b []byte, d decimal.Decimal) []byte {
	coef, exp := d.Coefficient(), d.Exponent()
	ten, digit := big.NewInt(10), new(big.Int)
	for coef.Sign() != 0 {
		q, r := new(big.Int).QuoRem(coef, ten, digit)
		if r.Sign() != 0 {
			break
		}
		coef = q
		exp++
	}
	if coef.Sign() == 0 {
		return Int(b, 0)
	}
	digits := coef.Bytes()
	size := int64(len(digits))
	if coef.Sign() < 0 {
		size = -size
	}
	return Int(append(Int(b, size), digits...), int64(exp))
}
