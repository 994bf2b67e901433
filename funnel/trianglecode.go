package funnel

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/wire"
)

// errCohort is a fault of the text of a [Triangle].
var errCohort = errors.New("has a cohort without spells, or one that does not come after the one before")

// MarshalBinary returns the binary form, which is the same for equal spells, however they were added: the cohorts in order of
// time, each with the binary form of its [Lifetimes].
func (t Triangle) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, 'T', 1)
	cohorts := t.Cohorts()
	b = wire.Uint(b, uint64(len(cohorts)))
	for _, p := range cohorts {
		l, err := t.cohorts[p].MarshalBinary()
		if err != nil {
			return nil, err
		}
		b = wire.String(wire.Period(b, p), string(l))
	}
	return b, nil
}

// UnmarshalBinary replaces t with what [Triangle.MarshalBinary] encoded. It takes time and memory in proportion to the text,
// and accepts only what MarshalBinary returns for some spells.
//
// UnmarshalBinary returns an error ([ErrEncoding]), and changes nothing, if data is no such text.
func (t *Triangle) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'T', 1)
	var in Triangle
	var last salesops.Period
	for i := range r.Count(3) { // two dates and a length
		p := r.Period()
		l := new(Lifetimes)
		text := r.String()
		if !r.OK() {
			break
		}
		if err := l.UnmarshalBinary([]byte(text)); err != nil {
			return within("triangle/cohorts/"+strconv.Itoa(i), err)
		}
		if l.Len() == 0 || i > 0 && comparePeriods(last, p) >= 0 {
			r.Fail(errCohort)
			break
		}
		in.set(p, l)
		last = p
	}
	if err := r.Close(); err != nil {
		return errEncoding("triangle", err)
	}
	*t = in
	return nil
}

// triangleJSON is the JSON form of a [Triangle].
type triangleJSON struct {
	Cohorts []triangleCohort `json:"cohorts"`
}

type triangleCohort struct {
	Cohort    salesops.Period `json:"cohort"`
	Lifetimes json.RawMessage `json:"lifetimes"`
}

// MarshalJSON returns the cohorts in order of time, each with its lifetimes:
//
//	{"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-02-01"},"lifetimes":{"ticks":[…]}}]}
func (t Triangle) MarshalJSON() ([]byte, error) {
	out := triangleJSON{Cohorts: []triangleCohort{}}
	for _, p := range t.Cohorts() {
		l, err := t.cohorts[p].MarshalJSON()
		if err != nil {
			return nil, err
		}
		out.Cohorts = append(out.Cohorts, triangleCohort{p, l})
	}
	return json.Marshal(out)
}

// UnmarshalJSON replaces t with what [Triangle.MarshalJSON] encoded; null changes nothing.
//
// UnmarshalJSON returns an error ([ErrEncoding]), and changes nothing, if:
//   - text is no JSON of that form, or has a field that is not of it
//   - a cohort holds no day or no spell, or does not come after the one before
//   - [Lifetimes.UnmarshalJSON] refuses the lifetimes of a cohort
func (t *Triangle) UnmarshalJSON(text []byte) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil
	}
	var form triangleJSON
	if err := wire.StrictJSON(text, &form); err != nil {
		return errEncoding("triangle", err)
	}
	var in Triangle
	for i, c := range form.Cohorts {
		at := "triangle/cohorts/" + strconv.Itoa(i)
		l := new(Lifetimes)
		if len(c.Lifetimes) > 0 {
			if err := l.UnmarshalJSON(c.Lifetimes); err != nil {
				return within(at, err)
			}
		}
		switch {
		case c.Cohort.IsEmpty():
			return errEncoding(at, errEmptyPeriod)
		case l.Len() == 0 || i > 0 && comparePeriods(form.Cohorts[i-1].Cohort, c.Cohort) >= 0:
			return errEncoding(at, errCohort)
		}
		in.set(c.Cohort, l)
	}
	*t = in
	return nil
}

// within returns a fault with the place in which its own place is.
func within(place string, err error) error {
	var fault *Error
	if !errors.As(err, &fault) {
		return err
	}
	f := *fault
	f.Path = place + "/" + f.Path
	return &f
}
