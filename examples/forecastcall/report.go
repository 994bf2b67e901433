package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
)

const largestDeals = 5 // shown of a call

// makeReport writes what the months came to and the call for the last one, which is still to come.
func makeReport(c *company, months []month) []byte {
	var w bytes.Buffer
	past, next := months[:len(months)-1], &months[len(months)-1]
	heading(&w, c, next)
	replayed(&w, c, past)
	madeOf(&w, c, next)
	rhythm(&w, next)
	read(&w, c)
	return w.Bytes()
}

func heading(w *bytes.Buffer, c *company, m *month) {
	title := fmt.Sprintf("FORECAST CALL %s   %s", c.name(m), c.source)
	fmt.Fprintf(w, "%s\n%s\n\n", title, strings.Repeat("=", len([]rune(title))))
	t := page.NewTable(1)
	t.Add("Expected", money(m.call.Expected), m.call.Currency)
	t.Add("8 of 10 outcomes from", money(m.low))
	t.Add("8 of 10 outcomes to", money(m.high))
	for _, x := range targets(m) {
		t.Add("At least "+money(x), fmt.Sprintf("%.0f%%", 100*m.total.AtLeast(x)))
	}
	t.Print(w)
}

// targets are three round amounts around what is expected.
func targets(m *month) []decimal.Decimal {
	unit := decimal.New(1, 0)
	for unit.Mul(decimal.New(100, 0)).Cmp(m.call.Expected) < 0 {
		unit = unit.Mul(decimal.New(10, 0))
	}
	var out []decimal.Decimal
	for _, share := range []int64{8, 10, 12} {
		x := m.call.Expected.Mul(decimal.New(share, -1)).DivRound(unit, 0).Mul(unit)
		if x.IsPositive() && !slices.ContainsFunc(out, x.Equal) {
			out = append(out, x)
		}
	}
	return out
}

// replayed compares the forecasts of the past months with what was won.
func replayed(w *bytes.Buffer, c *company, months []month) {
	fmt.Fprint(w, "\n\n1. HOW GOOD SUCH CALLS WERE\n"+
		"  Each forecast was made on the eve of its month, from what was known then.\n\n")
	t := page.NewTable(1, "Month", "Won", "Last month\nagain", "Win rate x\npipeline", "Projection", "80% range\nfrom", "\nto", "In\nrange?")
	var won, naive, static, call []decimal.Decimal
	inside := 0
	for i := range months {
		m := &months[i]
		in := "no"
		if m.inRange() {
			inside++
			in = "yes"
		}
		t.Add(c.name(m), money(m.won), money(m.naive), money(m.static), money(m.call.Expected), money(m.low), money(m.high), in)
		won, naive = append(won, m.won), append(naive, m.naive)
		static, call = append(static, m.static), append(call, m.call.Expected)
	}
	t.Rule()
	t.Add("Missed by", "", missed(won, naive), missed(won, static), missed(won, call), "", fmt.Sprintf("%d of %d", inside, len(months)), "in")
	t.Add("Too high by", "", tooHigh(won, naive), tooHigh(won, static), tooHigh(won, call))
	t.Print(w)
	fmt.Fprint(w, "\n  Missed by: the sum of what the forecasts were off, over what was won (WAPE).\n"+
		"  Too high by: the sum of forecasts less won, over what was won (bias); negative is too low.\n")
}

// missed is the weighted absolute percentage error.
func missed(won, forecasts []decimal.Decimal) string {
	off, sum := decimal.Zero, decimal.Zero
	for i, a := range won {
		off, sum = off.Add(forecasts[i].Sub(a).Abs()), sum.Add(a)
	}
	return page.Percent(off, sum)
}

// tooHigh is the bias.
func tooHigh(won, forecasts []decimal.Decimal) string {
	off, sum := decimal.Zero, decimal.Zero
	for i, a := range won {
		off, sum = off.Add(forecasts[i]).Sub(a), sum.Add(a)
	}
	s := page.Percent(off, sum)
	if off.IsPositive() {
		s = "+" + s
	}
	return s
}

