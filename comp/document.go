package comp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// document is a plan document that is being read: its bytes are walked along the
// type Plan.
type document struct {
	data     []byte
	at       int
	path     []segment
	problems []Problem
	more     int  // problems beyond maxFaults
	unfit    bool // a value does not fit its type: do not decode
	types    map[reflect.Type][]field
}

// segment is one step of a path: the name of a field, or the index of an element.
type segment struct {
	name  string
	index int
}

// field is a field of a struct in its JSON form.
type field struct {
	name     string
	typ      reflect.Type
	required bool
}

// sound tells whether the document is one JSON value of acceptable size.
func (d *document) sound() bool {
	var all json.RawMessage
	var syntax *json.SyntaxError
	switch {
	case len(d.data) > maxDocument:
		d.add(CodeRange, "the document has %d bytes; at most %d are allowed", len(d.data), maxDocument)
	case len(bytes.TrimSpace(d.data)) == 0:
		d.add(CodeSyntax, "the document is empty")
	case bytes.HasPrefix(d.data, []byte("\ufeff")):
		d.add(CodeSyntax, "the document starts with a byte order mark; save it as UTF-8 without one")
	case !utf8.Valid(d.data):
		d.add(CodeSyntax, "the document is not UTF-8; save it in that encoding")
	case errors.As(json.Unmarshal(d.data, &all), &syntax):
		before := d.data[:min(int(max(syntax.Offset-1, 0)), len(d.data))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
		d.add(CodeSyntax, "the document is not JSON: line %d, column %d: %v", line, column, syntax)
	}
	return len(d.problems) == 0
}

// add tells a problem at the path.
func (d *document) add(code, format string, args ...any) {
	d.unfit = d.unfit || code != CodeUnknown && code != CodeRequired
	if len(d.problems) == maxFaults {
		d.more++
		return
	}
	d.problems = append(d.problems, Problem{Path: d.pointer(), Code: code, Text: fmt.Sprintf(format, args...)})
}

// pointer is the path as a JSON pointer (RFC 6901).
func (d *document) pointer() string {
	var b strings.Builder
	for _, s := range d.path {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(itoa(s.index))
		} else {
			b.WriteString(escape(clip(s.name)))
		}
	}
	return b.String()
}

func (d *document) enter(name string, index int) { d.path = append(d.path, segment{name, index}) }

func (d *document) leave() { d.path = d.path[:len(d.path)-1] }

// value walks over the next value, which should be of type t.
func (d *document) value(t reflect.Type) {
	got := d.kind()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	want := kindOf(t)
	switch {
	case got == "null":
		d.add(CodeSyntax, "is null; it must be %s %s", article(want), want)
		d.skip()
	case want == "decimal" && (got == "string" || got == "number"):
		d.decimal()
	case got != want:
		d.add(CodeSyntax, "is %s %s; it must be %s %s", article(got), got, article(want), want)
		d.skip()
	case t == reflect.TypeFor[salesops.Date]():
		text := d.text()
		if _, err := salesops.ParseDate(text); err != nil {
			d.add(CodeSyntax, "is %q; it must be an existing day, written as YYYY-MM-DD", clip(text))
		}
	case t.Kind() == reflect.Struct:
		d.object(t)
	case t.Kind() == reflect.Map:
		d.dictionary(t.Elem())
	case t.Kind() == reflect.Slice:
		d.list(t.Elem())
	case t.Kind() == reflect.String:
		d.text()
	case t.Kind() == reflect.Int:
		if raw := d.skip(); len(raw) > maxNumber {
			d.add(CodeRange, "is too long for a number")
		} else if _, err := strconv.ParseInt(string(raw), 10, t.Bits()); err != nil {
			d.add(CodeSyntax, "is %s; it must be a whole number, without a point or an exponent, of usual size", raw)
		}
	default:
		d.skip()
	}
}

// kindOf is the JSON type of a Go type.
func kindOf(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[decimal.Decimal]():
		return "decimal"
	case t == reflect.TypeFor[salesops.Date](), t.Kind() == reflect.String:
		return "string"
	case t.Kind() == reflect.Int:
		return "number"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.Slice:
		return "list"
	default:
		return "object"
	}
}

func article(kind string) string {
	if kind == "object" {
		return "an"
	}
	return "a"
}

// decimal walks over a decimal, and keeps those away from package decimal whose
// length or exponent costs time and memory.
func (d *document) decimal() {
	text := bytes.Trim(d.skip(), `"`)
	_, exponent, _ := bytes.Cut(bytes.ToLower(text[:min(len(text), maxNumber)]), []byte("e"))
	switch number := len(text) > 0 && strings.ContainsRune("-0123456789", rune(text[0])) && json.Valid(text); {
	case len(text) > maxNumber || number && len(bytes.TrimLeft(exponent, "+-0")) > 2:
		d.add(CodeRange, "is out of bounds: use an exponent within ±18 and at most 36 digits")
	case !number || text[len(text)-1] < '0':
		d.add(CodeSyntax, "is %q, which is not a number; write it like 1200.50 or 0.085", text)
	}
}

