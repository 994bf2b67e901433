package proportion

// Test is the outcome of a chi-squared test.
type Test struct {
	// ChiSquared is the statistic, 0 or more.
	ChiSquared float64
	// DF is its degrees of freedom.
	DF int
	// P is the probability of a statistic as large or larger if there is no difference.
	P float64
	// LogP is the natural logarithm of P, also where P is too small for a float64 and 0.
	LogP float64
}

// Homogeneity tests whether groups have the same share of successes: Pearson's chi-squared test of their 2-by-k table,
// without correction for continuity (Pearson 1900, doi:10.1080/14786440009463897). For two groups it is the square of the
// usual test of two proportions. Groups without trials say nothing and are left out. If all trials failed or all succeeded,
// the shares are equal and the statistic is 0.
//
// ok is false if the slices differ in length, if fewer than two groups have trials, or if a group has more successes than
// trials or fewer than none.
func Homogeneity(successes, trials []int64) (t Test, ok bool) {
	if len(successes) != len(trials) {
		return Test{}, false
	}
	var x, n float64
	groups := 0
	for i, trials := range trials {
		if successes[i] < 0 || successes[i] > trials {
			return Test{}, false
		}
		x += float64(successes[i])
		n += float64(trials)
		if trials > 0 {
			groups++
		}
	}
	if groups < 2 {
		return Test{}, false
	}
	t.DF = groups - 1
	if x > 0 && x < n {
		for i, trials := range trials {
			if trials == 0 {
				continue
			}
			// (x_i - n_i p)² / (n_i p (1-p)), arranged so that equal shares give 0 and not a rounding error.
			group := float64(trials)
			d := float64(float64(successes[i])*n) - float64(group*x)
			t.ChiSquared += float64(d / group * (d / x / (n - x)))
		}
	}
	t.P, t.LogP = ChiSquared(t.ChiSquared, t.DF)
	return t, true
}
