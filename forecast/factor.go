package forecast

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// mixture is what makes deals depend on each other: the one-factor Gaussian copula (Vasicek 1987; Li 2000,
// doi:10.3905/jfi.2000.319253). Deal i is won when √ρ Z + √(1-ρ) Xᵢ < Φ⁻¹(pᵢ), for independent standard normal Z and X.
// Given the state of the market Z the deals are independent, and the total is the mixture over the nodes of a
// quadrature in Z. Independent deals are a mixture of one node.
type mixture struct {
	lots   []lot
	cuts   []float64 // of the events: Φ⁻¹(prob); nil for independent deals
	load   float64   // √ρ
	rest   float64   // √(1-ρ)
	nodes  []float64 // of Z
	weight []float64 // of the nodes; they sum to 1
}

const (
	farthest  = 8.5     // of the nodes: P(|Z| > 8.5) is below 2e-17
	fewest    = 65      // nodes of dependent deals
	mostNodes = 1 << 13 // of them
)

func independent(lots []lot) *mixture {
	return &mixture{lots: lots, nodes: []float64{0}, weight: []float64{1}}
}

// newMixture returns a mixture for a correlation rho, with enough nodes for the probabilities of single deals.
func newMixture(lots []lot, rho float64) *mixture {
	if rho == 0 || len(lots) == 0 || len(lots) == 1 && lots[0].count == 1 {
		return independent(lots)
	}
	m := &mixture{lots: lots, load: math.Sqrt(rho), rest: math.Sqrt(1 - rho)}
	m.cuts = make([]float64, len(lots))
	for i := range lots {
		m.cuts[i] = mathext.NormalQuantile(lots[i].prob)
	}
	return m.resolve(m.bandwidth(0))
}

// bandwidth is the highest frequency of what is integrated over Z: the normal density, times the probability of what the
// deals do given Z. Of that, the information on Z is the Fisher information.
//
// A normal density times a step of the normal form that is s steep has the spectrum exp(-ω²/2(1+s²)). The mean of a sum of many
// deals moves, for each unit of Z, by at most the square root of the information in its standard deviations, which damp the
// spectrum likewise. At 8 standard deviations 1e-14 is left.
func (m *mixture) bandwidth(information float64) float64 {
	steep := m.load / m.rest
	return 8 * math.Sqrt(1+float64(steep*steep)+information)
}

// resolve returns the mixture with the nodes that it takes for a bandwidth. The trapezoidal rule of step h errs by what lies
// beyond the frequency 2π/h.
func (m *mixture) resolve(bandwidth float64) *mixture {
	out := *m
	n := max(fewest, int(min(mostNodes, 1+math.Ceil(farthest*bandwidth/math.Pi)))) | 1
	out.nodes, out.weight = make([]float64, n), make([]float64, n)
	var sum float64
	for i := range n {
		z := farthest * float64(2*i-(n-1)) / float64(n-1)
		out.nodes[i], out.weight[i] = z, math.Exp(-float64(z*z)/2)
		sum += out.weight[i]
	}
	for i := range n {
		out.weight[i] /= sum
	}
	return &out
}

// limit is the bandwidth for which the nodes suffice.
func (m *mixture) limit() float64 { return 2 * math.Pi / (m.nodes[1] - m.nodes[0]) }

// deals is the number of uncertain deals.
func (m *mixture) deals() int {
	n := 0
	for i := range m.lots {
		n += m.lots[i].count
	}
	return n
}

// at writes the probabilities of the events for a node.
func (m *mixture) at(node int, probs []float64) {
	for i := range m.lots {
		if m.cuts == nil {
			probs[i] = m.lots[i].prob
			continue
		}
		probs[i] = normalCDF(m.threshold(i, m.nodes[node]))
	}
}

// threshold is what the own part of an event stays below, given z.
func (m *mixture) threshold(i int, z float64) float64 {
	if m.lots[i].fall {
		z = -z
	}
	return (m.cuts[i] - float64(z*m.load)) / m.rest
}

// extreme writes bounds of the probabilities of the events over all nodes: those that make the total largest, or
// smallest. The total given any node is stochastically between the two.
func (m *mixture) extreme(largest bool, probs []float64) {
	if m.cuts == nil {
		m.at(0, probs)
		return
	}
	z := farthest * m.load
	for i, c := range m.cuts {
		probs[i] = normalCDF((c - z) / m.rest)
		if (m.lots[i].value > 0) == largest {
			probs[i] = normalCDF((c + z) / m.rest)
		}
	}
}

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// moments are what the probabilities and amounts say in closed form about the total.
type moments struct {
	cumulants   [3]float64 // the second to the fourth
	information float64    // the largest, for bandwidth
}

// moments returns the moments of the mixture.
//
// Given a node, the cumulants of a Bernoulli event of amount a and probability p with q = 1-p are p a, pq a², pq(1-2p) a³
// and pq(1-6pq) a⁴, and those of independent events add up.
func (m *mixture) moments() moments {
	n := len(m.nodes)
	given := make([][4]float64, n) // cumulants
	probs := make([]float64, len(m.lots))
	var out moments
	var mean float64
	for k := range n {
		m.at(k, probs)
		c := &given[k]
		for i := range m.lots {
			e, p := &m.lots[i], probs[i]
			a, pq := e.value, float64(p*(1-p))
			w := float64(e.count)
			c[0] += float64(w * p * a)
			c[1] += float64(w * pq * a * a)
			c[2] += float64(w * pq * (1 - 2*p) * a * a * a)
			c[3] += float64(w * pq * (1 - float64(6*pq)) * a * a * a * a)
		}
		mean += float64(m.weight[k] * c[0])
		if m.cuts != nil && math.Abs(m.nodes[k]) <= 6 {
			_, information := m.drift(m.nodes[k])
			out.information = max(out.information, information)
		}
	}
	var second, third, fourth float64
	for k, c := range given {
		w, d := m.weight[k], c[0]-mean
		dd := float64(d * d)
		second += float64(w * (c[1] + dd))
		third += float64(w * (c[2] + float64(d*(float64(3*c[1])+dd))))
		fourth += float64(w * (c[3] + float64(3*c[1]*c[1]) + float64(4*c[2]*d) + float64(dd*(float64(6*c[1])+dd))))
	}
	if n > 1 {
		fourth -= float64(3 * second * second)
	} else {
		fourth = given[0][3] // as the difference would round
	}
	out.cumulants = [3]float64{second, third, fourth}
	return out
}

// drift bounds how fast the mean of the total given z moves with z, and returns the Fisher information of the events on z.
func (m *mixture) drift(z float64) (speed, information float64) {
	for i := range m.lots {
		e, x := &m.lots[i], m.threshold(i, z)
		n := float64(e.count)
		slope := math.Exp(-float64(x*x)/2) / math.Sqrt(2*math.Pi) * m.load / m.rest
		speed += float64(n * math.Abs(e.value) * slope)
		if variance := normalCDF(x) * normalCDF(-x); variance > 0 {
			information += float64(n * slope * slope / variance)
		}
	}
	return speed, information
}
