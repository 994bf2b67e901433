package metrics_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/metrics"
)

func momInts() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64Range(-9, 9), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 1 << 32}),
		rapid.Map(rapid.Uint64(), func(u uint64) int64 { return int64(u * 0x9e3779b97f4a7c15) }), // no bit is rare
	)
}

func momFloats() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(-10, 10), rapid.Map(rapid.IntRange(-999, 999), func(i int) float64 { return float64(i) / 100 }),
		rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 5e-324, math.MaxFloat64, -math.MaxFloat64, 0x1p-1022, 1e22}),
	)
}

// momDecimals draws decimals up to the bounds, in several forms: 1.5 and 1.50.
func momDecimals() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		exp := rapid.Int32Range(-2, 0).Draw(t, "exponent")
		coef := rapid.Int64Range(-999, 999).Draw(t, "coefficient")
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			return decimal.New(coef*100, exp-2)
		case 1:
			exp = rapid.Int32Range(-18, 16).Draw(t, "far exponent")
			return decimal.New(momInts().Draw(t, "long coefficient"), exp)
		case 2:
			wide := big.NewInt(momInts().Draw(t, "wide coefficient"))
			wide.Mul(wide, big.NewInt(rapid.Int64Range(-1e17, 1e17).Draw(t, "factor")))
			return decimal.NewFromBigInt(wide, exp)
		}
		return decimal.New(coef, exp)
	})
}

// Shards merge into the whole, byte for byte; Sub undoes Merge; encodings come back; and the figures are those of two passes over
// rationals.
func TestMoments_law(t *testing.T) {
	t.Run("int64", func(t *testing.T) { momLaws(t, momInts(), momIntRat) })
	t.Run("uint64", func(t *testing.T) {
		momLaws(t, rapid.Uint64(), func(x uint64) *big.Rat { return new(big.Rat).SetUint64(x) })
	})
	t.Run("Duration", func(t *testing.T) {
		momLaws(t, rapid.Map(momInts(), func(i int64) time.Duration { return time.Duration(i) }), momIntRat)
	})
	t.Run("float64", func(t *testing.T) { momLaws(t, momFloats(), momFloatRat) })
	t.Run("decimal", func(t *testing.T) {
		momLaws(t, momDecimals(), func(x decimal.Decimal) *big.Rat { return momRat(exact.From(x)) })
	})
}

func momIntRat[N ~int64](x N) *big.Rat { return new(big.Rat).SetInt64(int64(x)) }

func momFloatRat(x float64) *big.Rat {
	n, _ := exact.FromFloat(x)
	return momRat(n)
}

func momRat(n exact.Num) *big.Rat {
	coef, exp := n.Big()
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	if exp < 0 {
		return new(big.Rat).SetFrac(coef, ten)
	}
	return new(big.Rat).SetInt(coef.Mul(coef, ten))
}

func momLaws[N metrics.Number](t *testing.T, one *rapid.Generator[N], rat func(N) *big.Rat) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(one, 0, 8).Draw(t, "numbers")
		m := accGroupLaws(t, len(xs), func(to *metrics.Moments[N], i int) { check(to.Add(xs[i])) })
		rats := make([]*big.Rat, len(xs))
		for i, x := range xs {
			rats[i] = rat(x)
		}
		momTwoPasses(t, m, rats)
	})
}

