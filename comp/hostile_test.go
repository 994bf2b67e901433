package comp_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// promptly fails the test when f takes longer than data of its size can excuse, and
// does not wait for it.
func promptly(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// allFaults are the faults that an error joins, in order.
func allFaults(err error) (out []*comp.Error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, allFaults(e)...)
		}
		return out
	}
	if fault := (*comp.Error)(nil); errors.As(err, &fault) {
		out = append(out, fault)
	}
	return out
}

// refused is what one bad input must give: a first fault of a kind, with its place,
// the records it names, and a part of its advice.
type refused struct {
	kind        error
	payee, deal string
	path        string
	remedy      string
}

func (want refused) check(t *testing.T, what string, err error, results ...any) {
	t.Helper()
	if !errors.Is(err, want.kind) {
		t.Errorf("%s: %v, want %v", what, err, want.kind)
		return
	}
	var fault *comp.Error
	if !errors.As(err, &fault) {
		t.Errorf("%s: %v holds no *comp.Error", what, err)
		return
	}
	if fault.Payee != want.payee || fault.Deal != want.deal || fault.Path != want.path {
		t.Errorf("%s: fault of payee %q, deal %q at %q, want payee %q, deal %q at %q", what, fault.Payee, fault.Deal, fault.Path, want.payee, want.deal, want.path)
	}
	if !strings.Contains(err.Error(), want.remedy) {
		t.Errorf("%s: %q does not advise %q", what, err, want.remedy)
	}
	if !strings.HasPrefix(err.Error(), "comp: ") {
		t.Errorf("%s: %q does not start with the package", what, err)
	}
	for _, result := range results {
		if !reflect.ValueOf(result).IsZero() {
			t.Errorf("%s: a result beside the error: %v", what, result)
		}
	}
}

// healthyPlan is a plan with one of everything, and healthyCase a case that it
// calculates without fault.
func healthyPlan() comp.Plan {
	limit := d("1000")
	return comp.Plan{
		ID: "plan", Currency: "USD", Span: year(), Every: salesops.Month,
		Components: []comp.Component{
			{ID: "sales", Measure: comp.Measure{Reset: comp.PerQuarter, Quota: "q"}, Curve: &comp.Curve{
				Mode: comp.Marginal, Bands: []comp.Band{{Rate: d("0.1")}, {From: d("1"), Rate: d("0.2")}},
			}},
			{ID: "mbo", Measure: comp.Measure{Score: "goal", Reset: comp.PerQuarter}, Pays: comp.PaysTarget, Curve: &comp.Curve{
				Mode: comp.Linear, Bands: []comp.Band{{}, {From: d("1"), Pay: d("1")}},
			}},
		},
		Limits:   []comp.Limit{{Per: comp.PerQuarter, Max: &limit}},
		Holds:    []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Booking, Share: d("1")}}}},
		Clawback: &comp.Clawback{},
	}
}

func healthyCase() comp.Case {
	in := comp.Case{
		Payee: payee("100", "q", "1200"), Period: period("2026-02-01", "2026-03-01"),
		Credits: []comp.Credit{
			booking("A", "2026-01-10", "100"), booking("B", "2026-02-10", "100"), event("R", "B", comp.Refund, "2026-02-20", "-10"),
		},
		Scores: []comp.Score{{Name: "goal", Date: on("2026-02-10"), Value: d("0.5")}},
		Manual: []comp.Manual{{ID: "m", Amount: d("5")}},
	}
	for i := range in.Credits {
		in.Credits[i].Payee = "ana"
	}
	return in
}

// absurd is a number on which package decimal computes for ever.
var absurd = decimal.New(1, 1_000_000_000)

