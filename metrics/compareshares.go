package metrics

import (
	"math"
	"strconv"

	"golang.org/x/exp/constraints"

	"github.com/salesops-go/salesops/internal/proportion"
)

// sparseCount is the expected count below which a chi-squared test is not trusted (Cochran 1954, doi:10.2307/3001616): 5, less
// what rounding may take off a count that is just 5, so that it does not depend on the side from which one looks.
const sparseCount = 5 - 1e-9

// CompareShares compares two shares of counts, such as the win rates of two teams or quarters: a less b. The interval is that of
// Newcombe 1998, method 10 (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I), P that of the chi-squared
// test without correction for continuity, or of Fisher's exact test if one of the four counts would be below 5 were the shares
// equal. The sides must not have observations in common: compare a part with the rest, not with the whole ([CompareToRest]).
//
// Too few observations are no error but the verdict [TooFew]; a share of nothing has no difference either.
//
// CompareShares returns an error ([ErrInput]) if:
//   - a ratio is no share, as Num is negative or greater than Den, or is beyond an int64
//   - better is no direction, or e is out of range
func CompareShares[A, B constraints.Integer](a Ratio[A], b Ratio[B], better Direction, e Evidence) (Comparison, error) {
	var f faults
	var x, y share
	x.num, x.den = shareCounts(&f, "a", a)
	y.num, y.den = shareCounts(&f, "b", b)
	e = f.terms(better, e)
	if err := f.err(); err != nil {
		return Comparison{}, err
	}
	return compareShares(x, y, better, e), nil
}

// share is a share of counts, 0 <= num <= den.
type share struct{ num, den int64 }

// compareShares is CompareShares for arguments in order.
func compareShares(a, b share, better Direction, e Evidence) Comparison {
	c := Comparison{Better: better, Method: ByChiSquared}
	if diff, low, high, ok := proportion.Newcombe(a.num, a.den, b.num, b.den, e.Level); ok {
		c.Difference, c.Interval = &diff, &Interval{low, high}
	}
	sparse := a.leastExpected(b) < sparseCount && float64(a.den)+float64(b.den) <= proportion.MaxFisher
	if sparse {
		c.Method = ByFisher
	}
	if a.den < e.MinN || b.den < e.MinN {
		c.tooFew(e.MinN, a.den, b.den)
		return c
	}
	var p float64
	if sparse {
		p, _, _ = proportion.Fisher(a.num, a.den, b.num, b.den)
	} else {
		t, _ := proportion.Homogeneity([]int64{a.num, b.num}, []int64{a.den, b.den})
		p = t.P
	}
	c.P = &p
	c.judge(e, 1)
	return c
}

// leastExpected returns the least of the four counts that would be expected were both shares the same.
func (s share) leastExpected(o share) float64 {
	num, den := float64(s.num)+float64(o.num), float64(s.den)+float64(o.den)
	if den == 0 {
		return 0
	}
	return min(num, den-num) / den * float64(min(s.den, o.den))
}

// CompareToTarget compares a share of counts with a fixed target, such as a win rate with the 25 % of the plan: a less the
// target, which is taken as known; to compare with a rate that was itself observed, use [CompareShares]. The interval is that
// of [Wilson], less the target. P is that of the score test, which rejects where that interval does not hold 0, or of
// the exact binomial test if fewer than 5 successes or failures are to be expected at the target.
//
// CompareToTarget returns an error ([ErrInput]) if:
//   - the ratio is no share, as Num is negative or greater than Den, or is beyond an int64
//   - the target is not from 0 to 1
//   - better is no direction, or e is out of range
func CompareToTarget[N constraints.Integer](a Ratio[N], target float64, better Direction, e Evidence) (Comparison, error) {
	var f faults
	num, den := shareCounts(&f, "a", a)
	if !(target >= 0 && target <= 1) {
		f.add(ErrInput, "", "target", floatText(target), "must be a share from 0 to 1, such as 0.25 for 25 %")
	}
	e = f.terms(better, e)
	if err := f.err(); err != nil {
		return Comparison{}, err
	}
	c := Comparison{Better: better, Method: ByScore}
	exact := float64(den)*min(target, 1-target) < sparseCount
	if exact {
		c.Method = ByBinomial
	}
	if low, high, ok := proportion.Wilson(num, den, e.Level); ok {
		diff := float64(num)/float64(den) - target
		c.Difference, c.Interval = &diff, &Interval{low - target, high - target}
	}
	if den < e.MinN {
		c.tooFewOf(e.MinN, den)
		return c, nil
	}
	test := proportion.Score
	if exact {
		test = proportion.Binomial
	}
	if p, ok := test(num, den, target); ok { // always
		c.P = &p
		c.judge(e, 1)
	}
	return c, nil
}

// CompareToRest compares each group with all others together, such as each rep with the rest of the team: compared with the
// whole, of which they are a part, those with many deals would look more like it than they are. The comparisons are those of
// [CompareShares], in the order of the groups, with their p-values adjusted for their number as by [Judge]. Whether
// there is any difference to look for is the question of [Homogeneity].
//
// It takes O(n log n) for n groups.
//
// CompareToRest returns an error ([ErrInput]) if:
//   - a ratio is no share, as Num is negative or greater than Den
//   - the groups together are beyond an int64
//   - better is no direction, or e is out of range
func CompareToRest[N constraints.Integer](groups []Ratio[N], better Direction, e Evidence) ([]Comparison, error) {
	var f faults
	e = f.terms(better, e)
	parts := make([]share, len(groups))
	var all share
	for i, g := range groups {
		path := "groups/" + strconv.Itoa(i)
		num, den := shareCounts(&f, path, g)
		if den > math.MaxInt64-all.den {
			f.add(ErrInput, "", path, "", "takes the number of observations beyond 2^63-1")
			continue
		}
		parts[i] = share{num, den}
		all.num += num
		all.den += den
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	comparisons := make([]Comparison, len(parts))
	for i, p := range parts {
		comparisons[i] = compareShares(p, share{all.num - p.num, all.den - p.den}, better, e)
	}
	return comparisons, judgeAll(e, comparisons)
}

// judgeAll judges comparisons together.
func judgeAll(e Evidence, comparisons []Comparison) error {
	all := make([]*Comparison, len(comparisons))
	for i := range comparisons {
		all[i] = &comparisons[i]
	}
	return Judge(e, all...)
}
