package funnel_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

func graDurations(t *testing.T, ticks ...int64) *funnel.Durations {
	t.Helper()
	var d funnel.Durations
	for _, n := range ticks {
		if err := d.Add(n); err != nil {
			t.Fatal(err)
		}
	}
	return &d
}

func TestDurations_Summary(t *testing.T) {
	d := graDurations(t, 9, 3, 3, 1, 0)
	want := funnel.DurationSummary{Count: 5, Total: 16, Mean: 3.2, Min: 0, P25: 1, Median: 3, P75: 3, P90: 6.6, Max: 9}
	got, ok := d.Summary()
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("%t (-want +got):\n%s", ok, diff)
	}
	if got, ok := d.Mean(); !ok || got != 3.2 {
		t.Errorf("Mean = %v, %t", got, ok)
	}
	if got, ok := d.Min(); !ok || got != 0 {
		t.Errorf("Min = %v, %t", got, ok)
	}
	if got, ok := d.Max(); !ok || got != 9 {
		t.Errorf("Max = %v, %t", got, ok)
	}
	if got, err := d.Quantile(0.9); err != nil || got != 6.6 {
		t.Errorf("Quantile = %v, %v", got, err)
	}
	c := d.Clone()
	if err := c.Add(100); err != nil || d.Len() != 5 || c.Len() != 6 {
		t.Errorf("a copy that is added to: %v, lengths %d and %d", err, d.Len(), c.Len())
	}
}

func TestDurations_undefined(t *testing.T) {
	var d funnel.Durations
	if s, ok := d.Summary(); ok || s != (funnel.DurationSummary{}) {
		t.Errorf("Summary of nothing: %+v", s)
	}
	if _, ok := d.Mean(); ok {
		t.Error("Mean of nothing")
	}
	if _, ok := d.Min(); ok {
		t.Error("Min of nothing")
	}
	if _, ok := d.Max(); ok {
		t.Error("Max of nothing")
	}
	if _, err := d.Quantile(0.5); !errors.Is(err, funnel.ErrUndefined) {
		t.Errorf("Quantile of nothing: %v", err)
	}
}

func TestDurations_errors(t *testing.T) {
	full := new(funnel.Durations)
	if err := json.Unmarshal([]byte(`{"count":9223372036854775807,"ticks":[[5,9223372036854775807]]}`), full); err != nil {
		t.Fatal(err)
	}
	quantile := func(p float64) error {
		_, err := graDurations(t, 1).Quantile(p)
		return err
	}
	for name, c := range map[string]struct {
		err, kind error
		want      string
	}{
		"negative":   {new(funnel.Durations).Add(-1), funnel.ErrInput, `funnel: ticks "-1" must not be negative`},
		"full":       {full.Add(1), funnel.ErrInput, `funnel: there are 2^63-1 durations already: merge fewer`},
		"merge full": {full.Merge(graDurations(t, 1)), funnel.ErrMismatch, `funnel: durations are more than 2^63-1 together: merge fewer`},
		"not held": {
			graDurations(t, 1, 2).Sub(graDurations(t, 2, 2)), funnel.ErrMismatch,
			`funnel: durations are not all held: only what was added or merged can be taken away`,
		},
		"p above 1": {quantile(1.5), funnel.ErrInput, `funnel: p "1.5" must be from 0 to 1`},
		"p below 0": {quantile(math.Inf(-1)), funnel.ErrInput, `funnel: p "-Inf" must be from 0 to 1`},
		"p NaN":     {quantile(math.NaN()), funnel.ErrInput, `funnel: p "NaN" must be from 0 to 1`},
	} {
		if !errors.Is(c.err, c.kind) || c.err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
}

// Any ticks up to the greatest are fine, and so are as many of them as there can be.
func TestDurations_extreme(t *testing.T) {
	full := new(funnel.Durations)
	text := `{"count":9223372036854775807,"ticks":[[0,1],[9223372036854775807,9223372036854775806]]}`
	if err := json.Unmarshal([]byte(text), full); err != nil {
		t.Fatal(err)
	}
	want := funnel.DurationSummary{
		Count: math.MaxInt64, Total: 85070591730234615838173535747377725442, Mean: 1 << 63,
		P25: 1 << 63, Median: 1 << 63, P75: 1 << 63, P90: 1 << 63, Max: math.MaxInt64,
	}
	got, ok := full.Summary()
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("%t (-want +got):\n%s", ok, diff)
	}
	again, err := json.Marshal(full)
	if err != nil || string(again) != text {
		t.Errorf("%s, %v", again, err)
	}
}

// JSON that does not describe durations leaves them as they are, and so does null, which is no error.
func TestDurations_UnmarshalJSON(t *testing.T) {
	for _, text := range []string{
		`{"count":2,"ticks":[[1,1]]}`, `{"count":1,"ticks":[[1]]}`, `{"count":1,"ticks":[[1,1,1]]}`, `{"count":1,"ticks":[[-1,1]]}`,
		`{"count":2,"ticks":[[2,1],[1,1]]}`, `{"count":2,"ticks":[[1,1],[1,1]]}`, `{"count":0,"ticks":[[1,0]]}`,
		`{"count":1,"ticks":[[1.5,1]]}`, `{"count":1,"ticks":[[9223372036854775808,1]]}`, `{"n":1}`, `[]`, `{}x`, `{} {}`, ``,
		`{"count":-2,"ticks":[[1,9223372036854775807],[2,9223372036854775807]]}`,
	} {
		d := graDurations(t, 7)
		err := d.UnmarshalJSON([]byte(text))
		if !errors.Is(err, funnel.ErrEncoding) || !strings.HasPrefix(err.Error(), "funnel: durations the text ") {
			t.Errorf("%s: %v", text, err)
		}
		if got, _ := d.Quantile(1); got != 7 || d.Len() != 1 {
			t.Errorf("%s: changed the durations", text)
		}
	}
	d := graDurations(t, 7)
	if err := json.Unmarshal([]byte(" null"), d); err != nil || d.Len() != 1 {
		t.Errorf("null: %v, %d durations", err, d.Len())
	}
	if err := json.Unmarshal([]byte(` { "ticks" : [ [ 1 , 2 ] ] , "count" : 2 } `), d); err != nil || d.Len() != 2 {
		t.Errorf("fields in another order: %v, %d durations", err, d.Len())
	}
}
