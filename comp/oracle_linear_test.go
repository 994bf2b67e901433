package comp_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
)

// knots makes a Linear curve from rows of from and pay.
func knots(rows ...[2]string) comp.Curve {
	c := comp.Curve{Mode: comp.Linear}
	for _, row := range rows {
		c.Bands = append(c.Bands, comp.Band{From: d(row[0]), Pay: d(row[1])})
	}
	return c
}

// Microsoft tech community 4256325: the rate itself slides, from 2 % at 80 % of
// quota over 2.5 % at 100 % to 3.75 % from 150 % on. The rates are given; the money
// on a quota of 1,000 is ours.
func TestE27_slidingRate(t *testing.T) {
	c := knots([2]string{"0.8", "0.02"}, [2]string{"1", "0.025"}, [2]string{"1.5", "0.0375"})
	curvePays(t, c, [2]string{"0.79", "0"}, [2]string{"0.8", "0.02"}, [2]string{"0.9", "0.0225"}, [2]string{"1.75", "0.0375"})
	plan := comp.Plan{Components: []comp.Component{{ID: "sales", Measure: comp.Measure{Reset: comp.PerPlan, Quota: "sales"}, Curve: &c}}}
	for sold, want := range map[string]string{"790": "0", "900": "20.25", "1000": "25", "1750": "65.63"} { // 65.625
		st := openBooks(t, plan, payee("0", "sales", "1000")).close("2026-01-01", booking("a", "2026-01-10", sold))
		same(t, "pay for "+sold, st.Net, want)
	}
}

// mrexcel.com 1090920: nothing up to 95 % of goal, all from 100 % on, and the
// share in between. The values end after as many places as the source prints.
func TestE28_linearBetweenTwoKnots(t *testing.T) {
	c := knots([2]string{"0.95", "0"}, [2]string{"1", "1"})
	plan := comp.Plan{
		Components: []comp.Component{{ID: "goal", Measure: comp.Measure{Reset: comp.PerPlan, Quota: "goal"}, Pays: comp.PaysTarget, Curve: &c}},
		Rounding:   comp.Rounding{Unit: d("0.00000001")},
	}
	for _, x := range []struct {
		done, goal, want string
		places           int32
	}{
		{"391.58", "400", "0.579", 12},
		{"495.687", "500", "0.82748", 12},
		{"118", "123", "0.18699187", 8},
		{"111", "115", "0.30434783", 8},
		{"380", "400", "0", 12},
		{"379.99", "400", "0", 12},
		{"400", "400", "1", 12},
		{"512", "400", "1", 12},
	} {
		same(t, x.done+" of "+x.goal, inMeasure(c, x.goal).Pay(d(x.done)).Round(x.places), x.want)
		st := openBooks(t, plan, payee("1", "goal", x.goal)).close("2026-01-01", booking("a", "2026-01-10", x.done))
		same(t, "share of the target for "+x.done+" of "+x.goal, st.Net.Round(x.places), x.want)
	}
}

// Odoo Enterprise, user test of sale_commission: levels of a target plan, linear
// in between.
func TestE29_levels(t *testing.T) {
	c := knots([2]string{"0", "0"}, [2]string{"0.5", "0"}, [2]string{"1", "2500"}, [2]string{"2", "3500"}, [2]string{"3", "4000"})
	curvePays(t, inMeasure(c, "2000"), [2]string{"800", "0"}, [2]string{"2000", "2500"}, [2]string{"4800", "3700"}, [2]string{"6000", "4000"})
	plan := comp.Plan{Components: []comp.Component{{ID: "sold", Pays: comp.PaysSum, Measure: comp.Measure{Reset: comp.PerPlan, Quota: "sold"}, Curve: &c}}}
	b := openBooks(t, plan, payee("0", "sold", "2000"))
	same(t, "800", b.close("2026-01-01", booking("a", "2026-01-10", "800")).Net, "0")
	same(t, "2,000", b.close("2026-02-01", booking("b", "2026-02-10", "1200")).Net, "2500")
	same(t, "4,800", b.close("2026-03-01", booking("c", "2026-03-10", "2800")).Net, "1200")
	same(t, "6,000", b.close("2026-04-01", booking("d", "2026-04-10", "1200")).Net, "300")
}

// Rally Software, fiscal 2014 plan (exhibit to Form 10-Q): 90 % of goal pays 50 %,
// and five points more for each per cent, up to 150 % at 120 %.
func TestE30_thresholdInclusive(t *testing.T) {
	c := knots([2]string{"0.9", "0.5"}, [2]string{"1", "1"}, [2]string{"1.2", "1.5"})
	rows := [][2]string{
		{"0.89", "0"}, {"0.8999", "0"}, {"0.9", "0.5"}, {"0.91", "0.55"}, {"0.92", "0.6"}, {"1", "1"}, {"1.2", "1.5"}, {"1.3", "1.5"},
	}
	for _, row := range rows {
		same(t, "at "+row[0], c.Pay(d(row[0])), row[1])
	}
	x, ok := c.Inverse(d("0.5"), 4)
	if !ok {
		t.Error("half of the target is out of reach")
	}
	same(t, "to earn half of the target", x, "0.9")
	if x, ok := c.Inverse(d("1.51"), 4); ok {
		t.Errorf("Inverse(1.51) = %s, want out of reach", x.StringFixed(4))
	}
	plan := comp.Plan{Components: []comp.Component{{ID: "acv", Pays: comp.PaysTarget, Measure: comp.Measure{Reset: comp.PerPlan, Quota: "acv"}, Curve: &c}}}
	for _, row := range rows {
		st := openBooks(t, plan, payee("10000", "acv", "1000000")).close("2026-01-01", booking("a", "2026-01-10", d(row[0]).Shift(6).StringFixed(0)))
		same(t, "pay at "+row[0], st.Net, d(row[1]).Shift(4).StringFixed(0))
	}
}

