package metrics

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// Time returns the ramp time: the period of tenure by which half of the reps have ramped, by the estimate of Kaplan and Meier,
// with its interval for the level of confidence, such as 0.9; 0 is 0.95. The figure is that of [RampTime] for a threshold of
// 100 % sustained for one period, of [RampTime80] for 80 %, and for other options RampTime with a note.
//
// If exactly half have ramped over a while, it is the middle of that while, as the median of an even number is the middle of two.
// The limits are where those of the curve, on the scale log(-log), pass one half (Brookmeyer and Crowley 1982,
// doi:10.2307/2530286); if the reps were not watched for long enough to know the upper one there is no interval, and a note
// tells the lower one.
//
// It has no value if fewer than half have ramped by the time they were watched. A note tells how many left before they had
// ramped: the estimate assumes that they would have ramped as the others did, which is too kind where they left because they
// did not.
func (r *Ramp) Time(level float64) Figure {
	id, note := RampTime, ""
	switch least := r.rule.least(); {
	case least.Cmp(exact.New(8, -1)) == 0:
		id = RampTime80
	case least.Cmp(exact.Int(1)) != 0:
		note = "attainment of " + decimalText(least.Decimal())
	}
	if m := r.rule.sustained; m > 1 {
		if note != "" {
			note += ", "
		}
		note += "sustained for " + strconv.Itoa(m) + " periods"
	}
	f := r.half(id, &r.ramped, level, "ramped").note(note)
	switch {
	case r.leave == 1:
		f = f.note("1 rep left before having ramped")
	case r.leave > 1:
		f = f.note(intText(r.leave) + " reps left before having ramped")
	}
	return f
}

// TimeToFirstDeal returns the period of tenure by which half of the reps have won their first deal, as [Ramp.Time] does.
func (r *Ramp) TimeToFirstDeal(level float64) Figure {
	return r.half(RampTimeFirstDeal, &r.first, level, "won a deal")
}

// RampRule returns the ramp time by the rule of thumb that it is the sales cycle and 90 days more, for a mean cycle in days. It
// has no value if the cycle is negative, infinite or not a number.
func RampRule(cycle float64) Figure {
	if !(cycle >= 0) {
		return noValue(RampTimeRule, 0, "the cycle must be 0 days or more")
	}
	return valueOf(RampTimeRule, cycle+90, 0)
}

// half is the median time until something is done.
func (r *Ramp) half(id ID, h *lifetime.Histogram, level float64, done string) Figure {
	if h.Len() == 0 {
		return noValue(id, 0, "there is no rep")
	}
	if level == 0 {
		level = 0.95
	}
	return livesFigure(id, h, median, level, done)
}
