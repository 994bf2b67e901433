package metrics_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

func difEvidence() *rapid.Generator[metrics.Evidence] {
	return rapid.Custom(func(t *rapid.T) metrics.Evidence {
		return metrics.Evidence{
			MinN:  rapid.SampledFrom([]int64{0, 1, 5}).Draw(t, "MinN"),
			Alpha: rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(t, "Alpha"),
			Level: rapid.SampledFrom([]float64{0, 0.5, 0.99}).Draw(t, "Level"),
		}
	})
}

// difShare draws a share of some trials, or of none.
func difShare() *rapid.Generator[metrics.Ratio[int64]] {
	return rapid.Custom(func(t *rapid.T) metrics.Ratio[int64] {
		n := rapid.SampledFrom([]int64{0, 1, 19, 20, 60, 400}).Draw(t, "den")
		return metrics.Ratio[int64]{Num: rapid.Int64Range(0, n).Draw(t, "num"), Den: n}
	})
}

// difHalves draws a sample with ties, values that are no whole numbers among them or not.
func difHalves() *rapid.Generator[[]float64] {
	return rapid.Custom(func(t *rapid.T) []float64 {
		unit := rapid.SampledFrom([]float64{0.5, 3}).Draw(t, "unit")
		return rapid.SliceOfN(rapid.Map(rapid.IntRange(-9, 9), func(v int) float64 { return float64(v) * unit }), 0, 40).Draw(t, "values")
	})
}

// difCheck checks what is true of every comparison.
func difCheck(t difT, c metrics.Comparison) {
	t.Helper()
	if c.Interval != nil && (c.Difference == nil || !(c.Interval.Low <= *c.Difference && *c.Difference <= c.Interval.High)) {
		t.Errorf("%s: the interval does not hold the difference", c)
	}
	if c.P != nil && !(*c.P >= 0 && *c.P <= 1) {
		t.Errorf("%s: p is no probability", c)
	}
	if c.AdjustedP != nil && !(*c.AdjustedP >= *c.P && *c.AdjustedP <= 1) {
		t.Errorf("%s: adjusted from p = %v", c, *c.P)
	}
	if (c.Verdict == metrics.TooFew || c.Verdict == metrics.Untested) != (c.P == nil) {
		t.Errorf("%s: a verdict without a test", c)
	}
	if (c.Verdict == metrics.TooFew || c.Verdict == metrics.Untested || c.Verdict == metrics.Unclear) != (c.Reason != "") {
		t.Errorf("%s: reason %q", c, c.Reason)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatalf("%s: %v", c, err)
	}
	var back metrics.Comparison
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(c, back); diff != "" {
		t.Errorf("through JSON (-want +got):\n%s", diff)
	}
}

// difMirror checks that a comparison the other way round negates the difference and its interval, and turns the verdict.
func difMirror(t difT, c, m metrics.Comparison, tolerance float64) {
	t.Helper()
	near := func(what string, a, b *float64, sum float64) {
		if (a == nil) != (b == nil) || a != nil && math.Abs(*a+*b-sum) > tolerance {
			t.Errorf("%s: %s, the other way round %s", what, c, m)
		}
	}
	near("difference", c.Difference, m.Difference, 0)
	near("superiority", c.Superiority, m.Superiority, 1)
	if (c.Interval == nil) != (m.Interval == nil) {
		t.Fatalf("an interval one way round only: %s, %s", c, m)
	}
	if c.Interval != nil {
		near("low", &c.Interval.Low, &m.Interval.High, 0)
		near("high", &c.Interval.High, &m.Interval.Low, 0)
	}
	if (c.P == nil) != (m.P == nil) || c.P != nil && math.Abs(*c.P-*m.P) > 1e-9**c.P {
		t.Errorf("p: %s, the other way round %s", c, m)
	}
	turned := map[metrics.Verdict]metrics.Verdict{metrics.Better: metrics.Worse, metrics.Worse: metrics.Better}
	want, ok := turned[c.Verdict]
	if !ok {
		want = c.Verdict
	}
	if m.Verdict != want || m.Method != c.Method {
		t.Errorf("%s by %s, the other way round %s by %s", c, c.Method, m, m.Method)
	}
}

func difMust(t difT) func(c metrics.Comparison, err error) metrics.Comparison {
	return func(c metrics.Comparison, err error) metrics.Comparison {
		t.Helper()
		if err != nil {
			t.Fatalf("%v", err)
		}
		difCheck(t, c)
		return c
	}
}

