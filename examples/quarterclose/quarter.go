package main

import (
	"fmt"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
)

// settleQuarter finds the quarter to close: the one asked for, or the last
// complete one.
func (in *input) settleQuarter(name string) error {
	calendar := in.scheme.calendar()
	var first, last salesops.Date // of what was won
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		in.sawDay(o.Created)
		if o.Status == crm.Open {
			continue
		}
		in.sawDay(o.Closed)
		if o.Status == crm.Won && (first.IsZero() || o.Closed.Before(first)) {
			first = o.Closed
		}
		if o.Status == crm.Won && o.Closed.After(last) {
			last = o.Closed
		}
	}
	for _, e := range in.Events {
		in.sawDay(e.Date)
	}
	if first.IsZero() {
		return fmt.Errorf("no opportunity in %s was won: there is nothing to close", in.source)
	}
	wonIn := calendar.Name(salesops.Quarter, first)
	if end := calendar.Name(salesops.Quarter, last); end != wonIn {
		wonIn += " to " + end
	}
	if name != "" {
		unit, p, err := calendar.Parse(strings.ToUpper(name))
		if err != nil || unit != salesops.Quarter {
			return fmt.Errorf("-quarter %s: not a quarter: name it like %s; deals were won in %s", name, calendar.Name(salesops.Quarter, last), wonIn)
		}
		if !p.Overlaps(salesops.Period{Start: first, End: last.AddDays(1)}) {
			return fmt.Errorf("-quarter %s: no deal was won then; deals were won in %s", name, wonIn)
		}
		in.quarter = p
		return nil
	}
	in.quarter = calendar.Prev(salesops.Quarter, calendar.Period(salesops.Quarter, in.lastDay.AddDays(1)))
	if !in.quarter.End.After(first) {
		in.quarter = calendar.Period(salesops.Quarter, first)
		in.Notes = append(in.Notes, "no quarter is complete: the first one with deals is closed as it stands")
	} else if in.quarter.Start.After(last) {
		in.quarter = calendar.Period(salesops.Quarter, last)
	} else if !last.Before(in.quarter.End) {
		in.Notes = append(in.Notes, fmt.Sprintf("the data ends on %s: %s is not complete, and is closed as it stands with -quarter",
			in.lastDay, calendar.Name(salesops.Quarter, last)))
	}
	return nil
}

// settleSpan makes the default plan apply in the fiscal year of the quarter, or
// in the part of it from the first quarter that has quotas on.
func (in *input) settleSpan() {
	calendar := in.scheme.calendar()
	year := calendar.Period(salesops.Year, in.quarter.Start)
	first := salesops.Date{}
	for _, q := range in.Quotas {
		_, p, err := calendar.Parse(q.Period)
		if err == nil && year.Contains(p.Start) && (first.IsZero() || p.Start.Before(first)) {
			first = p.Start
		}
	}
	if first.After(year.Start) {
		year.Start = first
		in.Notes = append(in.Notes, "there are quotas from "+calendar.Name(salesops.Quarter, first)+" on: earlier quarters are not closed")
	}
	in.scheme.span(year)
}

func (in *input) sawDay(d salesops.Date) {
	if d.After(in.lastDay) {
		in.lastDay = d
	}
}
