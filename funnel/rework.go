package funnel

// Rework is what is done again in a process.
type Rework struct {
	// Cases is in how many of the cases an activity took place more than once.
	Cases Ratio `json:"cases"`
	// Activities are those that took place more than once in a case, by name.
	Activities []ActivityRework `json:"activities"`
}

// ActivityRework is how often an activity took place again in the same case. Its events are the first of each case,
// SelfLoops and Repetitions.
type ActivityRework struct {
	// Activity is the name of the activity.
	Activity string `json:"activity"`
	// Cases is in how many of the cases with the activity it took place more than once.
	Cases Ratio `json:"cases"`
	// Runs is how often it began to follow itself: three in a row are one run of two self-loops.
	Runs int64 `json:"runs"`
	// SelfLoops are the events that came directly after the same activity, compared with that event.
	SelfLoops Again `json:"selfLoops"`
	// Repetitions are those that came after others in between, compared with the first event of the activity in the case.
	Repetitions Again `json:"repetitions"`
}

// Again splits work that is done again by who does it (Swennen, Janssenswillen, Jans, Depaire, Vanhoof 2015, Capturing
// Process Behavior with Log-Based Process Metrics, as in the package edeaR).
type Again struct {
	// Repeat is how often it was the same who did it before.
	Repeat int64 `json:"repeat"`
	// Redo is how often it was another.
	Redo int64 `json:"redo"`
	// Unknown is how often it is not known: the By of one of the two moves is empty.
	Unknown int64 `json:"unknown"`
}

// All returns the sum.
func (a Again) All() int64 { return a.Repeat + a.Redo + a.Unknown }

// count counts work that one did and then another.
func (a *Again) count(before, by string) {
	switch {
	case before == "" || by == "":
		a.Unknown++
	case before == by:
		a.Repeat++
	default:
		a.Redo++
	}
}

func (a Again) plus(b Again) Again {
	return Again{a.Repeat + b.Repeat, a.Redo + b.Redo, a.Unknown + b.Unknown}
}

func (a Again) minus(b Again) Again {
	return Again{a.Repeat - b.Repeat, a.Redo - b.Redo, a.Unknown - b.Unknown}
}

// Rework returns what was done again.
func (g *Graph) Rework() Rework {
	r := Rework{Cases: Ratio{g.reworked, g.Cases()}, Activities: []ActivityRework{}}
	ids, _ := g.used()
	for _, id := range ids {
		if n := &g.nodes[id]; n.reworked > 0 {
			r.Activities = append(r.Activities, ActivityRework{
				Activity: g.activities.names[id], Cases: Ratio{n.reworked, n.cases},
				Runs: n.runs, SelfLoops: n.loops, Repetitions: n.repetitions,
			})
		}
	}
	return r
}

// rework counts move i, whose activity was met in the case before.
func (n *graphNode) rework(moves []Move, path []int32, i int) {
	if path[i-1] != path[i] {
		n.repetitions.count(moves[n.first].By, moves[i].By)
		return
	}
	n.loops.count(moves[i-1].By, moves[i].By)
	if i < 2 || path[i-2] != path[i] {
		n.runs++
	}
}
