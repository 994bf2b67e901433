package forecast_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/forecast"
)

// FuzzSummarize compares the sums in 64 bits, and what they fall back to, with decimals: amounts on both sides of the
// border, of exponents that change, times weights with up to 18 decimal places.
func FuzzSummarize(f *testing.F) {
	f.Add(int64(125_000), int64(-50), int64(1), int8(-2), int8(-2), int8(0), uint64(25), uint8(2))
	f.Add(int64(1<<63-1), int64(1<<63-1), int64(-1<<63), int8(0), int8(0), int8(0), uint64(1e18), uint8(18))
	f.Add(int64(-1<<63), int64(-1<<63), int64(0), int8(-18), int8(17), int8(9), uint64(999_999_999_999_999_999), uint8(18))
	f.Fuzz(func(t *testing.T, a, b, c int64, expA, expB, expC int8, coef uint64, places uint8) {
		one := uint64(1)
		for range places % 19 {
			one *= 10
		}
		weight := decimal.New(int64(coef%(one+1)), -int32(places%19))
		var deals []forecast.Deal
		for i, amount := range []decimal.Decimal{decimal.New(a, int32(expA%18)), decimal.New(b, int32(expB%18)), decimal.New(c, int32(expC%18))} {
			deals = append(deals, forecast.Deal{Amount: amount, Stage: []string{"", "x", ""}[i]})
		}
		s := dealSummary(t, append(deals, deals...), forecast.Query{Weight: forecast.ByStage(map[string]decimal.Decimal{"": weight, "x": decimal.New(1, 0)})})
		two := decimal.New(2, 0)
		sum := deals[0].Amount.Add(deals[1].Amount).Add(deals[2].Amount).Mul(two)
		weighted := deals[0].Amount.Add(deals[2].Amount).Mul(weight).Add(deals[1].Amount).Mul(two)
		if got := s.Pipeline; got.Deals != 6 || !got.Amount.Equal(sum) || !got.Weighted.Equal(weighted) {
			t.Errorf("%d deals of %s weigh %s, want %s and %s", got.Deals, got.Amount.StringFixed(36), got.Weighted.StringFixed(36), sum.StringFixed(36), weighted.StringFixed(36))
		}
	})
}
