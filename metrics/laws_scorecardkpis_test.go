package metrics_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// atkPlain computes from the rows, in the obvious way, the figures that crdPlain does not.
type atkPlain struct {
	crdPlain
	o metrics.Options
}

// deals yields the deals of which a day is in the slice, and which are of one of the statuses, if any are given.
func (p atkPlain) deals(day func(metrics.Deal) salesops.Date, statuses ...metrics.Status) (out []metrics.Deal) {
	for _, d := range p.crdPlain.deals {
		if p.has(d.Owner, d.Team, d.Segment, day(d)) && (len(statuses) == 0 || slices.Contains(statuses, d.Status)) {
			out = append(out, d)
		}
	}
	return out
}

func atkClose(d metrics.Deal) salesops.Date   { return d.Close }
func atkCreated(d metrics.Deal) salesops.Date { return d.Created }

func atkFloat(d decimal.Decimal) float64 {
	v, _ := d.Float64()
	return v
}

// atkOver is a quotient, NaN if the denominator is not above 0.
func atkOver(num, den float64) float64 {
	if !(den > 0) {
		return math.NaN()
	}
	return num / den
}

func atkCount[T any](all []T, is func(T) bool) (n float64) {
	for _, v := range all {
		if is(v) {
			n++
		}
	}
	return n
}

func atkSum[T any](all []T, of func(T) float64) (sum float64) {
	for _, v := range all {
		sum += of(v)
	}
	return sum
}

// atkQuantile is that of type 7, NaN of nothing.
func atkQuantile(all []float64, p float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(all))
	at := p * float64(len(v)-1)
	i := int(at)
	if i == len(v)-1 {
		return v[i]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}

// atkLife is how long something lasted; an end of 0 is none yet.
type atkLife struct {
	ticks float64
	end   int
}

// atkSurvival returns the ticks at which a life ends or is seen last, with the shares that have ended through each: by any end, and by
// the first.
func atkSurvival(lives []atkLife) (ticks, ended, first []float64) {
	for _, l := range lives {
		ticks = append(ticks, l.ticks)
	}
	slices.Sort(ticks)
	ticks = slices.Compact(ticks)
	left, f := 1.0, 0.0
	for _, t := range ticks {
		n := atkCount(lives, func(l atkLife) bool { return l.ticks >= t })
		f += left * atkCount(lives, func(l atkLife) bool { return l.ticks == t && l.end == 1 }) / n
		left *= 1 - atkCount(lives, func(l atkLife) bool { return l.ticks == t && l.end > 0 })/n
		ended, first = append(ended, 1-left), append(first, f)
	}
	return ticks, ended, first
}

// atkBy returns the share that has come to the first end by a tick, NaN if nothing was watched for so long.
func atkBy(lives []atkLife, by float64) (share float64) {
	ticks, ended, first := atkSurvival(lives)
	if len(ticks) == 0 || by > ticks[len(ticks)-1] && ended[len(ended)-1] < 1-1e-12 {
		return math.NaN()
	}
	for i, t := range ticks {
		if t <= by {
			share = first[i]
		}
	}
	return share
}

// atkTime returns the tick by which a share has ended, the middle of those from which on it has, if it is just the share.
func atkTime(lives []atkLife, p float64) float64 {
	ticks, ended, _ := atkSurvival(lives)
	at := math.NaN()
	for i, t := range ticks {
		switch {
		case ended[i] > p+1e-9 && at == at:
			return (at + t) / 2
		case ended[i] > p+1e-9:
			return t
		case ended[i] > p-1e-9 && at != at:
			at = t
		}
	}
	return at
}

// atkStanding is what a rep has to do and has done.
type atkStanding struct{ quota, credited float64 }

