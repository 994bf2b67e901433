package comp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// soundPlan is a plan without problems that has a bit of everything, for the cases
// below to break.
func soundPlan() comp.Plan {
	most := d("1000")
	return comp.Plan{
		ID: "plan", Currency: "USD", Span: year(),
		Components: []comp.Component{
			{
				ID: "a", Measure: comp.Measure{Reset: comp.PerYear, Quota: "arr", Lifts: []comp.Lift{{Where: comp.Match{"type": {"new"}}, Credit: d("1"), Pay: d("1.1")}}},
				Curve:   curve(comp.Marginal, "0 0.1", "1 0.2"),
				Gates:   []comp.Gate{{Of: "b", Reach: d("0.5")}},
				Factors: []comp.Factor{{Of: "b", Curve: *curve(comp.Linear, "0 0 1", "1 0 2")}},
				Limits:  []comp.Limit{{Max: &most}},
			},
			{
				ID: "b", Measure: comp.Measure{Of: comp.Margin, Reset: comp.PerQuarter, Windfall: &comp.Windfall{Over: d("100")}},
				Grid: &comp.Grid{
					Cols: []decimal.Decimal{d("0"), d("10")}, Rows: []decimal.Decimal{d("0"), d("1")},
					Cells: [][]decimal.Decimal{{d("0.1"), d("0.2")}, {d("0.3"), d("0.4")}},
				},
				Across: "a",
			},
		},
		Limits:   []comp.Limit{{Per: comp.PerYear, Max: &most}},
		Draws:    []comp.Draw{{Span: year(), Amount: d("10"), Kind: comp.Guarantee}},
		Holds:    []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Booking, Share: d("0.6")}, {On: comp.Payment, Share: d("0.4")}}}},
		Clawback: &comp.Clawback{Months: 12, Shape: curve(comp.Linear, "0 0 0", "1 0 1")},
	}
}

// curve makes a curve of rows of from, rate and pay.
func curve(mode comp.Mode, rows ...string) *comp.Curve {
	c := comp.Curve{Mode: mode}
	for _, row := range rows {
		var b comp.Band
		fields := strings.Fields(row)
		for i, to := range []*decimal.Decimal{&b.From, &b.Rate, &b.Pay}[:len(fields)] {
			*to = d(fields[i])
		}
		c.Bands = append(c.Bands, b)
	}
	return &c
}

// simple is a plan with one component with a curve, and nothing else.
func simple(v *comp.Curve, edits ...func(*comp.Component)) func(*comp.Plan) {
	return func(p *comp.Plan) {
		k := comp.Component{ID: "a", Measure: comp.Measure{Reset: comp.PerYear}, Curve: v}
		for _, edit := range edits {
			edit(&k)
		}
		*p = comp.Plan{ID: "plan", Currency: "USD", Span: year(), Components: []comp.Component{k}}
	}
}

// problem is what a case wants: Text is a part of the text.
type problem struct {
	Code, Path, Text string
	Warning          bool
}

func fault(code, path, text string) problem { return problem{code, path, text, false} }
func warns(code, path, text string) problem { return problem{code, path, text, true} }

// checked is what Check says, with the texts cut to those wanted where they hold them.
func checked(p comp.Plan, want []problem) (got []problem) {
	for i, q := range p.Check() {
		text := q.Text
		if i < len(want) && strings.Contains(text, want[i].Text) {
			text = want[i].Text
		}
		got = append(got, problem{q.Code, q.Path, text, q.Warning})
	}
	return got
}

// huge cannot be computed with; every operation on it would take for ever.
var huge = decimal.New(1, 1_000_000_000)

