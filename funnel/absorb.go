package funnel

import (
	"math"
	"strconv"
)

// Absorption is what becomes of the deals of a [Chain]. Stages and ends are numbered as in the chain.
type Absorption struct {
	// Visits is the expected number of visits to stage j of a deal that is in stage i, as Visits[i][j], with the one that it is
	// paying: the fundamental matrix N = (I-Q)⁻¹, where Q is Next of the chain.
	Visits [][]float64 `json:"visits"`
	// Ever is the probability that a deal in stage i is in stage j, now or later: N[i][j] / N[j][j].
	Ever [][]float64 `json:"ever"`
	// End is the probability of end k of a deal in stage i, as End[i][k]: N × End of the chain. Each row sums to 1.
	End [][]float64 `json:"end"`
	// Win is the probability that a deal in a stage is won, by any of the Won ends.
	Win []float64 `json:"win"`
	// Steps is the expected number of visits that a deal in a stage pays until its end: the sum of its Visits.
	Steps []float64 `json:"steps"`
	// StepsVar is the variance of that number.
	StepsVar []float64 `json:"stepsVar"`
	// Time is the expected ticks until the end of a deal that comes to a stage: Visits × Hold. nil if the chain has no Hold.
	Time []float64 `json:"time,omitempty"`

	// The rest is of a deal at its start, by Start of the chain.

	// StartWin is the probability that it is won.
	StartWin float64 `json:"startWin"`
	// StartVisits is the expected number of visits that it pays to each stage.
	StartVisits []float64 `json:"startVisits"`
	// StartTime is its expected ticks until its end; 0 if the chain has no Hold, and Time is nil.
	StartTime float64 `json:"startTime,omitempty"`
	// TimeShare is the part of StartTime that it spends in each stage. They sum to 1. nil if StartTime is 0.
	TimeShare []float64 `json:"timeShare,omitempty"`
	// Elasticity is by how many percent StartWin rises as the conversion of a stage rises by a (small) one: the probability that
	// a visit ends with an advance or a win, while its other ways out shrink in proportion. In a pipeline without skips and
	// rework it is 1 for every stage; it is less for one that many deals do without, more for one to which many come back, and
	// negative where going back pays. nil if StartWin is 0.
	Elasticity []float64 `json:"elasticity,omitempty"`
}

// Absorb returns what becomes of deals: how often they visit each stage, how they end, how long it takes (Kemeny and Snell,
// Finite Markov Chains, 1960, chapter III). It takes O(n³) time for n stages.
//
// The matrix I-Q is eliminated without a subtraction, so that small probabilities are as exact as great ones (Grassmann,
// Taksar and Heyman 1985, doi:10.1287/opre.33.5.1107; O'Cinneide 1993, doi:10.1007/BF01385738).
//
// Absorb returns an error if:
//   - the sizes of the parts differ, there is no stage or no end, or more than [MaxStages] of both ([ErrInput])
//   - a probability is not from 0 to 1, a row or Start does not sum to 1 within 1e-9, or a Hold is negative or infinite
//     ([ErrInput])
//   - from a stage no end can be reached ([ErrUndefined])
//   - an end is so improbable, or visits so long, that numbers overflow ([ErrUndefined])
func (c Chain) Absorb() (Absorption, error) {
	var f faults
	c.check(&f)
	if err := f.err(); err != nil {
		return Absorption{}, err
	}
	c.endless(&f)
	if err := f.err(); err != nil {
		return Absorption{}, err
	}
	a := Absorption{End: copyRows(c.End), Visits: make([][]float64, len(c.Stages))}
	for i := range a.Visits {
		a.Visits[i] = make([]float64, len(c.Stages))
		a.Visits[i][i] = 1
	}
	solve(copyRows(c.Next), a.End, a.Visits)
	a.fill(&c)
	if !a.finite() {
		return Absorption{}, &Error{Path: "end", Msg: "is so improbable, or visits so long, that numbers overflow: leave out moves that do not happen", Err: ErrUndefined}
	}
	return a, nil
}

