package comp

import (
	"fmt"
	"maps"
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// checkPayee checks a payee's terms, those on other plans only for their spans.
func (c *Calculator) checkPayee(f *faults, p *Payee) {
	for i := range p.Terms {
		t := &p.Terms[i]
		path := "payee/terms/" + itoa(i)
		if t.Plan == "" {
			f.add(path+"/plan", "", "must name a plan")
		}
		if t.Span.Check() != nil || t.Span.IsEmpty() {
			f.add(path+"/span", t.Span.String(), "ends before it starts, or on the same day")
		}
		for j := range p.Terms[:i] {
			if t.Span.Overlaps(p.Terms[j].Span) {
				f.add(path+"/span", t.Span.String(), "overlaps terms/%d, %s; end one when the other starts", j, p.Terms[j].Span)
			}
		}
		if t.Plan == c.plan.ID {
			c.checkTerm(f, path, p, t)
		}
	}
}

func (c *Calculator) checkTerm(f *faults, path string, p *Payee, t *Term) {
	c.checkGoal(f, path+"/target", &t.Target)
	for _, name := range slices.Sorted(maps.Keys(t.Quotas)) {
		g := t.Quotas[name]
		c.checkGoal(f, path+"/quotas/"+escape(name), &g)
	}
	for i, a := range t.Away {
		at := fmt.Sprintf("%s/away/%d", path, i)
		if _, ok := a.Days(); !ok || a.IsEmpty() {
			f.add(at, a.String(), "must have both ends and at least one day")
		} else if i > 0 && a.Start.Before(t.Away[i-1].End) {
			f.add(at, a.String(), "starts before the absence before it ends; list absences by date, without overlap")
		}
	}
	if len(t.Draws) == 0 {
		return
	}
	for i := range t.Draws {
		d := &t.Draws[i]
		if d.ID != "" && slices.ContainsFunc(c.drawsOf(p), func(o draw) bool { return o.key == d.ID && o.Draw != d }) {
			f.add(fmt.Sprintf("%s/draws/%d/id", path, i), d.ID, "is also the name of another draw of the payee or the plan; each balance needs a name of its own")
		}
	}
	var draws checker
	draws.draws(path+"/draws", t.Draws)
	for _, problem := range draws.list {
		if !problem.Warning {
			f.add(problem.Path, "", "%s", problem.Text)
		}
	}
}

func (c *Calculator) checkGoal(f *faults, path string, g *Goal) {
	f.number(path+"/amount", g.Amount)
	if g.Per != "" && !g.Per.Valid() {
		f.add(path+"/per", string(g.Per), "is not a unit: use week, month, quarter, half or year")
		return
	}
	if len(g.Ramp) > 0 && g.Per == "" && len(g.Season) == 0 {
		f.add(path+"/ramp", "", "needs parts to ramp: set per, or season")
	}
	if len(g.Season) == 0 && len(g.Ramp) == 0 {
		return
	}
	sum := exact.Num{}
	for i, w := range g.Season {
		at := fmt.Sprintf("%s/season/%d", path, i)
		if f.number(at, w) {
			if w.IsNegative() {
				f.add(at, show(w), "must not be negative")
			}
			sum = sum.Add(exact.From(w))
		}
	}
	for i, v := range g.Ramp {
		f.number(fmt.Sprintf("%s/ramp/%d", path, i), v)
	}
	if len(g.Season) == 0 {
		return
	}
	if sum.Sign() <= 0 {
		f.add(path+"/season", "", "must have a weight that is more than zero")
	}
	whole := c.plan.Span
	if g.Per != "" {
		whole = c.plan.Calendar.Period(g.Per, whole.Start)
	}
	if len(g.Season) > 1 && len(c.parts(whole, len(g.Season))) != len(g.Season) {
		f.add(path+"/season", itoa(len(g.Season))+" weights", "do not split %s into equal parts of the calendar; use as many as it has halves, quarters or months", whole)
	}
}
