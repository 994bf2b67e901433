package series

import (
	"math"
	"strconv"
)

// Mean returns the method that forecasts the mean of all values. The standard deviation is the same for every step,
// s√(1+1/n), with s² the sample variance (divisor n-1), and the intervals are those of Student's t with n-1 degrees
// of freedom: exact for independent normal values. Every fitted value is the mean of all values. It needs 1 value,
// and 2 for a spread.
func Mean() Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeries("Mean", y, h, 1); err != nil {
			return Forecast{}, err
		}
		n := len(y)
		level := mean(y)
		f := Forecast{Mean: constant(level, h), Fit: Fit{Method: "Mean", Fitted: constant(level, n)}}
		if n > 1 {
			s := rms(n, func(i int) float64 { return y[i] - level }) * math.Sqrt(float64(n)/float64(n-1))
			f.SD = constant(s*math.Sqrt(1+1/float64(n)), h)
			f.DF = n - 1
		}
		return f.done()
	}
}

// Average returns the method that forecasts the mean of the last k values, for every step. It gives no spread:
// [Conformal] does. It needs k values.
//
// The method returns an error ([ErrInput], path "k") if k is below 1.
func Average(k int) Method {
	return SeasonalAverage(1, k).named("Average(" + strconv.Itoa(k) + ")")
}

// SeasonalAverage returns the method that forecasts the mean of the same period in each of the last k seasons of m
// periods: with m 12 and k 3, the next January is the mean of the last three. It gives no spread: [Conformal] does.
// It needs m × k values.
//
// The method returns an error ([ErrInput], path "m" or "k") if m or k is below 1.
func SeasonalAverage(m, k int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if k < 1 {
			return Forecast{}, invalid("k", strconv.Itoa(k), "must be 1 or more: how many values the mean is of")
		}
		if err := checkSeries("the average", y, h, seasons(k, m)); err != nil {
			return Forecast{}, err
		}
		n := len(y)
		f := Forecast{
			Mean: make([]float64, h),
			Fit:  Fit{Method: "SeasonalAverage(" + strconv.Itoa(m) + "," + strconv.Itoa(k) + ")", Fitted: make([]float64, n-m*k)},
		}
		window := make([]float64, k)
		at := func(t int) float64 { // the forecast of y[t] by the k seasons before
			for i := range window {
				window[i] = y[t-(k-i)*m]
			}
			return mean(window)
		}
		for t := range f.Fit.Fitted {
			f.Fit.Fitted[t] = at(m*k + t)
		}
		for i := range f.Mean {
			if i < m {
				f.Mean[i] = at(n + i)
			} else {
				f.Mean[i] = f.Mean[i-m]
			}
		}
		return f.done()
	}
}

// mean returns the mean of y, which has a value. That of equal values is the value.
func mean(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v - y[0]
	}
	return y[0] + sum/float64(len(y))
}

// constant returns n times v.
func constant(v float64, n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// seasons returns k × m, or the largest int if that is less.
func seasons(k, m int) int {
	if m > math.MaxInt/k {
		return math.MaxInt
	}
	return k * m
}
