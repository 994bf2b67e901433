package comp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/comp"
)

// FuzzParsePlan reads any bytes as a plan document. It must not panic, nor take
// long. What it refuses are faults of the plan, each with its place; what it takes
// is encoded and read again as the same bytes, makes a calculator, and calculates.
func FuzzParsePlan(f *testing.F) {
	for _, data := range planFiles(f) {
		f.Add(data)
	}
	f.Add(smallPlan(""))
	for _, data := range hostileDocuments(4096) {
		f.Add(data)
	}
	for _, edit := range []string{
		`"rate":"0.1" => "rate":"` + strings.Repeat("9", 36) + `e18"`,
		`"rate":"0.1" => "rate":"` + strings.Repeat("9", 36) + `e-18"`,
		`"rate":"0.1" => "rate":1e18`,
		`"rate":"0.1" => "rate":-0.0E+00`,
		`"rate":"0.1" => "rate":0e18`,
		`"id":"p" => "id":"p\u2028<&>\u0000"`,
		`"measure":{} => "measure":{"where":{"":[""],"\u0000":[]}}`,
		`"id":"p" => "id":"p","calendar":{"weekend":[]}`,
		`"id":"p" => "id":"p","limits":[],"draws":[],"holds":[]`,
		`"id":"p" => "id":"p","rounding":{"unit":"1000000"},"draws":[{"amount":1,"kind":"advance"}]`,
	} {
		f.Add(smallPlan(edit))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		plan, err := comp.ParsePlan(data)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%d bytes take %v", len(data), took)
		}
		if err != nil {
			if !cmp.Equal(plan, comp.Plan{}) {
				t.Error("a plan beside an error")
			}
			if faults := faultsOf(err); len(faults) == 0 || len(faults) > 21 {
				t.Errorf("%d faults: %v", len(faults), err)
			}
			for _, e := range faultsOf(err) {
				if !errors.Is(e, comp.ErrPlan) || e.Msg == "" || len(e.Path) > 1000 {
					t.Errorf("not a fault of a plan with a place: %#v", e)
				}
			}
			return
		}
		roundTrip(t, plan)
		again, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		c, err := comp.New(plan)
		if err != nil {
			t.Fatalf("New refuses what ParsePlan takes: %v", err)
		}
		if _, _, err := c.Calculate(firstPeriod(plan)); errors.Is(err, comp.ErrPlan) {
			t.Errorf("Calculate: %v", err)
		}
		if now, err := json.Marshal(plan); err != nil || string(now) != string(again) {
			t.Error("New or Calculate changed the plan")
		}
	})
}

// firstPeriod is a case for the first pay period of a plan, with three deals and
// their events on the plan's first day.
func firstPeriod(p comp.Plan) comp.Case {
	unit := p.Every
	if unit == "" {
		unit = "month"
	}
	quotas := map[string]comp.Goal{}
	for _, k := range p.Components {
		if k.Measure.Quota != "" {
			quotas[k.Measure.Quota] = comp.Goal{Amount: d("100000")}
		}
	}
	in := comp.Case{
		Payee:  comp.Payee{ID: "ana", Terms: []comp.Term{{Plan: p.ID, Target: comp.Goal{Amount: d("50000")}, Quotas: quotas}}},
		Period: p.Calendar.Period(unit, p.Span.Start),
	}
	for _, amount := range []string{"120000", "0.01", "-250"} {
		deal := comp.Credit{Deal: comp.Deal{
			ID: "deal " + amount, Date: p.Span.Start, Currency: p.Currency, Amount: d(amount), Margin: d(amount), Units: d("12"),
			Tags: comp.Tags{"type": "new", "term": "36"},
		}, Payee: "ana"}
		invoice, payment := deal, deal
		invoice.ID, invoice.Ref, invoice.Event = deal.ID+" invoice", deal.ID, comp.Invoice
		payment.ID, payment.Ref, payment.Event = deal.ID+" payment", invoice.ID, comp.Payment
		in.Credits = append(in.Credits, deal, invoice, payment)
	}
	return in
}

// TestPlansCalculate: the plans of testdata pay, and a second run books nothing.
func TestPlansCalculate(t *testing.T) {
	for name, data := range planFiles(t) {
		t.Run(name, func(t *testing.T) {
			plan, err := comp.ParsePlan(data)
			if err != nil {
				t.Fatal(err)
			}
			c, err := comp.New(plan)
			if err != nil {
				t.Fatal(err)
			}
			in := firstPeriod(plan)
			for _, score := range []string{"certification", "technical-win-rate", "survey", "net-retention", "return-on-sales"} {
				in.Scores = append(in.Scores, comp.Score{Name: score, Date: plan.Span.Start, Value: d("0.9")})
			}
			st, next := calculate(t, c, in)
			if len(st.Lines) == 0 {
				t.Error("the statement has no lines")
			}
			in.Prior = next
			if again, _ := calculate(t, c, in); len(again.Lines) != 0 {
				t.Errorf("a second run has lines: %v", again.Lines)
			}
		})
	}
}
