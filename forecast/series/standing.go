package series

import "math"

// Standing is how one method did in one group of cases, or in all.
type Standing struct {
	// Group is the group; empty for all cases.
	Group string `json:"group,omitempty"`
	// Method is the name of the method.
	Method string `json:"method"`
	// Series is the number of cases.
	Series int `json:"series"`
	// Points is the number of actuals of the cases.
	Points int `json:"points"`
	// Scaled is the number of cases whose training data has a scale: those that MASE and MSIS are the means of. It is the same
	// for all methods.
	Scaled int `json:"scaled"`
	// SMAPE is the mean over the cases of [SMAPE], as in the M4 competition.
	SMAPE Figure `json:"smape"`
	// SMAPEPoints is the mean over all points, as in the M3 competition: long horizons count more.
	SMAPEPoints Figure `json:"smapePoints"`
	// WAPE is the [WAPE] of all points together. It has a meaning only if the series have one unit, as Bias.
	WAPE Figure `json:"wape"`
	// Bias is the [Bias] of all points together.
	Bias Figure `json:"bias"`
	// MASE is the mean over the scaled cases of [MASE].
	MASE Figure `json:"mase"`
	// OWA is the overall weighted average of the M4 competition: the mean of SMAPE and MASE, each divided by that of the benchmark. It is a
	// ratio of means, not a mean of ratios; below 1 the method is better than the benchmark.
	OWA Figure `json:"owa"`
	// MSIS is the mean over the scaled cases of [MSIS].
	MSIS Figure `json:"msis"`
	// Coverage is the mean over the cases of [Coverage].
	Coverage Figure `json:"coverage"`
	// ACD is the absolute difference of Coverage from the level.
	ACD Figure `json:"acd"`
}

// tally sums up the scores of one method in one group.
type tally struct {
	smape, smapePoints, mase, msis, coverage average
	off, size, over, total                   float64
}

// scores returns the tally of a single forecast.
func (e *Entry) scores(actual []float64, scale float64, scaled bool) tally {
	var s tally
	smape, err := SMAPE(actual, e.Mean)
	s.smape.add(smape, err)
	s.smapePoints = average{smape * float64(len(actual)), len(actual), err}
	if scaled {
		off, err := MAE(actual, e.Mean)
		s.mase.add(off/scale, err)
	}
	if !e.Interval.none() {
		s.coverage.add(Coverage(actual, e.Interval))
		if scaled {
			score, err := Winkler(actual, e.Interval)
			s.msis.add(score/scale, err)
		}
	}
	for t, a := range actual {
		f := e.Mean[t]
		s.off += math.Abs(a - f)
		s.over += f - a
		s.size += math.Abs(a)
		s.total += a
	}
	return s
}

func (t *tally) add(s *tally) {
	t.smape.merge(s.smape)
	t.smapePoints.merge(s.smapePoints)
	t.mase.merge(s.mase)
	t.msis.merge(s.msis)
	t.coverage.merge(s.coverage)
	t.off += s.off
	t.size += s.size
	t.over += s.over
	t.total += s.total
}

func (t *tally) standing() Standing {
	s := Standing{
		SMAPE:       t.smape.figure("there are no cases"),
		SMAPEPoints: t.smapePoints.figure("there are no cases"),
		MASE:        t.mase.figure("no training data has a scale"),
		MSIS:        t.msis.figure("there are no intervals, or no training data has a scale"),
		Coverage:    t.coverage.figure("there are no intervals"),
		WAPE:        Figure{Undefined: "every actual is zero"},
	}
	if t.size != 0 {
		s.WAPE = figureOf(ratio("WAPE", 100, t.off, t.size))
	}
	s.Bias = figureOf(biasOf(t.over, t.total, t.size, t.smapePoints.n))
	return s
}

// overall returns the OWA of a standing beside that of the benchmark.
func overall(s, benchmark Standing) Figure {
	for _, f := range [...]Figure{s.SMAPE, s.MASE, benchmark.SMAPE, benchmark.MASE} {
		if !f.OK() {
			return f
		}
	}
	if benchmark.SMAPE.Value == 0 || benchmark.MASE.Value == 0 {
		return Figure{Undefined: "the benchmark is without error, so that there is no ratio to it"}
	}
	return figureOf(known("OWA", (s.SMAPE.Value/benchmark.SMAPE.Value+s.MASE.Value/benchmark.MASE.Value)/2))
}

// average is a mean in the making; it remembers why it has no value.
type average struct {
	sum float64
	n   int
	why error
}

func (a *average) add(v float64, err error) { a.merge(average{v, 1, err}) }

func (a *average) merge(b average) {
	a.sum += b.sum
	a.n += b.n
	if a.why == nil {
		a.why = b.why
	}
}

func (a *average) figure(none string) Figure {
	if a.why == nil && a.n == 0 {
		return Figure{Undefined: none}
	}
	if a.why != nil {
		return figureOf(0, a.why)
	}
	return figureOf(known("mean", a.sum/float64(a.n)))
}
