package series_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// combFirm returns a total, regions of 10 districts, districts of 10 reps, with base forecasts for 12 months and 60 past
// errors for each node.
func combFirm(leaves int) (nodes []series.Node, base, errs map[string][]float64) {
	base, errs = map[string][]float64{}, map[string][]float64{}
	add := func(id, parent string, size float64) {
		nodes = append(nodes, series.Node{ID: id, Parent: parent})
		for k := range 12 {
			base[id] = append(base[id], size*(1+0.3*math.Sin(float64(k+len(nodes)))))
		}
		for k := range 60 {
			errs[id] = append(errs[id], math.Sqrt(size)*math.Sin(float64(k*k+len(nodes))))
		}
	}
	add("total", "", float64(leaves))
	for i := range leaves {
		region, district := "r"+strconv.Itoa(i/100), "d"+strconv.Itoa(i/10)
		if i%100 == 0 {
			add(region, "total", float64(min(100, leaves-i)))
		}
		if i%10 == 0 {
			add(district, region, 10)
		}
		add(strconv.Itoa(i), district, 1)
	}
	return nodes, base, errs
}

// Reconcile is linear in the nodes. Matrices would need 12,000² numbers (1.2 GB) for 10,000 leaves, and their
// inversion some 10¹² operations.
func BenchmarkReconcile(b *testing.B) {
	for _, leaves := range []int{100, 1_000, 10_000, 100_000} {
		nodes, base, errs := combFirm(leaves)
		tree, err := series.NewTree(nodes)
		if err != nil {
			b.Fatal(err)
		}
		some := map[string][]float64{} // a tenth of the reps has a forecast below zero
		for id, v := range base {
			some[id] = append([]float64(nil), v...)
			if i, err := strconv.Atoi(id); err == nil && i%10 == 0 {
				some[id][3] = -2
			}
		}
		size := "/leaves=" + strconv.Itoa(leaves)
		b.Run("BottomUp"+size, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tree.BottomUp(base); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, c := range []struct {
			name string
			base map[string][]float64
			o    series.ReconcileOptions
		}{
			{"OLS", base, series.ReconcileOptions{Weighting: series.OLS}},
			{"WLSVariance", base, series.ReconcileOptions{Weighting: series.WLSVariance, Errors: errs}},
			{"MinTShrink", base, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: errs}},
			{"NonNegative", some, series.ReconcileOptions{NonNegative: true}},
			{"MinTShrinkNonNegative", some, series.ReconcileOptions{Weighting: series.MinTShrink, Errors: errs, NonNegative: true}},
		} {
			b.Run(c.name+size, func(b *testing.B) {
				b.ReportAllocs()
				var r series.Reconciled
				for b.Loop() {
					if r, err = tree.Reconcile(c.base, c.o); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(r.Pivots), "pivots")
			})
		}
	}
}

func BenchmarkNewTree(b *testing.B) {
	for _, leaves := range []int{100, 1_000, 10_000, 100_000} {
		nodes, _, _ := combFirm(leaves)
		b.Run("leaves="+strconv.Itoa(leaves), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.NewTree(nodes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Auto fits ETS, which takes most of the time, and two Theta methods. R's forecast::ets takes 1.5 s for a monthly series of 98 values.
func BenchmarkAuto(b *testing.B) {
	for _, n := range []int{24, 60, 120, 480} {
		y := make([]float64, n)
		for i := range y {
			y[i] = 100 + float64(i) + 20*math.Sin(float64(i)*math.Pi/6) + 5*math.Sin(float64(i*i))
		}
		b.Run("n="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.Auto(12)(y, 12); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Conformal fits its base windows+h times.
func BenchmarkConformal(b *testing.B) {
	for _, n := range []int{60, 120, 480} {
		y := make([]float64, n)
		for i := range y {
			y[i] = 100 + float64(i) + 5*math.Sin(float64(i*i))
		}
		b.Run("n="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := series.Conformal(series.Theta(1), 20)(y, 12); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
