package location

import (
	"math"
	"math/bits"

	"github.com/salesops-go/salesops/internal/multiset"
)

// Ranks is the outcome of the test of Mann and Whitney.
type Ranks struct {
	// U is the number of pairs, one of each sample, in which that of the first is greater, and half of those in which both are
	// equal.
	U float64
	// Superiority is U as a share of all pairs: the probability that one of the first sample is greater than one of the second,
	// when equal ones count half. 0.5 speaks for neither.
	Superiority float64
	// P is the probability of a U as far from that of Superiority 0.5, or farther, if both samples are drawn from the same.
	P float64
	// Exact says that P is that of the exact distribution.
	Exact bool
}

// MannWhitney tests whether one sample tends to be greater than the other (Wilcoxon 1945, doi:10.2307/3001968; Mann and Whitney
// 1947, doi:10.1214/aoms/1177730491). Runs ascend strictly, with counts of 1 or more. Only their order counts.
//
// Up to 1000 pairs P is exact: that of U given the ties, over all ways in which the numbers could have fallen to the samples.
// Of more it is that of the normal approximation with the variance corrected for ties and U for continuity. If all numbers are equal,
// P is 1.
//
// It takes O(r) for r runs, and at most some milliseconds where P is exact. ok is false if a sample is empty.
func MannWhitney(a, b []multiset.Run) (r Ranks, ok bool) {
	if len(a) == 0 || len(b) == 0 {
		return Ranks{}, false
	}
	t := tie(a, b)
	pairs := product(t.n1, t.n2)
	r.Superiority = 0.5 + t.excess()/pairs.float()/2
	r.U = pairs.float()/2 + t.excess()/2
	if d := t.exact(); d != nil {
		r.P, r.Exact = d.tail(int64(math.Abs(t.excess()))), true
	} else {
		r.P = t.normal()
	}
	return r, true
}

// group is a number of the two samples together, with how often each holds it.
type group struct{ a, b uint64 }

// ties are two samples in a common order: all that tests of ranks see of them.
type ties struct {
	groups []group // ascending
	n1, n2 uint64
	// above and below are the numbers of pairs in which that of the first sample is greater, and less.
	above, below u128
}

// tie puts two samples in a common order.
func tie(a, b []multiset.Run) ties {
	t := ties{groups: make([]group, 0, len(a)+len(b))}
	for len(a) > 0 || len(b) > 0 {
		var g group
		takeA := len(b) == 0 || len(a) > 0 && a[0].Value <= b[0].Value
		takeB := len(a) == 0 || len(b) > 0 && b[0].Value <= a[0].Value
		if takeA {
			g.a, a = uint64(a[0].Count), a[1:]
		}
		if takeB {
			g.b, b = uint64(b[0].Count), b[1:]
		}
		t.above = t.above.plus(product(g.a, t.n2))
		t.below = t.below.plus(product(g.b, t.n1))
		t.n1 += g.a
		t.n2 += g.b
		t.groups = append(t.groups, g)
	}
	return t
}

// excess returns 2U - n1 n2: the pairs in which the first sample is above, less those in which it is below.
func (t ties) excess() float64 {
	if t.above.less(t.below) {
		return -t.below.minus(t.above).float()
	}
	return t.above.minus(t.below).float()
}

// sigma returns the standard deviation of U given the ties. The sum over the groups is that of N³ - Σt³, as terms that do not
// cancel.
func (t ties) sigma() float64 {
	all := t.n1 + t.n2
	n := float64(all)
	sum := 0.0
	for _, g := range t.groups {
		tied := g.a + g.b
		sum += float64(float64(tied) / n * (float64(all-tied) / (n - 1)) * (n + float64(tied)))
	}
	return math.Sqrt(float64(float64(t.n1) * (float64(t.n2) * (sum / 12))))
}

// normal returns the two-sided p-value of the normal approximation.
func (t ties) normal() float64 {
	beyond := math.Abs(t.excess())/2 - 0.5
	if beyond <= 0 {
		return 1
	}
	return math.Erfc(beyond / t.sigma() / math.Sqrt2)
}

// maxPairs is how many pairs there may be for an exact p-value: all numbers of ways then fit in 63 bits, C(64, 32) being the
// most.
const maxPairs = 1000

// distribution is that of the smaller sample's 2U, if the numbers fell to the samples by chance. That of the larger is its mirror
// image, which is as far from the middle.
type distribution struct {
	ways  []uint64 // in how many ways 2U is the index
	total uint64
}

// exact returns that distribution given the ties, nil if there are too many pairs. Group after group it counts the ways in
// which k numbers so far are of the smaller sample, by the 2U they make (the shift algorithm of Streitberg and Röhmel
// 1986, with groups).
func (t ties) exact() *distribution {
	small, large := min(t.n1, t.n2), max(t.n1, t.n2)
	if large > maxPairs || small*large > maxPairs {
		return nil
	}
	most, width := int(small), int(2*small*large)+1
	now, next := make([][]uint64, most+1), make([][]uint64, most+1)
	for k := range now {
		now[k], next[k] = make([]uint64, width), make([]uint64, width)
	}
	now[0][0] = 1
	seen := 0
	for _, g := range t.groups {
		tied := int(g.a + g.b)
		for k := range next {
			clear(next[k])
		}
		for k := 0; k <= min(most, seen); k++ {
			ways := uint64(1)  // to choose c of the tied
			before := seen - k // numbers of the larger sample
			for c := 0; c <= min(tied, most-k); c++ {
				others := tied - c
				if before+others <= int(large) {
					// Each of the c is above those before, and ties with the others of the group.
					add(next[k+c][c*(2*before+others):], now[k][:2*k*before+1], ways)
				}
				hi, lo := bits.Mul64(ways, uint64(others))
				ways, _ = bits.Div64(hi, lo, uint64(c+1))
			}
		}
		now, next = next, now
		seen += tied
	}
	d := &distribution{ways: now[most]}
	for _, w := range d.ways {
		d.total += w
	}
	return d
}

// add adds times as many ways to those of to.
func add(to, ways []uint64, times uint64) {
	for i, w := range ways {
		if w != 0 {
			to[i] += w * times
		}
	}
}

// tail returns the probability of a 2U that is as far from its mean, the number of pairs, or farther.
func (d *distribution) tail(excess int64) float64 {
	middle := int64(len(d.ways)-1) / 2
	sum := uint64(0)
	for i, w := range d.ways {
		if i := int64(i) - middle; i >= excess || i <= -excess {
			sum += w
		}
	}
	return float64(sum) / float64(d.total)
}
