package proportion_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/proportion"
	"github.com/salesops-go/salesops/internal/testenv"
)

// tstRows reads a table of the data folder, a map of numbers for each row.
func tstRows(t *testing.T, name string) (rows []map[string]float64) {
	t.Helper()
	for _, texts := range testenv.CSV(t, name) {
		row := map[string]float64{}
		for column, text := range texts {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			row[column] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// tstNear fails the test unless got is want, up to a share of it.
func tstNear(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want, tolerance float64,
) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// Intervals of R's prop.test (Wilson, without correction), binom.test (Clopper-Pearson) and of binom's Jeffreys, at 95 %.
func TestE01_intervals(t *testing.T) {
	for _, r := range tstRows(t, "funnel/reference/binomial_ci95.csv") {
		x, n := int64(r["x"]), int64(r["n"])
		name := strconv.FormatInt(x, 10) + " of " + strconv.FormatInt(n, 10) + " "
		for _, m := range []struct {
			name, column string
			interval     func(x, n int64, level float64) (lo, hi float64, ok bool)
		}{
			{"Wilson", "wilson", proportion.Wilson},
			{"ClopperPearson", "cp", proportion.ClopperPearson},
			{"Jeffreys", "jeffreys", proportion.Jeffreys},
		} {
			lo, hi, ok := m.interval(x, n, 0.95)
			if !ok {
				t.Errorf("%s%s: not ok", name, m.name)
			}
			tstNear(t, name+m.name+" lo", lo, r[m.column+"_lo"], 1e-9)
			tstNear(t, name+m.name+" hi", hi, r[m.column+"_hi"], 1e-9)
		}
	}
}

// R's prop.test (without correction) and fisher.test. The interval of the reference is that of Wald, which leaves -1 to 1 and
// which this package therefore lacks; its middle is the difference.
func TestE02_twoProportions(t *testing.T) {
	for _, r := range tstRows(t, "funnel/reference/two_proportions.csv") {
		x1, n1, x2, n2 := int64(r["x1"]), int64(r["n1"]), int64(r["x2"]), int64(r["n2"])
		test, ok := proportion.Homogeneity([]int64{x1, x2}, []int64{n1, n2})
		if !ok || test.DF != 1 {
			t.Errorf("%v: ok = %t, df = %d", r, ok, test.DF)
		}
		tstNear(t, "chi-squared", test.ChiSquared, r["chisq"], 1e-9)
		tstNear(t, "p", test.P, r["p"], 1e-9)
		p, logP, ok := proportion.Fisher(x1, n1, x2, n2)
		if !ok {
			t.Errorf("Fisher %v: not ok", r)
		}
		tstNear(t, "Fisher's p", p, r["fisher_p"], 1e-9)
		tstNear(t, "Fisher's log p", logP, math.Log(r["fisher_p"]), 1e-9)
		diff, lo, hi, ok := proportion.Newcombe(x1, n1, x2, n2, 0.95)
		tstNear(t, "difference", diff, r["diff"], 1e-9)
		if !ok || lo > diff || hi < diff {
			t.Errorf("Newcombe = %v %v %v %t", diff, lo, hi, ok)
		}
	}
}

// Table II of Newcombe 1998, method 10.
func TestE03_Newcombe1998(t *testing.T) {
	for _, c := range []struct {
		x1, n1, x2, n2 int64
		lo, hi         float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		_, lo, hi, ok := proportion.Newcombe(c.x1, c.n1, c.x2, c.n2, 0.95)
		if !ok || math.Abs(lo-c.lo) > 0.00005 || math.Abs(hi-c.hi) > 0.00005 {
			t.Errorf("%v: %.5f to %.5f, %t", c, lo, hi, ok)
		}
	}
}

// The tail of chi-squared where it has closed forms, over the whole range of float64 and beyond. The values with many digits
// were computed with 60 digits.
func TestE04_chiSquaredTails(t *testing.T) {
	for _, x := range []float64{1e-300, 1e-12, 0.3, 1, 7, 100, 600, 1299, 1301, 1400, 3000, 1e6, 1e15, 1e300} {
		p, logP := proportion.ChiSquared(x, 2) // e^(-x/2)
		tstNear(t, "p of "+strconv.FormatFloat(x, 'g', -1, 64)+" with df 2", p, math.Exp(-x/2), 1e-12)
		tstNear(t, "log p of "+strconv.FormatFloat(x, 'g', -1, 64)+" with df 2", logP, -x/2, 1e-12)
		p, _ = proportion.ChiSquared(x, 1) // erfc(√(x/2))
		tstNear(t, "p of "+strconv.FormatFloat(x, 'g', -1, 64)+" with df 1", p, math.Erfc(math.Sqrt(x/2)), 1e-12)
		p4, logP4 := proportion.ChiSquared(x, 4) // e^(-x/2) (1 + x/2)
		tstNear(t, "p of "+strconv.FormatFloat(x, 'g', -1, 64)+" with df 4", p4, math.Exp(-x/2+math.Log1p(x/2)), 1e-11)
		if x > 1 {
			tstNear(t, "log p of "+strconv.FormatFloat(x, 'g', -1, 64)+" with df 4", logP4, -x/2+math.Log1p(x/2), 1e-12)
		}
	}
	for _, c := range []struct {
		x    float64
		df   int
		logP float64
	}{
		{0.001, 3, -8.4079544047957311958e-6},
		{0.5, 7, -0.00055367185755362204781},
		{10, 30, -0.00022627927540109916891},
		{29, 29, -0.76557542926541899297},
		{30, 3, -13.493385732625001085},
		{33.35, 29, -1.3323834850484161954},
		{250, 5, -118.03023645143102849},
		{1381, 3, -687.10978644784795097},
		{1381, 1, -694.34179573612067437},
		{1500, 50, -645.87049465385407937},
		{5000, 101, -2259.2089875431375776},
		{9000, 10001, -1.203478987773819173e-13},
		{40, 1001, 0.0},
		{100000.0, 7, -49974.151477891071385},
	} {
		p, logP := proportion.ChiSquared(c.x, c.df)
		name := strconv.FormatFloat(c.x, 'g', -1, 64) + " with df " + strconv.Itoa(c.df)
		tstNear(t, "log p of "+name, logP, c.logP, 1e-11)
		tstNear(t, "p of "+name, p, math.Exp(c.logP), 1e-11)
	}
}

// With equal tables of any shape the sums of all hypergeometric probabilities in exact arithmetic are the p-value.
func TestFisher_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n2 := rapid.Int64Range(1, 40).Draw(t, "n1"), rapid.Int64Range(1, 40).Draw(t, "n2")
		x1, x2 := rapid.Int64Range(0, n1).Draw(t, "x1"), rapid.Int64Range(0, n2).Draw(t, "x2")
		weight := func(k int64) *big.Int {
			w := new(big.Int).Binomial(n1, k)
			return w.Mul(w, new(big.Int).Binomial(n2, x1+x2-k))
		}
		seen, sum, all := weight(x1), new(big.Int), new(big.Int)
		for k := max(0, x1+x2-n2); k <= min(n1, x1+x2); k++ {
			w := weight(k)
			all.Add(all, w)
			if w.Cmp(seen) <= 0 {
				sum.Add(sum, w)
			}
		}
		want, _ := new(big.Rat).SetFrac(sum, all).Float64()
		p, logP, ok := proportion.Fisher(x1, n1, x2, n2)
		if !ok {
			t.Errorf("not ok")
		}
		tstNear(t, "p", p, want, 1e-11)
		tstNear(t, "e^log p", math.Exp(logP), want, 1e-11)
		if q, _, _ := proportion.Fisher(x2, n2, x1, n1); math.Abs(q-p) > 1e-12*p {
			t.Errorf("p = %v, and %v with the groups exchanged", p, q)
		}
	})
}