// madeOf shows the parts of the call, and the deals that matter most.
func madeOf(w *bytes.Buffer, c *company, m *month) {
	fmt.Fprintf(w, "\n\n2. WHAT THE CALL FOR %s IS MADE OF\n\n", c.name(m))
	t := page.NewTable(1, "", "Deals", "Amount", "Expected")
	open := decimal.Zero
	for _, d := range m.call.Deals {
		open = open.Add(d.Amount)
	}
	t.Add("Open deals", fmt.Sprint(len(m.call.Deals)), money(open), money(m.call.Open))
	days, _ := m.period.Days()
	coming := m.perDay * float64(days)
	t.Add("Deals to come", fmt.Sprintf("%.0f", coming), "", money(m.call.New))
	t.Add("Together", "", "", money(m.call.Expected))
	t.Print(w)
	fmt.Fprintf(w, "\n  Lately %.1f deals were created in a day; %.1f of those to come should still be won in the month.\n", m.perDay, m.call.NewWins)
	if m.correlation > 0 {
		fmt.Fprintf(w, "  The range is as wide as past months were off: as if deals had a correlation of %.3f.\n", m.correlation)
	}

	type part struct {
		forecast.Chance
		worth decimal.Decimal
	}
	parts := make([]part, len(m.call.Deals))
	known := map[string]forecast.Deal{}
	for _, d := range m.known {
		known[d.ID] = d
	}
	for i, d := range m.call.Deals {
		parts[i] = part{d, d.Amount.Mul(decimal.New(int64(d.P*1e6), -6))}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return b.worth.Cmp(a.worth) })
	fmt.Fprintf(w, "\n  The open deals that matter most:\n\n")
	t = page.NewTable(2, "Deal", "Owner", "Days open", "Amount", "Chance", "Expected")
	for _, p := range parts[:min(largestDeals, len(parts))] {
		d := known[p.ID]
		t.Add(p.ID, d.Owner, fmt.Sprint(m.call.AsOf.DaysSince(d.Created)), money(p.Amount), fmt.Sprintf("%.1f%%", 100*p.P), money(p.worth))
	}
	t.Print(w)
}

// rhythm shows how the months of the quarter and the sizes differ.
func rhythm(w *bytes.Buffer, m *month) {
	fmt.Fprint(w, "\n\n3. WHAT MAKES DEALS CLOSE\n"+
		"  How much more often than on average a deal of some age is won, and lost, in a month of the quarter.\n\n")
	won, lost := m.clock.Won, m.clock.Lost
	bands := m.clock.Bands
	phases := len(won.Cells) / len(bands)
	t := page.NewTable(1, "Deals open", "won, month 1", "month 2", "month 3", "lost, month 1", "month 2", "month 3")
	for b, from := range bands {
		cells := []string{fmt.Sprintf("%d days and more", from)}
		if b+1 < len(bands) {
			cells[0] = fmt.Sprintf("%d to %d days", from, bands[b+1]-1)
		}
		for _, f := range append(won.Cells[b*phases:(b+1)*phases:(b+1)*phases], lost.Cells[b*phases:(b+1)*phases]...) {
			cells = append(cells, times(f))
		}
		t.Add(cells...)
	}
	t.Print(w)
	fmt.Fprint(w, "\n  And how much more often deals of a size are.\n\n")
	t = page.NewTable(1, "Amount", "won", "lost")
	for _, size := range m.sizes.names {
		for i, f := range m.clock.GroupWon.Cells {
			if f.Group == size {
				t.Add(size, times(f), times(m.clock.GroupLost.Cells[i]))
			}
		}
	}
	t.Print(w)
}

func times(f forecast.CloseFactor) string { return fmt.Sprintf("x %.2f", f.Factor) }

// read tells what the figures rest on.
func read(w *bytes.Buffer, c *company) {
	open, won := 0, 0
	for _, d := range c.deals {
		switch d.Status {
		case forecast.Won:
			won++
		case forecast.Open:
			open++
		}
	}
	fmt.Fprintf(w, "\n\n4. WHAT WAS READ\n\n  rows read %s = rows used %s + rows skipped %s, in all lists of the folder\n",
		page.Count(c.counts.Read), page.Count(c.counts.Used), page.Count(c.counts.Skipped))
	fmt.Fprintf(w, "  %s opportunities: %s won, %s lost, %s open; the last day with an event is %s\n",
		page.Count(len(c.deals)), page.Count(won), page.Count(len(c.deals)-won-open), page.Count(open), c.lastDay)
	if c.since.IsZero() {
		fmt.Fprintln(w, "  the history is taken as complete")
	} else {
		fmt.Fprintf(w, "  deals created before %s are watched from that day on, as those closed before are missing\n", c.since)
	}
	for _, n := range c.notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
}

// name is what the month is called: 2026-05.
func (c *company) name(m *month) string { return m.period.Start.String()[:len("2006-01")] }

// money is an amount in whole units.
func money(d decimal.Decimal) string { return page.Group(d.StringFixed(0)) }
