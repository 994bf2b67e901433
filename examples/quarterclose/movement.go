package main

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/funnel"
)

// movement tells how all that is open moved in the quarter, whenever it is due, team by team.
func (r *report) movement(o *outlook) error {
	if o.opening == nil || o.closing == nil {
		return nil
	}
	w, err := funnel.Compare(salesops.Period{}, r.positions(o.opening), r.positions(o.closing))
	if err != nil {
		return err
	}
	r.title("How the whole pipeline moved", "All open deals, whenever they are due, at "+o.opening.AsOf.String()+" and at "+o.closing.AsOf.String()+
		". What was created and closed in between is in it. Each column adds up, and so do the teams.")
	t := page.NewTable(1, "Part", "Deals", "Amount")
	for _, part := range []struct {
		name string
		part funnel.Part
		out  bool
	}{
		{"Start", w.Total.Start, false},
		{"Created", w.Total.Created, false},
		{"Reopened", w.Total.Reopened, false},
		{"Amounts increased", w.Total.Increased, false},
		{"Amounts decreased", w.Total.Decreased, true},
		{"Won", w.Total.Won, true},
		{"Lost", w.Total.Lost, true},
		{"Left", w.Total.Left, true},
		{"Removed", w.Total.Removed, true},
	} {
		if part.part.Count == 0 {
			continue
		}
		deals, amount := page.Count(int(part.part.Count)), part.part.Amount
		if part.out {
			deals, amount = "-"+deals, amount.Neg()
		}
		if part.name == "Amounts increased" || part.name == "Amounts decreased" {
			deals = page.None // they stay
		}
		t.Add(part.name, deals, page.Money(amount))
	}
	t.Rule()
	t.Add("End", page.Count(int(w.Total.End.Count)), page.Amount(w.Total.End.Amount))
	t.Print(&r.out)
	if len(w.Groups) < 2 {
		return nil
	}
	r.printf("\n")
	t = page.NewTable(1, "Team", "Start", "New", "Changed", "Moved here", "Won", "Lost", "End")
	for _, g := range w.Groups {
		m := g.Movement
		name := g.Group
		if name == "" {
			name = "(no manager)"
		}
		t.Add(page.Clip(name, 18), rounded(m.Start.Amount), rounded(m.Created.Amount.Add(m.Reopened.Amount)), rounded(m.Increased.Amount.Sub(m.Decreased.Amount)),
			rounded(m.TransferredIn.Amount.Sub(m.TransferredOut.Amount)), rounded(m.Won.Amount.Neg()), rounded(m.Lost.Amount.Add(m.Left.Amount).Add(m.Removed.Amount).Neg()),
			rounded(m.End.Amount))
	}
	t.Print(&r.out)
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", fmt.Sprintf("Rounded to whole %s. Teams are those of the deals' owners on the day.", r.scheme.currency()))
	return nil
}

func rounded(d decimal.Decimal) string { return page.Whole(d.Round(0)) }

// positions are the deals of a snapshot, by the team of their owner on the day.
func (r *report) positions(s *forecast.Snapshot) []funnel.Position {
	out := make([]funnel.Position, len(s.Deals))
	for i := range s.Deals {
		d := &s.Deals[i]
		out[i] = funnel.Position{
			ID: d.ID, Amount: d.Amount, Currency: d.Currency, Due: d.Close, Group: r.managerOf(d.Owner, s.AsOf),
			Status: map[forecast.Status]funnel.Exit{forecast.Won: funnel.Won, forecast.Lost: funnel.Lost}[d.Status],
		}
	}
	return out
}
