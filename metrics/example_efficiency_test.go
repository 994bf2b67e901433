package metrics_test

import (
	"fmt"
	"math"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// Does our spend on sales and marketing pay? A quarter in thousands of euros.
func ExampleEfficiency() {
	e := metrics.Efficiency{
		Currency: "EUR", Spend: d("600"), SpendBefore: d("500"), NewCustomers: 40, NewMRR: d("32"), Customers: 400, MRR: d("360"),
		GrossMargin: metrics.Ratio[decimal.Decimal]{Num: d("800"), Den: d("1000")},
		NetNewARR:   d("300"), GrossNewARR: d("420"), Revenue: d("1000"), RevenueBefore: d("925"), RevenueYearAgo: d("800"),
		Profit: d("-100"), NetBurn: d("450"),
	}
	churn := metrics.Ratio[decimal.Decimal]{Num: d("8"), Den: d("400")} // customers a month
	for _, f := range []metrics.Figure{
		e.CAC(metrics.SamePeriod), e.CACPayback(metrics.SamePeriod), e.CACPaybackSimple(metrics.SamePeriod), e.LTV(&churn),
		e.LTVToCAC(&churn, metrics.SamePeriod), e.MagicNumber(metrics.PeriodBefore), e.MagicNumberARR(metrics.PeriodBefore),
		e.BurnMultiple(), e.RuleOf40(),
	} {
		v, _ := f.Decimal(2)
		fmt.Println(f.KPI, v.StringFixed(2))
	}
	fmt.Println(e.LTV(&metrics.Ratio[decimal.Decimal]{Num: d("0"), Den: d("400")}).Reason)
	// Output:
	// cac 15.00
	// cac_payback 23.44
	// cac_payback_simple 18.75
	// ltv 36.00
	// ltv_cac 2.40
	// magic_number 0.60
	// magic_number_arr 0.60
	// burn_multiple 1.50
	// rule_of_40 0.15
	// churn is not above 0, so that a lifetime has no end
}

// A sale takes a quarter: the customers of this one were paid for in the one before.
func ExampleLag() {
	e := metrics.Efficiency{Currency: "EUR", Spend: d("600"), SpendBefore: d("500"), NewCustomers: 40}
	for _, lag := range []metrics.Lag{metrics.SamePeriod, metrics.PeriodBefore} {
		f := e.CAC(lag)
		v, _ := f.Decimal(2)
		fmt.Println(v.StringFixed(2), f.Notes)
	}
	// Output:
	// 15.00 []
	// 12.50 [set against the spend of the period before]
}

// A product of this year has no customers of five years. What is one worth over the two years that we dare to foresee, at 1 %
// a month? Survival may come from a curve of package funnel; here many leave in the first months and few later.
func ExampleEfficiency_LTVHorizon() {
	e := metrics.Efficiency{Currency: "EUR", Customers: 50, MRR: d("5000"), GrossMargin: metrics.Ratio[decimal.Decimal]{Num: d("8"), Den: d("10")}}
	survival := make([]float64, 24)
	for month := range survival {
		survival[month] = 0.6 + 0.4*math.Exp(-float64(month)/3)
	}
	f, err := e.LTVHorizon(survival, 0.01)
	check(err)
	v, _ := f.Float()
	fmt.Printf("%.0f %s\n", v, f.Currency)
	// Output:
	// 1140 EUR
}
