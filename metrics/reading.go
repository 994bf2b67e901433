package metrics

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
)

// kpi is a KPI of the card: what it is, and how it is read. Exactly one of the functions reads it, so that its figure and its
// comparisons come from the same numbers.
type kpi struct {
	Definition
	// none says why there is no value when there is nothing to divide by, or no value at all.
	none string
	// figure reads what fits no other form.
	figure func(*reading, ID) Figure
	// shares reads a share of counts.
	shares func(*reading) (num, den int64)
	people bool // who is counted are people, of whom the same may be in two periods
	// problem says why there is no value, whatever the counts; nil: nothing.
	problem func(*reading) string
	// ratio reads the quotient of two sums, of so many rows.
	ratio func(*reading) (num, den exact.Num, n int64)
	// days reads a number of days or other ticks, of which stat is the KPI.
	days func(*reading) *multiset.Set
	// sizes reads amounts, of which stat is the KPI.
	sizes func(*reading) *Sample[decimal.Decimal]
	stat  stat
	// lives reads times to an end, of which stat is the KPI.
	lives func(*reading) *lifetime.Histogram
	done  string // what ends them, as in "have closed"
	// estimate reads times to an end, of which the share that has come to it by a tick is the KPI: at tells which.
	estimate func(*reading) *lifetime.Histogram
	at       func(*lifetime.Histogram, Options) lifetime.Step
	tick     func(Options) (tick int, unit string) // which tick, and in words what it counts
	// note says what a reader must know of a figure of n observations; nil: nothing.
	note func(r *reading, n int64) string
}

// stat is what is told of a distribution.
type stat uint8

const (
	mean stat = iota
	median
	p90
)

// additivity is that of a stat: sums and numbers of means add up.
func (s stat) additivity() Additivity {
	if s == mean {
		return Proportional
	}
	return Distribution
}

// p is the quantile of a stat.
func (s stat) p() float64 {
	if s == p90 {
		return 0.9
	}
	return 0.5
}

// reading is the sums of a slice, from which figures are read, and what else was asked for so far.
type reading struct {
	Slice
	o       Options
	closed  closedFacts  // sums only
	created createdFacts // sums only
	open    openFacts    // sums only
	leads   leadFacts    // sums only
	work    workFacts
	sets    map[string]*multiset.Set
	ended   *lives                   // deals that ended
	life    *lifetime.Histogram      // of deals
	waited  *lifetime.Histogram      // of leads
	amount  *Sample[decimal.Decimal] // of won deals
	buyers  []exact.Num              // bookings of customers
	sellers []exact.Num              // bookings of reps
	reached *attainments
}

// read sums up the slice.
func (s Slice) read(o Options) *reading {
	r := &reading{Slice: s, o: o}
	for _, c := range s.cells {
		if c.closed != nil {
			r.closed.sum(c.closed)
		}
		if c.created != nil {
			r.created.sum(c.created)
		}
		if c.open != nil {
			r.open.sum(c.open)
		}
		if c.leads != nil {
			r.leads.sum(c.leads)
		}
		if c.work != nil {
			r.work.sum(c.work)
		}
	}
	return r
}

// currency returns that of the amounts.
func (r *reading) currency() string {
	if r.card == nil {
		return ""
	}
	return r.card.currency
}

// Figure returns the value of a KPI for the slice, or says why it has none: see [Catalog] for what there is, and which of the
// KPIs are read from a card. Figures that need rows which were not added have no value.
//
// A slice has a cell for each rep, team, segment and period in which there is anything. Counts and sums take O(n) for n cells, means and
// quantiles in addition the time to put the values of the cells together.
//
// Figure returns an error ([ErrInput]) if the ID is not that of a KPI, or of one that no card has, or an option is out of range.
func (s Slice) Figure(id ID, o Options) (Figure, error) {
	k, o, err := lookUp(id, o)
	if err != nil {
		return Figure{}, err
	}
	return s.read(o).figure(k), nil
}

