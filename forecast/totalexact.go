package forecast

import (
	"math"

	"github.com/salesops-go/salesops/internal/exact"
)

const (
	mostCells = 1 << 20 // of a grid
	mostAtoms = 1 << 16 // of a sparse support
	mostMerge = 1 << 27 // atoms merged, over all nodes
)

// units returns the largest step of which all amounts of a book are multiples, and the multiples. ok is false when these
// or their sum do not fit in 62 bits.
func units(lots []lot) (step exact.Num, shift []int64, ok bool) {
	var size exact.Num
	for i := range lots {
		e := &lots[i]
		step = commonUnit(step, e.amount)
		size = size.Add(e.amount.Abs().Mul(exact.Int(int64(e.count))))
	}
	if size.Cmp(step.Mul(exact.Int(1<<62))) > 0 {
		return step, nil, false
	}
	shift = make([]int64, len(lots))
	for i := range lots {
		shift[i], _ = multiple(lots[i].amount, step)
	}
	return step, shift, true
}

// commonUnit is the largest number of which a and b are multiples: Euclid's algorithm, for decimals.
func commonUnit(a, b exact.Num) exact.Num {
	for !b.IsZero() {
		_, r, _ := exact.QuoRem(a, b, 0)
		a, b = b, r
	}
	return a.Abs()
}

// multiple returns the largest k with k × step ≤ n, which must be below 2^62 in magnitude, and the rest n - k × step.
func multiple(n, step exact.Num) (k int64, rest exact.Num) {
	q, rest, _ := exact.QuoRem(n, step, 0)
	k = int64Of(q)
	if rest.Sign() < 0 {
		k, rest = k-1, rest.Add(step)
	}
	return k, rest
}

// int64Of returns an integer that fits.
func int64Of(n exact.Num) int64 {
	v := n.Decimal()
	k := v.CoefficientInt64()
	for range v.Exponent() {
		k *= 10
	}
	return k
}

// atoms computes the distribution of a sum of multiples of a step as a sorted list: each event merges the list with itself,
// shifted. ok is false if there are more points than limit, or it takes too many steps.
func (m *mixture) atoms(shift []int64, limit, steps int) (at []int64, p []float64, ok bool) {
	probs := make([]float64, len(m.lots))
	var given, next atomList
	work := 0
	for k, w := range m.weight {
		m.at(k, probs)
		given.start()
		for i := range m.lots {
			for range m.lots[i].count {
				if work += len(given.at); k == 0 && work > steps {
					return nil, nil, false
				}
				if !given.merge(&next, shift[i], probs[i], limit) {
					return nil, nil, false
				}
				given, next = next, given
			}
		}
		if k == 0 { // the points are the same for all nodes
			at, p = append(at, given.at...), make([]float64, len(given.p))
		}
		for i, v := range given.p {
			p[i] += float64(w * v)
		}
	}
	return at, p, true
}

// atomList is a distribution on multiples of a step, in ascending order.
type atomList struct {
	at []int64
	p  []float64
}

func (l *atomList) start() { l.at, l.p = append(l.at[:0], 0), append(l.p[:0], 1) }

// merge writes to out the distribution after an event of probability p that shifts by k ≠ 0, if it has no more points than
// limit.
func (l *atomList) merge(out *atomList, k int64, p float64, limit int) bool {
	low, high, plow, phigh := int64(0), k, 1-p, p
	if k < 0 {
		low, high, plow, phigh = k, 0, p, 1-p
	}
	size := min(2*len(l.at), limit)
	if cap(out.at) < size {
		out.at, out.p = make([]int64, 2*size), make([]float64, 2*size)
	}
	at, ps := out.at[:size], out.p[:size]
	n := 0
	for i, j := 0, 0; j < len(l.at); n++ {
		if n == size {
			return false
		}
		a, b := int64(math.MaxInt64), l.at[j]+high
		if i < len(l.at) {
			a = l.at[i] + low
		}
		var v float64
		if a <= b {
			v = float64(plow * l.p[i])
			i++
		}
		if b <= a {
			v += float64(phigh * l.p[j])
			j++
		}
		at[n], ps[n] = min(a, b), v
	}
	out.at, out.p = at[:n], ps[:n]
	return true
}
