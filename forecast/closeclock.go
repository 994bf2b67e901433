package forecast

import (
	"sort"

	"github.com/salesops-go/salesops"
)

// CloseClock says when deals close by their age, the phase of the fiscal period and the group they belong to: a [CloseCurve]
// that knows that the last month of a quarter wins more deals than the first, or large deals fewer than small ones. Make one
// with [FitCloseClock], or decode one that was stored.
//
// The probability of an open deal to be won on a day is that of its age, times a factor for the phase and the band of ages,
// times one for the group, capped so that won and lost together do not pass 1; losing has factors of its own. A deal older
// than Support closes at the rates of the Tail times the factors of the last band.
type CloseClock struct {
	// Phases says how fiscal periods are cut.
	Phases Phases `json:"phases"`
	// Bands holds the first age of each band, ascending, from 0.
	Bands []int `json:"bands"`
	// Days are the ages at which deals closed, ascending.
	Days []CloseDay `json:"days"`
	// Support is the last age at which a deal was watched.
	Support int `json:"support"`
	// Tail holds the daily rates used beyond Support.
	Tail CloseTail `json:"tail"`
	// Won holds the factors of winning, by phase.
	Won CloseFactors `json:"won"`
	// Lost holds the factors of losing, by phase.
	Lost CloseFactors `json:"lost"`
	// GroupWon holds the factors of winning by group, in the order of their names; none if deals were not grouped.
	GroupWon CloseFactors `json:"groupWon,omitzero"`
	// GroupLost holds the factors of losing by group.
	GroupLost CloseFactors `json:"groupLost,omitzero"`
}

// CloseDay is one age of a [CloseClock].
type CloseDay struct {
	Age  int     `json:"age"`  // Age is the age in days.
	Won  float64 `json:"won"`  // Won is the probability of an open deal to be won at that age, where the factor is 1.
	Lost float64 `json:"lost"` // Lost is the probability to be lost.
}

// CloseFactors are the factors of a [CloseClock] for one way to close, with what they rest on.
type CloseFactors struct {
	// Strength is how many expected closings the belief is worth that a factor is 1. It is 0 if Flat is set.
	Strength float64 `json:"strength"`
	// Flat says that the phases, or groups, differ no more than they would by chance: all factors are 1.
	Flat bool `json:"flat,omitempty"`
	// Cells holds the factors: one for each band and, within it, each phase; or one for each group.
	Cells []CloseFactor `json:"cells"`
}

// CloseFactor is the factor of one phase for one band of ages, or that of one group:
//
//	Factor = (Observed + Strength) / (Expected + Strength)
type CloseFactor struct {
	Group   string `json:"group,omitempty"`   // Group is the name of the group.
	FromAge int    `json:"fromAge,omitempty"` // FromAge is the first age of the band.
	Phase   int    `json:"phase,omitempty"`   // Phase counts the phases of a period from 1; it is 0 in the factor of a group.
	// Observed is the number of deals that closed in the phase at these ages, or in the group.
	Observed int `json:"observed"`
	// Expected is how many would have closed if the phase, or the group, did not matter.
	Expected float64 `json:"expected"`
	// Factor is what the probabilities of the age are multiplied with.
	Factor float64 `json:"factor"`
}

// Closing returns the Closing of the clock for the deals of a group. A group that the clock does not know, such as "", has the
// factor 1. The Closing can say nothing of a deal without a creation date. It takes time in proportion to the number of days
// asked for, up to 100 years; later wins are not counted.
func (c CloseClock) Closing(group string) Closing {
	won, lost := c.GroupWon.of(group), c.GroupLost.of(group)
	return func(d Deal, asOf, through salesops.Date) (float64, bool) {
		if d.Created.IsZero() || asOf.IsZero() || through.IsZero() {
			return 0, false
		}
		return c.win(d.Created, asOf, through, won, lost), true
	}
}

// win follows a deal that is open at the end of the day asOf, day by day. The rates are multiplied with the factors of its
// group.
func (c *CloseClock) win(created, asOf, through salesops.Date, groupWon, groupLost float64) float64 {
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
		w = share(w * groupWon * c.Won.factor(cell, ph.index < phases))
		l = share(l * groupLost * c.Lost.factor(cell, ph.index < phases))
		if both := w + l; both > 1 {
			w, l = w/both, l/both
		}
		won += float64(open * w)
		open *= max(1-(w+l), 0)
	}
	return clampRate(won)
}

// factor returns the factor of a cell, 1 for a phase that was never seen.
func (c *CloseFactors) factor(cell int, seen bool) float64 {
	if !seen || cell >= len(c.Cells) {
		return 1
	}
	return max(c.Cells[cell].Factor, 0)
}

// of returns the factor of a group.
func (c *CloseFactors) of(group string) float64 {
	for i := range c.Cells {
		if c.Cells[i].Group == group {
			return c.factor(i, true)
		}
	}
	return 1
}
