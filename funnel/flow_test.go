package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// S04: four deals, four readings of one funnel. Of four that entered the first stage one went through all, one skipped the
// middle, one was lost there after coming back to the first, and one was won from the start.
func TestS04_Skip(t *testing.T) {
	p := flowPipeline(t, "Qualify", "Demo", "Propose", "Won=won", "Lost=lost")
	view := funnel.View{Pipeline: p, AsOf: flowAt(1000)}
	f := flowOf(t, view,
		flowJourney("through", "Qualify", "Demo", "Propose", "Won"),
		flowJourney("skips", "Qualify", "Propose", "Won"),
		flowJourney("comes back", "Qualify", "Demo", "Qualify", "Demo", "Lost"),
		flowJourney("at once", "Qualify", "Won"),
		flowJourney("open", "Qualify", "Propose", "Demo"),
		flowJourney("starts late", "Propose"),
	)
	for _, x := range []struct {
		from, to string
		skip     funnel.Skip
		want     funnel.Share
	}{
		{"Qualify", "Demo", "", funnel.Share{Entered: 5, Reached: 3}},
		{"Qualify", "Demo", funnel.Visited, funnel.Share{Entered: 5, Reached: 3}},
		{"Qualify", "Demo", funnel.Implied, funnel.Share{Entered: 6, Reached: 6}},
		{"Qualify", "Demo", funnel.Contiguous, funnel.Share{Entered: 5, Reached: 2, Pending: 1}},
		{"Demo", "Propose", funnel.Visited, funnel.Share{Entered: 3, Reached: 1, Pending: 1}}, // open was there before
		{"Demo", "Propose", funnel.Implied, funnel.Share{Entered: 6, Reached: 5}},
		{"Qualify", "Propose", funnel.Visited, funnel.Share{Entered: 5, Reached: 3}},
		{"Qualify", "Propose", funnel.Contiguous, funnel.Share{Entered: 5, Reached: 1, Pending: 1}},
		{"Qualify", "Won", funnel.Visited, funnel.Share{Entered: 5, Reached: 3, Pending: 1}},
		{"Qualify", "Won", funnel.Implied, funnel.Share{Entered: 6, Reached: 3, Pending: 2}},
		{"Qualify", "Won", funnel.Contiguous, funnel.Share{Entered: 5, Reached: 1, Pending: 1}},
		{"Propose", "Won", funnel.Contiguous, funnel.Share{Entered: 4, Reached: 2, Pending: 2}},
		{"Propose", "Lost", funnel.Implied, funnel.Share{Entered: 5, Pending: 2}},
		{"Demo", "Lost", funnel.Visited, funnel.Share{Entered: 3, Reached: 1, Pending: 1}},
		{"Demo", "Qualify", funnel.Visited, funnel.Share{Entered: 3, Reached: 1, Pending: 1}}, // fell back
	} {
		if got, err := f.Conversion(x.from, x.to, x.skip); err != nil || got != x.want {
			t.Errorf("%s to %s, %s: %+v, %v, want %+v", x.from, x.to, x.skip, got, err, x.want)
		}
	}
	drop, err := f.DropOff("Demo")
	if want := (funnel.Share{Entered: 4, Reached: 1, Pending: 1}); err != nil || drop != want {
		t.Errorf("drop-off %+v, %v, want %+v", drop, err, want)
	}
	demo, err := f.Stage("Demo")
	if err != nil || demo.Skipped != 3 || demo.Reworked != 1 || demo.Started != 0 {
		t.Errorf("%+v, %v, want 3 skips and 1 visit again", demo, err)
	}
}

