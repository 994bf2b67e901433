package metrics_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// revWant wants a figure of the value, to so many decimals as the source prints.
func revWant(t *testing.T, f metrics.Figure, id metrics.ID, want, tolerance float64) {
	t.Helper()
	v, ok := f.Float()
	if !ok || math.Abs(v-want) > tolerance || f.KPI != id {
		t.Errorf("%s is %v (%v, %s), want %s %v", f.KPI, v, ok, f.Reason, id, want)
	}
}

// revBridge fills a bridge from what a source tells, and closes it.
func revBridge(t *testing.T, start, newRevenue, expansion, reactivation, contraction, churn string) metrics.Recurring {
	t.Helper()
	r := metrics.Recurring{
		Currency: "USD", Start: d(start), New: d(newRevenue), Expansion: d(expansion),
		Reactivation: d(reactivation), Contraction: d(contraction), Churn: d(churn),
	}
	r.End = r.Start.Add(r.New).Add(r.Expansion).Add(r.Reactivation).Sub(r.Contraction).Sub(r.Churn)
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	return r
}

// revShare is the ratio a / b.
func revShare(a, b string) metrics.Ratio[decimal.Decimal] {
	return metrics.Ratio[decimal.Decimal]{Num: d(a), Den: d(b)}
}

// ChartMogul, "Metric: MRR Churn Rate", https://help.chartmogul.com/hc/en-us/articles/203359341-Metric-MRR-Churn-Rate: MRR of
// 100 at the start, 10 lost to churn, 10 to contraction, one customer pays 10 more: gross 20 %, net 10 %; and the daily
// formula, one day from 100 to 95: 5 %. "Net MRR Churn Rate", articles/4414075567250: one day from 100 to 120 with 10 of new
// business: −10 %.
func TestE40_chartMogulChurn(t *testing.T) {
	r := revBridge(t, "100", "0", "10", "0", "10", "10")
	revWant(t, r.RevenueChurn(), metrics.RevenueChurn, 0.2, 0)
	revWant(t, r.NetRevenueChurn(), metrics.NetRevenueChurn, 0.1, 0)
	for _, day := range []struct {
		lost string
		want float64
	}{{"5", 0.05}, {"-10", -0.1}} {
		days := []metrics.Ratio[decimal.Decimal]{revShare(day.lost, "100")}
		revWant(t, metrics.DailyChurnSumOf(days), metrics.DailyChurnSum, day.want, 0)
		revWant(t, metrics.DailyChurnOf(days), metrics.DailyChurn, day.want, 0)
	}
}

// ChurnZero, "Net Revenue Retention", https://churnzero.net/churnopedia/net-revenue-retention/: from 27,000 to 35,000 by the
// customers of the start, less 5,000 of expired contracts: 111 %.
func TestE41_churnZeroNRR(t *testing.T) {
	r := revBridge(t, "27000", "0", "8000", "0", "0", "5000")
	revWant(t, r.NRR(), metrics.NRR, 1.11, 0.005)
	r = revBridge(t, "27000", "4000", "8000", "0", "0", "5000") // new revenue changes nothing
	revWant(t, r.NRR(), metrics.NRR, 1.11, 0.005)
}

// Adlega, "Gross Revenue Retention", https://adlega.com/blog/gross-revenue-retention-the-foundation-of-saas-stability: three
// customers with 1000, 2000 and 3000, of whom the second goes down to 1500 and the third leaves: 41.7 %; and 100,000 with
// 5,000 of downgrades, 10,000 of churn, 20,000 of upgrades: 85 %. Jirav,
// https://www.jirav.com/saas-metrics-library/gross-revenue-retention/: 1,000,000 with 100,000 of churn and 20,000 of
// downgrades: 88 %. SaaSFlow, https://saasflow.com/metrics/grr-gross-revenue-retention: 100,000 with 2,000 and 1,000: 97 %.
func TestE42_GRR(t *testing.T) {
	var r metrics.Recurring
	for _, c := range []metrics.CustomerRevenue{
		{ID: "A", Before: d("1000"), After: d("1000")},
		{ID: "B", Before: d("2000"), After: d("1500")},
		{ID: "C", Before: d("3000")},
	} {
		if err := r.AddCustomer(c); err != nil {
			t.Fatal(err)
		}
	}
	revWant(t, r.GRR(), metrics.GRR, 0.417, 0.0005)
	r = revBridge(t, "100000", "0", "20000", "0", "5000", "10000")
	revWant(t, r.GRR(), metrics.GRR, 0.85, 0)
	r = revBridge(t, "1000000", "0", "0", "0", "20000", "100000")
	revWant(t, r.GRR(), metrics.GRR, 0.88, 0)
	r = revBridge(t, "100000", "0", "0", "0", "2000", "1000")
	revWant(t, r.GRR(), metrics.GRR, 0.97, 0)
}

