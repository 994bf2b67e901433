package metrics_test

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

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
	var merged metrics.Scorecard
	atkAdd(t, merged.Merge(&c))
	for _, card := range []*metrics.Scorecard{&c, &back, &merged} {
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

// Names are checked in any row where they are kept.
func TestScorecard_AddDeal_names(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	for range 2 {
		for _, status := range []metrics.Status{metrics.Open, metrics.Won, metrics.Lost, metrics.Dropped} {
			for _, name := range []string{"owner", "team", "segment", "account", "currency"} {
				deal := metrics.Deal{ID: "D-1", Status: status, Close: on("2026-06-01")}
				*map[string]*string{"owner": &deal.Owner, "team": &deal.Team, "segment": &deal.Segment, "account": &deal.Account, "currency": &deal.Currency}[name] = "\xff"
				err := c.AddDeal(deal)
				if name == "account" && status != metrics.Won { // it is not read
					atkAdd(t, err)
					continue
				}
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

// A rep may be in two teams: the rest of the reps cannot be had by subtraction.
func TestSlice_CompareBy_participation(t *testing.T) {
	var c metrics.Scorecard
	since := salesops.Period{Start: on("2026-01-01")}
	for _, r := range []metrics.Rep{{Name: "Ana", Team: "East", Active: since}, {Name: "Ana", Team: "West", Active: since}, {Name: "Ben", Team: "West", Active: since}} {
		atkAdd(t, c.AddRep(r))
	}
	deal := atkWon("2026-02-01", "1")
	deal.Team = "East"
	atkAdd(t, c.AddDeal(deal))
	parts, err := c.All().CompareBy(metrics.ByTeam, metrics.ParticipationRate, metrics.Options{}, metrics.Evidence{})
	atkAdd(t, err)
	for i, want := range [][2]float64{{1, 0}, {0, 1}} { // the rest of East are Ana and Ben in West, that of West is Ana in East
		a, _ := parts[i].Figure.Float()
		b, ok := parts[i].Against.Float()
		if a != want[0] || b != want[1] || !ok {
			t.Errorf("%s: %v beside %v, want %v", parts[i].Name, parts[i].Figure, parts[i].Against, want)
		}
	}
}

// Deals that are open count as not won in the period in which they were created, whenever they are due.
func TestScorecard_openNote(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	won := atkWon("2026-02-20", "1")
	won.Created = on("2026-02-01")
	lost := won
	lost.Status = metrics.Lost
	open := metrics.Deal{Created: on("2026-01-03"), Close: on("2026-02-10")}
	atkAdd(t, c.AddDeal(won), c.AddDeal(lost), c.AddDeal(open))
	for period, note := range map[salesops.Period]bool{period("2026-01-01", "2026-02-01"): true, period("2026-02-01", "2026-03-01"): false, {}: true} {
		part, err := c.Select(metrics.Filter{Period: period})
		atkAdd(t, err)
		f := crdFigure(t, part, metrics.WinRateCreated, metrics.Options{})
		if (len(f.Notes) == 1 && f.Notes[0] == "deals that are still open count as not won") != note {
			t.Errorf("%v: %v, want a note: %t", period, f, note)
		}
	}
}

// Options and evidence that make no sense are refused, whatever they are asked for; the greatest and the least that do are not.
func TestSlice_hostileOptions(t *testing.T) {
	c := atkCard()
	nan, inf := math.NaN(), math.Inf(1)
	for _, o := range []metrics.Options{
		{Level: -1},
		{Level: 1},
		{Level: nan},
		{Level: inf},
		{Horizon: -1},
		{Horizon: math.MaxInt},
		{Stale: math.MinInt},
		{Stale: 1 << 20},
		{SLA: -5},
		{SLA: 1 << 20},
		{Top: -1},
		{Top: math.MaxInt},
		{Attained: d("-0.1")},
		{Participating: d("-1")},
		{Bands: []decimal.Decimal{d("1"), d("1.0")}},
		{Bands: []decimal.Decimal{d("1"), d("0.5")}},
		{Ramp: []decimal.Decimal{d("1.01")}},
		{Ramp: []decimal.Decimal{d("0.5"), d("-0.01")}},
	} {
		for _, s := range []metrics.Slice{c.All(), {}} {
			_, err1 := s.Figures(o)
			_, err2 := s.Figure(metrics.WinRate, o)
			_, err3 := s.CompareTo(s, metrics.WinRate, o, metrics.Evidence{})
			_, err4 := s.CompareBy(metrics.ByOwner, metrics.WinRate, o, metrics.Evidence{})
			_, err5 := s.CompareToTarget(0.5, metrics.WinRate, o, metrics.Evidence{})
			for _, err := range []error{err1, err2, err3, err4, err5} {
				if atkInput(t, err); !strings.Contains(err.Error(), "options/") {
					t.Errorf("%+v: %v does not name the option", o, err)
				}
			}
		}
	}
	for _, e := range []metrics.Evidence{{MinN: -1}, {Alpha: -1}, {Alpha: 1.1}, {Alpha: nan}, {Level: 2}, {Level: nan}} {
		_, err1 := c.All().CompareTo(c.All(), metrics.WinRate, metrics.Options{Level: 0.9}, e)
		_, err2 := c.All().CompareBy(metrics.ByTeam, metrics.WinRate, metrics.Options{Level: 0.9}, e)
		_, err3 := c.All().CompareToTarget(1, metrics.WinRate, metrics.Options{Level: 0.9}, e)
		for _, err := range []error{err1, err2, err3} {
			atkInput(t, err)
		}
	}
	for _, target := range []float64{nan, inf, -inf} {
		_, err := c.All().CompareToTarget(target, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
		atkInput(t, err)
	}
	for _, id := range []metrics.ID{"", "win rate", metrics.NRR} {
		_, err := c.All().Figure(id, metrics.Options{})
		atkInput(t, err)
	}
	_, err := c.All().CompareBy("rep", metrics.WinRate, metrics.Options{}, metrics.Evidence{})
	atkInput(t, err)
	for range c.All().By("rep") {
		t.Error("a dimension that is none has parts")
	}
	for _, p := range []salesops.Period{period("2026-03-01", "2026-02-01"), period("2026-03-01", "2026-03-01"), period("2026-03-02", "2026-04-01"), period("2026-03-01", "2026-04-02")} {
		_, err := c.Select(metrics.Filter{Period: p})
		atkInput(t, err)
		atkInput(t, c.AddQuota(metrics.Quota{Owner: "Ana", Period: p, Currency: "EUR"}))
	}
	for _, p := range []salesops.Period{{}, {Start: on("2026-02-01")}, {End: on("2026-02-01")}} {
		_, err := c.Select(metrics.Filter{Period: p})
		atkAdd(t, err)
		atkInput(t, c.AddQuota(metrics.Quota{Owner: "Ana", Period: p, Currency: "EUR"}))
	}
	for _, u := range []salesops.Unit{"", "day", salesops.Week} {
		_, err := c.All().Periods(u)
		atkInput(t, err)
	}
	for _, o := range []metrics.Options{
		{Level: 5e-324},
		{Level: 1 - 1e-16},
		{Horizon: 1<<20 - 1, Stale: 1<<20 - 1, SLA: 1<<20 - 1, Top: 1<<20 - 1},
		{Horizon: 1, Stale: 1, SLA: 1, Top: 1},
		{Attained: decimal.New(1, -18), Participating: decimal.New(1e17, 18), Bands: []decimal.Decimal{decimal.New(-1, 18), decimal.New(1, 18)}, Ramp: []decimal.Decimal{d("0"), d("1")}},
	} {
		for _, s := range []metrics.Slice{c.All(), {}} {
			for _, def := range metrics.Catalog() {
				if f, err := s.Figure(def.ID, o); err == nil {
					if v, ok := f.Float(); v-v != 0 || ok == (f.Reason != "") || f.Interval != nil && !(f.Interval.Low <= f.Interval.High) {
						t.Errorf("%+v", f)
					}
				}
			}
		}
	}
}

// Bands that were told stay as they were when the caller uses the slice again.
func TestSlice_bandsAreCopied(t *testing.T) {
	bands := []decimal.Decimal{d("0.5"), d("1")}
	f := crdFigure(t, atkCard().All(), metrics.AttainmentDistribution, metrics.Options{Bands: bands})
	bands[0] = d("0.7")
	if !f.Bands[0].To.Equal(d("0.5")) || !f.Bands[1].From.Equal(d("0.5")) {
		t.Errorf("%+v", f.Bands)
	}
}

// Rows that make no sense are refused with the record and the remedy, and change nothing.
func TestScorecard_hostileRows(t *testing.T) {
	asOf := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for _, r := range []metrics.Rules{{}, {AsOf: asOf}} {
		c := atkNew(t, r)
		atkAdd(t, c.AddDeal(metrics.Deal{Owner: "Ana", Status: metrics.Won, Close: on("2026-01-31"), Currency: "EUR"}))
		atkAdd(t, c.AddQuota(metrics.Quota{Owner: "Ana", Period: period("2026-01-01", "2026-03-01"), Currency: "EUR"}))
		before := accBinary(t, c)
		bad, minus, two, later := "\xc3\x28", d("-1"), d("2"), on("2026-07-02")
		won := metrics.Deal{ID: "X-1", Owner: "Ana", Status: metrics.Won, Close: on("2026-01-31"), Currency: "EUR"}
		deal := func(change func(*metrics.Deal)) error { d := won; change(&d); return c.AddDeal(d) }
		quota := func(change func(*metrics.Quota)) error {
			q := metrics.Quota{Owner: "X-1", Period: period("2026-01-01", "2026-03-01"), Currency: "EUR"}
			change(&q)
			return c.AddQuota(q)
		}
		lead := func(change func(*metrics.Lead)) error {
			l := metrics.Lead{ID: "X-1", Created: asOf, Touched: asOf}
			change(&l)
			return c.AddLead(l)
		}
		rep := func(change func(*metrics.Rep)) error {
			r := metrics.Rep{Name: "X-1", Active: salesops.Period{Start: on("2026-01-01")}}
			change(&r)
			return c.AddRep(r)
		}
		activity := func(change func(*metrics.Activity)) error {
			a := metrics.Activity{Owner: "X-1", Date: on("2026-01-01"), Kind: metrics.Call}
			change(&a)
			return c.AddActivity(a)
		}
		workday := func(change func(*metrics.Workday)) error {
			w := metrics.Workday{Owner: "X-1", Date: on("2026-01-01")}
			change(&w)
			return c.AddWorkday(w)
		}
		errs := map[string]error{
			"status":         deal(func(d *metrics.Deal) { d.Status = "gone" }),
			"no close":       deal(func(d *metrics.Deal) { d.Close = salesops.Date{} }),
			"list":           deal(func(d *metrics.Deal) { d.List = minus }),
			"chance":         deal(func(d *metrics.Deal) { d.Chance = &minus }),
			"chance above 1": deal(func(d *metrics.Deal) { d.Chance = &two }),
			"currency":       deal(func(d *metrics.Deal) { d.Currency = "USD" }),
			"no currency":    deal(func(d *metrics.Deal) { d.Currency = "" }),
			"quota":          quota(func(q *metrics.Quota) { q.Amount = minus }),
			"quota currency": quota(func(q *metrics.Quota) { q.Currency = "" }),
			"overlap":        quota(func(q *metrics.Quota) { q.Owner, q.Period = "Ana", period("2026-02-01", "2026-04-01") }),
			"overlap before": quota(func(q *metrics.Quota) { q.Owner, q.Period = "Ana", period("2025-12-01", "2026-02-01") }),
			"same start":     quota(func(q *metrics.Quota) { q.Owner, q.Period = "Ana", period("2026-01-01", "2026-02-01") }),
			"around":         quota(func(q *metrics.Quota) { q.Owner, q.Period = "Ana", period("2025-01-01", "2027-01-01") }),
			"one day":        quota(func(q *metrics.Quota) { q.Period = period("2026-01-01", "2026-01-02") }),
			"quota name":     quota(func(q *metrics.Quota) { q.Team = bad }),
			"lead":           lead(func(l *metrics.Lead) { l.Created = time.Time{} }),
			"lead's year":    lead(func(l *metrics.Lead) { l.Created = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }),
			"lead's era":     lead(func(l *metrics.Lead) { l.Created = time.Unix(math.MinInt64, 0) }),
			"lead's future":  lead(func(l *metrics.Lead) { l.Created = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }),
			"lead's name":    lead(func(l *metrics.Lead) { l.Segment = bad }),
			"rep":            rep(func(r *metrics.Rep) { r.Name = "" }),
			"rep's name":     rep(func(r *metrics.Rep) { r.Name = bad }),
			"rep's days":     rep(func(r *metrics.Rep) { r.Active = period("2026-01-01", "2026-01-01") }),
			"rep's order":    rep(func(r *metrics.Rep) { r.Active = period("2026-02-01", "2026-01-01") }),
			"hired later":    rep(func(r *metrics.Rep) { r.Hired = later }),
			"kind":           activity(func(a *metrics.Activity) { a.Kind = "" }),
			"count":          activity(func(a *metrics.Activity) { a.Count = -1 }),
			"least":          activity(func(a *metrics.Activity) { a.Count = math.MinInt64 }),
			"most":           activity(func(a *metrics.Activity) { a.Count = math.MaxInt64 }),
			"no date":        activity(func(a *metrics.Activity) { a.Date = salesops.Date{} }),
			"day's name":     activity(func(a *metrics.Activity) { a.Owner = bad }),
			"no day":         workday(func(w *metrics.Workday) { w.Date = salesops.Date{} }),
			"long":           workday(func(w *metrics.Workday) { w.Worked = 24*time.Hour + 1 }),
			"endless":        workday(func(w *metrics.Workday) { w.Worked = math.MaxInt64 }),
			"negative":       workday(func(w *metrics.Workday) { w.Worked = -1 }),
			"negative sales": workday(func(w *metrics.Workday) { w.Selling = math.MinInt64 }),
			"selling":        workday(func(w *metrics.Workday) { w.Worked, w.Selling = 60, 61 }),
			"worker":         workday(func(w *metrics.Workday) { w.Team = bad }),
		}
		if r.AsOf.IsZero() {
			errs["open"] = deal(func(d *metrics.Deal) { d.Status = "" })
			errs["untouched"] = lead(func(l *metrics.Lead) { l.Touched = time.Time{} })
		} else {
			errs["closed later"] = deal(func(d *metrics.Deal) { d.Close = later })
			errs["created later"] = deal(func(d *metrics.Deal) { d.Created = later })
			errs["proposed later"] = deal(func(d *metrics.Deal) { d.Proposed = later })
			errs["active later"] = deal(func(d *metrics.Deal) { d.Status, d.Active = metrics.Open, later })
			errs["stage later"] = deal(func(d *metrics.Deal) { d.StageSince = later })
			errs["came later"] = lead(func(l *metrics.Lead) { l.Created = asOf.Add(1) })
			errs["touched later"] = lead(func(l *metrics.Lead) { l.Touched = asOf.Add(1) })
			errs["did later"] = activity(func(a *metrics.Activity) { a.Date = later })
			errs["worked later"] = workday(func(w *metrics.Workday) { w.Date = later })
		}
		for what, err := range errs {
			if err == nil {
				t.Fatalf("%s is accepted", what)
			}
			if atkInput(t, err); !strings.Contains(err.Error(), "X-1") && !strings.Contains(err.Error(), "Ana") && what != "rep" && !strings.HasSuffix(what, "name") {
				t.Errorf("%s: %v does not name the record", what, err)
			}
		}
		if accBinary(t, c) != before {
			t.Error("rows that were refused have changed the card")
		}
		if r.AsOf.IsZero() {
			continue
		}
		long := strings.Repeat("é", 1<<19)
		atkAdd(t, deal(func(d *metrics.Deal) { d.Owner, d.Account, d.ID = long, long+"a", long }))
		if err := deal(func(d *metrics.Deal) { d.Owner, d.ID, d.Currency = long, long, long }); err == nil || len(err.Error()) > 2000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		atkSame(t, c)
	}
}

// A zero card, a zero slice and nil are empty.
func TestScorecard_zero(t *testing.T) {
	var c metrics.Scorecard
	atkAdd(t, c.Merge(nil), c.Merge(&metrics.Scorecard{}), c.Merge(atkNew(t, metrics.Rules{Unit: salesops.Year})), c.Merge(&c))
	c.Settle()
	if r := c.Rules(); r.Unit != salesops.Month || !r.AsOf.IsZero() {
		t.Errorf("rules = %+v", r)
	}
	full := atkCard()
	before := accBinary(t, full)
	atkAdd(t, full.Merge(nil), full.Merge(&c))
	if err := full.Merge(full); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, full) != before {
		t.Errorf("%v, want ErrMismatch", err)
	}
	year := atkNew(t, metrics.Rules{Unit: salesops.Year})
	atkAdd(t, year.Merge(full))
	if accBinary(t, year) != before || year.Rules().Unit != salesops.Month {
		t.Error("an empty card does not follow what is merged into it")
	}
	for _, s := range []metrics.Slice{{}, c.All()} {
		part, err := s.Select(metrics.Filter{Owner: "Ana", Period: period("2026-01-01", "2026-02-01")})
		atkAdd(t, err)
		for range part.By(metrics.ByOwner) {
			t.Error("nothing has parts")
		}
		periods, err := part.Periods(salesops.Month)
		atkAdd(t, err)
		for range periods {
			t.Error("nothing has periods")
		}
		for _, def := range metrics.Catalog() {
			x, err := part.CompareTo(full.All(), def.ID, metrics.Options{}, metrics.Evidence{})
			if err != nil {
				continue
			}
			if x.Figure.Value != nil && *x.Figure.Value != 0 || x.Verdict == metrics.Better || x.Verdict == metrics.Worse {
				t.Errorf("%+v", x)
			}
		}
	}
}

// Cards that differ in what cannot be added up are not merged, in either order.
func TestScorecard_mismatch(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	card := func(r metrics.Rules, currency string) *metrics.Scorecard {
		c, deal := atkNew(t, r), atkWon("2026-01-01", "1")
		deal.Currency = currency
		atkAdd(t, c.AddDeal(deal))
		return c
	}
	same := card(metrics.Rules{AsOf: at}, "EUR")
	atkAdd(t, same.Merge(card(metrics.Rules{AsOf: at, Clock: func(time.Time, time.Time) int { return 0 }, Unit: salesops.Month}, "EUR")))
	for _, o := range []*metrics.Scorecard{
		card(metrics.Rules{AsOf: at}, "USD"), card(metrics.Rules{AsOf: at}, ""), card(metrics.Rules{}, "EUR"), card(metrics.Rules{AsOf: at.Add(1)}, "EUR"),
		card(metrics.Rules{AsOf: at.In(time.FixedZone("", 60))}, "EUR"), card(metrics.Rules{AsOf: at, Unit: salesops.Week}, "EUR"),
		card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{FirstMonth: 2}}, "EUR"), card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{Weeks: "4-4-5"}}, "EUR"),
		card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{WeekStart: 1}}, "EUR"), card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{EndInMonth: true}}, "EUR"),
		card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{Week53Month: 1}}, "EUR"), card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{NameByStart: true}}, "EUR"),
		card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{Holidays: []salesops.Date{on("2026-01-01")}}}, "EUR"),
		card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{Weekend: []time.Weekday{}}}, "EUR"), card(metrics.Rules{AsOf: at, Calendar: salesops.Calendar{Weekend: []time.Weekday{0}}}, "EUR"),
	} {
		for _, pair := range [][2]*metrics.Scorecard{{same, o}, {o, same}} {
			before := accBinary(t, pair[0])
			if err := pair[0].Merge(pair[1]); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, pair[0]) != before {
				t.Errorf("%+v and %+v: %v", pair[0].Rules(), pair[1].Rules(), err)
			}
		}
		atkSame(t, o)
	}
}

