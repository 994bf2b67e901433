package location

import "math"

// Difference is the difference of two means, and how sure it is.
type Difference struct {
	// Value is the first mean less the second.
	Value float64
	// Low and High are the limits of its interval.
	Low, High float64
	// T is Value over its standard error.
	T float64
	// DF are the degrees of freedom of T, 1 or more.
	DF float64
	// P is the probability of such a T, or one farther from 0, between equal means.
	P float64
}

// Welch compares the means of two samples whose variances need not be equal. The variances are those with n-1. The degrees of
// freedom are those of Satterthwaite (1946, doi:10.2307/3002019) and Welch (1947, doi:10.1093/biomet/34.1-2.28); the interval is
// Value ± t × its standard error, and holds 0 exactly if P is greater than 1 - level.
//
// ok is false if a sample has fewer than two numbers, if neither varies (there is nothing by which to judge a difference, not
// even one of 0), or if a figure is beyond float64.
func Welch(mean1, var1 float64, n1 int64, mean2, var2 float64, n2 int64, level float64) (d Difference, ok bool) {
	if n1 < 2 || n2 < 2 {
		return Difference{}, false
	}
	part1, part2 := var1/float64(n1), var2/float64(n2)
	square := part1 + part2
	share1, share2 := part1/square, part2/square
	df := 1 / (float64(share1*share1)/float64(n1-1) + float64(share2*share2)/float64(n2-1))
	return difference(mean1-mean2, square, df, level)
}

// Student compares the mean of a sample with a fixed target: the t-test of one sample. The variance is that with n-1. ok is false
// as with [Welch].
func Student(mean, variance float64, n int64, target, level float64) (d Difference, ok bool) {
	if n < 2 {
		return Difference{}, false
	}
	return difference(mean-target, variance/float64(n), float64(n-1), level)
}

// difference judges a difference by the square of its standard error.
func difference(value, square, df, level float64) (Difference, bool) {
	if !(square > 0 && square <= math.MaxFloat64 && df >= 0.5) || !(level > 0 && level < 1) {
		return Difference{}, false
	}
	df = max(df, 1) // rounding may take it below
	se := math.Sqrt(square)
	half := float64(StudentQuantile(level, df) * se)
	d := Difference{Value: value, Low: value - half, High: value + half, T: value / se, DF: df}
	if !isFinite(d.Low) || !isFinite(d.High) || !isFinite(d.T) {
		return Difference{}, false
	}
	d.P = StudentTail(d.T, df)
	return d, true
}

func isFinite(v float64) bool { return v-v == 0 }
