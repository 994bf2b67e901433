package comp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/comp"
)

// planFiles are the plan documents of testdata/plans by name.
func planFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/plans/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("want 8 plans or more, have %d (%v)", len(files), err)
	}
	out := make(map[string][]byte, len(files))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = data
	}
	return out
}

// parseProblems are the faults that ParsePlan tells of a document.
func parseProblems(data []byte) []*comp.Error {
	_, err := comp.ParsePlan(data)
	return faultsOf(err)
}

// faultsOf takes a joined error apart.
func faultsOf(err error) (out []*comp.Error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, faultsOf(e)...)
		}
	} else if one, ok := errors.AsType[*comp.Error](err); ok {
		out = append(out, one)
	}
	return out
}

// TestParsePlan reads the plans of testdata: they have no problems but warnings,
// and these are as listed.
func TestParsePlan(t *testing.T) {
	warnings := map[string][]string{
		// Of the weights only that of the component that pays by target is summed.
		"ae-accelerator": {"cliff /components/1/curve/bands/0"},
		"mbo":            {"cliff /components/0/curve/bands/0"},
		"retail-445": {
			"cliff /components/0/curve/bands/1", "cliff /components/0/curve/bands/1", // the rate and the flat sum
			"cliff /components/1/curve/bands/0", "cliff /components/1/curve/bands/1",
		},
		"spiff": {
			"cliff /components/0/curve/bands/1", "cliff /components/0/curve/bands/2",
			"cliff /components/1/curve/bands/0",
		},
	}
	for name, data := range planFiles(t) {
		t.Run(name, func(t *testing.T) {
			plan, err := comp.ParsePlan(data)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range plan.Check() {
				if !p.Warning {
					t.Errorf("%s: %s %s", p.Path, p.Code, p.Text)
				}
				got = append(got, p.Code+" "+p.Path)
			}
			slices.Sort(got)
			if diff := cmp.Diff(warnings[name], got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if _, err := comp.New(plan); err != nil {
				t.Error(err)
			}
			roundTrip(t, plan)
		})
	}
}

// roundTrip checks that a plan, encoded and read, is encoded as the same bytes.
func roundTrip(t testing.TB, plan comp.Plan) {
	t.Helper()
	first, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	again, err := comp.ParsePlan(first)
	if err != nil {
		t.Fatalf("ParsePlan does not read what Marshal writes: %v\n%s", err, first)
	}
	second, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("encoded again (-first +second):\n%s", cmp.Diff(string(first), string(second)))
	}
}

// TestParsePlanReadsAllThatIsWritten: what the file says is what the plan holds:
// the document, read as bare values, is the plan encoded, but for zeros, which may
// be left out, and the way its numbers are written.
func TestParsePlanReadsAllThatIsWritten(t *testing.T) {
	for name, data := range planFiles(t) {
		plan, err := comp.ParsePlan(data)
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(leafValues(decodeDocument(t, data)), leafValues(decodeDocument(t, encoded))); diff != "" {
			t.Errorf("%s (-document +plan):\n%s", name, diff)
		}
	}
}

// leafValues are the values of a document by JSON pointer, numbers in one form,
// without those that are zero or false.
func leafValues(doc any) map[string]string {
	out := map[string]string{}
	eachValue(doc, nil, func(path []any, value any) {
		switch v := value.(type) {
		case map[string]any, []any:
			return
		case json.Number:
			out[pointerTo(path)] = v.String()
		default:
			out[pointerTo(path)] = fmt.Sprint(v)
		}
		if text := out[pointerTo(path)]; json.Valid([]byte(text)) && strings.Trim(text, "-+.eE0123456789") == "" {
			out[pointerTo(path)] = d(text).StringFixed(18)
			if d(text).IsZero() {
				delete(out, pointerTo(path))
			}
		}
		if value == false {
			delete(out, pointerTo(path))
		}
	})
	return out
}

