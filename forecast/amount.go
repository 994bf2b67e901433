package forecast

import (
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// small is a number with a coefficient of 64 bits.
type small struct {
	coef int64
	exp  int32
}

// smallOf returns d, if it is within bounds and is small.
func smallOf(d decimal.Decimal) (small, bool) {
	s := small{d.CoefficientInt64(), d.Exponent()} // all of the coefficient, or its low bits
	return s, -18 <= s.exp && s.exp <= 0 && d.Cmp(decimal.New(s.coef, s.exp)) == 0
}

func (s small) num() exact.Num { return exact.New(s.coef, s.exp) }

// adder adds up numbers, exactly and without memory: those with the exponent of the first in 64 bits, while they last.
type adder struct {
	small
	rest exact.Num
}

func (a *adder) num() exact.Num { return a.rest.Add(a.small.num()) }

func (a *adder) add(n small) {
	if to := a.coef + n.coef; n.exp == a.exp && (a.coef^to)&(n.coef^to) >= 0 { // else the sum has neither sign, and overflows
		a.coef = to
		return
	}
	a.addApart(n)
}

// addApart adds a number that does not go with the others.
func (a *adder) addApart(n small) {
	if a.coef == 0 {
		a.small = n
		return
	}
	a.rest = a.rest.Add(n.num())
}

// addProduct adds n times a weight, which is not negative.
func (a *adder) addProduct(n, weight small) {
	mag := uint64(max(n.coef, -n.coef))
	if hi, lo := bits.Mul64(mag, uint64(weight.coef)); hi == 0 && int64(lo) >= 0 {
		a.add(small{n.coef * weight.coef, n.exp + weight.exp})
		return
	}
	a.rest = a.rest.Add(n.num().Mul(weight.num()))
}

// admitSum is the door for numbers that may be results of the package. It is wide enough for the sum of two billion
// products of numbers within bounds: these have at most 36 decimal places, and the sum less than 46 digits before them.
func admitSum(d decimal.Decimal) (n exact.Num, ok bool) {
	if n, ok = exact.Admit(d); ok {
		return n, true
	}
	exp := d.Exponent()
	if exp < -36 || exp > 36 {
		return n, false
	}
	// Decimals of equal exponents compare by the length of their coefficients first.
	limit := decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(96), nil), exp)
	if d.Cmp(limit) >= 0 || d.Cmp(limit.Neg()) <= 0 {
		return n, false
	}
	return exact.From(d), true
}

// totalOf adds up results. As these may come from anywhere, the total is the first number that is out of bounds, if one is.
func totalOf(ds ...decimal.Decimal) decimal.Decimal {
	var sum exact.Num
	for _, d := range ds {
		n, ok := admitSum(d)
		if !ok {
			return d
		}
		sum = sum.Add(n)
	}
	return decimalOf(sum)
}

// decimalOf returns a result, with no zeros at the end behind the decimal point, and none left out before it: 1e20 has more
// zeros than a decimal within bounds may leave out.
func decimalOf(n exact.Num) decimal.Decimal {
	d := n.Decimal()
	if d.Exponent() > 0 {
		return n.Fixed(0)
	}
	return d
}
