package archtest_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A listed is what go list -export tells of a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles                       []string
	Standard, DepOnly             bool
}

// TestDecimalsAreComparedByValue finds decimals (alone or within structs and arrays) under
// ==, != and switch, as keys of maps, as arguments of generic functions that compare, and in
// reflect.DeepEqual: 1.0 and 1.00 are equal, but not for these. It also finds
// time.Time.Local, which depends on the machine. Unlike the other tests of this
// package it knows types.
func TestDecimalsAreComparedByValue(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it type-checks the whole module, which takes seconds")
	}
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Name,Dir,Export,GoFiles,Standard,DepOnly", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, stderr(err))
	}
	exports := map[string]string{}
	var check []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[l.ImportPath] = l.Export
		if !l.Standard && !l.DepOnly {
			check = append(check, l)
		}
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(p string) (io.ReadCloser, error) { return os.Open(exports[p]) })
	for _, l := range check {
		var files []*ast.File
		for _, name := range l.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Uses: map[*ast.Ident]types.Object{}}
		if _, err := (&types.Config{Importer: imp}).Check(l.ImportPath, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				if why := comparesDecimals(n, info); why != "" {
					pos := fset.Position(n.Pos())
					if rel, err := filepath.Rel(cmd.Dir, pos.Filename); err == nil {
						pos.Filename = filepath.ToSlash(rel)
					}
					t.Errorf("%s: %s", pos, why)
				}
				return true
			})
		}
	}
}

func comparesDecimals(n ast.Node, info *types.Info) string {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if (n.Op == token.EQL || n.Op == token.NEQ) && (holdsDecimal(info.TypeOf(n.X)) || holdsDecimal(info.TypeOf(n.Y))) {
			return "decimals compared by " + n.Op.String() + ": use Equal, or the IsZero of a struct"
		}
	case *ast.SwitchStmt:
		if n.Tag != nil && holdsDecimal(info.TypeOf(n.Tag)) {
			return "switch on decimals: use Cmp"
		}
	case *ast.MapType:
		if holdsDecimal(info.TypeOf(n.Key)) {
			return "map whose key holds decimals: 1.0 and 1.00 are two keys"
		}
	case *ast.Ident:
		if inst, ok := info.Instances[n]; ok {
			for i := range inst.TypeArgs.Len() {
				if holdsDecimal(inst.TypeArgs.At(i)) && comparableParam(info.Uses[n], i) {
					return n.Name + " compares decimals by ==: use its variant with a function"
				}
			}
		}
		if fn, ok := info.Uses[n].(*types.Func); ok {
			switch fn.FullName() {
			case "reflect.DeepEqual":
				return "reflect.DeepEqual takes 1.0 and 1.00 for different: write an Equal"
			case "(time.Time).Local":
				return "the result depends on the machine's time zone: take a location as an argument"
			}
		}
	}
	return ""
}

// comparableParam tells whether type parameter i of a generic function or type
// is compared by ==.
func comparableParam(obj types.Object, i int) bool {
	var params *types.TypeParamList
	switch typ := obj.Type().(type) {
	case *types.Signature:
		params = typ.TypeParams()
	case *types.Named:
		params = typ.TypeParams()
	}
	if params == nil || i >= params.Len() {
		return false
	}
	c, ok := params.At(i).Constraint().Underlying().(*types.Interface)
	return ok && c.IsComparable() && !namesDecimal(c)
}

// namesDecimal tells whether a constraint lists decimals among its types: whoever wrote it knows of them.
func namesDecimal(c *types.Interface) bool {
	for t := range c.EmbeddedTypes() {
		terms := []types.Type{t}
		if u, ok := t.(*types.Union); ok {
			terms = terms[:0]
			for term := range u.Terms() {
				terms = append(terms, term.Type())
			}
		}
		for _, t := range terms {
			inner, ok := t.Underlying().(*types.Interface)
			if holdsDecimal(t) || ok && namesDecimal(inner) {
				return true
			}
		}
	}
	return false
}

// holdsDecimal tells whether == on values of t compares a decimal.
func holdsDecimal(t types.Type) bool {
	if t == nil {
		return false
	}
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil &&
		named.Obj().Pkg().Path() == "github.com/shopspring/decimal" && named.Obj().Name() == "Decimal" {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for field := range u.Fields() {
			if holdsDecimal(field.Type()) {
				return true
			}
		}
	case *types.Array:
		return holdsDecimal(u.Elem())
	}
	return false
}
