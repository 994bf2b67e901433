package comp_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// These tests are the decisions S1 to S25 of docs/semantics.md, one for each: the
// questions on which the systems of the field differ, with our answer and, where a
// field of the plan selects it, the other one.

// decision is a plan for 2026 that pays once, for the whole year.
func decision(components ...comp.Component) comp.Plan {
	return comp.Plan{ID: "plan", Currency: "USD", Span: year(), Every: salesops.Year, Components: components}
}

// sales is a component that measures amounts over the year.
func sales(c comp.Curve) comp.Component {
	return comp.Component{ID: "sales", Measure: comp.Measure{Reset: comp.PerYear}, Curve: &c}
}

// wantDecision closes the year of ana, who has a target of 1,000 and a quota "q"
// of 100, and compares what is earned.
func wantDecision(t *testing.T, what string, p comp.Plan, want string, credits ...comp.Credit) comp.Statement {
	t.Helper()
	st, _ := calculate(t, calculator(t, p), comp.Case{Payee: payee("1000", "q", "100"), Period: year(), Credits: credits})
	same(t, what, st.Earned, want)
	return st
}

// monthly closes the months of 2026 one after the other, each with all credits so
// far.
type monthly struct {
	t       *testing.T
	calc    *comp.Calculator
	payee   comp.Payee
	credits []comp.Credit
	state   comp.State
}

func months(t *testing.T, p comp.Plan) *monthly {
	t.Helper()
	p.Every = salesops.Month
	return &monthly{t: t, calc: calculator(t, p), payee: payee("1000", "q", "100")}
}

// month closes the month that starts on a day, with more credits.
func (m *monthly) month(start string, credits ...comp.Credit) comp.Statement {
	m.t.Helper()
	m.credits = append(m.credits, credits...)
	first := on(start)
	st, next := calculate(m.t, m.calc, comp.Case{
		Payee: m.payee, Period: salesops.Period{Start: first, End: first.AddMonths(1)}, Credits: m.credits, Prior: m.state,
	})
	m.state = next
	return st
}

// Stripe, OpenMeter, Lago, Marketron and, unless told otherwise, Spiff put a value
// that is exactly on a bound into the lower band; Odoo and most quota wording ("at
// 75 % …") into the higher, as we do; OCA into both, the first row found winning.
func TestS01_boundaryBelongsToTheBandReached(t *testing.T) {
	rows := [][]string{{"0", "0.04"}, {"150000", "0.08"}, {"250000", "0.12"}}
	exactly := booking("D1", "2026-03-01", "150000")
	wantDecision(t, "at, which is the default", decision(sales(bands(comp.Retroactive, "", rows...))), "12000", exactly)
	wantDecision(t, "above", decision(sales(bands(comp.Retroactive, comp.Above, rows...))), "6000", exactly)
	more := booking("D1", "2026-03-01", "150000.01")
	wantDecision(t, "above, and past it", decision(sales(bands(comp.Retroactive, comp.Above, rows...))), "12000", more)

	// A marginal curve pays the same under either.
	wantDecision(t, "marginal, at", decision(sales(bands(comp.Marginal, comp.At, rows...))), "6000", exactly)
	wantDecision(t, "marginal, above", decision(sales(bands(comp.Marginal, comp.Above, rows...))), "6000", exactly)

	// So it is with gates.
	for edge, want := range map[comp.Edge]string{"": "10", comp.At: "10", comp.Above: "0"} {
		k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
		k.Gates = []comp.Gate{{Of: "sales", Reach: d("100"), Edge: edge}}
		wantDecision(t, "gate, edge "+string(edge), decision(k), want, booking("D1", "2026-03-01", "100"))
	}
}

// SAP's straight tables, Xactly's highest rate and Lago's volume tiers pay from the
// first unit, as we do. Sales Cookie names tiers non-cumulative and pays only what
// lies above 100 %.
func TestS02_retroactivePaysFromTheFirstUnit(t *testing.T) {
	deal := booking("D1", "2026-03-01", "120")
	wantDecision(t, "retroactive", decision(sales(bands(comp.Retroactive, "", []string{"0", "0.05"}, []string{"100", "0.1"}))), "12", deal)
	wantDecision(t, "only above: marginal, with a zero first band",
		decision(sales(bands(comp.Marginal, "", []string{"0", "0"}, []string{"100", "0.1"}))), "2", deal)
	wantDecision(t, "only above: retroactive, with a negative flat sum",
		decision(sales(bands(comp.Retroactive, "", []string{"0", "0"}, []string{"100", "0.1", "-10"}))), "2", deal)
}

// Oracle ("individually, accumulate, no split") and SAP's per-credit tables pay
// each deal whole at the tier where it lands; Spiff reads the variable after or
// before the deal. We read it after, in the order of date, then ID.
func TestS03_prospectiveReadsThePositionAfterTheCredit(t *testing.T) {
	rows := [][]string{{"0", "0.05"}, {"100", "0.1"}}
	prospective := decision(sales(bands(comp.Prospective, "", rows...)))
	small, large := booking("S", "2026-01-01", "20"), booking("L", "2026-02-01", "100")
	st := wantDecision(t, "20 at 5 %, then 100 at 10 %", prospective, "11", small, large)
	same(t, "the first deal", st.Lines[0].Amount, "1")
	same(t, "the second deal, which reaches 120", st.Lines[1].Amount, "10")
	wantDecision(t, "given the other way round", prospective, "11", large, small)

	small.Date = on("2026-03-01")
	wantDecision(t, "sold the other way round", prospective, "12", small, large)
	small.Date = large.Date
	wantDecision(t, "on one day, L before S", prospective, "12", small, large)
	small.ID = "A"
	wantDecision(t, "on one day, A before L", prospective, "11", small, large)

	// The other modes do not care for order.
	wantDecision(t, "marginal", decision(sales(bands(comp.Marginal, "", rows...))), "7", small, large)
	wantDecision(t, "retroactive", decision(sales(bands(comp.Retroactive, "", rows...))), "12", small, large)
}

