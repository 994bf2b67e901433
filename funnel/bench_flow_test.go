package funnel_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// flowBook returns a view and journeys of six moves or so through eight stages, with jumps, falls back and ends.
func flowBook(tb testing.TB, n int) (funnel.View, []funnel.Journey) {
	tb.Helper()
	p := flowPipeline(tb, "Lead", "Qualify", "Discover", "Demo", "Propose", "Negotiate", "Legal", "Sign", "Won=won", "Lost=lost", "Dropped=left")
	stages := p.Stages()
	state := uint64(0x5A1E50F5)
	next := func(n int) int { // splitmix64
		state += 0x9E3779B97F4A7C15
		z := state
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		return int((z ^ (z >> 31)) % uint64(n))
	}
	journeys := make([]funnel.Journey, n)
	moves := 0
	for i := range journeys {
		j := &journeys[i]
		*j = funnel.Journey{ID: fmt.Sprint("deal ", i), Amount: decimal.New(int64(100_00+next(1_000_000)), -2), Currency: "EUR"}
		at, hours := 0, next(24*365)
		for at < 8 {
			j.Moves = append(j.Moves, funnel.Move{To: stages[at].Key, At: flowAt(hours)})
			hours += 1 + next(24*40)
			switch x := next(100); {
			case x < 65:
				at++
			case x < 72:
				at = min(at+2, 8)
			case x < 80:
				at = max(at-1, 0)
			case x < 95:
				at = 9
			case x < 97:
				at = 10
			default: // still there
				at = 99
			}
		}
		if at < len(stages) {
			j.Moves = append(j.Moves, funnel.Move{To: stages[at].Key, At: flowAt(hours)})
		}
		moves += len(j.Moves)
	}
	tb.Logf("%d journeys, %.1f moves each", n, float64(moves)/float64(n))
	return funnel.View{Pipeline: p, AsOf: flowAt(24 * 365)}, journeys
}

// A million journeys of five moves. The yardstick is a loop over the moves that adds 1 to a cell of a matrix, with a map from keys to
// numbers: see stage=floor. Everything else, the times, amounts, conversions and checks, is on top of that.
func BenchmarkFlow_Add(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		view, journeys := flowBook(b, n)
		b.Run(fmt.Sprint("journeys=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var f funnel.Flow
				for _, j := range journeys {
					if err := f.Add(view, j); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/journey")
		})
	}
	view, journeys := flowBook(b, 1_000_000)
	index := map[string]int{}
	for i, s := range view.Pipeline.Stages() {
		index[s.Key] = i
	}
	b.Run("floor=1000000", func(b *testing.B) {
		var cells [16][16]int
		for b.Loop() {
			for _, j := range journeys {
				from := 15
				for _, m := range j.Moves {
					if m.At.After(view.AsOf) {
						break
					}
					to := index[m.To]
					cells[from][to]++
					from = to
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(journeys)), "ns/journey")
	})
}

// A thousand shards of a thousand journeys each; the target is 10 ms.
func BenchmarkFlow_Merge(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		view, journeys := flowBook(b, 1000)
		flows := make([]*funnel.Flow, n)
		for i := range flows {
			flows[i] = flowOf(b, view, journeys...)
		}
		b.Run(fmt.Sprint("flows=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var sum funnel.Flow
				for _, f := range flows {
					if err := sum.Merge(f); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkFlow_encodings(b *testing.B) {
	view, journeys := flowBook(b, 100_000)
	f := flowOf(b, view, journeys...)
	text := flowBytes(b, f)
	b.Run("MarshalBinary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.MarshalBinary(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(text)), "bytes")
	})
	b.Run("UnmarshalBinary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var g funnel.Flow
			if err := g.UnmarshalBinary(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The chain of eight stages, and what becomes of its deals.
func BenchmarkChain_Absorb(b *testing.B) {
	view, journeys := flowBook(b, 10_000)
	c, err := flowOf(b, view, journeys...).Chain()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Absorb(); err != nil {
			b.Fatal(err)
		}
	}
}