// momTwoPasses compares the figures, to the last bit, with those of two passes over exact numbers.
func momTwoPasses[N metrics.Number](t *rapid.T, m *metrics.Moments[N], xs []*big.Rat) {
	t.Helper()
	n := int64(len(xs))
	sum := new(big.Rat)
	for _, x := range xs {
		sum.Add(sum, x)
	}
	if got := momRat(exact.From(m.Sum())); m.Len() != n || got.Cmp(sum) != 0 {
		t.Fatalf("%d numbers with sum %v, want %d with %v", m.Len(), got, n, sum)
	}
	want := map[string]*big.Float{}
	if n > 0 {
		per := big.NewRat(1, n)
		mean := new(big.Rat).Mul(sum, per)
		var central [5]big.Rat // of them 2 to 4
		for _, x := range xs {
			dev, power := new(big.Rat).Sub(x, mean), big.NewRat(1, 1)
			for k := range central {
				central[k].Add(&central[k], power)
				power = new(big.Rat).Mul(power, dev)
			}
		}
		for k := range central {
			central[k].Mul(&central[k], per)
		}
		want["Mean"], want["PopVariance"] = momFloat(mean), momFloat(&central[2])
		if n > 1 {
			variance := new(big.Rat).Mul(&central[2], big.NewRat(n, n-1))
			want["Variance"] = momFloat(variance)
			want["SD"] = momRoot(variance)
			if mean.Sign() > 0 {
				want["CV"] = momRoot(new(big.Rat).Quo(variance, new(big.Rat).Mul(mean, mean)))
			}
		}
		if central[2].Sign() > 0 {
			square := new(big.Rat).Mul(&central[2], &central[2])
			kurtosis := new(big.Rat).Quo(&central[4], square)
			want["Kurtosis"] = momFloat(kurtosis.Sub(kurtosis, big.NewRat(3, 1)))
			ratio := new(big.Rat).Quo(new(big.Rat).Mul(&central[3], &central[3]), square.Mul(square, &central[2]))
			skewness := momRoot(ratio)
			if central[3].Sign() < 0 {
				skewness.Neg(skewness)
			}
			want["Skewness"] = skewness
		}
	}
	for name, read := range momReads(m) {
		got, ok := read()
		if math.IsNaN(got) || math.IsInf(got, 0) || !ok && got != 0 {
			t.Fatalf("%s = %v (%t)", name, got, ok)
		}
		if name == "MeanInterval" {
			continue
		}
		exactly, defined := want[name]
		var v float64
		if defined {
			v, _ = exactly.Float64()
		}
		if defined = defined && !math.IsInf(v, 0); ok != defined || ok && got != v {
			t.Fatalf("%s = %v (%t), want %v (%t)", name, got, ok, v, defined)
		}
	}
	if i, ok := m.MeanInterval(0); ok {
		mean, _ := m.Mean()
		inner, okInner := m.MeanInterval(0.5)
		if !okInner || !(i.Low <= inner.Low && inner.Low <= mean && mean <= inner.High && inner.High <= i.High) {
			t.Fatalf("the intervals are %v and, at 0.5, %v around %v", i, inner, mean)
		}
	} else if sd, okSD := m.SD(); okSD && sd < 1e300 {
		t.Fatal("there is no interval")
	}
}

func momFloat(r *big.Rat) *big.Float { return new(big.Float).SetPrec(8000).SetRat(r) }

func momRoot(r *big.Rat) *big.Float { return new(big.Float).SetPrec(400).Sqrt(momFloat(r)) }

// Adding a constant moves the mean and nothing else; a factor goes into mean and SD, and its sign into the skewness.
func TestMoments_equivariance_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 1, 10).Draw(t, "xs")
		shift := rapid.Int64Range(-1e6, 1e6).Draw(t, "shift")
		factor := rapid.SampledFrom([]int64{-4, -1, 1, 2, 1024}).Draw(t, "factor")
		var m, moved metrics.Moments[int64]
		for _, x := range xs {
			check(m.Add(x))
			check(moved.Add(shift + factor*x))
		}
		f := float64(factor)
		for name, want := range map[string]func(v float64) float64{
			"Variance":    func(v float64) float64 { return f * f * v },
			"PopVariance": func(v float64) float64 { return f * f * v },
			"SD":          func(v float64) float64 { return math.Abs(f) * v },
			"Skewness":    func(v float64) float64 { return math.Copysign(1, f) * v },
			"Kurtosis":    func(v float64) float64 { return v },
		} {
			v, ok := momReads(&m)[name]()
			got, okMoved := momReads(&moved)[name]()
			if ok != okMoved || ok && got != want(v) {
				t.Fatalf("%s = %v (%t), moved %v (%t)", name, v, ok, got, okMoved)
			}
		}
		mean, _ := m.Mean()
		if got, _ := moved.Mean(); math.Abs(got-float64(shift)-f*mean) > 1e-9 {
			t.Fatalf("the mean is %v, moved %v", mean, got)
		}
		if kurtosis, ok := m.Kurtosis(); ok && kurtosis < -2 {
			t.Fatalf("Kurtosis = %v", kurtosis)
		}
	})
}

