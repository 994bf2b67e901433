package forecast

import (
	"math"
	"sort"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// clockFit is the fit for one way to close.
type clockFit struct {
	rates   []float64 // by age, where the factor is 1
	factors CloseFactors
}

// fit estimates the rates of the ages and the factors in turns until they agree. Each turn raises the likelihood.
func (t *clockData) fit(cause lifetime.Cause, bands []int, strength float64) clockFit {
	band := make([]int, len(t.ages))
	for e, age := range t.ages {
		band[e] = sort.SearchInts(bands, age+1) - 1
	}
	cells := len(bands) * t.count
	// By phase and age, over all periods.
	k := len(t.ages)
	atRisk := make([]float64, t.count*k)
	closed := make([]int64, k)
	observed := make([]int64, cells)
	for i := range t.runs {
		r := &t.runs[i]
		for e, n := range r.closed(cause) {
			atRisk[r.index*k+e] += float64(r.atRisk[e])
			closed[e] += n
			observed[band[e]*t.count+r.index] += n
		}
	}
	factor := make([]float64, cells)
	for q := range factor {
		factor[q] = 1
	}
	out := clockFit{rates: make([]float64, k), factors: CloseFactors{Strength: strength, Cells: make([]CloseFactor, cells)}}
	expected := make([]float64, cells)
	estimate := func() {
		clear(expected)
		for e, n := range closed {
			if n == 0 {
				continue
			}
			weight := 0.0
			for p := range t.count {
				weight += float64(factor[band[e]*t.count+p] * atRisk[p*k+e])
			}
			out.rates[e] = float64(n) / weight
			for p := range t.count {
				expected[band[e]*t.count+p] += float64(out.rates[e] * atRisk[p*k+e])
			}
		}
	}
	estimate()
	if strength == 0 {
		out.factors.Strength, out.factors.Flat = t.credibility(cause, bands, band, out.rates, observed, expected)
	}
	next := make([]float64, cells)
	for turn := 0; turn < 1000 && !out.factors.Flat; turn++ {
		for q := range next {
			next[q] = (float64(observed[q]) + out.factors.Strength) / (expected[q] + out.factors.Strength)
		}
		// In the end the factors of a band have the mean 1: only the belief holds rates and factors apart. Going there
		// at once saves many turns.
		change := 0.0
		for b := 0; b < cells; b += t.count {
			mean := 0.0
			for _, f := range next[b : b+t.count] {
				mean += f / float64(t.count)
			}
			for q := b; q < b+t.count; q++ {
				change = max(change, math.Abs(next[q]/mean-factor[q]))
				factor[q] = next[q] / mean
			}
		}
		if change < 1e-13 {
			break
		}
		estimate()
	}
	for q := range factor {
		out.factors.Cells[q] = CloseFactor{
			FromAge: bands[q/t.count], Phase: q%t.count + 1,
			Observed: int(observed[q]), Expected: expected[q], Factor: factor[q],
		}
	}
	return out
}

// credibility estimates the strength by the estimators of Bühlmann and Straub, unbiased for any weights (Bühlmann and
// Gisler 2005, section 4.8): within is the variance of closings over expected closings from period to period, of unit
// weight, and between is that of the phases about 1. Within is not taken below that of the Poisson distribution.
func (t *clockData) credibility(cause lifetime.Cause, bands, band []int, rates []float64, observed []int64, expected []float64) (strength float64, level bool) {
	within, runs := 0.0, 0 // sum of squares, degrees of freedom
	sums := make([]struct {
		observed int64
		expected float64
	}, len(bands))
	for i := range t.runs {
		r := &t.runs[i]
		clear(sums)
		for e, n := range r.closed(cause) {
			s := &sums[band[e]]
			s.observed += n
			s.expected += float64(rates[e] * float64(r.atRisk[e]))
		}
		for b, s := range sums {
			if s.expected > 0 {
				q := b*t.count + r.index
				d := float64(s.observed)/s.expected - float64(observed[q])/expected[q]
				within += float64(s.expected * float64(d*d))
				runs++
			}
		}
	}
	between, weight, all := 0.0, 0.0, 0.0
	cells, filled := 0, 0
	for b := range bands {
		sum, squares := 0.0, 0.0
		for q := b * t.count; q < (b+1)*t.count; q++ {
			if expected[q] > 0 {
				d := float64(observed[q])/expected[q] - 1
				between += float64(expected[q] * float64(d*d))
				sum += expected[q]
				squares += float64(expected[q] * expected[q])
				cells++
			}
		}
		if sum > 0 {
			weight += sum - squares/sum
			all += sum
			filled++
		}
	}
	if !(weight > 0) {
		return 0, true // there is but one phase to look at
	}
	if runs == cells {
		return all / float64(cells), false
	}
	within = max(within/float64(runs-cells), 1)
	between = (between - float64(float64(cells-filled)*within)) / weight
	if !(between > 0) {
		return 0, true
	}
	return within / between, false
}

// expect counts the closings of a group and those expected of it.
func (t *clockData) expect(group string, cause lifetime.Cause, bands []int, fit clockFit) CloseFactor {
	f := CloseFactor{Group: group, Factor: 1}
	for i := range t.runs {
		r := &t.runs[i]
		b := 0
		for e, n := range r.closed(cause) {
			for b+1 < len(bands) && t.ages[e] >= bands[b+1] {
				b++
			}
			f.Observed += int(n)
			f.Expected += float64(float64(fit.rates[e]*fit.factors.Cells[b*t.count+r.index].Factor) * float64(r.atRisk[e]))
		}
	}
	return f
}

// draw computes the factors of groups from what was observed and expected of them.
func (c *CloseFactors) draw() {
	var sum, squares, spread, groups float64
	for _, f := range c.Cells {
		if f.Expected > 0 {
			d := float64(f.Observed)/f.Expected - 1
			spread += float64(f.Expected * float64(d*d))
			sum += f.Expected
			squares += float64(f.Expected * f.Expected)
			groups++
		}
	}
	c.Flat = true
	if groups < 2 {
		return
	}
	if weight := sum - squares/sum; weight > 0 {
		if between := (spread - (groups - 1)) / weight; between > 0 {
			c.Strength, c.Flat = 1/between, false
		}
	}
	for i := range c.Cells {
		if f := &c.Cells[i]; !c.Flat {
			f.Factor = (float64(f.Observed) + c.Strength) / (f.Expected + c.Strength)
		}
	}
}
