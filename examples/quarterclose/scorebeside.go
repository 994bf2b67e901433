package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/metrics"
)

// scoreGroup are the reps, the teams or the segments.
type scoreGroup struct {
	title    string
	by       metrics.Dimension
	attained metrics.ID // which attainment they have; "": none
	none     string     // what those without a name are called
	rows     []scoreRow
}

// scoreRow is a rep, a team or a segment, with what compares it with the rest of them.
type scoreRow struct {
	name                            string
	bookings, attained, wins, cycle metrics.Figure
	beside                          []metrics.Contrast // of the win rate, and of the median cycle
}

// leastDeals is how many deals there must be on both sides of a comparison.
const leastDeals = 20

// scoresBeside sets reps, teams and segments beside the rest of them, in the quarter that is closed.
func (r *report) scoresBeside(b *scoreboard, v *review) error {
	groups, err := r.scoreGroups(b)
	if err != nil {
		return err
	}
	all, err := b.scoreRow(everybodyNode, b.quarters[0].Slice, metrics.QuotaAttainment)
	if err != nil {
		return err
	}
	var names []string
	for _, g := range groups {
		names = append(names, lower(g.title))
	}
	text := "Who closed what in " + r.name + ". "
	if slices.Contains(names, "teams") {
		text += "A deal is with the team in which its owner was when it closed. "
	}
	if len(r.Splits) > 0 && all.attained.Value != nil {
		text += "Attained is that of What everybody sold, in which shared deals are divided. "
	}
	r.title("Scoreboard by "+list(names), text+"The interval is that of the win rate, Cycle is the median.")
	t := page.NewTable(1, "Name", "Bookings", "Attained", "Won of\nclosed", "Win rate", "95% interval", "Cycle")
	for _, g := range groups {
		t.Heading(g.title)
		for _, row := range g.rows {
			row.name = "  " + page.Clip(row.name, 28)
			t.Add(row.cells()...)
		}
		t.Rule()
	}
	t.Add(all.cells()...)
	t.Print(&r.out)
	sentences := standOut(groups)
	if stalls(v) {
		sentences = append(sentences, "Where deals stall compares the reps over more than a quarter.")
	}
	r.sentences(sentences)
	return nil
}

// scoreGroups reads what there is of reps, teams and segments, and judges all comparisons together, as they are read together.
func (r *report) scoreGroups(b *scoreboard) ([]scoreGroup, error) {
	groups := []scoreGroup{
		{title: "Reps", by: metrics.ByOwner, attained: metrics.QuotaAttainment},
		{title: "Teams", by: metrics.ByTeam, attained: metrics.TeamAttainment, none: "(no manager)"},
	}
	if b.cut != "" {
		title := strings.ToUpper(b.cut[:1]) + b.cut[1:] + "s"
		groups = append(groups, scoreGroup{title: title, by: metrics.BySegment, none: "(no " + b.cut + ")"})
	}
	var all []*metrics.Comparison
	for i := range groups {
		g := &groups[i]
		if err := g.read(b); err != nil {
			return nil, err
		}
		if i > 0 && len(g.rows) < 2 {
			g.rows = nil
		}
		for _, row := range g.rows {
			for i := range row.beside {
				all = append(all, &row.beside[i].Comparison)
			}
		}
	}
	if err := metrics.Judge(metrics.Evidence{}, all...); err != nil {
		return nil, err
	}
	r.inOrder(groups[0].rows)
	return slices.DeleteFunc(groups, func(g scoreGroup) bool { return len(g.rows) == 0 }), nil
}

// read reads those of a group that closed a deal, or have a quota.
func (g *scoreGroup) read(b *scoreboard) error {
	now := b.quarters[0].Slice
	beside := map[string][]metrics.Contrast{}
	for _, id := range []metrics.ID{metrics.WinRate, metrics.SalesCycleMedian} {
		if id == metrics.WinRate && !b.lost {
			continue
		}
		list, err := now.CompareBy(g.by, id, metrics.Options{}, metrics.Evidence{MinN: leastDeals})
		if err != nil {
			return err
		}
		for _, c := range list {
			beside[c.Name] = append(beside[c.Name], c)
		}
	}
	for name, part := range now.By(g.by) {
		row, err := b.scoreRow(cmp.Or(name, g.none), part, g.attained)
		if err != nil {
			return err
		}
		row.beside = beside[name]
		if row.bookings.N > 0 || row.wins.N > 0 || row.attained.Value != nil {
			g.rows = append(g.rows, row)
		}
	}
	return nil
}

// scoreRow reads the figures of a row.
func (b *scoreboard) scoreRow(name string, part metrics.Slice, attained metrics.ID) (row scoreRow, err error) {
	row.name = name
	q := &boardQuarter{Slice: part, period: b.quarters[0].period}
	figures := map[metrics.ID]*metrics.Figure{metrics.Bookings: &row.bookings, metrics.WinRate: &row.wins, metrics.SalesCycleMedian: &row.cycle}
	if attained != "" {
		figures[attained] = &row.attained
	}
	for id, to := range figures {
		if *to, err = b.figure(q, id); err != nil {
			return row, err
		}
	}
	return row, nil
}

// inOrder puts reps into the order in which the report has people, and others after them.
func (r *report) inOrder(rows []scoreRow) {
	place := map[string]int{}
	for i, p := range r.books.people {
		place[p.ID] = i - len(r.books.people)
	}
	slices.SortStableFunc(rows, func(a, b scoreRow) int { return cmp.Compare(place[a.name], place[b.name]) })
}

// cells writes the row.
func (w *scoreRow) cells() []string {
	closed := page.None
	if p := w.wins.Parts; p != nil {
		closed = page.Group(p.Num.StringFixed(0)) + " of " + page.Group(p.Den.StringFixed(0))
	}
	return []string{w.name, figureText(w.bookings), figureText(w.attained), closed, figureText(w.wins), intervalText(w.wins), figureText(w.cycle)}
}

// standOut tells who differs from the rest by more than chance, and how many closed too little to be compared.
func standOut(groups []scoreGroup) (out []string) {
	const most = 10
	judged := 0
	for _, g := range groups {
		for _, row := range g.rows {
			for _, c := range row.beside {
				if c.P == nil {
					continue
				}
				judged++
				if c.Verdict != metrics.Unclear {
					out = append(out, besideText(row.name, c))
				}
			}
		}
	}
	switch differ := len(out); {
	case differ > most:
		out = append(out[:most], "Besides, "+page.Count(differ-most)+" more differ by more than chance.")
	case differ == 0 && judged > 0:
		out = append(out, "Nobody's win rate or cycle is so far from that of the rest that it could not be chance.")
	case differ < judged:
		out = append(out, "The other differences may be chance.")
	}
	for _, g := range groups {
		few := 0
		for _, row := range g.rows {
			if row.wins.Value != nil && row.wins.N < leastDeals {
				few++
			}
		}
		if few > 0 && len(g.rows) > 1 {
			out = append(out, fmt.Sprintf("%s of %s %s closed fewer than %d deals, too few to be compared.",
				page.Count(few), page.Count(len(g.rows)), lower(g.title), leastDeals))
		}
	}
	return out
}

// besideText tells how somebody differs from the rest.
func besideText(name string, c metrics.Contrast) string {
	what := "win rate"
	if c.Figure.KPI == metrics.SalesCycleMedian {
		what = "median cycle"
	}
	return fmt.Sprintf("%s: %s %s, that of the rest %s, more than chance (adjusted p %s).",
		name, what, figureText(c.Figure), figureText(*c.Against), equals(*c.AdjustedP))
}