// standings returns those of reps with a quota, and that of all; mixed tells that nothing is known, as some rows say what was
// credited and others of the same quota do not.
func (p atkPlain) standings() (reps map[string]atkStanding, whole atkStanding, mixed bool) {
	type of struct {
		owner, team, segment string
		period               salesops.Period
	}
	given, rows, credited, quotas := map[of]int{}, map[of]int{}, map[of]float64{}, map[of]float64{}
	for _, q := range p.quotas {
		if !p.has(q.Owner, q.Team, q.Segment, q.Period.Start) {
			continue
		}
		k := of{q.Owner, q.Team, q.Segment, q.Period}
		rows[k]++
		quotas[k] += atkFloat(q.Amount)
		if q.Credited != nil {
			given[k]++
			credited[k] += atkFloat(*q.Credited)
		}
	}
	reps = map[string]atkStanding{}
	var teams, all atkStanding
	teamwise := false
	for k, n := range rows {
		switch given[k] {
		case n:
		case 0:
			credited[k] = atkSum(p.deals(atkClose, metrics.Won), func(d metrics.Deal) float64 {
				if (k.owner == "" || k.owner == d.Owner) && (k.team == "" || k.team == d.Team) && (k.segment == "" || k.segment == d.Segment) && k.period.Contains(d.Close) {
					return atkFloat(d.Amount)
				}
				return 0
			})
		default:
			mixed = true
		}
		if k.owner == "" {
			teamwise = true
			within := false // the company's quota holds those of the teams
			for o := range rows {
				within = within || o.owner == "" && o != k && o.period.Start.Before(k.period.End) && k.period.Start.Before(o.period.End) &&
					(o.team != k.team || o.segment != k.segment) && (o.team == "" || o.team == k.team) && (o.segment == "" || o.segment == k.segment)
			}
			if within {
				continue
			}
			teams = atkStanding{teams.quota + quotas[k], teams.credited + credited[k]}
			continue
		}
		reps[k.owner] = atkStanding{reps[k.owner].quota + quotas[k], reps[k.owner].credited + credited[k]}
		all = atkStanding{all.quota + quotas[k], all.credited + credited[k]}
	}
	if teamwise {
		all = teams
	}
	return reps, all, mixed
}

func (p atkPlain) attainment(out map[metrics.ID]float64, pipeline float64) {
	reps, whole, mixed := p.standings()
	var sum atkStanding
	var attainments []float64
	for _, r := range reps {
		sum = atkStanding{sum.quota + r.quota, sum.credited + r.credited}
		if r.quota > 0 {
			attainments = append(attainments, r.credited/r.quota)
		}
	}
	reached := func(from float64) float64 {
		return atkOver(atkCount(attainments, func(v float64) bool { return v >= from-1e-12 }), float64(len(attainments)))
	}
	out[metrics.QuotaAttainment] = atkOver(sum.credited, sum.quota)
	out[metrics.TeamAttainment] = atkOver(whole.credited, whole.quota)
	out[metrics.QuotaAttainmentRate], out[metrics.ParticipationRateQuota] = reached(1), reached(0.5)
	out[metrics.AttainmentDistribution] = atkQuantile(attainments, 0.5)
	out[metrics.PipelineCoverage], out[metrics.PipelineCoverageFull] = atkOver(pipeline, whole.quota-whole.credited), atkOver(pipeline, whole.quota)
	if !(whole.quota > 0) {
		out[metrics.PipelineCoverage] = math.NaN()
	}
	if mixed {
		for _, id := range []metrics.ID{
			metrics.QuotaAttainment, metrics.TeamAttainment, metrics.QuotaAttainmentRate, metrics.ParticipationRateQuota, metrics.AttainmentDistribution, metrics.PipelineCoverage, metrics.PipelineCoverageFull,
		} {
			out[id] = math.NaN()
		}
	}
	there := map[string]bool{}
	for _, r := range p.roster() {
		there[r] = true
	}
	if len(there) == 0 {
		for name := range reps {
			there[name] = true
		}
	}
	winners := map[string]bool{}
	for _, d := range p.deals(atkClose, metrics.Won) {
		if there[d.Owner] {
			winners[d.Owner] = true
		}
	}
	out[metrics.ParticipationRate] = atkOver(float64(len(winners)), float64(len(there)))
}

// roster returns the names of the roster, once for each entry.
func (p atkPlain) roster() (names []string) {
	for _, r := range p.reps {
		if (p.Owner == "" || p.Owner == r.Name) && (p.Team == "" || p.Team == r.Team) && (p.Segment == "" || p.Segment == r.Segment) && r.Active.Overlaps(p.Period) {
			names = append(names, r.Name)
		}
	}
	return names
}

