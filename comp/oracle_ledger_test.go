package comp_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// The slow reference of a plan of one component: any curve, quota and window, in
// fractions, every total from the beginning, and no idea of lines, ledgers or
// denominators.

// refGoal is what turns the value of a curve into money.
type refGoal struct {
	pays          comp.Pays
	quota, target *big.Rat // quota 1: none
}

// refPay is what a window pays for credits in their order.
func refPay(c refCurve, g refGoal, xs []*big.Rat) *big.Rat {
	position, paid := new(big.Rat), new(big.Rat) // paid: for Prospective, credit by credit
	for _, x := range xs {
		position.Add(position, x)
		rate := new(big.Rat)
		if len(c.rate) > 0 {
			rate = c.rateAt(new(big.Rat).Quo(position, g.quota))
		}
		paid.Add(paid, new(big.Rat).Mul(rate, x))
	}
	at := new(big.Rat).Quo(position, g.quota)
	rated, flats := c.rated(at), c.flats(at)
	if c.mode == comp.Prospective {
		rated = paid.Quo(paid, g.quota)
	}
	switch {
	case g.pays == comp.PaysTarget:
		return rated.Add(rated, flats).Mul(rated, g.target)
	case g.pays == comp.PaysSum:
		return rated.Add(rated, flats)
	case c.mode == comp.Step || c.mode == comp.Linear:
		return flats.Mul(flats, position)
	default: // rates on the measure itself, and flat sums in money
		return rated.Mul(rated, g.quota).Add(rated, flats)
	}
}

// refRound rounds to places.
func refRound(x *big.Rat, places int, mode comp.RoundingMode) *big.Rat {
	unit := decimal.New(1, int32(places)).Rat()
	n := new(big.Rat).Mul(new(big.Rat).Abs(x), unit)
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	twice := new(big.Rat).Sub(n, new(big.Rat).SetInt(whole))
	half := twice.Add(twice, twice).Cmp(big.NewRat(1, 1))
	if mode != comp.Down && (half > 0 || half == 0 && (mode != comp.HalfEven || whole.Bit(0) == 1)) {
		whole.Add(whole, big.NewInt(1))
	}
	out := new(big.Rat).Quo(new(big.Rat).SetInt(whole), unit)
	if x.Sign() < 0 {
		out.Neg(out)
	}
	return out
}

// refWorld is a plan of one component, and its credits.
type refWorld struct {
	plan   comp.Plan
	curve  refCurve
	who    comp.Payee
	places int
	quota  *big.Rat // of a month; nil: none
	target *big.Rat // of a month
	months int
	deals  []refDeal // in canonical order
}

type refDeal struct {
	comp.Credit
	month, known int // 0 is January; known from that month's statement on
}

// months of the windows; "deal" stands alone.
var refWindows = map[comp.Window]int{comp.PerPeriod: 1, comp.PerMonth: 1, comp.PerQuarter: 3, comp.PerHalf: 6, comp.PerYear: 12, comp.PerPlan: 12}

func refDrawWorld(t *rapid.T) *refWorld {
	w := &refWorld{months: rapid.IntRange(1, 5).Draw(t, "months"), places: rapid.IntRange(-1, 4).Draw(t, "places")}
	reset := rapid.SampledFrom([]comp.Window{comp.PerPlan, comp.PerPeriod, comp.PerMonth, comp.PerQuarter, comp.PerHalf, comp.PerYear, comp.PerDeal}).Draw(t, "reset")
	m := comp.Measure{Reset: reset}
	w.target = big.NewRat(100, 1)
	w.who = comp.Payee{ID: "ana", Terms: []comp.Term{{Plan: "plan", Target: comp.Goal{Amount: d("100"), Per: salesops.Month}}}}
	rated := reset != comp.PerDeal && rapid.Bool().Draw(t, "rated")
	if rated {
		q := refNumber(t, "quota", 1, 60, 0)
		w.quota = q.Rat()
		m.Quota, m.ToDate = "q", rapid.Bool().Draw(t, "to date")
		w.who.Terms[0].Quotas = map[string]comp.Goal{"q": {Amount: q, Per: salesops.Month}}
	}
	c := refDraw(t, rated)
	w.curve = refOf(c)
	pays := rapid.SampledFrom([]comp.Pays{"", comp.PaysRate, comp.PaysTarget, comp.PaysSum}).Draw(t, "pays")
	if reset == comp.PerDeal && pays == comp.PaysTarget {
		w.target = big.NewRat(1200, 12) // the plan's target is that of a year
	}
	w.plan = comp.Plan{
		ID: "plan", Currency: "USD", Span: year(), Negative: comp.Charge,
		Rounding:   comp.Rounding{Unit: decimal.New(1, int32(-w.places)), Mode: rapid.SampledFrom([]comp.RoundingMode{"", comp.HalfEven, comp.Down}).Draw(t, "rounding")},
		Components: []comp.Component{{ID: "sales", Pays: pays, Measure: m, Curve: &c}},
	}
	w.drawDeals(t, c)
	return w
}

