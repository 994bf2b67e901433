package location

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/salesops-go/salesops/internal/multiset"
)

// Shift is by how much one sample is above another.
type Shift struct {
	// Value is the estimate: the median of all differences of a number of the first sample and one of the second.
	Value float64
	// Low and High are the limits of its interval, differences too. They are valid if HasInterval.
	Low, High float64
	// HasInterval is false if there are too few numbers for the level, so that not even the whole range of differences is as sure,
	// or if all numbers are equal.
	HasInterval bool
}

// HodgesLehmann estimates by how much the first sample is above the second (Hodges and Lehmann 1963,
// doi:10.1214/aoms/1177704172). The interval goes as many differences inwards from both ends as the test of [MannWhitney]
// allows (Moses; Lehmann 1963, doi:10.1214/aoms/1177703882), with its exact distribution or normal approximation, ties included:
// where it does not hold 0, the P of that test is at most 1 - level. The reverse need not be, as pairs of equal numbers count as
// differences of 0.
//
// Runs are as in [MannWhitney]; value gives the number that a run stands for, finite and ascending with Run.Value. It takes
// O(r log R) for r runs and R floats between the least and the greatest difference, and no memory for the differences. ok is
// false if a sample is empty, the level is not between 0 and 1, or a difference is beyond float64.
func HodgesLehmann(a, b []multiset.Run, value func(int64) float64, level float64) (s Shift, ok bool) {
	if len(a) == 0 || len(b) == 0 || !(level > 0 && level < 1) {
		return Shift{}, false
	}
	d := differences{a: newColumn(a, value), b: newColumn(b, value)}
	if !isFinite(d.least()) || !isFinite(d.greatest()) {
		return Shift{}, false
	}
	t := tie(a, b)
	pairs := product(t.n1, t.n2)
	one := u128{0, 1}
	lower, upper := d.ranked(pairs.plus(one).half()), d.ranked(pairs.half().plus(one))
	if s.Value = (lower + upper) / 2; !isFinite(s.Value) {
		s.Value = lower/2 + upper/2
	}
	if in := t.inwards(1 - level); in != (u128{}) {
		s.Low, s.High, s.HasInterval = d.ranked(in), d.ranked(pairs.minus(in).plus(one)), true
	}
	return s, true
}

// inwards returns the rank of the difference that is the lower limit, counted from 1: the test rejects where fewer differences than
// that are 0 or below. It is 0 if there is none.
func (t ties) inwards(alpha float64) u128 {
	if t.sigma() == 0 {
		return u128{}
	}
	if d := t.exact(); d != nil {
		middle := len(d.ways) / 2
		least := middle + 1 // distance of 2U from its mean at which the test rejects
		for e := middle; e > 0; e-- {
			if d.ways[middle-e] == 0 && d.ways[middle+e] == 0 {
				continue
			}
			if d.tail(int64(e)) > alpha {
				break
			}
			least = e
		}
		return u128{0, uint64(middle-least+2) / 2}
	}
	z := -mathext.NormalQuantile(alpha / 2)
	pairs := product(t.n1, t.n2)
	in := math.Ceil(pairs.float()/2 - 0.5 - float64(z*t.sigma()))
	if !(in > 0) {
		return u128{}
	}
	if most, in := pairs.plus(u128{0, 1}).half(), wholePart(in); in.less(most) {
		return in
	}
	return pairs.plus(u128{0, 1}).half()
}

// column is a sample: its numbers, ascending, and how many there are up to each.
type column struct {
	values []float64
	counts []uint64 // of each
	up     []uint64 // of all before it
}

func newColumn(runs []multiset.Run, value func(int64) float64) column {
	c := column{make([]float64, len(runs)), make([]uint64, len(runs)), make([]uint64, len(runs)+1)}
	for i, r := range runs {
		c.values[i], c.counts[i] = value(r.Value), uint64(r.Count)
		c.up[i+1] = c.up[i] + c.counts[i]
	}
	return c
}

// differences are those of each number of a and each of b. Rounded to float64 they still ascend with a and descend with b.
type differences struct{ a, b column }

func (d differences) least() float64 { return d.a.values[0] - d.b.values[len(d.b.values)-1] }

func (d differences) greatest() float64 { return d.a.values[len(d.a.values)-1] - d.b.values[0] }

// ranked returns the k-th smallest difference, counted from 1. It halves the gap between two differences, of which one is too
// small and one is not, in turns by its size and by the number of floats in it, until no difference is left within.
func (d differences) ranked(k u128) float64 {
	low, high := d.least(), d.greatest()
	if n, _, _ := d.upTo(low); !n.less(k) {
		return low
	}
	for byValue := true; ; byValue = !byValue {
		middle := low + (high/2 - low/2)
		if !byValue || !(middle > low && middle < high) {
			middle = floatAt(ordinal(low) + (ordinal(high)-ordinal(low))/2)
		}
		n, last, next := d.upTo(middle)
		switch {
		case !n.less(k):
			high = last
		case next >= high:
			return high
		default:
			low = middle
		}
	}
}

// upTo returns how many differences are at most limit, the last of them and the next one above it.
func (d differences) upTo(limit float64) (n u128, last, next float64) {
	last, next = math.Inf(-1), math.Inf(1)
	all := d.b.up[len(d.b.values)]
	j := 0 // the numbers of b from j on make differences up to limit; the greater the number of a, the fewer they are
	for i, v := range d.a.values {
		for j < len(d.b.values) && v-d.b.values[j] > limit {
			j++
		}
		n = n.plus(product(d.a.counts[i], all-d.b.up[j]))
		if j < len(d.b.values) {
			last = max(last, v-d.b.values[j])
		}
		if j > 0 {
			next = min(next, v-d.b.values[j-1])
		}
	}
	return n, last, next
}

// ordinal numbers the floats in their order, -0 and 0 alike.
func ordinal(v float64) uint64 {
	bits := math.Float64bits(v + 0)
	if v < 0 {
		return 1<<63 - (bits &^ (1 << 63))
	}
	return 1<<63 + bits
}

// floatAt returns the float of an ordinal.
func floatAt(n uint64) float64 {
	if n < 1<<63 {
		return -math.Float64frombits(1<<63 - n)
	}
	return math.Float64frombits(n - 1<<63)
}
