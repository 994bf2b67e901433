package funnel_test

import (
	"bytes"
	"errors"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// movSeeds are movements of all parts.
func movSeeds(f *testing.F) []funnel.Movement {
	f.Helper()
	before, after := movBook(300)
	out := []funnel.Movement{{}}
	for _, scope := range []salesops.Period{{}, movQuarter()} {
		w, err := funnel.Compare(scope, before, after)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, w.Total, w.Groups[0].Movement)
	}
	return out
}

// What is read balances, and is what would be written.
func FuzzMovement_UnmarshalBinary(f *testing.F) {
	for _, m := range movSeeds(f) {
		data, err := m.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m funnel.Movement
		if err := m.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || m != (funnel.Movement{}) {
				t.Errorf("%v of another kind, or the movement has changed: %v", err, m)
			}
			return
		}
		movSound(t, m)
		again, err := m.MarshalBinary()
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("% x is written as % x, %v", data, again, err)
		}
	})
}

func FuzzMovement_UnmarshalJSON(f *testing.F) {
	for _, m := range movSeeds(f) {
		data, err := m.MarshalJSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"start":{"count":1,"amount":"1e54"},"end":{"count":1,"amount":1e54}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m funnel.Movement
		if err := m.UnmarshalJSON(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || m != (funnel.Movement{}) {
				t.Errorf("%v of another kind, or the movement has changed: %v", err, m)
			}
			return
		}
		movSound(t, m)
		text, err := m.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back funnel.Movement
		if err := back.UnmarshalJSON(text); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(m, back); diff != "" {
			t.Errorf("read again (-want +got)\n%s", diff)
		}
	})
}

func movSound(t *testing.T, m funnel.Movement) {
	t.Helper()
	if b := m.Balance(); b.Count != 0 || !b.Amount.IsZero() {
		t.Errorf("Balance %d, %s", b.Count, movText(b.Amount))
	}
	if err := m.Merge(&m); err != nil && !errors.Is(err, funnel.ErrInput) {
		t.Errorf("merged with itself: %v", err)
	}
}

// Three deals with fields from anywhere: an error that says so, or what the definition of the parts says.
func FuzzCompare(f *testing.F) {
	f.Add("a", "b", "won", "open", "ana", "bo", int64(100), int64(250), int32(-2), int32(0), uint16(10), uint16(200), uint32(0x1234), true)
	f.Add("a", "a", "lost", "", "", "bo", int64(1<<62), int64(-1), int32(17), int32(-18), uint16(0), uint16(95), uint32(0xffff), false)
	f.Fuzz(func(t *testing.T, id, id2, status, status2, group, group2 string, coef, coef2 int64, exp, exp2 int32, due, due2 uint16, mix uint32, rolling bool) {
		pick := func(i int, a, b string) string {
			if mix>>i&1 == 0 {
				return a
			}
			return b
		}
		lists := [2][]funnel.Position{}
		for i := range 6 { // three in each
			p := funnel.Position{
				ID: pick(i, id, id2), Status: funnel.Exit(pick(i+6, status, status2)), Group: pick(i+12, group, group2),
				Amount: decimal.New(coef, exp), Currency: "EUR",
			}
			if mix>>(i+18)&1 == 1 {
				p.Amount = decimal.New(coef2, exp2)
			}
			if days := []uint16{due, due2}[mix>>(i+24)&1]; days > 0 {
				p.Due = on("2026-01-01").AddDays(int(days))
			}
			if i%3 == 2 {
				p.ID = "third"
			}
			lists[i/3] = append(lists[i/3], p)
		}
		scope := movQuarter()
		if rolling {
			scope = salesops.Period{}
		}
		w, err := funnel.Compare(scope, lists[0], lists[1])
		if err != nil {
			if !errors.Is(err, funnel.ErrInput) {
				t.Errorf("%v is of another kind", err)
			}
			return
		}
		total, _ := movNaive(scope, lists[0], lists[1])
		if diff := gocmp.Diff(total, movSums(w.Total)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
