package metrics_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

// Do we keep what we have? Four customers over the year. The second cancelled one of two subscriptions, which is contraction; the
// last had paid before, and came back.
func ExampleRecurring() {
	var r metrics.Recurring
	for _, c := range []metrics.CustomerRevenue{
		{ID: "Acme", Currency: "EUR", Before: d("500"), After: d("650")},
		{ID: "Globex", Currency: "EUR", Before: d("300"), After: d("200")},
		{ID: "Hooli", Currency: "EUR", Before: d("200")},
		{ID: "Initech", Currency: "EUR", After: d("400")},
		{ID: "Umbrella", Currency: "EUR", After: d("50"), EverPaid: true},
	} {
		check(r.AddCustomer(c))
	}
	fmt.Println("from", r.Start.StringFixed(0), "to", r.End.StringFixed(0))
	for _, f := range []metrics.Figure{r.NRR(), r.NRRBridge(), r.GRR(), r.LogoChurn(0), r.QuickRatio()} {
		v, _ := f.Decimal(3)
		fmt.Println(f.KPI, v.StringFixed(3))
	}
	churned := r.LogoChurn(0).Interval
	fmt.Printf("with so few customers, churn may as well be %.0f %% or %.0f %%\n", 100*churned.Low, 100*churned.High)
	// Output:
	// from 1000 to 1300
	// nrr 0.850
	// nrr_bridge 0.900
	// grr 0.700
	// logo_churn 0.333
	// quick_ratio 1.833
	// with so few customers, churn may as well be 6 % or 79 %
}

// Regions report their own bridges. The retention of the company is that of the sums, not the mean of the regions' rates.
func ExampleRecurring_Merge() {
	var emea, apac, all metrics.Recurring
	check(emea.AddCustomer(metrics.CustomerRevenue{ID: "Acme", Currency: "EUR", Before: d("900"), After: d("990")}))
	check(apac.AddCustomer(metrics.CustomerRevenue{ID: "Globex", Currency: "EUR", Before: d("100"), After: d("50")}))
	check(all.Merge(&emea))
	check(all.Merge(&apac))
	for _, r := range []metrics.Recurring{emea, apac, all} {
		v, _ := r.NRR().Decimal(2)
		fmt.Println(v.StringFixed(2))
	}
	// Output:
	// 1.10
	// 0.50
	// 1.04
}

// The numbers of a slide, typed in: whoever enters losses as negative numbers hears of it.
func ExampleRecurring_Check() {
	r := metrics.Recurring{Currency: "USD", Start: d("100"), New: d("20"), Churn: d("-5"), End: d("115")}
	fmt.Println(r.Check())
	fmt.Println(r.NRR().Reason)
	r.Churn = d("5")
	fmt.Println(r.Check())
	// Output:
	// metrics: churn "-5" must not be negative: movements are magnitudes
	// the bridge has faults: Check tells which
	// <nil>
}

// A trial-heavy product: half of the 60 who joined on the second day left on the third. The usual churn does not see them;
// that of the days does.
func ExampleDailyChurnOf() {
	days := []metrics.Ratio[int64]{
		{Num: 2, Den: 100},
		{Num: 0, Den: 98},
		{Num: 30, Den: 158}, // 60 joined the day before
	}
	compounded, _ := metrics.DailyChurnOf(days).Float()
	fmt.Printf("%.1f %%\n", 100*compounded)
	// Output:
	// 20.6 %
}

// The same days as ChartMogul's formula for consumer businesses adds them up.
func ExampleDailyChurnSumOf() {
	days := []metrics.Ratio[decimal.Decimal]{
		{Num: d("2"), Den: d("100")},
		{Num: d("0"), Den: d("98")},
		{Num: d("30"), Den: d("158")},
	}
	sum, _ := metrics.DailyChurnSumOf(days).Float()
	fmt.Printf("%.1f %%\n", 100*sum)
	// Output:
	// 21.0 %
}

// A pilot of six months for 12,000: worth 24,000 a year if it goes on, 12,000 if it does not.
func ExampleContract() {
	pilot := metrics.Contract{ID: "C-7", Currency: "EUR", Value: d("12000"), Months: 6, Start: on("2025-03-01")}
	annualised, _ := pilot.ACV().Decimal(2)
	asSold, _ := pilot.ACVAsSold().Decimal(2)
	monthly, _ := pilot.MonthlyValue().Decimal(2)
	fmt.Println(annualised.StringFixed(2), asSold.StringFixed(2), monthly.StringFixed(2), pilot.End())
	// Output:
	// 24000.00 12000.00 2000.00 2025-09-01
}

// What is our ARR today? The first contract has ended.
func ExampleActiveARR() {
	f, err := metrics.ActiveARR([]metrics.Contract{
		{ID: "C-1", Currency: "EUR", Value: d("10000"), Months: 12, Start: on("2024-01-01")},
		{ID: "C-2", Currency: "EUR", Value: d("100000"), Months: 36, Start: on("2024-07-01")},
		{ID: "C-3", Currency: "EUR", Value: d("5000"), Months: 3, Start: on("2025-01-15")},
	}, on("2025-02-01"))
	check(err)
	v, _ := f.Decimal(2)
	fmt.Println(v.StringFixed(2), f.Currency, "from", f.N, "contracts")
	// Output:
	// 53333.33 EUR from 2 contracts
}
