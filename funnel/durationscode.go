package funnel

import (
	"encoding/json"
	"errors"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// MarshalBinary returns the durations in binary form, which depends on nothing but what they are.
func (d Durations) MarshalBinary() ([]byte, error) {
	return d.s.Append(wire.Head(nil, 'D', 1)), nil
}

// UnmarshalBinary replaces d by the durations in binary form. It returns an error ([ErrEncoding]), and leaves d as it is, if
// data is not what [Durations.MarshalBinary] returns for any durations.
func (d *Durations) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'D', 1)
	s := multiset.Read(r)
	checkTicks(r, s)
	if err := r.Close(); err != nil {
		return errEncoding("durations", err)
	}
	d.s = *s
	return nil
}

// checkTicks makes the reading fail if a duration is negative.
func checkTicks(r *wire.Reader, s *multiset.Set) {
	if least, ok := s.Min(); ok && least < 0 {
		r.Fail(errTicks)
	}
}

var errTicks = errors.New("has a negative duration")

// durationsJSON is the JSON form of durations.
type durationsJSON struct {
	Count int64     `json:"count"`
	Ticks [][]int64 `json:"ticks"` // pairs: ascending, with the count of each
}

// MarshalJSON returns the durations as an object: how many there are, and each different number of ticks, ascending, with its
// count: {"count":3,"ticks":[[60,2],[90,1]]}.
func (d Durations) MarshalJSON() ([]byte, error) { return json.Marshal(ticksJSON(&d.s)) }

// UnmarshalJSON replaces d by the durations in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves d as
// it is, if data is not the JSON of durations: it has other fields, ticks that do not ascend or counts that do not add up.
func (d *Durations) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j durationsJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("durations", err)
	}
	s, err := j.set()
	if err != nil {
		return errEncoding("durations", err)
	}
	d.s = *s
	return nil
}

func ticksJSON(s *multiset.Set) durationsJSON {
	runs := s.Runs()
	j := durationsJSON{Count: s.Len(), Ticks: make([][]int64, 0, len(runs))}
	for _, r := range runs {
		j.Ticks = append(j.Ticks, []int64{r.Value, r.Count})
	}
	return j
}

func (j durationsJSON) set() (*multiset.Set, error) {
	runs := make([]multiset.Run, len(j.Ticks))
	for i, t := range j.Ticks {
		if len(t) != 2 {
			return nil, errors.New("has ticks that are not pairs of ticks and count")
		}
		runs[i] = multiset.Run{Value: t[0], Count: t[1]}
	}
	s, err := multiset.FromRuns(runs)
	if err != nil {
		return nil, err
	}
	if least, ok := s.Min(); ok && least < 0 {
		return nil, errTicks
	}
	if s.Len() != j.Count {
		return nil, errors.New("has another count than its ticks")
	}
	return s, nil
}
