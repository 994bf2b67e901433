package crm

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Options says how to read. The zero value is strict and decides everything
// else by the file.
type Options struct {
	// SkipBad leaves bad rows out and lists them in the result. By default one
	// bad row is an error.
	SkipBad bool
	// Currency is the ISO 4217 code of amounts that name none. Empty leaves
	// the currency of such rows empty.
	Currency string
	// Dates says how to read dates such as 1/2/2026. The zero value decides
	// per file by the evidence of all its rows.
	Dates DateOrder
	// Stages gives the status of stages that this package cannot tell by their
	// name, by the name as it stands in the file (any case).
	Stages map[string]Status
	// MaxRecord is the most bytes in a record, 0 for 1 MiB. It also stops a
	// quote that is never closed from swallowing the file.
	MaxRecord int
	// MaxRows is the most rows in a file, 0 for 5 million.
	MaxRows int
}

const (
	defaultMaxRecord = 1 << 20
	defaultMaxRows   = 5_000_000
	maxColumns       = 2_000
	peekSize         = 64 << 10
)

// A sheet reads one delimited file row by row and collects its problems.
type sheet struct {
	name   string
	opt    Options
	csv    *csv.Reader
	guard  *guard
	shift  int      // physical lines before what csv sees
	header []string // as it stands in the file, trimmed
	keys   []string // normalised, for looking columns up
	comma  rune

	Counts
	blanks   int // records with empty cells only
	problems []Problem
	notes    []string
	bad      bool // the current row has a problem
	line     int  // of the current row
}

// openSheet reads up to the end of the header.
func openSheet(r io.Reader, name string, opt Options) (*sheet, error) {
	if opt.MaxRecord <= 0 {
		opt.MaxRecord = defaultMaxRecord
	}
	if opt.MaxRows <= 0 {
		opt.MaxRows = defaultMaxRows
	}
	s := &sheet{name: name, opt: opt}
	br := bufio.NewReaderSize(r, peekSize)
	head, err := br.Peek(peekSize)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("crm: %s: %w", name, err)
	}
	if msg := foreign(head); msg != "" {
		return nil, fmt.Errorf("%w: %s: %s", ErrFormat, name, msg)
	}
	if rest, found := bytes.CutPrefix(head, []byte("\xef\xbb\xbf")); found {
		head = rest
		if _, err := br.Discard(3); err != nil {
			return nil, fmt.Errorf("crm: %s: %w", name, err)
		}
	}
	// Spreadsheets write a first line "sep=;" to name the delimiter.
	if len(head) >= 6 && bytes.EqualFold(head[:4], []byte("sep=")) {
		if end := bytes.IndexByte(head, '\n'); end == 5 || end == 6 && head[5] == '\r' {
			s.comma = rune(head[4])
			s.shift = 1
			head = head[end+1:]
			if _, err := br.Discard(end + 1); err != nil {
				return nil, fmt.Errorf("crm: %s: %w", name, err)
			}
		}
	}
	if !strings.ContainsRune(",;\t|", s.comma) || s.comma == 0 {
		s.comma = delimiter(head)
	}
	s.guard = &guard{r: br, limit: int64(opt.MaxRecord) + peekSize}
	s.csv = csv.NewReader(s.guard)
	s.csv.Comma = s.comma
	s.csv.FieldsPerRecord = -1
	s.csv.ReuseRecord = true

	rec, err := s.csv.Read()
	switch {
	case err == io.EOF:
		return nil, fmt.Errorf("%w: %s: the file is empty: export it with its header line", ErrFormat, name)
	case errors.Is(err, errTooLong):
		return nil, s.tooLong()
	case err != nil:
		return nil, fmt.Errorf("%w: %s: header: %w", ErrFormat, name, err)
	case len(rec) > maxColumns:
		return nil, fmt.Errorf("%w: %s: %d columns, at most %d", ErrLimit, name, len(rec), maxColumns)
	}
	for _, h := range rec {
		if !utf8.ValidString(h) {
			return nil, fmt.Errorf("%w: %s: the header is not UTF-8: save as CSV UTF-8", ErrFormat, name)
		}
		if strings.Contains(h, "\r") {
			return nil, fmt.Errorf("%w: %s: lines end with CR alone: save with LF or CR LF line ends", ErrFormat, name)
		}
		s.header = append(s.header, strings.Join(strings.Fields(h), " "))
		s.keys = append(s.keys, headerKey(h))
	}
	s.guard.passed = s.csv.InputOffset()
	return s, nil
}

