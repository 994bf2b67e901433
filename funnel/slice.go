package funnel

import (
	"math/bits"
	"slices"
	"strconv"
)

// Slice is what a slice of time does to the chains of one entity: which steps its events complete, for a chain that comes to
// it at any level, and which chains begin in it. Slices that follow each other join into longer ones ([Slice.Then]) without
// the events: keep one a day, and any span of days has its level, windows across days included.
//
// Joining is associative, so that slices may be joined in any grouping, as in a segment tree, but not in any order. The zero
// value holds no event and is the identity. Slices that were joined or decoded, and those of another day, must not hold events
// of the same time, as events of one time have to be read together; so cut where there is none, or at midnight.
//
// A slice of a funnel of K steps takes some 4 K (K+9) bytes. It must not be copied once in use, nor used from several goroutines
// while one of them changes it.
type Slice struct {
	opt         FunnelOptions
	first, last int64
	begun       bool
	closed      bool // no more events of the time last may be added

	// The state after all events before the moment. For a chain that has come to step j and not further done[j] holds when
	// the slice completes step j+1, j+2 and so on, at the earliest; starts holds the latest starts of the chains that begin in
	// the slice, by the step that they come to.
	done   [][]int64
	starts []int64
	moment moment // the events of the time last, or one of them if they have an order
}

// NewSlice returns a slice without events.
//
// NewSlice returns an error ([ErrInput]) if:
//   - an option is out of its range
//   - Order is not Ordered, or there is a stop
func NewSlice(o FunnelOptions) (*Slice, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	var f faults
	f.ordered(o, "a slice")
	if err := f.err(); err != nil {
		return nil, err
	}
	return newSlice(o), nil
}

// ordered tells options that need all events of an entity from its first on.
func (f *faults) ordered(o FunnelOptions, what string) {
	if o.Order != Ordered {
		f.add(ErrInput, "", "options/order", string(o.Order), "is not for "+what+", which is Ordered: use a Matcher, or match rows")
	}
	if o.StopAtRepeat || o.StopAtSkip || o.StopAtOther {
		f.add(ErrInput, "", "options", "", "must have no stop for "+what+": use a Matcher, or match rows")
	}
}

func newSlice(o FunnelOptions) *Slice {
	s := &Slice{opt: o, done: make([][]int64, o.Steps)}
	times := make([]int64, o.Steps*(o.Steps+3)/2)
	for j := range s.done {
		n := o.Steps - j
		s.done[j], times = times[:0:n], times[n:]
	}
	s.starts = times[:0]
	s.moment.index = make([]int, o.Steps)
	return s
}

// Add adds the next event.
//
// Add returns an error ([ErrInput]), and changes nothing, if:
//   - the slice was not made by [NewSlice], nor joined with one that was
//   - the event has an exclusion, as the effect of these depends on more than a slice keeps
//   - it is before an event that the slice holds, or of the time of one that was joined or decoded
func (s *Slice) Add(e Event) error {
	steps := e.Steps & s.opt.all()
	switch bad := s.refuse(e); {
	case bad != nil:
		return bad
	case steps == 0:
		return nil
	}
	if !s.begun {
		s.begun, s.first = true, e.At
		s.moment.begin(e.At)
	} else if e.At > s.last || s.opt.Ties == TiesBySeq {
		s.settle()
		s.moment.begin(e.At)
	}
	s.last, s.closed = e.At, false
	s.moment.add(steps, 0, 0)
	return nil
}

// refuse tells why an event cannot be added.
func (s *Slice) refuse(e Event) error {
	bad := func(path string, value int64, msg string) error {
		return &Error{Path: path, Value: strconv.FormatInt(value, 10), Msg: msg, Err: ErrInput}
	}
	switch {
	case s.opt.Steps == 0:
		return &Error{Msg: "a slice without options takes no events: make it with NewSlice", Err: ErrInput}
	case e.Void&s.opt.ending() != 0:
		return bad("void", int64(e.Void), "must be 0 in a slice: use a Matcher, or match rows")
	case s.begun && e.At < s.last:
		return bad("at", e.At, "is before the event that was added last: sort events by time")
	case s.begun && e.At == s.last && s.closed:
		return bad("at", e.At, "is the time of an event of a slice that was joined or decoded: events of one time belong in one slice")
	}
	return nil
}

// settle takes the moment into the state.
func (s *Slice) settle() {
	d := &s.moment
	low := d.lows(s.opt)
	for j, done := range s.done {
		// The chain stands at each step from j to this one, and can go on from there.
		at := j + len(done)
		for k := at; d.steps>>k&1 != 0 && low[k] <= at; k++ {
			s.done[j] = append(s.done[j], d.at)
		}
	}
	var before [MaxSteps]int64
	n := copy(before[:], s.starts)
	for rest := d.steps; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros32(rest)
		from, ok := d.at, n == 0 || s.opt.Anchor != FirstEntry
		if j := max(low[k], 1); low[k] > 0 || !ok { // of the chains that stood before, the first is the latest
			if ok = j <= min(k, n); ok {
				from = before[j-1]
			}
		}
		if ok && s.within(from, d.at) {
			s.start(k, from)
		}
	}
	d.steps = 0
}

