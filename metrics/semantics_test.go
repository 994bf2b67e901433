package metrics_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// The rules of docs/semantics-metrics.md, each with the cases at its edges.

// semCard is a card of deals as of the end of June 2026.
func semCard(t *testing.T, deals ...metrics.Deal) *metrics.Scorecard {
	t.Helper()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)})
	semMust(t, err)
	for _, deal := range deals {
		semMust(t, card.AddDeal(deal))
	}
	return card
}

// semDeal is a deal of a rep, written "Ana won 100 2026-01-05 2026-02-10": owner, status, amount, creation, and close or due date.
// "-" is none.
func semDeal(text string) metrics.Deal {
	w := strings.Fields(text)
	deal := metrics.Deal{Owner: w[0], Status: metrics.Status(w[1]), Amount: d(w[2])}
	for i, day := range []*salesops.Date{&deal.Created, &deal.Close} {
		if w[3+i] != "-" {
			*day = on(w[3+i])
		}
	}
	return deal
}

func semDeals(texts ...string) (deals []metrics.Deal) {
	for _, text := range texts {
		deals = append(deals, semDeal(text))
	}
	return deals
}

func semMust(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// semIs wants values of KPIs.
func semIs(t *testing.T, s metrics.Slice, o metrics.Options, want map[metrics.ID]float64) {
	t.Helper()
	for id, v := range want {
		semValue(t, crdFigure(t, s, id, o), v)
	}
}

// semValue wants the value of a figure.
func semValue(t *testing.T, f metrics.Figure, want float64) {
	t.Helper()
	if v, ok := f.Float(); !ok || math.Abs(v-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%v; want %v", f, want)
	}
}

// semNone wants a figure without a value, whose reason contains a text.
func semNone(t *testing.T, f metrics.Figure, reason string) {
	t.Helper()
	if f.Value != nil || f.Parts != nil || !strings.Contains(f.Reason, reason) {
		t.Errorf("%v; want no value, and %q for a reason", f, reason)
	}
}

// semNoted wants a note that contains a text.
func semNoted(t *testing.T, f metrics.Figure, text string) {
	t.Helper()
	if !strings.Contains(strings.Join(f.Notes, "\n"), text) {
		t.Errorf("%v; want a note that says %q", f, text)
	}
}

// semMaven wants figures of the public CRM export, rounded as the page has them.
func semMaven(t *testing.T, o metrics.Options, unit float64, want map[metrics.ID]float64) {
	t.Helper()
	t.Run("public CRM export", func(t *testing.T) {
		all := crdMaven(t).All()
		for id, v := range want {
			f := crdFigure(t, all, id, o)
			if got, ok := f.Float(); !ok || math.Abs(got/unit-v) > 0.05 {
				t.Errorf("%v, want %v", f, v)
			}
		}
	})
}

func semRatio(num, den string) metrics.Ratio[decimal.Decimal] {
	return metrics.Ratio[decimal.Decimal]{Num: d(num), Den: d(den)}
}

func TestS110_undefinedIsNotZero(t *testing.T) {
	all := semCard(t).All()
	for _, def := range metrics.Catalog() {
		if !catOnCard(def) {
			continue
		}
		f := crdFigure(t, all, def.ID, metrics.Options{})
		if def.Additivity == metrics.Additive || def.Additivity == metrics.SemiAdditive {
			semValue(t, f, 0) // the sum of nothing
		} else if f.Value != nil || f.Reason == "" {
			t.Errorf("%v; want no value without rows, and a reason", f)
		}
	}
	if v, ok := (metrics.Ratio[int]{Num: 0, Den: 3}).Float(); !ok || v != 0 {
		t.Errorf("0 of 3 = %v, %t; want 0, which is a value", v, ok)
	}
}

func TestS111_ratioOfWholes(t *testing.T) {
	all := semCard(t, semDeals("Ana won 10 - 2026-01-05", "Ben lost 10 - 2026-01-05", "Ben lost 10 - 2026-01-05", "Ben lost 10 - 2026-01-05")...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{metrics.WinRate: 0.25}) // the mean of 100 % and 0 % is 50 %
	r := metrics.Ratio[int]{Num: 1, Den: 1}
	semMust(t, r.Merge(metrics.Ratio[int]{Num: 0, Den: 3}))
	if v, _ := r.Float(); v != 0.25 {
		t.Errorf("1 of 1 and 0 of 3 = %v, want 0.25", v)
	}
}

func TestS112_periodOfARow(t *testing.T) {
	card := semCard(t, semDeals("Ana won 10 2026-01-31 2026-02-01", "Ana open 10 2026-01-31 2026-07-15", "Ana open 10 2026-01-31 -")...)
	month := func(start, end string) metrics.Slice {
		s, err := card.Select(metrics.Filter{Period: period(start, end)})
		semMust(t, err)
		return s
	}
	semIs(t, month("2026-01-01", "2026-02-01"), metrics.Options{}, map[metrics.ID]float64{metrics.DealsCreated: 3, metrics.DealsWon: 0, metrics.OpenDeals: 0})
	semIs(t, month("2026-02-01", "2026-03-01"), metrics.Options{}, map[metrics.ID]float64{metrics.DealsCreated: 0, metrics.DealsWon: 1, metrics.OpenDeals: 0})
	semIs(t, month("2026-07-01", "2026-08-01"), metrics.Options{}, map[metrics.ID]float64{metrics.DealsCreated: 0, metrics.DealsWon: 0, metrics.OpenDeals: 1})
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.DealsCreated: 3, metrics.DealsWon: 1, metrics.OpenDeals: 2})
	if _, err := card.Select(metrics.Filter{Period: period("2026-01-01", "2026-01-15")}); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("half a month of a card by months: %v, want ErrInput", err)
	}
}

func TestS113_asOf(t *testing.T) {
	card := semCard(t, semDeal("Ana won 10 2026-01-05 2026-06-30"), semDeal("Ana open 10 2026-06-20 2026-07-20"))
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.DealAge: 10})
	if err := card.AddDeal(semDeal("Ana won 10 2026-01-05 2026-07-01")); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("won on the day after: %v, want ErrInput", err)
	}
	var zero metrics.Scorecard
	if err := zero.AddDeal(semDeal("Ana open 10 2026-06-20 2026-07-20")); !errors.Is(err, metrics.ErrInput) || !strings.Contains(err.Error(), "AsOf") {
		t.Errorf("an open deal without AsOf: %v, want an error that names it", err)
	}
	semMust(t, zero.AddDeal(semDeal("Ana won 10 2026-01-05 2026-07-01")))
}

func TestS114_currencies(t *testing.T) {
	euros, dollars := semDeal("Ana won 10 - 2026-01-05"), semDeal("Ana won 10 - 2026-01-05")
	euros.Currency, dollars.Currency = "EUR", "USD"
	card := semCard(t, euros)
	if err := card.AddDeal(dollars); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("dollars after euros: %v, want ErrInput", err)
	}
	if err := card.Merge(semCard(t, dollars)); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("a card of dollars: %v, want ErrMismatch", err)
	}
	if _, err := card.All().CompareTo(semCard(t, dollars).All(), metrics.Bookings, metrics.Options{}, metrics.Evidence{}); !errors.Is(err, metrics.ErrMismatch) {
		t.Errorf("euros beside dollars: %v, want ErrMismatch", err)
	}
	if f := crdFigure(t, card.All(), metrics.Bookings, metrics.Options{}); f.Currency != "EUR" {
		t.Errorf("%v; want euros", f)
	}
}

