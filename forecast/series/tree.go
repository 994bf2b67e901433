package series

import (
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops/internal/fault"
)

// Node is one member of a hierarchy whose values add up: a rep in a team, a product in a line, a territory in a region.
type Node struct {
	// ID names the node; it must be unique and not empty.
	ID string `json:"id"`
	// Parent is the ID of the node that this one is part of; empty for one that is part of none.
	Parent string `json:"parent,omitempty"`
}

// Tree is a hierarchy of nodes, made by [NewTree]: the value of a node with children is the sum of theirs, and the nodes
// without are its leaves. Its zero value has no nodes.
//
// Series that belong to a tree are maps from the ID of a node to its values, all of one length. They may be forecasts,
// histories or fitted values.
type Tree struct {
	ids    []string       // breadth first: parents before their children, the children of one node side by side
	at     map[string]int // places in ids
	parent []int          // -1 for a root
	first  []int          // the first child, and
	count  []int          // the number of children; 0 for a leaf
	leaves []string       // in the order of the input
}

// NewTree makes a tree of nodes. They may come in any order, and there may be several roots. Values of children are added
// in the order of nodes. O(n).
//
// NewTree returns an error ([ErrInput], all faults together; circles are looked for when there is no other) if:
//   - there are no nodes
//   - an ID is empty or there twice
//   - a Parent is not the ID of a node (an orphan)
//   - nodes are parts of themselves (a cycle)
func NewTree(nodes []Node) (Tree, error) {
	if len(nodes) == 0 {
		return Tree{}, invalid("nodes", "", "must be one or more")
	}
	var f fault.List
	parent, children := treeLinks(&f, nodes)
	if err := f.Err(andMore); err != nil {
		return Tree{}, err
	}
	n := len(nodes)
	t := Tree{
		ids: make([]string, 0, n), at: make(map[string]int, n),
		parent: make([]int, n), first: make([]int, n), count: make([]int, n),
	}
	queue := make([]int, 0, n) // places in nodes, in the order of t
	for i, p := range parent {
		if p < 0 {
			queue = append(queue, i)
		}
	}
	for place := range queue {
		t.parent[place] = -1
	}
	for place := 0; place < len(queue); place++ {
		i := queue[place]
		t.at[nodes[i].ID] = place
		t.ids = append(t.ids, nodes[i].ID)
		t.first[place], t.count[place] = len(queue), len(children[i])
		for _, c := range children[i] {
			t.parent[len(queue)] = place
			queue = append(queue, c)
		}
	}
	if len(queue) < n {
		treeCycles(&f, nodes, parent, t.at)
		return Tree{}, f.Err(andMore)
	}
	for i, node := range nodes {
		if len(children[i]) == 0 {
			t.leaves = append(t.leaves, node.ID)
		}
	}
	return t, nil
}

// treeLinks returns the place of the parent of each node, -1 for a root, and the places of the children.
func treeLinks(f *fault.List, nodes []Node) (parent []int, children [][]int) {
	at := make(map[string]int, len(nodes))
	for i, node := range nodes {
		path := "nodes/" + strconv.Itoa(i) + "/id"
		switch first, twice := at[node.ID]; {
		case node.ID == "":
			f.Add(invalid(path, "", "must not be empty"))
		case twice:
			f.Add(invalid(path, brief(node.ID), "must be unique; it is that of nodes/"+strconv.Itoa(first)+" too"))
		default:
			at[node.ID] = i
		}
	}
	parent, children = make([]int, len(nodes)), make([][]int, len(nodes))
	for i, node := range nodes {
		p, known := at[node.Parent]
		switch {
		case node.Parent == "":
			parent[i] = -1
		case !known:
			f.Add(invalid("nodes/"+strconv.Itoa(i)+"/parent", brief(node.Parent), "must be the ID of a node, or empty for a root"))
		default:
			parent[i] = p
			children[p] = append(children[p], i)
		}
	}
	return parent, children
}

