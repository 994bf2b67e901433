package series_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast/series"
)

// R stats 4.2.2, stl(s.window = "periodic") and stl(s.window = 13, robust = TRUE), and forecast 8.20, mstl.
//
// The robust one is compared for the series JohnsonJohnson alone. For the other six R has a median that is none: the
// Fortran code that it shares with netlib asks its partial sort (CACM algorithm 410) for the ranks n/2+1 and n/2, in
// this order, but that needs them in ascending order, and otherwise may leave the second unsorted. With that fault
// rebuilt, all seven agreed to 1e-12; with the true median, which we take, the six differ by up to a few parts in a
// thousand, ldeaths by a quarter. The test after this one has the procedure in full.
func TestE_stlAgreesWithR(t *testing.T) {
	for _, r := range thReferences(t, true) {
		for name, c := range map[string]struct {
			want thParts
			got  func() (series.Decomposition, error)
		}{
			"periodic": {r.STLPeriodic, func() (series.Decomposition, error) {
				return series.STL(r.Y, r.Freq, series.STLOptions{})
			}},
			"robust": {r.STLRobust, func() (series.Decomposition, error) {
				return series.STL(r.Y, r.Freq, series.STLOptions{Window: 13, Robust: 15})
			}},
			"mstl": {r.MSTL, func() (series.Decomposition, error) {
				return series.MSTL(r.Y, []int{r.Freq}, series.STLOptions{})
			}},
		} {
			if name == "robust" && r.Name != "JohnsonJohnson" {
				continue
			}
			d, err := c.got()
			if err != nil {
				t.Fatal(err)
			}
			thNear(t, r.Name+" "+name+" season", c.want.Seasonal, d.Seasons[0])
			thNear(t, r.Name+" "+name+" trend", c.want.Trend, d.Trend)
			rest := make([]float64, len(r.Y))
			for i := range rest {
				rest[i] = r.Y[i] - c.want.Seasonal[i] - c.want.Trend[i] + 1 // + 1, as the rest may be nothing
				d.Remainder[i]++
			}
			thNear(t, r.Name+" "+name+" remainder", rest, d.Remainder)
		}
	}
}

// thSTL is the procedure of Cleveland et al. 1990, section 3, written down without regard to speed.
func thSTL(y []float64, m int, o series.STLOptions) (season, trend []float64) {
	n := len(y)
	window, inner := o.Window, 2
	if window == 0 {
		window = 10*n + 1
	}
	if o.Robust > 0 {
		inner = 1
	}
	odd := func(x float64) int {
		k := int(math.Ceil(x))
		return k + 1 - k%2
	}
	trendWindow, low := o.Trend, o.LowPass
	if trendWindow == 0 {
		trendWindow = odd(1.5 * float64(m) / (1 - 1.5/float64(window)))
	}
	if low == 0 {
		low = odd(float64(m))
	}
	season, trend = make([]float64, n), make([]float64, n)
	rho := slices.Repeat([]float64{1}, n)
	for range o.Robust + 1 {
		for range inner {
			c := make([]float64, n+2*m) // steps 1 and 2
			for p := range m {
				var sub, w []float64
				for t := p; t < n; t += m {
					sub, w = append(sub, y[t]-trend[t]), append(w, rho[t])
				}
				k := len(sub)
				s := thLoess(sub, w, window, 0)
				first, ok := thFit(sub, w, window, 0, -1)
				if !ok {
					first = s[0]
				}
				last, ok := thFit(sub, w, window, 0, k)
				if !ok {
					last = s[k-1]
				}
				for i, v := range slices.Concat([]float64{first}, s, []float64{last}) {
					c[p+i*m] = v
				}
			}
			l := thLoess(thAverage(thAverage(thAverage(c, m), m), 3), slices.Repeat([]float64{1}, n), low, 1) // step 3
			rest := make([]float64, n)
			for t := range n { // steps 4 and 5
				season[t] = c[m+t] - l[t]
				rest[t] = y[t] - season[t]
			}
			trend = thLoess(rest, rho, trendWindow, 1) // step 6
		}
		var r []float64
		for t := range n {
			r = append(r, math.Abs(y[t]-trend[t]-season[t]))
		}
		sorted := slices.Sorted(slices.Values(r))
		far := 6 * (sorted[(n-1)/2] + sorted[n/2]) / 2
		for t := range n {
			switch u := r[t] / far; {
			case r[t] <= 0.001*far:
				rho[t] = 1
			case u <= 0.999:
				rho[t] = (1 - u*u) * (1 - u*u)
			default:
				rho[t] = 0
			}
		}
	}
	if o.Window == 0 {
		for p := range m {
			var sum, count float64
			for t := p; t < n; t += m {
				sum, count = sum+season[t], count+1
			}
			for t := p; t < n; t += m {
				season[t] = sum / count
			}
		}
	}
	return season, trend
}

