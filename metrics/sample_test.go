package metrics_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

func smpFloat(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// smpVectors reads the vectors of the reference.
func smpVectors(t testing.TB) map[string][]json.Number {
	t.Helper()
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/inputs/quantile_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors map[string][]json.Number
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}

// smpAdd adds to a sample what it must take.
func smpAdd[N metrics.Number](t accFatal, s *metrics.Sample[N], values ...N) *metrics.Sample[N] {
	t.Helper()
	for _, v := range values {
		if err := s.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func smpNew[N metrics.Number](t accFatal, limit int, e float64) *metrics.Sample[N] {
	t.Helper()
	s, err := metrics.NewSample[N](metrics.SampleOptions{Limit: limit, Error: e})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func smpNear(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want))
}

// The nine types as R 4.2.2's quantile(x, p, type) gives them (data/funnel/reference/quantile_types.csv), for floats and for
// decimals. The p of a third was written with 15 digits, 0.333333333333333; no type has a jump between that and 1/3 here, so
// that it makes no difference beyond 12 digits, nor does it that R takes np for whole when it is so within 4 eps.
func TestE10_quantile_types(t *testing.T) {
	floats, decimals := map[string][]float64{}, map[string][]decimal.Decimal{}
	for name, numbers := range smpVectors(t) {
		for _, n := range numbers {
			floats[name] = append(floats[name], smpFloat(t, n.String()))
			decimals[name] = append(decimals[name], d(n.String()))
		}
	}
	rows := testenv.CSV(t, "funnel/reference/quantile_types.csv")
	if len(rows) != 648 {
		t.Errorf("%d rows, want 648", len(rows))
	}
	for _, row := range rows {
		kind, err := strconv.ParseUint(row["type"], 10, 8)
		if err != nil {
			t.Fatal(err)
		}
		p, want := smpFloat(t, row["p"]), smpFloat(t, row["q"])
		for name, got := range map[string]func() (float64, error){
			"floats": func() (float64, error) { return metrics.QuantileOf(floats[row["vec"]], metrics.QuantileType(kind), p) },
			"decimals": func() (float64, error) {
				return metrics.QuantileOf(decimals[row["vec"]], metrics.QuantileType(kind), p)
			},
		} {
			if got, err := got(); err != nil || !smpNear(got, want, 1e-12) {
				t.Errorf("%s of %s, type %d, p = %v: %v (%v), want %v", name, row["vec"], kind, p, got, err, want)
			}
		}
	}
}

// R's mad(x, constant = 1) (data/funnel/reference/moments_gini_hhi.csv).
func TestE11_mad(t *testing.T) {
	vectors := smpVectors(t)
	for _, row := range testenv.CSV(t, "funnel/reference/moments_gini_hhi.csv") {
		var floats metrics.Sample[float64]
		var decimals metrics.Sample[decimal.Decimal]
		for _, n := range vectors[row["vec"]] {
			smpAdd(t, &floats, smpFloat(t, n.String()))
			smpAdd(t, &decimals, d(n.String()))
		}
		want := smpFloat(t, row["mad"])
		for _, s := range []interface {
			MAD() (metrics.Quantile, error)
		}{&floats, &decimals} {
			if got, err := s.MAD(); err != nil || !smpNear(got.Value, want, 1e-12) || got.Error != 0 {
				t.Errorf("MAD of %s = %v (%v), want %v", row["vec"], got, err, want)
			}
		}
	}
}

// Values and cycles of the won deals of the Maven CRM data (data/funnel/reference/maven_metrics.json).
func TestE12_maven(t *testing.T) {
	values := smpNew[decimal.Decimal](t, 5000, 0)
	var cycles, sketched metrics.Sample[int64]
	for _, row := range testenv.CSV(t, "crm/maven/sales_pipeline.csv") {
		if row["deal_stage"] != "Won" {
			continue
		}
		smpAdd(t, values, d(row["close_value"]))
		days := int64(on(row["close_date"]).DaysSince(on(row["engage_date"])))
		smpAdd(t, &cycles, days)
		smpAdd(t, &sketched, days)
	}
	for _, c := range []struct {
		s interface {
			Quantile(float64) (metrics.Quantile, error)
		}
		p    float64
		want float64
	}{{values, 0.5, 1117}, {values, 0.9, 5284.3}, {&cycles, 0.5, 57}, {&cycles, 0.9, 106}} {
		got, err := c.s.Quantile(c.p)
		if err != nil || math.Abs(got.Value-c.want) > got.Error {
			t.Errorf("quantile %v = %v (%v), want %v", c.p, got, err, c.want)
		}
		if got.Error == 0 && got.Value != c.want || got.Error > 0.005*got.Value*(1+1e-9) {
			t.Errorf("quantile %v = %v, want %v", c.p, got, c.want)
		}
	}
	if values.Len() != 4238 || !values.IsExact() || cycles.IsExact() {
		t.Errorf("%d deals, exact %t and %t", values.Len(), values.IsExact(), cycles.IsExact())
	}
	spread, ok := values.Spread()
	if !ok || !smpNear(spread.Mean, 2360.9093912222747, 1e-12) || spread.Median != 1117 || spread.P90 != 5284.3 ||
		spread.Error != 0 {
		t.Errorf("Spread = %+v", spread)
	}
}

// smpRank is where type t has the quantile of p hundredths of n values: by the words of Hyndman and Fan, in parts of 2400.
func smpRank(kind, n, hundredths int) (index, part int) {
	const unit = 2400
	np := unit / 100 * hundredths * n
	h := map[int]int{
		1: np, 2: np, 3: np - unit/2, 4: np, 5: np + unit/2, 6: np + unit/100*hundredths,
		7: np + unit - unit/100*hundredths, 8: np + (unit/100*hundredths+unit)/3, 9: np + unit/400*hundredths + unit/8*3,
	}[kind]
	index, part = h/unit, h%unit
	if h < 0 {
		return 0, 0
	}
	switch {
	case kind == 1 && part > 0, kind == 2 && part > 0, kind == 3 && (part > 0 || index%2 == 1):
		index, part = index+1, 0
	case kind == 2:
		part = unit / 2
	}
	switch {
	case index < 1:
		return 0, 0
	case index >= n:
		return n - 1, 0
	}
	return index - 1, part
}

// Quantiles of small whole numbers are those by the words of the definitions.
func TestQuantileOf_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 1, 40).Draw(t, "values")
		before := slices.Clone(values)
		for range 10 {
			kind, p := rapid.IntRange(1, 9).Draw(t, "type"), rapid.IntRange(0, 100).Draw(t, "p")
			got, err := metrics.QuantileOf(values, metrics.QuantileType(kind), float64(p)/100)
			if err != nil || !slices.Equal(values, before) {
				t.Fatal(err, values)
			}
			sorted := slices.Sorted(slices.Values(values))
			i, part := smpRank(kind, len(values), p)
			want := float64(sorted[i])
			if part > 0 {
				want = float64(sorted[i]*2400+int64(part)*(sorted[i+1]-sorted[i])) / 2400
			}
			if got != want {
				t.Fatalf("type %d, p = %d %%: %v, want %v", kind, p, got, want)
			}
		}
	})
}

