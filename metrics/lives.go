package metrics

import (
	"iter"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/proportion"
)

// incidenceAt returns the estimated share that was won by a tick.
func incidenceAt(h *lifetime.Histogram, tick int) lifetime.Step {
	return lastStep(h.AalenJohansen(causeWon), tick)
}

// survivalAt returns the estimated share that has not ended by a tick.
func survivalAt(h *lifetime.Histogram, tick int) lifetime.Step {
	s := lastStep(h.Survival(), tick)
	if s.AtRisk == 0 { // nothing has happened yet
		s.Value = 1
	}
	return s
}

// lastStep returns the last step at or before a tick.
func lastStep(steps iter.Seq[lifetime.Step], tick int) (last lifetime.Step) {
	for s := range steps {
		if s.Tick > tick {
			break
		}
		last = s
	}
	return last
}

// shareInterval returns the score interval of an estimated share with a standard error: that of as many trials as would have it
// (Dorey and Korn 1987, doi:10.1002/sim.4780060605); nil if there is none.
func shareInterval(share, se, level float64) *Interval {
	trials, ok := worth(share, se)
	if !ok {
		return nil
	}
	lo, hi, ok := proportion.WilsonShare(share, trials, level)
	if !ok {
		return nil
	}
	return &Interval{lo, hi}
}

// worth returns how many trials would give a share its standard error.
func worth(share, se float64) (trials float64, ok bool) {
	if !(share > 0 && share < 1 && se > 0) {
		return 0, false
	}
	return share * (1 - share) / se / se, true
}
