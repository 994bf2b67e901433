package forecast

import (
	"math"
	"strconv"
)

// Brier returns the Brier score of probabilities: the mean of (p - y)², where y is 1 for a deal that was won and 0 for one that
// was lost (Brier 1950, https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2). It lies between 0, for certainty
// that came true each time, and 1. Saying 0.5 throughout scores 0.25. It is proper: who reports a number other than what they
// believe makes it worse.
//
// Deal number i has the probability p[i] and was won or lost as won[i] says; open deals have no place here. A score that is a
// rank, as deal scores from 0 to 100 are at some vendors, is no probability; see [FitIsotonic].
//
// Brier returns an error if:
//   - p and won have unequal lengths, or a probability is not between 0 and 1 ([ErrInput])
//   - there are no deals ([ErrUndefined])
func Brier(p []float64, won []bool) (float64, error) {
	if err := checkScored(p, won); err != nil {
		return 0, err
	}
	return brier(p, won), nil
}

// BrierSkill returns by which share the Brier score is better than that of the base rate, the share of deals won, given to
// every deal: 1 - Brier / (w (1 - w)) for the base rate w. It is 1 for perfect probabilities, 0 for the base rate, and
// negative for anything worse. The base rate is that of the same deals, which no forecaster knew beforehand.
//
// BrierSkill returns an error if:
//   - [Brier] would
//   - all deals were won, or all lost: the base rate then is perfect ([ErrUndefined])
func BrierSkill(p []float64, won []bool) (float64, error) {
	if err := checkScored(p, won); err != nil {
		return 0, err
	}
	w := count(won)
	if w == 0 || w == len(won) {
		return 0, &Error{Path: "won", Msg: "must hold deals won and deals lost, else the base rate is perfect and leaves no room for skill", Err: ErrUndefined}
	}
	rate := float64(w) / float64(len(won))
	return 1 - brier(p, won)/float64(rate*(1-rate)), nil
}

// LogLoss returns the mean of -ln(p) over the deals won and -ln(1-p) over those lost, also called cross-entropy or the
// ignorance score, in nats. It is 0 at best, and ln 2 = 0.693 for 0.5 throughout.
//
// The loss of a certainty that did not come true, 0 for a deal won or 1 for one lost, is infinite. That is an error which names
// the deals; probabilities are not moved away from 0 and 1 in secret.
//
// LogLoss returns an error if:
//   - p and won have unequal lengths, or a probability is not between 0 and 1 ([ErrInput])
//   - there are no deals, or a certainty did not come true ([ErrUndefined])
func LogLoss(p []float64, won []bool) (float64, error) {
	if err := checkScored(p, won); err != nil {
		return 0, err
	}
	var f faults
	var sum compensated
	for i, v := range p {
		switch {
		case v == 0 && won[i]:
			f.add(ErrUndefined, "", "p/"+strconv.Itoa(i), "0", "is the chance of a deal that was won: its loss is infinite")
		case v == 1 && !won[i]:
			f.add(ErrUndefined, "", "p/"+strconv.Itoa(i), "1", "is the chance of a deal that was lost: its loss is infinite")
		case won[i]:
			sum.add(-math.Log(v))
		default:
			sum.add(-math.Log1p(-v))
		}
	}
	if err := f.err(); err != nil {
		return 0, err
	}
	return sum.value() / float64(len(p)), nil
}