func TestCheck(t *testing.T) {
	const outOfBounds = "is out of bounds: use an exponent within ±18 and at most 36 digits"
	ptr := func(v decimal.Decimal) *decimal.Decimal { return &v }
	tests := []struct {
		name string
		edit func(*comp.Plan)
		want []problem
	}{
		{"a sound plan", func(*comp.Plan) {}, nil},

		// the plan
		{"no id", func(p *comp.Plan) { p.ID = "" }, []problem{fault("required", "/id", "must be set; terms and state refer to the plan by it")}},
		{"a negative version", func(p *comp.Plan) { p.Version = -1 }, []problem{fault("range", "/version", "is -1; it must not be negative")}},
		{"no currency", func(p *comp.Plan) { p.Currency = "" }, []problem{fault("required", "/currency", "must be set, for example to USD")}},
		{"no span", func(p *comp.Plan) { p.Span = salesops.Period{} }, []problem{fault("required", "/span", "must have a start and an end")}},
		{"an open span", func(p *comp.Plan) { p.Span.End = salesops.Date{} }, []problem{fault("required", "/span", "must have a start and an end")}},
		{"a span without days", func(p *comp.Plan) { p.Span.End = p.Span.Start }, []problem{
			fault("order", "/span", "ends before it starts, or on the same day: 2026-01-01/2026-01-01"),
		}},
		{"a span that ends first", simpleSpan("2026-01-02", "2026-01-01"), []problem{fault("order", "/span", "ends before it starts")}},
		{"a span of centuries", func(p *comp.Plan) { p.Span = period("2000-01-01", "2101-01-01") }, []problem{fault("range", "/span", "is longer than 100 years")}},
		{"a span of a century", func(p *comp.Plan) { p.Span = period("2000-01-01", "2100-01-01") }, nil},
		{"an unknown unit", func(p *comp.Plan) { p.Every = "fortnight" }, []problem{fault("unknown", "/every", `is "fortnight"; use week, month, quarter, half or year`)}},
		{"faults of the calendar", func(p *comp.Plan) { p.Calendar = salesops.Calendar{FirstMonth: 13, Weeks: "4-4-4"} }, []problem{
			fault("range", "/calendar", "want a month from 1 to 12"),
		}},
		{"no components", func(p *comp.Plan) { *p = comp.Plan{ID: "x", Currency: "USD", Span: year()} }, []problem{
			fault("required", "/components", "must have at least one component"),
		}},
		{"an unknown way with negative pay", func(p *comp.Plan) { p.Negative = "forget" }, []problem{fault("unknown", "/negative", `is "forget"; use carry, charge`)}},
		{"an unknown rounding", func(p *comp.Plan) { p.Rounding.Mode = "up" }, []problem{fault("unknown", "/rounding/mode", `is "up"; use half-up, half-even, down`)}},
		{"a unit that is no power of ten", func(p *comp.Plan) { p.Rounding.Unit = d("0.05") }, []problem{
			fault("range", "/rounding/unit", "is 0.05; it must be a power of ten between 0.000000000001 and 1,000,000, such as 0.01"),
		}},
		{"a unit that is too small", func(p *comp.Plan) { p.Rounding.Unit = d("1e-13") }, []problem{fault("range", "/rounding/unit", "must be a power of ten")}},
		{"a unit that is too large", func(p *comp.Plan) { p.Rounding.Unit = d("1e7") }, []problem{fault("range", "/rounding/unit", "must be a power of ten")}},
		{"the smallest unit", func(p *comp.Plan) { p.Rounding.Unit = d("1e-12") }, nil},
		{"the largest unit, as 1000000", func(p *comp.Plan) { p.Rounding.Unit = d("1000000") }, nil},
		{"a cent as 0.010", func(p *comp.Plan) { p.Rounding.Unit = d("0.010") }, nil},
		{"a negative unit", func(p *comp.Plan) { p.Rounding.Unit = d("-0.01") }, []problem{fault("range", "/rounding/unit", "it must not be negative")}},
		{"a huge unit", func(p *comp.Plan) { p.Rounding.Unit = huge }, []problem{fault("range", "/rounding/unit", outOfBounds)}},

		// components
		{"a component without id", func(p *comp.Plan) { p.Components[0].ID = ""; p.Components[1].Across = "b" }, []problem{
			fault("required", "/components/0/id", "must be set"),
		}},
		{"an id with #", func(p *comp.Plan) { p.Components[0].ID = "a#1"; p.Components[1].Across = "b" }, []problem{
			fault("range", "/components/0/id", "must not contain #, which line IDs use for limits"),
		}},
		{"an id twice", func(p *comp.Plan) {
			p.Components[1].ID = "a"
			p.Components[0].Gates, p.Components[0].Factors = nil, nil
		}, []problem{
			fault("duplicate", "/components/1/id", "is also the ID of component 0; give each its own"),
		}},
		{"a component's span that ends first", func(p *comp.Plan) { p.Components[0].Span = period("2026-05-01", "2026-04-01") }, []problem{
			fault("order", "/components/0/span", "ends before it starts"),
		}},
		{"a component's span outside the plan's", func(p *comp.Plan) { p.Components[0].Span = period("2027-01-01", "2028-01-01") }, []problem{
			warns("unreachable", "/components/0/span", "lies outside the plan's span, so the component never pays"),
		}},
		{"unknown pay", func(p *comp.Plan) { p.Components[0].Pays = "bonus" }, []problem{fault("unknown", "/components/0/pays", `is "bonus"; use rate, target, sum`)}},
		{"a negative weight", func(p *comp.Plan) { p.Components[0].Weight = d("-1") }, []problem{fault("range", "/components/0/weight", "it must not be negative")}},
		{"neither curve nor grid", func(p *comp.Plan) { p.Components[0].Curve = nil }, []problem{
			fault("required", "/components/0/curve", "is missing; a component needs a curve or a grid"),
		}},
		{"curve and grid", func(p *comp.Plan) {
			p.Components[1].Curve = curve(comp.Marginal, "0 0.1")
		}, []problem{fault("conflict", "/components/1/grid", "stands beside a curve; a component has one or the other")}},
		{"a row without a grid", func(p *comp.Plan) { p.Components[0].Across = "b" }, []problem{fault("conflict", "/components/0/across", "is only for a grid")}},

		// measures
		{"an unknown event", func(p *comp.Plan) { p.Components[0].Measure.On = "refund" }, []problem{
			fault("unknown", "/components/0/measure/on", `is "refund"; use booking, invoice, payment`),
		}},
		{"an unknown field", func(p *comp.Plan) { p.Components[0].Measure.Of = "profit" }, []problem{
			fault("unknown", "/components/0/measure/of", `is "profit"; use amount, margin, units, count`),
		}},
		{"an unknown window", func(p *comp.Plan) { p.Components[0].Measure.Reset = "week" }, []problem{
			fault("unknown", "/components/0/measure/reset", `is "week"; use deal, period, month, quarter, half, year, plan`),
		}},
		{"an unknown kind of credit", func(p *comp.Plan) { p.Components[0].Measure.Credits = []comp.CreditKind{"direct", "indirect"} }, []problem{
			fault("unknown", "/components/0/measure/credits/1", `is "indirect"; use direct, overlay, rollup`),
		}},
		{"an empty kind of credit", func(p *comp.Plan) { p.Components[0].Measure.Credits = []comp.CreditKind{""} }, []problem{
			fault("unknown", "/components/0/measure/credits/0", "is empty; use direct, overlay, rollup"),
		}},
		{"a score beside credits", func(p *comp.Plan) { p.Components[1].Measure.Score = "csat" }, []problem{
			fault("conflict", "/components/1/measure/score", "replaces credits; leave where, credits, on, of, lifts and windfall empty"),
		}},
		{"attainment by deal", simple(curve(comp.Marginal, "0 0.1"), func(k *comp.Component) { k.Measure.Reset, k.Measure.Quota = comp.PerDeal, "arr" }), []problem{
			fault("conflict", "/components/0/measure/reset", "is deal, so the component has no attainment; leave score, quota and toDate empty"),
		}},
		{"a negative lift", func(p *comp.Plan) { p.Components[0].Measure.Lifts[0].Credit = d("-0.5") }, []problem{
			fault("range", "/components/0/measure/lifts/0/credit", "it must not be negative"),
		}},
		{"a huge lift", func(p *comp.Plan) { p.Components[0].Measure.Lifts[0].Pay = huge }, []problem{fault("range", "/components/0/measure/lifts/0/pay", outOfBounds)}},
		{"a lift that hides others", func(p *comp.Plan) {
			p.Components[0].Measure.Lifts = []comp.Lift{{Credit: d("1"), Pay: d("1")}, {Where: comp.Match{"a": {"b"}}, Credit: d("1"), Pay: d("2")}}
		}, []problem{warns("unreachable", "/components/0/measure/lifts/1", "never applies: the lift before it matches every credit; put it first")}},
		{"a windfall below zero", func(p *comp.Plan) { p.Components[1].Measure.Windfall.Over = d("-1") }, []problem{
			fault("range", "/components/1/measure/windfall/over", "it must not be negative"),
		}},
		{"a windfall's share", func(p *comp.Plan) { p.Components[1].Measure.Windfall.Share = d("50") }, []problem{
			fault("range", "/components/1/measure/windfall/share", "is 50; it must be between 0 and 1"),
		}},

		// curves
		{"no mode", func(p *comp.Plan) { p.Components[0].Curve.Mode = "" }, []problem{
			fault("required", "/components/0/curve/mode", "must be marginal, retroactive, prospective, step or linear"),
		}},
		{"an unknown mode", func(p *comp.Plan) { p.Components[0].Curve.Mode = "tiered" }, []problem{
			fault("unknown", "/components/0/curve/mode", `is "tiered"; use marginal, retroactive, prospective, step, linear`),
		}},
		{"an unknown edge", func(p *comp.Plan) { p.Components[0].Curve.Edge = "below" }, []problem{fault("unknown", "/components/0/curve/edge", `is "below"; use at, above`)}},
		{"no bands", func(p *comp.Plan) { p.Components[0].Curve.Bands = nil }, []problem{fault("required", "/components/0/curve/bands", "must have at least one band")}},
		{"huge numbers in a band", func(p *comp.Plan) { p.Components[0].Curve.Bands[1] = comp.Band{From: huge, Rate: huge, Pay: huge} }, []problem{
			fault("range", "/components/0/curve/bands/1/from", outOfBounds),
			fault("range", "/components/0/curve/bands/1/rate", outOfBounds),
			fault("range", "/components/0/curve/bands/1/pay", outOfBounds),
		}},
		{"a first band above zero", func(p *comp.Plan) { p.Components[0].Curve.Bands[0].From = d("0.5") }, []problem{
			fault("order", "/components/0/curve/bands/0/from", "of the first band must be 0; to pay nothing up to 0.5, start with a band from 0 at rate 0"),
		}},
		{"bands that do not rise", func(p *comp.Plan) { p.Components[0].Curve.Bands[1].From = d("0") }, []problem{
			fault("order", "/components/0/curve/bands/1/from", "is 0, but must be more than the 0 of the band before"),
		}},
		{"knots that fall", func(p *comp.Plan) { p.Clawback.Shape.Bands[1].From = d("-1") }, []problem{
			fault("order", "/clawback/shape/bands/1/from", "1, but must be more than the 0 of the band before"),
		}},
		{"a step with a rate", simple(curve(comp.Step, "0 0.5 0")), []problem{
			fault("conflict", "/components/0/curve/bands/0/rate", "is not used by a step curve; put the value into pay"),
		}},
		{"three knots on one bound", simple(curve(comp.Linear, "0 0 0", "1 0 0", "1 0 0", "1 0 0", "2 0 0")), []problem{
			warns("unreachable", "/components/0/curve/bands/2", "is never read: three bands start at 1"),
		}},
		{"a shape of rates", func(p *comp.Plan) { p.Clawback.Shape.Mode = comp.Marginal }, []problem{
			fault("conflict", "/clawback/shape/mode", "must be step or linear: the curve's value itself is meant"),
		}},
		{"a factor of rates", func(p *comp.Plan) { p.Components[0].Factors[0].Curve.Mode = comp.Retroactive }, []problem{
			fault("conflict", "/components/0/factors/0/curve/mode", "must be step or linear"),
		}},

		// grids
		{"an unknown edge of a grid", func(p *comp.Plan) { p.Components[1].Grid.Edge = "over" }, []problem{fault("unknown", "/components/1/grid/edge", `use at, above`)}},
		{"an empty grid", func(p *comp.Plan) { *p.Components[1].Grid = comp.Grid{} }, []problem{
			fault("required", "/components/1/grid/cols", "must have at least one bound"),
			fault("required", "/components/1/grid/rows", "must have at least one bound"),
		}},
		{"columns that do not rise", func(p *comp.Plan) { p.Components[1].Grid.Cols[1] = d("0") }, []problem{
			fault("order", "/components/1/grid/cols/1", "is 0, but must be more than the 0 before"),
		}},
		{"a huge row", func(p *comp.Plan) { p.Components[1].Grid.Rows[1] = huge }, []problem{fault("range", "/components/1/grid/rows/1", outOfBounds)}},
		{"a row too few", func(p *comp.Plan) { p.Components[1].Grid.Cells = p.Components[1].Grid.Cells[:1] }, []problem{
			fault("range", "/components/1/grid/cells", "has 1 rows; it must have one for each of the 2 row bounds"),
		}},
		{"a cell too few", func(p *comp.Plan) { p.Components[1].Grid.Cells[1] = p.Components[1].Grid.Cells[1][:1] }, []problem{
			fault("range", "/components/1/grid/cells/1", "has 1 values; it must have one for each of the 2 column bounds"),
		}},
		{"a huge cell", func(p *comp.Plan) { p.Components[1].Grid.Cells[0][1] = huge }, []problem{fault("range", "/components/1/grid/cells/0/1", outOfBounds)}},
		{"a grid without rows to read", func(p *comp.Plan) { p.Components[1].Across = "" }, []problem{
			fault("required", "/components/1/across", "must name the component that the grid's rows reads"),
		}},

		// gates and factors
		{"a gate on nothing", func(p *comp.Plan) { p.Components[0].Gates[0].Of = "" }, []problem{fault("required", "/components/0/gates/0/of", "must name the component that the gate reads")}},
		{"a gate on an unknown component", func(p *comp.Plan) { p.Components[0].Gates[0].Of = "c" }, []problem{
			fault("unknown", "/components/0/gates/0/of", `is "c", which is no component of the plan`),
		}},
		{"a gate on a component by deal", func(p *comp.Plan) { p.Components[1].Measure.Reset = comp.PerDeal; p.Components[0].Factors = nil }, []problem{
			fault("conflict", "/components/0/gates/0/of", `is "b", which starts anew with every deal and has no attainment to read`),
		}},
		{"a huge gate", func(p *comp.Plan) { p.Components[0].Gates[0].Reach = huge }, []problem{fault("range", "/components/0/gates/0/reach", outOfBounds)}},
		{"an unknown edge of a gate", func(p *comp.Plan) { p.Components[0].Gates[0].Edge = "over" }, []problem{fault("unknown", "/components/0/gates/0/edge", "use at, above")}},
		{"an else without bands", func(p *comp.Plan) { p.Components[0].Gates[0].Else = &comp.Curve{Mode: comp.Step} }, []problem{
			fault("required", "/components/0/gates/0/else/bands", "must have at least one band"),
		}},
		{"a factor of an unknown component", func(p *comp.Plan) { p.Components[0].Factors[0].Of = "c" }, []problem{
			fault("unknown", "/components/0/factors/0/of", `is "c", which is no component of the plan`),
		}},

		// limits
		{"a limit without bounds", func(p *comp.Plan) { p.Limits[0].Max = nil }, []problem{fault("required", "/limits/0", "must have a min or a max")}},
		{"an unknown window of a limit", func(p *comp.Plan) { p.Limits[0].Per = "decade" }, []problem{fault("unknown", "/limits/0/per", `is "decade"; use deal, period, month,`)}},
		{"an unknown excess", func(p *comp.Plan) { p.Limits[0].Excess = "lose" }, []problem{fault("unknown", "/limits/0/excess", `is "lose"; use forfeit, defer`)}},
		{"a plan's limit by deal", func(p *comp.Plan) { p.Limits[0].Per = comp.PerDeal }, []problem{fault("conflict", "/limits/0/per", "is deal, which only a component's limit can be")}},
		{"a limit by deal that defers", func(p *comp.Plan) {
			p.Components[0].Limits[0].Per, p.Components[0].Limits[0].Excess = comp.PerDeal, comp.Defer
		}, []problem{
			fault("conflict", "/components/0/limits/0/excess", "of a deal cannot be deferred: a deal has no later window"),
		}},
		{"a window shorter than the pay period", func(p *comp.Plan) { p.Every, p.Limits[0].Per = salesops.Half, comp.PerQuarter }, []problem{
			fault("conflict", "/limits/0/per", "is quarter, which is shorter than the pay period, a half"),
		}},
		{"a min above the max", func(p *comp.Plan) { p.Limits[0].Min = ptr(d("1001")) }, []problem{fault("order", "/limits/0/min", "is 1,001, which is more than max, 1,000")}},
		{"huge bounds", func(p *comp.Plan) { p.Limits[0].Min, p.Limits[0].Max = ptr(huge.Neg()), ptr(huge) }, []problem{
			fault("range", "/limits/0/min", outOfBounds), fault("range", "/limits/0/max", outOfBounds),
		}},

		// draws
		{"a draw twice", func(p *comp.Plan) { p.Draws = append(p.Draws, p.Draws[0]) }, []problem{fault("duplicate", "/draws/1/id", "is used before; each draw needs a name of its own")}},
		{"a draw's span that ends first", func(p *comp.Plan) { p.Draws[0].Span = period("2026-02-01", "2026-01-01") }, []problem{fault("order", "/draws/0/span", "ends before it starts")}},
		{"a negative draw", func(p *comp.Plan) { p.Draws[0].Amount = d("-1") }, []problem{fault("range", "/draws/0/amount", "it must not be negative")}},
		{"more than all recovered", func(p *comp.Plan) { p.Draws[0].Recover = d("1.01") }, []problem{fault("range", "/draws/0/recover", "is 1.01; it must be between 0 and 1")}},
		{"a draw of no kind", func(p *comp.Plan) { p.Draws[0].Kind = "" }, []problem{fault("required", "/draws/0/kind", "must be guarantee, advance or extra")}},
		{"a draw of another kind", func(p *comp.Plan) { p.Draws[0].Kind = "loan" }, []problem{fault("unknown", "/draws/0/kind", `is "loan"; use guarantee, advance, extra`)}},
		{"forgiven at no time", func(p *comp.Plan) { p.Draws[0].Forgiven, p.Draws[0].Span = true, salesops.Period{} }, []problem{
			fault("conflict", "/draws/0/forgiven", "needs a span with an end, when the balance lapses"),
		}},
		{"recovered at no time", func(p *comp.Plan) { p.Draws[0] = comp.Draw{Amount: d("1"), Kind: comp.Extra, Recover: d("1")} }, []problem{
			warns("unreachable", "/draws/0/recover", "never happens: an extra draw is recovered from start, or when its span ends, and it has neither"),
		}},

		// holds
		{"a part without event", func(p *comp.Plan) { p.Holds[0].Parts[0].On = "" }, []problem{fault("required", "/holds/0/parts/0/on", "must be booking, invoice, payment or release")}},
		{"a part on a refund", func(p *comp.Plan) { p.Holds[0].Parts[0].On = comp.Refund }, []problem{fault("unknown", "/holds/0/parts/0/on", `is "refund"; use booking, invoice, payment, release`)}},
		{"a part before its event", func(p *comp.Plan) { p.Holds[0].Parts[0].Months = -1 }, []problem{fault("range", "/holds/0/parts/0/months", "is -1; it must be between 0 and 1200")}},
		{"a part after a century", func(p *comp.Plan) { p.Holds[0].Parts[0].Months = 1201 }, []problem{fault("range", "/holds/0/parts/0/months", "is 1201; it must be between 0 and 1200")}},
		{"a share of more than all", func(p *comp.Plan) { p.Holds[0].Parts[0].Share = d("60") }, []problem{fault("range", "/holds/0/parts/0/share", "is 60; it must be between 0 and 1")}},
		{"shares that do not make 1", func(p *comp.Plan) { p.Holds[0].Parts[0].Share = d("0.59") }, []problem{
			fault("shares", "/holds/0/parts", "have shares that sum to 0.99; they must sum to exactly 1"),
		}},
		{"no parts", func(p *comp.Plan) { p.Holds[0].Parts = nil }, []problem{fault("shares", "/holds/0/parts", "must sum to exactly 1")}},
		{"a hold that hides others", func(p *comp.Plan) { p.Holds = append(p.Holds, p.Holds[0]) }, []problem{
			warns("unreachable", "/holds/1", "never applies: the hold before it matches every deal; put it first"),
		}},

		// clawback
		{"a clawback before booking", func(p *comp.Plan) { p.Clawback.Months = -1 }, []problem{fault("range", "/clawback/months", "is -1; it must be between 0 and 1200")}},
		{"a shape without months", func(p *comp.Plan) { p.Clawback.Months = 0 }, []problem{
			fault("conflict", "/clawback/shape", "tells the share kept by the share of months elapsed; set months too"),
		}},
		{"re-rating and credit", func(p *comp.Plan) { p.Clawback.Rerate, p.Clawback.Credit = true, true }, []problem{
			fault("conflict", "/clawback/credit", "is only for a clawback that does not re-rate; re-rating takes the credit out anyway"),
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := soundPlan()
			test.edit(&p)
			checkCase(t, p, test.want)
		})
	}
}

