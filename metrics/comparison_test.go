package metrics_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/metrics"
)

func TestComparison_String(t *testing.T) {
	ratio := func(num, den int) metrics.Ratio[int] { return metrics.Ratio[int]{Num: num, Den: den} }
	must := difMust(t)
	shares := func(a, b metrics.Ratio[int], e metrics.Evidence) metrics.Comparison {
		return must(metrics.CompareShares(a, b, metrics.Higher, e))
	}
	target := func(a metrics.Ratio[int], target float64) metrics.Comparison {
		return must(metrics.CompareToTarget(a, target, metrics.Higher, metrics.Evidence{}))
	}
	days := func(unit, n int) (out []int) {
		for i := range n {
			out = append(out, unit*(i%10))
		}
		return out
	}
	samples := func(a, b []int) metrics.Comparison {
		return must(metrics.CompareSamples(a, b, metrics.Lower, metrics.Evidence{}))
	}
	means := func(a, b []int) metrics.Comparison {
		return must(metrics.CompareMeans(difMoments(t, a...), difMoments(t, b...), metrics.Neither, metrics.Evidence{}))
	}
	for name, c := range map[string]struct {
		c    metrics.Comparison
		want string
	}{
		"better":       {shares(ratio(90, 150), ratio(60, 150), metrics.Evidence{}), "better: +20.0 points (+8.7 to +30.6), p < 0.001"},
		"worse":        {shares(ratio(60, 150), ratio(80, 150), metrics.Evidence{}), "worse: -13.3 points (-24.2 to -2.0), p = 0.021"},
		"unclear":      {shares(ratio(60, 150), ratio(70, 150), metrics.Evidence{}), "unclear: -6.7 points (-17.6 to +4.5), p = 0.24: a difference this large comes up in 24 of 100 comparisons of equals"},
		"rare":         {shares(ratio(60, 150), ratio(80, 150), metrics.Evidence{Alpha: 1e-9}), "unclear: -13.3 points (-24.2 to -2.0), p = 0.021: a difference this large comes up in 2 of 100 comparisons of equals"},
		"very rare":    {shares(ratio(0, 1500), ratio(1500, 1500), metrics.Evidence{Alpha: 1e-320}), "better"},
		"equal":        {shares(ratio(60, 150), ratio(60, 150), metrics.Evidence{}), "unclear: 0.0 points (-11.0 to +11.0), p = 1: there is no difference"},
		"nearly equal": {shares(ratio(601, 1500), ratio(602, 1500), metrics.Evidence{}), "unclear: -0.1 points (-3.6 to +3.4), p = 0.97: a difference this large comes up in 97 of 100 comparisons of equals"},
		"too few":      {shares(ratio(9, 12), ratio(1100, 1300), metrics.Evidence{}), "too few: -9.6 points (-37.9 to +6.6): 20 are needed on each side: there are 12 and 1,300"},
		"none":         {shares(ratio(0, 0), ratio(1100, 1300), metrics.Evidence{MinN: 1}), "too few: 1 are needed on each side: there are 0 and 1,300"},
		"target":       {target(ratio(30, 100), 0.25), "unclear: +5.0 points (-3.1 to +14.6), p = 0.25: a difference this large comes up in 25 of 100 comparisons of equals"},
		"no target":    {target(ratio(3, 10), 0.25), "too few: +5.0 points (-14.2 to +35.3): 20 are needed: there are 10"},
		"certain":      {target(ratio(30, 100), 0), "better: +30.0 points (+21.9 to +39.6), p < 0.001"},
		"samples":      {samples(days(20, 100), days(10, 100)), "worse: +45.00 (+30.00 to +60.00), p < 0.001"},
		"constant":     {samples(make([]int, 50), make([]int, 50)), "unclear: 0.000, p = 1: there is no difference"},
		"means":        {means(days(2000, 100), days(1000, 100)), "differs: +4,500 (+3,224 to +5,776), p < 0.001"},
		"no spread":    {means(make([]int, 50), make([]int, 50)), "untested: 0.000: nothing varies, so nothing tells how large a difference chance would make"},
		"one value":    {must(metrics.CompareMeans(difMoments(t, 1), nil, metrics.Lower, metrics.Evidence{MinN: 1})), "too few: 2 are needed on each side: there are 1 and 0"},
	} {
		got := c.c.String()
		if name == "very rare" {
			got, c.want = string(c.c.Verdict), "worse"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := (metrics.Comparison{}).String(); got != "" {
		t.Errorf("the zero value says %q", got)
	}
}

// Fisher's test serves where one of the four counts would be below 5 were the shares equal, and not where it would be 5.
func TestCompareShares_sparse(t *testing.T) {
	for _, c := range []struct {
		a, b metrics.Ratio[int]
		want metrics.Method
	}{
		{metrics.Ratio[int]{Num: 2, Den: 50}, metrics.Ratio[int]{Num: 8, Den: 50}, metrics.ByChiSquared},
		{metrics.Ratio[int]{Num: 48, Den: 50}, metrics.Ratio[int]{Num: 42, Den: 50}, metrics.ByChiSquared},
		{metrics.Ratio[int]{Num: 2, Den: 50}, metrics.Ratio[int]{Num: 7, Den: 50}, metrics.ByFisher},
		{metrics.Ratio[int]{Num: 48, Den: 50}, metrics.Ratio[int]{Num: 43, Den: 50}, metrics.ByFisher},
		{metrics.Ratio[int]{Num: 0, Den: 20_000_000}, metrics.Ratio[int]{Num: 3, Den: 50}, metrics.ByChiSquared}, // too many for Fisher
	} {
		if got := difMust(t)(metrics.CompareShares(c.a, c.b, metrics.Higher, metrics.Evidence{})); got.Method != c.want {
			t.Errorf("%v and %v by %s, want %s", c.a, c.b, got.Method, c.want)
		}
	}
}

// The verdict of samples follows the ranks: most are 0 days on both sides, so the shift is 0, but one side has far more that
// are not.
func TestCompareSamples_shiftZero(t *testing.T) {
	a, b := make([]time.Duration, 100), make([]time.Duration, 100)
	for i := range 40 {
		a[i] = 24 * time.Hour
	}
	c := difMust(t)(metrics.CompareSamples(a, b, metrics.Lower, metrics.Evidence{}))
	if *c.Difference != 0 || *c.Superiority != 0.7 || c.Verdict != metrics.Worse {
		t.Errorf("%+v: %s", c, c)
	}
}

func TestCompare_refuses(t *testing.T) {
	ok, bad := metrics.Ratio[int]{Num: 30, Den: 60}, metrics.Ratio[int]{Num: -1, Den: 60}
	huge := metrics.Ratio[uint64]{Num: 1, Den: 1 << 63}
	half := metrics.Ratio[int64]{Num: 1, Den: math.MaxInt64/2 + 1}
	only := func(_ any, err error) error { return err }
	h, none := metrics.Higher, metrics.Evidence{}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"negative":         {only(metrics.CompareShares(bad, ok, h, none)), "a is no share"},
		"more than all":    {only(metrics.CompareShares(ok, metrics.Ratio[int]{Num: 61, Den: 60}, h, none)), "b is no share"},
		"beyond int64":     {only(metrics.CompareShares(huge, ok, h, none)), "a is no share"},
		"direction":        {only(metrics.CompareShares(ok, ok, "up", none)), `better "up" must be`},
		"no direction":     {only(metrics.CompareShares(ok, ok, "", none)), "better must be"},
		"MinN":             {only(metrics.CompareShares(ok, ok, h, metrics.Evidence{MinN: -1})), "evidence/minN"},
		"Alpha":            {only(metrics.CompareShares(ok, ok, h, metrics.Evidence{Alpha: math.NaN()})), "evidence/alpha"},
		"Alpha above 1":    {only(metrics.CompareShares(ok, ok, h, metrics.Evidence{Alpha: 1.5})), "evidence/alpha"},
		"Level":            {only(metrics.CompareShares(ok, ok, h, metrics.Evidence{Level: 1})), "evidence/level"},
		"target share":     {only(metrics.CompareToTarget(bad, 0.5, h, none)), "a is no share"},
		"target percent":   {only(metrics.CompareToTarget(ok, 25, h, none)), `target "25" must be a share`},
		"target NaN":       {only(metrics.CompareToTarget(ok, math.NaN(), h, none)), "target"},
		"means":            {only(metrics.CompareMeans[int](nil, nil, "", none)), "better"},
		"mean target":      {only(metrics.CompareMeanToTarget[int](nil, math.Inf(1), h, none)), "target"},
		"mean evidence":    {only(metrics.CompareMeanToTarget[int](nil, 1, h, metrics.Evidence{Level: 2})), "evidence/level"},
		"sample NaN":       {only(metrics.CompareSamples([]float64{1, math.NaN()}, nil, h, none)), "a/1"},
		"sample decimal":   {only(metrics.CompareSamples(nil, []decimal.Decimal{decimal.New(1, 1e9)}, h, none)), "b/0"},
		"sample direction": {only(metrics.CompareSamples([]int{1}, []int{2}, "x", none)), "better"},
		"rest share":       {only(metrics.CompareToRest([]metrics.Ratio[int]{ok, bad}, h, none)), "groups/1"},
		"rest beyond":      {only(metrics.CompareToRest([]metrics.Ratio[int64]{half, half}, h, none)), "groups/1 takes"},
		"rest direction":   {only(metrics.CompareToRest([]metrics.Ratio[int64]{half}, "", none)), "better"},
		"homogeneity":      {only(metrics.Homogeneity(ok, bad)), "groups/1"},
		"p":                {only(metrics.BenjaminiHochberg([]float64{0.5, math.NaN()})), "p/1"},
		"judge p":          {metrics.Judge(none, &metrics.Comparison{P: new(float64), Better: h}, &metrics.Comparison{P: new(1.5), Better: h}), "comparisons/1/p"},
		"judge direction":  {metrics.Judge(none, &metrics.Comparison{P: new(float64)}), "comparisons/0/better"},
		"judge evidence":   {metrics.Judge(metrics.Evidence{Alpha: -1}), "evidence/alpha"},
	} {
		var e *metrics.Error
		if !errors.Is(c.err, metrics.ErrInput) || !errors.As(c.err, &e) || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: error %v, want one of ErrInput that tells %q", name, c.err, c.want)
		}
	}
	for _, groups := range [][]metrics.Ratio[int]{nil, {ok}, {ok, {}}} {
		if _, err := metrics.Homogeneity(groups...); !errors.Is(err, metrics.ErrUndefined) {
			t.Errorf("%v: error %v, want ErrUndefined", groups, err)
		}
	}
	if err := metrics.Judge(none, nil); err != nil {
		t.Errorf("judging nothing: %v", err)
	}
}