// treeCycles adds a fault for each cycle, at the first of its nodes. Those that reached holds are in none.
func treeCycles(f *fault.List, nodes []Node, parent []int, reached map[string]int) {
	walk := make([]int, len(nodes)) // 1 + the start of the walk that passed
	for i := range nodes {
		if _, ok := reached[nodes[i].ID]; ok {
			continue
		}
		j := i
		for walk[j] == 0 {
			walk[j] = i + 1
			j = parent[j]
		}
		if walk[j] != i+1 {
			continue // into what an earlier walk has seen
		}
		least, names := j, []string{brief(nodes[j].ID)}
		for k := parent[j]; ; k = parent[k] {
			const most = 8
			if len(names) < most || k == j {
				names = append(names, brief(nodes[k].ID))
			} else if len(names) == most {
				names = append(names, "...")
			}
			if k == j {
				break
			}
			least = min(least, k)
		}
		f.Add(invalid("nodes/"+strconv.Itoa(least)+"/parent", brief(nodes[least].Parent),
			"must not lead back to the node: "+strings.Join(names, " in ")))
	}
}

// Leaves returns the IDs of the nodes without children, in the order of the nodes.
func (t Tree) Leaves() []string { return slices.Clone(t.leaves) }

// BottomUp returns the series of all nodes as sums of those of the leaves. It sums histories as well as
// forecasts. Series of nodes with children are passed over. O(n) for each step.
//
// BottomUp returns an error ([ErrInput], all faults together) if:
//   - the tree has no nodes
//   - leaves lacks a leaf, or has an ID that is not in the tree
//   - the series differ in length, or have a value that is NaN or infinite
//   - a sum overflows
func (t Tree) BottomUp(leaves map[string][]float64) (map[string][]float64, error) {
	x, h, err := t.gather("leaves", leaves, func(node int) bool { return t.count[node] == 0 })
	if err != nil {
		return nil, err
	}
	t.sum(x, h)
	return t.scatter(x, h)
}

// TopDown returns the series of all nodes, with those of the roots split among their leaves in proportion to weights,
// which holds a weight for each leaf: last year's sales, the mean of its history, its own forecast (Gross and Sohl 1990,
// doi:10.1002/for.3980090304). Series of other nodes are passed over. The shares add up to the root's series,
// except for rounding. O(n) for each step.
//
// Top-down forecasts are biased even if those of the roots are not, and know nothing of how leaves differ in trend
// (Hyndman, Ahmed, Athanasopoulos and Shang 2011); [Tree.Reconcile] uses the forecasts of all nodes.
//
// TopDown returns an error (all faults together) if:
//   - the tree has no nodes
//   - roots lacks a root, weights lacks a leaf, or one has an ID that is not in the tree ([ErrInput])
//   - the series differ in length, or have a value that is NaN or infinite ([ErrInput])
//   - a weight is negative, NaN or infinite ([ErrInput])
//   - the weights of the leaves of a root sum to zero ([ErrUndefined])
//   - a sum overflows ([ErrInput])
func (t Tree) TopDown(roots map[string][]float64, weights map[string]float64) (map[string][]float64, error) {
	x, h, err := t.gather("roots", roots, func(node int) bool { return t.parent[node] < 0 })
	if err != nil {
		return nil, err
	}
	share, err := t.shares(weights)
	if err != nil {
		return nil, err
	}
	for i, p := range t.parent {
		if p < 0 {
			continue
		}
		for k := range h {
			x[i*h+k] = x[p*h+k] * share[i]
		}
	}
	t.sum(x, h)
	return t.scatter(x, h)
}

