package funnel

import (
	"math"
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/proportion"
)

// Test is the outcome of a test of whether groups differ: [LogRank], [StratifiedLogRank] or [Gray].
type Test struct {
	// ChiSquared is the test statistic, 0 or more. The more the groups differ, and the more there are in them, the greater it
	// is.
	ChiSquared float64 `json:"chiSquared"`
	// DF is its degrees of freedom: the number of groups that could be compared, less one (less the number of parts, if
	// the groups fall into parts that were never at risk together).
	DF int `json:"df"`
	// P is the probability of a statistic as great or greater if the groups do not differ, 0 to 1. A small P speaks for a
	// difference; a large one does not speak for there being none.
	P float64 `json:"p"`
	// LogP is the natural logarithm of P, also where P is too small for a float64 and 0.
	LogP float64 `json:"logP"`
	// Groups tells where the difference is, in the order of the arguments.
	Groups []TestGroup `json:"groups"`
}

// TestGroup is what a [Test] says about one group. Observed over Expected tells its direction: above 1 spells end sooner than
// they would if the groups did not differ, or more of them by the exit.
type TestGroup struct {
	// N is the number of spells.
	N int64 `json:"n"`
	// Observed is the number of spells that ended; the sum of their weights if the test has weights.
	Observed float64 `json:"observed"`
	// Expected is how many would have, had they ended as those of all groups together did.
	Expected float64 `json:"expected"`
	// Variance is that of Observed - Expected if the groups do not differ.
	Variance float64 `json:"variance"`
}

// LogRank tests whether spells end equally soon in all groups, whatever the exit: whether the deals of two teams move at the
// same speed. It compares the whole of their survival curves, takes those still open into account, and allows for delayed
// entry (Mantel 1966; Peto and Peto 1972, doi:10.2307/2344317). It is most powerful where one group is faster by the same
// factor at every age, and may miss curves that cross. To test how soon deals are won only, count those lost as [Open]; to
// test whether as many are won, see [Gray].
//
// The test takes spells for independent: several visits of one deal are not quite. With t different ticks and g groups it takes
// O(t g² + g³) time and O(g²) memory.
//
// LogRank returns an error ([ErrUndefined]) if there is nothing to compare: if there was never a tick at which some, but not
// all, of those at risk in two groups ended.
func LogRank(groups ...*Lifetimes) (Test, error) { return StratifiedLogRank(0, groups) }

// StratifiedLogRank is [LogRank] within strata: each holds the same groups in the same order, of deals of one kind, and only
// deals of one stratum are compared with each other. So a team that works the large, slow deals is not taken for slow. A
// group that has no spells in a stratum is nil or empty there.
//
// rho is the exponent of the weights (Harrington and Fleming 1982, doi:10.1093/biomet/69.3.553): what ends when the share S
// is still going on counts S^rho, S being the survival in the stratum over all groups. 0 is the log-rank test; 1, close to
// the Wilcoxon test of Peto and Peto, looks more at early ages, where most deals are. With a single stratum it is the test
// without strata.
//
// StratifiedLogRank returns an error if:
//   - rho is negative or not finite ([ErrInput])
//   - strata differ in the number of groups ([ErrInput])
//   - there is nothing to compare, as in LogRank ([ErrUndefined])
func StratifiedLogRank(rho float64, strata ...[]*Lifetimes) (Test, error) {
	var f faults
	if !(rho >= 0) || math.IsInf(rho, 1) {
		f.add(ErrInput, "", "rho", strconv.FormatFloat(rho, 'g', -1, 64),
			"must be 0 or more: 0 for the log-rank test, 1 for that of Peto and Peto")
	}
	histograms := make([][]*lifetime.Histogram, len(strata))
	for s, groups := range strata {
		if want := len(strata[0]); len(groups) != want {
			f.add(ErrInput, "", "strata/"+strconv.Itoa(s), strconv.Itoa(len(groups)),
				"groups are in this stratum, but "+strconv.Itoa(want)+" in the first: give an empty one where there are no spells")
		}
		histograms[s] = histogramsOf(groups)
	}
	if err := f.err(); err != nil {
		return Test{}, err
	}
	return testOf(lifetime.LogRank(rho, histograms...))
}

// histogramsOf returns the histograms of lifetimes, nil where there are none.
func histogramsOf(groups []*Lifetimes) []*lifetime.Histogram {
	hs := make([]*lifetime.Histogram, len(groups))
	for g, l := range groups {
		if l != nil {
			hs[g] = &l.h
		}
	}
	return hs
}

// testOf returns the outcome of a comparison.
func testOf(c lifetime.Comparison) (Test, error) {
	if c.DF == 0 {
		return Test{}, &Error{
			Path: "groups", Err: ErrUndefined,
			Msg: "cannot be compared: there must be two with spells at risk at a tick at which some of them end, and some do not",
		}
	}
	t := Test{ChiSquared: c.ChiSquared, DF: c.DF, Groups: make([]TestGroup, len(c.Groups))}
	t.P, t.LogP = proportion.ChiSquared(c.ChiSquared, c.DF)
	for g, group := range c.Groups {
		t.Groups[g] = TestGroup(group)
	}
	return t, nil
}
