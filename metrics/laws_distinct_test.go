package metrics_test

import (
	"cmp"
	"encoding/base64"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

// totNewDistinct returns an empty Distinct with a limit, 0 being none.
func totNewDistinct[K cmp.Ordered](t rapid.TB, limit int) *metrics.Distinct[K] {
	t.Helper()
	if limit == 0 {
		return new(metrics.Distinct[K])
	}
	d, err := metrics.NewDistinct[K](limit)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func totDistinctLaws[K cmp.Ordered](t *testing.T, key *rapid.Generator[K]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(key, 0, 12).Draw(t, "keys")
		limit := rapid.IntRange(0, 8).Draw(t, "limit")
		whole := accLaws(t, len(keys), func(to *metrics.Distinct[K], i int) {
			if err := errors.Join(to.Merge(totNewDistinct[K](t, limit)), to.Add(keys[i])); err != nil {
				t.Fatal(err)
			}
		})
		// It is the set that counts: the same keys again, and the whole with itself or a part, change nothing.
		before := accBinary(t, whole)
		for _, key := range keys {
			if err := whole.Add(key); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(whole.Merge(whole), whole.Merge(whole.Clone())); err != nil || accBinary(t, whole) != before {
			t.Fatalf("once more: %s (%v)", accJSON(t, whole), err)
		}
		want := totDistinct(keys)
		n, se := whole.Count()
		got, ok := whole.Keys()
		if exact := limit == 0 || len(want) <= limit; exact != (se == 0) || exact != ok {
			t.Fatalf("%d keys of %d: error %v, kept %t", len(want), limit, se, ok)
		}
		// Of so few an estimate has no error, unless two fall on the same of 16,384 registers.
		if n != int64(len(want)) && (ok || n < int64(len(want))-2) || ok && !slices.Equal(got, want) {
			t.Fatalf("%d keys %v, want %v", n, got, want)
		}
		if err := whole.Merge(totNewDistinct[K](t, limit+1)); len(keys) > 0 && !errors.Is(err, metrics.ErrMismatch) {
			t.Fatalf("another limit: %v, want ErrMismatch", err)
		}
	})
}

func TestDistinct_law(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		totDistinctLaws(t, rapid.SampledFrom([]string{"", "a", "b", "acme", "account-1", "account-2", "Łódź", "<&\u2028>", "\x00"}))
	})
	t.Run("named", func(t *testing.T) {
		totDistinctLaws(t, rapid.Map(rapid.StringMatching("[a-c]{0,2}"), func(s string) totID { return totID(s) }))
	})
	t.Run("int", func(t *testing.T) { totDistinctLaws(t, rapid.IntRange(-5, 5)) })
	t.Run("int64", func(t *testing.T) { totDistinctLaws(t, rapid.Int64()) })
	t.Run("uint8", func(t *testing.T) { totDistinctLaws(t, rapid.Uint8()) })
	t.Run("float64", func(t *testing.T) {
		totDistinctLaws(t, rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0.1})))
	})
	t.Run("float32", func(t *testing.T) { totDistinctLaws(t, rapid.Float32()) })
}

func TestDistinct_refuses(t *testing.T) {
	for _, limit := range []int{0, -1, math.MinInt} {
		if _, err := metrics.NewDistinct[string](limit); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("limit %d: %v, want ErrInput", limit, err)
		}
	}
	for _, limit := range []int{0, 1, math.MaxInt} {
		text, named := totNewDistinct[string](t, limit), totNewDistinct[totID](t, limit)
		float, float32s := totNewDistinct[float64](t, limit), totNewDistinct[float32](t, limit)
		if err := errors.Join(float.Add(1), float.Add(2), text.Add("a"), text.Add("b")); err != nil {
			t.Fatal(err)
		}
		before := accBinary(t, float) + accBinary(t, text)
		for name, err := range map[string]error{
			"not UTF-8":       text.Add("a\xff"),
			"named not UTF-8": named.Add("a\xff"),
			"NaN":             float.Add(math.NaN()),
			"infinite":        float.Add(math.Inf(1)),
			"float32":         float32s.Add(float32(math.Inf(-1))),
		} {
			if !errors.Is(err, metrics.ErrInput) {
				t.Errorf("%s: %v, want ErrInput", name, err)
			}
		}
		if accBinary(t, float)+accBinary(t, text) != before {
			t.Errorf("limit %d: an error has changed the keys", limit)
		}
	}
	one, other := totNewDistinct[int](t, 1), totNewDistinct[int](t, 2)
	if err := errors.Join(one.Add(1), one.Add(2), other.Merge(nil), new(metrics.Distinct[int]).Merge(one)); err != nil {
		t.Error(err)
	}
	if err := other.Merge(one); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("other limits: %v, want ErrMismatch", err)
	}
	if err := other.Merge(new(metrics.Distinct[int])); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

