package location_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/location"
	"github.com/salesops-go/salesops/internal/multiset"
)

// locRuns puts numbers in order, as multiples of a unit.
func locRuns(unit float64, values ...float64) []multiset.Run {
	var s multiset.Set
	for _, v := range values {
		s.Add(int64(math.Round(v / unit)))
	}
	return s.Runs()
}

// locHundredths is the value of runs that count hundredths.
func locHundredths(v int64) float64 { return float64(v) / 100 }

// Permeability of the human chorioamnion at term and at 12 to 26 weeks (Hollander and Wolfe 1973, 69f), the example of R's
// wilcox.test: W = 35, exact p = 0.1272 on one side, 0.2544 on both.
func TestE32_MannWhitney_permeability(t *testing.T) {
	x := locRuns(0.01, 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
	y := locRuns(0.01, 1.15, 0.88, 0.90, 0.74, 1.21)
	r, ok := location.MannWhitney(x, y)
	if !ok || !r.Exact || r.U != 35 || r.Superiority != 0.7 {
		t.Errorf("%+v, want U = 35 of 50, exactly", r)
	}
	locNear(t, "p", r.P, 0.2544, 5e-5/0.25)
}

// locReact are reaction times under two stimulants, the data of examples 71.3 and 71.4 of SAS/STAT's NPAR1WAY.
func locReact() (first, second []multiset.Run) {
	return locRuns(0.01, 1.94, 1.94, 2.92, 2.92, 2.92, 2.92, 3.27, 3.27, 3.27, 3.27, 3.70, 3.70, 3.74),
		locRuns(0.01, 3.27, 3.27, 3.27, 3.70, 3.70, 3.74)
}

// NPAR1WAY finds a sum of ranks of 79.5 of the second, so U = 79.5 - 21, and exact p-values of 0.0527 and 0.1054.
func TestE33_MannWhitney_ties(t *testing.T) {
	first, second := locReact()
	r, ok := location.MannWhitney(second, first)
	if !ok || !r.Exact || r.U != 58.5 {
		t.Errorf("%+v, want U = 58.5, exactly", r)
	}
	locNear(t, "p", r.P, 0.1054, 5e-5/0.1)
}

// Half of the times are the greatest there is: 25 and 26 numbers that Peter Dalgaard compared on R-help on 3 September 2014. Of a
// million random orders 0.000151 have a U as far out as the one seen; the error of that share is 0.000012. Without ties it would
// be 0.002182.
func TestE34_MannWhitney_manyTies(t *testing.T) {
	x := locRuns(0.1, 359, 359, 359, 359, 359, 359, 335, 359, 359, 359, 359, 359, 359, 359, 359, 359, 359, 359, 359, 359, 359, 303, 359, 359, 359)
	y := locRuns(0.1, 332, 85, 359, 359, 359, 220, 231, 300, 359, 237, 359, 183, 286, 355, 250, 105, 359, 359, 298, 359, 359, 359, 28.6, 359, 359, 128)
	r, ok := location.MannWhitney(x, y)
	if !ok || !r.Exact || r.U != 485 || math.Abs(r.P-0.000151) > 3*0.000012 {
		t.Errorf("%+v, want U = 485 and p near 0.000151", r)
	}
}

// NPAR1WAY's shift is 0.35, and its exact limits of 98 % are 0.00 and 1.33.
func TestE35_HodgesLehmann_ties(t *testing.T) {
	first, second := locReact()
	s, ok := location.HodgesLehmann(second, first, locHundredths, 0.98)
	if !ok || math.Abs(s.Value-0.35) > 1e-12 || !s.HasInterval || math.Abs(s.Low) > 1e-12 || math.Abs(s.High-1.33) > 1e-12 {
		t.Errorf("%+v, want 0.35, 0.00 to 1.33", s)
	}
}

// locSlowP is the p-value by all ways in which the numbers could have fallen to the samples.
func locSlowP(a, b []float64) float64 {
	all := slices.Concat(a, b)
	excess := func(chosen uint) (e int) {
		for i, v := range all {
			for j, w := range all {
				if chosen>>i&1 == 1 && chosen>>j&1 == 0 {
					if v > w {
						e++
					} else if v < w {
						e--
					}
				}
			}
		}
		return max(e, -e)
	}
	seen, extreme, ways := excess(1<<len(a)-1), 0, 0
	for chosen := range uint(1) << len(all) {
		n := 0
		for i := range all {
			n += int(chosen >> i & 1)
		}
		if n != len(a) {
			continue
		}
		ways++
		if excess(chosen) >= seen {
			extreme++
		}
	}
	return float64(extreme) / float64(ways)
}

func locSample(t *rapid.T, most int, what string) []float64 {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(-4, 4), func(v int) float64 { return float64(v) / 2 }), 1, most).Draw(t, what)
}

