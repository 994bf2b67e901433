package forecast_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// dealRates are fixed: "EUR/USD 2026-01-05", or "EUR/USD" on any day, to a rate.
func dealRates(table map[string]string) func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
	return func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
		text, ok := table[from+"/"+to+" "+on.String()]
		if !ok {
			text, ok = table[from+"/"+to]
		}
		if !ok {
			return decimal.Decimal{}, false
		}
		return d(text), true
	}
}

func TestConvert(t *testing.T) {
	deals := dealsOf("a open 100.55 2026-01-05 u:EUR c:commit s:Demo o:ana", "b won 5.005 2026-01-05 u:USD", "c open 1000 - u:JPY", "d lost -100.55 2026-02-05 u:EUR")
	table := dealRates(map[string]string{"EUR/USD 2026-01-05": "1.08123", "EUR/USD 2026-02-05": "1.1", "JPY/USD ": "0.0065", "USD/GBP": "0.8"})
	got, err := forecast.Convert(deals, "USD", table)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]forecast.Deal{}, deals...)
	want[0].Currency, want[0].Amount, want[0].FX = "USD", d("108.7176765"), &forecast.FX{From: "EUR", Rate: d("1.08123"), Amount: d("100.55")}
	want[2].Currency, want[2].Amount, want[2].FX = "USD", d("6.5"), &forecast.FX{From: "JPY", Rate: d("0.0065"), Amount: d("1000")}
	want[3].Currency, want[3].Amount, want[3].FX = "USD", d("-110.605"), &forecast.FX{From: "EUR", Rate: d("1.1"), Amount: d("-100.55")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// Again, into another currency: the record is that of the original.
	again, err := forecast.Convert(got, "GBP", table)
	if err != nil {
		t.Fatal(err)
	}
	want[0].Currency, want[0].Amount, want[0].FX = "GBP", d("86.9741412"), &forecast.FX{From: "EUR", Rate: d("0.864984"), Amount: d("100.55")}
	if diff := cmp.Diff(want[0], again[0]); diff != "" {
		t.Errorf("converted twice (-want +got)\n%s", diff)
	}
	// What comes back does not share its records with what went in, also when nothing is to do.
	idle, err := forecast.Convert(got, "USD", table)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, idle); diff != "" {
		t.Errorf("in the currency already (-want +got)\n%s", diff)
	}
	for i := range again {
		again[i].FX.From = "changed"
		if idle[i].FX != nil {
			idle[i].FX.From = "changed"
		}
	}
	if got[0].FX.From != "EUR" || deals[0].FX != nil || deals[0].Currency != "EUR" {
		t.Error("the argument was changed")
	}

	asked := map[string]int{}
	count := func(from, _ string, on salesops.Date) (decimal.Decimal, bool) {
		asked[from+on.String()]++
		return d("2"), true
	}
	var many []forecast.Deal
	for i := range 12 {
		many = append(many, dealOf(fmt.Sprintf("d%d open 1 %s u:%s", i, []string{"2026-01-05", "2026-01-06"}[i/6], []string{"EUR", "USD", "GBP"}[i%3])))
	}
	if _, err := forecast.Convert(many, "USD", count); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"EUR2026-01-05": 1, "EUR2026-01-06": 1, "GBP2026-01-05": 1, "GBP2026-01-06": 1}, asked); diff != "" {
		t.Errorf("rates asked for (-want +got)\n%s", diff)
	}
}

