package series

import (
	"errors"
	"math"
	"slices"
	"strconv"
)

// Interval is a prediction interval of one level for each of some periods, as [Forecast.Interval] returns its bounds.
type Interval struct {
	// Level is the share of outcomes that should fall inside, above 0 and below 1: 0.8 for 80 %.
	Level float64 `json:"level"`
	// Lo is the lower bound of each period, itself inside.
	Lo []float64 `json:"lo"`
	// Hi is the upper bound of each period, itself inside, and not below Lo.
	Hi []float64 `json:"hi"`
}

// Coverage returns the share of the actuals that fall inside the interval, bounds included, from 0 to 1. For a good forecast it is near
// the level: higher and the interval is too wide, lower and it is too narrow.
//
// The metrics of an interval return the errors of [ME], and [ErrInput] if:
//   - the level is not above 0 and below 1 (path "level")
//   - the bounds are not as many as the actuals, or one is NaN or infinite (path "lo" or "hi", with its index)
//   - a lower bound is above its upper bound (path "lo", with its index)
func Coverage(actual []float64, in Interval) (float64, error) {
	if err := checkInterval(actual, in); err != nil {
		return 0, err
	}
	inside := 0
	for i, a := range actual {
		if in.Lo[i] <= a && a <= in.Hi[i] {
			inside++
		}
	}
	return float64(inside) / float64(len(actual)), nil
}

// ACD returns the absolute coverage difference, |[Coverage] - level|, from 0 to 1. Errors as [Coverage].
func ACD(actual []float64, in Interval) (float64, error) {
	share, err := Coverage(actual, in)
	if err != nil {
		return 0, err
	}
	return math.Abs(share - in.Level), nil
}

// Winkler returns the mean interval score: the width of the interval, plus 2/(1 - level) times how far the actual is outside. The less the
// better; in the units of the data. It is the proper score of an interval: to state other bounds than one
// believes does not pay.
//
// Errors as [Coverage]. Source: Winkler 1972, doi:10.1080/01621459.1972.10481224; Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
func Winkler(actual []float64, in Interval) (float64, error) {
	if err := checkInterval(actual, in); err != nil {
		return 0, err
	}
	sum := 0.0
	for i, a := range actual {
		miss := max(in.Lo[i]-a, a-in.Hi[i], 0)
		sum += in.Hi[i] - in.Lo[i] + float64(2/(1-in.Level)*miss)
	}
	return known("Winkler", sum/float64(len(actual)))
}

// MSIS returns the mean scaled interval score of the M4 competition, [Winkler] / [Scale], which has no units and can be averaged over
// series. M4 used a level of 0.95. Errors as [Coverage] and [Scale].
func MSIS(train, actual []float64, in Interval, m int) (float64, error) {
	score, err := Winkler(actual, in)
	if err != nil {
		return 0, err
	}
	scale, err := Scale(train, m)
	if err != nil {
		return 0, err
	}
	return ratio("MSIS", 1, score, scale)
}

// WIS returns the mean weighted interval score of a median and the intervals around it:
// (½|actual - median| + Σ ½(1 - level) × [Winkler]) / (K + ½) for K intervals. It has the units of the data and is close to the [CRPS] of the
// distribution that the intervals outline; without intervals it is [MAE].
//
// Errors as [Coverage]. Source: Bracher, Ray, Gneiting and Reich 2021, doi:10.1371/journal.pcbi.1008618.
func WIS(actual, median []float64, in ...Interval) (float64, error) {
	off, err := MAE(actual, median)
	if err != nil {
		return 0, err
	}
	sum := off / 2
	for _, k := range in {
		score, err := Winkler(actual, k)
		if err != nil {
			return 0, err
		}
		sum += float64((1 - k.Level) / 2 * score)
	}
	return known("WIS", sum/(float64(len(in))+0.5))
}

// Pinball returns the mean pinball (quantile) loss of forecasts of the q-quantile, q above 0 and below 1: q × (actual - forecast) where the
// forecast is too low, (1-q) × (forecast - actual) where it is too high. At q = 0.5 it is half of [MAE]. A forecast that
// is exceeded in the share 1-q of all cases makes it least.
//
// Besides the errors of [ME]: q is out of range ([ErrInput], path "q").
// Source: Koenker and Bassett 1978, doi:10.2307/1913643.
func Pinball(actual, forecast []float64, q float64) (float64, error) {
	if err := checkShare("q", q); err != nil {
		return 0, err
	}
	return averaged("Pinball", actual, forecast, func(a, f float64) float64 {
		if a >= f {
			return q * (a - f)
		}
		return (1 - q) * (f - a)
	})
}

// WQL returns the weighted quantile loss, 2 × Σ pinball / Σ|actual|, a ratio (not per cent). At q = 0.5 it is [WAPE] / 100. For several
// quantiles take the mean of theirs.
//
// Errors as [Pinball], and if every actual is zero ([ErrUndefined]).
func WQL(actual, forecast []float64, q float64) (float64, error) {
	loss, err := Pinball(actual, forecast, q)
	if err != nil {
		return 0, err
	}
	size := 0.0
	for _, a := range actual {
		size += math.Abs(a)
	}
	if size == 0 {
		return 0, undefined("actual", "has nothing but zeros, of which there is no share; use Pinball")
	}
	return ratio("WQL", 2*float64(len(actual)), loss, size)
}

