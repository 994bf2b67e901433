package comp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/comp"
)

// document is what FuzzCalculate reads.
type document struct {
	Plan comp.Plan `json:"plan"`
	Case comp.Case `json:"case"`
}

// FuzzCalculate reads a plan and a case from JSON. On a plan that Check passes,
// Calculate must not panic, must not blame the plan, and must not lose a cent.
func FuzzCalculate(f *testing.F) {
	for i := range 40 {
		// Example draws the same world for the same number.
		doc := documents.Example(i)
		data, err := json.Marshal(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var doc document
		if len(data) > 1<<16 || json.Unmarshal(data, &doc) != nil {
			return
		}
		conserves(t, doc)
	})
}

// FuzzWorlds lets the fuzzer choose what the generators draw.
func FuzzWorlds(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { conserves(t, documents.Draw(t, "document")) }))
}

var documents = rapid.Custom(func(t *rapid.T) document {
	w := drawWorld(t, wanted{})
	return document{w.plan, w.last()}
})

// conserves runs a case twice and checks its sums.
func conserves(t rapid.TB, doc document) {
	t.Helper()
	c, err := comp.New(doc.Plan)
	if err != nil {
		told(t, err)
		return
	}
	before, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	st, next, err := c.Calculate(doc.Case)
	if err != nil {
		if told(t, err); errors.Is(err, comp.ErrPlan) {
			t.Fatalf("Check passed the plan, Calculate refuses it: %v", err)
		}
		return
	}
	earned, payable, net := sums(st)
	if !earned.Equal(st.Earned) || !payable.Equal(st.Payable) || !net.Equal(st.Net) {
		t.Fatalf("lines sum to %s, %s, %s; the statement says %s, %s, %s", text(earned), text(payable), text(net), text(st.Earned), text(st.Payable), text(st.Net))
	}
	var booked, prior decimal.Decimal
	for _, b := range next.Booked {
		booked = booked.Add(b.Total)
	}
	for _, b := range doc.Case.Prior.Booked {
		prior = prior.Add(b.Total)
	}
	if !booked.Sub(prior).Equal(net) {
		t.Fatalf("the ledger moves from %s to %s, the statement pays %s", text(prior), text(booked), text(net))
	}
	doc.Case.Prior, doc.Case.Explain = next, true
	again, _, err := c.Calculate(doc.Case)
	if err != nil {
		t.Fatalf("a second run fails: %v", err)
	}
	if !again.Net.IsZero() || len(again.Lines) > 0 {
		t.Fatalf("a second run pays %s in %d lines", text(again.Net), len(again.Lines))
	}
	doc.Case.Prior, doc.Case.Explain = comp.State{}, false
	var read document
	if err := json.Unmarshal(before, &read); err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	if after, err := json.Marshal(read); err != nil || !bytes.Equal(before, after) {
		t.Fatalf("written again (%v):\n%s\n%s", err, before, after)
	}
}
