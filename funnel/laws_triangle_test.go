package funnel_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// tstDeal is a deal as it will have been in the end.
type tstDeal struct {
	created, ended time.Time
	exit           funnel.Exit
}

// cohort returns the month in which the deal was created.
func (d tstDeal) cohort() salesops.Period {
	return salesops.Calendar{}.Period(salesops.Month, salesops.DateOf(d.created))
}

// spell returns what was known of the deal; ok is false if that is nothing.
func (d tstDeal) spell(clock funnel.Clock, asOf time.Time) (s funnel.Spell, ok bool) {
	if d.created.After(asOf) {
		return s, false
	}
	if d.ended.After(asOf) {
		return funnel.Spell{Leave: clock(d.created, asOf)}, true
	}
	return funnel.Spell{Leave: clock(d.created, d.ended), Exit: d.exit}, true
}

func tstDeals(most int) *rapid.Generator[[]tstDeal] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tstDeal {
		created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 120*1440).Draw(t, "created")) * time.Minute)
		return tstDeal{
			created: created,
			ended:   created.Add(time.Duration(rapid.IntRange(0, 80*1440).Draw(t, "length")) * time.Minute),
			exit:    rapid.SampledFrom([]funnel.Exit{funnel.Won, funnel.Lost, funnel.Left}).Draw(t, "exit"),
		}
	}), 0, most)
}

// tstTriangle counts deals as they are known.
func tstTriangle(t interface{ Fatal(...any) }, deals []tstDeal, clock funnel.Clock, asOf time.Time) *funnel.Triangle {
	triangle := new(funnel.Triangle)
	for _, d := range deals {
		if s, ok := d.spell(clock, asOf); ok {
			if err := triangle.Add(d.cohort(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	return triangle
}

func tstBytes(t interface{ Fatal(...any) }, triangle *funnel.Triangle) []byte {
	b, err := triangle.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What a mature cell says never changes with a later AsOf, and is what counting the deals says; entries are those counted;
// nothing falls along age; all cohorts are the sum of those that have a ratio.
func TestTriangle_Table_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock, unit := funnel.CalendarDays(nil), 24*time.Hour
		if rapid.Bool().Draw(t, "hours") {
			clock, unit = funnel.Hours, time.Hour
		}
		deals := tstDeals(40).Draw(t, "deals")
		o := funnel.CohortOptions{By: funnel.Won, Ages: []int{0, 7, 30, 31, 60, 1000}, Clock: clock}
		o.AsOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 200*1440).Draw(t, "asOf")) * time.Minute)
		later := o
		later.AsOf = o.AsOf.Add(time.Duration(rapid.IntRange(0, 100*1440).Draw(t, "later")) * time.Minute)
		before, err := tstTriangle(t, deals, clock, o.AsOf).Table(o)
		if err != nil {
			t.Fatal(err)
		}
		after, err := tstTriangle(t, deals, clock, later.AsOf).Table(later)
		if err != nil {
			t.Fatal(err)
		}
		rowAfter := map[salesops.Period]funnel.CohortRow{}
		for _, r := range after.Rows {
			rowAfter[r.Cohort] = r
		}

		sum := make([]funnel.Ratio, len(o.Ages))
		for _, row := range before.Rows {
			var entered int64
			for _, d := range deals {
				if d.cohort() == row.Cohort && !d.created.After(o.AsOf) {
					entered++
				}
			}
			if row.Entered != entered {
				t.Errorf("%v: entered = %d, want %d", row.Cohort, row.Entered, entered)
			}
			least := 0.0
			for i, cell := range row.Cells {
				if cell.Incidence.Supported {
					if cell.Incidence.Value < least {
						t.Errorf("%v at %d: %v after %v", row.Cohort, cell.Age, cell.Incidence.Value, least)
					}
					least = cell.Incidence.Value
				}
				if !cell.Mature {
					if cell.Ratio != (funnel.Ratio{}) || cell.Gap != funnel.Immature {
						t.Errorf("%v at %d: immature, but %+v", row.Cohort, cell.Age, cell)
					}
					continue
				}
				if diff := cmp.Diff(cell, rowAfter[row.Cohort].Cells[i]); diff != "" {
					t.Errorf("%v at %d changed (-before +later):\n%s", row.Cohort, cell.Age, diff)
				}
				want := funnel.Ratio{Den: entered}
				for _, d := range deals {
					if d.cohort() == row.Cohort && d.exit == funnel.Won && clock(d.created, d.ended) <= cell.Age {
						want.Num++
					}
				}
				if cell.Ratio != want || cell.Gap != "" {
					t.Errorf("%v at %d: %+v, want %+v", row.Cohort, cell.Age, cell, want)
				}
				share, _ := want.Float()
				tstClose(t, "incidence", cell.Incidence.Value, share)
				sum[i].Num += want.Num
				sum[i].Den += want.Den
			}
			// The youngest that there may be decides, not the youngest that there is.
			last := row.Cohort.End.Time(nil).Add(-1)
			for _, cell := range row.Cells {
				if want := o.AsOf.Sub(last) >= time.Duration(cell.Age+1)*unit; cell.Mature != want && unit == time.Hour {
					t.Errorf("%v at %d: mature = %t, %v after its end", row.Cohort, cell.Age, cell.Mature, o.AsOf.Sub(last))
				}
			}
		}
		for i, cell := range before.All {
			if cell.Ratio != sum[i] || cell.Mature != (sum[i].Den > 0) || cell.Incidence.Supported != cell.Mature {
				t.Errorf("all at %d: %+v, want %+v", cell.Age, cell, sum[i])
			}
		}
	})
}

