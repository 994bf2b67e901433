package metrics_test

import (
	"cmp"
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

// totID is a key with a name of its own, and methods that must not matter.
type totID string

func (totID) MarshalJSON() ([]byte, error) { return nil, errors.New("is not asked") }
func (totID) String() string               { panic("is not asked") }

// totAmount draws money with any exponent: 1.5 and 1.50.
func totAmount() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(-9999, 99999).Draw(t, "coefficient"), rapid.Int32Range(-4, 3).Draw(t, "exponent"))
	})
}

func totLaws[K cmp.Ordered, N metrics.Exact](t *testing.T, key *rapid.Generator[K], amount *rapid.Generator[N]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		keys := rapid.SliceOfN(key, n, n).Draw(t, "keys")
		amounts := rapid.SliceOfN(amount, n, n).Draw(t, "amounts")
		whole := accGroupLaws(t, n, func(to *metrics.Totals[K, N], i int) {
			if err := to.Add(keys[i], amounts[i]); err != nil {
				t.Fatal(err)
			}
		})
		clone := whole.Clone()
		if err := clone.Sub(clone); err != nil || clone.Len() != 0 || accBinary(t, clone) != accBinary(t, &metrics.Totals[K, N]{}) {
			t.Fatalf("less itself it is %s (%v)", accJSON(t, clone), err)
		}
		if want := len(totDistinct(keys)); whole.Len() != want {
			t.Fatalf("%d keys, want %d", whole.Len(), want)
		}
		if n > 0 {
			more := whole.Clone()
			if err := more.Add(keys[0], amounts[0]); err != nil {
				t.Fatal(err)
			}
			if err := whole.Sub(more); !errors.Is(err, metrics.ErrMismatch) {
				t.Fatalf("Sub of more than it holds: %v", err)
			}
		}
	})
}

func totDistinct[K cmp.Ordered](keys []K) []K {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func TestTotals_law(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		totLaws(t, rapid.SampledFrom([]string{"", "acme", "beta", "Łódź", "<&\u2028>", "\x00"}), totAmount())
	})
	t.Run("named", func(t *testing.T) {
		totLaws(t, rapid.SampledFrom([]totID{"a", "b", "c"}), rapid.Int64Range(-9e15, 9e15))
	})
	t.Run("int8", func(t *testing.T) {
		totLaws(t, rapid.Int8(), rapid.Map(rapid.IntRange(0, 1e6), func(i int) uint32 { return uint32(i) }))
	})
	t.Run("uint64", func(t *testing.T) {
		totLaws(t, rapid.Uint64(), rapid.Uint64Range(math.MaxUint64/13, math.MaxUint64/12))
	})
	t.Run("float64", func(t *testing.T) {
		totLaws(t, rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0.1, 1e300})), rapid.IntRange(-9, 9))
	})
	t.Run("float32", func(t *testing.T) { totLaws(t, rapid.Float32(), totAmount()) })
}

// What the totals say is what a map of rationals says.
func TestTotals_slow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 12).Draw(t, "keys")
		want := map[int]*big.Rat{}
		var totals metrics.Totals[int, decimal.Decimal]
		whole := new(big.Rat)
		for _, key := range keys {
			x := totAmount().Draw(t, "amount")
			if err := totals.Add(key, x); err != nil {
				t.Fatal(err)
			}
			if want[key] == nil {
				want[key] = new(big.Rat)
			}
			want[key].Add(want[key], x.Rat())
			whole.Add(whole, x.Rat())
		}
		if totals.Sum().Rat().Cmp(whole) != 0 {
			t.Fatalf("the sum is %s, want %s", totals.Sum().StringFixed(9), whole.FloatString(9))
		}
		var order []int
		for key, sum := range totals.All() {
			of, ok := totals.Of(key)
			if !ok || want[key] == nil || sum.Rat().Cmp(want[key]) != 0 || of.Rat().Cmp(want[key]) != 0 {
				t.Fatalf("%d: %s and %s (%t), want %v", key, sum.StringFixed(9), of.StringFixed(9), ok, want[key])
			}
			order = append(order, key)
		}
		if !slices.Equal(order, totDistinct(keys)) {
			t.Fatalf("keys are %v, want %v", order, totDistinct(keys))
		}
		if _, ok := totals.Of(6); ok {
			t.Fatal("there is a total of what was never added")
		}
		totSlowTop(t, &totals, want, whole)
		totSlowConcentration(t, &totals, want, whole)
	})
}

