package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// A cohort is mature when the tick of the age is over for what began at the last instant of its last day, at the place.
func TestTriangle_Table_mature(t *testing.T) {
	january := period("2026-01-01", "2026-02-01")
	newYork := tstPlace(t, "America/New_York")
	for _, c := range []struct {
		name  string
		asOf  time.Time
		clock funnel.Clock
		place *time.Location
		age   int
		want  bool
	}{
		{"30 days, in the last minute", time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC), nil, nil, 30, false},
		{"30 days, over", time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), nil, nil, 30, true},
		{"31 days, not yet", time.Date(2026, 3, 3, 23, 0, 0, 0, time.UTC), nil, nil, 31, false},
		{"the first hour is not over", time.Date(2026, 2, 1, 0, 59, 0, 0, time.UTC), funnel.Hours, nil, 0, false},
		{"the first hour is over", time.Date(2026, 2, 1, 1, 0, 0, 0, time.UTC), funnel.Hours, nil, 0, true},
		{"New York ends January later", time.Date(2026, 2, 1, 5, 59, 0, 0, time.UTC), funnel.Hours, newYork, 0, false},
		{"New York, an hour after", time.Date(2026, 2, 1, 6, 0, 0, 0, time.UTC), funnel.Hours, newYork, 0, true},
		{"before the cohort ended", time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC), nil, nil, 0, false},
		{"business days", time.Date(2026, 2, 6, 0, 0, 0, 0, time.UTC), funnel.BusinessDays(salesops.Calendar{}, nil), nil, 4, true},
		{"a business day short", time.Date(2026, 2, 5, 0, 0, 0, 0, time.UTC), funnel.BusinessDays(salesops.Calendar{}, nil), nil, 4, false},
	} {
		var triangle funnel.Triangle
		if err := triangle.Add(january, funnel.Spell{Leave: 2000}); err != nil {
			t.Fatal(err)
		}
		table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{c.age}, AsOf: c.asOf, Clock: c.clock, Location: c.place})
		if err != nil {
			t.Fatal(err)
		}
		if cell := table.Rows[0].Cells[0]; cell.Mature != c.want {
			t.Errorf("%s: %+v, want mature %t", c.name, cell, c.want)
		}
	}
}

