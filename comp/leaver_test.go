package comp_test

import (
	"errors"
	"testing"

	"github.com/salesops-go/salesops/comp"
)

// Refunds and payments go on after a payee has left the plan: they count on the
// last day there, under its quota.
func TestRuleRefundsAfterLeavingCountOnTheLastDay(t *testing.T) {
	c := calculator(t, comp.Plan{Every: "quarter", Components: []comp.Component{{
		ID: "sales", Measure: comp.Measure{Quota: "q"},
		Curve: &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{Rate: d("0.1")}, {From: d("1"), Rate: d("0.2")}}},
	}}})
	leaver := payee("0")
	leaver.Terms[0].Span.End = on("2026-04-01")
	leaver.Terms[0].Quotas = map[string]comp.Goal{"q": {Amount: d("1000"), Per: "quarter"}}
	in := comp.Case{Payee: leaver, Period: period("2026-01-01", "2026-04-01"), Credits: []comp.Credit{booking("deal", "2026-02-01", "1500")}}
	first, state := calculate(t, c, in)
	same(t, "first quarter", first.Net, "200")

	in.Period, in.Prior = period("2026-07-01", "2026-10-01"), state
	in.Credits = append(in.Credits, event("back", "deal", comp.Refund, "2026-08-01", "-300"))
	third, next := calculate(t, c, in)
	same(t, "third quarter", third.Earned, "-60")
	same(t, "carried on", third.After.Carry, "60")
	line, ok := third.Line("clawback/sales/back/2026-01-01")
	if !ok || line.Origin != period("2026-01-01", "2026-04-01") {
		t.Errorf("lines = %v, want one of the first quarter", third.Lines)
	}
	in.Prior = next
	if again, _ := calculate(t, c, in); len(again.Lines) > 0 {
		t.Errorf("a second run has lines: %v", again.Lines)
	}

	in.Prior, in.Since = state, on("2026-07-01")
	_, _, err := c.Calculate(in)
	wantFault(t, err, comp.ErrInput, "since")
}

// wantFault checks the kind and the path of the first fault.
func wantFault(t *testing.T, err, kind error, path string) {
	t.Helper()
	var fault *comp.Error
	if !errors.As(err, &fault) || !errors.Is(fault, kind) || fault.Path != path {
		t.Errorf("error = %v, want %v at %s", err, kind, path)
	}
}
