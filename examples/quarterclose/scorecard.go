package main

import (
	"slices"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/metrics"
)

// scoreboard is what the sections about how the team is doing are made of: a card of all that was known when the quarter ended.
type scoreboard struct {
	card     *metrics.Scorecard
	quarters []boardQuarter // the one that is closed, the one before and that of a year ago, as far as the data has them
	missing  []string       // names of those that it does not have
	begins   salesops.Date  // the first day on which a deal closed
	ahead    salesops.Period
	cut      string // what segments are called; "" if there are none

	// What there is: days of creation, lost deals, open ones, days on which these are due, deals at the price of a product.
	created, lost, open, due, priced bool
}

// boardQuarter is a quarter of the card.
type boardQuarter struct {
	metrics.Slice
	name   string
	period salesops.Period
}

// score counts what was known when the quarter ended.
func (r *report) score(o *outlook) (*scoreboard, error) {
	b := &scoreboard{begins: r.firstClosing(), ahead: o.next, due: o.closing != nil || !r.lastDay.After(o.asOf)}
	var err error
	b.card, err = metrics.NewScorecard(metrics.Rules{
		Calendar: r.scheme.calendar(), Unit: salesops.Quarter, AsOf: r.quarter.End.Time(time.UTC).Add(-1),
	})
	if err != nil {
		return nil, err
	}
	if err := b.addDeals(r.input, o); err != nil {
		return nil, err
	}
	b.choose(r.scheme.calendar(), r.quarter)
	for _, p := range r.books.people {
		if err := b.addPerson(r, p); err != nil {
			return nil, err
		}
	}
	if o.quota.IsPositive() {
		if err := b.card.AddQuota(metrics.Quota{Period: o.next, Amount: o.quota, Currency: r.scheme.currency()}); err != nil {
			return nil, err
		}
	}
	return b, b.read()
}

// addDeals adds the deals as they stood, each to the team that its owner was in when it closed, or is in while it is open. Those
// that are left out of the forecast are open, but not due at any time.
func (b *scoreboard) addDeals(in *input, o *outlook) error {
	rows := make(map[string]*crm.Opportunity, len(in.Opportunities))
	for i := range in.Opportunities {
		rows[in.Opportunities[i].ID] = &in.Opportunities[i]
	}
	b.cut = segmentTag(in.Opportunities)
	for i := range o.deals {
		d := &o.deals[i]
		row := rows[d.ID]
		deal := metrics.Deal{
			ID: d.ID, Owner: d.Owner, Account: row.Account, Segment: row.Tags[b.cut], Amount: d.Amount, Currency: d.Currency, Close: d.Close,
		}
		if !d.Created.After(o.asOf) {
			deal.Created = d.Created
		}
		day := d.Close
		switch d.Status {
		case forecast.Won:
			deal.Status = metrics.Won
		case forecast.Lost:
			deal.Status, b.lost = metrics.Lost, true
		default:
			day, b.open = o.asOf, true
			if d.Category == forecast.Omitted {
				deal.Close = salesops.Date{}
			}
		}
		deal.Team = in.managerOf(d.Owner, day)
		b.created = b.created || !deal.Created.IsZero()
		b.priced = b.priced || row.Amount.IsZero() && !d.Amount.IsZero()
		if err := b.card.AddDeal(deal); err != nil {
			return err
		}
	}
	return nil
}

// segmentTag is the column by which deals are cut into segments; "" if the data has none.
func segmentTag(deals []crm.Opportunity) string {
	for _, tag := range []string{"segment", "region"} {
		if slices.ContainsFunc(deals, func(o crm.Opportunity) bool { return o.Tags[tag] != "" }) {
			return tag
		}
	}
	return ""
}

// choose settles which quarters are shown: those in which the data has closed deals.
func (b *scoreboard) choose(calendar salesops.Calendar, quarter salesops.Period) {
	for _, p := range []salesops.Period{quarter, calendar.Prev(salesops.Quarter, quarter), calendar.YearAgo(salesops.Quarter, quarter)} {
		if p.IsEmpty() {
			continue
		}
		name := calendar.Name(salesops.Quarter, p.Start)
		if p != quarter && !p.End.After(b.begins) {
			b.missing = append(b.missing, name)
			continue
		}
		b.quarters = append(b.quarters, boardQuarter{name: name, period: p})
	}
}

