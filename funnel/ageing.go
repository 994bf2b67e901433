package funnel

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// AgeingOptions says when a deal counts as overdue. The zero value is the default.
type AgeingOptions struct {
	// Quantile is the share of the baseline's visits to a stage that have ended by the time from which on a deal there is overdue,
	// between 0 and 1: 0 is 0.75. It need not be raised to see the worst only: those beyond 0.9 have a Longer below 0.1.
	Quantile float64
	// MinN is how many visits of a stage must have ended in the baseline for it to tell what is usual: 0 is 20.
	MinN int64
}

// AgedDeals is the deals that have been in their stage for longer than is usual there, and what is usual. [Ageing] makes it.
type AgedDeals struct {
	// Deals are the overdue deals, the greatest amount first; of equal amounts the one that fewer visits outlast first, then in the
	// order of the journeys.
	Deals []AgedDeal `json:"deals"`
	// Stages are the stages that are worked, in the order of the pipeline.
	Stages []StageAge `json:"stages"`
	// Open is all deals that are open.
	Open Part `json:"open"`
	// Overdue is how many of them are overdue, and the amount at risk.
	Overdue Part `json:"overdue"`
	// Unjudged is those in stages of which the baseline does not tell what is usual.
	Unjudged Part `json:"unjudged"`
	// Currency is that of the amounts.
	Currency string `json:"currency,omitempty"`
}

// StageAge is how long visits to a stage usually last, and how many of those now open have lasted longer.
type StageAge struct {
	// Stage is the key of the stage.
	Stage string `json:"stage"`
	// Threshold is after how many ticks a deal is overdue: the quantile of the baseline's time in the stage (Kaplan-Meier, whatever
	// the exit); nil if it is not known.
	Threshold *float64 `json:"threshold,omitempty"`
	// Reason says why Threshold is not known; "" if it is.
	Reason string `json:"reason,omitempty"`
	// Ended is how many visits of the baseline ended.
	Ended int64 `json:"ended"`
	// Fresh is what comes of a deal that enters the stage; nil if it is not known. Chance of an [AgedDeal] is to be seen beside it.
	Fresh *StageChance `json:"fresh,omitempty"`
	// Open is the deals that are in the stage.
	Open Part `json:"open"`
	// Overdue is those that have been there for longer than Threshold.
	Overdue Part `json:"overdue"`
}

// AgedDeal is a deal that has been in its stage for longer than is usual there.
type AgedDeal struct {
	// Deal is the ID of the journey.
	Deal string `json:"deal"`
	// Stage is the key of the stage in which it is.
	Stage string `json:"stage"`
	// Since is when it came there.
	Since time.Time `json:"since"`
	// Ticks is how long ago that was, on the clock of the view.
	Ticks int `json:"ticks"`
	// Threshold is that of the stage, which is less.
	Threshold float64 `json:"threshold"`
	// Longer is the share of the baseline's visits to the stage that last longer than Ticks; if none was watched that long,
	// the share of those that last longer than any was watched.
	Longer float64 `json:"longer"`
	// Chance is what comes of deals that have been in the stage for so long; nil if the baseline has none.
	Chance *StageChance `json:"chance,omitempty"`
	// Amount is what the deal is worth.
	Amount decimal.Decimal `json:"amount"`
}

// StageChance is what comes of deals that are in a stage and have been there for some time, in the baseline.
type StageChance struct {
	// Visits is how many visits were watched for longer than that. Where they are few, the chances are a guess.
	Visits int64 `json:"visits"`
	// GoesOn is the chance that the visit ends with an advance or a win: the conditional incidence, (F(∞)-F(t)) / S(t) after
	// t ticks, ∞ being as long as any visit was watched (Aalen and Johansen 1978).
	GoesOn float64 `json:"goesOn"`
	// Win is the chance that the deal is won in the end: each way out with the chance to win of the deals that take it. It is
	// 0 if the baseline knows no wins.
	Win float64 `json:"win"`
}

