package metrics_test

import (
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// BenchmarkChanges_Add adds deals of all kinds: some 270 ns each. The least is two additions of decimals, 84 ns each, as most
// deals are in one sum at the start and in another at the end.
func BenchmarkChanges_Add(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		deals := make([]metrics.DealChange, n)
		for i := range deals {
			s := metrics.DealState{Due: on("2025-12-01").AddDays(i % 150), Amount: decimal.New(int64(100_000+i), -2), Currency: "USD"}
			e := s
			e.Due = s.Due.AddDays(i % 31)
			e.Status = []metrics.Status{metrics.Open, metrics.Won, metrics.Lost}[i%3]
			deals[i] = metrics.DealChange{Start: &s, End: &e}
			if i%5 == 0 {
				deals[i].Start = nil
			}
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var c metrics.Changes
				for i := range deals {
					if err := c.Add(chgQuarter(), deals[i]); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
		})
	}
}

// BenchmarkLinearity_Add adds bookings to the weeks of a quarter: some 100 ns each. The least is one addition of
// decimals, 84 ns.
func BenchmarkLinearity_Add(b *testing.B) {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Week, chgQuarter())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	day, i := chgQuarter().Start, 0
	for b.Loop() {
		if err := l.Add(day.AddDays(i%90), decimal.New(int64(100_000+i), -2), "USD"); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkRamp_Add adds reps with histories of 24 months.
func BenchmarkRamp_Add(b *testing.B) {
	var h metrics.TenureHistory
	for m := range 24 {
		booked := decimal.New(int64(m)*1_000_000, -2)
		h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{Num: booked, Den: decimal.New(12_000_000, -2)})
	}
	var r metrics.Ramp
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Add(h); err != nil {
			b.Fatal(err)
		}
	}
}
