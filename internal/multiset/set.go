package multiset

import (
	"cmp"
	"math"
	"slices"
)

// Set is a multiset of int64. The zero value is empty and is the identity of [Set.Merge].
//
// It takes 16 to 32 bytes for each different number, and while it grows up to 16 more, or 8 to 16 for each of the first 512
// numbers. What reads a Set does not change it: numbers that came in since it was last put in order are put in
// order in a copy, which takes time in proportion to the size. [Set.Settle] makes reads cheap.
//
// A Set must not be copied once in use, nor used from several goroutines while one of them changes it.
type Set struct {
	runs []Run   // ascending by value
	more []Run   // in any order, to be merged into runs
	tail []int64 // in any order, to be merged into runs
	n    int64
}

// Run is a number and how often the set holds it.
type Run struct {
	Value int64 // Value is the number.
	Count int64 // Count is how often the set holds it, 1 or more.
}

// least is how many numbers may wait to be put in order, even if few are different.
const least = 512

// Add adds a number. It reports false, and adds nothing, if the set holds 2^63-1 already.
func (s *Set) Add(v int64) bool {
	if s.n == math.MaxInt64 {
		return false
	}
	if len(s.tail) == cap(s.tail) {
		s.makeRoom()
	}
	s.tail = append(s.tail, v)
	s.n++
	return true
}

// makeRoom makes the tail longer, or empties it when twice as much waits as there is in order: so each number is sorted once,
// and merged 3/2 times on average.
func (s *Set) makeRoom() {
	most := max(least, 2*len(s.runs))
	if len(s.tail) >= most {
		s.Settle()
		return
	}
	s.tail = append(make([]int64, 0, min(most, max(4, 2*len(s.tail)))), s.tail...)
}

// Len returns how many numbers there are, equal ones included.
func (s *Set) Len() int64 { return s.n }

// Merge adds the numbers of o, which stays as it is, in time that is proportional to the size of o on average. It reports
// false, and changes nothing, if there were more than 2^63-1. A set may be merged with itself.
func (s *Set) Merge(o *Set) bool {
	if o.n > math.MaxInt64-s.n {
		return false
	}
	s.n += o.n
	s.tail = append(s.tail, o.tail...)
	s.more = append(append(s.more, o.runs...), o.more...)
	if len(s.tail)+len(s.more) >= max(least, 2*len(s.runs)) {
		s.Settle()
	}
	return true
}

// Sub takes away the numbers of o, which stays as it is. It reports false, and changes nothing, if s does not hold them all.
func (s *Set) Sub(o *Set) bool {
	s.Settle()
	gone := o.Runs() // those of s itself, if o is s: none is kept then
	if !holds(s.runs, gone) {
		return false
	}
	n := s.n - o.n
	keep := s.runs[:0]
	for _, r := range s.runs {
		if len(gone) > 0 && gone[0].Value == r.Value {
			r.Count -= gone[0].Count
			gone = gone[1:]
		}
		if r.Count > 0 {
			keep = append(keep, r)
		}
	}
	s.runs, s.n = keep, n
	return true
}

// Holds reports whether s holds all numbers of o, each as often.
func (s *Set) Holds(o *Set) bool { return s.n >= o.n && holds(s.Runs(), o.Runs()) }

func holds(all, some []Run) bool {
	for _, r := range all {
		if len(some) == 0 {
			return true
		}
		if some[0].Value < r.Value {
			return false
		}
		if some[0].Value == r.Value {
			if some[0].Count > r.Count {
				return false
			}
			some = some[1:]
		}
	}
	return len(some) == 0
}

// Clone returns a copy that is settled.
func (s *Set) Clone() *Set {
	runs := s.Runs()
	if len(s.tail)+len(s.more) == 0 {
		runs = slices.Clone(runs)
	}
	return &Set{runs: runs, n: s.n}
}

// Settle puts all numbers in order, so that reads need no copy until more are added.
func (s *Set) Settle() {
	s.runs = ordered(s.runs, s.more, s.tail)
	s.tail, s.more = s.tail[:0], nil
}

// Runs returns the different numbers, ascending, with their counts. The caller must not change the slice, which is valid
// until the set changes.
func (s *Set) Runs() []Run { return ordered(s.runs, slices.Clone(s.more), slices.Clone(s.tail)) }

// ordered returns all runs, in a new slice if anything was out of order. It changes the order of more and tail.
func ordered(runs, more []Run, tail []int64) []Run {
	if len(more) > 0 {
		slices.SortFunc(more, func(a, b Run) int { return cmp.Compare(a.Value, b.Value) })
		runs = mergeRuns(runs, squeeze(more))
	}
	if len(tail) > 0 {
		sortValues(tail)
		runs = mergeValues(runs, tail)
	}
	return runs
}

// squeeze joins neighbours of equal value, in place.
func squeeze(runs []Run) []Run {
	keep := runs[:0]
	for _, r := range runs {
		if last := len(keep) - 1; last >= 0 && keep[last].Value == r.Value {
			keep[last].Count += r.Count
			continue
		}
		keep = append(keep, r)
	}
	return keep
}

// mergeRuns returns the runs of a and b together, in a new slice. Both ascend strictly.
func mergeRuns(a, b []Run) []Run {
	out := make([]Run, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].Value < b[0].Value:
			out, a = append(out, a[0]), a[1:]
		case a[0].Value > b[0].Value:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, Run{Value: a[0].Value, Count: a[0].Count + b[0].Count})
			a, b = a[1:], b[1:]
		}
	}
	return fitted(append(append(out, a...), b...))
}

// mergeValues returns the runs together with the numbers, in a new slice. Both ascend, the runs strictly so.
func mergeValues(runs []Run, values []int64) []Run {
	different := 1
	for k, v := range values[1:] {
		if v != values[k] {
			different++
		}
	}
	out := make([]Run, len(runs)+different)
	n, i := 0, 0
	for k := 0; k < len(values); n++ {
		r := Run{Value: values[k]}
		for ; i < len(runs) && runs[i].Value < r.Value; i++ {
			out[n] = runs[i]
			n++
		}
		if i < len(runs) && runs[i].Value == r.Value {
			r.Count = runs[i].Count
			i++
		}
		for ; k < len(values) && values[k] == r.Value; k++ {
			r.Count++
		}
		out[n] = r
	}
	n += copy(out[n:], runs[i:])
	return fitted(out[:n])
}

// fitted returns the runs, in a slice of just their length if half of theirs is empty.
func fitted(runs []Run) []Run {
	if len(runs) <= cap(runs)/2 {
		return append(make([]Run, 0, len(runs)), runs...)
	}
	return runs
}
