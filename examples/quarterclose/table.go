package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// pageWidth is the most columns of text in a line.
const pageWidth = 98

// table is printed with aligned columns. The first columns are text, the others
// numbers. Columns in which all cells are none are left out.
type table struct {
	text   int // columns of text
	header []string
	rows   []row
}

// row is a row of a table. In a heading the first cell may reach over the other
// columns of text.
type row struct {
	kind  rowKind
	cells []string
}

type rowKind int

const (
	body rowKind = iota
	heading
	rule
)

// none is the cell of a number that is zero or does not apply.
const none = "-"

func newTable(text int, header ...string) *table { return &table{text: text, header: header} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, row{cells: cells}) }

func (t *table) heading(cells ...string) { t.rows = append(t.rows, row{heading, cells}) }

func (t *table) rule() { t.rows = append(t.rows, row{kind: rule}) }

// print writes the table, indented by two blanks. A table that is too wide is
// written in parts, each with the columns of text.
func (t *table) print(w *bytes.Buffer) {
	widths := make([]int, len(t.header))
	used := make([]bool, len(t.header))
	for _, r := range t.rows {
		for i, c := range r.cells {
			if r.kind == heading && i < t.text {
				continue // reaches over the columns of text
			}
			used[i] = used[i] || i < t.text || c != none && c != ""
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	var columns []int
	width := 0
	for i, h := range t.header {
		if !used[i] {
			continue
		}
		widths[i] = max(widths[i], utf8.RuneCountInString(h))
		if width += widths[i] + 2; width > pageWidth && len(columns) > t.text {
			t.part(w, columns, widths)
			fmt.Fprintln(w)
			columns, width = columns[:t.text], widths[i]+2
			for _, j := range columns {
				width += widths[j] + 2
			}
		}
		columns = append(columns, i)
	}
	t.part(w, columns, widths)
}

// part writes some columns of the table.
func (t *table) part(w *bytes.Buffer, columns, widths []int) {
	total := 0
	for _, i := range columns {
		total += widths[i] + 2
	}
	ruler := "  " + strings.Repeat("-", max(total-2, 0))
	line := func(r row) {
		var out []rune
		at := 0 // the end of the column before
		for _, i := range columns {
			if i >= len(r.cells) {
				break
			}
			cell := []rune(r.cells[i])
			start := at + 2
			at = start + widths[i]
			if i >= t.text {
				start = at - len(cell)
			}
			for len(out) < start {
				out = append(out, ' ')
			}
			out = append(out, cell...)
		}
		fmt.Fprintln(w, strings.TrimRight(string(out), " "))
	}
	line(row{cells: t.header})
	fmt.Fprintln(w, ruler)
	for _, r := range t.rows {
		if r.kind == rule {
			fmt.Fprintln(w, ruler)
			continue
		}
		line(r)
	}
}

// money writes an amount with two decimal places, more if it has more, and none
// for zero.
func money(d decimal.Decimal) string {
	if d.IsZero() {
		return none
	}
	return amount(d)
}

// amount is money that shows zero, too.
func amount(d decimal.Decimal) string {
	places := max(2, -d.Exponent())
	for places > 2 && d.Equal(d.Truncate(places-1)) {
		places--
	}
	return group(d.StringFixed(places))
}

// trim is an amount without decimal places that are zero.
func trim(d decimal.Decimal) string { return strings.TrimSuffix(amount(d), ".00") }

// whole is money, without decimal places that are zero.
func whole(d decimal.Decimal) string { return strings.TrimSuffix(money(d), ".00") }

// number is a count, and none for zero.
func number(n int) string {
	if n == 0 {
		return none
	}
	return count(n)
}

// count writes a number of things.
func count(n int) string { return group(fmt.Sprint(n)) }

// percent writes a ratio in percent with one decimal place.
func percent(a, b decimal.Decimal) string {
	if !b.IsPositive() {
		return none
	}
	return group(a.Shift(2).DivRound(b, 1).StringFixed(1)) + "%"
}

// group puts commas between thousands.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// wrap breaks text into lines of at most pageWidth columns, the first with one
// indent and the rest with another.
func wrap(w *bytes.Buffer, first, rest, text string) {
	line := first
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > pageWidth {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(w, line)
}
