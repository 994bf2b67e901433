package multiset_test

import (
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/internal/wire"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// msOf returns the set of the values.
func msOf(values ...int64) *multiset.Set {
	var s multiset.Set
	for _, v := range values {
		s.Add(v)
	}
	return &s
}

// msRuns is the slow way to the runs.
func msRuns(values []int64) []multiset.Run {
	values = slices.Sorted(slices.Values(values))
	runs := []multiset.Run{}
	for _, v := range values {
		if n := len(runs); n > 0 && runs[n-1].Value == v {
			runs[n-1].Count++
			continue
		}
		runs = append(runs, multiset.Run{Value: v, Count: 1})
	}
	return runs
}

func msEqual(t interface {
	Helper()
	Errorf(format string, args ...any)
}, s *multiset.Set, values []int64,
) {
	t.Helper()
	if diff := cmp.Diff(msRuns(values), append([]multiset.Run{}, s.Runs()...)); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	if got := s.Len(); got != int64(len(values)) {
		t.Errorf("Len = %d, want %d", got, len(values))
	}
}

// msList draws numbers, of which some are equal and some as large as they get.
func msList(most int) *rapid.Generator[[]int64] {
	return rapid.Custom(func(t *rapid.T) []int64 {
		value := rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
		return rapid.SliceOfN(value, 0, most).Draw(t, "values")
	})
}

// A set holds what was added and merged, and not what was taken away, in whatever order and however often it was put in order.
func TestSet_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s multiset.Set
		var want []int64
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			list := msList(20).Draw(t, "list")
			times := rapid.SampledFrom([]int{1, 40}).Draw(t, "times") // 40: past the size at which sets settle
			switch rapid.SampledFrom([]string{"add", "merge", "settled", "self", "sub", "settle"}).Draw(t, "step") {
			case "add":
				for range times {
					for _, v := range list {
						s.Add(v)
						want = append(want, v)
					}
				}
			case "merge":
				for range times {
					s.Merge(msOf(list...))
					want = append(want, list...)
				}
			case "settled":
				s.Merge(msOf(append(list, list...)...).Clone())
				want = append(append(want, list...), list...)
			case "self":
				s.Merge(&s)
				want = append(want, want...)
			case "sub":
				n := rapid.IntRange(0, len(want)).Draw(t, "n")
				o := msOf(want[:n]...)
				if !s.Holds(o) || !s.Sub(o) {
					t.Errorf("Sub of a part failed")
				}
				want = append([]int64(nil), want[n:]...)
			case "settle":
				s.Settle()
			}
			if len(want) > 5_000 {
				break
			}
		}
		before := append([]multiset.Run(nil), s.Runs()...)
		msEqual(t, &s, want)
		c := s.Clone()
		msEqual(t, c, want)
		if len(want) > 0 && c.Sub(msOf(want[0])) {
			msEqual(t, &s, want)
		}
		if o := msOf(append([]int64{7}, want...)...); s.Holds(o) || s.Sub(o) {
			t.Errorf("Sub of one number more succeeded")
		}
		if diff := cmp.Diff(before, append([]multiset.Run(nil), s.Runs()...)); diff != "" {
			t.Errorf("a Sub that failed changed the set (-want +got):\n%s", diff)
		}
		if !s.Sub(&s) || s.Len() != 0 || len(s.Runs()) != 0 {
			t.Errorf("minus itself: %v", s.Runs())
		}
	})
}

