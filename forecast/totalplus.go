package forecast

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Shift returns the total with an amount added that is certain: what is already won, for one. Nothing else changes.
//
// Shift returns an error if the amount is out of bounds, or a value of the sum reaches 10^37.
func (t Total) Shift(amount decimal.Decimal) (Total, error) {
	n, ok := exact.Admit(amount)
	if !ok {
		return Total{}, &Error{Path: "amount", Msg: outOfBounds, Err: ErrInput}
	}
	t = t.points()
	t.origin, t.mean = t.origin.Add(n), t.mean.Add(n)
	if !t.bounded() {
		return Total{}, errTooHigh()
	}
	return t, nil
}

// bounded reports whether all values are less than 10^37. Those of deals are less than 10^36; a grid may go beyond.
func (t *Total) bounded() bool {
	limit := exact.New(1, mostDigits+1)
	return t.origin.Abs().Cmp(limit) < 0 && t.value(len(t.p)-1).Abs().Cmp(limit) < 0
}

func errTooHigh() error {
	return &Error{Msg: "the sum reaches 10^37, beyond which totals do not go", Err: ErrTooLarge}
}

// Plus returns the distribution of the sum of two independent totals: of two teams, for instance. Deals that depend on each
// other across the two, as those of one market do, belong in one [NewTotal] with its Correlation.
//
// The sum is [Total.Exact] if both totals are and it is at most 2^20 steps of their common unit wide, or has at most 2^16
// values and 2^20 pairs of theirs. Otherwise it lies on a grid, mostly of the coarser of their steps and never of more
// than 2^20 points; [Total.Inflation] tells what that adds.
//
// Plus returns an error if a value of the sum reaches 10^37.
func (t Total) Plus(o Total) (Total, error) {
	a, b := t.points(), o.points()
	out := Total{
		origin: a.origin.Add(b.origin), mean: a.mean.Add(b.mean),
		excess: a.excess + b.excess, lost: a.lost + b.lost, approx: a.approx || b.approx,
	}
	for i := range out.cumulants {
		out.cumulants[i] = a.cumulants[i] + b.cumulants[i]
	}
	switch {
	case len(b.p) == 1:
		out.step, out.at, out.p = a.step, a.at, a.p
	case len(a.p) == 1:
		out.step, out.at, out.p = b.step, b.at, b.p
	case !out.plusExactly(&a, &b):
		out.plusNearly(&a, &b)
	}
	out = out.finish()
	if !out.bounded() {
		return Total{}, errTooHigh()
	}
	return out, nil
}

// plusExactly computes the distribution of a + b on the values that it can have, and reports whether it could.
func (t *Total) plusExactly(a, b *Total) bool {
	if t.approx {
		return false
	}
	step := commonUnit(a.step, b.step)
	if a.width().Add(b.width()).Cmp(step.Mul(exact.Int(1<<62))) > 0 {
		return false
	}
	ka, _ := multiple(a.step, step)
	kb, _ := multiple(b.step, step)
	cells := ka*a.index(len(a.p)-1) + kb*b.index(len(b.p)-1) + 1
	pairs := int64(len(a.p)) * int64(len(b.p))
	t.step = step
	switch {
	case pairs <= min(mostAtoms, cells/8):
	case cells <= mostCells:
		t.p = convolve(a.row(ka), b.row(kb))
		return true
	case pairs > mostCells:
		return false
	}
	sums := make([]atom, 0, pairs)
	for i, p := range a.p {
		for j, q := range b.p {
			sums = append(sums, atom{ka*a.index(i) + kb*b.index(j), float64(p * q)})
		}
	}
	slices.SortStableFunc(sums, func(x, y atom) int { return cmp.Compare(x.at, y.at) })
	for _, s := range sums {
		if n := len(t.at); n > 0 && t.at[n-1] == s.at {
			t.p[n-1] += s.p
			continue
		}
		t.at, t.p = append(t.at, s.at), append(t.p, s.p)
	}
	if len(t.p) > mostAtoms {
		t.at, t.p = nil, nil
		return false
	}
	return true
}