func TestConvert_errors(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	one := dealRates(map[string]string{"EUR/USD": "1.1", "BAD/USD": "0", "NEG/USD": "-1", "FINE/USD": "0.000000000000000001"})
	odd := func(change func(*forecast.Deal)) []forecast.Deal {
		out := dealsOf("a open 1 - u:EUR")
		change(&out[0])
		return out
	}
	for _, x := range []struct {
		name  string
		deals []forecast.Deal
		to    string
		rate  func(from, to string, on salesops.Date) (decimal.Decimal, bool)
		want  []string
	}{
		{"no currency to convert to, no rates", nil, "", nil, []string{"to must name a currency", "rate must be set"}},
		{"no currency", dealsOf("a open 1"), "USD", one, []string{"a: deals/0/currency must not be empty"}},
		{
			"no rate, told once", dealsOf("a open 1 2026-01-01 u:GBP", "b open 1 2026-01-01 u:GBP", "c open 1 - u:GBP"), "USD", one,
			[]string{`a: deals/0/currency "GBP" has no rate to "USD" of 2026-01-01 that can be used: there is none`, `c: deals/2/currency "GBP" has no rate to "USD" that can be used`},
		},
		{"a rate that is not positive", dealsOf("a open 1 - u:BAD", "b open 1 - u:NEG"), "USD", one, []string{"it is 0, and must be positive", "it is -1, and must be positive"}},
		{
			"a rate that hangs", dealsOf("a open 1 - u:EUR"), "USD",
			func(string, string, salesops.Date) (decimal.Decimal, bool) { return huge, true },
			[]string{"a: deals/0/currency ... has an exponent beyond"},
		},
		{"an amount that hangs", odd(func(d *forecast.Deal) { d.Amount = huge }), "USD", one, []string{"a: deals/0/amount has an exponent"}},
		{"a record that hangs", odd(func(d *forecast.Deal) { d.FX = &forecast.FX{Rate: huge, Amount: huge} }), "USD", one, []string{"a: deals/0/fx/rate", "a: deals/0/fx/amount"}},
		{"too many places", dealsOf("a open 0.1 - u:FINE"), "USD", one, []string{"a: deals/0/amount times the rate 0.000000000000000001 is out of bounds"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := forecast.Convert(x.deals, x.to, x.rate)
			dealWant(t, dealFaults(t, err, forecast.ErrInput), x.want)
			if got != nil {
				t.Errorf("there is a result too: %v", got)
			}
		})
	}
}

// dealTree makes nodes from "id < parent own" and overrides from "node = amount by who".
func dealTree(texts ...string) (nodes []forecast.Node, overrides []forecast.Override) {
	for _, text := range texts {
		w := strings.Fields(text)
		switch {
		case len(w) == 5 && w[1] == "=" && w[3] == "by":
			overrides = append(overrides, forecast.Override{Node: w[0], By: w[4], Amount: d(w[2])})
		case len(w) == 4 && w[1] == "<":
			nodes = append(nodes, forecast.Node{ID: w[0], Parent: w[2], Own: d(w[3])})
		default:
			nodes = append(nodes, forecast.Node{ID: w[0], Own: d(w[1])})
		}
	}
	return nodes, overrides
}

func dealLines(lines []forecast.Line) []string {
	var out []string
	for _, l := range lines {
		text := fmt.Sprintf("%s: %s %s %s %s", l.Node, l.Own.StringFixed(0), l.Computed.StringFixed(0), l.ByOwner.StringFixed(0), l.Submitted.StringFixed(0))
		if l.Prevailing != nil {
			text += " by " + l.Prevailing.By
		}
		for _, o := range l.Superseded {
			text += " not " + o.By
		}
		out = append(out, text)
	}
	return out
}

