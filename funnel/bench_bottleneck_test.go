package funnel_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// The yardstick is one look at each row of the counts: nothing grows with the number of deals, as flows hold counts. What grows is the
// number of different ticks (here up to 600) and the cube of the number of stages.
func BenchmarkBottlenecks(b *testing.B) {
	for _, stages := range []int{5, 20, 80} {
		b.Run("stages="+strconv.Itoa(stages), func(b *testing.B) {
			keys := make([]funnel.Stage, stages, stages+2)
			for i := range keys {
				keys[i].Key = fmt.Sprint("S", i)
			}
			p, err := funnel.NewPipeline(append(keys, funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost})...)
			if err != nil {
				b.Fatal(err)
			}
			v := funnel.View{Pipeline: p, AsOf: sloDay(9000)}
			var flows [2]funnel.Flow
			for k := range flows {
				for i := range 5000 {
					day := 0
					var j funnel.Journey
					for at := range stages {
						j.Moves = append(j.Moves, funnel.Move{To: keys[at].Key, At: sloDay(day)})
						day += (i*7919 + at*104729) % (600 / stages)
						if (i*31+at*17)%(20+k) == 0 {
							break
						}
					}
					end := "Won"
					if len(j.Moves) < stages {
						end = "Lost"
					}
					j.Moves = append(j.Moves, funnel.Move{To: end, At: sloDay(day)})
					if err := flows[k].Add(v, j); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.Bottlenecks(&flows[0], &flows[1], funnel.BottleneckOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The yardstick is to read the journeys, as Flow.Add does: 100 to 200 ns for three moves.
func BenchmarkAgeing(b *testing.B) {
	for _, deals := range []int{100, 10_000, 1_000_000} {
		b.Run("deals="+strconv.Itoa(deals), func(b *testing.B) {
			v := funnel.View{Pipeline: sloPipeline(b), AsOf: sloDay(400)}
			journeys := make([]funnel.Journey, deals)
			var base funnel.Flow
			for i := range journeys {
				day := i * 7919 % 300
				journeys[i] = funnel.Journey{ID: strconv.Itoa(i), Amount: decimal.New(int64(i%1000), 0), Moves: []funnel.Move{
					{To: "Lead", At: sloDay(day)}, {To: "Demo", At: sloDay(day + i%40)},
				}}
				if i%3 > 0 {
					journeys[i].Moves = append(journeys[i].Moves, funnel.Move{To: "Won", At: sloDay(day + i%40 + i%90)})
				}
				if err := base.Add(v, journeys[i]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.Ageing(v, journeys, &base, funnel.AgeingOptions{MinN: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(deals), "ns/deal")
		})
	}
}

// 1,000 reps take 1,000 log-rank tests of two groups, beside the comparison of shares.
func BenchmarkCompareReps(b *testing.B) {
	for _, reps := range []int{10, 100, 1000} {
		b.Run("reps="+strconv.Itoa(reps), func(b *testing.B) {
			team := make([]funnel.RepRecord, reps)
			for i := range team {
				team[i] = funnel.RepRecord{Name: strconv.Itoa(i), Won: 40 + int64(i%20), Lost: 60, Deals: new(funnel.Lifetimes)}
				for d := range 100 {
					if err := team[i].Deals.Add(funnel.Spell{Leave: (d*7919 + i) % 180, Exit: funnel.Won}); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.CompareReps(team, funnel.Evidence{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
