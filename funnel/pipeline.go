package funnel

import (
	"strconv"
	"unicode/utf8"
)

// Stage is a place in a [Pipeline]: one in which deals are worked, or an end.
type Stage struct {
	// Key names the stage, as moves do: "Proposal".
	Key string `json:"key"`
	// End says what it means that a deal is there: Won, Lost or Left. "" or Open is a stage in which deals are worked.
	End Exit `json:"end,omitempty"`
}

// Pipeline is the stages of a sales process, in the order in which a deal goes through them, with its ends. It is immutable;
// its zero value has no stage, and nothing can be read with it. The order of the ends does not matter.
type Pipeline struct {
	stages  []Stage // those that are worked, in order, then the ends as given
	worked  int
	index   map[string]int
	reopens bool
}

// MaxStages is how many stages a pipeline may have, with its ends. Flows take memory with the square of their number.
const MaxStages = 100

// NewPipeline returns the pipeline of the stages.
//
// NewPipeline returns an error ([ErrInput]) if:
//   - there is no stage in which deals are worked, or there are more than [MaxStages]
//   - a key is empty, no UTF-8, or that of another stage
//   - an end is neither Won, Lost nor Left
func NewPipeline(stages ...Stage) (Pipeline, error) {
	var f faults
	p := Pipeline{stages: make([]Stage, 0, len(stages)), index: make(map[string]int, len(stages))}
	if len(stages) > MaxStages {
		f.add(ErrInput, "", "stages", strconv.Itoa(len(stages)), "are more than "+strconv.Itoa(MaxStages))
		return Pipeline{}, f.err()
	}
	first := make(map[string]int, len(stages))
	for i, s := range stages {
		path := "stages/" + strconv.Itoa(i)
		switch j, twice := first[s.Key]; {
		case s.Key == "":
			f.add(ErrInput, "", path+"/key", "", "must not be empty")
		case !utf8.ValidString(s.Key):
			f.add(ErrInput, "", path+"/key", s.Key, "must be valid UTF-8, as flows are encoded with it")
		case twice:
			f.add(ErrInput, "", path+"/key", s.Key, "is that of stages/"+strconv.Itoa(j)+" too")
		default:
			first[s.Key] = i
		}
		switch s.End {
		case "", Open:
			p.stages = append(p.stages, Stage{Key: s.Key})
		case Won, Lost, Left:
		default:
			f.add(ErrInput, "", path+"/end", string(s.End), `is not an end: use "won", "lost" or "left", or none`)
		}
	}
	p.worked = len(p.stages)
	if p.worked == 0 {
		f.add(ErrInput, "", "stages", "", "must hold a stage in which deals are worked, one without an end")
	}
	for _, s := range stages {
		if s.End == Won || s.End == Lost || s.End == Left {
			p.stages = append(p.stages, s)
		}
	}
	if err := f.err(); err != nil {
		return Pipeline{}, err
	}
	for i, s := range p.stages {
		p.index[s.Key] = i
	}
	return p, nil
}

// Reopening returns the same pipeline, in which a deal that ended may come back to a stage that is worked. In others that is
// an error, as it is more often a fault of the data.
func (p Pipeline) Reopening() Pipeline {
	p.reopens = true
	return p
}

// Stages returns the stages that are worked, in order, and then the ends.
func (p Pipeline) Stages() []Stage { return append([]Stage(nil), p.stages...) }
