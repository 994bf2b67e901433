package comp_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// rates are fixed: "EUR/USD 2026-01-05", or "EUR/USD" on any day, to a rate.
func rates(table map[string]string) func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
	return func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
		text, ok := table[from+"/"+to+" "+on.String()]
		if !ok {
			text, ok = table[from+"/"+to]
		}
		if !ok {
			return decimal.Decimal{}, false
		}
		return d(text), true
	}
}

func in(currency, id, date, amount string) comp.Credit {
	c := booking(id, date, amount)
	c.Currency = currency
	return c
}

// Odoo Enterprise, user test of sale_commission: a sale of 2,000 NC, at 2 NC for 1 of
// the company's currency, counts 1,000.
func TestE64_converted(t *testing.T) {
	got, err := comp.Convert([]comp.Credit{in("NC", "d", "2026-01-05", "2000")}, "USD", rates(map[string]string{"NC/USD": "0.5"}))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "amount", got[0].Amount, "1000")
}

func TestConvert(t *testing.T) {
	table := rates(map[string]string{
		"EUR/USD 2026-01-05": "1.08123", "EUR/USD 2026-02-05": "1.1", "USD/GBP": "0.8", "JPY/USD": "0.0065",
	})
	eur := in("EUR", "eur", "2026-01-05", "100.55")
	eur.Margin, eur.Units, eur.Tags, eur.Share, eur.Via, eur.Kind = d("-10"), d("3"), comp.Tags{"a": "b"}, d("0.5"), "rule", comp.Overlay
	refund := in("EUR", "back", "2026-02-05", "-100.55")
	refund.Ref, refund.Event = "eur", comp.Refund
	credits := []comp.Credit{eur, in("USD", "usd", "2026-01-05", "5.005"), refund, in("JPY", "jpy", "2026-01-05", "0")}
	before := snapshot(t, credits)
	got, err := comp.Convert(credits, "USD", table)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]comp.Credit, len(credits))
	copy(want, credits)
	// The product, unrounded; units, tags, share and kind stay.
	want[0].Currency, want[0].Amount, want[0].Margin = "USD", d("108.7176765"), d("-10.8123")
	want[0].FX = &comp.FX{From: "EUR", Rate: d("1.08123"), Amount: d("100.55")}
	// A refund has the rate of its own day.
	want[2].Currency, want[2].Amount, want[2].FX = "USD", d("-110.605"), &comp.FX{From: "EUR", Rate: d("1.1"), Amount: d("-100.55")}
	want[3].Currency, want[3].FX = "USD", &comp.FX{From: "JPY", Rate: d("0.0065")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	// Again, into another currency: the record is that of the original.
	again, err := comp.Convert(got, "GBP", table)
	if err != nil {
		t.Fatal(err)
	}
	want[0].Currency, want[0].Amount, want[0].Margin = "GBP", d("86.9741412"), d("-8.64984")
	want[0].FX = &comp.FX{From: "EUR", Rate: d("0.864984"), Amount: d("100.55")}
	if diff := cmp.Diff(want[0], again[0]); diff != "" {
		t.Errorf("converted twice (-want +got)\n%s", diff)
	}
	if usd := again[1].FX; usd == nil || usd.From != "USD" {
		t.Errorf("the credit in USD has the record %+v", usd)
	}

	// What comes back is not what went in.
	for i := range again {
		again[i].FX.From = "changed"
	}
	if got[0].FX.From != "EUR" {
		t.Error("the result shares its FX with the argument")
	}
	idle, err := comp.Convert(got, "USD", table)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, idle); diff != "" {
		t.Errorf("in the currency already (-want +got)\n%s", diff)
	}
	idle[0].FX.From = "changed"
	if got[0].FX.From != "EUR" {
		t.Error("a credit in the currency already shares its FX with the argument")
	}
	if after := snapshot(t, credits); after != before {
		t.Errorf("the argument was changed:\n%s\n%s", before, after)
	}
}