func decimals(texts ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(texts))
	for i, s := range texts {
		out[i] = d(s)
	}
	return out
}

// office-forums.com, "matrix calculations": return on sales by revenue. The step
// value is given, the bilinear one is ours.
func TestE31_grid(t *testing.T) {
	g := comp.Grid{
		Cols: decimals("100000", "200000", "300000", "400000", "500000"),
		Rows: decimals("0.01", "0.02"),
		Cells: [][]decimal.Decimal{
			decimals("50", "62.5", "75", "87.5", "100"),
			decimals("62.5", "78.1", "93.8", "109.4", "125"),
		},
	}
	blend := g
	blend.Blend = true
	for _, x := range []struct{ revenue, ros, step, blended string }{
		{"275000", "0.015", "62.5", "80.875"},
		{"100000", "0.01", "50", "50"},
		{"500000", "0.02", "125", "125"},
		{"900000", "0.07", "125", "125"},
		{"99999.99", "0.015", "0", "0"},
		{"275000", "0.0099", "0", "0"},
	} {
		for _, v := range []struct {
			grid comp.Grid
			want string
		}{{g, x.step}, {blend, x.blended}} {
			same(t, x.revenue+" at "+x.ros, v.grid.At(d(x.revenue), d(x.ros)), v.want)
			nothing := knots([2]string{"0", "0"})
			plan := comp.Plan{
				Components: []comp.Component{
					{ID: "bonus", Pays: comp.PaysSum, Measure: comp.Measure{Reset: comp.PerPlan}, Grid: &v.grid, Across: "ros"},
					{ID: "ros", Pays: comp.PaysSum, Measure: comp.Measure{Score: "ros", Reset: comp.PerPlan}, Curve: &nothing},
				},
				Rounding: comp.Rounding{Unit: d("0.001")},
			}
			b := openBooks(t, plan, payee("0"))
			b.in.Scores = []comp.Score{{Name: "ros", Date: on("2026-01-31"), Value: d(x.ros)}}
			st := b.close("2026-01-01", booking("a", "2026-01-10", x.revenue))
			same(t, "bonus for "+x.revenue+" at "+x.ros, st.Net, v.want)
		}
	}
}

// Oracle PeopleSoft, "Example: Goals Matrix Performance Score Calculation":
// objectives of weight 40, 35 and 25, reached to 100, 110 and 90 %. The source
// prints 39 for 38.5, and 101.
func TestE32_weightedObjectives(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "1"})
	objective := func(id, weight string) comp.Component {
		return comp.Component{ID: id, Pays: comp.PaysTarget, Weight: d(weight), Measure: comp.Measure{Score: id, Reset: comp.PerPlan}, Curve: &c}
	}
	plan := comp.Plan{Components: []comp.Component{objective("one", "0.40"), objective("two", "0.35"), objective("three", "0.25")}}
	b := openBooks(t, plan, payee("100"))
	for id, level := range map[string]string{"one": "1.00", "two": "1.10", "three": "0.90"} {
		b.in.Scores = append(b.in.Scores, comp.Score{Name: id, Date: on("2026-01-31"), Value: d(level)})
	}
	st := b.close("2026-01-01")
	same(t, "score", st.Net, "101")
	for id, want := range map[string]string{"one": "40", "two": "38.5", "three": "22.5"} {
		same(t, id, attainedBy(t, st, id).Pay, want)
		wantLine(t, st, "earn/"+id+"/"+id+"/2026-01-31", comp.Earn, want)
	}
	if problems := b.calc.Plan(); len(problems.Check()) != 0 {
		t.Errorf("Check() = %+v, want no problem: the weights sum to 1", problems.Check())
	}
}

// Oracle Sales Compensation, "Margin Commission Example" (marcexp): the margin
// picks the rate, 3 % below 10 % and 5 % from there on, which is paid on the
// amount. The rates are given, the money is ours.
func TestE33_rateByMargin(t *testing.T) {
	all, nothing := bands(comp.Marginal, comp.At, []string{"0", "1"}), knots([2]string{"0", "0"})
	rate := bands(comp.Step, comp.At, []string{"0", "0", "0.03"}, []string{"0.10", "0", "0.05"})
	plan := comp.Plan{Components: []comp.Component{
		{ID: "sales", Curve: &all, Factors: []comp.Factor{{Of: "margin", Curve: rate}}},
		{ID: "margin", Pays: comp.PaysSum, Measure: comp.Measure{Score: "margin"}, Curve: &nothing},
	}}
	b := openBooks(t, plan, payee("0"))
	b.in.Scores = []comp.Score{
		{Name: "margin", Date: on("2026-01-31"), Value: d("0.05")},
		{Name: "margin", Date: on("2026-02-28"), Value: d("0.12")},
	}
	same(t, "5 % margin on 1,000", b.close("2026-01-01", booking("a", "2026-01-10", "1000")).Net, "30")
	same(t, "12 % margin on 3,000", b.close("2026-02-01", booking("b", "2026-02-10", "3000")).Net, "150")
	same(t, "rate at 5 %", rate.Pay(d("0.05")), "0.03")
	same(t, "rate at 12 %", rate.Pay(d("0.12")), "0.05")
}