// With bounds on both sides, 5.5 between "to 5" and "from 6" is an error (Lago, at
// first), is in the upper tier (Lago now) or pays nothing (OCA).
func TestS04_bandsLeaveNoGap(t *testing.T) {
	units := sales(bands(comp.Retroactive, "", []string{"0", "1"}, []string{"6", "2"}))
	units.Measure.Of = comp.Units
	for sold, want := range map[string]string{"5": "5", "5.5": "5.5", "5.999": "6", "6": "12"} { // 5.999 is rounded to the cent
		deal := booking("D1", "2026-03-01", "0")
		deal.Units = d(sold)
		wantDecision(t, sold+" units", decision(units), want, deal)
	}
	_, err := comp.ParsePlan([]byte(`{"id": "p", "currency": "USD", "span": {"start": "2026-01-01", "end": "2027-01-01"},
		"components": [{"id": "c", "measure": {}, "curve": {"mode": "marginal", "bands": [{"from": 0, "to": 5, "rate": 1}]}}]}`))
	var fault *comp.Error
	if !errors.As(err, &fault) || fault.Path != "/components/0/curve/bands/0/to" {
		t.Errorf("an upper bound gives %v, want a fault that names it", err)
	}
}

// OCA pays nothing above its last section, Odoo no more than at its last level,
// Oracle asks that the last range cover all. OpenMeter wants an open tier, as ours is.
func TestS05_lastBandIsOpen(t *testing.T) {
	deal := booking("D1", "2026-03-01", "1000000")
	open := sales(bands(comp.Marginal, "", []string{"0", "0.01"}, []string{"100", "0.02"}))
	wantDecision(t, "open", decision(open), "19999", deal)
	wantDecision(t, "capped by a last band of rate 0",
		decision(sales(bands(comp.Marginal, "", []string{"0", "0.01"}, []string{"100", "0.02"}, []string{"200", "0"}))), "3", deal)
	highest := d("3")
	open.Limits = []comp.Limit{{Per: comp.PerYear, Max: &highest}}
	wantDecision(t, "capped by a limit", decision(open), "3", deal)
}

// Oracle's interpolated tiers and the pay curves of Odoo and Xactly are one
// function: knots of cumulative pay. A rate that is interpolated and then
// multiplied by the measure is another. The knots are the curve's value; Pays says
// what the value is.
func TestS06_linearKnotsAreTheValue(t *testing.T) {
	deal := booking("D1", "2026-03-01", "90") // 90 % of the quota
	linear := func(pays comp.Pays, low, high string) comp.Plan {
		c := comp.Curve{Mode: comp.Linear, Bands: []comp.Band{{From: d("0.8"), Pay: d(low)}, {From: d("1"), Pay: d(high)}}}
		k := sales(c)
		k.Measure.Quota, k.Pays = "q", pays
		return decision(k)
	}
	wantDecision(t, "money: halfway from 200 to 250", linear(comp.PaysSum, "200", "250"), "225", deal)
	wantDecision(t, "a multiple of the target 1,000", linear(comp.PaysTarget, "0.5", "1"), "750", deal)
	wantDecision(t, "a rate of 22.5 % on 90", linear(comp.PaysRate, "0.2", "0.25"), "20.25", deal)

	// Two knots at one position are a jump.
	jump := linear(comp.PaysSum, "200", "250")
	jump.Components[0].Curve.Bands = append(jump.Components[0].Curve.Bands, comp.Band{From: d("1"), Pay: d("400")})
	wantDecision(t, "just below the jump", jump, "249.98", booking("D1", "2026-03-01", "99.99"))
	wantDecision(t, "on the jump", jump, "400", booking("D1", "2026-03-01", "100"))
}

// Lago and OpenMeter pay a tier's flat fee once, when the tier is entered, and
// that of the first also at zero use. So do we: position 0 reaches From 0.
func TestS07_flatSumOncePerBand(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, comp.Above, []string{"0", "1", "100"}, []string{"5", "1", "200"})))
	wantDecision(t, "nothing sold: the flat sum of the first band", plan, "100")
	m := months(t, plan)
	same(t, "January: 3 + 100", m.month("2026-01-01", booking("A", "2026-01-10", "3")).Earned, "103")
	same(t, "February: 4 + 200, as 7 passes 5", m.month("2026-02-01", booking("B", "2026-02-10", "4")).Earned, "204")
	same(t, "March: 2, and no flat sum again", m.month("2026-03-01", booking("C", "2026-03-10", "2")).Earned, "2")
	same(t, "April: back to 4, below the band", m.month("2026-04-01", event("R", "C", comp.Refund, "2026-04-10", "-5")).Earned, "-205")
	same(t, "May: 4, and the band is reached again", m.month("2026-05-01", booking("E", "2026-05-10", "4")).Earned, "204")

	later := decision(sales(bands(comp.Marginal, "", []string{"0", "1"}, []string{"0.01", "1", "100"})))
	wantDecision(t, "to pay it from the first cent only: nothing sold", later, "0")
	wantDecision(t, "to pay it from the first cent only: a cent", later, "100.01", booking("A", "2026-01-10", "0.01"))
}

