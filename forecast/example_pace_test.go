package forecast_test

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// How much is still missing to the quarter's target?
func ExampleGap() {
	gap, err := forecast.Gap(d("1200000"), d("450000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(gap.StringFixed(2))
	// Output: 750000.00
}

// Is the open pipeline enough for what is still missing?
func ExampleCoverage() {
	coverage, err := forecast.Coverage(d("1800000"), d("1200000"), d("450000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(coverage.StringFixed(1))

	_, err = forecast.Coverage(d("1800000"), d("1200000"), d("1300000"))
	fmt.Println(errors.Is(err, forecast.ErrUndefined), err)
	// Output:
	// 2.4
	// true forecast: target "1200000" is met already: nothing is left to cover
}

// The same pipeline against the whole quota, as some dashboards have it.
func ExampleQuotaCoverage() {
	coverage, err := forecast.QuotaCoverage(d("1800000"), d("1200000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(coverage.StringFixed(1))
	// Output: 1.5
}

// Which share of the pipeline has to be won?
func ExampleRequiredWinRate() {
	rate, err := forecast.RequiredWinRate(d("1800000"), d("1200000"), d("450000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(rate.Shift(2).StringFixed(1), "%")
	// Output: 41.7 %
}

// The open deals will bring 510,000 of the 750,000 that are missing. How much pipeline must marketing create, of which 18 %
// closes within the quarter?
func ExamplePipelineNeeded() {
	need, err := forecast.PipelineNeeded(d("1200000"), d("450000"), d("510000"), d("0.18"), 0)
	if err != nil {
		panic(err)
	}
	fmt.Println(need.StringFixed(0))
	// Output: 1333334
}

// The board's number for the year goes to the regions by last year's bookings.
func ExampleAllocate() {
	regions := []string{"AMER", "EMEA", "APAC"}
	parts, err := forecast.Allocate(d("10000000"), []decimal.Decimal{d("4120000"), d("2950000"), d("1460000")}, 0)
	if err != nil {
		panic(err)
	}
	for i, r := range regions {
		fmt.Println(r, parts[i].StringFixed(0))
	}
	// Output:
	// AMER 4830012
	// EMEA 3458382
	// APAC 1711606
}

// paceQuarters are three quarters that end with a rush, and a current one.
func paceQuarters() []forecast.Booking {
	book := func(date, amount string) forecast.Booking {
		return forecast.Booking{Date: on(date), Amount: d(amount)}
	}
	return []forecast.Booking{
		book("2025-04-15", "130000"), book("2025-05-12", "90000"), book("2025-06-28", "280000"),
		book("2025-07-20", "90000"), book("2025-08-14", "170000"), book("2025-09-30", "340000"),
		book("2025-10-10", "150000"), book("2025-11-12", "100000"), book("2025-12-30", "250000"),
		book("2026-01-12", "110000"), book("2026-02-10", "180000"),
	}
}

// How much of its bookings does a quarter usually have after a third, two thirds and all of it?
func ExampleRhythm() {
	past := salesops.Calendar{}.Tile(salesops.Quarter, period("2025-04-01", "2026-01-01"))
	points, err := forecast.Rhythm(paceQuarters(), past, []decimal.Decimal{d("0.333333"), d("0.666667"), d("1")}, forecast.PaceOptions{})
	if err != nil {
		panic(err)
	}
	for _, p := range points {
		fmt.Printf("%s: %s (%s to %s)\n", p.Elapsed.StringFixed(2), p.Median.StringFixed(2), p.Low.StringFixed(2), p.High.StringFixed(2))
	}
	// Output:
	// 0.33: 0.26 (0.17 to 0.29)
	// 0.67: 0.44 (0.43 to 0.49)
	// 1.00: 1.00 (1.00 to 1.00)
}

// Half of the quarter is over: is it ahead, and where does it lead?
func ExampleMeasurePace() {
	past := salesops.Calendar{}.Tile(salesops.Quarter, period("2025-04-01", "2026-01-01"))
	pace, err := forecast.MeasurePace(paceQuarters(), period("2026-01-01", "2026-04-01"), on("2026-02-14"), past, forecast.PaceOptions{Places: -3})
	if err != nil {
		panic(err)
	}
	fmt.Println("closed", pace.Closed.StringFixed(0), "usual", pace.Usual.StringFixed(0), "ahead", pace.AheadRate.Shift(2).StringFixed(0), "%")
	fmt.Println("implies", pace.Implied.StringFixed(0), "between", pace.ImpliedLow.StringFixed(0), "and", pace.ImpliedHigh.StringFixed(0))
	// Due by now on the way to a target:
	fmt.Println("due", pace.Rhythm.Median.Mul(d("600000")).StringFixed(0))
	// Output:
	// closed 290000 usual 250000 ahead 16 %
	// implies 659000 between 594000 and 667000
	// due 264000
}

// How much of the quarter came in its last third?
func ExampleMeasureLinearity() {
	l, err := forecast.MeasureLinearity(paceQuarters(), period("2025-04-01", "2025-07-01"), 3, forecast.DayCount{})
	if err != nil {
		panic(err)
	}
	for _, part := range l.Parts {
		fmt.Println(part.StringFixed(2))
	}
	fmt.Println("back load", l.BackLoad.StringFixed(2), "largest gap", l.Gap.StringFixed(2), "at", l.GapAt.StringFixed(2))
	// Output:
	// 0.26
	// 0.18
	// 0.56
	// back load 0.17 largest gap -0.53 at 0.97
}

// A rep called 120,000 and closed 100,000.
func ExampleAccuracyOverActual() {
	accuracy, err := forecast.AccuracyOverActual(d("100000"), d("120000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(accuracy.StringFixed(2))
	// Output: 0.80
}

// The same call by the other reading, which is kinder to calls that are too high.
func ExampleAccuracyOverForecast() {
	accuracy, err := forecast.AccuracyOverForecast(d("100000"), d("120000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(accuracy.StringFixed(2))
	// Output: 0.83
}

// paceSubmissions are the calls of two reps in two quarters, early and late, and the outcomes.
func paceSubmissions() ([]forecast.Call, []forecast.Outcome) {
	var calls []forecast.Call
	var outcomes []forecast.Outcome
	add := func(by string, p salesops.Period, early, late, actual string) {
		calls = append(calls,
			forecast.Call{By: by, Period: p, AsOf: p.End.AddDays(-60), Amount: d(early)},
			forecast.Call{By: by, Period: p, AsOf: p.End.AddDays(-5), Amount: d(late)})
		outcomes = append(outcomes, forecast.Outcome{By: by, Period: p, Amount: d(actual)})
	}
	q3, q4 := period("2025-07-01", "2025-10-01"), period("2025-10-01", "2026-01-01")
	add("ana", q3, "500000", "430000", "400000")
	add("ana", q4, "520000", "450000", "430000")
	add("bo", q3, "200000", "260000", "270000")
	add("bo", q4, "210000", "240000", "260000")
	return calls, outcomes
}

// How good were the calls, eight weeks before the end and at the end?
func ExampleCallAccuracy() {
	calls, outcomes := paceSubmissions()
	report, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{Weeks: 8})
	if err != nil {
		panic(err)
	}
	for _, r := range report.Rows {
		if r.WeeksOut == 0 || r.WeeksOut == 8 {
			fmt.Printf("%-4s %d weeks out: WAPE %s %%, bias %s %%\n", r.By, r.WeeksOut, r.WAPE.Shift(2).StringFixed(1), r.Bias.Shift(2).StringFixed(1))
		}
	}
	// Output:
	//      8 weeks out: WAPE 22.8 %, bias 5.1 %
	//      0 weeks out: WAPE 5.9 %, bias 1.5 %
	// ana  8 weeks out: WAPE 22.9 %, bias 22.9 %
	// ana  0 weeks out: WAPE 6.0 %, bias 6.0 %
	// bo   8 weeks out: WAPE 22.6 %, bias -22.6 %
	// bo   0 weeks out: WAPE 5.7 %, bias -5.7 %
}

// Eight weeks before the end of the next quarter both reps call 300,000. What is that worth?
func ExampleFitCallBias() {
	calls, outcomes := paceSubmissions()
	bias, err := forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{WeeksOut: 8})
	if err != nil {
		panic(err)
	}
	for _, r := range bias.Reps {
		worth, err := bias.Apply(r.By, d("300000"), 0)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %s, factor %.2f (%.2f to %.2f), %s\n", r.By, r.Leaning, r.Factor, *r.Low, *r.High, worth.StringFixed(0))
	}
	// Output:
	// ana: happy ears, factor 0.81 (0.74 to 0.90), 244499
	// bo: sandbagger, factor 1.29 (1.17 to 1.42), 386615
}
