package main

import (
	"fmt"

	"github.com/salesops-go/salesops"
)

// A state is a row of snapshots.csv: an open deal as the CRM had it at the start of a day.
type state struct {
	asOf     salesops.Date
	deal     *deal
	stage    stage
	category string
	cents    int64
	close    salesops.Date
}

// A call is a row of calls.csv: what somebody said on a day that a quarter would bring.
type call struct {
	by      string
	quarter int
	asOf    salesops.Date
	dollars int64
}

// watch draws the snapshots of the pipeline at the starts of the quarters and of the next
// year. What was believed then differs from what came: closing days are hoped for too
// early, amounts shrink, and a few deals are left out of the forecast.
func (c *company) watch() {
	for q := range 5 {
		asOf := yearStart.AddMonths(3 * q)
		for _, d := range c.deals {
			if d.created.Before(asOf) && (d.stage < closedWon || !d.closed.Before(asOf)) {
				c.states = append(c.states, c.see(d, asOf))
			}
		}
	}
}

// see draws what the CRM has of an open deal on a day.
func (c *company) see(d *deal, asOf salesops.Date) state {
	s := state{asOf: asOf, deal: d, cents: d.cents, close: d.closed, stage: d.stage}
	if asOf == yearEnd {
		s.category = c.category(s.stage)
		return s // as it was exported
	}
	left := max(d.closed.DaysSince(asOf), 1)
	progress := 100 * asOf.DaysSince(d.created) / max(d.closed.DaysSince(d.created), 1)
	if d.stage != closedWon {
		progress = progress * 75 / 100 // what is lost seldom came far
	}
	switch {
	case progress < 30:
		s.stage = qualification
	case progress < 55:
		s.stage = needsAnalysis
	case progress < 82:
		s.stage = proposal
	default:
		s.stage = negotiation
	}
	switch c.weighted(50, 32, 14, 4) {
	case 1: // will slip
		s.close = weekday(asOf.AddDays(1 + left*c.between(30, 95)/100))
	case 2: // will come early
		s.close = weekday(d.closed.AddDays(c.between(5, 45)))
	case 3: // nobody moved it on
		s.close = weekday(asOf.AddDays(-c.between(3, 20)))
	}
	switch c.weighted(52, 34, 14) {
	case 1:
		s.cents = s.cents * int64(c.between(105, 135)) / 100
	case 2:
		s.cents = s.cents * int64(c.between(75, 97)) / 100
	}
	s.category = c.category(s.stage)
	return s
}

// category draws the forecast category of an open deal.
func (c *company) category(s stage) string {
	weights := [...][5]int{ // omitted, pipeline, best case, most likely, commit
		qualification: {6, 90, 4, 0, 0},
		needsAnalysis: {4, 72, 22, 2, 0},
		proposal:      {3, 20, 45, 25, 7},
		negotiation:   {2, 4, 18, 30, 46},
	}
	return [...]string{"Omitted", "Pipeline", "Best Case", "Most Likely", "Commit"}[c.weighted(weights[s][:]...)]
}

// weeks is how many calls are made of a quarter: on its first day and every seven days after.
const weeks = 13

// call draws what reps and managers said week by week. A call starts out near the quota and
// ends near the truth; reps lean to one side, each in their own way.
func (c *company) call() {
	for q := range 4 {
		start, _ := quarter(q)
		teams := map[int]*[weeks]int64{}
		for i, r := range c.reps {
			quota := quotaCents(r, q)
			if quota == 0 {
				continue
			}
			lean := (i*37)%61 - 24 // percent, the same in every quarter
			for w := range weeks {
				asOf := start.AddDays(7 * w)
				if !r.active(asOf) {
					continue
				}
				sure, truth := c.wonBy(r, start, asOf), c.wonBy(r, start, start.AddMonths(3))
				hope := (int64(weeks-w)*quota + int64(weeks+2*w)*truth) / int64(2*weeks+w)
				open := max(hope-sure, 0) * int64(100+lean+c.between(-2*(weeks-w), 2*(weeks-w))) / 100
				dollars := (sure + open + 500_00) / 1000_00 * 1000
				c.calls = append(c.calls, call{r.name, q, asOf, dollars})
				team := r.managerOn(asOf)
				if teams[team] == nil {
					teams[team] = &[weeks]int64{}
				}
				teams[team][w] += dollars
			}
		}
		for m := range managers {
			for w := range weeks {
				if teams[m] == nil || c.chance(350) {
					continue // leaves the reps' calls as they are
				}
				dollars := teams[m][w] * int64(100+[]int{-9, -4, 3, -6, 6, -2}[m]) / 100
				c.calls = append(c.calls, call{managers[m], q, start.AddDays(7 * w), (dollars + 500) / 1000 * 1000})
			}
		}
	}
}

// wonBy sums what a rep won in [from, to).
func (c *company) wonBy(r *rep, from, to salesops.Date) (cents int64) {
	for _, d := range c.deals {
		if d.owner == r && d.stage == closedWon && !d.closed.Before(from) && d.closed.Before(to) {
			cents += d.cents
		}
	}
	return cents
}

// managerOn returns the manager of an active rep on a day.
func (r *rep) managerOn(d salesops.Date) int {
	for _, s := range r.spans {
		if !d.Before(s.start) && (s.end.IsZero() || d.Before(s.end)) {
			return s.manager
		}
	}
	return r.manager
}

func (c *company) snapshotsCSV() []byte {
	rows := [][]string{{"as_of", "opportunity", "stage", "category", "amount", "close"}}
	for _, s := range c.states {
		rows = append(rows, []string{s.asOf.String(), s.deal.key(), stages[s.stage].name, s.category, money(s.cents), s.close.String()})
	}
	return table(rows)
}

func (c *company) callsCSV() []byte {
	rows := [][]string{{"rep", "period", "as_of", "amount"}}
	for _, k := range c.calls {
		rows = append(rows, []string{k.by, fmt.Sprintf("FY2026-Q%d", k.quarter+1), k.asOf.String(), money(k.dollars * 100)})
	}
	return table(rows)
}
