package main

import (
	"strings"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
)

// bridge tells what became of the pipeline of the quarter.
func (r *report) bridge(o *outlook) error {
	if o.opening == nil || o.closing == nil {
		return nil
	}
	b, err := forecast.Compare(*o.opening, *o.closing, r.quarter)
	if err != nil {
		return err
	}
	r.title("What became of the pipeline of "+r.name, "The open deals that were to close in the quarter, as they stood on "+
		o.opening.AsOf.String()+" and on "+o.closing.AsOf.String()+". Amounts change before a deal leaves; what was created and closed in between is not in it.")
	t := page.NewTable(1, "Part", "Deals", "Amount")
	for _, part := range []struct {
		name string
		part forecast.Part
		out  bool
	}{
		{"Opening", b.Opening, false},
		{"New", b.New, false},
		{"Reopened", b.Reopened, false},
		{"Pulled in from other quarters", b.PulledIn, false},
		{"No longer omitted", b.Included, false},
		{"Amounts increased", b.Increased, false},
		{"Amounts decreased", b.Decreased, true},
		{"Pushed out to other quarters", b.PushedOut, true},
		{"Omitted from the forecast", b.Omitted, true},
		{"Won", b.Won, true},
		{"Lost", b.Lost, true},
		{"Removed", b.Removed, true},
	} {
		amount, deals := part.part.Amount, page.Number(part.part.Deals)
		if part.part.Deals == 0 {
			continue
		}
		if part.out {
			amount, deals = amount.Neg(), "-"+deals
		}
		if strings.HasPrefix(part.name, "Amounts") {
			deals = page.None // they stay
		}
		t.Add(part.name, deals, page.Money(amount))
	}
	t.Rule()
	t.Add("Closing", page.Count(b.Closing.Deals), page.Amount(b.Closing.Amount))
	t.Print(&r.out)
	return nil
}
