package forecast

import (
	"slices"
	"strconv"
	"strings"
)

// hierarchy is one run of RollUp. Nodes are numbered in their order.
type hierarchy struct {
	faults
	nodes  []Node
	index  map[string]int32
	parent []int32 // none: -1
	// first is the first child of each node, next its next sibling; none: -1.
	first, next []int32
	// order holds the nodes from the top down, a level at a time.
	order []int32
	// The nodes below node i, with itself, are those whose place is from place[i] up to, but without, end[i].
	place, end []int32
	depth      []int32
	// of holds the overrides of a node, the one that prevails first; by those that a node made.
	of, by map[int32][]int32
}

// link finds the parents.
func (h *hierarchy) link() {
	n := len(h.nodes)
	h.index = make(map[string]int32, n)
	for i := range h.nodes {
		node := &h.nodes[i]
		if node.ID == "" {
			h.add(ErrHierarchy, "", h.path("nodes", i, "id"), "", "must not be empty")
		} else if first, ok := h.index[node.ID]; ok {
			h.add(ErrHierarchy, node.ID, h.path("nodes", i, "id"), node.ID, "is that of nodes/"+strconv.Itoa(int(first))+" too; a node has one place")
		} else {
			h.index[node.ID] = int32(i)
		}
		if _, ok := admitSum(node.Own); !ok {
			h.add(ErrInput, node.ID, h.path("nodes", i, "own"), "", sumOutOfBounds)
		}
	}
	h.parent = make([]int32, n)
	for i := range h.nodes {
		node := &h.nodes[i]
		h.parent[i] = -1
		if node.Parent == "" {
			continue
		}
		above, ok := h.index[node.Parent]
		if !ok {
			h.add(ErrHierarchy, node.ID, h.path("nodes", i, "parent"), node.Parent, "is not among the nodes; a node at the top has none")
			continue
		}
		h.parent[i] = above
	}
}

// rank orders the nodes, and gives them their places.
func (h *hierarchy) rank() {
	n := len(h.nodes)
	ints := make([]int32, 6*n) // one piece of memory
	piece := func() []int32 {
		p := ints[:n:n]
		ints = ints[n:]
		return p
	}
	h.first, h.next, h.place, h.end, h.depth, h.order = piece(), piece(), piece(), piece(), piece(), piece()[:0]
	for i := range h.first {
		h.first[i] = -1
	}
	for i := n - 1; i >= 0; i-- { // so that the first child is the first
		if p := h.parent[i]; p >= 0 {
			h.next[i], h.first[p] = h.first[p], int32(i)
		}
	}
	for i, p := range h.parent {
		if p < 0 {
			h.order = append(h.order, int32(i))
		}
	}
	for done := 0; done < len(h.order); done++ {
		i := h.order[done]
		for c := h.first[i]; c >= 0; c = h.next[c] {
			h.depth[c] = h.depth[i] + 1
			h.order = append(h.order, c)
		}
	}
	if len(h.order) < n {
		h.circles()
		return
	}
	// The number of nodes below comes first, and then the places: those of a node's children are one after the other.
	for _, i := range slices.Backward(h.order) {
		h.end[i]++
		if p := h.parent[i]; p >= 0 {
			h.end[p] += h.end[i]
		}
	}
	top := int32(0)
	for _, i := range h.order {
		if h.parent[i] < 0 {
			h.place[i] = top
			top += h.end[i]
		}
		at := h.place[i] + 1
		h.end[i] += h.place[i]
		for c := h.first[i]; c >= 0; c = h.next[c] {
			h.place[c] = at
			at += h.end[c]
		}
	}
}

// circles tells of the nodes that are above each other: those that no walk down from a top has reached, and are not just
// below such nodes.
func (h *hierarchy) circles() {
	met := make([]int32, len(h.nodes)) // from which node a walk up came by, plus one
	for _, i := range h.order {
		met[i] = -1
	}
	var starts []int32 // the first node of each circle
	for i := range int32(len(h.nodes)) {
		j := i
		for ; met[j] == 0; j = h.parent[j] {
			met[j] = i + 1
		}
		if met[j] != i+1 { // it has not come back to where it was
			continue
		}
		start := j
		for k := h.parent[j]; k != j; k = h.parent[k] {
			start = min(start, k)
		}
		starts = append(starts, start)
	}
	slices.Sort(starts)
	for _, i := range starts {
		node := &h.nodes[i]
		h.add(ErrHierarchy, node.ID, h.path("nodes", int(i), "parent"), node.Parent, "is above itself: "+h.circle(i))
	}
}

// circle names the members of a circle.
func (h *hierarchy) circle(start int32) string {
	const most = 8
	var b strings.Builder
	b.WriteString(quoted(h.nodes[start].ID))
	named, more := 1, 0
	for i := h.parent[start]; i != start; i = h.parent[i] {
		if named == most {
			more++
			continue
		}
		b.WriteString(" is below " + quoted(h.nodes[i].ID))
		named++
	}
	if more > 0 {
		b.WriteString(", and so on over " + strconv.Itoa(more) + " more")
	}
	return b.String() + ", which is below " + quoted(h.nodes[start].ID)
}

// path is the path of a field of a record.
func (h *hierarchy) path(list string, i int, field string) string {
	return list + "/" + strconv.Itoa(i) + "/" + field
}
