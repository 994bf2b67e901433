package series_test

import (
	"encoding/json"
	"fmt"

	"github.com/salesops-go/salesops/forecast/series"
)

// How good would the forecast have been, one and two quarters ahead?
func ExampleBacktest() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160, 118, 131, 104, 171}
	folds, err := series.Backtest(bookings, series.SeasonalNaive(4), series.BacktestOptions{Horizon: 2, First: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range folds {
		fmt.Println(f.Origin, f.Actual, f.Forecast.Mean)
	}
	// Output:
	// 6 [99 160] [90 150]
	// 7 [160 118] [150 110]
	// 8 [118 131] [110 126]
	// 9 [131 104] [126 99]
	// 10 [104 171] [99 160]
}

// Is the second quarter ahead harder than the first?
func ExamplePool() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160, 118, 131, 104, 171}
	folds, err := series.Backtest(bookings, series.Naive(), series.BacktestOptions{Horizon: 2, First: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	for step := 1; step <= 2; step++ {
		actual, forecast, err := series.Pool(folds, step)
		if err != nil {
			fmt.Println(err)
			return
		}
		wape, err := series.WAPE(actual, forecast)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d ahead: WAPE %.1f %%\n", step, wape)
	}
	// Output:
	// 1 ahead: WAPE 27.8 %
	// 2 ahead: WAPE 19.9 %
}

// Which method forecasts our quarters best?
func ExampleSelect() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160, 118, 131, 104, 171}
	best, scores, err := series.Select(bookings, []series.Named{
		{Name: "last quarter", Method: series.Naive()},
		{Name: "last year's quarter", Method: series.SeasonalNaive(4)},
		{Name: "the quarter three years ago", Method: series.SeasonalNaive(12)},
	}, series.LossOf(series.MAE), series.BacktestOptions{First: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range scores {
		if s.Loss.OK() {
			fmt.Printf("%s: off by %s\n", s.Name, s.Loss.Text(1))
		} else {
			fmt.Printf("%s: out, %s\n", s.Name, s.Loss.Undefined)
		}
	}
	fmt.Println("best:", best.Name)
	// Output:
	// last quarter: off by 39.5
	// last year's quarter: off by 8.0
	// the quarter three years ago: out, origin/6: y: SeasonalNaive needs 12 values, there are 6
	// best: last year's quarter
}

func ExampleLossOf() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160, 118, 131, 104, 171}
	best, _, err := series.Select(bookings, []series.Named{
		{Name: "naive", Method: series.Naive()}, {Name: "seasonal", Method: series.SeasonalNaive(4)},
	}, series.LossOf(series.RMSE), series.BacktestOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(best.Name)
	// Output:
	// seasonal
}

func ExampleScaledLoss() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160, 118, 131, 104, 171}
	_, scores, err := series.Select(bookings, []series.Named{
		{Name: "naive", Method: series.Naive()}, {Name: "seasonal", Method: series.SeasonalNaive(4)},
	}, series.ScaledLoss(series.MASE, 4), series.BacktestOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range scores {
		fmt.Println(s.Name, s.Loss.Text(2))
	}
	// Output:
	// naive 4.87
	// seasonal 0.98
}

// A product that sold nothing in May: what can be said of its forecast?
func ExampleMeasure() {
	train := []float64{12, 15, 11, 14}
	actual := []float64{0, 16, 13}
	forecast := []float64{3, 13, 14}
	r, err := series.Measure(train, actual, forecast, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("WAPE", r.WAPE.Text(1))
	fmt.Println("bias", r.Bias.Text(1))
	fmt.Println("MASE", r.MASE.Text(2))
	fmt.Println("MAPE", r.MAPE.Text(1), r.MAPE.Undefined)
	// Output:
	// WAPE 24.1
	// bias 3.4
	// MASE 0.70
	// MAPE - actual/0: is zero, of which there is no percentage; use WAPE, or MAPENonZero
}

// Two regions, two methods: which is better, and where?
func ExampleCompare() {
	forecasts := func(ours, naive []float64) []series.Entry {
		return []series.Entry{{Method: "naive", Mean: naive}, {Method: "ours", Mean: ours}}
	}
	standings, err := series.Compare([]series.Case{
		{Group: "north", Train: []float64{10, 12, 11}, Actual: []float64{13, 14}, Entries: forecasts([]float64{12, 13}, []float64{11, 11})},
		{Group: "north", Train: []float64{50, 40, 45}, Actual: []float64{47, 49}, Entries: forecasts([]float64{46, 46}, []float64{45, 45})},
		{Group: "south", Train: []float64{7, 7, 7}, Actual: []float64{8, 7}, Entries: forecasts([]float64{9, 9}, []float64{7, 7})},
	}, "naive")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range standings {
		fmt.Printf("%-5s %-5s sMAPE %5s  MASE %s of %d of %d  OWA %s\n", s.Group, s.Method, s.SMAPE.Text(2), s.MASE.Text(2), s.Scaled, s.Series, s.OWA.Text(2))
	}
	// Output:
	// north naive sMAPE 13.38  MASE 1.03 of 2 of 2  OWA 1.00
	// north ours  sMAPE  5.97  MASE 0.47 of 2 of 2  OWA 0.45
	// south naive sMAPE  6.67  MASE - of 0 of 1  OWA -
	// south ours  sMAPE 18.38  MASE - of 0 of 1  OWA -
	//       naive sMAPE 11.14  MASE 1.03 of 2 of 3  OWA 1.00
	//       ours  sMAPE 10.11  MASE 0.47 of 2 of 3  OWA 0.68
}

func ExampleFigure() {
	r, err := series.Measure(nil, []float64{0, 0}, []float64{1, 2}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range []series.Figure{r.MAE, r.WAPE} {
		data, err := json.Marshal(f)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f.OK(), f.Text(2), string(data))
	}
	// Output:
	// true 1.50 {"value":1.5}
	// false - {"value":null,"undefined":"actual: has nothing but zeros, of which there is no share; use MAE"}
}

// Did the 80 % ranges hold 80 % of what came? Not of a method that knows nothing of the season.
func ExamplePoolIntervals() {
	bookings := []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140}
	folds, err := series.Backtest(bookings, series.SES(), series.BacktestOptions{Horizon: 3, First: 12})
	if err != nil {
		panic(err)
	}
	actual, in, err := series.PoolIntervals(folds, 0.8)
	if err != nil {
		panic(err)
	}
	inside, err := series.Coverage(actual, in)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d outcomes, %.0f%% of them in the range\n", len(actual), 100*inside)
	// Output:
	// 30 outcomes, 63% of them in the range
}
