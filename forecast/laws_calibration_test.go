package forecast_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast"
)

// paceScores draws probabilities, with ties and the ends among them, and outcomes.
func paceScores(t *rapid.T, low, high float64, least int) ([]float64, []bool) {
	n := rapid.IntRange(least, 60).Draw(t, "deals")
	coarse := rapid.IntRange(0, 20).Draw(t, "grid") // 0 is none
	p, won := make([]float64, n), make([]bool, n)
	for i := range p {
		p[i] = rapid.Float64Range(low, high).Draw(t, "p")
		if coarse > 0 {
			p[i] = min(max(math.Round(p[i]*float64(coarse))/float64(coarse), low), high)
		}
		won[i] = rapid.Bool().Draw(t, "won")
	}
	return p, won
}

func paceScore(t *rapid.T, of func([]float64, []bool) (float64, error), p []float64, won []bool) float64 {
	t.Helper()
	v, err := of(p, won)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The scores lie in their ranges, are 0 for certainty that came true, and do not care which outcome is called won.
func TestBrier_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0, 1, 1)
		b := paceScore(t, forecast.Brier, p, won)
		if !(b >= 0 && b <= 1) {
			t.Fatalf("Brier %g", b)
		}
		perfect, flipped, lost := make([]float64, len(p)), make([]float64, len(p)), make([]bool, len(p))
		sum := 0.0
		for i := range p {
			flipped[i], lost[i] = 1-p[i], !won[i]
			y := 0.0
			if won[i] {
				perfect[i], y = 1, 1
			}
			sum += (p[i] - y) * (p[i] - y)
		}
		paceNear(t, "Brier", b, sum/float64(len(p)), 1e-14)
		paceNear(t, "Brier, flipped", paceScore(t, forecast.Brier, flipped, lost), b, 1e-15)
		if v := paceScore(t, forecast.Brier, perfect, won); v != 0 {
			t.Fatalf("Brier of perfect probabilities: %g", v)
		}
		if v := paceScore(t, forecast.LogLoss, perfect, won); v != 0 {
			t.Fatalf("log loss of perfect probabilities: %g", v)
		}
	})
}

// The log loss is the mean of the logarithms, and proper as the Brier score is: no constant beats the base rate.
func TestLogLoss_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 1e-9, 1-1e-9, 1)
		sum, wins := 0.0, 0
		flipped, lost := make([]float64, len(p)), make([]bool, len(p))
		for i := range p {
			flipped[i], lost[i] = 1-p[i], !won[i]
			if won[i] {
				wins++
				sum -= math.Log(p[i])
			} else {
				sum -= math.Log(1 - p[i])
			}
		}
		got := paceScore(t, forecast.LogLoss, p, won)
		paceNear(t, "log loss", got, sum/float64(len(p)), 1e-7) // 1-p near 1e-9 has lost digits, here and in what follows
		paceNear(t, "log loss, flipped", paceScore(t, forecast.LogLoss, flipped, lost), got, 1e-7)
		if wins == 0 || wins == len(won) {
			return
		}
		base, other := make([]float64, len(p)), make([]float64, len(p))
		for i := range p {
			base[i], other[i] = float64(wins)/float64(len(p)), p[0]
		}
		for _, of := range []func([]float64, []bool) (float64, error){forecast.Brier, forecast.LogLoss} {
			if a, b := paceScore(t, of, base, won), paceScore(t, of, other, won); a > b+1e-15 {
				t.Fatalf("%g for everyone scores %g, the base rate %g", p[0], b, a)
			}
		}
		paceNear(t, "skill of the base rate", paceScore(t, forecast.BrierSkill, base, won), 0, 1e-13)
	})
}

// The parts sum to the Brier score, whatever the bins; all of it is the deal's own when each bin has one probability.
func TestDecompose_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0, 1, 1)
		o := forecast.BinOptions{Bins: rapid.SampledFrom([]int{0, 1, 2, 5, 17, 1000, 1_000_000}).Draw(t, "bins"), EqualCount: rapid.Bool().Draw(t, "equal count")}
		m, err := forecast.Decompose(p, won, o)
		if err != nil {
			t.Fatal(err)
		}
		paceNear(t, "sum of the parts", m.Brier(), paceScore(t, forecast.Brier, p, won), 1e-15)
		if m.Reliability < 0 || m.Resolution < 0 || m.Uncertainty < 0 || m.Uncertainty > 0.25 || m.WithinVariance < 0 {
			t.Fatalf("%+v", m)
		}
		one, err := forecast.Decompose(p, won, forecast.BinOptions{Bins: 1})
		if err != nil {
			t.Fatal(err)
		}
		paceNear(t, "resolution of one bin", one.Resolution, 0, 1e-30)
	})
}

