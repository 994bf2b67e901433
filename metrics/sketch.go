package metrics

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/multiset"
)

// sketch counts float64s in buckets of which the bounds are in a fixed ratio: a DDSketch (Masson, Rim, Lee 2019,
// doi:10.14778/3352063.3352135), which never joins buckets. It depends on nothing but what was added.
type sketch struct {
	grid     grid
	n        int64
	zero     int64
	negative tally // by magnitude
	positive tally
	min, max float64 // of what was added, if n > 0
}

func (k *sketch) add(v float64) {
	if k.n == 0 {
		k.min, k.max = v, v
	}
	k.min, k.max = min(k.min, v), max(k.max, v)
	k.n++
	switch {
	case v > 0:
		k.positive.add(k.grid.bucket(v), 1)
	case v < 0:
		k.negative.add(k.grid.bucket(-v), 1)
	default:
		k.zero++
	}
}

// merge adds what o counts, which has the same grid and may be k.
func (k *sketch) merge(o *sketch) {
	if o.n == 0 {
		return
	}
	if k.n == 0 {
		k.min, k.max = o.min, o.max
	}
	k.min, k.max = min(k.min, o.min), max(k.max, o.max)
	k.n += o.n
	k.zero += o.zero
	k.positive.merge(&o.positive)
	k.negative.merge(&o.negative)
}

func (k *sketch) clone() *sketch {
	c := *k
	c.positive, c.negative = tally{}, tally{}
	c.positive.merge(&k.positive)
	c.negative.merge(&k.negative)
	return &c
}

// places returns the buckets that are not empty, ascending by what they hold, with their counts. The place of bucket i is i+1
// for positive and -i-1 for negative numbers, that of zero is 0.
func (k *sketch) places() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for i, count := range k.negative.backward() {
			if !yield(-i-1, count) {
				return
			}
		}
		if k.zero > 0 && !yield(0, k.zero) {
			return
		}
		for i, count := range k.positive.all() {
			if !yield(i+1, count) {
				return
			}
		}
	}
}

// cell is what is known of a number: where it lies, and the value that stands for it.
type cell struct{ low, value, high float64 }

// cell returns what is known of the numbers at a place. It is cut to the extremes, which leaves the value as near to them, by
// the measure of [newGrid], as it was.
func (k *sketch) cell(place int) (c cell) {
	c = k.uncut(place)
	within := func(v float64) float64 { return min(max(v, k.min), k.max) }
	return cell{within(c.low), within(c.value), within(c.high)}
}

// uncut returns what is known of the numbers at a place, whatever the extremes are.
func (k *sketch) uncut(place int) (c cell) {
	switch {
	case place > 0:
		c = k.grid.cell(place - 1)
	case place < 0:
		c = k.grid.cell(-place - 1)
		c = cell{-c.high, -c.value, -c.low}
	}
	return c
}

// runs returns the places that are not empty, ascending, with their counts.
func (k *sketch) runs() (runs []multiset.Run) {
	for place, n := range k.places() {
		runs = append(runs, multiset.Run{Value: int64(place), Count: n})
	}
	return runs
}

// statistic returns what is known of the order statistic i, counted from 0. The extremes are known.
func (k *sketch) statistic(i int64) cell {
	switch i {
	case 0:
		return cell{k.min, k.min, k.min}
	case k.n - 1:
		return cell{k.max, k.max, k.max}
	}
	for place, count := range k.places() {
		if i < count {
			return k.cell(place)
		}
		i -= count
	}
	return cell{}
}

// at returns what is known of what lies at a position, and a bound of the errors of rounding.
func (k *sketch) at(p position) (c cell, slack float64) {
	a := k.statistic(p.index)
	if p.part == 0 {
		return a, 0
	}
	b := k.statistic(p.index + 1)
	if a.low < b.high {
		slack = rounding(max(-a.low, b.high))
	}
	return cell{between(a.low, b.low, p.part), between(a.value, b.value, p.part), between(a.high, b.high, p.part)}, slack
}