// Cells without a ratio say why, and tell the incidence as soon and as far as there is one.
func TestTriangle_Table_gaps(t *testing.T) {
	var triangle funnel.Triangle
	january, february, march, april := period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01"), period("2026-03-01", "2026-04-01"), period("2026-04-01", "2026-05-01")
	for _, s := range []struct {
		cohort salesops.Period
		spell  funnel.Spell
	}{
		{january, funnel.Spell{Leave: 10, Exit: funnel.Won}},
		{january, funnel.Spell{Leave: 12, Exit: funnel.Lost}},
		{january, funnel.Spell{Leave: 35, Exit: funnel.Won}},
		{january, funnel.Spell{Leave: 85}},
		{february, funnel.Spell{Enter: 5, Leave: 10, Exit: funnel.Won}},
		{february, funnel.Spell{Leave: 60}},
		{march, funnel.Spell{Leave: 3, Exit: funnel.Won}},
		{march, funnel.Spell{Leave: 20}}, // its field rep left, and nobody watched it since
		{march, funnel.Spell{Leave: 40}},
		{april, funnel.Spell{Leave: 2, Exit: funnel.Won}},
		{april, funnel.Spell{Leave: 6}},
		{salesops.Period{Start: on("2026-01-01")}, funnel.Spell{Leave: 2, Exit: funnel.Won}},
	} {
		if err := triangle.Add(s.cohort, s.spell); err != nil {
			t.Fatal(err)
		}
	}
	table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{7, 30}, AsOf: time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	type cell struct {
		Ratio     funnel.Ratio
		Gap       funnel.Gap
		Supported bool
		Value     float64
	}
	got := map[string][]cell{}
	for _, r := range table.Rows {
		for _, c := range r.Cells {
			got[r.Cohort.String()] = append(got[r.Cohort.String()], cell{c.Ratio, c.Gap, c.Incidence.Supported, c.Incidence.Value})
		}
	}
	for _, c := range table.All {
		got["all"] = append(got["all"], cell{c.Ratio, c.Gap, c.Incidence.Supported, c.Incidence.Value})
	}
	want := map[string][]cell{
		"2026-01-01/2026-02-01": {{Ratio: funnel.Ratio{Den: 4}, Supported: true}, {Ratio: funnel.Ratio{Num: 1, Den: 4}, Supported: true, Value: 0.25}},
		"2026-02-01/2026-03-01": {{Gap: funnel.LateEntry, Supported: true}, {Gap: funnel.LateEntry, Supported: true, Value: 0.5}},
		"2026-03-01/2026-04-01": {{Ratio: funnel.Ratio{Num: 1, Den: 3}, Supported: true, Value: 1. / 3}, {Gap: funnel.LostSight, Supported: true, Value: 1. / 3}},
		"2026-04-01/2026-05-01": {{Gap: funnel.Immature}, {Gap: funnel.Immature}},
		"2026-01-01/..":         {{Gap: funnel.Immature, Supported: true, Value: 1}, {Gap: funnel.Immature, Supported: true, Value: 1}},
		"all":                   {{Ratio: funnel.Ratio{Num: 1, Den: 7}, Supported: true, Value: 1. / 7}, {Ratio: funnel.Ratio{Num: 1, Den: 4}, Supported: true, Value: 0.25}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rows := table.Rows; rows[0].Cohort != january || rows[1].Cohort.End != (salesops.Date{}) || rows[0].Entered != 4 {
		t.Errorf("rows out of order: %v, %v, entered %d", rows[0].Cohort, rows[1].Cohort, rows[0].Entered)
	}
	text, err := json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	var back funnel.CohortTable
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(table, back); diff != "" {
		t.Errorf("by way of JSON (-want +got):\n%s", diff)
	}
}

func TestTriangle_Table_errors(t *testing.T) {
	asOf := time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		o    funnel.CohortOptions
		says string
	}{
		{funnel.CohortOptions{AsOf: asOf}, "by must be an exit"},
		{funnel.CohortOptions{AsOf: asOf, By: funnel.Open}, `by "open"`},
		{funnel.CohortOptions{By: funnel.Won}, "asOf must be a time"},
		{funnel.CohortOptions{AsOf: asOf, By: funnel.Won, Ages: []int{30, -1}}, `ages/1 "-1"`},
		{funnel.CohortOptions{AsOf: asOf, By: funnel.Won, Ages: []int{funnel.MaxTick + 1}}, "ages/0"},
		{funnel.CohortOptions{AsOf: asOf, By: funnel.Won, CI: funnel.CI{Level: 2}}, "level"},
	} {
		var triangle funnel.Triangle
		if _, err := triangle.Table(c.o); !errors.Is(err, funnel.ErrInput) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want ErrInput that says %q", c.o, err, c.says)
		}
	}
	var empty funnel.Triangle
	table, err := empty.Table(funnel.CohortOptions{AsOf: asOf, By: funnel.Won, Ages: []int{30}})
	if err != nil || len(table.Rows) != 0 || table.Rows == nil || table.All[0] != (funnel.CohortCell{Age: 30, Gap: funnel.Immature}) {
		t.Errorf("no cohorts: %+v, %v", table, err)
	}
}