// TestDecompose_manyDeals: the identity holds to 1e-15 for many deals too, where plain sums would have lost digits.
func TestDecompose_manyDeals(t *testing.T) {
	p, won := paceManyScores(200_000)
	for _, bins := range []int{1, 10, 1000} {
		m, err := forecast.Decompose(p, won, forecast.BinOptions{Bins: bins})
		if err != nil {
			t.Fatal(err)
		}
		b, err := forecast.Brier(p, won)
		if err != nil {
			t.Fatal(err)
		}
		paceNear(t, "sum of the parts", m.Brier(), b, 1e-15)
	}
}

// paceManyScores makes scores that are spread too far: a deal of score p is won with a chance halfway to 0.5.
func paceManyScores(n int) ([]float64, []bool) {
	p, won := make([]float64, n), make([]bool, n)
	a, b := uint32(1), uint32(2)
	for i := range p {
		a, b = a*1664525+1013904223, b*22695477+1
		p[i] = (float64(a>>8) + 0.5) / (1 << 24)
		won[i] = float64(b>>8)/(1<<24) < 0.25+p[i]/2
	}
	return p, won
}

// Every deal is in one bin, in the right one; ECE and MCE are what the bins say.
func TestReliability_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0, 1, 1)
		k := rapid.IntRange(1, 30).Draw(t, "bins")
		equal := rapid.Bool().Draw(t, "equal count")
		d, err := forecast.Reliability(p, won, forecast.BinOptions{Bins: k, EqualCount: equal})
		if err != nil {
			t.Fatal(err)
		}
		seen, ece, mce, end := 0, 0.0, 0.0, -1.0
		for i, b := range d.Bins {
			n, wins, sum := 0, 0, 0.0
			for j, v := range p {
				inside := v >= b.From && (v < b.To || b.To == 1)
				if equal {
					inside = v >= b.From && v <= b.To
				}
				if inside {
					n, sum = n+1, sum+v
					if won[j] {
						wins++
					}
				}
			}
			if n != b.Deals || wins != b.Won || n == 0 {
				t.Fatalf("bin %d: %+v, want %d deals, %d won", i, b, n, wins)
			}
			if b.From < end || b.To < b.From {
				t.Fatalf("bin %d: %+v after %g", i, b, end)
			}
			end = b.To
			paceNear(t, "predicted", b.Predicted, sum/float64(n), 1e-14)
			paceNear(t, "observed", b.Observed, float64(wins)/float64(n), 0)
			if !(0 <= b.Low && b.Low <= b.Observed && b.Observed <= b.High && b.High <= 1 && b.Low < b.High) {
				t.Fatalf("bin %d: %+v", i, b)
			}
			gap := math.Abs(b.Predicted - b.Observed)
			ece, mce = ece+float64(n)*gap, max(mce, gap)
			seen += n
		}
		if seen != len(p) {
			t.Fatalf("%d of %d deals are in bins", seen, len(p))
		}
		paceNear(t, "ECE", d.ECE, ece/float64(len(p)), 1e-14)
		paceNear(t, "MCE", d.MCE, mce, 1e-15)
		if d.ECE > d.MCE+1e-15 {
			t.Fatalf("ECE %g above MCE %g", d.ECE, d.MCE)
		}
		if equal {
			distinct := slices.Compact(slices.Sorted(slices.Values(p)))
			if len(distinct) == len(p) {
				for _, b := range d.Bins {
					if b.Deals < len(p)/k || b.Deals > (len(p)+k-1)/k {
						t.Fatalf("%d deals in one of %d bins of %d", b.Deals, k, len(p))
					}
				}
			}
		}
	})
}

// The interval narrows with the level, and with the deals.
func TestReliability_levels_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0.51, 0.59, 1)
		a := rapid.Float64Range(0.01, 0.98).Draw(t, "level")
		wide := func(level float64, times int) (float64, float64) {
			d, err := forecast.Reliability(slices.Repeat(p, times), slices.Repeat(won, times), forecast.BinOptions{Bins: 2, Level: level})
			if err != nil {
				t.Fatal(err)
			}
			return d.Bins[0].Low, d.Bins[0].High
		}
		low, high := wide(a, 1)
		low2, high2 := wide(a+0.01, 1)
		if low2 > low || high2 < high {
			t.Fatalf("level %g: [%g, %g], a higher one [%g, %g]", a, low, high, low2, high2)
		}
		low4, high4 := wide(a, 4)
		if high4-low4 >= high-low {
			t.Fatalf("[%g, %g], with four times the deals [%g, %g]", low, high, low4, high4)
		}
	})
}

