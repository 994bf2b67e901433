package funnel_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// movBook returns two snapshots of n deals, a quarter of which are new and a quarter of which had ended: in the week between them one
// in ten changes its amount, its owner or its date, or ends.
func movBook(n int) (before, after []funnel.Position) {
	r := rand.New(rand.NewPCG(1, 2))
	statuses := []funnel.Exit{funnel.Won, funnel.Lost, funnel.Left}
	for i := range n {
		p := funnel.Position{
			ID: "0065g00000" + strconv.FormatUint(r.Uint64()|1<<63, 36), Amount: decimal.New(int64(r.IntN(10_000_000)), -2), Currency: "EUR",
			Due: on("2026-01-01").AddDays(r.IntN(365)), Group: "owner " + strconv.Itoa(r.IntN(200)),
		}
		if r.IntN(4) == 0 {
			p.Status = statuses[r.IntN(3)]
		}
		if i < n-n/50 {
			before = append(before, p)
		}
		switch r.IntN(40) {
		case 0:
			p.Amount = decimal.New(int64(r.IntN(10_000_000)), -2)
		case 1:
			p.Group = "owner " + strconv.Itoa(r.IntN(200))
		case 2:
			p.Due = p.Due.AddDays(30)
		case 3:
			p.Status = statuses[r.IntN(3)]
		}
		if i >= n/50 {
			after = append(after, p)
		}
	}
	return before, after
}

// BenchmarkCompareMovement is a week in the life of n deals. The yardstick is the map from the IDs of one snapshot, asked for
// those of the other.
func BenchmarkCompareMovement(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000, 1_000_000} {
		before, after := movBook(n)
		shuffled := append([]funnel.Position(nil), after...)
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, v := range []struct {
			name  string
			after []funnel.Position
			scope salesops.Period
		}{
			{"rolling/ordered", after, salesops.Period{}},
			{"quarter/ordered", after, period("2026-04-01", "2026-07-01")},
			{"quarter/shuffled", shuffled, period("2026-04-01", "2026-07-01")},
		} {
			movEach(b, v.name, n, func() error {
				_, err := funnel.Compare(v.scope, before, v.after)
				return err
			})
		}
		movEach(b, "yardstick/shuffled", n, func() error {
			index := make(map[string]int, n)
			for i := range before {
				index[before[i].ID] = i
			}
			found := 0
			for i := range shuffled {
				if _, ok := index[shuffled[i].ID]; ok {
					found++
				}
			}
			if found == 0 {
				return fmt.Errorf("no deal of %d is in both snapshots", n)
			}
			return nil
		})
	}
}

func movEach(b *testing.B, name string, n int, f func() error) {
	b.Run(name+"/deals="+strconv.Itoa(n), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := f(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
	})
}

// BenchmarkMovement is what a stream of deals costs: each is classified, and its change counted alone or with a thousand others.
func BenchmarkMovement(b *testing.B) {
	const n = 1000
	before, after := movBook(n)
	before, after = before[20:], after[:n-20] // the same deals
	changes := make([]funnel.Change, len(before))
	each := func(name string, f func() error) { movEach(b, name, len(before), f) }
	each("classify", func() (err error) {
		for i := range before {
			if changes[i], err = funnel.Classify(period("2026-04-01", "2026-07-01"), &before[i], &after[i]); err != nil {
				return err
			}
		}
		return nil
	})
	each("add", func() error {
		var m funnel.Movement
		for i := range changes {
			if err := m.Add(changes[i]); err != nil {
				return err
			}
		}
		return nil
	})
	each("add many", func() error {
		var m funnel.Movement
		return m.Add(changes...)
	})
}
