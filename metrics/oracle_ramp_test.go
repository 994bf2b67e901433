package metrics_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// chgHistory is a rep who attained so much, period by period, of a quota of 1.
func chgHistory(attainment ...string) (h metrics.TenureHistory) {
	for _, a := range attainment {
		h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{Num: d(a), Den: d("1")})
	}
	return h
}

// chgTable reads a CSV file of the reference data.
func chgTable(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(testenv.Data(t, "funnel/reference/"+name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// TestE67_median_R compares the median and its limits with those of R 4.2.2, survival 3.5-3 (conf.type "log-log"), on its data
// sets whose times fit: a lifetime that ended at t is a rep who ramped in period t, one that was censored at t has not in t
// periods.
func TestE67_median_R(t *testing.T) {
	compared := 0
	for _, row := range chgTable(t, "km_quantiles.csv") { // dataset, group, conf_type, p, t, lo, hi
		if !slices.Contains([]string{"aml", "lung", "veteran", "waltons"}, row[0]) || row[2] != "loglog" || row[3] != "0.5" {
			continue
		}
		compared++
		var r metrics.Ramp
		for _, in := range chgTable(t, "inputs/"+row[0]+".csv") { // time, event, group
			if row[1] != "ALL" && row[1] != in[2] {
				continue
			}
			n, err := strconv.Atoi(in[0])
			if err != nil {
				t.Fatal(err)
			}
			h := metrics.TenureHistory{Attainment: make([]metrics.Ratio[decimal.Decimal], n)}
			if in[1] == "1" {
				h.Attainment[n-1] = metrics.Ratio[decimal.Decimal]{Num: d("1.50"), Den: d("1.5")}
				h.FirstDeal = n
			}
			if err := r.Add(h); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []metrics.Figure{r.Time(0), r.TimeToFirstDeal(0)} {
			got := []string{"", "", ""}
			text := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
			if v, ok := f.Float(); ok {
				got[0] = text(v)
			}
			if f.Interval != nil {
				got[1], got[2] = text(f.Interval.Low), text(f.Interval.High)
			} else if row[6] == "" && slices.Contains(f.Notes, "the lower limit is "+row[5]+", the upper one is not known yet") {
				got[1] = row[5]
			}
			if !slices.Equal(got, row[4:]) {
				t.Errorf("%s %s, %s: %v, want %v", row[0], row[1], f.KPI, got, row[4:])
			}
		}
	}
	if compared != 12 {
		t.Errorf("%d compared, want 12", compared)
	}
}

// TestE68_equivalents is the example of Himodus, RRE (wiki.himodus.com/docs/metrics/rre): 5 reps at 25 %, 3 at 60 %, 2 at 85 %
// and 15 at 100 % are 19.75.
func TestE68_equivalents(t *testing.T) {
	var reps []metrics.Rep
	for _, g := range []struct {
		n     int
		hired string
	}{{5, "2026-05-01"}, {3, "2026-02-01"}, {2, "2025-11-01"}, {15, "2025-01-01"}} {
		for range g.n {
			reps = append(reps, metrics.Rep{Hired: on(g.hired)})
		}
	}
	curve := []decimal.Decimal{d("0.25"), d("0.25"), d("0.25"), d("0.60"), d("0.6"), d("0.6"), d("0.85"), d("0.85"), d("0.85")}
	r, err := metrics.RampEquivalents(period("2026-06-01", "2026-07-01"), reps, curve)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := r.Decimal(6); !v.Equal(d("19.75")) {
		t.Errorf("%s, want 19.75", v.StringFixed(6))
	}
}

// TestE69_equivalents is the example of Aptology (aptology.com/blog/do-you-know-what-ramp-is-really-costing-you): a seller
// with a quota of $1M who is 30 % productive for three months and 70 % for three more closes $750k in the first year.
func TestE69_equivalents(t *testing.T) {
	rep := []metrics.Rep{{Hired: on("2026-01-01")}}
	curve := []decimal.Decimal{d("0.3"), d("0.3"), d("0.3"), d("0.7"), d("0.7"), d("0.7")}
	var closed decimal.Decimal
	for month := range 12 {
		start := on("2026-01-01").AddMonths(month)
		r, err := metrics.RampEquivalents(period(start.String(), start.AddMonths(1).String()), rep, curve)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := r.Decimal(6)
		if !ok {
			t.Fatal("no value")
		}
		closed = closed.Add(v.Mul(d("1000000")))
	}
	if want := d("750000").Mul(d("12")); !closed.Equal(want) { // each month has a twelfth of the quota
		t.Errorf("%s, want %s", closed.StringFixed(2), want.StringFixed(2))
	}
}