// A question that makes no sense is an error that says so; a flow of nothing has no figures.
func TestFlow_questions(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost")
	f := flowOf(t, funnel.View{Pipeline: p, AsOf: flowAt(1000)}, flowJourney("x", "Lead", "Opp"))
	for _, x := range []struct {
		from, to string
		skip     funnel.Skip
		path     string
	}{
		{"Demo", "Opp", "", "from"},
		{"Lead", "", "", "to"},
		{"Lead", "Lead", "", "to"},
		{"Lead", "Opp", "sometimes", "skip"},
		{"Opp", "Lead", funnel.Implied, "to"},
		{"Opp", "Lead", funnel.Contiguous, "to"},
		{"Opp", "Opp", funnel.Contiguous, "to"},
		{"Lost", "Won", funnel.Implied, "from"},
		{"Won", "Opp", funnel.Contiguous, "from"},
		{"Lead", "Lost", funnel.Contiguous, "to"},
	} {
		_, err := f.Conversion(x.from, x.to, x.skip)
		_, _, err2 := funnel.View{Pipeline: p, AsOf: flowAt(9)}.Conversion(flowJourney("x", "Lead"), x.from, x.to, x.skip)
		for _, err := range []error{err, err2} {
			var fault *funnel.Error
			if !errors.Is(err, funnel.ErrInput) || !errors.As(err, &fault) || fault.Path != x.path {
				t.Errorf("%s to %s, %s: %v", x.from, x.to, x.skip, err)
			}
		}
	}
	for name, ask := range map[string]func(f *funnel.Flow, stage string) error{
		"Stage":   func(f *funnel.Flow, stage string) error { _, err := f.Stage(stage); return err },
		"DropOff": func(f *funnel.Flow, stage string) error { _, err := f.DropOff(stage); return err },
		"Times":   func(f *funnel.Flow, stage string) error { _, err := f.Times(stage); return err },
		"Reached": func(f *funnel.Flow, stage string) error { _, err := f.Reached(stage, ""); return err },
		"Conversion": func(f *funnel.Flow, stage string) error {
			_, err := f.Conversion(stage, "Won", "")
			return err
		},
	} {
		if err := ask(f, "Demo"); !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%s of an unknown stage: %v", name, err)
		}
		if err := ask(f, "Opp"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := ask(new(funnel.Flow), "Opp"); !errors.Is(err, funnel.ErrUndefined) {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	if _, err := f.Times("Won"); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("times of an end: %v", err)
	}
	empty := new(funnel.Flow)
	if _, err := empty.Chain(); !errors.Is(err, funnel.ErrUndefined) {
		t.Errorf("chain of nothing: %v", err)
	}
	if _, err := f.Chain(); !errors.Is(err, funnel.ErrUndefined) || !strings.Contains(err.Error(), "Opp") {
		t.Errorf("chain of a stage that nobody left: %v", err)
	}
	if empty.Journeys() != 0 || len(empty.Stages()) != 0 || len(empty.Moves()) != 0 || empty.Outcome().Journeys.Count != 0 || empty.Currency() != "" || len(empty.Pipeline().Stages()) != 0 {
		t.Error("an empty flow holds something")
	}
}

// Flows of other pipelines or currencies do not mix, and one gives up both when all is subtracted.
func TestFlow_mismatch(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won")
	view := funnel.View{Pipeline: p, AsOf: flowAt(1000)}
	euros := func(id string, stages ...string) funnel.Journey {
		j := flowJourney(id, stages...)
		j.Currency = "EUR"
		return j
	}
	f := flowOf(t, view, euros("a", "Lead", "Opp", "Won"), euros("b", "Lead"))
	before := flowBytes(t, f)
	others := map[string]funnel.Pipeline{
		"another order":     flowPipeline(t, "Opp", "Lead", "Won=won"),
		"another end":       flowPipeline(t, "Lead", "Opp", "Won=lost"),
		"one stage more":    flowPipeline(t, "Lead", "Opp", "Demo", "Won=won"),
		"deals may reopen":  p.Reopening(),
		"a prefix":          flowPipeline(t, "Lead", "Opp"),
		"worked, not ended": flowPipeline(t, "Lead", "Opp", "Won"),
	}
	for name, other := range others {
		v := view
		v.Pipeline = other
		j := euros("c", "Lead")
		if err := f.Add(v, j); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("%s: Add: %v", name, err)
		}
		g := flowOf(t, v, j)
		if err := f.Merge(g); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("%s: Merge: %v", name, err)
		}
		if err := f.Sub(g); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("%s: Sub: %v", name, err)
		}
	}
	dollars := euros("d", "Lead")
	dollars.Currency = "USD"
	if err := f.Add(view, dollars); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("USD: Add: %v", err)
	}
	g := flowOf(t, view, dollars)
	for name, do := range map[string]func(*funnel.Flow) error{"Merge": f.Merge, "Sub": f.Sub} {
		if err := do(g); !errors.Is(err, funnel.ErrMismatch) {
			t.Errorf("USD: %s: %v", name, err)
		}
	}
	bad := dollars
	bad.Currency = "\xff"
	if err := new(funnel.Flow).Add(view, bad); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("currency that is no text: %v", err)
	}
	if !bytes.Equal(before, flowBytes(t, f)) {
		t.Error("the flow was changed")
	}
	// An equal pipeline that was made anew is the same.
	again := funnel.View{Pipeline: flowPipeline(t, "Lead", "Opp", "Won=won"), AsOf: view.AsOf}
	if err := f.Merge(flowOf(t, again, euros("e", "Opp"))); err != nil {
		t.Error(err)
	}
	all := flowMerge(t, f)
	if err := f.Sub(all); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(funnel.View{Pipeline: others["a prefix"], AsOf: view.AsOf}, dollars); err != nil {
		t.Errorf("after all was subtracted: %v", err)
	}
	if err := new(funnel.Flow).Sub(f); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("subtracted from nothing: %v", err)
	}
	var none *funnel.Flow
	if err := f.Sub(none); err != nil {
		t.Error(err)
	}
}