// Equal numbers have equal forms, whatever their type, places and history.
func TestMoments_canonical(t *testing.T) {
	want := `{"n":3,"sum":"4","sum2":"6.5","sum3":"11.5","sum4":"21.125"}`
	plain := momOf(1.5, 2, 0.5)
	odd := momOf(d("2.000"), d("0.50"), d("1.50"))
	moved := momOf(d("1e-18"), d("123456789012345678901234567890.12"), d("0.5"), d("1.5"), d("2"))
	check(moved.Sub(momOf(d("123456789012345678901234567890.12"), d("1e-18"))))
	if a, b, c := accJSON(t, plain), accJSON(t, odd), accJSON(t, moved); a != want || b != want || c != want {
		t.Errorf("%s, %s and %s, want %s", a, b, c, want)
	}
	if a, b, c := accBinary(t, plain), accBinary(t, odd), accBinary(t, moved); a != b || b != c {
		t.Errorf("%x, %x and %x", a, b, c)
	}
	check(moved.Sub(moved))
	none, text := `{"n":0,"sum":"0","sum2":"0","sum3":"0","sum4":"0"}`, "M\x01\x00\x00\x00\x00\x00"
	if accJSON(t, moved) != none || accBinary(t, moved) != text {
		t.Errorf("nothing is %s, %x", accJSON(t, moved), accBinary(t, moved))
	}
	long := momOf(-1e100, 1e-100)
	if got, want := long.Sum().Exponent(), int32(-100); got != want || !strings.Contains(accJSON(t, long), `"sum":"-9`) {
		t.Errorf("%s", accJSON(t, long))
	}
}

// What shows that numbers were never held is refused, and changes nothing.
func TestMoments_Sub_refuses(t *testing.T) {
	for name, c := range map[string]struct{ from, sub *metrics.Moments[int64] }{
		"more numbers":             {momOf[int64](1), momOf[int64](1, 0)},
		"a sum left of none":       {momOf[int64](1), momOf[int64](2)},
		"a cube left of none":      {momOf[int64](0, 7, 7), momOf[int64](1, 5, 8)}, // sum and squares are equal
		"squares below 0":          {momOf[int64](1, 2), momOf[int64](3)},
		"variance below 0":         {momOf[int64](5, 6), momOf[int64](1)},
		"one number with variance": {momOf[int64](1, 1, 3, 3), momOf[int64](1, 2, 3)},
		"two numbers that are three": {
			momOf[int64](0, 5, 9, 9), momOf[int64](4, 9),
		},
		"from nothing": {new(metrics.Moments[int64]), momOf[int64](0)},
	} {
		before, what := accBinary(t, c.from), accBinary(t, c.sub)
		if err := c.from.Sub(c.sub); !errors.Is(err, metrics.ErrMismatch) {
			t.Errorf("%s: %v, and %s", name, err, accJSON(t, c.from))
		}
		if accBinary(t, c.from) != before || accBinary(t, c.sub) != what {
			t.Errorf("%s: changed", name)
		}
	}
}