func simpleSpan(start, end string) func(*comp.Plan) {
	return func(p *comp.Plan) { p.Span = period(start, end) }
}

// checkCase compares what Check says with what is wanted, and New with both.
func checkCase(t *testing.T, p comp.Plan, want []problem) {
	t.Helper()
	if diff := cmp.Diff(want, checked(p, want)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	var refused, paths []string
	for _, q := range want {
		if !q.Warning {
			refused = append(refused, q.Path)
		}
	}
	c, err := comp.New(p)
	for _, e := range faultsOf(err) {
		if e.Err != comp.ErrPlan { //nolint:errorlint // the field itself is meant
			t.Errorf("New: Err = %v", e.Err)
		}
		paths = append(paths, e.Path)
	}
	if diff := cmp.Diff(refused, paths); diff != "" {
		t.Errorf("New refuses the paths (-want +got):\n%s", diff)
	}
	if (c == nil) != (len(refused) > 0) {
		t.Errorf("New returns the calculator %v beside the error %v", c, err)
	}
}

// TestCheckCliffs: where pay jumps or falls, and by how much.
func TestCheckCliffs(t *testing.T) {
	quota := func(k *comp.Component) { k.Measure.Quota = "arr" }
	pays := func(p comp.Pays) func(*comp.Component) { return func(k *comp.Component) { k.Pays = p } }
	most := func(v string) func(*comp.Component) {
		max := d(v)
		return func(k *comp.Component) { k.Limits = []comp.Limit{{Per: comp.PerYear, Max: &max}} }
	}
	const band0, band1 = "/components/0/curve/bands/0", "/components/0/curve/bands/1"
	tests := []struct {
		name string
		plan func(*comp.Plan)
		want []problem
	}{
		// E67, siplify.io/blog/tiered-commission-structures: a whole year from 10 % to
		// 15 % on reaching 1,000,000 makes the last dollar worth 50,000.
		{"E67 the last dollar is worth 50,000", simple(curve(comp.Retroactive, "0 0.10", "1000000 0.15")), []problem{
			warns("cliff", band1, "the last unit up to 1,000,000 is worth 50,000; expect deals to be timed around it, or use a marginal or linear curve"),
		}},
		{"E67 of a quota", simple(curve(comp.Retroactive, "0 0.10", "1 0.15"), quota), []problem{
			warns("cliff", band1, "the last unit up to 1 is worth 0.05 times the quota;"),
		}},
		{"the same slices without a jump", simple(curve(comp.Marginal, "0 0.10", "1000000 0.15")), nil},
		{"a retroactive flat", simple(curve(comp.Retroactive, "0 0.1 5", "100 0.1 25")), []problem{warns("cliff", band1, "is worth 20;")}},
		{"a marginal flat", simple(curve(comp.Marginal, "0 0.1 5", "100 0.1 25")), []problem{warns("cliff", band1, "is worth 25;")}},
		{"a prospective flat", simple(curve(comp.Prospective, "0 0.1", "100 0.1 25")), []problem{warns("cliff", band1, "is worth 25;")}},
		{"a first step", simple(curve(comp.Step, "10 0 250"), pays(comp.PaysSum)), []problem{warns("cliff", band0, "the last unit up to 10 is worth 250;")}},
		{"a step from zero", simple(curve(comp.Step, "0 0 250"), pays(comp.PaysSum)), nil},
		{"a second step", simple(curve(comp.Step, "0 0 250", "5 0 400"), pays(comp.PaysSum)), []problem{warns("cliff", band1, "is worth 150;")}},
		{"a threshold of target", simple(curve(comp.Linear, "0.8 0 0.5", "1 0 1"), quota, pays(comp.PaysTarget)), []problem{
			warns("cliff", band0, "the last unit up to 0.8 is worth 0.5 times the target incentive;"),
		}},
		{"a jump of a linear curve", simple(curve(comp.Linear, "0 0 0", "1 0 1", "1 0 3", "2 0 4"), pays(comp.PaysSum)), []problem{
			warns("cliff", "/components/0/curve/bands/2", "the last unit up to 1 is worth 2;"),
		}},
		// Retroactive with falling rates: 99 pays 9.90, 100 pays 5.00 (design notes).
		{"a retroactive fall", simple(curve(comp.Retroactive, "0 0.10", "100 0.05")), []problem{
			warns("not-monotone", band1, "makes pay fall by 5 from 100 on: selling more pays less"),
		}},
		{"a marginal decelerator falls nowhere", simple(curve(comp.Marginal, "0 0.10", "100 0.05")), nil},
		{"a negative rate", simple(curve(comp.Marginal, "0 0.10", "100 -0.05")), []problem{warns("not-monotone", band1+"/rate", "is negative: selling more pays less")}},
		{"a negative flat", simple(curve(comp.Marginal, "0 0.10", "100 0.05 -3")), []problem{warns("not-monotone", band1, "makes pay fall by 3 from 100 on")}},
		{"a step down", simple(curve(comp.Step, "0 0 5", "100 0 3"), pays(comp.PaysSum)), []problem{warns("not-monotone", band1, "makes pay fall by 2 from 100 on")}},
		{"a linear fall", simple(curve(comp.Linear, "0 0 5", "100 0 3"), pays(comp.PaysSum)), []problem{warns("not-monotone", band1, "makes pay fall by 2 from 100 on")}},
		{"a band behind the cap", simple(curve(comp.Marginal, "0 0.10", "1000 0.20"), most("100")), []problem{
			warns("unreachable", band1, "never matters: the limit of 100 is reached before it"),
		}},
		{"a band up to the cap", simple(curve(comp.Marginal, "0 0.10", "1000 0.20"), most("100.01")), nil},
		{"a band behind the cap of a sum", simple(curve(comp.Step, "0 0 10", "5 0 20", "9 0 30"), pays(comp.PaysSum), most("20")), []problem{
			warns("cliff", band1, "is worth 10;"), warns("cliff", "/components/0/curve/bands/2", "is worth 10;"),
			warns("unreachable", "/components/0/curve/bands/2", "never matters: the limit of 20 is reached before it"),
		}},
		{"a cap that defers hides nothing", simple(curve(comp.Marginal, "0 0.10", "1000 0.20"), most("100"), func(k *comp.Component) { k.Limits[0].Excess = comp.Defer }), nil},
		{"weights that do not make 1", simple(curve(comp.Marginal, "0 1"), quota, pays(comp.PaysTarget), func(k *comp.Component) { k.Weight = d("0.8") }), []problem{
			warns("shares", "/components", "have weights that sum to 0.8; at 100 % of everything they pay that multiple of the target incentive"),
		}},
		{"the weight left out is 1", simple(curve(comp.Marginal, "0 1"), quota, pays(comp.PaysTarget)), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p comp.Plan
			test.plan(&p)
			checkCase(t, p, test.want)
		})
	}
}