// Figures returns the figures of all KPIs of the card that have a value for the slice, in the order of the [Catalog].
//
// Figures returns an error ([ErrInput]) if an option is out of range.
func (s Slice) Figures(o Options) ([]Figure, error) {
	var f faults
	o = o.orDefault(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	r := s.read(o)
	var out []Figure
	card := theCatalog().card
	for i := range card {
		if f := r.figure(&card[i]); f.Value != nil {
			out = append(out, f)
		}
	}
	return out, nil
}

// lookUp returns the KPI of an ID, and the options with their defaults.
func lookUp(id ID, o Options) (*kpi, Options, error) {
	var f faults
	o = o.orDefault(&f)
	c := theCatalog()
	i, ok := c.at[id]
	switch {
	case !ok:
		f.add(ErrInput, "", "id", string(id), "is not a KPI: Catalog lists them")
	case i >= len(c.card):
		f.add(ErrInput, "", "id", string(id), "is not read from a card: see "+c.all[i].From)
	}
	if err := f.err(); err != nil {
		return nil, o, err
	}
	return &c.card[i], o, nil
}

// figure reads a KPI.
func (r *reading) figure(k *kpi) Figure {
	f := k.read(r)
	if f.Value == nil && f.Reason == "" {
		f.Reason = k.none
	}
	switch k.Unit {
	case UnitMoney, UnitMoneyPerDay, UnitMoneyPerRep, UnitMoneyPerYear:
		f.Currency = r.currency()
	default:
	}
	if k.note != nil && f.Value != nil {
		f = f.note(k.note(r, f.N))
	}
	return f
}

func (k *kpi) read(r *reading) Figure {
	switch {
	case k.problem != nil && k.problem(r) != "":
		return noValue(k.ID, 0, k.problem(r))
	case k.shares != nil:
		num, den := k.shares(r)
		return shareOf(k.ID, num, den, r.o.Level, k.none)
	case k.ratio != nil:
		num, den, n := k.ratio(r)
		return quotient(k.ID, num, den, n, k.none)
	case k.days != nil:
		return daysFigure(k.ID, k.days(r), k.stat, r.o.Level)
	case k.sizes != nil:
		return sizeFigure(k.ID, k.sizes(r), k.stat, r.o.Level)
	case k.lives != nil:
		return livesFigure(k.ID, k.lives(r), k.stat, r.o.Level, k.done)
	case k.estimate != nil:
		return k.estimated(k.estimate(r), r.o)
	}
	return k.figure(r, k.ID)
}

// days puts the values of all cells together, once for each name.
func (r *reading) days(name string, of func(*cardCell) *multiset.Set) *multiset.Set {
	if s, ok := r.sets[name]; ok {
		return s
	}
	all := new(multiset.Set)
	for _, c := range r.cells {
		if s := of(c.cardCell); s != nil {
			all.Merge(s)
		}
	}
	all.Settle()
	if r.sets == nil {
		r.sets = map[string]*multiset.Set{}
	}
	r.sets[name] = all
	return all
}

// daysFigure is the figure of a mean or a quantile of ticks.
func daysFigure(id ID, s *multiset.Set, st stat, level float64) Figure {
	n := s.Len()
	if n == 0 {
		return noValue(id, 0, "")
	}
	m := summarize(s.Runs())
	q, _ := s.Quantiles(0.25, 0.5, 0.75, 0.9)
	low, _ := s.Min()
	high, _ := s.Max()
	spread := &Spread{N: n, Mean: m.mean, Min: float64(low), P25: q[0], Median: q[1], P75: q[2], P90: q[3], Max: float64(high)}
	if n > 1 {
		spread.SD = &m.sd
	}
	var f Figure
	if st == mean {
		f = quotient(id, m.sum, exact.Int(n), n, "")
		f.Interval = m.interval(level)
	} else {
		v, _ := s.Quantile(st.p())
		f = valueOf(id, v, n)
		f.Interval = rankInterval(s.Runs(), n, st.p(), level)
	}
	f.Spread = spread
	return f
}

// sizeFigure is the figure of a mean or a quantile of amounts.
func sizeFigure(id ID, s *Sample[decimal.Decimal], st stat, level float64) Figure {
	spread, ok := s.Spread()
	if !ok {
		return noValue(id, 0, "")
	}
	var f Figure
	if st == mean {
		f = meanFigure(id, s.Moments(), level)
	} else {
		q, err := s.Quantile(st.p())
		if err != nil {
			return noValue(id, 0, "")
		}
		f = valueOf(id, q.Value, s.Len())
		f.Interval = s.rankInterval(st.p(), level)
	}
	f.Spread = &spread
	return f
}

// meanFigure is the figure of a mean.
func meanFigure(id ID, m *Moments[decimal.Decimal], level float64) Figure {
	f := quotient(id, m.sum(), exact.Int(m.Len()), m.Len(), "")
	if i, ok := m.MeanInterval(level); ok {
		f.Interval = &i
	}
	return f
}

// livesFigure is the figure of a quantile of the times until something is done, where it has not been done to all yet, by the
// estimate of Kaplan and Meier.
func livesFigure(id ID, h *lifetime.Histogram, st stat, level float64, done string) Figure {
	n := h.Len()
	if n == 0 {
		return noValue(id, 0, "")
	}
	z := 0.0 // no limits
	if level > 0 && level < 1 {
		z = lifetime.Z(level)
	}
	q, ok := h.Quantile(st.p(), z)
	var f Figure
	switch {
	case ok:
		f = valueOf(id, q.Tick, n)
	case st == p90:
		f = noValue(id, n, "fewer than nine in ten have "+done+" within the time they were watched")
	default:
		f = noValue(id, n, "fewer than half have "+done+" within the time they were watched")
	}
	switch {
	case z == 0:
	case ok && q.HasLow && q.HasHigh:
		f.Interval = &Interval{q.Low, q.High}
	case q.HasLow:
		f = f.note("the lower limit is " + floatText(q.Low) + ", the upper one is not known yet")
	}
	if open := n - ended(h); open > 0 {
		f = f.note(count(open, "has", "have") + " not " + done + " yet, and " + plural(open, "counts", "count") + " for as long as watched")
	}
	return f
}

// plural returns the form of a word that goes with a number.
func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// count writes a number with the verb that goes with it.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(strconv.FormatInt(n, 10)) + " " + many
}

