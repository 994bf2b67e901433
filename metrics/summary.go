package metrics

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mathext"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/location"
	"github.com/salesops-go/salesops/internal/multiset"
)

// tickSummary is the mean and the spread of ticks.
type tickSummary struct {
	n        int64
	sum      exact.Num
	mean     float64
	variance float64 // with n-1, 0 of fewer than two
	sd       float64
}

// summarize returns the summary of runs: exact until it is rounded once.
func summarize(runs []multiset.Run) tickSummary {
	n := int64(0)
	sum, squares, term := new(big.Int), new(big.Int), new(big.Int)
	for _, r := range runs {
		n += r.Count
		term.Mul(big.NewInt(r.Value), big.NewInt(r.Count))
		sum.Add(sum, term)
		squares.Add(squares, term.Mul(term, big.NewInt(r.Value)))
	}
	s := tickSummary{n: n, sum: exact.FromBig(new(big.Int).Set(sum), 0)}
	if n == 0 {
		return s
	}
	count := big.NewInt(n)
	s.mean, _ = new(big.Rat).SetFrac(sum, count).Float64()
	if n > 1 { // (n Σx² - (Σx)²) / (n (n-1))
		squares.Mul(squares, count).Sub(squares, term.Mul(sum, sum))
		s.variance, _ = new(big.Rat).SetFrac(squares, count.Mul(count, big.NewInt(n-1))).Float64()
		s.sd = math.Sqrt(s.variance)
	}
	return s
}

// interval returns where the true mean lies, by Student's t; nil of fewer than two, or if all are equal.
func (s tickSummary) interval(level float64) *Interval {
	if s.n < 2 || s.sd == 0 {
		return nil
	}
	half := float64(location.StudentQuantile(level, float64(s.n-1)) * s.sd / math.Sqrt(float64(s.n)))
	return &Interval{s.mean - half, s.mean + half}
}

// rankLimits returns the numbers, from 1 to n, of the two order statistics between which the true p-quantile lies, whatever the
// distribution: it is outside of them, on either side, with at most half of 1-level (David and Nagaraja 2003, Order
// Statistics, section 7.1). ok is false if there are too few for that.
func rankLimits(n int64, p, level float64) (low, high int64, ok bool) {
	tail := (1 - level) / 2
	// below returns the probability that at most k of n are below the quantile.
	below := func(k int64) float64 {
		switch {
		case k < 0:
			return 0
		case k >= n:
			return 1
		}
		return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
	}
	// first returns the least k from 0 to n for which a condition that stays true is true.
	first := func(holds func(k int64) bool) int64 {
		lo, hi := int64(0), n
		for lo < hi {
			if mid := lo + (hi-lo)/2; holds(mid) {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		return lo
	}
	low = first(func(k int64) bool { return below(k) > tail })
	high = first(func(k int64) bool { return below(k) >= 1-tail }) + 1
	return low, high, low >= 1 && high <= n
}

// rankInterval returns where the true p-quantile of ticks lies; nil if there are too few to tell.
func rankInterval(runs []multiset.Run, n int64, p, level float64) *Interval {
	low, high, ok := rankLimits(n, p, level)
	if !ok {
		return nil
	}
	return &Interval{float64(ranked(runs, low)), float64(ranked(runs, high))}
}

// ranked returns the k-th smallest, from 1.
func ranked(runs []multiset.Run, k int64) int64 {
	for _, r := range runs {
		if k <= r.Count {
			return r.Value
		}
		k -= r.Count
	}
	return 0
}
