package metrics_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// The win rate rose from 36 % to 43 %. Is that the new playbook, or chance?
func ExampleCompareShares() {
	now, before := metrics.Ratio[int]{Num: 129, Den: 300}, metrics.Ratio[int]{Num: 108, Den: 300}
	c, err := metrics.CompareShares(now, before, metrics.Higher, metrics.Evidence{})
	check(err)
	fmt.Println(c)
	// Output: unclear: +7.0 points (-0.8 to +14.7), p = 0.079: a difference this large comes up in 8 of 100 comparisons of equals
}

// The plan counts on 25 % of leads becoming opportunities.
func ExampleCompareToTarget() {
	c, err := metrics.CompareToTarget(metrics.Ratio[int]{Num: 371, Den: 1800}, 0.25, metrics.Higher, metrics.Evidence{})
	check(err)
	fmt.Println(c)
	// Output: worse: -4.4 points (-6.2 to -2.5), p < 0.001
}

// Four reps win 21 % to 40 % of their deals. Who differs from the rest of the team?
func ExampleCompareToRest() {
	names := []string{"Ana", "Bo", "Cy", "Di"}
	rates := []metrics.Ratio[int]{{Num: 24, Den: 60}, {Num: 31, Den: 90}, {Num: 26, Den: 123}, {Num: 5, Den: 12}}
	comparisons, err := metrics.CompareToRest(rates, metrics.Higher, metrics.Evidence{})
	check(err)
	for i, c := range comparisons {
		fmt.Println(names[i], c)
	}
	// Output:
	// Ana unclear: +12.4 points (-0.5 to +26.2), adjusted p = 0.093: a difference this large comes up in 6 of 100 comparisons of equals
	// Bo unclear: +6.2 points (-5.0 to +18.1), adjusted p = 0.29: a difference this large comes up in 29 of 100 comparisons of equals
	// Cy worse: -15.9 points (-25.8 to -5.2), adjusted p = 0.011
	// Di too few: +12.0 points (-11.1 to +38.9): 20 are needed on each side: there are 12 and 273
}

// Win rates of 28 %, 33 % and 36 %: before asking who is best, ask whether anybody is.
func ExampleHomogeneity() {
	test, err := metrics.Homogeneity(
		metrics.Ratio[int]{Num: 28, Den: 100}, metrics.Ratio[int]{Num: 33, Den: 100}, metrics.Ratio[int]{Num: 36, Den: 100})
	check(err)
	fmt.Printf("chi-squared %.2f on %d degrees of freedom, p = %.2f\n", test.ChiSquared, test.DF, test.P)
	// Output: chi-squared 1.49 on 2 degrees of freedom, p = 0.47
}

// Are the deals of the east larger?
func ExampleCompareMeans() {
	var east, west metrics.Moments[decimal.Decimal]
	for i := range int64(40) {
		check(east.Add(decimal.New(18_000+350*i, 0)))
		check(west.Add(decimal.New(17_000+300*i, 0)))
	}
	c, err := metrics.CompareMeans(&east, &west, metrics.Higher, metrics.Evidence{})
	check(err)
	fmt.Println(c)
	// Output: better: +1,975 (+278.0 to +3,672), p = 0.023
}

// Policy allows discounts of 10 % on average.
func ExampleCompareMeanToTarget() {
	var discounts metrics.Moments[float64]
	for i := range 30 {
		check(discounts.Add(0.08 + 0.002*float64(i)))
	}
	c, err := metrics.CompareMeanToTarget(&discounts, 0.10, metrics.Lower, metrics.Evidence{})
	check(err)
	fmt.Println(c)
	// Output: worse: +0.009 (+0.002 to +0.016), p = 0.009
}

// Days to close, with and without a proof of concept. One deal that took two years moves a mean, but not a rank.
func ExampleCompareSamples() {
	with := []int{41, 52, 38, 47, 60, 55, 49, 44, 730, 58, 51, 46, 39, 62, 57, 48, 53, 45, 50, 43}
	without := []int{35, 28, 44, 31, 40, 33, 37, 29, 46, 36, 30, 34, 42, 38, 32, 27, 39, 41, 26, 45}
	c, err := metrics.CompareSamples(with, without, metrics.Lower, metrics.Evidence{})
	check(err)
	fmt.Println(c)
	fmt.Printf("a deal with a proof takes longer in %.0f %% of pairs\n", 100**c.Superiority)
	// Output:
	// worse: +14.00 (+10.00 to +19.00), p < 0.001
	// a deal with a proof takes longer in 94 % of pairs
}

// Two questions were asked of the same quarter, so that either could be answered by chance: they are judged together.
func ExampleJudge() {
	rate, err := metrics.CompareShares(metrics.Ratio[int]{Num: 60, Den: 150}, metrics.Ratio[int]{Num: 78, Den: 150}, metrics.Higher, metrics.Evidence{})
	check(err)
	speed, err := metrics.CompareSamples([]int{30, 40, 50, 60, 70}, []int{20, 35, 45, 55, 65}, metrics.Lower, metrics.Evidence{MinN: 5})
	check(err)
	fmt.Println("alone:   ", rate.Verdict)
	check(metrics.Judge(metrics.Evidence{}, &rate, &speed))
	fmt.Println("together:", rate)
	fmt.Println("together:", speed)
	// Output:
	// alone:    worse
	// together: unclear: -12.0 points (-22.9 to -0.7), adjusted p = 0.074: a difference this large comes up in 4 of 100 comparisons of equals, and 2 were made
	// together: unclear: +5.000 (-25.00 to +35.00), adjusted p = 0.69: a difference this large comes up in 69 of 100 comparisons of equals
}

// Five regions were compared with the rest. Two of them at p < 0.05: how many stand when five questions were asked?
func ExampleBenjaminiHochberg() {
	adjusted, err := metrics.BenjaminiHochberg([]float64{0.41, 0.004, 0.038, 0.77, 0.29})
	check(err)
	for _, p := range adjusted {
		fmt.Printf("%.3f ", p)
	}
	// Output: 0.512 0.020 0.095 0.770 0.483
}

// A difference in a line, for a report.
func ExampleComparison_String() {
	c, err := metrics.CompareShares(metrics.Ratio[int]{Num: 9, Den: 12}, metrics.Ratio[int]{Num: 700, Den: 1300}, metrics.Higher, metrics.Evidence{})
	check(err)
	fmt.Println(c.String())
	// Output: too few: +21.2 points (-7.2 to +37.5): 20 are needed on each side: there are 12 and 1,300
}