func TestQuantileOf_refuses(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"type":     {smpErr(metrics.QuantileOf([]int{1}, 10, 0.5)), metrics.ErrInput},
		"p below":  {smpErr(metrics.QuantileOf([]int{1}, 7, -1e-320)), metrics.ErrInput},
		"p above":  {smpErr(metrics.QuantileOf([]int{1}, 7, 1+1e-15)), metrics.ErrInput},
		"p NaN":    {smpErr(metrics.QuantileOf([]int{1}, 7, math.NaN())), metrics.ErrInput},
		"NaN":      {smpErr(metrics.QuantileOf([]float64{1, math.NaN()}, 7, 0.5)), metrics.ErrInput},
		"infinite": {smpErr(metrics.QuantileOf([]float32{float32(math.Inf(1))}, 7, 0.5)), metrics.ErrInput},
		"bounds":   {smpErr(metrics.QuantileOf([]decimal.Decimal{decimal.New(1, 1e9)}, 7, 0.5)), metrics.ErrInput},
		"empty":    {smpErr(metrics.QuantileOf([]int{}, 7, 0.5)), metrics.ErrUndefined},
	} {
		var e *metrics.Error
		if !errors.Is(c.err, c.want) || !errors.As(c.err, &e) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	var e *metrics.Error
	if err := smpErr(metrics.QuantileOf([]float64{1, math.NaN()}, 7, 0.5)); !errors.As(err, &e) || e.Path != "values/1" {
		t.Errorf("%v: does not say which", err)
	}
}

