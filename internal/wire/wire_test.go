package wire_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/internal/wire"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// What is written is read again.
func TestRoundTrip_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, i := rapid.Uint64().Draw(t, "uint"), rapid.Int64().Draw(t, "int")
		n := rapid.Int64Range(0, math.MaxInt64).Draw(t, "natural")
		s := rapid.String().Draw(t, "string")
		d := decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-18, 18).Draw(t, "exponent"))
		b := wire.Head(nil, 'K', 3)
		b = wire.Uint(b, u)
		b = wire.Int(b, i)
		b = wire.Uint(b, uint64(n))
		b = wire.String(b, s)
		b = wire.Decimal(b, d)

		r := wire.NewReader(b, 'K', 3)
		if got := r.Uint(); got != u {
			t.Errorf("Uint = %d, want %d", got, u)
		}
		if got := r.Int(); got != i {
			t.Errorf("Int = %d, want %d", got, i)
		}
		if got := r.Natural(math.MaxInt64); got != n {
			t.Errorf("Natural = %d, want %d", got, n)
		}
		if got := r.String(); got != s {
			t.Errorf("String = %q, want %q", got, s)
		}
		if got := r.Decimal(); !got.Equal(d) {
			t.Errorf("Decimal = %v, want %v", got, d)
		}
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		for cut := range b {
			r := wire.NewReader(b[:cut], 'K', 3)
			_, _, _, _, _ = r.Uint(), r.Int(), r.Natural(math.MaxInt64), r.String(), r.Decimal()
			if r.Close() == nil {
				t.Errorf("cut at %d of %d: no error", cut, len(b))
			}
		}
	})
}

// Equal decimals have equal forms, whatever their exponents.
func TestDecimal_equal(t *testing.T) {
	for _, same := range [][]decimal.Decimal{
		{decimal.New(25, -1), decimal.New(250, -2), decimal.New(2500000, -6)},
		{decimal.New(0, 0), decimal.New(0, 7), decimal.New(0, -7), {}},
		{decimal.New(-3, 3), decimal.New(-3000, 0)},
	} {
		for _, d := range same {
			if got, want := wire.Decimal(nil, d), wire.Decimal(nil, same[0]); !bytes.Equal(got, want) {
				t.Errorf("%v: % x, want % x", d, got, want)
			}
		}
	}
}

// Texts that no writer writes are refused.
func TestReader_refuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty":                   {},
		"other kind":              {'X', 1, 0},
		"other version":           {'K', 2, 0},
		"zero written in 2 bytes": {'K', 1, 0x80, 0x00},
		"more than 64 bits":       {'K', 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		"endless":                 {'K', 1, 0xff, 0xff},
		"left over":               {'K', 1, 0x05, 0x00},
	} {
		r := wire.NewReader(b, 'K', 1)
		_ = r.Uint()
		if r.Close() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, b := range map[string][]byte{
		"coefficient with a trailing zero": {'K', 1, 2, 10, 0},
		"coefficient with a leading zero":  {'K', 1, 4, 0, 1, 0},
		"exponent 55":                      {'K', 1, 2, 1, 110},
		"41 bytes":                         append([]byte{'K', 1, 82}, append(bytes.Repeat([]byte{1}, 41), 0)...),
	} {
		r := wire.NewReader(b, 'K', 1)
		_ = r.Decimal()
		if r.Close() == nil {
			t.Errorf("decimal, %s: no error", name)
		}
	}
}

// A count is never larger than what the text has room for.
func TestReader_Count(t *testing.T) {
	b := append(wire.Uint(wire.Head(nil, 'K', 1), 3), 0, 0, 0, 0, 0)
	if got := wire.NewReader(b, 'K', 1).Count(1); got != 3 {
		t.Errorf("Count(1) = %d, want 3", got)
	}
	r := wire.NewReader(b, 'K', 1)
	if got := r.Count(2); got != 0 || r.OK() {
		t.Errorf("Count(2) = %d, OK %t, want 0 and a fault: 3 items of 2 bytes are more than 5", got, r.OK())
	}
	r = wire.NewReader(wire.Uint(wire.Head(nil, 'K', 1), math.MaxUint64), 'K', 1)
	if got := r.Count(1); got != 0 || r.Close() == nil {
		t.Errorf("Count of 2^64-1 = %d, want 0 and a fault", got)
	}
}

func TestReader_firstFault(t *testing.T) {
	r := wire.NewReader([]byte{'K', 1}, 'K', 1)
	want := errors.New("makes no sense")
	r.Fail(want)
	_ = r.Uint()
	if got := r.Close(); !errors.Is(got, want) {
		t.Errorf("Close = %v, want the first fault", got)
	}
	r = wire.NewReader(wire.Head(nil, 'K', 1), 'K', 1)
	if got := r.Sum(math.MaxInt64, 1); got != 0 || r.OK() {
		t.Errorf("Sum beyond int64 = %d, want 0 and a fault", got)
	}
	if got := wire.NewReader(wire.Head(nil, 'K', 1), 'K', 1).Sum(2, 3); got != 5 {
		t.Errorf("Sum(2, 3) = %d, want 5", got)
	}
}

// Whatever is read without fault is what a writer writes for it.
func FuzzReader(f *testing.F) {
	f.Add([]byte{'K', 1, 1, 2, 1, 'x', 2, 25, 1})
	f.Add([]byte{'K', 1, 0x80, 0x01, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := wire.NewReader(data, 'K', 1)
		u, i, s, d := r.Uint(), r.Int(), r.String(), r.Decimal()
		if r.Close() != nil {
			return
		}
		b := wire.Decimal(wire.String(wire.Int(wire.Uint(wire.Head(nil, 'K', 1), u), i), s), d)
		if !bytes.Equal(b, data) {
			t.Errorf("read % x, wrote % x", data, b)
		}
	})
}
