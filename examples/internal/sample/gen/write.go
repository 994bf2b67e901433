package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/salesops-go/salesops"
)

// opportunitiesCSV writes a Salesforce report: every cell quoted, US dates, lines
// that end with LF.
func (c *company) opportunitiesCSV() []byte {
	var b bytes.Buffer
	row := func(cells ...string) {
		for i, cell := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	row("Opportunity ID", "Opportunity Name", "Account Name", "Opportunity Owner", "Type", "Product Name", "Stage", "Probability (%)",
		"Created Date", "Close Date", "Amount", "Amount Currency", "Region", "Segment", "Term")
	for _, d := range slices.Concat(c.past, c.deals) {
		row(d.key(), d.account.name+" - "+products[d.product].name, d.account.name, d.owner.name, types[d.kind], products[d.product].name,
			stages[d.stage].name, fmt.Sprint(stages[d.stage].probability), american(d.created), american(d.closed),
			money(d.cents), "USD", regions[d.owner.manager/2], segments[d.owner.segment].name, fmt.Sprint(d.term))
	}
	return b.Bytes()
}

func (c *company) repsCSV() []byte {
	rows := [][]string{{"name", "manager", "region", "start", "end"}}
	for _, r := range c.reps {
		for _, s := range r.spans {
			rows = append(rows, []string{r.name, managers[s.manager], regions[s.manager/2], s.start.String(), iso(s.end)})
		}
	}
	return table(rows)
}

func (c *company) splitsCSV() []byte {
	rows := [][]string{{"opportunity", "rep", "share", "overlay"}}
	for _, s := range c.splits {
		share := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%03d", s.permille/1000, s.permille%1000), "0"), ".")
		rows = append(rows, []string{s.deal.key(), s.rep.name, share, fmt.Sprint(s.overlay)})
	}
	return table(rows)
}

func (c *company) eventsCSV() []byte {
	rows := [][]string{{"id", "opportunity", "kind", "date", "amount"}}
	for i, e := range c.events {
		rows = append(rows, []string{fmt.Sprintf("EV-%05d", i+1), e.deal.key(), e.kind, e.date.String(), money(e.cents)})
	}
	return table(rows)
}

func (c *company) quotasCSV() []byte {
	rows := [][]string{{"rep", "period", "measure", "amount"}}
	for q := range 4 {
		period := fmt.Sprintf("FY2026-Q%d", q+1)
		for _, r := range c.reps {
			switch cents := quotaCents(r, q); {
			case r.specialist:
				rows = append(rows, []string{r.name, period, "overlay", money(overlayQuota[q] * 100)})
			case cents > 0:
				rows = append(rows, []string{r.name, period, "bookings", money(cents)})
			}
		}
	}
	return table(rows)
}

// table writes rows as CSV; lines end with LF on every system.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		panic("sample: internal: " + err.Error()) // a buffer takes all
	}
	return b.Bytes()
}

func (d *deal) key() string { return fmt.Sprintf("006NL%010d", d.id) }

func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

func american(d salesops.Date) string {
	y, m, day := d.Civil()
	return fmt.Sprintf("%d/%d/%d", int(m), day, y)
}

func iso(d salesops.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
