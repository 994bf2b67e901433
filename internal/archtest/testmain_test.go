package archtest_test

import (
	"go/ast"
	"testing"
)

// TestHostileGlobals wants every package that uses package decimal to be tested under
// hostile globals too: with a TestMain that hands over to testenv.Main.
func TestHostileGlobals(t *testing.T) {
	for _, p := range packages(t) {
		uses, main := false, false
		for _, f := range p.files {
			if _, ok := imports(f.ast)["github.com/shopspring/decimal"]; ok {
				uses = true
			}
			if f.test && callsTestenvMain(f.ast) {
				main = true
			}
		}
		if uses && !main {
			t.Errorf("%s uses package decimal, but its tests lack\n\tfunc TestMain(m *testing.M) { testenv.Main(m) }", p.path())
		}
	}
}

func callsTestenvMain(f *ast.File) bool {
	spec, ok := imports(f)[module+"/internal/testenv"]
	if !ok {
		return false
	}
	local := localName(spec, module+"/internal/testenv")
	found := false
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Name.Name != "TestMain" {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Main" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == local {
					found = true
				}
			}
			return true
		})
	}
	return found
}
