package main

import (
	"bytes"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/command"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// closed runs the program, wants it to succeed, and returns what it prints.
func closed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := command.Run("quarterclose", closeQuarter, args, &stdout, &stderr); status != 0 || stderr.Len() > 0 {
		t.Fatalf("run(%q) = %d, stderr:\n%s", args, status, &stderr)
	}
	return stdout.String()
}

// refused runs the program, wants it to fail before it prints, and returns the
// message.
func refused(t *testing.T, status int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := command.Run("quarterclose", closeQuarter, args, &stdout, &stderr); got != status {
		t.Errorf("run(%q) = %d, want %d", args, got, status)
	}
	if stdout.Len() > 0 {
		t.Errorf("run(%q) printed on standard output:\n%s", args, &stdout)
	}
	return stderr.String()
}

// wantText wants every part to be in the text.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in:\n%s", p, text)
		}
	}
}

// write makes a file and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// cells is a row of a printed table by the headers of its columns.
type cells map[string]string

var gap = regexp.MustCompile(` {2,}`)

// printed reads the table of a section back, without rows that are only text. Where
// a row lacks cells, these are the ones after the first.
func printed(t *testing.T, report, section string) (rows []cells, header []string) {
	t.Helper()
	_, text, found := strings.Cut(report, ". "+strings.ToUpper(section)+"\n")
	if !found {
		t.Fatalf("no section %q", section)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		switch {
		case i+1 < len(lines) && header == nil:
			if strings.HasPrefix(lines[i+1], "  ---") {
				header = gap.Split(strings.TrimSpace(line), -1)
			}
		case line == "":
			return rows, header
		case !strings.HasPrefix(line, "  ---"):
			list := gap.Split(strings.TrimSpace(line), -1)
			if len(list) < 2 {
				break
			}
			row := cells{header[0]: list[0]}
			for j, c := range list[1:] {
				row[header[len(header)-len(list)+1+j]] = c
			}
			rows = append(rows, row)
		}
	}
	t.Fatalf("section %q does not end", section)
	return nil, nil
}

// rat reads a printed number.
func rat(t *testing.T, s string) *big.Rat {
	t.Helper()
	if s == page.None {
		return new(big.Rat)
	}
	r, ok := new(big.Rat).SetString(strings.ReplaceAll(s, ",", ""))
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return r
}