// Swapping mirrors; so does counting the failures; the other direction turns the verdict and changes nothing else.
func TestCompareShares_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, e := difShare().Draw(t, "a"), difShare().Draw(t, "b"), difEvidence().Draw(t, "e")
		must := difMust(t)
		c := must(metrics.CompareShares(a, b, metrics.Higher, e))
		difMirror(t, c, must(metrics.CompareShares(b, a, metrics.Higher, e)), 1e-15)
		failures := func(r metrics.Ratio[int64]) metrics.Ratio[int64] {
			return metrics.Ratio[int64]{Num: r.Den - r.Num, Den: r.Den}
		}
		difMirror(t, c, must(metrics.CompareShares(failures(a), failures(b), metrics.Higher, e)), 1e-12)
		lower := must(metrics.CompareShares(a, b, metrics.Lower, e))
		turned := map[metrics.Verdict]metrics.Verdict{metrics.Better: metrics.Worse, metrics.Worse: metrics.Better}
		if want, ok := turned[c.Verdict]; ok && lower.Verdict != want {
			t.Errorf("%s, with lower better %s", c, lower)
		}
		neither := must(metrics.CompareShares(a, b, metrics.Neither, e))
		if clear := c.Verdict == metrics.Better || c.Verdict == metrics.Worse; clear != (neither.Verdict == metrics.Differs) {
			t.Errorf("%s, with neither better %s", c, neither)
		}
		if (c.Difference == nil) != (a.Den == 0 || b.Den == 0) {
			t.Errorf("%v against %v: %s", a, b, c)
		}
	})
}

// A target and its complement mirror; a P below 1 - level goes with an interval without 0, by the score test.
func TestCompareToTarget_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, e := difShare().Draw(t, "a"), difEvidence().Draw(t, "e")
		target := float64(rapid.IntRange(0, 64).Draw(t, "64ths")) / 64
		must := difMust(t)
		c := must(metrics.CompareToTarget(a, target, metrics.Higher, e))
		failures := metrics.Ratio[int64]{Num: a.Den - a.Num, Den: a.Den}
		difMirror(t, c, must(metrics.CompareToTarget(failures, 1-target, metrics.Higher, e)), 1e-12)
		level := e.Level
		if level == 0 {
			level = 0.95
		}
		if c.P != nil && c.Method == metrics.ByScore {
			without := c.Interval.Low > 0 || c.Interval.High < 0
			if without != (*c.P < 1-level) && math.Abs(*c.P-(1-level)) > 1e-9 {
				t.Errorf("%s at level %v", c, level)
			}
		}
	})
}

// Swapping mirrors; adding a constant to both sides, or a change of unit, leaves p and verdict.
func TestCompareMeans_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, e := difHalves().Draw(t, "a"), difHalves().Draw(t, "b"), difEvidence().Draw(t, "e")
		must := difMust(t)
		c := must(metrics.CompareMeans(difMoments(t, a...), difMoments(t, b...), metrics.Higher, e))
		difMirror(t, c, must(metrics.CompareMeans(difMoments(t, b...), difMoments(t, a...), metrics.Higher, e)), 1e-12)
		target := must(metrics.CompareMeanToTarget(difMoments(t, a...), 0.25, metrics.Higher, e))
		negative := slices.Clone(a)
		for i := range negative {
			negative[i] = -negative[i]
		}
		difMirror(t, target, must(metrics.CompareMeanToTarget(difMoments(t, negative...), -0.25, metrics.Higher, e)), 1e-12)
	})
}

// Swapping mirrors; adding a constant moves nothing, and the shift of a sample against itself so moved is the constant; a monotone
// transform leaves p and superiority; whole numbers and the same as ranks of floats agree.
func TestCompareSamples_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, e := difHalves().Draw(t, "a"), difHalves().Draw(t, "b"), difEvidence().Draw(t, "e")
		must := difMust(t)
		c := must(metrics.CompareSamples(a, b, metrics.Higher, e))
		difMirror(t, c, must(metrics.CompareSamples(b, a, metrics.Higher, e)), 1e-15)
		of := func(x []float64, f func(float64) float64) (out []float64) {
			for _, v := range x {
				out = append(out, f(v))
			}
			return out
		}
		for _, constant := range []float64{1024, 0.25} { // 0.25 makes numbers that are not whole
			moved := func(v float64) float64 { return v + constant }
			if diff := cmp.Diff(c, must(metrics.CompareSamples(of(a, moved), of(b, moved), metrics.Higher, e))); diff != "" {
				t.Errorf("both plus %v (-want +got):\n%s", constant, diff)
			}
			if len(a) > 0 {
				self := must(metrics.CompareSamples(of(a, moved), a, metrics.Higher, e))
				if *self.Difference != constant {
					t.Errorf("a sample plus %v against itself: %s", constant, self)
				}
			}
		}
		cubed := func(v float64) float64 { return v*v*v + 0.125 }
		m := must(metrics.CompareSamples(of(a, cubed), of(b, cubed), metrics.Higher, e))
		if diff := cmp.Diff([]any{c.P, c.Superiority, c.Verdict, c.Reason}, []any{m.P, m.Superiority, m.Verdict, m.Reason}); diff != "" {
			t.Errorf("of cubes (-want +got):\n%s", diff)
		}
		turn := rapid.Permutation(a).Draw(t, "turn")
		if diff := cmp.Diff(c, must(metrics.CompareSamples(turn, b, metrics.Higher, e))); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
	})
}

