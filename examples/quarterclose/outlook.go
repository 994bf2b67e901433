package main

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/forecast"
)

// outlook is what the forecasting sections are made of: the deals as they stood when the
// quarter ended, and when it began, and what people called.
type outlook struct {
	next     salesops.Period // the quarter after the one that is closed
	nextName string
	asOf     salesops.Date // the last day of the quarter: all that is known
	deals    []forecast.Deal
	// opening and closing are the snapshots of the quarter's first day and of the day after
	// its last, nil if the data has none.
	opening, closing *forecast.Snapshot
	// chances are the CRM's own probabilities by stage.
	chances map[string]decimal.Decimal
	quota   decimal.Decimal // of the next quarter; zero: none
	calls   []forecast.Call

	foreign   int             // deals in other currencies, left out
	weighted  decimal.Decimal // what the CRM's probabilities make of the open pipeline
	submitted decimal.Decimal // what people say; zero: nothing
}

// look takes the deals back to the end of a quarter.
func (in *input) look(quarter salesops.Period) *outlook {
	calendar := in.scheme.calendar()
	o := &outlook{next: calendar.Next(salesops.Quarter, quarter), asOf: quarter.Last()}
	o.nextName = calendar.Name(salesops.Quarter, o.next.Start)
	all := in.forecastDeals(&o.foreign)
	o.opening, o.closing = in.snapshot(all, quarter.Start), in.snapshot(all, quarter.End)
	switch {
	case o.closing != nil:
		o.deals = o.closing.Deals
	case in.lastDay.After(o.asOf):
		o.deals = forecast.Rewind(all, o.asOf)
	default:
		o.deals = all
	}
	o.chances = in.stageChances()
	for _, q := range in.Quotas {
		if strings.EqualFold(q.Period, o.nextName) && (q.Measure == "" || q.Measure == reps) {
			o.quota = o.quota.Add(q.Amount)
		}
	}
	for _, c := range in.Calls {
		if unit, p, err := calendar.Parse(c.Period); err == nil && unit == salesops.Quarter {
			o.calls = append(o.calls, forecast.Call{By: c.Rep, Period: p, AsOf: c.AsOf, Amount: c.Amount})
		}
	}
	return o
}

// forecastDeals are the opportunities of the export as it is. An open one without an amount
// is worth the price of its product, if the data has prices. Those in another currency than
// that of the plans are counted as foreign.
func (in *input) forecastDeals(foreign *int) []forecast.Deal {
	currency := in.scheme.currency()
	out := make([]forecast.Deal, 0, len(in.Opportunities))
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		if o.Currency != "" && o.Currency != currency {
			*foreign++
			continue
		}
		d := forecast.Deal{
			ID: o.ID, Owner: o.Owner, Stage: o.Stage, Amount: o.Amount, Currency: currency,
			Status: [...]forecast.Status{forecast.Open, forecast.Won, forecast.Lost}[o.Status], Created: o.Created, Close: o.Closed,
		}
		if price, err := decimal.NewFromString(o.Tags["sales_price"]); err == nil && o.Status != crm.Won && o.Amount.IsZero() {
			d.Amount = price
		}
		out = append(out, d)
	}
	return out
}

// snapshot is what the CRM had at the start of a day: the open deals from the list of
// snapshots, and what had closed by then. It is nil if there is no snapshot of the day.
func (in *input) snapshot(all []forecast.Deal, day salesops.Date) *forecast.Snapshot {
	states := map[string]*crm.State{}
	for i := range in.Snapshots {
		if s := &in.Snapshots[i]; s.AsOf == day {
			states[s.Opportunity] = s
		}
	}
	if len(states) == 0 {
		return nil
	}
	out := &forecast.Snapshot{AsOf: day}
	for _, d := range all {
		switch s := states[d.ID]; {
		case s != nil:
			d.Status, d.Stage, d.Amount, d.Close = forecast.Open, s.Stage, s.Amount, s.Close
			d.Category = forecast.Category(strings.ToLower(s.Category))
			out.Deals = append(out.Deals, d)
		case d.Status != forecast.Open && d.Close.Before(day):
			out.Deals = append(out.Deals, d)
		}
	}
	return out
}

// stageChances are the probabilities that the CRM gives to the stages.
func (in *input) stageChances() map[string]decimal.Decimal {
	out := map[string]decimal.Decimal{}
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		if o.Status == crm.Open && o.Probability != nil {
			out[o.Stage] = *o.Probability
		}
	}
	return out
}

// weight is the CRM's weighting, and whether it has one for all that is open.
func (o *outlook) weight() (forecast.Weight, bool) {
	for i := range o.deals {
		d := &o.deals[i]
		if _, ok := o.chances[d.Stage]; !ok && d.Status == forecast.Open {
			return forecast.Weight{}, false
		}
	}
	return forecast.ByStage(o.chances), true
}
