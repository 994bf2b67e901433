package series_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// combForest draws 1 to most nodes in any order.
func combForest(most int) *rapid.Generator[[]series.Node] {
	return rapid.Custom(func(t *rapid.T) []series.Node {
		nodes := make([]series.Node, rapid.IntRange(1, most).Draw(t, "nodes"))
		for i := range nodes {
			nodes[i].ID = "n" + strconv.Itoa(i)
			if p := rapid.IntRange(-1, max(i-1, -1)).Draw(t, "parent"); p >= 0 {
				nodes[i].Parent = nodes[p].ID
			}
		}
		return rapid.Permutation(nodes).Draw(t, "order")
	})
}

// combAll draws series of h values for all nodes.
func combAll(t *rapid.T, nodes []series.Node, h int) map[string][]float64 {
	m := map[string][]float64{}
	for _, n := range nodes {
		m[n.ID] = rapid.SliceOfN(rapid.Float64Range(-100, 100), h, h).Draw(t, n.ID)
	}
	return m
}

// combOptions draws options, with errors where they are needed.
func combOptions(t *rapid.T, nodes []series.Node, nonNegative bool) series.ReconcileOptions {
	o := series.ReconcileOptions{
		Weighting:   rapid.SampledFrom([]series.Weighting{series.OLS, series.WLSStructural, series.WLSVariance, series.MinTShrink}).Draw(t, "weighting"),
		NonNegative: nonNegative,
	}
	if o.Weighting == series.WLSVariance || o.Weighting == series.MinTShrink {
		o.Errors = combAll(t, nodes, rapid.IntRange(2, 12).Draw(t, "errors"))
		for _, n := range nodes {
			if rapid.IntRange(0, 9).Draw(t, "steady") == 0 { // a node that never erred
				clear(o.Errors[n.ID])
			}
		}
	}
	return o
}

// combSums are the sums of the leaves below each node in the slow and obvious way: S.
func combSums(nodes []series.Node) (s *mat.Dense, leaves []int) {
	at := map[string]int{}
	inner := map[string]bool{}
	for i, n := range nodes {
		at[n.ID] = i
		inner[n.Parent] = true
	}
	for i, n := range nodes {
		if !inner[n.ID] {
			leaves = append(leaves, i)
		}
	}
	s = mat.NewDense(len(nodes), len(leaves), nil)
	for j, i := range leaves {
		for id := nodes[i].ID; id != ""; id = nodes[at[id]].Parent {
			s.Set(at[id], j, 1)
		}
	}
	return s, leaves
}

// combW is W written out as a matrix.
func combW(nodes []series.Node, o series.ReconcileOptions, lambda float64) *mat.Dense {
	n := len(nodes)
	w := mat.NewDense(n, n, nil)
	sums, _ := combSums(nodes)
	largest := 0.0
	for i, a := range nodes {
		for j, b := range nodes {
			switch o.Weighting {
			case series.OLS:
				if i == j {
					w.Set(i, j, 1)
				}
			case series.WLSStructural:
				if i == j {
					w.Set(i, j, mat.Sum(sums.RowView(i)))
				}
			default:
				sum := 0.0
				for k, e := range o.Errors[a.ID] {
					sum += e * o.Errors[b.ID][k] / float64(len(o.Errors[a.ID]))
				}
				if i != j {
					sum *= 1 - lambda
					if o.Weighting == series.WLSVariance {
						sum = 0
					}
				}
				w.Set(i, j, sum)
				largest = max(largest, sum)
			}
		}
	}
	for i := range n {
		w.Set(i, i, max(w.At(i, i), 1e-20*largest))
		if largest == 0 && w.At(i, i) == 0 {
			w.Set(i, i, mat.Sum(sums.RowView(i)))
		}
	}
	return w
}

// combNearest is S(SᵀW⁻¹S)⁻¹SᵀW⁻¹b with matrices, over the leaves that are free.
func combNearest(t rapid.TB, nodes []series.Node, w *mat.Dense, b []float64, free []bool) []float64 {
	t.Helper()
	s, leaves := combSums(nodes)
	var columns []int
	for j := range leaves {
		if free == nil || free[j] {
			columns = append(columns, j)
		}
	}
	x := make([]float64, len(nodes))
	if len(columns) == 0 {
		return x
	}
	some := mat.NewDense(len(nodes), len(columns), nil)
	for k, j := range columns {
		some.SetCol(k, mat.Col(nil, j, s))
	}
	var inverse, left, square, right, beta, out mat.Dense
	if err := inverse.Inverse(w); err != nil {
		if _, ok := errors.AsType[mat.Condition](err); !ok {
			t.Fatal(err)
		}
	}
	left.Mul(some.T(), &inverse)
	square.Mul(&left, some)
	right.Mul(&left, mat.NewDense(len(b), 1, slices.Clone(b)))
	if err := beta.Solve(&square, &right); err != nil {
		if _, ok := errors.AsType[mat.Condition](err); !ok {
			t.Fatal(err)
		}
	}
	out.Mul(some, &beta)
	return mat.Col(x, 0, &out)
}

