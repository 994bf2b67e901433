package metrics

import (
	"strconv"

	"golang.org/x/exp/constraints"

	"github.com/salesops-go/salesops/internal/proportion"
)

// Test is the outcome of a chi-squared test.
type Test struct {
	// ChiSquared is the test statistic, 0 or more. The more the groups differ, and the more there are in them, the greater it
	// is.
	ChiSquared float64 `json:"chiSquared"`
	// DF is its degrees of freedom: the number of groups that could be compared, less one.
	DF int `json:"df"`
	// P is the probability of a statistic as great or greater if the groups do not differ, 0 to 1. A small P speaks for a
	// difference; a large one does not speak for there being none.
	P float64 `json:"p"`
	// LogP is the natural logarithm of P, also where P is too small for a float64 and 0.
	LogP float64 `json:"logP"`
}

// Homogeneity tests whether groups share one rate, such as whether all reps win the same share of their deals, or whether
// a ranking of them would rank their luck: Pearson's chi-squared test of their 2-by-k table, without correction for
// continuity (Pearson 1900, doi:10.1080/14786440009463897). Ask it before asking who is best. Groups with a Den of 0 say nothing
// and are left out; if the rate of all is 0 or 1, ChiSquared is 0.
//
// P is rough where many groups would have fewer than five of either kind at the common rate (Cochran 1954, doi:10.2307/3001616).
// It takes O(n) for n groups.
//
// Homogeneity returns an error if:
//   - a ratio is no share, as Num is negative or greater than Den, or is beyond an int64 ([ErrInput])
//   - fewer than two groups have a Den above 0: there is nothing to compare ([ErrUndefined])
func Homogeneity[N constraints.Integer](groups ...Ratio[N]) (Test, error) {
	var f faults
	nums, dens := make([]int64, len(groups)), make([]int64, len(groups))
	for i, g := range groups {
		nums[i], dens[i] = shareCounts(&f, "groups/"+strconv.Itoa(i), g)
	}
	if err := f.err(); err != nil {
		return Test{}, err
	}
	t, ok := proportion.Homogeneity(nums, dens)
	if !ok {
		return Test{}, &Error{Path: "groups", Msg: "hold fewer than two with a den above 0: nothing to compare", Err: ErrUndefined}
	}
	return Test{ChiSquared: t.ChiSquared, DF: t.DF, P: t.P, LogP: t.LogP}, nil
}

// shareCounts returns the parts of a share. It tells of a ratio that is none, and returns 0 and 0. A share of nothing passes.
func shareCounts[N constraints.Integer](f *faults, path string, r Ratio[N]) (num, den int64) {
	num, den = int64(r.Num), int64(r.Den)
	if r.Num < 0 || r.Den < 0 || r.Num > r.Den || num < 0 || den < 0 {
		f.add(ErrInput, "", path, "", "is no share of a count: num must be from 0 to den, and den at most 2^63-1")
		return 0, 0
	}
	return num, den
}
