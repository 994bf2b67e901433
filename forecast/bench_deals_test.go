package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// dealSizes are those of the benchmarks.
func dealSizes() []int { return []int{100, 10_000, 1_000_000} }

// dealBook makes n open deals in six stages, with amounts to the cent, that close over a year; if mixed, they are of all
// statuses and categories, at random.
func dealBook(n int, mixed bool) []forecast.Deal {
	statuses := [...]forecast.Status{forecast.Open, forecast.Open, "", "", forecast.Open, forecast.Won, forecast.Lost}
	rng := rand.New(rand.NewPCG(1, 2))
	deals := make([]forecast.Deal, n)
	for i := range deals {
		deals[i] = forecast.Deal{
			ID: "D" + strconv.Itoa(i), Owner: "rep" + strconv.Itoa(rng.IntN(300)), Currency: "USD",
			Stage:  [...]string{"Prospecting", "Qualification", "Demo", "Proposal", "Negotiation", "Legal"}[rng.IntN(6)],
			Amount: decimal.New(rng.Int64N(90_000_00), -2), Close: on("2026-01-01").AddDays(rng.IntN(365)),
		}
		if mixed {
			deals[i].Status, deals[i].Category = statuses[rng.IntN(7)], dealCategories()[rng.IntN(6)]
		}
	}
	return deals
}

func dealStageWeights() forecast.Weight {
	return forecast.ByStage(map[string]decimal.Decimal{
		"Prospecting": d("0.05"), "Qualification": d("0.1"), "Demo": d("0.25"), "Proposal": d("0.4"), "Negotiation": d("0.625"), "Legal": d("0.9"),
	})
}

// dealEach runs a benchmark of n things.
func dealEach(b *testing.B, name string, n int, f func() error) {
	b.Helper()
	b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := f(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/each")
	})
}

// BenchmarkSummarize is the weighted pipeline. The yardsticks add up the amounts alone: a loop of decimal.Add, decimal.Sum,
// which works in place, and a loop over the low 64 bits of the coefficients, which is how long it takes to read them.
func BenchmarkSummarize(b *testing.B) {
	weight, year := dealStageWeights(), period("2026-01-01", "2027-01-01")
	quarter := decimal.New(25, -2)
	for _, n := range dealSizes() {
		for name, deals := range map[string][]forecast.Deal{"open": dealBook(n, false), "mixed": dealBook(n, true)} {
			for _, q := range []struct {
				name  string
				query forecast.Query
			}{
				{"plain", forecast.Query{}},
				{"byStage", forecast.Query{Weight: weight}},
				{"byStage in a year", forecast.Query{Weight: weight, Period: year}},
				{"byDeal", forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return quarter, true })}},
			} {
				dealEach(b, name+"/"+q.name, n, func() error {
					_, err := forecast.Summarize(deals, q.query)
					return err
				})
			}
		}
		deals := dealBook(n, false)
		dealEach(b, "byOwner", n, func() error {
			_, err := forecast.SummarizeBy(deals, forecast.Query{Weight: weight}, func(d forecast.Deal) string { return d.Owner })
			return err
		})
		amounts := make([]decimal.Decimal, n)
		for i := range deals {
			amounts[i] = deals[i].Amount
		}
		dealEach(b, "yardstick/Add", n, func() error {
			var sum decimal.Decimal
			for i := range amounts {
				sum = sum.Add(amounts[i])
			}
			return nil
		})
		dealEach(b, "yardstick/Sum", n, func() error {
			decimal.Sum(amounts[0], amounts[1:]...)
			return nil
		})
		dealEach(b, "yardstick/read", n, func() error {
			var sum int64
			for i := range amounts {
				sum += amounts[i].CoefficientInt64()
			}
			if sum < 0 {
				return fmt.Errorf("the sum is %d", sum)
			}
			return nil
		})
	}
}

