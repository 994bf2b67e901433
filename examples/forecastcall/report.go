package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

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

func heading(w io.Writer, c *company, m *month) {
	title := fmt.Sprintf("FORECAST CALL %s   %s", c.name(m), c.source)
	fmt.Fprintf(w, "%s\n%s\n\n", title, strings.Repeat("=", len([]rune(title))))
	t := newTable(w)
	t.row("Expected", money(m.call.Expected), m.call.Currency)
	t.row("8 of 10 outcomes", money(m.low)+" to "+money(m.high))
	for _, x := range targets(m) {
		t.row("At least "+money(x), fmt.Sprintf("%.0f%%", 100*m.total.AtLeast(x)))
	}
	t.end()
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
func replayed(w io.Writer, c *company, months []month) {
	fmt.Fprint(w, "\n\n1. HOW GOOD SUCH CALLS WERE\n"+
		"  Each forecast was made on the eve of its month, from what was known then.\n\n")
	t := newTable(w)
	t.row("Month", "Won", "Last month", "Win rate x", "Projection", "8 of 10", "outcomes", "In")
	t.row("", "", "again", "pipeline", "", "from", "to", "range?")
	t.rule()
	var won, naive, static, call []decimal.Decimal
	inside := 0
	for i := range months {
		m := &months[i]
		in := "no"
		if m.inRange() {
			inside++
			in = "yes"
		}
		t.row(c.name(m), money(m.won), money(m.naive), money(m.static), money(m.call.Expected), money(m.low), money(m.high), in)
		won, naive = append(won, m.won), append(naive, m.naive)
		static, call = append(static, m.static), append(call, m.call.Expected)
	}
	t.rule()
	t.row("Missed by", "", missed(won, naive), missed(won, static), missed(won, call), "", fmt.Sprintf("%d of %d", inside, len(months)), "in")
	t.row("Too high by", "", tooHigh(won, naive), tooHigh(won, static), tooHigh(won, call))
	t.end()
	fmt.Fprint(w, "\n  Missed by: the sum of what the forecasts were off, over what was won (WAPE).\n"+
		"  Too high by: the sum of forecasts less won, over what was won (bias); negative is too low.\n")
}

// missed is the weighted absolute percentage error.
func missed(won, forecasts []decimal.Decimal) string {
	off, sum := decimal.Zero, decimal.Zero
	for i, a := range won {
		off, sum = off.Add(forecasts[i].Sub(a).Abs()), sum.Add(a)
	}
	return percent(off, sum)
}

// tooHigh is the bias.
func tooHigh(won, forecasts []decimal.Decimal) string {
	off, sum := decimal.Zero, decimal.Zero
	for i, a := range won {
		off, sum = off.Add(forecasts[i]).Sub(a), sum.Add(a)
	}
	s := percent(off, sum)
	if off.IsPositive() {
		s = "+" + s
	}
	return s
}

// madeOf shows the parts of the call, and the deals that matter most.
func madeOf(w io.Writer, c *company, m *month) {
	fmt.Fprintf(w, "\n\n2. WHAT THE CALL FOR %s IS MADE OF\n\n", c.name(m))
	t := newTable(w)
	t.row("", "Deals", "Amount", "Expected")
	t.rule()
	open := decimal.Zero
	for _, d := range m.call.Deals {
		open = open.Add(d.Amount)
	}
	t.row("Open deals", fmt.Sprint(len(m.call.Deals)), money(open), money(m.call.Open))
	days, _ := m.period.Days()
	coming := m.inflow.PerDay() * float64(days)
	t.row("Deals to come", fmt.Sprintf("%.0f", coming), "", money(m.call.New))
	t.row("Together", "", "", money(m.call.Expected))
	t.end()
	fmt.Fprintf(w, "\n  Lately %.1f deals were created in a day; %.1f of those to come should still be won in the month.\n", m.inflow.PerDay(), m.call.NewWins)
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
	t = newTable(w)
	t.row("Deal", "Owner", "Days open", "Amount", "Chance", "Expected")
	t.rule()
	for _, p := range parts[:min(largestDeals, len(parts))] {
		d := known[p.ID]
		t.row(p.ID, d.Owner, fmt.Sprint(m.call.AsOf.DaysSince(d.Created)), money(p.Amount), fmt.Sprintf("%.1f%%", 100*p.P), money(p.worth))
	}
	t.end()
}

// rhythm shows how the months of the quarter differ.
func rhythm(w io.Writer, m *month) {
	fmt.Fprint(w, "\n\n3. THE RHYTHM OF THE QUARTER\n"+
		"  How much likelier than on average a deal of some age is won, and lost, in the month of a quarter.\n\n")
	t := newTable(w)
	bands := m.clock.Bands
	phases := len(m.clock.Won.Cells) / len(bands)
	t.row("Deals open", "won, month 1", "month 2", "month 3", "lost, month 1", "month 2", "month 3")
	t.rule()
	for b, from := range bands {
		cells := []string{fmt.Sprintf("%d days and more", from)}
		if b+1 < len(bands) {
			cells[0] = fmt.Sprintf("%d to %d days", from, bands[b+1]-1)
		}
		for _, side := range [2]forecast.ClockFactors{m.clock.Won, m.clock.Lost} {
			for _, f := range side.Cells[b*phases : (b+1)*phases] {
				cells = append(cells, fmt.Sprintf("x %.2f", f.Factor))
			}
		}
		t.row(cells...)
	}
	t.end()
}

// read tells what the figures rest on.
func read(w io.Writer, c *company) {
	open, won := 0, 0
	for _, d := range c.deals {
		switch d.Status {
		case forecast.Won:
			won++
		case forecast.Open:
			open++
		}
	}
	fmt.Fprintf(w, "\n\n4. WHAT WAS READ\n\n  rows read %s = rows used %s + rows skipped %s\n",
		group(c.counts.Read), group(c.counts.Used), group(c.counts.Skipped))
	fmt.Fprintf(w, "  %s opportunities: %s won, %s lost, %s open; the last day with an event is %s\n",
		group(len(c.deals)), group(won), group(len(c.deals)-won-open), group(open), c.lastDay)
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

// table is printed with aligned columns: the first to the left, the others to the right.
type table struct {
	w    io.Writer
	rows [][]string // nil: a rule
}

func newTable(w io.Writer) *table { return &table{w: w} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) rule() { t.rows = append(t.rows, nil) }

// end writes the table, indented by two blanks.
func (t *table) end() {
	var b bytes.Buffer
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	first := 0
	for _, r := range t.rows {
		if len(r) > 0 {
			first = max(first, len([]rune(r[0])))
		}
	}
	for _, r := range t.rows {
		if r == nil {
			fmt.Fprintln(tw, "\t")
			continue
		}
		fmt.Fprintf(tw, "%-*s\t%s\t\n", first, r[0], strings.Join(r[1:], "\t"))
	}
	_ = tw.Flush() // into memory
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	width := 0
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
		width = max(width, len([]rune(lines[i])))
	}
	for i, l := range lines {
		if t.rows[i] == nil {
			l = "  " + strings.Repeat("-", max(width-2, 0))
		}
		fmt.Fprintln(t.w, l)
	}
}

// money is an amount in whole units, with commas between thousands.
func money(d decimal.Decimal) string {
	s := d.StringFixed(0)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	return sign + commas(s)
}

func group(n int) string { return commas(fmt.Sprint(n)) }

func commas(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent is a ratio in percent.
func percent(a, b decimal.Decimal) string {
	if !b.IsPositive() {
		return "-"
	}
	return a.Shift(2).DivRound(b, 1).StringFixed(1) + "%"
}

