package comp_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// The yardstick of these benchmarks is what a programmer would write by hand for
// one marginal plan: a loop over int64 cents (BenchmarkCents), which explains
// nothing and keeps no lines. docs/benchmarks.md has the figures.

var fiveBands = bands(comp.Marginal, comp.At,
	[]string{"0", "0.04"}, []string{"25000", "0.05"}, []string{"50000", "0.06"}, []string{"100000", "0.08"}, []string{"200000", "0.10"})

func BenchmarkCurve(b *testing.B) {
	x := d("173250.75")
	b.Run("Pay", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fiveBands.Pay(x)
		}
	})
	b.Run("Func", func(b *testing.B) {
		pay := fiveBands.Func()
		b.ReportAllocs()
		for b.Loop() {
			pay(x)
		}
	})
	b.Run("At", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fiveBands.At(x)
		}
	})
	b.Run("Inverse", func(b *testing.B) {
		b.ReportAllocs()
		pay := d("9123.45")
		for b.Loop() {
			fiveBands.Inverse(pay, 2)
		}
	})
}

// benchPlan is an attainment plan with a gate, a cap and a hold.
func benchPlan() comp.Plan {
	most := d("3")
	return comp.Plan{
		Every: salesops.Month,
		Components: []comp.Component{
			{
				ID: "arr", Measure: comp.Measure{Reset: comp.PerYear, Quota: "arr"},
				Curve: &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{
					{ID: "base", Rate: d("0.085")}, {ID: "above", From: d("1"), Rate: d("0.1275")}, {ID: "top", From: d("1.5"), Rate: d("0.17")},
				}},
				Gates: []comp.Gate{{Of: "arr", Reach: d("0.1")}},
			},
		},
		Limits: []comp.Limit{{Per: comp.PerYear, Max: &most, Target: true}},
		Holds:  []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Booking, Share: d("0.6")}, {On: comp.Payment, Share: d("0.4"), Pro: true}}}},
	}
}

// benchCredits spreads n credits over the year.
func benchCredits(payee string, n int) []comp.Credit {
	out := make([]comp.Credit, n)
	for i := range out {
		out[i] = comp.Credit{
			Deal: comp.Deal{
				ID: fmt.Sprintf("D-%06d", i), Date: on("2026-01-01").AddDays(i * 365 / n), Currency: "USD",
				Amount: decimal.New(int64(100_000+(i*7919)%900_000)*100/int64(max(n/100, 1))+int64(i%100), -2),
				Tags:   comp.Tags{"type": "new"},
			},
			Payee: payee,
		}
	}
	return out
}

func benchCase(n int) comp.Case {
	return comp.Case{Payee: payee("80000", "arr", "40000000"), Period: period("2026-12-01", "2027-01-01"), Credits: benchCredits("ana", n)}
}

func BenchmarkCalculate(b *testing.B) {
	c := calculator(b, benchPlan())
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		in := benchCase(n)
		b.Run(fmt.Sprintf("credits=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := c.Calculate(in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/credit")
		})
	}
	b.Run("explained", func(b *testing.B) {
		in := benchCase(1_000)
		in.Explain = true
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := c.Calculate(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rerun", func(b *testing.B) {
		in := benchCase(1_000)
		_, in.Prior = calculate(b, c, in)
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := c.Calculate(in); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCents is the yardstick: totals of the marginal curve of benchPlan in
// int64 cents.
func BenchmarkCents(b *testing.B) {
	in := benchCase(1_000)
	cents := make([]int64, len(in.Credits))
	for i, c := range in.Credits {
		cents[i] = c.Amount.Shift(2).IntPart()
	}
	rates := []int64{850, 1275, 1700} // of 10,000
	froms := []int64{0, 4_000_000_000, 6_000_000_000}
	var total int64
	b.ReportAllocs()
	for b.Loop() {
		var at, pay int64
		for _, c := range cents {
			for c > 0 {
				k := len(froms) - 1
				for at < froms[k] {
					k--
				}
				part := c
				if k+1 < len(froms) {
					part = min(part, froms[k+1]-at)
				}
				pay += part * rates[k]
				at += part
				c -= part
			}
		}
		total = (pay + 5_000) / 10_000
	}
	if total == 0 {
		b.Fatal("nothing paid")
	}
}

// BenchmarkTotal is the same total as BenchmarkCents, in decimals: the sum of the
// credits, priced by the curve.
func BenchmarkTotal(b *testing.B) {
	in := benchCase(1_000)
	amounts := make([]decimal.Decimal, len(in.Credits))
	for i, c := range in.Credits {
		amounts[i] = c.Amount
	}
	price := bands(comp.Marginal, comp.At, []string{"0", "0.085"}, []string{"40000000", "0.1275"}, []string{"60000000", "0.17"}).Func()
	b.ReportAllocs()
	for b.Loop() {
		price(decimal.Sum(amounts[0], amounts[1:]...))
	}
}

func BenchmarkTeam(b *testing.B) {
	c := calculator(b, benchPlan())
	credits := benchCredits("", 100)
	jobs := func(n int) iter.Seq[comp.Job] {
		return func(yield func(comp.Job) bool) {
			for i := range n {
				in := comp.Case{Payee: payee("80000", "arr", "40000000"), Period: period("2026-12-01", "2027-01-01"), Credits: credits}
				in.Payee.ID = fmt.Sprintf("rep-%05d", i)
				if !yield(comp.Job{Calculator: c, Case: in}) {
					return
				}
			}
		}
	}
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("payees=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for r := range comp.Team(context.Background(), jobs(n), comp.TeamOptions{Workers: 1}) {
					if r.Err != nil {
						b.Fatal(r.Err)
					}
				}
			}
		})
	}
}
