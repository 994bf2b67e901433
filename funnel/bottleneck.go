package funnel

import (
	"cmp"
	"slices"
	"strconv"
)

// BottleneckOptions says what [Bottlenecks] compares. The zero value is the default.
type BottleneckOptions struct {
	// Evidence is how much must be seen before a difference counts.
	Evidence Evidence
	// Horizon is over how many ticks from the start of a visit conversions and times are compared, at most [MaxTick]. 0 chooses
	// for each stage the most of which both flows tell well: up to the last tick at which at least half of the visits of either
	// have ended or were watched that long.
	Horizon int
}

// Diagnosis is where a flow does worse than its baseline, and what its stages weigh.
type Diagnosis struct {
	// Findings are the comparisons, three for each stage, those to act upon first: Worse before Better before Unclear before
	// TooFew; then conversion before time before rework, as wins and ticks cannot be weighed against each other; then the larger
	// loss or gain; then in the order of the pipeline. Nothing is dropped: what may be chance is there, and marked.
	Findings []Finding `json:"findings"`
	// Stages are what the stages weigh at present, in the order of the pipeline.
	Stages []StageLoad `json:"stages"`
}

// StageLoad is what a stage weighs in a flow, whether or not it does worse than it used to.
type StageLoad struct {
	// Stage is the key of the stage.
	Stage string `json:"stage"`
	// Visits is how many visits there were.
	Visits int64 `json:"visits"`
	// Win is the chance of a deal that comes to the stage to be won.
	Win float64 `json:"win"`
	// TimeShare is the part of the time of a deal that is spent in the stage; they sum to 1. nil if no time is spent at all.
	TimeShare *float64 `json:"timeShare,omitempty"`
	// Elasticity is by how many percent the chance to win, from the start, rises as the conversion of the stage rises by one: see
	// [Absorption]. nil if no deal is won.
	Elasticity *float64 `json:"elasticity,omitempty"`
}

// Bottlenecks compares a flow with a baseline, such as the period before, another team or a simulated target, stage by stage, and
// tells where wins and time are lost, how much, and whether that may be chance:
//
//   - conversion: the share of visits that end with an advance or a win by the horizon, as Aalen and Johansen (1978) estimate
//     it. Visits that are still open count for as long as they were watched. They are neither failures, as in the share of all
//     visits, nor like those that ended, as in the share of these, which leans toward what is fast. The estimates are
//     compared as shares of as many trials as would have their variance (Dorey and Korn 1987, doi:10.1002/sim.4780060605):
//     where all is known up to the horizon, that is the common test of two proportions.
//   - time: the restricted mean time in the stage, whatever the exit. P is that of the log-rank test of all times. For a
//     verdict the interval of the difference must not hold 0 either: where paces cross, the test does not say who is slower.
//   - rework: the share of visits that are not the first of their deal to the stage.
//
// P-values are adjusted over the stages, for each cause by itself ([BenjaminiHochberg]). Stages with too few visits are no tests
// among them, nor are those where both flows have no conversion or rework at all, or nothing else.
//
// What a conversion is worth follows from the current flow: the chance to win of a deal that advances, less that of one that does
// not, and may come back ([Chain.Absorb]). For what comes after a stage of which fewer than MinN visits have ended the
// baseline stands in, if it has seen more; a stage from which no deal has come to an end leads to no win. LostWins of
// several stages cannot be added up, as each takes the other stages as they are.
//
// Visits are taken to be independent, also those of the same deal. Swapping the flows turns the sign of all differences and
// leaves P as it is, while LostWins and ExtraTime are then about the visits of the other flow. The times of flows with a view's
// Since are those watched since then; entries and moves are all.
//
// It takes O(n³) time for n stages, and O(t) for t different ticks.
//
// Bottlenecks returns an error if:
//   - the options are out of range ([ErrInput])
//   - a flow holds no journeys, or is nil ([ErrUndefined])
//   - the pipelines differ ([ErrMismatch])
//   - probabilities are too small to compute with: see [Chain.Absorb] ([ErrUndefined])
func Bottlenecks(cur, base *Flow, o BottleneckOptions) (Diagnosis, error) {
	var bad faults
	e := o.Evidence.orDefault(&bad, "evidence/")
	if o.Horizon < 0 || o.Horizon > MaxTick {
		bad.add(ErrInput, "", "horizon", strconv.Itoa(o.Horizon), "must be 1 to "+strconv.Itoa(MaxTick)+", or 0 to choose for each stage")
	}
	for _, side := range []struct {
		path string
		f    *Flow
	}{{"cur", cur}, {"base", base}} {
		if side.f == nil || side.f.journeys == 0 {
			bad.add(ErrUndefined, "", side.path, "", "holds no journeys, so there is nothing to compare")
		}
	}
	if err := bad.err(); err != nil {
		return Diagnosis{}, err
	}
	if !cur.pipe.equal(&base.pipe) {
		return Diagnosis{}, &Error{Path: "base", Msg: "has another pipeline: compare flows through the same one", Err: ErrMismatch}
	}
	ways, err := onward(cur, base, e.MinN)
	if err != nil {
		return Diagnosis{}, err
	}
	byCause := make([][]stageFinding, 3)
	var hold []float64
	for i := range cur.pipe.worked {
		c := newStageComparison(cur, base, i, o.Horizon, e)
		hold = append(hold, c.mean)
		slow, err := c.time()
		if err != nil {
			return Diagnosis{}, err
		}
		for k, f := range []stageFinding{c.conversion(ways.worth(i)), slow, c.rework()} {
			byCause[k] = append(byCause[k], f)
		}
	}
	var d Diagnosis
	for _, findings := range byCause {
		if err := e.settle(findings); err != nil {
			return Diagnosis{}, err
		}
		for _, f := range findings {
			d.Findings = append(d.Findings, f.Finding)
		}
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Or(a.rank()-b.rank(), causeRank(a.Cause)-causeRank(b.Cause), cmp.Compare(b.size(), a.size()))
	})
	if d.Stages, err = ways.loads(cur, hold); err != nil {
		return Diagnosis{}, err
	}
	return d, nil
}

