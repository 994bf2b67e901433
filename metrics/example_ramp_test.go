package metrics_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// How long do new reps take to make their quota? Two of six have, and one has left.
func ExampleRamp() {
	rep := func(name string, left bool, bookings ...int64) metrics.TenureHistory {
		h := metrics.TenureHistory{Rep: name, Left: left}
		for i, b := range bookings {
			h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{Num: decimal.New(b, 3), Den: d("200000")})
			if b > 0 && h.FirstDeal == 0 {
				h.FirstDeal = i + 1
			}
		}
		return h
	}
	var r metrics.Ramp
	for _, h := range []metrics.TenureHistory{
		rep("Ana", false, 0, 60, 210, 190, 230),
		rep("Ben", false, 0, 40, 90, 150, 205),
		rep("Cleo", true, 0, 0, 30),
		rep("Dov", false, 10, 70, 120, 180),
		rep("Eve", false, 0, 50),
		rep("Fay", false, 0),
	} {
		check(r.Add(h))
	}
	ramp, first := r.Time(0), r.TimeToFirstDeal(0)
	fmt.Printf("half have ramped by quarter %v, won a deal by quarter %v\n", *ramp.Value, *first.Value)
	fmt.Println(ramp.Notes)
	for _, p := range r.Curve(4) { // at steady state from the fourth quarter on
		v, _ := p.Productivity.Decimal(2)
		fmt.Println(p.Tenure, v.StringFixed(2), p.Reps)
	}
	// Output:
	// half have ramped by quarter 5, won a deal by quarter 2
	// [the lower limit is 3, the upper one is not known yet 4 have not ramped yet, and count for as long as watched 1 rep left before having ramped]
	// 1 0.01 6
	// 2 0.23 5
	// 3 0.59 4
	// 4 0.91 3
	// 5 1.14 2
}

// Once may be luck: a rep has ramped at 80 % of quota, two quarters in a row.
func ExampleNewRamp() {
	r, err := metrics.NewRamp(metrics.RampOptions{Threshold: d("0.8"), Sustained: 2})
	check(err)
	quota := func(attainment ...string) (h metrics.TenureHistory) {
		for _, a := range attainment {
			h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{Num: d(a), Den: d("1")})
		}
		return h
	}
	check(r.Add(quota("0.9", "0.3", "0.8", "1.1")))
	check(r.Add(quota("0.1", "0.4", "0.7", "0.9", "1.0")))
	check(r.Add(quota("0.2", "0.5")))
	f := r.Time(0)
	fmt.Println(f.KPI, *f.Value, f.Notes[len(f.Notes)-1])
	// Output:
	// ramp_time_80 3.5 sustained for 2 periods
}

func ExampleRampRule() {
	fmt.Println(*metrics.RampRule(52).Value, "days")
	// Output:
	// 142 days
}

// What did a fully ramped rep book, when one of three was new and one left in the middle of the quarter?
func ExampleRampEquivalents() {
	q := period("2026-01-01", "2026-04-01")
	equivalents, err := metrics.RampEquivalents(q, []metrics.Rep{
		{Name: "Ana", Hired: on("2024-05-01")},
		{Name: "Ben", Hired: on("2025-03-01"), Active: salesops.Period{End: on("2026-02-15")}},
		{Name: "Cleo", Hired: on("2026-01-01")},
	}, []decimal.Decimal{d("0"), d("0"), d("0.25"), d("0.25"), d("0.5"), d("0.5")})
	check(err)
	reps, _ := equivalents.Decimal(3)
	each, _ := metrics.ProductivityPerRep(d("400000"), "USD", equivalents).Decimal(0)
	fmt.Println(reps.StringFixed(3), "ramped reps,", each.StringFixed(0), "USD each")
	// Output:
	// 1.586 ramped reps, 252189 USD each
}

func ExampleProductivityPerRep() {
	f := metrics.ProductivityPerRep(d("400000"), "USD", metrics.Ratio[decimal.Decimal]{Den: d("90")})
	fmt.Println(f.Reason)
	// Output:
	// there are no ramped-rep equivalents
}
