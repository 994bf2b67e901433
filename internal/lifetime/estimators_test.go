package lifetime_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/lifetime"
)

func closeTo(t interface{ Errorf(string, ...any) }, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// The incidence without standard errors is that with.
func TestHistogram_AalenJohansen_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histogram(t, lives().Draw(t, "lives"))
		for _, c := range []lifetime.Cause{lifetime.Censored, won, lost, 9} {
			var got []lifetime.Point
			for s := range h.AalenJohansen(c) {
				if s.Events+s.Competing > 0 {
					got = append(got, lifetime.Point{Tick: s.Tick, AtRisk: s.AtRisk, Exits: s.Events, Incidence: s.Value, Survival: s.Survival})
				}
			}
			if diff := cmp.Diff(h.Incidence(c), got); diff != "" {
				t.Errorf("cause %d (-Incidence +AalenJohansen):\n%s", c, diff)
			}
		}
	})
}

// An incidence does not go beyond 1, though the shares of 9 that end one after the other sum to a little more.
func TestHistogram_AalenJohansen_most(t *testing.T) {
	h := new(lifetime.Histogram)
	for i := range 9 {
		h.Add(0, i, won)
	}
	points := h.Incidence(won)
	if got := points[len(points)-1].Incidence; got != 1 {
		t.Errorf("incidence %v, want 1", got)
	}
}

// weighted is the incidence of a cause at a tick (or survival, for Censored) and the ticks lost (or left) up to tau, of lives
// with weights: a slow version from the definitions.
func weighted(ls []life, weights []float64, c lifetime.Cause, tick, tau int) (share, area float64) {
	survival, incidence := 1.0, 0.0
	for at := range max(tick+1, tau) {
		var n, e, d float64
		for i, l := range ls {
			if l.First <= at && at <= l.Last {
				n += weights[i]
				if l.Last == at && l.Cause != lifetime.Censored {
					e += weights[i]
					if l.Cause == c {
						d += weights[i]
					}
				}
			}
		}
		if n > 0 {
			incidence += survival * d / n
			survival *= 1 - e/n
		}
		value := incidence
		if c == lifetime.Censored {
			value = survival
		}
		if at == tick {
			share = value
		}
		if at < tau {
			area += value
		}
	}
	return share, area
}

// The standard errors are those of the infinitesimal jackknife: the root of the sum over the lives of the square of what a little
// more weight on each would change, found by trying; and the values are those of the definitions.
func TestEstimators_jackknife_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) life {
			return life{Last: rapid.IntRange(0, 8).Draw(t, "last"), Cause: rapid.SampledFrom([]lifetime.Cause{lifetime.Censored, won, lost}).Draw(t, "cause")}
		}), 1, 9).Draw(t, "lives")
		tau := rapid.IntRange(1, 10).Draw(t, "tau")
		h := histogram(t, ls)
		const nudge = 1e-5
		jackknife := func(c lifetime.Cause, tick int) (share, seShare, area, seArea float64) {
			weights := slices.Repeat([]float64{1}, len(ls))
			share, area = weighted(ls, weights, c, tick, tau)
			for i := range ls {
				weights[i] = 1 + nudge
				up, upArea := weighted(ls, weights, c, tick, tau)
				weights[i] = 1 - nudge
				down, downArea := weighted(ls, weights, c, tick, tau)
				weights[i] = 1
				seShare += math.Pow((up-down)/(2*nudge), 2)
				seArea += math.Pow((upArea-downArea)/(2*nudge), 2)
			}
			return share, math.Sqrt(seShare), area, math.Sqrt(seArea)
		}
		for s := range h.Survival() {
			share, se, _, _ := jackknife(lifetime.Censored, s.Tick)
			closeTo(t, "survival", s.Value, share, 1e-12)
			closeTo(t, "its standard error", s.SE, se, 1e-7)
		}
		mean, se := h.RestrictedMean(tau)
		_, _, wantMean, wantSE := jackknife(lifetime.Censored, 0)
		closeTo(t, "restricted mean", mean, wantMean, 1e-12)
		closeTo(t, "its standard error", se, wantSE, 1e-7)
		for _, c := range []lifetime.Cause{won, lost} {
			for s := range h.AalenJohansen(c) {
				share, se, _, _ := jackknife(c, s.Tick)
				closeTo(t, "incidence", s.Value, share, 1e-12)
				closeTo(t, "its standard error", s.SE, se, 1e-7)
			}
			mean, se := h.TimeLost(c, tau)
			_, _, wantMean, wantSE := jackknife(c, 0)
			closeTo(t, "time lost", mean, wantMean, 1e-12)
			closeTo(t, "its standard error", se, wantSE, 1e-7)
		}
	})
}

