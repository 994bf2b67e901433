package forecast

import (
	"math"
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// grid puts every event on points k × step. An amount between two of them is dispersed: with probability frac it counts
// as the upper one, so that its mean is kept (Gerber 1982, Insurance: Mathematics and Economics 1, 13-18). Dispersal adds frac × (1-frac) ×
// step² to the variance of an event that happens, and makes the total larger in convex order: its expected shortfalls
// are upper bounds.
type grid struct {
	*mixture
	size  float64   // of the step
	shift []int64   // k of the lower point
	frac  []float64 // nil when all amounts are multiples of the step
}

// distribution is the probability of each of a row of points.
type distribution struct {
	first int64 // of the points
	p     []float64
	lost  float64 // bounds the probability of other points, which is missing or counted at wrong ones
}

// directWork is how many additions of probabilities take about 10 ms.
const directWork = 1 << 23

// finer returns a step that makes at least some thousand cells, nearly, even if fewer would do for the tolerance, as long as
// these cost little. They keep apart what is much smaller than the standard deviation, as all deals are but for a large one.
func (m *mixture) finer(sd float64) float64 {
	const most, work = 1 << 13, 1 << 25
	var width float64
	for i := range m.lots {
		width += float64(float64(m.lots[i].count) * math.Abs(m.lots[i].value))
	}
	width = min(width, 18*sd) // the total mostly lies within 9 standard deviations of its mean
	cells := min(most, work/len(m.lots))
	if m.cuts != nil {
		cells = min(most/4, cells) // as each takes 65 times as long and more
	}
	return width / float64(max(cells, 1))
}

// coarsest returns the largest step of the form that keeps the spread of a total within a tolerance. With a step u
// dispersal adds at most u²/4 Σ prob to the variance, and so at most eps to the standard deviation sd, relatively, if
// u = sd √(8 eps / Σ prob).
func (m *mixture) coarsest(sd, eps float64) float64 {
	var sum float64
	for i := range m.lots {
		sum += float64(float64(m.lots[i].count) * m.lots[i].prob)
	}
	return sd * math.Sqrt(8*eps/sum)
}

// roundDown returns a positive number rounded down to two digits.
func roundDown(v float64) exact.Num {
	exp := math.Floor(math.Log10(v)) - 1
	digits := math.Floor(v / math.Pow(10, exp))
	return exact.New(int64(min(max(digits, 10), 99)), int32(exp))
}

// likely returns the mixture without the least likely events, if they sum to a negligible probability, which is missing.
func (m *mixture) likely() (out *mixture, missing float64) {
	n := len(m.lots)
	for ; n > 0; n-- {
		e := &m.lots[n-1]
		p := missing + float64(float64(e.count)*e.prob)
		if p > math.Exp(outside) {
			break
		}
		missing = p
	}
	kept := *m
	kept.lots = m.lots[:n]
	if m.cuts != nil {
		kept.cuts = m.cuts[:n]
	}
	return &kept, missing
}

// disperse puts a mixture on a grid, and returns the variance that this adds.
func (m *mixture) disperse(step exact.Num) (g *grid, excess float64) {
	size := floatOf(step)
	g = &grid{mixture: m, size: size}
	for i := range m.lots {
		e := &m.lots[i]
		k, rest := multiple(e.amount, step)
		f := floatOf(rest) / size
		if f >= 1 { // but for rounding it is below
			k, f = k+1, 0
		}
		g.shift, g.frac = append(g.shift, k), append(g.frac, f)
		excess += float64(float64(e.count) * e.prob * f * (1 - f) * size * size)
	}
	return g, excess
}

// ends returns the first and the last point that the total can reach.
func (g *grid) ends() (first, last int64) {
	for i, k := range g.shift {
		n := int64(g.lots[i].count)
		if k < 0 {
			first += k * n
			continue
		}
		if g.frac != nil && g.frac[i] > 0 {
			k++
		}
		last += k * n
	}
	return first, last
}

// solve computes the distribution of the total, on a number of cells; none if these are more than mostCells.
func (g *grid) solve() (out distribution, cells float64) {
	first, last := g.ends()
	cells = float64(last-first) + 1
	if cells <= mostCells && cells*float64(len(g.nodes))*float64(g.deals()) <= directWork {
		return distribution{first: first, p: g.direct(first, last)}, cells
	}
	low, high, lost := g.window(first, last)
	if cells = float64(high-low) + 1; cells > mostCells {
		return distribution{}, cells
	}
	return distribution{first: low, p: g.transform(low, int(high-low)+1), lost: lost}, cells
}

// direct adds the events one by one. As it only adds and multiplies what is not negative, every probability has a small
// relative error, however small it is.
func (g *grid) direct(first, last int64) []float64 {
	order := make([]int, len(g.lots)) // small steps first, so that early rows are short
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := g.shift[i], g.shift[j]
		return int(max(-1, min(max(a, -a)-max(b, -b), 1)))
	})
	out := make([]float64, last-first+1)
	row := make([]float64, last-first+1)
	probs := make([]float64, len(g.lots))
	for k, w := range g.weight {
		g.at(k, probs)
		row[0] = 1
		n := 1
		for _, i := range order {
			s := g.spread(i, probs[i])
			for range g.lots[i].count {
				n = s.add(row, n)
			}
		}
		for j, v := range row[:n] {
			out[j] += float64(w * v)
			row[j] = 0
		}
	}
	return out
}

