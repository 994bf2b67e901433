package metrics_test

import (
	"fmt"

	"github.com/salesops-go/salesops/metrics"
)

// From 1.2 to 2.5 million in three years.
func ExampleGrowth() {
	g := metrics.Growth{From: d("1.2"), To: d("2.5")}
	rate, _ := g.Rate().Decimal(3)
	cagr, _ := g.CAGR(3).Float()
	cmgr, _ := g.CMGR(36).Float()
	fmt.Printf("%s in all, %.1f %% a year, %.2f %% a month\n", rate.StringFixed(3), 100*cagr, 100*cmgr)
	fmt.Println(metrics.Growth{From: d("0"), To: d("2.5")}.Rate().Reason)
	// Output:
	// 1.083 in all, 27.7 % a year, 2.06 % a month
	// the earlier amount is 0
}

// Will there be more to sell to next quarter?
func ExampleLeadVelocity() {
	january, february := metrics.LeadMonth{Qualified: 100, Days: 31}, metrics.LeadMonth{Qualified: 95, Days: 28}
	v, _ := metrics.LeadVelocity(january, february).Decimal(3)
	fmt.Println(v.StringFixed(3))
	// Output:
	// -0.050
}

// February was short: by the day there was more, not less.
func ExampleLeadVelocityPerDay() {
	january, february := metrics.LeadMonth{Qualified: 100, Days: 31}, metrics.LeadMonth{Qualified: 95, Days: 28}
	v, _ := metrics.LeadVelocityPerDay(january, february).Decimal(3)
	fmt.Println(v.StringFixed(3))
	// Output:
	// 0.052
}

// Why did the win rate fall from 40 % to 34 %? Both teams win more than before; but most deals are in the segment that is
// hard to win now. The fall is all mix.
func ExampleMixRate() {
	before := map[string]metrics.Ratio[int64]{"enterprise": {Num: 10, Den: 50}, "small business": {Num: 50, Den: 100}}
	after := map[string]metrics.Ratio[int64]{"enterprise": {Num: 24, Den: 100}, "small business": {Num: 27, Den: 50}}
	r, err := metrics.MixRate(before, after)
	check(err)
	fmt.Printf("%.2f to %.2f: rate %+.3f, mix %+.3f\n", r.Before, r.After, r.Rate, r.Mix)
	for _, s := range r.Segments {
		fmt.Printf("%s: rate %+.3f, mix %+.3f\n", s.Key, s.Rate, s.Mix)
	}
	// Output:
	// 0.40 to 0.34: rate +0.040, mix -0.100
	// enterprise: rate +0.020, mix -0.050
	// small business: rate +0.020, mix -0.050
}
