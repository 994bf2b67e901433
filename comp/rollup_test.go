package comp_test

import (
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

// under says who reports to whom at all times, from pairs of payee and manager.
func under(pairs ...string) []comp.Report {
	var out []comp.Report
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, comp.Report{Payee: pairs[i], Manager: pairs[i+1]})
	}
	return out
}

func mustRollUp(t rapid.TB, credits []comp.Credit, chart []comp.Report) []comp.Credit {
	t.Helper()
	up, err := comp.RollUp(credits, chart, 2)
	if err != nil {
		t.Fatal(err)
	}
	return up
}

// A published test suite of a commission engine: of a policy of 50,000 the agent has
// 50 %, the team lead 2 %, the manager 1.5 % and the director 1 %; when it is
// cancelled, each line is taken back: 27,250 in all. The overrides are rates on
// rolled-up credits.
func TestE37_overrides(t *testing.T) {
	deals := []comp.Deal{sale("policy", "2026-01-10", "50000"), later("cancelled", "policy", comp.Cancel, "2026-02-10", "-50000")}
	direct, _ := mustAssign(t, deals, []comp.CreditRule{{ID: "agent", Splits: splits("agent", "1")}})
	chart := under("agent", "lead", "lead", "manager", "manager", "director")
	// The agent's team changes in between; the cancellation finds those who were paid.
	chart[0].Span.End = on("2026-02-01")
	chart = append(chart, comp.Report{Span: salesops.Period{Start: on("2026-02-01")}, Payee: "agent", Manager: "another lead"})
	credits := slices.Concat(direct, mustRollUp(t, direct, chart))

	back := decimal.Decimal{}
	for _, x := range []struct{ who, rate, want string }{
		{"agent", "0.5", "25000"}, {"lead", "0.02", "1000"}, {"manager", "0.015", "750"}, {"director", "0.01", "500"},
	} {
		own := slices.DeleteFunc(slices.Clone(credits), func(c comp.Credit) bool { return c.Payee != x.who })
		calc := calculator(t, flat(x.rate, nil))
		in := comp.Case{
			Payee:  comp.Payee{ID: x.who, Terms: []comp.Term{{Plan: "plan"}}},
			Period: period("2026-01-01", "2026-02-01"), Credits: own,
		}
		st, next := calculate(t, calc, in)
		same(t, "for the policy, "+x.who, st.Net, x.want)
		in.Period, in.Prior = period("2026-02-01", "2026-03-01"), next
		st, _ = calculate(t, calc, in)
		same(t, "when it is cancelled, "+x.who, st.Net, "-"+x.want)
		back = back.Add(st.Net)
	}
	same(t, "in all", back, "-27250")
	if len(credits) != 8 {
		t.Errorf("%d credits, want two each", len(credits))
	}
}

