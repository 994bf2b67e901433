package funnel

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// Matcher finds how far one entity came through a funnel, from events that come one by one in order of time. After any of them
// it says what [Deepest] says of the events so far.
//
// For K steps it takes O(K²) memory, whatever the number of events; an event takes O(K) time, and no allocation once the buffers
// have grown. Only where several events of the same time satisfy several steps each, with [TiesAsOrdered] and without
// [FunnelOptions.Reuse], it takes up to O(K³) time to find which event fills which step.
//
// A Matcher has to be made by [NewMatcher]: the zero Matcher takes no event. It must not be used from several goroutines at once.
type Matcher struct {
	opt         FunnelOptions
	all, ending uint32 // the bits of Event.Steps and Event.Void that are read
	window      uint64 // the greatest there is without one
	bySeq       bool   // each event is a moment of its own
	others      bool   // events that satisfy no step matter

	n    int   // events read
	last int64 // the time of the latest

	// A moment is the events of one time, or a single event if those of one time have an order. The state after it is always
	// computed from the state before it, so that it does not matter how the events of a moment stand.
	moment      moment
	unread      bool // now does not show the moment yet
	entered     bool // the first step was taken before the moment
	over        bool // nothing that comes can change now
	before, now *matchState
	chains      chainStore

	any *anyOrder // nil unless the steps may be taken in any order
}

// matchState is the chains that stand: of all those of a level only the one that began last, as it can do what the others can.
type matchState struct {
	chains []openChain // by level - 1
	best   bestChain
}

// openChain is a chain that stands. Its zero value is none.
type openChain struct {
	start int64
	chain int32
}

// bestChain is the chain to be reported.
type bestChain struct {
	openChain

	level  int
	alive  bool // it can still be ended by an exclusion
	voided bool
}

// NewMatcher returns a matcher that has read nothing. It returns an error ([ErrInput]) if the options are not sound; it lists all
// of their faults.
func NewMatcher(o FunnelOptions) (*Matcher, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	m := &Matcher{
		opt: o, all: o.all(), ending: o.ending(), window: uint64(o.Window),
		bySeq: o.Ties == TiesBySeq, others: o.Order == StrictOrder || o.StopAtOther,
	}
	if o.Window == NoWindow {
		m.window = math.MaxUint64
	}
	if o.Order == AnyOrder {
		m.any = newAnyOrder(o)
		return m, nil
	}
	open := make([]openChain, 2*o.Steps)
	state := &[2]matchState{{chains: open[:o.Steps]}, {chains: open[o.Steps:]}}
	m.before, m.now = &state[0], &state[1]
	m.moment.index = make([]int, o.Steps)
	m.chains = newChains(o.Steps)
	return m, nil
}

// Add reads the next event and returns the level so far, which only an exclusion of the same time can take back. If the event is
// before the one that was read last Add returns an error ([ErrInput]), and the matcher is unchanged.
func (m *Matcher) Add(e Event) (level int, err error) {
	if err := m.read(e); err != nil {
		return 0, err
	}
	return m.level(), nil
}

// Match returns how far the entity came so far, with the chain that says so.
func (m *Matcher) Match() Match {
	var out Match
	if m.opt.Steps > 0 {
		m.into(&out)
	}
	return out
}

// Reset makes the matcher as new, for the next entity.
func (m *Matcher) Reset() {
	m.n, m.unread, m.entered, m.over = 0, false, false, false
	switch {
	case m.any != nil:
		m.any.reset()
		return
	case m.opt.Steps == 0:
		return
	}
	clear(m.before.chains)
	clear(m.now.chains)
	m.before.best, m.now.best = bestChain{}, bestChain{}
	m.moment.begin(0)
	m.chains.reset()
}

// read takes in an event, without computing the level after it.
func (m *Matcher) read(e Event) error {
	switch {
	case m.n > 0 && e.At < m.last:
		return m.backwards(e.At)
	case m.opt.Steps == 0:
		return &Error{Path: "matcher", Msg: "must be made by NewMatcher", Err: ErrInput}
	}
	steps, void, i := e.Steps&m.all, e.Void&m.ending, m.n
	m.last = e.At
	m.n++
	switch {
	case m.over || steps|void == 0 && !m.others:
	case m.any != nil:
		m.any.read(m, steps, void, i)
	default:
		if m.bySeq || e.At != m.moment.at {
			m.turn(e.At)
		}
		if !m.over && m.moment.add(steps, void, i) {
			m.unread = true
		}
	}
	return nil
}

func (m *Matcher) backwards(at int64) error {
	return &Error{
		Path:  "events/" + strconv.Itoa(m.n) + "/at",
		Value: strconv.FormatInt(at, 10),
		Msg:   "is before " + strconv.FormatInt(m.last, 10) + ", the time of the event before it: sort the events by time",
		Err:   ErrInput,
	}
}

// turn begins a moment.
func (m *Matcher) turn(at int64) {
	m.settle()
	if m.now.best.level == m.opt.Steps {
		m.over = true
	}
	if m.over {
		return
	}
	m.entered = m.entered || m.moment.steps&1 != 0
	m.before, m.now = m.now, m.before
	m.chains.turn(m.before)
	m.moment.begin(at)
	m.unread = true
}

