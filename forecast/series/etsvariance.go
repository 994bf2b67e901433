package series

import "math"

// moments returns the mean and the standard deviation of the forecast error at steps 1 to h from the state s, exactly,
// for normal errors: Hyndman et al. (2008, chapter 6), classes 1 to 3. It changes s.
func (s *etsState) moments(form Form, c coefficients, sigma float64, h int) (means, sds []float64) {
	means, sds = make([]float64, h), make([]float64, h)
	if form.Season == Multiplicative {
		s.productMoments(c, sigma, means, sds)
	} else {
		s.sumMoments(form, c, sigma, means, sds)
	}
	return means, sds
}

// sumMoments is for forms whose mean μ is linear in the state: μ = q + s with q = l + φb. The error e of a step has
// the variance σ², or σ²E(μ²) if it is relative, and is uncorrelated with the state before it. So the covariances of (l, b)
// follow from one step to the next; the season of a period changes once a cycle, and in between only its covariance
// with (l, b) does, by the trend of a cycle.
func (s *etsState) sumMoments(form Form, c coefficients, sigma float64, means, sds []float64) {
	var ll, lb, bb float64 // covariances of (l, b)
	m := len(s.season)
	type cycle struct{ ls, bs, ss float64 } // covariances of l, b and s as of just after the last change of s
	cycles := make([]cycle, m)
	// A cycle less a step moves l by reach × b, and leaves b × fade.
	reach, fade := 0.0, 1.0
	for range m - 1 {
		fade *= c.phi
		reach += fade
	}
	level, slope := s.level, s.slope
	for k := range means {
		slope *= c.phi
		level += slope
		mean := level
		ll += float64(c.phi*2*lb) + float64(c.phi*c.phi*bb)
		lb = float64(c.phi*lb) + float64(c.phi*c.phi*bb)
		bb *= c.phi * c.phi
		v := ll
		var own *cycle
		if m > 0 {
			mean += s.season[s.next]
			own = &cycles[s.next]
			// The covariances at the last step, then at this one.
			own.ls += float64(reach * own.bs)
			own.bs *= float64(fade * c.phi)
			own.ls += own.bs
			v += 2*own.ls + own.ss
			s.advance()
		}
		e := sigma * sigma // variance of the error
		if form.Error == Multiplicative {
			e *= v + float64(mean*mean)
		}
		means[k], sds[k] = mean, math.Sqrt(v+e)
		ll += float64(c.alpha * c.alpha * e)
		lb += float64(c.alpha * c.beta * e)
		bb += float64(c.beta * c.beta * e)
		if own != nil {
			own.ls += float64(c.alpha * c.gamma * e)
			own.bs += float64(c.beta * c.gamma * e)
			own.ss += float64(c.gamma * c.gamma * e)
		}
	}
}

// productMoments is for forms whose mean is a product, μ = q·s. Step k sees the season of its period, times the changes
// it had in the cycles before, and the state (l, b) times the same changes. As the changes are independent from step to step,
// the moments of that product follow from those of the step a cycle before.
func (s *etsState) productMoments(c coefficients, sigma float64, means, sds []float64) {
	m := len(s.season)
	now := product{level: s.level, slope: s.slope} // (l, b) as of the step, without a season
	cycles := make([]product, m)                   // (l, b)·s as of the last step of the period
	for k := range means {
		p := &cycles[s.next]
		if k < m {
			*p = now.times(s.season[s.next])
		} else {
			p.move(c, sigma, c.gamma)
			for range m - 1 {
				p.move(c, sigma, 0)
			}
		}
		now.move(c, sigma, 0)
		mean, v := p.ahead(c)
		means[k], sds[k] = mean, math.Sqrt(v+float64(sigma*sigma*(v+float64(mean*mean))))
		s.advance()
	}
}

// product holds the means of (l, b)·s and their covariances.
type product struct {
	level, slope, ll, lb, bb float64
}

// times returns the moments with another factor.
func (p product) times(s float64) product {
	return product{p.level * s, p.slope * s, p.ll * s * s, p.lb * s * s, p.bb * s * s}
}

// ahead returns the mean and the variance of (l + φb)·s.
func (p *product) ahead(c coefficients) (mean, variance float64) {
	return p.level + float64(c.phi*p.slope), p.ll + float64(c.phi*2*p.lb) + float64(c.phi*c.phi*p.bb)
}

// move moves the state on by a step with the relative error ε: with q = l + φb and d = φb, (l, b)·s goes to
// (q + αqε, d + βqε)·(s + γsε); γ is 0 where s is not the season of the step. That is w + Bwε + Cwε² for w = (q, d)·s,
// of which it takes the moments with E ε² = σ² and E ε⁴ = 3σ⁴.
func (p *product) move(c coefficients, sigma, gamma float64) {
	q, qq := p.ahead(c)
	d := c.phi * p.slope
	dd := c.phi * c.phi * p.bb
	qd := float64(c.phi*p.lb) + dd
	s2 := sigma * sigma
	// Rows of B, and of C, which has q alone.
	b1, b2, g := c.alpha+gamma, c.beta, gamma
	c1, c2 := gamma*c.alpha, gamma*c.beta
	// Second moments.
	sqq, sqd, sdd := qq+float64(q*q), qd+float64(q*d), dd+float64(d*d)
	tail := float64(s2 * s2 * (3*qq + float64(2*q*q)))
	p.ll = qq + float64(s2*(float64(2*c1*qq)+float64(b1*b1*sqq))) + float64(c1*c1*tail)
	p.lb = qd + float64(s2*(float64(c2*qq)+float64(c1*qd)+float64(b1*(float64(b2*sqq)+float64(g*sqd))))) + float64(c1*c2*tail)
	p.bb = dd + float64(s2*(float64(2*c2*qd)+float64(b2*b2*sqq)+float64(2*b2*g*sqd)+float64(g*g*sdd))) + float64(c2*c2*tail)
	p.level = q + float64(s2*c1*q)
	p.slope = d + float64(s2*c2*q)
}
