package metrics

import (
	"math"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops/internal/proportion"
)

// Comparison is the difference of two figures, and whether it may be chance. [CompareShares], [CompareMeans], [CompareSamples]
// and the like make it.
type Comparison struct {
	// Difference is the first figure less the second: of samples the shift between them, see [CompareSamples]. nil if one of the
	// sides has no figure.
	Difference *float64 `json:"difference"`
	// Interval is where the true difference lies, with the confidence of [Evidence.Level]; nil if the data do not tell.
	Interval *Interval `json:"interval,omitempty"`
	// Superiority is, of samples, the probability that a value of the first is greater than one of the second, equal ones
	// counting half: 0.5 speaks for neither. nil of what is no sample.
	Superiority *float64 `json:"superiority,omitempty"`
	// P is the probability of such a difference, or a greater one, between equals; nil if there is no test, as too little was
	// seen or nothing varies.
	P *float64 `json:"p,omitempty"`
	// AdjustedP is P adjusted for the number of comparisons, as [Judge] and [CompareToRest] do it; nil if it was not, or P is nil.
	AdjustedP *float64 `json:"adjustedP,omitempty"`
	// Better is the direction that the verdict takes for better.
	Better Direction `json:"better"`
	// Verdict says whether the difference counts.
	Verdict Verdict `json:"verdict"`
	// Method is how Interval and P are computed, also if there is no P as too little was seen.
	Method Method `json:"method"`
	// Reason says why Verdict is Unclear, TooFew or Untested, as a sentence without a full stop; "" if it is none of them.
	Reason string `json:"reason,omitempty"`
}

// Method is how an interval and a p-value are computed.
type Method string

// The methods.
const (
	ByChiSquared  Method = "newcombe+chi-squared" // two shares: Newcombe's interval, the chi-squared test
	ByFisher      Method = "newcombe+fisher"      // two shares: Newcombe's interval, Fisher's exact test
	ByScore       Method = "wilson+score"         // a share and a target: Wilson's interval, the score test
	ByBinomial    Method = "wilson+binomial"      // a share and a target: Wilson's interval, the exact binomial test
	ByWelch       Method = "welch"                // two means: Welch's t-test
	ByStudent     Method = "student"              // a mean and a target: Student's t-test
	ByMannWhitney Method = "mann-whitney"         // two samples: the interval of Hodges and Lehmann, the test of Mann and Whitney
)

// Judge adjusts the p-values of comparisons for their number by [BenjaminiHochberg], all together, and gives each its verdict:
// AdjustedP, Verdict and Reason are made anew. Those without a P stay as they are, and do not count; nil is none. Judge together
// what is read together, such as all reps, or all KPIs of one scoreboard:
//
//	err := metrics.Judge(metrics.Evidence{}, &winRate.Comparison, &cycle.Comparison)
//
// Of e, Alpha counts only. It takes O(n log n).
//
// Judge returns an error ([ErrInput]), and changes nothing, if:
//   - e is out of range
//   - a P is not a probability, or a Better no direction
func Judge(e Evidence, comparisons ...*Comparison) error {
	var f faults
	e = e.orDefault(&f)
	var p []float64
	var judged []*Comparison
	for i, c := range comparisons {
		if c == nil || c.P == nil {
			continue
		}
		path := "comparisons/" + strconv.Itoa(i)
		f.probability(path+"/p", *c.P)
		f.direction(path+"/better", c.Better)
		p, judged = append(p, *c.P), append(judged, c)
	}
	if err := f.err(); err != nil {
		return err
	}
	adjusted := proportion.Adjust(p)
	for i, c := range judged {
		c.AdjustedP = &adjusted[i]
		c.judge(e, len(p))
	}
	return nil
}

