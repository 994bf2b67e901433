package exact_test

import (
	"math/big"
	"testing"

	"github.com/salesops-go/salesops/internal/exact"
)

// FuzzNum compares every operation on 128 bits with the same on rational numbers. The
// coefficients are a × b and c × d, so they reach both sides of the border at 2^127 in
// sums and products.
func FuzzNum(f *testing.F) {
	f.Add(int64(1), int64(1), int64(3), int64(1), int8(0), int8(0), int8(2))
	f.Add(int64(-1<<63), int64(-1<<63), int64(-1<<63), int64(1<<62), int8(-18), int8(18), int8(-3))
	f.Add(int64(1<<62), int64(1<<62), int64(1<<62), int64(1<<62), int8(-2), int8(-2), int8(2))
	f.Add(int64(25), int64(1e17), int64(-5), int64(1e18), int8(-2), int8(-38), int8(0))
	f.Fuzz(func(t *testing.T, a, b, c, d int64, e, g, places int8) {
		x, xr := product(a, b, e)
		y, yr := product(c, d, g)
		check(t, "x", x, xr)
		check(t, "x+y", x.Add(y), new(big.Rat).Add(xr, yr))
		check(t, "x-y", x.Sub(y), new(big.Rat).Sub(xr, yr))
		check(t, "x*y", x.Mul(y), new(big.Rat).Mul(xr, yr))
		if got, want := x.Cmp(y), xr.Cmp(yr); got != want {
			t.Errorf("x cmp y = %d, want %d", got, want)
		}
		p := int32(places)
		for _, m := range modes {
			check(t, "round", x.Round(p, m), roundRat(xr, p, m))
			if yr.Sign() != 0 {
				q, _ := exact.Quo(x, y, p, m)
				check(t, "x/y", q, roundRat(new(big.Rat).Quo(xr, yr), p, m))
			}
		}
		if q, r, ok := exact.QuoRem(x, y, p); ok {
			check(t, "q*y+r", q.Mul(y).Add(r), xr)
			check(t, "q", q, roundRat(new(big.Rat).Quo(xr, yr), p, exact.Down))
		}
	})
}

func product(a, b int64, exp int8) (exact.Num, *big.Rat) {
	c := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	return exact.New(a, int32(exp)).Mul(exact.Int(b)), scaled(c, int32(exp))
}