// object walks over a struct.
func (d *document) object(t reflect.Type) {
	fields := d.fieldsOf(t)
	seen := make([]bool, len(fields))
	for range d.elements() {
		name := d.text()
		d.next() // the colon
		d.enter(name, -1)
		switch i := slices.IndexFunc(fields, func(f field) bool { return f.name == name }); {
		case i < 0:
			d.unknown(name, fields)
			d.skip()
		case seen[i]:
			d.add(CodeDuplicate, "is given twice; remove one")
			d.skip()
		case !fields[i].required && d.kind() == "null":
			seen[i] = true
			d.skip()
		default:
			seen[i] = true
			d.value(fields[i].typ)
		}
		d.leave()
	}
	for i, f := range fields {
		if f.required && !seen[i] {
			d.enter(f.name, -1)
			d.add(CodeRequired, "is missing; it has no default")
			d.leave()
		}
	}
}

// unknown tells of a field that does not exist, and which one may be meant.
func (d *document) unknown(name string, fields []field) {
	if len(d.problems) == maxFaults {
		d.more++
		return
	}
	best, near := maxFaults, ""
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
		if n := distance(strings.ToLower(clip(name)), strings.ToLower(f.name)); n < best && n <= 1+len(f.name)/4 {
			best, near = n, f.name
		}
	}
	if near != "" {
		d.add(CodeUnknown, "is not a field; did you mean %s?", near)
		return
	}
	d.add(CodeUnknown, "is not a field; there are %s", strings.Join(names, ", "))
}

// distance is the number of letters to insert, remove or change to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// fieldsOf lists the fields of a struct. Those that encoding/json may leave out
// have a default; the others are required.
func (d *document) fieldsOf(t reflect.Type) []field {
	if fields, ok := d.types[t]; ok {
		return fields
	}
	fields := make([]field, t.NumField())
	for i := range fields {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields[i] = field{name, f.Type, !strings.Contains(options, "omit")}
	}
	d.types[t] = fields
	return fields
}

// dictionary walks over a map.
func (d *document) dictionary(elem reflect.Type) {
	seen := make(map[string]bool)
	for range d.elements() {
		name := d.text()
		d.next() // the colon
		d.enter(name, -1)
		if seen[name] {
			d.add(CodeDuplicate, "is given twice; remove one")
		}
		seen[name] = true
		d.value(elem)
		d.leave()
	}
}

// list walks over a slice.
func (d *document) list(elem reflect.Type) {
	n := 0
	for i := range d.elements() {
		if n = i + 1; i >= maxList {
			d.skip()
			continue
		}
		d.enter("", i)
		d.value(elem)
		d.leave()
	}
	if n > maxList {
		d.add(CodeRange, "has %d elements; at most %d are allowed", n, maxList)
	}
}

// elements yields once at the start of each element of an object or a list; the
// body of the loop must walk over it. From here on the document is known to be
// valid JSON.
func (d *document) elements() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		d.next() // the bracket
		for i := 0; ; i++ {
			switch d.peek() {
			case '}', ']':
				d.at++
				return
			case ',':
				d.at++
			}
			if !yield(i) {
				return
			}
		}
	}
}

// peek returns the next byte that is not white space, next walks over it.
func (d *document) peek() byte {
	for {
		switch b := d.data[d.at]; b {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return b
		}
	}
}

func (d *document) next() {
	d.peek()
	d.at++
}

// kind is the JSON type of the next value.
func (d *document) kind() string {
	switch d.peek() {
	case '{':
		return "object"
	case '[':
		return "list"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	default:
		return "number"
	}
}

// text walks over a string and returns it.
func (d *document) text() string {
	raw := d.skip()
	s := string(raw[1 : len(raw)-1])
	if strings.IndexByte(s, '\\') >= 0 {
		_ = json.Unmarshal(raw, &s) // cannot fail: the document is valid
	}
	if strings.ContainsRune(s, utf8.RuneError) {
		d.add(CodeSyntax, "contains U+FFFD, which stands for text that was damaged on its way here; write the text anew")
	}
	return s
}

// skip walks over the next value and returns its bytes.
func (d *document) skip() []byte {
	d.peek()
	start := d.at
	for depth := 0; ; {
		switch d.peek() {
		case '{', '[':
			depth++
			d.at++
		case '}', ']':
			depth--
			d.at++
		case ',', ':':
			d.at++
		case '"':
			for d.at++; d.data[d.at] != '"'; d.at++ {
				if d.data[d.at] == '\\' {
					d.at++
				}
			}
			d.at++
		default: // a number, true, false or null
			for d.at < len(d.data) && !ends(d.data[d.at]) {
				d.at++
			}
		}
		if depth == 0 {
			return d.data[start:d.at]
		}
	}
}

// ends reports whether a number or a bare word ends before a byte.
func ends(b byte) bool {
	switch b {
	case ',', ']', '}', ' ', '\t', '\r', '\n':
		return true
	default:
		return false
	}
}
