package funnel_test

import (
	"math"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// R's prop.test without correction, at 95 %, and what has no interval.
func TestE04_Ratio_Wilson(t *testing.T) {
	for _, level := range []float64{0.95, 0} { // 0 is 0.95
		lo, hi, ok := funnel.Ratio{Num: 17, Den: 43}.Wilson(level)
		if !ok {
			t.Fatal("not ok")
		}
		tstNear(t, "lower limit", lo, 0.263653147582974, 1e-12)
		tstNear(t, "upper limit", hi, 0.544209369371261, 1e-12)
	}
	for _, r := range []funnel.Ratio{{}, {Num: 1}, {Num: 2, Den: 1}, {Num: -1, Den: 3}, {Num: 1, Den: -3}, {Num: math.MinInt64, Den: math.MaxInt64}} {
		if lo, hi, ok := r.Wilson(0.95); ok || lo != 0 || hi != 0 {
			t.Errorf("%+v: %v to %v, %t", r, lo, hi, ok)
		}
	}
	for _, level := range []float64{1, -0.5, 2, math.NaN(), math.Inf(-1)} {
		if _, _, ok := (funnel.Ratio{Num: 1, Den: 2}).Wilson(level); ok {
			t.Errorf("level %v: ok", level)
		}
	}
}
