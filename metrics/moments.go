package metrics

import (
	"cmp"
	"math"
	"math/big"
	"reflect"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/location"
)

// Moments are the exact sums of the first four powers of numbers, from which mean, variance, skewness and kurtosis are had. As
// nothing is rounded before the end, parts merge into exactly the whole, whatever their order, and can be taken away again: a
// sliding window does not drift, and figures that hardly differ keep their digits.
//
// The zero value holds nothing, and is the identity of [Moments.Merge]. Moments take 160 bytes, and 128 more for each number of
// decimal places, other than none, that the numbers are written with: floats with all of their 17 digits have some ten of them.
// To add a number takes constant time. Moments must not be copied once in use ([Moments.Clone] makes a copy), nor used from
// several goroutines while one of them changes them.
type Moments[N Number] struct {
	n      int64
	whole  limbs    // of numbers of 64 bits
	scaled []scaled // of numbers of 64 bits times powers of ten other than 1, by exponent
	rest   *powers  // of all others, and what was decoded or is left after Sub; nil if none
}

// scaled are sums of numbers in units of 10^exp.
type scaled struct {
	exp int32
	limbs
}

// Add adds a number.
//
// Add returns an error ([ErrInput]), and adds nothing, if:
//   - x is infinite or not a number
//   - x is a decimal out of bounds: its exponent must be within ±18, and it must have at most 36 digits
//   - there are 2^63-1 numbers already
func (m *Moments[N]) Add(x N) error {
	v, ok := numOf(x)
	if !ok {
		if v := reflect.ValueOf(x); v.CanFloat() {
			return &Error{Path: "number", Value: floatText(v.Float()), Msg: "must be finite", Err: ErrInput}
		}
		return &Error{Path: "number", Msg: outOfBounds, Err: ErrInput}
	}
	if !m.addNum(v) {
		return &Error{Path: "numbers", Msg: "are 2^63-1 already: add fewer", Err: ErrInput}
	}
	return nil
}

// addNum adds a number that is one of type N; ok is false, and nothing is added, if there are 2^63-1 already.
func (m *Moments[N]) addNum(x exact.Num) (ok bool) {
	if m.n == math.MaxInt64 {
		return false
	}
	m.n++
	switch coef, exp, ok := x.Small(); {
	case !ok:
		m.others().add(x)
	case exp == 0:
		m.whole.add(coef)
	default:
		m.at(exp).add(coef)
	}
	return true
}

// at returns the sums in units of 10^exp, exp not being 0.
func (m *Moments[N]) at(exp int32) *limbs {
	if len(m.scaled) > 0 && m.scaled[0].exp == exp {
		return &m.scaled[0].limbs
	}
	i, found := slices.BinarySearchFunc(m.scaled, exp, func(s scaled, exp int32) int { return cmp.Compare(s.exp, exp) })
	if !found {
		m.scaled = slices.Insert(m.scaled, i, scaled{exp: exp})
	}
	return &m.scaled[i].limbs
}

func (m *Moments[N]) others() *powers {
	if m.rest == nil {
		m.rest = new(powers)
	}
	return m.rest
}

// Merge adds the numbers of o, which stays as it is. nil holds nothing; m may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 numbers.
func (m *Moments[N]) Merge(o *Moments[N]) error {
	if o == nil {
		return nil
	}
	if !addCount(&m.n, o.n) {
		return errTooMany("numbers")
	}
	m.whole.merge(&o.whole)
	for i := range o.scaled { // if m is o it has them all, and gets none
		m.at(o.scaled[i].exp).merge(&o.scaled[i].limbs)
	}
	if o.rest != nil {
		r := m.others()
		*r = r.plus(*o.rest)
	}
	return nil
}

// Sub takes the numbers of o away, which stays as it is: the inverse of [Moments.Merge]. nil holds nothing; m may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if m cannot hold the numbers of o: if no numbers have the sums that
// would be left. Sums cannot tell more, and so Sub does not find out about every number that was never added.
func (m *Moments[N]) Sub(o *Moments[N]) error {
	if o == nil || o.n == 0 {
		return nil
	}
	left := m.total().minus(o.total())
	digits, _ := reach[N]()
	if !left.possible(digits) {
		return errNotHeld("numbers")
	}
	m.set(left)
	return nil
}