// quantile estimates what lies at a position.
func (k *sketch) quantile(p position) Quantile {
	c, slack := k.at(p)
	return c.quantile(slack)
}

func (c cell) quantile(slack float64) Quantile {
	return Quantile{Value: c.value, Error: max(c.value-c.low, c.high-c.value) + slack}
}

// mad estimates the median absolute deviation from the median, given the position of a median. The deviation of a number
// that lies in a cell from a median that lies in another is at least the distance of the cells, and at most that of their far
// ends. What stands at a place in the order of the deviations grows with them; so the true one lies between that of all the
// least and that of all the greatest. It is off by little more than e(2|m| + d), m being the median and d the deviation: a
// number that is as far from the median is at most |m| + d.
func (k *sketch) mad(p position) Quantile {
	m, _ := k.at(p)
	most := min(k.max-k.min, math.MaxFloat64)
	var low, value, high []weighted
	for place, count := range k.places() {
		c := k.cell(place)
		low = append(low, weighted{max(0, c.low-m.high, m.low-c.high), count})
		value = append(value, weighted{math.Abs(c.value - m.value), count})
		high = append(high, weighted{max(c.high-m.low, m.high-c.low), count})
	}
	c := cell{low: weightedAt(low, p, most), high: weightedAt(high, p, most)}
	c.value = min(max(weightedAt(value, p, most), c.low), c.high)
	return c.quantile(rounding(max(-m.low, m.high)) + rounding(c.high))
}

// rounding bounds the errors of rounding in a few sums and differences of numbers up to most in magnitude, and of these
// numbers themselves, which are rounded to float64s.
func rounding(most float64) float64 {
	return float64(most*0x1p-50) + 4*math.SmallestNonzeroFloat64
}

// weighted is a number that was observed so many times.
type weighted struct {
	value float64
	count int64
}