// The fit is that of the min-max formula, by brute force; it never falls, does not raise the Brier score, leaves calibrated
// scores as they are, and does not depend on the order of the deals.
func TestFitIsotonic_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0, 1, 1)
		fit, err := forecast.FitIsotonic(p, won)
		if err != nil {
			t.Fatal(err)
		}
		apply := func(c forecast.Isotonic, v float64) float64 {
			got, err := c.Apply(v)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		levels := slices.Compact(slices.Sorted(slices.Values(p)))
		wins, deals := make([]int, len(levels)), make([]int, len(levels))
		for i, v := range p {
			k, _ := slices.BinarySearch(levels, v)
			deals[k]++
			if won[i] {
				wins[k]++
			}
		}
		calibrated := make([]float64, len(p))
		for k, v := range levels {
			// Barlow et al. 1972: the largest, over starts up to here, of the smallest, over ends from here, of the means.
			want := 0.0
			for from := range k + 1 {
				smallest := 1.0
				w, n := 0, 0
				for to := from; to < len(levels); to++ {
					w, n = w+wins[to], n+deals[to]
					if to >= k {
						smallest = min(smallest, float64(w)/float64(n))
					}
				}
				want = max(want, smallest)
			}
			if got := apply(fit, v); got != want {
				t.Fatalf("%g becomes %.17g, want %.17g", v, got, want)
			}
		}
		for i, v := range p {
			calibrated[i] = apply(fit, v)
		}
		if a, b := paceScore(t, forecast.Brier, calibrated, won), paceScore(t, forecast.Brier, p, won); a > b+1e-15 {
			t.Fatalf("the Brier score rises from %g to %g", b, a)
		}
		again, err := forecast.FitIsotonic(calibrated, won)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range calibrated {
			if got := apply(again, v); got != v {
				t.Fatalf("calibrated again, %g becomes %g", v, got)
			}
		}
		before := 0.0
		for i := range 201 {
			v := apply(fit, float64(i)/200)
			if v < before || v > 1 {
				t.Fatalf("falls from %g to %g at %g", before, v, float64(i)/200)
			}
			before = v
		}
		slices.Reverse(p)
		slices.Reverse(won)
		reversed, err := forecast.FitIsotonic(p, won)
		if diff := cmp.Diff(fit, reversed); err != nil || diff != "" {
			t.Fatalf("the order of deals matters: %v\n%s", err, diff)
		}
	})
}

// At the optimum the gradient is 0, so that the calibrated scores sum to the targets; flipping won and lost flips the fit; the
// order of the deals does not matter.
func TestFitPlatt_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, won := paceScores(t, 0.001, 0.999, 2)
		p[0], p[1] = 0.25, 0.75 // two different ones
		fit, err := forecast.FitPlatt(p, won)
		if err != nil {
			t.Fatal(err)
		}
		if !fit.Converged || fit.Iterations < 1 || fit.Iterations > 30 {
			t.Fatalf("%+v", fit)
		}
		wins := 0
		for _, w := range won {
			if w {
				wins++
			}
		}
		var ga, gb float64
		flipped, lost := make([]float64, len(p)), make([]bool, len(p))
		for i, v := range p {
			target := 1 / float64(len(p)-wins+2)
			if won[i] {
				target = float64(wins+1) / float64(wins+2)
			}
			s, err := fit.Apply(v)
			if err != nil {
				t.Fatal(err)
			}
			x := math.Log(v / (1 - v))
			paceNear(t, "applied", s, 1/(1+math.Exp(fit.A*x+fit.B)), 1e-13)
			ga, gb = ga+(target-s)*x, gb+(target-s)
			flipped[i], lost[i] = 1-v, !won[i]
		}
		paceNear(t, "gradient", max(math.Abs(ga), math.Abs(gb)), 0, 1e-11*float64(len(p)))
		mirrored, err := forecast.FitPlatt(flipped, lost)
		if err != nil {
			t.Fatal(err)
		}
		scale := 1 + math.Abs(fit.A) + math.Abs(fit.B)
		paceNear(t, "A, flipped", mirrored.A, fit.A, 1e-9*scale)
		paceNear(t, "B, flipped", mirrored.B, -fit.B, 1e-9*scale)
	})
}