// BenchmarkConvert multiplies each amount, at the rates of 365 days. The yardstick is decimal.Mul.
func BenchmarkConvert(b *testing.B) {
	rate := d("1.08123")
	for _, n := range dealSizes() {
		deals := dealBook(n, false)
		dealEach(b, "convert", n, func() error {
			_, err := forecast.Convert(deals, "EUR", func(string, string, salesops.Date) (decimal.Decimal, bool) { return rate, true })
			return err
		})
		dealEach(b, "yardstick/Mul", n, func() error {
			for i := range deals {
				deals[i].Amount.Mul(rate)
			}
			return nil
		})
	}
}

// BenchmarkRollUp is a tree of 7 reports to each manager, and a chain, with an override of every tenth node by itself. The
// yardstick is the map from IDs to nodes.
func BenchmarkRollUp(b *testing.B) {
	for _, n := range dealSizes() {
		for name, parent := range map[string]func(int) int{"tree": func(i int) int { return (i - 1) / 7 }, "chain": func(i int) int { return i - 1 }} {
			nodes := make([]forecast.Node, n)
			var overrides []forecast.Override
			for i := range nodes {
				nodes[i] = forecast.Node{ID: strconv.Itoa(i), Own: decimal.New(int64(i), -2)}
				if i > 0 {
					nodes[i].Parent = strconv.Itoa(parent(i))
				}
				if i%10 == 9 {
					overrides = append(overrides, forecast.Override{Node: nodes[i].ID, By: nodes[i].ID, Amount: decimal.New(int64(i), 0)})
				}
			}
			for what, list := range map[string][]forecast.Override{"computed": nil, "overridden": overrides} {
				dealEach(b, name+"/"+what, n, func() error {
					_, err := forecast.RollUp(nodes, list)
					return err
				})
			}
			dealEach(b, "yardstick/map", n, func() error {
				index := make(map[string]int32, n)
				for i := range nodes {
					index[nodes[i].ID] = int32(i)
				}
				for i := range nodes {
					if _, ok := index[nodes[i].Parent]; !ok && i > 0 {
						return fmt.Errorf("node %d has no parent", i)
					}
				}
				return nil
			})
		}
	}
}

// BenchmarkCompare is a week in which every second deal changes its amount, and every fourth its date. The yardstick is the
// map from the IDs of one snapshot, asked for those of the other.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000, 1_000_000} {
		from, to := dealBook(n, true), dealBook(n, true)
		for i := range to {
			if i%2 == 0 {
				to[i].Amount = to[i].Amount.Add(d("0.01"))
			}
			if i%4 == 1 {
				to[i].Close = to[i].Close.AddDays(30)
			}
		}
		dealEach(b, "compare", n, func() error {
			_, err := forecast.Compare(forecast.Snapshot{Deals: from}, forecast.Snapshot{Deals: to}, period("2026-04-01", "2026-07-01"))
			return err
		})
		dealEach(b, "yardstick/map", n, func() error {
			index := make(map[string]int32, n)
			for i := range from {
				index[from[i].ID] = int32(i)
			}
			for i := range to {
				if _, ok := index[to[i].ID]; !ok {
					return fmt.Errorf("deal %d is not there", i)
				}
			}
			return nil
		})
	}
}

// Summarize needs no memory for a deal, whatever its weight.
func TestSummarize_allocations(t *testing.T) {
	weights := map[string]forecast.Weight{
		"none": {}, "by stage": dealStageWeights(),
		"by category": forecast.ByCategory(map[forecast.Category]decimal.Decimal{
			forecast.InPipeline: d("0.1"), forecast.BestCase: d("0.3"), forecast.MostLikely: d("0.6"), forecast.Commit: d("0.9"),
		}),
	}
	half := d("0.5")
	weights["by deal"] = forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return half, true })
	for name, weight := range weights {
		measure := func(n int) float64 {
			deals := dealBook(n, true)
			return testing.AllocsPerRun(5, func() {
				if _, err := forecast.Summarize(deals, forecast.Query{Weight: weight, Period: period("2026-01-01", "2026-07-01")}); err != nil {
					t.Fatal(err)
				}
			})
		}
		if few, many := measure(1000), measure(10_000); many > few {
			t.Errorf("%s: %g allocations for 10,000 deals, %g for 1,000", name, many, few)
		}
	}
}
