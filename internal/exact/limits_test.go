package exact_test

import (
	"math/big"
	"strings"
	"testing"
	"unsafe"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

func TestSize(t *testing.T) {
	if got := unsafe.Sizeof(exact.Num{}); got > 32 {
		t.Errorf("a number takes %d bytes, want at most 32", got)
	}
}

// million has a million digits; no operation but Bounded should ever see it.
func million() *big.Int {
	return new(big.Int).Lsh(big.NewInt(1), 3_321_926)
}

func TestBounded(t *testing.T) {
	for _, tt := range []struct {
		name string
		d    decimal.Decimal
		want bool
	}{
		{"zero", decimal.New(0, 0), true},
		{"zero of a large exponent", decimal.New(0, 19), false},
		{"exponent 18", decimal.New(1, 18), true},
		{"exponent 19", decimal.New(1, 19), false},
		{"exponent -18", decimal.New(-1, -18), true},
		{"exponent -19", decimal.New(-1, -19), false},
		{"exponent of a hostile host", decimal.New(1, 1_000_000_000), false},
		{"negative exponent of a hostile host", decimal.New(1, -1_000_000_000), false},
		{"36 digits", decimal.RequireFromString(strings.Repeat("9", 36)), true},
		{"36 digits, negative", decimal.RequireFromString("-" + strings.Repeat("9", 36)), true},
		{"37 digits", decimal.RequireFromString("1" + strings.Repeat("0", 36)), false},
		{"37 digits, negative", decimal.RequireFromString("-1" + strings.Repeat("0", 36)), false},
		{"36 digits, 18 of them decimals", decimal.RequireFromString(strings.Repeat("9", 18) + "." + strings.Repeat("9", 18)), true},
		{"a million digits", decimal.NewFromBigInt(million(), 0), false},
		{"a million digits, negative", decimal.NewFromBigInt(million(), 0).Neg(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := exact.Bounded(tt.d); got != tt.want {
				t.Errorf("bounded = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestNoAllocations(t *testing.T) {
	dec := decimal.New(1_234_567_89, -2)
	a, b := exact.From(dec), exact.New(75_000, -6)
	wide := a.Mul(exact.New(1e18+9, -18)) // beyond 64 bits
	lines, out := make([]exact.Num, 100), make([]exact.Num, 100)
	for i := range lines {
		lines[i] = exact.New(int64(i)*1e4, -6)
	}
	few := nums("1 1 1")
	for _, tt := range []struct {
		name string
		want float64
		f    func()
	}{
		{"From", 0, func() { sinkNum = exact.From(dec) }},
		{"Bounded", 0, func() { exact.Bounded(dec) }},
		{"Add", 0, func() { sinkNum = a.Add(b).Add(wide) }},
		{"Sub", 0, func() { sinkNum = a.Sub(b).Sub(wide) }},
		{"Mul", 0, func() { sinkNum = a.Mul(b).Mul(b) }},
		{"Cmp", 0, func() { sinkInt = a.Cmp(b) + a.Cmp(wide) + exact.New(1, 99).Cmp(wide) }},
		{"Neg and Abs", 0, func() { sinkNum = wide.Neg().Abs() }},
		{"Round", 0, func() { sinkNum = b.Round(2, exact.HalfUp).Add(wide.Round(2, exact.HalfEven)) }},
		{"Quo", 0, func() { sinkNum, _ = exact.Quo(a, b, 2, exact.HalfUp) }},
		{"Quo, 128 bits", 0, func() { sinkNum, _ = exact.Quo(wide, wide, 2, exact.HalfUp) }},
		{"QuoRem", 0, func() { sinkNum, _, _ = exact.QuoRem(wide, b, 2) }},
		{"Decimal", 2, func() { sinkDec = a.Decimal() }}, // the big.Int and its digits
		{"Fixed", 2, func() { sinkDec = a.Fixed(2) }},
		{"Spread, exact lines", 0, func() { _ = exact.Spread(lines, exact.Int(1), exact.New(4950, -2), 2, out) }},
		{"Spread, a few lines", 0, func() { _ = exact.Spread(few, exact.Int(3), exact.Int(1), 2, out[:3]) }},
		{"Allocate, a few weights", 1, func() { _, _ = exact.Allocate(a, few, 2) }},
		{"Allocate, many weights", 2, func() { _, _ = exact.Allocate(a, lines, 2) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := testing.AllocsPerRun(100, tt.f); got > tt.want {
				t.Errorf("%g allocations, want at most %g", got, tt.want)
			}
		})
	}
}
