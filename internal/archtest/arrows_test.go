package archtest_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// TestArrows keeps the plan of the house: examples import packages, packages
// import internal ones, those import the root. A family (comp, forecast, ...)
// never imports another: people take one without the rest.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			for imported, spec := range imports(f.ast) {
				rel, ours := relative(imported)
				if !ours {
					continue
				}
				if why := arrow(p, rel, f.test); why != "" {
					t.Errorf("%s: package %s imports %s: %s", at(spec.Pos()), p.path(), imported, why)
				}
			}
		}
	}
}

// relative returns an import path within the main module as a folder name.
func relative(importPath string) (string, bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// arrow says why a package must not import the folder to, or nothing.
func arrow(p pkg, to string, test bool) string {
	target := pkg{rel: to}
	switch {
	case p.rel == to, to == "internal/testenv" && test:
		return ""
	case to == "internal/testenv":
		return "it serves tests only"
	case target.under("examples"):
		if p.under("examples") {
			return ""
		}
		return "nothing imports the examples"
	case p.under("examples"):
		return ""
	case p.rel == ".":
		return "the root is the shared vocabulary and imports no other package of the module"
	case to == ".", target.under("internal") && to != "internal/archtest":
		return ""
	case p.under("internal"):
		return "an internal package serves the others and imports none of them"
	case p.top() == target.top():
		return ""
	}
	return "packages must not import each other; move what both need to internal/ or let the caller pass it"
}

// impure names what a library package must not import, with the remedy.
var impure = []struct {
	path, remedy string
}{
	{"os", "take the data as an argument"},
	{"net", "take the data as an argument"},
	{"log", "return an error or a reason"},
	{"syscall", "take the data as an argument"},
	{"unsafe", "write it in plain Go"},
	{"math/rand", "take a seed, and draw from math/rand/v2"},
	{"testing", "put it into a _test.go file or internal/testenv"},
}

// allowedModules are those that importers of the library get.
var allowedModules = []string{
	"github.com/shopspring/decimal",
	"golang.org/x/exp/constraints",
	"gonum.org/v1/gonum",
}

// TestLibraryIsPure keeps input, output, clock and process-wide state out
// of everything that other programs link.
func TestLibraryIsPure(t *testing.T) {
	for _, p := range packages(t) {
		if !p.library() {
			continue
		}
		for _, f := range p.files {
			if f.test {
				continue
			}
			for imported, spec := range imports(f.ast) {
				for _, bad := range impure {
					if imported == bad.path || strings.HasPrefix(imported, bad.path+"/") && imported != "math/rand/v2" {
						t.Errorf("%s: %s imports %s: %s", at(spec.Pos()), p.path(), imported, bad.remedy)
					}
				}
				if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && !allowed(imported) {
					t.Errorf("%s: %s imports %s, which is not among the library's dependencies", at(spec.Pos()), p.path(), imported)
				}
				if spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_") {
					t.Errorf("%s: import %s as %q: name it", at(spec.Pos()), imported, spec.Name.Name)
				}
			}
		}
	}
}

// TestSeriesIsFloats keeps money out of the time-series methods: they estimate, and
// what must tie out to the cent does not belong there.
func TestSeriesIsFloats(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			if spec, ok := imports(f.ast)["github.com/shopspring/decimal"]; ok && p.rel == "forecast/series" && !f.test {
				t.Errorf("%s: package series imports decimal: exact money belongs into package forecast", at(spec.Pos()))
			}
		}
	}
}

func allowed(importPath string) bool {
	if _, ours := relative(importPath); ours {
		return true
	}
	return slices.ContainsFunc(allowedModules, func(m string) bool {
		return importPath == m || strings.HasPrefix(importPath, m+"/")
	})
}

// clock names the functions by which a program reads or waits for time.
var clock = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local", "LoadLocation"},
}

// TestNoClock also keeps the machine's time zone out: time.Local and the zone data that
// time.LoadLocation reads differ between machines. Tests may measure and wait.
func TestNoClock(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			if f.test || !p.library() && !p.under("examples") {
				continue
			}
			for importPath, names := range clock {
				spec, ok := imports(f.ast)[importPath]
				if !ok {
					continue
				}
				local := localName(spec, importPath)
				ast.Inspect(f.ast, func(n ast.Node) bool {
					sel, ok := n.(*ast.SelectorExpr)
					if !ok {
						return true
					}
					if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, sel.Sel.Name) {
						t.Errorf("%s: %s.%s: take the time, or the location, as an argument", at(sel.Pos()), importPath, sel.Sel.Name)
					}
					return true
				})
			}
		}
	}
}

// TestNoInit keeps packages free of work at start-up.
func TestNoInit(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			if f.test || !p.library() {
				continue
			}
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s: %s has an init function: importing a package must not run code", at(fn.Pos()), p.path())
				}
			}
		}
	}
}