// 2^63-1 numbers are the most.
func TestMoments_most(t *testing.T) {
	full := new(metrics.Moments[int64])
	check(full.UnmarshalJSON([]byte(`{"n":9223372036854775807,"sum":"0","sum2":"0","sum3":"0","sum4":"0"}`)))
	before := accBinary(t, full)
	if err := full.Add(1); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("Add: %v", err)
	}
	for _, o := range []*metrics.Moments[int64]{full, momOf[int64](0)} {
		if err := full.Merge(o); !errors.Is(err, metrics.ErrMismatch) {
			t.Errorf("Merge: %v", err)
		}
	}
	if accBinary(t, full) != before {
		t.Error("an error has changed the moments")
	}
	m := momOf[int64](math.MinInt64, math.MinInt64+2)
	for range 61 {
		check(m.Merge(m))
	}
	back := new(metrics.Moments[int64])
	if err := back.UnmarshalJSON([]byte(accJSON(t, m))); err != nil || m.Len() != 1<<62 {
		t.Fatalf("%d numbers: %v", m.Len(), err)
	}
	if v, ok := back.PopVariance(); v != 1 || !ok {
		t.Errorf("PopVariance = %v (%t)", v, ok)
	}
	if i, ok := back.MeanInterval(0); !ok || i.Low != math.MinInt64 {
		t.Errorf("MeanInterval = %v (%t)", i, ok)
	}
	if err := m.Merge(m); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("Merge: %v", err)
	}
}

// Numbers that are none are refused, and nothing panics.
func TestMoments_hostile(t *testing.T) {
	f := momOf(1.0)
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := f.Add(x); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("Add(%v): %v", x, err)
		}
	}
	if err := new(metrics.Moments[float32]).Add(float32(math.Inf(1))); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("Add: %v", err)
	}
	huge := new(metrics.Moments[decimal.Decimal])
	for _, x := range []decimal.Decimal{
		decimal.New(1, 1e9), decimal.New(1, -1e9), decimal.New(0, 1e9), decimal.New(1, 19), d("1" + strings.Repeat("0", 36)),
	} {
		if err := huge.Add(x); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("Add: %v", err)
		}
	}
	if huge.Len() != 0 || f.Len() != 1 {
		t.Error("an error has added something")
	}
	check(huge.Add(decimal.Decimal{}))
	check(errors.Join(f.Merge(nil), f.Sub(nil), f.Merge(&metrics.Moments[float64]{}), f.Sub(&metrics.Moments[float64]{})))

	for _, level := range []float64{-1, 1, 2, math.NaN(), math.Inf(1)} {
		if i, ok := momOf(1.0, 2).MeanInterval(level); ok {
			t.Errorf("MeanInterval(%v) = %v", level, i)
		}
	}
	momWant(t, "CV of zeros", math.NaN(), 0, momOf(0, 0).CV)
	momWant(t, "CV around zero", math.NaN(), 0, momOf(-1, 1).CV)
	momWant(t, "CV below zero", math.NaN(), 0, momOf(-1, -3).CV)
	momWant(t, "Skewness of equals", math.NaN(), 0, momOf(0.1, 0.1, 0.1).Skewness)
	momWant(t, "Kurtosis of equals", math.NaN(), 0, momOf(0.1, 0.1, 0.1).Kurtosis)
	momWant(t, "Variance of equals", 0, 0, momOf(0.1, 0.1, 0.1).Variance)
	// The variance is beyond a float64, its root and the shape are not; of the last pair the root is, too.
	far := momOf(-1e300, 1e300, 1e300)
	if v, ok := far.Variance(); ok {
		t.Errorf("Variance = %v", v)
	}
	momWant(t, "SD", 2/math.Sqrt(3)*1e300, 1e-15, far.SD)
	momWant(t, "Skewness", -math.Sqrt(0.5), 1e-15, far.Skewness)
	momWant(t, "SD", math.NaN(), 0, momOf(-math.MaxFloat64, math.MaxFloat64).SD)
	momWant(t, "tiny SD", 1e-300, 1e-15, momOf(0, math.Sqrt2*1e-300).SD)
	if v, ok := momOf(0, math.Sqrt2*1e-300).SD(); !ok || math.Abs(v/1e-300-1) > 1e-15 {
		t.Errorf("SD = %v", v)
	}
}