// Murphy is the Brier score taken apart, by bins of probability (Murphy 1973,
// https://doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2), with the two terms that make it exact when probabilities
// differ within a bin (Stephenson, Coelho and Jolliffe 2008, https://doi.org/10.1175/2007WAF2006116.1):
//
//	Brier = Reliability - Resolution + Uncertainty + WithinVariance - WithinCovariance
//
// In the comments of the fields, a bin has n of the N deals, mean probability p and share won y; w is the share won of all.
type Murphy struct {
	// Reliability is the sum of n/N (p - y)²: how far probabilities are from what happens. 0 is best; calibration mends it.
	Reliability float64 `json:"reliability"`
	// Resolution is the sum of n/N (y - w)²: how far the bins are told apart. More is better; calibration does not change it.
	Resolution float64 `json:"resolution"`
	// Uncertainty is w (1 - w), the Brier score of the base rate: it belongs to the deals, not to the forecaster.
	Uncertainty float64 `json:"uncertainty"`
	// WithinVariance is the variance of the probabilities within bins: what the bins add to the score by being coarse.
	WithinVariance float64 `json:"withinVariance"`
	// WithinCovariance is twice the covariance of probability and outcome within bins: what skill the bins do not see.
	WithinCovariance float64 `json:"withinCovariance"`
}

// Brier returns the sum of the parts, the Brier score up to rounding errors of 1e-15.
func (m Murphy) Brier() float64 {
	return m.Reliability - m.Resolution + m.Uncertainty + m.WithinVariance - m.WithinCovariance
}

// Decompose returns the parts of the Brier score, for the bins of the options; their level is not used. It takes O(n log n)
// for n deals.
//
// Decompose returns an error if:
//   - [Brier] would
//   - an option has no meaning ([ErrInput])
func Decompose(p []float64, won []bool, o BinOptions) (Murphy, error) {
	groups, err := binned(p, won, o)
	if err != nil {
		return Murphy{}, err
	}
	n := float64(len(p))
	base := float64(count(won)) / n
	var rel, res, variance, covariance compensated
	for _, g := range groups {
		k := float64(len(g.deals))
		mean, rate := g.mean(), g.rate()
		rel.add(float64(k * square(mean-rate)))
		res.add(float64(k * square(rate-base)))
		for _, v := range g.deals {
			off := v.p() - mean
			variance.add(square(off))
			covariance.add(float64(off * (outcome(v.won()) - rate)))
		}
	}
	return Murphy{
		Reliability:      rel.value() / n,
		Resolution:       res.value() / n,
		Uncertainty:      float64(base * (1 - base)),
		WithinVariance:   variance.value() / n,
		WithinCovariance: 2 * covariance.value() / n,
	}, nil
}

func brier(p []float64, won []bool) float64 {
	var sum compensated
	for i, v := range p {
		sum.add(square(v - outcome(won[i])))
	}
	return sum.value() / float64(len(p))
}

// outcome is 1 for a deal won, else 0.
func outcome(won bool) float64 {
	if won {
		return 1
	}
	return 0
}

func square(x float64) float64 { return float64(x * x) }

func count(won []bool) int {
	n := 0
	for _, w := range won {
		if w {
			n++
		}
	}
	return n
}

// checkScored checks probabilities and what became of their deals.
func checkScored(p []float64, won []bool) error {
	if len(p) != len(won) {
		return &Error{Path: "won", Value: strconv.Itoa(len(won)), Msg: "is its length; there are " + strconv.Itoa(len(p)) + " probabilities, one a deal", Err: ErrInput}
	}
	if len(p) == 0 {
		return &Error{Path: "p", Msg: "must not be empty", Err: ErrUndefined}
	}
	var f faults
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			f.add(ErrInput, "", "p/"+strconv.Itoa(i), floatText(v), "must be between 0 and 1")
		}
	}
	return f.err()
}

// compensated is a sum whose rounding errors are summed too (Neumaier 1974, https://doi.org/10.1002/zamm.19740540106), so
// that its error does not grow with the number of terms.
type compensated struct{ sum, lost float64 }

func (c *compensated) add(x float64) {
	s := c.sum + x
	if math.Abs(c.sum) >= math.Abs(x) {
		c.lost += (c.sum - s) + x
	} else {
		c.lost += (x - s) + c.sum
	}
	c.sum = s
}

func (c *compensated) value() float64 { return c.sum + c.lost }
