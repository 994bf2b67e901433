package metrics_test

import (
	"testing"

	"github.com/salesops-go/salesops/metrics"
	"github.com/shopspring/decimal"
)

// BenchmarkRatio_Add adds one pair of parts; the aim is 20 ns without allocation for integers.
func BenchmarkRatio_Add(b *testing.B) {
	b.Run("int64", func(b *testing.B) {
		var r metrics.Ratio[int64]
		b.ReportAllocs()
		for b.Loop() {
			check(r.Add(1, 3))
		}
	})
	b.Run("decimal", func(b *testing.B) {
		var r metrics.Ratio[decimal.Decimal]
		num, den := d("1234.56"), d("5000.00")
		b.ReportAllocs()
		for b.Loop() {
			check(r.Add(num, den))
		}
	})
}

func TestRatio_allocations(t *testing.T) {
	var r metrics.Ratio[int64]
	more := metrics.Ratio[int64]{Num: 2, Den: 5}
	if n := testing.AllocsPerRun(100, func() {
		check(r.Add(1, 3))
		check(r.Merge(more))
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
