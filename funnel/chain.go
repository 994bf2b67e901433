package funnel

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// Chain is a pipeline as a Markov chain with absorbing ends: where a deal goes next, given the stage in which it is. That is
// enough to follow deals through skips, regressions and rework to their ends: see [Chain.Absorb]. The chain does not remember
// how a deal came to a stage, nor for how long it has been there.
type Chain struct {
	// Stages is the keys of the stages in which deals are worked, in order; at most [MaxStages].
	Stages []string `json:"stages"`
	// Ends is the ends, at least one.
	Ends []Stage `json:"ends"`
	// Start is the shares of deals that begin in each stage; they sum to 1. nil: all begin in the first.
	Start []float64 `json:"start,omitempty"`
	// Next is the probability that a visit of a stage is followed by one of another, by stage and next stage.
	Next [][]float64 `json:"next"`
	// End is the probability that a visit of a stage is followed by an end, by stage and end. Together with Next each row
	// sums to 1.
	End [][]float64 `json:"end"`
	// Hold is the mean ticks that a visit lasts, by stage. nil if they are not known.
	Hold []float64 `json:"hold,omitempty"`
	// Settled is the share of the visits of a stage of which it is known how they end, by stage: the others are taken to go
	// the same ways. [Chain.Absorb] does not read it; nil is fine.
	Settled []float64 `json:"settled,omitempty"`
}

// Chain returns the chain of the visits that have ended: the shares of the moves that left each stage, and the mean time of
// these visits. While visits are open both lean toward what is fast: where losses are slow, a young flow shows too few of
// them, and all times too short. [Flow.ChainWithin] takes the open visits into account.
//
// Stages that no deal entered are left out. Deals that came back after an end are taken to have moved on to where they came
// back. As a flow keeps moves and not ways, they are spread over all stages that lead to that end, in proportion.
//
// Chain returns an error ([ErrUndefined]) if:
//   - there is no journey that began in a stage that is worked
//   - no visit of a stage has ended
func (f *Flow) Chain() (Chain, error) {
	return f.chain(func(at int) (w waysOut) {
		s := f.stage(at)
		for i, p := range [exitKinds]Part{s.Advanced, s.Regressed, s.Won, s.Lost, s.Left} {
			w.by[i] = float64(p.Count)
		}
		w.settled = float64(s.Entered.Count-s.Open.Count) / float64(s.Entered.Count)
		w.hold, w.timed = meanTicks(&f.times[at])
		return w
	})
}

// ChainWithin returns the chain of all visits, as far as they can be told up to a horizon in ticks. The probability of each way
// out of a stage is its incidence by the horizon, with the other ways competing and open visits censored (Aalen and Johansen
// 1978), in proportion to that of all ways. Among the stages that are later, or earlier, or the ends of one kind, it is divided
// in proportion to the moves. Hold is the restricted mean: of the horizon's ticks, how many a visit lasts.
//
// A horizon by which most visits have ended serves best: see Settled of the result. Stages that no deal entered are left out.
// Deals that came back after an end are treated as by [Flow.Chain].
//
// ChainWithin returns an error if:
//   - horizon is not from 1 to [MaxTick] ([ErrInput])
//   - there is no journey that began in a stage that is worked ([ErrUndefined])
//   - of a stage no visit is known to have ended by the horizon ([ErrUndefined])
func (f *Flow) ChainWithin(horizon int) (Chain, error) {
	if horizon < 1 || horizon > MaxTick {
		return Chain{}, inputError("horizon", strconv.Itoa(horizon), "must be from 1 to "+strconv.Itoa(MaxTick))
	}
	return f.chain(func(at int) (w waysOut) {
		l := &f.times[at]
		for i, e := range [exitKinds]Exit{Advanced, Regressed, Won, Lost, Left} {
			if c, ok := l.cause(e); ok {
				w.by[i] = incidenceBy(l, c, horizon)
				w.settled = min(w.settled+w.by[i], 1)
			}
		}
		mean, err := l.RestrictedMean(horizon, CI{})
		w.hold, w.timed = mean.Value, err == nil
		return w
	})
}

