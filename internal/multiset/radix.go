package multiset

import (
	"math/bits"
	"slices"
)

// sortValues sorts the numbers, in place, by radix: digit by digit from the lowest, where a digit is 8 bits, or 11 if there are so
// many numbers that a larger table of counts pays. Bits that are equal in all are passed over, so that whole seconds in
// nanoseconds, or numbers that are near each other, take fewer digits.
func sortValues(values []int64) {
	switch n := len(values); {
	case n < 64:
		slices.Sort(values)
	case n <= least:
		var spare [least]int64
		radix(values, spare[:n], new([1 << 8]int)[:])
	case n < 1<<13:
		radix(values, make([]int64, n), new([1 << 8]int)[:])
	default:
		radix(values, make([]int64, n), new([1 << 11]int)[:])
	}
}

// radix sorts the numbers with a spare slice that is as long, and a table of counts with a power of 2 of places.
func radix(values, spare []int64, at []int) {
	low := values[0]
	for _, v := range values {
		low = min(low, v)
	}
	var differ uint64 // the bits that are not 0 in all keys: what the numbers are above the lowest
	for _, v := range values {
		differ |= uint64(v) - uint64(low)
	}
	mask := uint64(len(at) - 1)
	from, to := values, spare
	for shift := bits.TrailingZeros64(differ); differ>>shift != 0; shift += bits.Len64(mask) {
		clear(at)
		for _, v := range from {
			at[(uint64(v)-uint64(low))>>shift&mask]++
		}
		sum := 0
		for d, n := range at {
			at[d], sum = sum, sum+n
		}
		for _, v := range from {
			p := &at[(uint64(v)-uint64(low))>>shift&mask]
			to[*p] = v
			*p++
		}
		from, to = to, from
	}
	copy(values, from) // which it may be
}