// The rate is asked for once for each currency and day.
func TestConvert_asksOnce(t *testing.T) {
	asked := map[string]int{}
	rate := func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
		asked[from+to+on.String()]++
		return d("2"), true
	}
	var credits []comp.Credit
	for i := range 12 {
		credits = append(credits, in([]string{"EUR", "USD", "GBP"}[i%3], fmt.Sprint(i), []string{"2026-01-05", "2026-01-06"}[i/6], "1"))
	}
	if _, err := comp.Convert(credits, "USD", rate); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"EURUSD2026-01-05": 1, "EURUSD2026-01-06": 1, "GBPUSD2026-01-05": 1, "GBPUSD2026-01-06": 1}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestConvert_errors(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	with := func(change func(*comp.Credit)) comp.Credit {
		c := in("EUR", "d", "2026-01-05", "1")
		change(&c)
		return c
	}
	table := rates(map[string]string{"EUR/USD": "1.1", "ZERO/USD": "0", "NEG/USD": "-1", "TINY/USD": "1e-18"})
	rate := func(from, to string, on salesops.Date) (decimal.Decimal, bool) {
		if from == "HUGE" {
			return huge, true
		}
		return table(from, to, on)
	}
	for _, x := range []struct {
		name    string
		credits []comp.Credit
		to      string
		rate    func(from, to string, on salesops.Date) (decimal.Decimal, bool)
		want    []string
	}{
		{"arguments", nil, "", nil, []string{`comp: to must name a currency`, `comp: rate must be set`}},
		{
			"rates",
			[]comp.Credit{
				in("CHF", "a", "2026-01-05", "1"), in("CHF", "b", "2026-01-05", "1"), in("CHF", "c", "2026-01-06", "1"),
				in("ZERO", "d", "2026-01-05", "1"), in("NEG", "e", "2026-01-05", "1"), in("HUGE", "f", "2026-01-05", "1"), in("CHF", "g", "2026-01-05", "1"),
			},
			"USD", rate,
			[]string{
				`comp: payee ana: deal a: credits/0/currency "CHF" has no rate to USD on 2026-01-05 that can be used: there is none`,
				`comp: payee ana: deal c: credits/2/currency "CHF" has no rate to USD on 2026-01-06 that can be used: there is none`,
				`comp: payee ana: deal d: credits/3/currency "ZERO" has no rate to USD on 2026-01-05 that can be used: it is 0, and must be positive`,
				`comp: payee ana: deal e: credits/4/currency "NEG" has no rate to USD on 2026-01-05 that can be used: it is −1, and must be positive`,
				`comp: payee ana: deal f: credits/5/currency "HUGE" has no rate to USD on 2026-01-05 that can be used: it is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
			},
		},
		{
			"credits",
			[]comp.Credit{
				with(func(c *comp.Credit) { c.Currency = "" }),
				with(func(c *comp.Credit) { c.Date = salesops.Date{} }),
				with(func(c *comp.Credit) { c.Amount, c.Margin, c.FX = huge, huge, &comp.FX{Rate: huge, Amount: huge} }),
			},
			"USD", rate,
			[]string{
				`comp: payee ana: deal d: credits/0/currency must not be empty`,
				`comp: payee ana: deal d: credits/1/date must be set`,
				`comp: payee ana: deal d: credits/2/amount is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal d: credits/2/margin is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal d: credits/2/fx/rate is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
				`comp: payee ana: deal d: credits/2/fx/amount is out of bounds: an exponent within ±18 and at most 36 digits are allowed`,
			},
		},
		{
			"results",
			[]comp.Credit{
				in("TINY", "d", "2026-01-05", "0.01"),
				with(func(c *comp.Credit) { c.Margin = d("999999999999999999999999999999999999") }),
				with(func(c *comp.Credit) { c.Currency, c.Amount, c.FX = "TINY", d("1"), &comp.FX{Rate: d("0.1")} }),
				in("TINY", "fits", "2026-01-05", "100"),
			},
			"USD", rate,
			[]string{
				`comp: payee ana: deal d: credits/0/amount times the rate 0.000000000000000001 of 2026-01-05 is out of bounds; round the rate`,
				`comp: payee ana: deal d: credits/1/margin times the rate 1.1 of 2026-01-05 is out of bounds; round the rate`,
				`comp: payee ana: deal d: credits/2/fx/rate times the rate 0.000000000000000001 of 2026-01-05 is out of bounds; round the rate`,
			},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := comp.Convert(x.credits, x.to, x.rate)
			if diff := cmp.Diff(x.want, faultLines(err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !errors.Is(err, comp.ErrInput) || got != nil {
				t.Errorf("the error is not ErrInput, or there are %d results besides", len(got))
			}
		})
	}
}

// Conversion is a product with the rate of the day: nothing is rounded, shares and
// units stay, a rate of 1 leaves the record alone behind, and order does not matter:
// splitting or rolling up before or after differs by less than a unit for each part.
func TestLawConvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		credits := drawCredits(t)
		table := map[salesops.Date]decimal.Decimal{}
		for _, c := range credits {
			if _, ok := table[c.Date]; !ok {
				table[c.Date] = written(t, "rate", rapid.IntRange(1, 30000).Draw(t, "rate"), 4)
			}
		}
		rate := func(_, _ string, on salesops.Date) (decimal.Decimal, bool) { r, ok := table[on]; return r, ok }
		before := snapshotOf(credits)
		got, err := comp.Convert(credits, "EUR", rate)
		if err != nil {
			t.Fatal(err)
		}
		if after := snapshotOf(credits); after != before {
			t.Fatalf("the argument was changed:\n%s\n%s", before, after)
		}
		for i, c := range credits {
			r := table[c.Date]
			c.FX = &comp.FX{From: c.Currency, Rate: r, Amount: c.Amount}
			c.Currency, c.Amount, c.Margin = "EUR", c.Amount.Mul(r), c.Margin.Mul(r)
			if diff := cmp.Diff(c, got[i]); diff != "" {
				t.Fatalf("credit %d (-want +got)\n%s", i, diff)
			}
		}

		// Rolled up before and after.
		chart := drawChart(t, chartPeople, false)
		first, err := comp.Convert(mustRollUp(t, credits, chart), "EUR", rate)
		if err != nil {
			t.Fatal(err)
		}
		then := mustRollUp(t, got, chart)
		if len(first) != len(then) {
			t.Fatalf("%d and %d rolled up", len(first), len(then))
		}
		for i, c := range then {
			unit := d("0.01").Mul(table[c.Date]).Add(d("0.01"))
			if off := c.Amount.Sub(first[i].Amount).Abs(); off.GreaterThan(unit) || c.Payee != first[i].Payee || !c.Share.Equal(first[i].Share) {
				t.Fatalf("rolled up first: %+v, converted first: %+v", first[i], c)
			}
			if off := c.FX.Amount.Sub(first[i].FX.Amount).Abs(); off.GreaterThan(d("0.01")) {
				t.Fatalf("rolled up first: %+v, converted first: %+v", first[i].FX, c.FX)
			}
		}
	})
}

func TestConvert_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var credits []comp.Credit
		for range rapid.IntRange(0, 4).Draw(t, "credits") {
			credits = append(credits, drawHostileCredit(t))
		}
		rate := func(_, _ string, _ salesops.Date) (decimal.Decimal, bool) {
			return drawHostile(t, "rate"), !chance(t, "none", 5)
		}
		if _, err := comp.Convert(credits, pick(t, "to", "", "USD"), rate); err != nil && !allInput(err) {
			t.Fatal(err)
		}
	})
}

// Two credits of three are in other currencies, on 365 days.
func BenchmarkConvert(b *testing.B) {
	rate := func(_, _ string, _ salesops.Date) (decimal.Decimal, bool) { return d("1.0837"), true }
	for _, n := range []int{100, 10_000, 1_000_000} {
		credits := make([]comp.Credit, n)
		for i := range credits {
			credits[i] = in([]string{"EUR", "USD", "GBP"}[i%3], "d", "2026-01-01", "0")
			credits[i].Date, credits[i].Amount = credits[i].Date.AddDays(i*7%365), decimal.New(int64(i)*7919%1_000_000, -2)
		}
		b.Run(fmt.Sprintf("credits=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := comp.Convert(credits, "USD", rate); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/credit")
		})
	}
}
