package comp_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

func TestWhatIfWithoutExtraIsCalculate(t *testing.T) {
	calc, in := calculator(t, healthyPlan()), healthyCase()
	want, _ := calculate(t, calc, in)
	got, err := calc.WhatIf(in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-Calculate +WhatIf):\n%s", diff)
	}
}

func TestWhatIfFillsInWhatIsMissing(t *testing.T) {
	calc, in := calculator(t, healthyPlan()), healthyCase()
	extra := []comp.Credit{{Deal: comp.Deal{Amount: d("100")}}, {Deal: comp.Deal{Amount: d("200")}}, booking("C", "2026-02-05", "300")}
	given := slices.Clone(extra)
	in.Credits = append(make([]comp.Credit, 0, 100), in.Credits...) // with room that belongs to the caller
	before := slices.Clone(in.Credits[:100][:len(in.Credits)+3])
	got, err := calc.WhatIf(in, extra...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []comp.Credit{booking("what-if 1", "2026-02-28", "100"), booking("what-if 2", "2026-02-28", "200"), extra[2]} {
		in := healthyCase()
		in.Credits = append(in.Credits, want)
		alone, _ := calculate(t, calc, in)
		line, ok := alone.Line("earn/sales/" + want.ID + "/2026-02-01")
		if !ok {
			t.Fatalf("no line for extra credit %d, %s, in %v", i, want.ID, alone.Lines)
		}
		with, ok := got.Line(line.ID)
		if !ok || !with.Measure.Equal(line.Measure) || with.Origin != line.Origin {
			t.Errorf("the line of extra credit %d is %+v, want that of %v", i, with, want)
		}
	}
	if !reflect.DeepEqual(extra, given) || !reflect.DeepEqual(in.Credits[:len(before)], before) {
		t.Error("WhatIf has changed its arguments")
	}

	// A credit that was made by an earlier question is in nobody's way.
	in = healthyCase()
	in.Credits = append(in.Credits, booking("what-if 1", "2026-02-28", "100"))
	got, err = calc.WhatIf(in, comp.Credit{Deal: comp.Deal{Amount: d("300")}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sales of the quarter with both", got.Attained[0].Measure, "600") // 200, 100 and 300; the refund leaves the position alone
}

// asking is a case for the year 2026, paid once, of a plan with the deals given; what
// is asked about is the component "sales".
func asking(t testing.TB, p comp.Plan, credits ...comp.Credit) (*comp.Calculator, comp.Case) {
	t.Helper()
	return calculator(t, p), comp.Case{Payee: payee("1000", "q", "100"), Period: year(), Credits: credits}
}

// wantNeeded compares the answer with the one wanted ("" for none), and has WhatIf
// confirm it: with it pay is earned, with one unit less it is not.
func wantNeeded(t *testing.T, what string, calc *comp.Calculator, in comp.Case, pay, more string) comp.Need {
	t.Helper()
	need, err := calc.Needed(in, "sales", d(pay))
	if more == "" {
		refused{comp.ErrUnreachable, "ana", "", "pay", "cannot be earned with any amount of sales"}.check(t, what, err, need)
		return need
	}
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return need
	}
	same(t, what, need.More, more)
	st, err := calc.WhatIf(in, need.Credits...)
	if err != nil || st.Earned.LessThan(d(pay)) || !st.Earned.Equal(need.Earned) {
		t.Errorf("%s: with it, %s is earned and %s told; %s was asked for (%v)", what, st.Earned.StringFixed(2), need.Earned.StringFixed(2), pay, err)
	}
	if len(need.Credits) == 0 {
		return need
	}
	last := len(need.Credits) - 1
	less := slices.Clone(need.Credits)
	switch c := &less[last]; {
	case c.Margin.IsPositive():
		c.Margin = c.Margin.Sub(d("0.01"))
	case c.Units.IsPositive():
		c.Units = c.Units.Sub(d("1"))
	case c.Amount.IsPositive():
		c.Amount = c.Amount.Sub(d("0.01"))
	default:
		less = less[:last]
	}
	if st, err = calc.WhatIf(in, less...); err != nil || !st.Earned.LessThan(d(pay)) {
		t.Errorf("%s: with one unit less, %s is earned, of %s that was asked for (%v)", what, st.Earned.StringFixed(2), pay, err)
	}
	return need
}

func TestNeeded(t *testing.T) {
	tiers := bands(comp.Marginal, "", []string{"0", "0.1"}, []string{"100", "0.2"})
	of := func(field comp.Field, c comp.Curve) comp.Plan {
		k := sales(c)
		k.Measure.Of = field
		return decision(k)
	}
	deal := booking("A", "2026-01-10", "60")
	deal.Margin, deal.Units = d("60"), d("60")

	t.Run("fields", func(t *testing.T) {
		for field, want := range map[comp.Field][2]string{ // 6 is earned
			comp.Amount: {"39.95", "40.03"}, // 9.995 and 10.006 are rounded to the cent
			comp.Margin: {"39.95", "40.03"},
			comp.Units:  {"40", "41"},
		} {
			calc, in := asking(t, of(field, tiers), deal)
			wantNeeded(t, string(field)+" for 6, which is there", calc, in, "6", "0")
			wantNeeded(t, string(field)+" for less than nothing", calc, in, "-1", "0")
			wantNeeded(t, string(field)+" for 10", calc, in, "10", want[0])
			need := wantNeeded(t, string(field)+" for 10.01", calc, in, "10.01", want[1])
			if len(need.Credits) != 1 || need.Credits[0].Date != on("2026-12-31") {
				t.Errorf("%s: the credits of the answer are %v, want one on the last day", field, need.Credits)
			}
		}
		calc, in := asking(t, of(comp.Count, bands(comp.Step, "", []string{"0", "0", "0"}, []string{"3", "0", "50"}, []string{"7", "0", "99"})), deal)
		calc = calculator(t, func() comp.Plan { p := calc.Plan(); p.Components[0].Pays = comp.PaysSum; return p }())
		need := wantNeeded(t, "deals for 50", calc, in, "50", "2")
		if len(need.Credits) != 2 {
			t.Errorf("two deals are %v", need.Credits)
		}
		wantNeeded(t, "deals for 50.01", calc, in, "50.01", "6")
		wantNeeded(t, "deals for 99.01", calc, in, "99.01", "")
	})

	t.Run("gate", func(t *testing.T) {
		k := sales(tiers)
		k.Gates = []comp.Gate{{Of: "sales", Reach: d("80")}}
		calc, in := asking(t, decision(k), deal)
		wantNeeded(t, "a cent: the gate", calc, in, "0.01", "20")
		wantNeeded(t, "what the gate jumps to", calc, in, "8", "20")
		wantNeeded(t, "a cent more than that", calc, in, "8.01", "20.05") // 80.05 × 0.1 = 8.005
		k.Gates[0].Edge = comp.Above
		calc, in = asking(t, decision(k), deal)
		wantNeeded(t, "a gate that must be passed", calc, in, "0.01", "20.01")
	})

	t.Run("cap", func(t *testing.T) {
		highest := d("10")
		p := of(comp.Amount, tiers)
		p.Limits = []comp.Limit{{Per: comp.PerYear, Max: &highest}}
		calc, in := asking(t, p, deal)
		wantNeeded(t, "the cap", calc, in, "10", "39.95") // 9.995 rounds to 10
		wantNeeded(t, "a cent above the cap", calc, in, "10.01", "")
	})

	t.Run("step", func(t *testing.T) {
		k := sales(bands(comp.Step, "", []string{"50", "0", "5"}, []string{"75", "0", "9"}))
		k.Pays = comp.PaysSum
		calc, in := asking(t, decision(k), deal)
		wantNeeded(t, "the next step", calc, in, "5.01", "15")
		wantNeeded(t, "past the last step", calc, in, "9.01", "")
	})

	t.Run("retroactive", func(t *testing.T) {
		calc, in := asking(t, of(comp.Amount, bands(comp.Retroactive, "", []string{"0", "0.05"}, []string{"100", "0.1"})), deal)
		wantNeeded(t, "within the band", calc, in, "4", "19.90") // 79.90 × 0.05 = 3.995
		wantNeeded(t, "in the jump", calc, in, "7", "40")
		wantNeeded(t, "at the top of the jump", calc, in, "10", "40")
		wantNeeded(t, "past the jump", calc, in, "10.01", "40.05")
		falling, in := asking(t, of(comp.Amount, bands(comp.Retroactive, "", []string{"0", "0.2"}, []string{"100", "0.1"})), deal)
		wantNeeded(t, "before pay falls", falling, in, "19", "34.98") // 94.98 × 0.2 = 18.996
		wantNeeded(t, "the most before pay falls", falling, in, "20", "39.98")
		wantNeeded(t, "only after pay has fallen and risen again", falling, in, "21", "149.95")
	})

	t.Run("windfall", func(t *testing.T) {
		k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
		k.Measure.Windfall = &comp.Windfall{Over: d("50"), Share: d("0.5")}
		deal.Amount = d("40") // the deal asked for is another: it counts for 50 whole
		calc, in := asking(t, decision(k), deal)
		wantNeeded(t, "below the bound", calc, in, "8", "39.95")
		wantNeeded(t, "at the bound", calc, in, "9", "49.95")
		wantNeeded(t, "past the bound, where half counts", calc, in, "10", "69.90")
		deal.Amount = d("60")
	})

	t.Run("lift", func(t *testing.T) {
		k := sales(tiers)
		k.Measure.Where = comp.Match{"type": {"new", "renewal"}}
		k.Measure.Lifts = []comp.Lift{{Where: comp.Match{"type": {"new"}}, Credit: d("2"), Pay: d("1")}}
		deal.Tags = comp.Tags{"type": "renewal"}
		calc, in := asking(t, decision(k), deal) // position 60, 6 earned; each dollar moves it by 2 and pays as 1
		wantNeeded(t, "up to the bound", calc, in, "8", "19.95")
		need := wantNeeded(t, "past the bound", calc, in, "9", "24.98")
		if got := need.Credits[0].Tags["type"]; got != "new" {
			t.Errorf("the deal asked for is %q, want the first value of the component's where", got)
		}
		deal.Tags = nil
	})

	t.Run("factor", func(t *testing.T) {
		k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}))
		k.Factors = []comp.Factor{{Of: "sales", Curve: comp.Curve{Mode: comp.Linear, Bands: []comp.Band{{Pay: d("1")}, {From: d("100"), Pay: d("2")}}}}}
		calc, in := asking(t, decision(k), deal) // pay is x/10 × (1 + x/100) up to 100, then x/5
		wantNeeded(t, "on the parabola", calc, in, "14.40", "19.99")
		wantNeeded(t, "where it ends", calc, in, "20", "39.99")
		wantNeeded(t, "past its end", calc, in, "22", "49.98")
	})

	t.Run("quota and other components", func(t *testing.T) {
		k := sales(bands(comp.Marginal, "", []string{"0", "0.1"}, []string{"1", "0.2"}))
		k.Measure.Quota = "q"
		bonus := comp.Component{ID: "bonus", Measure: comp.Measure{Of: comp.Count, Reset: comp.PerYear}, Pays: comp.PaysSum, Curve: &comp.Curve{
			Mode: comp.Step, Bands: []comp.Band{{From: d("2"), Pay: d("3")}},
		}}
		calc, in := asking(t, decision(k, bonus), deal)
		need := wantNeeded(t, "the bonus for a second deal, of any amount", calc, in, "9", "0")
		if len(need.Credits) != 1 {
			t.Errorf("the credits are %v, want one", need.Credits)
		}
		wantNeeded(t, "and what more it takes", calc, in, "14", "44.98") // 3 + 10 + 4.98 × 0.2 = 13.996
	})

	t.Run("prior state", func(t *testing.T) {
		p := of(comp.Amount, tiers)
		p.Every = salesops.Month
		calc, in := asking(t, p, deal)
		in.Period = period("2026-01-01", "2026-02-01")
		_, in.Prior = calculate(t, calc, in)
		in.Period = period("2026-02-01", "2026-03-01")
		need := wantNeeded(t, "in February, on top of what January booked", calc, in, "10", "69.98") // 4 + 29.98 × 0.2
		same(t, "earned in February", need.Earned, "10")
	})
}

