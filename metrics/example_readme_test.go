package metrics_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// readmeDeals are half a year of deals of four reps, as a CRM has them at the end of June. Ana wins more than the rest.
func readmeDeals() (deals []metrics.Deal, now time.Time, quarter salesops.Period) {
	quarter = period("2026-04-01", "2026-07-01")
	for i := range 320 {
		rep := i % 4
		deal := metrics.Deal{
			ID: fmt.Sprintf("D-%d", i), Owner: []string{"Ana", "Bo", "Cy", "Di"}[rep], Currency: "USD", Status: metrics.Lost,
			Amount: decimal.NewFromInt(int64(5_000 + 500*(i*7%23))), Created: on("2026-01-01").AddDays(i * 9 / 16),
		}
		deal.Close = deal.Created.AddDays(25 + i*11%50)
		switch {
		case !deal.Close.Before(quarter.End):
			deal.Status = metrics.Open
		case i/4*37%100 < []int{64, 42, 33, 38}[rep]:
			deal.Status = metrics.Won
		}
		deals = append(deals, deal)
	}
	return deals, time.Date(2026, 6, 30, 23, 0, 0, 0, time.UTC), quarter
}

func Example_readme() {
	deals, now, quarter := readmeDeals() // as the CRM has them on 30 June
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: now})
	check(err)
	for _, deal := range deals { // one pass
		check(card.AddDeal(deal))
	}
	second, err := card.Select(metrics.Filter{Period: quarter})
	check(err)
	for _, id := range []metrics.ID{metrics.Bookings, metrics.WinRate, metrics.SalesCycleMedian, metrics.QuotaAttainment} {
		f, err := second.Figure(id, metrics.Options{})
		check(err)
		fmt.Println(f)
	}
	reps, err := second.CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
	check(err)
	for _, rep := range reps { // each beside the other three
		fmt.Println(rep)
	}
	// Output:
	// Bookings 790,000.00 USD, n = 73
	// Win rate 45.1 % (37.6 % to 52.7 %), n = 162
	// Median sales cycle 51.0 days (44.0 days to 57.0 days), n = 73
	// Quota attainment: undefined: no rep has a quota
	// Ana: Win rate 67.5 %, 37.7 % beside it, +29.8 points (+12.0 to +44.6 points), adjusted p = 0.0041: better
	// Bo: Win rate 45.0 %, 45.1 % beside it, -0.1 points (-16.9 to +17.3 points), adjusted p = 0.99: unclear: a difference this large comes up in 99 of 100 comparisons of equals
	// Cy: Win rate 31.7 %, 49.6 % beside it, -17.9 points (-32.9 to -0.3 points), adjusted p = 0.093: unclear: a difference this large comes up in 5 of 100 comparisons of equals, and 4 were made
	// Di: Win rate 36.6 %, 47.9 % beside it, -11.3 points (-27.1 to +6.2 points), adjusted p = 0.28: unclear: a difference this large comes up in 21 of 100 comparisons of equals
}