func TestS115_intervals(t *testing.T) {
	all := catCard(t).All()
	for id, want := range map[metrics.ID]bool{
		metrics.WinRate: true, metrics.SalesCycle: true, metrics.SalesCycleMedian: true, metrics.WinRateCohort: true, metrics.DealSize: true, metrics.DealSizeMedian: true,
		metrics.Bookings: false, metrics.WinRateValue: false, metrics.QuotaAttainment: false, metrics.SalesVelocity: false,
	} {
		if f := crdFigure(t, all, id, metrics.Options{}); (f.Interval != nil) != want {
			t.Errorf("%v: an interval is there: %t, want %t", f, f.Interval != nil, want)
		}
	}
	wide, ok := metrics.Wilson(metrics.Ratio[int]{Num: 3, Den: 4}, 0)
	if !ok || math.Abs(wide.Low-0.3006) > 1e-4 || math.Abs(wide.High-0.9544) > 1e-4 {
		t.Errorf("3 of 4: %+v, %t; want 30 to 95 %%", wide, ok)
	}
}

func TestS116_sixWinRates(t *testing.T) {
	all := semCard(t, semDeals("Ana won 30 2026-01-05 2026-02-01", "Ana won 30 2026-01-05 2026-02-01", "Ana won 30 2026-01-05 2026-05-01", "Ana lost 10 2026-01-05 2026-02-01",
		"Ana lost 50 2026-01-05 2026-03-01", "Ana dropped 10 2026-01-05 2026-03-01", "Ana open 10 2026-01-05 2026-06-29", "Ana open 10 2026-01-05 2026-06-30")...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{
		metrics.WinRate: 3. / 5, metrics.WinRateBroad: 3. / 6, metrics.WinRateOverdue: 3. / 7, metrics.WinRateCreated: 3. / 8, metrics.WinRateValue: 90. / 150,
		metrics.WinRateCohort: 2. / 8, // by day 90
	})
	semIs(t, all, metrics.Options{Horizon: 120}, map[metrics.ID]float64{metrics.WinRateCohort: 3. / 8})
	semNone(t, crdFigure(t, all, metrics.WinRateCohort, metrics.Options{Horizon: 177}), "ask for 176 or fewer")
	semMaven(t, metrics.Options{Horizon: 120}, 0.01, map[metrics.ID]float64{metrics.WinRate: 63.2, metrics.WinRateCreated: 48.2, metrics.WinRateCohort: 50})
}

func TestS117_lostDealsWithoutAnAmount(t *testing.T) {
	cleared := semCard(t, semDeals("Ana won 90 - 2026-02-01", "Ana lost 0 - 2026-02-01")...).All()
	semNone(t, crdFigure(t, cleared, metrics.WinRateValue, metrics.Options{}), "have the amount 0")
	semNone(t, crdFigure(t, cleared, metrics.RequiredCoverage, metrics.Options{}), "have the amount 0")
	kept := semCard(t, semDeals("Ana won 90 - 2026-02-01", "Ana lost 10 - 2026-02-01", "Ana lost 0 - 2026-02-01")...).All()
	semIs(t, kept, metrics.Options{}, map[metrics.ID]float64{metrics.WinRateValue: 0.9})
	none := semCard(t, semDeals("Ana won 90 - 2026-02-01")...).All()
	semIs(t, none, metrics.Options{}, map[metrics.ID]float64{metrics.WinRateValue: 1})
}

func TestS118_closeRatio(t *testing.T) {
	deals := semDeals("Ana won 10 2026-01-05 2026-02-01", "Ana lost 10 2026-01-05 2026-02-01", "Ana open 10 2026-01-05 2026-07-01", "Ana won 10 2026-01-05 2026-02-01")
	for i := range 3 { // the fourth was won without a proposal
		deals[i].Proposed = on("2026-01-20")
	}
	semIs(t, semCard(t, deals...).All(), metrics.Options{}, map[metrics.ID]float64{metrics.CloseRatio: 1. / 2, metrics.CloseRatioSent: 1. / 3})
}

func TestS119_cycles(t *testing.T) {
	all := semCard(t, semDeals("Ana won 10 2026-03-01 2026-03-01", "Ana won 10 2026-03-01 2026-03-21", "Ana lost 10 2026-03-01 2026-04-30", "Ana open 10 2026-03-01 -",
		"Ana open 10 2026-03-01 -", "Ana won 10 2026-03-01 2026-02-28", "Ana won 10 - 2026-03-01")...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{
		metrics.SalesCycle: 10, metrics.SalesCycleMedian: 10, metrics.SalesCycleP90: 18, metrics.SalesCycleClosed: 80. / 3, metrics.SalesCycleClosedMedian: 20, metrics.SalesCycleKM: 60,
	})
	f := crdFigure(t, all, metrics.SalesCycle, metrics.Options{})
	semNoted(t, f, "2 won deals that have no day of creation, or closed before it, are left out")
	semMaven(t, metrics.Options{}, 1, map[metrics.ID]float64{metrics.SalesCycle: 51.8, metrics.SalesCycleKM: 69})
}

func TestS120_ageIsNoCycle(t *testing.T) {
	// A deal a month that closes in 30 days, and one that never does: those that are open are seen for long.
	deals := semDeals("Ana open 10 2025-06-30 -")
	for month := range 12 {
		created := on("2025-06-30").AddMonths(month)
		deals = append(deals, metrics.Deal{Status: metrics.Won, Amount: d("10"), Created: created, Close: created.AddDays(30)})
	}
	semIs(t, semCard(t, deals...).All(), metrics.Options{}, map[metrics.ID]float64{metrics.SalesCycle: 30, metrics.DealAge: 365, metrics.SalesCycleKM: 30})
	semMaven(t, metrics.Options{}, 1, map[metrics.ID]float64{metrics.SalesCycle: 51.8, metrics.DealAge: 198.8})
}

func TestS121_discounts(t *testing.T) {
	deals := semDeals("Ana won 90 - 2026-02-01", "Ana won 5 - 2026-02-01", "Ana won 70 - 2026-02-01")
	deals[0].List, deals[1].List = d("100"), d("10") // the third has none
	all := semCard(t, deals...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{metrics.DiscountRate: 15. / 110, metrics.DiscountRateMean: 0.3})
	dear := semDeal("Ana won 120 - 2026-02-01")
	dear.List = d("100")
	semIs(t, semCard(t, dear).All(), metrics.Options{}, map[metrics.ID]float64{metrics.DiscountRate: -0.2})
}

