package metrics

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	"github.com/salesops-go/salesops/internal/exact"
)

// Quantile is a quantile, and how far it may be off.
type Quantile struct {
	// Value is the quantile. Where Error is 0 it is exact, and rounded once to the nearest float64.
	Value float64 `json:"value"`
	// Error is how far the true quantile, rounded to the nearest float64, is from Value at most: an amount in the unit of Value,
	// not a share of it. 0 if Value is exact.
	Error float64 `json:"error,omitempty"`
}

// QuantileType says which of the nine definitions of sample quantiles is meant, by the numbers of Hyndman and Fan (1996,
// doi:10.1080/00031305.1996.10473566), which R, NumPy and others share; 0 stands for 7. Of n values in order, counted from 1,
// they take for the quantile p:
//   - 1: the value at np, rounded up (percentile_disc of SQL)
//   - 2: the same, but where np is whole the mean of that value and the next (SAS, Stata)
//   - 3: the value at np, rounded to the nearest, and to the even place where there are two
//   - 4: the value at np, by linear interpolation between the two values around it, as in all types that follow
//   - 5: the value at np + 1/2 (Hazen; common in hydrology)
//   - 6: the value at (n+1)p (Weibull; PERCENTILE.EXC, Minitab, SPSS)
//   - 7: the value at (n-1)p + 1 (Gumbel; PERCENTILE.INC, percentile_cont of SQL, and the default of R and NumPy)
//   - 8: the value at (n+1/3)p + 1/3 (nearly unbiased for the median whatever the distribution; advised by Hyndman and Fan)
//   - 9: the value at (n+1/4)p + 3/8 (Blom; nearly unbiased for normal values)
//
// Before the first value lies the first, after the last the last: PERCENTILE.EXC has an error there.
type QuantileType uint8

// QuantileOf returns the quantile p of the values, by the type, exactly and rounded once. It neither keeps nor changes the
// values. p stands for its shortest decimal, as in [Sample.Quantile]. It takes O(n log n) time; for more than a few
// quantiles of the same values a [Sample] puts them in order once.
//
// QuantileOf returns an error if:
//   - a value is infinite, not a number, or a decimal out of bounds ([ErrInput])
//   - p is not from 0 to 1, or there is no such type ([ErrInput])
//   - there is no value ([ErrUndefined])
func QuantileOf[N Number](values []N, t QuantileType, p float64) (float64, error) {
	if err := checkQuantile(t, p, int64(len(values))); err != nil {
		return 0, err
	}
	var f faults
	sorted := make([]observed[N], len(values))
	for i, v := range values {
		n, ok := numOf(v)
		if !ok {
			f.add(ErrInput, "", "values/"+strconv.Itoa(i), "", notObserved)
		}
		sorted[i] = observe(v, n)
	}
	if err := f.err(); err != nil {
		return 0, err
	}
	slices.SortFunc(sorted, observed[N].compare)
	return quantileAt(sorted, t.position(int64(len(sorted)), p)), nil
}

// checkQuantile tells why there is no such quantile of n values.
func checkQuantile(t QuantileType, p float64, n int64) error {
	switch {
	case t > 9:
		return &Error{Path: "type", Value: intText(int64(t)), Msg: "must be from 1 to 9, or 0 for 7", Err: ErrInput}
	case !(p >= 0 && p <= 1): // NaN too
		return &Error{Path: "p", Value: floatText(p), Msg: "must be from 0 to 1", Err: ErrInput}
	case n == 0:
		return &Error{Msg: "there is no value, and so no quantile", Err: ErrUndefined}
	}
	return nil
}

// position is a place among values in order: a part num/den, less than 1, of the way from the value of the index, counted
// from 0, to the next. There is a next one if the part is not 0.
type position struct {
	index    int64
	num, den exact.Num
	part     float64 // num/den
}

