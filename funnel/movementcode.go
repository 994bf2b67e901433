package funnel

import (
	"encoding/json"

	"github.com/salesops-go/salesops/internal/wire"
)

// MarshalBinary returns a short text for the movement, the same for equal ones. It returns an error ([ErrInput]) if m was
// not made by this package and does not balance.
func (m Movement) MarshalBinary() ([]byte, error) {
	var f faults
	s := f.movement(ErrInput, &m)
	if err := f.err(); err != nil {
		return nil, err
	}
	if s.isEmpty() {
		s.currency = ""
	}
	b := wire.String(wire.Head(nil, 'M', 1), s.currency)
	for at, n := range s.count {
		b = wire.Uint(b, uint64(n))
		if n > 0 {
			b = wire.Decimal(b, s.amount[at].Decimal())
		}
	}
	return b, nil
}

// UnmarshalBinary reads what [Movement.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and leaves m as it is, if
// data is anything else; the parts of what it reads balance.
func (m *Movement) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'M', 1)
	in := Movement{Currency: r.String()}
	for _, p := range in.parts() {
		if p.Count = r.Natural(maxCount); p.Count > 0 {
			p.Amount = r.Decimal()
		}
	}
	if err := r.Close(); err != nil {
		return errEncoding("movement", err)
	}
	var f faults
	s := f.movement(ErrEncoding, &in)
	if s.isEmpty() && in.Currency != "" {
		f.add(ErrEncoding, "", "currency", in.Currency, "must be empty, as that of no deals")
	}
	var out Movement
	if err := f.store(ErrEncoding, &out, &s); err != nil {
		return err
	}
	*m = out
	return nil
}

// plainMovement is a Movement without its methods.
type plainMovement Movement

// MarshalJSON returns the movement as a JSON object of its parts, the same for equal ones. It returns an error ([ErrInput])
// if m was not made by this package and does not balance.
func (m Movement) MarshalJSON() ([]byte, error) {
	var f faults
	var out Movement
	s := f.movement(ErrInput, &m)
	if err := f.store(ErrInput, &out, &s); err != nil {
		return nil, err
	}
	return json.Marshal(plainMovement(out))
}

// UnmarshalJSON reads what [Movement.MarshalJSON] wrote. Parts that are left out are 0; null changes nothing. It returns an
// error ([ErrEncoding]), and leaves m as it is, if text is no JSON of this form, or the parts do not balance.
func (m *Movement) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in plainMovement
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("movement", err)
	}
	var f faults
	var out Movement
	s := f.movement(ErrEncoding, (*Movement)(&in))
	if err := f.store(ErrEncoding, &out, &s); err != nil {
		return err
	}
	*m = out
	return nil
}