// CRPS returns the continuous ranked probability score of a sample of forecasts of one value: ∫(F(x) - 1{x ≥ actual})² dx, with F the sample's
// distribution. That is mean|X - actual| - ½ mean|X - X'| over all pairs. It has the units of the data; for a sample of one it is the absolute error. Average
// it over periods. The sample is in any order; a sorted one is not copied.
//
// It takes O(n log n), O(n) if the sample is sorted, and returns an error if:
//   - a value is NaN or infinite ([ErrInput], path "actual" or "sample" with its index)
//   - the sample is empty ([ErrUndefined], path "sample")
//   - the result is beyond the largest number ([ErrUndefined])
//
// Source: Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
func CRPS(actual float64, sample []float64) (float64, error) {
	score, _, err := crps(actual, sample)
	if err != nil {
		return 0, err
	}
	return known("CRPS", score)
}

// CRPSFair returns the [CRPS] that the distribution would score of which the sample is drawn, estimated without bias: the mean of
// |X - X'| is over pairs of different members, n(n-1) of them instead of n². Samples of different size compare fairly. It can be
// negative. Errors as [CRPS], and if there is one member only ([ErrUndefined]).
//
// Source: Ferro 2014, doi:10.1002/qj.2270.
func CRPSFair(actual float64, sample []float64) (float64, error) {
	score, spread, err := crps(actual, sample)
	if err != nil {
		return 0, err
	}
	n := float64(len(sample))
	if n == 1 {
		return 0, undefined("sample", "has one member and so no spread; use CRPS")
	}
	return known("CRPSFair", score-spread/(n-1))
}

// crps returns the score of a sample and the mean of half the distances of all its pairs.
func crps(actual float64, sample []float64) (score, spread float64, err error) {
	if err := checkNumber("actual", actual); err != nil {
		return 0, 0, err
	}
	if err := checkFinite("sample", sample); err != nil {
		return 0, 0, err
	}
	if len(sample) == 0 {
		return 0, 0, undefined("sample", "is empty: there is nothing to score")
	}
	if !slices.IsSorted(sample) {
		sample = slices.Clone(sample)
		slices.Sort(sample)
	}
	// The integrand is constant between neighbours: all terms are positive, and none cancels.
	n := float64(len(sample))
	score = max(sample[0]-actual, actual-sample[len(sample)-1], 0)
	for i, right := range sample[1:] {
		left, below := sample[i], float64(i+1)/n
		split := min(max(actual, left), right)
		score += float64(below*below*(split-left)) + float64((1-below)*(1-below)*(right-split))
		spread += float64(below * (1 - below) * (right - left))
	}
	return score, spread, nil
}

// CRPSNormal returns the [CRPS] of a normal forecast of one value: σ(z(2Φ(z) - 1) + 2φ(z) - 1/√π), z = (actual - mean)/σ, with sd for σ. With an
// sd of 0 it is the absolute error.
//
// It returns an error if:
//   - a value is NaN or infinite, or sd is negative ([ErrInput], path the argument's name)
//   - the result is beyond the largest number ([ErrUndefined])
//
// Source: Gneiting, Raftery, Westveld and Goldman 2005, doi:10.1175/MWR2904.1.
func CRPSNormal(actual, mean, sd float64) (float64, error) {
	if err := errors.Join(checkNumber("actual", actual), checkNumber("mean", mean), checkNumber("sd", sd)); err != nil {
		return 0, err
	}
	if sd < 0 {
		return 0, invalid("sd", text(sd), "must be 0 or more")
	}
	off := math.Abs(actual - mean)
	if sd == 0 {
		return known("CRPSNormal", off)
	}
	z := off / sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return known("CRPSNormal", float64(off*math.Erf(z/math.Sqrt2))+float64(sd*(2*density-1/math.Sqrt(math.Pi))))
}

// none reports whether there is no interval.
func (in Interval) none() bool { return in.Level == 0 && in.Lo == nil && in.Hi == nil }

// checkInterval checks actuals and the interval that should hold them.
func checkInterval(actual []float64, in Interval) error {
	if err := checkShare("level", in.Level); err != nil {
		return err
	}
	if err := checkBeside("lo", actual, in.Lo); err != nil {
		return err
	}
	if err := checkBeside("hi", actual, in.Hi); err != nil {
		return err
	}
	if err := checkActual(actual); err != nil {
		return err
	}
	for i, lo := range in.Lo {
		if lo > in.Hi[i] {
			return invalid("lo/"+strconv.Itoa(i), text(lo), "must not be above hi, which is "+text(in.Hi[i]))
		}
	}
	return nil
}

// checkShare checks a level or a quantile.
func checkShare(path string, v float64) error {
	if !(v > 0 && v < 1) {
		return invalid(path, text(v), "must be above 0 and below 1; write 0.8 for 80 %")
	}
	return nil
}

// checkNumber checks a single number.
func checkNumber(path string, v float64) error {
	if v-v != 0 {
		return invalid(path, text(v), "must be a finite number")
	}
	return nil
}
