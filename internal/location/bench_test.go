package location_test

import (
	"fmt"
	"testing"

	"github.com/salesops-go/salesops/internal/location"
	"github.com/salesops-go/salesops/internal/multiset"
)

// locBenchRuns returns n different numbers, in an order that is mixed between offsets.
func locBenchRuns(n int, offset int64) []multiset.Run {
	runs := make([]multiset.Run, n)
	for i := range runs {
		runs[i] = multiset.Run{Value: 10*int64(i) + offset*int64(i%7), Count: 1}
	}
	return runs
}

// Up to 31 numbers on each side the exact distribution is counted. The yardstick is to look at each number once: a few nanoseconds for each.
func BenchmarkMannWhitney(b *testing.B) {
	for _, n := range []int{20, 31, 100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x, y := locBenchRuns(n, 1), locBenchRuns(n, 2)
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := location.MannWhitney(x, y); !ok {
					b.Fatal("no answer")
				}
			}
		})
	}
}

// The yardstick is the number of differences: a million numbers on each side have 10^12.
func BenchmarkHodgesLehmann(b *testing.B) {
	for _, n := range []int{20, 31, 100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x, y := locBenchRuns(n, 1), locBenchRuns(n, 2)
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := location.HodgesLehmann(x, y, func(v int64) float64 { return float64(v) }, 0.95); !ok {
					b.Fatal("no answer")
				}
			}
		})
	}
}

func BenchmarkStudentQuantile(b *testing.B) {
	for _, df := range []float64{1, 17.776, 1e6} {
		b.Run(fmt.Sprintf("df=%v", df), func(b *testing.B) {
			for b.Loop() {
				location.StudentQuantile(0.95, df)
			}
		})
	}
}