// With one cause, the time lost to it and the restricted mean have the same standard error, late entry or not, and so have the
// incidence and survival.
func TestEstimators_oneCause_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := lives().Draw(t, "lives")
		for i := range ls {
			ls[i].Cause = min(ls[i].Cause, won)
		}
		tau := rapid.IntRange(1, 1400).Draw(t, "tau")
		h := histogram(t, ls)
		mean, se := h.RestrictedMean(tau)
		lostTo, lostSE := h.TimeLost(won, tau)
		closeTo(t, "mean + lost", mean+lostTo, float64(tau), 1e-12)
		closeTo(t, "standard error", lostSE, se, 1e-9)
		var survival []lifetime.Step
		for s := range h.Survival() {
			survival = append(survival, s)
		}
		i := 0
		for s := range h.AalenJohansen(won) {
			closeTo(t, "survival + incidence", s.Value+survival[i].Value, 1, 1e-12)
			closeTo(t, "standard error", s.SE, survival[i].SE, 1e-7)
			i++
		}
	})
}

// The sums of Fleming and Harrington, against rational numbers, around where the formula of Euler and Maclaurin takes over.
func TestHistogram_Hazard_untied(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 17, 100, 255, 256, 257, 270, 272, 273, 300, 1000} {
		for _, d := range []int{1, 2, 14, 15, 16, 17, 100, 256, 999, 1000} {
			if d > n {
				continue
			}
			h := new(lifetime.Histogram)
			for i := range n {
				cause := lifetime.Censored
				if i < d {
					cause = won
				}
				h.Add(0, 7, cause)
			}
			first, second := new(big.Rat), new(big.Rat)
			for k := n - d + 1; k <= n; k++ {
				first.Add(first, big.NewRat(1, int64(k)))
				second.Add(second, big.NewRat(1, int64(k)*int64(k)))
			}
			want, _ := first.Float64()
			variance, _ := second.Float64()
			for s := range h.Hazard(true) {
				if s.Tick != 7 {
					continue
				}
				if math.Abs(s.Value-want) > 1e-14*want {
					t.Errorf("%d of %d: hazard %v, want %v", d, n, s.Value, want)
				}
				if se := math.Sqrt(variance); math.Abs(s.SE-se) > 1e-14*se {
					t.Errorf("%d of %d: standard error %v, want %v", d, n, s.SE, se)
				}
			}
		}
	}
}

// How far a histogram tells.
func TestHistogram_Extent(t *testing.T) {
	for name, c := range map[string]struct {
		lives []life
		want  lifetime.Extent
	}{
		"nobody":                         {nil, lifetime.Extent{Rows: 0, Support: -1}},
		"the last seen open":             {[]life{{0, 3, won}, {0, 9, lifetime.Censored}}, lifetime.Extent{Rows: 3, Support: 9}},
		"the last ended":                 {[]life{{0, 3, lifetime.Censored}, {0, 9, won}}, lifetime.Extent{Rows: 3, Support: 9, Complete: true}},
		"some of the last ended":         {[]life{{0, 9, won}, {0, 9, lifetime.Censored}}, lifetime.Extent{Rows: 2, Support: 9}},
		"watched late, from the start":   {[]life{{4, 9, won}}, lifetime.Extent{Rows: 2, Support: 9, Complete: true}},
		"a gap":                          {[]life{{0, 3, lifetime.Censored}, {5, 9, won}}, lifetime.Extent{Rows: 4, Support: 3}},
		"no gap":                         {[]life{{0, 3, lifetime.Censored}, {4, 9, won}}, lifetime.Extent{Rows: 4, Support: 9, Complete: true}},
		"all ended, others came later":   {[]life{{0, 3, won}, {5, 9, won}}, lifetime.Extent{Rows: 4, Support: 2}},
		"all ended, others came at once": {[]life{{0, 3, won}, {4, 9, won}}, lifetime.Extent{Rows: 4, Support: 2}},
		"at once at the first tick":      {[]life{{0, 0, won}, {4, 9, won}}, lifetime.Extent{Rows: 3, Support: -1}},
		"two gaps":                       {[]life{{0, 3, lifetime.Censored}, {5, 9, won}, {20, 30, won}}, lifetime.Extent{Rows: 6, Support: 3}},
	} {
		if diff := cmp.Diff(c.want, histogram(t, c.lives).Extent()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
