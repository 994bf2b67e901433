package funnel

import (
	"math/bits"
	"strconv"
)

// addAny reads any event.
func (s *Stream) addAny(entity uint32, e Event) error {
	w, at := s.entity(entity), uint32(apart(s.base, e.At))+1+s.window
	steps, void := e.Steps&s.all, e.Void&s.ending
	switch {
	case steps|void == 0:
		return nil
	case at < w[wordAt]:
		return &Error{
			ID: strconv.FormatUint(uint64(entity), 10), Path: "at", Value: strconv.FormatInt(e.At, 10), Err: ErrInput,
			Msg: "is before the event of the entity that was read last: sort events by time",
		}
	case at == w[wordAt] && s.opt.Ties != TiesBySeq:
		w.open()
	default:
		s.settle(entity, w)
		if len(s.tied) > 0 {
			delete(s.tied, entity)
		}
		w[wordFlags] &= levelBits
		if steps&(steps-1)|void|s.special == 0 {
			w.step(steps, at, s.window)
			return nil
		}
		w[wordMoment], w[wordFlags], w[wordAt] = 0, w[wordFlags]|flagOpen, at
	}
	s.join(entity, w, steps, void)
	return nil
}

// open opens the moment, so that other events can join.
func (w *streamEntity) open() {
	if w[wordFlags]&flagOpen != 0 {
		return
	}
	k := w[wordFlags] >> stepShift
	w[wordStarts+k], w[wordMoment] = w[wordMoment], 1<<k
	w[wordFlags] = w[wordFlags]&levelBits | flagOpen
}

// join adds an event to a moment that is open.
func (s *Stream) join(entity uint32, w *streamEntity, steps, void uint32) {
	if void != 0 {
		w[wordFlags] = w[wordFlags]&^levelBits | s.level(w)
		for ; void != 0; void &= void - 1 {
			w[wordStarts+bits.TrailingZeros32(void)] = 0
		}
	}
	if steps == 0 {
		return
	}
	several := steps&(steps-1) != 0
	if w[wordMoment] != 0 {
		if s.opt.Ties == TiesAsOrdered && !s.opt.Reuse && (several || w[wordFlags]&flagSeveral != 0) {
			s.tie(entity, w, steps)
		}
		w[wordFlags] |= flagEvents
	}
	if several {
		w[wordFlags] |= flagSeveral
	}
	w[wordMoment] |= steps
}

func (s *Stream) entity(entity uint32) *streamEntity {
	return (*streamEntity)(s.words[uint64(entity)*s.width:])
}

// level returns the level that the starts of an entity show.
func (s *Stream) level(w *streamEntity) uint32 {
	level := w[wordFlags] & levelBits
	for k := uint32(s.opt.Steps); k > level; k-- {
		if w[wordAt+k] != 0 {
			return k
		}
	}
	return level
}

// settle takes the moment of an entity, if it is open: it puts the starts after it in place of those before it.
func (s *Stream) settle(entity uint32, w *streamEntity) {
	if w[wordFlags]&flagOpen == 0 {
		return
	}
	steps := w[wordMoment]
	if steps&(steps-1) != 0 && s.opt.Ties != TiesStrict && (s.opt.Reuse || w[wordFlags]&flagEvents != 0) {
		if w[wordFlags]&flagSeveral != 0 && !s.opt.Reuse {
			s.untie(entity, w)
			return
		}
		for ; steps != 0; steps &= steps - 1 { // a chain can take several steps
			s.take(w, bits.TrailingZeros32(steps))
		}
		return
	}
	for steps != 0 { // a chain can take one step, so that each is taken from what stood before
		k := bits.Len32(steps) - 1
		s.take(w, k)
		steps &^= 1 << k
	}
}

// take takes step k, counted from 0.
func (s *Stream) take(w *streamEntity, k int) {
	from := w[wordAt+k]
	if w[wordAt]-from <= s.window && (k > 0 || s.opt.Anchor != FirstEntry || s.level(w) == 0) {
		w[wordStarts+k] = max(w[wordStarts+k], from)
	}
}

// tie adds an event to a moment in which events satisfy several steps and fill one of them, so that it matters which.
func (s *Stream) tie(entity uint32, w *streamEntity, steps uint32) {
	d := s.tied[entity]
	if d == nil {
		if s.tied == nil {
			s.tied = make(map[uint32]*moment)
		}
		d = &moment{index: make([]int, s.opt.Steps)}
		s.tied[entity] = d
		d.begin(int64(w[wordAt]))
		if before := w[wordMoment]; w[wordFlags]&flagSeveral != 0 {
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
func (s *Stream) untie(entity uint32, w *streamEntity) {
	m, level := s.exact, s.level(w)
	m.Reset()
	m.moment = *s.tied[entity]
	m.before.best.level = int(level)
	m.unread, m.entered = true, level > 0
	for k := range s.opt.Steps {
		if start := w[wordStarts+k]; start != 0 {
			m.before.chains[k] = openChain{start: int64(start), chain: 1}
		}
	}
	m.settle()
	for k := range s.opt.Steps {
		w[wordStarts+k] = uint32(m.now.chains[k].start)
	}
}