// drawDeals draws deals in canonical order; many end exactly on a bound.
func (w *refWorld) drawDeals(t *rapid.T, c comp.Curve) {
	n := rapid.IntRange(0, 8).Draw(t, "deals")
	months := make([]int, n)
	for i := range months {
		months[i] = rapid.IntRange(0, w.months-1).Draw(t, "month")
	}
	slices.Sort(months)
	length := refWindows[w.plan.Components[0].Measure.Reset]
	for i, month := range months {
		amount := refNumber(t, "amount", -40, 80, 2)
		if rapid.IntRange(0, 2).Draw(t, "to a bound") == 2 {
			amount = c.Bands[rapid.IntRange(0, len(c.Bands)-1).Draw(t, "bound")].From
			if w.quota != nil {
				amount = amount.Mul(w.who.Terms[0].Quotas["q"].Amount).Mul(decimal.New(int64(length), 0))
			}
			for _, other := range w.deals {
				if length > 0 && other.month/length == month/length {
					amount = amount.Sub(other.Amount)
				}
			}
		}
		day := salesops.NewDate(2026, 1, 10+rapid.IntRange(0, 1).Draw(t, "later")*i).AddMonths(month)
		w.deals = append(w.deals, refDeal{
			Credit: comp.Credit{Deal: comp.Deal{ID: fmt.Sprintf("deal %d", i), Date: day, Currency: "USD", Amount: amount}},
			month:  month, known: rapid.IntRange(month, w.months-1).Draw(t, "known"),
		})
	}
	slices.SortFunc(w.deals, func(a, b refDeal) int {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
		return int(a.ID[5]) - int(b.ID[5])
	})
}

// owed is all that the plan has come to when a month is closed.
func (w *refWorld) owed(month int) *big.Rat {
	k := &w.plan.Components[0]
	sum := new(big.Rat)
	round := func(x *big.Rat) { sum.Add(sum, refRound(x, w.places, w.plan.Rounding.Mode)) }
	goal := refGoal{pays: k.Pays, quota: big.NewRat(1, 1), target: w.target}
	if k.Measure.Reset == comp.PerDeal {
		goal.target = new(big.Rat).Mul(w.target, big.NewRat(12, 1))
		for _, x := range w.deals {
			if x.known <= month {
				round(refPay(w.curve, goal, []*big.Rat{x.Amount.Rat()}))
			}
		}
		return sum
	}
	length := refWindows[k.Measure.Reset]
	for first := 0; first <= month; first += length {
		n := length
		if k.Measure.ToDate {
			n = min(length, month+1-first)
		}
		in := big.NewRat(int64(n), 1)
		goal.target = new(big.Rat).Mul(w.target, in)
		if w.quota != nil {
			goal.quota = new(big.Rat).Mul(w.quota, in)
		}
		var xs []*big.Rat
		for _, x := range w.deals {
			if x.known <= month && first <= x.month && x.month < first+length {
				xs = append(xs, x.Amount.Rat())
			}
		}
		round(refPay(w.curve, goal, xs))
	}
	return sum
}

func TestCalculate_againstFractions(t *testing.T) { rapid.Check(t, calculateAgainstFractions) }

func calculateAgainstFractions(t *rapid.T) {
	w := refDrawWorld(t)
	calc, err := comp.New(w.plan)
	if err != nil {
		t.Fatal(err)
	}
	explain := rapid.Bool().Draw(t, "explain")
	var prior comp.State
	paid := new(big.Rat)
	for month := range w.months {
		in := comp.Case{Payee: w.who, Period: salesops.Calendar{}.Period(salesops.Month, salesops.NewDate(2026, 1, 1).AddMonths(month)), Prior: prior, Explain: explain}
		for _, i := range rapid.Permutation(indexes(len(w.deals))).Draw(t, "order") {
			if w.deals[i].known <= month {
				in.Credits = append(in.Credits, w.deals[i].Credit)
			}
		}
		st, next, err := calc.Calculate(in)
		if err != nil {
			t.Fatal(err)
		}
		sum := decimal.Decimal{}
		for _, l := range st.Lines {
			sum = sum.Add(l.Amount)
		}
		if !sum.Equal(st.Net) || !st.Earned.Equal(st.Net) {
			t.Fatalf("month %d: lines sum to %s, Earned is %s, Net %s; want all the same", month+1, sum.StringFixed(4), st.Earned.StringFixed(4), st.Net.StringFixed(4))
		}
		want := w.owed(month)
		if got := new(big.Rat).Add(paid, st.Net.Rat()); got.Cmp(want) != 0 {
			t.Fatalf("month %d: %s in all, want %s", month+1, got.FloatString(6), want.FloatString(6))
		}
		paid, prior = want, next
	}
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
