package funnel

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/fault"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// Spell is a stretch of ticks in which something was watched until it ended, or the watching did: a deal from its creation, a
// visit of a stage, a lead until the first call.
type Spell struct {
	// Enter is the first tick at which it was at risk of ending: 0 if it is watched from its start. What came into view later,
	// as it was there at the end of tick a, enters at a+1 (delayed entry, left truncation): had it ended before, nobody would
	// know of it. In counting-process notation (start, stop] Enter is start+1.
	Enter int `json:"enter,omitempty"`
	// Leave is the tick at which it ended, or the last at which it was seen, 0 to [MaxTick].
	Leave int `json:"leave"`
	// Exit says how it ended. "" or Open: it did not, the spell is censored.
	Exit Exit `json:"exit,omitempty"`
}

// MaxTick is the greatest tick: 2,870 years of days, 119 years of hours, 2 years of minutes.
const MaxTick = lifetime.MaxTick

// MaxExits is how many different exits [Lifetimes] may have.
const MaxExits = 32

// Lifetimes counts spells by the ticks at which they began to be watched and ended, by exit. That is all that the estimators
// of survival analysis read, so nothing they need is lost, while the size grows with the number of different ticks and not with
// that of spells: 8 to 64 bytes for each tick at which spells enter, and for each at which some leave by an exit (8 where most
// ticks have one), and 48 for each stretch of 64 ticks with one. Any exits may be counted, up to [MaxExits] different ones.
//
// The zero value holds none and is the identity of [Lifetimes.Merge]. Lifetimes must not be copied once in use, nor used
// from several goroutines while one of them changes it.
type Lifetimes struct {
	h     lifetime.Histogram
	exits exitSet // of the causes of h; each ended a spell
}

// NewLifetimes counts spells. It takes O(n) time.
//
// NewLifetimes returns an error ([ErrInput]) for each spell that [Lifetimes.Add] refuses, with its place, such as
// "spells/3/leave".
func NewLifetimes(spells ...Spell) (*Lifetimes, error) {
	var f faults
	l := new(Lifetimes)
	for i, s := range spells {
		if l.Add(s) != nil {
			f.spell(l, "spells/"+strconv.Itoa(i)+"/", s)
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return l, nil
}

// Add counts a spell. It allocates nothing unless the tick is new.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - Enter is negative or after Leave, or Leave is beyond [MaxTick]
//   - Exit is not valid UTF-8, or would be the 33rd different one
//   - 2^63-1 spells are counted already
func (l *Lifetimes) Add(s Spell) error {
	if c, ok := l.exits.cause(s.Exit); ok && l.h.Add(s.Enter, s.Leave, c) || !ok && l.addExit(s) {
		return nil
	}
	var f faults
	f.spell(l, "", s)
	return f.err()
}

// addExit counts a spell with an exit that has no number yet, or reports false.
func (l *Lifetimes) addExit(s Spell) bool {
	c := lifetime.Cause(len(l.exits.ends()) + 1)
	if c > MaxExits || !utf8.ValidString(string(s.Exit)) || !l.h.Add(s.Enter, s.Leave, c) {
		return false
	}
	l.exits.add(s.Exit)
	return true
}

// cause returns the cause that stands for an exit, if a spell ended by it.
func (l *Lifetimes) cause(e Exit) (lifetime.Cause, bool) {
	c, ok := l.exits.cause(e)
	return c, ok && c != lifetime.Censored
}

// spell tells what is wrong with a spell that l refused.
func (f *faults) spell(l *Lifetimes, path string, s Spell) {
	_, known := l.exits.cause(s.Exit)
	switch {
	case s.Enter < 0:
		f.add(ErrInput, "", path+"enter", strconv.Itoa(s.Enter), "must not be negative; 0 is the first tick")
	case s.Leave > MaxTick:
		f.add(ErrInput, "", path+"leave", strconv.Itoa(s.Leave), "must be "+strconv.Itoa(MaxTick)+" or less; count in longer ticks")
	case s.Enter > s.Leave:
		f.add(ErrInput, "", path+"leave", strconv.Itoa(s.Leave), "must not be before the first tick at risk, "+strconv.Itoa(s.Enter))
	case !utf8.ValidString(string(s.Exit)):
		f.add(ErrInput, "", path+"exit", string(s.Exit), "must be valid UTF-8")
	case !known && len(l.exits.ends()) == MaxExits:
		f.add(ErrInput, "", path+"exit", string(s.Exit), "is one more than the "+strconv.Itoa(MaxExits)+" different exits that there may be")
	default:
		f.add(ErrInput, "", path+"leave", strconv.Itoa(s.Leave), "cannot be counted: there are 2^63-1 spells already")
	}
}

// Merge counts the spells of o, too, as if each had been added. It leaves o as it is, unless it is l, which is doubled. A nil
// o holds none.
//
// Merge returns an error, and changes nothing, if there would be more than [MaxExits] different exits ([ErrMismatch]) or more
// than 2^63-1 spells ([ErrInput]).
func (l *Lifetimes) Merge(o *Lifetimes) error {
	if o == nil {
		return nil
	}
	exits, as := l.exits, make([]lifetime.Cause, 1, 1+MaxExits)
	for _, e := range o.exits.ends() {
		if _, ok := exits.cause(e); !ok {
			exits.add(e)
		}
		c, _ := exits.cause(e)
		as = append(as, c)
	}
	if n := len(exits.ends()); n > MaxExits {
		return &Error{Path: "exits", Value: strconv.Itoa(n), Msg: "are more than the " + strconv.Itoa(MaxExits) + " different ones that there may be", Err: ErrMismatch}
	}
	if !l.h.Merge(&o.h, as) {
		return &Error{Path: "spells", Msg: "are more than 2^63-1 together", Err: ErrInput}
	}
	l.exits = exits
	return nil
}

// Sub takes the spells of o away again: it undoes [Lifetimes.Merge], as for a window of time that slides on. It leaves o as it
// is, unless it is l, which is emptied. A nil o holds none.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if l does not hold what o holds.
func (l *Lifetimes) Sub(o *Lifetimes) error {
	if o == nil {
		return nil
	}
	as := make([]lifetime.Cause, 1, 1+MaxExits)
	for _, e := range o.exits.ends() {
		c, ok := l.cause(e)
		if !ok {
			return &Error{Path: "exit", Value: fault.Clip(string(e)), Msg: "ends no spell of those that it is to be subtracted from", Err: ErrMismatch}
		}
		as = append(as, c)
	}
	if !l.h.Sub(&o.h, as) {
		return &Error{Path: "spells", Msg: "are not all among those that they are to be subtracted from", Err: ErrMismatch}
	}
	left := l.exits.ends()[:0:0]
	for _, e := range slices.Backward(l.exits.ends()) {
		if c, _ := l.cause(e); l.h.Ended(c) == 0 {
			l.h.Drop(c)
		} else {
			left = append(left, e)
		}
	}
	slices.Reverse(left)
	l.exits = newExitSet(left)
	return nil
}

// Len returns the number of spells.
func (l *Lifetimes) Len() int64 { return l.h.Len() }

// Exits returns the exits by which spells ended, sorted; Open is not among them.
func (l *Lifetimes) Exits() []Exit {
	exits := slices.Clone(l.exits.ends())
	slices.Sort(exits)
	return exits
}

// Clone returns a copy that shares nothing with l.
func (l *Lifetimes) Clone() *Lifetimes {
	return &Lifetimes{h: *l.h.Clone(), exits: newExitSet(l.exits.ends())}
}
