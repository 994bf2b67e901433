package multiset

import (
	"math/big"
	"math/bits"
	"strconv"
)

// Sum returns the sum, exactly.
func (s *Set) Sum() *big.Int {
	var above, below sum128
	count := func(v, n int64) {
		if v < 0 {
			below.add(-uint64(v), uint64(n))
		} else {
			above.add(uint64(v), uint64(n))
		}
	}
	for _, r := range s.runs {
		count(r.Value, r.Count)
	}
	for _, r := range s.more {
		count(r.Value, r.Count)
	}
	for _, v := range s.tail {
		count(v, 1)
	}
	sum := above.big()
	return sum.Sub(sum, below.big())
}

// sum128 is a sum of products that are not negative. Fewer than 2^63 numbers of at most 2^63 fit.
type sum128 struct{ hi, lo uint64 }

func (s *sum128) add(v, n uint64) {
	hi, lo := bits.Mul64(v, n)
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi += hi + carry
}

func (s *sum128) big() *big.Int {
	v := new(big.Int).SetUint64(s.hi)
	return v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(s.lo))
}

// Mean returns the mean, rounded once to the nearest float64; ok is false if the set is empty.
func (s *Set) Mean() (mean float64, ok bool) {
	if s.n == 0 {
		return 0, false
	}
	mean, _ = new(big.Rat).SetFrac(s.Sum(), big.NewInt(s.n)).Float64()
	return mean, true
}

// Min returns the least number; ok is false if the set is empty.
func (s *Set) Min() (v int64, ok bool) {
	return s.extreme(0, func(v, than int64) bool { return v < than })
}

// Max returns the greatest number; ok is false if the set is empty.
func (s *Set) Max() (v int64, ok bool) {
	return s.extreme(max(len(s.runs)-1, 0), func(v, than int64) bool { return v > than })
}

// extreme returns the number of the run, or one that waits to be put in order and is better.
func (s *Set) extreme(run int, better func(v, than int64) bool) (v int64, ok bool) {
	take := func(w int64) {
		if !ok || better(w, v) {
			v, ok = w, true
		}
	}
	if len(s.runs) > 0 {
		take(s.runs[run].Value)
	}
	for _, r := range s.more {
		take(r.Value)
	}
	for _, w := range s.tail {
		take(w)
	}
	return v, ok
}

// Quantile returns the p-quantile, 0 <= p <= 1, by linear interpolation between the order statistics that stand around
// position (n-1)p, counted from 0 (type 7 of Hyndman and Fan 1996, https://doi.org/10.1080/00031305.1996.10473566: the
// default of R, NumPy and PERCENTILE.INC). The shortest decimal that stands for p is taken for p, so that 0.07 is seven
// hundredths and falls on an observation of 101; the result is rounded once, to the nearest float64. ok is false if the set
// is empty, or p is not from 0 to 1.
func (s *Set) Quantile(p float64) (v float64, ok bool) {
	q, ok := s.Quantiles(p)
	if !ok {
		return 0, false
	}
	return q[0], true
}

// Quantiles returns several quantiles, as [Set.Quantile] does, and puts the numbers in order no more than once.
func (s *Set) Quantiles(p ...float64) (v []float64, ok bool) {
	for _, p := range p {
		if !(p >= 0 && p <= 1) { // NaN too
			return nil, false
		}
	}
	if s.n == 0 {
		return nil, false
	}
	runs := s.Runs()
	v = make([]float64, len(p))
	for i, p := range p {
		v[i] = quantile(runs, s.n, p)
	}
	return v, true
}

// quantile returns the quantile of n numbers.
func quantile(runs []Run, n int64, p float64) float64 {
	if len(runs) == 1 {
		return float64(runs[0].Value)
	}
	share, _ := new(big.Rat).SetString(strconv.FormatFloat(p, 'g', -1, 64)) // always is a number
	position := share.Mul(share, new(big.Rat).SetInt64(n-1))
	whole := new(big.Int).Quo(position.Num(), position.Denom())
	rest := whole.Int64() // is from 0 to n-1
	for ; rest >= runs[0].Count; runs = runs[1:] {
		rest -= runs[0].Count
	}
	low := runs[0].Value
	if position.IsInt() || rest+1 < runs[0].Count {
		return float64(low)
	}
	part := position.Sub(position, new(big.Rat).SetInt(whole))
	gap := new(big.Int).SetUint64(uint64(runs[1].Value) - uint64(low))
	result := part.Mul(part, new(big.Rat).SetInt(gap))
	v, _ := result.Add(result, new(big.Rat).SetInt64(low)).Float64()
	return v
}