// A refused change changes nothing, in no cohort.
func TestTriangle_refuses(t *testing.T) {
	january, february := period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01")
	var triangle, other funnel.Triangle
	for _, err := range []error{
		triangle.Add(january, funnel.Spell{Leave: 3, Exit: funnel.Won}),
		triangle.Add(february, funnel.Spell{Leave: 4, Exit: funnel.Won}),
		other.Add(january, funnel.Spell{Leave: 3, Exit: funnel.Won}),
		other.Add(february, funnel.Spell{Leave: 5, Exit: funnel.Won}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	before := tstBytes(t, &triangle)
	for name, err := range map[string]error{
		"empty cohort":         triangle.Add(period("2026-02-01", "2026-02-01"), funnel.Spell{}),
		"backward cohort":      triangle.Add(period("2026-02-01", "2026-01-01"), funnel.Spell{}),
		"bad spell":            triangle.Add(january, funnel.Spell{Enter: 3, Leave: 2}),
		"bad spell, no cohort": triangle.Add(period("2030-02-01", "2030-03-01"), funnel.Spell{Leave: -1}),
	} {
		if !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%s: %v, want ErrInput", name, err)
		}
	}
	if err := triangle.Sub(&other); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Sub of what is not held: %v, want ErrMismatch", err)
	}
	for i := range funnel.MaxExits {
		if err := other.Add(february, funnel.Spell{Exit: funnel.Exit("exit " + strconv.Itoa(i))}); err != nil && i < funnel.MaxExits-1 {
			t.Fatal(err)
		}
	}
	var one funnel.Triangle
	_ = one.Add(january, funnel.Spell{Exit: funnel.Lost})
	_ = one.Add(february, funnel.Spell{Exit: funnel.Lost})
	beforeOne := tstBytes(t, &one)
	if err := one.Merge(&other); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Merge with too many exits: %v, want ErrMismatch", err)
	}
	if !bytes.Equal(tstBytes(t, &one), beforeOne) || !bytes.Equal(tstBytes(t, &triangle), before) {
		t.Error("what was refused left traces")
	}
	if err := triangle.Merge(nil); err != nil {
		t.Error(err)
	}
	if err := triangle.Sub(nil); err != nil {
		t.Error(err)
	}

	// What comes out is a copy.
	if err := triangle.Cohort(january).Add(funnel.Spell{}); err != nil {
		t.Fatal(err)
	}
	if got := triangle.Cohort(period("2030-01-01", "2030-02-01")); got.Len() != 0 || got.Add(funnel.Spell{}) != nil {
		t.Errorf("a cohort that is not there: %d spells", got.Len())
	}
	if !bytes.Equal(tstBytes(t, &triangle), before) {
		t.Error("a change of a copy shows")
	}
}

// More spells than can be counted are an error, and no number that wrapped.
func TestTriangle_overflow(t *testing.T) {
	var triangle funnel.Triangle
	january, february := period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01")
	_ = triangle.Add(january, funnel.Spell{Leave: 3, Exit: funnel.Won})
	_ = triangle.Add(february, funnel.Spell{Leave: 3, Exit: funnel.Won})
	for range 62 {
		if err := triangle.Merge(&triangle); err != nil {
			t.Fatal(err)
		}
	}
	before := tstBytes(t, &triangle)
	if err := triangle.Merge(&triangle); err == nil || !bytes.Equal(before, tstBytes(t, &triangle)) {
		t.Errorf("2^63 spells: %v", err)
	}
	o := funnel.CohortOptions{By: funnel.Won, Ages: []int{30}, AsOf: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	if table, err := triangle.Table(o); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("2^63 spells of all cohorts: %+v, %v", table.All, err)
	}
	if test, err := funnel.LogRank(triangle.Cohort(january), triangle.Cohort(february)); !errors.Is(err, funnel.ErrUndefined) {
		t.Errorf("all ended at once: %+v, %v", test, err)
	}
	var slower funnel.Lifetimes
	_ = slower.Add(funnel.Spell{Leave: 3, Exit: funnel.Won})
	_ = slower.Add(funnel.Spell{Leave: 9})
	for range 61 {
		_ = slower.Merge(slower.Clone())
	}
	for name, run := range map[string]func(...*funnel.Lifetimes) (funnel.Test, error){
		"LogRank": funnel.LogRank,
		"Gray":    func(g ...*funnel.Lifetimes) (funnel.Test, error) { return funnel.Gray(funnel.Won, g...) },
	} {
		test, err := run(triangle.Cohort(january), &slower, &slower)
		if err != nil || math.IsNaN(test.ChiSquared) || math.IsInf(test.ChiSquared, 0) || math.IsInf(test.LogP, 0) || test.DF != 2 {
			t.Errorf("%s of 2^63 spells: %+v, %v", name, test, err)
		}
	}
}

