package metrics_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// revHostile draws a decimal that may do harm.
func revHostile(t *rapid.T) decimal.Decimal {
	return rapid.SampledFrom([]decimal.Decimal{
		{},
		d("1"), d("-1"), d("0.1"), decimal.New(math.MaxInt64, 18), decimal.New(math.MinInt64, -18), decimal.New(math.MaxInt64, 36),
		decimal.New(1, -36), decimal.New(1, 1_000_000_000), decimal.New(-1, 1_000_000_000), decimal.New(1, math.MinInt32),
		decimal.New(0, math.MaxInt32),
		d("123456789012345678901234567890123456"), d("1234567890123456789012345678901234567890123456789012345678901234"),
	}).Draw(t, "hostile")
}

func revCount(t *rapid.T) int64 {
	return rapid.SampledFrom([]int64{0, 1, 2, -1, math.MaxInt64, math.MinInt64}).Draw(t, "count")
}

// revSane wants a figure with a finite value or a reason, that encodes to JSON and back.
func revSane(t *rapid.T, f metrics.Figure) {
	t.Helper()
	if v, ok := f.Float(); ok == (f.Reason != "") || ok && v-v != 0 {
		t.Fatalf("%+v", f)
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back metrics.Figure
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	_ = f.String()
}

func revError(t *rapid.T, err error, kinds ...error) {
	t.Helper()
	var e *metrics.Error
	if err == nil {
		return
	}
	for _, k := range kinds {
		if errors.Is(err, k) && errors.As(err, &e) {
			return
		}
	}
	t.Fatalf("%v is none of %v", err, kinds)
}

// Nothing panics, hangs or answers with a number that is none, whatever is put in.
func TestRevenue_hostile_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, c := func() decimal.Decimal { return revHostile(t) }, func() int64 { return revCount(t) }
		r := metrics.Recurring{
			Start: h(), New: h(), Expansion: h(), Reactivation: h(), Contraction: h(), Churn: h(), End: h(), StartCustomers: c(), NewCustomers: c(),
			ExpandedCustomers: c(), ReactivatedCustomers: c(), ContractedCustomers: c(), ChurnedCustomers: c(), EndCustomers: c(),
		}
		if rapid.Bool().Draw(t, "nearly valid") {
			v := h()
			r = metrics.Recurring{Start: v, Churn: v, StartCustomers: 1, ChurnedCustomers: 1}
			if rapid.Bool().Draw(t, "new") {
				r = metrics.Recurring{New: v, End: v, NewCustomers: math.MaxInt64, EndCustomers: math.MaxInt64}
			}
		}
		for _, f := range []metrics.Figure{
			r.MRR(), r.ARR(), r.ARPA(), r.NetNewMRR(), r.Growth(), r.NRR(), r.NRRBridge(), r.GRR(), r.LogoChurn(math.NaN()), r.RevenueChurn(),
			r.NetRevenueChurn(), r.QuickRatio(), r.QuickRatioReactivation(),
		} {
			revSane(t, f)
		}
		_, _ = r.Balance()
		_, err := r.MarshalBinary()
		revError(t, err, metrics.ErrInput)
		revError(t, r.AddCustomer(metrics.CustomerRevenue{Before: h(), After: h()}), metrics.ErrInput)
		revError(t, r.Merge(&r), metrics.ErrMismatch)
		revError(t, r.Sub(&metrics.Recurring{Start: h(), StartCustomers: c()}), metrics.ErrMismatch)

		e := metrics.Efficiency{
			Spend: h(), SpendBefore: h(), NewCustomers: c(), NewMRR: h(), Customers: c(), MRR: h(),
			GrossMargin: metrics.Ratio[decimal.Decimal]{Num: h(), Den: h()}, NetNewARR: h(), GrossNewARR: h(), Revenue: h(), RevenueBefore: h(),
			RevenueYearAgo: h(), Profit: h(), NetBurn: h(),
		}
		if rapid.Bool().Draw(t, "few are hostile") {
			e = metrics.Efficiency{
				Spend: h(), NewCustomers: 1, NewMRR: h(), Customers: math.MaxInt64, MRR: h(),
				GrossMargin: metrics.Ratio[decimal.Decimal]{Num: h(), Den: d("1")}, Revenue: h(), RevenueYearAgo: h(),
			}
		}
		churn := metrics.Ratio[decimal.Decimal]{Num: h(), Den: h()}
		lag := metrics.Lag(rapid.Bool().Draw(t, "lag"))
		for _, f := range []metrics.Figure{
			e.CAC(lag), e.CACPayback(lag), e.CACPaybackSimple(lag), e.LTV(&churn), e.LTV(nil), e.LTVToCAC(&churn, lag), e.MagicNumber(lag),
			e.MagicNumberARR(lag), e.MagicNumberGrossARR(lag), e.BurnMultiple(), e.RuleOf40(),
		} {
			revSane(t, f)
		}
		_, err = e.MarshalJSON()
		revError(t, err, metrics.ErrInput)
		_, err = e.MarshalBinary()
		revError(t, err, metrics.ErrInput)
		revError(t, e.Merge(&e), metrics.ErrMismatch)
		revError(t, e.Sub(&e), metrics.ErrMismatch)

		float := func() float64 {
			return rapid.SampledFrom([]float64{0, 1, 0.5, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324}).Draw(t, "float")
		}
		f, err := e.LTVHorizon([]float64{float(), float()}, float())
		if revError(t, err, metrics.ErrInput); err == nil {
			revSane(t, f)
		}
		g := metrics.Growth{From: h(), To: h()}
		for _, f := range []metrics.Figure{g.Rate(), g.YearOverYear(), g.CAGR(float()), g.CMGR(float())} {
			revSane(t, f)
		}
		a, b := metrics.LeadMonth{Qualified: c(), Days: int(int32(c()))}, metrics.LeadMonth{Qualified: c(), Days: math.MaxInt32}
		revSane(t, metrics.LeadVelocity(a, b))
		revSane(t, metrics.LeadVelocityPerDay(a, b))
		days := []metrics.Ratio[decimal.Decimal]{{Num: h(), Den: h()}, {Num: h(), Den: h()}}
		revSane(t, metrics.DailyChurnOf(days))
		revSane(t, metrics.DailyChurnSumOf(days))
		k := metrics.Contract{
			Value: h(), Months: int(int32(c())),
			Start: rapid.SampledFrom([]salesops.Date{{}, on("9999-12-31"), on("0001-01-01"), on("2024-02-29")}).Draw(t, "start"),
		}
		for _, f := range []metrics.Figure{k.ACV(), k.ACVAsSold(), k.MonthlyValue()} {
			revSane(t, f)
		}
		f, err = metrics.ActiveARR([]metrics.Contract{k, k}, k.Start)
		if revError(t, err, metrics.ErrInput); err == nil {
			revSane(t, f)
		}
		report, err := metrics.MixRate(map[string]metrics.Ratio[decimal.Decimal]{"a": {Num: h(), Den: h()}, "b": {Num: h(), Den: h()}},
			map[string]metrics.Ratio[decimal.Decimal]{"a": {Num: h(), Den: h()}, "c": {Num: h(), Den: h()}})
		revError(t, err, metrics.ErrInput, metrics.ErrUndefined)
		if _, err := json.Marshal(report); err != nil {
			t.Fatal(err)
		}
	})
}
