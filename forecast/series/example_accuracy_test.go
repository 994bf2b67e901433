package series_test

import (
	"fmt"

	"github.com/salesops-go/salesops/forecast/series"
)

// By how much, and on which side, did we miss in a month?
func ExampleME() {
	actual := []float64{120, 90, 150} // bookings, in thousands
	forecast := []float64{100, 95, 130}
	miss, err := series.ME(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f: too low\n", miss)
	// Output:
	// 11.67: too low
}

// Does the team call too high? Ana's calls and what she closed, by quarter.
func ExampleBias() {
	closed := []float64{410, 380, 455, 430}
	called := []float64{450, 440, 470, 500}
	bias, err := series.Bias(closed, called)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+.1f %%\n", bias)
	fmt.Printf("a call of 480 is worth %.0f\n", 480/(1+bias/100))
	// Output:
	// +11.0 %
	// a call of 480 is worth 432
}

// How far off is the forecast in a typical week?
func ExampleMAE() {
	leads := []float64{31, 28, 40, 35}
	forecast := []float64{30, 30, 33, 35}
	off, err := series.MAE(leads, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f leads\n", off)
	// Output:
	// 2.5 leads
}

func ExampleMSE() {
	actual := []float64{31, 28, 40, 35}
	forecast := []float64{30, 30, 33, 35}
	mse, err := series.MSE(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", mse)
	// Output:
	// 13.5
}

// One bad miss counts more than several small ones.
func ExampleRMSE() {
	actual := []float64{100, 100, 100, 100}
	for _, forecast := range [][]float64{{90, 110, 90, 110}, {100, 100, 100, 60}} {
		mae, err := series.MAE(actual, forecast)
		if err != nil {
			fmt.Println(err)
			return
		}
		rmse, err := series.RMSE(actual, forecast)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("MAE %.0f, RMSE %.0f\n", mae, rmse)
	}
	// Output:
	// MAE 10, RMSE 10
	// MAE 10, RMSE 20
}

// A month without bookings has no percentage: that is an error, and not a hit.
func ExampleMAPE() {
	actual := []float64{50, 0, 80}
	forecast := []float64{40, 10, 100}
	_, err := series.MAPE(actual, forecast)
	fmt.Println(err)
	wape, err := series.WAPE(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("WAPE %.1f %%\n", wape)
	// Output:
	// series: actual/1: is zero, of which there is no percentage; use WAPE, or MAPENonZero
	// WAPE 30.8 %
}

func ExampleMAPENonZero() {
	actual := []float64{50, 0, 80}
	forecast := []float64{40, 10, 100}
	mape, used, err := series.MAPENonZero(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %%, of %d of %d months\n", mape, used, len(actual))
	// Output:
	// 22.5 %, of 2 of 3 months
}

func ExampleMPE() {
	actual := []float64{50, 100, 80}
	forecast := []float64{40, 90, 84}
	mpe, err := series.MPE(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+.1f %%: too low\n", mpe)
	// Output:
	// +8.3 %: too low
}

func ExampleSMAPE() {
	actual := []float64{50, 0, 80}
	forecast := []float64{40, 0, 100}
	smape, err := series.SMAPE(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %% of 200\n", smape)
	// Output:
	// 14.8 % of 200
}

// Which share of the year's bookings was misjudged?
func ExampleWAPE() {
	actual := []float64{410, 380, 455, 430}
	forecast := []float64{450, 440, 470, 400}
	wape, err := series.WAPE(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %%\n", wape)
	// Output:
	// 8.7 %
}

// How accurate was the call of the quarter?
func ExampleAccuracyOverActual() {
	accuracy, err := series.AccuracyOverActual([]float64{400}, []float64{460})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f %%\n", accuracy)
	// Output:
	// 85 %
}

// The other reading makes calls that are too high look better.
func ExampleAccuracyOverForecast() {
	accuracy, err := series.AccuracyOverForecast([]float64{400}, []float64{460})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f %%\n", accuracy)
	// Output:
	// 87 %
}

// How much do bookings differ from those of the quarter a year before?
func ExampleScale() {
	bookings := []float64{100, 120, 90, 150, 110, 126, 99, 160}
	scale, err := series.Scale(bookings, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", scale)
	// Output:
	// 8.75
}

// Is our forecast better than to take last year's quarter?
func ExampleMASE() {
	train := []float64{100, 120, 90, 150, 110, 126, 99, 160}
	actual := []float64{118, 131, 104, 171}
	forecast := []float64{115, 130, 108, 165}
	mase, err := series.MASE(train, actual, forecast, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", mase)
	// Output:
	// 0.40
}

// A part that sells now and then, listed only since the third week.
func ExampleRMSSE() {
	train := []float64{0, 0, 2, 0, 0, 3, 0, 1}
	actual := []float64{0, 2}
	forecast := []float64{1, 1}
	rmsse, err := series.RMSSE(train, actual, forecast, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", rmsse)
	// Output:
	// 0.47
}

func ExampleRelMAE() {
	actual := []float64{118, 131, 104}
	forecast := []float64{115, 130, 108}
	lastYear := []float64{110, 126, 99}
	rel, err := series.RelMAE(actual, forecast, lastYear)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f of the error of last year's figures\n", rel)
	// Output:
	// 0.44 of the error of last year's figures
}

func ExampleGMRAE() {
	actual := []float64{118, 131, 104}
	forecast := []float64{115, 130, 108}
	lastYear := []float64{110, 126, 99}
	rel, err := series.GMRAE(actual, forecast, lastYear)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", rel)
	// Output:
	// 0.39
}

func ExampleTheilU2() {
	actual := []float64{100, 110, 105, 120}
	forecast := []float64{100, 106, 107, 114}
	u2, err := series.TheilU2(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f: better than to expect no change\n", u2)
	// Output:
	// 0.40: better than to expect no change
}

// Since when is the forecast running away?
func ExampleTrackingSignal() {
	actual := []float64{100, 104, 98, 110, 112, 115, 118}
	forecast := []float64{101, 102, 100, 101, 102, 103, 104}
	signal, err := series.TrackingSignal(actual, forecast)
	if err != nil {
		fmt.Println(err)
		return
	}
	for month, s := range signal {
		if s > 4 || s < -4 {
			fmt.Printf("month %d: %.1f\n", month+1, s)
		}
	}
	// Output:
	// month 6: 5.0
	// month 7: 6.2
}

func ExampleTriggSignal() {
	actual := []float64{100, 104, 98, 110, 112, 115, 118}
	forecast := []float64{101, 102, 100, 101, 102, 103, 104}
	signal, err := series.TriggSignal(actual, forecast, 0.2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", signal)
	// Output:
	// [-1.00 0.43 -0.25 0.66 0.83 0.90 0.94]
}
