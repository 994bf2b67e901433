package forecast_test

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// readmeDeals are the deals of half a year: one is created each day, and of seven, two are won after some weeks,
// three are lost, and two go on. What is open on the last day of June is open.
func readmeDeals() (deals []forecast.Deal, quarter salesops.Period) {
	start, today := salesops.NewDate(2026, 1, 1), salesops.NewDate(2026, 6, 30)
	for day := range 181 {
		d := forecast.Deal{
			ID: "D-" + strconv.Itoa(day+1), Owner: "ana", Stage: "Proposal", Amount: decimal.New(int64(4+day%9), 3),
			Created: start.AddDays(day), Close: today.AddDays(10 + day%100),
		}
		if closed := d.Created.AddDays(20 + day*11%50); day%7 < 5 && !closed.After(today) {
			d.Status, d.Close = forecast.Lost, closed
			if day%7 < 2 {
				d.Status = forecast.Won
			}
		}
		deals = append(deals, d)
	}
	return deals, salesops.Calendar{}.Period(salesops.Quarter, today.AddDays(1))
}

func Example_readme() {
	deals, quarter := readmeDeals() // as the CRM has them on 30 June, for the third quarter
	today := quarter.Start.AddDays(-1)
	chances := map[string]decimal.Decimal{"Proposal": decimal.New(5, -1)}
	pipeline, err := forecast.Summarize(deals, forecast.Query{Period: quarter, Weight: forecast.ByStage(chances)})
	check(err)
	known := salesops.Period{Start: salesops.NewDate(2026, 1, 1), End: quarter.Start}
	clock, err := forecast.FitCloseClock(deals, known, forecast.CloseClockOptions{}) // when deals close
	check(err)
	inflow, err := forecast.MeasureInflow(deals, known) // how many are created
	check(err)
	p, err := forecast.Project(deals, quarter, today, clock.Closing(""), forecast.ProjectOptions{Inflow: inflow})
	check(err)
	total, err := p.Total(forecast.TotalOptions{Correlation: 0.05})
	check(err)
	low, high, err := total.Interval(0.8)
	check(err)
	fmt.Println("weighted by stage:", pipeline.Open().Weighted.StringFixed(0))
	fmt.Println("open deals:", p.Open.StringFixed(0), "still to be created:", p.New.StringFixed(0))
	fmt.Println("80 % range:", low.StringFixed(-3), "to", high.StringFixed(-3))
	fmt.Printf("chance of 300,000: %.0f %%\n", 100*total.AtLeast(decimal.NewFromInt(300_000)))
	// Output:
	// weighted by stage: 301500
	// open deals: 101861 still to be created: 113241
	// 80 % range: 108000 to 339000
	// chance of 300,000: 17 %
}
