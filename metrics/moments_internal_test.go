package metrics

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The sums of 64-bit numbers are those of big.Int, and those of 2^63-1 of them fit.
func Test_limbs_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges := []int64{math.MinInt64, math.MaxInt64, 1 << 32, -1 << 32, 1<<32 - 1, 0, 1, -1}
		spread := rapid.Map(rapid.Uint64(), func(u uint64) int64 { return int64(u * 0x9e3779b97f4a7c15) }) // no bit is rare
		one := rapid.OneOf(rapid.Int64(), spread, rapid.SampledFrom(edges))
		var p limbs
		var want [4]big.Int
		for _, v := range rapid.SliceOfN(one, 0, 10).Draw(t, "values") {
			p.add(v)
			x, power := big.NewInt(v), big.NewInt(1)
			for k := range want {
				want[k].Add(&want[k], power.Mul(power, x))
			}
		}
		for n := rapid.SampledFrom([]int{0, 1, 59}).Draw(t, "doubled"); n > 0; n-- { // 10 × 2^59 < 2^63
			p.merge(&p)
			for k := range want {
				want[k].Lsh(&want[k], 1)
			}
		}
		exp := rapid.Int32Range(-20, 20).Draw(t, "exponent")
		got := p.times(exp)
		for k, s := range got.s {
			coef, e := s.Big()
			if coef.Cmp(&want[k]) != 0 || e != exp*int32(k+1) {
				t.Fatalf("sum of powers %d: %v × 10^%d, want %v", k+1, coef, e, &want[k])
			}
		}
	})
}
