package comp_test

import (
	"fmt"
	"testing"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// goals makes the calculator of a plan for a year, and a payee whose term starts
// on a day, with a quota "sales" and a target incentive.
func goals(t *testing.T, span salesops.Period, start string, quota, target comp.Goal) (*comp.Calculator, comp.Payee) {
	t.Helper()
	c := bands(comp.Marginal, comp.At, []string{"0", "1"})
	calc := calculator(t, comp.Plan{Span: span, Components: []comp.Component{{
		ID: "sales", Measure: comp.Measure{Reset: comp.PerMonth, Quota: "sales"}, Pays: comp.PaysTarget, Curve: &c,
	}}})
	return calc, comp.Payee{ID: "ana", Terms: []comp.Term{{
		Span: salesops.Period{Start: on(start)}, Plan: "plan", Target: target, Quotas: map[string]comp.Goal{"sales": quota},
	}}}
}

func wantQuota(t *testing.T, calc *comp.Calculator, who comp.Payee, in salesops.Period, want string) {
	t.Helper()
	got, err := calc.Quota(who, "sales", in)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "quota of "+in.String(), got, want)
}

// Sean M. Masters, "Prorating Quotas and Targets" (3 November 2019): a hire on 1
// June has 214 of 365 days. Printed as $470k and $44k.
func TestE54_startsInJune(t *testing.T) {
	whole := period("2019-01-01", "2020-01-01")
	calc, who := goals(t, whole, "2019-06-01", comp.Goal{Amount: d("800000")}, comp.Goal{Amount: d("75000")})
	wantQuota(t, calc, who, whole, "469041.10")
	target, err := calc.Target(who, whole)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "target", target, "43972.60")
	for amount, want := range map[string]string{"800000": "469041.10", "75000": "43972.60"} {
		before, err := comp.Prorate(d(amount), whole, period("2018-01-01", "2019-06-01"), 2)
		if err != nil {
			t.Fatal(err)
		}
		after, err := comp.Prorate(d(amount), whole, period("2019-06-01", "2020-01-01"), 2)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "prorated", after, want)
		same(t, "both parts", before.Add(after), amount)
	}
}

// Quickbase community, "Formula to Prorate a Quota": 20, 20, 20 and 40 % by quarter,
// from 1 March, by months. Printed as 6,667 and 86,667.
func TestE55_seasonByMonths(t *testing.T) {
	season := decimals("1", "1", "1", "1", "1", "1", "1", "1", "1", "2", "2", "2")
	calc, who := goals(t, year(), "2026-03-01", comp.Goal{Amount: d("100000"), Season: season}, comp.Goal{})
	for i, want := range []string{"6666.67", "20000", "20000", "40000"} {
		start := on("2026-01-01").AddMonths(3 * i)
		wantQuota(t, calc, who, salesops.Period{Start: start, End: start.AddMonths(3)}, want)
	}
	wantQuota(t, calc, who, year(), "86666.67")

	// By days, a quarter's share is another: 31 of the 90 days of the first.
	calc, who = goals(t, year(), "2026-03-01", comp.Goal{Amount: d("100000"), Season: decimals("20", "20", "20", "40")}, comp.Goal{})
	wantQuota(t, calc, who, period("2026-01-01", "2026-04-01"), "6888.89")
	wantQuota(t, calc, who, year(), "86888.89")
}

// Oracle, "Examples of Calculating Attainment by Grouped Transactions": an annual
// goal of 36,000, spread evenly. Performio glossary, attainment: 60,000 of 80,000.
func TestE56_attainment(t *testing.T) {
	even := decimals("1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1")
	for name, quota := range map[string]comp.Goal{
		"annual":  {Amount: d("36000"), Season: even},
		"monthly": {Amount: d("3000"), Per: salesops.Month},
	} {
		t.Run(name, func(t *testing.T) {
			calc, who := goals(t, year(), "2026-01-01", quota, comp.Goal{Amount: d("1000"), Per: salesops.Month})
			for m := range 12 {
				start := on("2026-01-01").AddMonths(m)
				wantQuota(t, calc, who, salesops.Period{Start: start, End: start.AddMonths(1)}, "3000")
			}
			b := openBooks(t, calc.Plan(), who)
			st := b.close("2026-01-01", booking("a", "2026-01-05", "1000"), booking("b", "2026-01-15", "1500"), booking("c", "2026-01-25", "500"))
			same(t, "100 %", *attainedBy(t, st, "sales").Attainment, "1")
			same(t, "pay at 100 %", st.Net, "1000")
			st = b.close("2026-02-01", booking("d", "2026-02-05", "1500"), booking("e", "2026-02-15", "500"))
			same(t, "66.67 %", attainedBy(t, st, "sales").Attainment.Round(4), "0.6667")
			same(t, "quota", *attainedBy(t, st, "sales").Quota, "3000")
			same(t, "pay at two thirds", st.Net, "666.67")
		})
	}
	calc, who := goals(t, year(), "2026-01-01", comp.Goal{Amount: d("80000"), Per: salesops.Month}, comp.Goal{})
	st := openBooks(t, calc.Plan(), who).close("2026-01-01", booking("a", "2026-01-05", "60000"))
	same(t, "75 %", *attainedBy(t, st, "sales").Attainment, "0.75")
}

// Sales Cookie help, "Ramped Quotas".
func TestE57_ramp(t *testing.T) {
	ramped := comp.Goal{Amount: d("45000"), Per: salesops.Month, Ramp: decimals("10000", "20000", "30000")}
	calc, who := goals(t, year(), "2026-04-01", ramped, comp.Goal{Amount: d("1000"), Per: salesops.Month})
	for i, want := range []string{"10000", "20000", "30000", "45000", "45000"} {
		start := on("2026-04-01").AddMonths(i)
		wantQuota(t, calc, who, salesops.Period{Start: start, End: start.AddMonths(1)}, want)
	}
	wantQuota(t, calc, who, period("2026-04-01", "2026-07-01"), "60000")
	wantQuota(t, calc, who, period("2026-01-01", "2026-08-01"), "105000")

	b := openBooks(t, calc.Plan(), who)
	for i, quota := range []string{"10000", "20000", "30000", "45000"} {
		day := on("2026-04-10").AddMonths(i).String()
		st := b.close(day, booking(fmt.Sprintf("deal %d", i), day, quota))
		same(t, "attainment of the ramp", *attainedBy(t, st, "sales").Attainment, "1")
		same(t, "pay", st.Net, "1000")
	}
}