// shares returns the share of each node in its parent.
func (t Tree) shares(weights map[string]float64) ([]float64, error) {
	var f fault.List
	t.unknown(&f, "weights", maps.Keys(weights))
	w, largest := make([]float64, len(t.ids)), 0.0
	for i, id := range t.ids {
		if t.count[i] > 0 {
			continue
		}
		switch v, ok := weights[id]; {
		case !ok:
			f.Add(invalid("weights/"+brief(id), "", "must be there: the weight of a leaf"))
		case !(v >= 0) || math.IsInf(v, 1):
			f.Add(invalid("weights/"+brief(id), text(v), "must be a finite number, zero or more"))
		default:
			w[i], largest = v, max(largest, v)
		}
	}
	if err := f.Err(andMore); err != nil {
		return nil, err
	}
	if largest > 0 {
		for i := range w {
			w[i] /= largest // sums do not overflow then
		}
	}
	t.sum(w, 1)
	share := make([]float64, len(w))
	for i, p := range t.parent {
		switch {
		case p < 0 && w[i] == 0:
			f.Add(undefined("weights", "of the leaves of "+brief(t.ids[i])+" sum to zero"))
		case p >= 0 && w[p] > 0:
			share[i] = w[i] / w[p]
		}
	}
	return share, f.Err(andMore)
}

// gather returns the series of the nodes that are needed, as rows of a matrix in the order of the tree, with zero for the
// others, and their common length.
func (t Tree) gather(what string, series map[string][]float64, needed func(node int) bool) (x []float64, h int, err error) {
	if len(t.ids) == 0 {
		return nil, 0, invalid("tree", "", "has no nodes; make it with NewTree")
	}
	var f fault.List
	t.unknown(&f, what, maps.Keys(series))
	known := -1 // the node that gives the length
	for i, id := range t.ids {
		if !needed(i) {
			continue
		}
		v, ok := series[id]
		path := func() string { return what + "/" + brief(id) }
		switch {
		case !ok:
			f.Add(invalid(path(), "", "must be there"))
			continue
		case known < 0:
			const most = 1 << 27 // 1 GB
			if len(v) > most/len(t.ids) {
				return nil, 0, invalid(path(), strconv.Itoa(len(v))+" values", "must be "+strconv.Itoa(most/len(t.ids))+" or less in this tree")
			}
			known, h = i, len(v)
			x = make([]float64, len(t.ids)*h)
		case len(v) != h:
			f.Add(invalid(path(), strconv.Itoa(len(v))+" values", "must be as many as those of "+brief(t.ids[known])+", "+strconv.Itoa(h)))
			continue
		}
		if err := checkFinite("", v); err != nil {
			f.Add(checkFinite(path(), v))
		}
		copy(x[i*h:], v)
	}
	return x, h, f.Err(andMore)
}

// unknown adds a fault for each ID that is not in the tree, sorted.
func (t Tree) unknown(f *fault.List, what string, ids iter.Seq[string]) {
	var strange []string
	for id := range ids {
		if _, ok := t.at[id]; !ok {
			strange = append(strange, id)
		}
	}
	slices.Sort(strange)
	for _, id := range strange {
		f.Add(invalid(what+"/"+brief(id), "", "must be the ID of a node of the tree"))
	}
}

// sum sets the rows of nodes with children to the sums of theirs.
func (t Tree) sum(x []float64, h int) {
	for i := range slices.Backward(t.ids) {
		if t.count[i] == 0 {
			continue
		}
		row := x[i*h : (i+1)*h]
		clear(row)
		for c := t.first[i]; c < t.first[i]+t.count[i]; c++ {
			for k, v := range x[c*h : (c+1)*h] {
				row[k] += v
			}
		}
	}
}

// scatter returns the rows of a matrix by ID.
func (t Tree) scatter(x []float64, h int) (map[string][]float64, error) {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, invalid("tree", "", "has values that are too large: a sum overflows; use larger units")
		}
	}
	out := make(map[string][]float64, len(t.ids))
	for i, id := range t.ids {
		out[id] = x[i*h : (i+1)*h : (i+1)*h]
	}
	return out, nil
}

// brief returns an ID as short text.
func brief(id string) string {
	const most = 40
	if r := []rune(id); len(r) > most {
		return string(r[:most]) + "…"
	}
	return id
}
