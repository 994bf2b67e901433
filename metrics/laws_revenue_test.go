package metrics_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// revAmount draws an amount from 0, with its representation.
func revAmount(t *rapid.T, label string) decimal.Decimal {
	v := decimal.New(rapid.Int64Range(0, 500).Draw(t, label), rapid.Int32Range(-3, 2).Draw(t, label+" exponent"))
	if rapid.Bool().Draw(t, label+" with a zero") {
		v = decimal.NewFromBigInt(new(big.Int).Mul(v.Coefficient(), big.NewInt(10)), v.Exponent()-1)
	}
	return v
}

func revCustomers(t *rapid.T) []metrics.CustomerRevenue {
	n := rapid.IntRange(0, 12).Draw(t, "customers")
	cs := make([]metrics.CustomerRevenue, n)
	for i := range cs {
		c := &cs[i]
		*c = metrics.CustomerRevenue{ID: fmt.Sprint(i), Currency: "EUR", EverPaid: rapid.Bool().Draw(t, "ever paid")}
		if rapid.Bool().Draw(t, "paid before") {
			c.Before = revAmount(t, "before")
		}
		switch rapid.IntRange(0, 2).Draw(t, "after") {
		case 1:
			c.After = revAmount(t, "after")
		case 2:
			c.After = c.Before
		}
	}
	return cs
}

func revRat(d decimal.Decimal) *big.Rat { return d.Rat() }

// revRatio is the float64 nearest to the quotient of two sums; ok is false if the second is 0.
func revRatio(num, den *big.Rat) (v float64, ok bool) {
	if den.Sign() == 0 {
		return 0, false
	}
	v, _ = new(big.Rat).Quo(num, den).Float64()
	return v, true
}

func revSame(t *rapid.T, f metrics.Figure, want float64, defined bool) {
	t.Helper()
	v, ok := f.Float()
	if ok != defined || v != want {
		t.Fatalf("%s is %v, %v (%s), want %v, %v", f.KPI, v, ok, f.Reason, want, defined)
	}
	if ok == (f.Reason != "") {
		t.Fatalf("%s has a value and a reason, or neither: %+v", f.KPI, f)
	}
}

// Brute force over the customers gives the same: the bridge balances, NRR is what the cohort pays ÷ what it paid, GRR with the
// lesser of the two, and so on.
func TestRecurring_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := revCustomers(t)
		r := accGroupLaws(t, len(cs), func(to *metrics.Recurring, i int) {
			if err := to.AddCustomer(cs[i]); err != nil {
				t.Fatal(err)
			}
		})
		if rest, ok := r.Balance(); !ok || !rest.IsZero() {
			t.Fatalf("the bridge is off by %s", rest.StringFixed(4))
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		zero := new(big.Rat)
		start, cohortEnd, capped, end, back := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
		var atStart, lost, atEnd int64
		for _, c := range cs {
			before, after := revRat(c.Before), revRat(c.After)
			end.Add(end, after)
			if after.Sign() > 0 {
				atEnd++
			}
			if before.Sign() > 0 {
				atStart++
				start.Add(start, before)
				cohortEnd.Add(cohortEnd, after)
				if after.Cmp(before) < 0 {
					capped.Add(capped, after)
				} else {
					capped.Add(capped, before)
				}
				if after.Sign() == 0 {
					lost++
				}
			} else if c.EverPaid {
				back.Add(back, after)
			}
		}
		if r.StartCustomers != atStart || r.EndCustomers != atEnd || r.ChurnedCustomers != lost {
			t.Fatalf("customers %+v, want %d at the start, %d at the end, %d lost", r, atStart, atEnd, lost)
		}
		withBack := new(big.Rat).Add(cohortEnd, back)
		for _, c := range []struct {
			f        metrics.Figure
			num, den *big.Rat
		}{
			{r.MRR(), end, big.NewRat(1, 1)},
			{r.ARR(), end, big.NewRat(1, 12)},
			{r.ARPA(), end, big.NewRat(atEnd, 1)},
			{r.NetNewMRR(), new(big.Rat).Sub(end, start), big.NewRat(1, 1)},
			{r.Growth(), new(big.Rat).Sub(end, start), start},
			{r.NRR(), cohortEnd, start},
			{r.NRRBridge(), withBack, start},
			{r.GRR(), capped, start},
			{r.RevenueChurn(), new(big.Rat).Sub(start, capped), start},
			{r.NetRevenueChurn(), new(big.Rat).Sub(start, withBack), start},
			{r.LogoChurn(0), big.NewRat(lost, 1), big.NewRat(atStart, 1)},
			{r.QuickRatioReactivation(), new(big.Rat).Sub(end, capped), new(big.Rat).Sub(start, capped)},
			{r.QuickRatio(), new(big.Rat).Sub(new(big.Rat).Sub(end, capped), back), new(big.Rat).Sub(start, capped)},
		} {
			v, ok := revRatio(c.num, c.den)
			revSame(t, c.f, v, ok)
		}
		nrr, defined := r.NRR().Float()
		grr, _ := r.GRR().Float()
		if defined && (nrr < grr || grr < 0 || grr > 1) {
			t.Fatalf("NRR %v, GRR %v", nrr, grr)
		}
		if start.Cmp(zero) == 0 != (r.NRR().Value == nil) {
			t.Fatal("NRR is undefined if, and only if, nothing recurred at the start")
		}
	})
}

