package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// check rejects rows that were read well and that the plans cannot pay by.
func (in *input) check() {
	currency, calendar := in.scheme.currency(), in.scheme.calendar()
	kept, bare := in.Opportunities[:0], 0
	for _, o := range in.Opportunities {
		if o.Status == crm.Won && o.Currency == "" {
			bare++
			o.Currency = currency
		}
		switch {
		case o.Status != crm.Won:
		case o.Currency != currency:
			in.reject(o.File, o.Line, "currency", o.Currency, "won in another currency than the plan's "+currency+": convert the amount")
			continue
		case !in.employed(o.Owner, o.Closed):
			in.reject(o.File, o.Line, "owner", o.Owner, "the list of reps does not have the owner at work on "+o.Closed.String()+": correct the owner or the dates")
			continue
		}
		kept = append(kept, o)
	}
	in.Opportunities = kept
	if bare > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s won opportunities name no currency: they are taken to be in %s, that of the plan", page.Count(bare), currency))
	}
	in.Quotas = slices.DeleteFunc(in.Quotas, func(q crm.Quota) bool {
		unit, _, err := calendar.Parse(q.Period)
		if err == nil && unit == salesops.Quarter {
			return false
		}
		in.reject(q.File, q.Line, "period", q.Period, "not a quarter: name it like FY2026-Q3")
		return true
	})
	in.checkFollowers()
	in.noteQuotas()
}

// noteQuotas tells of quotas that nothing is measured against.
func (in *input) noteQuotas() {
	measures, sellers := in.scheme.quotaNames(), in.sellers()
	idle, strangers := 0, 0
	for _, q := range in.Quotas {
		switch {
		case q.Measure != "" && !slices.Contains(measures, strings.ToLower(q.Measure)):
			idle++
		case !slices.Contains(sellers, q.Rep):
			strangers++
		}
	}
	if idle > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s quotas are of a measure that no plan uses; plans use: %s", page.Count(idle), strings.Join(measures, ", ")))
	}
	if strangers > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s quotas are of people who won nothing: check the spelling of the names", page.Count(strangers)))
	}
}

// checkFollowers rejects splits and events of rejected opportunities, and splits
// with people who were not at work on the day. Without one of its splits, none of
// an opportunity's can be used.
func (in *input) checkFollowers() {
	there := make(map[string]*crm.Opportunity, len(in.Opportunities))
	for i := range in.Opportunities {
		there[in.Opportunities[i].ID] = &in.Opportunities[i]
	}
	absent := func(s *crm.Split) bool {
		o := there[s.Opportunity]
		return o != nil && o.Status == crm.Won && !in.employed(s.Rep, o.Closed)
	}
	incomplete := map[string]bool{}
	for i := range in.Splits {
		if s := &in.Splits[i]; absent(s) {
			incomplete[s.Opportunity] = true
		}
	}
	const skipped = "the opportunity with this ID was skipped: mend that row first"
	in.Splits = slices.DeleteFunc(in.Splits, func(s crm.Split) bool {
		switch {
		case there[s.Opportunity] == nil:
			in.reject(s.File, s.Line, "opportunity", s.Opportunity, skipped)
		case absent(&s):
			in.reject(s.File, s.Line, "rep", s.Rep, "the list of reps does not have the rep at work on "+
				there[s.Opportunity].Closed.String()+": correct the rep or the dates")
		case incomplete[s.Opportunity]:
			in.reject(s.File, s.Line, "opportunity", s.Opportunity, "another split of this opportunity was skipped: mend that row first")
		default:
			return false
		}
		return true
	})
	in.Events = slices.DeleteFunc(in.Events, func(e crm.Event) bool {
		if there[e.Opportunity] == nil {
			in.reject(e.File, e.Line, "opportunity", e.Opportunity, skipped)
		}
		return there[e.Opportunity] == nil
	})
}

// employed reports whether a day lies between the first and the last day of a
// person, as far as the list of reps knows the person.
func (in *input) employed(name string, day salesops.Date) bool {
	known, before, after := false, false, false
	for i := range in.Reps {
		if r := &in.Reps[i]; r.Name == name {
			known = true
			before = before || !r.Start.After(day)
			after = after || r.End.IsZero() || r.End.After(day)
		}
	}
	return !known || before && after
}

// reject turns a row that was used into a bad one.
func (in *input) reject(file string, line int, column, value, msg string) {
	in.Problems = append(in.Problems, crm.Problem{File: file, Line: line, Column: column, Value: value, Msg: msg})
	for i := range in.Files {
		if in.Files[i].Name == file {
			in.Files[i].Used--
			in.Files[i].Skipped++
		}
	}
	in.Used--
	in.Skipped++
}