// A flow that a hostile encoding brought near the greatest count is not to be overrun.
func TestFlow_overflow(t *testing.T) {
	const text = `{"journeys":9223372036854775807,"stages":[{"key":"Lead"}],"moves":[{"to":"Lead","count":9223372036854775807}],
		"open":[{"stage":"Lead","count":9223372036854775807}],
		"reached":[{"from":"Lead","to":"Lead","visited":[9223372036854775807,9223372036854775807],"implied":[9223372036854775807,9223372036854775807]}]}`
	var f funnel.Flow
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	before := flowBytes(t, &f)
	view := funnel.View{Pipeline: flowPipeline(t, "Lead"), AsOf: flowAt(9)}
	if err := f.Add(view, funnel.Journey{ID: "one more", Moves: []funnel.Move{{To: "Lead", At: flowAt(1)}}}); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("Add: %v", err)
	}
	if err := f.Merge(&f); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Merge: %v", err)
	}
	if !bytes.Equal(before, flowBytes(t, &f)) || f.Journeys() != math.MaxInt64 {
		t.Error("the flow was changed")
	}
	var most funnel.Flow
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "5807", "5806")), &most); err != nil {
		t.Fatal(err)
	}
	last := flowOf(t, view, funnel.Journey{Moves: []funnel.Move{{To: "Lead", At: flowAt(1)}}})
	if err := most.Merge(last); err != nil || most.Journeys() != math.MaxInt64 {
		t.Errorf("Merge up to 2^63-1: %v", err)
	}
	if s := f.Stages()[0]; s.Open.Count != math.MaxInt64 || s.Entered.Count != math.MaxInt64 {
		t.Errorf("%+v", s)
	}
}

// Amounts are exact, however they are written, and however large.
func TestFlow_amounts(t *testing.T) {
	p := flowPipeline(t, "Lead", "Won=won")
	view := funnel.View{Pipeline: p, AsOf: flowAt(1000)}
	var f funnel.Flow
	want := decimal.Decimal{}
	for i, s := range []string{"0.1", "0.20", "-0.300", "1e2", "99999999999999999999999999999999999", "0.000000000000000001", "123456789012345678.123456789012345678"} {
		j := flowJourney("x", "Lead", "Won")
		j.Amount = d(s)
		if i%2 == 0 {
			j.Moves = j.Moves[:1]
		}
		if err := f.Add(view, j); err != nil {
			t.Fatal(err)
		}
		want = want.Add(j.Amount)
	}
	if got := f.Stages()[0].Entered.Amount; !got.Equal(want) {
		t.Errorf("%s, want %s", got.StringFixed(18), want.StringFixed(18))
	}
	var g funnel.Flow
	if err := g.UnmarshalBinary(flowBytes(t, &f)); err != nil {
		t.Fatal(err)
	}
	if got := g.Outcome().Journeys.Amount; !got.Equal(want) {
		t.Errorf("%s, want %s", got.StringFixed(18), want.StringFixed(18))
	}
}

