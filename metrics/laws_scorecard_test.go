package metrics_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// crdRows are rows of all kinds, in the order in which they were drawn.
type crdRows struct {
	rules      metrics.Rules
	deals      []metrics.Deal
	quotas     []metrics.Quota
	leads      []metrics.Lead
	activities []metrics.Activity
	days       []metrics.Workday
	reps       []metrics.Rep
}

func (r *crdRows) len() int {
	return len(r.deals) + len(r.quotas) + len(r.leads) + len(r.activities) + len(r.days) + len(r.reps)
}

// add adds the i-th row to a card.
func (r *crdRows) add(c *metrics.Scorecard, i int) error {
	if i < len(r.deals) {
		return c.AddDeal(r.deals[i])
	}
	if i -= len(r.deals); i < len(r.quotas) {
		return c.AddQuota(r.quotas[i])
	}
	if i -= len(r.quotas); i < len(r.leads) {
		return c.AddLead(r.leads[i])
	}
	if i -= len(r.leads); i < len(r.activities) {
		return c.AddActivity(r.activities[i])
	}
	if i -= len(r.activities); i < len(r.days) {
		return c.AddWorkday(r.days[i])
	}
	return c.AddRep(r.reps[i-len(r.days)])
}

// card returns the card of all rows.
func (r *crdRows) card(t crdFatal) *metrics.Scorecard {
	c, err := metrics.NewScorecard(r.rules)
	for i := range r.len() {
		if err == nil {
			err = r.add(c, i)
		}
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

type crdFatal interface{ Fatalf(string, ...any) }

// crdDraw draws rows of the first half of 2026, as of its end.
func crdDraw(t *rapid.T) *crdRows {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	r := &crdRows{rules: metrics.Rules{AsOf: asOf, Calendar: salesops.Calendar{FirstMonth: time.Month(rapid.IntRange(1, 12).Draw(t, "first month"))}}}
	first := on("2026-01-01")
	day := func(name string) salesops.Date { return first.AddDays(rapid.IntRange(0, 180).Draw(t, name)) }
	maybe := func(name string, d salesops.Date) salesops.Date {
		if rapid.IntRange(0, 3).Draw(t, name) == 0 {
			return salesops.Date{}
		}
		return d
	}
	owner := rapid.SampledFrom([]string{"", "Ana", "Ben", "Cleo"})
	team := rapid.SampledFrom([]string{"", "East", "West"})
	segment := rapid.SampledFrom([]string{"", "SMB"})
	amount := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(0, 1_000_000).Draw(t, "coefficient"), int32(-rapid.IntRange(0, 3).Draw(t, "places")))
	})
	for range rapid.IntRange(0, 12).Draw(t, "deals") {
		deal := metrics.Deal{
			ID: "D", Owner: owner.Draw(t, "owner"), Team: team.Draw(t, "team"), Segment: segment.Draw(t, "segment"),
			Account: rapid.SampledFrom([]string{"", "Acme", "Beta"}).Draw(t, "account"), Amount: amount.Draw(t, "amount"), Currency: "USD",
			Status:  rapid.SampledFrom([]metrics.Status{metrics.Open, metrics.Won, metrics.Won, metrics.Lost, metrics.Dropped}).Draw(t, "status"),
			Created: maybe("created", day("creation")), Proposed: maybe("proposed", day("proposal")), NextStep: rapid.Bool().Draw(t, "next step"),
			StageSince: maybe("stage", day("stage since")), Active: maybe("active", day("activity")),
		}
		deal.Close = day("close")
		if deal.Status == metrics.Open {
			deal.Close = maybe("due", deal.Close.AddDays(60))
		}
		if rapid.Bool().Draw(t, "listed") {
			deal.List = amount.Draw(t, "list")
		}
		if rapid.IntRange(0, 3).Draw(t, "chance") > 0 {
			chance := decimal.New(rapid.Int64Range(0, 100).Draw(t, "percent"), -2)
			deal.Chance = &chance
		}
		r.deals = append(r.deals, deal)
	}
	for range rapid.IntRange(0, 6).Draw(t, "quotas") {
		month := salesops.Calendar{}.Period(salesops.Month, day("quota"))
		q := metrics.Quota{
			Owner: owner.Draw(t, "owner"), Team: team.Draw(t, "team"), Segment: segment.Draw(t, "segment"), Period: month,
			Amount: amount.Draw(t, "quota"), Currency: "USD",
		}
		if rapid.IntRange(0, 3).Draw(t, "credited") == 0 {
			credited := amount.Draw(t, "credited")
			q.Credited = &credited
		}
		r.quotas = append(r.quotas, q)
	}
	moment := func(name string) time.Time {
		return time.Date(2026, 1, 1, 0, rapid.IntRange(0, 180*1440).Draw(t, name), 0, 0, time.UTC)
	}
	for range rapid.IntRange(0, 6).Draw(t, "leads") {
		l := metrics.Lead{
			Owner: owner.Draw(t, "owner"), Created: moment("created"), Qualified: rapid.Bool().Draw(t, "qualified"),
			Opportunity: rapid.Bool().Draw(t, "opportunity"), Customer: rapid.Bool().Draw(t, "customer"),
		}
		if rapid.Bool().Draw(t, "touched") {
			l.Touched = moment("touch")
		}
		r.leads = append(r.leads, l)
	}
	for range rapid.IntRange(0, 6).Draw(t, "activities") {
		r.activities = append(r.activities, metrics.Activity{
			Owner: owner.Draw(t, "owner"), Date: day("date"), Count: rapid.Int64Range(0, 5).Draw(t, "count"),
			Kind: rapid.SampledFrom([]metrics.ActivityKind{metrics.Call, metrics.Email, metrics.Meeting, metrics.NoShow}).Draw(t, "kind"),
		})
	}
	for range rapid.IntRange(0, 4).Draw(t, "days") {
		worked := time.Duration(rapid.IntRange(0, 600).Draw(t, "minutes")) * time.Minute
		r.days = append(r.days, metrics.Workday{Owner: owner.Draw(t, "owner"), Date: day("date"), Worked: worked, Selling: worked / 3})
	}
	for range rapid.IntRange(0, 3).Draw(t, "reps") {
		r.reps = append(r.reps, metrics.Rep{
			Name: rapid.SampledFrom([]string{"Ana", "Ben", "Cleo"}).Draw(t, "name"), Team: team.Draw(t, "team"),
			Active: salesops.Period{Start: day("start")},
		})
	}
	return r
}

