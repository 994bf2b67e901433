package metrics_test

import (
	stdcmp "cmp"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/wire"
	"github.com/salesops-go/salesops/metrics"
)

// totCents is a number with a name of its own.
type totCents int16

func TestTotals_Add_refuses(t *testing.T) {
	var money metrics.Totals[string, decimal.Decimal]
	var cents metrics.Totals[totID, totCents]
	var ticks metrics.Totals[float64, time.Duration]
	var small metrics.Totals[float32, uint8]
	big := decimal.New(1, 18).Mul(decimal.New(999999999999999999, 0))
	err := errors.Join(money.Add("a", d("1.5")), cents.Add("a", math.MaxInt16), ticks.Add(1, math.MinInt64), small.Add(1, 255))
	if err != nil {
		t.Fatal(err)
	}
	before := accJSON(t, money) + accJSON(t, cents) + accJSON(t, ticks) + accJSON(t, small)
	for name, err := range map[string]error{
		"huge exponent":     money.Add("a", decimal.New(1, 1e9)),
		"tiny exponent":     money.Add("new", decimal.New(1, -1e9)),
		"37 digits":         money.Add("new", big.Mul(decimal.New(1, 1))),
		"not UTF-8":         money.Add("\xff", d("1")),
		"named beyond type": cents.Add("a", 1),
		"named not UTF-8":   cents.Add("\xff", 1),
		"below type":        ticks.Add(1, -1),
		"NaN":               ticks.Add(math.NaN(), 1),
		"infinite":          ticks.Add(math.Inf(-1), 1),
		"float32 NaN":       small.Add(float32(math.NaN()), 1),
		"uint8 beyond":      small.Add(1, 1),
	} {
		var e *metrics.Error
		if !errors.Is(err, metrics.ErrInput) || !errors.As(err, &e) {
			t.Errorf("%s: %v, want ErrInput", name, err)
		}
	}
	if got := accJSON(t, money) + accJSON(t, cents) + accJSON(t, ticks) + accJSON(t, small); got != before {
		t.Errorf("an error has changed %s to %s", before, got)
	}
}

// Totals of decimals end at 10^46, with a total of any exponent.
func TestTotals_bounds(t *testing.T) {
	var totals, other metrics.Totals[string, decimal.Decimal]
	text := `{"totals":[["a","` + strings.Repeat("9", 46) + `.999999999999999998",1],["b","-` + strings.Repeat("9", 46) + `",1]]}`
	if err := totals.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	before := accBinary(t, totals)
	if err := totals.Add("a", decimal.New(2, -18)); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("Add up to 10^46: %v, want ErrInput", err)
	}
	if err := other.Add("b", d("1")); err != nil {
		t.Fatal(err)
	}
	if err := other.Add("c", d("1")); err != nil {
		t.Fatal(err)
	}
	minus := metrics.Totals[string, decimal.Decimal]{}
	if err := errors.Join(minus.Add("b", d("-1")), minus.Add("a", decimal.New(2, -18))); err != nil {
		t.Fatal(err)
	}
	if err := totals.Merge(&minus); !errors.Is(err, metrics.ErrMismatch) || !strings.Contains(err.Error(), "metrics: a: total") {
		t.Errorf("Merge up to 10^46: %v, want ErrMismatch of the first key", err)
	}
	if accBinary(t, totals) != before {
		t.Error("an error has changed the totals")
	}
	if err := errors.Join(totals.Merge(&other), totals.Add("a", decimal.New(1, -18))); err != nil {
		t.Errorf("below 10^46: %v", err)
	}
	if g, ok := totals.Gini(); ok {
		t.Errorf("Gini with a negative total: %v", g)
	}
	if err := totals.Sub(&other); err != nil {
		t.Error(err)
	}
	if _, ok := totals.Of("c"); ok || totals.Len() != 2 {
		t.Error("a key is there of which nothing is left")
	}
}

// A key has at most 2^63-1 amounts.
func TestTotals_tooMany(t *testing.T) {
	var totals, one metrics.Totals[string, int64]
	if err := errors.Join(totals.UnmarshalJSON([]byte(`{"totals":[["a","1",9223372036854775807]]}`)), one.Add("a", 1)); err != nil {
		t.Fatal(err)
	}
	before := accBinary(t, totals)
	if err := totals.Add("a", 1); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("Add: %v, want ErrInput", err)
	}
	if err := totals.Merge(&one); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("Merge: %v, want ErrMismatch", err)
	}
	if accBinary(t, totals) != before {
		t.Error("an error has changed the totals")
	}
}

