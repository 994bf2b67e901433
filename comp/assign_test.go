package comp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// splits are direct ones, of payees and shares in turn; a "+" before the payee
// makes an overlay.
func splits(args ...string) []comp.Split {
	var out []comp.Split
	for i := 0; i < len(args); i += 2 {
		name, overlay := strings.CutPrefix(args[i], "+")
		out = append(out, comp.Split{Payee: name, Share: d(args[i+1]), Overlay: overlay})
	}
	return out
}

// sale is a booking in USD with tags given as key, value pairs.
func sale(id, date, amount string, tags ...string) comp.Deal {
	deal := comp.Deal{ID: id, Date: on(date), Currency: "USD", Amount: d(amount)}
	for i := 0; i < len(tags); i += 2 {
		if deal.Tags == nil {
			deal.Tags = comp.Tags{}
		}
		deal.Tags[tags[i]] = tags[i+1]
	}
	return deal
}

// later is a row that refers to another.
func later(id, ref string, kind comp.Event, date, amount string, tags ...string) comp.Deal {
	deal := sale(id, date, amount, tags...)
	deal.Ref, deal.Event = ref, kind
	return deal
}

// digits writes a decimal in full.
func digits(v decimal.Decimal) string { return v.StringFixed(max(0, -v.Exponent())) }

// written down: deal, payee, kind, share, amount, via.
func listed(credits []comp.Credit) []string {
	var out []string
	for _, c := range credits {
		out = append(out, fmt.Sprintf("%s %s %s %s %s via %s", c.ID, c.Payee, c.Kind, digits(c.Share), digits(c.Amount), c.Via))
	}
	return out
}

