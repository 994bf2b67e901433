package series

// coefficients are the smoothing parameters of a form: of the level, the slope and the season, and the damping. A form
// without a trend has beta 0 and slope 0, one that is not damped has phi 1.
type coefficients struct {
	alpha, beta, gamma, phi float64
}

// etsState is the state of a form between two values.
type etsState struct {
	level, slope float64
	// season holds the season of each period, and next is the period of the next value. Both are unused without a season.
	season []float64
	next   int
}

// filter runs the recursion over y from the state s, which it moves on, and writes the one-step means to mu.
//
// With q = l + φb the mean is q, q+s or q·s. The error form does not matter here: in a multiplicative one the state moves by
// the coefficient times q·ε or s·ε, with ε the relative error, which is what an additive one does. Only the season does:
// where it is a factor, the level moves by α e/s and the season by γ e/q.
func (s *etsState) filter(season Component, c coefficients, y, mu []float64) {
	mu = mu[:len(y)]
	level, slope := s.level, s.slope
	switch season {
	case Additive:
		for t, v := range y {
			down := float64(c.phi * slope)
			q := level + down
			m := q + s.season[s.next]
			e := v - m
			mu[t] = m
			level = q + float64(c.alpha*e)
			slope = down + float64(c.beta*e)
			s.season[s.next] += float64(c.gamma * e)
			s.advance()
		}
	case Multiplicative:
		for t, v := range y {
			down := float64(c.phi * slope)
			q := level + down
			f := s.season[s.next]
			m := q * f
			mu[t] = m
			r := v/f - q
			level = q + float64(c.alpha*r)
			slope = down + float64(c.beta*r)
			s.season[s.next] = f + float64(c.gamma*(v/q-f))
			s.advance()
		}
	default:
		for t, v := range y {
			down := float64(c.phi * slope)
			q := level + down
			e := v - q
			mu[t] = q
			level = q + float64(c.alpha*e)
			slope = down + float64(c.beta*e)
		}
	}
	s.level, s.slope = level, slope
}

// advance moves next on by a period.
func (s *etsState) advance() {
	if s.next++; s.next == len(s.season) {
		s.next = 0
	}
}
