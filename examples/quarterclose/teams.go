package main

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// teams shows the credits rolled up to managers, and what the reps cost.
func (r *report) teams() {
	var order []*team
	byName := map[string]*team{}
	for _, p := range r.books.people {
		if p.role == managers || p.manager == "" {
			continue
		}
		t := byName[p.manager]
		if t == nil {
			_, region := r.placeOf(p.manager)
			t = &team{manager: p.manager, region: region}
			byName[p.manager] = t
			order = append(order, t)
		}
		sum := r.totals[p]
		t.reps++
		t.earned, t.net = t.earned.Add(sum.earned), t.net.Add(sum.net)
	}
	if len(order) == 0 {
		return
	}
	r.title("Teams", "Deals and credits of the reps, rolled up to their managers, each deal once. Earned and payable is what "+
		"the people come to who are in the team at the end of the quarter, without the manager.")
	t := page.NewTable(2, "Manager", "Region", "People", "Deals", "Credits", "Earned", "Payable now", "Rate")
	var all team
	for _, m := range order {
		for _, c := range r.books.rolled[m.manager] {
			if c.Event == comp.Booking && r.quarter.Contains(c.Date) {
				m.deals++
				m.credits = m.credits.Add(c.Amount)
			}
		}
		m.row(t, m.manager)
		all.reps += m.reps
		all.deals += m.deals
		all.credits, all.earned, all.net = all.credits.Add(m.credits), all.earned.Add(m.earned), all.net.Add(m.net)
	}
	t.Rule()
	all.row(t, "Total")
	t.Print(&r.out)
}

// team is what the people under a manager come to.
type team struct {
	manager, region      string
	reps, deals          int
	credits, earned, net decimal.Decimal
}

func (m *team) row(t *page.Table, name string) {
	t.Add(name, m.region, page.Count(m.reps), page.Count(m.deals), page.Money(m.credits), page.Money(m.earned), page.Money(m.net), page.Percent(m.earned, m.credits))
}
