package metrics

import (
	"iter"
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/proportion"
)

// lives are how long things lasted, in ticks, and how each ended, as one set of numbers: 4 × ticks + cause. That is less to keep,
// and quicker to add to, than a [lifetime.Histogram], which is made of it to be read.
type lives struct{ set multiset.Set }

// mostCause is the greatest cause of lives.
const mostCause = 3

func (l *lives) add(ticks int64, cause lifetime.Cause) { l.set.Add(ticks<<2 | int64(cause)) }

func (l *lives) merge(o *lives) { l.set.Merge(&o.set) }

// all yields each number of ticks and cause, ascending, with its count.
func (l *lives) all() iter.Seq2[life, int64] {
	return func(yield func(life, int64) bool) {
		for _, r := range l.set.Runs() {
			if !yield(life{r.Value >> 2, lifetime.Cause(r.Value & mostCause)}, r.Count) {
				return
			}
		}
	}
}

// life is how long something lasted, and how it ended.
type life struct {
	ticks int64
	cause lifetime.Cause
}

// ended returns how many ended by a cause.
func (l *lives) ended(cause lifetime.Cause) (n int64) {
	for life, count := range l.all() {
		if life.cause == cause {
			n += count
		}
	}
	return n
}

// sound reports whether no ticks are negative, or more than most, and no cause is beyond one.
func (l *lives) sound(most int64, cause lifetime.Cause) bool {
	for life := range l.all() {
		if life.ticks < 0 || life.ticks > most || life.cause > cause {
			return false
		}
	}
	return true
}

// ticks returns the ticks of those that ended by some causes.
func (l *lives) ticks(by func(lifetime.Cause) bool) *multiset.Set {
	var runs []multiset.Run
	for life, n := range l.all() {
		switch last := len(runs) - 1; {
		case !by(life.cause):
		case last >= 0 && runs[last].Value == life.ticks:
			runs[last].Count += n
		default:
			runs = append(runs, multiset.Run{Value: life.ticks, Count: n})
		}
	}
	s, err := multiset.FromRuns(runs)
	if err != nil {
		return new(multiset.Set) // ascending they are, and no more than before
	}
	return s
}

// histogram returns the lives for the estimators: all were watched from their start.
func (l *lives) histogram() *lifetime.Histogram {
	n := l.set.Len()
	if n == 0 {
		return new(lifetime.Histogram)
	}
	h, err := lifetime.FromRows(func(yield func(lifetime.Row) bool) {
		row := lifetime.Row{Enter: n, Exit: make([]int64, 1+mostCause)}
		for life, count := range l.all() {
			if tick := int(min(life.ticks, lifetime.MaxTick)); tick != row.Tick {
				if !yield(row) {
					return
				}
				row = lifetime.Row{Tick: tick, Exit: make([]int64, 1+mostCause)}
			}
			row.Exit[life.cause] += count
		}
		yield(row)
	})
	if err != nil {
		return new(lifetime.Histogram) // they are sound
	}
	return h
}

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