// combDistance is (b-x)ᵀW⁻¹(b-x).
func combDistance(w *mat.Dense, b, x []float64) float64 {
	d := mat.NewVecDense(len(b), nil)
	for i := range b {
		d.SetVec(i, b[i]-x[i])
	}
	var solved mat.VecDense
	_ = solved.SolveVec(w, d) // a Condition is no matter here
	return mat.Dot(d, &solved)
}

func combReconcile(t rapid.TB, nodes []series.Node, base map[string][]float64, o series.ReconcileOptions) series.Reconciled {
	t.Helper()
	tree, err := series.NewTree(nodes)
	if err != nil {
		t.Fatal(err)
	}
	r, err := tree.Reconcile(base, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReconcile_isTheMatrixFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(10).Draw(t, "tree")
		base := combAll(t, nodes, 2)
		o := combOptions(t, nodes, false)
		for _, n := range nodes { // variances of zero make the matrices of the oracle singular
			if o.Errors != nil {
				o.Errors[n.ID][0] += 200
			}
		}
		got := combReconcile(t, nodes, base, o)
		w := combW(nodes, o, got.Shrinkage)
		for k := range 2 {
			b := make([]float64, len(nodes))
			for i, n := range nodes {
				b[i] = base[n.ID][k]
			}
			want := combNearest(t, nodes, w, b, nil)
			for i, n := range nodes {
				combNear(t, n.ID, got.Values[n.ID][k], want[i], 1e-8)
			}
		}
	})
}

// λ as Schäfer and Strimmer write it, pair by pair.
func TestReconcile_shrinkage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(8).Draw(t, "tree")
		size := rapid.IntRange(2, 12).Draw(t, "errors")
		errs := combAll(t, nodes, size)
		for _, n := range nodes {
			errs[n.ID][0] += 150
		}
		got := combReconcile(t, nodes, combAll(t, nodes, 1), series.ReconcileOptions{Weighting: series.MinTShrink, Errors: errs})
		scale := func(id string) float64 {
			sum := 0.0
			for _, e := range errs[id] {
				sum += e * e / float64(size)
			}
			return math.Sqrt(sum)
		}
		variances, squares := 0.0, 0.0
		for _, a := range nodes {
			for _, b := range nodes {
				if a == b {
					continue
				}
				r, products := 0.0, make([]float64, size)
				for k := range size {
					products[k] = errs[a.ID][k] / scale(a.ID) * errs[b.ID][k] / scale(b.ID)
					r += products[k] / float64(size)
				}
				for _, p := range products {
					variances += (p - r) * (p - r) / float64(size) / float64(size-1)
				}
				squares += r * r
			}
		}
		want := 1.0
		if squares > 1e-12 {
			want = min(max(variances/squares, 1e-4), 1)
		}
		if len(nodes) > 1 {
			combNear(t, "λ", got.Shrinkage, want, 1e-6)
		}
	})
}

// Of all sets of leaves held at zero, the nearest values without a negative leaf.
func TestReconcile_nonNegativeIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(9).Draw(t, "tree")
		base := combAll(t, nodes, 1)
		o := combOptions(t, nodes, true)
		for _, n := range nodes {
			if o.Errors != nil {
				o.Errors[n.ID][0] += 200
			}
		}
		got := combReconcile(t, nodes, base, o)
		w := combW(nodes, o, got.Shrinkage)
		b, x := make([]float64, len(nodes)), make([]float64, len(nodes))
		for i, n := range nodes {
			b[i], x[i] = base[n.ID][0], got.Values[n.ID][0]
		}
		if got.Pivots > 50 {
			t.Errorf("%d pivots", got.Pivots)
		}
		_, leaves := combSums(nodes)
		best := math.Inf(1)
		for set := range 1 << len(leaves) {
			free := make([]bool, len(leaves))
			for j := range free {
				free[j] = set>>j&1 == 1
			}
			if y := combNearest(t, nodes, w, b, free); slices.Min(y) > -1e-9 {
				best = min(best, combDistance(w, b, y))
			}
		}
		combNear(t, "distance", combDistance(w, b, x), best, 1e-7)
	})
}

