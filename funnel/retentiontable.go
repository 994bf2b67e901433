package funnel

import (
	"math"
	"strconv"

	"github.com/salesops-go/salesops"
)

// RetentionOptions say what the conditions of a [Retention] are ages of, and what was known when.
type RetentionOptions struct {
	// Ages is how many ages the table has, from 0, 1 to [MaxSteps]; 0 stands for [MaxSteps]. Age a is condition a+1.
	Ages int
	// Unit says that age a is the a-th unit of the Calendar after the one that holds the last day of the cohort: "ordered
	// again in the second month after". "" says that each entity has ages of its own, of Days days from its first day
	// on: n-day retention.
	Unit salesops.Unit
	// Calendar holds the units.
	Calendar salesops.Calendar
	// Days is how many days an age has if there is no Unit; 0 stands for 1.
	Days int
	// AsOf is the last day that is known. It must not be zero.
	AsOf salesops.Date
}

// RetentionTable is a table of cohorts by age.
type RetentionTable struct {
	// Rows are the cohorts, in order of time.
	Rows []RetentionRow `json:"rows"`
	// All are the cohorts together: at each age those that are mature.
	All []RetentionCell `json:"all"`
}

// RetentionRow is a cohort.
type RetentionRow struct {
	// Cohort is the span in which the entities began.
	Cohort salesops.Period `json:"cohort"`
	// Cells are its ages, from 0.
	Cells []RetentionCell `json:"cells"`
}

// RetentionCell is a cohort at an age.
type RetentionCell struct {
	// Age is the age.
	Age int `json:"age"`
	// Mature says that all of the cohort had reached the end of the age by AsOf, so that the count is final.
	Mature bool `json:"mature"`
	// Retained is how many were active at the age, of how many; zero if the cell is not mature.
	Retained Ratio `json:"retained,omitzero"`
}

// Table returns the retention table. A cell is mature if all of the cohort, also those who began on its last day, have
// lived through the age by the end of AsOf; others are left without a number, as one would be too low. A cohort without
// an end is never mature.
//
// Table returns an error ([ErrInput]) if an option is out of its range.
func (r *Retention) Table(o RetentionOptions) (RetentionTable, error) {
	if err := o.check(); err != nil {
		return RetentionTable{}, err
	}
	if o.Ages == 0 {
		o.Ages = MaxSteps
	}
	o.Days = max(o.Days, 1)
	t := RetentionTable{Rows: []RetentionRow{}, All: make([]RetentionCell, o.Ages)}
	for a := range t.All {
		t.All[a].Age = a
	}
	for _, p := range r.Cohorts() {
		c := r.cohorts[p]
		cells := make([]RetentionCell, o.Ages)
		for a, mature := range o.mature(p) {
			cells[a] = RetentionCell{Age: a, Mature: mature}
			if !mature {
				continue
			}
			cells[a].Retained = Ratio{Num: c.met(a), Den: c.met(0)}
			sum := &t.All[a]
			if sum.Retained.Den > math.MaxInt64-c.met(0) {
				return RetentionTable{}, errTooMany("entities")
			}
			sum.Mature = true
			sum.Retained.Num += c.met(a)
			sum.Retained.Den += c.met(0)
		}
		t.Rows = append(t.Rows, RetentionRow{Cohort: p, Cells: cells})
	}
	return t, nil
}

func (o *RetentionOptions) check() error {
	var f faults
	if o.Ages < 0 || o.Ages > MaxSteps {
		f.add(ErrInput, "", "ages", strconv.Itoa(o.Ages), "must be 1 to "+strconv.Itoa(MaxSteps)+", or 0 for that")
	}
	if o.Unit != "" && !o.Unit.Valid() {
		f.add(ErrInput, "", "unit", string(o.Unit), `must be "week", "month", "quarter", "half" or "year", or "" for ages of days`)
	}
	if o.Days < 0 {
		f.add(ErrInput, "", "days", strconv.Itoa(o.Days), "must be 1 or more, or 0 for 1")
	}
	if o.AsOf.IsZero() {
		f.add(ErrInput, "", "asOf", "", "must be a date: the last day that is known")
	}
	return f.err()
}

// mature reports for each age whether all of the cohort have lived through it.
func (o *RetentionOptions) mature(cohort salesops.Period) []bool {
	ages := make([]bool, o.Ages)
	last := cohort.Last()
	if last.IsZero() {
		return ages
	}
	if o.Unit != "" {
		unit := o.Calendar.Period(o.Unit, last)
		for a := range ages {
			end := unit.Last()
			ages[a] = !end.IsZero() && !end.After(o.AsOf)
			unit = o.Calendar.Next(o.Unit, unit)
		}
		return ages
	}
	for a := range ages {
		ages[a] = (o.AsOf.DaysSince(last)+1)/o.Days > a // a+1 ages of Days days from the last day of the cohort on
	}
	return ages
}
