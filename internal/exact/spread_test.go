package exact_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
)

func num(s string) exact.Num { return exact.From(decimal.RequireFromString(s)) }

func nums(list string) []exact.Num {
	var out []exact.Num
	for f := range strings.FieldsSeq(list) {
		out = append(out, num(f))
	}
	return out
}

func fixed(list []exact.Num, places int32) string {
	var out []string
	for _, n := range list {
		out = append(out, n.Decimal().StringFixed(places))
	}
	return strings.Join(out, " ")
}

func TestAllocateOracles(t *testing.T) {
	// Published splits. E50: reports to dinero.js, brick/money and moneyphp; E51: README and tests
	// of Rhymond/go-money; E52: numscript, whose floor-to-first gives 61 35 4 instead.
	for _, tt := range []struct{ name, total, weights, want, reason string }{
		{"E50 second gets the cent", "10.03", "49 51", "4.91 5.12", "remainders .47 and .53"},
		{"E50 small total", "0.03", "75 25", "0.02 0.01", "remainders .25 and .75"},
		{"E50 large total", "99.99", "75 25", "74.99 25.00", "remainders .25 and .75"},
		{"E50 one weight larger", "5", "100 101 100 100", "1 2 1 1", "remainders .247 .259 .247 .247"},
		{"E51 equal thirds", "100", "30 30 30", "34 33 33", "ties go to the first"},
		{"E51 half and quarters", "5", "50 25 25", "3 1 1", "remainders .5 .25 .25"},
		{"E51 negative", "-101", "1 1 1 1", "-26 -25 -25 -25", "mirror of 101"},
		{"E51 zero weight", "10", "0 100", "0 10", "a zero weight gets zero"},
		{"E52 fractional weights", "100", "60 35.5 4.5", "60 36 4", "remainders 0 .5 .5: ties to the first"},
		{"exact", "100.00", "1 1 2", "25 25 50", "nothing left over"},
		{"fewer units than parts", "0.02", "1 1 1", "0.01 0.01 0.00", "first two get a cent"},
		{"zero total", "0", "1 2", "0 0", "nothing to split"},
		{"zero total, no weight", "0", "0 0", "0 0", "nothing to split and nobody to get it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var places int32 = 2
			if !strings.Contains(tt.want, ".") {
				places = 0
			}
			got, err := exact.Allocate(num(tt.total), nums(tt.weights), places)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, fixed(got, places)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestAlabamaParadox(t *testing.T) {
	// The textbook case of the paradox, seats for states of populations 6, 6 and 2: with one
	// seat more in the house the third loses one. Allocate is not monotone in total.
	ten, err := exact.Allocate(num("10"), nums("6 6 2"), 0)
	if err != nil {
		t.Fatal(err)
	}
	eleven, err := exact.Allocate(num("11"), nums("6 6 2"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"4 4 2", "5 5 1"}, []string{fixed(ten, 0), fixed(eleven, 0)}); diff != "" {
		t.Errorf("seats (-want +got):\n%s", diff)
	}
}

func TestAllocateErrors(t *testing.T) {
	for _, tt := range []struct{ name, total, weights, want string }{
		{"fraction of a cent", "1.005", "1", "exact: total 1.005 has more than 2 decimals, round it first"},
		{"negative weight", "1", "1 -2.50 0", "exact: weight 1 is negative: -2.5"},
		{"negative weight, zero total", "0", "-1", "exact: weight 0 is negative: -1"},
		{"no positive weight", "1.50", "0 0", "exact: no weight is positive, so 1.5 cannot be allocated"},
		{"no weight", "100", "", "exact: no weight is positive, so 100 cannot be allocated"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := exact.Allocate(num(tt.total), nums(tt.weights), 2)
			if got != nil || err == nil {
				t.Fatalf("got %v, %v, want an error", got, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	if got, err := exact.Allocate(exact.Num{}, nil, 2); len(got) != 0 || err != nil {
		t.Errorf("zero over no weights: got %v, %v, want nothing", got, err)
	}
}

func TestSpreadErrors(t *testing.T) {
	for _, tt := range []struct {
		name              string
		lines, den, total string
		out               int
		want              string
	}{
		{"short out", "1 2", "1", "3", 1, "exact: room for 1 of 2 lines, make out as long as lines"},
		{"zero den", "1 2", "0", "3", 2, "exact: the denominator of the lines is 0"},
		{"fraction of a cent", "1 2", "1", "3.001", 2, "exact: total 3.001 has more than 2 decimals, round it first"},
		{"no lines", "", "1", "0.01", 0, "exact: there are no lines to spread 0.01 over"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := exact.Spread(nums(tt.lines), num(tt.den), num(tt.total), 2, make([]exact.Num, tt.out))
			if err == nil {
				t.Fatal("got no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	if err := exact.Spread(nil, exact.Int(1), exact.Num{}, 2, nil); err != nil {
		t.Errorf("no lines and no total: %v", err)
	}
}

func TestSpreadCases(t *testing.T) {
	for _, tt := range []struct{ name, lines, den, total, want, reason string }{
		{"all exact", "1.25 2.50", "1", "3.75", "1.25 2.50", "nothing to round"},
		{"thirds", "1 1 1", "3", "1", "0.34 0.33 0.33", "0.3333…, ties to the first"},
		{"exact line stays", "1.005 1.00 1.004", "1", "3.01", "1.01 1.00 1.00", "the cent goes to the larger fraction"},
		{"tie", "1.005 1.005", "1", "2.01", "1.01 1.00", "to the first"},
		{"negative mirrors", "-1.005 -1.005", "1", "-2.01", "-1.01 -1.00", "as with the signs turned"},
		{"negative denominator", "1.005 1.005", "-1", "-2.01", "-1.01 -1.00", "the same"},
		{"mixed signs", "1.005 -1.005", "1", "0", "1.01 -1.01", "floors 1.00 and -1.01, fractions equal: the first gets the cent"},
		{"clawback", "2.004 -1.002", "1", "1.00", "2.00 -1.00", "floors 2.00 and -1.01, fractions .4 and .8"},
		{"one unit too many on exact lines", "1 2", "1", "3.01", "1.01 2.00", "unavoidable: the first exact line moves"},
		{"one unit too few on exact lines", "1 2", "1", "2.99", "1.00 1.99", "unavoidable: the last exact line moves"},
		{"many units too many", "1 2 3.005", "1", "6.10", "1.03 2.03 3.04", "distances .03 .03 .035 from the exact values"},
		{"many units too few", "1 2 3.005", "1", "5.90", "0.97 1.96 2.97", "distances .03 .04 .035"},
		{"zeros", "0 0 0", "1", "0.02", "0.01 0.01 0.00", "as even as it can be"},
		{"zeros, negative", "0 0 0", "1", "-0.02", "-0.01 -0.01 0.00", "mirror"},
		{"total of the other sign", "1.005 1.005", "1", "-0.03", "-0.01 -0.02", "distances 1.015 and 1.025"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines := nums(tt.lines)
			out := make([]exact.Num, len(lines))
			if err := exact.Spread(lines, num(tt.den), num(tt.total), 2, out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, fixed(out, 2)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

// job is a drawn call of Spread with its exact shares.
type job struct {
	lines  []sample
	den    sample
	places int32
	shares []*big.Rat
	total  sample
}

func (j job) nums() []exact.Num {
	var out []exact.Num
	for _, l := range j.lines {
		out = append(out, l.num)
	}
	return out
}

type fataler interface{ Fatal(args ...any) }

// run calls Spread in place or not, and returns the exact values of the parts.
func (j job) run(t fataler, inPlace bool) []*big.Rat {
	lines := j.nums()
	out := lines
	if !inPlace {
		out = make([]exact.Num, len(lines))
	}
	if err := exact.Spread(lines, j.den.num, j.total.num, j.places, out); err != nil {
		t.Fatal(err)
	}
	var got []*big.Rat
	for _, n := range out {
		got = append(got, rat(n))
	}
	return got
}

// mirrored returns the job with all signs turned.
func (j job) mirrored() job {
	m := job{den: j.den, places: j.places, total: sample{j.total.num.Neg(), new(big.Rat).Neg(j.total.rat)}}
	for i, l := range j.lines {
		m.lines = append(m.lines, sample{l.num.Neg(), new(big.Rat).Neg(l.rat)})
		m.shares = append(m.shares, new(big.Rat).Neg(j.shares[i]))
	}
	return m
}

// jobs draws calls of up to n lines. Coefficients repeat, so that there are ties, and come
// in sizes that take each of the paths: 64, 128 bits and math/big for line and denominator.
func jobs(n int, far int64) *rapid.Generator[job] {
	return rapid.Custom(func(t *rapid.T) job {
		var j job
		small := rapid.OneOf(rapid.Int64Range(-12, 12), rapid.Int64Range(0, 2000), rapid.Int64Range(-2000, 0))
		bits := rapid.SampledFrom([]uint{0, 0, 0, 70, 140}).Draw(t, "line bits")
		denBits := rapid.SampledFrom([]uint{0, 0, 70, 118, 140}).Draw(t, "denominator bits")
		grow := func(v int64, bits uint) *big.Int {
			c := new(big.Int).Lsh(big.NewInt(v), bits)
			if bits > 0 {
				c.Add(c, big.NewInt(v%3))
			}
			return c
		}
		lineExp := rapid.Int32Range(-6, 1)
		c := rapid.OneOf(rapid.Int64Range(1, 12), rapid.Int64Range(1, 5000), rapid.Int64Range(-9, -1)).Draw(t, "den")
		j.den = newSample(grow(c, denBits), rapid.Int32Range(-3, 3).Draw(t, "den exp"))
		sum := new(big.Rat)
		uniform := rapid.Bool().Draw(t, "one exponent")
		exp := lineExp.Draw(t, "exp")
		for range rapid.IntRange(1, n).Draw(t, "lines") {
			l := newSample(grow(small.Draw(t, "line"), bits), exp)
			if !uniform {
				exp = lineExp.Draw(t, "exp")
			}
			j.lines = append(j.lines, l)
			share := new(big.Rat).Quo(l.rat, j.den.rat)
			j.shares = append(j.shares, share)
			sum.Add(sum, share)
		}
		j.places = rapid.Int32Range(-1, 4).Draw(t, "places")
		total := roundRat(sum, j.places, exact.HalfUp)
		off := rapid.Int64Range(-far, far).Draw(t, "units off")
		total.Add(total, scaled(big.NewInt(off), -j.places))
		units := new(big.Rat).Mul(total, scaled(big.NewInt(1), j.places))
		j.total = newSample(units.Num(), -j.places)
		return j
	})
}

// greedy is the reference: it gives units one by one to the line that they leave the least
// above its exact value, the first such line.
func greedy(j job) []*big.Rat {
	if slices.MaxFunc(j.shares, (*big.Rat).Cmp).Sign() <= 0 && (slices.MinFunc(j.shares, (*big.Rat).Cmp).Sign() < 0 || j.total.rat.Sign() < 0) {
		parts := greedy(j.mirrored())
		for _, p := range parts {
			p.Neg(p)
		}
		return parts
	}
	unit := scaled(big.NewInt(1), -j.places)
	left := new(big.Rat).Set(j.total.rat)
	var parts []*big.Rat
	for _, s := range j.shares { // start below, where the order of giving is still the same for all
		p := roundRat(s, j.places, exact.Down)
		for range 60 {
			p.Sub(p, unit)
		}
		for new(big.Rat).Sub(s, p).Cmp(new(big.Rat).Mul(unit, big.NewRat(60, 1))) >= 0 {
			p.Add(p, unit)
		}
		parts = append(parts, p)
		left.Sub(left, p)
	}
	for ; left.Sign() > 0; left.Sub(left, unit) {
		best, above := -1, new(big.Rat)
		for i, p := range parts {
			a := new(big.Rat).Sub(p, j.shares[i])
			if best < 0 || a.Cmp(above) < 0 {
				best, above = i, a
			}
		}
		parts[best].Add(parts[best], unit)
	}
	if left.Sign() < 0 {
		panic("the reference starts too high")
	}
	return parts
}

func ratStrings(list []*big.Rat) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.RatString())
	}
	return out
}

func TestSpreadAgainstGreedy(t *testing.T) {
	for _, far := range []int64{0, 1, 25} {
		rapid.Check(t, func(t *rapid.T) {
			j := jobs(8, far).Draw(t, "job")
			got := j.run(t, rapid.Bool().Draw(t, "in place"))
			if diff := cmp.Diff(ratStrings(greedy(j)), ratStrings(got)); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSpreadLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := jobs(60, 0).Draw(t, "job")
		got := j.run(t, false)
		unit := scaled(big.NewInt(1), -j.places)
		sum := new(big.Rat)
		signs := map[int]bool{}
		for i, p := range got {
			sum.Add(sum, p)
			signs[j.shares[i].Sign()] = true
			off := new(big.Rat).Sub(p, j.shares[i])
			if off.Abs(off).Cmp(unit) >= 0 {
				t.Errorf("line %d: %s is a unit or more away from %s", i, p.RatString(), j.shares[i].RatString())
			}
		}
		if sum.Cmp(j.total.rat) != 0 {
			t.Errorf("sum = %s, want %s", sum.RatString(), j.total.rat.RatString())
		}
		if signs[1] != signs[-1] {
			back := j.mirrored().run(t, false)
			for _, p := range back {
				p.Neg(p)
			}
			if diff := cmp.Diff(ratStrings(got), ratStrings(back)); diff != "" {
				t.Errorf("negation does not mirror (-want +got):\n%s", diff)
			}
		}
	})
}

// TestSpreadIsClosest tries all parts that could be: none of the same sum is closer to the
// exact values by the sum of squares.
func TestSpreadIsClosest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := jobs(3, 2).Draw(t, "job")
		got := j.run(t, false)
		unit := scaled(big.NewInt(1), -j.places)
		cost := func(parts []*big.Rat) *big.Rat {
			c := new(big.Rat)
			for i, p := range parts {
				d := new(big.Rat).Sub(p, j.shares[i])
				c.Add(c, d.Mul(d, d))
			}
			return c
		}
		have := cost(got)
		var try func(i int, parts []*big.Rat, left *big.Rat)
		try = func(i int, parts []*big.Rat, left *big.Rat) {
			if i == len(got)-1 {
				if all := append(parts, left); cost(all).Cmp(have) < 0 {
					t.Fatalf("%v is closer than %v", ratStrings(all), ratStrings(got))
				}
				return
			}
			for k := int64(-3); k <= 3; k++ {
				p := new(big.Rat).Add(got[i], new(big.Rat).Mul(unit, big.NewRat(k, 1)))
				try(i+1, append(slices.Clone(parts), p), new(big.Rat).Sub(left, p))
			}
		}
		try(0, nil, j.total.rat)
	})
}

// TestSpreadAtTheEdge has quotients next to the border of 64 bits, on either side.
func TestSpreadAtTheEdge(t *testing.T) {
	for _, den := range []int64{1, 2, 3, 7, 1e18, 1<<63 - 1} {
		for off := int64(-3); off <= 3; off++ {
			c := new(big.Int).Lsh(big.NewInt(den), 64)
			c.Add(c, big.NewInt(off))
			j := job{den: newSample(big.NewInt(den), 0), total: newSample(new(big.Int), 0)}
			for _, l := range []*big.Int{c, new(big.Int).Neg(c)} {
				line := newSample(l, 0)
				j.lines = append(j.lines, line)
				j.shares = append(j.shares, new(big.Rat).Quo(line.rat, j.den.rat))
			}
			if diff := cmp.Diff(ratStrings(greedy(j)), ratStrings(j.run(t, false))); diff != "" {
				t.Errorf("parts of %s / %d (-want +got):\n%s", c, den, diff)
			}
		}
	}
}

// TestSpreadWideDivisors has divisors on both sides of 2^127 and remainders next to them.
func TestSpreadWideDivisors(t *testing.T) {
	for bit := uint(120); bit < 132; bit++ {
		den := newSample(new(big.Int).Lsh(big.NewInt(1), bit), 0)
		j := job{den: den, total: newSample(big.NewInt(1), 0)}
		for _, off := range []int64{-2, -1, -3, 1, -1} { // shares next to 1, and one next to -1
			c := new(big.Int).Add(den.rat.Num(), big.NewInt(off))
			if off > 0 {
				c.Sub(c, new(big.Int).Lsh(big.NewInt(2), bit))
			}
			line := newSample(c, 0)
			j.lines = append(j.lines, line)
			j.shares = append(j.shares, new(big.Rat).Quo(line.rat, den.rat))
		}
		for total := int64(-3); total <= 5; total++ {
			j.total = newSample(big.NewInt(total), 0)
			if diff := cmp.Diff(ratStrings(greedy(j)), ratStrings(j.run(t, false))); diff != "" {
				t.Errorf("parts of %d by 2^%d (-want +got):\n%s", total, bit, diff)
			}
		}
	}
}

func TestSpreadLeavesLinesAlone(t *testing.T) {
	lines := nums("1.005 1.005 2")
	if err := exact.Spread(lines, exact.Int(1), num("4.01"), 2, make([]exact.Num, 3)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("1.005 1.005 2.000", fixed(lines, 3)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestAllocateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.Int32Range(-2, 6).Draw(t, "places")
		units := rapid.OneOf(
			rapid.Map(rapid.Int64Range(-500, 500), big.NewInt), coefs()).Draw(t, "units")
		total := newSample(units, -places)
		weight := rapid.Custom(func(t *rapid.T) sample {
			c := rapid.OneOf(rapid.Map(rapid.Int64Range(0, 5), big.NewInt), coefs()).Draw(t, "coef")
			return newSample(c.Abs(c), rapid.Int32Range(-6, 3).Draw(t, "exp"))
		})
		ws := append(rapid.SliceOfN(weight, 0, 40).Draw(t, "weights"), newSample(big.NewInt(1), 0))
		var in, scaledIn []exact.Num
		sum := new(big.Rat)
		factor := rapid.SampledFrom([]exact.Num{num("7"), num("0.003"), num("100"), num("123456789012345678901234567")}).Draw(t, "factor")
		for _, w := range ws {
			in = append(in, w.num)
			scaledIn = append(scaledIn, w.num.Mul(factor))
			sum.Add(sum, w.rat)
		}
		allocate := func(total exact.Num, in []exact.Num) []*big.Rat {
			parts, err := exact.Allocate(total, in, places)
			if err != nil {
				t.Fatal(err)
			}
			var out []*big.Rat
			for _, p := range parts {
				out = append(out, rat(p))
			}
			return out
		}

		got := allocate(total.num, in)
		unit, back := scaled(big.NewInt(1), -places), new(big.Rat)
		for i, p := range got {
			back.Add(back, p)
			want := new(big.Rat).Quo(new(big.Rat).Mul(total.rat, ws[i].rat), sum)
			off := new(big.Rat).Sub(p, want)
			if off.Abs(off).Cmp(unit) >= 0 {
				t.Errorf("part %d: %s is a unit or more away from %s", i, p.RatString(), want.RatString())
			}
			if ws[i].rat.Sign() == 0 && p.Sign() != 0 {
				t.Errorf("part %d: zero weight gets %s", i, p.RatString())
			}
		}
		if back.Cmp(total.rat) != 0 {
			t.Errorf("sum = %s, want %s", back.RatString(), total.rat.RatString())
		}
		if diff := cmp.Diff(ratStrings(got), ratStrings(allocate(total.num, scaledIn))); diff != "" {
			t.Errorf("scaling the weights changes parts (-want +got):\n%s", diff)
		}
		mirror := allocate(total.num.Neg(), in)
		for _, p := range mirror {
			p.Neg(p)
		}
		if diff := cmp.Diff(ratStrings(got), ratStrings(mirror)); diff != "" {
			t.Errorf("negation does not mirror (-want +got):\n%s", diff)
		}
	})
}