// drawQuestion makes small plans in whole dollars, so that all answers can be tried.
func drawQuestion(t *rapid.T) (*comp.Calculator, comp.Case) {
	small := func(label string, lo, hi int) decimal.Decimal {
		return decimal.New(int64(rapid.IntRange(lo, hi).Draw(t, label)), 0)
	}
	tenths := func(label string, lo, hi int) decimal.Decimal { return small(label, lo, hi).Mul(d("0.1")) }
	rising := func(label string, mode comp.Mode, least int) comp.Curve {
		c := comp.Curve{Mode: mode, Edge: pick(t, label+" edge", comp.At, comp.Above)}
		from, value := 0, least
		for i := range rapid.IntRange(1, 3).Draw(t, label+" bands") {
			if i > 0 {
				from += rapid.IntRange(1, 40).Draw(t, label+" width")
				value += rapid.IntRange(0, 8).Draw(t, label+" rise")
			}
			b := comp.Band{From: decimal.New(int64(from), 0)}
			if mode == comp.Step || mode == comp.Linear {
				b.Pay = decimal.New(int64(value), 0)
			} else {
				b.Rate = decimal.New(int64(value), -1)
			}
			c.Bands = append(c.Bands, b)
		}
		return c
	}
	curve := rising("curve", pick(t, "mode", comp.Marginal, comp.Retroactive, comp.Prospective, comp.Step, comp.Linear), 0)
	k := comp.Component{ID: "sales", Measure: comp.Measure{
		Of: pick(t, "of", comp.Amount, comp.Margin, comp.Units), Reset: pick(t, "reset", comp.PerYear, comp.PerDeal),
	}, Curve: &curve}
	if curve.Mode == comp.Step || curve.Mode == comp.Linear {
		k.Pays = pick(t, "pays", comp.PaysSum, comp.PaysRate)
	}
	if chance(t, "falls", 3) { // the first band pays most
		for i, j := 0, len(curve.Bands)-1; i < j; i, j = i+1, j-1 {
			curve.Bands[i].Rate, curve.Bands[j].Rate = curve.Bands[j].Rate, curve.Bands[i].Rate
		}
	} else if chance(t, "factor", 3) && k.Measure.Reset != comp.PerDeal {
		k.Factors = []comp.Factor{{Of: "sales", Curve: rising("factor", pick(t, "factor mode", comp.Step, comp.Linear), 1)}}
	}
	if chance(t, "gate", 3) && k.Measure.Reset != comp.PerDeal {
		k.Gates = []comp.Gate{{Of: "sales", Reach: small("reach", 1, 60), Edge: pick(t, "gate edge", comp.At, comp.Above)}}
		if chance(t, "else", 2) {
			shut := rising("else", comp.Marginal, 0)
			k.Gates[0].Else = &shut
		}
	}
	if chance(t, "windfall", 3) {
		k.Measure.Windfall = &comp.Windfall{Over: small("over", 1, 40), Share: tenths("share", 0, 10)}
	}
	if chance(t, "lift", 3) {
		k.Measure.Lifts = []comp.Lift{{Credit: tenths("lift credit", 0, 20), Pay: tenths("lift pay", 0, 20)}}
	}
	if chance(t, "deal limit", 4) {
		most := small("deal max", 5, 60)
		k.Limits = []comp.Limit{{Per: comp.PerDeal, Max: &most}}
	}
	p := decision(k)
	p.Rounding.Unit = d("1")
	if chance(t, "limit", 3) {
		most := small("max", 5, 120)
		p.Limits = []comp.Limit{{Per: comp.PerYear, Max: &most}}
	}
	in := comp.Case{Payee: payee("0"), Period: year()}
	for i := range rapid.IntRange(0, 3).Draw(t, "deals") {
		c := booking("D"+strconv.Itoa(i), "2026-01-10", "0")
		least := -10
		if len(k.Limits) > 0 { // a cap of one deal and the fall of another bend pay inside a stretch: see Needed
			least = 0
		}
		c.Amount = small("amount", least, 30)
		c.Margin, c.Units = c.Amount, c.Amount
		in.Credits = append(in.Credits, c)
	}
	return calculatorOf(t, p), in
}

