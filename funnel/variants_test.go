package funnel_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

func graVariants(t *testing.T, list ...string) *funnel.Variants {
	t.Helper()
	var v funnel.Variants
	for i, events := range list {
		if err := v.Add(graCase(strconv.Itoa(i), events)); err != nil {
			t.Fatal(err)
		}
	}
	return &v
}

// The most frequent come first; of equally frequent ones the first by the names of their activities, and not by their letters:
// "a, c" before "aa, b".
func TestVariants_Top(t *testing.T) {
	v := graVariants(t, "b, a", "b, a", "aa, b", "a, c", "a", "a, b", "a, a, a")
	var got []string
	for _, x := range v.Top(v.Len()) {
		got = append(got, strings.Join(x.Activities, ",")+" "+strconv.FormatInt(x.Share.Num, 10)+"/"+strconv.FormatInt(x.Share.Den, 10))
	}
	want := []string{"b,a 2/7", "a 1/7", "a,a,a 1/7", "a,b 1/7", "a,c 1/7", "aa,b 1/7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := v.Top(2); len(got) != 2 || got[1].Activities[0] != "a" {
		t.Errorf("Top(2) = %v", got)
	}
	for _, n := range []int{0, -1} {
		if got := v.Top(n); got == nil || len(got) != 0 {
			t.Errorf("Top(%d) = %v, want none", n, got)
		}
	}
	if got := v.Top(1 << 30); len(got) != 6 {
		t.Errorf("Top(2^30) has %d", len(got))
	}
}

// Activities beyond the 128th take more than one byte in a path.
func TestVariants_manyActivities(t *testing.T) {
	const n = 20_000
	var v, o funnel.Variants
	for i := range n {
		events := "s" + strconv.Itoa(i) + ", s" + strconv.Itoa((i+1)%n)
		if err := v.Add(graCase("1", events)); err != nil {
			t.Fatal(err)
		}
		if err := o.Add(graCase("1", "s"+strconv.Itoa(n-1-i)+", s"+strconv.Itoa((n-i)%n))); err != nil {
			t.Fatal(err)
		}
	}
	a, err := v.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := o.MarshalBinary(); err != nil || string(a) != string(b) {
		t.Errorf("the same cases in another order are not equal: %v", err)
	}
	if err := o.UnmarshalBinary(a); err != nil {
		t.Fatal(err)
	}
	if err := o.Merge(&v); err != nil || o.Len() != n {
		t.Errorf("%d variants, %v", o.Len(), err)
	}
	if d, ok := o.Times("s19999", "s0"); !ok || d.Len() != 2 {
		t.Errorf("a variant of the last activity: %t", ok)
	}
}

func TestVariants_Times_none(t *testing.T) {
	v := graVariants(t, "a, b")
	for _, path := range [][]string{nil, {"a"}, {"b", "a"}, {"a", "x"}, {"a", "b", "b"}} {
		if d, ok := v.Times(path...); ok || d != nil {
			t.Errorf("times of %v, which never occurs", path)
		}
	}
	if d, ok := new(funnel.Variants).Times("a"); ok || d != nil {
		t.Error("times of a variant of nothing")
	}
}

func TestVariants_errors(t *testing.T) {
	const most = `9223372036854775807`
	text := `{"cases":` + most + `,"variants":[{"activities":["a"],"throughput":{"count":` + most + `,"ticks":[[0,` + most + `]]}}]}`
	var full funnel.Variants
	if err := json.Unmarshal([]byte(text), &full); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ err, kind error }{
		{full.Add(graCase("1", "a")), funnel.ErrInput},
		{full.Merge(graVariants(t, "b")), funnel.ErrMismatch},
		{full.Merge(&full), funnel.ErrMismatch},
		{graVariants(t, "a, b").Sub(graVariants(t, "a, c")), funnel.ErrMismatch},
		{graVariants(t, "a, b").Sub(graVariants(t, "a, b", "a, b")), funnel.ErrMismatch},
		{graVariants(t, "a, b").Sub(graVariants(t, "a")), funnel.ErrMismatch},
	} {
		if !errors.Is(c.err, c.kind) {
			t.Errorf("%v, want %v", c.err, c.kind)
		}
	}
	if again, err := json.Marshal(&full); err != nil || string(again) != text {
		t.Errorf("changed to %s, %v", again, err)
	}
}

func TestVariants_UnmarshalJSON_refuses(t *testing.T) {
	v := graVariants(t, "a, b", "b", "b")
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{`"cases":3`, `"cases":2`},
		{`["a","b"]`, `["c","b"]`},
		{`["a","b"]`, `["b"]`},
		{`["a","b"]`, `[]`},
		{`["a","b"]`, `["a",""]`},
		{`[[0,2]]`, `[[1,2]]`}, // one event takes no time
		{`[[0,2]]`, `[[0,0]]`},
		{`[[3600000000000,1]]`, `[[-1,1]]`},
		{`"variants"`, `"paths"`},
	} {
		bad := strings.Replace(string(text), c[0], c[1], 1)
		if bad == string(text) {
			t.Errorf("%s is not in %s", c[0], text)
		}
		got := graVariants(t, "x")
		if err := json.Unmarshal([]byte(bad), got); !errors.Is(err, funnel.ErrEncoding) || got.Cases() != 1 {
			t.Errorf("%s for %s: %v, %d cases", c[1], c[0], err, got.Cases())
		}
	}
	if err := json.Unmarshal([]byte("null"), v); err != nil || v.Cases() != 3 {
		t.Errorf("null: %v, %d cases", err, v.Cases())
	}
}
