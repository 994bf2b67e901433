package forecast

import "math"

// band computes the characteristic function of a total, given a node, at some frequencies.
//
// Events that turn by up to a radian at these frequencies are slow: the logarithm of the product of their characteristic
// functions is so smooth that a polynomial through a few points gives it everywhere. The others multiply.
type band struct {
	frequencies []int

	slow    []int          // events, of one deal each
	cells   []float64      // that each of these moves the total
	angles  []float64      // of the points, in radians a cell
	turns   [][]complex128 // at each point, of each slow event: its characteristic function given that it happens, less 1
	weights [][]float64    // at each frequency, of the points
	nodes   []slowProduct

	fast  []int // the other events
	probs [][]float64
	factors
}

// slowProduct is the characteristic function of the slow events given a node.
type slowProduct struct {
	cells int64        // nearly the mean
	logs  []complex128 // the logarithm at the points, rotated back by the cells
}

const (
	bandRatio  = 4  // of the last frequency to the first
	bandPoints = 14 // leave 1e-16: the nearest singularity is at π radians
	bandBlock  = 64 // events, whose product turns by less than π, but for the mean
)

// bands splits ascending frequencies.
func (s *spectrum) bands(nodes int, frequencies []int) []*band {
	var out []*band
	for n := len(frequencies); n > 0; n = len(frequencies) {
		for top := frequencies[n-1]; n > 0 && bandRatio*frequencies[n-1] >= top; {
			n--
		}
		out = append(out, s.band(nodes, frequencies[n:]))
		frequencies = frequencies[:n]
	}
	return out
}

func (s *spectrum) band(nodes int, frequencies []int) *band {
	b := &band{frequencies: frequencies, factors: factors{roots: s.roots}}
	low, high := s.angle(frequencies[0]), s.angle(frequencies[len(frequencies)-1])
	for i, k := range s.shift {
		if float64(max(k, -k)+1)*high <= 1 && s.lots[i].count == 1 {
			b.slow = append(b.slow, i)
		}
	}
	if nodes < bandPoints || len(frequencies) < 3*bandPoints || len(b.slow) < bandBlock {
		b.slow = nil
	}
	next := 0
	for i := range s.shift {
		if next < len(b.slow) && b.slow[next] == i {
			next++
			continue
		}
		b.fast = append(b.fast, i)
		b.add(s.grid, i)
	}
	if b.slow != nil {
		b.place(s, low, high)
	}
	return b
}

// place chooses the points (Chebyshev's), the weights (Berrut and Trefethen 2004, doi:10.1137/S0036144502417715), and computes
// what the slow events are there.
func (b *band) place(s *spectrum, low, high float64) {
	b.angles = make([]float64, bandPoints)
	signed := make([]float64, bandPoints)
	for c := range b.angles {
		sin, cos := math.Sincos(math.Pi * (float64(c) + 0.5) / bandPoints)
		b.angles[c] = (low+high)/2 + float64((high-low)/2*cos)
		signed[c] = sin * float64(1-2*(c%2))
	}
	for _, j := range b.frequencies {
		w := make([]float64, bandPoints)
		var sum float64
		for c, a := range b.angles {
			d := s.angle(j) - a
			if d == 0 {
				clear(w)
				w[c], sum = 1, 1
				break
			}
			w[c] = signed[c] / d
			sum += w[c]
		}
		for c := range w {
			w[c] /= sum
		}
		b.weights = append(b.weights, w)
	}
	b.turns = make([][]complex128, bandPoints)
	for _, i := range b.slow {
		k, f := float64(s.shift[i]), 0.0
		if s.frac != nil {
			f = s.frac[i]
		}
		b.cells = append(b.cells, k+f)
		for c, a := range b.angles {
			b.turns[c] = append(b.turns[c], disperse(turn(float64(a*k)), turn(a), f))
		}
	}
}

// turn is exp(ia) - 1.
func turn(a float64) complex128 {
	sin, cos := math.Sincos(a / 2)
	return complex(-2*float64(sin*sin), 2*float64(sin*cos))
}

// load takes the probabilities of the events for some nodes.
func (b *band) load(probs [][]float64) {
	if b.slow == nil {
		b.probs = probs
		return
	}
	b.probs, b.nodes = make([][]float64, len(probs)), make([]slowProduct, len(probs))
	slow := make([]float64, len(b.slow))
	for k, all := range probs {
		b.probs[k] = make([]float64, len(b.fast))
		for n, i := range b.fast {
			b.probs[k][n] = all[i]
		}
		for n, i := range b.slow {
			slow[n] = all[i]
		}
		b.nodes[k] = b.slowly(slow)
	}
}

// slowly multiplies the slow events, a block at a time, as the logarithm of a product tells how often it turned only if that is
// less than once.
func (b *band) slowly(probs []float64) slowProduct {
	out := slowProduct{logs: make([]complex128, bandPoints)}
	for from := 0; from < len(probs); from += bandBlock {
		to := min(from+bandBlock, len(probs))
		var mean float64
		for n, p := range probs[from:to] {
			mean += float64(p * b.cells[from+n])
		}
		cells := math.Round(mean)
		out.cells += int64(cells)
		for c, angle := range b.angles {
			v := multiply(b.turns[c][from:to], probs[from:to])
			log := math.Log(float64(real(v)*real(v))+float64(imag(v)*imag(v))) / 2
			arg := math.Remainder(math.Atan2(imag(v), real(v))-float64(cells*angle), 2*math.Pi)
			out.logs[c] += complex(log, arg)
		}
	}
	return out
}

// given is the characteristic function at frequency n of the band for node k, 0 if it is less than tiny.
func (b *band) given(n, k int, tiny float64) complex128 {
	if b.slow == nil {
		return b.product(b.probs[k], tiny)
	}
	var log, arg float64
	for c, w := range b.weights[n] {
		v := b.nodes[k].logs[c]
		log, arg = log+float64(w*real(v)), arg+float64(w*imag(v))
	}
	size := math.Exp(log)
	if size < tiny {
		return 0
	}
	v := b.product(b.probs[k], tiny/size)
	if v == 0 {
		return 0
	}
	sin, cos := math.Sincos(arg)
	v = times(v, complex(size*cos, size*sin))
	mask := int64(len(b.roots) - 1)
	back := b.roots[((b.nodes[k].cells&mask)*int64(b.frequency))&mask]
	return times(v, complex(1+real(back), imag(back)))
}
