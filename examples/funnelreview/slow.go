package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/chart"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

const (
	mostFindings = 8
	mostAged     = 8
)

// slow compares the later cases with the earlier ones.
func (r *report) slow() error {
	var before, after funnel.Flow
	split := r.split
	if split.IsZero() {
		whole := r.whole()
		days := make([]salesops.Date, len(whole))
		for i, j := range whole {
			days[i] = began(j)
		}
		slices.SortFunc(days, salesops.Date.Compare)
		split = days[len(days)/2]
	}
	for _, j := range r.whole() {
		flow := &before
		if !began(j).Before(split) {
			flow = &after
		}
		if err := flow.Add(r.view, j); err != nil {
			return err
		}
	}
	r.title("What has become worse", fmt.Sprintf("The %s deals that began on %s or later, beside the %s that began before: of each stage, "+
		"how many visits go on, how long they take and how many are second ones. P is the chance of such a difference where there is "+
		"none, adjusted for the number of stages; above 0.05 it is not shown.", page.Count(int(after.Journeys())), split, page.Count(int(before.Journeys()))))
	if after.Journeys() == 0 || before.Journeys() == 0 {
		r.printf("  nothing to compare: choose another day with -split\n")
		return nil
	}
	d, err := funnel.Bottlenecks(&after, &before, funnel.BottleneckOptions{})
	if err != nil {
		r.printf("  not to be told: %v\n", err)
		return nil
	}
	t, shown, more := chart.Findings(d.Findings, mostFindings)
	if shown == 0 {
		r.printf("  nothing that could not be chance\n")
	} else {
		t.Print(&r.out)
		if more > 0 {
			r.text(fmt.Sprintf("And %d more.", more))
		}
	}
	better := 0
	for _, f := range d.Findings {
		if f.Verdict == funnel.Better {
			better++
		}
	}
	if better > 0 {
		r.text(fmt.Sprintf("Figures that have become better: %d.", better))
	}
	return nil
}

// cohortTable sets the cohorts beside each other at the same ages.
func (r *report) cohortTable() error {
	var triangle funnel.Triangle
	var calendar salesops.Calendar
	for _, j := range r.whole() {
		s, ok, err := r.view.Lifetime(j)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := triangle.Add(calendar.Period(r.cohorts, began(j)), s); err != nil {
			return err
		}
	}
	table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: r.horizons, AsOf: r.view.AsOf})
	if err != nil {
		return err
	}
	r.title("Won by cohort and age", "Of the deals that began in each "+string(r.cohorts)+", the share won by an age. A cell is empty as long as "+
		"not all of them have come to that age; an estimate in brackets uses those that have.")
	header := []string{"Began in", "Deals"}
	for _, age := range r.horizons {
		header = append(header, fmt.Sprintf("%d days", age))
	}
	t := page.NewTable(1, header...)
	for _, row := range table.Rows {
		name := calendar.Name(r.cohorts, row.Cohort.Start)
		if r.cohorts == salesops.Month {
			name = row.Cohort.Start.String()[:len("2006-01")]
		}
		cells := []string{name, page.Count(int(row.Entered))}
		for _, c := range row.Cells {
			cells = append(cells, cell(c))
		}
		t.Add(cells...)
	}
	t.Rule()
	cells := []string{"All that are of age", ""}
	for _, c := range table.All {
		cells = append(cells, cell(c))
	}
	t.Add(cells...)
	t.Print(&r.out)
	return nil
}

func cell(c funnel.CohortCell) string {
	switch {
	case c.Gap == "":
		if p, ok := c.Ratio.Float(); ok {
			return page.Share(p)
		}
	case c.Incidence.Supported:
		return "(" + page.Share(c.Incidence.Value) + ")"
	}
	return page.None
}

// ageing lists the deals that wait for longer than is usual.
func (r *report) ageing() error {
	aged, err := funnel.Ageing(r.view, r.journeys, &r.flow, funnel.AgeingOptions{Quantile: 0.9})
	r.title("What has waited for too long", "Open deals that have been in their stage for longer than 9 of 10 visits to it last, those first "+
		"that fewest outlast. Usual is what 9 of 10 visits stay at most, Chance that of deals so old there to be won in the end.")
	if err != nil {
		r.printf("  not to be told: %v\n", err)
		return nil
	}
	if aged.Overdue.Count == 0 {
		r.printf("  none of the %s open deals\n", page.Count(int(aged.Open.Count)))
		return nil
	}
	slices.SortStableFunc(aged.Deals, func(a, b funnel.AgedDeal) int { return cmp.Compare(a.Longer, b.Longer) })
	t := chart.Aged(&aged, mostAged, []string{"Deal"}, func(id string) []string { return []string{page.Clip(id, 24)} })
	t.Print(&r.out)
	r.text(fmt.Sprintf("They are %s of %s open deals.", page.Count(int(aged.Overdue.Count)), page.Count(int(aged.Open.Count))))
	return nil
}

// whole are the journeys of which the log tells from the beginning, with all others that began then.
func (in *input) whole() []funnel.Journey {
	out := in.journeys
	for len(out) > 0 && began(out[0]).Before(in.since) { // they stand in the order in which they began
		out = out[1:]
	}
	return out
}

// began is the day on which a journey began.
func began(j funnel.Journey) salesops.Date { return salesops.DateOf(j.Moves[0].At.In(time.UTC)) }