// Sum, mean, extremes and quantiles are those of the numbers by their definitions, in fractions.
func TestSet_moments_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := append(msList(30).Draw(t, "values"), rapid.Int64().Draw(t, "one"))
		s := msOf(values...)
		switch rapid.IntRange(0, 2).Draw(t, "state") {
		case 1:
			s.Settle()
		case 2: // runs, more and tail all hold some
			s = msOf(values[:len(values)/3]...).Clone()
			s.Merge(msOf(values[len(values)/3 : len(values)/2]...).Clone())
			s.Merge(msOf(values[len(values)/2:]...))
		}
		sum := new(big.Int)
		for _, v := range values {
			sum.Add(sum, big.NewInt(v))
		}
		if got := s.Sum(); got.Cmp(sum) != 0 {
			t.Errorf("Sum = %v, want %v", got, sum)
		}
		mean, _ := new(big.Rat).SetFrac(sum, big.NewInt(int64(len(values)))).Float64()
		if got, ok := s.Mean(); !ok || got != mean {
			t.Errorf("Mean = %v, %t, want %v", got, ok, mean)
		}
		slices.Sort(values)
		if got, ok := s.Min(); !ok || got != values[0] {
			t.Errorf("Min = %d, %t, want %d", got, ok, values[0])
		}
		if got, ok := s.Max(); !ok || got != values[len(values)-1] {
			t.Errorf("Max = %d, %t, want %d", got, ok, values[len(values)-1])
		}
		hundredths := rapid.Int64Range(0, 100).Draw(t, "p")
		position := new(big.Rat).Mul(big.NewRat(hundredths, 100), big.NewRat(int64(len(values)-1), 1))
		k := int(new(big.Int).Quo(position.Num(), position.Denom()).Int64())
		part := position.Sub(position, big.NewRat(int64(k), 1))
		exact := new(big.Rat).SetInt64(values[k])
		if part.Sign() > 0 {
			gap := new(big.Rat).Sub(new(big.Rat).SetInt64(values[k+1]), exact)
			exact.Add(exact, part.Mul(part, gap))
		}
		want, _ := exact.Float64()
		if got, ok := s.Quantile(float64(hundredths) / 100); !ok || got != want {
			t.Errorf("Quantile(%d %%) = %v, %t, want %v", hundredths, got, ok, want)
		}
	})
}

func TestSet_empty(t *testing.T) {
	var s multiset.Set
	if _, ok := s.Mean(); ok {
		t.Error("Mean of nothing")
	}
	if _, ok := s.Min(); ok {
		t.Error("Min of nothing")
	}
	if _, ok := s.Max(); ok {
		t.Error("Max of nothing")
	}
	if _, ok := s.Quantile(0.5); ok {
		t.Error("Quantile of nothing")
	}
	if !s.Holds(&s) || !s.Sub(&s) || !s.Merge(&s) || s.Len() != 0 || s.Sum().Sign() != 0 {
		t.Error("nothing minus and plus itself is not nothing")
	}
}

func TestSet_Quantile_bounds(t *testing.T) {
	s := msOf(1, 2)
	for _, p := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1e-320, 1 + 1e-15} {
		if got, ok := s.Quantile(p); ok {
			t.Errorf("Quantile(%v) = %v, want none", p, got)
		}
	}
	for p, want := range map[float64]float64{0: 1, math.Copysign(0, -1): 1, 5e-324: 1, 0.5: 1.5, 1: 2} {
		if got, ok := s.Quantile(p); !ok || got != want {
			t.Errorf("Quantile(%v) = %v, %t, want %v", p, got, ok, want)
		}
	}
	// In binary, 100 times 0.07 is above 7: R and spreadsheets agree that the 7th of 101 is meant.
	var hundred multiset.Set
	for i := range int64(101) {
		hundred.Add(i * i)
	}
	if got, _ := hundred.Quantile(0.07); got != 49 {
		t.Errorf("Quantile(0.07) of 101 = %v, want the observation 49", got)
	}
	// Beyond 2^53 neither observation is a float64, but the number between them is.
	if got, _ := msOf(1<<53+1, 1<<53+3).Quantile(0.5); got != 1<<53+2 {
		t.Errorf("median = %.0f, want 2^53+2", got)
	}
	if got, _ := msOf(math.MinInt64, math.MaxInt64).Quantile(0.5); got != -0.5 {
		t.Errorf("median = %v, want -0.5", got)
	}
}

