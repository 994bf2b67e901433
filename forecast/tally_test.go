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

// A fault names the group, and a level that is none is told of even where there are no groups.
func TestWinRates_faults(t *testing.T) {
	for name, c := range map[string]struct {
		tallies map[string]forecast.Tally
		level   float64
		path    string
	}{
		"more won than closed": {map[string]forecast.Tally{"ent": {Won: 3, Closed: 2}, "smb": {Won: 1, Closed: 2}}, 0.8, "tallies/ent"},
		"level":                {nil, 80, "level"},
	} {
		_, _, err := forecast.WinRates(c.tallies, c.level)
		e, ok := errors.AsType[*forecast.Error](err)
		if !ok || !errors.Is(err, forecast.ErrInput) || len(e.Path) < len(c.path) || e.Path[:len(c.path)] != c.path {
			t.Errorf("%s: %v, want a fault at %s", name, err, c.path)
		}
	}
}
