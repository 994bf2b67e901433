package metrics_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// A customer makes three exact additions and one subtraction: the lower bound is some 50 ns, most of the rest is the decimals.
func BenchmarkRecurring_AddCustomer(b *testing.B) {
	customers := make([]metrics.CustomerRevenue, 1024)
	for i := range customers {
		before, after := int64(i*7919%5000), int64(i*104729%5000)
		customers[i] = metrics.CustomerRevenue{
			Currency: "EUR", Before: decimal.New(before, -2), After: decimal.New(after, -2), EverPaid: i%3 == 0,
		}
	}
	b.ReportAllocs()
	var r metrics.Recurring
	for i := range b.N {
		if err := r.AddCustomer(customers[i%1024]); err != nil {
			b.Fatal(err)
		}
	}
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