// stageFinding is a finding on its way.
type stageFinding struct {
	Finding
	// untestable: the figures are equal, and could not but be: both shares are 0, or both 1. No test could find a difference
	// there, so that it is none of those for whose number p-values are adjusted.
	untestable bool
}

// settle adjusts the p-values of the findings of one cause, and gives them their verdicts and reasons.
func (e Evidence) settle(findings []stageFinding) error {
	var tests []verdictOn
	for i := range findings {
		f := &findings[i]
		switch {
		case f.Effect == nil:
		case f.untestable:
			f.Effect.AdjustedP, f.Verdict = 1, Unclear
		default:
			gain := f.Effect.Difference
			if f.Cause != CauseConversion {
				gain = -gain
			}
			tests = append(tests, verdictOn{f.Effect.P, gain, &f.Effect.AdjustedP, &f.Verdict})
		}
	}
	if err := verdicts(e, tests); err != nil {
		return err
	}
	for i := range findings {
		if f := &findings[i]; f.Effect != nil {
			f.explain(e.Alpha)
		}
	}
	return nil
}

// explain gives the reason of a verdict that is Unclear, and makes it so where the mean time may be the same.
func (f *Finding) explain(alpha float64) {
	in := f.Effect.Interval
	switch {
	case f.Verdict == Unclear && f.Effect.Difference == 0:
		f.Reason = "there is no difference"
	case f.Verdict == Unclear:
		f.Reason = "so large a difference may be chance"
	case f.Cause == CauseTime && in.Low <= 0 && in.High >= 0 && alpha < 1:
		f.Verdict, f.Reason = Unclear, "visits end at another pace, but the mean time may be the same"
	}
}

func (f *Finding) rank() int {
	return slices.Index([]Verdict{Worse, Better, Unclear, TooFew}, f.Verdict)
}

func causeRank(c Cause) int {
	return slices.Index([]Cause{CauseConversion, CauseTime, CauseRework}, c)
}

// size returns how much a finding is about, lost or gained.
func (f *Finding) size() float64 {
	if f.Effect == nil {
		return 0
	}
	return max(f.Effect.loss(), -f.Effect.loss())
}