// Salesforce, object reference of ForecastingItem, ForecastingOwnerAdjustment and ForecastingAdjustment: adjustments are
// absolute amounts; AmountWithoutAdjustments has none; AmountWithoutManagerAdjustment is the number as the owner of the
// forecast sees it, with the owner's adjustments of the own forecast and of subordinates', and without those of managers
// above; ForecastAmount has all. The numbers are ours. Each line: own, computed, by owner, submitted.
func TestS53_dealOverrides(t *testing.T) {
	team := []string{"vp 0", "mgr < vp 10", "ana < mgr 100", "bo < mgr 200", "other < vp 1000"}
	for _, x := range []struct {
		name      string
		overrides []string
		want      []string
	}{
		{"none", nil, []string{"vp: 0 1310 1310 1310", "mgr: 10 310 310 310", "ana: 100 100 100 100", "bo: 200 200 200 200", "other: 1000 1000 1000 1000"}},
		{
			"a rep's own",
			[]string{"ana = 80 by ana"},
			[]string{"vp: 0 1310 1290 1290", "mgr: 10 310 290 290", "ana: 100 100 80 80 by ana", "bo: 200 200 200 200", "other: 1000 1000 1000 1000"},
		},
		{
			"a manager's of a rep supersedes the rep's own, which the rep still stands for",
			[]string{"ana = 80 by ana", "ana = 90 by mgr"},
			[]string{"vp: 0 1310 1300 1300", "mgr: 10 310 300 300", "ana: 100 100 80 90 by mgr not ana", "bo: 200 200 200 200", "other: 1000 1000 1000 1000"},
		},
		{
			"the highest prevails, and nobody below sees it",
			[]string{"ana = 90 by mgr", "ana = 70 by vp", "ana = 80 by ana"},
			[]string{"vp: 0 1310 1280 1280", "mgr: 10 310 300 280", "ana: 100 100 80 70 by vp not mgr not ana", "bo: 200 200 200 200", "other: 1000 1000 1000 1000"},
		},
		{
			"a manager's own number replaces all below",
			[]string{"mgr = 250 by mgr", "ana = 90 by mgr", "bo = 300 by vp"},
			[]string{"vp: 0 1310 1250 1250", "mgr: 10 310 250 250 by mgr", "ana: 100 100 100 90 by mgr", "bo: 200 200 200 300 by vp", "other: 1000 1000 1000 1000"},
		},
		{
			"a number of the top by the top",
			[]string{"vp = 1500 by vp", "mgr = 300 by vp"},
			[]string{"vp: 0 1310 1500 1500 by vp", "mgr: 10 310 310 300 by vp", "ana: 100 100 100 100", "bo: 200 200 200 200", "other: 1000 1000 1000 1000"},
		},
		{
			"zero is a number",
			[]string{"other = 0 by vp"},
			[]string{"vp: 0 1310 310 310", "mgr: 10 310 310 310", "ana: 100 100 100 100", "bo: 200 200 200 200", "other: 1000 1000 1000 0 by vp"},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			nodes, overrides := dealTree(append(append([]string{}, team...), x.overrides...)...)
			lines := dealRollUp(t, nodes, overrides)
			if diff := cmp.Diff(x.want, dealLines(lines)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, l := range lines {
				if !l.Judgment.Equal(l.Submitted.Sub(l.Computed)) {
					t.Errorf("%s: the judgment is %s", l.Node, l.Judgment.StringFixed(0))
				}
			}
		})
	}
	// Notes come along; several tops are as many trees; no nodes have no lines.
	nodes, _ := dealTree("a 1", "b 2")
	lines := dealRollUp(t, nodes, []forecast.Override{{Node: "b", By: "b", Amount: d("3"), Note: "the customer has signed"}})
	if got := lines[1].Prevailing.Note; got != "the customer has signed" {
		t.Errorf("the note is %q", got)
	}
	if none := dealRollUp(t, nil, nil); none == nil || len(none) != 0 {
		t.Errorf("no nodes give %v", none)
	}
}