func TestReconcile_laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(25).Draw(t, "tree")
		h := rapid.IntRange(0, 3).Draw(t, "h")
		base := combAll(t, nodes, h)
		o := combOptions(t, nodes, rapid.Bool().Draw(t, "non-negative"))
		before := map[string][]float64{}
		for id, v := range base {
			before[id] = slices.Clone(v)
		}
		got := combReconcile(t, nodes, base, o)
		if diff := cmp.Diff(before, base); diff != "" {
			t.Fatalf("base changed (-want +got):\n%s", diff)
		}
		tree, err := series.NewTree(nodes)
		if err != nil {
			t.Fatal(err)
		}
		sums, err := tree.BottomUp(got.Values)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sums, got.Values); diff != "" {
			t.Errorf("not coherent (-sums +values):\n%s", diff)
		}
		again := combReconcile(t, nodes, got.Values, o)
		for id, v := range got.Values {
			for k := range v {
				combNear(t, "again "+id, again.Values[id][k], v[k], 1e-8)
				if o.NonNegative && v[k] < 0 {
					t.Errorf("%s is %v", id, v[k])
				}
			}
		}
		other := combReconcile(t, rapid.Permutation(nodes).Draw(t, "other order"), base, o)
		for id, v := range got.Values {
			for k := range v {
				combNear(t, "other order "+id, other.Values[id][k], v[k], 1e-6)
			}
		}
	})
}

func TestReconcile_keepsWhatIsCoherent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(25).Draw(t, "tree")
		tree, err := series.NewTree(nodes)
		if err != nil {
			t.Fatal(err)
		}
		base, err := tree.BottomUp(combAll(t, nodes, 2))
		if err != nil {
			t.Fatal(err)
		}
		got := combReconcile(t, nodes, base, combOptions(t, nodes, false))
		for id, v := range base {
			for k := range v {
				combNear(t, id, got.Values[id][k], v[k], 1e-8)
			}
		}
	})
}

// Past errors that are uncorrelated and of one size make MinT the same as OLS, whatever the shrinkage.
func TestReconcile_minTWithEqualDiagonalIsOLS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(16).Draw(t, "tree")
		base := combAll(t, nodes, 2)
		errs := map[string][]float64{}
		for i, n := range nodes { // the rows of a Hadamard matrix are orthogonal
			for k := range 16 {
				sign := 1.0
				for b := i & k; b > 0; b &= b - 1 {
					sign = -sign
				}
				errs[n.ID] = append(errs[n.ID], 3*sign)
			}
		}
		ols := combReconcile(t, nodes, base, series.ReconcileOptions{Weighting: series.OLS})
		mint := combReconcile(t, nodes, base, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: errs})
		for id, v := range ols.Values {
			for k := range v {
				combNear(t, id, mint.Values[id][k], v[k], 1e-9)
			}
		}
	})
}

func TestTree_BottomUp_keepsLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(30).Draw(t, "tree")
		base := combAll(t, nodes, 2)
		tree, err := series.NewTree(nodes)
		if err != nil {
			t.Fatal(err)
		}
		leaves := map[string][]float64{}
		for _, id := range tree.Leaves() {
			leaves[id] = base[id]
		}
		got, err := tree.BottomUp(leaves)
		if err != nil {
			t.Fatal(err)
		}
		s, at := combSums(nodes)
		for i, n := range nodes {
			for k := range 2 {
				want := 0.0
				for j, leaf := range at {
					want += s.At(i, j) * base[nodes[leaf].ID][k]
				}
				combNear(t, n.ID, got[n.ID][k], want, 1e-9)
			}
		}
		for id, v := range leaves {
			if diff := cmp.Diff(v, got[id]); diff != "" {
				t.Errorf("leaf %s (-want +got):\n%s", id, diff)
			}
		}
		if len(at) != len(leaves) {
			t.Errorf("%d leaves, want %d", len(leaves), len(at))
		}
	})
}

