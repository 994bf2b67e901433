package funnel

import (
	"math"
	"strconv"
)

// Counts is a funnel across entities: how many reached each step, how many of those that went no further may still do so,
// and how long it took. Levels, lists and times come from the same matches, so that they agree.
//
// An entity whose window still runs at the time of knowledge has not dropped off: it is in flight. Reports that do not tell the
// two apart make the last weeks of a funnel look bad.
//
// The zero value holds none and is the identity of [Counts.Merge]. Counts take the memory of the [Durations] between their
// steps: up to 48 bytes for each different duration. They must not be copied once in use, nor used from several goroutines
// while one of them changes them.
type Counts struct {
	levels []levelCounts // by level, from 0
}

// levelCounts are the entities whose deepest step is the same, and the times of those that came at least so far.
type levelCounts struct {
	entities, inFlight, voided int64
	gap, since                 Durations // from the step before and from the first, for levels of 2 and more
}

// Add counts the match of an entity as it was known at asOf, a time in the unit of [Event] At: all events up to then were
// read. A match without Times, of which only the Level is known, counts without durations.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - Level is not 0 to [MaxSteps], or the Times are not as many
//   - a time is before the one that stands before it, more than 2^63-1 after the first, or after asOf
//   - there are 2^63-1 entities already
func (c *Counts) Add(m Match, asOf int64) error {
	if err := checkMatch(m, asOf); err != nil {
		return err
	}
	if c.Entities() == math.MaxInt64 {
		return &Error{Msg: "there are 2^63-1 entities already: merge fewer", Err: ErrInput}
	}
	c.grow(m.Level + 1)
	l := &c.levels[m.Level]
	l.entities++
	if m.Open && asOf <= m.Until {
		l.inFlight++
	}
	if m.Voided {
		l.voided++
	}
	for k := 1; k < len(m.Times); k++ { // no error is possible: the times rise, and they are no more than the entities
		_ = c.levels[k+1].gap.Add(m.Times[k] - m.Times[k-1])
		_ = c.levels[k+1].since.Add(m.Times[k] - m.Times[0])
	}
	return nil
}

func checkMatch(m Match, asOf int64) error {
	bad := func(path string, value int64, msg string) error {
		return &Error{Path: path, Value: strconv.FormatInt(value, 10), Msg: msg, Err: ErrInput}
	}
	if m.Level < 0 || m.Level > MaxSteps {
		return bad("level", int64(m.Level), "must be 0 to "+strconv.Itoa(MaxSteps))
	}
	if len(m.Times) == 0 {
		return nil
	}
	if len(m.Times) != m.Level {
		return bad("times", int64(len(m.Times)), "must be as many as the level says, "+strconv.Itoa(m.Level)+", or none")
	}
	for k, t := range m.Times {
		var msg string
		switch {
		case k > 0 && t < m.Times[k-1]:
			msg = "must not be before the one before it"
		case apart(m.Times[0], t) > math.MaxInt64:
			msg = "is more than 2^63-1 after the first"
		case t > asOf:
			msg = "is after asOf, " + strconv.FormatInt(asOf, 10) + ": match only events that were known then"
		default:
			continue
		}
		return bad("times/"+strconv.Itoa(k), t, msg)
	}
	return nil
}

// grow makes room for n levels.
func (c *Counts) grow(n int) {
	if n > len(c.levels) {
		c.levels = append(c.levels, make([]levelCounts, n-len(c.levels))...)
	}
}

// Merge counts the entities of o, too, which stays as it is. nil holds none; c may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 entities.
func (c *Counts) Merge(o *Counts) error {
	if o == nil {
		return nil
	}
	if c.Entities() > math.MaxInt64-o.Entities() {
		return errTooMany("entities")
	}
	c.grow(len(o.levels))
	for k := range o.levels { // no error is possible: durations are no more than the entities
		l, m := &c.levels[k], &o.levels[k]
		l.entities += m.entities
		l.inFlight += m.inFlight
		l.voided += m.voided
		_ = l.gap.Merge(&m.gap)
		_ = l.since.Merge(&m.since)
	}
	return nil
}