func smpErr[T any](_ T, err error) error { return err }

// What a float64 says is what is meant: no step of the way is in binary.
func TestSample_exact(t *testing.T) {
	var prices metrics.Sample[decimal.Decimal]
	smpAdd(t, &prices, d("10.20"), d("10.1"))
	if q, err := prices.Quantile(0.5); err != nil || q != (metrics.Quantile{Value: 10.15}) {
		t.Errorf("median of 10.10 and 10.20 = %v (%v)", q, err)
	}
	var floats metrics.Sample[float64]
	smpAdd(t, &floats, 0.1, 0.3)
	if q, _ := floats.Quantile(0.5); q.Value != 0.2 {
		t.Errorf("median of 0.1 and 0.3 = %v", q.Value)
	}
	var large metrics.Sample[int64]
	smpAdd(t, &large, 1<<53+1, 1<<53+3)
	if q, _ := large.Quantile(0.5); q.Value != 1<<53+2 {
		t.Errorf("median = %.0f, want 2^53+2", q.Value)
	}
	var squares metrics.Sample[time.Duration]
	for i := range time.Duration(101) {
		smpAdd(t, &squares, i*i)
	}
	if q, _ := squares.Quantile(0.07); q.Value != 49 {
		t.Errorf("quantile 0.07 of 101 = %v, want the observation 49", q.Value)
	}
	type score float32
	var scores metrics.Sample[score]
	smpAdd(t, &scores, 0.1)
	if q, _ := scores.Quantile(0.5); q.Value != 0.1 {
		t.Errorf("float32 0.1 is %v", q.Value)
	}
	var all metrics.Sample[uint64]
	smpAdd(t, &all, math.MaxUint64, 0, 1<<63)
	if least, _ := all.Min(); least != 0 {
		t.Errorf("Min = %v", least)
	}
	if most, _ := all.Max(); most != math.MaxUint64 {
		t.Errorf("Max = %v", most)
	}
	if q, _ := all.Quantile(0.5); q.Value != 1<<63 {
		t.Errorf("median = %v", q.Value)
	}
}

// Equal numbers make equal bytes, whatever their exponents and signs of 0.
func TestSample_canonical(t *testing.T) {
	var a, b metrics.Sample[decimal.Decimal]
	smpAdd(t, &a, d("1.5"), d("2.00"), d("-3"))
	smpAdd(t, &b, d("2"), decimal.New(-3000, -3), d("1.50"))
	if accBinary(t, a) != accBinary(t, b) || accJSON(t, a) != accJSON(t, b) {
		t.Errorf("%s, %s", accJSON(t, a), accJSON(t, b))
	}
	if got, want := accJSON(t, a), `{"limit":4096,"error":0.005,"count":3,"values":["-3","1.5","2"]}`; got != want {
		t.Errorf("JSON = %s, want %s", got, want)
	}
	// These are the same as a float64.
	var g, h metrics.Sample[decimal.Decimal]
	smpAdd(t, &g, d("9007199254740993"), d("9007199254740992.5"), d("9007199254740992"))
	smpAdd(t, &h, d("9007199254740992"), d("9007199254740992.5"), d("9007199254740993"))
	if accBinary(t, g) != accBinary(t, h) {
		t.Errorf("%s, %s", accJSON(t, g), accJSON(t, h))
	}
	var e, f metrics.Sample[float64]
	smpAdd(t, &e, 0, math.Copysign(0, -1), 1e300)
	smpAdd(t, &f, math.Copysign(0, -1), 0, 1e300)
	if accBinary(t, e) != accBinary(t, f) || accJSON(t, e) != accJSON(t, f) {
		t.Errorf("%s, %s", accJSON(t, e), accJSON(t, f))
	}
	if v, _ := f.Min(); math.Signbit(v) {
		t.Error("-0 comes out")
	}
}

