package funnel

import (
	"errors"
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
	special     uint32 // not 0 if no event goes the short way
	begun       bool
	base        int64    // the time of the first event
	span        uint64   // how far from the base times may be
	width       uint64   // words of an entity
	words       []uint32 // of the entities, and as many more as a streamEntity is longer than that

	fetched uint32 // has no meaning: it is there so that what is fetched is

	tied  map[uint32]*moment // by entity: its moment, if that needs more than words
	exact *Matcher           // for such moments
}

// streamEntity is the words of an entity. Behind the constants below stand the starts of the chains that stand at the steps 1 to
// K; those behind are not its own. A chain that takes step k began at the word of step k-1, also if that is its first. Times are
// counted so that the base is the window plus 1: then 0, which is no chain, always lies outside the window, and need not be asked for.
//
// The moment of an entity is the events of its latest time. If it is a single event of a single step, as nearly always, the starts
// are those after it, and the step and what it replaced are kept in case that more events of that time come. Otherwise the
// moment is open: the starts are those before it, since all of its events are to be taken together.
type streamEntity [wordStarts + MaxSteps]uint32

const (
	wordMoment = iota // the start that the step of the moment replaced; if the moment is open, its steps
	wordFlags         // the level before the latest exclusion, the step of the moment if it is not open, and the flags below
	wordAt            // the time of the moment, 0 if there is none
	wordStarts
)

const (
	flagSeveral = 1 << 8  // an event of the moment satisfies several steps
	flagEvents  = 1 << 9  // several events of the moment satisfy a step
	flagOpen    = 1 << 10 // the moment is open
	flagBits    = flagSeveral | flagEvents | flagOpen
	stepShift   = 16
	levelBits   = flagSeveral - 1
)

// NewStream returns a stream that has read nothing, of so many entities; [Stream.Add] adds more.
//
// NewStream returns an error ([ErrInput]) if:
//   - an option is out of its range
//   - Order is not Ordered, or there is a stop
//   - entities is negative, or more than there is room for: 2^32 numbers at most
func NewStream(o FunnelOptions, entities int) (*Stream, error) {
	m, err := NewMatcher(o)
	if err != nil {
		return nil, err
	}
	window := uint32(min(o.Window, math.MaxInt32))
	s := &Stream{
		opt: o, all: o.all(), ending: o.ending(), window: window, span: math.MaxUint32 - 1 - uint64(window),
		width: uint64(wordStarts + o.Steps), exact: m,
	}
	if o.Anchor != LatestEntry {
		s.special = 1
	}
	var f faults
	f.ordered(o, "a stream")
	if most := int(min(math.MaxInt/8/s.width, 1<<32)); entities < 0 || entities > most {
		f.add(ErrInput, "", "entities", strconv.Itoa(entities), "must be 0 to "+strconv.Itoa(most))
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	s.words = make([]uint32, (entities-1)*int(s.width)+len(streamEntity{}))
	return s, nil
}

// Entities returns how many entities there are.
func (s *Stream) Entities() int {
	if s.width == 0 {
		return 0
	}
	return 1 + (len(s.words)-len(streamEntity{}))/int(s.width)
}

// Add reads the next event of an entity. An entity whose number is [Stream.Entities] is new and is added.
//
// Add returns an error ([ErrInput]), and changes nothing, if:
//   - the number of the entity is greater than that
//   - the event is before the first of the stream, or before the one of the same entity that was read last
//   - it is more than 2^32 units minus the window after the first of the stream, 2^31 if the window is longer than that: use
//     a coarser unit; seconds span 136 years
func (s *Stream) Add(entity uint32, e Event) error {
	i, after, steps := uint64(entity)*s.width, apart(s.base, e.At), e.Steps&s.all
	if i+uint64(len(streamEntity{})) > uint64(len(s.words)) || after > s.span || !s.begun {
		if err := s.admit(entity, e.At); err != nil {
			return err
		}
		after = apart(s.base, e.At)
	}
	if steps&(steps-1)|e.Void&s.ending|s.special != 0 {
		return s.addAny(entity, e)
	}
	if steps == 0 {
		return nil
	}
	// The short way, for nearly all events: those of a single step, behind a moment that is not open.
	w, at := (*streamEntity)(s.words[i:]), uint32(after)+1+s.window
	if at <= w[wordAt] || w[wordFlags]&flagBits != 0 {
		return s.addAny(entity, e)
	}
	w.step(steps, at, s.window)
	return nil
}

// AddRows reads rows in order of time, as [Stream.Add] does one by one, in about half the time if there are so many entities that
// their table does not fit in the caches of the processor.
//
// AddRows returns the error of Add for the first row that has one, with its place in the path. The rows before it have been read.
func (s *Stream) AddRows(rows []Row) error {
	const ahead = 64
	for i := range rows {
		if i%ahead == 0 {
			s.fetch(rows[i:min(i+ahead, len(rows))])
		}
		if err := s.Add(rows[i].Entity, rows[i].Event); err != nil {
			if e, ok := errors.AsType[*Error](err); ok {
				e.Path = "rows/" + strconv.Itoa(i) + "/" + e.Path
			}
			return err
		}
	}
	return nil
}

// fetch reads a word of each of the entities, so that all of them are on their way from memory at once.
func (s *Stream) fetch(rows []Row) {
	var sum uint32
	for i := range rows {
		if k := uint64(rows[i].Entity)*s.width + wordAt; k < uint64(len(s.words)) {
			sum += s.words[k]
		}
	}
	s.fetched = sum
}

// step makes a moment of a single step. No branch depends on the words, as they are slow to come from memory.
func (w *streamEntity) step(steps, at, window uint32) {
	w[wordAt] = at
	k := uint32(bits.TrailingZeros32(steps)) % MaxSteps
	from, before := w[wordAt+k], w[wordStarts+k]
	if at-from > window {
		from = 0
	}
	w[wordStarts+k] = max(before, from)
	w[wordMoment], w[wordFlags] = before, w[wordFlags]&levelBits|k<<stepShift
}

// admit adds the entity if it is new, and begins the stream if this is its first event.
func (s *Stream) admit(entity uint32, at int64) error {
	bad := func(path, value, msg string) error {
		return &Error{Path: path, Value: value, Msg: msg, Err: ErrInput}
	}
	switch n := uint64(s.Entities()); {
	case s.width == 0:
		return bad("stream", "", "must be made by NewStream")
	case uint64(entity) > n:
		return bad("entity", strconv.FormatUint(uint64(entity), 10), "is more than the number of entities, "+strconv.FormatUint(n, 10)+
			": number them from 0 without gaps, or tell NewStream how many there are")
	case s.begun && at < s.base:
		return bad("at", strconv.FormatInt(at, 10), "is before the first event of the stream, "+strconv.FormatInt(s.base, 10)+": sort events by time")
	case s.begun && apart(s.base, at) > s.span:
		return bad("at", strconv.FormatInt(at, 10), "is more than "+strconv.FormatUint(s.span, 10)+" units after the first event of the stream, "+
			strconv.FormatInt(s.base, 10)+": use a coarser unit of time, such as seconds")
	case uint64(entity) == n:
		s.words = append(s.words, make([]uint32, s.width)...)
	}
	if !s.begun {
		s.base, s.begun = at, true
	}
	return nil
}