// Scaling all amounts changes no rate, but for amounts of money, which scale.
func TestRecurring_scale_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := revCustomers(t)
		k := decimal.New(rapid.Int64Range(1, 50).Draw(t, "scale"), rapid.Int32Range(-2, 2).Draw(t, "scale exponent"))
		var a, b metrics.Recurring
		for _, c := range cs {
			scaled := c
			scaled.Before, scaled.After = c.Before.Mul(k), c.After.Mul(k)
			if err := errors.Join(a.AddCustomer(c), b.AddCustomer(scaled)); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []func(metrics.Recurring) metrics.Figure{
			metrics.Recurring.NRR, metrics.Recurring.NRRBridge, metrics.Recurring.GRR, metrics.Recurring.RevenueChurn,
			metrics.Recurring.NetRevenueChurn, metrics.Recurring.QuickRatio, metrics.Recurring.QuickRatioReactivation, metrics.Recurring.Growth,
		} {
			v, ok := f(a).Float()
			revSame(t, f(b), v, ok)
		}
	})
}

// Amounts of two currencies never meet, whoever comes first, and nothing changes when they would.
func TestRecurring_currency_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := metrics.CustomerRevenue{ID: "a", Currency: "EUR", Before: decimal.New(rapid.Int64Range(1, 9).Draw(t, "a"), 0)}
		other := rapid.SampledFrom([]string{"", "USD", "eur"}).Draw(t, "currency")
		b := metrics.CustomerRevenue{ID: "b", Currency: other, After: d("1")}
		if rapid.Bool().Draw(t, "swap") {
			a, b = b, a
		}
		var r, o metrics.Recurring
		if err := errors.Join(r.AddCustomer(a), o.AddCustomer(b)); err != nil {
			t.Fatal(err)
		}
		before := accBinary(t, r)
		if err := r.AddCustomer(b); !errors.Is(err, metrics.ErrInput) {
			t.Fatalf("AddCustomer: %v, want ErrInput", err)
		}
		if err := r.Merge(&o); !errors.Is(err, metrics.ErrMismatch) {
			t.Fatalf("Merge: %v, want ErrMismatch", err)
		}
		if err := r.Sub(&o); !errors.Is(err, metrics.ErrMismatch) {
			t.Fatalf("Sub: %v, want ErrMismatch", err)
		}
		e, f := metrics.Efficiency{Currency: a.Currency, Spend: d("1")}, metrics.Efficiency{Currency: b.Currency, Spend: d("1")}
		if err := e.Merge(&f); !errors.Is(err, metrics.ErrMismatch) {
			t.Fatalf("Merge: %v, want ErrMismatch", err)
		}
		cs := []metrics.Contract{
			{Currency: a.Currency, Value: d("1"), Months: 12, Start: on("2024-01-01")},
			{Currency: b.Currency, Value: d("1"), Months: 12, Start: on("2020-01-01")},
		}
		if _, err := metrics.ActiveARR(cs, on("2024-02-01")); !errors.Is(err, metrics.ErrInput) {
			t.Fatalf("ActiveARR: %v, want ErrInput", err)
		}
		if accBinary(t, r) != before {
			t.Fatal("an error has changed the value")
		}
	})
}