// The laws of an accumulator, with limits so that samples go over to buckets within a shard, by a merge, or never.
func TestSample_law(t *testing.T) {
	t.Run("decimals", rapid.MakeCheck(func(t *rapid.T) {
		smpLaws(t, rapid.Custom(func(t *rapid.T) decimal.Decimal {
			exp := rapid.SampledFrom([]int32{0, -1, -2, -18, 3}).Draw(t, "exponent")
			return decimal.New(rapid.OneOf(rapid.Int64Range(-20, 20), rapid.Int64Range(-1e6, 1e6)).Draw(t, "coefficient"), exp)
		}))
	}))
	t.Run("ints", rapid.MakeCheck(func(t *rapid.T) {
		smpLaws(t, rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64()))
	}))
	t.Run("floats", rapid.MakeCheck(func(t *rapid.T) {
		smpLaws(t, rapid.OneOf(rapid.Float64Range(-1, 1), rapid.Float64Range(-1e12, 1e12), rapid.Just(0.0)))
	}))
}

func smpLaws[N metrics.Number](t *rapid.T, value *rapid.Generator[N]) {
	limit := rapid.SampledFrom([]int{1, 2, 7, 20, 1000}).Draw(t, "limit")
	e := rapid.SampledFrom([]float64{0.0001, 0.005, 0.1}).Draw(t, "error")
	if limit == 1000 {
		limit, e = 0, 0
	}
	values := rapid.SliceOfN(value, 0, 30).Draw(t, "values")
	whole := accLaws(t, len(values), func(to *metrics.Sample[N], i int) {
		if to.Len() == 0 {
			*to = *smpNew[N](t, limit, e)
		}
		smpAdd(t, to, values[i])
	})
	if whole.Len() != int64(len(values)) || whole.IsExact() != (len(values) <= max(limit, 1000*(1-min(limit, 1)))) {
		t.Fatalf("%d of %d, exact %t", whole.Len(), len(values), whole.IsExact())
	}
	clone := whole.Clone()
	if accBinary(t, clone) != accBinary(t, whole) || accBinary(t, whole.Moments()) != accBinary(t, smpMoments(t, values)) {
		t.Fatal("a clone or the moments are others")
	}
	if len(values) > 0 {
		before := accBinary(t, whole)
		smpAdd(t, clone, values[0])
		if err := clone.Merge(clone); err != nil || clone.Len() != 2*int64(len(values))+2 || accBinary(t, whole) != before {
			t.Fatal("a clone is not on its own, or does not merge with itself", err)
		}
	}
}

func smpMoments[N metrics.Number](t accFatal, values []N) *metrics.Moments[N] {
	t.Helper()
	m := new(metrics.Moments[N])
	for _, v := range values {
		if err := m.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// An empty sample with the default options takes on those it is merged with; all others must agree.
func TestSample_Merge_options(t *testing.T) {
	hundred := smpNew[int](t, 100, 0)
	var zero metrics.Sample[int]
	if err := errors.Join(zero.Merge(nil), zero.Merge(&zero), hundred.Merge(&zero), zero.Merge(hundred)); err != nil {
		t.Fatal(err)
	}
	if accBinary(t, zero) != accBinary(t, hundred) || accBinary(t, zero) == accBinary(t, metrics.Sample[int]{}) {
		t.Errorf("%s", accJSON(t, zero))
	}
	spelled := smpAdd(t, smpNew[int](t, 4096, 0.005), 1)
	var one metrics.Sample[int]
	if err := one.Merge(spelled); err != nil || accBinary(t, one) != accBinary(t, smpAdd(t, new(metrics.Sample[int]), 1)) {
		t.Errorf("%v: defaults that are spelled out are others", err)
	}
	for _, o := range []*metrics.Sample[int]{hundred, smpNew[int](t, 0, 0.01)} {
		before := accBinary(t, spelled)
		if err := spelled.Merge(o); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, spelled) != before {
			t.Errorf("merge of other options: %v", err)
		}
		if err := o.Merge(spelled); !errors.Is(err, metrics.ErrMismatch) || o.Len() != 0 {
			t.Errorf("merge into other options: %v", err)
		}
	}
}

func TestNewSample(t *testing.T) {
	for _, o := range []metrics.SampleOptions{
		{Limit: -1}, {Limit: 1<<20 + 1}, {Error: -1}, {Error: 0.99e-4}, {Error: 0.1001}, {Error: math.NaN()}, {Error: math.Inf(1)},
	} {
		if _, err := metrics.NewSample[int](o); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// Whatever comes, there is an answer or an error, and neither is NaN or infinite.
func TestSample_hostile(t *testing.T) {
	var decimals metrics.Sample[decimal.Decimal]
	for _, v := range []decimal.Decimal{decimal.New(1, 1e9), decimal.New(1, -1e9), decimal.New(1, 19)} {
		if err := decimals.Add(v); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("Add: %v", err)
		}
	}
	smpAdd(t, &decimals, decimal.Decimal{}, decimal.New(math.MinInt64, 17), decimal.New(math.MaxInt64, -18))
	smpAsk(t, &decimals)
	var floats metrics.Sample[float64]
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := floats.Add(v); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("Add(%v): %v", v, err)
		}
	}
	if accBinary(t, floats) != accBinary(t, metrics.Sample[float64]{}) {
		t.Error("an error has changed the sample")
	}
	smpAsk(t, &floats)
	for _, s := range []*metrics.Sample[float64]{&floats, smpNew[float64](t, 1, 1e-4), smpNew[float64](t, 2, 0.1)} {
		for range 2 {
			for _, v := range []float64{
				math.MaxFloat64, -math.MaxFloat64, 5e-324, -5e-324, 0x1p-1022, 0, -1.7e308, 1.7e308, 7.4e-323,
			} {
				if err := s.Add(v); err != nil && !errors.Is(err, metrics.ErrInput) {
					t.Error(err)
				}
				smpAsk(t, s)
			}
		}
		var back metrics.Sample[float64]
		if err := back.UnmarshalBinary([]byte(accBinary(t, s))); err != nil || accBinary(t, back) != accBinary(t, s) {
			t.Errorf("binary form: %v", err)
		}
	}
	ints := smpNew[int64](t, 1, 0)
	smpAdd(t, ints, math.MaxInt64, math.MinInt64, math.MaxInt64, 0)
	smpAsk(t, ints)
}