func TestTotals_zeroValue(t *testing.T) {
	var totals metrics.Totals[string, int64]
	if err := errors.Join(totals.Merge(nil), totals.Sub(nil), totals.Merge(&totals), totals.Sub(&totals)); err != nil {
		t.Fatal(err)
	}
	_, gini := totals.Gini()
	_, hhi := totals.HHI()
	_, effective := totals.Effective()
	_, share := totals.TopShare(1)
	_, of := totals.Of("")
	if gini || hhi || effective || share || of || totals.Len() != 0 || len(totals.Top(3)) != 0 || !totals.Sum().IsZero() {
		t.Error("the zero value has values")
	}
	if got := accJSON(t, totals.Clone()); got != `{"totals":[]}` {
		t.Errorf("the zero value is %s", got)
	}
}

// Whoever sold nothing counts, and whoever gave back all stays as long as the amounts do.
func TestTotals_keysOfZero(t *testing.T) {
	var totals, refund metrics.Totals[string, int64]
	err := errors.Join(totals.Add("ann", 100), totals.Add("bob", 0), totals.Add("cid", 40), refund.Add("cid", -40))
	if err := errors.Join(err, totals.Merge(&refund)); err != nil {
		t.Fatal(err)
	}
	if got, want := accJSON(t, totals), `{"totals":[["ann","100",1],["bob","0",1],["cid","0",2]]}`; got != want {
		t.Errorf("totals are %s, want %s", got, want)
	}
	if g, ok := totals.Gini(); math.Abs(g-2.0/3) > 1e-15 || !ok {
		t.Errorf("Gini is %v, want 2/3", g)
	}
	want := []metrics.KeyTotal[string, int64]{{Key: "ann", Total: 100, Count: 1}, {Key: "bob", Total: 0, Count: 1}}
	if diff := cmp.Diff(want, totals.Top(2)); diff != "" {
		t.Errorf("Top (-want +got):\n%s", diff)
	}
	var wrong metrics.Totals[string, int64]
	if err := errors.Join(wrong.Add("ann", 99)); err != nil {
		t.Fatal(err)
	}
	if err := totals.Sub(&wrong); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("Sub of an amount that is not there: %v", err)
	}
	for key := range totals.All() {
		if key != "ann" {
			t.Error("All goes on after the loop has ended")
		}
		break
	}
}

