package archtest_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestDocs wants a comment for every exported name, and wants it to start with that
// name, as go doc and its readers expect. In a group of constants or variables
// a comment at the end of the line does, or one above the group that names it;
// a struct field may be explained by the comment of its type or of a field
// beside it, which then names it. What the examples share is read with its
// program, so there a type's comment may start with an article, and a field needs none.
func TestDocs(t *testing.T) {
	for _, p := range packages(t) {
		if p.under("internal/archtest") || len(p.code()) == 0 {
			continue
		}
		checkPackageComment(t, p)
		if p.name == "main" {
			continue
		}
		for _, f := range p.code() {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && exportedReceiver(d) {
						wantComment(t, d.Pos(), d.Name.Name, d.Doc)
					}
				case *ast.GenDecl:
					checkDecl(t, p, d)
				}
			}
		}
	}
}

func checkPackageComment(t *testing.T, p pkg) {
	t.Helper()
	var found []string
	for _, f := range p.code() {
		if text := f.Doc.Text(); text != "" {
			found = append(found, at(f.Package))
			if p.name != "main" && !strings.HasPrefix(text, "Package "+p.name+" ") {
				t.Errorf("%s: the package comment must start with \"Package %s\"", at(f.Package), p.name)
			}
		}
	}
	if len(found) != 1 {
		t.Errorf("%s: want one package comment, have %d %v", p.path(), len(found), found)
	}
}

func checkDecl(t *testing.T, p pkg, d *ast.GenDecl) {
	t.Helper()
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if !spec.Name.IsExported() {
				continue
			}
			doc := spec.Doc
			if doc == nil && !d.Lparen.IsValid() {
				doc = d.Doc
			}
			if p.under("examples") {
				if first, _, _ := strings.Cut(doc.Text(), " "); first == "A" || first == "An" || first == "The" {
					continue
				}
			}
			wantComment(t, spec.Pos(), spec.Name.Name, doc)
			if p.under("examples") {
				continue
			}
			switch body := spec.Type.(type) {
			case *ast.StructType:
				checkFields(t, spec.Name.Name, doc, body.Fields)
			case *ast.InterfaceType:
				checkFields(t, spec.Name.Name, doc, body.Methods)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				switch {
				case !name.IsExported():
				case spec.Comment != nil: // at the end of the line
				case d.Lparen.IsValid() && hasWord(d.Doc.Text(), name.Name):
				case spec.Doc == nil && !d.Lparen.IsValid():
					wantComment(t, name.Pos(), name.Name, d.Doc)
				default:
					wantComment(t, name.Pos(), name.Name, spec.Doc)
				}
			}
		}
	}
}

// checkFields also serves the methods of an interface.
func checkFields(t *testing.T, typ string, doc *ast.CommentGroup, fields *ast.FieldList) {
	t.Helper()
	about := doc.Text()
	for _, f := range fields.List {
		about += " " + f.Doc.Text() + " " + f.Comment.Text()
	}
	for _, f := range fields.List {
		if f.Doc != nil || f.Comment != nil {
			continue
		}
		for _, name := range f.Names {
			if name.IsExported() && !hasWord(about, name.Name) {
				t.Errorf("%s: %s.%s has no comment", at(name.Pos()), typ, name.Name)
			}
		}
	}
}

func hasWord(text, word string) bool {
	return regexp.MustCompile(`\b` + word + `\b`).MatchString(text)
}

func wantComment(t *testing.T, pos token.Pos, name string, doc *ast.CommentGroup) {
	t.Helper()
	text := doc.Text()
	if text == "" {
		t.Errorf("%s: %s has no comment", at(pos), name)
		return
	}
	rest, ok := strings.CutPrefix(text, name)
	if next, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLetter(next) || unicode.IsDigit(next) || next == '_' {
		first, _, _ := strings.Cut(text, "\n")
		t.Errorf("%s: the comment of %s must start with its name, not with %q", at(pos), name, first)
	}
}

// receiver returns the name of the type that f is a method of, or nothing.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	return typeName(f.Recv.List[0].Type)
}

func exportedReceiver(f *ast.FuncDecl) bool {
	return f.Recv == nil || ast.IsExported(receiver(f))
}

// typeName returns the name of the type that x is written as, without pointers,
// type arguments and brackets of slices; nothing if it is of another package.
func typeName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.StarExpr:
		return typeName(x.X)
	case *ast.ParenExpr:
		return typeName(x.X)
	case *ast.ArrayType:
		return typeName(x.Elt)
	case *ast.IndexExpr:
		return typeName(x.X)
	case *ast.IndexListExpr:
		return typeName(x.X)
	}
	return ""
}
