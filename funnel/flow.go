package funnel

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/exact"
)

// Flow counts how deals go through a pipeline: every move from place to place, with its amount; how many deals reached each
// stage from each other; and how long the stages took. For every stage, in counts and in amounts,
//
//	Entered = Advanced + Regressed + Won + Lost + Left + Open
//
// as every figure comes from the moves and none from where deals happen to be. A deal that enters a stage twice has two
// visits, each with its own end, in these counts; in conversions, which ask of deals, it is one.
//
// The zero value holds nothing and is the identity of [Flow.Merge]. A flow takes its pipeline and currency from the first
// journey or flow that is added, and gives them up when all is subtracted again. Add each deal once, with the same View: flows
// of different AsOf can be merged, but what they say then is of no one time. A flow takes about 75 bytes for each pair of
// stages, ends among them, and the [Lifetimes] of each stage: 60 kB for eight stages that take up to a year, however many the
// deals. It must not be copied once in use, nor used from several goroutines while one of them changes it.
type Flow struct {
	pipe     Pipeline
	currency string
	journeys int64
	moved    int64 // moves that are counted: the bound of all counts that follow, so that none overflows
	// The stages that are worked, then the ends, are nodes 0 to n-1.
	sums     []sum   // all of the next three
	start    []sum   // [node] journeys that began there
	open     []sum   // [worked] visits that have not ended
	moves    []sum   // [n × n] moves from node to node
	repeated []int64 // [worked] moves to the stage where the deal was
	reach    reach
	times    []Lifetimes // [worked]
	scratch  flowScratch
}

// sum counts moves and adds up what they are worth.
type sum struct {
	n      int64
	amount exact.Num
}

func (s *sum) plus(t sum) {
	s.n += t.n
	s.amount = s.amount.Add(t.amount)
}

func (s sum) part() Part { return Part{Count: s.n, Amount: s.amount.Decimal()} }

// flowScratch is what Add uses anew for each journey.
type flowScratch struct {
	steps  []stop
	spells []timed
	trace  trace
}

// timed is a spell in a stage.
type timed struct {
	node int
	Spell
}

// Add counts a journey as the view shows it. A journey of which no move is known as of AsOf is not counted. Add allocates
// nothing once the flow has seen a journey of that length and visits of these lengths.
//
// Add returns an error and counts nothing if:
//   - the view has no pipeline or no AsOf, or the journey has a fault: see [Pipeline.Check] ([ErrInput])
//   - the clock says that a visit is longer than [MaxTick], or negative ([ErrInput])
//   - the currency is not that of the journeys before, or no UTF-8 ([ErrInput])
//   - the pipeline is not that of the journeys before ([ErrMismatch])
//   - there would be 2^63 moves ([ErrInput])
func (f *Flow) Add(v View, j Journey) error {
	var bad faults
	steps := v.read(f.scratch.steps[:0], &j, &bad)
	f.scratch.steps = steps
	if err := bad.err(); err != nil || len(steps) == 0 {
		return err
	}
	moved := int64(0)
	for _, s := range steps {
		moved += int64(1 + s.repeats)
	}
	switch {
	case f.journeys > 0 && !f.pipe.equal(&v.Pipeline):
		bad.add(ErrMismatch, j.ID, "view/pipeline", "", "is not the one of the journeys before: keep a flow for each pipeline")
	case f.journeys > 0 && f.currency != j.Currency:
		bad.add(ErrInput, j.ID, "currency", j.Currency, "is not "+strconv.Quote(f.currency)+", that of the journeys before: convert to one, or keep a flow for each")
	case f.journeys == 0 && !utf8.ValidString(j.Currency):
		bad.add(ErrInput, j.ID, "currency", j.Currency, "must be valid UTF-8")
	case moved > math.MaxInt64-f.moved:
		bad.add(ErrInput, j.ID, "moves", "", "are more than can be counted")
	}
	spells := v.spells(f.scratch.spells[:0], &j, steps, &bad)
	f.scratch.spells = spells
	if err := bad.err(); err != nil {
		return err
	}

	if f.journeys == 0 {
		f.init(v.Pipeline, strings.Clone(j.Currency)) // and not the text of which it may be a part
	}
	for _, s := range spells {
		if err := f.times[s.node].Add(s.Spell); err != nil { // not for these spells and exits, nor so few of them
			return err
		}
	}
	f.count(steps, sum{1, exact.From(j.Amount)})
	f.reach.add(&f.pipe, steps, &f.scratch.trace)
	f.journeys++
	f.moved += moved
	return nil
}

// spells appends the spells of a journey's visits.
func (v *View) spells(dst []timed, j *Journey, steps []stop, f *faults) []timed {
	p := &v.Pipeline
	for i, at := range steps {
		if at.node >= p.worked {
			continue
		}
		end, exit, move := v.AsOf, Open, at.move
		if i+1 < len(steps) {
			next := steps[i+1]
			end, exit, move = j.Moves[next.move].At, p.exit(at.node, next.node), next.move
		}
		if s, ok := v.spell(j.Moves[at.move].At, end, exit); ok {
			f.ticks(j, move, s)
			dst = append(dst, timed{at.node, s})
		}
	}
	return dst
}