// weightedAt returns what lies at a position in the numbers, which are at most so great. It puts them in order.
func weightedAt(all []weighted, p position, most float64) float64 {
	slices.SortFunc(all, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	left := p.index
	for i, w := range all {
		switch {
		case left >= w.count:
			left -= w.count
		case left == w.count-1 && p.part > 0:
			return between(min(w.value, most), min(all[i+1].value, most), p.part)
		default:
			return min(w.value, most)
		}
	}
	return 0
}

// between returns the number that is a part of the way from a to b, a <= b. It grows with the part and stays between.
func between(a, b, part float64) float64 {
	v := a + float64(part*(b-a))
	if b-a > math.MaxFloat64 {
		v = 2 * (a/2 + float64(part*(b/2-a/2)))
	}
	return min(max(v, a), b)
}

// grid divides the positive float64s into so many buckets for each power of two. The buckets of a power of two divide the
// significand 1+s, 0 <= s < 1, at equal distances of P(s) = (6s³ - 21s² + 50s)/35, the cubic that stands for the logarithm
// in the implementations of DDSketch, in integers, so that all processors agree.
//
// As (1+s)P'(s) >= 10/7, with equality at 0 and 2/3, the logarithms of the bounds of one of g buckets are at most 7/(10g)
// apart. See [newGrid].
type grid int64

// newGrid returns the coarsest grid in which each number of a bucket is within the relative error e of one value that stands
// for it, relative to the number and to the value. That is so if the bounds are in a ratio of at most 1+2e, and follows from
// 7/(10g) <= 2e/(1+e), which is less than log(1+2e) by more than all that rounding can do: at 1/10,000 by 7 parts in 10^13.
// Only numbers below 10^-300, of which float64 has fewer digits, may be off by more; the quantiles go by the bounds of the
// bucket, and tell it.
func newGrid(e exact.Num) grid {
	q, rest, _ := exact.QuoRem(exact.New(35, -2).Mul(exact.Int(1).Add(e)), e, 0)
	g, _ := q.Int64()
	if !rest.IsZero() {
		g++
	}
	return grid(g)
}

const (
	fractionBits = 52                  // of a float64
	subnormals   = fractionBits - 1    // powers of two below those of normal numbers, less one for the bias
	oneBits      = 1 << fractionBits   // the significand 1, and the least normal number as bits
	octaves      = 2046 + fractionBits // powers of two
)

// buckets returns how many buckets there are.
func (g grid) buckets() int64 { return octaves * int64(g) }

// bucket returns the bucket of a positive number. It never falls as the number grows.
func (g grid) bucket(v float64) int {
	b := math.Float64bits(v)
	octave, fraction := int(b>>fractionBits), b&(oneBits-1)
	if octave == 0 {
		shift := bits.LeadingZeros64(fraction) - (63 - fractionBits)
		octave, fraction = 1-shift, fraction<<shift&(oneBits-1)
	}
	// 35 P(s) = (50 - (21 - 6s)s)s in units of 2^-58, where s is in units of 2^-64.
	s := fraction << (64 - fractionBits)
	p, _ := bits.Mul64(21<<58-6*(s>>6), s)
	p, _ = bits.Mul64(50<<58-p, s)
	return (octave+subnormals)*int(g) + int(p/35>>6*uint64(g)>>fractionBits)
}

// cell returns the numbers of a bucket: the least, the greatest, and the one that is off by the same part of each of both.
func (g grid) cell(bucket int) cell {
	low, high := g.first(bucket), math.Float64frombits(math.Float64bits(g.first(bucket+1))-1)
	return cell{low, min(max(low/(0.5+float64(0.5*(low/high))), low), high), high}
}

// first returns the least number that is in the bucket or a later one, by bisection.
func (g grid) first(bucket int) float64 {
	start := func(octave int) uint64 {
		if octave <= subnormals {
			return 1 << octave
		}
		return uint64(octave-subnormals) << fractionBits
	}
	octave := bucket / int(g)
	from, to := start(octave), start(octave+1) // the bits of two powers of two; beyond the last is infinity
	for from < to {
		if mid := (from + to) / 2; g.bucket(math.Float64frombits(mid)) < bucket {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return math.Float64frombits(from)
}

// pageSize is how many neighbouring buckets have their memory together.
const pageSize = 128

// tally is a list of counts by bucket. A page of counts takes its memory when one of its buckets is first counted.
type tally struct {
	skipped int // pages before the first
	pages   []*[pageSize]int64
}

func (t *tally) add(bucket int, n int64) { t.page(bucket / pageSize)[bucket%pageSize] += n }

// page returns a page, which it makes if need be.
func (t *tally) page(at int) *[pageSize]int64 {
	if i := at - t.skipped; i < 0 || i >= len(t.pages) {
		t.reach(at)
	}
	p := &t.pages[at-t.skipped]
	if *p == nil {
		*p = new([pageSize]int64)
	}
	return *p
}

// reach makes the list reach to a page, with room to grow further.
func (t *tally) reach(at int) {
	switch {
	case len(t.pages) == 0:
		t.skipped = at
	case at < t.skipped:
		more := min(max(t.skipped-at, len(t.pages)), t.skipped)
		t.pages = append(make([]*[pageSize]int64, more, more+len(t.pages)), t.pages...)
		t.skipped -= more
	}
	for t.skipped+len(t.pages) <= at {
		t.pages = append(t.pages, nil)
	}
}

// merge adds the counts of o, which may be t.
func (t *tally) merge(o *tally) {
	for i, from := range o.pages {
		if from == nil {
			continue
		}
		to := t.page(o.skipped + i)
		for j, n := range from {
			to[j] += n
		}
	}
}

// all returns the buckets that are not empty, ascending, with their counts.
func (t *tally) all() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for i, p := range t.pages {
			if p == nil {
				continue
			}
			for j, n := range p {
				if n > 0 && !yield((t.skipped+i)*pageSize+j, n) {
					return
				}
			}
		}
	}
}

// backward is all, descending.
func (t *tally) backward() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for i, p := range slices.Backward(t.pages) {
			if p == nil {
				continue
			}
			for j, n := range slices.Backward(p[:]) {
				if n > 0 && !yield((t.skipped+i)*pageSize+j, n) {
					return
				}
			}
		}
	}
}
