package funnel

import (
	"math"
	"math/bits"
	"strconv"
)

// Stream finds how far each of many entities came through a funnel, in one pass over the events of all of them in order of
// time, as a log or a queue has them. It keeps no events: an entity takes 4 (K+3) bytes for a funnel of K steps, 32 for 5
// steps, whatever the number of its events.
//
// Entities are numbers from 0 without gaps, since they are places in a table. Number others in the order in which they
// appear:
//
//	n, ok := numbers[event.Account]
//	if !ok {
//		n = uint32(len(numbers))
//		numbers[event.Account] = n
//	}
//	err := stream.Add(n, …)
//
// The levels are those of [Deepest], for funnels of the Order Ordered and without stops. For the chains themselves, their
// times and their events, see [MatchRows].
//
// A Stream has to be made by [NewStream]. It must not be used from several goroutines at once.
type Stream struct {
	opt         FunnelOptions
	all, ending uint32
	window      uint32
	width       int      // words of an entity
	words       []uint32 // of the entities, as the constants say
	base        int64    // the time of the first event
	begun       bool

	tied  map[uint32]*moment // by entity: its moment, if that needs more than words
	exact *Matcher           // for such moments
}

// The words of an entity: the level before its moment, which is the events of its latest time, then the moment, then the
// starts of the chains that stand before it at the steps from 1 to the last but one. Times are counted from the base, which
// is 1; 0 is none.
const (
	wordLevel = iota // and the flags below
	wordAt
	wordSteps
	wordVoid
	wordStarts
)

const (
	flagSeveral = 1 << 8 // an event of the moment satisfies several steps
	flagEvents  = 1 << 9 // several events of the moment satisfy a step
	levelBits   = flagSeveral - 1
)