// waysOut is how the visits of a stage end.
type waysOut struct {
	by      [exitKinds]float64 // in proportion
	settled float64            // the share of visits of which it is known
	hold    float64            // the mean ticks, if timed
	timed   bool
}

// exitKinds is how many ways there are out of a visit, numbered by [exitIndex].
const exitKinds = 5

// meanTicks returns the mean ticks of the spells that have ended; ok is false if there are none.
func meanTicks(l *Lifetimes) (mean float64, ok bool) {
	var sum, n float64
	for row := range l.h.Rows() {
		ended := float64(row.Ended())
		sum += float64(float64(row.Tick) * ended)
		n += ended
	}
	if n == 0 {
		return 0, false
	}
	return sum / n, true
}

// incidenceBy returns the incidence of a cause through a tick.
func incidenceBy(l *Lifetimes, c lifetime.Cause, tick int) float64 {
	var value float64
	for s := range l.h.AalenJohansen(c) {
		if s.Tick > tick {
			break
		}
		value = s.Value
	}
	return value
}

// chain returns the chain of the flow, given the ways out of each stage.
func (f *Flow) chain(ways func(at int) waysOut) (Chain, error) {
	var bad faults
	c := Chain{Ends: f.pipe.Stages()[f.pipe.worked:]}
	var nodes []int // of the stages that were entered
	var began int64
	for at := range f.pipe.worked {
		if f.reach.visited[at*f.reach.n+at].all > 0 {
			nodes = append(nodes, at)
			c.Stages = append(c.Stages, f.pipe.stages[at].Key)
			began += f.start[at].n
		}
	}
	if began == 0 {
		return Chain{}, &Error{Path: "journeys", Msg: "are missing: none began in a stage that is worked", Err: ErrUndefined}
	}
	timed := true
	for _, at := range nodes {
		w := ways(at)
		if w.settled == 0 {
			bad.add(ErrUndefined, f.pipe.stages[at].Key, "stage", "", "has no visit that is known to have ended: ask later, or for a later horizon")
			continue
		}
		next, end := f.row(at, nodes, w.by)
		c.Next, c.End = append(c.Next, next), append(c.End, end)
		c.Start = append(c.Start, float64(f.start[at].n)/float64(began))
		c.Settled = append(c.Settled, w.settled)
		c.Hold = append(c.Hold, w.hold)
		timed = timed && w.timed
	}
	if !timed {
		c.Hold = nil
	}
	if err := bad.err(); err != nil {
		return Chain{}, err
	}
	return c, nil
}

// row returns where visits of a stage lead, given how they end.
func (f *Flow) row(at int, nodes []int, by [exitKinds]float64) (next, end []float64) {
	n, worked := len(f.pipe.stages), f.pipe.worked
	var moves [exitKinds]int64
	for to, s := range f.moves[at*n : at*n+n] {
		if s.n > 0 {
			moves[exitIndex(f.pipe.exit(at, to))] += s.n
		}
	}
	all := 0.0
	for _, share := range by {
		all += share
	}
	to := make([]float64, n)
	for node, s := range f.moves[at*n : at*n+n] {
		if s.n > 0 {
			kind := exitIndex(f.pipe.exit(at, node))
			to[node] = by[kind] / all * (float64(s.n) / float64(moves[kind]))
		}
	}
	for end := worked; end < n; end++ { // who came back from there has not ended
		in, out := f.through(end)
		if to[end] == 0 || out.n == 0 {
			continue
		}
		for back := range worked {
			to[back] += float64(to[end] * (float64(f.moves[end*n+back].n) / float64(in.n)))
		}
		to[end] *= float64(in.n-out.n) / float64(in.n)
	}
	for _, node := range nodes {
		next = append(next, to[node])
	}
	return next, to[worked:]
}