// count counts the steps of a journey.
func (f *Flow) count(steps []stop, one sum) {
	n, worked := len(f.pipe.stages), f.pipe.worked
	f.start[steps[0].node].plus(one)
	for i, s := range steps {
		if s.node < worked {
			f.repeated[s.node] += int64(s.repeats)
		}
		if i > 0 {
			f.moves[steps[i-1].node*n+s.node].plus(one)
		}
	}
	if last := steps[len(steps)-1].node; last < worked {
		f.open[last].plus(one)
	}
}

// init makes room for the counts of a pipeline.
func (f *Flow) init(p Pipeline, currency string) {
	n := len(p.stages)
	cells := flowCells{
		sums: make([]sum, n+p.worked+n*n), repeated: make([]int64, p.worked),
		visited: make([]reachCount, n*n), policy: make([]reachCount, p.worked*n), times: make([]Lifetimes, p.worked),
	}
	f.lay(p, currency, cells)
}

// flowCells is all counts of a flow.
type flowCells struct {
	sums            []sum
	repeated        []int64
	visited, policy []reachCount
	times           []Lifetimes
}

// lay puts the counts of a pipeline in their places.
func (f *Flow) lay(p Pipeline, currency string, c flowCells) {
	n := len(p.stages)
	*f = Flow{
		pipe: p, currency: currency,
		sums: c.sums, start: c.sums[:n], open: c.sums[n : n+p.worked], moves: c.sums[n+p.worked:],
		repeated: c.repeated,
		reach:    reach{n: n, worked: p.worked, visited: c.visited, policy: c.policy},
		times:    c.times,
		scratch:  f.scratch,
	}
	f.scratch.trace.init(n)
}

// equal reports whether two pipelines are the same.
func (p *Pipeline) equal(o *Pipeline) bool {
	if p.worked != o.worked || p.reopens != o.reopens || len(p.stages) != len(o.stages) {
		return false
	}
	return len(p.stages) == 0 || &p.stages[0] == &o.stages[0] || slices.Equal(p.stages, o.stages)
}

// Merge counts the journeys of o, too, as if each had been added. It leaves o as it is, unless it is f, which is doubled. A
// nil o holds none.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if the pipelines or currencies differ, or there would be 2^63
// moves.
func (f *Flow) Merge(o *Flow) error {
	if o == nil || o.journeys == 0 {
		return nil
	}
	if err := f.matches(o); err != nil {
		return err
	}
	if o.moved > math.MaxInt64-f.moved {
		return errTooMany("moves")
	}
	if f.journeys == 0 {
		f.init(o.pipe, o.currency)
	}
	return f.combine(o, 1)
}

// Sub takes the journeys of o away again: it undoes [Flow.Merge], as for a window of time that slides on. It leaves o as it is,
// unless it is f, which is emptied. A nil o holds none.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if f does not hold what o holds.
func (f *Flow) Sub(o *Flow) error {
	switch {
	case o == nil || o.journeys == 0:
		return nil
	case o == f:
		*f = Flow{}
		return nil
	case f.journeys == 0:
		return errNotHeld("journeys")
	}
	if err := f.matches(o); err != nil {
		return err
	}
	if err := f.combine(o, -1); err != nil {
		return err
	}
	if f.unsound() != "" {
		_ = f.combine(o, 1) // which goes back to what was there
		return errNotHeld("journeys")
	}
	if f.journeys == 0 {
		*f = Flow{}
	}
	return nil
}

// matches checks that flows may be taken together.
func (f *Flow) matches(o *Flow) error {
	switch {
	case f.journeys == 0:
	case !f.pipe.equal(&o.pipe):
		return &Error{Path: "pipeline", Msg: "is another: keep a flow for each pipeline", Err: ErrMismatch}
	case f.currency != o.currency:
		return &Error{Path: "currency", Value: o.currency, Msg: "is not " + strconv.Quote(f.currency) + ": convert to one, or keep a flow for each", Err: ErrMismatch}
	}
	return nil
}

// combine merges or subtracts all counts. It changes nothing if it returns an error.
func (f *Flow) combine(o *Flow, sign int64) error {
	do, undo := (*Lifetimes).Merge, (*Lifetimes).Sub
	if sign < 0 {
		do, undo = undo, do
	}
	for i := range f.times {
		if err := do(&f.times[i], &o.times[i]); err != nil {
			for i > 0 {
				i--
				_ = undo(&f.times[i], &o.times[i]) // which goes back to what was there
			}
			return err
		}
	}
	f.journeys += sign * o.journeys
	f.moved += sign * o.moved
	for i, s := range o.sums {
		if s.n == 0 {
			continue
		}
		if s.n *= sign; sign < 0 {
			s.amount = s.amount.Neg()
		}
		f.sums[i].plus(s)
	}
	for i, n := range o.repeated {
		f.repeated[i] += sign * n
	}
	f.reach.combine(&o.reach, sign)
	return nil
}