// Far tails of Fisher's test neither cancel nor vanish: all of n against none of n is 2 of (2n over n) tables.
func TestFisher_tails(t *testing.T) {
	for _, n := range []int64{10, 500, 600, 100_000, proportion.MaxFisher / 2} {
		_, logP, ok := proportion.Fisher(n, n, 0, n)
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(2*float64(n) + 1)
		if !ok {
			t.Errorf("%d: not ok", n)
		}
		tstNear(t, "log p of "+strconv.FormatInt(n, 10), logP, math.Ln2+2*a-b, 1e-11)
	}
	if _, _, ok := proportion.Fisher(1, proportion.MaxFisher, 1, 1); ok {
		t.Error("more than MaxFisher trials: ok")
	}
	if p, logP, ok := proportion.Fisher(3, 6, 3, 6); p != 1 || logP != 0 || !ok {
		t.Errorf("the most probable table: %v, %v, %t, want 1", p, logP, ok)
	}
}

// Intervals lie within 0 and 1, hold the share, grow with the level, and are mirrored when successes and failures change
// places.
func TestIntervals_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(1, 50), rapid.Int64Range(1, 1e6), rapid.Int64Range(1, math.MaxInt64)).Draw(t, "n")
		x := rapid.OneOf(rapid.Int64Range(0, n), rapid.Just(n), rapid.Int64Range(0, min(n, 3))).Draw(t, "x")
		level := rapid.OneOf(rapid.Float64Range(0.5, 0.999), rapid.SampledFrom([]float64{1e-300, 1e-9, 0.95, 1 - 1e-15})).Draw(t, "level")
		for name, interval := range map[string]func(int64, int64, float64) (float64, float64, bool){
			"Wilson": proportion.Wilson, "ClopperPearson": proportion.ClopperPearson,
		} {
			if name != "Wilson" && (n > 1e6 || level < 0.5 || level > 0.999) {
				continue
			}
			lo, hi, ok := interval(x, n, level)
			share := float64(x) / float64(n)
			if !ok || !(0 <= lo && lo <= share && share <= hi && hi <= 1) {
				t.Errorf("%s(%d, %d, %v) = %v, %v, %t", name, x, n, level, lo, hi, ok)
			}
			if wideLo, wideHi, _ := interval(x, n, (1+level)/2); level < 0.999 && (wideLo > lo || wideHi < hi) {
				t.Errorf("%s: at a higher level %v to %v lies in %v to %v", name, wideLo, wideHi, lo, hi)
			}
			mirrorLo, mirrorHi, _ := interval(n-x, n, level)
			if math.Abs(1-mirrorLo-hi) > 1e-12 || math.Abs(1-mirrorHi-lo) > 1e-12 {
				t.Errorf("%s: %v to %v, mirrored %v to %v", name, lo, hi, mirrorLo, mirrorHi)
			}
		}
	})
}

