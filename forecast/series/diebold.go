package series

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// Test is the outcome of a statistical test.
type Test struct {
	// Statistic is the test statistic.
	Statistic float64 `json:"statistic"`
	// P is the p-value, from 0 to 1: the probability of a statistic as far out as this one, or further, if there is nothing to be
	// found. Below 0.05 by custom counts as a finding.
	P float64 `json:"p"`
	// DF is the number of degrees of freedom of the distribution that P is from.
	DF int `json:"df"`
	// Lags is the number of autocorrelations that went into the statistic.
	Lags int `json:"lags"`
}

// DieboldMariano tests whether two forecasts of the same periods are equally accurate, or whether their difference is more than
// luck. The loss of a period is |error|^power, with 1 for absolute and 2 for squared errors. The statistic is negative if the
// first forecast has the smaller loss, positive if the second has; exchanging the two changes its sign only. P is two-sided.
//
// h is how many steps ahead the forecasts were made, since the errors of forecasts h steps ahead are correlated over h-1 periods. The
// statistic is the mean of the differences of losses divided by its standard error, in which the first h-1 autocovariances count, times the
// correction of Harvey, Leybourne and Newbold for small samples; P is from Student's t with n-1 degrees of freedom.
// For h above 1 the estimated variance can come out as zero or negative. Then the test falls back to h = 1, without
// autocovariances: Lags of the result is 0 instead of h-1, and P is too small if the differences are correlated.
//
// Besides the errors of [ME], for each of the forecasts:
//   - power is not above 0, or is infinite ([ErrInput], path "power")
//   - h is below 1 ([ErrInput], path "h")
//   - there are not more than h periods ([ErrTooShort], path "actual")
//   - the two losses differ by the same amount in every period, such as 0: there is no variation to judge by ([ErrUndefined])
//
// It takes O(n h). Sources: Diebold and Mariano 1995, doi:10.1080/07350015.1995.10524599; Harvey, Leybourne and Newbold 1997,
// doi:10.1016/S0169-2070(96)00719-4.
func DieboldMariano(actual, first, second []float64, h int, power float64) (Test, error) {
	if _, _, err := bothOff(actual, first, second); err != nil {
		return Test{}, err
	}
	if !(power > 0 && power <= math.MaxFloat64) {
		return Test{}, invalid("power", text(power), "must be above 0: 1 for absolute errors, 2 for squared ones")
	}
	if h < 1 {
		return Test{}, invalid("h", strconv.Itoa(h), "must be 1 or more")
	}
	count := len(actual)
	if count <= h {
		e := Error{Path: "actual", Need: h + 1, Have: count, Err: ErrTooShort}
		e.Msg = "a test of forecasts " + strconv.Itoa(h) + " steps ahead needs more periods than that, there are " + strconv.Itoa(count)
		return Test{}, &e
	}

	n := float64(count)
	diff := make([]float64, count)
	for t, a := range actual {
		diff[t] = math.Pow(math.Abs(a-first[t]), power) - math.Pow(math.Abs(a-second[t]), power)
	}
	mean := mean(diff)
	g0, err := known("DieboldMariano", autocovariance(diff, mean, 0))
	if err != nil {
		return Test{}, err
	}
	if g0 == 0 {
		return Test{}, undefined("DieboldMariano", "the losses differ by the same amount in every period, so that there is no variation to judge it by")
	}
	variance, steps, lags := g0, float64(h), h-1
	for k := 1; k < h; k++ {
		variance += float64(2 * autocovariance(diff, mean, k))
	}
	if variance <= n*0x1p-52*g0 {
		variance, steps, lags = g0, 1, 0
	}
	correction := (n + 1 - 2*steps + steps*(steps-1)/n) / n
	stat, err := ratio("DieboldMariano", math.Sqrt(correction), mean, math.Sqrt(variance/n))
	if err != nil {
		return Test{}, err
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}
	return Test{Statistic: stat, P: min(2*t.CDF(-math.Abs(stat)), 1), DF: count - 1, Lags: lags}, nil
}