// TestFitPlatt_recovers: scores whose log odds were doubled come back, and many of them do not hinder the search.
func TestFitPlatt_recovers(t *testing.T) {
	p, won := paceManyScores(100_000)
	for i, v := range p {
		truth := 0.25 + v/2
		odds := truth / (1 - truth)
		p[i] = odds * odds / (1 + odds*odds)
	}
	fit, err := forecast.FitPlatt(p, won)
	if err != nil {
		t.Fatal(err)
	}
	if !fit.Converged {
		t.Errorf("%+v", fit)
	}
	paceNear(t, "A", fit.A, -0.5, 0.02)
	paceNear(t, "B", fit.B, 0, 0.02)
}

// Separable, extreme and lopsided data have a finite optimum, which is reached or said not to be.
func TestFitPlatt_extreme(t *testing.T) {
	for _, c := range []struct {
		name string
		p    []float64
		won  []bool
	}{
		{"separable", []float64{0.1, 0.2, 0.8, 0.9}, []bool{false, false, true, true}},
		{"reversed", []float64{0.1, 0.2, 0.8, 0.9}, []bool{true, true, false, false}},
		{"all won", []float64{0.1, 0.2, 0.8, 0.9}, []bool{true, true, true, true}},
		{"all lost", []float64{0.1, 0.9}, []bool{false, false}},
		{"the least and the greatest", []float64{5e-324, 1 - 0x1p-53}, []bool{false, true}},
		{"one far out", append(slices.Repeat([]float64{0.5}, 1000), 5e-324), append(slices.Repeat([]bool{true, false}, 500), true)},
		{"next to each other", []float64{0.5, math.Nextafter(0.5, 1), 0.5, math.Nextafter(0.5, 1)}, []bool{false, true, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fit, err := forecast.FitPlatt(c.p, c.won)
			if err != nil {
				t.Fatal(err)
			}
			if !(math.Abs(fit.A) <= math.MaxFloat64 && math.Abs(fit.B) <= math.MaxFloat64) || !fit.Converged {
				t.Errorf("%+v", fit)
			}
			for _, v := range c.p {
				if s, err := fit.Apply(v); err != nil || !(s > 0 && s < 1) {
					t.Errorf("%g becomes %g, %v", v, s, err)
				}
			}
		})
	}
}

// Nothing that a host can send makes these panic or return a number that is none.
func TestCalibration_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.OneOf(paceHostileFloat(), rapid.SampledFrom([]float64{0, 1, 5e-324, 0.5, 1 - 0x1p-53})), 0, 6).Draw(t, "p")
		won := rapid.SliceOfN(rapid.Bool(), len(p), len(p)).Draw(t, "won")
		o := forecast.BinOptions{Bins: rapid.SampledFrom([]int{0, 1, 3, 1_000_000, math.MaxInt, -1}).Draw(t, "bins"), EqualCount: rapid.Bool().Draw(t, "equal"), Level: paceHostileFloat().Draw(t, "level")}
		for _, of := range []func([]float64, []bool) (float64, error){forecast.Brier, forecast.BrierSkill, forecast.LogLoss} {
			v, _ := of(p, won)
			paceFinite(t, "score", v)
		}
		m, _ := forecast.Decompose(p, won, o)
		paceFinite(t, "Murphy", m.Reliability, m.Resolution, m.Uncertainty, m.WithinVariance, m.WithinCovariance, m.Brier())
		d, _ := forecast.Reliability(p, won, o)
		paceFinite(t, "diagram", d.ECE, d.MCE)
		for _, b := range d.Bins {
			paceFinite(t, "bin", b.From, b.To, b.Predicted, b.Observed, b.Low, b.High)
		}
		isotonic, _ := forecast.FitIsotonic(p, won)
		platt, _ := forecast.FitPlatt(p, won)
		paceFinite(t, "Platt", platt.A, platt.B)
		at := paceHostileFloat().Draw(t, "at")
		for _, of := range []interface {
			Apply(p float64) (float64, error)
		}{
			isotonic, platt,
			forecast.Platt{A: paceHostileFloat().Draw(t, "a"), B: paceHostileFloat().Draw(t, "b")},
			forecast.Isotonic{Knots: []forecast.Knot{{P: paceHostileFloat().Draw(t, "p0"), Rate: paceHostileFloat().Draw(t, "r0")}, {P: paceHostileFloat().Draw(t, "p1"), Rate: paceHostileFloat().Draw(t, "r1")}}},
		} {
			v, _ := of.Apply(at)
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%+v gives %g at %g", of, v, at)
			}
		}
	})
}
