package funnel_test

import (
	"errors"
	"testing"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// strFuzzBinary wants ErrEncoding and an unchanged value, or a value that encodes to the same bytes and answers.
func strFuzzBinary[T any, P strAccumulator[T]](f *testing.F, seed P, ask func(t *testing.T, v P)) {
	f.Helper()
	f.Add([]byte(strBinary(f, P(new(T)))))
	f.Add([]byte(strBinary(f, seed)))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := P(new(T))
		if err := v.UnmarshalBinary(data); err != nil {
			strNotDecoded(t, v, P(new(T)), err)
			return
		}
		if got := strBinary(t, v); got != string(data) {
			t.Fatalf("%x, decoded and encoded: %x", data, got)
		}
		strUse(t, v, ask)
	})
}

// strFuzzJSON is the same for JSON, but for white space and the like.
func strFuzzJSON[T any, P strAccumulator[T]](f *testing.F, seed P, ask func(t *testing.T, v P)) {
	f.Helper()
	f.Add([]byte(strJSON(f, P(new(T)))))
	f.Add([]byte(strJSON(f, seed)))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := P(new(T))
		if err := v.UnmarshalJSON(data); err != nil {
			strNotDecoded(t, v, P(new(T)), err)
			return
		}
		back := P(new(T))
		text := strJSON(t, v)
		if err := back.UnmarshalJSON([]byte(text)); err != nil || strJSON(t, back) != text || strBinary(t, back) != strBinary(t, v) {
			t.Fatalf("%s, decoded and encoded: %s (%v)", text, strJSON(t, back), err)
		}
		strUse(t, v, ask)
	})
}

func strNotDecoded[T any, P strAccumulator[T]](t *testing.T, v, zero P, err error) {
	t.Helper()
	var e *funnel.Error
	if !errors.As(err, &e) || !errors.Is(err, funnel.ErrEncoding) {
		t.Fatalf("%v, want ErrEncoding", err)
	}
	if strBinary(t, v) != strBinary(t, zero) {
		t.Fatal("an error has changed the value")
	}
}

// strUse merges a decoded value with itself, takes it away again, and asks it.
func strUse[T any, P strAccumulator[T]](t *testing.T, v P, ask func(t *testing.T, v P)) {
	t.Helper()
	before := strBinary(t, v)
	twice := P(new(T))
	if err := twice.Merge(v); err != nil {
		t.Fatal(err)
	}
	if err := twice.Merge(v); err == nil {
		if err := twice.Sub(v); err != nil {
			t.Fatal(err)
		}
	} else if !errors.Is(err, funnel.ErrMismatch) {
		t.Fatal(err)
	}
	ask(t, v)
	if strBinary(t, twice) != before || strBinary(t, v) != before {
		t.Fatal("merging and subtracting has changed the value")
	}
}

// strSomeMatches are matches of all kinds, known at 100.
func strSomeMatches() []funnel.Match {
	return []funnel.Match{
		{},
		{Level: 1, Times: []int64{5}, Index: []int{0}, Open: true, Until: 200},
		{Level: 2, Times: []int64{5, 60}, Index: []int{0, 3}, Voided: true},
		{Level: 3, Times: []int64{5, 60, 100}, Index: []int{0, 3, 4}},
		{Level: 3, Times: []int64{5, 5, 7}, Index: []int{0, 3, 4}},
	}
}

func strSomeCounts(t testing.TB) *funnel.Counts {
	t.Helper()
	c := new(funnel.Counts)
	for _, m := range strSomeMatches() {
		if err := c.Add(m, 100); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func strAskCounts(t *testing.T, c *funnel.Counts) {
	t.Helper()
	for _, s := range c.Steps(funnel.MaxSteps) {
		if s.Reached < 0 || s.InFlight < 0 || s.Dropped < 0 || s.Voided < 0 || c.Gap(s.Step).Len() > s.Reached || c.Since(s.Step).Len() > s.Reached {
			t.Fatalf("step %+v", s)
		}
		share, err := c.Conversion(0, s.Step)
		if err != nil || share.Reached+share.Pending > share.Entered {
			t.Fatalf("conversion %+v (%v)", share, err)
		}
	}
}

func FuzzCounts_UnmarshalBinary(f *testing.F) { strFuzzBinary(f, strSomeCounts(f), strAskCounts) }
func FuzzCounts_UnmarshalJSON(f *testing.F)   { strFuzzJSON(f, strSomeCounts(f), strAskCounts) }

func strSomeBreakdown(t testing.TB) *funnel.Breakdown {
	t.Helper()
	b := new(funnel.Breakdown)
	for i, m := range strSomeMatches() {
		if err := b.Add([]string{"", "east", "west"}[i%3], m, 100); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func strAskBreakdown(t *testing.T, b *funnel.Breakdown) {
	t.Helper()
	var n int64
	for _, group := range b.Groups() {
		c := b.Counts(group)
		n += c.Entities()
		strAskCounts(t, c)
	}
	if total := b.Total(); total.Entities() != n {
		t.Fatalf("%d entities, want %d", total.Entities(), n)
	}
}

func FuzzBreakdown_UnmarshalBinary(f *testing.F) {
	strFuzzBinary(f, strSomeBreakdown(f), strAskBreakdown)
}

func FuzzBreakdown_UnmarshalJSON(f *testing.F) { strFuzzJSON(f, strSomeBreakdown(f), strAskBreakdown) }

func strSomeRetention(t testing.TB) *funnel.Retention {
	t.Helper()
	r := new(funnel.Retention)
	for i, cohort := range strCohorts() {
		if err := r.Add(cohort, 0x8000_0000>>(5*i)|1); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func strAskRetention(t *testing.T, r *funnel.Retention) {
	t.Helper()
	for _, o := range []funnel.RetentionOptions{{AsOf: on("2026-03-01")}, {AsOf: on("9999-12-31"), Unit: salesops.Week}} {
		table, err := r.Table(o)
		if err != nil {
			if !errors.Is(err, funnel.ErrMismatch) {
				t.Fatal(err)
			}
			continue
		}
		for _, row := range append(table.Rows, funnel.RetentionRow{Cells: table.All}) {
			for _, cell := range row.Cells {
				if cell.Retained.Num < 0 || cell.Retained.Num > cell.Retained.Den || cell.Mature == (cell.Retained.Den == 0) {
					t.Fatalf("cell %+v", cell)
				}
			}
		}
	}
}

func FuzzRetention_UnmarshalBinary(f *testing.F) {
	strFuzzBinary(f, strSomeRetention(f), strAskRetention)
}

func FuzzRetention_UnmarshalJSON(f *testing.F) { strFuzzJSON(f, strSomeRetention(f), strAskRetention) }