// Lago clamps a negative total to zero, Siebel carries a negative balance on, OCA
// turns the sign of the positive commission. We earn what the first band says,
// below zero too, and carry what pay falls short of zero, or charge it.
func TestS08_negativeEarningsAreCarriedNotClamped(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"}, []string{"100", "0.2"})))
	credits := []comp.Credit{booking("A", "2025-12-30", "50"), event("R", "A", comp.Refund, "2026-01-10", "-50")}
	plan.Span.Start = on("2025-01-01") // the year starts anew: the refund leads below zero

	m := months(t, plan)
	m.month("2025-12-01", credits[0])
	st := m.month("2026-01-01", credits[1])
	same(t, "January earns", st.Earned, "-5")
	same(t, "January pays", st.Net, "0")
	same(t, "January carries on", st.After.Carry, "5")
	st = m.month("2026-02-01", booking("B", "2026-02-10", "80"))
	same(t, "February, from -50 to 30, earns", st.Earned, "8")
	same(t, "February pays", st.Net, "3")
	same(t, "February carries on", st.After.Carry, "0")

	plan.Negative = comp.Charge
	m = months(t, plan)
	m.month("2025-12-01", credits[0])
	same(t, "charged: January pays", m.month("2026-01-01", credits[1]).Net, "-5")
	same(t, "charged: February pays", m.month("2026-02-01", booking("B", "2026-02-10", "80")).Net, "8")
}

// Xactly and Rally take back at the rate originally paid, Spiff without touching
// attainment. In Odoo, OCA and ERPNext a refund is a negative credit, and the curve
// is run again.
func TestS09_clawbackAtTheBookedRate(t *testing.T) {
	first, second := booking("A", "2026-01-10", "100"), booking("B", "2026-02-10", "100") // 5 % of 100, then 10 %
	refund := event("R", "A", comp.Refund, "2026-03-10", "-100")
	for _, row := range []struct {
		name           string
		clawback       *comp.Clawback
		back, position string
	}{
		{"no clawback: a negative credit, at today's rate", nil, "-10", "100"},
		{"booked rate, attainment stays", &comp.Clawback{}, "-5", "200"},
		{"booked rate, attainment falls", &comp.Clawback{Credit: true}, "-5", "100"},
		{"re-rated: as if the deal had never been", &comp.Clawback{Rerate: true}, "-10", "100"},
	} {
		plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"100", "0.1"})))
		plan.Clawback = row.clawback
		m := months(t, plan)
		m.month("2026-01-01", first)
		same(t, row.name+": February", m.month("2026-02-01", second).Earned, "10")
		st := m.month("2026-03-01", refund)
		same(t, row.name+": March", st.Earned, row.back)
		same(t, row.name+": position", st.Attained[0].Measure, row.position)
	}

	// With vesting over twelve months, a deal that is lost after eight is kept for 8/12.
	vested := comp.Curve{Mode: comp.Linear, Bands: []comp.Band{{From: d("0")}, {From: d("1"), Pay: d("1")}}}
	for day, want := range map[string]string{"2026-09-09": "-5", "2026-09-10": "-4", "2026-10-09": "-4", "2026-10-10": "-3"} {
		plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.12"})))
		plan.Clawback = &comp.Clawback{Months: 12, Shape: &vested}
		st := wantDecision(t, "lost on "+day, plan, text12(want), first, event("R", "A", comp.Refund, day, "-100"))
		same(t, "taken back on "+day, st.Lines[1].Amount, want)
	}
}

// text12 is 12 plus a number, as text.
func text12(s string) string { return d("12").Add(d(s)).StringFixed(2) }

// Xactly: 5 % of 100, raised to a minimum of 10, is clawed back at 5.
func TestS10_clawbackTakesTheRateNotTheMinimum(t *testing.T) {
	least := d("10")
	k := sales(bands(comp.Marginal, "", []string{"0", "0.05"}))
	k.Limits = []comp.Limit{{Per: comp.PerDeal, Min: &least}}
	deal, lost := booking("A", "2026-01-10", "100"), event("C", "A", comp.Cancel, "2026-02-10", "-100")
	for _, row := range []struct {
		name     string
		clawback *comp.Clawback
		kept     string
	}{
		{"at the booked rate: 5 of the 10", &comp.Clawback{}, "5"},
		{"re-rated: the deal nets to nothing, and has no minimum", &comp.Clawback{Rerate: true}, "0"},
		{"a negative credit: likewise", nil, "0"},
	} {
		plan := decision(k)
		plan.Clawback = row.clawback
		wantDecision(t, "paid", plan, "10", deal)
		wantDecision(t, row.name, plan, row.kept, deal, lost)
	}
}