// Each case spoils the sound one in one way.
func TestCalculateRefusesBadInput(t *testing.T) {
	calc := calculator(t, healthyPlan())
	if _, _, err := calc.Calculate(healthyCase()); err != nil {
		t.Fatalf("the case that the others spoil has a fault itself: %v", err)
	}
	input := func(path, remedy string) refused { return refused{comp.ErrInput, "ana", "", path, remedy} }
	ofDeal := func(deal, path, remedy string) refused { return refused{comp.ErrInput, "ana", deal, path, remedy} }
	const bounds = "exponent within ±18"
	for _, row := range []struct {
		name  string
		spoil func(*comp.Case)
		want  refused
	}{
		{"another currency", func(c *comp.Case) { c.Credits[1].Currency = "EUR" }, ofDeal("B", "credits/1/currency", "convert the credits first, with Convert")},
		{"no currency", func(c *comp.Case) { c.Credits[1].Currency = "" }, ofDeal("B", "credits/1/currency", "with Convert")},
		{"no ID", func(c *comp.Case) { c.Credits[1].ID = ""; c.Credits = c.Credits[:2] }, input("credits/1/id", "must not be empty")},
		{"no date", func(c *comp.Case) { c.Credits[1].Date = salesops.Date{} }, ofDeal("B", "credits/1/date", "must be set")},
		{"another payee's credit", func(c *comp.Case) { c.Credits[1].Payee = "bo" }, ofDeal("B", "credits/1/payee", "pass each payee's own credits")},
		{"no such event", func(c *comp.Case) { c.Credits[1].Event = "sold" }, ofDeal("B", "credits/1/event", "use booking, invoice, payment, refund, cancel or release")},
		{"no such kind", func(c *comp.Case) { c.Credits[1].Kind = "half" }, ofDeal("B", "credits/1/kind", "use direct, overlay or rollup")},
		{"one ID for two deals", func(c *comp.Case) { c.Credits[1].ID = "A"; c.Credits = c.Credits[:2] }, ofDeal("A", "credits/1", "give each row an ID of its own")},
		{"a positive refund", func(c *comp.Case) { c.Credits[2].Amount = d("10") }, ofDeal("R", "credits/2/amount", "must be negative")},
		{"a positive cancellation", func(c *comp.Case) { c.Credits[2].Event, c.Credits[2].Amount = comp.Cancel, d("10") }, ofDeal("R", "credits/2/amount", "must be negative")},
		{"a row that refers to itself", func(c *comp.Case) { c.Credits[2].Ref = "R" }, ofDeal("R", "credits/2/ref", "refers in a circle")},
		{"rows that refer to each other", func(c *comp.Case) { c.Credits[1].Ref = "R" }, ofDeal("B", "credits/1/ref", "refers in a circle")},
		{"a huge amount", func(c *comp.Case) { c.Credits[1].Amount = absurd }, ofDeal("B", "credits/1/amount", bounds)},
		{"a huge refund", func(c *comp.Case) { c.Credits[2].Amount = absurd.Neg() }, ofDeal("R", "credits/2/amount", bounds)},
		{"a huge margin", func(c *comp.Case) { c.Credits[1].Margin = absurd }, ofDeal("B", "credits/1/margin", bounds)},
		{"minute units", func(c *comp.Case) { c.Credits[1].Units = decimal.New(1, -1_000_000_000) }, ofDeal("B", "credits/1/units", bounds)},
		{"37 digits", func(c *comp.Case) { c.Credits[1].Amount = d(strings.Repeat("9", 37)) }, ofDeal("B", "credits/1/amount", "36 digits")},
		{"a deal outside every term", func(c *comp.Case) { c.Payee.Terms[0].Span = period("2026-02-01", "2027-01-01") }, ofDeal("A", "credits/0/date", "add a term, or correct the date")},
		{"a payee without terms", func(c *comp.Case) { c.Payee.Terms = nil }, input("payee/terms", "add a term")},
		{"a deal outside the plan", func(c *comp.Case) { c.Credits[0].Date = on("2025-12-31") }, ofDeal("A", "credits/0/date", "give the payee a term with the plan of that day")},
		{"an unknown deal refunded", func(c *comp.Case) { c.Credits[2].Ref = "X" }, ofDeal("R", "credits/2/ref", "pass the deal's own credit")},

		{"no payee", func(c *comp.Case) { c.Payee.ID = ""; c.Credits = nil }, refused{comp.ErrInput, "", "", "payee/id", "must not be empty"}},
		{"a term without a plan", func(c *comp.Case) {
			c.Payee.Terms = append(c.Payee.Terms, comp.Term{Span: period("2030-01-01", "2031-01-01")})
			c.Payee.Terms[0].Span = year()
		}, input("payee/terms/1/plan", "must name a plan")},
		{"terms that overlap", func(c *comp.Case) { c.Payee.Terms = append(c.Payee.Terms, c.Payee.Terms[0]) }, input("payee/terms/1/span", "end one when the other starts")},
		{"a term that ends before it starts", func(c *comp.Case) { c.Payee.Terms[0].Span = period("2027-01-01", "2026-01-01") }, input("payee/terms/0/span", "ends before it starts")},
		{"no quota", func(c *comp.Case) { c.Payee.Terms[0].Quotas = nil }, input("payee/terms/quotas/q", "give the payee's term this quota")},
		{"a quota of zero", func(c *comp.Case) { c.Payee.Terms[0].Quotas["q"] = comp.Goal{} }, input("payee/terms/quotas/q", "must be more than zero")},
		{"a negative quota", func(c *comp.Case) { c.Payee.Terms[0].Quotas["q"] = comp.Goal{Amount: d("-1200")} }, input("payee/terms/quotas/q", "must be more than zero")},
		{"a quota that rounds to zero", func(c *comp.Case) { c.Payee.Terms[0].Quotas["q"] = comp.Goal{Amount: d("0.001")} }, input("payee/terms/quotas/q", "must be more than zero")},
		{"a huge quota", func(c *comp.Case) { c.Payee.Terms[0].Quotas["q"] = comp.Goal{Amount: absurd} }, input("payee/terms/0/quotas/q/amount", bounds)},
		{"a huge target", func(c *comp.Case) { c.Payee.Terms[0].Target.Amount = absurd }, input("payee/terms/0/target/amount", bounds)},
		{"a quota per fortnight", func(c *comp.Case) { c.Payee.Terms[0].Target.Per = "fortnight" }, input("payee/terms/0/target/per", "use week, month, quarter, half or year")},
		{"a ramp of nothing", func(c *comp.Case) { c.Payee.Terms[0].Target.Ramp = decimals("1") }, input("payee/terms/0/target/ramp", "set per, or season")},
		{"a huge ramp", func(c *comp.Case) {
			c.Payee.Terms[0].Target = comp.Goal{Per: salesops.Month, Ramp: []decimal.Decimal{absurd}}
		}, input("payee/terms/0/target/ramp/0", bounds)},
		{"a season of five", func(c *comp.Case) { c.Payee.Terms[0].Target.Season = decimals("1", "1", "1", "1", "1") }, input("payee/terms/0/target/season", "as many as it has halves, quarters or months")},
		{"a season of nothing", func(c *comp.Case) { c.Payee.Terms[0].Target.Season = decimals("0", "0") }, input("payee/terms/0/target/season", "must have a weight that is more than zero")},
		{"a negative season", func(c *comp.Case) { c.Payee.Terms[0].Target.Season = decimals("2", "-1") }, input("payee/terms/0/target/season/1", "must not be negative")},
		{"a huge season", func(c *comp.Case) { c.Payee.Terms[0].Target.Season = []decimal.Decimal{absurd, d("1")} }, input("payee/terms/0/target/season/0", bounds)},
		{"leave without an end", func(c *comp.Case) { c.Payee.Terms[0].Away = []salesops.Period{{Start: on("2026-01-01")}} }, input("payee/terms/0/away/0", "must have both ends")},
		{"leaves that overlap", func(c *comp.Case) {
			c.Payee.Terms[0].Away = []salesops.Period{period("2026-01-01", "2026-01-10"), period("2026-01-09", "2026-01-12")}
		}, input("payee/terms/0/away/1", "list absences by date")},
		{"a draw without a kind", func(c *comp.Case) { c.Payee.Terms[0].Draws = []comp.Draw{{Amount: d("1")}} }, input("payee/terms/0/draws/0/kind", "must be guarantee, advance or extra")},
		{"a huge draw", func(c *comp.Case) { c.Payee.Terms[0].Draws = []comp.Draw{{Amount: absurd, Kind: comp.Extra}} }, input("payee/terms/0/draws/0/amount", bounds)},

		{"no period", func(c *comp.Case) { c.Period = salesops.Period{} }, input("period", "must have both ends")},
		{"an open period", func(c *comp.Case) { c.Period.End = salesops.Date{} }, input("period", "must have both ends")},
		{"an empty period", func(c *comp.Case) { c.Period.End = c.Period.Start }, input("period", "did you mean 2026-02-01/2026-03-01?")},
		{"a period that ends before it starts", func(c *comp.Case) { c.Period = period("2026-03-01", "2026-02-01") }, input("period", "did you mean 2026-03-01/2026-04-01?")},
		{"a quarter, where months are paid", func(c *comp.Case) { c.Period = period("2026-01-01", "2026-04-01") }, input("period", "did you mean 2026-01-01/2026-02-01?")},
		{"a period before the plan", func(c *comp.Case) { c.Period, c.Credits = period("2025-12-01", "2026-01-01"), nil }, input("period", "outside the plan's span")},
		{"a period two centuries on", func(c *comp.Case) { c.Period = period("2226-12-01", "2227-01-01") }, input("period", "outside the plan's span")},
		{"since inside a window", func(c *comp.Case) { c.Since = on("2026-01-15") }, input("since", "use 2026-01-01")},
		{"since too late", func(c *comp.Case) { c.Since = on("2026-04-01") }, input("since", "complete from 2026-01-01")},

		{"a score without a name", func(c *comp.Case) { c.Scores[0].Name = "" }, input("scores/0", "must have a name and a date")},
		{"a score without a date", func(c *comp.Case) { c.Scores[0].Date = salesops.Date{} }, input("scores/0", "must have a name and a date")},
		{"a huge score", func(c *comp.Case) { c.Scores[0].Value = absurd }, input("scores/0/value", bounds)},
		{"two scores of one day", func(c *comp.Case) { c.Scores = append(c.Scores, c.Scores[0]) }, input("scores/1", "is given twice")},
		{"a manual amount without an ID", func(c *comp.Case) { c.Manual[0].ID = "" }, input("manual/0/id", "must be set, and distinct")},
		{"two manual amounts of one ID", func(c *comp.Case) { c.Manual = append(c.Manual, c.Manual[0]) }, input("manual/1/id", "must be set, and distinct")},
		{"a manual amount of half a cent", func(c *comp.Case) { c.Manual[0].Amount = d("0.005") }, input("manual/0/amount", "must be a multiple of the plan's rounding unit")},
		{"a huge manual amount", func(c *comp.Case) { c.Manual[0].Amount = absurd }, input("manual/0/amount", bounds)},
	} {
		in := healthyCase()
		row.spoil(&in)
		promptly(t, row.name, func() {
			st, next, err := calc.Calculate(in)
			row.want.check(t, row.name, err, st, next)
			// The questions refuse it likewise, and give nothing either.
			st, err = calc.WhatIf(in)
			row.want.check(t, row.name+", WhatIf", err, st)
			need, err := calc.Needed(in, "sales", d("100"))
			if !errors.Is(err, row.want.kind) || !reflect.ValueOf(need).IsZero() {
				t.Errorf("%s, Needed: %v, %v", row.name, need, err)
			}
		})
	}
}