// judge gives a comparison with a P, one of so many, its verdict and reason.
func (c *Comparison) judge(e Evidence, of int) {
	p := *c.P
	if c.AdjustedP != nil {
		p = *c.AdjustedP
	}
	sign := c.sign()
	c.Verdict, c.Reason = e.judge(sign, c.Better, p), ""
	if c.Verdict != Unclear {
		return
	}
	if sign == 0 {
		c.Reason = "there is no difference"
		return
	}
	c.Reason = "a difference this large comes up in " + oftenText(*c.P) + " comparisons of equals"
	if *c.P <= e.Alpha {
		c.Reason += ", and " + grouped(strconv.Itoa(of)) + " were made"
	}
}

// sign returns a number of the sign of the difference. That of samples is what the test looks at: it may be there where the
// shift, a median of differences, is 0.
func (c *Comparison) sign() float64 {
	switch {
	case c.Superiority != nil:
		return *c.Superiority - 0.5
	case c.Difference != nil:
		return *c.Difference
	}
	return 0
}

// oftenText says a probability as a share of cases.
func oftenText(p float64) string {
	const least = 1_000_000
	if p < 1.0/least {
		return "fewer than 1 of 1,000,000"
	}
	of := 100.0
	for p*of < 0.95 {
		of *= 10
	}
	cases := math.Round(p * of)
	if cases == of {
		return "nearly all"
	}
	return strconv.FormatFloat(cases, 'f', 0, 64) + " of " + grouped(strconv.FormatFloat(of, 'f', 0, 64))
}

// unjudged gives a comparison without a P its verdict.
func (c *Comparison) unjudged(v Verdict, reason string) { c.Verdict, c.Reason = v, reason }

// tooFew says that one of two sides has fewer observations than are needed.
func (c *Comparison) tooFew(need, a, b int64) {
	c.unjudged(TooFew, countText(need)+" are needed on each side: there are "+countText(a)+" and "+countText(b))
}

// tooFewOf says that the one side that there is has too few.
func (c *Comparison) tooFewOf(need, n int64) {
	c.unjudged(TooFew, countText(need)+" are needed: there are "+countText(n))
}

func countText(n int64) string { return grouped(intText(n)) }

// noSpread is why means that do not vary are not tested.
const noSpread = "nothing varies, so nothing tells how large a difference chance would make"

// isShare reports whether the difference is one of shares.
func (c Comparison) isShare() bool {
	switch c.Method {
	case ByChiSquared, ByFisher, ByScore, ByBinomial:
		return true
	default:
		return false
	}
}

// String tells the comparison in a line: "better: +7.0 points (+1.2 to +12.6), p = 0.018", or "unclear: …" and the reason. The
// difference of shares is in percentage points, that of others in their own unit.
func (c Comparison) String() string {
	var s strings.Builder
	s.WriteString(string(c.Verdict))
	if c.Difference != nil {
		s.WriteString(": " + c.text(*c.Difference))
		if c.isShare() {
			s.WriteString(" points")
		}
		if c.Interval != nil {
			s.WriteString(" (" + c.text(c.Interval.Low) + " to " + c.text(c.Interval.High) + ")")
		}
	}
	switch {
	case c.AdjustedP != nil:
		s.WriteString(", adjusted p " + pText(*c.AdjustedP))
	case c.P != nil:
		s.WriteString(", p " + pText(*c.P))
	}
	if c.Reason != "" {
		s.WriteString(": " + c.Reason)
	}
	return s.String()
}

// text writes a difference with its sign and about four digits.
func (c Comparison) text(v float64) string {
	sign := "+"
	if v < 0 {
		sign, v = "-", -v
	}
	var s string
	switch {
	case c.isShare():
		s = strconv.FormatFloat(100*v, 'f', 1, 64)
	case v >= 1e15 || v > 0 && v < 0.001:
		s = strconv.FormatFloat(v, 'g', 4, 64)
	default:
		places := 0
		for of := v; of < 1000 && places < 3; places++ {
			of *= 10
		}
		s = grouped(strconv.FormatFloat(v, 'f', places, 64))
	}
	if strings.Trim(s, "0.") == "" {
		return s
	}
	return sign + s
}

// pText writes a p-value with two digits.
func pText(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return "= " + strconv.FormatFloat(p, 'g', 2, 64)
}
