package metrics

import (
	"golang.org/x/exp/constraints"

	"github.com/salesops-go/salesops/internal/proportion"
)

// Interval is where a figure lies, with the confidence that was asked for.
type Interval struct {
	// Low is the lower limit.
	Low float64 `json:"low"`
	// High is the upper limit.
	High float64 `json:"high"`
}

// Wilson returns the limits between which the true share lies with the confidence of level, such as 0.9; 0 is 0.95: the score
// interval (Wilson 1927, doi:10.1080/01621459.1927.10502953), which stays within 0 and 1 and can be trusted for few deals and
// for shares near 0 or 1. 3 wins of 4 are 30 % to 95 %. It takes ratios of counts only: a share of money says nothing of how
// many decisions are behind it.
//
// ok is false if the ratio is no share, as Num is negative or greater than Den, or Den is 0; or if level is not between 0 and 1.
func Wilson[N constraints.Integer](r Ratio[N], level float64) (i Interval, ok bool) {
	num, den, ok := shareParts(r)
	if !ok {
		return Interval{}, false
	}
	if level == 0 {
		level = 0.95
	}
	i.Low, i.High, ok = proportion.Wilson(num, den, level)
	return i, ok
}

// shareParts returns the parts of a share; ok is false if it is none, or its parts are beyond an int64.
func shareParts[N constraints.Integer](r Ratio[N]) (num, den int64, ok bool) {
	num, den = int64(r.Num), int64(r.Den)
	return num, den, r.Num >= 0 && r.Den > 0 && r.Num <= r.Den && num >= 0 && den > 0
}