// attainment is how a rep, a team or the company stands towards the quota.
type attainment struct {
	owner           int32
	quota, credited exact.Num
}

// attainments are those of a slice.
type attainments struct {
	reps     []attainment // by the number of the owner
	whole    attainment   // of team quotas that are not within others, or else of the reps' together
	problem  string       // why none of this can be told
	teamwise bool         // whole is of team quotas
}

// attained puts quotas and what was credited towards them together.
func (r *reading) attained() *attainments {
	if r.reached != nil {
		return r.reached
	}
	a := &attainments{}
	r.reached = a
	if len(r.cut) > 0 {
		q := r.cut[0]
		a.problem = "the quota of " + r.quotaOwner(q) + " for " + q.sum.period.String() + " lies in the period in part only: choose whole quota periods"
		return a
	}
	var wide []sliceQuota // those that may hold others
	for _, q := range r.quotas {
		if q.of.owner == 0 && (q.of.team == 0 || q.of.segment == 0) {
			wide = append(wide, q)
		}
	}
	for _, q := range r.quotas {
		credited, ok := r.creditedTo(q)
		if !ok {
			a.problem = "some rows of the quota of " + r.quotaOwner(q) + " for " + q.sum.period.String() + " say what was credited, and others do not"
			return a
		}
		if q.of.owner == 0 {
			if !a.teamwise {
				a.teamwise, a.whole = true, attainment{}
			}
			if !slices.ContainsFunc(wide, q.isWithin) {
				add(&a.whole.quota, q.sum.amount)
				add(&a.whole.credited, credited)
			}
			continue
		}
		if last := len(a.reps) - 1; last < 0 || a.reps[last].owner != q.of.owner {
			a.reps = append(a.reps, attainment{owner: q.of.owner})
		}
		rep := &a.reps[len(a.reps)-1]
		add(&rep.quota, q.sum.amount)
		add(&rep.credited, credited)
	}
	if !a.teamwise {
		for _, rep := range a.reps {
			add(&a.whole.quota, rep.quota)
			add(&a.whole.credited, rep.credited)
		}
	}
	return a
}

// isWithin reports whether a quota without an owner is a part of another such: the company's holds those of the teams.
func (q sliceQuota) isWithin(o sliceQuota) bool {
	return q.of != o.of && (o.of.team == 0 || o.of.team == q.of.team) && (o.of.segment == 0 || o.of.segment == q.of.segment) &&
		q.sum.period.Overlaps(o.sum.period)
}

// quotaOwner names whose quota it is.
func (r *reading) quotaOwner(q sliceQuota) string {
	switch name := r.card.names.name; {
	case q.of.owner != 0:
		return name(q.of.owner)
	case q.of.team != 0:
		return "team " + name(q.of.team)
	}
	return "all"
}

// creditedTo returns what counts towards a quota: what its rows say, or the won deals of its owner, team and segment.
func (r *reading) creditedTo(q sliceQuota) (sum exact.Num, ok bool) {
	switch q.sum.credits {
	case q.sum.rows:
		return q.sum.credited, true
	case 0:
	default:
		return sum, false
	}
	cells := r.cells
	if q.of.owner != 0 { // cells are in the order of their owners
		from, _ := slices.BinarySearchFunc(cells, q.of.owner, func(c sliceCell, o int32) int { return cmp.Compare(c.key.owner, o) })
		to, _ := slices.BinarySearchFunc(cells, q.of.owner+1, func(c sliceCell, o int32) int { return cmp.Compare(c.key.owner, o) })
		cells = cells[from:to]
	}
	for _, c := range cells {
		if c.closed != nil && q.sum.period.Contains(c.key.start) &&
			(q.of.team == 0 || q.of.team == c.key.team) && (q.of.segment == 0 || q.of.segment == c.key.segment) {
			add(&sum, c.closed.wonAmount)
		}
	}
	return sum, true
}
