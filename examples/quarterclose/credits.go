package main

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/crm"
)

// credits gives everybody their own credits of the deals that were won while a plan
// applied, and of what happened to these deals afterwards: to the owner or by the
// splits, and managers those that roll up to them. Overlays do not roll up: the deal is with
// the manager of those who share it.
func (in *input) credits() (own, rolled map[string][]comp.Credit, err error) {
	whole := in.scheme.whole()
	splits := map[string][]comp.Split{}
	shared := map[string]bool{}
	for _, s := range in.Splits {
		splits[s.Opportunity] = append(splits[s.Opportunity], comp.Split{Payee: s.Rep, Share: s.Share, Overlay: s.Overlay})
		shared[s.Opportunity] = shared[s.Opportunity] || !s.Overlay
	}
	var all []comp.Credit
	give := func(d comp.Deal, root *crm.Opportunity) error {
		to := splits[root.ID]
		if !shared[root.ID] {
			to = append([]comp.Split{{Payee: root.Owner, Share: decimal.New(1, 0)}}, to...)
		}
		credits, err := comp.SplitDeal(d, to, 2)
		all = append(all, credits...)
		return err
	}
	won := map[string]*crm.Opportunity{}
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		if o.Status != crm.Won || !whole.Contains(o.Closed) {
			continue
		}
		won[o.ID] = o
		if err := give(dealOf(o), o); err != nil {
			return nil, nil, err
		}
	}
	for i := range in.Events {
		e := &in.Events[i]
		if o := won[e.Opportunity]; o != nil {
			if err := give(eventOf(e, o), o); err != nil {
				return nil, nil, err
			}
		}
	}
	direct := slices.DeleteFunc(slices.Clone(all), func(c comp.Credit) bool { return c.Kind == comp.Overlay })
	up, err := comp.RollUp(direct, in.chart(), 2)
	if err != nil {
		return nil, nil, err
	}
	return byPayee(all), byPayee(up), nil
}

func byPayee(list []comp.Credit) map[string][]comp.Credit {
	out := map[string][]comp.Credit{}
	for _, c := range list {
		out[c.Payee] = append(out[c.Payee], c)
	}
	return out
}

// dealOf is a won opportunity as a deal. Its tags are what plans can ask about.
func dealOf(o *crm.Opportunity) comp.Deal {
	tags := comp.Tags{}
	maps.Copy(tags, o.Tags)
	for k, v := range map[string]string{"account": o.Account, "product": o.Product, "type": o.Type} {
		if v != "" {
			tags[k] = v
		}
	}
	return comp.Deal{ID: o.ID, Event: comp.Booking, Date: o.Closed, Currency: o.Currency, Amount: o.Amount, Tags: tags}
}

// eventOf is what happened to a deal after it was won.
func eventOf(e *crm.Event, o *crm.Opportunity) comp.Deal {
	d := comp.Deal{ID: e.ID, Ref: o.ID, Date: e.Date, Currency: o.Currency, Amount: e.Amount}
	switch e.Kind {
	case crm.Refund:
		d.Event, d.Amount = comp.Refund, e.Amount.Neg()
	case crm.Cancel:
		d.Event, d.Amount = comp.Cancel, e.Amount.Neg()
	case crm.Invoice:
		d.Event = comp.Invoice
	default:
		d.Event = comp.Payment
	}
	return d
}

// chart is who reports to whom.
func (in *input) chart() []comp.Report {
	var out []comp.Report
	for i := range in.Reps {
		r := &in.Reps[i]
		if r.Manager != "" {
			out = append(out, comp.Report{Payee: r.Name, Manager: r.Manager, Span: salesops.Period{Start: r.Start, End: r.End}})
		}
	}
	return out
}
