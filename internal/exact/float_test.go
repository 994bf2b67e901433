package exact_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
)

func tstRat(n exact.Num) *big.Rat {
	coef, exp := n.Big()
	r := new(big.Rat).SetInt(coef)
	ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil))
	if exp < 0 {
		return r.Quo(r, ten)
	}
	return r.Mul(r, ten)
}

func tstNum(t *rapid.T, name string) exact.Num {
	coef := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{1 << 53, 1<<53 + 1, -1 << 53, math.MinInt64})).Draw(t, name)
	n := exact.New(coef, int32(rapid.IntRange(-40, 40).Draw(t, name+" exponent")))
	if rapid.IntRange(0, 3).Draw(t, name+" wide") == 0 {
		n = n.Mul(exact.Int(rapid.Int64().Draw(t, name+" factor"))).Mul(exact.Int(rapid.Int64().Draw(t, name+" factor")))
	}
	return n
}

// A quotient is that of exact rationals, rounded once.
func TestQuoFloat_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := tstNum(t, "a"), tstNum(t, "b")
		got, ok := exact.QuoFloat(a, b)
		if ok == b.IsZero() {
			t.Fatalf("ok = %v", ok)
		}
		if !ok {
			return
		}
		want, _ := new(big.Rat).Quo(tstRat(a), tstRat(b)).Float64()
		if got != want {
			t.Fatalf("%v / %v = %v, want %v", a, b, got, want)
		}
		if want, _ := tstRat(a).Float64(); a.Float64() != want {
			t.Fatalf("%v as a float64 is %v, want %v", a, a.Float64(), want)
		}
	})
}

// The shortest decimal of a float64 is that float64 again, and no number.
func TestFromFloat_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1e6, 1e6), rapid.Map(rapid.Uint64(), math.Float64frombits),
			rapid.Map(rapid.Int64Range(-2e15, 2e15), func(n int64) float64 { return float64(n) / 100 })).Draw(t, "v")
		n, ok := exact.FromFloat(v)
		if ok == (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Fatalf("FromFloat(%v): ok = %v", v, ok)
		}
		if ok && n.Float64() != v {
			t.Fatalf("FromFloat(%v) = %v", v, n.Float64())
		}
		if want, _ := new(big.Rat).SetString(strconv.FormatFloat(v, 'e', -1, 64)); ok && tstRat(n).Cmp(want) != 0 {
			t.Fatalf("FromFloat(%v) is not the shortest decimal: %v", v, tstRat(n))
		}
		w := float32(v)
		if n, ok := exact.FromFloat32(w); ok && float32(n.Float64()) != w {
			t.Fatalf("FromFloat32(%v) = %v", w, n.Float64())
		}
	})
	if n, _ := exact.FromFloat(0.1); n.Cmp(exact.New(1, -1)) != 0 {
		t.Error("0.1 is not one tenth")
	}
	if n, _ := exact.FromFloat32(0.1); n.Cmp(exact.New(1, -1)) != 0 {
		t.Error("0.1 as a float32 is not one tenth")
	}
}

// A number is an int64 just if it is one.
func TestInt64_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := tstNum(t, "n")
		if rapid.Bool().Draw(t, "whole") {
			n = exact.New(rapid.Int64().Draw(t, "v"), 0)
			if rapid.Bool().Draw(t, "with zeros") {
				n = n.Mul(exact.New(100, -2))
			}
		}
		r := tstRat(n)
		v, ok := n.Int64()
		if want := r.IsInt() && r.Num().IsInt64(); ok != want || ok && v != r.Num().Int64() {
			t.Fatalf("%v is %v, %v", r, v, ok)
		}
		back, exp := n.Big()
		if exact.FromBig(back, exp).Cmp(n) != 0 {
			t.Fatal("FromBig(Big) is another number")
		}
		if coef, exp, ok := n.Small(); ok && exact.New(coef, exp).Cmp(n) != 0 {
			t.Fatal("New(Small) is another number")
		}
	})
}