// What was not added cannot be taken away.
func TestRecurring_Sub(t *testing.T) {
	var r, o metrics.Recurring
	check(r.AddCustomer(metrics.CustomerRevenue{Currency: "EUR", Before: d("10"), After: d("20")}))
	check(o.AddCustomer(metrics.CustomerRevenue{Currency: "EUR", Before: d("10"), After: d("10")}))
	check(o.AddCustomer(metrics.CustomerRevenue{Currency: "EUR", After: d("10")}))
	before := accBinary(t, r)
	if err := r.Sub(&o); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, r) != before {
		t.Errorf("Sub: %v, want ErrMismatch and no change", err)
	}
	richer := metrics.Recurring{Currency: "EUR", Start: d("11"), End: d("11"), StartCustomers: 1, EndCustomers: 1}
	if err := r.Sub(&richer); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, r) != before {
		t.Errorf("Sub: %v, want ErrMismatch and no change", err)
	}
	check(errors.Join(r.Merge(nil), r.Sub(nil), r.Sub(&r)))
	if accBinary(t, r) != accBinary(t, metrics.Recurring{}) {
		t.Errorf("a value less itself is %+v", r)
	}
}

// A bridge that was filled by hand is checked before it is believed.
func TestRecurring_Check(t *testing.T) {
	good := metrics.Recurring{
		Currency: "EUR", Start: d("100"), New: d("5"), Churn: d("10"), End: d("95"),
		StartCustomers: 3, NewCustomers: 1, ChurnedCustomers: 1, EndCustomers: 3,
	}
	check(good.Check())
	for name, change := range map[string]func(r *metrics.Recurring){
		"no end":               func(r *metrics.Recurring) { r.End = decimal.Decimal{} },
		"churn as a loss":      func(r *metrics.Recurring) { r.Churn, r.End = d("-10"), d("115") },
		"lost more than start": func(r *metrics.Recurring) { r.New, r.Churn, r.End = d("105"), d("110"), d("95") },
		"customers off":        func(r *metrics.Recurring) { r.EndCustomers = 4 },
		"customers negative":   func(r *metrics.Recurring) { r.ChurnedCustomers, r.EndCustomers = -1, 5 },
		"more moved than were": func(r *metrics.Recurring) { r.ExpandedCustomers = 3 },
		"out of bounds":        func(r *metrics.Recurring) { r.End = decimal.New(1, 1_000_000_000) },
	} {
		r := good
		change(&r)
		if err := r.Check(); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: Check: %v, want ErrInput", name, err)
		}
		if _, err := r.MarshalBinary(); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: MarshalBinary: %v, want ErrInput", name, err)
		}
		if _, err := r.MarshalJSON(); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: MarshalJSON: %v, want ErrInput", name, err)
		}
		for _, f := range []metrics.Figure{r.NRR(), r.LogoChurn(0), r.MRR(), r.QuickRatio()} {
			if f.Value != nil || f.Reason == "" {
				t.Errorf("%s: %s has a value", name, f.KPI)
			}
		}
	}
}

// S: cancelling one of several subscriptions is contraction; who comes back is no new customer; who comes and goes was not there.
func TestS40_movementsPerCustomer(t *testing.T) {
	add := func(c metrics.CustomerRevenue) (r metrics.Recurring) {
		check(r.AddCustomer(c))
		return r
	}
	r := add(metrics.CustomerRevenue{Before: d("70"), After: d("30")})
	if !r.Contraction.Equal(d("40")) || !r.Churn.IsZero() || r.ContractedCustomers != 1 {
		t.Errorf("one subscription of two cancelled: %+v", r)
	}
	r = add(metrics.CustomerRevenue{After: d("30"), EverPaid: true})
	if !r.Reactivation.Equal(d("30")) || !r.New.IsZero() || r.ReactivatedCustomers != 1 {
		t.Errorf("back after a pause: %+v", r)
	}
	if r := add(metrics.CustomerRevenue{Currency: "EUR", EverPaid: true}); accBinary(t, r) != accBinary(t, metrics.Recurring{}) {
		t.Errorf("neither before nor after: %+v", r)
	}
}

func revEfficiency(t *rapid.T) metrics.Efficiency {
	e := metrics.Efficiency{
		Currency:     "EUR",
		NewCustomers: rapid.Int64Range(0, 5).Draw(t, "new customers"), Customers: rapid.Int64Range(0, 50).Draw(t, "customers"),
		GrossMargin: metrics.Ratio[decimal.Decimal]{Num: revAmount(t, "gross profit"), Den: revAmount(t, "margin of")},
	}
	for i, to := range []*decimal.Decimal{
		&e.Spend, &e.SpendBefore, &e.NewMRR, &e.MRR, &e.NetNewARR, &e.GrossNewARR,
		&e.Revenue, &e.RevenueBefore, &e.RevenueYearAgo, &e.Profit, &e.NetBurn,
	} {
		*to = revAmount(t, "amount")
		if i > 3 && rapid.Bool().Draw(t, "negative") {
			*to = to.Neg()
		}
	}
	return e
}

