package funnel

import (
	"errors"
	"math"
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/proportion"
)

// stageComparison is one stage of two flows, the current one first.
type stageComparison struct {
	evidence Evidence
	stage    [2]StageFlow
	times    [2]*Lifetimes
	horizon  int     // 0 if there is none
	mean     float64 // ticks of a visit of the current flow, up to the horizon
}

func newStageComparison(cur, base *Flow, at, horizon int, e Evidence) stageComparison {
	c := stageComparison{
		evidence: e, horizon: horizon,
		stage: [2]StageFlow{cur.stage(at), base.stage(at)},
		times: [2]*Lifetimes{&cur.times[at], &base.times[at]},
	}
	if horizon == 0 {
		c.horizon = commonHorizon(c.times)
	}
	if c.times[0].Len() > 0 && c.horizon > 0 {
		c.mean, _ = c.times[0].h.RestrictedMean(c.horizon)
	}
	return c
}

// commonHorizon returns the longest time over which both tell, 0 if there is none.
func commonHorizon(times [2]*Lifetimes) int {
	horizon, longest := math.MaxInt, 1
	for _, l := range times {
		if l.Len() == 0 {
			continue
		}
		tick, all := tells(l)
		if !all {
			horizon = min(horizon, tick)
		}
		longest = max(longest, tick)
	}
	return min(horizon, longest)
}

// tells returns the tick by which half of the visits are known to have ended or were watched that long; all reports that they all
// ended, or enough of them.
func tells(l *Lifetimes) (tick int, all bool) {
	reach := l.h.Extent()
	var unknown int64
	for row := range l.h.Rows() {
		if unknown += row.Exits(lifetime.Censored); unknown > l.Len()/2 {
			return max(min(row.Tick, reach.Support), 0), false
		}
	}
	return max(reach.Support, 0), reach.Complete
}

// finding begins a finding.
func (c *stageComparison) finding(cause Cause) stageFinding {
	return stageFinding{Finding: Finding{Stage: c.stage[0].Stage, Cause: cause, Verdict: TooFew, Horizon: c.horizon}}
}

// unknown says why there is no figure at the horizon, "" if there is one.
func (c *stageComparison) unknown(side int) string {
	l := c.times[side]
	reach := l.h.Extent()
	switch {
	case l.Len() == 0:
		return sideName(side) + " has no visit"
	case c.horizon == 0:
		return "no visit was watched for a tick"
	case c.horizon > reach.Support && !reach.Complete:
		return sideName(side) + " tells of " + strconv.Itoa(reach.Support) + " ticks of a visit, and not of " + strconv.Itoa(c.horizon)
	}
	return ""
}

func sideName(side int) string {
	if side == 0 {
		return "the flow"
	}
	return "the baseline"
}

// set puts a figure where it belongs.
func (f *Finding) set(side int, figure StageFigure) {
	if side == 0 {
		f.Current = &figure
	} else {
		f.Baseline = &figure
	}
}

// few adds to the reason if a side has seen too little.
func (c *stageComparison) few(f *Finding, side int, trials float64, of string) {
	if trials < float64(c.evidence.MinN) {
		f.excuse(sideName(side) + " has " + fixed(trials, 0) + " " + of + ", fewer than " + strconv.FormatInt(c.evidence.MinN, 10))
	}
}

func (f *Finding) excuse(reason string) {
	if f.Reason != "" {
		f.Reason += "; "
	}
	f.Reason += reason
}

// conversion compares the shares of visits that go on.
func (c *stageComparison) conversion(worth float64) stageFinding {
	f := c.finding(CauseConversion)
	var shares [2]trialShare
	for side, l := range c.times {
		if why := c.unknown(side); why != "" {
			f.excuse(why)
			continue
		}
		s := goingOn(l, c.horizon)
		shares[side] = s
		f.set(side, StageFigure{Value: s.value, Interval: s.wilson(c.evidence.Level), Visits: l.Len(), Trials: s.trials})
		c.few(&f.Finding, side, s.trials, "visits of which that is known")
	}
	if f.Reason == "" {
		f.Effect = &Effect{Comparison: compareTrials(shares[0], shares[1], c.evidence.Level), Each: worth}
		f.untestable = shares[0].sameEdge(shares[1])
		f.Effect.LostWins = float64(c.times[0].Len()) * (shares[1].value - shares[0].value) * worth
	}
	return f
}

