package proportion

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Wilson returns the score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953): the shares that a test with
// the normal approximation at the true share does not reject. It stays within 0 and 1, holds x/n, and its coverage is near the
// level even for small n and extreme shares (Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286).
func Wilson(x, n int64, level float64) (lo, hi float64, ok bool) {
	if !isShare(x, n) {
		return 0, 0, false
	}
	return WilsonShare(float64(x)/float64(n), float64(n), level)
}

// WilsonShare is [Wilson] for an estimated share that is worth so many trials, not necessarily whole: as many as would give
// a plain share its standard error (Dorey and Korn 1987, doi:10.1002/sim.4780060605). Trials must be positive and finite.
func WilsonShare(share, trials, level float64) (lo, hi float64, ok bool) {
	if !(share >= 0 && share <= 1 && trials > 0 && trials <= math.MaxFloat64) || !isLevel(level) {
		return 0, 0, false
	}
	z := Quantile(level)
	per := min(float64(z*z)/trials, math.MaxFloat64/4) // the limits do not tell greater ones apart
	top := share + float64(per/2) + math.Sqrt(float64(per*(float64(share*(1-share))+float64(per/4))))
	// The limits are the roots of (1+z²/n)p² - (2x/n+z²/n)p + (x/n)². The smaller one is taken from their product, as the
	// difference would cancel. At the edges they are the share itself, and no rounding may take that away.
	lo, hi = share, share
	if share > 0 {
		lo = min(share*(share/top), share)
	}
	if share < 1 {
		hi = min(max(top/(1+per), share), 1)
	}
	return lo, hi, true
}

// ClopperPearson returns the "exact" interval of a share (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404): it holds
// the true share with at least the probability of the level, whatever the share, and is wider than need be for that.
func ClopperPearson(x, n int64, level float64) (lo, hi float64, ok bool) {
	if !isShare(x, n) || !isLevel(level) {
		return 0, 0, false
	}
	return betaInterval(x, n, 0, level)
}

// Jeffreys returns the interval of equal tails of the Beta(x+1/2, n-x+1/2) distribution, that of the Bayesian who begins with
// Jeffreys' prior, with 0 as its lower limit if x is 0 and 1 as its upper limit if x is n (Brown, Cai and DasGupta 2001,
// doi:10.1214/ss/1009213286).
func Jeffreys(x, n int64, level float64) (lo, hi float64, ok bool) {
	if !isShare(x, n) || !isLevel(level) {
		return 0, 0, false
	}
	return betaInterval(x, n, 0.5, level)
}

// betaInterval returns quantiles of Beta(x+a, n-x+1-a) and Beta(x+1-a, n-x+a).
func betaInterval(x, n int64, a, level float64) (lo, hi float64, ok bool) {
	tail := (1 - level) / 2
	successes, failures := float64(x), float64(n-x)
	hi = 1
	if x > 0 {
		lo = mathext.InvRegIncBeta(successes+a, failures+1-a, tail)
	}
	if x < n {
		hi = 1 - mathext.InvRegIncBeta(failures+a, successes+1-a, tail)
	}
	return lo, hi, !math.IsNaN(lo) && !math.IsNaN(hi)
}

// Newcombe returns the difference x1/n1 - x2/n2 with the interval that is put together from the score intervals of the two:
// method 10 of Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I). It stays within -1 and 1.
func Newcombe(x1, n1, x2, n2 int64, level float64) (diff, lo, hi float64, ok bool) {
	if !isShare(x1, n1) || !isShare(x2, n2) {
		return 0, 0, 0, false
	}
	return NewcombeShare(float64(x1)/float64(n1), float64(n1), float64(x2)/float64(n2), float64(n2), level)
}

// NewcombeShare is [Newcombe] for estimated shares that are worth so many trials, as in [WilsonShare].
func NewcombeShare(share1, trials1, share2, trials2, level float64) (diff, lo, hi float64, ok bool) {
	lo1, hi1, ok1 := WilsonShare(share1, trials1, level)
	lo2, hi2, ok2 := WilsonShare(share2, trials2, level)
	if !ok1 || !ok2 {
		return 0, 0, 0, false
	}
	diff = share1 - share2
	lo = diff - math.Hypot(share1-lo1, hi2-share2)
	hi = diff + math.Hypot(hi1-share1, share2-lo2)
	return diff, max(lo, -1), min(hi, 1), true
}

// Quantile returns how many standard deviations either side of the mean of a normal distribution hold the share level of it:
// 1.96 for 0.95. The level must be between 0 and 1, both excluded.
func Quantile(level float64) float64 { return -mathext.NormalQuantile((1 - level) / 2) }

// isShare reports whether x successes can be among n trials.
func isShare(x, n int64) bool { return 0 <= x && x <= n && n > 0 }

// isLevel reports whether level is a share of confidence.
func isLevel(level float64) bool { return level > 0 && level < 1 }
