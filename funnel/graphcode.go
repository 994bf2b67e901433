package funnel

import (
	"encoding/json"
	"errors"
	"math"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of a text that holds a graph or variants.
var (
	errLogNames  = errors.New("has names that are empty, not UTF-8 or do not ascend")
	errLogOrder  = errors.New("has items that do not ascend")
	errLogUnused = errors.New("has an item that never occurs")
	errLogCounts = errors.New("has counts that do not agree with each other")
)

// MarshalBinary returns the graph in binary form, which depends on nothing but the cases counted.
func (g Graph) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, 'G', 1)
	ids, rank := g.used()
	b = wire.Uint(b, uint64(len(ids)))
	for _, id := range ids {
		b = wire.String(b, g.activities.names[id])
		for _, n := range g.nodes[id].fields() {
			b = wire.Uint(b, uint64(*n))
		}
	}
	order := g.order()
	b = wire.Uint(b, uint64(len(order)))
	for _, i := range order {
		e := &g.edges[i]
		b = wire.Uint(wire.Uint(b, uint64(rank[e.from])), uint64(rank[e.to]))
		b = e.times.Append(b)
	}
	return g.throughput.Append(wire.Uint(b, uint64(g.reworked))), nil
}

// fields returns the counts in the order in which they are written.
func (t *activityTally) fields() [12]*int64 {
	return [...]*int64{
		&t.count, &t.cases, &t.starts, &t.ends, &t.reworked, &t.runs,
		&t.loops.Repeat, &t.loops.Redo, &t.loops.Unknown,
		&t.repetitions.Repeat, &t.repetitions.Redo, &t.repetitions.Unknown,
	}
}

// UnmarshalBinary replaces g by the graph in binary form. It returns an error ([ErrEncoding]), and leaves g as it is, if data
// is not what [Graph.MarshalBinary] returns for any graph.
func (g *Graph) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'G', 1)
	var d decodedGraph
	for range r.Count(14) {
		name := r.String()
		var t activityTally
		for _, n := range t.fields() {
			*n = r.Natural(math.MaxInt64)
		}
		if !r.OK() {
			break
		}
		d.node(name, t)
	}
	for range r.Count(5) {
		from, to := r.Natural(math.MaxInt32), r.Natural(math.MaxInt32)
		times := multiset.Read(r)
		if !r.OK() {
			break
		}
		d.edge(int32(from), int32(to), times)
	}
	reworked := r.Natural(math.MaxInt64)
	d.end(reworked, multiset.Read(r))
	if d.err != nil {
		r.Fail(d.err)
	}
	if err := r.Close(); err != nil {
		return errEncoding("graph", err)
	}
	*g = d.g
	return nil
}

// decodedGraph is a graph that is made of what a text says. It keeps the first fault.
type decodedGraph struct {
	g   Graph
	err error
}

func (d *decodedGraph) must(ok bool, err error) {
	if !ok && d.err == nil {
		d.err = err
	}
}

// node adds an activity. They come by name.
func (d *decodedGraph) node(name string, t activityTally) {
	d.must(d.g.activities.next(name), errLogNames)
	d.must(t.count > 0, errLogUnused)
	d.must(t.count <= math.MaxInt64-d.g.events, errLogCounts)
	if d.err == nil {
		d.g.nodes = append(d.g.nodes, graphNode{activityTally: t})
		d.g.events += t.count
	}
}

// next numbers the next activity; it reports false if the name is none, or does not come after the one before.
func (a *activities) next(name string) bool {
	if name == "" || !utf8.ValidString(name) || len(a.names) > 0 && name <= a.names[len(a.names)-1] {
		return false
	}
	a.id(name)
	return true
}