// calculatorOf makes the calculator of a whole plan that was drawn.
func calculatorOf(t *rapid.T, p comp.Plan) *comp.Calculator {
	calc, err := comp.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return calc
}

// The answer is the least of all that can be tried.
func TestNeededAgainstBruteForce(t *testing.T) {
	const tried = 160
	rapid.Check(t, func(t *rapid.T) {
		calc, in := drawQuestion(t)
		pay := decimal.New(int64(rapid.IntRange(-5, 150).Draw(t, "pay")), 0)
		least := -1
		for n := 0; n <= tried && least < 0; n++ {
			var extra []comp.Credit
			if n > 0 {
				c := booking("what-if 1", "2026-12-31", "0")
				switch v := decimal.New(int64(n), 0); calc.Plan().Components[0].Measure.Of {
				case comp.Margin:
					c.Margin = v
				case comp.Units:
					c.Units = v
				default:
					c.Amount = v
				}
				extra = append(extra, c)
			}
			st, err := calc.WhatIf(in, extra...)
			if err != nil {
				t.Fatal(err)
			}
			if !st.Earned.LessThan(pay) {
				least = n
			}
		}
		need, err := calc.Needed(in, "sales", pay)
		describe := func() string { return fmt.Sprintf("%s\n%s", asJSON(t, calc.Plan()), asJSON(t, in)) }
		switch {
		case least < 0 && err == nil && need.More.GreaterThan(decimal.New(tried, 0)):
		case least < 0 && errors.Is(err, comp.ErrUnreachable):
		case err != nil:
			t.Fatalf("for %s: %v, but %d is enough\n%s", pay.StringFixed(0), err, least, describe())
		case !need.More.Equal(decimal.New(int64(least), 0)):
			t.Fatalf("for %s: %s more, want %d\n%s", pay.StringFixed(0), need.More.StringFixed(2), least, describe())
		}
	})
}

