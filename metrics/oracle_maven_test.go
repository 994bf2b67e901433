package metrics_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// crdMaven adds the deals of the CRM Sales Opportunities export of the Maven Analytics data playground, as of its last day.
func crdMaven(t testing.TB) *metrics.Scorecard {
	t.Helper()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: time.Date(2017, 12, 31, 23, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	teams := map[string][2]string{}
	for _, row := range testenv.CSV(t, "crm/maven/sales_teams.csv") {
		teams[row["sales_agent"]] = [2]string{row["manager"], row["regional_office"]}
	}
	for _, row := range testenv.CSV(t, "crm/maven/sales_pipeline.csv") {
		deal := metrics.Deal{
			ID: row["opportunity_id"], Owner: row["sales_agent"], Team: teams[row["sales_agent"]][0], Segment: teams[row["sales_agent"]][1],
			Account: row["account"],
		}
		if v := row["close_value"]; v != "" {
			deal.Amount = d(v)
		}
		day := func(column string) (date salesops.Date) {
			if v := row[column]; v != "" {
				date = on(v)
			}
			return date
		}
		deal.Created, deal.Close = day("engage_date"), day("close_date")
		switch row["deal_stage"] {
		case "Won":
			deal.Status = metrics.Won
		case "Lost":
			deal.Status = metrics.Lost
		}
		if err := card.AddDeal(deal); err != nil {
			t.Fatal(err)
		}
	}
	return card
}

// crdFigure returns a figure of a slice.
func crdFigure(t crdFatal, s metrics.Slice, id metrics.ID, o metrics.Options) metrics.Figure {
	f, err := s.Figure(id, o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return f
}

// crdWant wants a value, up to a share of it.
func crdWant(t testing.TB, f metrics.Figure, want, tolerance float64) {
	t.Helper()
	if v, ok := f.Float(); !ok || math.Abs(v-want) > tolerance*math.Abs(want) {
		t.Errorf("%v, want %.15g", f, want)
	}
}

// Figures of maven_metrics.json, which were computed independently of this library.
func TestE80_maven(t *testing.T) {
	card := crdMaven(t)
	data, err := os.ReadFile(testenv.Data(t, "funnel/reference/maven_metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	type share struct{ Num, Den, Value float64 }
	type inequality struct {
		N                                 int
		Gini, HHI, Top1_share, Top5_share float64
	}
	var want struct {
		Win_rate_count       share `json:"win_rate_count"`
		Won_of_engaged       share `json:"win_over_all_engaged"`
		Bookings             float64
		Deal_size            struct{ Mean, Median, P90_type7 float64 }             `json:"deal_size"`
		Cycle                struct{ Mean, Median, P90_type7, Std_sample float64 } `json:"cycle_days_won"`
		By_agent             map[string]struct{ Count, Sum float64 }               `json:"by_agent"`
		Concentration        struct{ Agents, Accounts inequality }
		Linearity_by_quarter map[string]map[string]float64 `json:"linearity_by_quarter"`
		Velocity             struct {
			Open_opps                                          float64
			Per_day, Variant_median_cycle, Variant_closed_opps float64
		} `json:"sales_velocity"`
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	all := card.All()
	figure := func(id metrics.ID) metrics.Figure { return crdFigure(t, all, id, metrics.Options{}) }
	for _, c := range []struct {
		id   metrics.ID
		want float64
	}{
		{metrics.WinRate, want.Win_rate_count.Value},
		{metrics.Bookings, want.Bookings},
		{metrics.DealsWon, want.Win_rate_count.Num},
		{metrics.DealSize, want.Deal_size.Mean},
		{metrics.SalesCycle, want.Cycle.Mean},
		{metrics.SalesCycleMedian, want.Cycle.Median},
		{metrics.SalesCycleP90, want.Cycle.P90_type7},
		{metrics.OpenDeals, want.Velocity.Open_opps},
		{metrics.SalesVelocity, want.Velocity.Per_day},
		{metrics.SalesVelocityMedian, want.Velocity.Variant_median_cycle},
		{metrics.SalesVelocityClosed, want.Velocity.Variant_closed_opps},
		{metrics.RepHHI, want.Concentration.Agents.HHI},
		{metrics.RepGini, want.Concentration.Agents.Gini},
		{metrics.RepTopShare, want.Concentration.Agents.Top5_share},
		{metrics.CustomerHHI, want.Concentration.Accounts.HHI},
		{metrics.CustomerGini, want.Concentration.Accounts.Gini},
	} {
		crdWant(t, figure(c.id), c.want, 1e-12)
	}
	crdWant(t, crdFigure(t, all, metrics.RepTopShare, metrics.Options{Top: 1}), want.Concentration.Agents.Top1_share, 1e-12)
	if sd := figure(metrics.SalesCycle).Spread.SD; sd == nil || math.Abs(*sd-want.Cycle.Std_sample) > 1e-10 {
		t.Errorf("sd of the cycle = %v, want %v", sd, want.Cycle.Std_sample)
	}
	// More than 4,096 deals: quantiles of amounts are within 0.5 % there.
	crdWant(t, figure(metrics.DealSizeMedian), want.Deal_size.Median, 0.005)
	reps := 0
	for name, part := range all.By(metrics.ByOwner) {
		crdWant(t, crdFigure(t, part, metrics.Bookings, metrics.Options{}), want.By_agent[name].Sum, 0)
		crdWant(t, crdFigure(t, part, metrics.DealsWon, metrics.Options{}), want.By_agent[name].Count, 0)
		if crdFigure(t, part, metrics.Bookings, metrics.Options{}).Value != nil {
			reps++
		}
	}
	if reps < want.Concentration.Agents.N {
		t.Errorf("%d reps, want %d", reps, want.Concentration.Agents.N)
	}
	months, err := all.Periods(salesops.Month)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]decimal.Decimal{}
	for p, part := range months {
		if v, ok := crdFigure(t, part, metrics.Bookings, metrics.Options{}).Decimal(0); ok {
			sums[p.Start.String()[:7]] = v
		}
	}
	for quarter, parts := range want.Linearity_by_quarter {
		first := map[byte]int{'1': 1, '2': 4, '3': 7, '4': 10}[quarter[5]]
		for n, sum := range parts {
			month := salesops.NewDate(2017, time.Month(first+int(n[0]-'1')), 1).String()[:7]
			if got := sums[month]; !got.Equal(decimal.NewFromInt(int64(sum))) {
				t.Errorf("bookings of %s = %v, want %v", month, got, sum)
			}
		}
	}
	// Equality of the reps' win rates: χ² = 33.35 on 29 degrees of freedom.
	crdWant(t, figure(metrics.RepHomogeneity), 0.2637, 0.01)
	// All lost deals have the amount 0 there.
	if f := figure(metrics.WinRateValue); f.Value != nil {
		t.Errorf("%v, want no value", f)
	}
}
