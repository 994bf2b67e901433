package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/funnel"
	"github.com/shopspring/decimal"
)

// review is what the sections about the funnel are made of: how deals went through the stages, as known when the quarter
// ended.
type review struct {
	staged   bool // the data tells the stages; otherwise a deal is open until it closes
	view     funnel.View
	from     salesops.Date    // the deals are those created since
	journeys []funnel.Journey // of these deals
	teams    []string         // of the owners at the end of the quarter, by journey; "" if not known
	deals    map[string]*crm.Opportunity
	all      funnel.Flow             // of all
	byTeam   map[string]*funnel.Flow // of teams
	lives    funnel.Lifetimes        // from the creation to the end
	broken   []error                 // why journeys are left out
}

// reviewQuarters is how many quarters of created deals are looked at.
const reviewQuarters = 4

// review reads the ways of the deals that were created in the quarters up to the one that is closed, at the amounts that were
// known when it ended. It is nil if the data does not tell when deals were created.
func (in *input) review(quarter salesops.Period, known []forecast.Deal) (*review, error) {
	v := &review{deals: map[string]*crm.Opportunity{}, byTeam: map[string]*funnel.Flow{}, from: quarter.Start}
	for range reviewQuarters - 1 {
		v.from = in.scheme.calendar().Prev(salesops.Quarter, salesops.Period{Start: v.from, End: v.from.AddDays(1)}).Start
	}
	if first := in.firstWay(); v.from.Before(first) {
		v.from = first // of the deals created before, the data has the ways of those that were open then
	}
	amounts := make(map[string]decimal.Decimal, len(known))
	for i := range known {
		amounts[known[i].ID] = known[i].Amount
	}
	p, err := v.pipeline(in)
	if err != nil {
		return nil, err
	}
	v.view = funnel.View{Pipeline: p, AsOf: quarter.End.Time(time.UTC).Add(-1)}
	ways := map[string][]funnel.Move{}
	for _, m := range in.History {
		ways[m.Case] = append(ways[m.Case], funnel.Move{To: m.Activity, At: m.At, By: m.By})
	}
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		if o.Created.IsZero() || o.Created.Before(v.from) || !o.Created.Before(quarter.End) || o.Currency != "" && o.Currency != in.scheme.currency() {
			continue
		}
		j := funnel.Journey{ID: o.ID, Moves: ways[o.ID], Amount: amounts[o.ID], Currency: in.scheme.currency()}
		if v.staged {
			slices.SortStableFunc(j.Moves, func(a, b funnel.Move) int { return a.At.Compare(b.At) })
		} else {
			j.Moves = openAndEnd(o)
		}
		if err := p.Check(j); err != nil {
			v.broken = append(v.broken, err)
			continue
		}
		if err := v.add(in, o, j); err != nil {
			return nil, err
		}
	}
	if len(v.journeys) == 0 {
		return nil, nil //nolint:nilnil // no data is no fault
	}
	return v, nil
}

// firstWay is the first day on which a deal closed whose way the data tells. Without a history of stages the way of each is from
// its creation to its end.
func (in *input) firstWay() (first salesops.Date) {
	told := map[string]bool{}
	for _, m := range in.History {
		told[m.Case] = true
	}
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		if o.Status != crm.Open && (told[o.ID] || len(told) == 0) && (first.IsZero() || o.Closed.Before(first)) {
			first = o.Closed
		}
	}
	return first
}

// The stages of data without a history.
const (
	openStage = "Open"
	wonStage  = "Won"
	lostStage = "Lost"
)

func openAndEnd(o *crm.Opportunity) []funnel.Move {
	moves := []funnel.Move{{To: openStage, At: o.Created.Time(time.UTC)}}
	switch o.Status {
	case crm.Won:
		moves = append(moves, funnel.Move{To: wonStage, At: o.Closed.Time(time.UTC)})
	case crm.Lost:
		moves = append(moves, funnel.Move{To: lostStage, At: o.Closed.Time(time.UTC)})
	}
	return moves
}

// add counts a journey.
func (v *review) add(in *input, o *crm.Opportunity, j funnel.Journey) error {
	team := in.managerOf(o.Owner, in.quarter.Last())
	life, ok, err := v.view.Lifetime(j)
	if err != nil || !ok {
		return err
	}
	if v.byTeam[team] == nil {
		v.byTeam[team] = new(funnel.Flow)
	}
	v.journeys, v.teams = append(v.journeys, j), append(v.teams, team)
	v.deals[j.ID] = o
	return errors.Join(v.lives.Add(life), v.all.Add(v.view, j), v.byTeam[team].Add(v.view, j))
}

// pipeline puts the stages of the history in order: by the probability that the CRM gives them, or else by how early deals
// come to them.
func (v *review) pipeline(in *input) (funnel.Pipeline, error) {
	if len(in.History) == 0 {
		return funnel.NewPipeline(funnel.Stage{Key: openStage}, funnel.Stage{Key: wonStage, End: funnel.Won}, funnel.Stage{Key: lostStage, End: funnel.Lost})
	}
	v.staged = true
	ends := map[string]funnel.Exit{}
	for i := range in.Opportunities {
		switch o := &in.Opportunities[i]; o.Status {
		case crm.Won:
			ends[o.Stage] = funnel.Won
		case crm.Lost:
			ends[o.Stage] = funnel.Lost
		}
	}
	place, seen := map[string]float64{}, map[string]float64{}
	at := map[string]int{}
	for _, m := range in.History {
		place[m.Activity] += float64(at[m.Case])
		seen[m.Activity]++
		at[m.Case]++
	}
	chances := in.stageChances()
	rank := map[funnel.Exit]int{funnel.Won: 1, funnel.Lost: 2}
	order := slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		if n := rank[ends[a]] - rank[ends[b]]; n != 0 {
			return n
		}
		p, known := chances[a]
		q, both := chances[b]
		if known && both {
			return cmp.Or(p.Cmp(q), strings.Compare(a, b))
		}
		return cmp.Or(cmp.Compare(place[a]/seen[a], place[b]/seen[b]), strings.Compare(a, b))
	})
	stages := make([]funnel.Stage, len(order))
	for i, key := range order {
		stages[i] = funnel.Stage{Key: key, End: ends[key]}
	}
	p, err := funnel.NewPipeline(stages...)
	if err != nil {
		return p, fmt.Errorf("the stages of the history: %w", err)
	}
	return p.Reopening(), nil
}

// managerOf is who a rep reported to on a day; "" if that is not known.
func (in *input) managerOf(rep string, day salesops.Date) string {
	for i := range in.Reps {
		r := &in.Reps[i]
		if r.Name == rep && (salesops.Period{Start: r.Start, End: r.End}).Contains(day) {
			return r.Manager
		}
	}
	return ""
}
