package funnel

import (
	"encoding/json"
	"errors"

	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of encodings of slices.
var (
	errOptions = errors.New("has options that are not those of a slice")
	errSlice   = errors.New("has times that no events make")
)

// MarshalBinary returns the slice in binary form, which depends on nothing but its options and the times that its events make.
// It holds no more events of its last time when it is decoded.
func (s Slice) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, 'S', 1)
	b = wire.Uint(b, uint64(s.opt.Steps))
	if s.opt.Steps == 0 {
		return b, nil
	}
	b = wire.String(wire.Int(b, s.opt.Window), string(s.opt.Ties))
	b = wire.String(wire.Uint(b, oneIf(s.opt.Reuse)), string(s.opt.Anchor))
	b = wire.Uint(b, oneIf(s.begun))
	if !s.begun {
		return b, nil
	}
	out := s.settled()
	b = wire.Uint(wire.Int(b, out.first), apart(out.first, out.last))
	for _, done := range out.done {
		b = out.appendTimes(b, done)
	}
	return out.appendTimes(b, out.starts), nil
}

// appendTimes appends times as their distances from the first of the slice.
func (s *Slice) appendTimes(b []byte, times []int64) []byte {
	b = wire.Uint(b, uint64(len(times)))
	for _, t := range times {
		b = wire.Uint(b, apart(s.first, t))
	}
	return b
}

func oneIf(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}

// UnmarshalBinary replaces s by the slice in binary form. It returns an error ([ErrEncoding]), and leaves s as it is, if data is
// not what [Slice.MarshalBinary] returns for any slice.
func (s *Slice) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'S', 1)
	in := readSlice(r)
	if err := r.Close(); err != nil {
		return errEncoding("slice", err)
	}
	*s = *in
	return nil
}

func readSlice(r *wire.Reader) *Slice {
	o := FunnelOptions{Steps: int(r.Natural(MaxSteps))}
	if o.Steps == 0 {
		return new(Slice)
	}
	o.Window, o.Ties = r.Int(), Ties(r.String())
	o.Reuse, o.Anchor = r.Natural(1) == 1, Anchor(r.String())
	begun := r.Natural(1) == 1
	if !r.OK() {
		return nil
	}
	s, err := NewSlice(o)
	if err != nil {
		r.Fail(errOptions)
		return nil
	}
	if !begun {
		return s
	}
	s.begun, s.closed = true, true
	s.first = r.Int()
	s.last = s.readTime(r)
	for j := range s.done {
		s.done[j] = s.readTimes(r, s.done[j])
	}
	s.starts = s.readTimes(r, s.starts)
	if !s.sound() {
		r.Fail(errSlice)
	}
	return s
}

func (s *Slice) readTimes(r *wire.Reader, times []int64) []int64 {
	for range r.Natural(int64(cap(times))) {
		times = append(times, s.readTime(r))
	}
	return times
}

func (s *Slice) readTime(r *wire.Reader) int64 {
	after := r.Uint()
	if after > apart(s.first, 1<<63-1) {
		r.Fail(errSlice)
	}
	return int64(uint64(s.first) + after)
}

// sound reports whether the times are such as events make: steps are completed one after the other, sooner if there are fewer
// of them, and a chain that comes farther did not begin later.
func (s *Slice) sound() bool {
	in := func(t int64) bool { return s.first <= t && t <= s.last }
	for j, done := range s.done {
		for i, t := range done {
			if !in(t) || i > 0 && (t < done[i-1] || len(s.done[j+1]) < i || s.done[j+1][i-1] > t) {
				return false
			}
		}
	}
	if len(s.starts) > len(s.done[0]) || len(s.starts) == 0 && len(s.done[0]) > 0 {
		return false
	}
	for k, t := range s.starts {
		if !in(t) || t < s.done[0][0] || k > 0 && t > s.starts[k-1] {
			return false
		}
	}
	return true
}

// sliceJSON is the JSON form of a slice.
type sliceJSON struct {
	Options *FunnelOptions `json:"options,omitempty"`
	First   *int64         `json:"first,omitempty"`
	Last    *int64         `json:"last,omitempty"`
	Done    [][]int64      `json:"done,omitempty"`
	Starts  []int64        `json:"starts,omitempty"`
}

// MarshalJSON returns the options, the times of the first and the last event, and the times that they make: when a chain that
// comes to the slice at each level is done with the steps behind it, and the latest starts of the chains that begin in the
// slice, by the step that they come to.
func (s Slice) MarshalJSON() ([]byte, error) {
	var j sliceJSON
	if s.opt.Steps > 0 {
		j.Options = &s.opt
	}
	if s.begun {
		out := s.settled()
		j.First, j.Last, j.Done, j.Starts = &out.first, &out.last, out.done, out.starts
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces s by the slice in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves s as it
// is, if data is not what [Slice.MarshalJSON] returns for any slice, but for white space, the order of fields and the case of
// their names.
func (s *Slice) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j sliceJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("slice", err)
	}
	in, err := j.slice()
	if err != nil {
		return errEncoding("slice", err)
	}
	*s = *in
	return nil
}

func (j *sliceJSON) slice() (*Slice, error) {
	s := new(Slice)
	if j.Options != nil {
		var err error
		if s, err = NewSlice(*j.Options); err != nil {
			return nil, errOptions
		}
	}
	if j.First == nil && j.Last == nil && j.Done == nil && j.Starts == nil {
		return s, nil
	}
	if j.First == nil || j.Last == nil || *j.First > *j.Last || len(j.Done) != len(s.done) || len(s.done) == 0 || len(j.Starts) > s.opt.Steps {
		return nil, errSlice
	}
	s.begun, s.closed, s.first, s.last = true, true, *j.First, *j.Last
	for i, done := range j.Done {
		if len(done) > s.opt.Steps-i {
			return nil, errSlice
		}
		s.done[i] = append(s.done[i], done...)
	}
	s.starts = append(s.starts, j.Starts...)
	if !s.sound() {
		return nil, errSlice
	}
	return s, nil
}
