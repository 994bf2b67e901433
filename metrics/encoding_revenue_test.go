package metrics_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// What is decoded balances, whatever byte of it was changed.
func TestRecurring_tampered(t *testing.T) {
	text := []byte(accBinary(t, revRecurring()))
	refused := 0
	for i := range text {
		for _, b := range []byte{0, 1, text[i] + 1, text[i] - 1, text[i] ^ 0x80, 0xff} {
			changed := slices.Clone(text)
			changed[i] = b
			var r metrics.Recurring
			if err := r.UnmarshalBinary(changed); err != nil {
				accNotDecoded(t, &r, new(metrics.Recurring), err)
				refused++
			} else if err := r.Check(); err != nil {
				t.Fatalf("byte %d as %d: %v", i, b, err)
			}
		}
	}
	if refused < len(text) {
		t.Errorf("only %d of %d changes are refused", refused, 6*len(text))
	}
	for _, text := range []string{
		`{"start":"10","end":"9"}`, `{"start":"10","churn":"-1","end":"11"}`, `{"startCustomers":1}`, `{"endCustomers":-1,"churnedCustomers":1}`,
		`{"starts":"1"}`, `{"start":"1e99","end":"1e99"}`, `[]`, `{} {}`, `{"start":"x"}`,
	} {
		var r metrics.Recurring
		accNotDecoded(t, &r, new(metrics.Recurring), r.UnmarshalJSON([]byte(text)))
	}
	var e metrics.Efficiency
	for _, text := range []string{`{"customers":-1}`, `{"spend":"1e99"}`, `{"grossMargin":{"num":"1"}}`, `{"lag":true}`} {
		accNotDecoded(t, &e, new(metrics.Efficiency), e.UnmarshalJSON([]byte(text)))
	}
}

// Equal values have equal encodings, however their amounts were written.
func TestRevenue_canonical(t *testing.T) {
	a := metrics.Recurring{Currency: "EUR", Start: d("1.50"), Churn: d("0.5"), End: d("1"), StartCustomers: 2, EndCustomers: 2}
	b := metrics.Recurring{Currency: "EUR", Start: d("1.5"), Churn: d("0.500"), End: d("1.0"), StartCustomers: 2, EndCustomers: 2}
	if accJSON(t, a) != accJSON(t, b) || accBinary(t, a) != accBinary(t, b) {
		t.Errorf("%s and %s", accJSON(t, a), accJSON(t, b))
	}
	c, e := metrics.Efficiency{Spend: d("100.0")}, metrics.Efficiency{Spend: decimal.New(1, 2)}
	if accJSON(t, c) != accJSON(t, e) || accBinary(t, c) != accBinary(t, e) {
		t.Errorf("%s and %s", accJSON(t, c), accJSON(t, e))
	}
}

// What is too long for JSON to come back is not written: 38 digits with 36 zeros are 74 digits.
func TestRevenue_long(t *testing.T) {
	long := decimal.NewFromBigInt(new(big.Int).Mul(big.NewInt(math.MaxInt64), big.NewInt(math.MaxInt64)), 36)
	e := metrics.Efficiency{Spend: long, NewCustomers: 1}
	if _, err := e.MarshalJSON(); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("MarshalJSON: %v, want ErrInput", err)
	}
	if f := e.CAC(metrics.SamePeriod); f.Value != nil {
		t.Errorf("CAC is %v", f)
	}
	e = metrics.Efficiency{Spend: decimal.New(math.MaxInt64, 36), NewMRR: d("1"), GrossMargin: metrics.Ratio[decimal.Decimal]{Num: d("1"), Den: decimal.New(math.MaxInt64, 36)}}
	if f := e.CACPayback(metrics.SamePeriod); f.Value == nil || f.Parts != nil {
		t.Errorf("a quotient of products is %v, with parts %v", f, f.Parts)
	}
	var back metrics.Efficiency
	if err := back.UnmarshalJSON([]byte(accJSON(t, e))); err != nil || accBinary(t, back) != accBinary(t, e) {
		t.Errorf("%s comes back as %s (%v)", accJSON(t, e), accJSON(t, back), err)
	}
}