// mowt, "MRR calculator", https://mowt.pages.dev/tools/mrr-calculator: 50 with 8 new, 4 expansion, 1 reactivation, 2
// contraction, 3 churn (thousands): 58 at the end, 8 net new, quick ratio 2.6 with reactivation. FormulaCraft,
// https://formulacraft.in/how-to/calculate-quick-ratio-saas: 5000 new, 1200 expansion, 800 churn, 400 contraction:
// 5.1666666667. The Prime Calculator, https://theprimecalculator.com/business/saas-quick-ratio-calculator/formula: 25,000,
// 10,000, 8,000, 4,000: 2.92.
func TestE43_quickRatio(t *testing.T) {
	r := revBridge(t, "50000", "8000", "4000", "1000", "2000", "3000")
	revWant(t, r.MRR(), metrics.MRR, 58_000, 0)
	revWant(t, r.NetNewMRR(), metrics.NetNewMRR, 8_000, 0)
	revWant(t, r.QuickRatioReactivation(), metrics.QuickRatioReactivation, 2.6, 0)
	revWant(t, r.QuickRatio(), metrics.QuickRatio, 2.4, 0)
	r = revBridge(t, "9000", "5000", "1200", "0", "400", "800")
	revWant(t, r.QuickRatio(), metrics.QuickRatio, 5.1666666667, 1e-10)
	r = revBridge(t, "90000", "25000", "10000", "0", "4000", "8000")
	revWant(t, r.QuickRatio(), metrics.QuickRatio, 2.92, 0.005)
}

// glossary.digital, "Churn rate", https://glossary.digital/definition/churn-rate: 500 customers at the start of December, 400
// left: 20 %.
func TestE44_customerChurn(t *testing.T) {
	r := metrics.Recurring{
		Start: d("500"), Churn: d("100"), End: d("400"), StartCustomers: 500, ChurnedCustomers: 100, EndCustomers: 400,
	}
	f := r.LogoChurn(0)
	revWant(t, f, metrics.LogoChurn, 0.2, 0)
	if f.Interval == nil || !(f.Interval.Low < 0.2 && 0.2 < f.Interval.High) || f.N != 500 {
		t.Errorf("the interval is %v, n = %d", f.Interval, f.N)
	}
}

// Leckie, "Magic Number for SaaS Companies" (2008),
// http://larsleckie.blogspot.com/2008/03/magic-number-for-saas-companies.html: revenue of 1 M, 1.2 M and 1.5 M in three
// quarters, spend of 800 K and 900 K in the first two: 1.0 and 1.33. Outlier,
// http://outlier.ai/2016/10/04/advanced-kpis-software-as-a-service-magic-number/: 10 k of spend, 5 k more revenue: 2.
func TestE45_magicNumber(t *testing.T) {
	e := metrics.Efficiency{RevenueBefore: d("1000000"), Revenue: d("1200000"), SpendBefore: d("800000"), Spend: d("900000")}
	revWant(t, e.MagicNumber(metrics.PeriodBefore), metrics.MagicNumber, 1.0, 0)
	e = metrics.Efficiency{RevenueBefore: d("1200000"), Revenue: d("1500000"), SpendBefore: d("900000")}
	revWant(t, e.MagicNumber(metrics.PeriodBefore), metrics.MagicNumber, 1.33, 0.005)
	e = metrics.Efficiency{RevenueBefore: d("0"), Revenue: d("5000"), SpendBefore: d("10000")}
	revWant(t, e.MagicNumber(metrics.PeriodBefore), metrics.MagicNumber, 2, 0)
}