// TestCheckCycles: gates that wait for each other are told once for each circle.
func TestCheckCycles(t *testing.T) {
	gated := func(gates ...string) func(*comp.Plan) {
		return func(p *comp.Plan) {
			*p = comp.Plan{ID: "plan", Currency: "USD", Span: year()}
			for _, g := range gates {
				id, of, _ := strings.Cut(g, "<")
				k := comp.Component{ID: id, Curve: curve(comp.Marginal, "0 0.1")}
				for o := range strings.FieldsSeq(of) {
					k.Gates = append(k.Gates, comp.Gate{Of: o, Reach: d("1")})
				}
				p.Components = append(p.Components, k)
			}
		}
	}
	const text = "closes a circle of gates: %s; each component waits for the others' attainment"
	tests := []struct {
		name string
		plan func(*comp.Plan)
		want []problem
	}{
		{"no circle", gated("a<b", "b<c", "c"), nil},
		{"its own gate is a threshold", gated("a<a"), nil},
		{"two", gated("a<b", "b<a"), []problem{warns("cycle", "/components/1/gates/0", fmt.Sprintf(text, "a, b"))}},
		{"three, in the second gate", gated("a<b", "b<c", "c<c a"), []problem{warns("cycle", "/components/2/gates/1", fmt.Sprintf(text, "a, b, c"))}},
		{"two circles through one component", gated("a<b c", "b<a", "c<a"), []problem{
			warns("cycle", "/components/1/gates/0", fmt.Sprintf(text, "a, b")),
			warns("cycle", "/components/2/gates/0", fmt.Sprintf(text, "a, c")),
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p comp.Plan
			test.plan(&p)
			checkCase(t, p, test.want)
		})
	}
}

