package forecast

import (
	"strconv"

	"github.com/salesops-go/salesops"
)

// Phases cuts fiscal periods into parts that are alike from one period to the next, such as the first, second and third month
// of quarters, or the last week before a quarter ends. The zero value is the months of calendar quarters.
type Phases struct {
	// Calendar is the fiscal calendar.
	Calendar salesops.Calendar `json:"calendar,omitzero"`
	// Period is the kind of period whose phases count. "" is [salesops.Quarter].
	Period salesops.Unit `json:"period,omitempty"`
	// DaysLeft cuts a period by the days that are left in it, ascending: 7, 30 makes three phases, the last of which is the
	// last 7 days and the second the 23 days before these. Nil cuts it into its fiscal months.
	DaysLeft []int `json:"daysLeft,omitempty"`
}

// phase is a run of days in one phase of one period.
type phase struct {
	index int             // from 0; phases further to the end of a period have higher ones
	of    salesops.Period // the period
	end   salesops.Date   // the day after its last; zero at the end of the calendar
}

// check checks the settings.
func (p Phases) check(f *faults) {
	if err := p.Calendar.Check(); err != nil {
		f.add(ErrInput, "", "phases/calendar", "", "is not a calendar: "+err.Error())
	}
	if !p.unit().Valid() {
		f.add(ErrInput, "", "phases/period", string(p.Period), `is not a unit: use "quarter", "month", "half", "year" or "week"`)
	}
	if len(p.DaysLeft) == 0 && (p.Period == salesops.Month || p.Period == salesops.Week) {
		f.add(ErrInput, "", "phases/daysLeft", "", "must cut a period that has no months")
	}
	for i, n := range p.DaysLeft {
		if n < 1 || n > 366 || i > 0 && n <= p.DaysLeft[i-1] {
			f.add(ErrInput, "", "phases/daysLeft/"+strconv.Itoa(i), strconv.Itoa(n), "must be from 1 to 366, and ascend")
		}
	}
}

func (p Phases) unit() salesops.Unit {
	if p.Period == "" {
		return salesops.Quarter
	}
	return p.Period
}

// at returns the phase that holds a date.
func (p Phases) at(d salesops.Date) phase {
	of := p.Calendar.Period(p.unit(), d)
	if len(p.DaysLeft) == 0 {
		month := p.Calendar.Period(salesops.Month, d)
		index := 0
		for m := p.Calendar.Period(salesops.Month, of.Start); !m.IsEmpty() && m.Start.Before(month.Start) && index < 11; index++ {
			m = p.Calendar.Next(salesops.Month, m)
		}
		return phase{index: index, of: of, end: month.End}
	}
	if of.End.IsZero() {
		return phase{of: of}
	}
	left := of.End.DaysSince(d) // 1 on the last day
	k := len(p.DaysLeft)
	for k > 0 && left <= p.DaysLeft[k-1] {
		k--
	}
	ph := phase{index: len(p.DaysLeft) - k, of: of, end: of.End}
	if k > 0 {
		ph.end = of.End.AddDays(-p.DaysLeft[k-1])
	}
	return ph
}