// All together are what the estimators say about the mature cohorts, with the same limits.
func TestTriangle_Table_all(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC)
		triangle := tstTriangle(t, tstDeals(60).Draw(t, "deals"), funnel.CalendarDays(nil), asOf)
		ci := funnel.CI{Level: 0.9, Method: rapid.SampledFrom([]funnel.CIMethod{"", funnel.CIPlain, funnel.CILogit}).Draw(t, "method")}
		table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{40}, AsOf: asOf, CI: ci})
		if err != nil {
			t.Fatal(err)
		}
		pool := new(funnel.Lifetimes)
		for _, row := range table.Rows {
			if row.Cells[0].Mature {
				_ = pool.Merge(triangle.Cohort(row.Cohort))
			}
		}
		got := table.All[0].Incidence
		if pool.Len() == 0 {
			if got != (funnel.Estimate{}) {
				t.Errorf("nobody mature, but %+v", got)
			}
			return
		}
		curve, err := pool.Incidence(funnel.Won, ci)
		if err != nil {
			t.Fatal(err)
		}
		at := curve.At(40)
		tstClose(t, "value", got.Value, at.Value)
		tstClose(t, "SE", got.SE, at.SE)
		tstClose(t, "lower limit", got.Low, at.Low)
		tstClose(t, "upper limit", got.High, at.High)
		if got.Bounded != at.Bounded || !at.Supported {
			t.Errorf("%+v, want %+v", got, at)
		}
	})
}

// Shards merged in any order and grouping encode as the whole does; what is subtracted was never there; a copy that went
// through an encoding is as good as the original.
func TestTriangle_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := time.Date(2026, 4, 10, 12, 0, 0, 0, time.UTC)
		build := func(deals []tstDeal) *funnel.Triangle {
			return tstTriangle(t, deals, funnel.CalendarDays(nil), asOf)
		}
		a, b, c := tstDeals(15).Draw(t, "a"), tstDeals(15).Draw(t, "b"), tstDeals(15).Draw(t, "c")
		all := append(append(append([]tstDeal(nil), a...), b...), c...)
		want := tstBytes(t, build(rapid.Permutation(all).Draw(t, "order")))

		left := new(funnel.Triangle) // ((0+a)+b)+c
		for _, part := range [][]tstDeal{nil, a, b, c} {
			if err := left.Merge(build(part)); err != nil {
				t.Fatal(err)
			}
		}
		right, cc := build(b), build(c) // a+(c+b), by way of encodings
		text, err := json.Marshal(cc)
		if err != nil {
			t.Fatal(err)
		}
		var read, whole funnel.Triangle
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if err := whole.UnmarshalBinary(tstBytes(t, build(a))); err != nil {
			t.Fatal(err)
		}
		if err := read.Merge(right); err != nil {
			t.Fatal(err)
		}
		if err := whole.Merge(&read); err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]*funnel.Triangle{"(a+b)+c": left, "a+(c+b)": &whole} {
			if !bytes.Equal(tstBytes(t, got), want) {
				t.Errorf("%s differs from the whole", name)
			}
		}

		if err := left.Sub(build(b)); err != nil {
			t.Fatal(err)
		}
		if err := left.Sub(build(c)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(tstBytes(t, left), tstBytes(t, build(a))) {
			t.Error("a+b+c-b-c differs from a")
		}
		if diff := cmp.Diff(build(a).Cohorts(), left.Cohorts()); diff != "" {
			t.Errorf("cohorts of a+b+c-b-c (-want +got):\n%s", diff)
		}
		if !bytes.Equal(tstBytes(t, cc), tstBytes(t, build(c))) {
			t.Error("an argument was changed")
		}
		twice := build(a)
		if err := twice.Merge(twice); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(tstBytes(t, twice), tstBytes(t, build(append(append([]tstDeal(nil), a...), a...)))) {
			t.Error("a merged with itself is not a twice")
		}
		if err := twice.Sub(twice); err != nil || len(twice.Cohorts()) != 0 {
			t.Errorf("a-a holds %v, %v", twice.Cohorts(), err)
		}
	})
}