// Xactly has draws that guarantee and draws paid besides; Siebel recoverable, non-
// recoverable and forgiven ones; elsewhere a draw is an advance that was paid before.
// Oracle's recovery never brings pay below a draw that runs. A surplus is not banked.
func TestS11_draws(t *testing.T) {
	type month struct{ earned, paid, owed string }
	for _, row := range []struct {
		name   string
		draw   comp.Draw
		months [4]month // the draw runs from January to March
	}{
		{
			"guarantee, recovered: a surplus before a shortfall is not banked",
			comp.Draw{Kind: comp.Guarantee, Recover: d("1")},
			[4]month{{"150", "150", "0"}, {"60", "100", "40"}, {"120", "100", "20"}, {"50", "30", "0"}},
		},
		{
			"guarantee, recovered by half",
			comp.Draw{Kind: comp.Guarantee, Recover: d("0.5")},
			[4]month{{"150", "150", "0"}, {"60", "100", "40"}, {"120", "110", "30"}, {"50", "25", "5"}},
		},
		{
			"guarantee, never recovered",
			comp.Draw{Kind: comp.Guarantee},
			[4]month{{"150", "150", "0"}, {"60", "100", "0"}, {"120", "120", "0"}, {"50", "50", "0"}},
		},
		{
			"guarantee, forgiven at its end",
			comp.Draw{Kind: comp.Guarantee, Recover: d("1"), Forgiven: true},
			[4]month{{"150", "150", "0"}, {"60", "100", "40"}, {"120", "100", "0"}, {"50", "50", "0"}},
		},
		{
			"advance, paid before and set off",
			comp.Draw{Kind: comp.Advance, Recover: d("1")},
			[4]month{{"150", "50", "0"}, {"60", "0", "40"}, {"120", "0", "20"}, {"50", "30", "0"}},
		},
		{
			"extra, paid besides, recovered afterwards",
			comp.Draw{Kind: comp.Extra, Recover: d("1")},
			[4]month{{"150", "250", "100"}, {"60", "160", "200"}, {"120", "220", "300"}, {"50", "0", "250"}},
		},
	} {
		row.draw.Amount, row.draw.Span = d("100"), period("2026-01-01", "2026-04-01")
		plan := decision(sales(bands(comp.Marginal, "", []string{"0", "1"})))
		plan.Draws = []comp.Draw{row.draw}
		m := months(t, plan)
		for i, want := range row.months {
			first := on("2026-01-01").AddMonths(i)
			day := first.String()
			st := m.month(day, booking("D"+day, day, want.earned))
			same(t, row.name+": "+day+" earned", st.Earned, want.earned)
			same(t, row.name+": "+day+" paid", st.Net, want.paid)
			same(t, row.name+": "+day+" owed", st.After.Draw, want.owed)
		}
	}
}

// Oracle can pay later what a cap cut off, Siebel keeps a cap balance; elsewhere it
// is lost. The cap works on the window's total, not on each month's difference.
func TestS12_capExcessIsLostOrDeferred(t *testing.T) {
	limit := d("100")
	for _, excess := range []comp.Excess{"", comp.Forfeit, comp.Defer} {
		plan := decision(sales(bands(comp.Marginal, "", []string{"0", "1"})))
		plan.Limits, plan.Negative = []comp.Limit{{Per: comp.PerQuarter, Max: &limit, Excess: excess}}, comp.Charge
		m := months(t, plan)
		same(t, "January", m.month("2026-01-01", booking("A", "2026-01-10", "80")).Net, "80")
		same(t, "February, 130 in all", m.month("2026-02-01", booking("B", "2026-02-10", "50")).Net, "20")
		same(t, "March, 90 in all: the refund first takes what the cap cut off",
			m.month("2026-03-01", event("R", "B", comp.Refund, "2026-03-10", "-40")).Net, "-10")
		same(t, "April", m.month("2026-04-01", booking("C", "2026-04-10", "10")).Net, "10")
	}
	for excess, want := range map[comp.Excess]string{comp.Forfeit: "10", comp.Defer: "40"} {
		plan := decision(sales(bands(comp.Marginal, "", []string{"0", "1"})))
		plan.Limits = []comp.Limit{{Per: comp.PerQuarter, Max: &limit, Excess: excess}}
		m := months(t, plan)
		m.month("2026-03-01", booking("A", "2026-03-10", "130"))
		same(t, string(excess)+": April", m.month("2026-04-01", booking("B", "2026-04-10", "10")).Net, want)
	}
}

// Oracle, Xactly and ERPNext split the credit, and each payee has a curve of their
// own, as here; xTuple splits the commission. The two differ as soon as there are
// tiers.
func TestS13_creditsAreSplitNotCommissions(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"100000", "0.1"})))
	deal := booking("A", "2026-01-10", "150000").Deal
	halves := []comp.Split{{Payee: "ana", Share: d("0.5")}, {Payee: "bo", Share: d("0.5")}}
	credits, err := comp.SplitDeal(deal, halves, 2)
	if err != nil {
		t.Fatal(err)
	}
	wantDecision(t, "half of the credit", plan, "3750", credits[0])

	whole := wantDecision(t, "the commission of the whole deal", plan, "10000", booking("A", "2026-01-10", "150000"))
	parts, err := comp.Allocate(whole.Earned, []decimal.Decimal{d("0.5"), d("0.5")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "half of the commission", parts[0], "5000")

	// Direct shares sum to exactly 1; an overlay comes besides and changes nothing.
	withOverlay, err := comp.SplitDeal(deal, append(halves, comp.Split{Payee: "cy", Share: d("1"), Overlay: true}), 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "ana's credit", withOverlay[0].Amount, "75000")
	same(t, "the overlay", withOverlay[2].Amount, "150000")
	for _, share := range []string{"0.4999", "0.5001"} {
		halves[1].Share = d(share)
		if _, err := comp.SplitDeal(deal, halves, 2); !errors.Is(err, comp.ErrInput) {
			t.Errorf("shares of 0.5 and %s give %v, want ErrInput", share, err)
		}
	}
}

