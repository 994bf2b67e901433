package archtest_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the code in Markdown files from its sources")

// A block is a fenced block of a Markdown file.
type block struct {
	line     int    // of the opening fence, counted from 1
	language string // after the opening fence
	source   string // from the comment above, or nothing
	text     string
}

// TestMarkdownCode compares each marked block of the Markdown files with its source,
// and wants every block of Go to be marked, so that no reader copies code that
// was never compiled. The marker stands on the line above the fence:
//
//	<!-- code: comp/example_test.go#ExampleNew -->       the body of a function
//	<!-- code: examples/quarterclose/main.go -->         a whole file
//	<!-- code: examples/quarterclose/testdata/want.txt#3-12 -->  some lines of a file
//	<!-- code: sketch -->                                not compiled; not in README.md
//
// Paths start at the root of the repository. With -update the test rewrites
// the blocks instead.
func TestMarkdownCode(t *testing.T) {
	for _, name := range textFiles(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		file := filepath.Join(root(t), filepath.FromSlash(name))
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, faults := checkBlocks(name, string(old), func(source string) (string, error) { return sourceText(root(t), source) })
		if *update && text != string(old) {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: rewritten", name)
			continue
		}
		for _, f := range faults {
			t.Error(f)
		}
	}
}

// checkBlocks returns the file with its marked blocks as their sources have
// them, and what is wrong with it as it is.
func checkBlocks(name, text string, source func(string) (string, error)) (updated string, faults []string) {
	lines := strings.Split(text, "\n")
	var out []string
	done := 0
	for _, b := range blocks(lines) {
		where := fmt.Sprintf("%s:%d", name, b.line)
		switch {
		case b.source == "":
			if b.language == "go" {
				faults = append(faults, where+": this Go code is not tested: put <!-- code: file_test.go#ExampleName --> on the line above")
			}
			continue
		case b.source == "sketch":
			if path.Base(name) == "README.md" {
				faults = append(faults, where+": a README shows tested code, not sketches")
			}
			continue
		}
		want, err := source(b.source)
		if err != nil {
			faults = append(faults, where+": "+err.Error())
			continue
		}
		if diff := cmp.Diff(want, b.text); diff != "" {
			faults = append(faults, where+": differs from "+b.source+"; go test ./internal/archtest -update rewrites it (-source +here):\n"+diff)
		}
		// lines[b.line-1] is the fence; its text follows.
		out = append(out, lines[done:b.line]...)
		out = append(out, strings.Split(strings.TrimSuffix(want, "\n"), "\n")...)
		done = b.line + strings.Count(b.text, "\n")
	}
	return strings.Join(append(out, lines[done:]...), "\n"), faults
}

var marker = regexp.MustCompile(`^<!-- code: (\S+) -->$`)

// blocks finds the fenced blocks; an open one at the end is none.
func blocks(lines []string) []block {
	var out []block
	for i := 0; i < len(lines); i++ {
		language, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		b := block{line: i + 1, language: strings.TrimSpace(language)}
		if i > 0 {
			if m := marker.FindStringSubmatch(strings.TrimSpace(lines[i-1])); m != nil {
				b.source = m[1]
			}
		}
		var text strings.Builder
		for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
			text.WriteString(lines[i] + "\n")
		}
		if b.text = text.String(); i < len(lines) {
			out = append(out, b)
		}
	}
	return out
}

var lineRange = regexp.MustCompile(`^(\d+)-(\d+)$`)

// sourceText returns what a marker names.
func sourceText(root, source string) (string, error) {
	name, part, cut := strings.Cut(source, "#")
	file := filepath.Join(root, filepath.FromSlash(name))
	text, err := os.ReadFile(file)
	switch {
	case err != nil:
		return "", fmt.Errorf("no source %s: %w", name, errors.Unwrap(err))
	case !cut:
		return string(text), nil
	}
	if m := lineRange.FindStringSubmatch(part); m != nil {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		lines := strings.SplitAfter(string(text), "\n")
		if from < 1 || to < from || to > len(lines) {
			return "", fmt.Errorf("%s has no lines %s", name, part)
		}
		return strings.Join(lines[from-1:to], ""), nil
	}
	return functionBody(name, text, part)
}

// functionBody returns the lines between the braces of a function, less one tab each;
// a function on one line is returned as it is.
func functionBody(name string, text []byte, function string) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Name.Name != function || fn.Body == nil {
			continue
		}
		first, last := fset.Position(fn.Body.Lbrace).Line, fset.Position(fn.Body.Rbrace).Line
		lines := strings.SplitAfter(string(text), "\n")
		if first == last {
			return lines[first-1], nil
		}
		var out strings.Builder
		for _, line := range lines[first : last-1] {
			out.WriteString(strings.TrimPrefix(line, "\t"))
		}
		return out.String(), nil
	}
	return "", fmt.Errorf("%s has no function %s", name, function)
}

// TestMarkdownCode_finds proves that the check sees what it must.
func TestMarkdownCode_finds(t *testing.T) {
	source := func(string) (string, error) { return "a := 1\n", nil }
	tests := map[string]struct {
		file, text string
		faults     int
		updated    string
	}{
		"same":               {"README.md", "x\n<!-- code: a.go#F -->\n```go\na := 1\n```\n", 0, "x\n<!-- code: a.go#F -->\n```go\na := 1\n```\n"},
		"differs":            {"README.md", "x\n<!-- code: a.go#F -->\n```go\na := 2\nb := 3\n```\ny", 1, "x\n<!-- code: a.go#F -->\n```go\na := 1\n```\ny"},
		"empty block":        {"README.md", "<!-- code: a.go#F -->\n```go\n```\ny", 1, "<!-- code: a.go#F -->\n```go\na := 1\n```\ny"},
		"two, second wrong":  {"README.md", "<!-- code: a.go#F -->\n```go\na := 1\n```\n<!-- code: a.go#F -->\n```\n\n```\n", 1, "<!-- code: a.go#F -->\n```go\na := 1\n```\n<!-- code: a.go#F -->\n```\na := 1\n```\n"},
		"no marker":          {"docs/a.md", "```go\na := 1\n```\n", 1, "```go\na := 1\n```\n"},
		"shell needs none":   {"README.md", "```sh\nls\n```\n", 0, "```sh\nls\n```\n"},
		"sketch in a README": {"README.md", "<!-- code: sketch -->\n```go\na\n```\n", 1, "<!-- code: sketch -->\n```go\na\n```\n"},
		"sketch in docs":     {"docs/a.md", "<!-- code: sketch -->\n```go\na\n```\n", 0, "<!-- code: sketch -->\n```go\na\n```\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			updated, faults := checkBlocks(test.file, test.text, source)
			if len(faults) != test.faults {
				t.Errorf("faults: %q, want %d", faults, test.faults)
			}
			if diff := cmp.Diff(test.updated, updated); diff != "" {
				t.Errorf("updated (-want +got):\n%s", diff)
			}
		})
	}
}

var markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestMarkdownLinks wants links within the repository to lead to a file. Addresses
// of other places are not visited.
func TestMarkdownLinks(t *testing.T) {
	for _, name := range textFiles(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, m := range markdownLink.FindAllStringSubmatch(line, -1) {
				target, _, _ := strings.Cut(m[1], "#")
				if target == "" || strings.Contains(target, ":") {
					continue
				}
				if !exists(filepath.Join(root(t), filepath.FromSlash(path.Join(path.Dir(name), target)))) {
					t.Errorf("%s:%d: link to %s: no such file", name, i+1, target)
				}
			}
		}
	}
}
