package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// crdMany makes closed deals of 500 reps in ten teams and four segments, with 20,000 accounts, over two years.
func crdMany(n int) []metrics.Deal {
	reps, teams := make([]string, 500), make([]string, 10)
	for i := range reps {
		reps[i] = fmt.Sprintf("rep-%03d", i)
	}
	for i := range teams {
		teams[i] = fmt.Sprintf("team-%d", i)
	}
	segments := []string{"SMB", "Mid", "Enterprise", "Public"}
	accounts := make([]string, 20_000)
	for i := range accounts {
		accounts[i] = fmt.Sprintf("account-%05d", i)
	}
	first := salesops.NewDate(2025, 1, 1)
	state := uint64(0x5A1E50F5)
	next := func(n int) int { // splitmix64
		state += 0x9E3779B97F4A7C15
		z := state
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		return int((z ^ (z >> 31)) % uint64(n))
	}
	deals := make([]metrics.Deal, n)
	for i := range deals {
		rep, closed := next(len(reps)), first.AddDays(next(730))
		deals[i] = metrics.Deal{
			ID: "D", Owner: reps[rep], Team: teams[rep%10], Segment: segments[rep/10%4], Account: accounts[next(len(accounts))],
			Amount: decimal.New(int64(100_000+next(5_000_000)), -2), Currency: "USD",
			Created: closed.AddDays(-next(120)), Close: closed, Status: metrics.Lost,
		}
		if next(100) < 40 {
			deals[i].Status = metrics.Won
		}
	}
	return deals
}

func crdCardOf(b testing.TB, deals []metrics.Deal) *metrics.Scorecard {
	b.Helper()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	for i := range deals {
		if err := card.AddDeal(deals[i]); err != nil {
			b.Fatal(err)
		}
	}
	return card
}

// The aim is 500 ms for 1,000,000 deals of 500 reps on one core, ready to be read. A map of the reps' sums alone, which a
// program would write by hand, is BenchmarkScorecard_byHand.
func BenchmarkScorecard_AddDeal(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("deals=%d", n), func(b *testing.B) {
			deals := crdMany(n)
			b.ReportAllocs()
			for b.Loop() {
				crdCardOf(b, deals).Settle()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
		})
	}
}

// What a program would write by hand for the win rate and the bookings of each rep.
func BenchmarkScorecard_byHand(b *testing.B) {
	deals := crdMany(1_000_000)
	type record struct {
		won, lost int64
		amount    decimal.Decimal
	}
	b.ReportAllocs()
	for b.Loop() {
		reps := map[string]*record{}
		for i := range deals {
			d := &deals[i]
			r := reps[d.Owner]
			if r == nil {
				r = &record{}
				reps[d.Owner] = r
			}
			if d.Status == metrics.Won {
				r.won++
				r.amount = r.amount.Add(d.Amount)
			} else {
				r.lost++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/deal")
}

// Reading: one KPI of everybody, all KPIs, one of each rep, each rep against the rest.
func BenchmarkSlice(b *testing.B) {
	card := crdCardOf(b, crdMany(1_000_000))
	card.Settle()
	all := card.All()
	for name, read := range map[string]func() error{
		"All":           func() error { card.All(); return nil },
		"WinRate":       func() error { _, err := all.Figure(metrics.WinRate, metrics.Options{}); return err },
		"SalesCycle":    func() error { _, err := all.Figure(metrics.SalesCycleMedian, metrics.Options{}); return err },
		"DealSize":      func() error { _, err := all.Figure(metrics.DealSizeMedian, metrics.Options{}); return err },
		"WinRateCohort": func() error { _, err := all.Figure(metrics.WinRateCohort, metrics.Options{}); return err },
		"Figures":       func() error { _, err := all.Figures(metrics.Options{}); return err },
		"WinRateByRep": func() error {
			for _, part := range all.By(metrics.ByOwner) {
				if _, err := part.Figure(metrics.WinRate, metrics.Options{}); err != nil {
					return err
				}
			}
			return nil
		},
		"CompareWinRates": func() error {
			_, err := all.CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
			return err
		},
		"CompareCycles": func() error {
			_, err := all.CompareBy(metrics.ByOwner, metrics.SalesCycleMedian, metrics.Options{}, metrics.Evidence{})
			return err
		},
		"CompareSizes": func() error {
			_, err := all.CompareBy(metrics.ByOwner, metrics.DealSize, metrics.Options{}, metrics.Evidence{})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The cards of 1,000 days merged into one.
func BenchmarkScorecard_Merge(b *testing.B) {
	deals := crdMany(100_000)
	shards := make([]*metrics.Scorecard, 1000)
	for i := range shards {
		shards[i] = crdCardOf(b, deals[i*100:(i+1)*100])
	}
	b.ReportAllocs()
	for b.Loop() {
		var all metrics.Scorecard
		for _, s := range shards {
			if err := all.Merge(s); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkScorecard_MarshalBinary(b *testing.B) {
	card := crdCardOf(b, crdMany(100_000))
	b.ReportAllocs()
	for b.Loop() {
		data, err := card.MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(data)))
	}
}