// The figures are those of the sums, computed in the obvious way; merged parts have the figures of the merged sums.
func TestEfficiency_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		es := make([]metrics.Efficiency, rapid.IntRange(0, 4).Draw(t, "regions"))
		for i := range es {
			es[i] = revEfficiency(t)
		}
		e := *accGroupLaws(t, len(es), func(to *metrics.Efficiency, i int) {
			if err := to.Merge(&es[i]); err != nil {
				t.Fatal(err)
			}
		})
		lag := metrics.Lag(rapid.Bool().Draw(t, "lag"))
		spend := revRat(e.Spend)
		if lag == metrics.PeriodBefore {
			spend = revRat(e.SpendBefore)
		}
		churn := metrics.Ratio[decimal.Decimal]{Num: revAmount(t, "lost"), Den: revAmount(t, "of")}
		mul := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
		sub := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
		n := func(v int64) *big.Rat { return big.NewRat(v, 1) }
		margin := e.GrossMargin
		profit, of := revRat(margin.Num), revRat(margin.Den)
		lost, base := revRat(churn.Num), revRat(churn.Den)
		life, lifeDen := mul(mul(revRat(e.MRR), profit), base), mul(mul(n(e.Customers), of), lost)
		hasMargin := profit.Sign() > 0 && of.Sign() > 0
		hasLife := hasMargin && e.MRR.Sign() > 0 && lifeDen.Sign() > 0 && base.Sign() > 0
		rev, ago := revRat(e.Revenue), revRat(e.RevenueYearAgo)
		for _, c := range []struct {
			f        metrics.Figure
			num, den *big.Rat
			defined  bool
		}{
			{e.CAC(lag), spend, n(e.NewCustomers), true},
			{e.CACPaybackSimple(lag), spend, revRat(e.NewMRR), true},
			{e.CACPayback(lag), mul(spend, of), mul(revRat(e.NewMRR), profit), hasMargin},
			{e.LTV(&churn), life, lifeDen, hasLife},
			{e.LTVToCAC(&churn, lag), mul(life, n(e.NewCustomers)), mul(lifeDen, spend), hasLife && e.NewCustomers > 0},
			{e.MagicNumber(lag), mul(n(4), sub(rev, revRat(e.RevenueBefore))), spend, true},
			{e.MagicNumberARR(lag), revRat(e.NetNewARR), spend, true},
			{e.MagicNumberGrossARR(lag), revRat(e.GrossNewARR), spend, true},
			{e.BurnMultiple(), revRat(e.NetBurn), revRat(e.NetNewARR), e.NetNewARR.Sign() > 0},
			{
				e.RuleOf40(), new(big.Rat).Add(mul(sub(rev, ago), rev), mul(revRat(e.Profit), ago)), mul(ago, rev),
				rev.Sign() > 0 && ago.Sign() > 0,
			},
		} {
			v, ok := 0.0, false
			if c.defined {
				v, ok = revRatio(c.num, c.den)
			}
			revSame(t, c.f, v, ok)
		}
		if f := e.LTV(nil); f.Value != nil {
			t.Fatal("no churn rate gives a lifetime")
		}
	})
}

// S: without churn a lifetime has no end, a negative net churn makes it no better, and a spend says of which period it is if that
// is not the usual one.
func TestS41_undefined(t *testing.T) {
	e := metrics.Efficiency{
		Customers: 10, MRR: d("1000"), GrossMargin: revShare("80", "100"), Spend: d("500"), SpendBefore: d("400"),
		NewCustomers: 5, NewMRR: d("100"),
	}
	for _, churn := range []metrics.Ratio[decimal.Decimal]{
		revShare("0", "100"), revShare("-1", "100"), revShare("1", "0"), revShare("1", "-10"), {},
	} {
		if f := e.LTV(&churn); f.Value != nil || f.Reason == "" {
			t.Errorf("churn of %v gives %v", churn, f)
		}
	}
	if f := e.CAC(metrics.PeriodBefore); len(f.Notes) != 1 || *f.Value != 80 {
		t.Errorf("CAC of the period before: %+v", f)
	}
	if f := e.CAC(metrics.SamePeriod); len(f.Notes) != 0 || *f.Value != 100 {
		t.Errorf("CAC: %+v", f)
	}
	if f := e.MagicNumber(metrics.SamePeriod); len(f.Notes) != 1 {
		t.Errorf("magic number without lag: %+v", f)
	}
	for _, margin := range []string{"0", "-5"} {
		e.GrossMargin = revShare(margin, "100")
		if f := e.CACPayback(metrics.SamePeriod); f.Value != nil {
			t.Errorf("a margin of %s gives %v", margin, f)
		}
	}
}