func TestS122_fourVelocities(t *testing.T) {
	deals := semDeals("Ana won 100 2026-01-01 2026-01-11", "Ana won 200 2026-01-01 2026-01-11", "Ana won 300 2026-01-01 2026-02-10", "Ana lost 100 2026-01-01 2026-02-10",
		"Ana open 100 2026-05-01 2026-08-01", "Ana open 100 - 2026-08-01")
	// deals × 200 × 3/4 ÷ 20 or 10 days
	semIs(t, semCard(t, deals...).All(), metrics.Options{}, map[metrics.ID]float64{
		metrics.SalesVelocity: 2 * 150. / 20, metrics.SalesVelocityMedian: 2 * 150. / 10, metrics.SalesVelocityCreated: 6 * 150. / 20, metrics.SalesVelocityClosed: 4 * 150. / 20,
	})
	sameDay := semCard(t, semDeals("Ana won 100 2026-01-01 2026-01-01", "Ana open 1 2026-01-01 -")...).All()
	semNone(t, crdFigure(t, sameDay, metrics.SalesVelocity, metrics.Options{}), "the cycle of won deals is 0 days")
	semMaven(t, metrics.Options{}, 1000, map[metrics.ID]float64{
		metrics.SalesVelocity: 60.1, metrics.SalesVelocityMedian: 54.6, metrics.SalesVelocityCreated: 253.4, metrics.SalesVelocityClosed: 193.2,
	})
}

// semQuotas adds quotas for the first half of 2026, written "Ana West 100": owner, team, amount.
func semQuotas(t *testing.T, card *metrics.Scorecard, texts ...string) *metrics.Scorecard {
	t.Helper()
	for _, text := range texts {
		w := strings.Fields(strings.ReplaceAll(text, "-", " - "))
		q := metrics.Quota{Owner: strings.Trim(w[0], "-"), Team: strings.Trim(w[1], "-"), Amount: d(w[2]), Period: period("2026-01-01", "2026-07-01")}
		semMust(t, card.AddQuota(q))
	}
	return card
}

func TestS123_threeAttainments(t *testing.T) {
	card := semQuotas(t, semCard(t, semDeals("Ana won 150 - 2026-02-01", "Ben won 90 - 2026-02-01", "Cy won 80 - 2026-02-01")...), "Ana - 100", "Ben - 100", "Cy - 200")
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{
		metrics.QuotaAttainment: 320. / 400, metrics.TeamAttainment: 320. / 400, metrics.QuotaAttainmentRate: 1. / 3, metrics.AttainmentDistribution: 0.9,
	})
	semIs(t, card.All(), metrics.Options{Attained: d("0.9")}, map[metrics.ID]float64{metrics.QuotaAttainmentRate: 2. / 3})
	ben, err := card.Select(metrics.Filter{Owner: "Ben"})
	semMust(t, err)
	semIs(t, ben, metrics.Options{}, map[metrics.ID]float64{metrics.QuotaAttainment: 0.9})
}

func TestS124_almostIsNotQuota(t *testing.T) {
	for sold, want := range map[string]float64{"99995": 0, "99999.99": 0, "100000": 1, "100000.00": 1} {
		card := semQuotas(t, semCard(t, semDeal("Ana won "+sold+" - 2026-02-01")), "Ana - 100000")
		semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.QuotaAttainmentRate: want})
	}
	if reached, ok := semRatio("99995", "100000").Reaches(d("1")); reached || !ok {
		t.Errorf("99.995 %% reaches 100 %%: %t, %t", reached, ok)
	}
}

func TestS125_quotaOfZero(t *testing.T) {
	card := semQuotas(t, semCard(t, semDeals("Ana won 150 - 2026-02-01", "Ben won 90 - 2026-02-01")...), "Ana - 0", "Ben - 100")
	ana, err := card.Select(metrics.Filter{Owner: "Ana"})
	semMust(t, err)
	semNone(t, crdFigure(t, ana, metrics.QuotaAttainment, metrics.Options{}), "no rep has a quota above 0")
	f := crdFigure(t, card.All(), metrics.QuotaAttainmentRate, metrics.Options{})
	semValue(t, f, 0)
	semNoted(t, f, "1 rep with a quota of 0 is left out")
}

func TestS126_prorating(t *testing.T) {
	year := period("2026-01-01", "2027-01-01")
	for start, want := range map[string]string{"2026-01-01": "365000.00", "2026-06-01": "214000.00", "2026-12-31": "1000.00", "2027-01-01": "0.00"} {
		got, err := metrics.Prorate(d("365000"), year, salesops.Period{Start: on(start)}, 2)
		semMust(t, err)
		if got.StringFixed(2) != want {
			t.Errorf("from %s: %s, want %s", start, got.StringFixed(2), want)
		}
	}
	card := semQuotas(t, semCard(t, semDeal("Ana won 50 - 2026-02-01")), "Ana - 100")
	quarter, err := card.Select(metrics.Filter{Period: period("2026-01-01", "2026-04-01")})
	semMust(t, err)
	semNone(t, crdFigure(t, quarter, metrics.QuotaAttainment, metrics.Options{}), "lies in the period in part only")
}

func TestS127_whoseDealsCount(t *testing.T) {
	deals := semDeals("Ana won 30 - 2026-02-01", "Ben won 40 - 2026-02-01", "Cy won 5 - 2026-02-01")
	deals[0].Team, deals[1].Team, deals[2].Team = "West", "West", "East"
	card := semQuotas(t, semCard(t, deals...), "Ana West 100", "Ben West 100", "- West 140")
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{
		metrics.QuotaAttainment: 70. / 200, // by the quotas of the reps
		metrics.TeamAttainment:  70. / 140, // by that of the team, which is less than theirs together
	})
	semIs(t, semQuotas(t, card, "- - 200").All(), metrics.Options{}, map[metrics.ID]float64{
		metrics.TeamAttainment: 75. / 200, // the company's quota holds that of the team
	})
	credited := d("90") // with her share of a deal that Ben owns
	split := semCard(t, deals...)
	quota := metrics.Quota{Owner: "Ana", Amount: d("100"), Period: period("2026-01-01", "2026-07-01"), Credited: &credited}
	semMust(t, split.AddQuota(quota))
	semIs(t, split.All(), metrics.Options{}, map[metrics.ID]float64{metrics.QuotaAttainment: 0.9})
	quota.Credited = nil
	semMust(t, split.AddQuota(quota))
	semNone(t, crdFigure(t, split.All(), metrics.QuotaAttainment, metrics.Options{}), "say what was credited, and others do not")
}

func TestS128_participation(t *testing.T) {
	card := semQuotas(t, semCard(t, semDeals("Ana won 60 - 2026-02-01", "Ben won 40 - 2026-02-01")...), "Ana - 100", "Ben - 100", "Cy - 100")
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.ParticipationRate: 2. / 3, metrics.ParticipationRateQuota: 1. / 3})
	for _, rep := range []string{"Ana", "Ben", "Cy", "Di"} { // Di has no quota, but is there
		semMust(t, card.AddRep(metrics.Rep{Name: rep, Active: salesops.Period{Start: on("2025-01-01")}}))
	}
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.ParticipationRate: 2. / 4, metrics.ParticipationRateQuota: 1. / 3})
}

