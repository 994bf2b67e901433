package main

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/crm"
)

// person is somebody who sells or manages, with the terms of the job.
type person struct {
	comp.Payee
	role    string
	manager string // at the end of the quarter; empty: none known
	region  string
}

// people lists everybody who is paid: reps, then overlay specialists, then
// managers, each in the order of the list of reps, then by name.
func (in *input) people() []*person {
	quotas := in.quotasByPerson()
	var out []*person
	seen := map[string]bool{}
	add := func(name, role string) {
		if name == "" || seen[name] {
			return
		}
		seen[name] = true
		p := &person{Payee: comp.Payee{ID: name}, role: role}
		p.manager, p.region = in.placeOf(name)
		p.Terms = in.termsOf(name, role, quotas[name])
		out = append(out, p)
	}
	specialist := func(name string) bool {
		return in.scheme.Roles[overlays] != nil && quotas[name][overlays] != nil
	}
	for _, name := range in.sellers() {
		if !specialist(name) {
			add(name, reps)
		}
	}
	for _, name := range in.sellers() {
		add(name, overlays)
	}
	if in.scheme.Roles[managers] != nil {
		for i := range in.Reps {
			add(in.Reps[i].Manager, managers)
		}
	}
	return out
}

// sellers names the reps of the list and those who have won deals or shares.
func (in *input) sellers() []string {
	var listed, others []string
	seen := map[string]bool{}
	add := func(to *[]string, name string) {
		if !seen[name] {
			seen[name] = true
			*to = append(*to, name)
		}
	}
	for i := range in.Reps {
		add(&listed, in.Reps[i].Name)
	}
	for i := range in.Opportunities {
		if o := &in.Opportunities[i]; o.Status == crm.Won {
			add(&others, o.Owner)
		}
	}
	for i := range in.Splits {
		add(&others, in.Splits[i].Rep)
	}
	slices.Sort(others)
	return append(listed, others...)
}

// placeOf is where a person stood at the end of the quarter.
func (in *input) placeOf(name string) (manager, region string) {
	var latest salesops.Date
	for i := range in.Reps {
		r := &in.Reps[i]
		if r.Name == name && r.Start.Before(in.quarter.End) && (region == "" || !r.Start.Before(latest)) {
			manager, region, latest = r.Manager, r.Region, r.Start
		}
		if r.Manager == name {
			region = r.Region
		}
	}
	return manager, region
}

// termsOf makes the terms of a person: those of the role, cut to the quarters in
// which the person was employed, and to fiscal years, each with the quotas of
// its quarters. Quotas are as listed, so a quarter that began before the first
// day counts from its start: its quota is reduced already.
func (in *input) termsOf(name, role string, quotas map[string]quarterly) []comp.Term {
	calendar := in.scheme.calendar()
	var out []comp.Term
	for _, t := range in.scheme.Roles[role] {
		for _, year := range calendar.Tile(salesops.Year, t.Span.Intersect(in.employment(name))) {
			term := comp.Term{Span: year, Plan: t.Plan, Target: t.Target, Draws: in.scheme.Draws[name]}
			for _, measure := range in.scheme.quotaNames() {
				if g, ok := quotas[measure].goal(calendar, year); ok {
					if term.Quotas == nil {
						term.Quotas = map[string]comp.Goal{}
					}
					term.Quotas[measure] = g
				}
			}
			out = append(out, term)
		}
	}
	return out
}

// employment is the time from the first to the last quarter of a person in the
// list of reps; all time for somebody who is not in it.
func (in *input) employment(name string) salesops.Period {
	calendar := in.scheme.calendar()
	var out salesops.Period
	first := true
	for i := range in.Reps {
		r := &in.Reps[i]
		if r.Name != name {
			continue
		}
		span := salesops.Period{Start: r.Start, End: r.End}
		if !span.Start.IsZero() {
			span.Start = calendar.Period(salesops.Quarter, span.Start).Start
		}
		if !span.End.IsZero() {
			span.End = calendar.Period(salesops.Quarter, span.Last()).End
		}
		if first {
			out, first = span, false
			continue
		}
		if span.Start.Before(out.Start) {
			out.Start = span.Start
		}
		if span.End.IsZero() || !out.End.IsZero() && span.End.After(out.End) {
			out.End = span.End
		}
	}
	return out
}

// hasQuota reports whether any term has a quota, or a target incentive.
func (p *person) hasQuota() bool {
	return slices.ContainsFunc(p.Terms, func(t comp.Term) bool { return len(t.Quotas) > 0 || !t.Target.Amount.IsZero() })
}

// quarterly has amounts by the first day of their quarter.
type quarterly map[salesops.Date]decimal.Decimal

// goal is the quota of a fiscal year, or part of one, that is made of the
// amounts of its four quarters; ok is false when there is none.
func (q quarterly) goal(calendar salesops.Calendar, in salesops.Period) (g comp.Goal, ok bool) {
	year := calendar.Period(salesops.Year, in.Start)
	g.Per = salesops.Year
	for _, quarter := range calendar.Tile(salesops.Quarter, year) {
		v := q[quarter.Start]
		g.Season = append(g.Season, v)
		g.Amount = g.Amount.Add(v)
	}
	return g, g.Amount.IsPositive()
}

// quotasByPerson sorts the quotas by person and measure. Each manager has, as
// quota "team", the sum of the reps'; a quota of a quarter in which the manager
// changed is divided by days.
func (in *input) quotasByPerson() map[string]map[string]quarterly {
	calendar := in.scheme.calendar()
	out := map[string]map[string]quarterly{}
	add := func(name, measure string, quarter salesops.Period, v decimal.Decimal) {
		if out[name] == nil {
			out[name] = map[string]quarterly{}
		}
		if out[name][measure] == nil {
			out[name][measure] = quarterly{}
		}
		out[name][measure][quarter.Start] = out[name][measure][quarter.Start].Add(v)
	}
	for _, q := range in.Quotas {
		_, quarter, err := calendar.Parse(q.Period)
		if err != nil {
			continue // rejected by check
		}
		measure := strings.ToLower(q.Measure)
		if measure == "" {
			measure = reps
			if names := in.scheme.quotaNames(); len(names) > 0 {
				measure = names[0]
			}
		}
		add(q.Rep, measure, quarter, q.Amount)
		if measure == reps {
			for manager, part := range in.byManager(q.Rep, quarter, q.Amount) {
				add(manager, managers, quarter, part)
			}
		}
	}
	return out
}

// byManager divides an amount among the managers of a rep in a period, by days.
func (in *input) byManager(rep string, period salesops.Period, amount decimal.Decimal) map[string]decimal.Decimal {
	var names []string
	var days []decimal.Decimal
	for i := range in.Reps {
		r := &in.Reps[i]
		n, ok := (salesops.Period{Start: r.Start, End: r.End}).Intersect(period).Days()
		if r.Name == rep && r.Manager != "" && ok && n > 0 {
			names = append(names, r.Manager)
			days = append(days, decimal.NewFromInt(int64(n)))
		}
	}
	if len(names) == 0 {
		return nil
	}
	parts, err := comp.Allocate(amount, days, max(0, -amount.Exponent()))
	if err != nil {
		return nil
	}
	out := map[string]decimal.Decimal{}
	for i, name := range names {
		out[name] = out[name].Add(parts[i])
	}
	return out
}