// With the same share the score interval of more trials lies within that of fewer.
func TestWilson_shrinks(t *testing.T) {
	wideLo, wideHi := 0.0, 1.0
	for n := int64(4); n < 1<<60; n *= 8 {
		lo, hi, ok := proportion.Wilson(n/4, n, 0.95)
		if !ok || lo <= wideLo || hi >= wideHi {
			t.Errorf("n = %d: %v to %v, want within %v to %v", n, lo, hi, wideLo, wideHi)
		}
		wideLo, wideHi = lo, hi
	}
}

// Equal shares have the statistic 0, the order of the groups does not matter, and two equal parts of a group that are set
// beside each other add nothing to the statistic.
func TestHomogeneity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 8).Draw(t, "groups")
		var x, n, same, split, splitN []int64
		for range k {
			trials := rapid.Int64Range(1, 1000).Draw(t, "trials")
			x = append(x, rapid.Int64Range(0, trials).Draw(t, "successes"))
			n = append(n, trials)
			same = append(same, 3*trials)
			split = append(split, x[len(x)-1], x[len(x)-1])
			splitN = append(splitN, trials, trials)
		}
		sevenths := make([]int64, k)
		for i := range same {
			sevenths[i] = 7 * n[i]
		}
		if test, ok := proportion.Homogeneity(same, sevenths); !ok || test.ChiSquared != 0 || test.P != 1 || test.LogP != 0 || test.DF != k-1 {
			t.Errorf("equal shares: %+v, %t", test, ok)
		}
		test, ok := proportion.Homogeneity(x, n)
		if !ok || test.ChiSquared < 0 || test.P < 0 || test.P > 1 || test.LogP > 0 {
			t.Errorf("%+v, %t", test, ok)
		}
		var sumX, sumN float64
		for i := range x {
			sumX += float64(x[i])
			sumN += float64(n[i])
		}
		var want float64
		for i := range x { // both cells of each group
			for _, cell := range [][2]float64{{float64(x[i]), sumX / sumN}, {float64(n[i] - x[i]), 1 - sumX/sumN}} {
				if expected := float64(n[i]) * cell[1]; expected > 0 {
					want += (cell[0] - expected) * (cell[0] - expected) / expected
				}
			}
		}
		if math.Abs(test.ChiSquared-want) > 1e-9*(1+want) {
			t.Errorf("chi-squared = %v, want %v from observed and expected", test.ChiSquared, want)
		}
		doubled, _ := proportion.Homogeneity(split, splitN)
		if math.Abs(doubled.ChiSquared-2*test.ChiSquared) > 1e-9*(1+test.ChiSquared) || doubled.DF != 2*k-1 {
			t.Errorf("every group twice: %+v, want double of %v", doubled, test.ChiSquared)
		}
		i := rapid.IntRange(0, k-1).Draw(t, "exchanged")
		x[0], x[i], n[0], n[i] = x[i], x[0], n[i], n[0]
		if other, _ := proportion.Homogeneity(x, n); math.Abs(other.ChiSquared-test.ChiSquared) > 1e-12*(1+test.ChiSquared) {
			t.Errorf("chi-squared = %v, and %v in another order", test.ChiSquared, other.ChiSquared)
		}
	})
}

