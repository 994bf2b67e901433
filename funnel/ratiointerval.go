package funnel

import "github.com/salesops-go/salesops/internal/proportion"

// Wilson returns the limits between which the true share lies with the confidence of level, such as 0.9; 0 is 0.95. It is the
// score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953): it stays within 0 and 1, and can be trusted for few deals
// and for shares near 0 or 1, where the usual share ± 2 standard errors cannot. 3 wins of 4 are 30 % to 95 %.
//
// ok is false if the ratio is no share, as Num is negative or greater than Den, or Den is 0; or if level is not between
// 0 and 1.
func (r Ratio) Wilson(level float64) (lo, hi float64, ok bool) {
	if level == 0 {
		level = 0.95
	}
	return proportion.Wilson(r.Num, r.Den, level)
}
