package metrics_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// atkNew returns an empty card.
func atkNew(t crdFatal, r metrics.Rules) *metrics.Scorecard {
	c, err := metrics.NewScorecard(r)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// atkAdd wants rows to be added.
func atkAdd(t crdFatal, errs ...error) {
	for _, err := range errs {
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// atkValue returns a figure of a slice; ok is false if it has no value.
func atkValue(t crdFatal, s metrics.Slice, id metrics.ID) (float64, bool) {
	return crdFigure(t, s, id, metrics.Options{}).Float()
}

// atkSame wants a card to come back from its encodings, and to merge with what came back.
func atkSame(t *testing.T, c *metrics.Scorecard) {
	t.Helper()
	var back, text metrics.Scorecard
	if err := back.UnmarshalBinary([]byte(accBinary(t, c))); err != nil || accBinary(t, &back) != accBinary(t, c) {
		t.Errorf("%s does not come back: %v", accJSON(t, c), err)
	}
	if err := text.UnmarshalJSON([]byte(accJSON(t, c))); err != nil || accBinary(t, &text) != accBinary(t, c) {
		t.Errorf("%s does not come back: %v", accJSON(t, c), err)
	}
	if err := back.Merge(c); err != nil {
		t.Errorf("what came back does not merge: %v", err)
	}
}

func atkWon(day, amount string) metrics.Deal {
	return metrics.Deal{ID: "D", Owner: "Ana", Status: metrics.Won, Amount: d(amount), Close: on(day)}
}

// Units that begin before year 1 or go on after year 9999 are units like others.
func TestScorecard_endsOfTime(t *testing.T) {
	for _, unit := range []salesops.Unit{salesops.Week, salesops.Month, salesops.Quarter, salesops.Year} {
		c := atkNew(t, metrics.Rules{Unit: unit, Calendar: salesops.Calendar{FirstMonth: 2, Weeks: "4-4-5"}})
		for _, day := range []string{"0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"} {
			for range 40 {
				atkAdd(t, c.AddDeal(atkWon(day, "1")))
			}
		}
		atkAdd(t, c.AddDeal(metrics.Deal{Status: metrics.Lost, Close: on("9999-12-31")})) // of no known creation
		atkSame(t, c)
		periods, err := c.All().Periods(salesops.Year)
		atkAdd(t, err)
		sum, parts := 0.0, 0
		for p, part := range periods {
			v, _ := atkValue(t, part, metrics.DealsWon)
			if sum += v; v > 0 {
				parts++
			}
			if v > 0 && p.Contains(on("0001-01-01")) == p.Contains(on("9999-12-31")) {
				t.Errorf("%d deals in %v", int(v), p)
			}
		}
		if sum != 160 || parts < 2 {
			t.Errorf("%s: %v deals in %d years, want 160", unit, sum, parts)
		}
		first, err := c.Select(metrics.Filter{Period: salesops.Period{End: salesops.Calendar{FirstMonth: 2, Weeks: "4-4-5"}.Period(unit, on("0001-01-01")).End}})
		atkAdd(t, err)
		if v, _ := atkValue(t, first, metrics.DealsWon); v < 40 {
			t.Errorf("%s: %v deals in the first one, want 40 or more", unit, v)
		}
	}
	var empty metrics.Scorecard
	atkAdd(t, empty.AddRep(metrics.Rep{Name: "Ana", Active: salesops.Period{Start: on("2026-01-01")}}))
	periods, err := empty.All().Periods(salesops.Month)
	atkAdd(t, err)
	for p := range periods {
		t.Errorf("%v of a card without a date", p)
	}
}

// A card that counts as much as it may is encoded and decoded; it takes nothing more.
func TestScorecard_full(t *testing.T) {
	var c metrics.Scorecard
	call := metrics.Activity{Owner: "Ana", Date: on("2026-01-01"), Kind: metrics.Call, Count: 1<<61 - 1}
	atkAdd(t, c.AddActivity(call))
	deal := atkWon("2026-01-01", "1")
	deal.Proposed = deal.Close
	atkAdd(t, c.AddDeal(deal))
	before := accBinary(t, &c)
	var back metrics.Scorecard
	atkAdd(t, back.UnmarshalBinary([]byte(before)))
	for _, card := range []*metrics.Scorecard{&c, &back} {
		atkInput(t, card.AddDeal(deal))
		atkInput(t, card.AddActivity(metrics.Activity{Date: on("2026-01-01"), Kind: metrics.Email}))
		atkInput(t, card.AddLead(metrics.Lead{Created: time.Unix(0, 0), Touched: time.Unix(0, 0)}))
		atkInput(t, card.AddWorkday(metrics.Workday{Date: on("2026-01-01")}))
		atkInput(t, card.AddQuota(metrics.Quota{Period: period("2026-01-01", "2026-02-01")}))
		var one metrics.Scorecard
		atkAdd(t, one.AddDeal(deal))
		if err := card.Merge(&one); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, card) != before {
			t.Errorf("%v, want ErrMismatch and nothing changed", err)
		}
	}
	atkInput(t, new(metrics.Scorecard).AddActivity(metrics.Activity{Date: on("2026-01-01"), Kind: metrics.Email, Count: 1<<61 + 1}))
}

// Deals that ended but were never created, or the other way round, are no card.
func TestScorecard_unbalanced(t *testing.T) {
	var c metrics.Scorecard
	deal := atkWon("2026-01-01", "1")
	deal.Created, deal.Proposed = on("2025-12-01"), on("2025-12-02")
	atkAdd(t, c.AddDeal(deal))
	text := accJSON(t, &c)
	for _, r := range [][2]string{
		{`"deals":1,`, `"deals":2,`}, {`"proposals":1`, `"proposals":2`}, {`"deals":1,`, `"deals":0,`}, {`"deals":1,`, `"deals":2305843009213693952,`},
	} {
		other := strings.Replace(text, r[0], r[1], 1)
		if err := new(metrics.Scorecard).UnmarshalJSON([]byte(other)); !errors.Is(err, metrics.ErrEncoding) || other == text {
			t.Errorf("%s: %v, want ErrEncoding", other, err)
		}
	}
}

// What could not be encoded is refused from the start.
func TestNewScorecard_asOf(t *testing.T) {
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	in := func(seconds int) time.Time { return noon.In(time.FixedZone("", seconds)) }
	for _, at := range []time.Time{
		noon.AddDate(8000, 0, 0), noon.AddDate(-2026, 0, 0), noon.AddDate(-1e6, 0, 0), time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0),
		in(1172), in(24 * 3600), in(-24 * 3600), in(25 * 3600), in(math.MaxInt32),
	} {
		_, err := metrics.NewScorecard(metrics.Rules{AsOf: at})
		if err == nil {
			t.Fatalf("as of %v is accepted", at)
		}
		atkInput(t, err)
	}
	for _, at := range []time.Time{in(0), in(23*3600 + 59*60), in(-23*3600 - 59*60), noon.AddDate(7973, 0, 0), noon.AddDate(-2025, 0, 0)} {
		c := atkNew(t, metrics.Rules{AsOf: at})
		atkAdd(t, c.AddDeal(metrics.Deal{}))
		atkSame(t, c)
	}
	for _, r := range []metrics.Rules{{Unit: "day"}, {Calendar: salesops.Calendar{FirstMonth: 13}}, {Calendar: salesops.Calendar{Weekend: []time.Weekday{7}}}} {
		_, err := metrics.NewScorecard(r)
		atkInput(t, err)
	}
}

// The rules of a card do not change with the slices that they were made of.
func TestNewScorecard_copies(t *testing.T) {
	r := metrics.Rules{Calendar: salesops.Calendar{Holidays: []salesops.Date{on("2026-01-01")}, Weekend: []time.Weekday{0, 6}}}
	c := atkNew(t, r)
	atkAdd(t, c.AddDeal(atkWon("2026-01-01", "1")))
	before := accBinary(t, c)
	r.Calendar.Holidays[0], r.Calendar.Weekend[1] = on("2026-01-02"), 1
	if accBinary(t, c) != before {
		t.Error("the card has changed with the caller's calendar")
	}
}

// Names are checked in any row, also where they are not kept.
func TestScorecard_AddDeal_names(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	for range 2 {
		for _, status := range []metrics.Status{metrics.Open, metrics.Won, metrics.Lost, metrics.Dropped} {
			for _, name := range []string{"owner", "team", "segment", "account", "currency"} {
				deal := metrics.Deal{ID: "D-1", Status: status, Close: on("2026-06-01")}
				*map[string]*string{"owner": &deal.Owner, "team": &deal.Team, "segment": &deal.Segment, "account": &deal.Account, "currency": &deal.Currency}[name] = "\xff"
				err := c.AddDeal(deal)
				if err == nil || !strings.HasPrefix(err.Error(), "metrics: D-1: "+name+" ") {
					t.Fatalf("%s deal with a bad %s: %v", status, name, err)
				}
				atkInput(t, err)
			}
		}
		atkAdd(t, c.AddDeal(atkWon("2026-06-01", "1")))
	}
}

// A quota that lies in the period in part is told of, however the period was chosen, and for whom.
func TestSlice_cutQuotas(t *testing.T) {
	var c metrics.Scorecard
	year, credited := period("2026-01-01", "2027-01-01"), d("5")
	atkAdd(t, c.AddQuota(metrics.Quota{Owner: "Ana", Team: "East", Period: year, Amount: d("100")}), c.AddQuota(metrics.Quota{Owner: "Ben", Period: period("2026-02-01", "2026-03-01"), Amount: d("9")}))
	quarter, err1 := c.Select(metrics.Filter{Period: period("2026-01-01", "2026-04-01")})
	month, err2 := quarter.Select(metrics.Filter{Period: period("2026-02-01", "2026-03-01")})
	ben, err3 := month.Select(metrics.Filter{Owner: "Ben"})
	atkAdd(t, err1, err2, err3)
	const why = "the quota of Ana for 2026-01-01/2027-01-01 lies in the period in part only: choose whole quota periods"
	parts := []metrics.Slice{month}
	for name, part := range month.By(metrics.ByTeam) {
		if name == "East" {
			parts = append(parts, part)
		}
	}
	for _, s := range parts {
		for _, id := range []metrics.ID{metrics.QuotaAttainment, metrics.TeamAttainment, metrics.QuotaAttainmentRate, metrics.AttainmentDistribution, metrics.ParticipationRateQuota, metrics.PipelineCoverage, metrics.PipelineCoverageFull} {
			if f := crdFigure(t, s, id, metrics.Options{}); f.Reason != why {
				t.Errorf("%v, want %s", f, why)
			}
		}
	}
	if len(parts) != 2 {
		t.Error("the part of the team East has no quota")
	}
	if v, ok := atkValue(t, ben, metrics.QuotaAttainment); !ok || v != 0 {
		t.Errorf("attainment of Ben = %v %t, want 0", v, ok)
	}
	for _, w := range []struct {
		quota metrics.Quota
		name  string
	}{{metrics.Quota{}, "all"}, {metrics.Quota{Team: "East"}, "team East"}, {metrics.Quota{Owner: "Ana", Team: "East"}, "Ana"}} {
		var c metrics.Scorecard
		w.quota.Period = year
		atkAdd(t, c.AddQuota(w.quota))
		w.quota.Credited = &credited
		atkAdd(t, c.AddQuota(w.quota))
		want := "some rows of the quota of " + w.name + " for 2026-01-01/2027-01-01 say what was credited, and others do not"
		for _, id := range []metrics.ID{metrics.QuotaAttainment, metrics.TeamAttainment, metrics.QuotaAttainmentRate, metrics.AttainmentDistribution, metrics.PipelineCoverageFull} {
			if f := crdFigure(t, c.All(), id, metrics.Options{}); f.Reason != want {
				t.Errorf("%v, want %s", f, want)
			}
		}
	}
}

// Minutes are those that have passed, and not those that have begun, whatever the fractions of seconds.
func TestScorecard_AddLead_minutes(t *testing.T) {
	at := time.Date(2026, 6, 1, 9, 0, 0, 900_000_000, time.UTC)
	for wait, want := range map[time.Duration]float64{
		0: 0, 59*time.Second + 200*time.Millisecond: 0, time.Minute - 1: 0, time.Minute: 1, 2*time.Minute - 1: 1, 1439 * time.Minute: 1439, -time.Hour: 0,
	} {
		var c metrics.Scorecard
		atkAdd(t, c.AddLead(metrics.Lead{Created: at, Touched: at.Add(wait)}))
		f := crdFigure(t, c.All(), metrics.LeadResponseTime, metrics.Options{})
		if v, ok := f.Float(); !ok || v != want || (len(f.Notes) > 0) != (wait < 0) {
			t.Errorf("%v: %v, want %v", wait, f, want)
		}
	}
}

// Clocks are the caller's, and may be wrong. A lead that was touched after more ticks than are counted is one that was not by then.
func TestScorecard_clocks(t *testing.T) {
	at := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for ticks, want := range map[int]float64{math.MinInt: 0, -1: 0, 0: 0, 7: 7, 1<<20 - 1: 1<<20 - 1, 1 << 20: -1, math.MaxInt: -1} {
		c := atkNew(t, metrics.Rules{AsOf: at.AddDate(0, 1, 0), Clock: func(from, to time.Time) int {
			if from.After(to) {
				t.Error("the clock was asked to go backwards")
			}
			return ticks
		}})
		atkAdd(t, c.AddLead(metrics.Lead{Created: at, Touched: at.Add(1)}))
		f := crdFigure(t, c.All(), metrics.LeadResponseTime, metrics.Options{})
		if v, ok := f.Float(); ok != (want >= 0) || ok && v != want || (len(f.Notes) > 0) != (ticks < 0 || ticks >= 1<<20) {
			t.Errorf("%d ticks: %v, want %v", ticks, f, want)
		}
		atkAdd(t, c.AddLead(metrics.Lead{Created: at}))
		if v, ok := atkValue(t, c.All(), metrics.LeadUntouchedShare); !ok || v != 0.5 && ticks < 1<<20 {
			t.Errorf("%d ticks: untouched = %v %t", ticks, v, ok)
		}
		if f := crdFigure(t, c.All(), metrics.LeadResponseSLA, metrics.Options{SLA: 1 << 19}); len(f.Notes) > 0 && !strings.HasPrefix(f.Notes[0], "1 lead ") {
			t.Errorf("%d ticks: %v", ticks, f)
		}
		atkSame(t, c)
	}
}

// Sums are wider than what was added: the greatest amount, and the least one times the least chance.
func TestScorecard_wide(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	great, least, one := decimal.New(999_999_999_999_999_999, 18), decimal.New(1, -18), d("1")
	for _, deal := range []metrics.Deal{{Amount: great, Chance: &one}, {Amount: least, Chance: &least}, {Amount: great.Neg(), Chance: &least}} {
		atkAdd(t, c.AddDeal(deal))
		deal.Status, deal.Close = metrics.Won, on("2026-06-01")
		for _, deal.List = range []decimal.Decimal{great, least} {
			atkAdd(t, c.AddDeal(deal))
		}
	}
	atkSame(t, c)
	for _, amount := range []decimal.Decimal{decimal.New(1, 1e9), decimal.New(1, -1e9), decimal.New(1, 19), decimal.New(1, -19), decimal.New(1e18, 18)} {
		w, q := atkWon("2026-06-01", "1"), metrics.Quota{Owner: "Ana", Period: period("2026-01-01", "2026-02-01"), Amount: amount}
		w.Amount = amount
		atkInput(t, c.AddDeal(w))
		w.Amount, w.List = great, amount
		atkInput(t, c.AddDeal(w))
		w.List, w.Chance = great, &amount
		atkInput(t, c.AddDeal(w))
		atkInput(t, c.AddQuota(q))
		q.Amount, q.Credited = great, &amount
		atkInput(t, c.AddQuota(q))
		_, err := metrics.Prorate(amount, period("2026-01-01", "2026-02-01"), salesops.Period{}, 2)
		atkInput(t, err)
		for _, o := range []metrics.Options{{Attained: amount}, {Participating: amount}, {Bands: []decimal.Decimal{amount}}, {Ramp: []decimal.Decimal{amount}}} {
			_, err := c.All().Figures(o)
			atkInput(t, err)
		}
	}
	atkSame(t, c)
}

// Amounts may be negative, as credit notes are; shares of a sum that has negative parts are not shares.
func TestScorecard_negative(t *testing.T) {
	rows := func(rows ...string) metrics.Slice {
		var c metrics.Scorecard
		for i, amount := range rows {
			deal := atkWon("2026-06-01", strings.TrimPrefix(amount, "lost "))
			deal.Owner, deal.Account = string(rune('A'+i)), string(rune('a'+i))
			if strings.HasPrefix(amount, "lost ") {
				deal.Status = metrics.Lost
			}
			atkAdd(t, c.AddDeal(deal))
		}
		atkSame(t, &c)
		return c.All()
	}
	for _, id := range []metrics.ID{
		metrics.RepTopShare, metrics.CustomerTopShare, metrics.RepHHI, metrics.CustomerHHI, metrics.RepGini, metrics.CustomerGini, metrics.CustomerEffective,
	} {
		for _, s := range []metrics.Slice{rows("10", "-5"), rows("-5", "-5"), rows("0", "0"), rows()} {
			if f := crdFigure(t, s, id, metrics.Options{Top: 1}); f.Value != nil || f.Reason != "the bookings sum to nothing, or a part of them is negative" {
				t.Errorf("%v, want none", f)
			}
		}
	}
	const (
		closed = "no deal was won or lost"
		zero   = "the amounts of the deals won and lost sum to 0"
		below  = "the amounts of the deals won, or of those lost, sum to less than 0"
		clear  = "all lost deals (1) have the amount 0: keep the last amount before they were lost"
	)
	for _, w := range []struct {
		s      metrics.Slice
		reason string
		value  float64
	}{
		{rows(), closed, 0},
		{rows("0"), zero, 0},
		{rows("5", "lost 0"), clear, 0},
		{rows("0", "lost 0"), clear, 0},
		{rows("5", "lost -4"), below, 0},
		{rows("-5", "lost 6"), below, 0},
		{rows("-1"), below, 0},
		{rows("5", "lost 15"), "", 0.25},
		{rows("lost 4"), "", 0},
		{rows("-5", "10", "lost 5"), "", 0.5},
		{rows("4"), "", 1},
	} {
		f := crdFigure(t, w.s, metrics.WinRateValue, metrics.Options{})
		if v, ok := f.Float(); f.Reason != w.reason || v != w.value || ok == (w.reason != "") {
			t.Errorf("%v, want %v %q", f, w.value, w.reason)
		}
		cover := crdFigure(t, w.s, metrics.RequiredCoverage, metrics.Options{})
		reason := w.reason
		if reason == "" && w.value == 0 {
			reason = "nothing was won"
		}
		if v, ok := cover.Float(); cover.Reason != reason || ok && v != 1/w.value {
			t.Errorf("%v, want %v %q", cover, 1/w.value, reason)
		}
	}
}