func TestTree_TopDown_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := combForest(30).Draw(t, "tree")
		base, weights := combAll(t, nodes, 2), map[string]float64{}
		tree, err := series.NewTree(nodes)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range tree.Leaves() {
			weights[id] = rapid.Float64Range(0.5, 1e3).Draw(t, "weight")
		}
		got, err := tree.TopDown(base, weights)
		if err != nil {
			t.Fatal(err)
		}
		s, at := combSums(nodes)
		for i, n := range nodes {
			if n.Parent != "" {
				continue
			}
			total := 0.0
			for j, leaf := range at {
				total += s.At(i, j) * weights[nodes[leaf].ID]
			}
			for k := range 2 {
				combNear(t, "root", got[n.ID][k], base[n.ID][k], 1e-9)
				for j, leaf := range at {
					if s.At(i, j) == 1 {
						combNear(t, "leaf", got[nodes[leaf].ID][k], base[n.ID][k]*weights[nodes[leaf].ID]/total, 1e-9)
					}
				}
			}
		}
	})
}

func TestNewTree_errors(t *testing.T) {
	for name, c := range map[string]struct {
		nodes []series.Node
		paths []string
		text  string
	}{
		"none":        {nil, []string{"nodes"}, "one or more"},
		"empty ID":    {[]series.Node{{ID: "a"}, {}}, []string{"nodes/1/id"}, "empty"},
		"twice":       {[]series.Node{{ID: "a"}, {ID: "b"}, {ID: "a"}}, []string{"nodes/2/id"}, "nodes/0"},
		"orphan":      {[]series.Node{{ID: "a"}, {ID: "b", Parent: "c"}}, []string{"nodes/1/parent"}, "got c"},
		"own parent":  {[]series.Node{{ID: "a", Parent: "a"}}, []string{"nodes/0/parent"}, "a in a"},
		"cycle":       {[]series.Node{{ID: "d", Parent: "c"}, {ID: "a", Parent: "b"}, {ID: "b", Parent: "c"}, {ID: "c", Parent: "a"}}, []string{"nodes/1/parent"}, "c in a in b in c"},
		"two cycles":  {[]series.Node{{ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}, {ID: "c", Parent: "c"}, {ID: "r"}}, []string{"nodes/0/parent", "nodes/2/parent"}, "a in b in a"},
		"all at once": {[]series.Node{{ID: "a", Parent: "x"}, {ID: "b", Parent: "y"}, {ID: "a"}}, []string{"nodes/2/id", "nodes/0/parent", "nodes/1/parent"}, "got x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := series.NewTree(c.nodes)
			if diff := cmp.Diff(c.paths, combPaths(t, err)); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
			if !strings.Contains(err.Error(), c.text) {
				t.Errorf("%v, want something of %q", err, c.text)
			}
		})
	}
}

// combPaths returns the paths of the errors joined in err.
func combPaths(t rapid.TB, err error) []string {
	t.Helper()
	var paths []string
	faults := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		faults = joined.Unwrap()
	}
	for _, f := range faults {
		e, ok := errors.AsType[*series.Error](f)
		if !ok {
			t.Fatalf("no Error: %v", f)
		}
		paths = append(paths, e.Path)
	}
	return paths
}

