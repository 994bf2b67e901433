package funnel_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// TestE_retention is the test of ClickHouse for the function retention (Apache-2.0,
// tests/queries/0_stateless/00688_aggregation_retention.sql): users 0 to 79 came on 6 August, 0 to 49 on the 7th and 0 to 59
// on the 8th.
func TestE_retention(t *testing.T) {
	last := map[string]int{"06": 80, "07": 50, "08": 60}
	for _, c := range []struct {
		conditions []string
		want       []int64
	}{
		{[]string{"06"}, []int64{80}},
		{[]string{"06", "07"}, []int64{80, 50}},
		{[]string{"06", "08"}, []int64{80, 60}},
		{[]string{"06", "07", "08"}, []int64{80, 50, 60}},
	} {
		var r funnel.Retention
		for user := range 80 {
			var met uint32
			for i, day := range c.conditions {
				if user < last[day] {
					met |= 1 << i
				}
			}
			if err := r.Add(salesops.Period{}, met); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range c.want {
			if got, err := r.Retained(salesops.Period{}, i+1); err != nil || got != (funnel.Ratio{Num: want, Den: 80}) {
				t.Errorf("%v: condition %d is %v (%v), want %d of 80", c.conditions, i+1, got, err, want)
			}
		}
	}
}

// The conditions are not chained: r3 does not need r2. Without the first none counts.
func TestS_retention(t *testing.T) {
	var r funnel.Retention
	for _, met := range []uint32{0b101, 0b111, 0b110, 0} {
		if err := r.Add(salesops.Period{}, met); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strJSON(t, &r), `{"cohorts":[{"cohort":{},"met":[2,1,2]}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// strCohorts are periods, also open ones and such as overlap.
func strCohorts() []salesops.Period {
	return []salesops.Period{
		{},
		{End: on("2026-01-01")},
		{Start: on("2026-01-01")},
		period("2026-01-01", "2026-02-01"),
		period("2026-01-01", "2026-04-01"),
		period("2026-02-01", "2026-03-01"),
		period("0001-01-01", "9999-12-31"),
	}
}

func TestRetention_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type entity struct {
			cohort salesops.Period
			met    uint32
		}
		entities := make([]entity, rapid.IntRange(0, 6).Draw(t, "entities"))
		for i := range entities {
			entities[i].cohort = rapid.SampledFrom(strCohorts()).Draw(t, "cohort")
			entities[i].met = rapid.Uint32().Draw(t, "met") | 1
		}
		strLaws(t, len(entities), func(r *funnel.Retention, i int) {
			if err := r.Add(entities[i].cohort, entities[i].met); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func TestRetention_Table(t *testing.T) {
	var r funnel.Retention
	january, february := period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01")
	for _, e := range []struct {
		cohort salesops.Period
		met    uint32
	}{{january, 0b111}, {january, 0b101}, {january, 0b001}, {february, 0b11}, {february, 0b01}, {salesops.Period{}, 0b11}} {
		if err := r.Add(e.cohort, e.met); err != nil {
			t.Fatal(err)
		}
	}
	cell := func(age int, num, den int64) funnel.RetentionCell {
		return funnel.RetentionCell{Age: age, Mature: true, Retained: funnel.Ratio{Num: num, Den: den}}
	}
	young := func(age int) funnel.RetentionCell { return funnel.RetentionCell{Age: age} }
	always := []funnel.RetentionCell{young(0), young(1), young(2)}
	for _, c := range []struct {
		name               string
		o                  funnel.RetentionOptions
		january, february_ []funnel.RetentionCell
		all                []funnel.RetentionCell
	}{
		{
			"months, on the last day of March",
			funnel.RetentionOptions{Ages: 3, Unit: salesops.Month, AsOf: on("2026-03-31")},
			[]funnel.RetentionCell{cell(0, 3, 3), cell(1, 1, 3), cell(2, 2, 3)},
			[]funnel.RetentionCell{cell(0, 2, 2), cell(1, 1, 2), young(2)},
			[]funnel.RetentionCell{cell(0, 5, 5), cell(1, 2, 5), cell(2, 2, 3)},
		},
		{
			"months, the day before",
			funnel.RetentionOptions{Ages: 3, Unit: salesops.Month, AsOf: on("2026-03-30")},
			[]funnel.RetentionCell{cell(0, 3, 3), cell(1, 1, 3), young(2)},
			[]funnel.RetentionCell{cell(0, 2, 2), young(1), young(2)},
			[]funnel.RetentionCell{cell(0, 5, 5), cell(1, 1, 3), young(2)},
		},
		{ // who began on 31 January has lived through days 0 to 29 on 1 March, and through days 30 to 59 on 31 March
			"30 days, on 1 March",
			funnel.RetentionOptions{Ages: 3, Days: 30, AsOf: on("2026-03-01")},
			[]funnel.RetentionCell{cell(0, 3, 3), young(1), young(2)},
			always,
			[]funnel.RetentionCell{cell(0, 3, 3), young(1), young(2)},
		},
		{
			"30 days, on 28 February",
			funnel.RetentionOptions{Ages: 3, Days: 30, AsOf: on("2026-02-28")},
			always, always, always,
		},
		{
			"30 days, on 31 March",
			funnel.RetentionOptions{Ages: 3, Days: 30, AsOf: on("2026-03-31")},
			[]funnel.RetentionCell{cell(0, 3, 3), cell(1, 1, 3), young(2)},
			[]funnel.RetentionCell{cell(0, 2, 2), young(1), young(2)},
			[]funnel.RetentionCell{cell(0, 5, 5), cell(1, 1, 3), young(2)},
		},
		{
			"days, on 1 February",
			funnel.RetentionOptions{Ages: 3, AsOf: on("2026-02-01")},
			[]funnel.RetentionCell{cell(0, 3, 3), cell(1, 1, 3), young(2)},
			always,
			[]funnel.RetentionCell{cell(0, 3, 3), cell(1, 1, 3), young(2)},
		},
	} {
		got, err := r.Table(c.o)
		if err != nil {
			t.Fatal(err)
		}
		want := funnel.RetentionTable{Rows: []funnel.RetentionRow{{Cells: always}, {Cohort: january, Cells: c.january}, {Cohort: february, Cells: c.february_}}, All: c.all}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestRetention_errors(t *testing.T) {
	var r funnel.Retention
	if err := r.Add(period("2026-02-01", "2026-02-01"), 1); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("a cohort without a day: %v, want ErrInput", err)
	}
	for _, condition := range []int{0, -1, 33} {
		if _, err := r.Retained(salesops.Period{}, condition); !errors.Is(err, funnel.ErrInput) {
			t.Errorf("condition %d: %v, want ErrInput", condition, err)
		}
	}
	if _, err := r.Retained(salesops.Period{}, funnel.MaxSteps); err != nil {
		t.Errorf("the last condition: %v", err)
	}
	if got, err := r.Retained(salesops.Period{}, 1); err != nil || got != (funnel.Ratio{}) {
		t.Errorf("of nothing: %v (%v)", got, err)
	}
	_, err := r.Table(funnel.RetentionOptions{Ages: 33, Unit: "day", Days: -1})
	for _, want := range []string{"ages", "unit", "days", "asOf"} {
		if !errors.Is(err, funnel.ErrInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks the path %s", err, want)
		}
	}
	table, err := r.Table(funnel.RetentionOptions{AsOf: on("2026-01-01")})
	if err != nil || len(table.All) != funnel.MaxSteps || len(table.Rows) != 0 {
		t.Errorf("of nothing: %v (%v)", table, err)
	}
	huge := `{"cohorts":[{"cohort":{},"met":[9223372036854775807]}]}`
	if err := json.Unmarshal([]byte(huge), &r); err != nil {
		t.Fatal(err)
	}
	if err := r.Add(salesops.Period{}, 1); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("one too many: %v, want ErrInput", err)
	}
	if err := r.Merge(&r); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("merged with itself: %v, want ErrMismatch", err)
	}
	if got := strJSON(t, &r); got != huge {
		t.Errorf("what failed has changed it: %s", got)
	}
}