func TestCalculateRefusesStateThatDoesNotFit(t *testing.T) {
	calc := calculator(t, healthyPlan())
	first := healthyCase()
	first.Period, first.Credits = period("2026-01-01", "2026-02-01"), first.Credits[:1]
	_, january := calculate(t, calc, first)
	second := healthyCase()
	second.Prior = january
	_, february := calculate(t, calc, second)

	for _, row := range []struct {
		name  string
		spoil func(*comp.Case)
		want  refused
	}{
		{"of another plan", func(c *comp.Case) { c.Prior.Plan = "other" }, refused{comp.ErrState, "ana", "", "prior/plan", "pass the state of this plan"}},
		{"of another payee", func(c *comp.Case) { c.Prior.Payee = "bo" }, refused{comp.ErrState, "ana", "", "prior/payee", "is not the payee of the case"}},
		{"of nobody", func(c *comp.Case) { c.Prior.Payee = "" }, refused{comp.ErrState, "ana", "", "prior/payee", "is not the payee of the case"}},
		{"of a later period", func(c *comp.Case) { c.Prior = february; c.Period, c.Credits = first.Period, first.Credits }, refused{comp.ErrState, "ana", "", "prior/period", "pass the state that the period before left"}},
		{"with an entry twice", func(c *comp.Case) { c.Prior.Booked = append(c.Prior.Booked, c.Prior.Booked[0]) }, refused{comp.ErrState, "ana", "", "prior/booked/" + strconv.Itoa(len(january.Booked)) + "/id", "is in the ledger twice; the state is damaged"}},
		{"with an ID cut short", func(c *comp.Case) { c.Prior.Booked[0].ID = "earn/sales" }, refused{comp.ErrState, "ana", "", "prior/booked/0/id", "the state is damaged"}},
		{"with an ID of no day", func(c *comp.Case) { c.Prior.Booked[0].ID = "earn/sales/A/2026-02-30" }, refused{comp.ErrState, "ana", "", "prior/booked/0/id", "the state is damaged"}},
		{"with an ID of no kind", func(c *comp.Case) { c.Prior.Booked[0].ID = "gift/sales/A/2026-01-01" }, refused{comp.ErrState, "ana", "", "prior/booked/0/id", "the state is damaged"}},
		{"with half a cent", func(c *comp.Case) { c.Prior.Booked[0].Total = d("0.005") }, refused{comp.ErrState, "ana", "", "prior/booked/0/total", "must not change between versions"}},
		{"with a huge total", func(c *comp.Case) { c.Prior.Booked[0].Total = absurd }, refused{comp.ErrState, "ana", "", "prior/booked/0/total", "exponent within ±18"}},
		{"with a huge measure", func(c *comp.Case) { c.Prior.Booked[0].Measure = absurd }, refused{comp.ErrState, "ana", "", "prior/booked/0/measure", "exponent within ±18"}},
		{"with a huge due", func(c *comp.Case) { c.Prior.Due = absurd }, refused{comp.ErrState, "ana", "", "prior/due", "exponent within ±18"}},
		{"with a deal that is gone", func(c *comp.Case) { c.Credits = c.Credits[1:] }, refused{comp.ErrState, "ana", "A", "prior/booked/0", "pass all credits of the window, or set Since"}},
	} {
		in := healthyCase()
		in.Prior = january
		in.Prior.Booked = slices.Clone(january.Booked)
		row.spoil(&in)
		promptly(t, row.name, func() {
			st, next, err := calc.Calculate(in)
			row.want.check(t, "a state "+row.name, err, st, next)
		})
	}

	// What the last message advises, works: the deal is taken out again.
	in := healthyCase()
	in.Prior, in.Credits, in.Since = january, in.Credits[1:], on("2026-01-01")
	st, _ := calculate(t, calc, in)
	if line, ok := st.Line("earn/sales/A/2026-01-01"); !ok || !line.Amount.Equal(d("-10")) || line.Note != "no longer credited" {
		t.Errorf("the line of the deal that is gone = %+v, want -10", line)
	}
	// The cases before have left the state alone.
	in = healthyCase()
	in.Prior = january
	if _, next := calculate(t, calc, in); !reflect.DeepEqual(next, february) {
		t.Errorf("the state was changed by the cases that were refused")
	}
}

