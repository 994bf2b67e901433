package forecast

import (
	"iter"
	"math"
	"sort"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Quantile returns the smallest x such that the total is at most x with a probability of q or more: for 0.1, the P10 that
// nine of ten periods exceed, nearly. For 0 it is the smallest value of the total, for 1 the largest. It is a point of
// the grid unless the total is [Total.Exact].
//
// Quantile returns an error if q is not in [0, 1].
func (t Total) Quantile(q float64) (decimal.Decimal, error) {
	if !(q >= 0 && q <= 1) {
		return decimal.Decimal{}, &Error{Path: "q", Value: floatText(q), Msg: "must be from 0 to 1", Err: ErrInput}
	}
	t = t.points()
	return t.quantile(q), nil
}

func (t *Total) quantile(q float64) decimal.Decimal {
	i := sort.Search(len(t.p)-1, func(i int) bool { return t.upTo(i) >= q })
	return t.value(i).Decimal()
}

// Interval returns the central range that the total is in with a probability of at least level: from the quantile of
// (1-level)/2 to that of (1+level)/2. Both ends belong to it.
//
// Interval returns an error if level is not in [0, 1].
func (t Total) Interval(level float64) (low, high decimal.Decimal, err error) {
	if !(level >= 0 && level <= 1) {
		return low, high, &Error{Path: "level", Value: floatText(level), Msg: "must be from 0 to 1", Err: ErrInput}
	}
	t = t.points()
	return t.quantile((1 - level) / 2), t.quantile((1 + level) / 2), nil
}

// AtLeast returns the probability that the total reaches x.
func (t Total) AtLeast(x decimal.Decimal) float64 {
	t = t.points()
	return t.from(t.search(near(x)))
}

// Shortfall returns by how much the total is expected to miss x, E max(x - S, 0): the chance of missing it times the mean
// miss. It is 0 for x below every value, and x - mean for x above. On a grid it is an upper bound, by convexity. An x
// beyond 10^37 counts as that.
func (t Total) Shortfall(x decimal.Decimal) float64 {
	t = t.points()
	n := near(x)
	miss, step := floatOf(n.Sub(t.origin)), floatOf(t.step)
	var sum float64
	for i := t.search(n) - 1; i >= 0; i-- {
		sum += float64(t.p[i] * max(0, miss-float64(step*float64(t.index(i)))))
	}
	return sum
}

// All yields the points of the distribution with their probabilities, which are positive and sum to 1 but for rounding, in
// ascending order: for a chart, say.
func (t Total) All() iter.Seq2[decimal.Decimal, float64] {
	return func(yield func(decimal.Decimal, float64) bool) {
		t := t.points()
		for i, p := range t.p {
			if p > 0 && !yield(t.value(i).Decimal(), p) {
				return
			}
		}
	}
}

// value is point i.
func (t *Total) value(i int) exact.Num {
	return t.origin.Add(t.step.Mul(exact.Int(t.index(i))))
}

// index is how far point i is from the first, in steps.
func (t *Total) index(i int) int64 {
	if t.at != nil {
		return t.at[i]
	}
	return int64(i)
}

// search returns the first point that is at least x, and the number of points if there is none.
func (t *Total) search(x exact.Num) int {
	return sort.Search(len(t.p), func(i int) bool { return t.value(i).Cmp(x) >= 0 })
}

// upTo is the probability of point i and those before.
func (t *Total) upTo(i int) float64 {
	switch {
	case i < 0:
		return 0
	case i >= len(t.p)-1:
		return 1
	case i <= t.mid:
		return min(t.tail[i], 1)
	}
	return max(min(t.tail[t.mid], 1), 1-t.tail[i+1])
}

// from is the probability of point i and those behind.
func (t *Total) from(i int) float64 {
	switch {
	case i <= 0:
		return 1
	case i >= len(t.p):
		return 0
	case i > t.mid:
		return min(t.tail[i], 1-t.upTo(t.mid))
	}
	return 1 - t.upTo(i-1)
}

// near returns x if it is within bounds, and otherwise a number that is on the same side of all totals.
func near(x decimal.Decimal) exact.Num {
	if n, ok := exact.Admit(x); ok {
		return n
	}
	const most, places = mostDigits + 1, 1000
	sign := int64(x.Sign())
	digits := float64(x.Coefficient().BitLen())*math.Log10(2) + float64(x.Exponent())
	switch {
	case sign == 0:
		return exact.Num{}
	case digits > most+1:
		return exact.New(sign, most)
	case digits < -places:
		return exact.New(sign, -places)
	}
	n := exact.From(x)
	if cut := n.Round(places, exact.Down); cut.Cmp(n) != 0 {
		return cut.Add(exact.New(sign, -places-1))
	}
	return n
}