// The exact p-value is that of all permutations; U counts the pairs.
func TestMannWhitney_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := locSample(t, 5, "a"), locSample(t, 5, "b")
		r, ok := location.MannWhitney(locRuns(0.5, a...), locRuns(0.5, b...))
		if !ok || !r.Exact {
			t.Fatalf("%+v: want an exact p-value", r)
		}
		u := 0.0
		for _, x := range a {
			for _, y := range b {
				if x > y {
					u++
				} else if x == y {
					u += 0.5
				}
			}
		}
		if r.U != u {
			t.Errorf("U = %v, want %v", r.U, u)
		}
		locNear(t, "superiority", r.Superiority, u/float64(len(a)*len(b)), 1e-15)
		locNear(t, "p", r.P, locSlowP(a, b), 1e-12)
	})
}

// Swapping the samples, or turning all numbers round, mirrors U and keeps the p-value; a monotone transform changes nothing.
func TestMannWhitney_symmetry_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{6, 60}).Draw(t, "most")
		a, b := locSample(t, most, "a"), locSample(t, most, "b")
		r, _ := location.MannWhitney(locRuns(0.5, a...), locRuns(0.5, b...))
		s, _ := location.MannWhitney(locRuns(0.5, b...), locRuns(0.5, a...))
		if r.P != s.P || r.U+s.U != float64(len(a)*len(b)) || r.Exact != s.Exact {
			t.Errorf("%+v, swapped %+v", r, s)
		}
		if !(r.P > 0 && r.P <= 1 && r.Superiority >= 0 && r.Superiority <= 1) {
			t.Errorf("%+v is out of range", r)
		}
		cube := func(x []float64) (y []float64) {
			for _, v := range x {
				y = append(y, v*v*v+7)
			}
			return y
		}
		if s, _ = location.MannWhitney(locRuns(0.125, cube(a)...), locRuns(0.125, cube(b)...)); r != s {
			t.Errorf("%+v, of the cubes %+v", r, s)
		}
		turned := func(x []float64) (y []float64) {
			for _, v := range x {
				y = append(y, -v)
			}
			return y
		}
		s, _ = location.MannWhitney(locRuns(0.5, turned(a)...), locRuns(0.5, turned(b)...))
		if r.U+s.U != float64(len(a)*len(b)) || math.Abs(r.P-s.P) > 1e-13 {
			t.Errorf("%+v, turned round %+v", r, s)
		}
	})
}

// The shift and its interval are differences in order, as many from the ends as the test allows; where 0 is outside, the test
// rejects.
func TestHodgesLehmann_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := locSample(t, 8, "a"), locSample(t, 8, "b")
		if rapid.Bool().Draw(t, "many") { // too many for the exact distribution
			more := rapid.SliceOfN(rapid.IntRange(-4, 4), 40, 60)
			for i, v := range more.Draw(t, "more") {
				a, b = append(a, float64(v)/2), append(b, float64(v+i%5-2)/2)
			}
		}
		if rapid.Bool().Draw(t, "few ties") {
			for i := range a {
				a[i] += 1000 * float64(i*i%37)
			}
			for i := range b {
				b[i] += 1000 * float64(i*i%41)
			}
		}
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.99}).Draw(t, "level")
		scale := rapid.SampledFrom([]float64{1, 1e-300, 1e300, 0.1}).Draw(t, "scale")
		value := func(v int64) float64 { return float64(v) * scale }
		runsA, runsB := locRuns(0.5, a...), locRuns(0.5, b...)
		s, ok := location.HodgesLehmann(runsA, runsB, value, level)
		if !ok {
			t.Fatal("not ok")
		}
		var all []float64
		for _, x := range a {
			for _, y := range b {
				all = append(all, value(int64(x*2))-value(int64(y*2)))
			}
		}
		slices.Sort(all)
		n := len(all)
		low, high := all[(n-1)/2], all[n/2]
		if s.Value != low/2+high/2 && s.Value != (low+high)/2 {
			t.Errorf("shift %v, want the median of %v", s.Value, all)
		}
		swapped, _ := location.HodgesLehmann(runsB, runsA, value, level)
		if s.Value+swapped.Value != 0 || s.HasInterval != swapped.HasInterval || s.Low+swapped.High != 0 {
			t.Errorf("%+v, swapped %+v", s, swapped)
		}
		if !s.HasInterval {
			return
		}
		if !(s.Low <= s.Value && s.Value <= s.High) {
			t.Errorf("%+v does not hold its value", s)
		}
		i, found := slices.BinarySearch(all, s.Low)
		_, foundHigh := slices.BinarySearch(all, s.High)
		if !found || !foundHigh || s.High != all[n-1-i] && !slices.Contains(all, s.High) {
			t.Errorf("%+v: the limits are no differences", s)
		}
		r, _ := location.MannWhitney(runsA, runsB)
		if !r.Exact {
			// The common form of the variance with ties, and the rank from the middle by so many standard deviations.
			sum, size := 0.0, float64(len(a)+len(b))
			tied := map[float64]float64{}
			for _, v := range slices.Concat(a, b) {
				tied[v]++
			}
			for _, k := range tied {
				sum += k*k*k - k
			}
			sigma := math.Sqrt(float64(n) / 12 * (size + 1 - sum/(size*(size-1))))
			z := math.Sqrt2 * math.Erfinv(level)
			rank := float64(n)/2 - 0.5 - z*sigma
			if c := int(math.Ceil(rank)); math.Abs(rank-math.Round(rank)) > 1e-6 && (s.Low != all[c-1] || s.High != all[n-c]) {
				t.Errorf("%+v, want the differences of rank %d from both ends: %v to %v", s, c, all[c-1], all[n-c])
			}
		}
		if (s.Low > 0 || s.High < 0) && r.P > 1-level+1e-12 {
			t.Errorf("%+v is without 0, but p = %v", s, r.P)
		}
	})
}

