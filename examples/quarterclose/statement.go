package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// statement explains the statements of one person, line by line.
func (r *report) statement(p *person) error {
	sum := r.totals[p]
	r.title("Statement of "+p.ID+", line by line", "Each line has its amount, the deal that it is about, and the arithmetic behind it, with, in "+
		"brackets, the place in the plan document that asks for it. Give another -rep to see another statement.")
	deals := map[string]string{}
	for i := range r.Opportunities {
		o := &r.Opportunities[i]
		deals[o.ID] = strings.Join(words(o.Account, o.Product, o.Type, "won "+o.Closed.String()), ", ")
	}
	for _, a := range r.books.accounts {
		if a.person != p {
			continue
		}
		statements, err := a.explained()
		if err != nil {
			return err
		}
		for i := range statements {
			r.explain(&statements[i], a.plan.Plan(), deals)
		}
	}
	r.printf("%s\n", level("  Payable now to "+p.ID, page.Amount(sum.net)))
	return nil
}

func (r *report) explain(s *comp.Statement, plan comp.Plan, deals map[string]string) {
	r.printf("  %s, %s to %s\n", plan.Name, s.Period.Start, s.Period.Last())
	for _, a := range s.Attained {
		text := fmt.Sprintf("%s stands at %s", componentName(plan, a.Component), page.Trim(a.Measure))
		if a.Quota != nil {
			text += fmt.Sprintf(", %s of the quota of %s", page.Percent(a.Measure, *a.Quota), page.Trim(*a.Quota))
		}
		r.printf("  %s, from %s\n", text, a.Window.Start)
	}
	for i, l := range s.Lines {
		text := strings.Split(strings.TrimRight(l.Explain(), "\n"), "\n")
		head := strings.Join(words(fmt.Sprintf("%3d.", i+1), string(l.Kind), componentName(plan, l.Component), l.Deal), " ")
		r.printf("\n%s\n", level("  "+head, page.Amount(l.Amount)))
		about := deals[l.Deal]
		if about == "" && deals[l.Ref] != "" {
			about = "of " + l.Ref + ": " + deals[l.Ref]
		}
		for _, note := range words(about, l.Note) {
			page.Wrap(&r.out, "       ", "       ", note)
		}
		for _, step := range text[1:] {
			page.Wrap(&r.out, "         ", "           ", step)
		}
	}
	r.printf("\n%s\n\n", level("  Payable now by "+plan.ID, page.Amount(s.Net)))
}

// level writes a number at the right end of a line.
func level(text, number string) string {
	gap := page.Width - utf8.RuneCountInString(text) - utf8.RuneCountInString(number)
	if gap < 2 {
		return text + "  " + number
	}
	return text + " " + strings.Repeat(".", gap-2) + " " + number
}

func words(list ...string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
