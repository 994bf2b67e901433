package archtest_test

import (
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/salesops-go/salesops"

// A pkg is one folder of the main module that holds Go files. All files are
// parsed, whatever system they are built for.
type pkg struct {
	rel   string // slash-separated, "." for the root
	name  string // of the code; of the tests where there is no other code
	files []file // in the order of their names
}

type file struct {
	name string // relative to the root of the module, slash-separated
	test bool
	ast  *ast.File
}

// path is the import path.
func (p pkg) path() string { return path.Join(module, p.rel) }

// top is the first element of the folder's name: the package family.
func (p pkg) top() string { first, _, _ := strings.Cut(p.rel, "/"); return first }

// public tells whether other modules may import p.
func (p pkg) public() bool { return p.library() && !p.under("internal") }

// library tells whether p belongs to what other modules link, directly or not:
// everything but examples and the packages that serve only tests.
func (p pkg) library() bool {
	return !p.under("examples") && !p.under("internal/archtest") && !p.under("internal/testenv") && p.name != "main"
}

func (p pkg) under(dir string) bool { return p.rel == dir || strings.HasPrefix(p.rel, dir+"/") }

// code returns the files of p that are not tests.
func (p pkg) code() []*ast.File {
	var out []*ast.File
	for _, f := range p.files {
		if !f.test {
			out = append(out, f.ast)
		}
	}
	return out
}

var fset = token.NewFileSet()

// root is the folder of the module's go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tools", "go.mod")); err != nil {
		// The nested modules are no part of the module that others download.
		t.Skip("not a checkout of the repository: tools/go.mod is missing")
	}
	return dir
}

var parseTree = sync.OnceValues(func() ([]pkg, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	byDir := map[string]*pkg{}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != root && (ignored(d.Name()) || exists(filepath.Join(p, "go.mod"))) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasPrefix(d.Name(), "_") {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(fset, rel, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if neverBuilt(tree) {
			return nil
		}
		dir := path.Dir(rel)
		if byDir[dir] == nil {
			byDir[dir] = &pkg{rel: dir}
		}
		f := file{name: rel, test: strings.HasSuffix(rel, "_test.go"), ast: tree}
		if !f.test || byDir[dir].name == "" {
			byDir[dir].name = strings.TrimSuffix(tree.Name.Name, "_test")
		}
		byDir[dir].files = append(byDir[dir].files, f)
		return nil
	})
	var out []pkg
	for _, p := range byDir {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b pkg) int { return strings.Compare(a.rel, b.rel) })
	return out, err
})

// packages returns all packages of the main module, in the order of their paths.
func packages(t testing.TB) []pkg {
	t.Helper()
	root(t)
	all, err := parseTree()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ignored names the folders that the go command ignores too.
func ignored(dir string) bool {
	return dir == "testdata" || dir == "vendor" || strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

// neverBuilt tells whether f is marked "//go:build ignore".
func neverBuilt(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); err == nil && expr.String() == "ignore" && c.Pos() < f.Package {
				return true
			}
		}
	}
	return false
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// imports returns the import paths of f with the names by which f uses them;
// an import without a name has the last element of its path that is not a version.
func imports(f *ast.File) map[string]*ast.ImportSpec {
	out := map[string]*ast.ImportSpec{}
	for _, spec := range f.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			out[p] = spec
		}
	}
	return out
}

// localName is the name by which the file with spec uses the package.
func localName(spec *ast.ImportSpec, importPath string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

func at(pos token.Pos) string {
	p := fset.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

// stderr returns what a command that failed had to say.
func stderr(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(exit.Stderr)
	}
	return ""
}
