package crm

import (
	"bytes"
	"errors"
	"io"
)

// delimiter returns the delimiter that occurs most often in the first line
// outside of quotes; the comma wins ties.
func delimiter(head []byte) rune {
	head = bytes.TrimLeft(head, "\r\n")
	var commas, semicolons, tabs int
	quoted := false
scan:
	for _, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			break scan
		case c == ',':
			commas++
		case c == ';':
			semicolons++
		case c == '\t':
			tabs++
		}
	}
	switch {
	case tabs > commas && tabs > semicolons:
		return '\t'
	case semicolons > commas:
		return ';'
	}
	return ','
}

// foreign recognises files that are not UTF-8 text and says what to do.
func foreign(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "the file is UTF-16: save as CSV UTF-8"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "the file is a workbook (.xlsx) or archive: save the sheet as CSV UTF-8"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return "the file is a workbook (.xls): save the sheet as CSV UTF-8"
	case bytes.IndexByte(head, 0) >= 0:
		return "the file has NUL bytes, as UTF-16 and binary files do: save as CSV UTF-8"
	}
	return ""
}

var errTooLong = errors.New("record too long")

// A guard stops reading when the reader above it has taken limit bytes since
// the last record it passed.
type guard struct {
	r      io.Reader
	given  int64
	passed int64 // offset of the end of the last record
	limit  int64
}

func (g *guard) Read(p []byte) (int, error) {
	if g.given-g.passed > g.limit {
		return 0, errTooLong
	}
	n, err := g.r.Read(p)
	g.given += int64(n)
	return n, err
}
