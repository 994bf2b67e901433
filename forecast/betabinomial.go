package forecast

import (
	"cmp"
	"math"
	"slices"
)

// betaBinomial is the likelihood of tallies when rates are drawn from a Beta distribution.
type betaBinomial struct {
	groups    []alikeGroups
	won, lost float64 // of all groups
}

// alikeGroups are n groups with the same tally.
type alikeGroups struct{ won, lost, n float64 }

// merge puts equal tallies together and in order, so that nothing depends on the order of the input.
func (b *betaBinomial) merge() {
	slices.SortFunc(b.groups, func(x, y alikeGroups) int {
		return cmp.Or(cmp.Compare(x.won, y.won), cmp.Compare(x.lost, y.lost))
	})
	out := b.groups[:0]
	for _, g := range b.groups {
		if n := len(out); n > 0 && out[n-1].won == g.won && out[n-1].lost == g.lost {
			out[n-1].n += g.n
			continue
		}
		out = append(out, g)
	}
	b.groups = out
}

// fit maximises the likelihood over the logarithm of the strength, with the best mean for each strength. For a given strength
// the likelihood is concave in the mean; over the strength it has one top as a rule, but may have two, so every decade is
// looked at for one.
func (b *betaBinomial) fit() (mean, strength float64, pooled bool) {
	mean = b.won / (b.won + b.lost)
	if b.won == 0 || b.lost == 0 || b.excess(mean) <= 0 {
		return mean, 0, true
	}
	x := math.Log(mean) - math.Log1p(-mean)
	best := func(m float64) (mu, nu float64) {
		x = rootBeside(x, 0.5, func(x float64) float64 {
			da, db := b.gradient(logistic(x)*m, logistic(-x)*m)
			return da - db
		})
		return logistic(x), logistic(-x)
	}
	slope := func(s float64) float64 {
		m := math.Exp(s)
		mu, nu := best(m)
		da, db := b.gradient(mu*m, nu*m)
		return float64(mu*da) + float64(nu*db)
	}
	top := math.Inf(-1)
	consider := func(m float64) {
		mu, nu := best(m)
		if l := b.logLikelihood(mu, nu, m); l > top {
			top, mean, strength = l, mu, m
		}
	}
	decade := math.Log(10)
	s, rises := math.Log(mostStrength), slope(math.Log(mostStrength)) > 0
	if rises {
		consider(mostStrength)
	}
	for s > math.Log(leastStrength) {
		before := rises
		s = max(s-decade, math.Log(leastStrength))
		rises = slope(s) > 0
		if rises && !before {
			consider(math.Exp(rootBeside(s, decade, slope)))
		}
	}
	if !rises {
		consider(leastStrength)
	}
	if strength >= mostStrength {
		return b.won / (b.won + b.lost), 0, true
	}
	return mean, strength, false
}

// excess is the derivative of the log-likelihood by 1/strength at 0, times 2: Tarone's score. It is positive if the tallies
// differ more than they would by chance at equal rates.
func (b *betaBinomial) excess(p float64) float64 {
	sum := 0.0
	for _, g := range b.groups {
		closed := g.won + g.lost
		// Σ k(k-1)/p + (n-k)(n-k-1)/(1-p) - n(n-1), with the deviation from np written out against cancellation.
		d := g.won - float64(closed*p)
		q := 1 - p
		sum += float64(g.n * (float64(d*d)/float64(p*q) - float64(d*(q-p))/float64(p*q) - closed))
	}
	return sum
}

// gradient returns the derivatives of the log-likelihood by the parameters of the Beta distribution.
func (b *betaBinomial) gradient(alpha, beta float64) (da, db float64) {
	for _, g := range b.groups {
		all := digammaRise(alpha+beta, g.won+g.lost)
		da += float64(g.n * (digammaRise(alpha, g.won) - all))
		db += float64(g.n * (digammaRise(beta, g.lost) - all))
	}
	return da, db
}

// digammaRise returns ψ(a+k) - ψ(a) for a whole k >= 0 and a > 0, without the cancellation of two digammas: terms 1/a of the
// recurrence for small a, then the difference of the asymptotic series (Abramowitz and Stegun 1964, 6.3.18).
func digammaRise(a, k float64) float64 {
	sum := 0.0
	for ; a < 16 && k > 0; a, k = a+1, k-1 {
		sum += 1 / a
	}
	if k <= 0 {
		return sum
	}
	series := func(x float64) float64 {
		y := 1 / x
		z := y * y
		return float64(y/2) + float64(z*(1.0/12-float64(z*(1.0/120-float64(z/252)))))
	}
	return sum + math.Log1p(k/a) + (series(a) - series(a+k))
}

// logLikelihood returns the logarithm of the likelihood, without what does not depend on the parameters mean, 1-mean and
// strength.
func (b *betaBinomial) logLikelihood(mu, nu, m float64) float64 {
	sum := 0.0
	for _, g := range b.groups {
		rise := logRise(mu*m, g.won) + logRise(nu*m, g.lost) - logRise(m, g.won+g.lost)
		sum += float64(g.n * (float64(g.won*math.Log(mu)) + float64(g.lost*math.Log(nu)) + rise))
	}
	return sum
}

// logRise returns log Γ(a+k) - log Γ(a) - k log a for a whole k >= 0 and a > 0, by its terms log(1+i/a) for small a and then
// by Stirling's series (Abramowitz and Stegun 1964, 6.1.41), whose large parts are subtracted from each other before they
// are computed.
func logRise(a, k float64) float64 {
	sum, x := 0.0, a
	for ; x < 16 && k > 0; x, k = x+1, k-1 {
		sum += math.Log(x / a)
	}
	if k <= 0 {
		return sum
	}
	series := func(x float64) float64 {
		y := 1 / x
		z := y * y
		return float64(y * (1.0/12 - float64(z*(1.0/360-float64(z/1260)))))
	}
	return sum + float64(k*math.Log(x/a)) + (float64((x+k-0.5)*math.Log1p(k/x)) - k) + (series(x+k) - series(x))
}

// rootBeside returns the zero of a function that is positive to the left of it and negative to the right. It looks from x on in
// steps that double until they bracket the zero, and then narrows the bracket by regula falsi, which the Illinois rule
// (Dowell and Jarratt 1971, https://doi.org/10.1007/BF01934364) keeps from creeping.
func rootBeside(x, step float64, f func(float64) float64) float64 {
	lo, hi := x, x
	flo := f(x)
	fhi := flo
	for range 60 {
		switch {
		case flo > 0 && fhi > 0:
			lo, flo = hi, fhi
			hi += step
			fhi = f(hi)
		case flo < 0 && fhi < 0:
			hi, fhi = lo, flo
			lo -= step
			flo = f(lo)
		}
		step *= 2
	}
	var side float64 // which end stayed where it was in the step before
	for range 200 {
		width := hi - lo
		switch {
		case flo == 0:
			return lo
		case fhi == 0 || !(width > 1e-14*max(1, math.Abs(lo))):
			return hi
		}
		mid := lo + float64(width*(flo/(flo-fhi)))
		if !(mid > lo && mid < hi) {
			mid = lo + width/2
		}
		if fm := f(mid); fm > 0 {
			lo, flo = mid, fm
			if side > 0 {
				fhi /= 2
			}
			side = 1
		} else {
			hi, fhi = mid, fm
			if side < 0 {
				flo /= 2
			}
			side = -1
		}
	}
	return lo + (hi-lo)/2
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