// Many may read at once, also what has not been settled.
func TestScorecard_concurrent(t *testing.T) {
	c := atkCard()
	for i := range 100 {
		deal := atkWon("2026-04-20", "1")
		deal.Currency, deal.Created, deal.Account = "EUR", on("2026-01-01").AddDays(i), strconv.Itoa(i)
		lead := metrics.Lead{Owner: "Ana", Created: time.Date(2026, 6, 1, 0, i, 0, 0, time.UTC)}
		atkAdd(t, c.AddDeal(deal), c.AddDeal(metrics.Deal{Owner: "Ana", Created: deal.Created, Currency: "EUR"}), c.AddLead(lead))
	}
	all := c.All()
	want, err := all.Figures(metrics.Options{})
	atkAdd(t, err)
	bytes, text := accBinary(t, c), accJSON(t, c)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			atkAsk(t, c)
			got, err := all.Figures(metrics.Options{})
			if err != nil || !reflect.DeepEqual(got, want) || accBinary(t, c) != bytes || accJSON(t, c) != text {
				t.Error("reads at once are not those of one after the other")
			}
			var o metrics.Scorecard
			if err := o.Merge(c); err != nil || accBinary(t, &o) != bytes {
				t.Errorf("merged at once: %v", err)
			}
		})
	}
	group.Wait()
}

