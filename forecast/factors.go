package forecast

// factors are the characteristic functions of some events on a circle of cells, for multiplying them.
type factors struct {
	*grid
	roots     roots
	step      []int64      // of each event, on the circle
	single    bool         // no lot has more than one event
	frequency int          // at which
	turn      []complex128 // of each event up to known: its characteristic function given that it happens, less 1
	known     int
}

func newFactors(g *grid, r roots) *factors {
	f := &factors{grid: g, roots: r, turn: make([]complex128, len(g.lots)), single: true}
	for i, k := range g.shift {
		f.step = append(f.step, k&int64(len(r)-1))
		f.single = f.single && g.lots[i].count == 1
	}
	return f
}

// turnTo sets the frequency.
func (f *factors) turnTo(frequency int) { f.frequency, f.known = frequency, 0 }

// product is the product at the frequency for probabilities of the events, 0 if it is less than tiny.
func (f *factors) product(probs []float64, tiny float64) complex128 {
	block := 16 // how many factors are multiplied before the product is looked at
	if !f.single {
		block = 1
	}
	tiny *= tiny
	out := complex(1, 0)
	for from := 0; from < len(probs); from += block {
		to := min(from+block, len(probs))
		if to > f.known {
			f.extend(to)
		}
		v := multiply(f.turn[from:to], probs[from:to])
		if !f.single {
			v = power(v, f.lots[from].count)
		}
		out = times(out, v)
		if float64(real(out)*real(out))+float64(imag(out)*imag(out)) < tiny {
			return 0
		}
	}
	return out
}

// multiply returns the product of 1 + probability × turn.
func multiply(turns []complex128, probs []float64) complex128 {
	// Two products, as each waits for its last factor.
	ar, ai, br, bi := 1.0, 0.0, 1.0, 0.0
	probs = probs[:len(turns)]
	i := 0
	for ; i+1 < len(turns); i += 2 {
		t, u := turns[i], turns[i+1]
		p, q := probs[i], probs[i+1]
		tr, ti := 1+float64(p*real(t)), float64(p*imag(t))
		ur, ui := 1+float64(q*real(u)), float64(q*imag(u))
		ar, ai = float64(ar*tr)-float64(ai*ti), float64(ar*ti)+float64(ai*tr)
		br, bi = float64(br*ur)-float64(bi*ui), float64(br*ui)+float64(bi*ur)
	}
	if i < len(turns) {
		tr, ti := 1+float64(probs[i]*real(turns[i])), float64(probs[i]*imag(turns[i]))
		ar, ai = float64(ar*tr)-float64(ai*ti), float64(ar*ti)+float64(ai*tr)
	}
	return times(complex(ar, ai), complex(br, bi))
}

// power returns v to the power of n.
func power(v complex128, n int) complex128 {
	out := complex(1, 0)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = times(out, v)
		}
		v = times(v, v)
	}
	return out
}

func times(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))-float64(imag(a)*imag(b)), float64(real(a)*imag(b))+float64(imag(a)*real(b)))
}

// extend computes the turns of the events up to to.
func (f *factors) extend(to int) {
	mask := int64(len(f.roots) - 1)
	one := f.roots[f.frequency]
	for i := f.known; i < to; i++ {
		t := f.roots[(f.step[i]*int64(f.frequency))&mask]
		if f.frac != nil { // T (1-frac + frac × W) - 1, from T - 1 and W - 1
			d := times(one, t) + one
			t = complex(real(t)+float64(f.frac[i]*real(d)), imag(t)+float64(f.frac[i]*imag(d)))
		}
		f.turn[i] = t
	}
	f.known = to
}
