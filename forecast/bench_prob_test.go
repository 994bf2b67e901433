package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// probHistory makes deals created over three years, most of them closed within some months.
func probHistory(n int) []forecast.Deal {
	rng := rand.New(rand.NewPCG(3, 4))
	deals := make([]forecast.Deal, n)
	for i := range deals {
		x := &deals[i]
		x.Created = salesops.NewDate(2023, 1, 1).AddDays(rng.IntN(1095))
		x.Amount = decimal.New(rng.Int64N(10_000_00)+1, -2)
		if age := int(rng.ExpFloat64() * 60); age < 300 {
			x.Close = x.Created.AddDays(age)
			x.Status = forecast.Lost
			if rng.IntN(3) == 0 {
				x.Status = forecast.Won
			}
		}
	}
	return forecast.Rewind(deals, salesops.NewDate(2025, 12, 31))
}

func probSeen() salesops.Period { return salesops.Period{End: salesops.NewDate(2026, 1, 1)} }

// The aim is a million spells in 100 ms; the lower bound is one pass that reads them.
func BenchmarkFitCloseCurve(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		spells, err := forecast.AgeSpells(probHistory(n), probSeen())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("spells=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.FitCloseCurve(spells); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/spell")
		})
	}
}

func BenchmarkAgeSpells(b *testing.B) {
	deals := probHistory(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := forecast.AgeSpells(deals, probSeen()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(deals)), "ns/deal")
}

func BenchmarkFitCloseClock(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		deals := probHistory(n)
		b.Run(fmt.Sprintf("deals=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.FitCloseClock(deals, probSeen(), forecast.CloseClockOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
		})
	}
}

// A projection of a quarter of 10,000 open deals with 60 days of inflow; the time of its Total stands beside it.
func BenchmarkProject(b *testing.B) {
	history := probHistory(20_000)
	spells, err := forecast.AgeSpells(history, probSeen())
	if err != nil {
		b.Fatal(err)
	}
	curve, err := forecast.FitCloseCurve(spells)
	if err != nil {
		b.Fatal(err)
	}
	clock, err := forecast.FitCloseClock(history, probSeen(), forecast.CloseClockOptions{})
	if err != nil {
		b.Fatal(err)
	}
	asOf := salesops.NewDate(2025, 12, 31)
	in, err := forecast.MeasureInflow(history, salesops.Period{Start: asOf.AddDays(-59), End: asOf.AddDays(1)})
	if err != nil {
		b.Fatal(err)
	}
	quarter := salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: salesops.NewDate(2026, 4, 1)}
	rng := rand.New(rand.NewPCG(5, 6))
	open := make([]forecast.Deal, 10_000)
	for i := range open {
		open[i] = forecast.Deal{Created: asOf.AddDays(-rng.IntN(200)), Amount: decimal.New(rng.Int64N(10_000_00)+1, -2)}
	}
	for _, c := range []struct {
		name    string
		closing forecast.Closing
	}{{"age", curve.ByAge()}, {"clock", clock.Closing("")}} {
		b.Run("deals=10000/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.Project(open, quarter, asOf, c.closing, forecast.ProjectOptions{Inflow: in}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	p, err := forecast.Project(open, quarter, asOf, curve.ByAge(), forecast.ProjectOptions{Inflow: in})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("deals=10000/total", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Total(forecast.TotalOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(p.Chances())), "chances")
	})
}

func BenchmarkFitPrior(b *testing.B) {
	for _, groups := range []int{30, 1000} {
		rng := rand.New(rand.NewPCG(7, 8))
		tallies := make([]forecast.Tally, groups)
		for i := range tallies {
			p := 0.2 + 0.3*rng.Float64()
			tallies[i].Closed = 20 + rng.IntN(400)
			for range tallies[i].Closed {
				if rng.Float64() < p {
					tallies[i].Won++
				}
			}
		}
		b.Run(fmt.Sprintf("groups=%d", groups), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.FitPrior(tallies); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Asking a curve costs nothing but time.
func TestCloseCurve_Win_allocates(t *testing.T) {
	spells, err := forecast.AgeSpells(probHistory(1000), probSeen())
	if err != nil {
		t.Fatal(err)
	}
	curve := probCurve(t, spells)
	closing := curve.ByAge()
	x := forecast.Deal{Created: on("2025-11-01")}
	if n := testing.AllocsPerRun(100, func() {
		curve.CreateAndClose(90)
		closing(x, on("2025-12-31"), on("2026-03-31"))
	}); n > 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
