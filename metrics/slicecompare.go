package metrics

import (
	"math"
	"strings"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/proportion"
	"github.com/shopspring/decimal"
)

// Contrast sets a KPI beside another value of the same KPI, or a target, and says whether the difference may be chance.
type Contrast struct {
	// Name is the rep, team or segment, where [Slice.CompareBy] compares them.
	Name string `json:"name,omitempty"`
	// Figure is the value that is looked at.
	Figure Figure `json:"figure"`
	// Against is the value beside it: of the other slice, or of the rest; nil if that is a target.
	Against *Figure `json:"against,omitempty"`
	// Target is the target; nil if there is none.
	Target *float64 `json:"target,omitempty"`
	// Change is the value less the one beside it, or the target; nil if one of them is not there.
	Change *float64 `json:"change,omitempty"`
	// Comparison is the first less the second. KPIs that are shares of counts, means, medians or times have an interval and a
	// test; of sums and of quotients of money there is the difference alone, as nothing tells how much chance there is in
	// them. Of a median Difference is the shift of Hodges and Lehmann (see [CompareSamples]), which need not be Change: half of the
	// deals may take as long as before, and most of the others longer.
	Comparison
}

// String tells the contrast in a line, in the unit of the KPI: "Win rate 45.1 %, 44.3 % beside it, +0.8 points (-15.8 to +17.1),
// p = 0.92: unclear: …" with the reason.
func (c Contrast) String() string {
	var s strings.Builder
	if c.Name != "" {
		s.WriteString(c.Name + ": ")
	}
	d, _ := Define(c.Figure.KPI)
	s.WriteString(d.Name + " " + c.Figure.ValueText())
	switch {
	case c.Target != nil:
		s.WriteString(", target " + c.Figure.text(d.Unit, *c.Target))
	case c.Against != nil && c.Against.Value != nil:
		s.WriteString(", " + c.Against.ValueText() + " beside it")
	}
	if c.Change != nil {
		s.WriteString(", " + c.Figure.signed(d.Unit, *c.Change))
	}
	if c.Interval != nil && c.Method != ByMannWhitney {
		low := strings.TrimSuffix(c.Figure.signed(d.Unit, c.Interval.Low), " points")
		s.WriteString(" (" + low + " to " + c.Figure.signed(d.Unit, c.Interval.High) + ")")
	}
	switch {
	case c.AdjustedP != nil:
		s.WriteString(", adjusted p " + pText(*c.AdjustedP))
	case c.P != nil:
		s.WriteString(", p " + pText(*c.P))
	}
	s.WriteString(": " + string(c.Verdict))
	if c.Reason != "" {
		s.WriteString(": " + c.Reason)
	}
	return s.String()
}

// The methods of tests on times of which some have not ended.
const (
	ByLogRank Method = "log-rank"        // two medians of times to an end: the log-rank test
	ByNormal  Method = "newcombe+normal" // two estimated shares: Newcombe's interval with as many trials as would have the standard errors
)

// noTest is why sums and the like are not judged.
const noTest = "the data do not tell how much of it is chance"

// CompareTo compares a KPI of the slice with that of another, such as this quarter with the last, or with that of a year ago: this
// one less the other. Which test is used depends on the KPI: see [Method]. A KPI without a value on either side is no error: the
// verdict is [TooFew].
//
// CompareTo returns an error ([ErrInput]) where [Slice.Figure] does, or if e is out of range, and an error ([ErrMismatch]) if the
// values are amounts in two currencies.
func (s Slice) CompareTo(other Slice, id ID, o Options, e Evidence) (Contrast, error) {
	k, o, e, err := terms(id, o, e)
	if err != nil {
		return Contrast{}, err
	}
	a, b := k.side(s.read(o)), k.side(other.read(o))
	if this, that := a.figure.Currency, b.figure.Currency; this != that && s.isPriced() && other.isPriced() {
		return Contrast{}, &Error{
			Path: "currency", Value: that, Msg: "is not " + quoted(this) + ", that of the first slice: convert to one first", Err: ErrMismatch,
		}
	}
	return k.contrast(a, b, o, e, true), nil
}

// isPriced reports whether the card has amounts, and so a currency.
func (s Slice) isPriced() bool { return s.card != nil && s.card.priced }

