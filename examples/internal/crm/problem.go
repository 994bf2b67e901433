package crm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	// ErrFormat says that a file is not something this package can read: its
	// encoding, its header, or columns that are missing.
	ErrFormat = errors.New("crm: unreadable file")
	// ErrLimit says that a file is over a limit of [Options].
	ErrLimit = errors.New("crm: file over a limit")
)

// A Problem says why one row could not be used and what to do about it.
type Problem struct {
	File string // as given to Read, or the name within the folder
	Line int    // physical line where the record starts, from 1
	// Column is the header of the column at fault as it stands in the file,
	// empty when the fault is with the row as a whole.
	Column string
	Value  string // the cell as text, shortened
	Msg    string // what is wrong, with the remedy
}

// String returns the problem as one line of text:
// file:line: column "value": message.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	if p.Column != "" {
		b.WriteString(p.Column)
		if p.Value != "" {
			fmt.Fprintf(&b, " %q", p.Value)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Msg)
	return b.String()
}

// Counts tells what became of the rows of a file or a folder. Header, blank
// lines and report footers are not rows. Read = Used + Skipped always holds.
type Counts struct {
	Read    int
	Used    int
	Skipped int // rows with at least one problem
}

func (c *Counts) add(d Counts) {
	c.Read += d.Read
	c.Used += d.Used
	c.Skipped += d.Skipped
}

// ProblemsError is the error of a read in which some rows were bad. It carries
// every problem; its text shows the first 20.
type ProblemsError struct {
	Counts
	Problems []Problem // by file and line
}

// Error returns the number of bad rows and the first 20 problems, a line each.
func (e *ProblemsError) Error() string {
	const shown = 20
	var b strings.Builder
	fmt.Fprintf(&b, "crm: %d of %d rows are bad", e.Skipped, e.Read)
	for i, p := range e.Problems {
		if i == shown {
			fmt.Fprintf(&b, "\n\t… and %d more problems", len(e.Problems)-shown)
			break
		}
		b.WriteString("\n\t")
		b.WriteString(p.String())
	}
	return b.String()
}

// sortProblems puts the problems of one file in the order of its lines; those
// of a line stay in the order they were found.
func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
}

// shorten cuts a cell to a length that fits a message.
func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return strings.Clone(strings.ToValidUTF8(s, "�"))
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.ToValidUTF8(s[:cut], "�") + "…"
}
