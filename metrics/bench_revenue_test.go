package metrics_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// The yardstick is what a caller would write by hand: the same four operations on decimals of shopspring/decimal, without checks.
func BenchmarkRecurring_AddCustomer(b *testing.B) {
	customers := make([]metrics.CustomerRevenue, 1024)
	for i := range customers {
		before, after := int64(i*7919%5000), int64(i*104729%5000)
		customers[i] = metrics.CustomerRevenue{
			Currency: "EUR", Before: decimal.New(before, -2), After: decimal.New(after, -2), EverPaid: i%3 == 0,
		}
	}
	b.Run("AddCustomer", func(b *testing.B) {
		b.ReportAllocs()
		var r metrics.Recurring
		for i := range b.N {
			if err := r.AddCustomer(customers[i%1024]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yardstick", func(b *testing.B) {
		b.ReportAllocs()
		var start, end, up, down decimal.Decimal
		for i := range b.N {
			c := &customers[i%1024]
			start, end = start.Add(c.Before), end.Add(c.After)
			if change := c.After.Sub(c.Before); change.Sign() < 0 {
				down = down.Sub(change)
			} else {
				up = up.Add(change)
			}
		}
		if !start.Add(up).Sub(down).Equal(end) {
			b.Fatal("does not balance")
		}
	})
}

func BenchmarkMixRate(b *testing.B) {
	for _, n := range []int{10, 100, 1_000, 10_000} {
		before, after := make(map[int]metrics.Ratio[int64]), make(map[int]metrics.Ratio[int64])
		for i := range n {
			before[i] = metrics.Ratio[int64]{Num: int64(i * 31 % 97), Den: int64(97 + i*17%211)}
			after[i] = metrics.Ratio[int64]{Num: int64(i * 37 % 89), Den: int64(101 + i*19%223)}
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.MixRate(before, after); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkActiveARR(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		cs := make([]metrics.Contract, n)
		for i := range cs {
			cs[i] = metrics.Contract{
				Currency: "EUR", Value: decimal.New(int64(i%9973), -2), Months: 1 + i%60, Start: on("2023-01-01").AddDays(i % 700),
			}
		}
		day := on("2024-06-01")
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := metrics.ActiveARR(cs, day); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/contract")
		})
	}
}
