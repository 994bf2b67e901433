package main

import (
	"fmt"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// kindText says in words what the lines of a kind are.
func kindText(k comp.Kind) string {
	switch k {
	case comp.Earn:
		return "earned on deals of the quarter"
	case comp.Adjust:
		return "correction of an earlier quarter"
	case comp.Clawed:
		return "taken back for refunds"
	case comp.Capped:
		return "above the limit, lost"
	case comp.Floored:
		return "added to reach the minimum"
	case comp.Deferred:
		return "above the limit, deferred"
	case comp.Held:
		return "held until customers pay"
	case comp.Released:
		return "no longer held"
	case comp.Entered:
		return "entered by hand"
	case comp.Drawn:
		return "draw, paid ahead of earnings"
	case comp.Advanced:
		return "set off, paid in advance"
	case comp.Recouped:
		return "draw taken back"
	case comp.Carried:
		return "negative pay carried on"
	}
	return string(k)
}

// lines sums up the lines of the statements, by person, component and kind.
func (r *report) lines() {
	r.title("Lines of the statements", "For each person, by plan, component and kind: how many lines there are, and what they come to. "+
		"Together they are what is payable now.")
	t := page.NewTable(3, "Plan", "Component", "What", "Lines", "Amount")
	group := func(name string, sum *totals) {
		lines := 0
		for _, g := range sum.groups {
			lines += g.lines
		}
		if lines == 0 {
			return
		}
		t.Heading(name, "", "", page.Count(lines), page.Amount(sum.net))
		for _, g := range sum.groups {
			component := g.component
			if component == "" {
				component = "(whole plan)"
			}
			t.Add("  "+g.plan, component, kindText(g.kind), page.Count(g.lines), page.Amount(g.amount))
		}
	}
	for _, p := range r.books.people {
		totals := r.totals[p]
		group(p.ID, &totals)
	}
	t.Rule()
	group("Everybody", &r.all)
	t.Print(&r.out)
	r.idle()
}

// idle lists the credits of the quarter that no line of any statement came from.
func (r *report) idle() {
	n := 0
	for _, p := range r.books.people {
		for _, c := range r.totals[p].idle {
			if n++; n == 1 {
				r.printf("\n  Credits that came to nothing:\n")
			}
			if n <= 20 {
				page.Wrap(&r.out, "    ", "      ", fmt.Sprintf("%s, %s %s of %s: %s: %s", p.ID, c.Event, c.ID, c.Date, page.Amount(c.Amount), c.reason))
			}
		}
	}
	switch {
	case n == 0:
		r.printf("\n  Every credit of the quarter is in a line of a statement.\n")
	case n > 20:
		r.printf("    ... and %d more\n", n-20)
	}
}
