package multiset_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/salesops-go/salesops/internal/multiset"
)

// msValues returns n seconds in nanoseconds, of which one in so many is different.
func msValues(n int, different uint64) []int64 {
	values := make([]int64, n)
	state := uint64(1)
	for i := range values {
		state = state*6364136223846793005 + 1442695040888963407
		values[i] = int64(state>>33%different) * 1_000_000_000
	}
	return values
}

// The yardstick is BenchmarkSort: to keep all numbers, and sort them when they are asked for.
func BenchmarkSet_Add(b *testing.B) {
	for _, different := range []uint64{30, 500_000, 1 << 31} {
		for _, n := range []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000} {
			b.Run(fmt.Sprintf("different=%d/n=%d", different, n), func(b *testing.B) {
				if n > 1_000_000 && testing.Short() {
					b.Skip("-short: ten million values take seconds, and tell nothing that fewer do not but the growth")
				}
				values := msValues(n, different)
				b.ReportAllocs()
				for b.Loop() {
					var s multiset.Set
					for _, v := range values {
						s.Add(v)
					}
					if _, ok := s.Quantile(0.5); !ok {
						b.Fatal("empty")
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
			})
		}
	}
}

func BenchmarkSort(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			values := msValues(n, 1<<31)
			for b.Loop() {
				slices.Sort(slices.Clone(values))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
		})
	}
}