func TestMoments_UnmarshalJSON_refuses(t *testing.T) {
	tenTo := func(n int) string { return "1" + strings.Repeat("0", n) }
	text := func(n, s1, s2, s3, s4 string) string {
		return `{"n":` + n + `,"sum":"` + s1 + `","sum2":"` + s2 + `","sum3":"` + s3 + `","sum4":"` + s4 + `"}`
	}
	nines := strings.Repeat("9", 3000)
	for name, s := range map[string]string{
		"sum of nothing":            text("0", "1", "0", "0", "0"),
		"squares of nothing":        text("0", "0", "1", "0", "0"),
		"cubes of nothing":          text("0", "0", "0", "1", "0"),
		"fourth powers of nothing":  text("0", "0", "0", "0", "1"),
		"negative count":            text("-1", "0", "0", "0", "0"),
		"count beyond int64":        text("9223372036854775808", "0", "0", "0", "0"),
		"negative squares":          text("3", "0", "-1", "0", "1"),
		"variance below 0":          text("3", "3", "2", "3", "3"),
		"variance of squares":       text("3", "0", "6", "0", "11"),
		"variance below 0 alone":    text("3", "1", "0", "0", "0"),
		"both below 0":              text("3", "3", "2", "2", "1"),
		"that of squares alone":     text("3", "3", "3", "3", "2"),
		"cubes that do not fit":     text("3", "0", "6", "7", "18"),
		"one number that varies":    text("1", "0", "1", "0", "1"),
		"one whose square varies":   text("1", "0", "0", "0", "1"),
		"two numbers, three values": text("2", "0", "2", "0", "10"),
		"half a number":             text("4", "0.5", "6", "0", "18"),
		"beyond 64 bits":            text("1", tenTo(20), tenTo(40), tenTo(60), tenTo(80)),
		"exponent":                  text("1", "1e1", "100", "1000", "10000"),
		"trailing zero":             text("1", "1.0", "1", "1", "1"),
		"leading zero":              text("1", "01", "1", "1", "1"),
		"plus":                      text("1", "+1", "1", "1", "1"),
		"minus zero":                text("1", "-0", "0", "0", "0"),
		"underscore":                text("1", "1_0", "100", "1000", "10000"),
		"empty":                     text("1", "", "1", "1", "1"),
		"point":                     text("1", ".", "1", "1", "1"),
		"point at the end":          text("1", "1.", "1", "1", "1"),
		"two points":                text("1", "1.0.1", "1", "1", "1"),
		"3000 digits":               text("5", "0", "0", "0", nines),
		"sum that is a number":      `{"n":1,"sum":1,"sum2":"1","sum3":"1","sum4":"1"}`,
		"missing n":                 `{"sum":"0","sum2":"0","sum3":"0","sum4":"0"}`,
		"missing sum":               `{"n":0,"sum2":"0","sum3":"0","sum4":"0"}`,
		"null sum":                  `{"n":0,"sum":null,"sum2":"0","sum3":"0","sum4":"0"}`,
		"another field":             `{"n":0,"sum":"0","sum2":"0","sum3":"0","sum4":"0","sum5":"0"}`,
		"more":                      text("0", "0", "0", "0", "0") + "{}",
		"another kind":              `[0]`,
		"nothing":                   ``,
	} {
		m := momOf[int64](7)
		before := accBinary(t, m)
		var e *metrics.Error
		if err := m.UnmarshalJSON([]byte(s)); !errors.Is(err, metrics.ErrEncoding) || !errors.As(err, &e) || accBinary(t, m) != before {
			t.Errorf("%s: %v, and %s", name, err, accJSON(t, m))
		}
	}
	m := momOf[int64](7)
	check(m.UnmarshalJSON([]byte(" null ")))
	check(m.UnmarshalJSON([]byte(text("3", "0", "6", "-6", "18")))) // 1, 1, -2
	if v, _ := m.Skewness(); m.Len() != 3 || math.Abs(v+math.Sqrt(0.5)) > 1e-15 {
		t.Errorf("Skewness = %v", v)
	}
}

