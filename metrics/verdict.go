package metrics

import "math"

// Verdict says whether a difference counts, given how much was seen.
type Verdict string

// The verdicts.
const (
	Worse    Verdict = "worse"    // in the direction that is not wanted, and unlikely to be chance
	Better   Verdict = "better"   // in the direction that is wanted, and unlikely to be chance
	Differs  Verdict = "differs"  // unlikely to be chance, where neither direction is better
	Unclear  Verdict = "unclear"  // as large a difference may well be chance
	TooFew   Verdict = "too few"  // not judged: too little was seen on one of the sides
	Untested Verdict = "untested" // not judged: nothing tells how large a difference chance would make
)

// Evidence is how much must be seen before a difference counts. The zero value asks for the usual.
type Evidence struct {
	// MinN is how many observations there must be on each side of a comparison: 0 is 20, 1 compares whatever can be compared.
	// What has fewer is [TooFew], and is no test among those for whose number p-values are adjusted.
	MinN int64
	// Alpha is the greatest p-value, adjusted if there are several, of a difference that counts, 0 to 1: 0 is 0.05, and with 1
	// every difference counts. See [BenjaminiHochberg].
	Alpha float64
	// Level is the confidence of the intervals, between 0 and 1: 0 is 0.95.
	Level float64
}

// orDefault returns e with its zeros replaced, and tells the values that are out of range.
func (e Evidence) orDefault(f *faults) Evidence {
	if e.MinN == 0 {
		e.MinN = 20
	}
	if e.Alpha == 0 {
		e.Alpha = 0.05
	}
	e.Level = f.level("evidence/level", e.Level)
	if e.MinN < 1 {
		f.add(ErrInput, "", "evidence/minN", intText(e.MinN), "must not be negative")
	}
	if !(e.Alpha > 0 && e.Alpha <= 1) {
		f.add(ErrInput, "", "evidence/alpha", floatText(e.Alpha), "must be 0 to 1")
	}
	return e
}

// terms checks what all comparisons are asked with: the direction that is better, and the evidence, whose zeros it replaces.
func (f *faults) terms(better Direction, e Evidence) Evidence {
	f.direction("better", better)
	return e.orDefault(f)
}

// direction tells of one that is none.
func (f *faults) direction(path string, d Direction) {
	if d != Higher && d != Lower && d != Neither {
		f.add(ErrInput, "", path, string(d), `must be "higher", "lower" or "neither"`)
	}
}

// judge returns the verdict on a difference, of which only the sign counts, by its p-value.
func (e Evidence) judge(difference float64, better Direction, p float64) Verdict {
	switch {
	case p > e.Alpha || difference == 0:
		return Unclear
	case better == Neither:
		return Differs
	case math.Signbit(difference) == (better == Lower):
		return Better
	}
	return Worse
}
