package metrics_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

func atkNumber(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// atkBetween wants an interval.
func atkBetween(t testing.TB, f metrics.Figure, low, high, tolerance float64) {
	t.Helper()
	if i := f.Interval; i == nil || math.Abs(i.Low-low) > tolerance*math.Abs(low) || math.Abs(i.High-high) > tolerance*math.Abs(high) {
		t.Errorf("%v is in %v, want %v to %v", f, i, low, high)
	}
}

// The share of Maven's deals that was won by an age is that of Aalen and Johansen as cmprsk of R computes it (maven_deals_cif.csv), with
// the interval that its standard error gives, and the median time to close is where its survival passes one half. The 500 deals without
// a day of creation are in neither. All lives count from their creation: the export begins with deals of some age (the method
// AJ_delayed_entry of the file), of which the card does not know that they were not watched before.
func TestE81_cohort_R(t *testing.T) {
	all := crdMaven(t).All()
	rows, passed := 0, false
	for _, row := range testenv.CSV(t, "funnel/reference/maven_deals_cif.csv") {
		if row["method"] != "AJ_no_truncation" {
			continue
		}
		rows++
		days, won, se := int(atkNumber(t, row["time"])), atkNumber(t, row["cif_won"]), atkNumber(t, row["se_won"])
		if open := atkNumber(t, row["p_open"]); !passed && open < 0.5 {
			passed = true
			f := crdFigure(t, all, metrics.SalesCycleKM, metrics.Options{})
			if crdWant(t, f, float64(days), 0); f.N != 8300 {
				t.Errorf("%v of %d deals, want 8300", f, f.N)
			}
		}
		if days > 130 && days%10 != 0 {
			continue
		}
		f := crdFigure(t, all, metrics.WinRateCohort, metrics.Options{Horizon: days})
		if crdWant(t, f, won, 1e-9); f.N != 8300 {
			t.Errorf("%v of %d deals, want 8300", f, f.N)
		}
		n, z := won*(1-won)/se/se, 1.959963984540054
		mid, half := (won+z*z/2/n)/(1+z*z/n), z/(1+z*z/n)*math.Sqrt(won*(1-won)/n+z*z/4/n/n)
		atkBetween(t, f, mid-half, mid+half, 1e-8)
	}
	if rows != 389 || !passed {
		t.Errorf("%d rows, want 389", rows)
	}
}

// Leads that wait as the patients of the lung data of R's survival live: the median and its limits on the scale log-log
// (km_quantiles.csv), and the share touched by each time (km.csv).
func TestE82_waits_R(t *testing.T) {
	asOf := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	card := atkNew(t, metrics.Rules{AsOf: asOf})
	untouched := 0.0
	rows := testenv.CSV(t, "funnel/reference/inputs/lung.csv")
	for _, row := range rows {
		lead := metrics.Lead{Created: asOf.Add(-time.Duration(atkNumber(t, row["time"])) * time.Minute), Owner: row["group"]}
		if row["event"] == "1" {
			lead.Touched = asOf
			lead.Created, lead.Touched = lead.Created.AddDate(-1, 0, 0), lead.Touched.AddDate(-1, 0, 0)
		} else {
			untouched++
		}
		atkAdd(t, card.AddLead(lead))
	}
	all, quantiles := card.All(), 0
	for _, row := range testenv.CSV(t, "funnel/reference/km_quantiles.csv") {
		if row["dataset"] != "lung" || row["conf_type"] != "loglog" || row["p"] != "0.5" && row["p"] != "0.9" {
			continue
		}
		part := all
		if row["group"] != "ALL" {
			var err error
			part, err = all.Select(metrics.Filter{Owner: row["group"]})
			atkAdd(t, err)
		}
		f := crdFigure(t, part, map[string]metrics.ID{"0.5": metrics.LeadResponseTime, "0.9": metrics.LeadResponseP90}[row["p"]], metrics.Options{})
		quantiles++
		if crdWant(t, f, atkNumber(t, row["t"]), 0); row["hi"] != "" {
			atkBetween(t, f, atkNumber(t, row["lo"]), atkNumber(t, row["hi"]), 0)
		} else if low := "the lower limit is " + row["lo"] + ", the upper one is not known yet"; f.Interval != nil || !slices.Contains(f.Notes, low) {
			t.Errorf("%v, want a note: %s", f, low)
		}
	}
	// The log-rank test of men and women (logrank.csv), and the shares touched within 300 minutes, which differ by a normal deviate.
	men, err1 := all.Select(metrics.Filter{Owner: "male"})
	women, err2 := all.Select(metrics.Filter{Owner: "female"})
	ranks, err3 := men.CompareTo(women, metrics.LeadResponseTime, metrics.Options{}, metrics.Evidence{})
	shares, err4 := men.CompareTo(women, metrics.LeadResponseSLA, metrics.Options{SLA: 300}, metrics.Evidence{Level: 0.9})
	few, err5 := men.CompareTo(women, metrics.LeadResponseTime, metrics.Options{}, metrics.Evidence{MinN: 54})
	atkAdd(t, err1, err2, err3, err4, err5)
	if ranks.Method != metrics.ByLogRank || math.Abs(*ranks.P-0.00131116452035549) > 1e-12 || *ranks.Difference != 270-426 || ranks.Verdict != metrics.Better {
		t.Errorf("%+v, p = %v", ranks, *ranks.P)
	}
	if few.Verdict != metrics.TooFew || few.P != nil || few.Reason != "54 are needed on each side: there are 112 and 53" {
		t.Errorf("%+v", few)
	}
	var at [2]struct{ surv, se float64 }
	curve := 0
	for _, row := range testenv.CSV(t, "funnel/reference/km.csv") {
		if i := slices.Index([]string{"male", "female"}, row["group"]); i >= 0 && row["dataset"] == "lung" && atkNumber(t, row["time"]) <= 300 {
			at[i].surv, at[i].se = atkNumber(t, row["surv"]), atkNumber(t, row["se_greenwood"])
		}
		if row["dataset"] == "lung" && row["group"] == "ALL" {
			curve++
			f := crdFigure(t, all, metrics.LeadResponseSLA, metrics.Options{SLA: int(atkNumber(t, row["time"]))})
			if v, ok := f.Float(); !ok || math.Abs(v-1+atkNumber(t, row["surv"])) > 1e-9 {
				t.Errorf("%v within %s minutes, want 1 - %s", f, row["time"], row["surv"])
			}
		}
	}
	z := math.Abs(at[0].surv-at[1].surv) / math.Hypot(at[0].se, at[1].se)
	if shares.Method != metrics.ByNormal || math.Abs(*shares.Difference-at[1].surv+at[0].surv) > 1e-12 || math.Abs(*shares.P-math.Erfc(z/math.Sqrt2)) > 1e-9 || *shares.P > 0.01 {
		t.Errorf("%+v, p = %v, z = %v", shares, *shares.P, z)
	}
	var limits [4]float64 // of each by Wilson, and of the difference by Newcombe
	for i, s := range at {
		p, u := 1-s.surv, 1.6448536269514722
		n := p * s.surv / s.se / s.se
		mid, half := (p+u*u/2/n)/(1+u*u/n), u/(1+u*u/n)*math.Sqrt(p*s.surv/n+u*u/4/n/n)
		limits[2*i], limits[2*i+1] = mid-half, mid+half
	}
	p, q := 1-at[0].surv, 1-at[1].surv
	low, high := p-q-math.Hypot(p-limits[0], limits[3]-q), p-q+math.Hypot(limits[1]-p, q-limits[2])
	if i := shares.Interval; i == nil || math.Abs(i.Low-low) > 1e-9 || math.Abs(i.High-high) > 1e-9 {
		t.Errorf("%+v, want %v to %v", i, low, high)
	}
	if quantiles != 6 || curve < 180 {
		t.Errorf("%d quantiles and a curve of %d steps", quantiles, curve)
	}
	crdWant(t, crdFigure(t, all, metrics.LeadUntouchedShare, metrics.Options{}), untouched/float64(len(rows)), 1e-15)
}

// Win rates by rep with the score intervals of R's prop.test (binomial_ci95.csv).
func TestE83_wilson_R(t *testing.T) {
	var card metrics.Scorecard
	rows := testenv.CSV(t, "funnel/reference/binomial_ci95.csv")
	name := func(i int) string { return fmt.Sprintf("Rep %02d", i) }
	for i, row := range rows {
		x, n := int(atkNumber(t, row["x"])), int(atkNumber(t, row["n"]))
		for k := range n {
			deal := metrics.Deal{Owner: name(i), Status: metrics.Lost, Close: on("2026-01-01").AddDays(k % 90)}
			if k%n < x {
				deal.Status = metrics.Won
			}
			atkAdd(t, card.AddDeal(deal))
		}
	}
	i := 0
	for rep, part := range card.All().By(metrics.ByOwner) {
		f := crdFigure(t, part, metrics.WinRate, metrics.Options{})
		crdWant(t, f, atkNumber(t, rows[i]["phat"]), 1e-14)
		if low, high := atkNumber(t, rows[i]["wilson_lo"]), atkNumber(t, rows[i]["wilson_hi"]); math.Abs(f.Interval.Low-low) > 1e-12 || math.Abs(f.Interval.High-high) > 1e-12 || rep != name(i) {
			t.Errorf("%s: %v is in %v, want %v to %v", rep, f, *f.Interval, low, high)
		}
		i++
	}
	if i != len(rows) || i < 10 {
		t.Errorf("%d reps, want %d", i, len(rows))
	}
}

// Cycles as the extra sleep of Student's ten patients (R's sleep, here 20 + 10 x days): t.test(extra) of each drug, and Welch's test of both.
func TestE84_student_R(t *testing.T) {
	var card metrics.Scorecard
	for drug, extra := range map[string][]int64{
		"1": {7, -16, -2, -12, -1, 34, 37, 8, 0, 20}, "2": {19, 8, 11, 1, -1, 44, 55, 16, 46, 34},
	} {
		for _, x := range extra {
			created := on("2026-01-01").AddDays(-int(20 + x))
			atkAdd(t, card.AddDeal(metrics.Deal{Owner: drug, Status: metrics.Won, Created: created, Close: on("2026-01-01"), Amount: decimal.New(20+x, -1)}))
		}
	}
	first, err1 := card.Select(metrics.Filter{Owner: "1"})
	second, err2 := card.Select(metrics.Filter{Owner: "2"})
	atkAdd(t, err1, err2)
	for id, scale := range map[metrics.ID]float64{metrics.SalesCycle: 10, metrics.SalesCycleClosed: 10, metrics.DealSize: 1} {
		f := crdFigure(t, first, id, metrics.Options{})
		crdWant(t, f, scale*(2+0.75), 1e-14)
		atkBetween(t, f, scale*(2-0.5297804), scale*(2+2.0297804), 1e-7)
		c, err := first.CompareTo(second, id, metrics.Options{}, metrics.Evidence{MinN: 5})
		atkAdd(t, err)
		if c.Method != metrics.ByWelch || math.Abs(*c.Difference+1.58*scale) > 1e-12 || math.Abs(c.Interval.Low+3.3654832*scale) > 1e-6 ||
			math.Abs(c.Interval.High-0.2054832*scale) > 1e-6 || math.Abs(*c.P-0.07939414) > 1e-8 {
			t.Errorf("%s: %+v %v %v %v", id, c.Comparison, *c.Difference, *c.Interval, *c.P)
		}
		target, err := first.CompareToTarget(2*scale, id, metrics.Options{}, metrics.Evidence{MinN: 5})
		atkAdd(t, err)
		if target.Method != metrics.ByStudent || math.Abs(*target.Difference-0.75*scale) > 1e-12 || math.Abs(*target.P-0.2175978) > 1e-7 || math.Abs(target.Interval.Low+0.5297804*scale) > 1e-6 {
			t.Errorf("%s: %+v %v", id, target, *target.P)
		}
	}
}

// atkTails returns the probabilities that at most k of n come, each with the probability p, exactly but for the last rounding.
func atkTails(n int, p *big.Rat) []float64 {
	q := new(big.Rat).Sub(big.NewRat(1, 1), p)
	power := func(x *big.Int, n int) *big.Int { return new(big.Int).Exp(x, big.NewInt(int64(n)), nil) }
	sum, whole := new(big.Int), power(p.Denom(), n)
	out := make([]float64, n)
	for k := range out {
		term := new(big.Int).Binomial(int64(n), int64(k))
		sum.Add(sum, term.Mul(term, power(p.Num(), k)).Mul(term, power(q.Num(), n-k)))
		out[k], _ = new(big.Rat).SetFrac(sum, whole).Float64()
	}
	return out
}

// Intervals of quantiles are between the order statistics that binomial tails, summed exactly, put the quantile outside of with at most half
// of the rest of the confidence each. For the median of 10 at 95 % these are the 2nd and the 9th (97.9 %; David and Nagaraja 2003, 7.1).
func TestE85_rankInterval(t *testing.T) {
	for _, n := range []int{1, 2, 5, 6, 7, 10, 20, 37, 60, 120} {
		var card metrics.Scorecard
		for i := range n { // of 0, 1, 2, … days
			atkAdd(t, card.AddDeal(metrics.Deal{Status: metrics.Won, Created: on("2026-01-01").AddDays(-i), Close: on("2026-01-01")}))
		}
		for id, p := range map[metrics.ID]*big.Rat{metrics.SalesCycleMedian: big.NewRat(1, 2), metrics.SalesCycleP90: big.NewRat(9, 10)} {
			tails := atkTails(n, p)
			for _, level := range []float64{0.5, 0.9, 0.95, 0.99} {
				low, high := 0, n+1
				for k := 1; k <= n; k++ {
					if tails[k-1] <= (1-level)/2+1e-12 { // fewer than k are below the quantile
						low = k
					}
					if high > n && 1-tails[k-1] <= (1-level)/2+1e-12 { // k or more are
						high = k
					}
				}
				f := crdFigure(t, card.All(), id, metrics.Options{Level: level})
				switch {
				case low < 1 || high > n:
					if f.Interval != nil {
						t.Errorf("%s of %d at %v: %v, want none", id, n, level, *f.Interval)
					}
				case f.Interval == nil || *f.Interval != metrics.Interval{Low: float64(low - 1), High: float64(high - 1)}:
					t.Errorf("%s of %d at %v: %v, want %d to %d", id, n, level, f.Interval, low-1, high-1)
				}
				if n == 10 && level == 0.95 && p.Cmp(big.NewRat(1, 2)) == 0 && (low != 2 || high != 9) {
					t.Errorf("the order statistics are %d and %d, want 2 and 9", low, high)
				}
			}
		}
	}
}

// How unequal Maven's reps are, computed from the sums of each.
func TestE86_reps(t *testing.T) {
	card := crdMaven(t)
	var sums []float64
	for _, part := range card.All().By(metrics.ByOwner) {
		if won, _ := atkValue(t, part, metrics.DealsWon); won > 0 {
			v, _ := atkValue(t, part, metrics.Bookings)
			sums = append(sums, v)
		}
	}
	slices.Sort(sums)
	n := float64(len(sums))
	mean, squares := crdMean(sums), 0.0
	for _, v := range sums {
		squares += (v - mean) * (v - mean)
	}
	at := func(p float64) float64 { return atkQuantile(sums, p) }
	for id, want := range map[metrics.ID]float64{
		metrics.RepCV: math.Sqrt(squares/(n-1)) / mean, metrics.RepIQR: (at(0.75) - at(0.25)) / at(0.5), metrics.RepQuartileRatio: at(0.75) / at(0.25),
	} {
		if f := crdFigure(t, card.All(), id, metrics.Options{}); n != 30 || f.N != 30 {
			t.Errorf("%v of %v reps, want 30", f, n)
		} else {
			crdWant(t, f, want, 1e-12)
		}
	}
}

// What had closed by a day is the same in the export of that day: deals that were created later are not in it, and those that closed later
// are open.
func TestE87_frozen(t *testing.T) {
	today := on("2017-08-31")
	now := crdMaven(t)
	frozen := atkNew(t, metrics.Rules{AsOf: time.Date(2017, 8, 31, 23, 0, 0, 0, time.UTC)})
	open := 0.0
	for _, row := range testenv.CSV(t, "crm/maven/sales_pipeline.csv") {
		deal := metrics.Deal{Owner: row["sales_agent"], Account: row["account"]}
		if v := row["engage_date"]; v != "" {
			deal.Created = on(v)
		}
		if deal.Created.After(today) {
			continue
		}
		if v := row["close_date"]; v != "" && !on(v).After(today) {
			deal.Close, deal.Amount, deal.Status = on(v), d(row["close_value"]), metrics.Lost
			if row["deal_stage"] == "Won" {
				deal.Status = metrics.Won
			}
		} else {
			open++
		}
		atkAdd(t, frozen.AddDeal(deal))
	}
	until := metrics.Filter{Period: period("2016-01-01", "2017-09-01")}
	before, err1 := now.Select(until)
	then, err2 := frozen.Select(until)
	atkAdd(t, err1, err2)
	for _, id := range []metrics.ID{
		metrics.DealsWon, metrics.Bookings, metrics.WinRate, metrics.WinRateBroad, metrics.DealSize, metrics.DealSizeMedian, metrics.SalesCycle, metrics.SalesCycleMedian,
		metrics.SalesCycleP90, metrics.SalesCycleClosed, metrics.SalesCycleClosedMedian, metrics.CustomerHHI, metrics.CustomerGini, metrics.RepHHI, metrics.RepGini, metrics.RepCV,
		metrics.RepHomogeneity, metrics.DealsCreated,
	} {
		a, b := crdFigure(t, before, id, metrics.Options{}), crdFigure(t, then, id, metrics.Options{})
		if a.Value == nil || b.Value == nil || *a.Value != *b.Value || a.N != b.N || (a.Interval == nil) != (b.Interval == nil) || a.Interval != nil && *a.Interval != *b.Interval {
			t.Errorf("%v now, %v then", a, b)
		}
	}
	crdWant(t, crdFigure(t, frozen.All(), metrics.OpenDeals, metrics.Options{}), open, 0)
	// Those that were decided within 30 days of their creation are known by then, of deals that were old enough.
	for _, month := range []string{"2016-11-01", "2017-03-01", "2017-07-01"} {
		cohort := metrics.Filter{Period: salesops.Calendar{}.Period(salesops.Month, on(month))}
		a, err1 := now.Select(cohort)
		b, err2 := frozen.Select(cohort)
		atkAdd(t, err1, err2)
		crdWant(t, crdFigure(t, b, metrics.WinRateCohort, metrics.Options{Horizon: 30}), *crdFigure(t, a, metrics.WinRateCohort, metrics.Options{Horizon: 30}).Value, 1e-12)
	}
}

// Attainment by hand. Ana: 80 + 40 of 100 in two months; Ben: 30 of 60, as his commissions have it; Cleo has no quota above 0, Dan no
// quota. Team East is to sell 200: 120 of Ana there, 20 of Dan. Company and team quotas are both quotas without an owner.
func TestE88_attainment(t *testing.T) {
	card := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)})
	sale := func(owner, team, segment, day, amount string) {
		deal := atkWon(day, amount)
		deal.Owner, deal.Team, deal.Segment = owner, team, segment
		atkAdd(t, card.AddDeal(deal))
	}
	sale("Ana", "East", "New", "2026-01-10", "80")
	sale("Ana", "East", "Renewal", "2026-02-10", "40")
	sale("Ben", "West", "New", "2026-01-20", "500")
	sale("Cleo", "West", "New", "2026-01-20", "7")
	sale("Dan", "East", "New", "2026-02-28", "20")
	sale("", "East", "New", "2026-03-01", "3")
	atkAdd(t, card.AddDeal(metrics.Deal{Owner: "Ana", Team: "East", Amount: d("90"), Close: on("2026-03-31")}))
	jan, feb, quarter := period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01"), period("2026-01-01", "2026-04-01")
	given, more := d("10"), d("20")
	for _, q := range []metrics.Quota{
		{Owner: "Ana", Team: "East", Period: jan, Amount: d("60")},
		{Owner: "Ana", Team: "East", Period: feb, Amount: d("40")},
		{Owner: "Ben", Team: "West", Period: jan, Amount: d("25"), Credited: &given},
		{Owner: "Ben", Team: "West", Period: jan, Amount: d("35"), Credited: &more},
		{Owner: "Cleo", Team: "West", Period: feb},
		{Team: "East", Period: quarter, Amount: d("200")},
	} {
		atkAdd(t, card.AddQuota(q))
	}
	type want map[metrics.ID]float64
	none := math.NaN()
	for _, c := range []struct {
		name   string
		filter metrics.Filter
		want   want
	}{
		{"all", metrics.Filter{}, want{
			metrics.QuotaAttainment: 150.0 / 160, metrics.TeamAttainment: 143.0 / 200, metrics.QuotaAttainmentRate: 1.0 / 2, metrics.ParticipationRateQuota: 1,
			metrics.AttainmentDistribution: (1.2 + 0.5) / 2, metrics.ParticipationRate: 1, metrics.PipelineCoverage: 90.0 / 57, metrics.PipelineCoverageFull: 90.0 / 200,
		}},
		{"January", metrics.Filter{Period: jan}, want{metrics.QuotaAttainment: none, metrics.TeamAttainment: none, metrics.PipelineCoverageFull: none}}, // the quarter is cut
		{"Ana in January", metrics.Filter{Owner: "Ana", Period: jan}, want{metrics.QuotaAttainment: 80.0 / 60, metrics.TeamAttainment: 80.0 / 60, metrics.QuotaAttainmentRate: 1, metrics.ParticipationRate: 1}},
		{"Ana in February", metrics.Filter{Owner: "Ana", Period: feb}, want{metrics.QuotaAttainment: 1, metrics.QuotaAttainmentRate: 1, metrics.PipelineCoverage: none, metrics.PipelineCoverageFull: 0}},
		{"Ana in March", metrics.Filter{Owner: "Ana", Period: period("2026-03-01", "2026-04-01")}, want{metrics.QuotaAttainment: none, metrics.PipelineCoverageFull: none}},
		{"Ben", metrics.Filter{Owner: "Ben"}, want{metrics.QuotaAttainment: 0.5, metrics.QuotaAttainmentRate: 0, metrics.ParticipationRateQuota: 1, metrics.PipelineCoverage: 0, metrics.ParticipationRate: 1}},
		{"Cleo", metrics.Filter{Owner: "Cleo"}, want{metrics.QuotaAttainment: none, metrics.TeamAttainment: none, metrics.QuotaAttainmentRate: none, metrics.AttainmentDistribution: none, metrics.PipelineCoverage: none, metrics.ParticipationRate: 1}},
		{"Dan", metrics.Filter{Owner: "Dan"}, want{metrics.QuotaAttainment: none, metrics.ParticipationRate: none}},
		{"East", metrics.Filter{Team: "East"}, want{metrics.QuotaAttainment: 1.2, metrics.TeamAttainment: 143.0 / 200, metrics.PipelineCoverage: 90.0 / 57}},
		{"West", metrics.Filter{Team: "West"}, want{metrics.QuotaAttainment: 0.5, metrics.TeamAttainment: 0.5, metrics.ParticipationRate: 1}},
		{"New", metrics.Filter{Segment: "New"}, want{metrics.QuotaAttainment: none}}, // no quota names it
	} {
		part, err := card.Select(c.filter)
		atkAdd(t, err)
		for id, v := range c.want {
			f := crdFigure(t, part, id, metrics.Options{})
			if got, ok := f.Float(); ok != (v == v) || ok && math.Abs(got-v) > 1e-14 {
				t.Errorf("%s: %v, want %v", c.name, f, v)
			}
		}
	}
	f := crdFigure(t, card.All(), metrics.AttainmentDistribution, metrics.Options{})
	if len(f.Notes) != 1 || f.Notes[0] != "1 rep with a quota of 0 is left out" || f.Spread == nil || f.Spread.Max != 1.2 || f.N != 2 {
		t.Errorf("%+v", f)
	}
	// Who is on the roster counts, with a quota or without.
	atkAdd(t, card.AddRep(metrics.Rep{Name: "Dan", Active: salesops.Period{Start: on("2025-01-01")}}), card.AddRep(metrics.Rep{Name: "Eve", Active: period("2026-02-01", "2026-03-01")}))
	crdWant(t, crdFigure(t, card.All(), metrics.ParticipationRate, metrics.Options{}), 0.5, 0)
	later, err := card.Select(metrics.Filter{Period: period("2026-03-01", "2026-04-01")})
	atkAdd(t, err)
	if f := crdFigure(t, later, metrics.ParticipationRate, metrics.Options{}); f.N != 1 || *f.Value != 0 {
		t.Errorf("%v, want 0 of 1: Eve has left, and Dan has sold nothing", f)
	}
}

