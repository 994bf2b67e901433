package archtest_test

import (
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocLinks finds [Name] and [pkg.Name] in doc comments that lead nowhere. Such a link
// is shown as text in brackets, or as a link to a page that lacks the name.
// A package that the commented one does not import is linked by its full path.
func TestDocLinks(t *testing.T) {
	all := packages(t)
	index := symbolIndex(t, all)
	for _, p := range all {
		if len(p.code()) == 0 || p.name == "main" {
			continue
		}
		names := map[string]string{} // by which the files of p know their imports
		for _, f := range p.code() {
			for imported, spec := range imports(f) {
				names[localName(spec, imported)] = imported
			}
		}
		docParser := comment.Parser{
			LookupPackage: func(name string) (string, bool) {
				if name == p.name {
					return "", true
				}
				imported, ok := names[name]
				return imported, ok
			},
			LookupSym: func(_, name string) bool { return ast.IsExported(name) },
		}
		for _, f := range p.code() {
			for _, group := range docComments(f) {
				walkText(docParser.Parse(group.Text()), func(text comment.Text) {
					if why := dead(text, p, index); why != "" {
						t.Errorf("%s: %s", at(group.Pos()), why)
					}
				})
			}
		}
	}
}

var bracketed = regexp.MustCompile(`(?:^|[\s(])(\[\*?(?:[a-z][\w/.-]*\.)?[A-Z]\w+(?:\.[A-Z]\w+)?\])`)

// dead says why a piece of a comment is a link to nowhere.
func dead(text comment.Text, p pkg, index map[string]map[string]bool) string {
	switch text := text.(type) {
	case comment.Plain:
		if m := bracketed.FindStringSubmatch(string(text)); m != nil {
			return m[1] + " is no link: the package does not import what it names; write the full import path"
		}
	case *comment.DocLink:
		target, name := text.ImportPath, text.Name
		if target == "" {
			target = p.path()
		}
		if text.Recv != "" {
			name = text.Recv + "." + name
		}
		symbols, known := index[target]
		if !known {
			return "link to package " + target + ", which is neither in the module nor among its dependencies nor standard"
		}
		if name != "" && !symbols[name] {
			return "dead link: " + target + " has no " + name
		}
	}
	return ""
}

func walkText(d *comment.Doc, visit func(comment.Text)) {
	var blocks func([]comment.Block)
	blocks = func(list []comment.Block) {
		for _, b := range list {
			var texts []comment.Text
			switch b := b.(type) {
			case *comment.Paragraph:
				texts = b.Text
			case *comment.Heading:
				texts = b.Text
			case *comment.List:
				for _, item := range b.Items {
					blocks(item.Content)
				}
			}
			for _, x := range texts {
				visit(x)
			}
		}
	}
	blocks(d.Content)
}

// docComments returns the comments that go doc shows.
func docComments(f *ast.File) []*ast.CommentGroup {
	out := []*ast.CommentGroup{f.Doc}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			out = append(out, d.Doc)
		case *ast.GenDecl:
			out = append(out, d.Doc)
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					out = append(out, spec.Doc)
				case *ast.ValueSpec:
					out = append(out, spec.Doc)
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(g *ast.CommentGroup) bool { return g == nil })
}

// symbolIndex maps the import path of each package that a comment may name
// to its exported names; methods and fields are written Type.Name.
func symbolIndex(t *testing.T, all []pkg) map[string]map[string]bool {
	t.Helper()
	index := map[string]map[string]bool{}
	for _, p := range all {
		index[p.path()] = symbols(p.code())
	}
	for importPath, dir := range dependencies(t) {
		if index[importPath] != nil {
			continue
		}
		matches, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range matches {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err == nil && f.Name.Name != "main" {
				files = append(files, f)
			}
		}
		index[importPath] = symbols(files)
	}
	return index
}

// dependencies returns the folders of all packages that the module's code needs,
// standard ones included, and of some that comments like to mention.
func dependencies(t *testing.T) map[string]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-f", "{{.ImportPath}}\t{{.Dir}}", "./...", "errors", "math/rand/v2", "time", "iter", "slices", "sort", "context", "encoding/json")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, stderr(err))
	}
	dirs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if importPath, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.Contains(importPath, "internal") && !strings.HasPrefix(importPath, "vendor/") {
			dirs[importPath] = dir
		}
	}
	return dirs
}

func symbols(files []*ast.File) map[string]bool {
	out := map[string]bool{}
	add := func(elem ...string) {
		for _, e := range elem {
			if !ast.IsExported(e) {
				return
			}
		}
		out[strings.Join(elem, ".")] = true
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name.Name)
				} else {
					add(receiver(d), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name.Name)
						var list *ast.FieldList
						switch body := spec.Type.(type) {
						case *ast.StructType:
							list = body.Fields
						case *ast.InterfaceType:
							list = body.Methods
						}
						for field := range members(list) {
							add(spec.Name.Name, field)
						}
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							add(name.Name)
						}
					}
				}
			}
		}
	}
	return out
}

// members returns the names in a struct or an interface; an embedded type counts by its own name.
func members(list *ast.FieldList) map[string]bool {
	out := map[string]bool{}
	if list == nil {
		return out
	}
	for _, f := range list.List {
		for _, name := range f.Names {
			out[name.Name] = true
		}
		if len(f.Names) == 0 {
			if sel, ok := f.Type.(*ast.SelectorExpr); ok {
				out[sel.Sel.Name] = true
			} else {
				out[path.Base(typeName(f.Type))] = true
			}
		}
	}
	return out
}
