package comp_test

import (
	"testing"

	"github.com/salesops-go/salesops/comp"
)

// openmeter, tests of tiered price calculators: what a move of the position pays.
func TestE15_moves(t *testing.T) {
	c := bands(comp.Marginal, comp.Above, []string{"0", "1"}, []string{"5", "2"}, []string{"10", "3"})
	for _, edge := range []comp.Edge{comp.Above, comp.At} {
		c.Edge = edge
		wantPays(t, c, "", [2]string{"3", "3"}, [2]string{"7", "9"})
		wantPays(t, c, "", [2]string{"3", "3"}, [2]string{"12", "21"})
		wantPays(t, c, "", [2]string{"5", "5"}, [2]string{"3", "3"})
		wantPays(t, c, "", [2]string{"7", "9"}, [2]string{"3", "3"})
		for _, m := range [][3]string{{"0", "3", "3"}, {"3", "7", "6"}, {"3", "12", "18"}, {"5", "3", "-2"}, {"7", "3", "-6"}} {
			gain, _ := c.Between(d(m[0]), d(m[1]))
			same(t, "from "+m[0]+" to "+m[1], gain, m[2])
		}
	}
}

// openmeter, the same with flat sums: each is earned once, on reaching its band.
func TestE16_flatOnce(t *testing.T) {
	c := bands(comp.Marginal, comp.Above, []string{"0", "1", "100"}, []string{"5", "2", "200"}, []string{"10", "3"})
	wantPays(t, c, "", [2]string{"3", "103"}, [2]string{"4", "104"})
	wantPays(t, c, "", [2]string{"3", "103"}, [2]string{"7", "309"})
	gain, parts := c.Between(d("3"), d("7"))
	same(t, "from 3 to 7", gain, "206")
	sumsTo(t, "from 3 to 7", parts, d("206"))

	b := openBooks(t, flatPlan(c), payee("0"))
	same(t, "position 3", b.close("2026-01-01", booking("a", "2026-01-05", "3")).Net, "103")
	same(t, "then 4", b.close("2026-02-01", booking("b", "2026-02-05", "1")).Net, "1")
	same(t, "then 7", b.close("2026-03-01", booking("c", "2026-03-05", "3")).Net, "205")
	same(t, "then nothing", b.close("2026-04-01").Net, "0")
}

func flatPlan(c comp.Curve, limits ...comp.Limit) comp.Plan {
	return comp.Plan{Negative: comp.Charge, Components: []comp.Component{{
		ID: "sales", Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &c, Limits: limits,
	}}}
}

// openmeter, the same from the middle of a table, and under a cap.
func TestE17_flatsMidwayAndCapped(t *testing.T) {
	c := bands(comp.Marginal, comp.Above, []string{"0", "0", "100"}, []string{"5", "0", "50"}, []string{"10", "5"}, []string{"15", "1"})
	wantPays(t, c, "", [2]string{"12", "160"}, [2]string{"22", "182"})
	_, parts := c.At(d("22"))
	for i, want := range []string{"100", "50", "25", "7"} {
		same(t, "slice", parts[i].Pay, want)
	}
	gain, parts := c.Between(d("12"), d("22"))
	same(t, "from 12 to 22", gain, "22")
	if len(parts) != 2 {
		t.Fatalf("from 12 to 22 has %d slices, want 2: %+v", len(parts), parts)
	}
	same(t, "first slice", parts[0].Pay, "15")
	same(t, "second slice", parts[1].Pay, "7")

	most := d("170")
	for _, per := range []comp.Window{comp.PerPlan, comp.PerYear} {
		b := openBooks(t, flatPlan(c, comp.Limit{Per: per, Max: &most}), payee("0"))
		same(t, "booked at 12", b.close("2026-01-01", booking("a", "2026-01-05", "12")).Net, "160")
		st := b.close("2026-02-01", booking("b", "2026-02-05", "10"))
		same(t, "more at 22", st.Net, "10")
		wantLine(t, st, "earn/sales/b/2026-02-01", comp.Earn, "22")
		wantLine(t, st, "cap/sales#0//2026-02-01", comp.Capped, "-12")
		same(t, "more above the cap", b.close("2026-03-01", booking("c", "2026-03-05", "100")).Net, "0")
	}
}

// Lago, specs of the graduated charge model: flat sums, the first of them at
// zero use.
func TestE18_graduatedFlats(t *testing.T) {
	c := bands(comp.Marginal, comp.Above, []string{"0", "10", "2"}, []string{"10", "5", "3"}, []string{"20", "5", "3"})
	wantPays(t, c, "", [2]string{"0", "2"}, [2]string{"1", "12"}, [2]string{"10", "102"}, [2]string{"11", "110"}, [2]string{"12", "115"}, [2]string{"21", "163"})
	st := openBooks(t, flatPlan(c), payee("0")).close("2026-01-01")
	wantLine(t, st, "earn/sales//2026-01-01", comp.Earn, "2")
}

// Lago, specs of the graduated percentage charge model.
func TestE19_graduatedPercentageFlats(t *testing.T) {
	c := bands(comp.Marginal, comp.Above, []string{"0", "0.01", "200"}, []string{"10", "0.02", "300"}, []string{"20", "0.03", "400"})
	wantPays(t, c, "", [2]string{"10", "200.1"}, [2]string{"11", "500.12"}, [2]string{"12", "500.14"}, [2]string{"21", "900.33"})
}

// Lago, specs of the volume charge model: the flat sum of the tier reached alone,
// and no gap between the tiers. The last row chooses the tier by 300 units, but is
// paid on 198.6 of them, which were used for part of the month.
func TestE24_volumeFlats(t *testing.T) {
	c := bands(comp.Retroactive, comp.Above, []string{"0", "2", "10"}, []string{"100", "1", "0"}, []string{"200", "0.5", "50"})
	wantPays(t, c, "", [2]string{"0", "10"}, [2]string{"1", "12"}, [2]string{"100", "210"}, [2]string{"100.5", "100.5"},
		[2]string{"101", "101"}, [2]string{"200", "200"}, [2]string{"300", "200"})

	plan := flatPlan(c)
	plan.Components[0].Measure.Lifts = []comp.Lift{{Where: comp.Match{"used": {"part"}}, Credit: d("1"), Pay: d("0.662")}}
	deal := booking("units", "2026-01-10", "300")
	deal.Tags = comp.Tags{"used": "part"}
	st := openBooks(t, plan, payee("0")).close("2026-01-01", deal)
	same(t, "paid on 198.6 of 300", st.Net, "149.3")
	same(t, "position", attainedBy(t, st, "sales").Measure, "300")
}
