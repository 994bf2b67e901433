package forecast_test

import (
	"errors"
	"math"
	"testing"

	"github.com/salesops-go/salesops/forecast"
)

func TestTallyBy_keys(t *testing.T) {
	deals := []forecast.Deal{{ID: "D-1", Status: forecast.Won}}
	for name, key := range map[string]func(forecast.Deal) float64{"nil": nil, "NaN": func(forecast.Deal) float64 { return math.NaN() }} {
		if tallies, err := forecast.TallyBy(deals, key); !errors.Is(err, forecast.ErrInput) {
			t.Errorf("%s: %v, %v; want an input error", name, tallies, err)
		}
	}
}
