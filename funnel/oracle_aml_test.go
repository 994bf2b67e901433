package funnel_test

import (
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// The remission of 12 leukaemia patients without maintained chemotherapy, in weeks (Embury et al. 1977; Miller 1981, page 49): a
// data set so small that all is in the test. The expected values are those of R's survival 3.5-3.
func TestE09_remission_R(t *testing.T) {
	var spells []funnel.Spell
	for _, week := range []int{5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45} {
		spells = append(spells, funnel.Spell{Leave: week, Exit: "relapse"})
	}
	l := survLifetimes(t, append(spells, funnel.Spell{Leave: 16})...)
	week := func(c funnel.Curve, err error, tick int) funnel.Point {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c.At(tick)
	}
	for method, want := range map[funnel.CIMethod]map[int][2]float64{
		funnel.CIPlain:  {8: {0.399949351313594, 0.933383982019739}, 43: {0, 0.277276988949175}},
		funnel.CILog:    {8: {0.446846081150264, 0.994625360259092}, 43: {0.0152565271708652, 0.619548629119056}},
		funnel.CILogLog: {8: {0.337018932541402, 0.85971179908444}, 43: {0.00574630569586383, 0.34890386111075}},
		funnel.CILogit:  {8: {0.37587811750737, 0.869139878539693}, 43: {0.0136548134594777, 0.455855254135117}},
		funnel.CIArcsin: {8: {0.387980939067072, 0.893407001414714}, 43: {0.000174557478349901, 0.338520932519191}},
	} {
		for tick, limits := range want {
			c, err := l.Survival(funnel.CI{Method: method})
			p := week(c, err, tick)
			what := string(method) + " " + strconv.Itoa(tick)
			survClose(t, what+" lo", p.Low, limits[0])
			survClose(t, what+" hi", p.High, limits[1])
			survClose(t, what+" value", p.Value, map[int]float64{8: 0.666666666666667, 43: 0.0972222222222222}[tick])
			survClose(t, what+" se", p.SE, map[int]float64{8: 0.136082763487954, 43: 0.0918663649675205}[tick])
		}
	}
	for method, want := range map[funnel.HazardMethod][2]float64{
		"": {1.94166666666667, 0.735460928790767}, funnel.FlemingHarrington: {1.96035353535354, 0.737948829632242},
	} {
		c, err := l.Hazard(method, funnel.CI{})
		p := week(c, err, 43)
		survClose(t, "hazard "+string(method), p.Value, want[0])
		survClose(t, "hazard se "+string(method), p.SE, want[1])
	}
	c, err := l.Survival(funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[float64][3]string{0.1: {"5", "5", "8"}, 0.25: {"8", "5", "23"}, 0.5: {"23", "5", "33"}, 0.9: {"43", "30", "none"}} {
		q, _ := c.Quantile(p)
		if got := [3]string{survText(&q.Tick), survText(q.Low), survText(q.High)}; got != want {
			t.Errorf("quantile %v: %v, want %v", p, got, want)
		}
	}
	mean, err := l.RestrictedMean(27, funnel.CI{Method: funnel.CIPlain})
	if err != nil {
		t.Fatal(err)
	}
	survClose(t, "mean", mean.Value, 18.5277777777778)
	survClose(t, "mean se", mean.SE, 2.73216014795511)
	survClose(t, "mean lo", mean.Low, 18.5277777777778-1.959963984540054*2.73216014795511)
}