// numscript, moneyphp and dinero give left-over pennies to the first, go-money even
// to a share of 0. Users ask for the largest remainder.
func TestS14_remainderToTheLargestFraction(t *testing.T) {
	for _, row := range []struct {
		total   string
		weights []string
		want    []string
	}{
		{"100", []string{"60", "35.5", "4.5"}, []string{"60", "36", "4"}}, // to the first: 61, 35, 4
		{"100", []string{"30", "30", "30"}, []string{"34", "33", "33"}},   // a tie: the first
		{"10", []string{"0", "100"}, []string{"0", "10"}},
		{"5", []string{"0", "1", "1", "0"}, []string{"0", "3", "2", "0"}},
		{"-101", []string{"1", "1", "1", "1"}, []string{"-26", "-25", "-25", "-25"}}, // the mirror image
	} {
		weights := make([]decimal.Decimal, len(row.weights))
		for i, w := range row.weights {
			weights[i] = d(w)
		}
		parts, err := comp.Allocate(d(row.total), weights, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range row.want {
			same(t, row.total+" by "+row.weights[i], parts[i], want)
		}
	}
	credits, err := comp.SplitDeal(booking("A", "2026-01-10", "1.00").Deal, []comp.Split{
		{Payee: "ana", Share: d("0.6")}, {Payee: "bo", Share: d("0.355")}, {Payee: "cy", Share: d("0.045")},
	}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"0.60", "0.36", "0.04"} {
		same(t, "a deal of 1.00: "+credits[i].Payee, credits[i].Amount, want)
	}
}

// ERPNext rounds at each stage, OpenMeter each line. Rounded by line, three lines of
// half a cent make 0.03 or nothing.
func TestS15_roundedOncePerWindow(t *testing.T) {
	halves := []comp.Credit{booking("A", "2026-01-10", "0.05"), booking("B", "2026-02-10", "0.05"), booking("C", "2026-03-10", "0.05")}
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	st := wantDecision(t, "0.015, half away from zero", plan, "0.02", halves...)
	for i, want := range []string{"0.01", "0.01", "0"} { // the largest remainders, ties to the first
		same(t, "line "+st.Lines[i].Deal, st.Lines[i].Amount, want)
	}
	for mode, want := range map[comp.RoundingMode]string{comp.HalfUp: "0.02", comp.HalfEven: "0.02", comp.Down: "0.01"} {
		plan.Rounding.Mode = mode
		wantDecision(t, string(mode), plan, want, halves...)
	}
	for mode, want := range map[comp.RoundingMode]string{comp.HalfUp: "0.01", comp.HalfEven: "0", comp.Down: "0"} {
		plan.Rounding.Mode = mode
		wantDecision(t, string(mode), plan, want, halves[0])
	}
	plan.Rounding = comp.Rounding{Unit: d("1")}
	wantDecision(t, "to whole dollars: 10.5", plan, "11", booking("A", "2026-01-10", "105"))
	wantDecision(t, "and its mirror image", plan, "-11", booking("A", "2026-01-10", "-105"))

	// Over months, what is booked is the rounded running total less what was booked.
	plan.Rounding = comp.Rounding{}
	m := months(t, plan)
	for i, want := range []string{"0.01", "0", "0.01"} { // 0.005, 0.010, 0.015
		day := on("2026-01-01").AddMonths(i).String()
		same(t, day, m.month(day, halves[i]).Earned, want)
	}
}

// Odoo converts a report at the end of the period, others at closing or payment.
// We convert each credit at the rate of its own event, and keep the rate.
func TestS16_convertedOnTheDayOfTheEvent(t *testing.T) {
	euros := []comp.Credit{booking("A", "2026-01-10", "100"), event("R", "A", comp.Refund, "2026-03-10", "-50")}
	for i := range euros {
		euros[i].Currency = "EUR"
	}
	daily := func(_, _ string, day salesops.Date) (decimal.Decimal, bool) {
		if day.Before(on("2026-02-01")) {
			return d("1.1"), true
		}
		return d("1.2"), true
	}
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	dollars, err := comp.Convert(euros, "USD", daily)
	if err != nil {
		t.Fatal(err)
	}
	wantDecision(t, "110 less 60", plan, "5", dollars...)
	same(t, "the rate kept", dollars[1].FX.Rate, "1.2")
	same(t, "the amount before", dollars[1].FX.Amount, "-50")

	fixed := func(string, string, salesops.Date) (decimal.Decimal, bool) { return d("1.2"), true }
	if dollars, err = comp.Convert(euros, "USD", fixed); err != nil {
		t.Fatal(err)
	}
	wantDecision(t, "at one rate, that of the period's end: 120 less 60", plan, "6", dollars...)

	_, _, err = calculator(t, plan).Calculate(comp.Case{Payee: payee("0"), Period: year(), Credits: euros})
	if !errors.Is(err, comp.ErrInput) {
		t.Errorf("euros in a dollar plan give %v, want ErrInput", err)
	}
}

// OCA dates payment-based commission by the invoice, Tryton by the payment, Core8
// separates the date that picks the period from the one that picks the plan. The
// event's own date picks our period, the date of the booking the plan.
func TestS17_eventPicksThePeriodAndBookingThePlan(t *testing.T) {
	deal, paid := booking("A", "2026-06-10", "100"), event("P", "A", comp.Payment, "2026-08-10", "100")
	k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
	k.Measure.On = comp.Payment
	m := months(t, decision(k))
	same(t, "on payment: June", m.month("2026-06-01", deal).Earned, "0")
	same(t, "on payment: July", m.month("2026-07-01").Earned, "0")
	same(t, "on payment: August", m.month("2026-08-01", paid).Earned, "10")
	m = months(t, decision(sales(*k.Curve)))
	same(t, "on booking: June", m.month("2026-06-01", deal, paid).Earned, "10")
	same(t, "on booking: August", m.month("2026-08-01").Earned, "0")

	// A new plan from July on leaves a deal of June, and its payment, to the old one.
	before, after := decision(k), decision(k)
	before.ID, before.Span, before.Every = "old", period("2026-01-01", "2026-07-01"), salesops.Month
	after.ID, after.Span, after.Every = "new", period("2026-07-01", "2027-01-01"), salesops.Month
	moved := comp.Payee{ID: "ana", Terms: []comp.Term{{Span: before.Span, Plan: "old"}, {Span: after.Span, Plan: "new"}}}
	in := comp.Case{Payee: moved, Period: period("2026-08-01", "2026-09-01"), Credits: []comp.Credit{deal, paid}}
	st, _ := calculate(t, calculator(t, before), in)
	same(t, "by the old plan, in August", st.Net, "10")
	st, _ = calculate(t, calculator(t, after), in)
	same(t, "by the new plan", st.Net, "0")
	if len(st.Unused) != 2 || st.Unused[1].Reason != "booked under another plan" {
		t.Errorf("unused = %v, want both rows, as booked under another plan", st.Unused)
	}
}

// Whole months, Oracle's participation days, and sums that count the first day or do
// not, are all in use. We count the days of half-open spans: the first day counts,
// absences are taken off. A start on 1 June 2019 leaves 214 of 365 days.
func TestS18_prorationByDays(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	plan.Span = period("2019-01-01", "2020-01-01")
	calc := calculator(t, plan)
	quota := func(what, want string, goal comp.Goal, span salesops.Period, away ...salesops.Period) {
		t.Helper()
		hired := comp.Payee{ID: "ana", Terms: []comp.Term{{
			Plan: "plan", Span: span, Away: away, Quotas: map[string]comp.Goal{"q": goal},
		}}}
		got, err := calc.Quota(hired, "q", plan.Span)
		if err != nil {
			t.Fatal(err)
		}
		same(t, what, got, want)
	}
	yearly := comp.Goal{Amount: d("800000")}
	june := salesops.Period{Start: on("2019-06-01")}
	quota("214 of 365 days", "469041.10", yearly, june)
	quota("with 14 days of leave: 200 of 365", "438356.16", yearly, june, period("2019-08-01", "2019-08-15"))
	quota("the last day alone: 1 of 365", "2191.78", yearly, salesops.Period{Start: on("2019-12-31")})

	evenly := comp.Goal{Amount: d("800000"), Season: make([]decimal.Decimal, 12)}
	for i := range evenly.Season {
		evenly.Season[i] = d("1")
	}
	quota("by months, with equal weights: 7 of 12", "466666.67", evenly, june)
	quota("by months, half of June away: 6½ of 12", "433333.34", evenly, june, period("2019-06-01", "2019-06-16"))
}

// In Xactly, credits count towards attainment in the batch that triggers the rule,
// and get out of step. We recompute positions from all credits of the window.
func TestS19_positionsDoNotDependOnBatches(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"100", "0.1"})))
	early, late := booking("A", "2026-01-10", "80"), booking("B", "2026-01-20", "80")
	once := months(t, plan)
	st := once.month("2026-01-01", early, late) // 5 % of 100, 10 % of 60
	same(t, "in one batch", st.Net, "11")

	twice := months(t, plan)
	same(t, "the first batch has the later deal", twice.month("2026-01-01", late).Net, "4")
	st = twice.month("2026-01-01", early)
	same(t, "the second batch", st.Net, "7")
	same(t, "the position", st.Attained[0].Measure, "160")
	for i := range once.state.Booked {
		if got, want := twice.state.Booked[i], once.state.Booked[i]; got.ID != want.ID || !got.Total.Equal(want.Total) {
			t.Errorf("booked in two batches: %v, in one: %v", got, want)
		}
	}
}

