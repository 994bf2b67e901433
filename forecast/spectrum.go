package forecast

import (
	"math"
)

// spectrum is the characteristic function of a total on a circle of cells, at the frequencies 2πj/L.
type spectrum struct {
	*grid
	roots  roots
	values []complex128
	speed  []float64 // at each frequency, how many cells the mean moves for each unit of Z where the function is not negligible
}

// spectrum computes the characteristic function: for each node the product of those of the events. It is negligible at most
// frequencies, which shows after a few dozen factors.
//
// The nodes that resolve single deals suffice where the function is negligible, or its phase turns slowly from one node to
// the next. They find the other frequencies, and how many nodes these need.
func (g *grid) spectrum(r roots) []complex128 {
	s := &spectrum{grid: g, roots: r, values: make([]complex128, len(r))}
	all := make([]int, len(r)/2+1)
	for j := range all {
		all[j] = j
	}
	if s.cuts == nil {
		s.add(s.mixture, all)
	} else {
		s.refine(all)
	}
	for j := 1; j < len(r)/2; j++ { // at negative frequencies, the conjugate
		s.values[len(r)-j] = complex(real(s.values[j]), -imag(s.values[j]))
	}
	return s.values
}

// refine computes the characteristic function of dependent deals.
func (s *spectrum) refine(all []int) {
	m := s.resolve(s.bandwidth(0))
	s.speed = make([]float64, len(all))
	s.add(m, all)
	speed := s.speed
	s.speed = nil
	for has := m.limit(); has < s.limit(); has = m.limit() {
		if m = m.resolve(2 * has); m.limit() > s.limit() {
			m = s.mixture
		}
		var some []int
		for _, j := range all {
			turns := float64(speed[j]*s.angle(j)) + 2*s.bandwidth(0)
			if turns > has && (turns <= m.limit() || m == s.mixture) {
				some = append(some, j)
				s.values[j] = 0
			}
		}
		s.add(m, some)
	}
}

// angle is a frequency in radians a cell.
func (s *spectrum) angle(j int) float64 { return 2 * math.Pi * float64(j) / float64(len(s.roots)) }

// negligible is the modulus below which a characteristic function counts as 0.
const negligible = 1e-17

// add adds the characteristic function of a mixture at some frequencies.
func (s *spectrum) add(m *mixture, frequencies []int) {
	const mostProbs = 1 << 21 // held at a time
	f := newFactors(s.grid, s.roots)
	for from := 0; from < len(m.nodes); {
		to := min(len(m.nodes), from+1+mostProbs/len(m.lots))
		probs, speed := make([][]float64, to-from), make([]float64, to-from)
		for k := range probs {
			probs[k] = make([]float64, len(m.lots))
			m.at(from+k, probs[k])
			if s.speed != nil {
				speed[k], _ = m.drift(m.nodes[from+k])
			}
		}
		for _, j := range frequencies {
			f.turnTo(j)
			v := s.values[j]
			for k, w := range m.weight[from:to] {
				c := f.product(probs[k], negligible/w)
				if c == 0 {
					continue
				}
				v = complex(real(v)+float64(w*real(c)), imag(v)+float64(w*imag(c)))
				if s.speed != nil {
					s.speed[j] = max(s.speed[j], speed[k]/s.size)
				}
			}
			s.values[j] = v
		}
		from = to
	}
}
