package multiset

import (
	"math/bits"
	"slices"
)

// Digits of the radix sort, by how many bits are sorted at a time: a table of counts for 11 stays in the fastest cache.
const (
	digitBits = 11
	digitSize = 1 << digitBits
)

// few is how many numbers are sorted faster by comparing them.
const few = 1024

// sorted sorts the numbers, of which there is one or more, in place or into another slice. It returns the one that is sorted.
func sorted(values []int64) []int64 {
	if len(values) < few {
		slices.Sort(values)
		return values
	}
	low := values[0]
	for _, v := range values {
		low = min(low, v)
	}
	var set uint64 // the bits that are set in any key: what a number is above the least
	for _, v := range values {
		set |= uint64(v) - uint64(low)
	}
	spare := make([]int64, len(values))
	for shift := bits.TrailingZeros64(set); set>>shift != 0; shift += digitBits {
		var at [digitSize]int
		for _, v := range values {
			at[(uint64(v)-uint64(low))>>shift&(digitSize-1)]++
		}
		sum := 0
		for d, n := range at {
			at[d], sum = sum, sum+n
		}
		for _, v := range values {
			d := (uint64(v) - uint64(low)) >> shift & (digitSize - 1)
			spare[at[d]] = v
			at[d]++
		}
		values, spare = spare, values
	}
	return values
}