// start notes that a chain that began at a time has come to step k+1.
func (s *Slice) start(k int, from int64) {
	if k == len(s.starts) {
		s.starts = append(s.starts, from)
	} else {
		s.starts[k] = max(s.starts[k], from)
	}
}

func (s *Slice) within(from, at int64) bool {
	return s.opt.Window == NoWindow || apart(from, at) <= uint64(s.opt.Window)
}

// lows returns for each step of the moment the lowest level from which a chain can take it then, with all steps between.
func (d *moment) lows(o FunnelOptions) (low [MaxSteps]int) {
	through := o.Ties != TiesStrict && (o.Reuse || d.events > 1) // a chain can take several steps
	tied := through && d.several && !o.Reuse                     // each with an event of its own
	if tied {
		d.free(MaxSteps)
	}
	from := 0
	for rest := d.steps; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros32(rest)
		if !through || k == 0 || d.steps>>(k-1)&1 == 0 {
			from = k
		}
		for tied {
			d.free(from)
			if ok, _ := d.fill(k, 0); ok {
				break
			}
			from++
		}
		low[k] = from
	}
	return low
}

// Level returns how far a chain comes that begins in the slice, 0 if none does: for a slice with all events of an entity that
// is what [Deepest] says.
func (s *Slice) Level() int { return len(s.settled().starts) }

// settled returns the slice without a moment: itself, or a copy.
func (s *Slice) settled() *Slice {
	if s.moment.steps == 0 {
		return s
	}
	c := newSlice(s.opt)
	c.first, c.last, c.begun = s.first, s.last, s.begun
	for j := range s.done {
		c.done[j] = append(c.done[j], s.done[j]...)
	}
	c.starts = append(c.starts, s.starts...)
	c.moment = s.moment
	c.moment.index, c.moment.tied = nil, slices.Clone(s.moment.tied)
	c.settle()
	return c
}

// Then returns s and behind it o, as one slice; both stay as they are. nil is a slice without events.
//
// For K steps it takes O(K³) time.
//
// Then returns an error ([ErrMismatch]) if:
//   - the options are not the same
//   - o does not begin after the end of s
func (s *Slice) Then(o *Slice) (*Slice, error) {
	if o == nil {
		o = new(Slice)
	}
	a, b := s.settled(), o.settled()
	switch {
	case a.opt.Steps > 0 && b.opt.Steps > 0 && a.opt != b.opt:
		return nil, &Error{Path: "options", Msg: "are not those of the other slice", Err: ErrMismatch}
	case a.begun && b.begun && b.first <= a.last:
		return nil, &Error{
			Path: "first", Value: strconv.FormatInt(b.first, 10), Err: ErrMismatch,
			Msg: "is not after the end of the slice before it, " + strconv.FormatInt(a.last, 10) + ": slices follow each other, and events of one time belong in one",
		}
	}
	out := new(Slice)
	if steps := max(a.opt.Steps, b.opt.Steps); steps > 0 {
		out = newSlice(a.opt)
		if a.opt.Steps == 0 {
			out = newSlice(b.opt)
		}
	}
	switch {
	case !a.begun:
		out.take(b)
	case !b.begun:
		out.take(a)
	default:
		out.join(a, b)
	}
	return out, nil
}

// take makes s, which is empty, a copy of o, which is settled.
func (s *Slice) take(o *Slice) {
	s.first, s.last, s.begun, s.closed = o.first, o.last, o.begun, true
	for j := range o.done {
		s.done[j] = append(s.done[j], o.done[j]...)
	}
	s.starts = append(s.starts, o.starts...)
}

// join makes s, which is empty, what a and then b do. A chain that a takes from step j to step m goes on from there in b.
func (s *Slice) join(a, b *Slice) {
	s.take(a)
	s.last = b.last
	for j, done := range a.done {
		for k := j + len(done); k < s.opt.Steps; k++ {
			earliest, ok := b.earliest(j, j+len(done), k)
			if !ok {
				break
			}
			s.done[j] = append(s.done[j], earliest)
		}
	}
	for k := range s.opt.Steps {
		if k < len(b.starts) && (len(a.starts) == 0 || s.opt.Anchor != FirstEntry) {
			s.start(k, b.starts[k])
			continue
		}
		for m := range min(k, len(a.starts)) { // the first is the latest
			if i := k - m - 1; i < len(b.done[m+1]) && s.within(a.starts[m], b.done[m+1][i]) {
				s.start(k, a.starts[m])
				break
			}
		}
	}
}

// earliest returns when step k+1 is completed by a chain that comes at any of the levels from lo to hi.
func (s *Slice) earliest(lo, hi, k int) (at int64, ok bool) {
	for j := lo; j <= hi; j++ {
		if i := k - j; i < len(s.done[j]) && (!ok || s.done[j][i] < at) {
			at, ok = s.done[j][i], true
		}
	}
	return at, ok
}