// A line ID keeps names apart that contain its separators.
func TestNamesWithSeparators(t *testing.T) {
	calc := calculator(t, decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"}))))
	in := comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{
		booking("a/b", "2026-01-10", "100"), booking("a~1b", "2026-01-10", "200"), booking("a~b/", "2026-01-10", "300"),
	}}
	st, next := calculate(t, calc, in)
	same(t, "earned", st.Earned, "60")
	in.Prior = next
	st, _ = calculate(t, calc, in)
	same(t, "a second run", st.Net, "0")
	if len(st.Lines) != 0 {
		t.Errorf("a second run books %v", st.Lines)
	}
}

func TestSameCreditTwiceCountsOnce(t *testing.T) {
	calc := calculator(t, decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"}))))
	deal := booking("A", "2026-01-10", "100")
	deal.Tags = comp.Tags{"product": "crm"}
	again := deal
	again.Amount = d("100.00") // the same number, written otherwise
	again.Tags = comp.Tags{"product": "crm"}
	again.Via, again.Share = "a note", d("1")
	st, _ := calculate(t, calc, comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{deal, again}})
	same(t, "earned", st.Earned, "10")
	want := []comp.Unused{{Index: 1, Deal: "A", Reason: "the same credit was given before"}}
	if !slices.Equal(st.Unused, want) || st.Credits != 2 {
		t.Errorf("unused = %v of %d, want %v of 2", st.Unused, st.Credits, want)
	}
	for name, change := range map[string]func(*comp.Credit){
		"ref":    func(c *comp.Credit) { c.Ref = "X" },
		"event":  func(c *comp.Credit) { c.Event = comp.Invoice },
		"date":   func(c *comp.Credit) { c.Date = on("2026-01-11") },
		"amount": func(c *comp.Credit) { c.Amount = d("100.01") },
		"margin": func(c *comp.Credit) { c.Margin = d("1") },
		"units":  func(c *comp.Credit) { c.Units = d("1") },
		"tags":   func(c *comp.Credit) { c.Tags = comp.Tags{"product": "erp"} },
		"no tag": func(c *comp.Credit) { c.Tags = nil },
	} {
		other := deal
		change(&other)
		st, next, err := calc.Calculate(comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{deal, other}})
		refused{comp.ErrInput, "ana", "A", "credits/1", "differs from credits/0"}.check(t, "another "+name, err, st, next)
	}
	// A row of another kind is another row: an overlay beside one's own credit.
	overlay := deal
	overlay.Kind = comp.Overlay
	st, _ = calculate(t, calc, comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{deal, overlay}})
	same(t, "direct and overlay", st.Earned, "20")
}

