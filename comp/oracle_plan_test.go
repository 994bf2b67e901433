package comp_test

import (
	"testing"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// Rally Software, fiscal 2013 plan (exhibit 10.145 to Form S-1): a half-year plan
// that is paid by quarter. The first quarter was paid at 100 %; the half-year lands
// at 115 %, so the second quarter pays its own 115 % and the 15 % that the first is
// short of. Counted to date, or as a share of the half-year from the start, this
// curve, a straight line, pays the same.
func TestE58_trueUp(t *testing.T) {
	straight := knots([2]string{"0", "0"}, [2]string{"2", "2"})
	marginal := bands(comp.Marginal, comp.At, []string{"0", "1"})
	for name, x := range map[string]struct {
		measure comp.Measure
		curve   comp.Curve
	}{
		"to date":             {comp.Measure{Reset: comp.PerHalf, Quota: "acv", ToDate: true}, straight},
		"to date, marginal":   {comp.Measure{Reset: comp.PerHalf, Quota: "acv", ToDate: true}, marginal},
		"half-year":           {comp.Measure{Reset: comp.PerHalf, Quota: "acv"}, straight},
		"half-year, marginal": {comp.Measure{Reset: comp.PerHalf, Quota: "acv"}, marginal},
	} {
		t.Run(name, func(t *testing.T) {
			plan := comp.Plan{Every: salesops.Quarter, Components: []comp.Component{{
				ID: "acv", Pays: comp.PaysTarget, Measure: x.measure, Curve: &x.curve,
			}}}
			who := comp.Payee{ID: "ana", Terms: []comp.Term{{
				Plan:   "plan",
				Target: comp.Goal{Amount: d("10000"), Per: salesops.Quarter},
				Quotas: map[string]comp.Goal{"acv": {Amount: d("500000"), Per: salesops.Quarter}},
			}}}
			b := openBooks(t, plan, who)
			st := b.close("2026-01-01", booking("a", "2026-02-10", "500000"))
			same(t, "first quarter", st.Net, "10000")
			st = b.close("2026-04-01", booking("b", "2026-05-10", "650000"))
			same(t, "attained in the half-year", *attainedBy(t, st, "acv").Attainment, "1.15")
			same(t, "second quarter: 11,500 and 1,500", st.Net, "13000")
			same(t, "half-year", attainedBy(t, st, "acv").Pay, "23000")
			same(t, "third quarter, of the next half-year", b.close("2026-07-01", booking("c", "2026-08-10", "500000")).Net, "10000")
		})
	}
}

// The same under the curve of the next year's plan (see E30), which is no straight
// line: only attainment to date pays 100 % for the first quarter.
func TestE58_trueUpOnABentCurve(t *testing.T) {
	c := knots([2]string{"0.9", "0.5"}, [2]string{"1", "1"}, [2]string{"1.2", "1.5"})
	for toDate, want := range map[bool][2]string{true: {"10000", "17500"}, false: {"0", "27500"}} {
		plan := comp.Plan{Every: salesops.Quarter, Components: []comp.Component{{
			ID: "acv", Pays: comp.PaysTarget, Measure: comp.Measure{Reset: comp.PerHalf, Quota: "acv", ToDate: toDate}, Curve: &c,
		}}}
		who := comp.Payee{ID: "ana", Terms: []comp.Term{{
			Plan:   "plan",
			Target: comp.Goal{Amount: d("10000"), Per: salesops.Quarter},
			Quotas: map[string]comp.Goal{"acv": {Amount: d("500000"), Per: salesops.Quarter}},
		}}}
		b := openBooks(t, plan, who)
		same(t, "first quarter", b.close("2026-01-01", booking("a", "2026-02-10", "500000")).Net, want[0])
		same(t, "second quarter", b.close("2026-04-01", booking("b", "2026-05-10", "650000")).Net, want[1])
	}
}

// Xactly, bonus rules: 250 for each order with a quantity of ten or more, every
// time.
func TestE65_everyTime(t *testing.T) {
	c := bands(comp.Step, comp.At, []string{"10", "0", "250"})
	plan := comp.Plan{Components: []comp.Component{{
		ID: "spiff", Pays: comp.PaysSum, Span: period("2026-01-01", "2026-03-01"),
		Measure: comp.Measure{Of: comp.Units, Reset: comp.PerDeal, Where: comp.Match{"type": {"order"}}}, Curve: &c,
	}}}
	order := func(id, date, quantity string) comp.Credit {
		o := booking(id, date, "1")
		o.Units, o.Tags = d(quantity), comp.Tags{"type": "order"}
		return o
	}
	b := openBooks(t, plan, payee("0"))
	quote := order("quote", "2026-01-10", "50")
	quote.Tags = comp.Tags{"type": "quote"}
	st := b.close("2026-01-01", order("a", "2026-01-10", "10"), order("b", "2026-01-11", "9"), order("c", "2026-01-12", "100"), quote)
	same(t, "two orders of ten or more", st.Net, "500")
	wantLine(t, st, "earn/spiff/a/2026-01-01", comp.Earn, "250")
	wantLine(t, st, "earn/spiff/b/2026-01-01", comp.Earn, "0")
	wantLine(t, st, "earn/spiff/c/2026-01-01", comp.Earn, "250")
	same(t, "one more", b.close("2026-02-01", order("d", "2026-02-10", "10.5")).Net, "250")
	same(t, "when it is over", b.close("2026-03-01", order("e", "2026-03-01", "20")).Net, "0")
}