// Each is compared with the sum of the others; the order turns the results and changes none; what Judge does to those comparisons again
// changes nothing.
func TestCompareToRest_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups, e := rapid.SliceOfN(difShare(), 0, 8).Draw(t, "groups"), difEvidence().Draw(t, "e")
		got, err := metrics.CompareToRest(groups, metrics.Higher, e)
		if err != nil {
			t.Fatal(err)
		}
		var all metrics.Ratio[int64]
		for _, g := range groups {
			if err := all.Merge(g); err != nil {
				t.Fatal(err)
			}
		}
		var single []metrics.Comparison
		for i, g := range groups {
			rest := all
			if err := rest.Sub(g); err != nil {
				t.Fatal(err)
			}
			difCheck(t, got[i])
			single = append(single, difMust(t)(metrics.CompareShares(g, rest, metrics.Higher, e)))
		}
		for _, once := range [][]metrics.Comparison{single, slices.Clone(got)} {
			all := make([]*metrics.Comparison, len(once))
			for i := range once {
				all[i] = &once[i]
			}
			if err := metrics.Judge(e, all...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, append([]metrics.Comparison{}, once...)); diff != "" {
				t.Errorf("judged (-want +got):\n%s", diff)
			}
		}
		turn := rapid.Permutation(difIndices(len(groups))).Draw(t, "turn")
		turned := make([]metrics.Ratio[int64], len(groups))
		for i, j := range turn {
			turned[i] = groups[j]
		}
		again, err := metrics.CompareToRest(turned, metrics.Higher, e)
		if err != nil {
			t.Fatal(err)
		}
		for i, j := range turn {
			if diff := cmp.Diff(got[j], again[i]); diff != "" {
				t.Errorf("in another order (-want +got):\n%s", diff)
			}
		}
	})
}

// difIndices returns 0 to n-1.
func difIndices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Equal rates give 0; the order of groups, empty ones, and counting failures change nothing; the rates of two give the square of
// the test of two shares.
func TestHomogeneity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(difShare(), 2, 8).Draw(t, "groups")
		test, err := metrics.Homogeneity(groups...)
		if err != nil {
			if !errors.Is(err, metrics.ErrUndefined) {
				t.Fatal(err)
			}
			return
		}
		if !(test.ChiSquared >= 0 && test.P >= 0 && test.P <= 1 && test.LogP <= 0) {
			t.Errorf("%+v is out of range", test)
		}
		same := func(what string, groups []metrics.Ratio[int64]) {
			again, err := metrics.Homogeneity(groups...)
			if err != nil || again.DF != test.DF || math.Abs(again.ChiSquared-test.ChiSquared) > 1e-9*(1+test.ChiSquared) {
				t.Errorf("%s: %+v, %v, want %+v", what, again, err, test)
			}
		}
		same("in another order", rapid.Permutation(groups).Draw(t, "turn"))
		same("with an empty group", append([]metrics.Ratio[int64]{{}}, groups...))
		failures := slices.Clone(groups)
		for i, g := range groups {
			failures[i].Num = g.Den - g.Num
		}
		same("of failures", failures)
		k := rapid.Int64Range(1, 9).Draw(t, "k")
		var equal []metrics.Ratio[int64]
		for i := range int64(len(groups)) {
			equal = append(equal, metrics.Ratio[int64]{Num: (i + 1) * k, Den: (i + 1) * 11})
		}
		if test, err = metrics.Homogeneity(equal...); err != nil || test.ChiSquared != 0 || test.P != 1 {
			t.Errorf("equal rates: %+v, %v", test, err)
		}
	})
}