// All faults come at once, in the order of the input, 20 of them, and a count.
func TestFaultsComeTogether(t *testing.T) {
	calc := calculator(t, healthyPlan())
	in := healthyCase()
	in.Credits = nil
	for i := range 30 {
		c := booking("D"+strconv.Itoa(i), "2026-02-10", "100")
		c.Currency = "EUR"
		in.Credits = append(in.Credits, c)
	}
	st, next, err := calc.Calculate(in)
	faults := allFaults(err)
	if len(faults) != 21 || !strings.HasSuffix(err.Error(), "and 10 more faults") {
		t.Fatalf("%d faults, ending in %q, want 20 and a count of 10 more", len(faults), err.Error()[max(0, len(err.Error())-60):])
	}
	for i, fault := range faults[:20] {
		if want := "credits/" + strconv.Itoa(i) + "/currency"; fault.Path != want {
			t.Errorf("fault %d is at %s, want %s", i, fault.Path, want)
		}
	}
	if !errors.Is(err, comp.ErrInput) || !reflect.ValueOf(st).IsZero() || !reflect.ValueOf(next).IsZero() {
		t.Errorf("30 bad credits give %v, %v, %v", st, next, err)
	}

	in = healthyCase()
	in.Credits[0].Currency, in.Credits[1].Event, in.Credits[2].Amount = "EUR", "sold", absurd
	in.Credits[2].Margin = absurd
	_, _, err = calc.Calculate(in)
	var paths []string
	for _, fault := range allFaults(err) {
		paths = append(paths, fault.Path)
	}
	if want := []string{"credits/0/currency", "credits/1/event", "credits/2/amount", "credits/2/margin"}; !slices.Equal(paths, want) {
		t.Errorf("faults at %v, want %v", paths, want)
	}

	// Those beyond the 20 are of the same kind as the others.
	in = healthyCase()
	in.Prior = comp.State{Plan: "plan", Payee: "ana"}
	for i := range 30 {
		in.Prior.Booked = append(in.Prior.Booked, comp.Booked{ID: strconv.Itoa(i)})
	}
	if _, _, err = calc.Calculate(in); !errors.Is(err, comp.ErrState) || errors.Is(err, comp.ErrInput) || len(allFaults(err)) != 21 {
		t.Errorf("30 bad ledger entries give %v, want ErrState alone", err)
	}
	unknown := `{"f` + strings.Repeat(`":1, "f`, 30) + `":1}`
	if _, err = comp.ParsePlan([]byte(unknown)); !errors.Is(err, comp.ErrPlan) || errors.Is(err, comp.ErrInput) || len(allFaults(err)) != 21 {
		t.Errorf("30 unknown fields give %v, want ErrPlan alone", err)
	}

	// The same input gives the same faults in the same order.
	in = healthyCase()
	for i := range 8 {
		in.Payee.Terms[0].Quotas["q"+strconv.Itoa(i)] = comp.Goal{Amount: absurd}
	}
	_, _, first := calc.Calculate(in)
	for range 20 {
		if _, _, err = calc.Calculate(in); err == nil || err.Error() != first.Error() {
			t.Errorf("once %v, once %v", first, err)
			break
		}
	}

	// A name as long as a book is told shortened.
	in = healthyCase()
	in.Credits[0].ID, in.Credits[0].Currency = strings.Repeat("x", 1<<20), "EUR"
	if _, _, err = calc.Calculate(in); err == nil || len(err.Error()) > 1000 {
		t.Errorf("a deal with an ID of a megabyte makes an error of %d bytes", len(err.Error()))
	}
}