// edge adds an edge. They come by the numbers of their activities.
func (d *decodedGraph) edge(from, to int32, times *multiset.Set) {
	d.must(max(from, to) < int32(len(d.g.nodes)), errLogCounts)
	if n := len(d.g.edges); n > 0 {
		d.must(edgeKey(d.g.edges[n-1].from, d.g.edges[n-1].to) < edgeKey(from, to), errLogOrder)
	}
	least, ok := times.Min()
	d.must(ok, errLogUnused)
	d.must(least >= 0, errTicks)
	if d.err == nil {
		d.g.edge(from, to).times = *times
	}
}

// end adds what is counted of cases, and checks whether all of it can be of an event log.
func (d *decodedGraph) end(reworked int64, throughput *multiset.Set) {
	d.g.reworked, d.g.throughput = reworked, *throughput
	least, _ := throughput.Min()
	d.must(least >= 0, errTicks)
	d.must(d.g.totals().consistent(), errLogCounts)
	if d.err != nil {
		return
	}
	rest := throughput.Sum()
	for i := range d.g.edges {
		rest.Sub(rest, d.g.edges[i].times.Sum())
	}
	d.must(rest.Sign() == 0, errLogCounts)
}

// graphJSON is the JSON form of a graph.
type graphJSON struct {
	Cases      int64          `json:"cases"`
	Events     int64          `json:"events"`
	Reworked   int64          `json:"reworked"`
	Activities []activityJSON `json:"activities"`
	Edges      []edgeJSON     `json:"edges"`
	Throughput durationsJSON  `json:"throughput"`
}

type activityJSON struct {
	Activity
	Reworked    int64 `json:"reworked"`
	Runs        int64 `json:"runs"`
	Loops       Again `json:"loops"`
	Repetitions Again `json:"repetitions"`
}

type edgeJSON struct {
	From  string        `json:"from"`
	To    string        `json:"to"`
	Times durationsJSON `json:"times"`
}

// MarshalJSON returns the graph as an object of all that is counted: cases, events, activities and edges by name, and each
// different time with its count, as [Durations.MarshalJSON] has them.
func (g Graph) MarshalJSON() ([]byte, error) {
	j := graphJSON{
		Cases: g.Cases(), Events: g.events, Reworked: g.reworked,
		Activities: []activityJSON{}, Edges: []edgeJSON{}, Throughput: ticksJSON(&g.throughput),
	}
	ids, _ := g.used()
	for i, a := range g.Activities() {
		n := &g.nodes[ids[i]]
		j.Activities = append(j.Activities, activityJSON{a, n.reworked, n.runs, n.loops, n.repetitions})
	}
	for _, i := range g.order() {
		e := &g.edges[i]
		j.Edges = append(j.Edges, edgeJSON{g.activities.names[e.from], g.activities.names[e.to], ticksJSON(&e.times)})
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces g by the graph in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves g as it
// is, if data is not the JSON of a graph: it has other fields, items that do not ascend or counts that do not agree.
func (g *Graph) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j graphJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("graph", err)
	}
	var d decodedGraph
	for _, a := range j.Activities {
		t := activityTally{
			count: a.Count, cases: a.Cases, starts: a.Starts, ends: a.Ends,
			reworked: a.Reworked, runs: a.Runs, loops: a.Loops, repetitions: a.Repetitions,
		}
		d.node(a.Name, t)
		d.must(a.SelfLoops == a.Loops.All(), errLogCounts)
	}
	for _, e := range j.Edges {
		from, ok := d.g.activities.ids[e.From]
		d.must(ok, errLogCounts)
		to, ok := d.g.activities.ids[e.To]
		d.must(ok, errLogCounts)
		times, err := e.Times.set()
		if d.must(err == nil, err); d.err != nil {
			break
		}
		d.edge(from, to, times)
	}
	throughput, err := j.Throughput.set()
	if d.must(err == nil, err); d.err == nil {
		d.end(j.Reworked, throughput)
		d.must(j.Cases == throughput.Len() && j.Events == d.g.events, errLogCounts)
	}
	if d.err != nil {
		return errEncoding("graph", d.err)
	}
	*g = d.g
	return nil
}
