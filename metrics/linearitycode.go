package metrics

import (
	"encoding/json"
	"errors"
	"math"
	"unicode/utf8"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of the text of a [Linearity].
var (
	errLinearitySpan   = errors.New("holds sub-periods that have no days, are out of order, or are too many")
	errLinearityAmount = errors.New("holds an amount out of bounds, or one of no bookings")
	errLinearityCount  = errors.New("holds a negative count, or too many bookings")
	errLinearityEmpty  = errors.New("holds a currency that is no text, or the one of no bookings")
)

// MarshalBinary returns the linearity in binary form, which depends on nothing but what it holds. It never fails.
func (l Linearity) MarshalBinary() ([]byte, error) {
	b := wire.String(wire.Head(nil, 'l', 1), l.currency)
	b = wire.Uint(b, uint64(len(l.parts)))
	if len(l.parts) == 0 {
		return b, nil
	}
	b = wire.Date(b, l.start)
	from := l.start
	for _, p := range l.parts {
		b = wire.Uint(wire.Uint(b, uint64(p.end.DaysSince(from))), uint64(p.tally.Count))
		if p.tally.Count > 0 {
			b = wire.Decimal(b, p.tally.Amount)
		}
		from = p.end
	}
	return b, nil
}

// UnmarshalBinary replaces l by what [Linearity.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and changes nothing,
// if data is anything else.
func (l *Linearity) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'l', 1)
	in := Linearity{currency: r.String()}
	if n := r.Count(2); n > 0 {
		in.start = r.Date()
		in.parts = make([]linearityPart, n)
		at := in.start
		for i := range in.parts {
			p := &in.parts[i]
			at = at.AddDays(int(r.Natural(math.MaxInt32)))
			p.end = at
			if p.tally.Count = r.Natural(math.MaxInt64); p.tally.Count > 0 {
				p.tally.Amount = r.Decimal()
			}
			if !r.OK() {
				break
			}
		}
	}
	if err := errors.Join(r.Close(), in.settle()); err != nil {
		return errEncoding("linearity", err)
	}
	*l = in
	return nil
}

// settle checks what was decoded, counts the bookings, and brings amounts in canonical form.
func (l *Linearity) settle() error {
	if len(l.parts) > maxLinearity || len(l.parts) == 0 && !l.start.IsZero() || len(l.parts) > 0 && l.start.IsZero() {
		return errLinearitySpan
	}
	from := l.start
	for i := range l.parts {
		p := &l.parts[i]
		if !p.end.After(from) {
			return errLinearitySpan
		}
		from = p.end
		if p.tally.Count < 0 || !addCount(&l.n, p.tally.Count) {
			return errLinearityCount
		}
		n, ok := admitSum(p.tally.Amount)
		if !ok || p.tally.Count == 0 && !n.IsZero() {
			return errLinearityAmount
		}
		p.tally.Amount = n.Decimal()
	}
	if l.n == 0 && l.currency != "" || !utf8.ValidString(l.currency) {
		return errLinearityEmpty
	}
	return nil
}

// linearityJSON is the JSON form of a [Linearity].
type linearityJSON struct {
	Currency string              `json:"currency,omitempty"`
	Start    salesops.Date       `json:"start,omitzero"`
	Parts    []linearityPartJSON `json:"parts"`
}

type linearityPartJSON struct {
	End salesops.Date `json:"end"`
	Part
}

// MarshalJSON returns the linearity as an object: the first day of the period, and for each sub-period the day after its last,
// how many bookings there were and their sum. It never fails for what this package made.
func (l Linearity) MarshalJSON() ([]byte, error) {
	out := linearityJSON{Currency: l.currency, Start: l.start, Parts: make([]linearityPartJSON, len(l.parts))}
	for i, p := range l.parts {
		out.Parts[i] = linearityPartJSON{p.end, p.tally}
		out.Parts[i].Amount = canonicalAmount(p.tally.Amount)
	}
	return json.Marshal(out)
}

// UnmarshalJSON replaces l by what [Linearity.MarshalJSON] wrote; null changes nothing. It returns an error ([ErrEncoding]), and
// changes nothing, if the text is anything else: it has other fields, or sub-periods without days.
func (l *Linearity) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var j linearityJSON
	if err := wire.StrictJSON(text, &j); err != nil {
		return errEncoding("linearity", err)
	}
	in := Linearity{currency: j.Currency, start: j.Start}
	if len(j.Parts) > 0 {
		in.parts = make([]linearityPart, len(j.Parts))
	}
	for i, p := range j.Parts {
		in.parts[i] = linearityPart{p.End, p.Part}
	}
	if err := in.settle(); err != nil {
		return errEncoding("linearity", err)
	}
	*l = in
	return nil
}