func TestMoments_UnmarshalBinary_refuses(t *testing.T) {
	good := accBinary(t, momOf(-1.5, 20))
	if got, want := good, "M\x01\x02\x03+\xb9\x01\x03+\x9d\x09\x03"; !strings.HasPrefix(got, want[:3]) {
		t.Errorf("%x", got)
	}
	for name, s := range map[string]string{
		"empty":             "",
		"another kind":      "X" + good[1:],
		"another version":   "M\x02" + good[2:],
		"cut":               good[:len(good)-1],
		"more":              good + "\x00",
		"no sign":           "M\x01\x01" + strings.Repeat("\x02*\x01\x00", 4),
		"zero with a sign":  "M\x01\x01" + strings.Repeat("\x01+\x00", 4),
		"leading zero byte": "M\x01\x01" + strings.Repeat("\x03+\x00\x01\x00", 4),
		"trailing zero":     "M\x01\x01\x02+\x0a\x00\x02+\x64\x00\x03+\x03\xe8\x00\x03+\x27\x10\x00",
		"exponent out of reach": "M\x01\x01\x02+\x01\x80\xa8\xd6\xb9\x07" + // 1e9
			strings.Repeat("\x02+\x01\x00", 3),
		"too long": "M\x01\x01\xff\x7f+" + strings.Repeat("\x01", 127*128+126) + "\x00\x00\x00\x00",
	} {
		m := momOf(7.5)
		before := accBinary(t, m)
		if err := m.UnmarshalBinary([]byte(s)); !errors.Is(err, metrics.ErrEncoding) || accBinary(t, m) != before {
			t.Errorf("%s: %v, and %s", name, err, accJSON(t, m))
		}
	}
}

// Clone is a copy: what is added to one is not in the other.
func TestMoments_Clone(t *testing.T) {
	m := momOf(d("1"), d("0.5"), d("123456789012345678901234567890"))
	before, c := accBinary(t, m), m.Clone()
	if accBinary(t, c) != before {
		t.Error("the clone is another")
	}
	for _, x := range []string{"2", "0.5", "0.25", "223456789012345678901234567890"} {
		check(c.Add(d(x)))
	}
	if accBinary(t, m) != before || c.Len() != 7 {
		t.Error("the clone shares its sums")
	}
}

func TestMoments_allocations(t *testing.T) {
	ints, durations := momOf[int64](1), momOf(time.Hour)
	cents, floats := momOf(d("0.01"), d("0.1")), momOf(1.0)
	a, b, more := d("12.34"), d("5.6"), momOf[int64](2, 3)
	if n := testing.AllocsPerRun(100, func() {
		check(ints.Add(math.MinInt64))
		check(durations.Add(time.Minute))
		check(cents.Add(a))
		check(cents.Add(b))
		check(floats.Add(12345))
		check(ints.Merge(more))
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzMoments_binary(f *testing.F) {
	accFuzzBinary(f, momOf(d("-1.5"), d("20"), d("0.001")), momAsk[decimal.Decimal])
}

func FuzzMoments_json(f *testing.F) {
	f.Add([]byte(`{"n":3,"sum":"0","sum2":"6","sum3":"-6","sum4":"18"}`))
	accFuzzJSON(f, momOf(-1.5, 20, 1e-300, 1e300), momAsk[float64])
}

func momAsk[N metrics.Number](t *testing.T, m *metrics.Moments[N]) {
	t.Helper()
	for name, read := range momReads(m) {
		if v, ok := read(); math.IsNaN(v) || math.IsInf(v, 0) || !ok && v != 0 {
			t.Errorf("%s = %v (%t)", name, v, ok)
		}
	}
	if m.Sum().IsZero() && m.Len() == 0 {
		return
	}
	c := m.Clone()
	if err := c.Sub(m); err != nil || c.Len() != 0 {
		t.Errorf("Sub: %v", err)
	}
}

// momReads are the reads that may have no value.
func momReads[N metrics.Number](m *metrics.Moments[N]) map[string]func() (float64, bool) {
	return map[string]func() (float64, bool){
		"Mean": m.Mean, "Variance": m.Variance, "SD": m.SD, "PopVariance": m.PopVariance, "CV": m.CV, "Skewness": m.Skewness,
		"Kurtosis":     m.Kurtosis,
		"MeanInterval": func() (float64, bool) { i, ok := m.MeanInterval(0); return i.High, ok },
	}
}
