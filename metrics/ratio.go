package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// Ratio is a quotient as the two numbers that make it, so that the ratio of a whole is had by adding up the numerators and the
// denominators of its parts, and nobody averages averages. Counts make a Ratio[int64], money a Ratio[decimal.Decimal]:
//
//	wins := metrics.Ratio[int64]{Num: 17, Den: 43}
//
// The zero value is the ratio of nothing, which has no value, and the identity of [Ratio.Merge].
type Ratio[N Exact] struct {
	// Num is the numerator.
	Num N `json:"num"`
	// Den is the denominator.
	Den N `json:"den"`
}

// Add adds to the numerator and the denominator: one deal, one rep, one month.
//
// Add returns an error ([ErrInput]), and adds nothing, if a sum is beyond the type N, or a decimal is out of bounds.
func (r *Ratio[N]) Add(num, den N) error { return r.change(num, den, plus[N], ErrInput) }

// Merge adds the parts of o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if a sum is beyond the type N or a decimal is out of bounds.
func (r *Ratio[N]) Merge(o Ratio[N]) error { return r.change(o.Num, o.Den, plus[N], ErrMismatch) }

// Sub takes the parts of o away again: the inverse of [Ratio.Merge].
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if a difference is beyond the type N or a decimal is out of bounds.
func (r *Ratio[N]) Sub(o Ratio[N]) error { return r.change(o.Num, o.Den, minus[N], ErrMismatch) }

func (r *Ratio[N]) change(num, den N, by func(a, b N) (N, bool), kind error) error {
	n, okNum := by(r.Num, num)
	d, okDen := by(r.Den, den)
	if !okNum || !okDen {
		path := "num"
		if okNum {
			path = "den"
		}
		return &Error{Path: path, Msg: "is out of bounds, or makes a sum that is", Err: kind}
	}
	r.Num, r.Den = n, d
	return nil
}

// parts returns the numerator and the denominator as numbers to count with.
func (r Ratio[N]) parts() (num, den exact.Num, ok bool) {
	num, okNum := sumOf(r.Num)
	den, okDen := sumOf(r.Den)
	return num, den, okNum && okDen && !den.IsZero()
}

// Float returns Num / Den, rounded once to the nearest float64. ok is false if there is no such number: if Den is 0, as a share
// of nothing is undefined and not 0, or a decimal is out of bounds.
func (r Ratio[N]) Float() (v float64, ok bool) {
	num, den, ok := r.parts()
	if !ok {
		return 0, false
	}
	return exact.QuoFloat(num, den)
}

// Decimal returns Num / Den, rounded once, half away from zero, to so many decimal places from -18 to 18. ok is false as in
// [Ratio.Float], or if places is out of range.
func (r Ratio[N]) Decimal(places int32) (v decimal.Decimal, ok bool) {
	num, den, ok := r.parts()
	if !ok || places < -18 || places > 18 {
		return decimal.Decimal{}, false
	}
	q, ok := exact.Quo(num, den, places, exact.HalfUp)
	return q.Fixed(max(places, 0)), ok
}

// Reaches reports whether Num / Den is at least the threshold, by multiplication and without rounding: 99.995 % does not reach
// 100 %. ok is false if the ratio has no value, its denominator is negative, or the threshold is out of bounds.
func (r Ratio[N]) Reaches(threshold decimal.Decimal) (reached, ok bool) {
	num, den, ok := r.parts()
	t, bounded := exact.Admit(threshold)
	if !ok || !bounded || den.Sign() < 0 {
		return false, false
	}
	return num.Cmp(t.Mul(den)) >= 0, true
}

// MarshalBinary returns the ratio in binary form, the same for equal parts. It returns an error ([ErrInput]) if a decimal is out
// of bounds.
func (r Ratio[N]) MarshalBinary() ([]byte, error) {
	num, okNum := sumOf(r.Num)
	den, okDen := sumOf(r.Den)
	if !okNum || !okDen {
		return nil, &Error{Path: "ratio", Msg: outOfBounds, Err: ErrInput}
	}
	return wire.Decimal(wire.Decimal(wire.Head(nil, 'R', 1), num.Decimal()), den.Decimal()), nil
}

// UnmarshalBinary reads what [Ratio.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and changes nothing, if data is
// anything else, or a part is not a number of type N.
func (r *Ratio[N]) UnmarshalBinary(data []byte) error {
	in := wire.NewReader(data, 'R', 1)
	num, den := in.Decimal(), in.Decimal()
	if err := in.Close(); err != nil {
		return errEncoding("ratio", err)
	}
	return r.set(num, den)
}

func (r *Ratio[N]) set(num, den decimal.Decimal) error {
	n, okNum := admitSum(num)
	d, okDen := admitSum(den)
	if okNum && okDen {
		var out Ratio[N]
		out.Num, okNum = ofNum[N](n)
		out.Den, okDen = ofNum[N](d)
		if okNum && okDen {
			*r = out
			return nil
		}
	}
	return &Error{Path: "ratio", Msg: "has a part that is no number of its type", Err: ErrEncoding}
}

// UnmarshalJSON reads an object with num and den; null changes nothing. It returns an error ([ErrEncoding]), and changes
// nothing, if the text is anything else, or a part is not a number of type N.
func (r *Ratio[N]) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in struct {
		Num *decimal.Decimal `json:"num"`
		Den *decimal.Decimal `json:"den"`
	}
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("ratio", err)
	}
	if in.Num == nil || in.Den == nil {
		return &Error{Path: "ratio", Msg: "must have num and den", Err: ErrEncoding}
	}
	return r.set(*in.Num, *in.Den)
}
