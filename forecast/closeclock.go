package forecast

import (
	"sort"

	"github.com/salesops-go/salesops"
)

// CloseClock says when deals close by their age and by the phase of the fiscal period: a [CloseCurve] that knows that the last
// month of a quarter wins more deals than the first, and loses fewer. Make one with [FitCloseClock], or decode one that was
// stored.
//
// The probability of an open deal to be won on a day is that of its age times a factor for the phase and the band of ages,
// capped so that won and lost together do not pass 1; lost deals have factors of their own. A deal older than Support closes
// at the rates of the Tail times the factors of the last band.
type CloseClock struct {
	// Phases says how fiscal periods are cut.
	Phases Phases `json:"phases"`
	// Bands holds the first age of each band, ascending, from 0.
	Bands []int `json:"bands"`
	// Days are the ages at which deals closed, ascending.
	Days []ClockDay `json:"days"`
	// Support is the last age at which a deal was watched.
	Support int `json:"support"`
	// Tail holds the daily rates used beyond Support.
	Tail CloseTail `json:"tail"`
	// Won holds the factors of winning.
	Won ClockFactors `json:"won"`
	// Lost holds the factors of losing.
	Lost ClockFactors `json:"lost"`
}

// ClockDay is one age of a [CloseClock].
type ClockDay struct {
	Age  int     `json:"age"`  // Age is the age in days.
	Won  float64 `json:"won"`  // Won is the probability of an open deal to be won at that age, where the factor is 1.
	Lost float64 `json:"lost"` // Lost is the probability to be lost.
}

// ClockFactors are the factors of a [CloseClock] for one way to close, with what they rest on.
type ClockFactors struct {
	// Strength is how many expected closings the belief is worth that a factor is 1. It is 0 if Level is set.
	Strength float64 `json:"strength"`
	// Level says that the phases differ no more than the same phase of different periods does: all factors are 1.
	Level bool `json:"level,omitempty"`
	// Cells holds the factors by band and, within a band, by phase; there is a cell for each.
	Cells []ClockFactor `json:"cells"`
}

// ClockFactor is the factor of one phase for one band of ages:
//
//	Factor = (Observed + Strength) / (Expected + Strength)
type ClockFactor struct {
	FromAge int `json:"fromAge"` // FromAge is the first age of the band.
	Phase   int `json:"phase"`   // Phase counts the phases of a period from 1.
	// Observed is the number of deals of these ages that closed in the phase.
	Observed int `json:"observed"`
	// Expected is how many would have closed if the phases did not matter.
	Expected float64 `json:"expected"`
	// Factor is what the probabilities of the age are multiplied with.
	Factor float64 `json:"factor"`
}

// Closing returns the Closing of the clock. It can say nothing of a deal without a creation date. It takes time in proportion
// to the number of days asked for, up to 100 years; later wins are not counted.
func (c CloseClock) Closing() Closing {
	return func(d Deal, asOf, through salesops.Date) (float64, bool) {
		if d.Created.IsZero() || asOf.IsZero() || through.IsZero() {
			return 0, false
		}
		return c.win(d.Created, asOf, through), true
	}
}

// win follows a deal that is open at the end of the day asOf, day by day.
func (c *CloseClock) win(created, asOf, through salesops.Date) float64 {
	const most = 36_525
	won, open := 0.0, 1.0
	age := asOf.DaysSince(created) + 1
	i := sort.Search(len(c.Days), func(i int) bool { return c.Days[i].Age >= age })
	band := 0
	phases := len(c.Won.Cells) / max(len(c.Bands), 1)
	var ph phase
	for n, day := 0, asOf.AddDays(1); n < most && !day.After(through) && !day.IsZero() && open > 0; n, day, age = n+1, day.AddDays(1), age+1 {
		if n == 0 || day == ph.end {
			ph = c.Phases.at(day)
		}
		for band+1 < len(c.Bands) && age >= c.Bands[band+1] {
			band++
		}
		var w, l float64
		if i < len(c.Days) && c.Days[i].Age == age {
			w, l = c.Days[i].Won, c.Days[i].Lost
			i++
		} else if age > c.Support {
			w, l = c.Tail.Won, c.Tail.Lost
		} else {
			continue
		}
		cell := band*phases + ph.index
		w = share(w * c.Won.factor(cell, ph.index < phases))
		l = share(l * c.Lost.factor(cell, ph.index < phases))
		if both := w + l; both > 1 {
			w, l = w/both, l/both
		}
		won += float64(open * w)
		open *= max(1-(w+l), 0)
	}
	return clampRate(won)
}

// factor returns the factor of a cell, 1 for a phase that was never seen.
func (c *ClockFactors) factor(cell int, seen bool) float64 {
	if !seen || cell >= len(c.Cells) {
		return 1
	}
	return max(c.Cells[cell].Factor, 0)
}
