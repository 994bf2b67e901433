package lifetime_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/lifetime"
)

func scales() *rapid.Generator[lifetime.Scale] {
	return rapid.SampledFrom([]lifetime.Scale{lifetime.LogLog, lifetime.Log, lifetime.Plain, lifetime.Logit, lifetime.Arcsin})
}

func numbers() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{
		0, 1, 1 - 1e-16, 1e-300, 5e-324, 0.5, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1), -1,
	}))
}

// Limits, where there are any, are numbers with the estimate between them; those of a probability are in [0, 1]. They widen with
// the level.
func TestScale_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, x, se := scales().Draw(t, "scale"), numbers().Draw(t, "estimate"), numbers().Draw(t, "se")
		level := rapid.Float64Range(1e-9, 0.999).Draw(t, "level")
		z, wider := lifetime.Z(level), lifetime.Z(level+0.0009)
		for name, limits := range map[string]func(x, se, z float64) (lo, hi float64, ok bool){"share": s.Share, "hazard": s.Hazard} {
			lo, hi, ok := limits(x, se, z)
			if !ok {
				continue
			}
			if !(0 <= lo && lo <= x && x <= hi && hi <= math.MaxFloat64) || name == "share" && hi > 1 {
				t.Errorf("%s %v ± %v: [%v, %v]", name, x, se, lo, hi)
			}
			const rounding = 1 + 1e-12
			if lo2, hi2, ok := limits(x, se, wider); ok && (lo2 > lo*rounding || hi2*rounding < hi) {
				t.Errorf("%s %v ± %v: [%v, %v] at a higher level than [%v, %v]", name, x, se, lo2, hi2, lo, hi)
			}
		}
	})
}

// The factors of the normal distribution.
func TestZ(t *testing.T) {
	for level, want := range map[float64]float64{0.5: 0.6744897501960817, 0.9: 1.6448536269514722, 0.95: 1.959963984540054, 0.99: 2.5758293035489004} {
		if got := lifetime.Z(level); math.Abs(got-want) > 1e-15*want {
			t.Errorf("Z(%v) = %v, want %v", level, got, want)
		}
	}
}

// There is no room for an interval where nothing or everything happened.
func TestScale_Share_bounds(t *testing.T) {
	for s := lifetime.LogLog; s <= lifetime.Arcsin; s++ {
		for _, p := range []float64{0, 1, -0.1, 1.1, math.NaN()} {
			if lo, hi, ok := s.Share(p, 0.1, 1.96); ok {
				t.Errorf("scale %d: %v has limits [%v, %v]", s, p, lo, hi)
			}
		}
		if _, _, ok := s.Share(0.5, 0, 1.96); ok {
			t.Errorf("scale %d: no standard error, but limits", s)
		}
	}
}

// Limits that would be beyond 0 or 1 are there.
func TestScale_Share_clipped(t *testing.T) {
	for _, s := range []lifetime.Scale{lifetime.Plain, lifetime.Arcsin} {
		if lo, _, ok := s.Share(0.097, 0.092, 2.576); lo != 0 || !ok {
			t.Errorf("scale %d: %v, want 0", s, lo)
		}
		if _, hi, ok := s.Share(0.903, 0.092, 2.576); hi != 1 || !ok {
			t.Errorf("scale %d: %v, want 1", s, hi)
		}
	}
}

// The limits of a hazard are those of the survival it implies.
func TestScale_Hazard(t *testing.T) {
	const h, se, z = 0.4, 0.1, 1.96
	for _, s := range []lifetime.Scale{lifetime.LogLog, lifetime.Log} {
		lo, hi, _ := s.Hazard(h, se, z)
		least, most, _ := s.Share(math.Exp(-h), math.Exp(-h)*se, z)
		if math.Abs(lo+math.Log(most)) > 1e-15 || math.Abs(hi+math.Log(least)) > 1e-15 {
			t.Errorf("scale %d: [%v, %v], want [%v, %v]", s, lo, hi, -math.Log(most), -math.Log(least))
		}
	}
	if _, _, ok := lifetime.Plain.Hazard(h, se, z); ok {
		t.Error("Plain has limits")
	}
	if _, _, ok := lifetime.LogLog.Hazard(0, 0, z); ok {
		t.Error("a hazard of 0 has limits")
	}
}