// Whatever the numbers: no panic, and all figures are numbers.
func TestCompare_hostile(t *testing.T) {
	must := difMust(t)
	counts := []int64{0, 1, 2, 1 << 40, math.MaxInt64/2 - 1, math.MaxInt64}
	e := metrics.Evidence{MinN: 1, Level: 1 - 1.0/(1<<53)}
	var shares []metrics.Ratio[int64]
	for _, den := range counts {
		for _, num := range counts {
			if num <= den {
				shares = append(shares, metrics.Ratio[int64]{Num: num, Den: den})
			}
		}
	}
	for _, a := range shares {
		for _, b := range shares {
			must(metrics.CompareShares(a, b, metrics.Higher, e))
			if test, err := metrics.Homogeneity(a, b, a); err == nil && (math.IsNaN(test.ChiSquared+test.P+test.LogP) || math.IsInf(test.ChiSquared+test.LogP, 0)) {
				t.Errorf("%v, %v: %+v", a, b, test)
			}
		}
		for _, target := range []float64{0, 5e-324, 1e-18, 0.5, 1 - 1.0/(1<<53), 1} {
			must(metrics.CompareToTarget(a, target, metrics.Neither, e))
		}
	}
	large := []float64{math.MaxFloat64, -math.MaxFloat64, 5e-324, 0, 1e300, -1e-300, math.Copysign(0, -1)}
	for i := range large {
		for j := range large {
			a, b := large[i:], large[:j]
			must(metrics.CompareSamples(a, b, metrics.Lower, e))
			must(metrics.CompareMeans(difMoments(t, a...), difMoments(t, b...), metrics.Lower, e))
			must(metrics.CompareMeanToTarget(difMoments(t, a...), large[j], metrics.Lower, e))
		}
	}
	var nothing []decimal.Decimal
	must(metrics.CompareSamples(nothing, []decimal.Decimal{{}}, metrics.Higher, e))
	must(metrics.CompareSamples([]decimal.Decimal{decimal.New(1, 18), decimal.New(1, -18)}, []decimal.Decimal{{}}, metrics.Higher, e))
	must(metrics.CompareSamples([]uint64{math.MaxUint64, 0}, []uint64{1 << 63}, metrics.Higher, e))
	must(metrics.CompareMeans[decimal.Decimal](nil, nil, metrics.Higher, e))
}
