package lifetime

// Gray compares the cumulative incidence of a cause in groups, in the presence of others: the test of Gray 1988
// (doi:10.1214/aos/1176350951) with ρ = 0. causes[g] is the number of the cause in group g, and groups[g] may be nil.
// Entry must not be delayed: see [Histogram.LateEntry].
//
// The risk set holds those that ended by other causes too, in expectation: with Y_g at risk, S_g the survival and F_g the
// incidence of group g just before a tick, d_g ended by the cause and e_g by others at it,
//
//	h_g = Y_g/S_g,  R_g = h_g (1-F_g),  O_g = Σ d_g,  E_g = Σ R_g d/R
//
// where letters without a group are sums over them. The incidence under the hypothesis is F° = Σ d/h. The covariance is, with
// D_gr = δ_gr - h_g/h and C_gr the sum of D_gr h_r (d/h)/(1-F°(t-)) over later ticks,
//
//	V_gk = Σ_r Σ a_gr a_kr φ (d/h)/h_r + b_gr b_kr ψ S_r² e_r/Y_r²
//	a_gr = D_gr h_r + C_gr (1 - G_r),  b_gr = -C_gr G_r,  G_r = (1-F°(t))/S_r(t)
//
// The paper is for continuous time. For ties there are the factors φ = 1 - (d-1)/(h S_r - 1) and ψ = 1 - (e_r-1)/(Y_r-1), as
// in the log-rank test, which the values of R's cmprsk have; φ is never negative here.
//
// It takes memory for five numbers for each group and tick at which one ended, and O(G³) time for each such tick.
func Gray(causes []Cause, groups []*Histogram) Comparison {
	c := Comparison{Groups: make([]Group, len(groups))}
	rows := make([][]record, len(groups))
	for g, h := range groups {
		if h != nil {
			c.Groups[g].N = h.Len()
		}
		rows[g] = records(h, causes[g])
	}
	u := make([]float64, len(groups))
	var ticks []grayTick
	survival, incidence := make([]float64, len(groups)), make([]float64, len(groups))
	for g := range survival {
		survival[g] = 1
	}
	null := 1.0 // 1 - F°
	moments(rows, func(now []moment) {
		t := grayTick{groups: make([]grayGroup, len(now)), before: null}
		for g, m := range now {
			if m.atRisk == 0 {
				continue
			}
			k := &t.groups[g]
			k.h = m.atRisk / survival[g]
			k.risk = float64(k.h * max(1-incidence[g], survival[g])) // rounding may make 1-F too small
			t.risk += k.risk
			t.h += k.h
			t.d += m.by
		}
		for g, m := range now {
			if m.atRisk == 0 {
				continue
			}
			k := &t.groups[g]
			expected := float64(k.risk / t.risk * t.d)
			c.Groups[g].Observed += m.by
			c.Groups[g].Expected += expected
			u[g] += m.by - expected
			// What of the variance depends on the group alone.
			if t.d > 0 {
				k.own = tied(t.d, float64(t.h*survival[g])) * (t.d / t.h) / k.h
			}
			others := m.ended - m.by
			k.others = tied(others, m.atRisk) * (survival[g] / m.atRisk) * others * (survival[g] / m.atRisk)
			incidence[g] += float64(survival[g] * (m.by / m.atRisk))
			survival[g] *= m.stay / m.atRisk
			k.survival = survival[g]
		}
		null = max(null-t.d/t.h, 0)
		t.after = null
		ticks = append(ticks, t)
	})
	v := grayVariance(ticks, len(groups))
	for g := range c.Groups {
		c.Groups[g].Variance = v[g][g]
	}
	c.ChiSquared, c.DF = quadraticForm(u, v)
	return c
}

// grayTick is what the variance of Gray's test reads of a tick.
type grayTick struct {
	groups        []grayGroup
	d, h, risk    float64 // ended by the cause; the sums of h and R
	before, after float64 // 1 - F°
}

// grayGroup is what it reads of a group.
type grayGroup struct {
	h, risk     float64 // h and R
	survival    float64 // after the tick
	own, others float64 // φ (d/h)/h_r, and ψ S_r² e_r/Y_r²
}

// tied returns the factor by which ties make a variance smaller.
func tied(ended, atRisk float64) float64 {
	switch {
	case ended <= 1:
		return 1
	case ended >= atRisk:
		return 0
	}
	return 1 - (ended-1)/(atRisk-1)
}

// grayVariance sums the covariances of Gray's test: of the diagonal and what is above it. It goes backwards, as each tick
// needs the sums over those that are later.
func grayVariance(ticks []grayTick, groups int) [][]float64 {
	v := square(groups)
	later := square(groups) // C_gr, by r
	a, b := make([]float64, groups), make([]float64, groups)
	for i := len(ticks) - 1; i >= 0; i-- {
		t := &ticks[i]
		// The hazard of the cause under the hypothesis. Where groups differ so much that 1-F° comes to nothing while some are
		// still at risk, the risk set says it.
		hazard := t.d / t.risk
		const nothing = 1e-9
		if t.before > nothing {
			hazard = t.d / t.h / t.before
		}
		for r := range t.groups {
			k := &t.groups[r]
			if k.h == 0 {
				continue
			}
			ratio := 0.0
			if k.survival > 0 {
				ratio = t.after / k.survival
			}
			for g := range a {
				d := -t.groups[g].h / t.h
				if g == r {
					d = (t.h - k.h) / t.h
				}
				d = float64(d * k.h)
				a[g] = d + float64(later[r][g]*(1-ratio))
				b[g] = -later[r][g] * ratio
				later[r][g] += float64(d * hazard)
			}
			for g := range a {
				x, y := float64(k.own*a[g]), float64(k.others*b[g])
				if x == 0 && y == 0 {
					continue
				}
				for j := g; j < groups; j++ {
					v[g][j] += float64(x*a[j]) + float64(y*b[j])
				}
			}
		}
	}
	return v
}

// LateEntry returns the first tick after 0 at which a lifetime came under observation, if there is one.
func (h *Histogram) LateEntry() (tick int, ok bool) {
	for row := range h.Rows() {
		if row.Enter > 0 && row.Tick > 0 {
			return row.Tick, true
		}
	}
	return 0, false
}