// What was paid is never restated: Xactly's prior-period processing and OpenMeter's
// deltas book the difference now. Each line keeps its origin, so that the view as if
// periods were open can be made of it.
func TestS20_differencesAreBookedNow(t *testing.T) {
	m := months(t, decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"}))))
	january := m.month("2026-01-01", booking("A", "2026-01-10", "100"))
	february := m.month("2026-02-01", booking("B", "2026-02-10", "100"), booking("late", "2026-01-20", "50"))
	same(t, "January", january.Net, "10")
	same(t, "February", february.Net, "15")
	line, ok := february.Line("earn/sales/late/2026-01-01")
	if !ok || line.Kind != comp.Adjust || line.Origin != period("2026-01-01", "2026-02-01") {
		t.Errorf("the line of the late deal is %v, want an adjustment with January as its origin", line)
	}

	restated := make(map[salesops.Period]decimal.Decimal)
	for _, l := range append(january.Lines, february.Lines...) {
		restated[l.Origin] = restated[l.Origin].Add(l.Amount)
	}
	same(t, "January restated, by origin", restated[january.Period], "15")
	same(t, "February restated, by origin", restated[february.Period], "10")
}

// OCA counts a line's negative margin as zero. We count it.
func TestS21_negativeMarginCounts(t *testing.T) {
	gain, loss := booking("A", "2026-01-10", "500"), booking("B", "2026-02-10", "500")
	gain.Margin, loss.Margin = d("100"), d("-40")
	k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
	k.Measure.Of = comp.Margin
	wantDecision(t, "100 less 40", decision(k), "6", gain, loss)
	nothing := d("0")
	k.Limits = []comp.Limit{{Per: comp.PerDeal, Min: &nothing}}
	wantDecision(t, "no deal below zero", decision(k), "10", gain, loss)
}

// Samples on the web take a quota of 0 for the first tier, Odoo for a rate of 0. It
// is an error here, unless there is nothing to measure against it.
func TestS22_attainmentNeedsAQuota(t *testing.T) {
	k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
	wantDecision(t, "no quota asked for", decision(k), "10", booking("A", "2026-01-10", "100"))
	k.Measure.Quota = "q"
	calc := calculator(t, decision(k))
	in := comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{booking("A", "2026-01-10", "100")}}
	for _, quotas := range []map[string]comp.Goal{nil, {"q": {}}, {"q": {Amount: d("-1")}}} {
		in.Payee.Terms[0].Quotas = quotas
		_, _, err := calc.Calculate(in)
		var fault *comp.Error
		if !errors.Is(err, comp.ErrInput) || !errors.As(err, &fault) || fault.Path != "payee/terms/quotas/q" || fault.Payee != "ana" {
			t.Errorf("quotas %v give %v, want a fault that names ana's q", quotas, err)
		}
	}
	in.Credits = nil
	in.Payee.Terms[0].Quotas = map[string]comp.Goal{"q": {}}
	if st, _ := calculate(t, calc, in); !st.Earned.IsZero() || st.Attained[0].Attainment != nil {
		t.Errorf("without credits: earned %v, attainment %v, want zero and none", st.Earned, st.Attained[0].Attainment)
	}
}