// Texts that no totals write are refused.
func TestTotals_refusesEncodings(t *testing.T) {
	for name, text := range map[string]string{
		"no totals":          `{}`,
		"null totals":        `{"totals":null}`,
		"pair":               `{"totals":[["a","1"]]}`,
		"empty":              `{"totals":[[]]}`,
		"count 0":            `{"totals":[["a","1",0]]}`,
		"count of text":      `{"totals":[["a","1","1"]]}`,
		"fraction":           `{"totals":[["a","1.5",1]]}`,
		"beyond type":        `{"totals":[["a","128",1]]}`,
		"number":             `{"totals":[["a",1,1]]}`,
		"zeros":              `{"totals":[["a","01",1]]}`,
		"plus":               `{"totals":[["a","+1",1]]}`,
		"minus zero":         `{"totals":[["a","-0",1]]}`,
		"two points":         `{"totals":[["a","1.0.0",1]]}`,
		"exponent":           `{"totals":[["a","1e2",1]]}`,
		"no digits":          `{"totals":[["a","",1]]}`,
		"key is a number":    `{"totals":[[1,"1",1]]}`,
		"key is null":        `{"totals":[[null,"1",1]]}`,
		"not ascending":      `{"totals":[["b","1",1],["a","1",1]]}`,
		"twice":              `{"totals":[["a","1",1],["a","1",1]]}`,
		"not UTF-8":          "{\"totals\":[[\"\xff\",\"1\",1]]}",
		"another field":      `{"totals":[],"limit":1}`,
		"more":               `{"totals":[]}{}`,
		"unpaired surrogate": `{"totals":[["\ud800","1",1],["\ud801","1",1]]}`,
	} {
		var totals metrics.Totals[string, int8]
		if err := totals.UnmarshalJSON([]byte(text)); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
	var text metrics.Totals[string, int64]
	if err := text.Add("a", 1); err != nil {
		t.Fatal(err)
	}
	var number metrics.Totals[int, int64]
	if err := number.UnmarshalBinary([]byte(accBinary(t, text))); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("keys of another type: %v, want ErrEncoding", err)
	}
	for name, data := range map[string][]byte{
		"int8 beyond":        {'T', 1, 1, 1, 0x80, 0x02, 0, 1},
		"count 0":            {'T', 1, 1, 1, 2, 0, 0},
		"not ascending":      {'T', 1, 1, 2, 2, 0, 1, 2, 0, 1},
		"more than promised": {'T', 1, 1, 0x7f, 2, 0, 1},
	} {
		var totals metrics.Totals[int8, int64]
		if err := totals.UnmarshalBinary(data); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
	for name, data := range map[string][]byte{
		"-0":   {'T', 1, 3, 1, 1, 0, 1},
		"NaN":  {'T', 1, 3, 1, 0xfe, 0x9f, 0x03, 0, 1},
		"+Inf": {'T', 1, 3, 1, 0xfe, 0x1f, 0, 1},
	} {
		var totals metrics.Totals[float32, int64]
		if err := totals.UnmarshalBinary(data); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
	bad := []byte{'T', 1, 0, 1, 1, 0xff, 0, 1}
	if err := new(metrics.Totals[string, int64]).UnmarshalBinary(bad); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("not UTF-8: %v, want ErrEncoding", err)
	}
	fine := append([]byte{'T', 1, 0, 1, 1, 'a'}, wire.Decimal(nil, decimal.New(1, -19))...)
	if err := new(metrics.Totals[string, decimal.Decimal]).UnmarshalBinary(append(fine, 1)); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("19 decimals: %v, want ErrEncoding", err)
	}
	long := `{"totals":[["a","` + strings.Repeat("1", 1000) + `",1]]}`
	if err := new(metrics.Totals[string, decimal.Decimal]).UnmarshalJSON([]byte(long)); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("a thousand digits: %v, want ErrEncoding", err)
	}
	totNarrow[uint16, uint8](t, 256)
	totNarrow[int64, int32](t, math.MinInt32-1)
	totNarrow[float64, float32](t, 1e300)
	var tenth metrics.Totals[float64, int64]
	if err := tenth.Add(0.1, 1); err != nil {
		t.Fatal(err)
	}
	if err := new(metrics.Totals[float32, int64]).UnmarshalBinary([]byte(accBinary(t, tenth))); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("a key that float32 rounds: %v, want ErrEncoding", err)
	}
}

// totNarrow wants that a key of one type is not read as one of another that does not hold it.
func totNarrow[From, To stdcmp.Ordered](t *testing.T, key From) {
	t.Helper()
	var wide metrics.Totals[From, int64]
	if err := wide.Add(key, 1); err != nil {
		t.Fatal(err)
	}
	var narrow metrics.Totals[To, int64]
	if err := narrow.UnmarshalBinary([]byte(accBinary(t, wide))); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("%v of %T: %v, want ErrEncoding", key, key, err)
	}
	if err := narrow.UnmarshalJSON([]byte(accJSON(t, wide))); !errors.Is(err, metrics.ErrEncoding) {
		t.Errorf("%v of %T in JSON: %v, want ErrEncoding", key, key, err)
	}
}

func totAsk(t *testing.T, v *metrics.Totals[string, decimal.Decimal]) {
	t.Helper()
	g, _ := v.Gini()
	h, _ := v.HHI()
	e, _ := v.Effective()
	s, _ := v.TopShare(2)
	if x := g + h + e + s; x-x != 0 {
		t.Fatalf("%v, %v, %v or %v is not finite", g, h, e, s)
	}
	if len(v.Top(3)) > 3 || v.Clone().Len() != v.Len() {
		t.Fatal("too many keys")
	}
}

func totSeed(f *testing.F) *metrics.Totals[string, decimal.Decimal] {
	f.Helper()
	var totals metrics.Totals[string, decimal.Decimal]
	if err := errors.Join(totals.Add("acme", d("100.50")), totals.Add("beta", d("-3e5")), totals.Add("", d("0"))); err != nil {
		f.Fatal(err)
	}
	return &totals
}

func FuzzTotals_binary(f *testing.F) { accFuzzBinary(f, totSeed(f), totAsk) }
func FuzzTotals_json(f *testing.F)   { accFuzzJSON(f, totSeed(f), totAsk) }
