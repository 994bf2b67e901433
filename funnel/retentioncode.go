package funnel

import (
	"encoding/json"
	"errors"
	"math"
	"math/bits"
	"strconv"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of the encodings of a Retention.
var (
	errCohortOrder = errors.New("has cohorts that do not ascend")
	errMet         = errors.New("has a condition that none met, or more than met the first, or too many conditions")
)

// MarshalBinary returns the retention in binary form, which depends on nothing but what was counted: the cohorts in order of
// time, and for each the conditions that some met, as bits, with their counts.
func (r Retention) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, 'R', 1)
	cohorts := r.Cohorts()
	b = wire.Uint(b, uint64(len(cohorts)))
	for _, p := range cohorts {
		c := r.cohorts[p]
		var met uint64
		for i, n := range c {
			if n > 0 {
				met |= 1 << i
			}
		}
		b = wire.Uint(wire.Period(b, p), met)
		for _, n := range c {
			if n > 0 {
				b = wire.Uint(b, uint64(n))
			}
		}
	}
	return b, nil
}

// UnmarshalBinary replaces r by the retention in binary form. It returns an error ([ErrEncoding]), and leaves r as it is, if
// data is not what [Retention.MarshalBinary] returns for any retention.
func (r *Retention) UnmarshalBinary(data []byte) error {
	in := wire.NewReader(data, 'R', 1)
	n := in.Count(4)
	cohorts := make(map[salesops.Period]retained)
	var last salesops.Period
	for i := range n {
		p := in.Period()
		if i > 0 && comparePeriods(last, p) >= 0 {
			in.Fail(errCohortOrder)
		}
		last = p
		met := in.Natural(math.MaxUint32)
		if met&1 == 0 {
			in.Fail(errMet)
		}
		c := make(retained, bits.Len64(uint64(met)))
		for ; met != 0 && in.OK(); met &= met - 1 {
			i := bits.TrailingZeros64(uint64(met))
			c[i] = in.Natural(math.MaxInt64)
			if c[i] == 0 || c[i] > c[0] {
				in.Fail(errMet)
			}
		}
		if !in.OK() {
			break
		}
		cohorts[p] = c
	}
	if err := in.Close(); err != nil {
		return errEncoding("retention", err)
	}
	r.cohorts = cohorts
	return nil
}

// retentionJSON is the JSON form of a Retention.
type retentionJSON struct {
	Cohorts []cohortJSON `json:"cohorts"`
}

type cohortJSON struct {
	Cohort salesops.Period `json:"cohort"`
	Met    []int64         `json:"met"` // by condition, without the zeros behind the last
}

// MarshalJSON returns the cohorts in order of time, each with how many met the first condition, and how many of these met
// the second, the third and so on: {"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-02-01"},"met":[10,5,3]}]}.
func (r Retention) MarshalJSON() ([]byte, error) {
	j := retentionJSON{Cohorts: []cohortJSON{}}
	for _, p := range r.Cohorts() {
		met := r.cohorts[p]
		for met[len(met)-1] == 0 {
			met = met[:len(met)-1]
		}
		j.Cohorts = append(j.Cohorts, cohortJSON{p, met})
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces r by the retention in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves r as
// it is, if data is not what [Retention.MarshalJSON] returns for any retention, but for white space, the order of fields and
// the case of their names.
func (r *Retention) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j retentionJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("retention", err)
	}
	cohorts := make(map[salesops.Period]retained, len(j.Cohorts))
	for i, in := range j.Cohorts {
		at := "cohorts/" + strconv.Itoa(i)
		if in.Cohort.IsEmpty() {
			return errEncoding(at, errEmptyPeriod)
		}
		if i > 0 && comparePeriods(j.Cohorts[i-1].Cohort, in.Cohort) >= 0 {
			return errEncoding(at, errCohortOrder)
		}
		n := len(in.Met)
		if n == 0 || n > MaxSteps || in.Met[n-1] == 0 {
			return errEncoding(at, errMet)
		}
		for _, v := range in.Met {
			if v < 0 || v > in.Met[0] {
				return errEncoding(at, errMet)
			}
		}
		cohorts[in.Cohort] = in.Met
	}
	r.cohorts = cohorts
	return nil
}
