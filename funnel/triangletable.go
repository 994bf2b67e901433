package funnel

import (
	"errors"
	"math"
	"sort"
	"strconv"
	"time"

	"github.com/salesops-go/salesops"
)

// CohortOptions say which table a [Triangle] is to be made into, and what was known when.
type CohortOptions struct {
	// By is the exit whose share is asked for, such as Won. It must be given.
	By Exit
	// Ages are the columns: how many have ended up to and with these ticks, each 0 to [MaxTick].
	Ages []int
	// AsOf is the time up to which ends are known, that of the [View] with which the spells were made. It must not be zero.
	AsOf time.Time
	// Clock must be that of the [View] with which the spells were made, as ages are counted with it; nil is CalendarDays in
	// Location.
	Clock Clock
	// Location is where the days of the cohorts begin and end; nil is UTC.
	Location *time.Location
	// CI says which confidence intervals are wanted.
	CI CI
}

// CohortTable is a table of cohorts by age.
type CohortTable struct {
	// By is the exit whose share the cells tell.
	By Exit `json:"by"`
	// AsOf is the time up to which ends are known.
	AsOf time.Time `json:"asOf"`
	// Rows are the cohorts, in order of time.
	Rows []CohortRow `json:"rows"`
	// All are the cohorts together: at each age those that have a ratio there. It is Mature if any cohort is.
	All []CohortCell `json:"all"`
}

// CohortRow is a cohort.
type CohortRow struct {
	// Cohort is the span in which its spells began.
	Cohort salesops.Period `json:"cohort"`
	// Entered is the number of its spells.
	Entered int64 `json:"entered"`
	// Cells are its ages, in the order of [CohortOptions.Ages].
	Cells []CohortCell `json:"cells"`
}

// CohortCell is a cohort at an age.
type CohortCell struct {
	// Age is the tick.
	Age int `json:"age"`
	// Mature says that the whole cohort, also what began at the last instant of its last day, had left the age behind by
	// AsOf. What the cell says is then final.
	Mature bool `json:"mature"`
	// Ratio is how many of the cohort ended by the exit up to and with the age. It is zero, which is no share, if there is a
	// Gap.
	Ratio Ratio `json:"ratio,omitzero"`
	// Gap says why there is no ratio; "" if there is one.
	Gap Gap `json:"gap,omitempty"`
	// Incidence is the estimate of the share with all that is known, see [Lifetimes.Incidence]. It equals the ratio where
	// there is one, and can be had before the cohort is mature: as soon as its oldest members are of the age. Until then, and
	// where late entries leave a hole, it is zero, not Supported.
	Incidence Estimate `json:"incidence,omitzero"`
}

// Gap is why a [CohortCell] has no ratio.
type Gap string

// The gaps. The first that applies is told.
const (
	Immature  Gap = "immature"   // some of the cohort may still end within the age: the ratio would be too low
	LateEntry Gap = "late entry" // some came into view late: like them others began, but ended unseen, so the rest is no fair sample
	LostSight Gap = "lost sight" // some were last seen, still open, within the age: nobody knows how they fared in the rest of it
)

// Table returns the cohorts by age: which share of the deals of each month was won within 30, 60, 90 days. A cell has a ratio
// only when the cohort is old enough, as a lower number that grows later looks like a cohort that is worse.
//
// A cohort is mature at an age when the clock shows more than the age from the last instant of its last day to AsOf: then the
// tick of that age is over for all, and neither ratio nor incidence will change with a later AsOf. In calendar days, what was
// created up to 31 January is mature for age 30 when 3 March begins (2 March in a leap year). A cohort without an end never
// is.
//
// It takes O(n) time for n different ticks of the spells, and for each cell O(log n).
//
// Table returns an error ([ErrInput]) if:
//   - By is "" or Open, or not valid UTF-8
//   - an age is negative or beyond [MaxTick]
//   - AsOf is zero
//   - the level or method of CI is not one
//   - all cohorts of an age together have more than 2^63-1 spells
func (t *Triangle) Table(o CohortOptions) (CohortTable, error) {
	lim, err := o.check()
	if err != nil {
		return CohortTable{}, err
	}
	table := CohortTable{By: o.By, AsOf: o.AsOf, Rows: []CohortRow{}, All: make([]CohortCell, len(o.Ages))}
	for i, age := range o.Ages {
		table.All[i] = CohortCell{Age: age, Gap: Immature}
	}
	for _, p := range t.Cohorts() {
		row, err := o.row(p, t.cohorts[p])
		if err != nil {
			return CohortTable{}, err
		}
		table.Rows = append(table.Rows, row)
		for i := range row.Cells {
			if !table.All[i].add(&row.Cells[i]) {
				return CohortTable{}, &Error{Path: "cohorts", Msg: "have more than 2^63-1 spells together", Err: ErrInput}
			}
		}
	}
	for i := range table.All {
		table.All[i].estimate(lim)
	}
	return table, nil
}