// Sub takes the entities of o away, which stays as it is: the inverse of [Counts.Merge]. nil holds none; c may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if c does not hold all of them.
func (c *Counts) Sub(o *Counts) error {
	if o == nil {
		return nil
	}
	left := Counts{levels: make([]levelCounts, max(len(c.levels), len(o.levels)))}
	for k := range left.levels {
		l, a, b := &left.levels[k], c.level(k), o.level(k)
		l.entities, l.inFlight, l.voided = a.entities-b.entities, a.inFlight-b.inFlight, a.voided-b.voided
		l.gap, l.since = *a.gap.Clone(), *a.since.Clone()
		if min(l.entities, l.inFlight, l.voided) < 0 || l.gap.Sub(&b.gap) != nil || l.since.Sub(&b.since) != nil {
			return errNotHeld("entities")
		}
	}
	if left.levels = left.used(); left.check() != nil {
		return errNotHeld("entities")
	}
	c.levels = left.levels
	return nil
}

// level returns the counts of a level, which must not be changed.
func (c *Counts) level(k int) *levelCounts {
	if k < len(c.levels) {
		return &c.levels[k]
	}
	return new(levelCounts)
}

// Entities returns how many entities were counted.
func (c *Counts) Entities() int64 { return c.Reached(0) }

// Reached returns how many entities reached a step: all of them for 0, and none for a step that there is not.
func (c *Counts) Reached(step int) int64 {
	var n int64
	for k := max(step, 0); k < len(c.levels); k++ {
		n += c.levels[k].entities
	}
	return n
}

// StepCounts is what [Counts] say about a step. Those that reached it are those that reached the next, those in flight and
// those that dropped off.
type StepCounts struct {
	// Step is the number of the step, from 1.
	Step int `json:"step"`
	// Reached is how many entities reached it.
	Reached int64 `json:"reached"`
	// InFlight is how many of them did not reach the next step but may, as their window still runs. 0 for the last step.
	InFlight int64 `json:"inFlight,omitempty"`
	// Dropped is how many of them did not reach the next step and will not. 0 for the last step.
	Dropped int64 `json:"dropped,omitempty"`
	// Voided is how many of those in flight or dropped had the chain that came so far ended by an exclusion.
	Voided int64 `json:"voided,omitempty"`
}

// Steps returns the steps of a funnel that has n of them, 0 to [MaxSteps]; other numbers are taken for the nearest.
func (c *Counts) Steps(n int) []StepCounts {
	steps := make([]StepCounts, min(max(n, 0), MaxSteps))
	for i := range steps {
		k := i + 1
		steps[i] = StepCounts{Step: k, Reached: c.Reached(k)}
		if k < len(steps) {
			l := c.level(k)
			steps[i].InFlight, steps[i].Dropped, steps[i].Voided = l.inFlight, l.entities-l.inFlight, l.voided
		}
	}
	return steps
}

// Conversion returns how many of the entities that reached a step reached a later one; those that are in flight between the
// two are pending. Step 0 stands for all entities.
//
// Conversion returns an error ([ErrInput]) if the steps are not within 0 to [MaxSteps], the first before the second.
func (c *Counts) Conversion(from, to int) (Share, error) {
	if from < 0 || to > MaxSteps || from >= to {
		return Share{}, &Error{
			Path: "from, to", Value: strconv.Itoa(from) + ", " + strconv.Itoa(to), Err: ErrInput,
			Msg: "must be two steps within 0 to " + strconv.Itoa(MaxSteps) + ", the first before the second",
		}
	}
	s := Share{Entered: c.Reached(from), Reached: c.Reached(to)}
	for k := from; k < min(to, len(c.levels)); k++ {
		s.Pending += c.levels[k].inFlight
	}
	return s, nil
}

// Gap returns the times from the step before to a step, of the entities that reached it: a copy. It is empty for steps below
// 2. Note that these are the times of those who made it: the times of all, also of those still on their way, are for
// [Lifetimes].
func (c *Counts) Gap(step int) *Durations { return c.times(step).gap.Clone() }

// Since returns the times from the first step to a step, of the entities that reached it: a copy. For the last step that is
// the time to convert. It is empty for steps below 2.
func (c *Counts) Since(step int) *Durations { return c.times(step).since.Clone() }

func (c *Counts) times(step int) *levelCounts {
	if step < 0 {
		return new(levelCounts)
	}
	return c.level(step)
}
