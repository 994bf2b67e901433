package metrics

import (
	"math/big"

	"github.com/salesops-go/salesops/internal/exact"
)

// fraction is an exact quotient, whose denominator is above 0. It is not kept in lowest terms: the greatest common divisors of
// a long sum would cost more than they save.
type fraction struct{ num, den *big.Int }

// wholeFraction returns v.
func wholeFraction(v int64) fraction { return fraction{big.NewInt(v), big.NewInt(1)} }

// fractionOf returns num / den, of which den is above 0.
func fractionOf(num, den exact.Num) fraction {
	n, nExp := num.Big()
	d, dExp := den.Big()
	if shift := int64(nExp) - int64(dExp); shift >= 0 {
		n.Mul(n, tenTo(shift))
	} else {
		d.Mul(d, tenTo(-shift))
	}
	return fraction{n, d}
}

func (a fraction) plus(b fraction) fraction {
	if a.den.Cmp(b.den) == 0 {
		return fraction{new(big.Int).Add(a.num, b.num), a.den}
	}
	x, y := new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(b.num, a.den)
	return fraction{x.Add(x, y), new(big.Int).Mul(a.den, b.den)}
}

func (a fraction) minus(b fraction) fraction { return a.plus(fraction{new(big.Int).Neg(b.num), b.den}) }

func (a fraction) times(b fraction) fraction {
	return fraction{new(big.Int).Mul(a.num, b.num), new(big.Int).Mul(a.den, b.den)}
}

// reduced returns a in lowest terms.
func (a fraction) reduced() fraction {
	r := new(big.Rat).SetFrac(a.num, a.den)
	return fraction{r.Num(), r.Denom()}
}

// float returns the float64 nearest to a, however long its parts are, in time proportional to their length.
func (a fraction) float() float64 {
	num, den := new(big.Float).SetInt(a.num), new(big.Float).SetInt(a.den) // exact
	v, _ := new(big.Float).SetPrec(53).Quo(num, den).Float64()
	return v
}

// sumFractions adds halves to halves, so that few factors are long. It takes the terms over.
func sumFractions(terms []fraction) fraction {
	if len(terms) == 0 {
		return wholeFraction(0)
	}
	for len(terms) > 1 {
		half := terms[:0]
		for i := 0; i < len(terms); i += 2 {
			t := terms[i]
			if i+1 < len(terms) {
				t = t.plus(terms[i+1])
			}
			half = append(half, t)
		}
		terms = half
	}
	return terms[0]
}

func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }
