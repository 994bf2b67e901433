package metrics

import (
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

func smpGrid(t interface{ Fatal(...any) }, e float64) grid {
	n, ok := exact.FromFloat(e)
	if !ok {
		t.Fatal(e)
	}
	return newGrid(n)
}

// smpWithin reports whether the numbers of a cell are within the relative error of its value, relative to either, in
// fractions.
func smpWithin(c cell, e float64) bool {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	n, _ := exact.FromFloat(e)
	coef, exp := n.Big()
	share := new(big.Rat).SetFrac(coef, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-exp)), nil))
	for _, v := range []float64{c.low, c.high} {
		off := new(big.Rat).Sub(rat(v), rat(c.value))
		off.Abs(off)
		if most := new(big.Rat).Mul(share, rat(min(v, c.value))); off.Cmp(most) > 0 {
			return false
		}
	}
	return true
}

// The buckets of a power of two follow each other without a gap, each within the error. As the bounds of all other normal
// numbers are these times powers of two, this is the proof for all.
func TestGrid_octave(t *testing.T) {
	for e, want := range map[float64]grid{1e-4: 3501, 3e-4: 1168, 0.001: 351, 0.005: 71, 0.01: 36, 0.0333: 11, 0.07: 6, 0.1: 4} {
		g := smpGrid(t, e)
		if g != want {
			t.Errorf("error %v: %d buckets, want %d", e, g, want)
		}
		next := 1.0
		for i := g.bucket(1); i <= g.bucket(math.Nextafter(2, 0)); i++ {
			c := g.cell(i)
			if c.low != next || g.bucket(c.low) != i || g.bucket(c.high) != i || !smpWithin(c, e) {
				t.Fatalf("error %v: bucket %d is %+v after %v", e, i, c, next)
			}
			if below, above := c.value/c.low-1, 1-c.value/c.high; math.Abs(below-above) > 1e-15 {
				t.Fatalf("error %v: %+v is off by %v and %v", e, c, below, above)
			}
			next = math.Nextafter(c.high, math.Inf(1))
			for _, octave := range []int{-1022, -30, 77, 1023} {
				f := g.cell(i + octave*int(g))
				if f.low != math.Ldexp(c.low, octave) || f.high != math.Ldexp(c.high, octave) || !smpWithin(f, e) {
					t.Fatalf("error %v: bucket %d times 2^%d is %+v", e, i, octave, f)
				}
			}
		}
		if next != 2 {
			t.Errorf("error %v: the buckets from 1 end at %v", e, next)
		}
	}
}

// All positive numbers are in a bucket, from the first to the last.
func TestGrid_all(t *testing.T) {
	g := smpGrid(t, 0.1)
	next, buckets := math.SmallestNonzeroFloat64, 0
	for i := range int(g.buckets()) {
		if !g.has(i) {
			continue
		}
		buckets++
		c := g.cell(i)
		if c.low != next || c.high < c.low || g.bucket(c.high) != i || c.value < c.low || c.value > c.high {
			t.Fatalf("bucket %d is %+v after %v", i, c, next)
		}
		next = math.Nextafter(c.high, math.Inf(1))
	}
	if !math.IsInf(next, 1) || buckets < 2046*4 {
		t.Errorf("%d buckets end at %v", buckets, next)
	}
}

// Any number is in its bucket, whatever the error; the next number is not in one before.
func TestGrid_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(leastError, mostError).Draw(t, "error")
		g := smpGrid(t, e)
		for range 10 {
			v := math.Float64frombits(rapid.Uint64Range(1, 0x7fefffffffffffff).Draw(t, "v"))
			i := g.bucket(v)
			c := g.cell(i)
			if v < c.low || v > c.high || g.bucket(math.Nextafter(v, math.MaxFloat64)) < i {
				t.Fatalf("%v is in bucket %d, %+v", v, i, c)
			}
			if c.low >= 0x1p-1000 && !smpWithin(c, e) {
				t.Fatalf("error %v: %+v", e, c)
			}
		}
	})
}

// Where the grid is coarsest, and the margin least, there are no margins to lose: the bounds hold for errors next to those at
// which the number of buckets changes.
func TestGrid_margin(t *testing.T) {
	for k := 4; k <= 40; k++ {
		e := math.Nextafter(7/(20*float64(k)-7), 1) // 7/(20e) + 7/20 is just less than k
		if e > mostError {
			continue
		}
		g := smpGrid(t, e)
		for i := g.bucket(1); i < g.bucket(2); i++ {
			if !smpWithin(g.cell(i), e) {
				t.Fatalf("error %v, %d buckets: %+v", e, g, g.cell(i))
			}
		}
	}
}

// Counts are where they belong, in whatever order the pages come.
func TestTally_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all, other tally
		want := map[int]int64{}
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			b := rapid.OneOf(rapid.IntRange(0, 1000), rapid.IntRange(0, 8_000_000)).Draw(t, "bucket")
			want[b]++
			if rapid.Bool().Draw(t, "other") {
				other.add(b, 1)
			} else {
				all.add(b, 1)
			}
		}
		all.merge(&other)
		before, n := -1, 0
		for b, count := range all.all() {
			if b <= before || want[b] != count {
				t.Fatalf("bucket %d after %d: %d, want %d", b, before, count, want[b])
			}
			before = b
			n++
		}
		for b, count := range all.backward() {
			if b > before || want[b] != count {
				t.Fatalf("backward, bucket %d: %d, want %d", b, count, want[b])
			}
			before = b - 1
			n++
		}
		if n != 2*len(want) {
			t.Fatalf("%d buckets both ways, want %d", n, len(want))
		}
	})
}

// Between the least and the greatest float64 the way is longer than any float64.
func TestSketch_extremes(t *testing.T) {
	k := &sketch{grid: smpGrid(t, 0.1)}
	for _, v := range []float64{-math.MaxFloat64, math.MaxFloat64} {
		k.add(v)
	}
	for p, want := range map[float64]float64{0.25: -math.MaxFloat64 / 2, 0.5: 0, 0.75: math.MaxFloat64 / 2} {
		if q := k.quantile(QuantileType(7).position(2, p)); math.Abs(q.Value-want) > q.Error || q.Error > 0x1p-49*math.MaxFloat64 {
			t.Errorf("quantile %v = %+v, want %v", p, q, want)
		}
	}
	for _, v := range []float64{-1.7e308, 1.7e308, 1.7e308, 1.6e308} {
		k.add(v)
		q := k.mad(QuantileType(7).position(k.n, 0.5))
		if !(q.Value >= 0 && q.Value <= math.MaxFloat64) || !(q.Error >= 0 && q.Error <= math.MaxFloat64) {
			t.Errorf("MAD of %d = %+v", k.n, q)
		}
	}
}

// Subnormal numbers do not fill all of their buckets: those that are empty are not to be counted.
func TestSketch_restore_refuses(t *testing.T) {
	for name, pairs := range map[string][][]int64{
		"no numbers":   {{1, 1}},
		"beyond all":   {{4 * octaves, 1}},
		"negative":     {{-1, 1}},
		"no count":     {{0, 0}},
		"twice":        {{0, 1}, {0, 1}},
		"not a pair":   {{0}},
		"full":         {{0, math.MaxInt64}, {4000, 1}},
		"not in order": {{4001, 1}, {4000, 1}},
	} {
		k := &sketch{grid: smpGrid(t, 0.1)}
		if err := k.restore(&k.positive, pairs); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// An option is written as the shortest decimal that reads as it, and in no other way.
func TestSample_error_form(t *testing.T) {
	for text, ok := range map[string]bool{"0.05": true, "0.050000000000000000001": false} {
		d, err := decimal.NewFromString(text)
		if err != nil {
			t.Fatal(err)
		}
		b := wire.Uint(wire.Decimal(wire.Uint(wire.Head(nil, 'S', 1), 7), d), 0)
		if err := new(Sample[int]).UnmarshalBinary(b); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
