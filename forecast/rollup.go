package forecast

import (
	"cmp"
	"slices"
	"strconv"

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
	// ByOwner is the number that the node itself stands for: with the overrides that it made and that those below it made,
	// and without those made above it. At the top it is Submitted. (Salesforce: AmountWithoutManagerAdjustment.)
	ByOwner decimal.Decimal `json:"byOwner"`
	// Submitted is the number with all overrides: the amount of Prevailing, if there is one; otherwise Own plus Submitted
	// of the nodes right below. (Salesforce: ForecastAmount, as seen from the top.)
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
// node keeps its numbers, and no longer adds up to the node's. To show a person the lines without what was overridden above
// that person, leave these overrides out.
//
// Numbers are exact. The order of nodes and overrides does not matter but for that of the lines. RollUp takes O(n) time for n
// nodes, and O(n + m log n) with m overrides, at any depth; about O(n log n) if they touch all nodes.
//
// RollUp returns an error, which is [ErrInput] for the last of these and [ErrHierarchy] for the others, if (circles are looked
// for when the nodes have no other fault, and overrides when the nodes have none):
//   - a node has no ID, or that of another one
//   - the parent of a node is not among the nodes
//   - nodes are above each other in a circle
//   - the Node or By of an override is not among the nodes, or By is neither the node nor above it
//   - two overrides have the same Node and By
//   - a number, before or after, is out of bounds: an exponent beyond ±36 or more than 96 digits
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

// take finds whose the overrides are.
func (h *hierarchy) take(overrides []Override) {
	h.of = make(map[int32][]int32, len(overrides))
	h.by = make(map[int32][]int32)
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
			h.of[node] = append(h.of[node], int32(i))
			h.by[by] = append(h.by[by], int32(i))
		}
	}
	rank := func(i int32) int32 { return h.depth[h.index[overrides[i].By]] }
	for _, list := range h.of {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(rank(a), rank(b)) })
	}
}

// figures are the numbers of a node: its own and those of the nodes below it that are done.
type figures struct {
	computed, byOwner, submitted exact.Num
	touched                      bool // the node or one below it made an override
}

// lines adds up from the bottom.
func (h *hierarchy) lines(overrides []Override) []Line {
	sums := make([]figures, len(h.nodes))
	lines := make([]Line, len(h.nodes))
	var v views
	if len(overrides) > 0 {
		v = views{make(prefixSums, len(h.nodes)+1), make(prefixSums, len(h.nodes)+1)}
	}
	for _, i := range slices.Backward(h.order) {
		node, f, line := &h.nodes[i], &sums[i], &lines[i]
		own, _ := admitSum(node.Own)
		f.computed, f.submitted = f.computed.Add(own), f.submitted.Add(own)
		line.Node, line.Own = node.ID, node.Own
		for k, j := range h.of[i] {
			if o := overrides[j]; k == 0 {
				f.submitted, _ = admitSum(o.Amount)
				line.Prevailing = &o
			} else {
				line.Superseded = append(line.Superseded, o)
			}
		}
		for _, j := range h.by[i] {
			x := h.index[overrides[j].Node]
			amount, _ := admitSum(overrides[j].Amount)
			v.fix(h, x, amount.Sub(sums[x].computed))
			f.touched = true
		}
		f.byOwner = f.computed
		if f.touched {
			f.byOwner = f.computed.Add(v.changed(h, i))
		}
		h.write(int(i), line, f)
		if p := h.parent[i]; p >= 0 {
			to := &sums[p]
			to.computed, to.submitted = to.computed.Add(f.computed), to.submitted.Add(f.submitted)
			to.touched = to.touched || f.touched
		}
	}
	return lines
}

// write puts numbers in a line. Most are the same number, which is made once.
func (h *hierarchy) write(i int, line *Line, f *figures) {
	line.Computed = decimalOf(f.computed)
	line.ByOwner, line.Submitted = line.Computed, line.Computed
	if f.byOwner.Cmp(f.computed) != 0 {
		line.ByOwner = decimalOf(f.byOwner)
	}
	if f.submitted.Cmp(f.computed) != 0 {
		line.Submitted, line.Judgment = decimalOf(f.submitted), decimalOf(f.submitted.Sub(f.computed))
	}
	for _, n := range [...]decimal.Decimal{line.Computed, line.ByOwner, line.Submitted, line.Judgment} {
		if _, ok := admitSum(n); !ok {
			h.add(ErrInput, line.Node, "nodes/"+strconv.Itoa(i), "", "comes to a number that "+sumOutOfBounds)
			return
		}
	}
}

// views tells the number of a node as those see it who see the overrides that it and those below it made: of all nodes from
// the bottom up, one after the other. Nodes go by their places.
type views struct {
	// changes are what the overrides so far changed, at the node of each: those of the nodes from place to end sum to the
	// difference from what is computed.
	changes prefixSums
	// below is how many overridden nodes are above each node, so that what changes there changes nothing further up. Its
	// sum from the start is the number.
	below prefixSums
}

// fix changes the number of a node to what is computed plus more.
func (v *views) fix(h *hierarchy, i int32, more exact.Num) {
	if !v.below.upTo(h.place[i] + 1).IsZero() {
		return
	}
	v.changes.add(h.place[i], more.Sub(v.changed(h, i)))
	v.below.add(h.place[i]+1, exact.Int(1))
	v.below.add(h.end[i], exact.Int(-1))
}

// changed is by how much the number of a node differs from what is computed.
func (v *views) changed(h *hierarchy, i int32) exact.Num {
	return v.changes.upTo(h.end[i]).Sub(v.changes.upTo(h.place[i]))
}

// prefixSums is the binary indexed tree of Fenwick (1994, doi:10.1002/spe.4380240306): it changes a number, and sums those
// before a place, in O(log n). Place 0 of n numbers is at index 1.
type prefixSums []exact.Num

// add adds to the number at a place; there is none at the end.
func (t prefixSums) add(at int32, n exact.Num) {
	for k := int(at) + 1; k < len(t); k += k & -k {
		t[k] = t[k].Add(n)
	}
}

// upTo is the sum of the numbers up to, but without, a place.
func (t prefixSums) upTo(at int32) exact.Num {
	var sum exact.Num
	for k := int(at); k > 0; k -= k & -k {
		sum = sum.Add(t[k])
	}
	return sum
}
