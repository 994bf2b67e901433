package multiset

import (
	"errors"
	"math"

	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of a text.
var (
	errOrder = errors.New("has numbers that do not ascend")
	errCount = errors.New("has a count that is not positive, or counts that are too many together")
)

// Append appends the set in binary form: how many different numbers there are, then for each the distance from the one
// before, the first from 0, and its count.
func (s *Set) Append(b []byte) []byte {
	runs := s.Runs()
	b = wire.Uint(b, uint64(len(runs)))
	for i, r := range runs {
		if i == 0 {
			b = wire.Int(b, r.Value)
		} else {
			b = wire.Uint(b, uint64(r.Value)-uint64(runs[i-1].Value))
		}
		b = wire.Uint(b, uint64(r.Count))
	}
	return b
}

// Read reads what [Set.Append] wrote. On a fault, which the reader tells, it returns an empty set.
func Read(r *wire.Reader) *Set {
	runs := make([]Run, r.Count(2))
	for i := range runs {
		if i == 0 {
			runs[i].Value = r.Int()
		} else {
			gap := r.Uint()
			if gap > uint64(math.MaxInt64)-uint64(runs[i-1].Value) {
				r.Fail(errOrder)
			}
			runs[i].Value = runs[i-1].Value + int64(gap)
		}
		runs[i].Count = r.Natural(math.MaxInt64)
		if !r.OK() {
			return &Set{}
		}
	}
	s, err := FromRuns(runs)
	if err != nil {
		r.Fail(err)
		return &Set{}
	}
	return s
}

// FromRuns returns the set of the runs, which it keeps. They must ascend, and have positive counts of at most 2^63-1
// together.
func FromRuns(runs []Run) (*Set, error) {
	s := &Set{runs: runs}
	for i, r := range runs {
		if i > 0 && r.Value <= runs[i-1].Value {
			return nil, errOrder
		}
		if r.Count <= 0 || r.Count > math.MaxInt64-s.n {
			return nil, errCount
		}
		s.n += r.Count
	}
	return s, nil
}

// AppendOne appends the set of just one number, as [Set.Append] does.
func AppendOne(b []byte, v int64) []byte { return wire.Uint(wire.Int(wire.Uint(b, 1), v), 1) }