// Calculatorlib, https://calculatorlib.com/cac-payback-period-calculator: CAC 1200, 100 a month, margin 80 %: 15 months. Aura
// Revenue, https://www.aurarevenue.com/learn/saas-cac-payback: 2400, 500 a month: 6 months at 80 %, 9.6 at 50 %. KnowMBA,
// https://knowmba.com/compare/gross-margin-vs-payback-period: 600, 100, 80 %: 7.5 months.
func TestE46_payback(t *testing.T) {
	for _, c := range []struct {
		cac, mrr, margin string
		months           float64
	}{{"1200", "100", "0.8", 15}, {"2400", "500", "0.8", 6}, {"2400", "500", "0.5", 9.6}, {"600", "100", "0.80", 7.5}} {
		e := metrics.Efficiency{Spend: d(c.cac), NewCustomers: 1, NewMRR: d(c.mrr), GrossMargin: revShare(c.margin, "1")}
		revWant(t, e.CACPayback(metrics.SamePeriod), metrics.CACPayback, c.months, 0)
	}
}

// metrichq, "LTV to CAC", https://mhq-gatsby.pages.dev/difference/ltv-to-cac-vs-magic-number/: 500 a month, margin 75 %,
// churn 2.5 %, CAC 6,000: LTV 15,000, ratio 2.5. Abracalc,
// https://abracalc.com/calculator/customer-lifetime-value-calculator/200-arpa-85-margin-3-churn/: 200, 85 %, 3 %: 5,667.
// StripeReport, https://www.stripereport.com/blog/ltv-calculation-stripe: 80, 4 %: 2,000 of revenue, 1,600 at 80 %.
func TestE47_LTV(t *testing.T) {
	for _, c := range []struct {
		mrr, margin, churn string
		ltv                float64
	}{{"500", "0.75", "0.025", 15_000}, {"200", "0.85", "0.03", 5_667}, {"80", "1", "0.04", 2_000}, {"80", "0.8", "0.04", 1_600}} {
		e := metrics.Efficiency{Currency: "USD", Customers: 1, MRR: d(c.mrr), GrossMargin: revShare(c.margin, "1")}
		churn := revShare(c.churn, "1")
		revWant(t, e.LTV(&churn), metrics.LTV, c.ltv, 0.5)
	}
	e := metrics.Efficiency{Customers: 40, MRR: d("20000"), GrossMargin: revShare("75", "100"), Spend: d("60000"), NewCustomers: 10}
	churn := revShare("1", "40")
	revWant(t, e.CAC(metrics.SamePeriod), metrics.CAC, 6_000, 0)
	revWant(t, e.LTVToCAC(&churn, metrics.SamePeriod), metrics.LTVToCAC, 2.5, 0)
}

// Cellworks, "Pv", https://cellworks.au/manual/pvFunctionExplanation.html, the example of spreadsheets: 500 at the end of
// each of 240 months at 8 % a year are worth 59,777.15. In advance they are worth a month's interest more.
func TestE48_horizon(t *testing.T) {
	e := metrics.Efficiency{Customers: 1, MRR: d("500"), GrossMargin: revShare("1", "1")}
	survival := make([]float64, 240)
	for i := range survival {
		survival[i] = 1
	}
	f, err := e.LTVHorizon(survival, 0.08/12)
	if err != nil {
		t.Fatal(err)
	}
	revWant(t, f, metrics.LTVHorizon, 59_777.15*(1+0.08/12), 0.005*(1+0.08/12))
}

// Coefficient, https://coefficient.io/calculate/burn-multiple: 500,000 burnt, 250,000 of net new ARR: 2. More Capital,
// https://morecapital.co/glossary/burn-multiple: 4 M for 3 M: 1.33. dnoise,
// https://dnoise.online/en/metrics/formulas/burn-multiple-formula: 900,000, with 50,000 of net new MRR: 1.5.
func TestE49_burnMultiple(t *testing.T) {
	for _, c := range []struct {
		burn, arr string
		want      float64
	}{{"500000", "250000", 2}, {"4", "3", 1.33}, {"900000", "600000", 1.5}} {
		e := metrics.Efficiency{NetBurn: d(c.burn), NetNewARR: d(c.arr)}
		revWant(t, e.BurnMultiple(), metrics.BurnMultiple, c.want, 0.005)
	}
}

// Bizzboard, https://www.bizzboard.com/read/documentation/reports/rule-of-40-performance/: from 25 M to 30 M, EBITDA 7 M: 20
// % + 23 %. Pitchago, https://www.pitchago.com/venturepedia/rule-of-40-ro40: growth 50 %, a loss of 20 %: 30 %. PitchKit,
// https://pitchkit.net/learn/glossary/rule-of-40: 55 % and −10 %: 45 %.
func TestE50_ruleOf40(t *testing.T) {
	for _, c := range []struct {
		before, revenue, profit string
		want                    float64
	}{{"25", "30", "7", 0.43}, {"100", "150", "-30", 0.30}, {"100", "155", "-15.5", 0.45}} {
		e := metrics.Efficiency{RevenueYearAgo: d(c.before), Revenue: d(c.revenue), Profit: d(c.profit)}
		revWant(t, e.RuleOf40(), metrics.RuleOf40, c.want, 0.005)
	}
}