// The least number of deals, also when curves fall.
func TestNeededDealsAgainstBruteForce(t *testing.T) {
	const tried = 60
	rapid.Check(t, func(t *rapid.T) {
		curve := comp.Curve{Mode: pick(t, "mode", comp.Marginal, comp.Retroactive, comp.Prospective)}
		for i := range 3 {
			curve.Bands = append(curve.Bands, comp.Band{
				From: decimal.New(int64(i*rapid.IntRange(8, 20).Draw(t, "width")+i), 0), Rate: decimal.New(int64(rapid.IntRange(0, 5).Draw(t, "rate")), 0),
			})
		}
		if !curve.Bands[2].From.GreaterThan(curve.Bands[1].From) {
			curve.Bands = curve.Bands[:2]
		}
		k := sales(curve)
		k.Measure.Of = comp.Count
		calc := calculatorOf(t, decision(k))
		in := comp.Case{Payee: payee("0"), Period: year(), Credits: []comp.Credit{booking("A", "2026-01-10", "1")}}
		pay := decimal.New(int64(rapid.IntRange(1, 100).Draw(t, "pay")), 0)
		least := -1
		var extra []comp.Credit
		for n := 0; n <= tried && least < 0; n++ {
			st, err := calc.WhatIf(in, extra...)
			if err != nil {
				t.Fatal(err)
			}
			if !st.Earned.LessThan(pay) {
				least = n
			}
			extra = append(extra, comp.Credit{})
		}
		need, err := calc.Needed(in, "sales", pay)
		switch {
		case least < 0 && (errors.Is(err, comp.ErrUnreachable) || err == nil && need.More.GreaterThan(decimal.New(tried, 0))):
		case err != nil:
			t.Fatalf("for %s: %v, but %d deals are enough by %v", pay.StringFixed(0), err, least, curve)
		case !need.More.Equal(decimal.New(int64(least), 0)) || len(need.Credits) != least:
			t.Fatalf("for %s: %s deals, in %d credits, want %d by %s", pay.StringFixed(0), need.More.StringFixed(2), len(need.Credits), least, asJSON(t, curve))
		}
	})
}