// NewStream returns a stream that has read nothing, of so many entities; [Stream.Add] adds more.
//
// NewStream returns an error ([ErrInput]) if:
//   - an option is out of its range
//   - Order is not Ordered, or there is a stop
//   - entities is negative, or more than there is room for
func NewStream(o FunnelOptions, entities int) (*Stream, error) {
	m, err := NewMatcher(o)
	if err != nil {
		return nil, err
	}
	s := &Stream{
		opt: o, all: o.all(), ending: o.ending(), window: uint32(min(o.Window, math.MaxUint32)),
		width: wordStarts + o.Steps - 1, exact: m,
	}
	var f faults
	if o.Order != Ordered {
		f.add(ErrInput, "", "options/order", string(o.Order), "is not for streams, which are Ordered: match rows instead")
	}
	if o.StopAtRepeat || o.StopAtSkip || o.StopAtOther {
		f.add(ErrInput, "", "options", "", "must have no stop in a stream: match rows instead")
	}
	if most := math.MaxInt / 8 / s.width; entities < 0 || entities > most {
		f.add(ErrInput, "", "entities", strconv.Itoa(entities), "must be 0 to "+strconv.Itoa(most))
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	s.words = make([]uint32, entities*s.width)
	return s, nil
}

// Entities returns how many entities there are.
func (s *Stream) Entities() int { return len(s.words) / s.width }

// Add reads the next event of an entity. An entity whose number is [Stream.Entities] is new and is added.
//
// Add returns an error ([ErrInput]), and changes nothing, if:
//   - the number of the entity is greater than that
//   - the event is before the first of the stream, or before the one of the same entity that was read last
//   - it is 2^32-1 units or more after the first of the stream: use a coarser unit, as seconds span 136 years
func (s *Stream) Add(entity uint32, e Event) error {
	steps, void := e.Steps&s.all, e.Void&s.ending
	i, after := uint64(entity)*uint64(s.width), apart(s.base, e.At)
	if i >= uint64(len(s.words)) || e.At < s.base || after >= math.MaxUint32 || !s.begun {
		if err := s.admit(entity, e.At); err != nil {
			return err
		}
		after = apart(s.base, e.At)
	}
	w, at := s.words[i:i+uint64(s.width)], uint32(after)+1
	switch last := w[wordAt]; {
	case steps|void == 0:
	case at < last:
		return &Error{
			ID: strconv.FormatUint(uint64(entity), 10), Path: "at", Value: strconv.FormatInt(e.At, 10), Err: ErrInput,
			Msg: "is before the event of the entity that was read last: sort events by time",
		}
	case at == last && s.opt.Ties != TiesBySeq:
		s.join(entity, w, steps, void)
	default:
		level := s.settle(entity, w)
		if len(s.tied) > 0 {
			delete(s.tied, entity)
		}
		if steps&(steps-1) != 0 {
			level |= flagSeveral
		}
		w[wordLevel], w[wordAt], w[wordSteps], w[wordVoid] = level, at, steps, void
	}
	return nil
}

// admit adds the entity if it is new, and begins the stream if this is its first event.
func (s *Stream) admit(entity uint32, at int64) error {
	bad := func(path, value, msg string) error {
		return &Error{Path: path, Value: value, Msg: msg, Err: ErrInput}
	}
	switch n := uint64(s.Entities()); {
	case uint64(entity) > n:
		return bad("entity", strconv.FormatUint(uint64(entity), 10), "is more than the number of entities, "+strconv.FormatUint(n, 10)+
			": number them from 0 without gaps, or tell NewStream how many there are")
	case s.begun && at < s.base:
		return bad("at", strconv.FormatInt(at, 10), "is before the first event of the stream, "+strconv.FormatInt(s.base, 10)+": sort events by time")
	case s.begun && apart(s.base, at) >= math.MaxUint32:
		return bad("at", strconv.FormatInt(at, 10), "is 2^32-1 units or more after the first event of the stream, "+
			strconv.FormatInt(s.base, 10)+": use a coarser unit of time, such as seconds")
	case uint64(entity) == n:
		s.words = append(s.words, make([]uint32, s.width)...)
	}
	if !s.begun {
		s.base, s.begun = at, true
	}
	return nil
}

// join adds an event to the moment of an entity.
func (s *Stream) join(entity uint32, w []uint32, steps, void uint32) {
	if steps != 0 && w[wordSteps] != 0 {
		if s.opt.Ties == TiesAsOrdered && !s.opt.Reuse && (w[wordLevel]&flagSeveral != 0 || steps&(steps-1) != 0) {
			s.tie(entity, w, steps)
		}
		w[wordLevel] |= flagEvents
	}
	if steps&(steps-1) != 0 {
		w[wordLevel] |= flagSeveral
	}
	w[wordSteps] |= steps
	w[wordVoid] |= void
}

// settle takes the moment of an entity: it puts the starts after it into w, and returns the level.
func (s *Stream) settle(entity uint32, w []uint32) (level uint32) {
	flags := w[wordLevel]
	level = flags & levelBits
	if level == uint32(s.opt.Steps) {
		return level
	}
	starts, at := w[wordStarts:], w[wordAt]
	for void := w[wordVoid]; void != 0; void &= void - 1 {
		starts[bits.TrailingZeros32(void)] = 0
	}
	steps := w[wordSteps]
	if steps&(steps-1) != 0 && s.opt.Ties != TiesStrict && (s.opt.Reuse || flags&flagEvents != 0) {
		if flags&flagSeveral != 0 && !s.opt.Reuse {
			return s.untie(entity, w)
		}
		for ; steps != 0; steps &= steps - 1 { // a chain can take several steps
			level = s.take(starts, bits.TrailingZeros32(steps), at, level)
		}
		return level
	}
	for steps != 0 { // a chain can take one step, so each has to be taken from what stood before
		k := bits.Len32(steps) - 1
		level = s.take(starts, k, at, level)
		steps &^= 1 << k
	}
	return level
}

// take takes step k, counted from 0, at a time, and returns the level after it.
func (s *Stream) take(starts []uint32, k int, at, level uint32) uint32 {
	from := at
	if k > 0 {
		from = starts[k-1]
		if from == 0 || at-from > s.window {
			return level
		}
	} else if s.opt.Anchor == FirstEntry && level > 0 {
		return level
	}
	if k < len(starts) {
		starts[k] = max(starts[k], from)
	}
	return max(level, uint32(k)+1)
}

// tie adds an event to a moment in which an event satisfies several steps and fills one of them, so that it matters which.
func (s *Stream) tie(entity uint32, w []uint32, steps uint32) {
	d := s.tied[entity]
	if d == nil {
		if s.tied == nil {
			s.tied = make(map[uint32]*moment)
		}
		d = &moment{index: make([]int, s.opt.Steps)}
		s.tied[entity] = d
		d.begin(int64(w[wordAt]))
		if before := w[wordSteps]; w[wordLevel]&flagSeveral != 0 {
			d.add(before, 0, 0)
		} else {
			for ; before != 0; before &= before - 1 {
				d.add(before&-before, 0, 0)
			}
		}
	}
	d.add(steps, 0, 0)
}

// untie is settle for such a moment.
func (s *Stream) untie(entity uint32, w []uint32) (level uint32) {
	m := s.exact
	m.Reset()
	m.moment = *s.tied[entity]
	m.unread, m.entered = true, w[wordLevel]&levelBits > 0
	m.before.best.level = int(w[wordLevel] & levelBits)
	for k, start := range w[wordStarts:] {
		if start != 0 {
			m.before.chains[k] = openChain{start: int64(start), chain: 1}
		}
	}
	level = uint32(m.level())
	for k := range w[wordStarts:] {
		w[wordStarts+k] = uint32(m.now.chains[k].start)
	}
	return level
}
