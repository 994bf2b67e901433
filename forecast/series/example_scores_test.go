package series_test

import (
	"fmt"

	"github.com/salesops-go/salesops/forecast/series"
)

// Last year's ranges for 80 % of quarters, and what they were worth.
func ExampleInterval() {
	actual := []float64{118, 131, 104, 171}
	ranges := series.Interval{Level: 0.8, Lo: []float64{105, 120, 95, 140}, Hi: []float64{125, 140, 115, 165}}
	report, err := series.Measure(nil, actual, []float64{115, 130, 105, 152}, 1, ranges)
	if err != nil {
		fmt.Println(err)
		return
	}
	in := report.Intervals[0]
	fmt.Printf("%s inside, score %s\n", in.Coverage.Text(2), in.Winkler.Text(1))
	// Output:
	// 0.75 inside, score 36.2
}

// Do the ranges hold what they promise?
func ExampleCoverage() {
	actual := []float64{118, 131, 104, 171}
	ranges := series.Interval{Level: 0.8, Lo: []float64{105, 120, 95, 140}, Hi: []float64{125, 140, 115, 165}}
	share, err := series.Coverage(actual, ranges)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f %% are inside, 80 %% should be\n", 100*share)
	// Output:
	// 75 % are inside, 80 % should be
}

func ExampleACD() {
	actual := []float64{118, 131, 104, 171}
	ranges := series.Interval{Level: 0.8, Lo: []float64{105, 120, 95, 140}, Hi: []float64{125, 140, 115, 165}}
	acd, err := series.ACD(actual, ranges)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", acd)
	// Output:
	// 0.05
}

// Wide ranges hold more, narrow ones say more: the score weighs both.
func ExampleWinkler() {
	actual := []float64{118, 131, 104, 171}
	for _, ranges := range []series.Interval{
		{Level: 0.8, Lo: []float64{105, 120, 95, 140}, Hi: []float64{125, 140, 115, 165}},
		{Level: 0.8, Lo: []float64{50, 50, 50, 50}, Hi: []float64{200, 200, 200, 200}},
	} {
		score, err := series.Winkler(actual, ranges)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.2f\n", score)
	}
	// Output:
	// 36.25
	// 150.00
}

func ExampleMSIS() {
	train := []float64{100, 120, 90, 150, 110, 126, 99, 160}
	actual := []float64{118, 131, 104, 171}
	ranges := series.Interval{Level: 0.8, Lo: []float64{105, 120, 95, 140}, Hi: []float64{125, 140, 115, 165}}
	msis, err := series.MSIS(train, actual, ranges, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", msis)
	// Output:
	// 4.14
}

// One score for a median with its 50 % and 80 % ranges.
func ExampleWIS() {
	actual := []float64{118, 131}
	median := []float64{115, 130}
	half := series.Interval{Level: 0.5, Lo: []float64{110, 125}, Hi: []float64{120, 135}}
	wide := series.Interval{Level: 0.8, Lo: []float64{105, 120}, Hi: []float64{125, 140}}
	score, err := series.WIS(actual, median, half, wide)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", score)
	// Output:
	// 2.20
}

// Commit is to be reached in 9 of 10 quarters. How good were the commits?
func ExamplePinball() {
	closed := []float64{410, 380, 455, 430}
	commit := []float64{350, 360, 400, 440}
	loss, err := series.Pinball(closed, commit, 0.1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", loss)
	// Output:
	// 5.62
}

func ExampleWQL() {
	closed := []float64{410, 380, 455, 430}
	commit := []float64{350, 360, 400, 440}
	loss, err := series.WQL(closed, commit, 0.1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", loss)
	// Output:
	// 0.027
}

// A simulation of the quarter beside what was closed.
func ExampleCRPS() {
	simulated := []float64{380, 395, 410, 420, 470}
	score, err := series.CRPS(430, simulated)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", score)
	// Output:
	// 14.6
}

// A small simulation and a large one of the same quarter compare fairly.
func ExampleCRPSFair() {
	simulated := []float64{380, 395, 410, 420, 470}
	score, err := series.CRPSFair(430, simulated)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", score)
	// Output:
	// 10.5
}

func ExampleCRPSNormal() {
	score, err := series.CRPSNormal(430, 415, 30)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", score)
	// Output:
	// 9.9
}

// Is the new forecast better, or was it luck?
func ExampleDieboldMariano() {
	actual := []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119}
	before := []float64{118, 112, 118, 132, 129, 121, 135, 148, 148, 136}
	after := []float64{114, 115, 128, 131, 126, 130, 146, 149, 140, 125}
	test, err := series.DieboldMariano(actual, after, before, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("statistic %.2f, p = %.3f\n", test.Statistic, test.P)
	// Output:
	// statistic -4.23, p = 0.002
}

// Errors that alternate: the forecast overreacts.
func ExampleACF() {
	misses := []float64{5, -4, 6, -5, 4, -6, 5, -4}
	acf, err := series.ACF(misses, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", acf)
	// Output:
	// [-0.86 0.76]
}

// Has the forecast missed the quarter's rhythm?
func ExampleLjungBox() {
	misses := []float64{-3, 1, 7, -4, 0, 8, -2, -1, 6, -5, 2, 7}
	test, err := series.LjungBox(misses, 3, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("Q = %.1f, p = %.3f\n", test.Statistic, test.P)
	// Output:
	// Q = 14.2, p = 0.003
}
