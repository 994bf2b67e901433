package series_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
	"github.com/salesops-go/salesops/internal/testenv"
)

// combReference is reconciliation.json: a total, 2 regions and 5 leaves, with 60 past errors of each, and what the
// formulas of the literature, written with matrices, make of them.
type combReference struct {
	S         [][]float64 `json:"S"`
	Base      []float64   `json:"base"`
	Errors    [][]float64 `json:"errors"`
	BottomUp  []float64   `json:"bottom_up"`
	OLS       []float64   `json:"ols"`
	WLSStruct []float64   `json:"wls_struct"`
	WLSVar    []float64   `json:"wls_var"`
	MinT      struct {
		Lambda float64   `json:"lambda_"`
		Value  []float64 `json:"value"`
	} `json:"mint_shrink"`
	TopDown []float64 `json:"top_down_by_bottom_share"`
}

// combNodes are the nodes of the reference in the order of its rows.
func combNodes() []series.Node {
	return []series.Node{
		{ID: "total"},
		{ID: "north", Parent: "total"},
		{ID: "south", Parent: "total"},
		{ID: "n1", Parent: "north"},
		{ID: "n2", Parent: "north"},
		{ID: "n3", Parent: "north"},
		{ID: "s1", Parent: "south"},
		{ID: "s2", Parent: "south"},
	}
}

func combReadReference(t testing.TB) combReference {
	t.Helper()
	b, err := os.ReadFile(testenv.Data(t, "forecast/reference/reconciliation.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r combReference
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func combTree(t testing.TB, nodes []series.Node) series.Tree {
	t.Helper()
	tree, err := series.NewTree(nodes)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// combOneStep compares one-step values with those of the reference, to 1e-9.
func combOneStep(t *testing.T, got map[string][]float64, err error, want []float64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range combNodes() {
		if math.Abs(got[n.ID][0]-want[i]) > 1e-9 {
			t.Errorf("%s = %.12f, want %.12f", n.ID, got[n.ID][0], want[i])
		}
	}
}

// The reference's values come from the matrix formulas of Hyndman, Ahmed, Athanasopoulos and Shang 2011 (OLS),
// Athanasopoulos et al. 2017 (structural), Hyndman, Lee and Wang 2016 (variances), Wickramasuriya, Athanasopoulos and
// Hyndman 2019 with Schäfer and Strimmer 2005 (MinT-shrink), and Gross and Sohl 1990 (top-down).
func TestE70_reconciliation(t *testing.T) {
	r := combReadReference(t)
	tree := combTree(t, combNodes())
	base, errs := map[string][]float64{}, map[string][]float64{}
	weights := map[string]float64{}
	for i, n := range combNodes() {
		base[n.ID] = []float64{r.Base[i]}
		weights[n.ID] = r.Base[i]
		for _, e := range r.Errors {
			errs[n.ID] = append(errs[n.ID], e[i])
		}
	}

	t.Run("bottom up", func(t *testing.T) {
		got, err := tree.BottomUp(base)
		combOneStep(t, got, err, r.BottomUp)
	})
	t.Run("top down", func(t *testing.T) {
		got, err := tree.TopDown(base, weights)
		combOneStep(t, got, err, r.TopDown)
	})
	for weighting, c := range map[series.Weighting]struct {
		errors map[string][]float64
		want   []float64
	}{
		series.OLS:           {nil, r.OLS},
		series.WLSStructural: {nil, r.WLSStruct},
		"":                   {nil, r.WLSStruct},
		series.WLSVariance:   {errs, r.WLSVar},
		series.MinTShrink:    {errs, r.MinT.Value},
	} {
		t.Run(string(weighting), func(t *testing.T) {
			got, err := tree.Reconcile(base, series.ReconcileOptions{Weighting: weighting, Errors: c.errors})
			combOneStep(t, got.Values, err, c.want)
			want := 0.0
			if weighting == series.MinTShrink {
				want = r.MinT.Lambda
			}
			if math.Abs(got.Shrinkage-want) > 1e-9 {
				t.Errorf("shrinkage %.12f, want %.12f", got.Shrinkage, want)
			}
		})
	}
}