// smpAsk asks a sample all there is to ask.
func smpAsk[N metrics.Number](t *testing.T, s *metrics.Sample[N]) {
	t.Helper()
	finite := func(what string, v ...float64) {
		for _, v := range v {
			if v-v != 0 || v == 0 && math.Signbit(v) {
				t.Errorf("%s of %s is %v", what, accJSON(t, s), v)
			}
		}
	}
	least, ok := s.Min()
	most, _ := s.Max()
	finite("extremes", least, most)
	if ok != (s.Len() > 0) {
		t.Errorf("Min: ok = %t of %d", ok, s.Len())
	}
	spread, ok := s.Spread()
	if ok != (s.Len() > 0) {
		t.Errorf("Spread: ok = %t of %d", ok, s.Len())
	}
	finite("spread", spread.Min, spread.P25, spread.Median, spread.P75, spread.P90, spread.Max)
	mad, err := s.MAD()
	if (err == nil) != ok || err != nil && !errors.Is(err, metrics.ErrUndefined) {
		t.Errorf("MAD: %v", err)
	}
	finite("MAD", mad.Value, mad.Error)
	for kind := range metrics.QuantileType(10) {
		before := math.Inf(-1)
		for _, p := range []float64{0, 5e-324, 1e-9, 0.3, 0.5, 0.999, 1} {
			q, err := s.QuantileBy(kind, p)
			if (err == nil) != ok || err != nil && !errors.Is(err, metrics.ErrUndefined) {
				t.Errorf("QuantileBy(%d, %v): %v", kind, p, err)
			}
			finite("quantile", q.Value, q.Error)
			if ok && (q.Value < before || q.Value < least || q.Value > most || q.Error < 0) {
				t.Errorf("quantile %v of type %d = %v, after %v, of %v to %v", p, kind, q, before, least, most)
			}
			before = q.Value
		}
	}
	for _, p := range []float64{-1, 1.5, math.NaN()} {
		if _, err := s.Quantile(p); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("Quantile(%v): %v", p, err)
		}
	}
	if _, err := s.QuantileBy(10, 0.5); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("type 10: %v", err)
	}
}