// A JSON text in which anything does not fit is no card.
func TestScorecard_UnmarshalJSON_strict(t *testing.T) {
	text := accJSON(t, atkCard())
	for _, r := range [][2]string{
		{`{"rules"`, `{"other":1,"rules"`},
		{`"unit":"month",`, ``},
		{`"unit":"month"`, `"unit":"day"`},
		{`"asOf":"2026-06-30T12:00:00.000000005-04:00"`, `"asOf":"2026"`},
		{`"firstMonth":2`, `"firstMonth":13`},
		{`"currency":"EUR",`, ``},
		{`"won":0`, `"won":-1`},
		{`"amount":"-1"`, `"amount":"-1.0"`},
		{`"amount":"-1"`, `"amount":"x"`},
		{`"amount":"-1"`, `"amount":"` + strings.Repeat("9", 100) + `"`},
		{`"unweighted":1`, `"unweighted":2`},
		{`"start":"2026-06-01","open"`, `"start":"2026-06-02","open"`},
		{`"start":"2026-08-01"`, `"start":"2026-06-01"`},
		{`"idle":[[29,1]]`, `"idle":[[-29,1]]`},
		{`"idle":[[29,1]]`, `"idle":[[29,0]]`},
		{`"idle":[[10,1]]`, `"idle":[[9,1]]`},
		{`"stages":[[20,1]]`, `"stages":[[20,2]]`},
		{`"ages":[[29,1]]`, `"ages":[[1,1],[29,1]]`},
		{`"tidy":[[10,1]]`, `"tidy":[[10,2]]`},
		{`"overdue":1`, `"overdue":2`},
		{`"waits":[[0,0,1,0,0]`, `"waits":[[0,0,1,0]`},
		{`"waits":[[0,0,1,0,0]`, `"waits":[[0,0,1,0,0,0]`},
		{`"idle":[[29,1]]`, `"idle":[[29,1,1]]`},
		{`"idle":[[29,1]]`, `"idle":[[29]]`},
		{`"waits":[[0,0,1,0,0]`, `"waits":[[0,0,0,1,0]`},
		{`"waits":[[42180,1,0,0,0]]`, `"waits":[[1048576,1,0,0,0]]`},
		{`"waits":[[42180,1,0,0,0]]`, `"waits":[[42180,0,0,0,0]]`},
		{`"waits":[[42180,1,0,0,0]]`, `"waits":[[-1,1,0,0,0]]`},
		{`"waits":[[42180,1,0,0,0]]`, `"waits":[]`},
		{`"qualified":1`, `"qualified":3`},
		{`"early":1`, `"early":3`},
		{`"selling":180`, `"selling":481`},
		{`"lives":[[46,0,1,0,0]]`, `"lives":[[46,0,1,0,0],[46,0,1,0,0]]`},
		{`"lives":[[46,0,1,0,0]]`, `"lives":[[4194305,0,1,0,0]]`},
		{`"ends":[[46,0,1,0,0]]`, `"ends":[[46,0,2,0,0]]`},
		{`"ends":[[46,0,1,0,0]]`, `"ends":[[46,0,0,1,0]]`},
		{`"ends":[[46,0,1,0,0]]`, `"ends":[[46,1,0,0,0]]`},
		{`"ends":[[46,0,1,0,0]],`, ``},
		{`"wonAmount":"70"`, `"wonAmount":"71"`},
		{`"values":["70"]`, `"values":["71"]`},
		{`"account":"Beta","amount":"70"`, `"account":"Beta","amount":"71"`},
		{`[{"account":"Beta","amount":"70"}]`, `[]`},
		{`[{"account":"Beta","amount":"70"}]`, `[{"account":"Beta","amount":"30"},{"account":"Beta","amount":"40"}]`},
		{`"lostAmount":"0"`, `"lostAmount":"1"`},
		{`"droppedAmount":"5"`, `"droppedAmount":"5","net":"1"`},
		{`"list":"120"`, `"list":"-120"`},
		{`"listed":1,"net":"100.5"`, `"listed":2,"net":"100.5"`},
		{`"sum":"0.1625"`, `"sum":"x"`},
		{`"proposedWon":1`, `"proposedWon":2`},
		{`"reversed":1`, `"reversed":2`},
		{`"undated":1,"accounts"`, `"accounts"`},
		{`"rows":1,"amount":"90"`, `"rows":0,"amount":"90"`},
		{`"rows":1,"amount":"90"`, `"rows":-1,"amount":"90"`},
		{`"amount":"90"`, `"amount":"-90"`},
		{`"credits":1`, `"credits":2`},
		{`"credits":1`, `"credits":-1`},
		{`"credits":1,`, ``},
		{`"start":"2026-05-01","end":"2026-06-01"`, `"start":"2026-05-02","end":"2026-06-01"`},
		{`"start":"2026-05-01","end":"2026-06-01"`, `"start":"2026-05-01"`},
		{`"start":"2026-05-01","end":"2026-06-01"`, `"start":"2026-06-01","end":"2026-05-01"`},
		{`{"owner":"Ben","period":{"start":"2026-02-01","end":"2026-05-01"}`, `{"owner":"Ana","period":{"start":"2026-02-01","end":"2026-05-01"}`},
		{`{"owner":"Ben","period":{"start":"2026-02-01","end":"2026-05-01"}`, `{"owner":"Ana","period":{"start":"2026-02-01","end":"2026-03-01"}`},
		{`"name":"Cleo"`, `"name":""`},
		{`"hired":"2026-01-01"`, `"hired":"2026-02-02"`},
		{`"hired":"2026-01-01",`, ``},
		{`"active":{"start":"2026-02-01","end":"2026-06-01"}`, `"active":{"start":"2026-02-01","end":"2026-02-01"}`},
		{`{"name":"Cleo","hired":"2026-01-01","active":{"start":"2026-02-01","end":"2026-06-01"}}`, `{"name":"Ana","team":"East","hired":"2026-02-01","active":{"start":"2026-02-01"}}`},
	} {
		other := strings.Replace(text, r[0], r[1], 1)
		if other == text {
			t.Errorf("%s is not in the text", r[0])
			continue
		}
		c := atkCard()
		if err := c.UnmarshalJSON([]byte(other)); !errors.Is(err, metrics.ErrEncoding) || accJSON(t, c) != text {
			t.Errorf("%s for %s: %v, want ErrEncoding and the card as it was", r[1], r[0], err)
		}
	}
	rules := text[len(`{"rules":`):strings.Index(text, `,"currency"`)]
	for _, other := range []string{``, `{`, `[]`, `{}x`, `{"cells":[]}`, `{"currency":"EUR"}`, `{"rules":` + rules + `}`, text + text} {
		if err := new(metrics.Scorecard).UnmarshalJSON([]byte(other)); (err != nil) != (other != `{"cells":[]}`) || err != nil && !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v", other, err)
		}
	}
	c := atkCard()
	if err := c.UnmarshalJSON([]byte(" null ")); err != nil || accJSON(t, c) != text {
		t.Errorf("null has changed the card: %v", err)
	}
}

