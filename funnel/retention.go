package funnel

import (
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/salesops-go/salesops"
)

// Retention counts how many of those that met a first condition met each of up to 31 others as well: of the accounts that
// ordered in January, how many ordered in February, how many in March? In which order they met them does not matter, nor
// whether they met those between: 5 of 10 may come back in March of whom 3 did not in February. This is the function
// retention of ClickHouse.
//
// Entities are counted in cohorts, such as the month of the first order. The conditions are then that an entity was active
// at age 0 (condition 1), age 1 (condition 2) and so on, and [Retention.Table] is the retention table, in which the cells
// of ages that not all of a cohort can have reached are left out. For the first time that something happens, which is
// censored and has competitors, see [Triangle] instead.
//
// The zero value holds none and is the identity of [Retention.Merge]. Retention takes some 60 bytes a cohort and 8 for each
// condition. It must not be copied once in use, nor used from several goroutines while one of them changes it.
type Retention struct {
	cohorts map[salesops.Period]retained
}

// retained counts the entities of a cohort by the conditions that they met beside the first: the first count is that of all
// of them. Conditions behind the last count are met by none.
type retained []int64

// upTo returns c with room for n conditions.
func (c retained) upTo(n int) retained {
	if n > len(c) {
		return append(c, make(retained, n-len(c))...)
	}
	return c
}

// met returns how many met condition i, counted from 0.
func (c retained) met(i int) int64 {
	if i < len(c) {
		return c[i]
	}
	return 0
}

// Add counts an entity of a cohort. Bit i of met says that it met condition i+1; the bits of Steps of all its events
// together are that. Without bit 0 the entity has not met the first condition, and counts nowhere. If there are no cohorts use
// the zero Period, all time.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - the cohort holds no day
//   - there are 2^63-1 entities in the cohort already
func (r *Retention) Add(cohort salesops.Period, met uint32) error {
	if cohort.IsEmpty() {
		return &Error{Path: "cohort", Value: cohort.String(), Msg: "holds no day: the end is the day after the last", Err: ErrInput}
	}
	if met&1 == 0 {
		return nil
	}
	c := r.cohorts[cohort]
	if c.met(0) == math.MaxInt64 {
		return &Error{Path: "cohort", Value: cohort.String(), Msg: "has 2^63-1 entities already: merge fewer", Err: ErrInput}
	}
	if n := bits.Len32(met); n > len(c) {
		if r.cohorts == nil {
			r.cohorts = make(map[salesops.Period]retained)
		}
		c = c.upTo(n)
		r.cohorts[cohort] = c
	}
	for ; met != 0; met &= met - 1 {
		c[bits.TrailingZeros32(met)]++
	}
	return nil
}

// Merge counts the entities of o, too, which stays as it is. nil holds none; r may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if a cohort would have more than 2^63-1 entities.
func (r *Retention) Merge(o *Retention) error {
	if o == nil {
		return nil
	}
	for p, c := range o.cohorts {
		if r.cohorts[p].met(0) > math.MaxInt64-c[0] {
			return errTooMany("entities")
		}
	}
	if r.cohorts == nil && len(o.cohorts) > 0 {
		r.cohorts = make(map[salesops.Period]retained, len(o.cohorts))
	}
	for p, c := range o.cohorts {
		own := r.cohorts[p].upTo(len(c))
		for i, n := range c {
			own[i] += n
		}
		r.cohorts[p] = own
	}
	return nil
}

// Sub takes the entities of o away, which stays as it is: the inverse of [Retention.Merge]. nil holds none; r may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if r does not hold all of them.
func (r *Retention) Sub(o *Retention) error {
	if o == nil {
		return nil
	}
	for p, c := range o.cohorts {
		if !r.cohorts[p].holds(c) {
			return errNotHeld("entities")
		}
	}
	for p, c := range o.cohorts {
		own := r.cohorts[p]
		for i, n := range c {
			if n > 0 {
				own[i] -= n
			}
		}
		if own[0] == 0 {
			delete(r.cohorts, p)
		}
	}
	return nil
}

// holds reports whether the entities of o may be among those of c.
func (c retained) holds(o retained) bool {
	for i := range max(len(c), len(o)) {
		if left := c.met(i) - o.met(i); left < 0 || left > c.met(0)-o.met(0) {
			return false
		}
	}
	return true
}

// Cohorts returns the cohorts that have entities, in order of time: by their starts, then by their ends.
func (r *Retention) Cohorts() []salesops.Period {
	ps := make([]salesops.Period, 0, len(r.cohorts))
	for p := range r.cohorts {
		ps = append(ps, p)
	}
	slices.SortFunc(ps, comparePeriods)
	return ps
}

// Retained returns how many of the entities of a cohort that met the first condition met the condition as well, 1 to
// [MaxSteps]. Both counts are 0 for a cohort that has none.
//
// Retained returns an error ([ErrInput]) if there is no such condition.
func (r *Retention) Retained(cohort salesops.Period, condition int) (Ratio, error) {
	if condition < 1 || condition > MaxSteps {
		return Ratio{}, &Error{Path: "condition", Value: strconv.Itoa(condition), Msg: "must be 1 to " + strconv.Itoa(MaxSteps), Err: ErrInput}
	}
	c := r.cohorts[cohort]
	return Ratio{Num: c.met(condition - 1), Den: c.met(0)}, nil
}