// Texts that no keys make are refused.
func TestDistinct_refusesEncodings(t *testing.T) {
	full := totNewDistinct[string](t, 1)
	if err := errors.Join(full.Add("a"), full.Add("b")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing":         `{}`,
		"both":            `{"limit":1,"keys":[],"registers":""}`,
		"limit 0":         `{"limit":0,"keys":[]}`,
		"beyond limit":    `{"limit":1,"keys":["a","b"]}`,
		"not ascending":   `{"keys":["b","a"]}`,
		"twice":           `{"keys":["a","a"]}`,
		"number":          `{"keys":[1]}`,
		"short registers": `{"limit":1,"registers":"AAAA"}`,
		"null":            `{"keys":null}`,
		"not base64":      `{"limit":1,"registers":"` + strings.Repeat("*", base64.StdEncoding.EncodedLen(1<<14)) + `"}`,
		"another field":   `{"keys":[],"n":1}`,
	} {
		var d metrics.Distinct[string]
		if err := d.UnmarshalJSON([]byte(text)); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
	good := []byte(accBinary(t, full))
	head := len(good) - 1<<14
	for name, change := range map[string]func(b []byte) []byte{
		"no limit":       func(b []byte) []byte { b[3] = 0; return b },
		"third form":     func(b []byte) []byte { b[4] = 2; return b },
		"impossible":     func(b []byte) []byte { b[head] = 52; return b },
		"nothing":        func(b []byte) []byte { clear(b[head:]); return b },
		"too short":      func(b []byte) []byte { return b[:len(b)-1] },
		"other keys":     func(b []byte) []byte { b[2] = 1; return b },
		"other contents": func(b []byte) []byte { b[0] = 'T'; return b },
	} {
		var d metrics.Distinct[string]
		if err := d.UnmarshalBinary(change(slices.Clone(good))); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
	if err := new(metrics.Distinct[string]).UnmarshalBinary(good); err != nil {
		t.Error(err)
	}
}

// An estimate is never less than is known: more than the limit.
func TestDistinct_estimate(t *testing.T) {
	for _, limit := range []int{1, 1000, 50_000} {
		d := totNewDistinct[int](t, limit)
		for i := range limit + 1 {
			if n, se := d.Count(); n != int64(i) || se != 0 {
				t.Fatalf("limit %d: %d ± %v keys, want %d", limit, n, se, i)
			}
			if err := d.Add(i); err != nil {
				t.Fatal(err)
			}
		}
		if n, se := d.Count(); n <= int64(limit) || float64(n) > 1.03*float64(limit+1) || math.Abs(se/float64(n)-0.0081) > 0.0001 {
			t.Errorf("limit %d and one: %d ± %v", limit, n, se)
		}
	}
}

func totAskDistinct(t *testing.T, v *metrics.Distinct[string]) {
	t.Helper()
	n, se := v.Count()
	keys, ok := v.Keys()
	if n < 0 || se-se != 0 || ok != (se == 0) || ok && int64(len(keys)) != n {
		t.Fatalf("%d ± %v keys %q, %t", n, se, keys, ok)
	}
}

func totSeedDistinct(f *testing.F, limit int) *metrics.Distinct[string] {
	f.Helper()
	d, err := metrics.NewDistinct[string](limit)
	if err != nil {
		f.Fatal(err)
	}
	if err := errors.Join(d.Add("acme"), d.Add("beta"), d.Add("")); err != nil {
		f.Fatal(err)
	}
	return d
}

func FuzzDistinct_binary(f *testing.F) {
	f.Add([]byte(accBinary(f, totSeedDistinct(f, 2))))
	accFuzzBinary(f, totSeedDistinct(f, 5), totAskDistinct)
}

func FuzzDistinct_json(f *testing.F) {
	f.Add([]byte(accJSON(f, totSeedDistinct(f, 2))))
	accFuzzJSON(f, totSeedDistinct(f, 5), totAskDistinct)
}