func TestS129_coverage(t *testing.T) {
	deals := semDeals("Ana won 60 - 2026-02-01", "Ana open 120 2026-03-01 2026-06-30")
	semIs(t, semQuotas(t, semCard(t, deals...), "Ana - 100").All(), metrics.Options{}, map[metrics.ID]float64{metrics.PipelineCoverage: 3, metrics.PipelineCoverageFull: 1.2})
	met := semQuotas(t, semCard(t, deals...), "Ana - 60").All()
	semNone(t, crdFigure(t, met, metrics.PipelineCoverage, metrics.Options{}), "nothing is left to cover")
	semIs(t, met, metrics.Options{}, map[metrics.ID]float64{metrics.PipelineCoverageFull: 2})
}

func TestS130_requiredCoverage(t *testing.T) {
	all := semCard(t, semDeals("Ana won 60 - 2026-02-01", "Ana lost 90 - 2026-02-01", "Ana lost 90 - 2026-02-01")...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{metrics.RequiredCoverage: 4}) // by number it would be 3
	lost := semCard(t, semDeals("Ana lost 90 - 2026-02-01")...).All()
	semNone(t, crdFigure(t, lost, metrics.RequiredCoverage, metrics.Options{}), "nothing was won")
}

func TestS131_chancesMissing(t *testing.T) {
	deals := semDeals("Ana open 100 2026-03-01 2026-07-30", "Ana open 50 2026-03-01 2026-07-30")
	half, none := d("0.5"), d("0")
	deals[0].Chance = &half
	semNone(t, crdFigure(t, semCard(t, deals...).All(), metrics.WeightedPipeline, metrics.Options{}), "1 open deal has no chance")
	deals[1].Chance = &none
	semIs(t, semCard(t, deals...).All(), metrics.Options{}, map[metrics.ID]float64{metrics.WeightedPipeline: 50})
	above := d("1.01")
	deals[1].Chance = &above
	if err := semCard(t).AddDeal(deals[1]); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("a chance of 101 %%: %v, want ErrInput", err)
	}
}

func TestS132_staleOverdueTidy(t *testing.T) {
	deals := semDeals("Ana open 1 2026-01-01 2026-06-30", "Ana open 1 2026-01-01 2026-06-29", "Ana open 1 2026-01-01 2026-07-01", "Ana open 1 2026-01-01 -")
	deals[0].Active, deals[0].NextStep = on("2026-05-31"), true // 30 days ago
	deals[1].Active, deals[1].NextStep = on("2026-05-30"), true // 31; overdue
	deals[2].Active, deals[2].NextStep = on("2026-06-29"), false
	all := semCard(t, deals...).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{metrics.StaleShare: 2. / 4, metrics.OverdueShare: 1. / 4, metrics.HygieneShare: 1. / 4})
	semIs(t, all, metrics.Options{Stale: 29}, map[metrics.ID]float64{metrics.StaleShare: 3. / 4, metrics.HygieneShare: 0})
}

// semState is a deal in a snapshot, written "open 100 2026-03-31"; "" is no deal.
func semState(text string) *metrics.DealState {
	w := strings.Fields(text)
	if len(w) == 0 {
		return nil
	}
	return &metrics.DealState{Status: metrics.Status(w[0]), Amount: d(w[1]), Due: on(w[2]), Forecast: len(w) > 3}
}

// semChanges are the changes of the first quarter of 2026, from pairs of states.
func semChanges(t *testing.T, states ...[2]string) (c metrics.Changes) {
	t.Helper()
	for _, s := range states {
		semMust(t, c.Add(period("2026-01-01", "2026-04-01"), metrics.DealChange{Start: semState(s[0]), End: semState(s[1])}))
	}
	return c
}

func TestS133_amountOfWhatWasCreated(t *testing.T) {
	initial := d("100")
	c := semChanges(t, [2]string{"", "open 50 2026-05-31"}) // its first amount is not known
	semMust(t, c.Add(period("2026-01-01", "2026-04-01"), metrics.DealChange{End: semState("open 80 2026-05-31"), Initial: &initial}))
	semValue(t, c.PipelineCreation(), 130)
	semValue(t, c.PipelineCreationInitial(), 100)
	semNoted(t, c.PipelineCreationInitial(), "1 of 2 deals are left out")
	semIs(t, semCard(t, semDeal("Ana won 80 2026-01-05 2026-02-01")).All(), metrics.Options{}, map[metrics.ID]float64{metrics.PipelineCreated: 80})
}

func TestS134_slipped(t *testing.T) {
	c := semChanges(t,
		[2]string{"open 10 2026-03-31", "won 10 2026-03-31"}, [2]string{"open 20 2026-03-31", "lost 20 2026-02-01"},
		[2]string{"open 30 2026-03-31", "open 30 2026-04-01"},                                  // pushed
		[2]string{"open 40 2026-03-31", "open 40 2026-03-31"}, [2]string{"open 50 2026-03-31"}, // still due, and gone
		[2]string{"open 60 2026-04-01", "open 60 2026-06-01"}, [2]string{"", "open 70 2026-03-31"}, // not due at the start
	)
	semValue(t, c.SlippageRate(), 3./5)
	semValue(t, c.SlippageRateValue(), 120./150)
	semNoted(t, c.SlippageRate(), "1 deal due at the start does not exist any more")
	semValue(t, c.PushRate(), 1./5)
	semNone(t, semChanges(t).SlippageRate(), "no deal")
}

func TestS135_pushesHaveFourReadings(t *testing.T) {
	c := semChanges(t,
		[2]string{"open 10 2026-03-31 forecast", "won 10 2026-03-31"}, [2]string{"open 10 2026-03-31 forecast", "lost 10 2026-03-31"},
		[2]string{"open 10 2026-03-31 forecast", "open 10 2026-06-30"}, [2]string{"open 10 2026-03-31", "won 10 2026-04-02"}, // won, but not in the period
		[2]string{"open 10 2026-05-31", "won 10 2026-03-30"},
	)
	semValue(t, c.PushRate(), 2./4)
	semValue(t, c.PushRateOfClosed(), 2./3)
	semValue(t, c.SlipRateForecast(), 2./3)
	semValue(t, c.PullInRate(), 1./3) // what Saber calls push rate
	dues := []salesops.Date{on("2026-01-15"), on("2026-01-31"), on("2026-03-31"), on("2026-02-28"), on("2026-04-30")}
	if n, ok := metrics.CountPushes(salesops.Calendar{}, salesops.Month, dues); n != 2 || !ok {
		t.Errorf("pushes: %d, %t; want 2: within January none, to March one, back none, to April one", n, ok)
	}
}

