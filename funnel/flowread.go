package funnel

// StageFlow is what happened to the visits of one stage. Entered is the sum of the six that follow it, in counts and in amounts.
type StageFlow struct {
	// Stage is the key of the stage.
	Stage string `json:"stage"`
	// Entered is all visits.
	Entered Part `json:"entered"`
	// Advanced is the visits that ended with a move to a later stage.
	Advanced Part `json:"advanced"`
	// Regressed is the visits that ended with a move to an earlier stage.
	Regressed Part `json:"regressed"`
	// Won is the visits that ended with the deal won.
	Won Part `json:"won"`
	// Lost is the visits that ended with the deal lost.
	Lost Part `json:"lost"`
	// Left is the visits that ended as the deal left the pipeline undecided.
	Left Part `json:"left"`
	// Open is the visits that have not ended.
	Open Part `json:"open"`
	// Started is how many of the visits were the first of their journey.
	Started int64 `json:"started"`
	// Reworked is how many of the visits were not the first that their journey paid to the stage.
	Reworked int64 `json:"reworked"`
	// Repeated is how many moves led to the stage from the stage itself. They are no visits, nor part of the sum.
	Repeated int64 `json:"repeated"`
	// Skipped is how many moves jumped over the stage, from an earlier stage to a later one or to a win. Journeys that began in
	// a later stage did not move over it.
	Skipped int64 `json:"skipped"`
}

// Outcome is where the journeys of a flow stand. Journeys is the sum of the four that follow it, in counts and in amounts.
type Outcome struct {
	// Journeys is all journeys.
	Journeys Part `json:"journeys"`
	// Won is those that were won.
	Won Part `json:"won"`
	// Lost is those that were lost.
	Lost Part `json:"lost"`
	// Left is those that left the pipeline undecided.
	Left Part `json:"left"`
	// Open is those that have not ended.
	Open Part `json:"open"`
	// Reopened is how often a journey came back after an end.
	Reopened int64 `json:"reopened"`
}

// Transition is how often journeys moved from one place to another.
type Transition struct {
	// From is the key of the stage or end that was left; "" where journeys began.
	From string `json:"from"`
	// To is the key of the stage or end that was reached.
	To string `json:"to"`
	// Part is how many moves there were, and what the deals were worth.
	Part
}

// Journeys returns how many journeys the flow holds.
func (f *Flow) Journeys() int64 { return f.journeys }

// Pipeline returns the pipeline of the journeys; the zero Pipeline if there are none.
func (f *Flow) Pipeline() Pipeline { return f.pipe }

// Currency returns the currency of the amounts; "" if it has no name, or there are no journeys.
func (f *Flow) Currency() string { return f.currency }

// Stages returns the flow through each stage that is worked, in the order of the pipeline; none if there are no journeys.
func (f *Flow) Stages() []StageFlow {
	out := make([]StageFlow, f.pipe.worked)
	for i := range out {
		out[i] = f.stage(i)
	}
	return out
}

// Stage returns the flow through one stage.
//
// Stage returns an error if:
//   - stage is not the key of a stage that is worked ([ErrInput])
//   - there are no journeys, so that the stages are not known ([ErrUndefined])
func (f *Flow) Stage(stage string) (StageFlow, error) {
	at, err := f.worked(stage)
	if err != nil {
		return StageFlow{}, err
	}
	return f.stage(at), nil
}

// worked returns the node of a stage that is worked.
func (f *Flow) worked(stage string) (int, error) {
	if f.journeys == 0 {
		return 0, errNoJourneys()
	}
	return f.pipe.node("stage", stage, false)
}

func errNoJourneys() error {
	return &Error{Path: "journeys", Msg: "are missing: the flow holds none", Err: ErrUndefined}
}

// node returns the node with a key.
func (p *Pipeline) node(path, key string, ends bool) (int, error) {
	at, ok := p.index[key]
	switch {
	case !ok:
		return 0, inputError(path, key, "is no stage of the pipeline")
	case at >= p.worked && !ends:
		return 0, inputError(path, key, "is an end: ask of a stage that is worked")
	}
	return at, nil
}