func snapshot(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustSplit(t rapid.TB, deal comp.Deal, s []comp.Split, places int32) []comp.Credit {
	t.Helper()
	credits, err := comp.SplitDeal(deal, s, places)
	if err != nil {
		t.Fatal(err)
	}
	return credits
}

func mustAssign(t rapid.TB, deals []comp.Deal, rules []comp.CreditRule) ([]comp.Credit, []comp.Deal) {
	t.Helper()
	credits, rest, err := comp.Assign(deals, rules, 2)
	if err != nil {
		t.Fatal(err)
	}
	return credits, rest
}

// xTuple, "Sales commission: split": 88.20 at 2 % for two sales representatives is
// 0.88 each: the pool is rounded to 1.76 before it is shared. 1.764 cannot be paid,
// and is refused.
func TestE34_poolOfWholeCents(t *testing.T) {
	two := []decimal.Decimal{d("1"), d("1")}
	pool := d("88.20").Mul(d("0.02"))
	if _, err := comp.Allocate(pool, two, 2); !errors.Is(err, comp.ErrInput) {
		t.Errorf("Allocate(1.764) = %v, want ErrInput", err)
	}
	parts, err := comp.Allocate(pool.Round(2), two, 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "first", parts[0], "0.88")
	same(t, "second", parts[1], "0.88")
}

// Xactly's FAQ: two people on an order of 1,000 have a credit of 500 each. eHow:
// 15,000 at 60 and 40 % is 9,000 and 6,000.
func TestE35_splitOfTheCredit(t *testing.T) {
	for _, x := range []struct {
		amount string
		splits []comp.Split
		want   []string
	}{
		{"1000", splits("ana", "0.5", "bo", "0.5"), []string{"500", "500"}},
		{"15000", splits("ana", "0.6", "bo", "0.4"), []string{"9000", "6000"}},
	} {
		for i, c := range mustSplit(t, sale("d", "2026-01-05", x.amount), x.splits, 2) {
			same(t, x.amount+" of "+c.Payee, c.Amount, x.want[i])
		}
	}
}

// SparrowGenie, "Pooled commission": team revenue of 1,200,000, a pool of 10 %, of
// which a member has 25 %: 30,000. It is the same as a flat 10 % on a credit of 25 %.
func TestE36_poolOfTheTeam(t *testing.T) {
	pool := d("1200000").Mul(d("0.1"))
	parts, err := comp.Allocate(pool, []decimal.Decimal{d("25"), d("40"), d("35")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "share of the pool", parts[0], "30000")

	credits := mustSplit(t, sale("team", "2026-01-05", "1200000"), splits("ana", "0.25", "bo", "0.4", "cy", "0.35"), 2)
	calc := calculator(t, flat("0.1", nil))
	st, _ := calculate(t, calc, comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01"), Credits: credits[:1]})
	same(t, "pay on the credit", st.Net, "30000")
}

// The same as E50 and E52, of deals instead of sums of money.
func TestSplitDeal_largestRemainder(t *testing.T) {
	for _, x := range []struct {
		amount string
		places int32
		splits []comp.Split
		want   []string
	}{
		{"10.03", 2, splits("ana", "0.49", "bo", "0.51"), []string{"4.91", "5.12"}},
		{"-10.03", 2, splits("ana", "0.49", "bo", "0.51"), []string{"-4.91", "-5.12"}},
		{"99.99", 2, splits("ana", "0.75", "bo", "0.25"), []string{"74.99", "25.00"}},
		{"100", 0, splits("ana", "0.6", "bo", "0.355", "cy", "0.045"), []string{"60", "36", "4"}},
		// A tie goes to the first.
		{"0.01", 2, splits("ana", "0.5", "bo", "0.5"), []string{"0.01", "0"}},
		// An amount finer than the unit has a unit of its own.
		{"0.005", 2, splits("ana", "0.5", "bo", "0.5"), []string{"0.003", "0.002"}},
		{"0.0050", 2, splits("ana", "0.5", "bo", "0.5"), []string{"0.003", "0.002"}},
		// Overlays are rounded half away from zero, each on its own.
		{"0.05", 2, splits("ana", "1", "+sam", "0.5", "+sue", "0.1", "+sy", "2.5"), []string{"0.05", "0.03", "0.01", "0.13"}},
		{"-0.05", 2, splits("ana", "1", "+sam", "0.5", "+sue", "0.1", "+sy", "2.5"), []string{"-0.05", "-0.03", "-0.01", "-0.13"}},
		{"0", 2, splits("ana", "0.5", "bo", "0.5", "+sam", "1"), []string{"0", "0", "0"}},
		// What is within the bounds of the package can be split.
		{"999999999999999999999999999999999999", 2, splits("ana", "1"), []string{"999999999999999999999999999999999999"}},
		{"1e-18", 2, splits("ana", "0.999", "bo", "0.001"), []string{"1e-18", "0"}},
	} {
		t.Run(x.amount, func(t *testing.T) {
			deal := sale("d", "2026-01-05", "0")
			deal.Amount, deal.Margin = d(x.amount), d(x.amount).Neg()
			for i, c := range mustSplit(t, deal, x.splits, x.places) {
				same(t, "amount of "+c.Payee, c.Amount, x.want[i])
				same(t, "margin of "+c.Payee, c.Margin.Neg(), x.want[i])
			}
		})
	}
}

// Units are no money: three seats in yen are not split into two and one.
func TestSplitDeal_units(t *testing.T) {
	deal := sale("d", "2026-01-05", "100")
	deal.Currency, deal.Units = "JPY", d("3")
	for i, c := range mustSplit(t, deal, splits("ana", "0.5", "bo", "0.5", "+sam", "0.3333"), 0) {
		same(t, "units of "+c.Payee, c.Units, []string{"1.5", "1.5", "0.9999"}[i])
	}
}

func TestSplitDeal_credits(t *testing.T) {
	deal := later("inv", "d", comp.Invoice, "2026-03-05", "100", "product", "core")
	got := mustSplit(t, deal, splits("ana", "0.40", "+ana", "1", "bo", "0.6"), 2)
	want := []string{"inv ana direct 0.4 40.00 via ", "inv ana overlay 1 100.00 via ", "inv bo direct 0.6 60.00 via "}
	if diff := cmp.Diff(want, listed(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, c := range got {
		c.Amount = deal.Amount
		if diff := cmp.Diff(deal, c.Deal); diff != "" {
			t.Errorf("the rest of the deal (-want +got)\n%s", diff)
		}
	}
}

// What is split is the credit, not the commission: each payee's own curve reads it.
// Two reps with half of 2,000 each earn 10 % of 1,000; half of the commission on
// 2,000, of which the second 1,000 earn 20 %, would be 150.
func TestS13_theCreditIsSplit(t *testing.T) {
	curve := bands(comp.Marginal, comp.At, []string{"0", "0.1"}, []string{"1000", "0.2"})
	for _, c := range mustSplit(t, sale("d", "2026-01-05", "2000"), splits("ana", "0.5", "bo", "0.5"), 2) {
		same(t, "commission of "+c.Payee, curve.Pay(c.Amount), "100")
	}
	parts, err := comp.Allocate(curve.Pay(d("2000")), []decimal.Decimal{d("1"), d("1")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "half of one commission", parts[0], "150")
}

func TestAssign(t *testing.T) {
	west := comp.CreditRule{ID: "west", Where: comp.Match{"territory": {"west"}}, Splits: splits("ana", "1")}
	east := comp.CreditRule{ID: "east", Where: comp.Match{"territory": {"east", "north"}}, Splits: splits("bo", "0.7", "cy", "0.3")}
	cloud := comp.CreditRule{ID: "cloud", Where: comp.Match{"product": {"cloud"}}, Splits: splits("+sam", "1")}
	for _, x := range []struct {
		name       string
		deals      []comp.Deal
		rules      []comp.CreditRule
		want       []string
		uncredited []string
	}{
		{name: "nothing"},
		{
			name: "every rule that matches, in order; tags and values are alternatives",
			deals: []comp.Deal{
				sale("d1", "2026-01-05", "100", "territory", "west", "product", "cloud"),
				sale("d2", "2026-01-05", "10.01", "territory", "north"),
			},
			rules: []comp.CreditRule{cloud, west, east},
			want: []string{
				"d1 sam overlay 1 100.00 via cloud", "d1 ana direct 1 100.00 via west",
				"d2 bo direct 0.7 7.01 via east", "d2 cy direct 0.3 3.00 via east",
			},
		},
		{
			name: "no rule matches: the deal comes back",
			deals: []comp.Deal{
				sale("d1", "2026-01-05", "1", "territory", "south"), sale("d2", "2026-01-05", "2", "territory", "west"), sale("d3", "2026-01-05", "3"),
			},
			rules:      []comp.CreditRule{west, east, cloud},
			want:       []string{"d2 ana direct 1 2.00 via west"},
			uncredited: []string{"d1", "d3"},
		},
		{
			name:       "no rules at all",
			deals:      []comp.Deal{sale("d1", "2026-01-05", "1")},
			uncredited: []string{"d1"},
		},
		{
			name:  "an absent tag is the empty value",
			deals: []comp.Deal{sale("d1", "2026-01-05", "1"), sale("d2", "2026-01-05", "1", "territory", "west")},
			rules: []comp.CreditRule{
				{ID: "nowhere", Where: comp.Match{"territory": {""}}, Splits: splits("house", "1")},
				west,
			},
			want: []string{"d1 house direct 1 1.00 via nowhere", "d2 ana direct 1 1.00 via west"},
		},
		{
			name:  "Stop keeps later rules off",
			deals: []comp.Deal{sale("d1", "2026-01-05", "1", "territory", "west", "product", "cloud", "account", "acme")},
			rules: []comp.CreditRule{
				{ID: "acme", Where: comp.Match{"account": {"acme"}}, Splits: splits("key", "1"), Stop: true},
				west, cloud,
			},
			want: []string{"d1 key direct 1 1.00 via acme"},
		},
		{
			name: "a territory changes hands",
			deals: []comp.Deal{
				sale("d1", "2026-06-30", "1", "territory", "west"), sale("d2", "2026-07-01", "1", "territory", "west"),
			},
			rules: []comp.CreditRule{
				{ID: "until June", Span: salesops.Period{End: on("2026-07-01")}, Where: west.Where, Splits: splits("ana", "1")},
				{ID: "from July", Span: salesops.Period{Start: on("2026-07-01")}, Where: west.Where, Splits: splits("bo", "1")},
			},
			want: []string{"d1 ana direct 1 1.00 via until June", "d2 bo direct 1 1.00 via from July"},
		},
		{
			name: "later rows follow the booking, whatever their date and tags",
			deals: []comp.Deal{
				later("refund", "payment", comp.Refund, "2027-01-05", "-0.01", "territory", "east"),
				later("invoice", "d1", comp.Invoice, "2026-08-01", "1"),
				later("payment", "invoice", comp.Payment, "2026-09-01", "0.01", "territory", "east", "product", "cloud"),
				later("release", "d1", comp.Release, "2026-09-02", "0"),
				sale("d1", "2026-06-30", "1", "territory", "west"),
				later("orphan", "gone", comp.Payment, "2026-06-30", "1", "territory", "west"),
				later("child", "orphan", comp.Refund, "2026-06-30", "-1", "territory", "west"),
				later("of nobody", "d2", comp.Payment, "2026-06-30", "1", "territory", "west"),
				sale("d2", "2026-06-30", "1", "territory", "south"),
			},
			rules: []comp.CreditRule{
				{ID: "until June", Span: salesops.Period{End: on("2026-07-01")}, Where: west.Where, Splits: splits("ana", "0.5", "bo", "0.5", "+sam", "0.5")},
				{ID: "from July", Span: salesops.Period{Start: on("2026-07-01")}, Where: west.Where, Splits: splits("cy", "1")},
				east, cloud,
			},
			want: []string{
				"refund ana direct 0.5 -0.01 via until June", "refund bo direct 0.5 0.00 via until June", "refund sam overlay 0.5 -0.01 via until June",
				"invoice ana direct 0.5 0.50 via until June", "invoice bo direct 0.5 0.50 via until June", "invoice sam overlay 0.5 0.50 via until June",
				"payment ana direct 0.5 0.01 via until June", "payment bo direct 0.5 0.00 via until June", "payment sam overlay 0.5 0.01 via until June",
				"release ana direct 0.5 0 via until June", "release bo direct 0.5 0 via until June", "release sam overlay 0.5 0 via until June",
				"d1 ana direct 0.5 0.50 via until June", "d1 bo direct 0.5 0.50 via until June", "d1 sam overlay 0.5 0.50 via until June",
			},
			uncredited: []string{"orphan", "child", "of nobody", "d2"},
		},
		{
			name:  "two rules credit one payee directly: one credit, where the first put it",
			deals: []comp.Deal{sale("d1", "2026-01-05", "10", "territory", "west", "product", "cloud")},
			rules: []comp.CreditRule{
				{ID: "owner", Where: comp.Match{"territory": {"west"}}, Splits: splits("ana", "0.6", "+ana", "0.1")},
				{ID: "expert", Where: comp.Match{"product": {"cloud"}}, Splits: splits("bo", "0.25", "ana", "0.15")},
			},
			want: []string{"d1 ana direct 0.75 7.50 via owner, expert", "d1 ana overlay 0.1 1.00 via owner", "d1 bo direct 0.25 2.50 via expert"},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			credits, rest := mustAssign(t, x.deals, x.rules)
			if diff := cmp.Diff(x.want, listed(credits)); diff != "" {
				t.Errorf("credits (-want +got)\n%s", diff)
			}
			var ids []string
			for _, deal := range rest {
				ids = append(ids, deal.ID)
			}
			if diff := cmp.Diff(x.uncredited, ids); diff != "" {
				t.Errorf("uncredited (-want +got)\n%s", diff)
			}
		})
	}
}

// faultLines are the faults that an error joins, one a line.
func faultLines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func TestAssign_errors(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	all := comp.CreditRule{ID: "all", Splits: splits("ana", "1")}
	good := sale("d", "2026-01-05", "1")
	with := func(change func(*comp.Deal)) []comp.Deal {
		deal := good
		change(&deal)
		return []comp.Deal{deal}
	}
	for _, x := range []struct {
		name   string
		deals  []comp.Deal
		rules  []comp.CreditRule
		places int32
		want   []string
	}{
		{name: "places", rules: []comp.CreditRule{all}, places: -1, want: []string{`comp: places "-1" must be between 0 and 18`}},
		{name: "places too many", rules: []comp.CreditRule{all}, places: 19, want: []string{`comp: places "19" must be between 0 and 18`}},
		{
			name: "direct shares above 1", deals: []comp.Deal{good, later("p", "d", comp.Payment, "2026-01-06", "1")},
			rules: []comp.CreditRule{all, {ID: "more", Splits: splits("bo", "0.1")}},
			want:  []string{`comp: deal d: deals/0 "1.1" is the sum of its direct shares, by all 1 + more 0.1; it must be exactly 1`},
		},
		{
			name: "direct shares below 1", deals: []comp.Deal{good},
			rules: []comp.CreditRule{{ID: "some", Splits: splits("bo", "0.333", "cy", "0.333", "dee", "0.333")}},
			want:  []string{`comp: deal d: deals/0 "0.999" is the sum of its direct shares, by some 0.999; it must be exactly 1`},
		},
		{
			name: "many rules", deals: []comp.Deal{good},
			rules: []comp.CreditRule{
				{ID: "a", Splits: splits("ana", "0.1")},
				{ID: "b", Splits: splits("ana", "0.1")},
				{ID: "c", Splits: splits("ana", "0.1")},
				{ID: "d", Splits: splits("ana", "0.1")},
				{ID: "e", Splits: splits("ana", "0.1")},
				{ID: "f", Splits: splits("ana", "0.1")},
				{ID: "g", Splits: splits("ana", "0.1")},
				{ID: "h", Splits: splits("ana", "0.1")},
			},
			want: []string{`comp: deal d: deals/0 "0.8" is the sum of its direct shares, by a 0.1 + b 0.1 + c 0.1 + d 0.1 + e 0.1 + f 0.1 + … (8 rules); it must be exactly 1`},
		},
		{
			name: "overlays alone", deals: []comp.Deal{good},
			rules: []comp.CreditRule{{ID: "se", Splits: splits("+sam", "1")}},
			want:  []string{`comp: deal d: deals/0 "0" is the sum of its direct shares, by se 0; it must be exactly 1`},
		},
		{
			name: "every deal is named", deals: []comp.Deal{good, sale("e", "2026-01-05", "1")},
			rules: []comp.CreditRule{{ID: "some", Splits: splits("bo", "0.5")}},
			want: []string{
				`comp: deal d: deals/0 "0.5" is the sum of its direct shares, by some 0.5; it must be exactly 1`,
				`comp: deal e: deals/1 "0.5" is the sum of its direct shares, by some 0.5; it must be exactly 1`,
			},
		},
		{
			name: "two overlays for a payee", deals: []comp.Deal{good},
			rules: []comp.CreditRule{all, {ID: "one", Splits: splits("+sam", "1")}, {ID: "two", Splits: splits("+sue", "1", "+sam", "0.5")}},
			want:  []string{`comp: deal d: deals/0 has two overlays for sam, by the rules one and two; set Stop, or narrow one of them`},
		},
		{
			name: "rules",
			rules: []comp.CreditRule{
				{},
				all, all,
				{ID: "shares", Splits: splits("ana", "0", "bo", "-1", "cy", "50", "", "0.1", "+sam", "10.1", "+sam", "1", "+sam", "1")},
				{ID: "sum", Splits: splits("ana", "0.6", "bo", "0.5")},
				{ID: "never", Span: salesops.Period{Start: on("2026-01-02"), End: on("2026-01-02")}, Where: comp.Match{"b": nil, "a": {}}, Splits: splits("ana", "1")},
				{ID: "huge", Splits: []comp.Split{{Payee: "ana", Share: huge}}},
			},
			want: []string{
				`comp: rules/0/id must not be empty`,
				`comp: rules/0/splits must have at least one split`,
				`comp: rules/2/id "all" is the ID of rules/1 too`,
				`comp: rules/3/splits/0/share "0" must be above 0 and at most 1; 50 % is 0.5`,
				`comp: rules/3/splits/1/share "−1" must be above 0 and at most 1; 50 % is 0.5`,
				`comp: rules/3/splits/2/share "50" must be above 0 and at most 1; 50 % is 0.5`,
				`comp: rules/3/splits/3/payee must not be empty`,
				`comp: rules/3/splits/4/share "10.1" must be above 0 and at most 10; 50 % is 0.5`,
				`comp: rules/3/splits/5/payee "sam" has a split of this kind already, at 4; add the two up`,
				`comp: rules/3/splits/6/payee "sam" has a split of this kind already, at 4; add the two up`,
				`comp: rules/4/splits "1.1" is the sum of the direct shares; it must be at most 1`,
				`comp: rules/5/span "2026-01-02/2026-01-02" holds no day: the end is the day after the last`,
				`comp: rules/5/where/a lists no value, so that the rule matches nothing`,
				`comp: rules/5/where/b lists no value, so that the rule matches nothing`,
				`comp: rules/6/splits/0/share is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
			},
		},
		{
			name: "deals", rules: []comp.CreditRule{all},
			deals: []comp.Deal{
				{},
				good, good,
				{ID: "huge", Date: on("2026-01-05"), Currency: "USD", Amount: huge, Margin: huge, Units: huge, Event: "refund"},
				{ID: "gift", Ref: "d", Date: on("2026-01-05"), Currency: "USD", Amount: d("1"), Event: comp.Refund},
				{ID: "odd", Ref: "d", Date: on("2026-01-05"), Currency: "USD", Amount: d("1"), Event: "party"},
			},
			want: []string{
				`comp: deals/0/id must not be empty`,
				`comp: deals/0/date must be set`,
				`comp: deals/0/currency must not be empty`,
				`comp: deal d: deals/2/id "d" is the ID of deals/1 too; give each row an ID of its own`,
				`comp: deal huge: deals/3/amount is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: deal huge: deals/3/margin is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: deal huge: deals/3/units is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: deal huge: deals/3/ref of a refund must name what it takes back; a credit note for no deal in particular is a booking with a negative amount`,
				`comp: deal gift: deals/4/amount "1" of a refund must be negative: it takes back what it refers to`,
				`comp: deal odd: deals/5/event "party" is not an event: use booking, invoice, payment, refund, cancel or release`,
			},
		},
		{
			name: "circles", rules: []comp.CreditRule{all},
			deals: []comp.Deal{later("a", "b", comp.Payment, "2026-01-05", "1"), later("b", "a", comp.Payment, "2026-01-05", "1"), later("c", "c", comp.Payment, "2026-01-05", "1")},
			want: []string{
				`comp: deal a: deals/0/ref "b" refers in a circle, or over more than 8 rows`,
				`comp: deal b: deals/1/ref "a" refers in a circle, or over more than 8 rows`,
				`comp: deal c: deals/2/ref "c" refers in a circle, or over more than 8 rows`,
			},
		},
		{
			name:  "units too fine",
			deals: with(func(d0 *comp.Deal) { d0.Units = d("0.000000000000000001") }),
			rules: []comp.CreditRule{{ID: "half", Splits: splits("ana", "0.5", "bo", "0.5")}},
			want:  []string{`comp: deal d: deals/0/units has parts that are out of bounds; use fewer digits in it, or in the shares`},
		},
		{
			name:  "overlay beyond the bounds",
			deals: with(func(d0 *comp.Deal) { d0.Margin = d("999999999999999999999999999999999999") }),
			rules: []comp.CreditRule{all, {ID: "se", Splits: splits("+sam", "9.9")}},
			want:  []string{`comp: deal d: deals/0/margin has parts that are out of bounds; use fewer digits in it, or in the shares`},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			places := x.places
			if places == 0 {
				places = 2
			}
			credits, rest, err := comp.Assign(x.deals, x.rules, places)
			if diff := cmp.Diff(x.want, faultLines(err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if err == nil {
				return
			}
			if !errors.Is(err, comp.ErrInput) {
				t.Error("the error is not ErrInput")
			}
			if credits != nil || rest != nil {
				t.Error("there are results besides the error")
			}
		})
	}
}

func TestSplitDeal_errors(t *testing.T) {
	good := sale("d", "2026-01-05", "1")
	for _, x := range []struct {
		deal   comp.Deal
		splits []comp.Split
		places int32
		want   string
	}{
		{good, nil, 2, `comp: splits must have at least one split`},
		{good, splits("ana", "0.5"), 2, `comp: deal d: splits "0.5" is the sum of the direct shares; it must be exactly 1`},
		{good, splits("+sam", "1"), 2, `comp: deal d: splits "0" is the sum of the direct shares; it must be exactly 1`},
		{good, splits("ana", "0.5", "ana", "0.5"), 2, `comp: splits/1/payee "ana" has a split of this kind already, at 0; add the two up`},
		{good, splits("ana", "1"), 19, `comp: places "19" must be between 0 and 18`},
		{
			comp.Deal{ID: "d", Date: good.Date, Currency: "USD", Units: d("1e-18")},
			splits("ana", "0.5", "bo", "0.5"), 2,
			`comp: deal d: deal/units has parts that are out of bounds; use fewer digits in it, or in the shares`,
		},
		{comp.Deal{}, splits("ana", "1"), 2, "comp: deal/id must not be empty\ncomp: deal/date must be set\ncomp: deal/currency must not be empty"},
	} {
		_, err := comp.SplitDeal(x.deal, x.splits, x.places)
		if got := strings.Join(faultLines(err), "\n"); got != x.want {
			t.Errorf("got  %s\nwant %s", got, x.want)
		}
		if !errors.Is(err, comp.ErrInput) {
			t.Error("the error is not ErrInput")
		}
	}
}

// Twenty faults are told, and the others counted.
func TestAssign_manyFaults(t *testing.T) {
	_, _, err := comp.Assign(make([]comp.Deal, 1000), nil, 2)
	lines := faultLines(err)
	if len(lines) != 21 || !strings.HasPrefix(lines[20], "comp: and 2980 more") {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// Eight steps lead from a row to its booking, and not nine.
func TestRefs_steps(t *testing.T) {
	deals := []comp.Deal{sale("d0", "2026-01-05", "1")}
	for i := range 9 {
		deals = append(deals, later(fmt.Sprint("d", i+1), fmt.Sprint("d", i), comp.Payment, "2026-01-06", "1"))
	}
	rules := []comp.CreditRule{{ID: "all", Splits: splits("ana", "1")}}
	credits, rest := mustAssign(t, deals[:9], rules)
	if len(credits) != 9 || len(rest) != 0 {
		t.Errorf("%d credits and %d deals left", len(credits), len(rest))
	}
	if up := mustRollUp(t, credits, under("ana", "max")); len(up) != 9 {
		t.Errorf("%d rolled up", len(up))
	}
	const fault = `"d8" refers in a circle, or over more than 8 rows`
	_, _, err := comp.Assign(deals, rules, 2)
	if diff := cmp.Diff([]string{"comp: deal d9: deals/9/ref " + fault}, faultLines(err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	_, err = comp.RollUp(append(credits, comp.Credit{Deal: deals[9], Payee: "ana"}), nil, 2)
	if diff := cmp.Diff([]string{"comp: deal d9: credits/9/ref " + fault}, faultLines(err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// ---- laws

var (
	creditTerritories = []string{"west", "east", "north", ""}
	creditProducts    = []string{"core", "cloud", ""}
	creditPeople      = []string{"ana", "bo", "cy", "dee", "ed"}
)

// drawShares draws direct splits that sum to exactly 1, and overlays.
func drawShares(t *rapid.T, direct, overlays []string) []comp.Split {
	var out []comp.Split
	left := 1000
	for i, name := range direct {
		n := left
		if i < len(direct)-1 {
			n = rapid.IntRange(1, left-(len(direct)-1-i)).Draw(t, "share")
		}
		left -= n
		out = append(out, comp.Split{Payee: name, Share: written(t, "share", n, 3)})
	}
	for _, name := range overlays {
		out = append(out, comp.Split{Payee: name, Share: written(t, "overlay", rapid.IntRange(1, 2000).Draw(t, "overlay"), 3), Overlay: true})
	}
	return rapid.Permutation(out).Draw(t, "splits")
}

func drawPeople(t *rapid.T, least int) []string {
	return rapid.Permutation(creditPeople).Draw(t, "people")[:rapid.IntRange(least, 4).Draw(t, "number of people")]
}

func drawSale(t *rapid.T, id string) comp.Deal {
	deal := comp.Deal{
		ID: id, Date: year().Start.AddDays(rapid.IntRange(0, 364).Draw(t, "day")), Currency: "USD",
		Amount: amount(t, "amount"), Margin: amount(t, "margin"), Units: amount(t, "units"),
	}
	if chance(t, "no margin", 3) {
		deal.Margin = decimal.Decimal{}
	}
	deal.Tags = comp.Tags{}
	if v := pick(t, "territory", creditTerritories...); v != "" {
		deal.Tags["territory"] = v
	}
	if v := pick(t, "product", creditProducts...); v != "" {
		deal.Tags["product"] = v
	}
	return deal
}

// drawDeals draws bookings and rows that refer to rows before them, out of order.
func drawDeals(t *rapid.T) []comp.Deal {
	var deals []comp.Deal
	depth := map[string]int{}
	for i := range rapid.IntRange(1, 8).Draw(t, "deals") {
		deal := drawSale(t, fmt.Sprintf("d%d", i))
		if i > 0 && chance(t, "refers", 2) {
			to := deals[rapid.IntRange(0, i-1).Draw(t, "ref")].ID
			if depth[to] < 8 {
				deal.Ref, depth[deal.ID] = to, depth[to]+1
				deal.Event = pick(t, "event", comp.Invoice, comp.Payment, comp.Refund, comp.Cancel)
				if deal.Event == comp.Refund || deal.Event == comp.Cancel {
					deal.Amount = deal.Amount.Abs().Neg()
				}
			}
		} else if chance(t, "orphan", 10) {
			deal.Ref = "gone"
			depth[deal.ID] = 1
		}
		deals = append(deals, deal)
	}
	return rapid.Permutation(deals).Draw(t, "order of deals")
}

func drawWhere(t *rapid.T) comp.Match {
	m := comp.Match{}
	if chance(t, "territory rule", 2) {
		m["territory"] = rapid.SliceOfN(rapid.SampledFrom(creditTerritories), 1, 3).Draw(t, "territories")
	}
	if chance(t, "product rule", 3) {
		m["product"] = rapid.SliceOfN(rapid.SampledFrom(creditProducts), 1, 2).Draw(t, "products")
	}
	return m
}

// drawRules draws rules that credit every deal soundly or not at all: rules of whole
// deals that stop, pairs of rules that share a deal, and, before a last rule for all,
// overlays.
func drawRules(t *rapid.T) []comp.CreditRule {
	var rules []comp.CreditRule
	add := func(r comp.CreditRule) {
		r.ID = fmt.Sprintf("r%d", len(rules))
		rules = append(rules, r)
	}
	overlays := chance(t, "overlay rules", 2)
	for i := range rapid.IntRange(0, 6).Draw(t, "rules") {
		r := comp.CreditRule{Where: drawWhere(t)}
		if chance(t, "dated", 3) {
			r.Span = year().Split(on("2026-05-01"), on("2026-09-01"))[rapid.IntRange(0, 2).Draw(t, "span")]
		}
		switch kind := pick(t, "kind", 0, 1, 2); {
		case kind == 2 && overlays:
			r.Splits = drawShares(t, nil, []string{fmt.Sprintf("overlay%d", i)})
			add(r)
		case kind == 1: // the second half may name the same people
			half := splits("ana", "0.25", "bo", "0.25")
			r.Splits = half
			add(r)
			r.Splits, r.Stop = splits(pick(t, "other", "ana", "cy"), "0.3", "dee", "0.2"), true
			add(r)
		default:
			r.Splits, r.Stop = drawShares(t, drawPeople(t, 1), drawPeople(t, 0)), true
			add(r)
		}
	}
	if overlays || chance(t, "rest", 2) {
		add(comp.CreditRule{Splits: splits("house", "1")})
	}
	return rules
}

// Assign credits what the definition says: rule by rule, row by row, in fractions.
func TestLawAssign_definition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals, rules := drawDeals(t), drawRules(t)
		places := int32(rapid.IntRange(0, 3).Draw(t, "places"))
		before := snapshotOf(deals) + snapshotOf(rules)
		credits, rest, err := comp.Assign(deals, rules, places)
		if err != nil {
			t.Fatal(err)
		}
		wantCredits, wantRest := assignByHand(deals, rules, places)
		if diff := cmp.Diff(wantCredits, credits); diff != "" {
			t.Fatalf("credits (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff(wantRest, rest); diff != "" {
			t.Fatalf("uncredited (-want +got)\n%s", diff)
		}
		if after := snapshotOf(deals) + snapshotOf(rules); after != before {
			t.Fatalf("the arguments were changed:\n%s\n%s", before, after)
		}
	})
}

func snapshotOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// assignByHand is Assign by its definition, in fractions and without any index.
func assignByHand(deals []comp.Deal, rules []comp.CreditRule, places int32) (credits []comp.Credit, rest []comp.Deal) {
	for _, deal := range deals {
		root, known := deal, true
		for root.Ref != "" && known {
			at := slices.IndexFunc(deals, func(o comp.Deal) bool { return o.ID == root.Ref })
			if known = at >= 0; known {
				root = deals[at]
			}
		}
		var own []comp.Credit
		for _, r := range rules {
			if !known || !r.Span.Contains(root.Date) || !matches(r.Where, root.Tags) {
				continue
			}
		next:
			for _, s := range r.Splits {
				kind := comp.Direct
				if s.Overlay {
					kind = comp.Overlay
				}
				for i := range own {
					if own[i].Payee == s.Payee && own[i].Kind == kind {
						own[i].Share = own[i].Share.Add(s.Share)
						own[i].Via += ", " + r.ID
						continue next
					}
				}
				own = append(own, comp.Credit{Deal: deal, Payee: s.Payee, Kind: kind, Share: s.Share, Via: r.ID})
			}
			if r.Stop {
				break
			}
		}
		if len(own) == 0 {
			rest = append(rest, deal)
			continue
		}
		shareOut(own, places, func(c *comp.Credit) *decimal.Decimal { return &c.Amount })
		shareOut(own, places, func(c *comp.Credit) *decimal.Decimal { return &c.Margin })
		for i := range own {
			own[i].Units = deal.Units.Mul(own[i].Share)
		}
		credits = append(credits, own...)
	}
	return credits, rest
}

func matches(m comp.Match, tags comp.Tags) bool {
	for key, values := range m {
		if !slices.Contains(values, tags[key]) {
			return false
		}
	}
	return true
}

// shareOut splits a sum of money by the largest remainder, and rounds overlays.
func shareOut(own []comp.Credit, places int32, of func(*comp.Credit) *decimal.Decimal) {
	whole := *of(&own[0])
	for !whole.Equal(whole.Truncate(places)) {
		places++
	}
	unit := decimal.New(1, -places)
	left := whole.Abs()
	var rests []decimal.Decimal
	for i := range own {
		c := &own[i]
		exactly := whole.Abs().Mul(c.Share)
		if c.Kind == comp.Overlay {
			*of(c) = whole.Mul(c.Share).Round(places)
			rests = append(rests, decimal.New(-1, 0))
			continue
		}
		*of(c) = exactly.Truncate(places)
		left = left.Sub(*of(c))
		rests = append(rests, exactly.Sub(*of(c)))
	}
	for left.IsPositive() {
		most := 0
		for i, rest := range rests {
			if rest.GreaterThan(rests[most]) {
				most = i
			}
		}
		*of(&own[most]) = of(&own[most]).Add(unit)
		rests[most] = decimal.New(-1, 0)
		left = left.Sub(unit)
	}
	for i := range own {
		if c := &own[i]; c.Kind == comp.Direct && whole.IsNegative() {
			*of(c) = of(c).Neg()
		}
	}
}

// The direct credits sum to the deal, each within a unit of its exact share;
// an overlay changes no direct credit; all of a deal for one payee is no split.
func TestLawSplitDeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deal := drawSale(t, "d")
		s := drawShares(t, drawPeople(t, 1), nil)
		places := int32(rapid.IntRange(0, 3).Draw(t, "places"))
		credits := mustSplit(t, deal, s, places)
		var sum comp.Deal
		for i, c := range credits {
			sum.Amount, sum.Margin, sum.Units = sum.Amount.Add(c.Amount), sum.Margin.Add(c.Margin), sum.Units.Add(c.Units)
			off := new(big.Rat).Sub(c.Amount.Rat(), new(big.Rat).Mul(deal.Amount.Rat(), s[i].Share.Rat()))
			if off.Abs(off).Cmp(decimal.New(1, -places).Rat()) >= 0 {
				t.Fatalf("%s is a unit or more away from its exact share", digits(c.Amount))
			}
		}
		if !sum.Amount.Equal(deal.Amount) || !sum.Margin.Equal(deal.Margin) || !sum.Units.Equal(deal.Units) {
			t.Fatalf("the credits sum to %s, %s and %s", digits(sum.Amount), digits(sum.Margin), digits(sum.Units))
		}

		more := append(slices.Clone(s), drawShares(t, nil, drawPeople(t, 0))...)
		if diff := cmp.Diff(credits, mustSplit(t, deal, more, places)[:len(credits)]); diff != "" {
			t.Fatalf("with overlays (-without +with)\n%s", diff)
		}

		alone := mustSplit(t, deal, splits("ana", "1"), places)[0]
		if diff := cmp.Diff(deal, alone.Deal); diff != "" {
			t.Fatalf("all for one (-deal +credit)\n%s", diff)
		}
	})
}

// A deal and its exact negative cancel for everybody.
func TestLawAssign_refundsCancel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deal := drawSale(t, "d")
		deal.Amount = deal.Amount.Abs()
		back := deal
		back.ID, back.Ref, back.Event = "back", "d", comp.Refund
		back.Date, back.Tags = deal.Date.AddDays(400), nil
		back.Amount, back.Margin, back.Units = deal.Amount.Neg(), deal.Margin.Neg(), deal.Units.Neg()
		credits, rest := mustAssign(t, []comp.Deal{deal, back}, drawRules(t))
		if len(rest) == 1 {
			t.Fatalf("%s alone has no credits", rest[0].ID)
		}
		half := len(credits) / 2
		for i, c := range credits[:half] {
			r := credits[half+i]
			if r.ID != "back" || r.Payee != c.Payee || r.Kind != c.Kind || !r.Share.Equal(c.Share) {
				t.Fatalf("%+v is not taken back by %+v", c, r)
			}
			if !c.Amount.Add(r.Amount).IsZero() || !c.Margin.Add(r.Margin).IsZero() || !c.Units.Add(r.Units).IsZero() {
				t.Fatalf("%+v and %+v do not cancel", c, r)
			}
		}
	})
}

// drawHostile draws text and numbers that are wrong, empty, double or far too large.
func drawHostile(t *rapid.T, label string) decimal.Decimal {
	return pick(t, label, decimal.Decimal{}, d("1"), d("-1"), d("0.5"), d("1e-18"), d("999999999999999999999999999999999999"),
		decimal.New(1, 1_000_000_000), decimal.New(1, -1_000_000_000), decimal.New(0, 1_000_000_000), decimal.New(-1, 1_000_000_000), d(strings.Repeat("9", 5000)))
}

func drawHostileCredit(t *rapid.T) comp.Credit {
	names := []string{"", "a", "b", "c", "d", strings.Repeat("x", 1000), "\xff"}
	c := comp.Credit{
		Deal: comp.Deal{
			ID: pick(t, "id", names...), Ref: pick(t, "ref", names...), Event: pick(t, "event", "", comp.Invoice, comp.Refund, "?"),
			Date: pick(t, "date", salesops.Date{}, on("2026-01-01"), on("9999-12-31"), on("0001-01-01")), Currency: pick(t, "currency", "", "USD", "EUR"),
			Amount: drawHostile(t, "amount"), Margin: drawHostile(t, "margin"), Units: drawHostile(t, "units"),
			Tags: pick(t, "tags", nil, comp.Tags{}, comp.Tags{"a": "b"}),
		},
		Payee: pick(t, "payee", names...), Kind: pick(t, "kind", "", comp.Direct, comp.Overlay, comp.RolledUp, "?"), Share: drawHostile(t, "share"),
	}
	if chance(t, "fx", 4) {
		c.FX = &comp.FX{From: pick(t, "from", names...), Rate: drawHostile(t, "rate"), Amount: drawHostile(t, "fx amount")}
	}
	return c
}

func drawHostileSpan(t *rapid.T) salesops.Period {
	days := []salesops.Date{{}, on("2026-01-01"), on("9999-12-31"), on("0001-01-01")}
	return salesops.Period{Start: pick(t, "start", days...), End: pick(t, "end", days...)}
}

// allInput reports whether every fault is an Error of kind ErrInput, or the count of
// further ones.
func allInput(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			if !errors.Is(e, comp.ErrInput) {
				return false
			}
		}
		var e *comp.Error
		return errors.As(err, &e) && e.Path != ""
	}
	return false
}

func TestCrediting_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var deals []comp.Deal
		for range rapid.IntRange(0, 4).Draw(t, "deals") {
			deals = append(deals, drawHostileCredit(t).Deal)
		}
		var rules []comp.CreditRule
		for range rapid.IntRange(0, 3).Draw(t, "rules") {
			r := comp.CreditRule{ID: pick(t, "rule", "", "a", "b"), Span: drawHostileSpan(t), Where: pick(t, "where", nil, comp.Match{}, comp.Match{"a": nil}, comp.Match{"a": {"b"}})}
			for range rapid.IntRange(0, 3).Draw(t, "splits") {
				r.Splits = append(r.Splits, comp.Split{Payee: pick(t, "payee", "", "a", "b"), Share: drawHostile(t, "share"), Overlay: chance(t, "overlay", 2)})
			}
			rules = append(rules, r)
		}
		places := pick(t, "places", int32(2), 0, 18, -1, 1<<31-1, -1<<31)
		_, _, err := comp.Assign(deals, rules, places)
		if err != nil && !allInput(err) {
			t.Fatalf("Assign: %v", err)
		}
		if len(deals) > 0 && len(rules) > 0 {
			if _, err := comp.SplitDeal(deals[0], rules[0].Splits, places); err != nil && !allInput(err) {
				t.Fatalf("SplitDeal: %v", err)
			}
		}
	})
}

// ---- speed

// territoryRules are rules for so many territories, each with two owners in the year,
// and overlays by product.
func territoryRules(n int) []comp.CreditRule {
	var rules []comp.CreditRule
	for i := range n {
		id := fmt.Sprintf("t%d", i)
		for half, span := range year().Split(on("2026-07-01")) {
			rules = append(rules, comp.CreditRule{
				ID: fmt.Sprintf("%s-%d", id, half), Span: span, Where: comp.Match{"territory": {id}},
				Splits: splits("rep"+id, "0.6", "rep"+fmt.Sprint((i+half)%n), "0.4"),
			})
		}
	}
	for _, p := range []string{"cloud", "core"} {
		rules = append(rules, comp.CreditRule{ID: p, Where: comp.Match{"product": {p}}, Splits: splits("+"+p+" specialist", "1")})
	}
	return rules
}

func territoryDeals(n, territories int) []comp.Deal {
	deals := make([]comp.Deal, n)
	for i := range deals {
		deals[i] = comp.Deal{
			ID: fmt.Sprintf("d%d", i), Date: year().Start.AddDays(i * 7 % 365), Currency: "USD", Amount: decimal.New(int64(i)*7919%1_000_000, -2),
			Tags: comp.Tags{"territory": fmt.Sprintf("t%d", i%territories), "product": []string{"cloud", "core", "other"}[i%3]},
		}
		if i%2 == 1 {
			deals[i].Ref, deals[i].Event = deals[i-1].ID, comp.Payment
		}
	}
	return deals
}

// Half of the rows are payments. 20 territories have 42 rules, 1,000 have 2,002:
// the index makes the time the same.
func BenchmarkAssign(b *testing.B) {
	for _, territories := range []int{20, 1000} {
		rules := territoryRules(territories)
		for _, n := range []int{100, 10_000, 1_000_000} {
			deals := territoryDeals(n, territories)
			b.Run(fmt.Sprintf("rules=%d/deals=%d", len(rules), n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := comp.Assign(deals, rules, 2); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/deal")
			})
		}
	}
}
