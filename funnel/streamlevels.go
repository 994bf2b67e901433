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
	level, _ := s.look(int(entity))
	return level, nil
}

// Counts returns the counts of all entities, as they were known at asOf: all events up to then were read. It has no
// durations, and does not tell which chains were voided, as the stream does not keep what it would take.
//
// Counts returns an error ([ErrInput]) if an event was read that is after asOf.
func (s *Stream) Counts(asOf int64) (*Counts, error) {
	c := new(Counts)
	c.grow(s.opt.Steps + 1)
	for e := range s.Entities() {
		level, w := s.look(e)
		if w[wordAt] != 0 && (asOf < s.base || apart(s.base, asOf) < uint64(w[wordAt]-1)) {
			return nil, &Error{
				ID: strconv.Itoa(e), Path: "asOf", Value: strconv.FormatInt(asOf, 10), Err: ErrInput,
				Msg: "is before an event that was read",
			}
		}
		c.levels[level].entities++
		if level == s.opt.Steps {
			continue
		}
		for _, start := range w[wordStarts : s.width] {
			if start != 0 && (s.opt.Window == NoWindow || apart(s.base, asOf)-uint64(start-1) <= uint64(s.opt.Window)) {
				c.levels[level].inFlight++
				break
			}
		}
	}
	return c, nil
}

// entityWords has room for the words of an entity.
type entityWords [wordStarts + MaxSteps - 1]uint32

// look returns the level of an entity, and its words after its moment.
func (s *Stream) look(entity int) (level int, w entityWords) {
	copy(w[:], s.words[entity*s.width:][:s.width])
	return int(s.settle(uint32(entity), w[:s.width])), w
}
