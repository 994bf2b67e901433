package funnel

import "strconv"

// Level returns how far an entity came: the last step that it reached, 0 if none. An exclusion of the same time as its last
// event may still take back what was reached at that time.
//
// Level returns an error ([ErrInput]) if there is no such entity.
func (s *Stream) Level(entity uint32) (int, error) {
	if n := s.Entities(); uint64(entity) >= uint64(n) {
		return 0, &Error{
			Path: "entity", Value: strconv.FormatUint(uint64(entity), 10), Err: ErrInput,
			Msg: "is not below the number of entities, " + strconv.Itoa(n),
		}
	}
	w := s.look(entity)
	return int(s.level(&w)), nil
}

// Counts returns the counts of all entities, as they were known at asOf: all events up to then were read. They have no
// durations, and do not tell which chains were voided, as the stream does not keep what that takes.
//
// Counts returns an error ([ErrInput]) if an event was read that is after asOf.
func (s *Stream) Counts(asOf int64) (*Counts, error) {
	c := new(Counts)
	c.grow(s.opt.Steps + 1)
	known := apart(s.base, asOf) + 1 + uint64(s.window) // as times are counted in the words
	for e := range s.Entities() {
		w := s.look(uint32(e))
		if w[wordAt] != 0 && (asOf < s.base || known < uint64(w[wordAt])) {
			return nil, &Error{
				ID: strconv.Itoa(e), Path: "asOf", Value: strconv.FormatInt(asOf, 10), Err: ErrInput,
				Msg: "is before an event that was read",
			}
		}
		level := s.level(&w)
		c.levels[level].entities++
		if level == uint32(s.opt.Steps) {
			continue
		}
		for _, start := range w[wordStarts : wordAt+s.opt.Steps] {
			if start != 0 && (s.opt.Window == NoWindow || known-uint64(start) <= uint64(s.opt.Window)) {
				c.levels[level].inFlight++
				break
			}
		}
	}
	return c, nil
}

// look returns the words of an entity after its moment.
func (s *Stream) look(entity uint32) streamEntity {
	var w streamEntity
	copy(w[:s.width], s.entity(entity)[:])
	s.settle(entity, &w)
	return w
}
