package lifetime

import "math"

// LogRank compares how soon the lifetimes of groups end, by whatever cause: the tests of Harrington and Fleming 1982
// (doi:10.1093/biomet/69.3.553), stratified. Each stratum holds the same groups, nil where it has nothing of one; groups are
// compared within strata only, and what is observed and expected is summed over them. With the weight w at a tick, n at risk
// of whom d ended, n_g and d_g of them in group g,
//
//	O_g = Σ w d_g,  E_g = Σ w d n_g/n,  V_gh = Σ w² n_g/n (δ_gh - n_h/n) d (n-d)/(n-1)
//
// and the statistic is (O-E)' V⁻ (O-E). The weight is S(t-)^ρ, S being the Kaplan-Meier estimate over all groups of the
// stratum: ρ = 0 is the log-rank test (Mantel 1966, Peto and Peto 1972), which is most powerful if one group ends faster by
// the same factor at every tick; ρ = 1 is close to the Wilcoxon test of Peto and Peto, and looks at early ticks more. Entry
// may be delayed.
//
// It takes O(G) for each tick and O(G²) for each at which one ended, with G groups, and O(G³) in the end. ρ must be 0 or more.
func LogRank(rho float64, strata ...[]*Histogram) Comparison {
	groups := 0
	for _, s := range strata {
		groups = max(groups, len(s))
	}
	c := Comparison{Groups: make([]Group, groups)}
	u, v := make([]float64, groups), square(groups)
	for _, s := range strata {
		rows := make([][]record, groups)
		for g, h := range s {
			if h != nil {
				c.Groups[g].N += h.Len()
			}
			rows[g] = records(h, Censored)
		}
		survival := 1.0
		moments(rows, func(now []moment) {
			var n, d, stay float64
			for _, m := range now {
				n += m.atRisk
				d += m.ended
				stay += m.stay
			}
			weight := 1.0
			if rho != 0 {
				weight = math.Pow(survival, rho)
			}
			survival *= stay / n
			const least = 1e-100 // smaller weights are nothing, and their squares would not be numbers
			if weight < least {
				return
			}
			common := 0.0
			if n > 1 {
				common = weight * weight * d * (stay / (n - 1))
			}
			for g, m := range now {
				if m.atRisk == 0 {
					continue
				}
				// n_g d/n rather than n_g (d/n) is exact for equal groups.
				expected := float64(m.atRisk*d) / n
				c.Groups[g].Observed += float64(weight * m.ended)
				c.Groups[g].Expected += float64(weight * expected)
				u[g] += float64(weight * (m.ended - expected))
				share := m.atRisk / n
				v[g][g] += float64(common * share * ((n - m.atRisk) / n))
				for h := g + 1; h < groups; h++ {
					if now[h].atRisk != 0 {
						v[g][h] -= float64(common * share * (now[h].atRisk / n))
					}
				}
			}
		})
	}
	for g := range c.Groups {
		c.Groups[g].Variance = v[g][g]
	}
	c.ChiSquared, c.DF = quadraticForm(u, v)
	return c
}