// set makes m hold the sums.
func (m *Moments[N]) set(p powers) {
	*m = Moments[N]{n: p.n}
	if p.n > 0 {
		m.rest = &p
	}
}

// total returns all sums.
func (m *Moments[N]) total() powers {
	t := m.whole.times(0)
	for i := range m.scaled {
		t = t.plus(m.scaled[i].times(m.scaled[i].exp))
	}
	if m.rest != nil {
		t = t.plus(*m.rest)
	}
	return t
}

// Clone returns a copy.
func (m *Moments[N]) Clone() *Moments[N] {
	c := *m
	c.scaled = slices.Clone(m.scaled)
	if m.rest != nil {
		r := *m.rest
		c.rest = &r
	}
	return &c
}

// Len returns how many numbers there are.
func (m *Moments[N]) Len() int64 { return m.n }

// Sum returns the exact sum, 0 if there is no number. That of floats may be far out of the bounds for decimals of this package.
func (m *Moments[N]) Sum() decimal.Decimal { return m.sum().Decimal() }

func (m *Moments[N]) sum() exact.Num { return m.total().s[0] }

// Mean returns the mean, rounded once to the nearest float64; ok is false if there is no number.
func (m *Moments[N]) Mean() (v float64, ok bool) {
	if m.n == 0 {
		return 0, false
	}
	return finiteQuo(m.sum(), exact.Int(m.n))
}

// Variance returns the variance of the population of which the numbers are a sample, with the divisor n-1, rounded once to the
// nearest float64; ok is false if there are fewer than 2 numbers, or it is beyond a float64.
func (m *Moments[N]) Variance() (v float64, ok bool) {
	if m.n < 2 {
		return 0, false
	}
	a, _, _ := m.total().hankel()
	return finiteQuo(a, m.pairs())
}

// pairs returns n(n-1).
func (m *Moments[N]) pairs() exact.Num { return exact.Int(m.n).Mul(exact.Int(m.n - 1)) }

// SD returns the standard deviation, the square root of the exact [Moments.Variance], rounded once to the nearest float64; ok is
// false if there are fewer than 2 numbers, or it is beyond a float64.
func (m *Moments[N]) SD() (v float64, ok bool) {
	if m.n < 2 {
		return 0, false
	}
	a, _, _ := m.total().hankel()
	return sqrtQuo(a, m.pairs())
}

// PopVariance returns the variance of the numbers if they are the whole population, with the divisor n, rounded once to the
// nearest float64; ok is false if there is no number, or it is beyond a float64.
func (m *Moments[N]) PopVariance() (v float64, ok bool) {
	if m.n == 0 {
		return 0, false
	}
	a, _, _ := m.total().hankel()
	return finiteQuo(a, exact.Int(m.n).Mul(exact.Int(m.n)))
}

// CV returns the coefficient of variation, [Moments.SD] ÷ [Moments.Mean], rounded once to the nearest float64: how uneven the
// numbers are, whatever their unit. ok is false if there are fewer than 2 numbers, or the mean is not above 0.
func (m *Moments[N]) CV() (v float64, ok bool) {
	t := m.total()
	s := t.s[0]
	if m.n < 2 || s.Sign() <= 0 {
		return 0, false
	}
	a, _, _ := t.hankel()
	return sqrtQuo(exact.Int(m.n).Mul(a), exact.Int(m.n-1).Mul(s.Mul(s)))
}

// Skewness returns the skewness of the numbers as a population, m₃ ÷ m₂^1.5 with mₖ the mean of the k-th powers of the deviations
// from the mean (g₁ of Joanes and Gill 1998, https://doi.org/10.1111/1467-9884.00122), rounded once to the nearest float64:
// positive if a few large numbers stand out. ok is false if all numbers are equal, or there is none.
func (m *Moments[N]) Skewness() (v float64, ok bool) {
	t := m.total()
	a, b, _ := t.hankel()
	if a.IsZero() {
		return 0, false
	}
	// n³m₃, which is n²Σx³ - 3nΣxΣx² + 2(Σx)³
	third := exact.Int(m.n).Mul(b).Sub(exact.Int(2).Mul(t.s[0]).Mul(a))
	v, ok = sqrtQuo(third.Mul(third), a.Mul(a).Mul(a))
	return v * float64(third.Sign()), ok
}