// A binary form of which a byte is another is no card, or the form of that other card.
func TestScorecard_UnmarshalBinary_strict(t *testing.T) {
	data := []byte(accBinary(t, atkCard()))
	for i := range data {
		var c metrics.Scorecard
		if err := c.UnmarshalBinary(data[:i]); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("the first %d bytes: %v", i, err)
		}
		for _, to := range []byte{0, data[i] + 1, data[i] ^ 0x80} {
			old := data[i]
			data[i] = to
			if err := c.UnmarshalBinary(data); err == nil && accBinary(t, &c) != string(data) || err != nil && !errors.Is(err, metrics.ErrEncoding) {
				t.Errorf("byte %d from %d to %d: %v", i, old, to, err)
			}
			data[i] = old
		}
	}
}

// Settling changes no figure and no byte, whenever it is done, and however many deals there are.
func TestScorecard_Settle_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var settled, plain metrics.Scorecard
		n := rapid.SampledFrom([]int{1, 31, 33, 120}).Draw(t, "deals")
		step := rapid.IntRange(1, 60).Draw(t, "days")
		every := rapid.IntRange(1, n).Draw(t, "settled after each")
		for i := range n {
			deal := atkWon("2026-01-01", "123456789012345678901234567890.5")
			deal.Account, deal.Close, deal.Created = strconv.Itoa(i%7), deal.Close.AddDays(i*step%900), deal.Close.AddDays(-i%50)
			atkAdd(t, settled.AddDeal(deal), plain.AddDeal(deal))
			if i%every == 0 {
				settled.Settle()
			}
		}
		a, err1 := settled.All().Figures(metrics.Options{})
		b, err2 := plain.All().Figures(metrics.Options{})
		atkAdd(t, err1, err2)
		if !reflect.DeepEqual(a, b) || accBinary(t, &settled) != accBinary(t, &plain) {
			t.Fatalf("%v, want %v", a, b)
		}
	})
}

