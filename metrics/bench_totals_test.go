package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

func totBenchKeys(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = "customer-" + strconv.Itoa(i)
	}
	return keys
}

// A look-up in a map of 500 strings, 15 to 20 ns, is the least that adding takes.
func BenchmarkTotals_Add(b *testing.B) {
	for _, n := range []int{1, 500, 100_000} {
		keys := totBenchKeys(n)
		b.Run(fmt.Sprintf("int64/keys=%d", n), func(b *testing.B) { totBenchAdd(b, keys, int64(12_345)) })
		b.Run(fmt.Sprintf("duration/keys=%d", n), func(b *testing.B) { totBenchAdd(b, keys, time.Nanosecond) })
		b.Run(fmt.Sprintf("named/keys=%d", n), func(b *testing.B) { totBenchAdd(b, keys, totCents(0)) })
		b.Run(fmt.Sprintf("decimal/keys=%d", n), func(b *testing.B) { totBenchAdd(b, keys, decimal.New(1_234_567, -2)) })
	}
}

func totBenchAdd[N metrics.Exact](b *testing.B, keys []string, x N) {
	var totals metrics.Totals[string, N]
	for _, key := range keys {
		if err := totals.Add(key, x); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := totals.Add(keys[i], x); err != nil {
			b.Fatal(err)
		}
		if i++; i == len(keys) {
			i = 0
		}
	}
}

// A thousand shards of 500 keys are half a million sums, and look-ups where the keys are in another order.
func BenchmarkTotals_Merge(b *testing.B) {
	keys := totBenchKeys(500)
	for _, order := range []string{"same", "any"} {
		b.Run("order="+order, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			shards := make([]metrics.Totals[string, decimal.Decimal], 1000)
			for i := range shards {
				for k, key := range keys {
					if err := shards[i].Add(key, decimal.New(int64(k), -2)); err != nil {
						b.Fatal(err)
					}
				}
				if order == "any" {
					rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				var whole metrics.Totals[string, decimal.Decimal]
				for i := range shards {
					if err := whole.Merge(&shards[i]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// To sort n totals is n log n comparisons of some 3 ns.
func BenchmarkTotals_Gini(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		var totals metrics.Totals[int, int64]
		for i := range n {
			if err := totals.Add(i, int64(i)*2_654_435_761%1_000_003); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(fmt.Sprintf("keys=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := totals.Gini(); !ok {
					b.Fatal("undefined")
				}
			}
		})
	}
}

// A key that is there takes a look-up; beyond the limit each takes its hash.
func BenchmarkDistinct_Add(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		keys := totBenchKeys(n)
		for name, limit := range map[string]int{"exact": 0, "estimate": 1} {
			b.Run(fmt.Sprintf("%s/keys=%d", name, n), func(b *testing.B) {
				d := totNewDistinct[string](b, limit)
				for _, key := range keys {
					if err := d.Add(key); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					if err := d.Add(keys[i]); err != nil {
						b.Fatal(err)
					}
					if i++; i == len(keys) {
						i = 0
					}
				}
			})
		}
	}
}

// One pass over 16 kB.
func BenchmarkDistinct_Count(b *testing.B) {
	d := totNewDistinct[int](b, 1)
	for i := range 100_000 {
		if err := d.Add(i); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if n, _ := d.Count(); n == 0 {
			b.Fatal("none")
		}
	}
}
