package funnel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// tstSeeds returns triangles to begin with.
func tstSeeds(f *testing.F) []*funnel.Triangle {
	f.Helper()
	created := time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC)
	deals := []tstDeal{
		{created, created.AddDate(0, 0, 9), funnel.Won},
		{created, created.AddDate(0, 0, 20), funnel.Lost},
		{created.AddDate(0, 1, 0), created.AddDate(1, 0, 0), funnel.Won},
	}
	late := new(funnel.Triangle)
	if err := late.Add(period("2026-01-01", "2026-02-01"), funnel.Spell{Enter: 300, Leave: 700, Exit: "churned"}); err != nil {
		f.Fatal(err)
	}
	return []*funnel.Triangle{{}, late, tstTriangle(f, deals, funnel.CalendarDays(nil), created.AddDate(0, 2, 0))}
}

// tstUse asks a decoded triangle for all that it can be asked.
func tstUse(t *testing.T, triangle *funnel.Triangle) {
	t.Helper()
	table, err := triangle.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{0, 30, funnel.MaxTick}, AsOf: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		if _, err := json.Marshal(table); err != nil {
			t.Errorf("the table has no JSON: %v", err)
		}
	}
	var groups []*funnel.Lifetimes
	for _, p := range triangle.Cohorts() {
		if groups = append(groups, triangle.Cohort(p)); len(groups) == 5 {
			break
		}
	}
	test, err := funnel.LogRank(groups...)
	if _, jsonErr := json.Marshal(test); err == nil && jsonErr != nil {
		t.Errorf("log-rank: %v", jsonErr)
	}
	test, err = funnel.Gray(funnel.Won, groups...)
	if _, jsonErr := json.Marshal(test); err == nil && jsonErr != nil {
		t.Errorf("Gray: %v", jsonErr)
	}
	before := tstBytes(t, triangle)
	if err := triangle.Merge(triangle); err == nil {
		if err := triangle.Sub(triangle); err != nil || len(triangle.Cohorts()) != 0 {
			t.Errorf("a+a-(a+a): %v, %v", triangle.Cohorts(), err)
		}
	} else if !bytes.Equal(before, tstBytes(t, triangle)) {
		t.Errorf("a merge that failed left traces: %v", err)
	}
}

// A text that is accepted is what is written for its contents, and its contents can be used; one that is refused changes
// nothing.
func FuzzTriangle_UnmarshalBinary(f *testing.F) {
	for _, seed := range tstSeeds(f) {
		f.Add(tstBytes(f, seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var triangle funnel.Triangle
		if err := triangle.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || len(triangle.Cohorts()) != 0 {
				t.Errorf("%v, and %v", err, triangle.Cohorts())
			}
			return
		}
		if got := tstBytes(t, &triangle); !bytes.Equal(got, data) {
			t.Errorf("read % x, wrote % x", data, got)
		}
		tstUse(t, &triangle)
	})
}

func FuzzTriangle_UnmarshalJSON(f *testing.F) {
	for _, seed := range tstSeeds(f) {
		text, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var triangle funnel.Triangle
		if err := triangle.UnmarshalJSON(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) || len(triangle.Cohorts()) != 0 {
				t.Errorf("%v, and %v", err, triangle.Cohorts())
			}
			return
		}
		text, err := json.Marshal(&triangle)
		if err != nil {
			t.Fatal(err)
		}
		var again funnel.Triangle
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatalf("cannot read %s again: %v", text, err)
		}
		if !bytes.Equal(tstBytes(t, &again), tstBytes(t, &triangle)) {
			t.Errorf("%s reads as something else", text)
		}
		tstUse(t, &triangle)
	})
}
