package sample_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/salesops-go/salesops"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/sample"
)

func read(t *testing.T) crm.Company {
	t.Helper()
	c, err := crm.ReadDir(sample.FS, crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// theYear is the first day of the year of the plans. What closed before is last year's.
func theYear() salesops.Date { return salesops.NewDate(2026, 1, 1) }

func quarterOf(d salesops.Date) string {
	return fmt.Sprintf("FY%d-Q%d", d.Year(), (int(d.Month())-1)/3+1)
}

// The sample reads without a problem and without an assumption.
func TestReads(t *testing.T) {
	c := read(t)
	if c.Skipped != 0 || len(c.Notes) != 0 || len(c.Files) != 8 {
		t.Errorf("%d skipped, notes %q, files %+v; want all rows of eight files and no notes", c.Skipped, c.Notes, c.Files)
	}
	if n := len(c.Opportunities); n < 3150 || n > 3350 {
		t.Errorf("%d opportunities, want about 3,250", n)
	}
}

// earned is bookings by rep and quarter, by splits where there are some.
func earned(c crm.Company) map[string]decimal.Decimal {
	splits := map[string][]crm.Split{}
	for _, s := range c.Splits {
		splits[s.Opportunity] = append(splits[s.Opportunity], s)
	}
	sums := map[string]decimal.Decimal{}
	add := func(rep, measure string, o crm.Opportunity, share decimal.Decimal) {
		k := rep + "/" + quarterOf(o.Closed) + "/" + measure
		sums[k] = sums[k].Add(o.Amount.Mul(share))
	}
	for _, o := range c.Opportunities {
		if o.Status != crm.Won {
			continue
		}
		shared := false
		for _, s := range splits[o.ID] {
			if s.Overlay {
				add(s.Rep, "overlay", o, s.Share)
				continue
			}
			shared = true
			add(s.Rep, "bookings", o, s.Share)
		}
		if !shared {
			add(o.Owner, "bookings", o, decimal.New(1, 0))
		}
	}
	return sums
}

// TestBelievable holds the figures of the year to what a sales team looks like.
func TestBelievable(t *testing.T) {
	c := read(t)
	c.Opportunities = slices.DeleteFunc(c.Opportunities, lastYears)
	sums := earned(c)
	var attainments []float64
	byRep := map[string][2]decimal.Decimal{}
	teamQuota, teamBookings := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, q := range c.Quotas {
		got := sums[q.Rep+"/"+q.Period+"/"+q.Measure]
		if q.Measure == "bookings" {
			attainments = append(attainments, 100*ratio(got, q.Amount))
			for _, k := range []string{q.Period, "year"} {
				teamQuota[k], teamBookings[k] = teamQuota[k].Add(q.Amount), teamBookings[k].Add(got)
			}
		}
		byRep[q.Rep] = [2]decimal.Decimal{byRep[q.Rep][0].Add(got), byRep[q.Rep][1].Add(q.Amount)}
	}
	slices.Sort(attainments)
	at := func(p int) float64 { return attainments[p*(len(attainments)-1)/100] }
	t.Logf("attainment of %d rep quarters: min %.0f%%, p5 %.0f%%, p25 %.0f%%, median %.0f%%, p75 %.0f%%, p95 %.0f%%, max %.0f%%",
		len(attainments), at(0), at(5), at(25), at(50), at(75), at(95), at(100))
	for _, k := range slices.Sorted(maps.Keys(teamQuota)) {
		t.Logf("team %s: quota %s, bookings %s, attainment %.1f%%", k, teamQuota[k].StringFixed(0), teamBookings[k].StringFixed(0), 100*ratio(teamBookings[k], teamQuota[k]))
	}
	yearly := 100 * ratio(teamBookings["year"], teamQuota["year"])
	within(t, "team attainment", yearly, 92, 98)
	within(t, "attainment, 5th percentile", at(5), 35, 65)
	within(t, "attainment, median", at(50), 88, 100)
	within(t, "attainment, 95th percentile", at(95), 135, 175)
	for _, r := range slices.Sorted(maps.Keys(byRep)) {
		t.Logf("  %-24s %4.0f%% of %s", r, 100*ratio(byRep[r][0], byRep[r][1]), byRep[r][1].StringFixed(0))
	}

	won, lost, open, overdue := 0, 0, 0, 0
	fresh := [2]int{} // won and lost that are no renewals
	months, types, terms, wonProducts := map[string]decimal.Decimal{}, map[string]int{}, map[string]int{}, map[string]int{}
	amounts := map[string]decimal.Decimal{}
	lastWeek, cycle := 0, 0
	var sizes []float64
	for _, o := range c.Opportunities {
		switch o.Status {
		case crm.Open:
			open++
			if o.Closed.Compare(salesops.NewDate(2027, 1, 1)) < 0 {
				overdue++
			}
			continue
		case crm.Lost:
			lost++
			if o.Type != "Renewal" {
				fresh[1]++
			}
			continue
		}
		won++
		if o.Type != "Renewal" {
			fresh[0]++
		}
		months[o.Closed.String()[:7]] = months[o.Closed.String()[:7]].Add(o.Amount)
		types[o.Type]++
		terms[o.Tags["term"]]++
		wonProducts[o.Product]++
		amounts[o.ID] = o.Amount
		if next := o.Closed.AddDays(10); int(next.Month())%3 == 1 && next.Month() != o.Closed.Month() {
			lastWeek++
		}
		cycle += o.Closed.DaysSince(o.Created)
		sizes = append(sizes, ratio(o.Amount, decimal.New(1, 0)))
	}
	slices.Sort(sizes)
	t.Logf("%d opportunities: %d won, %d lost, %d open (%d overdue); win rate %.1f%%, without renewals %.1f%%; mean days to win %d; %.0f%% of wins in the last ten days of a quarter",
		len(c.Opportunities), won, lost, open, overdue, 100*float64(won)/float64(won+lost), 100*float64(fresh[0])/float64(fresh[0]+fresh[1]), cycle/won, 100*float64(lastWeek)/float64(won))
	t.Logf("won deals: p10 %.0f, median %.0f, p90 %.0f, max %.0f; types %v, terms %v, products %v", sizes[won/10], sizes[won/2], sizes[won*9/10], sizes[won-1], types, terms, wonProducts)
	within(t, "win rate", 100*float64(won)/float64(won+lost), 25, 30)
	within(t, "share of wins in the last ten days of quarters", 100*float64(lastWeek)/float64(won), 25, 45)
	for _, m := range slices.Sorted(maps.Keys(months)) {
		t.Logf("  %s %12s %s", m, months[m].StringFixed(2), strings.Repeat("*", int(ratio(months[m], decimal.New(100_000, 0)))))
	}
	if len(months) != 12 {
		t.Errorf("bookings in %d months, want 12", len(months))
	}

	shared, helped := map[string]bool{}, map[string]bool{}
	for _, s := range c.Splits {
		if s.Overlay {
			helped[s.Opportunity] = true
		} else {
			shared[s.Opportunity] = true
		}
	}
	kinds, kindSums := map[string]int{}, map[string]decimal.Decimal{}
	type account struct{ invoiced, paid, refunded, cancelled decimal.Decimal }
	accounts := map[string]account{}
	for _, e := range c.Events {
		kinds[e.Kind]++
		kindSums[e.Kind] = kindSums[e.Kind].Add(e.Amount)
		if e.Amount.Sign() <= 0 || e.Date.Before(theYear()) || e.Date.Compare(salesops.NewDate(2027, 1, 1)) >= 0 {
			t.Errorf("event %+v: not a positive amount within the year", e)
		}
		a := accounts[e.Opportunity]
		switch e.Kind {
		case crm.Invoice:
			a.invoiced = a.invoiced.Add(e.Amount)
			if a.cancelled.Sign() > 0 {
				t.Errorf("event %+v: invoiced after the cancellation", e)
			}
		case crm.Payment:
			a.paid = a.paid.Add(e.Amount)
		case crm.Refund:
			a.refunded = a.refunded.Add(e.Amount)
		case crm.Cancel:
			a.cancelled = a.cancelled.Add(e.Amount)
		}
		if a.paid.Cmp(a.invoiced) > 0 || a.refunded.Cmp(a.paid) > 0 || a.invoiced.Add(a.cancelled).Cmp(amounts[e.Opportunity]) > 0 {
			t.Errorf("event %+v: paid before invoiced, refunded before paid, or more than the deal: %+v", e, a)
		}
		accounts[e.Opportunity] = a
	}
	for k, n := range kinds {
		t.Logf("events %s: %d, %s", k, n, kindSums[k].StringFixed(2))
	}
	t.Logf("splits on %d won deals (%.1f%%), overlay on %d (%.1f%%), refunds on %.1f%%", len(shared), percent(len(shared), won), len(helped), percent(len(helped), won), percent(kinds[crm.Refund], won))
	within(t, "deals with splits, percent", percent(len(shared), won), 3, 5)
	within(t, "deals with overlay, percent", percent(len(helped), won), 2, 4)
	within(t, "refunds, percent of won deals", percent(kinds[crm.Refund], won), 1.8, 3.2)
	within(t, "cancellations", float64(kinds[crm.Cancel]), 2, 8)
	if kindSums[crm.Payment].Cmp(kindSums[crm.Invoice]) >= 0 {
		t.Error("everything is paid at the end of the year, want some unpaid")
	}
}

// lastYears reports whether an opportunity closed in the year before.
func lastYears(o crm.Opportunity) bool { return o.Status != crm.Open && o.Closed.Before(theYear()) }

// The year before has fewer deals, all of which closed, and nothing else is told of them.
func TestYearBefore(t *testing.T) {
	c := read(t)
	ids, months := map[string]bool{}, map[string]bool{}
	var wins, losses [2]int // of the year before, and of the year
	var bookings [2]decimal.Decimal
	for _, o := range c.Opportunities {
		year := 1
		if lastYears(o) {
			year = 0
			ids[o.ID] = true
			if o.Closed.Year() != 2025 || o.ID > "006NL0000010000" {
				t.Errorf("%s closed on %s, want a day of 2025 and an ID below those of the year", o.ID, o.Closed)
			}
		}
		switch o.Status {
		case crm.Won:
			wins[year]++
			bookings[year] = bookings[year].Add(o.Amount)
			months[o.Closed.String()[:7]] = true
		case crm.Lost:
			losses[year]++
		}
	}
	within(t, "deals of the year before", float64(len(ids)), 1050, 1250)
	within(t, "its win rate", percent(wins[0], wins[0]+losses[0]), 25, 30)
	within(t, "its bookings, percent of the year's", 100*ratio(bookings[0], bookings[1]), 50, 65)
	within(t, "its wins, percent of the year's", percent(wins[0], wins[1]), 50, 70)
	if len(months) != 24 {
		t.Errorf("bookings in %d months, want 24", len(months))
	}
	for _, s := range c.Splits {
		if ids[s.Opportunity] {
			t.Errorf("a split of last year: %+v", s)
		}
	}
	for _, e := range c.Events {
		if ids[e.Opportunity] {
			t.Errorf("an event of last year: %+v", e)
		}
	}
	for _, m := range c.History {
		if ids[m.Case] {
			t.Errorf("a move of last year: %+v", m)
		}
	}
}

// TestPeople holds the careers that the package comment promises.
func TestPeople(t *testing.T) {
	c := read(t)
	type spell struct{ manager, start, end string }
	careers := map[string][]spell{}
	managers, regions, accounts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range c.Reps {
		end := ""
		if !r.End.IsZero() {
			end = r.End.String()
		}
		careers[r.Name] = append(careers[r.Name], spell{r.Manager, r.Start.String(), end})
		managers[r.Manager], regions[r.Region] = true, true
	}
	for _, o := range c.Opportunities {
		accounts[o.Account] = true
		if o.Status != crm.Won {
			continue
		}
		worked := false
		for _, r := range c.Reps {
			worked = worked || r.Name == o.Owner && r.Start.Compare(o.Closed) <= 0 && (r.End.IsZero() || o.Closed.Compare(r.End) < 0)
		}
		if !worked {
			t.Errorf("%s was won by %s on %s, who did not work that day", o.ID, o.Owner, o.Closed)
		}
	}
	if len(careers) != 30 || len(managers) != 6 || len(regions) != 3 || len(accounts) < 110 {
		t.Errorf("%d reps, %d managers, %d regions, %d accounts; want 30, 6, 3 and about 120", len(careers), len(managers), len(regions), len(accounts))
	}
	if s := careers["Amina Diallo-Ross"]; len(s) != 1 || s[0].start != "2026-08-17" {
		t.Errorf("new hire: %v", s)
	}
	if s := careers["Viktor Hradec"]; len(s) != 1 || s[0].end != "2026-10-17" {
		t.Errorf("leaver: %v", s)
	}
	if s := careers["Hana Vesely"]; len(s) != 2 || s[0].end != "2026-04-20" || s[1].start != "2026-06-01" || s[0].manager != s[1].manager {
		t.Errorf("leave: %v", s)
	}
	if s := careers["Luca Ferrante"]; len(s) != 2 || s[0].end != "2026-07-01" || s[1].start != "2026-07-01" || s[0].manager == s[1].manager {
		t.Errorf("transfer: %v", s)
	}
}

// TestPipeline holds the snapshots and calls to what the package comment promises.
func TestPipeline(t *testing.T) {
	c := read(t)
	opps := map[string]crm.Opportunity{}
	for _, o := range c.Opportunities {
		opps[o.ID] = o
	}
	seen := map[salesops.Date]map[string]bool{}
	late, early, less, more, overdue, past := 0, 0, 0, 0, 0, 0
	for _, s := range c.Snapshots {
		o := opps[s.Opportunity]
		if !o.Created.Before(s.AsOf) || o.Status != crm.Open && o.Closed.Before(s.AsOf) {
			t.Errorf("%s of %s: created %s, %s on %s", s.Opportunity, s.AsOf, o.Created, o.Status, o.Closed)
		}
		if seen[s.AsOf] == nil {
			seen[s.AsOf] = map[string]bool{}
		}
		seen[s.AsOf][s.Opportunity] = true
		if s.AsOf.Year() == 2027 {
			if !s.Close.Equal(o.Closed) || !s.Amount.Equal(o.Amount) || s.Stage != o.Stage {
				t.Errorf("%+v is not as exported", s)
			}
			continue
		}
		past++
		late, early = late+b2i(s.Close.Before(o.Closed)), early+b2i(o.Closed.Before(s.Close))
		less, more = less+b2i(o.Amount.LessThan(s.Amount)), more+b2i(s.Amount.LessThan(o.Amount))
		overdue += b2i(s.Close.Before(s.AsOf))
	}
	if len(seen) != 5 {
		t.Errorf("snapshots of %d days, want 5", len(seen))
	}
	for day, ids := range seen {
		for id, o := range opps {
			if open := o.Created.Before(day) && (o.Status == crm.Open || !o.Closed.Before(day)); open != ids[id] {
				t.Errorf("%s, open on %s: %t, in the snapshot: %t", id, day, open, ids[id])
			}
		}
	}
	within(t, "closing days that slip, percent", percent(late, past), 28, 42)
	within(t, "closing days that come early, percent", percent(early, past), 8, 20)
	within(t, "amounts that shrink, percent", percent(less, past), 28, 40)
	within(t, "amounts that grow, percent", percent(more, past), 8, 20)
	within(t, "overdue, percent", percent(overdue, past), 1, 8)

	calls := map[string]int{}
	for _, k := range c.Calls {
		calls[k.Period]++
		if quarterOf(k.AsOf) != k.Period {
			t.Errorf("%+v is not of its quarter", k)
		}
	}
	for _, q := range []string{"FY2026-Q1", "FY2026-Q2", "FY2026-Q3", "FY2026-Q4"} {
		within(t, "calls of "+q, float64(calls[q]), 13*26, 13*36)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func within(t *testing.T, what string, got, lo, hi float64) {
	t.Helper()
	if math.IsNaN(got) || got < lo || got > hi {
		t.Errorf("%s is %.1f, want %.1f to %.1f", what, got, lo, hi)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }

func ratio(a, b decimal.Decimal) float64 { return a.InexactFloat64() / b.InexactFloat64() }

// The stage history of each opportunity that did not close in the year before begins when it was created, ends where the export has it, and says the same as
// the snapshots.
func TestHistoryAgrees(t *testing.T) {
	c := read(t)
	ways := map[string][]crm.Move{}
	for _, m := range c.History {
		ways[m.Case] = append(ways[m.Case], m)
	}
	for _, o := range slices.DeleteFunc(c.Opportunities, lastYears) {
		way := ways[o.ID]
		if len(way) == 0 {
			t.Errorf("%s has no history", o.ID)
			continue
		}
		first, last := way[0], way[len(way)-1]
		if salesops.DateOf(first.At) != o.Created || last.Activity != o.Stage || o.Status != crm.Open && salesops.DateOf(last.At) != o.Closed {
			t.Errorf("%s: history from %v to %s on %v, opportunity from %v to %s on %v", o.ID, first.At, last.Activity, last.At, o.Created, o.Stage, o.Closed)
		}
		for i := 1; i < len(way); i++ {
			if way[i].At.Before(way[i-1].At) || way[i].Activity == way[i-1].Activity {
				t.Errorf("%s: %s on %v after %s on %v", o.ID, way[i].Activity, way[i].At, way[i-1].Activity, way[i-1].At)
			}
		}
	}
	for _, s := range c.Snapshots {
		stage := ""
		for _, m := range ways[s.Opportunity] {
			if salesops.DateOf(m.At).Before(s.AsOf) {
				stage = m.Activity
			}
		}
		if stage != s.Stage {
			t.Errorf("%s on %s: history says %q, the snapshot %q", s.Opportunity, s.AsOf, stage, s.Stage)
		}
	}
}