func TestS136_pulledIn(t *testing.T) {
	c := semChanges(t,
		[2]string{"open 10 2026-04-01", "open 10 2026-03-31"}, // from the first day after
		[2]string{"open 10 2025-12-31", "open 10 2026-03-31"}, // overdue, with a new date
		[2]string{"open 10 2026-05-31", "open 10 2026-04-01"}, // earlier, but not in the period
		[2]string{"open 10 2026-03-31", "open 10 2026-01-31"}, // within it
	)
	semValue(t, c.PullInRate(), 1./3)
	if c.PulledIn.Count != 1 || c.CarriedIn.Count != 1 {
		t.Errorf("pulled in %d, carried in %d; want one each", c.PulledIn.Count, c.CarriedIn.Count)
	}
}

func TestS137_linearity(t *testing.T) {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, period("2026-01-01", "2026-04-01"))
	semMust(t, err)
	semNone(t, l.LastShare(), "there is no booking")
	for day, amount := range map[string]string{"2026-01-31": "31", "2026-02-01": "28", "2026-03-31": "31"} {
		semMust(t, l.Add(on(day), d(amount), "USD"))
	}
	semValue(t, l.LastShare(), 31./90)
	semValue(t, l.IndexByDays(), 1) // as much each day
	semValue(t, l.Index(), 1-2./90)
	semValue(t, l.Gini(), 12./(2*3*90))
	semMust(t, l.Add(on("2026-01-15"), d("-60"), "USD")) // a refund
	semValue(t, l.LastShare(), 31./30)
	semNone(t, l.Gini(), "refunds exceed bookings")
}

func TestS138_signOfForecastErrors(t *testing.T) {
	var e metrics.ForecastError
	semMust(t, e.Add(d("120"), d("100"), "USD"))
	semMust(t, e.Add(d("10"), d("20"), "USD"))
	semValue(t, e.Signed(), -10./120) // less came than was forecast
	semValue(t, e.Bias(), 10./120)    // called too high
	semValue(t, e.WAPE(), 30./120)
	semValue(t, e.MAPE(), (0.2+0.5)/2)
	semValue(t, e.Accuracy(), 1-30./120)
	semMust(t, e.Add(d("5"), d("0"), "USD"))
	semNone(t, e.MAPE(), "1 of 3 actuals are 0")
	semValue(t, e.WAPE(), 35./120)
}

// semLeads are leads that came on a day in June and waited so many minutes; -1 is not touched.
func semLeads(t *testing.T, day string, waits ...int) *metrics.Scorecard {
	t.Helper()
	card := semCard(t)
	for _, minutes := range waits {
		l := metrics.Lead{Created: on(day).Time(time.UTC)}
		if minutes >= 0 {
			l.Touched = l.Created.Add(time.Duration(minutes) * time.Minute)
		}
		semMust(t, card.AddLead(l))
	}
	return card
}

func TestS139_untouchedLeadsWait(t *testing.T) {
	all := semLeads(t, "2026-06-01", 1, 3, 60, -1, -1).All()
	semIs(t, all, metrics.Options{}, map[metrics.ID]float64{metrics.LeadResponseTime: 60, metrics.LeadResponseSLA: 2. / 5, metrics.LeadUntouchedShare: 2. / 5})
	semNone(t, crdFigure(t, all, metrics.LeadResponseP90, metrics.Options{}), "fewer than nine in ten")
	young := semLeads(t, "2026-06-30", 1, 3, 60, -1, -1) // at noon, having waited for 12 hours
	semNone(t, crdFigure(t, young.All(), metrics.LeadResponseSLA, metrics.Options{SLA: 721}), "nothing was watched for 721 ticks")
	early := semCard(t)
	semMust(t, early.AddLead(metrics.Lead{Created: on("2026-06-02").Time(time.UTC), Touched: on("2026-06-01").Time(time.UTC)}))
	f := crdFigure(t, early.All(), metrics.LeadResponseTime, metrics.Options{})
	semValue(t, f, 0)
	semNoted(t, f, "touched before it came")
}

func TestS140_leadsByLead(t *testing.T) {
	card := semCard(t)
	for i := range 4 { // all came in January, and one has become a customer since
		semMust(t, card.AddLead(metrics.Lead{Created: on("2026-01-10").Time(time.UTC), Touched: on("2026-01-11").Time(time.UTC), Qualified: i < 3, Opportunity: i < 2, Customer: i == 3}))
	}
	january, err := card.Select(metrics.Filter{Period: period("2026-01-01", "2026-02-01")})
	semMust(t, err)
	semIs(t, january, metrics.Options{}, map[metrics.ID]float64{metrics.LeadToQualified: 3. / 4, metrics.LeadToOpportunity: 2. / 4, metrics.LeadToSale: 1. / 4})
	february, err := card.Select(metrics.Filter{Period: period("2026-02-01", "2026-03-01")})
	semMust(t, err)
	semNone(t, crdFigure(t, february, metrics.LeadToSale, metrics.Options{}), "no lead came")
}

func TestS141_leadVelocity(t *testing.T) {
	january, february := metrics.LeadMonth{Qualified: 100, Days: 31}, metrics.LeadMonth{Qualified: 95, Days: 28}
	semValue(t, metrics.LeadVelocity(january, february), -0.05)
	semValue(t, metrics.LeadVelocityPerDay(january, february), 95./28/(100./31)-1)
	semNone(t, metrics.LeadVelocity(metrics.LeadMonth{}, february), "month before")
}

func TestS142_activityByDayWorked(t *testing.T) {
	card := semCard(t)
	for _, a := range []metrics.Activity{{Kind: metrics.Call, Count: 9}, {Kind: metrics.Email}, {Kind: metrics.Meeting, Count: 4}, {Kind: metrics.NoShow, Count: 1}} {
		a.Owner, a.Date = "Ana", on("2026-06-01")
		semMust(t, card.AddActivity(a))
	}
	semNone(t, crdFigure(t, card.All(), metrics.MeetingsPerRepDay, metrics.Options{}), "no day of work")
	for _, day := range []string{"2026-06-01", "2026-06-02"} { // and a day off without a row
		semMust(t, card.AddWorkday(metrics.Workday{Owner: "Ana", Date: on(day)}))
	}
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{
		metrics.Meetings: 4, metrics.MeetingsPerRepDay: 2, metrics.CallsPerRepDay: 4.5, metrics.EmailsPerRepDay: 0.5, metrics.NoShowRate: 1. / 5, metrics.ActivityToMeeting: 5. / 10,
	})
}

// semRamp are reps with so many per cent of quota in each period; a last -1 says that the rep has left.
func semRamp(t *testing.T, o metrics.RampOptions, reps ...[]int64) *metrics.Ramp {
	t.Helper()
	r, err := metrics.NewRamp(o)
	semMust(t, err)
	for _, attained := range reps {
		var h metrics.TenureHistory
		for i, a := range attained {
			if a < 0 {
				h.Left = true
				continue
			}
			h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{Num: decimal.New(a, 0), Den: d("100")})
			if a > 0 && h.FirstDeal == 0 {
				h.FirstDeal = i + 1
			}
		}
		semMust(t, r.Add(h))
	}
	return r
}

