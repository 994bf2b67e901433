package forecast

import (
	"sort"
	"strconv"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// mostClockCells bounds the memory that a fit takes: phases of history times different ages at which deals closed.
const mostClockCells = 1 << 21

// watchedDeal is a spell with the day on which it begins, and the group of the deal.
type watchedDeal struct {
	Spell
	first salesops.Date
	group string
}

func (w *watchedDeal) last() salesops.Date { return w.first.AddDays(w.Leave - w.Enter) }

// clockData counts, for each phase of each period of the history, the deals at risk and those that closed at each age at which
// deals closed.
type clockData struct {
	ages  []int
	runs  []clockRun
	count int // of phases in a period
}

// clockRun is a phase of one period.
type clockRun struct {
	phase
	start  salesops.Date
	atRisk []int64
	won    []int64
	lost   []int64
}

func (r *clockRun) closed(c lifetime.Cause) []int64 {
	if c == causeWon {
		return r.won
	}
	return r.lost
}

// newClockData makes room for the phases in which deals were watched.
func newClockData(lives []watchedDeal, steps []CloseStep, p Phases) (*clockData, error) {
	t := &clockData{ages: make([]int, len(steps)), count: len(p.DaysLeft) + 1}
	if len(p.DaysLeft) == 0 {
		t.count = map[salesops.Unit]int{salesops.Quarter: 3, salesops.Half: 6, salesops.Year: 12}[p.unit()]
	}
	for i, s := range steps {
		t.ages[i] = s.Age
	}
	first, last := lives[0].first, lives[0].last()
	for i := range lives {
		if l := &lives[i]; l.first.Before(first) {
			first = l.first
		}
		if end := lives[i].last(); end.After(last) {
			last = end
		}
	}
	most := mostClockCells / len(t.ages)
	for d := first; !d.IsZero() && !d.After(last); d = t.runs[len(t.runs)-1].end {
		if len(t.runs) == most {
			return nil, &Error{
				Path: "seen", Value: first.String() + " to " + last.String(), Err: ErrTooLarge,
				Msg: "has too many phases for deals that close at " + strconv.Itoa(len(t.ages)) + " different ages: look at a shorter time",
			}
		}
		k := len(t.ages)
		counts := make([]int64, 3*k+1)
		t.runs = append(t.runs, clockRun{phase: p.at(d), start: d, atRisk: counts[:k+1], won: counts[k+1 : 2*k+1], lost: counts[2*k+1:]})
	}
	return t, nil
}

// fill cuts each life at the ends of phases (the diagram of Lexis) and adds up its parts. What was counted before is gone.
func (t *clockData) fill(lives []watchedDeal) {
	for i := range t.runs {
		r := &t.runs[i]
		clear(r.atRisk)
		clear(r.won)
		clear(r.lost)
	}
	for i := range lives {
		t.add(&lives[i])
	}
	for i := range t.runs {
		r := &t.runs[i]
		for e := range t.ages[1:] {
			r.atRisk[e+1] += r.atRisk[e]
		}
	}
}

// add counts a life: in each run from the first age at which it is at risk there, as a difference to the age before.
func (t *clockData) add(l *watchedDeal) {
	i := sort.Search(len(t.runs), func(i int) bool { return t.runs[i].start.After(l.first) }) - 1
	created, last := l.first.AddDays(-l.Enter), l.last()
	from := sort.SearchInts(t.ages, l.Enter)
	for ; ; i++ {
		r := &t.runs[i]
		next := l.Leave + 1 // the first age that is not in the run
		final := r.end.IsZero() || r.end.After(last)
		if !final {
			next = r.end.DaysSince(created)
		}
		to := from + sort.SearchInts(t.ages[from:], next)
		r.atRisk[from]++
		r.atRisk[to]--
		if final {
			if l.Status == Won {
				r.won[to-1]++
			} else if l.Status == Lost {
				r.lost[to-1]++
			}
			return
		}
		from = to
	}
}