func (p atkPlain) spread(out map[metrics.ID]float64) {
	customers, reps, won, closed := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}
	roster := p.roster()
	for _, r := range roster {
		reps[r] = 0
	}
	for _, d := range p.deals(atkClose, metrics.Won, metrics.Lost, metrics.Dropped) {
		amount := 0.0
		if d.Status == metrics.Won {
			amount = atkFloat(d.Amount)
		}
		if d.Status == metrics.Won && d.Account != "" {
			customers[d.Account] += amount
		}
		if d.Owner == "" || len(roster) > 0 && !slices.Contains(roster, d.Owner) {
			continue
		}
		reps[d.Owner] += amount
		if d.Status != metrics.Dropped {
			closed[d.Owner]++
		}
		if d.Status == metrics.Won {
			won[d.Owner]++
		}
	}
	shares := func(m map[string]float64) (hhi, gini, top float64) {
		v := slices.Sorted(maps.Values(m))
		sum := atkSum(v, func(x float64) float64 { return x })
		hhi = atkOver(atkSum(v, func(x float64) float64 { return x * x }), sum*sum)
		gini = atkOver(atkSum(v, func(x float64) float64 { return atkSum(v, func(y float64) float64 { return math.Abs(x - y) }) }), 2*float64(len(v))*sum)
		top = atkOver(atkSum(v[max(0, len(v)-p.o.Top):], func(x float64) float64 { return x }), sum)
		return hhi, gini, top
	}
	hhi, gini, top := shares(customers)
	out[metrics.CustomerHHI], out[metrics.CustomerGini], out[metrics.CustomerTopShare], out[metrics.CustomerEffective] = hhi, gini, top, 1/hhi
	out[metrics.RepHHI], out[metrics.RepGini], out[metrics.RepTopShare] = shares(reps)
	v := slices.Collect(maps.Values(reps))
	mean := crdMean(v)
	sd := math.Sqrt(atkSum(v, func(x float64) float64 { return (x - mean) * (x - mean) }) / float64(len(v)-1))
	q1, q2, q3 := atkQuantile(v, 0.25), atkQuantile(v, 0.5), atkQuantile(v, 0.75)
	out[metrics.RepCV], out[metrics.RepIQR], out[metrics.RepQuartileRatio] = atkOver(sd, mean), atkOver(q3-q1, q2), atkOver(q3, q1)
	if len(v) < 2 {
		out[metrics.RepCV], out[metrics.RepIQR], out[metrics.RepQuartileRatio] = math.NaN(), math.NaN(), math.NaN()
	}
}

func (p atkPlain) pipeline(out map[metrics.ID]float64) (amount float64) {
	var ages, stages []float64
	today := salesops.DateOf(p.rules.AsOf)
	open, weighted, active, tidy := 0.0, 0.0, 0.0, 0.0
	for _, d := range p.deals(atkClose, metrics.Open) {
		open++
		amount += atkFloat(d.Amount)
		if d.Chance == nil {
			weighted = math.NaN()
		} else {
			weighted += atkFloat(d.Amount.Mul(*d.Chance))
		}
		if !d.Created.IsZero() {
			ages = append(ages, float64(today.DaysSince(d.Created)))
		}
		if !d.StageSince.IsZero() {
			stages = append(stages, float64(today.DaysSince(d.StageSince)))
		}
		if !d.Active.IsZero() && today.DaysSince(d.Active) <= p.o.Stale {
			active++
			if d.NextStep && !d.Close.IsZero() && !d.Close.Before(today) {
				tidy++
			}
		}
	}
	out[metrics.WeightedPipeline] = weighted
	out[metrics.DealAge], out[metrics.DealAgeMedian], out[metrics.DealAgeP90] = crdMean(ages), atkQuantile(ages, 0.5), atkQuantile(ages, 0.9)
	out[metrics.DaysInStage] = atkQuantile(stages, 0.5)
	out[metrics.StaleShare], out[metrics.HygieneShare] = atkOver(open-active, open), atkOver(tidy, open)
	return amount
}

