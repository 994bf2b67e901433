package main

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// roles are the headings of people, in the order of the tables.
var roles = [...]struct{ role, title string }{
	{reps, "Reps"},
	{overlays, "Overlay specialists"},
	{managers, "Managers"},
}

// peopleIn are the people of a role.
func (r *report) peopleIn(role string) (out []*person) {
	for _, p := range r.books.people {
		if p.role == role {
			out = append(out, p)
		}
	}
	return out
}

// roleTotals adds up the people of a role.
func (r *report) roleTotals(role string) (sum totals) {
	for _, p := range r.peopleIn(role) {
		t := r.totals[p]
		sum.add(&t)
	}
	return sum
}

// byPerson prints a table with a row for each person, totals for each role, and
// those of everybody. Rows in which all numbers are none are left out, with a
// word on how many.
func (r *report) byPerson(header []string, cells func(t *totals, all bool) []string) {
	t := page.NewTable(1, header...)
	left, groups := 0, 0
	several := len(r.peopleIn(reps)) < len(r.books.people)
	for _, g := range roles {
		people, listed := r.peopleIn(g.role), 0
		for _, p := range people {
			totals := r.totals[p]
			row := cells(&totals, false)
			if blank(row) {
				left++
				continue
			}
			if listed++; listed == 1 && several {
				if groups > 0 {
					t.Rule()
				}
				t.Heading(g.title)
			}
			t.Add(append([]string{indent(p.ID, several)}, row...)...)
		}
		if listed > 0 {
			groups++
		}
		if listed > 1 {
			sum := r.roleTotals(g.role)
			t.Rule()
			t.Add(append([]string{"Total of " + strings.ToLower(g.title)}, cells(&sum, false)...)...)
		}
	}
	if row := cells(&r.all, true); groups > 1 && !blank(row) {
		t.Rule()
		t.Add(append([]string{"Everybody"}, row...)...)
	}
	t.Print(&r.out)
	if left > 0 {
		r.printf("\n  Not listed: %s with nothing to show here.\n", peopleText(left))
	}
}

func indent(name string, do bool) string {
	if do {
		return "  " + name
	}
	return name
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != page.None && c != "" {
			return false
		}
	}
	return true
}

// sales shows what everybody sold, and where it is all, what was earned by it.
func (r *report) sales() {
	text := "Credits are a person's shares of the deals won in the quarter. "
	if !r.all.quota.IsZero() {
		text += "Attained is what counts of them, divided by the quota. "
	}
	if !r.all.skipped.IsZero() {
		text += "Not counted is what was refunded, say, or what a large deal exceeds a bound by. "
	}
	header := []string{"Person", "Deals", "Credits", "Not counted", "Quota", "Attained"}
	if r.plain() {
		header = append(header, "Payable now", "Rate")
		text += "All that was earned is payable now; the rate is in per cent of the credits. "
	}
	r.title("What everybody sold", text)
	r.byPerson(header, func(t *totals, all bool) []string {
		row := []string{page.None, page.None, page.None, page.None, page.None} // credits of specialists and managers repeat those of reps
		if !all {
			row = []string{page.Number(t.deals), page.Money(t.credits), page.Money(t.skipped), page.Whole(t.quota), page.Percent(t.position, t.quota)}
		}
		return append(row, page.Money(t.net), page.Percent(t.earned, r.base(t, all)))[:len(header)-1]
	})
}

// base is what the rate of pay is in per cent of.
func (r *report) base(t *totals, all bool) decimal.Decimal {
	if all {
		return r.wonAmount()
	}
	return t.credits
}

// earnings shows what everybody earned.
func (r *report) earnings() {
	r.title("What everybody earned", "On the deals of the quarter, and by what happened in it to deals of earlier quarters, refunds above all. "+
		"Limits is what is above a limit. The rate is in per cent of the credits.")
	r.byPerson([]string{"Person", "On deals", "Earlier deals", "Limits", "Earned", "Rate"}, func(t *totals, all bool) []string {
		return []string{
			page.Money(t.of(comp.Earn)), page.Money(t.of(comp.Adjust, comp.Clawed)), page.Money(t.of(comp.Capped, comp.Floored, comp.Deferred)),
			page.Money(t.earned), page.Percent(t.earned, r.base(t, all)),
		}
	})
}

// payments shows the way from earned to payable.
func (r *report) payments() {
	r.title("What is payable now", "Earned, less what is held until customers pay, plus what was held and is so no longer: they paid, or the "+
		"deal was taken back. Each row adds up to the last number.")
	header := []string{"Person", "Earned", "Held back", "Released", "By hand", "Draws", "Draws back", "Carried", "Payable now"}
	r.byPerson(header, func(t *totals, _ bool) []string {
		return []string{
			page.Money(t.earned), page.Money(t.of(comp.Held)), page.Money(t.of(comp.Released)), page.Money(t.of(comp.Entered)),
			page.Money(t.of(comp.Drawn)), page.Money(t.of(comp.Advanced, comp.Recouped)), page.Money(t.of(comp.Carried)), page.Money(t.net),
		}
	})
}

// balances shows what stays open.
func (r *report) balances() {
	t := &r.all
	text := "What stays open at the end of the quarter."
	add := func(v decimal.Decimal, explanation string) {
		if !v.IsZero() {
			text += " " + explanation
		}
	}
	add(t.after.Held.Add(t.before.Held), "Held is earned, and payable when customers pay.")
	add(t.after.Deferred, "Deferred is above a limit, and payable when there is room below it.")
	add(t.after.Draw, "Draw is pay ahead of earnings, to be taken back from later pay.")
	add(t.after.Carry, "Carry is negative pay, to be set off against later pay.")
	if openBalances(t) == 0 {
		r.title("Balances carried on", "")
		r.printf("  None: nothing is held, deferred or owed.\n")
		return
	}
	r.title("Balances carried on", text)
	header := []string{"Person", "Held before", "Held now", "Deferred", "Draw", "Carry"}
	r.byPerson(header, func(t *totals, _ bool) []string {
		return []string{page.Money(t.before.Held), page.Money(t.after.Held), page.Money(t.after.Deferred), page.Money(t.after.Draw), page.Money(t.after.Carry)}
	})
}

func openBalances(t *totals) (n int) {
	for _, v := range [...]decimal.Decimal{t.before.Held, t.after.Held, t.after.Deferred, t.after.Draw, t.after.Carry} {
		if !v.IsZero() {
			n++
		}
	}
	return n
}
