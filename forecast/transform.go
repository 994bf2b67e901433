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
//
// The transform of gonum would serve as well, but for its bits: on processors that fuse a multiplication and an addition they
// are others, and totals should have the same bits everywhere. The roots are at hand, being those of the spectrum.
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
		for from := 0; from < n; from += 2 * half {
			low, high := x[from:from+half], x[from+half:from+2*half]
			for k, a := range low {
				w := r[k*stride]
				c, s := 1+real(w), imag(w)
				if !inverse {
					s = -s
				}
				b := high[k]
				re := float64(c*real(b)) - float64(s*imag(b))
				im := float64(c*imag(b)) + float64(s*real(b))
				low[k] = complex(real(a)+re, imag(a)+im)
				high[k] = complex(real(a)-re, imag(a)-im)
			}
		}
	}
}

// noise is what rounding leaves of a probability of 0.
const noise = 1e-17

// transform returns the distribution on n cells from first on, outside of which hardly any of it lies: the inverse
// transform of its characteristic function (Hong 2013, doi:10.1016/j.csda.2012.10.006). The error of a sum of
// probabilities is about 1e-14.
func (g *grid) transform(first int64, n int) []float64 {
	r := newRoots(1 << bits.Len(uint(n-1)))
	x := g.spectrum(r)
	r.fourier(x, false)
	out := make([]float64, n)
	for i := range out {
		v := real(x[int((first+int64(i))&int64(len(x)-1))]) / float64(len(x))
		if v > noise {
			out[i] = v
		}
	}
	return out
}