// Cards of shards merge into the card of the whole, whatever the order and the grouping, and survive their encodings.
func TestScorecard_mergeLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		accLaws[metrics.Scorecard](t, rows.len(), func(to *metrics.Scorecard, i int) {
			one, err := metrics.NewScorecard(rows.rules)
			if err == nil {
				err = rows.add(one, i)
			}
			if err == nil {
				err = to.Merge(one)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	})
}

// crdPlain computes figures from the rows in the obvious way.
type crdPlain struct {
	*crdRows
	metrics.Filter
}

func (p crdPlain) has(owner, team, segment string, day salesops.Date) bool {
	f := p.Filter
	return (f.Owner == "" || f.Owner == owner) && (f.Team == "" || f.Team == team) && (f.Segment == "" || f.Segment == segment) &&
		(f.Period.IsZero() || f.Period.Contains(day))
}

// sum returns the number and the amount of deals of a status, by the day on which they closed or are due.
func (p crdPlain) sum(statuses ...metrics.Status) (n float64, amount float64) {
	for _, d := range p.deals {
		if slices.Contains(statuses, d.Status) && p.has(d.Owner, d.Team, d.Segment, d.Close) {
			n++
			v, _ := d.Amount.Float64()
			amount += v
		}
	}
	return n, amount
}

func (p crdPlain) days(statuses ...metrics.Status) (days []float64) {
	for _, d := range p.deals {
		if n := d.Close.DaysSince(d.Created); slices.Contains(statuses, d.Status) && p.has(d.Owner, d.Team, d.Segment, d.Close) && !d.Created.IsZero() && n >= 0 {
			days = append(days, float64(n))
		}
	}
	slices.Sort(days)
	return days
}

func crdMean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v)) // NaN of none
}