// Whatever is added, merged and taken away, the totals are those of a map, and stay so.
func TestTotals_Sub_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type entry struct{ sum, n int64 }
		want := map[string]entry{}
		var totals metrics.Totals[string, int64]
		var parts []map[string]entry
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			part, own := metrics.Totals[string, int64]{}, map[string]entry{}
			for range rapid.IntRange(1, 4).Draw(t, "amounts") {
				key, x := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "key"), rapid.Int64Range(-3, 3).Draw(t, "x")
				if err := part.Add(key, x); err != nil {
					t.Fatal(err)
				}
				own[key] = entry{own[key].sum + x, own[key].n + 1}
			}
			sign := int64(1)
			do := totals.Merge
			if len(parts) > 0 && rapid.Bool().Draw(t, "sub") {
				sign, do, own, parts = -1, totals.Sub, parts[0], parts[1:]
				part = totPart(t, func(add func(string, int64)) {
					for key, e := range own {
						add(key, e.sum)
						for range e.n - 1 {
							add(key, 0)
						}
					}
				})
			} else {
				parts = append(parts, own)
			}
			if err := do(&part); err != nil {
				t.Fatal(err)
			}
			for key, e := range own {
				want[key] = entry{want[key].sum + sign*e.sum, want[key].n + sign*e.n}
				if want[key].n == 0 {
					delete(want, key)
				}
			}
			for _, key := range []string{"a", "b", "c", "d", "e"} {
				e, there := want[key]
				if sum, ok := totals.Of(key); sum != e.sum || ok != there {
					t.Fatalf("%s: %d, %t, want %d of %d", key, sum, ok, e.sum, e.n)
				}
			}
			if totals.Len() != len(want) {
				t.Fatalf("%d keys, want %d", totals.Len(), len(want))
			}
		}
	})
}

func totPart(t *rapid.T, fill func(add func(key string, x int64))) (part metrics.Totals[string, int64]) {
	fill(func(key string, x int64) {
		if err := part.Add(key, x); err != nil {
			t.Fatal(err)
		}
	})
	return part
}

// totSlowTop compares the greatest totals with those of all in order.
func totSlowTop(t *rapid.T, totals *metrics.Totals[int, decimal.Decimal], want map[int]*big.Rat, whole *big.Rat) {
	var order []int
	for key := range want {
		order = append(order, key)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(want[b].Cmp(want[a]), cmp.Compare(a, b)) })
	for k := -1; k <= len(order)+1; k++ {
		top := totals.Top(k)
		if len(top) != min(max(k, 0), len(order)) {
			t.Fatalf("Top(%d) has %d totals of %d", k, len(top), len(order))
		}
		sum := new(big.Rat)
		for i, of := range top {
			if of.Key != order[i] || of.Total.Rat().Cmp(want[of.Key]) != 0 {
				t.Fatalf("Top(%d)[%d] = %d %s, want %d", k, i, of.Key, of.Total.StringFixed(9), order[i])
			}
			sum.Add(sum, of.Total.Rat())
		}
		share, ok := totals.TopShare(k)
		if wantOK := k >= 1 && whole.Sign() > 0; ok != wantOK || ok && share != totFloat(sum.Quo(sum, whole)) {
			t.Fatalf("TopShare(%d) = %v, %t", k, share, ok)
		}
	}
}