// inputError is a single fault of the arguments.
func inputError(path, value, msg string) error {
	var f faults
	f.add(ErrInput, "", path, value, msg)
	return f.err()
}

func (f *Flow) stage(at int) StageFlow {
	var exits [6]sum
	n := len(f.pipe.stages)
	for to, s := range f.moves[at*n : at*n+n] {
		exits[exitIndex(f.pipe.exit(at, to))].plus(s)
	}
	exits[exitIndex(Open)] = f.open[at]
	var entered sum
	for _, s := range exits {
		entered.plus(s)
	}
	out := StageFlow{
		Stage: f.pipe.stages[at].Key, Entered: entered.part(),
		Advanced: exits[0].part(), Regressed: exits[1].part(), Won: exits[2].part(), Lost: exits[3].part(), Left: exits[4].part(), Open: exits[5].part(),
		Started: f.start[at].n, Reworked: entered.n - f.reach.visited[at*n+at].all, Repeated: f.repeated[at],
	}
	for from := range at {
		for to, s := range f.moves[from*n : from*n+n] {
			if to > at && to < f.pipe.worked || f.pipe.isWon(to) {
				out.Skipped += s.n
			}
		}
	}
	return out
}

// Outcome returns where the journeys stand.
func (f *Flow) Outcome() Outcome {
	var all, open, reopened sum
	var ends [6]sum
	for _, s := range f.start {
		all.plus(s)
	}
	for _, s := range f.open {
		open.plus(s)
	}
	for end := f.pipe.worked; end < len(f.pipe.stages); end++ {
		in, out := f.through(end)
		reopened.plus(out)
		ends[exitIndex(f.pipe.stages[end].End)].plus(sum{in.n - out.n, in.amount.Sub(out.amount)})
	}
	return Outcome{
		Journeys: all.part(), Won: ends[exitIndex(Won)].part(), Lost: ends[exitIndex(Lost)].part(), Left: ends[exitIndex(Left)].part(), Open: open.part(),
		Reopened: reopened.n,
	}
}

// through returns what came to a node, from the start or by moves, and what moved on.
func (f *Flow) through(node int) (in, out sum) {
	n := len(f.pipe.stages)
	in = f.start[node]
	for other := range n {
		in.plus(f.moves[other*n+node])
		out.plus(f.moves[node*n+other])
	}
	return in, out
}

// Moves returns the moves that took place, by where they began and ended: first where journeys began, then those from each
// stage, in the order of the pipeline, ends last. What comes to a stage that is worked goes on from it, or is Open.
func (f *Flow) Moves() []Transition {
	var out []Transition
	n := len(f.pipe.stages)
	for to, s := range f.start {
		if s.n > 0 {
			out = append(out, Transition{To: f.pipe.stages[to].Key, Part: s.part()})
		}
	}
	for i, s := range f.moves {
		if s.n > 0 {
			out = append(out, Transition{From: f.pipe.stages[i/n].Key, To: f.pipe.stages[i%n].Key, Part: s.part()})
		}
	}
	return out
}

// Times returns a copy of how long the visits of a stage took, by how they ended: advanced, regressed, won, lost, left; open
// visits are censored. Every visit has a spell but those that ended before the view's Since; spells of one deal are taken to be
// independent. The errors are those of [Flow.Stage].
func (f *Flow) Times(stage string) (*Lifetimes, error) {
	at, err := f.worked(stage)
	if err != nil {
		return nil, err
	}
	return f.times[at].Clone(), nil
}

// exitIndex numbers the exits as they stand in [StageFlow].
func exitIndex(e Exit) int {
	switch e {
	case Advanced:
		return 0
	case Regressed:
		return 1
	case Won:
		return 2
	case Lost:
		return 3
	case Left:
		return 4
	default:
		return 5
	}
}
