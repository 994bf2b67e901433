package metrics_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

func totJSON(t testing.TB, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(testenv.Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// totSame wants a value of the reference, as text; "" is undefined.
func totSame(t testing.TB, what string, got float64, ok bool, want string) {
	t.Helper()
	if want == "" {
		if ok {
			t.Errorf("%s = %v, want none", what, got)
		}
		return
	}
	w, err := strconv.ParseFloat(want, 64)
	if err != nil {
		t.Fatal(err)
	}
	if !ok || math.Abs(got-w) > 1e-12*max(1, math.Abs(w)) {
		t.Errorf("%s = %v (%t), want %v", what, got, ok, w)
	}
}

// The Gini coefficient and the HHI of six vectors, computed with R 4.2.2 (data/funnel/reference, moments_gini_hhi.csv); there are
// none for the vector with a negative number.
func TestE20_vectors(t *testing.T) {
	var vectors map[string][]json.Number
	totJSON(t, "funnel/reference/inputs/quantile_vectors.json", &vectors)
	rows := testenv.CSV(t, "funnel/reference/moments_gini_hhi.csv")
	if len(rows) != len(vectors) || len(rows) != 6 {
		t.Fatalf("%d rows for %d vectors, want 6", len(rows), len(vectors))
	}
	for _, row := range rows {
		var totals metrics.Totals[int, decimal.Decimal]
		for i, x := range vectors[row["vec"]] {
			if err := totals.Add(i, d(x.String())); err != nil {
				t.Fatal(err)
			}
		}
		g, ok := totals.Gini()
		totSame(t, row["vec"]+": Gini", g, ok, row["gini"])
		h, ok := totals.HHI()
		totSame(t, row["vec"]+": HHI", h, ok, row["hhi"])
		n, okN := totals.Effective()
		if okN != ok || ok && math.Abs(n*h-1) > 1e-15 {
			t.Errorf("%s: %v effective keys (%t), want 1/%v", row["vec"], n, okN, h)
		}
	}
}

// totWon sums the won deals of Maven Analytics' "CRM Sales Opportunities" by a column.
func totWon(t testing.TB, by string) *metrics.Totals[string, int64] {
	t.Helper()
	var totals metrics.Totals[string, int64]
	for _, row := range testenv.CSV(t, "crm/maven/sales_pipeline.csv") {
		if row["deal_stage"] != "Won" {
			continue
		}
		v, err := strconv.ParseInt(row["close_value"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if err := totals.Add(row[by], v); err != nil {
			t.Fatal(err)
		}
	}
	return &totals
}

// The concentration of the won amounts of that data over agents and accounts, as computed independently
// (data/funnel/reference/maven_metrics.json).
func TestE21_maven(t *testing.T) {
	var ref struct {
		Concentration map[string]map[string]json.Number `json:"concentration"`
	}
	totJSON(t, "funnel/reference/maven_metrics.json", &ref)
	for name, by := range map[string]string{"agents": "sales_agent", "accounts": "account"} {
		want, totals := ref.Concentration[name], totWon(t, by)
		if got := strconv.Itoa(totals.Len()); got != want["n"].String() {
			t.Errorf("%s: %s keys, want %s", name, got, want["n"])
		}
		g, ok := totals.Gini()
		totSame(t, name+": Gini", g, ok, want["gini"].String())
		h, ok := totals.HHI()
		totSame(t, name+": HHI", h, ok, want["hhi"].String())
		for key, k := range map[string]int{"top1_share": 1, "top5_share": 5} {
			if want[key] == "" {
				continue // there are none for accounts
			}
			s, ok := totals.TopShare(k)
			totSame(t, name+": "+key, s, ok, want[key].String())
		}
	}
}

// The sums and counts by agent of that data, from the same file.
func TestE22_mavenAgents(t *testing.T) {
	var ref struct {
		ByAgent map[string]struct{ Count, Sum int64 } `json:"by_agent"`
	}
	totJSON(t, "funnel/reference/maven_metrics.json", &ref)
	totals := totWon(t, "sales_agent")
	top := totals.Top(totals.Len())
	if len(top) != len(ref.ByAgent) || len(top) != 30 {
		t.Fatalf("%d agents, want %d", len(top), len(ref.ByAgent))
	}
	for i, of := range top {
		if want := ref.ByAgent[of.Key]; of.Total != want.Sum || of.Count != want.Count {
			t.Errorf("%s: %d of %d deals, want %d of %d", of.Key, of.Total, of.Count, want.Sum, want.Count)
		}
		if i > 0 && of.Total > top[i-1].Total {
			t.Errorf("%s is not in order", of.Key)
		}
	}
	var sum int64
	for _, want := range ref.ByAgent {
		sum += want.Sum
	}
	if got := totals.Sum(); !got.Equal(decimal.NewFromInt(sum)) {
		t.Errorf("the sum is %s, want %d", got.StringFixed(0), sum)
	}
}
