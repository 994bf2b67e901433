package forecast

import (
	"math"
	"math/bits"
)

// roots are the L-th roots of unity less 1, for L a power of two: of exp(2πi k/L), cos - 1 and sin. Without the 1 they are
// accurate relatively near the first, where the probabilities of many deals multiply.
type roots []complex128

func newRoots(size int) roots {
	r := make(roots, size)
	for k := 1; k <= size/2; k++ {
		s, c := math.Sincos(math.Pi * float64(k) / float64(size)) // of half the angle
		re, im := -2*float64(s*s), 2*float64(s*c)
		if k == size/2 {
			im = 0
		}
		r[k], r[size-k] = complex(re, im), complex(re, -im)
	}
	return r
}

// fourier replaces x by its discrete Fourier transform Σ x_j exp(-2πi jk/L), or with the other sign by L times the inverse.
// The length of x is a power of two that divides that of r. It takes O(L log L).
func (r roots) fourier(x []complex128, inverse bool) {
	n := len(x)
	shift := 64 - bits.Len(uint(n-1))
	for i := 1; i < n; i++ {
		if j := int(bits.Reverse64(uint64(i)) >> shift); i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for half := 1; half < n; half *= 2 {
		stride := len(r) / (2 * half)
		for k := range half {
			w := r[k*stride]
			c, s := 1+real(w), imag(w)
			if !inverse {
				s = -s
			}
			for i := k; i < n; i += 2 * half {
				a, b := x[i], x[i+half]
				re := float64(c*real(b)) - float64(s*imag(b))
				im := float64(c*imag(b)) + float64(s*real(b))
				x[i] = complex(real(a)+re, imag(a)+im)
				x[i+half] = complex(real(a)-re, imag(a)-im)
			}
		}
	}
}

// negligible is the modulus below which a characteristic function counts as 0, and noise what rounding leaves of a
// probability of 0.
const (
	negligible = 1e-18
	noise      = 1e-18
)

// transform returns the distribution on n cells from first on, outside of which hardly any of it lies: the inverse
// transform of the product of the events' characteristic functions (Hong 2013, doi:10.1016/j.csda.2012.10.006), which is
// negligible at most frequencies after a few dozen factors. The error of each sum of probabilities is about 1e-14.
func (g *grid) transform(first int64, n int) []float64 {
	size := 1 << bits.Len(uint(n-1))
	s := newSpectrum(g, size)
	x := make([]complex128, size)
	s.fill(x)
	s.roots.fourier(x, false)
	out := make([]float64, n)
	for i := range out {
		v := real(x[int((first+int64(i))&int64(size-1))]) / float64(size)
		if v > noise {
			out[i] = v
		}
	}
	return out
}

// spectrum computes a characteristic function at the frequencies of a circle of cells.
type spectrum struct {
	*grid
	roots  roots
	step   []int64     // of each event, on the circle
	single bool        // no lot has more than one event
	probs  [][]float64 // of the events for some nodes
	speed  []float64   // how many cells the mean moves for each unit of Z at these

	frequency int
	turn      []complex128 // of each event: its characteristic function given that it happens, less 1
	known     int          // turns, at this frequency
}

func newSpectrum(g *grid, size int) *spectrum {
	s := &spectrum{grid: g, roots: newRoots(size)}
	s.step = make([]int64, len(g.lots))
	s.single = true
	for i, k := range g.shift {
		s.step[i] = k & int64(size-1)
		s.single = s.single && g.lots[i].count == 1
	}
	s.turn = make([]complex128, len(g.lots))
	return s
}

// fill computes the characteristic function. Its values at negative frequencies are the conjugates.
//
// The nodes that resolve single deals suffice where the function is negligible, or its phase turns slowly from one node to
// the next. They find the other frequencies, and how many nodes these need.
func (s *spectrum) fill(x []complex128) {
	all := make([]int, len(x)/2+1)
	for j := range all {
		all[j] = j
	}
	if s.cuts == nil {
		s.add(s.mixture, all, x)
	} else {
		s.refine(all, x)
	}
	for j := 1; j < len(x)/2; j++ {
		x[len(x)-j] = complex(real(x[j]), -imag(x[j]))
	}
}

// refine computes the characteristic function of dependent deals.
func (s *spectrum) refine(all []int, x []complex128) {
	m := s.resolve(s.bandwidth(0))
	speed := s.add(m, all, x)
	for has := m.limit(); has < s.limit(); has = m.limit() {
		if m = m.resolve(2 * has); m.limit() > s.limit() {
			m = s.mixture
		}
		var some []int
		for _, j := range all {
			turns := float64(speed[j]*2*math.Pi*float64(j)/float64(len(x))) + 2*s.bandwidth(0)
			if turns > has && (turns <= m.limit() || m == s.mixture) {
				some = append(some, j)
				x[j] = 0
			}
		}
		s.add(m, some, x)
	}
}

// add adds the characteristic function of a mixture at some frequencies. It returns, for each, how many cells the mean total
// moves for each unit of Z, at most, where the function is not negligible.
func (s *spectrum) add(m *mixture, frequencies []int, x []complex128) (speed []float64) {
	const mostProbs = 1 << 21 // held at a time
	speed = make([]float64, len(x)/2+1)
	for from, to := 0, 0; from < len(m.nodes); from = to {
		to = min(len(m.nodes), from+1+mostProbs/len(m.lots))
		s.probs, s.speed = s.probs[:0], s.speed[:0]
		for k := from; k < to; k++ {
			probs := make([]float64, len(m.lots))
			m.at(k, probs)
			drift, _ := m.drift(m.nodes[k])
			s.probs, s.speed = append(s.probs, probs), append(s.speed, drift/s.size)
		}
		for _, j := range frequencies {
			s.frequency, s.known = j, 0
			re, im := real(x[j]), imag(x[j])
			for k, w := range m.weight[from:to] {
				if v := s.given(s.probs[k], negligible/w); v != 0 {
					speed[j] = max(speed[j], s.speed[k])
					re += float64(w * real(v))
					im += float64(w * imag(v))
				}
			}
			x[j] = complex(re, im)
		}
	}
	return speed
}

// block is how many factors are multiplied before the product is looked at.
const block = 16

// given is the characteristic function at the frequency given the probabilities, 0 if it is less than tiny.
func (s *spectrum) given(probs []float64, tiny float64) complex128 {
	tiny *= tiny
	re, im := 1.0, 0.0
	for from := 0; from < len(probs); from += block {
		to := min(from+block, len(probs))
		if to > s.known {
			s.extend(to)
		}
		turn := s.turn[from:to]
		part := probs[from:to]
		if s.single && to-from == block {
			// Two products, as each waits for its last factor.
			ar, ai, br, bi := 1.0, 0.0, 1.0, 0.0
			for i := 0; i < block; i += 2 {
				t, u := turn[i], turn[i+1]
				p, q := part[i], part[i+1]
				tr, ti := 1+float64(p*real(t)), float64(p*imag(t))
				ur, ui := 1+float64(q*real(u)), float64(q*imag(u))
				ar, ai = float64(ar*tr)-float64(ai*ti), float64(ar*ti)+float64(ai*tr)
				br, bi = float64(br*ur)-float64(bi*ui), float64(br*ui)+float64(bi*ur)
			}
			ar, ai = float64(ar*br)-float64(ai*bi), float64(ar*bi)+float64(ai*br)
			re, im = float64(re*ar)-float64(im*ai), float64(re*ai)+float64(im*ar)
		} else {
			for i, p := range part {
				a, b := 1+float64(p*real(turn[i])), float64(p*imag(turn[i]))
				for n := s.lots[from+i].count; ; { // the factor to the power of n
					if n&1 == 1 {
						re, im = float64(re*a)-float64(im*b), float64(re*b)+float64(im*a)
					}
					if n >>= 1; n == 0 {
						break
					}
					a, b = float64(a*a)-float64(b*b), float64(2*a*b)
				}
			}
		}
		if float64(re*re)+float64(im*im) < tiny {
			return 0
		}
	}
	return complex(re, im)
}

// extend computes the turns of the events up to to.
func (s *spectrum) extend(to int) {
	mask := int64(len(s.roots) - 1)
	one := s.roots[s.frequency]
	for i := s.known; i < to; i++ {
		t := s.roots[(s.step[i]*int64(s.frequency))&mask]
		if s.frac != nil {
			f := s.frac[i]
			re := float64(real(one)*(1+real(t))) - float64(imag(one)*imag(t))
			im := float64(real(one)*imag(t)) + float64(imag(one)*(1+real(t)))
			t = complex(real(t)+float64(f*re), imag(t)+float64(f*im))
		}
		s.turn[i] = t
	}
	s.known = to
}