// With a constant churn and no discount the sum over the months comes to margin ÷ churn; a horizon gives less, a discount
// less still, and a longer horizon more.
func TestEfficiency_LTVHorizon_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := metrics.Efficiency{
			Currency: "EUR", Customers: rapid.Int64Range(1, 9).Draw(t, "customers"), MRR: revAmount(t, "MRR").Add(d("1")),
			GrossMargin: revShare("3", "4"),
		}
		c := rapid.Int64Range(1, 90).Draw(t, "churn")
		churn := metrics.Ratio[decimal.Decimal]{Num: decimal.New(c, 0), Den: decimal.New(100, 0)}
		ltv, _ := e.LTV(&churn).Float()
		survival := []float64{1}
		for len(survival) < 5000 {
			survival = append(survival, survival[len(survival)-1]*(1-float64(c)/100))
		}
		value := func(months int, discount float64) float64 {
			f, err := e.LTVHorizon(survival[:months], discount)
			if err != nil {
				t.Fatal(err)
			}
			v, ok := f.Float()
			if !ok {
				t.Fatal(f.Reason)
			}
			return v
		}
		if all := value(5000, 0); math.Abs(all-ltv) > 1e-12*ltv*100 {
			t.Fatalf("the sum is %v, the quotient %v", all, ltv)
		}
		n := rapid.IntRange(2, 60).Draw(t, "months")
		plain, discounted, shorter := value(n, 0), value(n, 0.01), value(n-1, 0)
		slow := 0.0
		for i, s := range survival[:n] {
			slow += s / math.Pow(1.01, float64(i))
		}
		month := value(1, 0)
		if discounted >= plain || shorter > plain || math.Abs(discounted-slow*month) > 1e-12*plain*10 {
			t.Fatalf("%d months: %v, discounted %v (%v), one month less %v", n, plain, discounted, slow*month, shorter)
		}
	})
}

// The churn of days: one day is its share; compounding is the product; the sum is no less.
func TestDailyChurn_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := make([]metrics.Ratio[int64], rapid.IntRange(0, 31).Draw(t, "days"))
		kept, sum, counted := 1.0, 0.0, int64(0)
		for i := range days {
			days[i].Den = rapid.Int64Range(0, 1000).Draw(t, "start")
			days[i].Num = rapid.Int64Range(0, days[i].Den).Draw(t, "lost")
			if days[i].Den > 0 {
				kept *= 1 - float64(days[i].Num)/float64(days[i].Den)
				sum += float64(days[i].Num) / float64(days[i].Den)
				counted++
			}
		}
		product, total := metrics.DailyChurnOf(days), metrics.DailyChurnSumOf(days)
		p, ok := product.Float()
		s, okSum := total.Float()
		if ok != (counted > 0) || okSum != ok || product.N != counted {
			t.Fatalf("defined %v, %v with %d days", ok, okSum, counted)
		}
		if ok && (math.Abs(p-(1-kept)) > 1e-12 || math.Abs(s-sum) > 1e-12 || p > s+1e-12 || p < 0 || p > 1) {
			t.Fatalf("compounded %v, want %v; summed %v, want %v", p, 1-kept, s, sum)
		}
	})
	for _, bad := range []metrics.Ratio[int64]{{Num: 3, Den: 2}, {Num: 1, Den: 0}, {Num: -2, Den: -1}} {
		if f := metrics.DailyChurnOf([]metrics.Ratio[int64]{{Num: 1, Den: 2}, bad}); f.Value != nil {
			t.Errorf("a day of %v gives %v", bad, *f.Value)
		}
	}
}

