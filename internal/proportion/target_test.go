package proportion_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/proportion"
)

// Mendel's cross of Conover (1971, 97f), the example of R's binom.test: 682 of 925 against 3/4, p = 0.3825. And the 15 of 20 of
// many text books against 1/2: 2 × 21700 / 2^20, from the binomial coefficients.
func TestE05_Binomial(t *testing.T) {
	if _, ok := proportion.Binomial(682, 925, 0.75); ok {
		t.Error("231 failures are expected: too many for the exact test")
	}
	p, ok := proportion.Score(682, 925, 0.75)
	if !ok || math.Abs(p-0.3825) > 0.02 {
		t.Errorf("score p = %v, want near the exact 0.3825", p)
	}
	p, ok = proportion.Binomial(15, 20, 0.5)
	if !ok {
		t.Error("not ok")
	}
	tstNear(t, "15 of 20", p, 2*21700.0/(1<<20), 1e-14)
}

// The definition in exact arithmetic.
func TestBinomial_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 60).Draw(t, "n")
		x := rapid.Int64Range(0, n).Draw(t, "x")
		parts := rapid.Int64Range(0, 64).Draw(t, "64ths") // exact in a float64, and so is the other side
		probability := func(k int64) *big.Int {
			v := new(big.Int).Binomial(n, k)
			v.Mul(v, new(big.Int).Exp(big.NewInt(parts), big.NewInt(k), nil))
			return v.Mul(v, new(big.Int).Exp(big.NewInt(64-parts), big.NewInt(n-k), nil))
		}
		sum, all := new(big.Int), new(big.Int).Exp(big.NewInt(64), big.NewInt(n), nil)
		for k := range n + 1 {
			if v := probability(k); v.Cmp(probability(x)) <= 0 {
				sum.Add(sum, v)
			}
		}
		want, _ := new(big.Rat).SetFrac(sum, all).Float64()
		got, ok := proportion.Binomial(x, n, float64(parts)/64)
		if !ok || math.Abs(got-want) > 1e-12*want {
			t.Errorf("%d of %d against %d/64: %v, want %v", x, n, parts, got, want)
		}
	})
}

// The score test rejects where Wilson's interval does not hold the share.
func TestScore_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1000).Draw(t, "n")
		x := rapid.Int64Range(0, n).Draw(t, "x")
		share := rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "share")
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.99}).Draw(t, "level")
		p, ok := proportion.Score(x, n, share)
		lo, hi, okWilson := proportion.Wilson(x, n, level)
		if !ok || !okWilson || !(p >= 0 && p <= 1) {
			t.Fatalf("p = %v", p)
		}
		if outside := share < lo || share > hi; outside != (p < 1-level) && math.Abs(p-(1-level)) > 1e-9 {
			t.Errorf("%d of %d against %v: p = %v, interval %v to %v", x, n, share, p, lo, hi)
		}
	})
}

func TestTarget_hostile(t *testing.T) {
	for _, n := range []int64{1, 2, 1000, math.MaxInt64} {
		for _, x := range []int64{0, 1, n / 2, n} {
			for _, share := range []float64{0, 5e-324, 1e-19, 1e-17, 0.5, 1 - 1.0/(1<<53), 1} {
				if p, ok := proportion.Binomial(x, n, share); ok && !(p >= 0 && p <= 1) {
					t.Errorf("%d of %d against %v: %v", x, n, share, p)
				}
				if p, ok := proportion.Score(x, n, share); ok && !(p >= 0 && p <= 1) {
					t.Errorf("%d of %d against %v: score %v", x, n, share, p)
				}
			}
		}
	}
	for _, share := range []float64{-1, 2, math.NaN()} {
		if _, ok := proportion.Binomial(1, 2, share); ok {
			t.Errorf("against %v", share)
		}
		if _, ok := proportion.Score(1, 2, share); ok {
			t.Errorf("score against %v", share)
		}
	}
}