// The JSON is for people to read.
func TestFlow_MarshalJSON(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost")
	j := flowJourney("a", "Lead", "Lead", "Opp", "Won")
	j.Amount, j.Currency = d("1000.50"), "EUR"
	k := flowJourney("b", "Lead")
	k.Amount, k.Currency = d("0"), "EUR"
	f := flowOf(t, funnel.View{Pipeline: p, AsOf: flowAt(48)}, j, k)
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"journeys":2,"currency":"EUR","stages":[{"key":"Lead"},{"key":"Opp"},{"key":"Won","end":"won"},{"key":"Lost","end":"lost"}],
"moves":[{"to":"Lead","count":2,"amount":"1000.5"},{"from":"Lead","to":"Opp","count":1,"amount":"1000.5"},
{"from":"Opp","to":"Won","count":1,"amount":"1000.5"},{"from":"Lead","to":"Lead","count":1}],"open":[{"stage":"Lead","count":1}],
"reached":[{"from":"Lead","to":"Lead","visited":[2,1],"implied":[2,1]},{"from":"Lead","to":"Opp","visited":[1,0],"contiguous":[1,0]},
{"from":"Lead","to":"Won","visited":[1,0],"contiguous":[1,0]},{"from":"Opp","to":"Opp","visited":[1,0],"implied":[1,0]},
{"from":"Opp","to":"Won","visited":[1,0],"contiguous":[1,0]},{"from":"Won","to":"Won","visited":[1,0]}],
"times":[{"stage":"Lead","times":{"ticks":[{"tick":0,"enter":2,"leave":{"advanced":1}},{"tick":2,"leave":{"open":1}}]}},
{"stage":"Opp","times":{"ticks":[{"tick":0,"enter":1},{"tick":1,"leave":{"won":1}}]}}]}`
	if diff := cmp.Diff(flowLoose(t, []byte(want)), flowLoose(t, text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	empty, err := json.Marshal(funnel.Flow{})
	if err != nil || string(empty) != `{"journeys":0}` {
		t.Errorf("%s, %v", empty, err)
	}
}

// flowLoose returns JSON as values, amounts as numbers: whether they have quotes is a setting of the host program.
func flowLoose(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(regexp.MustCompile(`"amount":"?1000.5"?|"amount":1.0005E\+?3`).ReplaceAll(text, []byte(`"amount":1000.5`))))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Texts that are no flow are refused, and what was there stays.
func TestFlow_UnmarshalJSON_errors(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost")
	f := flowOf(t, funnel.View{Pipeline: p, AsOf: flowAt(48)}, flowJourney("a", "Lead", "Opp", "Won"), flowJourney("b", "Lead"), flowJourney("c", "Won"))
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	before := flowBytes(t, f)
	replace := func(old, by string) string {
		out := strings.Replace(string(text), old, by, 1)
		if out == string(text) {
			t.Fatalf("%s is not in %s", old, text)
		}
		return out
	}
	first := regexp.MustCompile(`"amount":"?[^",}]+"?`)
	amount := func(by string) string {
		at := first.FindStringIndex(string(text))
		return string(text[:at[0]]) + `"amount":` + by + string(text[at[1]:])
	}
	for name, bad := range map[string]string{
		"nothing":                   ``,
		"no object":                 `[]`,
		"two":                       string(text) + string(text),
		"another field":             `{"journeys":0,"deals":1}`,
		"none, but a currency":      `{"journeys":0,"currency":"EUR"}`,
		"none, but stages":          `{"journeys":0,"stages":[{"key":"Lead"}]}`,
		"negative":                  `{"journeys":-1}`,
		"too few journeys":          replace(`"journeys":3`, `"journeys":2`),
		"too many journeys":         replace(`"journeys":3`, `"journeys":4`),
		"no stages":                 `{"journeys":1}`,
		"unknown stage":             replace(`"to":"Opp"`, `"to":"Demo"`),
		"unknown stage, open":       replace(`{"stage":"Lead","count"`, `{"stage":"Demo","count"`),
		"an end that is open":       replace(`{"stage":"Lead","count"`, `{"stage":"Won","count"`),
		"times of an end":           replace(`{"stage":"Lead","times"`, `{"stage":"Won","times"`),
		"times twice":               replace(`{"stage":"Opp","times"`, `{"stage":"Lead","times"`),
		"reached from nowhere":      replace(`{"from":"Lead","to":"Lead","visited"`, `{"from":"Demo","to":"Lead","visited"`),
		"a move that cannot be":     replace(`{"from":"Opp","to":"Won","count"`, `{"from":"Lost","to":"Won","count"`),
		"a move twice":              replace(`{"from":"Opp","to":"Won","count"`, `{"from":"Lead","to":"Opp","count"`),
		"repeats of an end":         replace(`{"from":"Opp","to":"Won","count":1`, `{"from":"Won","to":"Won","count":1},{"from":"Opp","to":"Won","count":1`),
		"repeats with amount":       replace(`{"from":"Opp","to":"Won","count":1`, `{"from":"Opp","to":"Opp","count":1,"amount":"5"},{"from":"Opp","to":"Won","count":1`),
		"too many moves":            replace(`{"from":"Lead","to":"Opp","count":1`, `{"from":"Lead","to":"Lead","count":9223372036854775807},{"from":"Lead","to":"Opp","count":1`),
		"no moves":                  replace(`{"from":"Opp","to":"Won","count":1`, `{"from":"Opp","to":"Won","count":0`),
		"negative moves":            replace(`{"from":"Opp","to":"Won","count":1`, `{"from":"Opp","to":"Won","count":-1`),
		"more moves than visits":    replace(`{"from":"Opp","to":"Won","count":1`, `{"from":"Opp","to":"Won","count":2`),
		"a contiguous fall":         replace(`{"from":"Won","to":"Won","visited":[2,0]`, `{"from":"Won","to":"Won","visited":[2,0],"contiguous":[1,0]`),
		"a contiguous loss":         replace(`{"from":"Lead","to":"Won","visited":[1,0],"contiguous":[1,0]`, `{"from":"Lead","to":"Lost","contiguous":[1,0]`),
		"implied and contiguous":    replace(`{"from":"Lead","to":"Won","visited":[1,0]`, `{"from":"Lead","to":"Won","implied":[1,0],"visited":[1,0]`),
		"more reached than entered": replace(`{"from":"Lead","to":"Opp","visited":[1,0]`, `{"from":"Lead","to":"Opp","visited":[3,0]`),
		"more open than all":        replace(`{"from":"Lead","to":"Opp","visited":[1,0]`, `{"from":"Lead","to":"Opp","visited":[1,2]`),
		"more contiguous":           replace(`"to":"Opp","visited":[1,0],"contiguous":[1,0]`, `"to":"Opp","visited":[1,0],"contiguous":[2,1]`),
		"won, but not past":         strings.Replace(replace(`"implied":[3,1]`, `"implied":[2,1]`), `"implied":[2,0]`, `"implied":[1,0]`, 1),
		"reached twice":             replace(`{"from":"Lead","to":"Opp","visited"`, `{"from":"Lead","to":"Won","visited"`),
		"more times than visits":    replace(`"enter":1`, `"enter":7`),
		"times that end otherwise":  replace(`"leave":{"won":1}`, `"leave":{"churned":1}`),
		"amount does not balance":   amount("101"),
		"amount that is none":       amount("[]"),
		"amount of letters":         amount(`"ten"`),
		"amount of many digits":     amount(strings.Repeat("9", 500)),
		"amount beyond bounds":      amount("1e99"),
		"amount far beyond":         amount("1e9999"),
		"two stages of one name":    replace(`{"key":"Opp"}`, `{"key":"Lead"}`),
	} {
		if err := f.UnmarshalJSON([]byte(bad)); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "unknown field") != (name == "another field") {
			t.Errorf("%s is refused for another reason: %v", name, err)
		}
	}
	back, err := json.Marshal(flowOf(t, funnel.View{Pipeline: p.Reopening(), AsOf: flowAt(48)}, flowJourney("a", "Lead", "Won", "Opp")))
	if err != nil {
		t.Fatal(err)
	}
	var g funnel.Flow
	if err := g.UnmarshalJSON(back); err != nil {
		t.Error(err)
	}
	if err := g.UnmarshalJSON(bytes.Replace(back, []byte(`"reopens":true,`), nil, 1)); !errors.Is(err, funnel.ErrEncoding) {
		t.Errorf("back from an end where that cannot be: %v", err)
	}
	one, err := json.Marshal(flowOf(t, funnel.View{Pipeline: p, AsOf: flowAt(48)}, flowJourney("a", "Lead", "Opp")))
	if err != nil {
		t.Fatal(err)
	}
	for by, ok := range map[string]bool{"1e-18": true, "1e-19": false, "1e35": true, "1e36": false, "-1e36": false} {
		var g funnel.Flow
		if err := g.UnmarshalJSON(first.ReplaceAll(one, []byte(`"amount":`+by))); (err == nil) != ok {
			t.Errorf("amounts of %s: %v", by, err)
		}
	}
	if !bytes.Equal(before, flowBytes(t, f)) {
		t.Error("the flow was changed")
	}
	if err := f.UnmarshalJSON([]byte(" null")); err != nil || !bytes.Equal(before, flowBytes(t, f)) {
		t.Errorf("null: %v", err)
	}
}

