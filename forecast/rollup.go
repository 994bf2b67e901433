package forecast

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Node is a place in a hierarchy that has a number of its own: a rep, a manager, a territory, a product line.
type Node struct {
	// ID is unique among the nodes.
	ID string `json:"id"`
	// Parent is the ID of the node above; "" at the top. There may be several tops.
	Parent string `json:"parent,omitempty"`
	// Own is the node's own number, without those below it: the sum of one column of its own deals, say.
	Own decimal.Decimal `json:"own"`
}

// Override is the number that somebody states for a node. It replaces, and is not added to, what the node and all below
// it come to.
type Override struct {
	// Node is the node that the number is of.
	Node string `json:"node"`
	// By is the node of who states it: Node itself, or one above it.
	By string `json:"by"`
	// Amount is the number.
	Amount decimal.Decimal `json:"amount"`
	// Note says why.
	Note string `json:"note,omitempty"`
}

// Line is what a node comes to.
type Line struct {
	// Node is the ID of the node.
	Node string `json:"node"`
	// Own is its own number, without those below it.
	Own decimal.Decimal `json:"own"`
	// Computed is Own plus Computed of the nodes right below: what the data say, without any override. (Salesforce:
	// AmountWithoutAdjustments.)
	Computed decimal.Decimal `json:"computed"`
	// ByOwners is what the nodes state themselves: the override that the node made of itself, if it did; otherwise Own
	// plus ByOwners of the nodes right below. (Salesforce: AmountWithoutManagerAdjustment.)
	ByOwners decimal.Decimal `json:"byOwners"`
	// Submitted is the forecast with all overrides: the amount of Prevailing, if there is one; otherwise Own plus
	// Submitted of the nodes right below. (Salesforce: ForecastAmount, as seen from the top.)
	Submitted decimal.Decimal `json:"submitted"`
	// Judgment is Submitted minus Computed: what people added to the data, or took away.
	Judgment decimal.Decimal `json:"judgment"`
	// Prevailing is the override of the node that counts, that of the highest node; nil: none.
	Prevailing *Override `json:"prevailing,omitempty"`
	// Superseded are the overrides of the node that do not count, from the highest node down.
	Superseded []Override `json:"superseded,omitempty"`
}

// RollUp adds the numbers of nodes up a hierarchy, with and without the overrides that people made on the way, and returns
// a line for each node, in their order. Roll up each column of a forecast by itself.
//
// An override replaces the number of its node with all below it. Where several people override the same node, the
// override of the highest of them prevails, so a manager's override supersedes the one that the node made of itself. An
// override changes the lines of its node and of those above it, up to the next one that is overridden; what is below the
// node keeps its numbers, and no longer adds up to the node's. For what a manager sees who must not see the overrides made
// above, leave these out.
//
// Numbers are exact. The order of nodes and overrides does not matter. RollUp takes O(n + m log m) time for n nodes and m
// overrides, at any depth.
//
// RollUp returns an error, which is [ErrInput] for the last of these and [ErrHierarchy] for the others, if:
//   - a node has no ID, or that of another one
//   - the parent of a node is not among the nodes
//   - nodes are above each other in a circle
//   - the Node or By of an override is not among the nodes, or By is neither the node nor above it
//   - two overrides have the same Node and By
//   - a number, before or after, is out of bounds: more than 36 digits or 36 decimal places
func RollUp(nodes []Node, overrides []Override) ([]Line, error) {
	h := hierarchy{nodes: nodes}
	h.link()
	if err := h.err(); err != nil {
		return nil, err
	}
	h.rank()
	if err := h.err(); err != nil {
		return nil, err
	}
	h.take(overrides)
	if err := h.err(); err != nil {
		return nil, err
	}
	lines := h.lines(overrides)
	if err := h.err(); err != nil {
		return nil, err
	}
	return lines, nil
}

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
	// stated holds the overrides of a node, the one that prevails first; by tells whose they are.
	stated map[int32][]int32
	by     []int32
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

