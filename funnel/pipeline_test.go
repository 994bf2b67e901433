package funnel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

func TestNewPipeline(t *testing.T) {
	stages := []funnel.Stage{{"Lost", funnel.Lost}, {"Demo", ""}, {"Won", funnel.Won}, {"Offer", funnel.Open}, {"No fit", funnel.Left}, {"Renewed", funnel.Won}}
	keep := slices.Clone(stages)
	p, err := funnel.NewPipeline(stages...)
	if err != nil {
		t.Fatal(err)
	}
	want := []funnel.Stage{{"Demo", ""}, {"Offer", ""}, {"Lost", funnel.Lost}, {"Won", funnel.Won}, {"No fit", funnel.Left}, {"Renewed", funnel.Won}}
	for name, p := range map[string]funnel.Pipeline{"as it is": p, "reopening": p.Reopening()} {
		if diff := gocmp.Diff(want, p.Stages()); diff != "" {
			t.Errorf("%s: those worked, then the ends (-want +got)\n%s", name, diff)
		}
	}
	if diff := gocmp.Diff(keep, stages); diff != "" {
		t.Errorf("the arguments were changed\n%s", diff)
	}
	// What goes in and comes out is not shared.
	stages[1].Key = "x"
	p.Stages()[0].Key = "y"
	if diff := gocmp.Diff(want, p.Stages()); diff != "" {
		t.Errorf("after changes outside (-want +got)\n%s", diff)
	}
	if got := (funnel.Pipeline{}).Stages(); len(got) != 0 {
		t.Errorf("the zero pipeline has the stages %v", got)
	}
	if p, err := funnel.NewPipeline(funnel.Stage{Key: "Demo"}); err != nil || len(p.Stages()) != 1 {
		t.Errorf("one stage and no end: %v, %v", p.Stages(), err)
	}
}

func TestNewPipeline_errors(t *testing.T) {
	many := make([]funnel.Stage, funnel.MaxStages+1)
	for i := range many {
		many[i].Key = strconv.Itoa(i)
	}
	if _, err := funnel.NewPipeline(many[1:]...); err != nil {
		t.Errorf("%d stages: %v", funnel.MaxStages, err)
	}
	const none = "stages must hold a stage in which deals are worked, one without an end"
	for name, v := range map[string]struct {
		stages []funnel.Stage
		want   []string
	}{
		"none":      {nil, []string{none}},
		"ends only": {[]funnel.Stage{{"Won", funnel.Won}}, []string{none}},
		"too many":  {many, []string{`stages "101" are more than 100`}},
		"empty key": {[]funnel.Stage{{"Demo", ""}, {"", ""}, {"", funnel.Won}}, []string{"stages/1/key must not be empty", "stages/2/key must not be empty"}},
		"all faults": {
			[]funnel.Stage{{"Demo", funnel.Advanced}, {"Demo", "won "}, {"Demo", funnel.Won}},
			[]string{
				`stages/0/end "advanced" is not an end: use "won", "lost" or "left", or none`,
				`stages/1/key "Demo" is that of stages/0 too`,
				`stages/1/end "won " is not an end: use "won", "lost" or "left", or none`,
				`stages/2/key "Demo" is that of stages/0 too`,
				none,
			},
		},
		"a change's exit is no end": {[]funnel.Stage{{"Demo", ""}, {"Gone", funnel.Removed}}, []string{`stages/1/end "removed" is not an end: use "won", "lost" or "left", or none`}},
		"long key":                  {[]funnel.Stage{{"Demo", ""}, {"x", funnel.Exit(strings.Repeat("é", 99))}}, []string{`stages/1/end "` + strings.Repeat("é", 30) + `…" is not an end: use "won", "lost" or "left", or none`}},
	} {
		p, err := funnel.NewPipeline(v.stages...)
		if diff := gocmp.Diff("funnel: "+strings.Join(v.want, "\nfunnel: "), fmt.Sprint(err)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if !errors.Is(err, funnel.ErrInput) || len(p.Stages()) != 0 {
			t.Errorf("%s: %v of kind ErrInput, and stages %v", name, err, p.Stages())
		}
	}
}

// A pipeline holds the stages it was given, each once: those that are worked in their order, and the ends in theirs.
func TestNewPipeline_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stages, worked, ends []funnel.Stage
		for i := range rapid.IntRange(1, 20).Draw(t, "stages") {
			s := funnel.Stage{Key: strconv.Itoa(i), End: rapid.SampledFrom([]funnel.Exit{"", funnel.Open, funnel.Won, funnel.Lost, funnel.Left}).Draw(t, "end")}
			if i == 0 {
				s.End = ""
			}
			stages = append(stages, s)
			if s.End == "" || s.End == funnel.Open {
				worked = append(worked, funnel.Stage{Key: s.Key})
			} else {
				ends = append(ends, s)
			}
		}
		p, err := funnel.NewPipeline(stages...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(slices.Concat(worked, ends), p.Stages()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestStage_JSON(t *testing.T) {
	want := []funnel.Stage{{"Demo", ""}, {"Won", funnel.Won}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != `[{"key":"Demo"},{"key":"Won","end":"won"}]` {
		t.Errorf("%s", text)
	}
	var got []funnel.Stage
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
