package funnel

import (
	"strconv"
	"time"
)

// View is how journeys are read: through which pipeline, with what was known when, and on which clock. The same journeys seen
// with an earlier AsOf are those that a report of that day would have seen.
type View struct {
	// Pipeline holds the stages. It must not be the zero Pipeline.
	Pipeline Pipeline
	// AsOf is the time of knowledge: later moves are not known, and deals that have not ended by then are open. A move at
	// AsOf is known. It must not be zero.
	AsOf time.Time
	// Since is the time from which on ends are known. Deals and visits that began before it are watched from the age they had
	// then (delayed entry, left truncation), and those that had ended are left out of lifetimes; counts take all that is
	// there. Zero stands for a complete history.
	Since time.Time
	// Clock counts ticks of age. nil is CalendarDays in UTC.
	Clock Clock
}

// Lifetime returns the life of a deal as a spell: from its first move until it was won, lost or left, or until AsOf if it is
// open. Of a deal that came back after an end the life goes on, the time in between included. One that came as won or
// lost has a life of 0 ticks.
//
// ok is false if the deal has no life to watch: its first move is not known as of AsOf, or it ended before Since.
//
// Lifetime returns an error ([ErrInput]) if:
//   - the view has no pipeline or no AsOf
//   - the journey has a fault: see [Pipeline.Check]
//   - the clock says that the life is longer than [MaxTick], or negative
func (v View) Lifetime(j Journey) (s Spell, ok bool, err error) {
	var f faults
	var room [16]stop
	steps := v.read(room[:0], &j, &f)
	if err := f.err(); err != nil || len(steps) == 0 {
		return Spell{}, false, err
	}
	last := steps[len(steps)-1]
	if end := v.Pipeline.stages[last.node].End; end != "" {
		s, ok = v.spell(j.Moves[steps[0].move].At, j.Moves[last.move].At, end)
	} else {
		s, ok = v.spell(j.Moves[steps[0].move].At, v.AsOf, Open)
	}
	if ok {
		f.ticks(&j, last.move, s)
	}
	return s, ok, f.err()
}

// Spell returns a visit, as [View.Visits] tells it, as a spell on the clock: from 0 when the deal came, to when it went, or to
// AsOf if it is still there. Enter is 0, or the first tick that began at or after Since if the deal came before.
//
// ok is false if the visit ended before that tick: had all such visits been kept, the long ones among them would be too many.
//
// Ticks beyond [MaxTick] or below 0, which are an error of [Lifetimes.Add], are returned as the clock says.
func (v View) Spell(x Visit) (s Spell, ok bool) {
	if x.Exit.isOpen() {
		return v.spell(x.Enter, v.AsOf, Open)
	}
	return v.spell(x.Enter, x.Leave, x.Exit)
}

func (v *View) spell(start, end time.Time, exit Exit) (s Spell, ok bool) {
	s = Spell{Leave: v.ticks(start, end), Exit: exit}
	if start.Before(v.Since) {
		before := v.ticks(start, v.Since.Add(-1)) // the last tick that began before Since
		if s.Leave <= before {
			return Spell{}, false
		}
		s.Enter = before + 1
	}
	return s, true
}

func (v *View) ticks(from, to time.Time) int {
	if v.Clock == nil {
		return clampInt(dayAt(to, time.UTC) - dayAt(from, time.UTC))
	}
	return v.Clock(from, to)
}

// ticks checks that the ticks of a spell can be counted, which ended with a move of the journey, or later.
func (f *faults) ticks(j *Journey, move int, s Spell) {
	switch {
	case s.Leave > MaxTick:
		f.add(ErrInput, j.ID, movePath(move, "at"), strconv.Itoa(s.Leave),
			"ticks have gone by; the most is "+strconv.Itoa(MaxTick)+": use a coarser clock, or mend the time")
	case s.Enter < 0 || s.Leave < s.Enter:
		f.add(ErrInput, j.ID, movePath(move, "at"), strconv.Itoa(s.Leave), "ticks, says the clock; a clock must not go back")
	}
}

// check finds what is missing.
func (v *View) check(f *faults) {
	if v.Pipeline.worked == 0 {
		f.add(ErrInput, "", "view/pipeline", "", "is missing: make one with NewPipeline")
	}
	if v.AsOf.IsZero() {
		f.add(ErrInput, "", "view/asOf", "", "is missing: it is the time up to which moves are known")
	}
}