// next returns the cells of the next row, trimmed, valid until the next call.
// It counts the row as read. Rows of blank cells are passed over. A row that is
// not well-formed is reported as a problem and comes back as nil. more is false
// at the end of the file.
func (s *sheet) next() (rec []string, more bool, err error) {
	for {
		s.bad = false
		rec, err := s.csv.Read()
		s.guard.passed = s.csv.InputOffset()
		if err == io.EOF {
			return nil, false, nil
		}
		if err != nil {
			return nil, true, s.broken(err)
		}
		line, _ := s.csv.FieldPos(0)
		s.line = line + s.shift
		blank := true
		for i, c := range rec {
			if c != "" {
				rec[i] = strings.TrimSpace(c)
				blank = blank && rec[i] == ""
			}
		}
		if blank {
			s.blanks++
			continue
		}
		if err := s.count(); err != nil {
			return nil, true, err
		}
		return rec, true, nil
	}
}

// broken takes an error of the row's form for a problem and returns nil; any
// other error is the end of the file.
func (s *sheet) broken(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return s.tooLong()
	case !errors.As(err, &parse):
		return fmt.Errorf("crm: %s: %w", s.name, err)
	}
	s.line = parse.StartLine + s.shift
	if err := s.count(); err != nil {
		return err
	}
	s.fault("", "", "the quotes of this row do not pair: double the quotes inside a quoted cell")
	s.done()
	return nil
}

// count counts a row.
func (s *sheet) count() error {
	if s.Read == s.opt.MaxRows {
		return fmt.Errorf("%w: %s: more than %d rows: split the file or raise MaxRows", ErrLimit, s.name, s.opt.MaxRows)
	}
	s.Read++
	return nil
}

// fault reports a problem of the current row.
func (s *sheet) fault(column, value, msg string) {
	s.bad = true
	s.problems = append(s.problems, Problem{s.name, s.line, column, shorten(value), msg})
}

// cellFault reports a problem with the cell of column i.
func (s *sheet) cellFault(i int, value, msg string) { s.fault(s.header[i], value, msg) }

// done closes the current row and reports whether it can be used.
func (s *sheet) done() bool {
	if s.bad {
		s.Skipped++
		return false
	}
	s.Used++
	return true
}

// width reports a row that does not have the cells of the header. Empty cells
// beyond the header are let pass: some exports end each row with a delimiter.
func (s *sheet) width(rec []string) bool {
	n := len(rec)
	for n > len(s.header) && rec[n-1] == "" {
		n--
	}
	if n != len(s.header) {
		s.fault("", "", fmt.Sprintf("%d cells where the header has %d: quote cells that contain the delimiter %q or a line break",
			len(rec), len(s.header), s.comma))
		return false
	}
	for i, c := range rec[:n] {
		if !utf8.ValidString(c) {
			s.cellFault(i, c, "not UTF-8: export the file again with encoding UTF-8")
		}
	}
	return !s.bad
}

// note adds a remark to the result.
func (s *sheet) note(format string, args ...any) {
	s.notes = append(s.notes, s.name+": "+fmt.Sprintf(format, args...))
}

// close sorts the problems and, when strict, turns them into an error.
func (s *sheet) close() error {
	if s.blanks > 0 {
		s.note("%d blank rows passed over", s.blanks)
	}
	sortProblems(s.problems)
	if len(s.problems) > 0 && !s.opt.SkipBad {
		return &ProblemsError{s.Counts, s.problems}
	}
	return nil
}

func (s *sheet) tooLong() error {
	return fmt.Errorf("%w: %s: the record after line %d is longer than %d bytes: look there for a quote that is not closed",
		ErrLimit, s.name, s.line, s.opt.MaxRecord)
}

// column returns the index of the first of the given header keys, or -1.
func (s *sheet) column(keys ...string) int {
	for _, want := range keys {
		for i, k := range s.keys {
			if k == want {
				return i
			}
		}
	}
	return -1
}

// headerKey is what headers are compared by: lower case, single blanks.
func headerKey(h string) string {
	return strings.ToLower(strings.Join(strings.Fields(h), " "))
}
