package forecast

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Prior is what is known of the win rate of a group before any of its deals: the Beta distribution with the parameters
// Mean × Strength and (1 - Mean) × Strength. The zero Prior knows nothing; it stands for Jeffreys' prior, of mean 1/2 and
// strength 1.
type Prior struct {
	// Mean is the win rate of a group without deals.
	Mean float64 `json:"mean"`
	// Strength is how many closed deals the prior is worth: a group with so many deals has its rate halfway between its raw
	// rate and Mean. It is 0 if Pooled is set.
	Strength float64 `json:"strength"`
	// Pooled says that nothing tells the groups apart: all have the win rate Mean, and the prior is infinitely strong.
	Pooled bool `json:"pooled,omitempty"`
	// All counts the deals of all groups that the prior was fitted to.
	All Tally `json:"all"`
}

// The strengths between which FitPrior looks: not weaker than Jeffreys' prior, since with few groups the likelihood may be
// greatest for rates that are all 0 or 1, and not stronger than can be told from infinitely strong.
const (
	leastStrength = 1
	mostStrength  = 1e12
)

// FitPrior estimates how win rates differ between groups, such as reps or segments, from their tallies: the two parameters
// of the Beta distribution that make the tallies most likely, when the rates are drawn from it and the deals won by the
// rates (Beta-Binomial model; empirical Bayes after Robbins 1956). [Prior.Rate] then draws the rate of each group towards
// the mean.
//
// The prior is pooled if the tallies differ no more than equal rates do on average, that is, if the score of a finite
// strength (Tarone 1979, https://doi.org/10.1093/biomet/66.3.585) is not positive; groups of equal rates are pooled about
// every second time, and otherwise have a great strength. It is Jeffreys' if fewer than two groups have a closed deal, and never
// weaker than that. Groups without a closed deal tell nothing. The order of the tallies does not matter. It takes
// O(n log n).
//
// FitPrior returns an error ([ErrInput]) if a tally is negative or has more deals won than closed.
func FitPrior(tallies []Tally) (Prior, error) {
	var f faults
	b := betaBinomial{}
	groups := 0
	for i, t := range tallies {
		if !f.tally("tallies/"+strconv.Itoa(i), t) || t.Closed == 0 {
			continue
		}
		groups++
		b.groups = append(b.groups, alikeGroups{won: float64(t.Won), lost: float64(t.Closed - t.Won), n: 1})
		b.won += float64(t.Won)
		b.lost += float64(t.Closed - t.Won)
	}
	if err := f.err(); err != nil {
		return Prior{}, err
	}
	p := jeffreys()
	for _, t := range tallies {
		p.All.Won, p.All.Closed = saturated(p.All.Won, t.Won), saturated(p.All.Closed, t.Closed)
	}
	if groups < 2 {
		return p, nil
	}
	b.merge()
	p.Mean, p.Strength, p.Pooled = b.fit()
	return p, nil
}

// Rate returns the estimated win rate of a group: the mean of the posterior distribution,
//
//	(Mean × Strength + Won) / (Strength + Closed)
//
// which lies between the raw rate and Mean. With a pooled prior it is Mean.
//
// Rate returns an error ([ErrInput]) if the tally is negative or has more deals won than closed, or the prior is none:
// Mean must lie between 0 and 1, Strength must not be negative.
func (p Prior) Rate(t Tally) (float64, error) {
	p, err := p.checked(t)
	if err != nil {
		return 0, err
	}
	if p.Pooled {
		return p.Mean, nil
	}
	if t.Closed == 0 {
		return p.Mean, nil
	}
	n := float64(t.Closed)
	credibility := n / (n + p.Strength)
	return clampRate(p.Mean + float64(credibility*(float64(t.Won)/n-p.Mean))), nil
}

// Interval returns the central credible interval of the win rate of a group: by prior and tally the rate lies in it with
// the probability level, and below it as probably as above. With a pooled prior it is that of the one rate of all groups, after
// Jeffreys. The uncertainty of the prior itself is not in it, so that with few groups it is somewhat too narrow. Its ends
// are exact to about 1e-7.
//
// Interval returns an error ([ErrInput]) if [Prior.Rate] does, or level is not above 0 and below 1.
func (p Prior) Interval(t Tally, level float64) (low, high float64, err error) {
	p, err = p.checked(t)
	if err != nil {
		return 0, 0, err
	}
	if !(level > 0 && level < 1) {
		return 0, 0, &Error{Path: "level", Value: strconv.FormatFloat(level, 'g', -1, 64), Msg: "must be above 0 and below 1; write 0.8 for 80 %", Err: ErrInput}
	}
	if p.Pooled {
		all := p.All
		p = jeffreys()
		t = all
	}
	a := float64(p.Mean*p.Strength) + float64(t.Won)
	b := float64((1-p.Mean)*p.Strength) + float64(t.Closed-t.Won)
	return betaQuantile(a, b, (1-level)/2), betaQuantile(a, b, (1+level)/2), nil
}

// jeffreys returns the prior that is least informative about one rate.
func jeffreys() Prior { return Prior{Mean: 0.5, Strength: 1} }

// checked returns the prior, Jeffreys' for the zero one, if it and the tally are sound.
func (p Prior) checked(t Tally) (Prior, error) {
	var f faults
	f.tally("tally", t)
	f.tally("prior/all", p.All)
	if !(p.Mean >= 0 && p.Mean <= 1) {
		f.add(ErrInput, "", "prior/mean", strconv.FormatFloat(p.Mean, 'g', -1, 64), "must be from 0 to 1")
	}
	if !(p.Strength >= 0 && p.Strength <= math.MaxFloat64) {
		f.add(ErrInput, "", "prior/strength", strconv.FormatFloat(p.Strength, 'g', -1, 64), "must be a finite number of deals, and not negative")
	}
	if err := f.err(); err != nil {
		return Prior{}, err
	}
	if p.Strength == 0 && !p.Pooled {
		p.Mean, p.Strength = jeffreys().Mean, jeffreys().Strength
	}
	return p, nil
}

// tally checks a tally.
func (f *faults) tally(path string, t Tally) bool {
	ok := t.Won >= 0 && t.Won <= t.Closed
	if !ok {
		f.add(ErrInput, "", path, strconv.Itoa(t.Won)+" of "+strconv.Itoa(t.Closed), "must have 0 or more deals won, and no more than closed")
	}
	return ok
}

// betaQuantile returns the p-quantile of the Beta distribution: by the inverse of the incomplete Beta function, and where that
// loses its digits by the expansion of Cornish and Fisher (1938), whose error is then of the order 1/min(a, b).
func betaQuantile(a, b, p float64) float64 {
	switch {
	case !(a > 0):
		return 0
	case !(b > 0):
		return 1
	case a+b < 1e6 || min(a, b) < 1e3:
		if q := mathext.InvRegIncBeta(a, b, p); !math.IsNaN(q) {
			return clampRate(q)
		}
	}
	n := a + b
	mean, rest := a/n, b/n
	sd := math.Sqrt(float64(mean*rest) / (n + 1))
	if !(sd > 0) {
		return mean
	}
	skew := 2 * (rest - mean) / (n + 2) / sd
	z := distuv.UnitNormal.Quantile(p)
	return clampRate(mean + float64(sd*(z+float64(skew*(float64(z*z)-1))/6)))
}

func clampRate(p float64) float64 { return min(max(p, 0), 1) }

// saturated returns a + b, or the greatest int if that overflows; neither is negative.
func saturated(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}
