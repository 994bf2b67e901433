package metrics_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// smpAmounts returns n amounts of money in hundredths, most from 1 to 100,000.
func smpAmounts(n int) []int64 {
	values := make([]int64, n)
	state := uint64(1)
	for i := range values {
		state = state*6364136223846793005 + 1442695040888963407
		values[i] = int64(state>>40) << (state >> 32 % 8) >> 8
	}
	return values
}

func smpBenchAdd[N metrics.Number](b *testing.B, of func(hundredths int64) N) {
	values := make([]N, 1<<16)
	for i, v := range smpAmounts(len(values)) {
		values[i] = of(v)
	}
	for _, n := range []int{100, 1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var s metrics.Sample[N]
				for i := range n {
					if err := s.Add(values[i%len(values)]); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := s.Quantile(0.5); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
		})
	}
	b.Run("promoted", func(b *testing.B) {
		var s metrics.Sample[N]
		for _, v := range values {
			if err := s.Add(v); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if err := s.Add(values[i%len(values)]); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

// The yardstick of "promoted" is 50 ns for a number and no allocation, moments included; that of the rest to sort them all,
// which takes about as long as the exact state.
func BenchmarkSample_Add(b *testing.B) {
	b.Run("int64", func(b *testing.B) { smpBenchAdd(b, func(v int64) int64 { return v }) })
	b.Run("float64", func(b *testing.B) { smpBenchAdd(b, func(v int64) float64 { return float64(v) / 100 }) })
	b.Run("decimal", func(b *testing.B) { smpBenchAdd(b, func(v int64) decimal.Decimal { return decimal.New(v, -2) }) })
}

// The yardstick is 50 µs for a quantile of a sample that was merged, exact and full, or of buckets.
func BenchmarkSample_Quantile(b *testing.B) {
	for _, n := range []int{100, 4096, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			var s metrics.Sample[decimal.Decimal]
			for shard := range 16 {
				var part metrics.Sample[decimal.Decimal]
				for _, v := range smpAmounts(n)[shard*n/16 : (shard+1)*n/16] {
					if err := part.Add(decimal.New(v, -2)); err != nil {
						b.Fatal(err)
					}
				}
				if err := s.Merge(&part); err != nil {
					b.Fatal(err)
				}
			}
			for name, ask := range map[string]func() (metrics.Quantile, error){
				"p90": func() (metrics.Quantile, error) { return s.Quantile(0.9) },
				"MAD": s.MAD,
			} {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := ask(); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// The yardstick is 20 ms for 1,000 shards of buckets.
func BenchmarkSample_Merge(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("shards=1000/n=%d", n), func(b *testing.B) {
			var part metrics.Sample[decimal.Decimal]
			for _, v := range smpAmounts(n) {
				if err := part.Add(decimal.New(v, -2)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				var s metrics.Sample[decimal.Decimal]
				for range 1000 {
					if err := s.Merge(&part); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// The yardstick is R: 0.18 s for six quantiles of a million.
func BenchmarkQuantileOf(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		values := make([]float64, n)
		for i, v := range smpAmounts(n) {
			values[i] = float64(v) / 100
		}
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.QuantileOf(values, 7, 0.9); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
