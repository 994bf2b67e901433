package metrics

import (
	"unicode/utf8"
)

// tallies lists the parts, in the order of the binary form.
func (c *Changes) tallies() [17]*Part {
	return [...]*Part{
		&c.DueWon, &c.DueLost, &c.DuePushed, &c.DueAhead, &c.DueGone, &c.DueOpen,
		&c.Created, &c.CreatedElsewhere, &c.Reopened, &c.PulledIn, &c.CarriedIn,
		&c.Won, &c.Lost, &c.Open, &c.Initial, &c.Forecast, &c.ForecastWon,
	}
}

func (c *Changes) fields() fields {
	f := fields{what: "changes", kind: 'c', currency: &c.Currency, counts: []*int64{&c.Deals, &c.Histories, &c.Pushes}}
	for _, t := range c.tallies() {
		f.counts, f.amounts = append(f.counts, &t.Count), append(f.amounts, &t.Amount)
	}
	return f
}

// Merge adds the deals of o, which stays as it is: those of another team, or of the next shard. nil is empty; c may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - both have deals, and their currencies differ
//   - a count would be beyond 2^63-1 or a sum of more than 64 digits
//   - one was not made by adding: a count is negative, or an amount out of bounds
func (c *Changes) Merge(o *Changes) error {
	if o == nil {
		return nil
	}
	return c.fields().merge(o.fields())
}

// Sub takes the deals of o away again, which stays as it is: the inverse of [Changes.Merge]. nil is empty; c may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if c does not hold the deals of o.
func (c *Changes) Sub(o *Changes) error {
	if o == nil {
		return nil
	}
	left := *c
	if err := left.fields().sub(o.fields()); err != nil {
		return err
	}
	if !left.sound() {
		return errNotHeld("changes")
	}
	*c = left
	return nil
}

// sound reports whether deals can have left these counts and amounts.
func (c *Changes) sound() bool {
	var sums [17]int64
	for i, t := range c.tallies() {
		if _, ok := admitSum(t.Amount); !ok || t.Count < 0 || t.Count > c.Deals || t.Count == 0 && !t.Amount.IsZero() {
			return false
		}
		sums[i] = t.Count
	}
	// Deals are in one of the ways to have been due or to have come in at most, and each of those in one of the ways to end.
	seen, inside := c.Deals, sums[0]
	for _, n := range sums[:11] {
		if seen -= n; seen < 0 {
			return false
		}
	}
	for _, n := range [...]int64{sums[1], sums[5], sums[6], sums[8], sums[9], sums[10]} {
		inside += n // no more than Deals, as they are some of those above
	}
	for _, n := range sums[11:14] {
		if inside -= n; inside < 0 {
			return false
		}
	}
	due := c.DueWon.Count + c.DueLost.Count + c.DuePushed.Count + c.DueAhead.Count + c.DueGone.Count + c.DueOpen.Count
	switch {
	case inside != 0,
		c.Won.Count < c.DueWon.Count,
		c.Lost.Count < c.DueLost.Count,
		c.Open.Count < c.DueOpen.Count,
		c.Initial.Count > c.Created.Count+c.CreatedElsewhere.Count,
		c.Forecast.Count > due,
		c.ForecastWon.Count > min(c.Forecast.Count, c.DueWon.Count),
		c.Forecast.Count-c.ForecastWon.Count > due-c.DueWon.Count,
		c.Histories < 0 || c.Histories > c.Deals,
		c.Pushes < 0 || c.Pushes > 0 && c.Histories == 0,
		c.Deals == 0 && c.Currency != "":
		return false
	}
	return utf8.ValidString(c.Currency)
}

// check tells whether the counts and amounts do not fit together.
func (c *Changes) check(kind error) error {
	if !c.sound() {
		return &Error{Path: "changes", Msg: "do not fit together: they were not made by adding deals", Err: kind}
	}
	return nil
}

// MarshalBinary returns a short text for the changes, the same for equal ones. It returns an error ([ErrInput]) if c was not
// made by adding deals.
func (c Changes) MarshalBinary() ([]byte, error) { return marshalPlain(c) }

// UnmarshalBinary reads what [Changes.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and changes nothing, if data is
// anything else.
func (c *Changes) UnmarshalBinary(data []byte) error { return unmarshalPlain(c, data) }

// plainChanges is Changes without its methods.
type plainChanges Changes

// MarshalJSON returns the changes as a JSON object of the fields. It returns an error ([ErrInput]) if c was not made by adding
// deals.
func (c Changes) MarshalJSON() ([]byte, error) {
	return marshalPlainJSON(c, func(c Changes) plainChanges { return plainChanges(c) })
}

// UnmarshalJSON reads what [Changes.MarshalJSON] wrote; null changes nothing. It returns an error ([ErrEncoding]), and changes
// nothing, if the text is anything else, or its parts do not fit together. Fields that are left out are 0.
func (c *Changes) UnmarshalJSON(text []byte) error {
	return unmarshalPlainJSON(c, text, func(in plainChanges) Changes { return Changes(in) })
}
