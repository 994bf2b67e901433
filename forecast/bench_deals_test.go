package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/forecast"
)

// dealSizes are those of the benchmarks.
var dealSizes = []int{100, 10_000, 1_000_000}

// dealBook makes n deals in six stages and all columns, with amounts to the cent, that close over a year.
func dealBook(n int) []forecast.Deal {
	statuses := [...]forecast.Status{forecast.Open, "", forecast.Open, forecast.Won, forecast.Lost, forecast.Open, ""}
	categories := [...]forecast.Category{"", forecast.Commit, forecast.BestCase, forecast.InPipeline, forecast.MostLikely, forecast.Omitted}
	deals := make([]forecast.Deal, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range deals {
		h := rng.Uint32()
		deals[i] = forecast.Deal{
			ID: "D" + strconv.Itoa(i), Owner: "rep" + strconv.Itoa(int(h>>8%300)), Stage: dealStages[h>>16%6],
			Status: statuses[h>>20%7], Category: categories[h>>24%6], Currency: "USD",
			Amount: decimal.New(int64(h%90_000_00), -2), Close: on("2026-01-01").AddDays(int(h >> 12 % 365)),
		}
	}
	return deals
}

var dealStages = [...]string{"Prospecting", "Qualification", "Demo", "Proposal", "Negotiation", "Legal"}

func dealWeights() map[string]decimal.Decimal {
	return map[string]decimal.Decimal{
		"Prospecting": d("0.05"), "Qualification": d("0.1"), "Demo": d("0.25"), "Proposal": d("0.4"),
		"Negotiation": d("0.625"), "Legal": d("0.9"),
	}
}

// BenchmarkSummarize is the weighted pipeline. The yardsticks, for a million amounts alone and no deals: a loop of
// decimal Add, decimal.Sum, a loop of int64.
func BenchmarkSummarize(b *testing.B) {
	for _, n := range dealSizes {
		deals := dealBook(n)
		each := func(b *testing.B) {
			b.Helper()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
		}
		for _, q := range []struct {
			name  string
			query forecast.Query
		}{
			{"plain", forecast.Query{}},
			{"byStage", forecast.Query{Weight: forecast.ByStage(dealWeights())}},
			{"byStage in a period", forecast.Query{Weight: forecast.ByStage(dealWeights()), Period: period("2026-01-01", "2027-01-01")}},
			{"byDeal", forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return decimal.New(25, -2), true })}},
		} {
			b.Run(fmt.Sprintf("%s/%d", q.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := forecast.Summarize(deals, q.query); err != nil {
						b.Fatal(err)
					}
				}
				each(b)
			})
		}
		b.Run(fmt.Sprintf("by owner/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.SummarizeBy(deals, forecast.Query{Weight: forecast.ByStage(dealWeights())}, func(d forecast.Deal) string { return d.Owner }); err != nil {
					b.Fatal(err)
				}
			}
			each(b)
		})
		amounts := make([]decimal.Decimal, n)
		for i := range deals {
			amounts[i] = deals[i].Amount
		}
		b.Run(fmt.Sprintf("yardstick decimal.Add/%d", n), func(b *testing.B) {
			for b.Loop() {
				var sum decimal.Decimal
				for i := range amounts {
					sum = sum.Add(amounts[i])
				}
			}
			each(b)
		})
		b.Run(fmt.Sprintf("yardstick decimal.Sum/%d", n), func(b *testing.B) {
			for b.Loop() {
				decimal.Sum(amounts[0], amounts[1:]...)
			}
			each(b)
		})
		b.Run(fmt.Sprintf("yardstick int64/%d", n), func(b *testing.B) {
			for b.Loop() {
				var sum int64
				for i := range deals {
					sum += deals[i].Amount.CoefficientInt64()
				}
			}
			each(b)
		})
	}
}
