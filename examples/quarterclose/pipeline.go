package main

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
)

// pipeline shows what is open for the next quarter, by column.
func (r *report) pipeline(o *outlook) error {
	if o.closing == nil && r.lastDay.After(o.asOf) {
		r.title("The pipeline of "+o.nextName, "The export is of a later day and has no snapshot of "+o.next.Start.String()+
			": what was open then is known, but not in which stage, and when it was expected to close.")
		return nil
	}
	q := forecast.Query{Period: o.next}
	note := ""
	if w, ok := o.weight(); ok {
		q.Weight = w
		note = " Weighted is by the CRM's probability of the stage."
	}
	dated := o.dated()
	if n := len(o.deals) - len(dated); n > 0 {
		note += " Open deals without an expected day are left out: " + page.Count(n) + "."
	}
	s, err := forecast.Summarize(dated, q)
	if err != nil {
		return err
	}
	if s.Open().Deals == 0 && s.Closed.Deals == 0 {
		r.title("The pipeline of "+o.nextName, "As of "+o.asOf.String()+", no open deal is expected to close in the quarter.")
		return r.submitted(o)
	}
	r.title("The pipeline of "+o.nextName, "Deals expected to close in the quarter, as of "+o.asOf.String()+
		", by forecast category. Each or better counts those of a category and of all that are more certain, closed ones included."+note)
	c := s.Cumulative()
	t := page.NewTable(1, "Category", "Deals", "Amount", "Weighted", "Each or better")
	for _, row := range []struct {
		name string
		cell forecast.Cell
		sum  *forecast.Cell
	}{
		{"Closed", s.Closed, &c.Closed},
		{"Commit", s.Commit, &c.Commit},
		{"Most likely", s.MostLikely, &c.MostLikely},
		{"Best case", s.BestCase, &c.BestCase},
		{"Pipeline", s.Pipeline, nil},
	} {
		sum := page.None
		if row.sum != nil {
			sum = page.Money(row.sum.Amount)
		}
		t.Add(row.name, page.Number(row.cell.Deals), page.Money(row.cell.Amount), page.Money(row.cell.Weighted.Round(2)), sum)
	}
	t.Rule()
	open := s.Open()
	o.weighted = open.Weighted
	t.Add("Open, all of these", page.Count(open.Deals), page.Amount(open.Amount), page.Money(open.Weighted.Round(2)))
	if s.Omitted.Deals > 0 {
		t.Add("Besides, omitted", page.Count(s.Omitted.Deals), page.Amount(s.Omitted.Amount))
	}
	t.Print(&r.out)
	if o.quota.IsPositive() {
		text := "The quotas of the quarter are " + page.Whole(o.quota) + "."
		if coverage, err := forecast.Coverage(open.Amount, o.quota, s.Closed.Amount); err == nil {
			text += " The open pipeline covers what is missing of them " + coverage.StringFixed(1) + " times: " +
				"to reach them by it alone, " + page.Percent(o.quota.Sub(s.Closed.Amount), open.Amount) + " of it must be won."
		}
		r.printf("\n")
		page.Wrap(&r.out, "  ", "  ", text)
	}
	return r.submitted(o)
}

// dated are the deals with a closing day, expected or real.
func (o *outlook) dated() []forecast.Deal {
	return slices.DeleteFunc(slices.Clone(o.deals), func(d forecast.Deal) bool { return d.Close.IsZero() })
}

// submitted sets what the data says beside what reps and managers say.
func (r *report) submitted(o *outlook) error {
	nodes, overrides, err := r.hierarchy(o)
	if err != nil || len(overrides) == 0 {
		return err
	}
	own := slices.DeleteFunc(slices.Clone(overrides), func(v forecast.Override) bool { return r.isManager(v.By) })
	byReps, err := forecast.RollUp(nodes, own)
	if err != nil {
		return err
	}
	byAll, err := forecast.RollUp(nodes, overrides)
	if err != nil {
		return err
	}
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", "What people say that it will bring, as of "+o.next.Start.String()+". Commit and closed is what the "+
		"CRM has, the reps' calls replace it, and a manager's call replaces those of the team.")
	r.printf("\n")
	t := page.NewTable(1, "Team", "Commit and closed", "Reps' calls", "Submitted", "Judgment")
	for i, line := range byAll {
		if !r.isManager(line.Node) && line.Node != everybodyNode {
			continue
		}
		if line.Node == everybodyNode {
			t.Rule()
			o.submitted = line.Submitted
		}
		t.Add(line.Node, page.Money(line.Computed), page.Money(byReps[i].Submitted), page.Money(line.Submitted), page.Money(line.Judgment))
	}
	t.Print(&r.out)
	return nil
}

// everybodyNode is the top of the hierarchy of calls.
const everybodyNode = "Everybody"

// hierarchy is who reports to whom at the start of the next quarter, with what is committed
// and closed of each, and the calls of that day.
func (r *report) hierarchy(o *outlook) (nodes []forecast.Node, overrides []forecast.Override, err error) {
	committed, err := forecast.SummarizeBy(o.dated(), forecast.Query{Period: o.next}, func(d forecast.Deal) string { return d.Owner })
	if err != nil {
		return nil, nil, err
	}
	own := map[string]decimal.Decimal{}
	for _, g := range committed {
		own[g.Key] = g.Summary.Cumulative().Commit.Amount
	}
	parents := map[string]string{}
	for i := range r.Reps {
		rep := &r.Reps[i]
		if (salesops.Period{Start: rep.Start, End: rep.End}).Contains(o.next.Start) && rep.Manager != "" {
			parents[rep.Name] = rep.Manager
		}
	}
	for _, manager := range slices.Compact(slices.Sorted(maps.Values(parents))) {
		nodes = append(nodes, forecast.Node{ID: manager, Parent: everybodyNode, Own: own[manager]})
		delete(own, manager)
	}
	for _, name := range slices.Sorted(maps.Keys(parents)) {
		nodes = append(nodes, forecast.Node{ID: name, Parent: parents[name], Own: own[name]})
		delete(own, name)
	}
	for _, name := range slices.Sorted(maps.Keys(own)) { // who has left, and whose deals are still there
		nodes = append(nodes, forecast.Node{ID: name, Parent: everybodyNode, Own: own[name]})
	}
	nodes = append(nodes, forecast.Node{ID: everybodyNode})
	known := map[string]bool{}
	for _, n := range nodes {
		known[n.ID] = true
	}
	for _, c := range o.calls {
		if c.Period == o.next && c.AsOf == o.next.Start && known[c.By] {
			overrides = append(overrides, forecast.Override{Node: c.By, By: c.By, Amount: c.Amount})
		}
	}
	return nodes, overrides, nil
}

// isManager reports whether somebody reports to a person.
func (r *report) isManager(name string) bool {
	return slices.ContainsFunc(r.Reps, func(rep crm.Rep) bool { return rep.Manager == name })
}
