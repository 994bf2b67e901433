package funnel_test

import (
	"errors"
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
)

func TestError_Error(t *testing.T) {
	for want, e := range map[string]funnel.Error{
		`funnel: Acme: moves/3/at "2026-02-30" must be a day`: {ID: "Acme", Path: "moves/3/at", Value: "2026-02-30", Msg: "must be a day"},
		`funnel: moves/3/at must be a day`:                    {Path: "moves/3/at", Msg: "must be a day"},
		`funnel: Acme: must be a deal`:                        {ID: "Acme", Msg: "must be a deal"},
		`funnel: stages "a\"\n" must be plain`:                {Path: "stages", Value: "a\"\n", Msg: "must be plain"},
		`funnel: is undefined`:                                {Msg: "is undefined"},
		`funnel: `:                                            {},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Every kind is one of its own, and an Error is of the kind that it wraps.
func TestError_kinds(t *testing.T) {
	kinds := []error{funnel.ErrInput, funnel.ErrMismatch, funnel.ErrUndefined, funnel.ErrEncoding}
	for i, kind := range kinds {
		err := fmt.Errorf("reading the deals: %w", &funnel.Error{Path: "deals/3", Msg: "is wrong", Err: kind})
		for j, other := range kinds {
			if errors.Is(err, other) != (i == j) {
				t.Errorf("an error of %v: Is(%v) = %t", kind, other, i != j)
			}
		}
		if e, ok := errors.AsType[*funnel.Error](err); !ok || e.Path != "deals/3" {
			t.Errorf("%v: not found as *Error", err)
		}
	}
	if err := errors.Unwrap(&funnel.Error{}); err != nil {
		t.Errorf("an error without a kind wraps %v", err)
	}
}

// Of very many faults the first 20 are told, the others counted; all together are of their kind.
func TestError_many(t *testing.T) {
	told := func(stages int) []error {
		_, err := funnel.NewPipeline(make([]funnel.Stage, stages)...)
		if !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%d faults: %v is of another kind", stages, err)
		}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			return joined.Unwrap()
		}
		return []error{err}
	}
	for faults, want := range map[int]string{1: "funnel: stages/0/key must not be empty", 20: "funnel: stages/19/key must not be empty", 21: "funnel: and one more fault", 99: "funnel: and 79 more faults"} {
		got := told(faults)
		if diff := gocmp.Diff(want, got[len(got)-1].Error()); diff != "" || len(got) != min(faults, 21) {
			t.Errorf("%d faults: %d told, the last (-want +got)\n%s", faults, len(got), diff)
		}
	}
}
