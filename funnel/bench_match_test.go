package funnel_test

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// matHistory returns n events of one entity that walks through five steps: 45% of its events are the next step, 15% repeat a
// step, 10% fall back, 5% skip one, and 25% satisfy none. Every tenth has the time of the one before.
func matHistory(n int) []funnel.Event {
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	events := make([]funnel.Event, n)
	at, step := int64(1_700_000_000), 0
	for i := range events {
		if rng.IntN(10) > 0 {
			at += 60 + rng.Int64N(6*86_400)
		}
		events[i].At = at
		switch p := rng.IntN(100); {
		case p < 45:
			step = min(step+1, 5)
		case p < 60:
		case p < 70:
			step = max(step-1, 1)
		case p < 75:
			step = min(step+2, 5)
		default:
			continue
		}
		if step > 0 {
			events[i].Steps = 1 << (step - 1)
		}
		if step == 5 && rng.IntN(2) == 0 {
			step = 0
		}
	}
	return events
}

// matFloor is the least that a funnel in order takes: a start for each step, and neither ties, exclusions, checks nor a chain. It
// is the yardstick.
func matFloor(events []funnel.Event, window int64) (level int) {
	var start [7]int64
	for k := range start {
		start[k] = math.MinInt64 / 2
	}
	for _, e := range events {
		if e.Steps == 0 {
			continue
		}
		k := bits.TrailingZeros32(e.Steps)
		start[0] = e.At
		if e.At-start[k] <= window && start[k] > start[k+1] {
			start[k+1] = start[k]
			level = max(level, k+1)
		}
	}
	return level
}

// BenchmarkMatcher reports the time per event, of a funnel whose last step does not come, so that no entity is done early.
func BenchmarkMatcher(b *testing.B) {
	const window = 30 * 86_400
	sizes := []int{10, 100, 10_000}
	perEvent := func(b *testing.B, n int) {
		b.Helper()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
	}
	for _, o := range []struct {
		name string
		funnel.FunnelOptions
	}{
		{"ordered", funnel.FunnelOptions{}},
		{"bySeq", funnel.FunnelOptions{Ties: funnel.TiesBySeq}},
		{"strict", funnel.FunnelOptions{Order: funnel.StrictOrder}},
		{"any", funnel.FunnelOptions{Order: funnel.AnyOrder}},
	} {
		o.Steps, o.Window = 6, window
		for _, n := range sizes {
			events := matHistory(n)
			b.Run(o.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				m, err := funnel.NewMatcher(o.FunnelOptions)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					m.Reset()
					for _, e := range events {
						if _, err := m.Add(e); err != nil {
							b.Fatal(err)
						}
					}
				}
				perEvent(b, n)
			})
		}
	}
	for _, n := range sizes {
		events := matHistory(n)
		b.Run("floor/"+strconv.Itoa(n), func(b *testing.B) {
			level := 0
			for b.Loop() {
				level += matFloor(events, window)
			}
			perEvent(b, n)
		})
	}
}

// BenchmarkDeepest is the same for five steps, with a new matcher for each entity, and its match. Long histories are done early.
func BenchmarkDeepest(b *testing.B) {
	for _, n := range []int{10, 100, 10_000} {
		events := matHistory(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.Deepest(funnel.FunnelOptions{Steps: 5, Window: 30 * 86_400}, events); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
		})
	}
}