func (p atkPlain) leads(out map[metrics.ID]float64) {
	var waits []atkLife
	var came []metrics.Lead
	for _, l := range p.crdPlain.leads {
		if !p.has(l.Owner, l.Team, l.Segment, salesops.DateOf(l.Created)) {
			continue
		}
		came = append(came, l)
		if l.Touched.IsZero() {
			waits = append(waits, atkLife{math.Floor(p.rules.AsOf.Sub(l.Created).Minutes()), 0})
		} else {
			waits = append(waits, atkLife{math.Floor(max(0, l.Touched.Sub(l.Created).Minutes())), 1})
		}
	}
	n := float64(len(came))
	out[metrics.QualifiedLeads] = atkCount(came, func(l metrics.Lead) bool { return l.Qualified })
	out[metrics.LeadToQualified] = atkOver(out[metrics.QualifiedLeads], n)
	out[metrics.LeadToSale] = atkOver(atkCount(came, func(l metrics.Lead) bool { return l.Customer }), n)
	out[metrics.LeadUntouchedShare] = atkOver(atkCount(came, func(l metrics.Lead) bool { return l.Touched.IsZero() }), n)
	out[metrics.LeadResponseTime], out[metrics.LeadResponseP90] = atkTime(waits, 0.5), atkTime(waits, 0.9)
	out[metrics.LeadResponseSLA] = atkBy(waits, float64(p.o.SLA))
}

func (p atkPlain) work(out map[metrics.ID]float64) {
	did := map[metrics.ActivityKind]float64{}
	for _, a := range p.activities {
		if p.has(a.Owner, a.Team, a.Segment, a.Date) {
			did[a.Kind] += float64(max(a.Count, 1))
		}
	}
	days := float64(len(p.workdays()))
	set := did[metrics.Meeting] + did[metrics.NoShow]
	out[metrics.MeetingsPerRepDay], out[metrics.EmailsPerRepDay] = atkOver(did[metrics.Meeting], days), atkOver(did[metrics.Email], days)
	out[metrics.NoShowRate], out[metrics.ActivityToMeeting] = atkOver(did[metrics.NoShow], set), atkOver(set, did[metrics.Call]+did[metrics.Email])
	out[metrics.MeetingToOpportunity] = atkOver(float64(len(p.deals(atkCreated))), did[metrics.Meeting])
}

// figures are what the rows come to; NaN is no value.
func (p atkPlain) figures() map[metrics.ID]float64 {
	all := p.crdPlain.figures()
	out := map[metrics.ID]float64{}
	isWon := func(d metrics.Deal) bool { return d.Status == metrics.Won }
	amount := func(d metrics.Deal) float64 { return atkFloat(d.Amount) }
	created := p.deals(atkCreated)
	out[metrics.WinRateCreated] = atkOver(atkCount(created, isWon), float64(len(created)))
	out[metrics.PipelineCreated] = atkSum(created, amount)
	if math.IsNaN(all[metrics.DealsCreated]) { // no deal of the period has a day of creation
		out[metrics.PipelineCreated] = math.NaN()
	}
	won := p.deals(atkClose, metrics.Won)
	ended := p.deals(atkClose, metrics.Won, metrics.Lost, metrics.Dropped)
	proposed := slices.DeleteFunc(slices.Clone(ended), func(d metrics.Deal) bool { return d.Proposed.IsZero() })
	out[metrics.CloseRatio] = atkOver(atkCount(proposed, isWon), float64(len(proposed)))
	sent := slices.DeleteFunc(p.deals(func(d metrics.Deal) salesops.Date { return d.Proposed }), func(d metrics.Deal) bool { return d.Proposed.IsZero() })
	out[metrics.CloseRatioSent] = atkOver(atkCount(sent, isWon), float64(len(sent)))
	out[metrics.RequiredCoverage] = 1 / all[metrics.WinRateValue]

	var sizes, discounts []float64
	net, list := 0.0, 0.0
	for _, d := range won {
		sizes = append(sizes, amount(d))
		if l := atkFloat(d.List); l > 0 {
			net, list = net+amount(d), list+l
			discounts = append(discounts, math.Round((1-amount(d)/l)*1e6)/1e6)
		}
	}
	out[metrics.DealSizeMedian] = atkQuantile(sizes, 0.5)
	out[metrics.DiscountRate], out[metrics.DiscountRateMean] = atkOver(list-net, list), crdMean(discounts)
	cycles := p.crdPlain.days(metrics.Won)
	speed := all[metrics.Bookings] / (all[metrics.DealsWon] + atkCount(ended, func(d metrics.Deal) bool { return d.Status == metrics.Lost }))
	lost := atkCount(ended, func(d metrics.Deal) bool { return d.Status == metrics.Lost })
	out[metrics.SalesVelocityMedian] = atkOver(all[metrics.OpenDeals]*speed, crdMedian(cycles))
	out[metrics.SalesVelocityCreated] = atkOver(float64(len(created))*speed, crdMean(cycles))
	out[metrics.SalesVelocityClosed] = atkOver((all[metrics.DealsWon]+lost)*speed, crdMean(cycles))
	out[metrics.SalesCycleP90] = atkQuantile(cycles, 0.9)
	out[metrics.SalesCycleClosed] = crdMean(p.crdPlain.days(metrics.Won, metrics.Lost, metrics.Dropped))
	var lives []atkLife
	for _, d := range created {
		end := map[metrics.Status]int{metrics.Won: 1, metrics.Lost: 2, metrics.Dropped: 3}[d.Status]
		day := d.Close
		if end == 0 {
			day = salesops.DateOf(p.rules.AsOf)
		}
		if n := day.DaysSince(d.Created); !d.Created.IsZero() && n >= 0 {
			lives = append(lives, atkLife{float64(n), end})
		}
	}
	out[metrics.SalesCycleKM], out[metrics.WinRateCohort] = atkTime(lives, 0.5), atkBy(lives, float64(p.o.Horizon))
	p.attainment(out, p.pipeline(out))
	p.spread(out)
	p.leads(out)
	p.work(out)
	return out
}

