package series

// Croston returns Croston's method for demand that is mostly zero, such as the orders of a rarely sold product:
// simple exponential smoothing of the sizes of the sales and, apart, of the intervals between them. The forecast of
// every step is size / interval, the expected sale per period (Croston 1972, doi:10.1057/jors.1972.50). alpha smooths
// both; 0.1 is usual.
//
// A sale is any value other than zero, for sizes and for intervals alike. A refund is thus a sale of a negative size,
// and the forecast is that of net sales. The first interval counts from the beginning of the series; both averages
// begin with the first sale. Zeros after the last sale change nothing: the method does not see that a product has
// died. [TSB] does. A series without a sale is forecast 0.
//
// The method needs 1 value and gives no spread: [Conformal] does. The parameters of the fit are "alpha", "size" and
// "interval", the last two at the end of the series, 0 if there was no sale. It is O(n) with fitted values.
//
// The method returns an error ([ErrInput], path "alpha") if alpha is not above 0 and at most 1.
func Croston(alpha float64) Method {
	return croston("Croston", alpha, 1)
}

// SBA returns Croston's method without its bias: the forecast of [Croston] times 1 - alpha/2, because the mean of a
// quotient is more than the quotient of the means (Syntetos and Boylan 2005, doi:10.1016/j.ijforecast.2004.10.001).
// It counts a sale at every period as intermittent too, so a constant series is forecast (1 - alpha/2) times the
// constant.
//
// The method returns an error ([ErrInput], path "alpha") if alpha is not above 0 and at most 1.
func SBA(alpha float64) Method {
	return croston("SBA", alpha, 1-alpha/2)
}

// TSB returns the method of Teunter, Syntetos and Babai for sales that are mostly zero and may end: exponential
// smoothing of the sizes of the sales, updated at each sale with the parameter size, times that of the chance of a
// sale, updated at each period with the parameter chance (2011, doi:10.1016/j.ejor.2011.05.018). Each period without
// a sale lowers the forecast, down to zero for a product that no longer sells. 0.1 for both is usual.
//
// Sales are told from zeros as in [Croston], refunds too. The size begins with the first sale, the chance with 1 or 0
// as the first period has a sale or not. A series without a sale is forecast 0.
//
// The method needs 1 value and gives no spread: [Conformal] does. The parameters of the fit are "alpha" and "beta",
// the arguments size and chance, and "size" and "chance", the averages at the end of the series.
//
// The method returns an error ([ErrInput], path "size" or "chance") if one is not above 0 and at most 1.
func TSB(size, chance float64) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkRate("size", size); err != nil {
			return Forecast{}, err
		}
		if err := checkRate("chance", chance); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("TSB", y, h, 1); err != nil {
			return Forecast{}, err
		}
		fitted := make([]float64, len(y))
		z, p := 0.0, 0.0
		seen := false
		for t, v := range y {
			sold := 0.0
			if v != 0 {
				z = smooth(z, v, size, !seen)
				sold, seen = 1, true
			}
			p = smooth(p, sold, chance, t == 0)
			fitted[t] = p * z
		}
		f := Forecast{Mean: constant(fitted[len(y)-1], h), Fit: Fit{
			Method: "TSB", Fitted: fitted[:len(y)-1],
			Params: []Param{{"alpha", size}, {"beta", chance}, {"size", z}, {"chance", p}},
		}}
		return f.done()
	}
}

// croston returns Croston's method, its forecast times factor.
func croston(name string, alpha, factor float64) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkRate("alpha", alpha); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries(name, y, h, 1); err != nil {
			return Forecast{}, err
		}
		fitted := make([]float64, len(y)) // fitted[t] is the forecast after y[t]
		size, interval, rate := 0.0, 0.0, 0.0
		gap := 1
		for t, v := range y {
			if v == 0 {
				gap++
			} else {
				first := interval == 0
				size = smooth(size, v, alpha, first)
				interval = smooth(interval, float64(gap), alpha, first)
				gap = 1
				rate = factor * (size / interval)
			}
			fitted[t] = rate
		}
		f := Forecast{Mean: constant(fitted[len(y)-1], h), Fit: Fit{
			Method: name, Fitted: fitted[:len(y)-1],
			Params: []Param{{"alpha", alpha}, {"size", size}, {"interval", interval}},
		}}
		return f.done()
	}
}

// smooth returns the exponentially weighted average with the value v; the first value is the average.
func smooth(average, v, alpha float64, first bool) float64 {
	if first {
		return v
	}
	return average + float64(alpha*(v-average))
}

// checkRate checks a smoothing parameter.
func checkRate(path string, a float64) error {
	if !(a > 0 && a <= 1) {
		return invalid(path, text(a), "must be above 0 and at most 1; 0.1 is usual")
	}
	return nil
}