// take finds whose the overrides are.
func (h *hierarchy) take(overrides []Override) {
	h.by = make([]int32, len(overrides))
	h.stated = make(map[int32][]int32, len(overrides))
	type pair struct{ node, by int32 }
	seen := make(map[pair]int, len(overrides))
	for i := range overrides {
		o := &overrides[i]
		if _, ok := admitSum(o.Amount); !ok {
			h.add(ErrInput, o.Node, h.path("overrides", i, "amount"), "", sumOutOfBounds)
		}
		node, known := h.index[o.Node]
		if !known {
			h.add(ErrHierarchy, o.Node, h.path("overrides", i, "node"), o.Node, "is not among the nodes")
		}
		by, ok := h.index[o.By]
		switch {
		case !ok:
			h.add(ErrHierarchy, o.Node, h.path("overrides", i, "by"), o.By, "is not among the nodes; who overrides is the node itself or one above it")
		case !known:
		case h.place[node] < h.place[by] || h.place[node] >= h.end[by]:
			h.add(ErrHierarchy, o.Node, h.path("overrides", i, "by"), o.By, "is neither the node nor above it")
		default:
			p := pair{node, by}
			if first, twice := seen[p]; twice {
				h.add(ErrHierarchy, o.Node, h.path("overrides", i, "by"), o.By, "has overridden the node in overrides/"+strconv.Itoa(first)+" already; pass the one that holds")
				continue
			}
			seen[p] = i
			h.by[i] = by
			h.stated[node] = append(h.stated[node], int32(i))
		}
	}
	for _, list := range h.stated {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(h.depth[h.by[a]], h.depth[h.by[b]]) })
	}
}

// figures are the numbers of a node: its own and those of the nodes below it that are done.
type figures struct{ computed, byOwners, submitted exact.Num }

// lines adds up from the bottom.
func (h *hierarchy) lines(overrides []Override) []Line {
	sums := make([]figures, len(h.nodes))
	lines := make([]Line, len(h.nodes))
	for _, i := range slices.Backward(h.order) {
		node, f, line := &h.nodes[i], &sums[i], &lines[i]
		own, _ := admitSum(node.Own)
		f.computed, f.byOwners, f.submitted = f.computed.Add(own), f.byOwners.Add(own), f.submitted.Add(own)
		line.Node, line.Own = node.ID, node.Own
		for k, j := range h.stated[i] {
			o := overrides[j]
			amount, _ := admitSum(o.Amount)
			if h.by[j] == i {
				f.byOwners = amount
			}
			if k == 0 {
				f.submitted = amount
				line.Prevailing = &o
			} else {
				line.Superseded = append(line.Superseded, o)
			}
		}
		h.write(line, f)
		if p := h.parent[i]; p >= 0 {
			to := &sums[p]
			to.computed, to.byOwners, to.submitted = to.computed.Add(f.computed), to.byOwners.Add(f.byOwners), to.submitted.Add(f.submitted)
		}
	}
	for i := range lines {
		l := &lines[i]
		for _, n := range [...]decimal.Decimal{l.Computed, l.ByOwners, l.Submitted, l.Judgment} {
			if _, ok := admitSum(n); !ok {
				h.add(ErrInput, l.Node, "nodes/"+strconv.Itoa(i), "", "comes to a number that "+sumOutOfBounds)
				break
			}
		}
	}
	return lines
}

// write puts numbers in a line. Most are the same number, which is made once.
func (h *hierarchy) write(line *Line, f *figures) {
	line.Computed = decimalOf(f.computed)
	line.ByOwners, line.Submitted = line.Computed, line.Computed
	if f.byOwners.Cmp(f.computed) != 0 {
		line.ByOwners = decimalOf(f.byOwners)
	}
	if f.submitted.Cmp(f.computed) != 0 {
		line.Submitted = decimalOf(f.submitted)
		line.Judgment = decimalOf(f.submitted.Sub(f.computed))
	}
}

// path is the path of a field of a record.
func (h *hierarchy) path(list string, i int, field string) string {
	return list + "/" + strconv.Itoa(i) + "/" + field
}