// settle computes the state after the events of the moment that have been read.
func (m *Matcher) settle() {
	if !m.unread {
		return
	}
	m.unread = false
	m.chains.undo()
	m.end(m.moment.void)
	m.now.best = m.before.best
	if m.opt.Order == StrictOrder {
		clear(m.now.chains)
		m.now.best.alive = false
	} else {
		copy(m.now.chains, m.before.chains)
	}
	switch {
	case m.opt.StopAtOther && m.moment.steps == 0 && m.now.best.level > 0:
		m.over = true
	case m.moment.several && m.moment.events > 1 && m.opt.Ties == TiesAsOrdered && !m.opt.Reuse:
		m.takeTied()
	default:
		m.take()
	}
}

// end ends the chains that an exclusion ends. More exclusions of the same moment can only end more of them.
func (m *Matcher) end(void uint32) {
	if b := &m.before.best; m.excludes(b, m.moment.at, void) {
		b.alive, b.voided = false, true
	}
	for ; void != 0; void &= void - 1 {
		m.before.chains[bits.TrailingZeros32(void)] = openChain{}
	}
}

// excludes reports whether exclusions end the chain to be reported.
func (m *Matcher) excludes(b *bestChain, at int64, void uint32) bool {
	return b.alive && void>>(b.level-1)&1 != 0 && m.within(b.start, at)
}

// take lets the chains take the steps of the moment. Of the chains that can take a step the one that began last does, if it began
// later than the one that stands there: of those that began at the same time the one that was there first stays.
func (m *Matcher) take() {
	d := &m.moment
	// Whether a chain can take several steps in this moment: one event may fill them, or several events do.
	through := m.opt.Ties != TiesStrict && (m.opt.Reuse || d.events > 1)
	for rest := d.steps; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros32(rest)
		if m.stops(k) {
			m.over = true
			return
		}
		from := openChain{start: d.at}
		if k > 0 {
			from = m.before.chains[k-1]
			if through && m.now.chains[k-1].later(from) {
				from = m.now.chains[k-1]
			}
			if from.chain == 0 || !m.within(from.start, d.at) {
				continue
			}
		} else if !m.begins() {
			continue
		}
		if from.begins(m.now.chains[k]) {
			m.reach(k, openChain{from.start, m.chains.add(d.at, d.index[k], from.chain)})
		}
	}
}

// stops reports whether reading stops at a step of the moment.
func (m *Matcher) stops(k int) bool {
	level := m.now.best.level
	return k > 0 && (m.opt.StopAtRepeat && k < level || m.opt.StopAtSkip && level > 0 && k > level)
}

// begins reports whether a chain may begin in the moment.
func (m *Matcher) begins() bool { return m.opt.Anchor != FirstEntry || !m.entered }

// reach puts a chain at level k+1.
func (m *Matcher) reach(k int, s openChain) {
	m.now.chains[k] = s
	if k+1 > m.now.best.level {
		m.now.best = bestChain{openChain: s, level: k + 1, alive: true}
	}
}

// within reports whether a chain that began at start may take a step at the time at.
func (m *Matcher) within(start, at int64) bool { return uint64(at)-uint64(start) <= m.window }

// later reports whether s stands and began later than the chain of t, if there is one.
func (s openChain) later(t openChain) bool { return s.chain != 0 && s.begins(t) }

// begins reports whether a chain that began when s did began later than the chain of t, if there is one.
func (s openChain) begins(t openChain) bool { return t.chain == 0 || s.start > t.start }

// level returns the level so far.
func (m *Matcher) level() int {
	if m.any != nil {
		return m.any.best.level
	}
	m.settle()
	return m.now.best.level
}

// into writes the match into out, whose memory it uses again.
func (m *Matcher) into(out *Match) {
	m.settle()
	*out = Match{Times: out.Times[:0], Index: out.Index[:0], Filled: out.Filled[:0]}
	if m.any != nil {
		m.any.into(out)
	} else {
		b := m.now.best
		out.Level, out.Voided = b.level, b.voided
		out.Times = slices.Grow(out.Times, b.level)[:b.level]
		out.Index = slices.Grow(out.Index, b.level)[:b.level]
		m.chains.list(b.chain, out.Times, out.Index)
	}
	if start, ok := m.latest(m.counted(), 0); ok && out.Level < m.opt.Steps && !m.over {
		out.Open, out.Until = true, math.MaxInt64
		if m.window <= math.MaxInt64 && start <= math.MaxInt64-m.opt.Window {
			out.Until = start + m.opt.Window
		}
	}
}

// counted returns the time of the latest event that can matter, which a caller may have dropped the others for.
func (m *Matcher) counted() int64 {
	if m.any != nil {
		return m.any.at
	}
	return m.moment.at
}

// latest returns the latest start of the chains that can still take a step at the time at, if exclusions come before it.
func (m *Matcher) latest(at int64, void uint32) (start int64, ok bool) {
	if m.any != nil {
		return m.any.latest(m, at, void)
	}
	m.settle()
	var to openChain
	for k, s := range m.now.chains {
		if void>>k&1 == 0 && m.within(s.start, at) && s.later(to) {
			to = s
		}
	}
	return to.start, to.chain != 0
}