// spread is an event as it moves a row of probabilities to the right: with probability p0 by nothing, p1 by d1 and p2 by
// d2 ≥ d1 cells. An event to the left starts one row further left.
type spread struct {
	p0, p1, p2 float64
	d1, d2     int
}

func (g *grid) spread(i int, p float64) spread {
	k := int(g.shift[i])
	f := 0.0
	if g.frac != nil {
		f = g.frac[i]
	}
	switch {
	case k >= 0 && f == 0:
		return spread{p0: 1 - p, p1: p, d1: k, d2: k}
	case k >= 0:
		return spread{p0: 1 - p, p1: float64(p * (1 - f)), p2: float64(p * f), d1: k, d2: k + 1}
	case f == 0:
		return spread{p0: p, p1: 1 - p, d1: -k, d2: -k}
	case k == -1:
		return spread{p0: float64(p * (1 - f)), p1: float64(p*f) + (1 - p), d1: 1, d2: 1}
	}
	return spread{p0: float64(p * (1 - f)), p1: float64(p * f), p2: 1 - p, d1: 1, d2: -k}
}

// add applies the event to the first n cells, in place and from the right, and returns how many there are then.
func (s *spread) add(row []float64, n int) int {
	end := n + s.d2
	row = row[:end]
	if s.p2 == 0 {
		for j := end - 1; j >= s.d1; j-- {
			row[j] = float64(s.p0*row[j]) + float64(s.p1*row[j-s.d1])
		}
	} else {
		for j := end - 1; j >= s.d2; j-- {
			row[j] = float64(s.p0*row[j]) + float64(s.p1*row[j-s.d1]) + float64(s.p2*row[j-s.d2])
		}
		for j := s.d2 - 1; j >= s.d1; j-- {
			row[j] = float64(s.p0*row[j]) + float64(s.p1*row[j-s.d1])
		}
	}
	for j := min(s.d1, end) - 1; j >= 0; j-- {
		row[j] *= s.p0
	}
	return end
}

// outside is the logarithm of the probability that a window may cut at each of its ends: 1e-17.
const outside = -39.15

// window returns the points outside of which the total lies with a probability of at most lost: Chernoff's bound,
// P(S > x) ≤ E exp(λ(S-x)) for every λ > 0, at each end.
func (g *grid) window(first, last int64) (low, high int64, lost float64) {
	probs := make([]float64, len(g.lots))
	low, high = first, last
	g.extreme(true, probs)
	if x := math.Ceil(g.chernoff(probs, 1)); x < float64(last) {
		high, lost = int64(max(x, float64(first))), lost+math.Exp(outside)
	}
	g.extreme(false, probs)
	if x := math.Floor(-g.chernoff(probs, -1)); x > float64(first) {
		low, lost = int64(min(x, float64(last))), lost+math.Exp(outside)
	}
	return low, high, lost
}

// chernoff returns the least x, nearly, with ln E exp(λ(sign × S - x)) ≤ outside for some λ > 0: the minimum over λ of
// (ln E exp(λ sign S) - outside) / λ, which falls and then rises. Where it is not quite found the bound holds too.
func (g *grid) chernoff(probs []float64, sign float64) float64 {
	bound := func(lambda float64) float64 {
		var sum float64
		step := math.Expm1(sign * lambda)
		for i, p := range probs {
			y := float64(sign * lambda * float64(g.shift[i]))
			if g.frac != nil {
				y += math.Log1p(float64(g.frac[i] * step))
			}
			v := y // if p is 1
			switch {
			case p == 0:
				v = 0
			case y > 500:
				v += math.Log(p)
			case p < 1:
				v = math.Log1p(float64(p * math.Expm1(y)))
			}
			sum += float64(float64(g.lots[i].count) * v)
		}
		return (sum - outside) / lambda
	}
	var variance float64
	for i, p := range probs {
		k := math.Abs(float64(g.shift[i])) + 0.5
		variance += float64(float64(g.lots[i].count) * p * (1 - p) * k * k)
	}
	const factor = 1.3
	lambda := min(math.Sqrt(-2*outside/variance), 50)
	best := bound(lambda)
	for range 100 {
		if best < math.Inf(1) {
			break
		}
		lambda /= 2
		best = bound(lambda)
	}
	for _, f := range []float64{factor, 1 / factor} {
		moved := false
		for range 1000 {
			next := bound(lambda * f)
			if !(next < best) {
				break
			}
			lambda, best, moved = lambda*f, next, true
		}
		if moved {
			break
		}
	}
	return best
}