func TestTree_errors(t *testing.T) {
	tree := combTree(t, combNodes())
	all := func(edit func(m map[string][]float64)) map[string][]float64 {
		m := map[string][]float64{}
		for i, n := range combNodes() {
			m[n.ID] = []float64{float64(i), 1}
		}
		edit(m)
		return m
	}
	good := all(func(map[string][]float64) {})
	weights := map[string]float64{"n1": 1, "n2": 0, "n3": 2, "s1": 0, "s2": 0}
	bottomUp := func(m map[string][]float64) error { _, err := tree.BottomUp(m); return err }
	reconcile := func(m map[string][]float64, o series.ReconcileOptions) error {
		_, err := tree.Reconcile(m, o)
		return err
	}
	topDown := func(m map[string][]float64, w map[string]float64) error { _, err := tree.TopDown(m, w); return err }
	for name, c := range map[string]struct {
		err   error
		kind  error
		paths []string
	}{
		"a leaf is missing":   {bottomUp(all(func(m map[string][]float64) { delete(m, "n2"); delete(m, "s2") })), series.ErrInput, []string{"leaves/n2", "leaves/s2"}},
		"a stranger":          {bottomUp(all(func(m map[string][]float64) { m["west"], m["east"] = nil, nil })), series.ErrInput, []string{"leaves/east", "leaves/west"}},
		"unequal lengths":     {bottomUp(all(func(m map[string][]float64) { m["n3"] = m["n3"][:1] })), series.ErrInput, []string{"leaves/n3"}},
		"a gap":               {bottomUp(all(func(m map[string][]float64) { m["n3"][1] = math.NaN() })), series.ErrInput, []string{"leaves/n3/1"}},
		"an overflow":         {bottomUp(all(func(m map[string][]float64) { m["n3"][1], m["n1"][1] = 1.5e308, 1.5e308 })), series.ErrInput, []string{"tree"}},
		"no tree":             {func() error { _, err := (series.Tree{}).BottomUp(nil); return err }(), series.ErrInput, []string{"tree"}},
		"a node is missing":   {reconcile(all(func(m map[string][]float64) { delete(m, "north") }), series.ReconcileOptions{}), series.ErrInput, []string{"base/north"}},
		"no such weighting":   {reconcile(good, series.ReconcileOptions{Weighting: "guess"}), series.ErrInput, []string{"weighting"}},
		"errors for nothing":  {reconcile(good, series.ReconcileOptions{Errors: good}), series.ErrInput, []string{"errors"}},
		"errors are missing":  {reconcile(good, series.ReconcileOptions{Weighting: series.WLSVariance}), series.ErrInput, []string{"errors/total", "errors/north", "errors/south", "errors/n1", "errors/n2", "errors/n3", "errors/s1", "errors/s2"}},
		"errors too few":      {reconcile(good, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: all(func(m map[string][]float64) { combCut(m, 1) })}), series.ErrTooShort, []string{"errors"}},
		"errors too few, WLS": {reconcile(good, series.ReconcileOptions{Weighting: series.WLSVariance, Errors: all(func(m map[string][]float64) { combCut(m, 0) })}), series.ErrTooShort, []string{"errors"}},
		"errors too many": {reconcile(good, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: all(func(m map[string][]float64) {
			for id := range m {
				m[id] = make([]float64, 2001)
			}
		})}), series.ErrInput, []string{"errors"}},
		"a root is missing": {topDown(all(func(m map[string][]float64) { delete(m, "total") }), weights), series.ErrInput, []string{"roots/total"}},
		"no weight":         {topDown(good, map[string]float64{"n1": 1, "n2": -1, "n3": math.NaN(), "s1": math.Inf(1), "x": 1}), series.ErrInput, []string{"weights/x", "weights/n2", "weights/n3", "weights/s1", "weights/s2"}},
		"weights of zero":   {topDown(good, map[string]float64{"n1": 0, "n2": 0, "n3": 0, "s1": 0, "s2": 0}), series.ErrUndefined, []string{"weights"}},
	} {
		t.Run(name, func(t *testing.T) {
			if !errors.Is(c.err, c.kind) {
				t.Errorf("%v, want %v", c.err, c.kind)
			}
			if diff := cmp.Diff(c.paths, combPaths(t, c.err)); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
	if err := topDown(good, weights); err != nil {
		t.Errorf("a region of zero weight: %v", err)
	}
}

func combCut(m map[string][]float64, n int) {
	for id := range m {
		m[id] = m[id][:n]
	}
}

// Nodes without past errors keep their forecast, and all past errors zero are no reason to fail.
func TestReconcile_nodesThatNeverErred(t *testing.T) {
	nodes := combNodes()
	base := map[string][]float64{"total": {520}, "north": {300}, "south": {190}, "n1": {120}, "n2": {95}, "n3": {0}, "s1": {110}, "s2": {90}}
	errs := map[string][]float64{}
	for i, n := range nodes {
		errs[n.ID] = []float64{float64(i + 1), -2, float64(7 - i)}
	}
	errs["n3"] = make([]float64, 3)
	for _, w := range []series.Weighting{series.WLSVariance, series.MinTShrink} {
		got := combReconcile(t, nodes, base, series.ReconcileOptions{Weighting: w, Errors: errs})
		if v := got.Values["n3"][0]; math.Abs(v) > 1e-15 {
			t.Errorf("%s: the product never sold is forecast to sell %v", w, v)
		}
	}
	for id := range errs {
		errs[id] = make([]float64, 3)
	}
	want := combReconcile(t, nodes, base, series.ReconcileOptions{})
	for _, w := range []series.Weighting{series.WLSVariance, series.MinTShrink} {
		got := combReconcile(t, nodes, base, series.ReconcileOptions{Weighting: w, Errors: errs})
		if diff := cmp.Diff(want.Values, got.Values); diff != "" {
			t.Errorf("%s without any error (-structural +got):\n%s", w, diff)
		}
	}
}

// Depth and width do not matter: a chain of 100,000, and a node with 100,000 children.
func TestReconcile_deepAndWide(t *testing.T) {
	const n = 100_000
	chain, star := make([]series.Node, n), make([]series.Node, n)
	base := make(map[string][]float64, n)
	for i := range n {
		chain[i].ID, star[i].ID = strconv.Itoa(i), strconv.Itoa(i)
		if i > 0 {
			chain[i].Parent, star[i].Parent = chain[i-1].ID, "0"
		}
		base[chain[i].ID] = []float64{1}
	}
	base["0"] = []float64{n + 1}
	// All nodes of a chain are one number: the mean of n-1 ones and n+1.
	combNear(t, "chain", combReconcile(t, chain, base, series.ReconcileOptions{Weighting: series.OLS}).Values["77"][0], 2, 1e-9)
	// The root is n+1, its n-1 children sum to n-1: a gap of 2, which the n nodes share.
	combNear(t, "star", combReconcile(t, star, base, series.ReconcileOptions{Weighting: series.OLS}).Values["77"][0], 1+2.0/n, 1e-12)
	chain[0].Parent = strconv.Itoa(n - 1)
	if _, err := series.NewTree(chain); err == nil || len(err.Error()) > 300 {
		t.Errorf("a long cycle: %v", err)
	}
}

// Whatever comes in, what comes out is finite and coherent, or an Error.
func TestReconcile_hostile(t *testing.T) { rapid.Check(t, combHostile) }

func FuzzReconcile_hostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(combHostile)) }