// The RRI function of spreadsheets. GrapeCity, http://help.grapecity.com/spread/SpreadSheets11/RRI.html: RRI(96, 10000,
// 11000) is 0.0009933. Sourcetable, https://sourcetable.com/formula/rri: RRI(5, 1000, 1500) is 0.08447, RRI(10, 200, 400) is
// 0.07177. Origin, https://d2mvzyuse3lwjc.cloudfront.net/doc/de/LabTalk/ref/RRI-func: RRI(16.42, 1000, 1500) is 0.025.
// ZCubes, http://wiki.zcubes.com: CAGR(1000, 10000, 3) is 1.1544.
func TestE51_CAGR(t *testing.T) {
	for _, c := range []struct {
		n         float64
		from, to  string
		want, tol float64
	}{
		{96, "10000", "11000", 0.0009933, 5e-8},
		{5, "1000", "1500", 0.08447, 5e-6},
		{10, "200", "400", 0.07177, 5e-6},
		{16.42, "1000", "1500", 0.025, 5e-5},
		{3, "1000", "10000", 1.1544, 5e-5},
	} {
		g := metrics.Growth{From: d(c.from), To: d(c.to)}
		revWant(t, g.CAGR(c.n), metrics.CAGR, c.want, c.tol)
		revWant(t, g.CMGR(c.n), metrics.CMGR, c.want, c.tol)
	}
}

// winsabove, "Lead Velocity Rate", https://www.winsabove.com/glossary/lead-velocity-rate: 200, 230, 264 and 290 qualified
// leads: 15 %, 14.8 %, 9.8 %; 180 and 216: 20 %. Brainshark,
// https://www.brainshark.com/ideas-blog/2019/october/lead-velocity-rate: 100 and 120: 20 %.
func TestE52_leadVelocity(t *testing.T) {
	for _, c := range []struct {
		before, after int64
		want          float64
	}{{200, 230, 0.15}, {230, 264, 0.148}, {264, 290, 0.098}, {180, 216, 0.2}, {100, 120, 0.2}} {
		f := metrics.LeadVelocity(metrics.LeadMonth{Qualified: c.before}, metrics.LeadMonth{Qualified: c.after})
		revWant(t, f, metrics.LeadVelocityRate, c.want, 0.0005)
	}
}

// Legal Calc Hub, https://legalcalchub.co/contract-value: three years for 162,000, 171,000 and 180,000 of fees, the 25,000 of
// services left out: ACV 171,000; the third year alone is 15,000 a month. Certinal,
// https://www.certinal.com/blog/annual-contract-value-vs-total-contract-value: 90,000 for three years: 30,000. MetricHQ,
// https://metrichq.org/difference/annual-contract-value-acv-vs-total-contract-value-tcv: 30 contracts of 90,000 for three
// years, 30 of 80,000 for two, 40 of 50,000 for one: in the first year 41,000 for each of 100, in the second 35,000 for each
// of 60, in the third 30,000 for each of 30.
func TestE53_contracts(t *testing.T) {
	revWant(t, metrics.Contract{Value: d("513000"), Months: 36}.ACV(), metrics.ACV, 171_000, 0)
	revWant(t, metrics.Contract{Value: d("90000"), Months: 36}.ACVAsSold(), metrics.ACVAsSold, 30_000, 0)
	revWant(t, metrics.Contract{Value: d("180000"), Months: 12}.MonthlyValue(), metrics.MonthlyValue, 15_000, 0)
	var all []metrics.Contract
	for _, c := range []struct {
		n, months int
		value     string
	}{{30, 36, "90000"}, {30, 24, "80000"}, {40, 12, "50000"}} {
		for range c.n {
			all = append(all, metrics.Contract{Currency: "USD", Value: d(c.value), Months: c.months, Start: on("2024-01-01")})
		}
	}
	for _, c := range []struct {
		on   string
		n    int64
		each float64
	}{
		{"2023-12-31", 0, 0},
		{"2024-01-01", 100, 41_000},
		{"2024-12-31", 100, 41_000},
		{"2025-06-30", 60, 35_000},
		{"2026-12-31", 30, 30_000},
		{"2027-01-01", 0, 0},
	} {
		f, err := metrics.ActiveARR(all, on(c.on))
		if err != nil || f.N != c.n {
			t.Fatalf("%s: %d contracts run (%v), want %d", c.on, f.N, err, c.n)
		}
		revWant(t, f, metrics.ContractARR, c.each*float64(c.n), 0)
	}
}

