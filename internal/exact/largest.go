package exact

import (
	"math/bits"
	"slices"
)

// largest returns the least of the k largest values, and how many of the values equal to
// it are among them. 0 < k ≤ len(vals). It selects by partition (Hoare's FIND, 1961), and
// sorts what is left when that has not come to an end in time, so it takes O(n) expected
// and O(n log n) worst time. It overwrites vals beyond its length, within its capacity.
func largest(vals []u128, k int) (least u128, ties int) {
	s := append(vals[len(vals):], vals...)
	lo, hi := 0, len(s) // the k-th largest value lies in s[lo:hi]
	for rounds := 2 * bits.Len(uint(hi)); hi-lo > 12 && rounds > 0; rounds-- {
		from, to := partition(s[lo:hi])
		switch {
		case k-1 < lo+from:
			hi = lo + from
		case k-1 >= lo+to:
			lo += to
		default: // among the values equal to the pivot
			lo, hi = lo+from, lo+from+1
		}
	}
	if hi-lo > 1 {
		slices.SortFunc(s[lo:hi], func(a, b u128) int { return b.cmp(a) })
		lo = k - 1
	}
	least, ties = s[lo], k
	for _, v := range vals {
		if least.less(v) {
			ties--
		}
	}
	return least, ties
}

// partition moves the values above a pivot to the front and those below it to the end; the
// values from s[from] up to s[to] equal the pivot, the median of three.
func partition(s []u128) (from, to int) {
	a, p, c := s[0], s[len(s)/2], s[len(s)-1]
	if a.less(p) {
		a, p = p, a
	}
	if p.less(c) {
		if p = c; a.less(c) {
			p = a
		}
	}
	to = len(s)
	for i := 0; i < to; {
		switch v := s[i]; {
		case p.less(v):
			s[from], s[i] = v, s[from]
			from++
			i++
		case v.less(p):
			to--
			s[to], s[i] = v, s[to]
		default:
			i++
		}
	}
	return from, to
}
