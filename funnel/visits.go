package funnel

import (
	"strconv"
	"time"
)

// Check finds what is wrong with a journey, all of it. A journey may begin in any stage, as deals do that were imported halfway,
// and also with an end: then it has no visit.
//
// Check returns an error ([ErrInput]) if:
//   - the journey has no moves
//   - a move leads to a stage that the pipeline lacks, has no time, or is earlier than the move before
//   - a move follows an end, unless the pipeline is [Pipeline.Reopening] and the move leads to a stage that is worked
//   - the amount is out of bounds
func (p Pipeline) Check(j Journey) error {
	var f faults
	if p.worked == 0 {
		f.add(ErrInput, "", "pipeline", "", "is missing: make one with NewPipeline")
		return f.err()
	}
	p.steps(nil, &j, time.Time{}, &f)
	return f.err()
}

// Visits appends the visits of a journey to dst and returns it: the stays in stages that are worked, as they are known as of
// AsOf, in order. The last is Open unless the deal has ended by then. A move to the stage where the deal is already begins no
// new visit.
//
// It returns dst as it was and an error ([ErrInput]) if:
//   - the view has no pipeline or no AsOf
//   - the journey has a fault: see [Pipeline.Check]
func (v View) Visits(dst []Visit, j Journey) ([]Visit, error) {
	var f faults
	var room [16]stop
	steps := v.read(room[:0], &j, &f)
	if err := f.err(); err != nil {
		return dst, err
	}
	p := &v.Pipeline
	var nth [MaxStages]int
	for i, s := range steps {
		if s.node >= p.worked {
			continue
		}
		nth[s.node]++
		x := Visit{Stage: p.stages[s.node].Key, Nth: nth[s.node], Enter: j.Moves[s.move].At, Exit: Open}
		if i+1 < len(steps) {
			next := steps[i+1]
			x.Leave, x.To = j.Moves[next.move].At, p.stages[next.node].Key
			x.Exit, x.Skipped = p.exit(s.node, next.node), p.skipped(s.node, next.node)
		}
		dst = append(dst, x)
	}
	return dst, nil
}

// stop is a move of a journey that leads to another stage.
type stop struct {
	node    int // of the pipeline: the stages that are worked count from 0, then the ends
	move    int // of the journey
	repeats int // how many moves to the same stage follow directly
}

// read checks the view and the journey, and appends the steps that are known as of AsOf.
func (v *View) read(dst []stop, j *Journey, f *faults) []stop {
	v.check(f)
	if v.Pipeline.worked == 0 {
		return dst
	}
	return v.Pipeline.steps(dst, j, v.AsOf, f)
}

// steps checks a journey, and appends its steps up to asOf.
func (p *Pipeline) steps(dst []stop, j *Journey, asOf time.Time, f *faults) []stop {
	if len(j.Moves) == 0 {
		f.add(ErrInput, j.ID, "moves", "", "are missing: a journey has one at least")
	}
	f.amount(j.ID, "amount", j.Amount)
	prev := -1 // the node of the move before, -1 if it is not known
	for i := range j.Moves {
		m := &j.Moves[i]
		node, known := p.index[m.To]
		if !known {
			f.add(ErrInput, j.ID, movePath(i, "to"), m.To, "is no stage of the pipeline")
			node = -1
		} else if prev >= p.worked {
			p.afterEnd(j, i, prev, node, f)
		}
		if m.At.IsZero() {
			f.add(ErrInput, j.ID, movePath(i, "at"), "", "is missing")
		} else if i > 0 && m.At.Before(j.Moves[i-1].At) {
			f.add(ErrInput, j.ID, movePath(i, "at"), m.At.Format(time.RFC3339), "is before the move that it follows: sort the moves by time")
		}
		if !m.At.After(asOf) {
			if n := len(dst) - 1; node == prev && n >= 0 {
				dst[n].repeats++
			} else {
				dst = append(dst, stop{node: node, move: i})
			}
		}
		prev = node
	}
	return dst
}

// afterEnd tells what is wrong with a move from an end, if anything is.
func (p *Pipeline) afterEnd(j *Journey, i, prev, node int, f *faults) {
	msg := "follows " + strconv.Quote(p.stages[prev].Key) + ", which is an end: "
	switch {
	case node >= p.worked:
		f.add(ErrInput, j.ID, movePath(i, "to"), j.Moves[i].To, msg+"drop the one that was superseded, or put in the stage in which the deal was reopened")
	case !p.reopens:
		f.add(ErrInput, j.ID, movePath(i, "to"), j.Moves[i].To, msg+"if deals come back, use Pipeline.Reopening; else drop the end that did not hold")
	}
}

func movePath(i int, field string) string { return "moves/" + strconv.Itoa(i) + "/" + field }

// exit returns how a visit of one node ends that is left for another.
func (p *Pipeline) exit(from, to int) Exit {
	switch {
	case to >= p.worked:
		return p.stages[to].End
	case to > from:
		return Advanced
	}
	return Regressed
}

// skipped returns how many stages that are worked a move jumps over, going forward. A win goes past all of them.
func (p *Pipeline) skipped(from, to int) int {
	switch {
	case p.isWon(to):
		to = p.worked
	case to >= p.worked || to < from:
		return 0
	}
	return to - from - 1
}

func (p *Pipeline) isWon(node int) bool { return p.stages[node].End == Won }