func TestTriangle_encoding(t *testing.T) {
	var triangle funnel.Triangle
	_ = triangle.Add(period("2026-02-01", "2026-03-01"), funnel.Spell{Leave: 4})
	_ = triangle.Add(period("2026-01-01", "2026-02-01"), funnel.Spell{Enter: 2, Leave: 3, Exit: funnel.Won})
	const want = `{"cohorts":[` +
		`{"cohort":{"start":"2026-01-01","end":"2026-02-01"},"lifetimes":{"ticks":[{"tick":2,"enter":1},{"tick":3,"leave":{"won":1}}]}},` +
		`{"cohort":{"start":"2026-02-01","end":"2026-03-01"},"lifetimes":{"ticks":[{"tick":0,"enter":1},{"tick":4,"leave":{"open":1}}]}}]}`
	for name, v := range map[string]any{"value": triangle, "pointer": &triangle} {
		if text, err := json.Marshal(v); err != nil || string(text) != want {
			t.Errorf("%s: %s, %v, want %s", name, text, err, want)
		}
	}
	b := tstBytes(t, &triangle)
	for cut := range b {
		if err := new(funnel.Triangle).UnmarshalBinary(b[:cut]); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("cut at %d of %d: %v, want ErrEncoding", cut, len(b), err)
		}
	}
	for _, text := range []string{
		`[]`, `{"cohort":[]}`, `{} {}`, `{"cohorts":[{}]}`,
		strings.Replace(want, "2026-01-01", "2026-02-01", 1),   // an empty cohort
		strings.Replace(want, "2026-01-01", "2026-02-01", 2),   // and more
		strings.Replace(want, "2026-02-01", "2026-01-01", 2),   // the same start, out of order
		strings.Replace(want, `"won":1`, `"won":2`, 1),         // two end, one began
		strings.Replace(want, `"won":1`, `"won":1,"won":0`, 1), // 0 are no count
		`{"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-02-01"},"lifetimes":{"ticks":[]}}]}`,
		`{"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-02-01"}}]}`,
		`{"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-02-01"},"lifetimes":null}]}`,
	} {
		if err := triangle.UnmarshalJSON([]byte(text)); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", text, err)
		}
	}
	if !bytes.Equal(b, tstBytes(t, &triangle)) {
		t.Error("a text that was refused changed the triangle")
	}
	if err := json.Unmarshal([]byte("null"), &triangle); err != nil || !bytes.Equal(b, tstBytes(t, &triangle)) {
		t.Errorf("null changed the triangle: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"cohorts":[]}`), &triangle); err != nil || len(triangle.Cohorts()) != 0 {
		t.Errorf("the empty one: %v, %v", triangle.Cohorts(), err)
	}
}

// Counting a spell of a cohort and tick that are there allocates nothing.
func TestTriangle_Add_allocations(t *testing.T) {
	var triangle funnel.Triangle
	january := period("2026-01-01", "2026-02-01")
	spell := funnel.Spell{Leave: 30, Exit: funnel.Won}
	if got := testing.AllocsPerRun(100, func() { _ = triangle.Add(january, spell) }); got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

// 36 months of a million deals.
func BenchmarkTriangle(b *testing.B) {
	const n = 1_000_000
	var cohorts []salesops.Period
	for c, p := (salesops.Calendar{}), (salesops.Calendar{}).Period(salesops.Month, on("2023-01-15")); len(cohorts) < 36; p = c.Next(salesops.Month, p) {
		cohorts = append(cohorts, p)
	}
	build := func() *funnel.Triangle {
		triangle := new(funnel.Triangle)
		for i := range n {
			s := funnel.Spell{Leave: (i * 7919) % 400, Exit: []funnel.Exit{funnel.Won, funnel.Lost, funnel.Open}[i%3]}
			if err := triangle.Add(cohorts[i%len(cohorts)], s); err != nil {
				b.Fatal(err)
			}
		}
		return triangle
	}
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			build()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/deal")
	})
	triangle := build()
	b.Run("Table", func(b *testing.B) {
		b.ReportAllocs()
		o := funnel.CohortOptions{By: funnel.Won, Ages: []int{30, 60, 90, 120, 180, 365}, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		for b.Loop() {
			if _, err := triangle.Table(o); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Merge", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sum := new(funnel.Triangle)
			for range 2 {
				if err := sum.Merge(triangle); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("Binary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			text, err := triangle.MarshalBinary()
			if err != nil || new(funnel.Triangle).UnmarshalBinary(text) != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(text)), "bytes")
		}
	})
}
