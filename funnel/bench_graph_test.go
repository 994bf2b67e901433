package funnel_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// graLog is the benchmark set as an event log: the events of a case stand together, in order of time.
type graLog struct {
	rows  []strRow
	first []int // of each case, and the number of rows
	moves []funnel.Move
}

func graBenchLog(cases int) *graLog {
	byTime := strSet(cases)
	l := &graLog{rows: make([]strRow, len(byTime)), first: make([]int, cases+1)}
	for _, r := range byTime {
		l.first[r.entity+1]++
	}
	for i := range cases {
		l.first[i+1] += l.first[i]
	}
	place := append([]int(nil), l.first...)
	for _, r := range byTime {
		l.rows[place[r.entity]] = r
		place[r.entity]++
	}
	return l
}

// journey returns the journey of a case. It is valid until the next call.
func (l *graLog) journey(i int) funnel.Journey {
	names := [...]string{"s0", "s1", "s2", "s3", "s4", "s5"}
	l.moves = l.moves[:0]
	for _, r := range l.rows[l.first[i]:l.first[i+1]] {
		l.moves = append(l.moves, funnel.Move{To: names[r.stage], At: time.Unix(r.at, 0)})
	}
	return funnel.Journey{ID: "C", Moves: l.moves}
}

// The yardstick is 1.5 s on one core for graph and variants of the million cases together (10,001,308 events), with what it
// takes to make the journeys.
func BenchmarkGraph_Add(b *testing.B) {
	graBenchAdd(b, func(journeys func(func(funnel.Journey))) {
		var g funnel.Graph
		journeys(func(j funnel.Journey) {
			if err := g.Add(j); err != nil {
				b.Fatal(err)
			}
		})
		if g.Cases() == 0 {
			b.Fatal("no case")
		}
	})
}

func BenchmarkVariants_Add(b *testing.B) {
	graBenchAdd(b, func(journeys func(func(funnel.Journey))) {
		var v funnel.Variants
		journeys(func(j funnel.Journey) {
			if err := v.Add(j); err != nil {
				b.Fatal(err)
			}
		})
		if v.Cases() == 0 {
			b.Fatal("no case")
		}
	})
}

func BenchmarkGraph_withVariants(b *testing.B) {
	graBenchAdd(b, func(journeys func(func(funnel.Journey))) {
		var g funnel.Graph
		var v funnel.Variants
		journeys(func(j funnel.Journey) {
			if err := g.Add(j); err != nil {
				b.Fatal(err)
			}
			if err := v.Add(j); err != nil {
				b.Fatal(err)
			}
		})
		if g.Cases() != v.Cases() {
			b.Fatal("other cases")
		}
	})
}

// What it takes to make the journeys.
func BenchmarkGraph_journeys(b *testing.B) {
	graBenchAdd(b, func(journeys func(func(funnel.Journey))) {
		n := 0
		journeys(func(j funnel.Journey) { n += len(j.Moves) })
		if n == 0 {
			b.Fatal("no event")
		}
	})
}

func graBenchAdd(b *testing.B, run func(journeys func(func(funnel.Journey)))) {
	for _, cases := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("cases=%d", cases), func(b *testing.B) {
			if cases > 100_000 && testing.Short() {
				b.Skip("-short: a million cases take seconds to draw, and tell nothing that fewer do not but the growth")
			}
			l := graBenchLog(cases)
			b.ReportAllocs()
			for b.Loop() {
				run(func(add func(funnel.Journey)) {
					for i := range cases {
						add(l.journey(i))
					}
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.rows)), "ns/event")
		})
	}
}

// A thousand shards of ten cases each, as a cluster sends them. The yardstick is 10 ms for graph and variants each.
func BenchmarkGraph_Merge(b *testing.B) {
	const shards = 1_000
	l := graBenchLog(10 * shards)
	graphs, variants := make([]funnel.Graph, shards), make([]funnel.Variants, shards)
	for i := range 10 * shards {
		j := l.journey(i)
		if graphs[i%shards].Add(j) != nil || variants[i%shards].Add(j) != nil {
			b.Fatal("error")
		}
	}
	b.Run("graphs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var g funnel.Graph
			for i := range graphs {
				if err := g.Merge(&graphs[i]); err != nil {
					b.Fatal(err)
				}
			}
			if g.Cases() != 10*shards {
				b.Fatal("cases are missing")
			}
		}
	})
	b.Run("variants", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v funnel.Variants
			for i := range variants {
				if err := v.Merge(&variants[i]); err != nil {
					b.Fatal(err)
				}
			}
			if v.Cases() != 10*shards {
				b.Fatal("cases are missing")
			}
		}
	})
}

// What reports ask of a large log.
func BenchmarkGraph_read(b *testing.B) {
	l := graBenchLog(100_000)
	var g funnel.Graph
	var v funnel.Variants
	for i := range 100_000 {
		j := l.journey(i)
		if g.Add(j) != nil || v.Add(j) != nil {
			b.Fatal("error")
		}
	}
	b.Run("Edges", func(b *testing.B) {
		for b.Loop() {
			if len(g.Edges()) == 0 {
				b.Fatal("no edge")
			}
		}
	})
	b.Run("Top", func(b *testing.B) {
		for b.Loop() {
			if len(v.Top(10)) != 10 {
				b.Fatal("too few")
			}
		}
	})
	b.Run("MarshalBinary", func(b *testing.B) {
		for b.Loop() {
			text, err := g.MarshalBinary()
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
		}
	})
	b.Run("variants/MarshalBinary", func(b *testing.B) {
		for b.Loop() {
			text, err := v.MarshalBinary()
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
		}
	})
}