func combHostile(t *rapid.T) {
	ids := rapid.SampledFrom([]string{"a", "b", "c", "d", "", "\xff", strings.Repeat("é", 50)})
	nodes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) series.Node {
		return series.Node{ID: ids.Draw(t, "id"), Parent: ids.Draw(t, "parent")}
	}), 0, 6).Draw(t, "any nodes")
	if rapid.Bool().Draw(t, "valid") {
		nodes = combForest(12).Draw(t, "tree")
	}
	tree, err := series.NewTree(nodes)
	if err != nil {
		combPaths(t, err)
		return
	}
	value := rapid.OneOf(
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 1e308, -1e308, 1e-320, 1e-300, 1e200, math.MaxFloat64}),
		rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)}), rapid.Float64Range(-10, 10), rapid.Float64Range(-10, 10),
	)
	length := rapid.IntRange(0, 3).Draw(t, "length")
	draw := func() map[string][]float64 {
		m := map[string][]float64{}
		for _, n := range nodes {
			m[n.ID] = rapid.SliceOfN(value, length, length).Draw(t, n.ID)
		}
		return m
	}
	base, o := draw(), series.ReconcileOptions{NonNegative: rapid.Bool().Draw(t, "non-negative")}
	o.Weighting = rapid.SampledFrom([]series.Weighting{"", series.OLS, series.WLSVariance, series.MinTShrink, "x"}).Draw(t, "weighting")
	if rapid.Bool().Draw(t, "errors") {
		o.Errors = draw()
	}
	got, err := tree.Reconcile(base, o)
	combCoherent(t, tree, got.Values, err)
	up, err := tree.BottomUp(base)
	combCoherent(t, tree, up, err)
	weights := map[string]float64{}
	for _, n := range nodes {
		weights[n.ID] = value.Draw(t, "weight")
	}
	down, err := tree.TopDown(base, weights)
	combCoherent(t, tree, down, err)
}

func combCoherent(t *rapid.T, tree series.Tree, got map[string][]float64, err error) {
	if err != nil {
		combPaths(t, err)
		if got != nil {
			t.Errorf("values beside the error %v", err)
		}
		return
	}
	again, err := tree.BottomUp(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(again, got); diff != "" {
		t.Errorf("not coherent (-sums +got):\n%s", diff)
	}
}

func TestReconciled_json(t *testing.T) {
	base := map[string][]float64{"total": {520}, "north": {300}, "south": {190}, "n1": {120}, "n2": {95}, "n3": {-90}, "s1": {110}, "s2": {90}}
	errs := map[string][]float64{}
	for i, n := range combNodes() {
		errs[n.ID] = []float64{float64(i + 1), -2, float64(7 - i)}
	}
	want := combReconcile(t, combNodes(), base, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: errs, NonNegative: true})
	if want.Shrinkage == 0 || want.Pivots == 0 {
		t.Fatalf("%+v has fields that are zero: they tell nothing here", want)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got series.Reconciled
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
