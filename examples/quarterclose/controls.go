package main

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// errControl says that two numbers which must agree do not.
var errControl = errors.New("a control differs: see the section Controls")

// controls compares numbers that were come by in different ways.
func (r *report) controls() error {
	r.title("Controls", "Numbers that are come by in two ways and must agree.")
	t := page.NewTable(1, "Control", "One way", "The other way", "Result")
	var err error
	compare := func(what string, a, b decimal.Decimal) {
		result := "agree"
		if !a.Equal(b) {
			result, err = "DIFFER", errControl
		}
		t.Add(what, page.Amount(a), page.Amount(b), result)
	}
	var direct, managed, rolled, lines, again decimal.Decimal
	won := func(c *comp.Credit) bool { return c.Event == comp.Booking && r.quarter.Contains(c.Date) }
	for _, credits := range r.books.credits {
		for i := range credits {
			if c := &credits[i]; won(c) && c.Kind != comp.Overlay {
				direct = direct.Add(c.Amount)
				if r.hasManager(c) {
					managed = managed.Add(c.Amount)
				}
			}
		}
	}
	for _, credits := range r.books.rolled {
		for i := range credits {
			if c := &credits[i]; won(c) {
				rolled = rolled.Add(c.Amount)
			}
		}
	}
	for _, v := range r.all.kinds {
		lines = lines.Add(v)
	}
	compare("Deals won in the quarter = direct credits", r.wonAmount(), direct)
	if len(r.books.rolled) > 0 && !r.levels() {
		compare("Direct credits under a manager = rolled up", managed, rolled)
	}
	compare("Lines of all statements = payable now", lines, r.all.net)
	all := &r.all
	compare("Held before + held - released = held now", all.before.Held.Sub(all.of(comp.Held, comp.Released)), all.after.Held)
	compare("Deferred before + now = deferred now", all.before.Deferred.Sub(all.of(comp.Deferred)), all.after.Deferred)
	statements, aerr := r.books.again()
	if aerr != nil {
		return aerr
	}
	for i := range statements {
		again = again.Add(statements[i].Net.Abs())
	}
	compare("Closing the quarter once more pays", again, decimal.Decimal{})
	t.Print(&r.out)
	return err
}

// hasManager reports whether the list of reps has a manager for a credit's payee
// on its day.
func (r *report) hasManager(c *comp.Credit) bool {
	return slices.ContainsFunc(r.Reps, func(rep crm.Rep) bool {
		return rep.Name == c.Payee && rep.Manager != "" && (salesops.Period{Start: rep.Start, End: rep.End}).Contains(c.Date)
	})
}

// levels reports whether a manager has a manager, or sells: what rolls up to them
// is then not the sum of the direct credits.
func (r *report) levels() bool {
	return slices.ContainsFunc(r.Reps, func(rep crm.Rep) bool {
		return len(r.books.rolled[rep.Name]) > 0
	})
}