func TestS143_rampTime(t *testing.T) {
	reps := [][]int64{{0, 50, 100}, {0, 85, 90, 95, 100}, {10, 20, -1}, {0, 80}, {0}, {0, 0, 0, 0}}
	full := semRamp(t, metrics.RampOptions{}, reps...).Time(0)
	semValue(t, full, 5) // the mean of the two who have is 4
	semNoted(t, full, "1 rep left before having ramped")
	semValue(t, semRamp(t, metrics.RampOptions{Threshold: d("0.8")}, reps...).Time(0), 3)
	if semRamp(t, metrics.RampOptions{Threshold: d("0.8")}).Time(0).KPI != metrics.RampTime80 {
		t.Error("80 % has an ID of its own")
	}
	semNone(t, semRamp(t, metrics.RampOptions{Sustained: 2}, reps...).Time(0), "fewer than half")
	semValue(t, semRamp(t, metrics.RampOptions{}, reps...).TimeToFirstDeal(0), 2)
	semValue(t, metrics.RampRule(60), 150)
}

func TestS144_rampedReps(t *testing.T) {
	quarter := period("2026-01-01", "2026-04-01")
	eq, err := metrics.RampEquivalents(quarter, []metrics.Rep{
		{Name: "Ana", Hired: on("2020-01-01")}, {Name: "Ben", Hired: on("2026-01-01")}, {Name: "Cy", Hired: on("2020-01-01"), Active: period("2020-01-01", "2026-02-01")},
	}, []decimal.Decimal{d("0"), d("0.5")})
	semMust(t, err)
	// One for the whole quarter, half of February and all of March, and January.
	if v, _ := eq.Float(); math.Abs(v-(90+14+31+31)/90.) > 1e-12 {
		t.Errorf("equivalents %v, want 166 of 90 days", v)
	}
	semValue(t, metrics.ProductivityPerRep(d("166"), "USD", eq), 90)
	semNone(t, metrics.ProductivityPerRep(d("166"), "USD", semRatio("0", "90")), "no ramped-rep equivalents")
}

func TestS145_rampCurve(t *testing.T) {
	curve := semRamp(t, metrics.RampOptions{}, []int64{50, 100}, []int64{0, -1}).Curve(2)
	if len(curve) != 2 || curve[0].Reps != 2 || curve[1].Reps != 1 {
		t.Fatalf("%+v; want two reps in the first period, and one in the second", curve)
	}
	semValue(t, curve[0].Productivity, 0.25) // who left counts while there
	semValue(t, curve[1].Productivity, 1)
}

func TestS146_concentration(t *testing.T) {
	var totals metrics.Totals[string, int64]
	for key, amount := range map[string]int64{"a": 50, "b": 30, "c": 20} {
		semMust(t, totals.Add(key, amount))
	}
	if h, ok := totals.HHI(); !ok || math.Abs(h-0.38) > 1e-15 {
		t.Errorf("HHI %v, want 0.38, which antitrust authorities write 3,800", h)
	}
	if n, ok := totals.Effective(); !ok || math.Abs(n-1/0.38) > 1e-12 {
		t.Errorf("effective number %v, want 2.6", n)
	}
	semMust(t, totals.Add("c", -30)) // refunds beyond bookings
	if _, ok := totals.HHI(); ok {
		t.Error("shares of which one is negative have an HHI")
	}
	if share, ok := totals.TopShare(1); !ok || share != 50./70 {
		t.Errorf("share of the first %v, %t; want 50 of 70", share, ok)
	}
}

func TestS147_gini(t *testing.T) {
	var totals metrics.Totals[string, int64]
	semMust(t, totals.Add("a", 10))
	for n, key := range []string{"b", "c", "d"} {
		semMust(t, totals.Add(key, 0)) // who sold nothing counts
		if g, ok := totals.Gini(); !ok || math.Abs(g-float64(n+1)/float64(n+2)) > 1e-15 {
			t.Errorf("one of %d has all: Gini %v, want (n-1)/n", n+2, g)
		}
	}
	card := semCard(t, semDeal("Ana won 10 - 2026-02-01"))
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.RepGini: 0})
	for _, rep := range []string{"Ana", "Ben"} {
		semMust(t, card.AddRep(metrics.Rep{Name: rep, Active: salesops.Period{Start: on("2025-01-01")}}))
	}
	semIs(t, card.All(), metrics.Options{}, map[metrics.ID]float64{metrics.RepGini: 0.5})
}

func TestS148_quantiles(t *testing.T) {
	values := []int{1, 2, 4, 8}
	for typ, want := range map[metrics.QuantileType]float64{0: 5, 7: 5, 1: 4, 2: 6, 6: 7} {
		if got, err := metrics.QuantileOf(values, typ, 0.75); err != nil || got != want {
			t.Errorf("type %d: %v, %v; want %v", typ, got, err, want)
		}
	}
	if got, err := metrics.QuantileOf([]int{5}, 0, 0.9); err != nil || got != 5 {
		t.Errorf("of one value: %v, %v; want the value", got, err)
	}
	if _, err := metrics.QuantileOf([]int{}, 0, 0.9); !errors.Is(err, metrics.ErrUndefined) {
		t.Errorf("of none: %v, want ErrUndefined", err)
	}
}

func TestS149_floatsAreDecimals(t *testing.T) {
	var m metrics.Moments[float64]
	for range 10 {
		semMust(t, m.Add(0.1))
	}
	if sum := m.Sum(); !sum.Equal(d("1")) {
		t.Errorf("ten times 0.1 = %s, want 1", sum.StringFixed(20))
	}
	if sd, ok := m.SD(); !ok || sd != 0 {
		t.Errorf("standard deviation of equal numbers %v, want 0", sd)
	}
	if err := m.Add(math.NaN()); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("NaN: %v, want ErrInput", err)
	}
}

func TestS150_exactThenSketched(t *testing.T) {
	var s, reversed metrics.Sample[int]
	for i := range 4097 {
		if exact := s.IsExact(); !exact {
			t.Fatalf("not exact with %d numbers", i)
		}
		semMust(t, s.Add(i+1))
		semMust(t, reversed.Add(4097-i))
	}
	q, err := s.Quantile(0.5)
	semMust(t, err)
	if s.IsExact() || q.Error == 0 || math.Abs(q.Value-2049) > q.Error || q.Error > 0.0051*2049 {
		t.Errorf("exact %t, median %+v; want 2049 within 0.5 %%", s.IsExact(), q)
	}
	if a, b := accBinary(t, s), accBinary(t, reversed); !cmp.Equal(a, b) {
		t.Error("the order of the numbers shows")
	}
	if max, ok := s.Max(); !ok || max != 4097 {
		t.Errorf("greatest %v; extremes stay exact", max)
	}
}

// semBridge is the bridge of customers, written "before after", with "*" for those who had paid once.
func semBridge(t *testing.T, customers ...string) (r metrics.Recurring) {
	t.Helper()
	for _, c := range customers {
		w := strings.Fields(c)
		semMust(t, r.AddCustomer(metrics.CustomerRevenue{ID: c, Currency: "EUR", Before: d(w[0]), After: d(w[1]), EverPaid: len(w) > 2}))
	}
	return r
}