// time compares the restricted mean times.
func (c *stageComparison) time() (stageFinding, error) {
	f := c.finding(CauseTime)
	var means [2]Estimate
	for side, l := range c.times {
		if why := c.unknown(side); why != "" {
			f.excuse(why)
			continue
		}
		mean, err := l.RestrictedMean(c.horizon, CI{Level: c.evidence.Level})
		if err != nil {
			return stageFinding{}, err
		}
		means[side] = mean
		figure := StageFigure{Value: mean.Value, Visits: l.Len(), Trials: float64(endedBy(l, c.horizon))}
		if mean.Bounded {
			figure.Interval = &Interval{mean.Low, mean.High}
		}
		f.set(side, figure)
		c.few(&f.Finding, side, figure.Trials, "visits that ended")
	}
	if f.Reason != "" {
		return f, nil
	}
	diff := means[0].Value - means[1].Value
	half := float64(proportion.Quantile(c.evidence.Level) * math.Hypot(means[0].SE, means[1].SE))
	test, err := LogRank(c.times[0], c.times[1])
	switch {
	case errors.Is(err, ErrUndefined) && diff == 0: // such as when all visits of both end on the first day
		test, f.untestable = Test{P: 1}, true
	case errors.Is(err, ErrUndefined):
		f.excuse("no visit ended while visits of both were watched")
		return f, nil
	case err != nil:
		return stageFinding{}, err
	}
	f.Effect = &Effect{
		Comparison: Comparison{Difference: diff, Interval: Interval{diff - half, diff + half}, P: test.P},
		Each:       1, ExtraTime: diff * float64(c.times[0].Len()),
	}
	return f, nil
}

// rework compares the shares of visits that are repeated.
func (c *stageComparison) rework() stageFinding {
	f := c.finding(CauseRework)
	f.Horizon = 0
	var shares [2]trialShare
	for side, s := range c.stage {
		if s.Entered.Count == 0 {
			f.excuse(sideName(side) + " has no visit")
			continue
		}
		share := trialShareOf(Ratio{s.Reworked, s.Entered.Count})
		shares[side] = share
		f.set(side, StageFigure{
			Value: share.value, Interval: share.wilson(c.evidence.Level), Visits: s.Entered.Count, Trials: share.trials,
		})
		c.few(&f.Finding, side, share.trials, "visits")
	}
	if f.Reason == "" {
		f.Effect = &Effect{Comparison: compareTrials(shares[0], shares[1], c.evidence.Level), Each: c.mean}
		f.untestable = shares[0].sameEdge(shares[1])
		f.Effect.ExtraTime = f.Effect.Difference * shares[0].trials * c.mean
	}
	return f
}

// goingOn returns the share of visits that ended with an advance or a win through a tick, and how many trials it is worth: those
// of a plain share of the same variance. Where the share is 0 or 1 and has none, it is worth the visits of which it is known.
func goingOn(l *Lifetimes, tick int) trialShare {
	as := make([]lifetime.Cause, 1, 1+MaxExits)
	for _, e := range l.exits.ends() {
		if e == Advanced || e == Won {
			as = append(as, 1)
		} else {
			as = append(as, 2)
		}
	}
	var h lifetime.Histogram
	h.Merge(&l.h, as)
	var value, se float64
	known := l.Len()
	for s := range h.AalenJohansen(1) {
		if s.Tick > tick {
			break
		}
		value, se = s.Value, s.SE
		if s.Tick < tick {
			known -= s.Censored
		}
	}
	worth := float64(known)
	if se > 0 && value > 0 && value < 1 {
		worth = min(float64(value*(1-value))/se/se, float64(l.Len()))
		if whole := math.Round(worth); math.Abs(worth-whole) < 1e-9*worth { // all visits are known
			worth = whole
		}
	}
	return trialShare{value, worth}
}

// endedBy returns how many spells ended through a tick.
func endedBy(l *Lifetimes, tick int) int64 {
	var n int64
	for row := range l.h.Rows() {
		if row.Tick > tick {
			break
		}
		n += row.Ended()
	}
	return n
}
