package funnel

import (
	"errors"
	"math"
	"strconv"

	"github.com/salesops-go/salesops/internal/proportion"
)

// RepRecord is what one rep closed in the time that is looked at. Teams, regions and sources of leads will do as well.
type RepRecord struct {
	// Name names the rep.
	Name string `json:"name"`
	// Won is the number of deals won.
	Won int64 `json:"won"`
	// Lost is the number of deals lost.
	Lost int64 `json:"lost"`
	// Deals are the lifetimes of the rep's deals, closed and open (see [View.Lifetime]), to compare how fast reps close. nil
	// leaves the rep out of that comparison.
	Deals *Lifetimes `json:"deals,omitempty"`
}

// Consistency says whether reps differ, in how many of their deals they win and in how fast deals close, or whether a ranking of
// them would rank their luck. [CompareReps] makes it.
type Consistency struct {
	// Team is the deals won, of those closed, of all reps.
	Team Ratio `json:"team"`
	// WinRates tests whether all reps win the same share: Pearson's chi-squared test of homogeneity, over the reps who closed
	// something. A P above 0.05 or so says that rates as different as these are what chance alone makes of equal reps. Its
	// Groups are the reps, in order, with the deals they won and would have won at the team's rate.
	WinRates Test `json:"winRates"`
	// Sparse is how many of these reps would win or lose fewer than 5 deals at the team's rate. The more they are, the rougher is
	// the P of WinRates (Cochran 1954, doi:10.2307/3001616).
	Sparse int `json:"sparse,omitempty"`
	// Speed tests whether the deals of all reps end equally fast, whichever way: the log-rank test, and of more than 200 reps its
	// conservative form, Σ (O-E)²/E (Peto and Pike 1973, doi:10.2307/2529177). Its Groups are the reps, in order. nil if there is nothing to compare: if fewer than two reps have Deals, or none of them ended while others were watched.
	Speed *Test `json:"speed,omitempty"`
	// Reps are the reps in the order in which they were given.
	Reps []RepComparison `json:"reps"`
}

// RepComparison is one rep beside the rest of the team: the team without the rep. Compared with the whole team, of which
// they are a part, reps with many deals would look more like it than they are.
type RepComparison struct {
	// Name names the rep.
	Name string `json:"name"`
	// WinRate is the deals won, of those closed.
	WinRate Ratio `json:"winRate"`
	// Interval is where the true win rate lies, as [Ratio.Wilson] has it; nil if the rep closed nothing.
	Interval *Interval `json:"interval,omitempty"`
	// Limits95 is where the win rate of a rep who wins like the team stays in 95 % of cases, for this number of closed deals: a
	// limit of the funnel plot (Spiegelhalter 2005, doi:10.1002/sim.1970), clipped to 0 and 1. It is that of the score test, so
	// that a rep lies outside exactly when the Wilson interval of 95 % does not hold the team's rate. nil if the rep closed
	// nothing.
	Limits95 *Interval `json:"limits95,omitempty"`
	// Limits998 is as Limits95, for 99.8 %.
	Limits998 *Interval `json:"limits998,omitempty"`
	// Rest is the deals won, of those closed, of the others.
	Rest Ratio `json:"rest"`
	// Against is the win rate less that of the rest; nil if Verdict is TooFew.
	Against *Comparison `json:"against,omitempty"`
	// Verdict is Better if the rep wins more than the rest, Worse if less, Unclear if that may be chance.
	Verdict Verdict `json:"verdict"`
	// Speed compares how fast the rep's deals end; nil if the rep or the rest has too few deals that ended, or no Deals.
	Speed *SpeedComparison `json:"speed,omitempty"`
}

// SpeedComparison says how fast deals end beside those of others.
type SpeedComparison struct {
	// Observed is how many of the deals ended.
	Observed float64 `json:"observed"`
	// Expected is how many would have ended had they been as fast as all deals together.
	Expected float64 `json:"expected"`
	// P is that of the log-rank test between the two.
	P float64 `json:"p"`
	// AdjustedP is P adjusted for the number of comparisons of speed.
	AdjustedP float64 `json:"adjustedP"`
	// Verdict is Better if the deals end faster, Worse if slower, Unclear if that may be chance.
	Verdict Verdict `json:"verdict"`
}

