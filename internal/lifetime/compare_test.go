package lifetime_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// Two and two lifetimes, by hand: at tick 1 one of 2+2 ends, at 2 one of 1+2, at 3 one of 1+1. So E = 2/4 + 1/3 + 1/2 = 4/3 and
// V = 1/4 + 2/9 + 1/4 = 13/18, and the statistic is (2-4/3)² / V = 8/13.
func TestLogRank_byHand(t *testing.T) {
	a := histogram(t, []life{{0, 1, won}, {0, 3, lost}})
	b := histogram(t, []life{{0, 2, won}, {0, 4, lifetime.Censored}})
	got := lifetime.LogRank(0, []*lifetime.Histogram{a, nil, b})
	want := lifetime.Comparison{
		Groups: []lifetime.Group{
			{N: 2, Observed: 2, Expected: 4. / 3, Variance: 13. / 18},
			{},
			{N: 2, Observed: 1, Expected: 5. / 3, Variance: 13. / 18},
		},
		ChiSquared: 8. / 13,
		DF:         1,
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-14)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Two pairs of groups that are fast and slow, and between the pairs a link so weak that rounding would tear it apart if
// variances were made by subtraction: the statistic is that of the pairs, and of the link.
func TestLogRank_weakLink(t *testing.T) {
	times := func(h *lifetime.Histogram) *lifetime.Histogram {
		for range 34 {
			h.Merge(h, nil)
		}
		return h
	}
	a := times(histogram(t, []life{{0, 1, won}, {0, 9, lifetime.Censored}}))
	b := times(histogram(t, []life{{0, 2, won}, {0, 9, lifetime.Censored}}))
	c := times(histogram(t, []life{{20, 21, won}, {20, 29, lifetime.Censored}}))
	d := times(histogram(t, []life{{20, 22, won}, {20, 29, lifetime.Censored}}))
	pairs := lifetime.LogRank(0, []*lifetime.Histogram{a, b, c, d})
	if pairs.DF != 2 {
		t.Fatalf("two pairs: df = %d, want 2", pairs.DF)
	}
	bridge := []*lifetime.Histogram{
		histogram(t, []life{{12, 14, won}, {12, 14, lifetime.Censored}}), nil,
		histogram(t, []life{{12, 15, won}, {12, 16, won}}), nil,
	}
	// In a stratum of its own, so that it is nothing but a link: at 14 one of 2+2 ends.
	got := lifetime.LogRank(0, []*lifetime.Histogram{a, b, c, d}, bridge)
	want := pairs.ChiSquared + 0.5*0.5/0.25
	if got.DF != 3 || math.Abs(got.ChiSquared-want) > 1e-12*want {
		t.Errorf("%.17g on %d df, want %.17g on 3", got.ChiSquared, got.DF, want)
	}
}

func TestHistogram_LateEntry(t *testing.T) {
	for _, c := range []struct {
		lives []life
		tick  int
		late  bool
	}{
		{nil, 0, false},
		{[]life{{0, 3, won}, {0, 0, lost}}, 0, false},
		{[]life{{0, 3, won}, {7, 9, lost}, {5, 9, lost}}, 5, true},
		{[]life{{1, 3, won}}, 1, true},
	} {
		if tick, late := histogram(t, c.lives).LateEntry(); tick != c.tick || late != c.late {
			t.Errorf("%v: %d, %t, want %d, %t", c.lives, tick, late, c.tick, c.late)
		}
	}
}