// TestCheckTellsAllInOrder: all problems of a plan, in the order of the document.
func TestCheckTellsAllInOrder(t *testing.T) {
	p := soundPlan()
	p.ID, p.Currency, p.Negative = "", "", "forget"
	p.Components[0].Measure.Credits = []comp.CreditKind{"indirect"}
	p.Components[0].Measure.On = "refund"
	p.Components[0].Measure.Reset = "decade"
	p.Components[0].Curve.Bands[0].From = d("0.5")
	p.Components[0].Limits[0].Max = nil
	p.Components[1].ID = "a"
	p.Components[0].Gates, p.Components[0].Factors = nil, nil
	p.Limits[0].Excess = "lose"
	p.Draws[0].Kind = "loan"
	p.Holds[0].Parts[0].Share = d("0.5")
	p.Clawback.Months = 0
	p.Rounding.Mode = "up"
	checkCase(t, p, []problem{
		fault("required", "/id", ""),
		fault("required", "/currency", ""),
		fault("unknown", "/components/0/measure/credits/0", ""),
		fault("unknown", "/components/0/measure/on", ""),
		fault("unknown", "/components/0/measure/reset", ""),
		fault("order", "/components/0/curve/bands/0/from", ""),
		fault("required", "/components/0/limits/0", ""),
		fault("duplicate", "/components/1/id", ""),
		fault("unknown", "/limits/0/excess", ""),
		fault("unknown", "/draws/0/kind", ""),
		fault("shares", "/holds/0/parts", ""),
		fault("conflict", "/clawback/shape", ""),
		fault("unknown", "/negative", ""),
		fault("unknown", "/rounding/mode", ""),
	})
}