func TestCreditingRefusesBadInput(t *testing.T) {
	deal := booking("A", "2026-01-10", "100").Deal
	splits := func(shares ...string) (out []comp.Split) {
		for i, s := range shares {
			out = append(out, comp.Split{Payee: string(rune('a' + i)), Share: d(s)})
		}
		return out
	}
	for _, shares := range [][]string{{"0.5"}, {"0.5", "0.4999999999"}, {"0.5", "0.5000000001"}, {"0.33", "0.33", "0.33"}} {
		credits, err := comp.SplitDeal(deal, splits(shares...), 2)
		refused{comp.ErrInput, "", "A", "splits", "must be exactly 1"}.check(t, strings.Join(shares, " + "), err, credits)
		credits, left, err := comp.Assign([]comp.Deal{deal}, []comp.CreditRule{{ID: "r", Splits: splits(shares...)}}, 2)
		if !errors.Is(err, comp.ErrInput) || credits != nil || left != nil {
			t.Errorf("Assign by %v: %v, %v, %v", shares, credits, left, err)
		}
	}
	credits, err := comp.SplitDeal(deal, splits("50", "50"), 2)
	refused{comp.ErrInput, "", "", "splits/0/share", "50 % is 0.5"}.check(t, "percent for shares", err, credits)
	bad := deal
	bad.Amount = absurd
	promptly(t, "SplitDeal", func() {
		credits, err := comp.SplitDeal(bad, splits("1"), 2)
		refused{comp.ErrInput, "", "A", "deal/amount", "exponent within ±18"}.check(t, "a huge deal", err, credits)
		credits, err = comp.SplitDeal(deal, []comp.Split{{Payee: "a", Share: absurd}}, 2)
		refused{comp.ErrInput, "", "", "splits/0/share", "exponent within ±18"}.check(t, "a huge share", err, credits)
	})

	credit := booking("A", "2026-01-10", "100")
	for name, chart := range map[string][]comp.Report{
		"two":   {{Payee: "ana", Manager: "bo"}, {Payee: "bo", Manager: "ana"}},
		"three": {{Payee: "ana", Manager: "bo"}, {Payee: "bo", Manager: "cy"}, {Payee: "cy", Manager: "ana"}},
	} {
		rolled, err := comp.RollUp([]comp.Credit{credit}, chart, 2)
		refused{comp.ErrInput, "ana", "", "chart/0", "end one of these reports before"}.check(t, "a circle of "+name, err, rolled)
	}
	rolled, err := comp.RollUp([]comp.Credit{credit}, []comp.Report{{Payee: "ana", Manager: "ana"}}, 2)
	refused{comp.ErrInput, "ana", "", "chart/0/manager", "nobody reports to themselves"}.check(t, "a circle of one", err, rolled)

	promptly(t, "Convert", func() {
		rate := func(string, string, salesops.Date) (decimal.Decimal, bool) { return absurd, true }
		credit.Currency = "EUR"
		converted, err := comp.Convert([]comp.Credit{credit}, "USD", rate)
		refused{comp.ErrInput, "ana", "A", "credits/0/currency", "exponent within ±18"}.check(t, "a huge rate", err, converted)
	})
}

func TestSmallChangeRefusesBadInput(t *testing.T) {
	promptly(t, "small change", func() {
		_, err := comp.Allocate(absurd, decimals("1"), 2)
		refused{comp.ErrInput, "", "", "total", "exponent within ±18"}.check(t, "Allocate a huge total", err)
		_, err = comp.Allocate(d("1"), []decimal.Decimal{absurd}, 2)
		refused{comp.ErrInput, "", "", "weights/0", "exponent within ±18"}.check(t, "Allocate by a huge weight", err)
		_, err = comp.Prorate(absurd, year(), year(), 2)
		refused{comp.ErrInput, "", "", "amount", "exponent within ±18"}.check(t, "Prorate a huge amount", err)
		_, err = comp.Prorate(d("1"), period("2027-01-01", "2026-01-01"), year(), 2)
		refused{comp.ErrInput, "", "", "whole", "at least one day"}.check(t, "Prorate over a span that ends before it starts", err)
		_, err = comp.Amortize(absurd, on("2026-01-01"), 24, 2)
		refused{comp.ErrInput, "", "", "total", "exponent within ±18"}.check(t, "Amortize a huge total", err)
		_, err = comp.Amortize(d("1"), on("2026-01-01"), math.MaxInt, 2)
		refused{comp.ErrInput, "", "", "months", "between 1 and 1200"}.check(t, "Amortize for ever", err)
	})
}

