package series

import "math"

// startStates writes heuristic initial states to θ: the season from a classical decomposition if there are three of
// them, else from a sine wave and a line; level and slope from a line through the first ten values, or two seasons, without
// their season (Hyndman et al. 2008, section 2.6.1).
func (f *etsFit) startStates(theta []float64) {
	n, m := len(f.y), f.m
	k := min(max(10, 2*m), n)
	z := resized(f.mu, n)[:k] // free until the first evaluation
	copy(z, f.y)
	if f.form.seasonal() {
		figure := f.figure(f.form.Season)
		copy(theta[f.vars.season:f.vars.season+m-1], figure)
		for i := range z {
			z[i] = f.form.Season.without(z[i], figure[i%m])
		}
	}
	f.flat = mean(z)
	intercept, slope := line(z)
	if f.vars.slope < 0 {
		intercept, slope = f.flat, 0
	}
	theta[0] = intercept
	if f.vars.slope >= 0 {
		theta[f.vars.slope] = slope
	}
}

// figure returns the season of each period, of mean 0 or 1.
func (f *etsFit) figure(season Component) []float64 {
	if len(f.y) >= 3*f.m {
		_, figure := classical(f.y, f.m, season)
		return figure
	}
	figure := wave(f.y, f.m)
	if season == Multiplicative {
		level := mean(f.y)
		sum := 0.0
		for p, s := range figure {
			figure[p] = max(1+s/level, 0.1)
			sum += figure[p]
		}
		for p := range figure {
			figure[p] *= float64(f.m) / sum
		}
	}
	return figure
}

// line returns the line a + b t through z at t = 1, 2, … by least squares; a level line through a single value.
func line(z []float64) (intercept, slope float64) {
	centre, middle := mean(z), float64(len(z)+1)/2
	var xx, xz float64
	for i, v := range z {
		x := float64(i+1) - middle
		xx += float64(x * x)
		xz += float64(x * (v - centre))
	}
	if xx > 0 {
		slope = xz / xx
	}
	return centre - float64(slope*middle), slope
}

// wave returns the sine wave of one season that, with a line, is nearest to y.
func wave(y []float64, m int) []float64 {
	n := len(y)
	columns := [3][]float64{make([]float64, n), make([]float64, n), make([]float64, n)}
	for t := range n {
		columns[0][t] = float64(t)
		angle := 2 * math.Pi * float64(t%m) / float64(m)
		columns[1][t], columns[2][t] = math.Cos(angle), math.Sin(angle)
	}
	rest := append([]float64(nil), y...)
	center(rest)
	var weight, tangle [3]float64 // of the columns, and of the cosine in the sine
	for c, x := range columns {
		center(x)
		for b := range c {
			k := share(x, columns[b])
			if b == 1 {
				tangle[c] = k
			}
			for t := range x {
				x[t] -= float64(k * columns[b][t])
			}
		}
		weight[c] = share(rest, x)
		for t := range rest {
			rest[t] -= float64(weight[c] * x[t])
		}
	}
	weight[1] -= float64(tangle[2] * weight[2])
	figure := make([]float64, m)
	for p := range figure {
		angle := 2 * math.Pi * float64(p) / float64(m)
		figure[p] = float64(weight[1]*math.Cos(angle)) + float64(weight[2]*math.Sin(angle))
	}
	center(figure)
	return figure
}

// center subtracts the mean of v from it.
func center(v []float64) {
	c := mean(v)
	for i := range v {
		v[i] -= c
	}
}

// share returns the coefficient of x in v, 0 if x is nothing but rounding.
func share(v, x []float64) float64 {
	var xx, vx float64
	for t := range x {
		xx += float64(x[t] * x[t])
		vx += float64(v[t] * x[t])
	}
	if xx < 1e-20 {
		return 0
	}
	return vx / xx
}