// What is left out is told, of the deals that the figure is about.
func TestScorecard_notes(t *testing.T) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	rows := func(deals ...metrics.Deal) metrics.Slice {
		c := atkNew(t, metrics.Rules{AsOf: asOf})
		for i, deal := range deals {
			deal.ID, deal.Close = strconv.Itoa(i), on("2026-06-01")
			atkAdd(t, c.AddDeal(deal))
		}
		return c.All()
	}
	day := on("2026-05-01")
	won, lost, open := metrics.Deal{Status: metrics.Won, Created: day}, metrics.Deal{Status: metrics.Lost, Created: day}, metrics.Deal{Created: day, StageSince: day}
	bare := func(d metrics.Deal) metrics.Deal {
		d.Created, d.StageSince = salesops.Date{}, salesops.Date{}
		return d
	}
	late := func(d metrics.Deal) metrics.Deal { d.Created = on("2026-06-02"); return d }
	const (
		wonDeal  = "1 won deal that has no day of creation, or closed before it, is left out"
		wonDeals = "2 won deals that have no day of creation, or closed before it, are left out"
		undated  = "1 deal without a day of creation is left out"
		reversed = "1 deal that closed before it was created is left out"
		both     = "2 deals that closed before they were created are left out, 2 deals without a day of creation are left out"
		age      = "1 open deal without a day of creation is left out"
		stage    = "1 open deal that does not say is left out"
	)
	for _, c := range []struct {
		s    metrics.Slice
		want map[metrics.ID]string
	}{
		{rows(won, lost, open), map[metrics.ID]string{metrics.SalesCycle: "", metrics.SalesCycleClosed: "", metrics.DealAge: "", metrics.DaysInStage: ""}},
		{rows(won, bare(lost)), map[metrics.ID]string{metrics.SalesCycle: "", metrics.SalesCycleP90: "", metrics.SalesCycleClosed: undated}},
		{rows(won, late(lost)), map[metrics.ID]string{metrics.SalesCycleMedian: "", metrics.SalesCycleClosedMedian: reversed}},
		{rows(won, bare(won)), map[metrics.ID]string{metrics.SalesCycle: wonDeal, metrics.SalesCycleClosed: undated}},
		{rows(won, late(won)), map[metrics.ID]string{metrics.SalesCycle: wonDeal, metrics.SalesCycleClosed: reversed}},
		{rows(won, late(won), bare(won), late(lost), bare(lost)), map[metrics.ID]string{metrics.SalesCycleMedian: wonDeals, metrics.SalesCycleClosed: both}},
		{rows(open, bare(open)), map[metrics.ID]string{metrics.DealAge: age, metrics.DealAgeP90: age, metrics.DaysInStage: stage, metrics.WinRateCreated: "deals that are still open count as not won"}},
		{rows(won, bare(open)), map[metrics.ID]string{metrics.WinRateCreated: "deals that are still open count as not won"}},
	} {
		for id, want := range c.want {
			if f := crdFigure(t, c.s, id, metrics.Options{}); strings.Join(f.Notes, "; ") != want || f.Value == nil {
				t.Errorf("%v, want the note %q", f, want)
			}
		}
		for _, def := range metrics.Catalog() {
			if f, err := rows().Figure(def.ID, metrics.Options{}); err == nil && f.Value == nil && len(f.Notes) > 0 {
				t.Errorf("%v has notes without a value", f)
			}
		}
	}
}