func TestQuestionsRefuseBadInput(t *testing.T) {
	calc := calculator(t, healthyPlan())
	promptly(t, "questions", func() {
		need, err := calc.Needed(healthyCase(), "sales", absurd)
		refused{comp.ErrInput, "ana", "", "pay", "exponent within ±18"}.check(t, "Needed for a huge pay", err, need)
		need, err = calc.Needed(healthyCase(), "sails", d("1"))
		refused{comp.ErrInput, "ana", "", "component", "is not in the plan plan"}.check(t, "Needed of a component that is not there", err, need)
		need, err = calc.Needed(healthyCase(), "mbo", d("1"))
		refused{comp.ErrInput, "ana", "", "component", "try scores with Calculate"}.check(t, "Needed of a score", err, need)
		rows, err := calc.Cost(payee("1", "q", "1"), nil, d("1"), absurd)
		refused{comp.ErrInput, "ana", "", "attainments/1", "exponent within ±18"}.check(t, "Cost at a huge attainment", err, rows)
		rows, err = calc.Cost(payee("1", "q", "1"), nil, d("-1"))
		refused{comp.ErrInput, "ana", "", "attainments/0", "must not be negative"}.check(t, "Cost at a negative attainment", err, rows)
		rows, err = calc.Cost(payee("1", "q", "1"), map[string]decimal.Decimal{"mbo": absurd}, d("1"))
		refused{comp.ErrInput, "ana", "", "volumes/mbo", "exponent within ±18"}.check(t, "Cost of a huge volume", err, rows)
		rows, err = calc.Cost(payee("1"), nil, d("1"))
		refused{comp.ErrInput, "ana", "", "payee/terms/quotas/q", "give the payee's term this quota"}.check(t, "Cost without a quota", err, rows)
		for _, outcomes := range [][]comp.Outcome{nil, {{d("1"), d("0.9")}}, {{d("1"), d("0.6")}, {d("2"), d("0.5")}}} {
			cost, err := calc.TeamCost([]comp.Payee{payee("1", "q", "1")}, nil, outcomes)
			refused{comp.ErrInput, "", "", "outcomes", "sum to exactly 1"}.check(t, "TeamCost", err, cost)
		}
		volumes := make(map[string]decimal.Decimal)
		for i := range 8 {
			volumes[strconv.Itoa(i)] = d("-1")
		}
		_, first := calc.Cost(payee("1", "q", "1"), volumes, d("1"))
		for range 20 {
			if _, err = calc.Cost(payee("1", "q", "1"), volumes, d("1")); err == nil || err.Error() != first.Error() {
				t.Errorf("once %v, once %v", first, err)
				break
			}
		}
		cost, err := calc.TeamCost(nil, nil, []comp.Outcome{{d("1"), absurd}})
		refused{comp.ErrInput, "", "", "outcomes/0/share", "exponent within ±18"}.check(t, "TeamCost", err, cost)
	})
}

// The methods of curves and grids take any data, and say nothing of it.
func TestCurvesTakeAnything(t *testing.T) {
	promptly(t, "a curve", func() {
		for _, mode := range []comp.Mode{comp.Marginal, comp.Retroactive, comp.Prospective, comp.Step, comp.Linear, "no such mode"} {
			for _, bad := range []decimal.Decimal{absurd, absurd.Neg(), decimal.New(1, -1_000_000_000), d(strings.Repeat("9", 40))} {
				c := comp.Curve{Mode: mode, Bands: []comp.Band{{From: bad, Rate: bad, Pay: bad}, {From: d("1"), Rate: d("1")}, {From: d("-1")}}}
				for _, x := range []decimal.Decimal{d("1"), bad} {
					c.Pay(x)
					c.At(x)
					c.Between(x, bad)
					c.Inverse(x, 2)
					c.EffectiveRate(x)
				}
				g := comp.Grid{Cols: []decimal.Decimal{bad, d("1")}, Rows: []decimal.Decimal{bad}, Cells: [][]decimal.Decimal{{bad}}, Blend: true}
				g.At(bad, d("1"))
				plan := healthyPlan()
				plan.Components[0].Curve = &c
				if _, err := comp.New(plan); !errors.Is(err, comp.ErrPlan) {
					t.Errorf("a plan with the bound %s gives %v, want ErrPlan", mode, err)
				}
			}
		}
	})
}