// CompareToTarget compares a KPI of the slice with a fixed target, such as a win rate with the 30 % of the plan: the value less the
// target. Shares of counts and means have an interval and a test. A KPI without a value is no error: the verdict is [TooFew].
//
// CompareToTarget returns an error ([ErrInput]) where [Slice.Figure] does, or if the target is not a finite number, or e is out of
// range.
func (s Slice) CompareToTarget(target float64, id ID, o Options, e Evidence) (Contrast, error) {
	k, o, e, err := terms(id, o, e)
	if err != nil {
		return Contrast{}, err
	}
	if target-target != 0 {
		return Contrast{}, &Error{Path: "target", Value: floatText(target), Msg: "must be a finite number", Err: ErrInput}
	}
	a := k.side(s.read(o))
	c := Contrast{Figure: a.figure, Target: &target, Comparison: Comparison{Better: k.Better}}
	switch {
	case a.figure.Value == nil:
		c.unjudged(TooFew, a.figure.Reason)
		return c, nil
	case k.shares != nil && target >= 0 && target <= 1:
		c.Comparison, err = CompareToTarget(Ratio[int64]{a.num, a.den}, target, k.Better, e)
	case a.mean != nil:
		c.Comparison = compareMeanToTarget(*a.mean, target, k.Better, e)
	default:
		c.differ(*a.figure.Value - target)
		c.unjudged(Untested, noTest)
	}
	c.changed(*a.figure.Value - target)
	return c, err
}

// CompareBy compares a KPI of each rep, team or segment of the slice with that of the rest: the slice without them. Compared with
// the whole, of which they are a part, those with many deals would look more like it than they are. The p-values are adjusted for
// their number ([BenjaminiHochberg]). Rows without a name are among the rest, and have no line of their own.
//
// It takes O(n) for a slice of n cells and, for means and medians, O(g·t) for g groups and t different numbers.
//
// CompareBy returns an error ([ErrInput]) where [Slice.Figure] does, or if the dimension is not one, or e is out of range.
func (s Slice) CompareBy(d Dimension, id ID, o Options, e Evidence) ([]Contrast, error) {
	k, o, e, err := terms(id, o, e)
	if err != nil {
		return nil, err
	}
	if d != ByOwner && d != ByTeam && d != BySegment {
		return nil, &Error{Path: "dimension", Value: string(d), Msg: `is not one: use "owner", "team" or "segment"`, Err: ErrInput}
	}
	whole := k.side(s.read(o))
	out := []Contrast{}
	for name, part := range s.By(d) {
		if name == "" {
			continue
		}
		a := k.side(part.read(o))
		rest, ok := k.rest(whole, a, o)
		if !ok {
			number := s.card.names.number[name]
			rest = k.side(s.where(func(w whose) bool { return d.of(w) != number }).read(o))
		}
		c := k.contrast(a, rest, o, e, false)
		c.Name = name
		out = append(out, c)
	}
	judge := make([]*Comparison, len(out))
	for i := range out {
		judge[i] = &out[i].Comparison
	}
	return out, Judge(e, judge...)
}

// terms checks what is asked for.
func terms(id ID, o Options, e Evidence) (*kpi, Options, Evidence, error) {
	if e.Level != 0 && o.Level == 0 {
		o.Level = e.Level
	}
	k, o, err := lookUp(id, o)
	if err != nil {
		return nil, o, e, err
	}
	var f faults
	e = e.orDefault(&f)
	return k, o, e, f.err()
}

// side is one side of a comparison: the figure, and what a test needs of it.
type side struct {
	of       *reading
	figure   Figure
	num, den int64
	days     *multiset.Set
	sample   *Sample[decimal.Decimal] // of a KPI that is a median of amounts
	sizes    *Moments[decimal.Decimal]
	mean     *meanSummary // of a KPI that is a mean
	lives    *lifetime.Histogram
}

// side reads one side.
func (k *kpi) side(r *reading) side {
	s := side{of: r, figure: r.figure(k)}
	switch {
	case k.shares != nil:
		s.num, s.den = k.shares(r)
	case k.days != nil:
		s.days = k.days(r)
		s.mean = k.meanOf(s.days)
	case k.sizes != nil && k.stat == median:
		s.sample = k.sizes(r)
	case k.sizes != nil && k.stat == mean:
		s.sizes = k.sizes(r).Moments()
		m := meanOf(s.sizes)
		s.mean = &m
	case k.lives != nil:
		s.lives = k.lives(r)
	case k.estimate != nil:
		s.lives = k.estimate(r)
	}
	return s
}

// rest returns the side of the whole without a part, if it can be had from the two.
func (k *kpi) rest(whole, part side, o Options) (rest side, ok bool) {
	switch {
	case k.shares != nil && !k.people: // the same people may be in several groups
		rest.num, rest.den = whole.num-part.num, whole.den-part.den
		rest.figure = shareOf(k.ID, rest.num, rest.den, o.Level, k.none)
	case k.days != nil:
		rest.days = whole.days.Clone()
		if !rest.days.Sub(part.days) {
			return rest, false
		}
		rest.mean = k.meanOf(rest.days)
		rest.figure = daysFigure(k.ID, rest.days, k.stat, o.Level)
	case whole.sizes != nil:
		rest.sizes = whole.sizes.Clone()
		if rest.sizes.Sub(part.sizes) != nil {
			return rest, false
		}
		m := meanOf(rest.sizes)
		rest.mean, rest.figure = &m, meanFigure(k.ID, rest.sizes, o.Level)
	default:
		return rest, false
	}
	if k.note != nil && rest.figure.Value != nil {
		rest.figure = rest.figure.note(k.note(whole.of.less(part.of), rest.figure.N))
	}
	rest.figure.Currency = whole.figure.Currency
	if rest.figure.Value == nil && rest.figure.Reason == "" {
		rest.figure.Reason = k.none
	}
	return rest, true
}

