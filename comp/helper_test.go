package comp_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// d is a decimal, on a date, period a half-open period, from their text.
func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func on(s string) salesops.Date {
	date, err := salesops.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return date
}

func period(start, end string) salesops.Period {
	return salesops.Period{Start: on(start), End: on(end)}
}

// year is 2026, the span of most test plans.
func year() salesops.Period { return period("2026-01-01", "2027-01-01") }

// bands makes a curve from rows of from, rate and, if there is a third, pay.
func bands(mode comp.Mode, edge comp.Edge, rows ...[]string) comp.Curve {
	c := comp.Curve{Mode: mode, Edge: edge}
	for _, row := range rows {
		b := comp.Band{From: d(row[0]), Rate: d(row[1])}
		if len(row) > 2 {
			b.Pay = d(row[2])
		}
		c.Bands = append(c.Bands, b)
	}
	return c
}

// calculator makes the calculator of a plan that must be valid. Empty ID,
// Currency and Span become "plan", "USD" and 2026.
func calculator(t testing.TB, p comp.Plan) *comp.Calculator {
	t.Helper()
	if p.ID == "" {
		p.ID = "plan"
	}
	if p.Currency == "" {
		p.Currency = "USD"
	}
	if p.Span.IsZero() {
		p.Span = year()
	}
	c, err := comp.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// payee is ana, on plan "plan" for all time, with a target incentive for the
// plan's span and quotas for the plan's span given as name, amount pairs.
func payee(target string, quotas ...string) comp.Payee {
	term := comp.Term{Plan: "plan", Target: comp.Goal{Amount: d(target)}}
	for i := 0; i+1 < len(quotas); i += 2 {
		if term.Quotas == nil {
			term.Quotas = make(map[string]comp.Goal)
		}
		term.Quotas[quotas[i]] = comp.Goal{Amount: d(quotas[i+1])}
	}
	return comp.Payee{ID: "ana", Terms: []comp.Term{term}}
}

// booking is a direct credit of ana's in USD.
func booking(id, date, amount string) comp.Credit {
	return comp.Credit{Deal: comp.Deal{ID: id, Date: on(date), Currency: "USD", Amount: d(amount)}, Payee: "ana"}
}

// event is a later row of a deal: an invoice, payment, refund and so on.
func event(id, ref string, kind comp.Event, date, amount string) comp.Credit {
	c := booking(id, date, amount)
	c.Ref, c.Event = ref, kind
	return c
}

// same compares a decimal with the text of the one wanted, by value.
func same(t testing.TB, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(d(want)) {
		t.Errorf("%s = %s, want %s", what, got.StringFixed(max(0, -got.Exponent())), want)
	}
}

// calculate makes a statement that must succeed.
func calculate(t testing.TB, c *comp.Calculator, in comp.Case) (comp.Statement, comp.State) {
	t.Helper()
	st, next, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	return st, next
}
