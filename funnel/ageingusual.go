package funnel

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// usualAge is what a baseline tells about the time in a stage.
type usualAge struct {
	StageAge
	open, overdue sum   // of the deals in question
	visits        int64 // of the baseline
	survival      Curve
	exits         []exitChance
}

// exitChance is one way out of a stage.
type exitChance struct {
	incidence Curve
	goesOn    bool
	win       float64 // the chance to win of the deals that take it
}

// usualAges reads the baseline.
func usualAges(base *Flow, quantile float64, enough int64) ([]usualAge, error) {
	ways, err := onward(base, base, 0)
	if err != nil {
		return nil, err
	}
	stages := make([]usualAge, base.pipe.worked)
	for at := range stages {
		l := &base.times[at]
		s := &stages[at]
		s.visits = l.Len()
		s.Stage, s.Ended = base.pipe.stages[at].Key, l.Len()-l.h.Ended(lifetime.Censored)
		if s.Ended < max(enough, 1) {
			s.Reason = "of the baseline's visits " + strconv.FormatInt(s.Ended, 10) + " have ended, fewer than " + strconv.FormatInt(enough, 10)
			continue
		}
		if s.survival, err = l.Survival(CI{}); err != nil {
			return nil, err
		}
		for _, e := range l.Exits() {
			c := exitChance{goesOn: e == Advanced || e == Won, win: ways.chanceBy(at, e)}
			if c.incidence, err = l.Incidence(e, CI{}); err != nil {
				return nil, err
			}
			s.exits = append(s.exits, c)
		}
		s.Fresh = s.chance(-1)
		reach := s.survival.Support
		if q, ok := s.survival.Quantile(quantile); ok && q.Tick <= float64(reach) {
			s.Threshold = &q.Tick
		} else {
			s.Reason = "fewer than " + percent(quantile) + " of the baseline's visits end within the " + strconv.Itoa(reach) + " ticks of which it tells"
		}
	}
	return stages, nil
}

// chance returns what comes of deals that have been in the stage for some ticks and still are, nil if it is not known; -1 is
// before the first tick.
func (s *usualAge) chance(ticks int) *StageChance {
	open, visits := 1.0, s.visits
	if ticks >= 0 {
		now := s.survival.At(ticks)
		open, visits = now.Value, now.AtRisk-now.Events-now.Censored
		if !now.Supported || visits <= 0 || open <= 0 {
			return nil
		}
	}
	c := &StageChance{Visits: visits}
	for _, e := range s.exits {
		share := e.incidence.At(s.survival.Support).Value
		if ticks >= 0 {
			share -= e.incidence.At(ticks).Value
		}
		share = max(share, 0) / open
		if e.goesOn {
			c.GoesOn += share
		}
		c.Win += float64(share * e.win)
	}
	c.GoesOn, c.Win = min(c.GoesOn, 1), min(c.Win, 1)
	return c
}
