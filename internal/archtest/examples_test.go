package archtest_test

import (
	"go/ast"
	"go/doc"
	"strings"
	"testing"
)

// plumbing lists the methods that the standard library calls: their meaning is known.
var plumbing = map[string]bool{
	"String": true, "GoString": true, "Error": true, "Unwrap": true, "Is": true, "As": true, "Format": true,
	"MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true, "AppendText": true,
	"MarshalBinary": true, "UnmarshalBinary": true, "AppendBinary": true, "GobEncode": true, "GobDecode": true,
	"Value": true, "Scan": true, "IsZero": true, "Equal": true, "Len": true, "Less": true, "Swap": true,
}

// TestExamples wants a runnable example with checked output for each entry
// point of a public package: every exported function, and every exported type with
// methods of its own that no function or method of the package returns
// (an accumulator, say). The methods of results are shown by the examples of what returns them.
func TestExamples(t *testing.T) {
	for _, p := range packages(t) {
		if !p.public() {
			continue
		}
		var tests []*ast.File
		for _, f := range p.files {
			if f.test {
				tests = append(tests, f.ast)
			}
		}
		shown := shownNames(t, doc.Examples(tests...))
		returned, types := map[string]bool{}, map[string]*ast.FuncDecl{}
		for _, f := range p.code() {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || !fn.Name.IsExported() || !exportedReceiver(fn) {
					continue
				}
				if fn.Type.Results != nil {
					for _, r := range fn.Type.Results.List {
						if name := typeName(r.Type); name != receiver(fn) {
							returned[name] = true
						}
					}
				}
				switch typ := receiver(fn); {
				case typ == "" && !shown[fn.Name.Name]:
					t.Errorf("%s: %s.%s has no runnable example: write func Example%s with an Output comment", at(fn.Pos()), p.name, fn.Name.Name, fn.Name.Name)
				case typ != "" && !plumbing[fn.Name.Name] && types[typ] == nil:
					types[typ] = fn
				}
			}
		}
		for typ, method := range types {
			if !returned[typ] && !shown[typ] {
				t.Errorf("%s: no runnable example shows type %s.%s: write func Example%s with an Output comment", at(method.Pos()), p.name, typ, typ)
			}
		}
	}
}

// shownNames returns the functions and types that have an example with output;
// an example of a method shows its type.
func shownNames(t *testing.T, examples []*doc.Example) map[string]bool {
	t.Helper()
	shown := map[string]bool{}
	for _, e := range examples {
		if e.Output == "" && !e.EmptyOutput {
			t.Errorf("%s: Example%s is never run: it has no Output comment", at(e.Code.Pos()), e.Name)
			continue
		}
		name, _, _ := strings.Cut(e.Name, "_")
		shown[name] = true
	}
	return shown
}