// TestCheckTextsAreShort: hostile names do not flood a log.
func TestCheckTextsAreShort(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	p := soundPlan()
	p.Every = salesops.Unit(long)
	p.Components[0].ID = long + "#"
	p.Components[0].Pays = comp.Pays(long)
	p.Components[0].Measure.On = comp.Event(long)
	p.Components[0].Curve.Mode = comp.Mode(long)
	p.Components[0].Gates[0].Of = long
	p.Calendar.Weeks = long
	p.Limits[0].Per = comp.Window(long)
	for _, q := range p.Check() {
		if len(q.Text) > 300 || len(q.Path) > 100 {
			t.Errorf("%s: the text has %d bytes: %.200s", q.Path, len(q.Text), q.Text)
		}
	}
}

// TestCheckIsCheap: plans that are legal, or nearly, and made to take long. Each
// has what fits in a few hundred kilobytes of JSON at most. The bound is wide, for slow machines.
func TestCheckIsCheap(t *testing.T) {
	sum := func(k *comp.Component) { k.Pays = comp.PaysSum }
	tests := []struct {
		name string
		plan func(*comp.Plan)
	}{
		{"gates in all circles", func(p *comp.Plan) {
			simple(curve(comp.Marginal, "0 0.1"))(p)
			k := p.Components[0]
			for i := range 11 {
				k.Gates = append(k.Gates, comp.Gate{Of: fmt.Sprint(i), Reach: d("1")})
			}
			p.Components = nil
			for i := range 11 {
				k.ID = fmt.Sprint(i)
				p.Components = append(p.Components, k)
			}
		}},
		{"bands behind a cap", simple(rising(comp.Marginal, 10_000), func(k *comp.Component) {
			most := d("0")
			k.Limits = []comp.Limit{{Per: comp.PerYear, Max: &most}}
		})},
		{"knots without a common measure", simple(rising(comp.Linear, 10_000), sum)},
		{"lifts without a common measure", simple(curve(comp.Marginal, "0 0.1"), func(k *comp.Component) {
			for i := range 1_000 {
				l := comp.Lift{Where: comp.Match{"type": {fmt.Sprint(i)}}, Credit: decimal.New(1_000_000_000_000_000_007-2*int64(i), -18), Pay: d("3")}
				k.Measure.Lifts = append(k.Measure.Lifts, l)
			}
		})},
		{"draws", func(p *comp.Plan) {
			simple(curve(comp.Marginal, "0 0.1"))(p)
			for i := range 5_000 {
				p.Draws = append(p.Draws, comp.Draw{ID: fmt.Sprint(i), Amount: d("1"), Kind: comp.Extra, Recover: d("1"), Start: p.Span.Start})
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p comp.Plan
			test.plan(&p)
			start := time.Now()
			c, err := comp.New(p)
			if took := time.Since(start); took > time.Second {
				t.Errorf("New takes %v", took)
			}
			if err != nil {
				return // refused, and cheaply: just as well
			}
			in := firstPeriod(p)
			for range 2 {
				start = time.Now()
				_, next, err := c.Calculate(in)
				if took := time.Since(start); took > time.Second {
					t.Errorf("Calculate takes %v", took)
				}
				if err != nil {
					t.Fatal(err)
				}
				in.Prior = next
			}
		})
	}
}

// rising is a curve of n bands whose distances have no common measure.
func rising(mode comp.Mode, n int) *comp.Curve {
	v := &comp.Curve{Mode: mode}
	var from decimal.Decimal
	for i := range n {
		b := comp.Band{From: from, Pay: decimal.New(int64(i), 0)}
		if mode == comp.Marginal {
			b.Rate, b.Pay = d("1"), decimal.Decimal{}
		}
		v.Bands = append(v.Bands, b)
		from = from.Add(decimal.New(int64(1_000_000_007+2*i), -9))
	}
	return v
}

// TestCheckKeepsItsPromise: a plan without problems but warnings never makes
// Calculate fail. Each plan here is refused, or calculates twice, the second time
// from the state of the first, unless its amounts become too large to be booked.
func TestCheckKeepsItsPromise(t *testing.T) {
	nines := strings.Repeat("9", 36)
	tests := []struct {
		name string
		plan func(*comp.Plan)
	}{
		{"a rate beyond all money", simple(curve(comp.Marginal, "0 "+nines+"e18"))},
		{"a flat beyond all money", simple(curve(comp.Step, "0 0 "+nines+"e18"), func(k *comp.Component) { k.Pays = comp.PaysSum })},
		{"a lift beyond all money", simple(curve(comp.Marginal, "0 1"), func(k *comp.Component) {
			k.Measure.Lifts = []comp.Lift{{Credit: d("1"), Pay: d(nines)}}
		})},
		{"a weight beyond all money", simple(curve(comp.Marginal, "0 1"), func(k *comp.Component) { k.Pays, k.Weight = comp.PaysTarget, d(nines) })},
		{"factors beyond all money", simple(curve(comp.Marginal, "0 1"), func(k *comp.Component) {
			for range 20 {
				k.Factors = append(k.Factors, comp.Factor{Of: "a", Curve: *curve(comp.Step, "0 0 1000")})
			}
		})},
		{"a draw beyond all money", func(p *comp.Plan) { p.Draws[0].Amount = d(nines + "e18") }},
		{"a floor beyond all money", func(p *comp.Plan) { v := d(nines + "e18"); p.Limits[0].Min, p.Limits[0].Max = &v, nil }},
		{"a draw named like one without a name", func(p *comp.Plan) {
			p.Draws = []comp.Draw{{Amount: d("5"), Kind: comp.Extra}, {ID: "draws/0", Amount: d("6"), Kind: comp.Extra}}
		}},
		{"names that look like paths", func(p *comp.Plan) {
			simple(curve(comp.Marginal, "0 1"))(p)
			most := d("1")
			k := p.Components[0]
			k.Limits = []comp.Limit{{Max: &most}}
			p.Components = nil
			for _, id := range []string{"a", "a/b", "a~b", "a~1b", "a//b", " ", "@", "a@overlay", "1", "/"} {
				k.ID = id
				p.Components = append(p.Components, k)
			}
			p.Limits = []comp.Limit{{Max: &most}}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := soundPlan()
			p.Components[0].Measure.Quota = ""
			test.plan(&p)
			c, err := comp.New(p)
			if err != nil {
				return
			}
			roundTrip(t, p)
			in := firstPeriod(p)
			_, next, err := c.Calculate(in)
			if errors.Is(err, comp.ErrInput) {
				return // it says that the amounts are too large
			}
			if err != nil {
				t.Fatal(err)
			}
			in.Prior = next
			again, _, err := c.Calculate(in)
			if err != nil {
				t.Fatalf("from the state of the first run: %v", err)
			}
			if len(again.Lines) > 0 {
				t.Errorf("the second run has lines: %v", again.Lines)
			}
		})
	}
}

// TestCheckTextThatJSONCannotHold: a plan that New takes can be encoded and read
// again; names that are not text, and lists that are not there, cannot.
func TestCheckTextThatJSONCannotHold(t *testing.T) {
	for name, edit := range map[string]func(*comp.Plan){
		"an id that is not UTF-8":             func(p *comp.Plan) { p.ID = "caf\xe9" },
		"a component's id that is not UTF-8":  func(p *comp.Plan) { p.Components[0].ID, p.Components[1].Across = "caf\xe9", "caf\xe9" },
		"a tag without values, which is null": func(p *comp.Plan) { p.Components[0].Measure.Where = comp.Match{"a": nil} },
		"36 digits and 18 zeros":              func(p *comp.Plan) { p.Components[0].Gates[0].Reach = d(strings.Repeat("9", 36) + "e18") },
	} {
		t.Run(name, func(t *testing.T) {
			p := soundPlan()
			edit(&p)
			if _, err := comp.New(p); err == nil {
				roundTrip(t, p)
			}
		})
	}
}