// atkFilter draws what is wanted of a card.
func atkFilter(t *rapid.T, rows *crdRows) metrics.Filter {
	f := metrics.Filter{
		Owner: rapid.SampledFrom([]string{"", "", "Ana", "Nobody"}).Draw(t, "owner"), Team: rapid.SampledFrom([]string{"", "", "East"}).Draw(t, "team"),
		Segment: rapid.SampledFrom([]string{"", "", "SMB"}).Draw(t, "segment"),
	}
	if rapid.Bool().Draw(t, "in a period") {
		f.Period = rows.rules.Calendar.Period(rapid.SampledFrom([]salesops.Unit{salesops.Month, salesops.Quarter, salesops.Year}).Draw(t, "unit"), on("2026-02-11"))
	}
	return f
}

// All KPIs of a card are what the rows come to, for everybody, and for any rep, team, segment and period.
func TestScorecard_kpisLaw(t *testing.T) {
	seen := map[metrics.ID]bool{}
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		f := atkFilter(t, rows)
		o := metrics.Options{
			Top: rapid.IntRange(1, 3).Draw(t, "top"), Stale: rapid.IntRange(1, 120).Draw(t, "stale"), SLA: rapid.IntRange(1, 100_000).Draw(t, "SLA"),
			Horizon: rapid.IntRange(1, 120).Draw(t, "horizon"),
		}
		part, err := rows.card(t).Select(f)
		atkAdd(t, err)
		for id, want := range (atkPlain{crdPlain{rows, f}, o}).figures() {
			seen[id] = true
			got := crdFigure(t, part, id, o)
			v, ok := got.Float()
			if ok == (math.IsNaN(want) || math.IsInf(want, 0)) || ok && math.Abs(v-want) > 1e-8*max(math.Abs(want), 1e-3) {
				t.Fatalf("%s: %v, want %v for %+v", id, got, want, f)
			}
		}
	})
	for id := range (crdPlain{&crdRows{}, metrics.Filter{}}).figures() {
		seen[id] = true
	}
	for _, def := range metrics.Catalog() {
		if def.From == "Scorecard" && !seen[def.ID] && def.ID != metrics.RepHomogeneity { // a test: see its oracles
			t.Errorf("%s is not computed the plain way", def.ID)
		}
	}
}