// CompareReps tells whether reps differ, who does, and how sure that is. Every rep is compared with the rest of the team; the
// p-values are adjusted for the number of reps, those of win rates and those of speed by themselves.
//
// It takes O(r·t) for r reps and t different ticks in their Deals, and up to 200 reps O(r²·t + r³).
//
// CompareReps returns an error if:
//   - a count is negative, or the counts exceed what an int64 holds ([ErrInput])
//   - a name is that of another rep ([ErrInput])
//   - e is out of range ([ErrInput])
//   - all Deals together have more than [MaxExits] different exits, or 2^63 spells ([ErrMismatch])
//   - fewer than two reps closed a deal ([ErrUndefined])
func CompareReps(reps []RepRecord, e Evidence) (Consistency, error) {
	var f faults
	e = e.orDefault(&f, "evidence/")
	team := checkReps(&f, reps)
	if err := f.err(); err != nil {
		return Consistency{}, err
	}
	c := Consistency{Team: team, Reps: make([]RepComparison, len(reps))}
	won, closed := make([]int64, len(reps)), make([]int64, len(reps))
	for i, r := range reps {
		won[i], closed[i] = r.Won, r.Won+r.Lost
	}
	rates, ok := proportion.Homogeneity(won, closed)
	if !ok {
		return Consistency{}, &Error{Path: "reps", Msg: "hold fewer than two who closed a deal: nothing to compare", Err: ErrUndefined}
	}
	c.WinRates = Test{ChiSquared: rates.ChiSquared, DF: rates.DF, P: rates.P, LogP: rates.LogP}
	all := trialShareOf(team)
	var tests []verdictOn
	for i, r := range reps {
		rep := &c.Reps[i]
		part := float64(closed[i])
		c.WinRates.Groups = append(c.WinRates.Groups, TestGroup{
			N: closed[i], Observed: float64(won[i]), Expected: float64(part * all.value),
			Variance: float64(all.value*(1-all.value)) * part * (1 - part/all.trials),
		})
		*rep = RepComparison{
			Name: r.Name, WinRate: Ratio{won[i], closed[i]}, Rest: Ratio{team.Num - won[i], team.Den - closed[i]}, Verdict: TooFew,
		}
		if closed[i] == 0 {
			continue
		}
		rep.Interval = trialShareOf(rep.WinRate).wilson(e.Level)
		rep.Limits95, rep.Limits998 = all.limits(closed[i], 0.95), all.limits(closed[i], 0.998)
		if all.least(float64(closed[i])) < sparseCount {
			c.Sparse++
		}
		if closed[i] < e.MinN || rep.Rest.Den < e.MinN {
			continue
		}
		against := compareTrials(trialShareOf(rep.WinRate), trialShareOf(rep.Rest), e.Level)
		rep.Against = &against
		tests = append(tests, verdictOn{against.P, against.Difference, &rep.Against.AdjustedP, &rep.Verdict})
	}
	if err := verdicts(e, tests); err != nil {
		return Consistency{}, err
	}
	if err := compareSpeed(&c, reps, e); err != nil {
		return Consistency{}, err
	}
	return c, nil
}

// checkReps tells the faults of the records, and returns the sum of their counts.
func checkReps(f *faults, reps []RepRecord) (team Ratio) {
	first := make(map[string]int, len(reps))
	for i, r := range reps {
		path := "reps/" + strconv.Itoa(i)
		if j, twice := first[r.Name]; twice {
			f.add(ErrInput, r.Name, path+"/name", "", "is that of reps/"+strconv.Itoa(j)+" too: add their counts")
		} else {
			first[r.Name] = i
		}
		if r.Won < 0 {
			f.add(ErrInput, r.Name, path+"/won", strconv.FormatInt(r.Won, 10), "must not be negative")
		}
		if r.Lost < 0 {
			f.add(ErrInput, r.Name, path+"/lost", strconv.FormatInt(r.Lost, 10), "must not be negative")
		}
		if r.Won < 0 || r.Lost < 0 {
			continue
		}
		if r.Won > math.MaxInt64-team.Den || r.Lost > math.MaxInt64-team.Den-r.Won {
			f.add(ErrInput, r.Name, path, "", "takes the number of deals beyond 2^63-1")
			continue
		}
		team.Num += r.Won
		team.Den += r.Won + r.Lost
	}
	return team
}

// compareSpeed adds the comparison of speed, as far as there are lifetimes for it.
func compareSpeed(c *Consistency, reps []RepRecord, e Evidence) error {
	groups := make([]*Lifetimes, len(reps))
	var all Lifetimes
	for i, r := range reps {
		groups[i] = r.Deals
		if err := all.Merge(r.Deals); err != nil {
			return err
		}
	}
	var tests []verdictOn
	each := make([]TestGroup, len(groups))
	for i, deals := range groups {
		if deals == nil {
			continue
		}
		rest := all.Clone()
		if err := rest.Sub(deals); err != nil {
			return err
		}
		t, err := LogRank(deals, rest)
		if errors.Is(err, ErrUndefined) {
			continue
		}
		if err != nil {
			return err
		}
		one, others := t.Groups[0], t.Groups[1]
		each[i] = one
		if few := float64(e.MinN); one.Observed < few || others.Observed < few {
			continue
		}
		s := &SpeedComparison{Observed: one.Observed, Expected: one.Expected, P: t.P}
		c.Reps[i].Speed = s
		tests = append(tests, verdictOn{s.P, s.Observed - s.Expected, &s.AdjustedP, &s.Verdict})
	}
	if err := verdicts(e, tests); err != nil {
		return err
	}
	if len(groups) > manyReps {
		c.Speed = conservativeTest(each)
		return nil
	}
	speed, err := LogRank(groups...)
	if errors.Is(err, ErrUndefined) {
		return nil
	}
	if err != nil {
		return err
	}
	c.Speed = &speed
	return nil
}

// manyReps is how many reps are tested together by the log-rank test, which takes the cube of their number in the end.
const manyReps = 200

// conservativeTest is the log-rank test of many groups without their covariances: Σ (O-E)²/E, which is never more than the
// full statistic.
func conservativeTest(groups []TestGroup) *Test {
	t := &Test{DF: -1, Groups: groups}
	for _, g := range groups {
		if g.Expected > 0 {
			t.DF++
			t.ChiSquared += (g.Observed - g.Expected) * (g.Observed - g.Expected) / g.Expected
		}
	}
	if t.DF < 1 {
		return nil
	}
	t.P, t.LogP = proportion.ChiSquared(t.ChiSquared, t.DF)
	return t
}
