package forecast_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// An inflow of few days in a long period wins each of its amounts many times over; what that is worth is
// worked out by hand.
func TestProject_manyWinsOfAnAmount(t *testing.T) {
	always := func(forecast.Deal, salesops.Date, salesops.Date) (float64, bool) { return 0.25, true }
	in := forecast.Inflow{Days: 2, Amounts: []decimal.Decimal{d("1000"), d("2000")}}
	p, err := forecast.Project(nil, period("2026-01-01", "2026-12-27"), on("2025-12-31"), always, forecast.ProjectOptions{Inflow: in})
	if err != nil {
		t.Fatal(err)
	}
	// 360 days, on each of which half of each amount is created and a quarter of that won: 45 wins of each.
	if !p.New.Equal(d("135000")) || p.NewWins != 90 {
		t.Errorf("new deals bring %s by %v wins, want 135000 by 90", p.New.StringFixed(2), p.NewWins)
	}
	total, err := p.Total(forecast.TotalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := total.Mean().Float64(); math.Abs(got-135000) > 1e-6 {
		t.Errorf("the mean of the total is %v, want 135000", got)
	}
}

// Minus zero is a probability like zero.
func TestProject_minusZero(t *testing.T) {
	never := func(forecast.Deal, salesops.Date, salesops.Date) (float64, bool) { return math.Copysign(0, -1), true }
	deals := []forecast.Deal{{ID: "D-1", Amount: d("1000"), Created: on("2026-01-01")}}
	p, err := forecast.Project(deals, period("2026-02-01", "2026-03-01"), on("2026-01-31"), never, forecast.ProjectOptions{})
	if err != nil || !p.Open.IsZero() || !p.Expected.IsZero() {
		t.Errorf("open deals bring %s, expected %s (%v); want 0", p.Open.StringFixed(2), p.Expected.StringFixed(2), err)
	}
}