// addPerson adds a rep to the roster, and the quotas of reps and managers with what the statements count towards them.
func (b *scoreboard) addPerson(r *report, p *person) error {
	q := metrics.Quota{Currency: r.scheme.currency()}
	switch p.role {
	case reps:
		q.Owner, q.Team = p.ID, p.manager
	case managers:
		q.Team = p.ID
	default:
		return nil
	}
	for _, at := range b.quarters {
		if a, ok := r.books.attained(p, at.period); ok {
			q.Period, q.Amount, q.Credited = at.period, *a.Quota, &a.Measure
			if err := b.card.AddQuota(q); err != nil {
				return err
			}
		}
	}
	return b.addRoster(r.Reps, p)
}

// addRoster adds when a rep was there to sell. A list that does not tell since when means always.
func (b *scoreboard) addRoster(list []crm.Rep, p *person) error {
	for i := range list {
		row := &list[i]
		active := salesops.Period{Start: row.Start, End: row.End}
		if active.Start.IsZero() {
			active.Start = b.oldest().Start
		}
		if row.Name != p.ID || p.role != reps || active.IsEmpty() {
			continue
		}
		if err := b.card.AddRep(metrics.Rep{Name: row.Name, Team: row.Manager, Active: active}); err != nil {
			return err
		}
	}
	return nil
}

// oldest is the first of the quarters.
func (b *scoreboard) oldest() salesops.Period {
	return slices.MinFunc(b.quarters, func(x, y boardQuarter) int { return x.period.Start.Compare(y.period.Start) }).period
}

// read takes the quarters from the card, now that all is in it.
func (b *scoreboard) read() (err error) {
	for i := range b.quarters {
		q := &b.quarters[i]
		if q.Slice, err = b.card.Select(metrics.Filter{Period: q.period}); err != nil {
			return err
		}
	}
	return nil
}

// inPart reports whether the data begins within a quarter, more than two weeks after its first day.
func (b *scoreboard) inPart(q salesops.Period) bool { return b.begins.DaysSince(q.Start) > 14 }

// figure reads a KPI of a quarter. It has none where the data says nothing, though a card does not know that.
func (b *scoreboard) figure(q *boardQuarter, id metrics.ID) (metrics.Figure, error) {
	none := func(reason string) (metrics.Figure, error) { return metrics.Figure{KPI: id, Reason: reason}, nil }
	switch id {
	case metrics.WinRate, metrics.WinRateValue:
		if !b.lost {
			return none("the data has no lost deal")
		}
	case metrics.PipelineCreated:
		switch {
		case !b.created:
			return none("no deal has a day of creation")
		case !b.open:
			return none("the data has no open deal")
		case b.inPart(q.period):
			return none("deals that closed before " + b.begins.String() + " are missing")
		}
	}
	return q.Figure(id, metrics.Options{})
}

// coverage is how many times the open pipeline of the next quarter covers its quotas.
func (b *scoreboard) coverage() (metrics.Figure, error) {
	if !b.due {
		return metrics.Figure{KPI: metrics.PipelineCoverage, Reason: "when open deals were due then is not known"}, nil
	}
	next, err := b.card.Select(metrics.Filter{Period: b.ahead})
	if err != nil {
		return metrics.Figure{}, err
	}
	return next.Figure(metrics.PipelineCoverage, metrics.Options{})
}

// attained is where a person stood against the quota at the end of a quarter; ok is false if no statement says.
func (b *books) attained(p *person, quarter salesops.Period) (at comp.Attained, ok bool) {
	for _, a := range b.accounts {
		if v, found := a.attained[quarter.Last()]; a.person == p && found {
			at, ok = v, true
		}
	}
	return at, ok
}

// attainedOn is the quota of a statement whose window holds a day, and where the payee stands against it.
func attainedOn(s *comp.Statement, day salesops.Date) (at comp.Attained, ok bool) {
	i := slices.IndexFunc(s.Attained, func(a comp.Attained) bool { return a.Quota != nil && a.Window.Contains(day) })
	if i < 0 {
		return comp.Attained{}, false
	}
	return s.Attained[i], true
}