// Reps at the bounds of bands are in the band above, exactly: 0.5, 0.8, 1 and 1.2 of a quota of 3 or of 7.
func TestE89_bands(t *testing.T) {
	var card metrics.Scorecard
	attained := []string{"0", "0.499999999999999999", "0.5", "0.799999999999999999", "0.8", "0.999999999999999999", "1", "1.199999999999999999", "1.2", "9", "-1"}
	for i, a := range attained {
		credited := d(a).Mul(d("7"))
		atkAdd(t, card.AddQuota(metrics.Quota{Owner: fmt.Sprint("Rep ", i), Period: period("2026-01-01", "2026-02-01"), Amount: d("7"), Credited: &credited}))
	}
	counts := func(o metrics.Options) (counts []int64, bounds []string) {
		f := crdFigure(t, card.All(), metrics.AttainmentDistribution, o)
		for i, b := range f.Bands {
			if (b.From == nil) != (i == 0) || (b.To == nil) != (i == len(f.Bands)-1) || i > 0 && !b.From.Equal(*f.Bands[i-1].To) {
				t.Errorf("the bands %+v do not join", f.Bands)
			}
			if counts = append(counts, b.Count); b.To != nil {
				bounds = append(bounds, b.To.StringFixed(1))
			}
		}
		return counts, bounds
	}
	got, bounds := counts(metrics.Options{})
	if !slices.Equal(got, []int64{3, 2, 2, 2, 2}) || !slices.Equal(bounds, []string{"0.5", "0.8", "1.0", "1.2"}) {
		t.Errorf("%v by %v, want 3 2 2 2 2", got, bounds)
	}
	if got, _ := counts(metrics.Options{Bands: []decimal.Decimal{d("-1"), d("1")}}); !slices.Equal(got, []int64{0, 6 + 1, 4}) {
		t.Errorf("%v, want 0 7 4", got)
	}
	for attained, want := range map[string]float64{"0": 4.0 / 11, "1": 4.0 / 11, "1.2": 2.0 / 11, "1.199999999999999999": 3.0 / 11, "0.000000000000000001": 9.0 / 11, "10": 0} {
		f := crdFigure(t, card.All(), metrics.QuotaAttainmentRate, metrics.Options{Attained: d(attained)})
		if v, _ := f.Float(); v != want {
			t.Errorf("at %s: %v, want %v", attained, f, want)
		}
	}
	crdWant(t, crdFigure(t, card.All(), metrics.ParticipationRateQuota, metrics.Options{}), 8.0/11, 0)
	crdWant(t, crdFigure(t, card.All(), metrics.ParticipationRateQuota, metrics.Options{Participating: d("0.499999999999999999")}), 9.0/11, 0)
}
