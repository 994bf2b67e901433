package metrics_test

import (
	"fmt"

	"github.com/salesops-go/salesops/metrics"
)

// How far were the forecasts of four quarters off?
func ExampleForecastError() {
	var e metrics.ForecastError
	for _, q := range []struct{ forecast, actual string }{
		{"1000000", "900000"}, {"1100000", "1150000"}, {"1200000", "1000000"}, {"1500000", "1450000"},
	} {
		check(e.Add(d(q.forecast), d(q.actual), "USD"))
	}
	for _, f := range []metrics.Figure{e.Signed(), e.WAPE(), e.MAPE(), e.Bias(), e.Accuracy()} {
		v, _ := f.Decimal(4)
		fmt.Println(f.KPI, v.StringFixed(4))
	}
	// Output:
	// forecast_error -0.0667
	// wape 0.0889
	// mape 0.0973
	// forecast_bias 0.0667
	// forecast_accuracy 0.9111
}

// A team without a booking makes the mean of percentages undefined, but not the WAPE.
func ExampleForecastError_MAPE() {
	var e metrics.ForecastError
	check(e.Add(d("50000"), d("0"), "USD"))
	check(e.Add(d("400000"), d("450000"), "USD"))
	wape, _ := e.WAPE().Decimal(3)
	fmt.Println(e.MAPE().Reason)
	fmt.Println(wape.StringFixed(3))
	// Output:
	// 1 of 2 actuals are 0: use WAPE
	// 0.222
}
