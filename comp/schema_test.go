package comp_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

var update = flag.Bool("update", false, "rewrite plan.schema.json from the Go types")

// TestSchema keeps plan.schema.json in step with the Go types and their comments.
func TestSchema(t *testing.T) {
	want := generateSchema(t)
	if *update {
		if err := os.WriteFile("plan.schema.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(have), "\n")); diff != "" {
		t.Errorf("plan.schema.json is not what the Go types say; run go test -run TestSchema ./comp -update (-want +got):\n%s", diff)
	}
	if *update {
		return // the binary still has the old file
	}
	if got := comp.PlanSchema(); !bytes.Equal(got, have) {
		t.Error("PlanSchema does not return plan.schema.json")
	}
}

// TestPlanSchemaIsACopy: what the caller does with the bytes reaches nobody else.
func TestPlanSchemaIsACopy(t *testing.T) {
	clear(comp.PlanSchema())
	if !json.Valid(comp.PlanSchema()) {
		t.Error("PlanSchema hands out its own bytes")
	}
}

// TestSchemaTakesThePlans: the schema takes every plan of testdata, and these
// use every field, so that no part of the schema goes untried.
func TestSchemaTakesThePlans(t *testing.T) {
	v := newValidator(t)
	for name, data := range planFiles(t) {
		for _, fault := range v.check(decodeDocument(t, data)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	for _, property := range v.properties() {
		if !v.visited[property] {
			t.Errorf("no plan of testdata/plans has the field %s", property)
		}
	}
}

// TestSchemaWords: each word that the schema lists for a value is one that Check
// takes there, and a word beside the list is refused by both.
func TestSchemaWords(t *testing.T) {
	v := newValidator(t)
	tried := map[string]bool{}
	digits := regexp.MustCompile(`[0-9]+`)
	done := map[string]bool{} // one place of each kind will do
	for name, data := range planFiles(t) {
		eachValue(decodeDocument(t, data), nil, func(path []any, value any) {
			words, pointer := v.words(path), pointerTo(path)
			kind := digits.ReplaceAllString(pointer, "")
			if words == nil || done[kind] {
				return
			}
			done[kind] = true
			for _, word := range words {
				tried[word] = true
				for _, p := range parseProblems(encoded(t, withValue(t, data, path, word))) {
					if p.Path == pointer && strings.Contains(p.Msg, strconv.Quote(word)+"; use") {
						t.Errorf("%s: %s: the schema has %q, but %s", name, pointer, word, p.Msg)
					}
				}
			}
			for _, word := range allWords {
				if slices.Contains(words, word) {
					continue
				}
				bad := withValue(t, data, path, word)
				if len(v.check(bad)) == 0 {
					t.Errorf("%s: %s: the schema takes %q", name, pointer, word)
				}
				if !slices.ContainsFunc(parseProblems(encoded(t, bad)), func(e *comp.Error) bool {
					return strings.HasPrefix(e.Path, pointer) || strings.HasPrefix(pointer, e.Path)
				}) {
					t.Errorf("%s: %s: ParsePlan takes %q", name, pointer, word)
				}
			}
		})
	}
	for _, word := range allWords[1:] {
		if !tried[word] {
			t.Errorf("no plan has a place for the word %q", word)
		}
	}
}

// allWords are the words of plans, with one that is none.
var allWords = []string{
	"bogus", "rate", "target", "sum", "amount", "margin", "units", "count",
	"deal", "period", "week", "month", "quarter", "half", "year", "plan",
	"marginal", "retroactive", "prospective", "step", "linear", "at", "above",
	"booking", "invoice", "payment", "release", "direct", "overlay", "rollup",
	"forfeit", "defer", "guarantee", "advance", "extra", "carry", "charge",
	"half-up", "half-even", "down", "4-4-5", "4-5-4", "5-4-4",
}

// TestSchemaRefusesWhatParsePlanRefuses mutates each value of each plan, in ways
// that make the form wrong: both must notice.
func TestSchemaRefusesWhatParsePlanRefuses(t *testing.T) {
	v := newValidator(t)
	n := 0
	for name, data := range planFiles(t) {
		for what, bad := range mutations(t, data) {
			n++
			if faults := v.check(bad); len(faults) == 0 {
				t.Errorf("%s: the schema takes a plan with %s", name, what)
			}
			if _, err := comp.ParsePlan(encoded(t, bad)); err == nil {
				t.Errorf("%s: ParsePlan takes a plan with %s", name, what)
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d mutations", n)
	}
}

// mutations yields copies of a plan document in each of which one value is wrong.
func mutations(t *testing.T, data []byte) func(yield func(string, any) bool) {
	t.Helper()
	isNumber := regexp.MustCompile(`^-?[0-9.e]+$`)
	isDate := regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	return func(yield func(string, any) bool) {
		stop := false
		eachValue(decodeDocument(t, data), nil, func(path []any, value any) {
			if stop || len(path) == 0 {
				return
			}
			at := pointerTo(path)
			try := func(what string, v any) {
				stop = stop || !yield(what+" at "+at, withValue(t, data, path, v))
			}
			switch value := value.(type) {
			case map[string]any:
				try("a list for an object", []any{})
				try("a text for an object", "x")
				if !inMatch(path) {
					try("a field too many", withField(value, "surplus", "1"))
				}
			case []any:
				try("an object for a list", map[string]any{})
				try("a boolean in a list", append(slices.Clone(value), true))
			case bool:
				try("a number for a boolean", json.Number("1"))
				try("a text for a boolean", "true")
			case string:
				try("a boolean for a text", true)
				try("a list for a text", []any{value})
				if isNumber.MatchString(value) && !inMatch(path[:len(path)-1]) {
					try("a word for a number", "ten")
					try("a comma in a number", "1,5")
					try("an exponent too many", "1e100")
					try("a long number", strings.Repeat("9", 61))
				}
				if isDate.MatchString(value) {
					try("a date written otherwise", "01/31/2026")
				}
			case json.Number:
				try("a boolean for a number", true)
			}
		})
	}
}

// inMatch reports whether a path leads into a Match, where keys are free.
func inMatch(path []any) bool { return slices.Contains(path, any("where")) }

// TestSchemaRequired: a required field that is missing is refused by both.
func TestSchemaRequired(t *testing.T) {
	v := newValidator(t)
	n := 0
	for name, data := range planFiles(t) {
		eachValue(decodeDocument(t, data), nil, func(path []any, value any) {
			object, ok := value.(map[string]any)
			if !ok || inMatch(path) {
				return
			}
			for key := range object {
				bad := withValue(t, data, path, withoutField(object, key))
				_, err := comp.ParsePlan(encoded(t, bad))
				inSchema := len(v.check(bad)) > 0
				missing := slices.ContainsFunc(faultsOf(err), func(e *comp.Error) bool {
					return e.Path == pointerTo(append(slices.Clone(path), key)) && strings.Contains(e.Msg, "is missing")
				})
				if missing {
					n++
				}
				if missing && !inSchema {
					t.Errorf("%s: the schema does not require %s at %q", name, key, pointerTo(path))
				}
				if inSchema && err == nil {
					t.Errorf("%s: ParsePlan does not require %s at %q", name, key, pointerTo(path))
				}
			}
		})
	}
	if n < 50 {
		t.Errorf("only %d fields are required", n)
	}
}

// ---- documents as values

func decodeDocument(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// eachValue calls f for every value of a document, in a fixed order.
func eachValue(v any, path []any, f func(path []any, value any)) {
	f(path, v)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			eachValue(v[k], append(slices.Clone(path), k), f)
		}
	case []any:
		for i, e := range v {
			eachValue(e, append(slices.Clone(path), i), f)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// withValue is the document with another value at a path.
func withValue(t *testing.T, data []byte, path []any, v any) any {
	t.Helper()
	doc := decodeDocument(t, data)
	if len(path) == 0 {
		doc = v
	}
	at := doc
	for i, step := range path {
		last := i == len(path)-1
		switch step := step.(type) {
		case string:
			if last {
				at.(map[string]any)[step] = v
			}
			at = at.(map[string]any)[step]
		case int:
			if last {
				at.([]any)[step] = v
			}
			at = at.([]any)[step]
		}
	}
	return doc
}

func encoded(t *testing.T, doc any) []byte {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func withField(m map[string]any, key string, v any) map[string]any {
	m = withoutField(m, "")
	m[key] = v
	return m
}

func withoutField(m map[string]any, key string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func pointerTo(path []any) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(fmt.Sprint(step)))
	}
	return b.String()
}

// ---- a validator of the keywords that the schema uses

type validator struct {
	t       *testing.T
	root    map[string]any
	visited map[string]bool // "Type.field"
	regexps map[string]*regexp.Regexp
}

func newValidator(t *testing.T) *validator {
	t.Helper()
	return &validator{t, decodeDocument(t, comp.PlanSchema()).(map[string]any), map[string]bool{}, map[string]*regexp.Regexp{}}
}

// check lists what is wrong with a document.
func (v *validator) check(doc any) []string { return v.value(v.root, "Plan", "", doc) }

// properties lists all fields that the schema knows.
func (v *validator) properties() []string {
	var out []string
	add := func(name string, schema any) {
		properties, _ := schema.(map[string]any)["properties"].(map[string]any)
		for _, k := range sortedKeys(properties) {
			out = append(out, name+"."+k)
		}
	}
	add("Plan", v.root)
	defs := v.root["$defs"].(map[string]any)
	for _, name := range sortedKeys(defs) {
		add(name, defs[name])
	}
	return out
}

// words is the list of words for the value at a path of a plan; nil for none.
func (v *validator) words(path []any) []string {
	at := v.root
	for i := 0; ; i++ {
		var out []string
		if list, ok := at["enum"].([]any); ok {
			for _, word := range list {
				out = append(out, word.(string))
			}
		}
		if ref, ok := at["$ref"].(string); ok && out == nil {
			at = v.resolve(ref)
			i--
			continue
		}
		if i == len(path) {
			return out
		}
		switch path[i].(type) {
		case int:
			at = at["items"].(map[string]any)
		default:
			properties, ok := at["properties"].(map[string]any)
			if !ok {
				return nil // a Match
			}
			at = properties[path[i].(string)].(map[string]any)
		}
	}
}

func (v *validator) resolve(ref string) map[string]any {
	v.t.Helper()
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	def, found := v.root["$defs"].(map[string]any)[name].(map[string]any)
	if !ok || !found {
		v.t.Fatalf("the schema refers to %s, which does not exist", ref)
	}
	return def
}

// value checks a value against a schema; name is the type that the schema
// describes, for visited.
func (v *validator) value(schema map[string]any, name, path string, doc any) (faults []string) {
	fault := func(format string, args ...any) {
		faults = append(faults, path+" "+fmt.Sprintf(format, args...))
	}
	number := func(x any) int {
		n, err := strconv.Atoi(x.(json.Number).String())
		if err != nil {
			v.t.Fatal(err)
		}
		return n
	}
	for _, keyword := range sortedKeys(schema) {
		arg := schema[keyword]
		object, _ := doc.(map[string]any)
		list, isList := doc.([]any)
		text, isText := doc.(string)
		switch keyword {
		case "$schema", "$id", "$defs", "title", "description":
		case "$ref":
			ref := arg.(string)
			faults = append(faults, v.value(v.resolve(ref), strings.TrimPrefix(ref, "#/$defs/"), path, doc)...)
		case "type":
			if !isType(arg, doc) {
				fault("is not of type %v", arg)
			}
		case "enum":
			if !slices.Contains(arg.([]any), doc) {
				fault("is not one of %v", arg)
			}
		case "properties":
			for k, s := range arg.(map[string]any) {
				if value, ok := object[k]; ok {
					v.visited[name+"."+k] = true
					faults = append(faults, v.value(s.(map[string]any), "", path+"/"+k, value)...)
				}
			}
		case "required":
			for _, k := range arg.([]any) {
				if _, ok := object[k.(string)]; object != nil && !ok {
					fault("lacks %s", k)
				}
			}
		case "additionalProperties":
			known, _ := schema["properties"].(map[string]any)
			for k, value := range object {
				if _, ok := known[k]; ok {
					continue
				}
				if s, ok := arg.(map[string]any); ok {
					faults = append(faults, v.value(s, "", path+"/"+k, value)...)
				} else {
					fault("has the field %s", k)
				}
			}
		case "items":
			for i, value := range list {
				faults = append(faults, v.value(arg.(map[string]any), "", path+"/"+strconv.Itoa(i), value)...)
			}
		case "minItems":
			if isList && len(list) < number(arg) {
				fault("has %d items", len(list))
			}
		case "maxItems":
			if isList && len(list) > number(arg) {
				fault("has %d items", len(list))
			}
		case "minLength":
			if isText && utf8.RuneCountInString(text) < number(arg) {
				fault("is too short")
			}
		case "maxLength":
			if isText && utf8.RuneCountInString(text) > number(arg) {
				fault("is too long")
			}
		case "pattern":
			if v.regexps[arg.(string)] == nil {
				v.regexps[arg.(string)] = regexp.MustCompile(arg.(string))
			}
			if isText && !v.regexps[arg.(string)].MatchString(text) {
				fault("does not match %s", arg)
			}
		case "minimum", "maximum":
			n, ok := doc.(json.Number)
			if !ok {
				continue
			}
			if x := d(n.String()); keyword == "minimum" && x.LessThan(d(arg.(json.Number).String())) || keyword == "maximum" && x.GreaterThan(d(arg.(json.Number).String())) {
				fault("is beyond the %s of %v", keyword, arg)
			}
		case "oneOf", "anyOf":
			n := 0
			for _, s := range arg.([]any) {
				if len(v.value(s.(map[string]any), "", path, doc)) == 0 {
					n++
				}
			}
			if n == 0 || keyword == "oneOf" && n > 1 {
				fault("matches %d of %s", n, keyword)
			}
		default:
			v.t.Fatalf("the validator does not know the keyword %s", keyword)
		}
	}
	return faults
}

// isType reports whether a value has a JSON Schema type, or one of several.
func isType(want, doc any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(w any) bool { return isType(w, doc) })
	}
	switch doc := doc.(type) {
	case map[string]any:
		return want == "object"
	case []any:
		return want == "array"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case json.Number:
		return want == "number" || want == "integer" && !strings.ContainsAny(doc.String(), ".eE")
	default:
		return false
	}
}

// ---- the generator

// pair and ordered make JSON objects whose keys keep their order.
type pair struct {
	key   string
	value any
}

type ordered []pair

func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(p.key)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(p.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// extra holds what the types do not say: the words that a field allows of those
// of its type, and bounds. Check has them in code; the tests above compare.
var extra = map[string]ordered{
	"Plan.id":              {{"minLength", 1}},
	"Plan.version":         {{"minimum", 0}},
	"Plan.currency":        {{"minLength", 1}},
	"Plan.span":            {{"required", []string{"start", "end"}}},
	"Plan.components":      {{"minItems", 1}},
	"Component.id":         {{"minLength", 1}, {"pattern", "^[^#]*$"}},
	"Component":            {{"oneOf", []ordered{{{"required", []string{"curve"}}}, {{"required", []string{"grid", "across"}}}}}},
	"Measure.on":           {{"enum", []string{"booking", "invoice", "payment"}}},
	"HoldPart.on":          {{"enum", []string{"booking", "invoice", "payment", "release"}}},
	"HoldPart.months":      {{"minimum", 0}, {"maximum", 1200}},
	"Hold.parts":           {{"minItems", 1}},
	"Clawback.months":      {{"minimum", 0}, {"maximum", 1200}},
	"Limit":                {{"anyOf", []ordered{{{"required", []string{"min"}}}, {{"required", []string{"max"}}}}}},
	"Curve.bands":          {{"minItems", 1}},
	"Grid.cols":            {{"minItems", 1}},
	"Grid.rows":            {{"minItems", 1}},
	"Grid.cells":           {{"minItems", 1}},
	"Calendar.firstMonth":  {{"minimum", 0}, {"maximum", 12}},
	"Calendar.weeks":       {{"enum", []string{"4-4-5", "4-5-4", "5-4-4"}}},
	"Calendar.weekStart":   {{"minimum", 0}, {"maximum", 6}},
	"Calendar.week53Month": {{"minimum", 0}, {"maximum", 12}},
	"Calendar.weekend":     {{"maxItems", 6}},
}

// generator makes the schema.
type generator struct {
	t     *testing.T
	docs  comments
	defs  ordered
	names map[string]bool
	used  map[string]bool // keys of extra
}

func generateSchema(t *testing.T) []byte {
	t.Helper()
	g := generator{t: t, docs: readComments(t, ".", ".."), names: map[string]bool{"Plan": true}, used: map[string]bool{}}
	plan := g.object(reflect.TypeFor[comp.Plan]())
	g.defs = append(g.defs,
		pair{"date", ordered{
			{"description", "A day, as YYYY-MM-DD."},
			{"type", "string"},
			{"pattern", `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`},
		}},
		pair{"decimal", ordered{
			{"description", "A decimal number, read exactly; as text, so that no program on the way rounds it, or as a number."},
			{"type", []string{"string", "number"}},
			{"pattern", `^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?0*[0-9]{1,2})?$`},
			{"maxLength", 60},
		}})
	slices.SortFunc(g.defs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
	root := append(ordered{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:salesops:comp:plan"},
		{"title", "Commission plan"},
	}, plan...)
	root = append(root, pair{"$defs", g.defs})
	for key := range extra {
		if !g.used[key] {
			t.Errorf("extra has %s, which is no field of a plan", key)
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, unescapeHTML(data), "", "  "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// unescapeHTML undoes what json.Marshal does to the output of a MarshalJSON.
func unescapeHTML(data []byte) []byte {
	for from, to := range map[string]string{`\u003c`: "<", `\u003e`: ">", `\u0026`: "&"} {
		data = bytes.ReplaceAll(data, []byte(from), []byte(to))
	}
	return data
}

// object makes the schema of a struct.
func (g *generator) object(t reflect.Type) ordered {
	name := t.Name()
	var properties ordered
	required := []string{}
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "" || !f.IsExported() {
			g.t.Errorf("%s.%s has no JSON name", name, f.Name)
		}
		s := g.value(f.Type)
		if key := name + "." + tag; extra[key] != nil {
			g.used[key] = true
			for _, p := range extra[key] {
				s = slices.DeleteFunc(s, func(q pair) bool { return q.key == p.key })
			}
			s = append(s, extra[key]...)
		}
		if doc := g.docs.field(name, f.Name, f.Type); doc != "" {
			s = append(ordered{{"description", doc}}, s...)
		}
		properties = append(properties, pair{tag, s})
		if !strings.Contains(options, "omit") {
			required = append(required, tag)
		}
	}
	out := ordered{{"description", g.docs.typ(name)}, {"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		out = append(out, pair{"required", required})
	}
	g.used[name] = true
	return append(append(out, extra[name]...), pair{"additionalProperties", false})
}

// value makes the schema of a value of any type.
func (g *generator) value(t reflect.Type) ordered {
	switch {
	case t.Kind() == reflect.Pointer:
		return g.value(t.Elem())
	case t == reflect.TypeFor[decimal.Decimal]():
		return ordered{{"$ref", "#/$defs/decimal"}}
	case t == reflect.TypeFor[salesops.Date]():
		return ordered{{"$ref", "#/$defs/date"}}
	}
	switch t.Kind() {
	case reflect.Struct:
		if !g.names[t.Name()] {
			g.names[t.Name()] = true
			g.defs = append(g.defs, pair{t.Name(), g.object(t)})
		}
		return ordered{{"$ref", "#/$defs/" + t.Name()}}
	case reflect.Slice:
		return ordered{{"type", "array"}, {"items", g.value(t.Elem())}}
	case reflect.Map:
		return ordered{{"type", "object"}, {"additionalProperties", g.value(t.Elem())}}
	case reflect.Bool:
		return ordered{{"type", "boolean"}}
	case reflect.String:
		if words := g.docs.words[t.Name()]; len(words) > 0 {
			return ordered{{"type", "string"}, {"enum", words}}
		}
		return ordered{{"type", "string"}}
	case reflect.Int:
		if t.Name() == "Weekday" {
			return ordered{{"type", "integer"}, {"minimum", 0}, {"maximum", 6}}
		}
		return ordered{{"type", "integer"}}
	}
	g.t.Fatalf("no schema for the type %s", t)
	return nil
}

// comments holds the comments of the types of packages, and the words of their
// string constants.
type comments struct {
	types  map[string]string
	fields map[string][]string // type → its field comments in order
	of     map[string]int      // "Type.Field" → index of its comment, or of the one before
	words  map[string][]string // type → values
	values map[string]string   // constant → value
	names  map[string]string   // "Type.Field" → JSON name
}

func readComments(t *testing.T, dirs ...string) comments {
	t.Helper()
	c := comments{map[string]string{}, map[string][]string{}, map[string]int{}, map[string][]string{}, map[string]string{}, map[string]string{}}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			c.read(f)
		}
	}
	return c
}

func (c *comments) read(f *ast.File) {
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				c.types[spec.Name.Name] = g.Doc.Text()
				if s, ok := spec.Type.(*ast.StructType); ok {
					c.readFields(spec.Name.Name, s)
				}
			case *ast.ValueSpec:
				typ, ok := spec.Type.(*ast.Ident)
				if !ok || len(spec.Values) != 1 {
					continue
				}
				if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					word, _ := strconv.Unquote(lit.Value)
					c.words[typ.Name] = append(c.words[typ.Name], word)
					c.values[spec.Names[0].Name] = word
				}
			}
		}
	}
}

func (c *comments) readFields(name string, s *ast.StructType) {
	for _, f := range s.Fields.List {
		doc := f.Doc.Text()
		if doc == "" {
			doc = f.Comment.Text()
		}
		if doc != "" {
			c.fields[name] = append(c.fields[name], doc)
		}
		for _, n := range f.Names {
			if doc != "" {
				c.of[name+"."+n.Name] = len(c.fields[name]) - 1
			}
			if f.Tag != nil {
				tag, _ := strconv.Unquote(f.Tag.Value)
				json, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
				c.names[name+"."+n.Name] = json
			}
		}
	}
}

// typ is the first sentence of a type's comment.
func (c *comments) typ(name string) string { return c.plain("", firstSentence(c.types[name])) }

// field is the sentence about a field: one that starts with its name, or the
// first of its own comment, or one that mentions it, or what its type is.
func (c *comments) field(name, field string, t reflect.Type) string {
	docs := append(slices.Clone(c.fields[name]), c.types[name])
	for _, doc := range docs {
		for _, s := range sentences(doc) {
			if strings.HasPrefix(s, field+" ") {
				return c.plain(name, s)
			}
		}
	}
	if i, ok := c.of[name+"."+field]; ok {
		return c.plain(name, firstSentence(c.fields[name][i]))
	}
	for _, doc := range docs {
		for _, s := range sentences(doc) {
			if regexp.MustCompile(`\b` + field + `\b`).MatchString(s) {
				return c.plain(name, s)
			}
		}
	}
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return c.typ(t.Name())
}

func firstSentence(doc string) string {
	if s := sentences(doc); len(s) > 0 {
		return s[0]
	}
	return ""
}

// sentences cuts a comment up, roughly: at points before a capital letter.
func sentences(doc string) []string {
	text := strings.Join(strings.Fields(doc), " ")
	ends := regexp.MustCompile(`\. [[A-Z]`).FindAllStringIndex(text, -1)
	var out []string
	from := 0
	for _, e := range ends {
		out = append(out, text[from:e[0]+1])
		from = e[0] + 2
	}
	return append(out, text[from:])
}

// plain turns a Go comment on a type, or a field of it, into a description of JSON:
// constants and fields get the names that they have there, and a default is that
// of a field left out.
func (c *comments) plain(typ, s string) string {
	for _, from := range []string{"; empty: ", "; nil: ", "; zero: "} {
		s = strings.ReplaceAll(s, from, "; absent: ")
	}
	s = regexp.MustCompile(`\[([A-Za-z.]+)\]`).ReplaceAllString(s, "$1")
	if json := c.names[typ+"."+strings.TrimSuffix(strings.SplitAfter(s+" ", " ")[0], " ")]; json != "" {
		_, s, _ = strings.Cut(s, " ")
		s = json + " " + s
	}
	return regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*`).ReplaceAllStringFunc(s, func(word string) string {
		if json := c.names[typ+"."+word]; json != "" {
			return json
		}
		if value, ok := c.values[word]; ok && !strings.HasPrefix(s, word+" ") {
			return strconv.Quote(value)
		}
		return word
	})
}
