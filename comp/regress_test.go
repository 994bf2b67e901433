package comp_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// A cliff is told in what it is worth: money, or a multiple of quota or target.
func TestCliffsAreToldInTheirUnit(t *testing.T) {
	step := func(mode comp.Mode) *comp.Curve {
		c := bands(mode, comp.At, []string{"0", "0"}, []string{"1", "0"})
		switch mode {
		case comp.Step, comp.Linear:
			c.Bands[1].Pay = d("0.05")
		default:
			c.Bands[1].Rate, c.Bands[1].Pay = d("0.05"), d("500")
		}
		return &c
	}
	for _, test := range []struct {
		name  string
		mode  comp.Mode
		pays  comp.Pays
		quota string
		want  string
	}{
		{"a flat sum is money", comp.Marginal, comp.PaysRate, "q", "worth 500;"},
		{"a rate for all is a share of the quota", comp.Retroactive, comp.PaysRate, "q", "worth 0.05 times the quota plus 500;"},
		{"without a quota both are money", comp.Retroactive, comp.PaysRate, "", "worth 500.05;"},
		{"a rate read off steps multiplies the measure", comp.Step, comp.PaysRate, "q", "worth 0.05 times the quota;"},
		{"a multiple of the target", comp.Step, comp.PaysTarget, "q", "worth 0.05 times the target incentive;"},
		{"money", comp.Step, comp.PaysSum, "q", "worth 0.05;"},
		{"a deal that is paid whole", comp.Prospective, comp.PaysRate, "q", "is paid at 0.05 instead of 0, whole;"},
	} {
		plan := comp.Plan{ID: "p", Currency: "USD", Span: year(), Components: []comp.Component{{
			ID: "c", Pays: test.pays, Measure: comp.Measure{Quota: test.quota, Reset: comp.PerYear}, Curve: step(test.mode),
		}}}
		found := false
		for _, p := range plan.Check() {
			found = found || p.Code == comp.CodeCliff && strings.Contains(p.Text, test.want)
		}
		if !found {
			t.Errorf("%s: Check tells %v, want a cliff %s", test.name, plan.Check(), test.want)
		}
	}
}