// Iterations may stop early.
func TestSlice_breaks(t *testing.T) {
	all := atkCard().All()
	names := 0
	for range all.By(metrics.ByOwner) {
		if names++; names == 2 {
			break
		}
	}
	periods, err := all.Periods(salesops.Month)
	atkAdd(t, err)
	for range periods {
		names++
		break
	}
	if names != 3 {
		t.Errorf("%d, want 3", names)
	}
}

// A part of a quota is for days within its period.
func TestProrate_bounds(t *testing.T) {
	year := period("2026-01-01", "2027-01-01")
	for _, c := range []struct {
		carried salesops.Period
		places  int32
		want    string
	}{
		{salesops.Period{}, 2, "365"},
		{salesops.Period{Start: on("2026-06-01")}, 0, "214"},
		{period("2025-01-01", "2026-01-02"), 18, "1"},
		{period("2024-01-01", "2025-01-01"), 2, "0"},
		{period("2026-02-01", "2026-01-01"), 2, "0"},
		{period("2026-01-01", "2026-12-31"), -1, "360"},
	} {
		if q, err := metrics.Prorate(d("365"), year, c.carried, c.places); err != nil || !q.Equal(d(c.want)) {
			t.Errorf("%v: %v %v, want %s", c.carried, q, err, c.want)
		}
	}
	for _, places := range []int32{-19, 19, math.MinInt32, math.MaxInt32} {
		_, err := metrics.Prorate(d("1"), year, year, places)
		atkInput(t, err)
	}
	for _, p := range []salesops.Period{{}, {Start: on("2026-01-01")}, {End: on("2026-01-01")}, period("2026-01-01", "2026-01-01"), period("2026-02-01", "2026-01-01")} {
		_, err := metrics.Prorate(d("1"), p, year, 2)
		atkInput(t, err)
	}
}