// Performio's gate withholds all, or leaves a lesser rate; Cichelli's hurdle
// withholds the higher rate and leaves the base rate.
func TestS23_shutGatePaysItsElse(t *testing.T) {
	curve := bands(comp.Marginal, "", []string{"0", "0.1"}, []string{"100", "0.2"})
	lesser, base := bands(comp.Marginal, "", []string{"0", "0.02"}), bands(comp.Marginal, "", []string{"0", "0.1"})
	margin := comp.Component{ID: "margin", Measure: comp.Measure{Of: comp.Margin, Reset: comp.PerYear, Quota: "q"}, Curve: &comp.Curve{
		Mode: comp.Marginal, Bands: []comp.Band{{From: d("0")}}, // pays nothing itself
	}}
	for _, row := range []struct {
		name, margin, want string
		shut               *comp.Curve
	}{
		{"reached", "90", "30", nil},
		{"not reached, nothing else", "89.99", "0", nil},
		{"not reached, a lesser rate", "89.99", "4", &lesser},
		{"not reached, the base rate", "89.99", "20", &base},
	} {
		k := sales(curve)
		k.Gates = []comp.Gate{{Of: "margin", Reach: d("0.9"), Else: row.shut}}
		deal := booking("A", "2026-01-10", "200")
		deal.Margin = d(row.margin)
		st := wantDecision(t, row.name, decision(k, margin), row.want, deal)
		if line, _ := st.Line("earn/sales/A/2026-01-01"); row.want == "0" && line.Note != "gate not reached: margin" {
			t.Errorf("the zero line says %q, want that the gate was not reached", line.Note)
		}
	}
}

// Oracle lets one dimension of a rate table be split. A grid of ours never is: the
// cell that is reached pays on everything.
func TestS24_gridsAreNotSplit(t *testing.T) {
	margin := comp.Component{ID: "margin", Measure: comp.Measure{Of: comp.Margin, Reset: comp.PerYear}, Curve: &comp.Curve{
		Mode: comp.Marginal, Bands: []comp.Band{{From: d("0")}},
	}}
	grid := comp.Grid{Cols: decimals("0", "100"), Rows: decimals("0", "20"), Cells: [][]decimal.Decimal{decimals("0.05", "0.1"), decimals("0.06", "0.12")}}
	k := comp.Component{ID: "sales", Measure: comp.Measure{Reset: comp.PerYear}, Grid: &grid, Across: "margin"}
	deal := booking("A", "2026-01-10", "150")
	deal.Margin = d("10")
	wantDecision(t, "10 % of 150", decision(k, margin), "15", deal)
	wantDecision(t, "split by its columns it would be", decision(sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"100", "0.1"})), margin), "10", deal)
	grid.Blend = true
	deal.Amount = d("50") // half of the way in both: the mean of the four cells, 0.0825
	wantDecision(t, "blended, still on all of it", decision(k, margin), "4.13", deal)
}

// Two reps with 100 % of an order each give their manager the order twice in Xactly.
func TestS25_rollUpOncePerDealAndManager(t *testing.T) {
	chart := []comp.Report{{Payee: "ana", Manager: "max"}, {Payee: "bo", Manager: "max"}}
	for _, share := range []string{"0.5", "1"} {
		ana := booking("A", "2026-01-10", "1000")
		ana.Share, ana.Amount = d(share), d(share).Mul(d("1000"))
		bo := ana
		bo.Payee = "bo"
		rolled, err := comp.RollUp([]comp.Credit{ana, bo}, chart, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(rolled) != 1 || rolled[0].Payee != "max" || rolled[0].Kind != comp.RolledUp {
			t.Fatalf("two reps with %s each give %v, want one credit of max's", share, rolled)
		}
		same(t, "max, of two reps with "+share+" each", rolled[0].Amount, "1000")
	}
}

// The rules below are ours beyond S1 to S25: see "Rules of our own" in
// docs/semantics.md.

func TestRuleGatesAreReadInTheirOwnWindow(t *testing.T) {
	k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
	k.Gates = []comp.Gate{{Of: "margin", Reach: d("50")}}
	margin := comp.Component{ID: "margin", Measure: comp.Measure{Of: comp.Margin, Reset: comp.PerQuarter}, Curve: &comp.Curve{
		Mode: comp.Marginal, Bands: []comp.Band{{From: d("0")}},
	}}
	deal := func(id, day, margin string) comp.Credit {
		c := booking(id, day, "100")
		c.Margin = d(margin)
		return c
	}
	m := months(t, decision(k, margin))
	same(t, "January: the quarter's margin is 40", m.month("2026-01-01", deal("A", "2026-01-10", "40")).Earned, "0")
	same(t, "February: it reaches 50, for January's deal too", m.month("2026-02-01", deal("B", "2026-02-10", "10")).Earned, "20")
	same(t, "April: a new quarter", m.month("2026-04-01", deal("C", "2026-04-10", "40")).Earned, "0")
}

func TestRulePositionZeroIsEarnedByTheWindow(t *testing.T) {
	k := sales(bands(comp.Step, "", []string{"0", "0", "7"}, []string{"100", "0", "9"}))
	k.Pays, k.Measure.Reset = comp.PaysSum, comp.PerQuarter
	m := months(t, decision(k))
	m.payee.Terms[0].Span = salesops.Period{Start: on("2026-02-10")}
	same(t, "January, before the hire", m.month("2026-01-01").Earned, "0")
	st := m.month("2026-02-01")
	line, ok := st.Line("earn/sales//2026-02-10")
	if same(t, "February", st.Earned, "7"); !ok || line.Note != "for the window, before any credit" {
		t.Errorf("lines = %v, want one for the window", st.Lines)
	}
	same(t, "March", m.month("2026-03-01", booking("A", "2026-03-10", "100")).Earned, "2")
}

func TestRuleLifts(t *testing.T) {
	lifted := func(credit, pay string) comp.Plan {
		k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}, []string{"50", "0.2"}))
		k.Measure.Lifts = []comp.Lift{{Where: comp.Match{"type": {"renewal"}}, Credit: d(credit), Pay: d(pay)}}
		return decision(k)
	}
	renewal := booking("A", "2026-01-10", "100")
	renewal.Tags = comp.Tags{"type": "renewal"}
	next := booking("B", "2026-02-10", "10")
	wantDecision(t, "half retires quota, all of it is paid", lifted("0.5", "1"), "12", renewal, next) // 100 × 0.1, then from 50 on
	wantDecision(t, "nothing retires quota", lifted("0", "1"), "11", renewal, next)
	wantDecision(t, "paid twice", lifted("1", "2"), "32", renewal, next) // (5 + 10) × 2, then 10 × 0.2
}

