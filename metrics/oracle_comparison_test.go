package metrics_test

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// difNumber reads a number of a table.
func difNumber(t *testing.T, row map[string]string, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(row[name], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type difT interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// difNear fails the test unless got is want, up to a share of it.
func difNear(t difT, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil {
		t.Fatalf("%s is missing, want %v", what, want)
		return
	}
	if !(math.Abs(*got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, *got, want)
	}
}

func difMoments[N metrics.Number](t difT, values ...N) *metrics.Moments[N] {
	t.Helper()
	m := new(metrics.Moments[N])
	for _, v := range values {
		if err := m.Add(v); err != nil {
			t.Fatalf("%v: %v", v, err)
		}
	}
	return m
}

// The p-values of R's prop.test (without correction) and fisher.test, whichever is due. The table's interval is Wald's, which this
// package does not have; that of Newcombe has its oracle in internal/proportion.
func TestE30_CompareShares(t *testing.T) {
	for _, r := range testenv.CSV(t, "funnel/reference/two_proportions.csv") {
		n := func(name string) int64 { return int64(difNumber(t, r, name)) }
		a, b := metrics.Ratio[int64]{Num: n("x1"), Den: n("n1")}, metrics.Ratio[int64]{Num: n("x2"), Den: n("n2")}
		c, err := metrics.CompareShares(a, b, metrics.Higher, metrics.Evidence{MinN: 1})
		if err != nil {
			t.Fatal(err)
		}
		difNear(t, "difference", c.Difference, difNumber(t, r, "diff"), 1e-12)
		want := map[metrics.Method]string{metrics.ByChiSquared: "p", metrics.ByFisher: "fisher_p"}[c.Method]
		difNear(t, string(c.Method), c.P, difNumber(t, r, want), 1e-9)
		sparse := min(a.Num+b.Num, a.Den+b.Den-a.Num-b.Num)*min(a.Den, b.Den) < 5*(a.Den+b.Den)
		if sparse != (c.Method == metrics.ByFisher) {
			t.Errorf("%v and %v are compared by %s", a, b, c.Method)
		}
	}
}

// The interval of a share less a target is R's prop.test interval less it; against a target at its very limit p is 0.05, and
// beyond it the verdict turns.
func TestE31_CompareToTarget(t *testing.T) {
	for _, r := range testenv.CSV(t, "funnel/reference/binomial_ci95.csv") {
		a := metrics.Ratio[int]{Num: int(difNumber(t, r, "x")), Den: int(difNumber(t, r, "n"))}
		for _, limit := range []string{"wilson_lo", "wilson_hi"} {
			target := difNumber(t, r, limit)
			if target == 0 || target == 1 {
				continue
			}
			c, err := metrics.CompareToTarget(a, target, metrics.Higher, metrics.Evidence{MinN: 1})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(c.Interval.Low-(difNumber(t, r, "wilson_lo")-target)) > 1e-9 || math.Abs(c.Interval.High-(difNumber(t, r, "wilson_hi")-target)) > 1e-9 {
				t.Errorf("%v against %v: %+v", a, target, *c.Interval)
			}
			if float64(a.Den)*min(target, 1-target) < 5 {
				if c.Method != metrics.ByBinomial {
					t.Errorf("%v against %v by %s", a, target, c.Method)
				}
				continue
			}
			difNear(t, "p at the limit", c.P, 0.05, 1e-6)
			inside, outside := target-1e-6, target+1e-6
			if limit == "wilson_lo" {
				inside, outside = outside, inside
			}
			for target, want := range map[float64]metrics.Verdict{
				inside:  metrics.Unclear,
				outside: map[string]metrics.Verdict{"wilson_lo": metrics.Better, "wilson_hi": metrics.Worse}[limit],
			} {
				if c, err = metrics.CompareToTarget(a, target, metrics.Higher, metrics.Evidence{MinN: 1}); err != nil || c.Verdict != want {
					t.Errorf("%v against %v: %v, %v, want %s", a, target, c, err, want)
				}
			}
		}
	}
}

// Student's sleep data, t.test(extra ~ group, data = sleep) of R's documentation, and the paired test of it.
func TestE32_CompareMeans_sleep(t *testing.T) {
	first := difMoments(t, 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
	second := difMoments(t, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
	c, err := metrics.CompareMeans(first, second, metrics.Higher, metrics.Evidence{MinN: 10})
	if err != nil {
		t.Fatal(err)
	}
	difNear(t, "difference", c.Difference, 0.75-2.33, 1e-12)
	difNear(t, "p", c.P, 0.07939, 5e-6/0.079)
	difNear(t, "low", &c.Interval.Low, -3.3654832, 2e-8)
	difNear(t, "high", &c.Interval.High, 0.2054832, 2.5e-7)
	if c.Verdict != metrics.Unclear || c.Reason != "a difference this large comes up in 8 of 100 comparisons of equals" {
		t.Errorf("%s", c)
	}
	c, err = metrics.CompareMeanToTarget(difMoments(t, 1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4), 0, metrics.Lower, metrics.Evidence{MinN: 10})
	if err != nil {
		t.Fatal(err)
	}
	difNear(t, "p", c.P, 0.002833, 5e-7/0.0028)
	difNear(t, "low", &c.Interval.Low, 0.7001142, 1e-7)
	difNear(t, "high", &c.Interval.High, 2.4598858, 5e-8)
	if c.Verdict != metrics.Worse {
		t.Errorf("%s, want worse, as lower is better", c)
	}
}

// Hollander and Wolfe (1973, 69f), the example of R's wilcox.test: W = 35, exact p = 0.1272 on one side.
func TestE33_CompareSamples_permeability(t *testing.T) {
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	c, err := metrics.CompareSamples(x, y, metrics.Higher, metrics.Evidence{MinN: 5})
	if err != nil {
		t.Fatal(err)
	}
	difNear(t, "p", c.P, 0.2544, 5e-5/0.25)
	difNear(t, "superiority", c.Superiority, 0.7, 1e-15)
}

// Reaction times under two stimulants, with many ties: examples 71.3 and 71.4 of SAS/STAT's NPAR1WAY find an exact p of 0.1054, a shift
// of 0.35 and exact limits of 98 % of 0.00 and 1.33. Decimals and hundredths as whole numbers say the same.
func TestE34_CompareSamples_ties(t *testing.T) {
	first := []string{"1.94", "1.94", "2.92", "2.920", "2.92", "2.92", "3.27", "3.27", "3.27", "3.27", "3.7", "3.70", "3.74"}
	second := []string{"3.27", "3.27", "3.27", "3.70", "3.70", "3.74"}
	decimals := func(texts []string) (out []decimal.Decimal) {
		for _, s := range texts {
			out = append(out, d(s))
		}
		return out
	}
	hundredths := func(texts []string) (out []uint16) {
		for _, v := range decimals(texts) {
			out = append(out, uint16(v.Shift(2).BigInt().Int64()))
		}
		return out
	}
	e := metrics.Evidence{MinN: 6, Level: 0.98}
	c, err := metrics.CompareSamples(decimals(second), decimals(first), metrics.Lower, e)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := metrics.CompareSamples(hundredths(second), hundredths(first), metrics.Lower, e)
	if err != nil {
		t.Fatal(err)
	}
	for unit, c := range map[float64]metrics.Comparison{1: c, 100: whole} {
		difNear(t, "p", c.P, 0.1054, 5e-5/0.1)
		difNear(t, "shift", c.Difference, 0.35*unit, 1e-12)
		difNear(t, "high", &c.Interval.High, 1.33*unit, 1e-12)
		if math.Abs(c.Interval.Low) > 1e-12 {
			t.Errorf("low = %v, want 0", c.Interval.Low)
		}
	}
}

// The 30 agents of Maven Analytics' "CRM Sales Opportunities" win 55 % to 70 % of the deals they close: chi-squared = 33.35 on 29 df,
// p = 0.26, and nobody stands out. The comparisons with the rest were computed from the definitions by another program:
// z = (p1-p2)/√(p(1-p)(1/n1+1/n2)), and adjusted by hand.
func TestE35_Homogeneity_maven(t *testing.T) {
	byAgent := map[string]*metrics.Ratio[int]{}
	var names []string
	for _, r := range testenv.CSV(t, "crm/maven/sales_pipeline.csv") {
		name := r["sales_agent"]
		if byAgent[name] == nil {
			byAgent[name] = new(metrics.Ratio[int])
			names = append(names, name)
		}
		won := map[string]int{"Won": 1, "Lost": 0}
		if w, closed := won[r["deal_stage"]]; closed {
			if err := byAgent[name].Add(w, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	var rates []metrics.Ratio[int]
	for _, n := range names {
		rates = append(rates, *byAgent[n])
	}
	test, err := metrics.Homogeneity(rates...)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(test.ChiSquared-33.347711799255144) > 1e-9 || test.DF != 29 || math.Abs(test.P-0.26) > 0.005 || math.Abs(math.Exp(test.LogP)-test.P) > 1e-12 {
		t.Errorf("%+v, want 33.3477 on 29 df, p = 0.26", test)
	}
	comparisons, err := metrics.CompareToRest(rates, metrics.Higher, metrics.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]float64{
		"Lajuana Vencill":  {-0.08463003046336381, 0.008790210747900176, 0.26370632243700526},
		"Maureen Marcano":  {0.07025997164891473, 0.03646996754910815, 0.3699310033596051},
		"Donn Cantrell":    {-0.059388666026329084, 0.04557537947743433, 0.3699310033596051},
		"Gladys Colclough": {-0.05138018851355308, 0.11093073775166555, 0.5546536887583278},
		"Violet Mclelland": {0.0006423026231067164, 0.9854557067877976, 0.9854557067877976},
	}
	for i, c := range comparisons {
		if c.Verdict != metrics.Unclear || c.Method != metrics.ByChiSquared {
			t.Errorf("%s: %s, want none to stand out", names[i], c)
		}
		if w, ok := want[names[i]]; ok {
			difNear(t, names[i]+": difference", c.Difference, w[0], 1e-10)
			difNear(t, names[i]+": p", c.P, w[1], 1e-9)
			difNear(t, names[i]+": adjusted", c.AdjustedP, w[2], 1e-9)
		}
	}
	i := slices.Index(names, "Lajuana Vencill")
	if want := "a difference this large comes up in 9 of 1,000 comparisons of equals, and 30 were made"; comparisons[i].Reason != want {
		t.Errorf("reason %q, want %q", comparisons[i].Reason, want)
	}
}

// The fifteen p-values of Benjamini and Hochberg 1995, section 4.2 (thrombolysis after myocardial infarction). The paper rejects
// the first four at q = 0.05. The adjusted values are by hand from the definition, min over j ≥ i of 15 p(j) / j.
func TestE36_BenjaminiHochberg_1995(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	want := []float64{
		0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.447 / 7, 0.447 / 7, 0.0645, 0.0765, 0.486, 6.393 / 11,
		0.714875, 9.792 / 13, 11.385 / 14, 1,
	}
	got, err := metrics.BenjaminiHochberg(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-15)); diff != "" {
		t.Errorf("adjusted (-want +got):\n%s", diff)
	}
	var comparisons []*metrics.Comparison
	for _, p := range p {
		gain := 1.0
		comparisons = append(comparisons, &metrics.Comparison{Difference: &gain, P: &p, Better: metrics.Higher, Verdict: metrics.Better})
	}
	if err := metrics.Judge(metrics.Evidence{}, comparisons...); err != nil {
		t.Fatal(err)
	}
	for i, c := range comparisons {
		if *c.AdjustedP != got[i] || (c.Verdict == metrics.Better) != (i < 4) {
			t.Errorf("%d: %s, want the first four to stand", i, c)
		}
	}
}