// position returns where the quantile p of n values is.
//
// Counted from 1, it is at h = np + m. With plotting positions by constants a and b, m is a + p(1-a-b).
func (t QuantileType) position(n int64, p float64) position {
	a, b := int64(0), int64(24) // in parts of 24
	switch t {
	case 3:
		a, b = -12, 36
	case 5:
		a, b = 12, 12
	case 6:
		a, b = 0, 0
	case 0, 7:
		a, b = 24, 24
	case 8:
		a, b = 8, 8
	case 9:
		a, b = 9, 9
	}
	share, _ := new(big.Rat).SetString(strconv.FormatFloat(p, 'g', -1, 64)) // always is a number
	h := big.NewInt(n)
	h.Add(h, big.NewInt(1)).Mul(h, big.NewInt(24)).Sub(h, big.NewInt(a+b)).Mul(h, share.Num())
	h.Add(h, new(big.Int).Mul(big.NewInt(a), share.Denom()))
	den := new(big.Int).Mul(big.NewInt(24), share.Denom())
	whole, part := h.DivMod(h, den, new(big.Int))
	at := n
	if whole.IsInt64() { // else it is n+1 = 2^63
		at = whole.Int64()
	}
	switch t {
	case 1, 2, 3:
		switch {
		case part.Sign() > 0 || t == 3 && at%2 != 0:
			at, part = at+1, new(big.Int)
		case t == 2:
			part.SetInt64(12).Mul(part, share.Denom())
		}
	}
	pos := position{index: at - 1, num: exact.FromBig(part, 0), den: exact.FromBig(den, 0)}
	switch {
	case at < 1:
		return position{den: pos.den}
	case at >= n:
		return position{index: n - 1, den: pos.den}
	}
	pos.part, _ = exact.QuoFloat(pos.num, pos.den)
	return pos
}

// observed is a value with the float64 nearest to it, which is never -0.
type observed[N Number] struct {
	float float64
	value N
}

// observe returns the value, of which n is the number.
func observe[N Number](value N, n exact.Num) observed[N] {
	o := observed[N]{value: value}
	switch v := any(value).(type) { // the shorter ways
	case int64:
		o.float = float64(v)
	case int:
		o.float = float64(v)
	case float64:
		o.float = unsigned(v)
	default:
		o.float = n.Float64()
	}
	return o
}

// unsigned returns v, but 0 for -0.
func unsigned(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}

// compare orders values by their numbers: 1.5 and 1.50 are equal.
func (o observed[N]) compare(p observed[N]) int {
	switch {
	case o.float < p.float:
		return -1
	case o.float > p.float:
		return 1
	}
	switch v := any(o.value).(type) { // the shorter ways
	case int64:
		return cmp.Compare(v, any(p.value).(int64))
	case float64:
		return 0
	}
	return o.num().Cmp(p.num())
}

// num returns the value as a number to count with.
func (o observed[N]) num() exact.Num {
	n, _ := numOf(o.value)
	return n
}

// quantileAt returns what lies at a position in values that are in order.
func quantileAt[N Number](sorted []observed[N], p position) float64 {
	a := sorted[p.index]
	if p.num.IsZero() {
		return a.float
	}
	b := sorted[p.index+1]
	if a.compare(b) == 0 {
		return a.float
	}
	low := a.num()
	v, _ := exact.QuoFloat(low.Mul(p.den).Add(b.num().Sub(low).Mul(p.num)), p.den)
	return unsigned(v) // which the nearest of a number below 0 may not be
}

// madOf returns the median absolute deviation from the median of values that are in order, given the position of a median.
func madOf[N Number](sorted []observed[N], p position) float64 {
	middle := sorted[p.index].num()
	if p.part > 0 {
		middle = middle.Add(sorted[p.index+1].num()).Mul(exact.New(5, -1))
	}
	// From the middle outwards, the deviations on either side are in order.
	left, right := p.index, p.index+1
	next := func() exact.Num {
		var below, above exact.Num
		if left >= 0 {
			below = middle.Sub(sorted[left].num())
		}
		if right < int64(len(sorted)) {
			above = sorted[right].num().Sub(middle)
		}
		if right == int64(len(sorted)) || left >= 0 && below.Cmp(above) <= 0 {
			left--
			return below
		}
		right++
		return above
	}
	for range p.index {
		next()
	}
	d := next()
	if p.part > 0 {
		d = d.Add(next()).Mul(exact.New(5, -1))
	}
	return d.Float64()
}