func TestRollUp_errors(t *testing.T) {
	long := []string{"top 0"}
	for i := range 30 {
		long = append(long, fmt.Sprintf("n%d < n%d 1", i, (i+1)%30))
	}
	for _, x := range []struct {
		name string
		tree []string
		want []string
	}{
		{"an ID twice", []string{"a 1", "b < a 1", "a < b 1"}, []string{`a: nodes/2/id "a" is that of nodes/0 too`}},
		{"an unknown parent", []string{"a 1", "b < c 1", "d < b 1"}, []string{`b: nodes/1/parent "c" is not among the nodes`}},
		{"above itself", []string{"a 1", "b < b 1"}, []string{`b: nodes/1/parent "b" is above itself: "b", which is below "b"`}},
		{"a circle", []string{"a 1", "x < b 5", "b < d 1", "c < b 1", "d < c 1"}, []string{`b: nodes/2/parent "d" is above itself: "b" is below "d" is below "c", which is below "b"`}},
		{
			"two circles, in the order of the nodes, and not what is below them",
			[]string{"x < e 1", "b < c 1", "c < b 1", "d < e 1", "e < d 1", "y < x 1"},
			[]string{`b: nodes/1/parent "c" is above itself`, `d: nodes/3/parent "e" is above itself`},
		},
		{"a long circle", long, []string{`n0: nodes/1/parent "n1" ... "n7", and so on over 22 more, which is below "n0"`}},
		{
			"overrides of nobody, by nobody, from below and beside",
			[]string{"a 1", "b < a 1", "c < a 1", "x = 1 by a", "b = 1 by x", "a = 1 by b", "b = 1 by c", "c = 1 by b", "y = 1 by z"},
			[]string{
				`x: overrides/0/node "x" is not among the nodes`, `b: overrides/1/by "x" is not among the nodes`, `a: overrides/2/by "b" is neither the node nor above it`,
				`b: overrides/3/by "c" is neither the node nor above it`, `c: overrides/4/by "b" is neither`, `y: overrides/5/node "y"`, `y: overrides/5/by "z"`,
			},
		},
		{"two by one", []string{"a 1", "b < a 1", "b = 1 by a", "b = 2 by b", "b = 1 by a"}, []string{`b: overrides/2/by "a" has overridden the node in overrides/0 already`}},
	} {
		t.Run(x.name, func(t *testing.T) {
			nodes, overrides := dealTree(x.tree...)
			got, err := forecast.RollUp(nodes, overrides)
			dealWant(t, dealFaults(t, err, forecast.ErrHierarchy), x.want)
			if got != nil {
				t.Errorf("there is a result too: %v", got)
			}
		})
	}
	huge, wide := decimal.New(1, 1_000_000_000), decimal.RequireFromString(strings.Repeat("9", 96))
	for _, x := range []struct {
		name      string
		nodes     []forecast.Node
		overrides []forecast.Override
		want      []string
	}{
		{"no ID", []forecast.Node{{}}, nil, []string{"nodes/0/id must not be empty"}},
		{"numbers that hang", []forecast.Node{{ID: "a", Own: huge}}, nil, []string{"a: nodes/0/own has an exponent beyond ±36"}},
		{"overrides that hang", []forecast.Node{{ID: "a"}}, []forecast.Override{{Node: "a", By: "a", Amount: huge.Neg()}}, []string{"a: overrides/0/amount has an exponent beyond ±36"}},
		{"sums beyond 96 digits", []forecast.Node{{ID: "a", Own: wide}, {ID: "b", Parent: "a", Own: d("1")}}, nil, []string{"a: nodes/0 comes to a number"}},
		{
			"a judgment beyond 96 digits",
			[]forecast.Node{{ID: "a", Own: wide}},
			[]forecast.Override{{Node: "a", By: "a", Amount: wide.Neg()}},
			[]string{"a: nodes/0 comes to a number"},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := forecast.RollUp(x.nodes, x.overrides)
			dealWant(t, dealFaults(t, err, forecast.ErrInput, forecast.ErrHierarchy), x.want)
		})
	}
}

