package funnel

import (
	"cmp"
	"slices"
)

// Activity is what a [Graph] counts of an activity.
type Activity struct {
	// Name is the name of the activity.
	Name string `json:"name"`
	// Count is how often it took place.
	Count int64 `json:"count"`
	// Cases is in how many cases.
	Cases int64 `json:"cases"`
	// Starts is how many cases began with it.
	Starts int64 `json:"starts"`
	// Ends is how many cases ended with it.
	Ends int64 `json:"ends"`
	// SelfLoops is how often it came directly after itself; for more see [Graph.Rework].
	SelfLoops int64 `json:"selfLoops"`
}

// Activities returns the activities, by name.
func (g *Graph) Activities() []Activity {
	ids, _ := g.used()
	list := make([]Activity, 0, len(ids))
	for _, id := range ids {
		n := &g.nodes[id]
		list = append(list, Activity{
			Name: g.activities.names[id], Count: n.count, Cases: n.cases, Starts: n.starts, Ends: n.ends,
			SelfLoops: n.loops.All(),
		})
	}
	return list
}

// used returns the activities that took place, by name, and the place of each number among them.
func (g *Graph) used() (ids, rank []int32) {
	return g.activities.sorted(func(id int32) bool { return int(id) < len(g.nodes) && g.nodes[id].count > 0 })
}

// Edge is that an activity comes directly after another in a case.
type Edge struct {
	// From is the activity that comes first.
	From string `json:"from"`
	// To is the one that comes next. It may be the same: a self-loop.
	To string `json:"to"`
	// DurationSummary tells how often, and of the nanoseconds from the one to the other.
	DurationSummary
}

// Edges returns the edges by the names of their activities: from, then to. Those with the greatest Total are where cases
// spend their time; the totals of all edges add up to that of [Graph.Throughput]. It takes time in proportion to the number of
// different times.
func (g *Graph) Edges() []Edge {
	order := g.order()
	list := make([]Edge, 0, len(order))
	for _, i := range order {
		e := &g.edges[i]
		s, _ := summarize(&e.times)
		list = append(list, Edge{From: g.activities.names[e.from], To: g.activities.names[e.to], DurationSummary: s})
	}
	return list
}

// order returns the edges that occur, by the names of their activities.
func (g *Graph) order() []int {
	_, rank := g.used()
	var order []int
	for i := range g.edges {
		if g.edges[i].times.Len() > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &g.edges[i], &g.edges[j]
		return cmp.Or(cmp.Compare(rank[a.from], rank[b.from]), cmp.Compare(rank[a.to], rank[b.to]))
	})
	return order
}

// Times returns a copy of the times from one activity to that directly after it, in nanoseconds; ok is false if it never
// came directly after it.
func (g *Graph) Times(from, to string) (d *Durations, ok bool) {
	a, known := g.activities.ids[from]
	b, also := g.activities.ids[to]
	i, ok := g.at[edgeKey(a, b)]
	if !known || !also || !ok || g.edges[i].times.Len() == 0 {
		return nil, false
	}
	return &Durations{s: *g.edges[i].times.Clone()}, true
}

// Throughput returns a copy of the throughput times: of each case the time from its first event to its last, in nanoseconds.
func (g *Graph) Throughput() *Durations { return &Durations{s: *g.throughput.Clone()} }