// What adds up over reps and periods does.
func TestSlice_partsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		f := atkFilter(t, rows)
		if f.Period.IsZero() {
			f.Period = period("2025-01-01", "2027-01-01") // what has no date is in no period
		}
		part, err := rows.card(t).Select(f)
		atkAdd(t, err)
		unit := rapid.SampledFrom([]salesops.Unit{salesops.Month, salesops.Quarter, salesops.Half, salesops.Year}).Draw(t, "unit")
		periods, err := part.Periods(unit)
		atkAdd(t, err)
		for _, def := range metrics.Catalog() {
			if def.Additivity != metrics.Additive && def.Additivity != metrics.SemiAdditive || def.From != "Scorecard" || def.ID == metrics.WeightedPipeline {
				continue
			}
			want, _ := crdFigure(t, part, def.ID, metrics.Options{}).Decimal(5)
			sums := map[string]decimal.Decimal{}
			add := func(by string, s metrics.Slice) {
				v, _ := crdFigure(t, s, def.ID, metrics.Options{}).Decimal(5)
				sums[by] = sums[by].Add(v)
			}
			for _, dim := range []metrics.Dimension{metrics.ByOwner, metrics.ByTeam, metrics.BySegment} {
				for _, s := range part.By(dim) {
					add(string(dim), s)
				}
			}
			last := salesops.Period{}
			for p, s := range periods {
				if !last.IsZero() && p.Start != last.End {
					t.Fatalf("%v follows %v", p, last)
				}
				last = p
				add("period", s)
			}
			for by, sum := range sums {
				if !sum.Equal(want) {
					t.Fatalf("%s by %s sums to %v, want %v", def.ID, by, sum, want)
				}
			}
		}
	})
}

// atkNear reports whether two numbers are both there and near, or both not.
func atkNear(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= 1e-9*max(1, math.Abs(*a))
}

func atkInterval(i *metrics.Interval, sign float64) (low, high *float64) {
	switch {
	case i == nil:
		return nil, nil
	case sign < 0:
		low, high := -i.High, -i.Low
		return &low, &high
	}
	return &i.Low, &i.High
}

// atkAlike wants two comparisons to say the same, or, with a sign of -1, the opposite.
func atkAlike(t crdFatal, what string, a, b metrics.Comparison, sign float64) {
	difference := b.Difference
	if sign < 0 && difference != nil {
		v := -*difference
		difference = &v
	}
	low, high := atkInterval(b.Interval, sign)
	lowA, highA := atkInterval(a.Interval, 1)
	if !atkNear(a.Difference, difference) || !atkNear(a.P, b.P) || !atkNear(lowA, low) || !atkNear(highA, high) || a.Method != b.Method ||
		sign > 0 && (a.Verdict != b.Verdict || a.Reason != b.Reason) || (a.Verdict == metrics.TooFew) != (b.Verdict == metrics.TooFew) {
		t.Fatalf("%s: %+v and %+v do not go together", what, a, b)
	}
}

// Compared the other way round the difference is the opposite. A part is compared with what is left when its rows are left out. A
// comparison with a target is that of the plain functions, or the difference.
func TestSlice_compareLaw(t *testing.T) {
	var ids []metrics.ID
	for _, def := range metrics.Catalog() {
		if def.From == "Scorecard" {
			ids = append(ids, def.ID)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		card := rows.card(t)
		a, err := card.Select(atkFilter(t, rows))
		atkAdd(t, err)
		b, err := card.Select(atkFilter(t, rows))
		atkAdd(t, err)
		dim := rapid.SampledFrom([]metrics.Dimension{metrics.ByOwner, metrics.ByTeam, metrics.BySegment}).Draw(t, "dimension")
		e := metrics.Evidence{MinN: rapid.Int64Range(1, 3).Draw(t, "least"), Level: 0.9}
		o := metrics.Options{Horizon: 60, SLA: 20_000}
		for range 10 {
			id := rapid.SampledFrom(ids).Draw(t, "KPI")
			x, err1 := a.CompareTo(b, id, o, e)
			y, err2 := b.CompareTo(a, id, o, e)
			atkAdd(t, err1, err2)
			atkAlike(t, string(id), x.Comparison, y.Comparison, -1)
			if x.Difference != nil && x.Method != metrics.ByMannWhitney {
				va, _ := x.Figure.Float()
				vb, _ := x.Against.Float()
				if v := va - vb; !atkNear(x.Difference, &v) {
					t.Fatalf("%s: %v less %v is not %v", id, va, vb, *x.Difference)
				}
			}
			parts, err := card.All().CompareBy(dim, id, o, e)
			atkAdd(t, err)
			for _, c := range parts {
				part, err := card.Select(metrics.Filter{Owner: atkIf(dim == metrics.ByOwner, c.Name), Team: atkIf(dim == metrics.ByTeam, c.Name), Segment: atkIf(dim == metrics.BySegment, c.Name)})
				atkAdd(t, err)
				want, err := part.CompareTo(rows.without(dim, c.Name).card(t).All(), id, o, e)
				atkAdd(t, err)
				got := c.Comparison
				if strings.HasPrefix(want.Reason, "the same people") {
					continue // who are in different groups, and are compared there
				}
				got.Verdict, got.Reason = want.Verdict, want.Reason // p-values are adjusted
				atkAlike(t, string(id)+" of "+c.Name, got, want.Comparison, 1)
				atkFigures(t, c.Figure, want.Figure)
				atkFigures(t, *c.Against, *want.Against)
			}
			target := rapid.Float64Range(-1, 2).Draw(t, "target")
			f, err := a.CompareToTarget(target, id, o, e)
			atkAdd(t, err)
			v, ok := f.Figure.Float()
			if v -= target; ok != (f.Difference != nil) || ok && !atkNear(&v, f.Difference) || (f.Verdict == metrics.TooFew && f.P != nil) || f.Against != nil || *f.Target != target {
				t.Fatalf("%s: %+v", id, f)
			}
			if p := f.Figure.Parts; f.Method == metrics.ByScore || f.Method == metrics.ByBinomial {
				want, err := metrics.CompareToTarget(metrics.Ratio[int64]{Num: p.Num.IntPart(), Den: p.Den.IntPart()}, target, f.Better, e)
				atkAdd(t, err)
				atkAlike(t, string(id), f.Comparison, want, 1)
			}
		}
	})
}