// check finds what is no chain.
func (c *Chain) check(f *faults) {
	n, ends := len(c.Stages), len(c.Ends)
	bad := func(path, value, msg string) { f.add(ErrInput, "", path, value, msg) }
	switch {
	case n == 0:
		bad("stages", "", "are missing")
	case ends == 0:
		bad("ends", "", "are missing")
	case n+ends > MaxStages:
		bad("stages", strconv.Itoa(n+ends), "with the ends, are more than "+strconv.Itoa(MaxStages))
	case len(c.Next) != n || len(c.End) != n:
		bad("next", strconv.Itoa(len(c.Next)), "and end must have a row for each stage")
	case c.Start != nil && len(c.Start) != n:
		bad("start", strconv.Itoa(len(c.Start)), "must have a share for each stage, or be nil")
	case c.Hold != nil && len(c.Hold) != n:
		bad("hold", strconv.Itoa(len(c.Hold)), "must have a mean for each stage, or be nil")
	default:
		for i, e := range c.Ends {
			if e.End != Won && e.End != Lost && e.End != Left {
				bad("ends/"+strconv.Itoa(i)+"/end", string(e.End), `is not an end: use "won", "lost" or "left"`)
			}
		}
		for i := range n {
			at := strconv.Itoa(i)
			if len(c.Next[i]) != n || len(c.End[i]) != ends {
				bad("next/"+at, strconv.Itoa(len(c.Next[i])), "must have a probability for each stage, and end/"+at+" one for each end")
				continue
			}
			sum := f.shares("next/"+at, c.Next[i]) + f.shares("end/"+at, c.End[i])
			if !(math.Abs(sum-1) <= shareRoundOff) {
				bad("next/"+at, floatText(sum), "and end/"+at+" must sum to 1 together")
			}
		}
		if sum := f.shares("start", c.Start); c.Start != nil && !(math.Abs(sum-1) <= shareRoundOff) {
			bad("start", floatText(sum), "must sum to 1")
		}
		for i, h := range c.Hold {
			if !(h >= 0) || math.IsInf(h, 1) {
				bad("hold/"+strconv.Itoa(i), floatText(h), "must be a number of ticks, 0 or more")
			}
		}
	}
}

// shareRoundOff is how far shares may be from summing to 1.
const shareRoundOff = 1e-9

// shares checks probabilities, and returns their sum.
func (f *faults) shares(path string, shares []float64) (sum float64) {
	for i, s := range shares {
		if !(s >= 0 && s <= 1+shareRoundOff) {
			f.add(ErrInput, "", path+"/"+strconv.Itoa(i), floatText(s), "must be a probability, from 0 to 1")
		}
		sum += s
	}
	return sum
}

func floatText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// endless finds the stages from which no end can be reached.
func (c *Chain) endless(f *faults) {
	ending := make([]bool, len(c.Stages))
	for found := true; found; {
		found = false
		for i := range c.Stages {
			if ending[i] {
				continue
			}
			for _, p := range c.End[i] {
				ending[i] = ending[i] || p > 0
			}
			for j, p := range c.Next[i] {
				ending[i] = ending[i] || p > 0 && ending[j]
			}
			found = found || ending[i]
		}
	}
	for i, ok := range ending {
		if !ok {
			f.add(ErrUndefined, c.Stages[i], "stage", "", "leads to no end: its deals would move about forever")
		}
	}
}

// solve solves (I-Q) X = B for two right sides, in place: first one whose rows are what Q lacks to sums of 1, which becomes the
// probabilities of the ends, and another that is not negative. It overwrites q.
//
// The diagonal of I-Q is not 1-q but what else is in the row, which is the same, and so it is after each elimination: nothing
// is subtracted, and all errors stay relative.
func solve(q, ends, other [][]float64) {
	n := len(q)
	diagonal := make([]float64, n)
	for k := range n {
		for _, p := range ends[k] {
			diagonal[k] += p
		}
		for j := k + 1; j < n; j++ {
			diagonal[k] += q[k][j]
		}
		for i := k + 1; i < n; i++ {
			if q[i][k] == 0 {
				continue
			}
			by := q[i][k] / diagonal[k]
			addTimes(q[i][k+1:], by, q[k][k+1:])
			addTimes(ends[i], by, ends[k])
			addTimes(other[i], by, other[k])
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			addTimes(ends[k], q[k][j], ends[j])
			addTimes(other[k], q[k][j], other[j])
		}
		for _, row := range [][]float64{ends[k], other[k]} {
			for j := range row {
				row[j] /= diagonal[k]
			}
		}
	}
}