// less returns what notes read of the sums of a whole without a part: its counts.
func (r *reading) less(part *reading) *reading {
	rest := &reading{Slice: r.Slice, o: r.o}
	for i, all := range [][]*int64{r.closed.counts(), r.created.counts(), r.open.counts(), r.leads.counts()} {
		some := [][]*int64{part.closed.counts(), part.created.counts(), part.open.counts(), part.leads.counts()}[i]
		left := [][]*int64{rest.closed.counts(), rest.created.counts(), rest.open.counts(), rest.leads.counts()}[i]
		for j := range all {
			*left[j] = *all[j] - *some[j]
		}
	}
	return rest
}

// contrast compares two sides, on which the same people may be.
func (k *kpi) contrast(a, b side, o Options, e Evidence, same bool) Contrast {
	c := Contrast{Figure: a.figure, Against: &b.figure, Comparison: Comparison{Better: k.Better}}
	switch {
	case a.figure.Value == nil:
		c.unjudged(TooFew, a.figure.Reason)
	case b.figure.Value == nil:
		c.unjudged(TooFew, "beside it: "+b.figure.Reason)
	case k.people && same:
		c.differ(*a.figure.Value - *b.figure.Value)
		c.unjudged(Untested, "the same people may be on both sides, which no test of separate groups allows for")
	case k.shares != nil:
		c.Comparison = compareShares(share{a.num, a.den}, share{b.num, b.den}, k.Better, e)
	case a.mean != nil:
		c.Comparison = compareMeans(*a.mean, *b.mean, k.Better, e)
	case k.days != nil && k.stat == median:
		c.Comparison = compareRuns(a.days.Runs(), b.days.Runs(), k.Better, e)
	case a.sample != nil:
		c.Comparison = compareHeld(a.sample, b.sample, k.Better, e)
	case k.lives != nil && k.stat == median:
		c.logRank(a, b, e)
	case k.estimate != nil:
		c.estimates(k.at(a.lives, o), k.at(b.lives, o), a.lives.Len(), b.lives.Len(), e)
	default:
		c.differ(*a.figure.Value - *b.figure.Value)
		c.unjudged(Untested, noTest)
	}
	if a.figure.Value != nil && b.figure.Value != nil {
		c.changed(*a.figure.Value - *b.figure.Value)
	}
	return c
}

// changed sets the change, if it is a number.
func (c *Contrast) changed(v float64) {
	if isFinite(v) {
		c.Change = &v
	}
}

// logRank compares times of which some have not come to their end.
func (c *Contrast) logRank(a, b side, e Evidence) {
	c.Method = ByLogRank
	c.differ(*a.figure.Value - *b.figure.Value)
	t := lifetime.LogRank(0, []*lifetime.Histogram{a.lives, b.lives})
	if m, n := ended(a.lives), ended(b.lives); m < e.MinN || n < e.MinN {
		c.tooFew(e.MinN, m, n)
		return
	}
	if t.DF < 1 {
		c.unjudged(Untested, noSpread)
		return
	}
	p, _ := proportion.ChiSquared(t.ChiSquared, t.DF)
	c.P = &p
	c.judge(e, 1)
}

// ended returns how many lives have come to an end.
func ended(h *lifetime.Histogram) (n int64) {
	for _, cause := range []lifetime.Cause{1, 2, 3} {
		n += h.Ended(cause)
	}
	return n
}

// estimates compares two estimated shares.
func (c *Contrast) estimates(a, b lifetime.Step, m, n int64, e Evidence) {
	c.Method = ByNormal
	x, y := *c.Figure.Value, *c.Against.Value
	c.differ(x - y)
	trialsA, okA := worth(x, a.SE)
	trialsB, okB := worth(y, b.SE)
	if okA && okB {
		if _, lo, hi, ok := proportion.NewcombeShare(x, trialsA, y, trialsB, e.Level); ok {
			c.Interval = &Interval{lo, hi}
		}
	}
	switch {
	case m < e.MinN || n < e.MinN:
		c.tooFew(e.MinN, m, n)
	case !okA || !okB:
		c.unjudged(Untested, noSpread)
	default:
		p := math.Erfc(math.Abs(x-y) / math.Hypot(a.SE, b.SE) / math.Sqrt2)
		c.P = &p
		c.judge(e, 1)
	}
}

// meanOf returns the mean of ticks, nil if the KPI is none.
func (k *kpi) meanOf(days *multiset.Set) *meanSummary {
	if k.stat != mean {
		return nil
	}
	s := summarize(days.Runs())
	return &meanSummary{s.n, s.mean, s.variance}
}