// OpenSymmetry, "Prevent duplicate credits": two reps at 100 % each on one order give
// their manager the order twice. Not here.
func TestS25_onceForEachDealAndManager(t *testing.T) {
	deal := func(amount string) comp.Deal { return sale("d", "2026-01-05", amount) }
	credit := func(payee, share, amount string, kind comp.CreditKind) comp.Credit {
		c := comp.Credit{Deal: deal(amount), Payee: payee, Kind: kind}
		if share != "" {
			c.Share = d(share)
		}
		return c
	}
	direct := func(payee, share, amount string) comp.Credit { return credit(payee, share, amount, comp.Direct) }
	overlay := func(payee, share, amount string) comp.Credit { return credit(payee, share, amount, comp.Overlay) }
	two := under("ana", "max", "bo", "max")
	part := func(share string, pairs ...string) comp.Report {
		r := under(pairs...)[0]
		r.Share = d(share)
		return r
	}
	for _, x := range []struct {
		name    string
		credits []comp.Credit
		chart   []comp.Report
		want    []string
	}{
		{"nobody above", []comp.Credit{direct("ana", "1", "100")}, nil, nil},
		{"no credits", nil, two, nil},
		{"50 % each", []comp.Credit{direct("ana", "0.5", "50.01"), direct("bo", "0.5", "50")}, two, []string{"d max rollup 1 100.01 via ana, bo"}},
		{"100 % each", []comp.Credit{direct("ana", "1", "100"), direct("bo", "1", "100")}, two, []string{"d max rollup 1 100.00 via ana, bo"}},
		{"one of two", []comp.Credit{direct("ana", "0.3", "30"), direct("cy", "0.7", "70")}, two, []string{"d max rollup 0.3 30.00 via ana"}},
		{"more than the whole, in proportion", []comp.Credit{direct("ana", "1", "99"), direct("bo", "0.5", "60")}, two, []string{"d max rollup 1 106.00 via ana, bo"}},
		{
			"an overlay on a whole deal adds nothing",
			[]comp.Credit{overlay("bo", "1", "100"), direct("ana", "1", "100")},
			two,
			[]string{"d max rollup 1 100.00 via ana"},
		},
		{
			"overlays fill what is left, in proportion",
			[]comp.Credit{overlay("bo", "0.5", "50"), direct("ana", "0.25", "25"), overlay("ana", "1.5", "150"), direct("cy", "0.75", "75")},
			two,
			[]string{"d max rollup 1 100.00 via ana, bo"},
		},
		{"overlays alone", []comp.Credit{overlay("bo", "0.5", "50")}, two, []string{"d max rollup 0.5 50.00 via bo"}},
		{"more than the whole by overlays", []comp.Credit{overlay("bo", "3", "100")}, two, []string{"d max rollup 1 33.33 via bo"}},
		{
			"the manager's own part is not counted again",
			[]comp.Credit{direct("max", "0.4", "40"), direct("ana", "0.6", "60"), overlay("bo", "1", "100")},
			append(slices.Clone(two), under("max", "vera")...),
			[]string{"d vera rollup 1 100.00 via max, ana", "d max rollup 0.6 60.00 via ana"},
		},
		{"the manager has it all", []comp.Credit{direct("max", "1", "100"), overlay("bo", "1", "100")}, two, nil},
		{"an overlay of the manager's own comes besides", []comp.Credit{overlay("max", "1", "100"), direct("ana", "1", "100")}, two, []string{"d max rollup 1 100.00 via ana"}},
		{
			"two levels, two teams",
			[]comp.Credit{direct("ana", "0.5", "50"), direct("cy", "0.5", "50")},
			under("ana", "max", "cy", "mia", "max", "vera", "mia", "vera"),
			[]string{"d max rollup 0.5 50.00 via ana", "d vera rollup 1 100.00 via ana, cy", "d mia rollup 0.5 50.00 via cy"},
		},
		{
			"shares of the way multiply, and cents are rounded once",
			[]comp.Credit{direct("ana", "0.5", "50.01"), direct("bo", "0.5", "50.00")},
			[]comp.Report{part("0.5", "ana", "max"), part("0.5", "bo", "max"), part("0.1", "max", "vera")},
			[]string{"d max rollup 0.5 50.01 via ana, bo", "d vera rollup 0.05 5.00 via ana, bo"},
		},
		{
			"an amount finer than cents stays so",
			[]comp.Credit{direct("ana", "0.5", "0.0055"), direct("bo", "0.5", "0.0050")},
			[]comp.Report{part("1", "ana", "max"), part("0.1", "bo", "max")},
			[]string{"d max rollup 0.55 0.0060 via ana, bo"},
		},
		{"twice the same is once", []comp.Credit{direct("ana", "0.5", "50"), direct("ana", "0.50", "50.0")}, two, []string{"d max rollup 0.5 50.00 via ana"}},
		{"alone and without a share", []comp.Credit{direct("ana", "", "70")}, two, []string{"d max rollup 1 70.00 via ana"}},
		{"what rolled up before is passed over", []comp.Credit{direct("ana", "1", "100"), credit("bo", "", "100", comp.RolledUp)}, two, []string{"d max rollup 1 100.00 via ana"}},
		{"the empty kind is direct", []comp.Credit{credit("ana", "1", "100", ""), credit("bo", "1", "100", "")}, two, []string{"d max rollup 1 100.00 via ana, bo"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, listed(mustRollUp(t, x.credits, x.chart))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The chart is that of the day of the booking, also for what happens later.
func TestRollUp_transfers(t *testing.T) {
	deals := []comp.Deal{
		later("refund", "payment", comp.Refund, "2026-08-01", "-5"),
		later("payment", "before", comp.Payment, "2026-07-15", "10"),
		sale("before", "2026-06-30", "100"), sale("after", "2026-07-01", "200"), sale("gap", "2026-12-31", "300"), sale("early", "2025-12-31", "400"),
	}
	credits, _ := mustAssign(t, deals, []comp.CreditRule{{ID: "all", Splits: splits("ana", "1")}})
	chart := []comp.Report{
		{Payee: "ana", Manager: "mia", Span: period("2026-07-01", "2026-12-31")},
		{Payee: "ana", Manager: "max", Span: period("2026-01-01", "2026-07-01")},
		{Payee: "max", Manager: "vera"},
		{Payee: "mia", Manager: "vera", Span: salesops.Period{End: on("2026-08-01")}},
	}
	want := []string{
		"refund max rollup 1 -5.00 via ana", "refund vera rollup 1 -5.00 via ana",
		"payment max rollup 1 10.00 via ana", "payment vera rollup 1 10.00 via ana",
		"before max rollup 1 100.00 via ana", "before vera rollup 1 100.00 via ana",
		"after mia rollup 1 200.00 via ana", "after vera rollup 1 200.00 via ana",
	}
	if diff := cmp.Diff(want, listed(mustRollUp(t, credits, chart))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRollUp_restOfTheCredit(t *testing.T) {
	deal := later("inv", "d", comp.Invoice, "2026-03-05", "100", "product", "core")
	deal.Margin, deal.Units = d("30.01"), d("1")
	c := comp.Credit{Deal: deal, Payee: "ana", Share: d("1"), Via: "rule", FX: &comp.FX{From: "EUR", Rate: d("1.25"), Amount: d("80")}}
	c2 := comp.Credit{Deal: deal, Payee: "bo", Share: d("2"), Kind: comp.Direct, FX: &comp.FX{From: "EUR", Rate: d("1.250"), Amount: d("80")}}
	root := booking("d", "2026-01-05", "1")
	root.Payee = "zoe"
	got := mustRollUp(t, []comp.Credit{c, root, c2}, under("ana", "max", "bo", "max"))
	want := []comp.Credit{{
		Deal: comp.Deal{
			ID: "inv", Ref: "d", Event: comp.Invoice, Date: on("2026-03-05"), Currency: "USD", Tags: comp.Tags{"product": "core"},
			Amount: d("66.67"), Margin: d("20.01"), Units: d("0.666666666667"),
		},
		Payee: "max", Kind: comp.RolledUp, Share: d("1"), Via: "ana, bo", FX: &comp.FX{From: "EUR", Rate: d("1.25"), Amount: d("53.33")},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRollUp_via(t *testing.T) {
	var credits []comp.Credit
	var chart []comp.Report
	for i := range 11 {
		c := comp.Credit{Deal: sale("d", "2026-01-05", "10"), Payee: fmt.Sprint("rep", i), Share: d("0.1")}
		if i == 10 {
			c.Payee, c.Kind = "rep0", comp.Overlay // told once
		}
		credits = append(credits, c)
		if i < 10 {
			chart = append(chart, under(c.Payee, "max")...)
		}
	}
	credits[0].Share = d("0.01")
	want := []string{"d max rollup 1 109.00 via rep0, rep1, rep2, rep3, rep4, rep5, rep6, rep7 and 2 more"}
	if diff := cmp.Diff(want, listed(mustRollUp(t, credits, chart))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRollUp_errors(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	credit := func(id, ref, payee, share string) comp.Credit {
		c := comp.Credit{Deal: later(id, ref, "", "2026-01-05", "100"), Payee: payee}
		if share != "" {
			c.Share = d(share)
		}
		return c
	}
	with := func(c comp.Credit, change func(*comp.Credit)) comp.Credit {
		change(&c)
		return c
	}
	ana := credit("d", "", "ana", "0.5")
	deep := func(levels int) []comp.Report {
		var chart []comp.Report
		for i := range levels {
			chart = append(chart, under(fmt.Sprint("p", i), fmt.Sprint("p", i+1))...)
		}
		return chart
	}
	for _, x := range []struct {
		name    string
		credits []comp.Credit
		chart   []comp.Report
		places  int32
		want    []string
	}{
		{name: "places", places: 19, want: []string{`comp: places "19" must be between 0 and 18`}},
		{
			name: "credits",
			credits: []comp.Credit{
				{Kind: "party"},
				with(credit("huge", "", "ana", ""), func(c *comp.Credit) {
					c.Amount, c.Margin, c.Units, c.Share = huge, huge, huge, huge
					c.FX = &comp.FX{Amount: huge, Rate: huge}
				}),
				credit("neg", "", "ana", "-1"),
			},
			want: []string{
				`comp: credits/0/id must not be empty`,
				`comp: credits/0/payee must not be empty`,
				`comp: credits/0/date must be set`,
				`comp: credits/0/kind "party" is not a kind of credit: use direct, overlay or rollup`,
				`comp: payee ana: deal huge: credits/1/share is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal huge: credits/1/amount is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal huge: credits/1/margin is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal huge: credits/1/units is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal huge: credits/1/fx/amount is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal huge: credits/1/fx/rate is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal neg: credits/2/share "−1" must not be negative`,
			},
		},
		{
			name: "rows that differ",
			credits: []comp.Credit{
				ana,
				with(ana, func(c *comp.Credit) { c.Ref = "x" }),
				with(ana, func(c *comp.Credit) { c.Event = comp.Invoice }),
				with(ana, func(c *comp.Credit) { c.Date = on("2026-01-06") }),
				with(ana, func(c *comp.Credit) { c.Currency = "EUR" }),
				with(ana, func(c *comp.Credit) { c.FX = &comp.FX{From: "EUR", Rate: d("2")} }),
				with(ana, func(c *comp.Credit) { c.ID, c.FX = "e", &comp.FX{From: "EUR", Rate: d("2")} }),
				with(ana, func(c *comp.Credit) { c.ID, c.FX = "e", &comp.FX{From: "EUR", Rate: d("3")} }),
			},
			want: []string{
				`comp: deal d: credits/1/ref differs from that of credits/0 with the same ID; it belongs to the row, not to the payee`,
				`comp: deal d: credits/2/event differs from that of credits/0 with the same ID; it belongs to the row, not to the payee`,
				`comp: deal d: credits/3/date differs from that of credits/0 with the same ID; it belongs to the row, not to the payee`,
				`comp: deal d: credits/4/currency differs from that of credits/0 with the same ID; it belongs to the row, not to the payee`,
				`comp: deal d: credits/5/fx differs from that of credits/0 with the same ID; it belongs to the row, not to the payee`,
				`comp: deal e: credits/7/fx differs from that of credits/6 with the same ID; it belongs to the row, not to the payee`,
			},
		},
		{
			name: "refs", credits: []comp.Credit{credit("a", "gone", "ana", ""), credit("b", "c", "ana", ""), credit("c", "b", "ana", "")},
			want: []string{
				`comp: deal a: credits/0/ref "gone" is not among the credits; pass those of the booking too, as its date picks the managers`,
				`comp: deal b: credits/1/ref "c" refers in a circle, or over more than 8 rows`,
				`comp: deal c: credits/2/ref "b" refers in a circle, or over more than 8 rows`,
			},
		},
		{
			name: "one payee, two amounts", chart: under("ana", "max"),
			credits: []comp.Credit{ana, with(ana, func(c *comp.Credit) { c.Amount = d("1") }), with(ana, func(c *comp.Credit) { c.Share = d("0.6") })},
			want: []string{
				`comp: payee ana: deal d: credits/1 differs from credits/0 of the same payee, ID and kind; give each row an ID of its own`,
				`comp: payee ana: deal d: credits/2 differs from credits/0 of the same payee, ID and kind; give each row an ID of its own`,
			},
		},
		{
			name: "shares unknown", credits: []comp.Credit{credit("d", "", "ana", ""), credit("d", "", "bo", "0.5"), credit("d", "", "cy", "")},
			want: []string{
				`comp: payee ana: deal d: credits/0/share must be set, as the row has other credits: without it, shares of a deal cannot be told from the whole`,
				`comp: payee cy: deal d: credits/2/share must be set, as the row has other credits: without it, shares of a deal cannot be told from the whole`,
			},
		},
		{
			name: "reports",
			chart: []comp.Report{
				{},
				{Payee: "ana", Manager: "ana"},
				{Payee: "bo", Manager: "max", Share: d("1.5"), Span: period("2026-02-01", "2026-02-01")},
				{Payee: "cy", Manager: "max", Share: d("-1")},
				{Payee: "dee", Manager: "max", Share: huge},
			},
			want: []string{
				`comp: chart/0/payee must not be empty`,
				`comp: chart/0/manager must not be empty; leave out who has no manager`,
				`comp: payee ana: chart/1/manager "ana" is the payee; nobody reports to themselves`,
				`comp: payee bo: chart/2/span "2026-02-01/2026-02-01" holds no day: the end is the day after the last`,
				`comp: payee bo: chart/2/share "1.5" must be above 0 and at most 1, or zero, which means 1`,
				`comp: payee cy: chart/3/share "−1" must be above 0 and at most 1, or zero, which means 1`,
				`comp: payee dee: chart/4/share is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
			},
		},
		{
			name: "two managers on one day",
			chart: []comp.Report{
				{Payee: "ana", Manager: "mia", Span: period("2026-06-30", "2027-01-01")},
				{Payee: "bo", Manager: "max"},
				{Payee: "ana", Manager: "max", Span: period("2026-01-01", "2026-07-01")},
				{Payee: "bo", Manager: "max"},
			},
			want: []string{
				`comp: payee ana: chart/2/span "2026-01-01/2026-07-01" under max overlaps chart/0, 2026-06-30/2027-01-01 under mia; end one when the other starts, and roll up each line of a matrix organisation on its own`,
				`comp: payee bo: chart/3/span "../.." under max overlaps chart/1, ../.. under max; end one when the other starts, and roll up each line of a matrix organisation on its own`,
			},
		},
		{
			name: "circles",
			chart: []comp.Report{
				{Payee: "ana", Manager: "bo"},
				{Payee: "bo", Manager: "cy", Span: salesops.Period{Start: on("2026-03-01")}},
				{Payee: "cy", Manager: "ana", Span: period("2026-02-01", "2026-03-02")},
				{Payee: "zoe", Manager: "ana"}, // is below the circle
				{Payee: "x", Manager: "y"},
				{Payee: "y", Manager: "x"},
				// These two are never in force on one day.
				{Payee: "v", Manager: "w", Span: salesops.Period{End: on("2026-03-01")}},
				{Payee: "w", Manager: "v", Span: salesops.Period{Start: on("2026-03-01")}},
			},
			want: []string{
				`comp: payee bo: chart/1 closes a circle on 2026-03-01, bo → cy → ana → bo; end one of these reports before`,
				`comp: payee x: chart/4 closes a circle on 0001-01-01, x → y → x; end one of these reports before`,
			},
		},
		{name: "50 levels", credits: []comp.Credit{credit("d", "", "p0", "")}, chart: deep(50)},
		{
			name: "51 levels", credits: []comp.Credit{credit("d", "", "p0", "")}, chart: deep(51),
			want: []string{`comp: payee p0: deal d: chart has more than 50 levels above the payee on 2026-01-05`},
		},
		{
			name: "too large", chart: under("ana", "max", "bo", "max"),
			credits: []comp.Credit{
				with(ana, func(c *comp.Credit) { c.Amount = d("999999999999999999999999999999999999") }),
				with(credit("d", "", "bo", "0.5"), func(c *comp.Credit) { c.Amount = d("1e-18") }),
			},
			want: []string{`comp: payee max: deal d: credits/0 rolls up to an amount, margin or units out of bounds; use fewer digits`},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			up, err := comp.RollUp(x.credits, x.chart, x.places)
			if diff := cmp.Diff(x.want, faultLines(err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if err != nil && (!errors.Is(err, comp.ErrInput) || up != nil) {
				t.Errorf("the error is not ErrInput, or there are %d results besides", len(up))
			}
		})
	}
}

// ---- laws

// drawChart draws reports of some people over three spans: managers come later in the
// list than who reports to them, so that there are no circles.
func drawChart(t *rapid.T, people []string, shares bool) []comp.Report {
	var chart []comp.Report
	for i, name := range people[:len(people)-1] {
		for _, span := range year().Split(on("2026-05-01"), on("2026-09-01")) {
			if chance(t, "gap", 6) {
				continue
			}
			r := comp.Report{Span: span, Payee: name, Manager: people[rapid.IntRange(i+1, len(people)-1).Draw(t, "manager")]}
			if shares && chance(t, "share", 3) {
				r.Share = written(t, "report share", rapid.IntRange(1, 100).Draw(t, "report share"), 2)
			}
			chart = append(chart, r)
		}
	}
	return rapid.Permutation(chart).Draw(t, "order of reports")
}

var chartPeople = append(slices.Clone(creditPeople), "house", "max", "mia", "vera", "wu")

// drawCredits draws credits as Assign makes them, and some that it never would: more
// than the whole, and lone ones without a share.
func drawCredits(t *rapid.T) []comp.Credit {
	var credits []comp.Credit
	for _, deal := range drawDeals(t) {
		if deal.Ref == "gone" {
			deal.Ref = ""
		}
		if chance(t, "alone", 5) {
			credits = append(credits, comp.Credit{Deal: deal, Payee: pick(t, "who", chartPeople...)})
			continue
		}
		own := mustSplit(t, deal, drawShares(t, drawPeople(t, 1), drawPeople(t, 0)), 2)
		if chance(t, "more", 3) {
			own = append(own, comp.Credit{Deal: deal, Payee: "max", Kind: pick(t, "kind", comp.Direct, comp.Overlay), Share: number(t, "share", 1, 2, 2)})
		}
		credits = append(credits, own...)
	}
	return rapid.Permutation(credits).Draw(t, "order of credits")
}

// RollUp gives what its definition says, in fractions: the direct credits below, by the
// shares on the way, up to what the manager does not have directly; then the overlays.
func TestLawRollUp_definition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		credits, chart := drawCredits(t), drawChart(t, chartPeople, true)
		before := snapshotOf(credits) + snapshotOf(chart)
		up := mustRollUp(t, credits, chart)
		if after := snapshotOf(credits) + snapshotOf(chart); after != before {
			t.Fatalf("the arguments were changed:\n%s\n%s", before, after)
		}
		want := rollUpByHand(credits, chart)
		for _, c := range up {
			key := c.ID + " " + c.Payee
			w, ok := want[key]
			if !ok {
				t.Fatalf("%s is not wanted, or there twice", key)
			}
			delete(want, key)
			if c.Kind != comp.RolledUp || c.Share.Rat().Cmp(w.share) != 0 {
				t.Fatalf("%s: share %s of kind %s, want %s", key, digits(c.Share), c.Kind, w.share.FloatString(20))
			}
			for _, x := range []struct {
				name   string
				got    decimal.Decimal
				want   *big.Rat
				places int32
			}{{"amount", c.Amount, w.amount, w.places}, {"margin", c.Margin, w.margin, w.places}, {"units", c.Units, w.units, 12}} {
				if x.name == "units" && w.whole {
					x.places = 18
				}
				off := new(big.Rat).Sub(x.got.Rat(), x.want)
				if twice := off.Add(off, off).Abs(off); twice.Cmp(decimal.New(1, -x.places).Rat()) > 0 {
					t.Fatalf("%s: %s %s, want %s to %d places", key, x.name, digits(x.got), x.want.FloatString(20), x.places)
				}
			}
		}
		if len(want) > 0 {
			t.Fatalf("%d credits are missing: %v", len(want), want)
		}
	})
}

type rolled struct {
	share, amount, margin, units *big.Rat
	places                       int32
	whole                        bool // nothing had to be divided
}

// rollUpByHand follows every credit up to every manager, again for each manager.
func rollUpByHand(credits []comp.Credit, chart []comp.Report) map[string]rolled {
	booked := func(c comp.Credit) salesops.Date {
		for c.Ref != "" {
			c = credits[slices.IndexFunc(credits, func(o comp.Credit) bool { return o.ID == c.Ref })]
		}
		return c.Date
	}
	// reach is the product of the shares from a payee up to a manager; nil: none.
	type way struct {
		payee, manager string
		day            salesops.Date
	}
	known := map[way]*big.Rat{}
	var reach, follow func(payee, manager string, day salesops.Date) *big.Rat
	reach = func(payee, manager string, day salesops.Date) *big.Rat {
		w := way{payee, manager, day}
		if _, ok := known[w]; !ok {
			known[w] = follow(payee, manager, day)
		}
		return known[w]
	}
	follow = func(payee, manager string, day salesops.Date) *big.Rat {
		for _, r := range chart {
			if r.Payee != payee || !r.Span.Contains(day) {
				continue
			}
			on := ratOf(1)
			if r.Manager != manager {
				on = reach(r.Manager, manager, day)
			}
			if on == nil || r.Share.IsZero() {
				return on
			}
			return times(on, rat(r.Share))
		}
		return nil
	}
	places := func(c comp.Credit) int32 {
		p := int32(2)
		for !c.Amount.Equal(c.Amount.Truncate(p)) || !c.Margin.Equal(c.Margin.Truncate(p)) {
			p++
		}
		return p
	}
	type field = func(comp.Credit) decimal.Decimal
	out := make(map[string]rolled)
	for _, manager := range chartPeople {
		for _, row := range credits {
			if _, done := out[row.ID+" "+manager]; done {
				continue
			}
			// The sums of a field over the credits of the row of a kind below.
			sum := func(kind comp.CreditKind, of field) *big.Rat {
				total := ratOf(0)
				for _, c := range credits {
					if way := reach(c.Payee, manager, booked(c)); c.ID == row.ID && way != nil && (c.Kind == comp.Overlay) == (kind == comp.Overlay) {
						total = plus(total, times(way, rat(of(c))))
					}
				}
				return total
			}
			share := func(c comp.Credit) decimal.Decimal {
				if c.Share.IsZero() {
					return one
				}
				return c.Share
			}
			room, p := ratOf(1), int32(2)
			for _, c := range credits {
				if c.ID == row.ID && c.Payee == manager && c.Kind != comp.Overlay {
					room = minus(room, rat(share(c)))
				}
				if c.ID == row.ID && reach(c.Payee, manager, booked(c)) != nil {
					p = max(p, places(c))
				}
			}
			if room.Sign() < 0 {
				room = ratOf(0)
			}
			w := rolled{share: ratOf(0), amount: ratOf(0), margin: ratOf(0), units: ratOf(0), places: p, whole: true}
			for _, kind := range []comp.CreditKind{comp.Direct, comp.Overlay} {
				have := sum(kind, share)
				part := ratOf(1)
				if have.Cmp(room) > 0 {
					part = over(room, have)
					w.whole = w.whole && part.Sign() == 0
				}
				room = minus(room, times(have, part))
				w.share = plus(w.share, times(have, part))
				w.amount = plus(w.amount, times(sum(kind, func(c comp.Credit) decimal.Decimal { return c.Amount }), part))
				w.margin = plus(w.margin, times(sum(kind, func(c comp.Credit) decimal.Decimal { return c.Margin }), part))
				w.units = plus(w.units, times(sum(kind, func(c comp.Credit) decimal.Decimal { return c.Units }), part))
			}
			if w.share.Sign() > 0 {
				out[row.ID+" "+manager] = w
			}
		}
	}
	return out
}

// byRow sorts credits, so that only the order is lost.
func byRow(credits []comp.Credit) []comp.Credit {
	out := slices.Clone(credits)
	for i := range out {
		out[i].Via = "" // follows the order of the credits
	}
	slices.SortFunc(out, func(a, b comp.Credit) int { return strings.Compare(a.ID+" "+a.Payee, b.ID+" "+b.Payee) })
	return out
}

// The order of credits and reports changes the order of the results alone, and a
// second run changes nothing.
func TestLawRollUp_order(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		credits, chart := drawCredits(t), drawChart(t, chartPeople, true)
		up := mustRollUp(t, credits, chart)
		again := mustRollUp(t, rapid.Permutation(credits).Draw(t, "credits again"), rapid.Permutation(chart).Draw(t, "reports again"))
		if diff := cmp.Diff(byRow(up), byRow(again)); diff != "" {
			t.Fatalf("in another order (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff(up, mustRollUp(t, append(slices.Clone(credits), up...), chart)); diff != "" {
			t.Fatalf("with the results (-want +got)\n%s", diff)
		}
	})
}

// Where everybody reports up to one person, that person has each deal exactly once,
// however it was split, and a deal and its negative cancel for each manager.
func TestLawRollUp_theTopHasEachDealOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals, rules := drawDeals(t), drawRules(t)
		for _, deal := range slices.Clone(deals) {
			back := deal
			back.ID, back.Ref = "not "+deal.ID, deal.ID
			back.Event = comp.Booking
			back.Amount, back.Margin, back.Units = deal.Amount.Neg(), deal.Margin.Neg(), deal.Units.Neg()
			deals = append(deals, back)
		}
		credits, rest := mustAssign(t, deals, rules)
		chart := drawChart(t, append(slices.Clone(chartPeople), "top"), false)
		chart = slices.DeleteFunc(chart, func(r comp.Report) bool { return r.Manager == "top" })
		for _, span := range year().Split(on("2026-05-01"), on("2026-09-01")) {
			for _, name := range chartPeople {
				if !slices.ContainsFunc(chart, func(r comp.Report) bool { return r.Payee == name && r.Span == span }) {
					chart = append(chart, comp.Report{Span: span, Payee: name, Manager: "top"})
				}
			}
		}
		sums := map[string][3]decimal.Decimal{}
		top := map[string]comp.Credit{}
		for _, c := range mustRollUp(t, credits, chart) {
			s := sums[c.Payee]
			sums[c.Payee] = [3]decimal.Decimal{s[0].Add(c.Amount), s[1].Add(c.Margin), s[2].Add(c.Units)}
			if c.Payee == "top" {
				top[c.ID] = c
			}
		}
		for who, s := range sums {
			if !s[0].IsZero() || !s[1].IsZero() || !s[2].IsZero() {
				t.Fatalf("%s keeps %s, %s and %s", who, digits(s[0]), digits(s[1]), digits(s[2]))
			}
		}
		for _, deal := range deals {
			if slices.ContainsFunc(rest, func(o comp.Deal) bool { return o.ID == deal.ID }) {
				continue
			}
			if c := top[deal.ID]; !c.Amount.Equal(deal.Amount) || !c.Margin.Equal(deal.Margin) || !c.Units.Equal(deal.Units) || !c.Share.Equal(one) {
				t.Fatalf("of %+v the top has %+v", deal, c)
			}
		}
	})
}

// A chart is refused exactly when somebody has two managers or is above themselves
// on some day.
func TestLawRollUp_chart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := []string{"a", "b", "c", "d"}
		days := []salesops.Date{{}, on("2026-01-01"), on("2026-01-02"), on("2026-01-03"), {}}
		var chart []comp.Report
		for range rapid.IntRange(1, 6).Draw(t, "reports") {
			from := rapid.IntRange(0, 3).Draw(t, "start")
			to := rapid.IntRange(from+1, 4).Draw(t, "end")
			who := rapid.Permutation(people).Draw(t, "who")
			chart = append(chart, comp.Report{Span: salesops.Period{Start: days[from], End: days[to]}, Payee: who[0], Manager: who[1]})
		}
		sound := true
		for _, day := range []string{"2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03"} {
			above := map[string]string{}
			for _, r := range chart {
				if r.Span.Contains(on(day)) {
					sound = sound && above[r.Payee] == ""
					above[r.Payee] = r.Manager
				}
			}
			for _, name := range people {
				at := above[name]
				for range people {
					sound = sound && at != name
					at = above[at]
				}
			}
		}
		if _, err := comp.RollUp(nil, chart, 2); (err == nil) != sound {
			t.Fatalf("sound: %v, but the error is %v", sound, err)
		}
	})
}

func TestRollUp_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var credits []comp.Credit
		for range rapid.IntRange(0, 5).Draw(t, "credits") {
			credits = append(credits, drawHostileCredit(t))
		}
		var chart []comp.Report
		for range rapid.IntRange(0, 4).Draw(t, "reports") {
			chart = append(chart, comp.Report{
				Span: drawHostileSpan(t), Payee: pick(t, "payee", "", "a", "b", "c"), Manager: pick(t, "manager", "", "a", "b", "c"), Share: drawHostile(t, "report share"),
			})
		}
		if _, err := comp.RollUp(credits, chart, pick(t, "places", int32(2), 0, 18, -1, 1<<31-1)); err != nil && !allInput(err) {
			t.Fatal(err)
		}
	})
}

// ---- speed

// pyramid is a chart of n payees in teams of eight, level by level, all of whom change
// teams in the middle of the year.
func pyramid(n int) (reps []string, chart []comp.Report) {
	for i := range n {
		reps = append(reps, fmt.Sprintf("rep%d", i))
	}
	level := reps
	for step := 0; len(level) > 1; step++ {
		var above []string
		for i := range (len(level) + 7) / 8 {
			above = append(above, fmt.Sprintf("m%d-%d", step, i))
		}
		for i, name := range level {
			for half, span := range year().Split(on("2026-07-01")) {
				chart = append(chart, comp.Report{Span: span, Payee: name, Manager: above[(i+half)/8%len(above)]})
			}
		}
		level = above
	}
	return reps, chart
}

// 10,000 reps under five levels of managers; every deal has two reps, and every third
// row is a payment. A credit of a rep makes one to five of managers.
func BenchmarkRollUp(b *testing.B) {
	reps, chart := pyramid(10_000)
	for _, n := range []int{100, 10_000, 1_000_000} {
		credits := make([]comp.Credit, 0, n)
		for i := 0; len(credits) < n; i++ {
			deal := sale(fmt.Sprintf("d%d", i), "2026-01-01", "0")
			deal.Date, deal.Amount = deal.Date.AddDays(i*7%365), decimal.New(int64(i)*7919%1_000_000, -2)
			if i%3 == 2 {
				deal.Ref, deal.Event = fmt.Sprintf("d%d", i-1), comp.Payment
			}
			s := []comp.Split{{Payee: reps[i*31%len(reps)], Share: d("0.6")}, {Payee: reps[(i*31+9)%len(reps)], Share: d("0.4")}}
			credits = append(credits, mustSplit(b, deal, s, 2)...)
		}
		b.Run(fmt.Sprintf("credits=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			made := 0
			for b.Loop() {
				up, err := comp.RollUp(credits, chart, 2)
				if err != nil {
					b.Fatal(err)
				}
				made = len(up)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/credit")
			b.ReportMetric(float64(made)/float64(n), "made/credit")
		})
	}
}