// Kurtosis returns the excess kurtosis of the numbers as a population, m₄ ÷ m₂² - 3 (g₂ of Joanes and Gill 1998, see
// [Moments.Skewness]), rounded once to the nearest float64: 0 for a normal distribution, positive for heavier tails, never below
// -2. ok is false if all numbers are equal, or there is none.
func (m *Moments[N]) Kurtosis() (v float64, ok bool) {
	t := m.total()
	a, _, _ := t.hankel()
	if a.IsZero() {
		return 0, false
	}
	n, s1, s2, s3, s4 := exact.Int(m.n), t.s[0], t.s[1], t.s[2], t.s[3]
	square := s1.Mul(s1)
	// n⁴m₄
	fourth := n.Mul(s4).Sub(exact.Int(4).Mul(s1).Mul(s3)).Mul(n).Add(exact.Int(6).Mul(square).Mul(s2)).Mul(n).
		Sub(exact.Int(3).Mul(square).Mul(square))
	square = a.Mul(a)
	return finiteQuo(fourth.Sub(exact.Int(3).Mul(square)), square)
}

// MeanInterval returns the limits between which the mean of the population lies with the confidence of level, such as 0.9; 0 is
// 0.95: mean ± t·SD/√n with the quantile of Student's t with n-1 degrees of freedom (Student 1908,
// https://doi.org/10.1093/biomet/6.1.1). It supposes that the numbers are a sample whose mean is near normal: for few and very
// uneven ones, such as amounts of deals, the limits are too low.
//
// ok is false if there are fewer than 2 numbers, level is not between 0 and 1, or a limit is beyond a float64.
func (m *Moments[N]) MeanInterval(level float64) (i Interval, ok bool) {
	if level == 0 {
		level = 0.95
	}
	if m.n < 2 || !(level > 0 && level < 1) {
		return Interval{}, false
	}
	t := m.total()
	a, _, _ := t.hankel()
	mean, okMean := finiteQuo(t.s[0], exact.Int(m.n))
	se, okSE := sqrtQuo(a, exact.Int(m.n).Mul(m.pairs()))
	margin := float64(location.StudentQuantile(level, float64(m.n-1)) * se)
	i = Interval{mean - margin, mean + margin}
	if !okMean || !okSE || !isFinite(i.Low) || !isFinite(i.High) {
		return Interval{}, false
	}
	return i, true
}

// reach returns bounds of the numbers of a type: their magnitudes are below 10^digits, and they have so many places at most.
func reach[N Number]() (digits, places int32) {
	switch reflect.TypeFor[N]().Kind() {
	case reflect.Struct: // decimals, which may be sums: see admitSum
		return 100, 36
	case reflect.Float64:
		return 309, 324
	case reflect.Float32:
		return 39, 45
	default:
		return 20, 0
	}
}

// finiteQuo returns a / b, rounded once; ok is false if that is beyond a float64. b is not 0.
func finiteQuo(a, b exact.Num) (v float64, ok bool) {
	v, ok = exact.QuoFloat(a, b)
	if !ok || !isFinite(v) {
		return 0, false
	}
	return v, true
}

// sqrtQuo returns the square root of a / b, which are not negative and 0, rounded once from twice as many digits; ok is false if
// that is beyond a float64.
func sqrtQuo(a, b exact.Num) (v float64, ok bool) {
	x, xe := a.Big()
	y, ye := b.Big()
	tens := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(xe, ye))-int64(min(xe, ye))), nil)
	if xe > ye {
		x.Mul(x, tens)
	} else {
		y.Mul(y, tens)
	}
	q := new(big.Float).SetPrec(128).Quo(new(big.Float).SetInt(x), new(big.Float).SetInt(y))
	v, _ = q.Sqrt(q).Float64()
	if !isFinite(v) {
		return 0, false
	}
	return v, true
}

func isFinite(v float64) bool { return v-v == 0 }
