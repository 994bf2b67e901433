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
	// which are drawn to 1 by the evidence. nil: deals are not told apart. At most 256 groups.
	Group func(Deal) string `json:"-"`
}

const (
	// mostClockCells bounds the memory that a fit takes: phases of history times different ages at which deals closed.
	mostClockCells = 1 << 21
	mostGroups     = 256
)

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
		if cause, _ := s.Status.cause(); !h.Add(s.Enter, s.Exit, cause) {
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
	c.Days = make([]ClockDay, len(curve.Steps))
	for e, s := range curve.Steps {
		c.Days[e] = ClockDay{Age: s.Age, Won: won.rates[e], Lost: lost.rates[e]}
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
		if before > 0 && before >= (all*len(bands)+n-1)/n && len(bands) < n {
			bands = append(bands, s.Age)
		}
		before += s.Won + s.Lost
	}
	return bands
}

// watchedDeal is a spell with the day on which it begins, and the group of the deal.
type watchedDeal struct {
	Spell
	first salesops.Date
	group string
}

func (w *watchedDeal) last() salesops.Date { return w.first.AddDays(w.Exit - w.Enter) }

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
		next := l.Exit + 1 // the first age that is not in the run
		final := r.end.IsZero() || r.end.After(last)
		if !final {
			next = r.end.DaysSince(created)
		}
		to := from + sort.SearchInts(t.ages[from:], next)
		r.atRisk[from]++
		r.atRisk[to]--
		if final {
			switch l.Status {
			case Won:
				r.won[to-1]++
			case Lost:
				r.lost[to-1]++
			}
			return
		}
		from = to
	}
}

// clockFit is the fit for one way to close.
type clockFit struct {
	rates   []float64 // by age, where the factor is 1
	factors ClockFactors
}

// fit estimates the rates of the ages and the factors in turns until they agree. Each turn raises the likelihood.
func (t *clockData) fit(cause lifetime.Cause, bands []int, strength float64) clockFit {
	band := make([]int, len(t.ages))
	for e, age := range t.ages {
		band[e] = sort.SearchInts(bands, age+1) - 1
	}
	cells := len(bands) * t.count
	// By phase and age, over all periods.
	k := len(t.ages)
	atRisk := make([]float64, t.count*k)
	closed := make([]int64, k)
	observed := make([]int64, cells)
	for i := range t.runs {
		r := &t.runs[i]
		for e, n := range r.closed(cause) {
			atRisk[r.index*k+e] += float64(r.atRisk[e])
			closed[e] += n
			observed[band[e]*t.count+r.index] += n
		}
	}
	factor := make([]float64, cells)
	for q := range factor {
		factor[q] = 1
	}
	out := clockFit{rates: make([]float64, k), factors: ClockFactors{Strength: strength, Cells: make([]ClockFactor, cells)}}
	expected := make([]float64, cells)
	estimate := func() {
		clear(expected)
		for e, n := range closed {
			if n == 0 {
				continue
			}
			weight := 0.0
			for p := range t.count {
				weight += float64(factor[band[e]*t.count+p] * atRisk[p*k+e])
			}
			out.rates[e] = float64(n) / weight
			for p := range t.count {
				expected[band[e]*t.count+p] += float64(out.rates[e] * atRisk[p*k+e])
			}
		}
	}
	estimate()
	if strength == 0 {
		out.factors.Strength, out.factors.Level = t.credibility(cause, bands, band, out.rates, observed, expected)
	}
	for turn := 0; turn < 1000 && !out.factors.Level; turn++ {
		change := 0.0
		for q := range factor {
			next := (float64(observed[q]) + out.factors.Strength) / (expected[q] + out.factors.Strength)
			change = max(change, math.Abs(next-factor[q]))
			factor[q] = next
		}
		if change < 1e-12 {
			break
		}
		estimate()
	}
	for q := range factor {
		out.factors.Cells[q] = ClockFactor{
			FromAge: bands[q/t.count], Phase: q%t.count + 1,
			Observed: int(observed[q]), Expected: expected[q], Factor: factor[q],
		}
	}
	return out
}

// credibility estimates the strength by the estimators of Bühlmann and Straub, unbiased for any weights (Bühlmann and
// Gisler 2005, section 4.8): within is the variance of closings over expected closings from period to period, of unit
// weight, and between is that of the phases about 1. Within is not taken below that of the Poisson distribution.
func (t *clockData) credibility(cause lifetime.Cause, bands, band []int, rates []float64, observed []int64, expected []float64) (strength float64, level bool) {
	within, runs := 0.0, 0 // sum of squares, degrees of freedom
	sums := make([]struct {
		observed int64
		expected float64
	}, len(bands))
	for i := range t.runs {
		r := &t.runs[i]
		clear(sums)
		for e, n := range r.closed(cause) {
			s := &sums[band[e]]
			s.observed += n
			s.expected += float64(rates[e] * float64(r.atRisk[e]))
		}
		for b, s := range sums {
			if s.expected > 0 {
				q := b*t.count + r.index
				d := float64(s.observed)/s.expected - float64(observed[q])/expected[q]
				within += float64(s.expected * float64(d*d))
				runs++
			}
		}
	}
	between, weight, all := 0.0, 0.0, 0.0
	cells, filled := 0, 0
	for b := range bands {
		sum, squares := 0.0, 0.0
		for q := b * t.count; q < (b+1)*t.count; q++ {
			if expected[q] > 0 {
				d := float64(observed[q])/expected[q] - 1
				between += float64(expected[q] * float64(d*d))
				sum += expected[q]
				squares += float64(expected[q] * expected[q])
				cells++
			}
		}
		if sum > 0 {
			weight += sum - squares/sum
			all += sum
			filled++
		}
	}
	if !(weight > 0) {
		return 0, true // there is but one phase to look at
	}
	if runs == cells {
		return all / float64(cells), false
	}
	within = max(within/float64(runs-cells), 1)
	between = (between - float64(float64(cells-filled)*within)) / weight
	if !(between > 0) {
		return 0, true
	}
	return within / between, false
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

// expect counts the closings of a group and those expected of it.
func (t *clockData) expect(group string, cause lifetime.Cause, bands []int, fit clockFit) ClockFactor {
	f := ClockFactor{Group: group, Factor: 1}
	for i := range t.runs {
		r := &t.runs[i]
		b := 0
		for e, n := range r.closed(cause) {
			for b+1 < len(bands) && t.ages[e] >= bands[b+1] {
				b++
			}
			f.Observed += int(n)
			f.Expected += float64(float64(fit.rates[e]*fit.factors.Cells[b*t.count+r.index].Factor) * float64(r.atRisk[e]))
		}
	}
	return f
}

// draw computes the factors of groups from what was observed and expected of them.
func (c *ClockFactors) draw() {
	var sum, squares, spread, groups float64
	for _, f := range c.Cells {
		if f.Expected > 0 {
			d := float64(f.Observed)/f.Expected - 1
			spread += float64(f.Expected * float64(d*d))
			sum += f.Expected
			squares += float64(f.Expected * f.Expected)
			groups++
		}
	}
	c.Level = true
	if groups < 2 {
		return
	}
	if weight := sum - squares/sum; weight > 0 {
		if between := (spread - (groups - 1)) / weight; between > 0 {
			c.Strength, c.Level = 1/between, false
		}
	}
	for i := range c.Cells {
		if f := &c.Cells[i]; !c.Level {
			f.Factor = (float64(f.Observed) + c.Strength) / (f.Expected + c.Strength)
		}
	}
}