// A set is full at 2^63-1 numbers, and says so.
func TestSet_full(t *testing.T) {
	full, err := multiset.FromRuns([]multiset.Run{{Value: math.MinInt64, Count: math.MaxInt64 - 1}, {Value: 3, Count: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if full.Add(1) || full.Merge(msOf(1)) || full.Merge(full) {
		t.Error("added to a full set")
	}
	product := new(big.Int).Mul(big.NewInt(math.MinInt64), big.NewInt(math.MaxInt64-1))
	if got, want := full.Sum(), product.Add(product, big.NewInt(3)); got.Cmp(want) != 0 {
		t.Errorf("Sum = %v, want %v", got, want)
	}
	if got, _ := full.Quantile(1); got != 3 {
		t.Errorf("Quantile(1) = %v, want 3", got)
	}
	if !full.Sub(msOf(3)) || !full.Add(4) {
		t.Error("a number less makes room for one")
	}
}

// Large sets, of which the tail is sorted by radix: near each other, far, negative, in steps.
func TestSet_large(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, value := range map[string]func() int64{
		"any":           func() int64 { return int64(random.Uint64()) },
		"few":           func() int64 { return random.Int64N(20) - 10 },
		"whole seconds": func() int64 { return random.Int64N(1e6) * 1e9 },
		"equal":         func() int64 { return -5 },
		"far apart":     func() int64 { return random.Int64N(3)*math.MaxInt64/2 - math.MaxInt64/2 },
	} {
		for _, n := range []int{64, 513, 3_000, 20_000, 70_000} {
			values := make([]int64, n)
			var s multiset.Set
			for i := range values {
				values[i] = value()
				s.Add(values[i])
			}
			s2 := s.Clone()
			if !slices.Equal(s2.Runs(), s.Runs()) || !slices.Equal(s.Runs(), msRuns(values)) {
				t.Errorf("%s, %d numbers: other runs than by comparison", name, n)
			}
		}
	}
}

// Adding allocates nothing but the room for what is new, and what reads a settled set nothing at all.
func TestSet_allocs(t *testing.T) {
	var s multiset.Set
	for i := range int64(100_000) {
		s.Add(i % 1000)
	}
	if got := testing.AllocsPerRun(10, func() {
		for i := range int64(1000) {
			s.Add(i)
		}
	}); got > 4 {
		t.Errorf("1,000 known numbers: %v allocations", got)
	}
	s.Settle()
	if got := testing.AllocsPerRun(10, func() {
		if len(s.Runs()) != 1000 {
			t.Error("other runs")
		}
	}); got != 0 {
		t.Errorf("Runs of a settled set: %v allocations", got)
	}
}

// What is written is read again, after another text and before one.
func TestRead_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := msList(30).Draw(t, "values")
		b := wire.Uint(msOf(values...).Append(wire.Uint(wire.Head(nil, 'K', 1), 5)), 6)
		r := wire.NewReader(b, 'K', 1)
		if got := r.Uint(); got != 5 {
			t.Errorf("before: %d, want 5", got)
		}
		msEqual(t, multiset.Read(r), values)
		if got := r.Uint(); got != 6 {
			t.Errorf("after: %d, want 6", got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAppendOne(t *testing.T) {
	for _, v := range []int64{0, -1, 300, math.MinInt64, math.MaxInt64} {
		if got, want := multiset.AppendOne(nil, v), msOf(v).Append(nil); !bytes.Equal(got, want) {
			t.Errorf("%d: % x, want % x", v, got, want)
		}
	}
}

func TestFromRuns_refuses(t *testing.T) {
	for name, runs := range map[string][]multiset.Run{
		"descending": {{2, 1}, {1, 1}},
		"twice":      {{2, 1}, {2, 1}},
		"none":       {{2, 0}},
		"negative":   {{2, -1}},
		"too many":   {{2, math.MaxInt64}, {3, 1}},
	} {
		if s, err := multiset.FromRuns(runs); err == nil {
			t.Errorf("%s: %v, want an error", name, s.Runs())
		}
	}
}

// Whatever is read without fault is what is written for it.
func FuzzRead(f *testing.F) {
	f.Add(msOf(1, 1, 5, -7, math.MaxInt64).Append(wire.Head(nil, 'K', 1)))
	f.Add([]byte{'K', 1, 2, 2, 1, 0, 1})
	f.Add(append([]byte{'K', 1, 2, 2, 1}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := wire.NewReader(data, 'K', 1)
		s := multiset.Read(r)
		if r.Close() != nil {
			return
		}
		if got := s.Append(wire.Head(nil, 'K', 1)); !bytes.Equal(got, data) {
			t.Errorf("read % x, wrote % x", data, got)
		}
	})
}
