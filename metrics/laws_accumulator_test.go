package metrics_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/metrics"
)

// accMonoid is what the accumulators have in common.
type accMonoid[T any] interface {
	*T
	Merge(*T) error
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
	json.Marshaler
	json.Unmarshaler
}

// accGroup is an accumulator from which can be taken away.
type accGroup[T any] interface {
	accMonoid[T]
	Sub(*T) error
}

type accFatal interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func accBinary(t accFatal, v encoding.BinaryMarshaler) string {
	t.Helper()
	b, err := v.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func accJSON(t accFatal, v json.Marshaler) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// accLaws are the laws of an accumulator of n items: merging shards in any order and grouping gives the whole, byte for byte;
// the zero value is the identity; encodings give back what was encoded. It returns the whole.
func accLaws[T any, P accMonoid[T]](t *rapid.T, n int, add func(to P, i int)) P {
	of := func(items []int) P {
		p := P(new(T))
		for _, i := range items {
			add(p, i)
		}
		return p
	}
	merge := func(a, b P) {
		before := accBinary(t, b)
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		if a != b && accBinary(t, b) != before {
			t.Fatal("Merge has changed its argument")
		}
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	whole := of(all)
	want := accBinary(t, whole)

	order := rapid.Permutation(all).Draw(t, "order")
	shards := []P{P(new(T))}
	for len(order) > 0 {
		k := rapid.IntRange(0, len(order)).Draw(t, "shard")
		shards, order = append(shards, of(order[:k])), order[k:]
		if len(shards) > 4 && len(order) > 0 {
			shards, order = append(shards, of(order)), nil
		}
	}
	for len(shards) > 1 {
		i := rapid.IntRange(0, len(shards)-2).Draw(t, "merge")
		a, b := shards[i], shards[i+1]
		if rapid.Bool().Draw(t, "the other way round") {
			a, b = b, a
		}
		if rapid.Bool().Draw(t, "decoded") {
			c := P(new(T))
			if err := c.UnmarshalBinary([]byte(accBinary(t, b))); err != nil {
				t.Fatal(err)
			}
			b = c
		}
		merge(a, b)
		shards[i], shards = a, slices.Delete(shards, i+1, i+2)
	}
	if got := accBinary(t, shards[0]); got != want {
		t.Fatalf("shards are %s, the whole is %s", accJSON(t, shards[0]), accJSON(t, whole))
	}
	merge(whole, P(new(T)))
	if accBinary(t, whole) != want {
		t.Fatal("the zero value is not the identity")
	}
	back := P(new(T))
	if err := back.UnmarshalJSON([]byte(accJSON(t, whole))); err != nil || accBinary(t, back) != want {
		t.Fatalf("JSON %s comes back as %s (%v)", accJSON(t, whole), accJSON(t, back), err)
	}
	if err := back.UnmarshalBinary([]byte(want)); err != nil || accBinary(t, back) != want || accJSON(t, back) != accJSON(t, whole) {
		t.Fatalf("the binary form does not come back (%v)", err)
	}
	return whole
}

// accGroupLaws are accLaws, and that Sub undoes Merge.
func accGroupLaws[T any, P accGroup[T]](t *rapid.T, n int, add func(to P, i int)) P {
	whole := accLaws(t, n, add)
	k := rapid.IntRange(0, n).Draw(t, "taken away")
	part, rest := P(new(T)), P(new(T))
	for i := range n {
		if i < k {
			add(part, i)
		} else {
			add(rest, i)
		}
	}
	left := P(new(T))
	if err := errors.Join(left.Merge(whole), left.Sub(part)); err != nil {
		t.Fatal(err)
	}
	if accBinary(t, left) != accBinary(t, rest) {
		t.Fatalf("%s less %s is %s, want %s", accJSON(t, whole), accJSON(t, part), accJSON(t, left), accJSON(t, rest))
	}
	return whole
}

// accFuzzBinary wants ErrEncoding and an unchanged value, or a value that encodes to the same bytes, merges with itself and answers.
func accFuzzBinary[T any, P accMonoid[T]](f *testing.F, seed P, ask func(t *testing.T, v P)) {
	f.Helper()
	f.Add([]byte(accBinary(f, P(new(T)))))
	f.Add([]byte(accBinary(f, seed)))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := P(new(T))
		if err := v.UnmarshalBinary(data); err != nil {
			accNotDecoded(t, v, P(new(T)), err)
			return
		}
		if got := accBinary(t, v); got != string(data) {
			t.Fatalf("%x, decoded and encoded: %x", data, got)
		}
		accUse(t, v, ask)
	})
}

// accFuzzJSON is the same for JSON, but for white space and the like.
func accFuzzJSON[T any, P accMonoid[T]](f *testing.F, seed P, ask func(t *testing.T, v P)) {
	f.Helper()
	f.Add([]byte(accJSON(f, P(new(T)))))
	f.Add([]byte(accJSON(f, seed)))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := P(new(T))
		if err := v.UnmarshalJSON(data); err != nil {
			accNotDecoded(t, v, P(new(T)), err)
			return
		}
		back := P(new(T))
		text := accJSON(t, v)
		if err := back.UnmarshalJSON([]byte(text)); err != nil || accJSON(t, back) != text || accBinary(t, back) != accBinary(t, v) {
			t.Fatalf("%s, decoded and encoded: %s (%v)", text, accJSON(t, back), err)
		}
		accUse(t, v, ask)
	})
}

func accNotDecoded[T any, P accMonoid[T]](t *testing.T, v, zero P, err error) {
	t.Helper()
	var e *metrics.Error
	if !errors.As(err, &e) || !errors.Is(err, metrics.ErrEncoding) {
		t.Fatalf("%v, want ErrEncoding", err)
	}
	if accBinary(t, v) != accBinary(t, zero) {
		t.Fatal("an error has changed the value")
	}
}

// accUse merges a decoded value with itself, and asks it.
func accUse[T any, P accMonoid[T]](t *testing.T, v P, ask func(t *testing.T, v P)) {
	t.Helper()
	ask(t, v)
	if err := v.Merge(v); err != nil && !errors.Is(err, metrics.ErrMismatch) {
		t.Fatalf("Merge: %v", err)
	}
	ask(t, v)
}