// Quantiles move and stretch with the numbers, grow with p, and are within the extremes.
func TestSample_equivariant_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefs := rapid.SliceOfN(rapid.Int64Range(-1e6, 1e6), 1, 30).Draw(t, "values")
		shift, scale := rapid.Int64Range(-1e6, 1e6).Draw(t, "shift"), rapid.SampledFrom([]int64{1, 2, 1024}).Draw(t, "scale")
		var a, b metrics.Sample[int64]
		for _, v := range coefs {
			smpAdd(t, &a, v)
			smpAdd(t, &b, v*scale+shift)
		}
		before := math.Inf(-1)
		for p := range 101 {
			x, errX := a.Quantile(float64(p) / 100)
			y, errY := b.Quantile(float64(p) / 100)
			if errX != nil || errY != nil || math.Abs(y.Value-x.Value*float64(scale)-float64(shift)) > 1e-6 {
				t.Fatalf("p = %d %%: %v and %v", p, x, y)
			}
			least, _ := a.Min()
			most, _ := a.Max()
			if x.Value < before || x.Value < least || x.Value > most || p == 0 && x.Value != least || p == 100 && x.Value != most {
				t.Fatalf("p = %d %%: %v after %v, of %v to %v", p, x, before, least, most)
			}
			before = x.Value
		}
	})
}

// What is no sample is refused, and changes nothing.
func TestSample_UnmarshalJSON_refuses(t *testing.T) {
	sketch := accJSON(t, smpAdd(t, smpNew[int64](t, 1, 0.1), -1, 0, 5))
	var back metrics.Sample[int64]
	if err := back.UnmarshalJSON([]byte(sketch)); err != nil {
		t.Fatal(err)
	}
	swap := func(old, with string) string {
		if strings.Count(sketch, old) != 1 {
			t.Fatalf("%s has not one %s", sketch, old)
		}
		return strings.Replace(sketch, old, with, 1)
	}
	before := accBinary(t, back)
	for name, text := range map[string]string{
		"nothing":          `{}`,
		"limit":            `{"limit":0,"error":0.1,"count":0}`,
		"error":            `{"limit":1,"error":0,"count":0}`,
		"field":            `{"limit":1,"error":0.1,"count":0,"sum":0}`,
		"count":            `{"limit":9,"error":0.1,"count":1}`,
		"order":            `{"limit":9,"error":0.1,"count":2,"values":[2,1]}`,
		"type":             `{"limit":9,"error":0.1,"count":1,"values":[1.5]}`,
		"null":             `{"limit":9,"error":0.1,"count":1,"values":[null]}`,
		"beyond the type":  `{"limit":9,"error":0.1,"count":1,"values":[9223372036854775808]}`,
		"beyond all":       `{"limit":9,"error":0.1,"count":1,"values":[1e999999999]}`,
		"neither":          `{"limit":1,"error":0.1,"count":2}`,
		"sketch too early": swap(`"limit":1`, `"limit":3`),
		"sum":              swap(`"count":3`, `"count":4`),
		"zeros":            swap(`"zero":1`, `"zero":-1`),
		"more zeros":       swap(`"zero":1`, `"zero":2`),
		"minimum":          swap(`"min":-1`, `"min":1`),
		"maximum":          swap(`"max":5`, `"max":6`),
		"no bucket":        swap(`"negative":[[`, `"negative":[[-`),
		"a pair":           swap(`"negative":[[`, `"negative":[[7,`),
	} {
		if err := back.UnmarshalJSON([]byte(text)); !errors.Is(err, metrics.ErrEncoding) || accBinary(t, back) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzSample_binary(f *testing.F) {
	accFuzzBinary(f, smpSeed(f), smpAsk[decimal.Decimal])
}

func FuzzSample_json(f *testing.F) {
	accFuzzJSON(f, smpSeed(f), smpAsk[decimal.Decimal])
}

func FuzzSample_float(f *testing.F) {
	s := smpAdd(f, smpNew[float64](f, 3, 0.1), -1.5, 0, 1e300, 5e-324)
	f.Add([]byte(accBinary(f, smpAdd(f, smpNew[float64](f, 3, 0.1), 0.1, -2))))
	accFuzzBinary(f, s, smpAsk[float64])
}

func smpSeed(f *testing.F) *metrics.Sample[decimal.Decimal] {
	f.Helper()
	f.Add([]byte(accBinary(f, smpAdd(f, new(metrics.Sample[decimal.Decimal]), d("1.5"), d("-7")))))
	f.Add([]byte(accJSON(f, smpAdd(f, new(metrics.Sample[decimal.Decimal]), d("1.5"), d("-7")))))
	return smpAdd(f, smpNew[decimal.Decimal](f, 4, 0.02), d("1.5"), d("-7"), d("0"), d("1e6"), d("1.49"))
}
