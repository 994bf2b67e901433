package funnel

// activityTally is what is counted of an activity.
type activityTally struct {
	count, cases, starts, ends int64
	reworked                   int64 // cases in which it took place more than once
	runs                       int64
	loops, repetitions         Again
}

func (t activityTally) plus(o activityTally) activityTally {
	return activityTally{
		count: t.count + o.count, cases: t.cases + o.cases, starts: t.starts + o.starts, ends: t.ends + o.ends,
		reworked: t.reworked + o.reworked, runs: t.runs + o.runs,
		loops: t.loops.plus(o.loops), repetitions: t.repetitions.plus(o.repetitions),
	}
}

func (t activityTally) minus(o activityTally) activityTally {
	return activityTally{
		count: t.count - o.count, cases: t.cases - o.cases, starts: t.starts - o.starts, ends: t.ends - o.ends,
		reworked: t.reworked - o.reworked, runs: t.runs - o.runs,
		loops: t.loops.minus(o.loops), repetitions: t.repetitions.minus(o.repetitions),
	}
}

// graphTotals is what a graph counts, times aside. Decoders and Sub ask whether it can be that of an event log.
type graphTotals struct {
	nodes           []activityTally
	edges           []edgeCount
	cases, reworked int64
}

type edgeCount struct {
	from, to int32
	count    int64
}

func (g *Graph) totals() graphTotals {
	t := graphTotals{cases: g.Cases(), reworked: g.reworked}
	for i := range g.nodes {
		t.nodes = append(t.nodes, g.nodes[i].activityTally)
	}
	for i := range g.edges {
		e := &g.edges[i]
		t.edges = append(t.edges, edgeCount{e.from, e.to, e.times.Len()})
	}
	return t
}

// consistent reports whether the counts agree with each other.
func (t graphTotals) consistent() bool {
	// What is left of the counts when all that makes them is taken away. The order matters: as nothing may fall below 0, no
	// sum is beyond an int64.
	in := make([]int64, len(t.nodes))
	out := make([]int64, len(t.nodes))
	self := make([]int64, len(t.nodes))
	starts, ends, mostReworked, allReworked := t.cases, t.cases, int64(0), t.reworked
	for i, n := range t.nodes {
		in[i], out[i] = n.count-n.starts, n.count-n.ends
		starts -= n.starts
		ends -= n.ends
		if min(n.starts, n.ends, n.runs, starts, ends) < 0 || max(n.starts, n.ends) > n.cases {
			return false
		}
		mostReworked = max(mostReworked, n.reworked)
		allReworked -= min(allReworked, n.reworked)
		if !n.again(&self[i]) {
			return false
		}
	}
	for _, e := range t.edges {
		in[e.to] -= e.count
		out[e.from] -= e.count
		if min(e.count, in[e.to], out[e.from]) < 0 {
			return false
		}
		if e.from == e.to {
			self[e.to] -= e.count
		}
	}
	for i := range t.nodes {
		if in[i] != 0 || out[i] != 0 || self[i] != 0 {
			return false
		}
	}
	return starts == 0 && ends == 0 && mostReworked <= t.reworked && t.reworked <= t.cases && allReworked == 0
}

// again reports whether the counts of what was done again agree with the others, and returns the self-loops.
func (t activityTally) again(self *int64) bool {
	rest := t.count - t.cases // events that were not the first of their case
	if min(t.cases, rest) < 0 || t.cases > t.count || t.count > 0 && t.cases == 0 {
		return false
	}
	if t.reworked < min(rest, 1) || t.reworked > min(rest, t.cases) {
		return false
	}
	for _, a := range [...]Again{t.loops, t.repetitions} {
		for _, n := range [...]int64{a.Repeat, a.Redo, a.Unknown} {
			if n < 0 || n > rest {
				return false
			}
			rest -= n
		}
	}
	*self = t.loops.All()
	return rest == 0 && t.runs >= min(*self, 1) && t.runs <= *self
}