func TestS151_netRetention(t *testing.T) {
	r := semBridge(t, "100 130", "100 0", "0 40", "0 20 *") // expanded, churned, new, back
	semValue(t, r.NRR(), 0.65)
	semValue(t, r.NRRBridge(), 0.75)
	semNone(t, semBridge(t, "0 40").NRR(), "nothing recurred at the start")
}

func TestS152_grossRetention(t *testing.T) {
	semValue(t, semBridge(t, "100 130", "100 90", "100 0").GRR(), 190./300)
	semValue(t, semBridge(t, "100 500").GRR(), 1) // never above 1
	var year metrics.Recurring                    // down in spring, up in autumn: the customer has not lost anything over the year
	semMust(t, year.AddCustomer(metrics.CustomerRevenue{ID: "1", Before: d("100"), After: d("100")}))
	semValue(t, year.GRR(), 1)
}

func TestS153_lastSubscription(t *testing.T) {
	r := semBridge(t, "100 60", "100 0") // one of two subscriptions, and all
	if !r.Contraction.Equal(d("40")) || !r.Churn.Equal(d("100")) || r.ChurnedCustomers != 1 {
		t.Errorf("%+v; want 40 contracted and 100 churned", r)
	}
	semValue(t, r.LogoChurn(0), 0.5)
}

func TestS154_threeChurns(t *testing.T) {
	r := semBridge(t, "100 150", "100 80", "200 0", "0 30 *")
	semValue(t, r.LogoChurn(0), 1./3)
	semValue(t, r.RevenueChurn(), 220./400)
	semValue(t, r.NetRevenueChurn(), 140./400)
	days := []metrics.Ratio[int64]{{Num: 50, Den: 100}, {Num: 0, Den: 0}, {Num: 60, Den: 100}}
	semValue(t, metrics.DailyChurnOf(days), 0.8)
	semValue(t, metrics.DailyChurnSumOf(days), 1.1)
}

func TestS155_twoARRs(t *testing.T) {
	semValue(t, semBridge(t, "100 150").ARR(), 1800)
	contracts := []metrics.Contract{
		{ID: "1", Currency: "EUR", Value: d("3600"), Months: 36, Start: on("2025-01-01")},
		{ID: "2", Currency: "EUR", Value: d("500"), Months: 6, Start: on("2026-01-01")},
	}
	for day, want := range map[string]float64{"2026-06-30": 2200, "2026-07-01": 1200, "2028-01-01": 0} { // the day after the term is out
		f, err := metrics.ActiveARR(contracts, on(day))
		semMust(t, err)
		semValue(t, f, want)
	}
}

func TestS156_shortContracts(t *testing.T) {
	c := metrics.Contract{ID: "1", Currency: "EUR", Value: d("500"), Months: 6, Start: on("2026-01-01")}
	semValue(t, c.ACV(), 1000)
	semValue(t, c.ACVAsSold(), 500)
	c.Months, c.Value = 24, d("3000")
	semValue(t, c.ACV(), 1500)
	semValue(t, c.ACVAsSold(), 1500)
	c.Months = 0
	semNone(t, c.ACV(), "the term is not 1 to 1200 months")
}

func TestS157_quickRatio(t *testing.T) {
	r := semBridge(t, "100 150", "100 80", "0 30", "0 20 *")
	semValue(t, r.QuickRatio(), 4)
	semValue(t, r.QuickRatioReactivation(), 5)
	semNone(t, semBridge(t, "100 150").QuickRatio(), "nothing was lost")
}

func TestS158_monthsAreNoYear(t *testing.T) {
	january, february := semBridge(t, "100 100"), semBridge(t, "100 50") // of one customer
	semMust(t, january.Merge(&february))
	semValue(t, january.NRR(), 0.75) // as if there were two of them
	semValue(t, semBridge(t, "100 50").NRR(), 0.5)
}

func semEfficiency() metrics.Efficiency {
	return metrics.Efficiency{
		Currency: "EUR", Spend: d("600"), SpendBefore: d("500"), NewCustomers: 40, NewMRR: d("50"), Customers: 400, MRR: d("400"), GrossMargin: semRatio("4", "5"),
		NetNewARR: d("300"), GrossNewARR: d("400"), Revenue: d("1000"), RevenueBefore: d("925"),
	}
}

func TestS159_acquisitionCost(t *testing.T) {
	e := semEfficiency()
	semValue(t, e.CAC(metrics.SamePeriod), 15)
	semValue(t, e.CAC(metrics.PeriodBefore), 12.5)
	semNoted(t, e.CAC(metrics.PeriodBefore), "period before")
	e.NewCustomers = 0
	semNone(t, e.CAC(metrics.SamePeriod), "no customer was won")
}

func TestS160_payback(t *testing.T) {
	e := semEfficiency()
	semValue(t, e.CACPayback(metrics.SamePeriod), 15)
	semValue(t, e.CACPaybackSimple(metrics.SamePeriod), 12)
	e.GrossMargin = semRatio("0", "5")
	semNone(t, e.CACPayback(metrics.SamePeriod), "margin is not above 0")
}

func TestS161_lifetimeWithoutChurn(t *testing.T) {
	e := semEfficiency()
	churn, none, negative := semRatio("8", "400"), semRatio("0", "400"), semRatio("-8", "400")
	semValue(t, e.LTV(&churn), 40) // 0.8 a month for 50 months
	semNone(t, e.LTV(&none), "a lifetime has no end")
	semNone(t, e.LTV(&negative), "a lifetime has no end")
	semNone(t, e.LTVToCAC(&none, metrics.SamePeriod), "a lifetime has no end")
	f, err := e.LTVHorizon([]float64{1, 1, 0.5}, 0)
	semMust(t, err)
	semValue(t, f, 2)
}

func TestS162_magicNumbers(t *testing.T) {
	e := semEfficiency()
	semValue(t, e.MagicNumber(metrics.PeriodBefore), 0.6)
	semValue(t, e.MagicNumber(metrics.SamePeriod), 0.5)
	semNoted(t, e.MagicNumber(metrics.SamePeriod), "same period")
	semValue(t, e.MagicNumberARR(metrics.PeriodBefore), 0.6)
	semValue(t, e.MagicNumberGrossARR(metrics.PeriodBefore), 0.8)
	if n := e.MagicNumber(metrics.PeriodBefore).Notes; len(n) > 0 {
		t.Errorf("the usual lag needs no note: %q", n)
	}
}

func TestS163_growthFromALoss(t *testing.T) {
	semValue(t, metrics.Growth{From: d("-100"), To: d("-50")}.Rate(), 0.5)
	f := metrics.Growth{From: d("-100"), To: d("50")}.Rate()
	semValue(t, f, 1.5)
	semNoted(t, f, "sign")
	semNone(t, metrics.Growth{From: d("0"), To: d("50")}.Rate(), "0")
	semNone(t, metrics.Growth{From: d("-100"), To: d("50")}.CAGR(1), "must be above 0")
}