func crdMedian(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// figures are what the rows come to; NaN is no value.
func (p crdPlain) figures() map[metrics.ID]float64 {
	won, wonAmount := p.sum(metrics.Won)
	lost, lostAmount := p.sum(metrics.Lost)
	dropped, _ := p.sum(metrics.Dropped)
	open, openAmount := p.sum(metrics.Open)
	overdue, created, leads, opportunities, calls, meetings, workdays, worked, selling := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	today := salesops.DateOf(p.rules.AsOf)
	for _, d := range p.deals {
		if d.Status == metrics.Open && p.has(d.Owner, d.Team, d.Segment, d.Close) && !d.Close.IsZero() && d.Close.Before(today) {
			overdue++
		}
		if p.has(d.Owner, d.Team, d.Segment, d.Created) {
			created++
		}
	}
	for _, l := range p.leads {
		if p.has(l.Owner, l.Team, l.Segment, salesops.DateOf(l.Created)) {
			leads++
			if l.Opportunity {
				opportunities++
			}
		}
	}
	for _, a := range p.activities {
		if p.has(a.Owner, a.Team, a.Segment, a.Date) {
			switch a.Kind {
			case metrics.Call:
				calls += float64(max(a.Count, 1))
			case metrics.Meeting:
				meetings += float64(max(a.Count, 1))
			}
		}
	}
	for _, w := range p.workdays() {
		workdays++
		worked += w.Worked.Minutes()
		selling += math.Floor(w.Selling.Minutes())
	}
	dated, all := 0, 0
	for _, d := range p.deals {
		if p.has(d.Owner, d.Team, d.Segment, d.Close) {
			all++
			if !d.Created.IsZero() {
				dated++
			}
		}
	}
	if created == 0 && all > 0 && dated == 0 && !p.Period.IsZero() {
		created = math.NaN()
	}
	byValue := wonAmount / (wonAmount + lostAmount)
	if lost > 0 && lostAmount == 0 || !(wonAmount+lostAmount > 0) {
		byValue = math.NaN()
	}
	cycles := p.days(metrics.Won)
	velocity := open * wonAmount / (won + lost) / crdMean(cycles)
	if crdMean(cycles) == 0 {
		velocity = math.NaN()
	}
	out := map[metrics.ID]float64{
		metrics.DealsWon: won, metrics.Bookings: wonAmount, metrics.WinRate: won / (won + lost), metrics.WinRateBroad: won / (won + lost + dropped),
		metrics.WinRateOverdue: won / (won + lost + dropped + overdue), metrics.WinRateValue: byValue, metrics.DealSize: wonAmount / won,
		metrics.SalesCycle: crdMean(cycles), metrics.SalesCycleMedian: crdMedian(cycles),
		metrics.SalesCycleClosedMedian: crdMedian(p.days(metrics.Won, metrics.Lost, metrics.Dropped)),
		metrics.OpenDeals:              open, metrics.PipelineValue: openAmount, metrics.OverdueShare: overdue / open, metrics.DealsCreated: created,
		metrics.Leads: leads, metrics.LeadToOpportunity: opportunities / leads, metrics.Meetings: meetings,
		metrics.CallsPerRepDay: calls / workdays, metrics.SellingTimeShare: selling / worked, metrics.SalesVelocity: velocity,
	}
	return out
}

func (p crdPlain) workdays() (out []metrics.Workday) {
	for _, w := range p.crdRows.days {
		if p.has(w.Owner, w.Team, w.Segment, w.Date) {
			out = append(out, w)
		}
	}
	return out
}

// What is read of a card is what the rows come to, for everybody, and for any rep, team, segment and period.
func TestScorecard_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		card := rows.card(t)
		f := metrics.Filter{
			Owner: rapid.SampledFrom([]string{"", "Ana", "Nobody"}).Draw(t, "owner"), Team: rapid.SampledFrom([]string{"", "East"}).Draw(t, "team"),
			Segment: rapid.SampledFrom([]string{"", "SMB"}).Draw(t, "segment"),
		}
		if rapid.Bool().Draw(t, "in a period") {
			f.Period = rows.rules.Calendar.Period(rapid.SampledFrom([]salesops.Unit{salesops.Month, salesops.Quarter, salesops.Year}).Draw(t, "unit"), on("2026-02-11"))
		}
		part, err := card.Select(f)
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range (crdPlain{rows, f}).figures() {
			got, err := part.Figure(id, metrics.Options{})
			if err != nil {
				t.Fatal(err)
			}
			v, ok := got.Float()
			if ok == (math.IsNaN(want) || math.IsInf(want, 0)) || ok && math.Abs(v-want) > 1e-9*math.Abs(want) {
				t.Fatalf("%v, want %v for %+v", got, want, f)
			}
		}
		// The parts make the whole.
		for _, dim := range []metrics.Dimension{metrics.ByOwner, metrics.ByTeam, metrics.BySegment} {
			sum := decimal.Decimal{}
			for _, p := range part.By(dim) {
				v, _ := crdFigure(t, p, metrics.Bookings, metrics.Options{}).Decimal(3)
				sum = sum.Add(v)
			}
			if want, _ := crdFigure(t, part, metrics.Bookings, metrics.Options{}).Decimal(3); !sum.Equal(want) {
				t.Fatalf("bookings by %s sum to %v, want %v", dim, sum, want)
			}
		}
	})
}

// No figure of any KPI is NaN or infinite, and each has a value or a reason.
func TestScorecard_figuresLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		card := rows.card(t)
		o := metrics.Options{Horizon: rapid.IntRange(0, 100).Draw(t, "horizon"), SLA: rapid.IntRange(0, 5000).Draw(t, "SLA"), Top: rapid.IntRange(0, 3).Draw(t, "top")}
		slices := []metrics.Slice{card.All(), {}}
		for _, s := range card.All().By(metrics.ByOwner) {
			slices = append(slices, s)
		}
		for _, def := range metrics.Catalog() {
			if !strings.HasPrefix(def.From, "Scorecard") {
				continue
			}
			for _, s := range slices {
				f, err := s.Figure(def.ID, o)
				if err != nil {
					t.Fatal(err)
				}
				crdSound(t, f, def)
			}
		}
	})
}

// crdSound wants a figure that can be shown to people.
func crdSound(t crdFatal, f metrics.Figure, def metrics.Definition) {
	v, ok := f.Float()
	if ok == (f.Reason != "") || f.KPI != def.ID {
		t.Fatalf("%+v", f)
	}
	if v-v != 0 {
		t.Fatalf("%v", f)
	}
	if i := f.Interval; i != nil && !(i.Low <= v+1e-9*math.Abs(v) && v <= i.High+1e-9*math.Abs(v)) {
		t.Fatalf("%v: %v is not in %v", f, v, *i)
	}
	if def.Unit == metrics.UnitShare && f.Interval != nil && (f.Interval.Low < 0 || f.Interval.High > 1) && def.ID != metrics.DiscountRateMean {
		t.Fatalf("%v: the interval leaves 0 to 1", f)
	}
	_ = fmt.Sprint(f)
}
