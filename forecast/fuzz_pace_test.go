package forecast_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// FuzzCalibration reads each byte as a deal: seven bits of score and one of outcome.
func FuzzCalibration(f *testing.F) {
	f.Add([]byte{}, uint8(10), false)
	f.Add([]byte{0, 255}, uint8(1), true)
	f.Add([]byte{3, 7, 6, 100, 101, 180, 181, 255, 254, 20}, uint8(3), true)
	f.Fuzz(func(t *testing.T, data []byte, bins uint8, equal bool) {
		p, won := make([]float64, len(data)), make([]bool, len(data))
		for i, b := range data {
			p[i], won[i] = float64(b>>1)/127, b&1 == 1
		}
		o := forecast.BinOptions{Bins: int(bins), EqualCount: equal}
		m, err := forecast.Decompose(p, won, o)
		if len(p) == 0 {
			if err == nil {
				t.Fatal("no deals are no error")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		brier, _ := forecast.Brier(p, won)
		paceNear(t, "Brier of the parts", m.Brier(), brier, 1e-15)
		fit, err := forecast.FitIsotonic(p, won)
		if err != nil {
			t.Fatal(err)
		}
		calibrated := make([]float64, len(p))
		for i := range p {
			if calibrated[i], err = fit.Apply(p[i]); err != nil {
				t.Fatal(err)
			}
		}
		if after, _ := forecast.Brier(calibrated, won); after > brier+1e-15 {
			t.Errorf("calibration raised the Brier score from %g to %g", brier, after)
		}
		d, err := forecast.Reliability(calibrated, won, forecast.BinOptions{Bins: 1_000_000})
		if err != nil || d.MCE > 1e-15 {
			t.Errorf("calibrated scores are off by %g, %v", d.MCE, err)
		}
		for i := range p {
			p[i] = (p[i] + 0.01) / 1.02
		}
		if platt, err := forecast.FitPlatt(p, won); err == nil && !(math.Abs(platt.A) < 1e6 && platt.Converged) {
			t.Errorf("%+v", platt)
		}
	})
}

// FuzzPace reads pairs of bytes as bookings: a day and an amount, over three past periods and a current one.
func FuzzPace(f *testing.F) {
	f.Add([]byte{0, 10, 30, 40, 70, 20, 95, 5}, uint8(30), true)
	f.Add([]byte{0, 200, 1, 130}, uint8(0), false)
	f.Fuzz(func(t *testing.T, data []byte, asOf uint8, business bool) {
		start := on("2025-01-01")
		var bookings []forecast.Booking
		for i := 0; i+1 < len(data); i += 2 {
			bookings = append(bookings, forecast.Booking{Date: start.AddDays(int(data[i]) - 5), Amount: decimal.New(int64(int8(data[i+1])), -1)})
		}
		past := salesops.Calendar{}.Tile(salesops.Month, salesops.Period{Start: start, End: start.AddMonths(3)})
		now := period("2025-04-01", "2025-05-01")
		clock := forecast.DayCount{BusinessDays: business}
		day := now.Start.AddDays(int(asOf) % 30)
		pace, err := forecast.MeasurePace(bookings, now, day, past, forecast.PaceOptions{Days: clock})
		if err == nil {
			if p := pace.Rhythm; p.Low.Cmp(p.Median) > 0 || p.Median.Cmp(p.High) > 0 {
				t.Errorf("range %+v", p)
			}
			if pace.Implied != nil && pace.ImpliedLow.Cmp(*pace.Implied) > 0 {
				t.Errorf("implied %+v", pace)
			}
		}
		if l, err := forecast.MeasureLinearity(bookings, now, 3, clock); err == nil {
			if sum := decimal.Sum(l.Parts[0], l.Parts[1:]...); !sum.Equal(decimal.NewFromInt(1)) {
				t.Errorf("the parts sum to %s", sum.StringFixed(6))
			}
		}
	})
}