// Each cut or changed byte of the binary form is refused, or means another flow; nothing panics, and what was there stays.
func TestFlow_UnmarshalBinary_errors(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost").Reopening()
	f := flowOf(t, funnel.View{Pipeline: p, AsOf: flowAt(48)}, flowJourney("a", "Lead", "Opp", "Lost", "Opp"), flowJourney("b", "Lead"), flowJourney("c", "Won"))
	text := flowBytes(t, f)
	for n := range text {
		g := flowMerge(t, f)
		if err := g.UnmarshalBinary(text[:n]); !errors.Is(err, funnel.ErrEncoding) || !bytes.Equal(text, flowBytes(t, g)) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
		for _, by := range []byte{1, 2, 0x80, 0xff} {
			bad := bytes.Clone(text)
			bad[n] ^= by
			if err := g.UnmarshalBinary(bad); err == nil {
				if !bytes.Equal(bad, flowBytes(t, g)) {
					t.Errorf("byte %d: read something else", n)
				}
			} else if !errors.Is(err, funnel.ErrEncoding) {
				t.Errorf("byte %d: %v", n, err)
			}
			g = flowMerge(t, f)
		}
	}
	if err := f.UnmarshalBinary(append(bytes.Clone(text), 0)); !errors.Is(err, funnel.ErrEncoding) {
		t.Errorf("a byte more: %v", err)
	}
}

// Adding a journey allocates nothing, once journeys like it were seen.
func TestFlow_Add_allocs(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Demo", "Won=won", "Lost=lost")
	j := flowJourney("a", "Lead", "Opp", "Demo", "Opp", "Opp", "Demo", "Won")
	j.Currency = "EUR"
	for _, view := range []funnel.View{
		{Pipeline: p, AsOf: flowAt(1000)},
		{Pipeline: p, AsOf: flowAt(45), Since: flowAt(5), Clock: funnel.Hours},
		{Pipeline: p, AsOf: flowAt(45), Clock: funnel.CalendarDays(time.FixedZone("", 3600))},
	} {
		f := flowOf(t, view, j)
		if n := testing.AllocsPerRun(100, func() {
			if err := f.Add(view, j); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
		visits := make([]funnel.Visit, 0, 16)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := view.Visits(visits, j); err != nil {
				t.Fatal(err)
			}
			if _, _, err := view.Lifetime(j); err != nil {
				t.Fatal(err)
			}
			if _, _, err := view.Conversion(j, "Lead", "Won", funnel.Contiguous); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("reading: %v allocations", n)
		}
	}
}