// Needed on 1,000 credits, beside one Calculate of the same: it takes some tens of
// statements.
func BenchmarkNeeded(b *testing.B) {
	highest := d("1000000")
	k := sales(bands(comp.Marginal, "", []string{"0", "0.05"}, []string{"1", "0.1"}, []string{"1.5", "0.15"}))
	k.Measure.Quota = "q"
	k.Gates = []comp.Gate{{Of: "sales", Reach: d("0.5")}}
	p := decision(k)
	p.Limits = []comp.Limit{{Per: comp.PerYear, Max: &highest}}
	calc, in := asking(b, p)
	in.Payee = payee("0", "q", "200000")
	for i := range 1000 {
		in.Credits = append(in.Credits, booking("D"+strconv.Itoa(i), "2026-01-10", "100.01"))
	}
	b.Run("needed", func(b *testing.B) {
		for b.Loop() {
			if _, err := calc.Needed(in, "sales", d("25000.37")); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("calculate", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := calc.Calculate(in); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// costPlan pays 8 % to quota and 12 % above, half of the target for objectives, and
// at most three times the target; costRows is what that comes to, by hand.
func costPlan() comp.Plan {
	three := d("3")
	k := sales(bands(comp.Marginal, "", []string{"0", "0.08"}, []string{"1", "0.12"}))
	k.Measure.Quota = "q"
	p := decision(k, comp.Component{
		ID: "mbo", Measure: comp.Measure{Score: "goal", Reset: comp.PerYear}, Pays: comp.PaysTarget, Weight: d("0.5"),
		Curve: &comp.Curve{Mode: comp.Linear, Bands: []comp.Band{{}, {From: d("1"), Pay: d("1")}}},
	})
	p.Limits = []comp.Limit{{Per: comp.PerYear, Max: &three, Target: true}}
	return p
}

func TestCost(t *testing.T) {
	calc := calculator(t, costPlan())
	ana := payee("50000", "q", "1000000")
	volumes := map[string]decimal.Decimal{"mbo": d("1")}
	levels := decimals("0", "0.5", "1", "1.5", "2")
	rows, err := calc.Cost(ana, volumes, levels...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ pay, ofTarget, ofRevenue string }{
		{"0", "0", ""},
		{"52500", "1.05", "0.105"}, // 40,000 + 12,500
		{"105000", "2.1", "0.105"}, // 80,000 + 25,000
		{"150000", "3", "0.1"},     // 80,000 + 60,000 + 25,000, capped
		{"150000", "3", "0.075"},   // capped
	} {
		what := "at " + levels[i].StringFixed(1)
		same(t, what, rows[i].Attainment, levels[i].StringFixed(1))
		same(t, what+": pay", rows[i].Pay, want.pay)
		same(t, what+": of target", *rows[i].OfTarget, want.ofTarget)
		if (rows[i].OfRevenue != nil) != (want.ofRevenue != "") {
			t.Errorf("%s: of revenue is %v, want %q", what, rows[i].OfRevenue, want.ofRevenue)
		} else if rows[i].OfRevenue != nil {
			same(t, what+": of revenue", *rows[i].OfRevenue, want.ofRevenue)
		}
	}

	// Without a volume, a component without a quota stands at zero.
	rows, err = calc.Cost(ana, nil, d("1"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "without objectives", rows[0].Pay, "80000")
	// Without a target there is no share of it, and the limit of three times it is zero.
	rows, err = calc.Cost(payee("0", "q", "1000000"), volumes, d("1"))
	if err != nil {
		t.Fatal(err)
	}
	if same(t, "without a target", rows[0].Pay, "0"); rows[0].OfTarget != nil {
		t.Errorf("of no target: %v, want nil", rows[0].OfTarget)
	}
	if rows, err = calc.Cost(ana, volumes); err != nil || len(rows) != 0 {
		t.Errorf("at no attainment: %v, %v", rows, err)
	}
}

// Every window of a component ends at the attainment, so Cost is what Calculate pays
// for one deal of that size in each.
func TestCostIsWhatCalculatePays(t *testing.T) {
	p := costPlan()
	p.Components[0].Measure.Reset, p.Every = comp.PerQuarter, salesops.Quarter
	calc := calculator(t, p)
	ana := payee("50000", "q", "1000000")
	volumes := map[string]decimal.Decimal{"mbo": d("1")}
	for _, level := range decimals("0.25", "1", "1.3") {
		rows, err := calc.Cost(ana, volumes, level)
		if err != nil {
			t.Fatal(err)
		}
		in := comp.Case{Payee: ana, Scores: []comp.Score{{Name: "goal", Date: on("2026-12-31"), Value: level}}}
		var state comp.State
		var sum decimal.Decimal
		for i := range 4 {
			first := on("2026-01-01").AddMonths(3 * i)
			in.Period = salesops.Period{Start: first, End: first.AddMonths(3)}
			quota, err := calc.Quota(ana, "q", in.Period)
			if err != nil {
				t.Fatal(err)
			}
			c := booking("D"+strconv.Itoa(i), first.String(), "0")
			c.Amount = quota.Mul(level)
			in.Credits = append(in.Credits, c)
			in.Prior = state
			st, next := calculate(t, calc, in)
			sum, state = sum.Add(st.Earned), next
		}
		same(t, "at "+level.StringFixed(2), rows[0].Pay, sum.StringFixed(2))
	}
}

func TestTeamCost(t *testing.T) {
	calc := calculator(t, costPlan())
	ana, bo := payee("50000", "q", "1000000"), payee("20000", "q", "400000")
	bo.ID = "bo"
	volumes := map[string]decimal.Decimal{"mbo": d("1")}
	outcomes := []comp.Outcome{{d("0.5"), d("0.25")}, {d("1"), d("0.5")}, {d("1.5"), d("0.25")}}
	cost, err := calc.TeamCost([]comp.Payee{ana, bo}, volumes, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	// ana: 13,125 + 52,500 + 37,500; bo: (16,000 + 5,000)/4 + (32,000 + 10,000)/2 + 60,000/4
	same(t, "the team", cost, "144375")
	if cost, err = calc.TeamCost(nil, volumes, outcomes); err != nil || !cost.IsZero() {
		t.Errorf("nobody costs %v, %v", cost, err)
	}
	bo.Terms[0].Quotas = nil
	cost, err = calc.TeamCost([]comp.Payee{ana, bo}, volumes, outcomes)
	refused{comp.ErrInput, "bo", "", "payee/terms/quotas/q", "give the payee's term this quota"}.check(t, "bo without a quota", err, cost)
}

// The amounts of a difference sum to that of the nets; of a statement and itself
// there is none; the other way round it has the opposite signs.
func TestDiffLaws(t *testing.T) {
	p := healthyPlan()
	p.Holds = []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Booking, Share: d("0.6")}, {On: comp.Payment, Share: d("0.4")}}}}
	p.Draws = []comp.Draw{{Amount: d("30"), Kind: comp.Guarantee, Recover: d("1")}}
	calc := calculator(t, p)
	rapid.Check(t, func(t *rapid.T) {
		statement := func(label string) comp.Statement {
			in := healthyCase()
			in.Credits = nil
			for i := range rapid.IntRange(0, 5).Draw(t, label) {
				id := strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "deal")*10 + i)
				c := booking(id, "2026-02-10", "0")
				c.Amount = amount(t, "amount").Round(2)
				in.Credits = append(in.Credits, c)
			}
			in.Scores[0].Value = decimal.New(int64(rapid.IntRange(0, 100).Draw(t, "score")), -2)
			in.Explain = chance(t, "explain", 2)
			st, _, err := calc.Calculate(in)
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
		was, is := statement("was"), statement("is")
		diff, back := comp.Diff(was, is), comp.Diff(is, was)
		var sum decimal.Decimal
		changes := make(map[string]decimal.Decimal)
		for _, l := range diff {
			sum = sum.Add(l.Amount)
			before, _ := was.Line(l.ID)
			after, _ := is.Line(l.ID)
			if l.Amount.IsZero() || !l.Booked.Equal(before.Amount) || !l.Booked.Add(l.Amount).Equal(after.Amount) {
				t.Fatalf("%s changes from %s by %s, but was %s and is %s", l.ID, l.Booked.StringFixed(2), l.Amount.StringFixed(2), before.Amount.StringFixed(2), after.Amount.StringFixed(2))
			}
			changes[l.ID] = l.Amount
		}
		if !sum.Equal(is.Net.Sub(was.Net)) {
			t.Fatalf("the lines change by %s, the nets by %s", sum.StringFixed(2), is.Net.Sub(was.Net).StringFixed(2))
		}
		for _, l := range back {
			if !changes[l.ID].Equal(l.Amount.Neg()) {
				t.Fatalf("%s changes by %s, and back by %s", l.ID, changes[l.ID].StringFixed(2), l.Amount.StringFixed(2))
			}
		}
		if len(back) != len(diff) || len(comp.Diff(is, is)) != 0 {
			t.Fatalf("%d lines change, %d back, %d of a statement to itself", len(diff), len(back), len(comp.Diff(is, is)))
		}
	})
}
