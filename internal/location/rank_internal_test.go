package location

import (
	"math"
	"testing"

	"github.com/salesops-go/salesops/internal/multiset"
)

// What R's wilcox.test gives where it approximates, with correction for ties and continuity: ozone in New York in May and August
// 1973 (the example of its documentation), miles per gallon by transmission (mtcars), and two small samples with ties
// (endmemo.com/r/wilcoxon.php). Up to 1000 pairs MannWhitney is exact; this is its approximation.
func TestE36_normal(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		u, p float64
	}{
		{
			"airquality",
			[]float64{41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37},
			[]float64{39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85},
			127.5, 0.0001208,
		},
		{
			"mtcars",
			[]float64{21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 21.5, 15.5, 15.2, 13.3, 19.2},
			[]float64{21, 21, 22.8, 32.4, 30.4, 33.9, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4},
			42, 0.001871,
		},
		{
			"small",
			[]float64{1, 5, 9, 24, 56, 21, 3, 7, 21, 4},
			[]float64{12, 15, 5, 9, 9, 14, 56, 22, 3, 7, 32, 5},
			51.5, 0.5966,
		},
		{
			"apart",
			[]float64{1, 5, 9, 24, 56, 21, 3, 7, 21, 4},
			[]float64{1233, 4356, 987, 39999, 1111, 200000},
			0, 0.001364,
		},
	} {
		runs := func(x []float64) []multiset.Run {
			var s multiset.Set
			for _, v := range x {
				s.Add(int64(math.Round(v * 10)))
			}
			return s.Runs()
		}
		r, _ := MannWhitney(runs(c.a), runs(c.b))
		p := tie(runs(c.a), runs(c.b)).normal()
		if r.U != c.u || math.Abs(p-c.p) > 0.0005*c.p {
			t.Errorf("%s: U = %v, p = %v, want %v, %v", c.name, r.U, p, c.u, c.p)
		}
		t.Logf("%s: exact %v", c.name, r.P)
	}
}

// Hill's transformation has all its terms: with few degrees of freedom, where each of them shows, it is as near as it can be. It
// serves from 10 000 on.
func TestHill(t *testing.T) {
	for _, df := range []float64{8, 20, 100} {
		for _, x := range []float64{0.5, 1, 2, 4} {
			got, want := math.Erfc(hill(x*x/df, df)/math.Sqrt2), StudentTail(x, df)
			if math.Abs(got-want) > 0.1*math.Pow(df, -5)*want {
				t.Errorf("df %v, t %v: %v, want %v (%g)", df, x, got, want, math.Abs(got-want)/want*math.Pow(df, 5))
			}
		}
	}
}
