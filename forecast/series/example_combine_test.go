package series_test

import (
	"fmt"
	"strings"

	"github.com/salesops-go/salesops/forecast/series"
)

// Three plain opinions on the leads of the next weeks, and their mean.
func ExampleCombine() {
	leads := []float64{40, 44, 43, 47, 52, 50, 55, 54}
	f, err := series.Combine(series.Naive(), series.Drift(), series.Average(4))(leads, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Method)
	fmt.Printf("%.2f\n", f.Mean)
	// Output:
	// Combine(Naive, Drift, Average(4))
	// [54.25 54.92 55.58]
}

// The last month had a deal like no other, and a drift that takes it for the rule; the median does not follow.
func ExampleMedian() {
	bookings := []float64{100, 104, 103, 108, 110, 190}
	ms := []series.Method{series.Drift(), series.Mean(), series.Average(3)}
	for _, m := range []series.Method{series.Combine(ms...), series.Median(ms...)} {
		f, err := m(bookings, 2)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %.0f\n", f.Fit.Method, f.Mean)
	}
	// Output:
	// Combine(Drift, Mean, Average(3)): [154 160]
	// Median(Drift, Mean, Average(3)): [136 136]
}

// Which method has earned how much say, by the last 4 months?
func ExampleCombineByBacktest() {
	bookings := []float64{80, 84, 89, 92, 97, 99, 105, 108, 113, 116}
	f, err := series.CombineByBacktest(4, series.Mean(), series.Drift(), series.Naive())(bookings, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", f.Mean)
	fmt.Println(strings.Join(f.Fit.Why, "\n"))
	// Output:
	// [119.8 123.7]
	// Mean has the weight 0.005 by its errors in the last 4 values.
	// Drift has the weight 0.970 by its errors in the last 4 values.
	// Naive has the weight 0.025 by its errors in the last 4 values.
}

// A product that is being phased out cannot sell less than nothing.
func ExampleNonNegative() {
	units := []float64{50, 41, 33, 22, 12}
	f, err := series.NonNegative(series.Drift())(units, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", f.Mean)
	fmt.Println(f.Fit.Why[0])
	// Output:
	// [2.5 0.0 0.0]
	// 2 of 3 steps were forecast below zero and are set to zero.
}

// A new territory has no past year to look at.
func ExampleFallback() {
	year := series.Fallback(series.SeasonalNaive(12), series.Drift(), series.Naive())
	f, err := year([]float64{12, 15, 14}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Method, f.Mean)
	fmt.Println(f.Fit.Why[0])
	// Output:
	// Drift [15 16]
	// Method 1 of 3 failed: series: methods/0/y: SeasonalNaive needs 12 values, there are 3.
}

// How far off has the team's own rule of thumb, the mean of three months, been in the past?
func ExampleConformal() {
	bookings := []float64{90, 110, 95, 105, 120, 100, 98, 112, 107, 101, 118, 109, 103, 96, 115, 110}
	f, err := series.Conformal(series.Average(3), 9)(bookings, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	lo, hi, err := f.Interval(0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("next month %.0f, %.0f to %.0f\n", f.Mean[0], lo[0], hi[0])
	_, _, err = f.Interval(0.95)
	fmt.Println(err)
	// Output:
	// next month 107, 95 to 119
	// series: scores: an interval of level 0.95 needs 19 past errors at each step, there are 9
}

func exampleSales() (series.Tree, error) {
	return series.NewTree([]series.Node{
		{ID: "company"},
		{ID: "east", Parent: "company"},
		{ID: "west", Parent: "company"},
		{ID: "ana", Parent: "east"},
		{ID: "bo", Parent: "east"},
		{ID: "cy", Parent: "west"},
	})
}

// A manager who is nowhere, and two who report to each other.
func ExampleNewTree() {
	_, err := series.NewTree([]series.Node{
		{ID: "ana", Parent: "kim"},
		{ID: "bo", Parent: "cy"},
	})
	fmt.Println(err)
	_, err = series.NewTree([]series.Node{
		{ID: "bo", Parent: "cy"},
		{ID: "cy", Parent: "bo"},
	})
	fmt.Println(err)
	// Output:
	// series: nodes/0/parent: must be the ID of a node, or empty for a root (got kim)
	// series: nodes/1/parent: must be the ID of a node, or empty for a root (got cy)
	// series: nodes/0/parent: must not lead back to the node: bo in cy in bo (got cy)
}

// Company, regions and reps have forecast each on their own: 620 is not 300 + 260, and 300 is not 150 + 170. Which
// figures that add up are nearest to all of these?
func ExampleTree_Reconcile() {
	sales, err := exampleSales()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sales.Reconcile(map[string][]float64{
		"company": {620}, "east": {300}, "west": {260},
		"ana": {150}, "bo": {170}, "cy": {265},
	}, series.ReconcileOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []string{"company", "east", "west", "ana", "bo", "cy"} {
		fmt.Printf("%s %.1f\n", id, r.Values[id][0])
	}
	// Output:
	// company 588.3
	// east 320.6
	// west 267.8
	// ana 150.3
	// bo 170.3
	// cy 267.8
}

// Past bookings of the reps, added up to the regions and the company.
func ExampleTree_BottomUp() {
	sales, err := exampleSales()
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := sales.BottomUp(map[string][]float64{"ana": {100, 110}, "bo": {80, 90}, "cy": {120, 70}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sales.Leaves())
	fmt.Println("east", all["east"], "company", all["company"])
	// Output:
	// [ana bo cy]
	// east [180 200] company [300 270]
}

// The board's number, broken down by what each rep sold last year.
func ExampleTree_TopDown() {
	sales, err := exampleSales()
	if err != nil {
		fmt.Println(err)
		return
	}
	goals, err := sales.TopDown(map[string][]float64{"company": {660}}, map[string]float64{"ana": 200, "bo": 250, "cy": 150})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("ana %.0f bo %.0f east %.0f\n", goals["ana"][0], goals["bo"][0], goals["east"][0])
	// Output:
	// ana 220 bo 275 east 495
}

// What is the forecast, without a choice of method? And of a spare part that sells now and then?
func ExampleAuto() {
	leads := []float64{
		60, 55, 72, 80, 91, 102, 85, 83, 94, 78, 70, 65,
		64, 60, 79, 85, 99, 108, 93, 88, 99, 86, 75, 70,
		70, 65, 83, 92, 104, 116, 98, 96, 108, 90, 81, 75,
	}
	part := []float64{0, 0, 3, 0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 3, 0, 2, 0, 0}
	for _, y := range [][]float64{leads, part} {
		f, err := series.Auto(12)(y, 3)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.2g\n", f.Mean)
		fmt.Println(f.Fit.Why[0])
	}
	// Output:
	// [74 69 89]
	// The mean of ETS, Theta and OptimisedTheta: together they are more accurate than each alone, on most series.
	// [0.9 0.9 0.9]
	// A sale comes every 3.60 periods on average, more than 1.32, and the squared coefficient of variation of their sizes is 0.07: demand is intermittent.
}
