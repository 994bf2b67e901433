package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// plans lists the plans, what they pay, and what their check warns of.
func (r *report) plans() {
	r.title("Plans", "The day on which a deal was booked decides by which plan it is paid.")
	t := page.NewTable(3, "Plan", "Name", "Applies", "People")
	for _, p := range r.scheme.plans {
		n := 0
		for _, who := range r.books.people {
			if !firstDay(who, p).IsZero() {
				n++
			}
		}
		name := p.Name
		if p.Version > 1 {
			name += fmt.Sprintf(", version %d", p.Version)
		}
		t.Add(p.ID, name, p.Span.Start.String()+" to "+p.Span.Last().String(), page.Count(n))
	}
	t.Print(&r.out)
	r.ownTerms()
	for _, p := range r.scheme.plans {
		r.printf("\n  %s\n", p.ID)
		for i := range p.Components {
			k := &p.Components[i]
			page.Wrap(&r.out, "    ", "      ", componentName(p, k.ID)+": "+strings.Join(digestOf(k), "; "))
		}
		if rules := rulesOf(&p); len(rules) > 0 {
			page.Wrap(&r.out, "    ", "      ", strings.Join(rules, "; "))
		}
		for _, q := range p.Check() {
			page.Wrap(&r.out, "    Look at ", "      ", fmt.Sprintf("%s: %s", q.Path, q.Text))
		}
	}
}

// ownTerms tells what people have besides the plan.
func (r *report) ownTerms() {
	for _, g := range roles {
		for _, t := range r.scheme.Roles[g.role] {
			if !t.Target.Amount.IsZero() {
				r.printf("\n  %s have a target incentive of %s a %s.\n", g.title, page.Trim(t.Target.Amount), cmp.Or(string(t.Target.Per), "plan"))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.scheme.Draws)) {
		for _, d := range r.scheme.Draws[name] {
			text := fmt.Sprintf("%s has a draw (%s) of %s a pay period from %s to %s", name, d.Kind, page.Trim(d.Amount), d.Span.Start, d.Span.Last())
			if !d.Recover.IsZero() {
				text += fmt.Sprintf("; %s of later pay above it goes to pay it back", ratio(d.Recover))
			}
			r.printf("\n")
			page.Wrap(&r.out, "  ", "    ", text+".")
		}
	}
}

// digestOf tells what a component pays, in few words.
func digestOf(k *comp.Component) []string {
	var out []string
	switch {
	case k.Grid != nil:
		out = append(out, "by a table of two measures")
	case k.Curve != nil:
		out = append(out, curveText(k, k.Curve))
	}
	for _, g := range k.Gates {
		text := fmt.Sprintf("only when %s reaches %s", g.Of, page.Trim(g.Reach))
		if g.Else != nil {
			text += ", otherwise " + curveText(k, g.Else)
		}
		out = append(out, text)
	}
	for i := range k.Factors {
		f := &k.Factors[i]
		out = append(out, fmt.Sprintf("times %s, by %s", bandsText(&f.Curve, page.Trim, ratio), f.Of))
	}
	for _, l := range k.Measure.Lifts {
		out = append(out, fmt.Sprintf("%s counts %s and is paid %s", matchText(l.Where), ratio(l.Credit), ratio(l.Pay)))
	}
	if w := k.Measure.Windfall; w != nil {
		out = append(out, fmt.Sprintf("of a deal over %s only %s of the excess counts", page.Trim(w.Over), ratio(w.Share)))
	}
	return append(out, limitsText(k.Limits)...)
}

// rulesOf tells what holds for a whole plan.
func rulesOf(p *comp.Plan) []string {
	out := limitsText(p.Limits)
	for _, h := range p.Holds {
		var parts []string
		for _, part := range h.Parts {
			text := ratio(part.Share) + " at " + string(part.On)
			if part.Pro {
				text += ", in proportion"
			}
			parts = append(parts, text)
		}
		out = append(out, "payable "+strings.Join(parts, " and "))
	}
	if c := p.Clawback; c != nil {
		text := "a refund takes back what was paid for the deal"
		if c.Months > 0 {
			text += fmt.Sprintf(" within %d months", c.Months)
		}
		out = append(out, text)
	}
	for _, d := range p.Draws {
		out = append(out, fmt.Sprintf("%s of %s a pay period", d.Kind, page.Trim(d.Amount)))
	}
	return out
}

// curveText writes a curve such as "marginal, 8% from 0%, 12% from 100% of quota".
func curveText(k *comp.Component, c *comp.Curve) string {
	position, value := page.Trim, ratio
	of := ""
	if k.Measure.Quota != "" {
		position, of = ratio, " of quota "+k.Measure.Quota
	}
	switch k.Pays {
	case comp.PaysSum:
		value = page.Trim
	case comp.PaysTarget:
		of += " (of the target incentive)"
	default:
		if k.Measure.Of == comp.Count || k.Measure.Of == comp.Units {
			value = page.Trim
		}
	}
	return string(c.Mode) + " " + bandsText(c, position, value) + of
}

func bandsText(c *comp.Curve, position, value func(decimal.Decimal) string) string {
	var bands []string
	for _, b := range c.Bands {
		v := b.Rate
		if c.Mode == comp.Step || c.Mode == comp.Linear {
			v = b.Pay
		}
		word := "from"
		if c.Edge == comp.Above {
			word = "above"
		}
		bands = append(bands, value(v)+" "+word+" "+position(b.From))
	}
	return strings.Join(bands, ", ")
}

func limitsText(limits []comp.Limit) (out []string) {
	for _, l := range limits {
		per := string(l.Per)
		if per == "" {
			per = "pay period"
		}
		write := page.Trim
		if l.Target {
			write = func(d decimal.Decimal) string { return ratio(d) + " of the target incentive" }
		}
		if l.Min != nil {
			out = append(out, fmt.Sprintf("at least %s a %s", write(*l.Min), per))
		}
		if l.Max != nil {
			text := fmt.Sprintf("at most %s a %s", write(*l.Max), per)
			if l.Excess == comp.Defer {
				text += ", the rest deferred"
			}
			out = append(out, text)
		}
	}
	return out
}

func matchText(m comp.Match) string {
	var parts []string
	for _, values := range m {
		parts = append(parts, strings.Join(values, " or "))
	}
	if len(parts) != 1 {
		return "some of it"
	}
	return parts[0]
}

// ratio writes 0.085 as 8.5%.
func ratio(d decimal.Decimal) string {
	p := d.Shift(2)
	places := max(0, -p.Exponent())
	for places > 0 && p.Equal(p.Truncate(places-1)) {
		places--
	}
	return page.Group(p.StringFixed(places)) + "%"
}
