package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/chart"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/metrics"
)

// boardRow is a KPI of the scoreboard: its value in each quarter, and the changes from the other quarters to the one that is closed.
type boardRow struct {
	id      metrics.ID
	name    string
	figures []metrics.Figure
	changes []metrics.Contrast // from quarters[1] on
}

// boardRows are the KPIs of the scoreboard.
func boardRows() []boardRow {
	return []boardRow{
		{id: metrics.Bookings, name: "Bookings"},
		{id: metrics.DealsWon, name: "Deals won"},
		{id: metrics.QuotaAttainment, name: "Quota attainment"},
		{id: metrics.QuotaAttainmentRate, name: "Reps at quota"},
		{id: metrics.ParticipationRate, name: "Reps with a win"},
		{id: metrics.WinRate, name: "Win rate"},
		{id: metrics.WinRateValue, name: "Win rate by value"},
		{id: metrics.DealSize, name: "Mean deal size"},
		{id: metrics.DealSizeMedian, name: "Median deal size"},
		{id: metrics.SalesCycleMedian, name: "Median cycle"},
		{id: metrics.PipelineCreated, name: "Pipeline created"},
	}
}

// scoreboard sets the quarter beside the one before and that of a year ago, and tells which changes are more than chance.
func (r *report) scoreboard(b *scoreboard, ahead *outlook) error {
	rows, err := b.rows()
	if err != nil {
		return err
	}
	cover := "Cover of " + ahead.nextName
	coverage, err := b.coverage()
	if err != nil {
		return err
	}
	r.title("Scoreboard", "How the team did, as known on "+r.quarter.Last().String()+". With 95% confidence the true value is in the interval. "+
		"Money is in whole "+r.scheme.currency()+", the cycle in days (d) from creation to order; shares change by percentage points (pts).")
	header := []string{"KPI", b.quarters[0].name, "95% interval"}
	for _, q := range b.quarters[1:] {
		header = append(header, q.name, "Change")
	}
	t := page.NewTable(1, header...)
	for _, row := range rows {
		if row.known() {
			t.Add(row.cells()...)
		}
	}
	if coverage.Value != nil {
		t.Add(ahead.nextName+" cover", figureText(coverage))
	}
	t.Print(&r.out)
	rows = append(rows, boardRow{name: cover, figures: []metrics.Figure{coverage}})
	r.sentences(slices.Concat(b.evidence(rows), b.noEvidence(rows), unknown(rows), b.absent()))
	return nil
}

// sentences writes sentences below a table.
func (r *report) sentences(list []string) {
	for i, text := range list {
		if i == 0 {
			r.printf("\n")
		}
		page.Wrap(&r.out, "  ", "  ", text)
	}
}

// rows reads the KPIs, and judges all changes together, as they are read together.
func (b *scoreboard) rows() ([]boardRow, error) {
	rows := boardRows()
	for i := range rows {
		for j := range b.quarters {
			f, err := b.figure(&b.quarters[j], rows[i].id)
			if err != nil {
				return nil, err
			}
			rows[i].figures = append(rows[i].figures, f)
			if j == 0 {
				continue
			}
			c, err := b.quarters[0].CompareTo(b.quarters[j].Slice, rows[i].id, metrics.Options{}, metrics.Evidence{})
			if err != nil {
				return nil, err
			}
			if f.Value == nil || rows[i].figures[0].Value == nil {
				c = metrics.Contrast{}
			}
			rows[i].changes = append(rows[i].changes, c)
		}
	}
	var all []*metrics.Comparison
	for _, row := range rows {
		for i := range row.changes {
			all = append(all, &row.changes[i].Comparison)
		}
	}
	return rows, metrics.Judge(metrics.Evidence{}, all...)
}

// known reports whether the KPI has a value in any of the quarters.
func (w *boardRow) known() bool {
	return slices.ContainsFunc(w.figures, func(f metrics.Figure) bool { return f.Value != nil })
}

// cells writes the row.
func (w *boardRow) cells() []string {
	now := w.figures[0]
	cells := []string{w.name, figureText(now), intervalText(now)}
	for _, f := range w.figures[1:] {
		cells = append(cells, figureText(f), changeText(now, f))
	}
	return cells
}

// evidence tells the changes that are more than chance.
func (b *scoreboard) evidence(rows []boardRow) (out []string) {
	for i, q := range b.quarters[1:] {
		for _, row := range rows {
			if len(row.changes) > 0 && row.changes[i].P != nil && row.changes[i].Verdict != metrics.Unclear {
				out = append(out, row.change(i, q.name))
			}
		}
	}
	return out
}

