package funnel

import (
	"math"

	"github.com/salesops-go/salesops/internal/proportion"
)

// Interval is where a figure lies, with the confidence that was asked for.
type Interval struct {
	// Low is the lower limit.
	Low float64 `json:"low"`
	// High is the upper limit.
	High float64 `json:"high"`
}

// Comparison is the difference of two figures, and how sure it is.
type Comparison struct {
	// Difference is the first figure less the second.
	Difference float64 `json:"difference"`
	// Interval is that of the difference: of two shares as in Newcombe 1998, method 10
	// (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I), of two means by the normal approximation.
	Interval Interval `json:"interval"`
	// P is the probability of such a difference, or a greater one, between equals. For shares it is that of the chi-squared test,
	// or of Fisher's exact test if one of the four counts would be below 5 were the shares equal; for times that of the log-rank
	// test.
	P float64 `json:"p"`
	// AdjustedP is P adjusted for the number of comparisons, see [BenjaminiHochberg].
	AdjustedP float64 `json:"adjustedP"`
}

// trialShare is an estimated share and how many trials it is worth: for a plain share as many as there were.
type trialShare struct {
	value, trials float64
}

// trialShareOf returns the share of a ratio whose Den is positive.
func trialShareOf(r Ratio) trialShare {
	return trialShare{float64(r.Num) / float64(r.Den), float64(r.Den)}
}

// wilson returns the score interval of a share, nil if it has none.
func (s trialShare) wilson(level float64) *Interval {
	lo, hi, ok := proportion.WilsonShare(s.value, s.trials, level)
	if !ok {
		return nil
	}
	return &Interval{lo, hi}
}

// limits returns where the share among n that are like those of s stays with a probability: the shares that the score test does
// not reject.
func (s trialShare) limits(n int64, level float64) *Interval {
	half := float64(proportion.Quantile(level) * math.Sqrt(float64(s.value*(1-s.value))/float64(n)))
	return &Interval{max(s.value-half, 0), min(s.value+half, 1)}
}

// least returns the smaller of how many of n would and would not have what s is the share of.
func (s trialShare) least(n float64) float64 { return float64(n * min(s.value, 1-s.value)) }

// sparseCount is the expected count below which a chi-squared test is not trusted (Cochran 1954, doi:10.2307/3001616): 5, less
// what rounding may take off a count that is just 5, so that it does not depend on the side from which one looks.
const sparseCount = 5 - 1e-9

// compareTrials returns how two shares differ. Both are worth some trials.
func compareTrials(a, b trialShare, level float64) Comparison {
	diff, lo, hi, _ := proportion.NewcombeShare(a.value, a.trials, b.value, b.trials, level)
	return Comparison{Difference: diff, Interval: Interval{lo, hi}, P: samePValue(a, b)}
}

// samePValue returns the p-value of the hypothesis that two shares are the same.
func samePValue(a, b trialShare) float64 {
	n := a.trials + b.trials
	both := trialShare{(float64(a.value*a.trials) + float64(b.value*b.trials)) / n, n}
	if both.least(min(a.trials, b.trials)) < sparseCount {
		if p, _, ok := proportion.Fisher(a.counts(), a.whole(), b.counts(), b.whole()); ok {
			return p
		}
	}
	diff, spread := a.value-b.value, float64(both.value*(1-both.value))
	if diff == 0 || !(spread > 0) {
		return 1
	}
	p, _ := proportion.ChiSquared(diff/spread*diff/(1/a.trials+1/b.trials), 1)
	return p
}

// sameEdge reports whether both shares are 0 or both are 1.
func (s trialShare) sameEdge(o trialShare) bool {
	return s.value == o.value && (s.value == 0 || s.value == 1)
}

// counts returns how many of whole trials have what s is the share of, rounded.
func (s trialShare) counts() int64 { return int64(math.Round(float64(s.value * float64(s.whole())))) }

// whole returns the number of trials, rounded.
func (s trialShare) whole() int64 { return int64(math.Round(min(s.trials, 1<<62))) }
