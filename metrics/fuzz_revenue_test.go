package metrics_test

import (
	"testing"

	"github.com/salesops-go/salesops/metrics"
)

func revRecurring() *metrics.Recurring {
	var r metrics.Recurring
	for _, c := range []metrics.CustomerRevenue{
		{Currency: "EUR", Before: d("100.50"), After: d("120")},
		{Currency: "EUR", Before: d("80"), After: d("20")},
		{Currency: "EUR", Before: d("30")},
		{Currency: "EUR", After: d("45")},
		{Currency: "EUR", After: d("10"), EverPaid: true},
	} {
		check(r.AddCustomer(c))
	}
	return &r
}

func revAskRecurring(t *testing.T, r *metrics.Recurring) {
	t.Helper()
	if err := r.Check(); err != nil {
		t.Fatalf("what was decoded does not balance: %v", err)
	}
	for _, f := range []metrics.Figure{r.MRR(), r.NRR(), r.GRR(), r.LogoChurn(0), r.QuickRatio()} {
		if v, ok := f.Float(); ok == (f.Reason != "") || v-v != 0 {
			t.Fatalf("%+v", f)
		}
	}
}

func FuzzRecurring_binary(f *testing.F) { accFuzzBinary(f, revRecurring(), revAskRecurring) }

func FuzzRecurring_json(f *testing.F) { accFuzzJSON(f, revRecurring(), revAskRecurring) }

func revSpent() *metrics.Efficiency {
	return &metrics.Efficiency{
		Currency: "EUR", Spend: d("500000"), SpendBefore: d("450000"), NewCustomers: 40, NewMRR: d("32000.50"), Customers: 400, MRR: d("350000"),
		GrossMargin: revShare("820000", "1050000"), NetNewARR: d("300000"), GrossNewARR: d("420000"), Revenue: d("1050000"),
		RevenueBefore: d("980000"), RevenueYearAgo: d("760000"), Profit: d("-120000"), NetBurn: d("360000"),
	}
}

func revAskEfficiency(t *testing.T, e *metrics.Efficiency) {
	t.Helper()
	for _, f := range []metrics.Figure{e.CAC(false), e.CACPayback(true), e.LTV(&e.GrossMargin), e.MagicNumber(true), e.RuleOf40()} {
		if v, ok := f.Float(); ok == (f.Reason != "") || v-v != 0 {
			t.Fatalf("%+v", f)
		}
	}
}

func FuzzEfficiency_binary(f *testing.F) { accFuzzBinary(f, revSpent(), revAskEfficiency) }

func FuzzEfficiency_json(f *testing.F) { accFuzzJSON(f, revSpent(), revAskEfficiency) }
