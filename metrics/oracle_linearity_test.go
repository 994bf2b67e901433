package metrics_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// TestE63_linearity_maven sums the deals won by month of close, of Maven Analytics' CRM Sales Opportunities, quarter by quarter:
// the reference was computed with pandas.
func TestE63_linearity_maven(t *testing.T) {
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/maven_metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ref struct {
		Linearity map[string]map[string]int64 `json:"linearity_by_quarter"`
	}
	if err := json.Unmarshal(text, &ref); err != nil {
		t.Fatal(err)
	}
	quarters := map[string]*metrics.Linearity{}
	for i, start := range []string{"2017-01-01", "2017-04-01", "2017-07-01", "2017-10-01"} {
		p := salesops.Calendar{}.Period(salesops.Quarter, on(start))
		quarters["2017Q"+strconv.Itoa(i+1)], err = metrics.NewLinearity(salesops.Calendar{}, salesops.Month, p)
		if err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Open(testenv.Data(t, "crm/maven/sales_pipeline.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] { // id, agent, product, account, deal_stage, engage_date, close_date, close_value
		if line[4] != "Won" {
			continue
		}
		day := on(line[6])
		q := strconv.Itoa(day.Year()) + "Q" + strconv.Itoa((int(day.Month())+2)/3)
		if err := quarters[q].Add(day, d(line[7]), "USD"); err != nil {
			t.Fatal(err)
		}
	}
	if len(ref.Linearity) != 4 {
		t.Fatalf("%d quarters in the reference, want 4", len(ref.Linearity))
	}
	for name, months := range ref.Linearity {
		shares := quarters[name].Shares()
		if len(shares) != 3 {
			t.Fatalf("%s: %d months", name, len(shares))
		}
		var total int64
		for _, v := range months {
			total += v
		}
		for i, s := range shares {
			want, num, den := months[strconv.Itoa(i+1)], s.Share.Num, s.Share.Den
			if !num.Equal(decimal.New(want, 0)) || !den.Equal(decimal.New(total, 0)) {
				t.Errorf("%s month %d: %s of %s, want %d of %d", name, i+1, num.StringFixed(0), den.StringFixed(0), want, total)
			}
		}
	}
}

// TestE64_linearity is the example of a hockey stick of Winsabove, Bookings Linearity
// (winsabove.com/glossary/bookings-linearity): $1.5M, $2M and $5.5M of $9M are 17 %, 22 % and 61 %.
func TestE64_linearity(t *testing.T) {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, period("2026-04-01", "2026-07-01"))
	if err != nil {
		t.Fatal(err)
	}
	for day, amount := range map[string]string{"2026-04-30": "1500000", "2026-05-01": "2000000", "2026-06-30": "5500000"} {
		if err := l.Add(on(day), d(amount), "USD"); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"0.17", "0.22", "0.61"} {
		if got, ok := l.Shares()[i].Share.Decimal(2); !ok || !got.Equal(d(want)) {
			t.Errorf("month %d: %s, want %s", i+1, got.StringFixed(2), want)
		}
	}
	if got, _ := l.LastShare().Decimal(2); !got.Equal(d("0.61")) {
		t.Errorf("last share %s, want 0.61", got.StringFixed(2))
	}
}
