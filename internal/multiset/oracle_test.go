package multiset_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/testenv"
)

// Quantiles of type 7 as R's function quantile gives them, of the vectors in hundredths.
func TestE01_quantiles(t *testing.T) {
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/inputs/quantile_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors map[string][]float64
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	sets := map[string]*multiset.Set{}
	for name, values := range vectors {
		sets[name] = new(multiset.Set)
		for _, v := range values {
			sets[name].Add(int64(math.Round(v * 100)))
		}
	}
	file, err := os.Open(testenv.Data(t, "funnel/reference/quantile_types.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, row := range rows[1:] {
		if row[1] != "7" {
			continue
		}
		p, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := sets[row[0]].Quantile(p)
		if !ok || math.Abs(got/100-want) > 1e-12*max(1, math.Abs(want)) {
			t.Errorf("quantile %v of %s = %v, %t, want %v", p, row[0], got/100, ok, want)
		}
		compared++
	}
	if compared != 72 {
		t.Errorf("compared %d quantiles, want 72", compared)
	}
}
