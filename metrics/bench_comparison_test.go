package metrics_test

import (
	"fmt"
	"testing"

	"github.com/salesops-go/salesops/metrics"
)

// The yardstick is internal/location: what comes on top is to put the values in order, by radix sort for whole numbers, by
// comparing decimals for others.
func BenchmarkCompareSamples(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		whole, parts := [2][]int{}, [2][]float64{}
		state := uint64(1)
		for i := range 2 * n {
			state = state*6364136223846793005 + 1442695040888963407
			v := int(state>>33%365) + i%2
			whole[i%2], parts[i%2] = append(whole[i%2], v), append(parts[i%2], float64(v)/8)
		}
		b.Run(fmt.Sprintf("whole/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.CompareSamples(whole[0], whole[1], metrics.Lower, metrics.Evidence{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("parts/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.CompareSamples(parts[0], parts[1], metrics.Lower, metrics.Evidence{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The yardstick is as many calls of CompareShares.
func BenchmarkCompareToRest(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			groups := make([]metrics.Ratio[int64], n)
			for i := range groups {
				groups[i] = metrics.Ratio[int64]{Num: int64(20 + i%30), Den: 100}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.CompareToRest(groups, metrics.Higher, metrics.Evidence{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
