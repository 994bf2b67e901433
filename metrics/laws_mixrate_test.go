package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

func revSegments(t *rapid.T, label string) map[string]metrics.Ratio[decimal.Decimal] {
	m := map[string]metrics.Ratio[decimal.Decimal]{"always": {Num: revAmount(t, label), Den: revAmount(t, label).Add(d("1"))}}
	for range rapid.IntRange(0, 6).Draw(t, label+" segments") {
		k := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, label+" key"))
		r := metrics.Ratio[decimal.Decimal]{Den: revAmount(t, label+" den")}
		if !r.Den.IsZero() {
			r.Num = revAmount(t, label+" num")
		}
		m[k] = r
	}
	return m
}

// Mix and rate are what the formula says, in exact rationals, and make the whole change; swapping the periods turns the signs;
// the unit of the denominators does not matter.
func TestMixRate_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := revSegments(t, "before"), revSegments(t, "after")
		got, err := metrics.MixRate(before, after)
		if err != nil {
			t.Fatal(err)
		}
		total := func(m map[string]metrics.Ratio[decimal.Decimal]) (num, den *big.Rat) {
			num, den = new(big.Rat), new(big.Rat)
			for _, r := range m {
				num.Add(num, revRat(r.Num))
				den.Add(den, revRat(r.Den))
			}
			return num, den
		}
		n0, d0 := total(before)
		n1, d1 := total(after)
		r0, r1 := new(big.Rat).Quo(n0, d0), new(big.Rat).Quo(n1, d1)
		half := big.NewRat(1, 2)
		rateSum, mixSum := new(big.Rat), new(big.Rat)
		float := func(r *big.Rat) float64 { v, _ := r.Float64(); return v }
		keys := make([]string, 0, len(got.Segments))
		for _, s := range got.Segments {
			keys = append(keys, s.Key)
			b, a := before[s.Key], after[s.Key]
			w0, w1 := new(big.Rat).Quo(revRat(b.Den), d0), new(big.Rat).Quo(revRat(a.Den), d1)
			var x0, x1 *big.Rat
			if !b.Den.IsZero() {
				x0 = new(big.Rat).Quo(revRat(b.Num), revRat(b.Den))
			}
			if !a.Den.IsZero() {
				x1 = new(big.Rat).Quo(revRat(a.Num), revRat(a.Den))
			}
			if (x0 == nil) != (s.RateBefore == nil) || (x1 == nil) != (s.RateAfter == nil) {
				t.Fatalf("%s: rates %v, %v", s.Key, s.RateBefore, s.RateAfter)
			}
			switch {
			case x0 == nil && x1 == nil:
				x0, x1 = new(big.Rat).Set(r0), new(big.Rat).Set(r0)
			case x0 == nil:
				x0 = x1
			case x1 == nil:
				x1 = x0
			}
			dw, dx := new(big.Rat).Sub(w1, w0), new(big.Rat).Sub(x1, x0)
			rate := new(big.Rat).Mul(new(big.Rat).Mul(new(big.Rat).Add(w0, w1), half), dx)
			mean := new(big.Rat).Mul(new(big.Rat).Add(x0, x1), half)
			overall := new(big.Rat).Mul(new(big.Rat).Add(r0, r1), half)
			mix := new(big.Rat).Mul(new(big.Rat).Sub(mean, overall), dw)
			if dw.Sign() == 0 {
				mix.SetInt64(0)
			}
			rateSum.Add(rateSum, rate)
			mixSum.Add(mixSum, mix)
			if s.Rate != float(rate) || s.Mix != float(mix) || s.WeightBefore != float(w0) || s.WeightAfter != float(w1) {
				t.Fatalf("%s: %+v, want rate %v, mix %v", s.Key, s, float(rate), float(mix))
			}
		}
		change := new(big.Rat).Sub(r1, r0)
		if new(big.Rat).Add(rateSum, mixSum).Cmp(change) != 0 {
			t.Fatal("the brute force leaves a rest")
		}
		want := metrics.MixRateReport[string]{
			Before: float(r0), After: float(r1), Change: float(change), Rate: float(rateSum), Mix: float(mixSum), Segments: got.Segments,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if !slices.IsSorted(keys) || len(slices.Compact(keys)) != len(got.Segments) {
			t.Fatalf("keys %v", keys)
		}
		back, err := metrics.MixRate(after, before)
		if err != nil || back.Rate != -got.Rate || back.Mix != -got.Mix || back.Change != -got.Change {
			t.Fatalf("the other way round: %+v (%v)", back, err)
		}
		k := decimal.New(rapid.Int64Range(1, 99).Draw(t, "scale"), -1)
		scaled := make(map[string]metrics.Ratio[decimal.Decimal])
		for key, r := range before {
			scaled[key] = metrics.Ratio[decimal.Decimal]{Num: r.Num.Mul(k), Den: r.Den.Mul(k)}
		}
		again, err := metrics.MixRate(scaled, after)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("scaled: %s", diff)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var decoded metrics.MixRateReport[string]
		if err := json.Unmarshal(text, &decoded); err != nil || cmp.Diff(got, decoded) != "" {
			t.Fatalf("JSON comes back as %+v (%v)", decoded, err)
		}
	})
}

func TestMixRate_errors(t *testing.T) {
	one := map[float64]metrics.Ratio[int64]{1: {Num: 1, Den: 2}}
	for name, c := range map[string]struct {
		after map[float64]metrics.Ratio[int64]
		want  error
	}{
		"nothing":              {nil, metrics.ErrUndefined},
		"empty":                {map[float64]metrics.Ratio[int64]{1: {}}, metrics.ErrUndefined},
		"negative denominator": {map[float64]metrics.Ratio[int64]{1: {Num: 1, Den: -2}}, metrics.ErrInput},
		"part of nothing":      {map[float64]metrics.Ratio[int64]{1: {Num: 1, Den: 2}, 2: {Num: 1}}, metrics.ErrInput},
		"not a number":         {map[float64]metrics.Ratio[int64]{math.NaN(): {Num: 1, Den: 2}}, metrics.ErrInput},
		"infinite":             {map[float64]metrics.Ratio[int64]{math.Inf(-1): {Num: 1, Den: 2}}, metrics.ErrInput},
	} {
		if _, err := metrics.MixRate(one, c.after); !errors.Is(err, c.want) {
			t.Errorf("%s after: %v, want %v", name, err, c.want)
		}
		if _, err := metrics.MixRate(c.after, one); !errors.Is(err, c.want) {
			t.Errorf("%s before: %v, want %v", name, err, c.want)
		}
	}
	huge := map[string]metrics.Ratio[decimal.Decimal]{"a": {Num: d("1"), Den: decimal.New(1, 1_000_000_000)}}
	if _, err := metrics.MixRate(huge, huge); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("huge: %v, want ErrInput", err)
	}
	most := map[string]metrics.Ratio[int64]{"a": {Num: math.MaxInt64, Den: 1}, "b": {Num: math.MinInt64, Den: math.MaxInt64}}
	if got, err := metrics.MixRate(most, most); err != nil || got.Change != 0 || got.Rate != 0 || got.Mix != 0 {
		t.Errorf("the greatest counts: %+v, %v", got, err)
	}
}
