package forecast_test

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/forecast"
)

// totPipeline is what a team has open.
func totPipeline() []forecast.Chance {
	return []forecast.Chance{
		{ID: "Acme", Amount: decimal.New(120_000, 0), P: 0.8},
		{ID: "Bolt", Amount: decimal.New(85_000, 0), P: 0.5},
		{ID: "Corp", Amount: decimal.New(240_000, 0), P: 0.25},
		{ID: "Dyne", Amount: decimal.New(60_000, 0), P: 0.6},
		{ID: "Echo", Amount: decimal.New(45_000, 0), P: 0.35},
	}
}

// What may five deals bring, and what are the odds of the quota?
func ExampleNewTotal() {
	total, err := forecast.NewTotal(totPipeline(), forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high, err := total.Interval(0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	quota := decimal.New(250_000, 0)
	fmt.Println("expected:", total.Mean().StringFixed(2))
	fmt.Printf("80 %% range: %s to %s\n", low.StringFixed(0), high.StringFixed(0))
	fmt.Printf("chance of %s: %.1f %%\n", quota.StringFixed(0), 100*total.AtLeast(quota))
	fmt.Printf("expected shortfall: %.0f\n", total.Shortfall(quota))
	// Output:
	// expected: 250250.00
	// 80 % range: 120000 to 445000
	// chance of 250000: 46.5 %
	// expected shortfall: 50412
}

// In a bad quarter many deals slip at once. How much wider is the range than that of independent deals?
func ExampleNewTotal_correlation() {
	for _, rho := range []float64{0, 0.1, 0.3} {
		total, err := forecast.NewTotal(totPipeline(), forecast.TotalOptions{Correlation: rho})
		if err != nil {
			fmt.Println(err)
			return
		}
		p10, _ := total.Quantile(0.1)
		p90, _ := total.Quantile(0.9)
		fmt.Printf("%.1f: mean %s, P10 %s, P90 %s, SD %.0f\n", rho, total.Mean().StringFixed(0), p10.StringFixed(0), p90.StringFixed(0), total.SD())
	}
	// Output:
	// 0.0: mean 250250, P10 120000, P90 445000, SD 127416
	// 0.1: mean 250250, P10 105000, P90 465000, SD 136757
	// 0.3: mean 250250, P10 60000, P90 505000, SD 153583
}

// Two thousand deals of odd amounts have more possible sums than atoms in the universe. How good is the grid?
func ExampleNewTotal_grid() {
	var chances []forecast.Chance
	for i := range int64(2000) {
		chances = append(chances, forecast.Chance{Amount: decimal.New(1_000_000+i*i*7919%90_000_000, -2), P: 0.1 + float64(i%5)/10})
	}
	total, err := forecast.NewTotal(chances, forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p10, _ := total.Quantile(0.1)
	fmt.Println("exact:", total.Exact(), "in steps of", total.Resolution().StringFixed(0))
	fmt.Printf("the grid widens the distribution by %.4f %% and loses a probability of %.0e\n", 100*total.Inflation(), total.LostMass())
	fmt.Println("mean:", total.Mean().StringFixed(2), "P10:", p10.StringFixed(0))
	// Output:
	// exact: false in steps of 11000
	// the grid widens the distribution by 0.0059 % and loses a probability of 2e-17
	// mean: 270674243.00 P10: 257598000
}

// Half of the quarter is over: what is won is certain, and the rest is open.
func ExampleTotal() {
	open, err := forecast.NewTotal(totPipeline(), forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	total, err := open.Shift(decimal.New(310_000, 0)) // closed won so far
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range []float64{0.1, 0.5, 0.9} {
		x, err := total.Quantile(q)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("P%.0f: %s\n", 100*q, x.StringFixed(0))
	}
	fmt.Printf("chance of 500000: %.1f %%\n", 100*total.AtLeast(decimal.New(500_000, 0)))
	// Output:
	// P10: 430000
	// P50: 535000
	// P90: 755000
	// chance of 500000: 62.9 %
}

// Two teams sell in different markets. What do they bring together?
func ExampleTotal_Plus() {
	east, err := forecast.NewTotal(totPipeline(), forecast.TotalOptions{Correlation: 0.2})
	if err != nil {
		fmt.Println(err)
		return
	}
	west, err := forecast.NewTotal([]forecast.Chance{
		{Amount: decimal.New(99_990, 0), P: 0.7}, {Amount: decimal.New(149_990, 0), P: 0.4},
	}, forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := east.Plus(west)
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high, err := both.Interval(0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, SD %.0f, 90 %% between %s and %s\n", both.Mean().StringFixed(0), both.SD(), low.StringFixed(0), high.StringFixed(0))
	// Output:
	// 380239, SD 169261, 90 % between 120000 and 694980
}

// What may two deals bring?
func ExampleTotal_All() {
	total, err := forecast.NewTotal(totPipeline()[:2], forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for x, p := range total.All() {
		fmt.Printf("%6s  %.2f\n", x.StringFixed(0), p)
	}
	// Output:
	//      0  0.10
	//  85000  0.10
	// 120000  0.40
	// 205000  0.40
}

// Which of two ways to get probabilities was better last quarter, which brought 205,000? The one with the lower score.
func ExampleTotal_CRPS() {
	actual := decimal.New(205_000, 0)
	byStage := totPipeline()
	byHand := totPipeline()
	for i := range byHand {
		byHand[i].P = 0.9 // "they all close"
	}
	for _, c := range []struct {
		how     string
		chances []forecast.Chance
	}{{"by stage", byStage}, {"by hand", byHand}} {
		total, err := forecast.NewTotal(c.chances, forecast.TotalOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		below, upTo := total.PIT(actual)
		fmt.Printf("%s: %.0f, at quantile %.2f to %.2f\n", c.how, total.CRPS(actual), below, upTo)
	}
	// Output:
	// by stage: 29953, at quantile 0.39 to 0.46
	// by hand: 250326, at quantile 0.01 to 0.01
}

// A total is stored with the forecast, to be scored when the quarter is over.
func ExampleTotal_MarshalJSON() {
	total, err := forecast.NewTotal(totPipeline()[:2], forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.Marshal(total)
	if err != nil {
		fmt.Println(err)
		return
	}
	var stored forecast.Total
	if err := json.Unmarshal(text, &stored); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stored.Mean().StringFixed(2), stored.AtLeast(decimal.New(120_000, 0)))
	// Output:
	// 138500.00 0.8
}

// Past quarters came out further from the expected totals than independent deals would. How much do deals have in common?
func ExampleFitCorrelation() {
	var past []forecast.PastPeriod
	for _, actual := range []int64{145_000, 330_000, 60_000, 465_000, 250_000, 85_000, 420_000, 205_000} {
		past = append(past, forecast.PastPeriod{Chances: totPipeline(), Actual: decimal.New(actual, 0)})
	}
	fit, err := forecast.FitCorrelation(past)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("correlation %.2f, 95 %% between %.2f and %.2f\n", fit.Correlation, fit.Low, fit.High)
	fmt.Printf("mean squared error over %d quarters: %.2f with independent deals, %.2f with the correlation\n", fit.Periods, fit.Before, fit.After)
	// Output:
	// correlation 0.14, 95 % between 0.00 and 0.95
	// mean squared error over 8 quarters: 1.22 with independent deals, 1.00 with the correlation
}