// A chain of managers is as deep as it likes.
func TestRollUp_deep(t *testing.T) {
	const n = 200_000
	nodes := make([]forecast.Node, n)
	overrides := []forecast.Override{{Node: strconv.Itoa(n / 2), By: "0", Amount: d("0")}, {Node: strconv.Itoa(n - 1), By: strconv.Itoa(n - 1), Amount: d("5")}}
	for i := range nodes {
		nodes[i] = forecast.Node{ID: strconv.Itoa(i), Own: d("1")}
		if i > 0 {
			nodes[i].Parent = strconv.Itoa(i - 1)
		}
	}
	lines := dealRollUp(t, nodes, overrides)
	if diff := cmp.Diff([]string{"0: 1 200000 100000 100000", "1: 1 199999 200003 99999"}, dealLines(lines[:2])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	nodes[0].Parent = strconv.Itoa(n - 1)
	_, err := forecast.RollUp(nodes, nil)
	dealWant(t, dealFaults(t, err, forecast.ErrHierarchy), []string{"0: nodes/0/parent ... and so on over 199992 more"})
}

// dealBridge writes the parts of a bridge that are not empty, and its moves.
func dealBridge(b forecast.Bridge) []string {
	var out []string
	for _, x := range []struct {
		name string
		part forecast.Part
	}{
		{"opening", b.Opening},
		{"new", b.New},
		{"reopened", b.Reopened},
		{"pulled in", b.PulledIn},
		{"included", b.Included},
		{"increased", b.Increased},
		{"decreased", b.Decreased},
		{"pushed out", b.PushedOut},
		{"omitted", b.Omitted},
		{"won", b.Won},
		{"lost", b.Lost},
		{"removed", b.Removed},
		{"closing", b.Closing},
	} {
		if x.part.Deals != 0 || !x.part.Amount.IsZero() {
			out = append(out, fmt.Sprintf("%d %s %s", x.part.Deals, x.name, x.part.Amount.StringFixed(0)))
		}
	}
	for _, m := range b.Moves {
		out = append(out, fmt.Sprintf("%s %s %s", m.ID, m.Cause, m.Amount.StringFixed(0)))
	}
	return out
}

// Each cause alone, each pair of causes by its precedence, and the amount that each part has. The period is the first
// quarter; "-" is no deal.
func TestS54_dealCauses(t *testing.T) {
	for _, x := range []struct {
		name     string
		from, to string
		want     []string
	}{
		{"stays", "open 10 2026-01-15", "open 10 2026-03-31 c:commit s:Legal", []string{"1 opening 10", "1 closing 10"}},
		{"is never in it", "open 10 2026-04-01", "won 20 2025-12-31", nil},
		{"new", "-", "open 10 2026-01-15", []string{"1 new 10", "1 closing 10", "x new 10"}},
		{"new, and not in the period", "-", "open 10 2026-04-01", nil},
		{"new, and omitted", "-", "open 10 2026-01-15 c:omitted", nil},
		{"new, and won already", "-", "won 10 2026-01-15", nil},
		{"reopened at what it was worth, then changes", "lost 10 2026-01-15", "open 30 2026-01-15", []string{"1 reopened 10", "1 increased 20", "1 closing 30", "x reopened 10", "x increased 20"}},
		{"reopened, and was won", "won 10 2026-01-15", "open 10 2026-01-15", []string{"1 reopened 10", "1 closing 10", "x reopened 10"}},
		{"reopened before pulled in", "lost 10 2025-01-15", "open 10 2026-01-15", []string{"1 reopened 10", "1 closing 10", "x reopened 10"}},
		{"pulled in from later", "open 10 2026-04-01", "open 10 2026-01-15", []string{"1 pulled in 10", "1 closing 10", "x pulled in 10"}},
		{"pulled in from before, and falls", "open 10 2025-12-31", "open 7 2026-01-15", []string{"1 pulled in 10", "1 decreased 3", "1 closing 7", "x pulled in 10", "x decreased -3"}},
		{"pulled in before included", "open 10 2026-04-01 c:omitted", "open 10 2026-01-15", []string{"1 pulled in 10", "1 closing 10", "x pulled in 10"}},
		{"included", "open 10 2026-01-15 c:omitted", "open 10 2026-01-15 c:commit", []string{"1 included 10", "1 closing 10", "x included 10"}},
		{"rises", "open 10 2026-01-15", "open 12 2026-01-15", []string{"1 opening 10", "1 increased 2", "1 closing 12", "x increased 2"}},
		{"falls below zero", "open 10 2026-01-15", "open -5 2026-01-15", []string{"1 opening 10", "1 decreased 15", "1 closing -5", "x decreased -15"}},
		{"pushed out, after it fell", "open 10 2026-01-15", "open 4 2026-04-01", []string{"1 opening 10", "1 decreased 6", "1 pushed out 4", "x decreased -6", "x pushed out -4"}},
		{"pushed out to before", "open 10 2026-01-15", "open 10 2025-12-31", []string{"1 opening 10", "1 pushed out 10", "x pushed out -10"}},
		{"pushed out before omitted", "open 10 2026-01-15", "open 10 2026-04-01 c:omitted", []string{"1 opening 10", "1 pushed out 10", "x pushed out -10"}},
		{"omitted", "open 10 2026-01-15", "open 10 2026-01-15 c:omitted", []string{"1 opening 10", "1 omitted 10", "x omitted -10"}},
		{"won at less", "open 100 2026-01-15", "won 80 2026-01-10", []string{"1 opening 100", "1 decreased 20", "1 won 80", "x decreased -20", "x won -80"}},
		{"won outside the period", "open 10 2026-01-15", "won 10 2025-12-31", []string{"1 opening 10", "1 won 10", "x won -10"}},
		{"lost", "open 10 2026-01-15", "lost 10 2026-01-10 c:omitted", []string{"1 opening 10", "1 lost 10", "x lost -10"}},
		{"removed", "open 10 2026-01-15", "-", []string{"1 opening 10", "1 removed 10", "x removed -10"}},
		{"removed, and was not in it", "won 10 2026-01-15", "-", nil},
		{"worth nothing", "-", "open 0 2026-01-15", []string{"1 new 0", "1 closing 0", "x new 0"}},
		{"the same number, written otherwise", "open 10 2026-01-15", "open 10.00 2026-01-15", []string{"1 opening 10", "1 closing 10"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			var from, to []forecast.Deal
			if x.from != "-" {
				from = dealsOf("x " + x.from)
			}
			if x.to != "-" {
				to = dealsOf("x " + x.to)
			}
			b := dealCompare(t, from, to, period("2026-01-01", "2026-04-01"))
			if diff := cmp.Diff(x.want, dealBridge(b)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, m := range b.Moves {
				if x.from != "-" && !cmp.Equal(from[0], m.From) || x.to != "-" && !cmp.Equal(to[0], m.To) {
					t.Errorf("the move is from %v to %v", m.From, m.To)
				}
			}
		})
	}
	// The zero Period is that of all deals: no date is asked for, and none is in or out.
	b := dealCompare(t, dealsOf("a open 1", "b open 10 2026-01-01"), dealsOf("b open 10 2036-01-01", "c open 100"), salesops.Period{})
	if diff := cmp.Diff([]string{"2 opening 11", "1 new 100", "1 removed 1", "2 closing 110", "a removed -1", "c new 100"}, dealBridge(b)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if b.From != on("2026-01-05") || b.To != on("2026-01-12") || b.Currency != "" {
		t.Errorf("from %s to %s in %q", b.From, b.To, b.Currency)
	}
}

func TestCompare_errors(t *testing.T) {
	q := period("2026-01-01", "2026-04-01")
	huge := forecast.Deal{ID: "h", Amount: decimal.New(1, 1_000_000_000), Close: on("2026-01-01")}
	for _, x := range []struct {
		name     string
		from, to []forecast.Deal
		period   salesops.Period
		want     []string
	}{
		{"a period that ends first", nil, nil, period("2026-02-01", "2026-01-01"), []string{`period "2026-02-01/2026-01-01" ends before it starts`}},
		{"an empty period", nil, nil, period("2026-02-01", "2026-02-01"), []string{"period ... holds no day"}},
		{"no ID", dealsOf("a open 1 2026-01-01", "- open 1 2026-01-01", "- open 1 2026-01-01"), nil, q, []string{"from/deals/1/id must not be empty", "from/deals/2/id must not be empty"}},
		{"twice", dealsOf("a open 1 2026-01-01", "b won 1", "a lost 1"), dealsOf("a won 1", "c won 1", "a won 1", "c won 1"), q, []string{
			`a: from/deals/2/id "a" is that of from/deals/0 too`, `a: to/deals/2/id "a" is that of to/deals/0 too`, `c: to/deals/3/id "c" is that of to/deals/1 too`,
		}},
		{"twice, and new", nil, dealsOf("a won 1", "a won 1"), q, []string{`a: to/deals/1/id "a" is that of to/deals/0 too`}},
		{"no date", dealsOf("a open 1", "b won 1", "c lost 1"), dealsOf("a open 1 - c:omitted"), q, []string{"a: from/deals/0/close must be set", "a: to/deals/0/close must be set"}},
		{"what is unknown", dealsOf("a x 1"), dealsOf("a open 1 2026-01-01 c:x"), q, []string{"a: from/deals/0/status", "a: to/deals/0/category"}},
		{"numbers that hang", []forecast.Deal{huge}, []forecast.Deal{huge}, q, []string{"h: from/deals/0/amount", "h: to/deals/0/amount"}},
		{"two currencies", dealsOf("a open 1 2026-01-01 u:EUR", "z open 1 2026-09-01 u:JPY"), dealsOf("a open 1 2026-01-01 u:EUR", "b open 1 2026-01-01 u:USD"), q, []string{`b: to/deals/1/currency "USD" is not "EUR", the currency of deal "a"`}},
		{"a deal changes its currency", dealsOf("a open 1 2026-01-01 u:EUR"), dealsOf("a open 1 2026-01-01 u:USD"), q, []string{`a: to/deals/0/currency "USD" is not "EUR", the currency of deal "a"`}},
	} {
		t.Run(x.name, func(t *testing.T) {
			b, err := forecast.Compare(forecast.Snapshot{Deals: x.from}, forecast.Snapshot{Deals: x.to}, x.period)
			dealWant(t, dealFaults(t, err, forecast.ErrInput), x.want)
			if diff := cmp.Diff(forecast.Bridge{}, b); diff != "" {
				t.Errorf("there is a result too: %s", diff)
			}
		})
	}
	_, err := forecast.Compare(forecast.Snapshot{AsOf: on("2026-01-02")}, forecast.Snapshot{AsOf: on("2026-01-01")}, q)
	dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{`to/asOf "2026-01-01" is before 2026-01-02`})
	if _, err := forecast.Compare(forecast.Snapshot{AsOf: on("2026-01-02")}, forecast.Snapshot{AsOf: on("2026-01-02")}, q); err != nil {
		t.Error(err)
	}
}

func TestBridge_Add(t *testing.T) {
	q := period("2026-01-01", "2026-04-01")
	usd := dealCompare(t, dealsOf("a open 10 2026-01-01 u:USD"), dealsOf("a open 15 2026-01-01 u:USD"), q)
	eur := dealCompare(t, nil, dealsOf("b open 1 2026-01-01 u:EUR"), q)
	none := dealCompare(t, nil, nil, q)
	add := func(a, b forecast.Bridge) forecast.Bridge {
		t.Helper()
		sum, err := a.Add(b)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	for name, got := range map[string]forecast.Bridge{
		"nothing": add(usd, forecast.Bridge{}), "to nothing": add(forecast.Bridge{}, usd), "no deals": add(usd, none), "to no deals": add(none, usd),
	} {
		if diff := cmp.Diff(usd, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	other, later := usd, usd
	other.Period, later.To = period("2026-01-01", "2026-05-01"), on("2026-01-13")
	hostile := forecast.Bridge{New: forecast.Part{Deals: 1, Amount: decimal.New(1, 1_000_000_000)}}
	for _, x := range []struct {
		name string
		a, b forecast.Bridge
		want string
	}{
		{"currencies", usd, eur, `currency "EUR" is not "USD"`},
		{"periods", usd, other, `period "2026-01-01/2026-05-01" is not 2026-01-01/2026-04-01`},
		{"days", usd, later, `from "2026-01-05 to 2026-01-13" is not 2026-01-05 to 2026-01-12`},
		{"numbers that hang", hostile, hostile, "more than 96 digits"},
	} {
		_, err := x.a.Add(x.b)
		dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{x.want})
	}
	if got := hostile.Net().Amount; got.Exponent() != 1_000_000_000 {
		t.Errorf("the exponent is %d", got.Exponent())
	}
	sum := add(usd, usd)
	sum.Moves[0].ID = "changed"
	if usd.Moves[0].ID != "a" {
		t.Error("the sum shares its moves")
	}
}