// What has no answer has none, and nothing else is NaN.
func TestHostile(t *testing.T) {
	for _, c := range [][2]int64{{0, 0}, {-1, 5}, {6, 5}, {0, -3}, {math.MinInt64, math.MaxInt64}, {5, math.MinInt64}} {
		for name, interval := range map[string]func(int64, int64, float64) (float64, float64, bool){
			"Wilson": proportion.Wilson, "ClopperPearson": proportion.ClopperPearson, "Jeffreys": proportion.Jeffreys,
		} {
			if lo, hi, ok := interval(c[0], c[1], 0.95); ok || lo != 0 || hi != 0 {
				t.Errorf("%s(%d, %d) = %v, %v, %t", name, c[0], c[1], lo, hi, ok)
			}
		}
		if _, _, _, ok := proportion.Newcombe(1, 2, c[0], c[1], 0.95); ok {
			t.Errorf("Newcombe(%v): ok", c)
		}
		if _, _, ok := proportion.Fisher(c[0], c[1], 1, 2); ok {
			t.Errorf("Fisher(%v): ok", c)
		}
		if _, ok := proportion.Homogeneity([]int64{c[0], 1}, []int64{c[1], 2}); ok {
			t.Errorf("Homogeneity(%v): ok", c)
		}
	}
	for _, c := range [][2]float64{
		{0.5, 0}, {0.5, -1}, {0.5, math.NaN()}, {0.5, math.Inf(1)}, {-0.1, 5}, {1.1, 5}, {math.NaN(), 5}, {math.Inf(-1), 5},
	} {
		if lo, hi, ok := proportion.WilsonShare(c[0], c[1], 0.95); ok || lo != 0 || hi != 0 {
			t.Errorf("WilsonShare(%v, %v) = %v, %v, %t", c[0], c[1], lo, hi, ok)
		}
		if _, _, _, ok := proportion.NewcombeShare(0.5, 3, c[0], c[1], 0.95); ok {
			t.Errorf("NewcombeShare(%v): ok", c)
		}
	}
	for _, trials := range []float64{1e-320, 1e-300, 0.3, 1e300, math.MaxFloat64} {
		for _, share := range []float64{0, 1e-320, 0.3, 1 - 1e-16, 1} {
			if lo, hi, ok := proportion.WilsonShare(share, trials, 0.95); !ok || !(0 <= lo && lo <= share && share <= hi && hi <= 1) {
				t.Errorf("WilsonShare(%v, %v) = %v, %v, %t", share, trials, lo, hi, ok)
			}
		}
	}
	for _, level := range []float64{0, 1, -1, 2, math.NaN(), math.Inf(1)} {
		if _, _, ok := proportion.Wilson(1, 2, level); ok {
			t.Errorf("level %v: ok", level)
		}
	}
	if _, ok := proportion.Homogeneity([]int64{1, 2}, []int64{3}); ok {
		t.Error("slices of different length: ok")
	}
	if test, ok := proportion.Homogeneity([]int64{0, 0, 0}, []int64{3, 4, 0}); !ok || test.ChiSquared != 0 || test.DF != 1 || test.P != 1 {
		t.Errorf("no successes at all: %+v, %t, want no difference on 1 df", test, ok)
	}
	most := int64(math.MaxInt64)
	test, ok := proportion.Homogeneity([]int64{0, most, most}, []int64{most, most, most})
	if !ok || math.IsNaN(test.ChiSquared) || math.IsInf(test.LogP, 0) || test.P != 0 || test.LogP > -1e18 {
		t.Errorf("the greatest counts: %+v, %t", test, ok)
	}
	if p, logP := proportion.ChiSquared(-3, 1); p != 1 || logP != 0 {
		t.Errorf("ChiSquared(-3, 1) = %v, %v", p, logP)
	}
}
