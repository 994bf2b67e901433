package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/salesops-go/salesops/examples/internal/chart"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

const (
	mostFindings = 3 // of a team
	mostAged     = 10
)

// slow compares each team with the others, stage by stage, and the reps with each other.
func (r *report) slow(v *review) error {
	if !stalls(v) {
		return nil
	}
	r.title("Where deals stall", "Each team beside all the others, on the same deals: of each stage, how many visits go on to a later one or are won, how "+
		"long they take, and how many are second ones. P is the chance of such a difference where there is none, adjusted for "+
		"the number of stages. Up to 0.01 it is shown, as there are several teams.")
	found := false
	for _, team := range slices.Sorted(maps.Keys(v.byTeam)) {
		var others funnel.Flow
		if err := others.Merge(&v.all); err != nil {
			return err
		}
		if err := others.Sub(v.byTeam[team]); err != nil {
			return err
		}
		d, err := funnel.Bottlenecks(v.byTeam[team], &others, funnel.BottleneckOptions{Evidence: funnel.Evidence{Alpha: 0.01}})
		if err != nil {
			continue // too few deals of a team have an end
		}
		t, shown, more := chart.Findings(d.Findings, mostFindings)
		if shown == 0 {
			continue
		}
		if found {
			r.printf("\n")
		}
		found = true
		if team == "" {
			team = "(no manager)"
		}
		r.printf("  %s\n\n", team)
		t.Print(&r.out)
		if more > 0 {
			r.printf("  and %d more\n", more)
		}
	}
	if !found {
		r.printf("  no team is worse than the others by more than chance\n")
	}
	return r.compareReps(v)
}

// stalls reports whether there are teams to compare.
func stalls(v *review) bool { return v != nil && len(v.byTeam) > 1 }

// compareReps tells whether reps win more or fewer of their deals than each other.
func (r *report) compareReps(v *review) error {
	records := map[string]*funnel.RepRecord{}
	for i := range v.journeys {
		s, ok, err := v.view.Lifetime(v.journeys[i])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		name := v.deals[v.journeys[i].ID].Owner
		if records[name] == nil {
			records[name] = &funnel.RepRecord{Name: name, Deals: new(funnel.Lifetimes)}
		}
		if err := records[name].Deals.Add(s); err != nil {
			return err
		}
		switch s.Exit {
		case funnel.Won:
			records[name].Won++
		case funnel.Lost:
			records[name].Lost++
		}
	}
	var list []funnel.RepRecord
	for _, name := range slices.Sorted(maps.Keys(records)) {
		list = append(list, *records[name])
	}
	c, err := funnel.CompareReps(list, funnel.Evidence{})
	if err != nil {
		return nil //nolint:nilerr // fewer than two reps closed a deal
	}
	share, interval := chart.Ratio(c.Team)
	text := fmt.Sprintf("The reps won %s of the %s deals that they closed (95%% interval %s).", share, page.Count(int(c.Team.Den)), interval)
	if c.WinRates.P > 0.05 {
		text += fmt.Sprintf(" Their win rates differ no more than those of equal reps would by chance (p = %s): a ranking would rank luck.", chart.P(c.WinRates.P))
	} else {
		text += fmt.Sprintf(" Their win rates differ by more than chance (p = %s).", chart.P(c.WinRates.P))
	}
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", text)
	t := page.NewTable(1, "Rep", "Won", "Closed", "Win rate", "Others", "P")
	n := 0
	for _, rep := range c.Reps {
		if rep.Verdict != funnel.Better && rep.Verdict != funnel.Worse {
			continue
		}
		n++
		own, _ := chart.Ratio(rep.WinRate)
		rest, _ := chart.Ratio(rep.Rest)
		t.Add(rep.Name, page.Count(int(rep.WinRate.Num)), page.Count(int(rep.WinRate.Den)), own, rest, chart.P(rep.Against.AdjustedP))
	}
	if n > 0 {
		r.printf("\n")
		t.Print(&r.out)
	}
	return nil
}

// ageing lists the deals that have waited for longer than is usual.
func (r *report) ageing(v *review) {
	if v == nil {
		return
	}
	aged, err := funnel.Ageing(v.view, v.journeys, &v.all, funnel.AgeingOptions{Quantile: 0.9})
	if err != nil {
		return // nothing tells what is usual
	}
	r.title("Deals that have waited for too long", "Open deals that have been in their stage for longer than 9 of 10 visits to it last; the largest of them. Days is how long, Usual what 9 of 10 visits stay at most, Outlast the share of visits that last longer still, "+
		"and Chance that of deals so old there to be won in the end.")
	if aged.Overdue.Count == 0 {
		r.printf("  none of the %s open deals\n", page.Count(int(aged.Open.Count)))
		return
	}
	t := chart.Aged(&aged, mostAged, []string{"Account", "Owner"}, func(id string) []string {
		o := v.deals[id]
		name := o.Account
		if name == "" {
			name = o.ID
		}
		return []string{page.Clip(name, 18), page.Clip(o.Owner, 14)}
	})
	t.Print(&r.out)
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", fmt.Sprintf("Together they are %s of %s open deals, and %s of %s %s.", page.Count(int(aged.Overdue.Count)), page.Count(int(aged.Open.Count)),
		page.Whole(aged.Overdue.Amount), page.Whole(aged.Open.Amount), aged.Currency))
}
