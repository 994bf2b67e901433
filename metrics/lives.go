package metrics

import (
	"iter"
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/proportion"
)

// estimated is the figure of a share that has come to its end by a tick.
func (k *kpi) estimated(h *lifetime.Histogram, o Options) Figure {
	if h.Len() == 0 {
		return noValue(k.ID, 0, k.none)
	}
	tick, unit := k.tick(o)
	if e := h.Extent(); tick > e.Support && !e.Complete {
		return noValue(k.ID, h.Len(), "nothing was watched for "+strconv.Itoa(tick)+" "+unit+": ask for "+strconv.Itoa(max(e.Support, 0))+" or fewer")
	}
	at := k.at(h, o)
	f := valueOf(k.ID, at.Value, h.Len())
	f.Interval = shareInterval(at.Value, at.SE, o.Level)
	return f
}

// wonBy returns the estimated share that was won by the horizon.
func wonBy(h *lifetime.Histogram, o Options) lifetime.Step {
	return lastStep(h.AalenJohansen(causeWon), o.Horizon)
}

// touchedBy returns the estimated share that was touched within the SLA.
func touchedBy(h *lifetime.Histogram, o Options) lifetime.Step {
	s := lastStep(h.Survival(), o.SLA)
	if s.AtRisk > 0 { // something has happened
		s.Value = 1 - s.Value
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
