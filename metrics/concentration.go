package metrics

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// Gini returns the Gini coefficient of the totals: 0 if all are equal, (n-1)/n if one of n keys has everything. It is half the
// mean difference between two totals, as a share of their mean: of the totals in ascending order
//
//	Σ (2i - n - 1) xᵢ ÷ (n Σ xᵢ), i from 1 to n
//
// which is that of the population, without the factor n/(n-1) by which some correct for small samples. It is computed exactly
// and rounded once. Keys with a total of 0 count: add 0 for reps who sold nothing.
//
// ok is false if there is no key, a total is negative, or all are 0.
//
// Source: Gini 1914, by the formula in Damgaard and Weiner 2000, https://doi.org/10.1890/0012-9658(2000)081[1139:DIIPSO]2.0.CO;2.
func (t *Totals[K, N]) Gini() (g float64, ok bool) { return giniOf(t.nums()) }

// HHI returns the Herfindahl-Hirschman index of the totals, the sum of the squares of their shares: 1/n if all n are equal, 1
// if one key has everything. Multiply by 10,000 for the scale of antitrust authorities, on which shares are per cent. It is
// computed exactly and rounded once.
//
// ok is false if there is no key, a total is negative, or all are 0.
//
// Source: Hirschman 1964, The Paternity of an Index, American Economic Review 54(5), 761.
func (t *Totals[K, N]) HHI() (h float64, ok bool) { return hhiOf(t.nums()) }

// Effective returns the effective number of keys: how many keys of equal totals would be as concentrated, 1 ÷ [Totals.HHI]. A
// business with 85 customers of which the effective number is 6 depends on about 6. It is from 1 to the number of keys that
// have a total above 0.
//
// ok is false if there is no key, a total is negative, or all are 0.
//
// Source: Laakso and Taagepera 1979, https://doi.org/10.1177/001041407901200101.
func (t *Totals[K, N]) Effective() (n float64, ok bool) {
	squares, square, ok := squaresOf(t.nums())
	if !ok {
		return 0, false
	}
	return exact.QuoFloat(square, squares)
}

// TopShare returns the share of the k greatest totals in the sum of all, rounded once; 1 if there are no more than k keys. If
// some totals are negative, as after refunds, it may exceed 1.
//
// ok is false if k is less than 1, there is no key, or the sum is not above 0.
func (t *Totals[K, N]) TopShare(k int) (share float64, ok bool) {
	nums := t.nums()
	sum := sumOfNums(nums)
	if k < 1 || sum.Sign() <= 0 {
		return 0, false
	}
	slices.SortFunc(nums, func(a, b exact.Num) int { return b.Cmp(a) })
	return exact.QuoFloat(sumOfNums(nums[:min(k, len(nums))]), sum)
}

// giniOf returns the Gini coefficient of numbers in any order; ok is false if one is negative or none is positive.
func giniOf(nums []exact.Num) (g float64, ok bool) {
	if !shareable(nums) {
		return 0, false
	}
	nums = slices.Clone(nums)
	slices.SortFunc(nums, exact.Num.Cmp)
	n := int64(len(nums))
	var num, sum exact.Num
	for i, x := range nums {
		num = num.Add(x.Mul(exact.Int(2*int64(i) + 1 - n))) // i from 0
		sum = sum.Add(x)
	}
	return exact.QuoFloat(num, sum.Mul(exact.Int(n)))
}

// hhiOf returns the Herfindahl-Hirschman index of numbers in any order; ok is false if one is negative or none is positive.
func hhiOf(nums []exact.Num) (h float64, ok bool) {
	squares, square, ok := squaresOf(nums)
	if !ok {
		return 0, false
	}
	return exact.QuoFloat(squares, square)
}

// squaresOf returns the sum of the squares and the square of the sum.
func squaresOf(nums []exact.Num) (squares, square exact.Num, ok bool) {
	if !shareable(nums) {
		return squares, square, false
	}
	for _, x := range nums {
		squares = squares.Add(x.Mul(x))
	}
	sum := sumOfNums(nums)
	return squares, sum.Mul(sum), true
}

// shareable reports whether numbers are shares of a whole: none is negative, and one is positive.
func shareable(nums []exact.Num) bool {
	some := false
	for _, x := range nums {
		if x.Sign() < 0 {
			return false
		}
		some = some || x.Sign() > 0
	}
	return some
}

func sumOfNums(nums []exact.Num) (sum exact.Num) {
	for _, x := range nums {
		sum = sum.Add(x)
	}
	return sum
}
