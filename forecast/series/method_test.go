package series_test

import (
	"errors"
	"math"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// What was decoded, or made by hand, is checked before it is used.
func TestForecast_handmade(t *testing.T) {
	for name, f := range map[string]series.Forecast{
		"SD too short":     {Mean: []float64{1, 2}, SD: []float64{1}},
		"scores too short": {Mean: []float64{1, 2}, Scores: [][]float64{{1, 2, 3, 4}}},
		"negative DF":      {Mean: []float64{1}, SD: []float64{1}, DF: -5},
		"SD is NaN":        {Mean: []float64{1}, SD: []float64{math.NaN()}},
		"mean is infinite": {Mean: []float64{math.Inf(1)}, SD: []float64{1}},
		"score is NaN":     {Mean: []float64{1}, Scores: [][]float64{{math.NaN()}}},
	} {
		if lo, hi, err := f.Interval(0.5); !errors.Is(err, series.ErrInput) {
			t.Errorf("%s: %v, %v, %v; want an input error", name, lo, hi, err)
		}
	}
	for name, c := range map[string]struct{ y, fitted []float64 }{
		"NaN":      {[]float64{1, 2}, []float64{math.NaN(), 1}},
		"overflow": {[]float64{math.MaxFloat64}, []float64{-math.MaxFloat64}},
		"too long": {[]float64{1}, []float64{1, 1}},
	} {
		if r, err := (series.Fit{Fitted: c.fitted}).Residuals(c.y); !errors.Is(err, series.ErrInput) {
			t.Errorf("%s: residuals %v, %v; want an input error", name, r, err)
		}
	}
	broken := series.Decomposition{Form: series.Multiplicative, Seasons: [][]float64{{0, 1}}}
	if z, err := broken.Adjusted([]float64{1, 1}); !errors.Is(err, series.ErrInput) {
		t.Errorf("a season of 0: %v, %v; want an input error", z, err)
	}
	if series.LossOf(nil) != nil || series.ScaledLoss(nil, 12) != nil {
		t.Error("a loss of no metric is not nil")
	}
}
