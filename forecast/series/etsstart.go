package series

import "math"

// startStates sets heuristic, and flat: the season from a classical decomposition if there are three of them, else from a
// sine wave beside a line; level and slope from the line through the first ten values, or two seasons, without their season
// (Hyndman, Koehler, Ord and Snyder 2008, section 2.6.1).
func (f *etsFit) startStates() {
	k := min(max(10, 2*f.m), len(f.y))
	z := f.mu[:k] // free until the first evaluation
	copy(z, f.y)
	if f.form.seasonal() {
		figure := f.figure()
		copy(f.heuristic[f.vars.season:], figure)
		for i := range z {
			z[i] = f.form.Season.without(z[i], figure[i%f.m])
		}
	}
	f.flat = mean(z)
	f.heuristic[0] = f.flat
	if f.vars.slope >= 0 {
		b := slope(z)
		f.heuristic[0] -= float64(b * float64(k+1) / 2)
		f.heuristic[f.vars.slope] = b
	}
}

// figure returns the season of each period, of mean 0 or 1.
func (f *etsFit) figure() []float64 {
	if len(f.y) >= 3*f.m {
		_, figure := classical(f.y, f.m, f.form.Season)
		return figure
	}
	figure := wave(f.y, f.m)
	if f.form.Season == Multiplicative {
		level := mean(f.y)
		for p, s := range figure {
			figure[p] = max(1+s/level, 0.1)
		}
		times(figure, 1/mean(figure))
	}
	return figure
}

// wave returns the sine wave of one season, of mean 0, that comes near the deviations of y from a line.
func wave(y []float64, m int) []float64 {
	angle := func(t int) float64 { return 2 * math.Pi * float64(t%m) / float64(m) }
	b, centre, half := slope(y), mean(y), float64(len(y)-1)/2
	var sy, cy, ss, cc float64
	for t, v := range y {
		s, c := math.Sincos(angle(t))
		v -= centre + float64(b*(float64(t)-half))
		sy += float64(s * v)
		cy += float64(c * v)
		ss += float64(s * s)
		cc += float64(c * c)
	}
	figure := make([]float64, m)
	for p := range figure {
		s, c := math.Sincos(angle(p))
		figure[p] = float64(c * cy / cc)
		if m > 2 { // with two periods the sine is zero
			figure[p] += float64(s * sy / ss)
		}
	}
	centre = mean(figure)
	for p := range figure {
		figure[p] -= centre
	}
	return figure
}
