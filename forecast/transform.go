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
	roots     roots
	step      []int64      // of each event, on the circle
	turn      []complex128 // of each event up to known, at frequency: its characteristic function given that it happens, less 1
	known     int
	frequency int
	probs     [][]float64 // for each node
}

func newSpectrum(g *grid, size int) *spectrum {
	s := &spectrum{grid: g, roots: newRoots(size)}
	s.step = make([]int64, len(g.lots))
	for i, k := range g.shift {
		s.step[i] = k & int64(size-1)
	}
	s.turn = make([]complex128, len(g.lots))
	return s
}

// fill computes the characteristic function. Its values at negative frequencies are the conjugates.
func (s *spectrum) fill(x []complex128) {
	size := len(x)
	s.load(s.mixture)
	for j := 0; j <= size/2; j++ {
		s.frequency, s.known = j, 0
		v := s.mix(s.mixture)
		x[j] = v
		x[(size-j)&(size-1)] = complex(real(v), -imag(v))
	}
}

func (s *spectrum) load(m *mixture) {
	s.probs = make([][]float64, len(m.nodes))
	for k := range s.probs {
		s.probs[k] = make([]float64, len(m.lots))
		m.at(k, s.probs[k])
	}
}

// mix is the characteristic function at the frequency.
func (s *spectrum) mix(m *mixture) complex128 {
	var re, im float64
	for k, w := range m.weight {
		v := s.given(s.probs[k], negligible/w)
		re += float64(w * real(v))
		im += float64(w * imag(v))
	}
	return complex(re, im)
}

// block is how many factors are multiplied before the product is looked at.
const block = 16

// given is the characteristic function at the frequency given the probabilities, 0 if it is less than tiny.
func (s *spectrum) given(probs []float64, tiny float64) complex128 {
	re, im := 1.0, 0.0
	for from := 0; from < len(probs); from += block {
		to := min(from+block, len(probs))
		if to > s.known {
			s.extend(to)
		}
		turn := s.turn[from:to]
		for i, p := range probs[from:to] {
			t := turn[i]
			a, b := 1+float64(p*real(t)), float64(p*imag(t))
			for n := s.lots[from+i].count; ; {
				if n&1 == 1 {
					re, im = float64(re*a)-float64(im*b), float64(re*b)+float64(im*a)
				}
				if n >>= 1; n == 0 {
					break
				}
				a, b = float64(a*a)-float64(b*b), float64(2*a*b)
			}
		}
		if float64(re*re)+float64(im*im) < tiny*tiny {
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
