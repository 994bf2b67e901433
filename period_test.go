package salesops_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
)

// Every pair of periods with ends among the first or the last few days there are, or open, against sets of days.
func TestPeriodAsSet(t *testing.T) {
	const days = 5
	for _, base := range []salesops.Date{firstDate, on("2026-02-26"), lastDate.AddDays(1 - days)} {
		var ends []salesops.Date
		for i := range days {
			ends = append(ends, base.AddDays(i))
		}
		ends = append(ends, salesops.Date{})
		var all []salesops.Period
		for _, start := range ends {
			for _, end := range ends {
				all = append(all, salesops.Period{Start: start, End: end})
			}
		}
		set := func(p salesops.Period) (s [days]bool) {
			for i := range s {
				d := base.AddDays(i)
				s[i] = (p.Start.IsZero() || !d.Before(p.Start)) && (p.End.IsZero() || d.Before(p.End))
				if s[i] != p.Contains(d) {
					t.Fatalf("%v.Contains(%v) = %v", p, d, p.Contains(d))
				}
			}
			return s
		}
		none := [days]bool{}
		for _, p := range all {
			in := set(p)
			n := 0
			var last salesops.Date
			for i, yes := range in {
				if yes {
					n++
					last = base.AddDays(i)
				}
			}
			if p.Contains(salesops.Date{}) {
				t.Fatalf("%v contains no date", p)
			}
			bounded := !p.Start.IsZero() && !p.End.IsZero()
			// An open start reaches below base, unless base is the first date.
			reachesBelow := p.Start.IsZero() && base != firstDate
			if empty := in == none && !reachesBelow; p.IsEmpty() != empty {
				t.Fatalf("%v.IsEmpty() = %v, want %v", p, p.IsEmpty(), empty)
			}
			if got, ok := p.Days(); ok != (bounded || p.IsEmpty()) || ok && got != n {
				t.Fatalf("%v.Days() = %d, %v; want %d", p, got, ok, n)
			}
			if p.End.IsZero() || p.IsEmpty() {
				last = salesops.Date{}
			} else if n == 0 {
				last = base.AddDays(-1)
			}
			if p.Last() != last {
				t.Fatalf("%v.Last() = %v, want %v", p, p.Last(), last)
			}
			if reversed := bounded && p.End.Before(p.Start); (p.Check() != nil) != reversed {
				t.Fatalf("%v.Check() = %v", p, p.Check())
			}
			if p.IsZero() != (p == salesops.Period{}) {
				t.Fatalf("%v.IsZero() = %v", p, p.IsZero())
			}
			for _, q := range all {
				var both [days]bool
				for i, yes := range set(q) {
					both[i] = yes && in[i]
				}
				got := p.Intersect(q)
				if set(got) != both || got != q.Intersect(p) || got.Check() != nil {
					t.Fatalf("%v ∩ %v = %v, and the other way %v", p, q, got, q.Intersect(p))
				}
				if p.Overlaps(q) == got.IsEmpty() {
					t.Fatalf("%v overlaps %v: %v, but they share %v", p, q, p.Overlaps(q), got)
				}
				if p.IsEmpty() && !got.IsEmpty() {
					t.Fatalf("%v ∩ %v = %v: an empty period became %v", p, q, got, got)
				}
				for _, r := range all {
					if a, b := got.Intersect(r), p.Intersect(q.Intersect(r)); a != b {
						t.Fatalf("%v, %v, %v: (a∩b)∩c = %v, a∩(b∩c) = %v", p, q, r, a, b)
					}
				}
			}
		}
	}
}

func TestPeriodSplit(t *testing.T) {
	p := span("2026-01-01", "2026-04-01")
	got := p.Split(on("2026-03-01"), on("2026-02-01"), on("2026-03-01"), on("2026-01-01"), on("2026-04-01"), on("2027-01-01"), salesops.Date{})
	want := []salesops.Period{span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-01"), span("2026-03-01", "2026-04-01")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Split (-want +got):\n%s", diff)
	}
	got = salesops.Period{}.Split(on("2026-01-01"), firstDate)
	want = []salesops.Period{{End: on("2026-01-01")}, {Start: on("2026-01-01")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Split of all time (-want +got):\n%s", diff)
	}
	if got := span("2026-01-01", "2026-01-01").Split(on("2026-01-01")); got != nil {
		t.Errorf("Split of an empty period = %v, want none", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := periods().Draw(t, "p")
		at := rapid.SliceOfN(rapid.OneOf(dates(), rapid.Just(p.Start), rapid.Just(p.End), rapid.Just(p.Start.AddDays(7))), 0, 8).Draw(t, "at")
		parts := p.Split(at...)
		if p.IsEmpty() {
			if len(parts) != 0 {
				t.Fatalf("parts of an empty period: %v", parts)
			}
			return
		}
		inside := map[salesops.Date]bool{}
		for _, d := range at {
			if p.Contains(d) && p.Contains(d.AddDays(-1)) {
				inside[d] = true
			}
		}
		if len(parts) != len(inside)+1 || parts[0].Start != p.Start || parts[len(parts)-1].End != p.End {
			t.Fatalf("%v cut at %v: %v", p, at, parts)
		}
		for i, part := range parts {
			if part.IsEmpty() || i > 0 && (part.Start != parts[i-1].End || !inside[part.Start]) {
				t.Fatalf("%v cut at %v: part %d of %v", p, at, i, parts)
			}
		}
	})
}

func TestPeriodString(t *testing.T) {
	for want, p := range map[string]salesops.Period{
		"2026-01-01/2026-04-01": span("2026-01-01", "2026-04-01"),
		"2026-01-01/..":         {Start: on("2026-01-01")},
		"../2026-01-01":         {End: on("2026-01-01")},
		"../..":                 {},
		"2026-01-01/2026-01-01": span("2026-01-01", "2026-01-01"),
	} {
		if got := p.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
}

func TestPeriodCheck(t *testing.T) {
	err := span("2026-04-01", "2026-01-01").Check()
	var e *salesops.Error
	if !errors.Is(err, salesops.ErrPeriod) || !errors.As(err, &e) {
		t.Fatalf("Check() = %v, want ErrPeriod", err)
	}
	want := "salesops: period: the end is before the start; an end is the day after the last, or absent for an open end " +
		"(got 2026-04-01/2026-01-01)"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error text (-want +got):\n%s", diff)
	}
}

func TestPeriodJSON(t *testing.T) {
	for want, p := range map[string]salesops.Period{
		`{"start":"2026-01-01","end":"2026-04-01"}`: span("2026-01-01", "2026-04-01"),
		`{"start":"2026-01-01"}`:                    {Start: on("2026-01-01")},
		`{}`:                                        {},
	} {
		text, err := json.Marshal(p)
		if err != nil || string(text) != want {
			t.Errorf("%v: %s, %v; want %s", p, text, err, want)
		}
		var q salesops.Period
		if err := json.Unmarshal(text, &q); err != nil || q != p {
			t.Errorf("%s: %v, %v; want %v", text, q, err, p)
		}
	}
}