// thAverage returns the averages of k neighbours.
func thAverage(x []float64, k int) []float64 {
	a := make([]float64, len(x)-k+1)
	for i := range a {
		for _, v := range x[i : i+k] {
			a[i] += v / float64(k)
		}
	}
	return a
}

// thLoess smooths y at every tenth part of the window and at the end, with straight lines in between.
func thLoess(y, rho []float64, window, degree int) []float64 {
	n := len(y)
	s := make([]float64, n)
	jump := int(math.Ceil(float64(window) / 10))
	before := 0
	for i := range n {
		if i%jump != 0 && i != n-1 {
			continue
		}
		v, ok := thFit(y, rho, window, degree, i)
		if !ok {
			v = y[i]
		}
		for j := before + 1; j < i; j++ {
			s[j] = s[before] + (v-s[before])*float64(j-before)/float64(i-before)
		}
		s[i] = v
		before = i
	}
	return s
}

// thFit fits a constant or a line to the window nearest values, by least squares with tricube weights, and returns
// its value at x.
func thFit(y, rho []float64, window, degree, x int) (float64, bool) {
	n := len(y)
	q := min(window, n)
	left := min(max(x-(window-1)/2, 0), n-q)
	h := float64(max(x-left, left+q-1-x) + max(window-n, 0)/2)
	var w, wx, wxx, wy, wxy float64 // with x as origin
	for i := left; i < left+q; i++ {
		u := math.Abs(float64(i-x)) / h
		k := rho[i]
		switch {
		case u > 0.999:
			k = 0
		case u > 0.001:
			k *= math.Pow(1-math.Pow(u, 3), 3)
		}
		d := float64(i - x)
		w, wx, wxx, wy, wxy = w+k, wx+k*d, wxx+k*d*d, wy+k*y[i], wxy+k*d*y[i]
	}
	if w <= 0 {
		return 0, false
	}
	if degree == 0 || math.Sqrt(max(wxx/w-wx/w*wx/w, 0)) <= 0.001*float64(n-1) {
		return wy / w, true
	}
	return (wy*wxx - wxy*wx) / (w*wxx - wx*wx), true
}

func TestE_stlIsThePublishedProcedure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 13).Draw(t, "m")
		n := 2*m + 1 + rapid.IntRange(0, 6*m).Draw(t, "more")
		y := make([]float64, n)
		for i := range y {
			y[i] = 10*math.Sin(float64(i)*2*math.Pi/float64(m)) + float64(i)/5 + rapid.Float64Range(-3, 3).Draw(t, "noise")
		}
		window := rapid.SampledFrom([]int{0, 0, 3, 7, 13, 35}).Draw(t, "window")
		o := series.STLOptions{
			Window: window, Robust: rapid.IntRange(0, 3).Draw(t, "robust"),
			Trend:   rapid.SampledFrom([]int{0, 0, 7, 23}).Draw(t, "trend"),
			LowPass: rapid.SampledFrom([]int{0, 0, 5, 15}).Draw(t, "low pass"),
		}
		season, trend := thSTL(y, m, o)
		d, err := series.STL(y, m, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range y {
			if math.Abs(d.Seasons[0][i]-season[i]) > 1e-9 || math.Abs(d.Trend[i]-trend[i]) > 1e-9 {
				t.Fatalf("value %d: season %v, trend %v, want %v, %v", i, d.Seasons[0][i], d.Trend[i], season[i], trend[i])
			}
		}
	})
}

// MSTL removes one season from what the others leave: the paper's algorithm 1 with STL as it is here.
func TestE_mstlIsThePublishedProcedure(t *testing.T) {
	y := make([]float64, 90)
	for i := range y {
		y[i] = float64(i%7) + 4*math.Sin(float64(i)*2*math.Pi/30) + float64(i*i%17)/10 + float64(i)/9
	}
	weeks, months := make([]float64, len(y)), make([]float64, len(y))
	rest := slices.Clone(y)
	var trend []float64
	for range 2 {
		for _, s := range []struct {
			season []float64
			m, w   int
		}{{weeks, 7, 11}, {months, 30, 15}} {
			for i := range rest {
				rest[i] += s.season[i]
			}
			d, err := series.STL(rest, s.m, series.STLOptions{Window: s.w})
			if err != nil {
				t.Fatal(err)
			}
			copy(s.season, d.Seasons[0])
			for i := range rest {
				rest[i] -= s.season[i]
			}
			trend = d.Trend
		}
	}
	d, err := series.MSTL(y, []int{30, 7}, series.STLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Periods, []int{7, 30}) {
		t.Fatalf("periods %v", d.Periods)
	}
	thNear(t, "week", weeks, d.Seasons[0])
	thNear(t, "month", months, d.Seasons[1])
	thNear(t, "trend", trend, d.Trend)
	for i := range rest {
		rest[i] -= trend[i]
	}
	thNear(t, "remainder", rest, d.Remainder)
}
