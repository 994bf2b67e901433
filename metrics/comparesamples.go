package metrics

import (
	"slices"
	"strconv"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/location"
	"github.com/salesops-go/salesops/internal/multiset"
)

// CompareSamples compares two samples of values by their ranks, which suits durations and amounts with a long tail: a few
// deals that took two years move a mean, but not a rank. Difference is the shift of a against b of Hodges and Lehmann (1963,
// doi:10.1214/aoms/1177704172): the median of all differences of a value of a and one of b, which is not the difference of the
// medians. P is that of the test of Mann and Whitney (1947, doi:10.1214/aoms/1177730491), whether values of a tend to be
// above those of b: exact given the ties up to 1000 pairs of values, beyond that by the normal approximation with corrections
// for ties and continuity. The interval turns that test round. The verdict follows Superiority: of values with many ties, such
// as whole days, it may be clear while Difference is 0.
//
// Too few values are no error but the verdict [TooFew]. Only whole observations count: a deal that is still open has no duration
// yet, and leaving such out makes both sides look faster than they are.
//
// It takes O(n log n) for n values, and for the shift O(d log r) with d different values and r floats within their range.
//
// CompareSamples returns an error ([ErrInput]) if:
//   - a value is infinite or not a number, or a decimal out of bounds
//   - better is no direction, or e is out of range
func CompareSamples[N Number](a, b []N, better Direction, e Evidence) (Comparison, error) {
	var f faults
	e = f.terms(better, e)
	whole, numbers := [2]multiset.Set{}, [2][]exact.Num{}
	allWhole := true
	for side, values := range [2][]N{a, b} {
		for i, v := range values {
			n, ok := numOf(v)
			if !ok {
				path := string("ab"[side]) + "/" + strconv.Itoa(i)
				f.add(ErrInput, "", path, "", "must be a finite number: of a decimal the exponent within ±18, and at most 36 digits")
			}
			if tick, ok := n.Int64(); ok && allWhole {
				whole[side].Add(tick)
			} else {
				allWhole = false
			}
		}
	}
	if err := f.err(); err != nil {
		return Comparison{}, err
	}
	if allWhole {
		return compareRuns(whole[0].Runs(), whole[1].Runs(), better, e), nil
	}
	for side, values := range [2][]N{a, b} {
		numbers[side] = make([]exact.Num, len(values))
		for i, v := range values {
			numbers[side][i], _ = numOf(v)
		}
	}
	x, y, value := ranks(numbers[0], numbers[1])
	return compareRanks(x, y, value, better, e), nil
}

// ranks returns two samples as runs of ranks, from 0 up over both, and the numbers of the ranks.
func ranks(a, b []exact.Num) (x, y []multiset.Run, value func(rank int64) float64) {
	slices.SortFunc(a, exact.Num.Cmp)
	slices.SortFunc(b, exact.Num.Cmp)
	var values []float64
	take := func(runs []multiset.Run, from []exact.Num, n exact.Num) ([]multiset.Run, []exact.Num) {
		same := 0
		for same < len(from) && from[same].Cmp(n) == 0 {
			same++
		}
		if same > 0 {
			runs = append(runs, multiset.Run{Value: int64(len(values)), Count: int64(same)})
		}
		return runs, from[same:]
	}
	for len(a) > 0 || len(b) > 0 {
		var n exact.Num
		if len(b) == 0 || len(a) > 0 && a[0].Cmp(b[0]) < 0 {
			n = a[0]
		} else {
			n = b[0]
		}
		x, a = take(x, a, n)
		y, b = take(y, b, n)
		values = append(values, n.Float64())
	}
	return x, y, func(rank int64) float64 { return values[rank] }
}

// compareRuns is CompareSamples for whole numbers as runs, ascending, and terms in order.
func compareRuns(a, b []multiset.Run, better Direction, e Evidence) Comparison {
	return compareRanks(a, b, func(v int64) float64 { return float64(v) }, better, e)
}

// compareRanks is compareRuns for runs of what stands for numbers.
func compareRanks(a, b []multiset.Run, value func(int64) float64, better Direction, e Evidence) Comparison {
	c := Comparison{Better: better, Method: ByMannWhitney}
	if s, ok := location.HodgesLehmann(a, b, value, e.Level); ok {
		c.Difference = &s.Value
		if s.HasInterval {
			c.Interval = &Interval{s.Low, s.High}
		}
	}
	r, ok := location.MannWhitney(a, b)
	if ok {
		c.Superiority = &r.Superiority
	}
	if m, n := countOf(a), countOf(b); m < e.MinN || n < e.MinN {
		c.tooFew(e.MinN, m, n)
		return c
	}
	c.P = &r.P
	c.judge(e, 1)
	return c
}

// compareHeld is CompareSamples for what samples hold. If one of them holds buckets, numbers of the same bucket are ties.
func compareHeld[N Number](a, b *Sample[N], better Direction, e Evidence) Comparison {
	if a.IsExact() && b.IsExact() {
		x, y, value := ranks(a.nums(), b.nums())
		return compareRanks(x, y, value, better, e)
	}
	a, b = a.Clone(), b.Clone()
	a.promote()
	b.promote()
	return compareRanks(a.sketch.runs(), b.sketch.runs(), func(place int64) float64 { return a.sketch.uncut(int(place)).value }, better, e)
}

// countOf returns how many numbers runs hold.
func countOf(runs []multiset.Run) (n int64) {
	for _, r := range runs {
		n += r.Count
	}
	return n
}