func atkIf(is bool, name string) string {
	if is {
		return name
	}
	return ""
}

// atkFigures wants figures to be the same, but for what is rounded on the way; the rest of a mean has no quantiles.
func atkFigures(t crdFatal, a, b metrics.Figure) {
	lowA, highA := atkInterval(a.Interval, 1)
	lowB, highB := atkInterval(b.Interval, 1)
	if !atkNear(a.Value, b.Value) || !atkNear(lowA, lowB) || !atkNear(highA, highB) || a.N != b.N || a.KPI != b.KPI || a.Reason != b.Reason ||
		!slices.Equal(a.Notes, b.Notes) || b.Currency != "" && a.Currency != b.Currency {
		t.Fatalf("%+v, want %+v", a, b)
	}
}

// without returns the rows that are not of a name.
func (r *crdRows) without(dim metrics.Dimension, name string) *crdRows {
	is := func(owner, team, segment string) bool {
		return map[metrics.Dimension]string{metrics.ByOwner: owner, metrics.ByTeam: team, metrics.BySegment: segment}[dim] == name
	}
	return &crdRows{
		rules:      r.rules,
		deals:      slices.DeleteFunc(slices.Clone(r.deals), func(d metrics.Deal) bool { return is(d.Owner, d.Team, d.Segment) }),
		quotas:     slices.DeleteFunc(slices.Clone(r.quotas), func(q metrics.Quota) bool { return is(q.Owner, q.Team, q.Segment) }),
		leads:      slices.DeleteFunc(slices.Clone(r.leads), func(l metrics.Lead) bool { return is(l.Owner, l.Team, l.Segment) }),
		activities: slices.DeleteFunc(slices.Clone(r.activities), func(a metrics.Activity) bool { return is(a.Owner, a.Team, a.Segment) }),
		days:       slices.DeleteFunc(slices.Clone(r.days), func(w metrics.Workday) bool { return is(w.Owner, w.Team, w.Segment) }),
		reps:       slices.DeleteFunc(slices.Clone(r.reps), func(p metrics.Rep) bool { return is(p.Name, p.Team, p.Segment) }),
	}
}