func TestRuleCount(t *testing.T) {
	k := sales(bands(comp.Marginal, "", []string{"0", "1"}))
	k.Measure.Of = comp.Count
	deals := []comp.Credit{booking("A", "2026-01-10", "0"), booking("B", "2026-01-10", "500")}
	wantDecision(t, "two deals", decision(k), "2", deals...)
	wantDecision(t, "one refunded", decision(k), "2", append(deals, event("R", "A", comp.Refund, "2026-02-10", "-1"))...)
	wantDecision(t, "one cancelled", decision(k), "1", append(deals, event("R", "A", comp.Cancel, "2026-02-10", "-500"))...)
}

func TestRuleLimits(t *testing.T) {
	low, high := d("30"), d("50")
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	plan.Limits = []comp.Limit{{Per: comp.PerQuarter, Min: &low}}
	m := months(t, plan)
	same(t, "January: the window goes on", m.month("2026-01-01", booking("A", "2026-01-10", "100")).Earned, "10")
	same(t, "March: the minimum", m.month("2026-03-01").Earned, "20")

	plan.Limits = []comp.Limit{{Per: comp.PerQuarter, Max: &high, Excess: comp.Defer}}
	m = months(t, plan)
	same(t, "the first quarter", m.month("2026-03-01", booking("A", "2026-01-10", "1100")).Earned, "50")
	st := m.month("2026-04-01")
	same(t, "the second pays of the 60 deferred what it can", st.Earned, "50")
	same(t, "what is still deferred", st.After.Deferred, "10")
	same(t, "the third pays the rest", m.month("2026-07-01").Earned, "10")
}

func TestRuleHoldsAreNetOfRefunds(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	plan.Holds = []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Payment, Share: d("1"), Pro: true}}}}
	m := months(t, plan)
	st := m.month("2026-01-01", booking("A", "2026-01-10", "1000"))
	same(t, "January earns", st.Earned, "100")
	same(t, "January pays", st.Net, "0")
	same(t, "January holds", st.After.Held, "100")
	same(t, "February: 250 of 1,000 are paid", m.month("2026-02-01", event("P", "A", comp.Payment, "2026-02-10", "250")).Net, "25")
	st = m.month("2026-03-01", event("R", "A", comp.Refund, "2026-03-10", "-500"))
	same(t, "March: 250 of 500 are, half of 50", st.Net, "0")
	same(t, "March holds", st.After.Held, "25")
	same(t, "April: all is released", m.month("2026-04-01", event("L", "A", comp.Release, "2026-04-10", "0")).Net, "25")
}

func TestRuleManualAmountsAndSecondRuns(t *testing.T) {
	calc := calculator(t, decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"}))))
	in := comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{booking("A", "2026-01-10", "100")}, Manual: []comp.Manual{{ID: "m", Amount: d("5"), Note: "relocation"}}}
	st, next := calculate(t, calc, in)
	same(t, "earned", st.Earned, "10")
	same(t, "net", st.Net, "15")
	in.Prior = next
	st, next = calculate(t, calc, in)
	if same(t, "a second run", st.Net, "0"); len(st.Lines) != 0 {
		t.Errorf("a second run has the lines %v", st.Lines)
	}
	in.Prior, in.Manual[0].Amount = next, d("7")
	st, _ = calculate(t, calc, in)
	same(t, "the amount corrected", st.Net, "2")
}

func TestRuleNewVersionBooksTheDifference(t *testing.T) {
	plan := decision(sales(bands(comp.Marginal, "", []string{"0", "0.1"})))
	m := months(t, plan)
	m.month("2026-01-01", booking("A", "2026-01-10", "100"))
	plan.Version, plan.Every = 2, salesops.Month
	plan.Components[0].Curve.Bands[0].Rate = d("0.12")
	m.calc = calculator(t, plan)
	st := m.month("2026-02-01", booking("B", "2026-02-10", "100"))
	same(t, "February, with two points more for January", st.Net, "14")
}
