package comp

import (
	"embed"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a plan document. Nothing bounds the depth of nesting: a value that
// is nested deeper than the fields of a Plan is refused where it is one too deep.
const (
	maxDocument = 1 << 20 // bytes
	maxNumber   = 60      // characters of a number: 36 digits, 18 zeros, sign, point and exponent
	maxList     = 10_000  // elements of a list
)

// ParsePlan reads a plan document: the JSON that [json.Marshal] makes of a [Plan],
// described by [PlanSchema]. It is strict, so that a slip of the pen is told and
// not taken for a default: fields must exist, have exactly the name of the JSON
// form, case included, and occur once; those without a default must be there.
// Decimals are strings, as in "0.085", or numbers; either way they are read
// exactly. A field that has a default may also be null, which is the same as to
// leave it out; a field without one, or an element of a list, may not.
//
// All problems are told at once: first those of the form of the document, and when
// it can be read in spite of them, those of [Plan.Check] that are not warnings.
//
// A plan that [New] accepts, its texts being UTF-8, encoded with [json.Marshal] and
// read by ParsePlan, is encoded as the same bytes again. ParsePlan takes O(len(data)), and time and
// memory in proportion also when data is hostile.
//
// ParsePlan returns an error, which joins one [*Error] (ErrPlan) with its JSON pointer
// for each problem, up to 20 and one that counts the rest, if:
//   - data is longer than 1 MiB, is not UTF-8 or not one JSON value
//   - a field is unknown, given twice, or missing
//   - a value has another type than the field, or a text contains U+FFFD, the mark of damaged text
//   - a number has more than 60 characters or an exponent of more than two digits, or a list more than 10,000 elements
//   - [Plan.Check] reports a problem that is not a warning
func ParsePlan(data []byte) (Plan, error) {
	plan, problems, more := readPlan(data)
	if err := refuse(problems, more); err != nil {
		return Plan{}, err
	}
	return plan, nil
}

// PlanSchema returns the JSON Schema (draft 2020-12) of plan documents, for
// editors, forms and other languages. It describes the form: what [Plan.Check]
// alone can see, such as bounds that must rise, it does not tell. It is stricter
// than [ParsePlan] in two points: it allows no null, and no empty text for a
// default. The caller may change the bytes.
func PlanSchema() []byte {
	data, _ := schema.ReadFile("plan.schema.json") // always there, and a copy
	return data
}

//go:embed plan.schema.json
var schema embed.FS

// refuse makes an error of the problems that are not warnings: one *Error for
// each, up to maxFaults. more is how many there are besides.
func refuse(problems []Problem, more int) error {
	f := faults{kind: ErrPlan, more: more}
	for _, p := range problems {
		if !p.Warning {
			f.add(p.Path, "", "%s", p.Text)
		}
	}
	return f.err()
}

// readPlan reads a plan document and tells its problems, those of Check
// included; more is how many are not in the list. The plan is only good when
// none is but warnings.
func readPlan(data []byte) (plan Plan, problems []Problem, more int) {
	d := document{data: data, types: make(map[reflect.Type][]field)}
	if !d.sound() {
		return Plan{}, d.problems, 0
	}
	d.value(reflect.TypeFor[Plan]())
	if !d.unfit && d.more == 0 {
		if err := json.Unmarshal(data, &plan); err != nil {
			d.add(CodeSyntax, "cannot be read: %v", err) // cannot be: value has looked at everything
			return Plan{}, d.problems, d.more
		}
		told := len(d.problems)
		for _, p := range plan.Check() {
			same := func(q Problem) bool { return q.Path == p.Path }
			if !slices.ContainsFunc(d.problems[:told], same) { // once is enough: missing, and empty
				d.problems = append(d.problems, p)
			}
		}
	}
	return plan, d.problems, d.more
}

// inOrder sorts problems by where their paths are in a plan document, fields in the
// order of the types. Problems of one place keep their order.
func inOrder(list []Problem) {
	d := document{types: make(map[reflect.Type][]field)}
	type placed struct {
		Problem
		place []int
	}
	all := make([]placed, len(list))
	for i, p := range list {
		all[i] = placed{p, d.place(p.Path)}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return slices.Compare(a.place, b.place) })
	for i, p := range all {
		list[i] = p.Problem
	}
}

// place is a JSON pointer as numbers: the places of its fields and elements.
func (d *document) place(pointer string) (place []int) {
	t := reflect.TypeFor[Plan]()
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Struct:
			fields := d.fieldsOf(t)
			i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
			if i < 0 {
				return place
			}
			place, t = append(place, i), fields[i].typ
		case reflect.Slice:
			i, _ := strconv.Atoi(name)
			place, t = append(place, i), t.Elem()
		default:
			return place
		}
	}
	return place
}
