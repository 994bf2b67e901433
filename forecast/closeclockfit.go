package forecast

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// CloseClockOptions are the options of [FitCloseClock]. The zero value is the months of calendar quarters, four bands of ages,
// and factors drawn to 1 by the evidence.
type CloseClockOptions struct {
	// Phases says how fiscal periods are cut.
	Phases Phases `json:"phases,omitzero"`
	// Bands is the number of bands of ages, which have about as many closings each; phases may matter to old deals and not to
	// young ones, or the other way round. 1 has the same factors for all ages. 0 means 4; at most 100.
	Bands int `json:"bands,omitempty"`
	// Strength is how many expected closings the belief is worth that a factor is 1. 0 means that it is estimated, for won
	// and lost each.
	Strength float64 `json:"strength,omitempty"`
	// Group tells the group of a deal, such as its segment, its size class or its owner. Groups get factors of their own,
	// which are drawn to 1 by the evidence. It must not tell how the deal ends: if amounts change when deals are won, classes
	// of today's amounts do. nil: deals are not told apart. At most 256 groups.
	Group func(Deal) string `json:"-"`
}

const mostGroups = 256

// FitCloseClock estimates how the phase of the fiscal period speeds deals up or slows them down, beside their age, from
// deals as they were known at the end of the last day of seen; [AgeSpells] says how it reads them.
//
// Ages and phases are fitted together: the rate of an age is the closings at that age over the days at risk, each weighted
// with its factor, and a factor is the closings observed in a phase over those expected by the rates of the ages, both
// increased by Strength. So a quarter that happens to have many deals of a ripe age is not taken for a fast one.
//
// How far the factors are drawn to 1 is estimated by the credibility model of Bühlmann and Straub (1970): Strength is the
// variance of a phase from period to period over the variance between phases. With a history of only one period, where
// chance and rhythm cannot be told apart, factors go about halfway.
//
// The factor of a group is its closings over those expected by ages and phases (indirect standardisation), drawn to 1 by the
// variance between groups beyond that of the Poisson distribution (Clayton and Kaldor 1987,
// https://doi.org/10.2307/2532003).
//
// FitCloseClock takes O(n) time for n deals that live for a few phases each.
//
// FitCloseClock returns an error if:
//   - [AgeSpells] would return one
//   - an option has no meaning, or there are more than 256 groups ([ErrInput])
//   - no deal is won or lost in the time seen ([ErrUndefined])
//   - the phases of the time seen times the different ages exceed 2 million ([ErrTooLarge])
func FitCloseClock(deals []Deal, seen salesops.Period, o CloseClockOptions) (CloseClock, error) {
	var f faults
	o.Phases.check(&f)
	if o.Bands < 0 || o.Bands > 100 {
		f.add(ErrInput, "", "bands", strconv.Itoa(o.Bands), "must be from 1 to 100, or 0 for 4")
	}
	if !(o.Strength >= 0 && o.Strength <= math.MaxFloat64) {
		f.add(ErrInput, "", "strength", strconv.FormatFloat(o.Strength, 'g', -1, 64), "must be a finite number, and not negative")
	}
	f.seen("seen", seen)
	lives := make([]watchedDeal, 0, len(deals))
	var h lifetime.Histogram
	for i := range deals {
		d := &deals[i]
		w, ok := f.watch(i, d, seen)
		if !ok {
			continue
		}
		s := w.spell(d.Created)
		if cause, _ := s.Status.cause(); !h.Add(s.Enter, s.Leave, cause) {
			f.spell(i, s)
			continue
		}
		l := watchedDeal{first: w.first, Spell: s}
		if o.Group != nil {
			l.group = o.Group(*d)
		}
		lives = append(lives, l)
	}
	if err := f.err(); err != nil {
		return CloseClock{}, err
	}
	curve, err := closeCurve(&h)
	if err != nil {
		return CloseClock{}, err
	}
	c := CloseClock{Phases: o.Phases, Support: curve.Support, Tail: curve.Tail}
	c.Phases.DaysLeft = slices.Clone(c.Phases.DaysLeft)
	c.Bands = closeBands(curve.Steps, o.Bands)
	t, err := newClockData(lives, curve.Steps, o.Phases)
	if err != nil {
		return CloseClock{}, err
	}
	t.fill(lives)
	won, lost := t.fit(causeWon, c.Bands, o.Strength), t.fit(causeLost, c.Bands, o.Strength)
	c.Won, c.Lost = won.factors, lost.factors
	c.Days = make([]CloseDay, len(curve.Steps))
	for e, s := range curve.Steps {
		c.Days[e] = CloseDay{Age: s.Age, Won: won.rates[e], Lost: lost.rates[e]}
	}
	if o.Group != nil {
		if err := c.group(t, lives, won, lost); err != nil {
			return CloseClock{}, err
		}
	}
	return c, nil
}

// closeBands returns the first ages of at most n bands with about as many closings each.
func closeBands(steps []CloseStep, n int) []int {
	if n == 0 {
		n = 4
	}
	all := 0
	for _, s := range steps {
		all += s.Won + s.Lost
	}
	bands := []int{0}
	before := 0
	for _, s := range steps {
		// A band starts at the first age that has its share of the closings before it.
		if before > 0 && float64(before) >= float64(all)*float64(len(bands))/float64(n) && len(bands) < n {
			bands = append(bands, s.Age)
		}
		before += s.Won + s.Lost
	}
	return bands
}

// group fits the factors of groups.
func (c *CloseClock) group(t *clockData, lives []watchedDeal, won, lost clockFit) error {
	slices.SortStableFunc(lives, func(a, b watchedDeal) int { return strings.Compare(a.group, b.group) })
	for len(lives) > 0 {
		name := lives[0].group
		n := sort.Search(len(lives), func(i int) bool { return lives[i].group > name })
		t.fill(lives[:n])
		lives = lives[n:]
		if len(c.GroupWon.Cells) == mostGroups {
			return &Error{Path: "group", Value: clip(name), Msg: "is one group more than " + strconv.Itoa(mostGroups) + ": form fewer and larger ones", Err: ErrInput}
		}
		c.GroupWon.Cells = append(c.GroupWon.Cells, t.expect(name, causeWon, c.Bands, won))
		c.GroupLost.Cells = append(c.GroupLost.Cells, t.expect(name, causeLost, c.Bands, lost))
	}
	c.GroupWon.draw()
	c.GroupLost.draw()
	return nil
}
