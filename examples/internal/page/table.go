package page

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Table is printed with aligned columns. The first columns are text, the others
// numbers. Columns in which all cells are None are left out.
type Table struct {
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

// NewTable returns a table whose first columns, as many as text says, are text. A header may have several lines. Without
// any header the table has none.
func NewTable(text int, header ...string) *Table { return &Table{text: text, header: header} }

// Add adds a row. It may have fewer cells than there are columns.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, row{cells: cells}) }

// Heading adds a row whose first cell may reach over the other columns of text.
func (t *Table) Heading(cells ...string) { t.rows = append(t.rows, row{heading, cells}) }

// Rule adds a line across the table.
func (t *Table) Rule() { t.rows = append(t.rows, row{kind: rule}) }

// Print writes the table, indented by two blanks. A table that is too wide is
// written in parts, each with the columns of text.
func (t *Table) Print(w *bytes.Buffer) {
	n := len(t.header)
	for _, r := range t.rows {
		n = max(n, len(r.cells))
	}
	widths, used := make([]int, n), make([]bool, n)
	for _, r := range t.rows {
		for i, c := range r.cells {
			if r.kind == heading && i < t.text {
				continue // reaches over the columns of text
			}
			used[i] = used[i] || i < t.text || c != None && c != ""
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	var columns []int
	width := 0
	for i := range n {
		if !used[i] {
			continue
		}
		if i < len(t.header) {
			for h := range strings.SplitSeq(t.header[i], "\n") {
				widths[i] = max(widths[i], utf8.RuneCountInString(h))
			}
		}
		if width += widths[i] + 2; width > Width && len(columns) > t.text {
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
func (t *Table) part(w *bytes.Buffer, columns, widths []int) {
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
	for _, head := range t.headLines(columns) {
		line(row{cells: head})
	}
	if len(t.header) > 0 {
		fmt.Fprintln(w, ruler)
	}
	for _, r := range t.rows {
		if r.kind == rule {
			fmt.Fprintln(w, ruler)
			continue
		}
		line(r)
	}
}

// headLines are the lines of the header of some columns, those of shorter cells at the bottom.
func (t *Table) headLines(columns []int) [][]string {
	cells := make([][]string, len(t.header))
	most := 0
	for _, j := range columns {
		if j < len(t.header) {
			cells[j] = strings.Split(t.header[j], "\n")
			most = max(most, len(cells[j]))
		}
	}
	lines := make([][]string, most)
	for i := range lines {
		lines[i] = make([]string, len(t.header))
	}
	for j, cell := range cells {
		for i, text := range cell {
			lines[most-len(cell)+i][j] = text
		}
	}
	return lines
}