// smallPlan is the smallest plan, with one more field or another value put in.
func smallPlan(edit string) []byte {
	const plan = `{"id":"p","currency":"USD","span":{"start":"2026-01-01","end":"2027-01-01"},` +
		`"components":[{"id":"c","measure":{},"curve":{"mode":"marginal","bands":[{"from":"0","rate":"0.1"}]}}]}`
	from, to, ok := strings.Cut(edit, " => ")
	if edit == "" {
		return []byte(plan)
	}
	if !ok || strings.Count(plan, from) != 1 {
		panic("smallPlan: " + edit)
	}
	return []byte(strings.Replace(plan, from, to, 1))
}

func TestParsePlanProblems(t *testing.T) {
	type fault struct{ Path, Text string }
	tests := []struct {
		name string
		edit string // of the smallest plan
		want []fault
	}{
		{"the smallest plan", ``, nil},
		{"decimals may be numbers", `"rate":"0.1" => "rate":0.1`, nil},
		{"decimals may have an exponent", `"rate":"0.1" => "rate":1E-1,"pay":"25e+02"`, nil},
		{"white space is free", `"id":"p", => "id" :	"p" ,
`, nil},
		{"escapes in names are read", `"currency" => "\u0063urrency"`, nil},
		{"null is the default", `"id":"p" => "id":"p","clawback":null,"limits":null,"every":null,"version":null,"calendar":{"weekend":null}`, nil},

		{"an unknown field", `"id":"p" => "id":"p","colour":"red"`, []fault{{"/colour", "is not a field; there are id, version, name, currency,"}}},
		{"a misspelled field", `"rate":"0.1" => "rtae":"0.1"`, []fault{{"/components/0/curve/bands/0/rtae", "did you mean rate?"}}},
		{"a field in another case", `"id":"p" => "ID":"p"`, []fault{{"/ID", "did you mean id?"}, {"/id", "is missing"}}},
		{"another word for a field", `"id":"c" => "id":"c","Quotas":1`, []fault{{"/components/0/Quotas", "is not a field; there are id, name, span, measure"}}},
		{"a name to escape", `"id":"p" => "id":"p","a/b~c":1`, []fault{{"/a~1b~0c", "is not a field"}}},
		{"what an unknown field holds is not looked at", `"id":"p" => "id":"p","x":{"x":[{"y":null}],"z":[1e999]}`, []fault{{"/x", "is not a field"}}},

		{"a field twice", `"id":"p" => "id":"p","id":"p"`, []fault{{"/id", "is given twice"}}},
		{"a field twice, once escaped", `"id":"p" => "id":"p","i\u0064":"p"`, []fault{{"/id", "is given twice"}}},
		{"a tag twice", `"measure":{} => "measure":{"where":{"a":["1"],"b":["1"],"a":["2"]}}`, []fault{{"/components/0/measure/where/a", "is given twice"}}},

		{"a missing field", `"mode":"marginal", => `, []fault{{"/components/0/curve/mode", "is missing; it has no default"}}},
		{"a missing number is not zero", `"from":"0", => `, []fault{{"/components/0/curve/bands/0/from", "is missing"}}},
		{"a missing weight is not zero", `"measure":{} => "measure":{"lifts":[{"credit":"0.5"}]}`, []fault{{"/components/0/measure/lifts/0/pay", "is missing"}}},
		{"all that is missing", `{"from":"0","rate":"0.1"} => {}`, []fault{{"/components/0/curve/bands/0/from", "is missing"}}},
		{"missing is told once, by its name", `"id":"p", => `, []fault{{"/id", "is missing; it has no default"}}},

		{"null for what has no default", `"id":"p" => "id":null`, []fault{{"/id", "is null; it must be a string"}}},
		{"null in a list", `"measure":{} => "measure":{"credits":[null]}`, []fault{{"/components/0/measure/credits/0", "is null; it must be a string"}}},
		{"null for a band", `{"from":"0","rate":"0.1"} => null`, []fault{{"/components/0/curve/bands/0", "is null; it must be an object"}}},
		{"null for a tag", `"measure":{} => "measure":{"where":{"a":null}}`, []fault{{"/components/0/measure/where/a", "is null; it must be a list"}}},
		{"null for a decimal", `"from":"0" => "from":null`, []fault{{"/components/0/curve/bands/0/from", "is null; it must be a decimal"}}},

		{"an object for a list", `[{"from":"0","rate":"0.1"}] => {"from":"0"}`, []fault{{"/components/0/curve/bands", "is an object; it must be a list"}}},
		{"a list for an object", `"measure":{} => "measure":[]`, []fault{{"/components/0/measure", "is a list; it must be an object"}}},
		{"a number for a text", `"id":"p" => "id":7`, []fault{{"/id", "is a number; it must be a string"}}},
		{"a text for a number", `"id":"p" => "id":"p","version":"7"`, []fault{{"/version", "is a string; it must be a number"}}},
		{"a text for a boolean", `"measure":{} => "measure":{"toDate":"true"}`, []fault{{"/components/0/measure/toDate", "is a string; it must be a boolean"}}},
		{"a boolean for a decimal", `"from":"0" => "from":false`, []fault{{"/components/0/curve/bands/0/from", "is a boolean; it must be a decimal"}}},
		{"a fraction for a whole number", `"id":"p" => "id":"p","version":1.5`, []fault{{"/version", "is 1.5; it must be a whole number"}}},
		{"an exponent for a whole number", `"id":"p" => "id":"p","version":1e3`, []fault{{"/version", "must be a whole number"}}},
		{"more than an int", `"id":"p" => "id":"p","version":99999999999999999999`, []fault{{"/version", "must be a whole number"}}},
		{"far more than an int", `"id":"p" => "id":"p","version":` + strings.Repeat("9", 1000), []fault{{"/version", "is too long for a number"}}},
		{"a month by name", `"id":"p" => "id":"p","calendar":{"firstMonth":"April"}`, []fault{{"/calendar/firstMonth", "is a string; it must be a number"}}},

		{"a decimal in words", `"rate":"0.1" => "rate":"ten"`, []fault{{"/components/0/curve/bands/0/rate", `is "ten", which is not a number`}}},
		{"a decimal with a comma", `"rate":"0.1" => "rate":"0,1"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"a decimal in percent", `"rate":"0.1" => "rate":"10%"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"an empty decimal", `"rate":"0.1" => "rate":""`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"a decimal with space", `"rate":"0.1" => "rate":"0.1 "`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"a decimal without a leading digit", `"rate":"0.1" => "rate":".1"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"a decimal with an octal look", `"rate":"0.1" => "rate":"010"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"infinity", `"rate":"0.1" => "rate":"Infinity"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"a list in a decimal", `"rate":"0.1" => "rate":"[1]"`, []fault{{"/components/0/curve/bands/0/rate", "is not a number"}}},
		{"an absurd exponent", `"rate":"0.1" => "rate":1e9999`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds: use an exponent within ±18 and at most 36 digits"}}},
		{"an absurd exponent as text", `"rate":"0.1" => "rate":"1e1000000000"`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"an absurd negative exponent", `"rate":"0.1" => "rate":"1E-0001000"`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"a zero with an absurd exponent", `"rate":"0.1" => "rate":0e999999999`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"too many digits", `"rate":"0.1" => "rate":"` + strings.Repeat("9", 61) + `"`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"too many digits for the package", `"rate":"0.1" => "rate":"` + strings.Repeat("9", 37) + `"`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"an exponent too large for the package", `"rate":"0.1" => "rate":1e19`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},
		{"an exponent too small for the package", `"rate":"0.1" => "rate":1e-19`, []fault{{"/components/0/curve/bands/0/rate", "is out of bounds"}}},

		{"no date", `"start":"2026-01-01" => "start":"2026-02-29"`, []fault{{"/span/start", `is "2026-02-29"; it must be an existing day, written as YYYY-MM-DD`}}},
		{"a date with a time", `"start":"2026-01-01" => "start":"2026-01-01T00:00:00Z"`, []fault{{"/span/start", "YYYY-MM-DD"}}},
		{"an empty date", `"start":"2026-01-01" => "start":""`, []fault{{"/span/start", "YYYY-MM-DD"}}},
		{"a date as a number", `"start":"2026-01-01" => "start":20260101`, []fault{{"/span/start", "is a number; it must be a string"}}},

		{"half a surrogate pair", `"id":"p" => "id":"p\ud800"`, []fault{{"/id", "contains U+FFFD"}}},
		{"text that was damaged", `"id":"p" => "id":"caf\ufffd"`, []fault{{"/id", "contains U+FFFD"}}},
		{"a damaged tag", `"measure":{} => "measure":{"where":{"a\udc00":[]}}`, []fault{{"/components/0/measure/where", "contains U+FFFD"}}},

		{"all problems of the form at once, in order", `"id":"c","measure":{} => "id":7,"measure":{"where":[],"resett":"year","toDate":0}`, []fault{
			{"/components/0/id", "is a number"},
			{"/components/0/measure/where", "is a list"},
			{"/components/0/measure/resett", "did you mean reset?"},
			{"/components/0/measure/toDate", "is a number"},
		}},
		{"what Check tells", `"currency":"USD" => "currency":""`, []fault{{"/currency", "must be set"}}},
		{"an unknown word is Check's", `"marginal" => "marginally"`, []fault{{"/components/0/curve/mode", `is "marginally"; use marginal, retroactive, prospective, step, linear`}}},
		{"a word in another case", `"marginal" => "Marginal"`, []fault{{"/components/0/curve/mode", `is "Marginal"; use marginal`}}},
		{"form and Check together", `"id":"p","currency":"USD" => "idd":"p","currency":""`, []fault{
			{"/idd", "did you mean id?"}, {"/id", "is missing"}, {"/currency", "must be set"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan, err := comp.ParsePlan(smallPlan(test.edit))
			var got []fault
			for i, e := range faultsOf(err) {
				if e.Err != comp.ErrPlan { //nolint:errorlint // the field itself is meant
					t.Errorf("Err = %v", e.Err)
				}
				f := fault{e.Path, e.Msg}
				if i < len(test.want) && strings.Contains(e.Msg, test.want[i].Text) {
					f.Text = test.want[i].Text
				}
				got = append(got, f)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if err != nil && !cmp.Equal(plan, comp.Plan{}) {
				t.Error("a plan is returned beside an error")
			}
			if err == nil {
				roundTrip(t, plan)
			}
		})
	}
}

// TestParsePlanSyntax: documents that are not one JSON value.
func TestParsePlanSyntax(t *testing.T) {
	good := string(smallPlan(""))
	tests := []struct{ name, data, want string }{
		{"nothing", "", "the document is empty"},
		{"white space", " \n\t", "the document is empty"},
		{"cut off", good[:len(good)-1], "the document is not JSON: line 1, column"},
		{"two documents", good + good, "after top-level value"},
		{"something after it", good + " x", "after top-level value"},
		{"a comma after it", good + ",", "after top-level value"},
		{"the place of the fault", "{\n  \"id\": \"p\",\n  \"é\": oops\n}", "line 3, column 8: invalid character 'o'"},
		{"a trailing comma", `{"id":"p",}`, "line 1, column 11"},
		{"a comment", "{\n // x\n}", "line 2, column 2"},
		{"single quotes", `{'id':'p'}`, "line 1, column 2"},
		{"a bare word", `plan`, "not JSON"},
		{"NaN", strings.Replace(good, `"0.1"`, `NaN`, 1), "not JSON"},
		{"a byte order mark", "\ufeff" + good, "byte order mark"},
		{"Latin-1", strings.Replace(good, `"p"`, "\"caf\xe9\"", 1), "not UTF-8"},
		{"UTF-16", "{\x00}\x00", "not JSON"},
		{"null", "null", "is null; it must be an object"},
		{"a list", "[" + good + "]", "is a list; it must be an object"},
		{"a text", `"plan"`, "is a string; it must be an object"},
		{"a number", `1`, "is a number; it must be an object"},
		{"one more than the most", good + strings.Repeat(" ", 1<<20-len(good)+1), "has 1048577 bytes; at most 1048576 are allowed"},
		{"ten million bytes", strings.Repeat("[", 10_000_000), "has 10000000 bytes; at most 1048576 are allowed"},
		{"a million brackets", strings.Repeat("[", 1_000_000), "not JSON"},
		{"nested ten thousand deep", strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999), "is a list; it must be an object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			faults := parseProblems([]byte(test.data))
			if len(faults) != 1 || faults[0].Path != "" || !strings.Contains(faults[0].Msg, test.want) {
				t.Errorf("got %v, want one fault of the whole document: %s", faults, test.want)
			}
			for _, f := range faults {
				if text := f.Error(); len(text) > 200 || strings.Contains(text, "  ") {
					t.Errorf("the message is %q", text)
				}
			}
		})
	}
	if _, err := comp.ParsePlan([]byte(good + strings.Repeat(" ", 1<<20-len(good)))); err != nil {
		t.Errorf("a document of 1 MiB: %v", err)
	}
}

// TestParsePlanTellsTwenty: of many problems the first are told, the rest counted.
func TestParsePlanTellsTwenty(t *testing.T) {
	tests := []struct{ name, data string }{
		{"unknown fields", strings.TrimSuffix("{"+strings.Repeat(`"x":1,`, 100), ",") + "}"},
		{"wrong elements", string(smallPlan(`"id":"p" => "id":"p","limits":[` + strings.Repeat("1,", 103) + "1]"))},
		{"bands that fall", string(smallPlan(`{"from":"0","rate":"0.1"} => {"from":"0"}` + strings.Repeat(`,{"from":"-1"},{"from":"-2"}`, 103)))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := comp.ParsePlan([]byte(test.data))
			if err == nil {
				t.Fatal("no error")
			}
			if got := len(faultsOf(err)); got != 21 {
				t.Errorf("%d faults are told, want 20 and one that counts the rest", got)
			}
			lines := strings.Split(err.Error(), "\n")
			if last := lines[len(lines)-1]; len(lines) != 21 || !strings.Contains(last, "and 84 more") {
				t.Errorf("%d lines, the last is %q; want 21, the last with the 84 more", len(lines), last)
			}
			if !errors.Is(err, comp.ErrPlan) || errors.Is(err, comp.ErrInput) {
				t.Errorf("a plan document's faults must be ErrPlan, all of them")
			}
		})
	}
}

// TestParsePlanNames: a name from outside neither floods a message nor breaks its pointer.
func TestParsePlanNames(t *testing.T) {
	faults := parseProblems(smallPlan(`"id":"p" => "id":"p","` + strings.Repeat("x/", 100_000) + `":1`))
	if len(faults) != 1 || len(faults[0].Path) > 120 || len(faults[0].Error()) > 300 {
		t.Errorf("got %d faults, the first %.500s", len(faults), faults)
	}
}

// hostileDocuments are documents of so many bytes, or just as bad, by name.
func hostileDocuments(most int) map[string][]byte {
	// fill puts as many copies of a text between two others as fit.
	fill := func(before, text, after string) []byte {
		n := (most - len(before) - len(after)) / len(text)
		return []byte(before + strings.TrimSuffix(strings.Repeat(text, n), ",") + after)
	}
	// inside fills a place in the smallest plan.
	inside := func(edit, before, text, after string) []byte {
		doc := string(smallPlan(edit + before + "@@" + after))
		b, a, _ := strings.Cut(doc, "@@")
		return fill(b, text, a)
	}
	const id, bands, measure = `"id":"p" => "id":"p",`, `{"from":"0","rate":"0.1"} => `, `"measure":{} => "measure":`
	return map[string][]byte{
		"brackets":               fill("", "[", ""),
		"closed brackets":        append(fill("", "[", "")[:most/2], fill("", "]", "")[:most/2]...),
		"objects":                fill("", `{"a":`, ""),
		"zeros":                  fill("[", "0,", "]"),
		"empty fields":           fill("{", `"":0,`, "}"),
		"unknown fields":         inside(id, "", `"abcdefghij":1,`, ""),
		"nearly known fields":    inside(id, "", `"componentz":1,`, ""),
		"fields twice":           inside(id, "", `"version":1,`, ""),
		"wrong elements":         inside(id, `"limits":[`, "0,", "]"),
		"empty elements":         inside(id, `"limits":[`, "{},", "]"),
		"nines as text":          inside(bands, `{"from":"`, "9", `"}`),
		"nines":                  inside(bands, `{"from":`, "9", `}`),
		"a long exponent":        inside(bands, `{"from":1e`, "9", `}`),
		"a long fraction":        inside(bands, `{"from":0.`, "0", `1}`),
		"a long whole number":    inside(id, `"version":`, "9", ""),
		"a long name":            inside(id, `"`, "x", `":1`),
		"a long name of escapes": inside(id, `"`, `\u0041`, `":1`),
		"a long text":            inside(`"id":"p" => `, `"id":"`, `\"`, `"`),
		"a long text of lines":   inside(`"id":"p" => `, `"id":"`, `\n`, `"`),
		"white space":            fill("", " ", string(smallPlan(""))),
		"backslashes":            fill(`"`, `\\`, `"`),
		"holidays":               inside(id, `"calendar":{"holidays":[`, `"2026-01-01",`, "]}"),
		"tags":                   inside(measure, `{"where":{"a":[`, `"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789",`, "]}}"),
		"too many tags":          inside(measure, `{"where":{"a":[`, `"",`, "]}}"),
		"tags twice":             inside(measure, `{"where":{`, `"a":[],`, "}}"),
		"bands":                  inside(bands, `{"from":0},`, `{"from":1},`, `,{"from":2}`),
		"lifts":                  inside(measure, `{"lifts":[`, `{"credit":7,"pay":3},`, "]}"),
		"components":             inside(`"components":[ => `, `"components":[`, `{"id":"x","measure":{},"curve":{"mode":"step","bands":[{"from":1}]}},`, ","),
	}
}

// TestParsePlanIsCheap: no document takes time out of proportion. The bound is
// wide, for slow machines; BenchmarkParsePlanHostile has the figures.
func TestParsePlanIsCheap(t *testing.T) {
	for name, data := range hostileDocuments(1 << 18) {
		if len(data) > 1<<18 {
			t.Fatalf("%s has %d bytes", name, len(data))
		}
		start := time.Now()
		_, err := comp.ParsePlan(data)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		switch name {
		case "white space", "a long text", "a long text of lines", "tags":
			continue // long, but a plan
		}
		if err == nil {
			t.Errorf("%s: ParsePlan takes it", name)
		} else if text := err.Error(); len(text) > 10_000 {
			t.Errorf("%s: the message has %d bytes", name, len(text))
		}
	}
}

func ExampleParsePlan() {
	_, err := comp.ParsePlan([]byte(`{
		"id": "ae-2026",
		"curency": "USD",
		"span": {"start": "2026-01-01", "end": "2027-01-01"},
		"components": [{
			"id": "new",
			"measure": {"reset": "year", "quota": "arr"},
			"curve": {"mode": "marginal", "bands": [{"from": "0", "rate": "10%"}, {"from": 1, "rate": 0.15}]}
		}]
	}`))
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Println(line)
	}
	// Output:
	// comp: /curency is not a field; did you mean currency?
	// comp: /components/0/curve/bands/0/rate is "10%", which is not a number; write it like 1200.50 or 0.085
	// comp: /currency is missing; it has no default
}

// A schema helps an editor with a plan document, or a form.
func ExamplePlanSchema() {
	var schema struct {
		ID       string   `json:"$id"`
		Required []string `json:"required"`
	}
	if err := json.Unmarshal(comp.PlanSchema(), &schema); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(schema.ID, schema.Required)
	// Output: urn:salesops:comp:plan [id currency span components]
}

func BenchmarkParsePlan(b *testing.B) {
	data := planFiles(b)["ae-accelerator"]
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := comp.ParsePlan(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParsePlanDecode is the yardstick of BenchmarkParsePlan: encoding/json
// alone, which checks nothing.
func BenchmarkParsePlanDecode(b *testing.B) {
	data := planFiles(b)["ae-accelerator"]
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var p comp.Plan
		if err := json.Unmarshal(data, &p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParsePlanHostile reads documents of 1 MiB made to take long.
func BenchmarkParsePlanHostile(b *testing.B) {
	for name, data := range hostileDocuments(1 << 20) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = comp.ParsePlan(data)
			}
		})
	}
}
