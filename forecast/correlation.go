package forecast

import (
	"math"
	"strconv"

	"github.com/shopspring/decimal"
	"gonum.org/v1/gonum/mathext"

	"github.com/salesops-go/salesops/internal/exact"
)

// PastPeriod is a period that is over, for [FitCorrelation].
type PastPeriod struct {
	// Chances are the deals with the probabilities they had, as of a day within or before the period.
	Chances []Chance `json:"chances"`
	// Actual is what these deals brought in the period. Other deals, created later for one, do not count.
	Actual decimal.Decimal `json:"actual"`
}

// CorrelationFit is how much deals had in common in past periods.
type CorrelationFit struct {
	// Correlation is the estimate, for [TotalOptions]: from 0 to 0.95.
	Correlation float64 `json:"correlation"`
	// Low and High are a 95 % confidence interval of it, as if standardised errors were normal and independent from period
	// to period. With less than ten periods it mostly spans too much to tell anything; then use the estimate with care, or
	// one of a comparable team.
	Low  float64 `json:"low"`
	High float64 `json:"high"` // High is the upper end: see Low.
	// Periods is the number of periods.
	Periods int `json:"periods"`
	// Before and After are the mean squares of the standardised errors, (actual - mean) / SD, with independent deals and
	// with Correlation. 1 is right; more tells of ranges that are too narrow. After is 1 unless an end of [0, 0.95] was met.
	Before float64 `json:"before"`
	After  float64 `json:"after"` // After is the mean square in the end: see Before.
	// MeanError is the mean of the standardised errors with Correlation, with the sign of sales: above 0 if totals were
	// expected to be higher than they came out. If it is beyond ±2/√Periods then the probabilities are biased, which no
	// correlation mends; it only hides it.
	MeanError float64 `json:"meanError"`
}

const (
	mostCorrelation = 0.95 // of an estimate
	seriesTerms     = 600  // 0.95^600 is below 1e-13
	mostSquare      = 1e200
)

// FitCorrelation estimates the correlation of deals from periods that are over: that with which the actual totals are, on
// average, as far from the expected ones as their standard deviations say. It is 0 if they are not further than totals of
// independent deals, and 0.95 at most.
//
// The variance of a total under the correlation ρ is Σ pq a² + Σ_{i≠j} aᵢ aⱼ (Φ₂(cᵢ, cⱼ; ρ) - pᵢ pⱼ) with cᵢ = Φ⁻¹(pᵢ) and
// the bivariate normal distribution Φ₂, here by its expansion in powers of ρ, the tetrachoric series (Pearson 1900,
// doi:10.1098/rsta.1900.0022). It takes O(n) for n deals.
//
// FitCorrelation returns an error if:
//   - a chance is none that [NewTotal] takes, or an actual total is out of bounds (ErrInput)
//   - there is no period, or one whose deals are all but certain, so that its error cannot be standardised (ErrUndefined)
func FitCorrelation(past []PastPeriod) (CorrelationFit, error) {
	var f faults
	n := len(past)
	if n == 0 {
		f.add(ErrUndefined, "", "past", "", "must have a period, better ten or more")
	}
	periods := make([]dispersion, n)
	for i, p := range past {
		at := "past/" + strconv.Itoa(i)
		b := f.book(at+"/chances", p.Chances)
		actual, ok := exact.Admit(p.Actual)
		if !ok {
			f.number("", at+"/actual", p.Actual)
		}
		periods[i] = newDispersion(&b, actual)
		if z := periods[i].standardised(0); !(z*z < mostSquare) {
			f.add(ErrUndefined, "", at, "", "has no uncertain deal, or none that matters to its error, which cannot be standardised: leave it out")
		}
	}
	if err := f.err(); err != nil {
		return CorrelationFit{}, err
	}
	square := func(rho float64) float64 {
		var sum float64
		for i := range periods {
			z := periods[i].standardised(rho)
			sum += float64(z * z)
		}
		return sum / float64(n)
	}
	quantile := func(q float64) float64 { // of the mean square, which is chi-squared
		return 2 * mathext.GammaIncRegInv(float64(n)/2, q) / float64(n)
	}
	fit := CorrelationFit{Periods: n, Before: square(0)}
	fit.Correlation = falling(square, 1)
	fit.Low, fit.High = falling(square, quantile(0.975)), falling(square, quantile(0.025))
	fit.After = square(fit.Correlation)
	for i := range periods {
		fit.MeanError += periods[i].standardised(fit.Correlation) / float64(n)
	}
	return fit, nil
}

// falling returns the correlation at which a falling function has a value, or the nearest that there is.
func falling(f func(rho float64) float64, value float64) float64 {
	low, high := 0.0, mostCorrelation
	switch {
	case f(low) <= value:
		return low
	case f(high) >= value:
		return high
	}
	for range 50 {
		if mid := (low + high) / 2; f(mid) > value {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// dispersion is the error of a total and its variance as a power series in the correlation.
type dispersion struct {
	err      float64   // mean - actual
	variance []float64 // coefficients
}

// newDispersion computes the series. As Φ₂(c, d; ρ) - Φ(c) Φ(d) = Σ_{m≥1} ρ^m h_m(c) h_m(d), where h_m(c) = φ(c) He_{m-1}(c)
// / √m! with Hermite polynomials He, the coefficient of ρ^m in the variance is (Σ a h_m(c))² - Σ a² h_m(c)². An event that
// is not winning has -c for a threshold, and the other sign.
func newDispersion(b *book, actual exact.Num) dispersion {
	sums, squares := make([]float64, seriesTerms), make([]float64, seriesTerms)
	root, inverse := make([]float64, seriesTerms), make([]float64, seriesTerms)
	for m := 1; m < seriesTerms; m++ {
		root[m] = math.Sqrt(float64(m))
		inverse[m] = 1 / root[m]
	}
	for i := 0; i < len(b.lots); {
		p := b.lots[i].prob
		var win, fall, square float64 // sums of amounts and of their squares
		for ; i < len(b.lots) && b.lots[i].prob == p; i++ {
			e := &b.lots[i]
			n, a := float64(e.count), e.value
			square += float64(n * a * a)
			if e.fall {
				fall += float64(n * a)
			} else {
				win += float64(n * a)
			}
		}
		squares[0] += float64(square * p * (1 - p))
		c := mathext.NormalQuantile(p)
		last, h := 0.0, math.Exp(-float64(c*c)/2)/math.Sqrt(2*math.Pi) // φ(c) He_{m-1}(c) / √(m-1)!
		for m := 1; m < seriesTerms; m++ {
			v := h * inverse[m]
			fall = -fall
			sums[m] += float64((win + fall) * v)
			squares[m] += float64(square * v * v)
			last, h = h, (float64(c*h)-float64(root[m-1]*last))*inverse[m]
		}
	}
	out := dispersion{err: floatOf(b.mean.Sub(actual)), variance: squares}
	for m := 1; m < seriesTerms; m++ {
		out.variance[m] = float64(sums[m]*sums[m]) - squares[m]
	}
	return out
}

// standardised is the error in standard deviations.
func (d *dispersion) standardised(rho float64) float64 {
	var sum float64
	for m := seriesTerms - 1; m >= 0; m-- {
		sum = float64(sum*rho) + d.variance[m]
	}
	return d.err / math.Sqrt(sum)
}