// noEvidence names the changes that may be chance, those of which too little was seen, and tells of those without a test.
func (b *scoreboard) noEvidence(rows []boardRow) (out []string) {
	var order []string
	since := map[string][]string{} // the quarters of a sentence
	say := func(quarter, format string, names []string) {
		if len(names) == 0 {
			return
		}
		text := fmt.Sprintf(format, list(names))
		if since[text] == nil {
			order = append(order, text)
		}
		since[text] = append(since[text], quarter)
	}
	untested := false
	for i, q := range b.quarters[1:] {
		var chance, few []string
		for _, row := range rows {
			if len(row.changes) == 0 {
				continue
			}
			switch c := row.changes[i]; {
			case c.Verdict == metrics.TooFew:
				few = append(few, lower(row.name))
			case c.Change == nil || *c.Change == 0:
			case c.Verdict == metrics.Untested:
				untested = true
			case c.Verdict == metrics.Unclear:
				chance = append(chance, lower(row.name))
			}
		}
		say(q.name, "Chance alone moves %s by as much as was seen since %%s: this is no evidence of a change.", chance)
		say(q.name, "Too little was seen to judge how %s changed since %%s.", few)
	}
	for _, text := range order {
		out = append(out, fmt.Sprintf(text, list(since[text])))
	}
	if untested {
		out = append(out, "The other changes have no test: the data do not tell how much of a sum, say, is chance.")
	}
	return out
}

// change tells a change that is more than chance. Of a median the test looks at all values, which may move another way.
func (w *boardRow) change(i int, since string) string {
	now, then, c := w.figures[0], w.figures[i+1], w.changes[i]
	a, b := figureText(now), figureText(then)
	text := "The values behind " + lower(w.name) + " moved"
	switch up := *now.Value > *then.Value; {
	case a == b || up != (*c.Difference > 0):
	case up:
		text = w.name + " rose from " + b + " to " + a
	default:
		text = w.name + " fell from " + b + " to " + a
	}
	text += " since " + since + ", which is "
	if c.Verdict != metrics.Differs {
		text += string(c.Verdict) + ", and "
	}
	return text + "more than chance (adjusted p " + equals(*c.AdjustedP) + ")."
}

// unknown tells why KPIs have no value in the quarter that is closed, those with the same reason together.
func unknown(rows []boardRow) []string {
	var reasons []string
	names := map[string][]string{}
	for _, row := range rows {
		f := row.figures[0]
		if f.Value != nil {
			continue
		}
		if names[f.Reason] == nil {
			reasons = append(reasons, f.Reason)
		}
		names[f.Reason] = append(names[f.Reason], lower(row.name))
	}
	if len(reasons) == 0 {
		return nil
	}
	for i, reason := range reasons {
		reasons[i] = list(names[reason]) + " (" + reason + ")"
	}
	return []string{"Without a value: " + strings.Join(reasons, "; ") + "."}
}

// absent tells of quarters that the data does not have, or has in part, and of amounts that it does not have.
func (b *scoreboard) absent() (out []string) {
	begins := "the first deal of the data closed on " + b.begins.String() + "."
	if len(b.missing) > 0 {
		out = append(out, "There is nothing of "+list(b.missing)+" to compare with: "+begins)
	}
	for _, q := range b.quarters {
		if b.inPart(q.period) {
			out = append(out, q.name+" is there in part only: "+begins)
		}
	}
	if b.priced {
		out = append(out, "Lost and open deals without an amount are counted at the price of their product.")
	}
	return out
}

// figureText writes the value of a figure in its unit.
func figureText(f metrics.Figure) string {
	v, places, unit := valueOf(f)
	if f.Value == nil {
		return page.None
	}
	return page.Group(v.StringFixed(places)) + unit
}

// changeText writes the difference of two figures as they are written.
func changeText(now, then metrics.Figure) string {
	if now.Value == nil || then.Value == nil {
		return page.None
	}
	a, places, unit := valueOf(now)
	b, _, _ := valueOf(then)
	if unit == "%" {
		unit = " pts"
	}
	sign := ""
	if a.GreaterThan(b) {
		sign = "+"
	}
	return sign + page.Group(a.Sub(b).StringFixed(places)) + unit
}

// valueOf is the value of a figure as it is written: with how many decimal places, and what comes after it.
func valueOf(f metrics.Figure) (v decimal.Decimal, places int32, unit string) {
	d, _ := metrics.Define(f.KPI)
	switch d.Unit {
	case metrics.UnitShare:
		v, _ = f.Decimal(3)
		return v.Shift(2), 1, "%"
	case metrics.UnitDays:
		v, _ = f.Decimal(1)
		return v, 1, " d"
	case metrics.UnitTimes:
		v, _ = f.Decimal(1)
		return v, 1, "×"
	default:
		v, _ = f.Decimal(0)
		return v, 0, ""
	}
}

// intervalText writes the interval of a figure. That of a mean is none of few deals, of which a large one would make it senseless.
func intervalText(f metrics.Figure) string {
	if f.Value == nil || f.Interval == nil || f.KPI == metrics.DealSize && f.N < leastDeals {
		return page.None
	}
	low, high := f.Interval.Low, f.Interval.High
	switch _, places, unit := valueOf(f); unit {
	case "%":
		return chart.Interval(low, high)
	default:
		return page.Group(floatText(low, int(places))) + " to " + page.Group(floatText(high, int(places))) + unit
	}
}

// equals writes a p-value with its sign: = 0.012, < 0.001.
func equals(p float64) string {
	if text := chart.P(p); strings.HasPrefix(text, "<") {
		return text
	}
	return "= " + chart.P(p)
}

// list joins words: a, b and c.
func list(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// lower writes a name as it is within a sentence.
func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }
