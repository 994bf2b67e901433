package series

import (
	"errors"
	"math"
	"strconv"
)

// Case is one series with the forecasts of several methods and what came, for [Compare].
type Case struct {
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
	groups := append(make([]*group, 0, 2), c.groups[0])
	if k.Group != "" {
		groups = append(groups, c.group(k.Group))
	}
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
			g.tallies[at].add(&s)
		}
	}
	for _, g := range groups {
		g.series++
		g.points += len(k.Actual)
		if scaled {
			g.scaled++
		}
	}
	return nil
}

// group returns the group of that name, a new one if there is none yet.
func (c *comparison) group(name string) *group {
	g := c.byName[name]
	if g == nil {
		g = &group{name: name, tallies: make([]tally, len(c.methods))}
		c.byName[name] = g
		c.groups = append(c.groups, g)
	}
	return g
}
