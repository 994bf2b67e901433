package metrics_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// BenchmarkMoments_Add adds one number. The yardstick is the same with four sums in big.Int, which comes last.
func BenchmarkMoments_Add(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	amounts := func() int64 { return rng.Int64N(20_000_000) - 1_000_000 }
	b.Run("int64", func(b *testing.B) { momBenchAdd(b, amounts) })
	b.Run("int64, 63 bits", func(b *testing.B) { momBenchAdd(b, rng.Int64) })
	b.Run("int", func(b *testing.B) { momBenchAdd(b, func() int { return int(amounts()) }) })
	b.Run("Duration", func(b *testing.B) {
		momBenchAdd(b, func() time.Duration { return time.Duration(rng.Int64N(int64(90 * 24 * time.Hour))) })
	})
	b.Run("int32", func(b *testing.B) { momBenchAdd(b, func() int32 { return int32(amounts()) }) })
	b.Run("decimal, cents", func(b *testing.B) {
		momBenchAdd(b, func() decimal.Decimal { return decimal.New(amounts(), -2) })
	})
	b.Run("decimal, 0 to 2 places", func(b *testing.B) {
		momBenchAdd(b, func() decimal.Decimal { return decimal.New(amounts(), -rng.Int32N(3)) })
	})
	b.Run("decimal, 30 digits", func(b *testing.B) {
		wide := d("1000000000000000000000000000000")
		momBenchAdd(b, func() decimal.Decimal { return wide.Add(decimal.New(amounts(), -2)) })
	})
	b.Run("float64, whole", func(b *testing.B) { momBenchAdd(b, func() float64 { return float64(amounts()) }) })
	b.Run("float64, cents", func(b *testing.B) { momBenchAdd(b, func() float64 { return float64(amounts()) / 100 }) })
	b.Run("float64, 17 digits", func(b *testing.B) { momBenchAdd(b, rng.NormFloat64) })
	b.Run("yardstick, big.Int", func(b *testing.B) {
		b.ReportAllocs()
		var sums [4]big.Int
		var x, power big.Int
		v := amounts()
		for b.Loop() {
			x.SetInt64(v)
			power.SetInt64(1)
			for k := range sums {
				power.Mul(&power, &x)
				sums[k].Add(&sums[k], &power)
			}
		}
	})
}

func momBenchAdd[N metrics.Number](b *testing.B, draw func() N) {
	b.Helper()
	xs := make([]N, 1024)
	for i := range xs {
		xs[i] = draw()
	}
	var m metrics.Moments[N]
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := m.Add(xs[i%1024]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkMoments_Merge merges shards of 100 numbers each. The yardstick is 10 ns for a
// shard: 14 additions with carry on 120 bytes.
func BenchmarkMoments_Merge(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("int64/%d", n), func(b *testing.B) { momBenchMerge(b, n, rng.Int64) })
		b.Run(fmt.Sprintf("decimal/%d", n), func(b *testing.B) {
			momBenchMerge(b, n, func() decimal.Decimal { return decimal.New(rng.Int64N(1e9), -rng.Int32N(3)) })
		})
		b.Run(fmt.Sprintf("float64/%d", n), func(b *testing.B) { momBenchMerge(b, n, rng.NormFloat64) })
	}
}

func momBenchMerge[N metrics.Number](b *testing.B, n int, draw func() N) {
	b.Helper()
	shards := make([]metrics.Moments[N], n)
	for i := range shards {
		for range 100 {
			check(shards[i].Add(draw()))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		var m metrics.Moments[N]
		for i := range shards {
			check(m.Merge(&shards[i]))
		}
	}
}

// BenchmarkMoments_Sub moves a window by a day: one Merge and one Sub.
func BenchmarkMoments_Sub(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	var window, day metrics.Moments[decimal.Decimal]
	for range 1000 {
		check(window.Add(decimal.New(rng.Int64N(1e7), -2)))
		check(day.Add(decimal.New(rng.Int64N(1e7), -2)))
	}
	b.ReportAllocs()
	for b.Loop() {
		check(window.Merge(&day))
		check(window.Sub(&day))
	}
}

// BenchmarkMoments_read reads a figure, whatever the number of numbers.
func BenchmarkMoments_read(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 8))
	var m metrics.Moments[decimal.Decimal]
	for range 100_000 {
		check(m.Add(decimal.New(rng.Int64N(1e7), -2)))
	}
	for name, read := range momReads(&m) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
	b.Run("MarshalBinary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.MarshalBinary(); err != nil {
				b.Fatal(err)
			}
		}
	})
	text, err := m.MarshalBinary()
	check(err)
	b.Run("UnmarshalBinary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			check(m.UnmarshalBinary(text))
		}
	})
}
