package series_test

import (
	"fmt"

	"github.com/salesops-go/salesops/forecast/series"
)

// thQuarters are quarterly bookings in thousands, high at the end of each year.
func thQuarters() []float64 {
	return []float64{410, 452, 438, 603, 446, 488, 479, 655, 481, 532, 512, 701}
}

// Which bookings to expect in the next year, and how sure is that?
func ExampleTheta() {
	f, err := series.Theta(4)(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	lo, hi, err := f.Interval(0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Why[0])
	for k, mean := range f.Mean {
		fmt.Printf("Q%d: %.0f (%.0f to %.0f)\n", k+1, mean, lo[k], hi[k])
	}
	// Output:
	// The season of 4 periods is multiplicative.
	// Q1: 512 (499 to 524)
	// Q2: 556 (537 to 575)
	// Q3: 534 (512 to 556)
	// Q4: 726 (692 to 760)
}

// The line takes as much part as the past says it should: nearly all of it, here.
func ExampleOptimisedTheta() {
	f, err := series.OptimisedTheta(4)(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	weight, _ := f.Fit.Param("weight")
	fmt.Printf("weight of the line %.2f\n", weight)
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// weight of the line 0.99
	// [517 567 549 751]
}

// Leads come in without a pattern: each day is like all days.
func ExampleMean() {
	leads := []float64{12, 9, 15, 11, 13, 10, 14, 12}
	f, err := series.Mean()(leads, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	lo, hi, err := f.Interval(0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f a day, from %.1f to %.1f (t, %d degrees of freedom)\n", f.Mean[0], lo[0], hi[0], f.DF)
	// Output:
	// 12.0 a day, from 7.0 to 17.0 (t, 7 degrees of freedom)
}

// The benchmark that other methods must beat: next month is as this month.
func ExampleNaive() {
	f, err := series.Naive()([]float64{200, 210, 190, 205}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f ± %.1f\n", f.Mean, f.SD)
	// Output:
	// [205 205 205] ± [15.5 22.0 26.9]
}

// Each quarter is as that of the year before.
func ExampleSeasonalNaive() {
	f, err := series.SeasonalNaive(4)(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// [481 532 512 701]
}

// The customer base has grown by 8 a month; it goes on.
func ExampleDrift() {
	f, err := series.Drift()([]float64{120, 131, 136, 144, 152}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// [160 168 176]
}

// The run rate of the last three months.
func ExampleAverage() {
	f, err := series.Average(3)([]float64{80, 95, 101, 99, 106}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// [102 102]
}

// Each quarter is the mean of the same quarter in the last two years.
func ExampleSeasonalAverage() {
	f, err := series.SeasonalAverage(4, 2)(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", f.Mean)
	// Output:
	// [463.5 510.0 495.5 678.0]
}

// A spare part is sold every few months. How many a month must be in stock, on average?
func ExampleCroston() {
	sold := []float64{0, 0, 3, 0, 0, 0, 2, 0, 4, 0, 0, 2}
	for _, m := range []series.Method{series.Croston(0.1), series.SBA(0.1), series.TSB(0.1, 0.1)} {
		f, err := m(sold, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %.3f a month\n", f.Fit.Method, f.Mean[0])
	}
	// Output:
	// Croston: 0.973 a month
	// SBA: 0.924 a month
	// TSB: 0.787 a month
}

// The share of Croston's forecast that is its bias.
func ExampleSBA() {
	sold := []float64{0, 0, 3, 0, 0, 0, 2, 0, 4, 0, 0, 2}
	croston, err := series.Croston(0.2)(sold, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	sba, err := series.SBA(0.2)(sold, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", sba.Mean[0]/croston.Mean[0])
	// Output:
	// 0.90
}

// A product that was replaced two years ago: Croston's method still waits for orders, TSB has given them up.
func ExampleTSB() {
	sold := make([]float64, 40)
	for _, month := range []int{0, 3, 5, 9, 12, 15} {
		sold[month] = 10
	}
	for _, m := range []series.Method{series.Croston(0.1), series.TSB(0.1, 0.1)} {
		f, err := m(sold, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %.1f\n", f.Fit.Method, f.Mean[0])
	}
	// Output:
	// Croston: 5.5
	// TSB: 0.4
}

// Do the bookings have a yearly rhythm, or does it only look so?
func ExampleSeasonal() {
	yearly, err := series.Seasonal(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(yearly)
	// Output:
	// true
}

// How much more than a usual quarter is the last one of the year?
func ExampleDecompose() {
	d, err := series.Decompose(thQuarters(), 4, series.Multiplicative)
	if err != nil {
		fmt.Println(err)
		return
	}
	for q, share := range d.Seasons[0][:4] {
		fmt.Printf("Q%d: %+.0f %%\n", q+1, 100*(share-1))
	}
	// Output:
	// Q1: -11 %
	// Q2: -4 %
	// Q3: -8 %
	// Q4: +23 %
}

// Is this quarter's jump growth, or the season?
func ExampleDecomposition_Adjusted() {
	y := thQuarters()
	d, err := series.Decompose(y, 4, series.Multiplicative)
	if err != nil {
		fmt.Println(err)
		return
	}
	adjusted, err := d.Adjusted(y)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("booked %.0f, then %.0f; adjusted %.0f, then %.0f\n", y[10], y[11], adjusted[10], adjusted[11])
	// Output:
	// booked 512, then 701; adjusted 559, then 569
}

// Naive2 of the M competitions: the last value, with the season put back.
func ExampleDeseasonalized() {
	f, err := series.Deseasonalized(4, series.Naive())(thQuarters(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Method)
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// Deseasonalized(Naive)
	// [507 546 521 701]
}

// Calls by day: the team does not call on weekends, and one Thursday the line was down. What is the
// week like without that day?
func ExampleSTL() {
	var calls []float64
	for week := range 6 {
		for _, c := range []float64{80, 90, 95, 90, 70, 5, 5} {
			calls = append(calls, c+float64(week))
		}
	}
	calls[3*7+3] = 0
	d, err := series.STL(calls, 7, series.STLOptions{Robust: 15})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("week: %.0f\n", d.Seasons[0][:7])
	fmt.Printf("that Thursday: %.0f\n", d.Remainder[3*7+3])
	// Output:
	// week: [18 28 33 28 8 -57 -58]
	// that Thursday: -93
}

// Visits by day have a week and a month in them.
func ExampleMSTL() {
	var visits []float64
	for day := range 150 {
		v := 100.0
		if day%7 >= 5 {
			v -= 40 // weekends
		}
		if day%30 >= 27 {
			v += 25 // ends of months
		}
		visits = append(visits, v)
	}
	d, err := series.MSTL(visits, []int{7, 30}, series.STLOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	week, month := d.Seasons[0], d.Seasons[1]
	fmt.Println(d.Periods)
	fmt.Printf("a Sunday %.0f, the last of the month %.0f\n", week[76], month[89])
	// Output:
	// [7 30]
	// a Sunday -30, the last of the month 21
}

// A season that grows or shrinks over the years, and a base that knows nothing of seasons.
func ExampleBySTL() {
	y := append([]float64{375, 405, 400, 548}, thQuarters()...)
	f, err := series.BySTL(series.Drift(), series.STLOptions{Window: 7}, 4)(y, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Method)
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// BySTL(Drift)
	// [535 580 566 742]
}

// February has 19 selling days and March 23: the difference is the calendar's, not the team's.
func ExamplePerExposure() {
	bookings := []float64{440, 400, 462, 418, 441}
	days := []float64{22, 20, 23, 21, 22 /* to come: */, 19, 23}
	f, err := series.PerExposure(series.Average(5), days)(bookings, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", f.Mean)
	// Output:
	// [380 460]
}
