package funnel

import (
	"encoding/json"
	"errors"
	"math"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of encodings of counts.
var (
	errLevels  = errors.New("has more of some entities, or of their times, than there are entities")
	errNoLevel = errors.New("has a last level without entities, or too many levels")
)

// MarshalBinary returns the counts in binary form, which depends on nothing but what was counted.
func (c Counts) MarshalBinary() ([]byte, error) { return c.append(wire.Head(nil, 'C', 1)), nil }

// UnmarshalBinary replaces c by the counts in binary form. It returns an error ([ErrEncoding]), and leaves c as it is, if data
// is not what [Counts.MarshalBinary] returns for any counts.
func (c *Counts) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'C', 1)
	var in Counts
	in.read(r)
	if err := r.Close(); err != nil {
		return errEncoding("counts", err)
	}
	c.levels = in.levels
	return nil
}

// used returns the levels up to the last that has entities.
func (c *Counts) used() []levelCounts {
	n := len(c.levels)
	for n > 0 && c.levels[n-1].entities == 0 {
		n--
	}
	return c.levels[:n]
}

// append appends the levels: of each the entities, those in flight and voided, and from the second step on its times.
func (c *Counts) append(b []byte) []byte {
	levels := c.used()
	b = wire.Uint(b, uint64(len(levels)))
	for k := range levels {
		l := &levels[k]
		b = wire.Uint(b, uint64(l.entities))
		b = wire.Uint(b, uint64(l.inFlight))
		b = wire.Uint(b, uint64(l.voided))
		if k >= 2 {
			b = l.since.s.Append(l.gap.s.Append(b))
		}
	}
	return b
}

// read reads what append wrote into c, which is empty. On a fault, which the reader tells, c is not to be used.
func (c *Counts) read(r *wire.Reader) {
	n := r.Natural(MaxSteps + 1)
	c.grow(int(n))
	for k := range c.levels {
		l := &c.levels[k]
		l.entities, l.inFlight, l.voided = r.Natural(math.MaxInt64), r.Natural(math.MaxInt64), r.Natural(math.MaxInt64)
		if k >= 2 {
			l.gap, l.since = readDurations(r), readDurations(r)
		}
		if !r.OK() {
			return
		}
	}
	if err := c.check(); err != nil {
		r.Fail(err)
	}
}

func readDurations(r *wire.Reader) Durations {
	s := multiset.Read(r)
	checkTicks(r, s)
	return Durations{s: *s}
}

// check returns an error if the counts cannot be those of matches in their one form.
func (c *Counts) check() error {
	if n := len(c.levels); n > MaxSteps+1 || n > 0 && c.levels[n-1].entities == 0 {
		return errNoLevel
	}
	var reached int64
	for k := len(c.levels) - 1; k >= 0; k-- {
		l := &c.levels[k]
		if l.entities > math.MaxInt64-reached {
			return errLevels
		}
		reached += l.entities
		times := l.gap.Len()
		if max(l.inFlight, l.voided) > l.entities || times != l.since.Len() || times > reached || k < 2 && times > 0 {
			return errLevels
		}
	}
	return nil
}

// countsJSON is the JSON form of counts.
type countsJSON struct {
	Levels []levelJSON `json:"levels"`
}

type levelJSON struct {
	Level    int        `json:"level"`
	Entities int64      `json:"entities"`
	InFlight int64      `json:"inFlight,omitempty"`
	Voided   int64      `json:"voided,omitempty"`
	Gap      *Durations `json:"gap,omitempty"`
	Since    *Durations `json:"since,omitempty"`
}

// MarshalJSON returns the levels from 0, each with its entities, how many of them are in flight and voided, and from the
// second step on the times of those that came so far, from the step before and from the first:
// {"levels":[{"level":0,"entities":3},{"level":1,"entities":2,"inFlight":1}]}.
func (c Counts) MarshalJSON() ([]byte, error) { return json.Marshal(c.json()) }

// UnmarshalJSON replaces c by the counts in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves c as it
// is, if data is not what [Counts.MarshalJSON] returns for any counts, but for white space, the order of fields and the case of
// their names.
func (c *Counts) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j countsJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("counts", err)
	}
	in, err := j.counts()
	if err != nil {
		return errEncoding("counts", err)
	}
	c.levels = in.levels
	return nil
}

func (c *Counts) json() countsJSON {
	j := countsJSON{Levels: []levelJSON{}}
	levels := c.used()
	for k := range levels {
		l := &levels[k]
		out := levelJSON{Level: k, Entities: l.entities, InFlight: l.inFlight, Voided: l.voided}
		if l.gap.Len() > 0 {
			out.Gap, out.Since = &l.gap, &l.since
		}
		j.Levels = append(j.Levels, out)
	}
	return j
}

func (j *countsJSON) counts() (*Counts, error) {
	var c Counts
	if len(j.Levels) > MaxSteps+1 {
		return nil, errNoLevel
	}
	c.grow(len(j.Levels))
	for k, in := range j.Levels {
		if in.Level != k {
			return nil, errors.New("has levels that do not count from 0")
		}
		if min(in.Entities, in.InFlight, in.Voided) < 0 {
			return nil, errors.New("has a negative count")
		}
		l := &c.levels[k]
		l.entities, l.inFlight, l.voided = in.Entities, in.InFlight, in.Voided
		if in.Gap != nil {
			l.gap = *in.Gap
		}
		if in.Since != nil {
			l.since = *in.Since
		}
	}
	return &c, c.check()
}