// atom is a point and its probability.
type atom struct {
	at int64
	p  float64
}

// plusNearly computes the distribution of a + b on a grid.
func (t *Total) plusNearly(a, b *Total) {
	t.approx = true
	width := floatOf(a.width().Add(b.width()))
	t.step = roundDown(width / mostAtoms)
	if a.approx || b.approx {
		t.step = roundDown(1.2 * width / mostCells) // of which rounding leaves 1.09 or more
		for _, x := range []*Total{a, b} {
			if x.approx && x.step.Cmp(t.step) > 0 {
				t.step = x.step
			}
		}
	}
	pa, ea := a.regrid(t.step)
	pb, eb := b.regrid(t.step)
	t.excess += ea + eb
	t.p = convolve(pa, pb)
	t.lost += trim(t.p, slices.All(t.p)) + trim(t.p, slices.Backward(t.p))
}

// width is the distance from the first to the last point.
func (t *Total) width() exact.Num { return t.value(len(t.p) - 1).Sub(t.origin) }

// row returns the distribution as a row of cells, with k cells to the step.
func (t *Total) row(k int64) []float64 {
	out := make([]float64, k*t.index(len(t.p)-1)+1)
	for i, p := range t.p {
		out[k*t.index(i)] = p
	}
	return out
}

// regrid returns the distribution on a grid of another step, and the variance that this adds: see [grid].
func (t *Total) regrid(step exact.Num) (row []float64, excess float64) {
	if t.at == nil && t.step.Cmp(step) == 0 {
		return t.p, 0
	}
	size := floatOf(step)
	last, _ := multiple(t.width(), step)
	row = make([]float64, last+2)
	for i, p := range t.p {
		k, rest := multiple(t.step.Mul(exact.Int(t.index(i))), step)
		f := floatOf(rest) / size
		row[k] += float64(p * (1 - f))
		row[k+1] += float64(p * f)
		excess += float64(p * f * (1 - f) * size * size)
	}
	return row, excess
}

// convolve returns the distribution of the sum of two independent rows.
func convolve(a, b []float64) []float64 {
	n := len(a) + len(b) - 1
	out := make([]float64, n)
	full := func(row []float64) (n int64) {
		for _, p := range row {
			if p > 0 {
				n++
			}
		}
		return n
	}
	if full(a)*int64(len(b)) > full(b)*int64(len(a)) {
		a, b = b, a
	}
	if full(a)*int64(len(b)) <= directWork { // a few points on a wide grid are few all the same
		for i, p := range a {
			if p == 0 {
				continue
			}
			for j, q := range b {
				out[i+j] += float64(p * q)
			}
		}
		return out
	}
	// The square of a + ib has the imaginary part 2ab. Scaled to equal norms, both err alike.
	scale := norm(a) / norm(b)
	x := make([]complex128, 1<<bits.Len(uint(n-1)))
	for i, p := range a {
		x[i] = complex(p, 0)
	}
	for i, p := range b {
		x[i] = complex(real(x[i]), float64(scale*p))
	}
	r := newRoots(len(x))
	r.fourier(x, false)
	for i, v := range x {
		re, im := real(v), imag(v)
		x[i] = complex(float64(re*re)-float64(im*im), float64(2*re*im))
	}
	r.fourier(x, true)
	for i := range out {
		if v := imag(x[i]) / (2 * scale * float64(len(x))); v > noise {
			out[i] = v
		}
	}
	return out
}

func norm(p []float64) float64 {
	var sum float64
	for _, v := range p {
		sum += float64(v * v)
	}
	return math.Sqrt(sum)
}

// trim sets the cells at one end of a row to 0 that hold hardly anything, and returns what they held.
func trim(p []float64, cells iter.Seq2[int, float64]) float64 {
	var lost float64
	for i, v := range cells {
		if lost+v > math.Exp(outside) {
			break
		}
		lost += v
		p[i] = 0
	}
	return lost
}