// Ageing lists the open deals that have been in their stage for longer than is usual there, as of the view's AsOf. What is usual is a
// quantile of the time that visits to that very stage lasted in a baseline, such as all deals of last year: a fixed number of days
// would find every deal in a slow stage overdue, and none in a fast one. Visits of the baseline that are still open count as well,
// for as long as they were watched; those of the deals in question may be among them.
//
// It takes O(n log n) for n journeys.
//
// Ageing returns an error if:
//   - the view has no pipeline or no AsOf, or a journey has a fault: see [Pipeline.Check] ([ErrInput])
//   - an ID is that of another journey, other than "" ([ErrInput])
//   - a currency is not that of the journeys before ([ErrInput])
//   - the clock says that a deal has been in its stage for a negative time ([ErrInput])
//   - the options are out of range ([ErrInput])
//   - the baseline has another pipeline ([ErrMismatch])
//   - the baseline holds no journeys, or is nil, or its probabilities are too small to compute with ([ErrUndefined])
func Ageing(v View, journeys []Journey, base *Flow, o AgeingOptions) (AgedDeals, error) {
	var f faults
	if o.Quantile == 0 {
		o.Quantile = 0.75
	}
	if !(o.Quantile > 0 && o.Quantile < 1) {
		f.add(ErrInput, "", "quantile", floatText(o.Quantile), "must be between 0 and 1, such as 0.9")
	}
	e := Evidence{MinN: o.MinN}.orDefault(&f, "")
	v.check(&f)
	if base == nil || base.journeys == 0 {
		f.add(ErrUndefined, "", "base", "", "holds no journeys, so nothing tells what is usual")
	} else if !base.pipe.equal(&v.Pipeline) {
		f.add(ErrMismatch, "", "base", "", "has another pipeline than the view")
	}
	if err := f.err(); err != nil {
		return AgedDeals{}, err
	}
	stages, err := usualAges(base, o.Quantile, e.MinN)
	if err != nil {
		return AgedDeals{}, err
	}
	a := ageing{view: v, stages: stages, first: make(map[string]int, len(journeys))}
	for i := range journeys {
		a.add(&f, journeys, i)
	}
	if err := f.err(); err != nil {
		return AgedDeals{}, err
	}
	return a.result(journeys), nil
}

// ageing is the work of [Ageing] in progress.
type ageing struct {
	view   View
	stages []usualAge
	first  map[string]int // by ID
	steps  []stop
	deals  []AgedDeal
}

// add looks at a journey.
func (a *ageing) add(f *faults, journeys []Journey, i int) {
	j := &journeys[i]
	if first, twice := a.first[j.ID]; twice && j.ID != "" {
		f.add(ErrInput, j.ID, "journeys/"+strconv.Itoa(i)+"/id", "", "is that of journeys/"+strconv.Itoa(first)+" too")
	} else {
		a.first[j.ID] = i
	}
	if currency := journeys[0].Currency; j.Currency != currency {
		f.add(ErrInput, j.ID, "currency", j.Currency, "is not "+strconv.Quote(currency)+", that of the first journey: ask for each by itself")
	}
	a.steps = a.view.read(a.steps[:0], j, f)
	n := len(a.steps)
	if n == 0 || a.steps[n-1].node < 0 || a.steps[n-1].node >= len(a.stages) {
		return // not begun, faulty, or ended
	}
	amount, ok := exact.Admit(j.Amount)
	if !ok {
		return // told by read
	}
	last := a.steps[n-1]
	since := j.Moves[last.move].At
	ticks := a.view.ticks(since, a.view.AsOf)
	if ticks < 0 {
		f.add(ErrInput, j.ID, movePath(last.move, "at"), strconv.Itoa(ticks), "ticks ago, says the clock; a clock must not go back")
		return
	}
	s := &a.stages[last.node]
	one := sum{1, amount}
	s.open.plus(one)
	if s.Threshold == nil || float64(ticks) <= *s.Threshold {
		return
	}
	s.overdue.plus(one)
	a.deals = append(a.deals, AgedDeal{
		Deal: j.ID, Stage: s.Stage, Since: since, Ticks: ticks, Threshold: *s.Threshold,
		Longer: s.survival.At(ticks).Value, Chance: s.chance(ticks), Amount: j.Amount,
	})
}

// result puts the deals in order, and adds up.
func (a *ageing) result(journeys []Journey) AgedDeals {
	out := AgedDeals{Deals: a.deals, Stages: make([]StageAge, len(a.stages))}
	if len(journeys) > 0 {
		out.Currency = journeys[0].Currency
	}
	slices.SortStableFunc(out.Deals, func(x, y AgedDeal) int {
		return cmp.Or(y.Amount.Cmp(x.Amount), cmp.Compare(x.Longer, y.Longer))
	})
	var open, overdue, unjudged sum
	for i := range a.stages {
		s := &a.stages[i]
		open.plus(s.open)
		overdue.plus(s.overdue)
		if s.Threshold == nil {
			unjudged.plus(s.open)
		}
		s.Open, s.Overdue = s.open.part(), s.overdue.part()
		out.Stages[i] = s.StageAge
	}
	out.Open, out.Overdue, out.Unjudged = open.part(), overdue.part(), unjudged.part()
	return out
}
