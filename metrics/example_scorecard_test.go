package metrics_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// exampleDeals are the deals of two reps in two quarters, as a CRM has them on 30 June: Ana wins more often than Ben.
func exampleDeals() (deals []metrics.Deal, asOf time.Time) {
	wins := map[string]int{"Ana": 6, "Ben": 3} // of ten
	n := 0
	for day := salesops.NewDate(2026, 1, 5); day.Before(salesops.NewDate(2026, 7, 1)); day = day.AddDays(2) {
		for _, rep := range []string{"Ana", "Ben"} {
			n++
			deal := metrics.Deal{
				ID: fmt.Sprintf("D-%d", n), Owner: rep, Team: "West", Account: fmt.Sprintf("Account %d", n*n%23), Currency: "USD",
				Amount: decimal.NewFromInt(int64(4000 + 700*(n*7%11))), Created: day, Close: day.AddDays(20 + n*13%30), Status: metrics.Lost,
			}
			switch {
			case deal.Close.After(salesops.NewDate(2026, 6, 30)):
				deal.Status = metrics.Open
				chance := decimal.New(4, -1)
				deal.Chance = &chance
			case n/2*7%10 < wins[rep]:
				deal.Status = metrics.Won
			}
			deals = append(deals, deal)
		}
	}
	return deals, time.Date(2026, 6, 30, 23, 59, 0, 0, time.UTC)
}

// One pass over the rows; then any KPI, for anybody, for any period.
func ExampleScorecard() {
	deals, asOf := exampleDeals()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: asOf})
	check(err)
	for _, d := range deals {
		check(card.AddDeal(d))
	}
	second := period("2026-04-01", "2026-07-01")
	check(card.AddQuota(metrics.Quota{Owner: "Ana", Team: "West", Period: second, Amount: decimal.NewFromInt(200_000), Currency: "USD"}))
	quarter, err := card.Select(metrics.Filter{Period: second})
	check(err)
	for _, id := range []metrics.ID{metrics.Bookings, metrics.WinRate, metrics.SalesCycleMedian, metrics.WinRateCohort, metrics.NoShowRate} {
		f, err := quarter.Figure(id, metrics.Options{Horizon: 45})
		check(err)
		fmt.Println(f)
	}
	ana, err := quarter.Select(metrics.Filter{Owner: "Ana"})
	check(err)
	f, err := ana.Figure(metrics.QuotaAttainment, metrics.Options{})
	check(err)
	fmt.Println(f)
	// Output:
	// Bookings 312,400.00 USD, n = 41
	// Win rate 45.1 % (35.2 % to 55.3 %), n = 91
	// Median sales cycle 35.0 days (28.0 days to 39.0 days), n = 41
	// Win rate by age 35.9 % (24.7 % to 48.9 %), n = 92
	// No-shows: undefined: no meeting was set
	// Quota attainment 104.4 %, n = 1
}

// Weeks that start on Monday, a fiscal year from February, and what was known on the evening of 30 June in New York.
func ExampleNewScorecard() {
	newYork := time.FixedZone("EDT", -4*3600)
	card, err := metrics.NewScorecard(metrics.Rules{
		Calendar: salesops.Calendar{FirstMonth: time.February, WeekStart: time.Monday}, Unit: salesops.Week,
		AsOf: time.Date(2026, 6, 30, 18, 0, 0, 0, newYork),
	})
	check(err)
	err = card.AddDeal(metrics.Deal{ID: "D-1", Status: metrics.Won, Amount: decimal.NewFromInt(900), Close: on("2026-07-01")})
	fmt.Println(err)
	// Output:
	// metrics: D-1: close "2026-07-01" is after 2026-06-30, the day as of which all is known: leave the row out, or pass it as it was then
}

// Is this quarter better than the last? Not every difference is one.
func ExampleSlice_CompareTo() {
	deals, asOf := exampleDeals()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: asOf, Unit: salesops.Quarter})
	check(err)
	for _, d := range deals {
		check(card.AddDeal(d))
	}
	last, err := card.Select(metrics.Filter{Period: period("2026-01-01", "2026-04-01")})
	check(err)
	this, err := card.Select(metrics.Filter{Period: period("2026-04-01", "2026-07-01")})
	check(err)
	for _, id := range []metrics.ID{metrics.WinRate, metrics.SalesCycleMedian, metrics.DealSize, metrics.Bookings} {
		c, err := this.CompareTo(last, id, metrics.Options{}, metrics.Evidence{})
		check(err)
		fmt.Println(c)
	}
	// Output:
	// Win rate 45.1 %, 44.2 % beside it, +0.8 points (-15.8 to +17.1 points), p = 0.92: unclear: a difference this large comes up in 92 of 100 comparisons of equals
	// Median sales cycle 35.0 days, 33.0 days beside it, +2.0 days, p = 0.67: unclear: a difference this large comes up in 67 of 100 comparisons of equals
	// Mean deal size 7,619.51 USD, 7,500.00 USD beside it, +119.51 USD (-1,062.05 USD to +1,301.07 USD), p = 0.84: unclear: a difference this large comes up in 84 of 100 comparisons of equals
	// Bookings 312,400.00 USD, 172,500.00 USD beside it, +139,900.00 USD: untested: the data do not tell how much of it is chance
}

// Who wins more often than the rest of the team, and may that be chance?
func ExampleSlice_CompareBy() {
	deals, asOf := exampleDeals()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: asOf})
	check(err)
	for _, d := range deals {
		check(card.AddDeal(d))
	}
	reps, err := card.All().CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
	check(err)
	for _, rep := range reps {
		fmt.Println(rep)
	}
	// Output:
	// Ana: Win rate 60.6 %, 29.2 % beside it, +31.4 points (+15.2 to +45.4 points), adjusted p < 0.001: better
	// Ben: Win rate 29.2 %, 60.6 % beside it, -31.4 points (-45.4 to -15.2 points), adjusted p < 0.001: worse
}

// Each KPI comes with its definition, for an application to show beside the number.
func ExampleDefine() {
	d, ok := metrics.Define(metrics.PipelineCoverage)
	fmt.Println(ok)
	fmt.Println(d.Name + ": " + d.Formula)
	fmt.Println("no value:", d.Undefined)
	fmt.Println("others call so:", d.Others)
	// Output:
	// true
	// Pipeline coverage: open pipeline ÷ (quota − credited)
	// no value: no quota, or it is met, so that nothing is left to cover
	// others call so: [pipeline_coverage_full required_coverage]
}

func ExampleCatalog() {
	shares, lower := 0, 0
	for _, d := range metrics.Catalog() {
		if d.Unit == metrics.UnitShare {
			shares++
		}
		if d.Better == metrics.Lower {
			lower++
		}
	}
	fmt.Println(len(metrics.Catalog()) > 100, shares > 30, lower > 10)
	// Output: true true true
}

// A rep who starts in the middle of the quarter carries a part of its quota.
func ExampleProrate() {
	quarter := period("2026-07-01", "2026-10-01")
	quota, err := metrics.Prorate(decimal.NewFromInt(92_000), quarter, salesops.Period{Start: on("2026-08-17")}, 2)
	check(err)
	fmt.Println(quota.StringFixed(2))
	// Output: 45000.00
}