// A deal that is due on the day of knowledge is not overdue yet, and may be tidy.
func TestScorecard_dueToday(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 23, 0, 0, 0, time.UTC)})
	for _, due := range []string{"2026-06-30", "2026-07-01", "2026-07-02"} {
		atkAdd(t, c.AddDeal(metrics.Deal{Close: on(due), Active: on("2026-07-01"), NextStep: true}))
	}
	overdue, _ := atkValue(t, c.All(), metrics.OverdueShare)
	tidy, _ := atkValue(t, c.All(), metrics.HygieneShare)
	if overdue != 1.0/3 || tidy != 2.0/3 {
		t.Errorf("overdue %v, tidy %v, want 1/3 and 2/3", overdue, tidy)
	}
}

// Parts come in the order of their names, in whatever order rows were added.
func TestSlice_By_order(t *testing.T) {
	var c metrics.Scorecard
	for _, owner := range []string{"Zoe", "", "Ben", "Ana"} {
		deal := atkWon("2026-01-01", "1")
		deal.Owner = owner
		atkAdd(t, c.AddDeal(deal))
	}
	var names []string
	for name := range c.All().By(metrics.ByOwner) {
		names = append(names, name)
	}
	if !reflect.DeepEqual(names, []string{"", "Ana", "Ben", "Zoe"}) {
		t.Errorf("%q", names)
	}
}

