package metrics

import (
	"encoding/json"
	"math"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// fields are the parts of an accumulator that is plain data: counts and amounts, which add up one by one, and the currency of
// the amounts. Their order is that of the binary form.
type fields struct {
	what     string // for errors
	kind     byte   // of the binary form
	currency *string
	counts   []*int64
	amounts  []*decimal.Decimal
}

// isZero reports whether all counts and amounts are 0.
func (p fields) isZero() bool {
	for _, c := range p.counts {
		if *c != 0 {
			return false
		}
	}
	for _, a := range p.amounts {
		if !a.IsZero() {
			return false
		}
	}
	return true
}

// merge adds the parts of o, which has the same ones. It changes nothing if that fails.
func (p fields) merge(o fields) error {
	counts, amounts := make([]int64, len(p.counts)), make([]exact.Num, len(p.amounts))
	for i := range counts {
		counts[i] = *p.counts[i]
		if counts[i] < 0 || *o.counts[i] < 0 {
			return &Error{Path: p.what, Msg: "has a negative count: it was not made by adding", Err: ErrMismatch}
		}
		if !addCount(&counts[i], *o.counts[i]) {
			return errTooMany(p.what)
		}
	}
	for i := range amounts {
		a, okA := admitSum(*p.amounts[i])
		b, okB := admitSum(*o.amounts[i])
		if !okA || !okB {
			return &Error{Path: p.what, Msg: outOfBounds, Err: ErrMismatch}
		}
		amounts[i] = a.Add(b)
		if _, ok := admitSum(amounts[i].Decimal()); !ok {
			return &Error{Path: p.what, Msg: "has a sum of more than 64 digits", Err: ErrMismatch}
		}
	}
	currency, err := p.oneCurrency(o)
	if err != nil {
		return err
	}
	p.set(currency, counts, amounts)
	return nil
}

// sub takes the parts of o away again.
func (p fields) sub(o fields) error {
	counts, amounts := make([]int64, len(p.counts)), make([]exact.Num, len(p.amounts))
	for i := range counts {
		if *o.counts[i] < 0 || *o.counts[i] > *p.counts[i] {
			return errNotHeld(p.what)
		}
		counts[i] = *p.counts[i] - *o.counts[i]
	}
	for i := range amounts {
		a, okA := admitSum(*p.amounts[i])
		b, okB := admitSum(*o.amounts[i])
		if !okA || !okB {
			return &Error{Path: p.what, Msg: outOfBounds, Err: ErrMismatch}
		}
		amounts[i] = a.Sub(b)
	}
	currency, err := p.oneCurrency(o)
	if err != nil {
		return err
	}
	p.set(currency, counts, amounts)
	if p.isZero() && p.currency != nil {
		*p.currency = ""
	}
	return nil
}

// oneCurrency returns the currency of both, of which an empty one has none.
func (p fields) oneCurrency(o fields) (string, error) {
	switch {
	case p.currency == nil:
		return "", nil
	case o.isZero() && *o.currency == "":
		return *p.currency, nil
	case p.isZero() && *p.currency == "":
		return *o.currency, nil
	case *p.currency != *o.currency:
		return "", &Error{Path: "currency", Value: *o.currency, Msg: "is not " + quoted(*p.currency) + ", with which it would add up: convert to one currency first", Err: ErrMismatch}
	}
	return *p.currency, nil
}

func (p fields) set(currency string, counts []int64, amounts []exact.Num) {
	for i, c := range counts {
		*p.counts[i] = c
	}
	for i, a := range amounts {
		*p.amounts[i] = a.Decimal()
	}
	if p.currency != nil {
		*p.currency = currency
	}
}

// marshal returns the binary form, the same for equal parts.
func (p fields) marshal() ([]byte, error) {
	b := wire.Head(nil, p.kind, 1)
	if p.currency != nil {
		b = wire.String(b, *p.currency)
	}
	for _, c := range p.counts {
		if *c < 0 {
			return nil, &Error{Path: p.what, Msg: "has a negative count", Err: ErrInput}
		}
		b = wire.Uint(b, uint64(*c))
	}
	for _, a := range p.amounts {
		n, ok := admitSum(*a)
		if !ok {
			return nil, &Error{Path: p.what, Msg: outOfBounds, Err: ErrInput}
		}
		b = wire.Decimal(b, n.Decimal())
	}
	return b, nil
}

// unmarshal reads what marshal wrote into the parts, of which the caller passes those of a fresh value.
func (p fields) unmarshal(data []byte) error {
	r := wire.NewReader(data, p.kind, 1)
	if p.currency != nil {
		*p.currency = r.String()
	}
	for _, c := range p.counts {
		*c = r.Natural(math.MaxInt64)
	}
	for _, a := range p.amounts {
		*a = r.Decimal()
	}
	if err := r.Close(); err != nil {
		return errEncoding(p.what, err)
	}
	return nil
}

// check tells which parts make no sense.
func (p fields) check(kind error) error {
	for _, c := range p.counts {
		if *c < 0 {
			return &Error{Path: p.what, Value: intText(*c), Msg: "has a negative count", Err: kind}
		}
	}
	for _, a := range p.amounts {
		if _, ok := admitSum(*a); !ok {
			return &Error{Path: p.what, Msg: "has an amount that " + outOfBounds, Err: kind}
		}
	}
	return nil
}

// plain is an accumulator that is plain data: its parts, and what is wrong with it, as it may have been filled by hand.
type plain[T any] interface {
	*T
	fields() fields
	check(kind error) error
}

// canonicalAmount returns an admissible sum in the one form for equal numbers: 2.50 is 2.5.
func canonicalAmount(d decimal.Decimal) decimal.Decimal {
	n, _ := admitSum(d)
	return n.Decimal()
}

// canonical returns a copy in which equal amounts are alike, 2.50 being 2.5, if nothing is wrong.
func canonical[T any, P plain[T]](v T, kind error) (T, error) {
	if err := P(&v).check(kind); err != nil {
		return *new(T), err
	}
	for _, a := range P(&v).fields().amounts {
		*a = canonicalAmount(*a)
	}
	return v, nil
}

// marshalPlain returns the binary form, the same for equal data.
func marshalPlain[T any, P plain[T]](v T) ([]byte, error) {
	out, err := canonical[T, P](v, ErrInput)
	if err != nil {
		return nil, err
	}
	return P(&out).fields().marshal()
}

// unmarshalPlain reads what marshalPlain wrote.
func unmarshalPlain[T any, P plain[T]](to P, data []byte) error {
	var in T
	if err := P(&in).fields().unmarshal(data); err != nil {
		return err
	}
	return take[T, P](to, in)
}

// marshalPlainJSON returns the JSON of the fields, the same for equal data; bare takes the methods off.
func marshalPlainJSON[Q, T any, P plain[T]](v T, bare func(T) Q) ([]byte, error) {
	out, err := canonical[T, P](v, ErrInput)
	if err != nil {
		return nil, err
	}
	return json.Marshal(bare(out))
}

// unmarshalPlainJSON reads what marshalPlainJSON wrote; whole gives the methods back.
func unmarshalPlainJSON[Q, T any, P plain[T]](to P, text []byte, whole func(Q) T) error {
	if wire.IsNull(text) {
		return nil
	}
	var in Q
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding(to.fields().what, err)
	}
	return take[T, P](to, whole(in))
}

// take takes over what was decoded, if nothing is wrong with it.
func take[T any, P plain[T]](to P, in T) error {
	out, err := canonical[T, P](in, ErrEncoding)
	if err != nil {
		return err
	}
	*to = out
	return nil
}