// Quotas that clash are refused in whatever order cards are merged, and then nothing has changed.
func TestScorecard_quotaClashLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []metrics.Quota
		cards := [2]metrics.Scorecard{}
		for range rapid.IntRange(1, 6).Draw(t, "quotas") {
			start := on("2026-01-01").AddMonths(rapid.IntRange(0, 11).Draw(t, "start"))
			q := metrics.Quota{
				Owner:  rapid.SampledFrom([]string{"", "Ana", "Ben"}).Draw(t, "owner"),
				Period: salesops.Period{Start: start, End: start.AddMonths(rapid.IntRange(1, 3).Draw(t, "months"))}, Amount: d("1"),
			}
			if cards[rapid.IntRange(0, 1).Draw(t, "card")].AddQuota(q) == nil {
				all = append(all, q)
			}
		}
		clash := false
		for i, q := range all {
			for _, r := range all[:i] {
				clash = clash || q.Owner == r.Owner && q.Period != r.Period && q.Period.Overlaps(r.Period)
			}
		}
		before := [2]string{accBinary(t, &cards[0]), accBinary(t, &cards[1])}
		var whole [2]metrics.Scorecard
		for i := range whole {
			atkAdd(t, whole[i].Merge(&cards[i]))
			switch err := whole[i].Merge(&cards[1-i]); {
			case (err != nil) != clash:
				t.Fatalf("%v for %v, want a clash: %t", err, all, clash)
			case clash && accBinary(t, &whole[i]) != before[i]:
				t.Fatal("a clash has changed the card")
			}
		}
		if !clash && accBinary(t, &whole[0]) != accBinary(t, &whole[1]) {
			t.Fatal("the order of merging matters")
		}
	})
}

// Linearity and productivity of a card are those of the types and functions that they have besides.
func TestScorecard_sharedLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := crdDraw(t)
		ramp := []decimal.Decimal{d("0.25"), d("0.5")}[:rapid.IntRange(0, 2).Draw(t, "ramp")]
		quarter := rows.rules.Calendar.Period(salesops.Quarter, on("2026-02-11"))
		part, err := rows.card(t).Select(metrics.Filter{Period: quarter})
		atkAdd(t, err)
		linear, err := metrics.NewLinearity(rows.rules.Calendar, salesops.Month, quarter)
		atkAdd(t, err)
		sold := decimal.Decimal{}
		for _, deal := range rows.deals {
			if deal.Status == metrics.Won && quarter.Contains(deal.Close) {
				atkAdd(t, linear.Add(deal.Close, deal.Amount, deal.Currency))
				sold = sold.Add(deal.Amount)
			}
		}
		reps := map[metrics.Rep]bool{}
		days := 0.0
		for _, r := range rows.reps {
			if reps[r] {
				continue
			}
			reps[r] = true
			for day := quarter.Start; day.Before(quarter.End); day = day.AddDays(1) {
				if day.Before(r.Active.Start) {
					continue
				}
				weight := 1.0
				for month := len(ramp); month > 0; month-- {
					if day.Before(r.Active.Start.AddMonths(month)) {
						weight = atkFloat(ramp[month-1])
					}
				}
				days += weight
			}
		}
		length, _ := quarter.Days()
		for id, want := range map[metrics.ID]metrics.Figure{
			metrics.LinearityLastShare: linear.LastShare(), metrics.LinearityIndex: linear.Index(), metrics.LinearityIndexDays: linear.IndexByDays(), metrics.LinearityGini: linear.Gini(),
		} {
			got := crdFigure(t, part, id, metrics.Options{})
			if !atkNear(got.Value, want.Value) || got.Reason != want.Reason || got.N != want.N {
				t.Fatalf("%+v, want %+v", got, want)
			}
			if f := crdFigure(t, rows.card(t).All(), id, metrics.Options{}); f.Value != nil || f.Reason != "a period must be selected, such as a quarter" {
				t.Fatalf("%v, want none", f)
			}
		}
		got := crdFigure(t, part, metrics.RepProductivity, metrics.Options{Ramp: ramp})
		want := atkFloat(sold) * float64(length) / days
		if v, ok := got.Float(); ok != (days > 0) || ok && math.Abs(v-want) > 1e-9*want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
	weeks := atkNew(t, metrics.Rules{Unit: salesops.Week})
	atkAdd(t, weeks.AddDeal(atkWon("2026-02-04", "1")))
	long, err := weeks.Select(metrics.Filter{Period: period("1999-01-03", "2026-06-07")})
	atkAdd(t, err)
	if f := crdFigure(t, long, metrics.LinearityIndex, metrics.Options{}); f.Reason != "the period has too many parts" {
		t.Errorf("%v, want none", f)
	}
}