// The level of the evidence is that of the figures, too, unless the options have one; both sides must have enough.
func TestSlice_CompareTo_evidence(t *testing.T) {
	c := atkNew(t, metrics.Rules{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	for i := range 30 {
		deal := atkWon("2026-06-01", "1")
		deal.Created = deal.Close.AddDays(-i)
		if i%2 == 0 {
			deal.Status = metrics.Lost
		}
		if i < 5 {
			deal.Owner = "Ben"
		}
		atkAdd(t, c.AddDeal(deal))
	}
	ana, err1 := c.Select(metrics.Filter{Owner: "Ana"})
	ben, err2 := c.Select(metrics.Filter{Owner: "Ben"})
	atkAdd(t, err1, err2)
	for level, o := range map[float64]metrics.Options{0.8: {}, 0.99: {Level: 0.99}} {
		x, err := ana.CompareTo(ben, metrics.WinRate, o, metrics.Evidence{Level: 0.8})
		atkAdd(t, err)
		if want := crdFigure(t, ana, metrics.WinRate, metrics.Options{Level: level}); *x.Figure.Interval != *want.Interval {
			t.Errorf("%v, want %v", x.Figure, want)
		}
	}
	for _, id := range []metrics.ID{metrics.WinRateCohort, metrics.SalesCycleKM, metrics.WinRate, metrics.SalesCycle, metrics.SalesCycleMedian} {
		for least, few := range map[int64]bool{1: false, 20: true} {
			x, err1 := ana.CompareTo(ben, id, metrics.Options{Horizon: 3}, metrics.Evidence{MinN: least})
			y, err2 := ben.CompareTo(ana, id, metrics.Options{Horizon: 3}, metrics.Evidence{MinN: least})
			atkAdd(t, err1, err2)
			if few && (x.Verdict != metrics.TooFew || y.Verdict != metrics.TooFew || x.P != nil || y.P != nil) || !few && least == 1 && x.Figure.Value == nil {
				t.Errorf("%s with at least %d: %+v, %+v", id, least, x, y)
			}
		}
	}
}

// Deals without a decision are no part of win rates, nor of the question whether reps have the same one.
func TestScorecard_RepHomogeneity_dropped(t *testing.T) {
	var c, dropped metrics.Scorecard
	for i := range 40 {
		deal := atkWon("2026-01-01", "1")
		deal.Owner = []string{"Ana", "Ben"}[i%2]
		if i > 20+i%2*12 {
			deal.Status = metrics.Lost
		}
		atkAdd(t, c.AddDeal(deal), dropped.AddDeal(deal), dropped.AddDeal(metrics.Deal{Owner: "Ana", Status: metrics.Dropped, Close: deal.Close}))
	}
	want, ok := atkValue(t, c.All(), metrics.RepHomogeneity)
	if got, also := atkValue(t, dropped.All(), metrics.RepHomogeneity); !ok || !also || got != want || want > 0.5 {
		t.Errorf("p = %v, want %v as without deals that were dropped", got, want)
	}
}

// Amounts in two currencies are not compared; shares are, and so is what has no value.
func TestSlice_CompareTo_currencies(t *testing.T) {
	in := func(currency string) metrics.Slice {
		c := atkNew(t, metrics.Rules{})
		deal := atkWon("2026-06-01", "10")
		deal.Currency = currency
		atkAdd(t, c.AddDeal(deal))
		return c.All()
	}
	none := atkNew(t, metrics.Rules{}).All()
	for _, id := range []metrics.ID{metrics.Bookings, metrics.DealSize} {
		_, err := in("EUR").CompareTo(in("USD"), id, metrics.Options{}, metrics.Evidence{})
		if !errors.Is(err, metrics.ErrMismatch) || !strings.Contains(err.Error(), `currency "USD" is not "EUR"`) {
			t.Errorf("%s: %v", id, err)
		}
		_, err = in("EUR").CompareTo(in("EUR"), id, metrics.Options{}, metrics.Evidence{})
		atkAdd(t, err)
		_, err = in("EUR").CompareTo(none, id, metrics.Options{}, metrics.Evidence{})
		atkAdd(t, err)
	}
	_, err := in("EUR").CompareTo(in("USD"), metrics.WinRate, metrics.Options{}, metrics.Evidence{})
	atkAdd(t, err)
}