// Counts of up to 2^62, values at the ends of int64, one number beside very many: all figures are in range, and the variance keeps
// its digits when all but one are equal.
func TestMannWhitney_hostile(t *testing.T) {
	const many = 1 << 62
	for _, c := range []struct{ a, b []multiset.Run }{
		{[]multiset.Run{{Value: math.MinInt64, Count: many}}, []multiset.Run{{Value: math.MaxInt64, Count: many}}},
		{[]multiset.Run{{Value: 0, Count: math.MaxInt64}}, []multiset.Run{{Value: 0, Count: math.MaxInt64}}},
		{[]multiset.Run{{Value: 0, Count: many}, {Value: 1, Count: 1}}, []multiset.Run{{Value: 0, Count: many}}},
		{[]multiset.Run{{Value: 1, Count: 1}}, []multiset.Run{{Value: 0, Count: math.MaxInt64}}},
		{[]multiset.Run{{Value: 1, Count: 1}}, []multiset.Run{{Value: 0, Count: 1}}},
		{[]multiset.Run{{Value: 1, Count: 1}}, []multiset.Run{{Value: 1, Count: 1}}},
	} {
		r, ok := location.MannWhitney(c.a, c.b)
		if !ok || !(r.P >= 0 && r.P <= 1 && r.Superiority >= 0 && r.Superiority <= 1 && r.U >= 0) || math.IsInf(r.U, 0) {
			t.Errorf("%v, %v: %+v", c.a, c.b, r)
		}
		s, ok := location.HodgesLehmann(c.a, c.b, func(v int64) float64 { return float64(v) }, 0.95)
		if !ok || s.HasInterval && !(s.Low <= s.Value && s.Value <= s.High) || math.IsNaN(s.Value) {
			t.Errorf("%v, %v: %+v", c.a, c.b, s)
		}
	}
	// One number of 2^62 above all 2^62 others of its sample and of the other: U is half a standard deviation above its mean,
	// times the square root of four, less the correction that takes it away: by hand, (2^61 - 1/2) / 2^61 = 1.
	r, _ := location.MannWhitney([]multiset.Run{{Value: 0, Count: many}, {Value: 1, Count: 1}}, []multiset.Run{{Value: 0, Count: many}})
	locNear(t, "p of one number", r.P, math.Erfc(1/math.Sqrt2), 1e-9)
	if _, ok := location.MannWhitney(nil, []multiset.Run{{Value: 0, Count: 1}}); ok {
		t.Error("a test of nothing")
	}
	huge := func(v int64) float64 { return float64(v) * math.MaxFloat64 }
	if _, ok := location.HodgesLehmann([]multiset.Run{{Value: 1, Count: 1}}, []multiset.Run{{Value: -1, Count: 1}}, huge, 0.9); ok {
		t.Error("a difference beyond float64")
	}
}

// The greatest numbers of ways fit: C(63, 31) with 31 and 32 numbers, and the like.
func TestMannWhitney_exactLimits(t *testing.T) {
	for _, c := range [][2]int{{31, 32}, {1, 1000}, {2, 500}, {25, 40}, {40, 25}, {10, 100}, {28, 35}} {
		var a, b, tied multiset.Set
		for i := range c[0] {
			a.Add(int64(3 * i))
			tied.Add(0)
		}
		for i := range c[1] {
			b.Add(int64(3*i + 1))
		}
		r, ok := location.MannWhitney(a.Runs(), b.Runs())
		if !ok || !r.Exact || !(r.P > 0 && r.P <= 1) {
			t.Errorf("%v: %+v", c, r)
		}
		var zeros multiset.Set
		for range c[1] {
			zeros.Add(0)
		}
		if r, _ = location.MannWhitney(tied.Runs(), zeros.Runs()); r.P != 1 || r.Superiority != 0.5 {
			t.Errorf("%v, all equal: %+v", c, r)
		}
	}
}