// ARR is the sum over the contracts that run, one by one; MRR is a twelfth of it.
func TestActiveARR_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := make([]metrics.Contract, rapid.IntRange(0, 8).Draw(t, "contracts"))
		day := on("2024-06-15").AddDays(rapid.IntRange(-400, 400).Draw(t, "day"))
		want, running := new(big.Rat), int64(0)
		for i := range cs {
			cs[i] = metrics.Contract{
				ID: fmt.Sprint(i), Currency: "EUR", Value: revAmount(t, "value"), Months: rapid.IntRange(1, 40).Draw(t, "months"),
				Start: on("2024-01-31").AddDays(rapid.IntRange(-800, 400).Draw(t, "start")),
			}
			c := cs[i]
			each := new(big.Rat).Mul(revRat(c.Value), big.NewRat(12, int64(c.Months)))
			v, _ := each.Float64()
			revSame(t, c.ACV(), v, true)
			asSold, _ := c.ACVAsSold().Float()
			if c.Months >= 12 && asSold != v || c.Months < 12 && !(asSold <= v) {
				t.Fatalf("%d months: %v as sold, %v annualised", c.Months, asSold, v)
			}
			monthly, _ := new(big.Rat).Mul(each, big.NewRat(1, 12)).Float64()
			revSame(t, c.MonthlyValue(), monthly, true)
			if (salesops.Period{Start: c.Start, End: c.End()}).Contains(day) {
				want.Add(want, each)
				running++
			}
		}
		f, err := metrics.ActiveARR(cs, day)
		if err != nil || f.N != running {
			t.Fatalf("%d run (%v), want %d", f.N, err, running)
		}
		v, _ := want.Float64()
		revSame(t, f, v, true)
	})
}

// Growth and compounding undo each other.
func TestGrowth_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := metrics.Growth{From: revAmount(t, "from"), To: revAmount(t, "to")}
		if rapid.Bool().Draw(t, "negative") {
			g.From = g.From.Neg()
		}
		from, to := revRat(g.From), revRat(g.To)
		v, ok := revRatio(new(big.Rat).Sub(to, from), new(big.Rat).Abs(from))
		f := g.Rate()
		revSame(t, f, v, ok)
		if noted := len(f.Notes) > 0; noted != (from.Sign()*to.Sign() < 0) {
			t.Fatalf("notes %v", f.Notes)
		}
		years := rapid.Float64Range(0.25, 40).Draw(t, "years")
		c, ok := g.CAGR(years).Float()
		if ok != (from.Sign() > 0 && to.Sign() > 0) {
			t.Fatalf("CAGR defined: %v", ok)
		}
		if ok {
			q, _ := new(big.Rat).Quo(to, from).Float64()
			if back := math.Pow(1+c, years); math.Abs(back-q) > 1e-12*q*100 && c > -1+1e-6 {
				t.Fatalf("%v over %v years is %v, want %v", c, years, back, q)
			}
			if one, _ := g.CAGR(1).Float(); math.Abs(one-v) > 1e-13*(1+math.Abs(v))*10 {
				t.Fatalf("over a year %v, want %v", one, v)
			}
		}
	})
}

// The rate keeps its digits where the quotient is next to 1, and where it is tiny or huge.
func TestGrowth_CAGR(t *testing.T) {
	for _, c := range []struct {
		from, to    string
		years, want float64
	}{
		{"1000000000000000", "1000000000000001", 1, 1e-15},
		{"1000000000000000000", "0.000000000000000001", 36, -0.9},
		{"0.000000000000000001", "1000000000000000000", 36, 9},
	} {
		v, ok := metrics.Growth{From: d(c.from), To: d(c.to)}.CAGR(c.years).Float()
		if !ok || math.Abs(v-c.want) > 1e-14*math.Abs(c.want) {
			t.Errorf("from %s to %s: %v, want %v", c.from, c.to, v, c.want)
		}
	}
}

// By the day a shorter month with fewer leads may still be growth.
func TestS42_leadVelocityPerDay(t *testing.T) {
	jan, feb := metrics.LeadMonth{Qualified: 100, Days: 31}, metrics.LeadMonth{Qualified: 95, Days: 28}
	revWant(t, metrics.LeadVelocity(jan, feb), metrics.LeadVelocityRate, -0.05, 0)
	revWant(t, metrics.LeadVelocityPerDay(jan, feb), metrics.LeadVelocityRateDaily, 95.0/28/(100.0/31)-1, 1e-15)
	for _, f := range []metrics.Figure{
		metrics.LeadVelocity(metrics.LeadMonth{}, feb), metrics.LeadVelocity(jan, metrics.LeadMonth{Qualified: -1}),
		metrics.LeadVelocityPerDay(jan, metrics.LeadMonth{Qualified: 1}),
	} {
		if f.Value != nil || f.Reason == "" {
			t.Errorf("got %+v", f)
		}
	}
}
