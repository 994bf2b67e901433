package metrics

import (
	"math"
	"math/bits"
	"reflect"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/exp/constraints"

	"github.com/salesops-go/salesops/internal/exact"
)

// Exact are the types of numbers whose sums are exact: whole numbers (counts, cents, minutes, a [time.Duration]), and decimals
// for money and quantities.
type Exact interface {
	constraints.Integer | decimal.Decimal
}

// Number are the types of numbers that are observed. A float stands for the shortest decimal that reads as it: 0.1 is one
// tenth. So what is counted of floats is exact, too, and does not depend on their order.
type Number interface {
	Exact | constraints.Float
}

// numOf returns x as a number to count with; ok is false if x is infinite, not a number, or a decimal out of bounds.
func numOf[N Number](x N) (n exact.Num, ok bool) {
	switch v := any(x).(type) {
	case int64:
		return exact.Int(v), true
	case int:
		return exact.Int(int64(v)), true
	case decimal.Decimal:
		return exact.Admit(v)
	case float64:
		return exact.FromFloat(v)
	case time.Duration:
		return exact.Int(int64(v)), true
	}
	switch v := reflect.ValueOf(x); { // the rarer types, and those with names of their own
	case v.CanInt():
		return exact.Int(v.Int()), true
	case v.CanUint():
		u := v.Uint()
		return exact.Int(int64(u >> 1)).Mul(exact.Int(2)).Add(exact.Int(int64(u & 1))), true
	case v.Kind() == reflect.Float32:
		return exact.FromFloat32(float32(v.Float()))
	case v.Kind() == reflect.Float64:
		return exact.FromFloat(v.Float())
	}
	return exact.Num{}, false
}

// ofNum returns n as a number of the type; ok is false if the type has none that equals n, or is a float.
func ofNum[N Number](n exact.Num) (x N, ok bool) {
	if d, is := any(&x).(*decimal.Decimal); is {
		*d = n.Decimal()
		return x, true
	}
	v := reflect.ValueOf(&x).Elem()
	if i, fits := n.Int64(); fits && v.CanInt() && !v.OverflowInt(i) {
		v.SetInt(i)
		return x, true
	}
	if coef, exp := n.Big(); v.CanUint() && coef.Sign() >= 0 && 0 <= exp && exp <= 20 {
		coef.Mul(coef, tenTo(int64(exp)))
		if coef.IsUint64() && !v.OverflowUint(coef.Uint64()) {
			v.SetUint(coef.Uint64())
			return x, true
		}
	}
	return x, false
}

// plus returns a + b; ok is false if that is beyond the type, or a decimal is out of bounds.
func plus[N Exact](a, b N) (sum N, ok bool) {
	switch p := any(&sum).(type) {
	case *int64:
		x, y := any(a).(int64), any(b).(int64)
		*p = x + y
		return sum, (x^*p)&(y^*p) >= 0
	case *int:
		x, y := any(a).(int), any(b).(int)
		*p = x + y
		return sum, (x^*p)&(y^*p) >= 0
	}
	x, okX := sumOf(a)
	y, okY := sumOf(b)
	if !okX || !okY {
		return sum, false
	}
	return ofNum[N](x.Add(y))
}

// minus returns a - b, as plus does.
func minus[N Exact](a, b N) (diff N, ok bool) {
	x, okX := sumOf(a)
	y, okY := sumOf(b)
	if !okX || !okY {
		return diff, false
	}
	return ofNum[N](x.Sub(y))
}

// sumOf is numOf for what may be a sum of this package: see admitSum.
func sumOf[N Exact](x N) (exact.Num, bool) {
	if d, is := any(x).(decimal.Decimal); is {
		return admitSum(d)
	}
	return numOf(x)
}

// admitSum is the door for decimals that may be sums of the package, which are wider than what was added: up to 64 digits, with
// the zeros that a positive exponent stands for, and an exponent within ±36.
func admitSum(d decimal.Decimal) (n exact.Num, ok bool) {
	if n, ok = exact.Admit(d); ok {
		return n, true
	}
	exp := d.Exponent()
	if exp < -36 || exp > 36 {
		return n, false
	}
	// Decimals of equal exponents compare by the length of their coefficients first.
	limit := decimal.NewFromBigInt(tenTo(64-int64(max(exp, 0))), exp)
	if d.Cmp(limit) >= 0 || d.Cmp(limit.Neg()) <= 0 {
		return n, false
	}
	return exact.From(d), true
}

// addCount adds to a count; ok is false, and the count as it was, if that is beyond an int64.
func addCount(count *int64, n int64) (ok bool) {
	sum, carry := bits.Add64(uint64(*count), uint64(n), 0)
	if carry != 0 || sum > math.MaxInt64 {
		return false
	}
	*count = int64(sum)
	return true
}