func TestS164_mixAndRate(t *testing.T) {
	// Both segments win more often than before, and yet the whole wins less: the weak one has grown.
	before := map[string]metrics.Ratio[int]{"large": {Num: 50, Den: 100}, "small": {Num: 20, Den: 100}}
	after := map[string]metrics.Ratio[int]{"large": {Num: 11, Den: 20}, "small": {Num: 45, Den: 180}}
	r, err := metrics.MixRate(before, after)
	semMust(t, err)
	if math.Abs(r.Rate-0.05) > 1e-12 || r.Mix >= 0 || math.Abs(r.Rate+r.Mix-(0.28-0.35)) > 1e-12 {
		t.Errorf("%+v; want a rate effect of 0.05, and a mix effect that makes up the rest of -0.07", r)
	}
	after["new"] = metrics.Ratio[int]{Num: 90, Den: 100}
	if r, err = metrics.MixRate(before, after); err != nil || r.Segments[1].Key != "new" || r.Segments[1].Rate != 0 || r.Segments[1].Mix <= 0 {
		t.Errorf("%+v, %v; want all the effect of a new segment to be mix", r, err)
	}
}

func TestS165_repAgainstTheRest(t *testing.T) {
	groups := []metrics.Ratio[int]{{Num: 60, Den: 100}, {Num: 30, Den: 100}}
	c, err := metrics.CompareToRest(groups, metrics.Higher, metrics.Evidence{})
	semMust(t, err)
	if math.Abs(*c[0].Difference-0.3) > 1e-12 { // and not 0.6 - 0.45
		t.Errorf("difference %v, want 0.3", *c[0].Difference)
	}
	var deals []metrics.Deal
	for i := range 200 {
		status := metrics.Status("lost")
		if i%100 < groups[i/100].Num {
			status = metrics.Won
		}
		deals = append(deals, metrics.Deal{Owner: []string{"Ana", "Ben"}[i/100], Status: status, Amount: d("1"), Close: on("2026-02-01")})
	}
	by, err := semCard(t, deals...).All().CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
	semMust(t, err)
	if len(by) != 2 || by[0].Name != "Ana" || math.Abs(*by[0].Difference-0.3) > 1e-12 || by[0].Verdict != metrics.Better || by[1].Verdict != metrics.Worse {
		t.Errorf("%+v; want Ana 30 points better than the rest", by)
	}
}

func TestS166_notEveryDifferenceCounts(t *testing.T) {
	for _, c := range []struct {
		a, b metrics.Ratio[int]
		want metrics.Verdict
	}{
		{metrics.Ratio[int]{Num: 129, Den: 300}, metrics.Ratio[int]{Num: 108, Den: 300}, metrics.Unclear}, // +7 points
		{metrics.Ratio[int]{Num: 430, Den: 1000}, metrics.Ratio[int]{Num: 360, Den: 1000}, metrics.Better},
		{metrics.Ratio[int]{Num: 19, Den: 19}, metrics.Ratio[int]{Num: 1, Den: 1000}, metrics.TooFew},
		{metrics.Ratio[int]{}, metrics.Ratio[int]{Num: 1, Den: 1000}, metrics.TooFew},
	} {
		got, err := metrics.CompareShares(c.a, c.b, metrics.Higher, metrics.Evidence{})
		if err != nil || got.Verdict != c.want || (got.Reason == "") != (c.want == metrics.Better) {
			t.Errorf("%v against %v: %v, %v; want %s", c.a, c.b, got, err, c.want)
		}
	}
	card := catCard(t)
	small := semDeal("Ana won 1 - 2026-02-01")
	small.Currency = "USD" // as those of the card
	c, err := card.All().CompareTo(semCard(t, small).All(), metrics.Bookings, metrics.Options{}, metrics.Evidence{})
	if err != nil || c.Verdict != metrics.Untested || c.P != nil || c.Interval != nil {
		t.Errorf("bookings: %v, %v; want the difference alone", c, err)
	}
	// Of the same three reps in two quarters, who won anything?
	first, err := card.Select(metrics.Filter{Period: period("2026-01-01", "2026-04-01")})
	semMust(t, err)
	second, err := card.Select(metrics.Filter{Period: period("2026-04-01", "2026-07-01")})
	semMust(t, err)
	c, err = second.CompareTo(first, metrics.ParticipationRate, metrics.Options{}, metrics.Evidence{MinN: 1})
	if err != nil || c.Verdict != metrics.Untested {
		t.Errorf("participation in two quarters: %v, %v; want no test", c, err)
	}
}

func TestS167_manyComparisons(t *testing.T) {
	p, chance, difference := 0.03, 0.9, 0.1
	for n, want := range map[int]metrics.Verdict{1: metrics.Better, 2: metrics.Unclear} {
		judged := []*metrics.Comparison{{Difference: &difference, P: &p, Better: metrics.Higher}}
		for range n - 1 {
			judged = append(judged, &metrics.Comparison{Difference: &difference, P: &chance, Better: metrics.Higher})
		}
		if err := metrics.Judge(metrics.Evidence{}, judged...); err != nil || judged[0].Verdict != want {
			t.Errorf("one of %d: %v, %v; want %s", n, judged[0], err, want)
		}
	}
	if got, err := metrics.BenjaminiHochberg([]float64{0.01, 0.02, 0.5}); err != nil || math.Abs(got[0]-0.03) > 1e-15 || math.Abs(got[1]-0.03) > 1e-15 || got[2] != 0.5 {
		t.Errorf("adjusted %v, %v; want 0.03, 0.03, 0.5", got, err)
	}
	t.Run("public CRM export", func(t *testing.T) {
		reps, err := crdMaven(t).All().CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
		semMust(t, err)
		alone, together := 0, 0
		for _, rep := range reps {
			if *rep.P < 0.05 {
				alone++
			}
			if rep.Verdict != metrics.Unclear {
				together++
			}
		}
		if len(reps) != 30 || alone != 3 || together != 0 {
			t.Errorf("%d of %d reps differ alone, and %d together; want 3 of 30, and none", alone, len(reps), together)
		}
	})
}

func TestS168_doRepsDiffer(t *testing.T) {
	same, err := metrics.Homogeneity(metrics.Ratio[int]{Num: 28, Den: 100}, metrics.Ratio[int]{Num: 33, Den: 100}, metrics.Ratio[int]{Num: 36, Den: 100})
	semMust(t, err)
	apart, err := metrics.Homogeneity(metrics.Ratio[int]{Num: 28, Den: 100}, metrics.Ratio[int]{Num: 33, Den: 100}, metrics.Ratio[int]{Num: 60, Den: 100})
	semMust(t, err)
	if same.P < 0.4 || apart.P > 0.001 || same.DF != 2 {
		t.Errorf("28, 33 and 36 %%: %+v; 28, 33 and 60 %%: %+v", same, apart)
	}
	if _, err := metrics.Homogeneity(metrics.Ratio[int]{Num: 28, Den: 100}, metrics.Ratio[int]{}); !errors.Is(err, metrics.ErrUndefined) {
		t.Errorf("one rep with deals: %v, want ErrUndefined", err)
	}
}
