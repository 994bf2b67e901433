package series

import "math"

// Naive returns the method that forecasts the last value. Its spread is that of a random walk: the standard deviation
// of step k is σ√k, with σ² the mean of the squared differences. It needs 1 value, and 2 for a spread; SD is nil
// otherwise.
func Naive() Method {
	return SeasonalNaive(1).named("Naive")
}

// SeasonalNaive returns the method that forecasts the value of the same period in the season before, m periods ago:
// 12 for months. The standard deviation of step k is σ√(⌊(k-1)/m⌋+1), with σ² the mean of the squared differences
// between values m periods apart. It needs m values, and m+1 for a spread.
func SeasonalNaive(m int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("SeasonalNaive", y, h, m); err != nil {
			return Forecast{}, err
		}
		n := len(y)
		f := Forecast{Mean: make([]float64, h), Fit: Fit{Method: "SeasonalNaive", Fitted: append([]float64(nil), y[:n-m]...)}}
		for k := range f.Mean {
			f.Mean[k] = y[n-m+k%m]
		}
		if n > m {
			sigma := rms(n-m, func(i int) float64 { return y[i+m] - y[i] })
			f.SD = make([]float64, h)
			for k := range f.SD {
				f.SD[k] = sigma * math.Sqrt(float64(k/m+1))
			}
		}
		return f.done()
	}
}

// Drift returns the method that goes on along the straight line from the first value to the last: a random walk whose
// drift is the mean of the differences. The standard deviation of step k is σ√(k(1+k/(n-1))), with σ² the variance of
// the differences (divisor n-2), so that it holds the error of the drift as well (Hyndman and Athanasopoulos 2021,
// section 5.5). It needs 2 values, and 3 for a spread. The parameter of the fit is "drift", per period.
func Drift() Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("Drift", y, h, 2); err != nil {
			return Forecast{}, err
		}
		n := len(y)
		last := y[n-1]
		b := (last - y[0]) / float64(n-1)
		f := Forecast{Mean: make([]float64, h), Fit: Fit{Method: "Drift", Params: []Param{{"drift", b}}, Fitted: make([]float64, n-1)}}
		for k := range f.Mean {
			f.Mean[k] = last + float64(float64(k+1)*b)
		}
		for i := range f.Fit.Fitted {
			f.Fit.Fitted[i] = y[i] + b
		}
		if n > 2 {
			sigma := rms(n-1, func(i int) float64 { return y[i+1] - y[i] - b }) * math.Sqrt(float64(n-1)/float64(n-2))
			f.SD = make([]float64, h)
			for k := range f.SD {
				step := float64(k + 1)
				f.SD[k] = sigma * math.Sqrt(step+step*step/float64(n-1))
			}
		}
		return f.done()
	}
}

// named returns the method under another name.
func (m Method) named(name string) Method {
	return func(y []float64, h int) (Forecast, error) {
		f, err := m(y, h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Method = name
		return f, nil
	}
}

// rms returns the root of the mean of the squares of e(0) to e(n-1), without overflow in between.
func rms(n int, e func(i int) float64) float64 {
	scale := 0.0
	for i := range n {
		scale = max(scale, math.Abs(e(i)))
	}
	if scale == 0 || math.IsInf(scale, 0) {
		return scale
	}
	sum := 0.0
	for i := range n {
		v := e(i) / scale
		sum += float64(v * v)
	}
	return scale * math.Sqrt(sum/float64(n))
}
