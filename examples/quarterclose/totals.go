package main

import (
	"cmp"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// totals is what the quarter comes to for a person, over all plans, or for many.
type totals struct {
	deals   int             // won in the quarter
	credits decimal.Decimal // of these
	// position is where the person stands against the quota; skipped is what of
	// the credits is not in it, when both are of the quarter.
	position, quota, skipped decimal.Decimal
	earned, payable, net     decimal.Decimal
	kinds                    map[comp.Kind]decimal.Decimal
	groups                   []*lineGroup
	idle                     []idleCredit
	before, after            comp.Balances
}

// idleCredit is a credit that came to nothing, and why.
type idleCredit struct {
	comp.Credit
	reason string
}

// lineGroup is the lines of a plan with the same component and kind.
type lineGroup struct {
	plan, component string
	kind            comp.Kind
	lines           int
	amount          decimal.Decimal
}

// totalsOf adds up the quarter of a person.
func (b *books) totalsOf(p *person) totals {
	t := totals{kinds: map[comp.Kind]decimal.Decimal{}}
	for _, c := range b.creditsOf(p) {
		if c.Event == comp.Booking && b.quarter.Contains(c.Date) {
			t.deals++
			t.credits = t.credits.Add(c.Amount)
		}
	}
	for _, a := range b.accounts {
		if a.person != p {
			continue
		}
		for i := range a.quarter {
			t.addStatement(&a.quarter[i], a.plan.Plan(), b.quarter)
		}
		if n := len(a.quarter); n > 0 {
			t.before = sum(t.before, a.quarter[0].Before)
		} else {
			t.before = sum(t.before, a.last.After)
		}
		t.after = sum(t.after, a.last.After)
	}
	t.idle = b.idleOf(p)
	return t
}

// idleOf lists the deals, refunds and cancellations of the quarter that no
// statement of the person used.
func (b *books) idleOf(p *person) (out []idleCredit) {
	statements := 0
	unused := map[int]int{} // in how many statements
	reasons := map[int]string{}
	for _, a := range b.accounts {
		if a.person != p || len(a.quarter) == 0 {
			continue
		}
		statements++
		for _, u := range a.last.Unused {
			unused[u.Index]++
			if a.last.Period.End == b.quarter.End {
				reasons[u.Index] = u.Reason
			}
		}
	}
	for i, c := range b.creditsOf(p) {
		if moves := c.Event == comp.Booking || c.Event == comp.Refund || c.Event == comp.Cancel; !moves || !b.quarter.Contains(c.Date) {
			continue
		}
		if unused[i] == statements {
			out = append(out, idleCredit{c, cmp.Or(reasons[i], "no plan applies")})
		}
	}
	return out
}

func (t *totals) addStatement(s *comp.Statement, plan comp.Plan, quarter salesops.Period) {
	t.earned = t.earned.Add(s.Earned)
	t.payable = t.payable.Add(s.Payable)
	t.net = t.net.Add(s.Net)
	if a, ok := attainedOn(s, quarter.Last()); ok {
		t.position, t.quota, t.skipped = a.Measure, *a.Quota, decimal.Decimal{}
		if a.Window == quarter {
			t.skipped = t.credits.Sub(a.Measure)
		}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		t.kinds[l.Kind] = t.kinds[l.Kind].Add(l.Amount)
		g := t.group(plan, l)
		g.lines++
		g.amount = g.amount.Add(l.Amount)
	}
}

// group finds the group of a line, or starts it.
func (t *totals) group(plan comp.Plan, l *comp.Line) *lineGroup {
	name := componentName(plan, l.Component)
	for _, g := range t.groups {
		if g.plan == plan.ID && g.component == name && g.kind == l.Kind {
			return g
		}
	}
	g := &lineGroup{plan: plan.ID, component: name, kind: l.Kind}
	t.groups = append(t.groups, g)
	return g
}

// add adds the totals of another person. Position and quota are added too, which
// makes sense among people of one role.
func (t *totals) add(u *totals) {
	t.deals += u.deals
	t.credits, t.skipped = t.credits.Add(u.credits), t.skipped.Add(u.skipped)
	t.position, t.quota = t.position.Add(u.position), t.quota.Add(u.quota)
	t.earned, t.payable, t.net = t.earned.Add(u.earned), t.payable.Add(u.payable), t.net.Add(u.net)
	if t.kinds == nil {
		t.kinds = map[comp.Kind]decimal.Decimal{}
	}
	for k, v := range u.kinds {
		t.kinds[k] = t.kinds[k].Add(v)
	}
	t.before, t.after = sum(t.before, u.before), sum(t.after, u.after)
	for _, g := range u.groups {
		at := t.group(comp.Plan{ID: g.plan}, &comp.Line{Component: g.component, Kind: g.kind})
		at.lines += g.lines
		at.amount = at.amount.Add(g.amount)
	}
}

// of sums the amounts of some kinds of line.
func (t *totals) of(kinds ...comp.Kind) (v decimal.Decimal) {
	for _, k := range kinds {
		v = v.Add(t.kinds[k])
	}
	return v
}

func sum(a, b comp.Balances) comp.Balances {
	return comp.Balances{
		Held: a.Held.Add(b.Held), Deferred: a.Deferred.Add(b.Deferred),
		Draw: a.Draw.Add(b.Draw), Carry: a.Carry.Add(b.Carry),
	}
}

// componentName is what the plan calls a component.
func componentName(plan comp.Plan, id string) string {
	for _, k := range plan.Components {
		if k.ID == id && k.Name != "" {
			return k.Name
		}
	}
	return id
}