// Maven Analytics' "CRM Sales Opportunities": win rate of deals closed in the second and in the third quarter of 2017, by
// product as the pipeline names it, decomposed by the reference (maven_metrics.json, mix_rate) with base weights and an
// interaction, and at midpoints.
func TestE54_mixRate(t *testing.T) {
	var want struct {
		MixRate struct {
			R0           float64 `json:"r0"`
			R1           float64 `json:"r1"`
			RateWithin   float64 `json:"rate_within"`
			Mix          float64 `json:"mix"`
			Interaction  float64 `json:"interaction"`
			MidpointRate float64 `json:"midpoint_rate"`
			MidpointMix  float64 `json:"midpoint_mix"`
		} `json:"mix_rate"`
	}
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/maven_metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(testenv.Data(t, "crm/maven/sales_pipeline.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var quarters [2]map[string]metrics.Ratio[int64]
	for q, p := range []struct{ start, end string }{{"2017-04-01", "2017-07-01"}, {"2017-07-01", "2017-10-01"}} {
		quarters[q] = make(map[string]metrics.Ratio[int64])
		for _, row := range rows[1:] {
			product, stage, closed := row[2], row[4], row[6]
			if (stage != "Won" && stage != "Lost") || closed < p.start || closed >= p.end {
				continue
			}
			r := quarters[q][product]
			r.Den++
			if stage == "Won" {
				r.Num++
			}
			quarters[q][product] = r
		}
	}
	got, err := metrics.MixRate(quarters[0], quarters[1])
	if err != nil {
		t.Fatal(err)
	}
	// The form with base weights and an interaction, for comparison: half of the interaction goes to each effect at midpoints.
	var rate, mix, interaction float64
	for _, s := range got.Segments {
		dr, dw := *s.RateAfter-*s.RateBefore, s.WeightAfter-s.WeightBefore
		rate += s.WeightBefore * dr
		mix += *s.RateBefore * dw
		interaction += dr * dw
	}
	w := want.MixRate
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"r0", got.Before, w.R0},
		{"r1", got.After, w.R1},
		{"change", got.Change, w.R1 - w.R0},
		{"midpoint_rate", got.Rate, w.MidpointRate},
		{"midpoint_mix", got.Mix, w.MidpointMix},
		{"rate_within", rate, w.RateWithin},
		{"mix", mix, w.Mix},
		{"interaction", interaction, w.Interaction},
		{"midpoint_rate by interaction", got.Rate, w.RateWithin + w.Interaction/2},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
}

// MatchMaticians, question 79g31d,
// https://matchmaticians.com/questions/79g31d/allocation-of-price-and-volume-changes-to-a-change-in-rate: average prices of
// three products, 1.083 and 1.745, a change of 0.662. The signs of the effects are those that the question asks for; those of
// volume mean the share here.
func TestE55_averagePrice(t *testing.T) {
	before := map[string]metrics.Ratio[decimal.Decimal]{
		"A": revShare("4000", "2000"), "B": revShare("1000", "1000"), "C": revShare("1500", "3000"),
	}
	after := map[string]metrics.Ratio[decimal.Decimal]{
		"A": revShare("7500", "3000"), "B": revShare("1800", "2000"), "C": revShare("300", "500"),
	}
	got, err := metrics.MixRate(before, after)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want float64 }{
		{got.Before, 1.083}, {got.After, 1.745}, {got.Change, 0.662}, {got.Rate + got.Mix, 0.662},
	} {
		if math.Abs(c.got-c.want) > 0.0005 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	a, b, c := got.Segments[0], got.Segments[1], got.Segments[2]
	if !(a.Rate > 0 && b.Rate < 0 && c.Rate > 0 && a.Mix > 0 && b.Mix < 0 && c.Mix > 0) {
		t.Errorf("the signs of the effects are wrong: %+v", got.Segments)
	}
}
