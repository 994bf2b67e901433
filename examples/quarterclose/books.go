package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// books are the accounts of all people, on their way to the end of the quarter.
type books struct {
	quarter  salesops.Period
	people   []*person
	credits  map[string][]comp.Credit // by person, their own
	rolled   map[string][]comp.Credit // by manager, those of the team
	accounts []*account
}

// account is one person on one plan. A person whose plan changed has two: the
// deals of the old plan stay with it.
type account struct {
	*person
	plan    *comp.Calculator
	next    salesops.Period // the pay period to close next
	state   comp.State
	last    comp.Statement   // the latest
	quarter []comp.Statement // those of the quarter: one, or three if pay is monthly
	cases   []comp.Case      // what they follow from
	// attained has where the person stood against the quota, by the last day of the quarter.
	attained map[salesops.Date]comp.Attained
}

// openBooks opens the accounts.
func openBooks(in *input) (*books, error) {
	b := &books{quarter: in.quarter, people: in.people()}
	var err error
	if b.credits, b.rolled, err = in.credits(); err != nil {
		return nil, err
	}
	calculators := make([]*comp.Calculator, len(in.scheme.plans))
	for i, p := range in.scheme.plans {
		if calculators[i], err = comp.New(p); err != nil {
			return nil, err
		}
	}
	for _, p := range b.people {
		if !p.hasQuota() && !b.sells(p, len(in.scheme.quotaNames()) > 0) {
			p.Terms = nil // nothing to pay for
		}
		for i, c := range calculators {
			if first := firstDay(p, c.Plan()); !first.IsZero() {
				every := payPeriod(in.scheme.plans[i])
				b.accounts = append(b.accounts, &account{
					person: p, plan: c, next: in.scheme.calendar().Period(every, first), attained: map[salesops.Date]comp.Attained{},
				})
			}
		}
	}
	return b, nil
}

// sells reports whether a person has credits, other than overlays if these have
// quotas of their own.
func (b *books) sells(p *person, quotas bool) bool {
	return slices.ContainsFunc(b.creditsOf(p), func(c comp.Credit) bool { return c.Kind != comp.Overlay || !quotas })
}

// firstDay is the first day of a person on a plan; zero if there is none.
func firstDay(p *person, plan comp.Plan) (first salesops.Date) {
	for _, t := range p.Terms {
		if span := t.Span.Intersect(plan.Span); t.Plan == plan.ID && !span.IsEmpty() && (first.IsZero() || span.Start.Before(first)) {
			first = span.Start
		}
	}
	return first
}

func payPeriod(p comp.Plan) salesops.Unit {
	if p.Every == "" {
		return salesops.Month
	}
	return p.Every
}

// close makes the statements of all pay periods up to the end of the quarter, in
// order, each from the state of the one before.
func (b *books) close() error {
	for {
		var due []*account
		for _, a := range b.accounts {
			if !a.next.IsEmpty() && !a.next.End.After(b.quarter.End) {
				due = append(due, a)
			}
		}
		if len(due) == 0 {
			return nil
		}
		jobs := func(yield func(comp.Job) bool) {
			for _, a := range due {
				if !yield(comp.Job{Calculator: a.plan, Case: b.caseOf(a, a.next)}) {
					return
				}
			}
		}
		var errs []error
		for r := range comp.Team(context.Background(), jobs, comp.TeamOptions{}) {
			if r.Err != nil {
				errs = append(errs, r.Err)
				continue
			}
			b.book(due[r.Index], r)
		}
		if len(errs) > 0 {
			return unpayable(errs)
		}
	}
}

// unpayable is the error of statements that cannot be made. It shows the first
// ten, and what mends the most usual cause.
func unpayable(errs []error) error {
	const shown = 10
	n := len(errs)
	quota := slices.ContainsFunc(errs, func(err error) bool {
		var e *comp.Error
		return errors.As(err, &e) && strings.Contains(e.Path, "/quotas/")
	})
	if n > shown {
		errs = append(errs[:shown:shown], fmt.Errorf("... and %d more", n-shown))
	}
	err := fmt.Errorf("%d statements cannot be made:\n%w", n, errors.Join(errs...))
	if quota {
		err = fmt.Errorf("%w\nwith quotas, everybody with deals needs one in each quarter of the plan up to the one closed", err)
	}
	return err
}

// caseOf is what a statement follows from. It has all credits of the person:
// those dated later, or booked under another plan, are set aside by Calculate.
func (b *books) caseOf(a *account, period salesops.Period) comp.Case {
	return comp.Case{Payee: a.Payee, Period: period, Credits: b.creditsOf(a.person), Prior: a.state}
}

// creditsOf are the credits that a person is paid on: a manager's are the team's.
func (b *books) creditsOf(p *person) []comp.Credit {
	if p.role == managers {
		return b.rolled[p.ID]
	}
	return b.credits[p.ID]
}

// book keeps a statement and moves on to the next pay period.
func (b *books) book(a *account, r comp.Result) {
	if a.next.End.After(b.quarter.Start) {
		a.quarter = append(a.quarter, r.Statement)
		a.cases = append(a.cases, b.caseOf(a, a.next))
	}
	a.state, a.last = r.State, r.Statement
	p := a.plan.Plan()
	end := p.Calendar.Period(salesops.Quarter, a.next.Last()).Last()
	if at, ok := attainedOn(&r.Statement, end); ok {
		a.attained[end] = at
	}
	a.next = p.Calendar.Next(payPeriod(p), a.next)
}

// explained makes the statements of the quarter again, with the arithmetic behind
// their lines.
func (a *account) explained() ([]comp.Statement, error) {
	var out []comp.Statement
	for _, c := range a.cases {
		c.Explain = true
		st, _, err := a.plan.Calculate(c)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// again closes the last pay period of every account once more, from the balances
// with which it ended, and returns the statements: they should pay nothing.
func (b *books) again() ([]comp.Statement, error) {
	var out []comp.Statement
	for _, a := range b.accounts {
		if len(a.quarter) == 0 {
			continue
		}
		st, _, err := a.plan.Calculate(b.caseOf(a, a.last.Period))
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}