func TestPlanDocumentsAsAttacks(t *testing.T) {
	sound, err := json.Marshal(healthyPlan())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := comp.ParsePlan(sound); err != nil {
		t.Fatalf("the document that the others spoil has a fault itself: %v", err)
	}
	with := func(old, replaced string) string {
		if decimal.MarshalJSONWithoutQuotes { // a host's choice: numbers instead of strings
			old = strings.ReplaceAll(strings.ReplaceAll(old, `:"0.1"`, ":0.1"), `:"1"`, ":1")
		}
		if !strings.Contains(string(sound), old) {
			t.Fatalf("%s is not in %s", old, sound)
		}
		return strings.Replace(string(sound), old, replaced, 1)
	}
	const deep = 200_000
	for _, row := range []struct {
		name, document, path, remedy string
	}{
		{"1e9999", with(`"rate":"0.1"`, `"rate":1e9999`), "/components/0/curve/bands/0/rate", "exponent within ±18"},
		{"1e9999 as text", with(`"rate":"0.1"`, `"rate":"1e9999"`), "/components/0/curve/bands/0/rate", "exponent within ±18"},
		{"1e-999999999", with(`"rate":"0.1"`, `"rate":1e-999999999`), "/components/0/curve/bands/0/rate", "exponent within ±18"},
		{"1e19", with(`"rate":"0.1"`, `"rate":1e19`), "/components/0/curve/bands/0/rate", "exponent within ±18"},
		{"a million digits", with(`"rate":"0.1"`, `"rate":`+strings.Repeat("7", 900_000)), "/components/0/curve/bands/0/rate", "36 digits"},
		{"NaN", with(`"rate":"0.1"`, `"rate":"NaN"`), "/components/0/curve/bands/0/rate", "is not a number"},
		{"10 MB", with(`"plan"`, `"`+strings.Repeat("x", 10<<20)+`"`), "", "at most 1048576 are allowed"},
		{"10 MB of white space", string(sound) + strings.Repeat(" ", 10<<20), "", "at most 1048576 are allowed"},
		{"lists in lists", with(`"components":[`, `"components":[`+strings.Repeat("[", deep)+strings.Repeat("]", deep)+","), "", ""},
		{"lists without an end", strings.Repeat("[", 1_000_000), "", "not JSON"},
		{"objects in objects", strings.Repeat(`{"components":`, 50_000), "", "not JSON"},
		{"shares that do not sum to 1", with(`"share":"1"`, `"share":"0.9"`), "/holds/0/parts", "must sum to exactly 1"},
		{"a span that ends before it starts", with(`"end":"2027-01-01"`, `"end":"2025-01-01"`), "/span", "ends before it starts"},
		{"an empty span", with(`"end":"2027-01-01"`, `"end":"2026-01-01"`), "/span", "ends before it starts, or on the same day"},
	} {
		promptly(t, row.name, func() {
			began := time.Now()
			plan, err := comp.ParsePlan([]byte(row.document))
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("%s takes %v", row.name, took)
			}
			if row.path == "" {
				if !errors.Is(err, comp.ErrPlan) || !strings.Contains(err.Error(), row.remedy) || len(err.Error()) > 10_000 || !reflect.ValueOf(plan).IsZero() {
					t.Errorf("%s: %.200v, want ErrPlan that says %q", row.name, err, row.remedy)
				}
				return
			}
			refused{comp.ErrPlan, "", "", row.path, row.remedy}.check(t, row.name, err, plan)
		})
	}
}

// Weights that do not sum to 1 are a warning: such plans exist, and pay.
func TestWeightsThatDoNotSumToOneAreAWarning(t *testing.T) {
	plan := healthyPlan()
	plan.Components[1].Weight = d("0.9")
	i := slices.IndexFunc(plan.Check(), func(p comp.Problem) bool { return p.Code == comp.CodeShares })
	if i < 0 || !plan.Check()[i].Warning || !strings.Contains(plan.Check()[i].Text, "sum to 0.9") {
		t.Errorf("weights of 0.9 give %v, want a warning of code shares", plan.Check())
	}
	st, _ := calculate(t, calculator(t, plan), healthyCase())
	line, _ := st.Line("earn/mbo/goal/2026-02-10")
	same(t, "half of 0.9 of the target of the quarter, 24.66", line.Amount, "11.10")
}

// What a statement leaves as state, it can be called with, whatever the numbers: the
// bounds of input must not refuse the library's own results.
func TestLargestNumbersCanBeBookedAndReadBack(t *testing.T) {
	for _, row := range []struct{ amount, rate string }{
		{strings.Repeat("9", 36), "0.1"},
		{strings.Repeat("9", 36), "1"},
		{strings.Repeat("9", 36), "1000"},
		{strings.Repeat("9", 18) + "e18", strings.Repeat("9", 18) + "e18"},
		{"0." + strings.Repeat("0", 17) + "1", "0." + strings.Repeat("0", 17) + "1"},
	} {
		calc := calculator(t, decision(sales(bands(comp.Marginal, "", []string{"0", row.rate}))))
		in := comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{booking("A", "2026-01-10", row.amount)}}
		st, next, err := calc.Calculate(in)
		if err != nil {
			continue // a clear refusal at once is as good
		}
		in.Prior = next
		again, _, err := calc.Calculate(in)
		if err != nil || !again.Net.IsZero() {
			t.Errorf("%s × %s books %s; a second run gives %s, %v", row.amount, row.rate, st.Net.StringFixed(2), again.Net.StringFixed(2), err)
		}
	}
}

// A number that only explanations show is checked like those that are counted with: written out, it would not end.
func TestCredit_hostileShareAndRate(t *testing.T) {
	c := calculator(t, comp.Plan{Components: []comp.Component{{ID: "c", Curve: &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{Rate: d("0.1")}}}}}})
	for path, spoil := range map[string]func(*comp.Credit){
		"credits/0/share":     func(c *comp.Credit) { c.Share = decimal.New(-1, -1e9) },
		"credits/0/fx/rate":   func(c *comp.Credit) { c.FX = &comp.FX{From: "EUR", Rate: decimal.New(1, 1e9), Amount: d("1")} },
		"credits/0/fx/amount": func(c *comp.Credit) { c.FX = &comp.FX{From: "EUR", Rate: d("1"), Amount: decimal.New(1, 1e9)} },
	} {
		in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01"), Explain: true, Credits: []comp.Credit{event("a", "", comp.Booking, "2026-01-05", "1")}}
		spoil(&in.Credits[0])
		_, _, err := c.Calculate(in)
		if e, ok := errors.AsType[*comp.Error](err); !ok || e.Path != path {
			t.Errorf("%s: %v", path, err)
		}
	}
}
