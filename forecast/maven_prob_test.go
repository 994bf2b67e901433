package forecast_test

import (
	"encoding/csv"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/internal/testenv"
)

// probMaven is the data set "CRM Sales Opportunities" of Maven Analytics: 8,300 opportunities with a date (500 are only
// prospects), their amounts the closing values of those that closed, and the list prices of all.
type probMaven struct {
	deals  []forecast.Deal
	prices []decimal.Decimal // of the products, by deal
}

func probReadMaven(t testing.TB) probMaven {
	t.Helper()
	price := map[string]decimal.Decimal{}
	for _, r := range probRows(t, "crm/maven/products.csv") {
		price[r["product"]] = d(r["sales_price"])
	}
	var m probMaven
	for _, r := range probRows(t, "crm/maven/sales_pipeline.csv") {
		if r["engage_date"] == "" {
			continue
		}
		deal := forecast.Deal{ID: r["opportunity_id"], Owner: r["sales_agent"], Created: on(r["engage_date"])}
		switch r["deal_stage"] {
		case "Won":
			deal.Status, deal.Close, deal.Amount = forecast.Won, on(r["close_date"]), d(r["close_value"])
		case "Lost":
			deal.Status, deal.Close = forecast.Lost, on(r["close_date"])
		}
		product := r["product"]
		if product == "GTXPro" { // as the list of products spells it
			product = "GTX Pro"
		}
		m.deals = append(m.deals, deal)
		m.prices = append(m.prices, price[product])
	}
	if got, want := len(m.deals), 8300; got != want {
		t.Fatalf("%d deals, want %d", got, want)
	}
	return m
}

func probRows(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(testenv.Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(rows))
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, cell := range row {
			r[strings.TrimPrefix(rows[0][i], "\ufeff")] = cell
		}
		out = append(out, r)
	}
	return out
}

// knownOn returns the deals as they were known on a day. Deals not yet won have the list price, times what won deals brought
// of theirs until then (price realisation).
func (m probMaven) knownOn(asOf salesops.Date) []forecast.Deal {
	value, list := 0.0, 0.0
	for i, x := range m.deals {
		if x.Status == forecast.Won && !x.Close.After(asOf) {
			value += x.Amount.InexactFloat64()
			list += m.prices[i].InexactFloat64()
		}
	}
	realised := decimal.NewFromFloat(value / list)
	deals := append([]forecast.Deal(nil), m.deals...)
	for i := range deals {
		if deals[i].Status != forecast.Won || deals[i].Close.After(asOf) {
			deals[i].Amount = m.prices[i].Mul(realised)
		}
	}
	return forecast.Rewind(deals, asOf)
}

// wonIn returns the value won in a period.
func (m probMaven) wonIn(p salesops.Period) float64 {
	sum := 0.0
	for _, x := range m.deals {
		if x.Status == forecast.Won && p.Contains(x.Close) {
			sum += x.Amount.InexactFloat64()
		}
	}
	return sum
}

// probScore is the weighted absolute percentage error and the bias, in percent of the actual.
func probScore(forecasts, actual []float64) (wape, bias float64) {
	var off, signed, sum float64
	for i, a := range actual {
		off += math.Abs(forecasts[i] - a)
		signed += forecasts[i] - a
		sum += a
	}
	return 100 * off / sum, 100 * signed / sum
}

func TestE03_Scratch(t *testing.T) {
	m := probReadMaven(t)
	for _, late := range []bool{false, true} {
		var actual, plain, clocked []float64
		var past []forecast.PastPeriod
		in80 := 0
		for k := -1; k < 8; k++ {
			month := salesops.Period{Start: salesops.NewDate(2017, 5, 1).AddMonths(k), End: salesops.NewDate(2017, 6, 1).AddMonths(k)}
			asOf := month.Start.AddDays(-1)
			deals := m.knownOn(asOf)
			seen := salesops.Period{End: month.Start}
			if late {
				seen.Start = on("2017-03-01")
			}
			spells, err := forecast.AgeSpells(deals, seen)
			if err != nil {
				t.Fatal(err)
			}
			curve, err := forecast.FitCloseCurve(spells)
			if err != nil {
				t.Fatal(err)
			}
			clock, err := forecast.FitCloseClock(deals, seen, forecast.CloseClockOptions{})
			if err != nil {
				t.Fatal(err)
			}
			in, err := forecast.MeasureInflow(deals, salesops.Period{Start: month.Start.AddDays(-60), End: month.Start})
			if err != nil {
				t.Fatal(err)
			}
			p, err := forecast.Project(deals, month, asOf, curve.ByAge(), forecast.ProjectOptions{Inflow: in})
			if err != nil {
				t.Fatal(err)
			}
			q, err := forecast.Project(deals, month, asOf, clock.Closing(), forecast.ProjectOptions{Inflow: in})
			if err != nil {
				t.Fatal(err)
			}
			a := m.wonIn(month)
			rho := 0.0
			if len(past) > 0 {
				f, err := forecast.FitCorrelation(past)
				if err != nil {
					t.Fatal(err)
				}
				rho = f.Correlation
			}
			start := time.Now()
			tot, err := q.Total(forecast.TotalOptions{Correlation: rho})
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(start)
			past = append(past, forecast.PastPeriod{Chances: q.Chances(), Actual: decimal.NewFromFloat(a)})
			if k < 0 {
				continue
			}
			lo, hi, _ := tot.Interval(0.8)
			if lo.InexactFloat64() <= a && a <= hi.InexactFloat64() {
				in80++
			}
			actual = append(actual, a)
			plain = append(plain, p.Expected.InexactFloat64())
			clocked = append(clocked, q.Expected.InexactFloat64())
			t.Log(month.Start, a, p.Expected, "|", q.Open, q.New, q.Expected, lo.StringFixed(0), hi.StringFixed(0), "rho", rho, took, len(q.Chances()))
		}
		w, b := probScore(plain, actual)
		w2, b2 := probScore(clocked, actual)
		t.Log(late, w, b, w2, b2, in80)
	}
}
