package metrics

// check tells whether the parts make no sense, or do not balance.
func (r *Recurring) check(kind error) error {
	var f faults
	f.bridge(kind, r)
	return f.err()
}

// MarshalBinary returns the bridge in binary form, the same for equal ones. It returns an error ([ErrInput]) if r was filled by
// hand and does not pass [Recurring.Check].
func (r Recurring) MarshalBinary() ([]byte, error) { return marshalPlain(r) }

// UnmarshalBinary reads what [Recurring.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and leaves r as it is, if data
// is anything else; what it reads balances.
func (r *Recurring) UnmarshalBinary(data []byte) error { return unmarshalPlain(r, data) }

// plainRecurring is a Recurring without its methods.
type plainRecurring Recurring

// MarshalJSON returns the bridge as a JSON object of its fields, the same for equal ones. It returns an error ([ErrInput]) if r
// was filled by hand and does not pass [Recurring.Check].
func (r Recurring) MarshalJSON() ([]byte, error) {
	return marshalPlainJSON(r, func(r Recurring) plainRecurring { return plainRecurring(r) })
}

// UnmarshalJSON reads what [Recurring.MarshalJSON] wrote. Fields that are left out are 0; null changes nothing. It returns an
// error ([ErrEncoding]), and leaves r as it is, if text is no JSON of this form, or the parts do not balance.
func (r *Recurring) UnmarshalJSON(text []byte) error {
	return unmarshalPlainJSON(r, text, func(in plainRecurring) Recurring { return Recurring(in) })
}
