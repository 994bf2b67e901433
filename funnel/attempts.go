package funnel

// Attempts returns all attempts of an entity to come through a funnel, in order of time, given all of its events: the count that
// reports call totals, where Deepest is the one of uniques. An attempt begins with the first step (in [AnyOrder] with any). It ends
// when it is complete, or when none of its chains can go on: the window has passed, or an exclusion has ended them. The next event
// may begin another; no event belongs to two. With [TiesAsOrdered] and [TiesStrict] all events of the time at which an attempt is
// complete belong to it. With a stop, reading ends with the attempt in which it comes.
//
// With LatestEntry a first step within an open attempt does not begin another, but prolongs that one. Then the deepest attempt is
// as deep as [Deepest] says, and the first that is complete is its chain.
//
// Attempts returns the errors of [Deepest].
func Attempts(o FunnelOptions, events []Event) ([]Match, error) {
	m, err := NewMatcher(o)
	if err != nil {
		return nil, err
	}
	var out []Match
	for i, e := range events {
		if i == 0 || o.Ties == TiesBySeq || e.At != m.last {
			var void uint32
			for j := i; j < len(events) && (j == i || o.Ties != TiesBySeq && events[j].At == e.At); j++ {
				void |= events[j].Void & m.ending
			}
			if m.done(e.At, void) {
				out = append(out, m.closed(e.At, void))
				m.Reset()
				m.n = i
			}
		}
		if err := m.read(e); err != nil {
			return nil, err
		}
	}
	if m.level() > 0 {
		out = append(out, m.Match())
	}
	return out, nil
}

// done reports whether the attempt ends before the moment of that time, which begins with exclusions.
func (m *Matcher) done(at int64, void uint32) bool {
	switch m.level() {
	case 0:
		return false
	case m.opt.Steps:
		return true
	}
	_, ok := m.latest(at, void)
	return !ok && !m.over
}

// closed returns the match of an attempt that is done.
func (m *Matcher) closed(at int64, void uint32) Match {
	out := m.Match()
	out.Open, out.Until = false, 0
	if m.any != nil {
		out.Voided = out.Voided || void != 0 && m.any.excludes(m, at)
	} else {
		out.Voided = out.Voided || m.excludes(&m.now.best, at, void)
	}
	return out
}
