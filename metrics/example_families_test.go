package metrics_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// exampleFigures prints KPIs of a slice.
func exampleFigures(s metrics.Slice, o metrics.Options, ids ...metrics.ID) {
	for _, id := range ids {
		f, err := s.Figure(id, o)
		check(err)
		fmt.Println(f)
	}
}

// The open pipeline of the next quarter: what it is worth, how old it is, and who has let it lie.
func ExampleScorecard_AddDeal() {
	deals, asOf := exampleDeals()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: asOf})
	check(err)
	for i, d := range deals {
		if d.Status == metrics.Open && i%3 > 0 {
			d.Active = salesops.NewDate(2026, 6, 20)
		}
		check(card.AddDeal(d))
	}
	all := card.All()
	exampleFigures(all, metrics.Options{Stale: 14}, metrics.OpenDeals, metrics.PipelineValue, metrics.WeightedPipeline,
		metrics.DealAgeMedian, metrics.StaleShare, metrics.SalesVelocity)
	// Output:
	// Open deals 35, n = 35
	// Pipeline 256,900.00 USD, n = 35
	// Weighted pipeline 102,760.00 USD, n = 35
	// Median age of open deals 16.0 days (10.0 days to 22.0 days), n = 35
	// Stale deals 34.3 % (20.8 % to 50.8 %), n = 35
	// Sales velocity 3,492.25 USD a day, n = 35
}

// Three reps with a quota of 100,000, one of whom has sold nothing.
func ExampleScorecard_AddQuota() {
	card, err := metrics.NewScorecard(metrics.Rules{})
	check(err)
	quarter := period("2026-04-01", "2026-07-01")
	for _, rep := range []string{"Ana", "Ben", "Cleo"} {
		check(card.AddQuota(metrics.Quota{Owner: rep, Period: quarter, Amount: decimal.NewFromInt(100_000)}))
	}
	for rep, amount := range map[string]int64{"Ana": 130_000, "Ben": 80_000} {
		check(card.AddDeal(metrics.Deal{Owner: rep, Status: metrics.Won, Amount: decimal.NewFromInt(amount), Close: on("2026-05-04")}))
	}
	exampleFigures(card.All(), metrics.Options{Top: 1}, metrics.QuotaAttainment, metrics.QuotaAttainmentRate, metrics.ParticipationRate,
		metrics.AttainmentDistribution, metrics.RepTopShare)
	// Output:
	// Quota attainment 70.0 %, n = 3
	// Reps at quota 33.3 % (6.1 % to 79.2 %), n = 3
	// Participation 66.7 % (20.8 % to 93.9 %), n = 3
	// Median attainment of reps 80.0 %, n = 3
	// Share of the greatest reps 61.9 %, n = 2
}

// How long leads wait: the third has not been called yet, which counts as a wait of at least an hour.
func ExampleScorecard_AddLead() {
	nine := time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: nine.Add(3 * time.Hour)})
	check(err)
	check(card.AddLead(metrics.Lead{ID: "L-1", Owner: "Ana", Created: nine, Touched: nine.Add(4 * time.Minute), Qualified: true, Opportunity: true}))
	check(card.AddLead(metrics.Lead{ID: "L-2", Owner: "Ana", Created: nine, Touched: nine.Add(40 * time.Minute), Qualified: true}))
	check(card.AddLead(metrics.Lead{ID: "L-3", Owner: "Ben", Created: nine.Add(2 * time.Hour)}))
	exampleFigures(card.All(), metrics.Options{SLA: 30}, metrics.LeadResponseTime, metrics.LeadResponseSLA, metrics.LeadUntouchedShare,
		metrics.LeadToOpportunity)
	// Output:
	// Median lead response time 40.0 minutes, n = 3; the lower limit is 4, the upper one is not known yet; 1 has not been touched yet, and counts for as long as watched
	// Leads touched in time 33.3 % (6.1 % to 79.2 %), n = 3
	// Untouched leads 33.3 % (6.1 % to 79.2 %), n = 3
	// Lead to opportunity 33.3 % (6.1 % to 79.2 %), n = 3
}

// A day of 8 hours, of which 3 were spent on selling.
func ExampleScorecard_AddActivity() {
	card, err := metrics.NewScorecard(metrics.Rules{})
	check(err)
	day := on("2026-06-30")
	check(card.AddWorkday(metrics.Workday{Owner: "Ana", Date: day, Worked: 8 * time.Hour, Selling: 3 * time.Hour}))
	check(card.AddActivity(metrics.Activity{Owner: "Ana", Date: day, Kind: metrics.Call, Count: 14}))
	check(card.AddActivity(metrics.Activity{Owner: "Ana", Date: day, Kind: metrics.Meeting, Count: 2}))
	check(card.AddActivity(metrics.Activity{Owner: "Ana", Date: day, Kind: metrics.NoShow}))
	exampleFigures(card.All(), metrics.Options{}, metrics.CallsPerRepDay, metrics.MeetingsPerRepDay, metrics.NoShowRate, metrics.ActivityToMeeting,
		metrics.SellingTimeShare)
	// Output:
	// Call rate 14.00 a rep and day, n = 1
	// Meeting rate 2.00 a rep and day, n = 1
	// No-shows 33.3 % (6.1 % to 79.2 %), n = 3
	// Activities to meetings 21.4 %, n = 14
	// Selling time 37.5 %, n = 1
}