// check finds what is wrong with the options.
func (o *CohortOptions) check() (limits, error) {
	var f faults
	var e *Error
	if _, err := new(Lifetimes).ending(o.By); errors.As(err, &e) {
		f.add(ErrInput, "", "by", string(o.By), e.Msg)
	}
	for i, age := range o.Ages {
		if age < 0 || age > MaxTick {
			f.add(ErrInput, "", "ages/"+strconv.Itoa(i), strconv.Itoa(age), "must be 0 to "+strconv.Itoa(MaxTick)+" ticks")
		}
	}
	if o.AsOf.IsZero() {
		f.add(ErrInput, "", "asOf", "", "must be a time: up to when ends are known")
	}
	lim, err := o.CI.limits()
	if err != nil {
		return lim, err
	}
	return lim, f.err()
}

// row returns the row of a cohort.
func (o *CohortOptions) row(p salesops.Period, l *Lifetimes) (CohortRow, error) {
	curve, err := l.Incidence(o.By, o.CI)
	if err != nil {
		return CohortRow{}, err
	}
	row := CohortRow{Cohort: p, Entered: l.Len(), Cells: make([]CohortCell, len(o.Ages))}
	youngest := o.youngest(p)
	_, late := l.h.LateEntry()
	seen := MaxTick + 1 // the first tick at which one was last seen open
	ended := make([]int64, 1+len(curve.Points))
	for i, at := range curve.Points {
		ended[i+1] = ended[i] + at.Events
		if at.Censored > 0 {
			seen = min(seen, at.Tick)
		}
	}
	for i, age := range o.Ages {
		cell := CohortCell{Age: age, Mature: youngest > age}
		switch {
		case !cell.Mature:
			cell.Gap = Immature
		case late:
			cell.Gap = LateEntry
		case seen <= age:
			cell.Gap = LostSight
		default:
			after := sort.Search(len(curve.Points), func(i int) bool { return curve.Points[i].Tick > age })
			cell.Ratio = Ratio{Num: ended[after], Den: row.Entered}
		}
		if at := curve.At(age); at.Supported {
			cell.Incidence = Estimate{Value: at.Value, SE: at.SE, Low: at.Low, High: at.High, Bounded: at.Bounded, Supported: true}
		}
		row.Cells[i] = cell
	}
	return row, nil
}

// youngest returns the age of what began at the last instant of a cohort, -1 if the cohort has no end.
func (o *CohortOptions) youngest(cohort salesops.Period) int {
	if cohort.End.IsZero() {
		return -1
	}
	last := cohort.End.Time(o.Location).Add(-1)
	if o.Clock == nil {
		return CalendarDays(o.Location)(last, o.AsOf)
	}
	return o.Clock(last, o.AsOf)
}

// add adds the cell of a cohort to that of all together. It reports false if there are too many to count.
func (c *CohortCell) add(o *CohortCell) bool {
	switch {
	case o.Gap == "":
		if c.Ratio.Den > math.MaxInt64-o.Ratio.Den {
			return false
		}
		c.Mature, c.Gap = true, ""
		c.Ratio.Num += o.Ratio.Num
		c.Ratio.Den += o.Ratio.Den
	case o.Mature && !c.Mature:
		c.Mature, c.Gap = true, o.Gap
	}
	return true
}

// estimate makes the incidence of the ratio, which is what it is where nobody was censored.
func (c *CohortCell) estimate(lim limits) {
	share, ok := c.Ratio.Float()
	if !ok {
		return
	}
	c.Incidence = Estimate{Value: share, Supported: true}
	se := math.Sqrt(share * (1 - share) / float64(c.Ratio.Den))
	if lo, hi, ok := lim.scale.Share(share, se, lim.z); ok {
		c.Incidence.SE, c.Incidence.Low, c.Incidence.High, c.Incidence.Bounded = se, lo, hi, true
	}
}
