package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

const (
	mostWays  = 8
	mostEdges = 10
)

// ways tells which sequences of activities are the most frequent.
func (r *report) ways() error {
	var v funnel.Variants
	for _, j := range r.cases {
		if err := v.Add(j); err != nil {
			return err
		}
	}
	r.title("The ways that cases take", fmt.Sprintf("The most frequent of %s different ways, with the time from the first event to the last.", page.Count(v.Len())))
	short := r.shorten()
	t := page.NewTable(1, "Way", "Cases", "Share", "Median time")
	shown := map[string]bool{}
	for _, way := range v.Top(mostWays) {
		steps := make([]string, len(way.Activities))
		for i, name := range way.Activities {
			steps[i] = short[name]
			shown[name] = true
		}
		text := strings.Join(steps, " > ")
		t.Add(page.Clip(text, 60), page.Count(int(way.Count)), share(way.Share), span(way.Median))
	}
	t.Print(&r.out)
	var notes []string
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		if short[name] != name {
			notes = append(notes, short[name]+" is "+name)
		}
	}
	if len(notes) > 0 {
		r.text(strings.Join(notes, ", ") + ".")
	}
	return nil
}

func share(v funnel.Ratio) string {
	p, ok := v.Float()
	if !ok {
		return page.None
	}
	return page.Share(p)
}

// shorten gives the activities short names, where they are long and their first letters tell them apart.
func (r *report) shorten() map[string]string {
	out, taken := map[string]string{}, map[string]bool{}
	for _, c := range r.cases {
		for _, m := range c.Moves {
			if _, ok := out[m.To]; ok {
				continue
			}
			name := m.To
			if len([]rune(name)) > 8 {
				var initials strings.Builder
				for word := range strings.FieldsFuncSeq(name, func(c rune) bool { return strings.ContainsRune(" /_-+", c) }) {
					initials.WriteString(string([]rune(word)[:min(3, len([]rune(word)))]))
				}
				if s := initials.String(); !taken[s] && s != "" {
					name = s
				}
			}
			taken[name] = true
			out[m.To] = name
		}
	}
	return out
}

// graph tells what follows what, what takes the most time, and what is done again.
func (r *report) graph() error {
	var g funnel.Graph
	for _, j := range r.cases {
		if err := g.Add(j); err != nil {
			return err
		}
	}
	edges := g.Edges()
	total := 0.0
	for _, e := range edges {
		total += e.Total
	}
	slices.SortStableFunc(edges, func(a, b funnel.Edge) int { return cmp.Compare(b.Total, a.Total) })
	r.title("Where the time goes", "What follows what directly, and how long it takes: the steps that take the most time of all cases together.")
	if len(edges) == 0 {
		r.printf("  no case has two events\n")
		return nil
	}
	t := page.NewTable(2, "From", "To", "Times", "Median", "9 of 10", "Share of time")
	for _, e := range edges[:min(mostEdges, len(edges))] {
		part := page.None
		if total > 0 {
			part = page.Share(e.Total / total)
		}
		t.Add(page.Clip(e.From, 22), page.Clip(e.To, 22), page.Count(int(e.Count)), span(e.Median), span(e.P90), part)
	}
	t.Print(&r.out)
	rework := g.Rework()
	if n := rework.Cases.Num; n > 0 {
		r.text(fmt.Sprintf("In %s of %s cases (%s) something was done again.", page.Count(int(n)), page.Count(int(rework.Cases.Den)), share(rework.Cases)))
		again := slices.Clone(rework.Activities)
		slices.SortStableFunc(again, func(a, b funnel.ActivityRework) int { return cmp.Compare(b.Cases.Num, a.Cases.Num) })
		r.printf("\n")
		t := page.NewTable(1, "Done again", "Cases", "Of its cases", "At once", "Later", "By another")
		for _, a := range again[:min(6, len(again))] {
			if a.Cases.Num > 0 {
				t.Add(page.Clip(a.Activity, 40), page.Count(int(a.Cases.Num)), share(a.Cases), page.Number(int(a.SelfLoops.All())), page.Number(int(a.Repetitions.All())),
					page.Number(int(a.SelfLoops.Redo+a.Repetitions.Redo)))
			}
		}
		t.Print(&r.out)
	}
	return nil
}
