package funnel

import (
	"math"

	"github.com/salesops-go/salesops/internal/multiset"
)

// Graph is the directly-follows graph of an event log: how often each activity took place, how often and how fast one
// followed another within a case, and where cases begin and end (van der Aalst 2019, A practitioner's guide to process mining,
// https://doi.org/10.1016/j.procs.2019.12.189). A case is a [Journey], an event one of its moves; no pipeline is needed. Events
// are read in the order in which they stand: who has a table sorts it by case and time, and leaves events of the same time in
// the order in which they were written.
//
// Each activity leaves as often as it comes: its count is that of the edges to it and the cases that begin with it, and that
// of the edges from it and the cases that end with it.
//
// The zero value is empty and is the identity of [Graph.Merge]. A Graph keeps the times of each edge and the throughput times
// as [Durations], in nanoseconds, which is nearly all of its memory: 16 to 48 bytes for each different time of each edge. To
// add a case takes constant time per event, and allocates nothing but the room for what is new. A Graph must not be copied
// once in use, nor used from several goroutines while one of them changes it.
type Graph struct {
	activities activities
	nodes      []graphNode      // by number of activity
	edges      []graphEdge      // in the order in which they are met
	at         map[uint64]int32 // by edgeKey
	events     int64
	reworked   int64 // cases in which an activity took place more than once
	throughput multiset.Set
	pass       int64 // of the journey that is added
}

// graphNode is an activity.
type graphNode struct {
	activityTally
	seen  int64   // the pass in which it was last met
	again int64   // the pass in which it was last met again
	first int     // the move of pass seen in which it was met first
	to    []int32 // the edges to the first activities, one above their numbers, as a short cut
}

// graphEdge is that one activity comes after another.
type graphEdge struct {
	from, to int32
	times    multiset.Set // nanoseconds
}

func edgeKey(from, to int32) uint64 { return uint64(uint32(from))<<32 | uint64(uint32(to)) }

// Add counts a case. The times are those of the wall clock.
//
// Add returns an error ([ErrInput], with the ID of the journey and the place of the move), and counts nothing, if:
//   - there is no move
//   - the name of an activity is empty, or not UTF-8
//   - a time is zero, before that of the move that comes first, or more than 292 years after the first
//   - there are 2^63-1 events already
func (g *Graph) Add(j Journey) error {
	c, err := g.activities.read(j)
	if err != nil {
		return err
	}
	path := c.path
	if int64(len(path)) > math.MaxInt64-g.events {
		return &Error{ID: j.ID, Path: "moves", Msg: "would be more than 2^63-1 events with those counted", Err: ErrInput}
	}
	for len(g.nodes) < len(g.activities.names) {
		g.nodes = append(g.nodes, graphNode{})
	}
	g.pass++
	reworked := false
	for i, id := range path {
		n := &g.nodes[id]
		n.count++
		if i > 0 {
			g.edge(path[i-1], id).times.Add(c.gaps[i]) // there is room, as there is for the event
		}
		if n.seen != g.pass {
			n.seen, n.first = g.pass, i
			n.cases++
			continue
		}
		n.rework(j.Moves, path, i)
		if n.again != g.pass {
			n.again = g.pass
			n.reworked++
		}
		reworked = true
	}
	g.nodes[path[0]].starts++
	g.nodes[path[len(path)-1]].ends++
	g.events += int64(len(path))
	if reworked {
		g.reworked++
	}
	g.throughput.Add(c.span)
	return nil
}

// graphNear is how many activities have a short cut to the edges to them.
const graphNear = 64

// edge returns the edge, a new one if need be.
func (g *Graph) edge(from, to int32) *graphEdge {
	if short := g.nodes[from].to; int(to) < len(short) && short[to] > 0 {
		return &g.edges[short[to]-1]
	}
	k := edgeKey(from, to)
	i, ok := g.at[k]
	if !ok {
		if g.at == nil {
			g.at = make(map[uint64]int32)
		}
		i = int32(len(g.edges))
		g.edges = append(g.edges, graphEdge{from: from, to: to})
		g.at[k] = i
	}
	if n := &g.nodes[from]; to < graphNear {
		n.to = append(n.to, make([]int32, max(0, int(to)+1-len(n.to)))...)
		n.to[to] = i + 1
	}
	return &g.edges[i]
}

// node returns the node of the activity, a new one if need be.
func (g *Graph) node(name string) (id int32, n *graphNode) {
	id = g.activities.id(name)
	for len(g.nodes) <= int(id) {
		g.nodes = append(g.nodes, graphNode{})
	}
	return id, &g.nodes[id]
}

// Merge adds the cases of o, which stays as it is. nil is empty; g may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 events.
func (g *Graph) Merge(o *Graph) error {
	if o == nil {
		return nil
	}
	if o.events > math.MaxInt64-g.events {
		return errTooMany("events")
	}
	ids := make([]int32, len(o.nodes))
	for i := range o.nodes {
		id, n := g.node(o.activities.names[i])
		n.activityTally = n.plus(o.nodes[i].activityTally)
		ids[i] = id
	}
	for i := range o.edges {
		e := &o.edges[i]
		g.edge(ids[e.from], ids[e.to]).times.Merge(&e.times)
	}
	g.events += o.events
	g.reworked += o.reworked
	g.throughput.Merge(&o.throughput)
	return nil
}

// Sub takes the cases of o away, which stays as it is: the inverse of [Graph.Merge], for windows that slide. nil is empty; g
// may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if g does not hold them.
func (g *Graph) Sub(o *Graph) error {
	if o == nil {
		return nil
	}
	ids := make([]int32, len(o.nodes))
	t := g.totals()
	for i := range o.nodes {
		if o.nodes[i].count == 0 {
			continue
		}
		id, ok := g.activities.ids[o.activities.names[i]]
		if !ok || int(id) >= len(g.nodes) {
			return errNotHeld("activities")
		}
		ids[i] = id
		t.nodes[id] = t.nodes[id].minus(o.nodes[i].activityTally)
	}
	minus := make([]*multiset.Set, len(g.edges))
	for i := range o.edges {
		e := &o.edges[i]
		if e.times.Len() == 0 {
			continue
		}
		k, ok := g.at[edgeKey(ids[e.from], ids[e.to])]
		if !ok || !g.edges[k].times.Holds(&e.times) {
			return errNotHeld("edges")
		}
		minus[k] = &e.times
		t.edges[k].count -= e.times.Len()
	}
	t.cases -= o.Cases()
	t.reworked -= o.reworked
	if !g.throughput.Holds(&o.throughput) || !t.consistent() {
		return errNotHeld("cases")
	}
	for i := range t.nodes {
		g.nodes[i].activityTally = t.nodes[i]
	}
	for k, times := range minus {
		if times != nil {
			g.edges[k].times.Sub(times)
		}
	}
	g.events -= o.events
	g.reworked -= o.reworked
	g.throughput.Sub(&o.throughput)
	return nil
}

// Cases returns the number of cases.
func (g *Graph) Cases() int64 { return g.throughput.Len() }

// Events returns the number of events.
func (g *Graph) Events() int64 { return g.events }
