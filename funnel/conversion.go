package funnel

// Skip says what it means that a deal reached a stage from another, where deals jump over stages or come back. Sales systems
// differ in this, and the same deals then give different funnels. Of the same deals no more are Contiguous than Visited, and
// no more Visited than Implied.
type Skip string

// The policies.
const (
	// Visited asks whether a deal was in the stage, however it came there. It is the default: "" is Visited.
	Visited Skip = "visited"
	// Implied asks whether it was in the stage or went past: it reached a stage if it was there, in a later one, or won.
	Implied Skip = "implied"
	// Contiguous asks whether it came by direct moves, from each stage to the next one: a deal that jumps over a stage drops
	// out there. Moves back are no hindrance, nor is the time in between: each step must be made directly once, in order.
	Contiguous Skip = "contiguous"
)

// Conversion returns how many of the journeys that entered from reached to afterwards, and how many may still do so, as they
// have not ended. A journey counts once, however often it was there. The ends are asked for by their keys: the conversion to a
// Won end is the win rate of the journeys that came so far, that to a Lost one is how many were lost. Who reached an end
// and came back has reached it.
//
//   - Visited: from and to are different stages or ends. To ask for an earlier stage is to ask who fell back; to ask from an
//     end, who came back.
//   - Implied: to is a later stage or an end. A journey entered from if it was there, in a later stage, or won.
//   - Contiguous: to is a later stage or a Won end, which is the step after the last stage.
//
// The product of conversions from stage to stage is the conversion over all of them only if no deal skips a stage and none
// is pending: see [Flow.Chain].
//
// Conversion returns an error if:
//   - from and to are not stages of the pipeline as above, or skip is none of these ([ErrInput])
//   - there are no journeys, so that the stages are not known ([ErrUndefined])
func (f *Flow) Conversion(from, to string, skip Skip) (Share, error) {
	if f.journeys == 0 {
		return Share{}, errNoJourneys()
	}
	a, b, err := f.pipe.pair(from, to, skip)
	if err != nil {
		return Share{}, err
	}
	r := &f.reach
	entered := r.visited[a*r.n+a]
	if skip == Implied {
		entered = r.policy[a*r.n+a]
	}
	return entered.share(f.reached(a, b, skip)), nil
}

// Reached returns how many of all journeys reached a stage or an end, and how many may still do so: the bars of a funnel chart.
// With Contiguous they must have come from the first stage by direct moves. The errors are those of [Flow.Conversion].
func (f *Flow) Reached(stage string, skip Skip) (Share, error) {
	if f.journeys == 0 {
		return Share{}, errNoJourneys()
	}
	b, err := f.pipe.node("stage", stage, true)
	if err != nil {
		return Share{}, err
	}
	if err := f.pipe.target("stage", b, skip); err != nil {
		return Share{}, err
	}
	all := reachCount{all: f.journeys}
	for _, s := range f.open {
		all.open += s.n
	}
	reached := f.reach.visited[b*f.reach.n+b]
	switch {
	case b >= f.pipe.worked && skip != Contiguous:
	case skip == Implied:
		reached = f.reached(b, b, skip)
	case skip == Contiguous && b > 0:
		reached = f.reached(0, b, skip)
	}
	return all.share(reached), nil
}

// reached counts the journeys that reached b from a; for Implied b may be a itself.
func (f *Flow) reached(a, b int, skip Skip) reachCount {
	r := &f.reach
	switch {
	case skip == Implied && b < r.worked:
		return r.policy[b*r.n+b] // who was at b or further on was at a or further on before
	case skip == Implied && f.pipe.isWon(b):
		return r.visited[b*r.n+b] // who was won went past all
	case skip == Implied, skip == Contiguous:
		return r.policy[a*r.n+b]
	}
	return r.visited[a*r.n+b]
}

// share is how many of those that t counts reached something.
func (t reachCount) share(reached reachCount) Share {
	return Share{Entered: t.all, Reached: reached.all, Pending: t.open - reached.open}
}

// DropOff returns how many of the visits of a stage ended with the deal lost, or out of the pipeline undecided, and how many may
// still end so, as they have not ended. The rest went on to other stages or were won. Unlike a conversion it counts visits:
// a deal that came back to the stage may drop off there the second time. The errors are those of [Flow.Stage].
func (f *Flow) DropOff(stage string) (Share, error) {
	s, err := f.Stage(stage)
	if err != nil {
		return Share{}, err
	}
	return Share{Entered: s.Entered.Count, Reached: s.Lost.Count + s.Left.Count, Pending: s.Open.Count}, nil
}

