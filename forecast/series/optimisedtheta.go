package series

import "math"

// OptimisedTheta returns the dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler
// 2016, doi:10.1016/j.ijforecast.2016.02.005). It differs from [Theta] in two ways: how much of the straight line
// goes into the forecast is fitted (the weight 1 - 1/θ, from 0 to 1, in place of 1/2); and the line is, at each time,
// that through the values so far. It follows a steady trend fully, and a wandering series like simple exponential
// smoothing. A series on a straight line is forecast exactly.
//
// α, from 0.1 to 0.99, the weight and the first level are those of the least squared errors one step ahead, from the
// third value on, as the line needs two. Later steps take the forecasts as values, and so go on with the line. The
// standard deviation is that of the model with the fitted parameters (σ² with divisor n-5).
//
// A season of m periods is taken out before and put back after if there is one, as by [Deseasonalized]; m = 1 for
// data without. The method needs 6 values. The parameters of the fit are "alpha", "weight" and "level" (the last).
func OptimisedTheta(m int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("OptimisedTheta", y, h, 6); err != nil {
			return Forecast{}, err
		}
		s := testedSeason(y, m)
		d, first, unit := anchored(s.remove(y))
		n := len(d)
		model := thetaModel{y: d, a: make([]float64, n), b: make([]float64, n), skip: 2, free: true, base: 1}
		var line runningLine
		for t, v := range d {
			model.a[t], model.b[t] = line.first(), line.slope
			line.add(v)
		}
		p := model.fit()
		fitted, level := model.run(p)
		f := Forecast{Mean: make([]float64, h), SD: make([]float64, h), Fit: Fit{
			Method: "OptimisedTheta", Fitted: fitted[model.skip:], Evaluations: model.evaluations,
		}}
		sigma := model.sigma(fitted, 3)
		state := thetaState{level: level, line: line, power: math.Pow(1-p.alpha, float64(n))}
		for k := range h {
			f.Mean[k], f.SD[k] = state.step(p)
			f.SD[k] *= sigma
		}
		f = f.moved(first, unit)
		f.Fit.Params = []Param{{"alpha", p.alpha}, {"weight", p.weight}, {"level", (level + first) * unit}}
		f.Fit.Why = append(f.Fit.Why, s.why(m))
		return putBack(f, s.form, len(y), s.at).done()
	}
}

// runningLine is the straight line of least squares through the values so far, the first of which is 0.
type runningLine struct {
	n           float64
	mean, slope float64
}

// first returns the line's value at the first value.
func (l *runningLine) first() float64 { return l.mean - float64((l.n-1)/2*l.slope) }

// add takes the value v into the line.
func (l *runningLine) add(v float64) {
	l.n++
	away := v - l.mean
	l.slope = (float64((l.n-2)*l.slope) + float64(6/l.n*away)) / (l.n + 1)
	l.mean += away / l.n
}

// thetaState is the model at the end of the series, and the covariance of its level, mean and slope with σ² = 1.
type thetaState struct {
	level float64
	line  runningLine
	power float64 // (1-α)^n
	cov   [3][3]float64
}

// step returns the mean and the standard deviation of the next value, in units of σ, and takes the value into the
// state.
func (s *thetaState) step(p thetaPoint) (mean, sd float64) {
	lag := (1 - s.power) / p.alpha
	// The mean is linear in level, mean and slope, with these coefficients.
	w := [3]float64{1, p.weight * s.power, p.weight * (lag - float64(s.power*(s.line.n-1)/2))}
	mean = s.level + float64(w[1]*s.line.mean) + float64(w[2]*s.line.slope)
	variance := 1.0
	var cw [3]float64
	for i := range w {
		for j := range w {
			cw[i] += float64(s.cov[i][j] * w[j])
		}
		variance += float64(w[i] * cw[i])
	}

	// The next state is D x + g y, with y = w x + ε.
	n := s.line.n + 1
	g := [3]float64{p.alpha, 1 / n, 6 / (n * (n + 1))}
	d := [3][3]float64{{1 - p.alpha}, {0, 1 - 1/n}, {0, -6 / (n * (n + 1)), (n - 2) / (n + 1)}}
	var dc, next [3][3]float64
	var dcw [3]float64
	for i := range g {
		for j := range g {
			for k := range g {
				dc[i][j] += float64(d[i][k] * s.cov[k][j])
			}
			dcw[i] += float64(d[i][j] * cw[j])
		}
	}
	for i := range g {
		for j := range g {
			for k := range g {
				next[i][j] += float64(dc[i][k] * d[j][k])
			}
			next[i][j] += float64(dcw[i]*g[j]) + float64(g[i]*dcw[j]) + float64(g[i]*float64(g[j]*variance))
		}
	}
	s.cov = next
	s.level += float64(p.alpha * (mean - s.level))
	s.line.add(mean)
	s.power *= 1 - p.alpha
	return mean, math.Sqrt(variance)
}
