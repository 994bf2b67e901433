package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// report is what is printed, section by section.
type report struct {
	out bytes.Buffer
	*input
	books   *books
	name    string // of the quarter
	totals  map[*person]totals
	all     totals // of everybody
	section int
}

// makeReport writes the report about closed books. The error is errControl, with
// the report all the same, when a control differs.
func makeReport(in *input, b *books, explained *person) ([]byte, error) {
	r := &report{input: in, books: b, totals: map[*person]totals{}}
	r.name = in.scheme.calendar().Name(salesops.Quarter, in.quarter.Start)
	ahead := in.look(in.quarter)
	next, err := ahead.project()
	if err != nil {
		return nil, err
	}
	way, err := in.review(in.quarter, ahead.deals)
	if err != nil {
		return nil, err
	}
	for _, p := range b.people {
		t := b.totalsOf(p)
		r.totals[p] = t
		r.all.add(&t)
	}
	board, err := r.score(ahead)
	if err != nil {
		return nil, err
	}
	r.heading(ahead, next)
	if err := r.scoreboard(board, ahead); err != nil {
		return nil, err
	}
	if err := r.scoresBeside(board, way); err != nil {
		return nil, err
	}
	r.data()
	r.plans()
	r.sales()
	if !r.plain() {
		r.earnings()
		r.payments()
	}
	r.balances()
	r.teams()
	r.lines()
	if err := r.controls(); err != nil {
		return r.out.Bytes(), err
	}
	if explained != nil {
		if err := r.statement(explained); err != nil {
			return nil, err
		}
	}
	if err := r.bridge(ahead); err != nil {
		return nil, err
	}
	if err := r.pipeline(ahead); err != nil {
		return nil, err
	}
	if err := r.projection(ahead, next); err != nil {
		return nil, err
	}
	if err := r.calls(ahead); err != nil {
		return nil, err
	}
	if err := r.funnel(way); err != nil {
		return nil, err
	}
	if err := r.slow(way); err != nil {
		return nil, err
	}
	r.ageing(way)
	if err := r.movement(ahead); err != nil {
		return nil, err
	}
	return r.out.Bytes(), nil
}

func (r *report) printf(format string, args ...any) { fmt.Fprintf(&r.out, format, args...) }

// title starts a section: what it shows, and a sentence on how to read it.
func (r *report) title(title, text string) {
	r.section++
	r.printf("\n\n%d. %s\n", r.section, strings.ToUpper(title))
	if text != "" {
		page.Wrap(&r.out, "  ", "  ", text)
	}
	r.printf("\n")
}

func (r *report) heading(ahead *outlook, next *projected) {
	head := fmt.Sprintf("QUARTER CLOSE %s   %s to %s   %s", r.name, r.quarter.Start, r.quarter.Last(), r.source)
	r.printf("%s\n%s\n\n", head, strings.Repeat("=", min(len([]rune(head)), page.Width)))
	t, sold := &r.all, r.roleTotals(reps)
	fact := func(what, value, note string) {
		r.printf("%s\n", strings.TrimRight(fmt.Sprintf("  %-22s %16s  %s", what, value, note), " "))
	}
	fact("Deals won", page.Count(r.wonIn()), "")
	fact("Bookings", page.Amount(r.wonAmount()), r.scheme.currency())
	if sold.quota.IsPositive() {
		fact("Quotas of the reps", page.Amount(sold.quota), page.Percent(sold.position, sold.quota)+" attained")
	}
	rate := ""
	if r.wonAmount().IsPositive() {
		rate = page.Percent(t.earned, r.wonAmount()) + " of bookings"
	}
	fact("Commission earned", page.Amount(t.earned), rate)
	fact("Payable now", page.Amount(t.net), "to "+peopleText(r.paidPeople()))
	if !t.after.Held.IsZero() {
		fact("Held until paid", page.Amount(t.after.Held), "earned by now, payable when customers pay")
	}
	if next != nil {
		note := "80% range " + rough(next.low) + " to " + rough(next.high)
		if ahead.quota.IsPositive() {
			note += ", chance of quota " + chanceText(next.chance)
		}
		fact("Next quarter, expected", page.Amount(next.expected), note)
	}
}

// plain reports whether all that is payable was earned on deals of the quarter.
func (r *report) plain() bool {
	for _, t := range r.totals {
		if !t.net.Equal(t.of(comp.Earn)) {
			return false
		}
	}
	return true
}

func peopleText(n int) string {
	if n == 1 {
		return "1 person"
	}
	return page.Count(n) + " people"
}

func (r *report) paidPeople() (n int) {
	for _, t := range r.totals {
		if t.net.IsPositive() {
			n++
		}
	}
	return n
}

func (r *report) wonIn() (n int) {
	for i := range r.Opportunities {
		if o := &r.Opportunities[i]; o.Status == crm.Won && r.quarter.Contains(o.Closed) {
			n++
		}
	}
	return n
}

func (r *report) wonAmount() (v decimal.Decimal) {
	for i := range r.Opportunities {
		if o := &r.Opportunities[i]; o.Status == crm.Won && r.quarter.Contains(o.Closed) {
			v = v.Add(o.Amount)
		}
	}
	return v
}