// Every explanation is one chain: with target, quota, lift, factor and flat sums,
// each multiplication that leads to the money is there.
func TestExplanationsLeadToTheMoney(t *testing.T) {
	factor := bands(comp.Step, comp.At, []string{"0", "0", "1.5"})
	curve := bands(comp.Marginal, comp.At, []string{"0", "1"}, []string{"0.5", "2", "0.01"})
	c := calculator(t, comp.Plan{Every: salesops.Year, Components: []comp.Component{{
		ID: "sales", Pays: comp.PaysTarget, Weight: d("0.5"), Curve: &curve,
		Measure: comp.Measure{Quota: "q", Lifts: []comp.Lift{{Credit: d("0.5"), Pay: d("0.75")}}},
		Factors: []comp.Factor{{Of: "sales", Curve: factor}},
	}}})
	st, _ := calculate(t, c, comp.Case{Payee: payee("60000", "q", "100000"), Period: year(), Credits: []comp.Credit{booking("D", "2026-03-01", "120000")}, Explain: true})
	// 60,000 of position: 50,000 × 1 + 10,000 × 2 = 70,000, ÷ 0.5 × 0.75 = 105,000, ÷ quota 1.05, + 0.01 = 1.06; × 0.5 × 60,000 × 1.5.
	same(t, "earned", st.Earned, "47700")
	const want = `earn sales D: 47,700.00
  booking D: 120,000  [/components/0/measure]
  weighed towards the position: 120,000 × weight 0.5 = 60,000  [/components/0/measure/lifts/0/credit]
  weighed towards pay: 120,000 × weight 0.75 = 90,000  [/components/0/measure/lifts/0/pay]
  position: before 0 + credit 60,000 = 60,000  [/components/0/measure]
  attainment after it: measure 60,000 ÷ quota 100,000 = 0.6  [/components/0/measure/quota]
  attainment of sales: measure 60,000 ÷ quota 100,000 = 0.6  [/components/0/measure]
  factor at that: sales 0.6 = 1.5  [/components/0/factors/0]
  band 0, the slice from 0 to 50,000: 50,000 × rate 1 = 50,000  [/components/0/curve/bands/0]
  band 1, the slice from 50,000 to 60,000: 10,000 × rate 2 = 20,000  [/components/0/curve/bands/1]
  by rates: band 0 50,000 + band 1 20,000 = 70,000
  lifted towards pay: pay 70,000 × weight 0.75 = 52,500  [/components/0/measure/lifts/0/pay]
  of what it counts towards the position: pay 52,500 ÷ weight 0.5 = 105,000  [/components/0/measure/lifts/0/credit]
  as a share of the quota: pay 105,000 ÷ quota 100,000 = 1.05  [/components/0/measure/quota]
  with the flat sums reached: pay 1.05 + flat 0.01 = 1.06  [/components/0/curve]
  of the component's share of the target incentive: pay 1.06 × weight 0.5 = 0.53  [/components/0/weight]
  of the target incentive: pay 0.53 × target 60,000 = 31,800  [/components/0/pays]
  times the factor for sales: pay 31,800 × factor 1.5 = 47,700  [/components/0/factors/0]
`
	if got := st.Lines[0].Explain(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A component that resets with each deal is costed with its limits per deal.
func TestCostLimitsDeals(t *testing.T) {
	most, curve := d("100"), bands(comp.Marginal, comp.At, []string{"0", "0.1"})
	c := calculator(t, comp.Plan{Components: []comp.Component{{
		ID: "each", Measure: comp.Measure{Reset: comp.PerDeal}, Curve: &curve, Limits: []comp.Limit{{Per: comp.PerDeal, Max: &most}},
	}}})
	rows, err := c.Cost(payee("0"), map[string]decimal.Decimal{"each": d("50000")}, d("1"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "pay", rows[0].Pay, "100")
}

// A period with a draw cannot be left out, nor a refund be of nothing.
func TestNothingIsLostInSilence(t *testing.T) {
	curve := bands(comp.Marginal, comp.At, []string{"0", "0.1"})
	c := calculator(t, comp.Plan{
		Components: []comp.Component{{ID: "sales", Curve: &curve}},
		Draws:      []comp.Draw{{Amount: d("2000"), Kind: comp.Guarantee}},
	})
	in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01")}
	_, in.Prior = calculate(t, c, in)
	in.Period = period("2026-03-01", "2026-04-01")
	_, _, err := c.Calculate(in)
	wantFault(t, err, comp.ErrState, "prior/period")

	in.Period = period("2026-02-01", "2026-03-01")
	in.Credits = []comp.Credit{event("back", "", comp.Refund, "2026-02-01", "-10")}
	_, _, err = c.Calculate(in)
	wantFault(t, err, comp.ErrInput, "credits/0/ref")
}

// Thousands of deals are not out of reach.
func TestNeededCountsToTenThousand(t *testing.T) {
	curve := bands(comp.Marginal, comp.At, []string{"0", "1"})
	c := calculator(t, comp.Plan{Components: []comp.Component{{ID: "meetings", Pays: comp.PaysSum, Measure: comp.Measure{Of: comp.Count}, Curve: &curve}}})
	in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01")}
	need, err := c.Needed(in, "meetings", d("5000"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "more", need.More, "5000")
}

// A booked credit that is forgotten is told, though the deal is there in another
// kind; one whose tag was corrected is booked out and in again.
func TestForgottenAndCorrectedCredits(t *testing.T) {
	curve := bands(comp.Marginal, comp.At, []string{"0", "0.1"})
	c := calculator(t, comp.Plan{Components: []comp.Component{
		{ID: "new", Measure: comp.Measure{Where: comp.Match{"type": {"new"}}}, Curve: &curve},
		{ID: "old", Measure: comp.Measure{Where: comp.Match{"type": {"old"}}}, Curve: &curve},
	}})
	direct, team := booking("D", "2026-01-10", "1000"), booking("D", "2026-01-10", "500")
	team.Kind = comp.RolledUp
	direct.Tags, team.Tags = comp.Tags{"type": "new"}, comp.Tags{"type": "new"}
	in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01"), Credits: []comp.Credit{direct, team}}
	first, state := calculate(t, c, in)
	same(t, "first", first.Net, "150")

	in.Prior, in.Credits = state, []comp.Credit{team}
	_, _, err := c.Calculate(in)
	wantFault(t, err, comp.ErrState, "prior/booked/0")

	direct.Tags = comp.Tags{"type": "old"}
	in.Credits = []comp.Credit{direct, team}
	corrected, _ := calculate(t, c, in)
	same(t, "corrected", corrected.Net, "0")
	if len(corrected.Lines) != 2 {
		t.Errorf("lines = %v, want one out and one in", corrected.Lines)
	}
}
