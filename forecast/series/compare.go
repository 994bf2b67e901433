package series

import (
	"errors"
	"math"
	"strconv"
)

// Case is one series with the forecasts of several methods and what came, for [Compare].
type Case struct {
	// Series names the series in errors.
	Series string `json:"series,omitempty"`
	// Group is what standings are split by, such as a region or a frequency; a case without one counts in the overall standing only.
	Group string `json:"group,omitempty"`
	// Season is the number of periods in a season; 0 stands for 1, no season.
	Season int `json:"season,omitempty"`
	// Train is what came before the actuals; MASE and MSIS take their scale of it. It may be empty.
	Train []float64 `json:"train,omitempty"`
	// Actual is what came.
	Actual []float64 `json:"actual"`
	// Entries are the forecasts of the actuals, one of each method.
	Entries []Entry `json:"entries"`
}

// Entry is one method's forecast in a [Case].
type Entry struct {
	// Method is the name of the method.
	Method string `json:"method"`
	// Mean is the point forecast of each actual.
	Mean []float64 `json:"mean"`
	// Interval is the prediction interval; the zero value stands for none. A method gives it for all cases or for none,
	// and all at one level.
	Interval Interval `json:"interval,omitzero"`
}

// Standing is how one method did in one group of cases, or in all.
type Standing struct {
	// Group is the group; empty for all cases.
	Group string `json:"group,omitempty"`
	// Method is the name of the method.
	Method string `json:"method"`
	// Series is the number of cases, Points that of their actuals.
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

// Compare returns the standing of every method, in each group and, last, in all cases: groups in the order in which they first occur, methods
// in that of the first case. The benchmark is the method that OWA is relative to, Naive2 in the M4 competition: the naive forecast of
// the deseasonalized series. Without one (empty) OWA is undefined.
//
// A series without a scale, which is constant or too short, has no MASE: it is left out of MASE and MSIS for all methods, and Scaled
// says how many are left. Other figures without a value say why. Compare returns an error, with the case in its path, if:
//   - there are no cases, or a case has not the methods of the first, each once ([ErrInput])
//   - the benchmark is none of the methods ([ErrInput], path "benchmark")
//   - a forecast is not as long as the actuals, a value is NaN or infinite, a season is negative ([ErrInput])
//   - an interval is none, as [Coverage] says, is at another level than the others, or is missing in some cases ([ErrInput])
//   - a case has no actuals ([ErrUndefined])
//
// It takes O(values). Source: Makridakis, Spiliotis and Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014.
func Compare(cases []Case, benchmark string) ([]Standing, error) {
	c, err := newComparison(cases, benchmark)
	if err != nil {
		return nil, err
	}
	for i := range cases {
		if err := c.add(&cases[i]); err != nil {
			return nil, within("cases/"+strconv.Itoa(i), err)
		}
	}
	standings := make([]Standing, 0, len(c.groups)*len(c.methods))
	for _, g := range append(c.groups[1:], c.groups[0]) {
		for i, name := range c.methods {
			s := g.tallies[i].standing()
			s.Group, s.Method = g.name, name
			s.Series, s.Points, s.Scaled = g.series, g.points, g.scaled
			s.OWA = Figure{Undefined: "there is no benchmark"}
			if benchmark != "" {
				s.OWA = overall(s, g.tallies[c.place[benchmark]].standing())
			}
			s.ACD = s.Coverage
			if s.Coverage.OK() {
				s.ACD.Value = math.Abs(s.Coverage.Value - c.level)
			}
			standings = append(standings, s)
		}
	}
	return standings, nil
}

// comparison is a comparison in the making.
type comparison struct {
	methods []string
	place   map[string]int // of a method in methods
	groups  []*group       // all cases first
	byName  map[string]*group
	seen    []int   // by method: the number of the last case that has it
	given   []bool  // by method: whether it has intervals
	level   float64 // of the intervals
	count   int     // of the cases so far
}

type group struct {
	name                   string
	series, points, scaled int
	tallies                []tally // by method
}

// tally sums up the scores of one method in one group.
type tally struct {
	smape, smapePoints, mase, msis, coverage average
	off, size, over, total                   float64
}

func newComparison(cases []Case, benchmark string) (*comparison, error) {
	if len(cases) == 0 || len(cases[0].Entries) == 0 {
		return nil, invalid("cases", "", "must have at least one case with an entry")
	}
	c := &comparison{place: map[string]int{}, byName: map[string]*group{}}
	for i, e := range cases[0].Entries {
		if _, twice := c.place[e.Method]; twice || e.Method == "" {
			return nil, invalid("cases/0/entries/"+strconv.Itoa(i)+"/method", strconv.Quote(e.Method), "must be a name that no other entry has")
		}
		c.place[e.Method] = i
		c.methods = append(c.methods, e.Method)
		c.given = append(c.given, !e.Interval.none())
		if c.level == 0 {
			c.level = e.Interval.Level
		}
	}
	if _, ok := c.place[benchmark]; !ok && benchmark != "" {
		return nil, invalid("benchmark", strconv.Quote(benchmark), "must be the name of one of the methods")
	}
	c.seen = make([]int, len(c.methods))
	c.groups = []*group{{tallies: make([]tally, len(c.methods))}}
	return c, nil
}

// add counts a case.
func (c *comparison) add(k *Case) error {
	c.count++
	groups := [2]*group{c.groups[0], c.group(k.Group)}
	if err := checkActual(k.Actual); err != nil {
		return err
	}
	season := k.Season
	if season == 0 {
		season = 1
	}
	scale, err := Scale(k.Train, season)
	if errors.Is(err, ErrInput) {
		return err
	}
	scaled := err == nil
	if len(k.Entries) != len(c.methods) {
		return invalid("entries", strconv.Itoa(len(k.Entries))+" entries", "must be one for each of the "+strconv.Itoa(len(c.methods))+" methods of the first case")
	}
	for i := range k.Entries {
		e := &k.Entries[i]
		at, ok := c.place[e.Method]
		err := checkBeside("mean", k.Actual, e.Mean)
		switch {
		case !ok || c.seen[at] == c.count:
			err = invalid("method", strconv.Quote(e.Method), "must be a method of the first case, and occur once")
		case err != nil:
		case e.Interval.none() == c.given[at]:
			err = invalid("interval", "", "must be given for all cases or for none")
		case c.given[at] && e.Interval.Level != c.level:
			err = invalid("interval/level", text(e.Interval.Level), "must be that of the first interval, "+text(c.level))
		case c.given[at]:
			err = within("interval", checkInterval(k.Actual, e.Interval))
		}
		if err != nil {
			return within("entries/"+strconv.Itoa(i), err)
		}
		c.seen[at] = c.count
		s := e.scores(k.Actual, scale, scaled)
		for _, g := range groups {
			if g != nil {
				g.tallies[at].add(&s)
			}
		}
	}
	for _, g := range groups {
		if g != nil {
			g.series++
			g.points += len(k.Actual)
			if scaled {
				g.scaled++
			}
		}
	}
	return nil
}

// group returns the group of that name, nil for no name.
func (c *comparison) group(name string) *group {
	if name == "" {
		return nil
	}
	g := c.byName[name]
	if g == nil {
		g = &group{name: name, tallies: make([]tally, len(c.methods))}
		c.byName[name] = g
		c.groups = append(c.groups, g)
	}
	return g
}

// scores returns the tally of a single forecast.
func (e *Entry) scores(actual []float64, scale float64, scaled bool) tally {
	var s tally
	smape, err := SMAPE(actual, e.Mean)
	s.smape.add(smape, err)
	s.smapePoints.add(smape*float64(len(actual)), err)
	s.smapePoints.n = len(actual)
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

// none reports whether there is no interval.
func (in Interval) none() bool { return in.Level == 0 && in.Lo == nil && in.Hi == nil }
