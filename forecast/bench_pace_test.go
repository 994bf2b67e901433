package forecast_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// The yardstick of calibration is a sort of the probabilities alone (BenchmarkSortFloats), the lower bound of whatever puts
// deals into bins. That of pacing is a loop that adds up decimals (BenchmarkSumDecimals).

func paceBench(b *testing.B, sizes []int, run func(b *testing.B, n int)) {
	b.Helper()
	for _, n := range sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			run(b, n)
		})
	}
}

func BenchmarkSortFloats(b *testing.B) {
	paceBench(b, []int{100, 10_000, 1_000_000}, func(b *testing.B, n int) {
		p, _ := paceManyScores(n)
		for b.Loop() {
			slices.Sort(slices.Clone(p))
		}
	})
}

func BenchmarkCalibration(b *testing.B) {
	for _, f := range []struct {
		name string
		of   func(p []float64, won []bool) error
	}{
		{"Brier", func(p []float64, won []bool) error { _, err := forecast.Brier(p, won); return err }},
		{"LogLoss", func(p []float64, won []bool) error { _, err := forecast.LogLoss(p, won); return err }},
		{"Decompose", func(p []float64, won []bool) error {
			_, err := forecast.Decompose(p, won, forecast.BinOptions{})
			return err
		}},
		{"Reliability", func(p []float64, won []bool) error {
			_, err := forecast.Reliability(p, won, forecast.BinOptions{})
			return err
		}},
		{"FitIsotonic", func(p []float64, won []bool) error { _, err := forecast.FitIsotonic(p, won); return err }},
		{"FitPlatt", func(p []float64, won []bool) error { _, err := forecast.FitPlatt(p, won); return err }},
	} {
		b.Run(f.name, func(b *testing.B) {
			paceBench(b, []int{100, 10_000, 1_000_000}, func(b *testing.B, n int) {
				p, won := paceManyScores(n)
				for b.Loop() {
					if err := f.of(p, won); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkApply(b *testing.B) {
	p, won := paceManyScores(10_000)
	isotonic, err := forecast.FitIsotonic(p, won)
	if err != nil {
		b.Fatal(err)
	}
	platt, err := forecast.FitPlatt(p, won)
	if err != nil {
		b.Fatal(err)
	}
	for name, of := range map[string]func(float64) (float64, error){"Isotonic": isotonic.Apply, "Platt": platt.Apply} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := of(p[i]); err != nil {
					b.Fatal(err)
				}
				i = (i + 1) % len(p)
			}
		})
	}
}

// paceManyBookings makes n bookings over three years of quarters, in the order of time or not.
func paceManyBookings(n int, sorted bool) ([]forecast.Booking, []salesops.Period) {
	years := period("2023-01-01", "2026-01-01")
	days, _ := years.Days()
	out := make([]forecast.Booking, n)
	for i := range out {
		day := i * days / n
		if !sorted {
			day = i * 7919 % days
		}
		out[i] = forecast.Booking{Date: years.Start.AddDays(day), Amount: decimal.New(int64(1_000_000+i%900_001), -2)}
	}
	return out, salesops.Calendar{}.Tile(salesops.Quarter, years)
}

func BenchmarkSumDecimals(b *testing.B) {
	paceBench(b, []int{1000, 100_000}, func(b *testing.B, n int) {
		bookings, _ := paceManyBookings(n, true)
		for b.Loop() {
			var sum decimal.Decimal
			for i := range bookings {
				sum = sum.Add(bookings[i].Amount)
			}
		}
	})
}

func BenchmarkPace(b *testing.B) {
	for _, c := range []struct {
		name   string
		sorted bool
		clock  forecast.DayCount
	}{{"calendar", true, forecast.DayCount{}}, {"unsorted", false, forecast.DayCount{}}, {"business", true, forecast.DayCount{BusinessDays: true, Calendar: salesops.Calendar{Holidays: []salesops.Date{on("2025-01-01"), on("2025-12-25")}}}}} {
		b.Run(c.name, func(b *testing.B) {
			paceBench(b, []int{1000, 100_000}, func(b *testing.B, n int) {
				bookings, quarters := paceManyBookings(n, c.sorted)
				now := quarters[len(quarters)-1]
				for b.Loop() {
					if _, err := forecast.MeasurePace(bookings, now, now.Start.AddDays(40), quarters[:len(quarters)-1], forecast.PaceOptions{Days: c.clock}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkMeasureLinearity(b *testing.B) {
	paceBench(b, []int{1000, 100_000}, func(b *testing.B, n int) {
		bookings, _ := paceManyBookings(n, true)
		p := period("2023-01-01", "2026-01-01")
		for b.Loop() {
			if _, err := forecast.MeasureLinearity(bookings, p, 12, forecast.DayCount{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// paceManyCalls makes a call a week of each of n/13 reps and quarters.
func paceManyCalls(n int) ([]forecast.Call, []forecast.Outcome) {
	var calls []forecast.Call
	var outcomes []forecast.Outcome
	for i := 0; len(calls) < n; i++ {
		p := period("2020-01-01", "2020-04-01")
		q := i % 8
		p.Start, p.End = p.Start.AddMonths(3*q), p.End.AddMonths(3*q)
		by := fmt.Sprintf("rep %d", i/8)
		for w := range 13 {
			calls = append(calls, forecast.Call{By: by, Period: p, AsOf: p.Start.AddDays(7 * w), Amount: decimal.New(int64(100_000+(i*31+w*17)%50_000), 0)})
		}
		outcomes = append(outcomes, forecast.Outcome{By: by, Period: p, Amount: decimal.New(int64(90_000+(i*37)%60_000), 0)})
	}
	return calls, outcomes
}

func BenchmarkCallAccuracy(b *testing.B) {
	paceBench(b, []int{1000, 100_000}, func(b *testing.B, n int) {
		calls, outcomes := paceManyCalls(n)
		for b.Loop() {
			if _, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFitCallBias(b *testing.B) {
	paceBench(b, []int{1000, 100_000}, func(b *testing.B, n int) {
		calls, outcomes := paceManyCalls(n)
		for b.Loop() {
			if _, err := forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{WeeksOut: 4}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestPace_allocations: scores allocate nothing, and neither does Apply.
func TestPace_allocations(t *testing.T) {
	p, won := paceManyScores(1000)
	isotonic, err := forecast.FitIsotonic(p, won)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(){
		"Brier":   func() { _, _ = forecast.Brier(p, won) },
		"LogLoss": func() { _, _ = forecast.LogLoss(p, won) },
		"Apply":   func() { _, _ = isotonic.Apply(0.3); _, _ = forecast.Platt{A: -1}.Apply(0.3) },
	} {
		if n := testing.AllocsPerRun(20, f); n != 0 {
			t.Errorf("%s allocates %g times", name, n)
		}
	}
}