// Conversion returns the time that a journey took from entering a stage to reaching another, as a spell. Counted in
// [Lifetimes], the spells give the conversion as a curve over time; in a [Triangle], by cohort. from, to and skip mean what
// they mean to [Flow.Conversion].
//
// The spell begins when the journey first entered from. Its exit is Advanced if to is a later stage, also for one who came back
// from an end; Regressed if it is an earlier one, and that of to if it is an end. Journeys that ended without reaching to have
// the exit of their end, which competes; if that has the same name as the exit for to, as there is more than one Won end or
// the policy did not count the way, it is Left. Others are open as of AsOf.
//
// ok is false if the journey has not entered from as of AsOf, or its spell ended before Since: see [View.Spell].
//
// Conversion returns an error ([ErrInput]) if:
//   - the view has no pipeline or no AsOf, or the journey has a fault: see [Pipeline.Check]
//   - from and to are not stages of the pipeline as they have to be, or skip is none of its constants
//   - the clock says that the spell is longer than [MaxTick], or negative
func (v View) Conversion(j Journey, from, to string, skip Skip) (s Spell, ok bool, err error) {
	var f faults
	var room [16]stop
	steps := v.read(room[:0], &j, &f)
	if err := f.err(); err != nil {
		return Spell{}, false, err
	}
	p := &v.Pipeline
	a, b, err := p.pair(from, to, skip)
	if err != nil {
		return Spell{}, false, err
	}
	start, end := p.way(steps, a, b, skip)
	if start < 0 {
		return Spell{}, false, nil
	}
	target := p.exit(a, b)
	if a >= p.worked && b < p.worked {
		target = Advanced // back from an end
	}
	last := steps[len(steps)-1]
	until, exit, move := v.AsOf, Open, last.move
	switch {
	case end >= 0:
		move, exit = steps[end].move, target
		until = j.Moves[move].At
	case last.node >= p.worked:
		until, exit = j.Moves[move].At, p.stages[last.node].End
		if exit == target {
			exit = Left
		}
	}
	if s, ok = v.spell(j.Moves[steps[start].move].At, until, exit); ok {
		f.ticks(&j, move, s)
	}
	return s, ok, f.err()
}

// way returns the steps with which a journey entered a and then reached b, -1 where it did not.
func (p *Pipeline) way(steps []stop, a, b int, skip Skip) (start, end int) {
	start, end = -1, -1
	level := a // how far direct moves took it
	for i, s := range steps {
		there := s.node == b
		if skip == Implied && b < p.worked {
			there = p.past(s.node, b)
		}
		if start < 0 {
			if s.node != a && !(skip == Implied && p.past(s.node, a)) {
				continue
			}
			start = i
			if skip == Implied && there { // it went past both at once
				return start, i
			}
			continue
		}
		if skip == Contiguous {
			direct := steps[i-1].node == level
			there = there && direct && (b == level+1 || b >= p.worked && level == p.worked-1)
			if direct && s.node == level+1 && s.node < p.worked {
				level++
			}
		}
		if there {
			return start, i
		}
	}
	return start, end
}

// past reports whether who is at a node is at the stage or went past it.
func (p *Pipeline) past(node, stage int) bool {
	return node >= stage && node < p.worked || p.isWon(node)
}

// pair returns the nodes of a conversion.
func (p *Pipeline) pair(from, to string, skip Skip) (a, b int, err error) {
	if a, err = p.node("from", from, true); err != nil {
		return 0, 0, err
	}
	if b, err = p.node("to", to, true); err != nil {
		return 0, 0, err
	}
	if err := p.target("to", b, skip); err != nil {
		return 0, 0, err
	}
	switch visited := skip == Visited || skip == ""; {
	case a == b:
		err = inputError("to", to, "is where the conversion begins: ask for another stage, or see StageFlow.Reworked")
	case visited:
	case a >= p.worked:
		err = inputError("from", from, "is an end: use Visited to ask who came back")
	case b < a:
		err = inputError("to", to, "is before the stage at which the conversion begins: use Visited to ask who fell back")
	}
	return a, b, err
}

// target checks that a policy can ask for a node.
func (p *Pipeline) target(path string, b int, skip Skip) error {
	switch skip {
	case "", Visited, Implied:
	case Contiguous:
		if b >= p.worked && !p.isWon(b) {
			return inputError(path, p.stages[b].Key, "is no end to which direct moves lead stage by stage: use Visited")
		}
	default:
		return inputError("skip", string(skip), `is none of "visited", "implied" and "contiguous"`)
	}
	return nil
}
