package funnel

import "strconv"

// Verdict says whether a difference counts, given how much was seen.
type Verdict string

// The verdicts.
const (
	Worse   Verdict = "worse"   // lower, slower or costlier, and unlikely to be chance
	Better  Verdict = "better"  // higher, faster or cheaper, and unlikely to be chance
	Unclear Verdict = "unclear" // as large a difference may well be chance
	TooFew  Verdict = "too few" // not judged: too little was seen on one of the sides
)

// Evidence is how much must be seen before a difference counts. The zero value asks for the usual.
type Evidence struct {
	// MinN is how many outcomes there must be on each side of a comparison: 0 is 20, 1 compares whatever can be compared. What
	// has fewer is [TooFew], and is no test among those for whose number p-values are adjusted.
	MinN int64
	// Alpha is the greatest adjusted p-value of a difference that counts, 0 to 1: 0 is 0.05, and with 1 every difference
	// counts. See [BenjaminiHochberg].
	Alpha float64
	// Level is the confidence of the intervals, between 0 and 1: 0 is 0.95.
	Level float64
}

// orDefault returns e with its zeros replaced, and tells the values that are out of range.
func (e Evidence) orDefault(f *faults, path string) Evidence {
	if e.MinN == 0 {
		e.MinN = 20
	}
	if e.Alpha == 0 {
		e.Alpha = 0.05
	}
	if e.Level == 0 {
		e.Level = 0.95
	}
	if e.MinN < 1 {
		f.add(ErrInput, "", path+"minN", strconv.FormatInt(e.MinN, 10), "must not be negative")
	}
	if !(e.Alpha > 0 && e.Alpha <= 1) {
		f.add(ErrInput, "", path+"alpha", floatText(e.Alpha), "must be 0 to 1")
	}
	if !(e.Level > 0 && e.Level < 1) {
		f.add(ErrInput, "", path+"level", floatText(e.Level), "must be between 0 and 1, such as 0.95")
	}
	return e
}

// judge returns the verdict on a gain of any size, in the unit in which more is better.
func (e Evidence) judge(gain, adjustedP float64) Verdict {
	switch {
	case adjustedP > e.Alpha || gain == 0:
		return Unclear
	case gain > 0:
		return Better
	}
	return Worse
}

// verdicts adjusts the p-values of all tests together and gives each its verdict.
func verdicts(e Evidence, tests []verdictOn) error {
	p := make([]float64, len(tests))
	for i, t := range tests {
		p[i] = t.p
	}
	adjusted, err := BenjaminiHochberg(p)
	if err != nil {
		return err
	}
	for i, t := range tests {
		*t.adjusted, *t.verdict = adjusted[i], e.judge(t.gain, adjusted[i])
	}
	return nil
}

// verdictOn is a test that awaits its verdict: where to put it and the adjusted p-value.
type verdictOn struct {
	p, gain  float64
	adjusted *float64
	verdict  *Verdict
}