// addTimes adds by × b to a.
func addTimes(a []float64, by float64, b []float64) {
	for i := range a {
		a[i] += float64(by * b[i])
	}
}

// fill computes what follows from Visits and End.
func (a *Absorption) fill(c *Chain) {
	n := len(c.Stages)
	a.Ever, a.Win, a.Steps = make([][]float64, n), make([]float64, n), make([]float64, n)
	for i, visits := range a.Visits {
		a.Ever[i] = make([]float64, n)
		for j, v := range visits {
			a.Ever[i][j] = min(v/a.Visits[j][j], 1)
			a.Steps[i] += v
		}
		for k, p := range a.End[i] {
			a.End[i][k] = min(p, 1)
			if c.Ends[k].End == Won {
				a.Win[i] += p
			}
		}
		a.Win[i] = min(a.Win[i], 1)
	}
	a.StepsVar = a.times(a.stepVar(c))
	start := c.Start
	if start == nil {
		start = make([]float64, n)
		start[0] = 1
	}
	a.StartVisits = make([]float64, n)
	for i, s := range start {
		a.StartWin += float64(s * a.Win[i])
		addTimes(a.StartVisits, s, a.Visits[i])
	}
	a.StartWin = min(a.StartWin, 1)
	if c.Hold != nil {
		a.Time = a.times(c.Hold)
		a.StartTime = dot(a.StartVisits, c.Hold)
	}
	if a.StartTime > 0 {
		a.TimeShare = make([]float64, n)
		for i, v := range a.StartVisits {
			a.TimeShare[i] = float64(v*c.Hold[i]) / a.StartTime
		}
	}
	if a.StartWin > 0 {
		a.Elasticity = a.elasticity(c)
	}
}

// times returns Visits × v.
func (a *Absorption) times(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, visits := range a.Visits {
		out[i] = dot(visits, v)
	}
	return out
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

// stepVar returns by how much each visit adds to the variance of the number of visits: the variance of what is expected after
// it. Their sum over the visits equals (2N-I)t - t∘t with t = N·1 (Kemeny and Snell, theorem 3.2.3), which would lose digits.
func (a *Absorption) stepVar(c *Chain) []float64 {
	out := make([]float64, len(c.Stages))
	for i, next := range c.Next {
		mean := dot(next, a.Steps)
		for j, p := range next {
			d := a.Steps[j] - mean
			out[i] += float64(p * d * d)
		}
		for _, p := range c.End[i] {
			out[i] += float64(p * mean * mean)
		}
	}
	return out
}

// elasticity returns the elasticity of StartWin to the conversion of each stage. With w the win chances, and x the visits to the
// stage, the derivative of StartWin by the row of the stage is x·w.
func (a *Absorption) elasticity(c *Chain) []float64 {
	out := make([]float64, len(c.Stages))
	for i, visits := range a.StartVisits {
		var conversion, won, rest, restWon float64
		for j, p := range c.Next[i] {
			if j > i {
				conversion += p
				won += float64(p * a.Win[j])
			} else {
				rest += p
				restWon += float64(p * a.Win[j])
			}
		}
		for k, p := range c.End[i] {
			if c.Ends[k].End == Won {
				conversion += p
				won += p
			} else {
				rest += p
			}
		}
		if rest > 0 {
			won -= float64(conversion * (restWon / rest))
		}
		out[i] = visits * won / a.StartWin
	}
	return out
}

// finite reports whether all numbers are.
func (a *Absorption) finite() bool {
	sum := a.StartTime
	for i, visits := range a.Visits {
		for j, v := range visits {
			sum += math.Abs(v) + math.Abs(a.Ever[i][j])
		}
		sum += dot(a.End[i], a.End[i]) + a.StepsVar[i]
	}
	for _, part := range [][]float64{a.Time, a.TimeShare, a.Elasticity, a.StartVisits} {
		for _, v := range part {
			sum += math.Abs(v)
		}
	}
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

func copyRows(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		out[i] = append([]float64(nil), row...)
	}
	return out
}