// totSlowConcentration compares with the definitions: half the mean difference of all pairs over the mean, the sum of the squares
// of the shares, and its inverse.
func totSlowConcentration(t *rapid.T, totals *metrics.Totals[int, decimal.Decimal], want map[int]*big.Rat, whole *big.Rat) {
	defined := whole.Sign() > 0
	differences, squares := new(big.Rat), new(big.Rat)
	for _, x := range want {
		defined = defined && x.Sign() >= 0
		for _, y := range want {
			differences.Add(differences, new(big.Rat).Abs(new(big.Rat).Sub(x, y)))
		}
		squares.Add(squares, new(big.Rat).Mul(x, x))
	}
	g, okG := totals.Gini()
	h, okH := totals.HHI()
	n, okN := totals.Effective()
	if okG != defined || okH != defined || okN != defined {
		t.Fatalf("defined %t, %t, %t, want %t", okG, okH, okN, defined)
	}
	if !defined {
		return
	}
	differences.Quo(differences, new(big.Rat).Mul(whole, big.NewRat(2*int64(len(want)), 1)))
	squares.Quo(squares, new(big.Rat).Mul(whole, whole))
	if g != totFloat(differences) || h != totFloat(squares) || n != totFloat(new(big.Rat).Inv(squares)) {
		t.Fatalf("Gini %v, HHI %v, effective %v; want %v, %v", g, h, n, totFloat(differences), totFloat(squares))
	}
}

func totFloat(r *big.Rat) float64 {
	v, _ := r.Float64()
	return v
}

func totOf(t rapid.TB, values []int64) *metrics.Totals[int, int64] {
	t.Helper()
	var totals metrics.Totals[int, int64]
	for i, v := range values {
		if err := totals.Add(i, v); err != nil {
			t.Fatal(err)
		}
	}
	return &totals
}

// Gini and HHI are the same at every scale, and from 0 and 1/n to (n-1)/n and 1; what goes from a smaller total to a
// greater one raises both (Pigou and Dalton), and what comes as another key of 0 leaves the HHI alone and raises Gini.
func TestTotals_concentration_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 1e6), 2, 8).Draw(t, "values")
		values[0]++ // so that not all are 0
		n := float64(len(values))
		totals := totOf(t, values)
		g, _ := totals.Gini()
		h, _ := totals.HHI()
		if g < 0 || g > (n-1)/n || h < 1/n || h > 1 {
			t.Fatalf("Gini %v, HHI %v of %v", g, h, values)
		}
		scaled := slices.Clone(values)
		for i := range scaled {
			scaled[i] *= 7
		}
		sg, _ := totOf(t, scaled).Gini()
		if sh, _ := totOf(t, scaled).HHI(); sg != g || sh != h {
			t.Fatalf("seven times as much: Gini %v and not %v, HHI %v and not %v", sg, g, sh, h)
		}
		zg, _ := totOf(t, append(slices.Clone(values), 0)).Gini()
		if zh, _ := totOf(t, append(slices.Clone(values), 0)).HHI(); zg <= g || zh != h {
			t.Fatalf("with a key of 0: Gini %v after %v, HHI %v after %v", zg, g, zh, h)
		}
		slices.Sort(values)
		poor := rapid.IntRange(0, len(values)-2).Draw(t, "poor")
		rich := rapid.IntRange(poor+1, len(values)-1).Draw(t, "rich")
		if values[poor] == 0 {
			return
		}
		move := rapid.Int64Range(1, values[poor]).Draw(t, "move")
		values[poor] -= move
		values[rich] += move
		rg, _ := totOf(t, values).Gini()
		if rh, _ := totOf(t, values).HHI(); rg <= g || rh <= h {
			t.Fatalf("a regressive transfer: Gini %v after %v, HHI %v after %v", rg, g, rh, h)
		}
	})
}

func TestTotals_equal(t *testing.T) {
	for _, n := range []int{1, 2, 7, 100} {
		totals := totOf(t, slices.Repeat([]int64{250}, n))
		g, ok := totals.Gini()
		if g != 0 || !ok {
			t.Errorf("%d equal totals: Gini %v, %t", n, g, ok)
		}
		if h, ok := totals.HHI(); h != 1/float64(n) || !ok {
			t.Errorf("%d equal totals: HHI %v, %t", n, h, ok)
		}
		if e, ok := totals.Effective(); e != float64(n) || !ok {
			t.Errorf("%d equal totals: %v effective, %t", n, e, ok)
		}
	}
}
