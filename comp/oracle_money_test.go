package comp_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
)

// allocates checks how a total falls apart, and that its negative is the mirror.
func allocates(t *testing.T, places int32, total string, weights, want []decimal.Decimal) {
	t.Helper()
	for _, sign := range []decimal.Decimal{decimal.New(1, 0), decimal.New(-1, 0)} {
		got, err := comp.Allocate(d(total).Mul(sign), weights, places)
		if err != nil {
			t.Errorf("Allocate(%s): %v", total, err)
			continue
		}
		if len(got) != len(want) {
			t.Fatalf("Allocate(%s) has %d parts, want %d", total, len(got), len(want))
		}
		for i := range want {
			if !got[i].Equal(want[i].Mul(sign)) {
				t.Errorf("Allocate(%s × %s), part %d = %s, want %s", sign.StringFixed(0), total, i, got[i].StringFixed(places), want[i].Mul(sign).StringFixed(places))
			}
		}
	}
}

// dinero.js issues 144 and 776, brick/money issue 62, moneyphp issue 492: what
// users expect a split to be.
func TestE50_largestRemainder(t *testing.T) {
	allocates(t, 2, "10.03", decimals("49", "51"), decimals("4.91", "5.12"))
	allocates(t, 2, "0.03", decimals("75", "25"), decimals("0.02", "0.01"))
	allocates(t, 2, "99.99", decimals("75", "25"), decimals("74.99", "25.00"))
	allocates(t, 0, "5", decimals("100", "101", "100", "100"), decimals("1", "2", "1", "1"))
}

// go-money, tests of Allocate and Split.
func TestE51_tiesGoToTheFirst(t *testing.T) {
	allocates(t, 0, "100", decimals("30", "30", "30"), decimals("34", "33", "33"))
	allocates(t, 0, "5", decimals("50", "25", "25"), decimals("3", "1", "1"))
	allocates(t, 0, "-101", decimals("1", "1", "1", "1"), decimals("-26", "-25", "-25", "-25"))
	allocates(t, 0, "10", decimals("0", "100"), decimals("0", "10"))
}

// numscript, script test source-allotment, gives the rest to the first in order:
// 61, 35 and 4. The largest remainder is that of 35.5.
func TestE52_notToTheFirst(t *testing.T) {
	allocates(t, 0, "100", decimals("60", "35.5", "4.5"), decimals("60", "36", "4"))
}

// Dokan pull request 3324: 30 % of 6.45 is 1.935. One side is rounded, half away
// from zero, and the other gets the rest.
func TestE53_halfAwayFromZero(t *testing.T) {
	for _, x := range []struct {
		mode comp.RoundingMode
		want string
	}{{"", "1.94"}, {comp.HalfUp, "1.94"}, {comp.HalfEven, "1.94"}, {comp.Down, "1.93"}} {
		plan := flat("0.30", nil)
		plan.Rounding.Mode = x.mode
		for sign, amount := range map[string]string{"": "6.45", "-": "-6.45"} {
			st := openBooks(t, plan, payee("0")).close("2026-01-01", booking("a", "2026-01-10", amount))
			same(t, string(x.mode)+" commission of "+amount, st.Net, sign+x.want)
		}
	}
	same(t, "the rest", d("6.45").Sub(d("1.94")), "4.51")
	allocates(t, 2, "6.45", decimals("30", "70"), decimals("1.94", "4.51"))
}

// KDesk, "How to Capitalize Sales Commissions (ASC 606)".
func TestE63_amortized(t *testing.T) {
	for _, x := range []struct {
		total  string
		months int
		each   string
		count  int
	}{{"15000", 36, "416.67", 36}, {"8000", 24, "333.33", 24}, {"3000", 6, "3000", 1}} {
		parts, err := comp.Amortize(d(x.total), on("2026-01-15"), x.months, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(parts) != x.count {
			t.Fatalf("%s over %d months has %d instalments, want %d", x.total, x.months, len(parts), x.count)
		}
		sum := decimal.Decimal{}
		for i, p := range parts {
			sum = sum.Add(p.Amount)
			if i < len(parts)-1 {
				same(t, x.total+" a month", p.Amount, x.each)
			}
			same(t, "left of "+x.total, p.Left.Add(sum), x.total)
			if want := on("2026-01-15").AddMonths(i); p.On != want {
				t.Errorf("instalment %d is on %s, want %s", i, p.On, want)
			}
		}
		same(t, "sum of "+x.total, sum, x.total)
		same(t, "last of "+x.total, parts[len(parts)-1].Amount, map[string]string{"15000": "416.55", "8000": "333.41", "3000": "3000"}[x.total])
	}
}
