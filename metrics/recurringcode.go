package metrics

import (
	"encoding/json"

	"github.com/salesops-go/salesops/internal/wire"
)

// MarshalBinary returns the bridge in binary form, the same for equal ones. It returns an error ([ErrInput]) if r was filled by
// hand and does not pass [Recurring.Check].
func (r Recurring) MarshalBinary() ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	return r.parts().marshal()
}

// UnmarshalBinary reads what [Recurring.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and leaves r as it is, if data
// is anything else; what it reads balances.
func (r *Recurring) UnmarshalBinary(data []byte) error {
	var in Recurring
	if err := in.parts().unmarshal(data); err != nil {
		return err
	}
	return r.decoded(in)
}

// plainRecurring is a Recurring without its methods.
type plainRecurring Recurring

// MarshalJSON returns the bridge as a JSON object of its fields, the same for equal ones. It returns an error ([ErrInput]) if r
// was filled by hand and does not pass [Recurring.Check].
func (r Recurring) MarshalJSON() ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	canonicalAmounts(r.parts())
	return json.Marshal(plainRecurring(r))
}

// UnmarshalJSON reads what [Recurring.MarshalJSON] wrote. Fields that are left out are 0; null changes nothing. It returns an
// error ([ErrEncoding]), and leaves r as it is, if text is no JSON of this form, or the parts do not balance.
func (r *Recurring) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in plainRecurring
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("recurring revenue", err)
	}
	return r.decoded(Recurring(in))
}

// decoded takes over what was read, if it makes sense.
func (r *Recurring) decoded(in Recurring) error {
	var f faults
	f.bridge(ErrEncoding, &in)
	if err := f.err(); err != nil {
		return err
	}
	canonicalAmounts(in.parts())
	*r = in
	return nil
}

// canonicalAmounts gives equal amounts equal representations: 2.50 becomes 2.5.
func canonicalAmounts(p fields) {
	for _, a := range p.amounts {
		if n, ok := admitSum(*a); ok {
			*a = n.Decimal()
		}
	}
}
